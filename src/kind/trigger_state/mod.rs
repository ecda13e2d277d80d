//! How a partition's copy of a trigger is switched, where that is not as its partitioned table's is. Switching the table's
//! switches all copies, so that the copies' states are set after it, the nearest to the table first
//! (<https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER>).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Catalog, Context, Definition, Object, Statement, parts, trigger};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};

/// The state of a copy. Its parent is the partition, its name the trigger's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct TriggerState {
    /// `origin`, `always`, `replica` or `disabled`.
    pub enabled: String,
}

/// What a copy is switched by: the state of the copy above it, else the trigger of the partitioned table.
pub(crate) fn copied_from(id: &ObjectId, catalog: &Catalog) -> Option<(ObjectId, String)> {
    let mut table = parts::partitioned_table(id.parent.as_deref()?, catalog)?;
    loop {
        let (state, root) = (
            table.child(Kind::TriggerState, &id.name),
            table.child(Kind::Trigger, &id.name),
        );
        match (catalog.get(&state), catalog.get(&root)) {
            (Some(Object::TriggerState(it)), _) => return Some((state, it.enabled.clone())),
            (_, Some(Object::Trigger(it))) => return Some((root, it.enabled.clone())),
            _ => table = parts::partitioned_table(&table, catalog)?,
        }
    }
}

impl Definition for TriggerState {
    const KIND: Kind = Kind::TriggerState;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![trigger::switch(&self.enabled, id)]
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let table = id.parent.as_deref();
        if !table.is_some_and(|table| parts::stays_partition(table, context)) {
            return Vec::new();
        }
        match (
            copied_from(id, context.before),
            copied_from(id, context.after),
        ) {
            // What switches the one above, or makes it anew, switches this one too.
            (Some(from), Some(to)) if from == to && !context.makes(&to.0) => {
                vec![trigger::switch(&to.1, id)]
            }
            _ => Vec::new(),
        }
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }

    fn is_made_anew(&self, _: &Self, id: &ObjectId, context: &Context<'_>) -> bool {
        // CREATE OR REPLACE TRIGGER switches the copies as well.
        let trigger = |catalog: &Catalog| {
            let mut table = parts::partitioned_table(id.parent.as_deref()?, catalog)?;
            loop {
                match catalog.objects.get(&table.child(Kind::Trigger, &id.name)) {
                    Some(object) => return Some(object.clone()),
                    None => table = parts::partitioned_table(&table, catalog)?,
                }
            }
        };
        copied_from(id, context.before) != copied_from(id, context.after)
            || trigger(context.before) != trigger(context.after)
    }

    fn write<'a>(&'a self, id: &'a ObjectId, _: &mut Writing<'a>) -> Option<NodeWriter> {
        let mut node = NodeWriter::new("trigger");
        node.name(&id.name);
        node.text("enabled", &self.enabled);
        Some(node)
    }
}
