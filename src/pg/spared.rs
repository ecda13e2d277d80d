//! A database that is tried out on a server that others use: what all its databases share stays as it is.
//!
//! Roles are made and altered in transactions, so a statement about them runs together with a look at whether it changed any; one
//! that did is refused and taken back. What is outside of transactions, or would not be seen so, is refused unseen.

use std::borrow::Cow;

use super::connect::Session;
use super::error::SqlError;
use crate::sql::cluster::{Shared, changes_cluster};
use crate::sql::hostile::harmless;
use crate::sql::quote::{dollar, literal};
use crate::sql::secret::mask;

/// What all databases share of roles, as one value.
const STATE: &str = "(SELECT pg_catalog.md5(pg_catalog.string_agg(it, E'\\n' ORDER BY it)) FROM ( \
    SELECT r::text FROM pg_catalog.pg_roles r \
    UNION ALL SELECT m::text FROM pg_catalog.pg_auth_members m \
    UNION ALL SELECT s::text FROM pg_catalog.pg_db_role_setting s WHERE s.setdatabase = 0 \
    UNION ALL SELECT d::text FROM pg_catalog.pg_shdescription d \
        WHERE d.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass) shared(it))";

const MESSAGE: &str =
    "this would change the whole cluster and not only the database that it is tried out in";
const HINT: &str = "the scratch database is on the server of the database itself; with PostgreSQL's programs or a container engine \
                    on this machine, or `--scratch URL` of another server, it is tried out there";

/// The text to send in place of `sql`.
///
/// # Errors
/// The refusal, which names the statement.
pub(super) async fn sparing<'a>(session: &Session, sql: &'a str) -> Result<Cow<'a, str>, SqlError> {
    match changes_cluster(sql, session.target().database()) {
        None => Ok(Cow::Borrowed(sql)),
        Some((Shared::Other, statement)) => Err(refusal(statement)),
        Some((Shared::Roles, _)) => {
            let keep = format!("SELECT pg_catalog.set_config('schemactl.cluster', {STATE}, false)");
            session
                .client()
                .batch_execute(&keep)
                .await
                .map_err(|error| session.sql_error(&error, &keep))?;
            let look = format!(
                "BEGIN IF {STATE} <> pg_catalog.current_setting('schemactl.cluster') THEN \
                 RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = {}, HINT = {}; END IF; END",
                literal(MESSAGE),
                literal(HINT)
            );
            Ok(Cow::Owned(format!("{sql}\n;\nDO {}", dollar(&look))))
        }
    }
}

/// What is said of a statement that changes the whole cluster.
pub(crate) fn refusal(statement: &str) -> SqlError {
    let line = statement.lines().next().unwrap_or_default();
    SqlError {
        statement: mask(statement),
        sqlstate: Some("0A000".to_owned()),
        message: format!("{MESSAGE}: {}", harmless(&mask(line))),
        hint: Some(HINT.to_owned()),
        ..SqlError::default()
    }
}
