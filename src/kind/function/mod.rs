//! Functions, window functions and trigger functions included. CREATE OR REPLACE wherever PostgreSQL takes it, because
//! views, triggers and defaults hold on to the function.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::routine::{self, Code};
use super::{
    Alteration, Context, Definition, HazardClass, NameSlot, Statement, Stub, reference, results,
    setting,
};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId, Options, QualifiedName};

/// A function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Function {
    /// The argument list with modes, names and defaults, as `pg_get_function_arguments` prints it.
    pub arguments: Expression,
    /// The result type, `SETOF …` and `TABLE(…)` included; none where OUT arguments say it.
    pub returns: Option<String>,
    /// The language.
    pub language: String,
    /// `immutable`, `stable` or `volatile`.
    pub volatility: String,
    /// Whether a null argument gives null without a call.
    pub strict: bool,
    /// Whether it runs with its owner's rights.
    pub security_definer: bool,
    /// Whether it tells nothing of its arguments.
    pub leakproof: bool,
    /// `safe`, `restricted` or `unsafe`.
    pub parallel: String,
    /// Whether it is a window function.
    pub window: bool,
    /// The estimated cost, where it is not the language's default.
    pub cost: Option<String>,
    /// The estimated number of rows, where it is not the default.
    pub rows: Option<String>,
    /// The planner's support function.
    pub support: Option<QualifiedName>,
    /// Settings while it runs.
    pub config: Options,
    /// Types whose transforms are used.
    pub transforms: Vec<String>,
    /// Where its code is.
    pub code: Code,
}

impl Function {
    fn statement(&self, verb: &str, id: &ObjectId) -> Statement {
        let name = reference::schema_name(id);
        let mut sql = format!("{verb} FUNCTION {name}({})", self.arguments.text());
        if let Some(returns) = &self.returns {
            sql.push_str(&format!("\n    RETURNS {returns}"));
        }
        sql.push_str(&format!(
            "\n    LANGUAGE {}",
            crate::sql::quote::ident(&self.language)
        ));
        let mut words: Vec<String> = Vec::new();
        words.extend(routine::transforms(&self.transforms));
        if self.window {
            words.push("WINDOW".to_owned());
        }
        if self.volatility != "volatile" {
            words.push(self.volatility.to_uppercase());
        }
        if self.strict {
            words.push("STRICT".to_owned());
        }
        if self.security_definer {
            words.push("SECURITY DEFINER".to_owned());
        }
        if self.leakproof {
            words.push("LEAKPROOF".to_owned());
        }
        if self.parallel != "unsafe" {
            words.push(format!("PARALLEL {}", self.parallel.to_uppercase()));
        }
        if let Some(cost) = &self.cost {
            words.push(format!("COST {cost}"));
        }
        if let Some(rows) = &self.rows {
            words.push(format!("ROWS {rows}"));
        }
        if let Some(support) = &self.support {
            words.push(format!("SUPPORT {}", reference::of(support)));
        }
        if !words.is_empty() {
            sql.push_str(&format!("\n    {}", words.join(" ")));
        }
        for (key, value) in &self.config.0 {
            sql.push_str(&format!("\n    {}", setting::set(key, value)));
        }
        sql.push('\n');
        sql.push_str(&self.code.clause());
        Statement::sql(sql)
    }

    fn is_replaceable_by(&self, to: &Function) -> bool {
        self.returns == to.returns
            && self.window == to.window
            && routine::replaceable(&self.arguments.canonical, &to.arguments.canonical)
    }

    /// The same for its callers, without code of its own. A column that comes to an empty table gets the value of a default
    /// that is not volatile all the same, and there is none yet.
    fn dummy(&self) -> Function {
        let volatility = match self.volatility.as_str() {
            "stable" => "volatile".to_owned(),
            other => other.to_owned(),
        };
        Function {
            volatility,
            arguments: Expression::new(self.arguments.canonical.clone()),
            language: routine::DUMMY_LANGUAGE.to_owned(),
            code: routine::dummy_code(),
            transforms: Vec::new(),
            support: None,
            ..self.clone()
        }
    }
}

impl Definition for Function {
    const KIND: Kind = Kind::Function;
    const CLASS: &'static str = "pg_proc";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![self.statement("CREATE", id)]
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        // A type's own functions go with the type, if that goes.
        let owned = [Kind::BaseType, Kind::Range].into_iter().any(|kind| {
            let mut types = context.before.of_kind(kind);
            types.any(|(user, _)| context.before.dependencies_of(user).any(|it| it == id))
        });
        let guard = if owned { "IF EXISTS " } else { "" };
        vec![Statement::sql(format!(
            "DROP FUNCTION {guard}{}",
            reference::name(id)
        ))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        if !self.is_replaceable_by(to) {
            return Alteration::Rebuild;
        }
        let mut statement = to.statement("CREATE OR REPLACE", id);
        if self.code != to.code {
            statement = results::told(statement, id, "what the function gave before", context);
        }
        if self.security_definer != to.security_definer {
            statement = statement.hazard(
                "security-definer",
                HazardClass::Authorization,
                id,
                "whose rights the function runs with changes",
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
        reference::rename_in_schema("FUNCTION", from, to)
    }
}
