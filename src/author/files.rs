//! A proven plan as migration files. One transaction is one file, a statement outside a transaction a file of its own;
//! several files are one group. The down plan's parts lie on the files from the last to the first, so that running all
//! downs backwards runs them in their order.

use super::{Piece, Proof};
use crate::kind::HazardClass;
use crate::migrate::{Draft, NewMigration};
use crate::model::{Kind, ObjectId};
use crate::plan::{Plan, Step, Verb};
use crate::sql::hostile::harmless;
use crate::sql::lexer::{TokenKind, tokenize};
use crate::sql::quote::ident;
use crate::sql::respell::respell;

/// How many rows one range of a change by ranges has: what others wait for at most.
const RANGE: u32 = 2000;

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
    /// The migrations of other services that it stands on.
    pub depends_on: Vec<String>,
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
    // Whatever the number of files, everything is asked before the first of them.
    let first = |part: usize, plan: &'_ Plan| match part {
        0 => preflights(plan),
        _ => String::new(),
    };
    (0..count)
        .map(|at| {
            let back = count - 1 - at;
            NewMigration {
                service: String::new(),
                batch: 0,
                after: Vec::new(),
                name: name.to_owned(),
                up: draft(ups.get(at).copied(), first(at, up), heading, true),
                down: draft(downs.get(back).copied(), first(back, down), heading, false),
            }
        })
        .collect()
}

/// The files of the pieces of several services, in the order in which they run; `said` gives the service of a piece with its
/// name and heading, `needs` the pieces that it stands on.
pub fn drafts_of(
    pieces: &[Piece],
    said: &dyn Fn(usize) -> (String, String, Heading),
    needs: &dyn Fn(usize) -> Vec<usize>,
) -> Vec<NewMigration> {
    let mut all: Vec<NewMigration> = Vec::new();
    let mut last_of: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let (service, name, heading) = said(at);
        let after: Vec<usize> = needs(at).into_iter().map(|it| last_of[it]).collect();
        let files = drafts(&piece.up, &piece.down, &name, &heading);
        for (part, mut new) in files.into_iter().enumerate() {
            new.service.clone_from(&service);
            new.batch = piece.batch;
            // The others come after the first.
            if part == 0 {
                new.up.depends_on.clone_from(&heading.depends_on);
                new.after.clone_from(&after);
            }
            all.push(new);
        }
        last_of.push(all.len() - 1);
    }
    all
}

/// The lines of what must hold of the rows, each query one directive.
fn preflights(plan: &Plan) -> String {
    let mut text = String::new();
    for preflight in &plan.preflights {
        let query = preflight.sql.replace('\n', "\n-- schemactl:+ ");
        text.push_str(&format!("-- schemactl:preflight {query}\n"));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn draft(steps: Option<&[Step]>, preflights: String, heading: &Heading, up: bool) -> Draft {
    let steps = steps.unwrap_or_default();
    let hazards = || steps.iter().flat_map(|step| &step.statement.hazards);
    let mut draft = Draft {
        description: heading.description.as_deref().map(one_line),
        author: heading.author.clone(),
        date: heading.date.clone(),
        proven: heading.proven.clone(),
        no_transaction: steps.iter().any(|step| step.statement.outside_transaction),
        body: match steps.is_empty() {
            true => NOTHING.to_owned(),
            false => preflights + &body(steps),
        },
        ..Draft::default()
    };
    for hazard in hazards() {
        let class = match hazard.class {
            // Whether the way back of a way back is exact is nobody's question.
            HazardClass::Irreversible if !up => continue,
            HazardClass::Irreversible => {
                push_new(
                    &mut draft.irreversible,
                    one_line(&format!("{}: {}", hazard.object, hazard.detail)),
                );
                continue;
            }
            class => class.word(),
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
        let root = step.objects.first().map(|(_, id)| id.whole());
        if root != last
            && let Some(root) = root
        {
            text.push_str(&format!("-- {}\n", one_line(&root.to_string())));
        }
        last = root;
        if let Some(key) = &step.statement.batch_key {
            text.push_str(&format!("-- schemactl:batch {} {RANGE}\n", ident(key)));
        }
        text.push_str(&statement(step));
        text.push_str("\n\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
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

/// In one line, and without what would steer the terminal of whoever reads the file.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    harmless(&words.join(" ")).into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Statement;

    fn step(kind: Kind, name: &str, sql: &str) -> Step {
        Step {
            statement: Statement::sql(sql),
            objects: vec![(Verb::Create, ObjectId::in_schema(kind, "app", name))],
            commit_after: false,
        }
    }

    fn outside(sql: &str) -> Step {
        let mut step = step(Kind::Table, "t", sql);
        step.statement = step.statement.outside();
        step
    }

    fn plan(steps: Vec<Step>) -> Plan {
        Plan {
            steps,
            preflights: Vec::new(),
        }
    }

    fn statements(body: &str) -> Vec<&str> {
        body.lines()
            .filter(|line| !line.starts_with("--") && !line.is_empty())
            .collect()
    }

    #[test]
    fn one_transaction_is_one_file_with_a_word_above_each_object() {
        let up = plan(vec![
            step(Kind::Table, "t", "CREATE TABLE app.t ()"),
            step(Kind::Table, "t", "COMMENT ON TABLE app.t IS 'x'"),
            step(Kind::View, "v", "CREATE VIEW app.v AS SELECT 1 -- one"),
        ]);
        let files = drafts(&up, &plan(Vec::new()), "n", &Heading::default());
        assert_eq!(files.len(), 1);
        assert_eq!(
            files[0].up.body,
            "-- table app.t\nCREATE TABLE app.t ();\n\nCOMMENT ON TABLE app.t IS 'x';\n\n\
             -- view app.v\nCREATE VIEW app.v AS SELECT 1 -- one\n;\n"
        );
        assert_eq!(files[0].down.body, NOTHING);
    }

    #[test]
    fn downs_run_backwards_run_the_parts_in_their_order() {
        let up = plan(vec![
            step(Kind::Table, "t", "A"),
            outside("B"),
            step(Kind::Table, "t", "C"),
        ]);
        for down in [
            plan(vec![step(Kind::Table, "t", "X")]),
            plan(vec![
                step(Kind::Table, "t", "X"),
                outside("Y"),
                step(Kind::Table, "t", "Z"),
            ]),
            plan(vec![
                outside("V"),
                outside("W"),
                outside("X"),
                step(Kind::Table, "t", "Y"),
                outside("Z"),
            ]),
        ] {
            let files = drafts(&up, &down, "n", &Heading::default());
            let ups: Vec<&str> = files
                .iter()
                .flat_map(|file| statements(&file.up.body))
                .collect();
            assert_eq!(ups, ["A;", "B;", "C;"]);
            let downs: Vec<&str> = files
                .iter()
                .rev()
                .flat_map(|file| statements(&file.down.body))
                .collect();
            let wanted: Vec<String> = down
                .steps
                .iter()
                .map(|step| format!("{};", step.statement.text()))
                .collect();
            assert_eq!(downs, wanted);
            for file in &files {
                for draft in [&file.up, &file.down] {
                    assert!(
                        !draft.no_transaction || statements(&draft.body).len() == 1,
                        "{draft:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn bodies_of_routines_are_not_checked_before_everything_is_there() {
        let up = plan(vec![step(
            Kind::Function,
            "f",
            "CREATE FUNCTION app.f() ...",
        )]);
        let files = drafts(&up, &up, "n", &Heading::default());
        assert!(
            files[0]
                .up
                .body
                .starts_with("SET LOCAL check_function_bodies = off;\n")
        );
    }

    #[test]
    fn hazards_and_what_cannot_be_taken_back_stand_in_the_header() {
        let id = ObjectId::in_schema(Kind::Table, "app", "t");
        let mut drop = step(Kind::Table, "t", "DROP TABLE app.t");
        drop.statement = drop
            .statement
            .hazard("drop-table", HazardClass::DataLoss, &id, "its\nrows")
            .hazard("odd", HazardClass::Irreversible, &id, "gone");
        let files = drafts(
            &plan(vec![drop.clone()]),
            &plan(vec![drop]),
            "n",
            &Heading::default(),
        );
        assert_eq!(
            files[0].up.hazards,
            ["data-loss drop-table table app.t: its rows"]
        );
        assert_eq!(files[0].up.irreversible, ["table app.t: gone"]);
        assert!(files[0].down.irreversible.is_empty());
    }
}
