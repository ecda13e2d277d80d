//! Foreign data wrappers.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::secrets::{self, Held, Secrets};
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, Options, QualifiedName};

/// A foreign data wrapper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct ForeignDataWrapper {
    /// Makes the access routines.
    pub handler: Option<QualifiedName>,
    /// Checks options.
    pub validator: Option<QualifiedName>,
    /// The options.
    pub options: Options,
    /// The options that are secrets, with the variables that hold them.
    #[serde(default, skip_serializing_if = "Secrets::is_empty")]
    pub secrets: Secrets,
}

impl Definition for ForeignDataWrapper {
    const KIND: Kind = Kind::ForeignDataWrapper;
    const CLASS: &'static str = "pg_foreign_data_wrapper";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!("CREATE FOREIGN DATA WRAPPER {}", reference::name(id));
        for (word, name) in [("HANDLER", &self.handler), ("VALIDATOR", &self.validator)] {
            if let Some(name) = name {
                sql.push_str(&format!(" {word} {}", reference::of(name)));
            }
        }
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
        let mut items = Vec::new();
        for (word, from, to) in [
            ("HANDLER", &self.handler, &to.handler),
            ("VALIDATOR", &self.validator, &to.validator),
        ] {
            if from != to {
                items.push(match to {
                    Some(name) => format!("{word} {}", reference::of(name)),
                    None => format!("NO {word}"),
                });
            }
        }
        items.extend(secrets::changes(
            (&self.options, &self.secrets),
            (&to.options, &to.secrets),
        ));
        Alteration::InPlace(vec![Statement::sql(format!(
            "ALTER FOREIGN DATA WRAPPER {} {}",
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
            "ALTER FOREIGN DATA WRAPPER {} RENAME TO {}",
            reference::name(from),
            reference::name(to)
        ))]
    }
}
