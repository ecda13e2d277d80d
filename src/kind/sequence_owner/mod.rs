//! A sequence's tie to the column that owns it: with it the sequence is dropped together with the column.

use serde::{Deserialize, Serialize};

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

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let table = reference::of(&self.table);
        vec![Statement::sql(format!(
            "ALTER SEQUENCE {} OWNED BY {table}.{}",
            reference::parent(id),
            ident(&self.column)
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER SEQUENCE {} OWNED BY NONE",
            reference::parent(id)
        ))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }
}
