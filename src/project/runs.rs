//! What a run of migrations needs of its project: what it records of the database, and whether the database is as recorded.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{
    Carried, Coming, Course, Declared, Hands, ProjectError, Standing, Unrecorded, Workspace,
    catalog_of, drift_at_sight, snapshot_of, strangers, with_record,
};
use crate::config::ConfigError;
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::kind::row::cut_to_common;
use crate::migrate::{
    DriftHook, Folder, HistoryError, HookError, Snapshot, SnapshotHead, SnapshotHook, State,
};
use crate::pg::connect::Session;
use crate::pg::rows::{introspect_here_with, introspect_with};

impl Hands {
    /// The hands before a run: what stands in the database beside what was recorded stays out of the next record.
    #[must_use]
    pub fn before_run(
        mut self,
        catalog: &Catalog,
        recorded: Option<Catalog>,
        desired: &Desired,
        coming: &Coming,
        unrecorded: &Unrecorded,
    ) -> Hands {
        self.left_alone = strangers(catalog, recorded.as_ref(), &self, desired);
        self.left_alone
            .retain(|id| !unrecorded.explains(id, &[catalog]));
        if let Some(mut recorded) = recorded {
            let mut found = self.of(catalog, desired);
            cut_to_common(&mut recorded, &mut found);
            self.carried = Carried::of(&recorded, &found, |id| {
                self.leaves(id, desired)
                    || coming.speaks_of(id)
                    || unrecorded.explains(id, &[catalog])
            });
        }
        self
    }
}

/// What a run records of a database: the project's hands as the KDL has them now, without what strangers made. `read` gives
/// the catalog, with what the record knows of hand-written objects, and the state of the history. What the run does on its
/// `course` to things of the cluster may be done already.
///
/// # Errors
/// Mistakes of the KDL files, a record that can't be read, and what `read` says.
pub async fn recorded_part<E: From<ProjectError> + From<HistoryError>>(
    workspace: &Workspace,
    declared: Result<Declared, ProjectError>,
    schema: &str,
    snapshot: Option<&(SnapshotHead, Vec<u8>)>,
    course: Course,
    read: impl AsyncFnOnce(&Desired) -> Result<(Catalog, State), E>,
) -> Result<(Hands, Desired), E> {
    let (mut hands, desired) = match declared {
        Ok(declared) => (workspace.hands(), declared.desired),
        // Only the generated files were brought along, or nothing else can be read: what they run needs no more.
        Err(ProjectError::Config(ConfigError::MissingFiles { .. }) | ProjectError::Kdl(_)) => {
            (workspace.hands().all(), Desired::default())
        }
        Err(error) => return Err(error.into()),
    };
    let recorded = snapshot
        .map(|snapshot| catalog_of(schema, snapshot))
        .transpose()?;
    if let Some(recorded) = &recorded {
        hands = hands.remembering(recorded);
    }
    let known = with_record(&desired, schema, snapshot)?;
    let (catalog, state) = read(&known).await?;
    // Rows of a table that the files do not have any more are the record's until it goes.
    let rows = known.into_owned().rows;
    let folder = workspace.migrations();
    let unrecorded = Unrecorded::of(folder.as_ref().ok(), &state);
    let coming = folder.map(|folder| Coming::of(&folder, &state, course));
    let coming = coming.unwrap_or_default();
    let hands = hands.before_run(&catalog, recorded, &desired, &coming, &unrecorded);
    Ok((hands, Desired { rows, ..desired }))
}

/// Reads the catalog in the runner's transaction and keeps what is in the project's hands.
pub fn snapshot_hook(hands: Hands, desired: Desired) -> Box<SnapshotHook<'static>> {
    let kept = Arc::new((hands, desired));
    Box::new(
        move |session: &Session| -> BoxFuture<'_, Result<Snapshot, HookError>> {
            let kept = kept.clone();
            Box::pin(async move {
                let (hands, desired) = &*kept;
                let catalog = introspect_here_with(session, desired).await;
                let catalog = catalog.map_err(|error| {
                    let exit = error.exit();
                    (miette::Report::new(error), exit)
                })?;
                Ok(snapshot_of(&hands.record_of(&catalog, desired)))
            })
        },
    )
}

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
