//! schemactl in a program of one's own: at the start of a service, or in its tests. This is the part of the library that is kept
//! stable; everything else may change with any release.
//!
//! ```no_run
//! use schemactl::embed::{Apply, Project};
//!
//! # async fn start() -> Result<(), schemactl::embed::Error> {
//! let project = Project::load("db")?;
//! let mut database = project.connect("postgres://localhost/shop").await?;
//!
//! // What would run, and what ran.
//! for migration in database.plan().await? {
//!     println!("{} is pending", migration.label);
//! }
//! let applied = database
//!     .apply(&Apply::default(), &mut |event| println!("{event:?}"))
//!     .await?;
//! println!("{} migrations, now at {:?}", applied.len(), database.status().await?.at);
//!
//! // Whether the database is what the KDL files say.
//! if let Some(difference) = database.diff().await? {
//!     eprintln!("{}", difference.up);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Everything is `async` and runs on tokio. Several instances of a service may start at once: a lock in the database lets one of
//! them run the migrations, and the others wait and find nothing left to do. [`Database::diff`] needs a PostgreSQL to try things
//! out on: binaries on the machine, or what the project file or [`Project::scratch`] names; the others need none.
//!
//! [`Project::start`] does what `on-start` of an environment says: nothing, apply, or build the database anew for each start.
//!
//! The policies of environments (approval, windows, backups, hooks) are for people, and the command line keeps them; a database
//! that remembers a protected environment is refused here ([`Error::Protected`]).

mod database;
mod error;
mod start;

use std::path::Path;

pub use crate::kind::Catalog;
pub use crate::migrate::{Event, Version};
pub use crate::model::Exit;
pub use database::{Apply, Change, Database, Difference, Pending, Status};
pub use error::Error;
pub use start::Started;

use crate::config::Scratch;
use crate::kdl::TextOrEnvironment;
use crate::pg::connect::Session;
use crate::pg::target::Target;
use crate::project::Workspace;
use crate::scratch::server::ScratchPolicy;

/// A project: its file `schemactl.kdl`, its KDL files and its migrations.
#[derive(Debug, Clone)]
pub struct Project {
    workspace: Workspace,
    scratch: Option<Target>,
}

impl Project {
    /// The project in a folder, with its only or first database.
    ///
    /// # Errors
    /// [`Error::Config`]: there is none, or its file has mistakes.
    pub fn load(folder: impl AsRef<Path>) -> Result<Project, Error> {
        Ok(Project {
            workspace: Workspace::load(folder.as_ref(), None)?,
            scratch: None,
        })
    }

    /// The project with another one of its databases.
    ///
    /// # Errors
    /// [`Error::Config`]: it has none of that name.
    pub fn database(self, name: &str) -> Result<Project, Error> {
        let folder = &self.workspace.project.folder;
        Ok(Project {
            workspace: Workspace::load(folder, Some(name))?,
            scratch: self.scratch,
        })
    }

    /// A server on which databases may be made and dropped to try things out, in the place of what the project file says.
    ///
    /// # Errors
    /// [`Error::Connect`]: it is no connection URL.
    pub fn scratch(mut self, url: &str) -> Result<Project, Error> {
        self.scratch = Some(Target::parse(url)?);
        Ok(self)
    }

    /// Checks the KDL files without any database; gives how many objects they declare.
    ///
    /// # Errors
    /// [`Error::Project`] and [`Error::Files`] with every mistake and its place.
    pub fn check(&self) -> Result<usize, Error> {
        Ok(self.workspace.declared()?.desired.objects.len())
    }

    /// Connects to a database of the project: a URL, or `key=value` words as psql takes them.
    ///
    /// # Errors
    /// [`Error::Connect`].
    pub async fn connect(&self, url: &str) -> Result<Database, Error> {
        let session = Session::connect(&Target::parse(url)?, "schemactl").await?;
        Ok(Database::new(self.clone(), session))
    }

    fn scratch_policy(&self) -> Result<ScratchPolicy, Error> {
        if let Some(target) = &self.scratch {
            return Ok(ScratchPolicy::Url(target.clone()));
        }
        Ok(match &self.workspace.project.scratch {
            Scratch::Auto => ScratchPolicy::Auto,
            Scratch::None => ScratchPolicy::None,
            Scratch::Url(TextOrEnvironment::Text(url)) => ScratchPolicy::Url(Target::parse(url)?),
            Scratch::Url(TextOrEnvironment::Environment(name)) => {
                let url = std::env::var(name).unwrap_or_default();
                ScratchPolicy::Url(Target::parse(&url)?)
            }
            Scratch::Postgres(version) => ScratchPolicy::Postgres {
                version: version.and_then(|version| u32::try_from(version).ok()),
            },
            Scratch::Container(image) => ScratchPolicy::Container {
                image: image.clone(),
            },
        })
    }
}
