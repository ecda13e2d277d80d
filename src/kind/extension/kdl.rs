//! `extension n schema=n version=x`, and `absent extension n` for one that a new database has.

use super::Extension;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "extension",
    places: &[Place::Top],
    kinds: &[Kind::Extension],
    read,
};

/// The extension that every new database has.
pub(in crate::kind) const USUAL: &str = "plpgsql";

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let extension = Extension {
        schema_name: reader
            .name_of("schema")
            .map(|name| name.value)
            .unwrap_or_default(),
        version: String::new(),
        fixed: false,
        stated: reader.text("version").map(|text| text.value),
    };
    reading.declare(
        reader,
        &ObjectId::top(Kind::Extension, &name.value),
        extension,
    );
}

/// The node of an extension; the version is left to whoever installs it.
pub(super) fn write<'a>(
    extension: &Extension,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("extension");
    node.name(&id.name);
    if extension.schema_name != "public" && !extension.fixed {
        node.text("schema", &extension.schema_name);
    }
    writing.facets(id, &mut node);
    // A new database has it: only what is said of it needs a node.
    (&*id.name != USUAL || node.has_parts()).then_some(node)
}
