//! Which locks a file holds, and for how long: asked after each statement where a run is a rehearsal, so that the sum is what
//! other clients would have waited for.
//!
//! The rule: only locks on relations that were there before, in modes that others notice; each counts from the beginning of the
//! statement that took it to the end of the transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::failure::RunError;
use super::runner::{Event, Runner, own};

/// A lock that a file held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLock {
    /// The relation, with its schema, as it was called when it was locked.
    pub relation: String,
    /// The mode in the words of LOCK TABLE.
    pub mode: String,
    /// The statement that took it, from 1.
    pub statement: usize,
    /// For how long.
    pub held: Duration,
}

/// A lock that is held now.
struct Taken {
    relation: String,
    statement: usize,
    since: Instant,
}

/// The locks of the running transaction.
#[derive(Default)]
pub(super) struct HeldLocks {
    /// The relations that were there when it began.
    known: BTreeSet<String>,
    /// By relation and mode.
    taken: BTreeMap<(String, String), Taken>,
}

/// Relations that others know, by OID.
const KNOWN: &str =
    "SELECT oid FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'm', 'f')";

/// The locks of this session on relations that others notice
/// (<https://www.postgresql.org/docs/current/view-pg-locks.html>).
const LOCKS: &str = "SELECT l.relation, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), \
     upper(pg_catalog.regexp_replace(pg_catalog.regexp_replace(l.mode, 'Lock$', ''), '(?<=[a-z])(?=[A-Z])', ' ', 'g')) \
     FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation \
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted \
     AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock') ORDER BY 1, 3";

impl Runner<'_> {
    /// A transaction begins.
    pub(super) async fn begin_locks(&mut self) -> Result<(), RunError> {
        if !self.options.rehearses {
            return Ok(());
        }
        let rows = self.session.texts(KNOWN).await.map_err(own)?;
        self.held = HeldLocks {
            known: rows.into_iter().flatten().flatten().collect(),
            taken: BTreeMap::new(),
        };
        Ok(())
    }

    /// Looks at what the statement took that began then.
    pub(super) async fn note_locks(&mut self, since: Instant) -> Result<(), RunError> {
        if !self.options.rehearses {
            return Ok(());
        }
        let rows = self.session.texts(LOCKS).await.map_err(own)?;
        for row in rows {
            let mut cells = row.into_iter().flatten();
            let (Some(oid), Some(relation), Some(mode)) =
                (cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            if self.held.known.contains(&oid) {
                let taken = Taken {
                    relation,
                    statement: self.done,
                    since,
                };
                self.held.taken.entry((oid, mode)).or_insert(taken);
            }
        }
        Ok(())
    }

    /// The transaction has ended: tells what it held.
    pub(super) fn tell_locks(&mut self) {
        let taken = std::mem::take(&mut self.held.taken);
        if taken.is_empty() {
            return;
        }
        let held = taken.into_iter().map(|((_, mode), taken)| HeldLock {
            relation: taken.relation,
            mode,
            statement: taken.statement,
            held: taken.since.elapsed(),
        });
        let locks: Vec<HeldLock> = held.collect();
        self.tell(&Event::Held { locks: &locks });
    }
}
