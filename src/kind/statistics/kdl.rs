//! `statistics n… name=n schema=n { kinds w…; expression s; target # }`

use super::Statistics;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{naming, parts};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "statistics",
    places: &[Place::Relation],
    kinds: &[Kind::Statistics],
    read,
};

const KINDS: &[&str] = &["ndistinct", "dependencies", "mcv"];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let Some(relation) = parent else { return };
    let columns = parts::columns_meant(reading, reader, relation);
    let wanted = match reader.attribute("kinds") {
        Some(mut child) => {
            let words = child.word_arguments(KINDS);
            child.finish();
            words.into_iter().map(|word| word.value).collect()
        }
        None => Vec::new(),
    };
    let kinds: Vec<String> = KINDS
        .iter()
        .filter(|kind| wanted.contains(*kind) && wanted.len() < KINDS.len())
        .map(|kind| (*kind).to_owned())
        .collect();
    let mut expressions = Vec::new();
    for mut child in reader.children("expression") {
        if let Some(expression) = child.sql_argument() {
            expressions.push(Expression::written(expression.value));
        }
        child.finish();
    }
    let statistics = Statistics {
        schema_name: reader.name_of("schema").map(|name| name.value),
        kinds,
        columns,
        expressions,
        target: reader
            .number("target")
            .and_then(|target| i32::try_from(target.value).ok()),
    };
    if statistics.columns.is_empty() && statistics.expressions.is_empty() {
        reader.missing("a column or an `expression`");
    }
    let named = named_columns(&statistics);
    let (id, unnamed) = parts::identity(reading, reader, relation, Kind::Statistics, &named);
    reading.declare_unnamed(reader, &id, statistics, unnamed);
}

/// The columns that the name is made of; PostgreSQL calls every expression `expr`.
fn named_columns(statistics: &Statistics) -> Vec<String> {
    let expressions = statistics.expressions.iter().map(|_| "expr".to_owned());
    statistics
        .columns
        .iter()
        .cloned()
        .chain(expressions)
        .collect()
}

pub(super) fn write<'a>(
    statistics: &Statistics,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> NodeWriter {
    let mut node = NodeWriter::new("statistics");
    node.arguments(&statistics.columns);
    parts::write_name(id, &named_columns(statistics), writing, &mut node);
    if let Some(schema) = &statistics.schema_name {
        node.text("schema", schema);
    }
    if let Some(target) = statistics.target {
        node.number("target", target.into());
    }
    writing.facets(id, &mut node);
    node.list("kinds", &statistics.kinds);
    for expression in &statistics.expressions {
        node.child("expression")
            .sql_argument(naming::without_parentheses(expression.text()));
    }
    node
}
