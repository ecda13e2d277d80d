//! Changes of many rows by ranges of a key: `-- schemactl:batch id 2000` above the one statement of a file outside a transaction.
//!
//! The rule: each range is a transaction of its own that also says in the history how far it came, so that every row is changed
//! once, whatever ends the run; the next run goes on behind the last range.

use std::fmt::Write;
use std::ops::Range;
use std::time::{Duration, Instant};

use super::Direction;
use super::execute::Job;
use super::failure::RunError;
use super::fault;
use super::history::{Row, first};
use super::lock::stopped;
use super::resume::path;
use super::runner::{Event, Runner, own};
use super::script::Script;
use crate::pg::error::SqlError;
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::{ident, literal, unquote_ident};

/// How many rows a range may have at most.
const MOST: u32 = 1_000_000;

/// How often the run says how far it is.
const TOLD: Duration = Duration::from_secs(1);

/// `batch KEY SIZE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The key column, as it is named in the catalog.
    pub key: String,
    /// How many rows one range has.
    pub size: u32,
}

impl Batch {
    /// Reads the words of the directive.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub fn read(value: &str) -> Result<Batch, String> {
        let words = significant(value);
        let [key, size] = words.as_slice() else {
            return Err("`batch` wants a key column and a number of rows: `batch id 2000`".into());
        };
        if !key.is_ident() {
            return Err(format!("`{}` is no column", key.text));
        }
        match size.text.parse::<u32>() {
            Ok(size) if (1..=MOST).contains(&size) => Ok(Batch {
                key: unquote_ident(key.text),
                size,
            }),
            _ => Err(format!(
                "`{}` is no number of rows from 1 to {MOST}",
                size.text
            )),
        }
    }
}

/// A statement that can run by ranges of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The table with ONLY, where that is said, as it is written.
    table: String,
    /// What its columns are called by: its alias, else the table.
    name: String,
    /// Its condition, where it has one.
    condition: Option<Range<usize>>,
    /// Where a condition would stand.
    end: usize,
    /// The columns that it sets.
    sets: Vec<String>,
}

impl Target {
    /// Reads an UPDATE or DELETE of one table.
    ///
    /// # Errors
    ///
    /// Why the statement has no ranges.
    pub(super) fn read(sql: &str) -> Result<Target, String> {
        let no = || "`batch` goes with one UPDATE or DELETE of a table".to_owned();
        let tokens = significant(sql);
        let mut rest = tokens.iter().peekable();
        let update = match rest.next() {
            Some(word) if word.is_word("update") => true,
            Some(word) if word.is_word("delete") => {
                rest.next_if(|it| it.is_word("from")).ok_or_else(no)?;
                false
            }
            _ => return Err(no()),
        };
        let only = rest.next_if(|it| it.is_word("only")).is_some();
        let path = path(&mut rest).ok_or_else(no)?;
        rest.next_if(|it| it.is("*"));
        let said = rest.next_if(|it| it.is_word("as")).is_some();
        let ends = |it: &Token<'_>| {
            let words = ["set", "using", "where", "returning"];
            words.iter().any(|word| it.is_word(word))
        };
        let alias = rest.next_if(|it| it.is_ident() && (said || !ends(it)));
        if update && !rest.peek().is_some_and(|it| it.is_word("set")) {
            return Err(no());
        }
        let mut depth = 0_usize;
        let mut sets = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let (mut in_list, mut is_said) = (update, false);
        let (mut start, mut end) = (None, sql.trim_end().trim_end_matches(';').len());
        for token in rest {
            if depth == 0 && (token.is_word("from") || token.is_word("where")) {
                in_list = false;
            }
            // `column =`, `(column, column) =`: what stands before an equals sign that no brackets are around.
            if depth == 0 && in_list && token.is("=") {
                if !is_said {
                    sets.append(&mut names);
                }
                is_said = true;
            } else if depth == 0 && token.is(",") {
                names.clear();
                is_said = false;
            } else if in_list && token.is_ident() {
                names.push(unquote_ident(token.text));
            }
            if token.is("(") || token.is("[") {
                depth += 1;
            } else if token.is(")") || token.is("]") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && token.is_word("where") {
                start = Some(token.start + token.text.len());
            } else if depth == 0 && token.is_word("returning") {
                end = token.start;
            }
        }
        let current = |from: usize| {
            let words = significant(&sql[from..end]);
            words.len() > 1 && words[0].is_word("current") && words[1].is_word("of")
        };
        if start.is_some_and(current) {
            return Err(no());
        }
        Ok(Target {
            name: alias.map_or_else(|| path.clone(), |alias| alias.text.to_owned()),
            table: if only { format!("ONLY {path}") } else { path },
            condition: start.map(|start| start..end),
            end,
            sets,
        })
    }

    /// The same for the ranges of a key.
    ///
    /// # Errors
    ///
    /// Why the statement has no such ranges.
    pub(super) fn by(sql: &str, key: &str) -> Result<Target, String> {
        let target = Target::read(sql)?;
        match target.sets.iter().any(|it| it == key) {
            true => Err(format!(
                "the statement changes {key}, by which its ranges go: a row could come into a later range again"
            )),
            false => Ok(target),
        }
    }

    /// The statement for one range of the key.
    pub(super) fn within(&self, sql: &str, key: &str, after: Option<&str>, up_to: &str) -> String {
        let key = format!("{}.{}", self.name, ident(key));
        let mut range = format!("{key} <= {}", literal(up_to));
        if let Some(after) = after {
            range = format!("{key} > {} AND {range}", literal(after));
        }
        // A condition may end in a comment.
        match &self.condition {
            Some(condition) => format!(
                "{}({}\n) AND {range}\n{}",
                &sql[..condition.start],
                &sql[condition.clone()],
                &sql[condition.end..]
            ),
            None => format!("{}\nWHERE {range}\n{}", &sql[..self.end], &sql[self.end..]),
        }
    }

    /// The query of the last key of a range, in the key's own order and not in that of its text, and of how many rows it has.
    fn last(&self, batch: &Batch, after: Option<&str>, end: Option<&str>) -> String {
        let (key, table) = (ident(&batch.key), &self.table);
        let after = after.map(|after| format!("{key} > {}", literal(after)));
        let end = end.map(|end| format!("{key} <= {}", literal(end)));
        let conditions: Vec<String> = after.into_iter().chain(end).collect();
        let behind = match conditions.is_empty() {
            true => String::new(),
            false => format!(" WHERE {}", conditions.join(" AND ")),
        };
        format!(
            "SELECT next.k::text, count(*) OVER () FROM (SELECT {key} AS k FROM {table}{behind} ORDER BY {key} LIMIT {}) AS next \
             ORDER BY next.k DESC LIMIT 1",
            batch.size
        )
    }

    /// The query whether the column refuses null, whether an index begins with it, and how many rows there may be.
    fn known(&self, batch: &Batch) -> String {
        let table = literal(self.table.strip_prefix("ONLY ").unwrap_or(&self.table));
        format!(
            "SELECT a.attnotnull, EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum \
             AND i.indisvalid AND i.indpred IS NULL), \
             (SELECT sum(greatest(c.reltuples, 0))::bigint FROM pg_catalog.pg_class c WHERE c.oid = a.attrelid \
             OR c.oid IN (SELECT t.inhrelid FROM pg_catalog.pg_inherits t WHERE t.inhparent = a.attrelid)) \
             FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass({table}) AND a.attname = {} \
             AND a.attnum > 0 AND NOT a.attisdropped",
            literal(&batch.key)
        )
    }
}

/// How far the ranges are.
struct Progress {
    last: Option<String>,
    visited: u64,
}

impl Runner<'_> {
    /// Runs the statement of a job by ranges, from where an earlier run ended.
    pub(super) async fn batches(
        &mut self,
        job: &Job,
        batch: &Batch,
        range: &Range<usize>,
    ) -> Result<(), RunError> {
        let sql = job.script.text[range.clone()].to_owned();
        let target = Target::by(&sql, &batch.key).map_err(|problem| self.no_batch(job, problem))?;
        let rows = self
            .session
            .texts(&target.known(batch))
            .await
            .map_err(own)?;
        let is = |at: usize| {
            let row = rows.first()?;
            row.get(at)?.as_deref()
        };
        let problem = match (is(0), is(1)) {
            (None, _) if !self.is_there(&target).await? => Some(
                "is not there: names are looked up in no schema, so say it with its schema"
                    .to_owned(),
            ),
            (None, _) => Some(format!("has no column {}", batch.key)),
            (Some("f"), _) => Some(format!(
                "has rows without {}, as far as is known: it is not NOT NULL",
                batch.key
            )),
            (_, Some("f")) => Some(format!("has no index that begins with {}", batch.key)),
            _ => None,
        };
        if let Some(problem) = problem {
            let problem = format!("{} {problem}", target.table);
            return Err(self.no_batch(job, problem));
        }
        let about: u64 = is(2).and_then(|count| count.parse().ok()).unwrap_or(0);
        let mut progress = self.read_progress(&job.row, job.direction).await?;
        // What ran for the first ranges only is taken back for these.
        let end = match job.direction {
            Direction::Up => None,
            Direction::Down => self.read_progress(&job.row, Direction::Up).await?.last,
        };
        let started = Instant::now();
        let first_visited = progress.visited;
        let mut told = started;
        loop {
            let state = self.batches_done(&progress);
            if stopped(self.stop.as_ref()) {
                return Err(RunError::Stopped {
                    version: Some(job.label.clone()),
                    state,
                });
            }
            if let Some(error) = self.budget_spent(job, &state) {
                return Err(error);
            }
            self.standbys_follow(&state).await?;
            let last = target.last(batch, progress.last.as_deref(), end.as_deref());
            let rows = self.session.texts(&last).await.map_err(own)?;
            // Each range has an end that is written down: nobody changes the rows of the last one twice.
            let Some([Some(up_to), visited]) = rows.first().map(Vec::as_slice) else {
                return Ok(());
            };
            let visited = visited.as_deref().and_then(|it| it.parse::<u64>().ok());
            let part = target.within(&sql, &batch.key, progress.last.as_deref(), up_to);
            let after = Progress {
                last: Some(up_to.clone()),
                visited: progress.visited + visited.unwrap_or_else(|| u64::from(batch.size)),
            };
            self.one_batch(job, range, &part, &after, &state).await?;
            progress = after;
            if told.elapsed() >= TOLD {
                told = Instant::now();
                self.tell(&Event::Batches {
                    label: &job.label,
                    visited: progress.visited,
                    about,
                    here: progress.visited - first_visited,
                    took: started.elapsed(),
                });
            }
            fault::at("between-batches").await;
        }
    }

    /// One range in its transaction, with the word of how far it came; tried again where others were in the way.
    async fn one_batch(
        &mut self,
        job: &Job,
        range: &Range<usize>,
        sql: &str,
        after: &Progress,
        state: &str,
    ) -> Result<(), RunError> {
        let mut retries = self.retries();
        loop {
            let result = self.try_batch(job, range, sql, after, state).await;
            let Err(error) = result else {
                return self.session.execute("COMMIT").await.map_err(own);
            };
            let _ = self.session.execute("ROLLBACK").await;
            let _ = self.pin(false).await;
            if !self.may_retry(&retries, &error) {
                return Err(error);
            }
            self.wait_to_retry(&mut retries, &error).await;
        }
    }

    async fn try_batch(
        &mut self,
        job: &Job,
        range: &Range<usize>,
        sql: &str,
        after: &Progress,
        state: &str,
    ) -> Result<(), RunError> {
        let mut begin = String::from("BEGIN;");
        if let Some(limit) = self.options.lock_timeout {
            let _ = write!(begin, "SET LOCAL lock_timeout = {};", limit.as_millis());
        }
        self.session.execute(&begin).await.map_err(own)?;
        let filled = self.sent(sql);
        let result = self.watched(&filled, "in-batch").await;
        let result = result.map_err(|error| self.received(error, sql));
        self.tell_notices();
        // The place in the range's text is not that in the file.
        result.map_err(|error| {
            let error = SqlError {
                position: None,
                ..error
            };
            self.failure(job, self.done + 1, range.clone(), error, state)
        })?;
        self.write_progress(job, after).await
    }

    /// Whether the table of a statement is there.
    async fn is_there(&mut self, target: &Target) -> Result<bool, RunError> {
        let table = target.table.strip_prefix("ONLY ").unwrap_or(&target.table);
        let sql = format!(
            "SELECT pg_catalog.to_regclass({}) IS NOT NULL",
            literal(table)
        );
        let rows = self.session.texts(&sql).await.map_err(own)?;
        Ok(first(&rows) == Some("t"))
    }

    fn no_batch(&self, job: &Job, problem: String) -> RunError {
        RunError::Batch {
            file: job.file.clone(),
            problem,
        }
    }

    fn batches_done(&self, progress: &Progress) -> String {
        match &progress.last {
            Some(last) => format!(
                "about {} rows are done, up to the key {last}: the next run goes on behind it",
                progress.visited
            ),
            None => "no range of rows is done yet".to_owned(),
        }
    }

    /// How far the ranges of a migration, or of its way back, came.
    async fn read_progress(
        &mut self,
        row: &Row,
        direction: Direction,
    ) -> Result<Progress, RunError> {
        let sql = format!(
            "SELECT last_key, visited FROM {} WHERE (service, version, direction) = ({})",
            self.history.table("batches"),
            key(row, direction)
        );
        let rows = self.session.texts(&sql).await.map_err(own)?;
        let row = rows.first();
        Ok(Progress {
            last: row.and_then(|row| row.first()?.clone()),
            visited: row
                .and_then(|row| row.get(1)?.as_deref()?.parse().ok())
                .unwrap_or(0),
        })
    }

    async fn write_progress(&mut self, job: &Job, progress: &Progress) -> Result<(), RunError> {
        let sql = format!(
            "INSERT INTO {} (service, version, direction, last_key, visited) VALUES ({}, {}, {}) \
             ON CONFLICT (service, version, direction) DO UPDATE SET last_key = excluded.last_key, visited = excluded.visited",
            self.history.table("batches"),
            key(&job.row, job.direction),
            literal(progress.last.as_deref().unwrap_or_default()),
            progress.visited
        );
        self.session.execute(&sql).await.map_err(own)
    }

    /// Refuses another text than the one by which some ranges ran already.
    pub(super) async fn same_ranges(&mut self, job: &Job) -> Result<(), RunError> {
        if job.script.batch.is_none() || job.direction == Direction::Down {
            return Ok(());
        }
        let row = self.history.row(self.session, &job.row.version).await?;
        // How many rows a range has is nobody's business.
        let is_same = |row: &Row| {
            let is_it = |before: &Script| {
                before.range_key() == job.script.range_key()
                    && before.first_statement() == job.script.first_statement()
            };
            row.up_sha == job.row.up_sha || Script::of_text(&row.up_sql).as_ref().is_some_and(is_it)
        };
        if row.as_ref().is_none_or(is_same) {
            return Ok(());
        }
        match self.read_progress(&job.row, Direction::Up).await?.last {
            Some(last) => Err(self.no_batch(
                job,
                format!(
                    "it was edited after it had run for the rows up to the key {last}: put its text back (`schemactl show {}`) and let it end, and write what else is to change into a file of its own",
                    job.row.version
                ),
            )),
            None => Ok(()),
        }
    }

    /// Whether some ranges of a migration, or of its way back, ran.
    pub(super) async fn ranges_ran(
        &mut self,
        row: &Row,
        direction: Direction,
    ) -> Result<bool, RunError> {
        let progress = self.read_progress(row, direction).await?;
        Ok(progress.last.is_some())
    }

    /// Forgets how far the ranges of a job came: in the transaction that records it. What is taken back is so with all that ran
    /// of its group.
    pub(super) async fn forget_progress(&mut self, job: &Job) -> Result<(), RunError> {
        let of_group = match (job.direction, &job.row.group_id) {
            (Direction::Down, Some(group)) => format!(
                " OR (service, version) IN (SELECT service, version FROM {} WHERE group_id = {})",
                self.history.table("migrations"),
                literal(group)
            ),
            _ if job.script.batch.is_none() => return Ok(()),
            _ => String::new(),
        };
        let sql = format!(
            "DELETE FROM {} WHERE (service, version) = ({}, {}){of_group}",
            self.history.table("batches"),
            literal(&job.row.service),
            literal(job.row.version.as_str()),
        );
        self.session.execute(&sql).await.map_err(own)
    }

    /// Forgets how far the ranges of a migration came.
    pub(super) async fn forget_ranges(&mut self, row: &Row) -> Result<(), RunError> {
        let sql = format!(
            "DELETE FROM {} WHERE (service, version, direction) = ({})",
            self.history.table("batches"),
            key(row, Direction::Up)
        );
        self.session.execute(&sql).await.map_err(own)
    }
}

/// Service, version and direction, as the history has them.
fn key(row: &Row, direction: Direction) -> String {
    format!(
        "{}, {}, {}",
        literal(&row.service),
        literal(row.version.as_str()),
        literal(word(direction))
    )
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(sql: &str) -> String {
        let target = Target::read(sql).unwrap();
        target.within(sql, "id", Some("5"), "9")
    }

    #[test]
    fn a_range_is_added_to_the_condition() {
        assert_eq!(
            within("UPDATE app.t SET a = 1"),
            "UPDATE app.t SET a = 1\nWHERE app.t.id > '5' AND app.t.id <= '9'\n"
        );
        assert_eq!(
            within(
                "UPDATE ONLY app.t AS x SET a = (SELECT 1 WHERE true) WHERE a IS NULL OR b -- c"
            ),
            "UPDATE ONLY app.t AS x SET a = (SELECT 1 WHERE true) WHERE( a IS NULL OR b -- c\n) AND x.id > '5' AND x.id <= '9'\n"
        );
        assert_eq!(
            within("DELETE FROM t USING u WHERE u.id = t.id RETURNING t.id"),
            "DELETE FROM t USING u WHERE( u.id = t.id \n) AND t.id > '5' AND t.id <= '9'\nRETURNING t.id"
        );
    }

    #[test]
    fn what_has_no_ranges_is_told() {
        for sql in [
            "INSERT INTO t SELECT 1",
            "WITH x AS (SELECT 1) UPDATE t SET a = 1",
            "UPDATE t SET a = 1 WHERE CURRENT OF c",
            "DELETE t",
            "",
        ] {
            assert!(Target::read(sql).is_err(), "{sql}");
        }
        for sql in [
            "UPDATE t SET id = id + 1",
            "UPDATE t x SET a = b = c, (\"id\", d) = (1, 2) FROM u",
        ] {
            assert!(Target::by(sql, "id").is_err(), "{sql}");
        }
        for sql in [
            "UPDATE t SET a = id = 1, b = (SELECT id FROM x WHERE x.id = t.id)",
            "DELETE FROM t WHERE id = 5",
            "UPDATE t SET a = 1 WHERE id = 5",
        ] {
            assert!(Target::by(sql, "id").is_ok(), "{sql}");
        }
        for value in ["", "id", "id 0", "id 2000000", "id x", "5 5", "id 5 5"] {
            assert!(Batch::read(value).is_err(), "{value}");
        }
        let batch = Batch::read("\"The Id\" 5").unwrap();
        assert_eq!((batch.key.as_str(), batch.size), ("The Id", 5));
    }
}
