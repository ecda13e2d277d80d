//! A throwaway cluster: its own folder, its own socket, gone with its owner. The folder holds a lock that lives as long
//! as the owner; a folder whose lock is free is a leftover, whatever happened, and the next start removes it.

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::Signal;

use super::account::{Account, memory_base, private_folder, random_hex};
use super::binaries::Binaries;
use super::databases::Databases;
use super::error::ScratchError;
use super::postmaster::{self, Postmaster, THROWAWAY, Watchdog, running, signal_pid, wait_gone};
use super::template;
use crate::pg::connect::{Session, Target};

/// How the names of the temporary folders begin.
const PREFIX: &str = "schemactl-pg-";
const LOCK: &str = "owner.lock";

/// A PostgreSQL that stops and disappears when dropped.
#[derive(Debug)]
pub struct ThrowawayCluster {
    // Dropped in this order: the session before the server.
    databases: Databases,
    postmaster: Postmaster,
    watchdog: Watchdog,
    folder: PathBuf,
    version: String,
    _lock: File,
}

impl ThrowawayCluster {
    /// Unpacks the template (the first time: initdb), starts the server and waits for its first answer.
    ///
    /// # Errors
    /// [`ScratchError`]: no account, no room, binaries that do not work.
    pub async fn start(binaries: &Binaries) -> Result<ThrowawayCluster, ScratchError> {
        let account = Account::find()?;
        let on_disk = account.temporary_base();
        let in_memory = memory_base();
        let (begun, binaries_here) = (account.clone(), binaries.clone());
        let task = tokio::task::spawn_blocking(move || {
            for base in in_memory.iter().chain([&on_disk]) {
                remove_leftovers(base, &begun);
            }
            Folder::make(in_memory.as_ref().unwrap_or(&on_disk), &begun).and_then(|folder| {
                template::provide(&binaries_here, &begun, &folder.path.join("data"))?;
                Ok(folder)
            })
        });
        let mut folder = task.await.map_err(|error| ScratchError::Program {
            program: "initdb".into(),
            reason: error.to_string(),
        })??;
        let (data, socket, log) = (
            folder.path.join("data"),
            folder.path.join("s"),
            folder.path.join("log"),
        );
        let mut watchdog =
            Watchdog::start(&account, Signal::SIGQUIT, &data, Some(&folder.path), None)?;
        let mut postmaster =
            Postmaster::start(binaries, &account, &data, &socket, &log, THROWAWAY)?;
        match postmaster
            .ready(&postmaster::target(&socket, "postgres"), &log)
            .await
        {
            Ok(session) => Ok(ThrowawayCluster {
                databases: Databases::in_cluster(session),
                postmaster,
                watchdog,
                folder: std::mem::take(&mut folder.path),
                version: binaries.version.clone(),
                _lock: folder
                    .lock
                    .try_clone()
                    .map_err(ScratchError::file("cannot keep", Path::new(LOCK)))?,
            }),
            Err(error) => {
                postmaster.stop(Signal::SIGQUIT);
                watchdog.dismiss();
                Err(error)
            }
        }
    }

    /// The version, for example `15.18`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The major version.
    pub fn major(&self) -> u32 {
        self.databases.session().major()
    }

    /// The folder that holds data, socket and log.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The superuser's session in database `postgres`.
    pub fn session(&self) -> &Session {
        self.databases.session()
    }

    /// The superuser's way into database `name`.
    pub fn target(&self, name: &str) -> Target {
        self.session().target().with_database(name)
    }

    /// Makes an empty database.
    ///
    /// # Errors
    /// The server's refusal, for example a name that is taken (42P04).
    pub async fn create_database(&self, name: &str) -> Result<Target, ScratchError> {
        self.databases.create(name, "template0", None).await
    }

    /// Makes a copy of `template`, to which nobody may be connected.
    ///
    /// # Errors
    /// As [`ThrowawayCluster::create_database`].
    pub async fn clone_database(&self, name: &str, template: &str) -> Result<Target, ScratchError> {
        self.databases.create(name, template, None).await
    }

    /// Drops a database and ends what is connected to it.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn drop_database(&self, name: &str) -> Result<(), ScratchError> {
        self.databases.drop(name).await
    }

    pub(super) fn databases(&self) -> &Databases {
        &self.databases
    }
}

impl Drop for ThrowawayCluster {
    fn drop(&mut self) {
        self.postmaster.stop(Signal::SIGQUIT);
        self.watchdog.dismiss();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The folder while it is being filled: removed where the start fails.
struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// It gets its name only when its lock is held, so that nobody takes it for a leftover.
    fn make(base: &Path, account: &Account) -> Result<Folder, ScratchError> {
        let random = random_hex(6)?;
        let staged = base.join(format!(".{PREFIX}{random}"));
        private_folder(&staged, account)?;
        let path = base.join(format!("{PREFIX}{random}"));
        let locked = File::create(staged.join(LOCK)).and_then(|lock| {
            lock.lock()?;
            std::fs::rename(&staged, &path)?;
            Ok(lock)
        });
        let lock = locked.map_err(ScratchError::file("cannot make", &path))?;
        let folder = Folder { path, lock };
        private_folder(&folder.path.join("s"), account)?;
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Stops and removes what crashed runs of this user left in `base`. What cannot be removed is left alone.
fn remove_leftovers(base: &Path, account: &Account) {
    let own = [account.uid, nix::unistd::geteuid().as_raw()];
    for entry in std::fs::read_dir(base).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let folder = entry.path();
        // The base is open to all: nothing that somebody else planted there is believed.
        let is_ours =
            std::fs::symlink_metadata(&folder).is_ok_and(|m| m.is_dir() && own.contains(&m.uid()));
        if !is_ours {
            continue;
        }
        let Ok(lock) = File::open(folder.join(LOCK)) else {
            continue;
        };
        if lock.try_lock().is_err() {
            continue;
        }
        let data = folder.join("data");
        if let Some(pid) = running(&data) {
            signal_pid(pid, Signal::SIGQUIT);
            wait_gone(pid, Duration::from_secs(6));
        }
        let _ = std::fs::remove_dir_all(&folder);
    }
}
