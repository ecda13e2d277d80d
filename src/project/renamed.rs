//! Objects that somebody renamed by hand: PostgreSQL finds them at the address that was recorded, under another name. They
//! are the same objects, with their rows, and not one that went and another that came.

use std::collections::BTreeMap;

use super::Drift;
use crate::diff::{Change, Changes, compare};
use crate::kdl::Span;
use crate::kind::Catalog;
use crate::kind::language::Rename;
use crate::model::{Kind, ObjectId};

impl Drift {
    /// The same, where what has another name is told as such; `meant` says whether a rename is looked at.
    #[must_use]
    pub fn with_renames(&self, meant: impl Fn(&Rename) -> bool) -> Drift {
        let renames = self.found_renames();
        let renames: Vec<Rename> = renames.into_iter().filter(meant).collect();
        if renames.is_empty() {
            return self.clone();
        }
        let recorded = followed(&self.recorded, &renames);
        let changes: Changes = compare(&recorded, &self.live)
            .into_iter()
            .filter(|(id, _)| self.changes.contains_key(id))
            .collect();
        Drift {
            recorded,
            changes,
            renames,
            ..self.clone()
        }
    }

    /// What was recorded, under the names of that time.
    pub fn as_recorded(&self) -> Catalog {
        unfollowed(&self.recorded, &self.renames)
    }

    /// What is there under another name and counts as gone among these changes: its rows are there.
    pub fn still_there(&self, changes: &Changes) -> Vec<(ObjectId, ObjectId)> {
        let holds_rows = |id: &ObjectId| {
            matches!(
                id.kind,
                Kind::Schema | Kind::Table | Kind::Column | Kind::Sequence
            )
        };
        let is_gone = |id: &ObjectId| changes.get(id) == Some(&Change::Drop);
        let is_outermost = |id: &ObjectId| !id.parents().any(is_gone);
        self.called()
            .into_iter()
            .filter(|(from, _)| holds_rows(from) && is_gone(from) && is_outermost(from))
            .collect()
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

    /// The renames that can be told from the record: the outer first, what goes with its whole left out.
    fn found_renames(&self) -> Vec<Rename> {
        if self.recorded.origin.major() != self.live.origin.major() {
            return Vec::new();
        }
        let mut pairs: Vec<(ObjectId, ObjectId)> = self.called().into_iter().collect();
        pairs.sort_by_key(|(from, _)| from.parents().count());
        let mut renames: Vec<Rename> = Vec::new();
        for (from, to) in pairs {
            let is_change = match to.inner_of() {
                Some(whole) => self.changes.contains_key(whole),
                None => {
                    self.changes.get(&from) == Some(&Change::Drop)
                        && self.changes.get(&to) == Some(&Change::Create)
                }
            };
            let from = called_by(&from, &renames);
            let in_place = from.parent == to.parent && from.signature == to.signature;
            if is_change && in_place && from.name != to.name && is_followed(&to) {
                let span = Span::default();
                renames.push(Rename { from, to, span });
            }
        }
        renames
    }
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
    let renames = renames.iter();
    renames.fold(id.clone(), |id, it| id.renamed(&it.from, &it.to))
}

/// The catalog after renames, the outer first.
pub(super) fn followed(catalog: &Catalog, renames: &[Rename]) -> Catalog {
    let follow = |catalog: Catalog, (from, to): (&ObjectId, &ObjectId)| match to {
        _ if is_part(to) => catalog.with_part_renamed(from, to),
        _ if to.inner_of().is_some() => catalog.with_inner_renamed(from, to),
        _ => catalog.renamed(from, to),
    };
    let pairs = renames.iter().map(|it| (&it.from, &it.to));
    pairs.fold(catalog.clone(), follow)
}

/// The way back.
pub(super) fn unfollowed(catalog: &Catalog, renames: &[Rename]) -> Catalog {
    let back: Vec<Rename> = renames.iter().rev().map(turned).collect();
    followed(catalog, &back)
}

/// A rename that leads back.
pub(super) fn turned(rename: &Rename) -> Rename {
    Rename {
        from: rename.to.clone(),
        to: rename.from.clone(),
        span: rename.span,
    }
}
