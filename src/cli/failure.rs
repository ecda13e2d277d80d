//! Failures as the command line ends with them: reports for people, and the exit class.

use std::path::Path;

use miette::Diagnostic;

use crate::author::AuthorError;
use crate::config::ConfigError;
use crate::kdl::Mistakes;
use crate::lint::LintError;
use crate::migrate::{FolderError, HistoryError, LockError, RebaseError, RunError, TagError};
use crate::model::Exit;
use crate::pg::connect::ConnectError;
use crate::pg::error::SqlError;
use crate::pg::introspect::IntrospectError;
use crate::plan::PlanError;
use crate::project::{AdoptError, BaseError, CreateError, ProjectError, ReplayError};
use crate::scratch::server::ScratchError;
use crate::tools::ToolError;

/// Why a command ended.
#[derive(Debug)]
pub(super) struct Failure {
    /// What there is to say.
    pub(super) reports: Vec<miette::Report>,
    /// The class of the exit.
    pub(super) exit: Exit,
}

impl Failure {
    pub(super) fn new(error: impl Diagnostic + Send + Sync + 'static, exit: Exit) -> Failure {
        Failure {
            reports: vec![miette::Report::new(error)],
            exit,
        }
    }

    /// The operating system refused something.
    pub(super) fn io(what: &str, path: impl AsRef<Path>, error: &std::io::Error) -> Failure {
        Failure::new(
            Said {
                code: "cli::io",
                message: format!("can't {what} `{}`: {error}", path.as_ref().display()),
                help: "look at the path and its permissions".to_owned(),
            },
            Exit::Failed,
        )
    }

    /// What is said of it in one line.
    pub(super) fn message(&self) -> String {
        let reports: Vec<String> = self.reports.iter().map(ToString::to_string).collect();
        reports.join("; ")
    }

    /// A refusal or mistake that only the command line knows.
    pub(super) fn said(code: &'static str, exit: Exit, message: String, help: &str) -> Failure {
        Failure::new(
            Said {
                code,
                message,
                help: help.to_owned(),
            },
            exit,
        )
    }
}

/// An error in words.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Said {
    code: &'static str,
    message: String,
    help: String,
}

impl Diagnostic for Said {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }
}

macro_rules! classed {
    ($($error:ty),* $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Failure {
                let exit = error.exit();
                Failure::new(error, exit)
            }
        })*
    };
}

classed!(
    ConnectError,
    SqlError,
    IntrospectError,
    LintError,
    HistoryError,
    LockError,
    RebaseError,
    TagError,
    PlanError,
    ScratchError,
    CreateError,
    ToolError,
);

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Failure {
        let exit = error.exit();
        match error {
            // Each problem speaks for itself.
            FolderError::Problems { problems, .. } => Failure {
                reports: problems.into_iter().map(miette::Report::new).collect(),
                exit,
            },
            error => Failure::new(error, exit),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Failure {
        match error {
            RunError::Folder(error) => error.into(),
            RunError::Gate { report, exit } => Failure {
                reports: vec![report],
                exit,
            },
            error => {
                let exit = error.exit();
                Failure::new(error, exit)
            }
        }
    }
}

impl From<Mistakes> for Failure {
    fn from(mistakes: Mistakes) -> Failure {
        Failure {
            exit: mistakes.exit(),
            reports: mistakes.reports(),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Failure {
        match error {
            ConfigError::Kdl(mistakes) => mistakes.into(),
            error => {
                let exit = error.exit();
                Failure::new(error, exit)
            }
        }
    }
}

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Failure {
        match error {
            ProjectError::Config(error) => error.into(),
            ProjectError::Kdl(mistakes) => (*mistakes).into(),
            error => {
                let exit = error.exit();
                Failure::new(error, exit)
            }
        }
    }
}

impl From<AuthorError> for Failure {
    fn from(error: AuthorError) -> Failure {
        let exit = error.exit();
        let report = match error {
            AuthorError::Database(error) => error.report,
            AuthorError::Elaborate(error) => miette::Report::new(error),
            AuthorError::Base(error) => miette::Report::new(error),
            AuthorError::Plan(error) => miette::Report::new(error),
            AuthorError::Introspect(error) => miette::Report::new(error),
            AuthorError::Proof(error) => miette::Report::new(error),
            AuthorError::Others(error) => miette::Report::new(error),
            AuthorError::Sql(error) => miette::Report::new(error),
            AuthorError::Exchange(_) => miette::Report::msg(error.to_string()),
        };
        Failure {
            reports: vec![report],
            exit,
        }
    }
}

impl From<BaseError> for Failure {
    fn from(error: BaseError) -> Failure {
        match error {
            BaseError::Project(error) => error.into(),
            BaseError::Folder(error) => error.into(),
            BaseError::History(error) => error.into(),
            BaseError::Author(error) => (*error).into(),
        }
    }
}

impl From<AdoptError> for Failure {
    fn from(error: AdoptError) -> Failure {
        match error {
            AdoptError::Project(error) => error.into(),
            AdoptError::Author(error) => (*error).into(),
        }
    }
}

impl From<ReplayError> for Failure {
    fn from(error: ReplayError) -> Failure {
        match error {
            ReplayError::Project(error) => error.into(),
            ReplayError::Run(error) => error.into(),
            ReplayError::Author(error) => (*error).into(),
        }
    }
}
