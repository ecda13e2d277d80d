//! A project of several databases: some commands go over all of them, in the order of the project file; all others work on
//! the one that `--database` names.

use super::answer::Databases;
use super::arguments::Command;
use super::context::Context;
use super::failure::Failure;
use super::report::escaped;
use super::screen::Paint;
use crate::model::Exit;

/// What a failure in one database means for those after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// They are looked at all the same.
    GoOn,
    /// Nothing is done in them.
    Stop,
}

/// How a command goes over several databases; none where it works on one.
fn over(command: &Command) -> Option<Then> {
    match command {
        Command::Check(_) | Command::Status(_) | Command::Doctor(_) => Some(Then::GoOn),
        // A copy is that of one database.
        Command::Verify(options) if options.data.is_none() => Some(Then::GoOn),
        Command::Lint(options) if options.paths.is_empty() => Some(Then::GoOn),
        Command::Drift(options) if !options.fix && !options.accept => Some(Then::GoOn),
        Command::Diff(options) if options.drop.is_empty() => Some(Then::Stop),
        // A version, a hash or a script is that of one database.
        Command::Apply(options) if options.is_of_any_database() => Some(Then::Stop),
        Command::Plan(options) if options.is_of_any_database() => Some(Then::Stop),
        Command::Create(_) => Some(Then::Stop),
        _ => None,
    }
}

/// The databases that a command goes over; none where it works on one, or where the project has no more than one.
pub(super) fn several(context: &Context, command: &Command) -> Option<Vec<String>> {
    over(command)?;
    if context.global.database.is_some() {
        return None;
    }
    // What is wrong with the project says the command itself.
    let names = context.databases().ok()?;
    (names.len() > 1).then_some(names)
}

/// Runs a command on each of the databases.
pub(super) async fn each(
    context: &Context,
    names: &[String],
    command: &Command,
) -> Result<Exit, Failure> {
    let screen = &context.screen;
    let then = over(command).unwrap_or(Then::Stop);
    let mut exit = Exit::Fine;
    let mut results = indexmap::IndexMap::new();
    for (at, name) in names.iter().enumerate() {
        screen.say(format!(
            "{} {}",
            screen.paint(Paint::Faint, "database"),
            screen.paint(Paint::Strong, &escaped(name))
        ));
        screen.collect();
        let here = context.on_database(name);
        let ended = match super::one(&here, command.clone()).await {
            Ok(exit) => exit,
            Err(failure) => {
                screen.failure(&failure);
                failure.exit
            }
        };
        if let Some(value) = screen.collected() {
            results.insert(name.clone(), value);
        }
        let failed = !matches!(ended, Exit::Fine | Exit::Todo);
        // The first failure is the one to look at; something to do is less.
        if exit == Exit::Fine || (exit == Exit::Todo && failed) {
            exit = ended;
        }
        if failed && then == Then::Stop {
            tell_stopped(context, names, at);
            break;
        }
    }
    if screen.is_json() {
        screen.print_json(&Databases {
            ok: matches!(exit, Exit::Fine | Exit::Todo),
            exit: exit.code(),
            databases: results,
        });
    }
    Ok(exit)
}

/// Says what was done where, and what was not begun.
fn tell_stopped(context: &Context, names: &[String], at: usize) {
    let list = |names: &[String]| escaped(&names.join(", "));
    let mut words = format!("stopped at {}", escaped(&names[at]));
    if at > 0 {
        words.push_str(&format!("; done: {}", list(&names[..at])));
    }
    if at + 1 < names.len() {
        words.push_str(&format!("; not begun: {}", list(&names[at + 1..])));
    }
    context.screen.warn(words);
}
