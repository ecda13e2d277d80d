//! `lsp`: the language server, over standard input and output.

use std::io::{ErrorKind, Write, stdin, stdout};
use std::thread::spawn;

use lsp_server::{Connection, Message};

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
        let (connection, editor) = Connection::memory();
        let Connection { sender, receiver } = editor;
        // It may wait for an editor that says nothing more.
        spawn(move || {
            let mut from = stdin().lock();
            loop {
                match Message::read(&mut from) {
                    Ok(Some(message)) => {
                        if sender.send(message).is_err() {
                            return;
                        }
                    }
                    Ok(None) => return,
                    // The next message may be one again.
                    Err(error) if error.kind() == ErrorKind::InvalidData => {
                        if refuse_unread().is_err() {
                            return;
                        }
                    }
                    Err(_) => return,
                }
            }
        });
        let writer = spawn(move || {
            for message in receiver {
                if message.write(&mut stdout().lock()).is_err() {
                    return;
                }
            }
        });
        let orderly = serve(&connection, project);
        // The writer ends once nobody can send any more.
        drop(connection);
        let _ = writer.join();
        orderly
    });
    match served.await {
        Ok(true) => Ok(Exit::Fine),
        Ok(false) => {
            context
                .screen
                .warn("the editor went without `shutdown` and `exit`");
            Ok(Exit::Failed)
        }
        Err(error) => Err(Failure::said(
            "lsp::broke-off",
            Exit::Bug,
            format!("the server broke off: {error}"),
            "please report it as a bug of schemactl, with what was typed last",
        )),
    }
}

/// Says that what came is no message: there is no question that the answer could name.
fn refuse_unread() -> std::io::Result<()> {
    let body = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"what came is no message of JSON"}}"#;
    let mut to = stdout().lock();
    write!(to, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    to.flush()
}
