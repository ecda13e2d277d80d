//! The cluster of a project (`url embedded`): it keeps its data, starts with the command that needs it and stops after
//! the last one. Commands share it: a mutex guards start and stop, a shared lock counts the users, and a named pipe that
//! every user holds open tells the watchdog when the last one is gone, however it went.

use std::fs::{File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;
use nix::sys::signal::Signal;
use nix::sys::stat::Mode;
use sha2::{Digest, Sha256};

use super::account::{Account, private_folder, random_hex};
use super::binaries::{Binaries, search};
use super::error::ScratchError;
use super::postmaster::{
    self, PAUSE, Postmaster, START, Watchdog, is_starting, running, signal_pid, wait_gone,
};
use super::template;
use crate::pg::connect::{Session, Target};
use crate::sql::quote;

/// The project's folder for what is not written by hand.
const FOLDER: &str = ".schemactl";
/// How the names of the sockets' folders begin.
const SOCKETS: &str = "schemactl-socket-";
/// How long a fast shutdown may take: it writes all that is dirty.
const STOP: Duration = Duration::from_secs(60);
/// Where data stands that the project's folder cannot hold, because another user has to own it.
const ELSEWHERE: &str = "/var/lib/schemactl";
/// The file beside such data that names the project.
const MADE_FOR: &str = "project";

/// A user of the project's cluster; the last one to be dropped stops it.
#[derive(Debug)]
pub struct EmbeddedCluster {
    session: Option<Session>,
    postmaster: Option<Postmaster>,
    watchdog: Option<Watchdog>,
    place: Place,
    socket: PathBuf,
    users: File,
    pipe: Option<File>,
}

/// The files that users share.
#[derive(Debug, Clone)]
struct Place {
    folder: PathBuf,
    data: PathBuf,
}

impl Place {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl EmbeddedCluster {
    /// Uses the cluster of the project in folder `project`; makes it where it is missing (with the binaries of
    /// `major`, else the newest) and starts it where it is not running.
    ///
    /// # Errors
    /// [`ScratchError`]: no binaries, no room, a server that does not start.
    pub async fn open(project: &Path, major: Option<u32>) -> Result<EmbeddedCluster, ScratchError> {
        let project = project
            .canonicalize()
            .map_err(ScratchError::file("cannot find", project))?;
        let account = Account::find()?;
        let begun = account.clone();
        let prepared = tokio::task::spawn_blocking(move || {
            let folder = project.join(FOLDER);
            // Where nothing can run, nothing is made.
            let data = begun_data(&folder);
            if !data.join("PG_VERSION").exists() {
                choose(&data, major)?;
            }
            std::fs::create_dir_all(&folder).map_err(ScratchError::file("cannot make", &folder))?;
            let mutex = lock_file(&folder.join("mutex"))?;
            mutex
                .lock()
                .map_err(ScratchError::file("cannot lock", &folder.join("mutex")))?;
            let place = place(&project, folder, &begun)?;
            let users = lock_file(&place.file("users"))?;
            Ok::<_, ScratchError>((mutex, place, users))
        });
        // Held until the end: nobody else starts or stops it meanwhile.
        let (_mutex, place, users) = prepared.await.map_err(|error| ScratchError::Program {
            program: "initdb".into(),
            reason: error.to_string(),
        })??;
        if let Some(cluster) = join(&place, &users).await? {
            return Ok(cluster);
        }
        let (begun, here) = (account.clone(), place.clone());
        let chosen = tokio::task::spawn_blocking(move || {
            let binaries = choose(&here.data, major)?;
            if !here.data.join("PG_VERSION").exists() {
                // Half a folder must never look like a cluster.
                let new = here.data.with_extension("new");
                let _ = std::fs::remove_dir_all(&new);
                template::provide(&binaries, &begun, &new)?;
                std::fs::rename(&new, &here.data)
                    .map_err(ScratchError::file("cannot make", &here.data))?;
            }
            Ok::<_, ScratchError>(binaries)
        });
        let binaries = chosen.await.map_err(|error| ScratchError::Program {
            program: "initdb".into(),
            reason: error.to_string(),
        })??;
        start(&binaries, &account, place, users).await
    }

    /// The way into database `name`, which is made where it is missing.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn database(&self, name: &str) -> Result<Target, ScratchError> {
        let session = self.session()?;
        let exists = format!(
            "SELECT FROM pg_catalog.pg_database WHERE datname = {}",
            quote::literal(name)
        );
        if session.texts(&exists).await?.is_empty() {
            let made = session
                .execute(&format!("CREATE DATABASE {}", quote::ident(name)))
                .await;
            match made {
                // Another command was quicker.
                Err(error) if error.is(&["42P04", "23505"]) => {}
                made => made?,
            }
        }
        Ok(session.target().with_database(name))
    }

    /// The superuser's session in database `postgres`.
    ///
    /// # Errors
    /// None while the value lives.
    pub fn session(&self) -> Result<&Session, ScratchError> {
        self.session.as_ref().ok_or(ScratchError::Off)
    }

    /// The folder that holds the data.
    pub fn data(&self) -> &Path {
        &self.place.data
    }
}

/// Joins the server that is running on the data, if it is.
async fn join(place: &Place, users: &File) -> Result<Option<EmbeddedCluster>, ScratchError> {
    let Some(pid) = running(&place.data) else {
        return Ok(None);
    };
    let socket = std::fs::read_to_string(place.file("running")).map(PathBuf::from);
    // Without a reader the watchdog is gone, or has begun to stop the server.
    let pipe = OpenOptions::new()
        .write(true)
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(place.file("pipe"));
    if let (Ok(socket), Ok(pipe)) = (socket, pipe) {
        let begin = Instant::now();
        while begin.elapsed() < START && running(&place.data) == Some(pid) {
            match Session::connect(&postmaster::target(&socket, "postgres"), "schemactl").await {
                Ok(session) => {
                    users
                        .lock_shared()
                        .map_err(ScratchError::file("cannot lock", &place.file("users")))?;
                    return Ok(Some(EmbeddedCluster {
                        session: Some(session),
                        postmaster: None,
                        watchdog: None,
                        place: place.clone(),
                        socket,
                        users: users
                            .try_clone()
                            .map_err(ScratchError::file("cannot keep", &place.file("users")))?,
                        pipe: Some(pipe),
                    }));
                }
                Err(error) if is_starting(&error) => tokio::time::sleep(PAUSE).await,
                Err(error) => return Err(error.into()),
            }
        }
    }
    // Nobody uses it, or it is on its way out: it begins anew.
    signal_pid(pid, Signal::SIGINT);
    wait_gone(pid, STOP);
    Ok(None)
}

async fn start(
    binaries: &Binaries,
    account: &Account,
    place: Place,
    users: File,
) -> Result<EmbeddedCluster, ScratchError> {
    remove_socket(&place);
    let socket = account
        .temporary_base()
        .join(format!("{SOCKETS}{}", random_hex(6)?));
    private_folder(&socket, account)?;
    let note = place.file("running");
    std::fs::write(&note, socket.as_os_str().as_encoded_bytes())
        .map_err(ScratchError::file("cannot write", &note))?;
    let name = place.file("pipe");
    let _ = std::fs::remove_file(&name);
    nix::unistd::mkfifo(&name, Mode::S_IRUSR | Mode::S_IWUSR)
        .map_err(|error| ScratchError::file("cannot make", &name)(error.into()))?;
    // Opened for both, a pipe does not wait for its other end; afterwards only our writing end is left.
    let open = |read: bool| {
        let opened = OpenOptions::new().read(read).write(true).open(&name);
        opened.map_err(ScratchError::file("cannot open", &name))
    };
    let both = open(true)?;
    let end = File::open(&name).map_err(ScratchError::file("cannot open", &name))?;
    let pipe = open(false)?;
    drop(both);
    let watchdog = Watchdog::start(
        account,
        Signal::SIGINT,
        &place.data,
        Some(&socket),
        Some(end),
    )?;
    let log = place.file("log");
    let mut postmaster = Postmaster::start(binaries, account, &place.data, &socket, &log, &[])?;
    let ready = postmaster
        .ready(&postmaster::target(&socket, "postgres"), &log)
        .await;
    users
        .lock_shared()
        .map_err(ScratchError::file("cannot lock", &place.file("users")))?;
    let mut cluster = EmbeddedCluster {
        session: None,
        postmaster: Some(postmaster),
        watchdog: Some(watchdog),
        place,
        socket,
        users,
        pipe: Some(pipe),
    };
    match ready {
        Ok(session) => {
            cluster.session = Some(session);
            Ok(cluster)
        }
        Err(error) => {
            // The caller holds the mutex, which dropping would wait for.
            cluster.stop();
            cluster.pipe = None;
            Err(error)
        }
    }
}

impl EmbeddedCluster {
    /// Stops the server if nobody else uses it. The mutex is held by the caller.
    fn stop(&mut self) {
        self.session = None;
        let _ = self.users.unlock();
        if self.users.try_lock().is_err() {
            // Others go on; the server is no child of theirs, which makes no difference.
            self.pipe = None;
            return;
        }
        if let Some(postmaster) = &mut self.postmaster {
            postmaster.stop(Signal::SIGINT);
        } else if let Some(pid) = running(&self.place.data) {
            signal_pid(pid, Signal::SIGINT);
            wait_gone(pid, STOP);
        }
        let _ = std::fs::remove_dir_all(&self.socket);
        let _ = std::fs::remove_file(self.place.file("running"));
        if let Some(mut pipe) = self.pipe.take() {
            let _ = pipe.write_all(b"done\n");
        }
        if let Some(watchdog) = &mut self.watchdog {
            watchdog.dismiss();
        }
        let _ = std::fs::remove_file(self.place.file("pipe"));
        let _ = self.users.unlock();
    }
}

impl Drop for EmbeddedCluster {
    fn drop(&mut self) {
        if self.pipe.is_none() {
            return;
        }
        let Ok(mutex) = lock_file(&self.place.file("mutex")) else {
            return;
        };
        if mutex.lock().is_ok() {
            self.stop();
        }
    }
}

fn lock_file(path: &Path) -> Result<File, ScratchError> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(ScratchError::file("cannot open", path))
}

/// Where the data stands, if somebody began it.
fn begun_data(folder: &Path) -> PathBuf {
    match std::fs::read_to_string(folder.join("location")) {
        Ok(text) => PathBuf::from(text.trim_end()),
        Err(_) => folder.join("data"),
    }
}

/// The data folder: in the project, or where the file `location` says; as root in a folder of the other user. What the
/// file names has to be a folder that was made for this very project: a file of somebody else's must not reach another
/// cluster, and a copy of a project is not the project.
fn place(project: &Path, folder: PathBuf, account: &Account) -> Result<Place, ScratchError> {
    let note = folder.join("location");
    if let Ok(text) = std::fs::read_to_string(&note) {
        let data = PathBuf::from(text.trim_end());
        let parent = data.parent().unwrap_or(&data);
        if !is_made_for(parent, &data, project) {
            return Err(ScratchError::NotOfProject {
                note: note.display().to_string(),
                path: data.display().to_string(),
            });
        }
        make_elsewhere(parent, project, account)?;
        return Ok(Place { folder, data });
    }
    if !account.other {
        let data = folder.join("data");
        return Ok(Place { folder, data });
    }
    let parent = Path::new(ELSEWHERE).join(format!("{}-{}", name_of(project), random_hex(6)?));
    make_elsewhere(&parent, project, account)?;
    let data = parent.join("data");
    std::fs::write(&note, format!("{}\n", data.display()))
        .map_err(ScratchError::file("cannot write", &note))?;
    Ok(Place { folder, data })
}

fn name_of(project: &Path) -> String {
    let name = project.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Whether a folder elsewhere holds the data of this project. Those without a note of it were named by the project's path.
fn is_made_for(parent: &Path, data: &Path, project: &Path) -> bool {
    if parent.parent() != Some(Path::new(ELSEWHERE)) || data != parent.join("data") {
        return false;
    }
    match std::fs::read(parent.join(MADE_FOR)) {
        Ok(noted) => noted == project.as_os_str().as_encoded_bytes(),
        Err(_) => {
            let hash = Sha256::digest(project.as_os_str().as_encoded_bytes());
            let hash = hash.iter().take(6).map(|byte| format!("{byte:02x}"));
            let name = format!("{}-{}", name_of(project), hash.collect::<String>());
            parent.file_name().is_some_and(|it| it == name.as_str())
        }
    }
}

fn make_elsewhere(parent: &Path, project: &Path, account: &Account) -> Result<(), ScratchError> {
    let root = parent.parent().unwrap_or(parent);
    if !root.exists() {
        std::fs::create_dir_all(root)
            .and_then(|()| std::fs::set_permissions(root, Permissions::from_mode(0o755)))
            .map_err(ScratchError::file("cannot make", root))?;
    }
    if !parent.exists() {
        private_folder(parent, account)?;
        let note = parent.join(MADE_FOR);
        std::fs::write(&note, project.as_os_str().as_encoded_bytes())
            .map_err(ScratchError::file("cannot write", &note))?;
    }
    if !account.reaches(parent) {
        return Err(ScratchError::Unreachable {
            account: account.name.clone(),
            path: parent.display().to_string(),
        });
    }
    Ok(())
}

/// Binaries of the data's major version; for new data those of `major`, else the newest.
fn choose(data: &Path, major: Option<u32>) -> Result<Binaries, ScratchError> {
    let search = search();
    if let Ok(text) = std::fs::read_to_string(data.join("PG_VERSION")) {
        let found = text
            .trim()
            .parse()
            .ok()
            .and_then(|major| search.of_major(major));
        return found.cloned().ok_or_else(|| ScratchError::EmbeddedVersion {
            path: data.display().to_string(),
            data: text.trim().to_owned(),
        });
    }
    let chosen = match major {
        Some(major) => search.of_major(major),
        None => search.found.first(),
    };
    chosen.cloned().ok_or_else(|| match major {
        Some(major) => ScratchError::VersionMissing {
            wanted: major.to_string(),
            found: search.found.iter().map(|one| one.version.clone()).collect(),
        },
        None => ScratchError::NoBinaries {
            skipped: search.skipped.clone(),
            version: super::open::DEFAULT_MAJOR.to_string(),
        },
    })
}

/// Removes the folder of a socket that a crash left.
fn remove_socket(place: &Place) {
    if let Ok(text) = std::fs::read_to_string(place.file("running")) {
        let folder = PathBuf::from(text);
        if folder
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(SOCKETS))
        {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
