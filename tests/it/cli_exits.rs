//! Every exit class that scripts rely on, from the real binary.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer};
use schemactl::migrate::Lock;
use schemactl::pg::connect::{Session, Target};

/// A project that is at its first migration, and its database.
fn begun() -> (Walk, TestDatabase<'static>) {
    let walk = Walk::new();
    let live = TestServer::get().database();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key } }",
    );
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    (walk, live)
}

#[test]
fn failed_sql_is_1_and_shows_the_place() {
    let (walk, live) = begun();
    walk.run(&["new", "data", "--project", "app"]).ends(0);
    walk.write("generated/000002_data.up.sql", &{
        let header = walk.read("generated/000002_data.up.sql");
        header.replace(
            "-- write the way there here",
            "INSERT INTO app.t VALUES (1);\nSELECT 1/0;",
        )
    });
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(1)
        .says("division by zero (SQLSTATE 22012)")
        .says("000002_data.up.sql");
    assert_eq!(live.psql("SELECT count(*) FROM app.t").trim(), "0");
    walk.on(&live.url(), &["status"]).ends(0).says("failed");
}

#[test]
fn something_to_do_is_2() {
    let (walk, live) = begun();
    walk.write(
        "schema/more.kdl",
        "schema app { table u { column id int primary-key } }",
    );
    walk.on(&live.url(), &["diff", "--exit-code", "--dry-run"])
        .ends(2);
    assert_eq!(walk.generated().len(), 2, "a dry run writes nothing");
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    walk.on(&live.url(), &["status", "--check"])
        .ends(2)
        .says("1 pending");
    walk.write("schema/odd.kdl", "schema   other\n");
    walk.run(&["fmt", "--check", "--project", "app"])
        .ends(2)
        .says("odd.kdl");
    walk.run(&["fmt", "--project", "app"]).ends(0);
    assert_eq!(walk.read("schema/odd.kdl"), "schema other\n");
}

#[test]
fn what_needs_a_word_is_3() {
    let (walk, live) = begun();
    let url = live.url();
    walk.write(
        "schema/more.kdl",
        "schema app { table u { column id int primary-key } }",
    );
    walk.on(&url, &["diff", "second"]).ends(0);
    walk.on(&url, &["apply"]).ends(3).says("--yes");
    walk.on(&url, &["diff"]).ends(3).says("behind the files");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("CREATE TABLE app.hand (i int)");
    walk.on(&url, &["diff"])
        .ends(3)
        .says("nobody declares table app.hand");
    // A run that goes on beside it does not make it the project's.
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff"])
        .ends(3)
        .says("nobody declares table app.hand");
    walk.on(&url, &["diff", "--drop", "table:app.hand", "--dry-run"])
        .ends(0)
        .says("DROP TABLE app.hand");
    live.psql("DROP TABLE app.hand; DROP TABLE app.u");
    walk.on(&url, &["diff"]).ends(3).says("table app.u is gone");
    let other = TestServer::get().database();
    other.psql("CREATE TABLE public.mine (i int)");
    std::fs::remove_dir_all(walk.path("generated")).unwrap();
    walk.on(&other.url(), &["diff"])
        .ends(3)
        .says("no history of schemactl");
}

#[test]
fn a_file_that_was_altered_after_it_ran_is_3_until_it_is_put_back() {
    let (walk, live) = begun();
    let file = "generated/000001_first.up.sql";
    let ran = walk.read(file);
    let altered = ran.clone() + "-- edited\n";
    walk.write(file, &altered);
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(3)
        .says("was altered after it ran");
    walk.run(&["verify", "--project", "app"])
        .ends(3)
        .says("restamp");
    // What ran is not given another text.
    for versions in [&["restamp", "--yes"][..], &["restamp", "1", "--yes"]] {
        walk.on(&live.url(), versions)
            .ends(3)
            .says("migrate::altered")
            .says("put the file back as it was");
        assert_eq!(walk.read(file), altered);
    }
    walk.on(&live.url(), &["show", "1"]).ends(0);
    walk.write(file, &ran);
    walk.run(&["verify", "--project", "app"]).ends(0);
    walk.on(&live.url(), &["status", "--check"]).ends(0);
    walk.on(&live.url(), &["restamp"])
        .ends(0)
        .says("nothing to stamp");
}

#[test]
fn what_ran_is_shown_and_not_what_a_file_became() {
    let (walk, live) = begun();
    let up = walk.generated()[1].clone();
    let up = format!("generated/{up}");
    assert!(up.ends_with(".up.sql"), "{up}");
    let ran = walk.read(&up);
    walk.write(&up, &ran.replace("id integer", "id bigint"));
    let run = walk.on(&live.url(), &["show", "1"]).ends(0);
    assert!(
        run.out.contains("id integer") && !run.out.contains("id bigint"),
        "{run:?}"
    );
    assert!(run.err.contains("altered since"), "{run:?}");
}

#[test]
fn an_altered_file_is_taken_back_by_what_was_stored_with_it() {
    let (walk, live) = begun();
    let (up, down) = (
        "generated/000001_first.up.sql",
        "generated/000001_first.down.sql",
    );
    walk.write(up, &(walk.read(up) + "CREATE TABLE app.more ();\n"));
    walk.write(
        down,
        &walk
            .read(down)
            .replace("DROP TABLE", "DROP TABLE app.more;\nDROP TABLE"),
    );
    walk.on(&live.url(), &["rollback", "--all", "--yes"])
        .ends(0)
        .says("000001_first.up.sql was altered after it ran")
        .says("the way back that was stored with it is taken");
    // Now it may be another one.
    walk.on(&live.url(), &["restamp"])
        .ends(0)
        .says("up and down on PostgreSQL");
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    assert_eq!(
        live.psql("SELECT to_regclass('app.more') IS NOT NULL")
            .trim(),
        "t"
    );
}

#[test]
fn a_stamp_whose_proof_fails_is_1_and_leaves_the_files() {
    let (walk, live) = begun();
    walk.run(&["new", "by_hand", "--project", "app"]).ends(0);
    let up = "generated/000002_by_hand.up.sql";
    walk.write(up, &(walk.read(up) + "SELECT 1 FROM nowhere;\n"));
    let down = "generated/000002_by_hand.down.sql";
    walk.write(down, &(walk.read(down) + "SELECT 1;\n"));
    let texts = (walk.read(up), walk.read(down));
    walk.on(&live.url(), &["restamp", "--yes"])
        .ends(1)
        .says("nowhere")
        .says("every file is as it was");
    assert_eq!((walk.read(up), walk.read(down)), texts);
}

#[test]
fn a_fork_is_3_until_the_later_file_is_stamped() {
    let (walk, live) = begun();
    let table =
        |name: &str| format!("schema app {{ table {name} {{ column id int primary-key }} }}");
    walk.write("schema/more.kdl", &table("u"));
    walk.on(&live.url(), &["diff", "ours"]).ends(0);
    // The same moment on another branch.
    let ours: Vec<(String, String)> = walk
        .generated()
        .into_iter()
        .filter(|name| name.contains("ours"))
        .map(|name| (name.clone(), walk.read(&format!("generated/{name}"))))
        .collect();
    for (name, _) in &ours {
        std::fs::remove_file(walk.path("generated").join(name)).unwrap();
    }
    walk.write("schema/more.kdl", &table("v"));
    walk.on(&live.url(), &["diff", "theirs"]).ends(0);
    for (name, text) in &ours {
        walk.write(&format!("generated/{name}"), text);
    }
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(3)
        .says("schemactl diff --rebase");
    for (name, text) in &ours {
        std::fs::remove_file(walk.path("generated").join(name)).unwrap();
        walk.write(
            &format!("generated/{}", name.replace("000002", "000003")),
            text,
        );
    }
    walk.write("schema/ours.kdl", &table("u"));
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(3)
        .says("the migrations fork");
    walk.on(&live.url(), &["restamp", "--yes"])
        .ends(0)
        .says("000003_ours.up.sql")
        .says("up and down on PostgreSQL");
    walk.run(&["verify", "--project", "app"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.on(&live.url(), &["diff"])
        .ends(0)
        .says("nothing to do");
    walk.on(&live.url(), &["restamp"])
        .ends(0)
        .says("nothing to stamp");
}

#[test]
fn without_scratch_nothing_is_proven_and_protected_refuses() {
    let walk = Walk::new();
    let live = TestServer::get().database();
    let project = format!(
        "project app edition=1 {{ scratch none }}\nenvironment production {{ url \"{}\"; protected }}\n",
        live.url()
    );
    walk.write("schemactl.kdl", &project);
    walk.write("schema/app.kdl", "schema app");
    walk.on(&live.url(), &["diff"])
        .ends(3)
        .says("`scratch none`")
        .says("schemactl new");
    assert!(walk.generated().is_empty());
    walk.run(&["new", "by_hand", "--project", "app"]).ends(0);
    let (up, down) = (
        "generated/000001_by_hand.up.sql",
        "generated/000001_by_hand.down.sql",
    );
    walk.write(up, &(walk.read(up) + "CREATE SCHEMA app;\n"));
    walk.write(down, &(walk.read(down) + "DROP SCHEMA app;\n"));
    walk.on(&live.url(), &["restamp"])
        .ends(0)
        .says("not proven: the project says `scratch none`");
    assert!(walk.read(up).contains("proven not proven"));
    walk.run(&["apply", "--project", "app", "--env", "production", "--yes"])
        .ends(3)
        .says("is not proven");
    assert_eq!(
        live.psql("SELECT count(*) FROM pg_namespace WHERE nspname = 'app'")
            .trim(),
        "0"
    );
}

#[test]
fn wrong_input_is_4_and_everything_is_said_at_once() {
    let (walk, live) = begun();
    walk.run(&["diff", "--frobnicate"]).ends(4);
    walk.run(&["check", "--project", "nowhere"]).ends(4);
    walk.write(
        "schema/bad.kdl",
        "schema app { table v { colum id int }; table w { column id } }\nshema x\n",
    );
    walk.on(&live.url(), &["diff"])
        .ends(4)
        .says("unknown node `colum`")
        .says("unknown node `shema`");
    let mistakes = walk
        .run(&["check", "--project", "app", "--format", "json"])
        .ends(4)
        .json();
    assert_eq!(mistakes["mistakes"][0]["labels"][0]["line"], 1);
    walk.write(
        "schema/bad.kdl",
        "schema app {\n    table v {\n        column id int\n        column odd integr\n    }\n}\n",
    );
    walk.on(&live.url(), &["diff"])
        .ends(4)
        .says("nobody declares a type `integr`")
        .says("did you mean `integer`?")
        .says("bad.kdl:4:");
    assert_eq!(walk.generated().len(), 2);
}

#[test]
fn a_mistake_of_syntax_hides_no_other() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app {
    table t {
        column id varchar(255) default=now()
        colum note text
        index id, note
        index id naem=x
    }
    table u
    {
        use of_another_file
        column t_id int references=t on-delete=casade
    }
}
shema other
",
    );
    let mistakes = walk
        .run(&["check", "--project", "app", "--format", "json"])
        .ends(4)
        .json();
    let found: Vec<(u64, &str)> = mistakes["mistakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["labels"][0]["line"].as_u64().unwrap(),
                it["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (3, "kdl::syntax"),
            (3, "kdl::syntax"),
            (4, "kdl::unknown-node"),
            (5, "kdl::syntax"),
            (6, "kdl::unknown-property"),
            (9, "kdl::syntax"),
            (11, "kdl::unknown-word"),
            (14, "kdl::unknown-node"),
        ]
    );
}

#[test]
fn no_server_or_database_is_5() {
    let (walk, live) = begun();
    walk.on("postgres://x@127.0.0.1:1/x", &["status"]).ends(5);
    let missing = live.url().replace(live.name(), "not_there");
    walk.on(&missing, &["status"])
        .ends(5)
        .says("does not exist");
}

#[test]
fn no_postgresql_on_the_machine_is_5() {
    let walk = Walk::new();
    walk.write("schema/app.kdl", "schema app");
    let nothing = [
        ("SCHEMACTL_PG_ONLY", "1"),
        ("SCHEMACTL_PG_BIN", "/nonexistent/bin"),
        ("DOCKER_HOST", "unix:///nonexistent/docker.sock"),
    ];
    // No server to try the schema on.
    let run = walk
        .run_with(&nothing, &["verify", "--project", "app"])
        .ends(5)
        .says("scratch::none_found")
        .says("`/nonexistent/bin` has no `postgres`")
        .says("the target's server: no database is named")
        .says("schemactl postgres install");
    assert!(!run.err.contains("\\n"), "{run:?}");
    // Nor one for the project's own data.
    for command in [&["diff"][..], &["apply", "--yes"], &["status"]] {
        let mut arguments = command.to_vec();
        arguments.extend(["--project", "app", "--env", "local"]);
        walk.run_with(&nothing, &arguments)
            .ends(5)
            .says("scratch::no_binaries")
            .says("schemactl postgres install");
    }
    assert!(
        !walk.path(".schemactl").exists(),
        "nothing is changed anywhere"
    );
    walk.write(
        "schemactl.kdl",
        "project app edition=1 { scratch postgres version=16 }",
    );
    walk.run_with(&nothing, &["verify", "--project", "app"])
        .ends(5)
        .says("scratch::version_missing")
        .says("schemactl postgres install 16");
    assert!(walk.generated().is_empty());
    assert!(!walk.path(".schemactl").join("data").exists());
    // What needs none works.
    walk.run_with(&nothing, &["check", "--project", "app"])
        .ends(0);
    // A server that is there is enough, where databases may be made on it.
    let live = TestServer::get().database();
    live.psql(
        "DO $$ BEGIN CREATE ROLE no_createdb LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    );
    walk.write("schemactl.kdl", "project app edition=1");
    let poor = live.url().replace("user=postgres", "user=no_createdb");
    walk.run_with(
        &nothing,
        &["diff", "first", "--project", "app", "--url", &poor],
    )
    .ends(5)
    .says("role `no_createdb` may not create databases");
    walk.write("schemactl.kdl", "project app edition=1");
    let url = live.url();
    walk.run_with(
        &nothing,
        &["diff", "first", "--project", "app", "--url", &url],
    )
    .ends(0)
    .says("wrote");
}

#[test]
fn a_scratch_server_that_is_not_there_is_5_and_named_as_such() {
    let (walk, live) = begun();
    let dead = "postgres://x@127.0.0.1:1/x";
    walk.write(
        "schemactl.kdl",
        &format!("project app edition=1 {{ scratch url {dead:?} }}"),
    );
    walk.on(&live.url(), &["diff"])
        .ends(5)
        .says("scratch::unreached")
        .says("the scratch server cannot be reached")
        .says("`scratch url` in")
        .says("schemactl.kdl");
    walk.on(&live.url(), &["diff", "--scratch", dead])
        .ends(5)
        .says("`--scratch` names it");
}

#[test]
fn a_history_whose_tables_are_gone_is_1_and_named_as_damaged() {
    let (walk, live) = begun();
    for table in ["migrations", "snapshots", "events", "meta"] {
        live.psql(&format!("ALTER TABLE schemactl.{table} RENAME TO gone"));
        for command in [&["status"][..], &["apply", "--yes"]] {
            walk.on(&live.url(), command)
                .ends(1)
                .says("history::damaged")
                .says(&format!("its table `{table}` is gone"))
                .says("restore them from a backup");
        }
        live.psql(&format!("ALTER TABLE schemactl.gone RENAME TO {table}"));
    }
    live.psql("ALTER TABLE schemactl.migrations DROP COLUMN up_sha CASCADE");
    walk.on(&live.url(), &["status"])
        .ends(1)
        .says("history::damaged");
}

#[tokio::test]
async fn a_busy_database_is_6() {
    let (walk, live) = begun();
    walk.write(
        "schema/more.kdl",
        "schema app { table u { column id int primary-key } }",
    );
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    let target = Target::parse(&live.url()).unwrap();
    let session = Session::connect(&target, "the other").await.unwrap();
    let lock = Lock::acquire(&session, "schemactl", None, None, |_| {})
        .await
        .unwrap();
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(6)
        .says("another schemactl works on this database");
    lock.release(&session).await.unwrap();
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
}

#[tokio::test]
async fn who_waits_for_a_lock_does_not_wait_for_ever() {
    let (walk, live) = begun();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\ndefaults { lock-timeout \"50ms\"; lock-retries 1 backoff=\"1ms\"; statement-timeout \"1min\" }\n",
    );
    walk.on(&live.url(), &["new", "more"]).ends(0);
    let up = "generated/000002_more.up.sql";
    let text = format!(
        "{}\nALTER TABLE app.t ADD COLUMN more integer;\n",
        walk.read(up)
    );
    walk.write(up, &text);
    let target = Target::parse(&live.url()).unwrap();
    let session = Session::connect(&target, "the other").await.unwrap();
    session
        .execute("BEGIN; LOCK TABLE app.t IN ACCESS SHARE MODE")
        .await
        .unwrap();
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(6)
        .says("canceling statement due to lock timeout")
        .says("try 2");
    session.execute("COMMIT").await.unwrap();
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
}

#[test]
fn drift_is_told_before_an_apply_or_stops_it() {
    let (walk, live) = begun();
    live.psql("CREATE TABLE app.by_hand (i int)");
    walk.write(
        "schema/more.kdl",
        "schema app { table u { column id int primary-key } }",
    );
    walk.on(&live.url(), &["diff", "--from", "migrations", "second"])
        .ends(0);
    let project = |policy: &str| {
        walk.write(
            "schemactl.kdl",
            &format!("project app edition=1\ndefaults {{ drift {policy} }}\n"),
        );
    };
    project("refuse");
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(3)
        .says("apply::drifted")
        .says("schemactl drift");
    assert_eq!(live.psql("SELECT to_regclass('app.u') IS NULL"), "t");
    project("warn");
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(0)
        .says("not as the last migration left it");
}

#[test]
fn what_was_interrupted_is_told_and_taken_back_first() {
    let (walk, live) = begun();
    live.psql("CREATE INDEX t_odd ON app.t (id)");
    live.psql(
        "INSERT INTO schemactl.migrations (service, version, name, status, direction, tool_version, up_sql, up_sha) \
         SELECT service, '000002', 'odd', 'running', 'up', tool_version, \
                E'-- schemactl:no-transaction\\n\\nCREATE INDEX CONCURRENTLY t_gone ON app.t (id);\\n', up_sha \
         FROM schemactl.migrations WHERE version = '000001'",
    );
    walk.on(&live.url(), &["status"])
        .ends(0)
        .says("half done")
        .says("schemactl repair");
    walk.on(&live.url(), &["drift"])
        .ends(7)
        .says("000002_odd")
        .says("schemactl apply");
    walk.on(&live.url(), &["rollback", "--steps", "1", "--yes"])
        .ends(7)
        .says("nothing else was taken back");
    assert_eq!(live.psql("SELECT to_regclass('app.t') IS NOT NULL"), "t");
}

#[test]
fn a_rename_of_nothing_does_not_drop_what_was_meant() {
    let (walk, live) = begun();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column key int primary-key renamed-from=di } }",
    );
    walk.on(&live.url(), &["diff", "second"])
        .ends(4)
        .says("kdl::dangling")
        .says("column app.t.id would be dropped")
        .says("did you mean `id`?");
    assert_eq!(walk.generated().len(), 2);
}

#[test]
fn names_that_cannot_be_are_4_without_a_server() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        &format!(
            "schema app {{ table t {{ column {} int }}; view t {{ query \"SELECT 1 AS a\" }} }}\nschema schemactl",
            "n".repeat(64)
        ),
    );
    walk.run(&["check", "--project", "app"])
        .ends(4)
        .says("has 64 bytes")
        .says("cannot have one name")
        .says("holds the history of the migrations");
    walk.write(
        "schema/app.kdl",
        "schema app {\n<<<<<<< HEAD\n  table a { column i int }\n=======\n  table b { column i int }\n>>>>>>> other\n}\n",
    );
    let run = walk
        .run(&["check", "--project", "app"])
        .ends(4)
        .says("a merge is not finished");
    assert_eq!(run.err.matches("kdl::").count(), 1, "{run:?}");
}

#[test]
fn the_data_of_others_is_no_project_s_own_server() {
    let walk = Walk::new();
    walk.write(".schemactl/location", "/var/lib/elsewhere/data\n");
    walk.run(&["status", "--project", "app"])
        .ends(5)
        .says("scratch::not_of_project")
        .says("was not made for this project");
    std::fs::remove_file(walk.path(".schemactl/location")).unwrap();
}

#[test]
fn an_interruption_that_nobody_can_judge_is_7() {
    let (walk, live) = begun();
    live.psql(
        "UPDATE schemactl.migrations SET status = 'running', up_sql = E'-- schemactl:no-transaction\\n\\nCREATE DATABASE nowhere;\\n' \
         WHERE version = '000001'",
    );
    walk.write(
        "schema/more.kdl",
        "schema app { table u { column id int primary-key } }",
    );
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(7)
        .says("repair");
}

#[test]
fn hostile_names_do_not_reach_the_terminal() {
    let live = TestServer::get().database();
    live.psql("CREATE TABLE public.\"evil\u{1b}[31m\" (i int)");
    let walk = Walk::new();
    let run = walk.on(&live.url(), &["diff"]).ends(3);
    assert!(!run.err.contains('\u{1b}'), "{run:?}");
    assert!(run.err.contains("evil\\u{1b}[31m"), "{run:?}");
}

#[test]
fn no_text_of_a_database_makes_a_line_of_its_own() {
    let live = TestServer::get().database();
    live.psql(
        "CREATE TABLE public.\"evil\n  wrote generated/000001_x.up.sql\r\u{202e}\" (i int);
         COMMENT ON TABLE public.\"evil\n  wrote generated/000001_x.up.sql\r\u{202e}\" IS E'a\\n  nothing to do'",
    );
    let walk = Walk::new();
    let forged = |run: &crate::cli_support::Run| {
        format!("{}{}", run.out, run.err)
            .lines()
            .any(|line| line.trim_start().starts_with("wrote generated/000001_x"))
    };
    let run = walk.on(&live.url(), &["diff"]).ends(3);
    assert!(!forged(&run), "{run:?}");
    assert!(run.err.contains("evil\\n  wrote"), "{run:?}");
    assert!(!run.err.contains(['\r', '\u{202e}']), "{run:?}");
    let (walk, live) = begun();
    walk.run(&["new", "report", "--project", "app"]).ends(0);
    let (up, down) = (
        "generated/000002_report.up.sql",
        "generated/000002_report.down.sql",
    );
    walk.write(
        up,
        &(walk.read(up)
            + "-- schemactl:report SELECT E'a\\n  wrote generated/000001_x.up.sql'\nSELECT 1;\n"),
    );
    walk.write(down, &(walk.read(down) + "SELECT 1;\n"));
    let run = walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    assert!(!forged(&run), "{run:?}");
    assert!(run.err.contains("a\\n  wrote"), "{run:?}");
}
