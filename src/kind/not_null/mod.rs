//! Not-null constraints with a name or a state of their own (PostgreSQL 18); else NOT NULL is a word of the column.

pub(super) mod kdl;

use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, NameSlot, Statement, constraint, reference};
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

impl Definition for NotNull {
    const KIND: Kind = Kind::NotNull;
    const CLASS: &'static str = "pg_constraint";
    const CATALOG: &'static str = include_str!("catalog.sql");

    /// The column may be not null already, under the name that PostgreSQL gave: then that constraint goes first.
    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
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
        if let Some(super::Object::Column(column)) = column.and_then(|id| context.after.get(&id))
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

    fn is_mere_name(&self, id: &ObjectId, catalog: &super::Catalog) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        let column = table.child(Kind::Column, &self.column);
        let refuses_null =
            matches!(catalog.get(&column), Some(super::Object::Column(it)) if it.not_null);
        let named = catalog.children(table, Kind::NotNull).into_iter().any(
            |(_, other)| matches!(other, super::Object::NotNull(it) if it.column == self.column),
        );
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
