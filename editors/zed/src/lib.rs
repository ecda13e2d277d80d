//! Starts `schemactl lsp` for KDL files of Zed.

use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Schemactl;

impl zed::Extension for Schemactl {
    fn new() -> Self {
        Schemactl
    }

    fn language_server_command(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Command> {
        let command = worktree
            .which("schemactl")
            .ok_or("schemactl is not in PATH: `cargo install` it, then start Zed again")?;
        Ok(Command {
            command,
            args: vec!["lsp".to_owned()],
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Schemactl);
