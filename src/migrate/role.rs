//! The role of `connect-as`: a migration runs as that role from its first statement to its last. And the names that roles
//! have in an environment: a statement is sent with these, and told of with those of the file.
//!
//! The rule: what would leave it is refused before anything runs, also inside a block; what only shows as it runs is found
//! after its statement, and takes the file back.

use super::execute::Job;
use super::failure::RunError;
use super::history::first;
use super::runner::{Runner, own};
use super::script::Item;
use crate::pg::error::SqlError;
use crate::sql::block::Inside;
use crate::sql::lexer::significant;
use crate::sql::quote;
use std::ops::Range;

impl Runner<'_> {
    /// Refuses a file that says it takes another role.
    pub(super) fn keeps_role(&self, job: &Job) -> Result<(), RunError> {
        if self.session.role().is_none() {
            return Ok(());
        }
        for item in &job.script.items {
            if let Item::Statement(range) = item
                && takes_role(&job.script.text[range.clone()], 0)
            {
                return Err(self.left(job, range, "nothing was run"));
            }
        }
        Ok(())
    }

    /// A statement of a file as it is sent: with the values of the environment, and the names that roles have there.
    pub(super) fn sent(&self, sql: &str) -> String {
        match self.session.role_names().sent(sql) {
            Some((sql, _)) => self.options.values.filled(&sql),
            None => self.options.values.filled(sql),
        }
    }

    /// An error of the statement that was sent as one of the statement in the file.
    pub(super) fn received(&self, error: SqlError, sql: &str) -> SqlError {
        let mut error = self.options.values.masked(error, sql);
        if let Some((_, first)) = self.session.role_names().sent(sql) {
            error.position = error.position.filter(|position| *position < first.start);
            error.statement = sql.to_owned();
        }
        error
    }

    /// Whether the session still is in its role, after a statement.
    pub(super) async fn is_in_role(
        &mut self,
        job: &Job,
        range: &Range<usize>,
        state: &str,
    ) -> Result<(), RunError> {
        if self.session.role().is_none() {
            return Ok(());
        }
        let asked = format!(
            "SELECT pg_catalog.current_setting({})",
            quote::literal("role")
        );
        let rows = self.session.texts(&asked).await.map_err(own)?;
        match first(&rows) == self.role.as_deref() {
            true => Ok(()),
            false => Err(self.left(job, range, state)),
        }
    }

    fn left(&self, job: &Job, range: &Range<usize>, state: &str) -> RunError {
        RunError::LeftRole {
            file: job.file.clone(),
            line: super::header::line_of(&job.script.text, range.start),
            role: self.session.role().unwrap_or_default().to_owned(),
            state: state.to_owned(),
        }
    }
}

/// How deep blocks are looked into.
const DEPTH: usize = 8;

/// Whether a statement says that another role is taken.
fn takes_role(sql: &str, depth: usize) -> bool {
    if let Some(inside) = Inside::of_do(sql) {
        let mut statements = inside.statements.iter();
        return depth < DEPTH && statements.any(|it| takes_role(it, depth + 1));
    }
    let tokens = significant(sql);
    let word = |at: usize, words: &[&str]| {
        let token = tokens.get(at);
        token.is_some_and(|token| words.iter().any(|word| token.is_word(word)))
    };
    if !word(0, &["set", "reset"]) {
        return false;
    }
    // `SET SESSION AUTHORIZATION` and `SET SESSION ROLE` begin alike.
    let at = 1 + usize::from(word(1, &["local", "session"]) && !word(2, &["authorization"]));
    word(at, &["role", "session_authorization"])
        || word(at, &["session"]) && word(at + 1, &["authorization"])
}

#[cfg(test)]
mod tests {
    use super::takes_role;

    #[test]
    fn another_role_is_seen_in_every_spelling() {
        for sql in [
            "SET ROLE x",
            "set local role x",
            "SET SESSION ROLE x",
            "SET SESSION AUTHORIZATION x",
            "SET LOCAL SESSION AUTHORIZATION x",
            "RESET ROLE",
            "RESET SESSION AUTHORIZATION",
            "SET role = 'x'",
            "SET session_authorization TO x",
            "DO $$ BEGIN IF true THEN RESET ROLE; END IF; END $$",
            "DO $$ BEGIN EXECUTE format('SET ROLE %I', x); END $$",
        ] {
            assert!(takes_role(sql, 0), "{sql}");
        }
        for sql in [
            "SET search_path = role",
            "UPDATE t SET role = 'x'",
            "RESET ALL",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            "ALTER ROLE x SET role = y",
            "SET LOCAL",
        ] {
            assert!(!takes_role(sql, 0), "{sql}");
        }
    }
}
