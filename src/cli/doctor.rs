//! `doctor`: what would go wrong, before it does: project, files, connection, rights, history, scratch, pg_dump, extensions.
//! Every line is a check with what was found and, where something is wrong, what to do. Nothing is changed.

use std::collections::BTreeSet;

use super::answer;
use super::answer::{DoctorCheck, DoctorVerdict};
use super::arguments::Doctor as Options;
use super::context::Context;
use super::failure::Failure;
use super::live::{Live, at};
use super::report::escaped;
use super::screen::Paint;
use crate::author::Databases;
use crate::config::{ConfigError, Settings};
use crate::kind::language::Desired;
use crate::migrate::{Note, Status, altered_files};
use crate::model::{Exit, Kind};
use crate::pg::connect::Session;
use crate::pg::examine::{Examination, examine, unenforced_foreign_keys};
use crate::project::Workspace;
use crate::scratch::server::dumps;

/// How many names a line shows.
const SHOWN: usize = 5;

/// What puts foreign keys in force again.
pub(super) const ENFORCE: &str = "no row is checked meanwhile, and pg_dump does not tell: ALTER TABLE … ENABLE TRIGGER ALL on both tables, then look for rows without their match";

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    /// It may matter.
    Note,
    /// Something will fail, with this exit.
    Wrong(Exit),
}

/// One line.
#[derive(Debug)]
struct Check {
    about: &'static str,
    verdict: Verdict,
    says: String,
    help: Option<String>,
}

/// What was found so far.
#[derive(Debug, Default)]
struct Findings {
    checks: Vec<Check>,
}

impl Findings {
    fn add(&mut self, about: &'static str, verdict: Verdict, says: String, help: Option<&str>) {
        self.checks.push(Check {
            about,
            verdict,
            says,
            help: help.map(str::to_owned),
        });
    }

    fn good(&mut self, about: &'static str, says: impl Into<String>) {
        self.add(about, Verdict::Good, says.into(), None);
    }

    fn note(&mut self, about: &'static str, says: impl Into<String>, help: &str) {
        self.add(about, Verdict::Note, says.into(), Some(help));
    }

    fn wrong(&mut self, about: &'static str, exit: Exit, says: impl Into<String>, help: &str) {
        self.add(about, Verdict::Wrong(exit), says.into(), Some(help));
    }

    /// A failure as another command would end with it.
    fn failed(&mut self, about: &'static str, failure: impl Into<Failure>) {
        let failure = failure.into();
        for report in &failure.reports {
            self.checks.push(Check {
                about,
                verdict: Verdict::Wrong(failure.exit),
                says: report.to_string(),
                help: report.help().map(|help| help.to_string()),
            });
        }
    }

    fn exit(&self) -> Exit {
        self.checks
            .iter()
            .find_map(|check| match check.verdict {
                Verdict::Wrong(exit) => Some(exit),
                _ => None,
            })
            .unwrap_or(Exit::Fine)
    }
}

pub(super) async fn run(context: &Context, _: &Options) -> Result<Exit, Failure> {
    context.formats("doctor")?;
    let mut findings = Findings::default();
    let workspace = match context.project_or_none("doctor") {
        Ok(Some(workspace)) => Some(workspace),
        Ok(None) => {
            findings.note(
                "project",
                "there is none here",
                "`schemactl init` begins one; `--project DIR` names one elsewhere",
            );
            None
        }
        Err(failure) => {
            findings.failed("project", failure);
            None
        }
    };
    let mut desired = Desired::default();
    if let Some(workspace) = &workspace {
        project(context, workspace, &mut findings);
        desired = declared(workspace, &mut findings);
        files(workspace, &mut findings);
    }
    let live = match Live::connect(context, workspace.as_ref()).await {
        Ok(live) => Some(live),
        Err(failure) => {
            findings.failed("connection", failure);
            None
        }
    };
    let mut needed = extensions_of(&desired);
    if let Some(mut live) = live {
        needed.extend(database(workspace.as_ref(), &mut live, &desired, &mut findings).await);
        scratch(
            context,
            workspace.as_ref(),
            Some(&live),
            &needed,
            &mut findings,
        )
        .await;
        dump(live.session.major(), &mut findings);
    } else {
        scratch(context, workspace.as_ref(), None, &needed, &mut findings).await;
    }
    show(context, &findings);
    Ok(findings.exit())
}

fn show(context: &Context, findings: &Findings) {
    let screen = &context.screen;
    let exit = findings.exit();
    if screen.is_json() {
        let checks = findings.checks.iter().map(|check| DoctorCheck {
            about: check.about.to_owned(),
            verdict: match check.verdict {
                Verdict::Good => DoctorVerdict::Good,
                Verdict::Note => DoctorVerdict::Note,
                Verdict::Wrong(_) => DoctorVerdict::Wrong,
            },
            says: check.says.clone(),
            help: check.help.clone(),
        });
        screen.print_json(&answer::Doctor {
            ok: exit == Exit::Fine,
            checks: checks.collect(),
        });
        return;
    }
    for check in &findings.checks {
        let mark = match check.verdict {
            Verdict::Good => screen.paint(Paint::Good, "✓"),
            Verdict::Note => screen.paint(Paint::Careful, "!"),
            Verdict::Wrong(_) => screen.paint(Paint::Bad, "✗"),
        };
        screen.print(format!(
            "  {mark} {:<12} {}",
            check.about,
            escaped(&check.says)
        ));
        for line in check.help.iter().flat_map(|help| help.lines()) {
            let line = screen.paint(Paint::Faint, &escaped(line));
            screen.print(format!("      {:<11} {line}", ""));
        }
    }
    let wrong = |check: &&Check| matches!(check.verdict, Verdict::Wrong(_));
    screen.say(match findings.checks.iter().filter(wrong).count() {
        0 => "  nothing stands in the way".to_owned(),
        count => format!("  {count} of {} checks are wrong", findings.checks.len()),
    });
}

fn project(context: &Context, workspace: &Workspace, findings: &mut Findings) {
    let project = &workspace.project;
    let variables = context.variables(Some(workspace));
    let environment = match Settings::resolve(Some(project), &context.flags(), &variables) {
        Ok(settings) => settings.environment,
        // The connection says it.
        Err(_) => None,
    };
    let of = environment.map_or_else(String::new, |name| format!(", environment {name}"));
    findings.good("project", format!("{}{of}", project.name.as_str()));
}

fn declared(workspace: &Workspace, findings: &mut Findings) -> Desired {
    match workspace.check() {
        Ok((declared, mistakes)) if mistakes.diagnostics.is_empty() => {
            findings.good(
                "schema",
                format!("{} objects are declared", declared.desired.objects.len()),
            );
            declared.desired
        }
        Ok((declared, mistakes)) => {
            let first = mistakes.diagnostics.first();
            let first = first.map(|it| it.message.clone()).unwrap_or_default();
            let says = format!("{} mistakes: {first}", mistakes.diagnostics.len());
            let help = "`schemactl check` shows all of them with their places";
            match mistakes.exit() {
                Exit::Fine => findings.note("schema", says, help),
                exit => findings.wrong("schema", exit, says, help),
            }
            declared.desired
        }
        Err(ConfigError::MissingFiles { path }) => {
            findings.note(
                "schema",
                format!("there are no KDL files: `{}`", path.display()),
                "`diff` needs them; `apply` does not",
            );
            Desired::default()
        }
        Err(error) => {
            findings.failed("schema", error);
            Desired::default()
        }
    }
}

fn files(workspace: &Workspace, findings: &mut Findings) {
    let folder = match workspace.migrations() {
        Ok(folder) => folder,
        Err(error) => return findings.failed("migrations", error),
    };
    for problem in folder.problems() {
        let help = miette::Diagnostic::help(problem).map(|help| help.to_string());
        findings.wrong(
            "migrations",
            problem.exit(),
            problem.to_string(),
            &help.unwrap_or_default(),
        );
    }
    let edited: Vec<String> = folder
        .notes()
        .iter()
        .filter_map(|note| match note {
            Note::Edited { file } => Some(file.clone()),
            Note::Parent { .. } => None,
        })
        .collect();
    if !edited.is_empty() {
        findings.note(
            "migrations",
            format!("edited after they were proven: {}", sample(&edited)),
            "`schemactl restamp` proves them anew; a protected environment refuses them until then",
        );
    } else if folder.problems().is_empty() {
        findings.good(
            "migrations",
            format!("{} in one chain", folder.migrations().len()),
        );
    }
}

/// What the database says; gives the extensions that it has.
async fn database(
    workspace: Option<&Workspace>,
    live: &mut Live,
    desired: &Desired,
    findings: &mut Findings,
) -> BTreeSet<String> {
    findings.good("connection", live.label());
    match live.session.refuse_pooler().await {
        Ok(()) => findings.good("pooler", "each connection has a server process of its own"),
        Err(error) => findings.failed("pooler", error),
    }
    let mut history_schema = crate::migrate::history::DEFAULT_SCHEMA.to_owned();
    if let Some(workspace) = workspace {
        history_schema.clone_from(&workspace.project.history_schema);
        history(workspace, live, findings).await;
        scope(workspace, live, desired, findings).await;
    }
    let schemas: Vec<String> = desired.schemas.iter().cloned().collect();
    match examine(&live.session, &schemas, &history_schema).await {
        Ok(found) => {
            rights(&found, &history_schema, findings);
            sessions(&found, findings);
            extensions(&found, desired, findings);
        }
        Err(error) => findings.failed("rights", error),
    }
    match unenforced_foreign_keys(&live.session, &schemas).await {
        Ok(keys) if keys.is_empty() => {}
        Ok(keys) => {
            let told = format!("switched off by DISABLE TRIGGER ALL: {}", sample(&keys));
            findings.note("foreign keys", told, ENFORCE);
        }
        Err(error) => findings.failed("foreign keys", error),
    }
    match installed(&live.session).await {
        Ok(names) => names,
        Err(error) => {
            findings.failed("extensions", error);
            BTreeSet::new()
        }
    }
}

/// Lines of `scope` that speak of nothing.
async fn scope(workspace: &Workspace, live: &Live, desired: &Desired, findings: &mut Findings) {
    let scope = &workspace.database().scope;
    if scope.lines().next().is_none() {
        return;
    }
    let catalog = match live.catalog().await {
        Ok(catalog) => catalog,
        Err(failure) => return findings.failed("scope", failure),
    };
    let known = catalog.objects.keys().chain(desired.objects.keys());
    let idle = scope.idle(known);
    if idle.is_empty() {
        findings.good("scope", "each line speaks of something");
        return;
    }
    findings.note(
        "scope",
        format!("nothing here is what they speak of: {}", sample(&idle)),
        "the path is `schema.name`, letter by letter as PostgreSQL has it; a part with a dot or a quote stands in double quotes",
    );
}

async fn history(workspace: &Workspace, live: &mut Live, findings: &mut Findings) {
    let (history, state) = match live.history(workspace).await {
        Ok(found) => found,
        Err(failure) => return findings.failed("history", failure),
    };
    let Ok(folder) = workspace.migrations() else {
        return;
    };
    if !history.exists() {
        findings.good(
            "history",
            format!("none yet; `apply` makes it in schema {}", history.schema()),
        );
        return;
    }
    let running: Vec<String> = state
        .rows
        .values()
        .filter(|row| row.status == Status::Running)
        .map(|row| format!("{} {}", row.version, row.name))
        .collect();
    if !running.is_empty() {
        findings.wrong(
            "history",
            Exit::Interrupted,
            format!("interrupted, or running now: {}", sample(&running)),
            "`schemactl apply` goes on where the catalog tells how far it came, else `schemactl repair`",
        );
    }
    for problem in altered_files(&folder, &state) {
        let help = miette::Diagnostic::help(&problem).map(|help| help.to_string());
        findings.wrong(
            "history",
            problem.exit(),
            problem.to_string(),
            &help.unwrap_or_default(),
        );
    }
    if !state.point().0.is_empty() && !state.snapshot_is_current() {
        findings.note(
            "history",
            "the catalog of the present state is not recorded",
            "`schemactl apply` records it, also where nothing is pending; `diff` and `drift` need it",
        );
    }
    findings.good("history", format!("at {}", at(&state)));
}

fn rights(found: &Examination, history_schema: &str, findings: &mut Findings) {
    let before = findings.checks.len();
    if found.in_recovery {
        findings.wrong(
            "rights",
            Exit::Connect,
            "the server is a standby: nothing can be changed on it",
            "connect to the primary",
        );
    }
    if found.read_only {
        findings.wrong(
            "rights",
            Exit::Connect,
            "sessions begin read-only here (default_transaction_read_only)",
            "somebody wants nothing written here; else ALTER ROLE or ALTER DATABASE … RESET default_transaction_read_only",
        );
    }
    if let Some(owner) = &found.history_owner {
        findings.wrong(
            "rights",
            Exit::Connect,
            format!("the history schema {history_schema} belongs to {owner}"),
            "connect as that role, or become a member of it",
        );
    }
    if !found.creates_in_database && !found.missing_schemas.is_empty() {
        findings.wrong(
            "rights",
            Exit::Connect,
            format!(
                "{} may make no schema in this database, and these are not there: {}",
                found.role,
                sample(&found.missing_schemas)
            ),
            "GRANT CREATE ON DATABASE … TO the role, or connect as another",
        );
    }
    if !found.closed_schemas.is_empty() {
        findings.wrong(
            "rights",
            Exit::Connect,
            format!(
                "{} may make nothing in: {}",
                found.role,
                sample(&found.closed_schemas)
            ),
            "GRANT CREATE ON SCHEMA … TO the role, or connect as the owner",
        );
    }
    if !found.foreign_objects.is_empty() {
        let objects: Vec<String> = found
            .foreign_objects
            .iter()
            .map(|(object, owner)| format!("{object} ({owner})"))
            .collect();
        findings.wrong(
            "rights",
            Exit::Connect,
            format!(
                "{} can't alter what others own: {}",
                found.role,
                sample(&objects)
            ),
            "only an owner alters an object: connect as a member of these roles",
        );
    }
    if findings.checks.len() == before {
        let may = match found.superuser {
            true => "a superuser",
            false => "may change every declared schema",
        };
        findings.good("rights", format!("{}: {may}", found.role));
    }
}

fn sessions(found: &Examination, findings: &mut Findings) {
    if !found.idle_in_transaction.is_empty() {
        let sessions: Vec<String> = found
            .idle_in_transaction
            .iter()
            .map(|(pid, role, age)| {
                format!(
                    "pid {pid} ({}, {})",
                    role.as_deref().unwrap_or("?"),
                    age.as_deref().unwrap_or("?")
                )
            })
            .collect();
        findings.note(
            "locks",
            format!(
                "sessions idle in a transaction keep their locks: {}",
                sample(&sessions)
            ),
            "a migration that needs what they hold waits for them",
        );
    }
    if found.prepared_transactions > 0 {
        findings.note(
            "locks",
            format!(
                "{} prepared transactions keep their locks until somebody ends them",
                found.prepared_transactions
            ),
            "SELECT * FROM pg_prepared_xacts; then COMMIT PREPARED or ROLLBACK PREPARED",
        );
    }
    if !found.invalid_indexes.is_empty() {
        findings.note(
            "indexes",
            format!(
                "left invalid by an interrupted build: {}",
                sample(&found.invalid_indexes)
            ),
            "they cost on every write and serve no query: DROP INDEX CONCURRENTLY, then build anew",
        );
    }
}

fn extensions_of(desired: &Desired) -> BTreeSet<String> {
    desired
        .of_kind(Kind::Extension)
        .map(|(id, _)| id.name.to_string())
        .collect()
}

fn extensions(found: &Examination, desired: &Desired, findings: &mut Findings) {
    let declared = extensions_of(desired);
    let missing = found.lacking(&declared);
    if !missing.is_empty() {
        findings.wrong(
            "extensions",
            Exit::Connect,
            format!(
                "declared, and not to be had on the server: {}",
                sample(&missing)
            ),
            "install their packages on the server",
        );
    } else if !declared.is_empty() {
        let count = declared.len();
        findings.good(
            "extensions",
            format!("{count} declared, all to be had on the server"),
        );
    }
}

/// The extensions that a database has.
async fn installed(session: &Session) -> Result<BTreeSet<String>, crate::pg::error::SqlError> {
    let rows = session
        .texts("SELECT extname FROM pg_catalog.pg_extension")
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| row.into_iter().next()?)
        .collect())
}

/// Where migrations are proven, and what that server lacks.
async fn scratch(
    context: &Context,
    workspace: Option<&Workspace>,
    live: Option<&Live>,
    needed: &BTreeSet<String>,
    findings: &mut Findings,
) {
    let databases = match context.scratch(workspace, live).await {
        Ok(databases) => databases,
        Err(failure) => return findings.failed("scratch", failure),
    };
    let session = match databases.database("doctor").await {
        Ok(session) => session,
        Err(error) => {
            return findings.failed(
                "scratch",
                Failure {
                    reports: vec![error.report],
                    exit: error.exit,
                },
            );
        }
    };
    let origin = databases.origin().to_owned();
    let wanted = live.map(|live| live.session.major());
    match wanted.filter(|wanted| *wanted != databases.major()) {
        None => findings.good("scratch", origin),
        Some(wanted) => findings.note(
            "scratch",
            format!("{origin}, and the database runs {wanted}: nothing is proven for {wanted}"),
            &format!("`schemactl postgres install {wanted}` fetches one of that version"),
        ),
    }
    match examine(&session, &[], "").await {
        Ok(found) => {
            let missing = found.lacking(needed);
            if !missing.is_empty() {
                findings.wrong(
                    "scratch",
                    Exit::Connect,
                    format!("extensions that it lacks: {}", sample(&missing)),
                    "install their packages here, or name a server that has them: `--scratch URL`, or `scratch url …` in schemactl.kdl",
                );
            }
        }
        Err(error) => findings.failed("scratch", error),
    }
}

fn dump(major: u32, findings: &mut Findings) {
    let found = dumps(major);
    match found.first() {
        Some(dump) if dump.major >= major => findings.good(
            "pg_dump",
            format!("{}, {}", dump.version, dump.program.display()),
        ),
        Some(dump) => findings.note(
            "pg_dump",
            format!("{} can't read a server of version {major}", dump.version),
            &format!("a backup needs the client programs of PostgreSQL {major} or newer"),
        ),
        None => findings.note(
            "pg_dump",
            "there is none on this machine",
            &format!("a backup needs the client programs of PostgreSQL {major} or newer"),
        ),
    }
}

/// The first few names of a list.
fn sample(names: &[String]) -> String {
    let mut text = names
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
