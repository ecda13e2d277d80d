//! Introspection: a fixed number of catalog queries, pipelined in one REPEATABLE READ snapshot, give every object and
//! every dependency of a database.
//!
//! A kind's query gives `oid` (and `sub` for columns), where the object lives (`schema`, or `parent_class` or
//! `parent_classid` with `parent_oid` and `parent_sub`; neither for an object of the database itself), `name`,
//! `signature`, `position`, and one column for each field of the definition. Objects below OID 16384 are PostgreSQL's
//! own; members of extensions are the extension's.

mod found;
mod loader;
pub mod places;
mod row;
mod version;

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;

use futures_util::future::{join, poll_immediate, try_join};
use futures_util::stream::{FuturesOrdered, TryStreamExt};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, Row};

use crate::kind::{Catalog, Object, Origin, Source};
use crate::model::{Exit, Kind, ObjectId};
use crate::pg::connect::Session;
use crate::sql::quote;
use found::{Found, found};
use loader::Loader;
use row::RowError;

/// Why a catalog could not be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum IntrospectError {
    /// The server refused a query.
    #[error("the catalog of the database could not be read: {}", crate::pg::error::chain(.0))]
    #[diagnostic(
        code(pg::introspect),
        help("the connected role needs to read pg_catalog; see the server's message")
    )]
    Query(#[from] tokio_postgres::Error),
    /// A row did not fit its definition.
    #[error("a row of the catalog has an unexpected form: {0}")]
    #[diagnostic(
        code(pg::row),
        help("this is a bug of schemactl: please report it with the server's version")
    )]
    Row(#[from] RowError),
    /// Declared rows could not be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Rows(#[from] super::rows::RowsError),
    /// A hand-written object could not be asked for.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Exists(#[from] super::by_hand::ExistsError),
    /// Somebody changes the schema all the time.
    #[error("the schema changed while it was read, three times in a row")]
    #[diagnostic(
        code(pg::changing),
        help("run again when no other schema change is under way")
    )]
    Changing,
}

impl IntrospectError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            IntrospectError::Query(_) => Exit::Connect,
            IntrospectError::Row(_) => Exit::Bug,
            IntrospectError::Rows(error) => error.exit(),
            IntrospectError::Exists(error) => error.exit(),
            IntrospectError::Changing => Exit::Busy,
        }
    }
}

/// What needs what.
type Edges = BTreeMap<ObjectId, BTreeSet<ObjectId>>;

/// A place in a system catalog: class, OID, column number.
type Place = (u32, u32, i32);

/// What most databases have nothing of, and the query that finds it: kinds whose OIDs are of such a catalog, and queries that
/// say `-- Only where NAME` in their first line, are asked for only where there is something.
const SPARSE: &[(&str, &str)] = &[
    (
        "depends-on-extension",
        "SELECT FROM pg_catalog.pg_depend WHERE refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND deptype = 'x'",
    ),
    (
        "exclusion",
        "SELECT FROM pg_catalog.pg_constraint WHERE contype = 'x' AND conrelid >= 16384",
    ),
    (
        "not-null",
        "SELECT FROM pg_catalog.pg_constraint WHERE contype = 'n' AND conrelid >= 16384",
    ),
    (
        "pg_aggregate",
        "SELECT FROM pg_catalog.pg_aggregate WHERE aggfnoid::oid >= 16384",
    ),
    ("pg_am", "SELECT FROM pg_catalog.pg_am WHERE oid >= 16384"),
    (
        "pg_amop",
        "SELECT FROM pg_catalog.pg_amop WHERE oid >= 16384 UNION ALL SELECT FROM pg_catalog.pg_amproc WHERE oid >= 16384",
    ),
    (
        "pg_cast",
        "SELECT FROM pg_catalog.pg_cast WHERE oid >= 16384",
    ),
    (
        "pg_collation",
        "SELECT FROM pg_catalog.pg_collation WHERE oid >= 16384",
    ),
    (
        "pg_conversion",
        "SELECT FROM pg_catalog.pg_conversion WHERE oid >= 16384",
    ),
    ("pg_default_acl", "SELECT FROM pg_catalog.pg_default_acl"),
    (
        "pg_event_trigger",
        "SELECT FROM pg_catalog.pg_event_trigger WHERE oid >= 16384",
    ),
    (
        "pg_foreign_data_wrapper",
        "SELECT FROM pg_catalog.pg_foreign_data_wrapper WHERE oid >= 16384",
    ),
    (
        "pg_foreign_server",
        "SELECT FROM pg_catalog.pg_foreign_server WHERE oid >= 16384",
    ),
    (
        "pg_foreign_table",
        "SELECT FROM pg_catalog.pg_foreign_table",
    ),
    (
        "pg_inherits",
        "SELECT FROM pg_catalog.pg_inherits WHERE inhrelid >= 16384",
    ),
    (
        "pg_language",
        "SELECT FROM pg_catalog.pg_language WHERE oid >= 16384",
    ),
    (
        "pg_opclass",
        "SELECT FROM pg_catalog.pg_opclass WHERE oid >= 16384",
    ),
    (
        "pg_operator",
        "SELECT FROM pg_catalog.pg_operator WHERE oid >= 16384",
    ),
    (
        "pg_opfamily",
        "SELECT FROM pg_catalog.pg_opfamily WHERE oid >= 16384",
    ),
    (
        "pg_policy",
        "SELECT FROM pg_catalog.pg_policy WHERE oid >= 16384",
    ),
    (
        "pg_publication",
        "SELECT FROM pg_catalog.pg_publication WHERE oid >= 16384",
    ),
    (
        "pg_publication_rel",
        "SELECT FROM pg_catalog.pg_publication_rel WHERE oid >= 16384",
    ),
    (
        "pg_range",
        "SELECT FROM pg_catalog.pg_range WHERE rngtypid >= 16384",
    ),
    (
        "pg_rewrite",
        "SELECT FROM pg_catalog.pg_rewrite WHERE oid >= 16384",
    ),
    (
        "pg_statistic_ext",
        "SELECT FROM pg_catalog.pg_statistic_ext WHERE oid >= 16384",
    ),
    (
        "pg_subscription",
        "SELECT subdbid FROM pg_catalog.pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
    ),
    (
        "pg_transform",
        "SELECT FROM pg_catalog.pg_transform WHERE oid >= 16384",
    ),
    (
        "pg_trigger",
        "SELECT FROM pg_catalog.pg_trigger WHERE oid >= 16384",
    ),
    (
        "pg_ts_config",
        "SELECT FROM pg_catalog.pg_ts_config WHERE oid >= 16384",
    ),
    (
        "pg_ts_dict",
        "SELECT FROM pg_catalog.pg_ts_dict WHERE oid >= 16384",
    ),
    (
        "pg_ts_parser",
        "SELECT FROM pg_catalog.pg_ts_parser WHERE oid >= 16384",
    ),
    (
        "pg_ts_template",
        "SELECT FROM pg_catalog.pg_ts_template WHERE oid >= 16384",
    ),
];

/// The kinds whose queries a second session takes over where a database is large: about half of the server's work.
const SHARED: &[Kind] = &[
    Kind::Column,
    Kind::Default,
    Kind::Check,
    Kind::Index,
    Kind::View,
];

/// A second session is worth its start where the catalog of columns has more bytes than this.
const LARGE: u32 = 1024 * 1024;

/// How often a catalog that changes meanwhile is read again.
const TRIES: usize = 3;

/// The whole catalog of the connected database, in a transaction of its own.
///
/// # Errors
///
/// When a query fails, or the schema keeps changing: `pg_get_*def` sees the present and not the snapshot, so where
/// anything was written meanwhile, the change token of the snapshot is compared with the one afterwards.
pub async fn introspect(client: &Client) -> Result<Catalog, IntrospectError> {
    watched(client, None).await
}

/// The same by two sessions where the database is large: the second works on the snapshot of the first. Where no second
/// is to be had, the first does all.
///
/// # Errors
///
/// As of [`introspect`].
pub async fn introspect_shared(session: &Session) -> Result<Catalog, IntrospectError> {
    let catalog = watched(session.client(), Some(session)).await?;
    Ok(catalog.with_roles_of_files(session.role_names()))
}

async fn watched(client: &Client, first: Option<&Session>) -> Result<Catalog, IntrospectError> {
    let started = std::time::Instant::now();
    for _ in 0..TRIES {
        let (log, begun) = join(written(client), client.batch_execute(BEGIN)).await;
        begun?;
        let read = begun_read(client, first).await;
        // While nobody wrote anything, nothing changed.
        let still = read.is_ok() && log.is_some() && log == written(client).await;
        let looked_for = read.is_ok() && !still;
        let seen = async || match looked_for {
            true => token(client).await,
            false => Ok(None),
        };
        let before = seen().await?;
        let mut ended = pin!(try_join(client.batch_execute("COMMIT"), seen()));
        // What was read is put together while the server looks for changes.
        let early = poll_immediate(&mut ended).await;
        let catalog = read.map(|(loader, origin)| loader.finish(origin));
        let after = match early {
            Some(ended) => ended,
            None => ended.await,
        };
        let (catalog, (_, after)) = (catalog?, after?);
        if after == before {
            tracing::debug!(objects = catalog.objects.len(), took = ?started.elapsed(), still, "a catalog was read");
            return Ok(catalog);
        }
    }
    Err(IntrospectError::Changing)
}

/// Begins the transaction whose snapshot is read.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Where the cluster's write-ahead log ends; nothing where the server keeps that to itself, or only follows another.
async fn written(client: &Client) -> Option<String> {
    let rows = client
        .query_typed(
            "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_insert_lsn() END::text",
            &[],
        )
        .await
        .ok()?;
    rows.first()?.try_get(0).ok()?
}

/// What the transaction that has begun reads.
async fn begun_read(
    client: &Client,
    first: Option<&Session>,
) -> Result<(Loader, Origin), IntrospectError> {
    let facts = Facts::read(client, first.is_some()).await?;
    let second = Second::new(first, facts.snapshot.clone());
    read(client, &second, facts).await
}

/// Another session on the first one's snapshot, which begins while the first one works already.
struct Second<'a> {
    first: Option<(&'a Session, String)>,
    session: OnceCell<Option<Session>>,
}

impl<'a> Second<'a> {
    fn new(first: Option<&'a Session>, snapshot: Option<String>) -> Self {
        Second {
            first: first.zip(snapshot),
            session: OnceCell::new(),
        }
    }

    /// Its client, where it is wanted and to be had.
    async fn client(&self) -> Option<&Client> {
        let (first, snapshot) = self.first.as_ref()?;
        let connect = async || {
            let second = Session::connect(first.target(), "schemactl").await.ok()?;
            let snapshot = quote::literal(snapshot);
            let begin = format!("{BEGIN}; SET TRANSACTION SNAPSHOT {snapshot}");
            second.client().batch_execute(&begin).await.ok()?;
            Some(second)
        };
        let session = self.session.get_or_init(connect).await;
        session.as_ref().map(Session::client)
    }
}

/// The whole catalog as the present transaction sees it, its own changes included.
///
/// # Errors
///
/// When a query fails.
pub async fn introspect_here(client: &Client) -> Result<Catalog, IntrospectError> {
    let facts = Facts::read(client, false).await?;
    let (loader, origin) = read(client, &Second::new(None, None), facts).await?;
    Ok(loader.finish(origin))
}

/// What the queries depend on.
struct Facts {
    origin: Origin,
    /// Which of the sparse ones there is something of.
    filled: Vec<String>,
    /// The snapshot for a second session, where the catalog is worth one.
    snapshot: Option<String>,
}

impl Facts {
    async fn read(client: &Client, may_share: bool) -> Result<Facts, IntrospectError> {
        let filled: Vec<String> = SPARSE
            .iter()
            .map(|(name, query)| {
                let name = quote::literal(name);
                format!("SELECT {name} AS class WHERE EXISTS ({query})")
            })
            .collect();
        let query = format!(
            "SELECT current_setting('server_version_num')::int AS version, current_user::text AS role, \
                    (SELECT oid FROM pg_database WHERE datname = current_database()) AS database, \
                    ARRAY(SELECT rolname::text FROM pg_roles WHERE oid >= 16384 ORDER BY 1) AS roles, \
                    ARRAY(SELECT f.class FROM ({}) f) AS filled, \
                    CASE WHEN {may_share} AND pg_relation_size('pg_catalog.pg_attribute') > {LARGE} THEN pg_export_snapshot() END AS snapshot",
            filled.join(" UNION ALL ")
        );
        let rows = client.query_typed(&query, &[]).await?;
        let mut facts = Facts {
            origin: Origin::default(),
            filled: Vec::new(),
            snapshot: None,
        };
        if let Some(row) = rows.first() {
            facts.origin.server_version = row.try_get::<_, i32>("version")?.cast_unsigned();
            facts.origin.role = row.try_get("role")?;
            facts.origin.database = row.try_get("database")?;
            facts.origin.roles = row.try_get("roles")?;
            facts.filled = row.try_get("filled")?;
            facts.snapshot = row.try_get("snapshot")?;
        }
        Ok(facts)
    }
}

impl Facts {
    /// Whether there is something of a sparse name; of any other there may be.
    fn has(&self, name: &str) -> bool {
        let is_sparse = SPARSE.iter().any(|(sparse, _)| *sparse == name);
        !is_sparse || self.filled.iter().any(|filled| filled == name)
    }
}

/// What a query needs to have anything to find: the name in its first line, `-- Only where pg_inherits holds something.`
fn only_where(query: &str) -> &str {
    let rest = query.strip_prefix("-- Only where ").unwrap_or_default();
    rest.split(' ').next().unwrap_or_default()
}

/// All rows of the catalog, and where they come from.
async fn read(
    client: &Client,
    second: &Second<'_>,
    facts: Facts,
) -> Result<(Loader, Origin), IntrospectError> {
    let version = facts.origin.server_version;
    let sources: Vec<Source> = Object::BUILT
        .iter()
        .filter_map(|kind| Object::source(*kind))
        // Of what no system catalog holds there is nothing to ask here.
        .filter(|source| !source.query.is_empty())
        .filter(|source| facts.has(source.class) && facts.has(only_where(source.query)))
        .collect();
    let common = [
        include_str!("dependencies.sql"),
        include_str!("aliases.sql"),
        include_str!("view_columns.sql"),
        include_str!("needs.sql"),
        match facts.has("pg_inherits") {
            true => include_str!("needs_of_children.sql"),
            false => "SELECT WHERE false",
        },
        include_str!("unmodelled.sql"),
        "SELECT c.oid, c.relname AS name FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'",
        "SELECT n.oid, n.nspname AS name FROM pg_namespace n",
    ];
    let common = common.iter().map(|query| (None, *query));
    let queries = common.chain(
        sources
            .iter()
            .map(|source| (Some(source.kind), source.query)),
    );
    // All are sent at once; what has come is taken while the server works on the rest.
    let mut answers: FuturesOrdered<_> = queries
        .map(|(kind, query)| async move {
            let query = crate::kind::secrets::resolve(&version::resolve(query, version));
            let other = match kind {
                Some(kind) if SHARED.contains(&kind) => second.client().await,
                _ => None,
            };
            let client = other.unwrap_or(client);
            Ok::<_, tokio_postgres::Error>(match kind {
                None => Answer::Rows(client.query_typed(&query, &[]).await?),
                Some(kind) => Answer::Objects(found(client, &query, kind).await?),
            })
        })
        .collect();
    let mut next = async || match answers.try_next().await? {
        Some(Answer::Rows(rows)) => Ok::<_, tokio_postgres::Error>(rows),
        _ => Ok(Vec::new()),
    };
    let (dependencies, aliases, view_columns) = (next().await?, next().await?, next().await?);
    let mut needs = next().await?;
    needs.extend(next().await?);
    let unmodelled = next().await?;
    let classes = next().await?;
    let mut loader = Loader::new(&dependencies, &aliases, &view_columns, &needs, &classes)?;
    for row in next().await? {
        loader
            .schemas
            .insert(row.try_get("oid")?, row.try_get("name")?);
    }
    drop((dependencies, aliases, view_columns, needs));
    for row in &unmodelled {
        let found = (row.try_get("kind")?, row.try_get("name")?);
        loader.catalog.unmodelled.push(found);
    }
    // An index of a materialized view is read before the view: rows wait until their parent is known.
    let mut waiting: Vec<(&Source, Vec<Found>)> = Vec::new();
    for source in &sources {
        let found = match answers.try_next().await? {
            Some(Answer::Objects(found)) => found?,
            _ => Vec::new(),
        };
        waiting.push((source, loader.take(source, found)?));
    }
    loop {
        let count = |waiting: &[(&Source, Vec<Found>)]| -> usize {
            waiting.iter().map(|(_, found)| found.len()).sum()
        };
        let before = count(&waiting);
        for (source, found) in &mut waiting {
            *found = loader.take(source, std::mem::take(found))?;
        }
        if matches!(count(&waiting), 0) || count(&waiting) == before {
            break;
        }
    }
    Ok((loader, facts.origin))
}

/// What a query brought.
enum Answer {
    /// What is known of objects.
    Rows(Vec<Row>),
    /// The objects of a kind.
    Objects(Result<Vec<Found>, RowError>),
}

async fn token(client: &Client) -> Result<Option<String>, tokio_postgres::Error> {
    let rows = client.query_typed(include_str!("token.sql"), &[]).await?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_query_needs_is_looked_for() {
        let named = Object::BUILT
            .iter()
            .filter_map(|kind| Object::source(*kind))
            .map(|source| only_where(source.query))
            .filter(|name| !name.is_empty());
        let named: Vec<&str> = named.collect();
        assert!(named.contains(&"pg_inherits"));
        for name in named {
            assert!(SPARSE.iter().any(|(sparse, _)| *sparse == name), "{name}");
        }
    }
}
