//! Declared rows that changed: a value is replaced where it stands in its row, a row goes or comes among the others.

use std::collections::BTreeMap;

use super::Unplaced;
use super::places::Places;
use crate::diff::{Change, Changes};
use crate::kind::row::{Row, write_row};
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

/// Makes the edits for the rows among `changes`; `asked` tells the place of each row in the files.
pub(super) fn edit(
    places: &mut Places<'_>,
    after: &Catalog,
    asked: &BTreeMap<ObjectId, usize>,
    changes: &Changes,
) -> Vec<Unplaced> {
    let mut unplaced = Vec::new();
    for (id, change) in changes.iter().filter(|(id, _)| id.kind == Kind::Row) {
        if let Err(why) = edit_row(places, after, asked, id, *change) {
            unplaced.push(Unplaced {
                id: id.clone(),
                why,
            });
        }
    }
    unplaced
}

fn edit_row(
    places: &mut Places<'_>,
    after: &Catalog,
    asked: &BTreeMap<ObjectId, usize>,
    id: &ObjectId,
    change: Change,
) -> Result<(), String> {
    let table = id.parent.as_deref().ok_or("it belongs to no table")?;
    let declared = places.declared_rows(table);
    let declared = declared.ok_or("the files declare no rows of its table")?;
    let written = |row: &Row| write_row(row, table, &declared.columns, after);
    let row = match after.get(id) {
        Some(Object::Row(row)) => Some(&**row),
        _ => None,
    };
    let place = asked.get(id).copied();
    match (change, place, row) {
        (Change::Drop, Some(place), _) => places.drop_row(declared, place),
        // The files do not speak of it any more.
        (Change::Drop, None, _) => Ok(()),
        (Change::Create, None, Some(row)) => places.add_row(declared, &written(row)),
        // It is declared already.
        (Change::Create, Some(_), _) => Ok(()),
        (Change::Alter, Some(place), Some(row)) => {
            for column in row.values.keys() {
                places.set_cell(
                    declared,
                    place,
                    column,
                    &write_row(row, table, &[column], after),
                )?;
            }
            Ok(())
        }
        _ => Err("the files do not declare it".to_owned()),
    }
}
