//! Drift: what differs between the live database and what the last run recorded, in the project's hands. Texts that
//! PostgreSQL printed on one major version are compared as they are; after an upgrade they are settled on scratch first.
//! The correction is a migration like any other: from what is there to what was recorded, proven both ways.

use std::collections::{BTreeMap, BTreeSet};

use super::base::{
    BaseError, Standing, hand_made, is_to_be_made, settled_differences, with_known_secrets,
    with_roles_of_files,
};
use super::renamed::exchanged;
use super::{
    Coming, Course, Hands, ProjectError, ScratchDatabases, Unrecorded, cut_to_comparable,
    is_initial, recorded_as_declared,
};
use crate::author::Databases;
use crate::diff::{Change, Changes, compare, goes_with_its_whole};
use crate::kdl::{Diagnostics, Sources};
use crate::kind::language::{Desired, NamePatterns, Rename, WriteOptions, read, write};
use crate::kind::row::cut_to_record;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::scratch::prove::may_be_equal;
use serde_json::Value;

/// The live database beside the record of the last run.
#[derive(Debug, Clone)]
pub struct Drift {
    /// What was recorded.
    pub recorded: Catalog,
    /// What is there now, of it and around it.
    pub live: Catalog,
    /// From the record to the live database.
    pub changes: Changes,
    /// What has another name than it was recorded with, the outer first; what was recorded is called as it is now.
    pub renames: Vec<Rename>,
    /// Columns that have another name because those of a table above or the attributes of a type have.
    pub along: Vec<Rename>,
    /// What has another name while something else has the old one, or had the new one.
    pub entangled: Vec<Rename>,
    /// What has the name of something that has another name too: names alone do not tell.
    pub exchanged: BTreeSet<ObjectId>,
    /// The project's hands, with what is left alone.
    pub hands: Hands,
    /// Everything in the live database, as the base of a correction.
    pub base: Catalog,
    /// What may differ by the printing of another major version alone, where no scratch database told; none of the changes.
    pub unverifiable: BTreeSet<ObjectId>,
}

/// One attribute of an altered object, as it is recorded and as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// The recorded value, empty where it is not set.
    pub before: String,
    /// The present value.
    pub after: String,
}

/// Whether texts were recorded by another major version: only scratch databases can tell whether they mean the same.
pub fn needs_scratch(standing: &Standing<'_>) -> bool {
    let live = i32::try_from(standing.live.origin.server_version).unwrap_or(0);
    standing
        .snapshot
        .is_some_and(|(head, _)| head.server_version_num / 10_000 != live / 10_000)
}

/// Compares the live database with the record; on `databases` where [`needs_scratch`] says so.
///
/// # Errors
/// [`ProjectError::NoHistory`] and [`ProjectError::NoSnapshot`] where nothing is recorded; a record that can't be read; a scratch database that fails.
pub async fn drift<D: Databases>(
    standing: &Standing<'_>,
    hands: &Hands,
    desired: &Desired,
    databases: Option<&D>,
) -> Result<Drift, BaseError> {
    let Some(snapshot) = standing.snapshot else {
        let database = standing.database.to_owned();
        return Err(match standing.state.rows.is_empty() {
            true => ProjectError::NoHistory { database },
            false => ProjectError::NoSnapshot { database },
        }
        .into());
    };
    let mut recorded = recorded_as_declared(standing.history_schema, snapshot, desired)?;
    let live = with_known_secrets(standing.live, &recorded, desired);
    let standing = &Standing {
        live: &live,
        ..*standing
    };
    let mut hands = hands.clone().remembering(&recorded);
    let mut live = hands.of(standing.live, desired);
    if snapshot.0.fingerprint != live.fingerprint() {
        let silent = hand_made(standing, &live, &recorded, desired);
        hands.left_alone.extend(silent);
        live = with_recorded(standing.live, &recorded, &hands, desired);
    }
    cut_to_comparable(&mut recorded, &mut live);
    let mut base = with_roles_of_files(standing.live, standing.folder);
    cut_to_record(&mut base, &recorded);
    let mut changes = match databases.filter(|_| needs_scratch(standing)) {
        Some(databases) => settled_differences(databases, &recorded, &live).await?,
        None => compare(&recorded, &live),
    };
    let schemas: BTreeSet<&str> = recorded
        .objects
        .keys()
        .filter_map(ObjectId::schema)
        .collect();
    let coming = Coming::of(standing.folder, standing.state, Course::Up);
    let unrecorded = Unrecorded::of(Some(standing.folder), standing.state);
    let explained = unrecorded.explained(&[&recorded, &live]);
    let is_told = |id: &ObjectId, change: Change| {
        let ours = hands.everything() || id.schema().is_none_or(|schema| schemas.contains(schema));
        !hands.leaves_between(id, desired, [&recorded, &live])
            && !coming.speaks_of(id)
            && !explained.holds(id)
            && !recorded.is_of_other_version(id, &live)
            && (change != Change::Create
                || ours && !is_initial(id) && !is_to_be_made(id, &base, desired))
    };
    changes.retain(|id, change| is_told(id, *change));
    let exchanged = exchanged(&recorded, &live, &base);
    let exchanged = exchanged.filter(|id| is_told(id, Change::Alter)).collect();
    let mut unverifiable = BTreeSet::new();
    if databases.is_none() && needs_scratch(standing) {
        changes.retain(|id, change| match (recorded.get(id), live.get(id)) {
            (Some(one), Some(other)) if *change == Change::Alter && may_be_equal(one, other) => {
                unverifiable.insert(id.clone());
                false
            }
            _ => true,
        });
    }
    Ok(Drift {
        recorded,
        live,
        changes,
        renames: Vec::new(),
        along: Vec::new(),
        entangled: Vec::new(),
        exchanged,
        hands,
        base,
        unverifiable,
    })
}

/// The same at a look, which makes no scratch database: of texts that another major version printed it knows only when they
/// are surely others.
///
/// # Errors
/// As of [`drift`].
pub async fn drift_at_sight(
    standing: &Standing<'_>,
    hands: &Hands,
    desired: &Desired,
) -> Result<Drift, BaseError> {
    drift(standing, hands, desired, None::<&ScratchDatabases>).await
}

/// The managed part of the live database, and of the rest what is recorded: it was in the project's hands.
fn with_recorded(live: &Catalog, recorded: &Catalog, hands: &Hands, desired: &Desired) -> Catalog {
    let managed = hands.of(live, desired);
    live.filtered(|id, _| {
        let part = |parent: &ObjectId| recorded.contains(parent) && parent.kind != Kind::Schema;
        managed.contains(id) || recorded.contains(id) || id.parents().any(part)
    })
}

impl Drift {
    /// The changes that people speak of: what comes or goes with its object is not listed by itself.
    pub fn headline(&self) -> Vec<(&ObjectId, Change)> {
        self.changes
            .iter()
            .filter(|(id, change)| !goes_with_its_whole(&self.changes, id, **change))
            .map(|(id, change)| (id, *change))
            .collect()
    }

    /// What of an altered object is another than it was recorded.
    pub fn attributes(&self, id: &ObjectId) -> Vec<Attribute> {
        match (self.recorded.get(id), self.live.get(id)) {
            (Some(before), Some(after)) => attributes(before, after),
            _ => Vec::new(),
        }
    }

    /// A change as people speak of it: a right that PostgreSQL gives by itself and that was taken away is gone, although it is
    /// its absence that is an object.
    pub fn is_said(&self, id: &ObjectId, change: Change) -> Change {
        let catalog = match change {
            Change::Create => &self.live,
            _ => &self.recorded,
        };
        match (catalog.get(id), change) {
            (Some(Object::Grant(grant)), Change::Create) if !grant.granted => Change::Drop,
            (Some(Object::Grant(grant)), Change::Drop) if !grant.granted => Change::Create,
            _ => change,
        }
    }

    /// What has to be chosen with these changes: what stands on what would go, and what that stands on which would come.
    pub fn lacking(&self, chosen: &Changes, back: bool) -> Vec<ObjectId> {
        let others = || {
            self.changes
                .iter()
                .filter(|(id, _)| !chosen.contains_key(*id))
        };
        let stands_on = |catalog: &Catalog, id: &ObjectId, other: &ObjectId| {
            let mut needed = catalog.dependencies_of(id);
            needed.any(|it| it.ancestors().any(|it| it == other))
        };
        let mut lacking: BTreeSet<ObjectId> = BTreeSet::new();
        for (id, change) in chosen {
            let same = others().filter(|(_, other)| *other == change);
            lacking.extend(
                same.map(|(other, _)| other)
                    .filter(|other| match change {
                        Change::Alter => false,
                        Change::Create if back => stands_on(&self.live, other, id),
                        Change::Create => stands_on(&self.live, id, other),
                        Change::Drop if back => stands_on(&self.recorded, id, other),
                        Change::Drop => stands_on(&self.recorded, other, id),
                    })
                    .cloned(),
            );
        }
        // The text of what uses something that has another name follows it.
        for rename in &self.renames {
            let now = rename.to.inner_of().unwrap_or(&rename.to);
            let follows = others().filter(|(id, change)| {
                **change == Change::Alter && stands_on(&self.recorded, id, now)
            });
            lacking.extend(follows.map(|(id, _)| id.clone()));
        }
        lacking.into_iter().collect()
    }

    /// Who owns a live object, or what it is a part of; a row is nobody's.
    pub fn owner(&self, id: &ObjectId) -> Option<&str> {
        if id.kind == Kind::Row {
            return None;
        }
        id.ancestors().find_map(
            |object| match self.live.get(&object.child(Kind::Owner, "")) {
                Some(Object::Owner(owner)) => Some(owner.role.as_str()),
                _ => None,
            },
        )
    }

    /// A state as something to be reached: every name is meant.
    ///
    /// # Errors
    /// What can't be said in the language, which is a bug.
    pub fn as_desired(catalog: &Catalog) -> Result<Desired, ProjectError> {
        let options = WriteOptions {
            roles_in_full: true,
            ..WriteOptions::default()
        };
        let files = write(catalog, &options);
        let diagnostics = Diagnostics::new();
        let sources = std::sync::Arc::new(Sources::from_texts(files, &diagnostics));
        let names = NamePatterns::new();
        let mut desired = read(sources.nodes(), &names, &diagnostics);
        diagnostics
            .into_result(&sources)
            .map_err(|mistakes| ProjectError::Kdl(Box::new(mistakes)))?;
        for object in desired.objects.values_mut() {
            object.unnamed = false;
        }
        Ok(desired)
    }
}

/// The attributes by which two definitions differ.
pub fn attributes(before: &Object, after: &Object) -> Vec<Attribute> {
    // Of a row its columns are spoken of.
    let json = |object: &Object| match object {
        Object::Row(row) => serde_json::to_value(&row.values).unwrap_or_default(),
        object => object.to_json(),
    };
    let is_row = matches!(after, Object::Row(_));
    let flat = |object: &Object| {
        let mut flat = BTreeMap::new();
        match (json(object), is_row) {
            (serde_json::Value::Object(map), true) => flat.extend(map),
            (value, _) => flatten(String::new(), value, &mut flat),
        }
        flat
    };
    let (old, new) = (flat(before), flat(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| Attribute {
            name: match is_row {
                true => name.clone(),
                // What a routine does has no name of its own in the language.
                false => name
                    .strip_prefix("code.")
                    .unwrap_or(name)
                    .replace('_', "-")
                    .replace('.', " "),
            },
            before: shown(old.get(name)),
            after: shown(new.get(name)),
        })
        .collect()
}

/// The values of a definition, those within others under both names: what is equal of a longer one goes unsaid.
fn flatten(name: String, value: serde_json::Value, flat: &mut BTreeMap<String, serde_json::Value>) {
    match value {
        serde_json::Value::Object(map) => {
            for (inner, value) in map {
                let name = match name.is_empty() {
                    true => inner,
                    false => format!("{name}.{inner}"),
                };
                flatten(name, value, flat);
            }
        }
        value => {
            flat.insert(name, value);
        }
    }
}

/// A value as people read it.
fn shown(value: Option<&serde_json::Value>) -> String {
    match value {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(value) => said(value),
    }
}

/// What names a part and what it is come first, and are said without a word before them.
const FIRST: [&str; 5] = ["name", "column", "expression", "data_type", "value"];

/// A value within a list, and a list.
fn said(value: &Value) -> String {
    let is_empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(said).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            if let (Some(Value::String(schema)), Some(Value::String(name)), 2) =
                (map.get("schema"), map.get("name"), map.len())
            {
                return match schema.is_empty() {
                    true => name.clone(),
                    false => format!("{schema}.{name}"),
                };
            }
            let first = FIRST.iter().filter_map(|word| map.get(*word));
            let first = first.filter(|value| !is_empty(value)).map(said);
            let rest = map
                .iter()
                .filter(|(word, value)| !FIRST.contains(&word.as_str()) && !is_empty(value))
                .map(|(word, value)| match value {
                    Value::Bool(true) => word.replace('_', " "),
                    value => format!("{} {}", word.replace('_', " "), said(value)),
                });
            first.chain(rest).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn lists_are_said_in_words() {
        let told = |value: serde_json::Value| shown(Some(&value));
        assert_eq!(told(serde_json::json!(["a", "b"])), "a, b");
        assert_eq!(
            told(serde_json::json!([
                { "collation": "", "data_type": "integer", "name": "x" },
                { "collation": "de", "data_type": "text", "name": "y" }
            ])),
            "x integer, y text collation de"
        );
        let opclass = serde_json::json!({ "schema": "", "name": "text_pattern_ops" });
        assert_eq!(
            told(serde_json::json!([
                { "column": null, "expression": "lower(note)", "opclass": null, "descending": true, "nulls_first": null },
                { "column": "id", "expression": null, "opclass": opclass, "descending": false, "nulls_first": null }
            ])),
            "lower(note) descending, id opclass text_pattern_ops"
        );
    }
}
