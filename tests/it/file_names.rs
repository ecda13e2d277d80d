//! Migration files that are named, numbered and headed as the project file says, through the commands that read and write
//! them, with the real binary.

use crate::cli_support::Walk;
use crate::support::TestServer;

/// A project whose migrations stand in `db` and are named as this text says.
fn walk(naming: &str) -> Walk {
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        &format!(
            "project app edition=1 {{\n    author Ana\n    migrations db {{ {naming} }}\n}}\n"
        ),
    );
    table(&walk, "one");
    walk
}

fn table(walk: &Walk, columns: &str) {
    let columns: String = columns
        .split(' ')
        .map(|name| format!("        column {name} integer\n"))
        .collect();
    walk.write(
        "schema/app.kdl",
        &format!("schema app {{\n    table t {{\n{columns}    }}\n}}\n"),
    );
}

#[test]
fn words_and_a_way_back_without_a_name() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = walk(
        "files \"migration-{number}-{name}.sql\"; rollback-files \"migration-{number}-rollback.sql\"; \
         number width=3; header description",
    );
    walk.on(&url, &["diff", "Add user table"]).ends(0);
    let up = walk.read("db/migration-001-add-user-table.sql");
    assert!(
        up.contains("schemactl:description") && !up.contains("schemactl:author"),
        "the header has what was chosen: {up}"
    );
    assert!(!up.contains("schemactl:date"), "{up}");
    assert!(walk.read("db/migration-001-rollback.sql").contains("DROP"));
    walk.on(&url, &["lint"]).ends(0);
    walk.on(&url, &["apply", "--yes"])
        .ends(0)
        .says("001 add-user-table");
    walk.run(&["new", "rollback", "--project", "app"])
        .ends(4)
        .says("migration-002-rollback.sql");
    table(&walk, "one two");
    walk.on(&url, &["diff"]).ends(0);
    assert!(walk.path("db/migration-002-add-two.sql").exists());
    walk.on(&url, &["status"]).ends(0).says("1 pending");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    // An edited file is proven anew where it stands.
    let down = walk.read("db/migration-002-rollback.sql");
    walk.write(
        "db/migration-002-rollback.sql",
        &format!("{down}-- by hand\n"),
    );
    walk.on(&url, &["restamp", "--yes"]).ends(0);
    walk.run(&["verify", "--project", "app"]).ends(0);
    walk.on(&url, &["redo", "--yes"]).ends(0);
    let shown = walk
        .on(&url, &["show", "2", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(shown["file"], "migration-002-add-two.sql");
    assert_eq!(shown["history"]["version"], "002");
    // A way back that belongs to nothing, and a file that is none.
    walk.write("db/migration-007-rollback.sql", "SELECT 1;\n");
    walk.write("db/007.sql", "SELECT 1;\n");
    walk.on(&url, &["apply", "--yes"])
        .ends(3)
        .says("migrate::missing_up")
        .says("migration-001-add-users.sql");
    for name in ["db/migration-007-rollback.sql", "db/007.sql"] {
        std::fs::remove_file(walk.path(name)).unwrap();
    }
    // A linted folder takes the ways back only where they are asked for.
    let db = walk.path("db").display().to_string();
    let linted = walk.run(&["lint", &db, "--project", "app", "--format", "json"]);
    assert!(!linted.out.contains("rollback.sql"), "{}", linted.out);
    walk.on(&url, &["rollback", "--all", "--yes"]).ends(0);
    assert_eq!(live.psql("SELECT to_regclass('app.t') IS NULL").trim(), "t");
}

#[test]
fn the_way_back_in_a_folder_of_its_own() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = walk(
        "files \"up/{number}_{name}.sql\"; rollback-files \"back/rollback_{number}.sql\"; number width=3",
    );
    // Files that another tool's users wrote, and their gap is told.
    walk.write(
        "db/up/001_x.sql",
        "CREATE SCHEMA app;\nCREATE TABLE app.t (one integer);\n",
    );
    walk.write("db/back/rollback_001.sql", "DROP SCHEMA app CASCADE;\n");
    walk.on(&url, &["apply", "--yes"]).ends(0).says("001 x");
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    table(&walk, "one two");
    let planned = walk
        .on(&url, &["diff", "two", "--dry-run", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(planned["files"][0]["version"], "002");
    walk.on(&url, &["diff", "two"]).ends(0);
    assert!(
        walk.read("db/up/002_two.sql")
            .contains("schemactl:author Ana")
    );
    assert!(walk.path("db/back/rollback_002.sql").exists());
    walk.on(&url, &["apply", "--yes"]).ends(0);
    // What wandered off is led back by a file of the same kind.
    live.psql("ALTER TABLE app.t ADD COLUMN stray integer");
    walk.on(&url, &["drift", "--fix", "--yes"]).ends(0);
    assert!(walk.path("db/back/rollback_003.sql").exists());
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["rollback", "--to", "1", "--yes"]).ends(0);
    walk.on(&url, &["log"]).ends(0).says("002");
    // A missing way back is named as it would be called.
    std::fs::remove_file(walk.path("db/back/rollback_003.sql")).unwrap();
    walk.on(&url, &["apply", "--yes"])
        .ends(3)
        .says("back/rollback_003.sql");
}

#[test]
fn times_and_days_in_the_place_of_numbers() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let stamped = walk("number timestamp");
    stamped.on(&url, &["diff", "first"]).ends(0);
    stamped.run(&["new", "second", "--project", "app"]).ends(0);
    let files: Vec<String> = stamped
        .files("db")
        .into_iter()
        .filter(|name| name.ends_with(".up.sql"))
        .collect();
    let [first, second] = files.as_slice() else {
        panic!("{files:?}");
    };
    assert!(
        first < second && first.ends_with("_first.up.sql"),
        "{files:?}"
    );
    assert!(first[..14].bytes().all(|c| c.is_ascii_digit()), "{files:?}");
    stamped
        .on(&url, &["apply", "--to", &first[..14], "--yes"])
        .ends(0);
    stamped.on(&url, &["status"]).ends(0).says("1 pending");

    let live = server.database();
    let url = live.url();
    let daily = walk(
        "files \"{date}_{number}_crm_{name}.sql\"; rollback-files \"{date}_{number}_crm_{name}.down.sql\"; number width=3",
    );
    daily.write(
        "db/20240101_001_crm_x.sql",
        "CREATE SCHEMA app;\nCREATE TABLE app.t (one integer);\n",
    );
    daily.write(
        "db/20240101_001_crm_x.down.sql",
        "DROP SCHEMA app CASCADE;\n",
    );
    daily.write("db/20240101_010_crm_y.sql", "SELECT 1;\n");
    daily.write("db/20240101_010_crm_y.down.sql", "SELECT 1;\n");
    daily.write("db/20240101_9_crm_z.sql", "SELECT 1;\n");
    daily.write("db/20240101_9_crm_z.down.sql", "SELECT 1;\n");
    let applied = daily
        .on(&url, &["apply", "--yes", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(
        applied["applied"],
        serde_json::json!(["20240101_001", "20240101_9", "20240101_010"]),
        "by value, kept as they are written"
    );
    table(&daily, "one two");
    daily.on(&url, &["diff", "two"]).ends(0);
    let files = daily.files("db");
    assert!(
        files
            .iter()
            .any(|name| name.ends_with("_001_crm_two.sql") && !name.starts_with("2024")),
        "{files:?}"
    );
    daily.on(&url, &["apply", "--yes"]).ends(0);
    daily.run(&["verify", "--project", "app"]).ends(0);
    daily
        .on(&url, &["rollback", "--to", "20240101_1", "--yes"])
        .ends(0);
    assert_eq!(
        live.psql("SELECT string_agg(version, ' ' ORDER BY version) FROM schemactl.migrations WHERE status = 'applied'")
            .trim(),
        "20240101_001"
    );
}

#[test]
fn an_existing_database_begins_with_a_file_of_the_pattern() {
    let server = TestServer::get();
    let live = server.database();
    live.psql("CREATE SCHEMA app; CREATE TABLE app.t (one integer);");
    let walk = walk(
        "files \"V{number}__{name}.sql\"; rollback-files \"U{number}__{name}.sql\"; number width=1",
    );
    walk.on(&live.url(), &["baseline", "--yes"]).ends(0);
    assert_eq!(walk.files("db"), ["U1__baseline.sql", "V1__baseline.sql"]);
    walk.on(&live.url(), &["status"])
        .ends(0)
        .says("as recorded");
    walk.write(
        "schemactl.kdl",
        "project app edition=1 { migrations db { files \"{number}{name}.{direction}.sql\" } }\n",
    );
    walk.on(&live.url(), &["status"])
        .ends(4)
        .says("config::pattern")
        .says("can be read in two ways");
    walk.run(&["check", "--project", "app"]).ends(4);
}
