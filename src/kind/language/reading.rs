//! Reading the files of a database: first the names that they declare, then the objects, so that order and files mean
//! nothing. All mistakes of all files are reported in one run.

use std::cell::RefCell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::desired::{Desired, DesiredObject, Rename};
use super::names::{NamePatterns, first_name, middle, numbered, object_name};
use super::{NodeKind, Place, Reference};
use crate::kdl::{Diagnostic, Diagnostics, Node, NodeReader, Path, Spanned, unknown_node};
use crate::kind::{NODES, Object, naming};
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::{qualified, unquote_ident};
use crate::sql::types::is_builtin_type;

/// How deep mixins may use mixins.
const MIXIN_DEPTH: usize = 8;

/// The state of one reading.
pub struct Reading<'a> {
    /// Where mistakes go.
    pub diagnostics: &'a Diagnostics,
    /// What was declared so far.
    pub desired: Desired,
    /// The project's patterns for names.
    pub names: &'a NamePatterns,
    declared: BTreeMap<(String, String), &'static str>,
    types: BTreeSet<(String, String)>,
    columns: BTreeMap<(String, String), Vec<String>>,
    mixins: BTreeMap<String, &'a Node>,
    references: RefCell<Vec<Reference>>,
    taken: BTreeSet<(&'static str, String, String)>,
    /// What was declared twice: then its parts are too, and nothing more is to be said of them.
    pub(super) twice: BTreeSet<ObjectId>,
}

/// Reads all nodes of a database's files.
pub fn read<'a>(
    nodes: impl IntoIterator<Item = &'a Node> + Clone,
    names: &'a NamePatterns,
    diagnostics: &'a Diagnostics,
) -> Desired {
    let mut reading = Reading::new(names, diagnostics);
    for node in nodes.clone() {
        if node.name.value == "mixin" {
            reading.note_mixin(node);
        }
    }
    super::mixin_circles::report(&reading.mixins, diagnostics);
    for node in nodes.clone() {
        reading.note_names(node);
    }
    for node in nodes {
        if node.name.value == "mixin" {
            continue;
        }
        let mut reader = NodeReader::new(node, diagnostics);
        if node.name.value == "schema" {
            reading.schema(&mut reader);
            reader.finish();
        } else {
            reading.dispatch(reader, Place::Top, None, &[]);
        }
    }
    reading.spread_bulk_grants();
    reading.spread_owners();
    crate::kind::row::kdl::settle(&mut reading);
    super::absent::contradictions(&reading);
    crate::kind::default_privilege::kdl::without_effect(&reading.desired, diagnostics);
    reading.desired.references = reading.references.take();
    reading.desired
}

/// The text of a property.
fn text_of<'n>(node: &'n Node, word: &str) -> Option<&'n str> {
    let is_it =
        |entry: &&crate::kdl::Entry| entry.key.as_ref().is_some_and(|key| key.value == word);
    match &node.entries.iter().find(is_it)?.value {
        crate::kdl::Value::Text(text, _) => Some(text),
        _ => None,
    }
}

/// The first argument of a node, where it is a text.
fn first_argument(node: &Node) -> Option<&str> {
    match &node.arguments().next()?.value {
        crate::kdl::Value::Text(text, _) => Some(text),
        _ => None,
    }
}

impl<'a> Reading<'a> {
    /// A reading that has seen nothing yet.
    pub(super) fn new(names: &'a NamePatterns, diagnostics: &'a Diagnostics) -> Self {
        Reading {
            diagnostics,
            desired: Desired::default(),
            names,
            declared: BTreeMap::new(),
            types: BTreeSet::new(),
            columns: BTreeMap::new(),
            mixins: BTreeMap::new(),
            references: RefCell::default(),
            taken: BTreeSet::new(),
            twice: BTreeSet::new(),
        }
    }

    /// The type that comes with a range, under the name that is said or PostgreSQL's own.
    fn note_multirange(&mut self, schema: &str, name: &str, node: &Node) {
        let said = text_of(node, "multirange").and_then(|text| Path::parse(text).ok());
        let key = match said {
            Some(path) => (
                path.schema().unwrap_or(schema).to_owned(),
                path.name().to_owned(),
            ),
            None => (
                schema.to_owned(),
                crate::kind::range::usual_multirange(name),
            ),
        };
        let kinds = self.desired.names.entry(key.clone()).or_default();
        kinds.insert(Kind::Range);
        self.types.insert(key);
    }

    /// A mixin is read where it is used; here only its head is.
    fn note_mixin(&mut self, node: &'a Node) {
        let head = Node {
            children: Vec::new(),
            ..node.clone()
        };
        let mut reader = NodeReader::new(&head, self.diagnostics);
        let Some(name) = reader.name() else { return };
        reader.finish();
        match self.mixins.entry(name.value) {
            Entry::Vacant(free) => {
                free.insert(node);
            }
            Entry::Occupied(taken) => self.diagnostics.push(
                Diagnostic::error(
                    "kdl::duplicate",
                    format!("the mixin `{}` is declared twice", taken.key()),
                )
                .at(taken.get().head(), "first here")
                .at(node.head(), "and again here")
                .help("keep one of the two, or give one another name; a table may `use` both"),
            ),
        }
    }

    fn note_names(&mut self, node: &'a Node) {
        let Some(name) = first_argument(node) else {
            return;
        };
        if node.name.value == "schema" {
            self.desired.schemas.insert(name.to_owned());
            for child in &node.children {
                self.note_in_schema(name, child);
            }
        }
    }

    fn note_in_schema(&mut self, schema: &str, node: &'a Node) {
        if node.name.value == "search-path" {
            let path = node.arguments().filter_map(|entry| match &entry.value {
                crate::kdl::Value::Text(text, _) => Some(text.clone()),
                _ => None,
            });
            self.desired
                .search_paths
                .entry(schema.to_owned())
                .or_default()
                .extend(path);
            return;
        }
        let Some(name) = first_argument(node) else {
            return;
        };
        let Some(kind) = NODES.iter().find(|kind| kind.word == node.name.value) else {
            return;
        };
        self.declared
            .entry((schema.to_owned(), name.to_owned()))
            .or_insert(kind.word);
        self.desired
            .names
            .entry((schema.to_owned(), name.to_owned()))
            .or_default()
            .extend(kind.kinds);
        if kind.kinds.iter().any(|kind| kind.is_type()) {
            self.types.insert((schema.to_owned(), name.to_owned()));
        }
        if kind.kinds.contains(&Kind::Range) {
            self.note_multirange(schema, name, node);
        }
        let mut columns = Vec::new();
        self.note_columns(node, &mut columns, 0);
        self.columns
            .entry((schema.to_owned(), name.to_owned()))
            .or_default()
            .extend(columns);
        if kind.kinds.first() == Some(&Kind::Table) {
            self.note_part_names(&ObjectId::in_schema(Kind::Table, schema, name), node);
        }
        for child in &node.children {
            if child.name.value == "partition" {
                let elsewhere =
                    child
                        .entries
                        .iter()
                        .find_map(|entry| match (&entry.key, &entry.value) {
                            (Some(key), crate::kdl::Value::Text(text, _))
                                if key.value == "schema" =>
                            {
                                Some(text.as_str())
                            }
                            _ => None,
                        });
                self.note_in_schema(elsewhere.unwrap_or(schema), child);
            }
        }
    }

    /// The names of a relation's columns, those of its mixins at their place.
    fn note_columns(&self, node: &Node, columns: &mut Vec<String>, depth: usize) {
        for child in &node.children {
            match child.name.value.as_str() {
                "column" => columns.extend(first_argument(child).map(str::to_owned)),
                "use" if depth < MIXIN_DEPTH => {
                    for argument in child.arguments() {
                        if let crate::kdl::Value::Text(name, _) = &argument.value
                            && let Some(mixin) = self.mixins.get(name)
                        {
                            self.note_columns(mixin, columns, depth + 1);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The names that the author gave to parts of a table: none of ours may take one, wherever it stands.
    fn note_part_names(&mut self, table: &ObjectId, node: &Node) {
        for child in &node.children {
            let Some(kind) = NODES
                .iter()
                .find(|kind| kind.word == child.name.value)
                .and_then(|kind| kind.kinds.first())
            else {
                continue;
            };
            let name = child
                .entries
                .iter()
                .find(|entry| entry.key.as_ref().is_some_and(|key| key.value == "name"))
                .or_else(|| {
                    let named = child
                        .children
                        .iter()
                        .find(|part| part.name.value == "name")?;
                    named.entries.first()
                });
            if let Some(crate::kdl::Value::Text(name, _)) = name.map(|entry| &entry.value) {
                self.take_name(*kind, table, name);
            }
        }
    }

    fn schema(&mut self, reader: &mut NodeReader<'a>) {
        let Some(name) = reader.name() else { return };
        let id = ObjectId::top(Kind::Schema, &name.value);
        for entry in reader.list("search-path") {
            let path = self
                .desired
                .search_paths
                .entry(name.value.clone())
                .or_default();
            if !path.contains(&entry.value) {
                path.push(entry.value);
            }
        }
        // One schema may be spread over files: the node that says most wins nothing, facets are simply joined.
        self.desired
            .objects
            .entry(id.clone())
            .or_insert_with(|| DesiredObject {
                object: Object::from(crate::kind::schema::Schema {}),
                span: reader.node().head(),
                unnamed: false,
            });
        self.facets(reader, &id);
        let own = reader.words();
        for child in reader.other_children() {
            self.dispatch(child, Place::Schema, Some(&id), &own);
        }
    }

    /// Reads the parts of a relation: every child that the relation's kind did not ask for itself.
    pub fn parts(&mut self, reader: &mut NodeReader<'_>, relation: &ObjectId) {
        let own = reader.words();
        for child in reader.other_children() {
            self.dispatch(child, Place::Relation, Some(relation), &own);
        }
    }

    /// Gives a node to the kind that reads it, and finishes it; `own` are the words that the node around it knows itself.
    pub fn dispatch(
        &mut self,
        mut reader: NodeReader<'_>,
        place: Place,
        parent: Option<&ObjectId>,
        own: &[&'static str],
    ) {
        let word = reader.kind().to_owned();
        match NODES
            .iter()
            .find(|kind| kind.word == word && kind.places.contains(&place))
        {
            Some(kind) => {
                (kind.read)(self, &mut reader, parent);
                reader.finish();
            }
            None => {
                let mut known: Vec<&'static str> = NODES
                    .iter()
                    .filter(|kind| kind.places.contains(&place))
                    .map(|kind: &NodeKind| kind.word)
                    .collect();
                if place == Place::Top {
                    known.extend(["schema", "mixin"]);
                }
                known.extend(own);
                unknown_node(reader.node(), &known, self.diagnostics);
            }
        }
    }

    /// Declares an object with everything that all objects have in common: comment, owner, grants, labels, renames.
    pub fn declare(
        &mut self,
        reader: &mut NodeReader<'_>,
        id: &ObjectId,
        object: impl Into<Object>,
    ) {
        self.declare_only(reader, id, object, false);
        self.facets(reader, id);
    }

    /// Declares a constraint or index whose name may be ours.
    pub fn declare_unnamed(
        &mut self,
        reader: &mut NodeReader<'_>,
        id: &ObjectId,
        object: impl Into<Object>,
        unnamed: bool,
    ) {
        self.declare_only(reader, id, object, unnamed);
        self.facets(reader, id);
    }

    /// Declares an object without looking for facets: for what a node says in passing, `primary-key` on a column.
    pub fn declare_only(
        &mut self,
        reader: &NodeReader<'_>,
        id: &ObjectId,
        object: impl Into<Object>,
        unnamed: bool,
    ) {
        let span = reader.node().head();
        let is_told = id.parents().any(|whole| self.twice.contains(whole));
        if is_told && unnamed {
            return;
        }
        if let Some(before) = self.desired.objects.get(id) {
            if is_told {
                return;
            }
            self.twice.insert(id.clone());
            let mistake = Diagnostic::error(
                "kdl::duplicate",
                format!("`{}` is declared twice", id.path()),
            )
            .at(before.span, "first here")
            .at(span, "and again here")
            .help("keep one of the two; an object stands in one place");
            self.diagnostics.push(mistake);
            return;
        }
        self.desired.objects.insert(
            id.clone(),
            DesiredObject {
                object: object.into(),
                span,
                unnamed,
            },
        );
    }

    /// Whether a table is declared as a partition.
    pub(in crate::kind) fn is_partition(&self, table: &ObjectId) -> bool {
        self.desired
            .objects
            .contains_key(&table.child(Kind::Partition, ""))
            || match self.desired.get(table).map(|it| &it.object) {
                Some(Object::Table(table)) => table.partition_of.is_some(),
                Some(Object::ForeignTable(table)) => table.partition_of.is_some(),
                _ => false,
            }
    }

    /// Records `renamed-from`, a path that may name another schema.
    pub(super) fn renamed_from(&mut self, id: &ObjectId, path: &Spanned<Path>) {
        let parts = &path.value.0;
        let mut from = id.clone();
        from.name = path.value.name().into();
        if parts.len() == 2
            && id
                .parent
                .as_deref()
                .is_some_and(|parent| parent.kind == Kind::Schema)
        {
            from = ObjectId::in_schema(id.kind, &parts[0], &parts[1]).with_signature(&id.signature);
        }
        if let Some(other) = self.desired.renames.iter().find(|it| it.from == from) {
            let mistake = Diagnostic::error(
                "kdl::duplicate",
                format!("`{}` cannot become two objects", from.path()),
            )
            .at(other.span, "renamed here")
            .at(path.span, "and again here")
            .help("keep `renamed-from` on the one that takes its rows over");
            self.diagnostics.push(mistake);
            return;
        }
        self.desired.renames.push(Rename {
            from,
            to: id.clone(),
            span: path.span,
        });
    }

    /// The place of a column or attribute among its siblings: call once for each, in order.
    pub fn position(&mut self, id: &ObjectId) {
        let Some(parent) = id.parent.as_deref() else {
            return;
        };
        let next = 1 + self
            .desired
            .positions
            .range(parent.child(id.kind, "")..)
            .take_while(|(other, _)| {
                other.kind == id.kind && other.parent.as_deref() == Some(parent)
            })
            .count();
        self.desired
            .positions
            .entry(id.clone())
            .or_insert(i32::try_from(next).unwrap_or(i32::MAX));
    }

    /// The nodes of a mixin, for `use NAME`.
    pub fn mixin(&self, name: &str) -> Option<&'a Node> {
        self.mixins.get(name).copied()
    }

    /// The names of all mixins, to find the nearest.
    pub fn mixin_names(&self) -> impl Iterator<Item = &str> {
        self.mixins.keys().map(String::as_str)
    }

    /// Whether the files declare an object of that name in a schema; gives the node's word.
    pub fn is_declared(&self, schema: &str, name: &str) -> Option<&'static str> {
        self.declared
            .get(&(schema.to_owned(), name.to_owned()))
            .copied()
    }

    /// The columns that a table's own node names; `None` for a table that the files do not declare.
    pub fn columns_of(&self, table: &QualifiedName) -> Option<&[String]> {
        self.columns
            .get(&(table.schema.clone(), table.name.clone()))
            .map(Vec::as_slice)
    }

    /// Where an unqualified name of a schema's objects is looked up.
    fn lookup(&self, schema: &str, name: &str) -> Option<String> {
        self.first_of_path(schema, |schema| self.is_declared(schema, name).is_some())
    }

    /// Where an unqualified type of a schema's objects is looked up: PostgreSQL's own types go first, and an object that
    /// merely has the name of a type is none.
    fn lookup_type(&self, schema: &str, name: &str) -> Option<String> {
        if is_builtin_type(name) {
            return None;
        }
        self.first_of_path(schema, |schema| {
            self.types.contains(&(schema.to_owned(), name.to_owned()))
        })
    }

    fn first_of_path(&self, schema: &str, has: impl Fn(&str) -> bool) -> Option<String> {
        let own = std::iter::once(schema);
        let others = self
            .desired
            .search_paths
            .get(schema)
            .into_iter()
            .flatten()
            .map(String::as_str);
        own.chain(others)
            .find(|schema| has(schema))
            .map(str::to_owned)
    }

    /// Notes what a slot refers to.
    pub fn refers(&self, reference: impl Into<Option<Reference>>) {
        self.references.borrow_mut().extend(reference.into());
    }

    /// The object that a path names: in the enclosing schema, its search path, else left to PostgreSQL (empty schema).
    pub fn qualify(&self, path: &Path, schema: Option<&str>) -> QualifiedName {
        match (path.schema(), schema) {
            (Some(explicit), _) => QualifiedName::new(explicit, path.name()),
            (None, Some(schema)) => QualifiedName::new(
                self.lookup(schema, path.name()).unwrap_or_default(),
                path.name(),
            ),
            (None, None) => QualifiedName::new("", path.name()),
        }
    }

    /// The type that a name stands for, as [`Reading::qualify`] does for other objects.
    pub fn qualify_type(&self, name: &str, schema: Option<&str>) -> QualifiedName {
        let found = schema.and_then(|schema| {
            self.first_of_path(schema, |schema| {
                self.types.contains(&(schema.to_owned(), name.to_owned()))
            })
        });
        QualifiedName::new(found.unwrap_or_default(), name)
    }

    /// The SQL of a type slot: a declared type's exact name or path is quoted and qualified, anything else is SQL.
    pub fn data_type(&self, text: &str, schema: Option<&str>) -> String {
        let (base, suffix) = match text.find("[]") {
            Some(at) if text[at..].chars().all(|letter| "[]".contains(letter)) => text.split_at(at),
            _ => (text, ""),
        };
        if let Some(schema) = schema
            && let Some(found) = self.lookup_type(schema, base)
        {
            return format!("{}{suffix}", qualified(&found, base));
        }
        if let Ok(path) = Path::parse(base)
            && let Some(explicit) = path.schema()
            && path.0.len() == 2
            && self
                .types
                .contains(&(explicit.to_owned(), path.name().to_owned()))
        {
            return format!("{}{suffix}", qualified(explicit, path.name()));
        }
        // A quoted name of a declared type in the same schema.
        if let Some(schema) = schema
            && base.starts_with('"')
        {
            let name = unquote_ident(base);
            if !is_builtin_type(base)
                && let Some(found) = self.first_of_path(schema, |schema| {
                    self.types.contains(&(schema.to_owned(), name.clone()))
                })
            {
                return format!("{}{suffix}", qualified(&found, &name));
            }
        }
        text.to_owned()
    }

    /// Whether a table that is declared already is unlogged.
    pub fn is_unlogged(&self, table: &ObjectId) -> bool {
        let declared = self.desired.objects.get(table).map(|it| &it.object);
        matches!(declared, Some(Object::Table(table)) if table.unlogged)
    }

    /// A name that is free among the parts already named: PostgreSQL's choice or the project's pattern, with a number
    /// behind it where it is taken. `space` is `relation` for what lives in pg_class, else `constraint`.
    pub fn make_name(&mut self, kind: Kind, relation: &ObjectId, columns: &[String]) -> String {
        let label = naming::label(kind);
        let schema = relation.schema().unwrap_or_default().to_owned();
        let pattern = self.names.get(kind.name()).cloned();
        let (space, scope) = match kind {
            Kind::Check
            | Kind::ForeignKey
            | Kind::NotNull
            | Kind::DomainConstraint
            | Kind::DomainNotNull => ("constraint", relation.path()),
            _ => ("relation", schema.clone()),
        };
        let first = first_name(self.names, kind, relation, columns);
        for number in 0.. {
            let name = match &pattern {
                _ if number == 0 => first.clone(),
                Some(_) => numbered(&first, number),
                None => object_name(
                    &relation.name,
                    &middle(kind, columns),
                    &format!("{label}{number}"),
                ),
            };
            if self.taken.insert((space, scope.clone(), name.clone())) {
                return name;
            }
        }
        String::new()
    }

    /// Notes a name that the author gave, so that no name of ours takes it.
    pub fn take_name(&mut self, kind: Kind, relation: &ObjectId, name: &str) {
        let schema = relation.schema().unwrap_or_default().to_owned();
        let (space, scope) = match kind {
            Kind::Check
            | Kind::ForeignKey
            | Kind::NotNull
            | Kind::DomainConstraint
            | Kind::DomainNotNull => ("constraint", relation.path()),
            _ => ("relation", schema),
        };
        self.taken.insert((space, scope, name.to_owned()));
    }
}
