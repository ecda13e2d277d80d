//! The migrations folder: files paired by version, in order, and everything that is wrong with them.
//!
//! The rule: one look finds all problems. A folder with problems can be listed; it can't be run.

use super::error::{FileError, FolderError, Problem};
use super::file::MigrationFile;
use super::header::NO_PARENT;
use super::{Direction, Patterns, Version};
use crate::naming::Parsed;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAt {
    /// The full path.
    pub path: PathBuf,
    /// The path inside the migrations folder.
    pub name: String,
    /// What it says.
    pub file: MigrationFile,
}

/// A migration: its up file, and the way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Its number, timestamp or date.
    pub version: Version,
    /// Its name, as the file has it.
    pub name: String,
    /// The service that owns it; empty where there are none.
    pub service: String,
    /// The way there.
    pub up: FileAt,
    /// The way back.
    pub down: Option<FileAt>,
}

impl Migration {
    /// `000003_user_phone`: how people are told of it.
    pub fn label(&self) -> String {
        if self.name.is_empty() {
            self.version.to_string()
        } else {
            format!("{}_{}", self.version, self.name)
        }
    }
}

/// What is odd about a file without making it unusable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The body was edited after the file was written: it reads `not proven` until `restamp`.
    Edited {
        /// The file.
        file: String,
    },
    /// The file was written after another file than the one that stands before it.
    Parent {
        /// The version whose parent is not the file before.
        version: Version,
        /// The file.
        file: String,
        /// The file that stands before it; none for the first.
        previous: Option<String>,
    },
}

/// A folder of migrations.
#[derive(Clone, Debug)]
pub struct Folder {
    pub(super) dir: PathBuf,
    pub(super) patterns: Patterns,
    pub(super) service: String,
    /// The lines that headers of new files have of those that are free to choose; none: all.
    pub(super) header: Option<Vec<String>>,
    pub(super) migrations: Vec<Migration>,
    problems: Vec<Problem>,
    notes: Vec<Note>,
}

impl Folder {
    /// Reads a folder; one that does not exist is empty. Problems are kept, see [`Folder::check`]; only what the
    /// operating system refuses is an error here.
    pub fn load(dir: &Path, patterns: &Patterns) -> Result<Folder, FolderError> {
        Folder::load_service(dir, patterns, "")
    }

    /// Reads the folder of a service. A `{service}` in the pattern goes before `service`.
    pub fn load_service(
        dir: &Path,
        patterns: &Patterns,
        service: &str,
    ) -> Result<Folder, FolderError> {
        let mut folder = Folder {
            dir: dir.to_owned(),
            patterns: patterns.clone(),
            service: service.to_owned(),
            header: None,
            migrations: Vec::new(),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let mut found: BTreeMap<Version, [Vec<(Parsed, FileAt)>; 2]> = BTreeMap::new();
        for name in folder.list()? {
            let Some((direction, parsed)) = patterns.read(&name) else {
                let called = patterns.name("add_users");
                let example = patterns.path(Direction::Up, &folder.any_version(), &called, service);
                folder.problems.push(Problem::Name {
                    file: name,
                    example,
                });
                continue;
            };
            let path = dir.join(&name);
            let bytes = std::fs::read(&path).map_err(io("read", &path))?;
            let Ok(text) = String::from_utf8(bytes) else {
                folder.problems.push(Problem::Encoding { file: name });
                continue;
            };
            let file = MigrationFile::parse(&text).unwrap_or_else(|error| {
                folder.problems.push(Problem::in_file(&name, &text, &error));
                MigrationFile::default()
            });
            if direction == Direction::Up && text.trim().is_empty() {
                let error = FileError::Header {
                    line: 1,
                    message: "the file is empty: where there is nothing to do, say so in a comment"
                        .to_owned(),
                };
                folder.problems.push(Problem::in_file(&name, &text, &error));
            }
            let version = Version::new(parsed.version.clone());
            let place = usize::from(direction == Direction::Down);
            found.entry(version).or_default()[place].push((parsed, FileAt { path, name, file }));
        }
        for (version, [ups, downs]) in found {
            folder.pair(version, ups, downs);
        }
        folder.look_at_gaps();
        folder.look_at_chain();
        folder.look_at_groups();
        Ok(folder)
    }

    /// The names of all `.sql` files that stand where the patterns' files stand, relative, sorted.
    fn list(&self) -> Result<Vec<String>, FolderError> {
        let mut names = Vec::new();
        for direction in [Direction::Up, Direction::Down] {
            let (folder, depth) = self.patterns.of(direction).place();
            self.list_in(folder, depth, &mut names)?;
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// Those that stand `depth` folders below one.
    fn list_in(
        &self,
        folder: &str,
        depth: usize,
        names: &mut Vec<String>,
    ) -> Result<(), FolderError> {
        let path = self.dir.join(folder);
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(source) => {
                return Err(FolderError::Io {
                    what: "read",
                    path,
                    source,
                });
            }
        };
        for entry in entries {
            let entry = entry.map_err(io("read", &path))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // Hidden files are editors' and our own half-written ones.
            if name.starts_with('.') {
                continue;
            }
            let below = match folder {
                "" => name,
                folder => format!("{folder}/{name}"),
            };
            // A link to a folder is not followed: it could lead back here.
            let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
            if depth > 0 && is_folder {
                self.list_in(&below, depth - 1, names)?;
            } else if depth == 0
                && below.ends_with(".sql")
                && entry.path().metadata().is_ok_and(|it| it.is_file())
            {
                names.push(below);
            }
        }
        Ok(())
    }

    fn any_version(&self) -> Version {
        let day = jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0);
        self.patterns.next(std::iter::empty(), day)
    }

    fn pair(&mut self, version: Version, ups: Vec<(Parsed, FileAt)>, downs: Vec<(Parsed, FileAt)>) {
        if ups.len() > 1 || downs.len() > 1 {
            // Two pairs are one mistake.
            let files = match ups.len() {
                0 | 1 => &downs,
                _ => &ups,
            };
            self.problems.push(Problem::Duplicate {
                version: version.to_string(),
                files: files.iter().map(|(_, at)| at.name.clone()).collect(),
            });
        }
        let mut downs = downs;
        let Some((parsed, up)) = ups.into_iter().next() else {
            for (_, at) in downs {
                self.problems.push(Problem::MissingUp { file: at.name });
            }
            return;
        };
        let service = parsed.service.unwrap_or_else(|| self.service.clone());
        // The down file of the same name; where names differ, what is there.
        let place = downs
            .iter()
            .position(|(p, _)| p.name == parsed.name)
            .unwrap_or(0);
        let down = (place < downs.len()).then(|| downs.swap_remove(place).1);
        if down.is_none() {
            self.problems.push(Problem::MissingDown {
                file: up.name.clone(),
                wanted: self
                    .patterns
                    .path(Direction::Down, &version, &parsed.name, &service),
            });
        }
        for at in [Some(&up), down.as_ref()].into_iter().flatten() {
            if at.file.edited() {
                self.notes.push(Note::Edited {
                    file: at.name.clone(),
                });
            }
        }
        self.migrations.push(Migration {
            version,
            name: parsed.name,
            service,
            up,
            down,
        });
    }

    fn look_at_gaps(&mut self) {
        if !self.patterns.consecutive() {
            return;
        }
        let width = self
            .migrations
            .first()
            .map_or(0, |m| m.version.as_str().len());
        let mut expected: u128 = 1;
        for migration in &self.migrations {
            let Ok(number) = migration.version.as_str().parse::<u128>() else {
                continue;
            };
            // What was folded into a file has no file of its own.
            let folded = migration.up.file.header().squashes();
            let is_folded = |number: u128| {
                let number = Version::new(number.to_string());
                folded.iter().any(|(version, _)| *version == number)
            };
            if !folded.is_empty() && (expected..number).all(is_folded) {
                expected = number;
            }
            if number > expected {
                // A gap of millions is a timestamp among numbers: the ends say enough.
                let name = |n: u128| format!("{n:0width$}");
                let missing = if number - expected <= 5 {
                    (expected..number).map(name).collect()
                } else {
                    vec![format!("{} to {}", name(expected), name(number - 1))]
                };
                self.problems.push(Problem::Gap {
                    missing,
                    next: migration.up.name.clone(),
                });
            }
            expected = number + 1;
        }
    }

    fn look_at_chain(&mut self) {
        let mut children: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        let mut last: BTreeMap<&str, &Migration> = BTreeMap::new();
        let mut notes = Vec::new();
        for migration in &self.migrations {
            let service = migration.service.as_str();
            let previous = last.insert(service, migration);
            let Some(parent) = migration.up.file.header().parent() else {
                continue;
            };
            children
                .entry((service, parent))
                .or_default()
                .push(migration.up.name.clone());
            let expected = previous.map_or_else(|| NO_PARENT.to_owned(), |p| p.up.file.chain());
            if parent != expected {
                notes.push(Note::Parent {
                    version: migration.version.clone(),
                    file: migration.up.name.clone(),
                    previous: previous.map(|p| p.up.name.clone()),
                });
            }
        }
        let forks = children.into_values().filter(|files| files.len() > 1);
        self.problems
            .extend(forks.map(|files| Problem::Fork { files }));
        self.notes.extend(notes);
    }

    fn look_at_groups(&mut self) {
        type Parts = Vec<(u32, String)>;
        let mut groups: Vec<(String, u32, Parts)> = Vec::new();
        for migration in &self.migrations {
            let Some(group) = migration.up.file.header().group() else {
                continue;
            };
            let at = (group.part, migration.up.name.clone());
            match groups.last_mut() {
                // Only neighbours belong together: a file in between would run in the middle of the group.
                Some((id, of, parts)) if *id == group.id && *of == group.of && group.part > 1 => {
                    parts.push(at);
                }
                _ => groups.push((group.id, group.of, vec![at])),
            }
        }
        for (id, of, parts) in groups {
            if !parts.iter().map(|(part, _)| *part).eq(1..=of) {
                let have = parts.into_iter().map(|(_, file)| file).collect();
                self.problems.push(Problem::Group { id, of, have });
            }
        }
    }

    /// Where the folder is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The service whose folder this is; empty where there are none.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// How its files are named.
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// The same folder, whose new files have only these of the header's lines `description`, `author`, `date`, `service`.
    #[must_use]
    pub fn with_header(mut self, words: Option<Vec<String>>) -> Folder {
        self.header = words;
        self
    }

    /// The migrations in order.
    pub fn migrations(&self) -> &[Migration] {
        &self.migrations
    }

    /// The migration of a version.
    pub fn get(&self, version: &Version) -> Option<&Migration> {
        let place = self
            .migrations
            .binary_search_by(|m| m.version.cmp(version))
            .ok()?;
        self.migrations.get(place)
    }

    /// What is wrong with the files.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What is odd about the files.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The folder where nothing is wrong with it, else all that is wrong.
    pub fn check(self) -> Result<Folder, FolderError> {
        if self.problems.is_empty() {
            Ok(self)
        } else {
            Err(FolderError::Problems {
                dir: self.dir,
                problems: self.problems,
            })
        }
    }

    /// As [`Folder::check`], but forks pass: for stamping, which chains the later file to the other.
    ///
    /// # Errors
    /// All else that is wrong.
    pub fn check_for_stamp(mut self) -> Result<Folder, FolderError> {
        self.problems
            .retain(|problem| !matches!(problem, Problem::Fork { .. }));
        self.check()
    }

    /// The version that the next file gets (`now` in UTC).
    pub fn next_version(&self, now: jiff::civil::DateTime) -> Version {
        self.patterns
            .next(self.migrations.iter().map(|m| &m.version), now)
    }

    /// The `parent` of the service's next file: the chain hash of its last one, or `none`.
    pub fn next_parent(&self, service: &str) -> String {
        let last = self.migrations.iter().rev().find(|m| m.service == service);
        last.map_or_else(|| NO_PARENT.to_owned(), |m| m.up.file.chain())
    }
}

pub(super) fn io<'p>(
    what: &'static str,
    path: &'p Path,
) -> impl FnOnce(std::io::Error) -> FolderError + 'p {
    move |source| FolderError::Io {
        what,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let text = if text.is_empty() { "SELECT 1;\n" } else { text };
            fs::write(dir.path().join(name), text).unwrap();
        }
        let folder = Folder::load(dir.path(), &Patterns::default()).unwrap();
        (dir, folder)
    }

    fn codes(folder: &Folder) -> Vec<String> {
        use miette::Diagnostic;
        folder
            .problems()
            .iter()
            .map(|p| p.code().unwrap().to_string())
            .collect()
    }

    #[test]
    fn hand_written_files_need_no_header() {
        let (_dir, folder) = folder(&[
            ("000001_a.up.sql", "CREATE TABLE a ();"),
            ("000001_a.down.sql", "DROP TABLE a;"),
            ("000002_b.down.sql", "SELECT 1;"),
            ("000002_b.up.sql", "SELECT 2;"),
            ("notes.md", "ignored"),
        ]);
        assert!(folder.problems().is_empty(), "{:?}", folder.problems());
        assert!(folder.notes().is_empty());
        let labels: Vec<String> = folder.migrations().iter().map(Migration::label).collect();
        assert_eq!(labels, ["000001_a", "000002_b"]);
        assert!(folder.get(&"2".into()).is_some());
    }

    #[test]
    fn all_problems_are_found_in_one_run() {
        let parent = "-- schemactl:parent none\n\nSELECT 1;";
        let (_dir, folder) = folder(&[
            ("000001_a.up.sql", parent),
            ("000001_a.down.sql", ""),
            ("000002_b.up.sql", parent),
            ("000002_b.down.sql", ""),
            ("000002_c.up.sql", ""),
            ("000004_d.up.sql", "-- schemactl:group g 1/2\n\nSELECT 1;"),
            ("000005_e.down.sql", ""),
            ("000006_f.up.sql", "-- schemactl:sha256 x\n\n"),
            ("000006_f.down.sql", ""),
            ("typo.sql", ""),
        ]);
        let mut codes = codes(&folder);
        codes.sort();
        assert_eq!(
            codes,
            [
                "migrate::duplicate",
                "migrate::fork",
                "migrate::gap",
                "migrate::gap",
                "migrate::group",
                "migrate::header",
                "migrate::missing_down",
                "migrate::missing_up",
                "migrate::name",
            ]
        );
        let error = folder.check().unwrap_err();
        assert_eq!(error.exit(), crate::model::Exit::Refused);
    }

    #[test]
    fn a_gap_at_the_front_is_a_gap() {
        let (_dir, folder) = folder(&[("000003_a.up.sql", ""), ("000003_a.down.sql", "")]);
        assert_eq!(codes(&folder), ["migrate::gap"]);
        assert!(folder.problems()[0].to_string().contains("000001, 000002"));
    }

    #[test]
    fn an_edited_file_is_a_note() {
        let (_dir, folder) = folder(&[
            (
                "000001_a.up.sql",
                &format!("-- schemactl:sha256 {}\n\nSELECT 1;", "0".repeat(64)),
            ),
            ("000001_a.down.sql", ""),
        ]);
        assert_eq!(
            folder.notes(),
            [Note::Edited {
                file: "000001_a.up.sql".into()
            }]
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_empty() {
        let folder =
            Folder::load(Path::new("/nonexistent/generated"), &Patterns::default()).unwrap();
        assert!(folder.migrations().is_empty());
        assert_eq!(folder.next_parent(""), "none");
    }
}
