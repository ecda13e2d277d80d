//! `verify --data`: what is pending runs on a restored copy, with its times and the locks that it holds.

use crate::cli_support::Walk;
use crate::support::TestServer;

const BEFORE: &str = "schema app {
    table t { column id integer primary-key; column a text }
    table u { column id integer primary-key; column t integer references=t }
}
";

#[test]
fn what_is_pending_runs_on_a_copy_with_its_times_and_locks() {
    let server = TestServer::get();
    let (walk, live, copy) = (Walk::new(), server.database(), server.database());
    walk.write("schema/app.kdl", BEFORE);
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    for url in [live.url(), copy.url()] {
        walk.on(&url, &["apply", "--yes"]).ends(0);
    }
    copy.psql("INSERT INTO app.t SELECT n, 'x' FROM generate_series(1, 1000) n");
    let after = BEFORE.replace(
        "column a text",
        "column a \"varchar(20)\"; column b integer not-null default=\"7\"",
    );
    walk.write("schema/app.kdl", &after);
    walk.on(&live.url(), &["diff", "second"]).ends(0);

    let verify = |url: &str, more: &[&str]| {
        let mut all = vec!["verify", "--project", "app", "--data", url];
        all.extend(more);
        walk.run(&all)
    };
    let run = verify(&copy.url(), &["--format", "json"]).ends(0);
    let rehearsal = run.json()["rehearsal"].clone();
    assert_eq!(rehearsal["migrations"][0]["migration"], "000002_second");
    let locks = rehearsal["migrations"][0]["locks"].as_array().unwrap();
    let of_t = locks.iter().find(|it| it["mode"] == "ACCESS EXCLUSIVE");
    let of_t = of_t.unwrap_or_else(|| panic!("{rehearsal}"));
    assert_eq!(of_t["relation"], "app.t");
    assert_eq!(of_t["reads_wait"], true);
    assert!(
        locks
            .iter()
            .all(|it| it["relation"] != "schemactl.migrations"),
        "{rehearsal}"
    );
    let has =
        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'app.t'::regclass AND attname = 'b'";
    assert_eq!((copy.psql(has).trim(), live.psql(has).trim()), ("1", "0"));
    // There is nothing more to rehearse.
    verify(&copy.url(), &[]).ends(0).says("0 pending on");

    // What an environment calls its own is no copy, and nothing is changed there.
    walk.write(
        "schemactl.kdl",
        "project app edition=1\nenvironment production { url (env)LIVE }\n",
    );
    walk.write(".env", &format!("LIVE={}\n", live.url()));
    verify(&live.url(), &[])
        .ends(3)
        .says("verify::live")
        .says("environment `production`");
    assert_eq!(live.psql(has).trim(), "0");
}

#[test]
fn rows_that_stand_in_the_way_are_told_by_the_copy() {
    let server = TestServer::get();
    let (walk, live, copy) = (Walk::new(), server.database(), server.database());
    walk.write("schema/app.kdl", BEFORE);
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    for url in [live.url(), copy.url()] {
        walk.on(&url, &["apply", "--yes"]).ends(0);
    }
    copy.psql("INSERT INTO app.t VALUES (1, 'twice'), (2, 'twice')");
    walk.write(
        "schema/app.kdl",
        &BEFORE.replace("column a text", "column a text unique"),
    );
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    walk.run(&["verify", "--project", "app", "--data", &copy.url()])
        .ends(3)
        .says("twice");
}
