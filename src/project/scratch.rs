//! Where a command's scratch databases come from.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::author::{DatabaseError, Databases};
use crate::pg::connect::Session;
use crate::scratch::server::{ScratchError, ThrowawayCluster, search};
use crate::sql::quote;

/// Scratch databases of one command, in which the role that applies is the one that is connected.
#[derive(Debug)]
pub struct ScratchDatabases {
    cluster: ThrowawayCluster,
    role: String,
    made: AtomicUsize,
}

impl ScratchDatabases {
    /// Starts a throwaway cluster of the target's major version, or of the nearest one that is installed.
    ///
    /// # Errors
    /// [`ScratchError`] where no PostgreSQL is found or it does not start.
    pub async fn start(major: Option<u32>) -> Result<ScratchDatabases, ScratchError> {
        let search = search();
        let binaries = match major {
            Some(major) => search.of_major(major).or_else(|| search.nearest(major)),
            None => search.found.first(),
        };
        let Some(binaries) = binaries else {
            return Err(ScratchError::NoneFound {
                tried: search.skipped,
                version: major.map_or_else(|| "17".to_owned(), |major| major.to_string()),
            });
        };
        let cluster = ThrowawayCluster::start(binaries).await?;
        let role = cluster.session().target().user().to_owned();
        Ok(ScratchDatabases {
            cluster,
            role,
            made: AtomicUsize::new(0),
        })
    }

    /// Makes the role that applies, so that what is made belongs to it.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub async fn act_as(&mut self, role: &str) -> Result<(), ScratchError> {
        if role == self.role {
            return Ok(());
        }
        let sql = format!("CREATE ROLE {} SUPERUSER LOGIN", quote::ident(role));
        self.cluster.session().execute(&sql).await?;
        self.role = role.to_owned();
        Ok(())
    }

    /// The role that is connected in the databases.
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.cluster.major()
    }

    async fn make(&self, name: &str) -> Result<Session, ScratchError> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let target = self
            .cluster
            .create_database(&format!("{name}_{number}"))
            .await?;
        let target = target.with_user(&self.role, None);
        Ok(Session::connect(&target, "schemactl scratch").await?)
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
