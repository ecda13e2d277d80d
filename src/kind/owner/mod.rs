//! Owners, once for all kinds. A sequence that a column owns belongs to the table's owner and has none here.

use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, HazardClass, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// The owner of the object that is its parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The role.
    pub role: String,
}

impl Owner {
    fn statement(&self, id: &ObjectId) -> Vec<Statement> {
        let Some(object) = id.parent.as_deref() else {
            return Vec::new();
        };
        vec![Statement::sql(format!(
            "ALTER {} OWNER TO {}",
            reference::described(object),
            ident(&self.role)
        ))]
    }
}

impl Definition for Owner {
    const KIND: Kind = Kind::Owner;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if self.role == context.role {
            Vec::new()
        } else {
            self.statement(id)
        }
    }

    fn drop(&self, _: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        Vec::new()
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let detail = format!("the owner changes from {} to {}", self.role, to.role);
        Alteration::InPlace(
            to.statement(id)
                .into_iter()
                .map(|statement| {
                    statement.hazard(
                        "change-owner",
                        HazardClass::Authorization,
                        id,
                        detail.clone(),
                    )
                })
                .collect(),
        )
    }
}
