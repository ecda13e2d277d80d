//! `json-schema`: what a command prints with `--format json`, as a JSON schema made of the types that are printed.

use super::answer::schemas;
use super::arguments::JsonSchema;
use super::context::Context;
use super::failure::Failure;
use super::report::escaped;
use crate::model::Exit;

pub(super) fn run(context: &Context, options: &JsonSchema) -> Result<Exit, Failure> {
    context.formats("json-schema")?;
    let schemas = schemas();
    if let Some(folder) = &options.output {
        for (command, schema) in &schemas {
            let path = folder.join(format!("{command}.schema.json"));
            super::graph::write(&path, &text(schema))?;
            context.screen.print(escaped(&path.display().to_string()));
        }
        return Ok(Exit::Fine);
    }
    let Some(command) = &options.command else {
        for (command, _) in &schemas {
            context.screen.print(command);
        }
        return Ok(Exit::Fine);
    };
    let Some((_, schema)) = schemas.iter().find(|(name, _)| name == command) else {
        let known: Vec<&str> = schemas.iter().map(|(name, _)| *name).collect();
        return Err(Failure::said(
            "cli::unknown-command",
            Exit::Input,
            format!("no command `{command}` prints JSON"),
            &crate::kdl::suggestion(
                command,
                &known,
                "`schemactl json-schema` lists those that do",
            ),
        ));
    };
    context.screen.print(text(schema));
    Ok(Exit::Fine)
}

fn text(schema: &schemars::Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
