//! `show`: one migration, as its files and the history have it.

use super::arguments::{Format, Show};
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live};
use super::report::{escaped, escaped_lines};
use crate::migrate::{FolderError, Version};
use crate::model::Exit;
use crate::sql::secret::mask;

pub(super) async fn run(context: &Context, options: &Show) -> Result<Exit, Failure> {
    context.formats("show", &[Format::Text, Format::Json])?;
    let workspace = context.project("show")?;
    let folder = workspace.migrations()?;
    let version = Version::from(options.version.as_str());
    let file = folder.get(&version);
    // A migration can be shown without any database.
    let row = match Live::connect(context, Some(&workspace)).await {
        Ok(mut live) => {
            let (history, _) = live.history(&workspace, "show").await?;
            history.row(&live.session, "", &version).await?
        }
        Err(_) if file.is_some() => None,
        Err(failure) => return Err(failure),
    };
    if file.is_none() && row.is_none() {
        return Err(FolderError::Version {
            version: options.version.clone(),
        }
        .into());
    }
    let up = file
        .map(|file| file.up.file.render())
        .or_else(|| row.as_ref().map(|row| row.up_sql.clone()))
        .map(|text| mask(&text));
    let down = file
        .and_then(|file| file.down.as_ref().map(|down| down.file.render()))
        .or_else(|| row.as_ref().and_then(|row| row.down_sql.clone()))
        .map(|text| mask(&text));
    if context.screen.is_json() {
        context.screen.print_json(&serde_json::json!({
            "ok": true,
            "version": version,
            "file": file.map(|file| &file.up.name),
            "up_sql": up,
            "down_sql": down,
            "history": row,
        }));
        return DONE;
    }
    if let Some(row) = &row {
        context.screen.say(format!(
            "  {} {}: {}{}",
            row.version,
            escaped(&row.name),
            row.status.word().replace('_', " "),
            row.applied_at
                .map(|at| format!(", {}", at.strftime("%Y-%m-%d %H:%M")))
                .unwrap_or_default()
        ));
        if let Some(message) = &row.error_message {
            context.screen.say(format!("  {}", escaped_lines(message)));
        }
    }
    for (words, text) in [("up", up), ("down", down)] {
        if let Some(text) = text {
            context
                .screen
                .print(format!("-- {words}\n{}", escaped_lines(&text)));
        }
    }
    DONE
}
