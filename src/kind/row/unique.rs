//! Unique values that go from one row to another: a row takes one when the row that had it has given it up. PostgreSQL looks
//! after each row, not after each statement. Rows that exchange them need a value that none of them has meanwhile.

use std::collections::BTreeMap;

use super::{Row, alone, of_table, tables};
use crate::kind::{Catalog, Context, Object, Statement, reference, references};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// A unique value that goes from one row to another.
#[derive(Debug, Clone)]
pub struct HandedOn {
    /// The row that has it.
    pub giver: ObjectId,
    /// The row that gets it.
    pub taker: ObjectId,
    /// Where it stands.
    columns: Vec<String>,
}

/// The unique values that go from row to row.
pub fn handed_on(context: &Context<'_>) -> Vec<HandedOn> {
    let (before, after) = (context.before, context.after);
    let mut pairs = Vec::new();
    for table in tables(after) {
        for columns in unique_columns(&table, before) {
            let holders: BTreeMap<Vec<&str>, &ObjectId> = of_table(&table, before)
                .filter_map(|(id, row)| Some((row.values_of(&columns)?, id)))
                .collect();
            for (id, row) in of_table(&table, after) {
                let holder = row
                    .values_of(&columns)
                    .and_then(|taken| holders.get(&taken));
                if let Some(holder) = holder.filter(|holder| **holder != id) {
                    pairs.push(HandedOn {
                        giver: (*holder).clone(),
                        taker: id.clone(),
                        columns: columns.clone(),
                    });
                }
            }
        }
    }
    pairs
}

impl HandedOn {
    /// What makes the row that has the value give it up before it gets its own: null, or a value beyond all that are there.
    /// `None` where there may be no such value.
    pub fn given_up(&self, context: &Context<'_>) -> Option<Statement> {
        let table = self.giver.parent.as_deref()?;
        let Some(Object::Row(row)) = context.before.get(&self.giver) else {
            return None;
        };
        let (column, value) = self
            .columns
            .iter()
            .filter(|column| !row.key.contains(column))
            .find_map(|column| Some((column, spare(table, column, context)?)))?;
        Some(Statement::sql(format!(
            "UPDATE {} SET {} = {value} WHERE {}",
            alone(&self.giver, context),
            ident(column),
            Row::is_this(row, &self.giver, context.before)
        )))
    }
}

/// A value of a column that no row has, and nothing forbids as far as is known.
fn spare(table: &ObjectId, column: &str, context: &Context<'_>) -> Option<String> {
    let id = table.child(Kind::Column, column);
    let (Some(Object::Column(from)), Some(Object::Column(to))) =
        (context.before.get(&id), context.after.get(&id))
    else {
        return None;
    };
    // What looks at the values may refuse any.
    let looks = |catalog: &Catalog| {
        let of = |kind| catalog.children(table, kind).into_iter();
        let mut checks = of(Kind::Check)
            .chain(of(Kind::Exclude))
            .chain(of(Kind::Trigger));
        checks.any(|(check, _)| {
            check.kind == Kind::Trigger || catalog.dependencies_of(check).any(|it| *it == id)
        }) || references(catalog).any(|(key, from, to)| match catalog.get(key) {
            Some(Object::ForeignKey(key)) => {
                let has = |columns: &[String]| columns.iter().any(|it| it == column);
                from == table && has(&key.columns) || to == *table && has(&key.referenced_columns)
            }
            _ => false,
        })
    };
    if from.data_type != to.data_type || looks(context.before) || looks(context.after) {
        return None;
    }
    if !from.not_null && !to.not_null && !is_null_one_value(table, context.before) {
        return Some("NULL".to_owned());
    }
    let column = ident(column);
    let beyond = match from.data_type.as_str() {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" | "date" => {
            "+ 1"
        }
        "timestamp with time zone" | "timestamp without time zone" => "+ interval '1 day'",
        "text" | "character varying" => "|| '_'",
        _ => return None,
    };
    Some(format!(
        "(SELECT max({column}) {beyond} FROM {})",
        reference::name(table)
    ))
}

/// Whether a key of a table takes null for a value like others.
fn is_null_one_value(table: &ObjectId, catalog: &Catalog) -> bool {
    let of = |kind| catalog.children(table, kind).into_iter();
    of(Kind::Unique)
        .chain(of(Kind::Index))
        .any(|(_, object)| match object {
            Object::Unique(key) => key.0.nulls_not_distinct,
            Object::Index(index) => index.nulls_not_distinct,
            _ => false,
        })
}

/// The columns of each key of a table that is looked at row by row.
fn unique_columns(table: &ObjectId, catalog: &Catalog) -> Vec<Vec<String>> {
    let of = |kind| catalog.children(table, kind).into_iter();
    let keys = of(Kind::PrimaryKey)
        .chain(of(Kind::Unique))
        .chain(of(Kind::Index));
    keys.filter_map(|(_, object)| match object {
        Object::PrimaryKey(key) if key.0.deferrable.is_none() => Some(key.0.columns.clone()),
        Object::Unique(key) if key.0.deferrable.is_none() => Some(key.0.columns.clone()),
        Object::Index(index) if index.unique && index.predicate.is_none() => {
            index.keys.iter().map(|key| key.column.clone()).collect()
        }
        _ => None,
    })
    .collect()
}
