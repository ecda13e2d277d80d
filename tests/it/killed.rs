//! schemactl killed in the middle of a statement outside a transaction: the next run says where things stand and goes on.

use std::io::Write;
use std::process::{Child, Command, Stdio};

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer};

const BUILD: &str = "query LIKE 'CREATE INDEX CONCURRENTLY%' AND datname = current_database()";
const STANDS: &str = "SELECT status || ' ' || coalesce(statements_done::text, '-') FROM schemactl.migrations WHERE version = '000002'";
const VALID: &str = "SELECT coalesce(bool_and(indisvalid)::text, 'none') FROM pg_index WHERE indexrelid = to_regclass('app.t_n_idx')";

/// A session with an open transaction that wrote to `app.t`: a concurrent build waits for it.
struct Writer(Child);

impl Writer {
    fn begin(live: &TestDatabase<'_>) -> Writer {
        let mut child = Command::new(TestServer::get().bin().join("psql"))
            .args(["-qX", "-d", &live.url()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.as_mut().unwrap();
        input
            .write_all(b"BEGIN; INSERT INTO app.t VALUES (3, 3);\n")
            .unwrap();
        let writer = Writer(child);
        until(
            live,
            "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction')",
        );
        writer
    }

    fn end(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

/// Waits in the server until a condition holds; each look is a transaction of its own, because a concurrent build waits
/// for all that began before it.
fn until(live: &TestDatabase<'_>, condition: &str) {
    live.psql(&format!(
        "DO $$ BEGIN FOR i IN 1..3000 LOOP
             PERFORM pg_stat_clear_snapshot();
             IF {condition} THEN RETURN; END IF;
             PERFORM pg_sleep(0.01);
             COMMIT;
         END LOOP; RAISE 'it does not happen'; END $$"
    ));
}

/// A project whose second migration builds an index, killed while the build waits.
fn killed() -> (Walk, TestDatabase<'static>, Writer) {
    let walk = Walk::new();
    let live = TestServer::get().database();
    let table = |index: &str| {
        format!("schema app {{ table t {{ column id int primary-key; column n int; {index} }} }}")
    };
    walk.write("schema/app.kdl", &table(""));
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql("INSERT INTO app.t VALUES (1, 1), (2, 2)");
    walk.write("schema/app.kdl", &table("index n"));
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    assert!(
        walk.read("generated/000002_second.up.sql")
            .contains("CREATE INDEX CONCURRENTLY")
    );
    let writer = Writer::begin(&live);
    let mut run = Command::new(env!("CARGO_BIN_EXE_schemactl"))
        .args(["apply", "--yes", "--project"])
        .arg(walk.path(""))
        .args(["--url", &live.url()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until(
        &live,
        &format!(
            "EXISTS (SELECT FROM pg_stat_activity WHERE {BUILD} AND wait_event_type = 'Lock')"
        ),
    );
    run.kill().unwrap();
    run.wait().unwrap();
    (walk, live, writer)
}

/// The next run finishes it: one valid index, a true history, nothing to do any more.
fn finishes(walk: &Walk, live: &TestDatabase<'_>, says: &str) {
    walk.on(&live.url(), &["apply", "--yes"]).ends(0).says(says);
    assert_eq!(live.psql(VALID).trim(), "true");
    assert_eq!(
        live.psql("SELECT count(*) FROM pg_index WHERE indrelid = 'app.t'::regclass")
            .trim(),
        "2"
    );
    assert!(live.psql(STANDS).starts_with("applied"));
    walk.on(&live.url(), &["status", "--check"]).ends(0);
    walk.on(&live.url(), &["diff"])
        .ends(0)
        .says("nothing to do");
    walk.on(&live.url(), &["rollback", "--all", "--yes"])
        .ends(0);
}

#[test]
fn a_build_that_the_server_ended_after_us_is_taken_as_done() {
    let (walk, live, writer) = killed();
    assert!(live.psql(STANDS).starts_with("running"));
    // The server still works for the one that was killed, under its lock.
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(6)
        .says("another schemactl works on this database");
    writer.end();
    until(
        &live,
        &format!("NOT EXISTS (SELECT FROM pg_stat_activity WHERE {BUILD})"),
    );
    assert_eq!(live.psql(VALID).trim(), "true");
    finishes(&walk, &live, "was interrupted earlier: now applied");
}

#[test]
fn a_build_that_died_with_us_is_cleared_away_and_done_again() {
    let (walk, live, writer) = killed();
    live.psql(&format!(
        "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE {BUILD}"
    ));
    writer.end();
    assert_eq!(live.psql(VALID).trim(), "false");
    walk.on(&live.url(), &["status"]).ends(0).says("running");
    finishes(&walk, &live, "was interrupted earlier: now failed");
}

#[test]
fn what_the_catalog_cannot_tell_a_person_says() {
    for (word, ends, table) in [("--done", "applied", "t"), ("--not-done", "failed", "f")] {
        let walk = Walk::new();
        let live = TestServer::get().database();
        live.psql("CREATE PROCEDURE public.by_hand() LANGUAGE sql AS ''");
        walk.run(&["new", "by_hand", "--project", "app"]).ends(0);
        walk.write(
            "generated/000001_by_hand.up.sql",
            "-- schemactl:no-transaction\n\nCALL public.by_hand();\n",
        );
        walk.on(&live.url(), &["apply", "--yes"]).ends(0);
        live.psql("UPDATE schemactl.migrations SET status = 'running'");
        walk.on(&live.url(), &["apply", "--yes"])
            .ends(7)
            .says("schemactl repair --done");
        walk.on(&live.url(), &["repair"]).ends(7);
        walk.on(&live.url(), &["repair", word])
            .ends(0)
            .says(&format!("now {ends}"));
        walk.on(&live.url(), &["repair", word])
            .ends(0)
            .says("nothing was interrupted");
        let applied = live.psql("SELECT (status = 'applied')::text FROM schemactl.migrations");
        assert_eq!(&applied.trim()[..1], table);
        walk.on(&live.url(), &["apply", "--yes"]).ends(0);
        walk.on(&live.url(), &["status", "--check"]).ends(0);
        walk.on(&live.url(), &["log"]).ends(0).says("repair");
    }
}
