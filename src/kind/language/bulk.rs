//! Privileges over all objects of a schema, `grant select on=tables to=x`: spread over each object when read, folded back
//! when every object of the class has them.

use std::collections::{BTreeMap, BTreeSet};

use super::ForAll;
use super::writing::all_privileges;
use crate::kind::grant::{Grant, owner};
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

/// The words of `on=`, and the kinds that each is about.
pub(super) const CLASSES: &[(&str, &[Kind])] = &[
    (
        "tables",
        &[
            Kind::Table,
            Kind::View,
            Kind::MaterializedView,
            Kind::ForeignTable,
        ],
    ),
    ("sequences", &[Kind::Sequence]),
    (
        "functions",
        &[Kind::Function, Kind::Procedure, Kind::Aggregate],
    ),
    (
        "types",
        &[
            Kind::Enum,
            Kind::Domain,
            Kind::Composite,
            Kind::Range,
            Kind::BaseType,
        ],
    ),
];

/// So many objects make a class worth a line of its own; one sequence does, which is mostly a serial column's.
fn is_worth_it(on: &str, objects: usize) -> bool {
    objects >= 2 || on == "sequences"
}

/// The kinds that a word of `on=` is about.
pub(super) fn kinds(on: &str) -> &'static [Kind] {
    CLASSES
        .iter()
        .find(|(word, _)| *word == on)
        .map(|(_, kinds)| *kinds)
        .unwrap_or_default()
}

/// A privilege that all objects of a class have alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Common {
    pub(super) on: &'static str,
    pub(super) grantee: String,
    pub(super) granted: bool,
    pub(super) grantable: bool,
    pub(super) privilege: String,
}

/// What schemas say of all their objects of a class.
pub(super) struct Bulk<'a> {
    /// The lines, by schema.
    pub(super) common: BTreeMap<&'a ObjectId, Vec<Common>>,
    /// The grants that need not be said any more.
    pub(super) said: BTreeSet<&'a ObjectId>,
    /// The objects that are otherwise, which have to say so.
    pub(super) lacking: BTreeMap<&'a ObjectId, BTreeSet<Common>>,
}

/// These lines, whatever the objects have in common.
pub(super) fn as_said<'a>(catalog: &'a Catalog, lines: &[ForAll]) -> Bulk<'a> {
    let mut bulk = Bulk {
        common: BTreeMap::new(),
        said: BTreeSet::new(),
        lacking: BTreeMap::new(),
    };
    let of = |line: &ForAll, privilege: &str| Common {
        on: line.on,
        grantee: line.grantee.clone(),
        granted: line.granted,
        grantable: line.grantable,
        privilege: privilege.to_owned(),
    };
    for line in lines {
        if let Some((schema, _)) = catalog.objects.get_key_value(&line.schema) {
            let common = of(line, &line.privilege);
            bulk.common.entry(schema).or_default().push(common);
        }
    }
    for id in catalog.objects.keys() {
        let Some((schema, on)) = class(id) else {
            continue;
        };
        let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
        for line in lines {
            if line.on != on || line.schema != *schema {
                continue;
            }
            for privilege in privileges(id.kind, &line.privilege, catalog) {
                // The first line that speaks of it counts.
                if !known.insert((&line.grantee, privilege)) {
                    continue;
                }
                let grant = id
                    .child(Kind::Grant, &line.grantee)
                    .with_signature(privilege);
                let said = Grant {
                    granted: line.granted,
                    grantable: line.grantable,
                    grantor: None,
                };
                match catalog.objects.get_key_value(&grant) {
                    Some((grant, it)) if **it == Object::from(said) => {
                        bulk.said.insert(grant);
                    }
                    // It is said of the object itself.
                    Some(_) => {}
                    None if is_usual(id, &line.grantee, on, catalog) == line.granted => {}
                    None => {
                        let lacking = bulk.lacking.entry(id).or_default();
                        lacking.insert(of(line, privilege));
                    }
                }
            }
        }
    }
    bulk
}

/// Whether a role has the rights on an object by itself: its owner, and everybody on functions and types.
fn is_usual(id: &ObjectId, grantee: &str, on: &str, catalog: &Catalog) -> bool {
    let owner = owner(id, catalog).unwrap_or(&catalog.origin.role);
    grantee == owner || grantee == "public" && matches!(on, "functions" | "types")
}

/// What a privilege is on an object of a kind: one, or each of them.
fn privileges<'p>(kind: Kind, privilege: &'p str, catalog: &Catalog) -> Vec<&'p str> {
    let all = match kind {
        Kind::Function | Kind::Procedure | Kind::Aggregate => &["EXECUTE"],
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType => &["USAGE"],
        kind => all_privileges(kind, catalog.origin.server_version),
    };
    match privilege {
        "ALL" => all.to_vec(),
        one => vec![one],
    }
}

/// What is common in each schema.
pub(super) fn common(catalog: &Catalog) -> Bulk<'_> {
    let mut sizes: BTreeMap<(&ObjectId, &str), usize> = BTreeMap::new();
    for id in catalog.objects.keys() {
        if let Some((schema, on)) = class(id) {
            *sizes.entry((schema, on)).or_default() += 1;
        }
    }
    let mut holders: BTreeMap<(&ObjectId, Common), Vec<&ObjectId>> = BTreeMap::new();
    for (id, object) in catalog.of_kind(Kind::Grant) {
        if let Object::Grant(grant) = object
            && grant.grantor.is_none()
            && let Some((schema, on)) = id.parent.as_deref().and_then(class)
        {
            let common = Common {
                on,
                grantee: id.name.to_string(),
                granted: grant.granted,
                grantable: grant.grantable,
                privilege: id.signature.to_string(),
            };
            holders.entry((schema, common)).or_default().push(id);
        }
    }
    let mut commons: BTreeMap<&ObjectId, Vec<Common>> = BTreeMap::new();
    let mut said = BTreeSet::new();
    for ((schema, common), grants) in holders {
        let size = sizes.get(&(schema, common.on)).copied().unwrap_or(0);
        if grants.len() == size && is_worth_it(common.on, size) {
            said.extend(grants);
            commons.entry(schema).or_default().push(common);
        }
    }
    Bulk {
        common: commons,
        said,
        lacking: BTreeMap::new(),
    }
}

/// The schema of an object that belongs to a class, and the class.
fn class(id: &ObjectId) -> Option<(&ObjectId, &'static str)> {
    let schema = id.parent.as_deref().filter(|it| it.kind == Kind::Schema)?;
    let (on, _) = CLASSES.iter().find(|(_, kinds)| kinds.contains(&id.kind))?;
    Some((schema, on))
}
