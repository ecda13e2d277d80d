//! Default privileges: what objects made later are born with. Global ones differ from PostgreSQL's own defaults, those
//! of a schema add to them.

pub(super) mod kdl;

use serde::{Deserialize, Serialize};

use super::grant::grantee;
use super::language::Writing;
use super::{Alteration, Context, Definition, Form, HazardClass, Statement};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// One default privilege. The parent is the schema, or none; the name is the role whose objects it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultPrivilege {
    /// `tables`, `sequences`, `functions`, `types` or `schemas`.
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
