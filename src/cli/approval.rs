//! What an approval is bound to beside the files: the definitions of the objects that they speak of, of all that these need and
//! of all that needs them. Sizes and unrelated objects do not count.

use std::collections::{BTreeMap, BTreeSet};

use super::arguments::Apply;
use super::failure::Failure;
use super::live::Live;
use crate::kind::Catalog;
use crate::migrate::Pending;
use crate::model::{Exit, ObjectId};
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;

/// The bodies of what would run.
pub(super) fn bodies(pending: &[Pending<'_>]) -> Vec<String> {
    pending
        .iter()
        .map(|it| it.migration.up.file.body().to_owned())
        .collect()
}

/// The fingerprint of everything that these files have to do with.
pub(super) fn fingerprint(catalog: &Catalog, bodies: &[String]) -> String {
    let spoken = spoken_of(catalog, bodies);
    let mut near = BTreeSet::new();
    let dependents = catalog.dependents();
    let needs = |id: &ObjectId| -> Vec<ObjectId> { catalog.dependencies_of(id).cloned().collect() };
    let needed_by = |id: &ObjectId| -> Vec<ObjectId> {
        let all = dependents.get(id).into_iter().flatten();
        all.map(|id| (*id).clone()).collect()
    };
    let mut parts: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for id in catalog.objects.keys() {
        parts.entry(id.root()).or_default().push(id);
    }
    reach(&parts, &spoken, &needs, &mut near);
    reach(&parts, &spoken, &needed_by, &mut near);
    catalog
        .filtered(|id, _| near.contains(id.root()))
        .fingerprint()
}

/// The whole objects whose names stand in the SQL, with their schema or without one.
fn spoken_of(catalog: &Catalog, bodies: &[String]) -> BTreeSet<ObjectId> {
    let mut alone = BTreeSet::new();
    let mut qualified = BTreeSet::new();
    for body in bodies {
        let tokens = significant(body);
        for (at, token) in tokens.iter().enumerate() {
            if !token.is_ident() {
                continue;
            }
            let name = unquote_ident(token.text);
            let before = at.checked_sub(2).map(|at| &tokens[at]);
            match before.filter(|_| tokens[at - 1].text == ".") {
                Some(schema) => qualified.insert((unquote_ident(schema.text), name)),
                None => alone.insert(name),
            };
        }
    }
    let is_spoken_of = |id: &&ObjectId| {
        let name = id.name.to_string();
        alone.contains(&name)
            || id
                .schema()
                .is_some_and(|schema| qualified.contains(&(schema.to_owned(), name)))
    };
    let whole = catalog.objects.keys().filter(|id| id.root() == *id);
    whole.filter(is_spoken_of).cloned().collect()
}

/// Adds everything that is reached from some objects, as whole objects.
fn reach(
    parts: &BTreeMap<&ObjectId, Vec<&ObjectId>>,
    from: &BTreeSet<ObjectId>,
    next: &dyn Fn(&ObjectId) -> Vec<ObjectId>,
    near: &mut BTreeSet<ObjectId>,
) {
    let mut seen: BTreeSet<ObjectId> = from.clone();
    let mut open: Vec<ObjectId> = from.iter().cloned().collect();
    while let Some(root) = open.pop() {
        for part in parts.get(&root).into_iter().flatten() {
            for id in next(part) {
                let root = id.root().clone();
                if seen.insert(root.clone()) {
                    open.push(root);
                }
            }
        }
    }
    near.extend(seen);
}

/// Whether the plan was approved; one that had to be and was not is refused, and so is another one than was approved.
pub(super) fn approved(live: &Live, options: &Apply, hash: &str) -> Result<bool, Failure> {
    let environment = match &live.environment {
        Some(name) => format!(" --env {name}"),
        None => String::new(),
    };
    match (&options.approve, &live.policies.approval) {
        (Some(given), _) if given == hash => Ok(true),
        (Some(given), _) => Err(Failure::said(
            "apply::approval",
            Exit::Refused,
            format!("the plan is {hash} now, not {given} that was approved"),
            "files, hazards or the objects that they touch are others than they were; look at `schemactl plan`, and have it \
             approved again; nothing was run",
        )),
        (None, Some(by)) => {
            let by = match by.as_str() {
                "" => String::new(),
                by => format!(" by {by}"),
            };
            Err(Failure::said(
                "apply::approval",
                Exit::Refused,
                format!("this environment asks for approval{by}, of plan {hash}"),
                &format!(
                    "who approves it says `schemactl apply{environment} --approve {hash}`; nothing was run"
                ),
            ))
        }
        (None, None) => Ok(false),
    }
}
