//! What commands say that judge files.

use schemars::JsonSchema;
use serde::Serialize;

use crate::facts::{WayBack, Work};
use crate::kdl::Diagnosed;
use crate::kind::HazardClass;

/// The KDL files, without any database.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Checked {
    /// Whether no mistake is an error.
    pub(in crate::cli) ok: bool,
    /// How many objects they declare.
    pub(in crate::cli) objects: usize,
    /// Errors and warnings.
    pub(in crate::cli) mistakes: Vec<Diagnosed>,
    /// `--explain`: what the files do not say, and what that means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) silence: Option<Vec<Silent>>,
}

/// Something that the files do not say.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Silent {
    /// What is not said.
    pub(in crate::cli) about: String,
    /// What that means.
    pub(in crate::cli) means: String,
    /// The words of the project file that decide it; empty where none do.
    pub(in crate::cli) by: String,
    /// What it is about in these files; empty where nothing is.
    pub(in crate::cli) here: String,
}

/// The files that were not as they are formatted.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Formatted {
    /// Their paths.
    pub(in crate::cli) files: Vec<String>,
    /// `--prune`: how many words of transition were taken out.
    pub(in crate::cli) words: usize,
}

/// The hazards of migrations.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Linted {
    /// Whether nothing stops them.
    pub(in crate::cli) ok: bool,
    /// The database whose sizes were taken; none where none was asked.
    pub(in crate::cli) database: Option<String>,
    /// The files that were judged.
    pub(in crate::cli) files: Vec<LintedFile>,
}

/// A file that was judged.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct LintedFile {
    /// Its path.
    pub(in crate::cli) file: String,
    /// Whether it is one transaction.
    pub(in crate::cli) transaction: bool,
    /// What was found.
    pub(in crate::cli) findings: Vec<Found>,
    /// Exceptions in it that cover nothing.
    pub(in crate::cli) unused_allows: Vec<UnusedAllow>,
    /// Its statements with their facts.
    pub(in crate::cli) statements: Vec<Statement>,
}

/// A hazard that was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Found {
    /// Its code, for `schemactl explain`, or the name of an own rule.
    pub(in crate::cli) code: String,
    /// What is at stake.
    pub(in crate::cli) class: HazardClass,
    /// How loud it is.
    pub(in crate::cli) severity: Loud,
    /// The line, from 1.
    pub(in crate::cli) line: usize,
    /// The object; empty where there is none.
    pub(in crate::cli) object: String,
    /// What happens.
    pub(in crate::cli) message: String,
    /// The reason of the exception that covers it.
    pub(in crate::cli) allowed: Option<String>,
}

/// An exception that covers nothing.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct UnusedAllow {
    /// The line, from 1.
    pub(in crate::cli) line: usize,
    /// The code.
    pub(in crate::cli) code: String,
}

/// How loud a rule is.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cli) enum Loud {
    /// It stops.
    Error,
    /// It is said.
    Warn,
    /// It is silent.
    Off,
}

impl From<crate::config::Severity> for Loud {
    fn from(severity: crate::config::Severity) -> Loud {
        match severity {
            crate::config::Severity::Error => Loud::Error,
            crate::config::Severity::Warn => Loud::Warn,
            crate::config::Severity::Off => Loud::Off,
        }
    }
}

/// A statement with its facts.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Statement {
    /// Its line, from 1.
    pub(in crate::cli) line: usize,
    /// Its text, without secrets.
    pub(in crate::cli) sql: String,
    /// What it works on first; empty where that is nothing.
    pub(in crate::cli) object: String,
    /// The strongest lock on each relation that was there before.
    pub(in crate::cli) locks: Vec<Locked>,
    /// What it does to whole relations.
    pub(in crate::cli) work: Vec<Worked>,
    /// Whose rows or values are gone afterwards, in words.
    pub(in crate::cli) loses: Vec<String>,
    /// Whether it can be taken back.
    pub(in crate::cli) way_back: WayBack,
    /// Whether PostgreSQL refuses it in a transaction block.
    pub(in crate::cli) outside_transaction: bool,
    /// What was not known and taken for the worst, in words.
    pub(in crate::cli) assumed: Vec<String>,
    /// What its work comes to; none where sizes are not known.
    pub(in crate::cli) cost: Option<Costs>,
}

/// A lock on a relation.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Locked {
    /// The relation.
    pub(in crate::cli) relation: String,
    /// The lock, `ACCESS EXCLUSIVE`.
    pub(in crate::cli) mode: String,
    /// Whether others cannot read meanwhile.
    pub(in crate::cli) blocks_reads: bool,
    /// Whether others cannot write meanwhile.
    pub(in crate::cli) blocks_writes: bool,
}

/// Work on a whole relation.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Worked {
    /// The relation.
    pub(in crate::cli) relation: String,
    /// What is done to it.
    pub(in crate::cli) does: Work,
}

/// What work comes to.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Costs {
    /// Rows of the relations that it works on; none where one was never counted.
    pub(in crate::cli) rows: Option<f64>,
    /// Their bytes, without indexes.
    pub(in crate::cli) bytes: u64,
    /// How long it takes, in seconds.
    pub(in crate::cli) seconds: f64,
    /// Disk that it needs meanwhile.
    pub(in crate::cli) disk_bytes: u64,
}

/// Everything that a review needs was checked.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Verified {
    /// True.
    pub(in crate::cli) ok: bool,
    /// How many objects the KDL files declare.
    pub(in crate::cli) objects: usize,
    /// How many migrations were replayed.
    pub(in crate::cli) migrations: usize,
    /// The version of the scratch server.
    pub(in crate::cli) server: String,
    /// The migrations that have no way back.
    pub(in crate::cli) irreversible: Vec<String>,
    /// What stood in the way where tables had to be empty.
    pub(in crate::cli) only_empty: Vec<String>,
    /// The pending migrations on a restored copy; left out without `--data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) rehearsal: Option<Rehearsal>,
}

/// The pending migrations on a restored copy.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Rehearsal {
    /// The copy, `shop_copy@localhost:5432`.
    pub(in crate::cli) database: String,
    /// Each file, in the order in which it ran.
    pub(in crate::cli) migrations: Vec<Rehearsed>,
}

/// One migration on a restored copy.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(in crate::cli) struct Rehearsed {
    /// `000003_user_phone`.
    pub(in crate::cli) migration: String,
    /// How long it took, in milliseconds.
    pub(in crate::cli) milliseconds: u64,
    /// Its statements.
    pub(in crate::cli) statements: Vec<RehearsedStatement>,
    /// The locks that other clients would have noticed.
    pub(in crate::cli) locks: Vec<RehearsedLock>,
}

/// A statement of a rehearsed migration.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct RehearsedStatement {
    /// Its text, secrets made of stars.
    pub(in crate::cli) sql: String,
    /// How long it took, in milliseconds.
    pub(in crate::cli) milliseconds: u64,
}

/// A lock of a rehearsed migration.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct RehearsedLock {
    /// The relation.
    pub(in crate::cli) relation: String,
    /// The mode, `ACCESS EXCLUSIVE`.
    pub(in crate::cli) mode: String,
    /// The statement that took it, from 1.
    pub(in crate::cli) statement: usize,
    /// From the beginning of that statement to the end of the transaction, in milliseconds.
    pub(in crate::cli) milliseconds: u64,
    /// Whether clients that read wait for it.
    pub(in crate::cli) reads_wait: bool,
    /// Whether clients that write wait for it.
    pub(in crate::cli) writes_wait: bool,
}

/// What would go wrong.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Doctor {
    /// Whether nothing would.
    pub(in crate::cli) ok: bool,
    /// What was looked at.
    pub(in crate::cli) checks: Vec<DoctorCheck>,
}

/// Something that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct DoctorCheck {
    /// What it is about.
    pub(in crate::cli) about: String,
    /// What came of it.
    pub(in crate::cli) verdict: DoctorVerdict,
    /// What was found.
    pub(in crate::cli) says: String,
    /// What to do.
    pub(in crate::cli) help: Option<String>,
}

/// What came of a look.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cli) enum DoctorVerdict {
    /// All is well.
    Good,
    /// It is worth knowing.
    Note,
    /// It will not go well.
    Wrong,
}

/// What `explain` says.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::cli) enum Explained {
    /// All hazards.
    List(Vec<HazardEntry>),
    /// One hazard.
    Hazard(HazardText),
    /// A family of errors.
    Error(ErrorText),
}

/// A hazard.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct HazardEntry {
    /// Its code.
    pub(in crate::cli) code: String,
    /// What is at stake.
    pub(in crate::cli) class: HazardClass,
    /// How loud it is by itself.
    pub(in crate::cli) severity: Loud,
    /// What it is.
    pub(in crate::cli) title: String,
}

/// A hazard with why and how else.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct HazardText {
    #[serde(flatten)]
    pub(in crate::cli) entry: HazardEntry,
    /// Why, an example and the safe form, in Markdown.
    pub(in crate::cli) text: String,
}

/// What is known of a code of an error, or of a family of them.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct ErrorText {
    /// The code.
    pub(in crate::cli) code: String,
    /// Why it happens, with an example where there is one.
    pub(in crate::cli) about: String,
    /// The exit status.
    pub(in crate::cli) exit: String,
    /// What to do.
    pub(in crate::cli) next: String,
}
