//! `composite n { attribute n t collate=p renamed-from=n }`

use super::{Attribute, Composite};
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::comment::Comment;
use crate::kind::language::{NodeKind, Place, Reading, Reference, Writing};
use crate::kind::parts;
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "composite",
    places: &[Place::Schema],
    kinds: &[Kind::Composite],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let home = schema.schema();
    let id = schema.child(Kind::Composite, &name.value);
    let mut composite = Composite::default();
    for mut child in reader.children("attribute") {
        if let (Some(name), Some(data_type)) = (child.name(), child.type_argument()) {
            if let Some(old) = child.name_of("renamed-from") {
                composite.renamed.push((old.value, name.value.clone()));
            }
            reading.refers(Reference::to_type(&data_type, home));
            composite.attributes.push(Attribute {
                data_type: reading.data_type(&data_type.value, home),
                collation: child
                    .path("collate")
                    .map(|path| reading.qualify(&path.value, home)),
                name: name.value.clone(),
            });
            if let Some(text) = child.text("comment") {
                let attribute = id.child(Kind::Attribute, &name.value);
                let comment = Comment { text: text.value };
                let id = attribute.child(Kind::Comment, "");
                reading.declare_only(&child, &id, comment, false);
            }
        }
        child.finish();
    }
    reading.declare(reader, &id, composite);
}

/// The node of a composite type.
pub(super) fn write<'a>(
    composite: &Composite,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("composite");
    node.name(&id.name);
    writing.facets(id, &mut node);
    for attribute in &composite.attributes {
        let mut child = NodeWriter::new("attribute");
        child.name(&attribute.name);
        child.argument(&writing.data_type(&attribute.data_type, id));
        if let Some(collation) = &attribute.collation {
            child.path("collate", &parts::path(writing, collation, id));
        }
        writing.annotations(&id.child(Kind::Attribute, &attribute.name), &mut child);
        node.add(child);
    }
    Some(node)
}
