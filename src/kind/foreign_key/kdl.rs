//! `foreign-key n… references=p name=n on-delete=w on-update=w match=full deferrable=w not-valid=#true enforced=#false
//! period=n { references p n…; on-delete set-null n… }`, and `references=` of a column.

use super::ForeignKey;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Reference, Referred, Writing};
use crate::kind::{Object, parts};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "foreign-key",
    places: &[Place::Relation],
    kinds: &[Kind::ForeignKey],
    read,
};

const ACTIONS: &[&str] = &[
    "no-action",
    "cascade",
    "restrict",
    "set-null",
    "set-default",
];

fn action(word: &str) -> Option<String> {
    (word != "no-action").then(|| word.to_owned())
}

/// Reads `references`, `on-delete` and `on-update`, which a column has too; `None` where nothing is referenced.
pub(in crate::kind) fn read_target(
    reading: &Reading<'_>,
    reader: &mut NodeReader<'_>,
    relation: &ObjectId,
) -> Option<ForeignKey> {
    let mut key = ForeignKey::default();
    let target = reader.attribute("references").and_then(|mut target| {
        let path = target.path_argument();
        let columns = target.arguments();
        if let Some(path) = &path {
            let reference = Reference::new(Referred::Relation, path, relation.schema());
            reading.refers(reference.columns(columns.clone()));
        }
        key.referenced_columns = parts::texts(columns);
        target.finish();
        path
    });
    if let Some(mut delete) = reader.attribute("on-delete") {
        key.on_delete = delete
            .word_argument("action", ACTIONS)
            .and_then(|word| action(word.value));
        key.on_delete_columns = parts::columns_meant(reading, &mut delete, relation);
        delete.finish();
    }
    key.on_update = reader
        .word("on-update", ACTIONS)
        .and_then(|word| action(word.value));
    key.references = reading.qualify(&target?.value, relation.schema());
    Some(key)
}

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let Some(relation) = parent else { return };
    let columns = parts::columns_meant(reading, reader, relation);
    let target = read_target(reading, reader, relation);
    if target.is_none() && !reader.has("references") {
        reader.missing("`references=`");
    }
    let mut key = ForeignKey {
        columns,
        match_full: reader
            .word("match", &["full", "simple"])
            .map(|word| word.value)
            == Some("full"),
        deferrable: parts::deferral(reader),
        not_valid: reader.flag("not-valid"),
        not_enforced: !reader.boolean("enforced").unwrap_or(true),
        ..target.unwrap_or_default()
    };
    if let Some(period) = reader.name_of("period") {
        key.period = true;
        if !key.columns.contains(&period.value) {
            key.columns.push(period.value);
        }
    }
    if key.columns.is_empty() {
        reader.missing("a column");
    }
    let (id, unnamed) = parts::identity(reading, reader, relation, Kind::ForeignKey, &key.columns);
    if key.references.name.is_empty() {
        return;
    }
    reading.declare_unnamed(reader, &id, key, unnamed);
}

/// Whether the key can be `references=` of its only column.
pub(in crate::kind) fn is_property(key: &ForeignKey, id: &ObjectId, writing: &Writing<'_>) -> bool {
    let plain = ForeignKey {
        columns: key.columns.clone(),
        references: key.references.clone(),
        referenced_columns: key.referenced_columns.clone(),
        on_delete: key.on_delete.clone(),
        on_update: key.on_update.clone(),
        ..ForeignKey::default()
    };
    key.columns.len() == 1
        && *key == plain
        && names_primary_key(key, id, writing)
        && writing.is_usual_name(id, &key.columns)
        && parts::is_bare(writing, id)
}

/// Whether the referenced columns are the primary key, so that they need not be said.
fn names_primary_key(key: &ForeignKey, id: &ObjectId, writing: &Writing<'_>) -> bool {
    if key.period {
        return false;
    }
    let own = id
        .parent
        .as_deref()
        .filter(|own| parts::qualified_name(own) == key.references);
    let table = match own {
        Some(own) => own.clone(),
        None => ObjectId::in_schema(Kind::Table, &key.references.schema, &key.references.name),
    };
    if !writing.catalog.contains(&table)
        && let Some(outside) = writing.key_outside(&key.references)
    {
        return outside == key.referenced_columns;
    }
    writing
        .parts_of(&table, Kind::PrimaryKey)
        .into_iter()
        .any(|primary| match writing.catalog.get(primary) {
            // A key that is only checked at the end cannot be meant by silence.
            Some(Object::PrimaryKey(primary)) => {
                primary.0.columns == key.referenced_columns && primary.0.deferrable.is_none()
            }
            _ => false,
        })
}

/// Writes `references=`, `on-delete=` and `on-update=`.
pub(in crate::kind) fn write_target(
    key: &ForeignKey,
    id: &ObjectId,
    writing: &Writing<'_>,
    node: &mut NodeWriter,
) {
    let path = writing.path(&key.references, id);
    let listed = !names_primary_key(key, id, writing);
    if !listed {
        node.path("references", &path);
    }
    let to_columns = !key.on_delete_columns.is_empty();
    if let (Some(action), false) = (&key.on_delete, to_columns) {
        node.text("on-delete", action);
    }
    if let Some(action) = &key.on_update {
        node.text("on-update", action);
    }
    if listed {
        let child = node.child("references");
        child.path_argument(&path);
        child.arguments(&key.referenced_columns);
    }
    if let (Some(action), true) = (&key.on_delete, to_columns) {
        let child = node.child("on-delete");
        child.argument(action);
        child.arguments(&key.on_delete_columns);
    }
}

/// The node of a foreign key.
pub(super) fn write<'a>(
    key: &ForeignKey,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("foreign-key");
    node.arguments(&key.columns);
    parts::write_name(id, &key.columns, writing, &mut node);
    write_target(key, id, writing, &mut node);
    if key.match_full {
        node.text("match", "full");
    }
    if let Some(deferrable) = &key.deferrable {
        node.text("deferrable", deferrable);
    }
    if key.not_valid && !key.not_enforced {
        node.boolean("not-valid", true);
    }
    if key.not_enforced {
        node.boolean("enforced", false);
    }
    if let (true, Some(last)) = (key.period, key.columns.last()) {
        node.text("period", last);
    }
    writing.annotations(id, &mut node);
    Some(node)
}
