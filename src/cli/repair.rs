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
    let (history, _) = live.history(&workspace).await?;
    let word = match (options.done, options.not_done) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
    let mut runner = Runner::new(
        &live.session,
        history,
        live.options(None),
        &CatalogResume,
        &mut events,
    );
    let repaired = match options.forget_ranges {
        true => runner.begin_ranges_anew().await?,
        false => runner.repair(word).await?,
    };
    if context.screen.is_json() {
        context.screen.print_json(&Repaired { ok: true, repaired });
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
