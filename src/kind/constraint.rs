//! What all constraints of tables share: how they are added, dropped, renamed and deferred.

use std::collections::{BTreeMap, BTreeSet};

use super::language::object_name;
use super::{Catalog, Context, Element, Object, Reaction, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{ident, qualified};

/// What is an index, or owns one: an index of a partition can be taken for that of any of these.
pub const INDEXES: [Kind; 4] = [Kind::PrimaryKey, Kind::Unique, Kind::Exclude, Kind::Index];

/// `CONSTRAINT name definition` inside CREATE TABLE.
pub fn element(id: &ObjectId, definition: &str) -> Option<Element> {
    Some(Element::Line(named(id, definition)))
}

/// `CONSTRAINT name definition`; without a name where a desired constraint leaves it to PostgreSQL.
pub fn named(id: &ObjectId, definition: &str) -> String {
    if id.name.is_empty() {
        definition.to_owned()
    } else {
        format!("CONSTRAINT {} {definition}", ident(&id.name))
    }
}

/// ALTER TABLE ADD CONSTRAINT, with ONLY where the partitions get theirs by statements of their own.
pub fn add(id: &ObjectId, definition: &str, only: bool) -> Vec<Statement> {
    let Some(relation) = id.parent.as_deref() else {
        return Vec::new();
    };
    let head = if only {
        format!(
            "ALTER {} ONLY {}",
            relation.kind.sql(),
            reference::name(relation)
        )
    } else {
        reference::alter_relation(relation)
    };
    vec![Statement::alter(
        head,
        format!("ADD {}", named(id, definition)),
    )]
}

/// ALTER TABLE DROP CONSTRAINT.
pub fn drop(id: &ObjectId) -> Vec<Statement> {
    let Some(relation) = id.parent.as_deref() else {
        return Vec::new();
    };
    vec![Statement::alter(
        reference::alter_relation(relation),
        format!("DROP CONSTRAINT {}", ident(&id.name)),
    )]
}

/// The new name of a constraint that stays attached to that of the partitioned table: PostgreSQL renames no constraint that came
/// from a parent, but its index, and that with it.
pub fn renamed_while_attached(id: &ObjectId, context: &Context<'_>) -> Option<Statement> {
    let twin = attached_twin(id, context)?;
    let schema = id.schema().unwrap_or_default();
    Some(Statement::sql(format!(
        "ALTER INDEX {} RENAME TO {}",
        qualified(schema, &twin.name),
        ident(&id.name)
    )))
}

/// One action of ALTER TABLE on the constraint.
pub fn act(id: &ObjectId, action: &str) -> Statement {
    let head = id
        .parent
        .as_deref()
        .map(reference::alter_relation)
        .unwrap_or_default();
    Statement::alter(head, action)
}

/// ` DEFERRABLE INITIALLY DEFERRED` and the like; empty for a constraint that cannot be deferred.
pub fn deferral(deferrable: Option<&str>) -> &'static str {
    match deferrable {
        Some("deferred") => " DEFERRABLE INITIALLY DEFERRED",
        Some(_) => " DEFERRABLE",
        None => "",
    }
}

/// The action of ALTER CONSTRAINT for another deferral.
pub fn alter_deferral(id: &ObjectId, deferrable: Option<&str>) -> Statement {
    let how = match deferrable {
        Some("deferred") => "DEFERRABLE INITIALLY DEFERRED",
        Some(_) => "DEFERRABLE INITIALLY IMMEDIATE",
        None => "NOT DEFERRABLE",
    };
    act(id, &format!("ALTER CONSTRAINT {} {how}", ident(&id.name)))
}

/// The statements by which the checks of foreign keys wait, and those by which they take place and the keys are again as they
/// were.
pub fn deferred_meanwhile(
    keys: &[&ObjectId],
    catalog: &Catalog,
) -> (Vec<Statement>, Vec<Statement>) {
    let deferrable = |id: &ObjectId| match catalog.get(id) {
        Some(Object::ForeignKey(key)) => key.deferrable.as_deref(),
        _ => None,
    };
    let fixed = keys.iter().filter(|id| deferrable(id).is_none());
    let fixed: Vec<&&ObjectId> = fixed.collect();
    let name = |id: &&ObjectId| qualified(id.schema().unwrap_or_default(), &id.name);
    let names: Vec<String> = keys.iter().map(name).collect();
    let set = |what: &str, when: &str| Statement::sql(format!("SET CONSTRAINTS {what} {when}"));
    // No table is altered whose checks are still to come.
    let all = || set("ALL", "IMMEDIATE");
    let mut foreign = catalog.of_kind(Kind::ForeignKey);
    let waits = foreign.any(|(id, _)| deferrable(id) == Some("deferred"));
    let mut wait = Vec::new();
    wait.extend((waits && !fixed.is_empty()).then(all));
    wait.extend(fixed.iter().map(|id| alter_deferral(id, Some("immediate"))));
    wait.push(set(&names.join(", "), "DEFERRED"));
    let mut look = vec![match fixed.is_empty() {
        true => set(&names.join(", "), "IMMEDIATE"),
        false => all(),
    }];
    look.extend(fixed.iter().map(|id| alter_deferral(id, None)));
    (wait, look)
}

/// Whether an index of a partitioned table is made with ONLY, and those of the partitions attached by statements of their
/// own. Without it PostgreSQL attaches what the partitions have and makes the rest, also in partitions that no file
/// declares; but where a partition has another index over the same key, it might take the wrong one.
pub fn needs_only(id: &ObjectId, context: &Context<'_>) -> bool {
    // Some partitions do without it.
    is_only(id, context.after) || context.made.is_some_and(|made| made.only.contains(id))
}

/// The indexes and keys of partitioned tables that are made while a partition keeps two indexes over the same key, one of
/// them to be attached: see [`needs_only`].
pub fn made_with_only(context: &Context<'_>) -> BTreeSet<ObjectId> {
    let (before, after) = (context.before, context.after);
    let ambiguous = |(tie, _): (&ObjectId, &Object)| {
        let copy = tie.parent.as_deref()?;
        let (whole, stays) = parent_index(copy, context)?;
        if super::index_attach::is_always_copied(copy, context) {
            return None;
        }
        let table = whole.parent.as_deref()?;
        if !stays
            || !context.makes(&whole)
            || !before.partitioned.contains(table)
            || !after.partitioned.contains(table)
        {
            return None;
        }
        let key = after.get(copy)?.index_key();
        let is_free = |other: &ObjectId| {
            let tie = other.child(Kind::IndexAttach, "");
            other != copy && !(before.contains(&tie) && before.get(&tie) == after.get(&tie))
        };
        let partition = copy.parent.as_deref()?;
        INDEXES
            .into_iter()
            .flat_map(|kind| after.children(partition, kind))
            .any(|(other, object)| is_free(other) && object.index_key() == key)
            .then_some(whole)
    };
    let mut only: BTreeSet<ObjectId> = after
        .of_kind(Kind::IndexAttach)
        .filter_map(ambiguous)
        .collect();
    only.extend(super::online::made_leaf_by_leaf(context));
    only
}

/// Whether a key or unique index over just these columns is there before the plan, which takes nulls for no more distinct: then
/// no value is in two rows.
pub fn is_unique_before(
    id: &ObjectId,
    columns: &[String],
    nulls_not_distinct: bool,
    context: &Context<'_>,
) -> bool {
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    let is_it = |key: &[String], distinct: bool| {
        key == columns && !columns.is_empty() && (distinct || !nulls_not_distinct)
    };
    [Kind::PrimaryKey, Kind::Unique, Kind::Index]
        .into_iter()
        .flat_map(|kind| context.before.children(table, kind))
        .any(|(_, object)| match object {
            Object::PrimaryKey(key) => is_it(&key.0.columns, true),
            Object::Unique(key) => is_it(&key.0.columns, key.0.nulls_not_distinct),
            Object::Index(index) => {
                let plain = |key: &super::index_key::IndexKey| {
                    let is_plain = key.collation.is_none() && key.opclass.is_none();
                    key.column.clone().filter(|_| is_plain)
                };
                let key: Option<Vec<String>> = index.keys.iter().map(plain).collect();
                index.unique
                    && !index.invalid
                    && index.predicate.is_none()
                    && key.is_some_and(|key| is_it(&key, index.nulls_not_distinct))
            }
            _ => false,
        })
}

/// Whether PostgreSQL ties an index of a partition to the partitioned table's when it makes that one.
pub fn is_attached_by_parent(copy: &ObjectId, context: &Context<'_>) -> bool {
    parent_index(copy, context).is_some_and(|(parent, stays)| {
        stays
            && context.makes(&parent)
            && !needs_only(&parent, context)
            && !super::index_attach::is_always_copied(copy, context)
    })
}

/// The index of the partitioned table that an index is attached to, and whether the partition is that table's all the
/// while.
pub fn parent_index(copy: &ObjectId, context: &Context<'_>) -> Option<(ObjectId, bool)> {
    let Object::IndexAttach(attach) = context.after.get(&copy.child(Kind::IndexAttach, ""))? else {
        return None;
    };
    let partition = copy.parent.as_deref()?;
    let table = super::parts::partitioned_table(partition, context.after)?;
    Some((
        index_named(&table, &attach.parent.name, copy.kind, context.after),
        super::parts::stays_partition(partition, context),
    ))
}

/// The partitions that do without an index or key of their table: their ties to it. One on foreign tables never is.
fn lacking<'a>(id: &ObjectId, catalog: &'a Catalog) -> Vec<&'a ObjectId> {
    let Some(table) = id.parent.as_deref() else {
        return Vec::new();
    };
    if !catalog.partitioned.contains(table) {
        return Vec::new();
    }
    let (name, schema) = (super::parts::qualified_name(table), id.schema());
    let has = |partition: &ObjectId| {
        INDEXES
            .into_iter()
            .flat_map(|kind| catalog.children(partition, kind))
            .filter_map(|(index, _)| catalog.get(&index.child(Kind::IndexAttach, "")))
            .any(|tie| {
                matches!(tie, Object::IndexAttach(tie)
                    if tie.parent.name == *id.name && Some(tie.parent.schema.as_str()) == schema)
            })
    };
    catalog
        .of_kind(Kind::Partition)
        .filter(|(_, tie)| matches!(tie, Object::Partition(tie) if tie.parent == name))
        .map(|(tie, _)| tie)
        .filter(|tie| {
            let partition = tie.parent.as_deref().filter(|it| it.kind == Kind::Table);
            partition.is_some_and(|partition| !has(partition))
        })
        .collect()
}

/// Whether an index or key is the partitioned table's alone while a partition does without: made with ONLY when the
/// partitions are there, it is no more than what can be attached to.
pub fn is_only(id: &ObjectId, catalog: &Catalog) -> bool {
    match catalog.get(id) {
        // In the state that the files ask for, PostgreSQL has not made yet what partitions have.
        Some(Object::Index(index)) if catalog.guessed => index.only,
        Some(Object::PrimaryKey(key)) if catalog.guessed => key.0.only,
        Some(Object::Unique(key)) if catalog.guessed => key.0.only,
        Some(Object::Exclude(exclude)) if catalog.guessed => exclude.only,
        Some(_) if catalog.guessed => false,
        // Introspection says so: see its `needs.sql`.
        Some(_) => catalog
            .dependencies_of(id)
            .any(|needed| needed.kind == Kind::Partition),
        None => false,
    }
}

/// Whether a partition comes to do without an index or key that stays: PostgreSQL detaches none, and attaching a partition
/// makes what it lacks, so that the partitioned table's is made anew.
fn loses_partition(id: &ObjectId, context: &Context<'_>) -> bool {
    let (before, after) = (context.before, context.after);
    if !is_only(id, after) {
        return false;
    }
    let lacked = lacking(id, before);
    lacking(id, after)
        .into_iter()
        .any(|tie| !lacked.contains(&tie) || before.get(tie) != after.get(tie))
}

/// What a change of an object means for an index or key of its table: with a partition it does not go by itself, but one
/// that comes back would get what it does without.
pub fn when_replaced(id: &ObjectId, dependency: &ObjectId, context: &Context<'_>) -> Reaction {
    match dependency.kind {
        Kind::Partition if !(context.after.contains(dependency) && is_only(id, context.after)) => {
            Reaction::Ignore
        }
        // The partition leaves with its key before the index goes.
        Kind::Index if holds_key(dependency, id) => Reaction::Ignore,
        _ => Reaction::Rebuild,
    }
}

/// Whether only making it anew leads an index or key to the wanted state, although its definition stays.
pub fn is_made_anew(id: &ObjectId, context: &Context<'_>) -> bool {
    loses_partition(id, context) || changes_origin(id, context) || renames_retyped(id, context)
}

/// The index or key of a table under a name: an index of a partition can be attached to one of another kind. Of the kind that is
/// given where there is none.
pub fn index_named(table: &ObjectId, name: &str, kind: Kind, catalog: &Catalog) -> ObjectId {
    let is_there = |it: &ObjectId| catalog.contains(it);
    let mut kinds = std::iter::once(kind).chain(INDEXES);
    let found = kinds.find_map(|kind| Some(table.child(kind, name)).filter(is_there));
    found.unwrap_or_else(|| table.child(kind, name))
}

/// The index of the partitioned table that an index is attached to in a catalog.
pub fn attached_to(copy: &ObjectId, catalog: &Catalog) -> Option<ObjectId> {
    let Object::IndexAttach(attach) = catalog.get(&copy.child(Kind::IndexAttach, ""))? else {
        return None;
    };
    let table = super::parts::partitioned_table(copy.parent.as_deref()?, catalog)?;
    Some(index_named(&table, &attach.parent.name, copy.kind, catalog))
}

/// Whether the name of a partition's index goes from one that belongs to an index of the partitioned table to one that
/// belongs to another: PostgreSQL detaches none.
fn changes_origin(id: &ObjectId, context: &Context<'_>) -> bool {
    let (before, after) = (context.before, context.after);
    let origins = (attached_to(id, before), attached_to(id, after));
    let (Some(from), Some(to), Some(table)) = (origins.0, origins.1, id.parent.as_deref()) else {
        return false;
    };
    let tie = table.child(Kind::Partition, "");
    let exchanges = |other: &ObjectId| {
        attached_to(other, before).as_ref() == Some(&to)
            && attached_to(other, after).as_ref() == Some(&from)
    };
    from != to
        && before.get(&tie) == after.get(&tie)
        && attached_twin(&to, context).as_ref() != Some(&from)
        && !after
            .children(table, id.kind)
            .into_iter()
            .any(|(other, _)| exchanges(other))
}

/// Whether a column of a partitioned table's key changes its type and the copies in partitions have names that only they have:
/// PostgreSQL makes those of a constraint anew, under names that it chooses.
fn renames_retyped(id: &ObjectId, context: &Context<'_>) -> bool {
    let (before, after) = (context.before, context.after);
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    if !before.partitioned.contains(table) {
        return false;
    }
    let key = after.get(id).map(Object::index_key).unwrap_or_default();
    let is_retyped =
        |name: &String| super::parts::is_retyped(&table.child(Kind::Column, name), context);
    if !key.iter().any(is_retyped) {
        return false;
    }
    let (old, new) = (
        kept_copies(id, before, context),
        kept_copies(id, after, context),
    );
    let is_given = |copy: &ObjectId| {
        let partition = copy
            .parent
            .as_deref()
            .map(|it| &*it.name)
            .unwrap_or_default();
        let name = match copy.kind {
            Kind::PrimaryKey => object_name(partition, "", "pkey"),
            Kind::Unique => object_name(partition, &key.join("_"), "key"),
            _ => return copy.kind == Kind::Index,
        };
        *copy.name == name
    };
    old != new || !new.iter().all(is_given)
}

/// What belongs to an index of a partitioned table in the partitions that stay, those of partitions of partitions too.
fn kept_copies(id: &ObjectId, catalog: &Catalog, context: &Context<'_>) -> BTreeSet<ObjectId> {
    let mut by_origin: BTreeMap<ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (tie, _) in catalog.of_kind(Kind::IndexAttach) {
        if let Some(copy) = tie.parent.as_deref()
            && let Some(origin) = attached_to(copy, catalog)
        {
            by_origin.entry(origin).or_default().push(copy);
        }
    }
    let stays = |copy: &ObjectId| {
        let tie = copy
            .parent
            .as_deref()
            .map(|it| it.child(Kind::Partition, ""));
        tie.is_some_and(|tie| {
            let bound = context.before.get(&tie);
            bound.is_some() && bound == context.after.get(&tie)
        })
    };
    let mut found = BTreeSet::new();
    let mut waiting = vec![id];
    while let Some(origin) = waiting.pop() {
        for copy in by_origin.get(origin).into_iter().flatten() {
            if stays(copy) && found.insert((*copy).clone()) {
                waiting.push(copy);
            }
        }
    }
    found
}

/// Whether an index or key of a partition vanishes with the partitioned table's, to which it stays attached.
pub fn goes_with_parent(id: &ObjectId, context: &Context<'_>) -> bool {
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    let (before, tie) = (context.before, table.child(Kind::Partition, ""));
    let Some(Object::IndexAttach(attached)) = before.get(&id.child(Kind::IndexAttach, "")) else {
        return false;
    };
    let Some(Object::Partition(partition)) = before.get(&tie) else {
        return false;
    };
    // One that is the partitioned table's alone goes before partitions are detached.
    let root = &partition.parent;
    let root = ObjectId::in_schema(Kind::Table, &root.schema, &root.name);
    let origin = index_named(&root, &attached.parent.name, id.kind, before);
    if holds_key(&origin, id) {
        return false;
    }
    before.get(&tie) == context.after.get(&tie)
        || is_only(&origin, before) && !context.keeps(&origin)
}

/// Whether an index of a partitioned table that is no key holds a key of a partition: PostgreSQL drops neither while they are tied
/// (the dependencies that IndexSetParentIndex in commands/indexcmds.c makes), and unties them with the partition alone.
fn holds_key(origin: &ObjectId, copy: &ObjectId) -> bool {
    origin.kind == Kind::Index && copy.kind != Kind::Index
}

/// Whether an index of a partitioned table holds keys of partitions.
pub fn holds_keys(id: &ObjectId, catalog: &Catalog) -> bool {
    id.kind == Kind::Index
        && is_only(id, catalog)
        && catalog
            .of_kind(Kind::IndexAttach)
            .filter_map(|(tie, _)| tie.parent.as_deref())
            .any(|copy| holds_key(id, copy) && attached_to(copy, catalog).as_ref() == Some(id))
}

/// The keys of a partition that indexes of its table hold, each with that.
pub fn held_keys<'a>(
    partition: &ObjectId,
    catalog: &'a Catalog,
) -> impl Iterator<Item = (&'a ObjectId, ObjectId)> {
    [Kind::PrimaryKey, Kind::Unique, Kind::Exclude]
        .into_iter()
        .flat_map(|kind| catalog.children(partition, kind))
        .filter_map(|(key, _)| Some((key, attached_to(key, catalog)?)))
        .filter(|(key, origin)| holds_key(origin, key))
}

/// Whether a partition leaves its table for a moment, because a key of it goes that an index of the table holds, or that index.
pub fn is_released(partition: &ObjectId, context: &Context<'_>) -> bool {
    let (before, after) = (context.before, context.after);
    let goes = |id: &ObjectId| match (before.get(id), after.get(id)) {
        (Some(from), Some(to)) => {
            from != to && from.alter(to, id, context) == super::Alteration::Rebuild
        }
        _ => true,
    };
    held_keys(partition, before).any(|(key, origin)| {
        goes(key) || goes(&origin) || attached_to(key, after).as_ref() != Some(&origin)
    })
}

/// The index under another name that stays attached to the same index of the partitioned table: it is renamed.
pub fn attached_twin(id: &ObjectId, context: &Context<'_>) -> Option<ObjectId> {
    let table = id.parent.as_deref()?;
    let (before, after) = (context.before, context.after);
    let tie = table.child(Kind::Partition, "");
    let Object::IndexAttach(attached) = after.get(&id.child(Kind::IndexAttach, ""))? else {
        return None;
    };
    let Object::Partition(partition) = before.get(&tie).filter(|_| context.keeps(table))? else {
        return None;
    };
    let root = &partition.parent;
    let root = ObjectId::in_schema(Kind::Table, &root.schema, &root.name);
    let origin = index_named(&root, &attached.parent.name, id.kind, after);
    // The index that it is attached to stays as well, perhaps under another name itself.
    let old_origin = match (before.get(&origin), after.get(&origin)) {
        (Some(from), Some(to)) => {
            let stays = from.alter(to, &origin, context) != super::Alteration::Rebuild
                && !from.is_made_anew(to, &origin, context)
                && !context.makes(&origin);
            stays.then(|| origin.clone())
        }
        _ => attached_twin(&origin, context),
    }?;
    let is_free =
        |id: &ObjectId, catalog: &Catalog| !catalog.contains(id) || changes_origin(id, context);
    if !is_free(id, before) || before.get(&tie) != after.get(&tie) {
        return None;
    }
    let was_attached = |twin: &ObjectId| match before.get(&twin.child(Kind::IndexAttach, "")) {
        Some(Object::IndexAttach(attached)) => {
            attached.parent.name == *old_origin.name
                && Some(attached.parent.schema.as_str()) == old_origin.schema()
        }
        _ => false,
    };
    before
        .children(table, id.kind)
        .into_iter()
        .map(|(twin, _)| twin)
        .find(|twin| *twin != id && is_free(twin, after) && was_attached(twin))
        .cloned()
}

/// ALTER of a relation, with ONLY where it has children or partitions that say their own: PostgreSQL would carry
/// defaults and column settings down.
pub fn alter_only(relation: &ObjectId, context: &Context<'_>) -> String {
    let name = super::parts::qualified_name(relation);
    let has_children = relation.kind == Kind::Table
        && [context.before, context.after].into_iter().any(|catalog| {
            catalog.partitioned.contains(relation)
                || catalog
                    .of_kind(Kind::Inherits)
                    .any(|(_, object)| matches!(object, Object::Inherits(it) if it.parent == name))
        });
    let only = if has_children { "ONLY " } else { "" };
    format!(
        "ALTER {} {only}{}",
        relation.kind.sql(),
        reference::name(relation)
    )
}
