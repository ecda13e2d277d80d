//! `operator x left=t right=t function=p commutator=p negator=p restrict=p join=p <hashes merges>`

use super::Operator;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{arguments, functions};
use crate::model::{Kind, ObjectId};
use crate::sql::slot::Shape;

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "operator",
    places: &[Place::Schema],
    kinds: &[Kind::Operator],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    if !reader.stays_within(&name, Shape::Operator) {
        return;
    }
    let home = schema.schema();
    let mut operand = |word: &'static str| {
        reader.typ(word).map(|text| {
            arguments::settled_type(&text.value, &|name: &str| reading.qualify_type(name, home))
        })
    };
    let (left, right) = (operand("left"), operand("right"));
    let none = || "NONE".to_owned();
    let signature = format!(
        "{}, {}",
        left.clone().unwrap_or_else(none),
        right.clone().unwrap_or_else(none)
    );
    let id = schema
        .child(Kind::Operator, &name.value)
        .with_signature(&signature);
    let function = functions::read(reading, reader, "function", home);
    if function.is_none() && !reader.is_recording() {
        reader.missing("`function=`");
    }
    let operator = Operator {
        left,
        right,
        function: function.unwrap_or_default(),
        commutator: functions::read(reading, reader, "commutator", home),
        negator: functions::read(reading, reader, "negator", home),
        restrict: functions::read(reading, reader, "restrict", home),
        join: functions::read(reading, reader, "join", home),
        hashes: reader.flag("hashes"),
        merges: reader.flag("merges"),
        announced: Default::default(),
    };
    reading.declare(reader, &id, operator);
}

/// The node of an operator.
pub(super) fn write<'a>(
    operator: &Operator,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("operator");
    node.name(&id.name);
    for (word, name) in [("left", &operator.left), ("right", &operator.right)] {
        if let Some(name) = name {
            node.text(word, &writing.data_type(name, id));
        }
    }
    for (word, name) in [
        ("function", Some(&operator.function)),
        ("commutator", operator.commutator.as_ref()),
        ("negator", operator.negator.as_ref()),
        ("restrict", operator.restrict.as_ref()),
        ("join", operator.join.as_ref()),
    ] {
        functions::write(writing, &mut node, word, name, id);
    }
    if operator.hashes {
        node.flag("hashes");
    }
    if operator.merges {
        node.flag("merges");
    }
    writing.facets(id, &mut node);
    Some(node)
}
