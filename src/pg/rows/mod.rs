//! Reading the rows that the files declare: one request that asks what may be read, one that reads it, whatever the number
//! of tables. Only tables with declared rows are read, and of those that may hold others only the rows that are declared.

mod leaned;

use std::collections::BTreeMap;

use super::connect::Session;
use super::error::SqlError;
use super::introspect::{IntrospectError, introspect, introspect_here};
use crate::kdl::Literal;
use crate::kind::language::{DeclaredRows, Desired};
use crate::kind::row::{Cell, Row, depend, identity};
use crate::kind::{Catalog, Object, reference};
use crate::model::{Exit, Kind, ObjectId};
use crate::sql::quote::{ident, literal};

/// Why declared rows could not be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum RowsError {
    /// A right is missing.
    #[error("{role} may not read the rows of {table} that the files declare")]
    #[diagnostic(
        code(rows::rights),
        help(
            "GRANT SELECT ON {table} TO {role}, with USAGE on its schema; or connect as a role that may read it"
        )
    )]
    Rights {
        /// The role that is connected.
        role: String,
        /// The table.
        table: String,
    },
    /// Policies may hide rows.
    #[error(
        "row-level security decides which rows of {table} {role} sees, so that what is there cannot be told from what is not"
    )]
    #[diagnostic(
        code(rows::hidden),
        help(
            "connect as the table's owner, where the policies are not forced on it, or as a role with BYPASSRLS"
        )
    )]
    Hidden {
        /// The role that is connected.
        role: String,
        /// The table.
        table: String,
    },
    /// The key does not tell rows apart.
    #[error("several rows of {table} have the key {key}")]
    #[diagnostic(
        code(rows::ambiguous),
        help("take away what is there twice, or say a `key` of which each row has its own value")
    )]
    Ambiguous {
        /// The table.
        table: String,
        /// The key.
        key: String,
    },
    /// A query failed.
    #[error("the declared rows could not be read: {0}")]
    #[diagnostic(code(rows::query), help("see the message of the server"))]
    Sql(SqlError),
}

impl RowsError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            RowsError::Rights { .. } | RowsError::Hidden { .. } => Exit::Connect,
            RowsError::Ambiguous { .. } => Exit::Input,
            RowsError::Sql(error) if error.is(&["42501"]) => Exit::Connect,
            RowsError::Sql(_) => Exit::Failed,
        }
    }
}

/// Where a reading takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// In a transaction of its own.
    Nothing,
    /// In a transaction that has to outlive it.
    Transaction,
}

/// What is read of one table.
struct Wanted<'d> {
    declared: &'d DeclaredRows,
    table: ObjectId,
    /// The names that the columns of the key have there.
    key: Vec<String>,
    /// What values of the key are called there, each by what the files call it.
    renamed: Vec<BTreeMap<String, String>>,
    /// The key's names in the files.
    key_in_files: &'d [String],
    columns: Vec<String>,
    /// The types of the columns of the key.
    types: Vec<String>,
    /// Whether rows may stand in tables below it.
    partitioned: bool,
}

/// Reads the declared rows of a database into its catalog, as far as their tables and columns are there.
///
/// # Errors
///
/// [`RowsError`]: a right that is missing, rows that policies hide, a key that tells nothing apart.
pub async fn read(
    session: &Session,
    catalog: &mut Catalog,
    desired: &Desired,
    within: Within,
) -> Result<(), RowsError> {
    let mut wanted: Vec<Wanted<'_>> = desired
        .rows
        .iter()
        .filter_map(|(table, declared)| wanted(table, declared, catalog, desired))
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    look_at_rights(session, &mut wanted).await?;
    let found = match query(session, &wanted, within, Compare::ByType).await {
        Ok(found) => found,
        // A key that its type does not take there, as a value that an enumerated type will only get.
        Err(error) if is_of_values(&error) => {
            let mut found = Vec::new();
            for one in wanted.chunks(1) {
                found.extend(match query(session, one, within, Compare::ByType).await {
                    Err(error) if is_of_values(&error) => {
                        query(session, one, within, Compare::ByText)
                            .await
                            .map_err(RowsError::Sql)?
                    }
                    other => other.map_err(RowsError::Sql)?,
                });
            }
            found
        }
        Err(error) => return Err(RowsError::Sql(error)),
    };
    let mut read = Vec::new();
    for (table, lines) in wanted.iter().zip(found) {
        for line in lines {
            read.extend(take(table, &line, catalog)?);
        }
        if table.declared.exact {
            catalog.exact.insert(table.table.clone());
        }
    }
    depend(&read, catalog);
    let leaned = leaned::read(session, &wanted, catalog, within).await;
    leaned.map_err(RowsError::Sql)
}

/// The whole catalog of the connected database with the rows and hand-written objects that the files declare.
///
/// # Errors
///
/// As of [`introspect`] and [`read`].
pub async fn introspect_with(
    session: &Session,
    desired: &Desired,
) -> Result<Catalog, IntrospectError> {
    let catalog = introspect(session.client()).await?;
    let mut catalog = catalog.with_roles_of_files(session.role_names());
    read_all(session, &mut catalog, desired, Within::Nothing).await?;
    Ok(catalog)
}

/// The same as the present transaction sees it.
///
/// # Errors
///
/// As of [`introspect_with`].
pub async fn introspect_here_with(
    session: &Session,
    desired: &Desired,
) -> Result<Catalog, IntrospectError> {
    let catalog = introspect_here(session.client()).await?;
    let mut catalog = catalog.with_roles_of_files(session.role_names());
    read_all(session, &mut catalog, desired, Within::Transaction).await?;
    Ok(catalog)
}

/// Reads what no system catalog holds: the declared rows, and the hand-written objects.
///
/// # Errors
///
/// As of [`read`], and of [`super::by_hand::read`].
pub async fn read_all(
    session: &Session,
    catalog: &mut Catalog,
    desired: &Desired,
    within: Within,
) -> Result<(), IntrospectError> {
    read(session, catalog, desired, within).await?;
    super::by_hand::read(session, catalog, desired, within).await?;
    Ok(())
}

/// Whether an error is of values and operators, and not of the query as such.
fn is_of_values(error: &SqlError) -> bool {
    let of_data = |state: &String| state.starts_with("22");
    error.sqlstate.as_ref().is_some_and(of_data) || error.is(&["42883", "42846", "0A000", "42804"])
}

/// The part of a declaration that a catalog has; under the names that are there still, where the files rename.
fn wanted<'d>(
    table: &ObjectId,
    declared: &'d DeclaredRows,
    catalog: &Catalog,
    desired: &Desired,
) -> Option<Wanted<'d>> {
    let old_name = |id: &ObjectId| {
        let rename = desired.renames.iter().find(|rename| rename.to == *id);
        rename.map(|rename| &rename.from)
    };
    let found = match catalog.contains(table) {
        true => table.clone(),
        false => old_name(table).filter(|old| catalog.contains(old))?.clone(),
    };
    let Some(Object::Table(definition)) = catalog.get(&found) else {
        return None;
    };
    let column = |name: &String| {
        let old = old_name(&table.child(Kind::Column, name)).map(|old| &*old.name);
        let names = [Some(name.as_str()), old].into_iter().flatten();
        let is_there = |name: &&str| {
            let column = catalog.get(&found.child(Kind::Column, name));
            matches!(column, Some(Object::Column(column)) if column.generated.is_none())
        };
        names.into_iter().find(is_there).map(str::to_owned)
    };
    let key: Option<Vec<String>> = declared.key.iter().map(column).collect();
    let mut columns: Vec<String> = declared.columns.iter().filter_map(column).collect();
    // What a column holds that goes is put back on the way down.
    if definition.of_type.is_none() {
        let goes = |id: &ObjectId| {
            let kept = table.child(Kind::Column, &id.name);
            let renamed = desired.renames.iter().any(|rename| rename.from == kept);
            !renamed && desired.get(&kept).is_none()
        };
        for (id, object) in catalog.children(&found, Kind::Column) {
            let plain =
                matches!(object, Object::Column(it) if it.generated.is_none() && !it.inherited);
            if plain && desired.get(table).is_some() && goes(id) {
                columns.push(id.name.to_string());
            }
        }
    }
    let key = key?;
    let renamed = key.iter().map(|name| {
        let column = found.child(Kind::Column, name);
        old_values(&column, catalog, desired)
    });
    Some(Wanted {
        declared,
        renamed: renamed.collect(),
        table: found,
        key,
        key_in_files: &declared.key,
        columns,
        types: Vec::new(),
        partitioned: definition.partition_by.is_some(),
    })
}

/// What values of the enumeration that a column is of are called there still, where the files rename them.
fn old_values(column: &ObjectId, catalog: &Catalog, desired: &Desired) -> BTreeMap<String, String> {
    let mut needed = catalog.dependencies_of(column);
    let Some(found) = needed.find(|it| it.kind == Kind::Enum) else {
        return BTreeMap::new();
    };
    let renamed = desired.renames.iter().find(|it| it.from == *found);
    let now = renamed.map_or(found, |it| &it.to);
    let declared = desired.get(now).map(|it| &it.object);
    let (Some(Object::Enum(here)), Some(Object::Enum(declared))) = (catalog.get(found), declared)
    else {
        return BTreeMap::new();
    };
    let old = declared
        .renamed
        .iter()
        .filter(|(old, new)| here.values.contains(old) && !here.values.contains(new));
    old.map(|(old, new)| (new.clone(), old.clone())).collect()
}

/// What the connected role may read, and of what type the keys are.
async fn look_at_rights(session: &Session, wanted: &mut [Wanted<'_>]) -> Result<(), RowsError> {
    let lines: Vec<String> = wanted
        .iter()
        .enumerate()
        .flat_map(|(number, table)| {
            let schema = literal(table.table.schema().unwrap_or_default());
            let name = literal(&table.table.name);
            let columns = table.columns.iter();
            columns.map(move |column| format!("({number}, {schema}, {name}, {})", literal(column)))
        })
        .collect();
    let query = format!(
        "WITH w (number, schema, name, col) AS (VALUES {})\n{}",
        lines.join(", "),
        include_str!("readable.sql").trim()
    );
    let rows = session.texts(&query).await.map_err(RowsError::Sql)?;
    for row in rows {
        let [
            Some(number),
            Some(column),
            Some(data_type),
            Some(may),
            Some(hidden),
            Some(role),
        ] = row.as_slice()
        else {
            continue;
        };
        let table = number.parse().ok().and_then(|it: usize| wanted.get_mut(it));
        let Some(table) = table else { continue };
        let (role, name) = (ident(role), reference::schema_name(&table.table));
        if may != "t" {
            return Err(RowsError::Rights { role, table: name });
        }
        if hidden == "t" {
            return Err(RowsError::Hidden { role, table: name });
        }
        table.types.resize(table.key.len(), String::new());
        for (at, key) in table.key.iter().enumerate() {
            if key == column {
                table.types[at].clone_from(data_type);
            }
        }
    }
    Ok(())
}

/// How keys are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    /// As values of their columns.
    ByType,
    /// As what PostgreSQL prints of them.
    ByText,
}

type Lines = Vec<Vec<Option<String>>>;

/// The rows of some tables, in one request: for each declared row its place and key, whether it is there, and its values.
async fn query(
    session: &Session,
    wanted: &[Wanted<'_>],
    within: Within,
    compare: Compare,
) -> Result<Vec<Lines>, SqlError> {
    let queries: Vec<String> = wanted
        .iter()
        .enumerate()
        .filter_map(|(number, table)| table.query(number, compare))
        .collect();
    let mut found = vec![Lines::new(); wanted.len()];
    if queries.is_empty() {
        return Ok(found);
    }
    for mut row in texts_within(session, &queries.join(";\n"), within).await? {
        let rest = row.split_off(1.min(row.len()));
        let number = row.into_iter().next().flatten();
        let place = number.and_then(|it| it.parse::<usize>().ok());
        if let Some(lines) = place.and_then(|it| found.get_mut(it)) {
            lines.push(rest);
        }
    }
    Ok(found)
}

/// What a query gives; a transaction that has to outlive it does so also where it fails.
async fn texts_within(session: &Session, query: &str, within: Within) -> Result<Lines, SqlError> {
    if within == Within::Transaction {
        session.execute("SAVEPOINT schemactl_rows").await?;
    }
    let read = session.texts(query).await;
    if within == Within::Transaction {
        let end = match read.is_ok() {
            true => "RELEASE schemactl_rows",
            false => "ROLLBACK TO schemactl_rows; RELEASE schemactl_rows",
        };
        session.execute(end).await?;
    }
    read
}

/// The values of columns as PostgreSQL prints them.
fn cells(columns: &[String], values: &[Option<String>]) -> BTreeMap<String, Cell> {
    let values = values.iter().map(|value| Cell::new(value.clone()));
    columns.iter().cloned().zip(values).collect()
}

impl Wanted<'_> {
    /// The table as a query reads it.
    fn from(&self) -> String {
        let only = if self.partitioned { "" } else { "ONLY " };
        format!("{only}{} AS r", reference::schema_name(&self.table))
    }

    /// The query over a table; `None` where there is nothing to look for.
    fn query(&self, number: usize, compare: Compare) -> Option<String> {
        let rows = &self.declared.rows;
        if rows.is_empty() && !self.declared.exact {
            return None;
        }
        let from = self.from();
        let values: Vec<String> = self
            .columns
            .iter()
            .map(|it| format!("r.{}", ident(it)))
            .collect();
        let values = values.join(", ");
        if rows.is_empty() {
            let keys = vec!["NULL"; self.key.len()].join(", ");
            return Some(format!(
                "SELECT {number}, NULL, {keys}, true, {values} FROM {from}"
            ));
        }
        let names: Vec<String> = (0..self.key.len()).map(|at| format!("k{at}")).collect();
        let keys: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(place, row)| {
                let cells = self
                    .key_in_files
                    .iter()
                    .zip(&self.types)
                    .zip(&self.renamed)
                    .map(|((column, data_type), renamed)| {
                        let text = match self.declared.cell(row, column) {
                            Some(Literal::Text(text)) if renamed.contains_key(text) => {
                                literal(&renamed[text])
                            }
                            Some(Literal::Number(number)) if compare == Compare::ByType => {
                                number.clone()
                            }
                            Some(Literal::Text(text) | Literal::Number(text)) => literal(text),
                            Some(Literal::Boolean(value)) => literal(&value.to_string()),
                            _ => "NULL".to_owned(),
                        };
                        match compare {
                            Compare::ByType => format!("CAST({text} AS {data_type})"),
                            Compare::ByText => text,
                        }
                    });
                let cells: Vec<String> = cells.collect();
                format!("({place}, {})", cells.join(", "))
            })
            .collect();
        let equal: Vec<String> = self
            .key
            .iter()
            .zip(&names)
            .map(|(column, name)| match compare {
                Compare::ByType => format!("r.{} = k.{name}", ident(column)),
                Compare::ByText => {
                    format!("format({}, r.{}) = k.{name}", literal("%s"), ident(column))
                }
            })
            .collect();
        let join = if self.declared.exact { "FULL" } else { "LEFT" };
        let shown: Vec<String> = names.iter().map(|name| format!("k.{name}")).collect();
        Some(format!(
            "SELECT {number}, k.place, {}, r.tableoid IS NOT NULL, {values}\nFROM (VALUES {}) AS k (place, {})\n{join} JOIN {from} ON {}",
            shown.join(", "),
            keys.join(", "),
            names.join(", "),
            equal.join(" AND ")
        ))
    }
}

/// Takes a line of the answer into the catalog: the row where it is there, and that it was looked for.
fn take(
    wanted: &Wanted<'_>,
    line: &[Option<String>],
    catalog: &mut Catalog,
) -> Result<Option<ObjectId>, RowsError> {
    let length = wanted.key.len();
    let Some((place, rest)) = line.split_first() else {
        return Ok(None);
    };
    let (Some(asked), Some(found), Some(values)) =
        (rest.get(..length), rest.get(length), rest.get(length + 1..))
    else {
        return Ok(None);
    };
    let place: Option<usize> = place.as_deref().and_then(|it| it.parse().ok());
    let is_there = found.as_deref() == Some("t");
    let values: BTreeMap<String, Cell> = match is_there {
        true => cells(&wanted.columns, values),
        false => BTreeMap::new(),
    };
    // The key as it is printed of the row, or of what was looked for.
    let key: Vec<&str> = wanted
        .key
        .iter()
        .zip(asked)
        .map(|(column, asked)| {
            let own = values.get(column).and_then(|it| it.value.as_deref());
            own.or(asked.as_deref()).unwrap_or_default()
        })
        .collect();
    let id = identity(&wanted.table, &key);
    if let Some(place) = place {
        catalog.asked.entry(id.clone()).or_insert(place);
    }
    if !is_there {
        return Ok(None);
    }
    let row = Row {
        key: wanted.key.clone(),
        values,
        once: BTreeMap::new(),
    };
    if catalog
        .objects
        .insert(id.clone(), Object::from(row).into())
        .is_some()
    {
        return Err(RowsError::Ambiguous {
            table: reference::schema_name(&wanted.table),
            key: id.name.to_string(),
        });
    }
    Ok(Some(id))
}
