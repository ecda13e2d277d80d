//! Objects without a name of the author's own: an existing part of the same structure under any name is that part.

use std::collections::{BTreeMap, BTreeSet};

use crate::kind::Catalog;
use crate::model::ObjectId;

/// Pairs the unnamed parts of the second catalog with parts of the first that have the same parent, kind and structure
/// under another name. Gives pairs (identity in `to`, identity in `from`); of several candidates the first by name.
pub fn same_structure(
    from: &Catalog,
    to: &Catalog,
    unnamed: &BTreeSet<ObjectId>,
) -> Vec<(ObjectId, ObjectId)> {
    let mut free: BTreeMap<(ObjectId, String), Vec<&ObjectId>> = BTreeMap::new();
    let key = |catalog: &Catalog, id: &ObjectId| -> Option<(ObjectId, String)> {
        let structure = catalog.get(id)?.structure()?;
        let parent = id.parent.as_deref()?.child(id.kind, "");
        Some((parent, structure.to_string()))
    };
    for id in from.objects.keys().filter(|id| !to.contains(id)) {
        if let Some(key) = key(from, id) {
            free.entry(key).or_default().push(id);
        }
    }
    let mut pairs = Vec::new();
    for id in unnamed
        .iter()
        .filter(|id| to.contains(id) && !from.contains(id))
    {
        if let Some(candidates) = key(to, id).and_then(|key| free.get_mut(&key))
            && !candidates.is_empty()
        {
            pairs.push((id.clone(), candidates.remove(0).clone()));
        }
    }
    pairs
}
