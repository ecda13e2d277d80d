//! A schema whose tables are in a publication (PostgreSQL 15).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// A published schema; the identity's name is the schema's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct PublicationSchema {}

fn act(id: &ObjectId, verb: &str) -> Vec<Statement> {
    let publication = id.parent.as_deref().map(reference::name);
    vec![Statement::sql(format!(
        "ALTER PUBLICATION {} {verb} TABLES IN SCHEMA {}",
        publication.unwrap_or_default(),
        ident(&id.name)
    ))]
}

impl Definition for PublicationSchema {
    const KIND: Kind = Kind::PublicationSchema;
    const CLASS: &'static str = "pg_publication_namespace";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        act(id, "ADD")
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        act(id, "DROP")
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::InPlace(Vec::new())
    }
}
