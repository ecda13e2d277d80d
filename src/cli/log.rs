//! `log`: what was done to a database, by whom and when, newest first.

use super::answer;
use super::arguments::{Format, Log};
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live};
use super::markdown::cell;
use super::report::escaped;
use super::services::service;
use super::status::several;
use crate::config::Flags;
use crate::migrate::{EventFilter, EventRow, LABEL, Version};
use crate::model::Exit;
use crate::project::Workspace;

pub(super) async fn run(context: &Context, options: &Log) -> Result<Exit, Failure> {
    context.formats("log")?;
    let workspace = context.project("log")?;
    let folder = workspace.migrations()?;
    let filter = EventFilter {
        actor: options.actor.clone(),
        label: options.label.clone(),
        service: service(&folder, options.of.service.as_ref())?,
    };
    if let Some(names) = several(context, &workspace) {
        return all(context, &workspace, &filter, options.limit, &names).await;
    }
    let events = events(
        context,
        &workspace,
        &context.flags(),
        &filter,
        options.limit,
    )
    .await?;
    if context.screen.is_json() {
        context.screen.print_json(&answer::Log { ok: true, events });
        return DONE;
    }
    let events: Vec<Of<'_>> = events
        .iter()
        .map(|event| Of {
            environment: None,
            event,
        })
        .collect();
    print(context, &filter, &events);
    DONE
}

/// An event, and of which environment it is where several were asked.
struct Of<'e> {
    environment: Option<&'e str>,
    event: &'e EventRow,
}

/// What was done in all environments, side by side; one that cannot be reached does not hide the others.
async fn all(
    context: &Context,
    workspace: &Workspace,
    filter: &EventFilter,
    limit: u32,
    names: &[String],
) -> Result<Exit, Failure> {
    let mut logs = Vec::new();
    let mut exit = Exit::Fine;
    for name in names {
        let flags = Flags {
            environment: Some(name.clone()),
            ..context.flags()
        };
        let environment = name.clone();
        logs.push(
            match events(context, workspace, &flags, filter, limit).await {
                Ok(events) => answer::EnvironmentLog::Known(answer::LogOf {
                    ok: true,
                    environment,
                    events,
                }),
                Err(failure) => {
                    exit = failure.exit;
                    let error = failure.message();
                    if !context.screen.is_json() {
                        context.screen.warn(format!("{name}: {error}"));
                    }
                    answer::EnvironmentLog::Unknown(answer::Unknown {
                        ok: false,
                        environment,
                        error,
                    })
                }
            },
        );
    }
    if context.screen.is_json() {
        context.screen.print_json(&logs);
        return Ok(exit);
    }
    let known = logs.iter().filter_map(|log| match log {
        answer::EnvironmentLog::Known(log) => Some(log),
        answer::EnvironmentLog::Unknown(_) => None,
    });
    let mut events: Vec<Of<'_>> = known
        .flat_map(|log| {
            let environment = Some(log.environment.as_str());
            log.events
                .iter()
                .map(move |event| Of { environment, event })
        })
        .collect();
    events.sort_by_key(|it| std::cmp::Reverse(it.event.at));
    events.truncate(limit as usize);
    print(context, filter, &events);
    Ok(exit)
}

/// The newest events of one database, newest first.
async fn events(
    context: &Context,
    workspace: &Workspace,
    flags: &Flags,
    filter: &EventFilter,
    limit: u32,
) -> Result<Vec<EventRow>, Failure> {
    let mut live = Live::connect_as(context, Some(workspace), flags).await?;
    let (history, _) = live.history(workspace).await?;
    Ok(history.events(&live.session, filter, limit).await?)
}

fn print(context: &Context, filter: &EventFilter, events: &[Of<'_>]) {
    if context.global.format == Some(Format::Markdown) {
        for line in markdown(events) {
            context.screen.print(line);
        }
        return;
    }
    if events.is_empty() {
        context.screen.say(match *filter == EventFilter::default() {
            true => "  nothing was done yet",
            false => "  nothing was done under that name",
        });
    }
    let names = events.iter().filter_map(|it| it.environment);
    let width = names.map(|name| name.chars().count()).max();
    for Of { environment, event } in events {
        let lead = match (environment, width) {
            (Some(name), Some(width)) => format!("{name:width$}  "),
            _ => String::new(),
        };
        let blanks = 21 + lead.chars().count();
        let line = escaped(&format!("{lead}{}", line(event)));
        context.screen.print_laid("", &line, blanks);
    }
}

fn line(event: &EventRow) -> String {
    let mut line = format!(
        "{}  {} {}",
        event.at.strftime("%Y-%m-%d %H:%M:%S"),
        event.action,
        event.outcome.replace('_', " ")
    );
    if let Some(version) = version(event) {
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
    line
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
fn markdown(events: &[Of<'_>]) -> Vec<String> {
    let (head, rule) = match events.iter().any(|it| it.environment.is_some()) {
        true => ("| environment ", "| --- "),
        false => ("", ""),
    };
    let mut lines = vec![
        format!(
            "{head}| when (UTC) | what | outcome | migration | by | as role | took | label | message |"
        ),
        format!("{rule}| --- | --- | --- | --- | --- | --- | --- | --- | --- |"),
    ];
    for Of { environment, event } in events {
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
        let lead = environment.map(|name| format!("| {} ", cell(name)));
        let lead = lead.unwrap_or_default();
        lines.push(format!("{lead}| {} |", cells.join(" | ")));
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
