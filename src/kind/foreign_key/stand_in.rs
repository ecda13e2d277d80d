//! Rows that stand in for those of a table that was dropped, when the way back makes it again beneath others that are still
//! there: what they refer to has to be there. They are for the foreign key; the true rows are gone.

use super::ForeignKey;
use crate::kind::column::neutral;
use crate::kind::{Context, Object, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// The statement that makes a row for each value that the rows of the key's table have; `None` where the table that is
/// referred to is not made by the plan, or a row of it can't be made up.
pub(super) fn referenced_rows(
    key: &ForeignKey,
    id: &ObjectId,
    context: &Context<'_>,
) -> Option<Statement> {
    let table = id.parent.as_deref()?;
    let parent = ObjectId::in_schema(Kind::Table, &key.references.schema, &key.references.name);
    let is_made = context.stand_in && context.makes(&parent) && !context.before.contains(&parent);
    let is_declared = !context.after.children(&parent, Kind::Row).is_empty();
    if !is_made || is_declared || !context.keeps(table) || !context.before.contains(table) {
        return None;
    }
    let mut names: Vec<String> = key.referenced_columns.iter().map(|it| ident(it)).collect();
    let mut values: Vec<String> = key.columns.iter().map(|it| ident(it)).collect();
    for (column, object) in context.after.children(&parent, Kind::Column) {
        let Object::Column(it) = object else { continue };
        let is_filled = it.generated.is_some()
            || it.identity.is_some()
            || context.after.contains(&column.child(Kind::Default, ""))
            || key
                .referenced_columns
                .iter()
                .any(|name| **name == *column.name);
        if it.not_null && !is_filled {
            names.push(ident(&column.name));
            values.push(neutral(&it.data_type, context.after)?);
        }
    }
    let given = key
        .columns
        .iter()
        .map(|it| format!("{} IS NOT NULL", ident(it)));
    Some(Statement::sql(format!(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE\nSELECT DISTINCT {} FROM {} WHERE {}\nON CONFLICT DO NOTHING",
        reference::name(&parent),
        names.join(", "),
        values.join(", "),
        reference::name(table),
        given.collect::<Vec<_>>().join(" AND "),
    )))
}
