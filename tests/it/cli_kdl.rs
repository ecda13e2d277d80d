//! The commands about the KDL files themselves, with the real binary: `check --explain`, `fmt --prune`,
//! `inspect --mixins`, and how many files an inspection writes.

use crate::cli_support::Walk;
use crate::support::{TestServer, assert_same_dump};

#[test]
fn what_silence_means_is_explained() {
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\ndatabase app { manage { grants declared } }\n",
    );
    walk.write(
        "schema/app.kdl",
        "extension citext\nschema app { table t comment=\"said\" { column id bigint primary-key }; table u { column id bigint } }",
    );
    walk.run(&["check", "--explain", "--project", "app"])
        .ends(0)
        .says("other schemas left alone, not even listed; one that the project had before is dropped, as a hazard that asks declared: app")
        .says("hosts what a hosted database has of its host")
        .says("comments none: what is there is taken away manage { comments exact } said of 1 of 4 objects")
        .says("grants left as they are in the database")
        .says("1 without a name: app.t.t_pkey")
        .says("1 without a version: citext");
    let json = walk
        .run(&["check", "--explain", "--format", "json", "--project", "app"])
        .ends(0)
        .json();
    assert_eq!(json["silence"][0]["about"], "other schemas");
}

#[test]
fn the_lines_of_a_scope_are_told_as_they_were_written() {
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\ndatabase app { scope {\n only schema=a; only schema=b // both\n /* made by hand */ ignore kind=trigger\n} }\n",
    );
    walk.write(
        "schema/a.kdl",
        "schema a { table t { column id integer } }; schema b; schema c",
    );
    let run = walk.run(&["check", "--explain", "--project", "app"]);
    let run = run
        .ends(0)
        .says("only schema=b why: both; declared, and left out: schema c")
        .says("ignore kind=trigger why: made by hand");
    assert_eq!(run.out.matches("why: both").count(), 1, "{}", run.out);
}

#[test]
fn what_a_scope_leaves_out_is_told_with_its_reason() {
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\ndatabase app {\n    manage { partitions exact; comments declared }\n    scope {\n        \
         // copies of the nightly job,\n        // which makes them itself\n        ignore table=\"app.*_backup\"\n        \
         ignore trigger=\"app.*.tmp_*\" // of the profiler\n        only function=\"app.*\"\n    }\n}\n",
    );
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id bigint; partition-by range id; partition t1 from=1 to=2 }\n table t_backup { column id bigint primary-key } }",
    );
    walk.run(&["check", "--explain", "--project", "app"])
        .ends(0)
        .says("scope left out with all its parts: not read, not made, not changed, not dropped ignore table=\"app.*_backup\" \
               why: copies of the nightly job, which makes them itself; declared, and left out: table app.t_backup")
        .says("scope left out: not read, not made, not changed, not dropped ignore trigger=\"app.*.tmp_*\" why: of the profiler")
        .says("scope of this kind (`function`), only what fits is the project's only function=\"app.*\"")
        .says("partitions as other tables: what is recorded and not declared is dropped, as a hazard that asks; what nobody made is drift manage { partitions exact }")
        .says("comments left as they are in the database manage { comments declared }")
        .says("never in hand the history, and the members of extensions but for what is said of them history: schema schemactl");
    let json = walk
        .run(&["check", "--explain", "--format", "json", "--project", "app"])
        .ends(0)
        .json();
    let lines = json["silence"].as_array().unwrap();
    let scope: Vec<_> = lines
        .iter()
        .filter(|line| line["about"] == "scope")
        .collect();
    assert_eq!(scope.len(), 3);
    assert_eq!(scope[1]["by"], "ignore trigger=\"app.*.tmp_*\"");
}

#[test]
fn words_of_transition_go_once_every_environment_has_run_them() {
    let server = TestServer::get();
    let (staging, production) = (server.database(), server.database());
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        &format!(
            "project app edition=1\nenvironment staging {{ url \"{}\" }}\nenvironment production {{ url \"{}\" }}\n",
            staging.url(),
            production.url()
        ),
    );
    let on = |environment: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--env", environment]);
        walk.run(&all)
    };
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column first text; column n integer } }\n",
    );
    on("staging", &["diff", "one"]).ends(0);
    for environment in ["staging", "production"] {
        on(environment, &["apply", "--yes"]).ends(0);
    }
    let renamed = "// the table\nschema app {\n    table t {\n        column firstname text renamed-from=first // once\n        \
                   column n bigint not-null backfill=0\n    }\n}\n";
    walk.write("schema/app.kdl", renamed);
    let prune = || walk.run(&["fmt", "--prune", "--project", "app"]);
    prune()
        .ends(3)
        .says("ask for more than the migrations give");
    on("staging", &["diff", "two"]).ends(0);
    on("staging", &["apply", "--yes"]).ends(0);
    prune().ends(3).says("has not run 000002 two yet");
    assert_eq!(walk.read("schema/app.kdl"), renamed);
    let status = walk.run(&["status", "--project", "app"]).ends(0);
    assert!(!status.err.contains("has run everywhere"), "{status:?}");
    on("production", &["apply", "--yes"]).ends(0);
    walk.run(&["status", "--project", "app"])
        .ends(0)
        .says("`renamed-from` of column app.t.firstname has run everywhere");
    prune().ends(0).says("2 words of transition taken out");
    assert_eq!(
        walk.read("schema/app.kdl"),
        "// the table\nschema app {\n    table t {\n        column firstname text // once\n        column n bigint not-null\n    }\n}\n"
    );
    for environment in ["staging", "production"] {
        on(environment, &["diff", "--exit-code"]).ends(0);
    }
}

#[test]
fn a_rename_of_nothing_is_told() {
    let walk = Walk::new();
    let database = TestServer::get().database();
    let url = database.url();
    // Where the table is new too, no old name is to be expected.
    walk.write("schema/app.kdl", "schema app { table t { column id integer; column first_name text renamed-from=forename } }\n");
    let first = walk.on(&url, &["diff", "one"]).ends(0);
    assert!(!first.err.contains("to rename"), "{first:?}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let renamed = "schema app {\n    table t {\n        column id integer\n        column firstname text renamed-from=first_nam\n    }\n    table u renamed-from=v { column id integer }\n}\n";
    walk.write("schema/app.kdl", renamed);
    // A column goes that could be meant.
    walk.on(&url, &["diff", "--dry-run"])
        .ends(4)
        .says("there is no column app.t.first_nam to rename, and column app.t.first_name would be dropped")
        .says("did you mean `first_name`?");
    walk.write(
        "schema/app.kdl",
        &renamed.replace(
            "column firstname text renamed-from=first_nam",
            "column first_name text",
        ),
    );
    walk.on(&url, &["diff", "--dry-run"])
        .ends(0)
        .says("app/schema/app.kdl:")
        .says("there is no table app.v to rename, so table app.u is made anew");
    walk.write(
        "schema/app.kdl",
        &renamed
            .replace("first_nam\n", "first_name\n")
            .replace(" renamed-from=v", ""),
    );
    let right = walk.on(&url, &["diff", "two"]).ends(0);
    assert!(!right.err.contains("to rename"), "{right:?}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    // It has run: harmless.
    let done = walk.on(&url, &["diff", "--exit-code"]).ends(0);
    assert!(!done.err.contains("to rename"), "{done:?}");
}

#[test]
fn recurring_columns_are_mixins_on_request() {
    let server = TestServer::get();
    let (live, empty) = (server.database(), server.database());
    for table in ["a", "b", "c", "d"] {
        live.psql(&format!(
            "CREATE TABLE public.{table} (id bigint PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(),
                 updated_at timestamptz, {table}_more text, email text UNIQUE)"
        ));
    }
    let walk = Walk::new();
    let inspect = ["inspect", "--url", &live.url(), "--output", "app"];
    walk.run(&inspect).ends(0);
    assert!(!walk.read("schema/public.kdl").contains("use "));
    let with: Vec<&str> = inspect.iter().copied().chain(["--mixins"]).collect();
    walk.run(&with).ends(0);
    let text = walk.read("schema/public.kdl");
    assert_eq!(
        text.matches("use id_created_at_updated_at").count(),
        4,
        "{text}"
    );
    assert!(
        walk.read("schema/_shared.kdl")
            .contains("mixin id_created_at_updated_at {\n    column id bigint primary-key\n")
    );
    walk.on(&empty.url(), &["diff", "all"]).ends(0);
    walk.on(&empty.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&empty.pg_dump_schema(), &live.pg_dump_schema());
}

#[test]
fn a_column_without_a_type_changes_that_of_a_mixin() {
    let live = TestServer::get().database();
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        r#"mixin m { column c int not-null default=3 { comment "of c" }; column d text default="'x'" }
schema app {
    table t { use m; column c not-null=#false }
    table u { column d default=#null not-null; use m; column e int }
    table w { use m; column c int }
}
"#,
    );
    walk.run(&["fmt", "--project", "app"]).ends(0);
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    let sql = walk.read("generated/000001_first.up.sql");
    for table in [
        "CREATE TABLE app.t (\n    c integer DEFAULT 3,\n    d text DEFAULT 'x'\n)",
        "CREATE TABLE app.u (\n    c integer NOT NULL DEFAULT 3,\n    d text NOT NULL,\n    e integer\n)",
        "CREATE TABLE app.w (\n    d text DEFAULT 'x',\n    c integer\n)",
    ] {
        assert!(sql.contains(table), "{sql}");
    }
    assert_eq!(sql.matches("IS 'of c'").count(), 2, "{sql}");
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column c not-null } }\n",
    );
    walk.run(&["check", "--project", "app"]).ends(4);
}

#[test]
fn a_large_schema_has_a_file_for_each_table_and_partitions_do_not_count() {
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE TABLE public.p (id integer) PARTITION BY RANGE (id);
         DO $$ BEGIN
             FOR i IN 1..99 LOOP
                 EXECUTE format('CREATE TABLE public.t%s (id integer)', i);
                 EXECUTE format('CREATE TABLE public.p%s PARTITION OF public.p FOR VALUES FROM (%s) TO (%s)', i, i, i + 1);
             END LOOP;
         END $$",
    );
    let walk = Walk::new();
    let inspect = ["inspect", "--url", &live.url(), "--output", "app"];
    walk.run(&inspect).ends(0);
    assert!(walk.read("schema/public.kdl").contains("table t99"));
    live.psql("CREATE TABLE public.one_more (id integer)");
    walk.run(&inspect).ends(0);
    assert!(walk.read("schema/public/t99.kdl").contains("table t99"));
    assert!(walk.read("schema/public/p.kdl").contains("partition p99"));
}

#[test]
fn what_all_objects_grant_is_said_once() {
    let server = TestServer::get();
    server.admin(
        "DO $$ BEGIN CREATE ROLE kdl_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    );
    let (live, empty) = (server.database(), server.database());
    live.psql(
        "CREATE SCHEMA app; CREATE TABLE app.a (id serial PRIMARY KEY); CREATE TABLE app.b (id serial, n integer);
         CREATE VIEW app.v AS SELECT 1 AS one;
         CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql RETURN 1;
         CREATE FUNCTION app.f(integer) RETURNS integer LANGUAGE sql RETURN 1;
         GRANT ALL ON ALL TABLES IN SCHEMA app TO kdl_reader; GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO kdl_reader;
         REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;
         GRANT SELECT ON app.a TO PUBLIC;",
    );
    let walk = Walk::new();
    walk.run(&["inspect", "--url", &live.url(), "--output", "app"])
        .ends(0);
    let text = walk.read("schema/app.kdl");
    for said in [
        "    grant usage on=sequences to=kdl_reader\n",
        "    grant all on=tables to=kdl_reader\n",
        "    revoke execute on=functions from=public\n",
        "column id serial primary-key",
        "grant select to=public",
    ] {
        assert_eq!(text.matches(said).count(), 1, "{said}\n{text}");
    }
    walk.on(&empty.url(), &["diff", "all"]).ends(0);
    walk.on(&empty.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&empty.pg_dump_schema(), &live.pg_dump_schema());
    walk.on(&empty.url(), &["diff", "--exit-code"]).ends(0);
}

#[test]
fn a_rename_that_nobody_declared_is_proposed() {
    let server = TestServer::get();
    let live = server.database();
    let walk = Walk::new();
    let url = live.url();
    walk.write(
        "schema/app.kdl",
        "schema app {
            enum state on off
            table users { column id bigint primary-key; column first_name text; column last_name text; column n integer }
            table orders { column id bigint primary-key; column total numeric; column note text }
        }",
    );
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write(
        "schema/app.kdl",
        "schema app {
            enum status on off
            table users { column id bigint primary-key; column firstname text; column lastname text; column m text }
            table purchases { column id bigint primary-key; column total numeric; column note text; column more text }
        }",
    );
    let json = walk
        .on(&url, &["diff", "--dry-run", "--format", "json"])
        .ends(0)
        .json();
    let pairs: Vec<(&str, &str)> = json["likely_renames"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["from"].as_str().unwrap(), it["to"].as_str().unwrap()))
        .collect();
    assert_eq!(
        pairs,
        [
            ("app.users.first_name", "app.users.firstname"),
            ("app.users.last_name", "app.users.lastname"),
            ("app.state", "app.status"),
            ("app.orders", "app.purchases"),
        ]
    );
    walk.on(&url, &["diff", "--dry-run"]).ends(0).says(
        "column app.users.lastname may be last_name renamed; then write `renamed-from=last_name` at app/schema/app.kdl:3",
    );
}

/// Every construct of the language is read, or refused by its own code; nothing is unknown.
#[test]
fn the_language_is_known_to_the_last_word() {
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kdl-examples");
    let check = |database: &str| {
        let project = examples.display().to_string();
        let arguments = [
            "check",
            "--project",
            &project,
            "--database",
            database,
            "--format",
            "json",
        ];
        Walk::new().run(&arguments).json()
    };
    let app = check("app");
    let mut found: Vec<String> = app["mistakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            format!(
                "{}: {}",
                it["code"].as_str().unwrap(),
                it["message"].as_str().unwrap()
            )
        })
        .collect();
    // The bodies that the examples name stand in files that are not there.
    found.retain(|line| !line.starts_with("kdl::missing-file"));
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(check("keycloak")["ok"], true);
}

#[test]
fn references_that_lead_nowhere_are_found_without_a_database() {
    let walk = Walk::new();
    let files = |project: &str, app: &str| {
        walk.write(
            "schemactl.kdl",
            &format!("project app edition=1\ndatabase app {{ {project} }}"),
        );
        walk.write("schema/app.kdl", app);
        let run = walk.run(&["check", "--project", "app", "--format", "json"]);
        let mistakes = run.json()["mistakes"].clone();
        let mut found: Vec<String> = Vec::new();
        for it in mistakes.as_array().unwrap() {
            assert_eq!(it["code"], "kdl::dangling", "{it}");
            let help = it["help"].as_str().unwrap();
            let near = help
                .strip_prefix("did you mean `")
                .map(|it| it.trim_end_matches("`?"));
            found.push(format!(
                "{} {} {}",
                it["labels"][0]["line"],
                it["message"].as_str().unwrap(),
                near.unwrap_or("-")
            ));
        }
        found.join("\n")
    };
    let found = files(
        "",
        "schema core { search-path common; table tenants { column id int primary-key }
    function touch returns=trigger language=plpgsql { body \"begin return new; end\" }; enum state a b }
schema common { enum mood x y }
schema app {
    table users {
        column a int references=core.tenant
        column b int references=tenants
        column c int references=nothing
        column d core.stat
        column e \"core.state[]\"
        column f core.vanished
        column g \"varchar(20)\"
        foreign-key aa references=core.tenants
        foreign-key a { references core.tenants idd }
        trigger x before update for-each=row execute=core.toch
        trigger y before update for-each=row execute=suppress_redundant_updates_trigger
    }
    sequence s owned-by=users.idd
    sequence s2 owned-by=user.id
    domain d core.stte
    table part { inherits usrs; column a int }
}
event-trigger e on=ddl_command_end execute=core.touc",
    );
    assert_eq!(
        found,
        "6 nobody declares a table `core.tenant` core.tenants
7 nobody declares a table `tenants` core.tenants
8 nobody declares a table `nothing` -
9 nobody declares a type `core.stat` core.state
11 nobody declares a type `core.vanished` -
13 `app.users` has no column `aa` -
14 `core.tenants` has no column `idd` id
15 nobody declares a function `core.toch` core.touch
18 `app.users` has no column `idd` -
19 nobody declares a table `user` users
20 nobody declares a type `core.stte` core.state
21 nobody declares a table `usrs` users
23 nobody declares a function `core.touc` core.touch"
    );
    // What an extension brings, what is another team's, what the project leaves alone, what PostgreSQL has.
    let quiet = "extension citext schema=app
schema app { table t {
        column a app.citext; column b public.geometry; column c other.thing; column d pg_catalog.xid8; column e hstore
        column f int references=app.legacy_users; column g int references=other.t
        trigger x before update for-each=row execute=public.moddatetime
    } }";
    assert_eq!(files("scope { ignore table=\"app.legacy_*\" }", quiet), "");
    let declared = "schema app { table t { column a int references=app.by_hand } }";
    assert_eq!(files("manage { objects declared }", declared), "");
    assert!(files("", declared).starts_with("1 nobody declares a table `app.by_hand`"));
}

#[test]
fn what_names_and_privileges_cannot_be_is_told_without_a_database() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "role r
schema app {
    table \"\" { column id integer }
    table t {
        column id integer primary-key
        cluster-on nope
        replica-identity index t_pke
        grant execute to=r
    }
    function f returns=integer language=sql body=\"select 1\" { grant select to=r }
    grant insert on=sequences to=r
}
",
    );
    let run = walk
        .run(&["check", "--project", "app"])
        .ends(4)
        .says("a name has at least one letter")
        .says("`app.t` has no index `nope`")
        .says("did you mean `t_pkey`?")
        .says("`execute` is no privilege of a table")
        .says("`select` is no privilege of a function")
        .says("`insert` is no privilege of a sequence");
    assert!(!run.err.contains("no child"), "{}", run.err);
}

#[test]
fn a_renamed_column_keeps_its_place() {
    let (walk, server) = (Walk::new(), TestServer::get());
    let database = server.database();
    let url = database.url();
    let word = if server.major() < 14 {
        "body"
    } else {
        "atomic"
    };
    let files = |table: &str, old: &str| {
        format!(
            "schema s {{
    table t {{ column id int; {table}; column last_name text }}
    table {old}
    procedure add \"i int, f text, l text\" language=sql {{ {word} \"INSERT INTO s.t VALUES (i, f, l)\" }}
    view v {{ query \"select * from s.t union all select 0, 'first', 'last'\" }}
}}\n"
        )
    };
    let view =
        |table: &str| format!("schema s {{ view w {{ query \"select * from s.{table}\" }} }}\n");
    walk.write(
        "schema/app.kdl",
        &files(
            "column first_name text",
            "old { column x int; column y int }",
        ),
    );
    walk.write("schema/view.kdl", &view("old"));
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write(
        "schema/app.kdl",
        &files(
            "column firstname text renamed-from=first_name",
            "new renamed-from=old { column z int renamed-from=y; column x int }",
        ),
    );
    walk.write("schema/view.kdl", &view("new"));
    walk.on(&url, &["diff", "two"]).ends(0);
    let up = walk.read("generated/000002_two.up.sql");
    assert_eq!(up.matches(" RENAME ").count(), 3, "{up}");
    // The views get the new names as well; the procedure follows by itself.
    assert!(!up.contains("PROCEDURE"), "{up}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let columns = |view: &str| {
        let columns = format!(
            "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '{view}'::regclass AND attnum > 0"
        );
        database.psql(&columns).trim().to_owned()
    };
    assert_eq!(columns("s.v"), "id firstname last_name");
    assert_eq!(columns("s.w"), "x z");
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["verify"]).ends(0);
}

#[test]
fn a_check_without_a_name_keeps_its_own_in_the_whole_family() {
    let walk = Walk::new();
    let database = TestServer::get().database();
    let url = database.url();
    let family = |column: &str| {
        format!(
            "schema app {{
    table i {{ column a int; column {column} }}
    table j {{ column f int; inherits i }}
    table p {{
        column a int
        column {column}
        partition-by range a
        partition q default
    }}
}}\n"
        )
    };
    walk.write("schema/app.kdl", &family("b int check=\"b > 0\""));
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write(
        "schema/app.kdl",
        &family("c int check=\"c > 0\" renamed-from=b"),
    );
    walk.on(&url, &["diff", "two"]).ends(0);
    let up = walk.read("generated/000002_two.up.sql");
    assert_eq!(up.matches("ALTER TABLE").count(), 2, "{up}");
    assert_eq!(up.matches("RENAME COLUMN b TO c").count(), 2, "{up}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
}

#[test]
fn names_that_alike_columns_exchange_are_asked_about() {
    let walk = Walk::new();
    let database = TestServer::get().database();
    let url = database.url();
    // What stands on the columns says nothing of which is which.
    let columns = |first: &str, second: &str| {
        format!(
            "schema app {{ table t {{ column a text {first}; column b text {second}; index b; check \"b > ''\" name=c }}; \
             view v {{ query \"select * from app.t\" }} }}\n"
        )
    };
    walk.write("schema/app.kdl", &columns("", ""));
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write(
        "schema/app.kdl",
        &columns("renamed-from=b", "renamed-from=a"),
    );
    walk.on(&url, &["diff", "two"])
        .ends(4)
        .says("author::exchange")
        .says("go in two migrations");
    walk.write("schema/app.kdl", &columns("", "renamed-from=a"));
    walk.on(&url, &["diff", "two"])
        .ends(0)
        .says("nothing to do");
    walk.write(
        "schema/app.kdl",
        "schema app {\n    table one renamed-from=t { column a text }\n    table two renamed-from=t { column a text }\n}\n",
    );
    walk.run(&["check", "--project", "app"])
        .ends(4)
        .says("kdl::duplicate")
        .says("cannot become two objects");
}

#[test]
fn names_of_parts_that_clash_are_told_with_both_places() {
    let walk = Walk::new();
    for (schema, message) in [
        (
            "schema a {\n    table t { column id int; index id name=i }\n    table u { column id int; index id name=i }\n}\n",
            "index a.t.i and index a.u.i cannot have one name",
        ),
        (
            "schema a {\n    table t { column id int; index id name=u }\n    table u { column id int }\n}\n",
            "table a.u and index a.t.u cannot have one name",
        ),
        (
            "schema a {\n    table t { column id int primary-key; primary-key id }\n}\n",
            "table a.t has two primary keys",
        ),
        (
            "schema a {\n    table t { column id int primary-key; column b int primary-key }\n}\n",
            "table a.t has two primary keys",
        ),
    ] {
        walk.write("schema/app.kdl", schema);
        walk.run(&["check", "--project", "app"])
            .ends(4)
            .says("kdl::duplicate")
            .says(message)
            .says("first here")
            .says("and again here");
    }
}

#[test]
fn names_by_a_pattern_that_are_cut_stay_apart() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write(
        "schemactl.kdl",
        "project app edition=1\ndatabase app { names { index \"idx_{schema}_{table}_{columns}\" } }\n",
    );
    let long = "x".repeat(60);
    walk.write(
        "schema/app.kdl",
        &format!(
            "schema a {{
    table {long}1 {{ column id int; index id }}
    table {long}2 {{ column id int; index id }}
}}\n"
        ),
    );
    walk.on(&live.url(), &["diff", "one"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.on(&live.url(), &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
}

#[test]
fn mistakes_of_all_files_are_told_in_one_run() {
    let walk = Walk::new();
    walk.write("schemactl.kdl", "project app editon=1\n");
    walk.write(
        "schema/a.kdl",
        "schema a { table t { column i int )\n} }\nschema b { table p partition-by=\"list (i)\" { column i int; partition p1 in 7; index { expression \"(\" } } }\n",
    );
    let run = walk.run(&["check", "--format", "json", "--project", "app"]);
    let json = run.ends(4).json();
    let told: Vec<String> = json["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("{json}"))
        .iter()
        .map(|it| {
            format!(
                "{}: {}",
                it["code"].as_str().unwrap(),
                it["help"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "kdl::unknown-property: did you mean `edition`?",
            "kdl::syntax: outside quotes brackets only stand as in `(env)NAME`; SQL with brackets is quoted: \"lower(email)\"",
            "kdl::unknown-property: `partition-by` stands in the node's block: `table … { partition-by … }`",
            "kdl::unknown-word: `in` stands in the node's block: `partition … { in … }`",
            "kdl::slot: close in it what it opens, and nothing else",
        ]
    );
}

#[test]
fn a_quoted_flag_is_a_flag() {
    let walk = Walk::new();
    walk.write("schemactl.kdl", "project app edition=1\n");
    walk.write(
        "schema/a.kdl",
        "schema a { table t \"unlogged\" { column i int \"not-null\" default=1; }; }\n",
    );
    walk.run(&["fmt", "--project", "app"]).ends(0);
    let formatted = walk.read("schema/a.kdl");
    assert_eq!(
        formatted,
        "schema a { table t unlogged { column i int not-null default=1 } }\n"
    );
}

/// A linked folder is read, once; so is a file whose ending is written in capitals.
#[cfg(unix)]
#[test]
fn linked_folders_are_read() {
    let walk = Walk::new();
    walk.write("schemactl.kdl", "project app edition=1\n");
    walk.write("schema/A.KDL", "schema a\n");
    walk.write("shared/b.kdl", "schema b\n");
    let folder = walk.path("");
    for (to, link) in [("../shared", "schema/linked"), ("../schema", "schema/loop")] {
        std::os::unix::fs::symlink(to, folder.join(link)).unwrap();
    }
    walk.run(&["check", "--project", "app"])
        .ends(0)
        .says("2 objects in 3 files");
}
