//! The author's value for the rows of a new column, beside its default: which value it is, and whether all rows can have it
//! without being written.

use super::Column;
use crate::kind::domain;
use crate::kind::online::{Reach, is_used, varies};
use crate::kind::{Context, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::volatile::mentions_no_column;

/// How the rows that are there get the author's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::kind) enum Filling {
    /// All the same one, as the default of the column while it is added: no row is written for it
    /// (<https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>).
    AtOnce(String),
    /// By an UPDATE.
    RowByRow(String),
}

/// The author's value for a column that is added to a table which may hold rows; `None` where there is none, or the column's
/// default is the same one.
pub(in crate::kind) fn filling(column: &ObjectId, context: &Context<'_>) -> Option<Filling> {
    let table = column.parent.as_deref()?;
    let Some(Object::Column(added)) = context.after.get(column) else {
        return None;
    };
    let value = added.convert.backfill.clone()?;
    let is_written = added.identity.is_none() && added.generated.is_none();
    if !is_written || !context.keeps(table) || !context.makes(column) {
        return None;
    }
    if let Some(Object::Default(default)) = context.after.get(&column.child(Kind::Default, ""))
        && default.expression.text() == value
    {
        return None;
    }
    let at_once = mentions_no_column(&value)
        && !varies(&value, context)
        // Where the type refuses null, every other way looks at the rows as well.
        && (domain::refuses_null(&added.data_type, context.after)
            || !is_looked_at(added, column, table, context));
    Some(match at_once {
        true => Filling::AtOnce(value),
        false => Filling::RowByRow(value),
    })
}

/// Whether adding the column with a default writes the rows of a table in use all the same: the constraints of a domain are
/// looked at so.
fn is_looked_at(
    added: &Column,
    column: &ObjectId,
    table: &ObjectId,
    context: &Context<'_>,
) -> bool {
    let mut types = context.after.dependencies_of(column);
    let is_domain = added.data_type.contains('.') && types.any(|it| it.kind == Kind::Domain);
    is_domain && is_used(table, Reach::Partitions, context)
}
