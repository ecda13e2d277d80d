//! Text search dictionaries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kdl::NodeWriter;
use crate::kind::language::Writing;
use crate::kind::{Alteration, Context, Definition, Statement, reference, results};
use crate::model::{Kind, ObjectId, Options, QualifiedName};
use crate::sql::lexer::significant;
use crate::sql::quote::{ident, literal, unquote_ident, unquote_literal};

/// A text search dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct TextSearchDictionary {
    /// The template.
    pub template: QualifiedName,
    /// The options as SQL, `language = 'english'`, as pg_ts_dict.dictinitoption stores them.
    pub options: String,
}

impl TextSearchDictionary {
    /// The options as pairs.
    pub fn pairs(&self) -> Options {
        let tokens = significant(&self.options);
        let mut pairs = Vec::new();
        for item in tokens.split(|token| token.is(",")) {
            let [key, equals, value @ ..] = item else {
                continue;
            };
            let (Some(first), Some(last)) = (value.first(), value.last()) else {
                continue;
            };
            if !equals.is("=") {
                continue;
            }
            let text = &self.options[first.span().start..last.end()];
            let value = unquote_literal(text).unwrap_or_else(|| text.to_owned());
            pairs.push((unquote_ident(key.text), value));
        }
        Options(pairs)
    }

    /// Pairs as PostgreSQL stores them.
    pub fn options_text(pairs: &Options) -> String {
        pairs
            .0
            .iter()
            .map(|(key, value)| format!("{} = {}", ident(key), literal(value)))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Definition for TextSearchDictionary {
    const KIND: Kind = Kind::TextSearchDictionary;
    const CLASS: &'static str = "pg_ts_dict";
    const CATALOG: &'static str = include_str!("dictionary.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut items = vec![format!("TEMPLATE = {}", reference::of(&self.template))];
        if !self.options.is_empty() {
            items.push(self.options.clone());
        }
        vec![Statement::sql(format!(
            "CREATE TEXT SEARCH DICTIONARY {} ({})",
            reference::name(id),
            items.join(", ")
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        if self.template != to.template {
            return Alteration::Rebuild;
        }
        let (from, wanted) = (self.pairs(), to.pairs());
        let (set, reset) = from.changes(&wanted);
        let mut items: Vec<String> = reset.iter().map(|key| ident(key)).collect();
        items.extend(
            set.iter()
                .map(|(key, value)| format!("{} = {}", ident(key), literal(value))),
        );
        if items.is_empty() {
            return Alteration::Rebuild;
        }
        let alter = Statement::sql(format!(
            "ALTER TEXT SEARCH DICTIONARY {} ({})",
            reference::name(id),
            items.join(", ")
        ));
        let gave = "what the dictionary gave before";
        Alteration::InPlace(vec![results::told(alter, id, gave, context)])
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        super::kdl::write_dictionary(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("TEXT SEARCH DICTIONARY", from, to)
    }
}
