//! Text search configurations, with their mappings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kdl::NodeWriter;
use crate::kind::language::Writing;
use crate::kind::{Alteration, Context, Definition, Statement, reference, results};
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::ident;

/// A text search configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct TextSearchConfiguration {
    /// The parser.
    pub parser: QualifiedName,
    /// Which dictionaries see which tokens.
    pub mappings: Vec<Mapping>,
}

/// The dictionaries of one token type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Mapping {
    /// The token type.
    pub token: String,
    /// The dictionaries, in their order.
    pub dictionaries: Vec<QualifiedName>,
}

impl Mapping {
    fn act(&self, verb: &str, id: &ObjectId) -> Statement {
        let names: Vec<String> = self.dictionaries.iter().map(reference::of).collect();
        Statement::sql(format!(
            "ALTER TEXT SEARCH CONFIGURATION {} {verb} MAPPING FOR {} WITH {}",
            reference::name(id),
            ident(&self.token),
            names.join(", ")
        ))
    }
}

impl TextSearchConfiguration {
    fn of(&self, token: &str) -> Option<&Mapping> {
        self.mappings.iter().find(|mapping| mapping.token == token)
    }
}

impl Definition for TextSearchConfiguration {
    const KIND: Kind = Kind::TextSearchConfiguration;
    const CLASS: &'static str = "pg_ts_config";
    const CATALOG: &'static str = include_str!("configuration.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut statements = vec![Statement::sql(format!(
            "CREATE TEXT SEARCH CONFIGURATION {} (PARSER = {})",
            reference::name(id),
            reference::of(&self.parser)
        ))];
        statements.extend(self.mappings.iter().map(|mapping| mapping.act("ADD", id)));
        statements
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        if self.parser != to.parser {
            return Alteration::Rebuild;
        }
        let mut statements = Vec::new();
        for gone in &self.mappings {
            if to.of(&gone.token).is_none() {
                statements.push(Statement::sql(format!(
                    "ALTER TEXT SEARCH CONFIGURATION {} DROP MAPPING FOR {}",
                    reference::name(id),
                    ident(&gone.token)
                )));
            }
        }
        for mapping in &to.mappings {
            match self.of(&mapping.token) {
                None => statements.push(mapping.act("ADD", id)),
                Some(old) if old != mapping => statements.push(mapping.act("ALTER", id)),
                Some(_) => {}
            }
        }
        if let Some(last) = statements.pop() {
            let gave = "what the configuration gave before";
            statements.push(results::told(last, id, gave, context));
        }
        Alteration::InPlace(statements)
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        super::kdl::write_configuration(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("TEXT SEARCH CONFIGURATION", from, to)
    }
}
