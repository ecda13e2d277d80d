//! `sequence n as=t start=# increment=# min=# max=# cache=# cycle unlogged owned-by=p`

use super::Sequence;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::Object;
use crate::kind::language::{NodeKind, Place, Reading, Reference, Referred, Writing};
use crate::model::{Kind, ObjectId, QualifiedName};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "sequence",
    places: &[Place::Schema],
    kinds: &[Kind::Sequence, Kind::SequenceOwner],
    read,
};

/// The options that a sequence node and an identity node share.
pub(in crate::kind) fn read_options(reader: &mut NodeReader<'_>, data_type: &str) -> Sequence {
    let increment = reader.number("increment").map_or(1, |number| number.value);
    let mut sequence = Sequence::defaults(data_type, increment);
    if let Some(min) = reader.number("min") {
        sequence.min = min.value;
    }
    if let Some(max) = reader.number("max") {
        sequence.max = max.value;
    }
    sequence.start = match reader.number("start") {
        Some(start) => start.value,
        None if increment < 0 => sequence.max,
        None => sequence.min,
    };
    if let Some(cache) = reader.number("cache") {
        sequence.cache = cache.value;
    }
    sequence.cycle = reader.flag("cycle");
    sequence
}

/// Writes the options that differ from the defaults.
pub(in crate::kind) fn write_options(sequence: &Sequence, node: &mut NodeWriter) {
    let usual = Sequence::defaults(&sequence.data_type, sequence.increment);
    if sequence.cycle {
        node.flag("cycle");
    }
    let first = if sequence.increment < 0 {
        sequence.max
    } else {
        sequence.min
    };
    for (word, value, usual) in [
        ("start", sequence.start, first),
        ("increment", sequence.increment, 1),
        ("min", sequence.min, usual.min),
        ("max", sequence.max, usual.max),
        ("cache", sequence.cache, 1),
    ] {
        if value != usual {
            node.number(word, value);
        }
    }
}

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let id = schema.child(Kind::Sequence, &name.value);
    let unlogged = reader.flag("unlogged");
    let data_type = match reader.typ("as") {
        Some(data_type) => match data_type.value.as_str() {
            "int2" => "smallint".to_owned(),
            "int" | "int4" => "integer".to_owned(),
            "int8" => "bigint".to_owned(),
            other => other.to_owned(),
        },
        None => "bigint".to_owned(),
    };
    let mut sequence = read_options(reader, &data_type);
    sequence.unlogged = unlogged;
    if let Some(path) = reader.path("owned-by") {
        let parts = &path.value.0;
        let column = path.value.name().to_owned();
        let table = crate::kdl::Path(parts[..parts.len().saturating_sub(1)].to_vec());
        let table = if table.0.is_empty() {
            QualifiedName::default()
        } else {
            let owner = crate::kdl::Spanned::new(table.clone(), path.span);
            let column = crate::kdl::Spanned::new(column.clone(), path.span);
            let reference = Reference::new(Referred::Relation, &owner, id.schema());
            reading.refers(reference.columns(vec![column]));
            reading.qualify(&table, id.schema())
        };
        let owner = crate::kind::sequence_owner::SequenceOwner { table, column };
        reading.declare_only(reader, &id.child(Kind::SequenceOwner, ""), owner, false);
    }
    reading.declare(reader, &id, sequence);
}

/// The node of a sequence.
pub(super) fn write<'a>(
    sequence: &Sequence,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    if crate::kind::column::kdl::serial_column(id, writing).is_some() {
        return None;
    }
    let mut node = NodeWriter::new("sequence");
    node.name(&id.name);
    if sequence.unlogged {
        node.flag("unlogged");
    }
    if sequence.data_type != "bigint" {
        node.text("as", &sequence.data_type);
    }
    write_options(sequence, &mut node);
    let owner = id.child(Kind::SequenceOwner, "");
    if let Some(Object::SequenceOwner(owned)) = writing.catalog.get(&owner) {
        let mut path = writing.path(&owned.table, id);
        path.0.push(owned.column.clone());
        node.path("owned-by", &path);
        writing.said(&owner);
    }
    writing.facets(id, &mut node);
    Some(node)
}
