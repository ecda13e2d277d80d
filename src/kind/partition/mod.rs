//! A partition's bound: the tie between a table and its partitioned table. The tie comes after the columns, checks and
//! indexes of both, so that PostgreSQL matches what the partition has with what it needs.

mod default_rows;
pub(super) mod kdl;

use serde::{Deserialize, Serialize};

use super::{
    Alteration, Catalog, Context, Definition, Object, Reaction, Statement, not_null, online,
    reference,
};
use crate::model::{Kind, ObjectId, QualifiedName};

/// The tie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
        let is_default = |object: &Object| matches!(object, Object::Partition(it) if it.parent == self.parent && it.bound == "DEFAULT");
        let mut ties = before
            .of_kind(Kind::Partition)
            .chain(after.of_kind(Kind::Partition));
        if !stays || ties.any(|(_, object)| is_default(object)) {
            return None;
        }
        match after.get(&parent) {
            Some(Object::Table(it)) => {
                default_rows::holds(it.partition_by.as_deref()?, &self.bound)
            }
            _ => None,
        }
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
        statements
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let mut statements = vec![Statement::sql(format!(
            "ALTER TABLE {} DETACH PARTITION {}",
            reference::of(&self.parent),
            reference::parent(id)
        ))];
        if let (false, Some(table)) = (context.after.contains(id), id.parent.as_deref()) {
            statements.extend(not_null::renamed_with_tie(table, context));
        }
        statements.extend(default_rows::move_back(self, id, context));
        statements
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::Rebuild
    }

    /// Only the tables themselves hold it: their columns, checks and indexes come and go beneath it.
    fn when_replaced(&self, _: &ObjectId, dependency: &ObjectId, _: &Context<'_>) -> Reaction {
        match dependency.kind {
            Kind::Table | Kind::ForeignTable => Reaction::Rebuild,
            _ => Reaction::Ignore,
        }
    }
}
