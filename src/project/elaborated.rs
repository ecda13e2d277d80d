//! The state that the KDL files ask for, as PostgreSQL reads it: for what is drawn and described, without any comparison.

use super::Workspace;
use crate::author::{AuthorError, Databases, Phase};
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::model::Kind;
use crate::scratch::build::empty;
use crate::scratch::elaborate::{Doubts, elaborate};

/// Builds what the files ask for in a scratch database and reads it back.
///
/// # Errors
///
/// When no scratch database can be had, or PostgreSQL refuses what the files say.
pub async fn elaborated<D: Databases>(
    databases: &D,
    workspace: &Workspace,
    desired: &Desired,
) -> Result<Catalog, AuthorError> {
    databases.tell(&Phase::Declared);
    let session = databases
        .database("desired")
        .await
        .map_err(AuthorError::Database)?;
    let empty = empty(&session).await?;
    // Whether a body can run is for `check` and `diff` to say.
    let mut doubts = Doubts {
        lenient: true,
        ..Doubts::default()
    };
    let catalog = elaborate(
        &session,
        desired,
        None,
        &empty,
        databases.kept(),
        &mut doubts,
    )
    .await?;
    // A picture shows what holds rows, and not the rows.
    let catalog = catalog.filtered(|id, _| !matches!(id.kind, Kind::Row | Kind::Sql));
    Ok(workspace.hands().of(&catalog, desired))
}
