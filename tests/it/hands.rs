//! What is in the project's hands: what the project's objects stand on without being the project's, and what a host of
//! databases brings along.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer, assert_same_dump};

/// A project whose database node says this.
pub(super) fn project(walk: &Walk, database: &str) {
    walk.write(
        "schemactl.kdl",
        &format!("project app edition=1\n\ndatabase app {{ {database} }}\n"),
    );
}

/// Two projects in one database: `auth` is another team's.
fn of_two_teams(server: &TestServer) -> TestDatabase<'_> {
    let live = server.database();
    live.psql(
        "CREATE SCHEMA auth;
         CREATE TYPE auth.state AS ENUM ('on', 'off');
         CREATE FUNCTION auth.hash(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN md5(t);
         CREATE TABLE auth.users (id bigint PRIMARY KEY, state auth.state NOT NULL, note text DEFAULT auth.hash('x'));
         CREATE VIEW auth.active AS SELECT id FROM auth.users WHERE state = 'on';
         CREATE SCHEMA shop;
         CREATE TABLE shop.orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES auth.users);
         INSERT INTO auth.users VALUES (1, 'on'); INSERT INTO shop.orders VALUES (1, 1);",
    );
    live
}

#[test]
fn objects_of_others_can_be_referred_to_and_stay_as_they_are() {
    let server = TestServer::get();
    let live = of_two_teams(server);
    let before = live.pg_dump_schema();
    let (walk, url) = (Walk::new(), live.url());
    walk.write(
        "schema/app.kdl",
        "schema shop { table orders { column id bigint primary-key; column user_id bigint not-null references=auth.users } }",
    );
    walk.on(&url, &["baseline", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    // New references, to what no object of the project has used yet.
    walk.write(
        "schema/app.kdl",
        "schema shop {
            table orders {
                column id bigint primary-key
                column user_id bigint not-null references=auth.users
                column state auth.state
                column token text default=\"auth.hash('y')\"
            }
            view of_active { query \"SELECT o.id FROM shop.orders o JOIN auth.active a ON a.id = o.user_id\" }
        }",
    );
    walk.on(&url, &["diff", "of_active"]).ends(0);
    let up = walk.read("generated/000002_of_active.up.sql");
    assert!(up.contains("1 of 1 tables seeded"), "{up}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    // A replay needs the others' objects too: they are taken from the database that is named.
    walk.on(&url, &["verify"]).ends(0);
    walk.run(&["verify", "--project", "app"])
        .ends(3)
        .says("verify::surroundings");
    walk.on(&url, &["rollback", "--all", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
    assert_eq!(live.psql("SELECT count(*) FROM shop.orders").trim(), "1");
}

#[test]
fn a_single_object_that_the_scope_ignores_can_be_referred_to() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA app; CREATE TABLE app.kept_by_hand (id bigint PRIMARY KEY);
         CREATE TABLE app.orders (id bigint PRIMARY KEY REFERENCES app.kept_by_hand);",
    );
    let before = live.pg_dump_schema();
    let (walk, url) = (Walk::new(), live.url());
    project(&walk, "scope { ignore table=app.kept_by_hand }");
    walk.write(
        "schema/app.kdl",
        "schema app { table orders { column id bigint primary-key references=app.kept_by_hand; column n integer } }",
    );
    walk.on(&url, &["baseline", "--yes"]).ends(0);
    walk.on(&url, &["diff", "number"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["rollback", "--steps", "1", "--yes"])
        .ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
}

#[test]
fn what_the_host_brings_along_is_left_out_with_its_reason() {
    let server = TestServer::get();
    for role in ["supabase_admin", "authenticator", "service_role"] {
        server.admin(&format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        ));
    }
    let live = server.database();
    live.psql(
        "CREATE SCHEMA auth AUTHORIZATION supabase_admin; CREATE SCHEMA storage AUTHORIZATION supabase_admin;
         CREATE TABLE auth.users (id uuid PRIMARY KEY);
         CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users, name text);",
    );
    let walk = Walk::new();
    let inspected = walk.run(&["inspect", "--url", &live.url()]).ends(0);
    assert!(inspected.out.contains("table profiles"), "{inspected:?}");
    assert!(!inspected.out.contains("schema auth"), "{inspected:?}");
    inspected.says("left out  schema auth: Supabase, users and sessions of its sign-in service");
    walk.run(&["init", "hosted", "--from", &live.url()]).ends(0);
    let of = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        let url = live.url();
        all.extend(["--project", "hosted", "--url", &url]);
        walk.run(&all)
    };
    of(&["baseline", "--yes"]).ends(0);
    of(&["diff", "--exit-code"]).ends(0).says("nothing to do");
    of(&["verify"]).ends(0);
}

#[test]
fn public_goes_and_comes_back_exactly() {
    const FACTS: &str = "SELECT coalesce((SELECT pg_get_userbyid(nspowner) || ' ' || array_to_string(nspacl, ',') \
         || ' ' || obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'public'), 'absent')";
    let walk = Walk::new();
    let live = TestServer::get().database();
    let before = live.psql(FACTS);
    walk.write(
        "schema/app.kdl",
        "absent schema public\nschema app { table t { column id int primary-key } }",
    );
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    assert_eq!(live.psql(FACTS).trim(), "absent");
    walk.on(&live.url(), &["diff"])
        .ends(0)
        .says("nothing to do");
    walk.on(&live.url(), &["rollback", "--all", "--yes"])
        .ends(0);
    assert_eq!(live.psql(FACTS), before);

    // What nobody declares and no migration left is not dropped by silence.
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql("CREATE SCHEMA public; CREATE TABLE public.by_hand (i int)");
    walk.on(&live.url(), &["diff"])
        .ends(3)
        .says("table public.by_hand");

    walk.write("schema/more.kdl", "schema public");
    walk.run(&["check", "--project", "app"])
        .ends(4)
        .says("kdl::contradiction")
        .says("absent here")
        .says("declared here");
}

#[test]
fn a_database_without_what_new_ones_have_is_taken_over_so() {
    let (walk, server) = (Walk::new(), TestServer::get());
    let live = server.database();
    live.psql("DROP SCHEMA public; DROP EXTENSION plpgsql; CREATE SCHEMA app; CREATE TABLE app.t (id integer)");
    walk.run(&["init", "bare", "--from", &live.url()]).ends(0);
    let new = server.database();
    let of = |url: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "bare", "--url", url]);
        walk.run(&all)
    };
    of(&new.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&new.pg_dump_schema(), &live.pg_dump_schema());
    of(&new.url(), &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    of(&live.url(), &["baseline", "--yes"]).ends(0);
    of(&live.url(), &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    walk.run(&[
        "diff",
        "--from",
        "migrations",
        "--exit-code",
        "--project",
        "bare",
    ])
    .ends(0)
    .says("nothing to do");
    of(&new.url(), &["rollback", "--all", "--yes"]).ends(0);
    // As it was, but that pg_dump prints an extension that initdb did not make.
    const THERE: &str = "SELECT extname FROM pg_extension UNION ALL SELECT nspname || ' ' || array_to_string(nspacl, ',')
         FROM pg_namespace WHERE nspname IN ('public', 'app') ORDER BY 1";
    assert_eq!(new.psql(THERE), server.database().psql(THERE));
    // The history's guard went with plpgsql, and came back with it.
    let error = new.try_psql("DELETE FROM schemactl.events").unwrap_err();
    assert!(error.contains("append-only"), "{error}");
}

#[test]
fn roles_that_only_a_policy_or_a_user_mapping_names_exist_on_scratch() {
    let (walk, server) = (Walk::new(), TestServer::get());
    for role in ["of_policy", "of_mapping"] {
        server.admin(&format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        ));
    }
    let live = server.database();
    live.psql(
        "CREATE TABLE t (id integer); CREATE POLICY p ON t TO of_policy USING (id > 0);
         CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR of_mapping SERVER s",
    );
    walk.run(&["init", "named", "--from", &live.url()]).ends(0);
    let of = |arguments: &[&str]| {
        let url = live.url();
        let mut all = arguments.to_vec();
        all.extend(["--project", "named", "--url", &url]);
        walk.run(&all)
    };
    of(&["baseline", "--yes"]).ends(0);
    of(&["diff", "--exit-code"]).ends(0).says("nothing to do");
    of(&["verify"]).ends(0);
}

#[test]
fn what_an_extension_says_of_its_members_is_not_said_again() {
    let (walk, server) = (Walk::new(), TestServer::get());
    let live = server.database();
    live.psql(
        "CREATE EXTENSION cube; COMMENT ON TYPE cube IS 'ours'; COMMENT ON FUNCTION cube_eq(cube, cube) IS NULL;
         COMMENT ON FUNCTION cube_dim(cube) IS 'dimensions'",
    );
    walk.run(&["init", "cubes", "--from", &live.url()]).ends(0);
    let of = |url: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "cubes", "--url", url]);
        walk.run(&all)
    };
    let shown = of(&live.url(), &["inspect"]).ends(0).out;
    assert_eq!(shown.matches("member ").count(), 3, "{shown}");
    assert!(
        shown.contains(r#"member function "public.cube_eq(public.cube, public.cube)" comment="""#)
            && shown.contains("member base-type public.cube comment=ours")
            && shown
                .contains(r#"member function "public.cube_dim(public.cube)" comment=dimensions"#),
        "{shown}"
    );
    let new = server.database();
    of(&new.url(), &["apply", "--yes"]).ends(0);
    const COMMENTS: &str =
        "SELECT p.proname, d.description FROM pg_description d JOIN pg_proc p ON p.oid = d.objoid
         WHERE d.classoid = 'pg_proc'::regclass AND p.proname LIKE 'cube%' ORDER BY 1, 2";
    assert_eq!(new.psql(COMMENTS), live.psql(COMMENTS));
    of(&new.url(), &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    of(&live.url(), &["baseline", "--yes"]).ends(0);
    of(&live.url(), &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    live.psql("COMMENT ON TYPE cube IS 'changed by hand'");
    of(&live.url(), &["drift"]).ends(2).says("public.cube");
}

#[test]
fn proofs_have_the_rights_of_the_role_that_applies() {
    let server = TestServer::fresh();
    let live = server.database();
    live.psql(&format!(
        "CREATE ROLE deployer LOGIN; CREATE ROLE team; CREATE ROLE other; GRANT team TO deployer;
         ALTER DATABASE {} OWNER TO deployer;
         CREATE SCHEMA app AUTHORIZATION deployer;
         CREATE TABLE app.own (id int); ALTER TABLE app.own OWNER TO deployer;
         CREATE TABLE app.teams (id int); ALTER TABLE app.teams OWNER TO team;
         CREATE TABLE app.others (id int); ALTER TABLE app.others OWNER TO other;",
        live.name()
    ));
    let (walk, url) = (
        Walk::new(),
        live.url().replace("user=postgres", "user=deployer"),
    );
    walk.on(&url, &["baseline"]).ends(0);
    let declare = |others: &str| {
        walk.write(
            "schema/app.kdl",
            &format!(
                "schema app {{
                    function fast returns=int language=sql leakproof=#true {{ return \"1\" }}
                    table own {{ column id int; column more text }}
                    table teams owner=team {{ column id int; column more text }}
                    table others owner=other {{ column id int; {others} }}
                }}"
            ),
        );
    };
    declare("column more text");
    walk.on(&url, &["diff", "second"])
        .ends(0)
        .says("needs-superuser function app.fast(): only superuser can define a leakproof function")
        .says("missing-right column app.others.more: must be owner of table others");
    let file = walk.read("generated/000002_second.up.sql");
    assert_eq!(file.matches("schemactl:hazard rights").count(), 2, "{file}");
    assert!(file.contains("app.teams ADD COLUMN more"), "{file}");
    walk.on(&url, &["apply", "--yes"])
        .ends(5)
        .says("needs-superuser")
        .says("(SQLSTATE 42501)");
    // A superuser finds nothing to list, and may do it.
    std::fs::remove_file(walk.path("generated/000002_second.up.sql")).unwrap();
    std::fs::remove_file(walk.path("generated/000002_second.down.sql")).unwrap();
    let run = walk.on(&live.url(), &["diff", "second"]).ends(0);
    assert!(!run.err.contains("needs-superuser"), "{run:?}");
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    // What PostgreSQL passes over with a warning would never be reached.
    declare("column more text; grant select to=team");
    walk.on(&url, &["diff"])
        .ends(5)
        .says("proof::rights")
        .says("the role deployer may not make this change");
}

#[test]
fn a_missing_right_names_no_scratch_database() {
    let live = TestServer::get().database();
    live.psql(
        "DO $$ BEGIN CREATE ROLE newcomer LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    );
    let walk = Walk::new();
    walk.write("schema/app.kdl", "schema app { table t { column id int } }");
    let url = live.url().replace("user=postgres", "user=newcomer");
    walk.on(&url, &["diff", "first"])
        .ends(0)
        .says("missing-right schema app: permission denied for the database");
    assert!(
        walk.read("generated/000001_first.up.sql").contains(
            "hazard rights missing-right schema app: permission denied for the database\n"
        )
    );
}

#[test]
fn partitions_that_no_file_declares_get_the_keys_and_indexes_of_their_table() {
    let live = TestServer::get().database();
    let (walk, url) = (Walk::new(), live.url());
    let with = |more: &str| {
        let table = format!(
            "schema s {{ table ev {{ column id integer not-null; column v integer; partition-by range id; partition ev0 from=0 to=10\n{more} }} }}"
        );
        walk.write("schema/s.kdl", &table);
    };
    with("");
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql(
        "CREATE TABLE s.run1 PARTITION OF s.ev FOR VALUES FROM (10) TO (20); INSERT INTO s.ev VALUES (11, 1), (11, 1);",
    );
    let before = live.pg_dump_schema();
    with("unique v id; index v; primary-key id v");
    walk.on(&url, &["diff", "two"]).ends(0);
    walk.on(&url, &["apply", "--yes"])
        .ends(3)
        .says("1 values of (id, v) in s.ev that several rows have, for example (11,1)");
    live.psql("DELETE FROM s.run1; INSERT INTO s.ev VALUES (11, 1);");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    let of_run1 = "SELECT count(*) FROM pg_index WHERE indrelid = 's.run1'::regclass";
    assert_eq!(live.psql(invalid).trim(), "0");
    assert_eq!(live.psql(of_run1).trim(), "3");
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_same_dump(&before, &live.pg_dump_schema());
    walk.on(&url, &["apply", "--yes"]).ends(0);
    // What goes and comes back by a rollback comes back everywhere.
    with("unique v id; primary-key id v");
    walk.on(&url, &["diff", "three"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(live.psql(of_run1).trim(), "2");
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_eq!(live.psql(invalid).trim(), "0");
    assert_eq!(live.psql(of_run1).trim(), "3");
    walk.on(&url, &["drift"]).ends(0);
}

#[test]
fn a_partition_goes_with_its_line_whatever_was_made_beside_it() {
    let live = TestServer::get().database();
    let (walk, url) = (Walk::new(), live.url());
    let with = |more: &str| {
        let table = format!(
            "schema s {{ table ev {{ column id integer not-null; partition-by range id; partition ev0 from=0 to=10\n{more} }} }}"
        );
        walk.write("schema/s.kdl", &table);
    };
    with("partition ev1 from=10 to=20");
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("CREATE TABLE s.run2 PARTITION OF s.ev FOR VALUES FROM (20) TO (30)");
    let before = live.pg_dump_schema();
    with("");
    walk.on(&url, &["diff", "two"]).ends(0).says("s.ev1");
    let up = walk.read("generated/000002_two.up.sql");
    assert!(up.contains("DROP TABLE s.ev1"), "{up}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let partitions = "SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY 1) FROM pg_inherits WHERE inhparent = 's.ev'::regclass";
    assert_eq!(live.psql(partitions).trim(), "s.ev0 s.run2");
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["drift"]).ends(0);
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_same_dump(&before, &live.pg_dump_schema());
}

#[test]
fn a_table_is_not_made_anew_over_partitions_that_no_file_declares() {
    let live = TestServer::get().database();
    let (walk, url) = (Walk::new(), live.url());
    let with = |key: &str, more: &str| {
        let table = format!(
            "schema s {{ table ev {{ column id integer not-null; column at date not-null; partition-by range {key}; {more} }} }}"
        );
        walk.write("schema/s.kdl", &table);
    };
    with("id", "");
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("CREATE TABLE s.run1 PARTITION OF s.ev FOR VALUES FROM (10) TO (20); INSERT INTO s.ev VALUES (11, '2020-01-01')");
    with("id at", "");
    walk.on(&url, &["diff", "two"])
        .ends(3)
        .says("diff::others")
        .says("table s.run1 stands on table s.ev");
    // A change that leaves the table where it is passes.
    with("id", "column note text");
    walk.on(&url, &["diff", "two"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(live.psql("SELECT count(*) FROM s.run1").trim(), "1");
}

#[test]
fn a_table_does_not_go_with_partitions_that_no_file_declares() {
    let server = TestServer::get();
    let (live, other) = (server.database(), server.database());
    let (walk, url) = (Walk::new(), live.url());
    let table = "table ev { column id integer not-null; partition-by range id; partition ev0 from=0 to=10 }";
    walk.write("schema/s.kdl", &format!("schema s {{ {table} }}"));
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&other.url(), &["apply", "--yes"]).ends(0);
    let run = "CREATE TABLE s.run1 PARTITION OF s.ev FOR VALUES FROM (10) TO (20); INSERT INTO s.ev VALUES (1), (11)";
    for database in [&live, &other] {
        database.psql(run);
    }
    // Neither with its table nor where that is no more partitioned.
    for without in ["", "table ev { column id integer not-null }"] {
        walk.write("schema/s.kdl", &format!("schema s {{ {without} }}"));
        walk.on(&url, &["diff", "two"])
            .ends(3)
            .says("diff::others")
            .says("table s.run1 stands on table s.ev");
    }
    // Named, it goes.
    walk.write("schema/s.kdl", "schema s");
    walk.on(&url, &["diff", "two", "--drop", "table:s.run1"])
        .ends(0)
        .says("drop-table table s.run1");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(
        live.psql("SELECT to_regclass('s.run1') IS NULL").trim(),
        "t"
    );
    // What was written without it stops where it is.
    let (walk, third) = (Walk::new(), server.database());
    walk.write("schema/s.kdl", &format!("schema s {{ {table} }}"));
    walk.on(&third.url(), &["diff", "one"]).ends(0);
    walk.on(&third.url(), &["apply", "--yes"]).ends(0);
    walk.write("schema/s.kdl", "schema s");
    walk.on(&third.url(), &["diff", "two"]).ends(0);
    third.psql(run);
    walk.on(&third.url(), &["apply", "--yes"])
        .ends(3)
        .says("apply::preflight")
        .says("1 partitions of s.ev that no file declares, for example s.run1");
    assert_eq!(third.psql("SELECT count(*) FROM s.ev").trim(), "2");
    third.psql("ALTER TABLE s.ev DETACH PARTITION s.run1");
    walk.on(&third.url(), &["apply", "--yes"]).ends(0);
    assert_eq!(third.psql("SELECT count(*) FROM s.run1").trim(), "1");
}

#[test]
fn rows_that_do_not_come_back_to_the_default_partition_are_told() {
    let live = TestServer::get().database();
    let (walk, url) = (Walk::new(), live.url());
    let with = |inside: &str, beside: &str| {
        let table = format!(
            "schema s {{ table ev {{ column id integer not-null; partition-by range id; {inside}; partition rest default }}; {beside} }}"
        );
        walk.write("schema/s.kdl", &table);
    };
    let old = "table old { column id integer not-null }";
    with("partition ev0 from=0 to=10", old);
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("INSERT INTO s.ev VALUES (1), (12), (25); INSERT INTO s.old VALUES (21)");
    // A table that was there keeps them.
    with(
        "partition ev0 from=0 to=10; partition old from=20 to=30",
        "",
    );
    walk.on(&url, &["diff", "two"]).ends(0);
    let told = "irreversible table s.old: rows of s.rest that belong to it move there, and stay in it on the way back";
    assert!(walk.read("generated/000002_two.up.sql").contains(told));
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_eq!(
        live.psql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM s.old")
            .trim(),
        "21 25"
    );
    assert_eq!(live.psql("SELECT count(*) FROM s.ev").trim(), "2");
    // A table that was made with its rows is told to give them back.
    with(
        "partition ev0 from=0 to=10; partition new from=20 to=30",
        old,
    );
    for name in walk.generated() {
        if name.starts_with("000002") {
            std::fs::remove_file(walk.path(&format!("generated/{name}"))).unwrap();
        }
    }
    live.psql("TRUNCATE s.old; INSERT INTO s.ev VALUES (25)");
    walk.on(&url, &["diff", "two"]).ends(0);
    let down = walk.read("generated/000002_two.down.sql");
    assert!(down.contains("INSERT INTO s.ev (id)"), "{down}");
    // They are there, and no loss is told.
    assert!(!down.contains("data-loss"), "{down}");
    // What only gets other bounds gives them back.
    with("partition ev0 from=0 to=15", old);
    for name in walk.generated() {
        if name.starts_with("000002") {
            std::fs::remove_file(walk.path(&format!("generated/{name}"))).unwrap();
        }
    }
    walk.on(&url, &["diff", "three"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(live.psql("SELECT count(*) FROM s.ev0").trim(), "2");
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    let rest = "SELECT string_agg(id::text, ' ' ORDER BY id) FROM s.rest";
    assert_eq!(live.psql(rest).trim(), "12 25");
}

#[test]
fn what_the_files_let_go_goes_and_what_the_scope_lets_go_stays() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE EXTENSION citext; CREATE SCHEMA old; CREATE TABLE old.t (id integer, name citext);
         CREATE TABLE old.u (id integer); CREATE SCHEMA other; CREATE TABLE other.t (id integer);
         CREATE TABLE public.p (id integer); CREATE TABLE public.q (id integer);",
    );
    let before = live.pg_dump_schema();
    let (walk, url) = (Walk::new(), live.url());
    let whole = "extension citext\nschema public { table p { column id integer } }\nschema old {
        table t { column id integer; column name public.citext }\n table u { column id integer }\n}";
    walk.write("schema/app.kdl", whole);
    // The other schema and the other table were never the project's.
    walk.write(
        "schemactl.kdl",
        "project app edition=1\n\ndatabase app { scope { ignore table=public.q } }\n",
    );
    walk.on(&url, &["baseline", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.write("schema/app.kdl", "// nothing is left\n");
    // An apply of nothing forgets nothing, and the files alone say the same.
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["drift"]).ends(0);
    walk.on(&url, &["diff", "--exit-code", "--dry-run"])
        .ends(2)
        .says("schema old");
    walk.on(
        &url,
        &["diff", "--from", "migrations", "--exit-code", "--dry-run"],
    )
    .ends(2)
    .says("extension citext");
    // Handed over, not dropped.
    walk.write(
        "schemactl.kdl",
        "project app edition=1\n\ndatabase app { scope { ignore table=public.q; ignore table=public.p; ignore schema=old; ignore extension=citext } }\n",
    );
    walk.on(&url, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    walk.write(
        "schemactl.kdl",
        "project app edition=1\n\ndatabase app { scope { ignore table=public.q } }\n",
    );
    // What a hand made in the schema stands in the way, as in a declared one.
    live.psql("CREATE TABLE old.by_hand (id integer)");
    walk.on(&url, &["diff", "gone"]).ends(3).says("old.by_hand");
    live.psql("DROP TABLE old.by_hand");
    walk.on(&url, &["diff", "gone"]).ends(0).says("drop-table");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let left = "SELECT string_agg(n.nspname || '.' || c.relname, ' ' ORDER BY 1) FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid >= 16384 AND c.relkind = 'r' AND n.nspname <> 'schemactl'";
    assert_eq!(live.psql(left).trim(), "other.t public.q");
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["verify"]).ends(0);
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    // It is the project's again: the same difference is found.
    walk.on(&url, &["drift"]).ends(0);
    walk.on(&url, &["status", "--check"]).ends(2);
    walk.on(&url, &["rollback", "--all", "--yes"]);
    assert_same_dump(&live.pg_dump_schema(), &before);
}

/// On scratch every role that is mentioned is there, so that only the right itself tells.
#[test]
fn a_role_that_may_make_no_roles_is_told_so() {
    let server = &TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    let (maker, made) = (
        format!("{}_maker", live.name()),
        format!("{}_made", live.name()),
    );
    live.psql(&format!(
        "CREATE ROLE {maker} LOGIN; ALTER DATABASE {} OWNER TO {maker}",
        live.name()
    ));
    walk.write("schema/app.kdl", &format!("role {made}\nschema app\n"));
    let url = live
        .url()
        .replace("user=postgres", &format!("user={maker}"));
    walk.on(&url, &["diff", "first"]).ends(0).says(&format!(
        "missing-right role {made}: permission denied to create role (it takes a role with CREATEROLE)"
    ));
    live.psql(&format!(
        "REASSIGN OWNED BY {maker} TO postgres; DROP ROLE {maker}"
    ));
}

/// A text that the live database's encoding does not have is refused where it stands, and not by `apply`.
#[test]
fn scratch_has_the_encoding_of_the_live_database() {
    let server = TestServer::get();
    let (walk, live) = (Walk::new(), server.database());
    let latin = format!("{}_latin", live.name());
    server.admin(&format!(
        "CREATE DATABASE {latin} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    ));
    let url = server.url(&latin);
    let diff = |comment: &str| {
        walk.write("schema/app.kdl", &format!("schema app comment={comment}\n"));
        walk.on(&url, &["diff", "--dry-run"])
    };
    diff("Größe").ends(0).says("proved on scratch");
    diff("\"10 €\"")
        .ends(4)
        .says("has no equivalent in encoding \"LATIN1\"")
        .says("the encoding of the database has no such character");
    server.admin(&format!("DROP DATABASE {latin}"));
}

/// What has no name in the files keeps the one that it has; what speaks of it follows, the indexes of partitions too.
#[test]
fn parts_without_a_name_keep_theirs_when_their_table_is_renamed() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let declare = |table: &str, column: &str, other: &str, key: &str| {
        walk.write(
            "schema/a.kdl",
            &format!(
                "schema a {{ table {table} {{ column k int; column d date; column {column}; primary-key k d; index {}; unique d {}\n\
                 partition-by range d; partition pt1 from=\"'2024-01-01'\" to=\"'2025-01-01'\" }}\n\
                 table {other} {{ column id int not-null; unique id; replica-identity index {key}; cluster-on {key} }} }}",
                column.split(' ').next().unwrap(),
                column.split(' ').next().unwrap(),
            ),
        );
    };
    declare("pt", "v text", "q", "q_id_key");
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("INSERT INTO a.pt VALUES (1, '2024-02-02', 'x')");
    let before = live.pg_dump_schema();
    declare(
        "ptx renamed-from=pt",
        "vv text renamed-from=v",
        "r renamed-from=q",
        "r_id_key",
    );
    walk.on(&url, &["diff", "two"])
        .ends(0)
        .says("proved on scratch");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["rollback", "--steps", "1", "--yes"])
        .ends(0);
    crate::support::assert_same_dump(&before, &live.pg_dump_schema());
}

/// Global default privileges that name no role are those of the role that applies.
#[test]
fn default_privileges_of_the_role_that_applies_change_and_go() {
    let server = TestServer::get();
    let (walk, live) = (Walk::new(), server.database());
    let url = live.url();
    crate::cases::make_roles(server);
    let acl = || {
        let sql = "SELECT coalesce(string_agg(defaclacl::text, ' '), 'none') FROM pg_default_acl";
        live.psql(sql).trim().to_owned()
    };
    for (to, wanted) in [
        (Some("case_reader"), true),
        (Some("case_writer"), true),
        (None, false),
    ] {
        let node = to.map_or_else(String::new, |to| {
            format!("default-privileges {{ grant select on=tables to={to} }}\n")
        });
        walk.write("schema/app.kdl", &format!("schema app\n{node}"));
        walk.on(&url, &["diff", to.unwrap_or("gone")]).ends(0);
        walk.on(&url, &["apply", "--yes", "--quiet"]).ends(0);
        assert_eq!(acl().contains(to.unwrap_or("case_")), wanted, "{}", acl());
        walk.on(&url, &["diff", "--exit-code"]).ends(0);
    }
    walk.on(&url, &["rollback", "--steps", "2", "--yes"])
        .ends(0);
    assert!(acl().contains("case_reader"), "{}", acl());
}

/// A role is made on scratch for the wanted state before the present one is rebuilt there.
#[test]
fn a_membership_that_comes_to_be_passed_on_is_seen_at_the_first_look() {
    // Roles are seen by every database of a cluster.
    let server = &TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    let (group, member) = (
        format!("{}_group", live.name()),
        format!("{}_member", live.name()),
    );
    let declare = |word: &str| {
        walk.write(
            "schema/app.kdl",
            &format!("role {group}\nrole {member} {{ {word} {group} }}\nschema app\n"),
        );
    };
    declare("member-of");
    walk.on(&live.url(), &["diff", "one"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    declare("admin-of");
    walk.on(&live.url(), &["diff", "--dry-run", "--exit-code"])
        .ends(2)
        .says("role-membership");
    live.psql(&format!("DROP ROLE {member}; DROP ROLE {group}"));
}

/// What one state says of roles stays on a scratch cluster and is none of the next one's.
#[test]
fn memberships_and_settings_come_go_and_turn_round() {
    let server = TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    let url = live.url();
    for (number, text) in [
        "role one { member-of two; set work_mem \"5MB\" }\nrole two\n",
        "role one\nrole two { member-of one; set work_mem \"6MB\" }\n",
        "role one\nrole two\n",
    ]
    .into_iter()
    .enumerate()
    {
        walk.write("schema/app.kdl", text);
        walk.on(&url, &["diff", &format!("step{number}")]).ends(0);
        walk.on(&url, &["apply", "--yes"]).ends(0);
        walk.on(&url, &["diff", "--exit-code"]).ends(0);
        walk.run(&["verify", "--project", "app"]).ends(0);
        walk.on(&url, &["diff", "--from", "migrations", "--exit-code"])
            .ends(0);
    }
}

/// A role of which nothing else speaks is the files' as well.
#[test]
fn what_happened_to_a_role_is_taken_into_the_files_or_back() {
    let server = TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    let url = live.url();
    walk.write("schema/app.kdl", "role one\nrole two\n");
    walk.on(&url, &["diff", "first"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("GRANT one TO two");
    walk.on(&url, &["drift", "--fix", "--dry-run"]);
    walk.on(&url, &["drift", "--accept"]).ends(0);
    let text = walk.read("schema/app.kdl");
    assert!(text.contains("member-of one"), "{text}");
    walk.on(&url, &["diff", "--dry-run"]).ends(0);
}

/// Some objects can belong to superusers alone.
#[test]
fn what_belongs_to_another_superuser_is_taken_over() {
    let server = TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    live.psql(
        "CREATE ROLE chief SUPERUSER;
         CREATE FOREIGN DATA WRAPPER far; ALTER FOREIGN DATA WRAPPER far OWNER TO chief;
         CREATE FUNCTION public.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
         CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION public.f(); ALTER EVENT TRIGGER e OWNER TO chief;",
    );
    walk.run(&["init", "there", "--from", &live.url()]).ends(0);
    let text = walk.read("../there/schema/_shared.kdl");
    assert!(text.contains("owner=chief"), "{text}");
}

#[test]
fn what_is_said_of_roles_is_planned_beside_a_rename() {
    let server = TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    let url = live.url();
    walk.write(
        "schema/app.kdl",
        "role one\nrole two\nschema app { table t { column a int } }\n",
    );
    walk.on(&url, &["diff", "first"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write(
        "schema/app.kdl",
        "role one\nrole two { set work_mem \"5MB\"; admin-of one; comment mm }\n\
         schema app { table t { column b int renamed-from=a } }\n",
    );
    walk.on(&url, &["diff", "second"]).ends(0);
    let up = walk.read("generated/000002_second.up.sql");
    for statement in [
        "GRANT one TO two",
        "SET work_mem",
        "COMMENT ON ROLE two",
        "RENAME COLUMN",
    ] {
        assert!(up.contains(statement), "no {statement} in {up}");
    }
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
}

/// Roles are shared by the databases of a cluster: what a run in one of them did is no drift of another that has it still
/// to do, and that one records it as its own when it has run.
#[test]
fn what_another_database_of_the_cluster_did_to_roles_is_no_drift() {
    let server = TestServer::fresh();
    let (walk, one, other) = (Walk::new(), server.database(), server.database());
    walk.write(
        "schema/app.kdl",
        "role first\nrole second\nschema app { table t { column a int } }\n",
    );
    walk.on(&one.url(), &["diff", "first"]).ends(0);
    for database in [&one, &other] {
        walk.on(&database.url(), &["apply", "--yes"]).ends(0);
    }
    walk.write(
        "schema/app.kdl",
        "role first\nrole second login { member-of first; set work_mem \"5MB\" }\n\
         schema app { table t { column a int; column b int } }\n",
    );
    walk.on(&one.url(), &["diff", "second"]).ends(0);
    walk.on(&one.url(), &["apply", "--yes"]).ends(0);
    walk.on(&other.url(), &["status"])
        .ends(0)
        .says("as recorded");
    walk.on(&other.url(), &["drift"]).ends(0).says("no drift");
    walk.on(&other.url(), &["apply", "--yes"]).ends(0);
    for database in [&one, &other] {
        walk.on(&database.url(), &["status"])
            .ends(0)
            .says("as recorded");
        walk.on(&database.url(), &["drift"])
            .ends(0)
            .says("no drift");
    }
    // What somebody does by hand is drift in all of them.
    one.psql("REVOKE first FROM second");
    for database in [&one, &other] {
        walk.on(&database.url(), &["status"])
            .ends(0)
            .says("drifted");
    }
    one.psql("GRANT first TO second");
    walk.on(&one.url(), &["rollback", "--yes"]).ends(0);
    walk.on(&other.url(), &["rollback", "--yes"]).ends(0);
    walk.on(&other.url(), &["status"])
        .ends(0)
        .says("as recorded");
}

/// Views see columns in their places: one that is made anew stands last from then on.
#[test]
fn a_column_made_anew_is_wanted_where_it_stands_then() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let declare = |net: &str, vat: &str, more: &str| {
        walk.write(
            "schema/app.kdl",
            &format!(
                "schema app {{\n table t {{ column id int primary-key; column net \"{net}\" not-null\n column vat \"{net}\" {{ \
                 generated \"{vat}\" stored }}\n column tags text; {more} }}\n view v {{ query \"SELECT * FROM app.t\" }}\n}}\n"
            ),
        );
    };
    declare("numeric(12,2)", "net * 0.2", "");
    walk.on(&url, &["diff", "first"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    declare(
        "numeric(14,4)",
        "round(net * 0.25, 3)",
        "column region text",
    );
    walk.on(&url, &["diff", "second"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["verify"]).ends(0);
}

/// A view made anew is given its rights again: said is what changes for somebody.
#[test]
fn rights_on_what_is_made_anew_are_said_as_far_as_they_change() {
    let server = TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    let url = live.url();
    let declare = |query: &str, rights: &str| {
        walk.write(
            "schema/app.kdl",
            &format!(
                "role one\nrole two\nschema app {{ table t {{ column a int; column b int }}\n view v {{ query \"{query}\"; \
                 {rights} }} }}\n"
            ),
        );
    };
    let grants = "grant select to=one; grant insert to=two";
    declare("SELECT a FROM app.t", grants);
    walk.on(&url, &["diff", "first"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    declare(
        "SELECT b FROM app.t",
        "grant select to=one; grant select to=two",
    );
    walk.on(&url, &["diff", "second"]).ends(0);
    let up = walk.read("generated/000002_second.up.sql");
    let hazards: Vec<&str> = up.lines().filter(|it| it.contains(":hazard ")).collect();
    assert_eq!(hazards.len(), 2, "{up}");
    assert!(up.contains("two loses INSERT on TABLE app.v"), "{up}");
    assert!(up.contains("two gets SELECT on TABLE app.v"), "{up}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
}

/// A role that deploys makes a schema for the group that it is a member of, and what it declares of owners holds whoever
/// applies it.
#[test]
fn a_role_that_deploys_makes_what_belongs_to_its_group() {
    let server = TestServer::fresh();
    let (walk, live, other) = (Walk::new(), server.database(), server.database());
    live.psql("CREATE ROLE grp; CREATE ROLE reader; CREATE ROLE deploy LOGIN IN ROLE grp");
    for database in [&live, &other] {
        database.psql(&format!(
            "GRANT CREATE ON DATABASE {} TO deploy",
            database.name()
        ));
    }
    walk.write(
        "schema/app.kdl",
        "role grp\nrole reader\nschema app owner=grp {\n table t { column a int primary-key; grant select to=reader }\n \
         view v { query \"SELECT a FROM app.t\" }\n}\nschema own {\n table mine owner=deploy { column a int }\n table any { column a int }\n}\n",
    );
    let url = live.url().replace("user=postgres", "user=deploy");
    walk.on(&url, &["diff", "one"]).ends(0);
    let up = walk.read("generated/000001_one.up.sql");
    assert!(up.contains("CREATE SCHEMA app AUTHORIZATION grp;"), "{up}");
    assert!(up.contains("ALTER TABLE own.mine OWNER TO deploy;"), "{up}");
    assert!(!up.contains("missing-right"), "{up}");
    let apply = |url: &str| {
        walk.on(url, &["apply", "--yes"]).ends(0);
        walk.on(url, &["diff", "--exit-code"]).ends(0);
        walk.on(url, &["verify"]).ends(0);
    };
    apply(&url);
    // Whoever applies it elsewhere, the declared owners are the same.
    apply(&other.url());
    let owners = "SELECT string_agg(relname || ' ' || pg_get_userbyid(relowner), ', ' ORDER BY relname) FROM pg_class \
                  WHERE relkind IN ('r', 'v') AND relnamespace::regnamespace::text IN ('app', 'own')";
    let of = |database: &TestDatabase<'_>| database.psql(owners).trim().to_owned();
    assert_eq!(of(&live), "any deploy, mine deploy, t grp, v grp");
    assert_eq!(of(&other), "any postgres, mine deploy, t grp, v grp");
    walk.on(&url, &["rollback", "--all", "--yes"]).ends(0);
}
