//! Owners, once for all kinds. A sequence that a column owns belongs to the table's owner and has none here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, HazardClass, Reaction, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{dollar, ident, literal};

/// The owner of the object that is its parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Owner {
    /// The role.
    pub role: String,
}

fn is_of_public(id: &ObjectId) -> bool {
    id.parent.as_deref().is_some_and(ObjectId::is_public_schema)
}

/// A block that gives a member of an extension the owner that it was born with: whoever made the extension, or the first
/// superuser where that role could only because the extension is trusted.
fn give_back(member: &ObjectId, extension: &ObjectId) -> String {
    format!(
        "BEGIN EXECUTE pg_catalog.format({}, (SELECT pg_catalog.pg_get_userbyid(CASE WHEN r.rolsuper OR NOT EXISTS \
         (SELECT FROM pg_catalog.pg_available_extension_versions v WHERE v.name = e.extname AND v.version = e.extversion AND v.superuser) \
         THEN e.extowner ELSE 10 END) FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_roles r ON r.oid = e.extowner \
         WHERE e.extname = {})); END",
        literal(&format!(
            "ALTER {} OWNER TO %I",
            reference::described(member).replace('%', "%%")
        )),
        literal(&extension.name)
    )
}

impl Owner {
    fn statement(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let Some(object) = id.parent.as_deref() else {
            return Vec::new();
        };
        vec![Statement::sql(format!(
            "ALTER {} OWNER TO {}",
            reference::described_in(object, context.after),
            ident(&self.role)
        ))]
    }
}

impl Definition for Owner {
    const KIND: Kind = Kind::Owner;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn when_replaced(&self, _: &ObjectId, dependency: &ObjectId, _: &Context<'_>) -> Reaction {
        // A sequence is tied to a column before the table gets its owner; without the tie the owner is the same.
        match dependency.kind {
            Kind::SequenceOwner => Reaction::Ignore,
            _ => Reaction::Rebuild,
        }
    }

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        // `public` is born with another owner than the role that makes it, and so may a member of an extension be.
        if self.role == context.role && !is_of_public(id) && id.extension().is_none() {
            Vec::new()
        } else {
            self.statement(id, context)
        }
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if let (Some(member), Some(extension)) = (id.parent.as_deref(), id.extension()) {
            return vec![Statement::sql(format!(
                "DO {}",
                dollar(&give_back(member, extension))
            ))];
        }
        if !is_of_public(id) {
            return Vec::new();
        }
        // No word about the owner of `public` means the one that initdb gives it.
        if context.server_version >= 150_000 {
            return Owner {
                role: "pg_database_owner".to_owned(),
            }
            .statement(id, context);
        }
        let body = format!(
            "BEGIN EXECUTE pg_catalog.format({}, (SELECT rolname FROM pg_catalog.pg_roles WHERE oid = 10)); END",
            literal("ALTER SCHEMA public OWNER TO %I")
        );
        vec![Statement::sql(format!("DO {}", dollar(&body)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let detail = format!("the owner changes from {} to {}", self.role, to.role);
        Alteration::InPlace(
            to.statement(id, context)
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
