//! What PostgreSQL said, as data: every failure of a statement is kept with the statement's text, so that whoever reports
//! it can show the place. Positions are byte offsets into that text; the server counts characters.

use std::fmt;

use miette::Diagnostic;
use tokio_postgres::error::{DbError, ErrorPosition};

use crate::model::Exit;
use crate::sql::secret::{mask, mask_message};

/// A statement that failed: the fields of PostgreSQL's error message
/// (<https://www.postgresql.org/docs/current/protocol-error-fields.html>), or a failure of the connection under it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Diagnostic)]
#[diagnostic(code(pg::statement))]
pub struct SqlError {
    /// The text that was sent.
    pub statement: String,
    /// SQLSTATE; `None` where the connection failed and not the statement.
    pub sqlstate: Option<String>,
    /// The primary message, without a full stop.
    pub message: String,
    /// The DETAIL field.
    pub detail: Option<String>,
    /// The HINT field.
    pub hint: Option<String>,
    /// Byte offset within `statement`.
    pub position: Option<usize>,
    /// The text of a query that the server ran on its own, and the byte offset within it.
    pub internal: Option<(String, usize)>,
    /// The CONTEXT field: the call stack of functions.
    pub where_: Option<String>,
    /// The schema that the error is about.
    pub schema: Option<String>,
    /// The table that the error is about.
    pub table: Option<String>,
    /// The column that the error is about.
    pub column: Option<String>,
    /// The data type that the error is about.
    pub datatype: Option<String>,
    /// The constraint that the error is about.
    pub constraint: Option<String>,
}

impl SqlError {
    /// Makes the typed error from what the driver returned for `statement`.
    pub fn new(error: &tokio_postgres::Error, statement: &str) -> SqlError {
        match error.as_db_error() {
            Some(db) => SqlError::from_db(db, statement),
            None => SqlError {
                statement: mask(statement),
                message: chain(error),
                ..SqlError::default()
            },
        }
    }

    /// Makes the typed error from the server's own fields.
    pub fn from_db(db: &DbError, statement: &str) -> SqlError {
        let masked = |field: Option<&str>| field.map(|text| mask_message(text, statement));
        let owned = |field: Option<&str>| field.map(str::to_owned);
        let (position, internal) = match db.position() {
            Some(ErrorPosition::Original(at)) => (Some(byte_offset(statement, *at)), None),
            Some(ErrorPosition::Internal { position, query }) => {
                (None, Some((mask(query), byte_offset(query, *position))))
            }
            None => (None, None),
        };
        SqlError {
            statement: mask(statement),
            sqlstate: Some(db.code().code().into()),
            message: mask_message(db.message(), statement),
            detail: masked(db.detail()),
            hint: masked(db.hint()),
            position,
            internal,
            where_: masked(db.where_()),
            schema: owned(db.schema()),
            table: owned(db.table()),
            column: owned(db.column()),
            datatype: owned(db.datatype()),
            constraint: owned(db.constraint()),
        }
    }

    /// True where the SQLSTATE is one of `codes`, for example `["42P01", "42883"]`.
    pub fn is(&self, codes: &[&str]) -> bool {
        self.sqlstate
            .as_deref()
            .is_some_and(|state| codes.contains(&state))
    }

    /// True where another session was in the way for a moment, so that the same may well succeed when it is tried again: a
    /// lock not had in time, a deadlock, a serialization failure, or a row of a catalog that the other wrote first, which
    /// PostgreSQL reports as an internal error or as a duplicate in that catalog.
    pub fn is_passing(&self) -> bool {
        let raced = self.is(&["XX000"]) && self.message.starts_with("tuple concurrently ");
        let made_twice = self.is(&["23505"]) && self.schema.as_deref() == Some("pg_catalog");
        raced || made_twice || self.is(&["55P03", "40P01", "40001"])
    }

    /// True where the connection ended: the statement's fate is unknown. Class 08 in a server's answer speaks of a connection
    /// that the server itself wanted to another one.
    pub fn connection_lost(&self) -> bool {
        self.sqlstate
            .as_deref()
            .is_none_or(|state| ["57P01", "57P02", "57P03"].contains(&state))
    }

    /// Line and column of the position, counted from 1 in characters.
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        let before = self.statement.get(..self.position?)?;
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Some((line, before[start..].chars().count() + 1))
    }

    /// The exit class: lost connections and missing rights 5, locks and timeouts 6, the rest 1.
    pub fn exit(&self) -> Exit {
        match self.sqlstate.as_deref() {
            None | Some("42501") => Exit::Connect,
            Some("55P03" | "57014" | "40P01") => Exit::Busy,
            Some(state)
                if state.starts_with("08")
                    || state.starts_with("28")
                    || state.starts_with("57P") =>
            {
                Exit::Connect
            }
            Some(_) => Exit::Failed,
        }
    }
}

impl std::error::Error for SqlError {}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.sqlstate {
            Some(state) => write!(f, " (SQLSTATE {state})"),
            None => Ok(()),
        }
    }
}

/// The message of an error with those of its sources, joined by colons, none twice.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    text
}

/// The byte offset of the character number `position` (from 1).
fn byte_offset(text: &str, position: u32) -> usize {
    text.char_indices()
        .nth((position as usize).saturating_sub(1))
        .map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_bytes() {
        assert_eq!(byte_offset("aäb", 3), 3);
        assert_eq!(byte_offset("aäb", 1), 0);
        assert_eq!(byte_offset("aäb", 4), 4);
        assert_eq!(byte_offset("aäb", 40), 4);
    }

    #[test]
    fn lines_and_columns_count_characters() {
        let error = SqlError {
            statement: "a\näö x".into(),
            position: Some(7),
            ..SqlError::default()
        };
        assert_eq!(error.line_and_column(), Some((2, 4)));
    }
}
