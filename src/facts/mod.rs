//! Facts about statements: which locks they take, what they read, write anew or lose. From the text of the statement and
//! from what is known of the relations; what is not known is assumed to be the worst, and said.
//!
//! The rule: the table of locks and work in `judge.rs` is what PostgreSQL does, and a test runs every kind of statement and
//! compares it with `pg_locks` and with the files of the tables.

mod alter;
mod change;
mod cost;
mod judge;
pub mod read;
mod world;

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::QualifiedName;

pub use cost::{Cost, bytes, cost, rows, seconds};
pub use judge::facts;
pub use world::{
    Domain, KnownColumn, KnownConstraint, KnownIndex, Relation, RelationKind, Size, World, mentions,
};

/// The mode of a lock on a relation, from weak to strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LockMode {
    /// Reading.
    AccessShare,
    /// Reading with FOR UPDATE, and of the other end of a foreign key.
    RowShare,
    /// Writing.
    RowExclusive,
    /// VACUUM, CREATE INDEX CONCURRENTLY, VALIDATE.
    ShareUpdateExclusive,
    /// CREATE INDEX.
    Share,
    /// CREATE TRIGGER, ADD FOREIGN KEY.
    ShareRowExclusive,
    /// REFRESH CONCURRENTLY.
    Exclusive,
    /// Most of ALTER TABLE.
    AccessExclusive,
}

impl LockMode {
    /// Every mode.
    pub const ALL: [LockMode; 8] = [
        LockMode::AccessShare,
        LockMode::RowShare,
        LockMode::RowExclusive,
        LockMode::ShareUpdateExclusive,
        LockMode::Share,
        LockMode::ShareRowExclusive,
        LockMode::Exclusive,
        LockMode::AccessExclusive,
    ];

    /// PostgreSQL's words, `ACCESS EXCLUSIVE`.
    pub fn sql(self) -> &'static str {
        match self {
            LockMode::AccessShare => "ACCESS SHARE",
            LockMode::RowShare => "ROW SHARE",
            LockMode::RowExclusive => "ROW EXCLUSIVE",
            LockMode::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            LockMode::Share => "SHARE",
            LockMode::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            LockMode::Exclusive => "EXCLUSIVE",
            LockMode::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// The mode of LOCK TABLE's words in any case.
    pub fn from_sql(words: &str) -> Option<LockMode> {
        LockMode::ALL
            .into_iter()
            .find(|mode| mode.sql().eq_ignore_ascii_case(words))
    }

    /// Whether clients that read wait.
    pub fn blocks_reads(self) -> bool {
        self == LockMode::AccessExclusive
    }

    /// Whether clients that write wait.
    pub fn blocks_writes(self) -> bool {
        self >= LockMode::Share
    }

    /// Who waits, for people.
    pub fn blocks(self) -> &'static str {
        match self {
            LockMode::AccessExclusive => "reads and writes wait",
            LockMode::Exclusive | LockMode::ShareRowExclusive | LockMode::Share => "writes wait",
            LockMode::ShareUpdateExclusive => "reads and writes go on",
            LockMode::RowExclusive => "only writers of the same rows wait",
            LockMode::RowShare | LockMode::AccessShare => "nobody waits",
        }
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sql())
    }
}

/// What a statement does to all rows of a relation, beyond what is instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Every row is read.
    Scan,
    /// Every row is written or deleted, where it stands.
    WriteRows,
    /// Every row is read and an index is built.
    BuildIndex,
    /// Every row is written anew, and every index built anew.
    Rewrite,
}

impl Work {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Work::Scan => "reads the whole table",
            Work::WriteRows => "writes every row",
            Work::BuildIndex => "reads the whole table and builds an index",
            Work::Rewrite => "writes the whole table and its indexes anew",
        }
    }
}

/// Whether a statement can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WayBack {
    /// Another statement leads back.
    Exact,
    /// The schema comes back, values do not.
    SchemaOnly,
    /// Nothing leads back.
    None,
}

/// What is known of a statement before it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The strongest lock on each relation that was there before.
    pub locks: BTreeMap<QualifiedName, LockMode>,
    /// What it does to whole relations that were there before; an entry for each index that is built.
    pub work: Vec<(QualifiedName, Work)>,
    /// The indexes that are built, by the columns and expressions of each.
    pub built: Vec<(QualifiedName, Vec<String>)>,
    /// The tables that are dropped.
    pub drops: Vec<QualifiedName>,
    /// Whose rows or values are gone afterwards, in words.
    pub loses: Vec<String>,
    /// Whether it can be taken back.
    pub way_back: WayBack,
    /// What was not known and taken for the worst, in words.
    pub assumed: Vec<String>,
    /// Whether PostgreSQL refuses it in a transaction block.
    pub outside: bool,
}

impl Default for Facts {
    fn default() -> Facts {
        Facts {
            locks: BTreeMap::new(),
            work: Vec::new(),
            built: Vec::new(),
            drops: Vec::new(),
            loses: Vec::new(),
            way_back: WayBack::Exact,
            assumed: Vec::new(),
            outside: false,
        }
    }
}

impl Facts {
    /// The strongest lock.
    pub fn strongest(&self) -> Option<LockMode> {
        self.locks.values().copied().max()
    }

    /// Whether it does work of this sort on a relation.
    pub fn does(&self, work: Work) -> bool {
        self.work.iter().any(|(_, found)| *found == work)
    }
}
