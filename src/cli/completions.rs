//! `completions`: the words of the command line for a shell, made of the parser itself, and of what it leaves open: commands,
//! codes, and the environments of the project that stands there.

use clap::Command;
use clap::builder::PossibleValuesParser;

use super::answer::schemas;
use super::arguments::Completions;
use super::context::Context;
use super::examples;
use super::failure::Failure;
use super::report::escaped;
use crate::lint::catalogue;
use crate::model::Exit;

/// How the script of bash leaves the value of `--env` open, and what asks for it.
const OPEN: &str = "--env)\n                    COMPREPLY=(\"${cur}\")";
const ASKED: &str = "--env)\n                    COMPREPLY=($(compgen -W \"$(schemactl completions --environments 2>/dev/null)\" -- \"${cur}\"))";

pub(super) fn run(context: &Context, options: &Completions) -> Result<Exit, Failure> {
    context.formats("completions")?;
    let Some(shell) = options.shell else {
        // Where there is no project, nothing is offered.
        if let Ok(workspace) = context.project("completions") {
            for environment in &workspace.project.environments {
                context.screen.print(escaped(&environment.name.value));
            }
        }
        return Ok(Exit::Fine);
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut with_words(), "schemactl", &mut script);
    let script = String::from_utf8_lossy(&script);
    context.screen.print(script.replace(OPEN, ASKED));
    Ok(Exit::Fine)
}

/// The parser, with the words that may stand where it takes any.
fn with_words() -> Command {
    let command = examples::command();
    let commands: Vec<&'static str> = command
        .get_subcommands()
        // The process ends with what it prints.
        .map(|it| &*it.get_name().to_owned().leak())
        .collect();
    let with_schema = schemas().into_iter().map(|(name, _)| name).collect();
    let codes = catalogue::HAZARDS.iter().map(|it| it.code).collect();
    let takes = |command: Command, below: &str, argument: &str, words: Vec<&'static str>| {
        let words = PossibleValuesParser::from(words);
        command.mut_subcommand(below, |it| {
            it.mut_arg(argument, |it| it.value_parser(words))
        })
    };
    let command = takes(command, "man", "command", commands);
    let command = takes(command, "json-schema", "command", with_schema);
    takes(command, "explain", "code", codes)
}
