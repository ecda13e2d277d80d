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

/// What holds although a careless count would find something: nothing is asked, or the count is right.
#[test]
fn nothing_stops_what_goes_through() {
    for (before, rows, after) in [
        // A text that lines of comments cannot hold.
        (
            "table t { column id int primary-key; column s text }",
            "INSERT INTO app.t VALUES (1, E'a\\n   b')",
            "table t { column id int primary-key; column s text; check \"s = E'a\\\\n   b' or s = 'x\\n   y'\" }",
        ),
        // A function that changes with the check.
        (
            "function f \"a int\" returns=boolean language=sql volatility=immutable { body \"select a > 100\" }
             table t { column a int }",
            "INSERT INTO app.t VALUES (5)",
            "function f \"a int\" returns=boolean language=sql volatility=immutable { body \"select a > 0\" }
             table t { column a int; check \"app.f(a)\" }",
        ),
        // A column that is computed from one that is filled.
        (
            "table t { column a int; column g int { generated \"coalesce(a, 0)\" stored } }",
            "INSERT INTO app.t VALUES (NULL)",
            "table t { column a int not-null backfill=\"100\"; column g int { generated \"coalesce(a, 0)\" stored }; check \"g > 50\" }",
        ),
        // Blanks at the end count for nothing in one of two types.
        (
            "table p { column c \"char(5)\" primary-key }; table t { column c text }",
            "INSERT INTO app.p VALUES ('ab'); INSERT INTO app.t VALUES ('ab  ')",
            "table p { column c \"char(5)\" primary-key }; table t { column c text references=p }",
        ),
        // A check over the whole row.
        (
            "table t { column id int; column a int }",
            "INSERT INTO app.t VALUES (1, NULL)",
            "table t { column id int; column a int not-null backfill=\"1\"; check \"t.* IS NOT NULL\" }",
        ),
        // A partition that goes takes its rows along.
        (
            "table t { column a int not-null; column b int; partition-by list a; partition t_1 in=1; partition t_2 in=2 }",
            "INSERT INTO app.t VALUES (1, 1), (2, NULL)",
            "table t { column a int not-null; column b int not-null; partition-by list a; partition t_1 in=1 }",
        ),
        // The default of a domain is a value.
        (
            "domain d int { default \"7\" }; table t { column a int }",
            "INSERT INTO app.t VALUES (1)",
            "domain d int { default \"7\" }; table t { column a int; column b app.d not-null }",
        ),
    ] {
        let (walk, live) = (Walk::new(), TestServer::get().database());
        let write = |text: &str| walk.write("schema/app.kdl", &format!("schema app {{ {text} }}"));
        write(before);
        walk.on(&live.url(), &["diff", "first"]).ends(0);
        walk.on(&live.url(), &["apply", "--yes"]).ends(0);
        live.psql(rows);
        write(after);
        let mut arguments = vec!["diff", "second"];
        if before.contains("t_2") {
            arguments.extend(["--drop", "table:app.t_2"]);
        }
        walk.on(&live.url(), &arguments).ends(0);
        walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    }
}

#[test]
fn a_way_back_asks_as_well() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let write = |text: &str| {
        walk.write(
            "schema/app.kdl",
            &format!("schema app {{ table t {{ {text} }} }}"),
        )
    };
    write("column a int not-null; column b \"varchar(5)\" not-null");
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    write("column a int; column b \"varchar(50)\" not-null");
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql("INSERT INTO app.t VALUES (NULL, 'abcdefgh')");
    walk.on(&live.url(), &["rollback", "--yes"])
        .ends(3)
        .says("1 rows of app.t without a")
        .says("1 rows of app.t whose b does not fit character varying(5)");
}

/// Words of transition are tried out where the plan runs; what PostgreSQL refuses of them is shown where they stand.
#[test]
fn a_word_of_transition_that_postgresql_refuses_is_shown_in_its_place() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let table = |column: &str| {
        format!(
            "schema app {{\n    table t {{\n        column id int primary-key\n        {column}\n    }}\n}}\n"
        )
    };
    walk.write("schema/app.kdl", &table("column v text"));
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    for column in [
        "column v int convert=\"nosuch(v)\"",
        "column v int convert=\"v::int +\"",
        "column v text not-null backfill=\"nosuch(id)\"",
    ] {
        walk.write("schema/app.kdl", &table(column));
        walk.on(&url, &["diff", "two"])
            .ends(4)
            .says("scratch::refused")
            .says("schema/app.kdl:4");
    }
}

/// A table becomes a partition: what would not fit its bound is counted before its check stands in the way of others.
#[test]
fn rows_outside_of_a_bound_are_counted_before_anything_runs() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let whole = "column id int not-null; column v text; partition-by range id";
    walk.write(
        "schema/app.kdl",
        &format!("schema app {{ table p {{ {whole} }}; table t {{ column id int not-null; column v text }} }}"),
    );
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql("INSERT INTO app.t VALUES (1, 'a'), (500, 'b')");
    walk.write(
        "schema/app.kdl",
        &format!("schema app {{ table p {{ {whole}; partition t from=1 to=100 }} }}"),
    );
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    let before = live.pg_dump_schema();
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(3)
        .says("1 rows of app.t that do not belong to its bound in app.p");
    assert_same_dump(&live.pg_dump_schema(), &before);
    live.psql("DELETE FROM app.t WHERE id > 100");
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
}
