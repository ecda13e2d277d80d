//! Access methods of tables and indexes.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};

/// An access method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct AccessMethod {
    /// `table` or `index`.
    pub method_type: String,
    /// The handler function.
    pub handler: QualifiedName,
}

impl Definition for AccessMethod {
    const KIND: Kind = Kind::AccessMethod;
    const CLASS: &'static str = "pg_am";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "CREATE ACCESS METHOD {} TYPE {} HANDLER {}",
            reference::name(id),
            self.method_type.to_uppercase(),
            reference::of(&self.handler)
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
