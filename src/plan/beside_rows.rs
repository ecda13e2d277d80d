//! What stands beside the statements about declared rows: sequences are set above them, the check of a foreign key waits for
//! them, an identity takes their values.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::{Step, Verb};
use crate::kind::{Catalog, Context, Object, Statement, constraint, references, row};
use crate::model::{Kind, ObjectId};

/// The steps, with what stands beside rows.
pub(super) fn put(context: &Context<'_>, graph: &Graph, steps: Vec<Step>) -> Vec<Step> {
    let mut objects = steps.iter().flat_map(|step| &step.objects);
    if !objects.any(|(_, id)| id.kind == Kind::Row) {
        return steps;
    }
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

/// Foreign keys that let rows wait for each other, and the steps meanwhile.
struct Meanwhile<'k> {
    range: (usize, usize),
    /// Those whose check the plan makes wait.
    waiting: BTreeSet<&'k ObjectId>,
    /// Those whose check waits by itself.
    late: BTreeSet<&'k ObjectId>,
}

/// The checks of foreign keys wait while rows that refer to each other in a circle come, change and go: together where these
/// stand between each other. Where one of their tables is altered meanwhile, which PostgreSQL refuses while checks are still
/// to come, they are away so long.
fn defer(context: &Context<'_>, graph: &Graph, steps: &mut Vec<Step>) {
    let mut open: Vec<Meanwhile<'_>> = Vec::new();
    for deferral in &graph.deferrals {
        let range = range(steps, |it| deferral.rows.contains(it));
        open.extend(range.map(|range| Meanwhile {
            range,
            waiting: BTreeSet::from([&deferral.key]),
            late: BTreeSet::new(),
        }));
    }
    let is_made = |key: &ObjectId| {
        let mut objects = steps.iter().flat_map(|step| &step.objects);
        objects.any(|(_, id)| id == key)
    };
    let late = references(context.before);
    let late = late.filter(|(key, ..)| is_late(key, context) && !is_made(key));
    for (key, from, to) in late {
        let is_of = |table: Option<&ObjectId>| table == Some(from) || table == Some(&to);
        let range = range(steps, |(_, id)| {
            id.kind == Kind::Row && is_of(id.parent.as_deref())
        });
        open.extend(range.map(|range| Meanwhile {
            range,
            waiting: BTreeSet::new(),
            late: BTreeSet::from([key]),
        }));
    }
    let mut all: Vec<Meanwhile<'_>> = Vec::new();
    for mut own in open {
        while let Some(at) = all
            .iter()
            .position(|it| it.range.0 <= own.range.1 && own.range.0 <= it.range.1)
        {
            let other = all.swap_remove(at);
            own.range = (
                own.range.0.min(other.range.0),
                own.range.1.max(other.range.1),
            );
            own.waiting.extend(other.waiting);
            own.late.extend(other.late);
        }
        all.push(own);
    }
    // From behind, so that the places of the others stay.
    all.sort_by_key(|it| std::cmp::Reverse(it.range));
    for Meanwhile {
        range,
        waiting,
        late,
    } in all
    {
        let both: Vec<&ObjectId> = waiting.union(&late).copied().collect();
        if alters_a_table_of(&both, context, &steps[range.0..=range.1]) {
            around(steps, range, both[0], away(&both, context));
        } else if let Some(about) = waiting.first() {
            let keys: Vec<&ObjectId> = waiting.iter().copied().collect();
            let statements = constraint::deferred_meanwhile(&keys, context.before);
            around(steps, range, about, statements);
        }
    }
}

/// Whether a table of one of the keys is altered among the steps, and not only its rows.
fn alters_a_table_of(keys: &[&ObjectId], context: &Context<'_>, steps: &[Step]) -> bool {
    let ends = references(context.before).filter(|(key, ..)| keys.contains(key));
    let tables: BTreeSet<ObjectId> = ends.flat_map(|(_, from, to)| [from.clone(), to]).collect();
    let objects = steps.iter().flat_map(|step| &step.objects);
    let mut altered = objects
        .filter(|(_, id)| id.kind != Kind::Row)
        .map(|(_, id)| id);
    altered.any(|id| tables.contains(id.whole()))
}

/// The statements that take foreign keys away, and those that put them back.
fn away(keys: &[&ObjectId], context: &Context<'_>) -> (Vec<Statement>, Vec<Statement>) {
    let (mut gone, mut back) = (Vec::new(), Vec::new());
    for key in keys {
        let comment = key.child(Kind::Comment, "");
        gone.extend(context.before.get(key).map(|it| it.drop(key, context)));
        for id in [*key, &comment] {
            back.extend(context.before.get(id).map(|it| it.create(id, context)));
        }
    }
    let plain = |all: Vec<Vec<Statement>>| {
        let all = all.into_iter().flatten();
        all.map(Statement::without_hazards).collect()
    };
    (plain(gone), plain(back))
}

/// Whether a foreign key is there all the while, and its check waits by itself.
fn is_late(key: &ObjectId, context: &Context<'_>) -> bool {
    let is_deferred = matches!(context.before.get(key), Some(Object::ForeignKey(it)) if it.deferrable.as_deref() == Some("deferred"));
    is_deferred && context.before.get(key) == context.after.get(key)
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
