//! The `pg_dump` that would write a backup. It reads servers of its own major version and older ones, never newer ones.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::binaries::{LOADER_PATH, parse_version, search};

/// One `pg_dump`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dump {
    /// The program.
    pub program: PathBuf,
    /// Its version.
    pub version: String,
    /// Its major version.
    pub major: u32,
    /// Where its libraries are, where it needs to be told.
    libraries: Option<PathBuf>,
}

impl Dump {
    /// The program, ready for its arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        if let Some(libraries) = &self.libraries {
            command.env(LOADER_PATH, libraries);
        }
        command
    }
}

/// Every `pg_dump` of this machine, in the order in which they would be taken for a server of `major`: the nearest that can
/// read it first.
pub fn dumps(major: u32) -> Vec<Dump> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<(PathBuf, Option<PathBuf>)> = std::env::split_paths(&on_path)
        .filter(|folder| !folder.as_os_str().is_empty())
        .map(|folder| (folder.join("pg_dump"), None))
        .collect();
    for binaries in search().found {
        places.push((binaries.program("pg_dump"), binaries.libraries));
    }
    let mut found: Vec<Dump> = Vec::new();
    for (program, libraries) in places {
        let Ok(program) = program.canonicalize() else {
            continue;
        };
        if found.iter().any(|dump| dump.program == program) {
            continue;
        }
        let mut command = Command::new(&program);
        command.arg("--version").stdin(Stdio::null());
        if let Some(libraries) = &libraries {
            command.env(LOADER_PATH, libraries);
        }
        let Ok(output) = command.output() else {
            continue;
        };
        let banner = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if let Some((version, major)) = parse_version(&banner.replacen("pg_dump ", "postgres ", 1))
        {
            found.push(Dump {
                program,
                version,
                major,
                libraries,
            });
        }
    }
    found.sort_by_key(|dump| (dump.major < major, dump.major.abs_diff(major)));
    found
}
