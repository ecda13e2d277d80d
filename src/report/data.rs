//! The review page as programs read it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{FilePair, Review, Warning};
use crate::diff::Change;
use crate::graph::{Diagram, Order};
use crate::kind::Object;
use crate::model::{Kind, ObjectId};

/// Everything that the page says.
#[derive(Serialize, JsonSchema)]
pub struct Page<'a> {
    /// True.
    ok: bool,
    /// The project.
    project: &'a str,
    /// What is reviewed.
    subject: &'a str,
    /// The database and environment that it is for; empty where it is for none.
    database: &'a str,
    /// The hash that an approval names.
    approval: Option<&'a str>,
    /// How many objects are added.
    added: usize,
    /// How many objects are changed.
    changed: usize,
    /// How many objects are dropped.
    dropped: usize,
    /// What may hurt, worst first.
    hazards: &'a [Warning],
    /// What differs.
    changes: Vec<PageChange<'a>>,
    /// What has another name.
    renames: Vec<PageRename>,
    /// The files, in the order in which they run.
    files: &'a [FilePair],
    /// The part of the diagram that changes.
    diagram: &'a Diagram,
    /// What waits for what; none where no order could be made.
    order: Option<&'a Order>,
}

/// An object that differs.
#[derive(Serialize, JsonSchema)]
struct PageChange<'a> {
    /// What it is.
    kind: Kind,
    /// Where it is.
    path: String,
    /// What happens to it.
    change: PageVerb,
    /// Its definition before; none where it is new.
    before: Option<&'a Object>,
    /// Its definition after; none where it goes.
    after: Option<&'a Object>,
}

/// What happens to an object.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum PageVerb {
    /// It is made.
    Added,
    /// It becomes another one.
    Changed,
    /// It goes.
    Dropped,
}

/// An object with another name.
#[derive(Serialize, JsonSchema)]
struct PageRename {
    /// Where it was.
    from: String,
    /// Where it is then.
    to: String,
}

impl Review<'_> {
    /// The page as data.
    pub fn data(&self) -> Page<'_> {
        let (added, changed, dropped) = self.counts();
        let changes = self.changes.iter().map(|(id, change)| PageChange {
            kind: id.kind,
            path: id.path(),
            change: match change {
                Change::Create => PageVerb::Added,
                Change::Alter => PageVerb::Changed,
                Change::Drop => PageVerb::Dropped,
            },
            before: self.before.get(&self.before_named(id)),
            after: self.after.get(id),
        });
        let renames = self.renames.iter().map(|(from, to)| PageRename {
            from: from.path(),
            to: to.path(),
        });
        Page {
            ok: true,
            project: &self.project,
            subject: &self.subject,
            database: &self.database,
            approval: self.approval.as_deref(),
            added,
            changed,
            dropped,
            hazards: &self.hazards,
            changes: changes.collect(),
            renames: renames.collect(),
            files: &self.files,
            diagram: &self.diagram,
            order: self.order.as_ref(),
        }
    }

    /// The identity that an object had before.
    pub(super) fn before_named(&self, id: &ObjectId) -> ObjectId {
        let mut id = id.clone();
        for (from, to) in self.renames.iter().rev() {
            id = id.renamed(to, from);
        }
        id
    }
}
