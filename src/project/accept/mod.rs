//! Taking what is in a database into the KDL files: the record with the accepted changes is written as the language has
//! it, before and after, and what differs there is taken over into the files, each change at the place where a person
//! declared the object. What no place can be told for is refused by name; nothing is written here.

mod places;
mod rows;
mod trees;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::renamed::{apart, called_by, followed, turned, unfollowed};
use super::{Declared, Drift, ProjectError, Workspace, elaborated, is_initial};
use crate::author::{AuthorError, Databases};
use crate::diff::{Change, Changes, compare};
use crate::kind::Catalog;
use crate::kind::language::{Desired, NamePatterns, Rename, WriteOptions};
use crate::model::{Kind, ObjectId};
use places::Places;
use trees::Tree;

/// KDL files as they would be.
#[derive(Debug, Clone, Default)]
pub struct Edited {
    /// The files that change or are new, with their texts.
    pub files: BTreeMap<PathBuf, String>,
}

/// An object whose place in the files can't be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The object.
    pub id: ObjectId,
    /// Why.
    pub why: String,
}

impl Drift {
    /// The changes that go with those of [`Drift::headline`] for which `chosen` is true.
    pub fn chosen(&self, chosen: impl Fn(&ObjectId) -> bool) -> Changes {
        let heads: BTreeMap<&ObjectId, Change> = self
            .headline()
            .into_iter()
            .filter(|(id, _)| chosen(id))
            .collect();
        let goes = |id: &ObjectId, change: Change| match change {
            Change::Alter => heads.contains_key(id),
            _ => id.ancestors().any(|id| heads.get(id) == Some(&change)),
        };
        self.changes
            .iter()
            .filter(|(id, change)| goes(id, **change))
            .map(|(id, change)| (id.clone(), *change))
            .collect()
    }

    /// Which of the changes stand on an extension that the files do not make, and on which nothing stood before: the other
    /// databases may do without it.
    pub fn unheld(&self, changes: &Changes, desired: &Desired) -> Vec<(ObjectId, ObjectId)> {
        let is_foreign = |needed: &&ObjectId| {
            needed.kind == Kind::Extension
                && !is_initial(needed)
                && !self.recorded.contains(needed)
                && !changes.contains_key(*needed)
                && desired.get(needed).is_none()
        };
        let known: BTreeSet<&ObjectId> = self
            .recorded
            .dependencies
            .values()
            .flatten()
            .filter(is_foreign)
            .collect();
        let stays = changes.iter().filter(|(_, it)| **it != Change::Drop);
        stays
            .flat_map(|(id, _)| {
                let needed = self.base.dependencies_of(id).filter(is_foreign);
                let needed = needed.filter(|it| !known.contains(it));
                needed.map(move |it| (id.clone(), it.clone()))
            })
            .collect()
    }

    /// What edited files mean otherwise than before beside the changes that were meant: nobody asked for it.
    ///
    /// # Errors
    /// Where no scratch database can be had, or PostgreSQL refuses what the files say.
    pub async fn strays<D: Databases>(
        &self,
        databases: &D,
        workspace: &Workspace,
        before: &Desired,
        after: &Desired,
        meant: &Changes,
    ) -> Result<Vec<ObjectId>, AuthorError> {
        let old = elaborated(databases, workspace, before).await?;
        let old = followed(&old, &self.all_renames());
        let new = elaborated(databases, workspace, after).await?;
        let is_meant = |id: &ObjectId| {
            let whole = |id: &ObjectId| !matches!(meant.get(id), None | Some(Change::Alter));
            meant.contains_key(id) || id.parents().any(whole)
        };
        let others = compare(&old, &new).into_keys();
        Ok(others.filter(|id| !is_meant(id)).collect())
    }

    /// The record as it is with these changes.
    pub fn recorded_with(&self, changes: &Changes) -> Catalog {
        patched(&self.recorded, &self.live, changes)
    }

    /// The record as a correction leaves it, which does without these changes: the names are those of the record.
    ///
    /// # Errors
    /// What can't be said in the language, which is a bug.
    pub fn corrected(&self, others: &Changes) -> Result<Desired, ProjectError> {
        let recorded = unfollowed(&self.recorded_with(others), &self.all_renames());
        let mut desired = Drift::as_desired(&recorded)?;
        let (inner, outer) = apart(&self.renames);
        for rename in &inner {
            was_called(&mut desired, &turned(rename), &back_to(&outer));
        }
        // The outer first, each with the identity that the record has for it.
        for (place, rename) in outer.iter().enumerate() {
            let mut back = turned(rename);
            back.to = back_to(&outer[..place])(&back.to);
            desired.renames.push(back);
        }
        Ok(desired)
    }

    /// What the migration leads to that the others run.
    ///
    /// # Errors
    /// What can't be said in the language, which is a bug.
    pub fn accepted(&self, after: &Catalog) -> Result<Desired, ProjectError> {
        let mut desired = Drift::as_desired(after)?;
        let (inner, outer) = apart(&self.renames);
        for rename in &inner {
            was_called(&mut desired, rename, &ObjectId::clone);
        }
        desired.renames = outer;
        Ok(desired)
    }

    /// Everything in the live database, its managed part as it was recorded: what a migration starts from that others have
    /// still to run, to get to `after`.
    pub fn recorded_base(&self, after: &Catalog) -> Catalog {
        let back: Changes = self
            .changes
            .iter()
            .map(|(id, change)| {
                let back = match change {
                    Change::Create => Change::Drop,
                    Change::Drop => Change::Create,
                    Change::Alter => Change::Alter,
                };
                (id.clone(), back)
            })
            .collect();
        let mut base = patched(&self.base, &self.recorded, &back);
        // A row that is accepted as gone is not asked for any more.
        base.asked.retain(|id, _| after.contains(id));
        unfollowed(&base, &self.all_renames())
    }
}

/// The identity that an object had before renames.
fn back_to(renames: &[Rename]) -> impl Fn(&ObjectId) -> ObjectId {
    let back: Vec<Rename> = renames.iter().rev().map(turned).collect();
    move |id| called_by(id, &back)
}

/// Says of a type what was called otherwise within it; `called` is what the type is called there.
fn was_called(desired: &mut Desired, rename: &Rename, called: &dyn Fn(&ObjectId) -> ObjectId) {
    let whole = rename.to.inner_of().map(called);
    let object = whole.and_then(|id| desired.objects.get_mut(&id));
    if let Some(object) = object {
        let (from, to) = (&rename.from.name, &rename.to.name);
        object.object.was_called_inside(from, to);
    }
}

/// A catalog with some objects as another one has them.
fn patched(onto: &Catalog, from: &Catalog, changes: &Changes) -> Catalog {
    let gone = |id: &ObjectId| changes.get(id) == Some(&Change::Drop);
    let mut catalog = onto.filtered(|id, _| !id.ancestors().any(gone));
    // What an object has that comes comes with it, also where silence leaves it as it is: its owner.
    let comes = |id: &ObjectId| {
        let holder = id.parent.as_deref();
        id.kind.is_facet()
            && !changes.contains_key(id)
            && holder.is_some_and(|holder| changes.get(holder) == Some(&Change::Create))
    };
    let along = from.objects.keys().filter(|id| comes(id));
    let said = changes
        .iter()
        .filter(|(_, change)| **change != Change::Drop)
        .map(|(id, _)| id);
    for id in said.chain(along) {
        let Some(object) = from.objects.get(id) else {
            continue;
        };
        catalog.objects.insert(id.clone(), object.clone());
        if let Some(needed) = from.dependencies.get(id) {
            catalog.dependencies.insert(id.clone(), needed.clone());
        }
        if let Some(position) = from.positions.get(id) {
            catalog.positions.insert(id.clone(), *position);
        }
        if let Some(owner) = from.owned.get(id) {
            catalog.owned.insert(id.clone(), owner.clone());
        }
        if from.partitioned.contains(id) {
            catalog.partitioned.insert(id.clone());
        }
    }
    catalog
}

/// The files after `changes`, which lead from `before` to `after`; new files stand in `folder`.
///
/// # Errors
/// The objects for which no place can be told; [`ProjectError`] where a catalog can't be written, which is a bug.
pub fn edited(
    declared: &Declared,
    found: &Drift,
    after: &Catalog,
    changes: &Changes,
    names: &NamePatterns,
    folder: PathBuf,
) -> Result<Result<Edited, Vec<Unplaced>>, ProjectError> {
    let (asked, said) = (&found.live.asked, &found.renames);
    // What a type consists of has its name of now on both sides: the files are told of it apart.
    let (inner, renames) = apart(&found.all_renames());
    let renames = &renames;
    let before = &unfollowed(&found.recorded, renames);
    let with_rows = after;
    let plain = |catalog: &Catalog| catalog.filtered(|id, _| id.kind != Kind::Row);
    let (before, after) = (&plain(before), &plain(after));
    let person = Tree::of_files(declared);
    let mut value_nodes = person.with_value_nodes();
    let person = person.following(renames).following_inside(&inner);
    value_nodes.extend(person.with_value_nodes());
    let options = WriteOptions {
        names: names.clone(),
        // A record has those that the files declare.
        roles_in_full: true,
        for_all: Some(declared.desired.for_all.clone()),
        value_nodes,
        ..WriteOptions::default()
    };
    let old = Tree::of_catalog(before, &options)?.following(renames);
    let new = Tree::of_catalog(after, &options)?;
    // What is touched is told by the names of now.
    let before = &followed(before, renames);
    let mut places = Places::new(&old, &new, &person, folder);
    // What a change says of others too: a default privilege, of those that were made without it.
    let mut touched = old.differing(&new);
    for id in changes.keys() {
        let sides = [(&old, before), (&new, after)];
        for (tree, _) in sides.iter().filter(|(_, catalog)| catalog.contains(id)) {
            touched.extend(tree.owner_of(id));
        }
        places.said_apart(id);
    }
    let in_other_words = places.said_otherwise();
    touched.extend(&in_other_words);
    let mut unplaced = places.rename(&apart(said).1);
    unplaced.extend(places.rename_inside(&inner, after));
    unplaced.extend(rows::edit(&mut places, with_rows, asked, changes));
    Ok(places.edit(&touched, unplaced))
}
