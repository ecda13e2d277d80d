//! Event triggers. They are made last and taken away first, because they would fire for everything else.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::{ident, literal};

/// An event trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct EventTrigger {
    /// The event, `ddl_command_end`.
    pub event: String,
    /// The function.
    pub function: QualifiedName,
    /// `origin`, `always`, `replica` or `disabled`.
    pub enabled: String,
    /// The command tags, where it does not fire for all.
    pub tags: Option<Vec<String>>,
}

impl EventTrigger {
    fn switch(&self, id: &ObjectId) -> Statement {
        let how = match self.enabled.as_str() {
            "always" => "ENABLE ALWAYS",
            "replica" => "ENABLE REPLICA",
            "disabled" => "DISABLE",
            _ => "ENABLE",
        };
        Statement::sql(format!("ALTER EVENT TRIGGER {} {how}", reference::name(id)))
    }
}

impl Definition for EventTrigger {
    const KIND: Kind = Kind::EventTrigger;
    const CLASS: &'static str = "pg_event_trigger";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!(
            "CREATE EVENT TRIGGER {} ON {}",
            reference::name(id),
            ident(&self.event)
        );
        if let Some(tags) = &self.tags {
            let tags: Vec<String> = tags.iter().map(|tag| literal(tag)).collect();
            sql.push_str(&format!(" WHEN TAG IN ({})", tags.join(", ")));
        }
        sql.push_str(&format!(
            " EXECUTE FUNCTION {}()",
            reference::of(&self.function)
        ));
        let mut statements = vec![Statement::sql(sql)];
        if self.enabled != "origin" {
            statements.push(self.switch(id));
        }
        statements
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let switched = EventTrigger {
            enabled: to.enabled.clone(),
            ..self.clone()
        };
        if switched == *to {
            Alteration::InPlace(vec![to.switch(id)])
        } else {
            Alteration::Rebuild
        }
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER EVENT TRIGGER {} RENAME TO {}",
            reference::name(from),
            reference::name(to)
        ))]
    }
}
