//! Settings of a role in all databases: parts of the role, one for each parameter.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, Statement, setting};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct RoleSetting {
    /// The value as pg_db_role_setting stores it.
    pub value: String,
}

fn role(id: &ObjectId) -> String {
    id.parent
        .as_deref()
        .map(|role| ident(&role.name))
        .unwrap_or_default()
}

impl Definition for RoleSetting {
    const KIND: Kind = Kind::RoleSetting;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER ROLE {} {}",
            role(id),
            setting::set(&id.name, &self.value)
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER ROLE {} RESET {}",
            role(id),
            setting::name(&id.name)
        ))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }
}
