//! What a run that was stopped between two files leaves: the next one takes its own files' doing for no drift, and what
//! somebody did by hand for nothing else.

use std::process::{Child, Command, Stdio};

use crate::cli_support::{Run, Walk};
use crate::support::{TestDatabase, TestServer, assert_same_dump};

const KDL: &str = "schema app {
    table users {
        column id bigint primary-key
        column email text
        column name text
        index name=by_email email
    }
}
";

/// A project whose first migration ran, and its database.
fn begun() -> (Walk, TestDatabase<'static>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schema/app.kdl", KDL);
    let project = walk.read("schemactl.kdl");
    let strict = "environment strict { url (env)STRICT_URL; drift refuse }";
    walk.write("schemactl.kdl", &format!("{project}\n{strict}\n"));
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    (walk, live)
}

/// A run in an environment that refuses drift.
fn strictly(walk: &Walk, url: &str, arguments: &[&str]) -> Run {
    let mut all = vec!["--project", "app", "--env", "strict"];
    all.extend(arguments);
    walk.run_with(&[("STRICT_URL", url)], &all)
}

/// A migration that somebody wrote by hand.
fn hand(walk: &Walk, name: &str, up: &str, down: &str) {
    walk.write(&format!("generated/{name}.up.sql"), &format!("{up}\n"));
    walk.write(&format!("generated/{name}.down.sql"), &format!("{down}\n"));
}

/// One that makes a table of which the KDL says nothing.
fn hand_one(walk: &Walk) {
    let (up, down) = ("CREATE TABLE app.one (a int);", "DROP TABLE app.one;");
    hand(walk, "000002_one", up, down);
}

fn by_hand_and_nothing_else(run: Run) {
    let run = run
        .ends(2)
        .says("data-type  text → character varying(77)")
        .says("- index app.users.by_email  is gone")
        .says("+ index app.users.stranger");
    assert!(!run.out.contains("app.one"), "{}", run.out);
}

/// Somebody who holds the lock that [`WAITS`] waits for.
struct Holder<'a> {
    live: &'a TestDatabase<'static>,
    psql: Child,
}

/// A statement that goes on when the holder lets it.
const WAITS: &str = "SELECT pg_advisory_xact_lock(77);";

impl Holder<'_> {
    fn of<'a>(live: &'a TestDatabase<'static>) -> Holder<'a> {
        let psql = Command::new(TestServer::get().bin().join("psql"))
            .args(["-qX", "-d", &live.url()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let input = psql.stdin.as_ref().unwrap();
        std::io::Write::write_all(&mut &*input, b"SELECT pg_advisory_lock(77);\n").unwrap();
        let holder = Holder { live, psql };
        holder.until(&holder.locked("granted"));
        holder
    }

    fn locked(&self, how: &str) -> String {
        format!(
            "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND {how} \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
    }

    fn until(&self, condition: &str) {
        self.live.psql(&format!(
            "DO $$ BEGIN FOR i IN 1..3000 LOOP IF {condition} THEN RETURN; END IF; PERFORM pg_sleep(0.01); COMMIT; END LOOP; RAISE 'it does not happen'; END $$"
        ));
    }

    fn until_waited_for(&self) {
        self.until(&self.locked("NOT granted"));
    }

    fn lets_go(mut self) {
        drop(self.psql.stdin.take());
        self.psql.wait().unwrap();
        self.until(&format!("NOT {}", self.locked("true")));
    }
}

fn begin(walk: &Walk, url: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_schemactl"))
        .args(["apply", "--yes", "--project"])
        .arg(walk.path(""))
        .args(["--url", url])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

const BY_HAND: &str = "ALTER TABLE app.users ALTER email TYPE varchar(77); DROP INDEX app.by_email;
    CREATE INDEX stranger ON app.users (name)";

#[test]
fn what_stops_between_two_files_keeps_both_apart() {
    let (walk, live) = begun();
    let url = live.url();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    hand_one(&walk);
    let preflight = "-- schemactl:preflight SELECT count(*), 'rows', min(id::text) FROM app.users\nCREATE TABLE app.two (a int);";
    hand(&walk, "000003_two", preflight, "DROP TABLE app.two;");
    live.psql("INSERT INTO app.users VALUES (1, 'e', 'n')");
    live.psql(BY_HAND);
    on(&["apply", "--yes"])
        .ends(3)
        .says("this stands in the way");
    on(&["status"]).ends(0).says("at 000002").says("drifted");
    by_hand_and_nothing_else(on(&["drift"]));
    live.psql("DELETE FROM app.users");
    on(&["apply", "--yes"]).ends(0);
    by_hand_and_nothing_else(on(&["drift"]));
}

#[test]
fn a_killed_run_neither_swallows_drift_nor_lets_it_past_the_policy() {
    let (walk, live) = begun();
    let url = live.url();
    hand_one(&walk);
    hand(&walk, "000003_two", WAITS, "SELECT 1;");
    let holder = Holder::of(&live);
    let mut run = begin(&walk, &url);
    holder.until_waited_for();
    run.kill().unwrap();
    run.wait().unwrap();
    holder.lets_go();
    live.psql(BY_HAND);
    let strict = |arguments: &[&str]| strictly(&walk, &url, arguments);
    strict(&["apply", "--yes"]).ends(3).says("apply::drifted");
    by_hand_and_nothing_else(strict(&["drift"]));
    walk.on(&url, &["apply", "--yes"]).ends(0);
    by_hand_and_nothing_else(walk.on(&url, &["drift"]));
}

#[test]
fn a_script_that_somebody_ran_is_no_drift_and_hides_none() {
    let (walk, live) = begun();
    let url = live.url();
    hand_one(&walk);
    hand(
        &walk,
        "000003_renames",
        "CREATE TABLE app.first (a int); ALTER TABLE app.first RENAME TO second;",
        "DROP TABLE app.second;",
    );
    let script = walk
        .on(&url, &["apply", "--script", "--actor", "o'brien", "--yes"])
        .ends(0);
    live.psql(BY_HAND);
    live.psql(&script.out);
    walk.on(&url, &["log", "--actor", "o'brien"])
        .ends(0)
        .says("by a script for psql that o'brien made");
    // That records what is there.
    walk.on(&url, &["apply", "--yes"]).ends(0);
    by_hand_and_nothing_else(walk.on(&url, &["drift"]));
}

#[test]
fn what_a_script_does_not_name_of_its_own_table_is_drift() {
    let (walk, live) = begun();
    let url = live.url();
    let up = "ALTER TABLE app.users ADD COLUMN nick text UNIQUE, DROP COLUMN name;\nCREATE INDEX ON app.users (nick, email);";
    hand(
        &walk,
        "000002_nick",
        up,
        "ALTER TABLE app.users DROP COLUMN nick, ADD COLUMN name text;",
    );
    let script = walk.on(&url, &["apply", "--script", "--yes"]).ends(0);
    live.psql(&script.out);
    let none = walk.on(&url, &["drift"]).ends(0);
    let none = none.says("what ran after 000001 is in no record yet");
    assert!(none.err.contains("no drift"), "{}", none.err);
    live.psql("ALTER TABLE app.users ADD COLUMN stranger text; DROP INDEX app.by_email");
    let told = |run: Run| {
        let run = run
            .ends(2)
            .says("+ column app.users.stranger")
            .says("- index app.users.by_email  is gone");
        assert!(
            !run.out.contains("nick") && !run.out.contains("users.name"),
            "{}",
            run.out
        );
    };
    told(walk.on(&url, &["drift"]));
    walk.on(&url, &["apply", "--yes"]).ends(0);
    told(walk.on(&url, &["drift"]));
}

#[test]
fn an_index_that_could_not_be_built_is_the_runs_own() {
    let (walk, live) = begun();
    let url = live.url();
    let strict = |arguments: &[&str]| strictly(&walk, &url, arguments);
    hand(
        &walk,
        "000002_unique",
        "-- schemactl:no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY one_each ON app.users (name);",
        "-- schemactl:no-transaction\nDROP INDEX CONCURRENTLY app.one_each;",
    );
    live.psql("INSERT INTO app.users VALUES (1, 'a', 'n'), (2, 'b', 'n')");
    strict(&["apply", "--yes"]).ends(1).says("one_each");
    strict(&["drift"]).ends(0).says("no drift");
    live.psql("DELETE FROM app.users WHERE id = 2");
    strict(&["apply", "--yes"]).ends(0);
    assert_eq!(
        live.psql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'app.one_each'::regclass")
            .trim(),
        "t"
    );
}

#[test]
fn a_question_that_can_not_be_asked_leaves_it_to_a_person() {
    let (walk, live) = begun();
    let url = live.url();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    hand(
        &walk,
        "000002_do",
        "-- schemactl:no-transaction\n-- schemactl:done-when SELECT count(*) > 1 FROM public.nothere\nCALL app.p();",
        "SELECT 1;",
    );
    live.psql("CREATE PROCEDURE app.p() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'");
    on(&["apply", "--yes"]).ends(0);
    live.psql("UPDATE schemactl.migrations SET status = 'running' WHERE version = '000002'");
    on(&["apply", "--yes"])
        .ends(7)
        .says("apply::interrupted")
        .says("public.nothere");
    on(&["repair", "--done", "--yes"]).ends(0);
    on(&["status"]).ends(0).says("at 000002");
}

#[test]
fn what_is_altered_beside_its_whole_is_told_and_chosen_by_itself() {
    let (walk, live) = begun();
    let url = live.url();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    live.psql(
        "ALTER TABLE app.users SET (fillfactor = 50); ALTER TABLE app.users ALTER email TYPE varchar(77), ALTER name SET NOT NULL",
    );
    on(&["drift"])
        .ends(2)
        .says("~ table app.users")
        .says("~ column app.users.email")
        .says("~ column app.users.name");
    on(&["drift", "--fix", "--object", "column:app.users.email"]).ends(0);
    let fix = walk.read("generated/000002_correct_drift.up.sql");
    assert!(
        fix.contains("ALTER COLUMN email TYPE text") && !fix.contains("fillfactor"),
        "{fix}"
    );
    on(&["apply", "--yes"]).ends(0);
    on(&[
        "drift",
        "--accept",
        "--object",
        "column:app.users.name",
        "--yes",
    ])
    .ends(0);
    let file = walk.read("schema/app.kdl");
    assert!(
        file.contains("name text not-null") && !file.contains("fillfactor"),
        "{file}"
    );
}

#[test]
fn a_correction_that_was_taken_back_runs_again() {
    let (walk, live) = begun();
    let url = live.url();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    live.psql("ALTER TABLE app.users ALTER email TYPE varchar(77)");
    on(&["drift", "--fix"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    on(&["rollback", "--steps", "1", "--yes"]).ends(0);
    on(&["status"]).ends(0).says("rolled back, pending");
    on(&["drift"])
        .ends(2)
        .says("data-type  text → character varying(77)");
    let run = on(&["apply", "--yes"]).ends(0);
    assert!(!run.out.contains("skipped"), "{}", run.out);
    on(&["drift"]).ends(0);
    assert_eq!(
        live.psql("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'app.users'::regclass AND attname = 'email'").trim(),
        "text"
    );
}

#[test]
fn what_another_project_ran_is_not_taken_back_by_the_way() {
    let (walk, live) = begun();
    let url = live.url();
    let other = Walk::new();
    other
        .on(&url, &["rollback", "--all", "--yes"])
        .ends(3)
        .says("rollback::other_project");
    assert!(live.pg_dump_schema().contains("app.users"));
    other
        .on(&url, &["rollback", "--all", "--yes", "--allow", "no-files"])
        .ends(0)
        .says("its files are not here");
    assert!(!live.pg_dump_schema().contains("app.users"));
    walk.on(&url, &["apply", "--yes"]).ends(0);
}

#[test]
fn what_a_script_does_beside_its_names_is_its_own() {
    let (walk, live) = begun();
    let url = live.url();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    hand(
        &walk,
        "000002_serial",
        "CREATE TABLE app.counted (id serial);",
        "DROP TABLE app.counted;",
    );
    let script = on(&["apply", "--script", "--yes"]).ends(0);
    live.psql(&script.out);
    live.psql("CREATE TABLE app.stranger (a int)");
    // Before anything is recorded the same is told.
    for _ in 0..2 {
        let run = on(&["drift"]).ends(2).says("+ table app.stranger");
        assert!(!run.out.contains("counted"), "{}", run.out);
        on(&["apply", "--yes"]).ends(0);
    }
    live.psql("DROP TABLE app.stranger");
    hand(
        &walk,
        "000003_all",
        "GRANT SELECT ON ALL TABLES IN SCHEMA app TO public; ALTER TABLE app.users RENAME COLUMN name TO called;",
        "ALTER TABLE app.users RENAME COLUMN called TO name; REVOKE SELECT ON ALL TABLES IN SCHEMA app FROM public;",
    );
    let script = on(&["apply", "--script", "--yes"]).ends(0);
    live.psql(&script.out);
    on(&["apply", "--yes"]).ends(0);
    on(&["drift"]).ends(0).says("no drift");
}

#[test]
fn drift_that_is_refused_lets_through_what_is_allowed_by_name() {
    let (walk, live) = begun();
    let url = live.url();
    let strict = |arguments: &[&str]| strictly(&walk, &url, arguments);
    live.psql("CREATE TABLE app.stranger (a int)");
    hand_one(&walk);
    strict(&["apply", "--yes"]).ends(3).says("--allow drift");
    walk.write("schema/more.kdl", "schema app { tabel x }");
    strict(&["apply", "--yes"])
        .ends(3)
        .says("the KDL files have mistakes");
    std::fs::remove_file(walk.path("schema/more.kdl")).unwrap();
    strict(&["apply", "--yes", "--allow", "drift"]).ends(0);
    strict(&["drift"]).ends(2).says("+ table app.stranger");
}

#[test]
fn a_correction_that_was_skipped_is_a_step() {
    let (walk, drifted) = begun();
    let clean = TestServer::get().database();
    drifted.psql("ALTER TABLE app.users ALTER email TYPE varchar(77)");
    walk.on(&drifted.url(), &["drift", "--fix"]).ends(0);
    let url = clean.url();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["apply", "--yes"]).ends(0).says("skipped");
    let before = clean.pg_dump_schema();
    on(&["rollback", "--steps", "1", "--yes"])
        .ends(0)
        .says("it was skipped here: nothing is run");
    assert_same_dump(&clean.pg_dump_schema(), &before);
    on(&["status"])
        .ends(0)
        .says("at 000001")
        .says("as recorded");
    on(&["apply", "--yes"]).ends(0).says("skipped");
    on(&["rollback", "--all", "--yes"]).ends(0);
    assert!(!clean.pg_dump_schema().contains("app.users"));
    on(&["apply", "--yes"]).ends(0);
    assert_same_dump(&clean.pg_dump_schema(), &before);
    on(&["status", "--check"]).ends(0);
}

#[test]
fn files_whose_line_ends_another_machine_wrote_are_the_same() {
    let (walk, live) = begun();
    let url = live.url();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    for file in walk.generated() {
        let file = format!("generated/{file}");
        let text = walk.read(&file).replace('\n', "\r\n");
        walk.write(&file, &text);
    }
    on(&["status", "--check"]).ends(0);
    hand(
        &walk,
        "000002_f",
        "CREATE FUNCTION app.f() RETURNS text LANGUAGE sql AS $$\r\nSELECT 'x'\r\n$$;\r",
        "DROP FUNCTION app.f();",
    );
    on(&["apply", "--yes"]).ends(0);
    let ends = "SELECT position(chr(13) IN prosrc) FROM pg_proc WHERE proname = 'f'";
    assert_eq!(live.psql(ends).trim(), "0");
}

#[test]
fn what_was_done_by_hand_stays_drift_under_another_name() {
    let (walk, live) = begun();
    let url = live.url();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    live.psql(
        "COMMENT ON COLUMN app.users.name IS 'by hand'; CREATE INDEX stranger ON app.users (name);
         CREATE TABLE app.strange (a int)",
    );
    let up =
        "ALTER TABLE app.users RENAME COLUMN name TO nick; ALTER TABLE app.users RENAME TO people;
        ALTER SCHEMA app RENAME TO core;";
    let down = "ALTER SCHEMA core RENAME TO app; ALTER TABLE app.people RENAME TO users;
        ALTER TABLE app.users RENAME COLUMN nick TO name;";
    hand(&walk, "000002_names", up, down);
    let names = [
        ("app", "core"),
        ("users", "people"),
        ("name text", "nick text"),
    ];
    let renamed = names
        .iter()
        .fold(KDL.to_owned(), |kdl, (from, to)| kdl.replace(from, to));
    walk.write("schema/app.kdl", &renamed);
    on(&["apply", "--yes"]).ends(0);
    on(&["drift"])
        .ends(2)
        .says("comment of column core.people.nick")
        .says("+ index core.people.stranger")
        .says("+ table core.strange");
    on(&["rollback", "--steps", "1", "--yes"]).ends(0);
    on(&["drift"])
        .ends(2)
        .says("comment of column app.users.name")
        .says("+ index app.users.stranger")
        .says("+ table app.strange");
}

#[test]
fn what_is_done_by_hand_while_files_run_is_drift() {
    let (walk, live) = begun();
    let url = live.url();
    live.psql("CREATE TABLE app.other (a int)");
    walk.on(&url, &["drift", "--accept", "--yes"]).ends(0);
    let up = "ALTER TABLE app.users ADD z int; CREATE TABLE app.made (id serial PRIMARY KEY);
        CREATE VIEW app.w AS SELECT id FROM app.users; CREATE VIEW app.w2 AS SELECT id FROM app.w;
        ALTER TABLE app.users RENAME z TO zz; COMMENT ON VIEW app.w IS 'as v and other';
        CREATE TABLE app.gone (a int); CREATE VIEW app.gone_too AS SELECT a FROM app.gone; DROP TABLE app.gone CASCADE;
        GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC;";
    let down = "REVOKE SELECT ON ALL TABLES IN SCHEMA app FROM PUBLIC;
        DROP VIEW app.w CASCADE; DROP TABLE app.made; ALTER TABLE app.users DROP zz;";
    hand(&walk, "000003_made", &format!("{WAITS}\n{up}"), down);
    let holder = Holder::of(&live);
    let mut run = begin(&walk, &url);
    holder.until_waited_for();
    live.psql(
        "CREATE TABLE app.meanwhile (a int); CREATE VIEW app.v AS SELECT 1 AS a;
         ALTER TABLE app.other ADD b int; CREATE INDEX stranger ON app.other (a);",
    );
    holder.lets_go();
    assert!(run.wait().unwrap().success());
    let run = walk.on(&url, &["drift"]).ends(2);
    let run = run
        .says("+ table app.meanwhile")
        .says("+ view app.v")
        .says("+ column app.other.b")
        .says("+ index app.other.stranger");
    assert!(
        !run.out.contains("app.made")
            && !run.out.contains("app.w")
            && !run.out.contains("app.users"),
        "{}",
        run.out
    );
    walk.on(&url, &["rollback", "--steps", "1", "--yes"])
        .ends(0);
    walk.on(&url, &["drift"])
        .ends(2)
        .says("+ table app.meanwhile")
        .says("+ column app.other.b");
}

#[test]
fn what_a_migration_brings_about_is_no_drift_though_somebody_did_it_before() {
    let (walk, live) = begun();
    let url = live.url();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    live.psql(
        "ALTER TABLE app.users ALTER name SET DEFAULT 'x'; ALTER TABLE app.users ADD fresh int;
         COMMENT ON TABLE app.users IS 'people'; GRANT SELECT ON app.users TO PUBLIC;
         CREATE INDEX hot ON app.users (email); DROP INDEX app.by_email;
         COMMENT ON COLUMN app.users.email IS 'mine'; ALTER TABLE app.users ALTER email SET NOT NULL;
         CREATE FUNCTION app.f() RETURNS int LANGUAGE sql RETURN 1",
    );
    let up = "ALTER TABLE app.users ALTER COLUMN name SET DEFAULT 'x', ADD COLUMN IF NOT EXISTS fresh int;
        COMMENT ON TABLE app.users IS 'people'; GRANT SELECT ON app.users TO PUBLIC;
        CREATE INDEX IF NOT EXISTS hot ON app.users (email); DROP INDEX IF EXISTS app.by_email;
        CREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql RETURN 1;
        ALTER TABLE app.users ALTER email SET DEFAULT 'none';";
    hand(&walk, "000002_hot_fix", up, "SELECT 1;");
    on(&["apply", "--yes"]).ends(0);
    let run = on(&["drift"]).ends(2);
    let run = run
        .says("comment of column app.users.email")
        .says("column app.users.email");
    for own in [
        "fresh",
        "hot",
        "by_email",
        "app.f",
        "app.users.name",
        "of table app.users",
        "PUBLIC",
    ] {
        assert!(!run.out.contains(own), "{own}: {}", run.out);
    }
    live.psql("COMMENT ON COLUMN app.users.email IS NULL; ALTER TABLE app.users ALTER email DROP NOT NULL");
    on(&["drift"]).ends(0);
}
