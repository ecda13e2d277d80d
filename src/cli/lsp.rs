//! `lsp`: the language server, over standard input and output.

use lsp_server::Connection;

use super::context::Context;
use super::failure::Failure;
use crate::config::Project;
use crate::lsp::serve;
use crate::model::Exit;

pub(super) async fn run(context: &Context) -> Result<Exit, Failure> {
    context.formats("lsp")?;
    // Without a named project each file's own is found, from its folder upwards.
    let project = match &context.global.project {
        Some(named) => Some(Project::find(Some(named), &context.here())?),
        None => None,
    };
    let served = tokio::task::spawn_blocking(move || {
        let (connection, threads) = Connection::stdio();
        let orderly = serve(&connection, project);
        // The writer ends once nobody can send any more.
        drop(connection);
        let _ = threads.join();
        orderly
    });
    match served.await {
        Ok(true) => Ok(Exit::Fine),
        Ok(false) => Ok(Exit::Failed),
        Err(error) => Err(Failure::said(
            "lsp::broke-off",
            Exit::Bug,
            format!("the server broke off: {error}"),
            "please report it as a bug of schemactl, with what was typed last",
        )),
    }
}
