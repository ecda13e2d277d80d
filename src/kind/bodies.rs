//! Where the bodies of routines look names up. A body in quotes is read when it runs: an index over such a function runs
//! it while it is built, a check while it is validated, and neither does with an empty search path where the body names
//! something without its schema.

use std::collections::{BTreeMap, BTreeSet};

use super::{Catalog, Context, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;
use crate::sql::references::mentioned_paths;

/// The routines that running statements about a relation may run, and what their bodies name.
pub struct Bodies<'a> {
    catalogs: [&'a Catalog; 2],
    /// What an object depends on, as far as it may run routines.
    used: Used<'a>,
    /// The same of a routine, a view, a domain with all its parts.
    within: Used<'a>,
    /// The same of the parts of a relation that are evaluated when its rows are written.
    per_row: Used<'a>,
    /// The objects of each name, with their schemas.
    named: BTreeMap<String, BTreeSet<(String, Option<&'a ObjectId>)>>,
}

type Used<'a> = BTreeMap<&'a ObjectId, BTreeSet<&'a ObjectId>>;

/// Whether a part of a relation is evaluated for each of its rows.
fn is_per_row(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Column | Kind::Check | Kind::Index | Kind::Exclude | Kind::MaterializedView
    )
}

/// Whether running a statement that depends on an object of the kind may run routines by way of it.
fn leads_to_routines(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Function
            | Kind::Aggregate
            | Kind::Operator
            | Kind::Domain
            | Kind::DomainConstraint
            | Kind::View
            | Kind::Cast
    )
}

/// The body of a function that is read when it runs, in whatever search path there is.
fn body(object: &Object) -> Option<&str> {
    match object {
        Object::Function(function) if function.config.get("search_path").is_none() => text(object),
        _ => None,
    }
}

/// The body of a function that is read when it runs.
pub(super) fn text(object: &Object) -> Option<&str> {
    match object {
        Object::Function(function) => {
            let read_late = ["sql", "plpgsql"].contains(&function.language.as_str());
            function.code.body.as_deref().filter(|_| read_late)
        }
        _ => None,
    }
}

/// Whether an object of the catalog uses a function whose body looks names up.
pub fn look_names_up(catalog: &Catalog) -> bool {
    let mut needed = catalog.dependencies.values().flatten();
    needed.any(|needed| {
        leads_to_routines(needed.kind) && catalog.get(needed.root()).and_then(body).is_some()
    })
}

/// Whether a body that is read when it runs names one of these.
pub(crate) fn name_any(catalog: &Catalog, names: BTreeSet<&str>) -> bool {
    !names.is_empty()
        && catalog.of_kind(Kind::Function).any(|(_, object)| {
            let paths = text(object).map(mentioned_paths);
            let mut words = paths.into_iter().flatten().flatten();
            words.any(|word| names.contains(word.as_str()))
        })
}

/// Whether a body that is read when it runs has one of these somewhere, be it within a string.
pub(crate) fn say_any(catalog: &Catalog, names: &[String]) -> bool {
    let says = |object| {
        let text = text(object);
        text.is_some_and(|text| names.iter().any(|name| text.contains(name.as_str())))
    };
    !names.is_empty()
        && catalog
            .of_kind(Kind::Function)
            .any(|(_, object)| says(object))
}

/// Whether routines that look names up run where these objects are used, or rows of the relation are written: a search path
/// is set for one transaction, so that such a statement has to be in one.
pub(super) fn look_up_for<'i>(
    objects: impl IntoIterator<Item = &'i ObjectId>,
    relation: &ObjectId,
    context: &Context<'_>,
) -> bool {
    Bodies::new(context.before, context.after)
        .is_some_and(|bodies| !bodies.search_path(objects, Some(relation)).is_empty())
}

impl<'a> Bodies<'a> {
    /// The bodies of two states; `None` where no object uses a function whose body looks names up.
    pub fn new(before: &'a Catalog, after: &'a Catalog) -> Option<Bodies<'a>> {
        let catalogs = [before, after];
        if !catalogs.into_iter().any(look_names_up) {
            return None;
        }
        let (mut used, mut within, mut per_row) = (Used::new(), Used::new(), Used::new());
        for catalog in catalogs {
            for (id, needed) in &catalog.dependencies {
                let leading = needed
                    .iter()
                    .filter(|needed| leads_to_routines(needed.kind));
                for needed in leading.map(ObjectId::root) {
                    used.entry(id).or_default().insert(needed);
                    if leads_to_routines(id.root().kind) {
                        within.entry(id.root()).or_default().insert(needed);
                    }
                    if is_per_row(id.kind) {
                        per_row.entry(id.root()).or_default().insert(needed);
                    }
                }
            }
        }
        let mut named: BTreeMap<String, BTreeSet<(String, Option<&ObjectId>)>> = BTreeMap::new();
        for catalog in catalogs {
            for id in catalog.objects.keys() {
                let in_schema = id.parent.as_deref().filter(|it| it.kind == Kind::Schema);
                if let Some(schema) = in_schema.filter(|_| !id.kind.is_facet()) {
                    let place = (schema.name.to_string(), Some(id));
                    named.entry(id.name.to_string()).or_default().insert(place);
                }
            }
            let in_schemas = catalog.members.values().flatten();
            for member in in_schemas.filter(|member| !member.schema.is_empty()) {
                let name = significant(&member.id.name)
                    .last()
                    .map(|token| unquote_ident(token.text));
                let place = (member.schema.clone(), None);
                named
                    .entry(name.unwrap_or_default())
                    .or_default()
                    .insert(place);
            }
        }
        Some(Bodies {
            catalogs,
            used,
            within,
            per_row,
            named,
        })
    }

    /// The schemas in which the routines find what they name that these objects use, and the parts of a relation whose
    /// rows are written; none where they name everything with its schema.
    pub fn search_path<'i>(
        &self,
        objects: impl IntoIterator<Item = &'i ObjectId>,
        relation: Option<&ObjectId>,
    ) -> Vec<String> {
        let mut path = Vec::new();
        let mut seen: BTreeSet<&ObjectId> = BTreeSet::new();
        let own = objects.into_iter().filter_map(|id| self.used.get(id));
        let rows = relation.and_then(|relation| self.per_row.get(relation));
        let mut waiting: Vec<&ObjectId> = own.chain(rows).flatten().copied().collect();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            waiting.extend(self.within.get(id).into_iter().flatten().copied());
            for text in self
                .catalogs
                .iter()
                .filter_map(|it| it.get(id))
                .filter_map(body)
            {
                for name in mentioned_paths(text)
                    .iter()
                    .filter(|names| names.len() == 1)
                {
                    for (schema, object) in self.named.get(&name[0]).into_iter().flatten() {
                        if !path.contains(schema) {
                            path.push(schema.clone());
                        }
                        waiting.extend(object.filter(|it| it.kind == Kind::Function));
                    }
                }
            }
        }
        path.sort();
        path
    }
}

/// What the bodies of routines name that are read when they run.
pub struct Mentions<'a> {
    catalog: &'a Catalog,
    /// The relations and routines of each name.
    named: BTreeMap<&'a str, Vec<&'a ObjectId>>,
    /// The words of each body that was asked for.
    words: BTreeMap<&'a ObjectId, BTreeSet<String>>,
}

/// A relation or routine that a body names.
pub struct Mention<'m, 'a> {
    /// What is named.
    pub object: &'a ObjectId,
    /// All that the same body names: columns stand there without their relation.
    pub words: &'m BTreeSet<String>,
}

impl<'a> Mentions<'a> {
    /// What the routines of a state name.
    pub fn new(catalog: &'a Catalog) -> Mentions<'a> {
        let is_read = |object: &Object| text(object).is_some();
        let mut functions = catalog.of_kind(Kind::Function);
        let mut named: BTreeMap<&str, Vec<&ObjectId>> = BTreeMap::new();
        if functions.any(|(_, object)| is_read(object)) {
            let kinds = [
                Kind::Table,
                Kind::View,
                Kind::MaterializedView,
                Kind::ForeignTable,
                Kind::Sequence,
                Kind::Function,
            ];
            for (id, _) in kinds.into_iter().flat_map(|kind| catalog.of_kind(kind)) {
                named.entry(&id.name).or_default().push(id);
            }
        }
        Mentions {
            catalog,
            named,
            words: BTreeMap::new(),
        }
    }

    /// What the bodies name of routines that run where these objects are used, and of those that these call.
    pub fn of<'i>(
        &mut self,
        objects: impl IntoIterator<Item = &'i ObjectId>,
    ) -> Vec<Mention<'_, 'a>> {
        let catalog = self.catalog;
        let mut waiting: Vec<&'a ObjectId> = Vec::new();
        if !self.named.is_empty() {
            let needed = objects
                .into_iter()
                .flat_map(|id| catalog.dependencies_of(id));
            waiting.extend(
                needed
                    .filter(|it| leads_to_routines(it.kind))
                    .map(ObjectId::root),
            );
        }
        let mut seen: BTreeSet<&ObjectId> = BTreeSet::new();
        let mut found: Vec<(&ObjectId, &ObjectId)> = Vec::new();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let needed = catalog.dependencies_of(id).map(ObjectId::root);
            waiting.extend(needed.filter(|it| leads_to_routines(it.kind)));
            let Some((id, body)) = catalog
                .objects
                .get_key_value(id)
                .and_then(|(id, object)| Some((id, text(object)?)))
            else {
                continue;
            };
            let words = self
                .words
                .entry(id)
                .or_insert_with(|| mentioned_paths(body).into_iter().flatten().collect());
            for word in words.iter() {
                for object in self.named.get(word.as_str()).into_iter().flatten() {
                    if object.kind == Kind::Function {
                        waiting.push(object);
                    }
                    found.push((id, object));
                }
            }
        }
        found
            .into_iter()
            .filter_map(|(body, object)| {
                let words = self.words.get(body)?;
                Some(Mention { object, words })
            })
            .collect()
    }
}
