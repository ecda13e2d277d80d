//! Mistakes as programs read them.

use schemars::JsonSchema;
use serde::Serialize;

/// A mistake.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Diagnosed {
    /// Its code.
    pub code: String,
    /// Why it is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Whether it stops a command.
    pub severity: Weight,
    /// Where it is; the first place is the main one.
    pub labels: Vec<Labelled>,
}

/// How much a mistake weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It stops a command.
    Error,
    /// It is said.
    Warning,
    /// It helps.
    Advice,
}

impl From<miette::Severity> for Weight {
    fn from(severity: miette::Severity) -> Weight {
        match severity {
            miette::Severity::Error => Weight::Error,
            miette::Severity::Warning => Weight::Warning,
            miette::Severity::Advice => Weight::Advice,
        }
    }
}

/// A place in a file, with a word on it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Labelled {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// The word.
    pub text: String,
}
