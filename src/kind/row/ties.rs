//! Which declared rows refer to which, by the foreign keys of their tables.

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

impl Tie {
    /// The foreign key as a catalog has it.
    pub fn definition<'c>(&self, catalog: &'c Catalog) -> Option<&'c ForeignKey> {
        match catalog.get(&self.key)? {
            Object::ForeignKey(key) => Some(key),
            _ => None,
        }
    }
}
