//! What rows must obey, as pg_catalog of the scratch database says it: the database that will be filled is asked, not
//! the catalog that it was built from, so that rows reach tables of every kind of type.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::kind::{Catalog, Object};
use crate::model::Kind;
use crate::pg::connect::Session;
use crate::sql::quote::qualified;

/// One column.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Column {
    pub(super) table: u32,
    pub(super) number: i16,
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) data_type: u32,
    pub(super) modifier: i32,
    /// The type with its modifier, as `format_type` prints it.
    pub(super) type_name: String,
    pub(super) not_null: bool,
    pub(super) identity: bool,
    pub(super) generated: bool,
    pub(super) default: Option<String>,
}

impl Column {
    /// Whether a sequence gives its values.
    pub(super) fn is_serial(&self) -> bool {
        self.identity
            || self
                .default
                .as_deref()
                .is_some_and(|default| default.contains("nextval("))
    }
}

/// One constraint; `kind` is `pg_constraint.contype`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Constraint {
    pub(super) table: u32,
    pub(super) name: String,
    pub(super) kind: char,
    #[serde(default)]
    pub(super) columns: Option<Vec<i16>>,
    pub(super) parent: u32,
    #[serde(default)]
    pub(super) parent_columns: Option<Vec<i16>>,
    pub(super) deferrable: bool,
    pub(super) expression: Option<String>,
}

/// One table.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Table {
    pub(super) oid: u32,
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) partitioned: bool,
    pub(super) partition_of: Option<u32>,
    /// What `pg_get_partition_constraintdef` says of a leaf.
    pub(super) bound: Option<String>,
}

/// A field of a composite type.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Field {
    #[serde(rename = "type")]
    pub(super) data_type: u32,
    pub(super) modifier: i32,
    pub(super) type_name: String,
}

/// One type; `kind` is `pg_type.typtype`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Type {
    pub(super) oid: u32,
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) kind: char,
    pub(super) element: Option<u32>,
    pub(super) base: Option<u32>,
    pub(super) base_modifier: i32,
    pub(super) base_sql: Option<String>,
    pub(super) not_null: bool,
    pub(super) labels: Option<Vec<String>>,
    pub(super) checks: Option<Vec<String>>,
    pub(super) subtype: Option<u32>,
    pub(super) fields: Option<Vec<Field>>,
}

#[derive(Deserialize)]
struct Document {
    tables: Option<Vec<Table>>,
    columns: Option<Vec<Column>>,
    constraints: Option<Vec<Constraint>>,
    types: Option<Vec<Type>>,
}

/// The facts of a database.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) tables: Vec<Table>,
    pub(super) columns: BTreeMap<u32, Vec<Column>>,
    pub(super) constraints: BTreeMap<u32, Vec<Constraint>>,
    pub(super) types: BTreeMap<u32, Type>,
}

impl Facts {
    /// Reads them in one query; `None` where that fails.
    pub(super) async fn read(session: &Session) -> Option<Facts> {
        let rows = session
            .texts(include_str!("catalog.sql"))
            .await
            .inspect_err(|error| tracing::debug!("no rows for the proof: {error}"))
            .ok()?;
        let text = rows.first()?.first()?.as_deref()?;
        let document: Document = serde_json::from_str(text)
            .inspect_err(|error| tracing::debug!("no rows for the proof: {error}"))
            .ok()?;
        let mut facts = Facts {
            tables: document.tables.unwrap_or_default(),
            ..Facts::default()
        };
        for column in document.columns.unwrap_or_default() {
            facts.columns.entry(column.table).or_default().push(column);
        }
        for constraint in document.constraints.unwrap_or_default() {
            facts
                .constraints
                .entry(constraint.table)
                .or_default()
                .push(constraint);
        }
        for data_type in document.types.unwrap_or_default() {
            facts.types.insert(data_type.oid, data_type);
        }
        Some(facts)
    }

    /// Leaves the values out of enumerated types that the same type does not have in `catalog`, where some remain.
    pub(super) fn keep_values(&mut self, catalog: &Catalog) {
        for data_type in self.types.values_mut() {
            let Some(labels) = &mut data_type.labels else {
                continue;
            };
            let same = catalog.of_kind(Kind::Enum).find(|(id, _)| {
                qualified(id.schema().unwrap_or_default(), &id.name) == data_type.sql
            });
            if let Some((_, Object::Enum(values))) = same
                && labels.iter().any(|label| values.values.contains(label))
            {
                labels.retain(|label| values.values.contains(label));
            }
        }
    }

    /// The columns of a table, in their order.
    pub(super) fn columns_of(&self, table: u32) -> &[Column] {
        self.columns.get(&table).map_or(&[], Vec::as_slice)
    }

    /// The constraints of a table.
    pub(super) fn constraints_of(&self, table: u32) -> &[Constraint] {
        self.constraints.get(&table).map_or(&[], Vec::as_slice)
    }
}
