//! The catalog that the history records after a migration: the managed part, as JSON, with its fingerprint.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::ProjectError;
use super::base::goes;
use crate::kdl::{Literal, Span};
use crate::kind::language::{DeclaredRow, DeclaredRows, Desired, original};
use crate::kind::row::{Row, cut_to_common, know_by, of_table, tables};
use crate::kind::{Catalog, Object};
use crate::migrate::{HistoryError, Snapshot, SnapshotHead};
use crate::model::{Kind, ObjectId};

/// How the files know the rows of a table that a record has rows of.
enum Known {
    /// By the same key.
    Same,
    /// By another one, in which the recorded rows have values.
    Otherwise,
    /// By columns that the record knows nothing of.
    Anew,
}

fn known(table: &ObjectId, recorded: &Catalog, desired: &Desired) -> Known {
    let (Some(rows), Some((_, row))) = (desired.rows.get(table), of_table(table, recorded).next())
    else {
        return Known::Same;
    };
    let renamed = |column: &String| {
        let id = table.child(Kind::Column, column);
        &*original(&id, &desired.renames).name != column.as_str()
    };
    if rows.key == row.key || rows.key.iter().any(renamed) {
        return Known::Same;
    }
    let mut all = of_table(table, recorded);
    match all.all(|(_, row)| row.values_of(&rows.key).is_some()) {
        true => Known::Otherwise,
        false => Known::Anew,
    }
}

/// The catalog of a record, its rows known by the keys that the files say.
///
/// # Errors
/// As of [`catalog_of`].
pub(super) fn recorded_as_declared(
    schema: &str,
    record: &(SnapshotHead, Vec<u8>),
    desired: &Desired,
) -> Result<Catalog, HistoryError> {
    let mut recorded = catalog_of(schema, record)?;
    for table in tables(&recorded) {
        if let (Known::Otherwise, Some(rows)) =
            (known(&table, &recorded, desired), desired.rows.get(&table))
        {
            know_by(&table, &rows.key, &mut recorded);
        }
    }
    Ok(recorded)
}

/// Cuts a record and what is there to what can be told apart: rows that both know, and no left-over that somebody made whole
/// meanwhile.
pub(super) fn cut_to_comparable(recorded: &mut Catalog, there: &mut Catalog) {
    cut_to_common(recorded, there);
    recorded.finish_as(there);
}

/// Refuses rows that the files know by another key than was looked for, because it is one that the recorded rows have no values
/// of: nobody can tell which of them is which.
///
/// # Errors
/// [`ProjectError::RowsKnownAnew`].
pub fn refuse_rows_known_anew(known: &Desired, desired: &Desired) -> Result<(), ProjectError> {
    for (table, rows) in &desired.rows {
        if let Some(before) = known.rows.get(table).filter(|it| it.key != rows.key) {
            return Err(ProjectError::RowsKnownAnew {
                table: table.to_string(),
                before: before.key.join(" "),
                key: rows.key.join(" "),
            });
        }
    }
    Ok(())
}

/// The record of a managed catalog.
pub fn snapshot_of(managed: &Catalog) -> Snapshot {
    Snapshot {
        fingerprint: managed.fingerprint(),
        format: i32::try_from(crate::kind::FORMAT).unwrap_or(i32::MAX),
        server_version_num: i32::try_from(managed.origin.server_version).unwrap_or(i32::MAX),
        catalog: managed.to_record(),
    }
}

/// The catalog of a record.
///
/// # Errors
/// [`HistoryError::Damaged`] where it is none, or of another format.
pub fn catalog_of(
    schema: &str,
    (head, catalog): &(SnapshotHead, Vec<u8>),
) -> Result<Catalog, HistoryError> {
    serde_json::from_slice(catalog).map_err(|error| HistoryError::Damaged {
        schema: schema.to_owned(),
        message: format!("the recorded catalog {} can't be read: {error}", head.id),
    })
}

/// What the files ask for, with what is looked for because the last run recorded it: hand-written objects, by which they are
/// taken away, and rows of tables that go, which come back with them, or that the files know by columns that are new.
///
/// # Errors
/// As of [`catalog_of`].
pub fn with_record<'d>(
    desired: &'d Desired,
    schema: &str,
    record: Option<&(SnapshotHead, Vec<u8>)>,
) -> Result<Cow<'d, Desired>, HistoryError> {
    let mut known = Cow::Borrowed(desired);
    // Most records hold none, and are not read for it.
    let holds_some = |record: &&(SnapshotHead, Vec<u8>)| {
        let kinds = [br#""kind":"sql""#, br#""kind":"row""#];
        let has = |word: &[u8]| record.1.windows(word.len()).any(|it| it == word);
        kinds.iter().any(|word| has(*word))
    };
    let Some(record) = record.filter(holds_some) else {
        return Ok(known);
    };
    let recorded = catalog_of(schema, record)?;
    for (id, object) in recorded.of_kind(Kind::Sql) {
        if let Object::Sql(object) = object {
            let hand_written = &mut known.to_mut().recorded;
            hand_written.insert(id.clone(), (**object).clone());
        }
    }
    for table in tables(&recorded) {
        let is_sought =
            goes(&table, desired) || matches!(self::known(&table, &recorded, desired), Known::Anew);
        if let Some(rows) = rows_of(&table, &recorded).filter(|_| is_sought) {
            known.to_mut().rows.insert(table, rows);
        }
    }
    Ok(known)
}

/// The rows of a table as a record has them, to be looked for.
fn rows_of(table: &ObjectId, recorded: &Catalog) -> Option<DeclaredRows> {
    let rows: Vec<&Row> = of_table(table, recorded).map(|(_, row)| row).collect();
    let key = rows.first()?.key.clone();
    let columns: BTreeSet<&String> = rows.iter().flat_map(|row| row.values.keys()).collect();
    let cell = |row: &Row, column: &String| {
        let value = row.values.get(column).and_then(|cell| cell.value.clone());
        value.map_or(Literal::Null, Literal::Text)
    };
    Some(DeclaredRows {
        key,
        exact: recorded.exact.contains(table),
        rows: rows
            .iter()
            .map(|row| DeclaredRow {
                cells: columns.iter().map(|column| cell(row, column)).collect(),
                span: Span::default(),
            })
            .collect(),
        columns: columns.into_iter().cloned().collect(),
        span: Span::default(),
    })
}
