//! Input that is wrong, or hostile, in the hands of the binary: it is refused at its place, and nothing is changed.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer};

/// A project with this schema, and a database of its own.
fn with(schema: &str) -> (Walk, TestDatabase<'static>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schema/app.kdl", schema);
    (walk, live)
}

#[test]
fn a_text_stays_within_its_place_in_the_statement() {
    let walk = Walk::new();
    for node in [
        r#"table t { column c "int); drop table b.x; create table b.inj (q int" }"#,
        r#"table t { column c "int, d int" }"#,
        r#"table t { column c "int -- " }"#,
        r#"table t { column c int default="1; select 1" }"#,
        r#"table t { column c int; check "c > 0) , check (true" }"#,
        r#"table t { column c int; index { expression "c) ; drop table t; select (1" } }"#,
        r#"table t { column c int; index c where="true; drop table t" }"#,
        r#"table t { column c int; trigger t before insert for-each=row execute=f { when "true) execute function f(); select (1" } }"#,
        r#"view v { query "select 1; drop table t" }"#,
        r#"view v { query "select 1 -- no more" }"#,
        r#"function f "a int) returns int language sql as 'select 1'; select (1" returns=int { return "1" }"#,
        r#"function f returns=int { atomic "select 1; end; drop table t; select 1" }"#,
        r#"domain d "int check (true)""#,
        r#"table t { column c int; exclude { column c operator="=), exclude (c with =" } }"#,
        r#"table t { column c int; policy p { using "true) with check (true" } }"#,
    ] {
        walk.write("schema/app.kdl", &format!("schema a {{\n    {node}\n}}\n"));
        let run = walk
            .run(&["check", "--project", "app", "--format", "json"])
            .ends(4);
        let found = run.json();
        let mistake = found["mistakes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["code"] == "kdl::slot")
            .unwrap_or_else(|| panic!("{node}: {run:?}"));
        assert_eq!(mistake["labels"][0]["line"], 2, "{node}");
    }
}

#[test]
fn what_is_declared_is_there_after_all_statements_ran() {
    // The bound of a partition is evaluated when it is made.
    let (walk, live) = with(
        "schema a {
    table gone { column id int }
    function sweep returns=int language=plpgsql { body \"begin execute 'drop table if exists a.gone'; return 1; end\" }
    table swept {
        column id int
        partition-by list id
        partition one in=\"a.sweep()\"
    }
}
",
    );
    walk.on(&live.url(), &["diff", "first"])
        .ends(4)
        .says("scratch::astray")
        .says("table a.gone is not there after all statements ran")
        .says("app.kdl:2:");
    assert_eq!(walk.generated().len(), 0);
}

#[test]
fn no_path_leads_out_of_the_project() {
    let walk = Walk::new();
    walk.write("../outside/other.kdl", "schema other\n");
    walk.write("../outside/query.sql", "select 1\n");
    let check = || {
        let run = walk
            .run(&["check", "--project", "app", "--format", "json"])
            .ends(4);
        assert!(
            format!("{}{}", run.out, run.err).contains("config::outside"),
            "{run:?}"
        );
    };
    let project = walk.read("schemactl.kdl");
    for line in [
        "project app edition=1 { migrations \"../..\" }",
        "project app edition=1 { migrations \"/tmp/elsewhere\" }",
        "project app edition=1\ndatabase app { schema-files schema \"../outside\" }",
        "project app edition=1\ndatabase app schema-files=\"../outside\"",
    ] {
        walk.write("schemactl.kdl", &format!("{line}\n"));
        check();
        walk.run(&["new", "x", "--project", "app"]).ends(4);
    }
    walk.write("schemactl.kdl", &project);
    walk.write(
        "schema/app.kdl",
        "schema a { view v { query file=\"../../outside/query.sql\" } }\n",
    );
    check();
    walk.write("schema/app.kdl", "schema a\n");
    walk.run(&["check", "--project", "app"]).ends(0);
    #[cfg(unix)]
    {
        let link = walk.path("schema/link.kdl");
        std::os::unix::fs::symlink("../../outside/other.kdl", &link).unwrap();
        check();
        std::fs::remove_file(&link).unwrap();
        // A link within the project is the project's.
        walk.write("more/shared.kdl", "schema shared\n");
        std::os::unix::fs::symlink("../more/shared.kdl", &link).unwrap();
        walk.run(&["check", "--project", "app"]).ends(0);
    }
}

#[test]
fn a_password_in_a_statement_that_fails_is_neither_shown_nor_kept() {
    let (walk, live) = with("schema a\n");
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.run(&["new", "secret", "--project", "app"]).ends(0);
    let up = "generated/000002_secret.up.sql";
    let head = walk.read(up);
    for statement in [
        "ALTER ROLE nobody_of_that_name PASSWORD 'hunter2'",
        "CREATE ROLE x PASSWORD 'hunter2' NOSUCHWORD",
        "CREATE USER MAPPING FOR public SERVER nowhere OPTIONS (user 'u', password 'hunter2')",
        "CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere password=hunter2' PUBLICATION p WITH (nosuchword)",
    ] {
        walk.write(up, &format!("{head}{statement};\n"));
        let run = walk.on(&live.url(), &["apply", "--yes", "-vv"]).ends(1);
        assert!(!format!("{run:?}").contains("hunter2"), "{run:?}");
        let run = walk.on(&live.url(), &["log", "--format", "json"]).ends(0);
        assert!(!run.out.contains("hunter2"), "{run:?}");
        let kept = live.psql(
            "SELECT error_message FROM schemactl.migrations UNION ALL SELECT message FROM schemactl.events",
        );
        assert!(!kept.contains("hunter2"), "{kept}");
    }
}

#[test]
fn directives_that_nothing_knows_are_refused() {
    let (walk, live) = with("schema a\n");
    walk.run(&["new", "x", "--project", "app"]).ends(0);
    let up = "generated/000001_x.up.sql";
    let head = walk.read(up);
    walk.write(
        up,
        &format!("{head}-- schemactl:verfy SELECT true\nSELECT 1;\n"),
    );
    walk.on(&live.url(), &["apply", "--yes"])
        .ends(4)
        .says("`verfy` is no directive; `verify`?");
}

#[cfg(unix)]
#[test]
fn sigterm_stops_a_run_as_an_interrupt_does() {
    let (walk, live) = with("schema a\n");
    walk.run(&["new", "long", "--project", "app"]).ends(0);
    let up = "generated/000001_long.up.sql";
    walk.write(
        up,
        &(walk.read(up) + "CREATE TABLE public.t ();\nSELECT pg_catalog.pg_sleep(600);\n"),
    );
    let mut running = std::process::Command::new(env!("CARGO_BIN_EXE_schemactl"))
        .args(["apply", "--yes", "--project"])
        .arg(walk.path(""))
        .args(["--url", &live.url()])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    live.psql(
        "DO $$ BEGIN FOR i IN 1..3000 LOOP
             PERFORM pg_stat_clear_snapshot();
             IF EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
                 AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()) THEN RETURN; END IF;
             PERFORM pg_sleep(0.01);
             COMMIT;
         END LOOP; RAISE 'it does not begin'; END $$",
    );
    let pid = running.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(running.wait().unwrap().code(), Some(7));
    assert_eq!(
        live.psql("SELECT to_regclass('public.t') IS NULL").trim(),
        "t"
    );
    walk.on(&live.url(), &["log"]).ends(0).says("stopped");
}

#[test]
fn columns_that_a_table_does_not_have_are_found_without_a_database() {
    let walk = Walk::new();
    let check = |part: &str| {
        walk.write(
            "schema/app.kdl",
            &format!("schema a {{\n    table t {{\n        column id int\n        {part}\n    }}\n    function f returns=trigger language=plpgsql {{ body \"begin return new; end\" }}\n}}\n"),
        );
        walk.run(&["check", "--project", "app"])
    };
    for part in [
        "index idd",
        "index id { include idd }",
        "index { column idd }",
        "primary-key idd",
        "unique id { include idd }",
        "statistics id idd",
        "trigger g before update for-each=row execute=f { of idd }",
        "exclude { column idd operator=\"=\" }",
        "partition-by list idd",
    ] {
        check(part).ends(4).says("`a.t` has no column `idd`");
        check(&part.replace("idd", "id").replace("id id", "id")).ends(0);
    }
    // Columns from elsewhere are not the files' to know.
    walk.write(
        "schema/app.kdl",
        "mixin m { column b int }\nschema a { table p { column a int }; table t { use m; column id int; index b }; table c { inherits p; index a } }\n",
    );
    walk.run(&["check", "--project", "app"]).ends(0);
    walk.write("schema/app.kdl", "schema a { enum e one two one }\n");
    walk.run(&["check", "--project", "app"])
        .ends(4)
        .says("the value `one` is said twice");
}

#[test]
fn a_mixin_is_declared_once() {
    let walk = Walk::new();
    walk.write("schema/a.kdl", "mixin m { column a int }\n");
    walk.write(
        "schema/app.kdl",
        "mixin m { column b int }\nmixin n odd { column c int }\nschema s { table t { use m n } }\n",
    );
    let run = walk
        .run(&["check", "--project", "app", "--format", "json"])
        .ends(4);
    let mistakes = run.json()["mistakes"].clone();
    assert_eq!(mistakes.as_array().unwrap().len(), 2, "{mistakes}");
    assert_eq!(mistakes[0]["code"], "kdl::duplicate");
    assert_eq!(mistakes[0]["labels"][0]["file"], "app/schema/a.kdl");
    assert_eq!(mistakes[0]["labels"][1]["line"], 1);
    assert_eq!(mistakes[1]["labels"][0]["line"], 2);
}

#[test]
fn a_column_behind_a_table_is_told_as_one() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema s { table t { column id int primary-key }; table u { column t int references=\"t.id\"; column v int references=\"s.t.id\" } }\n",
    );
    let run = walk.run(&["check", "--project", "app"]).ends(4);
    run.says("nobody declares a relation `t.id`")
        .says("the column stands behind it: `references { t id }`")
        .says("`references { s.t id }`");
}

#[test]
fn mixins_that_use_each_other_are_told_with_all_places() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "mixin a { use b; column x int }\nmixin b { use a c; column y int }\nmixin c { column z int }\nmixin d { use d }\nschema s { table t { use a d; column id int; index z }; table u { use c } }\n",
    );
    let run = walk
        .run(&["check", "--project", "app", "--format", "json"])
        .ends(4);
    let mistakes = run.json()["mistakes"].clone();
    let told: Vec<(&str, usize)> = mistakes
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let places = it["labels"].as_array().unwrap().len();
            (it["message"].as_str().unwrap(), places)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("the mixins `a`, `b` use each other", 2),
            ("the mixin `d` uses itself", 1)
        ],
        "{mistakes}"
    );
}

#[test]
fn what_is_not_closed_hides_nothing() {
    let walk = Walk::new();
    for open in [
        "table t {\n        column a int",
        "/* a comment\n",
        "view v {\n        query \"\"\"\n            select 1\n    }",
    ] {
        walk.write(
            "schema/app.kdl",
            &format!("schema s {{\n    {open}\n    table u {{\n        column b int odd=1\n    }}\n}}\nextension citext odd=1\n"),
        );
        let run = walk
            .run(&["check", "--project", "app", "--format", "json"])
            .ends(4);
        let mistakes = run.json()["mistakes"].clone();
        let found: Vec<(&str, u64)> = mistakes
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                let line = it["labels"][0]["line"].as_u64().unwrap();
                (it["code"].as_str().unwrap(), line)
            })
            .collect();
        let lines = 1 + open.matches('\n').count() as u64;
        let opened = if open.contains("query") { 3 } else { 2 };
        assert_eq!(
            found,
            [
                ("kdl::syntax", opened),
                ("kdl::unknown-property", lines + 3),
                ("kdl::unknown-property", lines + 6),
            ],
            "{open}\n{run:?}"
        );
    }
}

#[test]
fn a_wrong_flag_is_json_where_that_is_asked_for() {
    let walk = Walk::new();
    let run = walk
        .run(&["status", "--frobnicate", "--format", "json"])
        .ends(4);
    assert_eq!(run.json()["errors"][0]["code"], "cli::usage");
    let run = walk.run(&["status", "--frobnicate"]).ends(4);
    let run = run.says("cli::usage").says("help: ");
    assert!(
        run.err.contains("unexpected argument '--frobnicate'"),
        "{run:?}"
    );
}

#[test]
fn what_stands_twice_is_told_once() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema a { table t { column id int primary-key; column b int } }\n",
    );
    walk.write(
        "schema/more.kdl",
        "schema a { table t { column id int primary-key; column b int } }\n",
    );
    let run = walk
        .run(&["check", "--project", "app", "--format", "json"])
        .ends(4);
    let found = run.json();
    let mistakes = found["mistakes"].as_array().unwrap();
    assert_eq!(mistakes.len(), 1, "{run:?}");
    assert_eq!(mistakes[0]["message"], "`a.t` is declared twice");
    assert_eq!(mistakes[0]["labels"].as_array().unwrap().len(), 2);

    walk.write("schema/more.kdl", "");
    for name in ["000001_a", "000001_b"] {
        for way in ["up", "down"] {
            walk.write(&format!("generated/{name}.{way}.sql"), "SELECT 1;\n");
        }
    }
    let run = walk
        .run(&["verify", "--project", "app", "--format", "json"])
        .ends(3);
    let errors = run.json()["errors"].as_array().unwrap().clone();
    assert_eq!(errors.len(), 1, "{run:?}");
    assert_eq!(errors[0]["code"], "migrate::duplicate");
}

#[test]
fn a_zero_byte_and_a_pipe_are_refused_at_their_place() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema a {\n    table t comment=\"a\\u{0}b\" { column id int }\n}\n",
    );
    let run = walk
        .run(&["check", "--project", "app", "--format", "json"])
        .ends(4);
    let found = run.json();
    assert_eq!(found["mistakes"][0]["code"], "kdl::zero-byte", "{run:?}");
    assert_eq!(found["mistakes"][0]["labels"][0]["line"], 2);

    walk.write("schema/app.kdl", "schema a { table t { column id int } }\n");
    let pipe = walk.path("schema/pipe.kdl");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let run = walk.run(&["check", "--project", "app"]).ends(4);
    run.says("neither a file nor a folder").says("pipe.kdl");
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let (walk, live) = with("schema a { table t { column id int } }\n");
    for format in ["kdl", "json"] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_schemactl"))
            .args(["inspect", "--format", format, "--url", &live.url()])
            .current_dir(walk.path("."))
            .stdout(full.unwrap())
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(1), "{words}");
        assert!(
            words.contains("No space left on device"),
            "{format}: {words}"
        );
    }
}

/// What a directive asks changes nothing: it is one query, and asked where nothing can be written.
#[test]
fn a_query_of_a_directive_changes_nothing() {
    let live = TestServer::get().database();
    let url = live.url();
    let walk = Walk::new();
    live.psql("CREATE SCHEMA a; CREATE TABLE a.t (id int); INSERT INTO a.t VALUES (1); CREATE FUNCTION a.f() RETURNS boolean LANGUAGE sql AS 'DELETE FROM a.t RETURNING true'");
    let write = |line: &str| {
        walk.write(
            "generated/000001_x.up.sql",
            &format!("-- schemactl:description x\n\nINSERT INTO a.t VALUES (2);\n{line}\n"),
        );
        walk.write(
            "generated/000001_x.down.sql",
            "DELETE FROM a.t WHERE id = 2;\n",
        );
    };
    let rows = || live.psql("SELECT count(*) FROM a.t").trim().to_owned();
    for line in [
        "-- schemactl:preflight DELETE FROM a.t",
        "-- schemactl:report DROP TABLE a.t",
        "-- schemactl:report SELECT 1; DELETE FROM a.t",
        "-- schemactl:verify SELECT true; COMMIT; BEGIN; SELECT 1/0",
        "-- schemactl:verify WITH x AS (DELETE FROM a.t RETURNING true) SELECT true FROM x",
        "-- schemactl:before DELETE FROM a.t RETURNING true",
        "-- schemactl:before COMMIT",
    ] {
        write(line);
        walk.on(&url, &["apply", "--yes"])
            .ends(4)
            .says("wants one query");
        assert_eq!(rows(), "1", "{line}");
    }
    write("--schemactl:verify SELECT false");
    walk.on(&url, &["apply", "--yes"])
        .ends(4)
        .says("with one blank");
    for key in ["verify", "before", "report", "preflight"] {
        write(&format!("-- schemactl:{key} SELECT a.f()"));
        let run = walk.on(&url, &["apply", "--yes"]);
        assert_ne!(run.code, 0, "{run:?}");
        assert_eq!(rows(), "1", "{key}");
    }
    write(
        "-- schemactl:verify (SELECT count(*) = 2 FROM a.t);\n-- schemactl:report TABLE a.t\n-- schemactl:before VALUES (true)",
    );
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(rows(), "2");
}

/// Who takes a migration back in an emergency does not wait for somebody to mend the KDL.
#[test]
fn migrations_run_where_the_files_have_mistakes() {
    let (walk, live) = with("schema a { table t { column id int primary-key } }\n");
    let url = live.url();
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.write("schema/app.kdl", "schema a { tabel t }\n");
    walk.on(&url, &["apply", "--yes"])
        .ends(0)
        .says("the KDL files have mistakes");
    walk.on(&url, &["rollback", "--yes"])
        .ends(0)
        .says("the KDL files have mistakes");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write(
        "schema/app.kdl",
        "schema a { table t { column id int primary-key } }\n",
    );
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["drift"]).ends(0).says("no drift");
}
