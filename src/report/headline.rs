//! What a plan does, in lines that people read: one heading per object, each part below it once. What a partition or a
//! child gets because its parent gets it is counted on the parent's line.

use std::collections::BTreeMap;

use crate::diff::{Change, Changes, goes_with_its_whole};
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

/// One change that people speak of.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// The object.
    pub id: &'a ObjectId,
    /// What happens to it.
    pub change: Change,
    /// How many partitions get the same.
    pub partitions: usize,
    /// How many other children get the same.
    pub children: usize,
    /// How many further declared rows of the table do.
    pub rows: usize,
}

impl Line<'_> {
    /// `  (and 3 partitions)`, or nothing.
    pub fn copies(&self) -> String {
        let many = |count: usize, one: &str, several: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {several}")),
        };
        let words: Vec<String> = [
            many(self.partitions, "partition", "partitions"),
            many(self.children, "child table", "child tables"),
            many(self.rows, "more row", "more rows"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if words.is_empty() {
            return String::new();
        }
        format!("  (and {})", words.join(" and "))
    }
}

/// The states before and after, and what differs.
struct Sides<'a> {
    before: &'a Catalog,
    after: &'a Catalog,
    changes: &'a Changes,
}

/// The changes that people speak of: no part of what changes the same way itself, and no copy of a parent's part.
pub fn headline<'a>(
    before: &'a Catalog,
    after: &'a Catalog,
    changes: &'a Changes,
) -> Vec<Line<'a>> {
    let sides = &Sides {
        before,
        after,
        changes,
    };
    let spoken: Vec<(&ObjectId, Change)> = changes
        .iter()
        .filter(|(id, change)| !goes_with_its_whole(changes, id, **change))
        .map(|(id, change)| (id, *change))
        .collect();
    let mut copies: BTreeMap<ObjectId, (usize, usize)> = BTreeMap::new();
    let mut lines = Vec::new();
    for (id, change) in spoken {
        match origin(sides, id, change) {
            Some(origin) => {
                let (partitions, children) = copies.entry(origin).or_default();
                match is_partition(sides, id.whole()) {
                    true => *partitions += 1,
                    false => *children += 1,
                }
            }
            None => lines.push(Line {
                id,
                change,
                partitions: 0,
                children: 0,
                rows: 0,
            }),
        }
    }
    let mut lines = fold_rows(lines);
    for line in &mut lines {
        if let Some((partitions, children)) = copies.get(line.id) {
            (line.partitions, line.children) = (*partitions, *children);
        }
    }
    lines
}

/// The lines, with one for all rows of a table that come, change or go.
fn fold_rows(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut folded: Vec<Line<'_>> = Vec::new();
    for line in lines {
        if line.id.kind == Kind::Row
            && let Some(first) = folded.iter_mut().find(|it| {
                it.id.kind == Kind::Row
                    && it.change == line.change
                    && it.id.parent == line.id.parent
            })
        {
            first.rows += 1;
            continue;
        }
        folded.push(line);
    }
    folded
}

fn state<'a>(sides: &Sides<'a>, change: Change) -> &'a Catalog {
    match change {
        Change::Drop => sides.before,
        Change::Create | Change::Alter => sides.after,
    }
}

fn is_partition(sides: &Sides<'_>, table: &ObjectId) -> bool {
    let tie = table.child(Kind::Partition, "");
    let is_one = |catalog: &Catalog| {
        let born = matches!(catalog.get(table), Some(Object::Table(it)) if it.partition_of.is_some())
            || matches!(catalog.get(table), Some(Object::ForeignTable(it)) if it.partition_of.is_some());
        born || catalog.contains(&tie)
    };
    is_one(sides.after) || is_one(sides.before)
}

/// The change of a parent, at the root, of which this one is only the copy.
fn origin(sides: &Sides<'_>, id: &ObjectId, change: Change) -> Option<ObjectId> {
    let mut at = id.clone();
    // Each step goes to a parent table; a loop there cannot be.
    for _ in 0..64 {
        match above(sides, &at, change) {
            Some(parent) => at = parent,
            None => break,
        }
    }
    (at != *id).then_some(at)
}

fn above(sides: &Sides<'_>, id: &ObjectId, change: Change) -> Option<ObjectId> {
    let catalog = state(sides, change);
    let changes_too = |part: &ObjectId| sides.changes.get(part) == Some(&change);
    // The tie of an index goes with its index.
    if id.kind == Kind::IndexAttach {
        return id.parent.as_deref().filter(|it| changes_too(it)).cloned();
    }
    if let Some(Object::IndexAttach(tie)) = catalog.get(&id.child(Kind::IndexAttach, "")) {
        let kinds = [Kind::Index, Kind::PrimaryKey, Kind::Unique, Kind::Exclude];
        return sides
            .changes
            .keys()
            .filter(|part| kinds.contains(&part.kind) && changes_too(part))
            .find(|part| {
                part.schema() == Some(&*tie.parent.schema) && *part.name == *tie.parent.name
            })
            .cloned();
    }
    let parent = id.parent.as_deref()?;
    let origins = match parent.kind {
        // Comments and rights of a column are never copied.
        Kind::Column if id.kind == Kind::Default => catalog
            .inherited_from(parent)
            .iter()
            .map(|column| column.child(id.kind, &id.name))
            .collect(),
        Kind::Column => Vec::new(),
        _ if id.kind.is_facet() => Vec::new(),
        _ => catalog.inherited_from(id),
    };
    origins.into_iter().find(|part| changes_too(part))
}
