//! From what the queries found to a catalog: which place in pg_catalog is which object, and what depends on what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use tokio_postgres::Row;

use super::found::{Found, Own};
use super::row::RowError;
use super::{Edges, IntrospectError, Place};
use crate::kind::extension_dependency;
use crate::kind::grant::rights_before;
use crate::kind::{
    Addresses, Catalog, Member, Object, Origin, Source, copied_from, reference, ties_of_copy,
};
use crate::model::{Kind, ObjectId};

struct Dependency {
    object: Place,
    reference: Place,
    kind: String,
}

/// Gathers the objects of a catalog, and knows which place in pg_catalog is which object.
pub(super) struct Loader {
    classes: BTreeMap<String, u32>,
    /// The names of all schemas, those too that are no objects here.
    pub(super) schemas: BTreeMap<u32, String>,
    dependencies: Vec<Dependency>,
    aliases: IndexMap<(u32, u32), Place>,
    members: IndexMap<(u32, u32), (u32, u32)>,
    member_ids: IndexMap<Place, Arc<ObjectId>>,
    places: IndexMap<Place, Arc<ObjectId>>,
    view_columns: Vec<(u32, i32, String)>,
    needs: Vec<Need>,
    pub(super) catalog: Catalog,
}

/// A dependency that pg_depend does not have: of a part of the object at a place, on the object at another place or on a
/// part of it.
struct Need {
    object: Place,
    part: String,
    reference: Place,
    reference_part: String,
}

impl Loader {
    pub(super) fn new(
        dependencies: &[Row],
        aliases: &[Row],
        view_columns: &[Row],
        needs: &[Row],
        classes: &[Row],
    ) -> Result<Self, IntrospectError> {
        let mut loader = Loader {
            classes: BTreeMap::new(),
            schemas: BTreeMap::new(),
            dependencies: Vec::with_capacity(dependencies.len()),
            aliases: IndexMap::new(),
            members: IndexMap::new(),
            member_ids: IndexMap::new(),
            places: IndexMap::new(),
            view_columns: Vec::new(),
            needs: Vec::new(),
            catalog: Catalog::default(),
        };
        for row in classes {
            loader
                .classes
                .insert(row.try_get("name")?, row.try_get("oid")?);
        }
        for row in dependencies {
            let object: Place = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let reference: Place = (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
            let kind: String = row.try_get(6)?;
            if kind == "e" {
                loader
                    .members
                    .insert((object.0, object.1), (reference.0, reference.1));
            } else {
                loader.dependencies.push(Dependency {
                    object,
                    reference,
                    kind,
                });
            }
        }
        for row in aliases {
            let from = (row.try_get("classid")?, row.try_get("oid")?);
            let to = (
                row.try_get("refclassid")?,
                row.try_get("refoid")?,
                row.try_get("refsub")?,
            );
            loader.aliases.insert(from, to);
        }
        for row in view_columns {
            loader.view_columns.push((
                row.try_get("oid")?,
                row.try_get("sub")?,
                row.try_get("name")?,
            ));
        }
        for row in needs {
            loader.needs.push(Need {
                object: (row.try_get("classid")?, row.try_get("oid")?, 0),
                part: row.try_get("part")?,
                reference: (
                    row.try_get("refclassid")?,
                    row.try_get("refoid")?,
                    row.try_get("refsub")?,
                ),
                reference_part: row.try_get("refpart")?,
            });
        }
        Ok(loader)
    }

    fn class(&self, name: &str) -> u32 {
        self.classes.get(name).copied().unwrap_or(0)
    }

    /// The object at a place; of a column that is no object, its relation.
    fn at(&self, place: Place) -> Option<&ObjectId> {
        self.places
            .get(&place)
            .or_else(|| self.places.get(&(place.0, place.1, 0)))
            .map(Arc::as_ref)
    }

    /// The object at a place or at what the place is an alias of; an extension for its members.
    fn resolve(&self, place: Place) -> Option<&ObjectId> {
        let mut place = place;
        for _ in 0..4 {
            if let Some(extension) = self.members.get(&(place.0, place.1)) {
                let holder = self.places.get(&(extension.0, extension.1, 0));
                return holder.map(Arc::as_ref);
            }
            if let Some(id) = self.at(place) {
                return Some(id);
            }
            place = *self.aliases.get(&(place.0, place.1))?;
        }
        None
    }

    /// The parent that an object names: `Ok(None)` for an object of the database itself, `Err(())` where the parent is not
    /// managed, and so the object is not either.
    fn parent(&self, found: &Found) -> Result<Option<Arc<ObjectId>>, ()> {
        if let Some(schema) = found.schema {
            let place = (self.class("pg_namespace"), schema, 0);
            return self.places.get(&place).cloned().map(Some).ok_or(());
        }
        let Some(oid) = found.parent_oid else {
            return Ok(None);
        };
        let class = match (found.parent_classid, found.parent_class.as_deref()) {
            (Some(class), _) => class,
            (None, Some(name)) => self.class(name),
            (None, None) => 0,
        };
        let sub = found.parent_sub;
        if let Some(id) = self.places.get(&(class, oid, sub)) {
            return Ok(Some(id.clone()));
        }
        // A composite type is described through its relation, a constraint through its index. What comes along with an object
        // otherwise (array, multirange and row types, a range's functions, a view's rule, triggers of constraints) is nothing
        // that pg_dump speaks of.
        let is_face = sub == 0 && class == self.class("pg_class");
        let alias = self.aliases.get(&(class, oid)).filter(|_| is_face);
        let parent = alias.and_then(|place| self.places.get(place));
        parent.cloned().map(Some).ok_or(())
    }

    /// Takes the objects whose parents are known; gives back the others, among them all that is not managed.
    pub(super) fn take(
        &mut self,
        source: &Source,
        all: Vec<Found>,
    ) -> Result<Vec<Found>, RowError> {
        let mut waiting = Vec::new();
        let usual = self.class(source.class);
        for found in all {
            // A kind may be read from two catalogs.
            let class = found
                .class
                .as_deref()
                .map_or(usual, |name| self.class(name));
            let oid = found.oid;
            if let Some(extension) = self.members.get(&(class, oid)).copied()
                && source.kind != Kind::Column
            {
                self.take_member(source.kind, (class, oid), extension, &found);
                continue;
            }
            let Ok(parent) = self.parent_of(source.kind, &found) else {
                waiting.push(found);
                continue;
            };
            let id = ObjectId {
                kind: source.kind,
                parent,
                name: found.name,
                signature: found.signature,
            };
            let object = found.object.map_err(|error| {
                <RowError as serde::de::Error>::custom(format!("{id}: {error}"))
            })?;
            if class != 0 && oid != 0 {
                let place = (class, oid, found.sub);
                self.places.insert(place, Arc::new(id.clone()));
                // What depends on one of these depends on the type: it is looked up by its relation, where it has one.
                for (number, name) in &found.parts {
                    let part = id.inner(name).map(Arc::new);
                    let place = (class, oid, *number);
                    self.places.extend(part.map(|part| (place, part)));
                }
            }
            if let Some(position) = found.position {
                self.catalog.positions.insert(id.clone(), position);
            }
            self.catalog.objects.insert(id, object.into());
        }
        if matches!(
            source.kind,
            Kind::View | Kind::MaterializedView | Kind::Composite
        ) {
            self.place_view_columns();
        }
        Ok(waiting)
    }

    /// Remembers what a member of an extension is called: it is no object, but facets stand on it.
    fn take_member(
        &mut self,
        kind: Kind,
        member: (u32, u32),
        extension: (u32, u32),
        found: &Found,
    ) {
        let schema = match found.schema {
            Some(schema) => self.schemas.get(&schema).cloned(),
            None => is_in_no_schema(kind).then(String::new),
        };
        let (Some(extension), Some(schema)) = (
            self.places.get(&(extension.0, extension.1, 0)).cloned(),
            schema.filter(|_| member.1 != 0),
        ) else {
            return;
        };
        let id = reference::member(&extension, kind, &schema, &found.name)
            .with_signature(&found.signature);
        self.member_ids
            .insert((member.0, member.1, 0), Arc::new(id.clone()));
        let members = self
            .catalog
            .members
            .entry((*extension).clone())
            .or_default();
        members.push(Member { id, schema });
    }

    /// The same as `parent`, and for facets also a member of an extension, or what is PostgreSQL's own.
    fn parent_of(&self, kind: Kind, found: &Found) -> Result<Option<Arc<ObjectId>>, ()> {
        let parent = self.parent(found);
        if parent.is_ok() || !matches!(kind, Kind::Comment | Kind::Owner | Kind::Grant) {
            return parent;
        }
        let (Some(class), Some(oid)) = (found.parent_classid, found.parent_oid) else {
            return parent;
        };
        match self.member_ids.get(&(class, oid, found.parent_sub)) {
            Some(member) => Ok(Some(member.clone())),
            None => self.own((class, oid), found).map(Some).ok_or(()),
        }
    }

    /// What is PostgreSQL's own, by the names in the row: older than all that users make, it is in no other query.
    fn own(&self, place: (u32, u32), found: &Found) -> Option<Arc<ObjectId>> {
        let Own {
            kind,
            schema,
            name,
            signature,
            column,
        } = found.own.as_deref()?;
        let extension = self
            .members
            .get(&place)
            .and_then(|extension| self.places.get(&(extension.0, extension.1, 0)));
        let id = match extension {
            Some(extension) => reference::member(extension, *kind, schema, name),
            None if schema.is_empty() => ObjectId::top(*kind, name),
            None => ObjectId::in_schema(*kind, schema, name),
        }
        .with_signature(signature);
        Some(Arc::new(match column {
            Some(column) => id.child(Kind::Column, column),
            None => id,
        }))
    }

    /// Columns of views and attributes of composite types are no objects, but comments, defaults and grants stand on
    /// them; so are those of an extension's members, on which comments and grants stand.
    fn place_view_columns(&mut self) {
        let class = self.class("pg_class");
        for (oid, sub, name) in &self.view_columns {
            let place = (class, *oid);
            let part = |holder: &ObjectId| match holder.kind {
                Kind::Composite => holder.child(Kind::Attribute, name),
                _ => holder.child(Kind::Column, name),
            };
            // A composite type is a member as a type.
            let relation = self.aliases.get(&place).filter(|_| !self.is_member(place));
            let relation = relation.map_or(place, |alias| (alias.0, alias.1));
            if self.is_member(relation) {
                if let Some(member) = self.member_ids.get(&(relation.0, relation.1, 0)) {
                    let column = part(member);
                    self.member_ids
                        .insert((class, *oid, *sub), Arc::new(column));
                }
            } else if let Some(column) = self.resolve((class, *oid, 0)).map(part) {
                self.places.insert((class, *oid, *sub), Arc::new(column));
            }
        }
    }

    fn is_member(&self, place: (u32, u32)) -> bool {
        self.members.contains_key(&place)
    }

    /// The catalog, with what depends on what.
    pub(super) fn finish(mut self, origin: Origin) -> Catalog {
        let mut edges = Edges::new();
        let (mut owned, mut partitioned) = (BTreeMap::new(), BTreeSet::new());
        let mut seen: IndexSet<(Place, Place)> = IndexSet::with_capacity(self.dependencies.len());
        for dependency in &self.dependencies {
            if !seen.insert((dependency.object, dependency.reference)) {
                continue;
            }
            if self
                .members
                .contains_key(&(dependency.object.0, dependency.object.1))
            {
                continue;
            }
            let (Some(object), Some(reference)) = (
                self.resolve(dependency.object),
                self.resolve(dependency.reference),
            ) else {
                continue;
            };
            if object.is_within(reference)
                || reference.is_within(object)
                || (reference.kind == Kind::Schema && object.kind != Kind::Extension)
            {
                continue;
            }
            let reference = self.existing(reference);
            let object = self.existing(object);
            match (object.kind, reference.kind, dependency.kind.as_str()) {
                (Kind::Sequence, Kind::Column, "a") => {
                    let owner = object.child(Kind::SequenceOwner, "");
                    owned.insert(object.clone(), reference.clone());
                    self.join(&mut edges, &owner, [reference.clone()]);
                }
                (Kind::Table | Kind::ForeignTable, Kind::Table, "a") => {
                    let bound = object.child(Kind::Partition, "");
                    partitioned.insert(reference.clone());
                    self.join(&mut edges, &bound, [reference.clone()]);
                }
                // Both are there: no look is needed, as there is for what is only worked out.
                _ => {
                    edges
                        .entry(object.clone())
                        .or_default()
                        .insert(reference.clone());
                }
            }
        }
        for need in &self.needs {
            let part = |place: Place, part: &str| {
                let id = self.resolve(place)?;
                match Kind::from_name(part) {
                    Some(kind) => Some(id.child(kind, "")),
                    None => Some(id.clone()),
                }
            };
            if let (Some(object), Some(reference)) = (
                part(need.object, &need.part),
                part(need.reference, &need.reference_part),
            ) {
                self.join(&mut edges, &object, [reference]);
            }
        }
        // A partition's copy of a trigger is switched when it is there, after what switches it too.
        for (id, _) in self.catalog.of_kind(Kind::TriggerState) {
            let ties = ties_of_copy(id, &self.catalog);
            let origin = copied_from(id, &self.catalog).map(|(origin, _)| origin);
            self.join(&mut edges, id, ties.into_iter().chain(origin));
        }
        // A parent is taken on when both tables have their columns and checks, and left before it goes.
        for (id, object) in self.catalog.of_kind(Kind::Inherits) {
            let (Some(table), Object::Inherits(tie)) = (id.parent.as_deref(), object) else {
                continue;
            };
            let parent = ObjectId::in_schema(Kind::Table, &tie.parent.schema, &tie.parent.name);
            for of in [table, &parent] {
                for kind in [Kind::Column, Kind::Check, Kind::NotNull] {
                    let parts = self.catalog.children(of, kind);
                    self.join(
                        &mut edges,
                        id,
                        parts.into_iter().map(|(part, _)| part.clone()),
                    );
                }
            }
            self.join(&mut edges, id, [parent]);
        }
        for id in self.catalog.objects.keys() {
            if id.kind == Kind::Grant
                && let Some(object) = id.parent.as_deref()
            {
                let owned = if object.kind == Kind::Column {
                    object.parent.as_deref().unwrap_or(object)
                } else {
                    object
                };
                self.join(&mut edges, id, [owned.child(Kind::Owner, "")]);
            }
        }
        for (tie, _) in self.catalog.of_kind(Kind::ExtensionDependency) {
            self.join(&mut edges, tie, [extension_dependency::extension(tie)]);
        }
        for (grant, rights) in rights_before(&self.catalog) {
            self.join(&mut edges, &grant, rights);
        }
        // A sequence is tied to its column while both still belong to the role that makes them.
        let ties: Vec<(ObjectId, ObjectId)> = self
            .catalog
            .of_kind(Kind::SequenceOwner)
            .filter_map(|(tie, _)| {
                let column = owned.get(tie.parent.as_deref()?)?;
                Some((
                    column.parent.as_deref()?.child(Kind::Owner, ""),
                    tie.clone(),
                ))
            })
            .collect();
        for (owner, tie) in ties {
            self.join(&mut edges, &owner, [tie]);
        }
        self.read_by_rows(&mut edges);
        self.announce(&mut edges, &mut owned);
        self.roles(&mut edges);
        self.catalog.dependencies = edges.into();
        self.catalog.owned = owned;
        self.catalog.partitioned = partitioned;
        self.catalog.origin = origin;
        self.catalog.addresses = Addresses::new(self.places);
        self.catalog.with_secrets_of([])
    }

    /// The rows of a materialized view are read with the rights that hold then: who owns what it reads, and who may read
    /// it, is settled before.
    fn read_by_rows(&self, edges: &mut Edges) {
        for (view, _) in self.catalog.of_kind(Kind::MaterializedView) {
            let (mut read, mut queue) = (BTreeSet::new(), vec![view.clone()]);
            while let Some(at) = queue.pop() {
                for needed in edges.get(&at).into_iter().flatten() {
                    let relation = needed.root();
                    if matches!(
                        relation.kind,
                        Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable
                    ) && relation != view
                        && read.insert(relation.clone())
                    {
                        queue.push(relation.clone());
                    }
                }
            }
            let rights = read.iter().flat_map(|relation| {
                let grants = self.catalog.children(relation, Kind::Grant);
                let owner = relation.child(Kind::Owner, "");
                grants.into_iter().map(|(id, _)| id.clone()).chain([owner])
            });
            let rights: Vec<ObjectId> = rights.collect();
            self.join(edges, view, rights);
        }
    }

    /// A type's own functions depend on its announcement, and the type on them: so neither waits for the other.
    fn announce(&self, edges: &mut Edges, owned: &mut BTreeMap<ObjectId, ObjectId>) {
        for (shell, _) in self.catalog.of_kind(Kind::ShellType) {
            for kind in [Kind::BaseType, Kind::Range] {
                let mut whole = shell.clone();
                whole.kind = kind;
                if !self.catalog.contains(&whole) {
                    continue;
                }
                for function in edges.get(&whole).cloned().unwrap_or_default() {
                    if let Some(needed) = edges.get_mut(&function)
                        && needed.remove(&whole)
                    {
                        needed.insert(shell.clone());
                    }
                }
                edges
                    .entry(whole.clone())
                    .or_default()
                    .insert(shell.clone());
                owned.insert(shell.clone(), whole);
            }
        }
    }

    /// What owns, is granted or is a member comes after the role.
    fn roles(&self, edges: &mut Edges) {
        let role = |name: &str| ObjectId::top(Kind::Role, name);
        for (id, object) in &self.catalog.objects {
            let named: Vec<&str> = match object.as_ref() {
                Object::Owner(owner) => vec![&owner.role],
                Object::Grant(grant) => std::iter::once(&*id.name)
                    .chain(grant.grantor.as_deref())
                    .collect(),
                Object::DefaultPrivilege(privilege) => vec![&id.name, &privilege.grantee],
                Object::RoleMembership(_) => vec![&id.name],
                _ => continue,
            };
            self.join(edges, id, named.into_iter().map(role));
        }
    }

    /// Adds what an object needs, where both are in the catalog.
    fn join(
        &self,
        edges: &mut Edges,
        object: &ObjectId,
        needed: impl IntoIterator<Item = ObjectId>,
    ) {
        let mut needed = needed
            .into_iter()
            .filter(|id| self.catalog.contains(id))
            .peekable();
        if needed.peek().is_some() && self.catalog.contains(object) {
            edges.entry(object.clone()).or_default().extend(needed);
        }
    }

    /// The object itself, or the nearest one that it is a part of and that is in the catalog: all that has a place is,
    /// columns of views and attributes of types apart.
    fn existing<'a>(&self, id: &'a ObjectId) -> &'a ObjectId {
        let holder = id.parent.as_deref().map(|parent| parent.kind);
        let is_object = match id.kind {
            Kind::Attribute => false,
            Kind::Column => matches!(holder, Some(Kind::Table | Kind::ForeignTable)),
            _ => true,
        };
        if is_object {
            return id;
        }
        id.ancestors()
            .find(|ancestor| self.catalog.contains(ancestor))
            .unwrap_or(id)
    }
}

/// Whether members of extensions of this kind have no schema; what is a part of another object has none either, and is no
/// member.
fn is_in_no_schema(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Schema
            | Kind::Language
            | Kind::ForeignDataWrapper
            | Kind::Server
            | Kind::Cast
            | Kind::Transform
            | Kind::AccessMethod
            | Kind::EventTrigger
    )
}
