//! Hand-written objects of a database: those of whom their own query says that they are there. A query is only asked; it
//! changes nothing.

use std::collections::BTreeSet;

use super::connect::Session;
use super::error::SqlError;
use super::rows::Within;
use crate::kind::by_hand::ByHand;
use crate::kind::language::Desired;
use crate::kind::{Catalog, Object};
use crate::model::{Exit, Kind, ObjectId};

/// What says that something is not there that a query needs: a table, a function, a type, a schema, a column.
const NOTHING_THERE: &[&str] = &["42P01", "42883", "42704", "3F000", "42703"];

/// A query that tells nothing.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("the query that tells whether {id} is there fails: {error}")]
#[diagnostic(
    code(sql::exists),
    help(
        "let `exists` be one query that reads and changes nothing: it gives a row where the object is there"
    )
)]
pub struct ExistsError {
    /// The object.
    pub id: ObjectId,
    /// What PostgreSQL said.
    pub error: SqlError,
}

impl ExistsError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self.error.is(&["42501"]) {
            true => Exit::Connect,
            false => Exit::Input,
        }
    }
}

/// Reads the hand-written objects that are there into a catalog.
///
/// # Errors
///
/// [`ExistsError`]: a query that fails for another reason than that something is not there yet.
pub async fn read(
    session: &Session,
    catalog: &mut Catalog,
    desired: &Desired,
    within: Within,
) -> Result<(), ExistsError> {
    let mut known: Vec<(&ObjectId, &ByHand)> = desired.recorded.iter().collect();
    for (id, object) in desired.of_kind(Kind::Sql) {
        if let (Object::Sql(object), false) = (&object.object, desired.recorded.contains_key(id)) {
            known.push((id, object));
        }
    }
    let mut found = Vec::new();
    for (id, object) in known {
        // How to find it the files know better than the record, as long as they make the same.
        let query = match desired.get(id).map(|it| &it.object) {
            Some(Object::Sql(wanted)) if wanted.up == object.up => &wanted.exists,
            _ => &object.exists,
        };
        let there = is_there(session, query, within).await;
        let there = there.map_err(|error| ExistsError {
            id: id.clone(),
            error,
        })?;
        catalog.asked.insert(id.clone(), 0);
        if there {
            let object = Object::from(object.clone());
            catalog.objects.insert(id.clone(), object.into());
            found.push(id.clone());
        }
    }
    depend(&found, catalog);
    Ok(())
}

/// Notes what hand-written objects say that they need.
pub fn depend(objects: &[ObjectId], catalog: &mut Catalog) {
    for id in objects {
        let Some(Object::Sql(object)) = catalog.get(id) else {
            continue;
        };
        let mut needed = needs(object, catalog);
        needed.remove(id);
        catalog.dependencies.insert(id.clone(), needed);
    }
}

/// Whether a query gives a row whose first value is not false.
///
/// # Errors
///
/// What PostgreSQL says, unless something that the query needs is not there.
pub async fn is_there(session: &Session, query: &str, within: Within) -> Result<bool, SqlError> {
    let (begin, end) = match within {
        Within::Nothing => ("BEGIN READ ONLY", "ROLLBACK"),
        Within::Transaction => (
            "SAVEPOINT schemactl_exists; SET LOCAL transaction_read_only = on",
            "ROLLBACK TO schemactl_exists; RELEASE schemactl_exists",
        ),
    };
    session.execute(begin).await?;
    let answer = session.texts(query).await;
    session.execute(end).await?;
    match answer {
        // A row without a column is one.
        Ok(rows) => Ok(rows.first().is_some_and(|row| {
            row.first()
                .is_none_or(|value| !matches!(value.as_deref(), None | Some("f")))
        })),
        Err(error) if error.is(NOTHING_THERE) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The objects of a catalog that a hand-written one says it needs.
fn needs(object: &ByHand, catalog: &Catalog) -> BTreeSet<ObjectId> {
    let named = object.needs.iter();
    named
        .flat_map(|(kind, path)| answers(kind, path, catalog))
        .collect()
}

/// The objects of a catalog that a need names; a routine also without its arguments.
fn answers(kind: &str, path: &str, catalog: &Catalog) -> Vec<ObjectId> {
    let Some(kind) = Kind::from_name(kind) else {
        return Vec::new();
    };
    let bare = |id: &ObjectId| id.clone().with_signature("").path();
    let of_kind = catalog.of_kind(kind).map(|(id, _)| id);
    of_kind
        .filter(|id| id.path() == path || bare(id).trim_end_matches("()") == path)
        .cloned()
        .collect()
}

/// The needs of the declared objects that nothing in a catalog answers to.
pub fn unanswered(catalog: &Catalog) -> Vec<(ObjectId, String)> {
    let mut missing = Vec::new();
    for (id, object) in catalog.of_kind(Kind::Sql) {
        let Object::Sql(object) = object else {
            continue;
        };
        for (kind, path) in &object.needs {
            if answers(kind, path, catalog).is_empty() {
                missing.push((id.clone(), format!("{kind} {path}")));
            }
        }
    }
    missing
}
