//! The database that a command works on: connected, with its history and the policies that hold for it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::ExposeSecret;

use super::arguments::Record;
use super::context::Context;
use super::failure::Failure;
use super::phases;
use super::report::{self, counted, escaped};
use super::screen::{Paint, Screen};
use crate::config::{self, Flags, Policies, Settings, Target as Where, Variables};
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::migrate::{Event, History, HistoryError, LABEL, Options, State};
use crate::model::Exit;
use crate::pg::connect::Session;
use crate::pg::introspect::{IntrospectError, introspect_shared};
use crate::pg::rows::{self, Within};
use crate::pg::target::Target;
use crate::pg::tls::{Roots, TlsMode};
use crate::project::Workspace;
use crate::scratch::server::{EmbeddedCluster, ScratchPolicy};

/// A database that is connected.
pub(super) struct Live {
    screen: Arc<Screen>,
    pub(super) session: Session,
    /// The project's own server, which stops when its last user is gone.
    embedded: Option<EmbeddedCluster>,
    pub(super) environment: Option<String>,
    pub(super) policies: Policies,
    variables: Variables,
    /// How long others may go on changing the schema before it can be read.
    patience: Duration,
}

impl Live {
    /// Connects to the database that flags, environment variables and project file choose.
    pub(super) async fn connect(
        context: &Context,
        workspace: Option<&Workspace>,
    ) -> Result<Live, Failure> {
        Live::connect_as(context, workspace, &context.flags()).await
    }

    /// The same by other flags.
    pub(super) async fn connect_as(
        context: &Context,
        workspace: Option<&Workspace>,
        flags: &Flags,
    ) -> Result<Live, Failure> {
        let place = Place::of(context, workspace, flags).await?;
        place.make_embedded(context, workspace).await?;
        let Place {
            target,
            embedded,
            settings,
            variables,
        } = place;
        let policies = settings.policies;
        let busy = context.screen.busy("connecting to the database");
        let mut session = Session::connect(&target, "schemactl").await?;
        drop(busy);
        if let Some(workspace) = workspace {
            refuse_version(workspace, &session)?;
        }
        session.call_roles(policies.role_names());
        if let Some(role) = policies.connect_as_here() {
            session.act_as(&role).await?;
        }
        Ok(Live {
            screen: context.screen.clone(),
            session,
            embedded,
            environment: settings.environment,
            policies,
            variables,
            patience: Duration::ZERO,
        })
    }

    /// Connects anew where the policies that were found in the database ask for more than the connection has.
    async fn obey(&mut self, workspace: &Workspace) -> Result<(), Failure> {
        let target = self.session.target();
        let wanted = secured(target.clone(), Some(workspace), &self.policies);
        if wanted.tls() != target.tls() {
            self.session = Session::connect(&wanted, "schemactl").await?;
        }
        self.session.call_roles(self.policies.role_names());
        match self.policies.connect_as_here() {
            Some(role) if self.session.role() != Some(&*role) => {
                Ok(self.session.act_as(&role).await?)
            }
            _ => Ok(()),
        }
    }

    /// A database that a URL names, without a project's policies.
    pub(super) async fn at(context: &Context, url: &str) -> Result<Live, Failure> {
        let _busy = context.screen.busy("connecting to the database");
        Ok(Live {
            screen: context.screen.clone(),
            session: Session::connect(&Target::parse(url)?, "schemactl").await?,
            embedded: None,
            environment: None,
            policies: Policies::default(),
            variables: Variables::default(),
            patience: Duration::ZERO,
        })
    }

    /// Tells something that stops nothing.
    pub(super) fn warn(&self, words: &str) {
        self.screen.warn(words);
    }

    /// `ekyc_platform@prod-db:5432 (15.8)`.
    pub(super) fn label(&self) -> String {
        format!("{} ({})", self.place(), self.session.server_version())
    }

    /// `ekyc_platform@prod-db:5432`; the project's own server has no place worth a word.
    pub(super) fn place(&self) -> String {
        if self.embedded.is_some() {
            return format!("{}@embedded", report::escaped(self.database()));
        }
        report::label(self.session.target())
    }

    pub(super) fn database(&self) -> &str {
        self.session.target().database()
    }

    /// Everything in the database.
    pub(super) async fn catalog(&self) -> Result<Catalog, Failure> {
        let _busy = self.screen.busy("reading the database");
        let started = Instant::now();
        loop {
            match introspect_shared(&self.session).await {
                // Somebody else's migrations, for which `--wait` waits.
                Err(IntrospectError::Changing) if started.elapsed() < self.patience => {
                    tokio::time::sleep(PAUSE).await;
                }
                result => return Ok(result?),
            }
        }
    }

    /// Waits so long for a schema that others are changing.
    pub(super) fn waits(&mut self, wait: Option<u64>) {
        self.patience = Duration::from_secs(wait.unwrap_or_default());
    }

    /// The same with the rows and hand-written objects that the files declare.
    pub(super) async fn catalog_with(&self, desired: &Desired) -> Result<Catalog, Failure> {
        let mut catalog = self.catalog().await?;
        self.read_rows(&mut catalog, desired).await?;
        Ok(catalog)
    }

    /// Reads the rows and hand-written objects that the files declare into the catalog of the database.
    pub(super) async fn read_rows(
        &self,
        catalog: &mut Catalog,
        desired: &Desired,
    ) -> Result<(), Failure> {
        Ok(rows::read_all(&self.session, catalog, desired, Within::Nothing).await?)
    }

    /// The roles of the cluster, PostgreSQL's own among them, by the names of the files.
    pub(super) async fn roles(&self) -> Result<BTreeSet<String>, Failure> {
        let rows = self
            .session
            .texts("SELECT rolname FROM pg_catalog.pg_roles")
            .await?;
        let names = self.session.role_names();
        let named = |name: String| names.called_in_files(name);
        Ok(rows.into_iter().flatten().flatten().map(named).collect())
    }

    /// The history and what it says. A database that remembers an environment gets that environment's policies.
    pub(super) async fn history(
        &mut self,
        workspace: &Workspace,
    ) -> Result<(History, State), Failure> {
        self.history_of_copy(workspace, None).await
    }

    /// The same of a database that may be a copy of another environment's.
    pub(super) async fn history_of_copy(
        &mut self,
        workspace: &Workspace,
        copied_from: Option<&str>,
    ) -> Result<(History, State), Failure> {
        let schema = &workspace.project.history_schema;
        let history = History::open(&self.session, schema).await?;
        let state = history.state(&self.session).await?;
        if let (Some(found), Some(given)) = (&state.environment, &self.environment)
            && found != given
            && copied_from != Some(found)
        {
            return Err(HistoryError::Environment {
                found: found.clone(),
                given: given.clone(),
            }
            .into());
        }
        let known = state.environment.clone();
        let known = known.or_else(|| self.environment_at(workspace));
        if self.environment.is_none()
            && let Some(name) = &known
        {
            let project = &workspace.project;
            if project.environment(name).is_ok() {
                self.policies = project.policies(Some(name))?;
                self.environment = Some(name.clone());
                self.obey(workspace).await?;
            }
            if state.protected {
                self.policies.protected = Some(true);
            }
        }
        Ok((history, state))
    }

    /// The environment whose URL leads to this very database; a protected one goes first. Before its first migration a
    /// database remembers nothing, and is none the less what the project file says.
    pub(super) fn environment_at(&self, workspace: &Workspace) -> Option<String> {
        let project = &workspace.project;
        let here = self.session.target();
        let leads_here = |name: &str| {
            let flags = Flags {
                environment: Some(name.to_owned()),
                database: Some(workspace.database().name.value.clone()),
                ..Flags::default()
            };
            let settings = Settings::resolve(Some(project), &flags, &self.variables).ok()?;
            let Where::Url(url) = settings.target else {
                return None;
            };
            let mut there = Target::parse(url.expose_secret()).ok()?;
            if settings.beside {
                there = there.with_database(&settings.database);
            }
            let is_same = there.database() == here.database()
                && there.hosts().iter().any(|host| {
                    let mut hosts = here.hosts().iter();
                    hosts.any(|it| it.name == host.name && it.port == host.port)
                });
            is_same.then_some(settings.policies.is_protected())
        };
        let mut found: Vec<(bool, String)> = Vec::new();
        for environment in &project.environments {
            let name = &environment.name.value;
            found.extend(leads_here(name).map(|protected| (!protected, name.clone())));
        }
        found
            .into_iter()
            .min_by_key(|(open, _)| *open)
            .map(|(_, name)| name)
    }

    /// How the runner works here, with what the history shall say of it.
    pub(super) fn recorded(&self, wait: Option<u64>, record: &Record) -> Options {
        let mut options = self.options(wait);
        if let Some(actor) = &record.actor {
            options.actor = Some(actor.clone());
        }
        if let Some(label) = &record.label {
            options.notes.insert(LABEL, label.clone());
        }
        options
    }

    /// How the runner works here.
    pub(super) fn options(&self, wait: Option<u64>) -> Options {
        let retries = self.policies.lock_retries;
        Options {
            actor: actor(),
            environment: self
                .environment
                .clone()
                .map(|name| (name, self.policies.is_protected())),
            wait: wait.map(Duration::from_secs),
            lock_timeout: Some(self.policies.lock_timeout.unwrap_or(LOCK_TIMEOUT)),
            statement_timeout: self.policies.statement_timeout,
            lock_retries: retries.map_or(LOCK_RETRIES, |it| it.count),
            backoff: retries.and_then(|it| it.backoff).unwrap_or(BACKOFF),
            backoff_max: retries.and_then(|it| it.max),
            blocking_budget: self.policies.blocking_budget,
            max_lag: self.policies.max_lag,
            values: self.variables.iter().collect(),
            ..Options::default()
        }
    }
}

/// Where the database is that flags, environment variables and project file choose.
pub(super) struct Place {
    pub(super) target: Target,
    /// The project's own server, where it is there.
    pub(super) embedded: Option<EmbeddedCluster>,
    pub(super) settings: Settings,
    pub(super) variables: Variables,
}

impl Place {
    /// Chooses the database; it need not be there.
    pub(super) async fn of(
        context: &Context,
        workspace: Option<&Workspace>,
        flags: &Flags,
    ) -> Result<Place, Failure> {
        let variables = context.variables(workspace);
        let project = workspace.map(|workspace| &workspace.project);
        let settings = Settings::resolve(project, flags, &variables)?;
        let mut embedded = None;
        let mut target = match &settings.target {
            Where::Url(url) => Target::parse(url.expose_secret())?,
            Where::Libpq => Target::from_environment()?,
            Where::Embedded => {
                let folder = workspace.map_or_else(|| context.here(), |w| w.project.folder.clone());
                let major = match context.scratch_policy(workspace)? {
                    ScratchPolicy::Postgres { version } => version,
                    _ => None,
                };
                let _busy = context.screen.busy("starting the project's own server");
                let cluster = EmbeddedCluster::open(&folder, major).await?;
                let target = cluster
                    .session()?
                    .target()
                    .with_database(&settings.database);
                embedded = Some(cluster);
                target
            }
        };
        if settings.beside {
            target = target.with_database(&settings.database);
        }
        Ok(Place {
            target: secured(target, workspace, &settings.policies),
            embedded,
            settings,
            variables,
        })
    }
}

/// Refuses a server whose version the project does not take.
fn refuse_version(workspace: &Workspace, session: &Session) -> Result<(), Failure> {
    let (min, max) = workspace.database().server_version;
    let major = i64::from(session.major());
    let wanted = match (min, max) {
        (Some(min), Some(max)) if !(min..=max).contains(&major) => format!("{min} to {max}"),
        (Some(min), _) if major < min => format!("{min} or later"),
        (_, Some(max)) if major > max => format!("{max} or earlier"),
        _ => return Ok(()),
    };
    Err(Failure::said(
        "connect::server_version",
        Exit::Connect,
        format!(
            "`{}` is PostgreSQL {}, and database `{}` of the project wants {wanted}",
            report::label(session.target()),
            session.server_version(),
            workspace.database().name.value
        ),
        "connect to another server, or change `server-version` in schemactl.kdl; nothing was done",
    ))
}

/// The target with the `tls` of the project file; where both ask for something, the stronger of them holds.
fn secured(target: Target, workspace: Option<&Workspace>, policies: &Policies) -> Target {
    let (Some(tls), Some(workspace)) = (&policies.tls, workspace) else {
        return target;
    };
    let folder = &workspace.project.folder;
    let mut choice = target.tls().clone();
    let wanted = match tls.mode {
        config::TlsMode::Disable => TlsMode::Disable,
        config::TlsMode::Prefer => TlsMode::Prefer,
        config::TlsMode::Require => TlsMode::Require,
        config::TlsMode::VerifyCa => TlsMode::VerifyCa,
        config::TlsMode::VerifyFull => TlsMode::VerifyFull,
    };
    choice.mode = match choice.mode {
        TlsMode::Prefer => wanted,
        other => other.max(wanted),
    };
    match tls.ca.as_deref() {
        Some("system") => choice.roots = Roots::System,
        Some(file) => choice.roots = Roots::File(folder.join(file)),
        None => {}
    }
    // As in libpq: with an authority at hand, `require` looks at the chain.
    if choice.mode == TlsMode::Require && matches!(choice.roots, Roots::File(_)) {
        choice.mode = TlsMode::VerifyCa;
    }
    if let (Some(cert), Some(key)) = (&tls.cert, &tls.key) {
        choice.client = Some((folder.join(cert), folder.join(key)));
    }
    target.with_tls(choice)
}

/// The pause before a schema that others are changing is read again.
const PAUSE: Duration = Duration::from_millis(250);
/// How long a statement waits for its lock where nothing is said: whoever waits for an exclusive lock keeps all that come
/// later waiting as well, readers too.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// How often a transaction that did not get its lock is tried again.
const LOCK_RETRIES: u32 = 3;
/// The pause before the first of these.
const BACKOFF: Duration = Duration::from_secs(1);

/// The person that the history shall name.
fn actor() -> Option<String> {
    ["SCHEMACTL_ACTOR", "USER", "LOGNAME"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.is_empty())
        .or_else(account)
}

/// The account that runs this, where no variable names it: under cron and systemd.
fn account() -> Option<String> {
    #[cfg(unix)]
    {
        use nix::unistd::{Uid, User};
        let uid = Uid::current();
        let user = User::from_uid(uid).ok().flatten();
        Some(user.map_or_else(|| format!("uid {uid}"), |user| user.name))
    }
    #[cfg(not(unix))]
    None
}

/// What the runner tells, for the terminal.
pub(super) fn tell(context: &Context, event: &Event<'_>) {
    let screen = &context.screen;
    phases::show(context, event);
    match event {
        Event::Waiting(holder) => {
            screen.say(format!(
                "  waiting for {}",
                report::escaped(&holder.to_string())
            ));
        }
        Event::Started {
            label,
            statements,
            transaction,
            ..
        } => screen.detail(format!(
            "  … {}  {}{}",
            report::escaped(label),
            counted(*statements, "statement"),
            if *transaction {
                ""
            } else {
                ", outside a transaction"
            }
        )),
        Event::StatementDone { number, sql, took } => {
            if screen.verbose() > 1 {
                let sql = crate::sql::secret::mask(sql);
                let first = sql.lines().next().unwrap_or_default();
                screen.say(format!(
                    "      {number}  {}  {}",
                    report::escaped(first),
                    duration(*took)
                ));
            }
        }
        Event::Batches { .. }
        | Event::Building { .. }
        | Event::StatementStarted { .. } => {}
        // Told by the rehearsal itself.
        Event::Held { .. } => {}
        Event::Blocked { blockers, waits } => {
            for blocker in blockers.iter() {
                screen.say(format!(
                    "  waiting for a lock since {} s, held by {}",
                    waits.as_secs(),
                    report::escaped(&blocker.to_string())
                ));
            }
        }
        Event::Notice(notice) => screen.detail(format!(
            "      {}: {}",
            notice.severity.to_lowercase(),
            report::escaped(&notice.message)
        )),
        Event::Report {
            query,
            columns,
            rows,
        } => {
            screen.say(format!("    {}", report::escaped_lines(query)));
            screen.say(format!("      {}", report::escaped(&columns.join(" | "))));
            for row in rows.iter() {
                let cells: Vec<&str> = row
                    .iter()
                    .map(|cell| cell.as_deref().unwrap_or("NULL"))
                    .collect();
                screen.say(format!("      {}", report::escaped(&cells.join(" | "))));
            }
        }
        Event::Skipped { label } => screen.say(format!(
            "  {} {}  skipped: there is no drift to correct",
            screen.paint(Paint::Faint, "·"),
            report::escaped(&spaced(label))
        )),
        Event::Retry {
            attempt,
            pause,
            error,
        } => screen.say(format!(
            "  others were in the way ({}), try {attempt} in {}",
            report::escaped(&error.to_string()),
            duration(*pause)
        )),
        Event::Recount { label } => screen.say(format!(
            "  {} changes tables in a way that no statement shows: it is taken back and run again, with their rows counted",
            report::escaped(&spaced(label))
        )),
        Event::Finished {
            label,
            took,
            waited,
            ..
        } => screen.say(format!(
            "  {} {}  {}{}",
            screen.paint(Paint::Good, "✓"),
            report::escaped(&spaced(label)),
            duration(*took),
            match waited {
                Some(waited) => format!("   longest wait for others {}", duration(*waited)),
                None => String::new(),
            }
        )),
        Event::Lag { standby, most } => screen.say(format!(
            "  waits for standby {}, which is more than {} behind",
            report::escaped(standby),
            duration(*most)
        )),
        Event::Failed { label, .. } => screen.say(format!(
            "  {} {}",
            screen.paint(Paint::Bad, "✗"),
            report::escaped(&spaced(label))
        )),
        Event::Resumed { label, status } => screen.say(format!(
            "  {} was interrupted earlier: now {}",
            report::escaped(&spaced(label)),
            status.word()
        )),
        Event::Widened { group, files } => screen.say(format!(
            "  group {} is taken back whole: {files} files",
            report::escaped(group)
        )),
    }
}

/// `000002_user_phone` as `000002 user_phone`, `20240101_001_user_phone` as `20240101_001 user_phone`.
pub(super) fn spaced(label: &str) -> String {
    // The service stands before the number.
    if let Some((service, label)) = label.split_once('/') {
        return format!("{service}/{}", spaced(label));
    }
    let numbers = label.len()
        - label
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '_')
            .len();
    match label[..numbers].strip_suffix('_') {
        Some(version) => format!("{version} {}", &label[numbers..]),
        None if numbers == 0 => label.to_owned(),
        None => label.replacen('_', " ", 1),
    }
}

/// `41 ms`, `2.9 s`.
pub(super) fn duration(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

/// A channel that turns true when the person presses Ctrl-C.
pub(super) fn stop_on_interrupt() -> tokio::sync::watch::Receiver<bool> {
    let (sender, receiver) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        if interrupted().await.is_ok() {
            let _ = sender.send(true);
        }
        // Dropping the sender would say that nobody can stop it any more.
        std::future::pending::<()>().await;
    });
    receiver
}

/// Waits until a person, or whoever ends the process, asks it to stop: Ctrl-C or SIGTERM.
async fn interrupted() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// `000003`, `auth/000003, crm/000001`, or `nothing`.
pub(super) fn at(state: &State) -> String {
    let mark = state.point().mark();
    mark.map_or_else(|| "nothing".to_owned(), |mark| mark.replace(' ', ", "))
}

/// Says what a reader of the catalog has to know beside what is written of it.
pub(super) fn tell_notes(screen: &Screen, catalog: &Catalog) {
    for (id, object) in catalog.objects.iter() {
        if let Some(note) = object.note() {
            screen.say(format!("  note  {}: {note}", escaped(&id.to_string())));
        }
    }
}

/// Refuses what the model has no place for.
pub(super) fn refuse_unmodelled(catalog: &Catalog) -> Result<(), Failure> {
    if catalog.unmodelled.is_empty() {
        return Ok(());
    }
    let objects: Vec<String> = catalog
        .unmodelled
        .iter()
        .map(|(kind, name)| format!("{kind} {name}"))
        .collect();
    Err(crate::project::ProjectError::Unmodelled {
        count: objects.len(),
        objects,
    }
    .into())
}

/// The exit where a command has done its work.
pub(super) const DONE: Result<Exit, Failure> = Ok(Exit::Fine);
