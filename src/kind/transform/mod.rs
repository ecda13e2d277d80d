//! Transforms between a type and a procedural language.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};

/// A transform; its identity is the type and the language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Transform {
    /// The type.
    pub data_type: String,
    /// The language.
    pub language: String,
    /// The function from SQL, with its argument types.
    pub from_sql: Option<String>,
    /// The function to SQL.
    pub to_sql: Option<String>,
}

impl Transform {
    fn statement(&self, verb: &str, id: &ObjectId) -> Vec<Statement> {
        let items: Vec<String> = [("FROM SQL", &self.from_sql), ("TO SQL", &self.to_sql)]
            .into_iter()
            .filter_map(|(word, name)| {
                let name = name.as_ref()?;
                Some(format!("{word} WITH FUNCTION {name}"))
            })
            .collect();
        vec![Statement::sql(format!(
            "{verb} {} ({})",
            reference::described(id),
            items.join(", ")
        ))]
    }
}

impl Definition for Transform {
    const KIND: Kind = Kind::Transform;
    const CLASS: &'static str = "pg_transform";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        self.statement("CREATE", id)
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.statement("CREATE OR REPLACE", id))
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }
}
