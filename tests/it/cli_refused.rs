//! What PostgreSQL refuses of the declared objects, in the hands of the binary: told once, at its place, with a next step.

use crate::cli_support::{Run, Walk};
use crate::support::{TestDatabase, TestServer};

/// A project with this schema, and a database of its own.
fn with(schema: &str) -> (Walk, TestDatabase<'static>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schema/app.kdl", schema);
    (walk, live)
}

/// The errors of a run as `CODE`, as many as it told.
fn codes(run: &Run) -> Vec<&str> {
    let code = |line: &'_ str| line.trim() == line && line.contains("::") && !line.contains(' ');
    run.err.lines().filter(|line| code(line)).collect()
}

#[test]
fn a_body_with_a_mistake_of_syntax_is_refused_at_its_place() {
    let (walk, live) = with("schema s {
    function g returns=int language=plpgsql {
        body \"\"\"
            begin
              retrun 1;
            end
            \"\"\"
    }
    function h returns=int language=sql { body \"selec nope\" }
    procedure p language=plpgsql { body \"begin if; end\" }
    function fine returns=int language=plpgsql { body \"begin return later.on(x) from s.nowhere; end\" }
    function missing returns=int language=sql { body \"select a from s.nowhere\" }
}
");
    let run = walk.on(&live.url(), &["diff", "x"]).ends(4);
    assert_eq!(codes(&run), ["scratch::refused"; 3], "{run:?}");
    let run = run
        .says("PostgreSQL refuses function s.g(): syntax error at or near \"retrun\" (SQLSTATE 42601)")
        .says("app.kdl:5:15")
        .says("PostgreSQL refuses function s.h(): syntax error at or near \"selec\"")
        .says("app.kdl:9:49")
        .says("PostgreSQL refuses procedure s.p()")
        .says("correct the SQL there");
    assert!(!run.err.contains("s.fine"), "{run:?}");
    assert_eq!(walk.generated().len(), 0);
}

#[test]
fn a_broken_body_that_is_there_stops_nothing() {
    let live = TestServer::get().database();
    live.psql(
        "SET check_function_bodies = off; CREATE SCHEMA s; CREATE TABLE s.t (a integer);
         CREATE FUNCTION s.g() RETURNS integer LANGUAGE plpgsql AS 'begin retrun 1; end'",
    );
    let walk = Walk::new();
    walk.run(&["init", "old", "--from", &live.url()]).ends(0);
    let on = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        let url = live.url();
        all.extend(["--project", "old", "--url", &url]);
        walk.run(&all)
    };
    on(&["baseline"]).ends(0);
    on(&["diff", "--exit-code"])
        .ends(0)
        .says("the body of function s.g() can't run: syntax error at or near \"retrun\"");
    let file = "../old/schema/s.kdl";
    let text = walk.read(file);
    walk.write(
        file,
        &text.replace(
            "column a integer",
            "column a integer\n        column b integer",
        ),
    );
    on(&["diff", "more"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    on(&["verify"])
        .ends(0)
        .says("the body of function s.g() can't run");
    // What the database has not, has to be right.
    walk.write(file, &walk.read(file).replace("retrun 1", "retrun 2"));
    on(&["diff", "worse"]).ends(4).says("scratch::refused");
}

#[test]
fn views_that_read_each_other_are_told_together() {
    let (walk, live) = with(
        "schema s {
    view a { query \"select * from s.b\" }
    view b { query \"select * from s.c\" }
    view c { query \"select * from s.a\" }
    view d { query \"select * from s.c\" }
}
",
    );
    let run = walk.on(&live.url(), &["diff", "x"]).ends(4);
    assert_eq!(codes(&run), ["scratch::cycle"], "{run:?}");
    let run = run.says("these objects need each other to be made: s.a → s.b → s.c → s.a");
    for place in ["needs s.b", "needs s.c", "needs s.a"] {
        assert!(run.err.contains(place), "{run:?}");
    }
    walk.write(
        "schema/app.kdl",
        "schema s { view a { query \"select * from s.a\" } }\n",
    );
    walk.on(&live.url(), &["diff", "x"])
        .ends(4)
        .says("view s.a needs itself to be made: s.a → s.a");
    // Where the columns are said, PostgreSQL makes them and fails when they are read.
    walk.write(
        "schema/app.kdl",
        "schema s {
    view a { query \"select one from s.b\"; column one default=1 }
    view b { query \"select one from s.a\"; column one default=1 }
}
",
    );
    walk.on(&live.url(), &["diff", "x"])
        .ends(4)
        .says("app.kdl:2:");
}

#[test]
fn what_follows_from_a_refusal_is_not_told() {
    let (walk, live) = with(
        "schema s {
    table t {
        column a int
        column b integer references=other.thing
        trigger tr before update for-each=row execute=f
    }
    function f returns=trigger language=plpgsql { body \"begin return new; end\" }
    view v { query \"select * from s.t\" }
}
",
    );
    let run = walk.on(&live.url(), &["diff", "x"]).ends(4);
    assert_eq!(codes(&run), ["scratch::refused"], "{run:?}");
    run.says("other");
}

#[test]
fn a_refusal_stands_at_its_token_and_has_a_next_step() {
    let walk = Walk::new();
    let live = TestServer::get().database();
    walk.write("views/w.sql", "SELECT a\nFROM s.tt;\n");
    for (schema, place, says) in [
        (
            "table t { column a int }\n    view v {\n        query \"\"\"\n            select a,\n              nope\n            from s.t\n            \"\"\"\n    }",
            "6:15",
            "correct the name, or declare the column",
        ),
        (
            "table t { column a int; check \"a > (1))\" }",
            "",
            "kdl::slot",
        ),
        (
            "table t { column a int; check \"a >\" }",
            "2:38",
            "correct the SQL there",
        ),
        (
            "table t { column a nosuchtype }",
            "2:24",
            "where an extension brings it",
        ),
        (
            "table tables { column a int }\n    view v { query \"select 1 from s.tabels\" }",
            "3:35",
            "did you mean `s.tables`?",
        ),
        (
            "table t { column a int; check \"nothing(a)\" }",
            "2:36",
            "cast its arguments",
        ),
        (
            "table tt { column b int }\n    view v { query file=\"../views/w.sql\" }",
            "3:",
            "PostgreSQL stops at app/schema/../views/w.sql:1:8",
        ),
    ] {
        walk.write(
            "schema/app.kdl",
            &format!("schema s {{\n    {schema}\n}}\n"),
        );
        walk.on(&live.url(), &["diff", "x"])
            .ends(4)
            .says(&format!("app.kdl:{place}"))
            .says(says);
    }
    walk.write("schema/app.kdl", "extension nosuchextension\n");
    walk.on(&live.url(), &["diff", "x"])
        .ends(4)
        .says("does not have this extension")
        .says("scratch url");
}

#[test]
fn a_role_that_nobody_has_is_found_before_anything_is_written() {
    let server = TestServer::get();
    server.admin(
        "DO $$ BEGIN CREATE ROLE refused_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    );
    let (walk, live) = with(
        "schema s {
    table t { column a int; grant select to=norole }
    table u owner=noowner { column a int }
    table v { column a int; policy p { to refused_readr; using #true } }
}
",
    );
    let run = walk.on(&live.url(), &["diff", "x"]).ends(4);
    assert_eq!(codes(&run), ["kdl::dangling"; 3], "{run:?}");
    run.says("nobody declares a role `norole`, and the cluster has none")
        .says("app.kdl:2:29")
        .says("declare it with `role noowner`")
        .says("did you mean `refused_reader`?");
    assert_eq!(walk.generated().len(), 0);
    walk.write(
        "schema/app.kdl",
        "role refused_new\nschema s {
    table t { column a int; grant select to=refused_reader; grant select to=PUBLIC; grant insert to=refused_new }
    table u owner=postgres { column a int; policy p { to pg_monitor; using #true } }
}
",
    );
    walk.on(&live.url(), &["diff", "--dry-run"]).ends(0);
    // A file that was written elsewhere.
    walk.write("schema/app.kdl", "schema s\n");
    walk.on(&live.url(), &["diff", "x"]).ends(0);
    let up = "generated/000001_x.up.sql";
    walk.write(
        up,
        &format!("{}GRANT USAGE ON SCHEMA s TO norole;\n", walk.read(up)),
    );
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(1)
        .says("a role belongs to the whole cluster");
}

#[test]
fn a_project_without_objects_says_what_to_write() {
    let (walk, live) = with("// nothing yet\n");
    for command in [["check"].as_slice(), &["diff", "--dry-run"]] {
        walk.on(&live.url(), command)
            .ends(0)
            .says("the KDL files declare nothing yet")
            .says("`app/schema`");
    }
    walk.write("schema/app.kdl", "schema s\n");
    let run = walk.on(&live.url(), &["check"]).ends(0);
    assert!(!run.err.contains("declare nothing"), "{run:?}");
}

/// PostgreSQL names no line of a table whose keys it refuses: each is tried by itself, and all are told in one run.
#[test]
fn foreign_keys_without_a_key_are_told_at_their_own_place() {
    let (walk, live) = with(
        "schema a {
    table t {
        column id integer primary-key
        column x integer
    }
    table nokey { column id integer }
    table u {
        column id integer primary-key
        column t integer references=t
        column w text references=t
        foreign-key id { references t x }
        foreign-key t name=mine { references nokey }
        check \"id > 0\"
    }
}
",
    );
    let run = walk.on(&live.url(), &["diff", "x"]).ends(4);
    assert_eq!(codes(&run), ["scratch::refused"; 3], "{run:?}");
    run.says("PostgreSQL refuses foreign-key a.u.mine: there is no primary key")
        .says("app.kdl:12:9")
        .says("PostgreSQL refuses foreign-key a.u.u_id_fkey")
        .says("app.kdl:11:9")
        .says("PostgreSQL refuses foreign-key a.u.u_w_fkey")
        .says("app.kdl:10:9");
}

#[test]
fn words_that_the_server_is_too_old_for_are_told_at_their_nodes() {
    let (walk, server) = (Walk::new(), TestServer::get());
    let database = server.database();
    walk.write(
        "schema/app.kdl",
        "schema app {\n    table t {\n        column a int primary-key\n        column b int { generated \"a + 1\" virtual }\n        \
         check \"a > 0\" enforced=#false\n    }\n}\n",
    );
    let run = walk.on(&database.url(), &["diff", "one"]);
    if server.major() >= 18 {
        run.ends(0);
        return;
    }
    run.ends(4)
        .says("scratch::newer")
        .says("column app.t.b says `virtual`, which PostgreSQL has since version 18")
        .says("check app.t.t_a_check says `enforced=#false`")
        .says("schema/app.kdl:4")
        .says("schema/app.kdl:5");
}

/// PostgreSQL stops at the first mistake of a statement: each line that it refuses is left out, and the rest tried again.
#[test]
fn all_mistakes_of_a_table_are_told_in_one_run() {
    let (walk, live) = with(
        r#"schema s {
    enum mood a b
    table t {
        column id int primary-key
        column k nosuch
        column m mood default="'zzz'"
        column d int default="true"
        column e int default="nofn()"
        column g int { generated "now()" stored }
        column s int check="nocol > 1"
        check "k > 0" name=follows
        index k
        index { column id opclass=nope }
        trigger x before insert for-each=row execute=nofn2
    }
    view follows2 { query "select k, id from s.t" }
    view v2 { query "select nope from s.t" }
    table u { column a int references=t; column b "numeric(3,9,2)" }
    function h returns=int language=plpgsql { body "begin retrun 1; end" }
}
"#,
    );
    let run = walk.on(&live.url(), &["diff", "x"]).ends(4);
    assert_eq!(codes(&run), ["scratch::refused"; 11], "{run:?}");
    assert!(!run.err.contains("refuses check s.t.follows"), "{run:?}");
    assert!(!run.err.contains("refuses view s.follows2"), "{run:?}");
    run.says("type \"nosuch\" does not exist")
        .says("app.kdl:5:18")
        .says("invalid input value for enum mood: \"zzz\"")
        .says("PostgreSQL refuses column s.t.d: column \"d\" is of type integer but default")
        .says("function nofn() does not exist")
        .says("PostgreSQL refuses column s.t.g: generation expression is not immutable")
        .says("app.kdl:9:9")
        .says("column \"nocol\" does not exist")
        .says("operator class \"nope\" does not exist")
        .says("PostgreSQL refuses trigger s.t.x: function nofn2() does not exist")
        .says("PostgreSQL refuses view s.v2: column \"nope\" does not exist")
        .says("invalid NUMERIC type modifier")
        .says("PostgreSQL refuses function s.h(): syntax error");
    assert_eq!(walk.generated().len(), 0);
}

/// A name that is declared elsewhere is missing where it stands: that is told, and nothing of its table vanishes in silence.
#[test]
fn a_name_that_another_schema_declares_is_missing_here() {
    let (walk, live) = with(
        "schema a { table t { column id integer; column x integer default=\"nextval('seq')\" } }\nschema b { sequence seq }\n",
    );
    let run = walk.on(&live.url(), &["diff", "x"]).ends(4);
    assert_eq!(codes(&run), ["scratch::refused"], "{run:?}");
    run.says("relation \"seq\" does not exist")
        .says("app.kdl:1:");
}

#[test]
fn a_date_without_quotes_of_sql_says_how_it_is_written() {
    let (walk, live) = with(
        "schema s {
    table m {
        column at date
        partition-by range \"at\"
        partition m1 from=\"2024-01-01\" to=\"2025-01-01\"
    }
}
",
    );
    walk.on(&live.url(), &["diff", "x"])
        .ends(4)
        .says("a bound is SQL, where a date or a text stands in quotes of its own");
}
