//! `baseline`: records a database as it is, without running anything in it.

use std::collections::BTreeSet;

use super::adopted::{self, Adopted};
use super::answer::Baselined;
use super::arguments::Baseline;
use super::context::Context;
use super::diff::{heading, now};
use super::failure::Failure;
use super::inspect::is_whole;
use super::live::{DONE, Live, refuse_unmodelled, stop_on_interrupt};
use super::report::escaped;
use super::screen::Paint;
use super::services::{Division, service};
use crate::author::{AuthorError, Databases, drafts, pieces, proven};
use crate::diff::Change;
use crate::kdl::Path;
use crate::kind::Catalog;
use crate::kind::language::{Desired, missing};
use crate::migrate::{ApplyTo, CatalogResume, Folder, NewMigration, Runner, Version, plan_apply};
use crate::model::{Exit, Kind, ObjectId};
use crate::project::{
    AdoptError, Hands, ProjectError, Workspace, adopt, between, catalog_of, is_initial,
    others_histories, reached, settled_differences, shown, strangers, surroundings,
};
use crate::scratch::born::{born, member_comments};
use crate::scratch::build::BuildError;
use crate::scratch::server::ScratchPolicy;
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;

pub(super) async fn run(context: &Context, options: Baseline) -> Result<Exit, Failure> {
    context.formats("baseline")?;
    let workspace = context.project("baseline")?;
    let declared = workspace.declared()?;
    let mut folder = workspace.migrations()?.check()?;
    let division = Division::of(&workspace, &declared, &folder, None)?;
    let desired = declared.desired;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    live.session.refuse_unfit().await?;
    let (history, state) = live.history(&workspace).await?;
    let service = service(&folder, options.of.service.as_ref())?;
    let catalog = live.catalog_with(&desired).await?;
    let adopted = match &options.history {
        Some(_) => Some(
            adopted::look(
                context, &workspace, &live, &catalog, &folder, &state, &options,
            )
            .await?,
        ),
        None => None,
    };
    let mut to = match &options.to {
        Some(text) => ApplyTo::Version(folder.meant(text, service.as_deref())?),
        None => service.clone().map_or(ApplyTo::Last, ApplyTo::Service),
    };
    if let Some(adopted) = adopted.as_ref().filter(|it| it.adoption.is_of_files) {
        if options.to.is_some() {
            return Err(adopted::refuse_to());
        }
        to = ApplyTo::from(adopted.to.as_ref());
    }
    if options.dry_run {
        tell(context, &[], adopted.as_ref(), false);
        context.screen.say("  nothing was recorded");
        return DONE;
    }
    let is_first = folder.migrations().is_empty();
    let lines = match &adopted {
        Some(adopted) => {
            let snapshot = history.snapshot(&live.session).await?;
            let recorded = snapshot.map(|it| catalog_of(history.schema(), &it));
            let recorded = recorded.transpose()?;
            let hands = workspace.hands();
            adopted.lines(&catalog, &hands, &desired, recorded.as_ref(), is_first)
        }
        None => Vec::new(),
    };
    // Other tools' tables are no objects of the project, also where nobody takes their history over.
    let others = match is_first {
        true => others_histories(&catalog, workspace.hands().scope()),
        false => Vec::new(),
    };
    let mut hands = hands_for(&workspace, &desired)
        .beside(&lines)
        .beside(others.iter().flat_map(|it| &it.lines));
    let records_files = adopted.as_ref().is_none_or(|it| it.adoption.records_files);
    let mut what = Vec::new();
    let mut new: Option<Vec<NewMigration>> = None;
    if !records_files {
        // The files have their rows already.
    } else if is_first {
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
        let drafts = drafts_of(
            context, &workspace, &live, &catalog, &managed, &absent, &division,
        )
        .await?;
        let files = folder.preview(&drafts, now())?;
        what.extend(files.iter().map(|it| format!("{}_baseline", it.version)));
        new = Some(drafts);
    } else {
        let pending = plan_apply(&folder, &state, &to)?;
        if !pending.is_empty() {
            hands = compared(context, &workspace, &live, &folder, &to, hands, &desired).await?;
        }
        what.extend(pending.iter().map(|p| p.migration.label()));
    }
    let is_known = adopted.as_ref().is_none_or(Adopted::is_known);
    if what.is_empty() && is_known {
        context
            .screen
            .say("  nothing to record: the history has every file");
        tell(context, &[], adopted.as_ref(), false);
        return DONE;
    }
    let adds = adopted.as_ref().filter(|it| !it.is_known());
    what.extend(adds.map(Adopted::words));
    agree(
        context,
        &live,
        &match &new {
            Some(_) => format!(
                "Record {} as it is, as {}?",
                live.label(),
                what.join(" and ")
            ),
            None => format!(
                "Record {} in {} as already there, without running them?",
                what.join(", "),
                live.label()
            ),
        },
    )?;
    if let Some(new) = new {
        for file in folder.write(&new, now())? {
            for (path, _) in [&file.up, &file.down] {
                context.screen.say(format!(
                    "  wrote  {}",
                    escaped(&shown(path).display().to_string())
                ));
            }
        }
    }
    let mut ignored = lines;
    for line in others.iter().flat_map(|it| &it.lines) {
        if !ignored.contains(line) {
            ignored.push(line.clone());
        }
    }
    adopted::leave_out(context, &workspace, &ignored)?;
    let held = match &adopted {
        Some(adopted) => Some(adopted.hold(&live).await?),
        None => None,
    };
    let hook = crate::project::Recorder::new(hands, desired).hook();
    let mut events = |event: &crate::migrate::Event<'_>| super::live::tell(context, event);
    let mut runner = Runner::new(
        &live.session,
        history,
        live.options(None),
        &CatalogResume,
        &mut events,
    )
    .with_snapshots(&*hook)
    .with_stop(stop_on_interrupt());
    let done = match &adopted {
        Some(adopted) => runner.adopt(&folder, &to, &adopted.adoption).await,
        None => runner.baseline(&folder, &to).await,
    };
    // It ends with its session in any case.
    drop(held);
    let done = done?;
    tell(context, &done, adopted.as_ref(), true);
    DONE
}

/// Says what was recorded.
fn tell(context: &Context, done: &[Version], adopted: Option<&Adopted>, recorded: bool) {
    if context.screen.is_json() {
        context.screen.print_json(&Baselined {
            ok: true,
            recorded: done.to_vec(),
            history: adopted.map(|it| it.told(recorded && !it.is_known())),
        });
    }
    if let Some(adopted) = adopted.filter(|_| recorded) {
        adopted.tell_recorded(context);
    }
    for version in done {
        context.screen.say(format!(
            "  {} {version}  recorded as already there",
            context.screen.paint(Paint::Good, "✓")
        ));
    }
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

/// Why the database cannot be rebuilt, where that is because the scope leaves out what others of it stand on.
pub(super) fn without_what_is_between(
    catalog: &Catalog,
    managed: &Catalog,
    error: impl Into<Failure>,
) -> Failure {
    let Some(between) = between(catalog, managed).into_iter().next() else {
        return error.into();
    };
    let list = |ids: &BTreeSet<ObjectId>| {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        ids.join(" and ")
    };
    Failure::said(
        "scratch::between",
        Exit::Input,
        format!(
            "the scope leaves out {}, which stands on {} and on which {} stands",
            between.object,
            list(&between.below),
            list(&between.above)
        ),
        "nothing was written: no empty database comes to be like this one without it; let the scope leave it in, or leave out as well what stands on it",
    )
}

/// That the database cannot be rebuilt because a statement names what lies in PostgreSQL's own schemas, of which no text is
/// read.
fn on_what_has_no_place(catalog: &Catalog, error: &AdoptError) -> Option<ProjectError> {
    /// A function, a type, a relation that is not there.
    const MISSING: &[&str] = &["42883", "42704", "42P01"];
    let AdoptError::Project(ProjectError::Rebuild(error)) = error else {
        return None;
    };
    let BuildError::Step {
        step,
        statement,
        error,
        ..
    } = error.as_ref()
    else {
        return None;
    };
    let tokens = significant(statement);
    let is_named = |path: &str| {
        let name = Path::parse(path).map_or_else(|_| path.to_owned(), |it| it.name().to_owned());
        let mut words = tokens.iter().filter(|token| token.is_ident());
        words.any(|token| unquote_ident(token.text) == name)
    };
    let mut found = catalog.unmodelled.iter();
    let (kind, path) = found.find(|(_, path)| error.is(MISSING) && is_named(path))?;
    Some(ProjectError::StandsOnNoPlace {
        step: step.clone(),
        needed: format!("{kind} {path}"),
    })
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
    let adopted = adopt(&databases, managed, absent, &role, &nothing, arrangement)
        .await
        .map_err(|error| match on_what_has_no_place(catalog, &error) {
            Some(refused) => refused.into(),
            None => without_what_is_between(catalog, managed, error),
        })?;
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
