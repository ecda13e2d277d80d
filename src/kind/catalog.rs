//! A catalog: every managed object of a database by identity, and what depends on what. A fingerprint of it is equal
//! exactly when the managed schemas are.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::{Object, Shared};
use crate::model::{Kind, ObjectId, QualifiedName, Sharing};

/// The format of serialised catalogs and so of fingerprints; raised when a definition changes its meaning.
pub const FORMAT: u32 = 1;

/// Where a catalog was read from: what the OIDs of one database said, kept for ordering only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// `server_version_num`.
    pub server_version: u32,
    /// The role that was connected, for whom an owner need not be set.
    pub role: String,
    /// The OID of the database, where one was read: the addresses of its objects mean nothing elsewhere.
    pub database: u32,
    /// All roles of the cluster but PostgreSQL's own: they must exist where the catalog is built.
    pub roles: Vec<String>,
}

impl Origin {
    /// The major version of the server.
    pub fn major(&self) -> u32 {
        self.server_version / 10_000
    }
}

/// Every managed object of a database.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The objects; shared, as what follows, since one authoring holds many states that hardly differ.
    pub objects: Shared<BTreeMap<ObjectId, Arc<Object>>>,
    /// What an object depends on, itself and its own parts excluded.
    pub dependencies: Shared<BTreeMap<ObjectId, BTreeSet<ObjectId>>>,
    /// The column order of relations, for the layout of what is built from this catalog.
    pub positions: Shared<BTreeMap<ObjectId, i32>>,
    /// The partitioned tables that have partitions.
    pub partitioned: BTreeSet<ObjectId>,
    /// What vanishes together with something that is not its parent: an owned sequence with its column.
    pub owned: BTreeMap<ObjectId, ObjectId>,
    /// What extensions brought, by extension: no objects of their own, but privileges stand on them.
    pub members: BTreeMap<ObjectId, Vec<Member>>,
    /// The comments that extensions give their members, where that is known: they need not be said.
    pub born: BTreeMap<ObjectId, String>,
    /// The declared rows that were looked for, there or not, each with its place in the declaration.
    pub asked: BTreeMap<ObjectId, usize>,
    /// The tables of which every row was read, because their rows are exactly the declared ones.
    pub exact: BTreeSet<ObjectId>,
    /// Rows that are nobody's, but those that were read refer to them: no part of the state, and needed to make it elsewhere.
    pub leaned_on: BTreeMap<ObjectId, Arc<Object>>,
    /// What was found and has no place in the model yet: kind and name, for the refusal.
    pub unmodelled: Vec<(String, String)>,
    /// What an interrupted run left behind here, and the files make whole: it was there when they were written.
    pub made_whole: BTreeSet<ObjectId>,
    /// Whether the dependencies are only guessed from the names in texts.
    pub guessed: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// By which PostgreSQL knows the objects whatever they are called; empty of what is not read from a database.
    pub addresses: Addresses,
    /// Of a record: the run that left an object as it should be, where it had wandered off before the run of the record.
    pub older: BTreeMap<ObjectId, String>,
}

/// The object at each address in the system catalogs: `classid`, `objid` and `objsubid`, as in `pg_depend`.
#[derive(Clone, Default)]
pub struct Addresses(Arc<IndexMap<(u32, u32, i32), Arc<ObjectId>>>);

impl std::fmt::Debug for Addresses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // They are those of one database, and say nothing of its schemas.
        f.write_str("Addresses")
    }
}

impl Addresses {
    /// Those that were found.
    pub fn new(found: IndexMap<(u32, u32, i32), Arc<ObjectId>>) -> Addresses {
        Addresses(Arc::new(found))
    }

    /// Those of the objects for which `is_there` says so, and for what has none here, those that another time knew.
    #[must_use]
    pub fn of_those(&self, is_there: impl Fn(&ObjectId) -> bool, before: &Addresses) -> Addresses {
        let now = self.0.iter().filter(|(_, id)| is_there(id));
        let mut kept: IndexMap<(u32, u32, i32), Arc<ObjectId>> =
            now.map(|(at, id)| (*at, id.clone())).collect();
        // Nearly all are where they were.
        let moved = |(at, id): &(&(u32, u32, i32), &Arc<ObjectId>)| kept.get(*at) != Some(*id);
        let moved: Vec<_> = before.0.iter().filter(moved).collect();
        if moved.iter().any(|(_, id)| is_there(id)) {
            let known: BTreeSet<Arc<ObjectId>> = kept.values().cloned().collect();
            for (at, id) in moved {
                if is_there(id) && !known.contains(id) {
                    kept.entry(*at).or_insert_with(|| id.clone());
                }
            }
        }
        Addresses::new(kept)
    }

    /// Whether something of this identity was found.
    pub fn knows(&self, id: &ObjectId) -> bool {
        self.0.values().any(|it| **it == *id)
    }

    /// What is called otherwise later: its identity now, and then.
    pub fn renamed_in(&self, later: &Addresses) -> BTreeMap<ObjectId, ObjectId> {
        let both = self.0.iter().filter_map(|(address, id)| {
            let then = later.0.get(address)?;
            (then != id).then(|| (id.as_ref().clone(), then.as_ref().clone()))
        });
        both.collect()
    }
}

/// A member of an extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Member {
    /// What its privileges are parts of.
    pub id: ObjectId,
    /// The schema that it is in; empty for what is in none.
    pub schema: String,
}

impl Catalog {
    /// The object of an identity.
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(id).map(Arc::as_ref)
    }

    /// Whether an identity is in the catalog.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.objects.contains_key(id)
    }

    /// The identities of one kind, in their order.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&ObjectId, &Object)> {
        self.objects
            .range(ObjectId::top(kind, "")..)
            .take_while(move |(id, _)| id.kind == kind)
            .map(|(id, object)| (id, object.as_ref()))
    }

    /// The direct parts and facets of an object, in the order of identity; columns in their order in the table.
    pub fn children<'a>(
        &'a self,
        parent: &ObjectId,
        kind: Kind,
    ) -> Vec<(&'a ObjectId, &'a Object)> {
        let first = ObjectId {
            kind,
            parent: Some(Arc::new(parent.clone())),
            name: "".into(),
            signature: "".into(),
        };
        let mut found: Vec<_> = self
            .objects
            .range(first..)
            .take_while(|(id, _)| id.kind == kind && id.parent.as_deref() == Some(parent))
            .map(|(id, object)| (id, object.as_ref()))
            .collect();
        found.sort_by_key(|(id, _)| self.positions.get(*id).copied().unwrap_or(i32::MAX));
        found
    }

    /// What an object depends on.
    pub fn dependencies_of(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.dependencies.get(id).into_iter().flatten()
    }

    /// The edges turned round: who depends on an object.
    pub fn dependents(&self) -> BTreeMap<&ObjectId, Vec<&ObjectId>> {
        let mut dependents: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
        for (id, dependencies) in &self.dependencies {
            for dependency in dependencies {
                dependents.entry(dependency).or_default().push(id);
            }
        }
        dependents
    }

    /// The objects that depend on themselves by way of others.
    pub fn circular(&self) -> BTreeSet<ObjectId> {
        let edges = self.dependencies.iter();
        circular(edges.flat_map(|(id, needed)| needed.iter().map(move |needed| (id, needed))))
    }

    /// The same catalog after an object got another identity; its parts and edges follow.
    pub fn renamed(&self, from: &ObjectId, to: &ObjectId) -> Catalog {
        let mut renamed = self.with_ids(&|id| id.renamed(from, to));
        if let (Some(old), Some(new)) = (from.schema(), to.schema())
            && old != new
            && from.kind != Kind::Schema
            && let Some(object) = renamed.objects.get_mut(to)
        {
            Arc::make_mut(object).leave_behind(old, new);
        }
        renamed
    }

    /// Whether an identity is in the catalog, or what a type consists of is in its definition.
    pub fn holds(&self, id: &ObjectId) -> bool {
        match id.inner_of() {
            Some(whole) => {
                let names = self.get(whole).map(Object::inner_names);
                names.is_some_and(|names| names.contains(&&*id.name))
            }
            None => self.contains(id),
        }
    }

    /// The same catalog where what a type consists of has other names, all at once: in its definition too.
    #[must_use]
    pub fn with_inner_renamed(&self, renames: &[(ObjectId, ObjectId)]) -> Catalog {
        let mut renamed = self.with_ids(&|id| {
            let mut both = renames.iter();
            let both = both.find(|(from, _)| id.is_within(from));
            both.map_or_else(|| id.clone(), |(from, to)| id.renamed(from, to))
        });
        let wholes: BTreeSet<&ObjectId> = renames.iter().filter_map(|it| it.0.inner_of()).collect();
        for whole in wholes {
            let called = |name: &str| {
                let mut both = renames.iter();
                let is_it = |from: &ObjectId| from.inner_of() == Some(whole) && *from.name == *name;
                both.find(|(from, _)| is_it(from))
                    .map(|(_, to)| to.name.to_string())
            };
            if let Some(object) = renamed.objects.get_mut(whole) {
                Arc::make_mut(object).rename_inner(&called);
            }
        }
        renamed
    }

    /// The same catalog with other identities, wherever they stand in it.
    pub(super) fn with_ids(&self, rename: &dyn Fn(&ObjectId) -> ObjectId) -> Catalog {
        Catalog {
            objects: self
                .objects
                .iter()
                .map(|(id, object)| (rename(id), object.clone()))
                .collect(),
            dependencies: self
                .dependencies
                .iter()
                .map(|(id, set)| (rename(id), set.iter().map(rename).collect()))
                .collect(),
            positions: self
                .positions
                .iter()
                .map(|(id, position)| (rename(id), *position))
                .collect(),
            partitioned: self.partitioned.iter().map(rename).collect(),
            members: self
                .members
                .iter()
                .map(|(id, members)| {
                    let members = members.iter().map(|member| Member {
                        id: rename(&member.id),
                        schema: member.schema.clone(),
                    });
                    (rename(id), members.collect())
                })
                .collect(),
            born: self
                .born
                .iter()
                .map(|(id, text)| (rename(id), text.clone()))
                .collect(),
            owned: self
                .owned
                .iter()
                .map(|(id, owner)| (rename(id), rename(owner)))
                .collect(),
            asked: self
                .asked
                .iter()
                .map(|(id, place)| (rename(id), *place))
                .collect(),
            exact: self.exact.iter().map(rename).collect(),
            made_whole: self.made_whole.iter().map(rename).collect(),
            leaned_on: self
                .leaned_on
                .iter()
                .map(|(id, row)| (rename(id), row.clone()))
                .collect(),
            unmodelled: self.unmodelled.clone(),
            guessed: self.guessed,
            origin: self.origin.clone(),
            addresses: self.addresses.clone(),
            older: self
                .older
                .iter()
                .map(|(id, run)| (rename(id), run.clone()))
                .collect(),
        }
    }

    /// The same where a part of a relation has another name, and what has its name from it follows: the checks that children
    /// and partitions have from it, the ties of partitions' indexes, the identity for replication, the mark of CLUSTER.
    #[must_use]
    pub fn with_part_renamed(&self, from: &ObjectId, to: &ObjectId) -> Catalog {
        let mut catalog = self.renamed(from, to);
        for heir in self.checks_from(from) {
            let name = ObjectId {
                name: to.name.clone(),
                ..heir.clone()
            };
            catalog = catalog.renamed(&heir, &name);
        }
        let (Some(relation), Some(schema)) = (to.parent.as_deref(), from.schema()) else {
            return catalog;
        };
        let is_it = |name: &QualifiedName| *name.name == *from.name && name.schema == schema;
        let mut followed: Vec<(ObjectId, Object)> = Vec::new();
        for (id, object) in catalog.of_kind(Kind::IndexAttach) {
            if let Object::IndexAttach(tie) = object
                && is_it(&tie.parent)
            {
                let mut tie = tie.clone();
                tie.parent.name = to.name.to_string();
                followed.push((id.clone(), Object::IndexAttach(tie)));
            }
        }
        for (id, object) in catalog.children(relation, Kind::ReplicaIdentity) {
            if let Object::ReplicaIdentity(identity) = object
                && identity.index.as_deref() == Some(&*from.name)
            {
                let mut identity = identity.clone();
                identity.index = Some(to.name.to_string());
                followed.push((id.clone(), Object::ReplicaIdentity(identity)));
            }
        }
        for (id, object) in catalog.children(relation, Kind::ClusterOn) {
            if let Object::ClusterOn(mark) = object
                && mark.index == *from.name
            {
                let mut mark = mark.clone();
                mark.index = to.name.to_string();
                followed.push((id.clone(), Object::ClusterOn(mark)));
            }
        }
        for (id, object) in followed {
            catalog.objects.insert(id, Arc::new(object));
        }
        catalog
    }

    /// Whether a comment is the one that an extension gives its member.
    pub fn is_born_with(&self, id: &ObjectId) -> bool {
        matches!((self.born.get(id), self.get(id)), (Some(born), Some(Object::Comment(it))) if it.text == *born)
    }

    /// Whether a facet is a comment of a member of an extension that the other catalog has in another version: what that
    /// one says of its members is its own.
    pub fn is_of_other_version(&self, id: &ObjectId, other: &Catalog) -> bool {
        let version = |catalog: &Catalog| match catalog.get(id.extension()?) {
            Some(Object::Extension(it)) => Some(it.version.clone()),
            _ => None,
        };
        id.kind == Kind::Comment
            && matches!((version(self), version(other)), (Some(own), Some(theirs)) if own != theirs)
    }

    /// The catalog without the objects for which `keep` is false, and without what is a part of them.
    pub fn filtered(&self, keep: impl Fn(&ObjectId, &Object) -> bool) -> Catalog {
        self.clone().filter(|_, id, object| keep(id, object))
    }

    /// The same of a catalog that nobody needs as it is; `keep` is given the whole one.
    pub fn filter(mut self, keep: impl Fn(&Catalog, &ObjectId, &Object) -> bool) -> Catalog {
        let gone: BTreeSet<ObjectId> = self
            .objects
            .iter()
            .filter(|(id, object)| !keep(&self, id, object))
            .map(|(id, _)| id.clone())
            .collect();
        if gone.is_empty() {
            return self;
        }
        if gone.len() == self.objects.len() {
            return Catalog {
                objects: Shared::default(),
                dependencies: Shared::default(),
                positions: Shared::default(),
                ..self
            };
        }
        let stays = |id: &ObjectId| !id.ancestors().any(|ancestor| gone.contains(ancestor));
        self.objects.retain(|id, _| stays(id));
        self.dependencies.retain(|id, _| stays(id));
        for set in self.dependencies.values_mut() {
            set.retain(|id| stays(id));
        }
        self.positions.retain(|id, _| stays(id));
        self
    }

    /// The parts of the parent tables that a part of a table comes from: those of the same kind and name.
    pub fn inherited_from(&self, part: &ObjectId) -> Vec<ObjectId> {
        let parents = part
            .parent
            .as_deref()
            .map(|table| super::parts::parent_tables(table, self));
        parents
            .into_iter()
            .flatten()
            .map(|parent| parent.child(part.kind, &part.name))
            .filter(|part| self.contains(part))
            .collect()
    }

    /// The checks that the tables below have from the check of a table.
    fn checks_from(&self, check: &ObjectId) -> Vec<ObjectId> {
        let Some(table) = check
            .parent
            .as_deref()
            .filter(|_| check.kind == Kind::Check)
        else {
            return Vec::new();
        };
        let below = super::parts::family(table, self).into_iter();
        below
            .filter(|it| it != table)
            .map(|it| it.child(Kind::Check, &check.name))
            .filter(|it| self.get(it).is_some_and(Object::is_inherited))
            .collect()
    }

    /// Takes what an interrupted run left behind for whole where it is so in another catalog: somebody made it anew.
    pub fn finish_as(&mut self, other: &Catalog) {
        let left_over = |object: &Arc<Object>| object.is_left_over();
        if !self.objects.values().any(left_over) {
            return;
        }
        for (id, object) in self.objects.iter_mut() {
            let is_whole = other.get(id).is_some_and(|it| !it.is_left_over());
            if object.is_left_over() && is_whole {
                Arc::make_mut(object).finish();
            }
        }
    }

    /// The catalog as far as a way leads back to it. What an interrupted run left behind is not there where it is made anew
    /// (`comes`), and is as the run would have made it where it goes or the files know of it: they make it whole.
    pub fn without_left_overs(&self, comes: impl Fn(&ObjectId) -> bool) -> Catalog {
        if !self.objects.values().any(|object| object.is_left_over()) {
            return self.clone();
        }
        let mut made = self.filtered(|id, object| {
            !object.is_left_over() || !comes(id) || self.made_whole.contains(id)
        });
        for object in made.objects.values_mut() {
            if object.is_left_over() {
                Arc::make_mut(object).finish();
            }
        }
        made
    }

    /// SHA-256 over the objects, in hexadecimal, labelled with format and major version: `1/15/9f86…`.
    pub fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        for (id, object) in &self.objects {
            hasher.update(serde_json::to_vec(&(id, &**object)).unwrap_or_default());
        }
        let digest: String = hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{FORMAT}/{}/{digest}", self.origin.major())
    }
}

#[derive(Deserialize)]
struct Entry {
    id: ObjectId,
    definition: serde_json::Value,
    #[serde(default)]
    depends_on: Vec<ObjectId>,
    #[serde(default)]
    position: Option<i32>,
}

#[derive(Deserialize)]
struct Document {
    format: u32,
    server_version: u32,
    role: String,
    objects: Read,
    #[serde(default)]
    exact: BTreeSet<ObjectId>,
    #[serde(default)]
    addresses: Option<InDatabase>,
    #[serde(default)]
    older: Vec<(ObjectId, String)>,
}

/// The objects as they are read, one after another: their JSON is larger than they are.
#[derive(Default)]
struct Read {
    catalog: Catalog,
    /// Their order in the text.
    order: Vec<ObjectId>,
}

/// The objects that reach themselves by these edges, by way of others.
pub fn circular<'a>(
    edges: impl Iterator<Item = (&'a ObjectId, &'a ObjectId)>,
) -> BTreeSet<ObjectId> {
    let mut graph = petgraph::graphmap::DiGraphMap::<&ObjectId, ()>::new();
    for (id, needed) in edges {
        graph.add_edge(id, needed, ());
    }
    petgraph::algo::kosaraju_scc(&graph)
        .into_iter()
        .filter(|component| component.len() > 1)
        .flatten()
        .cloned()
        .collect()
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Read;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Read, A::Error> {
        let Read {
            mut catalog,
            mut order,
        } = Read::default();
        let mut sharing = Sharing::default();
        let (mut objects, mut dependencies, mut positions) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(entry) = entries.next_element::<Entry>()? {
            let id = sharing.share(entry.id);
            let object =
                Object::deserialize(id.kind, entry.definition).map_err(serde::de::Error::custom)?;
            if !entry.depends_on.is_empty() {
                let needed = entry.depends_on.into_iter().map(|it| sharing.share(it));
                dependencies.push((id.clone(), needed.collect::<BTreeSet<_>>()));
            }
            if let Some(position) = entry.position {
                positions.push((id.clone(), position));
            }
            order.push(id.clone());
            objects.push((id, Arc::new(object)));
        }
        catalog.objects = objects.into_iter().collect::<BTreeMap<_, _>>().into();
        catalog.dependencies = dependencies.into_iter().collect::<BTreeMap<_, _>>().into();
        catalog.positions = positions.into_iter().collect::<BTreeMap<_, _>>().into();
        Ok(Read { catalog, order })
    }
}

/// What [`Entry`] reads, without copies.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CatalogEntry")]
struct EntryRef<'a> {
    /// Its identity.
    id: &'a ObjectId,
    /// Its definition.
    definition: &'a Object,
    /// What it depends on.
    #[serde(skip_serializing_if = "Option::is_none")]
    depends_on: Option<&'a BTreeSet<ObjectId>>,
    /// The place of a column among those of its relation.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i32>,
}

struct Entries<'a>(&'a Catalog);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.0.objects.len()))?;
        // All three are in the order of identity: one walk finds what belongs together.
        let mut dependencies = self.0.dependencies.iter().peekable();
        let mut positions = self.0.positions.iter().peekable();
        for (id, object) in &self.0.objects {
            while dependencies.next_if(|(of, _)| *of < id).is_some() {}
            while positions.next_if(|(of, _)| *of < id).is_some() {}
            let depends_on = dependencies.next_if(|(of, _)| *of == id);
            sequence.serialize_element(&EntryRef {
                id,
                definition: object,
                depends_on: depends_on
                    .map(|(_, needed)| needed)
                    .filter(|needed| !needed.is_empty()),
                position: positions.next_if(|(of, _)| *of == id).map(|(_, at)| *at),
            })?;
        }
        sequence.end()
    }
}

/// What [`Document`] reads, without copies.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Catalog")]
struct DocumentRef<'a> {
    /// The format of what follows.
    format: u32,
    /// The server's version, `150018`.
    server_version: u32,
    /// The role that looked.
    role: &'a str,
    /// Every object, in the order of creation.
    #[schemars(with = "Vec<EntryRef<'a>>")]
    objects: Entries<'a>,
    /// The tables of which all rows are among these.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(with = "Option<BTreeSet<ObjectId>>")]
    exact: &'a BTreeSet<ObjectId>,
}

impl Serialize for Catalog {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = DocumentRef {
            format: FORMAT,
            server_version: self.origin.server_version,
            role: &self.origin.role,
            objects: Entries(self),
            exact: &self.exact,
        };
        document.serialize(serializer)
    }
}

/// The addresses of objects in one database: the last number is the place in the list of objects.
#[derive(Serialize, Deserialize)]
struct InDatabase {
    database: u32,
    objects: Vec<(u32, u32, i32, usize)>,
    /// What some of them consist of, with its name.
    #[serde(default)]
    inner: Vec<(u32, u32, i32, usize, String)>,
}

/// A catalog with the addresses that its objects have in its database, by which what is renamed by hand is known again.
#[derive(Serialize)]
struct RecordRef<'a> {
    #[serde(flatten)]
    catalog: &'a Catalog,
    addresses: InDatabase,
    older: Vec<(&'a ObjectId, &'a String)>,
}

impl Catalog {
    /// The JSON of a record: the catalog, and where its objects are found.
    pub fn to_record(&self) -> Vec<u8> {
        let places: BTreeMap<&ObjectId, usize> = self.objects.keys().zip(0..).collect();
        let found = self.addresses.0.iter().filter_map(|(at, id)| {
            let place = places.get(id.as_ref())?;
            Some((at.0, at.1, at.2, *place))
        });
        let inner = self.addresses.0.iter().filter_map(|(at, id)| {
            let place = places.get(id.inner_of()?)?;
            Some((at.0, at.1, at.2, *place, id.name.to_string()))
        });
        let record = RecordRef {
            catalog: self,
            addresses: InDatabase {
                database: self.origin.database,
                objects: found.collect(),
                inner: inner.collect(),
            },
            older: self.older.iter().collect(),
        };
        // A catalog always has a JSON form.
        serde_json::to_vec(&record).unwrap_or_default()
    }
}

impl JsonSchema for Catalog {
    fn schema_name() -> Cow<'static, str> {
        DocumentRef::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        DocumentRef::json_schema(generator)
    }
}

impl<'de> Deserialize<'de> for Catalog {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::deserialize(deserializer)?;
        if document.format != FORMAT {
            return Err(serde::de::Error::custom(format!(
                "catalog format {} is not {FORMAT}",
                document.format
            )));
        }
        let Read { mut catalog, order } = document.objects;
        if let Some(found) = document.addresses {
            catalog.origin.database = found.database;
            let ids: Vec<Arc<ObjectId>> = order.into_iter().map(Arc::new).collect();
            let at = |(class, object, part, place): (u32, u32, i32, usize)| {
                Some(((class, object, part), ids.get(place)?.clone()))
            };
            let within = |(class, object, part, place, name): (u32, u32, i32, usize, String)| {
                let id = ids.get(place)?.inner(&name)?;
                Some(((class, object, part), Arc::new(id)))
            };
            let objects = found.objects.into_iter().filter_map(at);
            let inner = found.inner.into_iter().filter_map(within);
            catalog.addresses = Addresses::new(objects.chain(inner).collect());
        }
        catalog.older = document.older.into_iter().collect();
        catalog.exact = document.exact;
        catalog.origin.server_version = document.server_version;
        catalog.origin.role = document.role;
        Ok(catalog)
    }
}
