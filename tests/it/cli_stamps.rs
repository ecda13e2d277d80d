//! What a stamp vouches for: hazards of the header and the way back. Of a file that nobody vouches for, the SQL itself is
//! asked, and `restamp` proves it, with rows in the tables.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer};

/// A project that is at its first migration, and its database.
fn begun() -> (Walk, TestDatabase<'static>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key; column note text } }",
    );
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql("INSERT INTO app.t VALUES (1, 'a')");
    (walk, live)
}

/// The same, where the project file has one protected environment for it.
fn protected() -> (Walk, TestDatabase<'static>) {
    let (walk, live) = begun();
    walk.write(
        "schemactl.kdl",
        &format!(
            "project app edition=1\nenvironment prod {{ url {:?}; protected }}\n",
            live.url()
        ),
    );
    (walk, live)
}

/// Takes the hazard lines out of a file.
fn without_hazards(walk: &Walk, file: &str) {
    let text = walk.read(file);
    assert!(text.contains("schemactl:hazard"), "{text}");
    let lines = text.lines().filter(|line| !line.contains("hazard"));
    let kept: Vec<&str> = lines.collect();
    walk.write(file, &(kept.join("\n") + "\n"));
}

const PROD: [&str; 4] = ["--project", "app", "--env", "prod"];

#[test]
fn a_hazard_that_was_taken_out_of_the_header_is_one_all_the_same() {
    let (walk, live) = protected();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key } }",
    );
    walk.on(&live.url(), &["diff", "less"]).ends(0);
    without_hazards(&walk, "generated/000002_less.up.sql");
    let apply = [&["apply", "--yes"][..], &PROD].concat();
    walk.run(&apply).ends(3).says("000002_less is not proven");
    walk.run(&[&["status"][..], &PROD].concat())
        .ends(0)
        .says("not proven");
    walk.run(&["verify", "--project", "app"])
        .ends(3)
        .says("was edited after it was proven");
    walk.run(&[&["apply", "--dry-run"][..], &PROD].concat())
        .ends(0)
        .says("data-loss drop-column column app.t.note");
    // A new stamp says what it found.
    walk.run(&[&["restamp"][..], &PROD].concat()).ends(0);
    assert!(
        walk.read("generated/000002_less.up.sql")
            .contains("-- schemactl:hazard data-loss drop-column column app.t.note:")
    );
    walk.run(&apply)
        .ends(3)
        .says("--allow drop-column:app.t.note");
    assert_eq!(live.psql("SELECT count(note) FROM app.t").trim(), "1");
    walk.run(&[&apply[..], &["--allow", "drop-column:app.t.note"]].concat())
        .ends(0);
}

#[test]
fn what_a_file_by_hand_loses_is_asked_for() {
    let (walk, live) = protected();
    walk.run(&["new", "by_hand", "--project", "app"]).ends(0);
    let (up, down) = (
        "generated/000002_by_hand.up.sql",
        "generated/000002_by_hand.down.sql",
    );
    walk.write(up, &(walk.read(up) + "CREATE TABLE app.u (id int);\n"));
    walk.write(down, &(walk.read(down) + "DROP TABLE app.u;\n"));
    walk.run(&[&["restamp"][..], &PROD].concat())
        .ends(0)
        .says("up and down on PostgreSQL")
        .says("1 of 1 tables seeded");
    walk.run(&[&["apply", "--yes"][..], &PROD].concat()).ends(0);
    live.psql("INSERT INTO app.u VALUES (1)");
    walk.run(&[&["rollback", "--yes"][..], &PROD].concat())
        .ends(3)
        .says("--allow drop-table:app.u");
    assert_eq!(live.psql("SELECT count(*) FROM app.u").trim(), "1");
}

#[test]
fn a_way_back_that_was_edited_is_not_run() {
    let (walk, live) = begun();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key; column note text; column b int } }",
    );
    walk.on(&live.url(), &["diff", "more"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    let down = "generated/000002_more.down.sql";
    let before = walk.read(down);
    walk.write(down, &(before.clone() + "DROP TABLE app.t;\n"));
    walk.on(&live.url(), &["rollback", "--yes"])
        .ends(0)
        .says("000002_more.down.sql was altered after it ran")
        .says("the way back that was stored with it is taken");
    assert_eq!(live.psql("SELECT count(note) FROM app.t").trim(), "1");
    walk.on(&live.url(), &["drift"]).ends(0);

    // One that a replay has proven is a correction.
    walk.write(down, &before);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.write(
        down,
        &before.replace(
            "ALTER TABLE",
            "COMMENT ON TABLE app.t IS NULL;\n\nALTER TABLE",
        ),
    );
    walk.on(&live.url(), &["restamp", "--yes"]).ends(0);
    let run = walk.on(&live.url(), &["rollback", "--yes"]).ends(0);
    assert!(!run.err.contains("was altered"), "{run:?}");
}

#[test]
fn a_way_back_by_hand_that_leads_elsewhere_is_told() {
    let (walk, live) = begun();
    walk.run(&["new", "by_hand", "--project", "app"]).ends(0);
    let (up, down) = (
        "generated/000002_by_hand.up.sql",
        "generated/000002_by_hand.down.sql",
    );
    walk.write(up, &(walk.read(up) + "CREATE INDEX i ON app.t (note);\n"));
    walk.write(
        down,
        &(walk.read(down) + "DROP INDEX app.i;\nALTER TABLE app.t DROP note;\n"),
    );
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    let run = walk
        .on(&live.url(), &["rollback", "--yes", "--format", "json"])
        .ends(0)
        .says("data-loss drop-column column app.t.note")
        .says("is not as it was at 000001: column app.t.note is gone");
    assert_eq!(run.json()["differs"][0], "column app.t.note is gone");
}

#[test]
fn what_only_runs_on_empty_tables_is_told() {
    let (walk, live) = begun();
    walk.run(&["new", "by_hand", "--project", "app"]).ends(0);
    let (up, down) = (
        "generated/000002_by_hand.up.sql",
        "generated/000002_by_hand.down.sql",
    );
    walk.write(
        up,
        &(walk.read(up) + "ALTER TABLE app.t ADD COLUMN c integer NOT NULL;\n"),
    );
    walk.write(
        down,
        &(walk.read(down) + "ALTER TABLE app.t DROP COLUMN c;\n"),
    );
    walk.on(&live.url(), &["restamp"])
        .ends(0)
        .says("0 of 1 tables seeded")
        .says("000002_by_hand runs only where the tables are empty: column \"c\" of relation \"t\" contains null values");
    assert!(
        walk.read(down)
            .contains("-- schemactl:hazard data-loss drop-column column app.t.c:")
    );
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key; column note text; column c integer not-null } }",
    );
    walk.run(&["verify", "--project", "app"])
        .ends(0)
        .says("000002_by_hand runs only where the tables are empty");

    // Rows that fit what the file asks of them are found, and the stamp of a generated file says the same again.
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key; column note text unique; column c integer not-null } }",
    );
    walk.run(&["diff", "unique", "--project", "app", "--from", "migrations"])
        .ends(0);
    let last = walk
        .generated()
        .into_iter()
        .rfind(|name| name.ends_with(".up.sql"))
        .unwrap();
    let proven = |text: &str| {
        text.lines()
            .find(|line| line.contains("proven"))
            .map(str::to_owned)
    };
    let before = proven(&walk.read(&format!("generated/{last}")));
    assert!(
        before
            .as_ref()
            .is_some_and(|it| it.contains("1 of 1 tables seeded")),
        "{before:?}"
    );
    walk.on(&live.url(), &["restamp", &last[..6]]).ends(0);
    assert_eq!(proven(&walk.read(&format!("generated/{last}"))), before);
    let run = walk.run(&["verify", "--project", "app"]).ends(0);
    assert_eq!(run.err.matches("runs only where").count(), 1, "{run:?}");
}

#[test]
fn files_of_another_tool_are_stamped() {
    let walk = Walk::new();
    let live = TestServer::get().database();
    walk.write(
        "schemactl.kdl",
        &format!(
            "project app edition=1\nenvironment prod {{ url {:?}; protected }}\n",
            live.url()
        ),
    );
    walk.write("schema/app.kdl", "schema app { table t { column id int } }");
    walk.write("generated/000001_a.up.sql", "create schema app;\n");
    walk.write("generated/000001_a.down.sql", "drop schema app;\n");
    walk.write(
        "generated/000002_b.up.sql",
        "-- schemactl:date 2026-01-01\n\ncreate table app.t (id int);\n",
    );
    walk.write("generated/000002_b.down.sql", "drop table app.t;\n");
    let apply = [&["apply", "--yes"][..], &PROD].concat();
    walk.run(&apply).ends(3).says("schemactl restamp");
    // No database is asked for, with and without a version.
    walk.run(&["restamp", "1", "--project", "app"])
        .ends(0)
        .says("000001_a.up.sql")
        .says("no database is chosen");
    walk.run(&["restamp", "--project", "app"])
        .ends(0)
        .says("000002_b.up.sql")
        .says("up and down on PostgreSQL");
    walk.run(&apply).ends(0);
    walk.run(&[&["restamp"][..], &PROD].concat())
        .ends(0)
        .says("nothing to stamp");
    walk.run(&["verify", "--project", "app"]).ends(0);
}
