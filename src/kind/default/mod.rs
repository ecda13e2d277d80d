//! Defaults of columns, of tables and of views. A default is an object of its own because it may call a function that
//! comes after the table.

mod short;

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::filling;
use super::column::serial::begin_counting;
use super::{
    Alteration, Catalog, Context, Definition, Element, Statement, constraint, domain, naming,
    online, parts,
};
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::lexer::significant;
use crate::sql::quote::ident;

pub(in crate::kind) use short::short;

/// The default of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Default {
    /// The expression.
    pub expression: Expression,
}

/// The relation and the column that a default stands on.
fn place(id: &ObjectId) -> Option<(&ObjectId, &ObjectId)> {
    let column = id.parent.as_deref()?;
    Some((column.parent.as_deref()?, column))
}

fn action(id: &ObjectId, context: &Context<'_>, action: &str) -> Vec<Statement> {
    let Some((relation, column)) = place(id) else {
        return Vec::new();
    };
    vec![Statement::alter(
        constraint::alter_only(relation, context),
        format!("ALTER COLUMN {} {action}", ident(&column.name)),
    )]
}

/// The operators of words that PostgreSQL takes in a default only within parentheses (gram.y's b_expr has them not).
const WORDS: &[&str] = &[
    "and", "or", "not", "in", "like", "ilike", "similar", "between", "is", "isnull", "notnull",
    "collate", "at", "overlaps",
];

/// An expression as it may stand behind DEFAULT.
pub(in crate::kind) fn as_default(text: &str) -> Cow<'_, str> {
    let mut depth = 0_usize;
    for token in significant(text) {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && WORDS.iter().any(|word| token.is_word(word)) {
            return Cow::Owned(format!("({text})"));
        }
    }
    Cow::Borrowed(text)
}

/// Whether a column has a default that is a value: one of a domain that has its own may say that it is none.
pub(in crate::kind) fn gives_value(column: &ObjectId, catalog: &Catalog) -> bool {
    let Some(super::Object::Default(default)) = catalog.get(&column.child(Kind::Default, ""))
    else {
        return false;
    };
    let text = naming::without_parentheses(default.expression.text());
    let tokens = significant(text);
    let is_null = tokens.first().is_some_and(|first| first.is_word("null"))
        && tokens.get(1).is_none_or(|next| next.is("::"));
    !is_null
}

/// Whether a default says that a column has none although that of a parent has one. Elsewhere `NULL` is what SQL says: a domain's
/// own default may be overruled by it.
fn is_none(expression: &Expression, id: &ObjectId, catalog: &Catalog) -> bool {
    let has_parents = |table: &ObjectId| {
        catalog.contains(&table.child(Kind::Partition, ""))
            || !catalog.children(table, Kind::Inherits).is_empty()
            || catalog
                .get(table)
                .is_some_and(|it| !parts::declared_parents(it).is_empty())
    };
    let tokens = significant(expression.text());
    matches!(tokens.as_slice(), [word] if word.is_word("null"))
        && place(id).is_some_and(|(table, _)| has_parents(table))
}

/// Whether a column that is added to rows needs another value than the default that it is to have, which is none.
fn is_filled_otherwise(column: &ObjectId, context: &Context<'_>) -> bool {
    let refuses_null = |object: &super::Object| {
        matches!(object, super::Object::Column(it)
            if it.not_null || domain::refuses_null(&it.data_type, context.after))
    };
    let is_added = column.parent.as_deref().is_some_and(|it| context.keeps(it));
    is_added
        && context.after.get(column).is_some_and(refuses_null)
        && !gives_value(column, context.after)
}

impl Definition for Default {
    const KIND: Kind = Kind::Default;
    const CLASS: &'static str = "pg_attrdef";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if is_none(&self.expression, id, context.after) {
            return action(id, context, "DROP DEFAULT");
        }
        let set = format!("SET DEFAULT {}", as_default(self.expression.text()));
        let statements = action(id, context, &set);
        match id.parent.as_deref() {
            Some(column) if online::fills_by_default(column, context) => statements
                .into_iter()
                .flat_map(|set| online::fill_by_default(column, set, context))
                .collect(),
            Some(column) => {
                let counting = begin_counting(column, context);
                statements.into_iter().chain(counting).collect()
            }
            None => statements,
        }
    }

    fn element(&self, id: &ObjectId, context: &Context<'_>) -> Option<Element> {
        let (relation, column) = place(id)?;
        // A column that comes from a parent or a type has no line of its own.
        if let Some(super::Object::Column(definition)) = context.after.get(column)
            && definition.given(column, context).is_some()
        {
            return None;
        }
        if is_none(&self.expression, id, context.after)
            || filling(column, context).is_some()
            || online::fills_by_default(column, context)
            || is_filled_otherwise(column, context)
        {
            return None;
        }
        (relation.kind != Kind::View)
            .then(|| Element::Suffix(format!("DEFAULT {}", as_default(self.expression.text()))))
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        action(id, context, "DROP DEFAULT")
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.expression
            .source
            .clone_from(&desired.expression.source);
    }
}
