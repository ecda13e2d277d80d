//! Publications; the tables and schemas in one are parts of their own.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::literal;

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Publication {
    /// Whether it is FOR ALL TABLES.
    pub all_tables: bool,
    /// What is published: `insert`, `update`, `delete`, `truncate`.
    pub publish: Vec<String>,
    /// Whether changes of partitions are published as those of the partitioned table.
    pub via_root: bool,
    /// `stored`, where generated columns are published (PostgreSQL 18).
    pub generated_columns: Option<String>,
}

/// What can be published, in the order of the catalog.
const ACTIONS: &[&str] = &["insert", "update", "delete", "truncate"];

fn is_of_changed_rows(action: &str) -> bool {
    matches!(action, "update" | "delete")
}

impl Publication {
    fn options(&self, from: &Publication) -> Vec<String> {
        let mut items = Vec::new();
        if self.publish != from.publish {
            items.push(format!("publish = {}", literal(&self.publish.join(", "))));
        }
        if self.via_root != from.via_root {
            items.push(format!("publish_via_partition_root = {}", self.via_root));
        }
        if self.generated_columns != from.generated_columns {
            let value = self.generated_columns.as_deref().unwrap_or("none");
            items.push(format!("publish_generated_columns = {}", literal(value)));
        }
        items
    }

    /// Whether it tells subscribers of rows that change or go.
    pub(in crate::kind) fn tells_changed_rows(&self) -> bool {
        self.publish.iter().any(|it| is_of_changed_rows(it))
    }

    /// Has it tell of no row that changes or goes, and of what it is for again.
    pub(in crate::kind) fn without_changed_rows(&self, id: &ObjectId) -> [Statement; 2] {
        let publish = self.publish.iter().filter(|it| !is_of_changed_rows(it));
        let quiet = Publication {
            publish: publish.cloned().collect(),
            ..self.clone()
        };
        [quiet.set(self, id), self.set(&quiet, id)]
    }

    fn set(&self, from: &Publication, id: &ObjectId) -> Statement {
        Statement::sql(format!(
            "ALTER PUBLICATION {} SET ({})",
            reference::name(id),
            self.options(from).join(", ")
        ))
    }

    fn usual() -> Publication {
        Publication {
            publish: ACTIONS.iter().map(|word| (*word).to_owned()).collect(),
            ..Publication::default()
        }
    }
}

impl Definition for Publication {
    const KIND: Kind = Kind::Publication;
    const CLASS: &'static str = "pg_publication";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!("CREATE PUBLICATION {}", reference::name(id));
        if self.all_tables {
            sql.push_str(" FOR ALL TABLES");
        }
        let items = self.options(&Publication::usual());
        if !items.is_empty() {
            sql.push_str(&format!(" WITH ({})", items.join(", ")));
        }
        vec![Statement::sql(sql)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        if self.all_tables != to.all_tables {
            return Alteration::Rebuild;
        }
        Alteration::InPlace(vec![to.set(self, id)])
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER PUBLICATION {} RENAME TO {}",
            reference::name(from),
            reference::name(to)
        ))]
    }
}
