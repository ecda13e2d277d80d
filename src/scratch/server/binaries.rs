//! The PostgreSQL binaries of this machine. Links are resolved, so one installation is listed once; an installation is
//! `postgres` and `initdb` in one folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::account::{Account, cache_folder};

/// The loader's variable for folders of shared libraries.
pub(super) const LOADER_PATH: &str = if cfg!(target_os = "macos") {
    "DYLD_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// One installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The folder with `postgres` and `initdb`, links resolved.
    pub folder: PathBuf,
    /// The line of `postgres --version`.
    pub banner: String,
    /// The version, for example `15.18` or `18beta1`.
    pub version: String,
    /// The major version.
    pub major: u32,
    /// Where its shared libraries are, where the loader has to be told.
    pub libraries: Option<PathBuf>,
}

impl Binaries {
    /// The installation in `folder`.
    ///
    /// # Errors
    /// The sentence that says why it is none.
    pub fn at(folder: &Path) -> Result<Binaries, String> {
        let postgres = folder
            .join("postgres")
            .canonicalize()
            .map_err(|_| format!("`{}` has no `postgres`", folder.display()))?;
        let folder = postgres.parent().unwrap_or(folder).to_owned();
        if !folder.join("initdb").is_file() {
            return Err(format!("`{}` has no `initdb`", folder.display()));
        }
        let account = Account::find().map_err(|error| error.to_string())?;
        if !account.reaches(&folder) {
            return Err(format!(
                "user `{}` cannot reach `{}`",
                account.name,
                folder.display()
            ));
        }
        let libraries = bundled_libraries(&folder);
        let mut command = Command::new(&postgres);
        command.arg("--version").stdin(Stdio::null());
        if let Some(libraries) = &libraries {
            command.env(LOADER_PATH, libraries);
        }
        let output = command
            .output()
            .map_err(|error| format!("`{}`: {error}", postgres.display()))?;
        let banner = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let (version, major) = parse_version(&banner)
            .ok_or_else(|| format!("`{} --version` does not work", postgres.display()))?;
        Ok(Binaries {
            folder,
            banner,
            version,
            major,
            libraries,
        })
    }

    /// A program of the installation.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// What the search gave.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Installations, newest major first; among equals the order of the search.
    pub found: Vec<Binaries>,
    /// Places that looked like one and are none, and why.
    pub skipped: Vec<String>,
}

impl Search {
    /// The first installation of `major`.
    pub fn of_major(&self, major: u32) -> Option<&Binaries> {
        self.found.iter().find(|one| one.major == major)
    }

    /// The installation whose major is nearest to `major`, newer ones first.
    pub fn nearest(&self, major: u32) -> Option<&Binaries> {
        self.found
            .iter()
            .min_by_key(|one| (one.major < major, one.major.abs_diff(major)))
    }
}

/// Looks in SCHEMACTL_PG_BIN, `pg_config --bindir`, PATH, the folders of packages, Homebrew, Postgres.app, and those that
/// `schemactl postgres install` fetched. Versions older than 13 are skipped. Where SCHEMACTL_PG_ONLY is set, nothing but
/// SCHEMACTL_PG_BIN counts.
pub fn search() -> Search {
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Some(list) = std::env::var_os("SCHEMACTL_PG_BIN") {
        folders.extend(std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()));
    }
    let named = folders.len();
    if std::env::var_os("SCHEMACTL_PG_ONLY").is_none_or(|only| only.is_empty()) {
        folders.extend(usual_places());
    }
    search_in(&folders, named)
}

/// Where installations usually are.
fn usual_places() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Ok(output) = Command::new("pg_config")
        .arg("--bindir")
        .stdin(Stdio::null())
        .output()
    {
        folders.push(PathBuf::from(
            String::from_utf8_lossy(&output.stdout).trim(),
        ));
    }
    if let Ok(all) = which::which_all("postgres") {
        folders.extend(all.filter_map(|program| program.parent().map(Path::to_owned)));
    }
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/usr/local", "pgsql"),
        ("/opt/homebrew/opt", "postgresql"),
        ("/usr/local/opt", "postgresql"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql"),
        ("/Applications/Postgres.app/Contents/Versions", ""),
    ] {
        folders.extend(children(Path::new(parent), prefix).map(|folder| folder.join("bin")));
    }
    if let Some(cache) = cache_folder() {
        folders
            .extend(children(&cache.join("postgres"), "").map(|folder| folder.join("native/bin")));
    }
    folders
}

/// The installations in these folders, of which the first `named` were named by a person.
fn search_in(folders: &[PathBuf], named: usize) -> Search {
    let mut search = Search::default();
    let mut seen = BTreeSet::new();
    for (index, folder) in folders.iter().enumerate() {
        match Binaries::at(folder) {
            Ok(one) if !seen.insert(one.folder.clone()) => {}
            Ok(one) if one.major < crate::pg::connect::OLDEST_MAJOR => {
                let sentence = format!(
                    "`{}` is PostgreSQL {}, too old",
                    one.folder.display(),
                    one.version
                );
                search.skipped.push(sentence);
            }
            Ok(one) => search.found.push(one),
            // A folder that somebody named, or that holds a server, deserves a word.
            Err(reason) if index < named || folder.join("postgres").exists() => {
                search.skipped.push(reason)
            }
            Err(_) => {}
        }
    }
    search.found.sort_by_key(|one| std::cmp::Reverse(one.major));
    search.skipped.dedup();
    search
}

/// The folders in `parent` whose names begin with `prefix`, highest name first.
fn children(parent: &Path, prefix: &str) -> impl Iterator<Item = PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(prefix))
        })
        .collect();
    all.sort();
    all.into_iter().rev()
}

/// The `lib` beside `bin` in what `schemactl postgres install` unpacks.
fn bundled_libraries(folder: &Path) -> Option<PathBuf> {
    let native = folder
        .parent()
        .filter(|parent| parent.ends_with("native"))?;
    let libraries = native.join("lib");
    libraries.is_dir().then_some(libraries)
}

pub(super) fn parse_version(banner: &str) -> Option<(String, u32)> {
    let version = banner
        .strip_prefix("postgres (PostgreSQL) ")?
        .split_whitespace()
        .next()?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    Some((version.to_owned(), digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banners_are_read() {
        let read = |text| parse_version(text).unwrap();
        assert_eq!(
            read("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"),
            ("15.18".into(), 15)
        );
        assert_eq!(
            read("postgres (PostgreSQL) 18beta1"),
            ("18beta1".into(), 18)
        );
        assert_eq!(parse_version("something else"), None);
    }

    #[test]
    fn the_nearest_is_newer_first() {
        let one = |major| Binaries {
            folder: PathBuf::new(),
            banner: String::new(),
            version: String::new(),
            major,
            libraries: None,
        };
        let search = Search {
            found: vec![one(18), one(16), one(14)],
            skipped: Vec::new(),
        };
        assert_eq!(search.nearest(15).unwrap().major, 16);
        assert_eq!(search.nearest(17).unwrap().major, 18);
        assert_eq!(search.nearest(19).unwrap().major, 18);
        assert_eq!(search.nearest(14).unwrap().major, 14);
    }
}
