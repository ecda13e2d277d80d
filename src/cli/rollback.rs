//! `rollback`: migrations taken back, newest first, by their down files or the SQL that the history keeps.

use super::allowed::NO_FILES;
use super::answer::RolledBack;
use super::apply::{Hazard, hazards_of, recorder};
use super::arguments::Rollback;
use super::around::Around;
use super::backup::Touched;
use super::context::Context;
use super::facts;
use super::failure::Failure;
use super::gate::{ask, rights, unsaid};
use super::half::{Half, half_of};
use super::live::{DONE, Live, at, tell};
use super::report::{counted, escaped};
use super::screen::Paint;
use super::services::service;
use crate::config::Permission;
use crate::diff::Change;
use crate::migrate::{
    CatalogResume, Folder, HalfWay, History, Migration, MigrationFile, RollbackTo, Row, Runner,
    SnapshotHead, State, Status, Whose, plan_rollback, way_back,
};
use crate::model::Exit;
use crate::project::{Course, Standing, Workspace, catalog_of, drift_at_sight, with_record};
use crate::scratch::prove::may_be_equal;

pub(super) async fn run(context: &Context, options: Rollback) -> Result<Exit, Failure> {
    context.formats("rollback")?;
    let workspace = context.project("rollback")?;
    let folder = workspace.migrations()?;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    live.waits(options.wait);
    live.session.refuse_unfit().await?;
    let (history, state) = live.history(&workspace).await?;
    let whose = Whose {
        service: service(&folder, options.of.service.as_ref())?,
        with_dependents: options.with_dependents,
    };
    let to = match (options.all, options.to, options.steps) {
        (true, ..) => RollbackTo::All,
        (_, Some(point), _) => state
            .goal(&folder, &point, whose.service.as_deref())?
            .into(),
        (_, _, steps) => RollbackTo::Steps(steps.unwrap_or(1)),
    };
    let plan = plan_rollback(&state, &to, &whose)?;
    if plan.rows.is_empty() {
        if context.screen.is_json() {
            context.screen.print_json(&RolledBack {
                ok: true,
                rolled_back: Vec::new(),
                differs: Vec::new(),
            });
        }
        let mut newest = state.rows.values().rev();
        let baseline = newest.find(|it| it.status == Status::Baseline);
        let why = baseline.map(|row| {
            let version = &row.version;
            format!(": what was there before the baseline {version} no migration made")
        });
        context.screen.say(format!(
            "  nothing to take back: {} is at {}{}",
            live.place(),
            at(&state),
            why.unwrap_or_default()
        ));
        return DONE;
    }
    refuse_others(context, &live, &folder, &state)?;
    let mut recorder = recorder(&workspace, &live, &history, Course::Down).await?;
    let half = half_of(
        &live,
        &history,
        &state,
        &folder,
        &plan.rows,
        &recorder.hands,
        &recorder.desired,
    )
    .await?;
    let is_of_half = |row: &&Row| {
        half.as_ref()
            .is_some_and(|it| it.versions.contains(&row.version))
    };
    if let Some(half) = &half {
        show_half(context, half, plan.rows.iter().filter(is_of_half));
    }
    let others: Vec<Row> = plan
        .rows
        .iter()
        .filter(|row| !is_of_half(row))
        .cloned()
        .collect();
    let mut hazards = half
        .as_ref()
        .map(|it| it.hazards.clone())
        .unwrap_or_default();
    hazards.extend(show(context, &live, &history, &folder, &others).await?);
    let question = format!(
        "Take {} of {} back",
        counted(plan.rows.len(), "migration"),
        live.label()
    );
    allowed(context, &live, "rollback::destructive", &question, &hazards)?;
    let there = recorded_there(&live, &history, &state, &plan.rows).await?;
    if let Some(there) = &there
        && let Some(mark) = there.0.version.as_deref()
    {
        let recorded = catalog_of(history.schema(), there)?;
        let known = with_record(&recorder.desired, history.schema(), Some(there))?;
        recorder.desired.rows = known.into_owned().rows;
        recorder = recorder.returning_to(mark, recorded);
    }
    let hook = recorder.hook();
    let around = Around::new(context, &workspace, &live, "rollback", Touched::unknown());
    let gate = around.gate();
    let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
    let mut runner = Runner::new(
        &live.session,
        history,
        live.recorded(options.wait, &options.record),
        &CatalogResume,
        &mut events,
    )
    .with_snapshots(&*hook)
    .with_gate(&*gate)
    .with_half(half.as_ref().map(|half| HalfWay {
        versions: half.versions.clone(),
        sql: half.sql.clone(),
        is_back: &*half.is_back,
    }))
    .with_stop(around.stop());
    let done = runner.rollback(&folder, &to, &whose).await;
    let done = around.ended(done.map_err(Failure::from)).await?;
    let differs = match there {
        Some(there) => compare(context, &workspace, &folder, &live, &state, there).await?,
        None => Vec::new(),
    };
    if context.screen.is_json() {
        context.screen.print_json(&RolledBack {
            ok: true,
            rolled_back: done.clone(),
            differs,
        });
    }
    context
        .screen
        .say(format!("  {} taken back in {}", done.len(), live.place()));
    DONE
}

/// Tells what is taken back of a group that did not end, and by which statements.
fn show_half<'r>(context: &Context, half: &Half, rows: impl Iterator<Item = &'r Row>) {
    for row in rows {
        context
            .screen
            .say(format!("    {} {}", row.version, escaped(&row.name)));
    }
    context.screen.say(format!(
        "      {} the group did not end, and its own ways back begin at its end: the catalog says the way back from here",
        context.screen.paint(Paint::Careful, "note")
    ));
    for line in half.sql.lines().filter(|line| !line.is_empty()) {
        context.screen.say(format!("      {}", escaped(line)));
    }
    for hazard in &half.hazards {
        say_hazard(context, hazard);
    }
}

/// The catalog that was recorded when the database was where the rollback leads.
async fn recorded_there(
    live: &Live,
    history: &History,
    state: &State,
    rows: &[Row],
) -> Result<Option<(SnapshotHead, Vec<u8>)>, Failure> {
    let mut after = state.clone();
    for row in rows {
        if let Some(row) = after.rows.get_mut(&row.version) {
            row.status = Status::RolledBack;
        }
    }
    let Some(mark) = after.point().mark() else {
        return Ok(None);
    };
    let found = history.snapshot_at(&live.session, &mark).await?;
    // Out of their order other files may have been there at that mark.
    let is_it = |head: &SnapshotHead| {
        let mut stay = after.rows.values().filter(|row| row.status.is_in());
        rows.iter().all(|row| row.applied_at > Some(head.at))
            && stay.all(|row| row.applied_at <= Some(head.at))
    };
    Ok(found.filter(|(head, _)| is_it(head)))
}

/// Says what is not as it was recorded when the database was there the last time: a way back by hand that goes elsewhere,
/// or what somebody changed.
async fn compare(
    context: &Context,
    workspace: &Workspace,
    folder: &Folder,
    live: &Live,
    state: &State,
    snapshot: (SnapshotHead, Vec<u8>),
) -> Result<Vec<String>, Failure> {
    let desired = workspace
        .declared()
        .map(|declared| declared.desired)
        .unwrap_or_default();
    let known = with_record(&desired, &workspace.project.history_schema, Some(&snapshot))?;
    let catalog = live.catalog_with(&known).await?;
    let here = (live.database(), &catalog);
    let standing = Standing::of(workspace, folder, state, here, Some(&snapshot));
    let found = drift_at_sight(&standing, &workspace.hands(), &desired).await?;
    let mut objects = Vec::new();
    for (id, change) in found.headline() {
        let word = match change {
            Change::Create => "is new",
            Change::Drop => "is gone",
            // Made anew, a text may be printed in another way.
            Change::Alter => match (found.recorded.get(id), found.live.get(id)) {
                (Some(one), Some(other)) if may_be_equal(one, other) => continue,
                _ => "is another",
            },
        };
        objects.push(format!("{id} {word}"));
    }
    if let (Some(version), false) = (&snapshot.0.version, objects.is_empty()) {
        context.screen.warn(format!(
            "{} is not as it was at {version}: {}",
            live.place(),
            escaped(&objects.join(", "))
        ));
    }
    Ok(objects)
}

/// Refuses to take back what another project ran: of all that ran here, no file is in this one.
fn refuse_others(
    context: &Context,
    live: &Live,
    folder: &Folder,
    state: &State,
) -> Result<(), Failure> {
    let mut ran = state.rows.values().filter(|row| row.status.is_in());
    let is_ours = ran.any(|row| {
        let file = folder.holding(&row.version);
        let folds = |it: &Migration| it.squashes().iter().any(|(of, _)| *of == row.version);
        file.is_some_and(|it| it.name == row.name || folds(it))
    });
    let is_allowed = context.global.allow.iter().any(|word| word == NO_FILES);
    if is_ours || is_allowed {
        return Ok(());
    }
    Err(Failure::said(
        "rollback::other_project",
        Exit::Refused,
        format!(
            "of the migrations that ran in {}, no file is in this project",
            live.label()
        ),
        &format!(
            "look whether project and database belong together; where the files are lost, `--allow {NO_FILES}` takes the ways back that were stored; nothing was run"
        ),
    ))
}

/// Tells what is taken back, and gives what that costs.
pub(super) async fn show(
    context: &Context,
    live: &Live,
    history: &History,
    folder: &Folder,
    rows: &[Row],
) -> Result<Vec<Hazard>, Failure> {
    let mut hazards = Vec::new();
    let mut files = Vec::new();
    for row in rows {
        context
            .screen
            .say(format!("    {} {}", row.version, escaped(&row.name)));
        if row.status == Status::Skipped {
            context.screen.say(format!(
                "      {} it was skipped here: nothing is run",
                context.screen.paint(Paint::Careful, "note"),
            ));
            continue;
        }
        let back = history
            .row(&live.session, &row.version)
            .await?
            .and_then(|row| way_back(folder, &row));
        if let Some(file) = back.as_ref().and_then(|back| back.altered.as_ref()) {
            context.screen.say(format!(
                "      {} {} was altered after it ran: the way back that was stored with it is taken{}",
                context.screen.paint(Paint::Careful, "note"),
                escaped(file),
                match folder.get(&row.version).is_some_and(|it| it.up.name == *file) {
                    true => String::new(),
                    // What ran is not stamped with another text, but its way back may be mended.
                    false => format!(" (`schemactl restamp {}` proves an altered one)", row.version),
                }
            ));
        }
        if folder.get(&row.version).is_none() {
            context.screen.say(format!(
                "      {} its files are not here: the way back that was stored when it ran is taken",
                context.screen.paint(Paint::Careful, "note"),
            ));
        }
        let costs = back.and_then(|back| MigrationFile::parse(&back.text).ok());
        for hazard in costs.as_ref().map(hazards_of).unwrap_or_default() {
            say_hazard(context, &hazard);
            hazards.push(hazard);
        }
        files.extend(costs.map(|file| (row.version.to_string(), file)));
    }
    if live.policies.authorization() != Permission::Allow {
        let files = files.iter().map(|(label, file)| (label.clone(), file));
        let walked = facts::of_files(live, files).await?;
        hazards.extend(rights(&[], &walked));
    }
    Ok(hazards)
}

/// One line of what a step costs.
pub(super) fn say_hazard(context: &Context, hazard: &Hazard) {
    let paint = if hazard.loses_data() {
        Paint::Bad
    } else {
        Paint::Careful
    };
    let text = escaped(&hazard.text);
    context.screen.say_laid("      ", &text, 8, Some(paint));
}

/// The words that the policies ask for; `question` is without its end.
pub(super) fn allowed(
    context: &Context,
    live: &Live,
    code: &'static str,
    question: &str,
    hazards: &[Hazard],
) -> Result<(), Failure> {
    // A header and the statement itself may tell of the same.
    let of_rights = rights(hazards, &[]);
    let open = unsaid(context, &live.policies, code, hazards.iter(), &of_rights)?;
    ask(context, &live.policies, question, &open)
}
