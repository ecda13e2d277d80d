//! Failures as the command line ends with them: reports for people, and the exit class.

use std::path::Path;

use miette::Diagnostic;

use crate::author::AuthorError;
use crate::config::ConfigError;
use crate::kdl::{Diagnostic as KdlDiagnostic, Mistakes, Sources, Span};
use crate::kind::language::{Desired, Rename};
use crate::migrate::{FolderError, HistoryError, LockError, RunError};
use crate::model::{Exit, ObjectId};
use crate::pg::connect::ConnectError;
use crate::pg::error::SqlError;
use crate::pg::introspect::IntrospectError;
use crate::plan::PlanError;
use crate::project::{AdoptError, BaseError, ProjectError, ReplayError};
use crate::scratch::elaborate::{Astray, ElaborateError, Refusal};
use crate::scratch::server::ScratchError;
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;

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

/// What this version lacks.
pub(super) struct NotBuiltYet;

impl NotBuiltYet {
    /// A command.
    pub(super) fn command(name: &str) -> Failure {
        Self::word(&format!("`schemactl {name}`"))
    }

    /// A flag or another word.
    pub(super) fn word(word: &str) -> Failure {
        Failure::said(
            "cli::not-built-yet",
            Exit::Refused,
            format!("{word} is not built yet"),
            "nothing was done; a newer schemactl may have it",
        )
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
    HistoryError,
    LockError,
    PlanError,
    ScratchError,
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

/// What PostgreSQL refuses of the declared objects, shown where they stand in the KDL files.
pub(super) fn authoring(
    error: AuthorError,
    sources: &std::sync::Arc<Sources>,
    desired: &Desired,
) -> Failure {
    let diagnostics = match error {
        AuthorError::Elaborate(ElaborateError::Refused(refusals)) => refusals
            .iter()
            .map(|refusal| refused(refusal, desired))
            .collect(),
        AuthorError::Elaborate(ElaborateError::Astray(objects)) => objects
            .iter()
            .map(|object| astray(object, desired))
            .collect(),
        AuthorError::Exchange(ref exchange) => vec![exchange_of_names(&error, exchange)],
        error => return error.into(),
    };
    Mistakes::new(sources.clone(), diagnostics).into()
}

fn exchange_of_names(error: &AuthorError, exchange: &[Rename]) -> KdlDiagnostic {
    let mut diagnostic = KdlDiagnostic::error("author::exchange", error.to_string()).help(
        "where it was done, take these words away; where it is to be done, go in two migrations: first to a name that is free, \
         then on",
    );
    for rename in exchange {
        diagnostic = diagnostic.at(rename.span, "exchanged here");
    }
    diagnostic
}

/// The place of the part that the error points at: a column or constraint stands on a line of its own in the statement
/// of its table.
fn place(id: &ObjectId, error: &SqlError, desired: &Desired) -> Option<Span> {
    let Some(at) = error.position.filter(|at| *at <= error.statement.len()) else {
        return desired.span(id);
    };
    let start = error.statement[..at].rfind('\n').map_or(0, |at| at + 1);
    let line: Vec<_> = significant(&error.statement[start..])
        .into_iter()
        .take(2)
        .collect();
    let name = match line.as_slice() {
        [first, second] if first.is_word("constraint") => second,
        [first, ..] => first,
        [] => return desired.span(id),
    };
    let name = unquote_ident(name.text);
    desired
        .objects
        .iter()
        .find(|(part, _)| part.parent.as_deref() == Some(id) && *part.name == *name)
        .map(|(_, part)| part.span)
        .or_else(|| desired.span(id))
}

fn astray(object: &Astray, desired: &Desired) -> KdlDiagnostic {
    let mistake =
        KdlDiagnostic::error("scratch::astray", format!("{} {}", object.id, object.what))
            .help("look at its texts, and at those of what stands beside it, for one that does more than its place allows");
    match desired.span(&object.id) {
        Some(span) => mistake.at(span, "declared here"),
        None => mistake,
    }
}

fn refused(refusal: &Refusal, desired: &Desired) -> KdlDiagnostic {
    let Refusal { id, error } = refusal;
    let state = error
        .sqlstate
        .as_ref()
        .map(|state| format!(" (SQLSTATE {state})"))
        .unwrap_or_default();
    let mut diagnostic = KdlDiagnostic::error(
        "scratch::refused",
        format!("PostgreSQL refuses {id}: {}{state}", error.message),
    );
    if let Some(span) = place(id, error, desired) {
        diagnostic = diagnostic.at(span, "declared here");
    }
    let mut help = Vec::new();
    for (word, part) in [
        ("detail", &error.detail),
        ("hint", &error.hint),
        ("context", &error.where_),
    ] {
        if let Some(part) = part {
            help.push(format!("{word}: {part}"));
        }
    }
    let near = error
        .position
        .map(|at| &error.statement[at.min(error.statement.len())..]);
    if let Some(near) = near
        .and_then(|near| near.lines().next())
        .filter(|near| !near.is_empty())
    {
        help.push(format!("at: {}", near.chars().take(60).collect::<String>()));
    }
    if help.is_empty() {
        help.push("correct it there; PostgreSQL judges what it means".to_owned());
    }
    diagnostic.help(help.join("\n"))
}
