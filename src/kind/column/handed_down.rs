//! Words of transition that a table takes over: what is said at the column of a partitioned table, or of a parent, holds for the
//! rows of a table that joins it. PostgreSQL changes those of its children with a parent; a table that comes to be one has
//! its columns changed before.

use std::sync::Arc;

use super::Transition;
use crate::kind::{Catalog, Object, parent_tables, tables_above};
use crate::model::{Kind, ObjectId};

/// Gives the columns of tables that join others the words that nobody said at these columns.
pub(crate) fn hand_down(after: &mut Catalog, before: &Catalog) {
    let joins = |table: &ObjectId| {
        let now = parent_tables(table, after);
        !now.is_empty() && before.contains(table) && now != parent_tables(table, before)
    };
    let tables = [Kind::Table, Kind::ForeignTable].into_iter();
    let tables = tables
        .flat_map(|kind| after.of_kind(kind))
        .map(|(id, _)| id);
    let mut handed: Vec<(ObjectId, Transition)> = Vec::new();
    for table in tables.filter(|it| joins(it)) {
        for (id, object) in after.children(table, Kind::Column) {
            let is_silent = matches!(object, Object::Column(it) if !it.convert.says());
            if let Some(words) = said_above(id, after).filter(|_| is_silent) {
                handed.push((id.clone(), words));
            }
        }
    }
    for (id, words) in handed {
        if let Some(Object::Column(column)) = after.objects.get_mut(&id).map(Arc::make_mut) {
            column.convert = words;
        }
    }
}

/// What the nearest column above a column of a child says.
fn said_above(id: &ObjectId, catalog: &Catalog) -> Option<Transition> {
    let above = tables_above(id.parent.as_deref()?, catalog);
    above.iter().find_map(
        |table| match catalog.get(&table.child(Kind::Column, &id.name)) {
            Some(Object::Column(column)) if column.convert.says() => Some(column.convert.clone()),
            _ => None,
        },
    )
}
