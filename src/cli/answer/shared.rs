//! What several commands say.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::services::called;
use crate::migrate::{Folder, Point, Version};

/// Why a command could not do what it was asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Failed {
    /// False.
    pub(in crate::cli) ok: bool,
    /// The exit status: what kind of failure it is.
    pub(in crate::cli) exit: u8,
    /// What went wrong.
    pub(in crate::cli) errors: Vec<Mistake>,
}

/// One thing that went wrong.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Mistake {
    /// Its code, for `schemactl explain`.
    pub(in crate::cli) code: Option<String>,
    /// What is wrong.
    pub(in crate::cli) message: String,
    /// What to do.
    pub(in crate::cli) help: Option<String>,
    /// Where it is.
    pub(in crate::cli) labels: Vec<Label>,
    /// What belongs to it.
    pub(in crate::cli) related: Vec<Mistake>,
}

/// A place in a file.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Label {
    /// The file; none for a text that is in none.
    pub(in crate::cli) file: Option<String>,
    /// The line, from 1.
    pub(in crate::cli) line: usize,
    /// The column, from 1.
    pub(in crate::cli) column: usize,
    /// What is there.
    pub(in crate::cli) text: Option<String>,
}

/// What a command that runs on each database of a project says, by the names of the databases.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Databases<T> {
    /// Whether it went well everywhere.
    pub(in crate::cli) ok: bool,
    /// The exit status: that of the first failure.
    pub(in crate::cli) exit: u8,
    /// The answer of each; one that was not begun is missing.
    pub(in crate::cli) databases: IndexMap<String, T>,
}

/// The files that were written.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Files {
    /// Their paths.
    pub(in crate::cli) files: Vec<String>,
}

/// There was nothing to do.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Nothing {
    /// True.
    pub(in crate::cli) ok: bool,
    /// Empty.
    pub(in crate::cli) changes: Vec<()>,
}

impl Nothing {
    pub(in crate::cli) const HERE: Nothing = Nothing {
        ok: true,
        changes: Vec::new(),
    };
}

/// Where a database is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::cli) enum At {
    /// The newest migration; none where nothing was applied.
    Version(Option<Version>),
    /// The newest migration of each service, where the project has services.
    Services(IndexMap<String, Option<String>>),
}

impl At {
    pub(in crate::cli) fn of(folder: &Folder, point: &Point) -> At {
        if !folder.has_services() {
            return At::Version(point.of("").cloned());
        }
        let services = folder.services().map(|name| {
            let at = point.of(name).map(|version| version.as_str().to_owned());
            (called(name), at)
        });
        At::Services(services.collect())
    }
}
