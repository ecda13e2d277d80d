//! Migration files, the history of a database, and the runner that brings the two together.
//!
//! The rule: a file says everything about itself (its header), the database remembers everything that ran (the
//! history), and row and migration commit in one transaction. Nothing here knows a catalog: callers hand in bytes and
//! a fingerprint.

mod adopted;
mod batch;
mod beside;
mod commute;
mod corrections;
pub mod error;
mod execute;
pub mod failure;
mod fault;
pub mod file;
pub mod folder;
pub mod header;
mod held;
pub mod history;
pub mod lock;
mod losses;
mod observe;
mod order;
mod outcome;
pub mod plan;
mod psql;
mod rebase;
pub mod resume;
mod role;
mod run;
pub mod runner;
pub mod script;
mod secret;
mod so_far;
mod upkeep;
mod validate;
mod watch;
pub mod write;

pub use adopted::{Adoption, Ran};
pub use beside::Beside;
pub use commute::{Entangled, entangled};
pub use corrections::Corrected;
pub use error::{FileError, FolderError, Problem};
pub use failure::{InTheWay, RunError, StatementError};
pub use file::{Draft, MigrationFile, Proof};
pub use folder::{FileAt, Folder, Migration, Note, Place};
pub use header::key::{CORRECTS, SQUASHES};
pub use header::{DRIFT, Group, Header};
pub use held::HeldLock;
pub use history::{
    EventFilter, EventRow, Goal, History, HistoryError, LABEL, Point, Row, Snapshot, SnapshotHead,
    State, Status, Tag, TagError, check_tag,
};
pub use lock::{Lock, LockError};
pub use observe::{Blocker, Building};
pub use plan::{
    ApplyTo, Pending, RedoPlan, Report, RollbackPlan, RollbackTo, WayBack, Whose, altered_files,
    plan_apply, plan_redo, plan_rollback, report, way_back,
};
pub use psql::PsqlScript;
pub use rebase::{Known, RebaseError, refuse_lost};
pub use resume::{CatalogResume, Decision, Resume, Standing};
pub use runner::{DriftHook, Event, GateHook, HalfWay, HookError, Options, Runner, SnapshotHook};
pub use script::{Item, Query, Script};
pub use secret::Values;
pub use so_far::SoFar;
pub use validate::{RowChecks, TouchedRows, Validators};
pub use watch::Waiter;
pub use write::{NewMigration, Written};

pub use crate::naming::{Direction, Patterns, SHARED, Version};
use sha2::{Digest, Sha256};

/// The SHA-256 of some text, as 64 lower-case hexadecimal digits.
pub fn sha256_hex(text: &str) -> String {
    use std::fmt::Write;
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The link that the next up file names as its `parent`: the SHA-256 over this file's own parent (empty where it
/// names none, or `none`), a newline, and its body.
pub fn chain_hash(parent: Option<&str>, body: &str) -> String {
    let parent = parent
        .filter(|parent| *parent != header::NO_PARENT)
        .unwrap_or_default();
    sha256_hex(&format!("{parent}\n{body}"))
}
