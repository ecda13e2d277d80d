//! Two branches that went on from one state: which files are the later branch's, and the folder as it is without them.
//!
//! The rule: what ran anywhere that is known stays, and so does what no schema file says: only files that `diff` can write
//! again are taken away.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::civil::DateTime;
use miette::Diagnostic;
use thiserror::Error;

use super::error::FolderError;
use super::folder::{Folder, Migration, io};
use super::write::{NewMigration, Written};
use super::{Item, Script};
use crate::model::Exit;
use crate::sql::lexer::significant;

/// Why a branch is not written anew.
#[derive(Debug, Error, Diagnostic)]
pub enum RebaseError {
    /// There are no branches.
    #[error("the migrations are one chain: no two files were written after the same one")]
    #[diagnostic(
        code(rebase::no_fork),
        help("`schemactl diff` without `--rebase` writes the next file")
    )]
    NoFork,
    /// No branch has the file.
    #[error("`{said}` is no file of a branch")]
    #[diagnostic(code(rebase::unknown), help("the branches begin with {}", .begin.join(" and ")))]
    Unknown {
        /// What was said.
        said: String,
        /// The first files of the branches.
        begin: Vec<String>,
    },
    /// Nothing tells which branch is the later one.
    #[error("nothing tells which branch came later: {}", .files.join(" and "))]
    #[diagnostic(
        code(rebase::which),
        help("name the file of the branch that is to be written anew: `schemactl diff --rebase={}`", .files.last().map_or("", String::as_str))
    )]
    Which {
        /// The first files of the branches.
        files: Vec<String>,
    },
    /// More than one branch would be left.
    #[error("without it there are branches still: {}", .files.join(" and "))]
    #[diagnostic(
        code(rebase::several),
        help(
            "name all that are to be written anew, with commas between them: `--rebase=FILE,FILE`"
        )
    )]
    Several {
        /// The first files of the branches that would be left.
        files: Vec<String>,
    },
    /// The later branch ran already.
    #[error("{} ran in {database} already", .files.join(" and "))]
    #[diagnostic(
        code(rebase::ran),
        help(
            "take it back there first: `schemactl rollback --steps {}`; where the other branch is the one to be written anew, name its file: `schemactl diff --rebase={}`", .files.len(), .other
        )
    )]
    Ran {
        /// The files.
        files: Vec<String>,
        /// The first file of the branch that would stay.
        other: String,
        /// Where.
        database: String,
    },
    /// A file does what no schema file says.
    #[error("`{file}` does what no schema file says: `{statement}`")]
    #[diagnostic(
        code(rebase::by_hand),
        help(
            "`schemactl restamp` proves it as it is after the other branch, and chains it there; give it the next number first where both branches took the same"
        )
    )]
    ByHand {
        /// The file.
        file: String,
        /// The beginning of the statement, or the line of the header.
        statement: String,
    },
}

impl RebaseError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            RebaseError::NoFork | RebaseError::Unknown { .. } => Exit::Input,
            _ => Exit::Refused,
        }
    }
}

/// What is known of the branches when one is chosen.
pub struct Known<'k> {
    /// Whether a migration ran in a database, and the file is what ran.
    pub has_run: &'k dyn Fn(&Migration) -> bool,
    /// How that database is called.
    pub database: &'k str,
    /// The file, its version or name, that a person calls the later branch's.
    pub named: Option<&'k str>,
}

impl Folder {
    /// The files of the later branch, in order: of the one that a person names, else of the one with the higher number, else
    /// with the later date.
    ///
    /// # Errors
    ///
    /// [`RebaseError`] where there is no branch, or the later one is not to be told or not to be written anew.
    pub fn later_branch(&self, known: &Known<'_>) -> Result<Vec<Migration>, RebaseError> {
        let all: Vec<&Migration> = self.migrations.iter().chain(&self.doubles).collect();
        let mut later: Vec<&Migration> = Vec::new();
        let mut other = None;
        let forks = forks(&all);
        if forks.is_empty() {
            return Err(RebaseError::NoFork);
        }
        let branches = |fork: &[&Migration]| -> Vec<Vec<usize>> {
            fork.iter().map(|first| branch(&all, first)).collect()
        };
        let named = |branch: &[usize]| {
            let mut words = known.named.into_iter().flat_map(|it| it.split(','));
            words.any(|said| branch.iter().any(|at| is_called(all[*at], said)))
        };
        for said in known.named.into_iter().flat_map(|it| it.split(',')) {
            let is_known = forks.iter().any(|fork| {
                branches(fork)
                    .iter()
                    .flatten()
                    .any(|at| is_called(all[*at], said))
            });
            if !is_known {
                return Err(RebaseError::Unknown {
                    said: said.to_owned(),
                    begin: forks
                        .iter()
                        .flatten()
                        .map(|it| it.up.name.clone())
                        .collect(),
                });
            }
        }
        for fork in &forks {
            let branches = branches(fork);
            let of = |at: &usize| all[*at];
            let left: Vec<usize> = match known.named {
                Some(_) => (0..fork.len())
                    .filter(|it| !named(&branches[*it]))
                    .collect(),
                None => Vec::new(),
            };
            let keeps = match left.as_slice() {
                [one] => *one,
                // Of this fork nobody spoke.
                several if several.len() == fork.len() || several.is_empty() => {
                    let ran = |it: &usize| branches[*it].iter().map(of).any(known.has_run);
                    let ran: Vec<usize> = (0..fork.len()).filter(ran).collect();
                    match (first_of(fork), ran.as_slice()) {
                        // What ran cannot be the one that is written anew.
                        (Err(RebaseError::Which { .. }), [one]) => *one,
                        (first, _) => first?,
                    }
                }
                several => {
                    return Err(RebaseError::Several {
                        files: several.iter().map(|it| fork[*it].up.name.clone()).collect(),
                    });
                }
            };
            other.get_or_insert_with(|| fork[keeps].up.name.clone());
            for (place, members) in branches.iter().enumerate() {
                if place != keeps {
                    later.extend(members.iter().map(of));
                }
            }
        }
        let mut seen = BTreeSet::new();
        later.retain(|it| seen.insert(&it.up.path));
        with_dependents(&all, &mut later);
        later.sort_by(|one, other| one.version.cmp(&other.version));
        let ran = later.iter().filter(|it| (known.has_run)(it));
        let ran: Vec<String> = ran.map(|it| it.up.name.clone()).collect();
        if !ran.is_empty() {
            return Err(RebaseError::Ran {
                files: ran,
                database: known.database.to_owned(),
                other: other.unwrap_or_default(),
            });
        }
        Ok(later.into_iter().cloned().collect())
    }

    /// The folder as it is without these files.
    ///
    /// # Errors
    ///
    /// What the operating system refuses.
    pub fn without(&self, files: &[Migration]) -> Result<Folder, FolderError> {
        let passed_over: BTreeSet<PathBuf> = paths(files).map(|it| it.to_owned()).collect();
        let folder =
            Folder::load_without(&self.dir, self.places.clone(), &self.patterns, &passed_over)?;
        Ok(folder.with_header(self.header.clone()))
    }

    /// Writes new migrations in the place of `old`, which this folder was opened without: the old files go when the new ones
    /// are complete, and come back where one cannot be written.
    ///
    /// # Errors
    ///
    /// As of [`Folder::write`].
    pub fn write_instead(
        &mut self,
        old: &[Migration],
        new: &[NewMigration],
        now: DateTime,
    ) -> Result<Vec<Written>, FolderError> {
        let aside = tempfile::Builder::new()
            .prefix(".schemactl-rebase-")
            .tempdir_in(&self.dir)
            .map_err(io("write in", &self.dir))?;
        let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
        let put_back = |moved: &[(PathBuf, PathBuf)]| {
            for (from, to) in moved {
                let _ = std::fs::rename(to, from);
            }
        };
        for (at, path) in paths(old).enumerate() {
            let to = aside.path().join(at.to_string());
            if let Err(error) = std::fs::rename(path, &to) {
                put_back(&moved);
                return Err(io("move", path)(error));
            }
            moved.push((path.clone(), to));
        }
        let written = self.write(new, now);
        if written.is_err() {
            put_back(&moved);
        }
        written
    }
}

/// The paths of migrations' files, up and down.
fn paths(files: &[Migration]) -> impl Iterator<Item = &PathBuf> {
    let files = files.iter();
    files.flat_map(|it| std::iter::once(&it.up).chain(&it.down).map(|at| &at.path))
}

/// The files that were written after the same one, of each service.
fn forks<'m>(all: &[&'m Migration]) -> Vec<Vec<&'m Migration>> {
    let mut forks: Vec<(&str, &str, Vec<&Migration>)> = Vec::new();
    for migration in all {
        let Some(parent) = migration.up.file.header().parent() else {
            continue;
        };
        let service = migration.service();
        match forks
            .iter_mut()
            .find(|it| (it.0, it.1) == (service, parent))
        {
            Some((_, _, files)) => files.push(migration),
            None => forks.push((service, parent, vec![migration])),
        }
    }
    let mut forks: Vec<Vec<&Migration>> = forks
        .into_iter()
        .map(|(_, _, files)| files)
        .filter(|files| files.len() > 1)
        .collect();
    for fork in &mut forks {
        fork.sort_by(|one, other| one.version.cmp(&other.version));
    }
    forks
}

/// The places of a file and of all that were written after it.
fn branch(all: &[&Migration], first: &Migration) -> Vec<usize> {
    let mut members = Vec::new();
    let mut open: Vec<usize> = (0..all.len())
        .filter(|at| all[*at].up.path == first.up.path)
        .collect();
    while let Some(at) = open.pop() {
        if members.contains(&at) {
            continue;
        }
        members.push(at);
        let chain = all[at].up.file.chain();
        let is_next = |it: &&usize| {
            let next = all[**it];
            next.service() == all[at].service()
                && next.up.file.header().parent() == Some(chain.as_str())
        };
        let places: Vec<usize> = (0..all.len()).collect();
        open.extend(places.iter().filter(is_next));
    }
    members
}

/// The place of the branch that stays where none ran and nobody says.
fn first_of(fork: &[&Migration]) -> Result<usize, RebaseError> {
    let date = |it: &Migration| it.up.file.header().get("date").map(str::to_owned);
    let earliest = fork.iter().map(|it| &it.version).min();
    let first: Vec<usize> = (0..fork.len())
        .filter(|at| Some(&fork[*at].version) == earliest)
        .collect();
    if let [one] = first.as_slice() {
        return Ok(*one);
    }
    let dates: Vec<Option<String>> = first.iter().map(|at| date(fork[*at])).collect();
    let soonest = dates.iter().min().cloned().flatten();
    let soonest: Vec<usize> = std::iter::zip(&first, &dates)
        .filter(|(_, date)| soonest.is_some() && **date == soonest)
        .map(|(at, _)| *at)
        .collect();
    match soonest.as_slice() {
        [one] => Ok(*one),
        _ => Err(RebaseError::Which {
            files: fork.iter().map(|it| it.up.name.clone()).collect(),
        }),
    }
}

/// Whether a person means the migration: by its file's name, its label, its name or its version.
fn is_called(migration: &Migration, said: &str) -> bool {
    let file = said.rsplit('/').next().unwrap_or(said);
    migration.up.name == said
        || migration.up.path.file_name().is_some_and(|it| it == file)
        || migration.label() == said
        || migration.name == said
        || migration.version.to_string() == said
}

/// Takes in what depends on files of other services that are taken away.
fn with_dependents<'m>(all: &[&'m Migration], later: &mut Vec<&'m Migration>) {
    loop {
        let is_in =
            |it: &Migration, of: &[&Migration]| of.iter().any(|in_it| in_it.up.path == it.up.path);
        let is_gone = |version: &super::Version| {
            later.iter().any(|it| it.version == *version)
                && !all
                    .iter()
                    .any(|it| it.version == *version && !is_in(it, later))
        };
        let more: Vec<&Migration> = all
            .iter()
            .copied()
            .filter(|it| !is_in(it, later) && it.depends_on().iter().any(is_gone))
            .collect();
        if more.is_empty() {
            return;
        }
        later.extend(more);
    }
}

/// Refuses to take files away whose statements about rows, or whose conditions, the new ones do not have, and no schema file says
/// them (`is_said`).
///
/// # Errors
///
/// [`RebaseError::ByHand`] with the first of them.
pub fn refuse_lost(
    old: &[Migration],
    new: &[NewMigration],
    is_said: impl Fn(&str) -> bool,
) -> Result<(), RebaseError> {
    const ROWS: [&str; 13] = [
        "insert", "update", "delete", "merge", "truncate", "copy", "select", "with", "values",
        "table", "call", "do", "explain",
    ];
    let is_kept = |text: &str| new.iter().any(|it| it.up.body.contains(text.trim()));
    for migration in old {
        let Ok(script) = Script::parse(&migration.up.file) else {
            continue;
        };
        let is_of_rows = |statement: &str| {
            let words = significant(statement);
            let first = words.first();
            first.is_some_and(|first| ROWS.iter().any(|word| first.is_word(word)))
        };
        let statements = script.items.iter().filter_map(|item| match item {
            Item::Statement(range) => Some(&script.text[range.clone()]),
            _ => None,
        });
        let asked = script.items.iter().filter_map(|item| match item {
            Item::Verify(query) | Item::Report(query) => Some(query.sql.as_str()),
            Item::Statement(_) => None,
        });
        let further = script.before.iter().chain(&script.done_when);
        let lost = statements
            .filter(|it| is_of_rows(it) && !is_said(it))
            .chain(asked)
            .chain(further.map(|query| query.sql.as_str()))
            .find(|text| !is_kept(text));
        if let Some(text) = lost {
            return Err(RebaseError::ByHand {
                file: migration.up.name.clone(),
                statement: text
                    .split_whitespace()
                    .take(8)
                    .collect::<Vec<_>>()
                    .join(" "),
            });
        }
    }
    Ok(())
}
