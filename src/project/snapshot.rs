//! The catalog that the history records after a migration: the managed part, as JSON, with its fingerprint.

use std::borrow::Cow;

use crate::kind::language::Desired;
use crate::kind::{Catalog, Object};
use crate::migrate::{HistoryError, Snapshot, SnapshotHead};
use crate::model::Kind;

/// The record of a managed catalog.
pub fn snapshot_of(managed: &Catalog) -> Snapshot {
    Snapshot {
        fingerprint: managed.fingerprint(),
        format: i32::try_from(crate::kind::FORMAT).unwrap_or(i32::MAX),
        server_version_num: i32::try_from(managed.origin.server_version).unwrap_or(i32::MAX),
        // A catalog always has a JSON form.
        catalog: serde_json::to_vec(managed).unwrap_or_default(),
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

/// What the files ask for, with the hand-written objects as the last run recorded them: by that they are looked for, and
/// taken away.
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
        let word = br#""kind":"sql""#;
        record.1.windows(word.len()).any(|it| it == word)
    };
    let Some(record) = record.filter(holds_some) else {
        return Ok(known);
    };
    for (id, object) in catalog_of(schema, record)?.of_kind(Kind::Sql) {
        if let Object::Sql(object) = object {
            let recorded = &mut known.to_mut().recorded;
            recorded.insert(id.clone(), (**object).clone());
        }
    }
    Ok(known)
}
