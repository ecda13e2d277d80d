//! `diff --rebase`: the files of a branch that came later go, and what they did is written anew after the other branch.

use super::arguments::From;
use super::context::Context;
use super::failure::Failure;
use super::live::Live;
use super::report::escaped;
use super::screen::Paint;
use crate::migrate::{Folder, Known, Migration};
use crate::project::{Workspace, shown};

/// The folder without the files of the later branch, those files, and what to compare with. What ran in the database that `from`
/// names stays.
pub(super) async fn begin(
    context: &Context,
    workspace: &Workspace,
    folder: &Folder,
    said: &str,
    from: From,
) -> Result<(Folder, Vec<Migration>, From), Failure> {
    let mut state = None;
    let mut database = String::new();
    if from == From::Live {
        let mut live = Live::connect(context, Some(workspace)).await?;
        let (_, found) = live.history(workspace).await?;
        database = live.label();
        state = Some(found);
    }
    let has_run = |migration: &Migration| {
        let row = state.as_ref().and_then(|it| it.get(&migration.version));
        row.is_some_and(|row| {
            row.status.is_in()
                && row.name == migration.name
                && row.up_sha == migration.up.file.body_sha()
        })
    };
    let old = folder.later_branch(&Known {
        has_run: &has_run,
        database: &database,
        named: Some(said).filter(|said| !said.is_empty()),
    })?;
    for migration in &old {
        context.screen.say(format!(
            "  {} {}   of the later branch, written anew",
            context.screen.paint(Paint::Careful, "↻"),
            escaped(&migration.label())
        ));
    }
    let folder = folder.without(&old)?;
    // After a merge the database is mostly behind the files of the other branch.
    let is_behind = state.is_some_and(|state| {
        let is_in = |it: &Migration| state.get(&it.version).is_some_and(|row| row.status.is_in());
        !folder.migrations().iter().all(is_in)
    });
    if is_behind {
        context.screen.say(format!(
            "  {} is behind the files: what they lead to is compared",
            escaped(&database)
        ));
    }
    let from = if is_behind { From::Migrations } else { from };
    Ok((folder, old, from))
}

/// The paths of what goes, as people are told of them.
pub(super) fn paths(old: &[Migration]) -> Vec<String> {
    let files = old.iter();
    files
        .flat_map(|it| std::iter::once(&it.up).chain(&it.down))
        .map(|at| shown(&at.path).display().to_string())
        .collect()
}

/// Says which files went, or would go.
pub(super) fn tell(context: &Context, old: &[Migration], dry_run: bool) {
    let word = match dry_run {
        true => "would remove",
        false => "removed",
    };
    for path in paths(old) {
        context.screen.say(format!("  {word} {}", escaped(&path)));
    }
}
