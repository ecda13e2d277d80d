//! What the managed part of a database stands on and is not in the project's hands: the table of another team that a
//! foreign key refers to, the type or function of an undeclared schema. Scratch databases get it before anything else,
//! without rights, owners, triggers or rows, so that the project's own objects can be made there; and without what stands
//! on these in turn.

use std::collections::BTreeSet;

use super::is_initial;
use crate::kind::constraint::INDEXES;
use crate::kind::language::Desired;
use crate::kind::{Catalog, Context, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;
use crate::sql::references::mentioned_paths;

/// The part of `live` that `managed` depends on or `desired` mentions by a qualified name, with all that it depends on
/// itself; `managed` left out.
pub fn surroundings(live: &Catalog, managed: &Catalog, desired: &Desired) -> Catalog {
    let kept = needed(live, managed, desired);
    let ours = on_ours(live, managed, &kept);
    live.filtered(|id, _| kept.contains(id) && !ours.contains(id))
}

/// What is left out of the project's hands and stands between objects that are in them: no empty database comes to hold
/// these without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Between {
    /// What is left out.
    pub object: ObjectId,
    /// The project's objects that it stands on.
    pub below: BTreeSet<ObjectId>,
    /// The project's objects that stand on it.
    pub above: BTreeSet<ObjectId>,
}

/// All such objects of a database.
pub fn between(live: &Catalog, managed: &Catalog) -> Vec<Between> {
    let kept = needed(live, managed, &Desired::default());
    let ours = on_ours(live, managed, &kept);
    let mut found: Vec<Between> = Vec::new();
    for object in ours.iter().filter(|id| !managed.contains(id)) {
        let below = live.dependencies_of(object).chain(object.parents());
        let below = below.filter(|id| id.kind != Kind::Schema && managed.contains(id));
        let stands_on_it = |id: &&ObjectId| stands_on(live, id).any(|it| it == object);
        let above = managed.objects.keys().filter(stands_on_it);
        let object = Between {
            object: object.clone(),
            below: below.map(|id| id.root().clone()).collect(),
            above: above.map(|id| id.root().clone()).collect(),
        };
        if !object.below.is_empty() && !object.above.is_empty() {
            found.push(object);
        }
    }
    found
}

/// What an object cannot do without. The tie of a partition comes after the indexes of both tables, and stands on none; and of a
/// foreign key to a partitioned table, the copies stand on the partitions, which come and go under it.
fn stands_on<'a>(live: &'a Catalog, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> {
    let is_tie = id.kind == Kind::Partition;
    let refers_to = match live.get(id) {
        Some(Object::ForeignKey(key)) => Some(ObjectId::in_schema(
            Kind::Table,
            &key.references.schema,
            &key.references.name,
        )),
        _ => None,
    };
    let own = id.root().clone();
    live.dependencies_of(id).filter(move |needed| {
        let table = needed.root();
        let is_of_copy = table.kind == Kind::Table
            && refers_to.as_ref().is_some_and(|it| table != it)
            && *table != own;
        !(is_of_copy || is_tie && INDEXES.contains(&needed.kind))
    })
}

/// What `managed` and `desired` need of what is outside, and the project's schemas that hold such.
fn needed(live: &Catalog, managed: &Catalog, desired: &Desired) -> BTreeSet<ObjectId> {
    // Both are in order, so what only one of them has shows without a search.
    let mut own = managed.objects.keys().peekable();
    let mut is_own = |id: &&ObjectId| {
        while own.next_if(|it| it < id).is_some() {}
        own.peek() == Some(id)
    };
    // The roles that are mentioned are made, without attributes: they belong to the cluster.
    let outside: BTreeSet<&ObjectId> = live
        .objects
        .keys()
        .filter(|id| !is_own(id) && !is_initial(id) && !id.is_of_cluster())
        .collect();
    if outside.is_empty() {
        return BTreeSet::new();
    }
    let mut waiting: Vec<ObjectId> = managed
        .objects
        .keys()
        .flat_map(|id| stands_on(live, id))
        .filter(|id| outside.contains(id))
        .cloned()
        .collect();
    waiting.extend(mentioned(live, desired, &outside));
    let mut kept: BTreeSet<ObjectId> = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !outside.contains(&id) || !kept.insert(id.clone()) {
            continue;
        }
        // A schema of the project may hold what is not the project's.
        kept.extend(
            id.parents()
                .filter(|parent| parent.kind == Kind::Schema && managed.contains(parent))
                .cloned(),
        );
        waiting.extend(id.parents().cloned());
        waiting.extend(stands_on(live, &id).cloned());
        for kind in PARTS {
            waiting.extend(
                live.children(&id, *kind)
                    .into_iter()
                    .map(|(id, _)| id.clone()),
            );
        }
    }
    kept
}

/// What stands on the project's own objects, as a column of another team's table does that has a type of the project's: the
/// surroundings are there before these, and do without it.
fn on_ours(live: &Catalog, managed: &Catalog, kept: &BTreeSet<ObjectId>) -> BTreeSet<ObjectId> {
    let mut ours: BTreeSet<ObjectId> = BTreeSet::new();
    loop {
        let more: Vec<ObjectId> = kept
            .iter()
            .filter(|id| !ours.contains(id) && !managed.contains(id))
            .filter(|id| {
                let goes = |needed: &ObjectId| {
                    ours.contains(needed) || managed.contains(needed) && needed.kind != Kind::Schema
                };
                live.dependencies_of(id).chain(id.parents()).any(goes)
            })
            .cloned()
            .collect();
        if more.is_empty() {
            return ours;
        }
        ours.extend(more);
    }
}

/// The parts that make what they belong to: a foreign key needs the key, a row type the columns.
const PARTS: &[Kind] = &[
    Kind::Attribute,
    Kind::DomainConstraint,
    Kind::DomainNotNull,
    Kind::Column,
    Kind::PrimaryKey,
    Kind::Unique,
    Kind::Partition,
    Kind::Inherits,
    Kind::IndexAttach,
];

/// The live objects outside whose qualified names stand in the statements of the desired ones.
fn mentioned(live: &Catalog, desired: &Desired, outside: &BTreeSet<&ObjectId>) -> Vec<ObjectId> {
    let nothing = Catalog::default();
    let context = Context::new(
        &nothing,
        &nothing,
        live.origin.server_version,
        &live.origin.role,
    );
    let candidates: Vec<(&str, &ObjectId)> = outside
        .iter()
        .filter(|id| !id.kind.is_facet())
        .filter_map(|id| Some((id.schema()?, *id)))
        .collect();
    // A text that does not have the name of a schema, in whatever case, mentions nothing of it. A quote stands twice in it.
    let schemas: BTreeSet<String> = candidates
        .iter()
        .map(|(schema, _)| ident(schema).trim_matches('"').to_ascii_lowercase())
        .collect();
    if schemas.is_empty() {
        return Vec::new();
    }
    let mut names: BTreeSet<(String, String)> = BTreeSet::new();
    for (id, object) in &desired.objects {
        for statement in object.object.create(id, &context) {
            let text = statement.text();
            let lower = text.to_ascii_lowercase();
            if !schemas.iter().any(|schema| lower.contains(schema)) {
                continue;
            }
            for path in mentioned_paths(&text) {
                if let [schema, name, ..] = path.as_slice() {
                    names.insert((schema.clone(), name.clone()));
                }
            }
        }
    }
    let is_named = |(schema, id): &(&str, &ObjectId)| {
        names.contains(&((*schema).to_owned(), id.name.to_string()))
    };
    let named = candidates.into_iter().filter(is_named);
    named.map(|(_, id)| id.clone()).collect()
}
