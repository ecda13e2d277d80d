//! The roles that the files name. A role belongs to the cluster, so what nobody declares may be there; what is neither
//! declared nor there is a mistake that a scratch server, which makes every role that is named, does not find.

use std::collections::{BTreeMap, BTreeSet};

use super::Desired;
use crate::kdl::{Diagnostic, Diagnostics, Span, suggestion};
use crate::kind::Object;
use crate::model::{Kind, ObjectId};

/// The roles that declared objects name, each with the first place.
fn named(desired: &Desired) -> BTreeMap<&str, Span> {
    let mut roles: BTreeMap<&str, Span> = BTreeMap::new();
    for (id, declared) in &desired.objects {
        let names: Vec<&str> = match &declared.object {
            Object::Owner(owner) => vec![&owner.role],
            Object::Grant(grant) => {
                let mut names = vec![&*id.name];
                names.extend(grant.grantor.as_deref());
                names
            }
            Object::DefaultPrivilege(privilege) => vec![&*id.name, &privilege.grantee],
            Object::Policy(policy) => policy.roles.iter().map(String::as_str).collect(),
            Object::UserMapping(_) | Object::RoleMembership(_) => vec![&*id.name],
            _ => Vec::new(),
        };
        for name in names {
            let place = roles.entry(name).or_insert(declared.span);
            *place = declared.span.min(*place);
        }
    }
    roles
}

/// Whether it is a role that every cluster has, or none.
fn is_own(name: &str) -> bool {
    name.is_empty() || name.starts_with("pg_") || name.eq_ignore_ascii_case("public")
}

/// Reports the roles that the files name and that are neither declared nor among those of the `cluster`.
pub fn unknown_roles(desired: &Desired, cluster: &BTreeSet<String>, diagnostics: &Diagnostics) {
    let declared = |name: &str| desired.get(&ObjectId::top(Kind::Role, name)).is_some();
    let mut known: Vec<&str> = cluster.iter().map(String::as_str).collect();
    known.extend(desired.of_kind(Kind::Role).map(|(id, _)| &*id.name));
    for (name, span) in named(desired) {
        if is_own(name) || cluster.contains(name) || declared(name) {
            continue;
        }
        let near = suggestion(name, &known, "");
        let help = match near.starts_with("did you mean") {
            true => near,
            false => format!(
                "declare it with `role {}`, or make it in the cluster first",
                crate::kdl::text_literal(name)
            ),
        };
        diagnostics.push(
            Diagnostic::error(
                "kdl::dangling",
                format!("nobody declares a role `{name}`, and the cluster has none"),
            )
            .at(span, "refers to no role")
            .help(help),
        );
    }
}
