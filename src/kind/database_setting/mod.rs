//! Settings of the database: only what the project states is managed. The database is named when the statement runs, so
//! that one migration fits databases of any name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, Statement, setting};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{dollar, literal};

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct DatabaseSetting {
    /// The value as pg_db_role_setting stores it.
    pub value: String,
}

fn alter(action: &str) -> Vec<Statement> {
    // %% stands for a percent sign in format().
    let template = literal(&format!("ALTER DATABASE %I {}", action.replace('%', "%%")));
    let body = format!("BEGIN EXECUTE format({template}, current_database()); END");
    vec![Statement::sql(format!("DO {}", dollar(&body)))]
}

impl Definition for DatabaseSetting {
    const KIND: Kind = Kind::DatabaseSetting;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        alter(&setting::set(&id.name, &self.value))
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        alter(&format!("RESET {}", setting::name(&id.name)))
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }
}
