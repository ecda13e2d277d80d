//! `range n subtype=t subtype-opclass=p collate=p canonical=p subtype-diff=p multirange=n`

use super::{Range, usual_multirange};
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::parts;
use crate::kind::shell_type::ShellType;
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "range",
    places: &[Place::Schema],
    kinds: &[Kind::Range, Kind::ShellType],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let home = schema.schema();
    let id = schema.child(Kind::Range, &name.value);
    let subtype = reader.typ("subtype");
    if subtype.is_none() && !reader.is_recording() {
        reader.missing("`subtype=`");
    }
    let mut name_at = |word: &'static str| {
        reader
            .path(word)
            .map(|path| reading.qualify(&path.value, home))
    };
    let mut range = Range {
        subtype: String::new(),
        opclass: name_at("subtype-opclass"),
        collation: name_at("collate"),
        canonical: name_at("canonical"),
        subtype_diff: name_at("subtype-diff"),
        multirange: String::new(),
        multirange_schema: None,
    };
    range.subtype = subtype
        .map(|text| reading.data_type(&text.value, home))
        .unwrap_or_default();
    match reader.path("multirange") {
        Some(path) => {
            range.multirange = path.value.name().to_owned();
            range.multirange_schema = path
                .value
                .schema()
                .filter(|schema| Some(*schema) != home)
                .map(str::to_owned);
        }
        None => range.multirange = usual_multirange(&name.value),
    }
    if range.canonical.is_some() {
        let shell = schema.child(Kind::ShellType, &name.value);
        reading.declare_only(reader, &shell, ShellType::announcing(), false);
    }
    reading.declare(reader, &id, range);
}

/// The node of a range type.
pub(super) fn write<'a>(
    range: &Range,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("range");
    node.name(&id.name);
    node.text("subtype", &writing.data_type(&range.subtype, id));
    for (word, name) in [
        ("subtype-opclass", &range.opclass),
        ("collate", &range.collation),
        ("canonical", &range.canonical),
        ("subtype-diff", &range.subtype_diff),
    ] {
        if let Some(name) = name {
            node.path(word, &parts::path(writing, name, id));
        }
    }
    if let Some(schema) = &range.multirange_schema {
        let path = crate::kdl::Path(vec![schema.clone(), range.multirange.clone()]);
        node.path("multirange", &path);
    } else if !range.multirange.is_empty() && range.multirange != usual_multirange(&id.name) {
        node.path(
            "multirange",
            &crate::kdl::Path(vec![range.multirange.clone()]),
        );
    }
    writing.facets(id, &mut node);
    Some(node)
}
