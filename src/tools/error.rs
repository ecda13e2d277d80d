//! Why another tool's history can't be taken over.

use miette::Diagnostic;
use thiserror::Error;

use crate::model::Exit;
use crate::pg::error::SqlError;

/// Why another tool's history can't be taken over; nothing was recorded then.
#[derive(Debug, Error, Diagnostic)]
pub enum ToolError {
    /// No table looks like a history.
    #[error("no table of `{database}` looks like a history of migrations")]
    #[diagnostic(
        code(adopt::none),
        help("name it: `schemactl baseline --history SCHEMA.TABLE`")
    )]
    Nothing {
        /// The database.
        database: String,
    },
    /// Several do.
    #[error("several tables of `{database}` look like a history: {}", tables.join(", "))]
    #[diagnostic(
        code(adopt::several),
        help("take one after the other: `schemactl baseline --history {}`", tables.first().map(|it| it.split(' ').next().unwrap_or_default()).unwrap_or_default())
    )]
    Several {
        /// The database.
        database: String,
        /// The tables, each with its tool.
        tables: Vec<String>,
    },
    /// There is no such table.
    #[error("`{database}` has no table `{table}`")]
    #[diagnostic(code(adopt::no_table), help("{help}"))]
    NoTable {
        /// The database.
        database: String,
        /// What was asked for.
        table: String,
        /// What there is.
        help: String,
    },
    /// It is a view or the like.
    #[error("`{table}` is a {kind}, not a table")]
    #[diagnostic(
        code(adopt::no_table),
        help(
            "a history is read under a lock, and only a table has one: name the table that it shows"
        )
    )]
    NotATable {
        /// What was asked for.
        table: String,
        /// What it is.
        kind: &'static str,
    },
    /// The columns do not say which migrations ran.
    #[error("the columns of `{table}` do not say which migrations ran: {why}")]
    #[diagnostic(
        code(adopt::columns),
        help(
            "say what its columns are, for example `--column version=id --column name=title`; they are {columns}"
        )
    )]
    Columns {
        /// The table.
        table: String,
        /// What is missing.
        why: String,
        /// Its columns.
        columns: String,
    },
    /// There are more rows than a history has.
    #[error("`{table}` has more than {most} rows: that is no history of migrations")]
    #[diagnostic(code(adopt::columns), help("name the table of the history"))]
    TooMany {
        /// The table.
        table: String,
        /// How many are read.
        most: usize,
    },
    /// A migration failed, or is half done.
    #[error("{tool} has not ended well in `{table}`: {}", what.join("; "))]
    #[diagnostic(code(adopt::failed), help("{help}"))]
    Failed {
        /// The tool.
        tool: &'static str,
        /// The table.
        table: String,
        /// What its rows say.
        what: Vec<String>,
        /// How that tool puts it right.
        help: String,
    },
    /// Files are not what ran.
    #[error("not what {tool} ran: {}", files.join(", "))]
    #[diagnostic(
        code(adopt::altered),
        help(
            "bring the files back as they ran (version control has them), or record the history without their texts: `--files none`"
        )
    )]
    Altered {
        /// The tool.
        tool: &'static str,
        /// The files.
        files: Vec<String>,
    },
    /// Files of the project stand before what ran, and did not.
    #[error("not in `{table}`, and before what is: {}", files.join(", "))]
    #[diagnostic(
        code(adopt::not_run),
        help(
            "run them with {tool} first, or move them behind the others; nothing is recorded as run that did not"
        )
    )]
    NotRun {
        /// The table.
        table: String,
        /// The tool.
        tool: &'static str,
        /// The files.
        files: Vec<String>,
    },
    /// The tool works on the database.
    #[error("{tool} works on this database{holder}")]
    #[diagnostic(
        code(adopt::busy),
        help("let it end, then run this again; nothing was recorded")
    )]
    Busy {
        /// The tool.
        tool: &'static str,
        /// Who holds its lock.
        holder: String,
    },
    /// The history changed between reading and recording.
    #[error("`{table}` changed meanwhile")]
    #[diagnostic(
        code(adopt::changed),
        help("somebody ran {tool}: run this again; nothing was recorded")
    )]
    Changed {
        /// The table.
        table: String,
        /// The tool.
        tool: &'static str,
    },
    /// The files can't be read.
    #[error("can't read `{path}`: {error}")]
    #[diagnostic(
        code(adopt::files),
        help("`--files DIR` names the folder of the tool's files, `--files none` does without")
    )]
    Files {
        /// The path.
        path: String,
        /// What the operating system says.
        error: String,
    },
    /// PostgreSQL refused.
    #[error("can't read `{table}`: {error}")]
    #[diagnostic(code(adopt::sql), help("{}", advice(.error)))]
    Sql {
        /// The table.
        table: String,
        /// Its answer.
        error: Box<SqlError>,
    },
}

/// What to do where PostgreSQL refused.
fn advice(error: &SqlError) -> &'static str {
    match error.sqlstate.as_deref() {
        Some("42501") => {
            "the role needs SELECT on the table, and to lock it one of UPDATE, DELETE and TRUNCATE, which are not used"
        }
        Some("55P03" | "57014") => "somebody holds a lock on it; look into pg_stat_activity",
        _ => "PostgreSQL's words say why; nothing was recorded",
    }
}

impl ToolError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            ToolError::Nothing { .. }
            | ToolError::Several { .. }
            | ToolError::NoTable { .. }
            | ToolError::NotATable { .. }
            | ToolError::Columns { .. }
            | ToolError::TooMany { .. }
            | ToolError::Files { .. } => Exit::Input,
            ToolError::Failed { .. } | ToolError::Altered { .. } | ToolError::NotRun { .. } => {
                Exit::Refused
            }
            ToolError::Busy { .. } | ToolError::Changed { .. } => Exit::Busy,
            ToolError::Sql { error, .. } => error.exit(),
        }
    }
}
