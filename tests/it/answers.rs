//! What commands print with `--format json`: the published schemas are those of the types that are printed, the page says
//! what they hold, and every answer that any test here sees is as its schema says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::Value;

use crate::cli_support::Walk;
use crate::support::TestServer;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json")
}

/// The schemas of a folder, by their commands.
fn schemas(folder: &Path) -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(folder).into_iter().flatten();
    let schemas = files.filter_map(|file| {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let command = name.strip_suffix(".schema.json")?.to_owned();
        let text = std::fs::read_to_string(file.path()).unwrap();
        Some((command, serde_json::from_str(&text).unwrap()))
    });
    schemas.collect()
}

fn published() -> &'static BTreeMap<String, Value> {
    static ALL: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    ALL.get_or_init(|| schemas(&folder()))
}

/// Fails where a run's answer is not what the published schema of its command says; gives whether there was one.
#[track_caller]
pub(crate) fn is_as_published(arguments: &[&str], out: &str) -> bool {
    static VALIDATORS: Mutex<BTreeMap<String, Validator>> = Mutex::new(BTreeMap::new());
    let wants_json = arguments.contains(&"--format=json")
        || arguments.windows(2).any(|it| it == ["--format", "json"]);
    let command = arguments.first().copied().unwrap_or_default();
    if !wants_json {
        return false;
    }
    let Some(schema) = published().get(command) else {
        return false;
    };
    // Where the answer went into a file, or nothing was said because the reader went away.
    let Ok(answer) = serde_json::from_str::<Value>(out) else {
        assert!(out.is_empty(), "{command} prints no JSON:\n{out}");
        return false;
    };
    let mut validators = VALIDATORS.lock().unwrap_or_else(|it| it.into_inner());
    let validator = validators
        .entry(command.to_owned())
        .or_insert_with(|| jsonschema::validator_for(schema).unwrap());
    let wrong: Vec<String> = validator
        .iter_errors(&answer)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{arguments:?}\n{answer:#}\n{wrong:#?}");
    true
}

#[test]
fn the_published_schemas_are_the_codes_own() {
    let walk = Walk::new();
    let made = walk.path("schemas");
    let shown = walk.run(&["json-schema", "--output", &made.display().to_string()]);
    let names: Vec<String> = shown.ends(0).out.lines().map(str::to_owned).collect();
    assert!(names.len() > 30, "{names:?}");
    let writes = std::env::var_os("SCHEMACTL_WRITE_DOCS").is_some();
    if writes {
        std::fs::create_dir_all(folder()).unwrap();
    }
    for path in &names {
        let name = Path::new(path).file_name().unwrap();
        let wanted = std::fs::read_to_string(path).unwrap();
        let kept = folder().join(name);
        if writes {
            std::fs::write(&kept, &wanted).unwrap();
        }
        let kept = std::fs::read_to_string(&kept).unwrap_or_default();
        assert!(
            kept == wanted,
            "docs/json/{} is old: SCHEMACTL_WRITE_DOCS=1 cargo test --test it answers:: writes it",
            name.display()
        );
    }
    assert_eq!(std::fs::read_dir(folder()).unwrap().count(), names.len());
    let list = walk.run(&["json-schema"]).ends(0).out;
    assert_eq!(list.lines().count(), names.len());
    let one = walk.run(&["json-schema", "plan"]).ends(0).out;
    assert_eq!(
        one,
        std::fs::read_to_string(folder().join("plan.schema.json")).unwrap()
    );
    walk.run(&["json-schema", "plam"])
        .ends(4)
        .says("did you mean `plan`?");
}

const HEAD: &str = "# JSON

Every command with `--format json` prints one JSON value on the standard output, and words for people, if any, on the standard
error. Each has a JSON Schema (draft 2020-12), made of the very types that are printed: in [docs/json](json), and from the program
itself with `schemactl json-schema COMMAND`. The tests validate each answer that they see against them. This page is made of the
schemas too (`SCHEMACTL_WRITE_DOCS=1 cargo test --test it answers::` writes it).

```sh
schemactl plan --env staging --format json
schemactl json-schema plan
```

## What is promised

From 1.0 on, within a major version:

- No field is taken away, renamed, or comes to mean something else, and none changes its type. A field that is always there stays so.
- New fields and new words in a list of words may come: a reader skips what it does not know.
- Texts for people (`message`, `help`, `says`, `detail`, `title`, …) may be worded anew at any time; `code`, `kind`, `class`, `status`
  and `change` are what programs go by. The codes are listed by `schemactl explain`.
- The definitions of objects in `inspect` and `report` follow PostgreSQL: an attribute of a new version comes as a new field. `format`
  in the answer of `inspect` is raised where one comes to mean something else.
- Versions of migrations are texts (`000012`, `20261129_1`), times are RFC 3339 in UTC, sizes are bytes, `seconds` are seconds and `_ms`
  milliseconds.

Before 1.0 a change of this kind is named in the notes of the release.

## Failures

What fails says so with the exit status ([commands.md](commands.md)), and prints this in the place of its answer:

";

/// The text of one kind of answer: its fields, one a line.
fn fields(schema: &Value, answer: &Value, text: &mut String) {
    let answer = resolved(schema, answer);
    if let Some(kinds) = answer["anyOf"].as_array() {
        for kind in kinds {
            fields(schema, kind, text);
        }
        return;
    }
    let about = answer["description"].as_str().unwrap_or_default();
    if answer["type"] == "array" {
        text.push_str(&format!("{about} A list, of each:\n\n"));
        fields(schema, &answer["items"], text);
        return;
    }
    let Some(properties) = answer["properties"].as_object() else {
        return;
    };
    text.push_str(&format!("{about}\n\n| field | |\n| --- | --- |\n"));
    let required = answer["required"].as_array().cloned().unwrap_or_default();
    for (name, property) in properties {
        let target = resolved(schema, property);
        let about = [property, target]
            .iter()
            .find_map(|it| it["description"].as_str())
            .unwrap_or_default()
            .replace('|', "\\|");
        let sometimes = match required.iter().any(|it| it == name) {
            true => "",
            false => ", not always there",
        };
        text.push_str(&format!("| `{name}`{sometimes} | {about} |\n"));
    }
    text.push('\n');
}

fn resolved<'v>(schema: &'v Value, at: &'v Value) -> &'v Value {
    match at["$ref"].as_str().and_then(|it| it.strip_prefix('#')) {
        Some(pointer) => schema.pointer(pointer).unwrap(),
        None => at,
    }
}

fn page(published: &BTreeMap<String, Value>) -> String {
    let mut text = HEAD.to_owned();
    let check = &published["check"];
    fields(check, &check["$defs"]["Failed"], &mut text);
    text.push_str("Each of `errors`:\n\n");
    fields(check, &check["$defs"]["Mistake"], &mut text);
    text.push_str(
        "## Several databases\n\nWhere a project has several databases and none is named, most commands go over all of them:\n\n",
    );
    let plan = &published["plan"];
    fields(plan, &plan["$defs"]["Databases"], &mut text);
    for (command, schema) in published {
        text.push_str(&format!(
            "## {command}\n\n[Schema](json/{command}.schema.json), [command](commands.md#{command}).\n\n"
        ));
        fields(schema, &schema["anyOf"][0], &mut text);
    }
    text.trim_end().to_owned() + "\n"
}

#[test]
fn the_page_says_what_the_schemas_say() {
    let path = folder().with_file_name("json.md");
    let walk = Walk::new();
    let made = walk.path("schemas");
    walk.run(&["json-schema", "--output", &made.display().to_string()])
        .ends(0);
    let wanted = page(&schemas(&made));
    if std::env::var_os("SCHEMACTL_WRITE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == wanted,
        "docs/json.md is old: SCHEMACTL_WRITE_DOCS=1 cargo test --test it answers:: writes it"
    );
}

/// A reviewer reads Markdown, GitHub annotations, a code scanner SARIF, psql SQL.
#[test]
fn a_change_is_told_for_reviews_and_scanners() {
    let live = TestServer::get().database();
    let url = live.url();
    let walk = Walk::new();
    let text = "schema app {\n    table a {\n        column id int primary-key\n        column note text\n        column \"odd|`name\" text\n    }\n}\n";
    walk.write("schema/app.kdl", text);
    walk.on(&url, &["diff", "first"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let changed = text
        .replace("column note text", "column note \"varchar(20)\" not-null")
        .replace(
            "        column \"odd|`name\" text\n",
            "        column \"`|<b>odd\" text\n",
        );
    walk.write("schema/app.kdl", &changed);
    let told = walk.on(
        &url,
        &[
            "diff",
            "second",
            "--drop",
            "column:app.a.odd|`name",
            "--dry-run",
            "--format",
            "markdown",
        ],
    );
    let page = told.ends(0).out;
    assert!(
        page.starts_with("### 1 to change, 1 to add, 1 to drop\n"),
        "{page}"
    );
    assert!(
        page.contains("data-type  text → character varying(20)")
            || page.contains("data-type text → character varying(20)"),
        "{page}"
    );
    assert!(page.contains("column app.a.\\`\\|&lt;b>odd"), "{page}");
    assert!(
        page.contains("- **drop-column**") && page.contains("```sql\n-- schemactl:"),
        "{page}"
    );
    let said = walk.on(
        &url,
        &["diff", "second", "--drop", "column:app.a.odd|`name"],
    );
    said.ends(0).says("data-type  text → character varying(20)");
    let page = walk.on(&url, &["plan", "--format", "markdown"]).ends(0).out;
    assert!(page.contains("#### 000002\\_second"), "{page}");
    assert!(page.contains("| line | statement | for others |"), "{page}");
    let sql = walk.on(&url, &["plan", "--format", "sql"]).ends(0).out;
    assert!(
        sql.starts_with("-- 000002_second\n") && sql.contains("DROP COLUMN"),
        "{sql}"
    );
    let lint = |format: &str| walk.on(&url, &["lint", "--format", format]).out;
    let lines = lint("github");
    assert!(lines.lines().count() > 1, "{lines}");
    for line in lines.lines() {
        assert!(
            line.starts_with("::error file=app/generated/00000")
                || line.starts_with("::warning file=app/generated/00000"),
            "{line}"
        );
    }
    let sarif: Value = serde_json::from_str(&lint("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(results.len(), lines.lines().count(), "{sarif:#}");
    let place = &results[0]["locations"][0]["physicalLocation"];
    let file = place["artifactLocation"]["uri"].as_str().unwrap();
    let line = place["region"]["startLine"].as_u64().unwrap();
    let text = walk.read(file.strip_prefix("app/").unwrap());
    assert!(
        text.lines().count() >= usize::try_from(line).unwrap(),
        "{file}:{line}"
    );
    walk.write("schema/app.kdl", "schema app {\n    tabel a\n}\n");
    let said = walk
        .run(&["check", "--project", "app", "--format", "github"])
        .ends(4)
        .out;
    assert!(
        said.starts_with("::error file=app/schema/app.kdl,line=2,col=5,title=kdl%3A%3Aunknown"),
        "{said}"
    );
    let said = walk
        .run(&["check", "--project", "app", "--format", "sarif"])
        .ends(4)
        .out;
    let sarif: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"],
        2
    );
    walk.run(&["check", "--project", "app", "--format", "dot"])
        .ends(4);
}

#[test]
fn every_command_answers_as_its_schema_says() {
    let server = TestServer::get();
    let (live, other) = (server.database(), server.database());
    let walk = Walk::new();
    let url = live.url();
    let mut seen: Vec<String> = Vec::new();
    let mut run = |arguments: &[&str], code: i32| {
        let mut all = arguments.to_vec();
        if !matches!(arguments[0], "init" | "explain") {
            all.extend(["--project", "app"]);
        }
        let says_where = all.contains(&"--url") || all.contains(&"--env");
        if !says_where && !matches!(arguments[0], "init" | "explain") {
            all.extend(["--url", &url]);
        }
        all.extend(["--format", "json"]);
        let run = walk.run(&all).ends(code);
        assert!(is_as_published(&all, &run.out), "{all:?}: {run:?}");
        seen.push(arguments[0].to_owned());
        run.json()
    };
    run(&["init", "second"], 0);
    run(&["init", "second"], 3);
    let text = r#"schema app {
    table orders {
        column id bigint primary-key { identity always }
        column total numeric not-null
        index total
    }
    view large { query "SELECT id FROM app.orders" }
}
"#;
    walk.write("schema/app.kdl", text);
    run(&["check", "--explain"], 0);
    run(&["fmt"], 0);
    let empty = run(&["diff", "--exit-code", "--dry-run"], 2);
    assert_eq!(empty["written"], false);
    let first = run(&["diff", "orders"], 0);
    assert!(first["changes"].as_array().unwrap().len() > 4, "{first:#}");
    run(&["report"], 0);
    run(&["report", "--diff"], 3);
    run(&["lint"], 0);
    run(&["plan"], 0);
    run(&["apply", "--script"], 0);
    run(&["apply", "--yes"], 0);
    let nothing = run(&["diff"], 0);
    assert_eq!(nothing["changes"], Value::Array(Vec::new()));
    run(&["report"], 0);
    run(&["graph", "--diff"], 0);
    run(&["graph"], 0);
    run(&["graph", "--from", "live"], 0);
    walk.write(
        "schema/app.kdl",
        &text.replace(
            "column total numeric not-null",
            "column total \"numeric(12,2)\" not-null\n        column note text default=\"'none'\"",
        ),
    );
    run(&["graph", "--plan"], 0);
    run(&["graph", "--diff"], 0);
    run(&["diff", "note"], 0);
    run(&["report"], 0);
    run(&["plan"], 0);
    run(&["apply", "--yes"], 0);
    run(&["verify"], 0);
    run(&["status"], 0);
    run(&["log"], 0);
    run(&["show", "2"], 0);
    run(&["tag", "first"], 0);
    run(&["tag"], 0);
    run(&["inspect"], 0);
    run(
        &["docs", "--output", &walk.path("docs").display().to_string()],
        0,
    );
    run(&["access", "postgres"], 0);
    run(&["doctor"], 0);
    run(&["drift"], 0);
    live.psql("ALTER TABLE app.orders ADD COLUMN by_hand int DEFAULT 3; CREATE VIEW app.more AS SELECT 1 AS one; ALTER TABLE app.orders ALTER total DROP NOT NULL");
    let drifted = run(&["drift"], 2);
    assert!(
        drifted["changes"].as_array().unwrap().len() > 2,
        "{drifted:#}"
    );
    run(&["status"], 0);
    run(&["drift", "--fix", "--dry-run"], 0);
    run(&["drift", "--accept", "--dry-run"], 0);
    run(&["drift", "--accept", "--yes"], 0);
    run(&["rollback", "--yes"], 0);
    run(&["redo", "--yes"], 0);
    run(&["repair"], 0);
    run(&["new", "by_hand"], 0);
    run(&["restamp"], 0);
    run(&["squash", "--to", "2", "--dry-run"], 0);
    run(&["baseline", "--url", &other.url()], 3);
    run(&["create"], 0);
    run(&["sync", "--dry-run", "--url", &other.url()], 0);
    run(&["sync", "--yes", "--url", &other.url()], 0);
    run(&["sync", "--yes", "--url", &other.url()], 0);
    let project = walk.read("schemactl.kdl");
    let environment = format!(
        "{project}\nenvironment dev {{\n    url \"{}\"\n    seed \"seeds.sql\"\n}}\n",
        other.url()
    );
    walk.write("schemactl.kdl", &environment);
    walk.write("seeds.sql", "SELECT 1;\n");
    run(&["reset", "--yes", "--env", "dev"], 0);
    run(&["seed", "--again", "--env", "dev"], 0);
    walk.write("schemactl.kdl", &project);
    run(&["explain"], 0);
    run(&["explain", "drop-table"], 0);
    run(&["explain", "kdl::syntax"], 0);
    run(&["explain", "nothing"], 4);
    run(&["plan", "--nonsense"], 4);
    walk.write(
        "schema/app.kdl",
        "schema app {\n    tabel orders {\n    }\n}\n",
    );
    run(&["check"], 4);
    run(&["diff"], 4);
    let unseen: Vec<&String> = published().keys().filter(|it| !seen.contains(it)).collect();
    assert!(unseen.is_empty(), "never run: {unseen:?}");
}
