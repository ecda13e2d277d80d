//! Renames that nobody declared and that look like one: what goes and what comes are of one kind, in one place, of one
//! definition. Only a person knows; a rename keeps what a drop and a creation lose. And declared ones that find nothing.

use std::collections::BTreeSet;

use super::{Authored, names};
use crate::diff::Change;
use crate::kdl::nearest;
use crate::kind::Catalog;
use crate::kind::language::{Desired, Rename};
use crate::model::{Kind, ObjectId};

/// How alike two names must be where several objects could be meant (Jaro-Winkler, 0 to 1).
const ALIKE: f64 = 0.75;
/// Which part of a table's columns must be the same.
const COLUMNS: f64 = 0.7;

/// A rename that could be meant: from the identity that goes, to the one that comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likely {
    /// What would be dropped.
    pub from: ObjectId,
    /// What would be made.
    pub to: ObjectId,
}

/// A declared rename of which nothing has the old name.
#[derive(Debug)]
pub struct Lost<'a> {
    /// What the file says.
    pub rename: &'a Rename,
    /// The nearest name that something of that kind has there.
    pub near: Option<String>,
    /// What the same plan drops beside it: nobody who writes of a rename means that.
    pub dropped: Option<ObjectId>,
}

/// The declared renames whose objects are made anew, because nothing has the old name. Where what the object is a part of
/// is made too, no old name is to be expected.
pub fn lost_renames<'a>(authored: &Authored, desired: &'a Desired) -> Vec<Lost<'a>> {
    let before = |id: &ObjectId| names::original(id, &authored.renames);
    let holder_is_there = |id: &ObjectId| {
        let holder = id.parent.as_deref();
        holder.is_none_or(|holder| authored.before.contains(&before(holder)))
    };
    desired
        .renames
        .iter()
        .filter(|rename| authored.changes.get(&rename.to) == Some(&Change::Create))
        .filter(|rename| holder_is_there(&rename.to) && !authored.renames.contains(rename))
        .map(|rename| {
            let holder = rename.from.parent.as_deref().map(before);
            let there = authored
                .before
                .of_kind(rename.from.kind)
                .filter(|(id, _)| id.parent.as_deref() == holder.as_ref())
                .map(|(id, _)| &*id.name);
            let dropped = authored.changes.iter().find(|(id, change)| {
                **change == Change::Drop
                    && id.kind == rename.to.kind
                    && id.parent == rename.to.parent
                    && keeps_something(id.kind)
            });
            Lost {
                rename,
                dropped: dropped.map(|(id, _)| id.clone()),
                near: nearest(&rename.from.name, there).map(str::to_owned),
            }
        })
        .collect()
}

/// The likely renames of a change, each object in one of them at most, the most alike first.
pub fn likely_renames(authored: &Authored) -> Vec<Likely> {
    let of = |wanted: Change| {
        authored
            .changes
            .iter()
            .filter(move |(id, change)| **change == wanted && keeps_something(id.kind))
            .map(|(id, _)| id)
    };
    let (before, after) = (&authored.before, &authored.after);
    let mut pairs: Vec<(f64, &ObjectId, &ObjectId)> = Vec::new();
    for from in of(Change::Drop) {
        let original = names::original(from, &authored.renames);
        for to in of(Change::Create) {
            let same_place =
                from.kind == to.kind && from.parent == to.parent && from.signature == to.signature;
            if same_place && is_alike(before, &original, after, to) {
                pairs.push((strsim::jaro_winkler(&from.name, &to.name), from, to));
            }
        }
    }
    let rivals = |id: &ObjectId| {
        pairs
            .iter()
            .filter(|(_, from, to)| *from == id || *to == id)
            .count()
    };
    let mut sure: Vec<&(f64, &ObjectId, &ObjectId)> = pairs
        .iter()
        .filter(|(score, from, to)| *score >= ALIKE || rivals(from) == 1 && rivals(to) == 1)
        .collect();
    sure.sort_by(|one, other| {
        let score = other.0.total_cmp(&one.0);
        score.then_with(|| (one.1, one.2).cmp(&(other.1, other.2)))
    });
    let mut taken: BTreeSet<&ObjectId> = BTreeSet::new();
    let mut found = Vec::new();
    for (_, from, to) in sure {
        if !taken.contains(from) && !taken.contains(to) {
            taken.extend([*from, *to]);
            found.push(Likely {
                from: (*from).clone(),
                to: (*to).clone(),
            });
        }
    }
    found
}

/// Whether a rename of such an object keeps what a drop loses: rows, values, privileges, what depends on it.
fn keeps_something(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Table
            | Kind::ForeignTable
            | Kind::Column
            | Kind::View
            | Kind::MaterializedView
            | Kind::Sequence
            | Kind::Enum
            | Kind::Domain
            | Kind::Composite
            | Kind::Range
            | Kind::Function
            | Kind::Procedure
            | Kind::Policy
            | Kind::Trigger
    )
}

/// Whether two objects could be one under two names.
fn is_alike(before: &Catalog, from: &ObjectId, after: &Catalog, to: &ObjectId) -> bool {
    if before.get(from) != after.get(to) {
        return false;
    }
    let parts = |catalog: &Catalog, id: &ObjectId| -> BTreeSet<(String, String)> {
        [Kind::Column, Kind::Attribute]
            .into_iter()
            .flat_map(|kind| catalog.children(id, kind))
            .map(|(part, object)| (part.name.to_string(), object.to_json().to_string()))
            .collect()
    };
    let (old, new) = (parts(before, from), parts(after, to));
    let all = old.union(&new).count();
    // Nothing in them tells two empty tables apart.
    if all == 0 {
        return !matches!(
            from.kind,
            Kind::Table | Kind::ForeignTable | Kind::Composite
        );
    }
    let same = old.intersection(&new).count();
    f64::from(u32::try_from(same).unwrap_or(0))
        >= COLUMNS * f64::from(u32::try_from(all).unwrap_or(u32::MAX))
}
