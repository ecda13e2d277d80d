//! What all constraints of tables share: how they are added, dropped, renamed and deferred.

use super::{Context, Element, Object, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// `CONSTRAINT name definition` inside CREATE TABLE.
pub fn element(id: &ObjectId, definition: &str) -> Option<Element> {
    Some(Element::Line(named(id, definition)))
}

/// `CONSTRAINT name definition`; without a name where a desired constraint leaves it to PostgreSQL.
pub fn named(id: &ObjectId, definition: &str) -> String {
    if id.name.is_empty() {
        definition.to_owned()
    } else {
        format!("CONSTRAINT {} {definition}", ident(&id.name))
    }
}

/// ALTER TABLE ADD CONSTRAINT, with ONLY where the partitions get theirs by statements of their own.
pub fn add(id: &ObjectId, definition: &str, only: bool) -> Vec<Statement> {
    let Some(relation) = id.parent.as_deref() else {
        return Vec::new();
    };
    let head = if only {
        format!(
            "ALTER {} ONLY {}",
            relation.kind.sql(),
            reference::name(relation)
        )
    } else {
        reference::alter_relation(relation)
    };
    vec![Statement::alter(
        head,
        format!("ADD {}", named(id, definition)),
    )]
}

/// ALTER TABLE DROP CONSTRAINT.
pub fn drop(id: &ObjectId) -> Vec<Statement> {
    let Some(relation) = id.parent.as_deref() else {
        return Vec::new();
    };
    vec![Statement::alter(
        reference::alter_relation(relation),
        format!("DROP CONSTRAINT {}", ident(&id.name)),
    )]
}

/// One action of ALTER TABLE on the constraint.
pub fn act(id: &ObjectId, action: &str) -> Statement {
    let head = id
        .parent
        .as_deref()
        .map(reference::alter_relation)
        .unwrap_or_default();
    Statement::alter(head, action)
}

/// ` DEFERRABLE INITIALLY DEFERRED` and the like; empty for a constraint that cannot be deferred.
pub fn deferral(deferrable: Option<&str>) -> &'static str {
    match deferrable {
        Some("deferred") => " DEFERRABLE INITIALLY DEFERRED",
        Some(_) => " DEFERRABLE",
        None => "",
    }
}

/// The action of ALTER CONSTRAINT for another deferral.
pub fn alter_deferral(id: &ObjectId, deferrable: Option<&str>) -> Statement {
    let how = match deferrable {
        Some("deferred") => "DEFERRABLE INITIALLY DEFERRED",
        Some(_) => "DEFERRABLE INITIALLY IMMEDIATE",
        None => "NOT DEFERRABLE",
    };
    act(id, &format!("ALTER CONSTRAINT {} {how}", ident(&id.name)))
}

/// Whether the table has partitions now that stay attached: their indexes are made by statements of their own and
/// attached then. A table that gets its first partitions by this plan has its indexes before.
pub fn has_partitions(id: &ObjectId, context: &Context<'_>) -> bool {
    let Some(relation) = id.parent.as_deref() else {
        return false;
    };
    if !context.before.partitioned.contains(relation)
        || !context.after.partitioned.contains(relation)
    {
        return false;
    }
    let name = super::parts::qualified_name(relation);
    context
        .after
        .of_kind(Kind::Partition)
        .any(|(tie, object)| match object {
            Object::Partition(partition) => {
                partition.parent == name && context.before.get(tie) == Some(object)
            }
            _ => false,
        })
}

/// Whether an index or key of a partition vanishes with the partitioned table's, to which it stays attached.
pub fn goes_with_parent(id: &ObjectId, context: &Context<'_>) -> bool {
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    let tie = table.child(Kind::Partition, "");
    context.before.contains(&id.child(Kind::IndexAttach, ""))
        && context.before.contains(&tie)
        && context.before.get(&tie) == context.after.get(&tie)
}

/// ALTER of a relation, with ONLY where it has children or partitions that say their own: PostgreSQL would carry
/// defaults and column settings down.
pub fn alter_only(relation: &ObjectId, context: &Context<'_>) -> String {
    let name = super::parts::qualified_name(relation);
    let has_children = relation.kind == Kind::Table
        && (context.after.partitioned.contains(relation)
            || context
                .after
                .of_kind(Kind::Inherits)
                .any(|(_, object)| matches!(object, Object::Inherits(it) if it.parent == name)));
    let only = if has_children { "ONLY " } else { "" };
    format!(
        "ALTER {} {only}{}",
        relation.kind.sql(),
        reference::name(relation)
    )
}
