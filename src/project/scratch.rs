//! Where a command's scratch databases come from.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::author::{DatabaseError, Databases};
use crate::pg::connect::{Session, Target};
use crate::scratch::server::{ScratchError, ScratchPolicy, ScratchServer, open};
use crate::sql::quote;

/// Scratch databases of one command, in which the role that applies is the one that is connected.
#[derive(Debug)]
pub struct ScratchDatabases {
    server: ScratchServer,
    role: String,
    wanted: Option<u32>,
    made: AtomicUsize,
}

impl ScratchDatabases {
    /// Opens the server that the policy asks for; `target` is the live database, whose server is the last resort where it
    /// is not protected.
    ///
    /// # Errors
    /// [`ScratchError`] where no PostgreSQL is found or it does not start.
    pub async fn open(
        policy: &ScratchPolicy,
        major: Option<u32>,
        target: Option<&Target>,
        protected: bool,
    ) -> Result<ScratchDatabases, ScratchError> {
        let server = open(policy, major, target, protected).await?;
        Ok(ScratchDatabases {
            role: server.session().target().user().to_owned(),
            server,
            wanted: major,
            made: AtomicUsize::new(0),
        })
    }

    /// In a cluster of ours, makes the role that applies, so that what is made belongs to it. On somebody's server the role
    /// that is connected stands for it.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub async fn act_as(&mut self, role: &str) -> Result<(), ScratchError> {
        if role == self.role || !self.server.is_own_cluster() {
            return Ok(());
        }
        let sql = format!("CREATE ROLE {} SUPERUSER LOGIN", quote::ident(role));
        self.server.session().execute(&sql).await?;
        self.role = role.to_owned();
        Ok(())
    }

    /// The role that is connected in the databases.
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.server.major
    }

    /// What a header says of a proof on this server: one on another major version is none on the wanted one.
    pub fn claim(&self, proven: String) -> String {
        match self.wanted {
            Some(wanted) if !self.server.same_major => {
                format!("not proven on PostgreSQL {wanted}; {proven}")
            }
            _ => proven,
        }
    }

    async fn make(&self, name: &str) -> Result<Session, ScratchError> {
        let started = std::time::Instant::now();
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let mut target = self
            .server
            .create_database(&format!("{name}_{number}"))
            .await?;
        if target.user() != self.role {
            target = target.with_user(&self.role, None);
        }
        let session = Session::connect(&target, "schemactl scratch").await?;
        tracing::debug!(name, took = ?started.elapsed(), "a scratch database");
        Ok(session)
    }
}

impl Databases for ScratchDatabases {
    async fn database(&self, name: &str) -> Result<Session, DatabaseError> {
        self.make(name).await.map_err(|error| DatabaseError {
            exit: error.exit(),
            report: miette::Report::new(error),
        })
    }
}
