//! Where a command's scratch databases come from.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::author::{DatabaseError, Databases, Listener};
use crate::kind::Catalog;
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::pg::target::Host;
use crate::scratch::build::{BuildError, Spelling, build, empty, ensure_roles};
use crate::scratch::kept::Kept;
use crate::scratch::rights::Rights;
use crate::scratch::seed::seed;
use crate::scratch::server::{ScratchError, ScratchPolicy, ScratchServer, open};
use crate::sql::quote;

/// Scratch databases of one command, in which the role that applies is the one that is connected.
#[derive(Debug)]
pub struct ScratchDatabases {
    server: ScratchServer,
    role: String,
    wanted: Option<u32>,
    made: AtomicUsize,
    /// What the role may do on the live server, where it may not do all.
    rights: Option<Rights>,
    /// What every database holds from the start.
    surroundings: Catalog,
    /// Where elaborated catalogs are kept: nobody else changes a cluster of ours.
    kept: Option<Kept>,
    /// Whether the server is the target's own: roles that are made or altered there are really made and altered.
    spares_cluster: bool,
    /// The live database's encoding, where a new database on the scratch server would have another.
    encoding: Option<String>,
    listener: Option<Listener>,
}

impl ScratchDatabases {
    /// Opens the server that the policy asks for; `target` is the live database, whose server is the last resort where it
    /// is not protected.
    ///
    /// # Errors
    /// [`ScratchError`] where no PostgreSQL is found or it does not start.
    pub async fn open(
        policy: &ScratchPolicy,
        live: Option<&Session>,
        protected: bool,
    ) -> Result<ScratchDatabases, ScratchError> {
        let major = live.map(Session::major);
        let server = open(policy, major, live.map(Session::target), protected).await?;
        let spares_cluster = match policy {
            _ if server.is_own_cluster() => false,
            ScratchPolicy::Url(_) => match live {
                Some(live) => is_same_cluster(server.session(), live).await,
                None => false,
            },
            _ => true,
        };
        if let Some(live) = live.filter(|_| server.is_own_cluster()) {
            make_superusers(server.session(), live).await?;
        }
        let encoding = match live {
            Some(live) => other_encoding(live, server.session()).await,
            None => None,
        };
        // What is kept was made in the scratch server's own encoding.
        let keeps = server.is_own_cluster() && encoding.is_none();
        Ok(ScratchDatabases {
            role: server.session().target().user().to_owned(),
            kept: keeps.then(Kept::open).flatten(),
            encoding,
            server,
            wanted: major,
            made: AtomicUsize::new(0),
            rights: None,
            surroundings: Catalog::default(),
            spares_cluster,
            listener: None,
        })
    }

    /// Whoever shall hear what is being done in them.
    pub fn heard_by(&mut self, listener: Listener) {
        self.listener = Some(listener);
    }

    /// In a cluster of ours, makes the role that applies as the live server knows it, so that what is made belongs to it and
    /// proofs run with its rights. On somebody's server the role that is connected stands for it.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub async fn act_as(&mut self, role: &str, live: &Session) -> Result<(), ScratchError> {
        if role == self.role || !self.server.is_own_cluster() {
            return Ok(());
        }
        let session = self.server.session();
        // Any state can be built by it; the rights are its own only while a plan runs.
        ensure_roles(session, [role]).await?;
        let sql = format!("ALTER ROLE {} SUPERUSER LOGIN", quote::ident(role));
        session.execute(&sql).await?;
        self.rights = Rights::of(live).await?.filter(|rights| rights.role == role);
        if let Some(rights) = &self.rights {
            rights.join(session).await?;
        }
        self.role = role.to_owned();
        Ok(())
    }

    /// Puts into every database from now on what the project's objects stand on and is not the project's.
    pub fn surround_with(&mut self, surroundings: Catalog) {
        self.surroundings = surroundings;
    }

    /// What every database has before anything else.
    pub fn surroundings(&self) -> &Catalog {
        &self.surroundings
    }

    /// The role that is connected in the databases.
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.server.major
    }

    /// What the server is: `PostgreSQL 15.18, throwaway cluster`.
    pub fn origin(&self) -> &str {
        &self.server.origin
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
        let target = self
            .server
            .create_database(&format!("{name}_{number}"), self.encoding.as_deref())
            .await?;
        if let Some(sql) = self
            .rights
            .as_ref()
            .and_then(|rights| rights.on_database(target.database()))
        {
            self.server.session().execute(&sql).await?;
        }
        let mut session = Session::connect(&target, "schemactl scratch").await?;
        session.stay_home();
        if self.spares_cluster {
            session.spare_cluster();
        }
        if self.server.is_own_cluster() {
            session.own_cluster();
        }
        if target.user() != self.role {
            // So that the session can give the role other rights while it works.
            let role = quote::ident(&self.role);
            session
                .execute(&format!("SET SESSION AUTHORIZATION {role}"))
                .await?;
            session.stand_for(&self.role);
        }
        tracing::debug!(name, took = ?started.elapsed(), "a scratch database");
        Ok(session)
    }

    async fn furnish(&self, session: &Session) -> Result<(), BuildError> {
        let mut there = empty(session).await?;
        let mut wanted = self.surroundings.clone();
        // What every new database has stays as it is.
        for (id, object) in &there.objects {
            wanted.objects.insert(id.clone(), object.clone());
        }
        there.origin.role.clone_from(&self.role);
        build(session, &wanted, &there, Spelling::Exact).await?;
        // Rows that the project's own rows can refer to.
        seed(session, &self.surroundings).await;
        Ok(())
    }
}

/// Makes the superusers of the live server: some objects can belong to no other role.
async fn make_superusers(scratch: &Session, live: &Session) -> Result<(), SqlError> {
    const SUPERUSERS: &str = "SELECT rolname FROM pg_catalog.pg_roles WHERE rolsuper ORDER BY 1";
    let there: Vec<Vec<Option<String>>> = scratch.texts(SUPERUSERS).await?;
    let there: Vec<String> = there.into_iter().flatten().flatten().collect();
    let wanted = live
        .texts(SUPERUSERS)
        .await?
        .into_iter()
        .flatten()
        .flatten();
    let names = live.role_names();
    for role in wanted.map(|role| names.called_in_files(role)) {
        if !there.contains(&role) {
            let role = quote::ident(&role);
            scratch
                .execute(&format!("CREATE ROLE {role} SUPERUSER"))
                .await?;
        }
    }
    Ok(())
}

/// The encoding of the live database where the scratch server's own is another: texts that fit in one may not in the other.
async fn other_encoding(live: &Session, scratch: &Session) -> Option<String> {
    const ENCODING: &str = "SELECT pg_catalog.current_setting('server_encoding')";
    let of = |rows: Vec<Vec<Option<String>>>| rows.into_iter().flatten().flatten().next();
    let wanted = of(live.texts(ENCODING).await.ok()?)?;
    let own = of(scratch.texts(ENCODING).await.ok()?)?;
    (wanted != own).then_some(wanted)
}

/// Whether two sessions are connected to databases of one server.
async fn is_same_cluster(one: &Session, other: &Session) -> bool {
    const SYSTEM: &str = "SELECT system_identifier::text FROM pg_catalog.pg_control_system()";
    match (one.texts(SYSTEM).await, other.texts(SYSTEM).await) {
        (Ok(one), Ok(other)) => one == other,
        // Where nobody says: the same address is the same server.
        _ => one.target().hosts().iter().any(|host| {
            let same = |it: &&Host| it.name == host.name && it.port == host.port;
            other.target().hosts().iter().any(|it| same(&it))
        }),
    }
}

/// What is not the project's, and what the project's objects stand on, has no place on scratch.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("what the project's objects stand on cannot be made on scratch: {0}")]
#[diagnostic(
    code(scratch::surroundings),
    help(
        "they are not the project's: look whether a scratch server like the live one can be had (`--scratch URL`)"
    )
)]
struct SurroundingsError(BuildError);

impl Databases for ScratchDatabases {
    async fn database(&self, name: &str) -> Result<Session, DatabaseError> {
        let session = self.make(name).await.map_err(|error| DatabaseError {
            exit: error.exit(),
            report: miette::Report::new(error),
        })?;
        if !self.surroundings.objects.is_empty() {
            self.furnish(&session).await.map_err(|error| {
                let exit = error.exit();
                let report = miette::Report::new(SurroundingsError(error));
                DatabaseError { report, exit }
            })?;
        }
        Ok(session)
    }

    fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    fn rights(&self) -> Option<&Rights> {
        self.rights.as_ref()
    }

    fn listener(&self) -> Option<&Listener> {
        self.listener.as_ref()
    }
}
