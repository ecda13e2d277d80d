//! Procedural languages that no extension brings.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, HazardClass, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};

/// A procedural language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Language {
    /// Whether everybody may write functions in it.
    pub trusted: bool,
    /// Runs functions.
    pub handler: Option<QualifiedName>,
    /// Runs DO blocks.
    pub inline: Option<QualifiedName>,
    /// Checks new functions.
    pub validator: Option<QualifiedName>,
}

impl Language {
    fn statement(&self, verb: &str, id: &ObjectId) -> Statement {
        let trusted = if self.trusted { "TRUSTED " } else { "" };
        let mut sql = format!("{verb} {trusted}LANGUAGE {}", reference::name(id));
        for (word, name) in [
            ("HANDLER", &self.handler),
            ("INLINE", &self.inline),
            ("VALIDATOR", &self.validator),
        ] {
            if let Some(name) = name {
                sql.push_str(&format!(" {word} {}", reference::of(name)));
            }
        }
        Statement::sql(sql)
    }
}

impl Definition for Language {
    const KIND: Kind = Kind::Language;
    const CLASS: &'static str = "pg_language";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![self.statement("CREATE", id)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let mut statement = to.statement("CREATE OR REPLACE", id);
        if self.trusted != to.trusted {
            statement = statement.hazard(
                "trusted-language",
                HazardClass::Authorization,
                id,
                "who may write functions in the language changes",
            );
        }
        Alteration::InPlace(vec![statement])
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER LANGUAGE {} RENAME TO {}",
            reference::name(from),
            reference::name(to)
        ))]
    }
}
