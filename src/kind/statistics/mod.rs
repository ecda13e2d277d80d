//! Extended statistics.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, NameSlot, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::quote::{ident, qualified};

/// Extended statistics of a table or materialized view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Statistics {
    /// The schema, where it is not the table's.
    pub schema_name: Option<String>,
    /// `ndistinct`, `dependencies`, `mcv`, in this order; empty for all.
    pub kinds: Vec<String>,
    /// The columns, sorted: PostgreSQL keeps them in the order of the table, which is no difference.
    pub columns: Vec<String>,
    /// Expressions (PostgreSQL 14).
    pub expressions: Vec<Expression>,
    /// How fine ANALYZE looks, where it is said.
    pub target: Option<i32>,
}

impl Statistics {
    /// Its name with the schema that it is in.
    pub(super) fn name(&self, id: &ObjectId) -> String {
        match &self.schema_name {
            Some(schema) => qualified(schema, &id.name),
            None => reference::index(id),
        }
    }

    fn set_target(&self, id: &ObjectId) -> Statement {
        Statement::sql(format!(
            "ALTER STATISTICS {} SET STATISTICS {}",
            self.name(id),
            self.target.unwrap_or(-1)
        ))
    }
}

impl Definition for Statistics {
    const KIND: Kind = Kind::Statistics;
    const CLASS: &'static str = "pg_statistic_ext";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!("CREATE STATISTICS {}", self.name(id));
        if !self.kinds.is_empty() {
            sql.push_str(&format!(" ({})", self.kinds.join(", ")));
        }
        let columns = self.columns.iter().map(|column| ident(column));
        let expressions = self
            .expressions
            .iter()
            .map(|expression| format!("({})", expression.text()));
        let items: Vec<String> = columns.chain(expressions).collect();
        sql.push_str(&format!(
            " ON {} FROM {}",
            items.join(", "),
            reference::parent(id)
        ));
        let mut statements = vec![Statement::sql(sql)];
        if self.target.is_some() {
            statements.push(self.set_target(id));
        }
        statements
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP STATISTICS {}", self.name(id)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let Statistics {
            schema_name,
            kinds,
            columns,
            expressions,
            target,
        } = self;
        let same = kinds == &to.kinds && columns == &to.columns && expressions == &to.expressions;
        if !same {
            return Alteration::Rebuild;
        }
        let mut statements = Vec::new();
        if schema_name != &to.schema_name {
            let schema = to.schema_name.as_deref().or(id.schema());
            statements.push(Statement::sql(format!(
                "ALTER STATISTICS {} SET SCHEMA {}",
                self.name(id),
                ident(schema.unwrap_or_default())
            )));
        }
        if target != &to.target {
            statements.push(to.set_target(id));
        }
        Alteration::InPlace(statements)
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot {
            space: "statistics",
            scope: self
                .schema_name
                .clone()
                .unwrap_or_else(|| id.schema().unwrap_or_default().to_owned()),
            name: id.name.to_string(),
        }]
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        for (mine, theirs) in self.expressions.iter_mut().zip(&desired.expressions) {
            mine.source.clone_from(&theirs.source);
        }
    }

    fn structure(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        Some(kdl::write(self, id, writing))
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        let schema = match &self.schema_name {
            Some(schema) => schema.clone(),
            None => to.schema().unwrap_or_default().to_owned(),
        };
        vec![Statement::sql(format!(
            "ALTER STATISTICS {} RENAME TO {}",
            qualified(&schema, &from.name),
            ident(&to.name)
        ))]
    }
}
