//! Declared rows when all migrations are run again from the first: `verify` and `restamp` find what the live database found.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer};

/// The project after each of the states of its KDL was applied.
fn grown(states: &[&str]) -> (Walk, TestDatabase<'static>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    for state in states {
        walk.write("schema/app.kdl", &format!("schema app {{ {state} }}"));
        walk.on(&url, &["diff", "step"]).ends(0);
        walk.on(&url, &["apply", "--yes"]).ends(0);
        walk.on(&url, &["diff", "--exit-code"]).ends(0);
    }
    (walk, live)
}

fn is_verified(states: &[&str]) {
    let (walk, live) = grown(states);
    walk.on(&live.url(), &["verify"]).ends(0);
    walk.on(&live.url(), &["new", "by_hand"]).ends(0);
    walk.on(&live.url(), &["restamp"]).ends(0);
    walk.on(&live.url(), &["rollback", "--steps", "1", "--yes"])
        .ends(0);
    walk.on(&live.url(), &["drift"]).ends(0);
}

#[test]
fn rows_of_a_table_that_is_renamed_or_moved() {
    let first =
        "table k { column code text primary-key; rows exact=#true { columns code; row a; row b } }";
    let renamed = first.replace("table k", "table kk renamed-from=k");
    is_verified(&[first, &renamed, &renamed.replace("row b", "row c")]);
    let moved = format!(
        "}}\nschema lib {{ {}",
        first.replace("table k", "table k renamed-from=app.k")
    );
    is_verified(&[first, &moved]);
}

#[test]
fn rows_in_partitions() {
    let first = "table part {
        column id integer not-null; column region text not-null; column v text
        primary-key id region; partition-by list region
        partition part_a { in \"'a'\" }; partition part_b { in \"'b'\" }
        rows { columns id region v; row 1 a x; row 2 b y }
    }";
    is_verified(&[
        first,
        &first.replace("row 1 a x; row 2 b y", "row 1 b x; row 2 b yy; row 3 a z"),
    ]);
}

#[test]
fn rows_that_begin_to_speak_of_what_a_default_gave() {
    let first = "table t {
        column id serial primary-key; column t text unique; column u uuid default=\"gen_random_uuid()\"
        rows key=t { columns t; row x; row y }
    }";
    let second = first.replace("columns t;", "columns t u;").replace(
        "row x; row y",
        "row x \"11111111-1111-1111-1111-111111111111\"; row y #null",
    );
    is_verified(&[first, &second]);
}

#[test]
fn rows_with_a_new_value_of_an_enum_in_a_table_that_is_renamed() {
    let first = "enum mood a b
        table k {
            column id integer primary-key { identity by-default }
            column code text unique not-null; column m app.mood
            rows { columns id code m; row 1 x a; row 2 y a }
        }";
    let second = first
        .replace("a b\n", "a b c\n")
        .replace("table k", "table kk renamed-from=k");
    is_verified(&[first, &second.replace("row 2 y a", "row 2 y a; row 3 z c")]);
}
