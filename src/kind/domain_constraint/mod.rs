//! Checks of domains.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::domain::{is_inside_another, rows};
use super::language::Writing;
use super::{
    Alteration, Context, Definition, Element, NameSlot, Preflight, Statement, naming, parts,
    reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::quote::ident;

/// A check over VALUE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct DomainConstraint {
    /// What must not be false.
    pub expression: Expression,
    /// Whether old values were never looked at.
    pub not_valid: bool,
}

impl DomainConstraint {
    fn definition(&self, id: &ObjectId) -> String {
        let name = if id.name.is_empty() {
            String::new()
        } else {
            format!("CONSTRAINT {} ", ident(&id.name))
        };
        format!(
            "{name}CHECK ({})",
            naming::without_parentheses(self.expression.text())
        )
    }
}

fn act(id: &ObjectId, action: &str) -> Statement {
    Statement::sql(format!("ALTER DOMAIN {} {action}", reference::parent(id)))
}

impl Definition for DomainConstraint {
    const KIND: Kind = Kind::DomainConstraint;
    const CLASS: &'static str = "pg_constraint";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let tail = if self.not_valid { " NOT VALID" } else { "" };
        vec![act(id, &format!("ADD {}{tail}", self.definition(id)))]
    }

    fn element(&self, id: &ObjectId, _: &Context<'_>) -> Option<Element> {
        // CREATE DOMAIN takes no NOT VALID.
        (!self.not_valid).then(|| Element::Suffix(self.definition(id)))
    }

    fn needs_new_parent(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        let domain = id.parent.as_deref().filter(|_| !self.not_valid);
        domain.is_some_and(|domain| is_inside_another(domain, context.before))
    }

    fn preflight(
        &self,
        from: Option<&Self>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Preflight> {
        let is_proven = |from: &Self| from.expression == self.expression && !from.not_valid;
        match self.not_valid || from.is_some_and(is_proven) {
            true => Vec::new(),
            false => rows::of_check(id, self.expression.text(), context),
        }
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![act(id, &format!("DROP CONSTRAINT {}", ident(&id.name)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        if self.expression == to.expression && self.not_valid && !to.not_valid {
            return Alteration::InPlace(vec![act(
                id,
                &format!("VALIDATE CONSTRAINT {}", ident(&id.name)),
            )]);
        }
        Alteration::Rebuild
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.expression
            .source
            .clone_from(&desired.expression.source);
    }

    fn structure(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        let mut node = NodeWriter::new("check");
        node.sql_argument(naming::without_parentheses(self.expression.text()));
        parts::write_name(id, &[], writing, &mut node);
        if self.not_valid {
            node.boolean("not-valid", true);
        }
        writing.annotations(id, &mut node);
        Some(node)
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::constraint(id)]
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![act(
            to,
            &format!(
                "RENAME CONSTRAINT {} TO {}",
                ident(&from.name),
                ident(&to.name)
            ),
        )]
    }
}
