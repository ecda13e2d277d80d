//! Operator classes, with the operators and functions that are theirs.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::operator_member::Member;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};

/// An operator class; the identity's signature is the access method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct OperatorClass {
    /// The type that it is for.
    pub data_type: String,
    /// Whether it is the type's default.
    pub is_default: bool,
    /// Its family; none in a desired class that leaves it to PostgreSQL.
    pub family: Option<QualifiedName>,
    /// The type that the index stores, where it is another one.
    pub storage: Option<String>,
    /// Its operators and functions.
    pub members: Vec<Member>,
}

impl Definition for OperatorClass {
    const KIND: Kind = Kind::OperatorClass;
    const CLASS: &'static str = "pg_opclass";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut items: Vec<String> = self.members.iter().map(Member::clause).collect();
        if let Some(storage) = &self.storage {
            items.push(format!("STORAGE {storage}"));
        }
        if items.is_empty() {
            // Something must stand there: what is stored is the type itself.
            items.push(format!("STORAGE {}", self.data_type));
        }
        let default = if self.is_default { " DEFAULT" } else { "" };
        let family = match &self.family {
            Some(family) => format!(" FAMILY {}", reference::of(family)),
            None => String::new(),
        };
        vec![Statement::sql(format!(
            "CREATE OPERATOR CLASS {}{default} FOR TYPE {} USING {}{family} AS\n    {}",
            reference::name(id),
            self.data_type,
            crate::sql::quote::ident(&id.signature),
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
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_using("OPERATOR CLASS", from, to)
    }
}
