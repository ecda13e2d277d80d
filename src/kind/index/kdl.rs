//! `index n… name=n unique=#true method=n where=s nulls=not-distinct tablespace=n { column n …; expression s …; include
//! n…; with k=v }`: plain columns as arguments, anything else as children.

use super::Index;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::index_key::{self, IndexKey};
use crate::kind::language::{NodeKind, Place, Reading, Reference, Referred, Writing};
use crate::kind::partition::kdl::{Attached, attached};
use crate::kind::{Object, constraint, partition, parts};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "index",
    places: &[Place::Relation],
    kinds: &[Kind::Index],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let Some(relation) = parent else { return };
    if partition::kdl::read_attached(reading, reader, relation, Kind::Index) {
        return;
    }
    let mut index = Index {
        keys: parts::columns_meant(reading, reader, relation)
            .into_iter()
            .map(|column| IndexKey {
                column: Some(column),
                ..IndexKey::default()
            })
            .collect(),
        method: reader
            .name_of("method")
            .inspect(|name| reading.refers(Reference::to_name(Referred::Method, name)))
            .map_or_else(|| "btree".to_owned(), |name| name.value),
        unique: reader.boolean("unique").unwrap_or(false),
        predicate: reader
            .sql("where")
            .map(|sql| Expression::written(sql.value)),
        nulls_not_distinct: reader.word("nulls", &["not-distinct"]).is_some(),
        tablespace: reader.name_of("tablespace").map(|name| name.value),
        include: parts::columns_in(reading, relation, reader.list("include")),
        with: parts::options(reader, "with"),
        only: reader.boolean("only").unwrap_or(false),
        ..Index::default()
    };
    let mut keys = 0;
    for mut child in reader.children_any(&["column", "expression"]) {
        keys += 1;
        if let Some((key, target)) = index_key::read(reading, &mut child, relation) {
            index.keys.push(key);
            if let (Some(target), Ok(place)) = (target, i32::try_from(index.keys.len())) {
                index.statistics.push((place, target));
            }
        }
        child.finish();
    }
    let options = parts::options(reader, "opclass-options");
    if let (false, Some(key)) = (options.is_empty(), index.keys.first_mut()) {
        key.opclass_options = options;
    }
    // One that cannot be read is told of itself.
    if index.keys.is_empty() && keys == 0 {
        reader.missing("a column or an `expression`");
    }
    let named = index_key::named_columns(&index.keys, &index.include);
    let (id, unnamed) = parts::identity(reading, reader, relation, Kind::Index, &named);
    partition::kdl::read_tie(reading, reader, relation, &id);
    reading.declare_unnamed(reader, &id, index, unnamed);
}

/// The node of an index.
pub(super) fn write<'a>(
    index: &Index,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("index");
    let named = index_key::named_columns(&index.keys, &index.include);
    let same = |parent: &Object| match parent {
        Object::Index(parent) => {
            parent.with == index.with
                && parent.tablespace == index.tablespace
                && index.statistics.is_empty()
        }
        _ => false,
    };
    let how = attached(id, &named, writing, same);
    match &how {
        Attached::ByItself => return None,
        Attached::Renamed(parent) => {
            node.text("name", &id.name);
            node.path("attached-to", &writing.path(parent, id));
            if let Some(tablespace) = &index.tablespace {
                node.text("tablespace", tablespace);
            }
            writing.annotations(id, &mut node);
            for (place, target) in &index.statistics {
                node.child("statistics-target")
                    .number_argument(place)
                    .number_argument(target);
            }
            node.pairs("with", &index.with.0);
            return Some(node);
        }
        Attached::Own | Attached::ByStatement(_) => {}
    }
    let target = |place: usize| {
        index
            .statistics
            .iter()
            .find(|(at, _)| usize::try_from(*at) == Ok(place + 1))
            .map(|(_, target)| *target)
    };
    let plain = index.keys.iter().all(index_key::is_plain) && index.statistics.is_empty();
    let columns: Vec<&str> = index
        .keys
        .iter()
        .filter_map(|key| key.column.as_deref().filter(|_| plain))
        .collect();
    node.arguments(&columns);
    if index.unique {
        node.boolean("unique", true);
    }
    parts::write_name(id, &named, writing, &mut node);
    if index.method != "btree" {
        node.text("method", &index.method);
    }
    if let Some(predicate) = &index.predicate {
        node.sql(
            "where",
            crate::kind::naming::without_parentheses(predicate.text()),
        );
    }
    if index.nulls_not_distinct {
        node.text("nulls", "not-distinct");
    }
    if let Some(tablespace) = &index.tablespace {
        node.text("tablespace", tablespace);
    }
    if let Attached::ByStatement(parent) = &how {
        node.path("attached-to", &writing.path(parent, id));
    }
    if constraint::is_only(id, writing.catalog) {
        node.boolean("only", true);
    }
    writing.annotations(id, &mut node);
    if !plain {
        for (place, key) in index.keys.iter().enumerate() {
            node.add(index_key::write(key, target(place), id, writing));
        }
    }
    node.list("include", &index.include);
    node.pairs("with", &index.with.0);
    Some(node)
}
