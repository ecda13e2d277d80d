//! Against what `diff` compares: the state after the last file. The live database serves as that state only where its
//! history is at that point and its catalog is the one recorded there.

use std::collections::{BTreeMap, BTreeSet};

use super::{Hands, ProjectError, Workspace, cut_to_comparable, recorded_as_declared};
use crate::author::{AuthorError, Databases};
use crate::config::ManageObjects;
use crate::diff::{Change, Changes, compare, same_structure};
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::migrate::{ApplyTo, Folder, SnapshotHead, State, plan_apply};
use crate::model::{Kind, ObjectId};
use crate::pg::introspect::introspect;
use crate::scratch::build::{Spelling, build, empty};
use crate::scratch::prove::{Forms, settle};
use crate::sql::quote::ident;

/// The live database and what is known of it.
pub struct Standing<'a> {
    /// Its name, for messages.
    pub database: &'a str,
    /// Everything in it.
    pub live: &'a Catalog,
    /// The migration files.
    pub folder: &'a Folder,
    /// The history.
    pub state: &'a State,
    /// The history's schema.
    pub history_schema: &'a str,
    /// The catalog recorded last.
    pub snapshot: Option<&'a (SnapshotHead, Vec<u8>)>,
    /// `manage { objects }`.
    pub objects: ManageObjects,
    /// `--drop KIND:PATH`.
    pub drop: &'a [String],
}

impl<'a> Standing<'a> {
    /// The standing of a project's database, with nothing that is to be dropped beside what the files say.
    pub fn of(
        workspace: &'a Workspace,
        folder: &'a Folder,
        state: &'a State,
        (database, live): (&'a str, &'a Catalog),
        snapshot: Option<&'a (SnapshotHead, Vec<u8>)>,
    ) -> Standing<'a> {
        let manage = &workspace.database().manage;
        Standing {
            database,
            live,
            folder,
            state,
            history_schema: &workspace.project.history_schema,
            snapshot,
            objects: manage.objects,
            drop: &[],
        }
    }
}

/// What the next migration starts from.
#[derive(Debug, Clone)]
pub struct Base {
    /// Everything in the database.
    pub catalog: Catalog,
    /// The project's hands, with what is left alone.
    pub hands: Hands,
}

/// The objects that no new database has, at the grain that people speak of; the scope's ignored ones left out.
fn own_objects(catalog: &Catalog, hands: &Hands) -> impl Iterator<Item = ObjectId> + use<> {
    let all = hands.clone().all().of(catalog, &Desired::default());
    all.objects
        .into_inner()
        .into_keys()
        .filter(|id| !is_initial(id) && is_whole(id))
}

/// Whether every new database has it: schema public, plpgsql, what is said of them.
pub fn is_initial(id: &ObjectId) -> bool {
    let own = |id: &ObjectId| {
        id.parent.is_none()
            && match id.kind {
                Kind::Schema => &*id.name == "public",
                Kind::Extension | Kind::Language => &*id.name == "plpgsql",
                _ => false,
            }
    };
    own(id) || id.kind.is_facet() && id.parent.as_deref().is_some_and(own)
}

/// Whether people speak of it as an object of its own: no part, no facet.
pub(super) fn is_whole(id: &ObjectId) -> bool {
    !id.kind.is_facet()
        && id
            .parent
            .as_deref()
            .is_none_or(|parent| parent.kind == Kind::Schema)
}

/// Takes the live database as the base, or says why it cannot be.
///
/// # Errors
/// [`ProjectError`]: unmanaged, behind, drifted, undeclared. Problems of the files as [`AuthorError`] never come here.
pub async fn base_of_live<D: Databases>(
    standing: &Standing<'_>,
    hands: &Hands,
    desired: &Desired,
    databases: &D,
) -> Result<Base, BaseError> {
    // What the files say is a secret is none of a way back either.
    let live = hands.keeping_secrets(standing.live.clone(), desired);
    let standing = &Standing {
        live: &live,
        ..*standing
    };
    let Standing { folder, state, .. } = standing;
    let database = || standing.database.to_owned();
    let pending = plan_apply(folder, state, &ApplyTo::Last)?;
    let fresh = state.point().0.is_empty();
    let mut is_filled = false;
    if fresh && standing.snapshot.is_none() {
        let objects: Vec<String> = own_objects(&live, hands).map(|id| id.to_string()).collect();
        is_filled = !objects.is_empty();
        if is_filled && pending.is_empty() {
            return Err(ProjectError::Unmanaged {
                database: database(),
                count: objects.len(),
                objects,
            }
            .into());
        }
    }
    if !pending.is_empty() {
        return Err(ProjectError::Behind {
            database: database(),
            versions: pending
                .iter()
                .map(|pending| pending.migration.label())
                .collect(),
            is_new: is_filled,
        }
        .into());
    }
    let mut hands = hands.clone();
    let Some(snapshot) = standing.snapshot else {
        if !fresh {
            return Err(ProjectError::NoSnapshot {
                database: database(),
            }
            .into());
        }
        return Ok(Base {
            catalog: with_roles_of_files(&live, folder),
            hands,
        });
    };
    if !state.snapshot_is_current() {
        return Err(ProjectError::NoSnapshot {
            database: database(),
        }
        .into());
    }
    let managed = hands.of(&live, desired);
    if snapshot.0.fingerprint == managed.fingerprint() {
        return Ok(Base {
            catalog: with_roles_of_files(&live, folder),
            hands,
        });
    }
    let mut recorded = recorded_as_declared(standing.history_schema, snapshot, desired)?;
    let live = with_known_secrets(&live, &recorded, desired);
    let standing = &Standing {
        live: &live,
        ..*standing
    };
    let managed = hands.of(&live, desired);
    let mut dropped = BTreeSet::new();
    for wanted in standing.drop {
        let found = named(&live, wanted).ok_or_else(|| ProjectError::DropNothing {
            wanted: wanted.clone(),
        })?;
        dropped.insert(found);
    }
    let silent = hand_made(standing, &managed, &recorded, desired);
    hands
        .left_alone
        .extend(silent.difference(&dropped).cloned());
    let mut managed = hands.of(&live, desired);
    cut_to_comparable(&mut recorded, &mut managed);
    let (mut undeclared, mut drifted) = (Vec::new(), Vec::new());
    let mut altered = false;
    let changes = compare(&recorded, &managed);
    let here = with_roles_of_files(&live, folder);
    let renamed = renamed_by_hand(&changes, &recorded, &managed);
    for (id, change) in changes {
        let inside = |set: &BTreeSet<ObjectId>| id.ancestors().any(|id| set.contains(id));
        match change {
            _ if hands.leaves_between(&id, desired, [&recorded, &managed]) => {}
            // What an update of the extension says otherwise.
            _ if recorded.is_of_other_version(&id, &managed) => {}
            // Not in the project's hands any more, but there: nothing happened to it.
            Change::Drop if live.contains(&id) => {}
            Change::Drop => drifted.push(match renamed.get(&id) {
                Some(name) => format!("{id} is called {} here", name.name),
                None => format!("{id} is gone"),
            }),
            Change::Create if renamed.values().any(|name| *name == id) => {}
            Change::Alter => altered = true,
            Change::Create if is_initial(&id) || inside(&dropped) => {}
            Change::Create if is_to_be_made(&id, &here, desired) => {}
            Change::Create
                if standing.objects == ManageObjects::Exact
                    && !desired.declares(&id, &live.origin.role) => {}
            // What stands on an undeclared object is said with it.
            Change::Create
                if id
                    .parents()
                    .any(|parent| is_new(parent, &recorded, &managed)) => {}
            Change::Create if desired.declares(&id, &live.origin.role) => {
                drifted.push(format!("{id} is there already"));
            }
            Change::Create if id.kind.is_facet() => drifted.push(format!("{id} is new")),
            Change::Create => undeclared.push(id.to_string()),
        }
    }
    if altered {
        let both = |catalog: &Catalog, other: &Catalog| {
            catalog.filtered(|id, _| other.contains(id) || !is_whole(id))
        };
        for id in settled_differences(
            databases,
            &both(&recorded, &managed),
            &both(&managed, &recorded),
        )
        .await?
        .into_iter()
        .filter(|(_, change)| *change == Change::Alter)
        .map(|(id, _)| id)
        {
            drifted.push(format!("{id} is altered"));
        }
    }
    if !drifted.is_empty() {
        drifted.extend(undeclared.iter().map(|id| format!("{id} is new")));
        return Err(ProjectError::Drifted {
            database: database(),
            objects: drifted,
        }
        .into());
    }
    if !undeclared.is_empty() {
        return Err(ProjectError::Undeclared {
            objects: undeclared,
        }
        .into());
    }
    Ok(Base {
        catalog: here,
        hands,
    })
}

/// Whether it is a declared role, or a part of one, that the cluster has and no file makes yet: the next one does, where it is
/// missing. `here` holds those that files make.
pub(super) fn is_to_be_made(id: &ObjectId, here: &Catalog, desired: &Desired) -> bool {
    let root = id.root();
    root.kind == Kind::Role && desired.objects.contains_key(root) && !here.contains(root)
}

/// A catalog of which those options are secrets that are ones in the record or in the files.
pub(super) fn with_known_secrets(live: &Catalog, recorded: &Catalog, desired: &Desired) -> Catalog {
    let recorded = recorded.objects.iter().map(|(id, it)| (id, it.as_ref()));
    live.clone()
        .with_secrets_of(recorded.chain(desired.known()))
}

/// The live catalog, with those roles only that a file makes. Roles belong to the cluster: that one is on the author's
/// says nothing of the next one, so the first file that needs it makes it where it is missing.
pub fn with_roles_of_files(live: &Catalog, folder: &Folder) -> Catalog {
    let bodies: Vec<String> = folder
        .migrations()
        .iter()
        .map(|migration| migration.up.file.body().to_lowercase())
        .collect();
    let made = |role: &str| bodies.iter().any(|body| makes_role(body, role));
    live.filtered(|id, _| {
        !id.ancestors()
            .any(|id| id.kind == Kind::Role && !made(&id.name))
    })
}

/// Whether SQL in lower case holds `create role NAME`.
fn makes_role(body: &str, role: &str) -> bool {
    let words = format!("create role {}", ident(role).to_lowercase());
    body.match_indices(&words).any(|(at, _)| {
        !body[at + words.len()..]
            .starts_with(|next: char| next.is_alphanumeric() || "_$\"".contains(next))
    })
}

fn is_new(id: &ObjectId, recorded: &Catalog, live: &Catalog) -> bool {
    live.contains(id) && !recorded.contains(id) && !is_initial(id)
}

/// What is undeclared and left alone without a word: partitions beside the declared ones, and everything undeclared where
/// only declared objects are managed.
pub(super) fn hand_made(
    standing: &Standing<'_>,
    managed: &Catalog,
    recorded: &Catalog,
    desired: &Desired,
) -> BTreeSet<ObjectId> {
    let partition = |id: &ObjectId| standing.live.contains(&id.child(Kind::Partition, ""));
    let exact = |id: &ObjectId| {
        standing
            .live
            .dependencies_of(&id.child(Kind::Partition, ""))
            .any(|parent| desired.exact_partitions.contains(parent))
    };
    managed
        .objects
        .keys()
        .filter(|id| is_whole(id) && id.parent.is_some())
        .filter(|id| !desired.declares(id, &standing.live.origin.role) && !is_renamed(id, desired))
        .filter(|id| {
            // What a run recorded came from the files, and goes with its line.
            !recorded.contains(id)
                && (standing.objects == ManageObjects::Declared || partition(id) && !exact(id))
        })
        .cloned()
        .collect()
}

/// Whether the files have a table neither as it is called nor under another name.
pub(super) fn goes(table: &ObjectId, desired: &Desired) -> bool {
    let mut renames = desired.renames.iter();
    desired.get(table).is_none() && !renames.any(|rename| table.is_within(&rename.from))
}

fn is_renamed(id: &ObjectId, desired: &Desired) -> bool {
    desired.renames.iter().any(|rename| rename.from == *id)
}

/// The recorded parts that have another name now: one of the same structure stands beside, which is not recorded.
fn renamed_by_hand(
    changes: &Changes,
    recorded: &Catalog,
    managed: &Catalog,
) -> BTreeMap<ObjectId, ObjectId> {
    let new = changes
        .iter()
        .filter(|(_, change)| **change == Change::Create)
        .map(|(id, _)| id.clone())
        .collect();
    same_structure(recorded, managed, &new)
        .into_iter()
        .map(|(new, old)| (old, new))
        .collect()
}

/// The objects in the project's hands that are there before a run, that nobody declares and no migration left: a run
/// must not record them as its own.
pub fn strangers(
    live: &Catalog,
    recorded: Option<&Catalog>,
    hands: &Hands,
    desired: &Desired,
) -> BTreeSet<ObjectId> {
    hands
        .of(live, desired)
        .objects
        .keys()
        .filter(|id| is_whole(id) && !is_initial(id) && id.kind != Kind::Schema)
        .filter(|id| !desired.declares(id, &live.origin.role) && !is_renamed(id, desired))
        .filter(|id| recorded.is_none_or(|recorded| !recorded.contains(id)))
        .cloned()
        .collect()
}

/// Whether `KIND:PATH` names an object.
pub fn is_meant_by(id: &ObjectId, wanted: &str) -> bool {
    let (kind, path) = wanted.split_once(':').unwrap_or(("", wanted));
    (kind.is_empty() || id.kind.name() == kind) && id.path() == path
}

/// The object that `KIND:PATH` names.
fn named(catalog: &Catalog, wanted: &str) -> Option<ObjectId> {
    let mut all = catalog.objects.keys();
    all.find(|id| is_meant_by(id, wanted)).cloned()
}

/// What differs between two catalogs after both were printed by a scratch database: other spellings of the same thing do
/// not count.
///
/// # Errors
/// Where a catalog cannot be built on scratch.
pub async fn settled_differences<D: Databases>(
    databases: &D,
    from: &Catalog,
    to: &Catalog,
) -> Result<Changes, AuthorError> {
    let changes = compare(from, to);
    if !changes.values().any(|change| *change == Change::Alter) {
        return Ok(changes);
    }
    let mut forms = Vec::new();
    for catalog in [from, to] {
        let mut known = Forms::of(catalog);
        let session = databases
            .database("settle")
            .await
            .map_err(AuthorError::Database)?;
        // What cannot be rebuilt cannot be settled: then its first printing decides.
        let empty = empty(&session).await.map_err(AuthorError::Introspect)?;
        // What a scratch database has and the catalog does not speak of stays: the catalog may stand on it.
        let empty = empty.filtered(|id, _| catalog.contains(id.whole()));
        // Values of rows are printed as they are.
        let catalog = &catalog.filtered(|id, _| id.kind != Kind::Row);
        if build(&session, catalog, &empty, Spelling::Printed)
            .await
            .is_ok()
        {
            known.add(&introspect(session.client()).await?);
        }
        forms.push(known);
    }
    let [from_forms, to_forms] = forms.as_slice() else {
        return Ok(changes);
    };
    Ok(compare(from, &settle(from, from_forms, to, to_forms)))
}

/// Why there is no base.
#[derive(Debug, thiserror::Error)]
pub enum BaseError {
    /// The state of the project.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The files.
    #[error(transparent)]
    Folder(#[from] crate::migrate::FolderError),
    /// The history.
    #[error(transparent)]
    History(#[from] crate::migrate::HistoryError),
    /// The scratch databases.
    #[error("{0}")]
    Author(Box<AuthorError>),
}

impl From<AuthorError> for BaseError {
    fn from(error: AuthorError) -> BaseError {
        BaseError::Author(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::makes_role;

    #[test]
    fn a_file_makes_the_role_that_it_names_in_full() {
        let body = "do $$begin create role app_reader; end$$; create role \"odd name\" login";
        assert!(makes_role(body, "app_reader") && makes_role(body, "odd name"));
        assert!(!makes_role(body, "app") && !makes_role(body, "odd"));
    }
}
