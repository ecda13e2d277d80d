//! What can be wrong before any database is reached.

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use crate::kdl::Mistakes;
use crate::model::Exit;

/// Why there are no settings to work with.
#[derive(Debug, Error, Diagnostic)]
pub enum ConfigError {
    /// The project file has mistakes.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Kdl(#[from] Mistakes),

    /// No `schemactl.kdl` here or above.
    #[error("there is no `schemactl.kdl` in `{}` or in a folder above it", start.display())]
    #[diagnostic(
        code("config::no-project"),
        help("make a project with `schemactl init`, or name its folder with `--project DIR`")
    )]
    NoProject {
        /// Where the search began.
        start: PathBuf,
    },

    /// `--project DIR` has no project file.
    #[error("there is no `schemactl.kdl` in `{}`", folder.display())]
    #[diagnostic(
        code("config::no-project"),
        help("`--project` takes the folder of the project file; `schemactl init DIR` makes one")
    )]
    NotAProject {
        /// The folder named.
        folder: PathBuf,
    },

    /// `schema-files` names nothing.
    #[error("`{}` is not there", path.display())]
    #[diagnostic(
        code("config::missing-files"),
        help("make the folder, or correct `schema-files` in schemactl.kdl")
    )]
    MissingFiles {
        /// What was looked for.
        path: PathBuf,
    },

    /// A KDL file is a link that leads out of the project's folder.
    #[error("`{}` leads out of the project's folder", path.display())]
    #[diagnostic(
        code("config::outside"),
        help("put the file itself into the project, or take the link away")
    )]
    Outside {
        /// The link.
        path: PathBuf,
    },

    /// A file is no text.
    #[error("`{}` is not UTF-8", path.display())]
    #[diagnostic(code("config::unreadable"), help("save it as UTF-8"))]
    NotText {
        /// The file.
        path: PathBuf,
    },

    /// A file can't be read.
    #[error("can't read `{}`: {error}", path.display())]
    #[diagnostic(
        code("config::unreadable"),
        help("a file or folder that this user may read has to stand there")
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },

    /// `--env` or `SCHEMACTL_ENV` names no environment.
    #[error("the project has no environment `{name}`")]
    #[diagnostic(code("config::unknown-environment"))]
    UnknownEnvironment {
        /// What was asked for.
        name: String,
        /// The nearest, or all there are.
        #[help]
        known: String,
    },

    /// The variable of a named environment's URL is not set. Never a fall-through to another database.
    #[error("the URL of environment `{environment}` comes from `{variable}`, which is not set")]
    #[diagnostic(
        code("config::no-url"),
        help("set {variable} where schemactl runs, or in the project's .env")
    )]
    NoVariable {
        /// The environment.
        environment: String,
        /// The variable.
        variable: String,
    },

    /// A named environment says nothing of its database.
    #[error("environment `{environment}` has no URL{}", database.as_ref().map(|name| format!(" for database `{name}`")).unwrap_or_default())]
    #[diagnostic(
        code("config::no-url"),
        help("write `url (env)NAME` into it, or name the database with `--url`")
    )]
    NoUrl {
        /// The environment.
        environment: String,
        /// The database, where the project has several.
        database: Option<String>,
    },

    /// Several environments could be meant.
    #[error("several environments are not protected: {}", names.join(", "))]
    #[diagnostic(
        code("config::which-environment"),
        help("say which with `--env NAME` or SCHEMACTL_ENV")
    )]
    WhichEnvironment {
        /// The candidates.
        names: Vec<String>,
    },

    /// Only protected environments are there: one is never chosen silently.
    #[error("every environment is protected: {}", names.join(", "))]
    #[diagnostic(code("config::which-environment"), help("a protected environment has to be named: `--env {}`", names.first().map_or("NAME", String::as_str)))]
    OnlyProtected {
        /// The environments.
        names: Vec<String>,
    },

    /// Nothing says which database.
    #[error("nothing says which database to use")]
    #[diagnostic(
        code("config::no-database"),
        help(
            "give `--url`, set DATABASE_URL or PGHOST, or write `environment local {{ url embedded }}` into schemactl.kdl"
        )
    )]
    NoDatabase,

    /// A project of several databases, and a command that works on one.
    #[error("the project has several databases: {}", names.join(", "))]
    #[diagnostic(
        code("config::which-database"),
        help("say which with `--database NAME`")
    )]
    WhichDatabase {
        /// The databases.
        names: Vec<String>,
    },

    /// `--database` or a setting names no database of the project.
    #[error("the project has no database `{name}`")]
    #[diagnostic(code("config::unknown-database"))]
    UnknownDatabase {
        /// What was asked for.
        name: String,
        /// All there are.
        #[help]
        known: String,
    },
}

impl ConfigError {
    /// The class of the exit.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Kdl(mistakes) => mistakes.exit(),
            _ => Exit::Input,
        }
    }
}
