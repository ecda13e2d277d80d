//! `verify`: everything that a review needs: the KDL, the files, and a replay on scratch. A live database is read only
//! where one is named, for what the project's objects stand on and is not the project's.

use super::answer::Verified;
use super::arguments::Verify;
use super::context::Context;
use super::diff::refuse_misplaced;
use super::failure::Failure;
use super::live::Live;
use super::refused::authored;
use super::rehearse::rehearse;
use super::report::{counted, escaped};
use super::screen::Paint;
use super::services::Division;
use crate::author::Request;
use crate::kind::language::Desired;
use crate::migrate::{Note, RunError};
use crate::model::{Exit, Kind, ObjectId};
use crate::project::{
    Declared, Extent, ProjectError, ReplayError, ScratchDatabases, Workspace, replay, surroundings,
};
use crate::sql::references::mentioned_paths;

pub(super) async fn run(context: &Context, options: &Verify) -> Result<Exit, Failure> {
    context.formats("verify")?;
    let workspace = context.project("verify")?;
    let declared = workspace.declared()?;
    let good = |text: String| {
        context.screen.say(format!(
            "  {} {text}",
            context.screen.paint(Paint::Good, "✓")
        ));
    };
    good(match declared.desired.objects.len() {
        1 => "1 object is declared".to_owned(),
        count => format!("{count} objects are declared"),
    });
    let folder = workspace.migrations()?.check()?;
    let altered: Vec<String> = folder
        .notes()
        .iter()
        .map(|note| match note {
            Note::Edited { file } => format!("`{file}` was edited after it was proven"),
            Note::Parent { file, .. } => format!("`{file}` was written after another file"),
        })
        .collect();
    if !altered.is_empty() {
        return Err(Failure::said(
            "verify::altered",
            Exit::Refused,
            altered.join("; "),
            "where it ran already, put it back as it was (`schemactl show VERSION` prints what ran); else look at it, then prove and stamp it anew with `schemactl restamp`",
        ));
    }
    good(format!(
        "{}, unaltered and in one chain",
        counted(folder.migrations().len(), "migration")
    ));
    let databases = scratch_for(context, &workspace, &declared).await?;
    let role = databases.role().to_owned();
    let replayed = replay(
        &databases,
        &folder,
        &workspace.project.history_schema,
        &declared.desired,
        Extent::Both,
    )
    .await
    .map_err(|error| without_surroundings(context, error, &declared.desired))?;
    let seeded = replayed.rows.values().map(|rows| rows.seeded).max();
    good(format!(
        "every migration runs up and returns on PostgreSQL {}{}",
        replayed.server,
        match seeded.unwrap_or(0) {
            0 => String::new(),
            seeded => format!(", with rows in up to {}", counted(seeded, "table")),
        }
    ));
    let mut only_empty: Vec<&String> = replayed
        .rows
        .values()
        .filter_map(|rows| rows.only_empty.as_ref())
        .collect();
    only_empty.dedup();
    for words in &only_empty {
        context.screen.warn(escaped(words));
    }
    for labels in &replayed.irreversible {
        context.screen.warn(format!(
            "{} has no way back, nor has what stands before it",
            escaped(labels)
        ));
    }
    let around = databases.surroundings();
    let own = replayed.catalog.filtered(|id, _| !around.contains(id));
    // `create` sets the settings of a database where it makes it, so files may do without them.
    let hands = workspace.hands().with_settings(false).remembering(&own);
    let mut desired = declared.desired.clone();
    desired
        .objects
        .retain(|id, _| id.kind != Kind::DatabaseSetting);
    let says = |id: &ObjectId, owner: Option<&ObjectId>| hands.says_of(id, owner);
    let managed = hands.managed(&says);
    let request = Request {
        base: &replayed.catalog,
        desired: &desired,
        managed: &managed,
        role: &role,
        online: false,
        arrangement: None,
    };
    let division = Division::of(&workspace, &declared, &folder, None)?;
    division.refuse_undeclared(&workspace, &own)?;
    refuse_misplaced(&workspace, &own, &declared.desired)?;
    let authored = authored(context, &declared, &databases, &request).await?;
    if let Some(authored) = authored {
        let mut objects: Vec<String> = authored.changes.keys().map(ToString::to_string).collect();
        objects.extend(authored.renames.iter().map(|rename| rename.to.to_string()));
        return Err(ProjectError::FilesBehind { objects }.into());
    }
    good("the migrations lead to what the KDL files say".to_owned());
    let rehearsal = match &options.data {
        Some(url) => Some(rehearse(context, &workspace, &folder, url).await?),
        None => None,
    };
    if context.screen.is_json() {
        context.screen.print_json(&Verified {
            ok: true,
            rehearsal,
            objects: declared.desired.objects.len(),
            migrations: folder.migrations().len(),
            server: replayed.server.clone(),
            irreversible: replayed.irreversible.clone(),
            only_empty: only_empty.into_iter().cloned().collect(),
        });
    }
    Ok(Exit::Fine)
}

/// Scratch databases; where a database was named, they hold what the project's objects stand on there and is not the
/// project's.
async fn scratch_for(
    context: &Context,
    workspace: &Workspace,
    declared: &Declared,
) -> Result<ScratchDatabases, Failure> {
    if context.global.url.is_none() && context.global.env.is_none() {
        return context.scratch(Some(workspace), None).await;
    }
    let live = Live::connect(context, Some(workspace)).await?;
    workspace.check_roles(declared, &live.roles().await?)?;
    let desired = &declared.desired;
    let mut databases = context.scratch(Some(workspace), Some(&live)).await?;
    let catalog = live.catalog().await?;
    let managed = workspace.hands().of(&catalog, desired);
    databases.surround_with(surroundings(&catalog, &managed, desired));
    Ok(databases)
}

/// Whether a file needs what is not the project's, and no database was named that has it: then that is the thing to say.
fn without_surroundings(context: &Context, error: ReplayError, desired: &Desired) -> Failure {
    let ReplayError::Run(RunError::Statement(failed)) = &error else {
        return error.into();
    };
    let is_named = context.global.url.is_some() || context.global.env.is_some();
    // A schema, a table, a type, a function.
    if is_named || !failed.sql.is(&["3F000", "42P01", "42704", "42883"]) {
        return error.into();
    }
    let message = &failed.sql.message;
    let missing = mentioned_paths(&failed.sql.statement)
        .into_iter()
        .find_map(|path| {
            let schema = path.first().filter(|_| path.len() > 1)?;
            let is_missing = [
                format!("schema \"{schema}\" "),
                format!("\"{schema}."),
                format!("function {schema}."),
            ]
            .iter()
            .any(|words| message.contains(words));
            (is_missing && !desired.speaks_of(schema)).then(|| path.join("."))
        });
    let Some(missing) = missing else {
        return error.into();
    };
    Failure::said(
        "verify::surroundings",
        Exit::Refused,
        format!(
            "{}:{}: the files stand on `{missing}`, which is not the project's, and scratch does not have it: {}",
            failed.file, failed.line, failed.sql
        ),
        "name a database that has it, of which nothing but this is read: `schemactl verify --env NAME`, or `--url URL`",
    )
}
