//! `language n <trusted> handler=p inline=p validator=p`

use super::Language;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::functions;
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "language",
    places: &[Place::Top],
    kinds: &[Kind::Language],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let language = Language {
        trusted: reader.flag("trusted"),
        handler: functions::read(reading, reader, "handler", None),
        inline: functions::read(reading, reader, "inline", None),
        validator: functions::read(reading, reader, "validator", None),
    };
    reading.declare(
        reader,
        &ObjectId::top(Kind::Language, &name.value),
        language,
    );
}

/// The node of a language.
pub(super) fn write<'a>(
    language: &Language,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("language");
    node.name(&id.name);
    if language.trusted {
        node.flag("trusted");
    }
    for (word, name) in [
        ("handler", &language.handler),
        ("inline", &language.inline),
        ("validator", &language.validator),
    ] {
        functions::write(writing, &mut node, word, name.as_ref(), id);
    }
    writing.facets(id, &mut node);
    Some(node)
}
