//! `restamp`: edited and hand-written files are proven by a replay on scratch and stamped anew; the history of a database that ran them
//! takes their text.

use std::collections::BTreeSet;

use super::arguments::Restamp;
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live, tell};
use super::report::escaped;
use crate::config::{ConfigError, Settings};
use crate::migrate::{CatalogResume, Folder, Migration, Note, Runner, Version};
use crate::model::Exit;
use crate::project::{ScratchDatabases, Workspace, replay, shown};
use crate::scratch::server::ScratchPolicy;

pub(super) async fn run(context: &Context, options: &Restamp) -> Result<Exit, Failure> {
    let workspace = context.project("restamp")?;
    let mut folder = workspace.migrations()?.check_for_stamp()?;
    let mut versions: Vec<Version> = options
        .versions
        .iter()
        .map(|v| Version::from(v.as_str()))
        .collect();
    if versions.is_empty() {
        versions = folder
            .migrations()
            .iter()
            .filter(|m| {
                m.up.file.wants_stamp()
                    || m.down.as_ref().is_some_and(|down| down.file.edited())
                    || is_misplaced(&folder, m)
            })
            .map(|m| m.version.clone())
            .collect();
    }
    if versions.is_empty() {
        return nothing(context);
    }
    let mut live = database(context, &workspace).await?;
    let mut applied = BTreeSet::new();
    let mut history = None;
    if let Some(live) = &mut live {
        let (found, state) = live.history(&workspace, "restamp").await?;
        applied.extend(state.applied("").map(|row| row.version.clone()));
        history = Some(found);
    }
    if options.versions.is_empty() {
        // What ran keeps its place in the chain: the history knows it there.
        versions.retain(|version| {
            !applied.contains(version)
                || folder
                    .get(version)
                    .is_some_and(|m| !is_misplaced(&folder, m))
        });
        if versions.is_empty() {
            return nothing(context);
        }
    }
    let databases = match context.scratch_policy(Some(&workspace))? {
        ScratchPolicy::None => None,
        _ => Some(context.scratch(Some(&workspace), live.as_ref()).await?),
    };
    // The chain is put right first, or the runner would refuse the files that follow an edited one.
    let changed = folder.restamp(&versions, &applied, None)?;
    let proven = match &databases {
        Some(databases) => proven(context, &workspace, &folder, databases).await,
        None => "not proven: the project says `scratch none`".to_owned(),
    };
    let mut paths: BTreeSet<_> = changed.into_iter().collect();
    paths.extend(folder.restamp(&versions, &applied, Some(&proven))?);
    for path in paths {
        context
            .screen
            .print(escaped(&shown(&path).display().to_string()));
    }
    context.screen.say(format!("  {proven}"));
    let ran: Vec<Version> = versions
        .into_iter()
        .filter(|version| applied.contains(version))
        .collect();
    if let (Some(live), Some(history)) = (&live, history)
        && !ran.is_empty()
    {
        context.screen.confirm(&format!(
            "Let the history of {} take the new text?",
            live.label()
        ))?;
        let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
        let mut runner = Runner::new(
            &live.session,
            history,
            live.options(None),
            &CatalogResume,
            &mut events,
        );
        runner.restamped(&folder, &ran).await?;
    }
    DONE
}

fn nothing(context: &Context) -> Result<Exit, Failure> {
    context
        .screen
        .say("  nothing to stamp: every file is as it was stamped");
    DONE
}

/// Whether it stands as it was stamped, but after another file than it was written after; an edited file before it
/// explains that.
fn is_misplaced(folder: &Folder, migration: &Migration) -> bool {
    let edited = |name: &String| {
        folder
            .notes()
            .iter()
            .any(|note| matches!(note, Note::Edited { file } if file == name))
    };
    !edited(&migration.up.name)
        && folder.notes().iter().any(|note| match note {
            Note::Parent { file, previous, .. } => {
                *file == migration.up.name && !previous.as_ref().is_some_and(edited)
            }
            _ => false,
        })
}

/// What a replay of the files proves.
async fn proven(
    context: &Context,
    workspace: &Workspace,
    folder: &Folder,
    databases: &ScratchDatabases,
) -> String {
    match replay(databases, folder, &workspace.project.history_schema, true).await {
        Ok(replayed) if replayed.irreversible.is_empty() => {
            databases.claim(format!("up and down on PostgreSQL {}", replayed.server))
        }
        Ok(replayed) => databases.claim(format!("up on PostgreSQL {}", replayed.server)),
        Err(error) => {
            let failure = Failure::from(error);
            context.screen.failure(&failure);
            "not proven: the replay on scratch failed".to_owned()
        }
    }
}

/// The database whose history is to follow, where one is chosen.
async fn database(context: &Context, workspace: &Workspace) -> Result<Option<Live>, Failure> {
    let variables = context.variables(Some(workspace));
    match Settings::resolve(Some(&workspace.project), &context.flags(), &variables) {
        Err(ConfigError::NoDatabase) => Ok(None),
        _ => Live::connect(context, Some(workspace)).await.map(Some),
    }
}
