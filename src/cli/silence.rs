//! `check --explain`: what it means that the files do not say something, rule by rule, and what it is about here.

use crate::config::{Database, ManageObjects, Strictness};
use crate::kind::Object;
use crate::kind::language::Desired;
use crate::model::{Kind, ObjectId};

/// One rule.
#[derive(Debug)]
pub(super) struct Line {
    /// What is not said.
    pub(super) about: &'static str,
    /// What that means.
    pub(super) means: String,
    /// What it is about in these files; empty where nothing is.
    pub(super) here: String,
}

/// How many names a line shows.
const SHOWN: usize = 5;

/// The rules that hold for a database of the project.
pub(super) fn explain(database: &Database, desired: &Desired) -> Vec<Line> {
    let manage = &database.manage;
    let everything = database.scope.owns_everything();
    let mut lines = Vec::new();
    let mut line = |about, means: &str, here: String| {
        lines.push(Line {
            about,
            means: means.to_owned(),
            here,
        });
    };
    let schemas: Vec<String> = desired.schemas.iter().cloned().collect();
    line(
        "other schemas",
        if everything {
            "all are the project's: what is recorded and not declared is dropped, as a hazard that asks"
        } else {
            "left alone, not even listed"
        },
        format!("declared: {}", some(&schemas)),
    );
    line(
        "objects",
        match manage.objects {
            ManageObjects::History => {
                "the history decides: what a migration left is dropped, as a hazard that asks; what nobody made is drift"
            }
            ManageObjects::Declared => "left alone",
            ManageObjects::Exact => "dropped, as a hazard that asks",
        },
        String::new(),
    );
    let whole: Vec<&ObjectId> = desired
        .objects
        .keys()
        .filter(|id| !id.kind.is_facet() && is_whole(id))
        .collect();
    let said = |kind: Kind| {
        let with = |id: &ObjectId| {
            desired
                .objects
                .keys()
                .any(|facet| facet.kind == kind && facet.parent.as_deref() == Some(id))
        };
        let count = whole.iter().filter(|id| with(id)).count();
        format!("said of {count} of {} objects", whole.len())
    };
    let strict = |strictness: Strictness, exact: &'static str| match strictness {
        Strictness::Exact => exact,
        Strictness::Declared => "left as it is in the database",
    };
    line(
        "owners",
        match manage.owners {
            Strictness::Exact => "the role that applies",
            Strictness::Declared => {
                "left as they are; a new object belongs to the role that applies"
            }
        },
        said(Kind::Owner),
    );
    line(
        "comments",
        strict(manage.comments, "none: what is there is taken away"),
        said(Kind::Comment),
    );
    line(
        "grants",
        strict(
            manage.grants,
            "PostgreSQL's defaults and the default privileges: what goes beyond is revoked, what lacks is granted",
        ),
        said(Kind::Grant),
    );
    line(
        "default privileges",
        strict(
            manage.default_privileges,
            "none: what is there is taken away",
        ),
        String::new(),
    );
    let unnamed: Vec<String> = desired
        .objects
        .iter()
        .filter(|(_, object)| object.unnamed)
        .map(|(id, _)| id.path())
        .collect();
    line(
        "names of parts",
        if everything {
            "PostgreSQL's, or the project's pattern"
        } else {
            "any name fits; a new part gets PostgreSQL's, or the project's pattern"
        },
        count(&unnamed, "without a name"),
    );
    let partitioned: Vec<String> = desired
        .objects
        .iter()
        .filter(|(_, object)| matches!(&object.object, Object::Table(table) if table.partition_by.is_some()))
        .filter(|(id, _)| !desired.exact_partitions.contains(*id))
        .map(|(id, _)| id.path())
        .collect();
    line(
        "partitions",
        strict(
            manage.partitions,
            "detached and dropped, as a hazard that asks",
        ),
        count(&partitioned, "with `partitions=at-least`"),
    );
    let versions: Vec<String> = desired
        .objects
        .iter()
        .filter(
            |(_, object)| matches!(&object.object, Object::Extension(it) if it.version.is_empty()),
        )
        .map(|(id, _)| id.name.to_string())
        .collect();
    line(
        "extension versions",
        "any; a new extension gets the server's default",
        count(&versions, "without a version"),
    );
    line(
        "column order",
        "no difference; new columns come last",
        String::new(),
    );
    line(
        "roles, settings",
        "only what is said; a role is made where it is missing, never dropped",
        String::new(),
    );
    line(
        "everything else",
        "PostgreSQL's default: storage, statistics, parameters, options, states",
        String::new(),
    );
    lines
}

fn is_whole(id: &ObjectId) -> bool {
    id.parent
        .as_deref()
        .is_none_or(|parent| parent.kind == Kind::Schema)
}

fn count(names: &[String], what: &str) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!("{} {what}: {}", names.len(), some(names))
}

fn some(names: &[String]) -> String {
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    if text.is_empty() {
        text.push_str("none");
    }
    text
}
