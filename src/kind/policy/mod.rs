//! Row-level security policies.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, HazardClass, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::quote::ident;

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Policy {
    /// `all`, `select`, `insert`, `update` or `delete`.
    pub command: String,
    /// Whether it takes rows away rather than giving them.
    pub restrictive: bool,
    /// For whom, sorted; empty for everybody.
    pub roles: Vec<String>,
    /// The rows that are seen.
    pub using: Option<Expression>,
    /// The rows that may be written.
    pub with_check: Option<Expression>,
}

impl Policy {
    fn to(&self) -> String {
        if self.roles.is_empty() {
            "PUBLIC".to_owned()
        } else {
            reference::columns(&self.roles)
        }
    }

    fn authorization(&self, id: &ObjectId, sql: String) -> Statement {
        Statement::sql(sql).hazard(
            "policy",
            HazardClass::Authorization,
            id,
            "which rows a role sees or writes changes",
        )
    }
}

impl Definition for Policy {
    const KIND: Kind = Kind::Policy;
    const CLASS: &'static str = "pg_policy";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!(
            "CREATE POLICY {} ON {}",
            ident(&id.name),
            reference::parent(id)
        );
        if self.restrictive {
            sql.push_str(" AS RESTRICTIVE");
        }
        if self.command != "all" {
            sql.push_str(&format!(" FOR {}", self.command.to_uppercase()));
        }
        if !self.roles.is_empty() {
            sql.push_str(&format!(" TO {}", self.to()));
        }
        if let Some(using) = &self.using {
            sql.push_str(&format!(" USING ({})", using.text()));
        }
        if let Some(check) = &self.with_check {
            sql.push_str(&format!(" WITH CHECK ({})", check.text()));
        }
        vec![self.authorization(id, sql)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let sql = format!(
            "DROP POLICY {} ON {}",
            ident(&id.name),
            reference::parent(id)
        );
        vec![self.authorization(id, sql)]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let Policy {
            command,
            restrictive,
            roles,
            using,
            with_check,
        } = self;
        let removed = (using.is_some() && to.using.is_none())
            || (with_check.is_some() && to.with_check.is_none());
        if command != &to.command || restrictive != &to.restrictive || removed {
            return Alteration::Rebuild;
        }
        let mut sql = format!(
            "ALTER POLICY {} ON {}",
            ident(&id.name),
            reference::parent(id)
        );
        if roles != &to.roles {
            sql.push_str(&format!(" TO {}", to.to()));
        }
        if let Some(expression) = to.using.as_ref().filter(|_| using != &to.using) {
            sql.push_str(&format!(" USING ({})", expression.text()));
        }
        if let Some(expression) = to
            .with_check
            .as_ref()
            .filter(|_| with_check != &to.with_check)
        {
            sql.push_str(&format!(" WITH CHECK ({})", expression.text()));
        }
        Alteration::InPlace(vec![self.authorization(id, sql)])
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        for (mine, theirs) in [
            (&mut self.using, &desired.using),
            (&mut self.with_check, &desired.with_check),
        ] {
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                mine.source.clone_from(&theirs.source);
            }
        }
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        Some(kdl::write(self, id, writing))
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER POLICY {} ON {} RENAME TO {}",
            ident(&from.name),
            reference::parent(to),
            ident(&to.name)
        ))]
    }
}
