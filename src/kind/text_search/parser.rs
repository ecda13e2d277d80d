//! Text search parsers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kdl::NodeWriter;
use crate::kind::language::Writing;
use crate::kind::{Alteration, Context, Definition, Statement, functions, reference};
use crate::model::{Kind, ObjectId, QualifiedName};

/// A text search parser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct TextSearchParser {
    /// Begins.
    pub start: Option<QualifiedName>,
    /// Gives the next token.
    pub gettoken: Option<QualifiedName>,
    /// Ends.
    pub end: Option<QualifiedName>,
    /// Makes headlines.
    pub headline: Option<QualifiedName>,
    /// Tells the token types.
    pub lextypes: Option<QualifiedName>,
}

impl TextSearchParser {
    /// The functions with their words in SQL and KDL.
    pub(super) fn parts(&self) -> [(&'static str, &'static str, Option<&QualifiedName>); 5] {
        [
            ("START", "start", self.start.as_ref()),
            ("GETTOKEN", "gettoken", self.gettoken.as_ref()),
            ("END", "end", self.end.as_ref()),
            ("HEADLINE", "headline", self.headline.as_ref()),
            ("LEXTYPES", "lextypes", self.lextypes.as_ref()),
        ]
    }
}

impl Definition for TextSearchParser {
    const KIND: Kind = Kind::TextSearchParser;
    const CLASS: &'static str = "pg_ts_parser";
    const CATALOG: &'static str = include_str!("parser.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let items: Vec<String> = self
            .parts()
            .into_iter()
            .filter_map(|(word, _, name)| functions::item(word, name))
            .collect();
        vec![Statement::sql(format!(
            "CREATE TEXT SEARCH PARSER {} (\n    {}\n)",
            reference::name(id),
            items.join(",\n    ")
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::Rebuild
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        super::kdl::write_parser(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("TEXT SEARCH PARSER", from, to)
    }
}
