//! `primary-key n… name=n deferrable=w without-overlaps=#true { include n…; with k=v; tablespace n }`, `unique` the same
//! with `nulls=not-distinct`.

use super::{Key, PrimaryKey, Unique};
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::partition::kdl::{Attached, attached};
use crate::kind::{Object, constraint, partition, parts};
use crate::model::{Kind, ObjectId};

/// The node of a primary key.
pub(in crate::kind) const PRIMARY_KEY: NodeKind = NodeKind {
    word: "primary-key",
    places: &[Place::Relation],
    kinds: &[Kind::PrimaryKey],
    read: |reading, reader, parent| {
        if let Some((id, key, unnamed)) = read(reading, reader, parent, Kind::PrimaryKey) {
            reading.declare_unnamed(reader, &id, PrimaryKey(key), unnamed);
        }
    },
};

/// The node of a unique constraint.
pub(in crate::kind) const UNIQUE: NodeKind = NodeKind {
    word: "unique",
    places: &[Place::Relation],
    kinds: &[Kind::Unique],
    read: |reading, reader, parent| {
        if let Some((id, key, unnamed)) = read(reading, reader, parent, Kind::Unique) {
            reading.declare_unnamed(reader, &id, Unique(key), unnamed);
        }
    },
};

fn read(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    parent: Option<&ObjectId>,
    kind: Kind,
) -> Option<(ObjectId, Key, bool)> {
    let relation = parent?;
    if partition::kdl::read_attached(reading, reader, relation, kind) {
        return None;
    }
    let columns = parts::columns_meant(reading, reader, relation);
    let key = Key {
        include: parts::columns_in(reading, relation, reader.list("include")),
        nulls_not_distinct: kind == Kind::Unique
            && reader.word("nulls", &["not-distinct"]).is_some(),
        deferrable: parts::deferral(reader),
        without_overlaps: reader.boolean("without-overlaps").unwrap_or(false),
        with: parts::options(reader, "with"),
        tablespace: reader.name_of("tablespace").map(|name| name.value),
        only: reader.boolean("only").unwrap_or(false),
        columns,
    };
    if key.columns.is_empty() {
        reader.missing("a column");
    }
    let named = named_columns(&key);
    let (id, unnamed) = parts::identity(reading, reader, relation, kind, &named);
    partition::kdl::read_tie(reading, reader, relation, &id);
    Some((id, key, unnamed))
}

/// The columns that PostgreSQL makes the name of.
fn named_columns(key: &Key) -> Vec<String> {
    key.columns.iter().chain(&key.include).cloned().collect()
}

/// Whether the key says nothing but its one column, under the name that it gets by itself: a flag of the column.
pub(in crate::kind) fn is_flag(key: &Key, id: &ObjectId, writing: &Writing<'_>) -> bool {
    let plain = Key {
        columns: key.columns.clone(),
        ..Key::default()
    };
    key.columns.len() == 1
        && *key == plain
        && writing.is_usual_name(id, &key.columns)
        && !constraint::is_only(id, writing.catalog)
        && parts::is_bare(writing, id)
}

/// The node of a key.
pub(super) fn write<'a>(
    key: &Key,
    word: &str,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new(word);
    let alike = |parent: &Key| parent.with == key.with && parent.tablespace == key.tablespace;
    let same = |parent: &Object| match parent {
        Object::PrimaryKey(parent) => alike(&parent.0),
        Object::Unique(parent) => alike(&parent.0),
        _ => false,
    };
    let how = attached(id, &named_columns(key), writing, same);
    match &how {
        Attached::ByItself => return None,
        Attached::Renamed(parent) => {
            node.text("name", &id.name);
            node.path("attached-to", &writing.path(parent, id));
            if let Some(tablespace) = &key.tablespace {
                node.text("tablespace", tablespace);
            }
            writing.annotations(id, &mut node);
            node.pairs("with", &key.with.0);
            return Some(node);
        }
        Attached::Own | Attached::ByStatement(_) => {}
    }
    node.arguments(&key.columns);
    parts::write_name(id, &named_columns(key), writing, &mut node);
    if let Attached::ByStatement(parent) = &how {
        node.path("attached-to", &writing.path(parent, id));
    }
    if constraint::is_only(id, writing.catalog) {
        node.boolean("only", true);
    }
    if key.nulls_not_distinct {
        node.text("nulls", "not-distinct");
    }
    if let Some(deferrable) = &key.deferrable {
        node.text("deferrable", deferrable);
    }
    if key.without_overlaps {
        node.boolean("without-overlaps", true);
    }
    if let Some(tablespace) = &key.tablespace {
        node.text("tablespace", tablespace);
    }
    writing.annotations(id, &mut node);
    node.list("include", &key.include);
    node.pairs("with", &key.with.0);
    Some(node)
}
