//! `foreign-data-wrapper n handler=p validator=p { options k=x password=(env)N }`

use super::ForeignDataWrapper;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{functions, secrets};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "foreign-data-wrapper",
    places: &[Place::Top],
    kinds: &[Kind::ForeignDataWrapper],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let (options, secrets) = secrets::read(reader);
    let wrapper = ForeignDataWrapper {
        handler: functions::read(reading, reader, "handler", None),
        validator: functions::read(reading, reader, "validator", None),
        options,
        secrets,
    };
    let id = ObjectId::top(Kind::ForeignDataWrapper, &name.value);
    reading.declare(reader, &id, wrapper);
}

/// The node of a foreign data wrapper.
pub(super) fn write<'a>(
    wrapper: &ForeignDataWrapper,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("foreign-data-wrapper");
    node.name(&id.name);
    for (word, name) in [
        ("handler", &wrapper.handler),
        ("validator", &wrapper.validator),
    ] {
        functions::write(writing, &mut node, word, name.as_ref(), id);
    }
    writing.facets(id, &mut node);
    secrets::write(&wrapper.options, &wrapper.secrets, &mut node);
    Some(node)
}
