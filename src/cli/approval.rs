//! What an approval is bound to beside the files: the definitions of the objects that they speak of, of all that these need and
//! of all that needs them. Sizes and unrelated objects do not count.

use std::collections::{BTreeMap, BTreeSet};

use super::arguments::Apply;
use super::failure::Failure;
use super::live::Live;
use crate::facts::World;
use crate::facts::read::Command;
use crate::kind::{Catalog, Object};
use crate::lint::reached;
use crate::migrate::Pending;
use crate::model::{Exit, Kind, ObjectId};
use crate::sql::block::with_strings;
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::unquote_ident;

/// The bodies of what would run, and of the way back that is stored with it.
pub(super) fn bodies(pending: &[Pending<'_>]) -> Vec<String> {
    let files = pending.iter().flat_map(|it| {
        let down = it.migration.down.as_ref();
        std::iter::once(&it.migration.up).chain(down)
    });
    files.map(|it| it.file.body().to_owned()).collect()
}

/// A hash as it is approved: 128 bits, in groups that people can compare.
pub(super) fn shown(sha: &str) -> String {
    let letters: Vec<char> = sha.chars().take(32).collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// The fingerprint of everything that these files have to do with.
pub(super) fn fingerprint(catalog: &Catalog, bodies: &[String]) -> String {
    let reached = reached(bodies, world_of(catalog));
    // What nobody can read may touch anything.
    if reached.unread || reached.commands.iter().any(reaches_everything) {
        return catalog.fingerprint();
    }
    let schemas: BTreeSet<&str> = reached.commands.iter().flat_map(whole_schemas).collect();
    let mut names = Names::default();
    bodies.iter().for_each(|body| names.take(body));
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
    let mut read = BTreeSet::new();
    let near = loop {
        let mut spoken = names.spoken_of(catalog);
        let in_schemas = |id: &&ObjectId| id.schema().is_some_and(|it| schemas.contains(it));
        spoken.extend(
            parts
                .keys()
                .filter(|id| in_schemas(id))
                .map(|id| (*id).clone()),
        );
        let mut near = BTreeSet::new();
        reach(&parts, &spoken, &needs, &mut near);
        // What is called, by the files or by triggers of what they touch, names what it works on in its text alone.
        let texts: Vec<&Object> = near
            .iter()
            .filter(|id| {
                matches!(id.kind, Kind::Function | Kind::Procedure) && read.insert((*id).clone())
            })
            .filter_map(|id| catalog.get(id))
            .collect();
        if texts.is_empty() {
            reach(&parts, &spoken, &needed_by, &mut near);
            break near;
        }
        for routine in texts {
            let value = serde_json::to_value(routine).unwrap_or_default();
            strings(&value, &mut |text| names.take(text));
        }
    };
    catalog
        .filtered(|id, _| near.contains(id.root()))
        .fingerprint()
}

/// The routines of a catalog, for the reading of what calls them.
fn world_of(catalog: &Catalog) -> World {
    let mut world = World::default();
    for (id, object) in &catalog.objects {
        if !matches!(id.kind, Kind::Function | Kind::Procedure) {
            continue;
        }
        let value = serde_json::to_value(&**object).unwrap_or_default();
        let language = value["language"].as_str().unwrap_or_default().to_owned();
        let mut texts = Vec::new();
        strings(&value["code"], &mut |text| texts.push(text.to_owned()));
        world.insert_routine(&id.name, &language, &texts.join("\n"));
    }
    world
}

/// Every text in a value.
fn strings(value: &serde_json::Value, take: &mut dyn FnMut(&str)) {
    match value {
        serde_json::Value::String(text) => take(text),
        serde_json::Value::Array(values) => values.iter().for_each(|it| strings(it, take)),
        serde_json::Value::Object(map) => map.values().for_each(|it| strings(it, take)),
        _ => {}
    }
}

/// Whether a statement touches what no name in it says.
fn reaches_everything(command: &Command) -> bool {
    matches!(command, Command::Owned { .. })
}

/// The schemas all of whose objects a statement touches.
fn whole_schemas(command: &Command) -> Vec<&str> {
    match command {
        Command::Drop(removal) if removal.kind == "schema" => removal
            .names
            .iter()
            .map(|name| name.name.as_str())
            .collect(),
        Command::Alter {
            kind: "schema",
            name,
            ..
        } => vec![&name.name],
        Command::Grant(grant) if grant.kind.starts_with("all ") => {
            grant.names.iter().map(|name| name.name.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// The names that stand in SQL.
#[derive(Default)]
struct Names {
    alone: BTreeSet<String>,
    qualified: BTreeSet<(String, String)>,
}

impl Names {
    /// Takes those of a text, and of the texts in it.
    fn take(&mut self, text: &str) {
        for text in with_strings(text) {
            self.take_of(&significant(&text));
        }
    }

    fn take_of(&mut self, tokens: &[Token<'_>]) {
        for (at, token) in tokens.iter().enumerate() {
            if !token.is_ident() {
                continue;
            }
            let name = unquote_ident(token.text);
            let before = at.checked_sub(2).map(|at| &tokens[at]);
            match before.filter(|_| tokens[at - 1].text == ".") {
                Some(schema) => self.qualified.insert((unquote_ident(schema.text), name)),
                None => self.alone.insert(name),
            };
        }
    }

    /// The whole objects that they name, with their schema or without one.
    fn spoken_of(&self, catalog: &Catalog) -> BTreeSet<ObjectId> {
        let is_spoken_of = |id: &&ObjectId| {
            let name = id.name.to_string();
            self.alone.contains(&name)
                || id
                    .schema()
                    .is_some_and(|schema| self.qualified.contains(&(schema.to_owned(), name)))
        };
        let whole = catalog.objects.keys().filter(|id| id.root() == *id);
        whole.filter(is_spoken_of).cloned().collect()
    }
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

/// Whether a hash was given, whole; how it is grouped is no matter.
fn is_same(given: &str, hash: &str) -> bool {
    let plain = |text: &str| text.trim().replace('-', "").to_ascii_lowercase();
    plain(given) == plain(hash)
}

/// Whether the plan was approved; one that had to be and was not is refused, and so is another one than was approved.
pub(super) fn approved(live: &Live, options: &Apply, hash: &str) -> Result<bool, Failure> {
    let environment = match &live.environment {
        Some(name) => format!(" --env {name}"),
        None => String::new(),
    };
    let part = match &options.of.service {
        Some(name) => format!(" --service {name}"),
        None => String::new(),
    };
    match (&options.approve, &live.policies.approval) {
        (Some(given), _) if is_same(given, hash) => Ok(true),
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
                    "who approves it says `schemactl apply{environment}{part} --approve {hash}`; nothing was run"
                ),
            ))
        }
        (None, None) => Ok(false),
    }
}
