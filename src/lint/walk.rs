//! Files in their order: each statement is judged in the world that the statements before it left.

use super::rules::{At, Raw, Transaction, judge, judge_rights, tell_unread};
use super::source::Source;
use super::{catalogue, inside};
use crate::facts::read::{Action, Command};
use crate::facts::{Cost, Facts, World, cost, facts};
use crate::kind::HazardClass;
use crate::model::QualifiedName;

/// A statement with what was found of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Its line, from 1.
    pub line: usize,
    /// Its text.
    pub sql: String,
    /// What it works on first, for people.
    pub object: String,
    /// Its facts.
    pub facts: Facts,
    /// What its work comes to, where sizes are known.
    pub cost: Option<Cost>,
    /// Whether it runs what does not stand in it: a block, a routine.
    pub hidden: bool,
    pub(super) raws: Vec<Raw>,
}

impl Judged {
    /// Its hazards of a class: code, object, what happens.
    pub fn of_class(&self, class: HazardClass) -> impl Iterator<Item = (&'static str, &str, &str)> {
        let is = move |raw: &&Raw| catalogue::find(raw.code).is_some_and(|it| it.class == class);
        let raws = self.raws.iter().filter(is);
        raws.map(|raw| (raw.code, &*raw.object, &*raw.message))
    }

    /// The codes of its hazards.
    pub fn codes(&self) -> Vec<&'static str> {
        self.raws.iter().map(|raw| raw.code).collect()
    }
}

/// A file that was walked through.
#[derive(Debug, Clone)]
pub struct Walked {
    /// Its name.
    pub name: String,
    /// Whether it is one transaction.
    pub transaction: bool,
    /// Its statements.
    pub statements: Vec<Judged>,
}

/// Walks through files in their order. `together`: all of them run where nothing of them is there yet, so that what one
/// makes is new to the others too; else only files of one plan are so near.
pub fn walk(sources: &[Source], world: &mut World, together: bool) -> Vec<Walked> {
    let mut walked: Vec<Walked> = Vec::new();
    let mut unproven: Vec<Unproven> = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        let other = number > 0 && sources[number - 1].plan != source.plan;
        if other && !together {
            world.settle();
        }
        world.begin();
        let mut transaction = Transaction {
            open: source.transaction,
            ..Transaction::default()
        };
        // What follows in the plan, for what becomes whole only later.
        let commands: Vec<&Command> = sources[number..]
            .iter()
            .take_while(|next| next.plan == source.plan)
            .flat_map(|next| next.statements.iter().map(|it| &it.command))
            .collect();
        let mut statements = Vec::new();
        for (place, statement) in source.statements.iter().enumerate() {
            let facts = facts(&statement.sql, &statement.command, world);
            let mut at = At {
                sql: &statement.sql,
                line: statement.line,
                command: &statement.command,
                facts: &facts,
                world,
                transaction: &mut transaction,
                later: &commands[place + 1..],
                path_said: !world.search_path().is_empty(),
                found: Vec::new(),
            };
            judge(&mut at);
            let run = inside::run(&statement.sql, &statement.command, world);
            for (sql, command) in &run.statements {
                judge_rights(&mut at, sql, command);
            }
            tell_unread(&mut at, &run);
            let raws = at.found;
            follow(&mut unproven, &statement.command, world, (number, place));
            statements.push(Judged {
                line: statement.line,
                sql: statement.sql.clone(),
                object: object(&statement.command, &facts, world),
                cost: cost(&facts, world),
                facts,
                hidden: run.any,
                raws,
            });
            world.apply(&statement.command);
        }
        walked.push(Walked {
            name: source.name.clone(),
            transaction: source.transaction,
            statements,
        });
    }
    for left in unproven {
        let message = format!("{} of {} is never validated", left.shown(), left.table);
        let object = match left.name.is_empty() {
            true => left.table.to_string(),
            false => format!("{}.{}", left.table, left.name),
        };
        walked[left.place.0].statements[left.place.1]
            .raws
            .push(Raw {
                code: "left-unvalidated",
                object,
                message,
            });
    }
    walked
}

/// A constraint that no row was looked at for.
struct Unproven {
    table: QualifiedName,
    name: String,
    place: (usize, usize),
}

impl Unproven {
    fn shown(&self) -> String {
        match self.name.is_empty() {
            true => "a constraint".to_owned(),
            false => format!("constraint {}", self.name),
        }
    }
}

fn follow(unproven: &mut Vec<Unproven>, command: &Command, world: &World, place: (usize, usize)) {
    let Command::AlterTable(alter) = command else {
        return;
    };
    let table = world.resolve(&alter.name);
    for action in &alter.actions {
        match action {
            Action::AddConstraint(constraint)
                if constraint.not_valid && world.was_there(&table) =>
            {
                unproven.push(Unproven {
                    table: table.clone(),
                    name: constraint.name.clone().unwrap_or_default(),
                    place,
                });
            }
            Action::Validate(name) | Action::DropConstraint { name, .. } => {
                // PostgreSQL made the name up where none was said.
                unproven
                    .retain(|it| it.table != table || (it.name != *name && !it.name.is_empty()));
            }
            _ => {}
        }
    }
}

/// What a statement works on first.
fn object(command: &Command, facts: &Facts, world: &World) -> String {
    let name = match command {
        Command::CreateTable(table) => Some(&table.name),
        Command::AlterTable(alter) => Some(&alter.name),
        Command::CreateIndex(index) => Some(&index.table),
        Command::Drop(removal) => removal.names.first(),
        Command::DropPart { table, .. }
        | Command::MakePart { table, .. }
        | Command::CreateStatistics { table, .. }
        | Command::Write { table, .. } => Some(table),
        Command::Truncate { tables, .. } | Command::Lock { tables, .. } => tables.first(),
        Command::Refresh { view: name, .. }
        | Command::CreateView { name, .. }
        | Command::CreateType { name }
        | Command::AlterType { name, .. }
        | Command::CreateDomain { name, .. }
        | Command::AlterDomain { name, .. }
        | Command::Sequence { name, .. }
        | Command::AlterRoutine { name, .. }
        | Command::Comment { name, .. } => Some(name),
        Command::CreateRoutine(routine) => Some(&routine.name),
        _ => facts.locks.keys().next(),
    };
    name.map(|name| world.resolve(name).to_string())
        .unwrap_or_default()
}
