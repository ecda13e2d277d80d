//! `tag`: names for points of a database's history, which `--to` takes like a version.

use super::answer::{NamedPoint, Tagged, Tags};
use super::arguments::Tag as Options;
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live, stop_on_interrupt, tell};
use super::report::escaped;
use super::screen::Paint;
use crate::migrate::{CatalogResume, Point, Runner, State};
use crate::model::Exit;

pub(super) async fn run(context: &Context, options: Options) -> Result<Exit, Failure> {
    context.formats("tag")?;
    let workspace = context.project("tag")?;
    let folder = workspace.migrations()?;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    let (history, state) = live.history(&workspace).await?;
    let Some(name) = &options.name else {
        list(context, &live, &state);
        return DONE;
    };
    live.session.refuse_unfit().await?;
    let at = options.at.as_deref();
    let at = at.map(|text| state.version(&folder, text, None));
    let at = at.transpose()?;
    let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
    let mut runner = Runner::new(
        &live.session,
        history,
        live.options(options.wait),
        &CatalogResume,
        &mut events,
    )
    .with_stop(stop_on_interrupt());
    let (version, words) = if options.remove {
        (runner.untag(name).await?.version, "is not called")
    } else {
        let version = runner.tag(&folder, name, at.as_ref(), options.may_move);
        (version.await?, "is called")
    };
    if context.screen.is_json() {
        context.screen.print_json(&Tagged {
            ok: true,
            database: live.label(),
            tag: name.to_owned(),
            version: version.clone(),
            removed: options.remove,
        });
    }
    // Where there are services, the whole database is what is named.
    let what = match folder.has_services() && !options.remove && at.is_none() {
        true => super::live::at(&state),
        false => version.to_string(),
    };
    context.screen.say(format!(
        "  {} {what} {words} {}{} in {}",
        context.screen.paint(Paint::Good, "✓"),
        escaped(name),
        if options.remove { " any more" } else { "" },
        live.place()
    ));
    DONE
}

/// Every name, by version.
fn list(context: &Context, live: &Live, state: &State) {
    let mut tags: Vec<_> = state.tags.iter().collect();
    tags.sort_by(|a, b| (&a.1.version, a.0).cmp(&(&b.1.version, b.0)));
    // Where there are services, a name stands for the whole database.
    let words = |tag: &crate::migrate::Tag| match tag.point.as_ref().and_then(Point::mark) {
        Some(mark) => mark.replace(' ', ", "),
        None => tag.version.to_string(),
    };
    let is_in = |tag: &crate::migrate::Tag| {
        state
            .get(&tag.version)
            .is_some_and(|row| row.status.is_in())
    };
    if context.screen.is_json() {
        let tags = tags.iter().map(|(name, tag)| NamedPoint {
            tag: name.to_string(),
            version: tag.version.clone(),
            point: tag.point.clone(),
            applied: is_in(tag),
            at: tag.at,
            by: tag.by.clone(),
        });
        context.screen.print_json(&Tags {
            ok: true,
            database: live.label(),
            tags: tags.collect(),
        });
        return;
    }
    if tags.is_empty() {
        context
            .screen
            .say("  no point has a name: `schemactl tag NAME` gives the present one a name");
    }
    for (name, tag) in tags {
        let state = if is_in(tag) { "" } else { "  taken back" };
        context.screen.print(escaped(&format!(
            "{}  {name}  {}  by {}{state}",
            words(tag),
            tag.at.strftime("%Y-%m-%d %H:%M"),
            tag.by,
        )));
    }
}
