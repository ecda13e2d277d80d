//! What a run does to others and leaves behind: clients that wait, standbys that follow, objects that nobody planned.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use crate::cli_support::{Run, Walk};
use crate::support::{TestDatabase, TestServer};

fn project(rest: &str) -> Walk {
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        &format!("project app edition=1 {{ scratch none }}\n{rest}\n"),
    );
    walk
}

fn up(walk: &Walk, stem: &str, sql: &str) {
    walk.write(&format!("generated/{stem}.up.sql"), sql);
    walk.write(&format!("generated/{stem}.down.sql"), "SELECT 1;");
}

fn run_in(walk: &Walk, url: &str, environment: &str, arguments: &[&str]) -> Run {
    let mut all = arguments.to_vec();
    all.extend(["--project", "app", "--env", environment]);
    walk.run_with(&[("APP_URL", url)], &all)
}

fn spawn(walk: &Walk, url: &str, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_schemactl"))
        .args(arguments)
        .current_dir(walk.path(""))
        .env("APP_URL", url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// A session that holds a lock which the migration waits for.
fn holder(live: &TestDatabase<'_>, server: &TestServer) -> Child {
    let mut child = Command::new(server.bin().join("psql"))
        .args(["-qX", "-d", &live.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let input = child.stdin.as_mut().unwrap();
    input
        .write_all(b"SELECT pg_advisory_lock(4711);\n")
        .unwrap();
    server.until(
        live.name(),
        "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND granted)",
    );
    child
}

#[test]
fn who_keeps_clients_waiting_longer_than_the_budget_gives_way() {
    let server = TestServer::get();
    let live = server.database();
    live.psql("CREATE TABLE public.t (a int); INSERT INTO public.t VALUES (1)");
    let walk = project(
        "environment a { url (env)APP_URL; confirm never; lock-retries 0; blocking-budget \"100ms\" }",
    );
    up(
        &walk,
        "000001_x",
        "ALTER TABLE public.t ADD COLUMN b int;\nSELECT pg_advisory_xact_lock(4711);",
    );
    let mut holds = holder(&live, server);
    let run = spawn(&walk, &live.url(), &["apply", "--env", "a"]);
    server.until(
        live.name(),
        "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted)",
    );
    // It waits for the migration, which would wait for ever: that it is answered at all is the watchdog's doing.
    assert_eq!(live.psql("SELECT count(*) FROM public.t").trim(), "1");
    let output = run.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(6), "{told}");
    assert!(told.contains("apply::budget"), "{told}");
    drop(holds.stdin.take());
    holds.wait().unwrap();
    // Where nobody waits, it is as it was.
    run_in(&walk, &live.url(), "a", &["apply"])
        .ends(0)
        .says("longest wait for others 0 ms");
    assert_eq!(live.psql("SELECT count(b) FROM public.t").trim(), "0");
}

#[test]
fn who_holds_the_lock_is_told() {
    let server = TestServer::get();
    let live = server.database();
    live.psql("CREATE TABLE public.t (a int)");
    let walk = project(
        "environment a { url (env)APP_URL; confirm never; lock-retries 0; lock-timeout \"2s\" }",
    );
    up(&walk, "000001_x", "ALTER TABLE public.t ADD COLUMN b int;");
    let mut holds = holder(&live, server);
    holds
        .stdin
        .as_mut()
        .unwrap()
        .write_all(b"BEGIN; SELECT a FROM public.t;\n")
        .unwrap();
    server.until(
        live.name(),
        "EXISTS (SELECT FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE 'SELECT a FROM%')",
    );
    let run = run_in(&walk, &live.url(), "a", &["apply"]).ends(6);
    run.says("waiting for a lock since 1 s, held by pid ")
        .says("postgres (psql), idle in transaction, its transaction open for ")
        .says(": SELECT a FROM public.t;")
        .says("it is held by pid ");
    drop(holds.stdin.take());
    holds.wait().unwrap();
    run_in(&walk, &live.url(), "a", &["apply"]).ends(0);
}

#[test]
fn an_index_tells_how_far_it_is() {
    let server = TestServer::get();
    let live = server.database();
    live.psql("CREATE TABLE public.t (a int)");
    let walk = project("environment a { url (env)APP_URL; confirm never }");
    up(
        &walk,
        "000001_x",
        "-- schemactl:no-transaction\n\nCREATE INDEX CONCURRENTLY t_a ON public.t (a);",
    );
    let mut holds = holder(&live, server);
    holds
        .stdin
        .as_mut()
        .unwrap()
        .write_all(b"BEGIN; INSERT INTO public.t VALUES (1);\n")
        .unwrap();
    server.until(
        live.name(),
        "EXISTS (SELECT FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE 'INSERT INTO%')",
    );
    let run = spawn(&walk, &live.url(), &["apply", "--env", "a"]);
    server.until(
        live.name(),
        "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'schemactl progress' AND state = 'idle' AND query LIKE '%progress_create_index%')",
    );
    drop(holds.stdin.take());
    holds.wait().unwrap();
    let output = run.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(
        told.contains("waiting for writers before build  ░░░░░░░░░░ 0 %"),
        "{told}"
    );
    assert!(told.contains("held by pid "), "{told}");
    assert!(told.contains("INSERT INTO public.t"), "{told}");
}

#[test]
fn what_was_stopped_when_only_the_rest_was_left_is_done() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE TABLE public.t (a int) PARTITION BY RANGE (a);
         CREATE TABLE public.o PARTITION OF public.t FOR VALUES FROM (0) TO (10);
         CREATE TABLE public.u (a int); CREATE INDEX u_a ON public.u (a)",
    );
    let walk = project("environment a { url (env)APP_URL; confirm never }");
    for (stem, sql, begin) in [
        (
            "000001_x",
            "DROP INDEX CONCURRENTLY public.u_a;",
            "BEGIN; INSERT INTO public.u VALUES (1);\n",
        ),
        (
            "000002_y",
            "ALTER TABLE public.t DETACH PARTITION public.o CONCURRENTLY;",
            "BEGIN; SELECT count(*) FROM public.t;\n",
        ),
    ] {
        if server.major() < 14 && stem == "000002_y" {
            continue;
        }
        up(
            &walk,
            stem,
            &format!("-- schemactl:no-transaction\n\n{sql}"),
        );
        let mut holds = holder(&live, server);
        let input = holds.stdin.as_mut().unwrap();
        input.write_all(begin.as_bytes()).unwrap();
        server.until(
            live.name(),
            "EXISTS (SELECT FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database())",
        );
        let run = spawn(&walk, &live.url(), &["apply", "--env", "a"]);
        server.until(
            live.name(),
            "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%CONCURRENTLY%' AND datname = current_database())",
        );
        let id = run.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(sent.success());
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(7), "{output:?}");
        drop(holds.stdin.take());
        holds.wait().unwrap();
        run_in(&walk, &live.url(), "a", &["apply"]).ends(0);
        run_in(&walk, &live.url(), "a", &["status", "--check"]).ends(0);
    }
    let left = "SELECT (SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relname = 'o') \
                + (SELECT count(*) FROM pg_class WHERE relname = 'u_a')";
    let expected = if server.major() < 14 { "1" } else { "0" };
    assert_eq!(live.psql(left).trim(), expected);
}

#[test]
fn a_file_waits_for_standbys_that_are_behind() {
    let server = TestServer::fresh();
    let standby = server.standby();
    let live = server.database();
    let walk = project("environment a { url (env)APP_URL; confirm never; max-lag \"200ms\" }");
    up(&walk, "000001_x", "CREATE TABLE public.t (a int);");
    standby.query("SELECT pg_wal_replay_pause()");
    live.psql("CREATE TABLE public.before (a int)");
    // A standby that has just come says nothing yet of where it is.
    server.until(
        live.name(),
        "EXISTS (SELECT FROM pg_stat_replication WHERE replay_lsn < pg_current_wal_lsn())",
    );
    let mut run = spawn(&walk, &live.url(), &["apply", "--env", "a"]);
    let words = BufReader::new(run.stderr.take().unwrap());
    let mut lines = words.lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("waits for standby")));
    let there = "SELECT to_regclass('public.t') IS NOT NULL";
    assert_eq!(live.psql(there).trim(), "f");
    standby.query("SELECT pg_wal_replay_resume()");
    let rest: Vec<String> = lines.collect();
    assert!(run.wait().unwrap().success(), "{rest:?}");
    assert_eq!(live.psql(there).trim(), "t");
    // Who may not see it is told before anything runs.
    let role = format!("r_{}", live.name());
    live.psql(&format!(
        "CREATE ROLE {role}; GRANT ALL ON DATABASE {db} TO {role}; GRANT ALL ON SCHEMA schemactl TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA schemactl TO {role}; \
         GRANT ALL ON ALL SEQUENCES IN SCHEMA schemactl TO {role}",
        db = live.name()
    ));
    walk.write(
        "schemactl.kdl",
        &format!("project app edition=1 {{ scratch none }}\nenvironment a {{ url (env)APP_URL; confirm never; connect-as {role}; max-lag \"200ms\" }}\n"),
    );
    up(&walk, "000002_y", "SELECT 1;");
    run_in(&walk, &live.url(), "a", &["apply"])
        .ends(5)
        .says("apply::lag_unknown");
}

#[test]
fn what_nobody_planned_is_taken_back() {
    let server = TestServer::get();
    let live = server.database();
    let walk = project(
        "environment a { url (env)APP_URL; confirm never; validate { new-objects as-planned; constraints as-planned } }",
    );
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key; column n int { unique } } }",
    );
    let table = "CREATE SCHEMA app;\nCREATE TABLE app.t (id int PRIMARY KEY, n int UNIQUE);\n";
    let apply = |sql: &str| {
        up(&walk, "000001_x", sql);
        run_in(&walk, &live.url(), "a", &["apply"])
    };
    apply(&format!(
        "{table}DO $$ BEGIN CREATE TABLE app.other (a int); END $$;"
    ))
    .ends(1)
    .says("apply::as_planned")
    .says("table app.other is new and not planned");
    apply(&format!("{table}ALTER TABLE app.t ADD COLUMN more int;"))
        .ends(1)
        .says("column app.t.more is new and not planned");
    apply(&format!(
        "{table}ALTER TABLE app.t ADD CONSTRAINT c CHECK (n > 0);"
    ))
    .ends(1)
    .says("check app.t.c is new and not planned");
    apply(&table.replace(" UNIQUE", ""))
        .ends(1)
        .says("unique app.t.t_n_key is planned and not there");
    assert_eq!(
        live.psql("SELECT to_regnamespace('app') IS NULL").trim(),
        "t"
    );
    apply(table).ends(0);
    // What was there before a run is no business of it; a file that is not the last is looked at with the last.
    live.psql("CREATE TABLE app.by_hand (a int)");
    up(&walk, "000002_y", "CREATE TABLE app.between (a int);");
    up(&walk, "000003_z", "DROP TABLE app.between;");
    let words = ["apply", "--yes"];
    run_in(&walk, &live.url(), "a", &words).ends(0);
}

/// A table that is made anew is locked before its rows are copied: what others commit meanwhile is copied too.
#[test]
fn rows_that_others_write_while_a_table_is_made_anew_stay() {
    let server = TestServer::get();
    let live = server.database();
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\nenvironment a { url (env)APP_URL; confirm never; lock-timeout \"60s\"; destructive allow }\n",
    );
    let table = |more: &str| {
        walk.write(
            "schema/app.kdl",
            &format!("schema app {{ table t {{ column id int; {more} }} }}\n"),
        );
    };
    table("");
    walk.on(&live.url(), &["diff", "one"]).ends(0);
    run_in(&walk, &live.url(), "a", &["apply"]).ends(0);
    table("partition-by range id; partition t1 from=0 to=100");
    walk.on(&live.url(), &["diff", "two"])
        .ends(0)
        .says("table-copy");
    live.psql("INSERT INTO app.t VALUES (1)");
    let mut writer = Command::new(server.bin().join("psql"))
        .args(["-qX", "-d", &live.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let input = writer.stdin.as_mut().unwrap();
    input
        .write_all(b"BEGIN; INSERT INTO app.t VALUES (2);\n")
        .unwrap();
    server.until(
        live.name(),
        "EXISTS (SELECT FROM pg_locks WHERE relation = to_regclass('app.t') AND mode = 'RowExclusiveLock' AND granted)",
    );
    let run = spawn(&walk, &live.url(), &["apply", "--env", "a"]);
    server.until(
        live.name(),
        "EXISTS (SELECT FROM pg_locks WHERE relation = to_regclass('app.t') AND mode = 'AccessExclusiveLock' AND NOT granted)",
    );
    input.write_all(b"COMMIT;\n").unwrap();
    let ended = run.wait_with_output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
    drop(writer.stdin.take());
    writer.wait().unwrap();
    assert_eq!(live.psql("SELECT id FROM app.t ORDER BY 1").trim(), "1\n2");
}

#[test]
fn what_partitions_and_children_are_handed_down_is_planned() {
    let live = TestServer::get().database();
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\nenvironment a { url (env)APP_URL; confirm never; validate { new-objects as-planned; constraints as-planned } }\n",
    );
    walk.write(
        "schema/app.kdl",
        "schema app {
            table events {
                column id bigint not-null
                column day date not-null
                column t int references=other
                primary-key id day
                unique day id
                check \"id > 0\" name=positive
                index t
                trigger touch before update for-each=row execute=touched
                partition-by range day partitions=exact
                partition events_2024 from=\"'2024-01-01'\" to=\"'2025-01-01'\"
            }
            table other { column id int primary-key }
            table child { inherits other; column more text }
            function touched returns=trigger language=plpgsql { body \"BEGIN RETURN new; END\" }
        }",
    );
    let run = |arguments: &[&str]| run_in(&walk, &live.url(), "a", arguments);
    run(&["diff", "first"]).ends(0);
    run(&["apply"]).ends(0);
    let kdl = walk.read("schema/app.kdl");
    let more = "partition events_2025 from=\"'2025-01-01'\" to=\"'2026-01-01'\"";
    walk.write(
        "schema/app.kdl",
        &kdl.replace(
            "            }\n            table other",
            &format!("{more}\n}}\ntable other"),
        ),
    );
    run(&["diff", "more"]).ends(0);
    run(&["apply"]).ends(0);
}
