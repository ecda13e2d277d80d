//! Running migration files on a scratch database, as `diff --from migrations`, `verify` and `restamp` need it: by the same
//! runner that applies them. Where every way back is asked for, the tables that each file finds hold rows, so that what only
//! works on empty ones shows.

use std::collections::{BTreeMap, BTreeSet};

use super::base::goes;
use super::carried::now_called;
use super::{ProjectError, settled_differences};
use crate::author::{AuthorError, Both, Databases, OF_ROWS, Phase};
use crate::diff::Change;
use crate::kdl::Span;
use crate::kind::language::{DeclaredRows, Desired};
use crate::kind::{Addresses, Catalog, Object, partitioned_tables};
use crate::migrate::{
    ApplyTo, CatalogResume, Event, Folder, History, Options, RollbackTo, RunError, Runner, Values,
    Version, Whose,
};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::pg::rows::{self, Within, introspect_with};
use crate::scratch::build::ensure_roles;
use crate::scratch::cluster::clear;
use crate::scratch::seed;
use crate::sql::quote::unquote_ident;
use crate::sql::volatile::may_differ;

/// What a replay gave.
#[derive(Debug)]
pub struct Replayed {
    /// Everything in the scratch database after the last file.
    pub catalog: Catalog,
    /// The server, `15.18`.
    pub server: String,
    /// The files whose way back raises, as their header says.
    pub irreversible: Vec<String>,
    /// What each file found in the tables, where every way back was run.
    pub rows: BTreeMap<Version, FoundRows>,
}

/// The rows that a file found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundRows {
    /// How many tables held some.
    pub seeded: usize,
    /// Of how many.
    pub tables: usize,
    /// What stood in the way where tables had to be emptied for it.
    pub only_empty: Option<String>,
}

impl FoundRows {
    /// `, 12 of 12 tables seeded`; nothing where there was no table.
    pub fn words(&self) -> String {
        match self.tables {
            0 => String::new(),
            tables => format!(", {} of {tables} tables seeded", self.seeded),
        }
    }
}

/// The states around some files.
#[derive(Debug)]
pub struct Between {
    /// Everything in the scratch database before the first of them.
    pub before: Catalog,
    /// Everything after the last one.
    pub after: Catalog,
}

/// Why a replay failed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A file that fails, or does not return.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The files, or a statement of them.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The scratch databases.
    #[error("{0}")]
    Author(Box<AuthorError>),
}

/// How much is run, and looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All files up.
    Up,
    /// All files up, as what the next migration starts from: with the rows of tables that it takes away.
    Base,
    /// All files up, every one down again, comparing with the state before it, and up once more.
    Both,
}

/// Runs all files on a scratch database.
///
/// # Errors
/// [`ReplayError`]: the statement that fails, the way back that does not return.
pub async fn replay<D: Databases>(
    databases: &D,
    folder: &Folder,
    history_schema: &str,
    desired: &Desired,
    extent: Extent,
) -> Result<Replayed, ReplayError> {
    let session = fresh(databases).await?;
    if extent != Extent::Both {
        apply(databases, &session, folder, history_schema, &ApplyTo::Last).await?;
        let mut catalog = read(&session, history_schema, desired).await?;
        if extent == Extent::Base {
            read_what_goes(&session, &mut catalog, desired).await?;
        }
        return Ok(Replayed {
            catalog,
            server: session.server_version().to_owned(),
            irreversible: Vec::new(),
            rows: BTreeMap::new(),
        });
    }
    let units = units(folder);
    let up = async |unit: &Unit| {
        let to = ApplyTo::Only(unit.versions.clone());
        apply(databases, &session, folder, history_schema, &to).await
    };
    // However many of its own files are left.
    let down = async |at: usize| {
        let to = RollbackTo::Only(units[at].versions.clone());
        let back = async |mut runner: Runner<'_>| {
            let all = Whose::default();
            runner.rollback(folder, &to, &all).await.map(|_| ())
        };
        run(databases, &session, folder, history_schema, back).await
    };
    let mut rows = Rows {
        lookups: desired.rows.keys().cloned().collect(),
        ..Rows::default()
    };
    let mut states = vec![read(&session, history_schema, desired).await?];
    for (at, unit) in units.iter().enumerate() {
        let before = states.last().cloned().unwrap_or_default();
        let mut found = rows.put(&session, &before, None).await;
        let outcome = up(unit).await;
        if let Some(words) = in_the_way(&outcome, &found) {
            rows.take(&session, &before).await;
            up(unit).await?;
            let after = read(&session, history_schema, desired).await?;
            // The rows did not know what the unit asks of them: now it is known.
            let again = !unit.irreversible && down(at).await.is_ok();
            if again {
                found = rows.put(&session, &before, Some(&after)).await;
            }
            if !again || up(unit).await.is_err() {
                rows.take(&session, &before).await;
                up(unit).await?;
                found.seeded = 0;
                found.only_empty = Some(format!(
                    "{} runs only where the tables are empty: {words}",
                    unit.labels
                ));
            }
        } else {
            outcome?;
        }
        rows.note(unit, found);
        states.push(read(&session, history_schema, desired).await?);
    }
    let last = states.last().cloned().unwrap_or_default();
    let mut irreversible = Vec::new();
    for (at, unit) in units.iter().enumerate().rev() {
        let [before, after] = &states[at..=at + 1] else {
            break;
        };
        let mut outcome = down(at).await;
        let with_rows = FoundRows {
            seeded: rows.filled.len(),
            ..FoundRows::default()
        };
        if !unit.irreversible
            && let Some(words) = in_the_way(&outcome, &with_rows)
        {
            rows.take(&session, after).await;
            rows.put(&session, after, Some(before)).await;
            outcome = down(at).await;
            if outcome.is_err() {
                rows.take(&session, after).await;
                outcome = down(at).await;
                let found = FoundRows {
                    only_empty: Some(format!(
                        "the way back of {} runs only where the tables are empty: {words}",
                        unit.labels
                    )),
                    ..rows.of(unit)
                };
                rows.note(unit, found);
            }
        }
        match outcome {
            // Its down file raises, as its header says.
            Err(ReplayError::Run(RunError::Statement(_))) if unit.irreversible => {
                irreversible.push(unit.labels.clone());
                break;
            }
            outcome => outcome?,
        }
        let reached = read(&session, history_schema, desired).await?;
        let objects: Vec<String> =
            settled_differences(databases, &without_roles(&reached), &without_roles(before))
                .await?
                .into_iter()
                .filter(|(id, _)| !is_of_its_time(id, &reached, before))
                .map(|(id, change)| match change {
                    Change::Create => format!("{id} is missing"),
                    Change::Drop => format!("{id} is left over"),
                    Change::Alter => format!("{id} is different"),
                })
                .collect();
        if !objects.is_empty() {
            return Err(ProjectError::NoReturn {
                versions: unit.labels.clone(),
                objects,
            }
            .into());
        }
    }
    Ok(Replayed {
        catalog: last,
        server: session.server_version().to_owned(),
        irreversible,
        rows: rows.found,
    })
}

/// Runs all files up on a scratch database, and reads it after `since` (before any file where there is none) and at
/// the end.
///
/// # Errors
/// [`ReplayError`]: the statement that fails.
pub async fn replay_between<D: Databases>(
    databases: &D,
    folder: &Folder,
    history_schema: &str,
    desired: &Desired,
    since: &Option<ApplyTo>,
) -> Result<Between, ReplayError> {
    let session = fresh(databases).await?;
    if let Some(since) = since {
        apply(databases, &session, folder, history_schema, since).await?;
    }
    let before = read(&session, history_schema, desired).await?;
    apply(databases, &session, folder, history_schema, &ApplyTo::Last).await?;
    let after = read(&session, history_schema, desired).await?;
    Ok(Between { before, after })
}

/// The catalog that the files lead to, as far as `to` says.
///
/// # Errors
/// [`ReplayError`]: the statement that fails.
pub async fn reached<D: Databases>(
    databases: &D,
    folder: &Folder,
    history_schema: &str,
    desired: &Desired,
    to: &ApplyTo,
) -> Result<Catalog, ReplayError> {
    let held = holding(databases, folder, history_schema, desired, to).await?;
    Ok(held.1)
}

/// A scratch database that the files were run in, as far as `to` says, with its catalog.
///
/// # Errors
/// [`ReplayError`]: the statement that fails.
pub async fn holding<D: Databases>(
    databases: &D,
    folder: &Folder,
    history_schema: &str,
    desired: &Desired,
    to: &ApplyTo,
) -> Result<(Session, Catalog), ReplayError> {
    let session = fresh(databases).await?;
    apply(databases, &session, folder, history_schema, to).await?;
    let catalog = read(&session, history_schema, desired).await?;
    Ok((session, catalog))
}

/// A database for a replay, on a cluster of which no other state has left anything that the files could meet.
async fn fresh<D: Databases>(databases: &D) -> Result<Session, ReplayError> {
    let session = databases
        .database("replay")
        .await
        .map_err(AuthorError::Database)?;
    clear(&session).await.map_err(AuthorError::Sql)?;
    Ok(session)
}

/// The rows of a replay.
#[derive(Debug, Default)]
struct Rows {
    /// The tables whose rows the files declare: they hold those alone.
    lookups: BTreeSet<ObjectId>,
    /// The tables that had rows of the files when they were first looked at: they hold those alone too.
    own: BTreeSet<ObjectId>,
    /// Where the tables were found when they were last looked at.
    addresses: Addresses,
    /// The tables that were there when rows were put into tables.
    filled: BTreeSet<ObjectId>,
    found: BTreeMap<Version, FoundRows>,
}

impl Rows {
    /// Puts rows into the tables that have come since, such as fit the other state too, and counts.
    async fn put(
        &mut self,
        session: &Session,
        state: &Catalog,
        other: Option<&Catalog>,
    ) -> FoundRows {
        self.follow(state);
        let is_table = |id: &ObjectId| id.kind == Kind::Table;
        let new = |id: &ObjectId| is_table(id) && !self.filled.contains(id);
        if state.objects.keys().any(new) {
            let come = state.filtered(|id, _| !is_table(id) || new(id));
            let counts = seed::count(session, &come).await.into_iter();
            let own = counts.filter(|(_, rows)| *rows > 0).map(|(table, _)| table);
            let own: Vec<ObjectId> = own.collect();
            let above = own.iter().flat_map(|it| partitioned_tables(it, state));
            self.own.extend(above.collect::<Vec<_>>());
            self.own.extend(own);
            let both = other.map(|after| {
                Both {
                    before: state,
                    after,
                    renames: &[],
                }
                .for_seeding()
            });
            let wanted = both.as_ref().unwrap_or(state);
            let wanted =
                wanted.filtered(|id, _| !is_table(id) || new(id) && !self.is_of_files(id, state));
            seed::seed(session, &wanted).await;
        }
        self.filled = state
            .objects
            .keys()
            .filter(|id| is_table(id))
            .cloned()
            .collect();
        let counts = match self.filled.is_empty() {
            true => Vec::new(),
            false => seed::count(session, state).await,
        };
        FoundRows {
            seeded: counts.iter().filter(|(_, rows)| *rows > 0).count(),
            tables: counts.len(),
            only_empty: None,
        }
    }

    /// Takes all rows away; the next file gets new ones.
    async fn take(&mut self, session: &Session, state: &Catalog) {
        self.follow(state);
        let tables = state.objects.keys().filter(|id| id.kind == Kind::Table);
        let tables = tables.filter(|id| !self.is_of_files(id, state));
        seed::take(session, tables).await;
        self.filled.clear();
    }

    /// Whether the rows of a table, or of the partitioned table that it belongs to, are those of the files.
    fn is_of_files(&self, table: &ObjectId, state: &Catalog) -> bool {
        let is_own = |id: &ObjectId| self.lookups.contains(id) || self.own.contains(id);
        is_own(table) || partitioned_tables(table, state).any(|it| is_own(&it))
    }

    /// Knows the tables again that have other names since.
    fn follow(&mut self, state: &Catalog) {
        let renamed = self.addresses.renamed_in(&state.addresses);
        for tables in [&mut self.own, &mut self.filled] {
            *tables = tables.iter().map(|it| now_called(it, &renamed)).collect();
        }
        self.addresses = state.addresses.clone();
    }

    fn of(&self, unit: &Unit) -> FoundRows {
        self.found.get(&unit.last).cloned().unwrap_or_default()
    }

    fn note(&mut self, unit: &Unit, found: FoundRows) {
        for version in &unit.versions {
            self.found.insert(version.clone(), found.clone());
        }
    }
}

/// What PostgreSQL says where it is the rows that a file fails at.
fn in_the_way(outcome: &Result<(), ReplayError>, found: &FoundRows) -> Option<String> {
    match outcome {
        Err(ReplayError::Run(RunError::Statement(error)))
            if found.seeded > 0 && error.sql.is(OF_ROWS) =>
        {
            Some(error.sql.to_string())
        }
        Err(ReplayError::Run(error @ RunError::Preflight { .. })) if found.seeded > 0 => {
            Some(error.to_string())
        }
        _ => None,
    }
}

/// Whether a row differs only where PostgreSQL gave it a value of its own when it came: a way back brings that of the database
/// for which it was written.
fn is_of_its_time(id: &ObjectId, one: &Catalog, other: &Catalog) -> bool {
    let (Some(Object::Row(one)), Some(Object::Row(before))) = (one.get(id), other.get(id)) else {
        return false;
    };
    let is_computed = |column: &String| {
        let column = id
            .parent
            .as_deref()
            .map(|it| it.child(Kind::Column, column));
        let default = column.map(|it| it.child(Kind::Default, ""));
        match default.and_then(|it| other.get(&it)) {
            Some(Object::Default(default)) => may_differ(&default.expression.canonical),
            _ => false,
        }
    };
    let mut columns = one.values.keys().chain(before.values.keys());
    columns.all(|column| one.values.get(column) == before.values.get(column) || is_computed(column))
}

/// A way back drops no role: others of the cluster may use it.
fn without_roles(catalog: &Catalog) -> Catalog {
    catalog.filtered(|id, _| !id.is_of_cluster())
}

/// Files that run and return together.
struct Unit {
    last: Version,
    versions: Vec<Version>,
    files: usize,
    labels: String,
    irreversible: bool,
}

fn units(folder: &Folder) -> Vec<Unit> {
    let mut units: Vec<(Option<String>, Unit)> = Vec::new();
    // What corrects drift finds none here: it is skipped, and has no way back.
    let run = folder
        .migrations()
        .iter()
        .filter(|migration| !migration.up.file.header().corrects_drift());
    for migration in run {
        let group = migration.up.file.header().group().map(|group| group.id);
        let irreversible = [Some(&migration.up), migration.down.as_ref()]
            .into_iter()
            .flatten()
            .any(|at| at.file.header().get("irreversible").is_some());
        match units.last_mut() {
            Some((before, unit)) if group.is_some() && *before == group => {
                unit.last = migration.version.clone();
                unit.versions.push(migration.version.clone());
                unit.files += 1;
                unit.labels = format!("{}, {}", unit.labels, migration.label());
                unit.irreversible |= irreversible;
            }
            _ => units.push((
                group,
                Unit {
                    last: migration.version.clone(),
                    versions: vec![migration.version.clone()],
                    files: 1,
                    labels: migration.label(),
                    irreversible,
                },
            )),
        }
    }
    units.into_iter().map(|(_, unit)| unit).collect()
}

/// Applies, making the roles that the files mention and the scratch server does not have.
async fn apply<D: Databases>(
    databases: &D,
    session: &Session,
    folder: &Folder,
    history_schema: &str,
    to: &ApplyTo,
) -> Result<(), ReplayError> {
    let mut made: Vec<String> = Vec::new();
    loop {
        let up =
            async |mut runner: Runner<'_>| runner.apply(folder, to.clone(), None).await.map(|_| ());
        let outcome = run(databases, session, folder, history_schema, up).await;
        let missing = match &outcome {
            Err(ReplayError::Run(RunError::Statement(error))) => missing_role(&error.sql),
            _ => None,
        };
        match missing {
            Some(role) if !made.contains(&role) => {
                ensure_roles(session, [role.as_str()])
                    .await
                    .map_err(AuthorError::Sql)?;
                made.push(role);
            }
            _ => return outcome,
        }
    }
}

/// The role that an error says does not exist; its name is the only quoted word of the message.
fn missing_role(error: &SqlError) -> Option<String> {
    if !error.is(&["42704"]) {
        return None;
    }
    let message = error.message.strip_prefix("role ")?;
    let name = unquote_ident(message.strip_suffix(" does not exist")?);
    (!name.is_empty()).then_some(name)
}

async fn run<D: Databases, F>(
    databases: &D,
    session: &Session,
    folder: &Folder,
    history_schema: &str,
    work: F,
) -> Result<(), ReplayError>
where
    F: AsyncFnOnce(Runner<'_>) -> Result<(), RunError>,
{
    let history = History::open(session, history_schema)
        .await
        .map_err(RunError::from)?;
    let all = folder.migrations();
    let place = |label: &str| all.iter().position(|it| it.label() == label);
    let listener = databases.listener();
    let mut events = |event: &Event<'_>| {
        if let Event::Started {
            label, direction, ..
        } = event
            && let Some(listener) = listener
        {
            listener.tell(&Phase::File {
                label,
                direction: *direction,
                number: place(label).map_or(all.len(), |at| at + 1),
                of: all.len(),
            });
        }
    };
    let runner = Runner::new(
        session,
        history,
        Options {
            values: Values::blank(),
            ..Options::default()
        },
        &CatalogResume,
        &mut events,
    );
    Ok(work(runner).await?)
}

async fn read(
    session: &Session,
    history_schema: &str,
    desired: &Desired,
) -> Result<Catalog, ReplayError> {
    let catalog = introspect_with(session, desired)
        .await
        .map_err(AuthorError::Introspect)?;
    Ok(catalog.filtered(|id, _| id.schema() != Some(history_schema)))
}

/// Reads the rows of tables that nobody declares any more: there are no others there than those that the files put in.
async fn read_what_goes(
    session: &Session,
    catalog: &mut Catalog,
    desired: &Desired,
) -> Result<(), ReplayError> {
    let mut going = Desired::default();
    for (table, _) in catalog
        .of_kind(Kind::Table)
        .filter(|(id, _)| goes(id, desired))
    {
        let key = catalog.children(table, Kind::PrimaryKey).into_iter().next();
        let Some((_, Object::PrimaryKey(key))) = key else {
            continue;
        };
        // The rows of a partition are its partitioned table's.
        if catalog.contains(&table.child(Kind::Partition, "")) {
            continue;
        }
        let columns = catalog.children(table, Kind::Column).into_iter();
        let columns = columns.map(|(id, _)| id.name.to_string());
        let rows = DeclaredRows {
            key: key.0.columns.clone(),
            columns: columns.collect(),
            exact: true,
            rows: Vec::new(),
            span: Span::default(),
        };
        going.rows.insert(table.clone(), rows);
    }
    let read = rows::read(session, catalog, &going, Within::Nothing).await;
    read.map_err(|error| AuthorError::Introspect(error.into()).into())
}

impl From<AuthorError> for ReplayError {
    fn from(error: AuthorError) -> ReplayError {
        ReplayError::Author(Box::new(error))
    }
}
