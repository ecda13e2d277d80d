//! What is not the project's and stands on what is: PostgreSQL refuses to take its ground away, and no migration touches
//! what belongs to others. So a change that would need it is refused before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use crate::kind::language::Rename;
use crate::kind::{Catalog, HazardClass, Object, Statement, partitioned_tables};
use crate::model::{Kind, ObjectId};
use crate::plan::{Plan, PlanOptions, Step, Verb, plan};

/// How many of them a message names.
const SHOWN: usize = 5;

/// Objects of others that the change would have to take down, or to change along.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("what is not the project's stands in the way of this change: {}", list(.0))]
#[diagnostic(
    code(diff::others),
    help(
        "nothing was written, because PostgreSQL would refuse it or take that away, and no migration changes what is not the project's; take it into the KDL, or have it taken down before the change and put back after; what shall go with the change is named by `--drop KIND:PATH`"
    )
)]
pub struct Others(Vec<Standing>);

/// One object of others, and what it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Standing {
    object: ObjectId,
    ground: Vec<ObjectId>,
}

fn list(standing: &[Standing]) -> String {
    let mut texts: Vec<String> = standing
        .iter()
        .take(SHOWN)
        .map(|it| {
            let ground: Vec<String> = it.ground.iter().map(ToString::to_string).collect();
            match ground.is_empty() {
                true => it.object.to_string(),
                false => format!("{} stands on {}", it.object, ground.join(" and ")),
            }
        })
        .collect();
    if let Some(more) = standing.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        texts.push(format!("{more} more"));
    }
    texts.join("; ")
}

/// Refuses a change that objects of others stand in the way of. `everything` is the state before with them, under the names
/// before; `from` and `to` are the project's part, under the names after.
pub(super) fn refuse(
    everything: &Catalog,
    managed: &Catalog,
    renames: &[Rename],
    from: &Catalog,
    to: &Catalog,
    options: PlanOptions<'_>,
) -> Result<(), Others> {
    let mut left = left_behind(everything, managed, renames, from, to, options);
    left.extend(keyed_on_the_old(everything, managed, renames, from, to));
    if !left.is_empty() {
        return Err(Others(left));
    }
    let others = standing_on(everything, managed);
    if others.is_empty() {
        return Ok(());
    }
    let (from, to) = (
        with_others(from, &others, everything, renames),
        with_others(to, &others, everything, renames),
    );
    // Where these have no order, the project's own part says why.
    let Ok(plan) = plan(&from, &to, options) else {
        return Ok(());
    };
    let touched = plan.steps.iter().flat_map(|step| &step.objects);
    let touched: BTreeSet<&ObjectId> = touched.map(|(_, id)| id).collect();
    let dropped: BTreeSet<&ObjectId> = plan.objects(Verb::Drop).collect();
    let standing: Vec<Standing> = others
        .iter()
        .filter(|id| touched.contains(*id))
        .filter(|id| {
            !follows_a_type(id.kind) || from.dependencies_of(id).any(|it| dropped.contains(it))
        })
        .map(|id| Standing {
            object: id.clone(),
            ground: from
                .dependencies_of(id)
                .filter(|needed| touched.contains(needed))
                .cloned()
                .collect(),
        })
        .collect();
    match standing.is_empty() {
        true => Ok(()),
        false => Err(Others(standing)),
    }
}

/// The partitions that nobody declares, of tables that go or are made anew: DROP TABLE would take them and their rows along.
fn left_behind(
    everything: &Catalog,
    managed: &Catalog,
    renames: &[Rename],
    from: &Catalog,
    to: &Catalog,
    options: PlanOptions<'_>,
) -> Vec<Standing> {
    let partitions: Vec<(&ObjectId, ObjectId)> = everything
        .of_kind(Kind::Partition)
        .filter_map(|(tie, _)| Some((tie.parent.as_deref()?, tie)))
        .filter(|(partition, _)| !managed.contains(partition))
        .filter_map(|(partition, tie)| {
            let table = managed_parent(tie, everything, managed)?;
            Some((partition, names::renamed(table, renames)))
        })
        .collect();
    if partitions.is_empty() {
        return Vec::new();
    }
    // Where there is no order, that is told.
    let Ok(plan) = plan(from, to, options) else {
        return Vec::new();
    };
    let dropped: BTreeSet<&ObjectId> = plan.objects(Verb::Drop).collect();
    let left = partitions
        .into_iter()
        .filter(|(_, table)| dropped.contains(table));
    let standing = left.map(|(partition, table)| Standing {
        object: partition.clone(),
        ground: vec![table],
    });
    standing.collect()
}

/// The partitions that nobody declares and that are partitioned themselves by a column which goes or gets another type: PostgreSQL
/// changes no column of a partition key.
fn keyed_on_the_old(
    everything: &Catalog,
    managed: &Catalog,
    renames: &[Rename],
    from: &Catalog,
    to: &Catalog,
) -> Vec<Standing> {
    let as_typed = |id: &ObjectId, state: &Catalog| match state.get(id) {
        Some(Object::Column(column)) => Some((column.data_type.clone(), column.collation.clone())),
        _ => None,
    };
    let partitioned = everything.of_kind(Kind::Table).filter(|(id, object)| {
        !managed.contains(id)
            && matches!(object, Object::Table(table) if table.partition_by.is_some())
    });
    let mut standing = Vec::new();
    for (partition, object) in partitioned {
        let mut above = partitioned_tables(partition, everything);
        let Some(table) = above.find(|table| managed.contains(table)) else {
            continue;
        };
        let ground: Vec<ObjectId> = everything
            .children(&table, Kind::Column)
            .into_iter()
            .filter(|(id, _)| object.is_rebuilt_with(&partition.child(Kind::Column, &id.name)))
            .map(|(id, _)| names::renamed(id, renames))
            .filter(|id| as_typed(id, from).is_some() && as_typed(id, from) != as_typed(id, to))
            .collect();
        if !ground.is_empty() {
            standing.push(Standing {
                object: partition.clone(),
                ground,
            });
        }
    }
    standing
}

/// Names the partitions that nobody declares and on which a trigger is switched otherwise than on the table, where the plan
/// touches the trigger: PostgreSQL switches it on all partitions with it, and no migration knows how it was there.
pub(super) fn list_switched(
    plan: &mut Plan,
    everything: &Catalog,
    managed: &Catalog,
    renames: &[Rename],
) {
    for (id, object) in everything.of_kind(Kind::TriggerState) {
        let (Object::TriggerState(state), Some(partition)) = (object, id.parent.as_deref()) else {
            continue;
        };
        let Some(enabled) = state
            .enabled
            .as_ref()
            .filter(|_| !managed.contains(partition))
        else {
            continue;
        };
        let above = partitioned_tables(partition, everything);
        let mut triggers = above.map(|table| table.child(Kind::Trigger, &id.name));
        let Some(trigger) = triggers.find(|it| managed.contains(it)) else {
            continue;
        };
        let trigger = names::renamed(&trigger, renames);
        let mut steps = plan.steps.iter_mut();
        let touches = |step: &&mut Step| step.objects.iter().any(|(_, it)| *it == trigger);
        if let Some(step) = steps.find(touches) {
            let detail = format!(
                "on {partition}, which no file declares, it is switched to {enabled}: that is lost with this change, and no way back brings it back"
            );
            let statement = std::mem::replace(&mut step.statement, Statement::sql(""));
            step.statement = statement.hazard(
                "partition-trigger",
                HazardClass::Irreversible,
                &trigger,
                detail,
            );
        }
    }
}

/// The objects outside that depend on managed ones by themselves.
fn standing_on(everything: &Catalog, managed: &Catalog) -> BTreeSet<ObjectId> {
    let mut kept: BTreeMap<ObjectId, bool> = BTreeMap::new();
    everything
        .dependencies
        .iter()
        .filter(|(id, needed)| {
            !managed.contains(id)
                && everything.contains(id)
                && needed.iter().any(|needed| managed.contains(needed))
        })
        .map(|(id, _)| id)
        .filter(|id| !id.is_of_cluster() && !id.kind.is_facet() && holds(id.kind))
        .filter(|id| {
            let root = id.root();
            !*kept
                .entry(root.clone())
                .or_insert_with(|| is_partition_of(root, everything, managed))
        })
        .cloned()
        .collect()
}

/// Whether PostgreSQL refuses to take away what such an object stands on; ties go along without a word.
fn holds(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Partition
            | Kind::SequenceOwner
            | Kind::IndexAttach
            | Kind::PublicationTable
            | Kind::PublicationSchema
            | Kind::ClusterOn
            | Kind::ReplicaIdentity
    )
}

/// Whether PostgreSQL takes such an object along by itself when a column changes its type.
fn follows_a_type(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ForeignKey
            | Kind::Index
            | Kind::Unique
            | Kind::PrimaryKey
            | Kind::Exclude
            | Kind::Check
            | Kind::Statistics
    )
}

/// Whether a table is a partition of a managed one, which was made while the application runs: it follows that.
fn is_partition_of(table: &ObjectId, everything: &Catalog, managed: &Catalog) -> bool {
    managed_parent(&table.child(Kind::Partition, ""), everything, managed).is_some()
}

/// The managed table that the tie of a partition ties it to.
fn managed_parent<'a>(
    tie: &ObjectId,
    everything: &'a Catalog,
    managed: &Catalog,
) -> Option<&'a ObjectId> {
    let mut needed = everything.dependencies_of(tie);
    needed.find(|it| it.kind == Kind::Table && managed.contains(it))
}

/// A state of the project with the objects of others, which stay as they are.
fn with_others(
    state: &Catalog,
    others: &BTreeSet<ObjectId>,
    everything: &Catalog,
    renames: &[Rename],
) -> Catalog {
    let mut state = state.clone();
    let held: BTreeSet<&ObjectId> = others.iter().flat_map(ObjectId::ancestors).collect();
    for id in held {
        if let Some(object) = everything.objects.get(id)
            && !state.contains(id)
        {
            state.objects.insert(id.clone(), object.clone());
        }
    }
    for id in others {
        let needed = everything.dependencies_of(id);
        let needed = needed.map(|needed| names::renamed(needed, renames));
        state.dependencies.insert(id.clone(), needed.collect());
    }
    state
}
