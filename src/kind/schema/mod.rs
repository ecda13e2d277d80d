//! Schemas. `public` comes with every new database: where it is made anew, it is made as initdb makes it, and what is said
//! of it (owner, comment, grants) is said against that.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::owner::of_new_schema;
use super::{Alteration, Context, Definition, HazardClass, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{ident, literal};

/// The owner that initdb gives to `public`.
const OWNER: &str = "pg_database_owner";

/// `public` as initdb leaves it: owner, comment and rights.
fn as_in_a_new_database(server_version: u32) -> Vec<Statement> {
    let (make, rights) = if server_version >= 150_000 {
        (
            format!("CREATE SCHEMA public AUTHORIZATION {OWNER}"),
            "USAGE",
        )
    } else {
        ("CREATE SCHEMA public".to_owned(), "CREATE, USAGE")
    };
    vec![
        Statement::sql(make),
        Statement::sql(format!(
            "COMMENT ON SCHEMA public IS {}",
            literal("standard public schema")
        )),
        Statement::sql(format!("GRANT {rights} ON SCHEMA public TO PUBLIC")),
    ]
}

/// A schema has nothing but its name, its parts and its facets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Schema {}

impl Definition for Schema {
    const KIND: Kind = Kind::Schema;
    const CLASS: &'static str = "pg_namespace";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if id.is_public_schema() {
            return as_in_a_new_database(context.server_version);
        }
        let mut sql = format!("CREATE SCHEMA {}", reference::name(id));
        if let Some(owner) = of_new_schema(id, context) {
            sql.push_str(&format!(" AUTHORIZATION {}", ident(owner)));
        }
        vec![Statement::sql(sql)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![
            Statement::sql(format!("DROP SCHEMA {}", reference::name(id))).hazard(
                "drop-schema",
                HazardClass::Compatibility,
                id,
                "the schema is dropped",
            ),
        ]
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::InPlace(Vec::new())
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        let mut node = NodeWriter::new("schema");
        node.name(&id.name);
        writing.facets(id, &mut node);
        Some(node)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER SCHEMA {} RENAME TO {}",
            reference::name(from),
            reference::name(to)
        ))]
    }
}
