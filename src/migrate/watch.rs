//! What a run does to others: a second connection sees which clients wait for it and ends its statement when the blocking
//! budget is spent; before each file the standbys have to be near enough.
//!
//! The rule: only reads and writes of clients count, by the locks that they wait for; and a statement is cancelled only while it
//! runs, so that what follows it is never hit.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::execute::Job;
use super::failure::RunError;
use super::history::first;
use super::lock::{asked, stopped};
use super::runner::{Event, Runner, own};
use crate::pg::connect::{Canceller, Session};
use crate::pg::error::SqlError;
use crate::sql::quote;
use tokio::sync::Mutex as Turn;
use tokio::task::JoinHandle;

/// The longest time between two looks.
const POLL: Duration = Duration::from_millis(250);
/// How long standbys may take to come near before a run gives up.
const PATIENCE: Duration = Duration::from_secs(600);

/// A client that waited for the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiter {
    /// Its backend.
    pub pid: i32,
    /// For how long.
    pub waited: Duration,
}

/// What the watching task and the run both know.
#[derive(Default)]
struct Shared {
    /// The longest wait of the running file.
    longest: Mutex<Duration>,
    /// Who waited longer than the budget.
    spent: Mutex<Option<Waiter>>,
    /// Whether a statement runs that may be cancelled; held while it is cancelled.
    running: Turn<bool>,
}

/// The second connection, and what it saw.
pub(super) struct Watchdog {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Watchdog {
    /// Begins to watch a session.
    async fn begin(session: &Session, budget: Duration) -> Result<Watchdog, RunError> {
        let eyes = Session::connect(session.target(), "schemactl watchdog")
            .await
            .map_err(|error| {
                let exit = error.exit();
                RunError::Gate {
                    report: miette::Report::new(error),
                    exit,
                }
            })?;
        let shared = Arc::new(Shared::default());
        let (kept, pid, canceller) = (shared.clone(), session.backend_pid(), session.canceller());
        let task = tokio::spawn(async move {
            kept.watch(&eyes, pid, &canceller, budget).await;
        });
        Ok(Watchdog { shared, task })
    }

    /// Forgets what was before: a transaction begins.
    pub(super) fn begin_anew(&self) {
        *locked(&self.shared.spent) = None;
        *locked(&self.shared.longest) = Duration::ZERO;
    }

    /// Who waited longer than the budget.
    pub(super) fn spent(&self) -> Option<Waiter> {
        locked(&self.shared.spent).clone()
    }

    /// The longest that somebody waited for the running file.
    pub(super) fn longest(&self) -> Duration {
        *locked(&self.shared.longest)
    }

    /// A statement begins or has ended.
    pub(super) async fn runs(&self, running: bool) {
        *self.shared.running.lock().await = running;
    }
}

impl Shared {
    async fn watch(&self, eyes: &Session, pid: i32, canceller: &Canceller, budget: Duration) {
        let pause = (budget / 4).clamp(Duration::from_millis(10), POLL);
        let mut seen: BTreeMap<i32, Instant> = BTreeMap::new();
        loop {
            tokio::time::sleep(pause).await;
            // A server that does not answer has no more to say; the run itself will find that out.
            let Ok(waiting) = waiting(eyes, pid).await else {
                return;
            };
            seen.retain(|pid, _| waiting.iter().any(|(waits, _)| waits == pid));
            let mut longest: Option<Waiter> = None;
            for (pid, told) in waiting {
                let here = seen.entry(pid).or_insert_with(Instant::now).elapsed();
                let waited = told.unwrap_or_default().max(here);
                if longest.as_ref().is_none_or(|it| it.waited < waited) {
                    longest = Some(Waiter { pid, waited });
                }
            }
            let Some(longest) = longest else { continue };
            let most = (*locked(&self.longest)).max(longest.waited);
            *locked(&self.longest) = most;
            if longest.waited < budget {
                continue;
            }
            *locked(&self.spent) = Some(longest);
            let running = self.running.lock().await;
            if *running {
                let _ = canceller.cancel().await;
            }
        }
    }
}

/// The clients whose reads and writes wait for a backend, and for how long the server says (14 and later).
async fn waiting(eyes: &Session, pid: i32) -> Result<Vec<(i32, Option<Duration>)>, SqlError> {
    let since = match eyes.major() {
        14.. => "max(extract(epoch FROM pg_catalog.clock_timestamp() - l.waitstart) * 1000)::int8",
        _ => "NULL::int8",
    };
    // Locks are seen by everybody, the activity of other roles is not. Who waits for a row waits for its transaction.
    let sql = format!(
        "SELECT l.pid, {since} FROM pg_catalog.pg_locks l WHERE NOT l.granted AND l.pid IS NOT NULL AND l.pid <> {pid} \
         AND (l.locktype IN ('transactionid', 'tuple') OR (l.locktype = 'relation' AND l.mode IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock'))) \
         AND {pid} = ANY (pg_catalog.pg_blocking_pids(l.pid)) GROUP BY l.pid"
    );
    let rows = eyes.texts(&sql).await?;
    let waiter = |row: Vec<Option<String>>| {
        let mut cells = row.into_iter();
        let pid = cells.next()??.parse().ok()?;
        let told = cells.next().flatten().and_then(|text| text.parse().ok());
        Some((pid, told.map(Duration::from_millis)))
    };
    Ok(rows.into_iter().filter_map(waiter).collect())
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Runner<'_> {
    /// Begins to watch, where a budget is said.
    pub(super) async fn begin_watch(&mut self) -> Result<(), RunError> {
        if let Some(budget) = self.options.blocking_budget {
            self.watchdog = Some(Watchdog::begin(self.session, budget).await?);
        }
        Ok(())
    }

    /// The failure of a file for which others waited too long.
    pub(super) fn budget_spent(&self, job: &Job, state: &str) -> Option<RunError> {
        let waiter = self.watchdog.as_ref()?.spent()?;
        Some(RunError::Budget {
            file: job.file.clone(),
            budget: self.options.blocking_budget.unwrap_or_default(),
            waiter,
            state: state.to_owned(),
        })
    }

    /// Waits until what is written now reaches every standby within `max-lag`.
    pub(super) async fn standbys_follow(&mut self, state: &str) -> Result<(), RunError> {
        let Some(most) = self.options.max_lag else {
            return Ok(());
        };
        let may = self
            .session
            .texts(&format!(
                "SELECT pg_catalog.pg_has_role({}, 'USAGE')",
                quote::literal("pg_read_all_stats")
            ))
            .await
            .map_err(own)?;
        if first(&may) != Some("t") {
            return Err(RunError::LagUnknown {
                state: state.to_owned(),
            });
        }
        let started = Instant::now();
        let mut told = false;
        loop {
            let here = self
                .session
                .texts("SELECT pg_catalog.pg_current_wal_lsn()")
                .await
                .map_err(own)?;
            let here = first(&here).unwrap_or_default().to_owned();
            let probe = Instant::now();
            loop {
                let behind = format!(
                    "SELECT coalesce(nullif(r.application_name, {none}), r.client_addr::text, {none}) FROM pg_catalog.pg_stat_replication r \
                     WHERE r.replay_lsn IS NOT NULL AND r.replay_lsn < {here}::pg_catalog.pg_lsn ORDER BY r.replay_lsn LIMIT 1",
                    none = quote::literal(""),
                    here = quote::literal(&here)
                );
                let behind = self.session.texts(&behind).await.map_err(own)?;
                let Some(standby) = first(&behind).map(str::to_owned) else {
                    break;
                };
                if probe.elapsed() > most && !told {
                    told = true;
                    self.tell(&Event::Lag {
                        standby: &standby,
                        most,
                    });
                }
                if started.elapsed() > PATIENCE {
                    return Err(RunError::Lag {
                        standby,
                        most,
                        state: state.to_owned(),
                    });
                }
                if stopped(self.stop.as_ref()) {
                    return Err(RunError::Stopped {
                        version: None,
                        state: state.to_owned(),
                    });
                }
                let pause = (most / 4).clamp(Duration::from_millis(10), POLL);
                match self.stop.clone() {
                    None => tokio::time::sleep(pause).await,
                    Some(mut stop) => tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = asked(&mut stop) => {}
                    },
                }
            }
            if probe.elapsed() <= most {
                return Ok(());
            }
        }
    }
}
