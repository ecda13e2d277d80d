//! Not-null constraints with a name or a state of their own (PostgreSQL 18); else NOT NULL is a word of the column.

pub(super) mod kdl;

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::language::{Writing, object_name};
use super::{
    Alteration, Catalog, Context, Definition, NameSlot, Object, Statement, constraint, parts,
    reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// A not-null constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct NotNull {
    /// The column.
    pub column: String,
    /// Whether children do without it.
    pub no_inherit: bool,
    /// Whether old rows were never looked at.
    pub not_valid: bool,
    /// Whether it is the parent's.
    pub inherited: bool,
}

/// The name that a column's definition gives its not-null constraint, where it is not PostgreSQL's own: that of a plain
/// constraint in a table that is made, and of a partition, which made with PARTITION OF has that of its table and made by
/// itself and attached would keep its own. Before 18 they have no names.
pub(super) fn name_given(column: &Column, id: &ObjectId, context: &Context<'_>) -> Option<String> {
    let table = id.parent.as_deref()?;
    if context.server_version < 180_000 || !column.not_null {
        return None;
    }
    if let Some((named, constraint)) = named(table, &id.name, context.after) {
        let is_said = constraint.is_plain() && context.makes(table);
        return is_said.then(|| named.name.to_string());
    }
    let parent = parts::partitioned_table(table, context.after).filter(|_| column.inherited)?;
    Some(name_of(&parent, &id.name, context.after))
}

fn named<'a>(
    table: &ObjectId,
    column: &str,
    catalog: &'a Catalog,
) -> Option<(&'a ObjectId, &'a NotNull)> {
    let constraints = catalog.children(table, Kind::NotNull);
    let mut constraints = constraints.into_iter();
    constraints.find_map(|(id, object)| match object {
        Object::NotNull(it) if it.column == column => Some((id, &**it)),
        _ => None,
    })
}

fn name_of(table: &ObjectId, column: &str, catalog: &Catalog) -> String {
    if let Some((named, _)) = named(table, column, catalog) {
        return named.name.to_string();
    }
    match parts::partitioned_table(table, catalog) {
        Some(parent) => name_of(&parent, column, catalog),
        None => object_name(&table.name, column, "not_null"),
    }
}

impl NotNull {
    /// Whether it has nothing but its name.
    fn is_plain(&self) -> bool {
        !self.no_inherit && !self.not_valid && !self.inherited
    }

    /// Whether the column's own definition in a new table says it.
    fn is_said_by_column(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        let column = table.child(Kind::Column, &self.column);
        let Some(Object::Column(definition)) = context.after.get(&column) else {
            return false;
        };
        name_given(definition, &column, context).is_some_and(|name| *name == *id.name)
            && definition.given(&column, context).is_none()
    }
}

impl Definition for NotNull {
    const KIND: Kind = Kind::NotNull;
    const CLASS: &'static str = "pg_constraint";
    const CATALOG: &'static str = include_str!("catalog.sql");

    /// The column may be not null already, under the name that PostgreSQL gave: then that constraint goes first.
    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let comes = |table: &ObjectId| self.inherited && parts::comes_with_parents(table, context);
        if self.is_said_by_column(id, context) || id.parent.as_deref().is_some_and(comes) {
            return Vec::new();
        }
        let column = ident(&self.column);
        let mut definition = format!("NOT NULL {column}");
        if self.no_inherit {
            definition.push_str(" NO INHERIT");
        }
        if self.not_valid {
            definition.push_str(" NOT VALID");
        }
        let mut statements = vec![constraint::act(
            id,
            &format!("ALTER COLUMN {column} DROP NOT NULL"),
        )];
        statements.extend(constraint::add(id, &definition, false));
        statements
    }

    /// The column stays not null under PostgreSQL's own name, unless the column says otherwise.
    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let mut statements = constraint::drop(id);
        let column = id
            .parent
            .as_deref()
            .map(|table| table.child(Kind::Column, &self.column));
        if let Some(Object::Column(column)) = column.and_then(|id| context.after.get(&id))
            && column.not_null
        {
            let name = ident(&self.column);
            statements.push(constraint::act(
                id,
                &format!("ALTER COLUMN {name} SET NOT NULL"),
            ));
        }
        statements
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let NotNull {
            column,
            no_inherit,
            not_valid,
            inherited: _,
        } = self;
        if column != &to.column || (!not_valid && to.not_valid) {
            return Alteration::Rebuild;
        }
        let name = ident(&id.name);
        let mut statements = Vec::new();
        if *no_inherit != to.no_inherit {
            let how = if to.no_inherit {
                "NO INHERIT"
            } else {
                "INHERIT"
            };
            statements.push(constraint::act(
                id,
                &format!("ALTER CONSTRAINT {name} {how}"),
            ));
        }
        if *not_valid && !to.not_valid {
            statements.push(constraint::act(id, &format!("VALIDATE CONSTRAINT {name}")));
        }
        Alteration::InPlace(statements)
    }

    fn is_mere_name(&self, id: &ObjectId, catalog: &Catalog) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        let column = table.child(Kind::Column, &self.column);
        let refuses_null = matches!(catalog.get(&column), Some(Object::Column(it)) if it.not_null);
        let named = catalog
            .children(table, Kind::NotNull)
            .into_iter()
            .any(|(_, other)| matches!(other, Object::NotNull(it) if it.column == self.column));
        let plain = NotNull {
            column: self.column.clone(),
            ..NotNull::default()
        };
        *self == plain && refuses_null && !named
    }

    fn is_inherited(&self) -> bool {
        self.inherited
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::constraint(id)]
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_part("CONSTRAINT", from, to)
    }
}
