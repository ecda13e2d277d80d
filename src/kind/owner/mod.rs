//! Owners, once for all kinds. A sequence that a column owns belongs to the table's owner and has none here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Alteration, Context, Definition, HazardClass, Object, Reaction, Statement, grant, reference,
};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{dollar, ident, literal};

/// The owner of the object that is its parent.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct Owner {
    /// The role.
    pub role: String,
    /// Whether the files name it: then a migration does, whoever writes it and whoever runs it.
    #[serde(skip)]
    pub is_said: bool,
}

impl PartialEq for Owner {
    fn eq(&self, other: &Self) -> bool {
        self.role == other.role
    }
}

impl Eq for Owner {}

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

/// The owner with which a schema is made: whoever makes things in it may do so as a member of that role, and the things may
/// get that owner.
pub fn of_new_schema<'a>(schema: &ObjectId, context: &Context<'a>) -> Option<&'a str> {
    let id = schema.child(Kind::Owner, "");
    match context.after.get(&id) {
        Some(Object::Owner(owner)) if !owner.is_born(&id, context) => Some(&owner.role),
        _ => None,
    }
}

impl Owner {
    /// Whether what the role makes is born with this owner, and no word is needed.
    fn is_born(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        // `public` is born with another owner than the role that makes it, and so may a member of an extension be.
        let is_own = !is_of_public(id) && id.extension().is_none();
        self.role == context.role && !self.is_said && is_own
    }

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
        let schema = id.parent.as_deref().filter(|it| it.kind == Kind::Schema);
        let made = |schema| {
            context
                .made
                .is_some_and(|made| made.objects.contains(schema))
        };
        let comes_with_schema = !is_of_public(id) && schema.is_some_and(made);
        match self.is_born(id, context) || comes_with_schema {
            true => Vec::new(),
            false => self.statement(id, context),
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
                ..Owner::default()
            }
            .statement(id, context);
        }
        let body = format!(
            "BEGIN EXECUTE pg_catalog.format({}, (SELECT rolname FROM pg_catalog.pg_roles WHERE oid = 10)); END",
            literal("ALTER SCHEMA public OWNER TO %I")
        );
        vec![Statement::sql(format!("DO {}", dollar(&body)))]
    }

    fn adopt_words(&mut self, desired: &Self) {
        self.is_said = desired.is_said;
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let detail = format!("the owner changes from {} to {}", self.role, to.role);
        let mut statements: Vec<Statement> = to
            .statement(id, context)
            .into_iter()
            .map(|statement| {
                statement.hazard(
                    "change-owner",
                    HazardClass::Authorization,
                    id,
                    detail.clone(),
                )
            })
            .collect();
        statements.extend(grant::taken_over(id, &self.role, &to.role, context));
        Alteration::InPlace(statements)
    }
}
