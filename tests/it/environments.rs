//! What an `environment` of the project file asks for, in the hands of the binary: the connection, the order of environments,
//! windows, approvals, rights, hooks, backups and checks.

use std::os::unix::fs::PermissionsExt;

use crate::cli_support::{Run, Walk};
use crate::support::{TestDatabase, TestServer};

/// A project whose project file ends so.
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

/// A pair of hand-written files.
fn file(walk: &Walk, stem: &str, up: &str, down: &str) {
    walk.write(&format!("generated/{stem}.up.sql"), up);
    walk.write(&format!("generated/{stem}.down.sql"), down);
}

/// Runs it in an environment whose URL stands in `APP_URL`.
fn run_in(walk: &Walk, live: &TestDatabase<'_>, environment: &str, arguments: &[&str]) -> Run {
    let mut all = arguments.to_vec();
    all.extend(["--project", "app", "--env", environment]);
    walk.run_with(&[("APP_URL", &live.url())], &all)
}

/// A program of the project.
fn program(walk: &Walk, name: &str, body: &str) {
    walk.write(name, &format!("#!/bin/sh\n{body}\n"));
    let path = walk.path(name);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The hash that a plan is approved by.
fn plan(run: &Run) -> String {
    run.json()["plan"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_made_belongs_to_the_role_of_connect_as() {
    let live = database();
    let owner = format!("owner_of_{}", live.name());
    live.psql(&format!(
        "CREATE ROLE \"{owner}\"; GRANT CREATE ON DATABASE \"{}\" TO \"{owner}\"",
        live.name()
    ));
    let walk = project(&format!(
        "environment a {{ url (env)APP_URL; connect-as \"{owner}\" }}\nenvironment b {{ url (env)APP_URL; connect-as nobody_at_all }}"
    ));
    file(
        &walk,
        "000001_t",
        "CREATE SCHEMA s; CREATE TABLE s.t (a int);",
        "DROP SCHEMA s CASCADE;",
    );
    run_in(&walk, &live, "b", &["apply", "--yes"])
        .ends(5)
        .says("connect::no_role")
        .says("role `nobody_at_all`, which `connect-as` names, does not exist")
        .says("CREATE ROLE nobody_at_all");
    run_in(&walk, &live, "a", &["apply", "--script"])
        .ends(0)
        .says(&format!("SET ROLE {owner}"));
    run_in(&walk, &live, "a", &["apply", "--yes"]).ends(0);
    let owned = "SELECT string_agg(DISTINCT relowner::regrole::text, ',') FROM pg_class \
                 WHERE relnamespace IN ('s'::regnamespace, 'schemactl'::regnamespace)";
    assert_eq!(live.psql(owned).trim(), owner);
    // The database remembers whose it is, also where only its URL is given.
    file(
        &walk,
        "000002_u",
        "CREATE TABLE s.u (a int);",
        "DROP TABLE s.u;",
    );
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    assert_eq!(live.psql(owned).trim(), owner);
    let by =
        "SELECT string_agg(DISTINCT (by_role = session_user)::text, ',') FROM schemactl.events";
    assert_eq!(
        live.psql(by).trim(),
        "true",
        "who logged in stays on the record"
    );
    live.psql(&format!(
        "DROP OWNED BY \"{owner}\" CASCADE; DROP ROLE \"{owner}\""
    ));
}

#[test]
fn a_database_may_have_its_own_url() {
    let live = database();
    let walk = project("database app\nenvironment a { database app url=(env)APP_URL }");
    file(
        &walk,
        "000001_t",
        "CREATE TABLE public.t (a int);",
        "DROP TABLE public.t;",
    );
    run_in(&walk, &live, "a", &["apply", "--yes"]).ends(0);
    assert_eq!(live.psql("SELECT count(*) FROM public.t").trim(), "0");
}

#[test]
fn a_migration_runs_first_where_after_says_so() {
    let (staging, production) = (database(), database());
    let walk = project(
        "environment staging { url (env)STAGING_URL }\nenvironment production { url (env)PRODUCTION_URL; after staging }",
    );
    file(
        &walk,
        "000001_t",
        "CREATE TABLE public.t (a int);",
        "DROP TABLE public.t;",
    );
    let (one, other) = (staging.url(), production.url());
    let run = |environment: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--env", environment]);
        walk.run_with(&[("STAGING_URL", &one), ("PRODUCTION_URL", &other)], &all)
    };
    run("production", &["apply", "--yes"])
        .ends(3)
        .says("apply::after")
        .says("`staging` has not run 000001_t")
        .says("schemactl apply --env staging");
    run("production", &["apply", "--script"])
        .ends(3)
        .says("apply::after");
    assert_eq!(
        production
            .psql("SELECT to_regclass('public.t') IS NULL")
            .trim(),
        "t"
    );
    run("production", &["plan"]).ends(0);
    run("staging", &["apply", "--yes"]).ends(0);
    run("production", &["apply", "--yes"]).ends(0);
    // What ran there in another form is another migration.
    file(
        &walk,
        "000002_u",
        "CREATE TABLE public.u (a int);",
        "DROP TABLE public.u;",
    );
    run("staging", &["apply", "--yes"]).ends(0);
    staging.psql("UPDATE schemactl.migrations SET up_sha = 'x' WHERE version = '000002'");
    run("production", &["apply", "--yes"])
        .ends(3)
        .says("000002_u (another text there)");
    staging.psql("UPDATE schemactl.migrations SET status = 'rolled_back' WHERE version = '000002'");
    run("production", &["apply", "--yes"])
        .ends(3)
        .says("000002_u (rolled back there)");
    let gone = "postgres://nobody@127.0.0.1:1/none";
    let arguments = ["apply", "--yes", "--project", "app", "--env", "production"];
    walk.run_with(
        &[("STAGING_URL", gone), ("PRODUCTION_URL", &other)],
        &arguments,
    )
    .ends(5)
    .says("migrations run in `staging` first, and it can't be asked");
}

#[test]
fn outside_of_its_window_nothing_runs() {
    let live = database();
    // Three days from now no clock says that it is today.
    let day = jiff::Zoned::now()
        .date()
        .checked_add(jiff::Span::new().days(3))
        .unwrap();
    let day = day.strftime("%a").to_string();
    let walk = project(&format!(
        "environment closed {{ url (env)APP_URL; window \"{day} 02:00-04:00 UTC\" }}"
    ));
    file(
        &walk,
        "000001_t",
        "CREATE TABLE public.t (a int);",
        "DROP TABLE public.t;",
    );
    run_in(&walk, &live, "closed", &["apply", "--yes"])
        .ends(3)
        .says("apply::window")
        .says(&format!("the next begins on {day}"))
        .says("--allow out-of-window:closed");
    run_in(&walk, &live, "closed", &["plan"]).ends(0);
    assert_eq!(
        live.psql("SELECT to_regclass('public.t') IS NULL").trim(),
        "t"
    );
    let word = ["apply", "--yes", "--allow", "out-of-window:closed"];
    run_in(&walk, &live, "closed", &word).ends(0);
    run_in(&walk, &live, "closed", &["redo", "--yes"])
        .ends(3)
        .says("apply::window");
    // A way back is never shut.
    run_in(&walk, &live, "closed", &["rollback", "--yes"]).ends(0);
    walk.write(
        "schemactl.kdl",
        "project app edition=1 { scratch none }\nenvironment closed { url (env)APP_URL; window \"00:00-24:00\" }\n",
    );
    run_in(&walk, &live, "closed", &["apply", "--yes"]).ends(0);
}

#[test]
fn only_the_plan_that_was_approved_runs() {
    let live = database();
    live.psql(
        "CREATE TABLE public.t (a int); CREATE VIEW public.v AS SELECT a FROM public.t; CREATE TABLE public.other (a int)",
    );
    let walk =
        project("environment a { url (env)APP_URL; approval required by=dba; destructive deny }");
    file(
        &walk,
        "000001_t",
        "ALTER TABLE public.t ADD COLUMN b int; ALTER TABLE public.t DROP COLUMN b;",
        "SELECT 1;",
    );
    let apply = |words: &[&str]| {
        let mut all = vec!["apply"];
        all.extend(words);
        run_in(&walk, &live, "a", &all)
    };
    let hash = plan(&run_in(&walk, &live, "a", &["plan", "--format", "json"]).ends(0));
    apply(&["--yes"])
        .ends(3)
        .says("apply::approval")
        .says("asks for approval by dba")
        .says(&format!("schemactl apply --env a --approve {hash}"));
    apply(&["--approve", "0000-0000"])
        .ends(3)
        .says(&format!("the plan is {hash} now, not 0000-0000"));
    // What has nothing to do with it changes nothing, what it touches does.
    live.psql("ALTER TABLE public.other ADD COLUMN z int; INSERT INTO public.t SELECT generate_series(1, 9)");
    assert_eq!(
        plan(&run_in(&walk, &live, "a", &["plan", "--format", "json"])),
        hash
    );
    live.psql("CREATE OR REPLACE VIEW public.v AS SELECT a + 1 AS a FROM public.t");
    apply(&["--approve", &hash]).ends(3).says("apply::approval");
    let hash = plan(&run_in(&walk, &live, "a", &["plan", "--format", "json"]));
    // The approval answers what would be asked, and is on the record.
    apply(&["--approve", &hash]).ends(0);
    let noted = "SELECT detail ->> 'approved' FROM schemactl.events WHERE action = 'apply'";
    assert_eq!(live.psql(noted).trim(), hash);
    run_in(&walk, &live, "a", &["redo", "--yes"])
        .ends(3)
        .says("redo::approval");
    apply(&["--yes"]).ends(0).says("nothing to apply");
}

#[test]
fn changes_of_rights_need_the_word_that_the_policy_asks_for() {
    let live = database();
    let walk = project(
        "environment ask { url (env)APP_URL; confirm never; authorization ask }\nenvironment deny { url (env)APP_URL; confirm never; authorization deny }\nenvironment open { url (env)APP_URL; confirm never }",
    );
    live.psql("CREATE TABLE public.t (a int)");
    file(
        &walk,
        "000001_rights",
        "GRANT SELECT ON public.t TO PUBLIC;\nALTER TABLE public.t ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON public.t USING (true);\n\
         CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT 1';",
        "DROP FUNCTION public.f();\nDROP POLICY p ON public.t;\nALTER TABLE public.t DISABLE ROW LEVEL SECURITY;\nREVOKE SELECT ON public.t FROM PUBLIC;",
    );
    run_in(&walk, &live, "ask", &["apply"])
        .ends(3)
        .says("needs a yes")
        .says("change who may do what")
        .says("grant-to-public")
        .says("security-definer")
        .says("row-level-security")
        .says("policy");
    let refused = run_in(&walk, &live, "deny", &["apply", "--yes"])
        .ends(3)
        .says("apply::authorization");
    // Each is allowed by the name that is told.
    let mut words = vec!["apply", "--yes"];
    let mut refused = refused;
    for word in [
        "grant:public.t",
        "grant-to-public:public.t",
        "row-level-security:public.t",
        "policy:public.t.p",
        "security-definer:public.f",
    ] {
        refused = refused.says(word);
        words.extend(["--allow", word]);
    }
    run_in(&walk, &live, "deny", &words[..words.len() - 2]).ends(3);
    run_in(&walk, &live, "deny", &words).ends(0);
    run_in(&walk, &live, "deny", &["rollback", "--yes"])
        .ends(3)
        .says("change who may do what");
    live.psql("UPDATE schemactl.meta SET environment = 'ask'");
    run_in(&walk, &live, "ask", &["rollback", "--yes"]).ends(0);
    live.psql("UPDATE schemactl.meta SET environment = 'open'");
    run_in(&walk, &live, "open", &["apply"]).ends(0);
}

#[test]
fn hooks_run_around_it_and_a_failing_one_stops_it_before() {
    let live = database();
    let walk = project(
        "environment a {
            url (env)APP_URL
            hook before-apply \"bin/note before '{environment} of {database}'\"
            hook after-apply \"bin/note after\"
            hook on-failure \"bin/note failed {event}\"
        }",
    );
    program(
        &walk,
        "bin/note",
        "echo \"$@ [$#] $SCHEMACTL_COMMAND $SCHEMACTL_ENV ${SCHEMACTL_ERROR:+with an error} $(test -n \"$PGDATABASE\" && echo PG)\" >> notes; test ! -e \"stop_$1\"",
    );
    let notes = || std::fs::read_to_string(walk.path("notes")).unwrap_or_default();
    file(
        &walk,
        "000001_t",
        "CREATE TABLE public.t (a int);",
        "DROP TABLE public.t;",
    );
    walk.write("stop_before", "");
    run_in(&walk, &live, "a", &["apply", "--yes"])
        .ends(1)
        .says("apply::hook")
        .says("ended with 1")
        .says("nothing was run");
    assert_eq!(
        live.psql("SELECT to_regclass('public.t') IS NULL").trim(),
        "t"
    );
    let before = format!("before a of {} [2] apply a  PG\n", live.name());
    assert_eq!(
        notes(),
        format!("{before}failed apply of a failed [2] apply a with an error PG\n")
    );
    std::fs::remove_file(walk.path("stop_before")).unwrap();
    std::fs::remove_file(walk.path("notes")).unwrap();
    run_in(&walk, &live, "a", &["apply", "--yes"]).ends(0);
    assert_eq!(notes(), format!("{before}after [1] apply a  PG\n"));
    // Where nothing runs, neither do they.
    run_in(&walk, &live, "a", &["apply", "--yes"]).ends(0);
    assert_eq!(notes().lines().count(), 2);
    file(&walk, "000002_x", "SELECT 1/0;", "SELECT 1;");
    run_in(&walk, &live, "a", &["apply", "--yes"])
        .ends(1)
        .says("division by zero");
    assert!(
        notes().ends_with("failed apply of a failed [2] apply a with an error PG\n"),
        "{}",
        notes()
    );
    file(&walk, "000002_x", "SELECT 1;", "SELECT 1;");
    walk.write("stop_after", "");
    run_in(&walk, &live, "a", &["apply", "--yes"])
        .ends(1)
        .says("the migrations ran and are recorded");
    let ran = "SELECT status FROM schemactl.migrations WHERE version = '000002'";
    assert_eq!(live.psql(ran).trim(), "applied");
}

#[test]
fn a_backup_is_made_before_and_one_that_fails_stops_it() {
    let server = TestServer::get();
    let live = database();
    live.psql(
        "CREATE TABLE public.t (a int); INSERT INTO public.t VALUES (41), (42); CREATE TABLE public.left_out (a int)",
    );
    let walk = project(
        "environment whole { url (env)APP_URL; backup \"backups/{environment}-{timestamp}.dump\" required }
         environment part { url (env)APP_URL; backup \"parts/{database}-{timestamp}.dump\" required tables=touched }
         environment nowhere { url (env)APP_URL; backup \"notes.txt/x-{timestamp}.dump\" required }
         environment anyhow { url (env)APP_URL; backup \"notes.txt/x-{timestamp}.dump\" }",
    );
    walk.write("notes.txt", "a file");
    file(
        &walk,
        "000001_t",
        "DELETE FROM public.t; SELECT 1/0;",
        "SELECT 1;",
    );
    let backups = |folder: &str| -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(walk.path(folder)).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    };
    run_in(&walk, &live, "nowhere", &["apply", "--yes"])
        .ends(1)
        .says("apply::backup")
        .says("nothing was run");
    live.psql("UPDATE schemactl.meta SET environment = 'whole'");
    let run = run_in(&walk, &live, "whole", &["apply", "--yes"])
        .ends(1)
        .says("division by zero")
        .says("pg_restore --clean --if-exists --single-transaction");
    let [backup] = backups("backups").try_into().unwrap();
    assert_eq!(
        backup.metadata().unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(!run.err.contains("postgres://"), "{run:?}");
    // What was printed brings it back.
    live.psql("DROP TABLE public.t, public.left_out");
    let at = run.err.find("pg_restore --clean").unwrap();
    let restore = run.err[at..].lines().next().unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", restore])
        .current_dir(walk.path(".."))
        .env(
            "PATH",
            format!(
                "{}:{}",
                server.bin().display(),
                std::env::var("PATH").unwrap()
            ),
        )
        .output()
        .unwrap();
    assert!(output.status.success(), "{restore}: {output:?}");
    assert_eq!(live.psql("SELECT sum(a) FROM public.t").trim(), "83");
    // Only what is touched.
    live.psql("UPDATE schemactl.meta SET environment = 'part'");
    run_in(&walk, &live, "part", &["apply", "--yes"]).ends(1);
    let [backup] = backups("parts").try_into().unwrap();
    let output = std::process::Command::new(server.bin().join("pg_restore"))
        .arg("--list")
        .arg(&backup)
        .output()
        .unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(
        list.contains("TABLE DATA public t ") && !list.contains("left_out"),
        "{list}"
    );
    // Where it is not required, it is told.
    live.psql("UPDATE schemactl.meta SET environment = 'anyhow'");
    file(
        &walk,
        "000001_t",
        "CREATE TABLE public.u (a int);",
        "DROP TABLE public.u;",
    );
    run_in(&walk, &live, "anyhow", &["apply", "--yes"])
        .ends(0)
        .says("the backup failed");
}

#[test]
fn a_migration_that_leaves_something_wrong_is_taken_back() {
    let live = database();
    live.psql(
        "CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY); INSERT INTO auth.users SELECT generate_series(1, 100);
         CREATE TABLE auth.logins (id int REFERENCES auth.users ON DELETE CASCADE); INSERT INTO auth.logins SELECT generate_series(1, 3);
         CREATE TABLE auth.parts (id int) PARTITION BY RANGE (id); CREATE TABLE auth.part PARTITION OF auth.parts DEFAULT;
         INSERT INTO auth.parts VALUES (1)",
    );
    let walk = project(
        "validate { row-counts same; foreign-keys valid; indexes valid; require-query few \"SELECT count(*) < 101 FROM auth.users\" }
         environment a { url (env)APP_URL; confirm never; destructive allow }
         environment large { url (env)APP_URL; confirm never; destructive allow; validate { row-counts same exact-below=0 } }",
    );
    let apply = |more: &[&str]| {
        let mut all = vec!["apply", "--yes"];
        all.extend(more);
        run_in(&walk, &live, "a", &all)
    };
    let up = |sql: &str| file(&walk, "000001_x", sql, "SELECT 1;");
    up("ALTER TABLE auth.users ADD COLUMN b int; DELETE FROM auth.users WHERE id > 95;");
    apply(&[])
        .ends(1)
        .says("apply::validate")
        .says("auth.users: 100 rows before, 95 after")
        .says("was rolled back");
    assert_eq!(live.psql("SELECT count(*) FROM auth.users").trim(), "100");
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'users'";
    assert_eq!(live.psql(columns).trim(), "1");
    // What the statements do not show: a cascade, a block.
    up("DELETE FROM auth.users WHERE id = 1; INSERT INTO auth.users VALUES (1);");
    apply(&[])
        .ends(1)
        .says("auth.logins: 1 rows fewer than before");
    up("DO $$ BEGIN EXECUTE 'DELETE FROM auth.parts'; END $$;");
    apply(&[])
        .ends(1)
        .says("auth.part: 1 rows fewer than before");
    // What a query must give is asked where nothing can be changed.
    let hostile = project(
        "validate { require-query sly \"WITH gone AS (DELETE FROM auth.users RETURNING 1) SELECT true\" }
         environment a { url (env)APP_URL; confirm never; destructive allow }",
    );
    file(
        &hostile,
        "000001_x",
        "CREATE TABLE auth.y (a int);",
        "SELECT 1;",
    );
    run_in(&hostile, &live, "a", &["apply", "--yes"])
        .ends(1)
        .says("`sly` can't be asked")
        .says("read-only transaction");
    assert_eq!(live.psql("SELECT count(*) FROM auth.users").trim(), "100");
    let hostile = project("validate { require-query sly \"commit\" }");
    let run = hostile.run(&["check", "--project", "app"]).ends(4);
    run.says("kdl::not-a-query");
    up("TRUNCATE auth.parts;");
    apply(&[])
        .ends(1)
        .says("auth.parts: 1 rows before, 0 after");
    up("INSERT INTO auth.users VALUES (101);");
    apply(&["--allow", "row-counts:auth.users"])
        .ends(1)
        .says("`few` gave false");
    up(
        "ALTER TABLE auth.logins ADD CONSTRAINT again FOREIGN KEY (id) REFERENCES auth.users NOT VALID;",
    );
    apply(&[])
        .ends(1)
        .says("foreign key auth.logins.again is not valid");
    live.psql(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'auth.users_pkey'::regclass",
    );
    up("CREATE TABLE auth.new (a int); INSERT INTO auth.new VALUES (1);");
    apply(&[])
        .ends(1)
        .says("index auth.users_pkey is not valid");
    live.psql(
        "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'auth.users_pkey'::regclass",
    );
    apply(&[]).ends(0);
    // Too large to be counted: only the transaction's own doing is known.
    file(
        &walk,
        "000002_x",
        "DELETE FROM auth.users WHERE id > 95;",
        "SELECT 1;",
    );
    live.psql("UPDATE schemactl.meta SET environment = 'large'");
    run_in(&walk, &live, "large", &["apply", "--yes"])
        .ends(1)
        .says("auth.users: 5 rows fewer than before");
    let word = ["apply", "--yes", "--allow", "row-counts:auth.users"];
    run_in(&walk, &live, "large", &word).ends(0);
}

#[test]
fn the_log_finds_what_was_done_by_whom_and_for_what() {
    let live = database();
    let walk = project("environment a { url (env)APP_URL; confirm never }");
    file(
        &walk,
        "000001_t",
        "CREATE TABLE public.t (a int);",
        "DROP TABLE public.t;",
    );
    file(
        &walk,
        "000002_u",
        "CREATE TABLE public.u (a int);",
        "DROP TABLE public.u;",
    );
    let run = |arguments: &[&str]| run_in(&walk, &live, "a", arguments);
    run(&[
        "apply", "--to", "000001", "--actor", "ana", "--label", "OPS-41",
    ])
    .ends(0);
    run(&["apply", "--actor", "bob"]).ends(0);
    run(&[
        "rollback",
        "--actor",
        "bob",
        "--label",
        "it's\u{1b}[31m",
        "--yes",
    ])
    .ends(0);
    let found = |more: &[&str]| -> Vec<String> {
        let mut all = vec!["log", "--format", "json"];
        all.extend(more);
        let json = run(&all).ends(0).json();
        let events = json["events"].as_array().unwrap().iter();
        let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap().to_owned();
        events
            .map(|it| text(it, "action") + " " + &text(it, "version"))
            .collect()
    };
    assert_eq!(found(&["--label", "OPS-41"]), ["apply 000001"]);
    assert_eq!(
        found(&["--actor", "bob"]),
        ["rollback 000002", "apply 000002"]
    );
    assert_eq!(found(&["--actor", "bob", "--label", "OPS-41"]), [""; 0]);
    assert_eq!(found(&["--label", "it's\u{1b}[31m"]), ["rollback 000002"]);
    let text = run(&["log"]).ends(0).says("by ana").says("label OPS-41");
    assert!(!text.out.contains('\u{1b}'), "{text:?}");
    run(&["log", "--label", "none"])
        .ends(0)
        .says("nothing was done under that name");
}

/// Roles have other names in one environment, and two of them exchange theirs: the same files lead to the same schema, and
/// nobody but the server hears the other names.
#[test]
fn roles_have_other_names_in_an_environment() {
    // Roles belong to a cluster.
    let (first, second) = (TestServer::fresh(), TestServer::fresh());
    let (one, other) = (first.database(), second.database());
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\nenvironment one { url (env)ONE_URL }\nenvironment other {\n    url (env)OTHER_URL\n    role owner as=\"Dev Owner\"\n    \
         role reader as=writer\n    role writer as=reader\n    connect-as owner\n}\n",
    );
    let schema = |more: &str| {
        format!(
            "role owner\nrole reader {{ set work_mem \"5MB\" }}\nrole writer {{ member-of reader; comment \"writes\" }}\n\
             default-privileges for=owner {{ grant select on=tables to=reader }}\n\
             schema app owner=owner {{\n grant usage to=reader\n table t {{\n column a int primary-key\n {more}\n \
             grant select to=reader\n grant insert to=writer with-grant-option=#true\n row-level-security\n \
             policy p for=select {{ to reader writer; using \"a > 0\" }}\n }}\n}}\n"
        )
    };
    let read = |database: &TestDatabase<'_>, sql: &str| database.psql(sql).trim().to_owned();
    let on = |environment: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--env", environment]);
        let (one, other) = (one.url(), other.url());
        walk.run_with(&[("ONE_URL", &one), ("OTHER_URL", &other)], &all)
    };
    other.psql(
        "CREATE ROLE \"Dev Owner\" SUPERUSER; CREATE ROLE reader; CREATE ROLE writer; CREATE ROLE owner",
    );
    walk.write("schema/app.kdl", &schema(""));
    on("other", &["diff", "first", "--from", "migrations"]).ends(0);
    on("other", &["apply", "--yes"]).ends(0);
    let acl = "SELECT string_agg(x.privilege_type || pg_get_userbyid(x.grantee), ' ' ORDER BY x.privilege_type) FROM pg_class c, aclexplode(relacl) x \
               WHERE relname = 't' AND x.grantee <> relowner";
    let owner =
        "SELECT string_agg(pg_get_userbyid(relowner), ' ') FROM pg_class WHERE relname = 't'";
    assert_eq!(read(&other, acl), "INSERTreader SELECTwriter");
    assert_eq!(read(&other, owner), "Dev Owner");
    assert_eq!(
        read(
            &other,
            "SELECT array(SELECT r::regrole::text FROM unnest(polroles) r ORDER BY 1)::text FROM pg_policy"
        ),
        "{reader,writer}"
    );
    assert_eq!(
        read(
            &other,
            "SELECT r.rolname || member::regrole FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE r.oid > 16384"
        ),
        "writerreader"
    );
    for arguments in [
        &["diff", "--exit-code"][..],
        &["drift"],
        &["status", "--check"],
        &["verify"],
    ] {
        on("other", arguments).ends(0);
    }
    // A later step, its way back, and the script for psql.
    walk.write(
        "schema/app.kdl",
        &schema("column b int { grant update to=reader }"),
    );
    on("other", &["diff", "second"]).ends(0);
    let up = walk.read("generated/000002_second.up.sql");
    assert!(
        up.contains("TO reader") && !up.contains("Dev Owner"),
        "{up}"
    );
    on("other", &["apply", "--script"])
        .ends(0)
        .says("TO writer");
    on("other", &["apply", "--yes"]).ends(0);
    let right = "SELECT string_agg(pg_get_userbyid(x.grantee), ' ') FROM pg_attribute, aclexplode(attacl) x WHERE attname = 'b'";
    assert_eq!(read(&other, right), "writer");
    on("other", &["diff", "--exit-code"]).ends(0);
    // What a person does there is told by the names of the files.
    other.psql("GRANT DELETE ON app.t TO writer");
    on("other", &["drift"]).ends(2).says("reader");
    other.psql("REVOKE DELETE ON app.t FROM writer");
    on("other", &["rollback", "--all", "--yes"]).ends(0);
    assert_eq!(
        read(
            &other,
            "SELECT count(*)::text FROM pg_class WHERE relname = 't'"
        ),
        "0"
    );
    // The same files where roles have their own names.
    on("one", &["apply", "--yes"]).ends(0);
    assert_eq!(read(&one, acl), "INSERTwriter SELECTreader");
}

#[test]
fn a_copy_is_another_environment_once_somebody_says_so() {
    let server = TestServer::get();
    let (live, copy) = (server.database(), server.database());
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1
         environment live { url (env)LIVE_URL; confirm never; protected }
         environment test { url (env)TEST_URL; confirm never }
         environment gone { url \"postgres://postgres@127.0.0.1:1/gone\" }",
    );
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key } }",
    );
    let run = |arguments: &[&str]| {
        let mut all = vec!["--project", "app"];
        all.extend(arguments);
        walk.run_with(
            &[("LIVE_URL", &live.url()), ("TEST_URL", &copy.url())],
            &all,
        )
    };
    run(&["diff", "first", "--env", "live"]).ends(0);
    run(&["apply", "--yes", "--env", "live"]).ends(0);
    // As `CREATE DATABASE … TEMPLATE` or pg_dump copy it.
    let whole = std::process::Command::new(server.bin().join("pg_dump"))
        .args(["-d", &live.url()])
        .output()
        .unwrap();
    copy.psql(&String::from_utf8(whole.stdout).unwrap());
    run(&["status", "--env", "test"])
        .ends(3)
        .says("--copied-from live");
    run(&["repair", "--env", "test", "--copied-from", "gone", "--yes"]).ends(3);
    run(&[
        "repair",
        "--copied-from",
        "live",
        "--url",
        &copy.url(),
        "--yes",
    ])
    .ends(4);
    run(&["repair", "--env", "test", "--copied-from", "live"])
        .ends(3)
        .says("needs a yes");
    run(&["repair", "--env", "test", "--copied-from", "live", "--yes"])
        .ends(0)
        .says("is `test` from now on");
    run(&["repair", "--env", "test", "--copied-from", "live", "--yes"])
        .ends(0)
        .says("remembers that it is `test`");
    run(&["status", "--env", "test"])
        .ends(0)
        .says("as recorded");
    run(&["drift", "--env", "test"]).ends(0);
    // What was done stands side by side, and who can't be asked hides nobody.
    let log = run(&["log"]).ends(5).says("gone: ");
    let found = |words: &str| log.out.lines().any(|line| line.contains(words));
    assert!(found("repair copied"), "{}", log.out);
    assert!(
        log.out.lines().any(|it| it.starts_with("live  ")),
        "{}",
        log.out
    );
    assert!(
        log.out.lines().any(|it| it.starts_with("test  ")),
        "{}",
        log.out
    );
    run(&["log", "--format", "json"]).ends(5);
    run(&["log", "--format", "markdown"])
        .ends(5)
        .says("| environment |");
}

#[test]
fn a_history_of_which_tables_are_gone_is_none_that_is_missing() {
    let live = TestServer::get().database();
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key } }",
    );
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql("DROP TABLE schemactl.meta, schemactl.events CASCADE");
    for command in ["status", "drift", "log"] {
        walk.on(&live.url(), &[command])
            .ends(1)
            .says("history::damaged");
    }
}
