//! Casts. A cast has no name: its identity is the pair of types.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};

/// A cast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Cast {
    /// The type that it starts from.
    pub source: String,
    /// The type that it leads to.
    pub target: String,
    /// `function`, `inout` or `binary`.
    pub method: String,
    /// The function with its argument types.
    pub function: Option<String>,
    /// `explicit`, `assignment` or `implicit`.
    pub context: String,
}

impl Definition for Cast {
    const KIND: Kind = Kind::Cast;
    const CLASS: &'static str = "pg_cast";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let how = match (self.method.as_str(), &self.function) {
            ("inout", _) => "WITH INOUT".to_owned(),
            ("binary", _) | (_, None) => "WITHOUT FUNCTION".to_owned(),
            (_, Some(function)) => format!("WITH FUNCTION {function}"),
        };
        let context = match self.context.as_str() {
            "assignment" => " AS ASSIGNMENT",
            "implicit" => " AS IMPLICIT",
            _ => "",
        };
        vec![Statement::sql(format!(
            "CREATE {} {how}{context}",
            reference::described(id)
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
}
