//! Base types. Their functions take and give the type, so it is announced first (see the shell type) and dropped
//! together with them.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{
    Alteration, Context, Definition, NameSlot, Object, Statement, aside, constraint, reference,
    row_type,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::{ident, literal};

/// A base type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct BaseType {
    /// From text.
    pub input: Option<QualifiedName>,
    /// To text.
    pub output: Option<QualifiedName>,
    /// From binary.
    pub receive: Option<QualifiedName>,
    /// To binary.
    pub send: Option<QualifiedName>,
    /// Reads modifiers.
    pub typmod_in: Option<QualifiedName>,
    /// Writes modifiers.
    pub typmod_out: Option<QualifiedName>,
    /// Gathers statistics.
    pub analyze: Option<QualifiedName>,
    /// Handles subscripts (PostgreSQL 14).
    pub subscript: Option<QualifiedName>,
    /// In a desired type: the type whose length, passing, alignment and storage it has, where it says no others. PostgreSQL keeps
    /// what comes of it alone.
    #[serde(skip)]
    pub like: Option<String>,
    /// Bytes; -1 for variable, -2 for a C string.
    pub length: i64,
    /// Whether values travel in a register.
    pub passed_by_value: bool,
    /// `char`, `int2`, `int4` or `double`.
    pub alignment: String,
    /// `plain`, `external`, `main` or `extended`.
    pub storage: String,
    /// One letter; `U` for user-defined.
    pub category: String,
    /// Whether it is preferred in its category.
    pub preferred: bool,
    /// What parts the elements of an array.
    pub delimiter: String,
    /// The type of its elements.
    pub element: Option<String>,
    /// Whether it takes a collation.
    pub collatable: bool,
    /// The default value as text.
    pub default: Option<String>,
}

impl Default for BaseType {
    fn default() -> Self {
        BaseType {
            input: None,
            output: None,
            receive: None,
            send: None,
            typmod_in: None,
            typmod_out: None,
            analyze: None,
            subscript: None,
            like: None,
            length: -1,
            passed_by_value: false,
            alignment: "int4".to_owned(),
            storage: "plain".to_owned(),
            category: "U".to_owned(),
            preferred: false,
            delimiter: ",".to_owned(),
            element: None,
            collatable: false,
            default: None,
        }
    }
}

impl BaseType {
    /// The functions that ALTER TYPE can set, with their words.
    fn settable(&self) -> [(&'static str, &Option<QualifiedName>); 6] {
        [
            ("RECEIVE", &self.receive),
            ("SEND", &self.send),
            ("TYPMOD_IN", &self.typmod_in),
            ("TYPMOD_OUT", &self.typmod_out),
            ("ANALYZE", &self.analyze),
            ("SUBSCRIPT", &self.subscript),
        ]
    }

    fn items(&self) -> Vec<String> {
        let usual = BaseType::default();
        let mut items = Vec::new();
        for (word, name) in [("INPUT", &self.input), ("OUTPUT", &self.output)]
            .into_iter()
            .chain(self.settable())
        {
            if let Some(name) = name {
                items.push(format!("{word} = {}", reference::of(name)));
            }
        }
        if let Some(like) = &self.like {
            items.push(format!("LIKE = {like}"));
        }
        match self.length {
            -1 if self.like.is_some() => {}
            -1 => items.push("INTERNALLENGTH = VARIABLE".to_owned()),
            length => items.push(format!("INTERNALLENGTH = {length}")),
        }
        if self.passed_by_value {
            items.push("PASSEDBYVALUE".to_owned());
        }
        if self.alignment != usual.alignment {
            items.push(format!("ALIGNMENT = {}", self.alignment));
        }
        if self.storage != usual.storage {
            items.push(format!("STORAGE = {}", self.storage));
        }
        if self.category != usual.category {
            items.push(format!("CATEGORY = {}", literal(&self.category)));
        }
        if self.preferred {
            items.push("PREFERRED = true".to_owned());
        }
        if let Some(default) = &self.default {
            items.push(format!("DEFAULT = {}", literal(default)));
        }
        if let Some(element) = &self.element {
            items.push(format!("ELEMENT = {element}"));
        }
        if self.delimiter != usual.delimiter {
            items.push(format!("DELIMITER = {}", literal(&self.delimiter)));
        }
        if self.collatable {
            items.push("COLLATABLE = true".to_owned());
        }
        items
    }
}

impl Definition for BaseType {
    const KIND: Kind = Kind::BaseType;
    const CLASS: &'static str = "pg_type";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "CREATE TYPE {} (\n    {}\n)",
            reference::name(id),
            self.items().join(",\n    ")
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        aside::drop_announced(id, true)
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let mut reachable = self.clone();
        reachable.receive.clone_from(&to.receive);
        reachable.send.clone_from(&to.send);
        reachable.typmod_in.clone_from(&to.typmod_in);
        reachable.typmod_out.clone_from(&to.typmod_out);
        reachable.analyze.clone_from(&to.analyze);
        reachable.subscript.clone_from(&to.subscript);
        // Storage goes from plain to another one and never back.
        if self.storage != "plain" && to.storage != "plain" {
            reachable.storage.clone_from(&to.storage);
        }
        // ALTER TYPE SET came with 13.
        if reachable != *to || context.server_version < 130_000 {
            return Alteration::Rebuild;
        }
        let mut items: Vec<String> = self
            .settable()
            .into_iter()
            .zip(to.settable())
            .filter(|((_, from), (_, to))| from != to)
            .map(|(_, (word, name))| match name {
                Some(name) => format!("{word} = {}", reference::of(name)),
                None => format!("{word} = NONE"),
            })
            .collect();
        if self.storage != to.storage {
            items.push(format!("STORAGE = {}", to.storage));
        }
        let mut statements = vec![Statement::sql(format!(
            "ALTER TYPE {} SET ({})",
            reference::name(id),
            items.join(", ")
        ))];
        if self.storage != to.storage {
            statements.extend(stored_as_before(id, &to.storage, context));
        }
        Alteration::InPlace(statements)
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::data_type(id)]
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("TYPE", from, to)
    }
}

/// The columns that are stored as their type says, those of materialized views too: they keep what the type said when they
/// were made (<https://www.postgresql.org/docs/current/sql-altertype.html>).
fn stored_as_before(id: &ObjectId, storage: &str, context: &Context<'_>) -> Vec<Statement> {
    let name = reference::name(id);
    let is_of = |data_type: &str| row_type::is_plainly_of(data_type, &name);
    let set = |relation: &ObjectId, column: &str| {
        let action = format!("ALTER COLUMN {} SET STORAGE {storage}", ident(column));
        Statement::alter(constraint::alter_only(relation, context), action)
    };
    let mut statements = Vec::new();
    for (column, object) in context.before.of_kind(Kind::Column) {
        let (Object::Column(from), Some(Object::Column(to)), Some(table)) =
            (object, context.after.get(column), column.parent.as_deref())
        else {
            continue;
        };
        let follows = from.storage.is_none() && to.storage.is_none();
        if follows && is_of(&from.data_type) && is_of(&to.data_type) && context.keeps(column) {
            statements.push(set(table, &column.name));
        }
    }
    for (view, object) in context.before.of_kind(Kind::MaterializedView) {
        let Object::MaterializedView(view_before) = object else {
            continue;
        };
        let columns = view_before.columns.iter().filter(|_| context.keeps(view));
        let follow = columns.filter(|it| it.storage.is_none() && is_of(&it.data_type));
        statements.extend(follow.map(|column| set(view, &column.name)));
    }
    statements
}
