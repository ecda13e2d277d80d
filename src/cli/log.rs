//! `log`: what was done to a database, by whom and when, newest first.

use super::answer;
use super::arguments::{Format, Log};
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live};
use super::markdown::cell;
use super::report::escaped;
use super::services::service;
use crate::migrate::{EventFilter, EventRow, LABEL, Version};
use crate::model::Exit;

pub(super) async fn run(context: &Context, options: &Log) -> Result<Exit, Failure> {
    context.formats("log")?;
    let workspace = context.project("log")?;
    let folder = workspace.migrations()?;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    let (history, _) = live.history(&workspace).await?;
    let filter = EventFilter {
        actor: options.actor.clone(),
        label: options.label.clone(),
        service: service(&folder, options.of.service.as_ref())?,
    };
    let events = history
        .events(&live.session, &filter, options.limit)
        .await?;
    if context.screen.is_json() {
        context.screen.print_json(&answer::Log { ok: true, events });
        return DONE;
    }
    if context.global.format == Some(Format::Markdown) {
        for line in markdown(&events) {
            context.screen.print(line);
        }
        return DONE;
    }
    if events.is_empty() {
        context.screen.say(match filter == EventFilter::default() {
            true => "  nothing was done yet",
            false => "  nothing was done under that name",
        });
    }
    for event in events {
        let mut line = format!(
            "{}  {} {}",
            event.at.strftime("%Y-%m-%d %H:%M:%S"),
            event.action,
            event.outcome.replace('_', " ")
        );
        if let Some(version) = version(&event) {
            line.push_str(&format!(
                "  {version} {}",
                event.name.as_deref().unwrap_or_default()
            ));
        } else if let Some(name) = &event.name {
            line.push_str(&format!("  {name}"));
        }
        line.push_str(&format!(
            "  by {}",
            event.actor.as_deref().unwrap_or(&event.by_role)
        ));
        if event
            .actor
            .as_deref()
            .is_some_and(|actor| actor != event.by_role)
        {
            line.push_str(&format!(" as {}", event.by_role));
        }
        if let Some(took) = event.execution_time_ms {
            line.push_str(&format!("  {took} ms"));
        }
        let label = event.detail.as_ref().and_then(|it| it.get(LABEL)?.as_str());
        if let Some(label) = label {
            line.push_str(&format!("  label {label}"));
        }
        if let Some(message) = &event.message {
            line.push_str(&format!("  {message}"));
        }
        context.screen.print_laid("", &escaped(&line), 21);
    }
    DONE
}

/// The version with its service, where it has one; with the table of another tool as `show` takes it.
fn version(event: &EventRow) -> Option<String> {
    let version = event.version.as_deref()?;
    let service = event.service.as_deref().unwrap_or_default();
    Some(match service.contains('.') {
        true => format!("{service}:{version}"),
        false => Version::new(version).of(service).to_string(),
    })
}

/// The events as a table of Markdown, for a ticket or a wiki.
fn markdown(events: &[EventRow]) -> Vec<String> {
    let mut lines = vec![
        "| when (UTC) | what | outcome | migration | by | as role | took | label | message |"
            .to_owned(),
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    for event in events {
        let migration = match (version(event), &event.name) {
            (Some(version), Some(name)) => format!("{version} {name}"),
            (version, _) => version.unwrap_or_default(),
        };
        let label = event.detail.as_ref().and_then(|it| it.get(LABEL)?.as_str());
        let took = event.execution_time_ms.map(|took| format!("{took} ms"));
        let when = event.at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let cells = [
            when.as_str(),
            &event.action,
            &event.outcome.replace('_', " "),
            &migration,
            event.actor.as_deref().unwrap_or(&event.by_role),
            &event.by_role,
            took.as_deref().unwrap_or_default(),
            label.unwrap_or_default(),
            event.message.as_deref().unwrap_or_default(),
        ]
        .map(cell);
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn what_a_database_says_stays_a_text_in_its_cell() {
        assert_eq!(
            cell("a | b\n<img src=x> [x](javascript:1) `c`"),
            "a \\| b &lt;img src=x> \\[x\\](javascript:1) \\`c\\`"
        );
    }
}
