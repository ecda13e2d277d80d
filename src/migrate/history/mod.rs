//! The history that a database keeps of itself: what ran, when, by whom, and the catalog after it.
//!
//! The rule: the history is made and changed only under the lock, every change commits with what it tells of, and
//! events are only ever added. A history of a newer schemactl is left alone.

mod record;
mod tag;

pub(super) use record::SCRIPT_BY;
pub use record::{EventFilter, EventRow, LABEL, NewEvent, Row, Snapshot, SnapshotHead, Status};
pub use tag::{Goal, Tag, TagError, check_tag};
pub(super) use tag::{TAG, TAGGED, UNTAGGED};

use super::lock::Lock;
use crate::migrate::fault;
use crate::model::Exit;
use crate::naming::{Direction, Version};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::lexer::Lexer;
use crate::sql::quote;
use miette::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// The format of history that this schemactl reads and writes.
pub const FORMAT: i32 = 1;

/// The schema where the project file names none.
pub const DEFAULT_SCHEMA: &str = "schemactl";

const DDL: &str = include_str!("schema.sql");

/// Its tables.
const TABLES: &[&str] = &["meta", "migrations", "events", "snapshots", "batches"];
/// What refuses changes of events. It needs plpgsql: where a database must not have that, it stands aside.
const GUARD: &str = include_str!("guard.sql");

/// One step from a format to the next; `{schema}` in the SQL is the quoted history schema.
#[derive(Debug, Clone, Copy)]
pub struct Upgrade {
    /// The format before; the one after is the next number.
    pub from: i32,
    /// The statements.
    pub sql: &'static str,
}

/// The upgrades from older formats to [`FORMAT`].
pub const UPGRADES: &[Upgrade] = &[];

/// Why a history can't be read or written.
#[derive(Debug, Error, Diagnostic)]
pub enum HistoryError {
    /// A newer schemactl made it.
    #[error("the history in schema `{schema}` has format {found}, this schemactl knows {FORMAT}")]
    #[diagnostic(
        code(history::newer),
        help("a newer schemactl worked on this database; use that one or a later one")
    )]
    Newer {
        /// The history schema.
        schema: String,
        /// Its format.
        found: i32,
    },
    /// An older format without a way to the present one.
    #[error("the history in schema `{schema}` has format {found}, and there is no upgrade from it")]
    #[diagnostic(
        code(history::older),
        help("use an older schemactl to upgrade it first")
    )]
    Older {
        /// The history schema.
        schema: String,
        /// Its format.
        found: i32,
    },
    /// An older format, where nothing may be changed.
    #[error("the history in schema `{schema}` has an older format")]
    #[diagnostic(
        code(history::upgrade),
        help("`schemactl apply` brings it up to date, also where nothing is pending")
    )]
    Upgrade {
        /// The history schema.
        schema: String,
    },
    /// The tables are not what schemactl makes.
    #[error("the history in schema `{schema}` can't be read: {message}")]
    #[diagnostic(
        code(history::damaged),
        help(
            "somebody changed its tables; restore them from a backup, or name another schema with `history schema=NAME`"
        )
    )]
    Damaged {
        /// The history schema.
        schema: String,
        /// What does not fit.
        message: String,
    },
    /// The database belongs to another environment.
    #[error("this database says that it is `{found}`, not `{given}`")]
    #[diagnostic(
        code(history::environment),
        help(
            "look at the URL of environment `{given}`; the database remembers the environment that it was first applied as; where it is a copy of that one, `schemactl repair --env {given} --copied-from {found}` says so"
        )
    )]
    Environment {
        /// What the database remembers.
        found: String,
        /// What was asked for.
        given: String,
    },
    /// PostgreSQL refused.
    #[error("can't {what} the history: {error}")]
    #[diagnostic(code(history::sql), help("{}", advice(.error)))]
    Sql {
        /// What was tried.
        what: &'static str,
        /// Its answer.
        error: Box<SqlError>,
    },
}

impl HistoryError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            HistoryError::Newer { .. }
            | HistoryError::Older { .. }
            | HistoryError::Upgrade { .. }
            | HistoryError::Environment { .. } => Exit::Refused,
            HistoryError::Damaged { .. } => Exit::Failed,
            HistoryError::Sql { error, .. } => error.exit(),
        }
    }

    pub(super) fn sql(what: &'static str) -> impl FnOnce(SqlError) -> HistoryError {
        move |error| HistoryError::Sql {
            what,
            error: Box::new(error),
        }
    }
}

/// What to do where PostgreSQL refused.
fn advice(error: &SqlError) -> &'static str {
    match error.sqlstate.as_deref() {
        Some("42501") => {
            "the role needs to own the history schema, or CREATE on the database where there is none yet"
        }
        Some("42P01" | "42703" | "42883" | "42804" | "23502" | "23514") => {
            "somebody changed its tables; restore them from a backup, or name another schema with `history schema=NAME`"
        }
        Some("42P07" | "42710" | "42723") => {
            "something else stands in the history's schema; name another one with `history schema=NAME`"
        }
        Some("55P03" | "57014" | "40P01") => {
            "somebody holds a lock on its tables; look into pg_stat_activity, and try again"
        }
        Some("25006") => "the server only takes queries: connect to the primary",
        _ => "PostgreSQL's words say why; run it again when that is mended",
    }
}

/// The history of one database: its schema and the format found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    schema: String,
    format: Option<i32>,
}

/// What a history says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Whether there is a history at all.
    pub exists: bool,
    /// The environment that the database remembers.
    pub environment: Option<String>,
    /// Whether that environment is protected.
    pub protected: bool,
    /// Every migration that was tried, by its version.
    pub rows: BTreeMap<Version, Row>,
    /// What other tools ran, where their histories were taken over: by version, each of its table.
    pub others: BTreeMap<Version, Row>,
    /// The newest snapshot, without its catalog.
    pub snapshot: Option<SnapshotHead>,
    /// The points that have a name, by it.
    pub tags: BTreeMap<String, Tag>,
    /// The migrations of which only the first ranges of rows ran, with the last key of these.
    pub ranges: BTreeMap<Version, String>,
}

impl State {
    /// The row of a migration.
    pub fn get(&self, version: &Version) -> Option<&Row> {
        self.rows.get(version)
    }

    /// A migration that is running, or was interrupted outside a transaction.
    pub fn half_done(&self) -> Option<&Row> {
        self.rows.values().find(|row| row.status == Status::Running)
    }

    /// Whether a migration is there for the first ranges of rows only. One of a group that is there otherwise goes and comes
    /// with the rest of it.
    pub fn is_half_run(&self, row: &Row) -> bool {
        let is_of_group = |it: &Row| it.group_id == row.group_id && it.status.is_in();
        matches!(row.status, Status::Failed | Status::Running)
            && row.direction == Direction::Up
            && self.ranges.contains_key(&row.version)
            && (row.group_id.is_none() || !self.rows.values().any(is_of_group))
    }

    /// The rows of a service whose migration is in the database, in order.
    pub fn applied<'s>(&'s self, service: &'s str) -> impl DoubleEndedIterator<Item = &'s Row> {
        self.rows
            .values()
            .filter(move |row| row.service == service && row.status.is_in())
    }

    /// The version that the service is at.
    pub fn at(&self, service: &str) -> Option<&Version> {
        let mut rows = self.rows.values().rev();
        let last = rows.find(|row| row.service == service && row.status.is_in());
        last.map(|row| &row.version)
    }

    /// Where the whole database is: the version that each service is at.
    pub fn point(&self) -> Point {
        let rows = self.rows.values().filter(|row| row.status.is_in());
        // Those of a service come in order: the last one stays.
        Point(
            rows.map(|row| (row.service.clone(), row.version.clone()))
                .collect(),
        )
    }

    /// Whether the newest snapshot shows the state after the last migration (not so after a crash between two files).
    pub fn snapshot_is_current(&self) -> bool {
        self.snapshot
            .as_ref()
            .is_some_and(|s| s.version == self.point().mark())
    }

    /// The migrations that are in the database as they came there, oldest first, none before what it depends on.
    pub fn as_they_came(&self) -> Vec<&Row> {
        let rows: Vec<&Row> = self
            .rows
            .values()
            .filter(|row| row.status.is_in())
            .collect();
        if rows.iter().all(|row| row.service == rows[0].service) {
            return rows;
        }
        let place: BTreeMap<&Version, usize> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| (&row.version, at))
            .collect();
        let mut waiting = vec![0_usize; rows.len()];
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
        for (at, row) in rows.iter().enumerate() {
            // They come by service and version.
            let earlier = at
                .checked_sub(1)
                .filter(|it| rows[*it].service == row.service);
            let needed = row
                .depends_on
                .iter()
                .filter_map(|it| place.get(it).copied());
            for before in earlier.into_iter().chain(needed).filter(|it| *it != at) {
                waiting[at] += 1;
                after[before].push(at);
            }
        }
        let key = |at: usize| (rows[at].applied_at, &rows[at].version, at);
        let mut ready: BTreeSet<_> = (0..rows.len())
            .filter(|at| waiting[*at] == 0)
            .map(key)
            .collect();
        let mut left: BTreeSet<usize> = (0..rows.len()).collect();
        let mut sorted = Vec::with_capacity(rows.len());
        // Where a circle was written into the history, time alone decides.
        while let Some(at) = match ready.pop_first() {
            Some((_, _, at)) => Some(at),
            None => left.iter().copied().min_by_key(|at| key(*at)),
        } {
            if !left.remove(&at) {
                continue;
            }
            sorted.push(rows[at]);
            for next in &after[at] {
                waiting[*next] -= 1;
                if waiting[*next] == 0 && left.contains(next) {
                    ready.insert(key(*next));
                }
            }
        }
        sorted
    }
}

/// A point of a database: the version that each service is at; one alone where there are no services.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Point(pub BTreeMap<String, Version>);

impl Point {
    /// The point as one text, `000003` or `auth/000003 crm/000001`; none where nothing is applied.
    pub fn mark(&self) -> Option<String> {
        let versions: Vec<String> = self.0.values().map(ToString::to_string).collect();
        (!versions.is_empty()).then(|| versions.join(" "))
    }

    /// The version that a service is at.
    pub fn of(&self, service: &str) -> Option<&Version> {
        self.0.get(service)
    }
}

impl History {
    /// Looks for the history; makes nothing. A newer format is refused here.
    pub async fn open(session: &Session, schema: &str) -> Result<History, HistoryError> {
        let mut history = History {
            schema: schema.to_owned(),
            format: None,
        };
        history.look(session).await?;
        Ok(history)
    }

    async fn look(&mut self, session: &Session) -> Result<(), HistoryError> {
        let is_there: Vec<String> = TABLES
            .iter()
            .map(|name| {
                let table = quote::literal(&self.table(name));
                format!("pg_catalog.to_regclass({table}) IS NOT NULL")
            })
            .collect();
        let sql = format!("SELECT {}", is_there.join(", "));
        let read = HistoryError::sql("read");
        let found = session.texts(&sql).await.map_err(read)?;
        let found = found.into_iter().next().unwrap_or_default();
        let missing: Vec<&str> = std::iter::zip(TABLES, found)
            .filter(|(_, there)| there.as_deref() != Some("t"))
            .map(|(name, _)| *name)
            .collect();
        self.format = None;
        match missing.as_slice() {
            [] => {}
            // Another's table may be called as one of ours.
            [first, others @ ..] if *first == "meta" && others.len() + 2 >= TABLES.len() => {
                return Ok(());
            }
            [one] => return Err(self.damaged(format!("its table `{one}` is gone"))),
            several => {
                let several = several.join("` and `");
                return Err(self.damaged(format!("its tables `{several}` are gone")));
            }
        }
        let sql = format!("SELECT format FROM {}", self.table("meta"));
        let rows = session
            .texts(&sql)
            .await
            .map_err(HistoryError::sql("read"))?;
        let Some(format) = first(&rows).and_then(|text| text.parse().ok()) else {
            return Err(self.damaged("`meta` has no row"));
        };
        if format > FORMAT {
            return Err(HistoryError::Newer {
                schema: self.schema.clone(),
                found: format,
            });
        }
        self.format = Some(format);
        Ok(())
    }

    /// The history schema's name.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Whether the database has a history.
    pub fn exists(&self) -> bool {
        self.format.is_some()
    }

    /// Whether its tables, where there are any, are of the present format.
    pub(super) fn is_current(&self) -> bool {
        self.format.is_none_or(|format| format == FORMAT)
    }

    pub(super) fn table(&self, name: &str) -> String {
        quote::qualified(&self.schema, name)
    }

    fn damaged(&self, message: impl ToString) -> HistoryError {
        HistoryError::Damaged {
            schema: self.schema.clone(),
            message: message.to_string(),
        }
    }

    /// Makes the history where there is none, brings an older one to the present format. Needs the lock, because
    /// another run may be doing the same.
    pub async fn prepare(&mut self, session: &Session, lock: &Lock) -> Result<(), HistoryError> {
        self.look(session).await?;
        match self.format {
            None => self.create(session).await?,
            Some(_) => {
                self.upgrade(session, lock, fault::upgrades(), FORMAT)
                    .await?;
            }
        }
        self.stand_guard(session).await
    }

    /// Makes the guard of the events where it can stand and does not: in a new history, and after a file that brought plpgsql back.
    pub(super) async fn stand_guard(&self, session: &Session) -> Result<(), HistoryError> {
        let sql = format!(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_language WHERE lanname = 'plpgsql') AND NOT EXISTS \
             (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = {}::pg_catalog.regclass AND tgname = 'events_append_only')",
            quote::literal(&self.table("events"))
        );
        let can = session
            .texts(&sql)
            .await
            .map_err(HistoryError::sql("read"))?;
        if first(&can) != Some("t") {
            return Ok(());
        }
        let schema = quote::ident(&self.schema);
        session
            .execute(&GUARD.replace("{schema}", &schema))
            .await
            .map_err(HistoryError::sql("create"))
    }

    /// What comes before a statement of a file, so that the history's guard does not stand in its way.
    pub(super) fn before(&self, statement: &str) -> Option<String> {
        // Only the beginning is read: statements may be long.
        let mut words = Lexer::new(statement).filter(|token| !token.is_trivia());
        let mut is = |word: &str| {
            words
                .next()
                .is_some_and(|it| it.text.eq_ignore_ascii_case(word))
        };
        (is("drop") && is("extension") && is("plpgsql")).then(|| {
            format!(
                "DROP TRIGGER IF EXISTS events_append_only ON {}; DROP FUNCTION IF EXISTS {}()",
                self.table("events"),
                self.table("refuse_change")
            )
        })
    }

    async fn create(&mut self, session: &Session) -> Result<(), HistoryError> {
        // One message is one transaction.
        let sql = self.create_sql(session).await?;
        session
            .execute(&sql)
            .await
            .map_err(HistoryError::sql("create"))?;
        self.format = Some(FORMAT);
        Ok(())
    }

    /// The statements that make the history.
    pub(super) async fn create_sql(&self, session: &Session) -> Result<String, HistoryError> {
        let schema = quote::ident(&self.schema);
        let sql = format!(
            "SELECT pg_catalog.to_regnamespace({}) IS NOT NULL",
            quote::literal(&schema)
        );
        let found = session
            .texts(&sql)
            .await
            .map_err(HistoryError::sql("read"))?;
        // CREATE SCHEMA IF NOT EXISTS asks for the right to create even where the schema is there.
        let create = match first(&found) {
            Some("t") => String::new(),
            _ => format!("CREATE SCHEMA {schema};\n"),
        };
        Ok(create + &DDL.replace("{schema}", &schema))
    }

    /// Goes from the format found to `target` by `upgrades`, in one transaction.
    pub async fn upgrade(
        &mut self,
        session: &Session,
        _lock: &Lock,
        upgrades: &[Upgrade],
        target: i32,
    ) -> Result<(), HistoryError> {
        let Some(found) = self.format else {
            return Ok(());
        };
        if found >= target {
            return Ok(());
        }
        let schema = quote::ident(&self.schema);
        let mut sql = String::new();
        for from in found..target {
            let Some(upgrade) = upgrades.iter().find(|upgrade| upgrade.from == from) else {
                return Err(HistoryError::Older {
                    schema: self.schema.clone(),
                    found,
                });
            };
            sql.push_str(&upgrade.sql.replace("{schema}", &schema));
            sql.push_str(";\n");
        }
        sql.push_str(&format!("UPDATE {schema}.meta SET format = {target}"));
        fault::at("before-upgrade").await;
        let upgrade = session.execute(&sql);
        tokio::pin!(upgrade);
        let result = match fault::sent("in-upgrade", upgrade.as_mut()).await {
            Some(result) => result,
            None => upgrade.await,
        };
        result.map_err(HistoryError::sql("upgrade"))?;
        fault::at("after-upgrade").await;
        self.format = Some(target);
        Ok(())
    }

    /// What the history says; empty where there is none. An older format must be upgraded first.
    pub async fn state(&self, session: &Session) -> Result<State, HistoryError> {
        if !self.exists() {
            return Ok(State::default());
        }
        let sql = format!(
            "SELECT pg_catalog.jsonb_build_object(\
             {meta}, (SELECT pg_catalog.to_jsonb(m) FROM {t_meta} m), \
             {rows}, (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(r) - {up} - {down} || {needs}), {empty}::pg_catalog.jsonb) FROM {t_rows} r), \
             {shot}, (SELECT pg_catalog.to_jsonb(s) - {catalog} FROM {t_shot} s ORDER BY s.id DESC LIMIT 1), \
             {tags}, (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(e) ORDER BY e.id), {empty}::pg_catalog.jsonb) \
             FROM {t_events} e WHERE e.action = {tag}), \
             {ranges}, (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(b)), {empty}::pg_catalog.jsonb) \
             FROM {t_batches} b WHERE b.direction = {way}))",
            meta = quote::literal("meta"),
            rows = quote::literal("rows"),
            needs = record::dependencies_sql("r"),
            shot = quote::literal("snapshot"),
            up = quote::literal("up_sql"),
            down = quote::literal("down_sql"),
            catalog = quote::literal("catalog"),
            tags = quote::literal("tags"),
            tag = quote::literal(TAG),
            t_events = self.table("events"),
            ranges = quote::literal("ranges"),
            t_batches = self.table("batches"),
            way = quote::literal("up"),
            empty = quote::literal("[]"),
            t_meta = self.table("meta"),
            t_rows = self.table("migrations"),
            t_shot = self.table("snapshots"),
        );
        let rows = session
            .texts(&sql)
            .await
            .map_err(HistoryError::sql("read"))?;
        #[derive(serde::Deserialize)]
        struct Meta {
            environment: Option<String>,
            protected: bool,
        }
        #[derive(serde::Deserialize)]
        struct All {
            meta: Meta,
            rows: Vec<Row>,
            snapshot: Option<SnapshotHead>,
            tags: Vec<EventRow>,
            ranges: Vec<Ranges>,
        }
        #[derive(serde::Deserialize)]
        struct Ranges {
            service: String,
            version: String,
            last_key: String,
        }
        let all: All = serde_json::from_str(first(&rows).unwrap_or_default())
            .map_err(|error| self.damaged(error))?;
        let rows = all.rows.into_iter().map(Row::of_service);
        let (others, rows) = rows
            .map(|row| (row.version.clone(), row))
            .partition(|(_, row)| row.is_of_another_tool());
        Ok(State {
            exists: true,
            environment: all.meta.environment,
            protected: all.meta.protected,
            rows,
            others,
            snapshot: all.snapshot,
            tags: tag::tags_of(all.tags),
            ranges: all
                .ranges
                .into_iter()
                .map(|it| (Version::new(&it.version).of(&it.service), it.last_key))
                .collect(),
        })
    }

    /// Makes the database remember its environment. Another one than it remembers is refused.
    pub async fn remember(
        &self,
        session: &Session,
        state: &State,
        environment: &str,
        protected: bool,
    ) -> Result<(), HistoryError> {
        match self.remember_sql(state, environment, protected)? {
            None => Ok(()),
            Some(sql) => session
                .execute(&sql)
                .await
                .map_err(HistoryError::sql("write")),
        }
    }

    /// The statement that makes the database remember an environment.
    pub(super) fn set_environment(&self, environment: &str, protected: bool) -> String {
        format!(
            "UPDATE {} SET environment = {}, protected = {protected}",
            self.table("meta"),
            quote::literal(environment)
        )
    }

    /// The statement that makes the database remember its environment; none where it does.
    pub(super) fn remember_sql(
        &self,
        state: &State,
        environment: &str,
        protected: bool,
    ) -> Result<Option<String>, HistoryError> {
        match &state.environment {
            Some(found) if found != environment => Err(HistoryError::Environment {
                found: found.clone(),
                given: environment.to_owned(),
            }),
            Some(_) if state.protected == protected => Ok(None),
            _ => Ok(Some(self.set_environment(environment, protected))),
        }
    }
}

/// The first text of the first row.
pub(super) fn first(rows: &[Vec<Option<String>>]) -> Option<&str> {
    rows.first()?.first()?.as_deref()
}
