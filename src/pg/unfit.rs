//! Sessions that no run can use: behind a pooler that gives each transaction another backend, or where nothing shall be written.

use super::connect::{ConnectError, Session};
use super::error::SqlError;

impl Session {
    /// Refuses what no run that writes can use: a pooler in transaction mode, and a database whose sessions begin read-only.
    /// To be called outside of a transaction.
    ///
    /// # Errors
    /// [`ConnectError::Pooler`], [`ConnectError::ReadOnly`], or the failure of a second connection.
    pub async fn refuse_unfit(&self) -> Result<(), ConnectError> {
        self.refuse_pooler().await?;
        // The session's own setting is pinned; what it began with stands beside.
        let begins = "SELECT FROM pg_catalog.pg_settings \
             WHERE name = 'default_transaction_read_only' AND reset_val = 'on'";
        let rows = self.texts(begins).await.map_err(|it| failed(self, &it))?;
        match rows.is_empty() {
            true => Ok(()),
            false => Err(ConnectError::ReadOnly {
                label: self.target().label(),
            }),
        }
    }

    /// Refuses a pooler in transaction mode: a second connection is opened while this one stands, and both are asked for
    /// their backend. To be called outside of a transaction.
    ///
    /// # Errors
    /// [`ConnectError::Pooler`], or the second connection's failure.
    pub async fn refuse_pooler(&self) -> Result<(), ConnectError> {
        let second = Session::connect(self.target(), "schemactl pooler check").await?;
        refuse_shared_backend(self, &second).await
    }
}

/// Refuses two sessions that share a backend, and a session whose backend changes between two statements.
///
/// # Errors
/// [`ConnectError::Pooler`], or a failure of the query.
pub async fn refuse_shared_backend(first: &Session, second: &Session) -> Result<(), ConnectError> {
    let mut pids = [0; 2];
    for (pid, session) in pids.iter_mut().zip([first, second]) {
        let rows = session
            .texts("SELECT pg_catalog.pg_backend_pid()")
            .await
            .map_err(|error| failed(session, &error))?;
        *pid = rows
            .first()
            .and_then(|row| row.first()?.as_ref()?.parse().ok())
            .unwrap_or_default();
    }
    if pids[0] == pids[1] || pids[0] != first.backend_pid() || pids[1] != second.backend_pid() {
        return Err(ConnectError::Pooler {
            label: first.target().label(),
            pid: pids[0],
        });
    }
    Ok(())
}

fn failed(session: &Session, error: &SqlError) -> ConnectError {
    ConnectError::Failed {
        label: session.target().label(),
        reason: error.to_string(),
    }
}
