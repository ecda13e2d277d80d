//! `check`: the project file and the KDL files, without any database.

use super::annotate::{self, Note};
use super::answer::{Checked, Silent};
use super::arguments::{Check, Format};
use super::context::Context;
use super::failure::Failure;
use super::report::{counted, escaped};
use super::screen::Paint;
use super::silence;
use crate::kdl::Mistakes;
use crate::model::Exit;
use crate::project::{Declared, Workspace, shown};

pub(super) fn run(context: &Context, options: &Check) -> Result<Exit, Failure> {
    context.formats("check")?;
    let workspace = context.project("check")?;
    let (declared, mistakes) = workspace.check()?;
    let errors = mistakes
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == miette::Severity::Error);
    let silence = options.explain.then(|| {
        let path = workspace.project.folder.join("schemactl.kdl");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let history = &workspace.project.history_schema;
        silence::explain(workspace.database(), history, &text, &declared.desired)
    });
    if context.screen.is_json() {
        let silence = silence.map(|lines| lines.into_iter().map(Silent::from).collect());
        context.screen.print_json(&Checked {
            ok: !errors,
            objects: declared.desired.objects.len(),
            mistakes: mistakes.told(),
            silence,
        });
        return Ok(if errors { mistakes.exit() } else { Exit::Fine });
    }
    if let Some(format @ (Format::Github | Format::Sarif)) = context.global.format {
        let notes: Vec<Note> = mistakes.told().into_iter().map(Note::from).collect();
        let notes = annotate::of_repository(notes);
        context.screen.print(match format {
            Format::Github => annotate::github(&notes),
            _ => annotate::sarif(&notes),
        });
        return Ok(if errors { mistakes.exit() } else { Exit::Fine });
    }
    if errors {
        return Err(context.mistaken(mistakes));
    }
    warnings(context, mistakes);
    context.screen.say(format!(
        "  {} {} in {}",
        context.screen.paint(Paint::Good, "✓"),
        counted(declared.desired.objects.len(), "object"),
        counted(declared.sources.files().count(), "file")
    ));
    tell_empty(context, &workspace, &declared);
    for line in silence.unwrap_or_default() {
        let about = escaped(&format!("{:19}", line.about));
        context.screen.print(format!(
            "  {}  {}",
            context.screen.paint(Paint::Strong, &about),
            escaped(&line.means)
        ));
        for below in [&line.by, &line.here] {
            if !below.is_empty() {
                context
                    .screen
                    .print(format!("  {:19}  {}", "", escaped(below)));
            }
        }
    }
    Ok(Exit::Fine)
}

/// Says what to write where the files declare nothing.
pub(super) fn tell_empty(context: &Context, workspace: &Workspace, declared: &Declared) {
    let desired = &declared.desired;
    if !desired.objects.is_empty() || !desired.absent.is_empty() {
        return;
    }
    let places: Vec<String> = workspace
        .database()
        .schema_files
        .iter()
        .map(|place| {
            format!(
                "`{}`",
                shown(&workspace.project.folder.join(&place.value)).display()
            )
        })
        .collect();
    context.screen.warn(format!(
        "the KDL files declare nothing yet: write `schema app {{ table customers {{ column id bigint primary-key }} }}` into a \
         file below {} whose name ends in `.kdl`; a database that is there is taken over with `schemactl init DIR --from URL`",
        escaped(&places.join(" and "))
    ));
}

/// What is odd and stops nothing.
fn warnings(context: &Context, mistakes: Mistakes) {
    if !mistakes.diagnostics.is_empty() {
        context.screen.failure(&mistakes.into());
    }
}
