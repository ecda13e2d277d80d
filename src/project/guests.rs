//! What a person has made in a schema of the host's: triggers on its tables, policies, tables of their own. A preset leaves
//! the whole schema out, and a project without them looks complete when it is not: so they are counted and named.

use std::collections::BTreeMap;

use super::{Own, hosts_own};
use crate::config::Scope;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

/// What stands in one schema of a host and is hardly the host's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guests {
    /// The host's name.
    pub host: &'static str,
    /// The schema.
    pub schema: String,
    /// The objects by kind.
    pub objects: BTreeMap<Kind, Vec<ObjectId>>,
}

impl Guests {
    /// `1 trigger (auth.users.on_signup), 2 policies (…)`; so many names of each kind.
    pub fn words(&self, names: usize) -> String {
        let kinds: Vec<String> = self
            .objects
            .iter()
            .map(|(kind, ids)| {
                let mut shown: Vec<String> = ids.iter().take(names).map(ObjectId::path).collect();
                if ids.len() > names {
                    shown.push(format!("{} more", ids.len() - names));
                }
                format!("{} ({})", counted(ids.len(), *kind), shown.join(", "))
            })
            .collect();
        kinds.join(", ")
    }
}

/// `1 policy`, `2 policies`.
fn counted(count: usize, kind: Kind) -> String {
    let word = kind.name().replace('-', " ");
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) if word.ends_with('x') => format!("{count} {word}es"),
        (_, None) => format!("{count} {word}s"),
    }
}

/// What stands in the schemas of hosts, is out of the scope, and is hardly the hosts'.
pub fn guests(catalog: &Catalog, scope: &Scope) -> Vec<Guests> {
    let hosts = hosts_own(catalog, &Scope::default());
    let lines = |kind: &str| -> Scope {
        let of_kind = hosts.iter().filter(|(_, own)| own.kind == kind);
        Scope::default().without(of_kind.map(|(_, own)| (own.kind, own.pattern)))
    };
    let (schemas, roles) = (lines("schema"), lines("role"));
    let is_hosts = |schema: &str| schemas.says("schema", schema) == Some(false);
    let is_hosts_role = |role: &str| roles.says("role", role) == Some(false);
    let owner = |id: &ObjectId| match catalog.get(&id.child(Kind::Owner, "")) {
        Some(Object::Owner(owner)) => Some(owner.role.as_str()),
        _ => None,
    };
    let mut found: BTreeMap<String, Guests> = BTreeMap::new();
    for id in catalog.objects.keys() {
        let Some(schema) = id.schema().filter(|schema| is_hosts(schema)) else {
            continue;
        };
        if id.is_built_in() || id.extension().is_some() || scope.decide_of(id).included {
            continue;
        }
        let is_guest = match id.kind {
            Kind::Policy => true,
            // It runs, or points at, what is not the host's.
            Kind::Trigger | Kind::ForeignKey => catalog.dependencies_of(id).any(|needed| {
                needed
                    .schema()
                    .is_some_and(|schema| !is_hosts(schema) && schema != "pg_catalog")
            }),
            _ => {
                let schema_owner = owner(&ObjectId::top(Kind::Schema, schema));
                id.parent
                    .as_deref()
                    .is_some_and(|it| it.kind == Kind::Schema)
                    && schema_owner.is_some_and(is_hosts_role)
                    && owner(id).is_some_and(|role| !is_hosts_role(role))
            }
        };
        let host = hosts.iter().find(|(_, own)| leaves_out(own, schema));
        if let (true, Some((host, _))) = (is_guest, host) {
            found
                .entry(schema.to_owned())
                .or_insert_with(|| Guests {
                    host: host.name,
                    schema: schema.to_owned(),
                    objects: BTreeMap::new(),
                })
                .objects
                .entry(id.kind)
                .or_default()
                .push(id.clone());
        }
    }
    found.into_values().collect()
}

fn leaves_out(own: &Own, schema: &str) -> bool {
    own.kind == "schema"
        && Scope::default()
            .without([(own.kind, own.pattern)])
            .says("schema", schema)
            == Some(false)
}
