//! `baseline`: records a database as it is, without running anything in it.

use super::arguments::Baseline;
use super::context::Context;
use super::diff::{heading, now};
use super::failure::{Failure, NotBuiltYet};
use super::inspect::is_whole;
use super::live::{DONE, Live, refuse_unmodelled, stop_on_interrupt, tell};
use super::report::escaped;
use super::screen::Paint;
use super::services::{Division, service};
use crate::author::{AuthorError, Databases, drafts, pieces, proven};
use crate::diff::Change;
use crate::kind::Catalog;
use crate::kind::language::{Desired, missing};
use crate::migrate::{ApplyTo, CatalogResume, Folder, NewMigration, Runner, Written, plan_apply};
use crate::model::{Exit, Kind, ObjectId};
use crate::project::{
    Hands, ProjectError, Workspace, adopt, is_initial, reached, settled_differences, shown,
    strangers, surroundings,
};
use crate::scratch::born::{born, member_comments};
use crate::scratch::server::ScratchPolicy;

pub(super) async fn run(context: &Context, options: Baseline) -> Result<Exit, Failure> {
    if options.history.is_some() {
        return Err(NotBuiltYet::word("`baseline --history`"));
    }
    let workspace = context.project("baseline")?;
    let declared = workspace.declared()?;
    let mut folder = workspace.migrations()?.check()?;
    let division = Division::of(&workspace, &declared, &folder, None)?;
    let desired = declared.desired;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    live.session.refuse_pooler().await?;
    let (history, state) = live.history(&workspace, "baseline").await?;
    let service = service(&folder, options.of.service.as_ref())?;
    let to = match &options.to {
        Some(text) => ApplyTo::Version(folder.meant(text, service.as_deref())?),
        None => service.clone().map_or(ApplyTo::Last, ApplyTo::Service),
    };
    let mut hands = hands_for(&workspace, &desired);
    let catalog = live.catalog_with(&desired).await?;
    if folder.migrations().is_empty() {
        if service.is_some() {
            return Err(Failure::said(
                "baseline::service",
                Exit::Input,
                "there are no files yet, and what is recorded first is the whole database"
                    .to_owned(),
                "leave `--service` out: each service gets a baseline of its own",
            ));
        }
        if !state.point().0.is_empty() {
            // Tells that the database is ahead of the files.
            plan_apply(&folder, &state, &ApplyTo::Last)?;
        }
        let mut managed = with_needed(&catalog, &hands.of(&catalog, &desired));
        refuse_unmodelled(&managed)?;
        learn_comments(context, Some(&workspace), &live, &mut managed).await?;
        let absent: Vec<ObjectId> = if !desired.objects.is_empty() {
            desired.absent.keys().cloned().collect()
        } else if is_whole(&catalog, &managed) {
            missing(&managed)
        } else {
            Vec::new()
        };
        let new = drafts_of(
            context, &workspace, &live, &catalog, &managed, &absent, &division,
        )
        .await?;
        agree(
            context,
            &live,
            &format!(
                "Record {} as it is, as {}?",
                live.label(),
                labels_of(&folder.preview(&new, now())?)
            ),
        )?;
        for file in folder.write(&new, now())? {
            for (path, _) in [&file.up, &file.down] {
                context.screen.say(format!(
                    "  wrote  {}",
                    escaped(&shown(path).display().to_string())
                ));
            }
        }
    } else {
        let pending = plan_apply(&folder, &state, &to)?;
        if pending.is_empty() {
            context
                .screen
                .say("  nothing to record: the history has every file");
            return DONE;
        }
        hands = compared(context, &workspace, &live, &folder, &to, hands, &desired).await?;
        let labels: Vec<String> = pending.iter().map(|p| p.migration.label()).collect();
        agree(
            context,
            &live,
            &format!(
                "Record {} in {} as already there, without running them?",
                labels.join(", "),
                live.label()
            ),
        )?;
    }
    let hook = super::apply::snapshot_hook(hands, desired);
    let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
    let mut runner = Runner::new(
        &live.session,
        history,
        live.options(None),
        &CatalogResume,
        &mut events,
    )
    .with_snapshots(&*hook)
    .with_stop(stop_on_interrupt());
    for version in runner.baseline(&folder, &to).await? {
        context.screen.say(format!(
            "  {} {version}  recorded as already there",
            context.screen.paint(Paint::Good, "✓")
        ));
    }
    DONE
}

/// Compares the database with what the files lead to on scratch; gives the hands without what is there beside it.
async fn compared(
    context: &Context,
    workspace: &Workspace,
    live: &Live,
    folder: &Folder,
    to: &ApplyTo,
    mut hands: Hands,
    desired: &Desired,
) -> Result<Hands, Failure> {
    if matches!(
        context.scratch_policy(Some(workspace))?,
        ScratchPolicy::None
    ) {
        context.screen.warn(
            "the project says `scratch none`: nobody compares the database with what the files lead to",
        );
        return Ok(hands);
    }
    let catalog = live.catalog_with(desired).await?;
    let mut databases = context.scratch(Some(workspace), Some(live)).await?;
    let managed = hands.of(&catalog, desired);
    databases.surround_with(surroundings(&catalog, &managed, desired));
    databases
        .act_as(&managed.origin.role, &live.session)
        .await?;
    let schema = &workspace.project.history_schema;
    let reached = reached(&databases, folder, schema, desired, to).await?;
    let wanted = hands.of(&reached, desired);
    hands.left_alone = strangers(&catalog, Some(&wanted), &hands, desired);
    let found = hands.of(&catalog, desired);
    let objects: Vec<String> = settled_differences(&databases, &wanted, &found)
        .await?
        .into_iter()
        .filter(|(id, _)| !hands.leaves(id, desired) && !id.is_of_cluster() && !is_initial(id))
        .filter(|(id, change)| {
            // What stands on a missing or new object is said with it.
            let with = |parent: &ObjectId| match change {
                Change::Create => !wanted.contains(parent),
                Change::Drop => !found.contains(parent),
                Change::Alter => false,
            };
            !id.parents().any(with)
        })
        .map(|(id, change)| match change {
            Change::Create => format!("{id} is beside them"),
            Change::Drop => format!("{id} is missing"),
            Change::Alter => format!("{id} is another"),
        })
        .collect();
    if objects.is_empty() {
        return Ok(hands);
    }
    Err(ProjectError::NotTheFiles {
        database: live.database().to_owned(),
        objects,
    }
    .into())
}

/// Asks a person who is there. A script has said what it wants by calling the command, which runs nothing and only
/// records; a protected database wants the word `--yes` all the same.
fn agree(context: &Context, live: &Live, question: &str) -> Result<(), Failure> {
    if context.screen.can_ask() || live.policies.is_protected() {
        context.screen.confirm(question)?;
    }
    Ok(())
}

/// The whole database where the KDL declares nothing yet, else what is in the project's hands.
fn hands_for(workspace: &Workspace, desired: &Desired) -> Hands {
    let hands = workspace.hands();
    if desired.objects.is_empty() {
        hands.all()
    } else {
        hands
    }
}

/// The managed part with the extensions that it cannot be built without.
fn with_needed(catalog: &Catalog, managed: &Catalog) -> Catalog {
    let mut all = managed.clone();
    let needed: Vec<&ObjectId> = managed
        .objects
        .keys()
        .flat_map(|id| catalog.dependencies_of(id))
        .filter(|id| id.kind == Kind::Extension && !managed.contains(id))
        .collect();
    for (id, object) in &catalog.objects {
        if id.ancestors().any(|ancestor| needed.contains(&ancestor)) {
            all.objects.insert(id.clone(), object.clone());
        }
    }
    all
}

/// Tells what extensions say of their members from what a person said.
pub(super) async fn learn_comments(
    context: &Context,
    workspace: Option<&Workspace>,
    live: &Live,
    catalog: &mut Catalog,
) -> Result<(), Failure> {
    if member_comments(catalog).next().is_none() {
        return Ok(());
    }
    let databases = context.scratch(workspace, Some(live)).await?;
    let session = databases
        .database("extensions")
        .await
        .map_err(AuthorError::Database)?;
    catalog.born = born(&session, catalog)
        .await
        .map_err(|error| AuthorError::Elaborate(error.into()))?;
    Ok(())
}

/// The baseline's files: the catalog from an empty database, proven; without what a new database has and this one must
/// not.
pub(super) async fn drafts_of(
    context: &Context,
    workspace: &Workspace,
    live: &Live,
    catalog: &Catalog,
    managed: &Catalog,
    absent: &[ObjectId],
    division: &Division,
) -> Result<Vec<NewMigration>, Failure> {
    let mut databases = context.scratch(Some(workspace), Some(live)).await?;
    databases.surround_with(surroundings(catalog, managed, &Desired::default()));
    databases
        .act_as(&managed.origin.role, &live.session)
        .await?;
    let role = databases.role().to_owned();
    let arrangement = division.arrangement();
    let nothing = Desired::default();
    let adopted = adopt(&databases, managed, absent, &role, &nothing, arrangement).await?;
    let claim = databases.claim(proven(&adopted.proof));
    let mut heading = heading(workspace, Some(claim));
    heading.description = Some(format!(
        "the database `{}` as it was found",
        live.database()
    ));
    let Some(arrangement) = arrangement else {
        return Ok(drafts(&adopted.up, &adopted.down, "baseline", &heading));
    };
    let pieces = pieces(arrangement.parts, &adopted.up, &adopted.down);
    let empty = Catalog::default();
    let said = |_| ("baseline".to_owned(), heading.clone());
    Ok(division.of_pieces(&pieces, (&empty, managed, &[]), &said))
}

/// The migrations that are about to be written.
fn labels_of(files: &[Written]) -> String {
    let labels: Vec<String> = files
        .iter()
        .map(|file| format!("{}_baseline", file.version))
        .collect();
    labels.join(", ")
}
