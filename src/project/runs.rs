//! What a run of migrations asks of its project: what in the database is not as it was recorded.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Standing, Workspace, drift_at_sight, with_record};
use crate::migrate::{Corrected, DriftHook, Folder, HookError, SnapshotHead, State};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::rows::introspect_with;
use crate::sql::spoken::Spoken;

/// Tells whether a file that corrects drift has something to correct: something that it speaks of has wandered off from what
/// was recorded, and no earlier file speaks of it. Nothing recorded, nothing to correct.
pub fn drift_hook(
    workspace: &Workspace,
    folder: &Folder,
    state: &State,
    snapshot: Option<(SnapshotHead, Vec<u8>)>,
) -> Box<DriftHook<'static>> {
    let desired = workspace
        .declared()
        .map(|it| it.desired)
        .unwrap_or_default();
    let schema = &workspace.project.history_schema;
    let desired = match with_record(&desired, schema, snapshot.as_ref()) {
        Ok(known) => known.into_owned(),
        // It is told where the record is read.
        Err(_) => desired,
    };
    let kept = (
        workspace.clone(),
        folder.clone(),
        state.clone(),
        snapshot,
        desired,
    );
    let kept = Arc::new(kept);
    Box::new(
        move |session: &Session| -> BoxFuture<'_, Result<Corrected, HookError>> {
            let kept = kept.clone();
            Box::pin(async move {
                let (workspace, folder, state, snapshot, desired) = &*kept;
                // Where all was taken back nothing is recorded.
                if state.point().mark().is_none() {
                    return Ok(still_open(BTreeSet::new()));
                }
                let catalog = introspect_with(session, desired).await.map_err(|error| {
                    let exit = error.exit();
                    (miette::Report::new(error), exit)
                })?;
                let standing =
                    Standing::of(workspace, folder, state, ("", &catalog), snapshot.as_ref());
                let found = drift_at_sight(&standing, &workspace.hands(), desired).await;
                let open = found.map(|found| found.changes.into_keys().collect());
                Ok(still_open(open.unwrap_or_default()))
            })
        },
    )
}

/// Asks of one file after the other what it corrects: what one has corrected is not there for the next.
fn still_open(mut open: BTreeSet<ObjectId>) -> Corrected {
    Box::new(move |body: &str| {
        let spoken = Spoken::of(body);
        let before = open.len();
        open.retain(|id| !speaks_of(&spoken, id));
        open.len() < before
    })
}

/// Whether a text speaks of an object, or where that has no name of its own, of what it belongs to.
fn speaks_of(spoken: &Spoken, id: &ObjectId) -> bool {
    let mut holders = id.ancestors();
    let named =
        holders.find(|it| !it.name.is_empty() && it.kind != Kind::Row && !it.kind.is_facet());
    // What a hand-written object's own text names, nobody knows.
    let is_hidden = spoken.hides() || id.kind == Kind::Sql;
    is_hidden || named.is_none_or(|it| spoken.says(&it.name))
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, Kind, ObjectId, still_open};

    #[test]
    fn each_correction_has_its_own_drift() {
        let users = ObjectId::in_schema(Kind::Table, "app", "users");
        let drifted = [
            users.child(Kind::Column, "a"),
            users.child(Kind::Column, "b").child(Kind::Default, ""),
            users.child(Kind::Grant, "reader").with_signature("SELECT"),
        ];
        let mut corrects = still_open(BTreeSet::from(drifted));
        assert!(!corrects("ALTER TABLE app.people DROP COLUMN c;"));
        assert!(corrects("ALTER TABLE app.users DROP COLUMN a;"));
        assert!(!corrects("ALTER TABLE app.people DROP COLUMN a;"));
        assert!(corrects("ALTER TABLE app.people ALTER b DROP DEFAULT;"));
        assert!(!corrects("ALTER TABLE app.people ALTER b DROP DEFAULT;"));
    }
}
