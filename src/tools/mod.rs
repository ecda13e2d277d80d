//! Other migration tools: the tables in which they say what ran, their files, and the locks under which they work.
//!
//! The rule: they are read and never written. A table is known by its columns, not by its name alone; what a history says
//! counts only when it says that everything went well; and what a file holds counts only where the tool's own hash, if it
//! keeps one, says that it is what ran.

mod error;
mod files;
mod flyway;
mod guess;
mod lock;
mod read;
mod shape;
mod sqitch;

pub use error::ToolError;
pub use files::{Matched, NO_FILES, find_files, with_files};
pub use guess::{Columns, WORDS, likely_by_hand};
pub use lock::Held;
pub use read::read;
pub use shape::{Shape, known_shapes, shape_of, shapes};

/// A tool that keeps a history in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// golang-migrate: one row, the version that the database is at.
    GolangMigrate,
    /// Flyway.
    Flyway,
    /// dbmate; Rails has the same table.
    Dbmate,
    /// Prisma Migrate.
    Prisma,
    /// Drizzle Kit.
    Drizzle,
    /// sqitch.
    Sqitch,
    /// Atlas.
    Atlas,
    /// A table that somebody made, or a tool that is not known.
    ByHand,
}

impl Tool {
    /// Its name, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Tool::GolangMigrate => "golang-migrate",
            Tool::Flyway => "Flyway",
            Tool::Dbmate => "dbmate",
            Tool::Prisma => "Prisma",
            Tool::Drizzle => "Drizzle",
            Tool::Sqitch => "sqitch",
            Tool::Atlas => "Atlas",
            Tool::ByHand => "by hand",
        }
    }
}

/// A migration that another tool ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// The version, as the tool writes it.
    pub version: String,
    /// The name.
    pub name: String,
    /// What the tool says of it.
    pub description: Option<String>,
    /// When it ran.
    pub applied_at: Option<jiff::Timestamp>,
    /// Who ran it.
    pub applied_by: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: Option<i64>,
    /// The file, by which the tool knows it.
    pub file: Option<String>,
    /// The hash that the tool keeps of the file.
    pub hash: Option<String>,
    /// What ran, and the way back.
    pub script: Option<Text>,
}

/// The texts of a migration's files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The file, below the folder of the tool's files.
    pub path: String,
    /// The way there.
    pub up: String,
    /// The way back.
    pub down: Option<String>,
    /// Whether the tool's hash says that it is what ran; none where it keeps no hash, or one of an unknown making.
    pub checked: Option<bool>,
}

/// What a history says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whose it is.
    pub tool: Tool,
    /// The table.
    pub shape: Shape,
    /// What each column was taken for.
    pub columns: Columns,
    /// What ran and is in the database, oldest first.
    pub past: Vec<Past>,
    /// Whether its one row says only where the database stands: everything before ran too.
    pub only_last: bool,
    /// What was left out, and why.
    pub notes: Vec<String>,
}
