//! Secrets of servers and foreign data wrappers in the hands of the binary: a variable stands for them in every file, and the
//! database gets the value.

use crate::cli_support::Walk;
use crate::support::TestServer;

#[test]
fn a_servers_secret_comes_from_the_environment_and_stands_in_no_file() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let with = |options: &str| {
        format!(
            "foreign-data-wrapper far\nserver there wrapper=far {{\n    options host=there.internal {options}\n}}\n"
        )
    };
    walk.write("schema/app.kdl", &with("api_key=hunter2"));
    let run = walk.on(&live.url(), &["diff", "far"]).ends(4);
    let run = run
        .says("kdl::secret")
        .says("`api_key` takes its value from the environment");
    assert!(!run.err.contains("takes a text"), "{run:?}");

    walk.write("schema/app.kdl", &with("api_key=(env)THERE_KEY"));
    walk.on(&live.url(), &["diff", "far"]).ends(0);
    let up = walk.read("generated/000001_far.up.sql");
    assert!(up.contains("${env:THERE_KEY}"), "{up}");
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(4)
        .says("THERE_KEY");
    walk.write(".env", "THERE_KEY=\"it's secret\"\n");
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    let options = "SELECT srvoptions FROM pg_foreign_server WHERE srvname = 'there'";
    assert_eq!(
        live.psql(options).trim(),
        "{host=there.internal,\"api_key=it's secret\"}"
    );
    let history = live.psql("SELECT s::text FROM schemactl.migrations s");
    assert!(!history.contains("it's secret"), "{history}");

    // Another value is no difference; it is neither read nor written.
    live.psql("ALTER SERVER there OPTIONS (SET api_key 'another')");
    walk.on(&live.url(), &["diff", "more"])
        .says("nothing to do");
    let run = walk.on(&live.url(), &["inspect"]).ends(0);
    assert!(
        run.out.contains("api_key=(env)THERE_KEY") && !run.out.contains("another"),
        "{run:?}"
    );
    walk.on(&live.url(), &["rollback", "--steps", "1", "--yes"])
        .ends(0);
    assert_eq!(live.psql(options).trim(), "");
}

#[test]
fn a_foreign_tables_secret_is_not_read_either() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    live.psql(
        "CREATE SCHEMA app;
         CREATE FOREIGN DATA WRAPPER far;
         CREATE SERVER there FOREIGN DATA WRAPPER far;
         CREATE FOREIGN TABLE app.films (a integer) SERVER there OPTIONS (sheet 'films', \"Password\" 'hunter2');
         CREATE TABLE app.p (a integer) PARTITION BY LIST (a);
         CREATE FOREIGN TABLE app.q PARTITION OF app.p DEFAULT SERVER there OPTIONS (token 'hunter2');",
    );
    let url = live.url();
    walk.run(&["init", "there", "--from", &url]).ends(0);
    let text = walk.read("../there/schema/app.kdl");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("Password=(env)FILMS_PASSWORD"), "{text}");
    assert!(text.contains("token=(env)Q_TOKEN"), "{text}");
    let on = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "there", "--url", &url]);
        walk.run(&all)
    };
    on(&["baseline", "--yes"]).ends(0);
    let run = on(&["diff", "--exit-code"]);
    run.ends(0).says("nothing to do");
}

/// One variable for two secrets would give the one to the server of the other.
#[test]
fn every_secret_has_a_variable_of_its_own_that_a_shell_can_set() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let servers = ["a b", "a_b", "A-B", "1x", "日本"];
    live.psql("CREATE FOREIGN DATA WRAPPER far");
    for server in servers {
        live.psql(&format!(
            "CREATE SERVER \"{server}\" FOREIGN DATA WRAPPER far;
             CREATE USER MAPPING FOR PUBLIC SERVER \"{server}\" OPTIONS (password 'x', \"PASSWORD\" 'y')"
        ));
    }
    let shown = walk.on(&live.url(), &["inspect"]).ends(0).out;
    let mut names: Vec<&str> = shown
        .split("(env)")
        .skip(1)
        .map(|rest| rest.split([' ', '\n', '}']).next().unwrap_or_default())
        .collect();
    let is_name = |name: &&str| {
        let of = |letter: char| letter.is_ascii_uppercase() || letter == '_';
        name.starts_with(of) && name.chars().all(|it| of(it) || it.is_ascii_digit())
    };
    assert!(names.iter().all(is_name), "{shown}");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 2 * servers.len(), "{shown}");
    assert_eq!(walk.on(&live.url(), &["inspect"]).ends(0).out, shown);
}

/// A value is a secret where the files say so, whatever its option is called; a password in an address is one anyway.
#[test]
fn what_the_files_call_a_secret_is_one_under_any_name() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let with = |mapping: &str, column: &str| {
        walk.write(
            "schema/app.kdl",
            &format!(
                "foreign-data-wrapper far\nserver there wrapper=far {{\n    options place=(env)PLACE\n    \
                 user-mapping for=public {{ options {mapping} }}\n}}\n\
                 schema app {{ foreign-table t server=there {{ column a int {{ options {column} }} }} }}\n"
            ),
        );
    };
    with("user=(env)WHO", "from=\"http://u:hunter2@h/\"");
    walk.on(&url, &["diff", "one"]).ends(4).says("kdl::secret");

    with("user=(env)WHO", "from=(env)FROM place=x");
    walk.on(&url, &["diff", "one"]).ends(0);
    let up = walk.read("generated/000001_one.up.sql");
    assert!(up.contains("OPTIONS (\"user\" '${env:WHO}')"), "{up}");
    walk.write(".env", "PLACE=hunter2\nWHO=hunter3\nFROM=hunter4\n");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let options = "SELECT array_agg(o) FROM (SELECT unnest(srvoptions) FROM pg_foreign_server UNION ALL \
                   SELECT unnest(umoptions) FROM pg_user_mappings UNION ALL \
                   SELECT unnest(attfdwoptions) FROM pg_attribute WHERE attfdwoptions IS NOT NULL) o(o)";
    assert_eq!(
        live.psql(options).trim(),
        "{place=hunter2,user=hunter3,place=x,from=hunter4}"
    );
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["diff", "--from", "migrations", "--exit-code"])
        .ends(0);
    walk.run(&["verify", "--project", "app"]).ends(0);

    // Another value is no drift.
    live.psql("ALTER USER MAPPING FOR PUBLIC SERVER there OPTIONS (SET \"user\" 'hunter5')");
    walk.on(&url, &["drift"]).ends(0);
    live.psql("ALTER SERVER there OPTIONS (ADD further 'x')");
    let run = walk.on(&url, &["drift"]);
    assert!(
        run.out.contains("further") && !format!("{run:?}").contains("hunter"),
        "{run:?}"
    );
    live.psql("ALTER SERVER there OPTIONS (DROP further)");

    // The way back of what goes does not tell it either.
    walk.write(
        "schema/app.kdl",
        "foreign-data-wrapper far\nserver there wrapper=far\n",
    );
    walk.on(&url, &["diff", "two"]).ends(0);
    let down = walk.read("generated/000002_two.down.sql");
    let up = walk.read("generated/000002_two.up.sql");
    assert!(!down.contains("hunter") && !up.contains("hunter"), "{down}");
    assert!(down.contains("${env:WHO}"), "{down}");
    let record = live.psql("SELECT string_agg(s::text, '') FROM schemactl.migrations s");
    assert!(!record.contains("hunter"), "{record}");
}
