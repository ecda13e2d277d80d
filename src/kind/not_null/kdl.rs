//! `not-null n name=n not-valid=#true no-inherit=#true`; without a column, the parent's of that name, of which a child or
//! a partition has a comment of its own.

use super::NotNull;
use crate::kdl::NodeWriter;
use crate::kind::language::{NodeKind, Place, Writing};
use crate::kind::{Object, parts};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "not-null",
    places: &[Place::Relation],
    kinds: &[Kind::NotNull],
    read: |reading, reader, parent| {
        let Some(relation) = parent else { return };
        if parts::speaks_of_inherited(reading, reader, relation, Kind::NotNull) {
            return;
        }
        let Some(column) = reader.name() else { return };
        let constraint = NotNull {
            not_valid: reader.flag("not-valid"),
            no_inherit: reader.flag("no-inherit"),
            column: column.value,
            inherited: false,
        };
        let named = [constraint.column.clone()];
        let (id, unnamed) = parts::identity(reading, reader, relation, Kind::NotNull, &named);
        reading.declare_unnamed(reader, &id, constraint, unnamed);
    },
};

/// The constraint of a column that has nothing but the name that it gets by itself: the column's `not-null`.
pub(in crate::kind) fn said_by_column<'a>(
    column: &ObjectId,
    writing: &Writing<'a>,
) -> Option<&'a ObjectId> {
    let catalog = writing.catalog;
    let id = super::object_of(column, catalog)?;
    let plain = NotNull {
        column: column.name.to_string(),
        ..NotNull::default()
    };
    let is_plain = matches!(catalog.get(id), Some(Object::NotNull(it)) if **it == plain);
    let is_usual = writing.is_usual_name(id, std::slice::from_ref(&plain.column));
    (is_plain && is_usual && parts::is_bare(writing, id)).then_some(id)
}

pub(super) fn write<'a>(
    constraint: &NotNull,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    if constraint.inherited {
        return parts::write_inherited(id, writing, NodeWriter::new("not-null"));
    }
    let mut node = NodeWriter::new("not-null");
    node.name(&constraint.column);
    parts::write_name(
        id,
        std::slice::from_ref(&constraint.column),
        writing,
        &mut node,
    );
    if constraint.not_valid {
        node.flag("not-valid");
    }
    if constraint.no_inherit {
        node.flag("no-inherit");
    }
    writing.annotations(id, &mut node);
    Some(node)
}
