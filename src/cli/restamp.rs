//! `restamp`: edited and hand-written files are proven by a replay on scratch and stamped anew; the history of a database that ran them
//! takes their stamps. A file that was altered after it ran is not stamped, and a proof that fails leaves every file as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::arguments::Restamp;
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live, tell};
use super::report::escaped;
use super::services::service;
use crate::config::{ConfigError, Settings};
use crate::migrate::{
    CatalogResume, Folder, FolderError, Migration, Note, Problem, Runner, State, Version,
    altered_files,
};
use crate::model::Exit;
use crate::project::{Extent, ScratchDatabases, Workspace, replay, shown};
use crate::scratch::server::ScratchPolicy;

/// What the words of a proof begin with where there is none.
const UNPROVEN: &str = "not proven:";

pub(super) async fn run(context: &Context, options: &Restamp) -> Result<Exit, Failure> {
    let workspace = context.project("restamp")?;
    let mut folder = workspace.migrations()?.check_for_stamp()?;
    let service = service(&folder, options.of.service.as_ref())?;
    let mut versions: Vec<Version> = options
        .versions
        .iter()
        .map(|text| folder.meant(text, service.as_deref()))
        .collect::<Result<_, _>>()?;
    let policy = context.scratch_policy(Some(&workspace))?;
    let has_scratch = !matches!(policy, ScratchPolicy::None);
    if versions.is_empty() {
        versions = folder
            .migrations()
            .iter()
            .filter(|m| service.as_deref().is_none_or(|it| it == m.service()))
            .filter(|m| {
                m.up.file.wants_stamp()
                    || has_scratch && is_stamped_without_proof(m)
                    || m.down.as_ref().is_some_and(|down| down.file.wants_stamp())
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
        let (found, state) = live.history(&workspace).await?;
        let rows = state.rows.values().filter(|row| row.status.is_in());
        applied.extend(rows.map(|row| row.version.clone()));
        refuse_altered(&folder, &state, &versions)?;
        history = Some(found);
    }
    if options.versions.is_empty() {
        // What ran keeps its place in the chain: the history knows it there, until what comes before it ran too. What another
        // tool's files did is done.
        let stays = |m: &Migration| is_misplaced(&folder, m) && !is_settled(&folder, m, &applied);
        let forked = versions
            .iter()
            .find(|version| applied.contains(version) && folder.get(version).is_some_and(stays));
        let forked = forked.cloned();
        versions.retain(|version| {
            !applied.contains(version)
                || folder.get(version).is_some_and(|m| {
                    !stays(m) && !m.up.file.is_foreign() && !is_stamped_without_proof(m)
                })
        });
        if versions.is_empty() {
            let ran = forked.and_then(|version| folder.get(&version));
            return match ran.zip(live.as_ref()) {
                Some((ran, live)) => Err(came_before(&folder, ran, &applied, live)),
                None => nothing(context),
            };
        }
    }
    let rechained = rechained(&folder, &versions, &applied);
    for version in &rechained {
        if !versions.contains(version) {
            versions.push(version.clone());
        }
    }
    let held: BTreeSet<Version> = applied.difference(&rechained).cloned().collect();
    let databases = match policy {
        ScratchPolicy::None => None,
        _ => Some(context.scratch(Some(&workspace), live.as_ref()).await?),
    };
    let ran: Vec<Version> = versions
        .iter()
        .filter(|version| applied.contains(version))
        .cloned()
        .collect();
    if let Some(live) = live.as_ref().filter(|_| !ran.is_empty()) {
        context.screen.confirm(&format!(
            "Let the history of {} take what is stamped?",
            live.label()
        ))?;
    }
    let before = texts(&folder)?;
    // The chain is put right first, or the runner would refuse the files that follow an edited one.
    let changed = folder.restamp(&versions, &held, None)?;
    let proven = match &databases {
        Some(databases) => match proven(&workspace, &folder, databases, &versions).await {
            Ok(proven) => proven,
            Err(failure) => {
                put_back(&before)?;
                context
                    .screen
                    .say("  not proven: the replay on scratch failed; every file is as it was");
                return Err(failure);
            }
        },
        None => Stamps {
            claims: BTreeMap::from([(
                format!("{UNPROVEN} the project says `scratch none`"),
                versions.clone(),
            )]),
            ..Stamps::default()
        },
    };
    let mut paths: BTreeSet<_> = changed.into_iter().collect();
    for (claim, versions) in &proven.claims {
        paths.extend(folder.restamp(versions, &held, Some(claim))?);
    }
    let paths = paths.iter().map(|path| shown(path).display().to_string());
    context.screen.print_files(paths);
    for (claim, versions) in &proven.claims {
        let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
        context
            .screen
            .say(format!("  {}  {}", versions.join(", "), escaped(claim)));
    }
    for words in &proven.only_empty {
        context.screen.warn(escaped(words));
    }
    if let (Some(live), Some(history)) = (&live, history)
        && !ran.is_empty()
    {
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
        .say("  nothing to stamp: every file is as it was stamped, or as it ran");
    if context.screen.is_json() {
        context.screen.print_files(std::iter::empty());
    }
    DONE
}

/// Whether all that stands before a file ran: whatever the order was, nothing comes in between any more.
fn is_settled(folder: &Folder, migration: &Migration, applied: &BTreeSet<Version>) -> bool {
    let mut before = folder.of_service(migration.service());
    before.all(|it| it.version >= migration.version || applied.contains(&it.version))
}

/// The files that ran and get another place in the chain: those that stand behind another one than they were written after,
/// and what follows them.
fn rechained(
    folder: &Folder,
    versions: &[Version],
    applied: &BTreeSet<Version>,
) -> BTreeSet<Version> {
    let mut moved: BTreeSet<&str> = BTreeSet::new();
    let mut rechained = BTreeSet::new();
    for m in folder.migrations() {
        let is_of_chain = applied.contains(&m.version)
            && m.up.file.header().parent().is_some()
            && is_settled(folder, m, applied);
        let is_meant = versions.contains(&m.version) && is_misplaced(folder, m);
        if is_of_chain && (is_meant || moved.contains(m.service())) {
            moved.insert(m.service());
            rechained.insert(m.version.clone());
        }
    }
    rechained
}

/// A file that ran was written without those that stand before it: they came later, and cannot be chained behind it.
fn came_before(
    folder: &Folder,
    ran: &Migration,
    applied: &BTreeSet<Version>,
    live: &Live,
) -> Failure {
    let before = folder.of_service(ran.service());
    let before: Vec<&Migration> = before
        .filter(|it| it.version < ran.version && !applied.contains(&it.version))
        .collect();
    let names: Vec<&str> = before.iter().map(|it| it.up.name.as_str()).collect();
    let versions: Vec<String> = before
        .iter()
        .map(|it| format!("--only {}", it.version))
        .collect();
    Failure::said(
        "restamp::before",
        Exit::Refused,
        format!(
            "{} ran in {} and knows nothing of {}, which by its number comes before it",
            ran.up.name,
            live.label(),
            names.join(", ")
        ),
        &format!(
            "`schemactl diff --rebase={}` writes it anew behind what ran; what a person wrote gets the next number, and `schemactl restamp` proves it there; where they have nothing to do with each other, `schemactl apply {}` runs it as it is, and `schemactl restamp` chains them then",
            names.join(","),
            versions.join(" ")
        ),
    )
}

/// Whether it was stamped where nothing could be proven.
fn is_stamped_without_proof(migration: &Migration) -> bool {
    let proven = migration.up.file.header().get("proven");
    proven.is_some_and(|proven| proven.starts_with(UNPROVEN))
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

/// What ran is not stamped with another text: the history is the only one that knows it.
fn refuse_altered(folder: &Folder, state: &State, versions: &[Version]) -> Result<(), FolderError> {
    let mut problems = altered_files(folder, state);
    problems.retain(|problem| match problem {
        Problem::Altered { file, .. } => versions
            .iter()
            .filter_map(|version| folder.get(version))
            .any(|migration| migration.up.name == *file),
        _ => false,
    });
    if problems.is_empty() {
        return Ok(());
    }
    Err(FolderError::Problems {
        dir: folder.dir().to_owned(),
        problems,
    })
}

/// The files as they are.
fn texts(folder: &Folder) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    let mut texts = Vec::new();
    for migration in folder.migrations() {
        for at in std::iter::once(&migration.up).chain(&migration.down) {
            let text = std::fs::read(&at.path).map_err(io("read", &at.path))?;
            texts.push((at.path.clone(), text));
        }
    }
    Ok(texts)
}

/// Writes the files that are no longer as they were.
fn put_back(texts: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    for (path, text) in texts {
        if std::fs::read(path).ok().as_ref() != Some(text) {
            std::fs::write(path, text).map_err(io("write", path))?;
        }
    }
    Ok(())
}

fn io<'p>(what: &'static str, path: &'p Path) -> impl FnOnce(std::io::Error) -> FolderError + 'p {
    move |source| FolderError::Io {
        what,
        path: path.to_owned(),
        source,
    }
}

/// What a replay of the files proves.
#[derive(Debug, Default)]
struct Stamps {
    /// The words of a proof, and the files that they hold for.
    claims: BTreeMap<String, Vec<Version>>,
    /// Which of the files run only where tables are empty.
    only_empty: Vec<String>,
}

/// Proves the files where they stand, with rows in the tables that each of the named ones finds.
async fn proven(
    workspace: &Workspace,
    folder: &Folder,
    databases: &ScratchDatabases,
    versions: &[Version],
) -> Result<Stamps, Failure> {
    let desired = workspace
        .declared()
        .map(|declared| declared.desired)
        .unwrap_or_default();
    let replayed = replay(
        databases,
        folder,
        &workspace.project.history_schema,
        &desired,
        Extent::Both,
    )
    .await?;
    let ways = match replayed.irreversible.is_empty() {
        true => "up and down",
        false => "up",
    };
    let mut stamps = Stamps::default();
    for version in versions {
        let mut claim = format!("{ways} on PostgreSQL {}", replayed.server);
        if let Some(rows) = replayed.rows.get(version) {
            claim.push_str(&rows.words());
            stamps.only_empty.extend(rows.only_empty.clone());
        }
        let claim = databases.claim(claim);
        stamps
            .claims
            .entry(claim)
            .or_default()
            .push(version.clone());
    }
    stamps.only_empty.dedup();
    Ok(stamps)
}

/// The database whose history is to follow, where one is chosen.
async fn database(context: &Context, workspace: &Workspace) -> Result<Option<Live>, Failure> {
    let variables = context.variables(Some(workspace));
    match Settings::resolve(Some(&workspace.project), &context.flags(), &variables) {
        Err(ConfigError::NoDatabase) => Ok(None),
        // A stamp asks for no database; one that ran a file refuses another text of it by itself.
        Err(ConfigError::WhichEnvironment { .. } | ConfigError::OnlyProtected { .. }) => {
            context.screen.warn(
                "no database is chosen, so what has run is not known: `--env NAME` lets its history follow",
            );
            Ok(None)
        }
        _ => Live::connect(context, Some(workspace)).await.map(Some),
    }
}
