//! What a generated column is computed of, and how that changes, also in families of tables: a child by inheritance and a
//! partition may have another expression than their parent (from PostgreSQL 16), and ALTER COLUMN SET EXPRESSION (from 17)
//! carries the parent's down to all of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Column, only};
use crate::kind::{Catalog, Context, Object, Statement, parts, reference};
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::quote::ident;

/// GENERATED ALWAYS AS (expression).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Generated {
    /// The expression over the other columns.
    pub expression: Expression,
    /// Whether it is computed when read (PostgreSQL 18).
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
}

impl Generated {
    pub(super) fn clause(&self) -> String {
        let how = if self.is_virtual { "VIRTUAL" } else { "STORED" };
        format!("GENERATED ALWAYS AS ({}) {how}", self.expression.text())
    }
}

/// From this version on an expression is changed in place.
const IN_PLACE: u32 = 170_000;

fn column<'c>(id: &ObjectId, catalog: &'c Catalog) -> Option<&'c Column> {
    match catalog.get(id) {
        Some(Object::Column(column)) => Some(column),
        _ => None,
    }
}

fn expression<'c>(id: &ObjectId, catalog: &'c Catalog) -> Option<&'c Generated> {
    column(id, catalog).and_then(|column| column.generated.as_ref())
}

/// Whether an expression becomes another by ALTER COLUMN SET EXPRESSION.
fn is_set(from: &Generated, to: &Generated, id: &ObjectId, context: &Context<'_>) -> bool {
    from != to
        && context.server_version >= IN_PLACE
        && from.is_virtual == to.is_virtual
        && !(from.is_virtual && is_watched(id, context))
}

/// The statement by which a column comes to be computed otherwise, or no more, if it takes one; `None` where only making it
/// anew leads there.
pub(super) fn change(
    from: Option<&Generated>,
    to: Option<&Generated>,
    id: &ObjectId,
    context: &Context<'_>,
) -> Option<Option<Statement>> {
    match (from, to) {
        (None, Some(_)) => None,
        (Some(from), Some(to)) if from != to => {
            is_set(from, to, id, context).then(|| set(id, to, context))
        }
        (Some(from), None) if from.is_virtual => None,
        (Some(_), None) if loses_expression_with_parent(id, context) => Some(None),
        (Some(_), None) => {
            let action = format!("ALTER COLUMN {} DROP EXPRESSION", ident(&id.name));
            Some(Some(Statement::alter(super::head(id), action)))
        }
        _ => Some(None),
    }
}

/// Whether all tables below the column's that have it afterwards have its expression then: the change may reach them.
fn reaches_all(id: &ObjectId, context: &Context<'_>) -> bool {
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    let to = expression(id, context.after);
    let family = [context.before, context.after]
        .into_iter()
        .flat_map(|catalog| parts::family(table, catalog));
    family
        .map(|table| table.child(Kind::Column, &id.name))
        .filter(|below| context.after.contains(below))
        .all(|below| expression(&below, context.after) == to)
}

/// Whether the change of a table above reaches the column.
fn comes_from_above(id: &ObjectId, context: &Context<'_>) -> bool {
    context.before.inherited_from(id).iter().any(|above| {
        let changes = expression(above, context.before)
            .zip(expression(above, context.after))
            .is_some_and(|(from, to)| is_set(from, to, above, context));
        changes && context.keeps(above) && reaches_all(above, context)
            || comes_from_above(above, context)
    })
}

/// The statement by which a column that is there gets another expression; none where a parent's brings it.
fn set(id: &ObjectId, to: &Generated, context: &Context<'_>) -> Option<Statement> {
    if comes_from_above(id, context) {
        return None;
    }
    let head = match reaches_all(id, context) {
        true => super::head(id),
        false => head_only(id),
    };
    Some(Statement::alter(head, action(id, to)))
}

/// The statement by which a column that came with a parent gets an expression of its own.
pub(super) fn set_own(
    id: &ObjectId,
    given: &Column,
    to: &Column,
    context: &Context<'_>,
) -> Option<Statement> {
    let generated = to.generated.as_ref()?;
    let says_it = context.after.guessed && is_partition(id, context.after);
    let differs = given.generated.as_ref() != Some(generated) && !says_it;
    differs.then(|| Statement::alter(only(id, context), action(id, generated)))
}

fn action(id: &ObjectId, to: &Generated) -> String {
    format!(
        "ALTER COLUMN {} SET EXPRESSION AS ({})",
        ident(&id.name),
        to.expression.text()
    )
}

fn head_only(id: &ObjectId) -> String {
    format!("ALTER TABLE ONLY {}", reference::parent(id))
}

/// Whether a table says itself that it is made as a partition.
fn is_partition(column: &ObjectId, catalog: &Catalog) -> bool {
    let table = column.parent.as_deref().and_then(|it| catalog.get(it));
    matches!(table, Some(Object::Table(table)) if table.partition_of.is_some())
}

/// The lines by which a partition that is made of its table alone has expressions of its own.
pub(in crate::kind) fn lines_of_partition(table: &ObjectId, context: &Context<'_>) -> Vec<String> {
    let columns = context.after.children(table, Kind::Column).into_iter();
    columns
        .filter_map(|(id, _)| Some((id, expression(id, context.after)?)))
        .map(|(id, generated)| format!("{} {}", ident(&id.name), generated.clause()))
        .collect()
}

/// Whether something has to know of each value of a table, or of one below it: PostgreSQL sets no other expression of a virtual
/// column there, in whatever way the two are tied. It stores nothing, so making it anew loses nothing.
fn is_watched(id: &ObjectId, context: &Context<'_>) -> bool {
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    [context.before, context.after].into_iter().any(|catalog| {
        let tables = parts::family(table, catalog);
        let is_checked = |table: &ObjectId| !catalog.children(table, Kind::Check).is_empty();
        let is_published = |table: &ObjectId| {
            catalog.of_kind(Kind::PublicationTable).any(|(_, object)| {
                matches!(object, Object::PublicationTable(it)
                    if it.table.name == *table.name && Some(&*it.table.schema) == table.schema())
            })
        };
        tables.iter().any(|it| is_checked(it) || is_published(it))
    })
}

/// Whether the column loses its expression with that of a parent's, as PostgreSQL carries it down: by itself it may not.
fn loses_expression_with_parent(id: &ObjectId, context: &Context<'_>) -> bool {
    let is_generated = |catalog: &Catalog, column: &ObjectId| match catalog.get(column) {
        Some(Object::Column(column)) => Some(column.generated.is_some()),
        _ => None,
    };
    context.before.inherited_from(id).iter().any(|column| {
        is_generated(context.before, column) == Some(true)
            && is_generated(context.after, column) == Some(false)
    })
}
