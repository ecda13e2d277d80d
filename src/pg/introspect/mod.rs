//! Introspection: a fixed number of catalog queries, pipelined in one REPEATABLE READ snapshot, give every object and
//! every dependency of a database.
//!
//! A kind's query gives `oid` (and `sub` for columns), where the object lives (`schema`, or `parent_class` or
//! `parent_classid` with `parent_oid` and `parent_sub`; neither for an object of the database itself), `name`,
//! `signature`, `position`, and one column for each field of the definition. Objects below OID 16384 are PostgreSQL's
//! own; members of extensions are the extension's.

pub mod places;
mod row;
mod version;

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{join, poll_immediate, try_join};
use futures_util::stream::{FuturesOrdered, TryStreamExt};
use indexmap::{IndexMap, IndexSet};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, Row};

use crate::kind::extension_dependency;
use crate::kind::grant::rights_before;
use crate::kind::{Catalog, Member, Object, Origin, Source, copied_from, reference};
use crate::model::{Exit, Kind, ObjectId};
use crate::pg::connect::Session;
use crate::sql::quote;
use row::{RowDeserializer, RowError, optional};

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
    watched(session.client(), Some(session)).await
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
    let common = common.iter().map(|query| (false, *query));
    let queries = common.chain(
        sources
            .iter()
            .map(|source| (SHARED.contains(&source.kind), source.query)),
    );
    // All are sent at once; what has come is taken while the server works on the rest.
    let mut answers: FuturesOrdered<_> = queries
        .map(|(shared, query)| async move {
            let query =
                version::resolve(query, version).replace("{secret}", crate::kind::secrets::PATTERN);
            let other = match shared {
                true => second.client().await,
                false => None,
            };
            other.unwrap_or(client).query_typed(&query, &[]).await
        })
        .collect();
    let mut next = async || answers.try_next().await.map(Option::unwrap_or_default);
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
    let mut waiting: Vec<(&Source, Vec<Row>)> = Vec::new();
    for source in &sources {
        let rows = next().await?;
        waiting.push((source, loader.take(source, rows)?));
    }
    loop {
        let count = |waiting: &[(&Source, Vec<Row>)]| -> usize {
            waiting.iter().map(|(_, rows)| rows.len()).sum()
        };
        let before = count(&waiting);
        for (source, rows) in &mut waiting {
            *rows = loader.take(source, std::mem::take(rows))?;
        }
        if matches!(count(&waiting), 0) || count(&waiting) == before {
            break;
        }
    }
    Ok((loader, facts.origin))
}

async fn token(client: &Client) -> Result<Option<String>, tokio_postgres::Error> {
    let rows = client.query_typed(include_str!("token.sql"), &[]).await?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()))
}

struct Dependency {
    object: Place,
    reference: Place,
    kind: String,
}

/// Gathers the objects of a catalog, and knows which place in pg_catalog is which object.
struct Loader {
    classes: BTreeMap<String, u32>,
    /// The names of all schemas, those too that are no objects here.
    schemas: BTreeMap<u32, String>,
    dependencies: Vec<Dependency>,
    aliases: IndexMap<(u32, u32), Place>,
    members: IndexMap<(u32, u32), (u32, u32)>,
    member_ids: IndexMap<Place, Arc<ObjectId>>,
    places: IndexMap<Place, Arc<ObjectId>>,
    view_columns: Vec<(u32, i32, String)>,
    needs: Vec<Need>,
    catalog: Catalog,
}

/// A dependency that pg_depend does not have: of a part of the object at a place, on the object at another place or on a
/// part of it.
struct Need {
    object: Place,
    part: String,
    reference: Place,
    reference_part: String,
}

impl Loader {
    fn new(
        dependencies: &[Row],
        aliases: &[Row],
        view_columns: &[Row],
        needs: &[Row],
        classes: &[Row],
    ) -> Result<Self, IntrospectError> {
        let mut loader = Loader {
            classes: BTreeMap::new(),
            schemas: BTreeMap::new(),
            dependencies: Vec::with_capacity(dependencies.len()),
            aliases: IndexMap::new(),
            members: IndexMap::new(),
            member_ids: IndexMap::new(),
            places: IndexMap::new(),
            view_columns: Vec::new(),
            needs: Vec::new(),
            catalog: Catalog::default(),
        };
        for row in classes {
            loader
                .classes
                .insert(row.try_get("name")?, row.try_get("oid")?);
        }
        for row in dependencies {
            let object: Place = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let reference: Place = (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
            let kind: String = row.try_get(6)?;
            if kind == "e" {
                loader
                    .members
                    .insert((object.0, object.1), (reference.0, reference.1));
            } else {
                loader.dependencies.push(Dependency {
                    object,
                    reference,
                    kind,
                });
            }
        }
        for row in aliases {
            let from = (row.try_get("classid")?, row.try_get("oid")?);
            let to = (
                row.try_get("refclassid")?,
                row.try_get("refoid")?,
                row.try_get("refsub")?,
            );
            loader.aliases.insert(from, to);
        }
        for row in view_columns {
            loader.view_columns.push((
                row.try_get("oid")?,
                row.try_get("sub")?,
                row.try_get("name")?,
            ));
        }
        for row in needs {
            loader.needs.push(Need {
                object: (row.try_get("classid")?, row.try_get("oid")?, 0),
                part: row.try_get("part")?,
                reference: (
                    row.try_get("refclassid")?,
                    row.try_get("refoid")?,
                    row.try_get("refsub")?,
                ),
                reference_part: row.try_get("refpart")?,
            });
        }
        Ok(loader)
    }

    fn class(&self, name: &str) -> u32 {
        self.classes.get(name).copied().unwrap_or(0)
    }

    /// The object at a place; of a column that is no object, its relation.
    fn at(&self, place: Place) -> Option<&ObjectId> {
        self.places
            .get(&place)
            .or_else(|| self.places.get(&(place.0, place.1, 0)))
            .map(Arc::as_ref)
    }

    /// The object at a place or at what the place is an alias of; an extension for its members.
    fn resolve(&self, place: Place) -> Option<&ObjectId> {
        let mut place = place;
        for _ in 0..4 {
            if let Some(extension) = self.members.get(&(place.0, place.1)) {
                let holder = self.places.get(&(extension.0, extension.1, 0));
                return holder.map(Arc::as_ref);
            }
            if let Some(id) = self.at(place) {
                return Some(id);
            }
            place = *self.aliases.get(&(place.0, place.1))?;
        }
        None
    }

    /// The parent that a row names: `Ok(None)` for an object of the database itself, `Err(())` where the parent is not
    /// managed, and so the row is not either.
    fn parent(&self, row: &Row) -> Result<Result<Option<Arc<ObjectId>>, ()>, RowError> {
        if let Some(schema) = optional::<u32>(row, "schema")? {
            let place = (self.class("pg_namespace"), schema, 0);
            return Ok(self.places.get(&place).cloned().map(Some).ok_or(()));
        }
        let Some(oid) = optional::<u32>(row, "parent_oid")? else {
            return Ok(Ok(None));
        };
        let class = match optional::<u32>(row, "parent_classid")? {
            Some(class) => class,
            None => optional::<&str>(row, "parent_class")?
                .map(|name| self.class(name))
                .unwrap_or(0),
        };
        let sub = optional::<i32>(row, "parent_sub")?.unwrap_or(0);
        if let Some(id) = self.places.get(&(class, oid, sub)) {
            return Ok(Ok(Some(id.clone())));
        }
        // A composite type is described through its relation, a constraint through its index. What comes along with an object
        // otherwise (array, multirange and row types, a range's functions, a view's rule, triggers of constraints) is nothing
        // that pg_dump speaks of.
        let is_face = sub == 0 && class == self.class("pg_class");
        let alias = self.aliases.get(&(class, oid)).filter(|_| is_face);
        Ok(alias
            .and_then(|place| self.places.get(place))
            .cloned()
            .map(Some)
            .ok_or(()))
    }

    /// Takes the objects of rows whose parents are known; gives back the others, among them all that is not managed.
    fn take(&mut self, source: &Source, rows: Vec<Row>) -> Result<Vec<Row>, IntrospectError> {
        let mut waiting = Vec::new();
        let usual = self.class(source.class);
        for row in rows {
            // A kind may be read from two catalogs.
            let class = optional::<&str>(&row, "class")?.map_or(usual, |name| self.class(name));
            let oid: u32 = optional(&row, "oid")?.unwrap_or(0);
            if let Some(extension) = self.members.get(&(class, oid)).copied()
                && source.kind != Kind::Column
            {
                self.take_member(source.kind, (class, oid), extension, &row)?;
                continue;
            }
            let Ok(parent) = self.parent_of(source.kind, &row)? else {
                waiting.push(row);
                continue;
            };
            let name = optional::<&str>(&row, "name")?.unwrap_or_default();
            let signature = optional::<&str>(&row, "signature")?.unwrap_or_default();
            let id = match parent {
                Some(parent) => ObjectId::part_of(parent, source.kind, name),
                None => ObjectId::top(source.kind, name),
            }
            .with_signature(signature);
            let object =
                Object::deserialize(source.kind, RowDeserializer(&row)).map_err(|error| {
                    <RowError as serde::de::Error>::custom(format!("{id}: {error}"))
                })?;
            if class != 0 && oid != 0 {
                let sub = optional::<i32>(&row, "sub")?.unwrap_or(0);
                self.places.insert((class, oid, sub), Arc::new(id.clone()));
            }
            if let Some(position) = optional::<i32>(&row, "position")? {
                self.catalog.positions.insert(id.clone(), position);
            }
            self.catalog.objects.insert(id, object.into());
        }
        if matches!(
            source.kind,
            Kind::View | Kind::MaterializedView | Kind::Composite
        ) {
            self.place_view_columns();
        }
        Ok(waiting)
    }

    /// Remembers what a member of an extension is called: it is no object, but facets stand on it.
    fn take_member(
        &mut self,
        kind: Kind,
        member: (u32, u32),
        extension: (u32, u32),
        row: &Row,
    ) -> Result<(), RowError> {
        let schema = match optional::<u32>(row, "schema")? {
            Some(schema) => self.schemas.get(&schema).cloned(),
            None => is_in_no_schema(kind).then(String::new),
        };
        let (Some(extension), Some(schema)) = (
            self.places.get(&(extension.0, extension.1, 0)).cloned(),
            schema.filter(|_| member.1 != 0),
        ) else {
            return Ok(());
        };
        let name = optional::<&str>(row, "name")?.unwrap_or_default();
        let signature = optional::<&str>(row, "signature")?.unwrap_or_default();
        let id = reference::member(&extension, kind, &schema, name).with_signature(signature);
        self.member_ids
            .insert((member.0, member.1, 0), Arc::new(id.clone()));
        let members = self
            .catalog
            .members
            .entry((*extension).clone())
            .or_default();
        members.push(Member { id, schema });
        Ok(())
    }

    /// The same as `parent`, and for facets also a member of an extension, or what is PostgreSQL's own.
    fn parent_of(
        &self,
        kind: Kind,
        row: &Row,
    ) -> Result<Result<Option<Arc<ObjectId>>, ()>, RowError> {
        let parent = self.parent(row)?;
        if parent.is_ok() || !matches!(kind, Kind::Comment | Kind::Owner | Kind::Grant) {
            return Ok(parent);
        }
        let (Some(class), Some(oid)) = (
            optional::<u32>(row, "parent_classid")?,
            optional::<u32>(row, "parent_oid")?,
        ) else {
            return Ok(parent);
        };
        let sub = optional::<i32>(row, "parent_sub")?.unwrap_or(0);
        match self.member_ids.get(&(class, oid, sub)) {
            Some(member) => Ok(Ok(Some(member.clone()))),
            None => Ok(self.own((class, oid), row)?.map(Some).ok_or(())),
        }
    }

    /// What is PostgreSQL's own, by the names in the row: older than all that users make, it is in no other query.
    fn own(&self, place: (u32, u32), row: &Row) -> Result<Option<Arc<ObjectId>>, RowError> {
        let kind = optional::<&str>(row, "own_kind")?.and_then(Kind::from_name);
        let (Some(kind), Some(name)) = (kind, optional::<&str>(row, "own_name")?) else {
            return Ok(None);
        };
        let schema = optional::<&str>(row, "own_schema")?.unwrap_or_default();
        let signature = optional::<&str>(row, "own_signature")?.unwrap_or_default();
        let extension = self
            .members
            .get(&place)
            .and_then(|extension| self.places.get(&(extension.0, extension.1, 0)));
        let id = match extension {
            Some(extension) => reference::member(extension, kind, schema, name),
            None if schema.is_empty() => ObjectId::top(kind, name),
            None => ObjectId::in_schema(kind, schema, name),
        }
        .with_signature(signature);
        Ok(Some(Arc::new(match optional::<&str>(row, "own_part")? {
            Some(column) => id.child(Kind::Column, column),
            None => id,
        })))
    }

    /// Columns of views and attributes of composite types are no objects, but comments, defaults and grants stand on
    /// them; so are those of an extension's members, on which comments and grants stand.
    fn place_view_columns(&mut self) {
        let class = self.class("pg_class");
        for (oid, sub, name) in &self.view_columns {
            let place = (class, *oid);
            let part = |holder: &ObjectId| match holder.kind {
                Kind::Composite => holder.child(Kind::Attribute, name),
                _ => holder.child(Kind::Column, name),
            };
            // A composite type is a member as a type.
            let relation = self.aliases.get(&place).filter(|_| !self.is_member(place));
            let relation = relation.map_or(place, |alias| (alias.0, alias.1));
            if self.is_member(relation) {
                if let Some(member) = self.member_ids.get(&(relation.0, relation.1, 0)) {
                    let column = part(member);
                    self.member_ids
                        .insert((class, *oid, *sub), Arc::new(column));
                }
            } else if let Some(column) = self.resolve((class, *oid, 0)).map(part) {
                self.places.insert((class, *oid, *sub), Arc::new(column));
            }
        }
    }

    fn is_member(&self, place: (u32, u32)) -> bool {
        self.members.contains_key(&place)
    }

    fn finish(mut self, origin: Origin) -> Catalog {
        let mut edges = Edges::new();
        let (mut owned, mut partitioned) = (BTreeMap::new(), BTreeSet::new());
        let mut seen: IndexSet<(Place, Place)> = IndexSet::with_capacity(self.dependencies.len());
        for dependency in &self.dependencies {
            if !seen.insert((dependency.object, dependency.reference)) {
                continue;
            }
            if self
                .members
                .contains_key(&(dependency.object.0, dependency.object.1))
            {
                continue;
            }
            let (Some(object), Some(reference)) = (
                self.resolve(dependency.object),
                self.resolve(dependency.reference),
            ) else {
                continue;
            };
            if object.is_within(reference)
                || reference.is_within(object)
                || (reference.kind == Kind::Schema && object.kind != Kind::Extension)
            {
                continue;
            }
            let reference = self.existing(reference);
            let object = self.existing(object);
            match (object.kind, reference.kind, dependency.kind.as_str()) {
                (Kind::Sequence, Kind::Column, "a") => {
                    let owner = object.child(Kind::SequenceOwner, "");
                    owned.insert(object.clone(), reference.clone());
                    self.join(&mut edges, &owner, [reference.clone()]);
                }
                (Kind::Table | Kind::ForeignTable, Kind::Table, "a") => {
                    let bound = object.child(Kind::Partition, "");
                    partitioned.insert(reference.clone());
                    self.join(&mut edges, &bound, [reference.clone()]);
                }
                // Both are there: no look is needed, as there is for what is only worked out.
                _ => {
                    edges
                        .entry(object.clone())
                        .or_default()
                        .insert(reference.clone());
                }
            }
        }
        for need in &self.needs {
            let part = |place: Place, part: &str| {
                let id = self.resolve(place)?;
                match Kind::from_name(part) {
                    Some(kind) => Some(id.child(kind, "")),
                    None => Some(id.clone()),
                }
            };
            if let (Some(object), Some(reference)) = (
                part(need.object, &need.part),
                part(need.reference, &need.reference_part),
            ) {
                self.join(&mut edges, &object, [reference]);
            }
        }
        // A partition's copy of a trigger is switched when it is there, after what switches it too.
        for (id, _) in self.catalog.of_kind(Kind::TriggerState) {
            let bound = id.parent.as_deref().map(|it| it.child(Kind::Partition, ""));
            let origin = copied_from(id, &self.catalog).map(|(origin, _)| origin);
            self.join(&mut edges, id, bound.into_iter().chain(origin));
        }
        // A parent is taken on when both tables have their columns and checks, and left before it goes.
        for (id, object) in self.catalog.of_kind(Kind::Inherits) {
            let (Some(table), Object::Inherits(tie)) = (id.parent.as_deref(), object) else {
                continue;
            };
            let parent = ObjectId::in_schema(Kind::Table, &tie.parent.schema, &tie.parent.name);
            for of in [table, &parent] {
                for kind in [Kind::Column, Kind::Check, Kind::NotNull] {
                    let parts = self.catalog.children(of, kind);
                    self.join(
                        &mut edges,
                        id,
                        parts.into_iter().map(|(part, _)| part.clone()),
                    );
                }
            }
            self.join(&mut edges, id, [parent]);
        }
        for id in self.catalog.objects.keys() {
            if id.kind == Kind::Grant
                && let Some(object) = id.parent.as_deref()
            {
                let owned = if object.kind == Kind::Column {
                    object.parent.as_deref().unwrap_or(object)
                } else {
                    object
                };
                self.join(&mut edges, id, [owned.child(Kind::Owner, "")]);
            }
        }
        for (tie, _) in self.catalog.of_kind(Kind::ExtensionDependency) {
            self.join(&mut edges, tie, [extension_dependency::extension(tie)]);
        }
        for (grant, rights) in rights_before(&self.catalog) {
            self.join(&mut edges, &grant, rights);
        }
        // A sequence is tied to its column while both still belong to the role that makes them.
        let ties: Vec<(ObjectId, ObjectId)> = self
            .catalog
            .of_kind(Kind::SequenceOwner)
            .filter_map(|(tie, _)| {
                let column = owned.get(tie.parent.as_deref()?)?;
                Some((
                    column.parent.as_deref()?.child(Kind::Owner, ""),
                    tie.clone(),
                ))
            })
            .collect();
        for (owner, tie) in ties {
            self.join(&mut edges, &owner, [tie]);
        }
        self.read_by_rows(&mut edges);
        self.announce(&mut edges, &mut owned);
        self.roles(&mut edges);
        self.catalog.dependencies = edges.into();
        self.catalog.owned = owned;
        self.catalog.partitioned = partitioned;
        self.catalog.origin = origin;
        self.catalog
    }

    /// The rows of a materialized view are read with the rights that hold then: who owns what it reads, and who may read
    /// it, is settled before.
    fn read_by_rows(&self, edges: &mut Edges) {
        for (view, _) in self.catalog.of_kind(Kind::MaterializedView) {
            let (mut read, mut queue) = (BTreeSet::new(), vec![view.clone()]);
            while let Some(at) = queue.pop() {
                for needed in edges.get(&at).into_iter().flatten() {
                    let relation = needed.root();
                    if matches!(
                        relation.kind,
                        Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable
                    ) && relation != view
                        && read.insert(relation.clone())
                    {
                        queue.push(relation.clone());
                    }
                }
            }
            let rights = read.iter().flat_map(|relation| {
                let grants = self.catalog.children(relation, Kind::Grant);
                let owner = relation.child(Kind::Owner, "");
                grants.into_iter().map(|(id, _)| id.clone()).chain([owner])
            });
            let rights: Vec<ObjectId> = rights.collect();
            self.join(edges, view, rights);
        }
    }

    /// A type's own functions depend on its announcement, and the type on them: so neither waits for the other.
    fn announce(&self, edges: &mut Edges, owned: &mut BTreeMap<ObjectId, ObjectId>) {
        for (shell, _) in self.catalog.of_kind(Kind::ShellType) {
            for kind in [Kind::BaseType, Kind::Range] {
                let mut whole = shell.clone();
                whole.kind = kind;
                if !self.catalog.contains(&whole) {
                    continue;
                }
                for function in edges.get(&whole).cloned().unwrap_or_default() {
                    if let Some(needed) = edges.get_mut(&function)
                        && needed.remove(&whole)
                    {
                        needed.insert(shell.clone());
                    }
                }
                edges
                    .entry(whole.clone())
                    .or_default()
                    .insert(shell.clone());
                owned.insert(shell.clone(), whole);
            }
        }
    }

    /// What owns, is granted or is a member comes after the role.
    fn roles(&self, edges: &mut Edges) {
        let role = |name: &str| ObjectId::top(Kind::Role, name);
        for (id, object) in &self.catalog.objects {
            let named: Vec<&str> = match object.as_ref() {
                Object::Owner(owner) => vec![&owner.role],
                Object::Grant(grant) => std::iter::once(&*id.name)
                    .chain(grant.grantor.as_deref())
                    .collect(),
                Object::DefaultPrivilege(privilege) => vec![&id.name, &privilege.grantee],
                Object::RoleMembership(_) => vec![&id.name],
                _ => continue,
            };
            self.join(edges, id, named.into_iter().map(role));
        }
    }

    /// Adds what an object needs, where both are in the catalog.
    fn join(
        &self,
        edges: &mut Edges,
        object: &ObjectId,
        needed: impl IntoIterator<Item = ObjectId>,
    ) {
        let mut needed = needed
            .into_iter()
            .filter(|id| self.catalog.contains(id))
            .peekable();
        if needed.peek().is_some() && self.catalog.contains(object) {
            edges.entry(object.clone()).or_default().extend(needed);
        }
    }

    /// The object itself, or the nearest one that it is a part of and that is in the catalog: all that has a place is,
    /// columns of views and attributes of types apart.
    fn existing<'a>(&self, id: &'a ObjectId) -> &'a ObjectId {
        let holder = id.parent.as_deref().map(|parent| parent.kind);
        let is_object = match id.kind {
            Kind::Attribute => false,
            Kind::Column => matches!(holder, Some(Kind::Table | Kind::ForeignTable)),
            _ => true,
        };
        if is_object {
            return id;
        }
        id.ancestors()
            .find(|ancestor| self.catalog.contains(ancestor))
            .unwrap_or(id)
    }
}

/// Whether members of extensions of this kind have no schema; what is a part of another object has none either, and is no
/// member.
fn is_in_no_schema(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Schema
            | Kind::Language
            | Kind::ForeignDataWrapper
            | Kind::Server
            | Kind::Cast
            | Kind::Transform
            | Kind::AccessMethod
            | Kind::EventTrigger
    )
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
