//! The order in which desired objects are made: by what depends on what, and by the names that texts mention.

use std::collections::{BTreeMap, BTreeSet};

use super::has_text_body;
use crate::kind::Catalog;
use crate::model::{Kind, ObjectId};
use crate::plan::{Plan, PlanError, PlanOptions, plan};
use crate::sql::references::mentioned_paths;

/// The order of creation: with the names that texts mention where that gives one, else without.
pub(super) fn order(
    empty: &Catalog,
    wanted: Catalog,
    server_version: u32,
) -> Result<Plan, PlanError> {
    let nothing = Catalog::default();
    let role = empty.origin.role.clone();
    let options = PlanOptions {
        server_version,
        role: &role,
        online: false,
        exact: None,
        stand_in: false,
        anew: None,
        arrangement: None,
    };
    // What every new database has is not made again.
    let there: BTreeSet<ObjectId> = empty.objects.keys().cloned().collect();
    let wanted = Catalog {
        objects: wanted
            .objects
            .into_inner()
            .into_iter()
            .filter(|(id, _)| !there.contains(id) || id.kind.is_facet() || id.is_of_cluster())
            .collect(),
        ..wanted
    };
    let guessed = with_mentions(&wanted, &nothing, server_version, &role);
    match plan(&nothing, &guessed, options) {
        Ok(plan) => Ok(plan),
        Err(PlanError::Cycle { .. }) => plan(&nothing, &wanted, options),
        Err(error) => Err(error),
    }
}

/// The catalog with an edge from each query-like object to the relations and routines that its text mentions.
fn with_mentions(wanted: &Catalog, nothing: &Catalog, server_version: u32, role: &str) -> Catalog {
    let mut names: BTreeMap<&str, Vec<&ObjectId>> = BTreeMap::new();
    for id in wanted.objects.keys() {
        if id
            .parent
            .as_deref()
            .is_some_and(|parent| parent.kind == Kind::Schema)
            && !id.kind.is_facet()
        {
            names.entry(&id.name).or_default().push(id);
        }
    }
    let context = crate::kind::Context::new(nothing, wanted, server_version, role);
    let mut guessed = wanted.clone();
    // Parts of one table follow each other.
    let mut columns_of: (Option<&ObjectId>, BTreeSet<&str>) = (None, BTreeSet::new());
    for (id, object) in &wanted.objects {
        if id.kind.is_facet() {
            continue;
        }
        let parsed_body = !has_text_body(object);
        // In an expression of a table a bare name is a column of it first, whatever function has its name.
        let table = id.parent.as_deref().filter(|it| it.kind == Kind::Table);
        if columns_of.0 != table {
            let columns = table.map(|it| wanted.children(it, Kind::Column));
            let columns = columns.into_iter().flatten();
            columns_of = (table, columns.map(|(column, _)| &*column.name).collect());
        }
        let columns = &columns_of.1;
        for statement in object.create(id, &context) {
            let text = statement.text();
            // A body in quotes is not looked at when the routine is made, its arguments are.
            let text = match text.split_once("\n    LANGUAGE ") {
                Some((head, _)) if !parsed_body => head,
                _ => &text,
            };
            for path in mentioned_paths(text) {
                let is_column =
                    matches!(path.as_slice(), [name] if columns.contains(name.as_str()));
                let is_routine =
                    |kind: Kind| matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate);
                let found = path.iter().enumerate().flat_map(|(at, part)| {
                    let schema = at
                        .checked_sub(1)
                        .and_then(|before| path.get(before))
                        .map(String::as_str);
                    let own = id.schema();
                    names
                        .get(part.as_str())
                        .into_iter()
                        .flatten()
                        .filter(move |other| {
                            other.schema() == schema.or(own)
                                || (schema.is_some() && other.schema() == own)
                        })
                        .copied()
                });
                let found: Vec<ObjectId> = found
                    .filter(|other| !id.is_within(other) && other.root() != id.root())
                    .filter(|other| !is_column || !is_routine(other.kind))
                    .cloned()
                    .collect();
                guessed
                    .dependencies
                    .entry(id.clone())
                    .or_default()
                    .extend(found);
            }
        }
    }
    guessed
}
