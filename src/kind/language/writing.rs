//! Writing a catalog as KDL that a person would have written: an object's parts stand inside it, what equals
//! PostgreSQL's default is left out.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::ForAll;
use super::bulk::{self, Bulk, Common};
use super::names::{NamePatterns, first_name};
use crate::kdl::{NodeWriter, arranged};
use crate::kind::default_privilege::born_with;
use crate::kind::grant::privilege;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::{is_bare, unquote_ident};
use crate::sql::types::is_builtin_type;

/// How a catalog is written.
#[derive(Debug, Clone, Default)]
pub struct WriteOptions {
    /// Above this number of tables in a schema, each table gets a file of its own; 0 for never.
    pub tables_per_file: usize,
    /// The project's patterns for names: what they give is left out.
    pub names: NamePatterns,
    /// Whether the catalog is a whole database: then what a new one has and it does not is said to be absent.
    pub whole: bool,
    /// Whether runs of columns that recur in several tables become mixins.
    pub mixins: bool,
    /// Whether an empty `public` needs no word: silence leaves it as it is.
    pub silent_public: bool,
    /// Whether every role is written, and not those alone that something in the catalog speaks of, and all of it: what is not
    /// said of a role is equal to anything.
    pub roles_in_full: bool,
    /// What schemas say of all their objects of a class, where that is given; else it is what all of them have.
    pub for_all: Option<Vec<ForAll>>,
    /// The enumerations whose values get nodes of their own.
    pub value_nodes: BTreeSet<ObjectId>,
    /// What is known of tables that are not written, but that what is written may refer to or inherit from.
    pub outside: Catalog,
}

/// What grants have in common that stand in one node: revoked, grantee, grantable, grantor.
type Key = (bool, String, bool, Option<String>);

/// The state of one writing.
pub struct Writing<'a> {
    /// See [`WriteOptions::value_nodes`].
    pub(in crate::kind) value_nodes: &'a BTreeSet<ObjectId>,
    /// What is written.
    pub catalog: &'a Catalog,
    names: &'a NamePatterns,
    outside: &'a Catalog,
    done: BTreeSet<ObjectId>,
    owners: BTreeMap<String, String>,
    parts: BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>,
    roles: BTreeSet<String>,
    /// Whether what is usual of a role is written as well.
    pub roles_in_full: bool,
    /// Privileges that a schema says for all its objects of a class.
    common: BTreeMap<&'a ObjectId, Vec<Common>>,
    /// The grants that are said so.
    said_for_all: BTreeSet<&'a ObjectId>,
    /// What a schema says for all objects of a class and one of them has not.
    lacking: BTreeMap<&'a ObjectId, BTreeSet<Common>>,
    /// The columns with grants of their own, by relation.
    granted_columns: BTreeMap<&'a ObjectId, BTreeSet<&'a ObjectId>>,
    /// The objects that depend on themselves by way of others.
    circular: BTreeSet<ObjectId>,
}

/// The files of a catalog: path without folder, and text.
pub fn write(catalog: &Catalog, options: &WriteOptions) -> Vec<(String, String)> {
    let mut writing = Writing::new(catalog, options);
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut schemas: Vec<&ObjectId> = Vec::new();
    let mut top = String::new();
    let absent = if options.whole {
        super::absent::missing(catalog)
    } else {
        Vec::new()
    };
    for id in absent {
        let mut node = NodeWriter::new("absent");
        node.argument(id.kind.name()).name(&id.name);
        node.write(0, &mut top);
    }
    let objects: Vec<&ObjectId> = catalog
        .objects
        .keys()
        .filter(|id| id.parent.is_none())
        .collect();
    for id in objects {
        if id.kind == Kind::Schema {
            schemas.push(id);
        } else if let Some(node) = writing.node(id) {
            node.write(0, &mut top);
        }
    }
    for id in writing.built_ins() {
        super::built_in::write(&id, &mut writing).write(0, &mut top);
    }
    let mut nodes: Vec<(String, NodeWriter)> = Vec::new();
    let mut silent = None;
    for schema in schemas {
        let Some(mut node) = writing.node(schema) else {
            continue;
        };
        let members: Vec<&ObjectId> = writing.parts.get(schema).cloned().unwrap_or_default();
        let tables = members
            .iter()
            .filter(|id| {
                id.kind == Kind::Table && !catalog.contains(&id.child(Kind::Partition, ""))
            })
            .count();
        let split = options.tables_per_file > 0 && tables > options.tables_per_file;
        for id in members {
            let Some(child) = writing.node(id) else {
                continue;
            };
            if split && id.kind == Kind::Table {
                let mut own = NodeWriter::new("schema");
                own.name(&schema.name);
                own.add(child);
                let file = format!("{}/{}.kdl", file_name(&schema.name), file_name(&id.name));
                nodes.push((file, own));
            } else {
                node.add(child);
            }
        }
        let is_silent = options.silent_public && schema.is_public_schema() && !node.has_parts();
        if !is_silent {
            nodes.push((format!("{}.kdl", file_name(&schema.name)), node));
        } else {
            silent = Some((format!("{}.kdl", file_name(&schema.name)), node));
        }
    }
    // In a database without anything else it is where things will be made.
    if nodes.is_empty() {
        nodes.extend(silent);
    }
    if options.mixins {
        let mut all: Vec<&mut NodeWriter> = nodes.iter_mut().map(|(_, node)| node).collect();
        for mixin in super::mixins::fold(&mut all) {
            mixin.write(0, &mut top);
        }
    }
    // Whatever wants one file shares it.
    let mut add = |file: String, text: &str| files.entry(file).or_default().push_str(text);
    for (file, node) in nodes {
        let mut text = String::new();
        node.write(0, &mut text);
        add(file, &text);
    }
    if !top.is_empty() {
        add(SHARED.to_owned(), &top);
    }
    // As `fmt` has it.
    files
        .into_iter()
        .map(|(file, text)| (file, arranged(&text, &super::Order)))
        .collect()
}

/// The file of what belongs to no schema.
pub const SHARED: &str = "_shared.kdl";

/// A name that every file system takes, and that is not [`SHARED`]'s; names that fold to one file share it.
pub fn file_name(name: &str) -> String {
    let safe = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    let text: String = name
        .chars()
        .map(|letter| if safe(letter) { letter } else { '_' })
        .collect();
    let text = text.to_lowercase();
    match text.as_str() {
        "" => "_".to_owned(),
        name if is_device(name) || SHARED.strip_suffix(".kdl") == Some(name) => format!("{name}_"),
        _ => text,
    }
}

/// Whether no file of Windows can be called so, whatever stands behind a dot.
fn is_device(name: &str) -> bool {
    let numbered = |word: &str| {
        let digit = name.strip_prefix(word).map(str::as_bytes);
        matches!(digit, Some([b'1'..=b'9']))
    };
    matches!(name, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

impl<'a> Writing<'a> {
    fn new(catalog: &'a Catalog, options: &'a WriteOptions) -> Self {
        let mut parts: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
        for id in catalog.objects.keys() {
            if let Some(parent) = id.parent.as_deref() {
                parts.entry(parent).or_default().push(id);
            }
        }
        for list in parts.values_mut() {
            list.sort_by_key(|id| {
                (
                    id.kind,
                    catalog.positions.get(*id).copied().unwrap_or(i32::MAX),
                    (*id).clone(),
                )
            });
        }
        let mut owners = BTreeMap::new();
        for (id, _) in catalog.of_kind(Kind::Schema) {
            let role = match catalog.get(&id.child(Kind::Owner, "")) {
                Some(Object::Owner(owner)) => owner.role.clone(),
                _ => catalog.origin.role.clone(),
            };
            owners.insert(id.name.to_string(), role);
        }
        let Bulk {
            common,
            said: said_for_all,
            lacking,
        } = match &options.for_all {
            Some(lines) => bulk::as_said(catalog, lines),
            None => bulk::common(catalog),
        };
        let mut granted_columns: BTreeMap<&ObjectId, BTreeSet<&ObjectId>> = BTreeMap::new();
        for (grant, _) in catalog.of_kind(Kind::Grant) {
            if let Some(column) = grant.parent.as_deref().filter(|it| it.kind == Kind::Column)
                && let Some(relation) = column.parent.as_deref()
            {
                granted_columns.entry(relation).or_default().insert(column);
            }
        }
        Writing {
            common,
            said_for_all,
            lacking,
            granted_columns,
            catalog,
            names: &options.names,
            value_nodes: &options.value_nodes,
            outside: &options.outside,
            done: BTreeSet::new(),
            owners,
            parts,
            roles_in_full: options.roles_in_full,
            roles: match options.roles_in_full {
                true => catalog
                    .of_kind(Kind::Role)
                    .map(|(id, _)| id.name.to_string())
                    .collect(),
                false => mentioned_roles(catalog),
            },
            circular: catalog.circular(),
        }
    }

    /// The primary key of a table that is not written, where it is known.
    pub fn key_outside(&self, table: &QualifiedName) -> Option<&'a [String]> {
        let table = ObjectId::in_schema(Kind::Table, &table.schema, &table.name);
        self.outside
            .children(&table, Kind::PrimaryKey)
            .into_iter()
            .find_map(|(_, object)| match object {
                // One that is only checked at the end is never meant by silence.
                Object::PrimaryKey(key) if key.0.deferrable.is_none() => {
                    Some(key.0.columns.as_slice())
                }
                _ => None,
            })
    }

    /// An object that is written, or that is not and of which is known what it is.
    pub fn known(&self, id: &ObjectId) -> Option<&'a Object> {
        self.catalog.get(id).or_else(|| self.outside.get(id))
    }

    /// Whether an object depends on itself by way of others.
    pub fn waits_for_itself(&self, id: &ObjectId) -> bool {
        self.circular.contains(id)
    }

    /// The node of an object with its facets and parts; `None` where another node has said it already, or where the
    /// kind has no node of its own.
    pub fn node(&mut self, id: &'a ObjectId) -> Option<NodeWriter> {
        if !self.done.insert(id.clone()) {
            return None;
        }
        let object = self.catalog.get(id)?;
        object.write(id, self)
    }

    /// The direct parts of a kind, in order: columns by position, else by name.
    pub fn parts_of(&self, id: &ObjectId, kind: Kind) -> Vec<&'a ObjectId> {
        self.parts
            .get(id)
            .into_iter()
            .flatten()
            .copied()
            .filter(|part| part.kind == kind)
            .collect()
    }

    /// Marks an object as said by another object's node.
    pub fn said(&mut self, id: &ObjectId) {
        self.done.insert(id.clone());
    }

    /// Whether an object was said by another object's node.
    pub fn is_said(&self, id: &ObjectId) -> bool {
        self.done.contains(id)
    }

    /// Adds a node for every part of these kinds that was not said yet.
    pub fn add_parts(&mut self, id: &ObjectId, kinds: &[Kind], node: &mut NodeWriter) {
        for kind in kinds {
            for part in self.parts_of(id, *kind) {
                if let Some(child) = self.node(part) {
                    node.add(child);
                }
            }
        }
    }

    /// Whether the schema says a grant for all objects of its class.
    pub fn is_said_for_all(&self, facet: &ObjectId) -> bool {
        self.said_for_all.contains(facet)
    }

    /// Whether the object has facets that need room in its node: a column with a comment is no `columns` entry.
    pub fn has_facets(&self, id: &ObjectId) -> bool {
        self.parts
            .get(id)
            .into_iter()
            .flatten()
            .any(|part| part.kind.is_facet() && !self.said_for_all.contains(part))
    }

    /// Whether a part's name is the one that reading gives to a part without a name.
    pub fn is_usual_name(&self, id: &ObjectId, columns: &[String]) -> bool {
        id.parent
            .as_deref()
            .is_some_and(|relation| *id.name == *first_name(self.names, id.kind, relation, columns))
    }

    /// The name that reading gives to a part of a relation without a name.
    pub fn usual_name(&self, kind: Kind, relation: &ObjectId, columns: &[String]) -> String {
        first_name(self.names, kind, relation, columns)
    }

    /// Whether something in the catalog speaks of a role: as owner, grantee, grantor or by a default privilege.
    pub fn mentions_role(&self, role: &str) -> bool {
        self.roles.contains(role)
    }

    /// Writes the comment of an object that has no owner and no grants of its own, or whose grants its relation says.
    pub fn annotations(&mut self, id: &ObjectId, node: &mut NodeWriter) {
        let comment = id.child(Kind::Comment, "");
        match self.catalog.get(&comment) {
            // An extension gives it to its member.
            Some(_) if self.catalog.is_born_with(&comment) => {}
            Some(Object::Comment(comment)) => {
                node.text("comment", &comment.text);
            }
            _ if self.catalog.born.contains_key(&comment) => {
                node.text("comment", "");
            }
            _ => {}
        }
        let of_index = id.child(Kind::Comment, crate::kind::comment::INDEX);
        if let Some(Object::Comment(comment)) = self.catalog.get(&of_index) {
            node.text("index-comment", &comment.text);
        }
        for part in self.parts_of(id, Kind::SecurityLabel) {
            if let Some(Object::SecurityLabel(label)) = self.catalog.get(part) {
                node.child("security-label")
                    .argument(&label.label)
                    .text("provider", &part.name);
            }
        }
        let extensions = self.parts_of(id, Kind::ExtensionDependency);
        let extensions: Vec<&str> = extensions.into_iter().map(|part| &*part.name).collect();
        node.list("depends-on-extension", &extensions);
    }

    /// Writes comment, owner and grants of an object into its node.
    pub fn facets(&mut self, id: &ObjectId, node: &mut NodeWriter) {
        self.annotations(id, node);
        if let Some(Object::Owner(owner)) = self.catalog.get(&id.child(Kind::Owner, "")) {
            let usual = match id.parent.as_deref() {
                Some(schema) if schema.kind == Kind::Schema => self.owners.get(&*schema.name),
                _ => None,
            };
            // `public` is born with another owner than the role that makes it, and so may a member of an extension be.
            let is_born_with_other = id.is_public_schema()
                || id.parent.as_deref().map(|it| it.kind) == Some(Kind::Extension);
            if is_born_with_other || &owner.role != usual.unwrap_or(&self.catalog.origin.role) {
                node.text("owner", &owner.role);
            }
        }
        self.grants(id, node);
    }

    /// Writes the grants and revokes of an object, and those of its columns, folded by grantee.
    pub fn grants(&mut self, id: &ObjectId, node: &mut NodeWriter) {
        // In the order of the list that PostgreSQL keeps, which pg_dump prints.
        let mut whole: IndexMap<Key, Vec<String>> = IndexMap::new();
        let mut columns: IndexMap<(Key, String), Vec<String>> = IndexMap::new();
        for part in self.parts_of(id, Kind::Grant) {
            if let Some(Object::Grant(grant)) = self.catalog.get(part)
                && !self.said_for_all.contains(part)
            {
                let key = (
                    !grant.granted,
                    part.name.to_string(),
                    grant.grantable,
                    grant.grantor.clone(),
                );
                whole
                    .entry(key)
                    .or_default()
                    .push(privilege(part).to_owned());
            }
        }
        self.unborn_grants(id, &mut whole);
        for (column, name) in self.columns_with_grants(id) {
            for part in self.parts_of(&column, Kind::Grant) {
                if let Some(Object::Grant(grant)) = self.catalog.get(part) {
                    let key = (
                        !grant.granted,
                        part.name.to_string(),
                        grant.grantable,
                        grant.grantor.clone(),
                    );
                    columns
                        .entry((key, privilege(part).to_owned()))
                        .or_default()
                        .push(name.clone());
                }
            }
        }
        for column in self.parts_of(id, Kind::Column) {
            let mut unborn = IndexMap::new();
            self.unborn_grants(column, &mut unborn);
            for (key, privileges) in unborn {
                for privilege in privileges {
                    columns
                        .entry((key.clone(), privilege))
                        .or_default()
                        .push(column.name.to_string());
                }
            }
        }
        let version = self.catalog.origin.server_version;
        let mut alike = Alike::default();
        // What is taken away stands behind what is given.
        whole.sort_by(|one, _, other, _| one.0.cmp(&other.0));
        for (key, mut privileges) in whole {
            privileges.sort();
            let words = privilege_words(id.kind, &privileges, version);
            alike.add_behind(key, words, Vec::new());
        }
        let mut by_columns: IndexMap<(Key, Vec<String>), Vec<String>> = IndexMap::new();
        for ((key, privilege), columns) in columns {
            by_columns
                .entry((key, columns))
                .or_default()
                .push(privilege.to_lowercase().replace(' ', "-"));
        }
        by_columns.sort_by(|(one, _), _, (other, _), _| one.0.cmp(&other.0));
        for ((key, columns), mut privileges) in by_columns {
            privileges.sort();
            alike.add_behind(key, privileges, columns);
        }
        alike.write(node, None);
        self.grants_for_all(id, node);
    }

    /// Writes what a schema says for all its objects of a class.
    fn grants_for_all(&mut self, schema: &ObjectId, node: &mut NodeWriter) {
        let mut alike: BTreeMap<(&'static str, Key), Vec<String>> = BTreeMap::new();
        for common in self.common.remove(schema).unwrap_or_default() {
            let key = (!common.granted, common.grantee, common.grantable, None);
            alike
                .entry((common.on, key))
                .or_default()
                .push(common.privilege);
        }
        let version = self.catalog.origin.server_version;
        let mut classes: IndexMap<&'static str, Alike> = IndexMap::new();
        for ((on, key), privileges) in alike {
            let kind = bulk::kinds(on).first().copied().unwrap_or(Kind::Table);
            let words = privilege_words(kind, &privileges, version);
            classes.entry(on).or_default().add(key, words, Vec::new());
        }
        for (on, alike) in classes {
            alike.write(node, Some(on));
        }
    }

    /// An object is born with the default privileges of the role that makes it: what it has not of them is said as
    /// revoked, and what they take away and it has, as granted.
    fn unborn_grants(&self, id: &ObjectId, whole: &mut IndexMap<Key, Vec<String>>) {
        for lacking in self.lacking.get(id).into_iter().flatten() {
            let key = (lacking.granted, lacking.grantee.clone(), false, None);
            let privileges = whole.entry(key).or_default();
            privileges.push(lacking.privilege.clone());
        }
        let Some(class) = self
            .catalog
            .get(id)
            .and_then(Object::default_privileges_class)
        else {
            return;
        };
        let (catalog, role) = (self.catalog, &self.catalog.origin.role);
        for born in born_with(catalog, role, id, class, id.schema(), catalog) {
            let grant = id
                .child(Kind::Grant, &born.grantee)
                .with_signature(&born.privilege);
            if !catalog.contains(&grant) && born.grant.granted != born.usual {
                let key = (born.grant.granted, born.grantee, false, None);
                let privileges = whole.entry(key).or_default();
                if !privileges.contains(&born.privilege) {
                    privileges.push(born.privilege);
                }
            }
        }
    }

    /// Whether the object would be born with privileges that it has not.
    pub fn is_born_with_more(&self, id: &ObjectId) -> bool {
        let mut unborn = IndexMap::new();
        self.unborn_grants(id, &mut unborn);
        !unborn.is_empty()
    }

    /// The columns of a relation that have grants of their own, in the order of the table, with their names.
    fn columns_with_grants(&self, id: &ObjectId) -> Vec<(ObjectId, String)> {
        let mut columns: Vec<&ObjectId> = self
            .granted_columns
            .get(id)
            .into_iter()
            .flatten()
            .copied()
            .collect();
        columns.sort_by_key(|column| {
            self.catalog
                .positions
                .get(*column)
                .copied()
                .unwrap_or(i32::MAX)
        });
        columns
            .into_iter()
            .map(|column| (column.clone(), column.name.to_string()))
            .collect()
    }

    /// A qualified name as a path seen from an object: without its schema where that is the object's own.
    pub fn path(&self, name: &QualifiedName, from: &ObjectId) -> crate::kdl::Path {
        if name.schema.is_empty() || from.schema() == Some(&name.schema) {
            crate::kdl::Path(vec![name.name.clone()])
        } else {
            crate::kdl::Path(vec![name.schema.clone(), name.name.clone()])
        }
    }

    /// The members of an extension of which something else is said than the extension says.
    pub fn members_said(&self, extension: &ObjectId) -> BTreeSet<ObjectId> {
        self.said_of_members(extension)
            .filter_map(|facet| facet.holder())
            .cloned()
            .collect()
    }

    /// The columns of a member of an extension that have a comment which the extension does not give.
    pub fn described_columns(&self, member: &ObjectId) -> BTreeSet<ObjectId> {
        let extension = member.parent.as_deref();
        extension
            .into_iter()
            .flat_map(|extension| self.said_of_members(extension))
            .filter(|facet| facet.kind == Kind::Comment && facet.holder() == Some(member))
            .filter_map(|facet| facet.parent.as_deref())
            .filter(|column| *column != member)
            .cloned()
            .collect()
    }

    /// What is said of the members of an extension, and that what it says of them is not so.
    fn said_of_members(&self, extension: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        let facets = [Kind::Comment, Kind::Owner, Kind::Grant];
        let said = facets
            .into_iter()
            .flat_map(|kind| self.catalog.of_kind(kind))
            .map(|(id, _)| id)
            .filter(|id| !self.catalog.is_born_with(id));
        let unsaid = self
            .catalog
            .born
            .keys()
            .filter(|id| !self.catalog.contains(id));
        said.chain(unsaid)
            .filter(move |id| id.extension() == Some(extension))
    }

    /// PostgreSQL's own objects on which others' rights stand.
    pub fn built_ins(&self) -> BTreeSet<ObjectId> {
        self.catalog
            .of_kind(Kind::Grant)
            .filter(|(id, _)| id.is_built_in())
            .filter_map(|(id, _)| id.holder())
            .cloned()
            .collect()
    }

    fn is_type(&self, schema: &str, name: &str) -> bool {
        [
            Kind::Enum,
            Kind::Domain,
            Kind::Composite,
            Kind::Range,
            Kind::BaseType,
            Kind::Table,
            Kind::View,
            Kind::MaterializedView,
            Kind::ForeignTable,
        ]
        .into_iter()
        .any(|kind| {
            self.catalog
                .contains(&ObjectId::in_schema(kind, schema, name))
        })
    }

    /// A type as a slot seen from an object: the bare name of a type of its own schema, else as `format_type` prints it.
    pub fn data_type(&self, printed: &str, from: &ObjectId) -> String {
        let base = printed.trim_end_matches("[]");
        let suffix = &printed[base.len()..];
        if let Some(schema) = from.schema()
            && self.is_type(schema, &unquote_ident(base))
        {
            // One of PostgreSQL's own types, and the schema has one that is called so.
            return format!("pg_catalog.{}{suffix}", internal_name(base));
        }
        if let Some(schema) = from.schema()
            && is_bare(schema)
            && let Some(name) = base
                .strip_prefix(schema)
                .and_then(|rest| rest.strip_prefix('.'))
            && is_bare(name)
            && !is_builtin_type(name)
        {
            return format!("{name}{suffix}");
        }
        short_type(printed)
    }
}

/// The roles that own something, hold a privilege or belong to one that does, and those that a member of theirs names.
fn mentioned_roles(catalog: &Catalog) -> BTreeSet<String> {
    let mut roles = BTreeSet::new();
    for (id, object) in &catalog.objects {
        match object.as_ref() {
            Object::Owner(owner) => {
                roles.insert(owner.role.clone());
            }
            Object::Grant(grant) => {
                roles.insert(id.name.to_string());
                roles.extend(grant.grantor.clone());
            }
            Object::DefaultPrivilege(privilege) => {
                roles.insert(id.name.to_string());
                roles.insert(privilege.grantee.clone());
            }
            _ => {}
        }
        // Policies and user mappings point at roles by their dependencies.
        let named = catalog
            .dependencies_of(id)
            .filter(|it| it.kind == Kind::Role);
        roles.extend(named.map(|it| it.name.to_string()));
    }
    let mut waiting: Vec<String> = roles.iter().cloned().collect();
    while let Some(role) = waiting.pop() {
        let id = ObjectId::top(Kind::Role, &role);
        for (membership, _) in catalog.children(&id, Kind::RoleMembership) {
            if roles.insert(membership.name.to_string()) {
                waiting.push(membership.name.to_string());
            }
        }
    }
    roles
}

/// What a grant says beside its roles: revoked, grantable, grantor, privileges, columns.
type Rights = (bool, bool, Option<String>, Vec<String>, Vec<String>);

/// Grants folded: roles with the same rights stand in one node.
#[derive(Default)]
struct Alike(Vec<(Rights, Vec<String>)>);

impl Alike {
    /// Where the first of them stood.
    fn add(
        &mut self,
        (revoked, grantee, grantable, grantor): Key,
        privileges: Vec<String>,
        columns: Vec<String>,
    ) {
        let rights = (revoked, grantable, grantor, privileges, columns);
        match self.0.iter_mut().find(|(there, _)| *there == rights) {
            Some((_, roles)) => roles.push(grantee),
            None => self.0.push((rights, vec![grantee])),
        }
    }

    /// Where they stand one behind the other: their order is PostgreSQL's.
    fn add_behind(
        &mut self,
        (revoked, grantee, grantable, grantor): Key,
        privileges: Vec<String>,
        columns: Vec<String>,
    ) {
        let rights = (revoked, grantable, grantor, privileges, columns);
        match self.0.last_mut().filter(|(there, _)| *there == rights) {
            Some((_, roles)) => roles.push(grantee),
            None => self.0.push((rights, vec![grantee])),
        }
    }

    /// Writes the nodes; `on` is the class of objects that they are about, where it is one.
    fn write(self, node: &mut NodeWriter, on: Option<&str>) {
        for ((revoked, grantable, grantor, privileges, columns), roles) in self.0 {
            let grant = node.child(if revoked { "revoke" } else { "grant" });
            grant.arguments(&privileges).on_one_line();
            if let Some(on) = on {
                grant.text("on", on);
            }
            if grantable {
                grant.boolean("with-grant-option", true);
            }
            if let Some(grantor) = &grantor {
                grant.text("by", grantor);
            }
            grant.list(if revoked { "from" } else { "to" }, &roles);
            if !columns.is_empty() {
                grant.list("columns", &columns);
            }
        }
    }
}

/// Privileges as the language says them: `all` where the server knows no other.
fn privilege_words(kind: Kind, privileges: &[String], server_version: u32) -> Vec<String> {
    let all = all_privileges(kind, server_version);
    if !all.is_empty()
        && all
            .iter()
            .all(|word| privileges.iter().any(|it| it == word))
    {
        return vec!["all".to_owned()];
    }
    privileges
        .iter()
        .map(|word| word.to_lowercase().replace(' ', "-"))
        .collect()
}

/// What ALL means for a kind on a server; empty where it is never folded.
pub(super) fn all_privileges(kind: Kind, server_version: u32) -> &'static [&'static str] {
    match kind {
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable
            if server_version >= 170_000 =>
        {
            &[
                "SELECT",
                "INSERT",
                "UPDATE",
                "DELETE",
                "TRUNCATE",
                "REFERENCES",
                "TRIGGER",
                "MAINTAIN",
            ]
        }
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable => &[
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "TRUNCATE",
            "REFERENCES",
            "TRIGGER",
        ],
        Kind::Sequence => &["SELECT", "UPDATE", "USAGE"],
        Kind::Schema => &["USAGE", "CREATE"],
        _ => &[],
    }
}

/// The name in pg_type of a type that `format_type` prints by the word of the standard.
fn internal_name(printed: &str) -> &str {
    match printed {
        "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "real" => "float4",
        "boolean" => "bool",
        other => other,
    }
}

/// The short spellings that people write for PostgreSQL's own types.
pub fn short_type(printed: &str) -> String {
    const SHORT: &[(&str, &str)] = &[
        ("timestamp with time zone", "timestamptz"),
        ("timestamp without time zone", "timestamp"),
        ("time without time zone", "time"),
        ("time with time zone", "timetz"),
        ("character varying", "varchar"),
        ("double precision", "float8"),
    ];
    let base = printed.trim_end_matches("[]");
    let suffix = &printed[base.len()..];
    for (long, short) in SHORT {
        if base == *long {
            return format!("{short}{suffix}");
        }
        if let Some(length) = base.strip_prefix(long).filter(|rest| rest.starts_with('(')) {
            return format!("{short}{length}{suffix}");
        }
    }
    // Without a length `char` means another than `character` as it is printed.
    if let Some(length) = base.strip_prefix("character(") {
        return format!("char({length}{suffix}");
    }
    // `timestamp(3) with time zone` carries its precision inside.
    for (long, short) in [("timestamp(", "timestamp"), ("time(", "time")] {
        if let Some((precision, zone)) = base
            .strip_prefix(long)
            .and_then(|inner| inner.split_once(") "))
        {
            let zone = if zone == "with time zone" { "tz" } else { "" };
            return format!("{short}{zone}({precision}){suffix}");
        }
    }
    printed.to_owned()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_of_files_that_every_system_takes() {
        for (name, file) in [
            ("app", "app"),
            ("Odd.sch", "odd_sch"),
            ("", "_"),
            ("con", "con_"),
            ("NUL", "nul_"),
            ("com1", "com1_"),
            ("com0", "com0"),
            ("com", "com"),
            ("lpt12", "lpt12"),
            ("console", "console"),
            ("_shared", "_shared_"),
            ("_Shared", "_shared_"),
        ] {
            assert_eq!(file_name(name), file);
        }
    }
}
