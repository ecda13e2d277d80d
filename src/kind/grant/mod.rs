//! Privileges, once for all kinds: how an object's access list differs from the one it was born with. A privilege that
//! PostgreSQL gives by itself and that was taken away is an object too.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Alteration, Catalog, Context, Definition, Form, HazardClass, Object, Statement, reference,
};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{dollar, ident};

/// One privilege of one grantee on the parent, or on the parent's column. The identity's name is the grantee
/// (`public` for everybody), its signature the privilege, and the grantor where that is not the owner: each may give the same
/// right, and takes back only its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Grant {
    /// Whether the privilege is held; otherwise it is one that PostgreSQL's own default gives and that was revoked.
    pub granted: bool,
    /// Whether the grantee may pass it on.
    pub grantable: bool,
    /// Who granted it, where that is not the owner.
    pub grantor: Option<String>,
}

impl Grant {
    /// A privilege that is held, granted by the owner.
    pub fn held() -> Self {
        Grant {
            granted: true,
            grantable: false,
            grantor: None,
        }
    }

    /// What takes the right to pass it on away from a privilege that is held with it.
    pub fn without_option(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        self.by(statement(
            id,
            "REVOKE GRANT OPTION FOR",
            "FROM",
            "",
            context.after,
        ))
    }

    /// A privilege of PostgreSQL's default that is taken away.
    pub fn revoked() -> Self {
        Grant {
            granted: false,
            grantable: false,
            grantor: None,
        }
    }
}

/// The grantee as statements write it.
pub fn grantee(name: &str) -> String {
    if name == "public" {
        "PUBLIC".to_owned()
    } else {
        ident(name)
    }
}

/// What stands between a privilege and its grantor.
const BY: &str = " BY ";

/// The signature of a grant: the privilege, and who granted it where that is not the owner.
pub fn signature_by(privilege: &str, grantor: Option<&str>) -> String {
    match grantor {
        Some(grantor) => format!("{privilege}{BY}{grantor}"),
        None => privilege.to_owned(),
    }
}

/// The privilege that a grant is about.
pub fn privilege(id: &ObjectId) -> &str {
    id.signature
        .split_once(BY)
        .map_or(&*id.signature, |(privilege, _)| privilege)
}

/// What stands before a privilege on the sequence of an identity column, in the grants of the column.
const SEQUENCE: &str = "SEQUENCE ";

/// The privilege as a grant of this object has it, for one that objects of the class are born with.
pub fn signature(object: &ObjectId, privilege: &str) -> String {
    let prefix = if object.kind == Kind::Column {
        SEQUENCE
    } else {
        ""
    };
    format!("{prefix}{privilege}")
}

/// Who owns the object, or the table that the column or the sequence belongs to: what that role has, it has as the owner.
pub fn owner<'a>(object: &ObjectId, catalog: &'a Catalog) -> Option<&'a str> {
    let belongs_to = catalog.owned.get(object);
    std::iter::once(object)
        .chain(object.parents())
        .chain(belongs_to)
        .chain(belongs_to.into_iter().flat_map(ObjectId::parents))
        .filter(|holder| holder.kind != Kind::Schema || *holder == object)
        .find_map(|holder| match catalog.get(&holder.child(Kind::Owner, "")) {
            Some(Object::Owner(owner)) => Some(owner.role.as_str()),
            _ => None,
        })
}

/// `TABLE auth.users` as GRANT wants it, and the privilege with the column's name where it is a column's.
fn target(id: &ObjectId, catalog: &Catalog) -> Option<(String, String)> {
    let object = id.parent.as_deref()?;
    let privilege = privilege(id).to_owned();
    if let Some(privilege) = privilege.strip_prefix(SEQUENCE) {
        let sequence = reference::identity_sequence(object, catalog)?;
        return Some((format!("SEQUENCE {sequence}"), privilege.to_owned()));
    }
    if object.kind == Kind::Column {
        let relation = object.parent.as_deref()?;
        return Some((
            format!("TABLE {}", reference::name(relation)),
            format!("{privilege} ({})", ident(&object.name)),
        ));
    }
    let name = reference::name(object);
    let text = match object.kind {
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable => {
            format!("TABLE {name}")
        }
        Kind::Aggregate => format!("FUNCTION {}", name.replace("(*)", "()")),
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType => {
            format!("TYPE {name}")
        }
        Kind::Server => format!("FOREIGN SERVER {name}"),
        kind => format!("{} {name}", kind.sql()),
    };
    Some((text, privilege))
}

fn statement(
    id: &ObjectId,
    verb: &str,
    preposition: &str,
    tail: &str,
    catalog: &Catalog,
) -> Vec<Statement> {
    let Some((object, right)) = target(id, catalog) else {
        return Vec::new();
    };
    let tail = format!("ON {object} {preposition} {}{tail}", grantee(&id.name));
    vec![
        Statement::form(Form::Grant {
            verb: verb.to_owned(),
            privileges: vec![right],
            tail,
        })
        .hazard(
            if verb == "GRANT" { "grant" } else { "revoke" },
            HazardClass::Authorization,
            id,
            format!(
                "{} {} {} on {object}",
                id.name,
                if verb == "GRANT" { "gets" } else { "loses" },
                privilege(id)
            ),
        ),
    ]
}

/// What sets right the privileges that a change of owner hands over, those that the old owner has by statements: they become
/// the new one's. What goes anyway is gone before.
pub(super) fn taken_over(
    owner: &ObjectId,
    from: &str,
    to: &str,
    context: &Context<'_>,
) -> Vec<Statement> {
    let Some(object) = owner.parent.as_deref() else {
        return Vec::new();
    };
    let columns = context.before.children(object, Kind::Column);
    let holders = std::iter::once(object).chain(columns.into_iter().map(|(column, _)| column));
    let rights = holders
        .flat_map(|holder| context.before.children(holder, Kind::Grant))
        .filter(|(id, object)| {
            let is_owners =
                matches!(object, Object::Grant(it) if it.granted && it.grantor.is_none());
            *id.name == *from && is_owners && !privilege(id).starts_with(SEQUENCE)
        });
    let mut statements = Vec::new();
    for (id, before) in rights {
        let kept = context.after.get(id);
        let handed_over = ObjectId {
            name: to.into(),
            ..id.clone()
        };
        let goes_before = is_of_whole(id) && kept.is_none();
        if !context.after.contains(&handed_over) && !goes_before {
            statements.extend(before.drop(&handed_over, context));
        }
        if let Some(kept) = kept {
            statements.extend(kept.create(id, context));
        }
    }
    // Nobody has more or less by these than before.
    statements
        .into_iter()
        .map(Statement::without_hazards)
        .collect()
}

/// Whether a privilege is one on the whole object, all of which its owner is born with; on a column nobody is.
fn is_of_whole(id: &ObjectId) -> bool {
    let is_of_column = id
        .parent
        .as_deref()
        .is_some_and(|it| it.kind == Kind::Column);
    !is_of_column || privilege(id).starts_with(SEQUENCE)
}

impl Grant {
    fn by(&self, statements: Vec<Statement>) -> Vec<Statement> {
        // A grant by somebody else than the owner stands only if that role says it: in one statement, so that nothing of it
        // is ever said by another.
        let Some(grantor) = &self.grantor else {
            return statements;
        };
        statements
            .into_iter()
            .map(|statement| {
                let block = format!(
                    "\nDECLARE\n  before text := pg_catalog.current_setting('role');\nBEGIN\n  SET LOCAL ROLE {};\n  {};\n  \
                     PERFORM pg_catalog.set_config('role', before, true);\nEND\n",
                    ident(grantor),
                    statement.text()
                );
                Statement {
                    hazards: statement.hazards,
                    ..Statement::sql(format!("DO {}", dollar(&block)))
                }
            })
            .collect()
    }
}

/// What a role grants that is not the owner comes after that role's own right to do so, and to reach the schema: each such
/// grant with these rights. Roles may give one another the same right in a ring: only rights that are fewer steps from the
/// owner count.
pub fn rights_before(catalog: &Catalog) -> BTreeMap<ObjectId, Vec<ObjectId>> {
    let mut before = BTreeMap::new();
    let by_others = |object: &Object| matches!(object, Object::Grant(it) if it.grantor.is_some());
    if !catalog
        .of_kind(Kind::Grant)
        .any(|(_, object)| by_others(object))
    {
        return before;
    }
    let steps = steps_from_owner(catalog);
    for (id, object) in catalog.of_kind(Kind::Grant) {
        let Object::Grant(grant) = object else {
            continue;
        };
        let Some(grantor) = grant.grantor.as_deref() else {
            continue;
        };
        let mut rights = Vec::new();
        for holder in id.parents() {
            for (right, _) in catalog.children(holder, Kind::Grant) {
                let public = holder.kind == Kind::Schema && &*right.name == "public";
                let nearer = right.parent != id.parent || steps.get(right) < steps.get(id);
                if nearer && (&*right.name == grantor || public) {
                    rights.push(right.clone());
                }
            }
            // Who owns the schema reaches what is in it.
            let owner = holder.child(Kind::Owner, "");
            if matches!(catalog.get(&owner), Some(Object::Owner(it)) if it.role == grantor) {
                rights.push(owner);
            }
        }
        before.insert(id.clone(), rights);
    }
    before
}

/// How many hands each grant went through.
fn steps_from_owner(catalog: &Catalog) -> BTreeMap<&ObjectId, usize> {
    let (mut reached, mut waiting) = (Vec::new(), Vec::new());
    for (id, object) in catalog.of_kind(Kind::Grant) {
        if let Object::Grant(grant) = object {
            match grant.grantor.as_deref() {
                Some(grantor) => waiting.push((id, grantor)),
                None => reached.push((id, "")),
            }
        }
    }
    let mut steps: BTreeMap<&ObjectId, usize> = BTreeMap::new();
    // Who holds which right on what, of the grants that were counted.
    let mut held: BTreeSet<(Option<&ObjectId>, &str, &str)> = BTreeSet::new();
    let mut step = 0;
    loop {
        for (id, _) in reached {
            steps.insert(id, step);
            held.insert((id.parent.as_deref(), &id.name, privilege(id)));
        }
        if waiting.is_empty() {
            return steps;
        }
        step += 1;
        let is_explained = |(id, grantor): &(&ObjectId, &str)| {
            held.contains(&(id.parent.as_deref(), *grantor, privilege(id)))
        };
        (reached, waiting) = waiting.into_iter().partition(is_explained);
        // What no right of the list explains is told of as the nearest: it may stand on a right of the whole relation.
        if reached.is_empty() {
            std::mem::swap(&mut reached, &mut waiting);
        }
    }
}

impl Definition for Grant {
    const KIND: Kind = Kind::Grant;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let statements = match (self.granted, self.grantable) {
            (true, false) => statement(id, "GRANT", "TO", "", context.after),
            (true, true) => statement(id, "GRANT", "TO", " WITH GRANT OPTION", context.after),
            (false, _) => statement(id, "REVOKE", "FROM", "", context.after),
        };
        self.by(statements)
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        // Its owner keeps the privilege itself.
        let owns =
            |catalog| id.parent.as_deref().and_then(|it| owner(it, catalog)) == Some(&*id.name);
        if self.granted && is_of_whole(id) && (owns(context.before) || owns(context.after)) {
            return self.without_option(id, context);
        }
        let statements = if self.granted {
            statement(id, "REVOKE", "FROM", "", context.after)
        } else {
            statement(id, "GRANT", "TO", "", context.after)
        };
        self.by(statements)
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        match (self.granted, to.granted) {
            (true, true) if self.grantable && !to.grantable => {
                Alteration::InPlace(to.without_option(id, context))
            }
            (true, true) => Alteration::InPlace(to.create(id, context)),
            _ => Alteration::Rebuild,
        }
    }
}
