//! Security labels, once for all kinds: the identity's name is the provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, HazardClass, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{ident, literal};

/// The label that a provider gives to the parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct SecurityLabel {
    /// The label.
    pub label: String,
}

fn label(id: &ObjectId, text: &str) -> Vec<Statement> {
    let Some(object) = id.parent.as_deref() else {
        return Vec::new();
    };
    vec![
        Statement::sql(format!(
            "SECURITY LABEL FOR {} ON {} IS {text}",
            ident(&id.name),
            reference::described(object)
        ))
        .hazard(
            "security-label",
            HazardClass::Authorization,
            id,
            "what the label's provider allows changes",
        ),
    ]
}

impl Definition for SecurityLabel {
    const KIND: Kind = Kind::SecurityLabel;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        label(id, &literal(&self.label))
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        label(id, "NULL")
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }
}
