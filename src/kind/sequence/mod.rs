//! Sequences, those of serial columns included; an identity column's sequence is a part of the column.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::serial::handed_over;
use super::language::Writing;
use super::{
    Alteration, Context, Definition, HazardClass, NameSlot, Preflight, Statement, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{ident, literal, qualified};

/// What a sequence counts, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Sequence {
    /// `smallint`, `integer` or `bigint`.
    pub data_type: String,
    /// The first value.
    pub start: i64,
    /// The step.
    pub increment: i64,
    /// The smallest value.
    pub min: i64,
    /// The largest value.
    pub max: i64,
    /// How many values a session takes at once.
    pub cache: i64,
    /// Whether it begins again after the last value.
    pub cycle: bool,
    /// Whether it is kept out of the log (PostgreSQL 15).
    pub unlogged: bool,
}

impl Sequence {
    /// The smallest and largest value of a sequence's type.
    pub fn type_bounds(data_type: &str) -> (i64, i64) {
        match data_type {
            "smallint" => (i16::MIN.into(), i16::MAX.into()),
            "integer" => (i32::MIN.into(), i32::MAX.into()),
            _ => (i64::MIN, i64::MAX),
        }
    }

    /// PostgreSQL's defaults for a type and a step; see CREATE SEQUENCE.
    pub fn defaults(data_type: &str, increment: i64) -> Sequence {
        let (lowest, highest) = Self::type_bounds(data_type);
        let (min, max) = if increment < 0 {
            (lowest, -1)
        } else {
            (1, highest)
        };
        Sequence {
            data_type: data_type.to_owned(),
            start: if increment < 0 { max } else { min },
            increment,
            min,
            max,
            cache: 1,
            cycle: false,
            unlogged: false,
        }
    }

    /// The options that differ from the defaults, as CREATE SEQUENCE and GENERATED AS IDENTITY take them.
    pub fn options(&self) -> Vec<String> {
        let usual = Self::defaults(&self.data_type, self.increment);
        let mut options = Vec::new();
        if self.increment != 1 {
            options.push(format!("INCREMENT BY {}", self.increment));
        }
        if self.min != usual.min {
            options.push(format!("MINVALUE {}", self.min));
        }
        if self.max != usual.max {
            options.push(format!("MAXVALUE {}", self.max));
        }
        let first = if self.increment < 0 {
            self.max
        } else {
            self.min
        };
        if self.start != first {
            options.push(format!("START WITH {}", self.start));
        }
        if self.cache != 1 {
            options.push(format!("CACHE {}", self.cache));
        }
        if self.cycle {
            options.push("CYCLE".to_owned());
        }
        options
    }

    /// The options that lead from this definition to another, as ALTER SEQUENCE takes them.
    pub fn changes(&self, to: &Sequence) -> Vec<String> {
        let mut options = Vec::new();
        if self.data_type != to.data_type {
            options.push(format!("AS {}", to.data_type));
        }
        if self.increment != to.increment {
            options.push(format!("INCREMENT BY {}", to.increment));
        }
        // A new type moves bounds that stand at the old type's ends, so bounds are said again with it.
        let retyped = self.data_type != to.data_type;
        if retyped || self.min != to.min {
            options.push(format!("MINVALUE {}", to.min));
        }
        if retyped || self.max != to.max {
            options.push(format!("MAXVALUE {}", to.max));
        }
        if self.start != to.start {
            options.push(format!("START WITH {}", to.start));
        }
        if self.cache != to.cache {
            options.push(format!("CACHE {}", to.cache));
        }
        if self.cycle != to.cycle {
            options.push(if to.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
        }
        options
    }

    /// Whether no position fits both definitions, so that the other one begins anew.
    pub fn restarts(&self, to: &Sequence) -> bool {
        to.min > self.max || to.max < self.min
    }

    /// A position behind the last value of another definition, which PostgreSQL refuses: it is the person's to see.
    pub(super) fn beyond(&self, to: &Sequence, id: &ObjectId) -> Option<Preflight> {
        let descends = to.increment < 0;
        let (last, side, narrower) = match descends {
            true => (to.min, "<", to.min > self.min),
            false => (to.max, ">", to.max < self.max),
        };
        if !narrower || self.restarts(to) {
            return None;
        }
        let sequence = reference::name(id);
        let about = format!("positions of {sequence} behind {last}, its last value then");
        Some(Preflight {
            tables: vec![id.clone()],
            sql: format!(
                "SELECT count(*), {}, min(last_value::text) FROM {sequence} WHERE last_value {side} {last}",
                literal(&about)
            ),
            about,
        })
    }

    /// Moves a position that lies before the first value of another definition up to it: PostgreSQL refuses bounds that
    /// the position is outside of. For one behind the last value see [`Sequence::beyond`].
    pub fn reposition(&self, to: &Sequence, schema: &str, name: &str) -> Option<Statement> {
        let (first, side) = if to.increment < 0 {
            (to.max, ">")
        } else {
            (to.min, "<")
        };
        let narrower = if to.increment < 0 {
            to.max < self.max
        } else {
            to.min > self.min
        };
        if !narrower || first < self.min || first > self.max {
            return None;
        }
        let sequence = qualified(schema, name);
        Some(Statement::sql(format!(
            "SELECT pg_catalog.setval({}, {first}, false) FROM {sequence} WHERE last_value {side} {first}",
            literal(&sequence)
        )))
    }
}

impl Sequence {
    /// Moves the sequence of this name behind the values that a column has, where the last of them is between two bounds.
    pub(super) fn set_behind_values(
        &self,
        name: &str,
        column: &ObjectId,
        (first, last): (i64, i64),
    ) -> Statement {
        let side = if self.increment < 0 { "min" } else { "max" };
        let value = format!("{side}({})", ident(&column.name));
        Statement::sql(format!(
            "SELECT pg_catalog.setval({}, {value}) FROM {} HAVING {value} BETWEEN {first} AND {last}",
            literal(name),
            reference::parent(column),
        ))
    }

    /// The same of a new sequence that a column of a table with rows begins to take from: it would give the values again. One
    /// that starts behind them is left as it is.
    pub(super) fn begin_behind_values(&self, name: &str, column: &ObjectId) -> Statement {
        let bounds = match self.increment < 0 {
            true => (self.min, self.start),
            false => (self.start, self.max),
        };
        self.set_behind_values(name, column, bounds)
    }

    /// CREATE SEQUENCE.
    pub fn statement(&self, id: &ObjectId) -> Statement {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let mut sql = format!("CREATE {unlogged}SEQUENCE {}", reference::name(id));
        if self.data_type != "bigint" {
            sql.push_str(&format!(" AS {}", self.data_type));
        }
        for option in self.options() {
            sql.push(' ');
            sql.push_str(&option);
        }
        Statement::sql(sql)
    }
}

impl Definition for Sequence {
    const KIND: Kind = Kind::Sequence;
    const CLASS: &'static str = "pg_class";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn preflight(
        &self,
        from: Option<&Self>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Preflight> {
        let from = from.filter(|_| context.keeps(id));
        let beyond = from.and_then(|from| from.beyond(self, id));
        beyond.into_iter().collect()
    }

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if handed_over(id, context).is_some() {
            return Vec::new();
        }
        vec![self.statement(id)]
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if handed_over(id, context).is_some() {
            return Vec::new();
        }
        vec![
            Statement::sql(format!("DROP SEQUENCE {}", reference::name(id))).hazard(
                "drop-sequence",
                HazardClass::DataLoss,
                id,
                "the sequence's position is lost",
            ),
        ]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let head = format!("ALTER SEQUENCE {}", reference::name(id));
        let mut statements = Vec::new();
        let schema = id.schema().unwrap_or_default();
        statements.extend(self.reposition(to, schema, &id.name));
        let mut options = self.changes(to);
        if self.restarts(to) {
            options.push("RESTART".to_owned());
        }
        if !options.is_empty() {
            statements.push(Statement::sql(format!("{head} {}", options.join(" "))));
        }
        if self.unlogged != to.unlogged {
            let state = if to.unlogged { "UNLOGGED" } else { "LOGGED" };
            statements.push(Statement::sql(format!("{head} SET {state}")));
        }
        Alteration::InPlace(statements)
    }

    fn carried_by(&self, id: &ObjectId, context: &Context<'_>) -> Vec<ObjectId> {
        handed_over(id, context).into_iter().collect()
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::relation(id)]
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("SEQUENCE", from, to)
    }
}
