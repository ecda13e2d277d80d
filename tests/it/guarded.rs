//! What the policies of an environment see though no statement shows it at first sight: blocks, routines, other roles, what
//! cascades reach, tables that change under their names.

use std::process::{Command, Stdio};

use crate::cli_support::{Run, Walk};
use crate::support::{TestDatabase, TestServer};

fn project(rest: &str) -> Walk {
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        &format!("project app edition=1 {{ scratch none }}\n{rest}\n"),
    );
    walk
}

fn database() -> TestDatabase<'static> {
    TestServer::get().database()
}

fn up(walk: &Walk, sql: &str) {
    walk.write("generated/000001_x.up.sql", sql);
    walk.write("generated/000001_x.down.sql", "SELECT 1;");
}

fn run_in(walk: &Walk, live: &TestDatabase<'_>, environment: &str, arguments: &[&str]) -> Run {
    let mut all = arguments.to_vec();
    all.extend(["--project", "app", "--env", environment]);
    walk.run_with(&[("APP_URL", &live.url())], &all)
}

fn is_there(live: &TestDatabase<'_>, relation: &str) -> bool {
    let sql = format!("SELECT to_regclass('{relation}') IS NOT NULL");
    live.psql(&sql).trim() == "t"
}

#[test]
fn rights_that_change_out_of_sight_need_the_word_too() {
    let live = database();
    let role = format!("r_{}", live.name());
    live.psql(&format!(
        "CREATE ROLE {role}; CREATE TABLE public.t (a int); CREATE VIEW public.v AS SELECT a FROM public.t;
         CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION public.there() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'GRANT SELECT ON public.t TO {role}'; END $$"
    ));
    let walk = project("environment deny { url (env)APP_URL; confirm never; authorization deny }");
    for (sql, word) in [
        (
            "DO $$ BEGIN GRANT SELECT ON public.t TO @; END $$;",
            "grant:public.t",
        ),
        (
            "DO $$ BEGIN IF true THEN EXECUTE 'GRANT SELECT ON public.t TO @'; END IF; END $$;",
            "grant:public.t",
        ),
        (
            "DO $$ BEGIN EXECUTE format('ALTER TABLE public.t OWNER TO %I', '@'); END $$;",
            "change-owner:public.t",
        ),
        (
            "DO $$ BEGIN EXECUTE (SELECT 'GRANT SELECT ON public.t TO @'); END $$;",
            "unread-statement:000001_x:1",
        ),
        (
            "CREATE FUNCTION public.g() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE POLICY p ON public.t USING (true); END $$;\nSELECT public.g();",
            "policy:public.t.p",
        ),
        (
            "CREATE PROCEDURE public.g(q text) LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$;\nCALL public.g('x');",
            "unread-statement:g",
        ),
        ("SELECT public.there();", "grant:public.t"),
        (
            "CREATE FUNCTION public.g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN REVOKE ALL ON public.t FROM @; RETURN new; END $$;\n\
             CREATE TRIGGER g AFTER INSERT ON public.t EXECUTE FUNCTION public.g();\nINSERT INTO public.t VALUES (1);",
            "revoke:public.t",
        ),
        ("CREATE ROLE @2 IN ROLE @;", "role-membership:@"),
        ("CREATE ROLE @2 ROLE @;", "role-membership:@2"),
        ("CREATE ROLE @2 ADMIN @;", "role-membership:@2"),
        ("REASSIGN OWNED BY @ TO postgres;", "change-owner:@"),
        ("CREATE SCHEMA s AUTHORIZATION @;", "change-owner:s"),
        (
            "CREATE SCHEMA s CREATE TABLE x (a int) GRANT SELECT ON x TO @;",
            "grant:public.x",
        ),
        ("GRANT SELECT ON LARGE OBJECT 4711 TO @;", "grant:4711"),
        (
            "UPDATE pg_catalog.pg_class SET relacl = NULL WHERE relname = 't';",
            "catalog-write:pg_catalog.pg_class",
        ),
        (
            "ALTER VIEW public.v SET (security_invoker = true);",
            "view-security:public.v",
        ),
        (
            "ALTER FUNCTION public.f() SET role = '@';",
            "routine-rights:public.f",
        ),
        (
            "ALTER FUNCTION public.f() LEAKPROOF;",
            "routine-rights:public.f",
        ),
        ("SET ROLE @;", "set-role:@"),
        ("SET SESSION AUTHORIZATION @; SELECT 1;", "set-role:@"),
        ("RESET ROLE;", "set-role:none"),
        (
            "SELECT set_config('role', '@', true);",
            "set-role:set_config",
        ),
    ] {
        let word = word.replace('@', &role);
        up(&walk, &sql.replace('@', &role));
        run_in(&walk, &live, "deny", &["apply", "--yes"])
            .ends(3)
            .says("apply::authorization")
            .says(&format!("--allow {word}"));
    }
    // What fills in names and nothing else is read, and needs no word; one that is given one runs.
    up(
        &walk,
        "DO $$ BEGIN EXECUTE format('COMMENT ON TABLE public.%I IS %L', 't', 'x'); PERFORM public.f(); END $$;",
    );
    run_in(&walk, &live, "deny", &["apply", "--yes"]).ends(0);
    walk.write(
        "generated/000002_y.up.sql",
        &format!("DO $$ BEGIN EXECUTE 'GRANT SELECT ON public.t ' || 'TO {role}'; EXECUTE concat('SELECT ', 1); END $$;"),
    );
    walk.write("generated/000002_y.down.sql", "SELECT 1;");
    run_in(
        &walk,
        &live,
        "deny",
        &[
            "apply",
            "--yes",
            "--allow",
            "grant:public.t",
            "--allow",
            "unread-statement:000002_y:1",
        ],
    )
    .ends(0);
    live.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn an_approval_holds_for_all_that_the_plan_reaches() {
    let live = database();
    live.psql(
        "CREATE SCHEMA s; CREATE TABLE s.a (x int); CREATE TABLE public.b (x int); CREATE TABLE public.c (x int); CREATE TABLE public.other (x int);
         CREATE FUNCTION public.clean() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM public.b; END $$",
    );
    let walk = project("environment a { url (env)APP_URL; approval required }");
    let plan = || -> String {
        let run = run_in(&walk, &live, "a", &["plan", "--format", "json"]).ends(0);
        run.json()["plan"].as_str().unwrap().to_owned()
    };
    // Which change makes another plan, and which does not.
    for (sql, change, other) in [
        (
            "DROP SCHEMA s CASCADE;",
            "ALTER TABLE s.a ADD COLUMN y1 int",
            true,
        ),
        (
            "GRANT SELECT ON ALL TABLES IN SCHEMA s TO PUBLIC;",
            "ALTER TABLE s.a ADD COLUMN y2 int",
            true,
        ),
        (
            "GRANT USAGE ON SCHEMA s TO PUBLIC;",
            "ALTER TABLE s.a ADD COLUMN y3 int",
            false,
        ),
        (
            "SELECT public.clean();",
            "ALTER TABLE public.b ADD COLUMN y1 int",
            true,
        ),
        (
            "SELECT public.clean();",
            "ALTER TABLE public.other ADD COLUMN y1 int",
            false,
        ),
        (
            "DROP OWNED BY pg_monitor;",
            "ALTER TABLE public.other ADD COLUMN y2 int",
            true,
        ),
        (
            "DO $$ BEGIN DELETE FROM public.c; END $$;",
            "ALTER TABLE public.c ADD COLUMN y1 int",
            true,
        ),
        (
            "DO $$ BEGIN DELETE FROM public.c; END $$;",
            "ALTER TABLE public.other ADD COLUMN y3 int",
            false,
        ),
        (
            "DO $$ BEGIN EXECUTE lower('SELECT 1'); END $$;",
            "ALTER TABLE public.other ADD COLUMN y4 int",
            true,
        ),
    ] {
        up(&walk, sql);
        let before = plan();
        live.psql(change);
        assert_eq!(plan() != before, other, "{sql} and {change}");
    }
    up(&walk, "SELECT public.clean();");
    let hash = plan();
    assert_eq!(hash.replace('-', "").len(), 32, "128 bits: {hash}");
    let apply = |hash: &str| run_in(&walk, &live, "a", &["apply", "--approve", hash]);
    // A part of it is no approval, and the way back is approved with it.
    apply(&hash[..9]).ends(3).says("apply::approval");
    walk.write("generated/000001_x.down.sql", "DELETE FROM public.other;");
    apply(&hash).ends(3).says("apply::approval");
    walk.write("generated/000001_x.down.sql", "SELECT 1;");
    apply(&hash.replace('-', "").to_uppercase()).ends(0);
}

#[test]
fn rows_that_go_without_a_statement_that_says_so_are_missed() {
    let live = database();
    live.psql(
        "CREATE TABLE public.t (a int); INSERT INTO public.t SELECT generate_series(1, 10); CREATE TABLE public.u (a int);
         CREATE FUNCTION public.empty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN TRUNCATE public.t; RETURN NULL; END $$;
         CREATE TRIGGER u AFTER INSERT ON public.u EXECUTE FUNCTION public.empty();
         CREATE FUNCTION public.gone() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE public.t; END $$",
    );
    let walk = project(
        "validate { row-counts same }\nenvironment a { url (env)APP_URL; confirm never; destructive allow }
         environment b { url (env)APP_URL; confirm never; destructive allow; validate { row-counts same exact-below=0 } }",
    );
    let words = ["apply", "--yes", "--allow", "row-counts:public.u"];
    for (sql, says) in [
        (
            "DO $$ BEGIN EXECUTE lower('TRUNCATE PUBLIC.T'); END $$;",
            "public.t: 10 rows before, 0 after",
        ),
        (
            "INSERT INTO public.u VALUES (1);",
            "public.t: 10 rows before, 0 after",
        ),
        (
            "SELECT public.gone();",
            "public.t: 10 rows before, 0 after: it is dropped",
        ),
        (
            "CREATE TABLE public.new AS SELECT a FROM public.t WHERE a < 8; DROP TABLE public.t; ALTER TABLE public.new RENAME TO t;",
            "public.t: 10 rows before, 7 after",
        ),
        (
            "ALTER TABLE public.t RENAME TO old; CREATE TABLE public.t (a int);",
            "public.t: 10 rows before, 0 after",
        ),
        (
            "DO $$ BEGIN EXECUTE lower('TRUNCATE PUBLIC.T'); INSERT INTO public.t VALUES (1); END $$;",
            "public.t: 10 rows before, 1 after",
        ),
    ] {
        up(&walk, sql);
        run_in(&walk, &live, "a", &words)
            .ends(1)
            .says("apply::validate")
            .says(says)
            .says("`--allow row-counts:public.t`");
        assert_eq!(live.psql("SELECT count(*) FROM public.t").trim(), "10");
    }
    // Written anew with every row there, exchanged for its like, or dropped by name: nothing is missing.
    up(
        &walk,
        "ALTER TABLE public.t ALTER a TYPE bigint;\nDO $$ BEGIN EXECUTE lower('ALTER TABLE PUBLIC.T ALTER A TYPE NUMERIC'); END $$;\n\
         CREATE TABLE public.new AS SELECT a FROM public.t; DROP TABLE public.t; ALTER TABLE public.new RENAME TO t; DROP TABLE public.u;",
    );
    run_in(&walk, &live, "a", &words).ends(0);
    // Too large to be counted beforehand, and emptied all the same.
    live.psql("UPDATE schemactl.meta SET environment = 'b'");
    walk.write("generated/000002_y.up.sql", "TRUNCATE public.t;");
    walk.write("generated/000002_y.down.sql", "SELECT 1;");
    run_in(&walk, &live, "b", &["apply", "--yes"])
        .ends(1)
        .says("public.t: 10 rows before, 0 after");
}

#[test]
fn a_backup_of_what_is_touched_comes_back_beside_foreign_keys() {
    let server = TestServer::get();
    let live = database();
    live.psql(
        "CREATE TABLE public.t (id int PRIMARY KEY); INSERT INTO public.t SELECT generate_series(1, 5);
         CREATE TABLE public.child (id int REFERENCES public.t ON DELETE CASCADE); INSERT INTO public.child VALUES (1), (2);
         CREATE TABLE public.far (id int REFERENCES public.t); INSERT INTO public.far VALUES (4);
         CREATE VIEW public.v AS SELECT id FROM public.t; CREATE TABLE public.alone (id int)",
    );
    let walk = project(
        "environment a { url (env)APP_URL; confirm never; destructive allow; backup \"b/{timestamp}.dump\" required tables=touched }",
    );
    // The first file runs and stands in the way of the backup's return; the second fails.
    up(
        &walk,
        "DELETE FROM public.t WHERE id = 1; CREATE TABLE public.later (id int REFERENCES public.t);",
    );
    walk.write("generated/000001_x.down.sql", "DROP TABLE public.later;");
    walk.write("generated/000002_y.up.sql", "SELECT 1/0;");
    walk.write("generated/000002_y.down.sql", "SELECT 1;");
    let run = run_in(&walk, &live, "a", &["apply", "--yes"])
        .ends(1)
        .says("schemactl rollback --env a --steps 1")
        .says("pg_restore --clean --if-exists --single-transaction");
    assert_eq!(live.psql("SELECT count(*) FROM public.child").trim(), "1");
    let [backup] = std::fs::read_dir(walk.path("b"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let tool = |name: &str| Command::new(server.bin().join(name));
    let output = tool("pg_restore").arg("--list").arg(&backup).output();
    let list = String::from_utf8(output.unwrap().stdout).unwrap();
    for there in ["public t ", "public child ", "public far ", "public v "] {
        assert!(list.contains(there), "{there} in {list}");
    }
    assert!(!list.contains("alone"), "{list}");
    // What was printed, as it was printed.
    run_in(&walk, &live, "a", &["rollback", "--steps", "1", "--yes"]).ends(0);
    let at = run.err.find("pg_restore --clean").unwrap();
    let restore = run.err[at..].lines().next().unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-c", restore])
        .current_dir(walk.path(".."))
        .env("PATH", format!("{}:{path}", server.bin().display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{restore}: {output:?}");
    assert_eq!(
        live.psql("SELECT (SELECT count(*) FROM public.t) || ' ' || (SELECT count(*) FROM public.child) || ' ' || (SELECT count(*) FROM public.v)").trim(),
        "5 2 5"
    );
    // Where a trigger may write anywhere, everything is saved.
    live.psql(
        "CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
         CREATE TRIGGER note AFTER DELETE ON public.t EXECUTE FUNCTION public.note()",
    );
    std::fs::remove_dir_all(walk.path("b")).unwrap();
    run_in(&walk, &live, "a", &["apply", "--yes"]).ends(1);
    let [backup] = std::fs::read_dir(walk.path("b"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let output = tool("pg_restore").arg("--list").arg(&backup).output();
    let list = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(list.contains("alone"), "{list}");
}

#[test]
fn no_file_leaves_the_role_of_connect_as() {
    let live = database();
    let owner = format!("owner_{}", live.name());
    live.psql(&format!(
        "CREATE ROLE {owner}; GRANT CREATE ON DATABASE {db} TO {owner}; GRANT ALL ON SCHEMA public TO {owner};
         CREATE FUNCTION public.sly() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE lower('RESET ROLE'); END $$",
        db = live.name()
    ));
    let walk = project(&format!(
        "environment a {{ url (env)APP_URL; confirm never; connect-as {owner} }}"
    ));
    for sql in [
        "CREATE TABLE public.t (a int);\nRESET ROLE;\nCREATE TABLE public.u (a int);",
        "SET SESSION AUTHORIZATION DEFAULT;",
        "DO $$ BEGIN RESET ROLE; CREATE TABLE public.t (a int); END $$;",
        "SELECT public.sly();\nCREATE TABLE public.t (a int);",
        "SELECT set_config('role', 'none', false);\nCREATE TABLE public.t (a int);",
    ] {
        up(&walk, sql);
        run_in(&walk, &live, "a", &["apply", "--yes"])
            .ends(3)
            .says("apply::role")
            .says(&owner);
        assert!(!is_there(&live, "public.t"), "{sql}");
    }
    up(&walk, "SET ROLE postgres; CREATE TABLE public.t (a int);");
    run_in(&walk, &live, "a", &["apply", "--script"])
        .ends(3)
        .says("apply::role");
    up(&walk, "CREATE TABLE public.t (a int);");
    run_in(&walk, &live, "a", &["apply", "--yes"]).ends(0);
    live.psql(&format!("DROP OWNED BY {owner} CASCADE; DROP ROLE {owner}"));
}

#[test]
fn a_database_is_known_by_its_address_before_it_remembers() {
    let (staging, production) = (database(), database());
    let walk = project(
        "environment staging { url (env)STAGING_URL }\nenvironment production { url (env)PRODUCTION_URL; after staging; hook before-apply \"true\" }",
    );
    up(&walk, "CREATE TABLE public.t (a int);");
    let (one, other) = (staging.url(), production.url());
    let run = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app"]);
        let variables = [("STAGING_URL", &*one), ("PRODUCTION_URL", &*other)];
        walk.run_with(&variables, &all)
    };
    run(&["apply", "--yes", "--url", &other])
        .ends(3)
        .says("apply::after")
        .says("`staging` has not run 000001_x");
    run(&["apply", "--yes", "--url", &one]).ends(0);
    run(&["apply", "--script", "--url", &other])
        .ends(0)
        .says("no hook runs around it");
    run(&["apply", "--yes", "--url", &other]).ends(0);
    let remembered = "SELECT environment FROM schemactl.meta";
    assert_eq!(production.psql(remembered).trim(), "production");
}

#[test]
fn the_record_says_who_and_what_was_passed_over() {
    let live = database();
    let day = jiff::Zoned::now()
        .date()
        .checked_add(jiff::Span::new().days(3))
        .unwrap();
    let walk = project(&format!(
        "environment a {{ url (env)APP_URL; confirm never; window \"{} 02:00-04:00 UTC\" }}",
        day.strftime("%a")
    ));
    up(&walk, "CREATE TABLE public.t (a int);");
    let output = Command::new(env!("CARGO_BIN_EXE_schemactl"))
        .args(["apply", "--env", "a", "--allow", "out-of-window:a"])
        .current_dir(walk.path(""))
        .env("APP_URL", live.url())
        .env_remove("USER")
        .env_remove("LOGNAME")
        .env_remove("SCHEMACTL_ACTOR")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let me = Command::new("id").arg("-un").output().unwrap();
    let event = "SELECT actor || ' ' || (detail ->> 'allowed') FROM schemactl.events WHERE action = 'apply'";
    assert_eq!(
        live.psql(event).trim(),
        format!(
            "{} out-of-window:a",
            String::from_utf8(me.stdout).unwrap().trim()
        )
    );
}

#[test]
fn who_ends_a_run_ends_its_hook_and_is_told_of_it() {
    let live = database();
    let walk = project(
        "environment a { url (env)APP_URL; confirm never; hook before-apply \"bin/wait\"; hook on-failure \"bin/note {event}\" }",
    );
    for (name, body) in [
        // Nobody lets it through the pipe.
        ("bin/wait", "mkfifo never; touch waits; exec cat never"),
        ("bin/note", "echo \"$@\" > notes"),
    ] {
        walk.write(name, &format!("#!/bin/sh\n{body}\n"));
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(walk.path(name), mode).unwrap();
    }
    up(&walk, "CREATE TABLE public.t (a int);");
    let mut run = Command::new(env!("CARGO_BIN_EXE_schemactl"))
        .args(["apply", "--env", "a", "--yes"])
        .current_dir(walk.path(""))
        .env("APP_URL", live.url())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The hook says when it waits; the server does the waiting for that.
    let waits = walk.path("waits");
    while !waits.exists() {
        live.psql("SELECT pg_sleep(0.01)");
    }
    let pid = i32::try_from(run.id()).unwrap();
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(pid),
        nix::sys::signal::Signal::SIGTERM,
    )
    .unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(7));
    let notes = std::fs::read_to_string(walk.path("notes")).unwrap();
    assert_eq!(notes.trim(), "apply of a failed");
    assert!(!is_there(&live, "public.t"));
}

#[test]
fn every_loss_is_named_at_once_both_ways() {
    let live = database();
    live.psql("CREATE TABLE public.t (a int, b int); CREATE TABLE public.u (a int)");
    let walk = project(
        "environment a { url (env)APP_URL; confirm never; destructive deny; authorization deny }",
    );
    let sql = "ALTER TABLE public.t DROP COLUMN b;\nDROP TABLE public.u;\nGRANT SELECT ON public.t TO PUBLIC;";
    up(&walk, sql);
    let words = [
        "drop-column:public.t.b",
        "drop-table:public.u",
        "grant:public.t",
        "grant-to-public:public.t",
    ];
    let mut run = run_in(&walk, &live, "a", &["apply", "--yes"]).ends(3);
    for word in words {
        run = run.says(&format!("`--allow {word}`"));
    }
    let mut all = vec!["apply", "--yes"];
    words.iter().for_each(|word| all.extend(["--allow", *word]));
    run_in(&walk, &live, "a", &all).ends(0);
    live.psql("CREATE TABLE public.u (a int); ALTER TABLE public.t ADD COLUMN b int");
    walk.write("generated/000001_x.down.sql", sql);
    live.psql("UPDATE schemactl.migrations SET down_sql = NULL");
    let mut run = run_in(&walk, &live, "a", &["rollback", "--yes"]).ends(3);
    for word in words {
        run = run.says(&format!("`--allow {word}`"));
    }
}

#[test]
fn a_word_that_nothing_knows_allows_nothing() {
    let live = database();
    let walk = project("environment a { url (env)APP_URL; confirm never }");
    up(&walk, "CREATE TABLE public.t (a int);");
    let words = ["apply", "--allow", "drop-tabel:x", "--allow", "drop-table"];
    run_in(&walk, &live, "a", &words)
        .ends(4)
        .says("did you mean `drop-table`?")
        .says("write it as `--allow drop-table:OBJECT`");
    assert!(!is_there(&live, "public.t"));
}

#[test]
fn a_right_that_the_header_tells_needs_one_word() {
    let live = database();
    live.psql("CREATE TABLE public.t (a int)");
    let walk = project("environment a { url (env)APP_URL; confirm never; authorization deny }");
    let told = "-- schemactl:hazard authorization grant grant public.t.public: public gets SELECT on TABLE public.t";
    up(
        &walk,
        &format!("{told}\n\nGRANT SELECT ON TABLE public.t TO PUBLIC;"),
    );
    let words = ["apply", "--allow", "grant-to-public:public.t"];
    let run = run_in(&walk, &live, "a", &words).ends(3);
    let run = run
        .says("1 of its steps")
        .says("`--allow grant:public.t.public`");
    assert!(!run.err.contains("`--allow grant:public.t`"), "{}", run.err);
    let both = [&words[..], &["--allow", "grant:public.t.public"]].concat();
    run_in(&walk, &live, "a", &both).ends(0);
    // Another right to the same table is another step.
    walk.write(
        "generated/000002_y.up.sql",
        "GRANT UPDATE ON TABLE public.t TO PUBLIC;",
    );
    walk.write("generated/000002_y.down.sql", "SELECT 1;");
    run_in(&walk, &live, "a", &both)
        .ends(3)
        .says("`--allow grant:public.t`");
}
