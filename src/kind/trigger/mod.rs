//! Triggers of tables, foreign tables and views, constraint triggers included. What a partition has from its partitioned
//! table is no object.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, constraint, reference};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId, QualifiedName};
use crate::sql::quote::{ident, literal};

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Trigger {
    /// `before`, `after` or `instead-of`.
    pub timing: String,
    /// `insert`, `delete`, `update`, `truncate`, in this order.
    pub events: Vec<String>,
    /// The columns of UPDATE OF.
    pub columns: Vec<String>,
    /// FOR EACH ROW rather than FOR EACH STATEMENT.
    pub for_each_row: bool,
    /// What must be true.
    pub when: Option<Expression>,
    /// The name of the rows before.
    pub old_table: Option<String>,
    /// The name of the rows after.
    pub new_table: Option<String>,
    /// The function.
    pub function: QualifiedName,
    /// What the function is given.
    pub arguments: Vec<String>,
    /// Whether it is a constraint trigger.
    pub constraint: bool,
    /// `immediate` or `deferred` for a constraint trigger that can be deferred.
    pub deferrable: Option<String>,
    /// The other table of a constraint trigger.
    pub from: Option<QualifiedName>,
    /// `origin`, `always`, `replica` or `disabled`.
    pub enabled: String,
}

/// The order of events that the catalog gives.
const EVENTS: &[&str] = &["insert", "delete", "update", "truncate"];

impl Trigger {
    fn statement(&self, verb: &str, id: &ObjectId) -> Statement {
        let kind = if self.constraint {
            "CONSTRAINT TRIGGER"
        } else {
            "TRIGGER"
        };
        let events: Vec<String> = self
            .events
            .iter()
            .map(|event| {
                if event == "update" && !self.columns.is_empty() {
                    format!("UPDATE OF {}", reference::columns(&self.columns))
                } else {
                    event.to_uppercase()
                }
            })
            .collect();
        let mut sql = format!(
            "{verb} {kind} {} {} {} ON {}",
            ident(&id.name),
            self.timing.replace('-', " ").to_uppercase(),
            events.join(" OR "),
            reference::parent(id)
        );
        if let Some(from) = &self.from {
            sql.push_str(&format!(" FROM {}", reference::of(from)));
        }
        sql.push_str(constraint::deferral(self.deferrable.as_deref()));
        if self.old_table.is_some() || self.new_table.is_some() {
            sql.push_str(" REFERENCING");
            if let Some(old) = &self.old_table {
                sql.push_str(&format!(" OLD TABLE AS {}", ident(old)));
            }
            if let Some(new) = &self.new_table {
                sql.push_str(&format!(" NEW TABLE AS {}", ident(new)));
            }
        }
        sql.push_str(if self.for_each_row {
            " FOR EACH ROW"
        } else {
            " FOR EACH STATEMENT"
        });
        if let Some(when) = &self.when {
            sql.push_str(&format!(" WHEN ({})", when.text()));
        }
        let arguments: Vec<String> = self.arguments.iter().map(|text| literal(text)).collect();
        sql.push_str(&format!(
            " EXECUTE FUNCTION {}({})",
            reference::of(&self.function),
            arguments.join(", ")
        ));
        Statement::sql(sql)
    }

    fn made(&self, verb: &str, id: &ObjectId) -> Vec<Statement> {
        let mut statements = vec![self.statement(verb, id)];
        if self.enabled != "origin" {
            statements.push(switch(&self.enabled, id));
        }
        statements
    }
}

/// Switches a trigger; a new one is enabled on the origin.
pub(super) fn switch(enabled: &str, id: &ObjectId) -> Statement {
    let how = match enabled {
        "always" => "ENABLE ALWAYS",
        "replica" => "ENABLE REPLICA",
        "disabled" => "DISABLE",
        _ => "ENABLE",
    };
    let head = id
        .parent
        .as_deref()
        .map(reference::alter_relation)
        .unwrap_or_default();
    Statement::alter(head, format!("{how} TRIGGER {}", ident(&id.name)))
}

impl Definition for Trigger {
    const KIND: Kind = Kind::Trigger;
    const CLASS: &'static str = "pg_trigger";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        self.made("CREATE", id)
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "DROP TRIGGER {} ON {}",
            ident(&id.name),
            reference::parent(id)
        ))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let switched = Trigger {
            enabled: to.enabled.clone(),
            ..self.clone()
        };
        if switched == *to {
            return Alteration::InPlace(vec![switch(&to.enabled, id)]);
        }
        // CREATE OR REPLACE TRIGGER came with 14 and never takes a constraint trigger.
        if context.server_version >= 140_000 && !self.constraint && !to.constraint {
            return Alteration::InPlace(to.made("CREATE OR REPLACE", id));
        }
        Alteration::Rebuild
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        if let (Some(when), Some(desired)) = (&mut self.when, &desired.when) {
            when.source.clone_from(&desired.source);
        }
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER TRIGGER {} ON {} RENAME TO {}",
            ident(&from.name),
            reference::parent(to),
            ident(&to.name)
        ))]
    }
}
