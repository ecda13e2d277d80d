//! `partition n <default> from=s to=s | in s… | modulus=# remainder=# schema=n { …parts of a table, partitions of the
//! partition }` and `partition-by range|list|hash n… partitions=at-least|exact { column n …; expression s }`.

use super::Partition;
use crate::kdl::{NodeReader, NodeWriter, Value};
use crate::kind::foreign_table::ForeignTable;
use crate::kind::index_key::{self, IndexKey};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{Object, constraint, naming, parts, secrets, table};
use crate::model::{Expression, Kind, ObjectId, QualifiedName};
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::unquote_ident;

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "partition",
    places: &[Place::Relation],
    kinds: &[Kind::Table, Kind::Partition],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let Some(partitioned) = parent else { return };
    let schema = reader
        .name_of("schema")
        .map(|schema| ObjectId::top(Kind::Schema, &schema.value));
    let Some(schema) = schema.or_else(|| partitioned.parent.as_deref().cloned()) else {
        return;
    };
    let has_columns = reader.node().children.iter().any(|child| {
        child.name.value == "column"
            && matches!(
                child.arguments().nth(1).map(|entry| &entry.value),
                Some(Value::Text(word, _)) if !matches!(word.as_str(), "not-null" | "unique" | "primary-key")
            )
    });
    table::kdl::use_mixins(reading, reader, &schema);
    let Some(name) = reader.name() else { return };
    let bound = read_bound(reader);
    let parent = parts::qualified_name(partitioned);
    if let Some(server) = reader.name_of("server") {
        let id = schema.child(Kind::ForeignTable, &name.value);
        let (options, secrets) = secrets::read(reader);
        let table = ForeignTable {
            server: server.value,
            options,
            secrets,
            partition_of: Some((parent, bound)),
            inherits: Vec::new(),
        };
        reading.declare(reader, &id, table);
        reading.parts(reader, &id);
        return;
    }
    let id = schema.child(Kind::Table, &name.value);
    let mut table = table::kdl::read_table(reading, reader, &id);
    if has_columns {
        let tie = Partition { parent, bound };
        reading.declare_only(reader, &id.child(Kind::Partition, ""), tie, false);
    } else {
        table.partition_of = Some((parent, bound));
    }
    reading.declare(reader, &id, table);
    reading.parts(reader, &id);
}

/// The values of `from`, `to` or `in`.
fn values(reader: &mut NodeReader<'_>, word: &'static str) -> Vec<String> {
    let Some(mut attribute) = reader.attribute(word) else {
        return Vec::new();
    };
    let values = attribute.sql_arguments();
    if values.is_empty() {
        attribute.missing("a value");
    }
    attribute.finish();
    values
        .into_iter()
        .map(|value| match value.value.to_ascii_lowercase().as_str() {
            "minvalue" => "MINVALUE".to_owned(),
            "maxvalue" => "MAXVALUE".to_owned(),
            _ => value.value,
        })
        .collect()
}

fn read_bound(reader: &mut NodeReader<'_>) -> String {
    let from = values(reader, "from");
    let to = values(reader, "to");
    let list = values(reader, "in");
    let modulus = reader.number("modulus").map(|number| number.value);
    let remainder = reader.number("remainder").map(|number| number.value);
    if reader.flag("default") {
        return "DEFAULT".to_owned();
    }
    if let (Some(modulus), Some(remainder)) = (modulus, remainder) {
        return format!("FOR VALUES WITH (modulus {modulus}, remainder {remainder})");
    }
    if !list.is_empty() {
        return format!("FOR VALUES IN ({})", list.join(", "));
    }
    if from.is_empty() || to.is_empty() {
        reader.missing("`from=` and `to=`, `in`, `modulus=` and `remainder=`, or `default`");
    }
    format!(
        "FOR VALUES FROM ({}) TO ({})",
        from.join(", "),
        to.join(", ")
    )
}

/// The partition key of a table's node, as CREATE TABLE takes it.
pub(in crate::kind) fn read_key(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    id: &ObjectId,
) -> Option<String> {
    let mut node = reader.child("partition-by")?;
    let method = node.word_argument("method", &["range", "list", "hash"]);
    let mut keys: Vec<IndexKey> = parts::columns_meant(reading, &mut node, id)
        .into_iter()
        .map(|column| IndexKey {
            column: Some(column),
            ..IndexKey::default()
        })
        .collect();
    for mut child in node.children_any(&["column", "expression"]) {
        if let Some((key, _)) = index_key::read(reading, &mut child, id) {
            keys.push(key);
        }
        child.finish();
    }
    let exact = node
        .word("partitions", &["at-least", "exact"])
        .is_some_and(|word| word.value == "exact");
    if exact {
        reading.desired.exact_partitions.insert(id.clone());
    }
    if keys.is_empty() {
        node.missing("a column or an `expression`");
    }
    node.finish();
    let keys: Vec<String> = keys.iter().map(IndexKey::sql).collect();
    Some(format!(
        "{} ({})",
        method?.value.to_uppercase(),
        keys.join(", ")
    ))
}

/// Text between the parentheses that open at or after `from`, cut at its outer commas.
pub(super) fn list<'a>(text: &'a str, tokens: &[Token<'_>], from: usize) -> (Vec<&'a str>, usize) {
    let mut items = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, token) in tokens.iter().enumerate().skip(from) {
        if token.is("(") || token.is("[") {
            depth += 1;
            if depth == 1 {
                start = token.end();
            }
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                items.push(text[start..token.start].trim());
                return (items, at + 1);
            }
        } else if depth == 1 && token.is(",") {
            items.push(text[start..token.start].trim());
            start = token.end();
        }
    }
    (items, tokens.len())
}

fn write_values(word: &str, values: &[&str], node: &mut NodeWriter) {
    let spelt: Vec<String> = values
        .iter()
        .map(|value| match *value {
            "MINVALUE" => "minvalue".to_owned(),
            "MAXVALUE" => "maxvalue".to_owned(),
            value => value.to_owned(),
        })
        .collect();
    match spelt.as_slice() {
        [one] => {
            node.sql(word, one);
        }
        several => {
            let child = node.child(word);
            for value in several {
                child.sql_argument(value);
            }
        }
    }
}

fn write_bound(bound: &str, node: &mut NodeWriter) {
    let tokens = significant(bound);
    match tokens.get(2) {
        Some(word) if word.is_word("from") => {
            let (from, next) = list(bound, &tokens, 3);
            let (to, _) = list(bound, &tokens, next);
            write_values("from", &from, node);
            write_values("to", &to, node);
        }
        Some(word) if word.is_word("in") => {
            let (values, _) = list(bound, &tokens, 3);
            write_values("in", &values, node);
        }
        Some(word) if word.is_word("with") => {
            for item in list(bound, &tokens, 3).0 {
                if let Some((word, number)) = item.split_once(' ') {
                    node.number_text(word, number.trim());
                }
            }
        }
        _ => {
            node.flag("default");
        }
    }
}

/// Writes `partition-by`, from what `pg_get_partkeydef` printed.
pub(in crate::kind) fn write_key(
    key: &str,
    id: &ObjectId,
    writing: &Writing<'_>,
    node: &mut NodeWriter,
) {
    let tokens = significant(key);
    let method = tokens.first().map(|word| word.text.to_ascii_lowercase());
    let keys: Vec<IndexKey> = list(key, &tokens, 1).0.into_iter().map(part).collect();
    let child = node.child("partition-by");
    child.argument(&method.unwrap_or_default());
    if keys.iter().all(index_key::is_plain) {
        let columns: Vec<&str> = keys
            .iter()
            .filter_map(|key| key.column.as_deref())
            .collect();
        child.arguments(&columns);
        return;
    }
    for key in &keys {
        child.add(index_key::write(key, None, id, writing));
    }
}

/// One part of a partition key: `col`, `(expression)` or `f(x)`, then COLLATE and an operator class.
pub(super) fn part(text: &str) -> IndexKey {
    let tokens = significant(text);
    let mut key = IndexKey::default();
    let call = tokens
        .iter()
        .position(|token| !(token.is_ident() || token.is(".")))
        .filter(|at| tokens[*at].is("("));
    let mut next = match call {
        Some(open) => {
            let (_, next) = list(text, &tokens, open);
            let end = tokens.get(next - 1).map_or(text.len(), Token::end);
            key.expression = Some(Expression::new(text[..end].trim()));
            next
        }
        None => {
            key.column = tokens.first().map(|token| unquote_ident(token.text));
            1
        }
    };
    if tokens
        .get(next)
        .is_some_and(|token| token.is_word("collate"))
    {
        let (name, after) = qualified_at(&tokens, next + 1);
        key.collation = Some(name);
        next = after;
    }
    if next < tokens.len() {
        key.opclass = Some(qualified_at(&tokens, next).0);
    }
    key
}

fn qualified_at(tokens: &[Token<'_>], at: usize) -> (QualifiedName, usize) {
    let name = |at: usize| {
        tokens
            .get(at)
            .map(|token| unquote_ident(token.text))
            .unwrap_or_default()
    };
    if tokens.get(at + 1).is_some_and(|token| token.is(".")) {
        (QualifiedName::new(name(at), name(at + 2)), at + 3)
    } else {
        (QualifiedName::new("pg_catalog", name(at)), at + 1)
    }
}

/// Adds the nodes of a table's partitions.
pub(in crate::kind) fn write_partitions<'a>(
    id: &ObjectId,
    writing: &mut Writing<'a>,
    node: &mut NodeWriter,
) {
    let name = parts::qualified_name(id);
    let catalog = writing.catalog;
    let partitions: Vec<(&'a ObjectId, &'a Partition)> = catalog
        .of_kind(Kind::Partition)
        .filter_map(|(tie, object)| match object {
            Object::Partition(partition) if partition.parent == name => {
                Some((tie.parent.as_deref()?, &**partition))
            }
            _ => None,
        })
        .collect();
    for (partition, tie) in partitions {
        let mut child = NodeWriter::new("partition");
        child.name(&partition.name);
        write_bound(&tie.bound, &mut child);
        if partition.schema() != id.schema() {
            child.text("schema", partition.schema().unwrap_or_default());
        }
        match catalog.get(partition) {
            Some(Object::Table(table)) => {
                table::kdl::write_table(table, partition, writing, &mut child);
            }
            Some(Object::ForeignTable(table)) => {
                child.text("server", &table.server);
                writing.add_parts(partition, table::kdl::PARTS, &mut child);
                writing.facets(partition, &mut child);
                secrets::write(&table.options, &table.secrets, &mut child);
            }
            _ => {}
        }
        node.add(child);
    }
}

/// Whether a table's node stands in the node of its partitioned table.
pub(in crate::kind) fn is_nested(id: &ObjectId, writing: &Writing<'_>) -> bool {
    parts::partitioned_table(id, writing.catalog).is_some()
}

/// `attached-to=` on an index or key of a partition that says its columns: it is the partition's own, and attached when the
/// partitioned table has its index, which is made without those of partitions (`only`).
pub(in crate::kind) fn read_tie(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    relation: &ObjectId,
    id: &ObjectId,
) {
    if let Some(parent) = reader.path("attached-to") {
        let parent = reading.qualify(&parent.value, relation.schema());
        let tie = crate::kind::index_attach::IndexAttach { parent, made: None };
        reading.declare_only(reader, &id.child(Kind::IndexAttach, ""), tie, false);
    }
}

/// Whether the node of an index or key says columns or expressions.
fn says_a_key(reader: &NodeReader<'_>) -> bool {
    let node = reader.node();
    node.arguments().next().is_some()
        || node
            .children
            .iter()
            .any(|child| matches!(child.name.value.as_str(), "column" | "expression"))
}

/// `attached-to=`, on an index or key of a partition whose name or storage is not what PostgreSQL gives by itself: the
/// index is the partitioned table's and is only renamed. Gives whether it was said.
pub(in crate::kind) fn read_attached(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    relation: &ObjectId,
    kind: Kind,
) -> bool {
    if says_a_key(reader) {
        return false;
    }
    let Some(parent) = reader.path("attached-to") else {
        return false;
    };
    let parent = reading.qualify(&parent.value, relation.schema());
    let name = reader.name_of("name");
    let (with, tablespace) = (
        parts::options(reader, "with"),
        reader.name_of("tablespace").map(|name| name.value),
    );
    let mut statistics = Vec::new();
    for mut child in reader.children("statistics-target") {
        let place = child.number_argument();
        let target = child.number_argument();
        if let (Some(place), Some(target)) = (place, target)
            && let (Ok(place), Ok(target)) =
                (i32::try_from(place.value), i32::try_from(target.value))
        {
            statistics.push((place, target));
        }
        child.finish();
    }
    match name {
        Some(name) => {
            reading.take_name(kind, relation, &name.value);
            let id = relation.child(kind, &name.value);
            let tie = crate::kind::index_attach::IndexAttach {
                parent,
                made: Some(crate::kind::index_attach::Made {
                    table: parts::qualified_name(relation),
                    with,
                    tablespace,
                    statistics,
                }),
            };
            reading.declare_only(reader, &id.child(Kind::IndexAttach, ""), tie, false);
            reading.facets(reader, &id);
        }
        None => reader.missing("`name=`"),
    }
    true
}

/// How an index or key of a partition is written.
pub(in crate::kind) enum Attached {
    /// It is the partition's own.
    Own,
    /// PostgreSQL makes it by itself.
    ByItself,
    /// PostgreSQL makes it, and it is renamed or set otherwise.
    Renamed(QualifiedName),
    /// It is the partition's own and attached by a statement, because the partitioned table's was made without it.
    ByStatement(QualifiedName),
}

/// Tells how an index or key of a partition is written. `named` are the columns that its name is made of; `same` tells
/// whether the index of the partitioned table has the same storage.
pub(in crate::kind) fn attached(
    id: &ObjectId,
    named: &[String],
    writing: &Writing<'_>,
    same: impl Fn(&Object) -> bool,
) -> Attached {
    let Some(Object::IndexAttach(tie)) = writing.catalog.get(&id.child(Kind::IndexAttach, ""))
    else {
        return Attached::Own;
    };
    let Some(relation) = id.parent.as_deref() else {
        return Attached::Own;
    };
    let Some(partitioned) = parts::partitioned_table(relation, writing.catalog) else {
        return Attached::Own;
    };
    let usual = naming_of(id.kind, relation, named);
    let rivals = writing
        .parts_of(relation, id.kind)
        .into_iter()
        .filter(|other| other.name.starts_with(usual.as_str()))
        .count();
    let original =
        constraint::index_named(&partitioned, &tie.parent.name, id.kind, writing.catalog);
    if constraint::is_only(&original, writing.catalog) {
        return Attached::ByStatement(tie.parent.clone());
    }
    let original = writing.catalog.get(&original);
    if *id.name == *usual && rivals == 1 && original.is_some_and(same) && !writing.has_facets(id) {
        Attached::ByItself
    } else {
        Attached::Renamed(tie.parent.clone())
    }
}

/// PostgreSQL's own name, whatever the project's patterns say: PostgreSQL names what it copies.
fn naming_of(kind: Kind, relation: &ObjectId, named: &[String]) -> String {
    let columns = match kind {
        Kind::PrimaryKey => String::new(),
        _ => named.join("_"),
    };
    crate::kind::language::object_name(&relation.name, &columns, naming::label(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_go_round() {
        let mut node = NodeWriter::new("partition");
        write_bound("FOR VALUES FROM ('a,)', MINVALUE) TO ('b', 3)", &mut node);
        assert_eq!(
            node.to_string(),
            "partition {\n    from \"'a,)'\" minvalue\n    to \"'b'\" 3\n}\n"
        );
        let mut node = NodeWriter::new("partition");
        write_bound("FOR VALUES WITH (modulus 4, remainder 1)", &mut node);
        assert_eq!(node.to_string(), "partition modulus=4 remainder=1\n");
    }

    #[test]
    fn keys_are_cut_apart() {
        let key = part("lower(a) COLLATE \"C\" text_pattern_ops");
        assert_eq!(key.expression, Some(Expression::new("lower(a)")));
        assert_eq!(key.collation, Some(QualifiedName::new("pg_catalog", "C")));
        assert_eq!(
            key.opclass,
            Some(QualifiedName::new("pg_catalog", "text_pattern_ops"))
        );
        assert_eq!(part("\"A b\"").column.as_deref(), Some("A b"));
    }
}
