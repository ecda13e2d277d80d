//! `absent schema public` and `absent extension plpgsql`: what every new database has and this one must not.

use super::{NodeKind, Place, Reading};
use crate::kdl::{Diagnostic, NodeReader};
use crate::kind::Catalog;
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const ABSENT: NodeKind = NodeKind {
    word: "absent",
    places: &[Place::Top],
    kinds: &[],
    read,
};

/// What a new database has, made from `template0`.
const USUAL: &[(Kind, &str)] = &[(Kind::Schema, "public"), (Kind::Extension, "plpgsql")];

fn usual() -> impl Iterator<Item = ObjectId> {
    USUAL.iter().map(|(kind, name)| ObjectId::top(*kind, name))
}

fn is_usual(id: &ObjectId) -> bool {
    usual().any(|it| it == *id)
}

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let kind = reader.word_argument("kind", &["schema", "extension"]);
    let (Some(kind), Some(name)) = (kind, reader.name()) else {
        return;
    };
    if let Some(kind) = Kind::from_name(kind.value) {
        let id = ObjectId::top(kind, &name.value);
        if !is_usual(&id) {
            let mistake = Diagnostic::error("kdl::no-effect", format!("no new database has {id}"))
                .at(name.span, "absent anyway")
                .help("`absent` is for what a new database has: schema public, extension plpgsql; take the line out: what the project had goes with its own line in the files, and the rest by hand");
            reading.diagnostics.push(mistake);
            return;
        }
        let span = reader.node().head();
        reading.desired.absent.entry(id).or_insert(span);
    }
}

/// Reports what is said to be absent and declared too.
pub(super) fn contradictions(reading: &Reading<'_>) {
    for (id, span) in &reading.desired.absent {
        if let Some(declared) = reading.desired.objects.get(id) {
            let mistake = Diagnostic::error(
                "kdl::contradiction",
                format!("{id} is declared and said to be absent"),
            )
            .at(*span, "absent here")
            .at(declared.span, "declared here")
            .help("keep one of the two");
            reading.diagnostics.push(mistake);
        }
    }
}

/// What of a new database is missing in a catalog that holds a whole database.
pub fn missing(catalog: &Catalog) -> Vec<ObjectId> {
    usual().filter(|id| !catalog.contains(id)).collect()
}
