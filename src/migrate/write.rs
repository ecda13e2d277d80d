//! Writing migration files: new ones, and the stamps of edited ones.
//!
//! The rule: all or none, and never over a file that is there. A new file is complete before it gets its name.

use super::error::FolderError;
use super::file::Draft;
use super::folder::{Folder, io};
use super::header::{Group, key};
use super::{Direction, Version, sha256_hex};
use jiff::civil::DateTime;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A pair of files to write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMigration {
    /// The name, as people said it; the file name is made from it.
    pub name: String,
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
    /// The files that [`Folder::write`] would write: numbered, chained, grouped where they are several. The group's
    /// word is made from the bodies, so that the same plan gives the same files.
    ///
    /// # Errors
    /// [`FolderError::Named`] where a name gives a file that reads as another one.
    pub fn preview(
        &self,
        migrations: &[NewMigration],
        now: DateTime,
    ) -> Result<Vec<Written>, FolderError> {
        let group_id = (migrations.len() > 1).then(|| {
            let bodies: String = migrations.iter().map(|m| m.up.body.as_str()).collect();
            sha256_hex(&bodies)[..8].to_owned()
        });
        let of = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
        let mut taken: Vec<Version> = self.migrations.iter().map(|m| m.version.clone()).collect();
        let mut parent = self.next_parent(&self.service);
        let mut written = Vec::new();
        for (part, new) in (1..).zip(migrations) {
            let version = self.patterns.next(taken.iter(), now);
            let group = group_id.clone().map(|id| Group { id, part, of });
            let name = self.patterns.name(&new.name);
            let up = self.headed(&new.up).file(group.as_ref(), Some(&parent));
            let down = self.headed(&new.down).file(group.as_ref(), None);
            let [up_path, down_path] = self.paths(&version, &name)?;
            written.push(Written {
                up: (up_path, up.render()),
                down: (down_path, down.render()),
                version: version.clone(),
            });
            parent = up.chain();
            taken.push(version);
        }
        Ok(written)
    }

    /// The paths of a new migration's files, up and down.
    fn paths(&self, version: &Version, name: &str) -> Result<[PathBuf; 2], FolderError> {
        let below = |direction| self.patterns.path(direction, version, name, &self.service);
        let directions = [Direction::Up, Direction::Down];
        let reads = |direction: &Direction| {
            self.patterns
                .reads_back(*direction, version, name, &self.service)
        };
        match directions.iter().find(|it| !reads(it)) {
            Some(direction) => Err(FolderError::Named {
                name: name.to_owned(),
                file: below(*direction),
            }),
            None => Ok(directions.map(|direction| self.dir.join(below(direction)))),
        }
    }

    /// A draft with the lines of the header that the project wants.
    fn headed(&self, draft: &Draft) -> Draft {
        let mut draft = draft.clone();
        let Some(wanted) = &self.header else {
            return draft;
        };
        for (word, line) in [
            (key::DESCRIPTION, &mut draft.description),
            (key::AUTHOR, &mut draft.author),
            (key::DATE, &mut draft.date),
            (key::SERVICE, &mut draft.service),
        ] {
            if !wanted.iter().any(|it| it == word) {
                *line = None;
            }
        }
        draft
    }

    /// Reads the folder again, as it was opened.
    fn again(&self) -> Result<Folder, FolderError> {
        let fresh = Folder::load_service(&self.dir, &self.patterns, &self.service)?;
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
            .filter(|it| it.version <= *last)
            .cloned()
            .collect();
        let newest = folded.last().ok_or_else(missing)?;
        let mut lines: Vec<String> = Vec::new();
        for old in &folded {
            // What was folded before is known by its own files too.
            for (version, sha) in old.up.file.header().squashes() {
                if version != old.version {
                    lines.push(format!("{version} {sha}"));
                }
            }
            lines.push(format!("{} {}", old.version, old.up.file.body_sha()));
        }
        let mut up = self.headed(&new.up);
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
            let service = migration.service.clone();
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
