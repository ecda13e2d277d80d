//! `validate { new-objects as-planned; constraints as-planned }`: what a run leaves is what the KDL declares.
//!
//! The rule: it is looked at in the transaction of the last file, when everything that is pending has run: between two files
//! the KDL is ahead.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::failure::Failure;
use crate::config::Validate;
use crate::kind::language::Desired;
use crate::kind::{Catalog, Object};
use crate::migrate::{GateHook, HookError};
use crate::model::{Exit, Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::introspect::introspect_here;
use crate::project::Hands;

/// What is asked, and what was there before.
struct Kept {
    before: Catalog,
    hands: Hands,
    desired: Desired,
    objects: bool,
    constraints: bool,
}

/// The check, where the environment asks for it.
pub(super) fn planned_hook(
    wanted: Option<&Validate>,
    before: Catalog,
    hands: &Hands,
    desired: &Desired,
) -> Option<Box<GateHook<'static>>> {
    let wanted = wanted.filter(|it| it.new_objects_as_planned || it.constraints_as_planned)?;
    let kept = Arc::new(Kept {
        before,
        hands: hands.clone(),
        desired: desired.clone(),
        objects: wanted.new_objects_as_planned,
        constraints: wanted.constraints_as_planned,
    });
    Some(Box::new(
        move |session: &Session| -> BoxFuture<'_, Result<(), HookError>> {
            let kept = kept.clone();
            Box::pin(async move {
                let catalog = introspect_here(session.client()).await.map_err(|error| {
                    let exit = error.exit();
                    (miette::Report::new(error), exit)
                })?;
                let catalog = catalog.with_roles_of_files(session.role_names());
                let found = kept.unplanned(&kept.hands.of(&catalog, &kept.desired));
                if found.is_empty() {
                    return Ok(());
                }
                let failure = Failure::said(
                    "apply::as_planned",
                    Exit::Failed,
                    format!(
                        "what it leaves is not what the KDL declares: {}",
                        found.join("; ")
                    ),
                    "`validate` in schemactl.kdl asks for it: declare it in the KDL, or mend the migration; what ran in this \
                     file's transaction was taken back",
                );
                let report = failure.reports.into_iter().next();
                Err((
                    report.unwrap_or_else(|| miette::Report::msg("not as planned")),
                    Exit::Failed,
                ))
            })
        },
    ))
}

impl Kept {
    /// What is there now and was not planned, and what was planned and is not there, in words.
    fn unplanned(&self, now: &Catalog) -> Vec<String> {
        let is_new = |id: &&ObjectId| {
            !self.before.contains(id)
                && !self.desired.objects.contains_key(*id)
                && !is_handed_down(id, now)
        };
        let mut found = Vec::new();
        if self.objects {
            let counts = |id: &&ObjectId| is_object(id) && !now.owned.contains_key(*id);
            let new: Vec<&ObjectId> = now.objects.keys().filter(is_new).filter(counts).collect();
            // A part of something that is told already says nothing more.
            let alone = |id: &&&ObjectId| !id.parents().any(|parent| new.contains(&parent));
            found.extend(
                new.iter()
                    .filter(alone)
                    .map(|id| format!("{id} is new and not planned")),
            );
        }
        if self.constraints {
            let new = now.objects.keys().filter(is_new);
            let new = new.filter(|id| is_constraint(id.kind));
            found.extend(new.map(|id| format!("{id} is new and not planned")));
            let missing = self.desired.objects.keys();
            let missing = missing.filter(|id| is_constraint(id.kind) && !now.contains(id));
            found.extend(missing.map(|id| format!("{id} is planned and not there")));
        }
        found
    }
}

/// Whether a partition or a child has it from the table above, of which it is told.
fn is_handed_down(id: &ObjectId, now: &Catalog) -> bool {
    now.get(id).is_some_and(Object::is_inherited)
        || !now.inherited_from(id).is_empty()
        || !now.children(id, Kind::IndexAttach).is_empty()
}

/// What somebody would call an object, or a part of a table that works by itself.
fn is_object(id: &ObjectId) -> bool {
    let part = matches!(
        id.kind,
        Kind::Column | Kind::Index | Kind::Trigger | Kind::Policy | Kind::Rule | Kind::Statistics
    );
    part || id.whole() == id
        && !is_constraint(id.kind)
        && !id.kind.is_facet()
        && !id.is_of_cluster()
}

fn is_constraint(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::PrimaryKey
            | Kind::Unique
            | Kind::Check
            | Kind::Exclude
            | Kind::ForeignKey
            | Kind::DomainConstraint
            | Kind::DomainNotNull
    )
}
