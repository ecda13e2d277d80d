//! `check`: the project file and the KDL files, without any database.

use super::arguments::{Check, Format};
use super::context::Context;
use super::failure::Failure;
use super::screen::Paint;
use crate::kdl::Mistakes;
use crate::model::Exit;

pub(super) fn run(context: &Context, _: &Check) -> Result<Exit, Failure> {
    context.formats("check", &[Format::Text, Format::Json])?;
    let workspace = context.project("check")?;
    let (declared, mistakes) = workspace.check()?;
    let errors = mistakes
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == miette::Severity::Error);
    if context.screen.is_json() {
        context.screen.print_json(&serde_json::json!({
            "ok": !errors,
            "objects": declared.desired.objects.len(),
            "mistakes": mistakes.to_json(),
        }));
        return Ok(if errors { mistakes.exit() } else { Exit::Fine });
    }
    if errors {
        return Err(mistakes.into());
    }
    warnings(context, mistakes);
    context.screen.say(format!(
        "  {} {} objects in {} files",
        context.screen.paint(Paint::Good, "✓"),
        declared.desired.objects.len(),
        declared.sources.files().count()
    ));
    Ok(Exit::Fine)
}

/// What is odd and stops nothing.
fn warnings(context: &Context, mistakes: Mistakes) {
    if !mistakes.diagnostics.is_empty() {
        context.screen.failure(&mistakes.into());
    }
}
