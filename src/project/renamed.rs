//! Objects that somebody renamed by hand: PostgreSQL finds them at the address that was recorded, under another name. They
//! are the same objects, with their rows, and not one that went and another that came.

use std::collections::{BTreeMap, BTreeSet};

use super::Drift;
use crate::diff::{Change, Changes, compare};
use crate::kdl::Span;
use crate::kind::language::Rename;
use crate::kind::{Catalog, Object, parent_tables};
use crate::model::{Kind, ObjectId};

impl Drift {
    /// The same, where what has another name is told as such; `meant` says whether a rename is looked at.
    #[must_use]
    pub fn with_renames(&self, meant: impl Fn(&Rename) -> bool) -> Drift {
        let found = self.found_renames(meant);
        let Found {
            renames,
            along,
            entangled,
        } = found;
        if renames.is_empty() {
            return Drift {
                entangled,
                ..self.clone()
            };
        }
        let all: Vec<Rename> = renames.iter().chain(&along).cloned().collect();
        let recorded = followed(&self.recorded, &all);
        let changes: Changes = compare(&recorded, &self.live)
            .into_iter()
            .filter(|(id, _)| self.changes.contains_key(id))
            .collect();
        Drift {
            recorded,
            changes,
            renames,
            along,
            entangled,
            ..self.clone()
        }
    }

    /// All that has another name, also what goes with another.
    pub(super) fn all_renames(&self) -> Vec<Rename> {
        self.renames.iter().chain(&self.along).cloned().collect()
    }

    /// Whether nothing differs.
    pub fn is_none(&self) -> bool {
        self.changes.is_empty() && self.exchanged.is_empty()
    }

    /// What was recorded, under the names of that time.
    pub fn as_recorded(&self) -> Catalog {
        unfollowed(&self.recorded, &self.all_renames())
    }

    /// What is there under another name and counts as gone among these changes: others hold rows of it, or it does itself.
    pub fn still_there(&self, changes: &Changes) -> Vec<(ObjectId, ObjectId)> {
        let matters = |id: &ObjectId| {
            let in_schema = id.parent.as_deref().map(|it| it.kind) == Some(Kind::Schema);
            in_schema && !id.kind.is_facet() || matches!(id.kind, Kind::Schema | Kind::Column)
        };
        let is_gone = |id: &ObjectId| changes.get(id) == Some(&Change::Drop);
        let is_outermost = |id: &ObjectId| !id.parents().any(is_gone);
        let gone = self
            .called()
            .into_iter()
            .filter(|(from, _)| matters(from) && is_gone(from) && is_outermost(from));
        let roots: BTreeSet<&ObjectId> = changes.keys().map(ObjectId::root).collect();
        let entangled = self.entangled.iter();
        let entangled = entangled.filter(|it| changes.is_empty() || roots.contains(it.from.root()));
        let pairs = entangled.map(|it| (it.from.clone(), it.to.clone()));
        let all: BTreeMap<ObjectId, ObjectId> = gone.chain(pairs).collect();
        all.into_iter().collect()
    }

    /// What has another identity here than was recorded.
    fn called(&self) -> BTreeMap<ObjectId, ObjectId> {
        if self.recorded.origin.database != self.base.origin.database {
            return BTreeMap::new();
        }
        let (then, now) = (&self.recorded.addresses, &self.base.addresses);
        let pairs = then.renamed_in(now).into_iter();
        pairs.filter(|(from, to)| from.kind == to.kind).collect()
    }

    /// Whether a column has its name from a table above it or from the type that its table is of.
    fn goes_along(&self, id: &ObjectId) -> bool {
        let Some(table) = id.parent.as_deref().filter(|_| id.kind == Kind::Column) else {
            return false;
        };
        let is_typed =
            matches!(self.live.get(table), Some(Object::Table(it)) if it.of_type.is_some());
        let mut above = parent_tables(table, &self.live).into_iter();
        is_typed || above.any(|it| self.live.contains(&it.child(Kind::Column, &id.name)))
    }

    /// Whether rows that the files declare hold a value of an enumeration.
    fn is_in_rows(&self, value: &ObjectId) -> bool {
        let Some(whole) = value.inner_of().filter(|it| it.kind == Kind::Enum) else {
            return false;
        };
        let mut rows = self.recorded.of_kind(Kind::Row);
        rows.any(|(id, object)| {
            let (Object::Row(row), Some(table)) = (object, id.parent.as_deref()) else {
                return false;
            };
            let mut cells = row.values.iter();
            cells.any(|(column, cell)| {
                let column = table.child(Kind::Column, column);
                cell.value.as_deref() == Some(&*value.name)
                    && self.recorded.dependencies_of(&column).any(|it| it == whole)
            })
        })
    }

    /// The renames that can be told from the record, those that are meant: the outer first, and each name free when something
    /// gets it. What goes with its whole is left out.
    fn found_renames(&self, meant: impl Fn(&Rename) -> bool) -> Found {
        let mut found = Found::default();
        if self.recorded.origin.major() != self.live.origin.major() {
            return found;
        }
        let mut pairs: Vec<(ObjectId, ObjectId)> = self.called().into_iter().collect();
        pairs.sort_by_key(|(from, _)| from.parents().count());
        for level in
            pairs.chunk_by(|one, other| one.0.parents().count() == other.0.parents().count())
        {
            let outer = found.renames.clone();
            let candidate = |(from, to): &(ObjectId, ObjectId)| {
                let is_there = self.recorded.holds(from) && self.live.holds(to);
                let is_change = match to.inner_of() {
                    Some(whole) => self.changes.contains_key(whole),
                    None => {
                        self.changes.contains_key(from)
                            || self.changes.contains_key(to)
                            || self.exchanged.contains(from)
                    }
                };
                let rename = Rename {
                    from: called_by(from, &outer),
                    to: to.clone(),
                    span: Span::default(),
                };
                let in_place = rename.from.parent == to.parent && from.signature == to.signature;
                let is_rename = in_place && rename.from.name != to.name && is_followed(to);
                (is_there && is_change && is_rename && (self.goes_along(to) || meant(&rename)))
                    .then_some(rename)
            };
            let waiting: Vec<Rename> = level.iter().filter_map(candidate).collect();
            // A row that holds a value is known by its name.
            let (held, waiting): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|it| self.is_in_rows(&it.from));
            found.entangled.extend(held);
            let (along, mut waiting): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|it| self.goes_along(&it.to));
            found.along.extend(along);
            // Each name is one that nothing has, or that leaves it: on both sides.
            let before = followed(&self.recorded, &outer);
            loop {
                let (olds, news): (BTreeSet<ObjectId>, BTreeSet<ObjectId>) = waiting
                    .iter()
                    .map(|it| (it.from.clone(), it.to.clone()))
                    .unzip();
                let is_free = |it: &Rename| {
                    (!before.holds(&it.to) || olds.contains(&it.to))
                        && (!self.live.holds(&it.from) || news.contains(&it.from))
                };
                let (free, taken): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_free);
                waiting = free;
                if taken.is_empty() {
                    break;
                }
                found.entangled.extend(taken);
            }
            // What types consist of gets its names at once.
            let (inner, mut waiting): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|it| it.to.inner_of().is_some());
            found.renames.extend(inner);
            while let Some(next) = waiting
                .iter()
                .position(|it| !waiting.iter().any(|other| other.from == it.to))
            {
                found.renames.push(waiting.remove(next));
            }
            found.entangled.extend(waiting);
        }
        found
    }
}

/// What is there under the name of something that is there too.
pub(super) fn exchanged<'c>(
    recorded: &'c Catalog,
    live: &'c Catalog,
    base: &Catalog,
) -> impl Iterator<Item = ObjectId> + use<'c> {
    let is_known = recorded.origin.database == base.origin.database;
    let pairs = recorded.addresses.renamed_in(&base.addresses).into_iter();
    let both = |id: &ObjectId| recorded.contains(id) && live.contains(id);
    let pairs = pairs.filter(move |(from, to)| is_known && both(from) && both(to));
    pairs.map(|(from, _)| from)
}

/// What has other names than were recorded.
#[derive(Default)]
struct Found {
    renames: Vec<Rename>,
    /// What goes with another.
    along: Vec<Rename>,
    /// Where something else has the old name now, or had the new one.
    entangled: Vec<Rename>,
}

/// Whether a name is followed: that of an object in a schema, and of the parts that have names.
fn is_followed(id: &ObjectId) -> bool {
    let in_schema = id.parent.as_deref().map(|it| it.kind) == Some(Kind::Schema);
    let is_named_part = matches!(
        id.kind,
        Kind::Column | Kind::Trigger | Kind::Policy | Kind::Rule
    );
    in_schema && !id.kind.is_facet() && id.kind != Kind::DefaultPrivilege
        || is_named_part
        || id.inner_of().is_some()
        || is_part(id)
}

/// Whether it is an index or a constraint, which the files rename by its name alone.
pub(super) fn is_part(id: &ObjectId) -> bool {
    matches!(
        id.kind,
        Kind::Index
            | Kind::PrimaryKey
            | Kind::Unique
            | Kind::ForeignKey
            | Kind::Check
            | Kind::Exclude
    )
}

/// What an object is called after renames, the outer first.
pub(super) fn called_by(id: &ObjectId, renames: &[Rename]) -> ObjectId {
    let mut inside = false;
    renames.iter().fold(id.clone(), |id, it| {
        // What a type consists of gets its names at once.
        if it.from.inner_of().is_none() {
            return id.renamed(&it.from, &it.to);
        }
        if inside || !id.is_within(&it.from) {
            return id;
        }
        inside = true;
        id.renamed(&it.from, &it.to)
    })
}

/// The catalog after renames, the outer first.
pub(super) fn followed(catalog: &Catalog, renames: &[Rename]) -> Catalog {
    let (inner, outer) = apart(renames);
    let follow = |catalog: Catalog, (from, to): (&ObjectId, &ObjectId)| match is_part(to) {
        true => catalog.with_part_renamed(from, to),
        false => catalog.renamed(from, to),
    };
    let pairs = outer.iter().map(|it| (&it.from, &it.to));
    let catalog = pairs.fold(catalog.clone(), follow);
    match inner.is_empty() {
        true => catalog,
        false => catalog.with_inner_renamed(&pairs_of(&inner)),
    }
}

fn pairs_of(renames: &[Rename]) -> Vec<(ObjectId, ObjectId)> {
    let pairs = renames.iter().map(|it| (it.from.clone(), it.to.clone()));
    pairs.collect()
}

/// What has another name within a type, which says so itself, and the other renames.
pub(super) fn apart(renames: &[Rename]) -> (Vec<Rename>, Vec<Rename>) {
    let is_inner = |it: &Rename| it.to.inner_of().is_some();
    renames.iter().cloned().partition(is_inner)
}

/// The way back.
pub(super) fn unfollowed(catalog: &Catalog, renames: &[Rename]) -> Catalog {
    let (inner, outer) = apart(renames);
    let back: Vec<Rename> = inner.iter().map(turned).collect();
    let catalog = followed(catalog, &back);
    let back: Vec<Rename> = outer.iter().rev().map(turned).collect();
    followed(&catalog, &back)
}

/// A rename that leads back.
pub(super) fn turned(rename: &Rename) -> Rename {
    Rename {
        from: rename.to.clone(),
        to: rename.from.clone(),
        span: rename.span,
    }
}
