//! Attributes that name functions and other objects of a schema: how they are read and written in KDL, and as
//! `WORD = name` in the statements that define types, parsers and aggregates.

use super::language::{Reading, Writing};
use super::{parts, reference};
use crate::kdl::{NodeReader, NodeWriter};
use crate::model::{ObjectId, QualifiedName};
use crate::sql::slot::Shape;

/// The object that a path attribute names.
pub(super) fn read(
    reading: &Reading<'_>,
    reader: &mut NodeReader<'_>,
    word: &'static str,
    schema: Option<&str>,
) -> Option<QualifiedName> {
    reader
        .path(word)
        .map(|path| reading.qualify(&path.value, schema))
}

/// Writes a path attribute, where there is one.
pub(super) fn write(
    writing: &Writing<'_>,
    node: &mut NodeWriter,
    word: &str,
    name: Option<&QualifiedName>,
    id: &ObjectId,
) {
    if let Some(name) = name {
        node.path(word, &parts::path(writing, name, id));
    }
}

/// `WORD = name`, where there is one.
pub(super) fn item(word: &str, name: Option<&QualifiedName>) -> Option<String> {
    name.map(|name| format!("{word} = {}", reference::of(name)))
}

/// `schema.=` as clauses name operators; unqualified where the schema is not known.
pub(super) fn operator(name: &QualifiedName) -> String {
    if name.schema.is_empty() {
        format!("OPERATOR({})", name.name)
    } else {
        format!(
            "OPERATOR({}.{})",
            crate::sql::quote::ident(&name.schema),
            name.name
        )
    }
}

/// A function that a slot names by path, or with its argument types: `core.f` or `core.f(text)`, as SQL writes it.
pub(super) fn read_call(
    reading: &Reading<'_>,
    reader: &mut NodeReader<'_>,
    word: &'static str,
    schema: Option<&str>,
) -> Option<String> {
    let text = reader.text(word)?;
    if text.value.contains('(') {
        let kept = reader.stays_within(&text, Shape::Expression);
        return kept.then_some(text.value);
    }
    match crate::kdl::Path::parse(&text.value) {
        Ok(path) => Some(reference::of(&reading.qualify(&path, schema))),
        Err(_) => Some(text.value),
    }
}
