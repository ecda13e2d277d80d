//! Checks of tables.

pub(super) mod kdl;

use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Element, NameSlot, Statement, constraint, reference};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::quote::ident;

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Check {
    /// What must not be false.
    pub expression: Expression,
    /// Whether children do without it.
    pub no_inherit: bool,
    /// Whether old rows were never looked at.
    pub not_valid: bool,
    /// Whether it is only declared (PostgreSQL 18).
    pub not_enforced: bool,
    /// Whether it is the parent's: altered there, not here.
    pub inherited: bool,
}

impl Check {
    /// Whether INHERITS brings it.
    fn comes_with(&self, table: &ObjectId, context: &Context<'_>) -> bool {
        self.inherited && super::parts::comes_with_parents(table, context)
    }

    fn definition(&self) -> String {
        let mut sql = format!("CHECK ({})", self.expression.text());
        if self.no_inherit {
            sql.push_str(" NO INHERIT");
        }
        if self.not_enforced {
            sql.push_str(" NOT ENFORCED");
        }
        sql
    }
}

impl Definition for Check {
    const KIND: Kind = Kind::Check;
    const CLASS: &'static str = "pg_constraint";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if id
            .parent
            .as_deref()
            .is_some_and(|table| self.comes_with(table, context))
        {
            return Vec::new();
        }
        let not_valid = if self.not_valid && !self.not_enforced {
            " NOT VALID"
        } else {
            ""
        };
        constraint::add(id, &format!("{}{not_valid}", self.definition()), false)
    }

    fn element(&self, id: &ObjectId, context: &Context<'_>) -> Option<Element> {
        // NOT VALID means nothing in CREATE TABLE: PostgreSQL makes it valid there.
        if self.not_valid && !self.not_enforced {
            return None;
        }
        let parent = id.parent.as_deref()?;
        if self.comes_with(parent, context) {
            return None;
        }
        constraint::element(id, &self.definition())
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        constraint::drop(id)
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let Check {
            expression,
            no_inherit,
            not_valid,
            not_enforced,
            inherited: _,
        } = self;
        let same = expression == &to.expression
            && no_inherit == &to.no_inherit
            && not_enforced == &to.not_enforced;
        if !same || (!not_valid && to.not_valid) {
            return Alteration::Rebuild;
        }
        if *not_valid && !to.not_valid {
            return Alteration::InPlace(vec![constraint::act(
                id,
                &format!("VALIDATE CONSTRAINT {}", ident(&id.name)),
            )]);
        }
        Alteration::InPlace(Vec::new())
    }

    fn is_inherited(&self) -> bool {
        self.inherited
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::constraint(id)]
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
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_part("CONSTRAINT", from, to)
    }
}
