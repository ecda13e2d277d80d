//! A sequence's tie to the column that owns it: with it the sequence is dropped together with the column.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::serial::handed_over;
use super::{Alteration, Context, Definition, Object, Statement, reference};
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::ident;

/// The owning column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct SequenceOwner {
    /// The table.
    pub table: QualifiedName,
    /// The column of the table.
    pub column: String,
}

impl SequenceOwner {
    /// The table as an object.
    pub fn table(&self) -> ObjectId {
        ObjectId::in_schema(Kind::Table, &self.table.schema, &self.table.name)
    }

    /// Whose the table is before the plan, or of whoever makes it.
    fn owner<'a>(&self, context: &'a Context<'_>) -> &'a str {
        role_of(&self.table(), context)
    }
}

/// Whose an object is that the plan keeps; what it makes is of the role that makes it.
fn role_of<'a>(id: &ObjectId, context: &'a Context<'_>) -> &'a str {
    match context.before.get(&id.child(Kind::Owner, "")) {
        Some(Object::Owner(owner)) if !context.makes(id) => &owner.role,
        _ => context.role,
    }
}

/// Whose a sequence is before it gets its tie: one that has another tie is of the owner of that table.
fn owner_now<'a>(sequence: &ObjectId, tie: &ObjectId, context: &'a Context<'_>) -> &'a str {
    match context.before.get(tie) {
        Some(Object::SequenceOwner(before)) if !context.makes(sequence) => {
            match context.before.get(&before.table().child(Kind::Owner, "")) {
                Some(Object::Owner(owner)) => &owner.role,
                _ => context.role,
            }
        }
        _ => role_of(sequence, context),
    }
}

impl Definition for SequenceOwner {
    const KIND: Kind = Kind::SequenceOwner;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let table = reference::of(&self.table);
        let sequence = reference::parent(id);
        let mut statements = Vec::new();
        // PostgreSQL wants one owner for both, and silence leaves that of what is there already.
        let owner = self.owner(context);
        let now = id.parent.as_deref().map(|it| owner_now(it, id, context));
        if now.is_some_and(|now| now != owner) {
            if context.before.contains(id) {
                statements.push(Statement::sql(format!(
                    "ALTER SEQUENCE {sequence} OWNED BY NONE"
                )));
            }
            statements.push(Statement::sql(format!(
                "ALTER SEQUENCE {sequence} OWNER TO {}",
                ident(owner)
            )));
        }
        statements.push(Statement::sql(format!(
            "ALTER SEQUENCE {sequence} OWNED BY {table}.{}",
            ident(&self.column)
        )));
        statements
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let goes = |sequence: &ObjectId| handed_over(sequence, context).is_some();
        if id.parent.as_deref().is_some_and(goes) {
            return Vec::new();
        }
        vec![Statement::sql(format!(
            "ALTER SEQUENCE {} OWNED BY NONE",
            reference::parent(id)
        ))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }
}
