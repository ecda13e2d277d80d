//! `enum n x…` or `enum n { value x renamed-from=x }`

use super::Enum;
use crate::kdl::{Diagnostic, NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::parts;
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "enum",
    places: &[Place::Schema],
    kinds: &[Kind::Enum],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let mut said = reader.arguments();
    let mut renamed = Vec::new();
    for mut child in reader.children("value") {
        if let Some(value) = child.text_argument("value") {
            if let Some(old) = child.text("renamed-from") {
                renamed.push((old.value, value.value.clone()));
            }
            said.push(value);
        }
        child.finish();
    }
    for (at, value) in said.iter().enumerate() {
        if let Some(first) = said[..at].iter().find(|first| first.value == value.value) {
            reader.report(
                Diagnostic::error(
                    "kdl::duplicate",
                    format!("the value `{}` is said twice", value.value),
                )
                .at(first.span, "first here")
                .at(value.span, "and again here")
                .help("keep one of the two"),
            );
        }
    }
    let values = parts::texts(said);
    let id = schema.child(Kind::Enum, &name.value);
    reading.declare(reader, &id, Enum { values, renamed });
}

/// The node of an enumerated type.
pub(super) fn write<'a>(
    definition: &Enum,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("enum");
    node.name(&id.name);
    if writing.value_nodes.contains(id) {
        for value in &definition.values {
            node.child("value").argument(value);
        }
    } else {
        node.arguments(&definition.values);
    }
    writing.facets(id, &mut node);
    Some(node)
}
