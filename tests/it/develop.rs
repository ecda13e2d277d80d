//! What is for development only: seeds, a database without files, one that is built anew, with the real binary.

use crate::cli_support::Walk;
use crate::support::TestServer;

const PROJECT: &str = r#"
project shop edition=1
environment dev { url (env)DEV; confirm never; seed "seeds/a.sql" "seeds/more" }
environment production { url (env)DEV; protected; seed "seeds/a.sql" }
"#;

fn table(walk: &Walk, columns: &str) {
    walk.write(
        "schema/app.kdl",
        &format!("schema app {{ table t {{ column id bigint primary-key; {columns} }} }}\n"),
    );
}

#[test]
fn seeds_run_once_and_again_when_they_change() {
    let server = TestServer::get();
    let live = server.database();
    let walk = Walk::new();
    walk.write("schemactl.kdl", PROJECT);
    table(&walk, "column name text");
    let url = live.url();
    let run = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--env", "dev"]);
        walk.run_with(&[("DEV", &url)], &all)
    };
    run(&["diff", "first"]).ends(0);
    run(&["apply", "--yes"]).ends(0);
    run(&["seed"])
        .ends(4)
        .says("seed::missing")
        .says("seeds/a.sql");
    walk.write("seeds/a.sql", "INSERT INTO app.t VALUES (1, 'ana');\n");
    walk.write("seeds/more/2.sql", "INSERT INTO app.t VALUES (3, 'cy');\n");
    walk.write(
        "seeds/more/1.sql",
        "INSERT INTO app.t VALUES (2, 'bo');\nSELECT 1 / 0;\n",
    );
    // The one that fails leaves nothing; what ran before it stays, and is not run again.
    run(&["seed"])
        .ends(1)
        .says("seeds/more/1.sql:2")
        .says("22012");
    let ids = || {
        live.psql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM app.t")
            .trim()
            .to_owned()
    };
    assert_eq!(ids(), "1");
    walk.write("seeds/more/1.sql", "BEGIN;\n");
    run(&["seed"]).ends(4).says("seeds/more/1.sql");
    walk.write("seeds/more/1.sql", "INSERT INTO app.t VALUES (2, 'bo');\n");
    let ran = run(&["seed", "--format", "json"]).ends(0).json();
    assert_eq!(
        ran["seeded"],
        serde_json::json!(["seeds/more/1.sql", "seeds/more/2.sql"])
    );
    assert_eq!(ran["unchanged"], 1);
    assert_eq!(ids(), "1 2 3");
    run(&["seed"]).ends(0).says("nothing to seed");
    run(&["seed", "--again"]).ends(1).says("23505");
    walk.write(
        "seeds/a.sql",
        "INSERT INTO app.t VALUES (4, 'di') ON CONFLICT DO NOTHING;\n",
    );
    run(&["seed"]).ends(0).says("1 of 3 seeds ran");
    assert_eq!(ids(), "1 2 3 4");
    run(&["log"]).ends(0).says("seeds/a.sql");
    run(&["status", "--check"]).ends(0);
    // A database is built anew by the files, with its seeds, where somebody says that it is for that.
    live.psql("CREATE TABLE app.by_hand (); DELETE FROM app.t");
    walk.on(&url, &["reset", "--yes"]).ends(0);
    assert_eq!(ids(), "2 3 4");
    assert_eq!(
        live.psql("SELECT to_regclass('app.by_hand') IS NULL")
            .trim(),
        "t"
    );
    run(&["status", "--check"]).ends(0);
    let again = run(&["reset", "--format", "json"]).ends(0).json();
    assert_eq!(again["apply"]["applied"], serde_json::json!(["000001"]));
    // Files that are not in order are found while there is something to lose.
    walk.write("generated/000003_gap.up.sql", "SELECT 1;\n");
    walk.write("generated/000003_gap.down.sql", "SELECT 1;\n");
    run(&["reset"]).ends(3).says("migrate::gap");
    assert_eq!(ids(), "2 3 4");
}

#[test]
fn a_database_follows_the_kdl_without_files() {
    let server = TestServer::get();
    let live = server.database();
    let walk = Walk::new();
    walk.write("schemactl.kdl", PROJECT);
    table(&walk, "column name text");
    let url = live.url();
    let run = |environment: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--env", environment]);
        walk.run_with(&[("DEV", &url)], &all)
    };
    let has = |name: &str| {
        let sql = format!(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = 'app.t'::regclass AND attname = '{name}'"
        );
        live.psql(&sql).trim() == "1"
    };
    run("dev", &["sync"]).ends(0);
    assert!(has("name") && walk.generated().is_empty());
    table(&walk, "column nick text not-null unique");
    run("dev", &["sync", "--dry-run"])
        .ends(0)
        .says("drop-column");
    assert!(has("name"));
    let ran = run("dev", &["sync", "--format", "json", "--yes"])
        .ends(0)
        .json();
    assert_eq!(ran["ran"], true);
    assert!(has("nick") && !has("name") && walk.generated().is_empty());
    run("dev", &["sync"]).ends(0).says("nothing to do");
    run("dev", &["log"]).ends(0).says("sync");
    // When the shape is found it is written, and the database built by it.
    run("dev", &["diff", "first", "--from", "migrations"]).ends(0);
    walk.write("seeds/a.sql", "SELECT 1;\n");
    walk.write("seeds/more/1.sql", "SELECT 1;\n");
    run("dev", &["reset"]).ends(0).says("with 2 seeds");
    run("dev", &["diff", "--exit-code"]).ends(0);
    // Not where it is protected, by the project file or by what the database remembers.
    let other = server.database();
    let production = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--yes"]);
        walk.run_with(&[("DEV", &other.url())], &all)
    };
    production(&["apply", "--env", "production"]).ends(0);
    for command in ["seed", "sync", "reset"] {
        production(&[command, "--env", "production"])
            .ends(3)
            .says("develop::protected");
        production(&[command, "--url", &other.url()])
            .ends(3)
            .says("develop::protected");
    }
    assert_eq!(
        other
            .psql("SELECT count(*) FROM schemactl.migrations")
            .trim(),
        "1"
    );
    let nobodys = server.database();
    walk.write("schemactl.kdl", "project shop edition=1\n");
    walk.on(&nobodys.url(), &["reset", "--yes"])
        .ends(3)
        .says("develop::environment");
}
