//! The pages of `docs/` and README.md say what is true: every block of KDL parses, every file and page that they link to is
//! there.

use std::path::Path;

use schemactl::kdl::{Diagnostics, Sources};

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

/// Every project below `examples/` is formatted, its migrations lead to what its files say, and run up and down.
#[test]
fn the_examples_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let server = crate::support::TestServer::get();
    let walk = crate::cli_support::Walk::new();
    let mut projects = 0;
    for entry in std::fs::read_dir(&root).unwrap() {
        let project = entry.unwrap().path().display().to_string();
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
