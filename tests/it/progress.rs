//! What takes longer than a second says so: a line that passes on a terminal, a plain one where there is none, nothing where
//! a program reads or nobody wants to hear.

use std::io::Read;
use std::os::fd::AsFd;
use std::process::{Command, Stdio};

use nix::pty::{Winsize, openpty};

use crate::cli_support::Walk;
use crate::support::TestServer;

const SLOW: &str = "SELECT pg_sleep(2.5)";
const TOLD: &str = "000001 slow  2 of 2: SELECT pg_sleep(2.5)";

fn slow() -> Walk {
    let walk = Walk::new();
    walk.write("schemactl.kdl", "project app edition=1 { scratch none }\n");
    walk.write(
        "generated/000001_slow.up.sql",
        &format!("SELECT 1;\n{SLOW};\n"),
    );
    walk.write("generated/000001_slow.down.sql", &format!("{SLOW};\n"));
    walk
}

#[test]
fn a_statement_that_takes_long_is_told_once_where_there_is_no_terminal() {
    let server = TestServer::get();
    let live = server.database();
    let walk = slow();
    let url = live.url();
    let told = |words: &[&str]| {
        let run = walk.on(&url, words).ends(0);
        assert!(!run.out.contains("pg_sleep"), "{run:?}");
        run.err.matches("pg_sleep").count()
    };
    assert_eq!(told(&["apply", "--yes"]), 1);
    assert_eq!(told(&["rollback", "--yes", "--format", "json"]), 0);
    assert_eq!(told(&["apply", "--yes", "--quiet"]), 0);
    let run = walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert!(
        run.err
            .contains("  … 000001 slow  1 of 1: SELECT pg_sleep(2.5)\n"),
        "{run:?}"
    );
}

#[test]
fn work_on_scratch_that_takes_long_is_told_too() {
    let walk = slow();
    walk.write("schemactl.kdl", "project app edition=1\n");
    walk.write("schema/app.kdl", "");
    let run = walk.run(&["verify", "--project", "app"]).ends(0);
    for line in [
        "  … running on scratch 1 of 1: 000001 slow\n",
        "  … taking back on scratch 1 of 1: 000001 slow\n",
    ] {
        assert!(run.err.contains(line), "no `{line}` in {run:?}");
    }
    let run = walk.run(&["verify", "--project", "app", "--quiet"]).ends(0);
    assert!(!run.err.contains('…'), "{run:?}");
}

#[test]
fn a_statement_that_takes_long_has_a_passing_line_on_a_terminal() {
    let server = TestServer::get();
    let live = server.database();
    let walk = slow();
    let said = on_terminal(
        &walk,
        &["apply", "--yes", "--color", "never", "--url", &live.url()],
    );
    let line = said
        .split("\r\u{1b}[2K")
        .find(|line| line.contains(TOLD))
        .unwrap_or_else(|| panic!("no passing line in {said:?}"));
    assert!(!line.contains('\n'), "{line:?}");
    // What stays behind is what a pipe would have got.
    assert_eq!(shown(&said).matches("pg_sleep").count(), 0, "{said:?}");
    assert!(shown(&said).contains("✓ 000001 slow"), "{said:?}");
}

/// What a command says on a terminal of 80 columns.
fn on_terminal(walk: &Walk, arguments: &[&str]) -> String {
    let size = Winsize {
        ws_row: 24,
        ws_col: 80,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let pty = openpty(Some(&size), None).unwrap();
    let slave = || Stdio::from(pty.slave.as_fd().try_clone_to_owned().unwrap());
    let mut child = Command::new(env!("CARGO_BIN_EXE_schemactl"))
        .args(arguments)
        .current_dir(walk.path(""))
        .env("TERM", "xterm-256color")
        .env_remove("CI")
        .stdin(slave())
        .stdout(slave())
        .stderr(slave())
        .spawn()
        .unwrap();
    drop(pty.slave);
    let mut master = std::fs::File::from(pty.master);
    let mut said = Vec::new();
    let mut part = [0; 4096];
    // Linux ends a terminal without writers with an error.
    while let Ok(read @ 1..) = master.read(&mut part) {
        said.extend_from_slice(&part[..read]);
    }
    assert!(child.wait().unwrap().success());
    String::from_utf8_lossy(&said).into_owned()
}

/// What a terminal shows in the end: each line without what was there before it was wiped.
fn shown(said: &str) -> String {
    let lines = said.lines();
    let last = lines.map(|line| line.rsplit("\r\u{1b}[2K").next().unwrap_or(line));
    last.collect::<Vec<_>>().join("\n")
}
