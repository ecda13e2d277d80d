//! The index that CLUSTER orders a table or materialized view by when it is not told one.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// The index, by its name in the table's schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct ClusterOn {
    /// Its name.
    pub index: String,
}

fn act(id: &ObjectId, action: String) -> Vec<Statement> {
    match id.parent.as_deref() {
        Some(relation) => vec![Statement::alter(
            reference::alter_relation(relation),
            action,
        )],
        None => Vec::new(),
    }
}

impl Definition for ClusterOn {
    const KIND: Kind = Kind::ClusterOn;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        act(id, format!("CLUSTER ON {}", ident(&self.index)))
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        act(id, "SET WITHOUT CLUSTER".to_owned())
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }
}
