//! What the scope leaves out is there all the same: what stays in the project's hands may stand on it, inherit from it or be
//! stood on by it, and no plan touches anything on its account. And what a role may not see, or what is broken, is said.

use crate::cli_support::{Run, Walk};
use crate::support::{TestDatabase, TestServer};

/// A project whose scope says this, with the files that the database gives.
fn inspected(live: &TestDatabase<'_>, scope: &str) -> Walk {
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        &format!("project app edition=1\ndatabase app {{ scope {{ {scope} }} }}\n"),
    );
    on(&walk, live, &["inspect", "--output", "app"]).ends(0);
    walk
}

fn on(walk: &Walk, live: &TestDatabase<'_>, arguments: &[&str]) -> Run {
    let url = live.url();
    let mut all = arguments.to_vec();
    all.extend(["--project", "app", "--url", &url]);
    walk.run(&all)
}

#[test]
fn a_child_of_a_table_that_is_left_out_says_its_own_columns_alone() {
    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA a; CREATE TABLE a.par (id integer NOT NULL DEFAULT 3, v text);
         CREATE TABLE a.child (c integer) INHERITS (a.par)",
    );
    let walk = inspected(&live, "ignore table=a.par");
    let file = walk.read("schema/a.kdl");
    assert!(!file.contains("column id"), "{file}");
    assert!(file.contains("inherits par"), "{file}");
    on(&walk, &live, &["baseline", "--yes"]).ends(0);
    on(&walk, &live, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
}

#[test]
fn what_is_left_out_between_objects_of_the_project_is_named() {
    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA a; CREATE TABLE a.t (id integer); CREATE VIEW a.v AS SELECT * FROM a.t;
         CREATE FUNCTION a.f() RETURNS SETOF a.v LANGUAGE sql AS 'SELECT * FROM a.v'",
    );
    let walk = inspected(&live, "ignore view=a.v");
    on(&walk, &live, &["baseline", "--yes"])
        .ends(4)
        .says("scratch::between")
        .says("the scope leaves out view a.v, which stands on table a.t and on which function a.f() stands")
        .says("let the scope leave it in");

    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA a; CREATE TABLE a.t (id integer PRIMARY KEY);
         CREATE TABLE a.u (t integer REFERENCES a.t)",
    );
    let walk = inspected(&live, r#"ignore primary-key="*""#);
    on(&walk, &live, &["baseline", "--yes"])
        .ends(4)
        .says("scratch::between")
        .says("the scope leaves out primary-key a.t.t_pkey");

    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA a; CREATE TABLE a.ev (id integer PRIMARY KEY) PARTITION BY LIST (id);
         CREATE TABLE a.ev_1 PARTITION OF a.ev FOR VALUES IN (1);
         CREATE TABLE a.u (ev integer REFERENCES a.ev_1)",
    );
    let walk = inspected(&live, "ignore table=a.ev_1");
    on(&walk, &live, &["baseline", "--yes"])
        .ends(4)
        .says("scratch::between")
        .says("which stands on table a.ev and on which table a.u stands");
    // With both outside, a key refers to what is there.
    let walk = inspected(&live, "ignore table=\"a.ev*\"");
    on(&walk, &live, &["baseline", "--yes"]).ends(0);
    on(&walk, &live, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
}

/// The scope came to leave it out when the history was there already.
#[test]
fn what_comes_to_stand_between_is_named_by_diff_too() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schemactl.kdl", "project app edition=1\n");
    let file = |view: &str| {
        let text = format!(
            "schema a {{\n table t {{ column id int }}\n{view} view w {{ query \"SELECT id FROM a.v\" }}\n}}\n"
        );
        walk.write("schema/app.kdl", &text);
    };
    file(" view v { query \"SELECT id FROM a.t\" }\n");
    on(&walk, &live, &["diff", "first"]).ends(0);
    on(&walk, &live, &["apply", "--yes"]).ends(0);
    file("");
    walk.write(
        "schemactl.kdl",
        "project app edition=1\ndatabase app { scope { ignore view=a.v } }\n",
    );
    on(&walk, &live, &["diff", "second"])
        .ends(4)
        .says("scratch::between")
        .says(
            "the scope leaves out view a.v, which stands on table a.t and on which view a.w stands",
        );
}

#[test]
fn what_is_renamed_by_hand_is_not_gone() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write(
        "schema/app.kdl",
        "schema a { table t { column id int; index id } }\n",
    );
    on(&walk, &live, &["diff", "first"]).ends(0);
    on(&walk, &live, &["apply", "--yes"]).ends(0);
    live.psql("ALTER INDEX a.t_id_idx RENAME TO other; CREATE TABLE a.u (id integer)");
    on(&walk, &live, &["diff", "second"])
        .ends(3)
        .says("index a.t.t_id_idx is called other here")
        .says("table a.u is new");
}

#[test]
fn a_declared_table_that_the_scope_ignores_is_as_it_is() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let project = |scope: &str| {
        walk.write(
            "schemactl.kdl",
            &format!("project app edition=1\ndatabase app {{ {scope} }}\n"),
        );
    };
    project("");
    let files = |more: &str| {
        walk.write(
            "schema/a.kdl",
            &format!(
                "schema a {{
    table t {{ column id int primary-key; column w int references=u }}
    table u {{ column id int primary-key; {more} }}
}}\n"
            ),
        );
    };
    files("");
    on(&walk, &live, &["diff", "one"]).ends(0);
    on(&walk, &live, &["apply", "--yes"]).ends(0);
    project("scope { ignore table=a.t }");
    on(&walk, &live, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    files("column z int");
    on(&walk, &live, &["diff", "two"]).ends(0);
    on(&walk, &live, &["apply", "--yes"]).ends(0);
    on(&walk, &live, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
}

#[test]
fn options_that_the_role_may_not_see_are_said_and_left_alone() {
    let (walk, server) = (Walk::new(), TestServer::get());
    server.admin(
        "DO $$ BEGIN CREATE ROLE sees_no_options LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         DO $$ BEGIN CREATE ROLE of_options; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    );
    let live = server.database();
    live.psql(
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
         CREATE USER MAPPING FOR of_options SERVER s OPTIONS (user 'somebody')",
    );
    let low = live.url().replace("user=postgres", "user=sees_no_options");
    walk.run(&["init", "low", "--from", &low])
        .ends(0)
        .says("note  user-mapping s.of_options: this role may not see its options");
    let sup = walk
        .run(&["inspect", "--project", "low", "--url", &live.url()])
        .ends(0);
    assert!(!format!("{sup:?}").contains("may not see"), "{sup:?}");
    assert!(sup.out.contains("user=somebody"), "{sup:?}");
}

#[test]
fn an_invalid_index_is_said() {
    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA a; CREATE TABLE a.t (i integer); CREATE INDEX broken ON a.t (i);
         UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'a.broken'::regclass",
    );
    let walk = Walk::new();
    walk.run(&["init", "broken", "--from", &live.url()])
        .ends(0)
        .says("note  index a.t.broken: an interrupted build left it unusable");
}

/// A project that took over a database with an index which an interrupted build left behind.
fn with_an_invalid_index() -> (Walk, TestDatabase<'static>) {
    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA a; CREATE TABLE a.t (i integer); CREATE INDEX broken ON a.t (i);
         UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'a.broken'::regclass",
    );
    let walk = Walk::new();
    walk.run(&["init", "taken", "--from", &live.url()]).ends(0);
    of(&walk, &live, &["baseline", "--yes"]);
    (walk, live)
}

fn of(walk: &Walk, live: &TestDatabase<'_>, arguments: &[&str]) -> Run {
    let url = live.url();
    let mut all = arguments.to_vec();
    all.extend(["--project", "taken", "--url", &url]);
    walk.run(&all).ends(0)
}

const VALID: &str =
    "SELECT count(*) FROM pg_index WHERE indexrelid = 'a.broken'::regclass AND indisvalid";

/// The files say that it is there, and make a whole one in any other database.
#[test]
fn an_invalid_index_that_goes_comes_back_as_the_files_made_it() {
    let (walk, live) = with_an_invalid_index();
    let other = TestServer::get().database();
    walk.write(
        "../taken/schema/a.kdl",
        "schema a { table t { column i integer } }\n",
    );
    of(&walk, &live, &["diff", "second"]);
    of(&walk, &live, &["apply", "--yes"]);
    of(&walk, &live, &["verify"]);
    of(&walk, &live, &["rollback", "--to", "000001", "--yes"]);
    assert_eq!(live.psql(VALID).trim(), "1");
    of(&walk, &other, &["apply", "--yes"]);
}

#[test]
fn an_invalid_index_that_is_made_anew_is_so_for_good() {
    let (walk, live) = with_an_invalid_index();
    let other = TestServer::get().database();
    of(&walk, &live, &["drift"]).says("no drift");
    of(&walk, &live, &["diff", "second"]);
    of(&walk, &live, &["apply", "--yes"]);
    assert_eq!(live.psql(VALID).trim(), "1");
    of(&walk, &live, &["verify"]);
    of(&walk, &live, &["rollback", "--to", "000001", "--yes"]);
    assert_eq!(live.psql(VALID).trim(), "1");
    of(&walk, &live, &["drift"]).says("no drift");
    of(&walk, &other, &["apply", "--yes"]);
    of(&walk, &live, &["apply", "--yes"]);
    of(&walk, &live, &["diff", "--exit-code"]);
}

#[test]
fn a_line_about_views_leaves_tables_their_columns() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let write = |scope: &str| {
        walk.write(
            "schemactl.kdl",
            &format!("project app edition=1\ndatabase app {{ scope {{ {scope} }} }}\n"),
        );
    };
    for scope in [
        "ignore kind=view",
        "ignore view=\"*\"",
        "ignore kind=foreign-table",
    ] {
        write(scope);
        walk.write(
            "schema/app.kdl",
            "schema a {\n    table t { column a int primary-key; check \"a > 0\" }\n    view v { query \"select 1 as x\" }\n}\n",
        );
        let run = walk
            .on(&url, &["diff", "--dry-run", "--format", "sql"])
            .ends(0);
        assert!(run.out.contains("PRIMARY KEY"), "{scope}: {run:?}");
        assert!(run.out.contains("CHECK"), "{scope}: {run:?}");
        assert_eq!(
            run.out.contains("VIEW"),
            scope.ends_with("foreign-table"),
            "{run:?}"
        );
    }
}

#[test]
fn partitions_do_without_indexes_that_the_scope_leaves_out() {
    let live = TestServer::get().database();
    let (walk, url) = (Walk::new(), live.url());
    let table = "table ev { column id integer not-null primary-key; partition-by range id; partition ev0 from=0 to=10 }";
    walk.write("schema/s.kdl", &format!("schema s {{ {table} }}"));
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql(
        "CREATE TABLE s.run1 PARTITION OF s.ev FOR VALUES FROM (10) TO (20); CREATE INDEX own ON s.ev0 (id, (id + 1))",
    );
    let project = walk.read("schemactl.kdl");
    let scope = |lines: &str| {
        walk.write(
            "schemactl.kdl",
            &format!("{project}\ndatabase m {{ {lines} }}\n"),
        );
    };
    scope("scope { ignore index=s.ev0.own }; manage { partitions exact }");
    walk.on(&url, &["diff", "--dry-run", "--exit-code"])
        .ends(3)
        .says("diff::undeclared")
        .says("table s.run1");
    walk.on(&url, &["diff", "--dry-run", "--drop", "table:s.run1"])
        .ends(0)
        .says("drop-table table s.run1");
    // A partition is a table, whatever word names it.
    scope("scope { ignore index=s.ev0.own; ignore partition=s.run1 }; manage { partitions exact }");
    walk.on(&url, &["diff", "--dry-run", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    // With the whole table outside there is nothing of it to be done.
    scope("scope { ignore table=\"s.ev*\"; ignore table=s.run1 }");
    walk.on(&url, &["diff", "--dry-run"]).ends(0);
}

/// Of a partitioned table that the scope leaves out, partitions are as it is, at any depth; children by inheritance are tables.
#[test]
fn partitions_of_a_table_that_is_left_out_are_left_out_with_it() {
    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA a;
         CREATE TABLE a.ev (id integer, k integer) PARTITION BY LIST (id);
         CREATE TABLE a.ev_1 PARTITION OF a.ev FOR VALUES IN (1) PARTITION BY LIST (k);
         CREATE TABLE a.ev_1_1 PARTITION OF a.ev_1 FOR VALUES IN (1);
         CREATE TABLE a.ev_2 PARTITION OF a.ev FOR VALUES IN (2);
         CREATE TABLE a.t (id integer)",
    );
    for (scope, shown) in [
        ("ignore table=a.ev", &["table t"][..]),
        ("only schema=a; ignore table=a.ev", &["table t"]),
        (
            "ignore table=a.ev_1",
            &["table ev ", "partition ev_2", "table t"],
        ),
        (
            "ignore partition=a.ev_1",
            &["table ev ", "partition ev_2", "table t"],
        ),
    ] {
        let walk = inspected(&live, scope);
        let file = walk.read("schema/a.kdl");
        for name in ["table ev ", "ev_1", "ev_1_1", "partition ev_2", "table t"] {
            let is_shown = shown.contains(&name);
            assert_eq!(file.contains(name), is_shown, "{scope}, {name}: {file}");
        }
    }
    let walk = inspected(&live, "ignore table=a.ev");
    on(&walk, &live, &["baseline", "--yes"]).ends(0);
    on(&walk, &live, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    // Files that call them tables of their own detach nothing.
    let plain = "schema a {\n table ev_2 { column id integer; column k integer }\n table t { column id integer }\n}\n";
    walk.write("schema/a.kdl", plain);
    on(&walk, &live, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
}

/// A foreign key to a partitioned table has copies that stand on its partitions, also on those that no file declares.
#[test]
fn a_partition_of_run_time_under_a_foreign_key_is_named_and_stands_between_nothing() {
    let live = TestServer::get().database();
    let (walk, url) = (Walk::new(), live.url());
    let files = |id: &str, k: &str| {
        let text = format!(
            "schema a {{
    table ev {{ column id {id}; column k {k}; primary-key id k; partition-by list k; partition ev_1 in=1 }}
    table ref {{ column id {id}; column k {k}; foreign-key id k {{ references ev }} }}
}}\n"
        );
        walk.write("schema/a.kdl", &text);
    };
    files("integer", "integer");
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("CREATE TABLE a.ev_2 PARTITION OF a.ev FOR VALUES IN (2)");
    // PostgreSQL changes no column of a partition key: the table would be made anew.
    files("integer", "bigint");
    walk.on(&url, &["diff", "two"])
        .ends(3)
        .says("diff::others")
        .says("table a.ev_2 stands on table a.ev");
    walk.write("schema/a.kdl", "schema a\n");
    walk.on(&url, &["diff", "two"])
        .ends(3)
        .says("diff::others")
        .says("table a.ev_2 stands on table a.ev");
    walk.on(&url, &["diff", "--dry-run", "--drop", "table:a.ev_2"])
        .ends(0)
        .says("drop-table table a.ev_2");
    files("bigint", "integer");
    walk.on(&url, &["diff", "two"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
}

/// What is switched on a partition that no file declares is lost where its table's trigger changes: that is said before.
#[test]
fn a_trigger_that_is_switched_on_a_partition_of_run_time_is_named() {
    let live = TestServer::get().database();
    let (walk, url) = (Walk::new(), live.url());
    let files = |events: &str, words: &str| {
        let text = format!(
            "schema a {{
    function tf returns=trigger language=plpgsql {{ body \"begin return new; end\" }}
    table ev {{ column id integer; trigger t before {events} for-each=row execute=tf{words}; partition-by list id; partition ev_1 in=1 }}
}}\n"
        );
        walk.write("schema/a.kdl", &text);
    };
    let silent = |arguments: &[&str]| {
        let run = walk.on(&url, arguments).ends(0);
        let said = format!("{run:?}");
        assert!(!said.contains("partition-trigger"), "{said}");
    };
    files("insert", "");
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("CREATE TABLE a.ev_2 PARTITION OF a.ev FOR VALUES IN (2)");
    files("insert update", "");
    silent(&["diff", "--dry-run"]);
    live.psql("ALTER TABLE a.ev_2 DISABLE TRIGGER t");
    for (events, words) in [("insert update", ""), ("insert", " enabled=always")] {
        files(events, words);
        walk.on(&url, &["diff", "--dry-run"])
            .ends(0)
            .says("partition-trigger trigger a.ev.t: on table a.ev_2, which no file declares, it is switched to disabled");
    }
    walk.write(
        "schema/b.kdl",
        "schema a { table other { column id integer } }\n",
    );
    files("insert", "");
    silent(&["diff", "--dry-run"]);
    let file = walk.read("schema/a.kdl");
    let renamed = file.replace("trigger t ", "trigger u renamed-from=t ");
    walk.write("schema/a.kdl", &renamed);
    silent(&["diff", "--dry-run"]);
}

#[test]
fn the_last_line_wins_of_whatever_kind_it_is() {
    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA other; CREATE TABLE other.dep (a integer); CREATE TABLE other.z (a integer);
         CREATE SCHEMA a; CREATE TABLE a.t (a integer); CREATE VIEW a.v AS SELECT a FROM a.t",
    );
    let shown = |scope: &str| {
        let walk = Walk::new();
        let project = format!("project app edition=1\ndatabase app {{ scope {{ {scope} }} }}\n");
        walk.write("schemactl.kdl", &project);
        on(&walk, &live, &["inspect"]).ends(0).out
    };
    for (scope, tables) in [
        (
            "ignore schema=other; only table=other.dep",
            &["dep", "v"][..],
        ),
        ("only table=other.dep; ignore schema=other", &["v"]),
        (
            "ignore schema=a; ignore schema=other; only table=\"*.dep\"",
            &["dep"],
        ),
        ("only kind=view", &["v"]),
        ("only kind=table; ignore table=a.t", &["dep", "z"]),
        (
            r##"ignore table=#""other"."dep""#; ignore schema=a"##,
            &["z"],
        ),
    ] {
        let out = shown(scope);
        let named = |name: &&str| {
            out.contains(&format!("table {name} ")) || out.contains(&format!("view {name} "))
        };
        let found: Vec<&str> = ["dep", "z", "t", "v"].into_iter().filter(named).collect();
        assert_eq!(found, tables, "{scope}: {out}");
    }

    let walk = inspected(
        &live,
        "ignore schema=other; only table=other.dep; ignore schema=a",
    );
    on(&walk, &live, &["baseline", "--yes"]).ends(0);
    live.psql("CREATE TABLE other.more (a integer); COMMENT ON TABLE other.z IS 'theirs'");
    on(&walk, &live, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    live.psql("ALTER TABLE other.dep ADD COLUMN b integer");
    on(&walk, &live, &["drift"]).ends(2).says("other.dep");

    // The history is in a schema of its own, whatever kinds are in.
    let walk = inspected(&live, "only kind=table; only kind=view");
    let run = on(&walk, &live, &["inspect"]).ends(0);
    assert!(!run.out.contains("schemactl"), "{run:?}");
    walk.write("schema/b.kdl", "schema a { domain d text }\n");
    let run = walk.run(&["check", "--explain", "--project", "app"]);
    run.ends(0).says("declared, and left out: domain a.d");
}

#[test]
fn the_last_line_wins_for_what_is_recorded_and_shown_too() {
    for scope in [
        "only schema=a; ignore kind=function; ignore kind=view",
        "only schema=a; ignore function=\"*\"; ignore view=\"*\"",
    ] {
        let live = TestServer::get().database();
        live.psql(
            "CREATE SCHEMA a; CREATE TABLE a.t (i integer); CREATE VIEW a.v AS SELECT i FROM a.t;
             CREATE FUNCTION a.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        );
        let walk = inspected(&live, scope);
        let file = walk.read("schema/a.kdl");
        assert!(
            !file.contains("function") && !file.contains("view"),
            "{file}"
        );
        on(&walk, &live, &["baseline", "--yes"]).ends(0);
        let sql = walk.read("generated/000001_baseline.up.sql");
        assert!(!sql.contains("FUNCTION") && !sql.contains("VIEW"), "{sql}");
        on(&walk, &live, &["verify"]).ends(0);
        on(&walk, &live, &["diff", "--exit-code"]).ends(0);
    }
}

#[test]
fn a_sequence_goes_with_the_table_that_is_left_out() {
    let live = TestServer::get().database();
    live.psql("CREATE SCHEMA a; CREATE TABLE a.t (i integer); CREATE TABLE a.t_backup (id serial)");
    let walk = inspected(&live, "ignore table=\"*.*_backup\"");
    let file = walk.read("schema/a.kdl");
    assert!(!file.contains("sequence"), "{file}");
    on(&walk, &live, &["baseline", "--yes"]).ends(0);
    let sql = walk.read("generated/000001_baseline.up.sql");
    assert!(!sql.contains("SEQUENCE"), "{sql}");
    live.psql("CREATE TABLE a.more_backup (id serial PRIMARY KEY)");
    on(&walk, &live, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    on(&walk, &live, &["drift"]).ends(0);
    let scope = "ignore table=\"*.*_backup\"; only sequence=a.t_backup_id_seq";
    let file = inspected(&live, scope).read("schema/a.kdl");
    assert!(file.contains("sequence t_backup_id_seq"), "{file}");
}

#[test]
fn what_no_other_database_can_have_is_named() {
    let live = TestServer::get().database();
    live.psql(
        "SET allow_system_table_mods = on; CREATE FUNCTION pg_catalog.mine(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
         CREATE SCHEMA a; CREATE TABLE a.t (i integer CHECK (mine(i) > 0))",
    );
    let walk = inspected(&live, "ignore function=\"pg_catalog.mine\"");
    on(&walk, &live, &["baseline", "--yes"])
        .ends(3)
        .says("baseline::no_place")
        .says("creating table a.t needs function pg_catalog.mine");
    let walk = inspected(
        &live,
        "ignore function=\"pg_catalog.mine\"; ignore table=a.t",
    );
    on(&walk, &live, &["baseline", "--yes"]).ends(0);

    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA a; CREATE TABLE a.t (i integer);
         CREATE VIEW a.v AS WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 3)
             CYCLE n SET c TO 'Y' DEFAULT 'N' USING p SELECT n, c FROM t",
    );
    let walk = Walk::new();
    walk.run(&["init", "taken", "--from", &live.url()])
        .ends(3)
        .says("baseline::unread")
        .says("PostgreSQL prints a text of view a.v that it does not read itself");
    let walk = inspected(&live, "ignore view=a.v");
    on(&walk, &live, &["baseline", "--yes"]).ends(0);
}

#[test]
fn a_part_with_a_dot_stands_in_quotes_and_a_line_about_nothing_is_told() {
    let live = TestServer::get().database();
    live.psql(r#"CREATE SCHEMA "Odd.sch"; CREATE TABLE "Odd.sch"."t.backup" (a integer); CREATE TABLE "Odd.sch".u (a integer)"#);
    let odd = r##"ignore table=#""Odd.sch"."t.backup""#; ignore table=Odd.sch.t.backup"##;
    let walk = inspected(&live, odd);
    let file = walk.read("schema/odd_sch.kdl");
    assert!(
        file.contains("table u") && !file.contains("backup"),
        "{file}"
    );
    on(&walk, &live, &["doctor"])
        .says("nothing here is what they speak of: ignore table=Odd.sch.t.backup");
}

#[test]
fn an_index_of_a_partition_is_left_out_with_that_of_its_table() {
    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA a; CREATE TABLE a.ev (id integer) PARTITION BY LIST (id);
         CREATE TABLE a.ev_1 PARTITION OF a.ev FOR VALUES IN (1); CREATE INDEX ON a.ev (id)",
    );
    let walk = inspected(&live, "ignore index=a.ev.ev_id_idx");
    let file = walk.read("schema/a.kdl");
    assert!(!file.contains("index"), "{file}");
    on(&walk, &live, &["baseline", "--yes"]).ends(0);
    on(&walk, &live, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
}

#[test]
fn a_version_without_a_way_to_it_is_told() {
    let live = TestServer::get().database();
    let (walk, url) = (Walk::new(), live.url());
    live.psql("CREATE EXTENSION hstore VERSION '1.7'");
    walk.write("schema/a.kdl", "extension hstore version=\"1.7\"\n");
    walk.on(&url, &["baseline", "--yes"]).ends(0);
    walk.write("schema/a.kdl", "extension hstore version=\"1.6\"\n");
    walk.on(&url, &["diff", "older"])
        .ends(1)
        .says("has no update path from version")
        .says("to version \"1.6\"");
}

#[test]
fn an_absence_of_what_no_new_database_has_is_told() {
    let walk = Walk::new();
    walk.write("schema/a.kdl", "absent extension hstore\n");
    walk.run(&["check", "--project", "app"])
        .says("kdl::no-effect")
        .says("no new database has extension hstore");
}
