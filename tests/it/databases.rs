//! A project of several databases: made where they are missing, each with its files and history, with the real binary.

use crate::cli_support::Walk;
use crate::support::TestServer;

const PROJECT: &str = r#"
project shop edition=1
database app { schema-files schema }
database keycloak {
    schema-files keycloak
    server-version min=13 max=99
    create owner=kc_owner encoding=UTF8
    grant connect temporary to=kc_user
    settings { work_mem "8MB"; search_path "keycloak, public" }
}
environment local { url (env)APP_URL; confirm never; role kc_user password=(env)KC_PASSWORD }
environment production { url (env)APP_URL; database keycloak url=(env)KC_URL; protected }
"#;

const KEYCLOAK: &str = r#"
role kc_owner createdb
role kc_user login connection-limit=9
extension pgcrypto schema=keycloak
schema keycloak {
    grant usage to=kc_user
    table realms {
        column id uuid primary-key default="gen_random_uuid()"
        grant select to=kc_user
    }
}
"#;

fn walk() -> Walk {
    let walk = Walk::new();
    walk.write("schemactl.kdl", PROJECT);
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id bigint primary-key } }\n",
    );
    walk.write("keycloak/keycloak.kdl", KEYCLOAK);
    walk
}

#[test]
fn two_databases_from_nothing_and_back() {
    let server = TestServer::fresh();
    server.admin("CREATE DATABASE shop_app");
    let walk = walk();
    let (app, password) = (server.url("shop_app"), "s3cret-p4ss");
    let variables = [("APP_URL", app.as_str()), ("KC_PASSWORD", password)];
    let run = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--env", "local"]);
        let run = walk.run_with(&variables, &all);
        assert!(
            !run.out.contains(password) && !run.err.contains(password),
            "{run:?}"
        );
        run
    };
    let on = |database: &str, sql: &str| server.run_psql(database, sql).unwrap().trim().to_owned();
    // Without files nothing has to be there; both are checked, and what is wrong names its database.
    let checked = run(&["check", "--format", "json"]).ends(0).json();
    assert_eq!(checked["databases"]["app"]["objects"], 4);
    assert_eq!(checked["databases"]["keycloak"]["ok"], true);
    // The first of the two is there, the other is missing.
    run(&["status"])
        .ends(5)
        .says("connect::unknown_database")
        .says("database keycloak");
    let made = run(&["create", "--format", "json"]).ends(0).json();
    assert_eq!(made["databases"]["app"]["created"], false);
    assert_eq!(made["databases"]["keycloak"]["created"], true);
    assert_eq!(
        made["databases"]["keycloak"]["roles"],
        serde_json::json!(["kc_owner", "kc_user"])
    );
    assert_eq!(
        on(
            "keycloak",
            "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), has_database_privilege('kc_user', datname, 'temporary'), \
             current_setting('work_mem'), current_setting('search_path') FROM pg_database WHERE datname = current_database()"
        ),
        "kc_owner|UTF8|t|8MB|keycloak, public"
    );
    assert_eq!(
        on(
            "postgres",
            "SELECT rolcanlogin, rolconnlimit, rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'kc_user'"
        ),
        "t|9|t"
    );
    run(&["create", "--database", "keycloak"])
        .ends(0)
        .says("is there already");
    // Each has its own files, and its own numbers.
    run(&["diff", "first"]).ends(0);
    assert_eq!(
        walk.files("generated/app"),
        walk.files("generated/keycloak")
    );
    assert_eq!(walk.files("generated/app").len(), 2);
    assert!(
        walk.read("generated/keycloak/000001_first.up.sql")
            .contains("realms")
            && !walk
                .read("generated/app/000001_first.up.sql")
                .contains("realms")
    );
    let plan = run(&["plan", "--format", "json"]).ends(0).json();
    assert_ne!(
        plan["databases"]["app"]["plan"],
        plan["databases"]["keycloak"]["plan"]
    );
    run(&["apply", "--yes"])
        .ends(0)
        .says("database app")
        .says("database keycloak");
    for database in ["shop_app", "keycloak"] {
        assert_eq!(
            on(database, "SELECT count(*) FROM schemactl.migrations"),
            "1"
        );
    }
    assert_eq!(
        on(
            "keycloak",
            "SELECT to_regclass('keycloak.realms') IS NOT NULL"
        ),
        "t"
    );
    run(&["diff", "--exit-code"]).ends(0);
    run(&["status", "--check"]).ends(0);
    run(&["drift"]).ends(0);
    run(&["verify"]).ends(0);
    run(&["lint", "--all"]).ends(0);
    run(&["doctor"]).ends(0);
    // What is of one database wants its name.
    for command in [
        &["log"][..],
        &["rollback", "--yes"],
        &["new", "x"],
        &["apply", "--to", "1"],
    ] {
        run(command)
            .ends(4)
            .says("config::which-database")
            .says("app, keycloak");
    }
    run(&["new", "by_hand", "--database", "keycloak"]).ends(0);
    assert!(
        walk.path("generated/keycloak/000002_by_hand.up.sql")
            .exists()
    );
    run(&["status", "--check"]).ends(2).says("1 pending");
    walk.write(
        "generated/keycloak/000002_by_hand.up.sql",
        "SELECT 1 / 0;\n",
    );
    // The first failure stops, and says what was done where.
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id bigint primary-key; column name text } }\n",
    );
    run(&["diff", "name", "--database", "app"]).ends(0);
    run(&["apply", "--yes"])
        .ends(1)
        .says("stopped at keycloak; done: app")
        .says("22012");
    assert_eq!(
        on("shop_app", "SELECT count(*) FROM schemactl.migrations"),
        "2"
    );
    run(&["rollback", "--all", "--yes", "--database", "keycloak"]).ends(0);
    assert_eq!(
        on("keycloak", "SELECT to_regclass('keycloak.realms') IS NULL"),
        "t"
    );
    assert_eq!(
        on("shop_app", "SELECT to_regclass('app.t') IS NOT NULL"),
        "t"
    );
    // `--url` is that of the first, and of the one that is named with it.
    let with_url = walk.run(&[
        "status",
        "--project",
        "app",
        "--url",
        &app,
        "--env",
        "local",
    ]);
    with_url.ends(0).says("keycloak@");
    walk.run(&[
        "log",
        "--project",
        "app",
        "--url",
        &app,
        "--database",
        "keycloak",
    ])
    .ends(0)
    .says("name");
}

#[test]
fn a_missing_database_is_made_by_apply_or_named() {
    let server = TestServer::fresh();
    server.admin("CREATE DATABASE shop_app");
    let walk = walk();
    walk.write(
        "schemactl.kdl",
        &PROJECT.replace("owner=kc_owner", "owner=nobody_there"),
    );
    let (app, kc) = (server.url("shop_app"), server.url("keycloak_live"));
    let variables = [("APP_URL", app.as_str()), ("KC_URL", kc.as_str())];
    let run = |environment: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--env", environment]);
        walk.run_with(&variables, &all)
    };
    run("local", &["diff", "first", "--from", "migrations"]).ends(0);
    // What would fail is known before anything is made.
    run("local", &["create"])
        .ends(4)
        .says("create::role")
        .says("nobody_there");
    walk.write("schemactl.kdl", PROJECT);
    run("local", &["create"])
        .ends(4)
        .says("create::password")
        .says("KC_PASSWORD");
    assert_eq!(
        server
            .admin("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'kc%'")
            .trim(),
        "0"
    );
    // A password is only wanted where the project says that there is one; a setting that is none takes everything away.
    let project = PROJECT.replace("; role kc_user password=(env)KC_PASSWORD", "");
    walk.write("schemactl.kdl", &project.replace("8MB", "a lot"));
    run("local", &["create"])
        .ends(1)
        .says("create::failed")
        .says("only the roles kc_owner, kc_user were made");
    assert_eq!(
        server
            .admin("SELECT count(*) FROM pg_database WHERE datname = 'keycloak'")
            .trim(),
        "0"
    );
    walk.write("schemactl.kdl", &project);
    // Looking makes nothing, and a protected environment is not made on the way.
    run("local", &["plan", "--database", "keycloak"])
        .ends(3)
        .says("create::missing");
    run("production", &["apply", "--yes", "--database", "keycloak"])
        .ends(3)
        .says("create::missing");
    run("local", &["apply", "--database", "keycloak"])
        .ends(3)
        .says("cli::needs-yes");
    run("production", &["create", "--database", "keycloak"])
        .ends(3)
        .says("cli::needs-yes");
    run("local", &["apply", "--yes"])
        .ends(0)
        .says("made database keycloak");
    run("production", &["create", "--yes"])
        .ends(0)
        .says("made database keycloak_live");
    // A server of another version is refused.
    walk.write(
        "schemactl.kdl",
        &project.replace("max=99", "max=13").replace("min=13 ", ""),
    );
    if server.major() > 13 {
        run("local", &["status", "--database", "keycloak"])
            .ends(5)
            .says("connect::server_version")
            .says("13 or earlier");
    }
    walk.write(
        "schemactl.kdl",
        "project a edition=1\ndatabase a\ndatabase \"b/c\" { grant connect }\n",
    );
    run("local", &["check"])
        .ends(4)
        .says("config::same-files")
        .says("config::database-name")
        .says("to=ROLE");
}

/// `examples/platform`, as its page walks through it.
#[test]
fn settings_of_a_database_that_is_made_are_no_migration() {
    let server = TestServer::fresh();
    let walk = Walk::new();
    let project = |create: &str| {
        walk.write(
            "schemactl.kdl",
            &format!("project t edition=1\ndatabase app {{ schema-files schema; {create}; settings {{ work_mem \"8MB\" }} }}"),
        );
    };
    walk.write(
        "schema/app.kdl",
        "schema app { table a { column id int primary-key } }",
    );
    project("create");
    let url = server.url("sea");
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["create", "--yes"]).ends(0);
    on(&["diff", "one"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    on(&["verify"]).ends(0);
    walk.run(&[
        "diff",
        "--project",
        "app",
        "--from",
        "migrations",
        "--exit-code",
    ])
    .ends(0);
    // One that nobody makes gets them by a migration.
    project("manage");
    walk.run(&[
        "diff",
        "--project",
        "app",
        "--from",
        "migrations",
        "--dry-run",
    ])
    .ends(0)
    .says("work_mem");
}

#[test]
fn the_example_of_three_services_and_two_databases_runs() {
    let server = TestServer::fresh();
    server.admin("CREATE DATABASE platform");
    let project = format!("{}/examples/platform", env!("CARGO_MANIFEST_DIR"));
    let walk = Walk::new();
    let url = server.url("platform");
    let variables = [
        ("PLATFORM_URL", url.as_str()),
        ("KEYCLOAK_PASSWORD", "of the example"),
    ];
    let run = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", &project, "--env", "production"]);
        walk.run_with(&variables, &all)
    };
    run(&["check"]).ends(0);
    let all = ["schemactl.kdl", "schema", "services", "keycloak"];
    let all = all.map(|name| format!("{project}/{name}"));
    let mut fmt = vec!["fmt", "--check"];
    fmt.extend(all.iter().map(String::as_str));
    walk.run(&fmt).ends(0);
    run(&["create", "--yes"])
        .ends(0)
        .says("made database keycloak");
    // A service says which database is meant.
    run(&["apply", "--service", "crm", "--yes"])
        .ends(0)
        .says("crm stands on these of other services, which run too: 0001 first, auth/0001 first");
    run(&["apply", "--yes"]).ends(0);
    run(&["diff", "--exit-code"]).ends(0);
    run(&["drift"]).ends(0);
    let status = run(&["status", "--format", "json"]).ends(0).json();
    assert_eq!(
        status["databases"]["platform"]["at"],
        serde_json::json!({ "shared": "0001", "auth": "0001", "crm": "0001", "billing": "0001" })
    );
    assert_eq!(status["databases"]["keycloak"]["at"], "0001");
    run(&["show", "billing/1", "--service", "billing"])
        .ends(0)
        .says("-- schemactl:depends-on crm/0001");
    run(&["rollback", "--service", "auth", "--yes"])
        .ends(3)
        .says("crm/0001_first");
    walk.run(&["verify", "--project", &project]).ends(0);
    // A protected environment wants a word for each table.
    let tables = [
        (
            "platform",
            &["auth.users", "crm.customers", "billing.invoices"][..],
        ),
        ("keycloak", &["keycloak.realms"]),
    ];
    for (database, tables) in tables {
        let mut back = vec!["rollback", "--all", "--yes", "--database", database];
        let words: Vec<String> = tables
            .iter()
            .map(|table| format!("drop-table:{table}"))
            .collect();
        for word in &words {
            back.extend(["--allow", word]);
        }
        run(&back).ends(0);
    }
}
