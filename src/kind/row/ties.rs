//! Which declared rows refer to which, by the foreign keys of their tables.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Row;
use crate::kind::foreign_key::ForeignKey;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

/// A row that refers to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The foreign key.
    pub key: ObjectId,
    /// The row that refers.
    pub row: ObjectId,
    /// The row that it refers to.
    pub to: ObjectId,
}

/// The ties between the rows of a catalog.
pub fn ties(catalog: &Catalog) -> Vec<Tie> {
    let mut by_table: BTreeMap<&ObjectId, Vec<(&ObjectId, &Row)>> = BTreeMap::new();
    for (id, object) in catalog.of_kind(Kind::Row) {
        if let (Object::Row(row), Some(table)) = (object, id.parent.as_deref()) {
            by_table.entry(table).or_default().push((id, row));
        }
    }
    let mut ties = Vec::new();
    for (id, object) in catalog.of_kind(Kind::ForeignKey) {
        let (Object::ForeignKey(key), Some(table)) = (object, id.parent.as_deref()) else {
            continue;
        };
        let to = ObjectId::in_schema(Kind::Table, &key.references.schema, &key.references.name);
        let (Some(own), Some(theirs)) = (by_table.get(table), by_table.get(&to)) else {
            continue;
        };
        let known: BTreeMap<Vec<&str>, &ObjectId> = theirs
            .iter()
            .filter_map(|(id, row)| Some((row.values_of(&key.referenced_columns)?, *id)))
            .collect();
        for (row, definition) in own {
            let to = definition.values_of(&key.columns);
            let to = to.and_then(|it| known.get(&it).copied());
            if let Some(to) = to.filter(|to| to != row) {
                ties.push(Tie {
                    key: id.clone(),
                    row: (*row).clone(),
                    to: to.clone(),
                });
            }
        }
    }
    ties
}

/// Rows come after their columns, with what those depend on, and after the rows that they refer to.
pub fn depend(rows: &[ObjectId], catalog: &mut Catalog) {
    let mut edges: Vec<(ObjectId, ObjectId)> = Vec::new();
    let mut of_columns: BTreeMap<ObjectId, Vec<ObjectId>> = BTreeMap::new();
    for id in rows {
        let (Some(Object::Row(row)), Some(table)) = (catalog.get(id), id.parent.as_deref()) else {
            continue;
        };
        for name in row.values.keys() {
            let column = table.child(Kind::Column, name);
            let needed = of_columns.entry(column).or_insert_with_key(|column| {
                let mut needed: Vec<ObjectId> = catalog.dependencies_of(column).cloned().collect();
                needed.push(column.clone());
                needed.retain(|it| catalog.contains(it));
                needed
            });
            edges.extend(needed.iter().map(|needed| (id.clone(), needed.clone())));
        }
    }
    edges.extend(ties(catalog).into_iter().map(|tie| (tie.row, tie.to)));
    for (id, needed) in edges {
        catalog.dependencies.entry(id).or_default().insert(needed);
    }
}

/// The state with the rows that its own refer to, though they are nobody's.
pub fn with_leaned_on(catalog: &Catalog) -> Cow<'_, Catalog> {
    if catalog.leaned_on.is_empty() {
        return Cow::Borrowed(catalog);
    }
    let mut whole = catalog.clone();
    let there = |id: &ObjectId| {
        id.parent
            .as_deref()
            .is_some_and(|table| whole.contains(table))
    };
    let rows = catalog.leaned_on.iter().filter(|(id, _)| there(id));
    let rows: BTreeMap<_, _> = rows.map(|(id, row)| (id.clone(), row.clone())).collect();
    let ids: Vec<ObjectId> = rows.keys().cloned().collect();
    whole.objects.extend(rows);
    depend(&ids, &mut whole);
    Cow::Owned(whole)
}

impl Tie {
    /// The foreign key as a catalog has it.
    pub fn definition<'c>(&self, catalog: &'c Catalog) -> Option<&'c ForeignKey> {
        match catalog.get(&self.key)? {
            Object::ForeignKey(key) => Some(key),
            _ => None,
        }
    }
}
