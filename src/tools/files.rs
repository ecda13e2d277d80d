//! The files of other tools: found in the usual folders, matched with what the history says, and judged by the hash that the
//! tool keeps.
//!
//! Names in a history are only compared with names that a folder has: none of them leads anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sha2::Digest;

use super::read::split;
use super::{Past, Text, Told, Tool, ToolError, flyway, sqitch};
use crate::naming::Version;

/// `--files none`: without files.
pub const NO_FILES: &str = "none";

/// More files than any folder of migrations has.
const MOST: usize = 20_000;

/// The folders, below that of the project, in which tools keep their files.
const USUAL: &[&str] = &[
    "migrations",
    "db/migrations",
    "db/migration",
    "db/migrate",
    "database/migrations",
    "sql",
    "sql/migrations",
    "schema/migrations",
    "prisma/migrations",
    "drizzle",
    "drizzle/migrations",
    "src/main/resources/db/migration",
    "flyway/sql",
    "sqitch",
    "scripts",
    "patches",
    "db/patches",
    "db",
    ".",
];

/// What came of looking for the files of a history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matched {
    /// The folder; none where there is none.
    pub folder: Option<PathBuf>,
    /// The versions that have no file.
    pub missing: Vec<String>,
    /// Files that the history does not know: they have not run.
    pub waiting: Vec<String>,
}

/// The SQL files below a folder, by their paths in it.
pub(super) struct List {
    pub(super) folder: PathBuf,
    pub(super) files: BTreeMap<String, PathBuf>,
}

impl List {
    fn of(folder: &Path, tool: Tool) -> Result<List, ToolError> {
        let depth = match tool {
            Tool::Flyway => 6,
            Tool::Sqitch => 4,
            Tool::Prisma | Tool::Drizzle => 1,
            _ => 0,
        };
        let mut list = List {
            folder: folder.to_owned(),
            files: BTreeMap::new(),
        };
        list.walk(folder, "", depth)?;
        Ok(list)
    }

    fn walk(&mut self, folder: &Path, before: &str, depth: usize) -> Result<(), ToolError> {
        let entries = std::fs::read_dir(folder).map_err(|error| cant_read(folder, &error))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name == "node_modules" || self.files.len() >= MOST {
                continue;
            }
            let below = format!("{before}{name}");
            // A link to a folder is not followed: it could lead back here.
            if entry.file_type().is_ok_and(|it| it.is_dir()) {
                if depth > 0 {
                    self.walk(&entry.path(), &format!("{below}/"), depth - 1)?;
                }
            } else if name.ends_with(".sql") && entry.path().is_file() {
                self.files.insert(below, entry.path());
            }
        }
        Ok(())
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    pub(super) fn bytes(&self, path: &str) -> Result<Vec<u8>, ToolError> {
        let file = self.files.get(path).cloned().unwrap_or_default();
        std::fs::read(&file).map_err(|error| cant_read(&file, &error))
    }

    /// The text of a file, as the history can hold it.
    pub(super) fn text(&self, path: &str) -> Result<String, ToolError> {
        Ok(as_text(&self.bytes(path)?))
    }
}

fn cant_read(path: &Path, error: &std::io::Error) -> ToolError {
    ToolError::Files {
        path: path.display().to_string(),
        error: error.to_string(),
    }
}

/// Bytes as a text that PostgreSQL takes.
pub(super) fn as_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    text.replace('\0', "\u{fffd}")
}

/// The folder in which most of a history's files are: the usual ones below `project`, then `own`, the folder of the project's
/// migrations. That one is the tool's only where all of what ran is in it, and never where `is_ours` says that schemactl began it.
pub fn find_files(told: &Told, project: &Path, own: &Path, is_ours: bool) -> Option<PathBuf> {
    let same = |folder: &Path| match (folder.canonicalize(), own.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    };
    let usual = USUAL.iter().map(|folder| match *folder {
        "." => project.to_owned(),
        folder => project.join(folder),
    });
    let mut best: Option<(usize, PathBuf)> = None;
    for folder in usual.chain([own.to_owned()]) {
        let is_own = same(&folder);
        // The project's own folder holds anything; only sqitch keeps its plan there.
        let is_any = folder == project && !folder.join(sqitch::PLAN).is_file();
        if !folder.is_dir() || is_any || is_own && is_ours {
            continue;
        }
        let mut trial = told.clone();
        let Ok(list) = List::of(&folder, told.tool) else {
            continue;
        };
        let _ = matched(&mut trial, &list);
        let found = trial
            .past
            .iter()
            .filter(|past| past.script.is_some())
            .count();
        if is_own && found < trial.past.len() {
            continue;
        }
        if found > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((found, folder));
        }
    }
    best.map(|(_, folder)| folder)
}

/// Reads the files of a history in a folder into it. Of a history that says only where the database stands, the files before
/// are what ran.
///
/// # Errors
/// [`ToolError::Altered`] where a file is not what the tool ran, or the folder can't be read.
pub fn with_files(told: &mut Told, folder: &Path) -> Result<Matched, ToolError> {
    let list = List::of(folder, told.tool)?;
    let waiting = matched(told, &list)?;
    settle_unknown_hashes(told);
    let altered: Vec<String> = told
        .past
        .iter()
        .filter_map(|past| past.script.as_ref())
        .filter(|script| script.checked == Some(false))
        .map(|script| script.path.clone())
        .collect();
    if !altered.is_empty() {
        return Err(ToolError::Altered {
            tool: told.tool.name(),
            files: altered,
        });
    }
    let missing = told.past.iter().filter(|past| past.script.is_none());
    Ok(Matched {
        folder: Some(folder.to_owned()),
        missing: missing.map(|past| past.version.clone()).collect(),
        waiting,
    })
}

/// Fills in the scripts; gives the files that have not run.
fn matched(told: &mut Told, list: &List) -> Result<Vec<String>, ToolError> {
    match told.tool {
        Tool::Flyway => of_flyway(told, list),
        Tool::Prisma => of_prisma(told, list),
        Tool::Drizzle => of_drizzle(told, list),
        Tool::Sqitch => sqitch::files(told, list),
        Tool::GolangMigrate | Tool::Dbmate | Tool::Atlas | Tool::ByHand => by_version(told, list),
    }
}

/// A pair of files whose names begin with their version.
struct Pair {
    name: String,
    up: String,
    down: Option<String>,
}

/// The pairs of a folder by their versions.
fn pairs(list: &List) -> BTreeMap<Version, Pair> {
    let mut ups: BTreeMap<Version, (String, String)> = BTreeMap::new();
    let mut downs: BTreeMap<Version, String> = BTreeMap::new();
    for path in list.files.keys() {
        let stem = path.strip_suffix(".sql").unwrap_or(path);
        let (stem, is_down) = [".down", "_down", "-down", ".undo", ".rollback"]
            .iter()
            .find_map(|ending| Some((stem.strip_suffix(ending)?, true)))
            .unwrap_or((stem.strip_suffix(".up").unwrap_or(stem), false));
        let Some((version, name)) = split(stem) else {
            continue;
        };
        let version = Version::new(version);
        if is_down {
            downs.insert(version, path.clone());
        } else {
            ups.entry(version).or_insert((name, path.clone()));
        }
    }
    ups.into_iter()
        .map(|(version, (name, up))| {
            let down = downs.remove(&version);
            (version, Pair { name, up, down })
        })
        .collect()
}

fn by_version(told: &mut Told, list: &List) -> Result<Vec<String>, ToolError> {
    let pairs = pairs(list);
    if told.only_last
        && let [last] = told.past.as_slice()
    {
        let last = last.clone();
        let at = Version::new(&*last.version);
        let before = pairs.keys().filter(|version| **version < at);
        told.past = before
            .map(|version| Past {
                version: version.as_str().to_owned(),
                ..Past::default()
            })
            .collect();
        // Spelled as the files spell it.
        let spelled = pairs.keys().find(|version| **version == at);
        let version = spelled.map_or(last.version, |version| version.as_str().to_owned());
        told.past.push(Past { version, ..last });
    }
    let mut ran: BTreeSet<String> = BTreeSet::new();
    for past in &mut told.past {
        let version = Version::new(&*past.version);
        let named = past.file.as_deref().filter(|file| list.has(file));
        let pair = pairs.get(&version);
        let up = match (named, pair) {
            (Some(file), _) => file.to_owned(),
            (None, Some(pair)) => pair.up.clone(),
            (None, None) => continue,
        };
        let pair = pair.filter(|pair| pair.up == up);
        let text = list.text(&up)?;
        let (up_text, down) = match (told.tool, pair.and_then(|pair| pair.down.clone())) {
            (Tool::Dbmate, _) => sections(&text),
            (_, Some(down)) => (text, Some(list.text(&down)?)),
            (_, None) => (text, None),
        };
        if past.name.is_empty() || past.file.as_ref() == Some(&past.name) {
            past.name = pair.map_or_else(String::new, |pair| pair.name.clone());
        }
        let checked = match (told.tool, &past.hash) {
            (Tool::ByHand, Some(hash)) => by_length(hash, &list.bytes(&up)?),
            _ => None,
        };
        ran.insert(up.clone());
        past.script = Some(Text {
            path: up,
            up: up_text,
            down,
            checked,
        });
    }
    let waiting = pairs.into_values().map(|pair| pair.up);
    Ok(waiting.filter(|up| !ran.contains(up)).collect())
}

/// The two parts of a file of dbmate.
fn sections(text: &str) -> (String, Option<String>) {
    let (mut up, mut down): (String, Option<String>) = (String::new(), None);
    for line in text.split_inclusive('\n') {
        let word = line.trim().strip_prefix("--").map(str::trim_start);
        match word {
            Some(word) if word.starts_with("migrate:up") => {}
            Some(word) if word.starts_with("migrate:down") => down = Some(String::new()),
            _ => down.as_mut().unwrap_or(&mut up).push_str(line),
        }
    }
    let down = down.map(|down| down.trim_start_matches('\n').to_owned());
    (up, down.filter(|down| !down.trim().is_empty()))
}

fn of_flyway(told: &mut Told, list: &List) -> Result<Vec<String>, ToolError> {
    let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let mut ran: BTreeSet<String> = BTreeSet::new();
    let mut notes = Vec::new();
    for past in &mut told.past {
        let Some(script) = past.file.as_deref().map(|it| it.replace('\\', "/")) else {
            continue;
        };
        let mut same = list.files.keys().filter(|path| base(path) == base(&script));
        let found = match (list.has(&script), same.next(), same.next()) {
            (true, ..) => script.clone(),
            (false, Some(only), None) => only.clone(),
            _ => continue,
        };
        ran.insert(found.clone());
        let bytes = list.bytes(&found)?;
        let hash = past.hash.as_ref().and_then(|hash| hash.parse::<i32>().ok());
        let mut checked = hash.map(|hash| hash == flyway::checksum(&bytes));
        let is_repeatable = base(&script).starts_with("R__");
        if is_repeatable && checked == Some(false) {
            // That is what they are for: another text is what runs next.
            notes.push(format!(
                "{found} is another than ran: Flyway would run it again"
            ));
            checked = None;
        }
        let undo = format!("U{}__", past.version);
        let down = list.files.keys().find(|path| base(path).starts_with(&undo));
        past.script = Some(Text {
            up: as_text(&bytes),
            down: down.map(|down| list.text(down)).transpose()?,
            path: found,
            checked,
        });
    }
    told.notes.extend(notes);
    let is_script = |path: &&String| {
        let base = base(path);
        base.starts_with("R__") || base.starts_with('V') && split(&base).is_some()
    };
    let waiting = list.files.keys().filter(is_script);
    Ok(waiting
        .filter(|path| !ran.contains(*path))
        .cloned()
        .collect())
}

fn of_prisma(told: &mut Told, list: &List) -> Result<Vec<String>, ToolError> {
    let mut ran: BTreeSet<String> = BTreeSet::new();
    for past in &mut told.past {
        let Some(path) = past.file.clone().filter(|path| list.has(path)) else {
            continue;
        };
        let bytes = list.bytes(&path)?;
        // It takes a file whose lines another system ended for the same.
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        let hash = past.hash.clone().unwrap_or_default();
        let checked = [
            sha256(&bytes),
            sha256(text.as_bytes()),
            sha256(text.replace('\n', "\r\n").as_bytes()),
        ]
        .contains(&hash);
        let down = path.replace("migration.sql", "down.sql");
        past.script = Some(Text {
            up: as_text(&bytes),
            down: list.has(&down).then(|| list.text(&down)).transpose()?,
            path: path.clone(),
            checked: Some(checked),
        });
        ran.insert(path);
    }
    let scripts = list
        .files
        .keys()
        .filter(|path| path.ends_with("/migration.sql"));
    Ok(scripts
        .filter(|path| !ran.contains(*path))
        .cloned()
        .collect())
}

fn of_drizzle(told: &mut Told, list: &List) -> Result<Vec<String>, ToolError> {
    #[derive(serde::Deserialize)]
    struct Journal {
        entries: Vec<Entry>,
    }
    #[derive(serde::Deserialize)]
    struct Entry {
        when: serde_json::Number,
        tag: String,
    }
    let journal = list.folder.join("meta/_journal.json");
    // Newer ones have none: then the hash alone tells.
    let entries = match std::fs::read_to_string(&journal) {
        Ok(text) => match serde_json::from_str::<Journal>(&text) {
            Ok(journal) => journal.entries,
            Err(error) => {
                return Err(ToolError::Files {
                    path: journal.display().to_string(),
                    error: error.to_string(),
                });
            }
        },
        Err(_) => Vec::new(),
    };
    let mut hashes: BTreeMap<String, String> = BTreeMap::new();
    for path in list.files.keys() {
        hashes.insert(sha256(&list.bytes(path)?), path.clone());
    }
    let mut ran: BTreeSet<String> = BTreeSet::new();
    for past in &mut told.past {
        let entry = entries
            .iter()
            .find(|entry| Some(entry.when.to_string()) == past.file);
        let named = entry.map(|entry| format!("{}.sql", entry.tag));
        let of_hash = past
            .hash
            .as_ref()
            .and_then(|hash| hashes.get(hash))
            .cloned();
        let Some(path) = named.filter(|path| list.has(path)).or(of_hash) else {
            continue;
        };
        let bytes = list.bytes(&path)?;
        if past.name.is_empty() {
            let folder = path.strip_suffix("/migration.sql");
            past.name = folder.unwrap_or(path.trim_end_matches(".sql")).to_owned();
        }
        past.script = Some(Text {
            up: as_text(&bytes),
            down: None,
            checked: Some(past.hash.as_deref() == Some(sha256(&bytes).as_str())),
            path: path.clone(),
        });
        ran.insert(path);
    }
    let waiting = list.files.keys().filter(|path| !ran.contains(*path));
    Ok(waiting.cloned().collect())
}

/// Hashes of a table that somebody made count only where one of them is of a making that is known.
fn settle_unknown_hashes(told: &mut Told) {
    let scripts = || told.past.iter().filter_map(|past| past.script.as_ref());
    let judged = scripts().filter(|it| it.checked.is_some()).count();
    let same = scripts().filter(|it| it.checked == Some(true)).count();
    let has_hashes = told.past.iter().any(|past| past.hash.is_some());
    if told.tool != Tool::ByHand || same > 0 || !has_hashes || scripts().next().is_none() {
        return;
    }
    if judged > 0 {
        for script in told.past.iter_mut().filter_map(|past| past.script.as_mut()) {
            script.checked = None;
        }
    }
    let column = told.columns.get("hash").unwrap_or_default();
    told.notes.push(format!(
        "`{column}` is no MD5, SHA-1 or SHA-256 of the files: they were not checked"
    ));
}

/// Whether bytes have a hash, by its length; none where no known one is so long.
fn by_length(hash: &str, bytes: &[u8]) -> Option<bool> {
    let hash = hash.trim().to_lowercase();
    let hash = hash.rsplit(':').next().unwrap_or_default();
    if !hash.chars().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    match hash.len() {
        32 => Some(hash == hex(&md5::Md5::digest(bytes))),
        40 => Some(hash == sha1(bytes)),
        64 => Some(hash == sha256(bytes)),
        _ => None,
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex(&sha2::Sha256::digest(bytes))
}

pub(super) fn sha1(bytes: &[u8]) -> String {
    hex(&sha1::Sha1::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_dbmate_has_two_parts() {
        let (up, down) = sections(
            "-- migrate:up transaction:false\nCREATE INDEX i ON t (x);\n\n-- migrate:down\nDROP INDEX i;\n",
        );
        assert_eq!(up, "CREATE INDEX i ON t (x);\n\n");
        assert_eq!(down.as_deref(), Some("DROP INDEX i;\n"));
        assert_eq!(
            sections("-- migrate:up\nSELECT 1;\n-- migrate:down\n").1,
            None
        );
    }

    #[test]
    fn a_hash_is_known_by_its_length() {
        let md5 = "900150983cd24fb0d6963f7d28e17f72";
        assert_eq!(by_length(md5, b"abc"), Some(true));
        assert_eq!(by_length(&md5.to_uppercase(), b"abd"), Some(false));
        let sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
        assert_eq!(by_length(sha1, b"abc"), Some(true));
        assert_eq!(by_length("12345", b"abc"), None);
        assert_eq!(by_length("not a hash of any kind, and 32 ..", b"abc"), None);
    }
}
