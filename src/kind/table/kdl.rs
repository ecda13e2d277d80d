//! `table n <unlogged> of=t tablespace=n access-method=n { column …; constraints, indexes and other parts }`

use std::collections::BTreeMap;

use super::Table;
use crate::kdl::{Diagnostic, Entry, Node, NodeReader, NodeWriter, Value, suggestion};
use crate::kind::language::{NodeKind, Place, Reading, Reference, Referred, Writing};
use crate::kind::{Object, column, partition, parts, row};
use crate::model::{Kind, ObjectId, QualifiedName};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "table",
    places: &[Place::Schema],
    kinds: &[Kind::Table],
    read,
};

/// How deep mixins may use mixins.
const MIXIN_DEPTH: usize = 8;

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let Some(schema) = parent else { return };
    use_mixins(reading, reader, schema);
    let Some(name) = reader.name() else { return };
    let id = schema.child(Kind::Table, &name.value);
    let table = read_table(reading, reader, &id);
    reading.declare(reader, &id, table);
    reading.parts(reader, &id);
}

/// What tables and partitions say of themselves.
pub(in crate::kind) fn read_table(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    id: &ObjectId,
) -> Table {
    let schema = id.schema().map(str::to_owned);
    let partition_by = partition::kdl::read_key(reading, reader, id);
    let inherits = read_parents(reading, reader, id);
    let qualify = |path: crate::kdl::Path| reading.qualify(&path, schema.as_deref());
    Table {
        unlogged: reader.flag("unlogged"),
        partition_by,
        of_type: reader.path("of").map(|path| qualify(path.value)),
        tablespace: reader.name_of("tablespace").map(|name| name.value),
        access_method: reader.name_of("access-method").map(|name| name.value),
        with: parts::options(reader, "with"),
        partition_of: None,
        inherits,
    }
}

/// `inherits p…`: the parents of a table or foreign table.
pub(in crate::kind) fn read_parents(
    reading: &Reading<'_>,
    reader: &mut NodeReader<'_>,
    id: &ObjectId,
) -> Vec<QualifiedName> {
    reader
        .children("inherits")
        .into_iter()
        .flat_map(|mut child| {
            let paths = child.path_arguments();
            child.finish();
            paths
        })
        .map(|path| {
            reading.refers(Reference::new(Referred::Relation, &path, id.schema()));
            reading.qualify(&path.value, id.schema())
        })
        .collect()
}

/// Writes `inherits`.
pub(in crate::kind) fn write_parents(id: &ObjectId, writing: &Writing<'_>, node: &mut NodeWriter) {
    let parents: Vec<String> = writing
        .catalog
        .children(id, Kind::Inherits)
        .into_iter()
        .filter_map(|(_, object)| match object {
            Object::Inherits(inherits) => Some(writing.path(&inherits.parent, id).to_string()),
            _ => None,
        })
        .collect();
    if !parents.is_empty() {
        node.child("inherits").arguments(&parents);
    }
}

/// Puts the children of mixins in the place of `use`, with `{schema}` and `{table}` filled in. A column that the table
/// has itself goes before a mixin's; one without a type says what is different of the mixin's.
pub(in crate::kind) fn use_mixins(
    reading: &Reading<'_>,
    reader: &mut NodeReader<'_>,
    schema: &ObjectId,
) {
    let name = match reader.node().arguments().next().map(|entry| &entry.value) {
        Some(Value::Text(name, _)) => name.clone(),
        _ => String::new(),
    };
    if reader.is_recording() {
        reader.list("use");
        return;
    }
    if !reader
        .node()
        .children
        .iter()
        .any(|child| child.name.value == "use")
    {
        return;
    }
    let columns = reader.node().children.iter();
    let mut own: BTreeMap<String, Own> = columns
        .filter_map(|node| Some((column_name(node)?, Own::of(node))))
        .collect();
    let placeholders = [("schema", &*schema.name), ("table", name.as_str())];
    let mut children = Vec::new();
    for child in &reader.node().children {
        expand(
            reading,
            reader,
            child,
            &mut own,
            &placeholders,
            &mut children,
            &mut Vec::new(),
        );
    }
    // What was said of a mixin's column stands there now.
    let is_said = |name: &String| matches!(own.get(name), Some(Own::Said));
    children
        .retain(|node| node.used_at.is_some() || !column_name(node).as_ref().is_some_and(is_said));
    reader.replace_children(children);
}

fn column_name(node: &Node) -> Option<String> {
    match (
        node.name.value.as_str(),
        node.arguments().next().map(|entry| &entry.value),
    ) {
        ("column", Some(Value::Text(name, _))) => Some(name.clone()),
        _ => None,
    }
}

fn expand(
    reading: &Reading<'_>,
    reader: &NodeReader<'_>,
    child: &Node,
    own: &mut BTreeMap<String, Own>,
    placeholders: &[(&str, &str)],
    children: &mut Vec<Node>,
    within: &mut Vec<String>,
) {
    if child.name.value != "use" || within.len() > MIXIN_DEPTH {
        children.push(child.clone());
        return;
    }
    for entry in child.arguments() {
        let Value::Text(name, _) = &entry.value else {
            continue;
        };
        // A circle is told; its columns are known all the same.
        if within.contains(name) {
            continue;
        }
        let Some(mixin) = reading.mixin(name) else {
            // Where a file could not be read whole, it may stand in what was not.
            if !reading.diagnostics.is_complete() {
                continue;
            }
            let known: Vec<&str> = reading.mixin_names().collect();
            reader.report(
                Diagnostic::error("kdl::unknown-mixin", format!("no mixin is called `{name}`"))
                    .at(entry.span, "unknown")
                    .help(suggestion(name, &known, "no mixin is declared")),
            );
            continue;
        };
        within.push(name.clone());
        for part in &mixin.children {
            let mut part = part.used_at(child.head());
            if let Some(own) = column_name(&part).and_then(|column| own.get_mut(&column)) {
                match std::mem::replace(own, Own::Said) {
                    Own::Changes(change) => part = changed(part, &change),
                    stays => {
                        *own = stays;
                        continue;
                    }
                }
            }
            part.substitute(placeholders, &["trigger", "policy"]);
            expand(reading, reader, &part, own, placeholders, children, within);
        }
        within.pop();
    }
}

/// A column that a table says itself beside its mixins.
enum Own {
    /// A column of its own.
    Whole,
    /// Without a type: what is different of a mixin's.
    Changes(Box<Node>),
    /// The same, where a mixin has the column.
    Said,
}

impl Own {
    fn of(node: &Node) -> Own {
        match column::kdl::has_type(node) {
            true => Own::Whole,
            false => Own::Changes(Box::new(node.clone())),
        }
    }
}

/// A mixin's column with what a table says of it: that goes before.
fn changed(mut column: Node, change: &Node) -> Node {
    let word = |entry: &Entry| match (&entry.key, &entry.value) {
        (Some(key), _) => Some(key.value.clone()),
        (None, Value::Text(word, _)) => Some(word.clone()),
        _ => None,
    };
    let entries: Vec<&Entry> = change.entries.iter().skip(1).collect();
    let mut said: Vec<String> = entries.iter().copied().filter_map(word).collect();
    said.extend(change.children.iter().map(|child| child.name.value.clone()));
    let is_said = |word: &String| said.contains(word);
    // Its name and its type are no words.
    let arguments = 1 + usize::from(column::kdl::has_type(&column));
    let mut place = 0;
    column.entries.retain(|entry| {
        place += usize::from(entry.key.is_none());
        entry.key.is_none() && place <= arguments || !word(entry).as_ref().is_some_and(is_said)
    });
    column.children.retain(|child| !is_said(&child.name.value));
    column.entries.extend(entries.into_iter().cloned());
    column.children.extend(change.children.iter().cloned());
    column
}

/// The parts of a table in the order of the language.
pub(in crate::kind) const PARTS: &[Kind] = &[
    Kind::Column,
    Kind::PrimaryKey,
    Kind::Unique,
    Kind::ForeignKey,
    Kind::Check,
    Kind::NotNull,
    Kind::Exclude,
    Kind::Index,
    Kind::Statistics,
    Kind::Trigger,
    Kind::TriggerState,
    Kind::Rule,
    Kind::RowLevelSecurity,
    Kind::Policy,
];

/// The node of a table; `None` for a partition, which its partitioned table says.
pub(super) fn write<'a>(
    table: &'a Table,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    if partition::kdl::is_nested(id, writing) {
        return None;
    }
    let mut node = NodeWriter::new("table");
    node.name(&id.name);
    write_table(table, id, writing, &mut node);
    Some(node)
}

/// What tables and partitions say of themselves, parts and facets included.
pub(in crate::kind) fn write_table<'a>(
    table: &'a Table,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
    node: &mut NodeWriter,
) {
    if table.unlogged {
        node.flag("unlogged");
    }
    if let Some(of_type) = &table.of_type {
        node.path("of", &writing.path(of_type, id));
    }
    if let Some(tablespace) = &table.tablespace {
        node.text("tablespace", tablespace);
    }
    if let Some(method) = &table.access_method {
        node.text("access-method", method);
    }
    writing.add_parts(id, PARTS, node);
    writing.facets(id, node);
    node.pairs("with", &table.with.0);
    write_identity(id, writing, node);
    write_cluster(id, writing, node);
    if let Some(rows) = row::kdl::write(id, writing) {
        node.add(rows);
    }
    write_parents(id, writing, node);
    if let Some(key) = &table.partition_by {
        partition::kdl::write_key(key, id, writing, node);
        partition::kdl::write_partitions(id, writing, node);
    }
}

fn write_identity(id: &ObjectId, writing: &Writing<'_>, node: &mut NodeWriter) {
    if let Some(Object::ReplicaIdentity(identity)) =
        writing.catalog.get(&id.child(Kind::ReplicaIdentity, ""))
    {
        let child = node.child("replica-identity");
        child.argument(&identity.identity);
        if let Some(index) = &identity.index {
            child.argument(index);
        }
    }
}

/// Writes `cluster-on` of a table or materialized view.
pub(in crate::kind) fn write_cluster(id: &ObjectId, writing: &Writing<'_>, node: &mut NodeWriter) {
    if let Some(Object::ClusterOn(cluster)) = writing.catalog.get(&id.child(Kind::ClusterOn, "")) {
        node.child("cluster-on").argument(&cluster.index);
    }
}
