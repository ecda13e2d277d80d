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

impl RoleMembership {
    /// INHERIT and SET, where they are not what PostgreSQL makes of a membership of a role with this INHERIT.
    pub(super) fn words(&self, inherits: Option<bool>) -> (Option<bool>, Option<bool>) {
        let usual = inherits.unwrap_or(true);
        (
            self.inherit.filter(|inherit| *inherit != usual),
            self.set.filter(|set| !*set),
        )
    }

    /// The GRANT that makes it, or makes it of what was there before.
    fn granted(
        &self,
        before: Option<&RoleMembership>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Statement> {
        let (group, member) = names(id);
        let mut options = Vec::new();
        if context.server_version >= 160_000 {
            let was_set = before.and_then(|before| before.set).unwrap_or(true);
            let set = self.set.filter(|set| *set != was_set);
            let said = [
                ("ADMIN", self.admin.then_some(true)),
                ("INHERIT", self.inherit),
                ("SET", set),
            ];
            for (word, value) in said {
                let value = value.map(|value| if value { "TRUE" } else { "FALSE" });
                options.extend(value.map(|value| format!("{word} {value}")));
            }
        } else if self.admin {
            options.push("ADMIN OPTION".to_owned());
        }
        let tail = match options.is_empty() {
            true => String::new(),
            false => format!(" WITH {}", options.join(", ")),
        };
        statement(id, format!("GRANT {group} TO {member}{tail}"))
    }
}

impl Definition for RoleMembership {
    const KIND: Kind = Kind::RoleMembership;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        self.granted(None, id, context)
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
        statements.extend(to.granted(Some(self), id, context));
        Alteration::InPlace(statements)
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        // A membership that was there with it keeps ADMIN where it is given again without.
        self.admin = desired.admin;
        self.inherit = desired.inherit.and(self.inherit);
        self.set = desired.set.and(self.set);
    }
}
