//! Facts about statements for people and programs: one line each, in words that psql users know.

use super::answer::{Costs, Locked, Statement, Worked};
use super::failure::Failure;
use super::live::Live;
use super::progress::cut;
use super::report::escaped;
use super::screen::folded;
use crate::facts::{Facts, WayBack, World, bytes, rows, seconds};
use crate::lint::{Judged, Source, Walked, live, walk};
use crate::migrate::{MigrationFile, Pending};
use crate::sql::secret::mask;

/// The pending files, walked through by what the database says; a file that can't be read as a migration has no facts.
pub(super) async fn of_pending(
    live: &Live,
    pending: &[Pending<'_>],
) -> Result<Vec<Walked>, Failure> {
    of_files(live, files_of(pending)).await
}

/// Pending files, each with its label.
pub(super) fn files_of<'p>(
    pending: &'p [Pending<'_>],
) -> impl Iterator<Item = (String, &'p MigrationFile)> {
    let files = pending.iter().map(|it| it.migration);
    files.map(|migration| (migration.label(), &migration.up.file))
}

/// The same for files that run in this order.
pub(super) async fn of_files<'f>(
    live: &Live,
    files: impl IntoIterator<Item = (String, &'f MigrationFile)>,
) -> Result<Vec<Walked>, Failure> {
    Ok(walked(live, files).await?.walked)
}

/// Files as a database meets them.
pub(super) struct Met {
    pub(super) sources: Vec<Source>,
    pub(super) walked: Vec<Walked>,
    /// What is there after them.
    pub(super) world: World,
}

/// Walks through files that run in this order; one that can't be read as a migration is passed over.
pub(super) async fn walked<'f>(
    live: &Live,
    files: impl IntoIterator<Item = (String, &'f MigrationFile)>,
) -> Result<Met, Failure> {
    let sources: Vec<Source> = files
        .into_iter()
        .filter_map(|(label, file)| Source::of(&label, file).ok())
        .collect();
    let texts = sources
        .iter()
        .flat_map(|source| source.statements.iter().map(|it| it.sql.as_str()));
    let mut world = live::world(&live.session, texts).await?;
    Ok(Met {
        walked: walk(&sources, &mut world, true),
        sources,
        world,
    })
}

/// A statement in one line of so many letters, with passwords masked.
pub(super) fn head(judged: &Judged, room: usize) -> String {
    let sql = mask(&judged.sql);
    let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&line, room)
}

/// What a statement does, in words.
pub(super) fn words(judged: &Judged) -> String {
    let facts = &judged.facts;
    let mut parts = Vec::new();
    let mut locks: Vec<_> = facts.locks.iter().collect();
    locks.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    if let Some((first, mode)) = locks.first() {
        let others = match locks.len() - 1 {
            0 => String::new(),
            1 => format!(" ({} on {})", locks[1].1, locks[1].0),
            more => format!(" (and on {more} more)"),
        };
        parts.push(format!("{mode} on {first}{others}, {}", mode.blocks()));
    } else if facts.assumed.is_empty() {
        parts.push("no lock that others meet".to_owned());
    }
    for (name, work) in &facts.work {
        let said = match judged.object == name.to_string() {
            true => work.words().to_owned(),
            false => format!("{} {name}", work.words()),
        };
        if !parts.contains(&said) {
            parts.push(said);
        }
    }
    if let Some(cost) = judged.cost {
        let counted = cost.rows.map(|count| format!("{} rows, ", rows(count)));
        let disk = match cost.disk {
            0 => String::new(),
            disk => format!(", {} of disk meanwhile", bytes(disk)),
        };
        parts.push(format!(
            "{}{}: {}{disk}",
            counted.unwrap_or_default(),
            bytes(cost.bytes),
            seconds(cost.seconds)
        ));
    }
    parts.extend(facts.loses.iter().map(|lost| format!("loses {lost}")));
    if facts.way_back == WayBack::None {
        parts.push("no way back".to_owned());
    }
    parts.extend(facts.assumed.iter().map(|it| format!("({it})")));
    parts.join("; ")
}

/// A file's statements, a line each, with their facts below, in lines of so many letters.
pub(super) fn lines(walked: &Walked, width: usize) -> Vec<String> {
    /// The number of a line, and blanks.
    const LEAD: usize = 5;
    let room = width.saturating_sub(LEAD);
    let mut lines = Vec::new();
    for judged in &walked.statements {
        let head = escaped(&head(judged, room));
        lines.push(format!("{:>3}  {head}", judged.line));
        let facts = folded(&escaped(&words(judged)), room, room);
        lines.extend(facts.into_iter().map(|line| format!("{:LEAD$}{line}", "")));
    }
    lines
}

/// The facts for programs.
pub(super) fn told(judged: &Judged) -> Statement {
    let Facts {
        locks,
        work,
        built: _,
        drops: _,
        loses,
        way_back,
        assumed,
        outside,
    } = &judged.facts;
    let locks = locks.iter().map(|(name, mode)| Locked {
        relation: name.to_string(),
        mode: mode.sql().to_owned(),
        blocks_reads: mode.blocks_reads(),
        blocks_writes: mode.blocks_writes(),
    });
    let work = work.iter().map(|(name, work)| Worked {
        relation: name.to_string(),
        does: *work,
    });
    Statement {
        line: judged.line,
        sql: mask(&judged.sql),
        object: judged.object.clone(),
        locks: locks.collect(),
        work: work.collect(),
        loses: loses.clone(),
        way_back: *way_back,
        outside_transaction: *outside,
        assumed: assumed.clone(),
        cost: judged.cost.map(|cost| Costs {
            rows: cost.rows,
            bytes: cost.bytes,
            seconds: cost.seconds,
            disk_bytes: cost.disk,
        }),
    }
}
