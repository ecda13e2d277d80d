//! What can stand in the way of migrations in a database, before one is run: rights, other owners, sessions that hold
//! locks, what extensions the server has. Queries that change nothing.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::pg::connect::Session;
use crate::pg::error::SqlError;

const SQL: &str = include_str!("examine.sql");

const UNENFORCED: &str = include_str!("unenforced.sql");

/// What the query found.
#[derive(Debug, Clone, Deserialize)]
pub struct Examination {
    /// The role that is connected.
    pub role: String,
    /// Whether it may do everything.
    pub superuser: bool,
    /// Whether it may make schemas.
    pub creates_in_database: bool,
    /// Whether the server is a standby.
    pub in_recovery: bool,
    /// Whether sessions begin read-only.
    pub read_only: bool,
    /// Declared schemas that are not there.
    pub missing_schemas: Vec<String>,
    /// Declared schemas in which the role may make nothing.
    pub closed_schemas: Vec<String>,
    /// Objects in declared schemas that the role may not alter, with their owners.
    pub foreign_objects: Vec<(String, String)>,
    /// The owner of the history schema, where the role may not write there.
    pub history_owner: Option<String>,
    /// What interrupted builds left.
    pub invalid_indexes: Vec<String>,
    /// The extensions that can be installed.
    pub extensions: Vec<String>,
    /// Sessions that hold locks and do nothing: pid, role, since how long.
    pub idle_in_transaction: Vec<(i32, Option<String>, Option<String>)>,
    /// How many transactions wait for their second phase, with their locks.
    pub prepared_transactions: i64,
}

impl Examination {
    /// Those of some extensions that cannot be had on the server.
    pub fn lacking(&self, extensions: &BTreeSet<String>) -> Vec<String> {
        let there = |name: &&String| !self.extensions.contains(*name);
        extensions.iter().filter(there).cloned().collect()
    }
}

/// Looks at a database with the schemas that a project declares.
///
/// # Errors
/// When the query fails, or gives something else.
pub async fn examine(
    session: &Session,
    schemas: &[String],
    history_schema: &str,
) -> Result<Examination, SqlError> {
    let rows = session.texts_of(SQL, &[&schemas, &history_schema]).await?;
    let text = rows
        .first()
        .and_then(|row| row.first()?.as_deref())
        .unwrap_or_default();
    serde_json::from_str(text).map_err(|error| SqlError {
        message: format!("the database can't be examined: {error}"),
        ..SqlError::default()
    })
}

/// The foreign keys in some schemas whose triggers somebody switched off: no row is checked (`ALTER TABLE … DISABLE
/// TRIGGER ALL`, which pg_dump does not tell).
///
/// # Errors
/// When the query fails.
pub async fn unenforced_foreign_keys(
    session: &Session,
    schemas: &[String],
) -> Result<Vec<String>, SqlError> {
    let rows = session.texts_of(UNENFORCED, &[&schemas]).await?;
    Ok(rows.into_iter().flatten().flatten().collect())
}
