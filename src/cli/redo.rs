//! `redo`: the last migrations taken back and applied again under one lock, as somebody does who is still writing them.
//! Nothing is taken back that could not be applied again.

use super::answer::Redone;
use super::apply::{Planned, recorder, refuse_unproven, validators};
use super::arguments::Redo;
use super::around::Around;
use super::backup::Touched;
use super::context::Context;
use super::failure::Failure;
use super::gate::{in_window, note_window, ran_before};
use super::half::half_of;
use super::live::{DONE, Live, at, tell};
use super::report::counted;
use super::rollback::{allowed, say_hazard, show};
use super::services::service;
use crate::migrate::{CatalogResume, RollbackTo, Runner, Version, Whose, plan_redo};
use crate::model::Exit;
use crate::project::{Course, drift_hook};

pub(super) async fn run(context: &Context, options: Redo) -> Result<Exit, Failure> {
    context.formats("redo")?;
    let workspace = context.project("redo")?;
    let folder = workspace.migrations()?;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    live.waits(options.wait);
    live.session.refuse_unfit().await?;
    let (history, state) = live.history(&workspace).await?;
    let whose = Whose {
        service: service(&folder, options.of.service.as_ref())?,
        with_dependents: options.with_dependents,
    };
    let to = match &options.to {
        Some(point) => state.goal(&folder, point, whose.service.as_deref())?.into(),
        None => RollbackTo::Steps(options.steps.unwrap_or(1)),
    };
    let plan = plan_redo(&folder, &state, &to, &whose)?;
    if plan.back.rows.is_empty() {
        finish(context, &live, &[]);
        context.screen.say(format!(
            "  nothing to redo: {} is at {}",
            live.place(),
            at(&state)
        ));
        return DONE;
    }
    if live.policies.approval.is_some() {
        return Err(Failure::said(
            "redo::approval",
            Exit::Refused,
            "this environment runs only what was approved, and `redo` has no plan to approve"
                .to_owned(),
            "`schemactl rollback`, then `schemactl apply --approve`; nothing was run",
        ));
    }
    in_window(
        &live.policies,
        live.environment.as_deref(),
        &context.global.allow,
    )?;
    ran_before(context, &workspace, &live, &plan.again).await?;
    let recorder = recorder(&workspace, &live, &history, Course::Down).await?;
    let rows = &plan.back.rows;
    if let Some(half) = half_of(
        &live,
        &history,
        &state,
        &folder,
        rows,
        &recorder.hands,
        &recorder.desired,
    )
    .await?
    {
        let first = half.versions.last().map(ToString::to_string);
        return Err(Failure::said(
            "redo::half",
            Exit::Refused,
            format!(
                "the group of {} ran only in part",
                first.unwrap_or_default()
            ),
            "`schemactl rollback` finds the way back from there; then `schemactl apply`; nothing was run",
        ));
    }
    context.screen.say("  back, and again:");
    let mut hazards = show(context, &live, &history, &folder, &plan.back.rows).await?;
    let mut again = Planned::of(&plan.again);
    again.look_at(&live, &plan.again).await?;
    refuse_unproven(&live, &again)?;
    for hazard in again.hazards() {
        say_hazard(context, hazard);
        hazards.push(hazard.clone());
    }
    let question = format!(
        "Take {} of {} back and apply {} again",
        counted(plan.back.rows.len(), "migration"),
        live.label(),
        if plan.back.rows.len() == 1 {
            "it"
        } else {
            "them"
        }
    );
    hazards.extend(again.rights().iter().cloned());
    allowed(context, &live, "redo::destructive", &question, &hazards)?;
    let expected: Vec<Version> = plan
        .back
        .rows
        .iter()
        .map(|row| row.version.clone())
        .collect();
    let hook = recorder.hook();
    let snapshot = history.snapshot(&live.session).await?;
    let drifted = drift_hook(&workspace, &folder, &state, snapshot);
    let around = Around::new(context, &workspace, &live, "redo", Touched::unknown());
    let gate = around.gate();
    let mut run = live.recorded(options.wait, &options.record);
    run.validators = validators(context, &live, &again.facts);
    note_window(&mut run, context, &live);
    let mut events = |event: &crate::migrate::Event<'_>| {
        around.hear(event);
        tell(context, event);
    };
    let mut runner = Runner::new(&live.session, history, run, &CatalogResume, &mut events)
        .with_snapshots(&*hook)
        .with_drift(&*drifted)
        .with_gate(&*gate)
        .with_stop(around.stop());
    let done = runner.redo(&folder, &to, &whose, &expected).await;
    let done = around.ended(done.map_err(Failure::from)).await?;
    finish(context, &live, &done);
    context
        .screen
        .say(format!("  {} redone in {}", done.len(), live.place()));
    DONE
}

fn finish(context: &Context, live: &Live, done: &[Version]) {
    if context.screen.is_json() {
        context.screen.print_json(&Redone {
            ok: true,
            database: live.label(),
            redone: done.to_vec(),
        });
    }
}
