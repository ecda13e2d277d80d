//! Two branches that went on from one state: `diff --rebase` writes the later one anew after the other.

use std::collections::BTreeMap;

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer};

/// The schema with further columns of users.
fn schema(columns: &[&str]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("        column {column}\n"))
        .collect();
    format!(
        "schema app {{\n    table users {{\n        column id bigint primary-key\n{}    }}\n}}\n",
        columns.concat()
    )
}

/// The files of the migrations that are not in `known`.
fn new_files(walk: &Walk, known: &[String]) -> BTreeMap<String, String> {
    let names = walk.generated().into_iter();
    names
        .filter(|name| !known.contains(name))
        .map(|name| (name.clone(), walk.read(&format!("generated/{name}"))))
        .collect()
}

fn put(walk: &Walk, files: &BTreeMap<String, String>) {
    for (name, text) in files {
        walk.write(&format!("generated/{name}"), text);
    }
}

fn take(walk: &Walk, files: &BTreeMap<String, String>) {
    for name in files.keys() {
        std::fs::remove_file(walk.path(&format!("generated/{name}"))).unwrap();
    }
}

/// A project with one file, which ran, and a branch for each list of columns, put aside.
fn branches(columns: &[&[&str]]) -> (Walk, TestDatabase<'static>, Vec<BTreeMap<String, String>>) {
    let walk = Walk::new();
    let live = TestServer::get().database();
    walk.write("schemactl.kdl", "project app edition=1\n");
    walk.write("schema/app.kdl", &schema(&[]));
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    let first = walk.generated();
    let mut branches = Vec::new();
    for (at, columns) in columns.iter().enumerate() {
        walk.write("schema/app.kdl", &schema(columns));
        walk.on(&live.url(), &["diff", &format!("branch_{at}")])
            .ends(0);
        let files = new_files(&walk, &first);
        take(&walk, &files);
        branches.push(files);
    }
    (walk, live, branches)
}

#[test]
fn the_later_branch_is_written_anew_after_the_other() {
    let (walk, live, branches) = branches(&[&["name text"], &["phone text", "age int"]]);
    let on = |arguments: &[&str]| walk.on(&live.url(), arguments);
    on(&["diff", "--rebase"]).ends(4).says("rebase::no_fork");
    branches.iter().for_each(|files| put(&walk, files));
    walk.write(
        "schema/app.kdl",
        &schema(&["name text", "phone text", "age int"]),
    );
    let before = walk.generated();
    on(&["diff"])
        .ends(3)
        .says("migrate::duplicate")
        .says("schemactl diff --rebase");
    // Number and day are the same.
    on(&["diff", "--rebase"])
        .ends(3)
        .says("rebase::which")
        .says("000002_branch_0.up.sql and 000002_branch_1.up.sql");
    on(&["diff", "--rebase=other"])
        .ends(4)
        .says("rebase::unknown");
    on(&["diff", "--rebase=000002_branch_1.up.sql", "--dry-run"])
        .ends(0)
        .says("is behind the files");
    on(&[
        "diff",
        "--rebase=000002_branch_1.up.sql",
        "--from",
        "migrations",
        "--dry-run",
    ])
    .ends(0)
    .says("would remove");
    assert_eq!(walk.generated(), before);
    let json = on(&[
        "diff",
        "--rebase=000002_branch_1",
        "--from",
        "migrations",
        "--format",
        "json",
    ])
    .ends(0)
    .json();
    assert_eq!(json["removed"].as_array().unwrap().len(), 2);
    assert_eq!(json["files"][0]["version"], "000003");
    let up = walk.read("generated/000003_branch_1.up.sql");
    assert!(
        up.contains("phone") && up.contains("age") && !up.contains("name text"),
        "{up}"
    );
    assert!(
        !walk
            .generated()
            .iter()
            .any(|it| it.starts_with("000002_branch_1"))
    );
    on(&["verify"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    on(&["diff", "--exit-code"]).ends(0);
    on(&["rollback", "--steps", "2", "--yes"]).ends(0);
}

#[test]
fn what_ran_here_and_what_a_person_wrote_stays() {
    let (walk, live, branches) = branches(&[&["name text"], &["phone text"]]);
    let on = |arguments: &[&str]| walk.on(&live.url(), arguments);
    put(&walk, &branches[1]);
    on(&["apply", "--yes"]).ends(0);
    walk.write("schema/app.kdl", &schema(&["name text", "phone text"]));
    // The other branch has its own file behind the first one.
    on(&["new", "names"]).ends(0);
    for direction in ["up", "down"] {
        walk.write(
            &format!("generated/000003_names.{direction}.sql"),
            "UPDATE app.users SET phone = trim(phone);\n",
        );
    }
    on(&["restamp"]).ends(0);
    put(&walk, &branches[0]);
    on(&["diff", "--rebase=branch_1"])
        .ends(3)
        .says("rebase::ran")
        .says("schemactl rollback --steps 1")
        .says("--rebase=000002_branch_0.up.sql");
    on(&["rollback", "--steps", "1", "--yes"]).ends(0);
    let before = walk.generated();
    on(&["diff", "--rebase=branch_1", "--from", "migrations"])
        .ends(3)
        .says("rebase::by_hand")
        .says("UPDATE app.users SET phone");
    assert_eq!(walk.generated(), before);
}

#[test]
fn of_three_branches_only_the_named_ones_go() {
    let (walk, live, branches) = branches(&[&["name text"], &["phone text"], &["age int"]]);
    let on = |arguments: &[&str]| walk.on(&live.url(), arguments);
    branches.iter().for_each(|files| put(&walk, files));
    walk.write(
        "schema/app.kdl",
        &schema(&["name text", "phone text", "age int"]),
    );
    let before = walk.generated();
    on(&["diff", "--rebase=branch_2"])
        .ends(3)
        .says("rebase::several")
        .says("000002_branch_0.up.sql and 000002_branch_1.up.sql");
    assert_eq!(walk.generated(), before);
    on(&["diff", "--rebase=branch_2,branch_0"]).ends(0);
    assert_eq!(
        walk.generated()[2..],
        [
            "000002_branch_1.down.sql",
            "000002_branch_1.up.sql",
            "000003_branch_0.down.sql",
            "000003_branch_0.up.sql"
        ]
    );
    on(&["apply", "--yes"]).ends(0);
    on(&["diff", "--exit-code"]).ends(0);
}

#[test]
fn declared_rows_are_written_anew_after_their_column_is_called_otherwise() {
    let walk = Walk::new();
    let live = TestServer::get().database();
    let on = |arguments: &[&str]| walk.on(&live.url(), arguments);
    let kdl = |column: &str, row: &str| {
        let name = column.split(' ').next().unwrap_or_default();
        let rows = format!("rows {{ columns code {name}; row a {row}; row b B }}");
        walk.write("schema/app.kdl", &format!("schema app {{ table k {{ column code text primary-key; column {column}; {rows} }} }}"));
    };
    kdl("name text", "A");
    on(&["diff", "first"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    let first = walk.generated();
    kdl("title text renamed-from=name", "A");
    on(&["diff", "renames"]).ends(0);
    let renames = new_files(&walk, &first);
    take(&walk, &renames);
    kdl("name text", "changed");
    on(&["diff", "rows"]).ends(0);
    put(&walk, &renames);
    kdl("title text renamed-from=name", "changed");
    on(&["diff", "--rebase=rows"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    assert_eq!(
        live.psql("SELECT title FROM app.k WHERE code = 'a'").trim(),
        "changed"
    );
    on(&["diff", "--exit-code"]).ends(0);
    on(&["verify"]).ends(0);
}

#[test]
fn a_branch_that_did_the_same_goes() {
    let (walk, live, branches) = branches(&[&["name text"], &["name text"]]);
    let on = |arguments: &[&str]| walk.on(&live.url(), arguments);
    put(&walk, &branches[0]);
    on(&["apply", "--yes"]).ends(0);
    put(&walk, &branches[1]);
    // The one that ran stays, also where number and day are the same.
    on(&["diff", "--rebase"])
        .ends(0)
        .says("removed")
        .says("nothing to do");
    let left: Vec<String> = walk.generated();
    assert!(left.iter().all(|it| !it.contains("branch_1")), "{left:?}");
    on(&["verify"]).ends(0);
}

#[test]
fn what_came_too_late_runs_where_both_commute_and_is_chained_then() {
    let walk = Walk::new();
    let server = TestServer::get();
    let (live, other, third) = (server.database(), server.database(), server.database());
    let on = |arguments: &[&str]| walk.on(&live.url(), arguments);
    walk.write(
        "schemactl.kdl",
        "project app edition=1 { migrations generated { number timestamp } }\n",
    );
    let schema = |tables: &[&str]| {
        let tables = tables
            .iter()
            .map(|name| format!("table {name} {{ column id int primary-key; column n text }}\n"));
        format!("schema app {{\n{}}}\n", tables.collect::<String>())
    };
    // The files as two branches make them, with numbers that are seconds apart.
    let stamped = |name: &str, number: &str| {
        for file in walk.generated().iter().filter(|it| it.contains(name)) {
            let (_, rest) = file.split_once('_').unwrap();
            let from = walk.path(&format!("generated/{file}"));
            std::fs::rename(from, walk.path(&format!("generated/{number}_{rest}"))).unwrap();
        }
    };
    walk.write("schema/app.kdl", &schema(&["a"]));
    on(&["diff", "one"]).ends(0);
    stamped("one", "20260101000000");
    for url in [live.url(), other.url()] {
        walk.on(&url, &["apply", "--yes"]).ends(0);
    }
    let first = walk.generated();
    walk.write("schema/app.kdl", &schema(&["a", "b"]));
    on(&["diff", "branch"]).ends(0);
    stamped("branch", "20260101000001");
    let branch = new_files(&walk, &first);
    take(&walk, &branch);
    walk.write("schema/app.kdl", &schema(&["a", "c"]));
    on(&["diff", "main"]).ends(0);
    stamped("main", "20260101000002");
    for url in [live.url(), third.url()] {
        walk.on(&url, &["apply", "--yes"]).ends(0);
    }
    put(&walk, &branch);
    walk.write("schema/app.kdl", &schema(&["a", "b", "c"]));
    on(&["apply", "--yes"]).ends(3).says("migrate::fork");
    on(&["restamp"])
        .ends(3)
        .says("restamp::before")
        .says("--rebase=20260101000001_branch.up.sql")
        .says("apply --only 20260101000001");
    // The file of the branch that ran stands behind another one than it was written after.
    walk.on(
        &other.url(),
        &["apply", "--only", "20260101000002", "--yes"],
    )
    .ends(3)
    .says("migrate::parent");
    on(&["apply", "--only", "20260101000001", "--yes"]).ends(0);
    on(&["restamp", "--yes"])
        .ends(0)
        .says("20260101000002_main.up.sql");
    on(&["apply", "--yes"]).ends(0).says("nothing to apply");
    on(&["verify"]).ends(0);
    on(&["diff", "--exit-code"]).ends(0);
    on(&["drift"]).ends(0);
    walk.on(&other.url(), &["apply", "--yes"]).ends(0);
    // Where the other one alone ran, it is as late as it was.
    let on_third = |arguments: &[&str]| walk.on(&third.url(), arguments);
    on_third(&["apply", "--yes"])
        .ends(3)
        .says("migrate::out_of_order");
    on_third(&["apply", "--only", "20260101000001", "--yes"]).ends(0);
    on_third(&["status", "--check"]).ends(0);
    on(&["rollback", "--steps", "1", "--yes"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
}
