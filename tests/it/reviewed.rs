//! The SQL of every acceptance case as people review it, kept beside the case as `plan.snap`: whoever changes the planner
//! sees what becomes otherwise (`cargo insta review`).
//!
//! The rule: one snapshot a case, of the plan that `diff` writes where nothing else is said, as PostgreSQL 15 makes it: other
//! versions print and allow other words.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use schemactl::author::{Authored, Heading, drafts};
use schemactl::migrate::Draft;

/// The major version whose plans are kept.
const MAJOR: u32 = 15;

/// Compares the plan of a case with the one that is kept in its folder.
pub(crate) fn is_as_kept(folder: &Path, authored: &Authored, major: u32) -> Result<(), String> {
    if major != MAJOR {
        return Ok(());
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let text = text(authored);
    // Between two files anybody may look: no rows wait outside of their table then.
    for file in text.split("==== ") {
        let kept = |begin: &str| {
            let lines = file.lines().filter(|it| it.starts_with(begin));
            lines.filter(|it| it.contains("_schemactl_kept")).count()
        };
        if kept("CREATE TABLE ") != kept("DROP TABLE ") {
            return Err(format!("rows are put aside when a file ends:\n{file}"));
        }
    }
    catch_unwind(AssertUnwindSafe(|| {
        settings.bind(|| insta::assert_snapshot!("plan", text));
    }))
    .map_err(|_| "the plan is not as it is kept in plan.snap: `cargo insta review`".to_owned())
}

/// The files of a plan: the way up, and the way back in the order in which it runs.
fn text(authored: &Authored) -> String {
    let files = drafts(&authored.up, &authored.down, "plan", &Heading::default());
    let ups = files.iter().map(|it| ("up", &it.up));
    let downs = files.iter().rev().map(|it| ("down", &it.down));
    let all: Vec<String> = ups.chain(downs).map(|(way, it)| file(way, it)).collect();
    all.join("\n\n")
}

fn file(way: &str, draft: &Draft) -> String {
    let mut lines = vec![format!("==== {way}")];
    if draft.no_transaction {
        lines.push("-- no transaction".to_owned());
    }
    lines.extend(draft.hazards.iter().map(|it| format!("-- hazard {it}")));
    let gone = draft.irreversible.iter();
    lines.extend(gone.map(|it| format!("-- irreversible {it}")));
    lines.push(draft.body.trim_end().to_owned());
    lines.join("\n")
}
