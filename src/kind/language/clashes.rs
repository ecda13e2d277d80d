//! Names that PostgreSQL would refuse or cut whatever the rest says: two objects of one schema under one name, names that
//! are too long, and the schema of the history.

use std::collections::BTreeMap;

use super::Desired;
use crate::kdl::{Diagnostic, Diagnostics, Span};
use crate::kind::NameSlot;
use crate::model::{Kind, ObjectId};

/// How long a name can be, in bytes: NAMEDATALEN - 1.
const LONGEST: usize = 63;

/// Reports such names. `history` is the schema of the history, which is not the project's to declare.
pub fn clashes(desired: &Desired, history: &str, diagnostics: &Diagnostics) {
    if let Some(schema) = desired.get(&ObjectId::top(Kind::Schema, history)) {
        diagnostics.push(
            Diagnostic::error(
                "kdl::history-schema",
                format!("the schema `{history}` holds the history of the migrations"),
            )
            .at(schema.span, "declared here")
            .help("name it otherwise, or let the history stand elsewhere: `history schema=NAME` in schemactl.kdl"),
        );
    }
    let mut holders: BTreeMap<NameSlot, &ObjectId> = BTreeMap::new();
    let mut keys: BTreeMap<&ObjectId, Span> = BTreeMap::new();
    for (id, it) in &desired.objects {
        if id.name.len() > LONGEST && is_identifier(id.kind) && !it.unnamed {
            let mut end = LONGEST;
            while !id.name.is_char_boundary(end) {
                end -= 1;
            }
            diagnostics.push(
                Diagnostic::error(
                    "kdl::too-long",
                    format!("`{}` has {} bytes", id.name, id.name.len()),
                )
                .at(it.span, "named here")
                .help(format!(
                    "PostgreSQL cuts names after {LONGEST} bytes: this one would be `{}`",
                    &id.name[..end]
                )),
            );
        }
        if id.kind == Kind::PrimaryKey
            && let Some(table) = id.parent.as_deref()
            && let Some(first) = keys.insert(table, it.span)
        {
            diagnostics.push(
                Diagnostic::error("kdl::duplicate", format!("{table} has two primary keys"))
                    .at(first, "first here")
                    .at(it.span, "and again here")
                    .help("say one of them alone, with all its columns; a second key is `unique`"),
            );
            continue;
        }
        if it.unnamed {
            continue;
        }
        for slot in it.object.occupies(id) {
            let Some(other) = holders.insert(slot, id).filter(|other| *other != id) else {
                continue;
            };
            let first = desired.span(other).unwrap_or(it.span);
            diagnostics.push(
                Diagnostic::error(
                    "kdl::duplicate",
                    format!("{other} and {id} cannot have one name"),
                )
                .at(first, "first here")
                .at(it.span, "and again here")
                .help("give one of the two another name; tables, views, sequences, indexes and types of a schema share their names, and so do the constraints of a table"),
            );
            break;
        }
    }
}

/// Whether the name in an identity of this kind is an identifier of PostgreSQL.
fn is_identifier(kind: Kind) -> bool {
    kind.is_type()
        || matches!(
            kind,
            Kind::Schema
                | Kind::Role
                | Kind::Table
                | Kind::ForeignTable
                | Kind::View
                | Kind::MaterializedView
                | Kind::Sequence
                | Kind::Column
                | Kind::PrimaryKey
                | Kind::Unique
                | Kind::ForeignKey
                | Kind::Check
                | Kind::Exclude
                | Kind::Index
                | Kind::Statistics
                | Kind::Trigger
                | Kind::Rule
                | Kind::Policy
                | Kind::Function
                | Kind::Procedure
                | Kind::Aggregate
                | Kind::EventTrigger
                | Kind::Publication
        )
}
