//! `view n security-invoker=#true security-barrier=#true check-option=local|cascaded { query s|file=x; column n t? default=s }`

use super::{View, ViewColumn};
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{Object, parts};
use crate::model::{Expression, Kind, ObjectId, Options};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "view",
    places: &[Place::Schema],
    kinds: &[Kind::View],
    read,
};

/// The flags of the language and the options behind them.
const FLAGS: &[(&str, &str)] = &[
    ("security-invoker", "security_invoker"),
    ("security-barrier", "security_barrier"),
];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let id = schema.child(Kind::View, &name.value);
    let mut with = Options::default();
    let flags = FLAGS.iter();
    let mut said: Vec<_> = flags
        .filter_map(|(word, option)| Some((reader.flag_spanned(word)?, *option)))
        .collect();
    // PostgreSQL keeps the order in which options were said.
    said.sort_by_key(|(flag, _)| flag.span.start);
    for (flag, option) in said {
        with.0.push((option.to_owned(), flag.value.to_string()));
    }
    if let Some(check) = reader.word("check-option", &["local", "cascaded"]) {
        with.0
            .push(("check_option".to_owned(), check.value.to_owned()));
    }
    with.0.extend(parts::options(reader, "with").0);
    let query = reader.query("query");
    if query.is_none() && !reader.has("query") {
        reader.missing("a `query`");
    }
    let view = View {
        query: Expression::written(
            query
                .map(|query| query.value.trim().to_owned())
                .unwrap_or_default(),
        ),
        columns: read_columns(reading, reader, &id),
        with,
        names: Vec::new(),
    };
    reading.declare(reader, &id, view);
    reading.parts(reader, &id);
}

/// The columns of a view that have a comment, a default or grants; gives those whose type is said, which a view needs
/// that waits for itself.
pub(in crate::kind) fn read_columns(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    view: &ObjectId,
) -> Vec<ViewColumn> {
    let mut typed = Vec::new();
    for mut column in reader.children("column") {
        if let Some(name) = column.name() {
            let id = view.child(Kind::Column, &name.value);
            if let Some(data_type) = column.optional_type_argument() {
                typed.push(ViewColumn {
                    name: name.value.clone(),
                    data_type: reading.data_type(&data_type.value, view.schema()),
                    collation: String::new(),
                });
            }
            if let Some(expression) = column.sql("default") {
                let default = crate::kind::default::Default {
                    expression: Expression::written(expression.value),
                };
                reading.declare_only(&column, &id.child(Kind::Default, ""), default, false);
            }
            reading.facets(&mut column, &id);
        }
        column.finish();
    }
    typed
}

/// Writes the columns of a view that have a comment or a default, and those with a type.
pub(in crate::kind) fn write_columns<'a>(
    columns: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    id: &ObjectId,
    writing: &mut Writing<'_>,
    node: &mut NodeWriter,
) {
    for (name, data_type) in columns {
        let column = id.child(Kind::Column, name);
        let mut child = NodeWriter::new("column");
        child.name(name);
        if let Some(data_type) = data_type {
            child.argument(&writing.data_type(data_type, id));
        }
        if let Some(Object::Default(default)) =
            writing.catalog.get(&column.child(Kind::Default, ""))
        {
            child.sql("default", default.expression.text());
        }
        writing.annotations(&column, &mut child);
        if data_type.is_some() || child.has_parts() {
            node.add(child);
        }
    }
}

/// The parts that a view's node holds.
const PARTS: &[Kind] = &[Kind::Rule, Kind::Trigger];

/// The node of a view.
pub(super) fn write<'a>(
    view: &'a View,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("view");
    node.name(&id.name);
    let mut rest: Vec<(String, String)> = Vec::new();
    for (key, value) in &view.with.0 {
        let flag = FLAGS.iter().find(|(_, option)| option == key);
        match (flag, value.as_str()) {
            (Some((word, _)), "true" | "false") => {
                node.boolean(word, value == "true");
            }
            (None, "local" | "cascaded") if key == "check_option" => {
                node.text("check-option", value);
            }
            _ => rest.push((key.clone(), value.clone())),
        }
    }
    writing.facets(id, &mut node);
    node.query("query", view.query.text());
    node.pairs("with", &rest);
    // Whoever makes a view that waits for itself needs to know its columns before its query can run.
    let typed = writing.waits_for_itself(id);
    write_columns(
        view.columns.iter().map(|column| {
            let data_type = typed.then_some(column.data_type.as_str());
            (column.name.as_str(), data_type)
        }),
        id,
        writing,
        &mut node,
    );
    writing.add_parts(id, PARTS, &mut node);
    Some(node)
}
