//! Changes by ranges of a key: each row once, whatever ends the run, and no range longer than it says.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer};

fn begun(kdl: &str, rows: &str) -> (Walk, TestDatabase<'static>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schema/app.kdl", kdl);
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql(rows);
    (walk, live)
}

fn new(walk: &Walk, url: &str, up: &str, down: &str) {
    walk.on(url, &["new", "change"]).ends(0);
    for (direction, body) in [("up", up), ("down", down)] {
        let name = format!("generated/000002_change.{direction}.sql");
        walk.write(&name, &format!("-- schemactl:no-transaction\n\n{body}"));
    }
    walk.run(&["restamp", "2", "--project", "app"]).ends(0);
}

const PRICES: &str = "schema app {
    table price {
        column id \"varchar(20)\" primary-key
        column amount integer not-null
        column checked boolean
        check \"amount < 1000\"
    }
}";

#[test]
fn a_range_that_fails_is_where_the_next_run_begins() {
    let (walk, live) = begun(
        PRICES,
        "INSERT INTO app.price SELECT 'it''s ' || lpad(i::text, 3, '0'), i FROM generate_series(1, 20) i;
         UPDATE app.price SET amount = 600 WHERE id = 'it''s 011'",
    );
    let url = live.url();
    new(
        &walk,
        &url,
        "-- schemactl:batch id 4\nUPDATE app.price AS p SET amount = amount * 2 WHERE amount > 0 -- all of them\n;",
        "-- schemactl:batch id 4\nUPDATE app.price SET amount = amount / 2;",
    );
    let run = walk.on(&url, &["apply", "--yes"]).ends(1);
    run.says("about 8 rows are done").says("it's 008");
    assert_eq!(doubled(&live), "8");
    // Nothing of a range is done without the word of it, and the other way round.
    assert_eq!(
        live.psql("SELECT last_key, visited FROM schemactl.batches")
            .trim(),
        "it's 008|8"
    );
    live.psql("UPDATE app.price SET amount = 11 WHERE amount = 600");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(doubled(&live), "20");
    assert_eq!(
        live.psql("SELECT count(*) FROM schemactl.batches").trim(),
        "0"
    );
    walk.on(&url, &["status", "--check"]).ends(0);
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_eq!(doubled(&live), "0");
}

/// How many rows have twice the number that they began with.
fn doubled(live: &TestDatabase<'_>) -> String {
    live.psql("SELECT count(*) FROM app.price WHERE amount = 2 * right(id, 3)::int")
        .trim()
        .to_owned()
}

#[test]
fn a_run_that_is_killed_between_ranges_changes_each_row_once() {
    let (walk, live) = begun(
        PRICES,
        "INSERT INTO app.price SELECT lpad(i::text, 3, '0'), i FROM generate_series(1, 300) i;
         CREATE FUNCTION app.stop() RETURNS trigger LANGUAGE plpgsql AS
         $$BEGIN IF NEW.id = '150' AND EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712) THEN
             PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END$$;
         CREATE TRIGGER stop BEFORE UPDATE ON app.price FOR EACH ROW EXECUTE FUNCTION app.stop()",
    );
    let url = live.url();
    new(
        &walk,
        &url,
        "-- schemactl:batch id 7\nUPDATE app.price SET amount = amount * 2 WHERE amount < 500;",
        "SELECT 1;",
    );
    let mut holder = std::process::Command::new(TestServer::get().bin().join("psql"))
        .args([
            "-qX",
            "-d",
            &url,
            "-c",
            "SELECT pg_advisory_lock(4712), pg_sleep(3600)",
        ])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    TestServer::get().until(
        live.name(),
        "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712 AND granted)",
    );
    let run = walk.on(&url, &["apply", "--yes"]);
    assert_ne!(run.code, 0, "{run:?}");
    let some = doubled(&live).parse::<u32>().unwrap();
    assert_eq!(some, 147);
    live.psql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712");
    holder.wait().unwrap();
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(doubled(&live), "300");
}

#[test]
fn what_was_half_taken_back_or_edited_is_not_passed_over() {
    let (walk, live) = begun(
        PRICES,
        "INSERT INTO app.price SELECT lpad(i::text, 3, '0'), i FROM generate_series(1, 100) i",
    );
    let url = live.url();
    let up = "-- schemactl:batch id 7\nUPDATE app.price SET amount = amount * 2;";
    new(
        &walk,
        &url,
        up,
        "-- schemactl:batch id 7\nUPDATE app.price SET amount = amount / 2;",
    );
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql(
        "CREATE FUNCTION app.stop() RETURNS trigger LANGUAGE plpgsql AS
         $$BEGIN IF NEW.id = '050' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END$$;
         CREATE TRIGGER stop BEFORE UPDATE ON app.price FOR EACH ROW EXECUTE FUNCTION app.stop()",
    );
    assert_ne!(walk.on(&url, &["rollback", "--yes"]).code, 0);
    assert_eq!(doubled(&live), "51");
    live.psql("DROP TRIGGER stop ON app.price");
    walk.on(&url, &["apply", "--yes"])
        .ends(7)
        .says("apply::half_back")
        .says("schemactl rollback");
    walk.on(&url, &["rollback", "--to", "000001", "--yes"])
        .ends(0)
        .says("1 taken back");
    assert_eq!(doubled(&live), "0");
    live.psql(
        "CREATE TRIGGER stop BEFORE UPDATE ON app.price FOR EACH ROW EXECUTE FUNCTION app.stop()",
    );
    assert_ne!(walk.on(&url, &["apply", "--yes"]).code, 0);
    live.psql("DROP TRIGGER stop ON app.price");
    let path = "generated/000002_change.up.sql";
    let text = walk.read(path);
    walk.write(path, &text.replace("amount * 2", "amount * 3"));
    let run = walk.on(&url, &["apply", "--yes"]);
    assert_ne!(run.code, 0);
    run.says("it was edited after it had run for the rows up to the key 049");
    walk.write(path, &text);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(doubled(&live), "100");
}

#[test]
fn what_has_no_ranges_is_refused_before_anything_runs() {
    let (walk, live) = begun(PRICES, "SELECT 1");
    let url = live.url();
    let up = |header: &str, body: &str| {
        walk.write("generated/000002_x.up.sql", &format!("{header}\n{body}"));
        walk.write("generated/000002_x.down.sql", "SELECT 1;");
    };
    let alone = "-- schemactl:no-transaction\n";
    for (header, body, code, words) in [
        (
            "",
            "-- schemactl:batch id 5\nUPDATE app.price SET amount = 1;",
            4,
            "no-transaction",
        ),
        (
            alone,
            "-- schemactl:batch id\nUPDATE app.price SET amount = 1;",
            4,
            "batch id 2000",
        ),
        (
            alone,
            "-- schemactl:batch id 5\nSELECT 1;",
            4,
            "one UPDATE or DELETE",
        ),
        (
            alone,
            "-- schemactl:batch nothing 5\nUPDATE app.price SET amount = 1;",
            4,
            "has no column nothing",
        ),
        (
            alone,
            "-- schemactl:batch checked 5\nUPDATE app.price SET amount = 1;",
            4,
            "not NOT NULL",
        ),
        (
            alone,
            "-- schemactl:batch amount 5\nUPDATE app.price SET checked = true;",
            4,
            "no index that begins",
        ),
        (
            alone,
            "-- schemactl:batch id 5\nUPDATE app.price SET checked = true, id = id || 'x';",
            4,
            "the statement changes id",
        ),
    ] {
        up(header, body);
        walk.on(&url, &["apply", "--yes"]).ends(code).says(words);
    }
}

#[test]
fn values_of_a_new_column_come_by_ranges() {
    let (walk, live) = begun(
        "schema app { table t { column id bigint primary-key; column a text } }",
        "INSERT INTO app.t SELECT i FROM generate_series(-2500, 2499) i",
    );
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id bigint primary-key; column a text not-null backfill=\"'x'\"; column b text not-null backfill=\"'y' || id\"; column token uuid not-null default=\"gen_random_uuid()\" } }",
    );
    let url = live.url();
    walk.on(&url, &["diff", "second"]).ends(0);
    let files = walk.generated();
    let files = files.iter().filter(|file| file.ends_with("second.up.sql"));
    let text: String = files
        .map(|file| walk.read(&format!("generated/{file}")))
        .collect();
    for wanted in [
        "-- schemactl:batch id 2000\nUPDATE app.t SET b = 'y' || id WHERE b IS NULL;",
        "-- schemactl:batch id 2000\nUPDATE app.t SET a = 'x' WHERE a IS NULL;",
        "-- schemactl:batch id 2000\nUPDATE app.t SET token = DEFAULT WHERE token IS NULL;",
    ] {
        assert!(text.contains(wanted), "no `{wanted}` in\n{text}");
    }
    live.psql(
        "CREATE SEQUENCE app.ranges; CREATE FUNCTION app.count() RETURNS trigger LANGUAGE plpgsql AS
         'BEGIN PERFORM nextval(''app.ranges''); RETURN NULL; END';
         CREATE TRIGGER counts AFTER UPDATE ON app.t EXECUTE FUNCTION app.count()",
    );
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let filled = live.psql(
        "SELECT count(DISTINCT token), count(*) FILTER (WHERE a = 'x' AND b = 'y' || id) FROM app.t",
    );
    assert_eq!(filled.trim(), "5000|5000");
    // Three columns by three ranges each, and what came meanwhile: whatever the sign of the key.
    let ranges = live.psql("SELECT last_value FROM app.ranges");
    assert!(ranges.trim().parse::<u32>().unwrap() < 20, "{ranges}");
    live.psql("DROP TRIGGER counts ON app.t; DROP FUNCTION app.count; DROP SEQUENCE app.ranges");
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.run(&["verify", "--project", "app"]).ends(0);
    walk.on(&url, &["rollback", "--yes"]).ends(0);
}

/// A batch that stopped behind the eighth of twenty rows.
fn half_run(down: &str) -> (Walk, TestDatabase<'static>) {
    let (walk, live) = begun(
        PRICES,
        "INSERT INTO app.price SELECT lpad(i::text, 3, '0'), i FROM generate_series(1, 20) i;
         UPDATE app.price SET amount = 600 WHERE id = '011'",
    );
    let url = live.url();
    new(
        &walk,
        &url,
        "-- schemactl:batch id 4\nUPDATE app.price SET amount = amount * 2;",
        down,
    );
    walk.on(&url, &["apply", "--yes"]).ends(1);
    live.psql("UPDATE app.price SET amount = 11 WHERE id = '011'");
    (walk, live)
}

const AS_THEY_WERE: &str = "SELECT count(*) FILTER (WHERE amount = id::integer) || ' ' || (SELECT count(*) FROM schemactl.batches) FROM app.price";

#[test]
fn what_ran_for_some_ranges_is_taken_back_for_these() {
    let (walk, live) =
        half_run("-- schemactl:batch id 3\nUPDATE app.price SET amount = amount / 2;");
    let url = live.url();
    walk.on(&url, &["status"]).ends(0).says("half done");
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_eq!(live.psql(AS_THEY_WERE).trim(), "20 0");
    walk.on(&url, &["status"]).ends(0).says("as recorded");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(doubled(&live), "20");
    walk.on(&url, &["rollback", "--all", "--yes"]).ends(0);
}

#[test]
fn ranges_may_be_of_another_size_from_then_on() {
    let (walk, live) = half_run("SELECT 1;");
    let url = live.url();
    let name = "generated/000002_change.up.sql";
    let text = walk.read(name);
    walk.write(name, &text.replace("batch id 4", "batch id 100"));
    walk.run(&["restamp", "2", "--project", "app"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(doubled(&live), "20");
}

#[test]
fn a_way_back_that_fails_among_half_run_ranges_goes_on_where_it_was() {
    let (walk, live) =
        half_run("-- schemactl:batch id 3\nUPDATE app.price SET amount = amount / 2;");
    let url = live.url();
    live.psql("ALTER TABLE app.price ADD CONSTRAINT stop CHECK (id <> '005' OR amount = 10)");
    walk.on(&url, &["rollback", "--yes"]).ends(1);
    // It is in between, and goes no other way.
    walk.on(&url, &["apply", "--yes"])
        .ends(7)
        .says("apply::half_back");
    live.psql("ALTER TABLE app.price DROP CONSTRAINT stop");
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_eq!(live.psql(AS_THEY_WERE).trim(), "20 0");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(doubled(&live), "20");
}

#[test]
fn half_run_ranges_without_such_a_way_back_stop_a_rollback() {
    let (walk, live) = half_run("SELECT 1;");
    let url = live.url();
    for way in [&["rollback", "--yes"][..], &["rollback", "--all", "--yes"]] {
        walk.on(&url, way)
            .ends(7)
            .says("rollback::half_run")
            .says("008");
    }
    live.psql("UPDATE app.price SET amount = amount / 2 WHERE id <= '008'");
    walk.on(&url, &["repair", "--forget-ranges"]).ends(0);
    assert_eq!(live.psql(AS_THEY_WERE).trim(), "20 0");
    walk.on(&url, &["rollback", "--all", "--yes"]).ends(0);
    walk.on(&url, &["status"]).ends(0).says("2 pending");
}
