//! `completions`: the words of the command line for a shell, made of the parser itself, and of what it leaves open: commands,
//! codes, and the environments of the project that stands there.

use clap::Command;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;

use super::answer::schemas;
use super::arguments::Completions;
use super::context::Context;
use super::examples;
use super::explain;
use super::failure::Failure;
use super::report::escaped;
use crate::lint::catalogue;
use crate::model::Exit;

/// What a script runs to know the environments.
const ASKED: &str = "schemactl completions --environments 2>/dev/null";

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
    context.screen.print(with_environments(shell, &script));
    Ok(Exit::Fine)
}

/// The script of a shell, where the value of `--env` is not left open.
fn with_environments(shell: Shell, script: &str) -> String {
    match shell {
        Shell::Bash => script.replace(
            "--env)\n                    COMPREPLY=(\"${cur}\")",
            &format!(
                "--env)\n                    COMPREPLY=($(compgen -W \"$({ASKED})\" -- \"${{cur}}\"))"
            ),
        ),
        Shell::Zsh => {
            let ask = format!(
                "_schemactl_environments() {{\n    local -a all; all=(${{(f)\"$({ASKED})\"}})\n    compadd -a all\n}}\n"
            );
            let lines = script.lines().map(|line| match line.starts_with("'--env=[") {
                true => line.replace("]:NAME:'", "]:NAME:_schemactl_environments'"),
                false => line.to_owned(),
            });
            let lines: Vec<String> = lines.collect();
            // The first line says what the script is for.
            match lines.split_first() {
                Some((first, rest)) => format!("{first}\n\n{ask}{}\n", rest.join("\n")),
                None => String::new(),
            }
        }
        Shell::Fish => {
            let lines = script.lines().map(|line| match line.contains(" -l env ") {
                true => format!("{line} -a \"({ASKED})\"\n"),
                false => format!("{line}\n"),
            });
            lines.collect()
        }
        _ => script.to_owned(),
    }
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
    // A shell that parts words at colons would complete a code of an error wrongly: its family has none.
    let hazards = catalogue::HAZARDS.iter().map(|it| it.code);
    let codes = hazards.chain(explain::family_names()).collect();
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
