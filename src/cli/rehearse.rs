//! `verify --data`: the pending migrations on a restored copy, with their times and the locks that they hold.
//!
//! The rule: the copy is changed for good, so it may be no environment's database; what would only guard a live one (windows,
//! approvals, backups, hooks) is left out, and everything that decides whether a file runs is not.

use secrecy::SecretString;

use super::answer::{Rehearsal, Rehearsed, RehearsedLock, RehearsedStatement};
use super::context::Context;
use super::failure::Failure;
use super::live::{Live, duration, spaced, tell};
use super::report::escaped;
use super::screen::Paint;
use crate::config::Flags;
use crate::facts::LockMode;
use crate::migrate::{ApplyTo, CatalogResume, Event, Folder, HeldLock, Runner, plan_apply};
use crate::model::Exit;
use crate::project::Workspace;
use crate::sql::secret::mask;
use std::time::Duration;

/// Statements that take less are not shown by themselves.
const SHOWN: Duration = Duration::from_millis(100);

/// Runs what is pending on the copy.
pub(super) async fn rehearse(
    context: &Context,
    workspace: &Workspace,
    folder: &Folder,
    url: &str,
) -> Result<Rehearsal, Failure> {
    let flags = Flags {
        url: Some(SecretString::from(url.to_owned())),
        url_of_first: false,
        ..context.flags()
    };
    let mut live = Live::connect_as(context, Some(workspace), &flags).await?;
    live.session.refuse_pooler().await?;
    if let Some(name) = live.environment_at(workspace) {
        return Err(Failure::said(
            "verify::live",
            Exit::Refused,
            format!(
                "{} is the database of environment `{}`, not a copy",
                live.place(),
                escaped(&name)
            ),
            "`--data` changes the database for good: restore a backup into a database of its own and name that",
        ));
    }
    let (history, state) = live.history(workspace).await?;
    let pending = plan_apply(folder, &state, &ApplyTo::Last)?;
    let expected: Vec<_> = pending
        .iter()
        .map(|it| it.migration.version.clone())
        .collect();
    let screen = &context.screen;
    screen.say(format!(
        "  {}  {} pending on {}",
        screen.paint(Paint::Strong, "rehearsal"),
        expected.len(),
        live.label()
    ));
    let mut options = live.options(None);
    options.rehearses = true;
    // Nobody else is there, and nobody waits.
    options.blocking_budget = None;
    options.max_lag = None;
    let mut done: Vec<Rehearsed> = Vec::new();
    let mut now = Rehearsed::default();
    let mut events = |event: &Event<'_>| match event {
        Event::Started { .. } | Event::Retry { .. } | Event::Recount { .. } => {
            now = Rehearsed::default();
        }
        Event::StatementDone { sql, took, .. } => now.statements.push(RehearsedStatement {
            sql: mask(sql),
            milliseconds: milliseconds(*took),
        }),
        Event::Held { locks } => now.locks.extend(locks.iter().map(lock)),
        Event::Finished { label, took, .. } => {
            let mut file = std::mem::take(&mut now);
            file.migration = (*label).to_owned();
            file.milliseconds = milliseconds(*took);
            show(context, &file);
            done.push(file);
        }
        other => tell(context, other),
    };
    let mut runner = Runner::new(&live.session, history, options, &CatalogResume, &mut events);
    runner.apply(folder, ApplyTo::Last, Some(&expected)).await?;
    Ok(Rehearsal {
        database: live.place(),
        migrations: done,
    })
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

fn lock(held: &HeldLock) -> RehearsedLock {
    let mode = LockMode::from_sql(&held.mode);
    RehearsedLock {
        relation: held.relation.clone(),
        mode: held.mode.clone(),
        statement: held.statement,
        milliseconds: milliseconds(held.held),
        reads_wait: mode.is_some_and(LockMode::blocks_reads),
        writes_wait: mode.is_some_and(LockMode::blocks_writes),
    }
}

fn show(context: &Context, file: &Rehearsed) {
    let screen = &context.screen;
    let time = |milliseconds: u64| duration(Duration::from_millis(milliseconds));
    screen.say(format!(
        "  {} {}  {}",
        screen.paint(Paint::Good, "✓"),
        escaped(&spaced(&file.migration)),
        time(file.milliseconds)
    ));
    for statement in &file.statements {
        if Duration::from_millis(statement.milliseconds) >= SHOWN {
            let first = statement.sql.lines().next().unwrap_or_default();
            screen.say(format!(
                "      {}  {}",
                time(statement.milliseconds),
                escaped(first)
            ));
        }
    }
    for lock in &file.locks {
        let who = match (lock.reads_wait, lock.writes_wait) {
            (true, _) => screen.paint(Paint::Bad, "reads and writes wait"),
            (false, true) => screen.paint(Paint::Careful, "writes wait"),
            (false, false) => "nobody waits but other changes of the schema".to_owned(),
        };
        screen.say(format!(
            "      {} on {} for {}, from statement {}: {who}",
            lock.mode,
            escaped(&lock.relation),
            time(lock.milliseconds),
            lock.statement
        ));
    }
}
