//! Types, routines, triggers and what belongs to the database itself: a database that holds everything these kinds can
//! have is written as KDL, made again from it, and made again from its catalog; all three are equal.

use std::collections::BTreeSet;

use crate::support::{TestDatabase, TestServer};
use schemactl::diff::{Changes, compare};
use schemactl::kdl::{Diagnostics, Sources};
use schemactl::kind::Catalog;
use schemactl::kind::language::{Desired, NamePatterns, WriteOptions, read, write};
use schemactl::model::Kind;
use schemactl::pg::connect::Session;
use schemactl::pg::introspect::introspect;
use schemactl::pg::target::Target;
use schemactl::plan::{Plan, PlanOptions, plan};
use schemactl::scratch::build::{Spelling, build, empty, run_plan};
use schemactl::scratch::elaborate::{Doubts, elaborate};

async fn session(database: &TestDatabase<'_>) -> Session {
    let target = Target::parse(&database.url()).unwrap();
    Session::connect(&target, "schemactl test").await.unwrap()
}

fn without_roles(catalog: &Catalog) -> Catalog {
    catalog.filtered(|id, _| {
        !matches!(
            id.kind,
            Kind::Role | Kind::RoleMembership | Kind::RoleSetting | Kind::DatabaseSetting
        )
    })
}

fn describe(changes: &Changes, from: &Catalog, to: &Catalog) -> String {
    let json = |catalog: &Catalog, id| {
        catalog
            .get(id)
            .map(|object| object.to_json().to_string())
            .unwrap_or_default()
    };
    changes
        .iter()
        .map(|(id, change)| {
            format!(
                "{change:?} {id}\n  {}\n  {}\n",
                json(from, id),
                json(to, id)
            )
        })
        .collect()
}

fn assert_equal(what: &str, from: &Catalog, to: &Catalog) {
    let changes = compare(from, to);
    assert!(
        changes.is_empty(),
        "{what}:\n{}",
        describe(&changes, from, to)
    );
}

/// The desired state that a text asks for.
fn desired(text: &str) -> Desired {
    let diagnostics = Diagnostics::new();
    let sources = Sources::from_texts([("a.kdl", text)], &diagnostics);
    let names = NamePatterns::default();
    let desired = read(sources.nodes().collect::<Vec<_>>(), &names, &diagnostics);
    assert!(
        diagnostics.is_empty(),
        "{text}\n{:#?}",
        diagnostics.sorted()
    );
    desired
}

/// Database → KDL → database, and database → catalog → database. Gives the KDL.
async fn round_trip(sql: &str) -> String {
    let server = TestServer::get();
    let original = server.database();
    original.psql(sql);
    let first = session(&original).await;
    let catalog = without_roles(&introspect(first.client()).await.unwrap());
    let text: String = write(&catalog, &WriteOptions::default())
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    let again = server.database();
    let second = session(&again).await;
    let elaborated = elaborate(
        &second,
        &desired(&text),
        None,
        &empty(&second).await.unwrap(),
        None,
        &mut Doubts::default(),
    )
    .await
    .unwrap_or_else(|error| panic!("{text}\n{error:#?}"));
    assert_equal(&text, &catalog, &without_roles(&elaborated));
    let built = server.database();
    let third = session(&built).await;
    build(
        &third,
        &catalog,
        &empty(&third).await.unwrap(),
        Spelling::Exact,
    )
    .await
    .unwrap();
    let reached = without_roles(&introspect(third.client()).await.unwrap());
    assert_equal("built from the catalog", &catalog, &reached);
    text
}

/// The statements that lead from one SQL to another, run there and back, in a database of their own.
async fn change(from: &str, to: &str) -> (Vec<String>, Vec<String>) {
    let server = TestServer::get();
    let (one, two) = (server.database(), server.database());
    one.psql(from);
    two.psql(to);
    let (one, two) = (session(&one).await, session(&two).await);
    let before = without_roles(&introspect(one.client()).await.unwrap());
    let after = without_roles(&introspect(two.client()).await.unwrap());
    let options = PlanOptions {
        server_version: one.server_version_num(),
        role: &before.origin.role,
        online: false,
        exact: None,
        stand_in: false,
        anew: None,
        arrangement: None,
    };
    let texts = |plan: &Plan| -> Vec<String> {
        plan.steps
            .iter()
            .map(|step| step.statement.text())
            .collect()
    };
    let up = plan(&before, &after, options).unwrap();
    run_plan(&one, &up)
        .await
        .unwrap_or_else(|error| panic!("{error:#?}\n{:#?}", texts(&up)));
    let reached = without_roles(&introspect(one.client()).await.unwrap());
    assert_equal(&format!("up: {:#?}", texts(&up)), &reached, &after);
    let down = plan(&after, &before, options).unwrap();
    run_plan(&one, &down)
        .await
        .unwrap_or_else(|error| panic!("{error:#?}\n{:#?}", texts(&down)));
    let reached = without_roles(&introspect(one.client()).await.unwrap());
    assert_equal(&format!("down: {:#?}", texts(&down)), &reached, &before);
    (texts(&up), texts(&down))
}

#[tokio::test]
async fn functions_and_procedures_go_round() {
    let text = round_trip(
        r#"
        CREATE SCHEMA app;
        CREATE TYPE app.state AS ENUM ('new', 'in progress', 'it''s');
        COMMENT ON TYPE app.state IS 'how it stands';
        CREATE TABLE app.t (id integer PRIMARY KEY, s app.state);
        CREATE FUNCTION app.add(a integer, b integer DEFAULT 1 + 1) RETURNS integer
            LANGUAGE sql IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 5 RETURN a + b;
        CREATE FUNCTION app.rows(OUT x integer, OUT y app.state) RETURNS SETOF record
            LANGUAGE sql STABLE ROWS 7 AS 'SELECT id, s FROM app.t';
        CREATE FUNCTION app.tab(VARIADIC names text[]) RETURNS TABLE(n text, "Odd one" timestamp with time zone)
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp SET work_mem = '8MB' AS $$
BEGIN
	RETURN QUERY SELECT 'a$b', now(); -- tab and '' and \
END $$;
        CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
        CREATE FUNCTION app.touch(s app.state) RETURNS app.state LANGUAGE sql AS 'SELECT s';
        CREATE FUNCTION app.crlf() RETURNS text LANGUAGE sql AS E'\r\nSELECT ''x''\r\n';
        CREATE PROCEDURE app.settle(IN day date DEFAULT CURRENT_DATE, INOUT done bigint DEFAULT 0) LANGUAGE sql
            BEGIN ATOMIC INSERT INTO app.t VALUES (1, 'new'); SELECT 1::bigint; END;
        CREATE PROCEDURE app.plain(a text) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN NULL; END';
        COMMENT ON FUNCTION app.touch(app.state) IS 'the other';
        COMMENT ON PROCEDURE app.plain(text) IS 'plain';
        CREATE FUNCTION app.win() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
        CREATE TRIGGER a BEFORE INSERT OR UPDATE OF id, s ON app.t FOR EACH ROW
            WHEN (NEW.id > 0) EXECUTE FUNCTION app.touch('x', 'it''s \ ü', '');
        CREATE TRIGGER b AFTER UPDATE ON app.t REFERENCING OLD TABLE AS o NEW TABLE AS n
            FOR EACH STATEMENT EXECUTE FUNCTION app.touch();
        CREATE CONSTRAINT TRIGGER c AFTER INSERT ON app.t FROM app.t DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION app.touch();
        CREATE TRIGGER d AFTER TRUNCATE ON app.t FOR EACH STATEMENT EXECUTE FUNCTION app.touch();
        ALTER TABLE app.t ENABLE ALWAYS TRIGGER a, DISABLE TRIGGER b;
        ALTER TABLE app.t ENABLE REPLICA TRIGGER c;
        COMMENT ON TRIGGER a ON app.t IS 'first';
        CREATE VIEW app.v AS SELECT id FROM app.t;
        CREATE TRIGGER ins INSTEAD OF INSERT ON app.v FOR EACH ROW EXECUTE FUNCTION app.touch();
        CREATE EXTENSION hstore SCHEMA app;
        CREATE EXTENSION pgcrypto;
        COMMENT ON EXTENSION hstore IS 'ours';
        "#,
    )
    .await;
    assert!(text.contains("extension pgcrypto\n"), "{text}");
    assert!(
        text.contains("extension hstore schema=app comment=ours"),
        "{text}"
    );
    assert!(
        !text.contains("plpgsql\n") || !text.contains("extension plpgsql"),
        "{text}"
    );
}

#[tokio::test]
async fn functions_change_in_place_where_postgresql_lets_them() {
    let view = "CREATE VIEW v AS SELECT f(1) AS x;";
    let make = |head: &str| format!("CREATE FUNCTION {head}; {view}");
    let (up, down) = change(
        &make("f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'"),
        &make("f(a integer DEFAULT 2) RETURNS integer LANGUAGE sql STABLE AS 'SELECT 2'"),
    )
    .await;
    assert!(
        up.len() == 1 && up[0].starts_with("CREATE OR REPLACE"),
        "{up:#?}"
    );
    // Taking a default away needs a new function, and so a new view.
    assert!(down.len() == 4, "{down:#?}");
    let (up, _) = change(
        &make("f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'"),
        &make("f(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'"),
    )
    .await;
    assert!(up.len() == 4, "{up:#?}");
}

#[tokio::test]
async fn a_removed_enum_value_moves_columns_to_a_new_type() {
    let rest =
        "CREATE TABLE t (id integer, s state NOT NULL DEFAULT 'a'); CREATE INDEX t_s ON t (s);
                CREATE FUNCTION f(state) RETURNS state LANGUAGE sql AS 'SELECT $1';
                INSERT INTO t VALUES (1, 'a')";
    let (up, _) = change(
        &format!("CREATE TYPE state AS ENUM ('a', 'b', 'c'); {rest}"),
        &format!("CREATE TYPE state AS ENUM ('c', 'a'); {rest}"),
    )
    .await;
    assert!(
        up.iter().any(|sql| sql.contains("RENAME TO state_old")),
        "{up:#?}"
    );
    assert!(
        up.last().unwrap().contains("state_old") || up.len() > 4,
        "{up:#?}"
    );
}

#[tokio::test]
async fn triggers_change_and_keep_their_switch() {
    let base = "CREATE TABLE t (id integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
    let (up, down) = change(
        &format!("{base} CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER a"),
        &format!("{base} CREATE TRIGGER a BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f('1')"),
    )
    .await;
    assert_eq!(
        up.len(),
        if up[0].starts_with("CREATE OR REPLACE") {
            1
        } else {
            2
        },
        "{up:#?}"
    );
    assert!(
        down.iter().any(|sql| sql.contains("DISABLE TRIGGER a")),
        "{down:#?}"
    );
    change(
        &format!("{base} CREATE CONSTRAINT TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"),
        &format!("{base} CREATE CONSTRAINT TRIGGER a AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()"),
    )
    .await;
}

#[tokio::test]
async fn a_desired_routine_is_the_one_that_postgresql_makes() {
    let server = TestServer::get();
    let database = server.database();
    let session = session(&database).await;
    let wanted = desired(
        r#"
schema app {
    enum state a b
    function f "a state, b varchar(20) DEFAULT 'x', OUT c float8, VARIADIC d int[] DEFAULT '{}'" language=sql {
        body "SELECT 1.0::float8"
        comment "spelt as people do"
    }
    function g "a timestamp with time zone" returns="SETOF state" language=sql { body "SELECT 'a'::app.state" }
}
"#,
    );
    let catalog = elaborate(
        &session,
        &wanted,
        None,
        &empty(&session).await.unwrap(),
        None,
        &mut Doubts::default(),
    )
    .await
    .unwrap();
    let missing: BTreeSet<_> = wanted
        .objects
        .keys()
        .filter(|id| !catalog.contains(id))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn a_declared_role_gets_what_is_stated_and_nothing_else() {
    // Roles belong to the cluster, so this one has a cluster of its own.
    let server = TestServer::fresh();
    let database = server.database();
    let session = session(&database).await;
    database.psql(
        "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kr_there') THEN CREATE ROLE kr_there CREATEDB CONNECTION LIMIT 3; END IF; END$$",
    );
    let wanted = desired(
        r#"
role kr_group
role kr_there login inherit=#false { member-of kr_group; set work_mem "8MB"; set search_path "app, public"; comment "a login" }
"#,
    );
    let catalog = elaborate(
        &session,
        &wanted,
        None,
        &empty(&session).await.unwrap(),
        None,
        &mut Doubts::default(),
    )
    .await
    .unwrap();
    for (id, object) in &wanted.objects {
        assert_eq!(catalog.get(id), Some(&object.object), "{id}");
    }
    let answer = database.psql(
        "SELECT rolcanlogin, rolcreatedb, rolinherit, rolconnlimit FROM pg_roles WHERE rolname = 'kr_there'",
    );
    assert_eq!(answer, "t|t|f|3");
}

#[tokio::test]
async fn types_go_round() {
    let text = round_trip(
        r#"
        CREATE SCHEMA app;
        CREATE COLLATION app.german (PROVIDER = icu, LOCALE = 'de-u-co-phonebk', DETERMINISTIC = false);
        CREATE COLLATION app.plain (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
        CREATE TYPE app.state AS ENUM ('a', 'b');
        CREATE DOMAIN app.email AS character varying(100) COLLATE "C" DEFAULT 'x@y' NOT NULL
            CONSTRAINT shape CHECK (VALUE ~ '@') CHECK (length(VALUE) > 2);
        ALTER DOMAIN app.email ADD CONSTRAINT later CHECK (VALUE <> 'z') NOT VALID;
        COMMENT ON CONSTRAINT shape ON DOMAIN app.email IS 'one @';
        COMMENT ON DOMAIN app.email IS 'a mail';
        CREATE TYPE app.pair AS (a integer, "B b" text COLLATE "C", s app.state[]);
        COMMENT ON COLUMN app.pair."B b" IS 'second';
        CREATE TYPE app.nothing AS ();
        CREATE DOMAIN app.pairs AS app.pair;
        CREATE FUNCTION app.diff(a double precision, b double precision) RETURNS double precision
            LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
        CREATE TYPE app.float_range AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = app.diff, MULTIRANGE_TYPE_NAME = app.many);
        CREATE TYPE app.words AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = pg_catalog.text_pattern_ops);
        CREATE TABLE app.t (r app.float_range DEFAULT app.float_range(1, 2), m app.many, e app.email, p app.pairs,
                            g text COLLATE app.german);
        CREATE TYPE app.shell;
        CREATE TYPE app.num;
        CREATE FUNCTION app.num_in(cstring) RETURNS app.num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
        CREATE FUNCTION app.num_out(app.num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
        CREATE TYPE app.num (INPUT = app.num_in, OUTPUT = app.num_out, INTERNALLENGTH = 4, PASSEDBYVALUE,
                             CATEGORY = 'N', DEFAULT = '7', DELIMITER = ';');
        CREATE FUNCTION app.num_eq(app.num, app.num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
        CREATE TABLE app.n (n app.num, many app.num[]);
        CREATE TYPE app.canon;
        CREATE FUNCTION app.canonical(app.canon) RETURNS app.canon LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
        CREATE TYPE app.canon AS RANGE (SUBTYPE = integer, CANONICAL = app.canonical);
        "#,
    )
    .await;
    assert!(text.contains("multirange=many"), "{text}");
}

#[tokio::test]
async fn types_that_cannot_be_altered_are_swapped_under_their_columns() {
    let rest = "CREATE DOMAIN d AS state; CREATE TYPE c AS (s state, n integer);
        CREATE TABLE t (id integer, d d DEFAULT 'a', c c, many state[]); CREATE VIEW v AS SELECT d FROM t;
        INSERT INTO t VALUES (1, 'a', '(a,1)', '{a,b}')";
    change(
        &format!("CREATE TYPE state AS ENUM ('a', 'b', 'c'); {rest}"),
        &format!("CREATE TYPE state AS ENUM ('b', 'a'); {rest}"),
    )
    .await;
    let base = |alignment: &str| {
        format!(
            "CREATE TYPE num; CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
            CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
            CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, INTERNALLENGTH = 4, PASSEDBYVALUE{alignment});
            CREATE FUNCTION twice(num) RETURNS num LANGUAGE sql AS 'SELECT $1'"
        )
    };
    change(&base(""), &base(", CATEGORY = 'N'")).await;
    change("", &base("")).await;
}

#[tokio::test]
async fn what_extends_postgresql_goes_round() {
    let text = round_trip(
        r#"
        CREATE SCHEMA app;
        CREATE FUNCTION app.step(integer[], integer) RETURNS integer[] LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
        CREATE FUNCTION app.unstep(integer[], integer) RETURNS integer[] LANGUAGE sql IMMUTABLE AS 'SELECT $1';
        CREATE FUNCTION app.fin(integer[]) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
        CREATE AGGREGATE app.last(integer) (SFUNC = app.step, STYPE = integer[], FINALFUNC = app.fin, INITCOND = '{}',
            MSFUNC = app.step, MINVFUNC = app.unstep, MSTYPE = integer[], MINITCOND = '{}', MFINALFUNC = app.fin,
            PARALLEL = safe, SSPACE = 100);
        CREATE AGGREGATE app.big(integer) (SFUNC = int4larger, STYPE = integer, SORTOP = >, COMBINEFUNC = int4larger);
        CREATE AGGREGATE app.all_rows(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
        CREATE AGGREGATE app.p(double precision ORDER BY double precision) (SFUNC = ordered_set_transition,
            STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
        COMMENT ON AGGREGATE app.last(integer) IS 'the last one';
        CREATE FUNCTION app.eq(integer, bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1::bigint = $2';
        CREATE FUNCTION app.eq2(bigint, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2::bigint';
        CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = app.eq, COMMUTATOR = OPERATOR(app.====),
                                 RESTRICT = eqsel, JOIN = eqjoinsel);
        CREATE OPERATOR app.==== (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = app.eq2, COMMUTATOR = OPERATOR(app.===));
        CREATE OPERATOR app.!! (RIGHTARG = integer, FUNCTION = int4abs);
        COMMENT ON OPERATOR app.!! (NONE, integer) IS 'abs';
        CREATE OPERATOR FAMILY app.fam USING btree;
        CREATE OPERATOR CLASS app.rev FOR TYPE integer USING btree FAMILY app.fam AS
            OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(integer, integer);
        ALTER OPERATOR FAMILY app.fam USING btree ADD OPERATOR 3 app.=== (integer, bigint), FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint);
        COMMENT ON OPERATOR CLASS app.rev USING btree IS 'backwards';
        CREATE TABLE app.t (id integer, body text);
        CREATE INDEX t_rev ON app.t (id app.rev);
        CREATE TYPE app.money AS (amount numeric);
        CREATE FUNCTION app.to_money(numeric) RETURNS app.money LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1)::app.money';
        CREATE CAST (numeric AS app.money) WITH FUNCTION app.to_money(numeric) AS ASSIGNMENT;
        CREATE CAST (app.money AS bytea) WITH INOUT;
        COMMENT ON CAST (app.money AS bytea) IS 'by text';
        CREATE CONVERSION app.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
        CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
        CREATE LANGUAGE own HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
        CREATE TEXT SEARCH PARSER app.prs (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
                                           LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
        CREATE TEXT SEARCH TEMPLATE app.tmpl (INIT = dsimple_init, LEXIZE = dsimple_lexize);
        CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = snowball, language = 'english', StopWords = 'english');
        CREATE TEXT SEARCH CONFIGURATION app.conf (PARSER = app.prs);
        ALTER TEXT SEARCH CONFIGURATION app.conf ADD MAPPING FOR asciiword, word WITH app.dict, simple;
        ALTER TEXT SEARCH CONFIGURATION app.conf ADD MAPPING FOR email WITH simple;
        CREATE FOREIGN DATA WRAPPER own_fdw OPTIONS (dbname 'x', api_key 'hunter2', api_key_id '7');
        CREATE SERVER films TYPE 'pg' VERSION '15' FOREIGN DATA WRAPPER own_fdw OPTIONS (host 'films.internal', "sslPassword" 'hunter2', password_required 'false');
        CREATE USER MAPPING FOR PUBLIC SERVER films OPTIONS (user 'reader', password 'hunter2');
        COMMENT ON SERVER films IS 'far';
        CREATE PUBLICATION pub FOR TABLE app.t (id) WHERE (id > 3) WITH (publish = 'insert, update', publish_via_partition_root = true);
        CREATE PUBLICATION pub2 FOR TABLES IN SCHEMA app;
        CREATE PUBLICATION pub3 FOR ALL TABLES;
        CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere password=hunter2' PUBLICATION a, b WITH (connect = false, slot_name = NONE, binary = true);
        CREATE FUNCTION app.ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER ev ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION app.ev();
        ALTER EVENT TRIGGER ev ENABLE ALWAYS;
        COMMENT ON EVENT TRIGGER ev IS 'watches';
        DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem TO ''9MB''', current_database()); END$$;
        "#,
    )
    .await;
    assert!(!text.contains("hunter2"), "a secret: {text}");
    assert!(text.contains("password=(env)"), "{text}");
    assert!(text.contains("api_key=(env)OWN_FDW_API_KEY"), "{text}");
    assert!(
        text.contains("sslPassword=(env)FILMS_SSLPASSWORD"),
        "{text}"
    );
}

#[tokio::test]
async fn every_system_catalog_has_its_place() {
    use schemactl::kind::Object;
    use schemactl::pg::introspect::places::{PARTS, REFUSED};
    let server = TestServer::get();
    let database = server.database();
    let classes: BTreeSet<&str> = Object::BUILT
        .iter()
        .filter_map(|kind| Object::source(*kind))
        .map(|source| source.class)
        .collect();
    let known = |name: &str| {
        usize::from(classes.contains(name))
            + PARTS.iter().filter(|(part, _)| *part == name).count()
            + REFUSED.iter().filter(|(part, _)| *part == name).count()
    };
    let catalogs = database.psql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' ORDER BY 1",
    );
    let lost: Vec<&str> = catalogs.lines().filter(|name| known(name) == 0).collect();
    assert!(lost.is_empty(), "no place in the model: {lost:?}");
    let twice: Vec<&str> = catalogs.lines().filter(|name| known(name) > 1).collect();
    assert!(twice.is_empty(), "two places: {twice:?}");
    let unbuilt: Vec<Kind> = Kind::ALL
        .iter()
        .copied()
        .filter(|kind| {
            let is_inner = matches!(kind, Kind::Attribute | Kind::EnumValue);
            !Object::BUILT.contains(kind) && !is_inner
        })
        .collect();
    assert!(
        unbuilt.is_empty(),
        "kinds without a definition: {unbuilt:?}"
    );
}

#[tokio::test]
async fn what_the_model_does_not_hold_is_named() {
    let server = TestServer::get();
    let database = server.database();
    database.psql(
        "SET allow_system_table_mods = on; CREATE FUNCTION pg_catalog.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    );
    let session = session(&database).await;
    let catalog = introspect(session.client()).await.unwrap();
    let found: Vec<(&str, &str)> = catalog
        .unmodelled
        .iter()
        .map(|(kind, name)| (kind.as_str(), name.as_str()))
        .collect();
    assert_eq!(found, [("function", "pg_catalog.mine")]);
}
