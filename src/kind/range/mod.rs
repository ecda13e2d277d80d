//! Range types, with the multirange types that come with them from PostgreSQL 14 on.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{
    Alteration, Catalog, Context, Definition, NameSlot, Reaction, Relocation, Statement, aside,
    naming, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::{dollar, ident, literal, qualified};

/// A range type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Range {
    /// The type of its bounds.
    pub subtype: String,
    /// The operator class, where it is not the subtype's default.
    pub opclass: Option<QualifiedName>,
    /// The collation, where it is not the subtype's own.
    pub collation: Option<QualifiedName>,
    /// The function that makes equal ranges look equal.
    pub canonical: Option<QualifiedName>,
    /// The function that tells how far two values are apart.
    pub subtype_diff: Option<QualifiedName>,
    /// The multirange type's name; empty before PostgreSQL 14.
    pub multirange: String,
    /// The multirange type's schema, where it is another one.
    pub multirange_schema: Option<String>,
}

/// The name that PostgreSQL gives to a multirange type; see makeMultirangeTypeName in pg_type.c.
pub fn usual_multirange(name: &str) -> String {
    let (mut head, tail) = match name.find("range") {
        Some(at) => (
            name[..at].to_owned(),
            format!("multirange{}", &name[at + 5..]),
        ),
        None => (name.to_owned(), "_multirange".to_owned()),
    };
    let available = 63_usize.saturating_sub(if name.contains("range") {
        0
    } else {
        tail.len()
    });
    let mut end = head.len().min(available);
    while !head.is_char_boundary(end) {
        end -= 1;
    }
    head.truncate(end);
    let mut whole = head + &tail;
    let mut end = whole.len().min(63);
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    whole.truncate(end);
    whole
}

impl Range {
    /// What moves the type out of the way and drops it, and its constructors.
    fn steps(&self, id: &ObjectId, context: &Context<'_>) -> (Vec<Statement>, Vec<Statement>) {
        let (mut set_aside, discard) = aside::steps(id, context, &self.along());
        let schema = id.schema().unwrap_or_default();
        let names = std::iter::once(&*id.name).chain(self.along());
        for name in names {
            let old = aside::free_name(schema, name, context);
            set_aside.push(constructors((schema, name), (schema, &old)));
        }
        (set_aside, discard)
    }

    fn along(&self) -> Vec<&str> {
        if self.multirange.is_empty() || self.multirange_schema.is_some() {
            Vec::new()
        } else {
            vec![&self.multirange]
        }
    }

    /// The type of many of them, by its schema and its name; none before PostgreSQL 14.
    fn many<'a>(&'a self, id: &'a ObjectId) -> Option<(&'a str, &'a str)> {
        let schema = self.multirange_schema.as_deref().or(id.schema())?;
        (!self.multirange.is_empty()).then_some((schema, &self.multirange))
    }
}

/// The statements that give the type of one name another, in its schema or another one.
fn rename_type(from: (&str, &str), to: (&str, &str)) -> Vec<Statement> {
    let mut statements = Vec::new();
    if from.0 != to.0 {
        let go = format!(
            "ALTER TYPE {} SET SCHEMA {}",
            qualified(from.0, from.1),
            ident(to.0)
        );
        statements.push(Statement::sql(go));
    }
    if from.1 != to.1 {
        let go = format!(
            "ALTER TYPE {} RENAME TO {}",
            qualified(to.0, from.1),
            ident(to.1)
        );
        statements.push(Statement::sql(go));
    }
    statements.push(constructors(from, to));
    statements
}

/// The statement by which the constructors of a type that was named anew follow it: PostgreSQL leaves them the names that they
/// have. They are found by what they are a part of, and only those that were named after the type take its name.
fn constructors(from: (&str, &str), to: (&str, &str)) -> Statement {
    let mut changes = String::new();
    if from.0 != to.0 {
        let go = format!("ALTER FUNCTION %s SET SCHEMA {}", ident(to.0));
        changes.push_str(&format!("    EXECUTE format({}, made);\n", literal(&go)));
    }
    if from.1 != to.1 {
        let go = format!("ALTER FUNCTION %s RENAME TO {}", ident(to.1));
        changes.push_str(&format!("    EXECUTE format({}, made);\n", literal(&go)));
    }
    let block = format!(
        "\nDECLARE\n  made regprocedure;\nBEGIN\n  FOR made IN\n    SELECT p.oid FROM pg_catalog.pg_proc AS p\n    \
         JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i'\n    \
         WHERE p.pronamespace = {schema}::regnamespace AND p.proname = {name}\n      \
         AND d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid = {moved}::regtype\n  \
         LOOP\n{changes}  END LOOP;\nEND\n",
        schema = literal(&ident(from.0)),
        name = literal(from.1),
        moved = literal(&qualified(to.0, to.1)),
    );
    Statement::sql(format!("DO {}", dollar(&block)))
}

impl Definition for Range {
    const KIND: Kind = Kind::Range;
    const CLASS: &'static str = "pg_type";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let mut items = vec![format!("SUBTYPE = {}", self.subtype)];
        for (word, name) in [
            ("SUBTYPE_OPCLASS", &self.opclass),
            ("COLLATION", &self.collation),
            ("CANONICAL", &self.canonical),
            ("SUBTYPE_DIFF", &self.subtype_diff),
        ] {
            if let Some(name) = name {
                items.push(format!("{word} = {}", reference::of(name)));
            }
        }
        let usual = self.multirange.is_empty()
            || (self.multirange == usual_multirange(&id.name) && self.multirange_schema.is_none());
        if !usual && context.server_version >= 140_000 {
            let schema = self
                .multirange_schema
                .as_deref()
                .or(id.schema())
                .unwrap_or_default();
            items.push(format!(
                "MULTIRANGE_TYPE_NAME = {}",
                qualified(schema, &self.multirange)
            ));
        }
        vec![Statement::sql(format!(
            "CREATE TYPE {} AS RANGE ({})",
            reference::name(id),
            items.join(", ")
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        aside::drop_announced(id, self.canonical.is_some())
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        // Where something else still holds the new name, the type could not be named anew before all.
        let renamed = Range {
            multirange: to.multirange.clone(),
            multirange_schema: to.multirange_schema.clone(),
            ..self.clone()
        };
        if renamed == *to
            && let (Some(old), Some(new)) = (self.many(id), to.many(id))
        {
            return Alteration::InPlace(rename_type(old, new));
        }
        // Its canonical function takes the type, so that no second one can stand beside it.
        if self.canonical.is_some() || to.canonical.is_some() {
            return Alteration::Rebuild;
        }
        let (set_aside, discard) = self.steps(id, context);
        Alteration::Swap { set_aside, discard }
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        let mut slots = vec![NameSlot::data_type(id)];
        if !self.multirange.is_empty() && self.multirange_schema.is_none() {
            slots.push(NameSlot {
                name: self.multirange.clone(),
                ..NameSlot::data_type(id)
            });
        }
        slots
    }

    fn when_replaced(&self, id: &ObjectId, _: &ObjectId, context: &Context<'_>) -> Reaction {
        if self.canonical.is_some() {
            return Reaction::Rebuild;
        }
        let (set_aside, discard) = self.steps(id, context);
        Reaction::Swap { set_aside, discard }
    }

    fn leave_behind(&mut self, from: &str, to: &str) {
        let there = self.multirange_schema.as_deref().unwrap_or(from);
        self.multirange_schema =
            (!self.multirange.is_empty() && there != to).then(|| there.to_owned());
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn relocation(&self, to: &Self, id: &ObjectId, _: &Catalog) -> Option<Relocation> {
        let (old, new) = (self.many(id)?, to.many(id)?);
        (old != new).then(|| Relocation {
            schema: new.0.to_owned(),
            there: rename_type(old, new),
            back: rename_type(new, old),
            halfway: Some(
                Range {
                    multirange: naming::aside(old.1),
                    ..self.clone()
                }
                .into(),
            ),
            named: Vec::new(),
            reached: Range {
                multirange: to.multirange.clone(),
                multirange_schema: to.multirange_schema.clone(),
                ..self.clone()
            }
            .into(),
        })
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        let name = |id: &'_ ObjectId| {
            (
                id.schema().unwrap_or_default().to_owned(),
                id.name.to_string(),
            )
        };
        let (from, to) = (name(from), name(to));
        rename_type((&from.0, &from.1), (&to.0, &to.1))
    }
}

#[cfg(test)]
mod tests {
    use super::usual_multirange;

    #[test]
    fn multiranges_are_named_as_postgresql_names_them() {
        assert_eq!(usual_multirange("float_range"), "float_multirange");
        assert_eq!(usual_multirange("span"), "span_multirange");
        assert_eq!(usual_multirange(&"x".repeat(63)).len(), 63);
    }
}
