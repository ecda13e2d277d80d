//! `conversion n from=x to=x function=p <default>`

use super::Conversion;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::functions;
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "conversion",
    places: &[Place::Schema],
    kinds: &[Kind::Conversion],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let is_default = reader.flag("default");
    let (from, to) = (reader.text("from"), reader.text("to"));
    let function = functions::read(reading, reader, "function", schema.schema());
    if (from.is_none() || to.is_none() || function.is_none()) && !reader.is_recording() {
        reader.missing("`from=`, `to=` and `function=`");
    }
    let conversion = Conversion {
        from: from.map(|text| text.value).unwrap_or_default(),
        to: to.map(|text| text.value).unwrap_or_default(),
        function: function.unwrap_or_default(),
        is_default,
    };
    reading.declare(
        reader,
        &schema.child(Kind::Conversion, &name.value),
        conversion,
    );
}

/// The node of a conversion.
pub(super) fn write<'a>(
    conversion: &Conversion,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("conversion");
    node.name(&id.name);
    if conversion.is_default {
        node.flag("default");
    }
    node.text("from", &conversion.from)
        .text("to", &conversion.to);
    let function = Some(&conversion.function);
    functions::write(writing, &mut node, "function", function, id);
    writing.facets(id, &mut node);
    Some(node)
}
