//! What commands print for programs with `--format json`: a type for each answer, from which both the JSON and its published
//! schema (`docs/json`) are made. A field is added with a new one beside it, and none is taken away or comes to mean something
//! else: docs/json.md says what that promises.

mod change;
mod judged;
mod look;
mod run;
mod shared;

pub(super) use change::*;
pub(super) use judged::*;
pub(super) use look::*;
pub(super) use run::*;
pub(super) use shared::*;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::graph::{Drawn, DrawnOrder};
use crate::kind::Catalog;
use crate::report::Page;

/// What one command prints: its answer, or why there is none.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it only has a schema")]
enum One<T> {
    /// What the command found or did.
    Answer(T),
    /// Why it could not.
    Failed(Failed),
}

/// What a command prints that runs on each database of a project.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it only has a schema")]
enum Each<T> {
    /// What the command found or did.
    Answer(T),
    /// Why it could not.
    Failed(Failed),
    /// The same of several databases.
    Several(Databases<One<T>>),
}

/// The schemas of everything that is printed, by the name of the command.
pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    fn one<T: JsonSchema>(command: &'static str) -> (&'static str, Schema) {
        (command, titled::<One<T>>(command))
    }
    fn each<T: JsonSchema>(command: &'static str) -> (&'static str, Schema) {
        (command, titled::<Each<T>>(command))
    }
    vec![
        one::<AccessAnswer>("access"),
        each::<ApplyAnswer>("apply"),
        one::<Baselined>("baseline"),
        each::<Checked>("check"),
        each::<CreatedAnswer>("create"),
        each::<Changed>("diff"),
        one::<DocsWritten>("docs"),
        each::<Doctor>("doctor"),
        each::<DriftAnswer>("drift"),
        one::<Explained>("explain"),
        one::<Formatted>("fmt"),
        one::<GraphAnswer>("graph"),
        one::<Files>("init"),
        one::<Catalog>("inspect"),
        each::<Linted>("lint"),
        one::<LogAnswer>("log"),
        one::<Files>("new"),
        each::<ApplyAnswer>("plan"),
        one::<Redone>("redo"),
        one::<Repaired>("repair"),
        one::<ReportAnswer>("report"),
        one::<Reset>("reset"),
        one::<Files>("restamp"),
        one::<RolledBack>("rollback"),
        one::<Seeded>("seed"),
        one::<Shown>("show"),
        one::<Squashed>("squash"),
        each::<StatusAnswer>("status"),
        one::<Synced>("sync"),
        one::<TagAnswer>("tag"),
        each::<Verified>("verify"),
    ]
}

fn titled<T: JsonSchema>(command: &str) -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    let title = format!("schemactl {command} --format json");
    schema.insert("title".to_owned(), title.into());
    schema
}

/// A schema, or a change, drawn; with the order of its steps where that was asked for.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it only has a schema")]
enum GraphAnswer {
    /// Tables and what ties them.
    Diagram(Drawn<'static>),
    /// `--plan`: what waits for what.
    Order(DrawnOrder<'static>),
    /// `--diff` where nothing changes.
    Nothing(Nothing),
}

/// What a review page says.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it only has a schema")]
enum ReportAnswer {
    /// The page.
    Page(Box<Page<'static>>),
    /// There was nothing to review.
    Nothing(Nothing),
}
