//! `man`: the manual pages, made of the parser itself; one on standard output, or all into a folder.

use std::io;

use clap::Command;
use clap_mangen::roff::{Inline, Roff, bold};

use super::arguments::{Format, Man};
use super::context::Context;
use super::examples;
use super::failure::Failure;
use super::report::escaped;
use crate::model::Exit;

pub(super) fn run(context: &Context, options: &Man) -> Result<Exit, Failure> {
    context.formats("man")?;
    let is_markdown = context.global.format == Some(Format::Markdown);
    if is_markdown && options.command.is_empty() {
        context.screen.print(super::guide::guide());
        return Ok(Exit::Fine);
    }
    let mut top = examples::command().disable_help_subcommand(true);
    top.build();
    if let Some(folder) = &options.output {
        std::fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
        let mut pages = Vec::new();
        all(&top, &mut Vec::new(), &mut pages);
        for (name, page) in pages {
            let path = folder.join(format!("{name}.1"));
            std::fs::write(&path, page).map_err(|error| Failure::io("write", &path, &error))?;
            context.screen.print(escaped(&path.display().to_string()));
        }
        return Ok(Exit::Fine);
    }
    let mut command = &top;
    let mut path: Vec<&str> = Vec::new();
    for word in &options.command {
        let Some(next) = command.find_subcommand(word) else {
            let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            return Err(Failure::said(
                "cli::unknown-command",
                Exit::Input,
                format!("there is no command `{word}`"),
                &crate::kdl::suggestion(word, &known, "it has no commands below it"),
            ));
        };
        command = next;
        path.push(next.get_name());
    }
    context.screen.print(match is_markdown {
        true => super::guide::of(command, &path),
        false => page(command, &path),
    });
    Ok(Exit::Fine)
}

/// The pages of a command and of all below it, `schemactl-postgres-install` with its text.
fn all<'c>(command: &'c Command, path: &mut Vec<&'c str>, pages: &mut Vec<(String, String)>) {
    pages.push((title(path), page(command, path)));
    for below in command.get_subcommands() {
        path.push(below.get_name());
        all(below, path, pages);
        path.pop();
    }
}

fn title(path: &[&str]) -> String {
    std::iter::once("schemactl")
        .chain(path.iter().copied())
        .collect::<Vec<_>>()
        .join("-")
}

/// One page. The examples get a section of their own, their lines as they are typed.
fn page(command: &Command, path: &[&str]) -> String {
    let manual = clap_mangen::Man::new(command.clone().version(env!("CARGO_PKG_VERSION")))
        .title(title(path).to_uppercase())
        .manual("schemactl");
    let mut text = Vec::new();
    // Writing into memory cannot fail.
    let _ = (|| -> io::Result<()> {
        manual.render_title(&mut text)?;
        manual.render_name_section(&mut text)?;
        manual.render_synopsis_section(&mut text)?;
        manual.render_description_section(&mut text)?;
        manual.render_options_section(&mut text)?;
        if command.has_subcommands() {
            manual.render_subcommands_section(&mut text)?;
        }
        if let Some(help) = command.get_after_help() {
            examples_section(&help.to_string()).to_writer(&mut text)?;
        }
        manual.render_version_section(&mut text)
    })();
    String::from_utf8_lossy(&text).into_owned()
}

fn examples_section(help: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    roff.control("nf", []);
    for line in help.lines().filter_map(|line| line.strip_prefix("  ")) {
        let inlines: [Inline; 1] = [bold(line)];
        roff.text(inlines);
    }
    roff.control("fi", []);
    roff
}
