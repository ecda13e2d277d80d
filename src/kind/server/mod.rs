//! Foreign servers.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::secrets::{self, Held, Secrets};
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, Options};
use crate::sql::quote::{ident, literal};

/// A foreign server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Server {
    /// The foreign data wrapper.
    pub wrapper: String,
    /// The type.
    pub server_type: Option<String>,
    /// The version.
    pub version: Option<String>,
    /// The options.
    pub options: Options,
    /// The options that are secrets, with the variables that hold them.
    #[serde(default, skip_serializing_if = "Secrets::is_empty")]
    pub secrets: Secrets,
}

impl Definition for Server {
    const KIND: Kind = Kind::Server;
    const CLASS: &'static str = "pg_foreign_server";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!("CREATE SERVER {}", reference::name(id));
        for (word, value) in [("TYPE", &self.server_type), ("VERSION", &self.version)] {
            if let Some(value) = value {
                sql.push_str(&format!(" {word} {}", literal(value)));
            }
        }
        sql.push_str(&format!(" FOREIGN DATA WRAPPER {}", ident(&self.wrapper)));
        sql.push_str(&format!(
            " {}",
            secrets::clause(&self.options, &self.secrets)
        ));
        vec![Statement::sql(sql.trim_end())]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let statement = Statement::sql(format!("DROP {}", reference::described(id)));
        vec![secrets::dropped(statement, &self.secrets, id)]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        if self.wrapper != to.wrapper || self.server_type != to.server_type {
            return Alteration::Rebuild;
        }
        let mut items = Vec::new();
        if self.version != to.version {
            let version = to.version.as_deref();
            items.push(match version {
                Some(version) => format!("VERSION {}", literal(version)),
                None => "VERSION NULL".to_owned(),
            });
        }
        items.extend(secrets::changes(
            (&self.options, &self.secrets),
            (&to.options, &to.secrets),
        ));
        Alteration::InPlace(vec![Statement::sql(format!(
            "ALTER SERVER {} {}",
            reference::name(id),
            items.join(" ")
        ))])
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        secrets::adopt((&mut self.options, &mut self.secrets), &desired.secrets);
    }

    fn held(&mut self) -> Held<'_> {
        Held::Options(&mut self.options, &mut self.secrets)
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER SERVER {} RENAME TO {}",
            reference::name(from),
            reference::name(to)
        ))]
    }
}
