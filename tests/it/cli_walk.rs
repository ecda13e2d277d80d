//! The walk of a project through its commands with the real binary, pg_dump being the judge.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer, assert_same_dump};

const BEFORE: &str = "
    CREATE SCHEMA auth;
    CREATE TABLE auth.users (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email varchar(200) NOT NULL,
        legacy text
    );
    INSERT INTO auth.users (email) VALUES ('ana'), ('bob');
";

const AFTER: &str = "
    CREATE SCHEMA auth;
    CREATE TABLE auth.users (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email varchar(255) NOT NULL UNIQUE,
        status text DEFAULT 'active' NOT NULL CHECK (status IN ('active', 'inactive'))
    );
    CREATE INDEX users_lower ON auth.users (lower(email));
    CREATE TABLE auth.orders (
        id serial PRIMARY KEY,
        user_id bigint REFERENCES auth.users ON DELETE CASCADE
    );
    CREATE VIEW auth.active AS SELECT id, email FROM auth.users WHERE status = 'active';
    COMMENT ON TABLE auth.orders IS 'What users ordered';
";

#[test]
fn from_one_database_to_another_and_back() {
    let server = TestServer::get();
    let (live, wanted) = (server.database(), server.database());
    live.psql(BEFORE);
    wanted.psql(AFTER);
    let before = live.pg_dump_schema();
    let walk = Walk::new();
    let url = live.url();
    walk.run(&["inspect", "--url", &wanted.url(), "--output", "app"])
        .ends(0);
    assert!(walk.read("schema/auth.kdl").contains("table orders"));
    walk.on(&url, &["baseline"]).ends(0);
    assert_eq!(
        walk.generated(),
        ["000001_baseline.down.sql", "000001_baseline.up.sql"]
    );
    walk.on(&url, &["diff", "to_wanted", "--exit-code"]).ends(2);
    let up = walk.read("generated/000002_to_wanted.up.sql");
    assert!(
        up.contains("-- schemactl:hazard data-loss drop-column column auth.users.legacy"),
        "{up}"
    );
    assert!(
        up.contains("-- schemactl:proven up and down on PostgreSQL"),
        "{up}"
    );
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &wanted.pg_dump_schema());
    let files = walk.generated();
    walk.on(&url, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    assert_eq!(walk.generated(), files, "an empty diff writes nothing");
    walk.on(&url, &["status", "--check"])
        .ends(0)
        .says("as recorded");
    assert_eq!(live.psql("SELECT count(*) FROM auth.users").trim(), "2");
    walk.run(&["verify", "--project", "app"]).ends(0);
    walk.on(&url, &["rollback", "--all", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
    assert_eq!(live.psql("SELECT count(*) FROM auth.users").trim(), "2");
}

#[test]
fn what_stands_on_a_declared_schema_goes_with_it() {
    let server = TestServer::get();
    let (live, wanted) = (server.database(), server.database());
    live.psql(
        "CREATE SCHEMA app;
         CREATE TYPE app.level AS ENUM ('low', 'high');
         CREATE FUNCTION app.rank(app.level) RETURNS integer LANGUAGE sql AS 'SELECT 1';
         CREATE CAST (app.level AS integer) WITH FUNCTION app.rank(app.level);
         CREATE FUNCTION app.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
         CREATE EVENT TRIGGER app_watch ON ddl_command_end EXECUTE FUNCTION app.watch();
         CREATE EXTENSION citext;",
    );
    wanted.psql("CREATE SCHEMA app; CREATE TYPE app.level AS ENUM ('low', 'high'); CREATE EXTENSION citext;");
    let before = live.pg_dump_schema();
    let walk = Walk::new();
    let url = live.url();
    walk.run(&["inspect", "--url", &url, "--output", "app"])
        .ends(0);
    walk.on(&url, &["baseline"]).ends(0);
    walk.run(&["inspect", "--url", &wanted.url(), "--output", "app"])
        .ends(0);
    walk.on(&url, &["diff", "less"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &wanted.pg_dump_schema());
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["rollback", "--all", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
}

#[test]
fn an_imported_database_is_rebuilt_from_its_files() {
    let server = TestServer::get();
    let (live, empty) = (server.database(), server.database());
    live.psql(AFTER);
    let nothing = empty.pg_dump_schema();
    let walk = Walk::new();
    std::fs::remove_dir_all(walk.path("")).unwrap();
    walk.run(&["init", "app", "--from", &live.url()])
        .ends(0)
        .says(&format!("schemactl baseline --url '{}'", live.url()));
    walk.on(&live.url(), &["status"]).ends(0).says("1 pending");
    // The files are not there yet: not in an empty database, nor in the project's own.
    walk.on(&empty.url(), &["baseline", "--yes"])
        .ends(3)
        .says("baseline::differs")
        .says("schema auth is missing");
    walk.on(&empty.url(), &["status"]).ends(0).says("1 pending");
    assert_same_dump(&empty.pg_dump_schema(), &nothing);
    walk.on(&live.url(), &["baseline", "--yes"]).ends(0);
    walk.on(&live.url(), &["diff", "--exit-code"]).ends(0);
    walk.on(&empty.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&empty.pg_dump_schema(), &live.pg_dump_schema());
    walk.on(&empty.url(), &["diff", "--exit-code"]).ends(0);
    walk.on(&empty.url(), &["rollback", "--all", "--yes"])
        .ends(0);
    assert_same_dump(&empty.pg_dump_schema(), &nothing);
}

#[test]
fn a_baseline_is_of_a_database_that_the_files_lead_to() {
    let server = TestServer::get();
    let (live, other) = (server.database(), server.database());
    live.psql("CREATE SCHEMA shop; CREATE TABLE shop.cust (id int PRIMARY KEY)");
    other.psql("CREATE SCHEMA shop; CREATE TABLE shop.cust (id text)");
    let walk = Walk::new();
    walk.run(&["inspect", "--url", &live.url(), "--output", "app"])
        .ends(0);
    walk.on(&live.url(), &["baseline"]).ends(0);
    walk.on(&other.url(), &["baseline", "--yes"])
        .ends(3)
        .says("baseline::differs")
        .says("column shop.cust.id is another")
        .says("primary-key shop.cust.cust_pkey is missing");
    walk.on(&other.url(), &["status"]).ends(0).says("1 pending");
    // As soon as it is the same, it is recorded; what stands beside it is nobody's.
    other.psql(
        "ALTER TABLE shop.cust ALTER id TYPE int USING id::int, ADD PRIMARY KEY (id);
         CREATE TABLE shop.more (i int);",
    );
    walk.on(&other.url(), &["baseline", "--yes"]).ends(0);
    walk.on(&other.url(), &["diff"])
        .ends(3)
        .says("nobody declares table shop.more");
    other.psql("DROP TABLE shop.more");
    walk.on(&other.url(), &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
}

/// A project with this schema, applied to a database of its own.
#[test]
fn what_the_same_files_mean_is_kept_from_run_to_run() {
    let (walk, database) = begun("schema a");
    walk.write(
        "schema/app.kdl",
        "schema a { table t { column id bigint default=\"1 + 1\" } }",
    );
    let cache = tempfile::tempdir().unwrap();
    let folder = cache.path().display().to_string();
    let variables = [("XDG_CACHE_HOME", &*folder), ("SCHEMACTL_LOG", "debug")];
    let url = database.url();
    let diff = |kept: bool| {
        let arguments = ["diff", "--dry-run", "--project", "app", "--url", &url];
        let run = walk.run_with(&variables, &arguments).ends(0);
        assert_eq!(run.err.contains("catalog was kept"), kept, "{}", run.err);
        run
    };
    diff(false).says("CREATE TABLE a.t");
    diff(true).says("CREATE TABLE a.t").says("DEFAULT 1 + 1");
    walk.write(
        "schema/app.kdl",
        "schema a { table t { column id bigint; column b text } }",
    );
    diff(false).says("b text");
    // What PostgreSQL refuses is refused again.
    walk.write(
        "schema/app.kdl",
        "schema a { table t { column id bigint default=\"x\" } }",
    );
    for _ in 0..2 {
        let arguments = ["diff", "--dry-run", "--project", "app", "--url", &url];
        walk.run_with(&variables, &arguments)
            .ends(4)
            .says("refuses");
    }
}

fn begun(schema: &str) -> (Walk, TestDatabase<'static>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schema/app.kdl", schema);
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    (walk, live)
}

#[test]
fn a_plan_outside_transactions_is_a_group_that_returns_whole() {
    let (walk, live) = begun("schema app { table t { column id int primary-key; column a int } }");
    let (url, before) = (live.url(), live.pg_dump_schema());
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key; column a int; column b int; index a; index b } }",
    );
    walk.on(&url, &["diff", "second"]).ends(0);
    let files = walk.generated();
    assert!(files.len() > 4, "{files:?}");
    let last = walk.read(&format!("generated/{}", files[files.len() - 1]));
    assert!(last.contains("-- schemactl:no-transaction"), "{last}");
    assert!(last.contains("-- schemactl:group "), "{last}");
    assert!(last.contains("CREATE INDEX CONCURRENTLY"), "{last}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.run(&["verify", "--project", "app"]).ends(0);
    walk.on(&url, &["rollback", "--yes"])
        .ends(0)
        .says("taken back whole");
    assert_same_dump(&live.pg_dump_schema(), &before);
}

#[test]
fn an_index_goes_with_its_column_in_one_transaction() {
    let (walk, live) = begun(
        "schema app { table t { column id int primary-key; column a int; index a; index id where=\"a > 1\" } }",
    );
    let (url, before) = (live.url(), live.pg_dump_schema());
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key } }",
    );
    walk.on(&url, &["diff", "second", "--yes"]).ends(0);
    let files = walk.generated();
    let ups: String = files
        .iter()
        .filter(|file| file.ends_with("_second.up.sql"))
        .map(|file| walk.read(&format!("generated/{file}")))
        .collect();
    assert!(!ups.contains("CONCURRENTLY"), "{ups}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
}

#[test]
fn inspect_knows_its_own_files_and_no_others() {
    let server = TestServer::get();
    let live = server.database();
    live.psql("CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE two.t (i int)");
    let walk = Walk::new();
    walk.write("schema/mine.kdl", "schema mine\n");
    let inspect = ["inspect", "--url", &live.url(), "--output", "app"];
    walk.run(&inspect).ends(0);
    assert!(walk.path("schema/one.kdl").exists());
    live.psql("DROP SCHEMA one");
    walk.run(&inspect).ends(0);
    assert!(!walk.path("schema/one.kdl").exists());
    assert_eq!(walk.read("schema/mine.kdl"), "schema mine\n");
    walk.write("schema/two.kdl", "schema two // by hand\n");
    walk.run(&inspect).ends(3).says("was written by a person");
    assert_eq!(walk.read("schema/two.kdl"), "schema two // by hand\n");
}

#[test]
fn inspect_prints_what_builds_the_same_database() {
    let server = TestServer::get();
    let (live, copy) = (server.database(), server.database());
    live.psql(AFTER);
    let walk = Walk::new();
    let url = live.url();
    let script = walk
        .run(&["inspect", "--url", &url, "--format", "sql"])
        .ends(0);
    copy.psql(&script.out);
    assert_same_dump(&copy.pg_dump_schema(), &live.pg_dump_schema());
    let catalog = walk
        .run(&["inspect", "--url", &url, "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(catalog["format"], 1);
    let kdl = walk.run(&["inspect", "--url", &url]).ends(0);
    assert!(
        kdl.out
            .contains("table orders comment=\"What users ordered\""),
        "{}",
        kdl.out
    );
}

#[test]
fn files_alone_are_a_base() {
    let server = TestServer::get();
    let live = server.database();
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key } }",
    );
    let diff = ["diff", "one", "--project", "app", "--from", "migrations"];
    walk.run(&diff).ends(0);
    walk.run(&diff).ends(0).says("nothing to do");
    // The live database is behind now, and says so.
    walk.on(&live.url(), &["diff"])
        .ends(3)
        .says("--from migrations");
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.on(&live.url(), &["diff", "--exit-code"]).ends(0);
}

#[test]
fn a_replay_makes_the_roles_that_the_files_mention() {
    let server = TestServer::get();
    let live = server.database();
    let role = format!("reader of {}", live.name());
    live.psql(&format!("CREATE ROLE \"{role}\""));
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        &format!("schema app {{ table t {{ column id int; grant select to={role:?} }} }}"),
    );
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.run(&["verify", "--project", "app"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.on(&live.url(), &["rollback", "--all", "--yes"])
        .ends(0);
    live.psql(&format!("DROP ROLE \"{role}\""));
}

#[test]
fn all_schemas_are_the_projects_where_the_scope_says_so() {
    let server = TestServer::get();
    let (live, wanted) = (server.database(), server.database());
    live.psql("CREATE SCHEMA old; CREATE TABLE old.t (i int PRIMARY KEY); CREATE EXTENSION citext; CREATE TABLE public.c (x citext)");
    wanted.psql(
        "CREATE TABLE public.c (x text); CREATE SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext",
    );
    let before = live.pg_dump_schema();
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\ndatabase app { scope { only schema=\"*\" } }\n",
    );
    walk.run(&["inspect", "--url", &wanted.url(), "--output", "app"])
        .ends(0);
    walk.on(&live.url(), &["baseline", "--yes"]).ends(0);
    walk.on(&live.url(), &["diff", "all"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &wanted.pg_dump_schema());
    walk.on(&live.url(), &["diff", "--exit-code"]).ends(0);
    walk.on(&live.url(), &["rollback", "--all", "--yes"])
        .ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
}

#[test]
fn the_projects_own_server_needs_no_other() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key } }",
    );
    let at = ["--project", "app"];
    let run = |arguments: &[&str]| walk.run(&[arguments, &at].concat());
    run(&["diff"]).ends(0);
    assert_eq!(
        walk.generated(),
        ["000001_add_app.down.sql", "000001_add_app.up.sql"]
    );
    run(&["apply"]).ends(0);
    run(&["status", "--check"])
        .ends(0)
        .says("at 000001")
        .says("embedded");
    run(&["diff", "--exit-code"]).ends(0);
}

#[test]
fn a_database_keeps_to_its_environment() {
    let server = TestServer::get();
    let live = server.database();
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key } }",
    );
    walk.write(
        "schemactl.kdl",
        &format!("project app edition=1\nenvironment prod {{ url {:?}; protected }}\nenvironment dev {{ url {0:?} }}\n", live.url()),
    );
    let at = |environment: &str, arguments: &[&str]| {
        walk.run(&[arguments, &["--project", "app", "--env", environment]].concat())
    };
    at("prod", &["diff", "first"]).ends(0);
    at("prod", &["apply", "--yes"]).ends(0);
    at("dev", &["status"])
        .ends(3)
        .says("says that it is `prod`");
    // The address alone gets the policies of the environment that it is.
    walk.on(&live.url(), &["rollback", "--yes"])
        .ends(3)
        .says("--allow drop-table:app.t");
    walk.on(
        &live.url(),
        &["rollback", "--yes", "--allow", "drop-table:app.t"],
    )
    .ends(0);
}

/// What writes files says their names to programs as to people.
#[test]
fn the_files_that_a_command_writes_are_json_where_that_is_asked_for() {
    let walk = Walk::new();
    let live = TestServer::get().database();
    let files = |run: crate::cli_support::Run| {
        let json = run.ends(0).json();
        let files = json["files"].as_array().unwrap().iter();
        files
            .map(|it| it.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let begun = files(walk.run(&["init", "other", "--format", "json"]));
    assert!(
        begun.contains(&"other/schemactl.kdl".to_owned()),
        "{begun:?}"
    );
    let from = ["init", "third", "--from", &live.url(), "--format", "json"];
    assert_eq!(files(walk.run(&from))[0], "third/schemactl.kdl");
    let new = ["new", "more", "--project", "app", "--format", "json"];
    assert_eq!(files(walk.run(&new)).len(), 2);
    walk.write("schema/app.kdl", "schema   app");
    let format = ["fmt", "--project", "app", "--format", "json"];
    assert_eq!(files(walk.run(&format)), ["app/schema/app.kdl"]);
    assert!(files(walk.run(&format)).is_empty());
}

/// An `init --from` that cannot end writes nothing.
#[test]
fn a_folder_with_broken_migrations_gets_no_half_project() {
    let walk = Walk::new();
    let live = TestServer::get().database();
    live.psql("CREATE TABLE public.t (id integer)");
    let folder = walk.path("../third/generated");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("000001_a.up.sql"), "SELECT 1;\n").unwrap();
    walk.run(&["init", "third", "--from", &live.url()]).ends(3);
    assert!(!walk.path("../third/schemactl.kdl").exists());
    assert!(!walk.path("../third/schema").exists());
}
