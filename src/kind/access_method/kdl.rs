//! `access-method n type=table|index handler=p`

use super::AccessMethod;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::functions;
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "access-method",
    places: &[Place::Top],
    kinds: &[Kind::AccessMethod],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let method_type = reader.word("type", &["table", "index"]);
    let handler = functions::read(reading, reader, "handler", None);
    if (method_type.is_none() || handler.is_none()) && !reader.is_recording() {
        reader.missing("`type=` and `handler=`");
    }
    let method = AccessMethod {
        method_type: method_type.map_or("index", |word| word.value).to_owned(),
        handler: handler.unwrap_or_default(),
    };
    reading.declare(
        reader,
        &ObjectId::top(Kind::AccessMethod, &name.value),
        method,
    );
}

/// The node of an access method.
pub(super) fn write<'a>(
    method: &AccessMethod,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("access-method");
    node.name(&id.name);
    node.text("type", &method.method_type);
    let handler = Some(&method.handler);
    functions::write(writing, &mut node, "handler", handler, id);
    writing.facets(id, &mut node);
    Some(node)
}
