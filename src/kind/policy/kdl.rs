//! `policy n for=w as=restrictive to=n { to n…; using s; with-check s }`

use super::Policy;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{naming, parts};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "policy",
    places: &[Place::Relation],
    kinds: &[Kind::Policy],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(relation), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let words = &["all", "select", "insert", "update", "delete"];
    let command = reader.word("for", words).map_or("all", |word| word.value);
    let restrictive = reader
        .word("as", &["permissive", "restrictive"])
        .is_some_and(|word| word.value == "restrictive");
    let mut roles = parts::texts(reader.list("to"));
    if roles.iter().any(|role| role.eq_ignore_ascii_case("public")) {
        roles.clear();
    }
    roles.sort();
    roles.dedup();
    let policy = Policy {
        command: command.to_owned(),
        restrictive,
        roles,
        using: reader
            .sql("using")
            .map(|sql| Expression::written(sql.value)),
        with_check: reader
            .sql("with-check")
            .map(|sql| Expression::written(sql.value)),
    };
    reading.declare(reader, &relation.child(Kind::Policy, &name.value), policy);
}

pub(super) fn write<'a>(
    policy: &Policy,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> NodeWriter {
    let mut node = NodeWriter::new("policy");
    node.name(&id.name);
    if policy.command != "all" {
        node.text("for", &policy.command);
    }
    if policy.restrictive {
        node.text("as", "restrictive");
    }
    let text = |expression: &Expression| naming::without_parentheses(expression.text()).to_owned();
    node.list("to", &policy.roles);
    if let Some(using) = &policy.using {
        node.sql("using", &text(using));
    }
    if let Some(check) = &policy.with_check {
        node.sql("with-check", &text(check));
    }
    writing.annotations(id, &mut node);
    node
}
