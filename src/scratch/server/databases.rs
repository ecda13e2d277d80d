//! Databases on a server that we may use for scratch. In a cluster of ours they have the names that were asked for; on
//! somebody's server they are `schemactl_scratch_*`, say in a comment whose they are, and leave with us.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::account::random_hex;
use super::error::ScratchError;
use crate::pg::connect::{Session, Target};
use crate::sql::quote;

/// How the names of scratch databases on somebody's server begin.
pub const PREFIX: &str = "schemactl_scratch_";

/// A database without a comment and without connections that is older than this is a leftover.
const STALE: Duration = Duration::from_secs(86_400);

/// Makes and drops databases through one session that stays open as long as they live.
#[derive(Debug)]
pub(super) struct Databases {
    session: Session,
    ours: bool,
    made: Mutex<BTreeSet<String>>,
}

impl Databases {
    /// In a cluster that only we use.
    pub(super) fn in_cluster(session: Session) -> Databases {
        Databases {
            session,
            ours: true,
            made: Mutex::default(),
        }
    }

    /// On somebody's server: checks the right to create databases, and removes what crashed runs left.
    pub(super) async fn on_server(session: Session) -> Result<Databases, ScratchError> {
        let rows = session
            .texts("SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user")
            .await?;
        if rows.first().and_then(|row| row.first()?.as_deref()) != Some("t") {
            return Err(ScratchError::NoCreateDb {
                user: session.target().user().into(),
                label: session.target().label(),
            });
        }
        session.refuse_pooler().await?;
        let databases = Databases {
            session,
            ours: false,
            made: Mutex::default(),
        };
        databases.remove_leftovers().await?;
        Ok(databases)
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// Makes a database from `template` (`template0` gives an empty one), in another `encoding` than the template's where
    /// one is named.
    pub(super) async fn create(
        &self,
        wanted: &str,
        template: &str,
        encoding: Option<&str>,
    ) -> Result<Target, ScratchError> {
        let name = match self.ours {
            true => wanted.to_owned(),
            false => format!("{PREFIX}{:x}_{}", now(), random_hex(4)?),
        };
        let quoted = quote::ident(&name);
        let mut sql = format!(
            "CREATE DATABASE {quoted} TEMPLATE {}",
            quote::ident(template)
        );
        if let Some(encoding) = encoding {
            // The locale C goes with every encoding.
            let encoding = quote::literal(encoding);
            sql.push_str(&format!(" ENCODING {encoding} LC_COLLATE 'C' LC_CTYPE 'C'"));
            if self.session.major() >= 15 {
                sql.push_str(" LOCALE_PROVIDER libc");
            }
        }
        if self.session.major() >= 15 && self.ours {
            // Copying files is quicker than logging pages where nothing is synced.
            sql.push_str(" STRATEGY file_copy");
        }
        self.session.execute(&sql).await?;
        self.made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.clone());
        if !self.ours {
            let comment = quote::literal(&self.mark().await?);
            self.session
                .execute(&format!("COMMENT ON DATABASE {quoted} IS {comment}"))
                .await?;
        }
        Ok(self.session.target().with_fleeting_database(&name))
    }

    /// Drops a database and ends what is connected to it.
    pub(super) async fn drop(&self, name: &str) -> Result<(), ScratchError> {
        drop_one(&self.session, name).await?;
        self.made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name);
        Ok(())
    }

    /// Drops all that were made. A cluster of ours goes as a whole.
    pub(super) async fn close(&self) -> Result<(), ScratchError> {
        if !self.ours {
            for name in self.made() {
                self.drop(&name).await?;
            }
        }
        Ok(())
    }

    fn made(&self) -> Vec<String> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.iter().cloned().collect()
    }

    /// The comment: which backend keeps the database. As long as that backend is there, so are we.
    async fn mark(&self) -> Result<String, ScratchError> {
        let sql = format!(
            "SELECT {} FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid()",
            mark_expression()
        );
        let rows = self.session.texts(&sql).await?;
        let text = rows
            .into_iter()
            .next()
            .and_then(|row| row.into_iter().next().flatten());
        Ok(text.unwrap_or_default())
    }

    /// Drops `schemactl_scratch_*` of ours to which nobody is connected and whose keeper is gone, or that have no mark
    /// and are older than a day by their name. What cannot be dropped is left to the next run.
    async fn remove_leftovers(&self) -> Result<(), ScratchError> {
        let sql = format!(
            "SELECT d.datname, m.mark IS NOT NULL \
             FROM pg_catalog.pg_database d, \
                  LATERAL (SELECT pg_catalog.shobj_description(d.oid, {catalog}) AS mark) m \
             WHERE pg_catalog.starts_with(d.datname::text, {prefix}) \
               AND pg_catalog.pg_has_role(d.datdba, {usage}) \
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a \
                               WHERE a.datid = d.oid OR m.mark = {mark})",
            catalog = quote::literal("pg_database"),
            prefix = quote::literal(PREFIX),
            usage = quote::literal("USAGE"),
            mark = mark_expression(),
        );
        for row in self.session.texts(&sql).await? {
            let [Some(name), Some(marked)] = &row[..] else {
                continue;
            };
            if marked == "t" || made_at(name).is_some_and(|at| at + STALE.as_secs() < now()) {
                let _ = drop_one(&self.session, name).await;
            }
        }
        Ok(())
    }
}

impl Drop for Databases {
    fn drop(&mut self) {
        let left = self.made();
        if self.ours || left.is_empty() {
            return;
        }
        // Dropping is not async: a thread with a runtime of its own drops them over a connection of its own.
        let target = self.session.target().clone();
        let work = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            else {
                return;
            };
            runtime.block_on(async {
                if let Ok(session) = Session::connect(&target, "schemactl scratch").await {
                    for name in left {
                        let _ = drop_one(&session, &name).await;
                    }
                }
            });
        });
        let _ = work.join();
    }
}

/// Drops a database; its subscriptions first, since PostgreSQL refuses while there are any. None of them has a slot.
async fn drop_one(session: &Session, name: &str) -> Result<(), ScratchError> {
    let subscribed = format!(
        "SELECT s.subname FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid \
         WHERE d.datname = {}",
        quote::literal(name)
    );
    let subscriptions = session.texts(&subscribed).await?;
    if !subscriptions.is_empty() {
        let inside =
            Session::connect(&session.target().with_database(name), "schemactl scratch").await?;
        for subscription in subscriptions.into_iter().flatten().flatten() {
            let subscription = quote::ident(&subscription);
            for sql in [
                format!("ALTER SUBSCRIPTION {subscription} DISABLE"),
                format!("ALTER SUBSCRIPTION {subscription} SET (slot_name = NONE)"),
                format!("DROP SUBSCRIPTION {subscription}"),
            ] {
                inside.execute(&sql).await?;
            }
        }
    }
    let sql = format!(
        "DROP DATABASE IF EXISTS {} WITH (FORCE)",
        quote::ident(name)
    );
    Ok(session.execute(&sql).await?)
}

/// The mark of backend `a`.
fn mark_expression() -> String {
    format!(
        "pg_catalog.concat_ws({}, {}, a.pid, a.backend_start)",
        quote::literal(" "),
        quote::literal("schemactl scratch database of backend")
    )
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// The time in a name, in seconds since 1970.
fn made_at(name: &str) -> Option<u64> {
    let (time, _) = name.strip_prefix(PREFIX)?.split_once('_')?;
    u64::from_str_radix(time, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_age() {
        assert_eq!(made_at("schemactl_scratch_6567_ab12"), Some(0x6567));
        assert_eq!(made_at("schemactl_scratch_mine"), None);
        assert_eq!(made_at("app"), None);
    }
}
