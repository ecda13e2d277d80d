//! Operators. What PostgreSQL announces for a commutator or negator that is not made yet is no object.

pub(super) mod kdl;

use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, functions, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
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

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
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

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }
}
