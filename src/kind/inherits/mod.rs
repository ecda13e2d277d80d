//! A table's parent by inheritance. A new table names its parents in CREATE TABLE; the statements here change the
//! parents of a table that is there already.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Alteration, Catalog, Context, Definition, Object, Reaction, Statement, naming, reference,
};
use crate::model::{Kind, ObjectId, QualifiedName};

/// One parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Inherits {
    /// The parent table.
    pub parent: QualifiedName,
    /// Its place among the parents, from 1: it decides whose columns come first.
    pub place: i32,
}

/// Whether the plan keeps the table, so that its parents are changed and not said by its creation.
fn is_kept(id: &ObjectId, context: &Context<'_>) -> bool {
    id.parent
        .as_deref()
        .is_some_and(|table| context.keeps(table))
}

impl Definition for Inherits {
    const KIND: Kind = Kind::Inherits;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        self.change(id, context, "INHERIT")
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let mut statements = self.change(id, context, "NO INHERIT");
        if !statements.is_empty() {
            for check in self.twins(id, context.before) {
                let table = id.parent.as_deref().unwrap_or(&check);
                let passing = table.child(check.kind, &naming::aside(&check.name));
                let first = reference::rename_part("CONSTRAINT", &check, &passing);
                let then = reference::rename_part("CONSTRAINT", &passing, &check);
                statements.splice(0..0, first);
                statements.extend(then);
            }
        }
        statements
    }

    fn alter(&self, to: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        let Inherits { parent, place } = self;
        if parent == &to.parent && place == &to.place {
            return Alteration::InPlace(Vec::new());
        }
        Alteration::Rebuild
    }

    fn is_made_anew(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> bool {
        let parent = ObjectId::in_schema(Kind::Table, &self.parent.schema, &self.parent.name);
        let kept = |table| super::parts::kept_parents(table, context);
        self == to
            && !id
                .parent
                .as_deref()
                .is_none_or(|it| kept(it).contains(&parent))
    }

    /// Only the tables themselves hold it: their columns, checks and indexes come and go beneath it.
    fn when_replaced(&self, _: &ObjectId, dependency: &ObjectId, _: &Context<'_>) -> Reaction {
        match dependency.kind {
            Kind::Table | Kind::ForeignTable => Reaction::Rebuild,
            _ => Reaction::Ignore,
        }
    }
}

impl Inherits {
    /// The checks of the table that have the names of checks which the parent has for itself: NO INHERIT takes them for its copies
    /// (RemoveInheritance in commands/tablecmds.c), and fails.
    pub(crate) fn twins(&self, id: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
        let parent = ObjectId::in_schema(Kind::Table, &self.parent.schema, &self.parent.name);
        let is_own = |check: &ObjectId| matches!(catalog.get(check), Some(Object::Check(it)) if !it.inherited);
        let of_parent = catalog.children(&parent, Kind::Check).into_iter();
        let alone = of_parent.filter(|(_, it)| matches!(it, Object::Check(it) if it.no_inherit));
        let table = id.parent.as_deref();
        alone
            .filter_map(|(check, _)| Some(table?.child(Kind::Check, &check.name)))
            .filter(is_own)
            .collect()
    }

    fn change(&self, id: &ObjectId, context: &Context<'_>, verb: &str) -> Vec<Statement> {
        let Some(table) = id.parent.as_deref().filter(|_| is_kept(id, context)) else {
            return Vec::new();
        };
        // Alone: with other actions in one ALTER TABLE it would come after drops that need it done.
        vec![Statement::sql(format!(
            "{} {verb} {}",
            reference::alter_relation(table),
            reference::of(&self.parent)
        ))]
    }
}
