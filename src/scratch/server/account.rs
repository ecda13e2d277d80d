//! The user that PostgreSQL runs as. It refuses root, so under root it is `postgres`, else `nobody`; whatever that user
//! has to reach is checked before, because the server's own message would only say "permission denied".

use std::ffi::OsStr;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::{User, geteuid};

use super::binaries::{Binaries, LOADER_PATH};
use super::error::ScratchError;

/// The longest folder for a socket: `sun_path` has 104 bytes on macOS, and `/.s.PGSQL.5432.lock` follows.
const LONGEST_SOCKET_FOLDER: usize = 80;

/// Whom a server runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's name.
    pub name: String,
    /// Its user id.
    pub uid: u32,
    /// Its group id.
    pub gid: u32,
    /// True where that is not the user of this process.
    pub other: bool,
}

impl Account {
    /// The user of this process, or under root another one.
    ///
    /// # Errors
    /// [`ScratchError::NoAccount`].
    pub fn find() -> Result<Account, ScratchError> {
        let me = geteuid();
        if !me.is_root() {
            let name = User::from_uid(me).ok().flatten().map(|user| user.name);
            return Ok(Account {
                name: name.unwrap_or_else(|| me.to_string()),
                uid: me.as_raw(),
                gid: nix::unistd::getegid().as_raw(),
                other: false,
            });
        }
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| Account {
                name: user.name,
                uid: user.uid.as_raw(),
                gid: user.gid.as_raw(),
                other: true,
            })
            .ok_or(ScratchError::NoAccount)
    }

    /// A command of PostgreSQL under this user, with an environment that holds nothing of ours (no PG* variables).
    pub(super) fn command(
        &self,
        program: impl AsRef<OsStr>,
        binaries: Option<&Binaries>,
    ) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("LC_ALL", "C")
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .current_dir("/");
        if let Some(libraries) = binaries.and_then(|binaries| binaries.libraries.as_ref()) {
            command.env(LOADER_PATH, libraries);
        }
        if self.other {
            // Leaves root's further groups too (std calls setgroups before setuid).
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Gives `path` to this user.
    pub(super) fn own(&self, path: &Path) -> Result<(), ScratchError> {
        if self.other {
            std::os::unix::fs::lchown(path, Some(self.uid), Some(self.gid))
                .map_err(ScratchError::file("cannot give away", path))?;
        }
        Ok(())
    }

    /// Gives `path` and all in it to this user.
    pub(super) fn own_all(&self, path: &Path) -> Result<(), ScratchError> {
        if !self.other {
            return Ok(());
        }
        self.own(path)?;
        for entry in std::fs::read_dir(path).map_err(ScratchError::file("cannot list", path))? {
            let entry = entry.map_err(ScratchError::file("cannot list", path))?;
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.own_all(&entry.path())?,
                _ => self.own(&entry.path())?,
            }
        }
        Ok(())
    }

    /// True where this user may pass all folders on the way to `path` and enter or read it.
    pub(in crate::scratch) fn reaches(&self, path: &Path) -> bool {
        !self.other
            || path.ancestors().all(|part| {
                std::fs::metadata(part).is_ok_and(|m| {
                    let shift = match () {
                        () if m.uid() == self.uid => 6,
                        () if m.gid() == self.gid => 3,
                        () => 0,
                    };
                    // Folders need x, files need r.
                    let bit = if m.is_dir() { 1 } else { 4 };
                    (m.mode() >> shift) & bit != 0
                })
            })
    }

    /// A folder for temporary folders: TMPDIR where this user reaches it and a socket's path fits, else `/tmp`.
    pub(super) fn temporary_base(&self) -> PathBuf {
        let base = std::env::temp_dir();
        let base = base.canonicalize().unwrap_or(base);
        let length = base.as_os_str().len() + "/schemactl-pg-0123456789abcdef/s".len();
        if length <= LONGEST_SOCKET_FOLDER && self.reaches(&base) {
            base
        } else {
            PathBuf::from("/tmp")
        }
    }
}

/// Free room and free memory without which a cluster does not stand in memory: a schema of 10,000 tables, several times.
const ROOM_IN_MEMORY: u64 = 4 << 30;

/// The folder of a file system in memory, where a cluster that nobody will miss is made and emptied ten times as fast as
/// on a disk; `None` where TMPDIR says where to go, or where memory is short (containers give 64 MB).
pub(super) fn memory_base() -> Option<PathBuf> {
    let base = Path::new("/dev/shm");
    let given = std::env::var_os("TMPDIR").is_some_and(|given| !given.is_empty());
    let available = std::fs::read_to_string("/proc/meminfo").ok()?;
    let kilobytes: u64 = available
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?
        .trim()
        .strip_suffix(" kB")?
        .parse()
        .ok()?;
    let open_to_all = std::fs::metadata(base).ok()?.mode() & 0o1777 == 0o1777;
    let room = nix::sys::statvfs::statvfs(base).ok()?;
    // The fields are u32 on some systems.
    #[allow(clippy::useless_conversion)]
    let free = u64::from(room.blocks_available()).saturating_mul(u64::from(room.fragment_size()));
    (!given && open_to_all && free >= ROOM_IN_MEMORY && kilobytes * 1024 >= ROOM_IN_MEMORY)
        .then(|| base.to_owned())
}

/// Makes a folder that only `account` (and root) may enter.
pub(super) fn private_folder(path: &Path, account: &Account) -> Result<(), ScratchError> {
    std::fs::create_dir(path).map_err(ScratchError::file("cannot make", path))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
        .map_err(ScratchError::file("cannot protect", path))?;
    account.own(path)
}

/// `bytes` random bytes of the system as hexadecimal digits.
pub(in crate::scratch) fn random_hex(bytes: usize) -> Result<String, ScratchError> {
    use std::io::Read;
    let source = Path::new("/dev/urandom");
    let mut buffer = vec![0; bytes];
    std::fs::File::open(source)
        .and_then(|mut file| file.read_exact(&mut buffer))
        .map_err(ScratchError::file("cannot read", source))?;
    Ok(buffer.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// schemactl's folder in the user's cache. Under root the home folder is closed to the other user, and what PostgreSQL
/// must reach would be out of reach there: then it is `/var/cache/schemactl`.
pub fn cache_folder() -> Option<PathBuf> {
    if let Some(cache) =
        std::env::var_os("XDG_CACHE_HOME").filter(|cache| Path::new(cache).is_absolute())
    {
        return Some(PathBuf::from(cache).join("schemactl"));
    }
    let account = Account::find().ok()?;
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    match home {
        Some(home) if account.reaches(&home) => Some(home.join(".cache/schemactl")),
        _ if account.other => Some(PathBuf::from("/var/cache/schemactl")),
        _ => None,
    }
}
