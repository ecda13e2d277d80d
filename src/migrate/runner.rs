//! Applying, taking back, adopting: the runs that change a database and its history.
//!
//! The rule: one session does all of it, under the lock, and what was decided before the lock is decided again under
//! it. The library never prints: what happens is told as [`Event`]s.

use super::corrections::{Corrected, Corrections};
use super::error::{FolderError, Problem};
use super::execute::{Job, is_of_the_query};
use super::failure::RunError;
use super::folder::{Folder, Migration};
use super::header::key;
use super::held::{HeldLock, HeldLocks};
use super::history::{History, NewEvent, Row, Snapshot, State, Status, first};
use super::lock::{Holder, Lock};
use super::observe::{Blocker, Building, Observer};
use super::plan::{
    ApplyTo, Pending, RollbackPlan, RollbackTo, WayBack, Whose, again, plan_apply, plan_redo,
    plan_rollback, way_back,
};
use super::resume::Resume;
use super::script::Script;
use super::secret::Values;
use super::so_far::SoFar;
use super::validate::Validators;
use super::watch::Watchdog;
use super::{Direction, MigrationFile, Version};
use crate::kdl::shown;
use crate::model::Exit;
use crate::pg::connect::{Notice, Session};
use crate::pg::error::SqlError;
use crate::sql::quote;
use futures_util::future::BoxFuture;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::sync::watch;

/// What happens, for whoever shows it.
#[derive(Debug)]
pub enum Event<'e> {
    /// Another session holds the lock.
    Waiting(&'e Holder),
    /// A migration begins.
    Started {
        /// `000003_user_phone`.
        label: &'e str,
        /// Which way.
        direction: Direction,
        /// How many statements it has.
        statements: usize,
        /// Whether it is one transaction.
        transaction: bool,
    },
    /// A statement begins.
    StatementStarted {
        /// `000003_user_phone`.
        label: &'e str,
        /// Which one, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// The statement.
        sql: &'e str,
    },
    /// A statement is done.
    StatementDone {
        /// Which one, from 1.
        number: usize,
        /// The statement.
        sql: &'e str,
        /// How long it took.
        took: Duration,
    },
    /// Ranges of rows are done.
    Batches {
        /// `000003_user_phone`.
        label: &'e str,
        /// How many rows they went over, of earlier runs too.
        visited: u64,
        /// How many there are, as far as the statistics know; 0 where they know nothing.
        about: u64,
        /// How many of them in this run.
        here: u64,
        /// How long these took.
        took: Duration,
    },
    /// An index is being built.
    Building {
        /// How far it is.
        building: &'e Building,
    },
    /// A statement waits for a lock that others hold.
    Blocked {
        /// Who they are.
        blockers: &'e [Blocker],
        /// For how long the statement runs already.
        waits: Duration,
    },
    /// What a transaction held until its end, told in a rehearsal.
    Held {
        /// The locks that others would have noticed.
        locks: &'e [HeldLock],
    },
    /// PostgreSQL said something beside the result.
    Notice(&'e Notice),
    /// A `report` query's result.
    Report {
        /// The query.
        query: &'e str,
        /// The names of its columns.
        columns: &'e [String],
        /// Its rows.
        rows: &'e [Vec<Option<String>>],
    },
    /// The transaction failed at a lock and is tried again.
    Retry {
        /// Which try comes next, from 2.
        attempt: u32,
        /// After which pause.
        pause: Duration,
        /// Why.
        error: &'e RunError,
    },
    /// The transaction was taken back because tables changed in a way that no statement shows; it runs again with their rows
    /// counted.
    Recount {
        /// `000003_user_phone`.
        label: &'e str,
    },
    /// A migration is done and recorded.
    Finished {
        /// `000003_user_phone`.
        label: &'e str,
        /// Which way.
        direction: Direction,
        /// How long it took.
        took: Duration,
        /// The longest that a client waited for it, where that was watched.
        waited: Option<Duration>,
    },
    /// A standby is too far behind: the next file waits for it.
    Lag {
        /// Which one.
        standby: &'e str,
        /// How far it may be.
        most: Duration,
    },
    /// A migration failed; the error is what the run returns.
    Failed {
        /// `000003_user_phone`.
        label: &'e str,
        /// Which way.
        direction: Direction,
    },
    /// An interruption of an earlier run was cleared up.
    Resumed {
        /// `000003_user_phone`.
        label: &'e str,
        /// Where the migration stands now.
        status: Status,
    },
    /// A file that corrects drift found none: it is recorded and not run.
    Skipped {
        /// `000003_correct_drift`.
        label: &'e str,
    },
    /// A rollback takes more files than asked for, so that a group stays whole.
    Widened {
        /// The group.
        group: &'e str,
        /// How many files are taken back.
        files: usize,
    },
}

/// How to run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Who it is done for, as the history shall name them.
    pub actor: Option<String>,
    /// The environment that the database shall remember, and whether it is protected.
    pub environment: Option<(String, bool)>,
    /// The environment that the database remembers where it is a copy of that one's.
    pub copied_from: Option<String>,
    /// How long to wait for the lock; none: not at all.
    pub wait: Option<Duration>,
    /// lock_timeout of statements in a transaction.
    pub lock_timeout: Option<Duration>,
    /// statement_timeout of statements in a transaction.
    pub statement_timeout: Option<Duration>,
    /// How often a transaction that failed at a lock is tried again.
    pub lock_retries: u32,
    /// The pause before the first retry; it doubles.
    pub backoff: Duration,
    /// The longest pause; none: 30 s.
    pub backoff_max: Option<Duration>,
    /// What `${env:NAME}` in a statement stands for.
    pub values: Values,
    /// What is checked around each file.
    pub validators: Validators,
    /// How long a client may wait for a statement; none: as long as it takes.
    pub blocking_budget: Option<Duration>,
    /// How far standbys may be behind when a file begins.
    pub max_lag: Option<Duration>,
    /// Whether the locks of each transaction are looked at and told.
    pub rehearses: bool,
    /// What the events shall bear besides, by key: a label, the hash that was approved.
    pub notes: BTreeMap<&'static str, String>,
}

/// Why the caller's snapshot failed, with its exit class.
pub type HookError = (miette::Report, Exit);

/// Reads the catalog inside the runner's open transaction, after what ran so far; the result commits with the migration.
pub type SnapshotHook<'h> = dyn for<'s> Fn(&'s Session, &'s SoFar) -> BoxFuture<'s, Result<Snapshot, HookError>>
    + Send
    + Sync
    + 'h;

/// Tells, under the lock and before anything runs, what of the database has wandered off from what was recorded.
pub type DriftHook<'h> =
    dyn for<'s> Fn(&'s Session) -> BoxFuture<'s, Result<Corrected, HookError>> + Send + Sync + 'h;

/// What stands between the decision to run something and its first statement, under the lock: it may still refuse.
pub type GateHook<'h> =
    dyn for<'s> Fn(&'s Session) -> BoxFuture<'s, Result<(), HookError>> + Send + Sync + 'h;

/// The way back from the middle of a group: its files' own ways back begin at its end.
pub struct HalfWay<'a> {
    /// The files that ran, newest first.
    pub versions: Vec<Version>,
    /// What leads back to where the group began, in one transaction.
    pub sql: String,
    /// Asked in that transaction whether it did.
    pub is_back: &'a GateHook<'a>,
}

impl HalfWay<'_> {
    fn job(&self, row: Row) -> Result<Job, RunError> {
        let name = format!("the way back from the middle of {}", label(&row));
        let script = MigrationFile::parse(&format!("\n{}", self.sql))
            .and_then(|file| Script::parse(&file))
            .map_err(|error| FolderError::Problems {
                dir: std::path::PathBuf::new(),
                problems: vec![Problem::in_file(&name, &self.sql, &error)],
            })?;
        Ok(Job {
            label: label(&row),
            file: name,
            direction: Direction::Down,
            script,
            row,
            skipped: false,
            also: Vec::new(),
        })
    }
}

/// Runs migrations in one session.
pub struct Runner<'a> {
    pub(super) session: &'a Session,
    pub(super) history: History,
    /// The role that the session began with; none until a run begins, or without SET ROLE.
    pub(super) role: Option<String>,
    /// How many statements of the running file were done.
    pub(super) done: usize,
    /// The tables that are counted around the running file because a run before found them changed, by oid.
    pub(super) recount: BTreeSet<String>,
    /// Who watches for clients that wait.
    pub(super) watchdog: Option<Watchdog>,
    /// Whether the run takes migrations back.
    pub(super) goes_back: bool,
    /// The way back from the middle of a group.
    pub(super) half: Option<HalfWay<'a>>,
    /// The locks of the running transaction, in a rehearsal.
    pub(super) held: HeldLocks,
    /// Who looks at what a long statement does.
    pub(super) observer: Observer,
    /// Whether the running file is taken back only to be run again with these counted.
    pub(super) again: bool,
    pub(super) options: Options,
    /// Whether an interrupted statement that nobody can judge is done, where a person said so.
    pub(super) word: Option<bool>,
    pub(super) resume: &'a dyn Resume,
    pub(super) snapshot: Option<&'a SnapshotHook<'a>>,
    pub(super) drifted: Option<&'a DriftHook<'a>>,
    /// Asked in the transaction of the last file.
    pub(super) end: Option<&'a GateHook<'a>>,
    /// Whether the running file is the last.
    pub(super) is_last: bool,
    /// What ran so far.
    pub(super) so_far: SoFar,
    /// Asked once, before the first statement.
    pub(super) gate: Option<&'a GateHook<'a>>,
    pub(super) stop: Option<watch::Receiver<bool>>,
    pub(super) events: &'a mut (dyn FnMut(&Event<'_>) + Send),
}

impl<'a> Runner<'a> {
    /// A runner without snapshots that nobody stops.
    pub fn new(
        session: &'a Session,
        history: History,
        options: Options,
        resume: &'a dyn Resume,
        events: &'a mut (dyn FnMut(&Event<'_>) + Send),
    ) -> Runner<'a> {
        Runner {
            session,
            history,
            role: None,
            done: 0,
            recount: BTreeSet::new(),
            again: false,
            watchdog: None,
            goes_back: false,
            half: None,
            held: HeldLocks::default(),
            observer: Observer::default(),
            options,
            word: None,
            resume,
            snapshot: None,
            drifted: None,
            end: None,
            is_last: false,
            so_far: SoFar::default(),
            gate: None,
            stop: None,
            events,
        }
    }

    /// With the catalog recorded after the last file, and after each group.
    #[must_use]
    pub fn with_snapshots(mut self, hook: &'a SnapshotHook<'a>) -> Self {
        self.snapshot = Some(hook);
        self
    }

    /// With the way back from the middle of a group, where one is to be taken back.
    #[must_use]
    pub fn with_half(mut self, half: Option<HalfWay<'a>>) -> Self {
        self.half = half;
        self
    }

    /// With the answer to whether files that correct drift have something to correct; without, they are skipped.
    #[must_use]
    pub fn with_drift(mut self, hook: &'a DriftHook<'a>) -> Self {
        self.drifted = Some(hook);
        self
    }

    /// With what has to be done before the first statement, and only where one will run.
    #[must_use]
    pub fn with_gate(mut self, hook: &'a GateHook<'a>) -> Self {
        self.gate = Some(hook);
        self
    }

    /// With what has to hold in the end, asked in the transaction of the last file that is applied.
    #[must_use]
    pub fn with_end(mut self, hook: Option<&'a GateHook<'a>>) -> Self {
        self.end = hook;
        self
    }

    /// With a channel that stops the run when it turns true: the running statement is cancelled.
    #[must_use]
    pub fn with_stop(mut self, stop: watch::Receiver<bool>) -> Self {
        self.stop = Some(stop);
        self
    }

    pub(super) fn tell(&mut self, event: &Event<'_>) {
        (self.events)(event);
    }

    pub(super) async fn lock(&mut self) -> Result<Lock, RunError> {
        let events = &mut self.events;
        let told = |holder: &Holder| events(&Event::Waiting(holder));
        let schema = self.history.schema().to_owned();
        Ok(Lock::acquire(
            self.session,
            &schema,
            self.options.wait,
            self.stop.as_ref(),
            told,
        )
        .await?)
    }

    /// Gives the lock back, whatever came of the run. A lost session has given it back already.
    pub(super) async fn unlock<T>(
        &mut self,
        lock: Lock,
        result: Result<T, RunError>,
    ) -> Result<T, RunError> {
        let released = lock.release(self.session).await;
        let value = result?;
        released?;
        Ok(value)
    }

    /// Under the lock: history, environment, interruptions of earlier runs.
    pub(super) async fn begin(&mut self, lock: &Lock) -> Result<State, RunError> {
        let role = format!(
            "SELECT pg_catalog.current_setting({})",
            quote::literal("role")
        );
        let role = self.session.texts(&role).await.map_err(own)?;
        self.role = first(&role).map(str::to_owned);
        self.history.prepare(self.session, lock).await?;
        let mut state = self.history.state(self.session).await?;
        if let Some((environment, protected)) = self.options.environment.clone() {
            if let Some(from) = self.options.copied_from.clone()
                && state.environment.as_ref() == Some(&from)
            {
                self.take_copy(&from, (&environment, protected)).await?;
                state = self.history.state(self.session).await?;
            }
            self.history
                .remember(self.session, &state, &environment, protected)
                .await?;
        }
        let running: Vec<Row> = state
            .rows
            .values()
            .filter(|r| r.status == Status::Running)
            .cloned()
            .collect();
        if running.is_empty() {
            return Ok(state);
        }
        for row in running {
            self.settle(&row).await?;
        }
        Ok(self.history.state(self.session).await?)
    }

    /// Applies what is pending, as far as `to` says. Where `expected` is given, nothing else than those may run (some
    /// of them may have been run by others meanwhile). Gives the versions that this run applied.
    pub async fn apply(
        &mut self,
        folder: &Folder,
        to: impl Into<ApplyTo>,
        expected: Option<&[Version]>,
    ) -> Result<Vec<Version>, RunError> {
        let to = &to.into();
        // Files that can't run, and databases with nothing to do, need no lock and no history made.
        if self.history.is_current() {
            let state = self.history.state(self.session).await?;
            let pending = plan_apply(folder, &state, to)?;
            let running = state.rows.values().any(|row| row.status == Status::Running);
            let shown = self.snapshot.is_none() || state.snapshot_is_current();
            if pending.is_empty() && !running && shown {
                return Ok(Vec::new());
            }
        }
        let lock = self.lock().await?;
        let result = self.apply_locked(&lock, folder, to, expected).await;
        self.unlock(lock, result).await
    }

    async fn apply_locked(
        &mut self,
        lock: &Lock,
        folder: &Folder,
        to: &ApplyTo,
        expected: Option<&[Version]>,
    ) -> Result<Vec<Version>, RunError> {
        let state = self.begin(lock).await?;
        let pending = plan_apply(folder, &state, to)?;
        if let Some(expected) = expected {
            let others = pending
                .iter()
                .filter(|p| !expected.contains(&p.migration.version));
            let versions: Vec<String> = others.map(|p| p.migration.label()).collect();
            if !versions.is_empty() {
                return Err(RunError::PlanChanged { versions });
            }
        }
        let jobs = self.up_jobs(folder, &pending, &state).await?;
        self.run(jobs, state).await
    }

    /// The jobs of pending files, every mistake in any of them told at once.
    pub(super) async fn up_jobs(
        &mut self,
        folder: &Folder,
        pending: &[Pending<'_>],
        state: &State,
    ) -> Result<Vec<Job>, RunError> {
        let corrects = |migration: &Migration| migration.up.file.header().corrects_drift();
        let corrected = match self.drifted {
            Some(hook) if pending.iter().any(|p| corrects(p.migration)) => hook(self.session)
                .await
                .map_err(|(report, exit)| RunError::Snapshot { report, exit })?,
            _ => Box::new(|_: &str| false),
        };
        let mut corrections = Corrections::new(corrected, folder, state);
        let mut jobs = Vec::new();
        let mut problems = Vec::new();
        for migration in pending.iter().map(|p| p.migration) {
            match Script::parse(&migration.up.file) {
                Ok(script) => jobs.push(Job {
                    skipped: corrects(migration) && !corrections.has_something_to_do(migration),
                    ..self.up_job(migration, script, state)
                }),
                Err(error) => {
                    let text = migration.up.file.render();
                    problems.push(Problem::in_file(&migration.up.name, &text, &error));
                }
            }
        }
        if !problems.is_empty() {
            return Err(FolderError::Problems {
                dir: folder.dir().to_owned(),
                problems,
            }
            .into());
        }
        Ok(jobs)
    }

    /// Takes back what `to` says, newest first. A file that is missing is taken from the history. Gives the versions.
    pub async fn rollback(
        &mut self,
        folder: &Folder,
        to: &RollbackTo,
        whose: &Whose,
    ) -> Result<Vec<Version>, RunError> {
        if !self.history.exists() {
            return Ok(Vec::new());
        }
        let lock = self.lock().await?;
        let result = self.rollback_locked(&lock, folder, to, whose).await;
        self.unlock(lock, result).await
    }

    /// Takes back what `to` says and applies it again, under one lock; `expected` are the versions that were agreed to,
    /// newest first. Nothing is taken back that could not be applied again. Gives the versions, oldest first.
    pub async fn redo(
        &mut self,
        folder: &Folder,
        to: &RollbackTo,
        whose: &Whose,
        expected: &[Version],
    ) -> Result<Vec<Version>, RunError> {
        let lock = self.lock().await?;
        let result = self.redo_locked(&lock, folder, to, whose, expected).await;
        self.unlock(lock, result).await
    }

    async fn redo_locked(
        &mut self,
        lock: &Lock,
        folder: &Folder,
        to: &RollbackTo,
        whose: &Whose,
        expected: &[Version],
    ) -> Result<Vec<Version>, RunError> {
        let state = self.begin(lock).await?;
        let plan = plan_redo(folder, &state, to, whose)?;
        let back: Vec<Version> = plan
            .back
            .rows
            .iter()
            .map(|row| row.version.clone())
            .collect();
        if back != expected {
            let others = back.iter().filter(|version| !expected.contains(version));
            return Err(RunError::PlanChanged {
                versions: others.map(ToString::to_string).collect(),
            });
        }
        if back.is_empty() {
            return Ok(Vec::new());
        }
        // What could not run is found before anything is taken back.
        for job in self.up_jobs(folder, &plan.again, &state).await? {
            self.options.values.check(&job)?;
        }
        let again = again(&plan.back.rows);
        self.rollback_locked(lock, folder, to, whose).await?;
        self.apply_locked(lock, folder, &again, Some(&back)).await
    }

    async fn rollback_locked(
        &mut self,
        lock: &Lock,
        folder: &Folder,
        to: &RollbackTo,
        whose: &Whose,
    ) -> Result<Vec<Version>, RunError> {
        let before = self.history.state(self.session).await?;
        self.goes_back = true;
        let state = self.begin(lock).await?;
        // Who counts steps counts the one that was interrupted: it is taken back when it is cleared up.
        let cleared = before.rows.values().find(|row| {
            row.status == Status::Running
                && row.direction == Direction::Up
                && state
                    .get(&row.version)
                    .is_some_and(|now| now.status == Status::Failed && !state.is_half_run(now))
        });
        if let (Some(row), RollbackTo::Steps(_)) = (cleared, to) {
            return Err(RunError::ClearedUp {
                version: label(row),
            });
        }
        let RollbackPlan { rows, widened } = plan_rollback(&state, to, whose)?;
        if let Some(group) = &widened {
            self.tell(&Event::Widened {
                group,
                files: rows.len(),
            });
        }
        let mut jobs: Vec<Job> = Vec::new();
        let half = self.half.take();
        if let Some(half) = &half {
            // What ran of the group meanwhile is not in that way back.
            let group = rows
                .iter()
                .find(|row| half.versions.contains(&row.version))
                .map(|row| row.group_id.clone());
            let is_new = |row: &&Row| {
                Some(&row.group_id) == group.as_ref() && !half.versions.contains(&row.version)
            };
            let new: Vec<String> = rows.iter().filter(is_new).map(label).collect();
            if group.is_none() || !new.is_empty() {
                return Err(RunError::PlanChanged { versions: new });
            }
        }
        for row in rows {
            let of_half = half
                .as_ref()
                .filter(|it| it.versions.contains(&row.version));
            if let Some(half) = of_half {
                // All of it goes with the newest.
                match jobs
                    .iter_mut()
                    .find(|job| half.versions.contains(&job.row.version))
                {
                    Some(job) => job.also.push(row),
                    None => jobs.push(half.job(row)?),
                }
                continue;
            }
            let stored = self
                .history
                .row(self.session, &row.version)
                .await?
                .unwrap_or(row);
            let Some(WayBack { name, text, .. }) = way_back(folder, &stored) else {
                return Err(RunError::NoWayBack {
                    version: label(&stored),
                });
            };
            let script = MigrationFile::parse(&text)
                .and_then(|file| Script::parse(&file))
                .map_err(|error| {
                    let problems = vec![Problem::in_file(&name, &text, &error)];
                    FolderError::Problems {
                        dir: folder.dir().to_owned(),
                        problems,
                    }
                })?;
            if state.is_half_run(&stored) && !goes_by_ranges_of(&stored, &script) {
                return Err(RunError::HalfRun {
                    version: label(&stored),
                    last: state
                        .ranges
                        .get(&stored.version)
                        .cloned()
                        .unwrap_or_default(),
                });
            }
            let path = folder.dir().join(&name);
            jobs.push(Job {
                label: label(&stored),
                // What is stored in the history alone has no place.
                file: match path.is_file() {
                    true => shown(&path).display().to_string(),
                    false => name,
                },
                direction: Direction::Down,
                script,
                skipped: stored.status == Status::Skipped,
                row: stored,
                also: Vec::new(),
            });
        }
        self.half = half;
        self.run(jobs, state).await
    }

    pub(super) fn event(&self, action: &str, row: &Row) -> NewEvent {
        NewEvent {
            action: action.to_owned(),
            service: Some(row.service.clone()),
            version: Some(row.version.as_str().to_owned()),
            name: Some(row.name.clone()),
            actor: self.options.actor.clone(),
            detail: self.noted(None),
            ..NewEvent::default()
        }
    }

    /// The detail of an event with the notes of the run.
    pub(super) fn noted(
        &self,
        detail: Option<serde_json::Map<String, serde_json::Value>>,
    ) -> Option<serde_json::Value> {
        let mut detail = detail.unwrap_or_default();
        for (key, note) in &self.options.notes {
            detail.insert((*key).to_owned(), note.clone().into());
        }
        (!detail.is_empty()).then(|| detail.into())
    }

    pub(super) fn up_job(&self, migration: &Migration, script: Script, state: &State) -> Job {
        Job {
            label: migration.label(),
            file: shown(&migration.up.path).display().to_string(),
            direction: Direction::Up,
            row: self.row(migration, state, script.statements()),
            script,
            skipped: false,
            also: Vec::new(),
        }
    }

    pub(super) fn row(&self, migration: &Migration, state: &State, statements: usize) -> Row {
        let up = &migration.up.file;
        let down = migration.down.as_ref().map(|down| &down.file);
        let group = up.header().group();
        // A version is one row, also where its file is spelled with another width now.
        let known = state.get(&migration.version);
        Row {
            service: migration.service().to_owned(),
            version: known.map_or_else(|| migration.version.clone(), |row| row.version.clone()),
            depends_on: migration.depends_on(),
            name: migration.name.clone(),
            description: up.header().get(key::DESCRIPTION).map(str::to_owned),
            part: group.as_ref().and_then(|g| i32::try_from(g.part).ok()),
            group_id: group.map(|g| g.id),
            parent_sha: up.header().parent().map(str::to_owned),
            up_sha: up.body_sha(),
            down_sha: down.map(MigrationFile::body_sha),
            status: Status::Running,
            direction: Direction::Up,
            statements_done: 0,
            statements_total: i32::try_from(statements).unwrap_or(i32::MAX),
            backend_pid: None,
            applied_at: None,
            applied_by: None,
            actor: self.options.actor.clone(),
            execution_time_ms: None,
            error_message: None,
            sqlstate: None,
            up_sql: up.render(),
            down_sql: down.map(MigrationFile::render),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            adopted_from: None,
        }
    }
}

pub(super) fn label(row: &Row) -> String {
    if row.name.is_empty() {
        row.version.to_string()
    } else {
        format!("{}_{}", row.version, row.name)
    }
}

/// A failure of the runner's own statements.
pub(super) fn own(error: SqlError) -> RunError {
    if is_of_the_query(&error) {
        return RunError::Record {
            error: Box::new(error),
            state: "the migration was taken back where it ran in a transaction; one that changes the schema of the history can't be recorded in it".into(),
        };
    }
    RunError::Sql {
        error: Box::new(error),
        state: "nothing of the running migration is recorded; run it again, the history and the catalog tell where things stand".into(),
    }
}

/// Whether a way back goes by ranges of the key by which the migration ran.
fn goes_by_ranges_of(row: &Row, down: &Script) -> bool {
    let up = Script::of_text(&row.up_sql);
    down.range_key().is_some() && up.as_ref().and_then(Script::range_key) == down.range_key()
}
