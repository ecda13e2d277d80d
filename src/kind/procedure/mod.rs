//! Procedures.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::routine::{self, Code};
use super::{
    Alteration, Context, Definition, HazardClass, NameSlot, Statement, Stub, reference, setting,
};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId, Options};

/// A procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Procedure {
    /// The argument list with modes, names and defaults, as `pg_get_function_arguments` prints it.
    pub arguments: Expression,
    /// The language.
    pub language: String,
    /// Whether it runs with its owner's rights.
    pub security_definer: bool,
    /// Settings while it runs.
    pub config: Options,
    /// Types whose transforms are used.
    pub transforms: Vec<String>,
    /// Where its code is.
    pub code: Code,
}

impl Procedure {
    fn statement(&self, verb: &str, id: &ObjectId) -> Statement {
        let mut sql = format!(
            "{verb} PROCEDURE {}({})\n    LANGUAGE {}",
            reference::schema_name(id),
            self.arguments.text(),
            crate::sql::quote::ident(&self.language)
        );
        if let Some(transforms) = routine::transforms(&self.transforms) {
            sql.push_str(&format!("\n    {transforms}"));
        }
        if self.security_definer {
            sql.push_str("\n    SECURITY DEFINER");
        }
        for (key, value) in &self.config.0 {
            sql.push_str(&format!("\n    {}", setting::set(key, value)));
        }
        sql.push('\n');
        sql.push_str(&self.code.clause());
        Statement::sql(sql)
    }

    /// The same for its callers, without code of its own.
    fn dummy(&self) -> Procedure {
        Procedure {
            arguments: Expression::new(self.arguments.canonical.clone()),
            language: routine::DUMMY_LANGUAGE.to_owned(),
            code: routine::dummy_code(),
            transforms: Vec::new(),
            ..self.clone()
        }
    }
}

impl Definition for Procedure {
    const KIND: Kind = Kind::Procedure;
    const CLASS: &'static str = "pg_proc";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![self.statement("CREATE", id)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "DROP PROCEDURE {}",
            reference::name(id)
        ))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        if !routine::replaceable(&self.arguments.canonical, &to.arguments.canonical) {
            return Alteration::Rebuild;
        }
        let mut statement = to.statement("CREATE OR REPLACE", id);
        if self.security_definer != to.security_definer {
            statement = statement.hazard(
                "security-definer",
                HazardClass::Authorization,
                id,
                "whose rights the procedure runs with changes",
            );
        }
        Alteration::InPlace(vec![statement])
    }

    fn stub(&self, id: &ObjectId, _: &Context<'_>) -> Option<Stub> {
        // PostgreSQL reads a body only where it is no text. Defaults stay: callers may count on them.
        self.code.sql.as_ref()?;
        let dummy = self.dummy();
        Some(Stub {
            make: vec![dummy.statement("CREATE", id)],
            hollow: vec![dummy.statement("CREATE OR REPLACE", id)],
            complete: vec![self.statement("CREATE OR REPLACE", id)],
        })
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::routine(id)]
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.arguments.source.clone_from(&desired.arguments.source);
        self.code.adopt(&desired.code);
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("PROCEDURE", from, to)
    }
}
