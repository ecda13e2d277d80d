//! What is said of a partition's copy of a trigger: how it is switched, where that is not as its partitioned table's is, and what
//! a comment says. Switching the table's
//! switches all copies, so that the copies' states are set after it, the nearest to the table first
//! (<https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER>).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{
    Alteration, Catalog, Context, Definition, Object, Statement, parts, reference, trigger,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};

/// A copy of which more is said than of the trigger. Its parent is the partition, its name the trigger's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct TriggerState {
    /// `origin`, `always`, `replica` or `disabled`, where that is not as what it is a copy of.
    pub enabled: Option<String>,
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
            (Some(Object::TriggerState(it)), _) if it.enabled.is_some() => {
                return Some((state, it.enabled.clone()?));
            }
            (_, Some(Object::Trigger(it))) => return Some((root, it.enabled.clone())),
            _ => table = parts::partitioned_table(&table, catalog)?,
        }
    }
}

/// The ties by which a copy comes to its table: of that partition, and of those above it up to the trigger's own table.
pub(crate) fn ties_of_copy(id: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
    let mut ties = Vec::new();
    let mut table = id.parent.as_deref().cloned();
    while let Some(at) = table.filter(|it| !catalog.contains(&it.child(Kind::Trigger, &id.name))) {
        table = parts::partitioned_table(&at, catalog);
        ties.push(at.child(Kind::Partition, ""));
    }
    ties
}

impl Definition for TriggerState {
    const KIND: Kind = Kind::TriggerState;
    const CLASS: &'static str = "pg_trigger";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let switch = self.enabled.iter().map(|it| trigger::switch(it, id));
        switch.collect()
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let table = id.parent.as_deref();
        if !table.is_some_and(|table| parts::stays_partition(table, context)) {
            return Vec::new();
        }
        let comment = id.child(Kind::Comment, "");
        match (
            copied_from(id, context.before),
            copied_from(id, context.after),
        ) {
            (Some(from), Some(to)) if from.0 == to.0 && !context.makes(&to.0) => {
                // What switches the one above switches this one too.
                let switched = self.enabled.is_some() && from == to;
                let mut statements = Vec::new();
                statements.extend(switched.then(|| trigger::switch(&to.1, id)));
                // The copy stays.
                if context.before.contains(&comment) && !context.after.contains(&comment) {
                    let described = reference::described(id);
                    statements.push(Statement::sql(format!("COMMENT ON {described} IS NULL")));
                }
                statements
            }
            _ => Vec::new(),
        }
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let wanted = match &to.enabled {
            Some(enabled) => Some(enabled.clone()),
            None => copied_from(id, context.after).map(|(_, enabled)| enabled),
        };
        let switch = wanted.iter().map(|it| trigger::switch(it, id));
        Alteration::InPlace(switch.collect())
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

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        let mut node = NodeWriter::new("trigger");
        node.name(&id.name);
        if let Some(enabled) = &self.enabled {
            node.text("enabled", enabled);
        }
        writing.annotations(id, &mut node);
        Some(node)
    }
}
