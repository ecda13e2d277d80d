//! The catalog that the history records after a migration: the managed part, as JSON, with its fingerprint.

use crate::kind::Catalog;
use crate::migrate::{HistoryError, Snapshot, SnapshotHead};

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
