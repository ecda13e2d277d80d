//! What commands say that run migrations, or would.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::{At, Found, Statement};
use crate::cli::described::Counts;
use crate::migrate::Version;

/// What `apply` and `plan` say.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it only has a schema")]
pub(in crate::cli) enum ApplyAnswer {
    /// What ran.
    Applied(Applied),
    /// What would run.
    Plan(PlanAnswer),
    /// `--script`: the same for psql.
    Script(ScriptAnswer),
}

/// What ran.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Applied {
    /// Whether it went well.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// The migrations that ran, in their order.
    pub(in crate::cli) applied: Vec<Version>,
    /// Where the database is now.
    pub(in crate::cli) at: At,
}

/// What would run.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct PlanAnswer {
    /// Whether it could be worked out.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// The environment; none where a URL was given.
    pub(in crate::cli) environment: Option<String>,
    /// Where the database is.
    pub(in crate::cli) at: At,
    /// The hash of the plan, which `apply --approve` takes.
    pub(in crate::cli) plan: String,
    /// How much changes, comes and goes; none where the files do not say it.
    pub(in crate::cli) counts: Option<Counts>,
    /// The files that would run, in their order.
    pub(in crate::cli) pending: Vec<PendingFile>,
    /// Those of them that are older than what ran already.
    pub(in crate::cli) out_of_order: Vec<String>,
}

/// A file that would run.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct PendingFile {
    /// Its version and name.
    pub(in crate::cli) migration: String,
    /// The SHA-256 of its body.
    pub(in crate::cli) sha256: String,
    /// Whether it is one transaction.
    pub(in crate::cli) transaction: bool,
    /// The hazards that its header says.
    pub(in crate::cli) hazards: Vec<String>,
    /// What `lint` finds in it; none where it was not judged.
    pub(in crate::cli) findings: Option<Vec<Found>>,
    /// Its statements with their facts; none where they were not judged.
    pub(in crate::cli) statements: Option<Vec<Statement>>,
}

/// What would run, for somebody else's psql.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct ScriptAnswer {
    /// Whether it could be written.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// The hash of the plan.
    pub(in crate::cli) plan: String,
    /// The migrations in it.
    pub(in crate::cli) versions: Vec<Version>,
    /// The script; empty where nothing is pending.
    pub(in crate::cli) script: String,
}

/// What was taken back.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct RolledBack {
    /// Whether it went well.
    pub(in crate::cli) ok: bool,
    /// The migrations, in the order in which they were taken back.
    pub(in crate::cli) rolled_back: Vec<Version>,
    /// What is not as it was before they ran, though it should be.
    pub(in crate::cli) differs: Vec<String>,
}

/// What was taken back and ran again.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Redone {
    /// Whether it went well.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// The migrations.
    pub(in crate::cli) redone: Vec<Version>,
}

/// What was interrupted and has an end now.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Repaired {
    /// Whether it went well.
    pub(in crate::cli) ok: bool,
    /// How many migrations.
    pub(in crate::cli) repaired: usize,
}

/// What was recorded as already there.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Baselined {
    /// Whether it went well.
    pub(in crate::cli) ok: bool,
    /// The migrations of the project.
    pub(in crate::cli) recorded: Vec<Version>,
    /// The history of another tool; none where there is none.
    pub(in crate::cli) history: Option<OtherHistory>,
}

/// The history of another tool.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct OtherHistory {
    /// Its table.
    pub(in crate::cli) table: String,
    /// The tool; none for a table that somebody made.
    pub(in crate::cli) tool: Option<String>,
    /// The columns of a table that somebody made, by what they mean.
    pub(in crate::cli) columns: IndexMap<String, String>,
    /// The folder of its files.
    pub(in crate::cli) files: Option<String>,
    /// What it says ran.
    pub(in crate::cli) migrations: Vec<OtherMigration>,
    /// How many of them were not recorded here.
    pub(in crate::cli) new: usize,
    /// How many were recorded and are not there any more.
    pub(in crate::cli) taken_back: usize,
    /// Whether it was recorded now.
    pub(in crate::cli) recorded: bool,
    /// What ran without a file being there.
    pub(in crate::cli) missing_files: Vec<String>,
    /// The files that it did not run.
    pub(in crate::cli) not_run: Vec<String>,
    /// What a person has to know.
    pub(in crate::cli) notes: Vec<String>,
}

/// A migration that another tool ran.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct OtherMigration {
    /// Its version, as the tool writes it.
    pub(in crate::cli) version: String,
    /// Its name.
    pub(in crate::cli) name: String,
    /// When it ran (UTC).
    pub(in crate::cli) applied_at: Option<jiff::Timestamp>,
    /// Who ran it.
    pub(in crate::cli) applied_by: Option<String>,
    /// Its file.
    pub(in crate::cli) file: Option<String>,
    /// Whether the file is the one that ran, by the hash that the tool keeps; none where it keeps none.
    pub(in crate::cli) checked: Option<bool>,
}

/// Whether a database was made.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct CreatedAnswer {
    /// Whether it went well.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// Whether it was made; false where it was there.
    pub(in crate::cli) created: bool,
    /// The roles that were made.
    pub(in crate::cli) roles: Vec<String>,
}

/// The seeds that ran.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Seeded {
    /// Whether it went well.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// The files that ran.
    pub(in crate::cli) seeded: Vec<String>,
    /// How many ran before and are as they were.
    pub(in crate::cli) unchanged: usize,
}

/// A database that was built anew.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Reset {
    /// Whether it went well.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// The migrations that ran.
    #[schemars(with = "Option<Applied>")]
    pub(in crate::cli) apply: Option<serde_json::Value>,
    /// The seeds that ran.
    pub(in crate::cli) seeded: Vec<String>,
}

/// Old files in one.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Squashed {
    /// Whether it could be done.
    pub(in crate::cli) ok: bool,
    /// The version of the one file.
    pub(in crate::cli) version: Version,
    /// The files whose place it takes.
    pub(in crate::cli) folded: Vec<String>,
    /// Whether it was written.
    pub(in crate::cli) written: bool,
    /// How it was proven.
    pub(in crate::cli) proven: String,
}
