//! Which server it is: what the project says, else a throwaway cluster of the target's major, a container, a database on
//! the target's server, a throwaway cluster of the nearest major; else an error with all remedies.

use super::binaries::{Binaries, Search, search};
use super::container::{self, Container};
use super::databases::Databases;
use super::error::ScratchError;
use super::throwaway::ThrowawayCluster;
use crate::pg::connect::{Session, Target};

/// The major version of which a container is made and an installation proposed where nothing says another.
pub(super) const DEFAULT_MAJOR: u32 = 17;

/// What the project file or `--scratch` says.
#[derive(Debug, Clone, Default)]
pub enum ScratchPolicy {
    /// Whatever is there, in the order of this module.
    #[default]
    Auto,
    /// Nothing is proven.
    None,
    /// A server where databases may be created.
    Url(Target),
    /// A throwaway cluster from local binaries, of this major version or of the target's.
    Postgres {
        /// The major version.
        version: Option<u32>,
    },
    /// A container.
    Container {
        /// The image; else `postgres:MAJOR`.
        image: Option<String>,
    },
}

/// A server that gives scratch databases. What was made on it goes when it is dropped.
#[derive(Debug)]
pub struct ScratchServer {
    /// The major version.
    pub major: u32,
    /// The version, for example `15.18`.
    pub version: String,
    /// For the header of files: `PostgreSQL 15.18, throwaway cluster`.
    pub origin: String,
    /// False where another major version was wanted: what is proven here is `unproven on` that version.
    pub same_major: bool,
    kind: Kind,
}

// One of them exists per command: its size does not matter.
#[allow(clippy::large_enum_variant)]
#[derive(Debug)]
enum Kind {
    Cluster(ThrowawayCluster),
    Server {
        databases: Databases,
        // After the databases: their session ends before the container.
        container: Option<Container>,
    },
}

impl ScratchServer {
    fn new(kind: Kind, origin: &str, wanted: Option<u32>) -> ScratchServer {
        let mut server = ScratchServer {
            major: 0,
            version: String::new(),
            origin: String::new(),
            same_major: true,
            kind,
        };
        server.major = server.session().major();
        server.version = server.session().server_version().to_owned();
        server.origin = format!("PostgreSQL {}, {origin}", server.version);
        server.same_major = wanted.is_none_or(|wanted| wanted == server.major);
        server
    }

    fn databases(&self) -> &Databases {
        match &self.kind {
            Kind::Cluster(cluster) => cluster.databases(),
            Kind::Server { databases, .. } => databases,
        }
    }

    /// True where the whole cluster is ours: roles may be made, and we are its superuser.
    pub fn is_own_cluster(&self) -> bool {
        match &self.kind {
            Kind::Cluster(_) => true,
            Kind::Server { container, .. } => container.is_some(),
        }
    }

    /// The session that makes the databases, in the server's maintenance database.
    pub fn session(&self) -> &Session {
        self.databases().session()
    }

    /// Makes an empty database, in another `encoding` than the server's where one is named. In a cluster of ours it is
    /// called `name`, elsewhere `schemactl_scratch_*`.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn create_database(
        &self,
        name: &str,
        encoding: Option<&str>,
    ) -> Result<Target, ScratchError> {
        self.databases().create(name, "template0", encoding).await
    }

    /// Makes a copy of database `template`, to which nobody may be connected.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn clone_database(
        &self,
        name: &str,
        template: &Target,
    ) -> Result<Target, ScratchError> {
        self.databases()
            .create(name, template.database(), None)
            .await
    }

    /// Drops a database that was made here and ends what is connected to it.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn drop_database(&self, target: &Target) -> Result<(), ScratchError> {
        self.databases().drop(target.database()).await
    }

    /// Drops what was made and says whether that worked; dropping the value does the same in silence.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn close(self) -> Result<(), ScratchError> {
        self.databases().close().await
    }
}

/// Opens the scratch server that `policy` asks for. `wanted_major` is the target's major version; where it is `None` and
/// there is a target, the target is asked. On the target's own server databases are made only where
/// `target_is_protected` is false (pass true also where roles would have to be made).
///
/// # Errors
/// [`ScratchError`]; for `Auto` [`ScratchError::NoneFound`] with all that was tried.
pub async fn open(
    policy: &ScratchPolicy,
    wanted_major: Option<u32>,
    target: Option<&Target>,
    target_is_protected: bool,
) -> Result<ScratchServer, ScratchError> {
    let wanted = match (wanted_major, target) {
        (None, Some(target)) => Session::connect(target, "schemactl")
            .await
            .ok()
            .map(|session| session.major()),
        (wanted, _) => wanted,
    };
    match policy {
        ScratchPolicy::None => Err(ScratchError::Off),
        ScratchPolicy::Url(url) => on_server(url, wanted, "database on the scratch server").await,
        ScratchPolicy::Container { image } => in_container(image.as_deref(), wanted).await,
        ScratchPolicy::Postgres { version } => {
            let search = find().await;
            let binaries = match version.or(wanted) {
                Some(major) => search.of_major(major),
                None => search.found.first(),
            };
            match binaries {
                Some(binaries) => in_cluster(binaries, wanted).await,
                None => Err(ScratchError::VersionMissing {
                    wanted: version.or(wanted).unwrap_or(DEFAULT_MAJOR).to_string(),
                    found: search.found.iter().map(|one| one.version.clone()).collect(),
                }),
            }
        }
        ScratchPolicy::Auto => automatic(wanted, target, target_is_protected).await,
    }
}

async fn automatic(
    wanted: Option<u32>,
    target: Option<&Target>,
    target_is_protected: bool,
) -> Result<ScratchServer, ScratchError> {
    let search = find().await;
    let mut tried = Vec::new();
    let exact = match wanted {
        Some(major) => search.of_major(major),
        None => search.found.first(),
    };
    match exact {
        Some(binaries) => match in_cluster(binaries, wanted).await {
            Ok(server) => return Ok(server),
            Err(error) => tried.push(format!(
                "binaries in `{}`: {error}",
                binaries.folder.display()
            )),
        },
        None => {
            let which = wanted
                .map(|major| format!(" of PostgreSQL {major}"))
                .unwrap_or_default();
            tried.push(format!("local binaries{which}: none found"));
            tried.extend(search.skipped.iter().cloned());
        }
    }
    match in_container(None, wanted).await {
        Ok(server) => return Ok(server),
        Err(error) => tried.push(error.to_string()),
    }
    match target {
        Some(_) if target_is_protected => {
            tried.push("the target's server: it is protected".into());
        }
        Some(target) => match on_server(target, wanted, "database on the target's server").await {
            Ok(server) => return Ok(server),
            Err(error) => tried.push(error.to_string()),
        },
        None => tried.push("the target's server: no database is named (`--url`, `--env`)".into()),
    }
    if let Some(binaries) = wanted
        .and_then(|major| search.nearest(major))
        .filter(|near| Some(*near) != exact)
    {
        match in_cluster(binaries, wanted).await {
            Ok(server) => return Ok(server),
            Err(error) => tried.push(format!(
                "binaries in `{}`: {error}",
                binaries.folder.display()
            )),
        }
    }
    Err(ScratchError::NoneFound {
        tried,
        version: wanted.unwrap_or(DEFAULT_MAJOR).to_string(),
    })
}

/// The search runs programs.
async fn find() -> Search {
    tokio::task::spawn_blocking(search)
        .await
        .unwrap_or_default()
}

async fn in_cluster(
    binaries: &Binaries,
    wanted: Option<u32>,
) -> Result<ScratchServer, ScratchError> {
    let cluster = ThrowawayCluster::start(binaries).await?;
    Ok(ScratchServer::new(
        Kind::Cluster(cluster),
        "throwaway cluster",
        wanted,
    ))
}

async fn in_container(
    image: Option<&str>,
    wanted: Option<u32>,
) -> Result<ScratchServer, ScratchError> {
    let default = format!("postgres:{}", wanted.unwrap_or(DEFAULT_MAJOR));
    let image = image.unwrap_or(&default);
    let (container, session) = container::start(image).await?;
    let kind = Kind::Server {
        databases: Databases::in_cluster(session),
        container: Some(container),
    };
    Ok(ScratchServer::new(
        kind,
        &format!("container {image}"),
        wanted,
    ))
}

async fn on_server(
    target: &Target,
    wanted: Option<u32>,
    origin: &str,
) -> Result<ScratchServer, ScratchError> {
    let session = Session::connect(target, "schemactl scratch").await?;
    let kind = Kind::Server {
        databases: Databases::on_server(session).await?,
        container: None,
    };
    Ok(ScratchServer::new(kind, origin, wanted))
}
