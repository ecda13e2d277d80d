//! A partition's bound: the tie between a table and its partitioned table. The tie comes after the columns, checks and
//! indexes of both, so that PostgreSQL matches what the partition has with what it needs.

mod default_rows;
pub(super) mod kdl;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::object_name;
use super::preflight::Rows;
use super::{
    Alteration, Catalog, Context, Definition, NameSlot, Object, Preflight, Reaction, Statement,
    constraint, foreign_key, index_attach, not_null, online, parts, reference,
};
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::ident;

/// The tie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Partition {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// `FOR VALUES FROM ('2022-01-01') TO ('2022-02-01')` or `DEFAULT`, as `pg_get_expr` prints it.
    pub bound: String,
}

impl Partition {
    /// What the rows of a table that is used have in common once it is attached: a check of it lets PostgreSQL attach the table
    /// without a look at its rows. Not beside a default partition, which is looked at under a lock all the same.
    fn known_condition(
        &self,
        table: &ObjectId,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Option<String> {
        let parent = ObjectId::in_schema(Kind::Table, &self.parent.schema, &self.parent.name);
        let (before, after) = (context.before, context.after);
        let is_plain = |catalog: &Catalog| matches!(catalog.get(table), Some(Object::Table(it)) if it.partition_by.is_none());
        let stays = context.online
            && !before.contains(id)
            && context.keeps(table)
            && context.keeps(&parent)
            && is_plain(before)
            && is_plain(after);
        let mut ties = before
            .of_kind(Kind::Partition)
            .chain(after.of_kind(Kind::Partition));
        if !stays || ties.any(|(_, object)| self.is_default_beside(object)) {
            return None;
        }
        match after.get(&parent) {
            Some(Object::Table(it)) => {
                default_rows::holds(it.partition_by.as_deref()?, &self.bound)
            }
            _ => None,
        }
    }

    /// The indexes of the partition that are settled only when it has been attached.
    pub(crate) fn settled_late(id: &ObjectId, context: &Context<'_>) -> Vec<ObjectId> {
        let named = id
            .parent
            .as_deref()
            .map(|it| index_attach::settle(it, context));
        named
            .into_iter()
            .flatten()
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether rows of a default partition move into the partition when it is attached.
    pub(crate) fn takes_rows(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        !default_rows::move_there(self, id, context).is_empty()
    }

    /// Whether its rows move into a default partition when it goes.
    pub(crate) fn gives_rows(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        !default_rows::move_back(self, id, context).is_empty()
    }

    /// The name of the check that a partition, which stays as a table, keeps where it is detached while both are used
    /// (<https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION>): PostgreSQL 14 and
    /// no default partition are needed for it, and a name that PostgreSQL gives for sure.
    fn check_left(&self, id: &ObjectId, context: &Context<'_>) -> Option<String> {
        let table = id.parent.as_deref().filter(|it| it.kind == Kind::Table)?;
        let parent = ObjectId::in_schema(Kind::Table, &self.parent.schema, &self.parent.name);
        let stays = context.online
            && context.server_version >= 140_000
            && !context.after.contains(id)
            && context.keeps(table)
            && context.keeps(&parent);
        // One that comes may be there before this one goes.
        let catalogs = [context.before, context.after].into_iter();
        let mut ties = catalogs.flat_map(|it| it.of_kind(Kind::Partition));
        if !stays || ties.any(|(_, object)| self.is_default_beside(object)) {
            return None;
        }
        // The bound is that of all tables above.
        let above = |table: &ObjectId| parts::partitioned_table(table, context.before);
        let mut columns = BTreeSet::new();
        for partitioned in std::iter::successors(above(table), above) {
            let Some(Object::Table(it)) = context.before.get(&partitioned) else {
                return None;
            };
            columns.extend(default_rows::key_columns(it.partition_by.as_deref()?)?);
        }
        let column = match columns.len() {
            1 => columns.pop_first()?,
            _ => String::new(),
        };
        let name = object_name(&table.name, &column, "check");
        online::is_free(table, &name, context).then_some(name)
    }

    /// Whether an object is the tie of the default partition of the same table.
    fn is_default_beside(&self, object: &Object) -> bool {
        matches!(object, Object::Partition(it) if it.parent == self.parent && it.bound == "DEFAULT")
    }
}

impl Definition for Partition {
    const KIND: Kind = Kind::Partition;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let table = id.parent.as_deref();
        let renamed = table.map(|table| not_null::renamed_with_tie(table, context));
        let mut statements = renamed.unwrap_or_default();
        statements.extend(default_rows::move_out(self, id, context));
        statements.extend(default_rows::move_there(self, id, context));
        let attach = Statement::sql(format!(
            "ALTER TABLE {} ATTACH PARTITION {} {}",
            reference::of(&self.parent),
            reference::parent(id),
            self.bound
        ));
        match table.and_then(|table| Some((table, self.known_condition(table, id, context)?))) {
            Some((table, condition)) => {
                statements.extend(online::attach_checked(table, &condition, attach, context));
            }
            None => statements.push(attach),
        }
        if let Some(table) = table.filter(|_| !context.after.guessed) {
            let settled = index_attach::settle(table, context).into_iter();
            statements.extend(settled.flat_map(|(_, statements)| statements));
        }
        statements
    }

    fn preflight(
        &self,
        from: Option<&Self>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Preflight> {
        let stays = from.is_some_and(|from| {
            from.parent == self.parent && default_rows::is_within(&from.bound, &self.bound)
        });
        // What does not belong to it any more moves on.
        if stays || !default_rows::move_out(self, id, context).is_empty() {
            return Vec::new();
        }
        let parent = ObjectId::in_schema(Kind::Table, &self.parent.schema, &self.parent.name);
        let key = match context.after.get(&parent) {
            Some(Object::Table(table)) => table.partition_by.as_deref(),
            _ => None,
        };
        let asked = || {
            let (key, rows) = (key?, Rows::of(id, context)?);
            let condition = default_rows::holds(key, &self.bound)?;
            let mut columns = default_rows::key_columns(key)?.into_iter();
            let is_known = columns.all(|column| rows.has(&column));
            let about = format!("that do not belong to its bound in {}", parent.path());
            is_known.then(|| rows.that(&about, &format!("({condition}) IS NOT TRUE")))
        };
        asked().into_iter().collect()
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let detach = format!(
            "ALTER TABLE {} DETACH PARTITION {}",
            reference::of(&self.parent),
            reference::parent(id)
        );
        let mut statements = match self.check_left(id, context) {
            // It leaves a check of the bound behind, unless another one says the same.
            Some(name) => vec![
                Statement::sql(format!("{detach} CONCURRENTLY")).outside(),
                Statement::sql(format!(
                    "ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}",
                    reference::parent(id),
                    ident(&name)
                )),
            ],
            None => vec![Statement::sql(detach)],
        };
        let left = id
            .parent
            .as_deref()
            .map(|table| foreign_key::left_by_detach(table, context));
        for (own, key) in left.into_iter().flatten() {
            let wanted =
                matches!(context.after.get(&own), Some(Object::ForeignKey(it)) if **it == *key);
            if !wanted {
                statements.extend(constraint::drop(&own));
            }
        }
        if let (false, Some(table)) = (context.after.contains(id), id.parent.as_deref()) {
            statements.extend(not_null::renamed_with_tie(table, context));
        }
        statements.extend(default_rows::move_back(self, id, context));
        statements
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::Rebuild
    }

    /// Of two partitions of a table none has the other's bound, and one at most is the default.
    fn occupies(&self, _: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot {
            space: "bound",
            scope: reference::of(&self.parent),
            name: self.bound.clone(),
        }]
    }

    fn is_made_anew(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> bool {
        let parent = ObjectId::in_schema(Kind::Table, &self.parent.schema, &self.parent.name);
        let table = id.parent.as_deref();
        self == to && table.is_some_and(|it| parts::leaves_meanwhile(it, &parent, context))
    }

    /// Only the tables themselves hold it: their columns, checks and indexes come and go beneath it.
    fn when_replaced(&self, _: &ObjectId, dependency: &ObjectId, _: &Context<'_>) -> Reaction {
        match dependency.kind {
            Kind::Table | Kind::ForeignTable => Reaction::Rebuild,
            _ => Reaction::Ignore,
        }
    }
}
