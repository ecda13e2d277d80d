//! Words that say how to get there, and what keeps counting on the way: neither is lost where a plan takes another road.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemactl::author::Authored;
use schemactl::kdl::{Diagnostics, Sources};
use schemactl::kind::language::{Desired, read};
use schemactl::kind::{Catalog, Object};
use schemactl::model::{Kind, ObjectId};

use crate::cases::{PlanForm, catalog, make_roles, script, way};
use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer};

/// What a file asks for.
pub(crate) fn desired(text: &str) -> Desired {
    let diagnostics = Diagnostics::new();
    let files = vec![("a.kdl".to_owned(), text.to_owned())];
    let sources = Arc::new(Sources::from_texts(files, &diagnostics));
    let desired = read(sources.nodes(), &BTreeMap::new(), &diagnostics);
    if let Err(mistakes) = diagnostics.into_result(&sources) {
        panic!("{}", mistakes.render());
    }
    desired
}

/// The way from what a script made to what a file asks for.
async fn change(server: &TestServer, from: &TestDatabase<'_>, to: &str) -> Authored {
    let base: Catalog = catalog(&from.url()).await;
    way(server, &base, &desired(to), PlanForm::Plain)
        .await
        .unwrap()
        .expect("a change")
}

#[tokio::test]
async fn words_of_transition_outlive_the_spelling_of_the_author() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA s;
         CREATE TABLE s.a (id integer PRIMARY KEY, e text, c text);
         CREATE TABLE s.b (id integer, x integer, z integer);
         CREATE VIEW s.w AS SELECT b.* FROM s.b;
         CREATE TYPE s.mood AS ENUM ('low', 'high');
         INSERT INTO s.a VALUES (1, NULL, 'four');",
    );
    // The generated column comes last, so that `b.*` is another list than at first: it is elaborated once more. A name without
    // its schema means nothing where nothing is in the search path: PostgreSQL's spelling of that view has to do.
    let up = change(
        server,
        &live,
        r#"schema s {
            enum mood { value calm renamed-from=low; value high }
            table a {
                column id integer primary-key
                column e text not-null backfill="'none'"
                column c integer convert="length(c)"
            }
            table b { column id integer; column x integer { generated "z + 1" stored }; column z integer; column q text }
            view w { query "select b.* from s.b" }
            view unqualified { query "select z as zz from b" }
        }"#,
    )
    .await
    .up;
    let up = script(&up);
    assert!(up.contains("FROM s.b;") && !up.contains("as zz"), "{up}");
    for words in [
        "USING length(c)",
        "SET e = 'none'",
        "RENAME VALUE 'low' TO 'calm'",
    ] {
        assert!(up.contains(words), "no {words} in:\n{up}");
    }
    live.psql(&up);
    assert_eq!(live.psql("SELECT e, c FROM s.a").trim(), "none|4");
}

/// The author's value for old rows is not the default's, and where it is one for all, no row is written for it.
#[tokio::test]
async fn old_rows_get_the_authors_value_and_new_ones_the_default() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA s;
         CREATE TYPE s.mood AS ENUM ('low', 'high');
         CREATE TABLE s.a (id integer PRIMARY KEY);
         INSERT INTO s.a SELECT generate_series(1, 3);",
    );
    let file = live.psql("SELECT pg_relation_filenode('s.a')");
    let (base, desired) = (
        catalog(&live.url()).await,
        desired(
            r#"schema s {
                enum mood { value low; value high }
                table a {
                    column id integer primary-key
                    column same text not-null backfill="'old'"
                    column two text not-null default="'new'" backfill="'old'"
                    column either text default="'new'" backfill="'old'"
                    column open integer backfill=7
                    column mood mood not-null backfill="'low'::s.mood"
                    column each text not-null backfill="'row ' || id"
                    column each_both text not-null default="'new'" backfill="'row ' || id"
                    column each_open text default="'new'" backfill="'row ' || id"
                    column equal text not-null default="'new'" backfill="'new'"
                }
            }"#,
        ),
    );
    for form in [PlanForm::Plain, PlanForm::Online] {
        let authored = way(server, &base, &desired, form)
            .await
            .unwrap()
            .expect("a change");
        let up = script(&authored.up);
        for column in ["same", "two", "either", "open", "mood", "equal"] {
            assert!(!up.contains(&format!("SET {column} =")), "{form:?}:\n{up}");
        }
        live.psql(&up);
        live.psql("INSERT INTO s.a (id, same, mood, each) VALUES (4, 's', 'high', 'e')");
        let rows = live.psql("SELECT same, two, either, open, mood, each, each_both, each_open, equal FROM s.a WHERE id IN (2, 4) ORDER BY id");
        assert_eq!(
            rows.trim(),
            "old|old|old|7|low|row 2|row 2|row 2|new\ns|new|new||high|e|new|new|new",
            "{form:?}:\n{up}"
        );
        assert_eq!(
            live.psql("SELECT pg_relation_filenode('s.a')"),
            file,
            "nothing is written anew"
        );
        live.psql(&script(&authored.down));
        live.psql("DELETE FROM s.a WHERE id = 4");
    }
}

#[tokio::test]
async fn an_identity_that_becomes_serial_goes_on_counting_and_back() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA s;
         CREATE TABLE s.a (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, t text);
         CREATE TABLE s.b (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s.odd START 10), t text);
         CREATE TABLE s.unused (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY);
         INSERT INTO s.a (t) VALUES ('1'), ('2'), ('3'); INSERT INTO s.b (t) VALUES ('10'), ('11');
         -- The last number was given away, whatever became of the row.
         DELETE FROM s.a WHERE id = 3;",
    );
    let authored = change(
        server,
        &live,
        "schema s {
            table a { column id serial primary-key; column t text }
            table b { column id bigserial primary-key; column t text }
            table unused { column id serial primary-key }
        }",
    )
    .await;
    let insert = "INSERT INTO s.a (t) VALUES ('x') RETURNING id; INSERT INTO s.b (t) VALUES ('x') RETURNING id;
                  INSERT INTO s.unused DEFAULT VALUES RETURNING id;";
    live.psql(&script(&authored.up));
    assert_eq!(
        live.psql(insert).split_whitespace().collect::<Vec<_>>(),
        ["4", "12", "1"]
    );
    let lost: Vec<String> = authored
        .down
        .hazards()
        .map(|hazard| hazard.code.to_string())
        .collect();
    assert_eq!(lost, Vec::<String>::new(), "positions are carried");
    live.psql(&script(&authored.down));
    assert_eq!(
        live.psql(insert).split_whitespace().collect::<Vec<_>>(),
        ["5", "13", "2"]
    );
}

/// A column with values that becomes an identity or serial, and back and forth: no value is given twice.
#[tokio::test]
async fn what_begins_to_count_goes_on_behind_the_values() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA s;
         CREATE TABLE s.a (id integer PRIMARY KEY, t text);
         CREATE TABLE s.b (id text PRIMARY KEY, t text);
         CREATE TABLE s.c (id bigint PRIMARY KEY, t text);
         CREATE TABLE s.d (id integer PRIMARY KEY, t text);
         INSERT INTO s.a VALUES (1), (7); INSERT INTO s.b VALUES ('2'), ('11'); INSERT INTO s.c VALUES (-3); INSERT INTO s.d VALUES (4);",
    );
    let authored = change(
        server,
        &live,
        "schema s {
            table a { column id integer primary-key { identity always }; column t text }
            table b { column id serial primary-key convert=\"id::integer\"; column t text }
            table c { column id bigint primary-key { identity always { start 100 } }; column t text }
            table d { column id serial primary-key; column t text }
        }",
    )
    .await;
    let insert = |tables: &str| {
        let add = |table: char| format!("INSERT INTO s.{table} (t) VALUES ('x') RETURNING id;");
        live.psql(&tables.chars().map(add).collect::<String>())
    };
    live.psql(&script(&authored.up));
    assert_eq!(
        insert("abcd").split_whitespace().collect::<Vec<_>>(),
        ["8", "12", "100", "5"]
    );
    // And the way back of a way that took it away.
    let away = change(
        server,
        &live,
        "schema s {
            table a { column id integer primary-key; column t text }
            table b { column id integer primary-key; column t text }
            table c { column id bigint primary-key; column t text }
            table d { column id integer primary-key; column t text }
        }",
    )
    .await;
    live.psql(&script(&away.up));
    live.psql(&script(&away.down));
    assert_eq!(
        insert("abcd").split_whitespace().collect::<Vec<_>>(),
        ["9", "13", "101", "6"]
    );
}

#[tokio::test]
async fn a_change_of_type_without_a_way_back_says_so() {
    let server = TestServer::get();
    let live = server.database();
    live.psql("CREATE SCHEMA s; CREATE TABLE s.a (x integer, y integer, z integer);");
    let up = change(
        server,
        &live,
        r#"schema s { table a {
            column x point convert="point(x, x)"
            column y point convert="point(y, y)" convert-back="(y[0])::integer"
            column z bigint
        } }"#,
    )
    .await;
    let said: Vec<String> = up
        .up
        .hazards()
        .filter(|hazard| hazard.code == "no-way-back")
        .map(|hazard| hazard.object.to_string())
        .collect();
    assert_eq!(said, ["column s.a.x"], "{}", script(&up.up));
    live.psql(&script(&up.up));
    // Where there are no values, the way back is a way.
    live.psql(&script(&up.down));
    live.psql("INSERT INTO s.a VALUES (1, 2, 3)");
    live.psql(&script(&up.up));
    let refused = live.try_psql(&script(&up.down)).unwrap_err();
    assert!(refused.contains("invalid input syntax"), "{refused}");
}

#[tokio::test]
async fn the_sequence_of_a_serial_column_follows_its_renamed_table() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA s; CREATE SCHEMA q;
         CREATE TABLE s.t (id serial PRIMARY KEY, c integer);
         CREATE TABLE s.u (n bigserial, c integer);
         INSERT INTO s.t (c) VALUES (1), (2);
         INSERT INTO s.u (c) VALUES (1), (2), (3);",
    );
    let up = change(
        server,
        &live,
        "schema s { table u { column m bigserial renamed-from=n; column c integer } }
         schema q { table tt renamed-from=s.t { column id serial primary-key; column c integer } }",
    )
    .await;
    let sql = script(&up.up);
    assert!(
        !sql.contains("CREATE SEQUENCE") && !sql.contains("DROP SEQUENCE"),
        "{sql}"
    );
    live.psql(&sql);
    assert_eq!(
        live.psql("INSERT INTO q.tt (c) VALUES (3) RETURNING id"),
        "3"
    );
    assert_eq!(live.psql("INSERT INTO s.u (c) VALUES (4) RETURNING m"), "4");
    assert_eq!(
        live.psql(
            "SELECT pg_get_serial_sequence('q.tt', 'id'), pg_get_serial_sequence('s.u', 'm')"
        ),
        "q.tt_id_seq|s.u_m_seq"
    );
    live.psql(&script(&up.down));
    assert_eq!(
        live.psql("INSERT INTO s.t (c) VALUES (4) RETURNING id"),
        "4"
    );
    assert_eq!(
        live.psql("SELECT pg_get_serial_sequence('s.t', 'id'), pg_get_serial_sequence('s.u', 'n')"),
        "s.t_id_seq|s.u_n_seq"
    );
}

#[tokio::test]
async fn all_privileges_of_columns_are_granted() {
    let server = TestServer::get();
    make_roles(server);
    let live = server.database();
    live.psql("CREATE SCHEMA z; CREATE TABLE z.t (a integer, b integer, c integer)");
    let authored = change(
        server,
        &live,
        "schema z {
            table t {
                column a integer
                column b integer
                column c integer
                grant all to=case_reader { columns a b }
                grant select to=case_writer { columns a }
                grant all to=case_writer { columns c }
            }
        }",
    )
    .await;
    live.psql(&script(&authored.up));
    let rights = live.psql(
        "SELECT string_agg(grantee || '.' || column_name || '.' || privilege_type, ' ' ORDER BY 1)
         FROM (SELECT grantee, column_name, privilege_type FROM information_schema.column_privileges
               WHERE table_schema = 'z' AND grantee LIKE 'case_%' AND privilege_type IN ('SELECT', 'REFERENCES')
               ORDER BY 1, 2, 3) p",
    );
    assert_eq!(
        rights.trim(),
        "case_reader.a.REFERENCES case_reader.a.SELECT case_reader.b.REFERENCES case_reader.b.SELECT \
         case_writer.a.SELECT case_writer.c.REFERENCES case_writer.c.SELECT"
    );
    let id = ObjectId::in_schema(Kind::Table, "z", "t")
        .child(Kind::Column, "b")
        .child(Kind::Grant, "case_reader")
        .with_signature("UPDATE");
    assert!(matches!(authored.after.get(&id), Some(Object::Grant(grant)) if grant.granted));
}

#[tokio::test]
async fn values_of_an_enum_exchange_their_names_once() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA s;
         CREATE TYPE s.state AS ENUM ('open', 'shut', 'gone');
         CREATE TABLE s.door (id integer, state s.state DEFAULT 'open');
         INSERT INTO s.door VALUES (1, 'open'), (2, 'shut'), (3, 'gone');",
    );
    let wanted = "schema s {
        enum state { value shut renamed-from=open; value open renamed-from=shut; value gone }
        table door { column id integer; column state s.state default=\"'shut'\" }
    }";
    let authored = change(server, &live, wanted).await;
    let states = "SELECT string_agg(state::text, ' ' ORDER BY id) FROM s.door";
    live.psql(&script(&authored.up));
    assert_eq!(live.psql(states).trim(), "shut open gone");
    let base: Catalog = catalog(&live.url()).await;
    let again = way(server, &base, &desired(wanted), PlanForm::Plain)
        .await
        .unwrap();
    assert!(again.is_none(), "the exchange is done");
    live.psql(&script(&authored.down));
    assert_eq!(live.psql(states).trim(), "open shut gone");
}

#[test]
fn a_table_takes_the_name_of_one_that_is_renamed() {
    let walk = Walk::new();
    let database = TestServer::get().database();
    let url = database.url();
    let columns = "column id integer primary-key; column code text unique";
    walk.write(
        "schema/app.kdl",
        &format!("schema app {{ table a {{ {columns} }} }}\n"),
    );
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    database.psql("INSERT INTO app.a VALUES (1, 'x')");
    walk.write(
        "schema/app.kdl",
        &format!(
            "schema app {{ table b renamed-from=a {{ {columns} }}; table a {{ {columns} }} }}\n"
        ),
    );
    walk.on(&url, &["diff", "two"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let rows = "SELECT (SELECT count(*) FROM app.a), (SELECT count(*) FROM app.b)";
    assert_eq!(database.psql(rows).trim(), "0|1");
    walk.on(&url, &["diff", "three"])
        .ends(0)
        .says("nothing to do");
}

#[test]
fn words_without_an_effect_are_refused() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "role app
         role renamed renamed-from=old
         default-privileges for=app { revoke execute on=functions from=public }
         schema s {
            default-privileges for=app { grant all on=tables to=app; revoke delete on=tables from=app }
            default-privileges for=app { revoke execute on=functions from=public }
         }",
    );
    let run = walk.run(&["check", "--project", "app"]).ends(4);
    let run = run
        .says("kdl::no-effect")
        .says("schema s give public no execute");
    let run = run
        .says("kdl::role-rename")
        .says("ALTER ROLE old RENAME TO renamed");
    assert_eq!(run.err.matches("kdl::no-effect").count(), 1, "{}", run.err);
}

#[test]
fn an_inspected_file_that_was_changed_is_not_replaced_without_a_yes() {
    let server = TestServer::get();
    let live = server.database();
    live.psql("CREATE SCHEMA a; CREATE TABLE a.t (id integer); CREATE SCHEMA b; CREATE TABLE b.t (id integer)");
    let (walk, url) = (Walk::new(), live.url());
    let inspect = |more: &[&str]| {
        let mut arguments = vec!["inspect", "--output", "app/out", "--url", &url];
        arguments.extend(more);
        walk.run(&arguments)
    };
    inspect(&[]).ends(0);
    live.psql("ALTER TABLE a.t ADD COLUMN n integer");
    inspect(&[]).ends(0);
    assert!(walk.read("out/a.kdl").contains("column n"));
    let mine = format!("{}// why\n", walk.read("out/b.kdl"));
    walk.write("out/b.kdl", &mine);
    live.psql("DROP SCHEMA b CASCADE; ALTER TABLE a.t DROP COLUMN n");
    inspect(&[]).ends(3).says("b.kdl").says("--yes");
    assert_eq!(walk.read("out/b.kdl"), mine);
    assert!(
        walk.read("out/a.kdl").contains("column n"),
        "nothing was written"
    );
    inspect(&["--yes"]).ends(0);
    assert!(!walk.path("out/b.kdl").exists());
    assert!(!walk.read("out/a.kdl").contains("column n"));
}

#[tokio::test]
async fn grants_keep_the_order_in_which_they_were_given() {
    let server = TestServer::get();
    make_roles(server);
    let (from, to) = (server.database(), server.database());
    to.psql(
        "CREATE SCHEMA s; CREATE TABLE s.t (id integer, c integer); CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
         GRANT SELECT ON s.t TO case_writer; GRANT SELECT, INSERT ON s.t TO case_owner; GRANT SELECT ON s.t TO case_reader;
         GRANT UPDATE (c) ON s.t TO case_writer; GRANT UPDATE (c) ON s.t TO case_owner;
         GRANT EXECUTE ON FUNCTION s.f() TO case_writer; GRANT EXECUTE ON FUNCTION s.f() TO case_owner;
         GRANT USAGE ON SCHEMA s TO case_writer, case_owner;",
    );
    let (wanted, _) = crate::cases::through_kdl(&catalog(&to.url()).await).unwrap();
    let base = catalog(&from.url()).await;
    let up = way(server, &base, &wanted, PlanForm::Plain)
        .await
        .unwrap()
        .expect("a change");
    from.psql(&script(&up.up));
    let lists = "SELECT relacl FROM pg_class WHERE oid = 's.t'::regclass
         UNION ALL SELECT attacl FROM pg_attribute WHERE attrelid = 's.t'::regclass AND attname = 'c'
         UNION ALL SELECT proacl FROM pg_proc WHERE proname = 'f' AND pronamespace = 's'::regnamespace
         UNION ALL SELECT nspacl FROM pg_namespace WHERE nspname = 's'";
    assert_eq!(from.psql(lists), to.psql(lists), "{}", script(&up.up));
}
