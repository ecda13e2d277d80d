//! Collations. PostgreSQL alters none of their attributes, so a changed one is made anew and columns move to it. The
//! version that the library had when it was made is the library's business.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, aside, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::literal;

/// A collation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Collation {
    /// `icu`, `libc` or `builtin`.
    pub provider: String,
    /// The locale of ICU and of the builtin provider.
    pub locale: Option<String>,
    /// LC_COLLATE of libc.
    pub lc_collate: Option<String>,
    /// LC_CTYPE of libc.
    pub lc_ctype: Option<String>,
    /// Whether equal strings are equal byte by byte.
    pub deterministic: bool,
    /// Rules that tailor an ICU locale (PostgreSQL 16).
    pub rules: Option<String>,
}

impl Definition for Collation {
    const KIND: Kind = Kind::Collation;
    const CLASS: &'static str = "pg_collation";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut items = vec![format!("PROVIDER = {}", self.provider)];
        if !self.deterministic {
            items.push("DETERMINISTIC = false".to_owned());
        }
        match (&self.lc_collate, &self.lc_ctype) {
            (Some(collate), Some(ctype)) if collate == ctype => {
                items.push(format!("LOCALE = {}", literal(collate)));
            }
            (collate, ctype) => {
                for (word, value) in [
                    ("LOCALE", &self.locale),
                    ("LC_COLLATE", collate),
                    ("LC_CTYPE", ctype),
                ] {
                    if let Some(value) = value {
                        items.push(format!("{word} = {}", literal(value)));
                    }
                }
            }
        }
        if let Some(rules) = &self.rules {
            items.push(format!("RULES = {}", literal(rules)));
        }
        vec![Statement::sql(format!(
            "CREATE COLLATION {} ({})",
            reference::name(id),
            items.join(", ")
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        aside::drop_type(id)
    }

    fn alter(&self, _: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        aside::swap(id, context, &[])
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("COLLATION", from, to)
    }
}
