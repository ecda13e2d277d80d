//! What a migration does in one line of its header, and the sum that is read from there: who looks at a plan has the files
//! alone.

use std::collections::BTreeSet;
use std::iter::Sum;
use std::ops::Add;

use schemars::JsonSchema;
use serde::Serialize;

use super::headline::headline;
use super::services::Whose;
use crate::author::Authored;
use crate::diff::Change;
use crate::migrate::MigrationFile;
use crate::migrate::header::key;

/// How many changes are named; of more the sum is said.
const NAMED: usize = 6;

/// One line of what a migration does.
pub(super) fn describe(authored: &Authored, whose: &Whose<'_>) -> String {
    let renames = authored.renames.iter().filter(|it| whose(&it.to));
    let mut words: Vec<String> = renames
        .map(|rename| format!("rename {} to {}", rename.from, rename.to.name))
        .collect();
    for line in headline(authored).into_iter().filter(|it| whose(it.id)) {
        let verb = match line.change {
            Change::Create => "add",
            Change::Alter => "alter",
            Change::Drop => "drop",
        };
        words.push(format!("{verb} {}", line.id));
    }
    let counts: Option<Counts> = words.iter().map(|it| Counts::of_one(it)).sum();
    let more = words.len().saturating_sub(NAMED);
    words.truncate(NAMED);
    let mut text = words.join(", ");
    if let (1.., Some(counts)) = (more, counts) {
        text.push_str(&format!(" and {more} more: {}", counts.words()));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How much of each there is, as `diff` counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Counts {
    /// How many objects change.
    changed: usize,
    /// How many come.
    added: usize,
    /// How many go.
    dropped: usize,
}

impl Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts {
            changed: self.changed + other.changed,
            added: self.added + other.added,
            dropped: self.dropped + other.dropped,
        }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(all: I) -> Counts {
        all.fold(Counts::default(), Add::add)
    }
}

impl Counts {
    /// `1 to change, 2 to add, 0 to drop`.
    pub(super) fn words(self) -> String {
        format!(
            "{} to change, {} to add, {} to drop",
            self.changed, self.added, self.dropped
        )
    }

    /// What files say that run one after the other; nothing where one of them does not say it.
    pub(super) fn of_files<'f>(
        files: impl IntoIterator<Item = &'f MigrationFile>,
    ) -> Option<Counts> {
        let mut seen = BTreeSet::new();
        let mut counts = Vec::new();
        for file in files {
            let header = file.header();
            let described = header.get(key::DESCRIPTION).unwrap_or_default();
            // All files of one plan say the same.
            let is_new = match header.group() {
                Some(group) => seen.insert((group.id, described.to_owned())),
                None => true,
            };
            if is_new {
                counts.push(Counts::read(described));
            }
        }
        counts.into_iter().sum()
    }

    /// What a line of [`describe`] says.
    fn read(described: &str) -> Option<Counts> {
        let (named, in_all) = match described.rsplit_once(" more: ") {
            Some((named, in_all)) => (named, Some(in_all)),
            None => (described, None),
        };
        if let Some(in_all) = in_all {
            let mut numbers = in_all
                .split(", ")
                .zip([" to change", " to add", " to drop"]);
            let mut next = || {
                let (said, words) = numbers.next()?;
                said.strip_suffix(words)?.parse().ok()
            };
            return Some(Counts {
                changed: next()?,
                added: next()?,
                dropped: next()?,
            });
        }
        // The arguments of a routine stand between commas too.
        let mut parts: Vec<String> = Vec::new();
        for part in named.split(", ") {
            let is_open = |it: &String| it.matches('(').count() > it.matches(')').count();
            match parts.last_mut().filter(|last| is_open(last)) {
                Some(last) => last.push_str(part),
                None => parts.push(part.to_owned()),
            }
        }
        parts.iter().map(|it| Counts::of_one(it)).sum()
    }

    /// One change; nothing where it is no such.
    fn of_one(said: &str) -> Option<Counts> {
        let mut counts = Counts::default();
        match said.split_once(' ')?.0 {
            "alter" | "rename" => counts.changed = 1,
            "add" => counts.added = 1,
            "drop" => counts.dropped = 1,
            _ => return None,
        }
        Some(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn the_sum_is_read_from_what_is_said() {
        let read = |text: &str| Counts::read(text).map(Counts::words);
        assert_eq!(
            read("rename table a.t to u, alter column a.t.x, add function a.f(integer, text), drop view a.v")
                .as_deref(),
            Some("2 to change, 1 to add, 1 to drop")
        );
        assert_eq!(
            read("add schema a, add table a.t and 18 more: 3 to change, 16 to add, 1 to drop")
                .as_deref(),
            Some("3 to change, 16 to add, 1 to drop")
        );
        for other in [
            "",
            "whatever a person says",
            "add table a.t, and something else",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
