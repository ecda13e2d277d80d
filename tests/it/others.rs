//! A database is seldom the project's alone: who owns its objects, what others built on them, and what its administrator
//! set is there, and is neither in the way nor taken along.

use std::collections::BTreeSet;

use schemactl::author::{AuthorError, Authored, Managed, Request, author, left_by_default};
use schemactl::model::Exit;

use crate::cases::{OnServer, PlanForm, catalog, make_roles, way};
use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer};
use crate::transition::desired;

#[tokio::test]
async fn grants_to_the_owner_that_the_files_do_not_name_are_no_difference() {
    let server = TestServer::get();
    make_roles(server);
    let live = server.database();
    live.psql(
        "CREATE SCHEMA s AUTHORIZATION case_owner;
         CREATE TABLE s.a (x integer); ALTER TABLE s.a OWNER TO case_owner;
         CREATE FUNCTION s.f(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n'; ALTER FUNCTION s.f OWNER TO case_owner;
         CREATE TABLE s.less (x integer); ALTER TABLE s.less OWNER TO case_owner;
         REVOKE DELETE ON s.less FROM case_owner;
         CREATE TABLE s.read (x integer); ALTER TABLE s.read OWNER TO case_owner; GRANT SELECT ON s.read TO case_reader;",
    );
    let base = catalog(&live.url()).await;
    let file = |grant: &str| {
        format!(
            "schema s {{
                grant usage to=case_owner
                table a {{ column x integer; grant select to=case_owner; {grant} }}
                function f \"n int\" returns=integer language=sql {{ body \"SELECT n\"; grant execute to=case_owner }}
                table less {{ column x integer; revoke delete from=case_owner }}
                table read {{ column x integer; grant select to=case_reader }}
            }}"
        )
    };
    let none = way(server, &base, &desired(&file("")), PlanForm::Plain).await;
    assert!(none.unwrap().is_none());
    let more = file("grant insert to=case_reader");
    let some = way(server, &base, &desired(&more), PlanForm::Plain).await;
    let objects: BTreeSet<String> = some
        .unwrap()
        .expect("a change")
        .changes
        .keys()
        .map(|id| id.path())
        .collect();
    assert_eq!(objects.len(), 1, "{objects:?}");
}

/// The way to a file's schemas where the rest of the database is others'.
async fn beside_others(
    server: &TestServer,
    live: &TestDatabase<'_>,
    file: &str,
) -> Result<Option<Authored>, AuthorError> {
    let base = catalog(&live.url()).await;
    let managed = Managed {
        history_schema: "schemactl",
        scope: &|_, _| None,
        everything: false,
        recorded: Default::default(),
        left_alone: BTreeSet::new(),
        left: left_by_default(),
        settings: false,
    };
    let desired = desired(file);
    let request = Request {
        base: &base,
        desired: &desired,
        managed: &managed,
        role: &base.origin.role,
        online: false,
        arrangement: None,
    };
    author(&OnServer::new(server), &request, &mut Default::default()).await
}

#[tokio::test]
async fn what_others_built_on_it_stands_in_the_way_by_name() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA s; CREATE TABLE s.a (x integer PRIMARY KEY, y integer);
         CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
         CREATE SCHEMA other; CREATE VIEW other.v AS SELECT x, s.f() FROM s.a;
         CREATE TABLE other.t (x integer REFERENCES s.a, n integer DEFAULT s.f());
         CREATE VIEW other.on_v AS SELECT x FROM other.v;",
    );
    let refused = beside_others(
        server,
        &live,
        "schema s {
            table a { column x bigint primary-key; column y integer }
            function f \"i int\" returns=int language=sql { body \"SELECT 1\" }
        }",
    )
    .await;
    let error = refused.expect_err("a refusal");
    assert_eq!(error.exit(), Exit::Refused);
    let text = error.to_string();
    for words in [
        "view other.v stands on function s.f() and column s.a.x",
        "default of column other.t.n stands on function s.f()",
    ] {
        assert!(text.contains(words), "no `{words}` in: {text}");
    }
    // A key takes another type along.
    assert!(!text.contains("on_v") && !text.contains("fkey"), "{text}");
    let refused = beside_others(
        server,
        &live,
        "schema s {
            table a { column x integer not-null; column y integer }
            function f returns=int language=sql { body \"SELECT 1\" }
        }",
    )
    .await;
    let text = refused.expect_err("a refusal").to_string();
    assert!(
        text.contains("foreign-key other.t.t_x_fkey stands on primary-key"),
        "{text}"
    );
    // What they do not stand on may change, and what stays in place.
    let made = beside_others(
        server,
        &live,
        "schema s {
            table a { column x integer primary-key; column y bigint; column z text }
            function f returns=int language=sql { body \"SELECT 2\" }
        }",
    )
    .await;
    assert!(made.expect("no refusal").is_some());
}

#[tokio::test]
async fn a_partition_made_at_run_time_that_is_partitioned_by_what_changes_is_named() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA s; CREATE SCHEMA other; CREATE TABLE s.m (ts date NOT NULL, v integer, w integer) PARTITION BY RANGE (ts);
         CREATE TABLE s.m1 PARTITION OF s.m FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
         CREATE TABLE other.run PARTITION OF s.m FOR VALUES FROM ('2024-02-01') TO ('2024-03-01') PARTITION BY LIST (v);
         CREATE TABLE other.leaf PARTITION OF other.run FOR VALUES IN (1) PARTITION BY LIST ((w + 1));",
    );
    let file = |v: &str, w: &str| {
        format!(
            "schema s {{ table m {{ column ts date not-null; column v {v}; column w {w}
                partition-by range ts
                partition m1 from=\"'2024-01-01'\" to=\"'2024-02-01'\" }} }}"
        )
    };
    for (v, w, words) in [
        (
            "bigint",
            "integer",
            "table other.run stands on column s.m.v",
        ),
        (
            "integer",
            "bigint",
            "table other.leaf stands on column s.m.w",
        ),
    ] {
        let refused = beside_others(server, &live, &file(v, w)).await;
        let error = refused.expect_err("a refusal");
        assert_eq!(error.exit(), Exit::Refused);
        assert!(error.to_string().contains(words), "{error}");
    }
    let none = beside_others(server, &live, &file("integer", "integer")).await;
    assert!(none.expect("no refusal").is_none());
}

#[test]
fn what_inherits_from_others_and_what_others_have_of_ours_goes_round() {
    let live = TestServer::get().database();
    live.psql(
        "CREATE SCHEMA auth; CREATE TYPE public.kind AS ENUM ('a', 'b');
         CREATE TABLE auth.u (id integer PRIMARY KEY DEFAULT 7, note text DEFAULT 'x');
         CREATE TABLE auth.w (id integer PRIMARY KEY, kind public.kind, UNIQUE (kind), UNIQUE (id));
         CREATE VIEW auth.v AS SELECT kind FROM auth.w;
         CREATE TABLE public.inh (more text) INHERITS (auth.u);
         ALTER TABLE public.inh ALTER note SET DEFAULT 'y', ALTER note SET NOT NULL;
         CREATE TABLE public.bare () INHERITS (auth.u);
         CREATE TABLE public.p (u integer REFERENCES auth.u, w integer REFERENCES auth.w, kind public.kind);",
    );
    let (walk, url) = (Walk::new(), live.url());
    std::fs::remove_dir_all(walk.path("")).unwrap();
    std::fs::create_dir(walk.path("")).unwrap();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\n\ndatabase app { scope { ignore schema=auth } }\n",
    );
    let folder = walk.path("schema");
    walk.on(&url, &["inspect", "-o", folder.to_str().unwrap()])
        .ends(0);
    let file = walk.read("schema/public.kdl");
    assert!(file.contains("table bare { inherits auth.u }"), "{file}");
    assert!(
        file.contains("column note not-null default=\"'y'\"") && !file.contains("column id"),
        "{file}"
    );
    walk.on(&url, &["baseline", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.write(
        "schema/public.kdl",
        &file.replace(
            "column more text",
            "column more text\n        column most text",
        ),
    );
    walk.on(&url, &["diff", "more"]).ends(0);
    let up = walk.read("generated/000002_more.up.sql");
    assert!(!up.contains("DROP TABLE"), "{up}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["verify"]).ends(0);
    // Without a database that has what is others', nobody can say more than that it is missing.
    walk.run(&["verify", "--project", "app"])
        .ends(3)
        .says("verify::surroundings")
        .says("auth.u")
        .says("schemactl verify --env NAME");
}

#[test]
fn settings_of_the_database_are_not_taken_along() {
    let server = TestServer::fresh();
    server.admin("CREATE ROLE low");
    let live = server.database();
    live.psql(
        "CREATE SCHEMA x; CREATE TABLE x.t (id integer);
         DO $$ BEGIN
            EXECUTE format('ALTER DATABASE %I SET work_mem TO ''9MB''', current_database());
            EXECUTE format('ALTER ROLE low IN DATABASE %I SET search_path TO x', current_database());
         END $$",
    );
    let (walk, url) = (Walk::new(), live.url());
    std::fs::remove_dir_all(walk.path("")).unwrap();
    walk.run(&["init", "app", "--from", &url]).ends(0);
    let up = walk.read("generated/000001_baseline.up.sql");
    assert!(
        !up.contains("work_mem") && !up.contains("search_path TO"),
        "{up}"
    );
    walk.on(&url, &["baseline", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    // What stands where no project can make anything is named, with a line that lets the rest be taken in.
    live.psql("SET allow_system_table_mods = on; CREATE FUNCTION pg_catalog.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    walk.run(&["inspect", "--url", &url])
        .ends(3)
        .says("function pg_catalog.mine")
        .says("ignore KIND=\"PATH\"");
    walk.write(
        "schemactl.kdl",
        "project app edition=1\n\ndatabase app { scope { only schema=\"*\"; ignore function=pg_catalog.mine } }\n",
    );
    walk.on(&url, &["inspect"]).ends(0);
}
