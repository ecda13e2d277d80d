//! What a long statement does meanwhile: who holds the lock that it waits for, and how far an index is built.
//!
//! The rule: a second connection looks, only while the statement takes long, and where it sees nothing, nothing is told; it never
//! stands in the way of the statement.

use std::fmt;
use std::time::{Duration, Instant};

use super::history::first;
use super::runner::{Event, Runner};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::secret::mask;

/// How long a statement runs before somebody looks, and the time between two looks.
const LOOK: Duration = Duration::from_secs(1);
/// The most blockers that are told.
const MOST: usize = 3;
/// How much of another session's query is told.
const QUERY: usize = 100;

/// A session that holds what a statement waits for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blocker {
    /// Its backend; 0 for a prepared transaction.
    pub pid: i32,
    /// Its role, where that may be seen.
    pub user: Option<String>,
    /// Its application.
    pub application: Option<String>,
    /// `active`, `idle in transaction`, or what kind of process it is.
    pub state: Option<String>,
    /// What it runs or ran last.
    pub query: Option<String>,
    /// How long its transaction is open.
    pub since: Option<Duration>,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid == 0 {
            return f.write_str("a prepared transaction (look into pg_prepared_xacts)");
        }
        write!(f, "pid {}", self.pid)?;
        if let Some(user) = &self.user {
            write!(f, ", {user}")?;
        }
        if let Some(application) = self.application.as_ref().filter(|it| !it.is_empty()) {
            write!(f, " ({application})")?;
        }
        if let Some(state) = self.state.as_ref().filter(|it| !it.is_empty()) {
            write!(f, ", {state}")?;
        }
        if let Some(since) = self.since {
            write!(f, ", its transaction open for {} s", since.as_secs())?;
        }
        match self.query.as_ref().filter(|it| !it.is_empty()) {
            Some(query) => write!(f, ": {query}"),
            None => Ok(()),
        }
    }
}

/// How far an index is built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Building {
    /// The phase, in PostgreSQL's words.
    pub phase: String,
    /// How much of the phase is done, in blocks, rows or waiters.
    pub done: u64,
    /// How much there is; 0 where PostgreSQL does not say.
    pub total: u64,
    /// How long this phase runs already, as far as somebody looked.
    pub took: Duration,
    /// How much was done when somebody looked first.
    pub first: u64,
}

/// What is seen of the running statement.
#[derive(Default)]
pub(super) struct Observer {
    /// The second connection, once there was need of one.
    session: Option<Session>,
    /// Nobody is asked again where it could not be had.
    blind: bool,
    /// Who was told to be in the way last.
    blockers: Vec<Blocker>,
    /// The phase that was seen last, when it was first seen, and how far it was then.
    phase: Option<(String, Instant, u64)>,
}

/// What one look shows.
pub(super) struct Seen {
    blockers: Vec<Blocker>,
    building: Option<Building>,
}

impl Observer {
    /// A statement begins.
    pub(super) fn begin_anew(&mut self) {
        self.blockers.clear();
        self.phase = None;
    }

    /// Who held what the statement waited for when somebody looked last.
    pub(super) fn blockers(&self) -> &[Blocker] {
        &self.blockers
    }

    /// How long to wait before the first look: before a limit on locks ends the statement.
    pub(super) fn first_look(limit: Option<Duration>) -> Duration {
        limit
            .filter(|limit| !limit.is_zero())
            .map_or(LOOK, |limit| LOOK.min(limit / 2))
    }

    /// The time between two looks.
    pub(super) fn pause() -> Duration {
        LOOK
    }

    /// Looks at what the backend of a session does.
    pub(super) async fn look(&mut self, of: &Session) -> Option<Seen> {
        if self.blind {
            return None;
        }
        if self.session.is_none() {
            match Session::connect(of.target(), "schemactl progress").await {
                Ok(session) => self.session = Some(session),
                Err(_) => self.blind = true,
            }
        }
        let session = self.session.as_ref()?;
        match see(session, of.backend_pid()).await {
            Ok(mut seen) => {
                if let Some(building) = &mut seen.building {
                    self.time(building);
                }
                Some(seen)
            }
            Err(_) => {
                self.blind = true;
                None
            }
        }
    }

    /// Says how long the phase runs already.
    fn time(&mut self, building: &mut Building) {
        let is_same = |(phase, _, _): &&(String, Instant, u64)| *phase == building.phase;
        let (began, first) = match self.phase.as_ref().filter(is_same) {
            Some((_, began, first)) => (*began, *first),
            None => (Instant::now(), building.done),
        };
        self.phase = Some((building.phase.clone(), began, first));
        building.took = began.elapsed();
        building.first = first;
    }
}

/// The blockers of a backend, and how far it is with an index
/// (<https://www.postgresql.org/docs/current/progress-reporting.html#CREATE-INDEX-PROGRESS-REPORTING>).
async fn see(session: &Session, pid: i32) -> Result<Seen, SqlError> {
    let blockers = format!(
        "SELECT b.pid, a.usename, a.application_name, coalesce(a.state, a.backend_type), a.query, \
         (extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(a.xact_start, a.query_start)) * 1000)::int8 \
         FROM (SELECT DISTINCT unnest AS pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids({pid}))) b \
         LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start LIMIT {MOST}"
    );
    let blockers = session.texts(&blockers).await?;
    let blockers = blockers.into_iter().map(blocker).collect();
    let progress = format!(
        "SELECT pg_catalog.jsonb_build_array(p.phase, \
         CASE WHEN p.lockers_total > 0 AND p.lockers_done < p.lockers_total THEN p.lockers_done WHEN p.tuples_total > 0 THEN p.tuples_done ELSE p.blocks_done END, \
         CASE WHEN p.lockers_total > 0 AND p.lockers_done < p.lockers_total THEN p.lockers_total WHEN p.tuples_total > 0 THEN p.tuples_total ELSE p.blocks_total END) \
         FROM pg_catalog.pg_stat_progress_create_index p WHERE p.pid = {pid}"
    );
    let progress = session.texts(&progress).await?;
    let progress = first(&progress).and_then(|text| serde_json::from_str(text).ok());
    let building = progress.map(|(phase, done, total): (String, u64, u64)| Building {
        phase,
        done,
        total,
        ..Building::default()
    });
    Ok(Seen { blockers, building })
}

fn blocker(row: Vec<Option<String>>) -> Blocker {
    let mut cells = row.into_iter();
    let mut next = || cells.next().flatten();
    let pid = next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let (user, application, state) = (next(), next(), next());
    let query = next().map(|text| {
        let text = mask(&text).split_whitespace().collect::<Vec<_>>().join(" ");
        match text.char_indices().nth(QUERY) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    });
    let since = next().and_then(|text| text.parse().ok());
    Blocker {
        pid,
        user,
        application,
        state,
        query,
        since: since.map(Duration::from_millis),
    }
}

impl Runner<'_> {
    /// Tells what was seen of a statement that takes long.
    pub(super) fn tell_seen(&mut self, seen: Seen, waits: Duration) {
        if let Some(building) = &seen.building {
            self.tell(&Event::Building { building });
        }
        let pids = |of: &[Blocker]| of.iter().map(|it| it.pid).collect::<Vec<_>>();
        if seen.blockers.is_empty() {
            return;
        }
        let is_new = pids(&seen.blockers) != pids(&self.observer.blockers);
        self.observer.blockers = seen.blockers;
        if is_new {
            let blockers = self.observer.blockers.clone();
            self.tell(&Event::Blocked {
                blockers: &blockers,
                waits,
            });
        }
    }
}
