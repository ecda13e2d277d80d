//! One role's membership in another: a part of the member, whose name is the group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, HazardClass, Statement};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// A membership.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct RoleMembership {
    /// Whether the member may pass it on.
    pub admin: bool,
    /// Whether its rights are inherited (PostgreSQL 16); not stated: as the member's INHERIT says.
    pub inherit: Option<bool>,
    /// Whether SET ROLE is allowed (PostgreSQL 16).
    pub set: Option<bool>,
}

impl PartialEq for RoleMembership {
    fn eq(&self, other: &Self) -> bool {
        let differs = |one: Option<bool>, other: Option<bool>| {
            one.zip(other).is_some_and(|(one, other)| one != other)
        };
        self.admin == other.admin
            && !differs(self.inherit, other.inherit)
            && !differs(self.set, other.set)
    }
}

impl Eq for RoleMembership {}

fn names(id: &ObjectId) -> (String, String) {
    let member = id.parent.as_deref().map(|role| ident(&role.name));
    (ident(&id.name), member.unwrap_or_default())
}

fn statement(id: &ObjectId, sql: String) -> Vec<Statement> {
    let detail = format!("membership of {id} changes");
    vec![Statement::sql(sql).hazard("role-membership", HazardClass::Authorization, id, detail)]
}

impl Definition for RoleMembership {
    const KIND: Kind = Kind::RoleMembership;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let (group, member) = names(id);
        let mut options = Vec::new();
        if self.admin {
            options.push("ADMIN OPTION");
        }
        if context.server_version >= 160_000 {
            options.clear();
            if self.admin {
                options.push("ADMIN TRUE");
            }
            match self.inherit {
                Some(true) => options.push("INHERIT TRUE"),
                Some(false) => options.push("INHERIT FALSE"),
                None => {}
            }
            if self.set == Some(false) {
                options.push("SET FALSE");
            }
        }
        let tail = if options.is_empty() {
            String::new()
        } else {
            format!(" WITH {}", options.join(", "))
        };
        statement(id, format!("GRANT {group} TO {member}{tail}"))
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let (group, member) = names(id);
        statement(id, format!("REVOKE {group} FROM {member}"))
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let (group, member) = names(id);
        let mut statements = Vec::new();
        if self.admin && !to.admin {
            statements.extend(statement(
                id,
                format!("REVOKE ADMIN OPTION FOR {group} FROM {member}"),
            ));
        }
        statements.extend(to.create(id, context));
        Alteration::InPlace(statements)
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.inherit = desired.inherit.and(self.inherit);
        self.set = desired.set.and(self.set);
    }
}
