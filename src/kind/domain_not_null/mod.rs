//! Not-null constraints of domains with a name or a comment of their own (from PostgreSQL 17); else NOT NULL is a word of the
//! domain. The domain says whether null is refused, this only what the constraint is called.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::{Writing, object_name};
use super::{Alteration, Catalog, Context, Definition, NameSlot, Object, Statement};
use super::{parts, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// A not-null constraint of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct DomainNotNull {}

/// From this version on the constraints have names.
const NAMED: u32 = 170_000;

/// The object that says the constraint of a domain.
pub(super) fn named<'c>(domain: &ObjectId, catalog: &'c Catalog) -> Option<&'c ObjectId> {
    let constraints = catalog.children(domain, Kind::DomainNotNull);
    constraints.first().map(|(id, _)| *id)
}

/// The name that the constraint of a domain has.
fn name_in(domain: &ObjectId, catalog: &Catalog) -> String {
    named(domain, catalog).map_or_else(
        || object_name(&domain.name, "", "not_null"),
        |id| id.name.to_string(),
    )
}

fn refuses_null(domain: &ObjectId, catalog: &Catalog) -> bool {
    matches!(catalog.get(domain), Some(Object::Domain(it)) if it.not_null)
}

/// Whether the domain refuses null before and after, and is the same.
fn stays(domain: &ObjectId, context: &Context<'_>) -> bool {
    context.keeps(domain)
        && refuses_null(domain, context.before)
        && refuses_null(domain, context.after)
}

fn act(domain: &ObjectId, action: &str) -> Statement {
    Statement::sql(format!("ALTER DOMAIN {} {action}", reference::name(domain)))
}

fn renamed(domain: &ObjectId, from: &str, to: &str) -> Option<Statement> {
    let action = format!("RENAME CONSTRAINT {} TO {}", ident(from), ident(to));
    (from != to).then(|| act(domain, &action))
}

/// The statement by which a domain that is there begins to refuse null.
pub(super) fn begin(domain: &ObjectId, context: &Context<'_>) -> Statement {
    match named(domain, context.after) {
        Some(id) if context.server_version >= NAMED => {
            let action = format!("ADD CONSTRAINT {} NOT NULL", ident(&id.name));
            act(domain, &action)
        }
        _ => act(domain, "SET NOT NULL"),
    }
}

/// The words of a domain's definition by which it refuses null.
pub(super) fn words(domain: &ObjectId, catalog: &Catalog) -> String {
    match named(domain, catalog) {
        Some(id) => format!(" CONSTRAINT {} NOT NULL", ident(&id.name)),
        None => " NOT NULL".to_owned(),
    }
}

impl Definition for DomainNotNull {
    const KIND: Kind = Kind::DomainNotNull;
    const CLASS: &'static str = "pg_constraint";
    const CATALOG: &'static str = include_str!("catalog.sql");

    /// It comes with the domain's own statements; of one that is there already the name is changed.
    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let domain = id.parent.as_deref().filter(|it| stays(it, context));
        let from = domain.map(|domain| name_in(domain, context.before));
        domain
            .zip(from)
            .and_then(|(domain, from)| renamed(domain, &from, &id.name))
            .into_iter()
            .collect()
    }

    /// What stays under another name keeps nothing that was said of it.
    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let Some(domain) = id.parent.as_deref().filter(|it| stays(it, context)) else {
            return Vec::new();
        };
        let comment = id.child(Kind::Comment, "");
        let object = context.before.get(&comment);
        let mut statements: Vec<Statement> = object
            .into_iter()
            .flat_map(|it| it.drop(&comment, context))
            .collect();
        // Where another object says what it becomes, that one renames it.
        if named(domain, context.after).is_none() {
            let to = name_in(domain, context.after);
            statements.extend(renamed(domain, &id.name, &to));
        }
        statements
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::InPlace(Vec::new())
    }

    fn is_mere_name(&self, id: &ObjectId, catalog: &Catalog) -> bool {
        id.parent
            .as_deref()
            .is_some_and(|domain| refuses_null(domain, catalog) && named(domain, catalog).is_none())
    }

    /// A domain has one at most, whatever its name.
    fn structure(&self) -> Option<serde_json::Value> {
        Some(serde_json::Value::Null)
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::constraint(id)]
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        let mut node = NodeWriter::new("not-null");
        parts::write_name(id, &[], writing, &mut node);
        writing.annotations(id, &mut node);
        Some(node)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        let domain = to.parent.as_deref();
        domain
            .and_then(|domain| renamed(domain, &from.name, &to.name))
            .into_iter()
            .collect()
    }
}
