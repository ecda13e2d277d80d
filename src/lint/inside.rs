//! What a statement runs that does not stand in it: a block, the strings that it executes, the routines that it calls.
//!
//! The rule: what is read is judged as any other statement; what nobody can read before it runs is told.

use std::collections::BTreeSet;

use crate::facts::World;
use crate::facts::read::{Action, Command, read};
use crate::sql::block::Inside;
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;
use crate::sql::split::split;

/// What a statement runs beside itself.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// Statements, read.
    pub(super) statements: Vec<(String, Command)>,
    /// What can't be read: the routine that it stands in, none for a block, and its text.
    pub(super) unread: Vec<(Option<String>, String)>,
    /// Whether there is anything of it.
    pub(super) any: bool,
}

/// How deep blocks stand in blocks.
const DEPTH: usize = 8;

/// Everything that some texts of SQL run.
#[derive(Debug, Default)]
pub struct Reached {
    /// The statements, those inside of others too.
    pub commands: Vec<Command>,
    /// Whether there is something that can't be read before it runs.
    pub unread: bool,
}

/// Everything that these texts run, one after the other, in a world whose routines are known.
pub fn reached(texts: &[String], mut world: World) -> Reached {
    let mut reached = Reached::default();
    for text in texts {
        let Ok(script) = split(text) else {
            reached.unread = true;
            continue;
        };
        for statement in &script.statements {
            let command = read(statement.text);
            let run = run(statement.text, &command, &world);
            reached.unread |= !run.unread.is_empty();
            reached
                .commands
                .extend(run.statements.into_iter().map(|(_, command)| command));
            world.apply(&command);
            reached.commands.push(command);
        }
    }
    reached
}

/// What a statement runs in this world.
pub(super) fn run(sql: &str, command: &Command, world: &World) -> Run {
    let mut run = Run::default();
    let mut called = BTreeSet::new();
    gather(sql, command, world, (None, 0), &mut called, &mut run);
    run
}

fn gather(
    sql: &str,
    command: &Command,
    world: &World,
    (routine, depth): (Option<&str>, usize),
    called: &mut BTreeSet<String>,
    run: &mut Run,
) {
    match command {
        Command::Block => {
            let inside = Inside::of_do(sql).unwrap_or_default();
            take(inside, world, (routine, depth), called, run);
        }
        Command::CreateSchema { elements, .. } => {
            for element in elements {
                run.statements.push((element.clone(), read(element)));
            }
        }
        _ => {}
    }
    if !executes(command) {
        return;
    }
    let mut names = calls(sql);
    if matches!(command, Command::Write { .. } | Command::Truncate { .. }) {
        names.extend(world.triggers().map(str::to_owned));
    }
    for name in names {
        let bodies = world.routines(&name);
        if bodies.is_empty() || !called.insert(name.clone()) {
            continue;
        }
        for (language, body) in bodies {
            let inside = Inside::of_body(language, body);
            take(inside, world, (Some(&name), depth), called, run);
        }
    }
}

fn take(
    inside: Inside,
    world: &World,
    (routine, depth): (Option<&str>, usize),
    called: &mut BTreeSet<String>,
    run: &mut Run,
) {
    run.any = true;
    let owned = || routine.map(str::to_owned);
    for text in inside.unread {
        run.unread.push((owned(), text));
    }
    for text in inside.statements {
        let command = match read(&text) {
            // What a block does not know as SQL may call something all the same.
            Command::Other(_) => Command::Query { locking: false },
            command => command,
        };
        if depth < DEPTH {
            gather(&text, &command, world, (routine, depth + 1), called, run);
        } else if matches!(command, Command::Block) {
            run.unread.push((owned(), text.clone()));
        }
        run.statements.push((text, command));
    }
}

/// Whether a statement runs what it names: a view or a default only keeps it.
fn executes(command: &Command) -> bool {
    match command {
        Command::Query { .. }
        | Command::Write { .. }
        | Command::Truncate { .. }
        | Command::Refresh { .. }
        | Command::CreateIndex(_)
        | Command::Block
        | Command::Other(_) => true,
        Command::CreateView {
            materialized, data, ..
        } => *materialized && *data,
        Command::CreateTable(table) => table.other_columns,
        Command::AlterTable(alter) => alter.actions.iter().any(|action| {
            matches!(
                action,
                Action::AddColumn(..)
                    | Action::Type { .. }
                    | Action::AddConstraint(_)
                    | Action::Validate(_)
                    | Action::Other
            )
        }),
        _ => false,
    }
}

/// The names that a text calls.
pub(super) fn calls(sql: &str) -> BTreeSet<String> {
    let tokens = significant(sql);
    let called = tokens
        .windows(2)
        .filter(|pair| pair[0].is_ident() && pair[1].is("("));
    called.map(|pair| unquote_ident(pair[0].text)).collect()
}
