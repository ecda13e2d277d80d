//! Names: renames that the author declares, and parts of the same structure under another name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::rename_step;
use super::signatures::{signature_after, with_old_signature};
use crate::diff::same_structure;
use crate::kdl::Span;
use crate::kind::language::{Desired, Rename};
pub(super) use crate::kind::language::{original, outer_first};
use crate::kind::{Catalog, NameSlot, Object, Statement, naming};
use crate::model::{Kind, ObjectId};
use crate::plan::{Step, Verb};

/// The declared renames that are still to be done.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Those of which it is sure: the old name is there, the new one is not, or is about to go to a third.
    pub(super) renames: Vec<Rename>,
    /// Objects that exchange their names: all of them are there before as after, so names alone do not tell whether it was
    /// done.
    pub(super) exchanges: Vec<Vec<Rename>>,
}

/// Sorts the declared renames by whether they are still to be done.
pub(super) fn declared_renames(before: &Catalog, wanted: &Catalog, desired: &Desired) -> Declared {
    let said = outer_first(&desired.renames);
    let with_signature = |rename| with_old_signature(rename, &said, before);
    let declared: Vec<Rename> = said.iter().map(with_signature).collect();
    let mut accepted: Vec<Rename> = Vec::new();
    let mut exchanges = Vec::new();
    for level in declared.chunk_by(|one, other| one.depth() == other.depth()) {
        let outer = accepted.clone();
        let mut waiting: Vec<(ObjectId, ObjectId, Rename)> = level
            .iter()
            .map(|rename| {
                // The old name may be said with the schema's old name, too.
                let from = renamed(&rename.from, &outer);
                let (old, new) = (original(&from, &outer), original(&rename.to, &outer));
                (
                    old,
                    new,
                    Rename {
                        from,
                        ..rename.clone()
                    },
                )
            })
            .filter(|(old, _, rename)| before.contains(old) && wanted.contains(&rename.to))
            .collect();
        // Where the new name is taken, the rename has run already, unless what has it is renamed itself.
        let mut leaving: BTreeSet<ObjectId> = BTreeSet::new();
        loop {
            let is_free = |(old, new, _): &(ObjectId, ObjectId, Rename)| {
                old == new || !before.contains(new) || leaving.contains(new)
            };
            let (free, taken): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_free);
            waiting = taken;
            if free.is_empty() {
                break;
            }
            leaving.extend(free.iter().map(|(old, ..)| old.clone()));
            accepted.extend(free.into_iter().map(|(.., rename)| rename));
        }
        while let Some(start) = waiting.pop() {
            let mut ring = vec![start];
            while let Some(next) = waiting
                .iter()
                .position(|(old, ..)| ring.last().is_some_and(|(_, new, _)| new == old))
            {
                ring.push(waiting.remove(next));
            }
            if ring.last().map(|(_, new, _)| new) == ring.first().map(|(old, ..)| old) {
                exchanges.push(ring.into_iter().map(|(.., rename)| rename).collect());
            }
        }
    }
    Declared {
        renames: in_order(before, accepted),
        exchanges,
    }
}

/// The identity that an object has after the renames.
pub(super) fn renamed(id: &ObjectId, renames: &[Rename]) -> ObjectId {
    renames.iter().fold(id.clone(), |id, rename| {
        id.renamed(&rename.from, &rename.to)
    })
}

/// Renames in an order in which every new name is free: an object that holds another one's new name goes first, to its
/// own new name, or out of the way where they exchange names or where it is about to be dropped. Objects of several kinds
/// can stand in each other's way, as a key and an index do.
pub(super) fn in_order(before: &Catalog, renames: Vec<Rename>) -> Vec<Rename> {
    if renames.is_empty() {
        return renames;
    }
    let mut waiting = renames;
    let mut ordered: Vec<Rename> = Vec::new();
    let mut held = Held::new(&before.objects);
    while !waiting.is_empty() {
        match waiting
            .iter()
            .position(|rename| held.has(&rename.from) && held.in_the_way(rename).is_none())
        {
            Some(next) => {
                let rename = waiting.remove(next);
                held.apply(&rename);
                ordered.push(rename);
            }
            None if !held.has(&waiting[0].from) => {
                waiting.remove(0);
            }
            None => {
                let Some(blocked) = held.in_the_way(&waiting[0]) else {
                    break;
                };
                let aside = ObjectId {
                    name: naming::aside(&blocked.name).into(),
                    ..blocked.clone()
                };
                let step = Rename {
                    from: blocked.clone(),
                    to: aside.clone(),
                    span: waiting[0].span,
                };
                held.apply(&step);
                for rename in &mut waiting {
                    rename.from = rename.from.renamed(&blocked, &aside);
                }
                ordered.push(step);
            }
        }
    }
    ordered
}

/// The objects between two renames, and the names that they hold.
struct Held {
    objects: BTreeMap<ObjectId, Arc<Object>>,
    slots: BTreeMap<NameSlot, ObjectId>,
}

impl Held {
    fn new(objects: &BTreeMap<ObjectId, Arc<Object>>) -> Held {
        let slots = objects.iter().flat_map(|(id, object)| {
            let slots = object.occupies(id).into_iter();
            slots.map(|slot| (slot, id.clone()))
        });
        Held {
            slots: slots.collect(),
            objects: objects.clone(),
        }
    }

    fn has(&self, id: &ObjectId) -> bool {
        self.objects.contains_key(id)
    }

    /// Another object that holds a name which this one would have.
    fn other_holder(&self, id: &ObjectId, object: &Object) -> Option<ObjectId> {
        let slots = object.occupies(id);
        let mut holders = slots.iter().filter_map(|slot| self.slots.get(slot));
        holders.find(|holder| *holder != id).cloned()
    }

    /// The object that holds the new name.
    fn in_the_way(&self, rename: &Rename) -> Option<ObjectId> {
        if self.has(&rename.to) {
            return Some(rename.to.clone());
        }
        let object = self.objects.get(&rename.from)?;
        let slots = object.occupies(&rename.to);
        let mut holders = slots.iter().filter_map(|slot| self.slots.get(slot));
        holders.find(|holder| **holder != rename.from).cloned()
    }

    fn apply(&mut self, rename: &Rename) {
        let objects = std::mem::take(&mut self.objects);
        let objects = objects
            .into_iter()
            .map(|(id, object)| (id.renamed(&rename.from, &rename.to), object))
            .collect();
        *self = Held::new(&objects);
    }
}

/// Parts of the same structure: one that the author named is renamed; one whose name we made takes the name that it has,
/// unless the whole database is the project's (`exact`): then PostgreSQL's own names are wanted too.
pub(super) fn same_parts(
    before: &Catalog,
    wanted: Catalog,
    desired: &Desired,
    renames: &[Rename],
    exact: bool,
) -> (Catalog, Vec<Rename>) {
    let mut base = before.clone();
    for rename in renames {
        base = base.renamed(&rename.from, &rename.to);
    }
    let declared: BTreeSet<ObjectId> = desired.objects.keys().cloned().collect();
    let mut wanted = wanted;
    if !exact {
        let named: Vec<_> = base
            .objects
            .iter()
            .filter(|(id, object)| !wanted.contains(id) && object.is_mere_name(id, &wanted))
            .collect();
        for (id, object) in named {
            wanted.objects.insert(id.clone(), object.clone());
            if let Some(needed) = base.dependencies.get(id) {
                wanted.dependencies.insert(id.clone(), needed.clone());
            }
        }
    }
    // The names that all but the parts in question shall have.
    let pairs = same_structure(&base, &wanted, &declared);
    let slots: BTreeSet<NameSlot> = wanted
        .objects
        .iter()
        .filter(|(id, _)| !pairs.iter().any(|(pair, _)| pair == *id))
        .flat_map(|(id, object)| object.occupies(id))
        .collect();
    let mut planned = same_sequences(&base, &wanted, desired);
    for (id, live) in pairs {
        let is_taken = base.get(&live).is_some_and(|object| {
            object
                .occupies(&live)
                .iter()
                .any(|slot| slots.contains(slot))
        });
        // PostgreSQL renames no check that a child has from another parent as well.
        if has_other_origin(&live, &base) {
            continue;
        }
        let unnamed = !exact && !is_taken && desired.get(&id).is_some_and(|object| object.unnamed);
        if unnamed {
            wanted = wanted.with_part_renamed(&id, &live);
        } else if let Some(object) = desired.get(&id) {
            planned.push(Rename {
                from: live,
                to: id,
                span: object.span,
            });
        }
    }
    (wanted, planned)
}

/// Whether a table below its own has the part from elsewhere too.
fn has_other_origin(part: &ObjectId, catalog: &Catalog) -> bool {
    let ties = catalog.of_kind(Kind::Inherits);
    let children = ties.filter_map(|(tie, _)| tie.parent.as_deref());
    let copies = children.map(|child| child.child(part.kind, &part.name));
    let origins: BTreeMap<ObjectId, _> = copies
        .map(|copy| {
            let origins = catalog.inherited_from(&copy);
            (copy, origins)
        })
        .collect();
    let mut below = BTreeSet::from([part.clone()]);
    loop {
        let more: Vec<&ObjectId> = origins
            .iter()
            .filter(|(copy, from)| {
                !below.contains(*copy) && from.iter().any(|origin| below.contains(origin))
            })
            .map(|(copy, _)| copy)
            .collect();
        if more.is_empty() {
            break;
        }
        below.extend(more.into_iter().cloned());
    }
    let mut inherited = below.iter().filter_map(|copy| origins.get(copy));
    inherited.any(|from| from.iter().any(|origin| !below.contains(origin)))
}

/// A sequence that a column owns is the one that the column owned before, whatever its name: it goes on counting. A serial
/// column's is named after it, and follows where the column or its table is renamed.
fn same_sequences(base: &Catalog, wanted: &Catalog, desired: &Desired) -> Vec<Rename> {
    let mut planned: Vec<Rename> = Vec::new();
    for (tie, owner) in wanted.of_kind(Kind::SequenceOwner) {
        let (Some(sequence), Object::SequenceOwner(owner)) = (tie.parent.as_deref(), owner) else {
            continue;
        };
        let Some(said) = desired.get(sequence).filter(|_| !base.contains(sequence)) else {
            continue;
        };
        let column = ObjectId::in_schema(Kind::Table, &owner.table.schema, &owner.table.name)
            .child(Kind::Column, &owner.column);
        let mut owned = base.owned.iter().filter(|(live, of)| {
            **of == column
                && live.kind == Kind::Sequence
                && base.contains(live)
                && !wanted.contains(live)
                && !planned.iter().any(|rename| rename.from == **live)
        });
        if let (Some((live, _)), None) = (owned.next(), owned.next()) {
            planned.push(Rename {
                from: live.clone(),
                to: sequence.clone(),
                span: said.span,
            });
        }
    }
    planned
}

/// Where PostgreSQL has an object after the renames so far: a sequence moves to another schema with the table that owns it.
fn moved_along(id: &ObjectId, at: &Catalog) -> ObjectId {
    let owner = at.owned.get(id).filter(|_| id.kind == Kind::Sequence);
    match owner.and_then(|column| column.schema()) {
        Some(schema) if id.schema() != Some(schema) => {
            ObjectId::in_schema(Kind::Sequence, schema, &id.name)
        }
        _ => id.clone(),
    }
}

/// Another reading of the desired state, with the names that its first reading took over.
pub(super) fn follow(
    printed: &Catalog,
    wanted: &Catalog,
    desired: &Desired,
    before: &Catalog,
) -> Catalog {
    let declared: BTreeSet<ObjectId> = desired
        .objects
        .keys()
        .filter(|id| !wanted.contains(id))
        .cloned()
        .collect();
    let mut printed = printed.clone();
    for (id, live) in same_structure(before, &printed, &declared) {
        printed = printed.with_part_renamed(&id, &live);
    }
    printed
}

/// What was read of a state that was rebuilt, with the state's own roles and all that is said of them: these are shared with
/// whatever else was tried out on the cluster.
pub(super) fn with_roles_of(state: &Catalog, read: Catalog) -> Catalog {
    let mut own = read.filter(|_, id, _| !id.is_of_cluster());
    let roles = state.objects.iter().filter(|(id, _)| id.is_of_cluster());
    for (id, object) in roles {
        own.objects.insert(id.clone(), object.clone());
        if let Some(needed) = state.dependencies.get(id) {
            own.dependencies.insert(id.clone(), needed.clone());
        }
    }
    own
}

/// What a state is after renames: what PostgreSQL reached, but for what it left as it was, which is as it was said.
pub(super) fn followed(
    state: &Catalog,
    printed: &Catalog,
    reached: Catalog,
    renames: &[Rename],
) -> Catalog {
    let mut followed = reached;
    for (id, object) in &state.objects {
        let now = renamed(id, renames);
        // A definition that the renames did not touch keeps all its forms.
        if printed.get(id).is_some() && printed.get(id) == followed.get(&now) {
            followed.objects.insert(now, object.clone());
        }
    }
    followed.positions = state
        .positions
        .iter()
        .map(|(id, position)| (renamed(id, renames), *position))
        .collect();
    followed
}

/// What is done before anything is compared, because PostgreSQL follows it by itself: renames, and moves of extensions.
#[derive(Debug, Default)]
pub(super) struct Moves {
    /// The way there.
    pub(super) there: Vec<Step>,
    /// The way back.
    pub(super) back: Vec<Step>,
    /// What moved without another identity.
    pub(super) relocated: BTreeSet<ObjectId>,
    /// The old names of what is renamed within them, which bodies of routines may say.
    pub(super) named: Vec<String>,
}

impl Moves {
    fn add(&mut self, there: Vec<Step>, back: Vec<Step>) {
        self.there.extend(there);
        self.back.splice(0..0, back);
    }

    /// A schema that something moves to is there before.
    fn need(&mut self, schema: &str, at: &mut Catalog, wanted: &Catalog) {
        let id = ObjectId::top(Kind::Schema, schema);
        if at.contains(&id) {
            return;
        }
        let Some(object) = wanted.get(&id).cloned() else {
            return;
        };
        let name = crate::sql::quote::ident(schema);
        let make = Statement::sql(format!("CREATE SCHEMA {name}"));
        let take = Statement::sql(format!("DROP SCHEMA {name}"));
        at.objects.insert(id.clone(), object.into());
        self.add(
            vec![rename_step(Verb::Create, &id, make)],
            vec![rename_step(Verb::Drop, &id, take)],
        );
    }

    /// What moves with all that uses it, each when the name that it gets is free; of those that wait for each other one makes
    /// room first. What something else stands in the way of stays, to be compared.
    fn relocate(&mut self, at: &mut Catalog, wanted: &Catalog) {
        let moving = |at: &Catalog, id: &ObjectId| at.get(id)?.relocation(wanted.get(id)?, id, at);
        let mut waiting: Vec<ObjectId> = at
            .objects
            .keys()
            .filter(|id| moving(at, id).is_some())
            .cloned()
            .collect();
        if waiting.is_empty() {
            return;
        }
        let mut made_room = BTreeSet::new();
        while !waiting.is_empty() {
            let held = Held::new(&at.objects);
            let holder = |id: &ObjectId| {
                let relocation = moving(at, id)?;
                held.other_holder(id, &relocation.reached)
            };
            let step = match waiting.iter().position(|id| holder(id).is_none()) {
                Some(next) => {
                    let id = waiting.remove(next);
                    moving(at, &id).map(|it| (id, it))
                }
                None => waiting.iter().find_map(|id| {
                    let id =
                        holder(id).filter(|it| waiting.contains(it) && !made_room.contains(it))?;
                    let halfway = moving(at, &id)?.halfway?;
                    let relocation = at.get(&id)?.relocation(&halfway, &id, at)?;
                    made_room.insert(id.clone());
                    Some((id, relocation))
                }),
            };
            let Some((id, relocation)) = step else {
                break;
            };
            self.need(&relocation.schema, at, wanted);
            let step = |statement| rename_step(Verb::Alter, &id, statement);
            self.add(
                relocation.there.into_iter().map(step).collect(),
                relocation.back.into_iter().map(step).collect(),
            );
            self.named.extend(relocation.named);
            at.objects.insert(id.clone(), relocation.reached.into());
            self.relocated.insert(id);
        }
    }
}

/// The checks of children that get their new name with that of a parent: PostgreSQL renames none that is inherited.
fn following(before: &Catalog, renames: &[Rename]) -> BTreeSet<ObjectId> {
    let checks: Vec<&Rename> = renames
        .iter()
        .filter(|rename| rename.from.kind == Kind::Check)
        .collect();
    if checks.len() < 2 {
        return BTreeSet::new();
    }
    let mut tables = before.clone();
    for rename in renames {
        if !checks.contains(&rename) {
            tables = tables.renamed(&rename.from, &rename.to);
        }
    }
    let follows = |rename: &&Rename| {
        tables.inherited_from(&rename.from).iter().any(|origin| {
            let mut checks = checks.iter();
            checks.any(|other| other.from == *origin && other.to.name == rename.to.name)
        })
    };
    let following = checks.iter().copied().filter(follows);
    following.map(|rename| rename.from.clone()).collect()
}

/// The statements of the renames and of the moves of extensions, and those of the way back.
pub(super) fn moves(before: &Catalog, wanted: &Catalog, renames: &[Rename]) -> Moves {
    let mut moves = Moves::default();
    let mut at = before.clone();
    let following = following(before, renames);
    for (done, rename) in renames.iter().enumerate() {
        let Some(object) = at.get(&rename.from).cloned() else {
            continue;
        };
        if following.contains(&rename.from) {
            at = at.renamed(&rename.from, &rename.to);
            continue;
        }
        if rename.from.kind != Kind::Schema
            && let Some(schema) = rename.to.schema()
        {
            moves.need(schema, &mut at, wanted);
        }
        let step = |id: &ObjectId| {
            let id = id.clone();
            move |statement| rename_step(Verb::Alter, &id, statement)
        };
        let signature = signature_after(&rename.from.signature, &renames[..done]);
        let moved = moved_along(&rename.from, &at);
        let from = moved.clone().with_signature(&signature);
        let to = rename.to.clone().with_signature(&signature);
        let there = object.rename(&from, &to).into_iter().map(step(&rename.to));
        let back = object.rename(&to, &from).into_iter().map(step(&moved));
        moves.add(there.collect(), back.collect());
        at = at.renamed(&rename.from, &rename.to);
    }
    moves.relocate(&mut at, wanted);
    moves
}

/// The statements of renames, as pairs of identities before and after.
pub fn rename_steps(
    before: &Catalog,
    after: &Catalog,
    renames: &[(ObjectId, ObjectId)],
) -> Vec<Step> {
    let renames: Vec<Rename> = renames
        .iter()
        .map(|(from, to)| Rename {
            from: from.clone(),
            to: to.clone(),
            span: Span::default(),
        })
        .collect();
    moves(before, after, &renames).there
}

/// The catalog with PostgreSQL's spelling everywhere. What the files say beyond that stays said.
pub fn without_spellings(catalog: &Catalog) -> Catalog {
    let mut plain = catalog.clone();
    let mut objects = BTreeMap::new();
    for (id, object) in &catalog.objects {
        let again = Object::deserialize(id.kind, object.to_json()).map_or_else(
            |_| object.clone(),
            |mut again| {
                again.adopt_words(object);
                Arc::new(again)
            },
        );
        objects.insert(id.clone(), again);
    }
    plain.objects = objects.into();
    plain
}
