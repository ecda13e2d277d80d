//! What silence means for what is said of objects: owners, and where the project file says so comments, privileges and
//! default privileges, stay as they are in the live database where the files do not speak of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::names;
use super::signatures::with_followers;
use crate::kind::grant::privilege;
use crate::kind::language::{Desired, Rename};
use crate::kind::owner::Owner;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

/// The kinds of which silence may leave what is there; the others are exact.
pub const MAY_BE_LEFT: &[Kind] = &[
    Kind::Owner,
    Kind::Comment,
    Kind::Grant,
    Kind::DefaultPrivilege,
];

/// The kinds that are left as they are where the project file says nothing: there is no "no owner".
pub fn left_by_default() -> BTreeSet<Kind> {
    BTreeSet::from([Kind::Owner])
}

/// The owners that objects keep of which the files name none: under them the files are elaborated, because what an owner is
/// granted, or loses, is something else than what another role is granted.
pub(super) fn owners(
    desired: &Desired,
    base: &Catalog,
    left: &BTreeSet<Kind>,
) -> BTreeMap<ObjectId, Owner> {
    if !left.contains(&Kind::Owner) {
        return BTreeMap::new();
    }
    let renames = with_followers(&names::outer_first(&desired.renames), base);
    base.of_kind(Kind::Owner)
        .filter_map(|(id, object)| match object {
            Object::Owner(owner) => Some((id.parent.as_deref()?, owner)),
            _ => None,
        })
        .filter(|(holder, _)| has_privileges(holder.kind))
        .filter_map(|(holder, owner)| {
            let holder = declared(holder, desired, &renames, base)?;
            // A sequence that a column owns belongs to the table's owner.
            let owned = desired
                .objects
                .contains_key(&holder.child(Kind::SequenceOwner, ""));
            let id = holder.child(Kind::Owner, "");
            (!owned && !is_said(&id, desired)).then(|| (id, (**owner).clone()))
        })
        .collect()
}

/// Whether objects of a kind have privileges, and may belong to a role without special rights.
fn has_privileges(kind: Kind) -> bool {
    kind.default_privileges_class().is_some() || matches!(kind, Kind::Language | Kind::Server)
}

/// The declared object that one of the state before is: of its identity, of that after the renames, or the only routine of
/// its name, whose arguments the files may spell otherwise.
fn declared(
    id: &ObjectId,
    desired: &Desired,
    renames: &[Rename],
    base: &Catalog,
) -> Option<ObjectId> {
    if desired.objects.contains_key(id) {
        return Some(id.clone());
    }
    let renamed = names::renamed(id, renames);
    if desired.objects.contains_key(&renamed) {
        return Some(renamed);
    }
    if !id.kind.has_signature() {
        return None;
    }
    let is_alike = |other: &ObjectId| other.name == id.name && other.parent == id.parent;
    let mut declared = desired
        .of_kind(id.kind)
        .map(|(other, _)| other)
        .filter(|other| is_alike(other));
    let only = declared.next()?;
    let live = base.of_kind(id.kind).filter(|(other, _)| is_alike(other));
    (declared.next().is_none() && live.count() == 1).then(|| only.clone())
}

/// The wanted state, with what the files are silent about as it is in the state before, by whatever name. A new object, and
/// one whose owner is not left as it is, belongs to the role that applies.
pub(super) fn take_over(
    wanted: &Catalog,
    before: &Catalog,
    desired: &Desired,
    role: &str,
    left: &BTreeSet<Kind>,
) -> Catalog {
    let renames = names::declared_renames(before, wanted, desired).renames;
    let mut wanted = wanted.clone();
    take_over_named(&mut wanted, before, &renames, desired, role, left);
    wanted
}

/// The same where the renames are known, and parts to which the files give no name have the names of those that are there.
pub(super) fn take_over_named(
    wanted: &mut Catalog,
    before: &Catalog,
    renames: &[Rename],
    desired: &Desired,
    role: &str,
    left: &BTreeSet<Kind>,
) {
    let renames = with_followers(renames, before).into_iter();
    let named = renames.fold(Cow::Borrowed(before), |state, rename| {
        Cow::Owned(state.renamed(&rename.from, &rename.to))
    });
    let before = &*named;
    let owners: Vec<ObjectId> = wanted
        .of_kind(Kind::Owner)
        .map(|(id, _)| id.clone())
        .filter(|id| !is_said(id, desired))
        .collect();
    for id in owners {
        let owner = match before.get(&id) {
            Some(Object::Owner(owner)) if left.contains(&Kind::Owner) => owner.role.clone(),
            _ => role.to_owned(),
        };
        wanted.objects.insert(
            id,
            Object::from(Owner {
                role: owner,
                is_said: false,
            })
            .into(),
        );
    }
    for kind in left {
        for (id, object) in before.objects.iter().filter(|(id, _)| id.kind == *kind) {
            // Of owners only that of `public`, or of a member of an extension, may be no word: a sequence without one has
            // that of its table.
            let is_public = id.parent.as_deref().is_some_and(ObjectId::is_public_schema);
            let holder_stays = match id.extension() {
                Some(extension) => wanted.contains(extension),
                None => {
                    (*kind != Kind::Owner || is_public)
                        && id.parents().all(|holder| wanted.contains(holder))
                }
            };
            if holder_stays && !wanted.contains(id) && !is_said(id, desired) {
                wanted.objects.insert(id.clone(), object.clone());
                if let Some(needed) = before.dependencies.get(id) {
                    wanted.dependencies.insert(id.clone(), needed.clone());
                }
            }
        }
    }
}

/// Whether the files speak of a facet: by itself, by `all`, or of a routine whose arguments are spelled otherwise.
pub fn is_said(id: &ObjectId, desired: &Desired) -> bool {
    let all = id.signature.replacen(privilege(id), "ALL", 1);
    if desired.objects.contains_key(id)
        || id.kind == Kind::Grant
            && desired
                .objects
                .contains_key(&id.clone().with_signature(&all))
    {
        return true;
    }
    let Some(routine) = id
        .parent
        .as_deref()
        .filter(|object| object.kind.has_signature())
    else {
        return false;
    };
    // Those of all routines of that name stand together.
    let bare = routine.clone().with_signature("");
    let of_name = |said: &&ObjectId| {
        said.kind == id.kind
            && said.parent.as_deref().is_some_and(|it| {
                it.kind == routine.kind && it.parent == routine.parent && it.name == routine.name
            })
    };
    desired
        .objects
        .range(bare.child(id.kind, "")..)
        .map(|(said, _)| said)
        .take_while(of_name)
        .any(|said| {
            said.name == id.name && (said.signature == id.signature || *said.signature == *all)
        })
}
