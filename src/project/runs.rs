//! What a run of migrations asks of its project: whether the database is as it was recorded.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Standing, Workspace, drift_at_sight, with_record};
use crate::migrate::{DriftHook, Folder, HookError, SnapshotHead, State};
use crate::pg::connect::Session;
use crate::pg::rows::introspect_with;

/// Tells whether the database has wandered off from what was recorded; nothing recorded, nothing to correct.
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
        move |session: &Session| -> BoxFuture<'_, Result<bool, HookError>> {
            let kept = kept.clone();
            Box::pin(async move {
                let (workspace, folder, state, snapshot, desired) = &*kept;
                // Where all was taken back nothing is recorded.
                if state.point().mark().is_none() {
                    return Ok(false);
                }
                let catalog = introspect_with(session, desired).await.map_err(|error| {
                    let exit = error.exit();
                    (miette::Report::new(error), exit)
                })?;
                let standing =
                    Standing::of(workspace, folder, state, ("", &catalog), snapshot.as_ref());
                let found = drift_at_sight(&standing, &workspace.hands(), desired).await;
                Ok(found.is_ok_and(|found| !found.changes.is_empty()))
            })
        },
    )
}
