//! What `diff` and `plan` say on a terminal: grouped by object, within the width that is there, and nothing cut that has room.

use crate::cli_support::Walk;
use crate::support::TestServer;

const BEFORE: &str = "schema app {
    table users {
        column id bigint primary-key
        column name text
        column state text not-null default=\"'new'\"
        column note text
        check \"state IN ('new', 'invited', 'active')\" name=users_state_is_known
    }
}
";

const AFTER: &str = "schema app {
    table users {
        column id bigint primary-key
        column full_name text renamed-from=name
        column state text not-null default=\"'new'\"
        column country text not-null default=\"'PT'\"
        check \"state IN ('new', 'invited', 'active', 'suspended for a while')\" name=users_state_is_known
        unique full_name country name=users_are_told_apart_by_their_name_and_country
    }
    view names { query \"SELECT id, full_name FROM app.users\" }
}
";

#[test]
fn a_plan_is_grouped_and_fits_the_terminal() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = Walk::new();
    walk.write("schema/app.kdl", BEFORE);
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write("schema/app.kdl", AFTER);
    let run = |width: &str, words: &[&str]| {
        let mut all = words.to_vec();
        all.extend(["--project", "app", "--url", &url]);
        let run = walk.run_with(&[("COLUMNS", width)], &all).ends(0);
        let most: usize = width.parse().unwrap();
        for line in run.err.lines() {
            assert!(line.chars().count() <= most, "longer than {most}: {line}");
        }
        run.err
    };
    let said = run("80", &["diff", "two", "--drop", "column:app.users.note"]);
    let lines: Vec<&str> = said.lines().collect();
    let at = |line: &str| {
        lines
            .iter()
            .position(|it| it.starts_with(line))
            .unwrap_or_else(|| panic!("no `{line}` in:\n{said}"))
    };
    // The rename stands in the group of its table, what stands alone in none.
    let group = at("  app.users");
    assert_eq!(
        at("    ~ column app.users.full_name  renamed from name"),
        group + 1
    );
    assert!(at("    + column app.users.country") > group, "{said}");
    assert!(at("  + view app.names") > at("    - column app.users.note"));
    // Hazards are told whole.
    assert!(
        at("  drop-column column app.users.note: ") > group,
        "{said}"
    );
    // What differs is seen.
    assert!(said.contains("'suspended for a while'"), "{said}");
    let narrow = run("80", &["plan"]);
    assert!(narrow.contains('…'), "{narrow}");
    let wide = run("140", &["plan"]);
    assert!(
        wide.contains(
            "CREATE UNIQUE INDEX CONCURRENTLY users_are_told_apart_by_their_name_and_country ON app.users (full_name, country)"
        ),
        "{wide}"
    );
}

#[test]
fn an_option_that_is_mistyped_is_told_its_name() {
    let walk = Walk::new();
    walk.run(&["status", "--evn", "local"])
        .ends(4)
        .says("did you mean `--env`?");
    walk.run(&["diff", "--dry-rnu"]).ends(4).says("--dry-run");
}

#[test]
fn one_command_has_its_page_as_markdown() {
    let walk = Walk::new();
    let page = walk
        .run(&["man", "apply", "--format", "markdown"])
        .ends(0)
        .out;
    assert!(page.starts_with("# apply\n"), "{page}");
    assert!(page.contains("schemactl apply --env staging"), "{page}");
    assert!(!page.contains("rollback --"), "{page}");
}

/// Runs on a database that is as `before` says, with files that say `after`.
fn changed<'s>(before: &str, after: &str) -> (Walk, crate::support::TestDatabase<'s>) {
    let live = TestServer::get().database();
    let walk = Walk::new();
    walk.write("schema/app.kdl", before);
    walk.on(&live.url(), &["diff", "one"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.write("schema/app.kdl", after);
    (walk, live)
}

#[test]
fn a_plan_tells_what_lint_calls_an_error() {
    let before = "schema app { table users { column id int primary-key; column name text } }";
    let after = "schema app { table users { column id int primary-key; column full_name text renamed-from=name }
        table notes { column text text } }";
    let (walk, live) = changed(before, after);
    let url = live.url();
    walk.on(&url, &["diff", "two"]).ends(0);
    walk.on(&url, &["lint"]).ends(3);
    let said = walk.on(&url, &["plan"]).ends(0);
    let said = said.says("error rename-column app.users.name: programs that run know");
    let said = said.says("lint finds 1 error and 1 warning: `schemactl lint` tells them");
    said.says("1 to change, 1 to add, 0 to drop");
    let page = walk.on(&url, &["plan", "--format", "markdown"]).ends(0).out;
    assert!(
        page.contains("- **error rename-column app.users.name: "),
        "{page}"
    );
    assert!(page.contains("1 to change, 1 to add, 0 to drop."), "{page}");
    let json = walk.on(&url, &["plan", "--format", "json"]).ends(0).json();
    let found = json["pending"][0]["findings"].as_array().unwrap();
    let codes: Vec<&str> = found
        .iter()
        .map(|it| it["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["rename-column", "table-without-key"]);
    assert_eq!(json["counts"]["changed"], 1);
    assert_eq!(json["counts"]["added"], 1);
    // What is allowed stops nobody, and what the header of the file tells is told once.
    let allowed = ["plan", "--allow", "rename-column:app.users.name"];
    let said = walk.on(&url, &allowed).ends(0).err;
    assert!(!said.contains("error rename-column"), "{said}");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write(
        "schema/app.kdl",
        "schema app { table users { column id int primary-key; column full_name text } }",
    );
    walk.on(&url, &["diff", "three", "--drop", "table:app.notes"])
        .ends(0);
    let said = walk.on(&url, &["plan"]).ends(0).err;
    assert_eq!(said.matches("drop-table").count(), 1, "{said}");
}

#[test]
fn a_change_of_a_partitioned_table_is_counted_once_everywhere() {
    let before = "schema app {
    table t {
        column id int
        column d date
        column note text
        partition-by range d
        partition t1 from=\"'2025-01-01'\" to=\"'2026-01-01'\"
    }
    table u { column x text; index name=ux { expression \"lower(x)\" } }
}
";
    let after = before
        .replace("column note text", "column note varchar")
        .replace("lower(x)", "upper(x)");
    let (walk, live) = changed(before, &after);
    let url = live.url();
    let said = walk.on(&url, &["diff", "--dry-run"]).ends(0).err;
    assert!(said.contains("2 to change, 0 to add, 0 to drop"), "{said}");
    assert!(said.contains("keys  lower(x) → upper(x)"), "{said}");
    let page = walk
        .on(&url, &["diff", "--dry-run", "--format", "markdown"])
        .ends(0)
        .out;
    assert!(
        page.contains("| column app.t.note (and 1 partition) |"),
        "{page}"
    );
    assert!(
        page.contains("<summary>") && !page.contains("000002\\_"),
        "{page}"
    );
    let report = walk.on(&url, &["report", "--diff"]).ends(0);
    assert!(report.out.contains("(and 1 partition)"), "{}", report.out);
    assert!(
        !report.out.contains("table app.t1 "),
        "a card for what the parent brings"
    );
    report.says("2 to change, 0 to add, 0 to drop");
}

#[test]
fn every_change_shows_what_it_was_and_what_it_becomes() {
    let before = "role told_web
schema app {
    table t { column x int; policy p using=\"x > 0\"; row-level-security; grant select to=told_web }
    function f returns=integer language=sql { body \"SELECT 1\" }
    view v { query \"SELECT x FROM app.t\" }
    enum e a b c
    table p { column id int primary-key; trigger tg before insert for-each=row execute=tf }
    function tf returns=trigger language=plpgsql { body \"BEGIN RETURN NEW; END\" }
}
";
    let after = before
        .replace("grant select", "grant select insert")
        .replace("SELECT 1", "SELECT 2")
        .replace("SELECT x FROM app.t", "SELECT x, 1 AS y FROM app.t")
        .replace("enum e a b c", "enum e a c")
        .replace("before insert", "before insert update")
        .replace("x > 0", "x > 1");
    let walk = Walk::new();
    let run = |words: &[&str]| {
        let mut all = words.to_vec();
        all.extend(["--project", "app", "--from", "migrations"]);
        walk.run_with(&[("COLUMNS", "140")], &all).ends(0)
    };
    walk.write("schema/app.kdl", before);
    run(&["diff", "one"]);
    walk.write("schema/app.kdl", &after);
    let said = run(&["diff", "--dry-run"]).err;
    for line in [
        "-/+ enum app.e  values  a, b, c → a, c",
        "no lock that others meet",
        "~ function app.f()  body  SELECT 1 → SELECT 2",
        "events  insert → insert, update",
        "columns  x integer → x integer, y integer",
        "+ grant app.t.told_web  INSERT",
        "  policy app.t.p: which rows",
        "  grant app.t.told_web: told_web gets INSERT",
    ] {
        assert!(said.contains(line), "no `{line}` in:\n{said}");
    }
    let page = run(&["diff", "--dry-run", "--format", "markdown"]).out;
    assert!(page.contains("- **policy** app.t.p: which"), "{page}");
}

#[test]
fn a_mistake_is_marked_within_the_width_of_the_terminal() {
    let walk = Walk::new();
    let long = |letter: &str| format!("column {} text; ", letter.repeat(60));
    let (one, two, three) = (long("a"), long("b"), long("c"));
    let text = format!("schema app {{\r\n  table t {{ {one}{two}colum z int; {three} }}\r\n}}\r\n");
    walk.write("schema/app.kdl", &text);
    let run = walk
        .run_with(&[("COLUMNS", "80")], &["check", "--project", "app"])
        .ends(4);
    let lines: Vec<&str> = run.err.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains("colum z int"))
        .unwrap();
    for line in &lines {
        assert!(
            line.chars().count() <= 80 && !line.contains('?') || line.contains("mean"),
            "{line}"
        );
    }
    let column = |line: &str, of: &str| line.split(of).next().unwrap().chars().count();
    assert_eq!(
        column(lines[at], "colum z"),
        column(lines[at + 1], "──┬──"),
        "{}",
        run.err
    );
    // The place is that of the file.
    let column = text.lines().nth(1).unwrap().find("colum z").unwrap() + 1;
    assert!(
        run.err.contains(&format!("app.kdl:2:{column}]")),
        "{}",
        run.err
    );
}

#[test]
fn the_line_ends_of_windows_stay() {
    let walk = Walk::new();
    let text = "// A note.\r\nschema app {\r\n    /* two\r\n       lines */\r\n    table t {\r\n        column x int\r\n        check \"\"\"\r\n            x > 0\r\n            AND x < 9\r\n            \"\"\"\r\n    }\r\n}\r\n";
    walk.write("schema/app.kdl", text);
    walk.run(&["fmt", "--project", "app"]).ends(0);
    let once = walk.read("schema/app.kdl");
    assert_eq!(
        once.matches('\n').count(),
        once.matches("\r\n").count(),
        "{once:?}"
    );
    assert!(once.contains("\r\n            AND x < 9\r\n"), "{once:?}");
    walk.run(&["fmt", "--check", "--project", "app"]).ends(0);
    walk.write("schema/app.kdl", &once.replace("table t {", "table   t {"));
    walk.run(&["fmt", "--check", "--project", "app"]).ends(2);
    walk.run(&["fmt", "--project", "app"]).ends(0);
    assert_eq!(walk.read("schema/app.kdl"), once);
}

#[test]
fn a_value_that_is_not_known_is_told_those_that_are() {
    let run = Walk::new().run(&["check", "--format", "yaml"]).ends(4);
    assert!(!run.err.contains("\\n"), "{}", run.err);
    run.says("invalid value 'yaml' for '--format <FORMAT>'")
        .says("[possible values: text, json");
}

#[test]
fn what_names_no_object_is_refused_before_anything_is_done() {
    let text = "schema app { table t { column id int primary-key } }";
    let (walk, live) = changed(text, text);
    let url = live.url();
    for said in ["foo", "tabel:app.t", "table:"] {
        walk.on(&url, &["diff", "--drop", said]).ends(4);
        walk.on(&url, &["drift", "--fix", "--object", said]).ends(4);
    }
    walk.on(&url, &["diff", "--drop", "tabel:app.t"])
        .ends(4)
        .says("did you mean `--drop table:app.t`?");
}

#[test]
fn names_that_are_nearly_postgresqls_own_are_told_without_a_database() {
    let walk = Walk::new();
    let check = |text: &str| {
        walk.write("schema/app.kdl", text);
        walk.run(&["check", "--project", "app"])
    };
    for (text, near) in [
        (
            "schema app { table t { column x timestampz } }",
            "`timestamptz`",
        ),
        (
            "schema app { table t { column x \"varchr(20)\" } }",
            "`varchar`",
        ),
        (
            "schema app { table t { column x int; index x method=btre } }",
            "`btree`",
        ),
        (
            "schema app { function f returns=int language=plpgsq { body \"BEGIN RETURN 1; END\" } }",
            "`plpgsql`",
        ),
    ] {
        check(text).ends(4).says(&format!("did you mean {near}?"));
    }
    let references =
        "schema app { table t2 { column node int }; table t { column x int references=t2.nope } }";
    check(references)
        .ends(4)
        .says("`t2` is a table here; did you mean `node`?");
    let trigger = |name: &str| {
        format!(
            "schema app {{ table t {{ column x int; trigger tr before insert for-each=row execute={name} }}
             function touched returns=trigger language=plpgsql {{ body \"BEGIN RETURN new; END\" }} }}"
        )
    };
    check(&trigger("touchd"))
        .ends(4)
        .says("did you mean `touched`?");
    check(&trigger("of_an_extension")).ends(0);
    // What an extension may bring is asked of PostgreSQL.
    check("extension some_extension\nschema app { table t { column x timestampz; index x method=btre } }").ends(0);
    check("schema app { table t { column x other.timestampz } }").ends(0);
}

#[test]
fn all_mistakes_are_shown_where_they_are_asked_for() {
    let walk = Walk::new();
    let columns: String = (0..30).map(|at| format!("    colum{at} x\n")).collect();
    let text = format!("schema app {{\n  table t {{\n{columns}  }}\n}}\n");
    walk.write("schema/app.kdl", &text);
    let first = walk.run(&["check", "--project", "app"]).ends(4);
    assert_eq!(
        first.err.matches("kdl::unknown-node").count(),
        20,
        "{}",
        first.err
    );
    first
        .says("and 10 more")
        .says("`schemactl check -v` shows them all");
    let all = walk.run(&["check", "-v", "--project", "app"]).ends(4);
    assert_eq!(
        all.err.matches("kdl::unknown-node").count(),
        30,
        "{}",
        all.err
    );
    std::fs::write(walk.path("schemactl.kdl"), b"project app edition=1\n\xff\n").unwrap();
    let run = walk.run(&["check", "--project", "app"]).ends(4);
    run.says("schemactl.kdl` is not UTF-8")
        .says("save it as UTF-8");
}

#[test]
fn the_next_step_leads_into_the_folder() {
    let walk = Walk::new();
    walk.run(&["init", "shop"])
        .ends(0)
        .says("next: `cd shop`, edit schema, then `schemactl diff`");
}

#[test]
fn views_are_counted_as_views() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column x int }; view v { query \"SELECT x FROM app.t\" } }",
    );
    walk.run(&["graph", "--views", "--project", "app", "-o", "x.svg"])
        .ends(0)
        .says("1 table, 1 view and 1 relation in 1 schema");
}

#[test]
fn shells_are_told_what_may_stand_there() {
    let walk = Walk::new();
    let script = walk.run(&["completions", "bash"]).ends(0).out;
    assert!(
        script.contains("schemactl completions --environments"),
        "{script}"
    );
    let explain = script.split("schemactl__explain)").last().unwrap();
    assert!(
        explain.contains("rename-column"),
        "no codes behind `explain`"
    );
    let said = walk.run(&["completions", "--environments", "--project", "app"]);
    assert_eq!(said.ends(0).out, "local\n");
    walk.run(&["completions"]).ends(4);
}

#[test]
fn the_page_of_roles_says_who_is_a_member_and_what_comes_later() {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "role told_readers
role told_staff member-of=told_readers
schema app {
    default-privileges { grant select on=tables to=told_readers }
    table t { column x int; grant select to=told_readers }
}
",
    );
    walk.run(&["docs", "--project", "app", "-o", "site"])
        .ends(0);
    let page = std::fs::read_to_string(walk.path("../site/roles.html")).unwrap();
    let section = |role: &str| {
        let from = page.find(&format!("<section id=\"r-{role}\">")).unwrap();
        page[from..].split("</section>").next().unwrap().to_owned()
    };
    let readers = section("told_readers");
    assert!(
        readers.contains("Its members: <a href=\"roles.html#r-told_staff\">"),
        "{readers}"
    );
    assert!(
        readers.contains("SELECT on tables") && readers.contains(" in app"),
        "{readers}"
    );
    assert!(section("told_staff").contains("Has what these have, as a member"));
    assert!(section("public").contains("connect to the database"));
}
