//! `rows key=n exact=#true { columns n…; row x… }`, `key n…` where several columns tell a row; without `key` the primary
//! key does.

use std::collections::BTreeMap;

use super::values::{Printed, printed};
use super::{Row, of_table};
use crate::kdl::{Diagnostic, Literal, NodeReader, NodeWriter, Spanned};
use crate::kind::language::{DeclaredRow, DeclaredRows, NodeKind, Place, Reading, Writing};
use crate::kind::{Catalog, Object, parts};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "rows",
    places: &[Place::Relation],
    kinds: &[Kind::Row],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let Some(relation) = parent else { return };
    let key = reader.list("key");
    let exact = reader.boolean("exact").unwrap_or(false);
    let columns = reader.list("columns");
    let mut rows = Vec::new();
    for mut child in reader.children("row") {
        let cells = child.literal_arguments();
        let span = child.span();
        if cells.len() != columns.len() && !reader.is_recording() && !columns.is_empty() {
            child.report(
                Diagnostic::error(
                    "kdl::row-length",
                    format!(
                        "this row has {} values for {} columns",
                        cells.len(),
                        columns.len()
                    ),
                )
                .at(span, "here")
                .help(format!(
                    "give one value for each of `{}`, `#null` where there is none",
                    join(&columns)
                )),
            );
        }
        child.finish();
        let cells: Vec<Literal> = cells.into_iter().map(|cell| cell.value).collect();
        rows.push(DeclaredRow { cells, span });
    }
    if reader.is_recording() {
        return;
    }
    if relation.kind != Kind::Table {
        reader.report(
            Diagnostic::error(
                "kdl::rows-of-table",
                format!("a {} has no rows of its own to declare", relation.kind),
            )
            .at(reader.node().head(), "here")
            .help("declare the rows with the table that holds them"),
        );
        return;
    }
    if columns.is_empty() {
        reader.missing("`columns` with the columns of which the rows have values");
        return;
    }
    if let Some(before) = reading.desired.rows.get(relation) {
        let mistake = Diagnostic::error(
            "kdl::duplicate",
            format!("the rows of `{}` are declared twice", relation.path()),
        )
        .at(before.span, "first here")
        .at(reader.node().head(), "and again here")
        .help("put all rows of a table into one `rows`");
        reading.diagnostics.push(mistake);
        return;
    }
    for name in &key {
        if columns.iter().all(|column| column.value != name.value) {
            reader.report(
                Diagnostic::error(
                    "kdl::row-key",
                    format!("the key `{}` is none of the rows' columns", name.value),
                )
                .at(name.span, "here")
                .help("name it in `columns` too, and give each row its value"),
            );
            return;
        }
    }
    let length = columns.len();
    rows.retain(|row| row.cells.len() == length);
    let declared = DeclaredRows {
        key: parts::texts(key.clone()),
        columns: parts::columns_in(reading, relation, columns),
        exact,
        rows,
        span: reader.node().head(),
    };
    parts::columns_in(reading, relation, key);
    reading.desired.rows.insert(relation.clone(), declared);
}

fn join(columns: &[Spanned<String>]) -> String {
    let names: Vec<&str> = columns.iter().map(|it| it.value.as_str()).collect();
    names.join(" ")
}

/// What can be said of rows only when their tables are read: their key where none is named, and what cannot be in it.
pub(in crate::kind) fn settle(reading: &mut Reading<'_>) {
    let mut rows = std::mem::take(&mut reading.desired.rows);
    rows.retain(|table, declared| {
        if declared.key.is_empty() {
            declared.key = primary_key(reading, table);
        }
        is_sound(reading, table, declared)
    });
    reading.desired.rows = rows;
}

/// The columns of a table's primary key.
fn primary_key(reading: &Reading<'_>, table: &ObjectId) -> Vec<String> {
    let first = table.child(Kind::PrimaryKey, "");
    let mut keys = reading.desired.objects.range(first..);
    let found = keys
        .next()
        .filter(|(id, _)| id.kind == Kind::PrimaryKey && id.parent.as_deref() == Some(table));
    match found.map(|(_, object)| &object.object) {
        Some(Object::PrimaryKey(key)) => key.0.columns.clone(),
        _ => Vec::new(),
    }
}

fn is_sound(reading: &Reading<'_>, table: &ObjectId, declared: &DeclaredRows) -> bool {
    let mistake = |code: &'static str, message: String| Diagnostic::error(code, message);
    let has = |column: &String| declared.columns.contains(column);
    if declared.key.is_empty() || !declared.key.iter().all(has) {
        let message = match declared.key.is_empty() {
            true => format!("nothing tells the rows of `{}` apart", table.path()),
            false => format!(
                "the rows of `{}` have no value for its primary key",
                table.path()
            ),
        };
        reading.diagnostics.push(
            mistake("kdl::row-key", message)
                .at(declared.span, "here")
                .help("say by which columns a row is known: `rows key=code`, or `key a b` for several"),
        );
        return false;
    }
    for column in &declared.columns {
        let id = table.child(Kind::Column, column);
        if let Some(Object::Column(it)) = reading.desired.get(&id).map(|it| &it.object)
            && it.generated.is_some()
        {
            reading.diagnostics.push(
                mistake(
                    "kdl::row-generated",
                    format!("`{column}` is computed, so that no row can have a value for it"),
                )
                .at(declared.span, "here")
                .help("leave it out of `columns`"),
            );
            return false;
        }
    }
    let mut seen: BTreeMap<Vec<String>, crate::kdl::Span> = BTreeMap::new();
    let mut sound = true;
    for row in &declared.rows {
        let key: Option<Vec<String>> = declared
            .key
            .iter()
            .map(|column| declared.cell(row, column).and_then(spelled))
            .collect();
        let Some(key) = key else {
            sound = false;
            reading.diagnostics.push(
                mistake(
                    "kdl::row-key",
                    format!(
                        "the key `{}` of a row is a plain value",
                        declared.key.join(" ")
                    ),
                )
                .at(row.span, "here it is `#null` or `(sql)`")
                .help("write the value itself: by it the row is found in the database"),
            );
            continue;
        };
        let words = key.join(" ");
        if let Some(first) = seen.insert(key, row.span) {
            sound = false;
            reading.diagnostics.push(
                mistake(
                    "kdl::duplicate",
                    format!("the row `{words}` is declared twice"),
                )
                .at(first, "first here")
                .at(row.span, "and again here")
                .help("keep one of the two; a row is known by its key"),
            );
        }
    }
    sound
}

/// A plain value as a text; nothing for null and SQL.
fn spelled(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Text(text) | Literal::Number(text) => Some(text.clone()),
        Literal::Boolean(value) => Some(value.to_string()),
        Literal::Null | Literal::Sql(_) => None,
    }
}

/// The node of a table's rows; `None` where there are none.
pub(in crate::kind) fn write(table: &ObjectId, writing: &Writing<'_>) -> Option<NodeWriter> {
    let catalog = writing.catalog;
    let rows: Vec<_> = of_table(table, catalog).collect();
    let (_, first) = rows.first()?;
    let mut columns: Vec<&String> = Vec::new();
    for (_, row) in &rows {
        for column in row.values.keys() {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
    }
    // The key first, then as the table has them.
    let place = |column: &str| {
        let column = table.child(Kind::Column, column);
        catalog.positions.get(&column).copied().unwrap_or(i32::MAX)
    };
    columns.sort_by_key(|column| {
        let in_key = first.key.iter().position(|it| it == *column);
        (
            in_key.unwrap_or(usize::MAX),
            place(column),
            (*column).clone(),
        )
    });
    let mut node = NodeWriter::new("rows");
    match first.key.as_slice() {
        [one] => node.text("key", one),
        _ => &mut node,
    };
    if catalog.exact.contains(table) {
        node.boolean("exact", true);
    }
    if first.key.len() > 1 {
        node.child("key").arguments(&first.key);
    }
    node.child("columns").arguments(&columns);
    for (_, row) in &rows {
        node.add(write_row(row, table, &columns, catalog));
    }
    Some(node)
}

/// The node of one row with its values in these columns.
pub fn write_row<C: AsRef<str>>(
    row: &Row,
    table: &ObjectId,
    columns: &[C],
    catalog: &Catalog,
) -> NodeWriter {
    let mut node = NodeWriter::new("row");
    for column in columns {
        let column = column.as_ref();
        let value = row.values.get(column).and_then(|it| it.value.as_deref());
        match value.map(|text| printed(text, Some(table), column, catalog)) {
            None => node.null_argument(),
            Some(Printed::Number(number)) => node.number_argument(number),
            Some(Printed::Boolean(value)) => node.boolean_argument(value),
            Some(Printed::Text(text)) => node.argument(text),
        };
    }
    node
}
