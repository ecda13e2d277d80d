//! `lint` and `explain`: the catalogue against its page, and the real binary on files with and without a database.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cli_support::Walk;
use crate::support::TestServer;
use schemactl::facts::World;
use schemactl::facts::read::read;
use schemactl::lint::{Source, catalogue, walk};
use schemactl::migrate::MigrationFile;

/// The blocks of SQL of a section, under the words `Given`, `Example`, `Safe form`.
fn block(section: &str, heading: &str) -> Option<String> {
    let (_, rest) = section.split_once(&format!("{heading}:\n\n```sql\n"))?;
    Some(rest.split("\n```").next()?.to_owned())
}

/// The codes that files of one plan give, those of their headers too.
fn codes(given: Option<&str>, text: &str) -> BTreeSet<String> {
    let mut world = World::default();
    for statement in schemactl::sql::split::split(given.unwrap_or_default())
        .unwrap()
        .statements
    {
        world.apply(&read(statement.text));
    }
    world.settle();
    let sources: Vec<Source> = text
        .split("\n-- next file\n")
        .map(|text| {
            let file = MigrationFile::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let source = Source::of("plan", &file);
            source.unwrap_or_else(|error| panic!("{text}: {error}"))
        })
        .collect();
    let walked = walk(&sources, &mut world, false);
    let told = sources.iter().flat_map(|it| &it.told);
    let told = told.map(|it| it.code.clone());
    let found = walked.iter().flat_map(|it| &it.statements);
    let found = found.flat_map(|it| it.codes());
    found.map(str::to_owned).chain(told).collect()
}

#[test]
fn every_hazard_has_a_section_whose_example_has_it_and_whose_safe_form_has_not() {
    let mut wrong = Vec::new();
    for entry in catalogue::HAZARDS {
        let code = entry.code;
        let Some(section) = catalogue::section(code) else {
            wrong.push(format!("{code}: no section"));
            continue;
        };
        let why = section.split("\n\n").next().unwrap_or_default();
        let (Some(example), Some(safe)) = (block(section, "Example"), block(section, "Safe form"))
        else {
            wrong.push(format!("{code}: no example or no safe form"));
            continue;
        };
        if why.len() < 30 || why.starts_with("Example") {
            wrong.push(format!("{code}: no why"));
        }
        let given = block(section, "Given");
        let found = codes(given.as_deref(), &example);
        // What only a database tells, or a plan of the KDL, is tested with one.
        let of_more = [
            "key-near-end",
            "delete-rows",
            "drop-by-hand",
            "table-copy",
            "name-required",
        ];
        let is_of_more = of_more.contains(&code);
        if !found.contains(code) && !is_of_more {
            wrong.push(format!("{code}: its example gives {found:?}"));
        }
        if codes(given.as_deref(), &safe).contains(code) {
            wrong.push(format!("{code}: its safe form has it too"));
        }
    }
    let known: BTreeSet<&str> = catalogue::HAZARDS.iter().map(|it| it.code).collect();
    assert_eq!(known.len(), catalogue::HAZARDS.len(), "a code stands twice");
    let prose = ["How it is judged", "Own rules"];
    for heading in catalogue::PAGE.split("\n## ").skip(1) {
        let heading = heading.lines().next().unwrap_or_default();
        if !known.contains(heading) && !prose.contains(&heading) {
            wrong.push(format!("{heading}: a section without a hazard"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text of every file of `src/`, up to its tests.
fn source() -> String {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let whole = std::fs::read_to_string(path).unwrap();
                text.push_str(whole.split("#[cfg(test)]").next().unwrap_or_default());
            }
        }
    }
    text
}

#[test]
fn every_hazard_of_a_plan_is_in_the_catalogue() {
    let text = source();
    let mut seen = 0;
    for rest in text.split(".hazard(").skip(1) {
        let rest = rest.trim_start();
        let codes: Vec<&str> = match rest.strip_prefix('"') {
            Some(literal) => vec![literal.split('"').next().unwrap_or_default()],
            // `if … { "grant" } else { "revoke" }`
            None if rest.starts_with("if ") => {
                let choice = rest.split(",\n").next().unwrap_or_default();
                choice.split('"').skip(3).step_by(2).collect()
            }
            None => continue,
        };
        for code in codes {
            assert!(
                catalogue::find(code).is_some(),
                "`{code}` is not in the catalogue"
            );
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
    for code in ["needs-superuser", "missing-right"] {
        assert!(catalogue::find(code).is_some());
    }
}

#[test]
fn every_code_of_an_error_is_explained() {
    let text = source();
    let mut codes: BTreeSet<String> = BTreeSet::new();
    for rest in text.split("code(").skip(1) {
        let code = rest.split(')').next().unwrap_or_default();
        if let Some((family, name)) = code.split_once("::")
            && name.chars().all(|it| it.is_ascii_lowercase() || it == '_')
        {
            codes.insert(format!("{family}::{name}"));
        }
    }
    // Those that are said where they are met.
    for word in text.split('"') {
        let is_code = |(family, name): &(&str, &str)| {
            let plain = |it: char| it.is_ascii_lowercase() || it == '_' || it == '-';
            // Rust's own paths stand between quotes as well.
            let is_rust = ["str", "std", "char", "core"].contains(family);
            !is_rust && family.len() > 2 && family.chars().all(plain) && name.chars().all(plain)
        };
        if word.split_once("::").filter(is_code).is_some() {
            codes.insert(word.to_owned());
        }
    }
    assert!(codes.len() > 250, "{codes:?}");
    let page = include_str!("../../docs/errors.md");
    let mut told: BTreeSet<String> = BTreeSet::new();
    for family in page.split("\n## ").skip(1) {
        let mut sections = family.split("\n### ");
        let first = sections.next().unwrap_or_default();
        let name = first.lines().next().unwrap_or_default();
        let has = |section: &str, part: &str| section.matches(part).count() == 1;
        assert!(
            has(first, "\nExit status: ") && has(first, "\n**Do**: "),
            "{name}"
        );
        for section in sections {
            let code = section.lines().next().unwrap_or_default();
            assert!(code.starts_with(&format!("{name}::")), "{code} in {name}");
            assert!(has(section, "\n**Do**: "), "{code}");
            assert!(told.insert(code.to_owned()), "{code} twice");
        }
    }
    let missing: Vec<_> = codes.difference(&told).collect();
    assert!(missing.is_empty(), "docs/errors.md has no {missing:?}");
    let unknown: Vec<_> = told.difference(&codes).collect();
    assert!(unknown.is_empty(), "nobody says {unknown:?}");
}

#[test]
fn errors_are_explained_each_by_its_own_words() {
    let walk = Walk::new();
    walk.run(&["explain", "kdl::dangling"])
        .ends(0)
        .says("refers to something that nobody declares")
        .says("column customer_id bigint references=customers");
    walk.run(&["explain", "migrate"])
        .ends(0)
        .says("docs/migrations.md")
        .says("migrate::fork");
    let json = walk
        .run(&["explain", "config::cut-url", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(json["next"], "put the URL in quotes.");
    walk.run(&["explain", "config::cut-ulr"])
        .ends(4)
        .says("did you mean `config::cut-url`");
    walk.run(&["explain", "config::nope"]).ends(4);
}

#[test]
fn a_code_is_explained_with_its_safe_form() {
    let walk = Walk::new();
    walk.run(&["explain", "index-not-concurrent"])
        .ends(0)
        .says("availability, error")
        .says("CREATE INDEX CONCURRENTLY users_email");
    let json = walk
        .run(&["explain", "drop-table", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(json["class"], "data-loss");
    walk.run(&["explain"]).ends(0).says("type-rewrite");
    walk.run(&["explain", "index-not-concurent"])
        .ends(4)
        .says("did you mean index-not-concurrent");
}

/// A project whose first migration has run, with rows.
fn begun() -> (Walk, crate::support::TestDatabase<'static>) {
    let walk = Walk::new();
    let live = TestServer::get().database();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key { identity always }; column a int; column b int; check \"b IS NOT NULL\" name=b_there } }",
    );
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql(
        "INSERT INTO app.t (a, b) SELECT n, n FROM generate_series(1, 3000) n; ANALYZE app.t",
    );
    (walk, live)
}

/// A pair of hand-written files.
fn write(walk: &Walk, number: u32, up: &str) {
    walk.write(&format!("generated/{number:06}_hand.up.sql"), up);
    walk.write(
        &format!("generated/{number:06}_hand.down.sql"),
        "SELECT 1;\n",
    );
}

#[test]
fn pending_files_are_judged_by_what_the_database_says() {
    let (walk, live) = begun();
    let url = live.url();
    walk.on(&url, &["lint"]).ends(0).says("0 errors");
    write(
        &walk,
        2,
        "ALTER TABLE app.t ALTER COLUMN b SET NOT NULL;\nCREATE TABLE app.made (id bigint PRIMARY KEY, t_id int);\n",
    );
    // Proven by a check, and made in a pending file: nobody waits.
    write(&walk, 3, "CREATE INDEX made_t ON app.made (t_id);\n");
    walk.on(&url, &["lint"])
        .ends(0)
        .says("0 errors, 0 warnings");
    write(
        &walk,
        4,
        "\nALTER TABLE app.t\n    ALTER COLUMN a SET NOT NULL;\nCREATE INDEX t_a ON app.t (a);\n",
    );
    let run = walk.on(&url, &["lint"]).ends(3);
    let run = run
        .says("not-null-scan")
        .says("app.t (3,000 rows")
        .says("index-not-concurrent");
    assert!(run.out.contains("   2  error not-null-scan"), "{}", run.out);
    // With a word on the command line.
    let words = [
        "not-null-scan:app.t.a",
        "index-not-concurrent:app.t",
        "work-under-lock:app.t",
    ];
    let allow: Vec<&str> = words.iter().flat_map(|word| ["--allow", *word]).collect();
    walk.on(&url, &[&["lint"][..], &allow].concat())
        .ends(0)
        .says("3 allowed");
    // Without a database the files say enough to see the same.
    walk.run(&["lint", "--all", "--offline", "--project", "app"])
        .ends(3)
        .says("not-null-scan")
        .says("without a database");
    // A database that was named must answer.
    walk.on("postgres://nobody@127.0.0.1:1/none", &["lint"])
        .ends(5);
}

#[test]
fn facts_are_told_before_anything_runs() {
    let (walk, live) = begun();
    write(
        &walk,
        2,
        "ALTER TABLE app.t ALTER COLUMN a TYPE bigint;\nDROP TABLE app.t;\n",
    );
    walk.on(&live.url(), &["apply", "--dry-run"])
        .ends(0)
        .says("ACCESS EXCLUSIVE on app.t, reads and writes wait")
        .says("writes the whole table and its indexes anew")
        .says("3,000 rows")
        .says("under 1 s")
        .says("loses the rows of app.t");
    let json = walk
        .on(&live.url(), &["plan", "--format", "json"])
        .ends(0)
        .json();
    let first = &json["pending"][0]["statements"][0];
    assert_eq!(first["locks"][0]["mode"], "ACCESS EXCLUSIVE");
    assert_eq!(first["work"][0]["does"], "rewrite");
    assert_eq!(first["cost"]["rows"], 3000.0);
    assert!(first["cost"]["disk_bytes"].as_u64().unwrap() > 100_000);
    assert_eq!(
        json["pending"][0]["statements"][1]["way_back"],
        "schema-only"
    );
    walk.on(&live.url(), &["lint", "-v"])
        .ends(3)
        .says("type-rewrite")
        .says("3,000 rows");
}

#[test]
fn exceptions_say_why_and_end() {
    let walk = Walk::new();
    let lint = |more: &str| {
        let file = walk.read("schemactl.kdl");
        let file = file.split("\nlint {").next().unwrap().to_owned();
        walk.write("schemactl.kdl", &format!("{file}\nlint {{\n{more}\n}}\n"));
        walk.run(&["lint", "--all", "--offline", "--project", "app"])
    };
    let body = "DROP TABLE app.old;\nALTER TABLE app.u DROP COLUMN x;\n";
    write(&walk, 1, body);
    lint("").ends(3).says("2 errors");
    lint("severity warn drop-table; severity off drop-column")
        .ends(0)
        .says("0 errors, 2 warnings");
    lint("allow drop-table on=app.old reason=moved; allow drop-column on=app.u reason=unused until=\"2199-01-01\"")
        .ends(0)
        .says("2 allowed");
    lint("allow drop-table on=app.other reason=moved; allow drop-column reason=unused until=\"2001-01-01\"")
        .ends(3)
        .says("2 errors")
        .says("it was allowed until 2001-01-01");
    lint("allow drop-tabel reason=x")
        .ends(4)
        .says("lint::unknown_code")
        .says("drop-table");
    lint("allow drop-table").ends(4).says("says no reason");
    // In the file: before a statement for that one, in the header for all.
    write(
        &walk,
        1,
        &format!("-- schemactl:allow drop-table moved\n{body}"),
    );
    lint("").ends(3).says("1 error,").says("1 allowed");
    write(
        &walk,
        1,
        &format!(
            "-- schemactl:allow drop-column x\n-- schemactl:allow drop-table moved\n-- schemactl:allow truncate y\n\n{body}"
        ),
    );
    lint("")
        .ends(0)
        .says("2 allowed")
        .says("`allow truncate` covers nothing");
    write(
        &walk,
        1,
        &format!("-- schemactl:allow drop-table\n\n{body}"),
    );
    lint("").ends(4).says("says no reason");
    write(
        &walk,
        1,
        &format!("{body}-- schemactl:allow nothing-such y\n"),
    );
    lint("").ends(4).says("there is no hazard `nothing-such`");
}

#[test]
fn own_rules_are_decided_by_postgresql() {
    let (walk, live) = begun();
    let file = walk.read("schemactl.kdl");
    let rule = |when: &str| {
        walk.write(
            "schemactl.kdl",
            &format!(
                "{file}\nlint {{ rule big when=\"{when}\" message=\"ask the platform team\" }}\n"
            ),
        );
        walk.on(&live.url(), &["lint"])
    };
    write(
        &walk,
        2,
        "ALTER TABLE app.t ADD COLUMN note text;\nALTER TABLE app.t RESET (fillfactor);\n",
    );
    rule("blocks_reads AND object LIKE 'app.%'")
        .ends(3)
        .says("ask the platform team")
        .says("1 error,");
    rule("rows > 1e9").ends(0);
    rule("nonsense > 1")
        .ends(4)
        .says("lint::rule")
        .says("nonsense");
    // Neither parentheses nor a second statement lead out of the condition.
    rule("true); DROP TABLE app.t; SELECT (true").ends(4);
    rule("true; DROP TABLE app.t").ends(4);
    assert_eq!(live.psql("SELECT count(*) FROM app.t"), "3000");
}

#[test]
fn files_of_any_folder_are_judged() {
    let (walk, live) = begun();
    live.psql("SELECT setval(pg_get_serial_sequence('app.t', 'id'), 2000000000)");
    let script = walk.path("scripts/by_hand.sql");
    walk.write(
        "scripts/by_hand.sql",
        "TRUNCATE app.t;\nUPDATE app.t SET a = 1;\n",
    );
    let script = script.to_str().unwrap();
    let run = walk
        .on(&live.url(), &["lint", script, "--format", "json"])
        .ends(3);
    let json = run.json();
    let found: Vec<&str> = json["files"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["code"].as_str().unwrap())
        .collect();
    for code in [
        "truncate",
        "update-all-rows",
        "key-near-end",
        "work-under-lock",
    ] {
        assert!(found.contains(&code), "{code} in {found:?}");
    }
    // A file that ran is judged by what was there before it: nothing.
    walk.on(
        &live.url(),
        &["lint", "app/generated/000001_first.up.sql", "-v"],
    )
    .ends(0)
    .says("small-key");
    walk.write("scripts/bad.sql", "BEGIN;\nSELECT 1;\n");
    let bad = walk.path("scripts/bad.sql");
    walk.on(&live.url(), &["lint", bad.to_str().unwrap()])
        .ends(4)
        .says("belongs to the runner");
    walk.on(&live.url(), &["lint", "nowhere.sql"])
        .ends(4)
        .says("there is no file");
    walk.run(&["lint", "--all", "--down", "--offline", "--project", "app"])
        .ends(3)
        .says("drop-table");
}

/// Names go to the database as values: nothing in one is run, and none is taken for a part of the question.
#[test]
fn names_are_no_part_of_the_question_about_the_database() {
    let (walk, live) = (Walk::new(), crate::support::TestServer::get().database());
    walk.write(
        "schema/app.kdl",
        r#"schema app {
    table "x\ncreate table public.pwned();--" { column id integer }
    table "%schemas%" { column "%names%" integer; column "$1" integer }
    table "a\u{1b}[31mred" { column id integer }
}"#,
    );
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--dry-run"])
        .ends(0)
        .says("000001 first");
    walk.on(&live.url(), &["lint"]).ends(0);
    let tables = || live.psql("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND oid >= 16384");
    assert_eq!(tables().trim(), "0", "a look has changed nothing");
    let file = walk.read("generated/000001_first.up.sql");
    let comments = file.lines().filter(|line| line.starts_with("--"));
    for line in comments {
        assert!(!line.contains('\u{1b}'), "{line:?}");
    }
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.on(&live.url(), &["diff", "--exit-code"]).ends(0);
    walk.on(&live.url(), &["rollback", "--all", "--yes"])
        .ends(0);
}
