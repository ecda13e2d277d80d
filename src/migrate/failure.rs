//! Why a run stopped, with the file, the line and the statement.
//!
//! The rule: the message says what PostgreSQL said, the help says where things stand now and what to do.

use super::error::FolderError;
use super::history::{HistoryError, Row, TagError};
use super::lock::LockError;
use super::script::Script;
use crate::model::Exit;
use crate::pg::error::SqlError;
use crate::sql::secret::mask;
use miette::{Diagnostic, NamedSource, SourceSpan};
use std::ops::Range;
use std::sync::Arc;
use thiserror::Error;

/// A statement of a migration that PostgreSQL refused.
#[derive(Debug, Clone, Error, Diagnostic)]
#[error("{file}:{line}: {}{}", sql.message, sql.sqlstate.as_ref().map(|s| format!(" (SQLSTATE {s})")).unwrap_or_default())]
#[diagnostic(code(apply::statement))]
pub struct StatementError {
    /// The file.
    pub file: String,
    /// The line of the failure, from 1.
    pub line: usize,
    /// Which statement of the file, from 1.
    pub number: usize,
    /// What PostgreSQL said.
    pub sql: SqlError,
    /// Detail, hint, context and the next step.
    #[help]
    pub help: String,
    /// The file's text.
    #[source_code]
    pub source_code: Arc<NamedSource<String>>,
    /// The place.
    #[label("here")]
    pub span: SourceSpan,
}

impl StatementError {
    /// The failure of the statement that stands at `range` of the script.
    pub(super) fn new(
        file: &str,
        script: &Script,
        number: usize,
        range: Range<usize>,
        sql: SqlError,
        state: &str,
    ) -> Self {
        let text = &script.text;
        let (start, length) = match sql.position {
            Some(position) => {
                let start = (range.start + position).min(text.len());
                let word = text[start..]
                    .find(|c: char| c.is_whitespace() || c == ';')
                    .unwrap_or(0);
                (start, word.max(1).min(text.len() - start))
            }
            None => {
                let line = text[range.clone()].find('\n').unwrap_or(range.len());
                (range.start, line)
            }
        };
        let mut help = Vec::new();
        for (word, part) in [
            ("detail", &sql.detail),
            ("hint", &sql.hint),
            ("context", &sql.where_),
        ] {
            if let Some(part) = part {
                help.push(format!("{word}: {part}"));
            }
        }
        help.extend(advice(&sql).map(str::to_owned));
        help.push(state.to_owned());
        StatementError {
            file: file.to_owned(),
            line: super::header::line_of(text, start),
            number,
            help: help.join("\n"),
            source_code: Arc::new(NamedSource::new(file, mask(text))),
            span: (start, length).into(),
            sql,
        }
    }
}

/// What to do about a failure, where there is something to do that PostgreSQL's own hint does not say.
fn advice(sql: &SqlError) -> Option<&'static str> {
    Some(match sql.sqlstate.as_deref().unwrap_or_default() {
        "25001" => {
            "a statement that can't run in a transaction stands alone in a file with `-- schemactl:no-transaction`"
        }
        "42704" if sql.message.starts_with("role ") => {
            "a role belongs to the whole cluster: make it there with CREATE ROLE, or declare it in the KDL with `role NAME` and write the migration anew"
        }
        "3F000" | "42P01" | "42883" | "42704" if names_a_place(&sql.message) => {
            "it is not in this database: a file that makes it is missing before this one, or it was taken away by hand, which `schemactl drift` tells"
        }
        "42703" => {
            "the column is not there: a file that makes it is missing before this one, or it was dropped or renamed by hand: put it back by hand and apply again"
        }
        "3F000" | "42P01" | "42883" | "42704" => {
            "names are looked up in no schema: write `schema.name`, or begin the file with `SET LOCAL search_path = ...`"
        }
        "42P07" | "42710" | "42P06" | "42723" | "42701" => {
            "it is there already: where all that these files make is, `schemactl baseline` records them as run, and nothing runs; where somebody made a part of it by hand, take that away by hand and apply again"
        }
        "55P03" => "somebody holds a lock on the object; try again, or look into pg_stat_activity",
        "23502" => {
            "rows that are there have no value for the column: fill them first, or give it `backfill=` in the KDL and write the migration anew"
        }
        "23503" => {
            "rows that are there refer to what is not there: mend them first, and run it again"
        }
        "23505" => {
            "rows that are there have equal values: make them differ first, and run it again"
        }
        "23514" => "rows that are there break the check: change them first, and run it again",
        "22P02" | "22003" | "22001" | "22007" | "22008" => {
            "values that are there do not fit the new type: change them first, or say `convert=` in the KDL and write the migration anew"
        }
        "42501" => "the role that applies lacks a right; grant it, or use another role",
        _ => return None,
    })
}

/// Whether PostgreSQL's message names a schema, or something with its schema: where it was looked up is no question.
fn names_a_place(message: &str) -> bool {
    let named = message.split('"').nth(1);
    message.starts_with("schema ")
        || named.is_some_and(|name| name.contains('.'))
        || message
            .strip_prefix("function ")
            .and_then(|rest| rest.split_once('('))
            .is_some_and(|(name, _)| name.contains('.'))
}

/// Rows or values that a preflight found in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTheWay {
    /// How many.
    pub count: u64,
    /// What they are, `rows of app.users without email`.
    pub what: String,
    /// One of them.
    pub example: Option<String>,
}

impl std::fmt::Display for InTheWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.count, self.what)?;
        match &self.example {
            Some(example) => write!(f, ", for example {example}"),
            None => Ok(()),
        }
    }
}

fn in_the_way(found: &[InTheWay]) -> String {
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    format!("this stands in the way: {}", texts.join("; "))
}

/// Why a run of migrations stopped.
#[derive(Debug, Error, Diagnostic)]
pub enum RunError {
    /// The files, or files against history.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Folder(#[from] FolderError),
    /// The history.
    #[error(transparent)]
    #[diagnostic(transparent)]
    History(#[from] HistoryError),
    /// The lock.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Lock(#[from] LockError),
    /// A name of a point.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Tag(#[from] TagError),
    /// A statement of a migration.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Statement(Box<StatementError>),
    /// A `verify` query that was not true.
    #[error("{file}:{line}: the check is not true: it gave {got}")]
    #[diagnostic(code(apply::verify), help("`{query}` must give one true; {state}"))]
    Verify {
        /// The file.
        file: String,
        /// The directive's line.
        line: usize,
        /// The query.
        query: String,
        /// What it gave.
        got: String,
        /// Where things stand.
        state: String,
    },
    /// What is checked around a file was not as it shall be.
    #[error("{file}: {}", found.join("; "))]
    #[diagnostic(
        code(apply::validate),
        help("`validate` in schemactl.kdl asks for it; {remedy}; {state}")
    )]
    Validate {
        /// What to do about it.
        remedy: String,
        /// The file.
        file: String,
        /// What was found.
        found: Vec<String>,
        /// Where things stand.
        state: String,
    },
    /// What had to be done before the first statement failed; its report speaks for itself.
    #[error("{report}")]
    #[diagnostic(code(apply::gate), help("nothing was run"))]
    Gate {
        /// Why.
        report: miette::Report,
        /// Its exit class.
        exit: Exit,
    },
    /// A `before` query that was not true.
    #[error("{file}:{line}: what must hold before the migration does not: it gave {got}")]
    #[diagnostic(
        code(apply::before),
        help("`{query}` must give one true before anything runs; nothing was run")
    )]
    Before {
        /// The file.
        file: String,
        /// The directive's line.
        line: usize,
        /// The query.
        query: String,
        /// What it gave.
        got: String,
    },
    /// Rows stand in the way of a file.
    #[error("{file}: {}", in_the_way(.found))]
    #[diagnostic(
        code(apply::preflight),
        help(
            "correct the rows first, and detach or drop partitions that would go unsaid; where values are missing or do not fit, `backfill=` or `convert=` in the KDL can say what they become when the migration is made anew; {state}"
        )
    )]
    Preflight {
        /// The file.
        file: String,
        /// What stands in the way.
        found: Vec<InTheWay>,
        /// Where things stand.
        state: String,
    },
    /// A statement wants a value of the environment that is not there.
    #[error("{file}:{line}: {} not set", match variables.as_slice() {
        [one] => format!("the variable {one} is"),
        several => format!("the variables {} are", several.join(", ")),
    })]
    #[diagnostic(
        code(apply::no_value),
        help("set it for this command, or in the project's `.env`; nothing was run")
    )]
    NoValue {
        /// The file.
        file: String,
        /// The line of the first place.
        line: usize,
        /// The variables.
        variables: Vec<String>,
    },
    /// A script for psql would hold a value of the environment.
    #[error("{file}:{line}: a script can't hold the value of {variable}")]
    #[diagnostic(
        code(apply::script_value),
        help(
            "passwords never stand in files: run this migration by `schemactl apply` itself, and the ones before it with `--script --to VERSION`"
        )
    )]
    ScriptValue {
        /// The file.
        file: String,
        /// The line of the place.
        line: usize,
        /// The variable.
        variable: String,
    },
    /// A script for psql can't go on from an interruption.
    #[error("`{version}` was interrupted, and a script can't tell how far it came")]
    #[diagnostic(
        code(apply::script_running),
        help("clear it up first: `schemactl repair`, or `schemactl apply`")
    )]
    ScriptRunning {
        /// The migration.
        version: String,
    },
    /// The transaction ended inside the file.
    #[error("`{file}` ended its transaction by itself: a part of it is committed")]
    #[diagnostic(
        code(apply::hidden_commit),
        help(
            "take the COMMIT or ROLLBACK out of the file and undo by hand what it committed; then `schemactl restamp` and `schemactl apply`"
        )
    )]
    HiddenCommit {
        /// The file.
        file: String,
    },
    /// A statement cannot run by ranges of the key.
    #[error("{file} cannot run by ranges of rows: {problem}")]
    #[diagnostic(
        code(apply::batch),
        help(
            "`batch` wants a NOT NULL column of the table with an index that begins with it, and one UPDATE or DELETE; nothing of the file was run"
        )
    )]
    Batch {
        /// The file.
        file: String,
        /// Why.
        problem: String,
    },
    /// Clients waited for a file longer than the budget.
    #[error("{file}: pid {} waited {} ms for it, and `blocking-budget` is {} ms", waiter.pid, waiter.waited.as_millis(), budget.as_millis())]
    #[diagnostic(
        code(apply::budget),
        help(
            "run it when fewer use the table, say `strategy online` and write it anew, or give it more time: `blocking-budget` in schemactl.kdl; {state}"
        )
    )]
    Budget {
        /// The file.
        file: String,
        /// What `blocking-budget` says.
        budget: std::time::Duration,
        /// Who waited.
        waiter: super::watch::Waiter,
        /// Where things stand.
        state: String,
    },
    /// A standby did not come near.
    #[error("standby `{standby}` is more than {} ms behind, and `max-lag` allows no more", most.as_millis())]
    #[diagnostic(
        code(apply::lag),
        help(
            "look at the standby (pg_stat_replication), and run it again when it follows; {state}"
        )
    )]
    Lag {
        /// Which one.
        standby: String,
        /// What `max-lag` says.
        most: std::time::Duration,
        /// Where things stand.
        state: String,
    },
    /// This role may not see how far standbys are.
    #[error("this role may not see how far the standbys are, which `max-lag` asks for")]
    #[diagnostic(
        code(apply::lag_unknown),
        help("`GRANT pg_read_all_stats` to the role that applies, or take `max-lag` out; {state}")
    )]
    LagUnknown {
        /// Where things stand.
        state: String,
    },
    /// A statement takes another role than the environment connects as.
    #[error("{file}:{line}: what follows would run as another role than `{role}`")]
    #[diagnostic(
        code(apply::role),
        help(
            "`connect-as` in schemactl.kdl says who runs migrations here: take SET ROLE, RESET ROLE or SET SESSION AUTHORIZATION out of the file; {state}"
        )
    )]
    LeftRole {
        /// The file.
        file: String,
        /// The statement's line.
        line: usize,
        /// The role that was taken.
        role: String,
        /// Where things stand.
        state: String,
    },
    /// A statement outside a transaction was interrupted, and nobody can tell how far it came.
    #[error(
        "`{version}` was interrupted outside a transaction, and {who} can't tell whether it is done: `{statement}`"
    )]
    #[diagnostic(
        code(apply::interrupted),
        help(
            "look at the database and say it: `schemactl repair --done` or `schemactl repair --not-done`; a `-- schemactl:done-when QUERY` line in the file answers it by itself the next time"
        )
    )]
    Interrupted {
        /// The migration.
        version: String,
        /// Its statement.
        statement: String,
        /// What was asked, with what PostgreSQL said where that could not be answered.
        who: String,
    },
    /// What a rollback would have begun with was interrupted, and had not taken effect.
    #[error(
        "`{version}` was interrupted and had not taken effect: what it left is cleared up, and nothing else was taken back"
    )]
    #[diagnostic(
        code(apply::cleared_up),
        help("look at `schemactl status`; run it again to take back what was applied before it")
    )]
    ClearedUp {
        /// The migration.
        version: String,
    },
    /// The rows of a migration were being taken back.
    #[error(
        "`{version}` was being taken back by ranges of rows, and that was interrupted: some rows are as they were before it"
    )]
    #[diagnostic(
        code(apply::half_back),
        help("`schemactl rollback` goes on behind the last range; then it can be applied again")
    )]
    HalfBack {
        /// The migration.
        version: String,
    },
    /// Only its first ranges of rows ran, and its way back does not go by these.
    #[error(
        "`{version}` ran for the rows up to the key {last} only, and its way back does not go by ranges of that key"
    )]
    #[diagnostic(
        code(rollback::half_run),
        help(
            "let it end with `schemactl apply` and take it back then; or take back by hand what it did, and say so: `schemactl repair --forget-ranges`"
        )
    )]
    HalfRun {
        /// The migration.
        version: String,
        /// The last key.
        last: String,
    },
    /// A migration is half done.
    #[error("`{version}` is running, or was interrupted outside a transaction")]
    #[diagnostic(
        code(apply::half_done),
        help(
            "if nobody is running it, `schemactl apply` goes on with it and `schemactl repair` clears it up; until then the schema is between two states"
        )
    )]
    HalfDone {
        /// The migration.
        version: String,
    },
    /// A person stopped the run.
    #[error("stopped{}", version.as_ref().map(|v| format!(" in `{v}`")).unwrap_or_default())]
    #[diagnostic(code(apply::stopped), help("{state}; run it again to go on"))]
    Stopped {
        /// The migration that was running.
        version: Option<String>,
        /// Where things stand.
        state: String,
    },
    /// Other migrations are pending than were agreed to.
    #[error("the plan changed: {} would run too", versions.join(", "))]
    #[diagnostic(
        code(apply::plan_changed),
        help("nothing was run; look at the plan again")
    )]
    PlanChanged {
        /// The migrations that were not agreed to.
        versions: Vec<String>,
    },
    /// No SQL for the way back.
    #[error(
        "there is no way back from `{version}`: neither the folder nor the history has its down file"
    )]
    #[diagnostic(
        code(rollback::no_down),
        help("write the down file, or go forward with a new migration")
    )]
    NoWayBack {
        /// The migration.
        version: String,
    },
    /// Reading the catalog after a migration failed.
    #[error("the catalog can't be read after the migration: {report}")]
    #[diagnostic(
        code(apply::snapshot),
        help("the migration was taken back with it; nothing is recorded")
    )]
    Snapshot {
        /// Why.
        report: miette::Report,
        /// Its exit class.
        exit: Exit,
    },
    /// The history, which a migration may have taken away or changed.
    #[error("what was done can't be recorded: {error}")]
    #[diagnostic(code(apply::record), help("{state}"))]
    Record {
        /// What PostgreSQL said.
        error: Box<SqlError>,
        /// Where things stand.
        state: String,
    },
    /// The connection, or the runner's own statements.
    #[error("can't go on: {error}")]
    #[diagnostic(code(apply::connection), help("{state}"))]
    Sql {
        /// What PostgreSQL or the system said.
        error: Box<SqlError>,
        /// Where things stand.
        state: String,
    },
}

impl RunError {
    /// A row that is running, or was interrupted.
    pub(crate) fn half_done(row: &Row) -> RunError {
        RunError::HalfDone {
            version: format!("{}_{}", row.version, row.name),
        }
    }

    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            RunError::Folder(error) => error.exit(),
            RunError::History(error) => error.exit(),
            RunError::Lock(error) => error.exit(),
            RunError::Tag(error) => error.exit(),
            RunError::Statement(error) => error.sql.exit(),
            RunError::Verify { .. } | RunError::Validate { .. } | RunError::HiddenCommit { .. } => {
                Exit::Failed
            }
            RunError::NoValue { .. } | RunError::Batch { .. } => Exit::Input,
            RunError::ScriptValue { .. } => Exit::Refused,
            RunError::Before { .. }
            | RunError::Preflight { .. }
            | RunError::PlanChanged { .. }
            | RunError::LeftRole { .. }
            | RunError::NoWayBack { .. } => Exit::Refused,
            RunError::Interrupted { .. }
            | RunError::ClearedUp { .. }
            | RunError::HalfBack { .. }
            | RunError::HalfRun { .. }
            | RunError::HalfDone { .. }
            | RunError::Stopped { .. }
            | RunError::ScriptRunning { .. } => Exit::Interrupted,
            RunError::Budget { .. } | RunError::Lag { .. } => Exit::Busy,
            RunError::LagUnknown { .. } => Exit::Connect,
            RunError::Snapshot { exit, .. } | RunError::Gate { exit, .. } => *exit,
            RunError::Sql { error, .. } | RunError::Record { error, .. } => error.exit(),
        }
    }

    /// What the history records of it: message and SQLSTATE.
    pub(super) fn record(&self) -> (String, Option<String>) {
        match self {
            RunError::Statement(error) => (error.to_string(), error.sql.sqlstate.clone()),
            RunError::Sql { error, .. } | RunError::Record { error, .. } => {
                (error.message.clone(), error.sqlstate.clone())
            }
            other => (other.to_string(), None),
        }
    }

    /// Whether the same transaction may well succeed when it is tried again.
    pub(super) fn retryable(&self) -> bool {
        match self {
            RunError::Statement(error) => error.sql.is_passing(),
            RunError::Sql { error, .. } | RunError::Record { error, .. } => error.is_passing(),
            RunError::Budget { .. } => true,
            _ => false,
        }
    }
}
