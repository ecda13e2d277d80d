//! Statements that run routines, whose bodies name things without their schema, run with these schemas in the search
//! path, and so do texts that mean an operator which they can't name: everything else is written so that it needs none.

use std::collections::BTreeSet;

use super::{Parts, Step, Verb};
use crate::kind::bodies::Bodies;
use crate::kind::{Context, Statement, unnamed_operators};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// The steps, with the search path set where one is needed and emptied behind.
pub(super) fn set(context: &Context<'_>, steps: Vec<Step>, parts: Option<&Parts>) -> Vec<Step> {
    let bodies = Bodies::new(context.before, context.after);
    let mut out = Vec::with_capacity(steps.len());
    let mut now: Vec<String> = Vec::new();
    let mut last = None;
    for step in steps {
        // Each part is a file of its own.
        let part = step
            .objects
            .first()
            .zip(parts)
            .map(|((_, id), parts)| parts.of(id));
        if part != last {
            now.clear();
            last = part;
        }
        if step.statement.outside_transaction {
            now.clear();
            out.push(step);
            continue;
        }
        // One statement may be that of many objects, of which any may come first.
        let objects = step.objects.iter();
        let running = objects.filter(|(verb, id)| runs_routines(*verb, id));
        let mut needed = match running.clone().next().zip(bodies.as_ref()) {
            Some(((_, id), bodies)) => {
                // A relation that the plan makes has no rows until they are put back.
                let root = id.root();
                let has_rows =
                    !context.makes(root) || running.clone().any(|(verb, _)| *verb == Verb::Alter);
                let relation = Some(root).filter(|_| has_rows);
                bodies.search_path(running.map(|(_, id)| id), relation)
            }
            None => Vec::new(),
        };
        let standing = step.objects.iter().filter(|(verb, _)| *verb != Verb::Drop);
        let standing = standing.map(|(_, id)| id);
        let meant = unnamed_operators::schemas(|| step.statement.text(), standing, context.after);
        let meant: BTreeSet<String> = meant
            .into_iter()
            .chain(meant_by_made_anew(&step, context))
            .filter(|it| !needed.contains(it))
            .collect();
        needed.extend(meant);
        if needed != now {
            out.push(Step {
                statement: Statement::sql(format!("SET LOCAL search_path = {}", list(&needed))),
                objects: Vec::new(),
                commit_after: false,
            });
            now = needed;
        }
        if step.commit_after {
            now.clear();
        }
        out.push(step);
    }
    out
}

/// What is meant by the indexes and constraints that PostgreSQL makes anew from their text where a column changes its type.
fn meant_by_made_anew(step: &Step, context: &Context<'_>) -> BTreeSet<String> {
    let altered = step.objects.iter().filter(|(verb, id)| {
        *verb == Verb::Alter
            && id.kind == Kind::Column
            && context.after.get(id) != context.before.get(id)
    });
    let mut meant = BTreeSet::new();
    for column in altered.map(|(_, id)| id) {
        let Some(table) = column.parent.as_deref() else {
            continue;
        };
        let kinds = [Kind::Index, Kind::Check, Kind::Exclude];
        let parts = kinds
            .into_iter()
            .flat_map(|kind| context.after.children(table, kind));
        let parts =
            parts.filter(|(id, _)| context.after.dependencies_of(id).any(|it| it == column));
        for (id, part) in parts {
            let text = || {
                let made = part.create(id, context);
                made.iter()
                    .map(Statement::text)
                    .collect::<Vec<_>>()
                    .join(";")
            };
            meant.extend(unnamed_operators::schemas(text, [id], context.after));
        }
    }
    meant
}

fn list(schemas: &[String]) -> String {
    if schemas.is_empty() {
        return crate::sql::quote::literal("");
    }
    let names: Vec<String> = schemas.iter().map(|schema| ident(schema)).collect();
    names.join(", ")
}

/// Whether a statement about an object may evaluate expressions: for its rows, or to plan for them.
pub(super) fn runs_routines(verb: Verb, id: &ObjectId) -> bool {
    match id.kind {
        Kind::Table => verb == Verb::Alter,
        Kind::Index
        | Kind::Check
        | Kind::Exclude
        | Kind::Unique
        | Kind::PrimaryKey
        | Kind::ForeignKey
        | Kind::Column
        | Kind::NotNull
        | Kind::Default
        | Kind::Partition
        | Kind::MaterializedView
        | Kind::Domain
        | Kind::DomainConstraint
        | Kind::DomainNotNull => verb != Verb::Drop,
        _ => false,
    }
}
