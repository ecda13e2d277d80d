//! The tutorial runs as it is written: its files are written, its commands run by a shell in its folder, and each line that it
//! shows is in what they say.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::TestServer;

/// A block of the page: its language and its text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find("```") {
        let (language, body) = rest[at + 3..].split_once('\n').unwrap();
        let end = body.find("\n```").unwrap();
        blocks.push((language.to_owned(), body[..end].to_owned()));
        rest = &body[end + 4..];
    }
    blocks
}

/// Whether a line that the page shows is in an output; `…` stands for anything.
pub(crate) fn is_shown(line: &str, output: &str) -> bool {
    output.lines().any(|said| {
        let mut rest = said;
        line.split('…').map(str::trim).all(|part| {
            let found = rest.find(part);
            rest = found.map_or("", |at| &rest[at + part.len()..]);
            found.is_some()
        })
    })
}

#[test]
fn the_tutorial_runs_as_it_is_written() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial.md");
    let page = std::fs::read_to_string(page).unwrap();
    let server = TestServer::get();
    let (staging, production) = (server.database(), server.database());
    let home = tempfile::tempdir().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_schemactl"));
    let path = format!(
        "{}:{}:{}",
        binary.parent().unwrap().display(),
        server.bin().display(),
        std::env::var("PATH").unwrap()
    );
    let mut folder = home.path().to_owned();
    let (mut output, mut shown) = (String::new(), 0);
    for (language, text) in blocks(&page) {
        match language.as_str() {
            "kdl" => {
                let (name, body) = text.split_once('\n').unwrap();
                let name = name.strip_prefix("// ").expect("the file's name");
                std::fs::write(folder.join(name), format!("{body}\n")).unwrap();
            }
            "sh" => {
                let script = format!("set -eu\n{text}\npwd > \"$PLACE\"");
                let place = home.path().join("place");
                let ended = Command::new("sh")
                    .args(["-c", &script])
                    .current_dir(&folder)
                    .env("PATH", &path)
                    .env("PLACE", &place)
                    .env("STAGING_DATABASE_URL", staging.url())
                    .env("PRODUCTION_DATABASE_URL", production.url())
                    .stdin(Stdio::null())
                    .output()
                    .unwrap();
                let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                output = said(&ended.stdout) + &said(&ended.stderr);
                assert!(ended.status.success(), "{text}\n{output}");
                folder = PathBuf::from(std::fs::read_to_string(place).unwrap().trim());
            }
            "text" => {
                for line in text.lines().filter(|line| !line.trim().is_empty()) {
                    assert!(is_shown(line.trim(), &output), "no `{line}` in:\n{output}");
                    shown += 1;
                }
            }
            other => panic!("a block of `{other}`"),
        }
    }
    assert!(shown > 15, "{shown} lines");
}
