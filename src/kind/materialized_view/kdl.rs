//! `materialized-view n populated=#false tablespace=n access-method=n { query; column n …; index; statistics; with;
//! cluster-on }`

use super::{MaterializedColumn, MaterializedView};
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{parts, table};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "materialized-view",
    places: &[Place::Schema],
    kinds: &[Kind::MaterializedView],
    read,
};

const STORAGE: &[&str] = &["plain", "external", "main", "extended"];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let id = schema.child(Kind::MaterializedView, &name.value);
    let query = reader.query("query");
    if query.is_none() && !reader.has("query") {
        reader.missing("a `query`");
    }
    let mut columns = Vec::new();
    let nodes = reader.children("column");
    let mut named = Vec::new();
    for mut child in nodes {
        if let Some(name) = child.name() {
            let column = MaterializedColumn {
                name: name.value,
                storage: child
                    .word("storage", STORAGE)
                    .map(|word| word.value.to_owned()),
                compression: child.name_of("compression").map(|name| name.value),
                statistics_target: child
                    .number("statistics-target")
                    .and_then(|target| i32::try_from(target.value).ok()),
                options: parts::options(&mut child, "options"),
                ..MaterializedColumn::default()
            };
            let column_id = id.child(Kind::Column, &column.name);
            if column != column.plain() {
                columns.push(column);
            }
            named.push((child, column_id));
        } else {
            child.finish();
        }
    }
    let view = MaterializedView {
        query: Expression::written(
            query
                .map(|query| query.value.trim().to_owned())
                .unwrap_or_default(),
        ),
        populated: reader.boolean("populated").unwrap_or(true),
        columns,
        with: parts::options(reader, "with"),
        tablespace: reader.name_of("tablespace").map(|name| name.value),
        access_method: reader.name_of("access-method").map(|name| name.value),
    };
    reading.declare(reader, &id, view);
    for (mut child, column) in named {
        reading.facets(&mut child, &column);
        child.finish();
    }
    reading.parts(reader, &id);
}

pub(super) fn write<'a>(
    view: &MaterializedView,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> NodeWriter {
    let mut node = NodeWriter::new("materialized-view");
    node.name(&id.name);
    if !view.populated {
        node.boolean("populated", false);
    }
    if let Some(tablespace) = &view.tablespace {
        node.text("tablespace", tablespace);
    }
    if let Some(method) = &view.access_method {
        node.text("access-method", method);
    }
    node.query("query", view.query.text());
    for column in &view.columns {
        let mut child = NodeWriter::new("column");
        child.name(&column.name);
        if let Some(storage) = &column.storage {
            child.text("storage", storage);
        }
        if let Some(compression) = &column.compression {
            child.text("compression", compression);
        }
        if let Some(target) = column.statistics_target {
            child.number("statistics-target", target.into());
        }
        writing.annotations(&id.child(Kind::Column, &column.name), &mut child);
        child.pairs("options", &column.options.0);
        if child.has_parts() {
            node.add(child);
        }
    }
    writing.add_parts(id, table::kdl::PARTS, &mut node);
    table::kdl::write_cluster(id, writing, &mut node);
    writing.facets(id, &mut node);
    node.pairs("with", &view.with.0);
    node
}
