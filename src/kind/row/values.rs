//! Values of rows as SQL, and what comes with them: sequences that have to stand above them, and new columns that they
//! fill.

use super::{Cell, Row, of_table};
use crate::kind::{Catalog, Context, Object, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{ident, literal};

/// The definition of a column of a table.
fn column<'a>(
    table: Option<&ObjectId>,
    name: &str,
    catalog: &'a Catalog,
) -> Option<&'a crate::kind::column::Column> {
    match catalog.get(&table?.child(Kind::Column, name))? {
        Object::Column(column) => Some(column),
        _ => None,
    }
}

/// What an INSERT says between its columns and their values, where one of them takes values only so.
pub fn overriding<'n>(
    table: Option<&ObjectId>,
    names: impl IntoIterator<Item = &'n String>,
    catalog: &Catalog,
) -> &'static str {
    let mut names = names.into_iter();
    match names.any(|name| is_always(table, name, catalog)) {
        true => " OVERRIDING SYSTEM VALUE",
        false => "",
    }
}

/// Whether a column is an identity that takes no value of somebody else's.
fn is_always(table: Option<&ObjectId>, name: &str, catalog: &Catalog) -> bool {
    column(table, name, catalog)
        .and_then(|it| it.identity.as_ref())
        .is_some_and(|identity| identity.always)
}

/// The columns of a row that changes which take no new value from an UPDATE.
pub fn closed_identities(id: &ObjectId, context: &Context<'_>) -> Vec<ObjectId> {
    let (Some(Object::Row(from)), Some(Object::Row(to)), Some(table)) = (
        context.before.get(id),
        context.after.get(id),
        id.parent.as_deref(),
    ) else {
        return Vec::new();
    };
    let changed = to.values.iter();
    let changed = changed.filter(|(name, value)| from.values.get(*name) != Some(*value));
    changed
        .filter(|(name, _)| is_always(Some(table), name, context.after))
        .map(|(name, _)| table.child(Kind::Column, name))
        .collect()
}

/// The statements by which an identity takes values, and by which it is again as it was.
pub fn opened_meanwhile(column: &ObjectId) -> (Vec<Statement>, Vec<Statement>) {
    let head = column.parent.as_deref().map(reference::alter_relation);
    let head = head.unwrap_or_default();
    let set = |how: &str| {
        let action = format!("ALTER COLUMN {} SET GENERATED {how}", ident(&column.name));
        vec![Statement::alter(head.clone(), &action)]
    };
    (set("BY DEFAULT"), set("ALWAYS"))
}

/// A value as SQL: in the author's spelling where that is known, else as a person writes a value of the type.
pub fn cell(value: &Cell, table: Option<&ObjectId>, name: &str, catalog: &Catalog) -> String {
    if let Some(source) = &value.source {
        return source.clone();
    }
    let Some(text) = &value.value else {
        return "NULL".to_owned();
    };
    match printed(text, table, name, catalog) {
        Printed::Boolean(value) => value.to_string(),
        Printed::Number(number) => number.to_owned(),
        Printed::Text(text) => literal(text),
    }
}

/// Whether values of a type are numbers that SQL can spell without quotes.
fn counts(data_type: &str) -> bool {
    let name = data_type.split('(').next().unwrap_or_default();
    matches!(
        name,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision"
    )
}

/// Whether a text is a decimal number that SQL and KDL read as it is: a zero would lose its sign.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() < text.len() && !digits.bytes().any(|it| matches!(it, b'1'..=b'9')) {
        return false;
    }
    let parts: Vec<&str> = digits.split('.').collect();
    parts.len() <= 2
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What a value that PostgreSQL prints is, for SQL and for KDL: a number, a truth value, or the text.
pub(super) enum Printed<'t> {
    Number(&'t str),
    Boolean(bool),
    Text(&'t str),
}

/// What the printed value of a column is.
pub(super) fn printed<'t>(
    text: &'t str,
    table: Option<&ObjectId>,
    name: &str,
    catalog: &Catalog,
) -> Printed<'t> {
    match column(table, name, catalog).map(|it| it.data_type.as_str()) {
        Some("boolean") if text == "t" => Printed::Boolean(true),
        Some("boolean") if text == "f" => Printed::Boolean(false),
        Some(data_type) if is_number(text) && counts(data_type) => Printed::Number(text),
        _ => Printed::Text(text),
    }
}

/// A new column of a table that stays, which refuses null and has no value for the rows that are there but in them.
fn without_values<'a>(
    id: &ObjectId,
    context: &Context<'a>,
) -> Option<&'a crate::kind::column::Column> {
    let (Some(Object::Column(column)), None) = (context.after.get(id), context.before.get(id))
    else {
        return None;
    };
    let filled = !column.not_null
        || column.identity.is_some()
        || column.generated.is_some()
        || column.convert.backfill.is_some()
        || context.stand_in
        || context.after.contains(&id.child(Kind::Default, ""));
    let stays = id
        .parent
        .as_deref()
        .is_some_and(|table| context.before.contains(table));
    (!filled && stays).then_some(column)
}

/// The expression by which the declared rows fill a new column that refuses null and has no other value for them.
pub fn filling(id: &ObjectId, context: &Context<'_>) -> Option<String> {
    let table = id.parent.as_deref()?;
    let definition = without_values(id, context)?;
    let filled = |row: &Row| {
        row.values
            .get(&*id.name)
            .is_some_and(|it| it.value.is_some())
    };
    let rows = of_table(table, context.after)
        .filter(|(row, it)| context.before.contains(row) && filled(it));
    let cases: Vec<String> = rows
        .map(|(row, it)| {
            let value = cell(&it.values[&*id.name], Some(table), &id.name, context.after);
            let value = format!("CAST({value} AS {})", definition.data_type);
            format!("WHEN {} THEN {value}", it.is_this(row, context.after))
        })
        .collect();
    (!cases.is_empty()).then(|| format!("CASE\n    {}\nEND", cases.join("\n    ")))
}

/// The condition that a row is none of the declared ones; `None` where the table holds no others.
pub fn beside(table: &ObjectId, context: &Context<'_>) -> Option<String> {
    if context.after.exact.contains(table) {
        return None;
    }
    let conditions: Vec<String> = of_table(table, context.after)
        .map(|(id, row)| format!("({})", row.is_this(id, context.after)))
        .collect();
    Some(format!("NOT ({})", conditions.join(" OR ")))
}

/// Whether the values of a column come with the column itself.
pub(super) fn is_filled(column: &ObjectId, context: &Context<'_>) -> bool {
    without_values(column, context).is_some()
}

/// Whether a row that is changed gets another value where a sequence counts.
pub fn counts_on(id: &ObjectId, context: &Context<'_>) -> bool {
    let (Some(Object::Row(from)), Some(Object::Row(to)), Some(table)) = (
        context.before.get(id),
        context.after.get(id),
        id.parent.as_deref(),
    ) else {
        return false;
    };
    to.values
        .iter()
        .filter(|(name, value)| from.values.get(*name) != Some(*value))
        .any(|(name, _)| is_counted(&table.child(Kind::Column, name), context.after))
}

/// Whether a column takes its values from an upward sequence of its own.
fn is_counted(column: &ObjectId, catalog: &Catalog) -> bool {
    match catalog.get(column) {
        Some(Object::Column(it)) => match &it.identity {
            Some(identity) => identity.sequence.increment > 0,
            None => owns_sequence(column, catalog),
        },
        _ => false,
    }
}

/// The statements after which the sequences of a table stand above the values that its declared rows have.
pub fn positions(table: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let columns = context.after.children(table, Kind::Column);
    let given = |name: &str| {
        of_table(table, context.after)
            .any(|(_, row)| row.values.get(name).is_some_and(|it| it.value.is_some()))
    };
    let counting = columns
        .into_iter()
        .filter(|(id, _)| is_counted(id, context.after) && given(&id.name));
    counting
        .map(|(id, _)| {
            let (name, column) = (reference::name(table), ident(&id.name));
            let sequence = format!(
                "pg_catalog.pg_get_serial_sequence({}, {})",
                literal(&name),
                literal(&id.name)
            );
            Statement::sql(format!(
                "SELECT pg_catalog.setval({sequence}, GREATEST(max({column}), pg_catalog.pg_sequence_last_value({sequence}))) FROM {name}"
            ))
        })
        .collect()
}

/// Whether the column takes its values from an upward sequence that it owns.
fn owns_sequence(column: &ObjectId, catalog: &Catalog) -> bool {
    let owned = catalog.owned.iter().any(|(sequence, owner)| {
        owner == column
            && matches!(catalog.get(sequence), Some(Object::Sequence(it)) if it.increment > 0)
    });
    owned && catalog.contains(&column.child(Kind::Default, ""))
}
