//! What the databases of a scratch cluster share: memberships and settings of roles. One state's would stay behind for the
//! next, which would be told from what it is not, or be refused: so they go before a state with others is built.

use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;

/// Whether it is said of a role and may go with the state that says it; roles themselves stay.
fn is_tie(id: &ObjectId) -> bool {
    matches!(id.kind, Kind::RoleMembership | Kind::RoleSetting)
}

/// Whether it is the role as which a session acts on scratch: there it may do everything, so it is taken as it is said to be.
pub fn is_own_role(id: &ObjectId, session: &Session) -> bool {
    id.kind == Kind::Role && session.stands_for(&id.name)
}

/// Whether an object is not made by a session, but taken as it is declared: its own role, and where others use the cluster all
/// that belongs to that.
pub(super) fn is_taken_as_declared(id: &ObjectId, session: &Session) -> bool {
    session.spares_cluster() && id.is_of_cluster() || is_own_role(id, session)
}

/// Whether a state says anything that another could have left behind.
pub(super) fn has_ties<'i>(mut ids: impl Iterator<Item = &'i ObjectId>) -> bool {
    ids.any(is_tie)
}

/// The memberships but those that the session's role has, by itself or through others: they are its rights.
const MEMBERSHIPS: &str = "WITH RECURSIVE own AS ( \
     SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user \
     UNION SELECT a.roleid FROM pg_catalog.pg_auth_members a JOIN own ON a.member = own.oid) \
     SELECT pg_catalog.format('REVOKE %I FROM %I GRANTED BY %I CASCADE', g.rolname, m.rolname, b.rolname) AS sql \
     FROM pg_catalog.pg_auth_members a JOIN pg_catalog.pg_roles g ON g.oid = a.roleid \
     JOIN pg_catalog.pg_roles m ON m.oid = a.member JOIN pg_catalog.pg_roles b ON b.oid = a.grantor \
     WHERE m.oid >= 16384 AND m.oid NOT IN (SELECT oid FROM own)";

const SETTINGS: &str = "SELECT pg_catalog.format('ALTER ROLE %I RESET ALL', r.rolname) FROM pg_catalog.pg_db_role_setting s \
     JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = 0 AND r.oid >= 16384";

/// Takes away what states left behind on a cluster that is ours alone; on any other nothing is touched.
///
/// # Errors
/// What PostgreSQL says.
pub async fn clear(session: &Session) -> Result<(), SqlError> {
    if !session.owns_cluster() {
        return Ok(());
    }
    let left = format!("SELECT sql FROM ({MEMBERSHIPS}) m UNION ALL {SETTINGS}");
    let statements: Vec<String> = session
        .texts(&left)
        .await?
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    match statements.is_empty() {
        true => Ok(()),
        false => session.execute(&statements.join("; ")).await,
    }
}

/// The state that was read of a cluster, with the memberships and settings that are declared and no others.
pub(super) fn as_declared(catalog: &Catalog, desired: &Desired) -> Catalog {
    let mut catalog = catalog.filtered(|id, _| !is_tie(id) || desired.objects.contains_key(id));
    for (id, object) in desired.known().filter(|(id, _)| is_tie(id)) {
        if !catalog.contains(id) {
            catalog.objects.insert(id.clone(), object.clone().into());
        }
    }
    catalog
}
