//! Default privileges: what objects made later are born with. Global ones differ from PostgreSQL's own defaults, those
//! of a schema add to them.

pub(super) mod kdl;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::grant::{Grant, grantee, owner, signature};
use super::language::Writing;
use super::{Alteration, Catalog, Context, Definition, Form, HazardClass, Object, Statement};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// One default privilege. The parent is the schema, or none; the name is the role whose objects it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct DefaultPrivilege {
    /// `tables`, `sequences`, `functions`, `types`, `schemas` or `large objects`.
    pub on: String,
    /// Who gets it; `public` for everybody.
    pub grantee: String,
    /// `SELECT`, `EXECUTE`, …
    pub privilege: String,
    /// Whether it is given; otherwise one of PostgreSQL's own defaults is taken away.
    pub granted: bool,
    /// Whether the grantee may pass it on.
    pub grantable: bool,
}

impl DefaultPrivilege {
    /// Its identity.
    pub fn id(&self, schema: Option<&ObjectId>, role: &str) -> ObjectId {
        let signature = format!("{}/{}/{}", self.on, self.grantee, self.privilege);
        let id = match schema {
            Some(schema) => schema.child(Kind::DefaultPrivilege, role),
            None => ObjectId::top(Kind::DefaultPrivilege, role),
        };
        id.with_signature(&signature)
    }

    fn statement(&self, id: &ObjectId, give: bool, option: &str) -> Vec<Statement> {
        let mut verb = String::from("ALTER DEFAULT PRIVILEGES");
        if !id.name.is_empty() {
            verb.push_str(&format!(" FOR ROLE {}", ident(&id.name)));
        }
        if let Some(schema) = id.schema() {
            verb.push_str(&format!(" IN SCHEMA {}", ident(schema)));
        }
        verb.push_str(if give { " GRANT" } else { " REVOKE" });
        let to = if give { "TO" } else { "FROM" };
        let tail = format!(
            "ON {} {to} {}{option}",
            self.on.to_uppercase(),
            grantee(&self.grantee)
        );
        vec![
            Statement::form(Form::Grant {
                verb,
                privileges: vec![self.privilege.clone()],
                tail,
            })
            .hazard(
                "default-privileges",
                HazardClass::Authorization,
                id,
                "what objects made later are born with changes",
            ),
        ]
    }
}

/// A right with which an object is born, or without which, otherwise than PostgreSQL has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Born {
    /// Whose right it is: the object's owner has that of whoever made it.
    pub grantee: String,
    /// The privilege, as a grant of the object has it.
    pub privilege: String,
    /// What the object is born with.
    pub grant: Grant,
    /// Whether PostgreSQL gives the right by itself, so that no word of it means that it is there.
    pub usual: bool,
}

/// What an object is born with in a database with these default privileges. `objects` is the catalog that has it.
pub fn born_with(
    defaults: &Catalog,
    role: &str,
    id: &ObjectId,
    class: &str,
    schema: Option<&str>,
    objects: &Catalog,
) -> Vec<Born> {
    let owner = owner(id, objects).unwrap_or(role);
    // A schema is made for its owner; all else is made by whoever makes it, and given to its owner then.
    let role = match class {
        "schemas" => owner,
        _ => role,
    };
    let mut born: BTreeMap<(String, String), Born> = BTreeMap::new();
    // Those of the database are read before those of a schema, which only add.
    for (place, object) in defaults.of_kind(Kind::DefaultPrivilege) {
        let Object::DefaultPrivilege(given) = object else {
            continue;
        };
        let here = place.schema().is_none_or(|it| Some(it) == schema);
        if *place.name != *role || !here || given.on != class {
            continue;
        }
        let makers = given.grantee == role;
        if makers && given.granted {
            // Whoever makes an object may do everything with it; in a schema that is given back.
            born.remove(&(given.grantee.clone(), given.privilege.clone()));
            continue;
        }
        let grantee = if makers { owner } else { &given.grantee };
        let grant = Grant {
            granted: given.granted,
            grantable: given.grantable,
            grantor: None,
        };
        let public = given.grantee == "public" && matches!(class, "functions" | "types");
        born.entry((given.grantee.clone(), given.privilege.clone()))
            .and_modify(|born| {
                born.grant.grantable |= grant.grantable;
                born.grant.granted |= grant.granted;
            })
            .or_insert_with(|| Born {
                grantee: grantee.to_owned(),
                privilege: signature(id, &given.privilege),
                grant,
                usual: public || grantee == owner,
            });
    }
    born.into_values().collect()
}

impl Definition for DefaultPrivilege {
    const KIND: Kind = Kind::DefaultPrivilege;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let option = if self.grantable {
            " WITH GRANT OPTION"
        } else {
            ""
        };
        self.statement(id, self.granted, option)
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        self.statement(id, !self.granted, "")
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(id, writing)
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::Rebuild
    }
}
