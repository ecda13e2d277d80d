//! The pages of `docs/` and README.md say what is true: every block of KDL parses, every file and page that they link to is
//! there.

use std::collections::BTreeSet;
use std::path::Path;

use schemactl::kdl::{Asked, Diagnostics, Slot, Sources};
use schemactl::kind::Object;
use schemactl::kind::language::{Place, vocabulary};
use schemactl::model::Kind;

fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    pages.extend(
        std::fs::read_dir(root.join("docs"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|it| it == "md")),
    );
    pages.sort();
    let named = |path: &Path| path.strip_prefix(root).unwrap().display().to_string();
    pages
        .iter()
        .map(|path| (named(path), std::fs::read_to_string(path).unwrap()))
        .collect()
}

#[test]
fn every_block_of_kdl_parses() {
    let mut blocks = 0;
    for (page, text) in pages() {
        for (number, block) in text.split("```kdl\n").skip(1).enumerate() {
            let block = block.split("\n```").next().unwrap_or_default().to_owned();
            let diagnostics = Diagnostics::new();
            let name = format!("{page} block {}", number + 1);
            let sources = Sources::from_texts(vec![(name, block)], &diagnostics);
            if let Err(mistakes) = diagnostics.into_result(&std::sync::Arc::new(sources)) {
                panic!("{}", mistakes.render());
            }
            blocks += 1;
        }
    }
    assert!(blocks >= 3, "{blocks} blocks");
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (page, text) in pages() {
        let folder = root.join(&page);
        let folder = folder.parent().unwrap();
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains(':') {
                assert!(folder.join(target).exists(), "{page} links to `{target}`");
            }
        }
    }
}

/// The plan that README.md shows is what `diff` says.
#[test]
fn the_readme_shows_a_plan_as_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("README.md")).unwrap();
    let block = text.split("```text\n").nth(1).unwrap();
    let block = block.split("\n```").next().unwrap();
    let walk = crate::cli_support::Walk::new();
    let shop = root.join("examples/shop");
    for below in ["schemactl.kdl", "schema", "generated"] {
        let from = shop.join(below);
        let files: Vec<_> = match from.is_dir() {
            true => std::fs::read_dir(&from)
                .unwrap()
                .map(|it| it.unwrap().path())
                .collect(),
            false => vec![from],
        };
        for file in files {
            let name = file.strip_prefix(&shop).unwrap().display().to_string();
            // What the README tells is not written yet.
            if !name.contains("000002") && !name.contains("000003") {
                let text = std::fs::read_to_string(&file).unwrap();
                walk.write(&format!("../shop/{name}"), &text);
            }
        }
    }
    let run = walk.run_with(
        &[("COLUMNS", "110")],
        &[
            "diff",
            "--from",
            "migrations",
            "--dry-run",
            "--project",
            "shop",
        ],
    );
    let said = run.ends(0).err;
    for line in block.lines() {
        assert!(
            crate::tutorial::is_shown(line.trim(), &said),
            "no `{line}` in:\n{said}"
        );
    }
}

/// Every project below `examples/` is formatted, its migrations lead to what its files say, and run up and down.
#[test]
fn the_examples_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let server = crate::support::TestServer::get();
    let walk = crate::cli_support::Walk::new();
    let mut projects = 0;
    for entry in std::fs::read_dir(&root).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            // The programs run in `embed`.
            continue;
        }
        let project = path.display().to_string();
        let text = std::fs::read_to_string(path.join("schemactl.kdl")).unwrap();
        if text.matches("\ndatabase ").count() > 1 {
            // One address is not enough for it: see `databases`.
            continue;
        }
        let live = server.database();
        let (url, before) = (live.url(), live.pg_dump_schema());
        let run = |arguments: &[&str]| {
            let mut all = arguments.to_vec();
            all.extend(["--project", &project, "--url", &url]);
            walk.run(&all)
        };
        run(&["check"]).ends(0);
        walk.run(&[
            "fmt",
            "--check",
            &format!("{project}/schema"),
            &format!("{project}/schemactl.kdl"),
        ])
        .ends(0);
        run(&["apply", "--yes"]).ends(0);
        run(&["diff", "--exit-code"]).ends(0).says("nothing to do");
        run(&["drift"]).ends(0);
        walk.run(&["verify", "--project", &project]).ends(0);
        run(&["rollback", "--all", "--yes"]).ends(0);
        crate::support::assert_same_dump(&live.pg_dump_schema(), &before);
        projects += 1;
    }
    assert!(projects >= 2, "{projects} examples");
}

/// What all objects have, said once.
const COMMON: &[&str] = &[
    "comment",
    "owner",
    "renamed-from",
    "tags",
    "grant",
    "revoke",
    "security-label",
];

/// A word as the page shows it: `name`, `not-null` (flag), `on-delete=cascade|restrict`.
fn shown(asked: &Asked) -> String {
    let slot = match asked.slot {
        Slot::Flag => String::new(),
        Slot::Word if !asked.values.is_empty() => format!("={}", asked.values.join("\\|")),
        slot => format!("={slot:?}").to_lowercase(),
    };
    match (asked.argument, asked.parts.is_empty()) {
        (true, _) => format!("*{}*", asked.word),
        (false, true) => format!("`{}{slot}`", asked.word),
        (false, false) => {
            let parts: Vec<String> = asked
                .parts
                .iter()
                .filter(|part| !COMMON.contains(&part.word))
                .map(shown)
                .collect();
            format!("`{}` {{ {} }}", asked.word, parts.join(" "))
        }
    }
}

/// `docs/coverage.md`, made of the code's own lists.
fn coverage() -> String {
    let mut text = String::from(
        "# Coverage\n\n\
         Every node of the language, the object kinds that it declares, and every attribute that is read, compared, altered and\n\
         written. The page is made of the code's own lists: `SCHEMACTL_WRITE_DOCS=1 cargo test --test it docs::` writes it, and the\n\
         test fails where it is old. Arguments stand in italics; `{ … }` holds the words of a part. All objects that have them know\n\
         also `comment`, `owner`, `renamed-from`, `tags`, `grant`, `revoke` and `security-label`.\n\n\
         | node | stands | kinds of objects | words |\n| --- | --- | --- | --- |\n",
    );
    for node in vocabulary() {
        let places: Vec<&str> = node
            .places
            .iter()
            .map(|place| match place {
                Place::Top => "top",
                Place::Schema => "schema",
                Place::Relation => "relation",
            })
            .collect();
        let kinds: Vec<&str> = node.kinds.iter().map(|kind| kind.name()).collect();
        let words: Vec<String> = node
            .words
            .iter()
            .filter(|word| !COMMON.contains(&word.word))
            .map(shown)
            .collect();
        text.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            node.word,
            places.join(", "),
            kinds.join(", "),
            words.join(" ")
        ));
    }
    text.push_str(
        "\n## Kinds of objects\n\nThe grain at which PostgreSQL creates, alters, drops or depends on something by itself, and the system catalog that each is\n\
         read from. A test goes over `pg_catalog` and fails where a catalog has no place here, among the parts of these, or in the list\n\
         of what is refused by name (`src/pg/introspect/places.rs`). Tablespaces are only named, large objects are data.\n\n\
         | kind | catalog |\n| --- | --- |\n",
    );
    for kind in Kind::ALL.iter().filter(|kind| Object::BUILT.contains(kind)) {
        let class = Object::source(*kind).map_or("", |source| source.class);
        text.push_str(&format!("| {} | `{class}` |\n", kind.name()));
    }
    text
}

#[test]
fn the_page_of_coverage_is_the_codes_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/coverage.md");
    let wanted = coverage();
    if std::env::var_os("SCHEMACTL_WRITE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), wanted);
}

#[test]
fn the_page_of_commands_is_the_parsers_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    let walk = crate::cli_support::Walk::new();
    let wanted = walk.run(&["man", "--format", "markdown"]).ends(0).out;
    if std::env::var_os("SCHEMACTL_WRITE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), wanted);
}

/// `docs/project-file.md` has every word of the project file in the table of its node, and none that is not there.
#[test]
fn the_page_of_the_project_file_has_every_word() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/project-file.md");
    let page = std::fs::read_to_string(path).unwrap();
    for (node, words) in schemactl::config::vocabulary() {
        // Both take the same words.
        let heading = if node == "defaults" {
            "environment"
        } else {
            node
        };
        let section = page
            .split("\n## `")
            .find(|it| it.starts_with(&format!("{heading}`")));
        let section = section.unwrap_or_else(|| panic!("no section of `{node}`"));
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
        let shown: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
        let known: BTreeSet<&str> = words
            .iter()
            .filter(|asked| !asked.argument)
            .map(|asked| asked.word)
            .collect();
        assert_eq!(shown, known, "{node}");
        let parts = words.iter().flat_map(|asked| &asked.parts);
        let untold: Vec<&str> = parts
            .filter(|part| !part.argument)
            .map(|part| part.word)
            .filter(|word| {
                let forms = [format!("`{word}"), format!("{word}="), format!(" {word} ")];
                !forms.iter().any(|form| section.contains(form))
            })
            .collect();
        assert!(untold.is_empty(), "{untold:?} in `{node}`");
    }
}
