//! Secrets of servers and foreign data wrappers in the hands of the binary: a variable stands for them in every file, and the
//! database gets the value.

use crate::cli_support::Walk;
use crate::support::TestServer;

#[test]
fn a_servers_secret_comes_from_the_environment_and_stands_in_no_file() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let with = |options: &str| {
        format!(
            "foreign-data-wrapper far\nserver there wrapper=far {{\n    options host=there.internal {options}\n}}\n"
        )
    };
    walk.write("schema/app.kdl", &with("api_key=hunter2"));
    let run = walk.on(&live.url(), &["diff", "far"]).ends(4);
    let run = run
        .says("kdl::secret")
        .says("`api_key` takes its value from the environment");
    assert!(!run.err.contains("takes a text"), "{run:?}");

    walk.write("schema/app.kdl", &with("api_key=(env)THERE_KEY"));
    walk.on(&live.url(), &["diff", "far"]).ends(0);
    let up = walk.read("generated/000001_far.up.sql");
    assert!(up.contains("${env:THERE_KEY}"), "{up}");
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(4)
        .says("THERE_KEY");
    walk.write(".env", "THERE_KEY=\"it's secret\"\n");
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    let options = "SELECT srvoptions FROM pg_foreign_server WHERE srvname = 'there'";
    assert_eq!(
        live.psql(options).trim(),
        "{host=there.internal,\"api_key=it's secret\"}"
    );
    let history = live.psql("SELECT s::text FROM schemactl.migrations s");
    assert!(!history.contains("it's secret"), "{history}");

    // Another value is no difference; it is neither read nor written.
    live.psql("ALTER SERVER there OPTIONS (SET api_key 'another')");
    walk.on(&live.url(), &["diff", "more"])
        .says("nothing to do");
    let run = walk.on(&live.url(), &["inspect"]).ends(0);
    assert!(
        run.out.contains("api_key=(env)THERE_API_KEY") && !run.out.contains("another"),
        "{run:?}"
    );
    walk.on(&live.url(), &["rollback", "--steps", "1", "--yes"])
        .ends(0);
    assert_eq!(live.psql(options).trim(), "");
}

#[test]
fn a_foreign_tables_secret_is_not_read_either() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    live.psql(
        "CREATE SCHEMA app;
         CREATE FOREIGN DATA WRAPPER far;
         CREATE SERVER there FOREIGN DATA WRAPPER far;
         CREATE FOREIGN TABLE app.films (a integer) SERVER there OPTIONS (sheet 'films', \"Password\" 'hunter2');
         CREATE TABLE app.p (a integer) PARTITION BY LIST (a);
         CREATE FOREIGN TABLE app.q PARTITION OF app.p DEFAULT SERVER there OPTIONS (token 'hunter2');",
    );
    let url = live.url();
    walk.run(&["init", "there", "--from", &url]).ends(0);
    let text = walk.read("../there/schema/app.kdl");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("Password=(env)FILMS_PASSWORD"), "{text}");
    assert!(text.contains("token=(env)Q_TOKEN"), "{text}");
    let on = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "there", "--url", &url]);
        walk.run(&all)
    };
    on(&["baseline", "--yes"]).ends(0);
    let run = on(&["diff", "--exit-code"]);
    run.ends(0).says("nothing to do");
}
