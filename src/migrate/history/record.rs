//! The rows of the history, as they are read and written. Rows travel as JSON, so that a column is named once.

use super::{History, HistoryError, first};
use crate::migrate::header::{MARK, key};
use crate::migrate::{Direction, Migration, Version};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::quote;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many snapshots are kept: the present one, and some to look back at.
const KEPT_SNAPSHOTS: i64 = 20;

/// Where a migration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its statement outside a transaction was begun; nobody has recorded the end.
    Running,
    /// It ran.
    Applied,
    /// It was recorded as already there, and not run.
    Baseline,
    /// It failed and is not in the database.
    Failed,
    /// It was taken back.
    RolledBack,
    /// A person said that it shall not run.
    Skipped,
}

impl Status {
    /// Whether the database is taken to hold the migration.
    pub fn is_in(self) -> bool {
        matches!(self, Status::Applied | Status::Baseline | Status::Skipped)
    }

    /// The word that the history writes.
    pub fn word(self) -> &'static str {
        match self {
            Status::Running => "running",
            Status::Applied => "applied",
            Status::Baseline => "baseline",
            Status::Failed => "failed",
            Status::RolledBack => "rolled_back",
            Status::Skipped => "skipped",
        }
    }
}

/// A row of `migrations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Row {
    /// The service; empty where there are none.
    pub service: String,
    /// The version; written without its service, which has a column of its own.
    #[serde(serialize_with = "number", deserialize_with = "of_number")]
    #[schemars(with = "String")]
    pub version: Version,
    /// The migrations of other services that it depends on.
    #[serde(default, skip_serializing)]
    pub depends_on: Vec<Version>,
    /// The name of the file.
    pub name: String,
    /// The header's description.
    pub description: Option<String>,
    /// The group's word.
    pub group_id: Option<String>,
    /// The place in the group, from 1.
    pub part: Option<i32>,
    /// The header's parent.
    pub parent_sha: Option<String>,
    /// The SHA-256 of the up file's body as it ran.
    pub up_sha: String,
    /// The SHA-256 of the down file's body at that time.
    pub down_sha: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Which way it went last.
    pub direction: Direction,
    /// How many statements were done.
    pub statements_done: i32,
    /// How many there are.
    pub statements_total: i32,
    /// The backend that ran it.
    #[serde(default)]
    pub backend_pid: Option<i32>,
    /// When it was applied (UTC).
    #[serde(default)]
    pub applied_at: Option<jiff::Timestamp>,
    /// The role that applied it.
    #[serde(default)]
    pub applied_by: Option<String>,
    /// The person or machine that it was done for.
    pub actor: Option<String>,
    /// How long it took, in milliseconds.
    pub execution_time_ms: Option<i64>,
    /// Why it failed.
    pub error_message: Option<String>,
    /// PostgreSQL's code of the failure.
    pub sqlstate: Option<String>,
    /// The up file, header and all; empty where it was not read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub up_sql: String,
    /// The down file; none where there is none or it was not read.
    #[serde(default)]
    pub down_sql: Option<String>,
    /// The schemactl that wrote the row.
    pub tool_version: String,
    /// The tool that ran it, where schemactl did not.
    #[serde(default)]
    pub adopted_from: Option<String>,
}

impl Row {
    /// Since when it is in the database (UTC); when one was taken back, the events tell.
    pub fn in_since(&self) -> Option<jiff::Timestamp> {
        self.applied_at
            .filter(|_| self.status != Status::RolledBack)
    }
}

fn number<S: serde::Serializer>(version: &Version, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(version.as_str())
}

/// A slash in it is no service's: other tools' versions may have one.
fn of_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
    String::deserialize(deserializer).map(Version::new)
}

impl Row {
    /// Whether it is of another tool's chain: its service is that tool's table then, and no service has a dot.
    pub fn is_of_another_tool(&self) -> bool {
        self.adopted_from.is_some() && self.service.contains('.')
    }

    /// The row as it was read, with its version as that of its service.
    pub(super) fn of_service(mut self) -> Row {
        self.version = self.version.of(&self.service);
        self
    }
}

/// What the header of a row's up file says of other services, as JSON beside the row's columns.
pub(super) fn dependencies_sql(row: &str) -> String {
    let named = format!("^{}{}[ \\t]+(\\S+)", MARK, key::DEPENDS_ON);
    format!(
        "CASE WHEN {row}.up_sql LIKE {like} THEN pg_catalog.jsonb_build_object({depends_on}, (SELECT coalesce(         pg_catalog.jsonb_agg(found[1]), {none}::pg_catalog.jsonb) FROM pg_catalog.regexp_matches({row}.up_sql, {named}, {flags}) found))          ELSE {nothing}::pg_catalog.jsonb END",
        like = quote::literal(&format!("%{MARK}{}%", key::DEPENDS_ON)),
        depends_on = quote::literal("depends_on"),
        none = quote::literal("[]"),
        named = quote::literal(&named),
        flags = quote::literal("gn"),
        nothing = quote::literal("{}"),
    )
}

/// An event to add.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct NewEvent {
    /// apply, rollback, baseline, repair, restamp, ...
    pub action: String,
    /// applied, failed, rolled_back, ...
    pub outcome: String,
    /// The service.
    pub service: Option<String>,
    /// The version.
    pub version: Option<String>,
    /// The name of the file.
    pub name: Option<String>,
    /// The person or machine that it was done for.
    pub actor: Option<String>,
    /// How long it took, in milliseconds.
    pub execution_time_ms: Option<i64>,
    /// What there is to say.
    pub message: Option<String>,
    /// PostgreSQL's code of a failure.
    pub sqlstate: Option<String>,
    /// Reports and other data.
    pub detail: Option<serde_json::Value>,
}

/// An event as it was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema, Deserialize)]
pub struct EventRow {
    /// Its number; gaps mean nothing.
    pub id: i64,
    /// When (UTC).
    pub at: jiff::Timestamp,
    /// What was done.
    pub action: String,
    /// What came of it.
    pub outcome: String,
    /// The service.
    pub service: Option<String>,
    /// The version.
    pub version: Option<String>,
    /// The name of the file.
    pub name: Option<String>,
    /// The role that did it.
    pub by_role: String,
    /// The person or machine that it was done for.
    pub actor: Option<String>,
    /// From which address; none over a local socket.
    pub client_address: Option<String>,
    /// The application's name.
    pub application: Option<String>,
    /// How long it took, in milliseconds.
    pub execution_time_ms: Option<i64>,
    /// What there is to say.
    pub message: Option<String>,
    /// PostgreSQL's code of a failure.
    pub sqlstate: Option<String>,
    /// Reports and other data.
    pub detail: Option<serde_json::Value>,
    /// The schemactl that did it.
    pub tool_version: String,
}

/// The key of an event's detail that holds the label of its run.
pub const LABEL: &str = "label";

/// The word in an event's detail for who made the script that somebody ran by psql.
pub(in crate::migrate) const SCRIPT_BY: &str = "script_by";

/// Which events are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Of this person or role, or by a script that they made.
    pub actor: Option<String>,
    /// Of this label.
    pub label: Option<String>,
    /// Of this service.
    pub service: Option<String>,
}

impl EventFilter {
    /// The condition on a row of events called `e`.
    fn condition(&self) -> String {
        let mut parts = vec!["true".to_owned()];
        if let Some(actor) = &self.actor {
            let actor = quote::literal(actor);
            let script_by = quote::literal(SCRIPT_BY);
            parts.push(format!(
                "(e.actor = {actor} OR e.by_role = {actor} OR e.detail ->> {script_by} = {actor})"
            ));
        }
        if let Some(label) = &self.label {
            parts.push(format!(
                "e.detail ->> {} = {}",
                quote::literal(LABEL),
                quote::literal(label)
            ));
        }
        if let Some(service) = &self.service {
            parts.push(format!("e.service = {}", quote::literal(service)));
        }
        parts.join(" AND ")
    }
}

/// A catalog as it was after a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The fingerprint, with its labels.
    pub fingerprint: String,
    /// The format of the catalog's JSON.
    pub format: i32,
    /// The server's version.
    pub server_version_num: i32,
    /// The catalog as JSON.
    pub catalog: Vec<u8>,
}

/// A snapshot without its catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct SnapshotHead {
    /// Its number.
    pub id: i64,
    /// When it was taken (UTC).
    pub at: jiff::Timestamp,
    /// Where the database was, as [`super::Point::mark`] gives it; none where nothing was left.
    pub version: Option<String>,
    /// The fingerprint.
    pub fingerprint: String,
    /// The format of the catalog's JSON.
    pub format: i32,
    /// The server's version.
    pub server_version_num: i32,
}

impl SnapshotHead {
    /// The run that it was taken after, for people, with who ran it where that is known: `000003 (2026-11-24 10:12, anna)`.
    pub fn run(&self, by: Option<&str>) -> String {
        let at = self.at.strftime("%Y-%m-%d %H:%M").to_string();
        let words: Vec<&str> = [at.as_str()].into_iter().chain(by).collect();
        format!("{} ({})", self.label(), words.join(", "))
    }

    /// Where the database was, for people.
    pub fn label(&self) -> &str {
        self.version.as_deref().unwrap_or("the last run")
    }
}

/// The columns that a row is written with; who and when are the server's to say.
const COLUMNS: &[&str] = &[
    "service",
    "version",
    "name",
    "description",
    "group_id",
    "part",
    "parent_sha",
    "up_sha",
    "down_sha",
    "status",
    "direction",
    "statements_done",
    "statements_total",
    "backend_pid",
    "backend_start",
    "applied_at",
    "applied_by",
    "actor",
    "execution_time_ms",
    "error_message",
    "sqlstate",
    "up_sql",
    "down_sql",
    "tool_version",
    "adopted_from",
];

impl History {
    /// Writes a row, over the one of the same migration where there is one. With `Running`, `Applied`, `Baseline` the
    /// server's time, role and backend are written too.
    pub(in crate::migrate) async fn write(
        &self,
        session: &Session,
        row: &Row,
    ) -> Result<(), SqlError> {
        session.execute(&self.write_sql(row)).await
    }

    /// The statement that writes a row.
    pub(in crate::migrate) fn write_sql(&self, row: &Row) -> String {
        let table = self.table("migrations");
        let columns = COLUMNS.join(", ");
        // An empty text is left out of the row as it travels, and is no null.
        let values = columns.replace(
            "up_sql",
            &format!("coalesce(up_sql, {})", quote::literal("")),
        );
        let updates: Vec<String> = COLUMNS[2..]
            .iter()
            .map(|c| format!("{c} = EXCLUDED.{c}"))
            .collect();
        let json = json(row);
        let key = quote::literal;
        // Of what another tool ran, that one knew when and by whom.
        let servers = match row.adopted_from {
            Some(_) => String::new(),
            None => format!(
                " || pg_catalog.jsonb_build_object({}, pg_catalog.clock_timestamp(), {}, session_user, {}, \
                 pg_catalog.pg_backend_pid(), {}, (SELECT backend_start FROM pg_catalog.pg_stat_activity \
                 WHERE pid = pg_catalog.pg_backend_pid()))",
                key("applied_at"),
                key("applied_by"),
                key("backend_pid"),
                key("backend_start"),
            ),
        };
        format!(
            "INSERT INTO {table} ({columns}) SELECT {values} FROM pg_catalog.jsonb_populate_record(NULL::{table}, \
             {json}{servers}) ON CONFLICT (service, version) DO UPDATE SET {}",
            updates.join(", ")
        )
    }

    /// Changes where a migration stands; what ran and when it was applied stay as they were recorded.
    pub(in crate::migrate) async fn set_status(
        &self,
        session: &Session,
        row: &Row,
        status: Status,
        direction: Direction,
        message: Option<&str>,
    ) -> Result<(), SqlError> {
        let message = message.map_or_else(|| "NULL".to_owned(), quote::literal);
        let whole = match status {
            Status::Applied => "statements_done = statements_total, ",
            _ => "",
        };
        let sql = format!(
            "UPDATE {} SET {whole}status = {}, direction = {}, error_message = {message}, sqlstate = NULL, backend_pid = \
             pg_catalog.pg_backend_pid() WHERE service = {} AND version = {}",
            self.table("migrations"),
            quote::literal(status.word()),
            quote::literal(direction.word()),
            quote::literal(&row.service),
            quote::literal(row.version.as_str()),
        );
        session.execute(&sql).await
    }

    /// The statement that says that what another tool ran is not in the database any more.
    pub(in crate::migrate) fn gone_sql(&self, row: &Row) -> String {
        format!(
            "UPDATE {} SET status = {} WHERE service = {} AND version = {}",
            self.table("migrations"),
            quote::literal(Status::RolledBack.word()),
            quote::literal(&row.service),
            quote::literal(row.version.as_str()),
        )
    }

    /// Says that the way back of a migration is running outside a transaction, by this text of its down file.
    pub(in crate::migrate) async fn set_running_down(
        &self,
        session: &Session,
        row: &Row,
        down_sql: &str,
    ) -> Result<(), SqlError> {
        let sql = format!(
            "UPDATE {} SET status = {}, direction = {}, down_sql = {}, backend_pid = pg_catalog.pg_backend_pid() \
             WHERE service = {} AND version = {}",
            self.table("migrations"),
            quote::literal(Status::Running.word()),
            quote::literal(Direction::Down.word()),
            quote::literal(down_sql),
            quote::literal(&row.service),
            quote::literal(row.version.as_str()),
        );
        session.execute(&sql).await
    }

    /// The statement that takes the texts and hashes of a migration's files.
    pub(in crate::migrate) fn restamp_sql(&self, migration: &Migration, row: &Row) -> String {
        let up = &migration.up.file;
        let text = |value: Option<String>| {
            value.map_or_else(|| "NULL".to_owned(), |value| quote::literal(&value))
        };
        let down = migration.down.as_ref().map(|down| &down.file);
        format!(
            "UPDATE {} SET name = {}, parent_sha = {}, up_sha = {}, down_sha = {}, up_sql = {}, down_sql = {} \
             WHERE service = {} AND version = {}",
            self.table("migrations"),
            quote::literal(&migration.name),
            text(up.header().parent().map(str::to_owned)),
            quote::literal(&up.body_sha()),
            text(down.map(|down| down.body_sha())),
            quote::literal(&up.render()),
            text(down.map(|down| down.render())),
            quote::literal(&row.service),
            quote::literal(row.version.as_str()),
        )
    }

    /// Adds an event.
    pub async fn add_event(&self, session: &Session, event: &NewEvent) -> Result<(), SqlError> {
        session.execute(&self.event_sql(event)).await
    }

    /// The statement that adds an event.
    pub(in crate::migrate) fn event_sql(&self, event: &NewEvent) -> String {
        let table = self.table("events");
        let columns = "action, outcome, service, version, name, actor, execution_time_ms, message, sqlstate, detail";
        format!(
            "INSERT INTO {table} ({columns}, tool_version) SELECT {columns}, {} \
             FROM pg_catalog.jsonb_populate_record(NULL::{table}, {})",
            quote::literal(env!("CARGO_PKG_VERSION")),
            json(event)
        )
    }

    /// Records the catalog after a migration.
    pub(in crate::migrate) async fn add_snapshot(
        &self,
        session: &Session,
        mark: Option<&str>,
        snapshot: &Snapshot,
    ) -> Result<(), SqlError> {
        let table = self.table("snapshots");
        let packed =
            zstd::encode_all(snapshot.catalog.as_slice(), 3).map_err(|error| SqlError {
                message: format!("the catalog can't be compressed: {error}"),
                ..SqlError::default()
            })?;
        let sql = format!(
            "INSERT INTO {table} (version, fingerprint, format, server_version_num, catalog) \
             VALUES ($1::pg_catalog.text, $2::pg_catalog.text, $3::pg_catalog.int4, \
             $4::pg_catalog.int4, $5::pg_catalog.bytea)"
        );
        session
            .client()
            .execute(
                &sql,
                &[
                    &mark,
                    &snapshot.fingerprint,
                    &snapshot.format,
                    &snapshot.server_version_num,
                    &packed,
                ],
            )
            .await
            .map_err(|error| session.sql_error(&error, &sql))?;
        let sql = format!(
            "DELETE FROM {table} WHERE id <= (SELECT id FROM {table} ORDER BY id DESC OFFSET {KEPT_SNAPSHOTS} LIMIT 1)"
        );
        session.execute(&sql).await
    }

    /// The catalog of the newest snapshot.
    pub async fn snapshot(
        &self,
        session: &Session,
    ) -> Result<Option<(SnapshotHead, Vec<u8>)>, HistoryError> {
        self.newest_snapshot(session, "").await
    }

    /// The newest catalog that was recorded while the database was at a point; the newest ones are kept.
    pub async fn snapshot_at(
        &self,
        session: &Session,
        mark: &str,
    ) -> Result<Option<(SnapshotHead, Vec<u8>)>, HistoryError> {
        let filter = format!("WHERE s.version = {}", quote::literal(mark));
        self.newest_snapshot(session, &filter).await
    }

    async fn newest_snapshot(
        &self,
        session: &Session,
        filter: &str,
    ) -> Result<Option<(SnapshotHead, Vec<u8>)>, HistoryError> {
        if !self.exists() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT (pg_catalog.to_jsonb(s) - {})::pg_catalog.text, s.catalog FROM {} s {filter} ORDER BY s.id DESC LIMIT 1",
            quote::literal("catalog"),
            self.table("snapshots")
        );
        let row = session
            .client()
            .query_opt(&sql, &[])
            .await
            .map_err(|error| HistoryError::sql("read")(session.sql_error(&error, &sql)))?;
        let Some(row) = row else { return Ok(None) };
        let head: String = row.get(0);
        let packed: Vec<u8> = row.get(1);
        let head = serde_json::from_str(&head).map_err(|error| self.damaged(error))?;
        let catalog = zstd::decode_all(packed.as_slice()).map_err(|error| self.damaged(error))?;
        Ok(Some((head, catalog)))
    }

    /// One migration's row with its stored SQL.
    pub async fn row(
        &self,
        session: &Session,
        version: &Version,
    ) -> Result<Option<Row>, HistoryError> {
        if !self.exists() {
            return Ok(None);
        }
        let service = version.service();
        // The history may spell the version with another width.
        let sql = format!(
            "SELECT version FROM {} WHERE service = {}",
            self.table("migrations"),
            quote::literal(service)
        );
        let rows = session
            .texts(&sql)
            .await
            .map_err(HistoryError::sql("read"))?;
        let mut stored = rows.into_iter().filter_map(|row| row.into_iter().next()?);
        let is_it = |text: &String| Version::new(text.as_str()).of(service) == *version;
        let Some(version) = stored.find(is_it) else {
            return Ok(None);
        };
        let sql = format!(
            "SELECT pg_catalog.to_jsonb(m) || {} FROM {} m WHERE service = {} AND version = {}",
            dependencies_sql("m"),
            self.table("migrations"),
            quote::literal(service),
            quote::literal(&version)
        );
        let rows = session
            .texts(&sql)
            .await
            .map_err(HistoryError::sql("read"))?;
        let row: Option<Row> = first(&rows)
            .map(|text| serde_json::from_str(text).map_err(|error| self.damaged(error)))
            .transpose()?;
        Ok(row.map(Row::of_service))
    }

    /// The newest events, newest first.
    pub async fn events(
        &self,
        session: &Session,
        filter: &EventFilter,
        limit: u32,
    ) -> Result<Vec<EventRow>, HistoryError> {
        if !self.exists() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT pg_catalog.to_jsonb(e) FROM {} e WHERE {} ORDER BY id DESC LIMIT {limit}",
            self.table("events"),
            filter.condition()
        );
        let rows = session
            .texts(&sql)
            .await
            .map_err(HistoryError::sql("read"))?;
        rows.iter()
            .filter_map(|row| row.first()?.as_deref())
            .map(|text| serde_json::from_str(text).map_err(|error| self.damaged(error)))
            .collect()
    }
}

/// A value as a JSON literal. These types always have a JSON form; an empty text would be refused by the server.
fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    format!("{}::pg_catalog.jsonb", quote::literal(&text))
}
