//! Elaboration of declared rows: they are put into their tables on scratch, where PostgreSQL converts, checks and prints
//! their values, and are read back as from a live database. A database made of the files alone holds no other rows, so they
//! have to stand by themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::elaborate::{Astray, ElaborateError, Refusal};
use crate::kdl::Literal;
use crate::kind::constraint::deferred_meanwhile;
use crate::kind::language::{DeclaredRow, DeclaredRows, Desired};
use crate::kind::row::{Cell, overriding};
use crate::kind::{Catalog, Object, Statement, reference, references};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::pg::rows::{self, Within};
use crate::sql::quote::{ident, literal};

/// How many refused rows are told.
const TOLD: usize = 20;

/// Puts the declared rows into the tables that were made, and reads them into the catalog; `search_path` gives the settings
/// under which the expressions of a schema are read.
pub(super) async fn fill(
    session: &Session,
    desired: &Desired,
    catalog: &mut Catalog,
    search_path: &dyn Fn(&str) -> Vec<String>,
) -> Result<(), ElaborateError> {
    if desired.rows.is_empty() {
        return Ok(());
    }
    let tables: Vec<Lookup<'_>> = desired
        .rows
        .iter()
        .map(|(table, declared)| Lookup {
            table,
            declared,
            path: search_path(table.schema().unwrap_or_default()),
            over: overriding(Some(table), &declared.columns, catalog),
        })
        .collect();
    insert(session, &tables, catalog).await?;
    rows::read(session, catalog, desired, Within::Nothing)
        .await
        .map_err(|error| ElaborateError::Introspect(error.into()))?;
    for table in &tables {
        table.are_there(catalog)?;
        table.forget_changing(session, catalog).await?;
    }
    Ok(())
}

/// Puts the tables' rows in, those first that others refer to.
async fn insert(
    session: &Session,
    tables: &[Lookup<'_>],
    catalog: &Catalog,
) -> Result<(), ElaborateError> {
    let has_rows = |table: &&Lookup<'_>| !table.declared.rows.is_empty();
    let mut waiting: Vec<&Lookup<'_>> = tables.iter().filter(has_rows).collect();
    while !waiting.is_empty() {
        let mut failed = Vec::new();
        for table in &waiting {
            let all: Vec<usize> = (0..table.declared.rows.len()).collect();
            if let Err(error) = table.run(session, &table.insert(&all)).await {
                failed.push((*table, error));
            }
        }
        if failed.len() == waiting.len() {
            if insert_together(session, &waiting, catalog).await.is_ok() {
                return Ok(());
            }
            let mut refused = Vec::new();
            for (table, error) in failed {
                refused.extend(table.refused(session, error).await);
            }
            refused.truncate(TOLD);
            return Err(ElaborateError::Refused(refused));
        }
        waiting = failed.into_iter().map(|(table, _)| table).collect();
    }
    Ok(())
}

/// Puts the rows of tables that refer to each other in, the checks of the foreign keys between them waiting meanwhile.
async fn insert_together(
    session: &Session,
    tables: &[&Lookup<'_>],
    catalog: &Catalog,
) -> Result<(), SqlError> {
    let is_one = |id: &ObjectId| tables.iter().any(|table| table.table == id);
    let keys = references(catalog).filter(|(_, from, to)| is_one(from) && is_one(to));
    let keys: Vec<&ObjectId> = keys.map(|(key, _, _)| key).collect();
    if keys.is_empty() {
        return Err(SqlError::default());
    }
    let (wait, look) = deferred_meanwhile(&keys, catalog);
    let mut statements = vec!["BEGIN".to_owned()];
    statements.extend(wait.iter().map(Statement::text));
    for table in tables {
        let all: Vec<usize> = (0..table.declared.rows.len()).collect();
        statements.extend([table.set_path(), table.insert(&all)]);
    }
    statements.extend(look.iter().map(Statement::text));
    statements.push("COMMIT".to_owned());
    for statement in statements {
        if let Err(error) = session.execute(&statement).await {
            let _ = session.execute("ROLLBACK").await;
            return Err(error);
        }
    }
    Ok(())
}

/// A table and its declared rows.
struct Lookup<'d> {
    table: &'d ObjectId,
    declared: &'d DeclaredRows,
    path: Vec<String>,
    /// What its INSERT says before the values.
    over: &'static str,
}

/// A value as SQL, as the author wrote it.
fn sql(value: &Literal) -> String {
    match value {
        Literal::Text(text) => literal(text),
        Literal::Number(number) => number.clone(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Null => "NULL".to_owned(),
        Literal::Sql(sql) => sql.clone(),
    }
}

impl Lookup<'_> {
    /// The statement that puts in the rows at these places.
    fn insert(&self, places: &[usize]) -> String {
        let columns: Vec<String> = self.declared.columns.iter().map(|it| ident(it)).collect();
        let rows = places
            .iter()
            .filter_map(|place| self.declared.rows.get(*place));
        let rows: Vec<String> = rows
            .map(|row| {
                let cells: Vec<String> = row.cells.iter().map(sql).collect();
                format!("({})", cells.join(", "))
            })
            .collect();
        format!(
            "INSERT INTO {} ({}){} VALUES {}",
            reference::schema_name(self.table),
            columns.join(", "),
            self.over,
            rows.join(", ")
        )
    }

    fn set_path(&self) -> String {
        let schemas: Vec<String> = self.path.iter().map(|it| ident(it)).collect();
        let path = match schemas.is_empty() {
            true => literal(""),
            false => schemas.join(", "),
        };
        format!("SET LOCAL search_path = {path}")
    }

    /// Runs a statement in a transaction of its own.
    async fn run(&self, session: &Session, statement: &str) -> Result<(), SqlError> {
        session
            .execute(&format!("BEGIN; {}", self.set_path()))
            .await?;
        let done = session.execute(statement).await;
        let end = match done.is_ok() {
            true => session.execute("COMMIT").await,
            false => session.execute("ROLLBACK").await,
        };
        done.and(end)
    }

    /// The rows that PostgreSQL refuses, by trying each; those that refer to others after them.
    async fn refused(&self, session: &Session, all: SqlError) -> Vec<Refusal> {
        let begin = format!("BEGIN; {}", self.set_path());
        if session.execute(&begin).await.is_err() {
            return vec![self.refusal(None, all)];
        }
        let mut waiting: Vec<usize> = (0..self.declared.rows.len()).collect();
        let refused = loop {
            let mut failed = Vec::new();
            for place in &waiting {
                let _ = session.execute("SAVEPOINT one").await;
                let end = match session.execute(&self.insert(&[*place])).await {
                    Ok(()) => "RELEASE one",
                    Err(error) => {
                        failed.push((*place, error));
                        "ROLLBACK TO one"
                    }
                };
                let _ = session.execute(end).await;
            }
            let places: Vec<usize> = failed.iter().map(|(place, _)| *place).collect();
            if places.len() == waiting.len() || places.is_empty() {
                break failed;
            }
            waiting = places;
        };
        let _ = session.execute("ROLLBACK").await;
        if refused.is_empty() {
            return vec![self.refusal(None, all)];
        }
        let refused = refused.into_iter();
        refused
            .map(|(place, error)| self.refusal(Some(place), error))
            .collect()
    }

    /// What PostgreSQL refuses of a row; the table's where it is no single one.
    fn refusal(&self, place: Option<usize>, error: SqlError) -> Refusal {
        Refusal::new(self.named(place), error)
    }

    /// A row by its place in the files and the key that they write.
    fn named(&self, place: Option<usize>) -> ObjectId {
        let Some(place) = place else {
            return self.table.child(Kind::Row, "");
        };
        let cell = |row: &DeclaredRow, column: &String| match self.declared.cell(row, column) {
            Some(Literal::Text(text) | Literal::Number(text)) => text.clone(),
            other => other.map(sql).unwrap_or_default(),
        };
        let key = self.declared.rows.get(place).map(|row| {
            let cells: Vec<String> = self.declared.key.iter().map(|it| cell(row, it)).collect();
            cells.join(" ")
        });
        self.table
            .child(Kind::Row, &key.unwrap_or_default())
            .with_signature(&place.to_string())
    }

    /// Looks for each row: two may have the same key in other words, and a trigger may have taken one away.
    fn are_there(&self, catalog: &Catalog) -> Result<(), ElaborateError> {
        let mut places: BTreeMap<usize, &ObjectId> = BTreeMap::new();
        for (id, place) in &catalog.asked {
            if id.parent.as_deref() == Some(self.table) {
                places.insert(*place, id);
            }
        }
        let astray: Vec<Astray> = (0..self.declared.rows.len())
            .filter_map(|place| {
                let what = match places.get(&place) {
                    None => "has the key of another declared row",
                    Some(id) if catalog.contains(id) => return None,
                    Some(_) => {
                        "is not there after it was inserted: a trigger or a rule changes or refuses it"
                    }
                };
                Some(Astray {
                    id: self.named(Some(place)),
                    what: what.to_owned(),
                })
            })
            .collect();
        match astray.is_empty() {
            true => Ok(()),
            false => Err(ElaborateError::Astray(astray)),
        }
    }

    /// Leaves out the values of expressions that give another value from time to time: PostgreSQL takes none of them for a
    /// generated column.
    async fn forget_changing(
        &self,
        session: &Session,
        catalog: &mut Catalog,
    ) -> Result<(), ElaborateError> {
        let mut changing: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut looked: BTreeSet<(&str, &str)> = BTreeSet::new();
        for row in &self.declared.rows {
            for (column, cell) in self.declared.columns.iter().zip(&row.cells) {
                let Literal::Sql(sql) = cell else { continue };
                if !looked.insert((column, sql)) {
                    continue;
                }
                let data_type = match catalog.get(&self.table.child(Kind::Column, column)) {
                    Some(Object::Column(it)) => it.data_type.clone(),
                    _ => continue,
                };
                let probe = format!(
                    "CREATE TEMPORARY TABLE schemactl_value (value {data_type} GENERATED ALWAYS AS ({sql}) STORED)"
                );
                let begin = format!("BEGIN; {}", self.set_path());
                session.execute(&begin).await.map_err(ElaborateError::Sql)?;
                if session.execute(&probe).await.is_err() {
                    changing.insert((column, sql));
                }
                session
                    .execute("ROLLBACK")
                    .await
                    .map_err(ElaborateError::Sql)?;
            }
        }
        if changing.is_empty() {
            return Ok(());
        }
        let places: Vec<(ObjectId, usize)> = catalog
            .asked
            .iter()
            .filter(|(id, _)| id.parent.as_deref() == Some(self.table))
            .map(|(id, place)| (id.clone(), *place))
            .collect();
        for (id, place) in places {
            let Some(row) = self.declared.rows.get(place) else {
                continue;
            };
            for (column, cell) in self.declared.columns.iter().zip(&row.cells) {
                if let Literal::Sql(sql) = cell
                    && changing.contains(&(column.as_str(), sql.as_str()))
                    && let Some(object) = catalog.objects.get_mut(&id)
                    && let Object::Row(found) = Arc::make_mut(object)
                {
                    found.values.remove(column);
                }
            }
        }
        Ok(())
    }
}

/// Takes over the author's spelling of values, and the expressions that are computed when a row is inserted.
pub(super) fn adopt_spelling(catalog: &mut Catalog, desired: &Desired) {
    let asked: Vec<(ObjectId, usize)> = catalog
        .asked
        .iter()
        .map(|(id, place)| (id.clone(), *place))
        .collect();
    for (id, place) in asked {
        let Some(declared) = id.parent.as_deref().and_then(|it| desired.rows.get(it)) else {
            continue;
        };
        let (Some(row), Some(object)) = (declared.rows.get(place), catalog.objects.get_mut(&id))
        else {
            continue;
        };
        let Object::Row(found) = Arc::make_mut(object) else {
            continue;
        };
        for (column, cell) in declared.columns.iter().zip(&row.cells) {
            match (found.values.get_mut(column), cell) {
                (Some(Cell { source, .. }), _) => *source = Some(sql(cell)),
                (None, Literal::Sql(sql)) => {
                    found.once.insert(column.clone(), sql.clone());
                }
                (None, _) => {}
            }
        }
    }
}
