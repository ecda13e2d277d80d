//! Random edits of a schema, and what an edit has to leave alone so that it is one that goes through: a person is asked
//! nothing here, so no edit may need a word of theirs.

use std::collections::BTreeSet;

use super::make::{Rolls, prefix};
use super::model::{Key, Model, PUBLIC, Sort};
use super::sql::path;
use super::types::{Group, Type};

/// Changes a schema in some places.
pub(super) fn edit(model: &Model, rolls: &mut Rolls<'_>, count: usize) -> Model {
    let mut edited = model.clone();
    for _ in 0..count {
        edit_once(&mut edited, rolls);
        edited.settle();
    }
    edited
}

fn edit_once(model: &mut Model, rolls: &mut Rolls<'_>) {
    let all = model.keys(|_| true);
    let all: Vec<Key> = all.into_iter().filter(|key| *key != PUBLIC).collect();
    if all.is_empty() {
        return model.make_any(rolls);
    }
    let key = all[rolls.below(all.len())];
    match rolls.below(100) {
        0..30 => model.make_any(rolls),
        30..45 => {
            if rolls.chance(60) {
                detach(model, rolls, key);
            }
            model.things.remove(&key);
        }
        45..80 => {
            let fixed = model.get(key).sort.fixed_dice();
            // The last die of a partition is its number.
            let end = if model.get(key).sort == Sort::Partition {
                7
            } else {
                8
            };
            let die = fixed + rolls.below(end - fixed);
            let value = rolls.die();
            let thing = model.things.get_mut(&key).expect("it is there");
            if thing.sort == Sort::Column && die == 7 {
                return;
            }
            thing.dice[die] = value;
        }
        80..84 if model.get(key).sort != Sort::Extension => {
            let name = rolls.name(prefix(model.get(key).sort));
            model.things.get_mut(&key).expect("it is there").name = name;
        }
        84..88 if model.get(key).sort.in_schema() => {
            let schemas = model.of_sort(Sort::Schema);
            if let Some(schema) = rolls.pick(&schemas) {
                model.things.get_mut(&key).expect("it is there").parent = schema;
            }
        }
        88..93 => refer_elsewhere(model, rolls, key),
        _ => {
            let value = rolls.die();
            let which = rolls.below(3);
            let thing = model.things.get_mut(&key).expect("it is there");
            match which {
                0 => thing.owner = value,
                1 => thing.comment = value,
                _ => thing.grants = value,
            }
        }
    }
}

/// Lets what stands on a thing stand on another one like it, where there is one.
fn detach(model: &mut Model, rolls: &mut Rolls<'_>, key: Key) {
    let thing = model.get(key).clone();
    let group = (thing.sort == Sort::Column).then(|| model.type_of(key).group);
    let alike: Vec<Key> = model
        .keys(|other| {
            other.sort == thing.sort && (!thing.sort.is_part() || other.parent == thing.parent)
        })
        .into_iter()
        .filter(|other| *other != key)
        .filter(|other| match thing.sort {
            Sort::Column => Some(model.type_of(*other).group) == group,
            Sort::Function => {
                super::routines::shape(model.get(*other)) == super::routines::shape(&thing)
            }
            _ => true,
        })
        .collect();
    let other = rolls.pick(&alike);
    for (_, user) in model.things.iter_mut().filter(|(at, _)| **at != key) {
        // A column of another type would need a conversion.
        if user.sort != Sort::Column && user.sort != Sort::Domain && user.sort != Sort::Composite {
            replace(&mut user.uses, key, other);
        }
        replace(&mut user.columns, key, other);
        if user.helper == Some(key) {
            user.helper = other;
        }
    }
}

fn replace(keys: &mut Vec<Key>, key: Key, other: Option<Key>) {
    let fresh = other.filter(|other| !keys.contains(other));
    match fresh {
        Some(other) => {
            for at in keys.iter_mut().filter(|at| **at == key) {
                *at = other;
            }
        }
        None if keys.len() > 1 => keys.retain(|at| *at != key),
        None => {}
    }
}

/// Another column or helper for a thing.
fn refer_elsewhere(model: &mut Model, rolls: &mut Rolls<'_>, key: Key) {
    let thing = model.get(key).clone();
    if thing.sort == Sort::Column {
        model.things.get_mut(&key).expect("it is there").helper = None;
        return;
    }
    if let Some(column) = thing.columns.first().copied()
        && thing.sort != Sort::ForeignKey
    {
        let columns = model.columns(model.get(column).parent);
        let other = rolls.pick(&columns);
        if let Some(other) = other.filter(|other| !thing.columns.contains(other)) {
            let at = rolls.below(thing.columns.len());
            let columns = &mut model.things.get_mut(&key).expect("it is there").columns;
            if rolls.chance(40) {
                columns.push(other);
            } else {
                columns[at] = other;
            }
        }
    }
}

/// Changes `after` where a person would be asked, and takes the rows from tables whose rows an edit would be refused over.
pub(super) fn reconcile(before: &mut Model, after: &mut Model, rolls: &mut Rolls<'_>) {
    let mut without: BTreeSet<Key> = BTreeSet::new();
    // PostgreSQL adds no identity column to a table that has children.
    let (old, new) = (before.clone(), after.clone());
    for (one, other) in [(old, &mut *after), (new, &mut *before)] {
        for column in other.of_sort(Sort::Column) {
            let table = other.get(column).parent;
            let has_children = |model: &Model| {
                !model
                    .keys(|child| child.sort == Sort::Table && child.uses.contains(&table))
                    .is_empty()
            };
            let changed = one.things.get(&column) != other.things.get(&column);
            if changed && other.is_identity(column) && (has_children(&one) || has_children(other)) {
                other.things.get_mut(&column).expect("it is there").dice[4] = 0;
            }
        }
    }
    // A type whose parts are of another type now, and a column of another type, would need a conversion: new names.
    for key in after.keys(|thing| thing.sort.is_type()) {
        if before.things.contains_key(&key)
            && path(before, key) == path(after, key)
            && !same_parts(before, after, key)
        {
            rename(after, rolls, key);
        }
    }
    for key in after.of_sort(Sort::Column) {
        if is_same(before, after, key) {
            let (old, new) = (before.type_of(key), after.type_of(key));
            let same_user = old.user.is_some() == new.user.is_some()
                && (old.user.is_none() || old.sql == new.sql)
                || only_domains(before, &old) && only_domains(after, &new);
            if !old.becomes(&new, same_user) {
                rename(after, rolls, key);
            }
        }
    }
    for (one, other) in [(&*before, &*after), (&*after, &*before)] {
        for table in other.of_sort(Sort::Table) {
            if !is_same(one, other, table) {
                continue;
            }
            let parts = |model: &Model| {
                model
                    .partition_column(table)
                    .map(|key| model.get(key).name.clone())
            };
            if parts(one) != parts(other) {
                without.insert(table);
            }
        }
        // A parent that is new to a table brings columns that may refuse null.
        for table in other.of_sort(Sort::Table) {
            let parents = |model: &Model| {
                let parents = model.get(table).uses.iter().copied();
                parents.collect::<BTreeSet<Key>>()
            };
            if is_same(one, other, table) {
                let is_new = |parent: &Key| !is_same(one, other, *parent);
                let new = parents(other);
                if !new.is_subset(&parents(one)) || new.iter().any(is_new) {
                    without.insert(table);
                }
            }
        }
        for column in other.of_sort(Sort::Column) {
            let table = other.get(column).parent;
            if is_same(one, other, table) && !is_same(one, other, column) {
                let thing = other.get(column);
                let filled = other.is_identity(column)
                    || other.is_serial(column)
                    || other.is_generated(column)
                    || thing.die(3, 4) == 1;
                if (other.is_not_null(column) || other.in_primary_key(column)) && !filled {
                    without.insert(table);
                }
                // In a key a default would be there twice, and a null could have no partner.
                let in_key = other.keys(|key| {
                    matches!(
                        key.sort,
                        Sort::Unique | Sort::Index | Sort::Exclude | Sort::ForeignKey
                    ) && key.parent == table
                        && key.columns.contains(&column)
                });
                if !in_key.is_empty() {
                    without.insert(table);
                }
            }
        }
    }
    // A row refers to a row: where the one is not there, the other cannot be. Rows of a child are its parents' too.
    loop {
        let count = without.len();
        for model in [&*before, &*after] {
            let children = model.keys(|child| {
                child.sort == Sort::Table && child.uses.iter().any(|used| without.contains(used))
            });
            without.extend(children);
        }
        for (one, other) in [(&*before, &*after), (&*after, &*before)] {
            for key in other.of_sort(Sort::ForeignKey) {
                let (from, unique) = (other.get(key).parent, other.get(key).uses[0]);
                let target = other.get(unique).parent;
                let has_rows = !without.contains(&target)
                    && other.partition_column(target).is_none()
                    && is_same(one, other, target);
                if !has_rows && (is_same(one, other, from) || without.contains(&target)) {
                    without.insert(from);
                }
                if other.partition_column(target).is_some() {
                    without.insert(from);
                }
            }
        }
        if without.len() == count {
            break;
        }
    }
    before.without_rows.clone_from(&without);
    after.without_rows = without;
}

fn rename(model: &mut Model, rolls: &mut Rolls<'_>, key: Key) {
    let name = rolls.name(prefix(model.get(key).sort));
    model.things.get_mut(&key).expect("it is there").name = name;
}

/// Whether the thing has the same name in both schemas.
fn is_same(before: &Model, after: &Model, key: Key) -> bool {
    let (Some(old), Some(new)) = (before.things.get(&key), after.things.get(&key)) else {
        return false;
    };
    old.name == new.name
        && old.sort == new.sort
        && (old.parent == 0 || is_same(before, after, old.parent))
        && old.parent == new.parent
}

/// Whether a type is made of the same types as before.
fn same_parts(before: &Model, after: &Model, key: Key) -> bool {
    match after.get(key).sort {
        Sort::Composite => {
            let (old, new) = (before.attributes(key), after.attributes(key));
            old.iter().all(|(name, ty)| {
                new.iter()
                    .all(|(other, new)| name != other || new.sql == ty.sql)
            })
        }
        Sort::Domain => {
            let (old, new) = (before.domain_base(key), after.domain_base(key));
            old.user.is_some() == new.user.is_some() && (old.user.is_none() || old.sql == new.sql)
        }
        _ => true,
    }
}

/// A built-in type, or a domain over one.
fn only_domains(model: &Model, ty: &Type) -> bool {
    match ty.user {
        None => true,
        Some(user) => {
            model.get(user).sort == Sort::Domain
                && model.get(user).uses.is_empty()
                && ty.group != Group::UserArray
        }
    }
}
