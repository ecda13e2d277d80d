//! `report`: the review page of pending migrations, of those after a version, or of what `diff` would write.

use super::answer::Nothing;
use super::apply::{Hazard, plan_hash};
use super::arguments::{Diff, From, Report};
use super::context::Context;
use super::diff::{compared, heading, now};
use super::failure::Failure;
use super::graph::{deliver, diagram_of};
use super::inspect::shown_part;
use super::live::Live;
use super::report::{counted, escaped};
use super::services::Division;
use super::state::name_of;
use crate::author::{proven, rename_steps, without_spellings};
use crate::config::Strategy;
use crate::diff::{Changes, compare};
use crate::facts::World;
use crate::graph::{Choice, Diagram, Order};
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::lint::{Rules, Source, judge, walk};
use crate::migrate::{
    ApplyTo, Folder, FolderError, Migration, MigrationFile, Pending, Proof, plan_apply,
};
use crate::model::{Exit, ObjectId};
use crate::plan::{PlanOptions, plan};
use crate::project::{Workspace, follow_renames, renames_in, replay_between};
use crate::report::{FilePair, Review, Warning, severity};
use crate::sql::secret::mask;

pub(super) async fn run(context: &Context, options: Report) -> Result<Exit, Failure> {
    context.formats("report")?;
    let workspace = context.project("report")?;
    let text = if options.diff {
        of_change(context, &workspace, &options).await?
    } else {
        of_files(context, &workspace, &options).await?
    };
    let Some(text) = text else {
        if context.screen.is_json() {
            context.screen.print_json(&Nothing::HERE);
        }
        return Ok(Exit::Fine);
    };
    deliver(context, options.output.as_deref(), text)
}

fn rendered(context: &Context, review: &Review<'_>) -> String {
    let (added, changed, dropped) = review.counts();
    context.screen.say(format!(
        "  {}: {changed} to change, {added} to add, {dropped} to drop, {}",
        escaped(&review.subject),
        counted(review.hazards.len(), "hazard")
    ));
    let _busy = context.screen.busy("writing the page");
    if context.screen.is_json() {
        serde_json::to_string_pretty(&review.data()).unwrap_or_default()
    } else {
        review.html()
    }
}

/// What the header of a file says of hazards and of what cannot be taken back.
fn warnings(label: &str, file: &MigrationFile) -> Vec<Warning> {
    let hazards = file.header().all("hazard").map(|line| {
        let hazard = Hazard::parse(line);
        Warning {
            text: line.splitn(3, ' ').nth(2).unwrap_or(line).to_owned(),
            class: hazard.class,
            code: hazard.code,
            file: label.to_owned(),
        }
    });
    let irreversible = file.header().all("irreversible").map(|line| Warning {
        class: "irreversible".to_owned(),
        code: String::new(),
        text: line.to_owned(),
        file: label.to_owned(),
    });
    hazards.chain(irreversible).collect()
}

/// What `lint` finds in files that run behind `earlier` and that their headers do not tell.
fn found<'f>(
    workspace: &Workspace,
    earlier: impl Iterator<Item = &'f Migration>,
    files: &[(String, &MigrationFile)],
) -> Vec<Warning> {
    let source = |label: &str, file: &MigrationFile| Source::of(label, file).ok();
    let mut world = World::default();
    for migration in earlier {
        let ran = source(&migration.label(), &migration.up.file);
        for statement in ran.iter().flat_map(|ran| &ran.statements) {
            world.apply(&statement.command);
        }
    }
    world.settle();
    let files = files.iter().filter_map(|(label, file)| source(label, file));
    let sources: Vec<Source> = files.collect();
    let walked = walk(&sources, &mut world, false);
    let rules = Rules {
        lint: &workspace.project.lint,
        allowed: &[],
        today: jiff::Zoned::now().date(),
    };
    let mut warnings = Vec::new();
    for (source, walked) in sources.iter().zip(&walked) {
        let found = judge(source, walked, &[], &rules).findings;
        let told = |code: &str| source.told.iter().any(|told| told.code == code);
        let new = found.into_iter().filter(|it| !told(&it.code));
        warnings.extend(new.map(|it| Warning {
            class: it.class.word().to_owned(),
            code: it.code,
            text: match it.allowed {
                Some(reason) => format!("{}: {} (allowed: {reason})", it.object, it.message),
                None => format!("{}: {}", it.object, it.message),
            },
            file: source.name.clone(),
        }));
    }
    warnings
}

fn worst_first(mut warnings: Vec<Warning>) -> Vec<Warning> {
    warnings.sort_by_key(|warning| severity(&warning.class));
    warnings
}

fn pair(migration: &Migration) -> FilePair {
    let file = &migration.up.file;
    FilePair {
        label: migration.label(),
        up: mask(&file.render()),
        down: migration
            .down
            .as_ref()
            .map(|down| mask(&down.file.render())),
        transaction: !file.header().no_transaction(),
        proven: match file.proof() {
            Proof::Proven(words) => Some(words.to_owned()),
            _ => None,
        },
    }
}

fn only_changes() -> Choice {
    Choice {
        only_changes: true,
        ..Choice::default()
    }
}

/// The change that `diff` would write.
async fn of_change(
    context: &Context,
    workspace: &Workspace,
    options: &Report,
) -> Result<Option<String>, Failure> {
    let declared = workspace.declared()?;
    let folder = workspace.migrations()?.check()?;
    let diff = Diff {
        from: options.from.unwrap_or(From::Live),
        ..Diff::of_files()
    };
    let division = Division::of(workspace, &declared, &folder, None)?;
    let (authored, databases, _) =
        compared(context, workspace, &declared, &folder, &diff, &division).await?;
    let Some(authored) = authored else {
        context
            .screen
            .say("  nothing to report: the database is what the KDL files say");
        return Ok(None);
    };
    let heading = heading(workspace, Some(databases.claim(proven(&authored.proof))));
    let new = division.migrations(&authored, &|_| "change".to_owned(), &|_| heading.clone());
    let mut files = Vec::new();
    let mut hazards = Vec::new();
    let mut parsed = Vec::new();
    for (written, draft) in folder.preview(&new, now())?.iter().zip(&new) {
        let label = format!("{}_change", written.version);
        if let Ok(file) = MigrationFile::parse(&written.up.1) {
            hazards.extend(warnings(&label, &file));
            parsed.push((label.clone(), file));
        }
        files.push(FilePair {
            label,
            up: mask(&written.up.1),
            down: Some(mask(&written.down.1)),
            transaction: !draft.up.no_transaction,
            proven: heading.proven.clone(),
        });
    }
    let read: Vec<(String, &MigrationFile)> = parsed
        .iter()
        .map(|(label, file)| (label.clone(), file))
        .collect();
    hazards.extend(found(workspace, folder.migrations().iter(), &read));
    let renames: Vec<(ObjectId, ObjectId)> = authored
        .renames
        .iter()
        .map(|rename| (rename.from.clone(), rename.to.clone()))
        .collect();
    // What differs between the spellings of a person and of PostgreSQL is no change.
    let before = without_spellings(&authored.before);
    let after = without_spellings(&authored.after);
    let review = Review {
        project: name_of(workspace),
        subject: "the next migration".to_owned(),
        database: String::new(),
        date: now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        approval: None,
        hazards: worst_first(hazards),
        files,
        before: &before,
        after: &after,
        changes: &authored.changes,
        renames: &renames,
        diagram: diagram_of(&authored, &only_changes()),
        order: Some(Order::of(&authored.up, &authored.before, &authored.after)),
    };
    Ok(Some(rendered(context, &review)))
}

/// What the files of a review are for.
struct Subject<'f> {
    pending: Vec<Pending<'f>>,
    /// What has run before; none: nothing.
    since: Option<ApplyTo>,
    database: String,
    /// The hash that an approval names, where the files run on a database.
    hash: Option<String>,
    online: bool,
}

/// Files that were written: the pending ones of a database, or those after a version.
async fn of_files(
    context: &Context,
    workspace: &Workspace,
    options: &Report,
) -> Result<Option<String>, Failure> {
    let folder = workspace.migrations()?.check()?;
    let subject = match &options.since {
        Some(version) => since(context, workspace, &folder, version)?,
        None => pending(context, workspace, &folder).await?,
    };
    if subject.pending.is_empty() {
        context.screen.say(
            "  nothing to report: no migration is pending (`--since VERSION` shows older ones, `--diff` what is not written yet)",
        );
        return Ok(None);
    }
    let databases = context.scratch(Some(workspace), None).await?;
    let history = &workspace.project.history_schema;
    let states = replay_between(
        &databases,
        &folder,
        history,
        &Desired::default(),
        &subject.since,
    )
    .await?;
    let _busy = context.screen.busy("comparing what was before and after");
    let before = shown_part(workspace, &states.before);
    let after = shown_part(workspace, &states.after);
    let texts: Vec<String> = subject
        .pending
        .iter()
        .map(|pending| pending.migration.up.file.render())
        .collect();
    let renames = renames_in(&texts, &before, &after);
    let named = follow_renames(&before, &renames);
    let changes: Changes = compare(&named, &after);
    let order = plan(
        &named,
        &after,
        PlanOptions {
            server_version: after.origin.server_version,
            role: &after.origin.role,
            online: subject.online,
            exact: None,
            stand_in: false,
            anew: None,
            arrangement: None,
        },
    )
    .ok()
    .map(|mut plan| {
        let renamed = rename_steps(&before, &after, &renames);
        plan.steps.splice(0..0, renamed);
        let mut order = Order::of(&plan, &named, &after);
        let sources: Vec<Source> = subject
            .pending
            .iter()
            .filter_map(|it| Source::of(&it.migration.label(), &it.migration.up.file).ok())
            .collect();
        let statements: Vec<String> = sources
            .iter()
            .flat_map(|source| source.statements.iter().map(|it| mask(&it.sql).to_string()))
            .collect();
        order.spell_as(&statements);
        order
    });
    let labels: Vec<&Migration> = subject.pending.iter().map(|it| it.migration).collect();
    let read: Vec<(String, &MigrationFile)> = labels
        .iter()
        .map(|migration| (migration.label(), &migration.up.file))
        .collect();
    let earlier = folder.migrations().iter();
    let earlier = earlier.filter(|it| !labels.iter().any(|own| own.version == it.version));
    let mut hazards: Vec<Warning> = read
        .iter()
        .flat_map(|(label, file)| warnings(label, file))
        .collect();
    hazards.extend(found(workspace, earlier, &read));
    let review = Review {
        project: name_of(workspace),
        subject: match labels.as_slice() {
            [one] => one.label(),
            several => format!("{} migrations", several.len()),
        },
        database: subject.database,
        date: now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        approval: subject.hash,
        hazards: worst_first(hazards),
        files: labels.iter().map(|migration| pair(migration)).collect(),
        diagram: diagram(&before, &after, &changes, &renames),
        before: &before,
        after: &after,
        changes: &changes,
        renames: &renames,
        order,
    };
    Ok(Some(rendered(context, &review)))
}

fn diagram(
    before: &Catalog,
    after: &Catalog,
    changes: &Changes,
    renames: &[(ObjectId, ObjectId)],
) -> Diagram {
    Diagram::of_change(before, after, changes, renames, &only_changes())
}

async fn pending<'f>(
    context: &Context,
    workspace: &Workspace,
    folder: &'f Folder,
) -> Result<Subject<'f>, Failure> {
    let mut live = Live::connect(context, Some(workspace)).await?;
    let (_, state) = live.history(workspace).await?;
    let pending = plan_apply(folder, &state, &ApplyTo::Last)?;
    let online = live.policies.strategy() == Strategy::Online;
    let hash = plan_hash(&live, &pending).await?;
    Ok(Subject {
        pending,
        hash: Some(hash),
        since: (!state.point().0.is_empty()).then(|| ApplyTo::Point(state.point())),
        database: match &live.environment {
            Some(environment) => format!("{environment}, {}", live.label()),
            None => live.label(),
        },
        online,
    })
}

fn since<'f>(
    context: &Context,
    workspace: &Workspace,
    folder: &'f Folder,
    version: &str,
) -> Result<Subject<'f>, Failure> {
    let since = match version {
        "nothing" => None,
        version => {
            let version = folder.meant(version, None)?;
            if folder.get(&version).is_none() {
                return Err(FolderError::Version {
                    version: version.to_string(),
                }
                .into());
            }
            Some(version)
        }
    };
    let environment = context.global.env.clone();
    let online = workspace
        .project
        .policies(environment.as_deref())?
        .strategy()
        == Strategy::Online;
    let before = folder.with_needed(since.as_ref());
    Ok(Subject {
        pending: folder
            .migrations()
            .iter()
            .filter(|migration| !before.contains(&migration.version))
            .map(|migration| Pending {
                migration,
                out_of_order: false,
            })
            .collect(),
        since: since.map(ApplyTo::Version),
        hash: None,
        database: String::new(),
        online,
    })
}
