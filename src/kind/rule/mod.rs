//! Rewrite rules of tables and views, a view's own apart.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::quote::ident;

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Rule {
    /// `select`, `insert`, `update` or `delete`.
    pub event: String,
    /// What stands behind the table in `pg_get_ruledef`: `WHERE (…) DO INSTEAD NOTHING`.
    pub body: Expression,
    /// `origin`, `replica`, `always` or `disabled`, as session_replication_role goes.
    pub enabled: String,
}

impl Rule {
    fn statement(&self, verb: &str, id: &ObjectId) -> Statement {
        Statement::sql(format!(
            "{verb} RULE {} AS ON {} TO {} {}",
            ident(&id.name),
            self.event.to_uppercase(),
            reference::parent(id),
            self.body.text().trim()
        ))
    }

    fn enable(&self, id: &ObjectId) -> Statement {
        let verb = match self.enabled.as_str() {
            "disabled" => "DISABLE",
            "replica" => "ENABLE REPLICA",
            "always" => "ENABLE ALWAYS",
            _ => "ENABLE",
        };
        Statement::alter(
            format!("ALTER TABLE {}", reference::parent(id)),
            format!("{verb} RULE {}", ident(&id.name)),
        )
    }
}

impl Definition for Rule {
    const KIND: Kind = Kind::Rule;
    const CLASS: &'static str = "pg_rewrite";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut statements = vec![self.statement("CREATE", id)];
        if self.enabled != "origin" {
            statements.push(self.enable(id));
        }
        statements
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "DROP RULE {} ON {}",
            ident(&id.name),
            reference::parent(id)
        ))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let Rule {
            event,
            body,
            enabled,
        } = self;
        let mut statements = Vec::new();
        if event != &to.event || body != &to.body {
            statements.push(to.statement("CREATE OR REPLACE", id));
        }
        if enabled != &to.enabled {
            statements.push(to.enable(id));
        }
        Alteration::InPlace(statements)
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.body.source.clone_from(&desired.body.source);
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        Some(kdl::write(self, id, writing))
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER RULE {} ON {} RENAME TO {}",
            ident(&from.name),
            reference::parent(to),
            ident(&to.name)
        ))]
    }
}
