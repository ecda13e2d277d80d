//! Histories of other tools: fixtures that the real tools made (tests/adopt), tables that somebody made, and everything about
//! them that must be refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use schemactl::kind::Catalog;
use schemactl::pg::connect::Session;
use schemactl::pg::introspect::introspect;
use schemactl::pg::target::Target;
use schemactl::tools::{Held, shapes};
use serde_json::Value;

use crate::cli_support::{Run, Walk};
use crate::support::{TestDatabase, TestServer};

/// Each tool with the table that it keeps and how many migrations are in it.
const TOOLS: &[(&str, &str, &str, usize)] = &[
    (
        "golang-migrate",
        "golang-migrate",
        "public.schema_migrations",
        3,
    ),
    ("flyway", "Flyway", "public.flyway_schema_history", 4),
    ("dbmate", "dbmate", "public.schema_migrations", 3),
    ("prisma", "Prisma", "public._prisma_migrations", 2),
    ("drizzle", "Drizzle", "drizzle.__drizzle_migrations", 2),
    ("sqitch", "sqitch", "sqitch.changes", 3),
];

fn fixture(tool: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/adopt")
        .join(tool)
}

/// The database that a tool made.
fn made_by(tool: &str) -> TestDatabase<'static> {
    let live = TestServer::get().database();
    live.psql(&fs::read_to_string(fixture(tool).join("dump.sql")).unwrap());
    live
}

/// Copies the files of a fixture.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else if entry.file_name() != "dump.sql" {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A project with the files of a tool in it.
fn with_files_of(tool: &str) -> Walk {
    let walk = Walk::new();
    copy(&fixture(tool), &walk.path(""));
    walk
}

/// A project that needs no scratch server and has one migration by hand.
fn by_hand() -> Walk {
    let walk = Walk::new();
    walk.write("schemactl.kdl", "project app edition=1 { scratch none }\n");
    walk.write(
        "generated/000001_begin.up.sql",
        "CREATE TABLE public.a (x integer);\n",
    );
    walk.write("generated/000001_begin.down.sql", "DROP TABLE public.a;\n");
    walk
}

/// Where scratch databases are made: the test's own server.
fn scratch() -> String {
    TestServer::get().url("postgres")
}

/// What a history says, without recording it.
fn dry(walk: &Walk, live: &TestDatabase<'_>, more: &[&str]) -> Run {
    let mut all = vec!["baseline", "--dry-run", "--format", "json", "--history"];
    all.extend(more);
    walk.on(&live.url(), &all)
}

/// The values of a key of all migrations.
fn all<'j>(history: &'j Value, key: &str) -> Vec<&'j Value> {
    let migrations = history["migrations"].as_array().unwrap();
    migrations.iter().map(|it| &it[key]).collect()
}

#[test]
fn the_history_of_each_tool_is_told_as_it_ran() {
    for (folder, tool, table, count) in TOOLS {
        let (live, walk) = (made_by(folder), with_files_of(folder));
        let run = dry(&walk, &live, &[]).ends(0);
        let json = run.json();
        let history = &json["history"];
        assert_eq!(history["tool"], *tool);
        assert_eq!(history["table"], *table);
        assert_eq!(history["new"], *count, "{run:?}");
        assert_eq!(history["recorded"], false);
        assert!(
            all(history, "file").iter().all(|it| it.is_string()),
            "{run:?}"
        );
        let is_checked = !["golang-migrate", "dbmate"].contains(folder);
        for checked in all(history, "checked") {
            assert_eq!(
                *checked,
                if is_checked { true.into() } else { Value::Null },
                "{run:?}"
            );
        }
        // Nothing was recorded.
        assert_eq!(live.psql("SELECT to_regnamespace('schemactl')").trim(), "");
        let names = all(history, "name");
        let versions = all(history, "version");
        match *folder {
            "golang-migrate" => assert_eq!(names[2], "add_user_name"),
            "flyway" => {
                assert_eq!(versions, ["1", "1.1", "2", "R__order_count"]);
                assert_eq!(history["migrations"][1]["applied_by"], "postgres");
            }
            "dbmate" => assert_eq!(names, ["create_users", "create_orders", "index_orders"]),
            "prisma" => assert_eq!(versions, ["20240110093000", "20240220140000"]),
            "drizzle" => assert_eq!(names, ["0000_create_users", "0001_create_orders"]),
            _ => assert_eq!(names, ["users", "orders @v1.0", "users"]),
        }
    }
}

/// The bytes of a table's file, and what PostgreSQL knows of each row.
fn bytes(live: &TestDatabase<'_>, table: &str) -> String {
    let relation = format!("'{table}'::regclass");
    live.psql("CHECKPOINT");
    live.psql(&format!(
        "SELECT pg_relation_filenode({relation}), md5(pg_read_binary_file(pg_relation_filepath({relation}))), \
         (SELECT string_agg(concat_ws('|', t.ctid, t.xmin, t.xmax, t::text), E'\\n' ORDER BY t.ctid) FROM {table} t)"
    ))
}

/// The commands of the page, section by section, on what the tools made: a project that is right afterwards.
#[test]
fn the_page_of_adoption_runs() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/adoption.md");
    let page = fs::read_to_string(page).unwrap();
    // The page says nothing of scratch servers; one that runs already is quicker.
    let (tools, scratch) = (tempfile::tempdir().unwrap(), scratch());
    let binary = tools.path().join("schemactl");
    let script = format!(
        "#!/bin/sh\nexec '{}' \"$@\" --scratch '{scratch}'\n",
        env!("CARGO_BIN_EXE_schemactl")
    );
    fs::write(&binary, script).unwrap();
    fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", tools.path().display());
    for (folder, tool, table, count) in TOOLS {
        let section = page.split("\n## ").find(|it| it.starts_with(tool)).unwrap();
        let block = section.split("```sh\n").nth(1).unwrap();
        let block = block.split("```").next().unwrap();
        let live = made_by(folder);
        let place = tempfile::tempdir().unwrap();
        copy(&fixture(folder), place.path());
        live.psql(&format!("VACUUM (FREEZE) {table}"));
        let before = bytes(&live, table);
        let output = Command::new("sh")
            .args(["-ec", block])
            .current_dir(place.path())
            .env("PATH", &path)
            .env("DATABASE_URL", live.url())
            .env_remove("SCHEMACTL_ENV")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let run = Run::from(output).ends(0);
        let project = place.path().join("shop").display().to_string();
        let walk = Walk::new();
        let on = |arguments: &[&str]| {
            let mut all = arguments.to_vec();
            let url = live.url();
            all.extend(["--project", &project, "--url", &url, "--scratch", &scratch]);
            walk.run(&all)
        };
        let run = run.says(&format!("left out  table {table}: {tool}"));
        run.says(&format!(
            "{count} migrations of {tool}  recorded as already there"
        ));
        let status = on(&["status", "--check", "--format", "json"])
            .ends(0)
            .json();
        assert_eq!(status["as_recorded"], true);
        assert_eq!(status["at"], "000001");
        assert_eq!(status["adopted"][0]["table"], *table);
        assert_eq!(
            status["adopted"][0]["migrations"].as_array().unwrap().len(),
            *count
        );
        on(&["drift"]).ends(0);
        // Not a byte of what the tool keeps is another.
        assert_eq!(bytes(&live, table), before, "{tool}");
        if *folder == "golang-migrate" {
            on(&["diff", "--exit-code"]).ends(0).says("nothing to do");
            on(&["verify"]).ends(0);
            on(&["rollback", "--all", "--yes"])
                .ends(0)
                .says("nothing to take back")
                .says("before the baseline 000001 no migration made");
            on(&["log"])
                .ends(0)
                .says("baseline adopted  public.schema_migrations:000003 add_user_name")
                .says("ran with golang-migrate, as public.schema_migrations says");
            on(&["show", "2"])
                .ends(0)
                .says("CREATE TABLE orders")
                .says("DROP TABLE orders");
            // The old tool goes on meanwhile, and its table is nobody's drift.
            live.psql("ALTER TABLE schema_migrations ADD note text; UPDATE schema_migrations SET version = 3");
            on(&["drift"]).ends(0);
            on(&["inspect"]).ends(0);
        }
    }
}

#[test]
fn files_that_are_the_projects_own_are_recorded_as_theirs() {
    let (live, walk) = (made_by("golang-migrate"), with_files_of("golang-migrate"));
    walk.write(
        "schemactl.kdl",
        "project app edition=1 migrations=\"migrations\" { scratch none }\n",
    );
    walk.write(
        "migrations/000004_more.up.sql",
        "CREATE TABLE public.more (x integer);\n",
    );
    walk.write(
        "migrations/000004_more.down.sql",
        "DROP TABLE public.more;\n",
    );
    walk.on(&live.url(), &["baseline", "--history", "--to", "2"])
        .ends(4)
        .says("adopt::to");
    walk.on(&live.url(), &["baseline", "--history"])
        .ends(0)
        .says("not run, says the table, and not recorded: 000004_more.up.sql")
        .says("ignore table=public.schema_migrations");
    let status = walk
        .on(&live.url(), &["status", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(status["at"], "000003");
    assert_eq!(status["adopted"], Value::Array(vec![]));
    assert_eq!(status["migrations"][2]["adopted_from"], "golang-migrate");
    assert_eq!(status["migrations"][3]["pending"], true);
    assert!(
        walk.read("schemactl.kdl")
            .contains("ignore table=public.schema_migrations")
    );
    walk.on(&live.url(), &["baseline", "--history"])
        .ends(0)
        .says("nothing to record");
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.on(&live.url(), &["rollback", "--all", "--yes"])
        .ends(0);
    let status = walk
        .on(&live.url(), &["status", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(status["at"], "000003");
    // What stands before what ran, and did not.
    let (live, walk) = (made_by("dbmate"), by_hand());
    walk.write(
        "schemactl.kdl",
        "project app edition=1 { scratch none; migrations generated { number timestamp } }\n",
    );
    for name in ["000001_begin.up.sql", "000001_begin.down.sql"] {
        fs::remove_file(walk.path("generated").join(name)).unwrap();
    }
    for version in ["20240105101500", "20240110000000", "20240212083000"] {
        walk.write(&format!("generated/{version}_x.up.sql"), "SELECT 1;\n");
        walk.write(&format!("generated/{version}_x.down.sql"), "SELECT 1;\n");
    }
    walk.on(
        &live.url(),
        &["baseline", "--history", "--files", "app/generated"],
    )
    .ends(3)
    .says("adopt::not_run")
    .says("20240110000000_x.up.sql");
}

#[test]
fn what_did_not_end_well_is_refused_with_what_to_do() {
    let (live, walk) = (made_by("golang-migrate"), with_files_of("golang-migrate"));
    live.psql("UPDATE schema_migrations SET version = 4, dirty = true");
    dry(&walk, &live, &[])
        .ends(3)
        .says("adopt::failed")
        .says("migrate force 4");

    let (live, walk) = (made_by("flyway"), with_files_of("flyway"));
    let row = |rank: u32, version: &str, kind: &str, success: bool| {
        live.psql(&format!(
            "INSERT INTO flyway_schema_history VALUES ({rank}, '{version}', 'add user name', '{kind}', \
             'V{version}__add_user_name.sql', -2031043139, 'ana', '2024-05-01', 5, {success})"
        ));
    };
    row(5, "3", "SQL", false);
    dry(&walk, &live, &[])
        .ends(3)
        .says("3 (V3__add_user_name.sql) failed")
        .says("flyway repair");
    live.psql("DELETE FROM flyway_schema_history WHERE installed_rank = 5");
    // Undone, and run again; undone for good; deleted.
    row(5, "2", "UNDO_SQL", true);
    let json = dry(&walk, &live, &[]).ends(0).json();
    assert_eq!(
        all(&json["history"], "version"),
        ["1", "1.1", "R__order_count"]
    );
    assert_eq!(
        json["history"]["not_run"],
        serde_json::json!(["V2__add_user_name.sql"])
    );
    row(6, "2", "SQL", true);
    row(7, "1", "DELETE", true);
    let json = dry(&walk, &live, &[]).ends(0).json();
    assert_eq!(
        all(&json["history"], "version"),
        ["1.1", "R__order_count", "2"]
    );
    // A repeatable script is there to be changed; a version is not.
    walk.write("sql/R__order_count.sql", "SELECT 1;");
    dry(&walk, &live, &[])
        .ends(0)
        .says("Flyway would run it again");
    walk.write(
        "sql/V2__add_user_name.sql",
        "ALTER TABLE users ADD COLUMN other text;\n",
    );
    dry(&walk, &live, &[])
        .ends(3)
        .says("adopt::altered")
        .says("V2__add_user_name.sql");
    let json = dry(&walk, &live, &["--files", "none"]).ends(0).json();
    assert_eq!(all(&json["history"], "file"), [&Value::Null; 3]);

    let (live, walk) = (made_by("prisma"), with_files_of("prisma"));
    live.psql(
        "INSERT INTO _prisma_migrations VALUES ('x', 'c', NULL, '20240301000000_broken', 'No such table', NULL, '2024-03-01', 0)",
    );
    dry(&walk, &live, &[])
        .ends(3)
        .says("20240301000000_broken")
        .says("prisma migrate resolve --applied");
    live.psql("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = 'x'");
    let json = dry(&walk, &live, &[])
        .ends(0)
        .says("was rolled back")
        .json();
    assert_eq!(json["history"]["new"], 2);
    let file = "prisma/migrations/20240110093000_create_users/migration.sql";
    let text = walk.read(file);
    walk.write(file, &text.replace('\n', "\r\n"));
    dry(&walk, &live, &[]).ends(0);
    walk.write(file, &format!("{text}-- more"));
    dry(&walk, &live, &[]).ends(3).says("adopt::altered");

    let (live, walk) = (made_by("sqitch"), with_files_of("sqitch"));
    walk.write("deploy/orders.sql", "SELECT 1;");
    dry(&walk, &live, &[]).ends(3).says("deploy/orders.sql");
    let walk = with_files_of("sqitch");
    let plan = walk.read("sqitch.plan").replace("Orders, each", "Each");
    walk.write("sqitch.plan", &plan);
    dry(&walk, &live, &[])
        .ends(3)
        .says("sqitch.plan has no change 0cbc4bc6");

    let (live, walk) = (made_by("drizzle"), with_files_of("drizzle"));
    walk.write("drizzle/0001_create_orders.sql", "SELECT 1;");
    dry(&walk, &live, &[])
        .ends(3)
        .says("0001_create_orders.sql");
}

#[test]
fn tables_that_somebody_made_are_guessed_at_and_shown() {
    let live = TestServer::get().database();
    let walk = by_hand();
    dry(&walk, &live, &[]).ends(4).says("adopt::none");
    live.psql(
        "CREATE SCHEMA core;
         CREATE TABLE core.migration_log (id serial PRIMARY KEY, filename text NOT NULL, executed_at timestamptz NOT NULL, checksum text);
         INSERT INTO core.migration_log (filename, executed_at, checksum) VALUES
           ('001_init.sql', '2024-01-02 10:00+00', '900150983cd24fb0d6963f7d28e17f72'), ('002_more.sql', '2024-02-03 11:30+00', NULL);
         CREATE VIEW core.shown AS SELECT * FROM core.migration_log;
         CREATE TABLE core.odd (no integer, title text, price numeric);
         CREATE TABLE core.version (version integer NOT NULL);
         CREATE TABLE core.prices (version bigint, dirty boolean, price numeric);",
    );
    walk.write("sql/001_init.sql", "abc");
    let json = dry(&walk, &live, &[]).ends(0).json();
    let history = &json["history"];
    assert_eq!(history["table"], "core.migration_log");
    assert_eq!(history["columns"]["version"], "filename");
    assert_eq!(history["columns"]["applied-at"], "executed_at");
    assert_eq!(all(history, "version"), ["001", "002"]);
    assert_eq!(all(history, "name"), ["init", "more"]);
    assert_eq!(all(history, "checked"), [&Value::Bool(true), &Value::Null]);
    assert_eq!(
        history["migrations"][0]["applied_at"],
        "2024-01-02T10:00:00Z"
    );
    assert_eq!(history["missing_files"], serde_json::json!(["002"]));
    // A hash of another making says nothing.
    live.psql("UPDATE core.migration_log SET checksum = md5(filename)");
    dry(&walk, &live, &[]).ends(0).says("they were not checked");
    dry(&walk, &live, &["core.shown"])
        .ends(4)
        .says("is a view, not a table");
    dry(&walk, &live, &["core.nowhere"])
        .ends(4)
        .says("core.migration_log");
    dry(&walk, &live, &["core.odd"])
        .ends(4)
        .says("adopt::columns")
        .says("no, title, price");
    live.psql("INSERT INTO core.odd VALUES (1, 'one', 2), (2, 'two', 3)");
    let said = [
        "core.odd",
        "--column",
        "version=no",
        "--column",
        "name=title",
    ];
    let json = dry(&walk, &live, &said).ends(0).json();
    assert_eq!(all(&json["history"], "name"), ["one", "two"]);
    // One row says where the database stands.
    live.psql("INSERT INTO core.version VALUES (2)");
    walk.write("sql/002_more.sql", "SELECT 2;");
    walk.write("sql/003_later.sql", "SELECT 3;");
    let json = dry(&walk, &live, &["core.version"]).ends(0).json();
    assert_eq!(all(&json["history"], "version"), ["001", "002"]);
    assert_eq!(all(&json["history"], "name"), ["init", "more"]);
    assert_eq!(
        json["history"]["not_run"],
        serde_json::json!(["003_later.sql"])
    );
    // Two histories: neither is guessed.
    live.psql("CREATE TABLE public.schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)");
    dry(&walk, &live, &[])
        .ends(4)
        .says("core.migration_log (by its name)")
        .says("public.schema_migrations (golang-migrate)");
    let json = dry(&walk, &live, &["schema_migrations"]).ends(0).json();
    assert_eq!(json["history"]["migrations"], Value::Array(vec![]));
}

#[test]
fn two_histories_stand_side_by_side_and_are_read_again() {
    let (live, walk) = (made_by("golang-migrate"), by_hand());
    live.psql(
        "CREATE TABLE public.\"odd.log\" (version text PRIMARY KEY, applied_at timestamptz, status text);
         INSERT INTO public.\"odd.log\" VALUES ('3', '2024-01-01', 'ok'),
           (E'\\x1b[31m''; DROP TABLE users; --', '2024-01-02', 'ok'), ('$$ \"x\" \\', '2024-01-03', 'ok')",
    );
    let on = |arguments: &[&str]| walk.on(&live.url(), arguments);
    on(&["baseline"]).ends(0);
    on(&["baseline", "--history"])
        .ends(0)
        .says("1 migration of golang-migrate");
    let log = "public.\"odd.log\"";
    let run = on(&["baseline", "--history", log]).ends(0);
    assert!(!run.err.contains('\u{1b}'), "{run:?}");
    let run = on(&["status"])
        .ends(0)
        .says("public.schema_migrations, the history of golang-migrate");
    assert!(!run.out.contains('\u{1b}'), "{run:?}");
    let json = on(&["status", "--format", "json"]).ends(0).json();
    assert_eq!(json["at"], "000001");
    let names: Vec<&Value> = json["adopted"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["table"])
        .collect();
    assert_eq!(names, [log, "public.schema_migrations"]);
    assert_eq!(
        json["adopted"][0]["migrations"][1]["version"],
        "\u{1b}[31m'; DROP TABLE users; --"
    );
    on(&["show", "3"]).ends(4).says("cli::which");
    on(&["show", "public.schema_migrations:3"])
        .ends(0)
        .says("ran with golang-migrate");
    on(&["rollback", "--all", "--yes"])
        .ends(0)
        .says("nothing to take back");
    // The old ones go on: what is new is recorded, what was taken back too, nothing else is touched.
    on(&["baseline", "--history", log])
        .ends(0)
        .says("nothing to record");
    live.psql(
        "INSERT INTO public.\"odd.log\" VALUES ('4', '2024-02-01', 'ok'); DELETE FROM public.\"odd.log\" WHERE version = '3'",
    );
    let json = on(&["baseline", "--history", log, "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(json["history"]["new"], 1);
    assert_eq!(json["history"]["taken_back"], 1);
    let rows = live.psql(
        "SELECT version, status FROM schemactl.migrations WHERE service <> '' AND version IN ('3', '4') ORDER BY 1, 2",
    );
    let rows: Vec<&str> = rows.lines().map(str::trim).collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    live.psql("UPDATE public.\"odd.log\" SET status = 'half way' WHERE version = '4'");
    on(&["baseline", "--history", log])
        .ends(3)
        .says("`4` has status `half way`");
    on(&["baseline", "--history", log, "--column", "state="]).ends(0);
    // Nothing of the tools changed by all this.
    assert_eq!(
        live.psql("SELECT version FROM schema_migrations").trim(),
        "3"
    );
}

#[tokio::test]
async fn the_tools_own_locks_are_taken_and_respected() {
    let connect = async |live: &TestDatabase<'_>| {
        let target = Target::parse(&live.url()).unwrap();
        Session::connect(&target, "old tool").await.unwrap()
    };
    let free = async |session: &Session, sql: &str| {
        let rows = session.texts(sql).await;
        rows.is_ok_and(|rows| {
            rows.first()
                .is_none_or(|row| row[0].as_deref() != Some("f"))
        })
    };
    for (folder, _, table, _) in TOOLS {
        let live = made_by(folder);
        let (name, schema) = (
            live.psql("SELECT current_database()").trim().to_owned(),
            table.split_once('.').unwrap().0,
        );
        let lock = match *folder {
            // As each of the tools computes it.
            "golang-migrate" => format!(
                "SELECT pg_try_advisory_lock({})",
                golang_migrate(&format!("/{name}"))
            ),
            "flyway" => "SELECT pg_try_advisory_xact_lock(77433833903597)".to_owned(),
            "prisma" => "SELECT pg_try_advisory_lock(72707369)".to_owned(),
            "sqitch" => "SELECT pg_try_advisory_lock(75474063)".to_owned(),
            _ => format!("LOCK TABLE {table} IN ROW EXCLUSIVE MODE NOWAIT"),
        };
        let tool = connect(&live).await;
        tool.execute("BEGIN").await.unwrap();
        assert!(free(&tool, &lock).await, "{lock}");
        let (walk, url) = (by_hand(), live.url());
        let run = tokio::task::spawn_blocking(move || {
            walk.on(&url, &["baseline", "--history", "--dry-run"])
        });
        run.await.unwrap().ends(6).says("adopt::busy");
        tool.execute("ROLLBACK; SELECT pg_advisory_unlock_all()")
            .await
            .unwrap();
        // And the other way round: while we read, the tool waits.
        let catalog: Catalog = introspect(connect(&live).await.client()).await.unwrap();
        let shape = shapes(&catalog).find(|it| it.path() == *table).unwrap();
        let held = Held::take(connect(&live).await, &shape).await.unwrap();
        tool.execute("BEGIN").await.unwrap();
        assert!(!free(&tool, &lock).await, "{schema}: {lock}");
        tool.execute("ROLLBACK").await.unwrap();
        held.release().await.unwrap();
        tool.execute("BEGIN").await.unwrap();
        assert!(free(&tool, &lock).await, "{lock}");
    }
}

/// The lock of golang-migrate on its usual table.
fn golang_migrate(database: &str) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(format!("public\0schema_migrations\0{database}").as_bytes());
    crc.sum().wrapping_mul(1_486_364_155)
}

#[test]
fn a_role_that_may_not_read_it_is_told_what_it_needs() {
    let server = TestServer::get();
    let live = made_by("dbmate");
    let role = "adopt_nobody";
    live.psql(&format!(
        "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
    ));
    let url = server.url(live.psql("SELECT current_database()").trim());
    let url = url.replace("user=postgres", &format!("user={role}"));
    let walk = by_hand();
    walk.on(&url, &["baseline", "--history", "--dry-run"])
        .ends(5)
        .says("adopt::sql")
        .says("the role needs SELECT");
}

#[test]
fn a_hand_made_history_stays_a_table_of_the_project_and_is_pointed_out() {
    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA core; CREATE TABLE core.users (id bigint PRIMARY KEY);
         CREATE TABLE core.migration_log (id serial PRIMARY KEY, filename text NOT NULL, executed_at timestamptz DEFAULT now());
         INSERT INTO core.migration_log (filename) VALUES ('1_a.sql'), ('2_b.sql'), ('3_c.sql'), ('4_d.sql')",
    );
    let walk = Walk::new();
    let (scratch, from) = (scratch(), live.url());
    let init = ["init", "old", "--from", &from, "--scratch", &scratch];
    walk.run(&init).ends(0).says(
        "core.migration_log looks like a hand-made history (4 rows). Import: schemactl baseline --history core.migration_log",
    );
    let on = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        let url = live.url();
        all.extend(["--project", "old", "--url", &url, "--scratch", &scratch]);
        walk.run(&all)
    };
    on(&["baseline", "--history", "core.migration_log"]).ends(0);
    let status = on(&["status", "--check", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(status["adopted"][0]["tool"], "scripts");
    live.psql("INSERT INTO core.migration_log (filename) VALUES ('5_e.sql')");
    on(&["drift"]).ends(0);
    let shown = on(&["inspect"]).ends(0);
    assert!(shown.out.contains("migration_log"), "{shown:?}");
}
