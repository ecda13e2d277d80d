//! Whether two migrations may run in the other order: where both speak of one object, the end may be another one.

use std::collections::BTreeSet;

use super::folder::{Folder, Migration};
use super::history::State;
use super::plan::Pending;
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::unquote_ident;
use crate::sql::references::{hides, mentioned_paths};

/// A migration that would run on the other side of one that it was written after or before, and speaks of the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entangled {
    /// What would run.
    pub migration: String,
    /// The other one.
    pub other: String,
    /// Of what both speak.
    pub names: BTreeSet<String>,
}

/// Words behind which the name of an object stands.
const BEFORE_NAMES: &[&str] = &[
    "table",
    "only",
    "exists",
    "into",
    "update",
    "from",
    "join",
    "references",
    "on",
    "view",
    "index",
    "concurrently",
    "type",
    "domain",
    "sequence",
    "function",
    "procedure",
    "trigger",
    "policy",
    "role",
    "extension",
];

/// What of the pending files would not commute with those whose side it changes: files after it that ran, and files before it
/// that run later.
pub fn entangled(folder: &Folder, state: &State, pending: &[Pending<'_>]) -> Vec<Entangled> {
    let runs = |migration: &Migration| {
        let mut pending = pending.iter();
        pending.any(|it| it.migration.version == migration.version)
    };
    let ran = |migration: &Migration| {
        let row = state.get(&migration.version);
        row.is_some_and(|row| row.status.is_in())
    };
    let mut found = Vec::new();
    for one in pending.iter().filter(|it| it.out_of_order) {
        let migration = one.migration;
        let mut own = None;
        for other in folder.migrations() {
            let is_of_service = other.service() == migration.service();
            let changes_side = match other.version > migration.version {
                true => ran(other),
                false => !ran(other) && !runs(other),
            };
            if !is_of_service || !changes_side || other.version == migration.version {
                continue;
            }
            let (mine, theirs) = (migration.up.file.body(), other.up.file.body());
            let own = own.get_or_insert_with(|| names_of(mine));
            let mut names: BTreeSet<String> = names_of(theirs).intersection(own).cloned().collect();
            if hides(mine) || hides(theirs) {
                names.insert("what it does not name".to_owned());
            }
            if !names.is_empty() {
                found.push(Entangled {
                    migration: migration.label(),
                    other: other.label(),
                    names,
                });
            }
        }
    }
    found
}

/// The names of the objects that a script speaks of: those with a schema, and those behind a word that names one. More is no
/// harm: it takes a word then.
fn names_of(sql: &str) -> BTreeSet<String> {
    let paths = mentioned_paths(sql).into_iter();
    let mut names: BTreeSet<String> = paths.filter_map(|path| path.into_iter().nth(1)).collect();
    let tokens = significant(sql);
    for (at, pair) in tokens.windows(2).enumerate() {
        let [word, name] = pair else { continue };
        let is_alone = !tokens.get(at + 2).is_some_and(|it: &Token<'_>| it.is("."));
        let names_one = BEFORE_NAMES.iter().any(|it| word.is_word(it));
        let calls = ["from", "join"].iter().any(|it| word.is_word(it))
            && tokens.get(at + 2).is_some_and(|it: &Token<'_>| it.is("("));
        let is_word_too = name.is_word("if") || BEFORE_NAMES.iter().any(|it| name.is_word(it));
        if names_one && is_alone && !calls && name.is_ident() && !is_word_too {
            names.insert(unquote_ident(name.text));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::names_of;

    #[test]
    fn objects_are_named_with_and_without_a_schema() {
        let names = |sql: &str| names_of(sql).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(names("ALTER TABLE ONLY s.a ALTER b SET DEFAULT 1"), "a");
        assert_eq!(names("CREATE TABLE IF NOT EXISTS \"A b\" (c int)"), "A b");
        assert_eq!(
            names("CREATE INDEX CONCURRENTLY i ON s.t (c); INSERT INTO u VALUES (1)"),
            "i t u"
        );
        assert_eq!(
            names("INSERT INTO u SELECT i FROM generate_series(1, 2) i"),
            "u"
        );
    }
}
