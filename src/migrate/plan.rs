//! What would run: files against history.
//!
//! The rule: before anything runs, every reason against it is named: files altered after they ran, a history that is
//! ahead of the files, files that come too late or were written after another file.

use super::Version;
use super::error::{FolderError, Problem};
use super::file::{MigrationFile, Proof};
use super::folder::{Folder, Migration, Note};
use super::history::{Row, State, Status};

/// A migration that would be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending<'f> {
    /// Its files.
    pub migration: &'f Migration,
    /// Whether it would run without one that stands before it, or after one that stands behind it: its proof says nothing
    /// of that.
    pub out_of_order: bool,
}

/// How far to go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ApplyTo {
    /// Everything that is pending.
    #[default]
    Last,
    /// Up to and with this version.
    Version(Version),
    /// These versions and no other, whatever stands before them; a group that would be cut is taken whole.
    Only(Vec<Version>),
}

impl From<Option<&Version>> for ApplyTo {
    fn from(to: Option<&Version>) -> ApplyTo {
        to.map_or(ApplyTo::Last, |version| ApplyTo::Version(version.clone()))
    }
}

/// How far to go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RollbackTo {
    /// So many files; a group that would be cut is taken whole.
    Steps(usize),
    /// Leave this version applied.
    Version(Version),
    /// As far as migrations were run: a baseline is where it ends.
    All,
}

/// What a rollback would take back, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollbackPlan {
    /// The rows of the history.
    pub rows: Vec<Row>,
    /// The group that was taken whole though the request would have cut it.
    pub widened: Option<String>,
}

/// What is taken back and applied again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedoPlan<'f> {
    /// What is taken back.
    pub back: RollbackPlan,
    /// What is applied again, oldest first.
    pub again: Vec<Pending<'f>>,
}

/// Where a folder and a history stand towards each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The version that the database is at.
    pub at: Option<Version>,
    /// Every migration, in order, known to the folder, the history, or both.
    pub lines: Vec<Line>,
}

/// One migration in a [`Report`].
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// What the history says; none for one that it does not know.
    pub status: Option<Status>,
    /// Whether it would run.
    pub pending: bool,
    /// Whether its up file was altered after it ran.
    pub altered: bool,
    /// Whether its file is missing.
    pub missing: bool,
    /// Whether a file was edited since it was written, so that its proof is void.
    pub unproven: bool,
    /// What the history knows of it.
    pub row: Option<Row>,
}

/// Whether the up file is another one than ran, and not one that what ran was folded into.
fn altered(migration: &Migration, row: &Row) -> bool {
    is_other(migration, row) && !was_folded(migration, row)
}

/// Whether another text ran than the up file holds.
fn is_other(migration: &Migration, row: &Row) -> bool {
    row.status.is_in() && row.up_sha != migration.up.file.body_sha()
}

/// Whether what ran is one of the files that this one was folded of.
fn was_folded(migration: &Migration, row: &Row) -> bool {
    let folded = migration.up.file.header().squashes();
    folded
        .iter()
        .any(|(version, sha)| *version == row.version && *sha == row.up_sha)
}

/// The file that a version was folded into.
fn folded_into<'f>(folder: &'f Folder, version: &Version) -> Option<&'f Migration> {
    let holds = |migration: &&Migration| {
        let folded = migration.up.file.header().squashes();
        folded.iter().any(|(folded, _)| folded == version)
    };
    folder.migrations().iter().find(holds)
}

/// What stands against a folded file in a database that ran some of the old ones: all of them, as they were, or none.
fn half_folded(migration: &Migration, state: &State) -> Option<Problem> {
    let folded = migration.up.file.header().squashes();
    let row = |version: &Version| {
        let row = state.get(&migration.service, version);
        row.filter(|row| row.status.is_in())
    };
    let own = row(&migration.version);
    if folded.is_empty() || own.is_some_and(|own| !is_other(migration, own)) {
        return None;
    }
    let is_old = |(version, sha): &&(Version, String)| {
        row(version).is_some_and(|row| row.up_sha == *sha || row.status == Status::Baseline)
    };
    let (ran, missing): (Vec<_>, Vec<_>) = folded.iter().partition(is_old);
    let any = folded.iter().any(|(version, _)| row(version).is_some());
    if !any || missing.is_empty() {
        return None;
    }
    let names = |of: &[&(Version, String)]| {
        let names: Vec<String> = of.iter().map(|(version, _)| version.to_string()).collect();
        match names.is_empty() {
            true => "nothing".to_owned(),
            false => names.join(", "),
        }
    };
    Some(Problem::Squashed {
        file: migration.up.name.clone(),
        ran: names(&ran),
        missing: names(&missing),
    })
}

/// Whether a down file is another one than was stored when its migration ran, and nothing but its author vouches for it.
fn down_altered(down: &MigrationFile, row: &Row) -> bool {
    row.down_sql.is_some()
        && row.down_sha.as_ref() != Some(&down.body_sha())
        && !matches!(down.proof(), Proof::Proven(_))
}

/// The files that were altered after they ran.
pub fn altered_files(folder: &Folder, state: &State) -> Vec<Problem> {
    let mut problems = Vec::new();
    for migration in folder.migrations() {
        if let Some(row) = state.get(&migration.service, &migration.version)
            && altered(migration, row)
        {
            problems.push(Problem::Altered {
                file: migration.up.name.clone(),
                ran: if row.name == migration.name {
                    String::new()
                } else {
                    format!(" (what ran was named `{}`)", row.name)
                },
                at: row
                    .applied_at
                    .map(|at| at.strftime("%Y-%m-%d %H:%M").to_string())
                    .unwrap_or_default(),
            });
        }
    }
    problems
}

/// The way back of a migration that ran: its down file, or what the history keeps, where there is no file, the up file was
/// altered since, or the down file is another one than was stored and nobody proved it. `None` where neither is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    /// Where it is from, for messages.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The file that was altered after it ran, where that is why the history's is taken.
    pub altered: Option<String>,
}

/// See [`WayBack`]; `row` is the whole one, with its texts.
pub fn way_back(folder: &Folder, row: &Row) -> Option<WayBack> {
    let migration = folder.get(&row.version);
    let down = migration.and_then(|migration| migration.down.as_ref());
    let altered = migration
        .filter(|migration| altered(migration, row))
        .map(|migration| migration.up.name.clone())
        .or_else(|| {
            down.filter(|down| down_altered(&down.file, row))
                .map(|down| down.name.clone())
        });
    // The down file of a folded one takes all of them back, what ran only its own.
    let folded = migration.is_some_and(|it| is_other(it, row) && was_folded(it, row));
    let altered = altered.filter(|_| !folded);
    let on_disk = down.filter(|_| altered.is_none() && !folded);
    match (on_disk, &row.down_sql) {
        (Some(down), _) => Some(WayBack {
            name: down.name.clone(),
            text: down.file.render(),
            altered,
        }),
        (None, Some(text)) => Some(WayBack {
            name: format!("{}_{} (down, from the history)", row.version, row.name),
            text: text.clone(),
            altered,
        }),
        (None, None) => None,
    }
}

fn is_in(state: &State, migration: &Migration) -> bool {
    state
        .get(&migration.service, &migration.version)
        .is_some_and(|row| row.status.is_in())
}

/// The files that would run, in order, as far as `to` says. Refused with all that speaks against running them.
pub fn plan_apply<'f>(
    folder: &'f Folder,
    state: &State,
    to: &ApplyTo,
) -> Result<Vec<Pending<'f>>, FolderError> {
    let named = match to {
        ApplyTo::Last => &[],
        ApplyTo::Version(version) => std::slice::from_ref(version),
        ApplyTo::Only(versions) => versions.as_slice(),
    };
    if let Some(missing) = named.iter().find(|version| folder.get(version).is_none()) {
        return Err(FolderError::Version {
            version: missing.to_string(),
        });
    }
    let groups: Vec<String> = match to {
        ApplyTo::Only(versions) => versions
            .iter()
            .filter_map(|version| group_of(folder.get(version)?))
            .collect(),
        _ => Vec::new(),
    };
    let is_wanted = |migration: &Migration| match to {
        ApplyTo::Last => true,
        ApplyTo::Version(to) => migration.version <= *to,
        ApplyTo::Only(versions) => {
            versions.contains(&migration.version)
                || group_of(migration).is_some_and(|group| groups.contains(&group))
        }
    };
    let by_name = matches!(to, ApplyTo::Only(_));
    let mut passed_over = false;
    let mut problems = folder.problems().to_vec();
    problems.extend(altered_files(folder, state));
    let service = folder.service();
    let last_file = folder.migrations().iter().rfind(|m| m.service == service);
    let ahead: Vec<String> = state
        .applied(service)
        .filter(|row| last_file.is_none_or(|last| row.version > last.version))
        .map(|row| format!("{}_{}", row.version, row.name))
        .collect();
    if !ahead.is_empty() {
        problems.push(Problem::Ahead { versions: ahead });
    }
    let mut pending = Vec::new();
    for migration in folder.migrations() {
        if let Some(problem) = half_folded(migration, state) {
            problems.push(problem);
            continue;
        }
        if is_in(state, migration) {
            continue;
        }
        if !is_wanted(migration) {
            passed_over = true;
            continue;
        }
        let late = state
            .at(&migration.service)
            .filter(|at| **at > migration.version);
        // Who names a file says that it shall run now.
        if let (Some(at), false) = (late, by_name) {
            problems.push(Problem::OutOfOrder {
                file: migration.up.name.clone(),
                at: at.to_string(),
            });
        }
        for note in folder.notes() {
            // A file before it that was edited explains a parent that does not fit: `restamp` puts that right.
            if let Note::Parent {
                version,
                file,
                previous,
            } = note
                && *version == migration.version
                && !folder
                    .notes()
                    .iter()
                    .any(|n| matches!(n, Note::Edited { file } if Some(file) == previous.as_ref()))
            {
                problems.push(Problem::Parent {
                    file: file.clone(),
                    previous: previous
                        .as_ref()
                        .map_or_else(|| "nothing".to_owned(), |p| format!("`{p}`")),
                });
            }
        }
        pending.push(Pending {
            migration,
            out_of_order: late.is_some() || passed_over,
        });
    }
    if problems.is_empty() {
        Ok(pending)
    } else {
        Err(FolderError::Problems {
            dir: folder.dir().to_owned(),
            problems,
        })
    }
}

fn group_of(migration: &Migration) -> Option<String> {
    migration.up.file.header().group().map(|group| group.id)
}

/// What would be taken back and applied again. Whatever speaks against applying it again speaks against taking it back.
pub fn plan_redo<'f>(
    folder: &'f Folder,
    state: &State,
    to: &RollbackTo,
) -> Result<RedoPlan<'f>, FolderError> {
    let back = plan_rollback(folder.service(), state, to)?;
    let mut after = state.clone();
    for row in &back.rows {
        if folder.get(&row.version).is_none() {
            return Err(FolderError::NoFile {
                version: row.version.to_string(),
            });
        }
        let key = (row.service.clone(), row.version.clone());
        if let Some(row) = after.rows.get_mut(&key) {
            row.status = Status::RolledBack;
        }
    }
    let again = match back.rows.first() {
        Some(newest) => plan_apply(folder, &after, &ApplyTo::Version(newest.version.clone()))?,
        None => Vec::new(),
    };
    Ok(RedoPlan { back, again })
}

/// The rows that a rollback would take back, newest first.
pub fn plan_rollback(
    service: &str,
    state: &State,
    to: &RollbackTo,
) -> Result<RollbackPlan, FolderError> {
    let newest = state.applied(service).rev();
    let ran = newest.take_while(|row| row.status != Status::Baseline);
    // What was skipped was never run: there is nothing to take back.
    let open: Vec<&Row> = ran.filter(|row| row.status == Status::Applied).collect();
    let mut count = match to {
        RollbackTo::All => open.len(),
        RollbackTo::Steps(steps) => (*steps).min(open.len()),
        RollbackTo::Version(version) => {
            if !state.applied(service).any(|row| row.version == *version) {
                return Err(FolderError::Version {
                    version: version.to_string(),
                });
            }
            let baseline = state
                .applied(service)
                .rfind(|row| row.status == Status::Baseline);
            if let Some(baseline) = baseline.filter(|row| row.version > *version) {
                return Err(FolderError::Baseline {
                    version: baseline.version.to_string(),
                });
            }
            open.iter().filter(|row| row.version > *version).count()
        }
    };
    let mut widened = None;
    while count > 0 && count < open.len() {
        let (last, next) = (open[count - 1], open[count]);
        if last.group_id.is_none() || last.group_id != next.group_id {
            break;
        }
        widened.clone_from(&last.group_id);
        count += 1;
    }
    Ok(RollbackPlan {
        rows: open[..count].iter().map(|row| (*row).clone()).collect(),
        widened,
    })
}

/// Where folder and history stand, for `status`.
pub fn report(folder: &Folder, state: &State) -> Report {
    let mut lines: Vec<Line> = Vec::new();
    for migration in folder.migrations() {
        let row = state.get(&migration.service, &migration.version);
        let edited = |name: &str| {
            folder
                .notes()
                .iter()
                .any(|n| matches!(n, Note::Edited { file } if file == name))
        };
        lines.push(Line {
            version: migration.version.clone(),
            name: migration.name.clone(),
            status: row.map(|row| row.status),
            pending: !row.is_some_and(|row| row.status.is_in()),
            altered: row.is_some_and(|row| altered(migration, row)),
            missing: false,
            unproven: edited(&migration.up.name)
                || migration
                    .down
                    .as_ref()
                    .is_some_and(|down| edited(&down.name)),
            row: row.cloned(),
        });
    }
    for row in state
        .rows
        .values()
        .filter(|row| row.service == folder.service())
    {
        if folder.get(&row.version).is_none() {
            lines.push(Line {
                version: row.version.clone(),
                name: row.name.clone(),
                status: Some(row.status),
                pending: false,
                altered: false,
                missing: row.status.is_in() && folded_into(folder, &row.version).is_none(),
                unproven: false,
                row: Some(row.clone()),
            });
        }
    }
    lines.sort_by(|a, b| a.version.cmp(&b.version));
    Report {
        at: state.at(folder.service()).cloned(),
        lines,
    }
}
