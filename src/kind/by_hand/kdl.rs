//! `sql n { needs kind=p…; exists s; up s; down s }`

use super::ByHand;
use crate::kdl::{Diagnostic, NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "sql",
    places: &[Place::Top],
    kinds: &[Kind::Sql],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let mut needs = Vec::new();
    for mut child in reader.children("needs") {
        for (kind, path) in child.properties_as_pairs() {
            if Kind::from_name(&kind.value).is_none() {
                child.report(
                    Diagnostic::error(
                        "kdl::unknown-word",
                        format!("`{}` is no kind of object", kind.value),
                    )
                    .at(kind.span, "here")
                    .help("write `needs table=auth.users`, `needs function=auth.add`, `needs sql=other`"),
                );
                continue;
            }
            needs.push((kind.value, path.value));
        }
        child.finish();
    }
    let exists = reader.query("exists");
    let up = reader.statements("up");
    let down = reader.statements("down");
    let (Some(exists), Some(up), Some(down)) = (exists, up, down) else {
        if !reader.is_recording() {
            reader.missing("`exists`, `up` and `down`");
        }
        return;
    };
    let tidy = |text: &str| text.trim().trim_end_matches(';').trim_end().to_owned();
    let object = ByHand {
        exists: tidy(&exists.value),
        up: tidy(&up.value),
        down: tidy(&down.value),
        needs,
    };
    let id = ObjectId::top(Kind::Sql, &name.value);
    reading.declare_only(reader, &id, object, false);
}

pub(super) fn write(object: &ByHand, id: &ObjectId) -> NodeWriter {
    let mut node = NodeWriter::new("sql");
    node.name(&id.name);
    for (kind, path) in &object.needs {
        node.child("needs").text(kind, path);
    }
    node.query("exists", &object.exists);
    node.query("up", &object.up);
    node.query("down", &object.down);
    node
}
