//! Rows that stand in the way of a migration are counted and shown before anything runs, and nothing else is asked.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer, assert_same_dump};

const FIRST: &str = r#"schema app {
    enum mood { value good; value bad; value odd }
    table p { column id int primary-key }
    table t {
        column a int; column b text
        column name text
        column size bigint
        column price "numeric(12,2)"
        column parent int
        column mood app.mood
        primary-key a b
    }
}"#;

/// A project that is at its first migration, its database, and rows that fit no stricter table.
fn begun() -> (Walk, TestDatabase<'static>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schema/app.kdl", FIRST);
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql(
        "INSERT INTO app.p VALUES (1);
         INSERT INTO app.t VALUES (1, 'x', NULL, 5000000000, 1234567.5, 1, 'good'),
            (2, 'y', 'same', 1, 1, 7, 'bad'), (3, 'z', 'same', 1, 1, NULL, NULL)",
    );
    (walk, live)
}

fn stands(walk: &Walk, live: &TestDatabase<'_>, table: &str, found: &[&str]) {
    walk.write(
        "schema/app.kdl",
        &format!(
            "schema app {{ enum mood {{ value good; value odd }}; table p {{ column id int primary-key }}; table t {{ {table} }} }}"
        ),
    );
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    let before = live.pg_dump_schema();
    let mut outcome = walk.on(&live.url(), &["apply", "--yes"]).ends(3);
    for text in found {
        outcome = outcome.says(text);
    }
    assert_same_dump(&live.pg_dump_schema(), &before);
    // The script for psql stops in the same place.
    let script = walk.on(&live.url(), &["apply", "--script"]).ends(0).out;
    let refused = live.try_psql(&script).expect_err("the script must stop");
    let first = found[0].split(", for example").next().unwrap();
    assert!(refused.contains(first), "{refused}");
    assert_same_dump(&live.pg_dump_schema(), &before);
}

#[test]
fn rows_in_the_way_are_counted_before_anything_runs() {
    let (walk, live) = begun();
    stands(
        &walk,
        &live,
        r#"column a int; column b text; column name text not-null; column size int; column price "numeric(8,2)"
           column parent int; column mood app.mood; column more int not-null
           primary-key a b; unique name; check "size < 10" name=small; foreign-key parent { references app.p id }"#,
        &[
            "1 rows of app.t whose mood is bad, for example (a, b) (2,y)",
            "1 rows of app.t without name, for example (a, b) (1,x)",
            "1 rows of app.t whose size does not fit integer",
            "1 rows of app.t whose price does not fit numeric(8,2)",
            "3 rows of app.t that would be without more",
            "1 values of (name) in app.t that several rows have, for example same",
            "1 values of (parent) in app.t that app.p does not have, for example 7",
        ],
    );
    // Corrected, it runs.
    live.psql("DELETE FROM app.t WHERE a > 1; UPDATE app.t SET name = 'n', size = 1, price = 1");
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(3)
        .says("1 rows of app.t that would be without more");
    live.psql("DELETE FROM app.t");
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
}

#[test]
fn checks_that_stay_readable_are_asked_with_their_own_words() {
    let (walk, live) = begun();
    stands(
        &walk,
        &live,
        r#"column a int; column b text; column name text; column size bigint; column price "numeric(12,2)"
           column parent int; column mood app.mood
           primary-key a b; check "size < 10 /* small */" name=small"#,
        &[
            "1 rows of app.t whose mood is bad, for example (a, b) (2,y)",
            "1 rows of app.t that the check small refuses, for example (a, b) (1,x)",
        ],
    );
}

#[test]
fn what_an_earlier_file_puts_right_is_no_obstacle() {
    let (walk, live) = begun();
    walk.on(&live.url(), &["new", "names"]).ends(0);
    let up = "generated/000002_names.up.sql";
    let body = "UPDATE app.t SET name = 'none' WHERE name IS NULL;\n";
    walk.write(up, &(walk.read(up) + body));
    walk.write(
        "schema/app.kdl",
        &FIRST.replace("column name text", "column name text not-null"),
    );
    walk.on(&live.url(), &["diff", "strict", "--from", "migrations"])
        .ends(0);
    let file = walk.read("generated/000003_strict.up.sql");
    assert!(
        file.contains("-- schemactl:preflight SELECT count(*), 'rows of app.t without name'"),
        "{file}"
    );
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
}

#[test]
fn values_that_the_plan_makes_are_not_asked_for() {
    let (walk, live) = begun();
    walk.write(
        "schema/app.kdl",
        &FIRST
            .replace(
                "column name text",
                "column name text not-null backfill=\"'none'\"",
            )
            .replace("column size bigint", "column size int convert=\"0\"")
            .replace(
                "column mood",
                "column more int not-null default=\"1\"\ncolumn mood",
            ),
    );
    walk.on(&live.url(), &["diff", "filled"]).ends(0);
    let file = walk.read("generated/000002_filled.up.sql");
    assert!(!file.contains("preflight"), "{file}");
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
}
