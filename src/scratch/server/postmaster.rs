//! One server process of ours: started as a direct child on a private socket, watched, stopped. A small shell process
//! waits on a pipe that only we hold; when we are gone, however we went, it stops the server.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::account::Account;
use super::binaries::Binaries;
use super::error::ScratchError;
use super::template::SUPERUSER;
use crate::pg::connect::{ConnectError, Session, Target};

/// The port in the socket's name; nobody else is in the folder.
pub(super) const PORT: u16 = 5432;

/// How long a start may take (a slow disk, crash recovery of an embedded cluster).
pub(super) const START: Duration = Duration::from_secs(60);

/// The pause between two looks at something that has no event to wait for.
pub(super) const PAUSE: Duration = Duration::from_millis(4);

/// Settings of every server of ours. The lock table holds about 13 entries a table, so that 10,000 tables fit into one
/// transaction.
const COMMON: &[(&str, &str)] = &[
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    ("port", "5432"),
    ("ssl", "off"),
    ("jit", "off"),
    ("logging_collector", "off"),
    ("log_destination", "stderr"),
    ("lc_messages", "C"),
    ("max_connections", "32"),
    ("max_locks_per_transaction", "6144"),
    ("shared_buffers", "32MB"),
    ("max_logical_replication_workers", "0"),
    ("max_parallel_workers", "0"),
    ("update_process_title", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
];

/// Settings of a server whose data nobody will miss.
pub(super) const THROWAWAY: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
    ("autovacuum", "off"),
    ("bgwriter_lru_maxpages", "0"),
    ("checkpoint_timeout", "1h"),
    ("max_wal_size", "512MB"),
    ("wal_init_zero", "off"),
];

/// A server process that this process started.
#[derive(Debug)]
pub(super) struct Postmaster {
    child: Child,
    version: String,
}

impl Postmaster {
    /// Starts `postgres` on `data` with its socket in `socket` and its log in `log`.
    pub(super) fn start(
        binaries: &Binaries,
        account: &Account,
        data: &Path,
        socket: &Path,
        log: &Path,
        settings: &[(&str, &str)],
    ) -> Result<Postmaster, ScratchError> {
        let file = File::create(log).map_err(ScratchError::file("cannot write", log))?;
        let again = file
            .try_clone()
            .map_err(ScratchError::file("cannot write", log))?;
        let program = binaries.program("postgres");
        let mut command = account.command(&program, Some(binaries));
        command.arg("-D").arg(data).arg("-k").arg(socket);
        for (name, value) in COMMON.iter().chain(settings) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        // A group of its own: Ctrl-C at the terminal is for us, and we stop the server.
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(again);
        let child = command
            .spawn()
            .map_err(ScratchError::file("cannot run", &program))?;
        Ok(Postmaster {
            child,
            version: binaries.version.clone(),
        })
    }

    /// Waits for the first answer.
    pub(super) async fn ready(
        &mut self,
        target: &Target,
        log: &Path,
    ) -> Result<Session, ScratchError> {
        let begin = Instant::now();
        loop {
            let error = match Session::connect(target, "schemactl").await {
                Ok(session) => return Ok(session),
                Err(error) => error,
            };
            let ended = !matches!(self.child.try_wait(), Ok(None));
            let starting = is_starting(&error);
            if ended || (starting && begin.elapsed() > START) {
                return Err(ScratchError::Start {
                    version: self.version.clone(),
                    log: tail(log),
                });
            }
            if !starting {
                return Err(error.into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Stops it and waits: SIGQUIT at once, leaving the data as after a crash; SIGINT with a checkpoint.
    pub(super) fn stop(&mut self, signal: Signal) {
        if matches!(self.child.try_wait(), Ok(None)) {
            signal_pid(self.child.id(), signal);
            let _ = self.child.wait();
        }
    }
}

/// True for what a server that starts or stops answers.
pub(super) fn is_starting(error: &ConnectError) -> bool {
    matches!(
        error,
        ConnectError::Refused { .. } | ConnectError::Unavailable { .. }
    )
}

/// Sends `signal`; false where the process is gone.
pub(super) fn signal_pid(pid: u32, signal: Signal) -> bool {
    i32::try_from(pid).is_ok_and(|pid| pid > 1 && kill(Pid::from_raw(pid), signal).is_ok())
}

/// The pid in the first line of `postmaster.pid`, where that process is a server on `data`.
pub(super) fn running(data: &Path) -> Option<u32> {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let pid: u32 = text.lines().next()?.trim().parse().ok()?;
    // A server's working folder is its data folder; a pid used anew is somebody else's.
    match std::fs::read_link(format!("/proc/{pid}/cwd")) {
        Ok(folder) => (folder == data.canonicalize().ok()?).then_some(pid),
        Err(_) if Path::new("/proc/self/cwd").exists() => None,
        Err(_) => {
            let mut ps = Command::new("ps");
            let output = ps
                .args(["-o", "command=", "-p", &pid.to_string()])
                .output()
                .ok()?;
            let line = String::from_utf8_lossy(&output.stdout).into_owned();
            line.contains(&*data.to_string_lossy()).then_some(pid)
        }
    }
}

/// Waits until process `pid`, which need not be a child, is gone; false after `patience`.
pub(super) fn wait_gone(pid: u32, patience: Duration) -> bool {
    let begin = Instant::now();
    while is_alive(pid) {
        if begin.elapsed() > patience {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
    true
}

/// A zombie is not alive: in containers nobody may ever reap it.
fn is_alive(pid: u32) -> bool {
    if Path::new("/proc/self/stat").exists() {
        return std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
            stat.rsplit_once(") ")
                .is_some_and(|(_, rest)| !rest.starts_with('Z'))
        });
    }
    i32::try_from(pid).is_ok_and(|pid| kill(Pid::from_raw(pid), None).is_ok())
}

/// The last lines of the log, for an error.
pub(super) fn tail(log: &Path) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(log) {
        let length = file.metadata().map_or(0, |m| m.len());
        let _ = file.seek(SeekFrom::Start(length.saturating_sub(2000)));
        let _ = file.read_to_end(&mut bytes);
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut lines: Vec<&str> = text.lines().rev().take(6).collect();
    lines.reverse();
    match lines.is_empty() {
        true => "its log is empty".into(),
        false => lines.join("\n"),
    }
}

/// Stops the server on folder `$2` with signal `$1` when standard input ends without the word `done`; removes folder
/// `$3` where one is given. The pid is that of postmaster.pid, which a server that stops in order removes.
const WATCH: &str = r#"
read -r word
[ "$word" = done ] && exit 0
if read -r pid < "$2/postmaster.pid"; then
  kill -s "$1" "$pid"
  n=0
  while kill -0 "$pid" && [ $n -lt 50 ]; do sleep 0.1 || sleep 1; n=$((n + 1)); done
fi
[ -n "$3" ] && rm -rf "$3"
exit 0
"#;

/// The process that outlives us just long enough.
#[derive(Debug)]
pub(super) struct Watchdog {
    child: Child,
}

impl Watchdog {
    /// Waits for the end of `input`; where that is `None`, of a pipe made here.
    pub(super) fn start(
        account: &Account,
        signal: Signal,
        data: &Path,
        remove: Option<&Path>,
        input: Option<File>,
    ) -> Result<Watchdog, ScratchError> {
        let mut command = account.command("/bin/sh", None);
        let signal = signal.as_str().trim_start_matches("SIG");
        command
            .args(["-c", WATCH, "schemactl-watchdog", signal])
            .arg(data);
        command.arg(remove.unwrap_or(Path::new("")));
        command
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.stdin(input.map_or_else(Stdio::piped, Stdio::from));
        let child = command
            .spawn()
            .map_err(ScratchError::file("cannot run", Path::new("/bin/sh")))?;
        Ok(Watchdog { child })
    }

    /// Sends it away: the server is stopped already.
    pub(super) fn dismiss(&mut self) {
        if let Some(mut pipe) = self.child.stdin.take() {
            let _ = pipe.write_all(b"done\n");
        }
        let _ = self.child.wait();
    }
}

/// The target of a server of ours.
pub(super) fn target(socket: &Path, database: &str) -> Target {
    Target::socket(socket, PORT, SUPERUSER, database)
}
