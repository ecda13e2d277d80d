//! Comparison: pairs the objects of two catalogs by identity. It knows no kind.

mod structure;

use std::collections::BTreeMap;

use crate::kind::Catalog;
use crate::model::{Kind, ObjectId};

pub use structure::same_structure;

/// What happens to one object between two catalogs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is only in the second.
    Create,
    /// It is in both with different definitions.
    Alter,
    /// It is only in the first.
    Drop,
}

/// The differences by identity; empty when the catalogs are equal.
pub type Changes = BTreeMap<ObjectId, Change>;

/// Whether a change goes without saying beside that of what the object is a part of: it comes or goes with it. What is altered
/// is altered for itself.
pub fn goes_with_its_whole(changes: &Changes, id: &ObjectId, change: Change) -> bool {
    let implied = |whole: &ObjectId| changes.get(whole) == Some(&change);
    // What stands in a schema is more than a part of it; what is said of something there is not.
    let counts = |whole: &ObjectId| whole.kind != Kind::Schema || id.kind.is_facet();
    change != Change::Alter && id.parents().any(|whole| counts(whole) && implied(whole))
}

/// Compares two catalogs object by object.
pub fn compare(from: &Catalog, to: &Catalog) -> Changes {
    let mut changes = Changes::new();
    for (id, object) in &from.objects {
        match to.objects.get(id) {
            None if object.is_unseen() => None,
            None => changes.insert(id.clone(), Change::Drop),
            Some(other) if object.is_unseen() && other.is_unseen() => None,
            Some(other) if other != object && !object.is_same_but_for_secrets(other) => {
                changes.insert(id.clone(), Change::Alter)
            }
            Some(_) => None,
        };
    }
    for (id, object) in &to.objects {
        if !from.contains(id) && !object.is_unseen() {
            changes.insert(id.clone(), Change::Create);
        }
    }
    changes
}
