//! Unique values that go from one row to another: a row takes one when the row that had it has given it up. PostgreSQL looks
//! after each row, not after each statement.

use std::collections::BTreeMap;

use super::{of_table, tables};
use crate::kind::{Catalog, Context, Object};
use crate::model::{Kind, ObjectId};

/// The pairs of rows of which the first gives up what the second takes.
pub fn handed_on(context: &Context<'_>) -> Vec<(ObjectId, ObjectId)> {
    let (before, after) = (context.before, context.after);
    let mut pairs = Vec::new();
    for table in tables(after) {
        for columns in unique_columns(&table, before) {
            let holders: BTreeMap<Vec<&str>, &ObjectId> = of_table(&table, before)
                .filter_map(|(id, row)| Some((row.values_of(&columns)?, id)))
                .collect();
            for (id, row) in of_table(&table, after) {
                let holder = row
                    .values_of(&columns)
                    .and_then(|taken| holders.get(&taken));
                if let Some(holder) = holder.filter(|holder| **holder != id) {
                    pairs.push(((*holder).clone(), id.clone()));
                }
            }
        }
    }
    pairs
}

/// The columns of each key of a table that is looked at row by row.
fn unique_columns(table: &ObjectId, catalog: &Catalog) -> Vec<Vec<String>> {
    let of = |kind| catalog.children(table, kind).into_iter();
    let keys = of(Kind::PrimaryKey)
        .chain(of(Kind::Unique))
        .chain(of(Kind::Index));
    keys.filter_map(|(_, object)| match object {
        Object::PrimaryKey(key) if key.0.deferrable.is_none() => Some(key.0.columns.clone()),
        Object::Unique(key) if key.0.deferrable.is_none() => Some(key.0.columns.clone()),
        Object::Index(index) if index.unique && index.predicate.is_none() => {
            index.keys.iter().map(|key| key.column.clone()).collect()
        }
        _ => None,
    })
    .collect()
}
