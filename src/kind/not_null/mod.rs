//! Not-null constraints with a name or a state of their own (PostgreSQL 18); else NOT NULL is a word of the column.

mod family;
pub(super) mod kdl;
mod state;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::{Column, refuses_null};
use super::language::{Writing, object_name};
use super::{
    Alteration, Catalog, Context, Definition, Element, NameSlot, Object, Statement, constraint,
    online, parts, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

use family::Family;
use state::{State, named, state};

pub(super) use family::needs_parents_at_birth;
pub(crate) use family::{Settlement, settlements};

/// A not-null constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
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

/// From this version on not-null constraints have names.
const NAMED: u32 = 180_000;

/// Whether a constraint of another table holds the name that PostgreSQL would give: it takes none that is in its schema.
fn is_taken(table: &ObjectId, name: &str, context: &Context<'_>) -> bool {
    const KINDS: [Kind; 6] = [
        Kind::NotNull,
        Kind::Check,
        Kind::PrimaryKey,
        Kind::Unique,
        Kind::Exclude,
        Kind::ForeignKey,
    ];
    // What is made anew left its name to those that had it from there.
    let has_heirs =
        context.before.contains(table) && parts::family(table, context.before).len() > 1;
    has_heirs
        || [context.before, context.after].into_iter().any(|catalog| {
            KINDS
                .into_iter()
                .flat_map(|kind| catalog.of_kind(kind))
                .any(|(id, _)| *id.name == *name && id.schema() == table.schema())
        })
}

/// The words of a column's own definition by which it refuses null; none where that is said elsewhere. Before 18 they name
/// nothing.
pub(super) fn words(column: &Column, id: &ObjectId, context: &Context<'_>) -> Option<String> {
    let table = id.parent.as_deref()?;
    let plain = || column.not_null.then(|| " NOT NULL".to_owned());
    if context.server_version < NAMED {
        return plain();
    }
    let called = |name: &str, no_inherit: bool| {
        let bounded = if no_inherit { " NO INHERIT" } else { "" };
        Some(format!(" CONSTRAINT {} NOT NULL{bounded}", ident(name)))
    };
    if context.after.guessed {
        return match named(table, &id.name, context.after) {
            Some((_, it)) if it.not_valid => None,
            Some((id, it)) => called(&id.name, it.no_inherit),
            // Where another table says that it has the name, PostgreSQL would choose one more.
            None if column.not_null => {
                let usual = object_name(&table.name, &id.name, "not_null");
                let mut others = context.after.of_kind(Kind::NotNull);
                let is_said =
                    others.any(|(id, _)| *id.name == *usual && id.schema() == table.schema());
                match is_said {
                    true => called(&usual, false),
                    false => plain(),
                }
            }
            None => None,
        };
    }
    let to = state(table, &id.name, context.after).filter(|_| column.not_null)?;
    let comes = !to.own && parts::partitioned_table(table, context.after).is_none();
    if to.not_valid || comes {
        return None;
    }
    let usual = object_name(&table.name, &id.name, "not_null");
    match to.name == usual && !to.no_inherit && !is_taken(table, &usual, context) {
        true => plain(),
        false => called(&to.name, to.no_inherit),
    }
}

/// What a definition leaves to a statement of its own: CREATE TABLE has no constraint that was not validated.
pub(super) fn left_out(column: &Column, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let said = id
        .parent
        .as_deref()
        .filter(|_| context.server_version >= NAMED && column.not_null && !context.after.guessed)
        .filter(|table| parts::partitioned_table(table, context.after).is_some())
        .filter(|table| named(table, &id.name, context.after).is_none());
    let to = said.and_then(|table| state(table, &id.name, context.after));
    let late = to.filter(|it| it.not_valid);
    late.map(|to| added(id, &to)).into_iter().collect()
}

/// `ADD CONSTRAINT n NOT NULL a` for a column.
fn added(column: &ObjectId, to: &State) -> Statement {
    let action = format!(
        "ADD CONSTRAINT {} {}",
        ident(&to.name),
        to.definition(&ident(&column.name))
    );
    constraint::act(column, &action).apart()
}

/// The statement by which a column that is there begins to refuse null.
pub(super) fn begin(column: &ObjectId, context: &Context<'_>) -> Statement {
    let set = || {
        let action = format!("ALTER COLUMN {} SET NOT NULL", ident(&column.name));
        constraint::act(column, &action)
    };
    match name_to_begin(column, context) {
        Some(to) => added(column, &to),
        None => set(),
    }
}

/// The constraint that a column gets, where it is another one than PostgreSQL makes.
fn name_to_begin(column: &ObjectId, context: &Context<'_>) -> Option<State> {
    let table = column.parent.as_deref()?;
    if context.server_version < NAMED || context.after.guessed {
        return None;
    }
    let to = state(table, &column.name, context.after)?;
    let usual = object_name(&table.name, &column.name, "not_null");
    let is_usual =
        to.name == usual && !to.no_inherit && !to.not_valid && !is_taken(table, &usual, context);
    (!is_usual).then_some(to)
}

/// The name that the constraint of a column shall have, where it holds for all.
pub(super) fn name_wanted(column: &ObjectId, context: &Context<'_>) -> Option<String> {
    let table = column.parent.as_deref()?;
    let to = state(table, &column.name, context.after)?;
    (!to.no_inherit && !to.not_valid).then_some(to.name)
}

/// Whether the rows that are there are to have no null: not where they were never looked at.
pub(super) fn looks_at_rows(column: &ObjectId, catalog: &Catalog) -> bool {
    let table = column.parent.as_deref();
    let said = table.and_then(|table| named(table, &column.name, catalog));
    said.is_none_or(|(_, it)| !it.not_valid)
}

/// Whether the constraint of a column begins, changes or ends with that of a table above it, or with a statement about all of
/// them.
pub(super) fn goes_with_parent(column: &ObjectId, context: &Context<'_>) -> bool {
    let Some(table) = column.parent.as_deref() else {
        return false;
    };
    context.server_version >= NAMED
        && context.before.contains(table)
        && context.after.contains(table)
        && !Family::of(table, &column.name, context).begins_at(table)
}

/// Whether a column of a child refuses null only as its parent does.
pub(super) fn is_of_parent(column: &ObjectId, catalog: &Catalog) -> bool {
    let state = column
        .parent
        .as_deref()
        .and_then(|table| state(table, &column.name, catalog));
    catalog.origin.server_version >= NAMED && state.is_some_and(|it| !it.own)
}

/// The constraint of a column, where an object says it.
pub(super) fn object_of<'a>(column: &ObjectId, catalog: &'a Catalog) -> Option<&'a ObjectId> {
    let table = column.parent.as_deref()?;
    named(table, &column.name, catalog).map(|(id, _)| id)
}

/// The lines by which a partition that is made of its table alone has constraints of its own.
pub(super) fn lines_of_partition(table: &ObjectId, context: &Context<'_>) -> Vec<String> {
    let constraints = context.after.children(table, Kind::NotNull).into_iter();
    constraints
        .filter_map(|(id, object)| match object {
            Object::NotNull(it) if !it.not_valid => Some((id, it)),
            _ => None,
        })
        .map(|(id, it)| constraint::named(id, &it.state(id).definition(&ident(&it.column))))
        .collect()
}

/// Whether a table that stays is attached or detached, so that its constraints take the names that they have then.
fn follows_tie(table: &ObjectId, context: &Context<'_>) -> bool {
    let tie = table.child(Kind::Partition, "");
    context.server_version >= NAMED
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
    let columns = context.before.children(table, Kind::Column).into_iter();
    columns
        .map(|(id, _)| id)
        .filter(|id| stays_not_null(id, context))
        .filter(|id| !Family::of(table, &id.name, context).is_tangled(context))
        .filter_map(|id| {
            let from = state(table, &id.name, context.before)?;
            let to = state(table, &id.name, context.after)?;
            let holds = |it: &State| !it.no_inherit && !it.not_valid;
            (holds(&from) && holds(&to)).then_some((id, from.name, to.name))
        })
        .flat_map(|(id, from, to)| renamed(id, &from, &to))
        .collect()
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

/// How the constraint of a column comes to be what it shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With the column's own statement, a parent's, that of a tie, or one about a whole family.
    Elsewhere,
    /// By a statement that adds it.
    Added,
    /// By a change of the one that is there.
    Changed,
}

impl NotNull {
    fn state(&self, id: &ObjectId) -> State {
        State {
            name: id.name.to_string(),
            own: !self.inherited,
            no_inherit: self.no_inherit,
            not_valid: self.not_valid,
        }
    }

    /// Whether it holds for children and old rows too.
    fn holds_for_all(&self) -> bool {
        !self.no_inherit && !self.not_valid
    }

    /// Whether the column's own definition is not the table's, which gets it from a type or a parent.
    fn is_of_given(&self, column: &ObjectId, context: &Context<'_>) -> bool {
        match context.after.get(column) {
            Some(Object::Column(definition)) => definition.given(column, context).is_some(),
            _ => true,
        }
    }

    fn way(&self, id: &ObjectId, context: &Context<'_>) -> Way {
        let Some(table) = id.parent.as_deref().filter(|_| !self.inherited) else {
            return Way::Elsewhere;
        };
        let column = table.child(Kind::Column, &self.column);
        if context.after.guessed {
            let of_partition = matches!(context.after.get(table), Some(Object::Table(it)) if it.partition_of.is_some());
            let is_added = self.not_valid || !of_partition && self.is_of_given(&column, context);
            return if is_added { Way::Added } else { Way::Elsewhere };
        }
        if !context.keeps(table) {
            let is_added = self.not_valid || self.is_of_given(&column, context);
            return if is_added { Way::Added } else { Way::Elsewhere };
        }
        let family = Family::of(table, &self.column, context);
        if !family.begins_at(table) || family.is_tangled(context) {
            return Way::Elsewhere;
        }
        if context.makes(&column) {
            let is_added = self.not_valid || self.is_of_given(&column, context);
            return if is_added { Way::Added } else { Way::Elsewhere };
        }
        if !stays_not_null(&column, context) || self.holds_for_all() && follows_tie(table, context)
        {
            return Way::Elsewhere;
        }
        Way::Changed
    }

    /// The way from what the column's constraint is before to what it is after.
    fn changed(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let Some(table) = id.parent.as_deref() else {
            return Vec::new();
        };
        let before = state(table, &self.column, context.before);
        let after = state(table, &self.column, context.after);
        match (before, after) {
            (Some(mut from), Some(to)) => {
                // Another constraint takes its name before it comes here.
                if gives_name_up(table, &self.column, &from.name, context) {
                    from.name = name_meanwhile(table, &self.column);
                }
                let statements = family::settled_alone(&from, &to, table, &self.column, context);
                let validate = from.not_valid && !to.not_valid;
                statements
                    .into_iter()
                    .map(|statement| match &statement.text() {
                        text if validate && text.contains(" VALIDATE CONSTRAINT ") => {
                            online::validate_in(&table.child(Kind::NotNull, &to.name), context)
                        }
                        _ => statement,
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Whether the name of a column's constraint is another column's afterwards, while this one gets another.
fn gives_name_up(table: &ObjectId, column: &str, name: &str, context: &Context<'_>) -> bool {
    let id = table.child(Kind::NotNull, name);
    let is_of_column = |catalog: &Catalog| matches!(catalog.get(&id), Some(Object::NotNull(it)) if it.column == column);
    context.before.contains(&id)
        && context.after.contains(&id)
        && is_of_column(context.before)
        && !is_of_column(context.after)
}

/// The name that a constraint has while its own is another's already.
fn name_meanwhile(table: &ObjectId, column: &str) -> String {
    object_name(&table.name, column, "not_null_schemactl")
}

impl Definition for NotNull {
    const KIND: Kind = Kind::NotNull;
    const CLASS: &'static str = "pg_constraint";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let definition = || self.state(id).definition(&ident(&self.column));
        match self.way(id, context) {
            Way::Elsewhere => Vec::new(),
            Way::Added => constraint::add(id, &definition(), false)
                .into_iter()
                .map(Statement::apart)
                .collect(),
            Way::Changed => self.changed(id, context),
        }
    }

    /// What a table has from a type or a parent refuses null by a line of its own.
    fn element(&self, id: &ObjectId, context: &Context<'_>) -> Option<Element> {
        let table = id.parent.as_deref()?;
        let is_line =
            !self.not_valid && context.makes(table) && self.way(id, context) == Way::Added;
        let definition = self.state(id).definition(&ident(&self.column));
        is_line
            .then(|| constraint::element(id, &definition))
            .flatten()
    }

    /// The column stays not null under another name, unless the column says otherwise.
    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let Some(table) = id.parent.as_deref() else {
            return Vec::new();
        };
        // It stays, be it under another name, and would keep what is said of it.
        let column = table.child(Kind::Column, &self.column);
        let mut statements = Vec::new();
        if context.keeps(table) && stays_not_null(&column, context) {
            let comment = id.child(Kind::Comment, "");
            let object = context.before.get(&comment);
            statements.extend(object.into_iter().flat_map(|it| it.drop(&comment, context)));
        }
        if self.inherited || self.way(id, context) != Way::Changed {
            return statements;
        }
        if gives_name_up(table, &self.column, &id.name, context) {
            statements.extend(renamed(id, &id.name, &name_meanwhile(table, &self.column)));
            return statements;
        }
        // Where another object says what it becomes, that one changes it.
        match named(table, &self.column, context.after) {
            Some((next, it)) if next != id && !it.inherited => {}
            _ => statements.extend(self.changed(id, context)),
        }
        statements
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        if self.column != to.column {
            return Alteration::Rebuild;
        }
        match to.way(id, context) {
            Way::Changed => Alteration::InPlace(to.changed(id, context)),
            Way::Elsewhere | Way::Added => Alteration::InPlace(Vec::new()),
        }
    }

    fn is_mere_name(&self, id: &ObjectId, catalog: &Catalog) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        let column = table.child(Kind::Column, &self.column);
        let named = named(table, &self.column, catalog).is_some();
        let plain = NotNull {
            column: self.column.clone(),
            ..NotNull::default()
        };
        // Beside a parent's it says that the table has one of its own.
        let says_own =
            || parts::partitioned_table(table, catalog).is_none() && is_of_parent(&column, catalog);
        *self == plain && refuses_null(&column, catalog) && !named && !says_own()
    }

    fn is_inherited(&self) -> bool {
        self.inherited
    }

    fn is_unseen(&self) -> bool {
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
