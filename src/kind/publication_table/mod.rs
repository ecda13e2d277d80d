//! A table in a publication, with its columns and row filter.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, Statement, naming, reference};
use crate::model::{Expression, Kind, ObjectId, QualifiedName};

/// A published table; the identity's name is its SQL name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct PublicationTable {
    /// The table.
    pub table: QualifiedName,
    /// The columns that are published, where not all are (PostgreSQL 15): a set, which PostgreSQL keeps in the order of the
    /// table's columns and this in that of their names.
    pub columns: Option<Vec<String>>,
    /// Which rows are published (PostgreSQL 15).
    #[serde(rename = "where")]
    pub filter: Option<Expression>,
}

fn publication(id: &ObjectId) -> String {
    id.parent
        .as_deref()
        .map(reference::name)
        .unwrap_or_default()
}

impl Definition for PublicationTable {
    const KIND: Kind = Kind::PublicationTable;
    const CLASS: &'static str = "pg_publication_rel";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!(
            "ALTER PUBLICATION {} ADD TABLE ONLY {}",
            publication(id),
            reference::of(&self.table)
        );
        if let Some(columns) = &self.columns {
            sql.push_str(&format!(" ({})", reference::columns(columns)));
        }
        if let Some(filter) = &self.filter {
            let text = naming::without_parentheses(filter.text());
            sql.push_str(&format!(" WHERE ({text})"));
        }
        vec![Statement::sql(sql)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER PUBLICATION {} DROP TABLE ONLY {}",
            publication(id),
            reference::of(&self.table)
        ))]
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::Rebuild
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        if let (Some(filter), Some(desired)) = (&mut self.filter, &desired.filter) {
            filter.source.clone_from(&desired.source);
        }
    }
}
