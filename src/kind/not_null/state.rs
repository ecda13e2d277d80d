//! What a column's not-null constraint is in a catalog (PostgreSQL 18). An object says it where it is more than what follows
//! from the table and its parents: the parent's constraint under its name, else one under PostgreSQL's own name.

use super::NotNull;
use crate::kind::column::refuses_null;
use crate::kind::language::object_name;
use crate::kind::{Catalog, Object, parts};
use crate::model::{Kind, ObjectId};

/// A not-null constraint, said or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    /// Its name.
    pub(super) name: String,
    /// Whether the table has it by itself, be it besides a parent's.
    pub(super) own: bool,
    /// Whether children do without it.
    pub(super) no_inherit: bool,
    /// Whether old rows were never looked at.
    pub(super) not_valid: bool,
}

/// The object that says the constraint of a column.
pub(super) fn named<'a>(
    table: &ObjectId,
    column: &str,
    catalog: &'a Catalog,
) -> Option<(&'a ObjectId, &'a NotNull)> {
    let constraints = catalog.children(table, Kind::NotNull);
    let mut constraints = constraints.into_iter();
    constraints.find_map(|(id, object)| match object {
        Object::NotNull(it) if it.column == column => Some((id, &**it)),
        _ => None,
    })
}

/// Whether the constraint of a table's column reaches its children.
pub(super) fn gives(table: &ObjectId, column: &str, catalog: &Catalog) -> bool {
    refuses_null(&table.child(Kind::Column, column), catalog)
        && named(table, column, catalog).is_none_or(|(_, it)| !it.no_inherit)
}

/// The parents of which a table has a constraint, in their order.
pub(super) fn givers(table: &ObjectId, column: &str, catalog: &Catalog) -> Vec<ObjectId> {
    let parents = parts::parent_tables(table, catalog).into_iter();
    parents
        .filter(|parent| gives(parent, column, catalog))
        .collect()
}

/// The constraint of a column; none where it takes null.
pub(super) fn state(table: &ObjectId, column: &str, catalog: &Catalog) -> Option<State> {
    if !refuses_null(&table.child(Kind::Column, column), catalog) {
        return None;
    }
    let givers = givers(table, column, catalog);
    if let Some((id, it)) = named(table, column, catalog) {
        let is_partition = parts::partitioned_table(table, catalog).is_some();
        return Some(State {
            name: id.name.to_string(),
            own: !it.inherited && (!is_partition || givers.is_empty()),
            no_inherit: it.no_inherit,
            not_valid: it.not_valid,
        });
    }
    if let Some(parent) = givers.first().filter(|parent| *parent != table) {
        let given = state(parent, column, catalog)?;
        return Some(State {
            name: given.name,
            own: false,
            no_inherit: false,
            not_valid: given.not_valid,
        });
    }
    Some(State {
        name: object_name(&table.name, column, "not_null"),
        own: true,
        no_inherit: false,
        not_valid: false,
    })
}

impl State {
    /// `NOT NULL a NO INHERIT NOT VALID`, for a column in quotes.
    pub(super) fn definition(&self, column: &str) -> String {
        let mut sql = format!("NOT NULL {column}");
        if self.no_inherit {
            sql.push_str(" NO INHERIT");
        }
        if self.not_valid {
            sql.push_str(" NOT VALID");
        }
        sql
    }
}
