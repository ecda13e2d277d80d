//! Enumerated types. Values can be added and renamed in place; one that goes, or another order, needs a new type, to
//! which the columns move by their text.

pub(super) mod kdl;
mod rows;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::inner::{self, Renamed};
use super::language::Writing;
use super::{
    Alteration, Catalog, Context, Definition, HazardClass, NameSlot, Object, Preflight, Relocation,
    Statement, aside, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::literal;

/// Whether the author says of some column of the type what its values become.
fn is_converted(id: &ObjectId, context: &Context<'_>) -> bool {
    let name = reference::name(id);
    let mut columns = context.after.of_kind(Kind::Column);
    columns.any(|(_, object)| match object {
        Object::Column(it) => {
            it.convert.convert.is_some() && it.data_type.trim_end_matches("[]") == name
        }
        _ => false,
    })
}

/// An enumerated type.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct Enum {
    /// The values in their order.
    pub values: Vec<String>,
    /// Values that had another name before (before, now): a word of transition, never compared.
    #[serde(skip)]
    pub renamed: Vec<(String, String)>,
}

impl PartialEq for Enum {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Eq for Enum {}

impl Enum {
    /// The renames of values that lead from here to another definition.
    fn renames(&self, to: &Enum) -> Vec<Renamed> {
        let (from, to_names) = (self.inner_names(), to.inner_names());
        inner::renames(&from, &to_names, &to.renamed, &self.renamed)
    }

    /// The values that another definition does not have.
    fn gone(&self, to: &Enum) -> Vec<String> {
        let gone = self.values.iter().filter(|it| !to.values.contains(it));
        gone.cloned().collect()
    }
}

fn rename_statements(renames: &[Renamed], id: &ObjectId) -> Vec<Statement> {
    let name = reference::name(id);
    let rename = |(old, new): &(String, String)| {
        let (old, new) = (literal(old), literal(new));
        Statement::sql(format!("ALTER TYPE {name} RENAME VALUE {old} TO {new}"))
    };
    renames.iter().map(rename).collect()
}

impl Definition for Enum {
    const KIND: Kind = Kind::Enum;
    const CLASS: &'static str = "pg_type";
    const CATALOG: &'static str = include_str!("catalog.sql");

    /// Rows that hold a value which goes, in columns of this type or of one that is made of it.
    fn preflight(
        &self,
        from: Option<&Self>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Preflight> {
        let gone = from.map(|from| from.gone(self)).unwrap_or_default();
        if gone.is_empty() {
            return Vec::new();
        }
        rows::that_hold(&gone, id, context)
    }

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let values: Vec<String> = self.values.iter().map(|value| literal(value)).collect();
        vec![Statement::sql(format!(
            "CREATE TYPE {} AS ENUM ({})",
            reference::name(id),
            values.join(", ")
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        aside::drop_type(id)
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let head = format!("ALTER TYPE {}", reference::name(id));
        let now = &self.values;
        let kept: Vec<&String> = to.values.iter().filter(|it| now.contains(it)).collect();
        if kept.len() != now.len() || kept.iter().zip(now).any(|(one, other)| *one != other) {
            let (mut set_aside, discard) = aside::steps(id, context, &[]);
            let gone: Vec<String> = self.gone(to).iter().map(|value| literal(value)).collect();
            if let (false, Some(first)) = (gone.is_empty(), set_aside.first_mut()) {
                let gone = gone.join(" or ");
                let detail = match is_converted(id, context) {
                    true => format!("{gone} in rows becomes what `convert` says"),
                    false => format!("rows that hold {gone} are refused"),
                };
                *first = std::mem::replace(first, Statement::sql("")).hazard(
                    "remove-enum-value",
                    HazardClass::DataLoss,
                    id,
                    detail,
                );
            }
            return Alteration::Swap { set_aside, discard };
        }
        let mut statements = Vec::new();
        let mut before: Option<&String> = None;
        for (at, value) in to.values.iter().enumerate() {
            if !now.contains(value) {
                let next = to.values[at + 1..].iter().find(|it| now.contains(it));
                let place = match (before, next) {
                    (Some(before), Some(_)) => format!(" AFTER {}", literal(before)),
                    (None, Some(next)) => format!(" BEFORE {}", literal(next)),
                    _ => String::new(),
                };
                statements.push(Statement::sql(format!(
                    "{head} ADD VALUE {}{place}",
                    literal(value)
                )));
            }
            before = Some(value);
        }
        Alteration::InPlace(statements)
    }

    /// Where values have other names, what uses the type goes on with it.
    fn relocation(&self, to: &Self, id: &ObjectId, _: &Catalog) -> Option<Relocation> {
        let renames = self.renames(to);
        inner::relocation(self, id, renames, |renames| rename_statements(renames, id))
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::data_type(id)]
    }

    fn adopt_words(&mut self, desired: &Self) {
        self.renamed.clone_from(&desired.renamed);
    }

    fn inner_names(&self) -> Vec<&str> {
        self.values.iter().map(String::as_str).collect()
    }

    fn rename_inner(&mut self, called: &dyn Fn(&str) -> Option<String>) {
        for value in &mut self.values {
            if let Some(now) = called(value) {
                *value = now;
            }
        }
    }

    fn was_called_inside(&mut self, from: &str, to: &str) {
        self.renamed.push((from.to_owned(), to.to_owned()));
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("TYPE", from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Catalog;

    fn alter(from: &[&str], to: &[&str]) -> Option<Vec<String>> {
        let make = |values: &[&str]| Enum {
            values: values.iter().map(|it| (*it).to_owned()).collect(),
            renamed: Vec::new(),
        };
        let wanted = make(to);
        let catalog = Catalog::default();
        let context = Context::new(&catalog, &catalog, 150_000, "");
        let id = ObjectId::in_schema(Kind::Enum, "s", "e");
        match make(from).alter(&wanted, &id, &context) {
            Alteration::InPlace(statements) => {
                Some(statements.iter().map(Statement::text).collect())
            }
            _ => None,
        }
    }

    #[test]
    fn values_are_added_at_their_place() {
        assert_eq!(
            alter(&["b", "d"], &["a", "b", "c", "c2", "d", "e"]).unwrap(),
            [
                "ALTER TYPE s.e ADD VALUE 'a' BEFORE 'b'",
                "ALTER TYPE s.e ADD VALUE 'c' AFTER 'b'",
                "ALTER TYPE s.e ADD VALUE 'c2' AFTER 'c'",
                "ALTER TYPE s.e ADD VALUE 'e'",
            ]
        );
    }

    #[test]
    fn a_renamed_value_keeps_its_place() {
        let make = |values: &[&str]| Enum {
            values: values.iter().map(|it| (*it).to_owned()).collect(),
            renamed: Vec::new(),
        };
        let mut wanted = make(&["a", "x", "c"]);
        wanted.was_called_inside("b", "x");
        let id = ObjectId::in_schema(Kind::Enum, "s", "e");
        let moved = make(&["a", "b"]).relocation(&wanted, &id, &Catalog::default());
        let moved = moved.unwrap();
        let there: Vec<String> = moved.there.iter().map(Statement::text).collect();
        assert_eq!(there, ["ALTER TYPE s.e RENAME VALUE 'b' TO 'x'"]);
        assert_eq!(moved.reached, make(&["a", "x"]).into());
    }

    #[test]
    fn what_goes_or_moves_needs_a_new_type() {
        assert_eq!(alter(&["a", "b"], &["a"]), None);
        assert_eq!(alter(&["a", "b"], &["b", "a"]), None);
    }
}
