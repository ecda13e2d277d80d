//! `manage { column-order exact }`: the columns of a table stand in the database as they stand in the files. PostgreSQL
//! moves no column, so that another order is told and not planned.

use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::model::{Kind, ObjectId};

/// A table whose columns stand in another order, or would after the changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// The table.
    pub table: ObjectId,
    /// Its columns as the files have them.
    pub declared: Vec<String>,
    /// The same columns as they stand there; new ones come last.
    pub there: Vec<String>,
}

/// The declared tables of a database whose columns do not come to stand as declared.
pub fn misplaced(live: &Catalog, desired: &Desired) -> Vec<Misplaced> {
    let tables = desired.of_kind(Kind::Table).map(|(id, _)| id);
    tables
        .filter_map(|table| of_table(table, live, desired))
        .collect()
}

fn of_table(table: &ObjectId, live: &Catalog, desired: &Desired) -> Option<Misplaced> {
    let old = |id: &ObjectId| {
        let mut renames = desired.renames.iter();
        renames
            .find(|rename| rename.to == *id)
            .map_or_else(|| id.clone(), |rename| rename.from.clone())
    };
    let was = match live.contains(table) {
        true => table.clone(),
        false => old(table),
    };
    if !live.contains(&was) {
        return None;
    }
    let mut columns: Vec<(i32, &ObjectId)> = desired
        .objects
        .range(table.child(Kind::Column, "")..)
        .map(|(id, _)| id)
        .take_while(|id| id.kind == Kind::Column && id.parent.as_deref() == Some(table))
        .map(|id| (desired.positions.get(id).copied().unwrap_or(i32::MAX), id))
        .collect();
    columns.sort();
    let place = |column: &ObjectId| {
        let same = was.child(Kind::Column, &column.name);
        let renamed = was.child(Kind::Column, &old(column).name);
        let places = &live.positions;
        places.get(&same).or_else(|| places.get(&renamed)).copied()
    };
    let name = |id: &ObjectId| id.name.to_string();
    let declared: Vec<String> = columns.iter().map(|(_, id)| name(id)).collect();
    let mut there: Vec<(i32, &ObjectId)> = columns
        .iter()
        .map(|(_, id)| (place(id).unwrap_or(i32::MAX), *id))
        .collect();
    // New columns keep the order of the files.
    there.sort_by_key(|(place, _)| *place);
    let there: Vec<String> = there.iter().map(|(_, id)| name(id)).collect();
    (there != declared).then_some(Misplaced {
        table: table.clone(),
        declared,
        there,
    })
}
