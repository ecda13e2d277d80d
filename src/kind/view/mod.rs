//! Views.

pub(super) mod kdl;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{
    Alteration, Context, Definition, NameSlot, Object, Statement, Stub, options, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId, Options};
use crate::sql::quote::ident;

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct View {
    /// The query, without a semicolon.
    pub query: Expression,
    /// Names and types of the columns that it gives; in a desired view only those that the files say.
    pub columns: Vec<ViewColumn>,
    /// `security_invoker`, `security_barrier`, `check_option`.
    pub with: Options,
    /// Column names in a desired view that has a list of them.
    #[serde(skip)]
    pub names: Vec<String>,
}

impl Object {
    /// The query that it is, as PostgreSQL prints it.
    pub fn query(&self) -> Option<&str> {
        match self {
            Object::View(view) => Some(view.query.text()),
            Object::MaterializedView(view) => Some(view.query.text()),
            _ => None,
        }
    }
}

/// A column of a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct ViewColumn {
    /// Its name.
    pub name: String,
    /// Its type as `format_type` prints it.
    pub data_type: String,
    /// Its collation as statements name it; empty for the type's own.
    #[serde(default)]
    pub collation: String,
}

impl View {
    fn statement(&self, verb: &str, id: &ObjectId) -> Statement {
        let mut sql = format!("{verb} VIEW {}", reference::name(id));
        if !self.names.is_empty() {
            sql.push_str(&format!(" ({})", reference::columns(&self.names)));
        }
        if !self.with.is_empty() {
            sql.push_str(&format!(" WITH ({})", options::storage(&self.with)));
        }
        sql.push_str(" AS\n");
        sql.push_str(self.query.text());
        Statement::sql(sql)
    }

    /// A view of the same columns that reads nothing.
    fn dummy(&self) -> View {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let collation = match column.collation.as_str() {
                    "" => String::new(),
                    collation => format!(" COLLATE {collation}"),
                };
                format!(
                    "NULL::{}{collation} AS {}",
                    column.data_type,
                    ident(&column.name)
                )
            })
            .collect();
        View {
            query: Expression::new(format!("SELECT {}", columns.join(", ")).trim_end()),
            ..View::default()
        }
    }
}

impl Definition for View {
    const KIND: Kind = Kind::View;
    const CLASS: &'static str = "pg_class";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![self.statement("CREATE", id)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP VIEW {}", reference::name(id)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        if !to.columns.starts_with(&self.columns)
            || (self.query != to.query && reads_new_view_over_key(id, context))
        {
            return Alteration::Rebuild;
        }
        if self.query != to.query || self.columns != to.columns {
            return Alteration::InPlace(vec![to.statement("CREATE OR REPLACE", id)]);
        }
        Alteration::InPlace(options::alter(
            &reference::alter_relation(id),
            &self.with,
            &to.with,
        ))
    }

    fn stub(&self, id: &ObjectId, _: &Context<'_>) -> Option<Stub> {
        let dummy = self.dummy();
        Some(Stub {
            make: vec![dummy.statement("CREATE", id)],
            hollow: vec![dummy.statement("CREATE OR REPLACE", id)],
            complete: vec![self.statement("CREATE OR REPLACE", id)],
        })
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::relation(id), NameSlot::data_type(id)]
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.query.source.clone_from(&desired.query.source);
        if self.query.source.is_some() {
            self.names.clone_from(&desired.names);
        }
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("VIEW", from, to)
    }
}

/// Whether it comes to read a new view that holds only with a key of a table. pg_dump breaks the circle of such views and
/// the key at the one that is older, so that a replaced one would print otherwise than one made anew.
fn reads_new_view_over_key(id: &ObjectId, context: &Context<'_>) -> bool {
    let mut waiting: Vec<&ObjectId> = context
        .after
        .dependencies_of(id)
        .filter(|needed| needed.kind == Kind::View && !context.before.contains(needed))
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(view) = waiting.pop() {
        if !seen.insert(view) {
            continue;
        }
        for needed in context.after.dependencies_of(view) {
            match needed.kind {
                Kind::PrimaryKey => return true,
                Kind::View => waiting.push(needed),
                _ => {}
            }
        }
    }
    false
}
