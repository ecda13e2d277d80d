//! The language server: what `check` finds while one types, and what a file means at a place. It answers from the files as
//! the editor has them, asks no database, and writes nothing itself: edits are the editor's to make.

mod completion;
mod held;
mod hover;
mod lines;
mod outline;
mod rename;
mod server;
mod uri;
mod words;

use std::path::PathBuf;

use lsp_server::Connection;

/// Serves one editor until it goes; gives whether it took its leave as the protocol says. Without a project each file
/// belongs to the nearest one, from its folder upwards.
pub fn serve(connection: &Connection, project: Option<PathBuf>) -> bool {
    server::run(connection, project).is_some()
}
