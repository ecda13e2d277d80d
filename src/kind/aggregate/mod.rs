//! Aggregates: plain, ordered-set and hypothetical-set, with their moving form.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, NameSlot, Statement, functions, reference, routine};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId, QualifiedName};
use crate::sql::quote::literal;

/// An aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Aggregate {
    /// The argument list as `pg_get_function_arguments` prints it; empty for `*`.
    pub arguments: Expression,
    /// Whether it is a hypothetical-set aggregate.
    pub hypothetical: bool,
    /// The state transition function.
    pub sfunc: QualifiedName,
    /// The state's type.
    pub stype: String,
    /// The state's size in bytes; 0 for the usual.
    pub sspace: i64,
    /// The first state.
    pub initcond: Option<String>,
    /// The function that gives the result.
    pub finalfunc: Option<QualifiedName>,
    /// Whether that function gets the arguments' types too.
    pub finalfunc_extra: bool,
    /// `read-only`, `shareable` or `read-write`, where it is not the default.
    pub finalfunc_modify: Option<String>,
    /// Joins two states.
    pub combinefunc: Option<QualifiedName>,
    /// Writes a state.
    pub serialfunc: Option<QualifiedName>,
    /// Reads a state.
    pub deserialfunc: Option<QualifiedName>,
    /// The transition of the moving form.
    pub msfunc: Option<QualifiedName>,
    /// Its inverse.
    pub minvfunc: Option<QualifiedName>,
    /// The moving form's state.
    pub mstype: Option<String>,
    /// Its size.
    pub msspace: i64,
    /// The moving form's result.
    pub mfinalfunc: Option<QualifiedName>,
    /// Whether that one gets the arguments' types.
    pub mfinalfunc_extra: bool,
    /// How that one treats the state.
    pub mfinalfunc_modify: Option<String>,
    /// The moving form's first state.
    pub minitcond: Option<String>,
    /// The operator that gives the same as the first or last of a sorted list.
    pub sortop: Option<QualifiedName>,
    /// `safe`, `restricted` or `unsafe`.
    pub parallel: String,
}

fn modify(word: &str, value: Option<&String>) -> Option<String> {
    value.map(|value| format!("{word} = {}", value.replace('-', "_").to_uppercase()))
}

fn text(word: &str, value: Option<&String>) -> Option<String> {
    value.map(|value| format!("{word} = {}", literal(value)))
}

fn flag(word: &str, value: bool) -> Option<String> {
    value.then(|| word.to_owned())
}

impl Aggregate {
    fn statement(&self, verb: &str, id: &ObjectId) -> Statement {
        let list = self.arguments.text();
        let list = if list.trim().is_empty() { "*" } else { list };
        let mut items = vec![
            format!("SFUNC = {}", reference::of(&self.sfunc)),
            format!("STYPE = {}", self.stype),
        ];
        let space = |word: &str, value: i64| (value != 0).then(|| format!("{word} = {value}"));
        let more = [
            space("SSPACE", self.sspace),
            functions::item("FINALFUNC", self.finalfunc.as_ref()),
            flag("FINALFUNC_EXTRA", self.finalfunc_extra),
            modify("FINALFUNC_MODIFY", self.finalfunc_modify.as_ref()),
            functions::item("COMBINEFUNC", self.combinefunc.as_ref()),
            functions::item("SERIALFUNC", self.serialfunc.as_ref()),
            functions::item("DESERIALFUNC", self.deserialfunc.as_ref()),
            text("INITCOND", self.initcond.as_ref()),
            functions::item("MSFUNC", self.msfunc.as_ref()),
            functions::item("MINVFUNC", self.minvfunc.as_ref()),
            self.mstype.as_ref().map(|name| format!("MSTYPE = {name}")),
            space("MSSPACE", self.msspace),
            functions::item("MFINALFUNC", self.mfinalfunc.as_ref()),
            flag("MFINALFUNC_EXTRA", self.mfinalfunc_extra),
            modify("MFINALFUNC_MODIFY", self.mfinalfunc_modify.as_ref()),
            text("MINITCOND", self.minitcond.as_ref()),
            self.sortop
                .as_ref()
                .map(|name| format!("SORTOP = {}", functions::operator(name))),
            (self.parallel != "unsafe")
                .then(|| format!("PARALLEL = {}", self.parallel.to_uppercase())),
            flag("HYPOTHETICAL", self.hypothetical),
        ];
        items.extend(more.into_iter().flatten());
        Statement::sql(format!(
            "{verb} AGGREGATE {}({list}) (\n    {}\n)",
            reference::schema_name(id),
            items.join(",\n    ")
        ))
    }
}

impl Definition for Aggregate {
    const KIND: Kind = Kind::Aggregate;
    const CLASS: &'static str = "pg_proc";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![self.statement("CREATE", id)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!("DROP {}", reference::described(id)))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        // The result type hangs on the state and the final function, and must not change.
        let same_result = self.stype == to.stype
            && self.finalfunc == to.finalfunc
            && self.hypothetical == to.hypothetical
            && routine::replaceable(&self.arguments.canonical, &to.arguments.canonical);
        if same_result {
            Alteration::InPlace(vec![to.statement("CREATE OR REPLACE", id)])
        } else {
            Alteration::Rebuild
        }
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::routine(id)]
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.arguments.source.clone_from(&desired.arguments.source);
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("AGGREGATE", from, to)
    }
}
