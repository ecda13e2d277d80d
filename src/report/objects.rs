//! One object before and after: as KDL of its own, and attribute by attribute.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::kind::Catalog;
use crate::kind::language::{WriteOptions, write};
use crate::model::{Kind, ObjectId};

/// An object of a catalog as KDL, with its parts and what it owns; empty where it is not there.
pub fn excerpt(catalog: &Catalog, id: &ObjectId) -> String {
    if !catalog.contains(id) {
        return String::new();
    }
    // A schema's own node, without what stands in it.
    let own =
        |other: &ObjectId| other.is_within(id) && (id.kind != Kind::Schema || whole_is(other, id));
    let mut part = Catalog {
        origin: catalog.origin.clone(),
        ..Catalog::default()
    };
    // A sequence of a column is said by the column.
    let owned: BTreeSet<&ObjectId> = catalog
        .owned
        .iter()
        .filter(|(_, owner)| own(owner))
        .map(|(sequence, _)| sequence)
        .collect();
    let wanted = |other: &ObjectId| {
        own(other)
            || other.ancestors().any(|ancestor| owned.contains(ancestor))
            // The frame around it: its schema, and who owns that.
            || id.parents().any(|parent| other == parent || *other == parent.child(Kind::Owner, ""))
    };
    for (other, object) in &catalog.objects {
        if wanted(other) {
            part.objects.insert(other.clone(), object.clone());
            if let Some(position) = catalog.positions.get(other) {
                part.positions.insert(other.clone(), *position);
            }
            if let Some(owner) = catalog.owned.get(other) {
                part.owned.insert(other.clone(), owner.clone());
            }
        }
    }
    if catalog.partitioned.contains(id) {
        part.partitioned.insert(id.clone());
    }
    let text: String = write(&part, &WriteOptions::default())
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    let in_schema = id
        .parent
        .as_deref()
        .is_some_and(|parent| parent.kind == Kind::Schema);
    if in_schema {
        without_frame(&text)
    } else {
        text
    }
}

/// Whether an object is a schema or a part of it that is no object of its own.
fn whole_is(id: &ObjectId, schema: &ObjectId) -> bool {
    id.whole() == schema
}

/// What stands within the one node of a text, one level out.
fn without_frame(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let framed =
        lines.first().is_some_and(|line| line.ends_with('{')) && lines.last() == Some(&"}");
    if !framed {
        // `schema auth { table … }` on one line.
        let inner = text
            .trim_end()
            .strip_suffix(" }")
            .and_then(|text| text.split_once(" { "));
        return inner.map_or_else(|| text.to_owned(), |(_, inner)| format!("{inner}\n"));
    }
    lines.pop();
    let mut shown = String::new();
    for line in &lines[1..] {
        shown.push_str(line.strip_prefix("    ").unwrap_or(line));
        shown.push('\n');
    }
    shown
}

/// The attributes in which two definitions differ: word, before, after.
pub(super) fn attributes(before: &Value, after: &Value) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let (Some(one), Some(other)) = (before.as_object(), after.as_object()) else {
        return found;
    };
    for (word, to) in other {
        let from = one.get(word).unwrap_or(&Value::Null);
        // Lists of lists are read better in the texts beside each other.
        let deep = |value: &Value| {
            value
                .as_array()
                .is_some_and(|items| items.iter().any(Value::is_object))
        };
        if from != to && !deep(from) && !deep(to) {
            found.push((word.replace('_', " "), said(from), said(to)));
        }
    }
    found
}

/// A value as people would say it.
fn said(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) if text.is_empty() => "none".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(said).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            // A name with its schema, or a set of options.
            if let (Some(Value::String(schema)), Some(Value::String(name)), 2) =
                (fields.get("schema"), fields.get("name"), fields.len())
            {
                return if schema.is_empty() {
                    name.clone()
                } else {
                    format!("{schema}.{name}")
                };
            }
            fields
                .iter()
                .filter(|(_, value)| !matches!(value, Value::Null | Value::Bool(false)))
                .map(|(word, value)| format!("{}: {}", word.replace('_', " "), said(value)))
                .collect::<Vec<_>>()
                .join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_stands_without_its_schema() {
        assert_eq!(
            without_frame("schema a {\n    table t {\n        column b text\n    }\n}\n"),
            "table t {\n    column b text\n}\n"
        );
        assert_eq!(without_frame("schema a { table t }\n"), "table t\n");
    }

    #[test]
    fn attributes_are_said_in_words() {
        let one = serde_json::json!({ "data_type": "text", "not_null": false, "collation": null });
        let other = serde_json::json!({ "data_type": "text", "not_null": true, "collation": { "schema": "a", "name": "b" } });
        let (yes, no) = ("yes".to_owned(), "no".to_owned());
        assert_eq!(
            attributes(&one, &other),
            [
                ("not null".to_owned(), no, yes),
                ("collation".to_owned(), "none".to_owned(), "a.b".to_owned())
            ]
        );
    }
}
