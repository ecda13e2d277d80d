//! Extensions. Their members are theirs alone; the version matters only where somebody states it. plpgsql comes with
//! every new database.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{
    Alteration, Catalog, Context, Definition, HazardClass, Relocation, Statement, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{dollar, ident, literal};

/// An extension.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct Extension {
    /// The schema of its objects; empty in a desired extension that leaves it to PostgreSQL.
    pub schema_name: String,
    /// The installed version; empty in a desired extension.
    pub version: String,
    /// Whether its control file says the schema, so that nobody else can.
    #[serde(default)]
    pub fixed: bool,
    /// The version that the author states.
    #[serde(skip)]
    pub stated: Option<String>,
}

impl Extension {
    fn wanted_version(&self, other: &Extension) -> Option<String> {
        let wanted = self.stated.as_ref()?;
        let there = other.stated.as_ref().unwrap_or(&other.version);
        (wanted != there).then(|| wanted.clone())
    }
}

/// Whether a version goes before another one, number by number.
fn is_older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        text.split(|letter: char| !letter.is_ascii_digit())
            .filter_map(|part| part.parse().ok())
            .collect()
    };
    numbers(version) < numbers(than)
}

/// The way to an older version, where the extension brings a script for it; else the newer one stays.
fn back(id: &ObjectId, update: &str, from: &str, to: &str) -> Statement {
    let body = format!(
        "BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_extension_update_paths({}) WHERE source = {} AND target = {} AND path IS NOT NULL) THEN {update}; END IF; END",
        literal(&id.name),
        literal(from),
        literal(to)
    );
    Statement::sql(format!("DO {}", dollar(&body))).hazard(
        "extension-downgrade",
        HazardClass::Irreversible,
        id,
        "extensions seldom bring a script that leads back to an older version: where there is none, the newer one stays",
    )
}

impl PartialEq for Extension {
    fn eq(&self, other: &Self) -> bool {
        self.schema_name == other.schema_name
            && self.wanted_version(other).is_none()
            && other.wanted_version(self).is_none()
    }
}

impl Eq for Extension {}

impl Definition for Extension {
    const KIND: Kind = Kind::Extension;
    const CLASS: &'static str = "pg_extension";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn relocation(&self, to: &Self, id: &ObjectId, _: &Catalog) -> Option<Relocation> {
        if self.fixed || to.schema_name.is_empty() || self.schema_name == to.schema_name {
            return None;
        }
        let go = |schema: &str| {
            Statement::sql(format!(
                "ALTER EXTENSION {} SET SCHEMA {}",
                reference::name(id),
                ident(schema)
            ))
        };
        Some(Relocation {
            schema: to.schema_name.clone(),
            there: vec![go(&to.schema_name)],
            back: vec![go(&self.schema_name)],
            halfway: None,
            named: Vec::new(),
            reached: to.clone().into(),
        })
    }

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!("CREATE EXTENSION {}", reference::name(id));
        if !self.schema_name.is_empty() && !self.fixed {
            sql.push_str(&format!(" SCHEMA {}", ident(&self.schema_name)));
        }
        if let Some(version) = &self.stated {
            sql.push_str(&format!(" VERSION {}", literal(version)));
        }
        if self.schema_name.is_empty() {
            // PostgreSQL's default is the first schema of the search path, which is empty here.
            sql = format!(
                "DO {}",
                dollar(&format!(
                    "BEGIN SET LOCAL search_path TO public; {sql}; END"
                ))
            );
        }
        vec![Statement::sql(sql)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![
            Statement::sql(format!("DROP EXTENSION {}", reference::name(id))).hazard(
                "drop-extension",
                HazardClass::Irreversible,
                id,
                "the extension's own objects and settings are dropped with it",
            ),
        ]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let head = format!("ALTER EXTENSION {}", reference::name(id));
        let mut statements = Vec::new();
        if self.schema_name != to.schema_name {
            if self.fixed || to.fixed {
                return Alteration::Rebuild;
            }
            statements.push(Statement::sql(format!(
                "{head} SET SCHEMA {}",
                ident(&to.schema_name)
            )));
        }
        let version = to
            .wanted_version(self)
            .or_else(|| self.wanted_version(to).map(|_| to.version.clone()));
        if let Some(version) = version {
            let there = self.stated.as_ref().unwrap_or(&self.version);
            let update = format!("{head} UPDATE TO {}", literal(&version));
            statements.push(match (is_older(&version, there), &to.stated) {
                (false, _) => Statement::sql(update),
                (true, None) => back(id, &update, there, &version),
                // Whoever states an older version is told where PostgreSQL has no way to it.
                (true, Some(_)) => Statement::sql(update).hazard(
                    "extension-downgrade",
                    HazardClass::Irreversible,
                    id,
                    "what only the newer version has goes with it",
                ),
            });
        }
        Alteration::InPlace(statements)
    }

    fn adopt_words(&mut self, desired: &Self) {
        self.stated.clone_from(&desired.stated);
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }
}
