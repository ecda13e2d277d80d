//! What can be wrong with what a project says about hazards.

use miette::Diagnostic;
use thiserror::Error;

use super::catalogue;
use crate::model::Exit;
use crate::pg::error::SqlError;

/// Why hazards cannot be judged as asked.
#[derive(Debug, Error, Diagnostic)]
pub enum LintError {
    /// A code that is not in the catalogue.
    #[error("{place}: there is no hazard `{code}`")]
    #[diagnostic(code(lint::unknown_code))]
    UnknownCode {
        /// The code.
        code: String,
        /// Where it is said.
        place: String,
        /// The codes that look like it.
        #[help]
        help: String,
    },
    /// An exception without a reason.
    #[error("{place}: `allow {code}` says no reason")]
    #[diagnostic(
        code(lint::no_reason),
        help("say why, for whoever reads it in a year: `allow {code} the table has ten rows`")
    )]
    NoReason {
        /// The code.
        code: String,
        /// Where it is said.
        place: String,
    },
    /// PostgreSQL refuses the condition of an own rule.
    #[error("PostgreSQL refuses the condition of rule `{rule}`: {message}")]
    #[diagnostic(
        code(lint::rule),
        help(
            "`when` is a condition over a statement; its columns stand in docs/hazards.md under Own rules"
        )
    )]
    Rule {
        /// The rule.
        rule: String,
        /// What the server says.
        message: String,
    },
    /// The database does not answer.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Sql(#[from] SqlError),
}

impl LintError {
    /// A code that nobody knows.
    pub fn unknown(code: &str, place: &str) -> LintError {
        LintError::UnknownCode {
            code: code.to_owned(),
            place: place.to_owned(),
            help: near(code),
        }
    }

    /// The class of the exit.
    pub fn exit(&self) -> Exit {
        match self {
            LintError::Sql(error) => error.exit(),
            _ => Exit::Input,
        }
    }
}

/// The next step for a code that is unknown.
pub fn near(code: &str) -> String {
    match catalogue::near(code).as_slice() {
        [] => "`schemactl explain` lists all codes".to_owned(),
        near => format!(
            "did you mean {}? `schemactl explain` lists all codes",
            near.join(" or ")
        ),
    }
}
