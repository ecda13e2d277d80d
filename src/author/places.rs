//! The places of columns that a migration takes away and adds again: the desired state is elaborated once more with them
//! where they stand from then on, since a `SELECT *` sees the columns in their places.

use std::collections::{BTreeMap, BTreeSet};

use crate::kind::Catalog;
use crate::kind::language::{Rename, original, outer_first};
use crate::model::{Kind, ObjectId};
use crate::plan::{Plan, Verb};

/// Where columns stand, by place.
pub(super) type Places = BTreeMap<ObjectId, i32>;

/// The tables whose columns a plan leaves in another order than the state after has them, and on which something else
/// stands.
pub(super) fn out_of_place(plan: &Plan, reached: &Places, after: &Catalog) -> BTreeSet<ObjectId> {
    let made = plan.objects(Verb::Create);
    let made = made.filter(|id| after.positions.contains_key(id));
    let wholes: BTreeSet<&ObjectId> = made.filter_map(|id| id.parent.as_deref()).collect();
    let mut moved: BTreeSet<ObjectId> = wholes
        .into_iter()
        .filter(|whole| order(whole, &after.positions) != order(whole, reached))
        .cloned()
        .collect();
    if moved.is_empty() {
        return moved;
    }
    let mut used: BTreeSet<ObjectId> = BTreeSet::new();
    for (id, needs) in &after.dependencies {
        let wholes = needs.iter().filter_map(|needed| {
            let whole = needed.parent.as_deref().filter(|it| moved.contains(it));
            whole.or(moved.get(needed))
        });
        used.extend(wholes.filter(|whole| !id.is_within(whole)).cloned());
    }
    moved.retain(|whole| used.contains(whole));
    moved
}

/// The columns of a table in their order.
fn order<'a>(whole: &ObjectId, places: &'a Places) -> Vec<&'a ObjectId> {
    let mut columns: Vec<(i32, &ObjectId)> = columns(whole, places)
        .map(|(id, place)| (place, id))
        .collect();
    columns.sort();
    columns.into_iter().map(|(_, id)| id).collect()
}

/// The columns or attributes of one relation or type.
fn columns<'a>(whole: &ObjectId, places: &'a Places) -> impl Iterator<Item = (&'a ObjectId, i32)> {
    let parts = [Kind::Column, Kind::Attribute].map(|kind| {
        let first = whole.child(kind, "");
        let parts = places.range(&first..);
        parts.take_while(move |(id, _)| id.kind == kind && id.parent == first.parent)
    });
    parts.into_iter().flatten().map(|(id, place)| (id, *place))
}

/// The layout with the columns of these tables where a plan leaves them, under the names that they have in the layout.
pub(super) fn with_places(
    layout: &Catalog,
    tables: &BTreeSet<ObjectId>,
    reached: &Places,
    renames: &[Rename],
) -> Catalog {
    let renames = outer_first(renames);
    let mut layout = layout.clone();
    for table in tables {
        let before = original(table, &renames);
        let gone = columns(&before, &layout.positions).map(|(id, _)| id.clone());
        for id in gone.collect::<Vec<_>>() {
            layout.positions.remove(&id);
        }
        for (id, place) in columns(table, reached) {
            layout.positions.insert(original(id, &renames), place);
        }
    }
    layout
}
