//! `status`: where each database stands towards the files.

use std::collections::BTreeSet;

use super::answer::{
    AdoptedMigration, AdoptedState, At, Environment, MigrationState, Stands, Unknown,
};
use super::arguments::Status;
use super::context::Context;
use super::failure::Failure;
use super::live::{Live, at};
use super::report::escaped;
use super::screen::Paint;
use super::services::{called, service};
use crate::config::Flags;
use crate::kind::Catalog;
use crate::kind::language::Rename;
use crate::migrate::plan::Line;
use crate::migrate::{Folder, Report, Row, State, report};
use crate::model::{Exit, Kind};
use crate::project::{Declared, Standing, Workspace, drift_at_sight, with_record};

pub(super) async fn run(context: &Context, options: &Status) -> Result<Exit, Failure> {
    context.formats("status")?;
    let workspace = context.project("status")?;
    let folder = workspace.migrations()?;
    let service = service(&folder, options.of.service.as_ref())?;
    let service = service.as_deref();
    if let Some(names) = several(context, &workspace) {
        return all(context, &workspace, &folder, service, options, &names).await;
    }
    let one = one(context, &workspace, &folder, service, &context.flags()).await?;
    let recorded = one.recorded;
    if context.screen.is_json() {
        let told = told(&folder, &one.live, &one.state, &one.report, recorded);
        context.screen.print_json(&told);
    } else {
        show(
            context,
            &one.live,
            &folder,
            &one.state,
            &one.report,
            recorded,
        );
        tell_done(context, one.renamed.unwrap_or_default());
    }
    let todo = is_todo(&one.report, recorded);
    Ok(if options.check && todo {
        Exit::Todo
    } else {
        Exit::Fine
    })
}

/// All environments, where none was named and there are several.
pub(super) fn several(context: &Context, workspace: &Workspace) -> Option<Vec<String>> {
    let named = context.global.url.is_some()
        || context.global.env.is_some()
        || context
            .variables(Some(workspace))
            .get("SCHEMACTL_ENV")
            .is_some();
    let names: Vec<String> = workspace
        .project
        .environments
        .iter()
        .map(|environment| environment.name.value.clone())
        .collect();
    (!named && names.len() > 1).then_some(names)
}

/// One line for each environment; one that cannot be reached does not hide the others.
async fn all(
    context: &Context,
    workspace: &Workspace,
    folder: &Folder,
    service: Option<&str>,
    options: &Status,
    names: &[String],
) -> Result<Exit, Failure> {
    let width = names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0);
    let (mut todo, mut unread, mut half_done) = (false, false, false);
    let mut list = Vec::new();
    let mut exit = Exit::Fine;
    let mut renamed: Option<BTreeSet<String>> = None;
    for name in names {
        let flags = Flags {
            environment: Some(name.clone()),
            ..context.flags()
        };
        let line = match one(context, workspace, folder, service, &flags).await {
            Ok(One {
                live,
                state,
                report,
                recorded,
                renamed: here,
                ..
            }) => {
                let here = here.unwrap_or_default();
                renamed = Some(match renamed {
                    None => here,
                    Some(all) => all.intersection(&here).cloned().collect(),
                });
                todo |= is_todo(&report, recorded);
                list.push(Environment::Stands(told(
                    folder, &live, &state, &report, recorded,
                )));
                let count = |is: fn(&Line) -> bool| report.lines.iter().filter(|it| is(it)).count();
                let pending = count(|line| line.pending);
                let wrong: String = [
                    (count(|line| line.altered), "altered"),
                    (count(|line| line.missing), "missing"),
                ]
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, word)| {
                    format!(
                        "{}   ",
                        context.screen.paint(Paint::Bad, &format!("{count} {word}"))
                    )
                })
                .collect();
                unread |= recorded == Recorded::Unread;
                half_done |= recorded == Recorded::HalfDone;
                format!(
                    "at {}   {pending} pending   {wrong}{}",
                    at(&state),
                    drift_words(context, recorded)
                )
            }
            Err(failure) => {
                // Nobody knows what has run there.
                renamed = Some(BTreeSet::new());
                exit = failure.exit;
                let words = failure
                    .reports
                    .first()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                list.push(Environment::Unknown(Unknown {
                    ok: false,
                    environment: name.to_string(),
                    error: words.clone(),
                }));
                escaped(&words)
            }
        };
        if !context.screen.is_json() {
            context
                .screen
                .print(format!("{}  {line}", escaped(&format!("{name:width$}"))));
        }
    }
    if context.screen.is_json() {
        context.screen.print_json(&list);
    } else {
        tell_problems(context, folder);
        for (is, recorded) in [(half_done, Recorded::HalfDone), (unread, Recorded::Unread)] {
            if is {
                tell_next(context, recorded);
            }
        }
        tell_done(context, renamed.unwrap_or_default());
    }
    Ok(match exit {
        Exit::Fine if options.check && todo => Exit::Todo,
        exit => exit,
    })
}

/// Whether a database is as the last migration left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recorded {
    Same,
    Drifted,
    /// No snapshot says how it was left.
    Nothing,
    /// A migration is half done: the schema is between two states.
    HalfDone,
    /// The KDL has mistakes, so what is the project's is not known.
    Unread,
}

impl Recorded {
    /// For programs: none where nothing is known.
    fn known(self) -> Option<bool> {
        match self {
            Recorded::Same => Some(true),
            Recorded::Drifted => Some(false),
            Recorded::Nothing | Recorded::HalfDone | Recorded::Unread => None,
        }
    }
}

/// Where one database stands.
struct One {
    live: Live,
    state: State,
    report: Report,
    /// Whether it is as the last migration left it.
    recorded: Recorded,
    /// What bears its new name here already; none where the KDL cannot be read.
    renamed: Option<BTreeSet<String>>,
}

async fn one(
    context: &Context,
    workspace: &Workspace,
    folder: &Folder,
    service: Option<&str>,
    flags: &Flags,
) -> Result<One, Failure> {
    let mut live = Live::connect_as(context, Some(workspace), flags).await?;
    let (history, state) = live.history(workspace).await?;
    let mut report = report(folder, &state);
    if let Some(service) = service {
        report
            .lines
            .retain(|line| line.version.service() == service);
    }
    let (mut recorded, mut renamed) = (Recorded::Unread, None);
    if let Ok(declared) = workspace.declared() {
        let snapshot = match declared.desired.of_kind(Kind::Sql).next() {
            Some(_) => history.snapshot(&live.session).await?,
            None => None,
        };
        let known = with_record(&declared.desired, history.schema(), snapshot.as_ref())?;
        let catalog = live.catalog_with(&known).await?;
        let same = as_recorded(
            workspace, folder, &live, &catalog, &declared, &history, &state,
        )
        .await?;
        recorded = match same {
            Some(true) => Recorded::Same,
            Some(false) => Recorded::Drifted,
            None => Recorded::Nothing,
        };
        let done =
            |rename: &&Rename| !catalog.contains(&rename.from) && catalog.contains(&rename.to);
        let renames = declared.desired.renames.iter().filter(done);
        renamed = Some(renames.map(|rename| rename.to.to_string()).collect());
    }
    if state.half_done().is_some() || state.rows.values().any(|row| state.is_half_run(row)) {
        recorded = Recorded::HalfDone;
    }
    Ok(One {
        live,
        state,
        report,
        recorded,
        renamed,
    })
}

/// Renames that are done in every database that was asked: their word may go.
fn tell_done(context: &Context, renamed: BTreeSet<String>) {
    for object in renamed {
        context.screen.say(format!(
            "  `renamed-from` of {} has run everywhere: `schemactl fmt --prune` takes it away",
            escaped(&object)
        ));
    }
}

fn is_todo(report: &Report, recorded: Recorded) -> bool {
    report
        .lines
        .iter()
        .any(|line| line.pending || line.altered || line.missing)
        || matches!(recorded, Recorded::Drifted | Recorded::HalfDone)
}

fn drift_words(context: &Context, recorded: Recorded) -> String {
    match recorded {
        Recorded::Same => "as recorded".to_owned(),
        Recorded::Drifted => context.screen.paint(Paint::Careful, "drifted"),
        Recorded::Nothing => "nothing recorded".to_owned(),
        Recorded::HalfDone => context.screen.paint(Paint::Bad, "half done"),
        Recorded::Unread => context
            .screen
            .paint(Paint::Careful, "not compared: the KDL has mistakes"),
    }
}

/// What is to be done about it, on a line of its own.
fn tell_next(context: &Context, recorded: Recorded) {
    let next = match recorded {
        Recorded::HalfDone => {
            "a migration is running or was interrupted outside a transaction: `schemactl apply` goes on with it, \
             `schemactl repair` clears it up"
        }
        Recorded::Drifted => "`schemactl drift` says what differs from the record of the last run",
        Recorded::Unread => "`schemactl check` tells the mistakes of the KDL",
        _ => return,
    };
    context.screen.say(format!("  {next}"));
}

/// Whether the database is as the last migration left it, by the comparison of `drift`; none where nothing is recorded.
pub(super) async fn as_recorded(
    workspace: &Workspace,
    folder: &Folder,
    live: &Live,
    catalog: &Catalog,
    declared: &Declared,
    history: &crate::migrate::History,
    state: &State,
) -> Result<Option<bool>, Failure> {
    let Some(head) = &state.snapshot else {
        return Ok(None);
    };
    let is_current = state.snapshot_is_current();
    let managed = workspace.hands().of(catalog, &declared.desired);
    if managed.fingerprint() == head.fingerprint {
        return Ok(is_current.then_some(true));
    }
    let Some(snapshot) = history.snapshot(&live.session).await? else {
        return Ok(None);
    };
    let here = (live.database(), catalog);
    let standing = Standing::of(workspace, folder, state, here, Some(&snapshot));
    let found = drift_at_sight(&standing, &workspace.hands(), &declared.desired).await?;
    // What is not recorded yet can't be called so.
    Ok(match found.is_none() {
        true => is_current.then_some(true),
        false => Some(false),
    })
}

fn show(
    context: &Context,
    live: &Live,
    folder: &Folder,
    state: &State,
    report: &Report,
    recorded: Recorded,
) {
    let screen = &context.screen;
    let name = live.environment.as_deref().unwrap_or("database");
    let pending = report.lines.iter().filter(|line| line.pending).count();
    let drift = drift_words(context, recorded);
    screen.print(format!(
        "{}  {}   at {}   {pending} pending   {drift}",
        escaped(name),
        live.label(),
        at(state)
    ));
    for (table, rows) in state.adopted() {
        let tool = rows.iter().find_map(|row| row.adopted_from.as_deref());
        screen.print(escaped(&format!(
            "  {table}, the history of {}:",
            tool.unwrap_or_default()
        )));
        for row in rows {
            let mut words = vec![row.status.word().replace('_', " ")];
            if let Some(at) = row.applied_at {
                let at = at.strftime("%Y-%m-%d %H:%M").to_string();
                words.push(screen.paint(Paint::Faint, &at));
            }
            screen.print(format!(
                "    {}  {}",
                escaped(&format!("{} {}", row.version.as_str(), row.name)),
                words.join(", ")
            ));
        }
    }
    for (service, lines) in by_service(folder, report) {
        let count = |is: fn(&Line) -> bool| lines.iter().filter(|line| is(line)).count();
        let at = report.at.of(service).map_or("nothing", |at| at.as_str());
        let wrong = [
            (count(|line| line.altered), "altered"),
            (count(|line| line.missing), "missing"),
        ];
        let wrong: String = wrong
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| {
                format!(
                    "   {}",
                    screen.paint(Paint::Bad, &format!("{count} {word}"))
                )
            })
            .collect();
        screen.print(format!(
            "  {}  at {}   {} pending{wrong}",
            screen.paint(Paint::Strong, &escaped(&called(service))),
            escaped(at),
            count(|line| line.pending)
        ));
    }
    for line in &report.lines {
        screen.print(format!(
            "  {}  {}",
            escaped(&format!("{} {}", line.version, line.name)),
            words(context, state, line)
        ));
    }
    tell_problems(context, folder);
    tell_next(context, recorded);
}

/// What is wrong with the files, whatever the database.
fn tell_problems(context: &Context, folder: &Folder) {
    for problem in folder.problems() {
        context.screen.warn(escaped(&problem.to_string()));
    }
}

fn words(context: &Context, state: &State, line: &Line) -> String {
    let screen = &context.screen;
    let mut words = Vec::new();
    match line.status {
        Some(status) => words.push(status.word().replace('_', " ")),
        None if line.pending => words.push(screen.paint(Paint::Careful, "pending")),
        None => {}
    }
    if line.pending && line.status.is_some() {
        words.push(screen.paint(Paint::Careful, "pending"));
    }
    for (is, word) in [
        (line.altered, "altered"),
        (line.missing, "missing"),
        (line.unproven, "not proven"),
    ] {
        if is {
            words.push(screen.paint(Paint::Bad, word));
        }
    }
    if let Some(tool) = line.row.as_ref().and_then(|row| row.adopted_from.as_ref()) {
        words.push(format!("ran with {}", escaped(tool)));
    }
    if let Some(at) = line
        .row
        .as_ref()
        .and_then(Row::in_since)
        .filter(|_| !line.pending)
    {
        words.push(screen.paint(Paint::Faint, &at.strftime("%Y-%m-%d %H:%M").to_string()));
    }
    for tag in state.tags_of(&line.version) {
        words.push(screen.paint(Paint::Strong, &format!("tag {}", escaped(tag))));
    }
    words.join(", ")
}

/// The lines of each service, where the project has some.
fn by_service<'r>(folder: &'r Folder, report: &'r Report) -> Vec<(&'r str, Vec<&'r Line>)> {
    let mut services: Vec<(&str, Vec<&Line>)> = Vec::new();
    if !folder.has_services() {
        return services;
    }
    for line in &report.lines {
        let service = line.version.service();
        match services.last_mut() {
            Some((last, lines)) if *last == service => lines.push(line),
            _ => services.push((service, vec![line])),
        }
    }
    services
}

fn told(
    folder: &Folder,
    live: &Live,
    state: &State,
    report: &Report,
    recorded: Recorded,
) -> Stands {
    let migrations = report.lines.iter().map(|line| {
        let row = line.row.as_ref();
        let service = line.version.service();
        MigrationState {
            version: line.version.clone(),
            name: line.name.clone(),
            tags: state.tags_of(&line.version).map(str::to_owned).collect(),
            status: line.status,
            pending: line.pending,
            altered: line.altered,
            missing: line.missing,
            unproven: line.unproven,
            applied_at: row.and_then(|row| row.applied_at),
            applied_by: row.and_then(|row| row.applied_by.clone()),
            adopted_from: row.and_then(|row| row.adopted_from.clone()),
            service: folder.has_services().then(|| called(service)),
        }
    });
    let adopted = state.adopted().into_iter().map(|(table, rows)| {
        let migration = |row: &&Row| AdoptedMigration {
            version: row.version.as_str().to_owned(),
            name: row.name.clone(),
            status: row.status,
            applied_at: row.applied_at,
            applied_by: row.applied_by.clone(),
        };
        AdoptedState {
            table: table.to_owned(),
            tool: rows.iter().find_map(|row| row.adopted_from.clone()),
            migrations: rows.iter().map(migration).collect(),
        }
    });
    Stands {
        ok: true,
        environment: live.environment.clone(),
        database: live.label(),
        at: At::of(folder, &report.at),
        as_recorded: recorded.known(),
        half_done: recorded == Recorded::HalfDone,
        migrations: migrations.collect(),
        adopted: adopted.collect(),
    }
}
