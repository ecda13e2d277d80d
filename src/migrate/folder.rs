//! The migrations folder: files paired by version, in order, and everything that is wrong with them.
//!
//! The rule: one look finds all problems. A folder with problems can be listed; it can't be run. Where the project has
//! services, each has its own files and numbers, and all of them are one folder in the order in which they run.

use super::error::{FileError, FolderError, Problem};
use super::file::{MigrationFile, with_line_feeds};
use super::header::NO_PARENT;
use super::header::key::DEPENDS_ON;
use super::order::{order, place_of};
use super::{Direction, Patterns, Version};
use crate::naming::{Parsed, SHARED};
use std::collections::{BTreeMap, BTreeSet};
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
    /// The way there.
    pub up: FileAt,
    /// The way back.
    pub down: Option<FileAt>,
}

impl Migration {
    /// The service that owns it; empty where there is none.
    pub fn service(&self) -> &str {
        self.version.service()
    }

    /// The migrations of other services that its header names.
    pub fn depends_on(&self) -> Vec<Version> {
        let header = self.up.file.header();
        header.all(DEPENDS_ON).map(Version::from).collect()
    }

    /// The files of its service that it was folded of, each with the SHA-256 of what it ran; none for any other file.
    pub fn squashes(&self) -> Vec<(Version, String)> {
        let folded = self.up.file.header().squashes().into_iter();
        let of = |version: Version| version.of(self.service());
        folded.map(|(version, sha)| (of(version), sha)).collect()
    }

    /// `000003_user_phone`, `auth/000003_user_phone`: how people are told of it.
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

/// Where the files of a service stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The service; empty where there is none, and for what belongs to no service.
    pub service: String,
    /// The folder.
    pub dir: PathBuf,
}

/// A folder of migrations, or the folders of all services of a database.
#[derive(Clone, Debug)]
pub struct Folder {
    pub(super) dir: PathBuf,
    /// The folders of the services, those first on which others stand; what belongs to no service before all.
    pub(super) places: Vec<Place>,
    pub(super) patterns: Patterns,
    /// The lines that headers of new files have of those that are free to choose; none: all.
    pub(super) header: Option<Vec<String>>,
    pub(super) migrations: Vec<Migration>,
    /// What has the version of another migration.
    pub(super) doubles: Vec<Migration>,
    /// The places of the migrations, by version.
    index: BTreeMap<Version, usize>,
    problems: Vec<Problem>,
    notes: Vec<Note>,
}

/// All files of one version, up and down.
type Found = BTreeMap<Version, [Vec<(Parsed, FileAt)>; 2]>;

impl Folder {
    /// Reads a folder; one that does not exist is empty. Problems are kept, see [`Folder::check`]; only what the
    /// operating system refuses is an error here.
    pub fn load(dir: &Path, patterns: &Patterns) -> Result<Folder, FolderError> {
        let place = Place {
            service: String::new(),
            dir: dir.to_owned(),
        };
        Folder::load_all(dir, vec![place], patterns)
    }

    /// Reads the folders of all services; `dir` is the one from which files are told. Where the patterns say the service,
    /// all stand in `dir`.
    pub fn load_all(
        dir: &Path,
        places: Vec<Place>,
        patterns: &Patterns,
    ) -> Result<Folder, FolderError> {
        Folder::load_without(dir, places, patterns, &BTreeSet::new())
    }

    /// The same as if these files were not there.
    pub(super) fn load_without(
        dir: &Path,
        places: Vec<Place>,
        patterns: &Patterns,
        without: &BTreeSet<PathBuf>,
    ) -> Result<Folder, FolderError> {
        let mut folder = Folder {
            dir: dir.to_owned(),
            places,
            patterns: patterns.clone(),
            header: None,
            migrations: Vec::new(),
            doubles: Vec::new(),
            index: BTreeMap::new(),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let mut found = Found::new();
        if folder.patterns.say_service() {
            folder.find("", dir, without, &mut found)?;
        } else {
            for place in folder.places.clone() {
                folder.find(&place.service, &place.dir, without, &mut found)?;
            }
        }
        for (version, [ups, downs]) in found {
            folder.pair(version, ups, downs);
        }
        folder.look_at_gaps();
        folder.look_at_chain();
        let services: Vec<String> = folder.services().map(str::to_owned).collect();
        let problems = order(&mut folder.migrations, &services);
        folder.problems.extend(problems);
        let places = folder.migrations.iter().enumerate();
        folder.index = places.map(|(at, it)| (it.version.clone(), at)).collect();
        Ok(folder)
    }

    /// Reads the files of one place.
    fn find(
        &mut self,
        service: &str,
        dir: &Path,
        without: &BTreeSet<PathBuf>,
        found: &mut Found,
    ) -> Result<(), FolderError> {
        for below in self.list(dir)? {
            let path = dir.join(&below);
            if without.contains(&path) {
                continue;
            }
            // The folder of a service may stand below that of what is shared.
            let is_of_another = self.places.iter().any(|place| {
                place.dir != dir && place.dir.starts_with(dir) && path.starts_with(&place.dir)
            });
            if is_of_another && !self.patterns.say_service() {
                continue;
            }
            let name = match path.strip_prefix(&self.dir) {
                Ok(name) => name.to_string_lossy().into_owned(),
                Err(_) => path.to_string_lossy().into_owned(),
            };
            let Some((direction, parsed)) = self.patterns.read(&below) else {
                let called = self.patterns.name("add_users");
                let example = self.path_of(Direction::Up, &self.any_version().of(service), &called);
                self.problems.push(Problem::Name {
                    file: name,
                    example,
                });
                continue;
            };
            let bytes = std::fs::read(&path).map_err(io("read", &path))?;
            // What can't be read is told, and is there all the same.
            let text = String::from_utf8(bytes).unwrap_or_else(|_| {
                self.problems.push(Problem::Encoding { file: name.clone() });
                "-- can't be read".to_owned()
            });
            let text = with_line_feeds(text);
            let file = MigrationFile::parse(&text).unwrap_or_else(|error| {
                self.problems.push(Problem::in_file(&name, &text, &error));
                MigrationFile::default()
            });
            if direction == Direction::Up && text.trim().is_empty() {
                let error = FileError::Header {
                    line: 1,
                    message: "the file is empty: where there is nothing to do, say so in a comment"
                        .to_owned(),
                };
                self.problems.push(Problem::in_file(&name, &text, &error));
            }
            let of = match parsed.service.as_deref() {
                Some(SHARED) => "",
                Some(said) => said,
                None => service,
            };
            let version = Version::new(parsed.version.clone()).of(of);
            let place = usize::from(direction == Direction::Down);
            found.entry(version).or_default()[place].push((parsed, FileAt { path, name, file }));
        }
        Ok(())
    }

    /// What stands for a service where file names say it.
    fn said(&self, service: &str) -> String {
        let said = match service {
            // A pattern without services has no word for them.
            "" if self.has_services() => SHARED,
            service => service,
        };
        said.to_owned()
    }

    /// The path of a version's file in the folder of its service.
    pub(super) fn below(&self, direction: Direction, version: &Version, name: &str) -> String {
        let said = self.said(version.service());
        self.patterns.path(direction, version, name, &said)
    }

    /// Whether the file of a version would be read as just that.
    pub(super) fn reads_back(&self, direction: Direction, version: &Version, name: &str) -> bool {
        let said = self.said(version.service());
        self.patterns.reads_back(direction, version, name, &said)
    }

    /// The folder of a service.
    pub(super) fn dir_of(&self, service: &str) -> &Path {
        let place = self.places.iter().find(|it| it.service == service);
        match place.filter(|_| !self.patterns.say_service()) {
            Some(place) => &place.dir,
            None => &self.dir,
        }
    }

    /// The path of a version's file, as people are told of it.
    fn path_of(&self, direction: Direction, version: &Version, name: &str) -> String {
        let path = self
            .dir_of(version.service())
            .join(self.below(direction, version, name));
        match path.strip_prefix(&self.dir) {
            Ok(path) => path.to_string_lossy().into_owned(),
            Err(_) => path.to_string_lossy().into_owned(),
        }
    }

    /// The names of all `.sql` files that stand where the patterns' files stand, relative, sorted.
    fn list(&self, dir: &Path) -> Result<Vec<String>, FolderError> {
        let mut names = Vec::new();
        for direction in [Direction::Up, Direction::Down] {
            let (folder, depth) = self.patterns.of(direction).place();
            list_in(dir, folder, depth, &mut names)?;
        }
        names.sort();
        names.dedup();
        Ok(names)
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
        let mut ups = ups.into_iter();
        let Some((parsed, up)) = ups.next() else {
            for (_, at) in downs {
                self.problems.push(Problem::MissingUp { file: at.name });
            }
            return;
        };
        for (parsed, up) in ups {
            let place = downs.iter().position(|(p, _)| p.name == parsed.name);
            self.doubles.push(Migration {
                version: version.clone(),
                name: parsed.name,
                up,
                down: place.map(|place| downs.swap_remove(place).1),
            });
        }
        // The down file of the same name; where names differ, what is there.
        let place = downs
            .iter()
            .position(|(p, _)| p.name == parsed.name)
            .unwrap_or(0);
        let down = (place < downs.len()).then(|| downs.swap_remove(place).1);
        if down.is_none() {
            self.problems.push(Problem::MissingDown {
                file: up.name.clone(),
                wanted: self.path_of(Direction::Down, &version, &parsed.name),
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
        let mut service = "";
        for migration in &self.migrations {
            // They come by service: each counts for itself.
            if migration.service() != service {
                service = migration.service();
                expected = 1;
            }
            let Ok(number) = migration.version.as_str().parse::<u128>() else {
                continue;
            };
            // What was folded into a file has no file of its own.
            let folded = migration.squashes();
            let is_folded = |number: u128| {
                let number = Version::new(number.to_string()).of(service);
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
            let service = migration.service();
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

    /// Where the folder is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The services, those first on which others stand; what belongs to no service is the first of them, and empty.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| place.service.as_str())
    }

    /// Where the files of each service stand.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Whether the project has services.
    pub fn has_services(&self) -> bool {
        self.places.len() > 1
    }

    /// The service of a name that a person gave.
    ///
    /// # Errors
    /// [`FolderError::Service`].
    pub fn service(&self, name: &str) -> Result<String, FolderError> {
        if self.has_services() && name == SHARED {
            return Ok(String::new());
        }
        let known: Vec<&str> = self.services().filter(|it| !it.is_empty()).collect();
        if known.contains(&name) {
            return Ok(name.to_owned());
        }
        Err(FolderError::Service {
            name: name.to_owned(),
            known: match known.as_slice() {
                [] => "schemactl.kdl declares none: leave `--service` out".to_owned(),
                known => crate::kdl::suggestion(name, known, ""),
            },
        })
    }

    /// The version that a person means: `auth/3`, or `3` where only one service has it, or where the service was named
    /// beside it.
    ///
    /// # Errors
    /// [`FolderError::Ambiguous`] with the candidates.
    pub fn meant(&self, text: &str, service: Option<&str>) -> Result<Version, FolderError> {
        let version = Version::from(text);
        if let (Some(service), false) = (service, text.contains('/')) {
            return Ok(version.of(service));
        }
        if text.contains('/') || !self.has_services() {
            return Ok(version);
        }
        let of = |service: &str| version.clone().of(service);
        let found: Vec<&str> = self
            .services()
            .filter(|service| self.get(&of(service)).is_some())
            .collect();
        match found.as_slice() {
            [] => Ok(version),
            [one] => Ok(of(one)),
            several => Err(FolderError::Ambiguous {
                version: text.to_owned(),
                candidates: several
                    .iter()
                    .map(|service| format!("{}/{text}", self.said(service)))
                    .collect(),
            }),
        }
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

    /// The migrations of a service, in order.
    pub fn of_service(&self, service: &str) -> impl DoubleEndedIterator<Item = &Migration> {
        self.migrations
            .iter()
            .filter(move |it| it.service() == service)
    }

    /// The migration of a version.
    pub fn get(&self, version: &Version) -> Option<&Migration> {
        let place = self.index.get(version)?;
        self.migrations.get(*place)
    }

    /// The migration of a version, or the one that it was folded into.
    pub fn holding(&self, version: &Version) -> Option<&Migration> {
        let place = place_of(&self.migrations, version)?;
        self.migrations.get(place)
    }

    /// These migrations with all that has to run before them: the earlier ones of their services, those that headers name,
    /// and the other files of groups over several services.
    pub fn with_needed<'v>(
        &self,
        versions: impl IntoIterator<Item = &'v Version>,
    ) -> BTreeSet<Version> {
        let mut needed = BTreeSet::new();
        let mut open: Vec<&Migration> = versions
            .into_iter()
            .filter_map(|version| self.get(version))
            .collect();
        while let Some(migration) = open.pop() {
            if !needed.insert(migration.version.clone()) {
                continue;
            }
            let earlier = self.index.range(..&migration.version).next_back();
            let earlier = earlier.filter(|(it, _)| it.service() == migration.service());
            open.extend(earlier.map(|(_, place)| &self.migrations[*place]));
            // A group over several services runs whole.
            let group = migration.up.file.header().group();
            let is_with = |other: &&Migration| {
                let same = other.up.file.header().group().map(|it| it.id);
                other.service() != migration.service()
                    && group
                        .as_ref()
                        .is_some_and(|group| Some(&group.id) == same.as_ref())
            };
            if group.is_some() && self.has_services() {
                open.extend(self.migrations.iter().filter(is_with));
            }
            let named = migration.depends_on();
            open.extend(named.iter().filter_map(|version| self.holding(version)));
        }
        needed
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

    /// The version that the next file of a service gets (`now` in UTC).
    pub fn next_version(&self, service: &str, now: jiff::civil::DateTime) -> Version {
        let taken = self.of_service(service).map(|m| &m.version);
        self.patterns.next(taken, now).of(service)
    }

    /// The `parent` of the service's next file: the chain hash of its last one, or `none`.
    pub fn next_parent(&self, service: &str) -> String {
        let last = self.of_service(service).next_back();
        last.map_or_else(|| NO_PARENT.to_owned(), |m| m.up.file.chain())
    }
}

/// Those that stand `depth` folders below one.
fn list_in(
    dir: &Path,
    folder: &str,
    depth: usize,
    names: &mut Vec<String>,
) -> Result<(), FolderError> {
    let path = dir.join(folder);
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
            list_in(dir, &below, depth - 1, names)?;
        } else if depth == 0
            && below.ends_with(".sql")
            && entry.path().metadata().is_ok_and(|it| it.is_file())
        {
            names.push(below);
        }
    }
    Ok(())
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
