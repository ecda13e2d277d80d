//! Operator families. What belongs to no class by itself is a part of its own.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};

/// An operator family; the identity's signature is the access method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct OperatorFamily {}

impl Definition for OperatorFamily {
    const KIND: Kind = Kind::OperatorFamily;
    const CLASS: &'static str = "pg_opfamily";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "CREATE {}",
            reference::described(id)
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::InPlace(Vec::new())
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_using("OPERATOR FAMILY", from, to)
    }
}
