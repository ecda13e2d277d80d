//! The lock of another tool, held while its history is read and recorded, so that nothing of it runs meanwhile.
//!
//! The session is one of its own, in a transaction that may only read: nothing there can write a table of the tool.

use super::{Shape, Tool, ToolError};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::quote::{literal, qualified, quoted_ident};

/// What golang-migrate multiplies its hash with.
const GOLANG_MIGRATE: u32 = 1_486_364_155;
/// `Flyway` in ASCII.
const FLYWAY: i64 = 77_431_708_279_161;
const PRISMA: i64 = 72_707_369;
const SQITCH: i64 = 75_474_063;

/// The lock, held until the session ends.
#[derive(Debug)]
pub struct Held {
    session: Session,
}

impl Held {
    /// Takes the lock of the tool whose table this is, without waiting.
    ///
    /// # Errors
    /// [`ToolError::Busy`] where the tool works on the database, or what PostgreSQL refuses.
    pub async fn take(session: Session, shape: &Shape) -> Result<Held, ToolError> {
        let tool = shape.tool();
        let wrong = |error: SqlError| ToolError::Sql {
            table: shape.path(),
            error: Box::new(error),
        };
        // Rows that a policy hides would be missing from the history: then PostgreSQL refuses.
        let begin = format!(
            "BEGIN READ ONLY; SELECT pg_catalog.set_config({}, {}, true), pg_catalog.set_config({}, {}, true)",
            literal("idle_in_transaction_session_timeout"),
            literal("0"),
            literal("row_security"),
            literal("off")
        );
        session.execute(&begin).await.map_err(wrong)?;
        let keys = keys(tool, shape, session.target().database());
        for key in &keys {
            let sql = format!("SELECT pg_catalog.pg_try_advisory_lock({key})");
            let rows = session.texts(&sql).await.map_err(wrong)?;
            if rows.first().and_then(|row| row.first()?.as_deref()) != Some("t") {
                return Err(ToolError::Busy {
                    tool: tool.name(),
                    holder: holder(&session, *key).await.map_err(wrong)?,
                });
            }
        }
        // Who keeps no lock of its own writes its table; older sqitch locks its own.
        if keys.is_empty() || tool == Tool::Sqitch {
            let table = qualified(shape.schema(), shape.name());
            let sql = format!("LOCK TABLE {table} IN SHARE MODE NOWAIT");
            session.execute(&sql).await.map_err(|error| {
                match error.sqlstate.as_deref() == Some("55P03") {
                    true => ToolError::Busy {
                        tool: match tool {
                            Tool::ByHand => "somebody",
                            tool => tool.name(),
                        },
                        holder: format!(" and writes `{}`", shape.path()),
                    },
                    false => wrong(error),
                }
            })?;
        }
        Ok(Held { session })
    }

    /// The session that holds it.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Gives it back.
    ///
    /// # Errors
    /// The session is gone, and the lock with it.
    pub async fn release(self) -> Result<(), SqlError> {
        let unlock = "ROLLBACK; SELECT pg_catalog.pg_advisory_unlock_all()";
        self.session.execute(unlock).await
    }
}

/// The advisory locks under which a tool works on a database.
fn keys(tool: Tool, shape: &Shape, database: &str) -> Vec<i64> {
    match tool {
        // Its command knows the database by the path of its URL, its library by the name.
        Tool::GolangMigrate => [format!("/{database}"), database.to_owned()]
            .iter()
            .map(|database| {
                let names = [shape.schema(), shape.name(), database].join("\0");
                let mut crc = flate2::Crc::new();
                crc.update(names.as_bytes());
                i64::from(crc.sum().wrapping_mul(GOLANG_MIGRATE))
            })
            .collect(),
        Tool::Flyway => {
            let table = format!(
                "{}.{}",
                quoted_ident(shape.schema()),
                quoted_ident(shape.name())
            );
            vec![FLYWAY + i64::from(java_hash(&table))]
        }
        Tool::Prisma => vec![PRISMA],
        Tool::Sqitch => vec![SQITCH],
        Tool::Dbmate | Tool::Drizzle | Tool::Atlas | Tool::ByHand => Vec::new(),
    }
}

/// The hash that Java gives a text.
fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0_i32, |hash, unit| {
        hash.wrapping_mul(31).wrapping_add(i32::from(unit))
    })
}

/// Who holds an advisory lock of one number, which pg_locks shows in two halves.
async fn holder(session: &Session, key: i64) -> Result<String, SqlError> {
    let sql = format!(
        "SELECT l.pid, a.usename, a.application_name FROM pg_catalog.pg_locks l \
         LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = {} AND l.granted \
         AND l.objsubid = 1 AND l.classid::bigint = {} AND l.objid::bigint = {} AND l.database = \
         (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())",
        literal("advisory"),
        (key as u64) >> 32,
        (key as u64) & 0xffff_ffff,
    );
    let rows = session.texts(&sql).await?;
    let words = rows.into_iter().next().map(|row| {
        let mut texts = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || texts.next().unwrap_or_default();
        let (pid, user, name) = (next(), next(), next());
        match name.is_empty() {
            true => format!(" (pid {pid}, user `{user}`)"),
            false => format!(" (pid {pid}, user `{user}`, {name})"),
        }
    });
    Ok(words.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::shape::tests::shape;
    use super::*;

    #[test]
    fn the_keys_are_those_that_the_tools_take() {
        // Seen in pg_locks while each of them ran in a database `locks`.
        let golang = shape("schema_migrations", &["version bigint", "dirty boolean"]);
        assert!(keys(Tool::GolangMigrate, &golang, "locks").contains(&4_088_724_451));
        let flyway = shape("flyway_schema_history", &[]);
        assert_eq!(keys(Tool::Flyway, &flyway, "locks"), [77_433_833_903_597]);
    }
}
