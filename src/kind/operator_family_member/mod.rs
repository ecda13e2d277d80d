//! An operator or function that was added to a family by itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::operator_member::Member;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::model::{Kind, ObjectId};

/// A loose member; the identity's name is its number with its operand types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct OperatorFamilyMember {
    /// The member.
    pub member: Member,
}

fn act(id: &ObjectId, action: &str) -> Vec<Statement> {
    let family = id.parent.as_deref().map(reference::described);
    vec![Statement::sql(format!(
        "ALTER {} {action}",
        family.unwrap_or_default()
    ))]
}

impl Definition for OperatorFamilyMember {
    const KIND: Kind = Kind::OperatorFamilyMember;
    const CLASS: &'static str = "pg_amop";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        act(id, &format!("ADD {}", self.member.clause()))
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        act(id, &format!("DROP {}", self.member.address()))
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::Rebuild
    }
}
