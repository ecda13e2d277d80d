//! What stands behind rows that go: rows of other tables that refer to them, where a foreign key says that they go too or lose
//! what refers.

use std::collections::BTreeSet;

use crate::kind::{Catalog, Object, references};
use crate::model::ObjectId;

/// What becomes of the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hit {
    /// Values of them go.
    Values,
    /// They go themselves.
    Rows,
}

/// The tables whose rows go, or lose values, with rows of a table, and with those again.
pub(super) fn hit(table: &ObjectId, catalog: &Catalog) -> BTreeSet<(ObjectId, Hit)> {
    let mut hit: BTreeSet<(ObjectId, Hit)> = BTreeSet::new();
    let mut waiting = vec![table.clone()];
    while let Some(referenced) = waiting.pop() {
        for (key, other, _) in references(catalog).filter(|(_, _, to)| *to == referenced) {
            let action = match catalog.get(key) {
                Some(Object::ForeignKey(key)) => key.on_delete.as_deref(),
                _ => None,
            };
            let what = match action {
                Some("cascade") => Hit::Rows,
                Some("set-null" | "set-default") => Hit::Values,
                _ => continue,
            };
            if hit.insert((other.clone(), what)) && what == Hit::Rows && other != table {
                waiting.push(other.clone());
            }
        }
    }
    hit
}
