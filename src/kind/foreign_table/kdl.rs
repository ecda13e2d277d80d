//! `foreign-table n server=n { column …{ options k=x }; check; options k=x; trigger }`

use super::ForeignTable;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{secrets, table};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "foreign-table",
    places: &[Place::Schema],
    kinds: &[Kind::ForeignTable],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let Some(schema) = parent else { return };
    table::kdl::use_mixins(reading, reader, schema);
    let Some(name) = reader.name() else { return };
    let id = schema.child(Kind::ForeignTable, &name.value);
    let server = reader.name_of("server").map(|server| server.value);
    if server.is_none() && !reader.has("server") {
        reader.missing("`server=`");
    }
    let (options, secrets) = secrets::read(reader);
    let table = ForeignTable {
        server: server.unwrap_or_default(),
        options,
        secrets,
        partition_of: None,
        inherits: table::kdl::read_parents(reading, reader, &id),
    };
    reading.declare(reader, &id, table);
    reading.parts(reader, &id);
}

/// The node of a foreign table.
pub(super) fn write<'a>(
    table: &'a ForeignTable,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    if crate::kind::partition::kdl::is_nested(id, writing) {
        return None;
    }
    let mut node = NodeWriter::new("foreign-table");
    node.name(&id.name);
    node.text("server", &table.server);
    table::kdl::write_parents(id, writing, &mut node);
    writing.add_parts(id, table::kdl::PARTS, &mut node);
    writing.facets(id, &mut node);
    secrets::write(&table.options, &table.secrets, &mut node);
    Some(node)
}
