//! Points of a history: names for them, going back to them, redoing what came after, and files that run out of order.

use crate::cli_support::Walk;
use crate::support::TestServer;

/// A project with hand-written files, each of which makes and drops one table.
fn project(files: &[&str]) -> Walk {
    let walk = Walk::new();
    for file in files {
        let table = file.split('_').nth(1).unwrap();
        walk.write(
            &format!("generated/{file}.up.sql"),
            &format!("CREATE TABLE public.{table} (id integer);\n"),
        );
        walk.write(
            &format!("generated/{file}.down.sql"),
            &format!("DROP TABLE public.{table};\n"),
        );
    }
    walk
}

#[test]
fn a_name_is_as_good_as_a_version() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = project(&["000001_a", "000002_b", "000003_c"]);
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["tag", "too-early"]).ends(3).says("tag::nowhere");
    assert_eq!(
        live.psql("SELECT to_regnamespace('schemactl') IS NULL")
            .trim(),
        "t",
        "no history is made for a name"
    );
    on(&["apply", "--yes", "--to", "2"]).ends(0);
    on(&["tag", "3"]).ends(4).says("tag::name");
    on(&["tag", "1.4.0"]).ends(0);
    on(&["rollback", "--to", "1.4.0", "--yes"]).ends(0);
    on(&["tag", "1.4.0", "--remove"]).ends(0);
    on(&["tag", "release/1"])
        .ends(0)
        .says("000002 is called release/1");
    on(&["tag", "first", "--at", "1"]).ends(0);
    on(&["tag", "later", "--at", "3"])
        .ends(3)
        .says("000003 is not applied");
    on(&["apply", "--yes"]).ends(0);
    on(&["tag", "release/1"])
        .ends(3)
        .says("is a word for 000002 already");
    let tags = on(&["tag", "--format", "json"]).ends(0).json();
    assert_eq!(tags["tags"][0]["tag"], "first");
    assert_eq!(tags["tags"][1]["version"], "000002");
    on(&["status"]).ends(0).says("tag release/1");

    on(&["rollback", "--to", "relase/1", "--yes"])
        .ends(4)
        .says("nothing is called `relase/1` in this database; `release/1`?");
    on(&["rollback", "--to", "first", "--yes"]).ends(0);
    on(&["tag"]).ends(0).says("release/1").says("taken back");
    on(&["apply", "--to", "release/1", "--yes"])
        .ends(0)
        .says("is at 000002");
    on(&["tag", "first", "--move"]).ends(0);
    on(&["tag", "release/1", "--remove"]).ends(0);
    on(&["rollback", "--to", "release/1", "--yes"]).ends(4);
    let tags = on(&["tag", "--format", "json"]).json();
    assert_eq!(tags["tags"].as_array().unwrap().len(), 1);
    assert_eq!(tags["tags"][0]["version"], "000002");
    on(&["log"])
        .ends(0)
        .says("tag untagged  000002 b")
        .says("not named `release/1` any more");
}

#[test]
fn redo_takes_back_only_what_can_be_applied_again() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = project(&["000001_a", "000002_b", "000003_c"]);
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["redo"]).ends(0).says("nothing to redo");
    on(&["apply", "--yes"]).ends(0);
    live.psql("INSERT INTO public.a VALUES (1)");

    // The file is still being written: what ran is taken back by what was stored with it.
    walk.write(
        "generated/000003_c.up.sql",
        "CREATE TABLE public.c2 (id bigint);\n",
    );
    walk.write("generated/000003_c.down.sql", "DROP TABLE public.c2;\n");
    let done = on(&["redo", "--yes", "--format", "json"]).ends(0).json();
    assert_eq!(done["redone"], serde_json::json!(["000003"]));
    let tables = "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(live.psql(tables).trim(), "a b c2");

    on(&["redo", "--to", "1", "--yes"])
        .ends(0)
        .says("000003 c")
        .says("2 redone");
    assert_eq!(live.psql("SELECT count(*) FROM public.a").trim(), "1");
    let log = "SELECT string_agg(action || ' ' || version, ', ' ORDER BY id) FROM (SELECT * FROM schemactl.events ORDER BY id DESC LIMIT 4) e";
    assert_eq!(
        live.psql(log).trim(),
        "rollback 000003, rollback 000002, apply 000002, apply 000003"
    );

    // What could not be applied again stays.
    std::fs::remove_file(walk.path("generated/000003_c.up.sql")).unwrap();
    std::fs::remove_file(walk.path("generated/000003_c.down.sql")).unwrap();
    on(&["redo", "--yes"]).ends(3).says("redo::no_file");
    walk.write("generated/000003_c.up.sql", "SELECT 'never closed;\n");
    walk.write("generated/000003_c.down.sql", "DROP TABLE public.c2;\n");
    on(&["redo", "--yes"]).ends(4).says("never closed");
    assert_eq!(live.psql(tables).trim(), "a b c2");
    // What fails when it is applied again is told, and the next apply goes on there.
    walk.write("generated/000003_c.up.sql", "SELECT 1 / 0;\n");
    on(&["redo", "--yes"]).ends(1).says("division by zero");
    assert_eq!(live.psql(tables).trim(), "a b");
    walk.write(
        "generated/000003_c.up.sql",
        "CREATE TABLE public.c2 (id bigint);\n",
    );
    on(&["apply", "--yes"]).ends(0);
    on(&["status", "--check"]).ends(0);
}

#[test]
fn a_file_that_is_named_runs_out_of_its_order() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = project(&["000001_a", "000002_b", "000003_c"]);
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["apply", "--only", "9", "--yes"]).ends(4);
    on(&["apply", "--only", "1", "--only", "3", "--yes"])
        .ends(0)
        .says("000003_c runs out of its order");
    let tables = "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(live.psql(tables).trim(), "a c");
    on(&["apply", "--yes"])
        .ends(3)
        .says("migrate::out_of_order")
        .says("apply --only VERSION");
    let plan = on(&["plan", "--only", "2", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(plan["out_of_order"], serde_json::json!(["000002_b"]));
    on(&["apply", "--only", "2", "--yes"])
        .ends(0)
        .says("is at 000003");
    assert_eq!(live.psql(tables).trim(), "a b c");
    // The recorded catalog is the one of the whole, so nothing stands open.
    on(&["status", "--check"]).ends(0).says("as recorded");
    on(&["rollback", "--all", "--yes"]).ends(0);

    // Where it is protected, each needs a word.
    let file = walk.read("schemactl.kdl")
        + "\nenvironment production { url (env)PRODUCTION; protected; confirm never }\n";
    walk.write("schemactl.kdl", &file);
    walk.run(&["restamp", "1", "2", "3", "--project", "app"])
        .ends(0);
    let production = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--env", "production"]);
        walk.run_with(&[("PRODUCTION", &url)], &all)
    };
    production(&["apply", "--only", "2"])
        .ends(3)
        .says("apply::out_of_order");
    production(&["apply", "--only", "2", "--allow", "out-of-order:000002"]).ends(0);
    assert_eq!(live.psql(tables).trim(), "b");
}

#[test]
fn what_speaks_of_the_same_runs_in_its_order() {
    let live = TestServer::get().database();
    let url = live.url();
    let walk = project(&["000001_a"]);
    for (number, value) in [(2, "x"), (3, "y")] {
        let file = |direction: &str| format!("generated/00000{number}_{value}.{direction}.sql");
        let set = |value: &str| format!("ALTER TABLE public.a ALTER id SET DEFAULT {value};\n");
        walk.write(&file("up"), &set(&number.to_string()));
        walk.write(&file("down"), &set("1"));
    }
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["apply", "--only", "1", "--yes"]).ends(0);
    let refused = |version: &str, other: &str| {
        on(&["apply", "--only", version, "--yes"])
            .ends(3)
            .says("apply::entangled")
            .says(other)
            .says("(a)");
    };
    refused("3", "000002_x");
    on(&[
        "apply",
        "--only",
        "3",
        "--allow",
        "out-of-order:000003",
        "--yes",
    ])
    .ends(0);
    refused("2", "000003_y");
    on(&[
        "apply",
        "--only",
        "2",
        "--allow",
        "out-of-order:000002",
        "--yes",
    ])
    .ends(0);
}

#[test]
fn a_group_that_is_named_in_part_runs_whole() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = project(&["000001_a"]);
    for (number, table) in [(2, "b"), (3, "c")] {
        let part = number - 1;
        walk.write(
            &format!("generated/00000{number}_{table}.up.sql"),
            &format!(
                "-- schemactl:group g {part}/2\n\nCREATE TABLE public.{table} (id integer);\n"
            ),
        );
        walk.write(
            &format!("generated/00000{number}_{table}.down.sql"),
            &format!("-- schemactl:group g {part}/2\n\nDROP TABLE public.{table};\n"),
        );
    }
    let done = walk
        .on(&url, &["apply", "--only", "3", "--yes", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(done["applied"], serde_json::json!(["000002", "000003"]));
}
