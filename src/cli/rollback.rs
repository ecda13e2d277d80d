//! `rollback`: migrations taken back, newest first, by their down files or the SQL that the history keeps.

use super::apply::{Hazard, recorded_part, snapshot_hook};
use super::arguments::{Format, Rollback};
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live, at, stop_on_interrupt, tell};
use super::report::escaped;
use super::screen::Paint;
use crate::config::{Confirm, Permission};
use crate::migrate::{
    CatalogResume, Folder, History, MigrationFile, RollbackTo, Row, Runner, WayBack, plan_rollback,
    way_back,
};
use crate::model::Exit;

pub(super) async fn run(context: &Context, options: Rollback) -> Result<Exit, Failure> {
    context.formats("rollback", &[Format::Text, Format::Json])?;
    let workspace = context.project("rollback")?;
    let folder = workspace.migrations()?;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    live.session.refuse_pooler().await?;
    let (history, state) = live.history(&workspace, "rollback").await?;
    let to = match (options.all, options.to, options.steps) {
        (true, ..) => RollbackTo::All,
        (_, Some(point), _) => RollbackTo::Version(state.point(&folder, &point)?),
        (_, _, steps) => RollbackTo::Steps(steps.unwrap_or(1)),
    };
    let plan = plan_rollback(folder.service(), &state, &to)?;
    if plan.rows.is_empty() {
        if context.screen.is_json() {
            context
                .screen
                .print_json(&serde_json::json!({ "ok": true, "rolled_back": [] }));
        }
        context.screen.say(format!(
            "  nothing to take back: {} is at {}",
            live.place(),
            at(&state)
        ));
        return DONE;
    }
    let hazards = show(context, &live, &history, &folder, &plan.rows).await?;
    let question = format!(
        "Take {} migrations of {} back",
        plan.rows.len(),
        live.label()
    );
    allowed(context, &live, "rollback::destructive", &question, &hazards)?;
    let (hands, desired) = recorded_part(&workspace, &live, &history).await?;
    let hook = snapshot_hook(hands, desired);
    let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
    let mut runner = Runner::new(
        &live.session,
        history,
        live.options(options.wait),
        &CatalogResume,
        &mut events,
    )
    .with_snapshots(&*hook)
    .with_stop(stop_on_interrupt());
    let done = runner.rollback(&folder, &to).await?;
    if context.screen.is_json() {
        context
            .screen
            .print_json(&serde_json::json!({ "ok": true, "rolled_back": done }));
    }
    context
        .screen
        .say(format!("  {} taken back in {}", done.len(), live.place()));
    DONE
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
    for row in rows {
        context
            .screen
            .say(format!("    {} {}", row.version, escaped(&row.name)));
        let back = history
            .row(&live.session, &row.service, &row.version)
            .await?
            .and_then(|row| way_back(folder, &row));
        if let Some(file) = back.as_ref().and_then(|back| back.altered.as_ref()) {
            context.screen.say(format!(
                "      {} {} was altered after it ran: the way back that was stored with it is taken",
                context.screen.paint(Paint::Careful, "note"),
                escaped(file)
            ));
        }
        for hazard in hazards_of(back.as_ref()) {
            say_hazard(context, &hazard);
            hazards.push(hazard);
        }
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
    context.screen.say(format!(
        "      {}",
        context.screen.paint(paint, &escaped(&hazard.text))
    ));
}

/// What the way back of a migration costs, as its header says it.
fn hazards_of(back: Option<&WayBack>) -> Vec<Hazard> {
    back.and_then(|back| MigrationFile::parse(&back.text).ok())
        .map(|file| file.header().all("hazard").map(Hazard::parse).collect())
        .unwrap_or_default()
}

/// The words that the policies ask for; `question` is without its end.
pub(super) fn allowed(
    context: &Context,
    live: &Live,
    code: &'static str,
    question: &str,
    hazards: &[Hazard],
) -> Result<(), Failure> {
    let policies = &live.policies;
    let losses: Vec<&Hazard> = hazards
        .iter()
        .filter(|hazard| hazard.loses_data() && !hazard.is_allowed(&context.global.allow))
        .collect();
    let denied = policies.destructive() == Permission::Deny || policies.is_protected();
    if denied && let Some(first) = losses.first() {
        return Err(Failure::said(
            code,
            Exit::Refused,
            format!(
                "the way back loses data, and this environment does not allow that: {}",
                first.text
            ),
            &format!(
                "allow each by name, as `--allow {}:{}`; nothing was run",
                first.code,
                first.path()
            ),
        ));
    }
    let ask = match policies.confirm() {
        Confirm::Always => true,
        Confirm::Destructive => !losses.is_empty(),
        Confirm::Never => !losses.is_empty() && policies.destructive() == Permission::Ask,
    };
    if !ask {
        return Ok(());
    }
    context.screen.confirm(&format!(
        "{question}{}?",
        if losses.is_empty() {
            ""
        } else {
            ", and lose data"
        }
    ))
}
