//! `doctor` tells what would go wrong, and changes nothing.

use crate::cli_support::{Run, Walk};
use crate::support::TestServer;

/// The checks about something: verdict and words.
fn checks(run: &Run, about: &str) -> Vec<(String, String)> {
    run.json()["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["about"] == about)
        .map(|check| {
            let text = |key: &str| check[key].as_str().unwrap().to_owned();
            (text("verdict"), text("says"))
        })
        .collect()
}

#[test]
fn a_healthy_project_has_nothing_in_its_way() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id bigint } }\n",
    );
    let run = walk.on(&url, &["doctor", "--format", "json"]).ends(0);
    for about in [
        "project",
        "schema",
        "migrations",
        "connection",
        "pooler",
        "history",
        "rights",
        "scratch",
        "pg_dump",
    ] {
        let found = checks(&run, about);
        assert!(
            found.iter().any(|(verdict, _)| verdict == "good"),
            "{about}: {found:?}"
        );
    }
    assert_eq!(
        live.psql("SELECT to_regnamespace('schemactl') IS NULL")
            .trim(),
        "t"
    );
    walk.on(&url, &["doctor"])
        .ends(0)
        .says("nothing stands in the way");
}

#[test]
fn what_would_fail_is_told_with_what_to_do() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = Walk::new();
    let kdl = "extension not_an_extension\nschema app { table t { column id bigint } }\nschema other { table t { column id bigint } }\n";
    walk.write("schema/app.kdl", kdl);
    let role = format!("doctor_{}", live.name());
    live.psql(&format!(
        "CREATE ROLE {role} LOGIN; CREATE SCHEMA app; CREATE TABLE app.t (id bigint); CREATE SCHEMA schemactl",
    ));
    let as_role = url.replace("user=postgres", &format!("user={role}"));
    let run = walk.on(&as_role, &["doctor", "--format", "json"]).ends(5);
    assert_eq!(run.json()["ok"], false);
    let rights = checks(&run, "rights");
    let says = |part: &str| {
        assert!(
            rights
                .iter()
                .any(|(verdict, says)| verdict == "wrong" && says.contains(part)),
            "no `{part}` in {rights:?}"
        );
    };
    says("the history schema schemactl belongs to postgres");
    says("may make no schema in this database, and these are not there: other");
    says("may make nothing in: app");
    says("can't alter what others own: app.t (postgres)");
    assert_eq!(
        checks(&run, "extensions")[0].1,
        "declared, and not to be had on the server: not_an_extension"
    );
    assert!(checks(&run, "scratch")[1].1.contains("not_an_extension"));

    // The files are looked at too, and a server that is not there hides nothing of them.
    walk.write("schema/app.kdl", "schema app { tabel t }\n");
    walk.write("generated/000002_b.up.sql", "SELECT 1;\n");
    let nowhere = "postgres://localhost:1/x?connect_timeout=2";
    let run = walk.on(nowhere, &["doctor", "--format", "json"]).ends(4);
    assert!(checks(&run, "schema")[0].1.contains("tabel"));
    assert_eq!(checks(&run, "migrations").len(), 2);
    assert_eq!(checks(&run, "connection")[0].0, "wrong");
    live.psql(&format!("DROP ROLE {role}"));
}

#[test]
fn foreign_keys_that_are_switched_off_are_told() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app { table a { column id bigint primary-key }; table b { column a bigint references=a } }\n",
    );
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("ALTER TABLE app.b DISABLE TRIGGER ALL");
    let run = walk.on(&url, &["doctor", "--format", "json"]).ends(0);
    let key = "switched off by DISABLE TRIGGER ALL: app.b.b_a_fkey";
    assert_eq!(
        checks(&run, "foreign keys"),
        [("note".to_owned(), key.to_owned())]
    );
    walk.on(&url, &["drift"])
        .ends(0)
        .says("foreign keys are switched off: app.b.b_a_fkey");
    live.psql("ALTER TABLE app.b ENABLE TRIGGER ALL");
    let run = walk.on(&url, &["drift"]).ends(0);
    assert!(!run.err.contains("switched off"), "{run:?}");
}
