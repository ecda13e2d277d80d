//! `repair`: what an interrupted run left outside a transaction. The catalog decides; where it cannot, a person says it.

use super::answer::Repaired;
use super::arguments::Repair;
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live, tell};
use super::report::escaped;
use crate::migrate::{CatalogResume, Runner};
use crate::model::Exit;

pub(super) async fn run(context: &Context, options: &Repair) -> Result<Exit, Failure> {
    context.formats("repair")?;
    let workspace = context.project("repair")?;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    let copied_from = options.copied_from.as_deref();
    // What the database remembers is not what it is.
    let now = live.environment.clone();
    let (history, state) = live.history_of_copy(&workspace, copied_from).await?;
    if let Some(from) = copied_from {
        let Some(now) = &now else {
            return Err(Failure::said(
                "repair::copy",
                Exit::Input,
                "what the copy is from now on was not said".to_owned(),
                "name its environment by `--env NAME`; nothing was done",
            ));
        };
        if state.environment.as_deref() != Some(from) {
            let place = escaped(&live.place());
            context.screen.say(match &state.environment {
                Some(it) => format!("  {place} remembers that it is `{}`", escaped(it)),
                None => format!("  {place} remembers no environment"),
            });
            return DONE;
        }
        context.screen.confirm(&format!(
            "{} remembers that it is `{}`. Is it a copy, which is `{}` from now on?",
            live.place(),
            from,
            now
        ))?;
    }
    let word = match (options.done, options.not_done) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
    let mut runner = Runner::new(
        &live.session,
        history,
        crate::migrate::Options {
            copied_from: options.copied_from.clone(),
            ..live.options(None)
        },
        &CatalogResume,
        &mut events,
    );
    let repaired = match options.forget_ranges {
        true => runner.begin_ranges_anew().await?,
        false => runner.repair(word).await?,
    };
    if context.screen.is_json() {
        context.screen.print_json(&Repaired { ok: true, repaired });
    } else if let (Some(_), Some(now)) = (copied_from, &now) {
        let place = escaped(&live.place());
        context
            .screen
            .say(format!("  {place} is `{}` from now on", escaped(now)));
    } else if repaired == 0 {
        let place = escaped(&live.place());
        let nothing = match options.forget_ranges {
            true => "no batch is half run",
            false => "nothing was interrupted",
        };
        context.screen.say(format!("  {nothing} in {place}"));
    } else {
        context.screen.say("  next: schemactl apply");
    }
    DONE
}
