//! Conversions between encodings.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::literal;

/// A conversion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Conversion {
    /// The encoding that it starts from.
    pub from: String,
    /// The encoding that it leads to.
    pub to: String,
    /// The function.
    pub function: QualifiedName,
    /// Whether it is the default for the pair.
    pub is_default: bool,
}

impl Definition for Conversion {
    const KIND: Kind = Kind::Conversion;
    const CLASS: &'static str = "pg_conversion";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let default = if self.is_default { "DEFAULT " } else { "" };
        vec![Statement::sql(format!(
            "CREATE {default}CONVERSION {} FOR {} TO {} FROM {}",
            reference::name(id),
            literal(&self.from),
            literal(&self.to),
            reference::of(&self.function)
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::Rebuild
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("CONVERSION", from, to)
    }
}
