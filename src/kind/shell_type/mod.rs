//! Types that are announced: `CREATE TYPE name`. A base type, and a range with a canonical function, is announced before
//! it is defined, because its own functions take it and give it; so the two never wait for each other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, aside, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};

/// An announced type.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct ShellType {
    /// Whether the type of the same name follows; never compared.
    pub announces: bool,
}

impl ShellType {
    /// The announcement of a type that follows.
    pub fn announcing() -> Self {
        ShellType { announces: true }
    }
}

impl PartialEq for ShellType {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ShellType {}

impl Definition for ShellType {
    const KIND: Kind = Kind::ShellType;
    const CLASS: &'static str = "pg_type";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "CREATE TYPE {}",
            reference::name(id)
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        // The type that it announced was dropped under the same name.
        if self.announces {
            Vec::new()
        } else {
            aside::drop_type(id)
        }
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::InPlace(Vec::new())
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        if self.announces {
            return None;
        }
        let mut node = NodeWriter::new("base-type");
        node.name(&id.name);
        writing.facets(id, &mut node);
        Some(node)
    }
}
