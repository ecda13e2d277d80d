//! Not-null constraints with a name or a state of their own (PostgreSQL 18); else NOT NULL is a word of the column.

pub(super) mod kdl;

use serde::{Deserialize, Serialize};

use super::column::{Column, refuses_null};
use super::language::{Writing, object_name};
use super::{
    Alteration, Catalog, Context, Definition, NameSlot, Object, Statement, constraint, online,
    parts, reference,
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

/// The constraint under its other name.
fn renamed(id: &ObjectId, from: &str, to: &str) -> Vec<Statement> {
    if from == to {
        return Vec::new();
    }
    let action = format!("RENAME CONSTRAINT {} TO {}", ident(from), ident(to));
    vec![Statement::sql(format!(
        "ALTER TABLE {} {action}",
        reference::parent(id)
    ))]
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
    let own = table.child(Kind::Column, column);
    let inherited = matches!(catalog.get(&own), Some(Object::Column(it)) if it.inherited);
    // What comes from a parent has the parent's name.
    let parents = parts::parent_tables(table, catalog).into_iter();
    let parent = parts::partitioned_table(table, catalog).or_else(|| {
        let mut parents =
            parents.filter(|it| refuses_null(&it.child(Kind::Column, column), catalog));
        parents.next().filter(|_| inherited)
    });
    match parent {
        Some(parent) => name_of(&parent, column, catalog),
        None => object_name(&table.name, column, "not_null"),
    }
}

/// Whether a table that stays is attached or detached, so that its constraints take the names that they have then.
fn follows_tie(table: &ObjectId, context: &Context<'_>) -> bool {
    let tie = table.child(Kind::Partition, "");
    context.server_version >= 180_000
        && context.before.contains(table)
        && context.keeps(table)
        && context.before.get(&tie) != context.after.get(&tie)
}

/// Whether a column refuses null all the while, and is not made anew.
fn stays_not_null(column: &ObjectId, context: &Context<'_>) -> bool {
    refuses_null(column, context.before)
        && refuses_null(column, context.after)
        && !context.makes(column)
}

/// The statements by which the not-null constraints of a table take the names that they have in the partitioned table, or by
/// themselves again: PostgreSQL renames none that is inherited, so they run while the table is by itself.
pub(super) fn renamed_with_tie(table: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    if !follows_tie(table, context) {
        return Vec::new();
    }
    let plain = |catalog: &Catalog, column: &str| {
        named(table, column, catalog).is_none_or(|(_, it)| it.holds_for_all())
    };
    let columns = context.before.children(table, Kind::Column).into_iter();
    columns
        .map(|(id, _)| id)
        .filter(|id| {
            refuses_null(id, context.after)
                && !context.makes(id)
                && plain(context.before, &id.name)
                && plain(context.after, &id.name)
        })
        .flat_map(|id| {
            // What begins to refuse null does so while the table is by itself.
            let old = match refuses_null(id, context.before) {
                true => name_of(table, &id.name, context.before),
                false => object_name(&table.name, &id.name, "not_null"),
            };
            renamed(id, &old, &name_of(table, &id.name, context.after))
        })
        .collect()
}

impl NotNull {
    /// Whether it is there under another name, and takes this one with the tie of its table.
    fn is_renamed_with_tie(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        let column = table.child(Kind::Column, &self.column);
        self.holds_for_all() && follows_tie(table, context) && stays_not_null(&column, context)
    }

    /// The name that the column's constraint has until this one is made, where that is all that changes.
    fn name_until_now(&self, id: &ObjectId, context: &Context<'_>) -> Option<String> {
        let table = id.parent.as_deref().filter(|_| self.is_plain())?;
        let column = table.child(Kind::Column, &self.column);
        let Some(Object::Column(definition)) = context.after.get(&column) else {
            return None;
        };
        if !definition.not_null {
            return None;
        }
        if stays_not_null(&column, context) && context.keeps(table) {
            let plain = named(table, &self.column, context.before);
            return plain
                .is_none_or(|(_, it)| it.is_plain())
                .then(|| name_of(table, &self.column, context.before));
        }
        let parent = parts::partitioned_table(table, context.after)
            .filter(|_| definition.inherited && context.makes(table));
        Some(match parent {
            Some(parent) => name_of(&parent, &self.column, context.after),
            None => object_name(&table.name, &self.column, "not_null"),
        })
    }

    /// The name that the column's constraint has when this one is no more, where that is all that changes; none where
    /// another one gives it its name.
    fn name_from_now(&self, id: &ObjectId, context: &Context<'_>) -> Option<Option<String>> {
        let table = id.parent.as_deref().filter(|_| self.is_plain())?;
        let column = table.child(Kind::Column, &self.column);
        if !stays_not_null(&column, context) || !context.keeps(table) {
            return None;
        }
        match named(table, &self.column, context.after) {
            Some((_, next)) => next.is_plain().then_some(None),
            None => Some(Some(name_of(table, &self.column, context.after))),
        }
    }

    /// Whether it holds for children and old rows too.
    fn holds_for_all(&self) -> bool {
        !self.no_inherit && !self.not_valid
    }

    /// Whether it has nothing but its name.
    fn is_plain(&self) -> bool {
        self.holds_for_all() && !self.inherited
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

    /// The column is not null already, under the name that PostgreSQL gave: that is renamed, or goes first.
    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let comes = |table: &ObjectId| self.inherited && parts::comes_with_parents(table, context);
        if self.is_said_by_column(id, context)
            || self.is_renamed_with_tie(id, context)
            || id.parent.as_deref().is_some_and(comes)
        {
            return Vec::new();
        }
        if let Some(was) = self.name_until_now(id, context) {
            return renamed(id, &was, &id.name);
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
        if self.is_renamed_with_tie(id, context) {
            return Vec::new();
        }
        if let Some(becomes) = self.name_from_now(id, context) {
            return becomes.map_or_else(Vec::new, |name| renamed(id, &id.name, &name));
        }
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

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
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
            statements.push(online::validate_in(id, context));
        }
        Alteration::InPlace(statements)
    }

    fn is_mere_name(&self, id: &ObjectId, catalog: &Catalog) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        let column = table.child(Kind::Column, &self.column);
        let named = catalog
            .children(table, Kind::NotNull)
            .into_iter()
            .any(|(_, other)| matches!(other, Object::NotNull(it) if it.column == self.column));
        let plain = NotNull {
            column: self.column.clone(),
            ..NotNull::default()
        };
        *self == plain && refuses_null(&column, catalog) && !named
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
