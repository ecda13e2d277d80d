//! `completions`: the words of the command line for a shell, made of the parser itself.

use super::arguments::Completions;
use super::context::Context;
use super::examples;
use super::failure::Failure;
use crate::model::Exit;

pub(super) fn run(context: &Context, options: &Completions) -> Result<Exit, Failure> {
    context.formats("completions")?;
    let mut script = Vec::new();
    clap_complete::generate(
        options.shell,
        &mut examples::command(),
        "schemactl",
        &mut script,
    );
    context.screen.print(String::from_utf8_lossy(&script));
    Ok(Exit::Fine)
}
