//! What the parts of relations have in common in KDL: a name that may be left out, deferral, options, the schema of what
//! they point at.

use std::collections::{BTreeMap, BTreeSet};

use super::Object;
use super::language::{Reading, Reference, Referred, Writing};
use crate::kdl::{NodeReader, NodeWriter, Path, Spanned};
use crate::model::{Kind, ObjectId, Options, QualifiedName};

/// The words of `deferrable=`.
const DEFERRABLE: &[&str] = &["immediate", "deferred"];

/// The identity of a part: by `name=`, else by the name that it would get. The second value tells whether it is ours.
pub(super) fn identity(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    relation: &ObjectId,
    kind: Kind,
    columns: &[String],
) -> (ObjectId, bool) {
    match reader.name_of("name") {
        Some(name) => {
            reading.take_name(kind, relation, &name.value);
            (relation.child(kind, &name.value), false)
        }
        None => (
            relation.child(kind, &reading.make_name(kind, relation, columns)),
            true,
        ),
    }
}

/// Writes `name=` where reading would not choose the same name.
pub(super) fn write_name(
    id: &ObjectId,
    columns: &[String],
    writing: &Writing<'_>,
    node: &mut NodeWriter,
) {
    if !writing.is_usual_name(id, columns) {
        node.text("name", &id.name);
    }
}

/// `deferrable=immediate|deferred`.
pub(super) fn deferral(reader: &mut NodeReader<'_>) -> Option<String> {
    reader
        .word("deferrable", DEFERRABLE)
        .map(|word| word.value.to_owned())
}

/// The values of an open list.
pub(super) fn texts(values: Vec<crate::kdl::Spanned<String>>) -> Vec<String> {
    values.into_iter().map(|value| value.value).collect()
}

/// The arguments of a part, which are columns of its relation.
pub(super) fn columns_meant(
    reading: &Reading<'_>,
    reader: &mut NodeReader<'_>,
    relation: &ObjectId,
) -> Vec<String> {
    let columns = reader.arguments();
    columns_in(reading, relation, columns)
}

/// Names that are columns of a relation.
pub(super) fn columns_in(
    reading: &Reading<'_>,
    relation: &ObjectId,
    columns: Vec<Spanned<String>>,
) -> Vec<String> {
    if let (Some(first), Some(schema)) = (columns.first(), relation.schema()) {
        let path = Path(vec![schema.to_owned(), relation.name.to_string()]);
        let reference = Reference::new(
            Referred::Relation,
            &Spanned::new(path, first.span),
            Some(schema),
        );
        reading.refers(reference.columns(columns.clone()));
    }
    texts(columns)
}

/// `with k=v` and the like as options.
pub(super) fn options(reader: &mut NodeReader<'_>, word: &'static str) -> Options {
    Options(
        reader
            .pairs(word)
            .into_iter()
            .map(|(key, value)| (key.value, value.value))
            .collect(),
    )
}

/// The columns of a relation, as its node and its mixins name them.
pub(super) fn columns_of(reading: &Reading<'_>, relation: &ObjectId) -> Vec<String> {
    let mut columns = reading
        .columns_of(&qualified_name(relation))
        .unwrap_or_default()
        .to_vec();
    if let Some(declared) = reading.desired.get(relation) {
        for parent in declared_parents(&declared.object) {
            let id = ObjectId::in_schema(Kind::Table, &parent.schema, &parent.name);
            for column in columns_of(reading, &id) {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
    }
    columns
}

/// The tables that a desired table says it has columns from: the one that it is a partition of, and its parents.
pub(super) fn declared_parents(table: &Object) -> Vec<&QualifiedName> {
    let (partition_of, inherits) = match table {
        Object::Table(table) => (&table.partition_of, &table.inherits),
        Object::ForeignTable(table) => (&table.partition_of, &table.inherits),
        _ => return Vec::new(),
    };
    let partitioned = partition_of.iter().map(|(parent, _)| parent);
    partitioned.chain(inherits).collect()
}

/// The partitioned tables above a partition, the nearest first.
pub(crate) fn partitioned_tables(
    id: &ObjectId,
    catalog: &super::Catalog,
) -> impl Iterator<Item = ObjectId> {
    let above = |table: &ObjectId| partitioned_table(table, catalog);
    std::iter::successors(above(id), above)
}

/// All tables that a table has columns from, its parents and those above them, each once.
pub(crate) fn tables_above(table: &ObjectId, catalog: &super::Catalog) -> Vec<ObjectId> {
    let (mut found, mut open) = (Vec::new(), parent_tables(table, catalog));
    while let Some(table) = open.pop() {
        if !found.contains(&table) {
            open.extend(parent_tables(&table, catalog));
            found.push(table);
        }
    }
    found
}

/// Whether it is a partitioned table.
pub(crate) fn is_partitioned(table: &ObjectId, catalog: &super::Catalog) -> bool {
    matches!(catalog.get(table), Some(Object::Table(it)) if it.partition_by.is_some())
}

/// The partitioned table of a partition, where both are in the catalog.
pub(crate) fn partitioned_table(id: &ObjectId, catalog: &super::Catalog) -> Option<ObjectId> {
    match catalog.get(&id.child(Kind::Partition, "")) {
        Some(Object::Partition(partition)) => {
            let parent = &partition.parent;
            let table = ObjectId::in_schema(Kind::Table, &parent.schema, &parent.name);
            catalog.contains(&table).then_some(table)
        }
        _ => None,
    }
}

/// The tables that a table has its inherited columns from: its partitioned table, or its parents in their order.
pub(crate) fn parent_tables(id: &ObjectId, catalog: &super::Catalog) -> Vec<ObjectId> {
    if let Some(table) = partitioned_table(id, catalog) {
        return vec![table];
    }
    catalog
        .children(id, Kind::Inherits)
        .into_iter()
        .filter_map(|(_, object)| match object {
            Object::Inherits(inherits) => Some(&inherits.parent),
            _ => None,
        })
        .map(|parent| {
            let foreign = ObjectId::in_schema(Kind::ForeignTable, &parent.schema, &parent.name);
            match catalog.contains(&foreign) {
                true => foreign,
                false => ObjectId::in_schema(Kind::Table, &parent.schema, &parent.name),
            }
        })
        .collect()
}

/// The table and all below it, itself first: whose rows a change of all its rows reaches.
pub(crate) fn family(table: &ObjectId, catalog: &super::Catalog) -> Vec<ObjectId> {
    let mut children: BTreeMap<ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    let ties = catalog.of_kind(Kind::Partition);
    for (tie, _) in ties.chain(catalog.of_kind(Kind::Inherits)) {
        let Some(child) = tie.parent.as_deref() else {
            continue;
        };
        for parent in parent_tables(child, catalog) {
            children.entry(parent).or_default().push(child);
        }
    }
    let mut seen = BTreeSet::from([table]);
    let mut family = vec![table];
    let mut at = 0;
    while let Some(&parent) = family.get(at) {
        for child in children.get(parent).into_iter().flatten() {
            if seen.insert(child) {
                family.push(child);
            }
        }
        at += 1;
    }
    family.into_iter().cloned().collect()
}

/// Whether a parent of the column's table has the column all the while: its type changes there, also where the child declares it
/// again.
pub(crate) fn changes_with_parent(id: &ObjectId, context: &super::Context<'_>) -> bool {
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    kept_parents(table, context).into_iter().any(|parent| {
        let column = parent.child(id.kind, &id.name);
        context.before.contains(&column) && context.after.contains(&column)
    })
}

/// Whether children by inheritance keep a column or check as their own that their parent loses: without ONLY it would go from
/// them as well.
pub(super) fn is_left_to_children(id: &ObjectId, context: &super::Context<'_>) -> bool {
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    if context.after.contains(id) {
        return false;
    }
    let is_inherited = |part: &ObjectId| context.before.get(part).is_some_and(Object::is_inherited);
    let mut children = context
        .before
        .of_kind(Kind::Inherits)
        .filter_map(|(tie, _)| tie.parent.as_deref())
        .filter(|child| {
            context.keeps(child) && parent_tables(child, context.before).contains(table)
        })
        .map(|child| child.child(id.kind, &id.name))
        .filter(is_inherited)
        .peekable();
    let is_own = |part: ObjectId| {
        let object = context.after.get(&part);
        object.is_some_and(|it| !it.is_inherited())
    };
    children.peek().is_some() && children.all(is_own)
}

/// The foreign keys of a catalog, each with its table and the one that it refers to.
pub(crate) fn references(
    catalog: &super::Catalog,
) -> impl Iterator<Item = (&ObjectId, &ObjectId, ObjectId)> {
    catalog
        .of_kind(Kind::ForeignKey)
        .filter_map(|(id, object)| match object {
            Object::ForeignKey(key) => {
                let to = &key.references;
                let to = ObjectId::in_schema(Kind::Table, &to.schema, &to.name);
                Some((id, id.parent.as_deref()?, to))
            }
            _ => None,
        })
}

/// The columns of a relation in a catalog.
pub(super) fn catalog_columns(writing: &Writing<'_>, relation: &ObjectId) -> Vec<String> {
    writing
        .parts_of(relation, Kind::Column)
        .iter()
        .map(|column| column.name.to_string())
        .collect()
}

/// A qualified name as a path that finds PostgreSQL's own objects without their schema.
pub(super) fn path(writing: &Writing<'_>, name: &QualifiedName, from: &ObjectId) -> Path {
    // Read back, a name without its schema is that of any object of the schema around, whatever its arguments are.
    let hidden = from.schema().is_some_and(|schema| {
        let of_kind = |kind: &Kind| {
            let least = ObjectId::in_schema(*kind, schema, &name.name);
            let mut named = writing.catalog.objects.range(least.clone()..);
            named.next().is_some_and(|(id, _)| {
                (id.kind, &id.parent, &id.name) == (least.kind, &least.parent, &least.name)
            })
        };
        Kind::ALL.iter().any(of_kind)
    });
    if name.schema == "pg_catalog" && !hidden {
        Path(vec![name.name.clone()])
    } else {
        writing.path(name, from)
    }
}

/// Whether nothing but its definition is said of a part: no comment and the like.
pub(super) fn is_bare(writing: &Writing<'_>, id: &ObjectId) -> bool {
    !writing.has_facets(id) && !writing.catalog.contains(&id.child(Kind::IndexAttach, ""))
}

/// The qualified name of a relation.
pub(super) fn qualified_name(relation: &ObjectId) -> QualifiedName {
    QualifiedName::new(relation.schema().unwrap_or_default(), &*relation.name)
}

/// Whether a relation's columns come from elsewhere, so that its own node may name one without a type.
pub(super) fn is_given_columns(reading: &Reading<'_>, relation: &ObjectId) -> bool {
    match reading.desired.get(relation).map(|desired| &desired.object) {
        Some(Object::Table(table)) => {
            table.of_type.is_some() || table.partition_of.is_some() || !table.inherits.is_empty()
        }
        Some(Object::ForeignTable(table)) => {
            table.partition_of.is_some() || !table.inherits.is_empty()
        }
        _ => false,
    }
}

/// Reads a node that says nothing but a name: it speaks of the constraint that a child or a partition has from a parent.
pub(super) fn speaks_of_inherited(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    relation: &ObjectId,
    kind: Kind,
) -> bool {
    let says_what = reader.node().arguments().next().is_some() || reader.has("expression");
    if reader.is_recording() || says_what || !is_given_columns(reading, relation) {
        return false;
    }
    match reader.name_of("name") {
        Some(name) => {
            reading.facets(reader, &relation.child(kind, &name.value));
            true
        }
        None => false,
    }
}

/// The node of a constraint that is a parent's: its name, and what is said of it here; `None` where nothing is.
pub(super) fn write_inherited(
    id: &ObjectId,
    writing: &mut Writing<'_>,
    mut node: NodeWriter,
) -> Option<NodeWriter> {
    if !writing.has_facets(id) {
        return None;
    }
    node.text("name", &id.name);
    writing.annotations(id, &mut node);
    Some(node)
}

/// What a column gets from a type, a parent or a partitioned table without its own node saying it.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    pub not_null: bool,
    pub default: Option<crate::model::Expression>,
    pub collation: Option<QualifiedName>,
    pub storage: Option<String>,
    pub compression: Option<String>,
    pub statistics_target: Option<i32>,
    pub generated: Option<super::column::Generated>,
    pub identity: bool,
}

/// What a column gets from elsewhere; `None` for a column that its own table declares.
pub(super) fn gives_column(
    column: &super::column::Column,
    id: &ObjectId,
    writing: &Writing<'_>,
) -> Option<Given> {
    let relation = id.parent.as_deref()?;
    if let Some(Object::Table(table)) = writing.catalog.get(relation)
        && table.of_type.is_some()
    {
        return Some(Given {
            collation: column.collation.clone(),
            ..Given::default()
        });
    }
    if !column.inherited {
        return None;
    }
    let original = parent_tables(relation, writing.catalog)
        .into_iter()
        .map(|table| table.child(Kind::Column, &id.name))
        .find(|column| writing.known(column).is_some())?;
    let Some(Object::Column(parent)) = writing.known(&original) else {
        return None;
    };
    let default = match writing.known(&original.child(Kind::Default, "")) {
        Some(Object::Default(default)) => Some(default.expression.clone()),
        _ => None,
    };
    Some(Given {
        not_null: parent.not_null,
        default,
        collation: parent.collation.clone(),
        storage: parent.storage.clone(),
        compression: parent.compression.clone(),
        statistics_target: None,
        generated: parent.generated.clone(),
        identity: parent.identity.is_some(),
    })
}

/// Whether a column came from a parent.
pub(super) fn is_inherited_column(column: &ObjectId, writing: &Writing<'_>) -> bool {
    writing
        .catalog
        .get(column)
        .is_some_and(Object::is_inherited)
}

/// Whether INHERITS brings a part to a table: the plan makes the table with its parents, or the table has had them.
pub(super) fn comes_with_parents(table: &ObjectId, context: &super::Context<'_>) -> bool {
    let is_new = !context.keeps(table);
    context
        .after
        .children(table, Kind::Inherits)
        .into_iter()
        .any(|(tie, _)| is_new || context.before.contains(tie))
}

/// Whether a table is a partition of the same table all the while.
pub(super) fn stays_partition(table: &ObjectId, context: &super::Context<'_>) -> bool {
    match partitioned_table(table, context.before) {
        Some(parent) => {
            kept_parents(table, context).contains(&parent)
                && context.keeps(table)
                && context.keeps(&parent)
        }
        None => false,
    }
}

/// The tables that a table is a child or a partition of all the while, under the same bounds.
pub(crate) fn kept_parents(table: &ObjectId, context: &super::Context<'_>) -> Vec<ObjectId> {
    let (before, after) = (context.before, context.after);
    let bound = table.child(Kind::Partition, "");
    let bounds = (before.get(&bound), after.get(&bound));
    let same_bounds = bounds.0 == bounds.1;
    let there = parent_tables(table, after);
    parent_tables(table, before)
        .into_iter()
        .filter(|parent| same_bounds && there.contains(parent))
        .take_while(|parent| !leaves_meanwhile(table, parent, context))
        .collect()
}

/// Whether a table is no child or partition of a parent of all the while: PostgreSQL takes no USING for a foreign table, changes
/// the type of a column that a child has from two parents with neither of them, and takes no key from an index that holds it.
pub(super) fn leaves_meanwhile(
    table: &ObjectId,
    parent: &ObjectId,
    context: &super::Context<'_>,
) -> bool {
    let (before, after) = (context.before, context.after);
    let is_partition = partitioned_table(table, before).is_some();
    if is_partition && super::constraint::is_released(table, context) {
        return true;
    }
    let stay = parent_tables(table, after);
    let parents = parent_tables(table, before).into_iter();
    let parents: Vec<ObjectId> = parents.filter(|it| stay.contains(it)).collect();
    if parents.len() < 2 && !(is_partition && table.kind == Kind::ForeignTable) {
        return false;
    }
    let mut columns = before
        .children(parent, Kind::Column)
        .into_iter()
        .map(|(column, _)| column)
        .filter(|column| is_retyped(column, context));
    if is_partition {
        return columns.any(|column| super::column::is_converted(column, context));
    }
    let first = |name: &str| {
        parents
            .iter()
            .map(|parent| parent.child(Kind::Column, name))
            .find(|column| before.contains(column) && after.contains(column))
    };
    columns.any(|column| {
        let first = first(&column.name);
        first.is_some_and(|first| origin(&first, before) != origin(column, before))
    })
}

/// Whether a column stays and changes its type.
pub(crate) fn is_retyped(column: &ObjectId, context: &super::Context<'_>) -> bool {
    match (context.before.get(column), context.after.get(column)) {
        (Some(Object::Column(from)), Some(Object::Column(to))) => from.data_type != to.data_type,
        _ => false,
    }
}

/// The column of the topmost table that a column comes from, by the first parent of each that has it.
fn origin(column: &ObjectId, catalog: &super::Catalog) -> ObjectId {
    let mut at = column.clone();
    while let Some(above) = catalog.inherited_from(&at).into_iter().next() {
        at = above;
    }
    at
}
