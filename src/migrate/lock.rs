//! The lock that lets one run at a time change a database.
//!
//! The rule: a session-level advisory lock, asked for without waiting inside PostgreSQL and outside any transaction, by
//! the very session that runs the migrations. A blocking wait would hold a snapshot that CREATE INDEX CONCURRENTLY of
//! the lock's owner waits for: both would wait for ever. The lock ends with its session, so a crash leaves none behind.

use crate::model::Exit;
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::quote;
use miette::Diagnostic;
use std::time::{Duration, Instant};
use thiserror::Error;
use tokio::sync::watch;

/// The first half of the key: `sctl` in ASCII.
const CLASS: i32 = 0x7363_746c;

const POLL: Duration = Duration::from_millis(200);

/// Who holds the lock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holder {
    /// The backend's pid.
    pub pid: i32,
    /// Its role.
    pub user: String,
    /// Its application's name.
    pub application: String,
    /// When the backend connected, as the server prints it.
    pub since: String,
    /// The statement that it runs, or ran last.
    pub query: String,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let query = crate::sql::secret::mask(&self.query);
        let query: String = query.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = query.chars().take(80).collect();
        write!(
            f,
            "pid {}, user `{}`, since {}: `{short}`",
            self.pid, self.user, self.since
        )
    }
}

/// Why there is no lock.
#[derive(Debug, Error, Diagnostic)]
pub enum LockError {
    /// Another session holds it.
    #[error("another schemactl works on this database{}", holder.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())]
    #[diagnostic(
        code(lock::busy),
        help(
            "let it end, wait for it with `--wait SECONDS`, or end it with `SELECT pg_terminate_backend(PID)`"
        )
    )]
    Busy {
        /// Who; none where it just ended.
        holder: Option<Box<Holder>>,
    },
    /// A person stopped the waiting.
    #[error("stopped while waiting for the lock")]
    #[diagnostic(code(lock::stopped), help("nothing was changed"))]
    Stopped,
    /// PostgreSQL refused.
    #[error("can't ask for the lock: {error}")]
    #[diagnostic(code(lock::sql), help("look at the connection"))]
    Sql {
        /// Its answer.
        error: Box<SqlError>,
    },
}

impl LockError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            LockError::Busy { .. } => Exit::Busy,
            LockError::Stopped => Exit::Interrupted,
            LockError::Sql { error } => error.exit(),
        }
    }
}

/// The lock, held by a session until it is released or the session ends.
#[derive(Debug)]
#[must_use = "the session keeps the lock until it is released"]
pub struct Lock {
    key: i32,
}

impl Lock {
    /// Takes the lock of a history schema: at once, or within `wait`. `on_wait` hears who holds it, each time that the
    /// holder is another one.
    pub async fn acquire(
        session: &Session,
        schema: &str,
        wait: Option<Duration>,
        stop: Option<&watch::Receiver<bool>>,
        mut on_wait: impl FnMut(&Holder),
    ) -> Result<Lock, LockError> {
        let key = key(schema);
        let started = Instant::now();
        let sql = format!("SELECT {}", try_sql(schema));
        let mut told = None;
        loop {
            let rows = session.texts(&sql).await.map_err(wrong)?;
            if super::history::first(&rows) == Some("t") {
                return Ok(Lock { key });
            }
            let holder = holder(session, key).await?;
            if wait.is_none_or(|wait| started.elapsed() >= wait) {
                return Err(LockError::Busy {
                    holder: holder.map(Box::new),
                });
            }
            if let Some(holder) = holder
                && told != Some(holder.pid)
            {
                on_wait(&holder);
                told = Some(holder.pid);
            }
            if stopped(stop) {
                return Err(LockError::Stopped);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Gives the lock back.
    pub async fn release(self, session: &Session) -> Result<(), LockError> {
        let sql = format!(
            "SELECT pg_catalog.pg_advisory_unlock({CLASS}, {})",
            self.key
        );
        session.execute(&sql).await.map_err(wrong)
    }
}

/// The expression that takes the lock of a history schema and tells whether it could.
pub(super) fn try_sql(schema: &str) -> String {
    format!("pg_catalog.pg_try_advisory_lock({CLASS}, {})", key(schema))
}

/// The expression that gives the lock of a history schema back.
pub(super) fn release_sql(schema: &str) -> String {
    format!("pg_catalog.pg_advisory_unlock({CLASS}, {})", key(schema))
}

/// Whether a person asked to stop.
pub(super) fn stopped(stop: Option<&watch::Receiver<bool>>) -> bool {
    stop.is_some_and(|stop| *stop.borrow())
}

/// Waits until a person asks to stop; for ever where nobody can ask any more.
pub(super) async fn asked(stop: &mut watch::Receiver<bool>) {
    let asked = stop.wait_for(|stop| *stop).await.is_ok();
    if !asked {
        std::future::pending::<()>().await;
    }
}

fn wrong(error: SqlError) -> LockError {
    LockError::Sql {
        error: Box::new(error),
    }
}

fn key(schema: &str) -> i32 {
    let hex = super::sha256_hex(schema);
    // The hash's first 32 bits, as PostgreSQL's signed integer.
    u32::from_str_radix(&hex[..8], 16).unwrap_or_default() as i32
}

/// pg_locks shows a key of two integers as classid, objid and objsubid 2.
async fn holder(session: &Session, key: i32) -> Result<Option<Holder>, LockError> {
    let sql = format!(
        "SELECT l.pid, coalesce(a.usename, {none}), coalesce(a.application_name, {none}), \
         coalesce(pg_catalog.to_char(a.backend_start, {format}), {none}), coalesce(a.query, {none}) \
         FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
         WHERE l.locktype = {advisory} AND l.granted AND l.objsubid = 2 AND l.classid = {CLASS} \
         AND l.objid = {objid} AND l.database = (SELECT oid FROM pg_catalog.pg_database \
         WHERE datname = pg_catalog.current_database())",
        none = quote::literal(""),
        format = quote::literal("YYYY-MM-DD HH24:MI:SS"),
        advisory = quote::literal("advisory"),
        objid = key as u32,
    );
    let rows = session.texts(&sql).await.map_err(wrong)?;
    Ok(rows.into_iter().next().map(|row| {
        let mut texts = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || texts.next().unwrap_or_default();
        Holder {
            pid: next().parse().unwrap_or_default(),
            user: next(),
            application: next(),
            since: next(),
            query: next(),
        }
    }))
}
