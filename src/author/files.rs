//! A proven plan as migration files. One transaction is one file, a statement outside a transaction a file of its own;
//! several files are one group. The down plan's parts lie on the files from the last to the first, so that running all
//! downs backwards runs them in their order.

use super::Proof;
use crate::kind::HazardClass;
use crate::migrate::{Draft, NewMigration};
use crate::model::{Kind, ObjectId};
use crate::plan::{Plan, Step, Verb};
use crate::sql::lexer::{TokenKind, tokenize};
use crate::sql::respell::respell;

/// What a file says where its plan's other direction has more parts.
const NOTHING: &str = "-- nothing to do here\n";

/// What the headers say beside the plan.
#[derive(Debug, Clone, Default)]
pub struct Heading {
    /// What the migration does; made from the changes where it is silent.
    pub description: Option<String>,
    /// Who writes it.
    pub author: Option<String>,
    /// When.
    pub date: Option<String>,
    /// How it was proven.
    pub proven: Option<String>,
}

/// The words of a proof: `up and down on PostgreSQL 15.18, 12 of 12 tables seeded`.
pub fn proven(proof: &Proof) -> String {
    let mut text = format!("up and down on PostgreSQL {}", proof.server);
    if proof.tables > 0 {
        text.push_str(&format!(
            ", {} of {} tables seeded",
            proof.seeded, proof.tables
        ));
    }
    text
}

/// The files of a plan, all named `name`.
pub fn drafts(up: &Plan, down: &Plan, name: &str, heading: &Heading) -> Vec<NewMigration> {
    let (ups, downs) = (up.parts(), down.parts());
    let count = ups.len().max(downs.len()).max(1);
    (0..count)
        .map(|at| {
            let back = count - 1 - at;
            NewMigration {
                name: name.to_owned(),
                up: draft(ups.get(at).copied(), heading, true),
                down: draft(downs.get(back).copied(), heading, false),
            }
        })
        .collect()
}

fn draft(steps: Option<&[Step]>, heading: &Heading, up: bool) -> Draft {
    let steps = steps.unwrap_or_default();
    let hazards = || steps.iter().flat_map(|step| &step.statement.hazards);
    let mut draft = Draft {
        description: heading.description.clone(),
        author: heading.author.clone(),
        date: heading.date.clone(),
        proven: heading.proven.clone(),
        no_transaction: steps.iter().any(|step| step.statement.outside_transaction),
        body: if steps.is_empty() {
            NOTHING.to_owned()
        } else {
            body(steps)
        },
        ..Draft::default()
    };
    for hazard in hazards() {
        let class = match hazard.class {
            HazardClass::DataLoss => "data-loss",
            HazardClass::Authorization => "authorization",
            HazardClass::Availability => "availability",
            // Whether the way back of a way back is exact is nobody's question.
            HazardClass::Irreversible if !up => continue,
            HazardClass::Irreversible => {
                push_new(
                    &mut draft.irreversible,
                    one_line(&format!("{}: {}", hazard.object, hazard.detail)),
                );
                continue;
            }
        };
        let line = format!(
            "{class} {} {}: {}",
            hazard.code, hazard.object, hazard.detail
        );
        push_new(&mut draft.hazards, one_line(&line));
    }
    draft
}

fn push_new(lines: &mut Vec<String>, line: String) {
    if !lines.contains(&line) {
        lines.push(line);
    }
}

/// The statements with a comment above each group that belongs to one object.
fn body(steps: &[Step]) -> String {
    let mut text = String::new();
    if steps.iter().any(makes_routine) && !steps.iter().any(|s| s.statement.outside_transaction) {
        text.push_str("SET LOCAL check_function_bodies = off;\n\n");
    }
    let mut last: Option<&ObjectId> = None;
    for step in steps {
        let root = step.objects.first().map(|(_, id)| whole(id));
        if root != last
            && let Some(root) = root
        {
            text.push_str(&format!("-- {}\n", one_line(&root.to_string())));
        }
        last = root;
        text.push_str(&statement(step));
        text.push_str("\n\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The object that people would say a step is about: the table of a column.
fn whole(id: &ObjectId) -> &ObjectId {
    id.ancestors()
        .take_while(|ancestor| {
            ancestor.kind != Kind::Schema
                || *ancestor == id
                || ancestor.parent.is_none()
                    && id.kind.is_facet()
                    && id.parent.as_deref() == Some(*ancestor)
        })
        .last()
        .unwrap_or(id)
}

fn makes_routine(step: &Step) -> bool {
    step.objects.iter().any(|(verb, id)| {
        *verb != Verb::Drop && matches!(id.kind, Kind::Function | Kind::Procedure)
    })
}

/// One statement with its semicolon; after a comment at its end, on a line of its own.
fn statement(step: &Step) -> String {
    let text = step.statement.text();
    let text = respell(&text);
    let text = text.trim_end();
    let comment = tokenize(text)
        .last()
        .is_some_and(|token| token.kind == TokenKind::LineComment);
    format!("{text}{};", if comment { "\n" } else { "" })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A plan as one script for psql: transactions and statements outside of them in their order.
pub fn script(plan: &Plan) -> String {
    let mut text = String::from("SET search_path = '';\n\n");
    if plan.steps.iter().any(makes_routine) {
        text.push_str("SET check_function_bodies = off;\n\n");
    }
    for part in plan.parts() {
        let outside = part.iter().any(|step| step.statement.outside_transaction);
        let statements = body(part).replacen("SET LOCAL check_function_bodies = off;\n\n", "", 1);
        if outside {
            text.push_str(&format!("{statements}\n"));
        } else {
            text.push_str(&format!("BEGIN;\n\n{statements}\nCOMMIT;\n\n"));
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
