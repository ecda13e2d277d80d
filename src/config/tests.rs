//! The project file as people write it, right and wrong, and which database is meant.

use std::path::Path;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::*;
use crate::kdl::TextOrEnvironment;
use crate::model::Exit;
use crate::naming::{DEFAULT_PATTERN, Numbering, Patterns};

const EXAMPLE: &str = include_str!("../../tests/kdl-examples/schemactl.kdl");

fn project(text: &str) -> Project {
    Project::parse(Path::new("/p"), text).unwrap()
}

/// A project with that body behind its head.
fn with(body: &str) -> Project {
    project(&format!("project app edition=1\n{body}"))
}

fn mistakes(text: &str) -> String {
    match Project::parse(Path::new(""), text) {
        Err(ConfigError::Kdl(mistakes)) => mistakes.render(),
        other => panic!("{other:?}"),
    }
}

fn resolve(
    project: &Project,
    env: Option<&str>,
    variables: &[(&str, &str)],
) -> Result<Settings, ConfigError> {
    let flags = Flags {
        environment: env.map(str::to_owned),
        ..Flags::default()
    };
    Settings::resolve(
        Some(project),
        &flags,
        &Variables::of(variables.iter().copied()),
    )
}

fn url(settings: &Settings) -> &str {
    match &settings.target {
        Target::Url(url) => url.expose_secret(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_example_is_read_whole() {
    let project = project(EXAMPLE);
    assert_eq!(project.name.value, "kyc-pro");
    assert_eq!(project.author.as_deref(), Some("Platform team"));
    assert_eq!(project.migrations.patterns, Patterns::default());
    assert_eq!(project.migrations_folder(), Path::new("/p/generated"));
    assert_eq!(project.history_schema, "schemactl");
    assert_eq!(project.scratch, Scratch::Auto);
    let [app, keycloak] = project.databases.as_slice() else {
        panic!("two databases")
    };
    assert_eq!(app.server_version, (Some(13), Some(18)));
    assert_eq!(app.manage, Manage::default());
    assert_eq!(
        app.names
            .name_for("index", "auth", "users", &["a", "b"])
            .unwrap(),
        "idx_users_a_b"
    );
    assert_eq!(app.names.name_for("sequence", "auth", "users", &[]), None);
    assert!(!app.scope.includes("table", "auth.users_backup"));
    assert!(app.scope.includes("table", "auth.users"));
    assert!(!app.scope.includes("table", "public.x"));
    assert_eq!(app.settings.len(), 2);
    assert_eq!(
        keycloak.create.as_ref().unwrap().encoding.as_deref(),
        Some("UTF8")
    );
    assert_eq!(project.services.len(), 2);
    assert_eq!(
        project.lint.allowances[0].until.unwrap().to_string(),
        "2027-01-31"
    );
    assert_eq!(project.lint.severities.len(), 4);
    assert_eq!(project.validate.as_ref().unwrap().queries.len(), 1);
    assert_eq!(project.defaults.lock_timeout, Some(Duration::from_secs(3)));
    let retries = project.defaults.lock_retries.unwrap();
    assert_eq!(
        (retries.count, retries.max),
        (10, Some(Duration::from_secs(60)))
    );
    let production = project.policies(Some("production")).unwrap();
    assert!(production.is_protected());
    assert_eq!(production.approval.as_deref(), Some("dba"));
    assert_eq!(production.confirm(), Confirm::Always);
    assert_eq!(production.destructive(), Permission::Ask);
    assert_eq!(production.hooks.len(), 3);
    assert!(production.backup.as_ref().unwrap().required);
    assert_eq!(production.tls.as_ref().unwrap().mode, TlsMode::VerifyFull);
    assert_eq!(production.validate, project.validate);
    let local = project.policies(Some("local")).unwrap();
    assert_eq!(
        (local.confirm(), local.seeds.len(), local.on_start),
        (Confirm::Never, 2, Some(OnStart::Rebuild))
    );
    assert_eq!(
        project.environment("dev").unwrap().policies.roles[0]
            .here
            .as_deref(),
        Some("dev_user")
    );
}

#[test]
fn silence_is_one_database_named_as_the_project() {
    let project = project("project app edition=1");
    assert_eq!(project.databases[0].name.value, "app");
    assert_eq!(project.databases[0].schema_files[0].value, "schema");
}

#[test]
fn scratch_has_five_forms() {
    let scratch =
        |text: &str| project(&format!("project a edition=1 {{ scratch {text} }}")).scratch;
    assert_eq!(scratch("none"), Scratch::None);
    assert_eq!(scratch("postgres version=17"), Scratch::Postgres(Some(17)));
    assert_eq!(
        scratch("container image=\"postgres:16\""),
        Scratch::Container(Some("postgres:16".into()))
    );
    let variable = Scratch::Url(TextOrEnvironment::Environment("S".into()));
    assert_eq!(scratch("url (env)S"), variable);
    assert_eq!(scratch("url=(env)S"), variable);
}

#[test]
fn roles_have_other_names_in_an_environment() {
    let project = with(
        "defaults { role x as=y; connect-as x }\nenvironment a { role x { as z }; role p as=p }\nenvironment b { connect-as w }",
    );
    let policies = |name: &str| project.policies(Some(name)).unwrap();
    let (a, b) = (policies("a"), policies("b"));
    assert_eq!(a.role_names().here("x").as_deref(), Some("z"));
    assert_eq!(a.role_names().here("p"), None);
    assert_eq!(a.connect_as_here().as_deref(), Some("z"));
    assert_eq!(b.role_names().here("x").as_deref(), Some("y"));
    assert_eq!(b.connect_as_here().as_deref(), Some("w"));
}

#[test]
fn migrations_are_named_as_the_project_says() {
    let whole = |text: &str| {
        let text = format!("project a edition=1 {{ migrations db {{ {text} }} }}");
        (Project::parse(Path::new("/p"), &text), text)
    };
    let of = |text: &str| whole(text).0;
    let stamped = of("number timestamp; header author date").unwrap();
    let patterns = Patterns::new(DEFAULT_PATTERN, None, Numbering::Timestamp).unwrap();
    assert_eq!(stamped.migrations.patterns, patterns);
    assert_eq!(stamped.migrations.header.unwrap(), ["author", "date"]);
    let two = of(
        "number date width=2; files \"{number}-{name}.sql\"; rollback-files \"down/{number}.sql\"",
    );
    let patterns = Patterns::new(
        "{number}-{name}.sql",
        Some("down/{number}.sql"),
        Numbering::Date(2),
    );
    assert_eq!(two.unwrap().migrations.patterns, patterns.unwrap());
    for (text, code, place) in [
        ("files \"{name}.sql\"", "config::pattern", "{name}.sql"),
        (
            "files \"{number}_{name}.sql\"; rollback-files \"{number}{name}.sql\"",
            "config::pattern",
            "{number}{name}.sql",
        ),
        (
            "files \"{service}_{number}.{direction}.sql\"",
            "config::pattern",
            "{service}_{number}",
        ),
        ("number timestamp width=3", "config::width", "width=3"),
        ("number width=99", "kdl::wrong-type", "width=99"),
    ] {
        let (made, whole) = whole(text);
        assert_eq!(made.unwrap_err().exit(), Exit::Input);
        let said = mistakes(&whole);
        assert!(
            said.contains(code) && said.contains(place),
            "{text}: {said}"
        );
    }
}

#[test]
fn the_url_flag_goes_first() {
    let project = with("environment a { url \"postgres://a\"; protected }");
    let flags = Flags {
        url: Some(SecretString::from("postgres://flag")),
        ..Flags::default()
    };
    let settings = Settings::resolve(
        Some(&project),
        &flags,
        &Variables::of([("DATABASE_URL", "x")]),
    )
    .unwrap();
    assert_eq!(
        (url(&settings), &settings.origin),
        ("postgres://flag", &Origin::Flag)
    );
    assert!(!settings.policies.is_protected());
    let flags = Flags {
        environment: Some("a".into()),
        ..flags
    };
    let settings = Settings::resolve(Some(&project), &flags, &Variables::default()).unwrap();
    assert_eq!(url(&settings), "postgres://flag");
    assert!(settings.policies.is_protected());
}

#[test]
fn the_environment_is_chosen_in_the_documented_order() {
    let project =
        with("environment local { url embedded }\nenvironment prod { url (env)P; protected }");
    assert!(matches!(
        resolve(&project, None, &[]).unwrap().target,
        Target::Embedded
    ));
    let named = resolve(
        &project,
        Some("prod"),
        &[("P", "postgres://p"), ("DATABASE_URL", "no")],
    )
    .unwrap();
    assert_eq!(url(&named), "postgres://p");
    let variable = resolve(
        &project,
        None,
        &[("P", "postgres://p"), ("SCHEMACTL_ENV", "prod")],
    )
    .unwrap();
    assert_eq!(variable.environment.as_deref(), Some("prod"));
    let flag = resolve(&project, Some("local"), &[("SCHEMACTL_ENV", "prod")]).unwrap();
    assert_eq!(flag.environment.as_deref(), Some("local"));
}

#[test]
fn a_named_environment_never_falls_through() {
    let project = with("environment prod { url (env)P }\nenvironment bare { protected }");
    let others = [("DATABASE_URL", "postgres://elsewhere"), ("PGHOST", "h")];
    for environment in [Some("prod"), None] {
        let error = resolve(&project, environment, &others).unwrap_err();
        assert!(
            matches!(&error, ConfigError::NoVariable { variable, .. } if variable == "P"),
            "{error}"
        );
    }
    let empty = resolve(&project, Some("prod"), &[("P", "")]).unwrap_err();
    assert!(matches!(empty, ConfigError::NoVariable { .. }));
    let bare = resolve(&project, Some("bare"), &others).unwrap_err();
    assert!(matches!(bare, ConfigError::NoUrl { .. }));
    let unknown = resolve(&project, Some("pord"), &others).unwrap_err();
    assert!(
        matches!(&unknown, ConfigError::UnknownEnvironment { known, .. } if known == "did you mean `prod`?"),
        "{unknown:?}"
    );
    assert_eq!(unknown.exit(), Exit::Input);
}

#[test]
fn several_or_only_protected_environments_are_named() {
    let project = with(
        "environment a { url x }\nenvironment b { url y }\nenvironment c { url z; protected }",
    );
    let error = resolve(&project, None, &[]).unwrap_err();
    assert!(matches!(&error, ConfigError::WhichEnvironment { names } if names == &["a", "b"]));
    let project = with("environment c { url z; protected }");
    let error = resolve(&project, None, &[]).unwrap_err();
    assert!(matches!(error, ConfigError::OnlyProtected { .. }));
    let project = with(
        "defaults { protected }\nenvironment c { url z }\nenvironment d { url y; protected #false }",
    );
    assert_eq!(
        resolve(&project, None, &[]).unwrap().environment.as_deref(),
        Some("d")
    );
}

#[test]
fn without_environments_the_variables_decide() {
    let project = with("");
    let url_first = resolve(
        &project,
        None,
        &[("PGHOST", "h"), ("DATABASE_URL", "postgres://d")],
    )
    .unwrap();
    assert_eq!(
        (url(&url_first), url_first.origin.clone()),
        ("postgres://d", Origin::DatabaseUrl)
    );
    assert!(matches!(
        resolve(&project, None, &[("PGDATABASE", "d")])
            .unwrap()
            .target,
        Target::Libpq
    ));
    assert!(matches!(
        resolve(&project, None, &[]).unwrap_err(),
        ConfigError::NoDatabase
    ));
    let none = Settings::resolve(
        None,
        &Flags::default(),
        &Variables::of([("DATABASE_URL", "d")]),
    )
    .unwrap();
    assert_eq!(none.database, "postgres");
}

#[test]
fn other_databases_have_urls_of_their_own() {
    let project = with(
        "database a\ndatabase b { schema-files b }\nenvironment e { url \"postgres://a\" }\nenvironment f { url x; database b url=\"postgres://b\" }",
    );
    let of = |environment: &str, database: &str| {
        let flags = Flags {
            environment: Some(environment.into()),
            database: Some(database.into()),
            ..Flags::default()
        };
        Settings::resolve(Some(&project), &flags, &Variables::default())
    };
    assert_eq!(url(&of("f", "b").unwrap()), "postgres://b");
    assert_eq!(url(&of("e", "a").unwrap()), "postgres://a");
    // Without one it is the database of that name on the server of the plain one.
    let beside = of("e", "b").unwrap();
    assert_eq!((url(&beside), beside.beside), ("postgres://a", true));
    assert!(!of("f", "b").unwrap().beside && !of("e", "a").unwrap().beside);
    let flagged = |over_all| {
        let flags = Flags {
            url: Some("postgres://flag".into()),
            database: Some("b".into()),
            url_of_first: over_all,
            ..Flags::default()
        };
        Settings::resolve(Some(&project), &flags, &Variables::default())
    };
    assert!(flagged(true).unwrap().beside && !flagged(false).unwrap().beside);
    assert!(matches!(
        of("e", "c").unwrap_err(),
        ConfigError::UnknownDatabase { .. }
    ));
}

#[test]
fn a_secret_is_never_shown() {
    let project = with("environment a { url \"postgres://u:hunter2@h/d\" }");
    let settings = resolve(&project, None, &[]).unwrap();
    assert!(!format!("{:?}", settings.target).contains("hunter2"));
    let shown = mistakes(
        "project a edition=1\nenvironment a { url \"postgres://u:hunter2@h/d\"; protectd }",
    );
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("postgres://u:*******@h/d"), "{shown}");
}

#[test]
fn the_project_is_found_upwards() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("a/b");
    std::fs::create_dir_all(&inner).unwrap();
    assert!(matches!(
        Project::find(Some(Path::new("a")), folder.path()),
        Err(ConfigError::NotAProject { .. })
    ));
    std::fs::write(folder.path().join("schemactl.kdl"), "project a edition=1").unwrap();
    assert_eq!(Project::find(None, &inner).unwrap(), folder.path());
    assert_eq!(
        Project::find(Some(folder.path()), &inner).unwrap(),
        folder.path()
    );
    let project = Project::load(folder.path()).unwrap();
    assert!(matches!(
        project.databases[0].kdl_files(folder.path()),
        Err(ConfigError::MissingFiles { .. })
    ));
    std::fs::create_dir_all(folder.path().join("schema/inner")).unwrap();
    for file in ["b.kdl", "a.kdl", "inner/c.kdl", "x.sql", ".hidden.kdl"] {
        std::fs::write(folder.path().join("schema").join(file), "").unwrap();
    }
    let files = project.databases[0].kdl_files(folder.path()).unwrap();
    let names: Vec<_> = files
        .iter()
        .map(|file| file.strip_prefix(folder.path()).unwrap().to_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["schema/a.kdl", "schema/b.kdl", "schema/inner/c.kdl"]
    );
}

#[test]
fn env_files_only_supply_variables() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join(".env"),
        "SCHEMACTL_TEST_ONLY=postgres://x\nPATH=no\n",
    )
    .unwrap();
    let variables = Variables::load(Some(folder.path()));
    assert_eq!(variables.get("SCHEMACTL_TEST_ONLY"), Some("postgres://x"));
    assert_ne!(variables.get("PATH"), Some("no"));
}

#[test]
fn a_slip_is_said_once_and_where_it_stands() {
    let text = mistakes(
        "projct app edition=1\nenvironment local {\n    url embeded\n    confrm never\n}\n",
    );
    assert_eq!(text.matches("×").count(), 3, "{text}");
    for near in ["`project`", "`embedded`", "`confirm`"] {
        assert!(text.contains(&format!("did you mean {near}?")), "{text}");
    }
}

#[test]
fn mistakes_of_the_project_file() {
    insta::assert_snapshot!(mistakes("project app edition=2 {\n    author x\n    scrach none\n}\ndatabase a\ndatabase a {\n    names { index \"{tabel}_x\" }\n}\ntable x\n"), @r#"
    config::edition

      × edition 2 is not known
       ╭─[schemactl.kdl:1:21]
     1 │ project app edition=2 {
       ·                     ┬
       ·                     ╰── this version of schemactl reads edition 1
     2 │     author x
       ╰────
      help: use a newer schemactl
    kdl::unknown-node

      × `project` has no child `scrach`
       ╭─[schemactl.kdl:3:5]
     2 │     author x
     3 │     scrach none
       ·     ───┬──
       ·        ╰── unknown
     4 │ }
       ╰────
      help: did you mean `scratch`?
    kdl::duplicate

      × database `a` stands twice
       ╭─[schemactl.kdl:5:10]
     4 │ }
     5 │ database a
       ·          ┬
       ·          ╰── first here
     6 │ database a {
       ·          ┬
       ·          ╰── again here
     7 │     names { index "{tabel}_x" }
       ╰────
      help: keep one of them
    config::placeholder

      × unknown placeholder `{tabel}`
       ╭─[schemactl.kdl:7:19]
     6 │ database a {
     7 │     names { index "{tabel}_x" }
       ·                   ─────┬─────
       ·                        ╰── in this pattern
     8 │ }
       ╰────
      help: known here: {schema}, {table}, {columns}
    kdl::unknown-node

      × unknown node `table`
       ╭─[schemactl.kdl:9:1]
     8 │ }
     9 │ table x
       · ──┬──
       ·   ╰── unknown
       ╰────
      help: known here: database, defaults, environment, lint, project, service, validate
    "#);
    insta::assert_snapshot!(mistakes("project app edition=1\nenvironment a {\n    url \"postgres:\"\n    lock-timeout 3\n    confirm sometimes\n    after b\n    approval by=x\n    tls\n}\n"), @r#"
    config::cut-url

      × `url` is only `postgres:`: the rest was read as a comment
       ╭─[schemactl.kdl:3:9]
     2 │ environment a {
     3 │     url "postgres:"
       ·         ─────┬─────
       ·              ╰── ends in `:`
     4 │     lock-timeout 3
       ╰────
      help: `//` begins a comment: put the URL in quotes
    config::duration

      × `lock-timeout` takes a time, not `3`
       ╭─[schemactl.kdl:4:18]
     3 │     url "postgres:"
     4 │     lock-timeout 3
       ·                  ┬
       ·                  ╰── no time
     5 │     confirm sometimes
       ╰────
      help: a number and a unit in quotes: "250ms", "3s", "15min", "1h", "2d"
    kdl::unknown-word

      × `confirm` does not know the word `sometimes`
       ╭─[schemactl.kdl:5:13]
     4 │     lock-timeout 3
     5 │     confirm sometimes
       ·             ────┬────
       ·                 ╰── unknown
     6 │     after b
       ╰────
      help: known here: always, destructive, never
    config::unknown-environment

      × `after` names no other environment: `b`
       ╭─[schemactl.kdl:6:11]
     5 │     confirm sometimes
     6 │     after b
       ·           ┬
       ·           ╰── unknown
     7 │     approval by=x
       ╰────
      help: known here: a
    kdl::missing

      × `approval` needs the word `required`
       ╭─[schemactl.kdl:7:5]
     6 │     after b
     7 │     approval by=x
       ·     ────┬───
       ·         ╰── here
     8 │     tls
       ╰────
      help: write it on the node's line: `approval … required`
    kdl::missing

      × `tls` needs a mode
       ╭─[schemactl.kdl:8:5]
     7 │     approval by=x
     8 │     tls
       ·     ─┬─
       ·      ╰── here
     9 │ }
       ╰────
      help: write it behind the word: `tls MODE`
    "#);
    insta::assert_snapshot!(mistakes("database a\n"), @r#"
    kdl::missing

      × `schemactl.kdl` has no `project` node
       ╭─[schemactl.kdl:1:1]
     1 │ database a
       · ▲
       · ╰── here
       ╰────
      help: begin the file with `project NAME edition=1`
    "#);
    insta::assert_snapshot!(mistakes("project a edition=1\nlint { allow x until=\"31.1.2027\"; severity loud x }\ndatabase d { scope { only; ignore tabel=x } }\n"), @r#"
    config::date

      × `31.1.2027` is no date
       ╭─[schemactl.kdl:2:22]
     1 │ project a edition=1
     2 │ lint { allow x until="31.1.2027"; severity loud x }
       ·                      ─────┬─────
       ·                           ╰── here
     3 │ database d { scope { only; ignore tabel=x } }
       ╰────
      help: year, month, day in quotes: "2027-01-31"
    kdl::unknown-word

      × `severity` does not know the word `loud`
       ╭─[schemactl.kdl:2:44]
     1 │ project a edition=1
     2 │ lint { allow x until="31.1.2027"; severity loud x }
       ·                                            ──┬─
       ·                                              ╰── unknown
     3 │ database d { scope { only; ignore tabel=x } }
       ╰────
      help: known here: error, off, warn
    kdl::missing

      × `only` needs a pattern
       ╭─[schemactl.kdl:3:22]
     2 │ lint { allow x until="31.1.2027"; severity loud x }
     3 │ database d { scope { only; ignore tabel=x } }
       ·                      ──┬─
       ·                        ╰── here
       ╰────
      help: for example `only schema=auth` or `ignore table="auth.*_backup"`
    kdl::unknown-property

      × `ignore` has no property `tabel`
       ╭─[schemactl.kdl:3:35]
     2 │ lint { allow x until="31.1.2027"; severity loud x }
     3 │ database d { scope { only; ignore tabel=x } }
       ·                                   ──┬──
       ·                                     ╰── unknown
       ╰────
      help: did you mean `table`?
    "#);
}

#[test]
fn what_an_environment_cannot_mean_is_told_at_its_place() {
    let told = |body: &str, words: &[&str]| {
        let text = mistakes(&format!("project app edition=1\n{body}"));
        for word in words {
            assert!(text.contains(word), "no `{word}` in:\n{text}");
        }
    };
    told(
        "environment a { window \"Sunday at two\" }",
        &["config::window", "it has no times", "schemactl.kdl:2:"],
    );
    told(
        "environment a { hook before-apply \"a | b\" }",
        &["config::hook", "no shell reads the command"],
    );
    told(
        "environment a { hook on-failure \"page {evnt}\" }",
        &["config::placeholder", "did you mean `event`"],
    );
    told(
        "environment a { backup \"x.dump\" }",
        &["config::placeholder", "needs `{timestamp}`"],
    );
    told(
        "environment a { backup \"x-{timestamp}-{who}.dump\" }",
        &["`{who}` stands for nothing here"],
    );
    told(
        "environment a { tls verify-full cert=\"a.crt\" }",
        &["kdl::missing", "key="],
    );
    told("environment a { tls verify-all }", &["verify-full"]);
    told(
        "environment a { approval by=x }",
        &["kdl::missing", "required"],
    );
    told(
        "environment a { after b }\nenvironment b { after c }\nenvironment c { after a }",
        &["config::after", "a after b after c after a"],
    );
    told(
        "environment a { after a }\nenvironment b",
        &["config::after", "take `after` out"],
    );
    told(
        "defaults { after a }\nenvironment a",
        &["config::after", "wait for itself"],
    );
    told(
        "validate { row-counts same exact-below=-1 }",
        &["kdl::wrong-type", "exact-below"],
    );
    told(
        "validate { require-query a \"SELECT true\"; require-query a \"SELECT false\" }",
        &["kdl::duplicate"],
    );
}
