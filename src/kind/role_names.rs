//! A catalog under other names of roles: in an environment a role of the files may have another name. What a statement
//! names as a role is named here too; texts that PostgreSQL printed are left as they are.

use std::sync::Arc;

use super::grant::{privilege, signature_by};
use super::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::roles::RoleNames;

impl Catalog {
    /// The catalog of a database with the names that roles have in the files.
    pub fn with_roles_of_files(self, names: &RoleNames) -> Catalog {
        if names.is_empty() {
            return self;
        }
        let named = |name: &str| names.called_in_files(name.to_owned());
        let mut catalog = self.with_ids(&|id| identity(id, &named));
        for object in catalog.objects.values_mut() {
            if let Some(renamed) = object_of(object, &named) {
                *object = Arc::new(renamed);
            }
        }
        let origin = &mut catalog.origin;
        origin.role = named(&origin.role);
        origin.roles = origin.roles.iter().map(|role| named(role)).collect();
        origin.roles.sort();
        catalog
    }
}

/// The identity with other names of roles in it, at whatever depth.
fn identity(id: &ObjectId, named: &dyn Fn(&str) -> String) -> ObjectId {
    let mut id = ObjectId {
        parent: id.parent.as_deref().map(|it| Arc::new(identity(it, named))),
        ..id.clone()
    };
    match id.kind {
        Kind::Role | Kind::RoleMembership | Kind::UserMapping => id.name = named(&id.name).into(),
        Kind::Grant => {
            let grantor = id.signature.strip_prefix(privilege(&id)).map(str::to_owned);
            let grantor = grantor.as_deref().and_then(|it| it.strip_prefix(" BY "));
            let signature = signature_by(privilege(&id), grantor.map(named).as_deref());
            id.name = named(&id.name).into();
            id.signature = signature.into();
        }
        Kind::DefaultPrivilege => {
            id.name = named(&id.name).into();
            let parts = id.signature.split_once('/').and_then(|(on, rest)| {
                let (grantee, privilege) = rest.rsplit_once('/')?;
                Some(format!("{on}/{}/{privilege}", named(grantee)))
            });
            if let Some(signature) = parts {
                id.signature = signature.into();
            }
        }
        _ => {}
    }
    id
}

/// The object with other names of roles in it; none where it names no role.
fn object_of(object: &Object, named: &dyn Fn(&str) -> String) -> Option<Object> {
    let mut object = object.clone();
    match &mut object {
        Object::Owner(owner) => owner.role = named(&owner.role),
        Object::Grant(grant) => grant.grantor = grant.grantor.as_deref().map(named),
        Object::DefaultPrivilege(privilege) => privilege.grantee = named(&privilege.grantee),
        Object::Policy(policy) => {
            policy.roles = policy.roles.iter().map(|role| named(role)).collect();
            policy.roles.sort();
        }
        _ => return None,
    }
    Some(object)
}
