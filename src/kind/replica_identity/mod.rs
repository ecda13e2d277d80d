//! By what the logical log identifies a row: the whole row, nothing or an index. The default, the primary key, is no
//! object.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// What identifies a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct ReplicaIdentity {
    /// `full`, `nothing` or `index`.
    pub identity: String,
    /// The name of the index.
    pub index: Option<String>,
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

impl Definition for ReplicaIdentity {
    const KIND: Kind = Kind::ReplicaIdentity;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let what = match &self.index {
            Some(index) => format!("USING INDEX {}", ident(index)),
            None => self.identity.to_uppercase(),
        };
        act(id, format!("REPLICA IDENTITY {what}"))
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        act(id, "REPLICA IDENTITY DEFAULT".to_owned())
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }
}
