//! What one table asks of its rows: its columns, its checks (of domains and partition bounds too), the tables that it
//! refers to.

use std::collections::BTreeSet;

use super::facts::{Column, Facts, Table};
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::significant;
use crate::sql::quote::{qualified, unquote_ident};

/// A condition on some columns.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) expression: String,
    pub(super) columns: BTreeSet<i16>,
}

/// A foreign key.
#[derive(Debug, Clone)]
pub(super) struct Foreign {
    pub(super) columns: Vec<i16>,
    pub(super) names: Vec<String>,
    pub(super) parent: u32,
    pub(super) parent_columns: Vec<i16>,
    pub(super) parent_names: Vec<String>,
    /// The parent as FROM names it.
    pub(super) source: String,
    /// Whether the parent is filled later, with values that can be foretold.
    pub(super) assumed: bool,
}

/// A table to fill.
#[derive(Debug, Clone)]
pub(super) struct Shape<'a> {
    pub(super) table: &'a Table,
    pub(super) columns: Vec<&'a Column>,
    pub(super) checks: Vec<Condition>,
    /// All columns that stand in a check.
    pub(super) checked: BTreeSet<i16>,
    /// Foreign keys, the widest first: the others follow its choice.
    pub(super) foreign: Vec<Foreign>,
    /// Columns that get a value though a sequence would give one.
    pub(super) explicit: BTreeSet<i16>,
    /// Without triggers a deferrable key is never looked at: one row is never a duplicate.
    pub(super) one_row: bool,
}

impl<'a> Shape<'a> {
    /// The shape of a table as its database has it.
    pub(super) fn of(facts: &'a Facts, table: &'a Table) -> Shape<'a> {
        let mut shape = Shape {
            table,
            columns: facts.columns_of(table.oid).iter().collect(),
            checks: Vec::new(),
            checked: BTreeSet::new(),
            foreign: Vec::new(),
            explicit: BTreeSet::new(),
            one_row: false,
        };
        for constraint in facts.constraints_of(table.oid) {
            let columns = constraint.columns.clone().unwrap_or_default();
            match constraint.kind {
                'c' => {
                    if let Some(expression) = &constraint.expression {
                        shape.check(expression.clone(), columns.into_iter().collect());
                    }
                }
                'f' => {
                    let parent_columns = constraint.parent_columns.clone().unwrap_or_default();
                    shape.key(facts, columns, constraint.parent, parent_columns);
                }
                _ => shape.one_row |= constraint.deferrable,
            }
        }
        if let Some(bound) = &table.bound {
            let columns = shape.mentioned(bound);
            shape.explicit.extend(&columns);
            shape.check(bound.clone(), columns);
        }
        shape.sort();
        shape
    }

    /// The same with what a catalog asks beyond the database. `None` where that is nothing.
    pub(super) fn stricter(
        &self,
        facts: &'a Facts,
        catalog: &Catalog,
        id: &ObjectId,
    ) -> Option<Shape<'a>> {
        let mut shape = self.clone();
        let known = facts.constraints_of(self.table.oid);
        let is_known =
            |kind: char, name: &str| known.iter().any(|own| own.kind == kind && own.name == name);
        let mut more = false;
        for (check, object) in catalog.children(id, Kind::Check) {
            if let Object::Check(definition) = object
                && !is_known('c', &check.name)
            {
                let expression = definition.expression.text().to_owned();
                let columns = shape.mentioned(&expression);
                shape.check(expression, columns);
                more = true;
            }
        }
        for (key, object) in catalog.children(id, Kind::ForeignKey) {
            let Object::ForeignKey(definition) = object else {
                continue;
            };
            let parent = facts.tables.iter().find(|table| {
                table.schema == definition.references.schema
                    && table.name == definition.references.name
            });
            let Some(parent) = parent.filter(|_| !is_known('f', &key.name)) else {
                continue;
            };
            let numbers = |table: u32, names: &[String]| -> Option<Vec<i16>> {
                let columns = facts.columns_of(table);
                let number = |name: &String| {
                    let column = columns.iter().find(|column| column.name == *name);
                    column.map(|column| column.number)
                };
                names.iter().map(number).collect()
            };
            if let (Some(columns), Some(parent_columns)) = (
                numbers(self.table.oid, &definition.columns),
                numbers(parent.oid, &definition.referenced_columns),
            ) && !parent_columns.is_empty()
            {
                shape.key(facts, columns, parent.oid, parent_columns);
                more = true;
            }
        }
        shape.sort();
        more.then_some(shape)
    }

    fn check(&mut self, expression: String, columns: BTreeSet<i16>) {
        self.checked.extend(&columns);
        self.checks.push(Condition {
            expression,
            columns,
        });
    }

    fn key(&mut self, facts: &Facts, columns: Vec<i16>, parent: u32, parent_columns: Vec<i16>) {
        let names = |table: u32, numbers: &[i16]| -> Option<Vec<String>> {
            let columns = facts.columns_of(table);
            let name = |number: &i16| {
                let column = columns.iter().find(|column| column.number == *number);
                column.map(|column| column.name.clone())
            };
            numbers.iter().map(name).collect()
        };
        let (Some(own), Some(theirs)) = (
            names(self.table.oid, &columns),
            names(parent, &parent_columns),
        ) else {
            return;
        };
        let Some(target) = facts.tables.iter().find(|table| table.oid == parent) else {
            return;
        };
        let name = qualified(&target.schema, &target.name);
        self.foreign.push(Foreign {
            columns,
            names: own,
            parent,
            parent_columns,
            parent_names: theirs,
            // Rows of tables that inherit from the parent are not the parent's for a foreign key.
            source: if target.partitioned {
                name
            } else {
                format!("ONLY {name}")
            },
            assumed: false,
        });
    }

    fn sort(&mut self) {
        let required = |key: &Foreign, columns: &[&Column]| {
            key.columns.iter().any(|number| {
                columns
                    .iter()
                    .any(|column| column.number == *number && column.not_null)
            })
        };
        let columns = self.columns.clone();
        // A key to the table itself follows what the others bind.
        let own = self.table.oid;
        self.foreign.sort_by_key(|key| {
            (
                key.parent == own,
                !required(key, &columns),
                usize::MAX - key.columns.len(),
            )
        });
    }

    /// Whether a key must find a row: no column of it may be null.
    pub(super) fn requires(&self, key: &Foreign) -> bool {
        key.columns.iter().all(|number| {
            self.columns
                .iter()
                .any(|column| column.number == *number && column.not_null)
        })
    }

    /// The columns that an expression mentions.
    fn mentioned(&self, expression: &str) -> BTreeSet<i16> {
        let tokens = significant(expression);
        let mut found = BTreeSet::new();
        for (index, token) in tokens.iter().enumerate() {
            let after_dot = index
                .checked_sub(1)
                .and_then(|index| tokens.get(index))
                .is_some_and(|before| before.is(".") || before.is("::"));
            let called = tokens
                .get(index + 1)
                .is_some_and(|next| next.is("(") || next.is("."));
            if !token.is_ident() || after_dot || called {
                continue;
            }
            let name = unquote_ident(token.text);
            found.extend(
                self.columns
                    .iter()
                    .filter(|column| column.name == name)
                    .map(|column| column.number),
            );
        }
        found
    }
}
