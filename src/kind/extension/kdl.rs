//! `extension n schema=n version=x { member w x { grant; revoke } }`, and `absent extension n` for one that a new database has.

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
    let id = ObjectId::top(Kind::Extension, &name.value);
    reading.declare(reader, &id, extension);
    for mut child in reader.children("member") {
        let kind = child
            .word_argument("a kind", MEMBERS)
            .map(|word| word.value);
        let name = child.text_argument("a name with its schema");
        if let (Some(kind), Some(name)) = (kind.and_then(Kind::from_name), name) {
            let (name, signature) = match name.value.rsplit_once('(') {
                Some((name, types)) => (name, types.trim_end_matches(')')),
                None => (name.value.as_str(), ""),
            };
            let member = id.child(kind, name).with_signature(signature);
            reading.facets(&mut child, &member);
        }
        child.finish();
    }
}

/// The kinds of members that privileges stand on.
const MEMBERS: &[&str] = &[
    "function",
    "procedure",
    "aggregate",
    "table",
    "view",
    "materialized-view",
    "foreign-table",
    "sequence",
    "enum",
    "domain",
    "composite",
    "range",
    "base-type",
];

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
    for member in writing.members_with_grants(id) {
        let mut child = NodeWriter::new("member");
        child.argument(member.kind.name());
        let types = if member.kind.has_signature() {
            format!("({})", member.signature)
        } else {
            String::new()
        };
        child.argument(&format!("{}{types}", member.name));
        writing.facets(&member, &mut child);
        node.add(child);
    }
    // A new database has it: only what is said of it needs a node.
    (&*id.name != USUAL || node.has_parts()).then_some(node)
}
