//! What runs around a run of migrations: the hooks of the environment and its backup.
//!
//! The rule: both begin only when a statement is about to run, under the lock, and a failure stops the run before it. Programs
//! get what is secret in PG* variables, never on their command line.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::process::{Child, Command};
use tokio::sync::watch;

use super::approval;
use super::backup::{self, Saved, Touched};
use super::context::Context;
use super::failure::Failure;
use super::gate::in_window;
use super::live::{Live, stop_on_interrupt};
use super::report::escaped;
use super::screen::Screen;
use crate::config::{Hook, HookMoment, Policies};
use crate::migrate::{Direction, Event, GateHook, HookError};
use crate::model::Exit;
use crate::pg::connect::Session;
use crate::pg::introspect::introspect;
use crate::pg::target::Target;
use crate::project::Workspace;

/// What was decided about a run, for what stands around it.
pub(super) struct Around(Arc<Kept>);

pub(super) struct Kept {
    pub(super) screen: Arc<Screen>,
    /// `apply`, `redo`, `rollback`.
    pub(super) command: &'static str,
    pub(super) folder: PathBuf,
    pub(super) environment: Option<String>,
    pub(super) policies: Policies,
    pub(super) target: Target,
    pub(super) role: Option<String>,
    pub(super) major: u32,
    allowed: Vec<String>,
    /// Whether the window counts.
    windowed: bool,
    /// The files of a plan that was approved, and the fingerprint of what they have to do with.
    approved: Option<(Vec<String>, String)>,
    pub(super) touched: Touched,
    began: AtomicBool,
    /// How many migrations were done and recorded.
    finished: AtomicUsize,
    saved: OnceLock<Saved>,
    /// Turns true when somebody asks to stop.
    stop: watch::Receiver<bool>,
}

impl Around {
    /// For a command on a database.
    pub(super) fn new(
        context: &Context,
        workspace: &Workspace,
        live: &Live,
        command: &'static str,
        touched: Touched,
    ) -> Around {
        Around(Arc::new(Kept {
            screen: context.screen.clone(),
            command,
            folder: workspace.project.folder.clone(),
            environment: live.environment.clone(),
            policies: live.policies.clone(),
            target: live.session.target().clone(),
            role: live.session.role().map(str::to_owned),
            major: live.session.major(),
            allowed: context.global.allow.clone(),
            windowed: command != "rollback",
            approved: None,
            touched,
            began: AtomicBool::new(false),
            finished: AtomicUsize::new(0),
            saved: OnceLock::new(),
            stop: stop_on_interrupt(),
        }))
    }

    /// What stops the run, and the programs before it.
    pub(super) fn stop(&self) -> watch::Receiver<bool> {
        self.0.stop.clone()
    }

    /// Hears what happens, for the way back to the backup.
    pub(super) fn hear(&self, event: &Event<'_>) {
        if let Event::Finished {
            direction: Direction::Up,
            ..
        } = event
        {
            self.0.finished.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// With what an approval was bound to.
    pub(super) fn approved(mut self, bodies: Vec<String>, fingerprint: String) -> Around {
        if let Some(kept) = Arc::get_mut(&mut self.0) {
            kept.approved = Some((bodies, fingerprint));
        }
        self
    }

    /// What the runner does before the first statement.
    pub(super) fn gate(&self) -> Box<GateHook<'static>> {
        let kept = self.0.clone();
        Box::new(
            move |session: &Session| -> BoxFuture<'_, Result<(), HookError>> {
                let kept = kept.clone();
                Box::pin(async move {
                    kept.open(session).await.map_err(|failure| {
                        let exit = failure.exit;
                        let report = failure.reports.into_iter().next();
                        let report = report.unwrap_or_else(|| miette::Report::msg("refused"));
                        (report, exit)
                    })
                })
            },
        )
    }

    /// After the run: hooks, and after a failure the way back to the backup.
    pub(super) async fn ended<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        let kept = &self.0;
        if !kept.began.load(Ordering::SeqCst) {
            return result;
        }
        match result {
            Ok(value) => {
                let event = format!("{} of {} is done", kept.command, kept.place());
                kept.hooks(HookMoment::AfterApply, &event, None).await?;
                Ok(value)
            }
            Err(failure) => {
                let event = format!("{} of {} failed", kept.command, kept.place());
                let why = failure.reports.first().map(ToString::to_string);
                let told = kept
                    .hooks(HookMoment::OnFailure, &event, why.as_deref())
                    .await;
                if let Err(told) = told {
                    for report in told.reports {
                        kept.screen.warn(escaped(&report.to_string()));
                    }
                }
                if let Some(saved) = kept.saved.get() {
                    saved.tell(&kept.screen, kept.back_first().as_deref());
                }
                Err(failure)
            }
        }
    }
}

impl Kept {
    /// Everything that comes before the first statement.
    async fn open(&self, session: &Session) -> Result<(), Failure> {
        // Waiting for the lock may have taken long.
        if self.windowed {
            in_window(&self.policies, self.environment.as_deref(), &self.allowed)?;
        }
        self.is_as_approved(session).await?;
        self.began.store(true, Ordering::SeqCst);
        let event = format!("{} of {} begins", self.command, self.place());
        self.hooks(HookMoment::BeforeApply, &event, None).await?;
        if let Some(wanted) = &self.policies.backup {
            match backup::take(self, wanted, session).await {
                Ok(Some(saved)) => {
                    let _ = self.saved.set(saved);
                }
                Ok(None) => {}
                Err(failure) if wanted.required => return Err(failure),
                Err(failure) => {
                    for report in failure.reports {
                        self.screen.warn(escaped(&report.to_string()));
                    }
                }
            }
        }
        // A hook is a program, and a backup takes its time.
        let took_time = |hook: &Hook| hook.moment == HookMoment::BeforeApply;
        if self.policies.backup.is_some() || self.policies.hooks.iter().any(took_time) {
            self.is_as_approved(session).await?;
        }
        Ok(())
    }

    /// Refuses where what an approval was bound to is no longer what it was.
    async fn is_as_approved(&self, session: &Session) -> Result<(), Failure> {
        let Some((bodies, fingerprint)) = &self.approved else {
            return Ok(());
        };
        let catalog = introspect(session.client()).await?;
        let catalog = catalog.with_roles_of_files(session.role_names());
        if approval::fingerprint(&catalog, bodies) == *fingerprint {
            return Ok(());
        }
        Err(Failure::said(
            "apply::approval",
            Exit::Refused,
            "what the plan touches has changed since it was approved".to_owned(),
            "look at `schemactl plan`, and have it approved again; nothing was run",
        ))
    }

    /// The command that takes back what ran before the failure: a restored table can't stand beside what was made on it.
    fn back_first(&self) -> Option<String> {
        let finished = self.finished.load(Ordering::SeqCst);
        let environment = match &self.environment {
            Some(name) => format!(" --env {}", backup::for_shell(name)),
            None => String::new(),
        };
        (self.command == "apply" && finished > 0)
            .then(|| format!("schemactl rollback{environment} --steps {finished}"))
    }

    /// Waits until somebody asks to stop.
    pub(super) async fn stopped(&self) {
        let mut stop = self.stop.clone();
        if stop.wait_for(|stop| *stop).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// What a run that was stopped before its first statement ends with.
    pub(super) fn stopped_before(&self) -> Failure {
        Failure::said(
            "apply::stopped",
            Exit::Interrupted,
            format!("{} of {} was stopped", self.command, self.place()),
            "nothing was run; run it again",
        )
    }

    /// `production`, or the database where no environment is known.
    pub(super) fn place(&self) -> String {
        let database = || self.target.database().to_owned();
        self.environment.clone().unwrap_or_else(database)
    }

    /// The hooks of a moment, one after the other; the first that fails is the end.
    async fn hooks(
        &self,
        moment: HookMoment,
        event: &str,
        error: Option<&str>,
    ) -> Result<(), Failure> {
        let hooks = self.policies.hooks.iter();
        for hook in hooks.filter(|hook| hook.moment == moment) {
            self.hook(hook, event, error).await?;
        }
        Ok(())
    }

    async fn hook(&self, hook: &Hook, event: &str, error: Option<&str>) -> Result<(), Failure> {
        let environment = self.environment.as_deref().unwrap_or_default();
        let words = hook.filled(&[
            ("event", event),
            ("environment", environment),
            ("database", self.target.database()),
        ]);
        let Some((program, arguments)) = words.split_first() else {
            return Ok(());
        };
        self.screen.say(format!(
            "  hook     {} {}",
            hook.moment.word(),
            escaped(&hook.command)
        ));
        // A name with a folder in it is one of the project's own programs.
        let program = match program.contains('/') {
            true => self.folder.join(program).into_os_string(),
            false => program.into(),
        };
        let mut command = Command::new(&program);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .envs(self.target.environment())
            .env("SCHEMACTL_COMMAND", self.command)
            .env("SCHEMACTL_HOOK", hook.moment.word())
            .env("SCHEMACTL_EVENT", event)
            .env("SCHEMACTL_ERROR", error.unwrap_or_default())
            .stdin(Stdio::null())
            // Results of schemactl go to its output, a hook's words do not.
            .stdout(words_to_people());
        if !environment.is_empty() {
            command.env("SCHEMACTL_ENV", environment);
        }
        let why = match command.spawn() {
            Err(error) => format!("can't be started: {error}"),
            Ok(mut child) => {
                let status = tokio::select! {
                    biased;
                    status = child.wait() => status,
                    // Who ends this ends what it waits for; what tells of a failure is let be.
                    () = self.stopped(), if hook.moment == HookMoment::BeforeApply => {
                        end(&mut child).await;
                        return Err(self.stopped_before());
                    }
                };
                match status {
                    Ok(status) if status.success() => return Ok(()),
                    Ok(status) => ended(status),
                    Err(error) => format!("can't be waited for: {error}"),
                }
            }
        };
        let help = match hook.moment {
            HookMoment::BeforeApply => "nothing was run",
            HookMoment::AfterApply => {
                "the migrations ran and are recorded; look at what the hook says"
            }
            HookMoment::OnFailure => "nobody may have been told of the failure",
        };
        Err(Failure::said(
            "apply::hook",
            Exit::Failed,
            format!("hook {} `{}` {why}", hook.moment.word(), hook.command),
            help,
        ))
    }
}

/// Asks a program to end, and ends it where it does not.
pub(super) async fn end(child: &mut Child) {
    const PATIENCE: Duration = Duration::from_secs(5);
    #[cfg(unix)]
    if let Some(pid) = child.id().and_then(|pid| i32::try_from(pid).ok()) {
        use nix::sys::signal::{Signal, kill};
        let _ = kill(nix::unistd::Pid::from_raw(pid), Signal::SIGTERM);
        if tokio::time::timeout(PATIENCE, child.wait()).await.is_ok() {
            return;
        }
    }
    let _ = child.kill().await;
}

/// How a program ended that did not succeed.
fn ended(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with {code}"),
        None => format!("was stopped: {status}"),
    }
}

/// Where schemactl speaks to people.
fn words_to_people() -> Stdio {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        if let Ok(err) = std::io::stderr().as_fd().try_clone_to_owned() {
            return Stdio::from(err);
        }
    }
    Stdio::null()
}
