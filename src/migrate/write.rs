//! Writing migration files: new ones, and the stamps of edited ones.
//!
//! The rule: all or none, and never over a file that is there. A new file is complete before it gets its name.

use super::error::FolderError;
use super::file::Draft;
use super::folder::{Folder, io};
use super::header::{Group, key};
use super::{Direction, Version, sha256_hex};
use jiff::civil::DateTime;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A pair of files to write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMigration {
    /// The service whose file it is; empty where there is none.
    pub service: String,
    /// The name, as people said it; the file name is made from it.
    pub name: String,
    /// Those of one batch run and return together: where there are several, they are a group.
    pub batch: usize,
    /// The places of those written with it that it depends on.
    pub after: Vec<usize>,
    /// The way there.
    pub up: Draft,
    /// The way back.
    pub down: Draft,
}

/// A pair of files, written or about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The version that it got.
    pub version: Version,
    /// The up file's path and text.
    pub up: (PathBuf, String),
    /// The down file's path and text.
    pub down: (PathBuf, String),
}

impl Folder {
    /// The files that [`Folder::write`] would write: numbered, chained, grouped where they are several of one batch. The
    /// group's word is made from the bodies, so that the same plan gives the same files.
    ///
    /// # Errors
    /// [`FolderError::Named`] where a name gives a file that reads as another one.
    pub fn preview(
        &self,
        migrations: &[NewMigration],
        now: DateTime,
    ) -> Result<Vec<Written>, FolderError> {
        let mut taken: Vec<Version> = self.migrations.iter().map(|m| m.version.clone()).collect();
        let mut versions: Vec<Version> = Vec::new();
        for new in migrations {
            let of_service = taken.iter().filter(|it| it.service() == new.service);
            let version = self.patterns.next(of_service, now).of(&new.service);
            taken.push(version.clone());
            versions.push(version);
        }
        let mut parents: BTreeMap<&str, String> = BTreeMap::new();
        let mut written = Vec::new();
        for (at, new) in migrations.iter().enumerate() {
            let version = versions[at].clone();
            let group = group_of(migrations, &versions, at);
            let mut needed: Vec<usize> = new.after.clone();
            // A group of several services runs in one order, with nothing of others in between.
            let before = at
                .checked_sub(1)
                .filter(|it| migrations[*it].batch == new.batch);
            needed.extend(before);
            let mut up = self.headed(&new.up);
            for needed in needed.into_iter().map(|it| &versions[it]) {
                let named = needed.said();
                if needed.service() != new.service && !up.depends_on.contains(&named) {
                    up.depends_on.push(named);
                }
            }
            let mut down = self.headed(&new.down);
            if !new.service.is_empty() && self.wants(key::SERVICE) {
                for draft in [&mut up, &mut down] {
                    draft.service = Some(new.service.clone());
                }
            }
            let name = self.patterns.name(&new.name);
            let parent = match parents.get(new.service.as_str()) {
                Some(parent) => parent.clone(),
                None => self.next_parent(&new.service),
            };
            let up = up.file(group.as_ref(), Some(&parent));
            let down = down.file(group.as_ref(), None);
            let [up_path, down_path] = self.paths(&version, &name)?;
            written.push(Written {
                up: (up_path, up.render()),
                down: (down_path, down.render()),
                version,
            });
            parents.insert(&new.service, up.chain());
        }
        Ok(written)
    }

    /// The paths of a new migration's files, up and down.
    fn paths(&self, version: &Version, name: &str) -> Result<[PathBuf; 2], FolderError> {
        let directions = [Direction::Up, Direction::Down];
        let reads = |direction: &Direction| self.reads_back(*direction, version, name);
        match directions.iter().find(|it| !reads(it)) {
            Some(direction) => Err(FolderError::Named {
                name: name.to_owned(),
                file: self.below(*direction, version, name),
            }),
            None => {
                let dir = self.dir_of(version.service());
                Ok(directions.map(|direction| dir.join(self.below(direction, version, name))))
            }
        }
    }

    /// Whether the project wants a line in its headers.
    fn wants(&self, word: &str) -> bool {
        let wanted = self.header.as_ref();
        wanted.is_none_or(|wanted| wanted.iter().any(|it| it == word))
    }

    /// A draft with the lines of the header that the project wants.
    fn headed(&self, draft: &Draft) -> Draft {
        let mut draft = draft.clone();
        for (word, line) in [
            (key::DESCRIPTION, &mut draft.description),
            (key::AUTHOR, &mut draft.author),
            (key::DATE, &mut draft.date),
            (key::SERVICE, &mut draft.service),
        ] {
            if !self.wants(word) {
                *line = None;
            }
        }
        draft
    }

    /// Reads the folder again, as it was opened.
    fn again(&self) -> Result<Folder, FolderError> {
        let fresh = Folder::load_all(&self.dir, self.places.clone(), &self.patterns)?;
        Ok(fresh.with_header(self.header.clone()))
    }

    /// Writes new migrations after the last one: all of them or none, and never over a file that is there. Refused
    /// where the folder got other files since it was loaded.
    pub fn write(
        &mut self,
        migrations: &[NewMigration],
        now: DateTime,
    ) -> Result<Vec<Written>, FolderError> {
        std::fs::create_dir_all(&self.dir).map_err(io("create", &self.dir))?;
        // Two runs that write at the same time would take the same number: one waits for the other, and is refused.
        let guard = std::fs::File::open(&self.dir).ok();
        let _held = guard.as_ref().map(std::fs::File::lock);
        let fresh = self.again()?;
        if let Some(new) = fresh.migrations.iter().find(|m| {
            self.get(&m.version)
                .is_none_or(|old| old.up.file != m.up.file)
        }) {
            return Err(FolderError::Moved {
                file: new.up.name.clone(),
            });
        }
        let written = self.preview(migrations, now)?;
        let mut done: Vec<&Path> = Vec::new();
        for (path, text) in written.iter().flat_map(|w| [&w.up, &w.down]) {
            let placed = temporary(path, text).and_then(|file| {
                file.persist_noclobber(path)
                    .map_err(|error| io("create", path)(error.error))
            });
            if let Err(error) = placed {
                for path in done {
                    let _ = std::fs::remove_file(path);
                }
                return Err(error);
            }
            done.push(path);
        }
        *self = self.again()?;
        Ok(written)
    }

    /// Puts one new file in the place of all up to `last`, under its version, and chains the later ones to it. The header
    /// tells what it was folded of; a file that stands in the way is refused before anything is taken away.
    pub fn fold(&mut self, last: &Version, new: &NewMigration) -> Result<Written, FolderError> {
        let missing = || FolderError::Version {
            version: last.to_string(),
        };
        let folded: Vec<_> = self
            .migrations
            .iter()
            .filter(|it| it.service() == last.service() && it.version <= *last)
            .cloned()
            .collect();
        let newest = folded.last().ok_or_else(missing)?;
        let mut lines: Vec<String> = Vec::new();
        for old in &folded {
            // What was folded before is known by its own files too.
            for (version, sha) in old.squashes() {
                if version != old.version {
                    lines.push(format!("{} {sha}", version.as_str()));
                }
            }
            let sha = old.up.file.body_sha();
            lines.push(format!("{} {sha}", old.version.as_str()));
        }
        let mut up = self.headed(&new.up);
        if !last.service().is_empty() && self.wants(key::SERVICE) {
            up.service = Some(last.service().to_owned());
        }
        for needed in folded.iter().flat_map(|old| old.depends_on()) {
            let named = needed.said();
            if !up.depends_on.contains(&named) {
                up.depends_on.push(named);
            }
        }
        up.extra.push((key::SQUASHES.to_owned(), lines.join("\n")));
        let name = self.patterns.name(&new.name);
        let [up_path, down_path] = self.paths(&newest.version, &name)?;
        let up = up.file(None, Some(super::header::NO_PARENT));
        let down = self.headed(&new.down).file(None, None);
        let written = Written {
            version: newest.version.clone(),
            up: (up_path, up.render()),
            down: (down_path, down.render()),
        };
        // Both are complete before the first old one goes.
        let ready = [&written.up, &written.down]
            .into_iter()
            .map(|(path, text)| Ok((temporary(path, text)?, path)))
            .collect::<Result<Vec<_>, FolderError>>()?;
        for old in folded
            .iter()
            .flat_map(|it| std::iter::once(&it.up).chain(&it.down))
        {
            std::fs::remove_file(&old.path).map_err(io("remove", &old.path))?;
        }
        for (file, path) in ready {
            file.persist_noclobber(path)
                .map_err(|error| io("create", path)(error.error))?;
        }
        let version = written.version.clone();
        *self = self.again()?;
        self.restamp(std::slice::from_ref(&version), &BTreeSet::new(), None)?;
        Ok(written)
    }

    /// Stamps edited files anew: `sha256` of the named versions (where none is named: of all edited ones), `proven`
    /// where it is given, and the `parent` of later files that are not in `applied`. Gives the files rewritten.
    pub fn restamp(
        &mut self,
        versions: &[Version],
        applied: &BTreeSet<Version>,
        proven: Option<&str>,
    ) -> Result<Vec<PathBuf>, FolderError> {
        if let Some(version) = versions.iter().find(|version| self.get(version).is_none()) {
            return Err(FolderError::Version {
                version: version.to_string(),
            });
        }
        let mut changed: Vec<(PathBuf, String)> = Vec::new();
        let mut moved: BTreeSet<String> = BTreeSet::new();
        let mut last: std::collections::BTreeMap<String, String> =
            std::collections::BTreeMap::new();
        for migration in &mut self.migrations {
            let named = versions.contains(&migration.version);
            let service = migration.service().to_owned();
            let parent = last
                .get(&service)
                .cloned()
                .unwrap_or_else(|| super::header::NO_PARENT.to_owned());
            let free = !applied.contains(&migration.version);
            let before = migration.up.file.render();
            let edited = versions.is_empty() && migration.up.file.edited();
            let chained = migration.up.file.header().parent().is_some();
            if named || edited {
                let parent = (free || !chained).then_some(parent.as_str());
                migration.up.file.stamp(parent, proven);
                moved.insert(service.clone());
            } else if moved.contains(&service) && free && chained {
                migration.up.file.rechain(&parent);
            }
            if migration.up.file.render() != before {
                changed.push((migration.up.path.clone(), migration.up.file.render()));
            }
            if let Some(down) = &mut migration.down
                && (named || (versions.is_empty() && down.file.edited()))
            {
                let before = down.file.render();
                down.file.stamp(None, proven);
                if down.file.render() != before {
                    changed.push((down.path.clone(), down.file.render()));
                }
            }
            last.insert(service, migration.up.file.chain());
        }
        for (path, text) in &changed {
            let file = temporary(path, text)?;
            file.persist(path)
                .map_err(|error| io("rewrite", path)(error.error))?;
        }
        *self = self.again()?;
        Ok(changed.into_iter().map(|(path, _)| path).collect())
    }
}

/// The group of a migration that is written together with others of its batch.
fn group_of(migrations: &[NewMigration], versions: &[Version], at: usize) -> Option<Group> {
    let batch = migrations[at].batch;
    let members: Vec<usize> = (0..migrations.len())
        .filter(|it| migrations[*it].batch == batch)
        .collect();
    let part = members.iter().position(|it| *it == at)? + 1;
    if members.len() < 2 {
        return None;
    }
    let service = &migrations[at].service;
    let is_alone = members.iter().all(|it| migrations[*it].service == *service);
    let mut text = String::new();
    for member in &members {
        // One over several services has to be known from every other.
        if !is_alone {
            text.push_str(&format!("{}\n", versions[*member]));
        }
        text.push_str(&migrations[*member].up.body);
    }
    Some(Group {
        id: sha256_hex(&text)[..8].to_owned(),
        part: u32::try_from(part).unwrap_or(u32::MAX),
        of: u32::try_from(members.len()).unwrap_or(u32::MAX),
    })
}

/// A complete file beside its later place, with the permissions of an ordinary one.
fn temporary(path: &Path, text: &str) -> Result<tempfile::NamedTempFile, FolderError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(io("create", folder))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".schemactl-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder
        .tempfile_in(folder)
        .map_err(io("write in", folder))?;
    file.write_all(text.as_bytes()).map_err(io("write", path))?;
    file.as_file().sync_all().map_err(io("write", path))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::{Note, Patterns, Problem};
    use jiff::civil::date;
    use std::fs;

    fn new(name: &str, body: &str) -> NewMigration {
        NewMigration {
            name: name.into(),
            service: String::new(),
            batch: 0,
            after: Vec::new(),
            up: Draft {
                proven: Some("up and down on PostgreSQL 15.8".into()),
                body: body.into(),
                ..Draft::default()
            },
            down: Draft {
                body: format!("-- back from {name}\nSELECT 0;"),
                ..Draft::default()
            },
        }
    }

    fn now() -> DateTime {
        date(2026, 11, 21).at(2, 3, 4, 0)
    }

    fn load(dir: &Path) -> Folder {
        Folder::load(dir, &Patterns::default()).unwrap()
    }

    #[test]
    fn files_are_numbered_chained_and_grouped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("generated");
        let mut folder = load(&path);
        folder
            .write(&[new("Add user's phone!", "SELECT 1;")], now())
            .unwrap();
        let two = folder
            .write(&[new("b", "SELECT 2;"), new("c", "SELECT 3;")], now())
            .unwrap();
        let folder = load(&path).check().unwrap();
        assert!(folder.notes().is_empty(), "{:?}", folder.notes());
        let names: Vec<String> = folder
            .migrations()
            .iter()
            .map(|m| m.up.name.clone())
            .collect();
        assert_eq!(
            names,
            [
                "000001_add_user_s_phone.up.sql",
                "000002_b.up.sql",
                "000003_c.up.sql"
            ]
        );
        let [first, second, third] = folder.migrations() else {
            panic!()
        };
        assert_eq!(first.up.file.header().parent(), Some("none"));
        assert_eq!(first.up.file.header().group(), None);
        assert_eq!(
            third.up.file.header().parent(),
            Some(second.up.file.chain().as_str())
        );
        assert_eq!(third.up.file.header().group().unwrap().part, 2);
        assert_eq!(fs::read_to_string(&two[1].up.0).unwrap(), two[1].up.1);
        assert_eq!(
            fs::read_dir(&path).unwrap().count(),
            6,
            "no temporary files stay"
        );
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let mut mine = load(dir.path());
        let mut theirs = load(dir.path());
        theirs.write(&[new("theirs", "SELECT 1;")], now()).unwrap();
        assert!(matches!(
            mine.write(&[new("mine", "SELECT 2;")], now()),
            Err(FolderError::Moved { .. })
        ));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn none_is_written_where_one_can_not_be() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = load(dir.path());
        fs::create_dir(dir.path().join("000002_b.down.sql")).unwrap();
        assert!(matches!(
            folder.write(&[new("a", "SELECT 1;"), new("b", "SELECT 2;")], now()),
            Err(FolderError::Io { .. })
        ));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn restamp_goes_on_to_the_parents_of_later_files() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = load(dir.path());
        for name in ["a", "b", "c"] {
            folder.write(&[new(name, "SELECT 1;")], now()).unwrap();
        }
        let second = folder.migrations()[1].up.path.clone();
        let text = fs::read_to_string(&second)
            .unwrap()
            .replace("SELECT 1", "SELECT 2");
        fs::write(&second, text).unwrap();
        let mut folder = load(dir.path());
        assert_eq!(
            folder.notes().len(),
            2,
            "edited, and the next one's parent: {:?}",
            folder.notes()
        );
        assert!(matches!(&folder.notes()[0], Note::Edited { file } if file == "000002_b.up.sql"));
        let applied = BTreeSet::from([Version::from("1")]);
        let changed = folder
            .restamp(&[], &applied, Some("up on PostgreSQL 15.8"))
            .unwrap();
        assert_eq!(changed.len(), 2);
        let folder = load(dir.path()).check().unwrap();
        assert!(folder.notes().is_empty(), "{:?}", folder.notes());
        assert_eq!(
            folder.migrations()[1].up.file.header().get("proven"),
            Some("up on PostgreSQL 15.8")
        );
        assert_eq!(
            folder.migrations()[2].up.file.header().get("proven"),
            Some("up and down on PostgreSQL 15.8")
        );
    }

    #[test]
    fn two_branches_make_a_fork() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = load(dir.path());
        folder.write(&[new("a", "SELECT 1;")], now()).unwrap();
        let mut other = folder.preview(&[new("b", "SELECT 2;")], now()).unwrap();
        folder.write(&[new("c", "SELECT 3;")], now()).unwrap();
        let theirs = other.remove(0);
        for (path, text) in [theirs.up, theirs.down] {
            let name = path
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .replace("000002", "000003");
            fs::write(dir.path().join(name), text).unwrap();
        }
        let folder = load(dir.path());
        assert!(
            matches!(folder.problems(), [Problem::Fork { files }] if files.len() == 2),
            "{:?}",
            folder.problems()
        );
    }
}
