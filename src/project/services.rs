//! Whose an object is, in a project of services; what one service's files may say; and which files of others a new file
//! stands on.
//!
//! The rule: an object belongs to the service that owns its schema; one without a schema to the service whose files declare
//! it, or, where none does any more, whose migrations speak of it. All else is shared.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{ProjectError, Workspace, shown};
use crate::author::Piece;
use crate::config::Service;
use crate::kdl::{Diagnostic, Diagnostics, Sources};
use crate::kind::Catalog;
use crate::kind::language::{Desired, Rename};
use crate::migrate::{Folder, Version};
use crate::model::{Kind, ObjectId};
use crate::plan::{Parts, Verb};
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;

/// Whose each object is.
#[derive(Debug, Clone)]
pub struct Owners {
    /// The services, those first on which others stand; what is shared is the first, and empty.
    names: Vec<String>,
    schemas: BTreeMap<String, usize>,
    /// The objects without a schema that files declare.
    declared: BTreeMap<ObjectId, usize>,
    /// The names that each migration speaks of, newest first.
    files: Vec<(Version, BTreeSet<String>)>,
}

impl Workspace {
    /// The services of the database, those first on which others stand.
    pub fn services(&self) -> Vec<&Service> {
        self.project.services_of(&self.database().name.value)
    }

    /// The files and folders of services, each with its place among them.
    fn service_files(&self) -> Vec<(PathBuf, usize)> {
        let mut places = Vec::new();
        for (at, service) in self.services().into_iter().enumerate() {
            for place in &service.schema_files {
                places.push((shown(&self.project.folder.join(&place.value)), at));
            }
        }
        places
    }

    /// The service whose file this is; the nearest folder decides.
    fn service_at(&self, places: &[(PathBuf, usize)], path: &Path) -> Option<usize> {
        let path = shown(path);
        let around = places.iter().filter(|(place, _)| path.starts_with(place));
        let nearest = around.max_by_key(|(place, _)| place.components().count());
        nearest.map(|(_, at)| *at)
    }

    /// Whose the objects are; none where the database has no services.
    pub fn owners(&self, desired: &Desired, sources: &Sources, folder: &Folder) -> Option<Owners> {
        let services = self.services();
        if services.is_empty() {
            return None;
        }
        let mut owners = Owners {
            names: vec![String::new()],
            schemas: BTreeMap::new(),
            declared: BTreeMap::new(),
            files: Vec::new(),
        };
        for (at, service) in services.iter().enumerate() {
            owners.names.push(service.name.value.clone());
            let schemas = service.schema_names().into_iter();
            owners
                .schemas
                .extend(schemas.map(|it| (it.to_owned(), at + 1)));
        }
        let places = self.service_files();
        for (id, object) in &desired.objects {
            if id.schema().is_some() || id.root() != id {
                continue;
            }
            let file = sources.get(object.span.source).map(|file| &file.path);
            let service = file.and_then(|path| self.service_at(&places, path));
            owners
                .declared
                .insert(id.clone(), service.map_or(0, |at| at + 1));
        }
        for migration in folder.migrations().iter().rev() {
            let names = names_in(migration.up.file.body());
            owners.files.push((migration.version.clone(), names));
        }
        Some(owners)
    }

    /// Reports objects in the files of a service that belong to others, and references to services on which it does not say
    /// that it stands.
    pub(super) fn check_services(
        &self,
        desired: &Desired,
        sources: &Sources,
        diagnostics: &Diagnostics,
    ) {
        let services = self.services();
        if services.is_empty() {
            return;
        }
        let places = self.service_files();
        let owner = |schema: &str| {
            let mut owners = services.iter();
            owners
                .find(|it| it.schema_names().contains(&schema))
                .copied()
        };
        let mut told = BTreeSet::new();
        for (id, object) in &desired.objects {
            let file = sources.get(object.span.source).map(|file| &file.path);
            let service = file.and_then(|path| self.service_at(&places, path));
            let (Some(service), Some(schema)) = (service.map(|at| services[at]), id.schema())
            else {
                continue;
            };
            let of = owner(schema);
            let is_own = of.is_some_and(|it| it.name.value == service.name.value);
            if is_own || id.whole() != id || !told.insert((object.span.source, schema.to_owned())) {
                continue;
            }
            let name = &service.name.value;
            let mut wrong = match of {
                Some(of) => Diagnostic::error(
                    "service::schema",
                    format!(
                        "{id} is in the files of `{name}`, and the schema `{schema}` belongs to `{}`",
                        of.name.value
                    ),
                )
                .at(object.span, format!("in a file of `{name}`"))
                .help(format!(
                    "put it into the files of `{}`, or give the schema to `{name}` in schemactl.kdl",
                    of.name.value
                )),
                None => Diagnostic::error(
                    "service::schema",
                    format!("{id} is in the files of `{name}`, which does not own the schema `{schema}`"),
                )
                .at(object.span, format!("in a file of `{name}`"))
                .help(format!(
                    "add `{schema}` to `schemas` of `service {name}` in schemactl.kdl, or put it into the files of the database"
                )),
            };
            let whole = desired.span(&ObjectId::top(Kind::Schema, schema));
            if let Some(place) = whole.filter(|it| *it != object.span) {
                wrong = wrong.at(place, "the schema is declared here");
            }
            diagnostics.push(wrong);
        }
        for reference in &desired.references {
            let (Some(home), Some(schema)) = (reference.home(), reference.schema()) else {
                continue;
            };
            let (Some(from), Some(to)) = (owner(home), owner(schema)) else {
                continue;
            };
            let (from_name, to_name) = (&from.name.value, &to.name.value);
            if from_name == to_name || from.stands_on(to_name) {
                continue;
            }
            diagnostics.push(
                Diagnostic::error(
                    "service::undeclared",
                    format!("`{from_name}` refers to `{to_name}`, on which it does not say that it stands"),
                )
                .at(reference.span(), format!("belongs to `{to_name}`"))
                .help(format!(
                    "write `depends-on {to_name}` into `service {from_name}` of schemactl.kdl"
                )),
            );
        }
    }

    /// Refuses what PostgreSQL knows of a service's objects standing on those of services that it does not name.
    ///
    /// # Errors
    /// [`ProjectError::ServiceUndeclared`].
    pub fn refuse_undeclared(&self, owners: &Owners, state: &Catalog) -> Result<(), ProjectError> {
        let services = self.services();
        let mut found = BTreeSet::new();
        for (id, needed) in &state.dependencies {
            let from = owners.of(id);
            for other in needed {
                let to = owners.of(other);
                if from == to || from == 0 || to == 0 {
                    continue;
                }
                let (from, to) = (services[from - 1], services[to - 1]);
                if !from.stands_on(&to.name.value) {
                    let (from, to) = (&from.name.value, &to.name.value);
                    found.insert(format!(
                        "{} of `{from}` stands on {} of `{to}`",
                        id.whole(),
                        other.whole()
                    ));
                }
            }
        }
        match found.is_empty() {
            true => Ok(()),
            false => Err(ProjectError::ServiceUndeclared {
                objects: found.into_iter().collect(),
            }),
        }
    }
}

/// The identifiers of an SQL text.
pub fn names_in(sql: &str) -> BTreeSet<String> {
    let tokens = significant(sql);
    let names = tokens.iter().filter(|token| token.is_ident());
    names.map(|token| unquote_ident(token.text)).collect()
}

impl Owners {
    /// The services, by their places; what is shared is the first, and empty.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The place of a service.
    pub fn place(&self, service: &str) -> Option<usize> {
        self.names.iter().position(|name| name == service)
    }

    /// The place of the service whose an object is.
    pub fn of(&self, id: &ObjectId) -> usize {
        if let Some(schema) = id.schema() {
            return self.schemas.get(schema).copied().unwrap_or(0);
        }
        let root = id.root();
        if let Some(declared) = self.declared.get(root) {
            return *declared;
        }
        let mut files = self.files.iter();
        let last = files.find(|(_, names)| names.contains(&*root.name));
        last.and_then(|(version, _)| self.place(version.service()))
            .unwrap_or(0)
    }

    /// The parts of a plan.
    pub fn parts(self: &Arc<Self>) -> Parts {
        let owners = self.clone();
        Parts::new(self.names.len(), Box::new(move |id| owners.of(id)))
    }

    /// The newest migration of a service that speaks of an object; its newest one where none does.
    fn file_of(&self, service: usize, id: &ObjectId) -> Option<&Version> {
        let of_service = || {
            let is_own = |(version, _): &&(Version, _)| version.service() == self.names[service];
            self.files.iter().filter(is_own)
        };
        let name = &*id.whole().name;
        of_service()
            .find(|(_, names)| names.contains(name))
            .or_else(|| of_service().next())
            .map(|(version, _)| version)
    }
}

/// What a new file stands on beside the one before it in its service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Migrations of other services that are there.
    pub files: BTreeSet<Version>,
    /// Earlier pieces of the same change.
    pub pieces: Vec<usize>,
}

/// What each piece of a change stands on, by the objects that it touches and those that these stand on, or that stand on
/// these, before the change or after it.
pub fn needs(
    owners: &Owners,
    before: &Catalog,
    after: &Catalog,
    renames: &[Rename],
    pieces: &[Piece],
) -> Vec<Needs> {
    let states = [before, after];
    let dependents = states.map(Catalog::dependents);
    let touched: Vec<BTreeSet<(Verb, &ObjectId)>> = pieces.iter().map(touched).collect();
    let wholes: Vec<BTreeSet<&ObjectId>> = touched
        .iter()
        .map(|touched| touched.iter().map(|(_, id)| id.whole()).collect())
        .collect();
    let mut all = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        // Whether the file counts that is there: not that of what comes to stand on this only now, nor of what this stood on.
        let mut near: BTreeMap<ObjectId, bool> = BTreeMap::new();
        let mut add = |id: &ObjectId, counts: bool| {
            *near.entry(id.clone()).or_default() |= counts;
        };
        for (verb, id) in &touched[at] {
            let was = original(id, renames);
            if let Some(moved) = moved_from(id, renames) {
                add(&moved, true);
            }
            if id.kind == Kind::Grant {
                add(&ObjectId::top(Kind::Role, &id.name), true);
            }
            for (is_after, (state, dependents)) in states.iter().zip(&dependents).enumerate() {
                let is_after = is_after == 1;
                for id in [*id, &was] {
                    let needed = state.dependencies_of(id);
                    needed.for_each(|it| add(it, is_after));
                    let on_it = dependents.get(id).into_iter().flatten();
                    on_it.for_each(|it| add(it, !is_after));
                    // What reads a relation as a whole reads its columns too.
                    let Some(table) = id.parent.as_deref().filter(|_| id.kind == Kind::Column)
                    else {
                        continue;
                    };
                    if *verb != Verb::Alter {
                        let readers = dependents.get(table).into_iter().flatten();
                        let readers = readers.filter(|it| reads_whole(it.whole().kind));
                        readers.for_each(|it| add(it, !is_after));
                    }
                }
            }
        }
        let mut needs = Needs::default();
        for (id, counts) in &near {
            let service = owners.of(id);
            if service == piece.part {
                continue;
            }
            let before = original(id, renames);
            let was = states[0].contains(id) || states[0].contains(&before);
            if let (true, Some(version)) = (*counts && was, owners.file_of(service, &before)) {
                needs.files.insert(version.clone());
            }
            let earlier = (0..at).filter(|it| wholes[*it].contains(id.whole()));
            needs.pieces.extend(earlier);
        }
        needs.pieces.sort_unstable();
        needs.pieces.dedup();
        // A file of this very change comes after all that are there.
        let parts: BTreeSet<usize> = needs.pieces.iter().map(|it| pieces[*it].part).collect();
        needs.files.retain(|version| {
            let part = owners.place(version.service());
            part.is_none_or(|part| !parts.contains(&part))
        });
        // The newest file of a service comes after its others.
        let newest: Vec<Version> = needs.files.iter().cloned().collect();
        needs.files.retain(|version| {
            let later = |other: &Version| other.service() == version.service() && other > version;
            !newest.iter().any(later)
        });
        all.push(needs);
    }
    all
}

/// What the steps of a piece are about.
fn touched(piece: &Piece) -> BTreeSet<(Verb, &ObjectId)> {
    let steps = piece.up.steps.iter().chain(&piece.down.steps);
    let objects = steps.flat_map(|step| &step.objects);
    objects.map(|(verb, id)| (*verb, id)).collect()
}

fn reads_whole(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::View | Kind::MaterializedView | Kind::Function | Kind::Procedure | Kind::Rule
    )
}

/// The identity before the renames.
fn original(id: &ObjectId, renames: &[Rename]) -> ObjectId {
    let renames = renames.iter().rev();
    renames.fold(id.clone(), |id, rename| {
        id.renamed(&rename.to, &rename.from)
    })
}

/// Where something was that moved here from the schema of another.
fn moved_from(id: &ObjectId, renames: &[Rename]) -> Option<ObjectId> {
    let moved = renames.iter().find(|it| it.to == *id);
    moved.map(|it| it.from.clone())
}
