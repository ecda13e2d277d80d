//! Privileges over all objects of a schema, `grant select on=tables to=x`: spread over each object when read, folded back
//! when every object of the class has them.

use std::collections::{BTreeMap, BTreeSet};

use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

/// The words of `on=`, and the kinds that each is about.
pub(super) const CLASSES: &[(&str, &[Kind])] = &[
    (
        "tables",
        &[
            Kind::Table,
            Kind::View,
            Kind::MaterializedView,
            Kind::ForeignTable,
        ],
    ),
    ("sequences", &[Kind::Sequence]),
    (
        "functions",
        &[Kind::Function, Kind::Procedure, Kind::Aggregate],
    ),
    (
        "types",
        &[
            Kind::Enum,
            Kind::Domain,
            Kind::Composite,
            Kind::Range,
            Kind::BaseType,
        ],
    ),
];

/// So many objects make a class worth a line of its own; one sequence does, which is mostly a serial column's.
fn is_worth_it(on: &str, objects: usize) -> bool {
    objects >= 2 || on == "sequences"
}

/// The kinds that a word of `on=` is about.
pub(super) fn kinds(on: &str) -> &'static [Kind] {
    CLASSES
        .iter()
        .find(|(word, _)| *word == on)
        .map(|(_, kinds)| *kinds)
        .unwrap_or_default()
}

/// A privilege that all objects of a class have alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Common {
    pub(super) on: &'static str,
    pub(super) grantee: String,
    pub(super) granted: bool,
    pub(super) grantable: bool,
    pub(super) privilege: String,
}

/// What is common in each schema, and the grants that need not be said any more.
pub(super) fn common(catalog: &Catalog) -> (BTreeMap<&ObjectId, Vec<Common>>, BTreeSet<&ObjectId>) {
    let mut sizes: BTreeMap<(&ObjectId, &str), usize> = BTreeMap::new();
    for id in catalog.objects.keys() {
        if let Some((schema, on)) = class(id) {
            *sizes.entry((schema, on)).or_default() += 1;
        }
    }
    let mut holders: BTreeMap<(&ObjectId, Common), Vec<&ObjectId>> = BTreeMap::new();
    for (id, object) in catalog.of_kind(Kind::Grant) {
        if let Object::Grant(grant) = object
            && grant.grantor.is_none()
            && let Some((schema, on)) = id.parent.as_deref().and_then(class)
        {
            let common = Common {
                on,
                grantee: id.name.to_string(),
                granted: grant.granted,
                grantable: grant.grantable,
                privilege: id.signature.to_string(),
            };
            holders.entry((schema, common)).or_default().push(id);
        }
    }
    let mut commons: BTreeMap<&ObjectId, Vec<Common>> = BTreeMap::new();
    let mut said = BTreeSet::new();
    for ((schema, common), grants) in holders {
        let size = sizes.get(&(schema, common.on)).copied().unwrap_or(0);
        if grants.len() == size && is_worth_it(common.on, size) {
            said.extend(grants);
            commons.entry(schema).or_default().push(common);
        }
    }
    (commons, said)
}

/// The schema of an object that belongs to a class, and the class.
fn class(id: &ObjectId) -> Option<(&ObjectId, &'static str)> {
    let schema = id.parent.as_deref().filter(|it| it.kind == Kind::Schema)?;
    let (on, _) = CLASSES.iter().find(|(_, kinds)| kinds.contains(&id.kind))?;
    Some((schema, on))
}
