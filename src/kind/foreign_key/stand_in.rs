//! Rows that stand in for those of a table that was dropped, when the way back makes it again beneath others that are still
//! there: what they refer to has to be there. They are for the foreign key; the true rows are gone.

use super::ForeignKey;
use crate::kind::column::made_up;
use crate::kind::{Context, Object, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// The statement that makes a row for each value that the rows of the key's table have; `None` where they have none, where the
/// table that is referred to is not made by the plan, or where a row of it can't be made up.
pub(super) fn referenced_rows(
    key: &ForeignKey,
    id: &ObjectId,
    context: &Context<'_>,
) -> Option<Statement> {
    let table = id.parent.as_deref()?;
    let parent = ObjectId::in_schema(Kind::Table, &key.references.schema, &key.references.name);
    let is_made = context.stand_in && context.makes(&parent) && !context.before.contains(&parent);
    let is_declared = !context.after.children(&parent, Kind::Row).is_empty();
    // PostgreSQL takes ON CONFLICT neither beside rules nor for a key over periods.
    let is_insertable = !key.period && context.after.children(&parent, Kind::Rule).is_empty();
    let is_wanted = is_made && !is_declared && context.keeps(table);
    if !is_wanted || !is_insertable || !has_values(key, table, context) {
        return None;
    }
    let mut names: Vec<String> = key.referenced_columns.iter().map(|it| ident(it)).collect();
    let places: Vec<String> = (1..=names.len()).map(|n| format!("k{n}")).collect();
    let mut values: Vec<String> = places.iter().map(|it| format!("numbered.{it}")).collect();
    for (column, object) in context.after.children(&parent, Kind::Column) {
        let Object::Column(it) = object else { continue };
        let is_key = key
            .referenced_columns
            .iter()
            .any(|name| **name == *column.name);
        if is_key && it.generated.is_some() {
            return None;
        }
        let is_filled = is_key
            || it.generated.is_some()
            || it.identity.is_some()
            || context.after.contains(&column.child(Kind::Default, ""));
        if it.not_null && !is_filled {
            let name = ident(&column.name);
            values.push(format!("{} AS {name}", made_up(it, column, context)?));
            names.push(name);
        }
    }
    let given = key.columns.iter();
    let given = given.map(|it| format!("{} IS NOT NULL", ident(it)));
    Some(Statement::sql(format!(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE\nSELECT {}\nFROM (\n    \
         SELECT row_number() OVER (), given.* FROM (SELECT DISTINCT {} FROM {} WHERE {}) AS given\n\
         ) AS numbered (n, {})\nON CONFLICT ({}) DO NOTHING",
        reference::name(&parent),
        names.join(", "),
        values.join(", "),
        reference::columns(&key.columns),
        reference::name(table),
        given.collect::<Vec<_>>().join(" AND "),
        places.join(", "),
        reference::columns(&key.referenced_columns),
    )))
}

/// Whether rows of the key's table can have values in all of its columns: one that comes back and may be null has none.
fn has_values(key: &ForeignKey, table: &ObjectId, context: &Context<'_>) -> bool {
    key.columns.iter().all(|name| {
        let column = table.child(Kind::Column, name);
        let is_filled = context.after.contains(&column.child(Kind::Default, ""))
            || matches!(context.after.get(&column), Some(Object::Column(it)) if it.not_null);
        context.before.contains(&column) || is_filled
    })
}
