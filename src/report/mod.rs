//! The review page: one HTML file by which someone who never saw schemactl understands a change. The rule: what may hurt
//! stands first, everything that is said comes from the catalogs, the files and their headers, and every word of theirs is
//! escaped.

mod data;
mod headline;
mod objects;
mod page;
mod sides;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::diff::{Change, Changes};
use crate::graph::{Diagram, Order};
use crate::kind::Catalog;
use crate::model::ObjectId;

pub use data::Page;
pub use headline::{Line, headline};
pub use objects::excerpt;

/// Everything that the page says.
pub struct Review<'a> {
    /// The project.
    pub project: String,
    /// What is reviewed: `2 pending migrations`.
    pub subject: String,
    /// The database and environment that it is for; empty where it is for none.
    pub database: String,
    /// When the page was made.
    pub date: String,
    /// The hash that an approval names.
    pub approval: Option<String>,
    /// What may hurt, worst first.
    pub hazards: Vec<Warning>,
    /// The files, in the order in which they run.
    pub files: Vec<FilePair>,
    /// The state before.
    pub before: &'a Catalog,
    /// The state after.
    pub after: &'a Catalog,
    /// What differs, once what was renamed has its new name.
    pub changes: &'a Changes,
    /// Identities before and after.
    pub renames: &'a [(ObjectId, ObjectId)],
    /// The part of the diagram that changes.
    pub diagram: Diagram,
    /// What waits for what; none where no order could be made.
    pub order: Option<Order>,
}

/// A hazard, or what cannot be taken back.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Warning {
    /// `data-loss`, `authorization`, `availability`, `rights`, `irreversible`.
    pub class: String,
    /// Its code; empty for what cannot be taken back.
    pub code: String,
    /// What it is about and what happens.
    pub text: String,
    /// The file that says it.
    pub file: String,
}

/// A migration's two files.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FilePair {
    /// `000017_user_phone`.
    pub label: String,
    /// The way up.
    pub up: String,
    /// The way down, where there is one.
    pub down: Option<String>,
    /// Whether it runs in one transaction.
    pub transaction: bool,
    /// How it was proven; none where it is not.
    pub proven: Option<String>,
}

/// Every class of hazards, worst first, with what it means.
pub const CLASSES: &[(&str, &str)] = &[
    ("data-loss", "rows or values are gone afterwards"),
    ("irreversible", "the way back is not exact"),
    ("authorization", "who may do what changes"),
    (
        "correctness",
        "it fails, or something is no longer guaranteed",
    ),
    ("availability", "others wait for longer than a moment"),
    (
        "compatibility",
        "programs that run meet what they do not know",
    ),
    ("rights", "the role that applies may not do this"),
    ("design", "it costs later"),
];

/// The place of a class among [`CLASSES`]: the worst is 0.
pub fn severity(class: &str) -> usize {
    CLASSES
        .iter()
        .position(|(known, _)| *known == class)
        .unwrap_or(CLASSES.len())
}

impl Review<'_> {
    /// How many objects are added, changed and dropped: a part that goes the way of its object, or of a parent's part, is not
    /// counted.
    pub fn counts(&self) -> (usize, usize, usize) {
        let lines = self.headline();
        let count = |wanted: Change| lines.iter().filter(|line| line.change == wanted).count();
        (
            count(Change::Create),
            count(Change::Alter) + self.renames.len(),
            count(Change::Drop),
        )
    }

    fn headline(&self) -> Vec<Line<'_>> {
        headline(self.before, self.after, self.changes)
    }

    /// The changes by the object that people would say they are about.
    fn by_object(&self) -> BTreeMap<ObjectId, Vec<Line<'_>>> {
        let mut objects: BTreeMap<ObjectId, Vec<Line<'_>>> = BTreeMap::new();
        // What was renamed and is otherwise the same is a change too.
        for (_, to) in self.renames {
            objects.entry(to.whole().clone()).or_default();
        }
        for line in self.headline() {
            objects
                .entry(line.id.whole().clone())
                .or_default()
                .push(line);
        }
        objects
    }
}

/// The word of a change.
fn word(change: Change) -> &'static str {
    match change {
        Change::Create => "added",
        Change::Alter => "changed",
        Change::Drop => "dropped",
    }
}
