//! `operator-class n for=t method=n family=p <default> { operator # x left=t right=t for-order-by=p; function # s left=t
//! right=t; storage t }`

use super::OperatorClass;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{functions, operator_member};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "operator-class",
    places: &[Place::Schema],
    kinds: &[Kind::OperatorClass],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let home = schema.schema();
    let is_default = reader.flag("default");
    let data_type = reader.typ("for");
    let method = reader.name_of("method");
    if (data_type.is_none() || method.is_none()) && !reader.is_recording() {
        reader.missing("`for=` and `method=`");
    }
    let id = schema
        .child(Kind::OperatorClass, &name.value)
        .with_signature(&method.map(|name| name.value).unwrap_or_default());
    let class = OperatorClass {
        data_type: data_type
            .map(|text| reading.data_type(&text.value, home))
            .unwrap_or_default(),
        is_default,
        family: functions::read(reading, reader, "family", home),
        storage: reader
            .typ("storage")
            .map(|text| reading.data_type(&text.value, home)),
        members: operator_member::read(reading, reader, home),
    };
    reading.declare(reader, &id, class);
}

/// The node of an operator class.
pub(super) fn write<'a>(
    class: &OperatorClass,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("operator-class");
    node.name(&id.name);
    if class.is_default {
        node.flag("default");
    }
    node.text("for", &writing.data_type(&class.data_type, id));
    node.text("method", &id.signature);
    functions::write(writing, &mut node, "family", class.family.as_ref(), id);
    writing.facets(id, &mut node);
    operator_member::write(&class.members, &class.data_type, writing, id, &mut node);
    if let Some(storage) = &class.storage {
        node.text("storage", &writing.data_type(storage, id));
    }
    Some(node)
}
