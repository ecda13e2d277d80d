//! What scripts reach: the objects that they speak of, and what goes along with these.

use std::collections::{BTreeMap, BTreeSet};

use crate::kind::Catalog;
use crate::model::{Kind, ObjectId};
use crate::sql::spoken::Spoken;

/// The objects that scripts may have changed, as far as names and dependencies tell.
#[derive(Debug, Clone, Default)]
pub(super) struct Reached {
    /// Whole objects, and indexes: these have names of their own.
    objects: BTreeSet<ObjectId>,
    /// The schemas in which privileges are given on everything.
    given: BTreeSet<String>,
}

impl Reached {
    /// What scripts reach in these catalogs, before and after them.
    pub(super) fn by(spoken: &Spoken, catalogs: &[&Catalog]) -> Reached {
        if spoken.is_empty() {
            return Reached::default();
        }
        let mut above: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
        for catalog in catalogs {
            for (id, needed) in catalog.dependencies.iter() {
                // What is done to a table or an index is done to those of its children and partitions.
                let follows = matches!(
                    id.kind,
                    Kind::Inherits | Kind::Partition | Kind::IndexAttach
                );
                if !follows && !spoken.takes_along() {
                    continue;
                }
                for needed in needed {
                    above.entry(named(needed)).or_default().push(named(id));
                }
            }
            for (owned, owner) in &catalog.owned {
                above.entry(named(owner)).or_default().push(named(owned));
            }
        }
        let is_schema = |name: &str| is_schema(name, catalogs);
        let is_named = |id: &ObjectId| {
            speaks_of(spoken, id, is_schema)
                || id
                    .schema()
                    .is_some_and(|schema| spoken.takes_schema(schema))
        };
        let objects = catalogs.iter().flat_map(|it| it.objects.keys());
        let mut open: Vec<&ObjectId> = objects
            .filter(|id| named(id) == *id && is_named(id))
            .collect();
        let mut found = BTreeSet::new();
        while let Some(id) = open.pop() {
            // A schema is in every path, and what lies in it is not meant by that.
            if found.insert(id.clone()) && id.kind != Kind::Schema {
                open.extend(above.get(id).into_iter().flatten());
            }
        }
        let schemas = catalogs.iter().flat_map(|it| it.of_kind(Kind::Schema));
        let given = schemas
            .map(|(id, _)| &*id.name)
            .filter(|schema| spoken.gives_all_in(schema));
        Reached {
            given: given.map(str::to_owned).collect(),
            objects: found,
        }
    }

    /// Whether an object, or what it is a part of, is among them.
    pub(super) fn holds(&self, id: &ObjectId) -> bool {
        let is_given = || {
            id.kind == Kind::Grant
                && id
                    .schema()
                    .is_some_and(|schema| self.given.contains(schema))
        };
        self.objects.contains(named(id)) || self.objects.contains(id.whole()) || is_given()
    }
}

/// The object of a name of its own that this is or is a part of.
fn named(id: &ObjectId) -> &ObjectId {
    let mut holders = id.ancestors();
    holders
        .find(|it| it.kind == Kind::Index)
        .unwrap_or_else(|| id.whole())
}

/// Whether there is a schema of a name.
pub(super) fn is_schema(name: &str, catalogs: &[&Catalog]) -> bool {
    let id = ObjectId::top(Kind::Schema, name);
    catalogs.iter().any(|it| it.contains(&id))
}

/// Whether scripts speak of an object by its name.
pub(super) fn speaks_of(spoken: &Spoken, id: &ObjectId, is_schema: impl Fn(&str) -> bool) -> bool {
    match id.schema() {
        Some(schema) => spoken.says_in(schema, &id.name, is_schema),
        None => spoken.says(&id.name),
    }
}
