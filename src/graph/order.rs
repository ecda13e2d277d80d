//! The order of a plan as a graph: which step waits for which, as the dependencies of the state before (for what goes) and of
//! the state after (for what is made) say. Neighbouring steps about one object are one task.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::Mark;
use crate::kind::Catalog;
use crate::model::ObjectId;
use crate::plan::{Plan, Verb};
use crate::sql::lexer::significant;

/// The tasks of a plan, and what waits for what.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Order {
    /// The tasks in their order.
    pub tasks: Vec<Task>,
    /// `(later, earlier)`: the later task waits for the earlier one. What follows from others is left out.
    pub needs: Vec<(usize, usize)>,
    /// The parts that run as one transaction each, or outside of any: their words.
    pub parts: Vec<String>,
}

/// Steps about one object that run one after another.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Task {
    /// The first of its steps, from 1.
    pub first: usize,
    /// The last one.
    pub last: usize,
    /// The object.
    pub object: String,
    /// What happens to it.
    pub mark: Mark,
    /// The statements.
    pub statements: Vec<String>,
    /// The part that it belongs to.
    pub part: usize,
}

/// How many statements of a task a picture shows.
const SHOWN: usize = 4;

impl Task {
    /// `3.` or `3–5.`
    pub fn numbers(&self) -> String {
        if self.first == self.last {
            format!("{}.", self.first)
        } else {
            format!("{}–{}.", self.first, self.last)
        }
    }

    /// The first words of its first statements.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .statements
            .iter()
            .take(SHOWN)
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        if self.statements.len() > SHOWN {
            lines.push(format!("… {} more", self.statements.len() - SHOWN));
        }
        lines
    }
}

impl Order {
    /// The order of the plan that leads from one catalog to another.
    pub fn of(plan: &Plan, before: &Catalog, after: &Catalog) -> Order {
        let mut order = Order::default();
        let mut task_of = Vec::new();
        let mut roots: Vec<ObjectId> = Vec::new();
        for part in plan.parts() {
            let number = order.parts.len();
            let outside = part.iter().any(|step| step.statement.outside_transaction);
            order.parts.push(format!(
                "{} · {}",
                number + 1,
                if outside {
                    "no transaction"
                } else {
                    "one transaction"
                }
            ));
            for step in part {
                let index = task_of.len();
                let Some((_, id)) = step.objects.first() else {
                    task_of.push(None);
                    continue;
                };
                let root = id.whole();
                let mark = step
                    .objects
                    .iter()
                    .find(|(_, id)| id == root)
                    .map_or(Mark::Changed, |(verb, _)| mark(*verb));
                let text = step.statement.text();
                match order.tasks.last_mut() {
                    Some(task)
                        if roots.last() == Some(root)
                            && task.part == number
                            && task.last == index =>
                    {
                        task.last = index + 1;
                        task.statements.push(text);
                        if task.mark == Mark::Changed {
                            task.mark = mark;
                        }
                    }
                    _ => {
                        order.tasks.push(Task {
                            first: index + 1,
                            last: index + 1,
                            object: root.to_string(),
                            mark,
                            statements: vec![text],
                            part: number,
                        });
                        roots.push(root.clone());
                    }
                }
                task_of.push(Some(order.tasks.len() - 1));
            }
        }
        order.needs = needs(plan, before, after, &task_of);
        order
    }

    /// Says the statements as they stand in files, where these are the same ones in the same order.
    pub fn spell_as(&mut self, statements: &[String]) {
        let own = self.tasks.iter().flat_map(|task| &task.statements);
        if own.clone().count() != statements.len()
            || own
                .zip(statements)
                .any(|(own, other)| head(own) != head(other))
        {
            return;
        }
        let mut others = statements.iter();
        for statement in self.tasks.iter_mut().flat_map(|it| &mut it.statements) {
            if let Some(other) = others.next() {
                other.clone_into(statement);
            }
        }
    }
}

/// What a statement does, and to what: its first words.
fn head(statement: &str) -> Vec<String> {
    const WORDS: usize = 6;
    let tokens = significant(statement);
    let words = tokens.iter().take(WORDS);
    words.map(|token| token.text.to_lowercase()).collect()
}

fn mark(verb: Verb) -> Mark {
    match verb {
        Verb::Create => Mark::Added,
        Verb::Alter => Mark::Changed,
        Verb::Drop => Mark::Dropped,
    }
}

/// What an object cannot be without: what it depends on and what it is a part of.
fn needed<'a>(catalog: &'a Catalog, id: &'a ObjectId) -> impl Iterator<Item = &'a ObjectId> {
    let own = catalog.dependencies_of(id);
    own.flat_map(ObjectId::ancestors).chain(id.parents())
}

/// Which task waits for which.
fn needs(
    plan: &Plan,
    before: &Catalog,
    after: &Catalog,
    task_of: &[Option<usize>],
) -> Vec<(usize, usize)> {
    let mut made: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut gone: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    for (step, task) in plan.steps.iter().zip(task_of) {
        let Some(task) = task else { continue };
        for (verb, id) in &step.objects {
            let list = if *verb == Verb::Drop {
                &mut gone
            } else {
                &mut made
            };
            list.entry(id).or_default().push(*task);
        }
    }
    let mut needs: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut wait = |later: usize, earlier: usize| {
        if earlier < later {
            needs.insert((later, earlier));
        }
    };
    for (id, tasks) in &made {
        for other in needed(after, id) {
            for earlier in made.get(other).into_iter().flatten() {
                tasks.iter().for_each(|later| wait(*later, *earlier));
            }
        }
        // What is made anew waits for the old one to go.
        for earlier in gone.get(id).into_iter().flatten() {
            tasks.iter().for_each(|later| wait(*later, *earlier));
        }
    }
    for (id, tasks) in &gone {
        for other in needed(before, id) {
            for later in gone.get(other).into_iter().chain(made.get(other)).flatten() {
                tasks.iter().for_each(|earlier| wait(*later, *earlier));
            }
        }
    }
    reduced(
        task_of.iter().flatten().max().map_or(0, |last| last + 1),
        &needs,
    )
}

/// Without what follows from others; every pair leads from a later to an earlier one.
fn reduced(count: usize, needs: &BTreeSet<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut direct: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (later, earlier) in needs {
        direct[*later].push(*earlier);
    }
    let mut reached: Vec<BTreeSet<usize>> = Vec::with_capacity(count);
    let mut kept = Vec::new();
    for (later, direct) in direct.iter_mut().enumerate() {
        let mut all: BTreeSet<usize> = BTreeSet::new();
        direct.sort_unstable_by(|one, other| other.cmp(one));
        for earlier in direct.iter() {
            if all.insert(*earlier) {
                kept.push((later, *earlier));
                all.extend(reached[*earlier].iter().copied());
            }
        }
        reached.push(all);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_spelled_as_in_the_files_that_have_them() {
        let task = |statement: &str| Task {
            first: 1,
            last: 1,
            object: String::new(),
            mark: Mark::Changed,
            statements: vec![statement.to_owned()],
            part: 0,
        };
        let mut order = Order {
            tasks: vec![
                task("ALTER TABLE a.b ADD c text DEFAULT 'x'::text"),
                task("DROP TABLE a.c"),
            ],
            ..Order::default()
        };
        order.spell_as(
            &["ALTER TABLE a.b ADD c text DEFAULT 'x'", "DROP TABLE a.d"].map(str::to_owned),
        );
        assert!(order.tasks[0].statements[0].ends_with("::text"));
        order.spell_as(
            &["ALTER TABLE a.b ADD c text DEFAULT 'x'", "drop table a.c"].map(str::to_owned),
        );
        assert!(order.tasks[0].statements[0].ends_with("'x'"));
        assert_eq!(order.tasks[1].statements, ["drop table a.c"]);
    }

    #[test]
    fn what_follows_from_others_is_left_out() {
        let needs = BTreeSet::from([(1, 0), (2, 1), (2, 0), (3, 0), (3, 2)]);
        assert_eq!(reduced(4, &needs), [(1, 0), (2, 1), (3, 2)]);
    }
}
