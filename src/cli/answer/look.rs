//! What commands say that look at files, at the history or at a database.

use schemars::JsonSchema;
use serde::Serialize;

use super::At;
use crate::migrate::{EventRow, Point, Row, Version};
use crate::pg::access::Access;

/// What `status` says: of one environment, or of all.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it only has a schema")]
pub(in crate::cli) enum StatusAnswer {
    /// Of the environment that was named.
    One(Stands),
    /// Of every environment of the project.
    All(Vec<Environment>),
}

/// What is known of an environment.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::cli) enum Environment {
    /// Where its database stands.
    Stands(Stands),
    /// Why nothing is known.
    Unknown(Unknown),
}

/// An environment that could not be asked.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Unknown {
    /// False.
    pub(in crate::cli) ok: bool,
    /// Its name.
    pub(in crate::cli) environment: String,
    /// Why.
    pub(in crate::cli) error: String,
}

/// Where a database stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Stands {
    /// Whether it could be found out.
    pub(in crate::cli) ok: bool,
    /// The environment; none where a URL was given.
    pub(in crate::cli) environment: Option<String>,
    /// The database.
    pub(in crate::cli) database: String,
    /// Where it is.
    pub(in crate::cli) at: At,
    /// Whether it is as the last run left it; none where that is not known.
    pub(in crate::cli) as_recorded: Option<bool>,
    /// Whether a group of migrations ran only in part.
    pub(in crate::cli) half_done: bool,
    /// The migrations of the files and of the history.
    pub(in crate::cli) migrations: Vec<MigrationState>,
    /// What other tools ran.
    pub(in crate::cli) adopted: Vec<AdoptedState>,
}

/// Where a migration stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct MigrationState {
    /// Its version.
    pub(in crate::cli) version: Version,
    /// Its name.
    pub(in crate::cli) name: String,
    /// The names of the point after it.
    pub(in crate::cli) tags: Vec<String>,
    /// What the history says of it; none for one that it does not know.
    pub(in crate::cli) status: Option<crate::migrate::Status>,
    /// Whether it would run.
    pub(in crate::cli) pending: bool,
    /// Whether its file was altered after it ran.
    pub(in crate::cli) altered: bool,
    /// Whether its file is missing.
    pub(in crate::cli) missing: bool,
    /// Whether a file was edited since it was proven.
    pub(in crate::cli) unproven: bool,
    /// When it ran (UTC).
    pub(in crate::cli) applied_at: Option<jiff::Timestamp>,
    /// The role that ran it.
    pub(in crate::cli) applied_by: Option<String>,
    /// The tool that ran it, where schemactl did not.
    pub(in crate::cli) adopted_from: Option<String>,
    /// Its service, where the project has services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) service: Option<String>,
}

/// The history of another tool, as it was taken over.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct AdoptedState {
    /// Its table.
    pub(in crate::cli) table: String,
    /// The tool.
    pub(in crate::cli) tool: Option<String>,
    /// What it ran.
    pub(in crate::cli) migrations: Vec<AdoptedMigration>,
}

/// A migration that another tool ran.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct AdoptedMigration {
    /// Its version, as the tool writes it.
    pub(in crate::cli) version: String,
    /// Its name.
    pub(in crate::cli) name: String,
    /// What the history says of it.
    pub(in crate::cli) status: crate::migrate::Status,
    /// When it ran (UTC).
    pub(in crate::cli) applied_at: Option<jiff::Timestamp>,
    /// Who ran it.
    pub(in crate::cli) applied_by: Option<String>,
}

/// What was done, the newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Log {
    /// True.
    pub(in crate::cli) ok: bool,
    /// What was done.
    pub(in crate::cli) events: Vec<EventRow>,
}

/// What `log` says: of one environment, or of all.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it only has a schema")]
pub(in crate::cli) enum LogAnswer {
    /// Of the environment that was named.
    One(Log),
    /// Of every environment of the project.
    All(Vec<EnvironmentLog>),
}

/// What is known of an environment's history.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::cli) enum EnvironmentLog {
    /// What was done.
    Known(LogOf),
    /// Why nothing is known.
    Unknown(Unknown),
}

/// What was done in an environment.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct LogOf {
    /// True.
    pub(in crate::cli) ok: bool,
    /// Its name.
    pub(in crate::cli) environment: String,
    /// What was done.
    pub(in crate::cli) events: Vec<EventRow>,
}

/// One migration.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Shown {
    /// True.
    pub(in crate::cli) ok: bool,
    /// Its version.
    pub(in crate::cli) version: Option<Version>,
    /// Its file; none where it is missing.
    pub(in crate::cli) file: Option<String>,
    /// The way up: as it ran, else as it is in the file.
    pub(in crate::cli) up_sql: Option<String>,
    /// The way down.
    pub(in crate::cli) down_sql: Option<String>,
    /// Whether the file is another one than ran.
    pub(in crate::cli) altered: bool,
    /// What the history knows of it.
    pub(in crate::cli) history: Option<Row>,
}

/// What `tag` says: the name that was given or taken away, or the list of names.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it only has a schema")]
pub(in crate::cli) enum TagAnswer {
    /// What was named.
    Tagged(Tagged),
    /// All names.
    Tags(Tags),
}

/// A point that was named, or is not any more.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Tagged {
    /// True.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// The name.
    pub(in crate::cli) tag: String,
    /// The newest version there.
    pub(in crate::cli) version: Version,
    /// Whether the name was taken away.
    pub(in crate::cli) removed: bool,
}

/// The names of points.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Tags {
    /// True.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// The names.
    pub(in crate::cli) tags: Vec<NamedPoint>,
}

/// A point with a name.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct NamedPoint {
    /// The name.
    pub(in crate::cli) tag: String,
    /// The newest version there.
    pub(in crate::cli) version: Version,
    /// The version of each service, where the whole database was named.
    pub(in crate::cli) point: Option<Point>,
    /// Whether the version is in the database.
    pub(in crate::cli) applied: bool,
    /// Since when it has the name (UTC).
    pub(in crate::cli) at: jiff::Timestamp,
    /// Who gave it.
    pub(in crate::cli) by: String,
}

/// What a role may do.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct AccessAnswer {
    #[serde(flatten)]
    pub(in crate::cli) access: Access,
    /// True.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
}

/// The reference of a database.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct DocsWritten {
    /// True.
    pub(in crate::cli) ok: bool,
    /// The folder.
    pub(in crate::cli) folder: std::path::PathBuf,
    /// Its files.
    pub(in crate::cli) pages: Vec<String>,
    /// How many objects it knows.
    pub(in crate::cli) objects: usize,
}
