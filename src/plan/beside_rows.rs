//! What stands beside the statements about declared rows: sequences are set above them, the check of a foreign key waits for
//! them, an identity takes their values.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::{Step, Verb};
use crate::kind::{Context, Statement, constraint, row};
use crate::model::{Kind, ObjectId};

/// The steps, with what stands beside rows.
pub(super) fn put(context: &Context<'_>, graph: &Graph, steps: Vec<Step>) -> Vec<Step> {
    let mut steps = above_rows(context, steps);
    open_identities(context, &mut steps);
    defer(context, graph, &mut steps);
    steps
}

/// Puts statements before the first and behind the last step that is about some rows.
fn around(
    steps: &mut Vec<Step>,
    about: &ObjectId,
    (before, behind): (Vec<Statement>, Vec<Statement>),
    speaks: impl Fn(&(Verb, ObjectId)) -> bool,
) {
    let is_one = |step: &Step| step.objects.iter().any(&speaks);
    let first = steps.iter().position(is_one);
    let (Some(first), Some(last)) = (first, steps.iter().rposition(is_one)) else {
        return;
    };
    let step = |statement| Step {
        statement,
        objects: vec![(Verb::Alter, about.clone())],
        commit_after: false,
    };
    steps.splice(last + 1..last + 1, behind.into_iter().map(step));
    steps.splice(first..first, before.into_iter().map(step));
}

/// The checks of foreign keys wait while rows that refer to each other in a circle come, change and go.
fn defer(context: &Context<'_>, graph: &Graph, steps: &mut Vec<Step>) {
    for deferral in &graph.deferrals {
        let statements = constraint::deferred_meanwhile(&deferral.key, context.before);
        around(steps, &deferral.key, statements, |it| {
            deferral.rows.contains(it)
        });
    }
}

/// An identity that takes no value from an UPDATE does so while rows get theirs.
fn open_identities(context: &Context<'_>, steps: &mut Vec<Step>) {
    let altered = steps.iter().flat_map(|step| &step.objects);
    let altered = altered.filter(|(verb, id)| *verb == Verb::Alter && id.kind == Kind::Row);
    let columns = altered.flat_map(|(_, id)| row::closed_identities(id, context));
    let columns: BTreeSet<ObjectId> = columns.collect();
    for column in columns {
        let statements = row::opened_meanwhile(&column);
        around(steps, &column, statements, |(verb, id)| {
            *verb == Verb::Alter && row::closed_identities(id, context).contains(&column)
        });
    }
}

/// The steps, with those that set the sequences of a table above its declared rows behind the last one that puts rows in.
fn above_rows(context: &Context<'_>, steps: Vec<Step>) -> Vec<Step> {
    let mut last: BTreeMap<ObjectId, usize> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        for (verb, id) in &step.objects {
            if let (Kind::Row, Some(table)) = (id.kind, id.parent.as_deref())
                && (*verb == Verb::Create || *verb == Verb::Alter && row::counts_on(id, context))
            {
                last.insert(table.clone(), at);
            }
        }
    }
    if last.is_empty() {
        return steps;
    }
    let mut all = Vec::with_capacity(steps.len() + last.len());
    for (at, step) in steps.into_iter().enumerate() {
        all.push(step);
        for (table, _) in last.iter().filter(|(_, place)| **place == at) {
            let further = row::positions(table, context).into_iter();
            all.extend(further.map(|statement| Step {
                statement,
                objects: vec![(Verb::Alter, table.clone())],
                commit_after: false,
            }));
        }
    }
    all
}
