//! Why something could not be done.

use crate::author::AuthorError;
use crate::config::ConfigError;
use crate::kdl::Mistakes;
use crate::migrate::{FolderError, HistoryError, RunError};
use crate::model::Exit;
use crate::pg::connect::ConnectError;
use crate::pg::introspect::IntrospectError;
use crate::project::{BaseError, CreateError, ProjectError};
use crate::scratch::server::ScratchError;

/// Why something could not be done. Each holds the error of the part of the library that met it; [`Error::exit`] says what class
/// of failure it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The project file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The project's KDL files have mistakes, with their places.
    #[error(transparent)]
    Files(#[from] Mistakes),
    /// The project and the database do not fit together: the database is behind, has drifted, holds what nobody declares.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The files of the migrations.
    #[error(transparent)]
    Migrations(#[from] FolderError),
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The database could not be read.
    #[error(transparent)]
    Read(#[from] IntrospectError),
    /// The history in the database.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// There is no PostgreSQL to try things out on.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// What the files ask for could not be worked out, or not proven.
    #[error(transparent)]
    Author(Box<AuthorError>),
    /// A database could not be made anew.
    #[error(transparent)]
    Create(Box<CreateError>),
    /// A run of migrations.
    #[error(transparent)]
    Run(Box<RunError>),
    /// The database remembers that it is a protected environment: the command line runs there, with its policies.
    #[error(
        "the database belongs to the protected environment `{environment}`: `schemactl apply --env {environment}` runs migrations there"
    )]
    Protected {
        /// Its name.
        environment: String,
    },
    /// Pending migrations lose data, and nobody said that they may.
    #[error("rows or values would be lost: {}", hazards.join("; "))]
    LosesData {
        /// What the headers of the files say, each with its file.
        hazards: Vec<String>,
    },
    /// Pending files were edited after they were proven, or never proven.
    #[error("not proven: {}; `schemactl restamp` proves files", files.join(", "))]
    Unproven {
        /// The files.
        files: Vec<String>,
    },
}

impl Error {
    /// The class of the failure, by which the command line ends.
    pub fn exit(&self) -> Exit {
        match self {
            Error::Config(error) => error.exit(),
            Error::Files(error) => error.exit(),
            Error::Project(error) => error.exit(),
            Error::Migrations(error) => error.exit(),
            Error::Connect(error) => error.exit(),
            Error::Read(error) => error.exit(),
            Error::History(error) => error.exit(),
            Error::Scratch(error) => error.exit(),
            Error::Author(error) => error.exit(),
            Error::Create(error) => error.exit(),
            Error::Run(error) => error.exit(),
            Error::Protected { .. } | Error::LosesData { .. } | Error::Unproven { .. } => {
                Exit::Refused
            }
        }
    }
}

impl From<AuthorError> for Error {
    fn from(error: AuthorError) -> Error {
        Error::Author(Box::new(error))
    }
}

impl From<CreateError> for Error {
    fn from(error: CreateError) -> Error {
        Error::Create(Box::new(error))
    }
}

impl From<RunError> for Error {
    fn from(error: RunError) -> Error {
        Error::Run(Box::new(error))
    }
}

impl From<BaseError> for Error {
    fn from(error: BaseError) -> Error {
        match error {
            BaseError::Project(error) => error.into(),
            BaseError::Folder(error) => error.into(),
            BaseError::History(error) => error.into(),
            BaseError::Author(error) => Error::Author(error),
        }
    }
}
