//! Checks of tables.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::online::{self, Reach};
use super::preflight::Rows;
use super::{
    Alteration, Context, Definition, Element, NameSlot, Object, Preflight, Reaction, Statement,
    constraint, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::quote::ident;

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Check {
    /// What must not be false.
    pub expression: Expression,
    /// Whether children do without it.
    pub no_inherit: bool,
    /// Whether old rows were never looked at.
    pub not_valid: bool,
    /// Whether it is only declared (PostgreSQL 18).
    pub not_enforced: bool,
    /// Whether it is the parent's: altered there, not here.
    pub inherited: bool,
}

impl Check {
    /// Whether INHERITS brings it.
    fn comes_with(&self, table: &ObjectId, context: &Context<'_>) -> bool {
        self.inherited && super::parts::comes_with_parents(table, context)
    }

    /// Whether it stands only in a statement of its own: what CREATE TABLE has is looked at.
    pub fn is_late(&self) -> bool {
        self.not_valid && !self.not_enforced
    }

    /// Whether a partition that comes, or whose copy was validated, would not have it as it shall be: PostgreSQL gives a
    /// copy that was not looked at only to partitions that are there before the check.
    fn misses_partitions(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        let Some(table) = id.parent.as_deref().filter(|_| !self.inherited) else {
            return false;
        };
        if !context.after.partitioned.contains(table) {
            return false;
        }
        let family = super::parts::family(table, context.after);
        family.iter().skip(1).any(|partition| {
            let copy = partition.child(Kind::Check, &id.name);
            let is_late = |catalog: &super::Catalog| {
                matches!(catalog.get(&copy), Some(Object::Check(it)) if it.inherited && it.is_late())
            };
            is_late(context.after)
                && !(is_late(context.before)
                    && super::parts::stays_partition(partition, context))
        })
    }

    /// The check of the partitioned table that a partition's copy belongs to.
    fn origin(id: &ObjectId, catalog: &super::Catalog) -> Option<ObjectId> {
        let table = super::parts::partitioned_table(id.parent.as_deref()?, catalog)?;
        Some(table.child(Kind::Check, &id.name))
    }

    /// Whether it is a partition's copy that was validated where the partitioned table's check was not.
    pub(super) fn is_validated_copy(&self, id: &ObjectId, catalog: &super::Catalog) -> bool {
        let is_late = |origin: ObjectId| matches!(catalog.get(&origin), Some(Object::Check(it)) if it.is_late());
        self.inherited && !self.is_late() && Self::origin(id, catalog).is_some_and(is_late)
    }

    /// Whether a partition of the table has a check of that name.
    fn is_below(id: &ObjectId, table: &ObjectId, catalog: &super::Catalog) -> bool {
        let family = super::parts::family(table, catalog);
        let mut members = family.iter().skip(1);
        members.any(|it| catalog.contains(&it.child(Kind::Check, &id.name)))
    }

    fn definition(&self) -> String {
        let mut sql = format!("CHECK ({})", self.expression.text());
        if self.no_inherit {
            sql.push_str(" NO INHERIT");
        }
        if self.not_enforced {
            sql.push_str(" NOT ENFORCED");
        }
        sql
    }
}

impl Definition for Check {
    const KIND: Kind = Kind::Check;
    const CLASS: &'static str = "pg_constraint";
    const CATALOG: &'static str = include_str!("catalog.sql");

    /// Rows that it refuses, where they were not looked at before.
    fn preflight(
        &self,
        from: Option<&Self>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Preflight> {
        let stays = from.is_some_and(|from| {
            !from.not_valid
                && !from.not_enforced
                && from.expression == self.expression
                && (self.no_inherit || !from.no_inherit)
        });
        if stays || self.not_valid || self.not_enforced || self.inherited {
            return Vec::new();
        }
        Rows::of(id, context)
            .and_then(|rows| rows.against(id, &self.expression, self.no_inherit))
            .into_iter()
            .collect()
    }

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if id
            .parent
            .as_deref()
            .is_some_and(|table| self.comes_with(table, context))
        {
            return Vec::new();
        }
        let used = |table: &ObjectId| online::is_used(table, Reach::Partitions, context);
        let is_new = |table: &ObjectId| !Check::is_below(id, table, context.before);
        if !self.not_valid
            && !self.not_enforced
            && !self.inherited
            && id
                .parent
                .as_deref()
                .is_some_and(|table| used(table) && is_new(table))
        {
            return online::validated_apart(id, &self.definition());
        }
        let not_valid = if self.is_late() {
            if self.inherited {
                return Vec::new();
            }
            " NOT VALID"
        } else {
            ""
        };
        constraint::add(id, &format!("{}{not_valid}", self.definition()), false)
    }

    fn element(&self, id: &ObjectId, context: &Context<'_>) -> Option<Element> {
        // NOT VALID means nothing in CREATE TABLE: PostgreSQL makes it valid there.
        if self.is_late() {
            return None;
        }
        let parent = id.parent.as_deref()?;
        if self.comes_with(parent, context) {
            return None;
        }
        constraint::element(id, &self.definition())
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        // A partition's copy goes with the check of the partitioned table, or with the partition.
        if self.inherited
            && id.parent.as_deref().is_some_and(|table| {
                super::parts::stays_partition(table, context) || !context.keeps(table)
            })
        {
            return Vec::new();
        }
        if super::parts::is_left_to_children(id, context) {
            return vec![Statement::sql(format!(
                "ALTER TABLE ONLY {} DROP CONSTRAINT {}",
                reference::parent(id),
                ident(&id.name)
            ))];
        }
        constraint::drop(id)
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        // The check of the partitioned table takes the partition's copy along: what is its own from now on is made after.
        let stays = |table: &ObjectId| super::parts::stays_partition(table, context);
        if self.inherited
            && !to.inherited
            && id.parent.as_deref().is_some_and(stays)
            && Self::origin(id, context.before)
                .is_some_and(|origin| !context.after.contains(&origin))
        {
            let not_valid = if to.is_late() { " NOT VALID" } else { "" };
            let definition = format!("{}{not_valid}", to.definition());
            return Alteration::InPlace(constraint::add(id, &definition, false));
        }
        let Check {
            expression,
            no_inherit,
            not_valid,
            not_enforced,
            inherited: _,
        } = self;
        let same = expression == &to.expression
            && no_inherit == &to.no_inherit
            && not_enforced == &to.not_enforced;
        if !same || (!not_valid && to.not_valid) {
            return Alteration::Rebuild;
        }
        if *not_valid && !to.not_valid {
            return Alteration::InPlace(vec![online::validate_in(id, context)]);
        }
        Alteration::InPlace(Vec::new())
    }

    fn is_made_anew(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> bool {
        if to.is_validated_copy(id, context.after)
            && id
                .parent
                .as_deref()
                .is_some_and(|table| super::parts::stays_partition(table, context))
        {
            let origin = Self::origin(id, context.after);
            let states = origin.map(|origin| {
                let (before, after) = (context.before.get(&origin), context.after.get(&origin));
                (origin, before, after)
            });
            return match states {
                Some((origin, Some(Object::Check(before)), Some(Object::Check(after)))) => {
                    before.is_made_anew(after, &origin, context)
                        || before.alter(after, &origin, context) == Alteration::Rebuild
                }
                _ => false,
            };
        }
        self.is_late() && to.is_late() && to.misses_partitions(id, context)
    }

    /// A partition that goes leaves the check; one that comes back and shall have it as it is needs it made again.
    fn when_replaced(
        &self,
        id: &ObjectId,
        dependency: &ObjectId,
        context: &Context<'_>,
    ) -> Reaction {
        match (dependency.kind, dependency.parent.as_deref()) {
            (Kind::Partition, Some(partition)) => {
                match context.after.get(&partition.child(Kind::Check, &id.name)) {
                    Some(Object::Check(copy)) if copy.inherited && copy.is_late() => {
                        Reaction::Rebuild
                    }
                    _ => Reaction::Ignore,
                }
            }
            // What a partition has of it.
            (Kind::Check, _) => Reaction::Ignore,
            _ => Reaction::Rebuild,
        }
    }

    fn says_more_than_parent(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        self.is_validated_copy(id, context.after)
    }

    fn is_inherited(&self) -> bool {
        self.inherited
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::constraint(id)]
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.expression
            .source
            .clone_from(&desired.expression.source);
    }

    fn structure(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_part("CONSTRAINT", from, to)
    }
}
