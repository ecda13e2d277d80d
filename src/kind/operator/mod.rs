//! Operators. What PostgreSQL announces for a commutator or negator that is not made yet is no object.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, NameSlot, Object, Statement, functions, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Operator {
    /// The left operand's type; none for a prefix operator.
    pub left: Option<String>,
    /// The right operand's type.
    pub right: Option<String>,
    /// The function that it calls.
    pub function: QualifiedName,
    /// The operator with its operands exchanged.
    pub commutator: Option<QualifiedName>,
    /// The operator that gives the contrary.
    pub negator: Option<QualifiedName>,
    /// Estimates how many rows a restriction leaves.
    pub restrict: Option<QualifiedName>,
    /// Estimates how many rows a join gives.
    pub join: Option<QualifiedName>,
    /// Whether it can hash.
    pub hashes: bool,
    /// Whether it can merge.
    pub merges: bool,
    /// `commutator` and `negator`, where that is an operator that nobody has made.
    #[serde(default, skip_serializing_if = "Announced::is_empty")]
    pub announced: Announced,
}

/// What PostgreSQL knows only because an operator names it. Not compared: whether the other one is made later is no
/// difference of this one.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
#[serde(transparent)]
pub struct Announced(Vec<String>);

impl Announced {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for Announced {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Announced {}

impl Operator {
    /// The operators that are only announced. They stay when this one goes, and hold their schema and types.
    fn announced(&self) -> impl Iterator<Item = ObjectId> {
        let none = || "NONE".to_owned();
        let left = self.left.clone().unwrap_or_else(none);
        let right = self.right.clone().unwrap_or_else(none);
        let exchanged = ("commutator", &self.commutator, format!("{right}, {left}"));
        let contrary = ("negator", &self.negator, format!("{left}, {right}"));
        [exchanged, contrary]
            .into_iter()
            .filter(|(word, ..)| self.announced.0.iter().any(|announced| announced == word))
            .filter_map(|(_, name, signature)| {
                let name = name.as_ref()?;
                let id = ObjectId::in_schema(Kind::Operator, &name.schema, &name.name);
                Some(id.with_signature(&signature))
            })
    }
}

/// Whether an announced operator is there in the state after, or is announced by another one that stays.
fn stays(announced: &ObjectId, context: &Context<'_>) -> bool {
    context.after.contains(announced)
        || context.before.of_kind(Kind::Operator).any(|(id, object)| {
            context.keeps(id)
                && matches!(object, Object::Operator(it) if it.announced().any(|it| it == *announced))
        })
}

impl Definition for Operator {
    const KIND: Kind = Kind::Operator;
    const CLASS: &'static str = "pg_operator";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut items = vec![format!("FUNCTION = {}", reference::of(&self.function))];
        for (word, name) in [("LEFTARG", &self.left), ("RIGHTARG", &self.right)] {
            if let Some(name) = name {
                items.push(format!("{word} = {name}"));
            }
        }
        for (word, name) in [("COMMUTATOR", &self.commutator), ("NEGATOR", &self.negator)] {
            if let Some(name) = name {
                items.push(format!("{word} = {}", functions::operator(name)));
            }
        }
        items.extend(functions::item("RESTRICT", self.restrict.as_ref()));
        items.extend(functions::item("JOIN", self.join.as_ref()));
        if self.hashes {
            items.push("HASHES".to_owned());
        }
        if self.merges {
            items.push("MERGES".to_owned());
        }
        vec![Statement::sql(format!(
            "CREATE OPERATOR {}.{} (\n    {}\n)",
            crate::sql::quote::ident(id.schema().unwrap_or_default()),
            id.name,
            items.join(",\n    ")
        ))]
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let dropped = format!("DROP {}", reference::described(id));
        let left_behind = self
            .announced()
            .filter(|shell| !stays(shell, context))
            .map(|shell| format!("DROP {}", reference::described(&shell)));
        std::iter::once(dropped)
            .chain(left_behind)
            .map(Statement::sql)
            .collect()
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let settable = Operator {
            restrict: to.restrict.clone(),
            join: to.join.clone(),
            ..self.clone()
        };
        if settable != *to {
            return Alteration::Rebuild;
        }
        let mut items = Vec::new();
        for (word, from, to) in [
            ("RESTRICT", &self.restrict, &to.restrict),
            ("JOIN", &self.join, &to.join),
        ] {
            if from != to {
                let name = to.as_ref().map_or_else(|| "NONE".to_owned(), reference::of);
                items.push(format!("{word} = {name}"));
            }
        }
        Alteration::InPlace(vec![Statement::sql(format!(
            "ALTER OPERATOR {} SET ({})",
            reference::name(id),
            items.join(", ")
        ))])
    }

    /// It goes to another schema; under another name it is made anew
    /// (<https://www.postgresql.org/docs/current/sql-alteroperator.html>).
    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        let schema = to.schema().filter(|_| from.name == to.name);
        let moved = schema.map(|schema| {
            Statement::sql(format!(
                "ALTER OPERATOR {} SET SCHEMA {}",
                reference::name(from),
                crate::sql::quote::ident(schema)
            ))
        });
        moved.into_iter().collect()
    }

    /// One that it names goes, and it shall name it as before: it is made when that is gone, and announces it.
    fn is_made_anew(&self, to: &Self, _: &ObjectId, context: &Context<'_>) -> bool {
        to.announced().any(|named| context.before.contains(&named))
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        std::iter::once(id.clone())
            .chain(self.announced())
            .map(|id| NameSlot {
                space: "operator",
                ..NameSlot::routine(&id)
            })
            .collect()
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }
}
