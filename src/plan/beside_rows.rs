//! What stands beside the statements about declared rows: sequences are set above them, the check of a foreign key waits for
//! them, an identity takes their values.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::{Step, Verb};
use crate::kind::{Catalog, Context, Object, Statement, constraint, references, row};
use crate::model::{Kind, ObjectId};

/// The steps, with what stands beside rows.
pub(super) fn put(context: &Context<'_>, graph: &Graph, steps: Vec<Step>) -> Vec<Step> {
    let mut steps = above_rows(context, steps);
    open_identities(context, &mut steps);
    look_at_last(context, &mut steps);
    defer(context, graph, &mut steps);
    steps
}

/// What is looked at only at the end of a transaction is so before a table is altered whose rows came, changed or went: with
/// checks still to come PostgreSQL refuses that.
fn look_at_last(context: &Context<'_>, steps: &mut Vec<Step>) {
    let tables = steps.iter().flat_map(|step| &step.objects);
    let tables = tables.filter(|(_, id)| id.kind == Kind::Row);
    let tables: BTreeSet<&ObjectId> = tables.filter_map(|(_, id)| id.parent.as_deref()).collect();
    let waits = |catalog: &Catalog| {
        let mut keys = references(catalog);
        keys.any(|(key, from, to)| {
            let is_late = matches!(catalog.get(key), Some(Object::ForeignKey(it)) if it.deferrable.as_deref() == Some("deferred"));
            is_late && (tables.contains(from) || tables.contains(&to))
        })
    };
    let is_late = waits(context.before) || waits(context.after);
    let last = range(steps, |(_, id)| id.kind == Kind::Row).map(|(_, last)| last);
    if let Some(last) = last.filter(|last| is_late && last + 1 < steps.len()) {
        let step = Step {
            statement: Statement::sql("SET CONSTRAINTS ALL IMMEDIATE"),
            objects: Vec::new(),
            commit_after: false,
        };
        steps.insert(last + 1, step);
    }
}

/// The first and the last step that is about some rows.
fn range(steps: &[Step], speaks: impl Fn(&(Verb, ObjectId)) -> bool) -> Option<(usize, usize)> {
    let is_one = |step: &Step| step.objects.iter().any(&speaks);
    let first = steps.iter().position(is_one)?;
    let last = steps.iter().rposition(is_one)?;
    Some((first, last))
}

/// Puts statements before the first step of a range and behind its last one.
fn around(
    steps: &mut Vec<Step>,
    (first, last): (usize, usize),
    about: &ObjectId,
    (before, behind): (Vec<Statement>, Vec<Statement>),
) {
    let step = |statement| Step {
        statement,
        objects: vec![(Verb::Alter, about.clone())],
        commit_after: false,
    };
    steps.splice(last + 1..last + 1, behind.into_iter().map(step));
    steps.splice(first..first, before.into_iter().map(step));
}

/// The checks of foreign keys wait while rows that refer to each other in a circle come, change and go: together where these
/// stand between each other.
fn defer(context: &Context<'_>, graph: &Graph, steps: &mut Vec<Step>) {
    let mut ranges: Vec<((usize, usize), BTreeSet<&ObjectId>)> = Vec::new();
    for deferral in &graph.deferrals {
        let Some(mut own) = range(steps, |it| deferral.rows.contains(it)) else {
            continue;
        };
        let mut keys = BTreeSet::from([&deferral.key]);
        while let Some(at) = ranges
            .iter()
            .position(|(other, _)| other.0 <= own.1 && own.0 <= other.1)
        {
            let (other, further) = ranges.swap_remove(at);
            own = (own.0.min(other.0), own.1.max(other.1));
            keys.extend(further);
        }
        ranges.push((own, keys));
    }
    // From behind, so that the places of the others stay.
    ranges.sort_by_key(|(range, _)| std::cmp::Reverse(*range));
    for (range, keys) in ranges {
        let keys: Vec<&ObjectId> = keys.into_iter().collect();
        if let Some(about) = keys.first() {
            let statements = constraint::deferred_meanwhile(&keys, context.before);
            around(steps, range, about, statements);
        }
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
        let range = range(steps, |(verb, id)| {
            *verb == Verb::Alter && row::closed_identities(id, context).contains(&column)
        });
        if let Some(range) = range {
            around(steps, range, &column, statements);
        }
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
