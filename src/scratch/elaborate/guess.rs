//! The desired objects as a catalog, before PostgreSQL has seen them: what depends on what is guessed.

use std::collections::BTreeMap;

use crate::kind::constraint::{INDEXES, is_only};
use crate::kind::grant::rights_before;
use crate::kind::language::{Desired, Rename, original, outer_first};
use crate::kind::owner::Owner;
use crate::kind::{Catalog, Object, Origin};
use crate::model::{Kind, ObjectId};

/// The desired objects as a catalog whose dependencies are guessed: good enough for a first order.
pub(super) fn as_catalog(
    desired: &Desired,
    owners: &BTreeMap<&ObjectId, &Owner>,
    layout: Option<&Catalog>,
    server_version: u32,
) -> Catalog {
    let mut catalog = Catalog {
        objects: desired
            .objects
            .iter()
            // These are tried when all else is there.
            .filter(|(id, _)| id.kind != Kind::Sql)
            .map(|(id, declared)| {
                let mut object = declared.object.clone();
                object.leave_rows_out();
                match &mut object {
                    // Before 15 a serial column's sequence is logged, whatever its table is.
                    Object::Sequence(sequence) if declared.unnamed && server_version < 150_000 => {
                        sequence.unlogged = false;
                    }
                    _ => {}
                }
                (id.clone(), object.into())
            })
            .collect(),
        positions: desired.positions.clone().into(),
        origin: Origin {
            server_version,
            ..Origin::default()
        },
        guessed: true,
        ..Catalog::default()
    };
    for (id, owner) in owners {
        let owner = Object::from((*owner).clone());
        catalog.objects.insert((*id).clone(), owner.into());
    }
    if let Some(layout) = layout {
        let renames = outer_first(&desired.renames);
        // New columns come behind those that are there, in their own order.
        for (id, position) in &mut catalog.positions {
            let there = place_before(id, layout, &renames);
            *position = there.unwrap_or(100_000 + *position);
        }
    }
    for id in desired.objects.keys().filter(|id| id.kind == Kind::Grant) {
        let object = id.parent.as_deref().map(|parent| {
            if parent.kind == Kind::Column {
                parent.parent.as_deref().unwrap_or(parent)
            } else {
                parent
            }
        });
        if let Some(object) = object {
            let owner = object.child(Kind::Owner, "");
            if catalog.contains(&owner) {
                catalog
                    .dependencies
                    .entry(id.clone())
                    .or_default()
                    .insert(owner);
            }
        }
    }
    for (grant, rights) in rights_before(&catalog) {
        catalog
            .dependencies
            .entry(grant)
            .or_default()
            .extend(rights);
    }
    // A sequence is tied to a column that is there, before the table gets another owner.
    let ties: Vec<(ObjectId, ObjectId, ObjectId)> = catalog
        .of_kind(Kind::SequenceOwner)
        .filter_map(|(tie, object)| match object {
            Object::SequenceOwner(owner) => {
                let schema = if owner.table.schema.is_empty() {
                    tie.schema()?
                } else {
                    &owner.table.schema
                };
                let table = ObjectId::in_schema(Kind::Table, schema, &owner.table.name);
                let column = table.child(Kind::Column, &owner.column);
                Some((tie.clone(), column, table.child(Kind::Owner, "")))
            }
            _ => None,
        })
        .collect();
    for (tie, column, owner) in ties {
        if catalog.contains(&owner) {
            catalog
                .dependencies
                .entry(owner)
                .or_default()
                .insert(tie.clone());
        }
        if catalog.contains(&column) {
            catalog.dependencies.entry(tie).or_default().insert(column);
        }
    }
    let tables: BTreeMap<(String, String), ObjectId> = catalog
        .objects
        .keys()
        .filter(|id| id.kind == Kind::Table)
        .map(|id| {
            (
                (
                    id.schema().unwrap_or_default().to_owned(),
                    id.name.to_string(),
                ),
                id.clone(),
            )
        })
        .collect();
    let mut edges: Vec<(ObjectId, ObjectId)> = Vec::new();
    for (id, object) in catalog.of_kind(Kind::Table) {
        let Object::Table(table) = object else {
            continue;
        };
        for parent in &table.inherits {
            let schema = match parent.schema.as_str() {
                "" => id.schema().unwrap_or_default(),
                said => said,
            };
            let Some(parent) = tables.get(&(schema.to_owned(), parent.name.clone())) else {
                continue;
            };
            edges.push((id.clone(), parent.clone()));
            // A child takes its columns as they are when it is made: with their settings and defaults.
            for (column, _) in catalog.children(parent, Kind::Column) {
                edges.push((id.clone(), column.clone()));
                let defaults = catalog.children(column, Kind::Default);
                edges.extend(
                    defaults
                        .into_iter()
                        .map(|(default, _)| (id.clone(), default.clone())),
                );
            }
        }
    }
    // So does a partition; what the partitioned table sets later would be written over what the partition says.
    for (id, object) in &catalog.objects {
        let parent = match &**object {
            Object::Table(it) => it.partition_of.as_ref().map(|(parent, _)| parent),
            Object::Partition(tie) => Some(&tie.parent),
            _ => None,
        };
        let Some(parent) = parent else { continue };
        let table = ObjectId::in_schema(Kind::Table, &parent.schema, &parent.name);
        for (column, _) in catalog.children(&table, Kind::Column) {
            edges.push((id.clone(), column.clone()));
            let defaults = catalog.children(column, Kind::Default);
            let defaults = defaults.into_iter();
            edges.extend(defaults.map(|(default, _)| (id.clone(), default.clone())));
        }
    }
    for (id, object) in catalog.of_kind(Kind::ForeignKey) {
        let Object::ForeignKey(key) = object else {
            continue;
        };
        let schema = match key.references.schema.as_str() {
            "" => id.schema().unwrap_or_default(),
            said => said,
        };
        let name = (schema.to_owned(), key.references.name.clone());
        if let Some(table) = tables.get(&name) {
            edges.push((id.clone(), table.clone()));
            // What is made of indexes of partitions is valid when these are attached.
            let ties = catalog.of_kind(Kind::IndexAttach);
            edges.extend(ties.map(|(tie, _)| (id.clone(), tie.clone())));
            for kind in [Kind::PrimaryKey, Kind::Unique] {
                edges.extend(
                    catalog
                        .children(table, kind)
                        .into_iter()
                        .map(|(key, _)| (id.clone(), key.clone())),
                );
            }
        }
    }
    edges.extend(after_partitions(&catalog));
    edges.extend(indexes_after_partitions(&catalog));
    edges.extend(indexes_beside_copies(desired, &catalog));
    for (from, to) in edges {
        catalog.dependencies.entry(from).or_default().insert(to);
    }
    catalog
}

/// The place that a column has in the live tables, perhaps under the name that it had before; `renames` from the outside
/// inwards.
fn place_before(id: &ObjectId, layout: &Catalog, renames: &[Rename]) -> Option<i32> {
    let place = |id: &ObjectId| layout.positions.get(id).copied();
    let is_leaving = renames.iter().any(|rename| rename.from == *id);
    match place(id) {
        // It has its new name already.
        Some(there) if !is_leaving => Some(there),
        there => place(&original(id, renames)).or(there),
    }
}

/// The partitions of each table.
fn partitions(catalog: &Catalog) -> BTreeMap<ObjectId, Vec<&ObjectId>> {
    let mut partitions: BTreeMap<ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (id, object) in &catalog.objects {
        let parent = match &**object {
            Object::Table(it) => it.partition_of.as_ref().map(|(parent, _)| parent),
            Object::ForeignTable(it) => it.partition_of.as_ref().map(|(parent, _)| parent),
            Object::Partition(tie) => Some(&tie.parent),
            _ => None,
        };
        let partition = match id.kind {
            Kind::Partition => id.parent.as_deref().unwrap_or(id),
            _ => id,
        };
        if let Some(parent) = parent {
            let table = ObjectId::in_schema(Kind::Table, &parent.schema, &parent.name);
            partitions.entry(table).or_default().push(partition);
        }
    }
    partitions
}

/// The children of each table by inheritance.
fn children(catalog: &Catalog) -> BTreeMap<ObjectId, Vec<&ObjectId>> {
    let mut children: BTreeMap<ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (id, object) in &catalog.objects {
        let parents = match &**object {
            Object::Table(it) => &it.inherits,
            Object::ForeignTable(it) => &it.inherits,
            _ => continue,
        };
        for parent in parents {
            let schema = match parent.schema.as_str() {
                "" => id.schema().unwrap_or_default(),
                said => said,
            };
            let table = ObjectId::in_schema(Kind::Table, schema, &parent.name);
            children.entry(table).or_default().push(id);
        }
    }
    children
}

/// Only partitions that are there get a constraint that was not validated as it is, and have a copy of a trigger to switch.
fn after_partitions(catalog: &Catalog) -> Vec<(ObjectId, ObjectId)> {
    let late = |object: &Object| match object {
        Object::Check(check) => check.is_late(),
        Object::NotNull(it) => it.not_valid,
        _ => false,
    };
    let mut waiting: Vec<&ObjectId> = catalog
        .of_kind(Kind::Check)
        .chain(catalog.of_kind(Kind::NotNull))
        .filter(|(_, object)| late(object))
        .map(|(id, _)| id)
        .collect();
    let has_states = catalog.of_kind(Kind::TriggerState).next().is_some();
    if has_states {
        waiting.extend(catalog.of_kind(Kind::Trigger).map(|(id, _)| id));
        waiting.extend(catalog.of_kind(Kind::TriggerState).map(|(id, _)| id));
    }
    if waiting.is_empty() {
        return Vec::new();
    }
    let partitions = partitions(catalog);
    let children = children(catalog);
    let mut edges = Vec::new();
    for id in waiting {
        let mut above: Vec<&ObjectId> = id.parent.as_deref().into_iter().collect();
        while let Some(table) = above.pop() {
            if id.kind == Kind::NotNull {
                for child in children.get(table).into_iter().flatten() {
                    edges.push((id.clone(), (*child).clone()));
                    above.push(child);
                }
            }
            for partition in partitions.get(table).into_iter().flatten() {
                if matches!(id.kind, Kind::Check | Kind::NotNull) {
                    edges.push((id.clone(), (*partition).clone()));
                    edges.push((id.clone(), partition.child(Kind::Partition, "")));
                    edges.push((id.clone(), partition.child(id.kind, &id.name)));
                } else {
                    let copy = partition.child(Kind::TriggerState, &id.name);
                    edges.push((copy.clone(), id.clone()));
                    edges.push((copy, partition.child(Kind::Partition, "")));
                }
                above.push(partition);
            }
        }
    }
    edges
}

/// An index of a partitioned table alone is made when the partitions are there, which would get one with it else.
fn indexes_after_partitions(catalog: &Catalog) -> Vec<(ObjectId, ObjectId)> {
    let alone: Vec<&ObjectId> = INDEXES
        .iter()
        .flat_map(|kind| catalog.of_kind(*kind))
        .map(|(id, _)| id)
        .filter(|id| is_only(id, catalog))
        .collect();
    if alone.is_empty() {
        return Vec::new();
    }
    let partitions = partitions(catalog);
    let mut edges = Vec::new();
    for index in alone {
        let table = index.parent.as_deref();
        for partition in table
            .and_then(|table| partitions.get(table))
            .into_iter()
            .flatten()
        {
            edges.push((index.clone(), (*partition).clone()));
            edges.push((index.clone(), partition.child(Kind::Partition, "")));
        }
    }
    edges
}

/// An index of a partition that has a name stands beside the one that PostgreSQL makes for that of the partitioned table, and
/// comes after it: made before, it would be taken for it.
fn indexes_beside_copies(desired: &Desired, catalog: &Catalog) -> Vec<(ObjectId, ObjectId)> {
    let mut edges = Vec::new();
    for (partitioned, partitions) in partitions(catalog) {
        let originals: Vec<(&ObjectId, Vec<String>)> = INDEXES
            .iter()
            .flat_map(|kind| catalog.children(&partitioned, *kind))
            .map(|(id, object)| (id, object.index_key()))
            .collect();
        if originals.is_empty() {
            continue;
        }
        let own = partitions.into_iter().flat_map(|partition| {
            let indexes = INDEXES
                .iter()
                .flat_map(|kind| catalog.children(partition, *kind));
            indexes.map(move |(id, object)| (partition, id, object))
        });
        for (partition, id, object) in own {
            let is_named = desired.get(id).is_some_and(|it| !it.unnamed);
            if !is_named || catalog.contains(&id.child(Kind::IndexAttach, "")) {
                continue;
            }
            let key = object.index_key();
            let alike = originals.iter().filter(|(_, other)| *other == key);
            for (original, _) in alike {
                edges.push((id.clone(), (*original).clone()));
                edges.push((id.clone(), partition.child(Kind::Partition, "")));
            }
        }
    }
    edges
}
