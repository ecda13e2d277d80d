//! Text search templates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kdl::NodeWriter;
use crate::kind::language::Writing;
use crate::kind::{Alteration, Context, Definition, Statement, functions, reference};
use crate::model::{Kind, ObjectId, QualifiedName};

/// A text search template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct TextSearchTemplate {
    /// Reads the options of a dictionary.
    pub init: Option<QualifiedName>,
    /// Gives the lexemes of a token.
    pub lexize: Option<QualifiedName>,
}

impl Definition for TextSearchTemplate {
    const KIND: Kind = Kind::TextSearchTemplate;
    const CLASS: &'static str = "pg_ts_template";
    const CATALOG: &'static str = include_str!("template.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let items: Vec<String> = [
            ("INIT", self.init.as_ref()),
            ("LEXIZE", self.lexize.as_ref()),
        ]
        .into_iter()
        .filter_map(|(word, name)| functions::item(word, name))
        .collect();
        vec![Statement::sql(format!(
            "CREATE TEXT SEARCH TEMPLATE {} ({})",
            reference::name(id),
            items.join(", ")
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::Rebuild
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        super::kdl::write_template(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("TEXT SEARCH TEMPLATE", from, to)
    }
}
