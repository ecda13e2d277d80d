//! `new`: an empty pair of files, numbered and chained, for SQL written by hand.

use super::arguments::New;
use super::context::Context;
use super::diff::{heading, now};
use super::failure::Failure;
use super::services::service;
use crate::migrate::{Draft, NewMigration};
use crate::model::Exit;
use crate::project::shown;

pub(super) fn run(context: &Context, options: &New) -> Result<Exit, Failure> {
    context.formats("new")?;
    let workspace = context.project("new")?;
    let mut folder = workspace.migrations()?.check()?;
    let heading = heading(&workspace, None);
    let draft = |words: &str| Draft {
        author: heading.author.clone(),
        date: heading.date.clone(),
        no_transaction: options.no_transaction,
        by_hand: true,
        body: format!("-- {words}\n"),
        ..Draft::default()
    };
    let service = service(&folder, options.of.service.as_ref())?;
    let new = NewMigration {
        service: service.unwrap_or_default(),
        batch: 0,
        after: Vec::new(),
        name: options.name.clone(),
        up: draft("write the way there here"),
        down: draft("write the way back here"),
    };
    let written = folder.write(&[new], now())?;
    let paths = written.iter().flat_map(|file| [&file.up.0, &file.down.0]);
    context
        .screen
        .print_files(paths.map(|path| shown(path).display().to_string()));
    Ok(Exit::Fine)
}
