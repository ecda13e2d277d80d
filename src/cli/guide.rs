//! The page of all commands, made of the parser itself: `man --format markdown`.

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};

use super::answer::schemas;
use super::examples;
use super::formats::formats;
use crate::model::Exit;

/// What an exit status says.
const CLASSES: &[(Exit, &str)] = &[
    (Exit::Fine, "everything is as wanted"),
    (Exit::Failed, "the work was tried and failed"),
    (Exit::Todo, "there is something to do"),
    (
        Exit::Refused,
        "refused by a policy or by the state; a person's word is needed",
    ),
    (Exit::Input, "the input is wrong: KDL, SQL or flags"),
    (Exit::Connect, "no connection, or rights are missing"),
    (
        Exit::Busy,
        "somebody else holds a lock, or time ran out; trying again may help",
    ),
    (
        Exit::Interrupted,
        "an interruption has to be resolved with `repair`",
    ),
    (Exit::Bug, "a bug of schemactl"),
];

/// What a status says of one command, beyond what it says of all.
const OWN: &[(&str, &[(Exit, &str)])] = &[
    ("check", &[(Exit::Input, "the files have mistakes")]),
    (
        "diff",
        &[
            (Exit::Todo, "`--exit-code`: there is a difference"),
            (
                Exit::Refused,
                "a hazard is not allowed, or an object is not declared and not to be dropped",
            ),
        ],
    ),
    (
        "verify",
        &[(
            Exit::Refused,
            "the migrations do not lead to what the files say, or a file is not proven",
        )],
    ),
    ("fmt", &[(Exit::Todo, "`--check`: files are not formatted")]),
    (
        "lint",
        &[(
            Exit::Refused,
            "a finding is an error, and nothing allows it",
        )],
    ),
    (
        "apply",
        &[
            (
                Exit::Failed,
                "a statement failed; what its file did is taken back",
            ),
            (
                Exit::Refused,
                "a policy, a hazard, a window, drift, or no approval stands against it",
            ),
            (
                Exit::Interrupted,
                "a statement outside a transaction was interrupted before",
            ),
        ],
    ),
    (
        "status",
        &[
            (
                Exit::Todo,
                "`--check`: a migration is pending, altered or missing",
            ),
            (Exit::Connect, "an environment cannot be asked"),
        ],
    ),
    (
        "drift",
        &[(Exit::Todo, "the database is not as the last run left it")],
    ),
    (
        "baseline",
        &[(Exit::Refused, "the database is not what the files lead to")],
    ),
];

/// The page.
pub(super) fn guide() -> String {
    let mut top = examples::command().disable_help_subcommand(true);
    top.build();
    let mut text = String::from(
        "# Commands\n\nMade of the program's own help: `schemactl man --format markdown` prints this page, and a test fails where it is \
         old\n(`SCHEMACTL_WRITE_DOCS=1 cargo test --test it docs::` writes it). `schemactl COMMAND --help` and `schemactl man COMMAND` say \
         the same on\nthe terminal. Words for people go to the standard error, results to the standard output.\n\n",
    );
    text.push_str("| command | |\n| --- | --- |\n");
    for command in top.get_subcommands() {
        let name = command.get_name();
        text.push_str(&format!(
            "| [`{name}`](#{name}) | {} |\n",
            cell(&plain(command.get_about()))
        ));
    }
    text.push_str("\n## Exit status\n\n| status | |\n| --- | --- |\n");
    for (exit, words) in CLASSES {
        text.push_str(&format!("| {} | {words} |\n", exit.code()));
    }
    text.push_str("\nA command on several databases ends with the status of the first failure. Commands say below what is special to them.\n");
    text.push_str("\n## For every command\n\n");
    table(
        &mut text,
        top.get_arguments().filter(|it| it.is_global_set()),
    );
    for command in top.get_subcommands() {
        section(&mut text, command, &[], 2);
    }
    text.replace("\n\n\n", "\n\n")
}

/// The section of one command, as a page of its own.
pub(super) fn of(command: &Command, path: &[&str]) -> String {
    let mut text = String::new();
    let above = path.split_last().map_or(&[][..], |(_, above)| above);
    section(&mut text, command, above, 1);
    text.trim_start().replace("\n\n\n", "\n\n")
}

fn section(text: &mut String, command: &Command, above: &[&str], level: usize) {
    let mut path = above.to_vec();
    path.push(command.get_name());
    let name = path.join(" ");
    text.push_str(&format!(
        "\n{} {name}\n\n{}.\n",
        "#".repeat(level),
        plain(command.get_about())
    ));
    if command.has_subcommands() {
        for below in command.get_subcommands() {
            section(text, below, &path, level + 1);
        }
        return;
    }
    let usage = plain(Some(&command.clone().render_usage()));
    let usage = usage.trim_start_matches("Usage: ").trim();
    text.push_str(&format!("\n```text\n{usage}\n```\n\n"));
    table(
        text,
        command
            .get_arguments()
            .filter(|it| !it.is_global_set() && it.get_id() != "help"),
    );
    let known = formats(path[0]);
    let words: Vec<String> = known.iter().map(|it| format!("`{}`", it.word())).collect();
    text.push_str(&format!("Formats: {}", words.join(", ")));
    if schemas().iter().any(|(of, _)| *of == name) {
        text.push_str(&format!(
            " ([schema](json/{name}.schema.json), [words](json.md))"
        ));
    }
    text.push_str(".\n");
    if let Some((_, own)) = OWN.iter().find(|(of, _)| *of == name) {
        text.push_str("\n| exit status | |\n| --- | --- |\n");
        for (exit, words) in *own {
            text.push_str(&format!("| {} | {words} |\n", exit.code()));
        }
    }
    let help = plain(command.get_after_help());
    let lines: Vec<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .collect();
    if !lines.is_empty() {
        text.push_str(&format!("\n```sh\n{}\n```\n", lines.join("\n")));
    }
}

/// The options and arguments, a row for each.
fn table<'a>(text: &mut String, arguments: impl Iterator<Item = &'a Arg>) {
    let rows: Vec<String> = arguments
        .filter(|it| !it.is_hide_set())
        .map(|it| format!("| {} | {} |\n", called(it), cell(&said(it))))
        .collect();
    if rows.is_empty() {
        return;
    }
    text.push_str("| option | |\n| --- | --- |\n");
    for row in rows {
        text.push_str(&row);
    }
    text.push('\n');
}

/// `-o`, `--output DIR`.
fn called(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    let value = match argument.get_action() {
        ArgAction::Set | ArgAction::Append => {
            names.first().map_or(String::new(), |name| name.to_string())
        }
        _ => String::new(),
    };
    let Some(long) = argument.get_long() else {
        let many = match argument.get_num_args() {
            Some(range) if range.max_values() > 1 => "...",
            _ => "",
        };
        return format!("`{value}{many}`");
    };
    let optional = argument
        .get_num_args()
        .is_some_and(|range| range.takes_values() && range.min_values() == 0);
    let value = match (value.is_empty(), optional) {
        (true, _) => String::new(),
        (false, true) => format!("[={value}]"),
        (false, false) => format!(" {value}"),
    };
    match argument.get_short() {
        Some(short) => format!("`-{short}`, `--{long}{value}`"),
        None => format!("`--{long}{value}`"),
    }
}

fn said(argument: &Arg) -> String {
    let mut text = plain(argument.get_help());
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    let takes = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| takes && !value.is_hide_set())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !values.is_empty() {
        text.push_str(&format!("; one of {}", values.join(", ")));
    }
    if takes && !defaults.is_empty() {
        text.push_str(&format!("; else {}", defaults.join(", ")));
    }
    text
}

fn plain(text: Option<&StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

/// A text within a cell.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_status_is_of_a_command() {
        let top = examples::command();
        for (name, _) in OWN {
            assert!(top.find_subcommand(name).is_some(), "{name}");
        }
        for (name, _) in schemas() {
            assert!(top.find_subcommand(name).is_some(), "{name}");
            assert!(
                formats(name).contains(&super::super::arguments::Format::Json),
                "{name}"
            );
        }
    }

    #[test]
    fn what_prints_json_has_a_schema() {
        let known: Vec<&str> = schemas().iter().map(|(name, _)| *name).collect();
        for command in examples::command().get_subcommands() {
            let name = command.get_name();
            let prints = formats(name).contains(&super::super::arguments::Format::Json);
            assert_eq!(prints, known.contains(&name), "{name}");
        }
    }
}
