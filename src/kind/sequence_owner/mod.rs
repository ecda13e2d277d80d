//! A sequence's tie to the column that owns it: with it the sequence is dropped together with the column.

use serde::{Deserialize, Serialize};

use super::column::serial::handed_over;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::ident;

/// The owning column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOwner {
    /// The table.
    pub table: QualifiedName,
    /// The column of the table.
    pub column: String,
}

impl Definition for SequenceOwner {
    const KIND: Kind = Kind::SequenceOwner;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let table = reference::of(&self.table);
        let sequence = reference::parent(id);
        let mut statements = Vec::new();
        // A table that is there already may belong to somebody else: PostgreSQL wants one owner for both.
        let owner = ObjectId::in_schema(Kind::Table, &self.table.schema, &self.table.name)
            .child(Kind::Owner, "");
        if let Some(super::Object::Owner(owner)) = context.before.get(&owner)
            && owner.role != context.role
            && !id
                .parent
                .as_deref()
                .is_some_and(|sequence| context.before.contains(sequence))
        {
            statements.push(Statement::sql(format!(
                "ALTER SEQUENCE {sequence} OWNER TO {}",
                ident(&owner.role)
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
