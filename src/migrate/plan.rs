//! What would run: files against history.
//!
//! The rule: before anything runs, every reason against it is named: files altered after they ran, a history that is
//! ahead of the files, files that come too late or were written after another file. What other services stand on is taken
//! back only with them, and what a file stands on runs before it.

use super::error::{FolderError, Problem};
use super::file::{MigrationFile, Proof};
use super::folder::{Folder, Migration, Note};
use super::history::{Goal, Point, Row, State, Status};
use super::{Direction, Version};
use std::collections::BTreeSet;

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
    /// Everything of one service, and what that stands on.
    Service(String),
    /// Up to and with this version of its service, and what that stands on; a group that would be cut is taken whole.
    Version(Version),
    /// As far as the whole database was at a point.
    Point(Point),
    /// These versions and no other, whatever stands before them; a group that would be cut is taken whole.
    Only(Vec<Version>),
}

impl From<Option<&Version>> for ApplyTo {
    fn from(to: Option<&Version>) -> ApplyTo {
        to.map_or(ApplyTo::Last, |version| ApplyTo::Version(version.clone()))
    }
}

impl From<Goal> for ApplyTo {
    fn from(goal: Goal) -> ApplyTo {
        match goal {
            Goal::Version(version) => ApplyTo::Version(version),
            Goal::Point(point) => ApplyTo::Point(point),
        }
    }
}

/// How far to go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RollbackTo {
    /// So many files; a group that would be cut is taken whole.
    Steps(usize),
    /// Leave this version applied, and take back what came after it in its service.
    Version(Version),
    /// Back to where the whole database was.
    Point(Point),
    /// Just these.
    Only(Vec<Version>),
    /// As far as migrations were run: a baseline is where it ends.
    All,
}

impl From<Goal> for RollbackTo {
    fn from(goal: Goal) -> RollbackTo {
        match goal {
            Goal::Version(version) => RollbackTo::Version(version),
            Goal::Point(point) => RollbackTo::Point(point),
        }
    }
}

/// Whose migrations are taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whose {
    /// Those of this service; none: of all.
    pub service: Option<String>,
    /// Those of other services that stand on them too.
    pub with_dependents: bool,
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
    /// Where the database is.
    pub at: Point,
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
    let folded = migration.squashes();
    folded
        .iter()
        .any(|(version, sha)| *version == row.version && *sha == row.up_sha)
}

/// The file that a version was folded into.
fn folded_into<'f>(folder: &'f Folder, version: &Version) -> Option<&'f Migration> {
    let holds = |migration: &&Migration| {
        let folded = migration.squashes();
        folded.iter().any(|(folded, _)| folded == version)
    };
    folder.migrations().iter().find(holds)
}

/// What stands against a folded file in a database that ran some of the old ones: all of them, as they were, or none.
fn half_folded(migration: &Migration, state: &State) -> Option<Problem> {
    let folded = migration.squashes();
    let row = |version: &Version| {
        let row = state.get(version);
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
        if let Some(row) = state.get(&migration.version)
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
        .get(&migration.version)
        .is_some_and(|row| row.status.is_in())
}

/// The files that would run, in order, as far as `to` says. Refused with all that speaks against running them.
pub fn plan_apply<'f>(
    folder: &'f Folder,
    state: &State,
    to: &ApplyTo,
) -> Result<Vec<Pending<'f>>, FolderError> {
    let named = match to {
        ApplyTo::Version(version) => std::slice::from_ref(version),
        ApplyTo::Only(versions) => versions.as_slice(),
        _ => &[],
    };
    if let Some(missing) = named.iter().find(|version| folder.get(version).is_none()) {
        return Err(FolderError::Version {
            version: missing.to_string(),
        });
    }
    let wanted = wanted(folder, to);
    let is_wanted = |version: &Version| wanted.as_ref().is_none_or(|all| all.contains(version));
    let by_name = matches!(to, ApplyTo::Only(_));
    let mut passed_over: BTreeSet<&str> = BTreeSet::new();
    let mut problems = folder.problems().to_vec();
    // A file that stands behind the one that it was written after runs where it stands, whatever the other branch did.
    problems.retain(|problem| !by_name || !matches!(problem, Problem::Fork { .. }));
    problems.extend(altered_files(folder, state));
    let rows = state.rows.values().filter(|row| row.status.is_in());
    let ahead: Vec<String> = rows
        .filter(|row| {
            let last = folder.of_service(&row.service).next_back();
            last.is_none_or(|last| row.version > last.version)
        })
        .map(label)
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
        if !is_wanted(&migration.version) {
            passed_over.insert(migration.service());
            continue;
        }
        let late = state
            .at(migration.service())
            .filter(|at| **at > migration.version);
        // Who names a file says that it shall run now.
        if let (Some(at), false) = (late, by_name) {
            problems.push(Problem::OutOfOrder {
                file: migration.up.name.clone(),
                at: at.to_string(),
            });
        }
        let needs: Vec<String> = migration
            .depends_on()
            .iter()
            .filter_map(|version| folder.holding(version))
            .filter(|needed| !is_in(state, needed) && !is_wanted(&needed.version))
            .map(Migration::label)
            .collect();
        if !needs.is_empty() {
            problems.push(Problem::Depends {
                file: migration.up.name.clone(),
                needs,
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
            out_of_order: late.is_some() || passed_over.contains(migration.service()),
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

/// The files that are meant, with what they stand on; none: all.
fn wanted(folder: &Folder, to: &ApplyTo) -> Option<BTreeSet<Version>> {
    Some(match to {
        ApplyTo::Last => return None,
        ApplyTo::Service(service) => {
            folder.with_needed(folder.of_service(service).map(|it| &it.version))
        }
        // A group that would be cut is taken whole.
        ApplyTo::Version(version) => {
            let group = folder.get(version).and_then(group_of);
            let is_with = |it: &&Migration| {
                it.version == *version || group.is_some() && group_of(it) == group
            };
            let meant = folder.migrations().iter().filter(is_with);
            folder.with_needed(meant.map(|it| &it.version))
        }
        ApplyTo::Point(point) => folder.with_needed(point.0.values()),
        ApplyTo::Only(versions) => {
            let groups: Vec<String> = versions
                .iter()
                .filter_map(|version| group_of(folder.get(version)?))
                .collect();
            let is_meant = |it: &&Migration| {
                versions.contains(&it.version)
                    || group_of(it).is_some_and(|group| groups.contains(&group))
            };
            let meant = folder.migrations().iter().filter(is_meant);
            meant.map(|it| it.version.clone()).collect()
        }
    })
}

/// The word of the group that a file belongs to.
pub(super) fn group_of(migration: &Migration) -> Option<String> {
    migration.up.file.header().group().map(|group| group.id)
}

/// What would be taken back and applied again. Whatever speaks against applying it again speaks against taking it back.
pub fn plan_redo<'f>(
    folder: &'f Folder,
    state: &State,
    to: &RollbackTo,
    whose: &Whose,
) -> Result<RedoPlan<'f>, FolderError> {
    let back = plan_rollback(state, to, whose)?;
    let mut after = state.clone();
    for row in &back.rows {
        if folder.get(&row.version).is_none() {
            return Err(FolderError::NoFile {
                version: row.version.to_string(),
            });
        }
        if let Some(row) = after.rows.get_mut(&row.version) {
            row.status = Status::RolledBack;
        }
    }
    let again = match back.rows.is_empty() {
        false => plan_apply(folder, &after, &again(&back.rows))?,
        true => Vec::new(),
    };
    Ok(RedoPlan { back, again })
}

/// How what was taken back is applied again.
pub(super) fn again(rows: &[Row]) -> ApplyTo {
    let services: BTreeSet<&str> = rows.iter().map(|row| row.service.as_str()).collect();
    match (rows.first(), services.len()) {
        (Some(newest), 1) => ApplyTo::Version(newest.version.clone()),
        _ => {
            let mut point = Point::default();
            for row in rows.iter().rev() {
                point.0.insert(row.service.clone(), row.version.clone());
            }
            ApplyTo::Point(point)
        }
    }
}

/// The rows that a rollback would take back, newest first.
pub fn plan_rollback(
    state: &State,
    to: &RollbackTo,
    whose: &Whose,
) -> Result<RollbackPlan, FolderError> {
    let mut rows = state.as_they_came();
    // What was being taken back when it was interrupted is there still, at least in part.
    let half_back = |row: &&Row| row.status == Status::Running && row.direction == Direction::Down;
    let half = |row: &&Row| half_back(row) || state.is_half_run(row);
    rows.extend(state.rows.values().filter(half));
    let baseline = |service: &str| {
        let mut newest = state.rows.values().rev();
        newest.find(|row| row.service == service && row.status == Status::Baseline)
    };
    // What was skipped was never run, and is a step all the same: what comes after it stands on it.
    let is_open = |row: &Row| {
        (matches!(row.status, Status::Applied | Status::Skipped) || half(&row))
            && baseline(&row.service).is_none_or(|baseline| baseline.version < row.version)
    };
    let is_meant = |row: &Row| whose.service.as_ref().is_none_or(|it| *it == row.service);
    let open: Vec<&Row> = rows.into_iter().rev().filter(|row| is_open(row)).collect();
    let meant = || open.iter().filter(|row| is_meant(row));
    let mut taken: BTreeSet<&Version> = match to {
        RollbackTo::All => meant().map(|row| &row.version).collect(),
        RollbackTo::Steps(steps) => meant().take(*steps).map(|row| &row.version).collect(),
        RollbackTo::Only(versions) => meant()
            .filter(|row| versions.contains(&row.version))
            .map(|row| &row.version)
            .collect(),
        RollbackTo::Version(version) => {
            let service = version.service();
            if !state.applied(service).any(|row| row.version == *version) {
                return Err(FolderError::NotApplied {
                    version: version.to_string(),
                });
            }
            refuse_baseline(baseline(service), Some(version))?;
            open.iter()
                .filter(|row| row.service == service && row.version > *version)
                .map(|row| &row.version)
                .collect()
        }
        RollbackTo::Point(point) => {
            let rows = state.rows.values().filter(|row| is_meant(row));
            let services: BTreeSet<&str> = rows.map(|row| row.service.as_str()).collect();
            for service in services {
                refuse_baseline(baseline(service), point.of(service))?;
            }
            meant()
                .filter(|row| point.of(&row.service).is_none_or(|at| row.version > *at))
                .map(|row| &row.version)
                .collect()
        }
    };
    let widened = widen(&open, &mut taken);
    // Newer ones of the same service go with what they were written after; who takes back all counts them anyway.
    let dependents = dependents(&open, &taken);
    let by_service = whose.service.is_some() || matches!(to, RollbackTo::Version(_));
    if by_service && !whose.with_dependents && !dependents.is_empty() {
        return Err(FolderError::Dependents {
            versions: dependents.iter().map(|row| label(row)).collect(),
        });
    }
    taken.extend(dependents.iter().map(|row| &row.version));
    let rows = open.iter().filter(|row| taken.contains(&row.version));
    Ok(RollbackPlan {
        rows: rows.map(|row| (*row).clone()).collect(),
        widened,
    })
}

fn label(row: &Row) -> String {
    match row.name.is_empty() {
        true => row.version.to_string(),
        false => format!("{}_{}", row.version, row.name),
    }
}

/// A way back past what was recorded as there and not run.
fn refuse_baseline(baseline: Option<&Row>, to: Option<&Version>) -> Result<(), FolderError> {
    match baseline {
        Some(row) if to.is_none_or(|to| row.version > *to) => Err(FolderError::Baseline {
            version: row.version.to_string(),
        }),
        _ => Ok(()),
    }
}

/// Takes the groups whole that would be cut; gives the last of them.
fn widen<'r>(open: &[&'r Row], taken: &mut BTreeSet<&'r Version>) -> Option<String> {
    let mut widened = None;
    while let Some(row) = cut_off(open, taken) {
        widened.clone_from(&row.group_id);
        taken.insert(&row.version);
    }
    widened
}

/// A file that is left of a group of which another file is taken.
fn cut_off<'r>(open: &[&'r Row], taken: &BTreeSet<&'r Version>) -> Option<&'r Row> {
    open.iter().enumerate().find_map(|(at, row)| {
        if row.group_id.is_none() || !taken.contains(&row.version) {
            return None;
        }
        // Newest first: a group goes on with the next older file of its service; one of several services bears a word of
        // its own.
        let mut older = open[at + 1..].iter().filter(|it| it.service == row.service);
        let next = older
            .next()
            .filter(|it| it.group_id == row.group_id && it.part < row.part);
        let mut others = open
            .iter()
            .filter(|it| it.service != row.service && it.group_id == row.group_id);
        let left = |it: &&&Row| !taken.contains(&it.version);
        next.filter(left).or_else(|| others.find(left)).copied()
    })
}

/// What stands on what is taken, directly or through others, and is not taken itself; newest first.
fn dependents<'r>(open: &[&'r Row], taken: &BTreeSet<&'r Version>) -> Vec<&'r Row> {
    let mut all = taken.clone();
    let mut found: Vec<&Row> = Vec::new();
    loop {
        let stands = |row: &&&Row| {
            let on = |version: &&Version| {
                row.depends_on.contains(version)
                    || row.service == version.service() && row.version > **version
            };
            !all.contains(&row.version) && all.iter().any(on)
        };
        let Some(row) = open.iter().find(stands) else {
            break;
        };
        all.insert(&row.version);
        found.push(row);
    }
    let place = |row: &&Row| open.iter().position(|it| it.version == row.version);
    found.sort_by_key(place);
    found
}

/// Where folder and history stand, for `status`.
pub fn report(folder: &Folder, state: &State) -> Report {
    let mut lines: Vec<Line> = Vec::new();
    for migration in folder.migrations() {
        let row = state.get(&migration.version);
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
    for row in state.rows.values() {
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
    // By service, those first on which others stand; what no service of the project has, last.
    let services: Vec<&str> = folder.services().collect();
    lines.sort_by_cached_key(|line| {
        let service = line.version.service();
        let place = services.iter().position(|it| *it == service);
        (place.unwrap_or(usize::MAX), line.version.clone())
    });
    Report {
        at: state.point(),
        lines,
    }
}
