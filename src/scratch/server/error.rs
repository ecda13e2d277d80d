//! Why there is no scratch database, each with the remedies.

use miette::Diagnostic;
use thiserror::Error;

use crate::model::Exit;
use crate::pg::connect::ConnectError;
use crate::pg::error::SqlError;

/// Why there is no throwaway or embedded PostgreSQL.
#[derive(Debug, Error, Diagnostic)]
pub enum ScratchError {
    /// `scratch none` was asked for.
    #[error("the project says `scratch none`, and this needs a scratch database")]
    #[diagnostic(
        code(scratch::off),
        help(
            "write `scratch auto` in the project file, or give `--scratch URL`; without one, migrations are written by hand: `schemactl new NAME`"
        )
    )]
    Off,
    /// Nothing that the policy allows gave a server.
    #[error("there is no PostgreSQL to try the schema on: {}", tried.join("; "))]
    #[diagnostic(
        code(scratch::none_found),
        help(
            "one of: install PostgreSQL (the server's package), `schemactl postgres install {version}`, set SCHEMACTL_PG_BIN to a folder with `postgres` and `initdb`, start Docker, or give a server where databases may be created: `--scratch URL` or `scratch url \"...\"`"
        )
    )]
    NoneFound {
        /// What was tried and why it failed.
        tried: Vec<String>,
        /// The major version to install.
        version: String,
    },
    /// The project's own server, and no binaries at all.
    #[error(
        "no PostgreSQL is on this machine, and the project's own server needs one{}",
        looked_at(skipped)
    )]
    #[diagnostic(
        code(scratch::no_binaries),
        help(
            "one of: install PostgreSQL (the server's package), `schemactl postgres install {version}`, set SCHEMACTL_PG_BIN to a folder with `postgres` and `initdb`, or work on a server that runs: `--url URL`"
        )
    )]
    NoBinaries {
        /// Places that looked like some and are none, and why.
        skipped: Vec<String>,
        /// The major version to install.
        version: String,
    },
    /// `scratch postgres version=N`, and no binaries of that version.
    #[error("no PostgreSQL {wanted} is on this machine{}", found_instead(found))]
    #[diagnostic(
        code(scratch::version_missing),
        help(
            "`schemactl postgres install {wanted}`, or set SCHEMACTL_PG_BIN to its folder of binaries"
        )
    )]
    VersionMissing {
        /// The version asked for.
        wanted: String,
        /// The versions that are there.
        found: Vec<String>,
    },
    /// The note of where the data stands names what was not made for this project.
    #[error("{note} names {path}, which was not made for this project")]
    #[diagnostic(
        code(scratch::not_of_project),
        help(
            "a moved or copied project: remove {note} to begin with an empty server; the data that it names stays where it is"
        )
    )]
    NotOfProject {
        /// The note.
        note: String,
        /// The folder that it names.
        path: String,
    },
    /// As root, and no other user to run as.
    #[error("PostgreSQL does not run as root, and neither user `postgres` nor `nobody` exists")]
    #[diagnostic(
        code(scratch::no_account),
        help("create a system user `postgres`, or run schemactl as another user than root")
    )]
    NoAccount,
    /// The other user cannot get to a folder.
    #[error("user `{account}` cannot reach `{path}`")]
    #[diagnostic(
        code(scratch::unreachable),
        help("let others pass through its parent folders (chmod o+x), or use another place")
    )]
    Unreachable {
        /// The user that PostgreSQL would run as.
        account: String,
        /// What it cannot reach.
        path: String,
    },
    /// A file or folder failed us.
    #[error("{what} `{path}`: {source}")]
    #[diagnostic(
        code(scratch::file),
        help("check the folder's rights and its free space")
    )]
    File {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A program could not be run, or failed.
    #[error("`{program}` failed: {reason}")]
    #[diagnostic(
        code(scratch::program),
        help("run it by hand to see more; SCHEMACTL_PG_BIN chooses other binaries")
    )]
    Program {
        /// The program.
        program: String,
        /// Its last words.
        reason: String,
    },
    /// The server ended while it started.
    #[error("PostgreSQL {version} did not start: {log}")]
    #[diagnostic(
        code(scratch::start),
        help("the text above is the end of the server's log")
    )]
    Start {
        /// The version.
        version: String,
        /// The end of its log.
        log: String,
    },
    /// The server that was named for scratch databases cannot be used.
    #[error("the scratch server cannot be reached: {error}")]
    #[diagnostic(
        code(scratch::unreached),
        help(
            "{place} names it: start or correct it, or name another; `scratch auto` looks for a PostgreSQL by itself"
        )
    )]
    Unreached {
        /// Who named it: the flag, or the place in the project file.
        place: String,
        /// Why.
        error: ConnectError,
    },
    /// A role that may not create databases.
    #[error("role `{user}` may not create databases at `{label}`")]
    #[diagnostic(
        code(scratch::no_createdb),
        help("`ALTER ROLE {user} CREATEDB`, or give another server: `--scratch URL`")
    )]
    NoCreateDb {
        /// The role.
        user: String,
        /// The server.
        label: String,
    },
    /// No container engine, or it refused.
    #[error("no container `{image}`: {reason}")]
    #[diagnostic(
        code(scratch::container),
        help(
            "start Docker (DOCKER_HOST says where it listens), or install PostgreSQL: `schemactl postgres install VERSION`"
        )
    )]
    Container {
        /// The image.
        image: String,
        /// Why.
        reason: String,
    },
    /// Built without containers.
    #[error("this schemactl was built without containers")]
    #[diagnostic(
        code(scratch::no_container_feature),
        help(
            "build it with `--features container`, or use `scratch auto` with PostgreSQL installed"
        )
    )]
    WithoutContainers,
    /// The cluster's data is of another major version.
    #[error(
        "the embedded cluster in `{path}` is of PostgreSQL {data}, and no binaries of {data} are here"
    )]
    #[diagnostic(
        code(scratch::embedded_version),
        help(
            "`schemactl postgres install {data}`, or remove the folder to begin with an empty cluster"
        )
    )]
    EmbeddedVersion {
        /// The data folder.
        path: String,
        /// Its major version.
        data: String,
    },
    /// `postgres install` could not.
    #[error("PostgreSQL {version} was not installed: {reason}")]
    #[diagnostic(code(scratch::install), help("{next}"))]
    Install {
        /// The version asked for.
        version: String,
        /// Why.
        reason: String,
        /// What to do.
        next: String,
    },
    /// The connection to it failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Connect(#[from] ConnectError),
    /// A statement on it failed.
    #[error("the scratch server refuses: {0}")]
    #[diagnostic(
        code(scratch::refused),
        help("{}", .0.hint.clone().unwrap_or_else(|| format!("the statement was: {}", .0.statement)))
    )]
    Sql(Box<SqlError>),
}

impl From<SqlError> for ScratchError {
    fn from(error: SqlError) -> ScratchError {
        ScratchError::Sql(Box::new(error))
    }
}

impl ScratchError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            ScratchError::Off => Exit::Refused,
            ScratchError::Connect(error) | ScratchError::Unreached { error, .. } => error.exit(),
            ScratchError::Sql(error) => error.exit(),
            _ => Exit::Connect,
        }
    }

    pub(in crate::scratch) fn file(
        what: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> ScratchError {
        let path = path.display().to_string();
        move |source| ScratchError::File { what, path, source }
    }
}

fn looked_at(skipped: &[String]) -> String {
    match skipped.is_empty() {
        true => String::new(),
        false => format!(" ({})", skipped.join("; ")),
    }
}

fn found_instead(found: &[String]) -> String {
    match found.is_empty() {
        true => String::new(),
        false => format!(" (found: {})", found.join(", ")),
    }
}
