//! Running one file: in one transaction with its row, event and snapshot, or one statement outside of any.
//!
//! The rule: the row tells the truth at every moment. In a transaction, row and change commit together; outside of one,
//! `running` is committed before the statement is sent.

use super::Direction;
use super::failure::{InTheWay, RunError, StatementError};
use super::fault;
use super::history::{Row, State, Status, first};
use super::lock::{asked, stopped};
use super::observe::Observer;
use super::resume::{Standing, decide};
use super::runner::{Event, Runner, own};
use super::script::{Item, Query, Script};
use crate::pg::connect::{Notice, Session};
use crate::pg::error::SqlError;
use crate::sql::quote;
use crate::sql::references::runs_extension_script;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio_postgres::SimpleQueryMessage;

/// How many rows of a report the history keeps.
const LOGGED_ROWS: usize = 100;

const UNCHANGED: &str =
    "the transaction was rolled back: the database is as it was before this migration";

/// One file to run.
pub(super) struct Job {
    pub(super) label: String,
    pub(super) file: String,
    pub(super) direction: Direction,
    pub(super) script: Script,
    pub(super) row: Row,
    /// Whether it corrects drift and there is none: it is recorded as skipped.
    pub(super) skipped: bool,
    /// What is recorded as taken back with it.
    pub(super) also: Vec<Row>,
}

impl Job {
    pub(super) fn action(&self) -> &'static str {
        match self.direction {
            Direction::Up => "apply",
            Direction::Down => "rollback",
        }
    }

    pub(super) fn status(&self) -> Status {
        match self.direction {
            Direction::Up if self.skipped => Status::Skipped,
            Direction::Up => Status::Applied,
            Direction::Down => Status::RolledBack,
        }
    }

    /// Where the database will be.
    pub(super) fn after(&self, state: &State) -> Option<String> {
        let mut after = state.point();
        let service = &self.row.service;
        let at = match self.direction {
            // One that was named by itself may stand before what is there already.
            Direction::Up => state.at(service).max(Some(&self.row.version)),
            Direction::Down => {
                let goes = |row: &Row| self.also.iter().any(|it| it.version == row.version);
                let mut before = state.applied(service).rev();
                before
                    .find(|row| row.version < self.row.version && !goes(row))
                    .map(|row| &row.version)
            }
        };
        match at {
            Some(version) => after.0.insert(service.clone(), version.clone()),
            None => after.0.remove(service),
        };
        after.mark()
    }

    /// Brings the state to what it is after the job.
    pub(super) fn leave(&self, state: &mut State) {
        let row = Row {
            status: self.status(),
            ..self.row.clone()
        };
        state.rows.insert(row.version.clone(), row);
        for row in &self.also {
            let row = Row {
                status: Status::RolledBack,
                ..row.clone()
            };
            state.rows.insert(row.version.clone(), row);
        }
    }
}

/// A `report`'s result, as the history keeps it.
pub(super) type Reports = Vec<serde_json::Value>;

/// What a file's reports said.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) reports: Reports,
}

/// The tries of one transaction.
pub(super) struct Retries {
    /// Which one it is, from 1.
    attempt: u32,
    /// The pause before the next one.
    pause: Duration,
}

/// How long a statement that was cancelled may go on before it is cancelled again.
const CANCEL_AGAIN: Duration = Duration::from_millis(200);

/// How often a file is run again so that rows are counted which nobody knew it would change.
const RECOUNTS: u32 = 2;

impl Runner<'_> {
    /// Runs one job; with `snapshot`, records the catalog as that of the version in it. Gives the time it took.
    pub(super) async fn execute(
        &mut self,
        job: &Job,
        snapshot: Option<Option<&str>>,
    ) -> Result<Duration, RunError> {
        self.done = 0;
        self.so_far.note(&job.script.text);
        if job.script.no_transaction {
            return self.execute_alone(job, snapshot).await;
        }
        let mut retries = self.retries();
        self.recount.clear();
        let mut recounts = 0;
        loop {
            let started = Instant::now();
            self.done = 0;
            self.again = false;
            let result = self.transaction(job, snapshot, started).await;
            let result = self.end_transaction(result).await;
            match result {
                Err(error) if self.may_retry(&retries, &error) => {
                    self.wait_to_retry(&mut retries, &error).await;
                }
                Err(_) if self.again && recounts < RECOUNTS => {
                    recounts += 1;
                    self.tell(&Event::Recount { label: &job.label });
                }
                Err(error) => return Err(error),
                Ok(()) => {
                    self.pin(false).await?;
                    return Ok(started.elapsed());
                }
            }
        }
    }

    pub(super) fn retries(&self) -> Retries {
        Retries {
            attempt: 1,
            pause: self.options.backoff,
        }
    }

    /// Whether others were in the way, and it is worth another try.
    pub(super) fn may_retry(&self, retries: &Retries, error: &RunError) -> bool {
        error.retryable() && retries.attempt <= self.options.lock_retries
    }

    /// Waits, each time for longer, before the next try.
    pub(super) async fn wait_to_retry(&mut self, retries: &mut Retries, error: &RunError) {
        retries.attempt += 1;
        self.tell(&Event::Retry {
            attempt: retries.attempt,
            pause: retries.pause,
            error,
        });
        self.pause(retries.pause).await;
        let longest = self.options.backoff_max.unwrap_or(Duration::from_secs(30));
        retries.pause = (retries.pause * 2).min(longest);
    }

    async fn pause(&mut self, pause: Duration) {
        let Some(mut stop) = self.stop.clone() else {
            tokio::time::sleep(pause).await;
            return;
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = asked(&mut stop) => {}
        }
    }

    /// COMMIT after success, ROLLBACK after failure.
    pub(super) async fn end_transaction(
        &mut self,
        result: Result<(), RunError>,
    ) -> Result<(), RunError> {
        match result {
            Ok(()) => {
                fault::at("before-commit").await;
                self.session.execute("COMMIT").await.map_err(own)?;
                fault::at("after-commit").await;
                self.tell_locks();
                Ok(())
            }
            Err(error) => {
                let _ = self.session.execute("ROLLBACK").await;
                let _ = self.pin(false).await;
                Err(error)
            }
        }
    }

    async fn transaction(
        &mut self,
        job: &Job,
        snapshot: Option<Option<&str>>,
        started: Instant,
    ) -> Result<(), RunError> {
        fault::at("before-begin").await;
        if let Some(watchdog) = &self.watchdog {
            watchdog.begin_anew();
        }
        let mut begin = String::from("BEGIN;");
        for (name, limit) in [
            ("lock_timeout", self.options.lock_timeout),
            ("statement_timeout", self.options.statement_timeout),
        ] {
            if let Some(limit) = limit {
                begin.push_str(&format!("SET LOCAL {name} = {};", limit.as_millis()));
            }
        }
        begin.push_str("SELECT pg_catalog.pg_current_xact_id()");
        let rows = self.session.texts(&begin).await.map_err(own)?;
        let transaction = first(&rows).map(str::to_owned);
        self.begin_locks().await?;
        let before = self.rows_before(job).await?;
        let mut progress = Progress::default();
        self.items(job, &mut progress, UNCHANGED).await?;
        // A COMMIT that the splitter did not see shows here: no transaction, or another one.
        let rows = self
            .session
            .texts("SELECT pg_catalog.pg_current_xact_id_if_assigned()")
            .await
            .map_err(own)?;
        if transaction.is_none() || first(&rows) != transaction.as_deref() {
            return Err(RunError::HiddenCommit {
                file: job.file.clone(),
            });
        }
        // Deferred constraints speak now, while the failure can still be told as this file's.
        self.session
            .execute("SET CONSTRAINTS ALL IMMEDIATE")
            .await
            .map_err(|error| {
                self.statement_error(job, self.done, 0..job.script.text.len(), error, UNCHANGED)
            })?;
        self.pin(true).await?;
        self.validate(job, before.as_ref(), snapshot.is_some())
            .await?;
        self.record_success(job, &progress, started).await?;
        if let Some(half) = self
            .half
            .as_ref()
            .filter(|it| it.versions.contains(&job.row.version))
        {
            (half.is_back)(self.session)
                .await
                .map_err(|(report, exit)| RunError::Gate { report, exit })?;
        }
        match snapshot {
            Some(mark) => self.take_snapshot(mark).await,
            None => Ok(()),
        }
    }

    /// One statement in a message of its own, outside a transaction.
    async fn execute_alone(
        &mut self,
        job: &Job,
        snapshot: Option<Option<&str>>,
    ) -> Result<Duration, RunError> {
        let started = Instant::now();
        if let Some(watchdog) = &self.watchdog {
            watchdog.begin_anew();
        }
        // An earlier try may have got so far that the rest of it was clearing up.
        let mut is_done = false;
        match job.direction {
            Direction::Up => {
                let row = Row {
                    status: Status::Running,
                    ..job.row.clone()
                };
                is_done = self.clear_failed(job).await?;
                self.history.write(self.session, &row).await.map_err(own)?;
            }
            Direction::Down => {
                // The stored down file is what a resume would look at.
                self.history
                    .set_running_down(self.session, &job.row, &job.script.text)
                    .await
                    .map_err(own)?;
            }
        }
        fault::at("after-running-row").await;
        let mut progress = Progress::default();
        let state = "the statement ran outside a transaction; the next run looks at the catalog and goes on";
        match is_done {
            true => self.check_after(job).await?,
            false => self.items(job, &mut progress, state).await?,
        }
        fault::at("after-concurrently").await;
        self.pin(false).await?;
        self.validate(job, None, snapshot.is_some()).await?;
        self.session.execute("BEGIN").await.map_err(own)?;
        let result = self.record_alone(job, &progress, started, snapshot).await;
        self.end_transaction(result).await?;
        Ok(started.elapsed())
    }

    async fn record_alone(
        &mut self,
        job: &Job,
        progress: &Progress,
        started: Instant,
        snapshot: Option<Option<&str>>,
    ) -> Result<(), RunError> {
        self.record_success(job, progress, started).await?;
        match snapshot {
            Some(mark) => self.take_snapshot(mark).await,
            None => Ok(()),
        }
    }

    /// Clears away what a failed try of the same statement left behind, such as an invalid index; gives whether the statement is
    /// done with that.
    async fn clear_failed(&mut self, job: &Job) -> Result<bool, RunError> {
        let row = self.history.row(self.session, &job.row.version).await?;
        let Some(row) = row.filter(|row| row.status == Status::Failed) else {
            return Ok(false);
        };
        let decision = decide(self.session, &job.script, self.resume)
            .await
            .map_err(own)?;
        for statement in &decision.cleanup {
            self.session.execute(statement).await.map_err(own)?;
        }
        // What PostgreSQL refused is asked again; what was stopped may have been done but for the rest.
        let state = row.sqlstate.as_deref().unwrap_or("57014");
        let was_stopped = ["57", "55P03", "40P01", "08"];
        Ok(decision.standing == Standing::Done
            && was_stopped.iter().any(|it| state.starts_with(it)))
    }

    /// Runs statements and directives in their order.
    pub(super) async fn items(
        &mut self,
        job: &Job,
        progress: &mut Progress,
        state: &str,
    ) -> Result<(), RunError> {
        for item in &job.script.items {
            if stopped(self.stop.as_ref()) {
                return Err(RunError::Stopped {
                    version: Some(job.label.clone()),
                    state: state.to_owned(),
                });
            }
            // Between two statements nothing can be cancelled, and others wait all the same.
            if let Some(error) = self.budget_spent(job, state) {
                return Err(error);
            }
            match item {
                Item::Statement(range) => {
                    let sql = &job.script.text[range.clone()];
                    let started = Instant::now();
                    self.tell(&Event::StatementStarted {
                        label: &job.label,
                        number: self.done + 1,
                        of: job.script.statements(),
                        sql,
                    });
                    if let Some(batch) = &job.script.batch {
                        self.batches(job, batch, range).await?;
                        self.done += 1;
                        self.tell(&Event::StatementDone {
                            number: self.done,
                            sql,
                            took: started.elapsed(),
                        });
                        continue;
                    }
                    if let Some(aside) = self.history.before(sql) {
                        self.session.execute(&aside).await.map_err(own)?;
                    }
                    let filled = self.sent(sql);
                    // The script of an extension can leave another search path behind, which is not meant for what follows.
                    let path = match runs_extension_script(sql) {
                        true => search_path(self.session).await?,
                        false => None,
                    };
                    let point = match job.script.no_transaction {
                        true => "in-concurrently",
                        false => "in-statement",
                    };
                    let result = self
                        .watched(&filled, point)
                        .await
                        .map_err(|error| self.received(error, sql));
                    self.tell_notices();
                    result.map_err(|error| {
                        self.failure(job, self.done + 1, range.clone(), error, state)
                    })?;
                    if let Some(path) = path {
                        let back = format!(
                            "SELECT pg_catalog.set_config({}, {}, true)",
                            quote::literal("search_path"),
                            quote::literal(&path)
                        );
                        self.session.texts(&back).await.map_err(own)?;
                    }
                    self.is_in_role(job, range, state).await?;
                    self.done += 1;
                    fault::at("between-statements").await;
                    if !job.script.no_transaction {
                        self.note_locks(started).await?;
                    }
                    self.tell(&Event::StatementDone {
                        number: self.done,
                        sql,
                        took: started.elapsed(),
                    });
                }
                Item::Verify(query) => self.verify(job, query, state).await?,
                Item::Report(query) => {
                    let messages = self.query(&query.sql).await;
                    let messages =
                        messages.map_err(|error| self.query_failure(job, query, error, state))?;
                    let (columns, rows) = table(&messages);
                    self.tell(&Event::Report {
                        query: &query.sql,
                        columns: &columns,
                        rows: &rows,
                    });
                    progress.reports.push(serde_json::json!({
                        "query": query.sql, "columns": columns, "rows": &rows[..rows.len().min(LOGGED_ROWS)],
                        "row_count": rows.len(),
                    }));
                }
            }
        }
        Ok(())
    }

    async fn verify(&mut self, job: &Job, query: &Query, state: &str) -> Result<(), RunError> {
        let messages = self.query(&query.sql).await;
        let messages = messages.map_err(|error| self.query_failure(job, query, error, state))?;
        match untrue(&messages) {
            None => Ok(()),
            Some(got) => Err(RunError::Verify {
                file: job.file.clone(),
                line: query.line,
                query: query.sql.clone(),
                got,
                state: state.to_owned(),
            }),
        }
    }

    /// What must be true before anything runs.
    pub(super) async fn check_before(&mut self, job: &Job) -> Result<(), RunError> {
        for query in &job.script.before {
            let messages = self.query(&query.sql).await;
            let messages = messages
                .map_err(|error| self.query_failure(job, query, error, "nothing was run"))?;
            if let Some(got) = untrue(&messages) {
                return Err(RunError::Before {
                    file: job.file.clone(),
                    line: query.line,
                    query: query.sql.clone(),
                    got,
                });
            }
        }
        Ok(())
    }

    /// What must not stand in the way of a file: all that does, counted, with one of each.
    pub(super) async fn check_preflights(
        &mut self,
        job: &Job,
        state: &str,
    ) -> Result<(), RunError> {
        let mut found = Vec::new();
        for query in &job.script.preflights {
            let messages = match self.query(&query.sql).await {
                Ok(messages) => messages,
                // A count that cannot be made is no reason to stop: the migration itself may be right.
                Err(error) if is_of_the_query(&error) => {
                    let notice = Notice {
                        severity: "NOTICE".to_owned(),
                        code: error.sqlstate.clone().unwrap_or_default(),
                        message: format!(
                            "{}:{}: this could not be counted: {}",
                            job.file, query.line, error.message
                        ),
                        detail: error.detail.clone(),
                        hint: None,
                        where_: None,
                    };
                    self.tell(&Event::Notice(&notice));
                    continue;
                }
                Err(error) => return Err(self.query_failure(job, query, error, state)),
            };
            let (_, rows) = table(&messages);
            let value = |at: usize| rows.first()?.get(at)?.as_deref();
            let count = value(0).and_then(|count| count.parse::<u64>().ok());
            let Some(count) = count.filter(|_| rows.len() == 1) else {
                return Err(RunError::Before {
                    file: job.file.clone(),
                    line: query.line,
                    query: query.sql.clone(),
                    got: "no count".to_owned(),
                });
            };
            if count > 0 {
                found.push(InTheWay {
                    count,
                    what: value(1).unwrap_or("rows").to_owned(),
                    example: value(2).map(str::to_owned),
                });
            }
        }
        match found.is_empty() {
            true => Ok(()),
            false => Err(RunError::Preflight {
                file: job.file.clone(),
                found,
                state: state.to_owned(),
            }),
        }
    }

    /// The `verify` queries of a statement outside a transaction that turned out to be done.
    pub(super) async fn check_after(&mut self, job: &Job) -> Result<(), RunError> {
        for item in &job.script.items {
            if let Item::Verify(query) = item {
                self.verify(job, query, "the statement itself is done")
                    .await?;
            }
        }
        Ok(())
    }

    /// Asks a query of a directive, which may change nothing: in a transaction that only reads, or a part of one. A stop
    /// cancels it by the cancel token, since dropping a query does not.
    async fn query(&mut self, sql: &str) -> Result<Vec<SimpleQueryMessage>, SqlError> {
        let within = "SAVEPOINT schemactl_query; SET LOCAL transaction_read_only = on";
        let end = match self.session.execute(within).await {
            Ok(()) => "ROLLBACK TO SAVEPOINT schemactl_query; RELEASE SAVEPOINT schemactl_query",
            // There is no transaction.
            Err(error) if error.is(&["25P01"]) => {
                self.session.execute("BEGIN READ ONLY").await?;
                "ROLLBACK"
            }
            Err(error) => return Err(error),
        };
        let result = query_at(self.session, self.stop.clone(), sql, "in-query").await;
        let ended = self.session.execute(end).await;
        let messages = result?;
        ended.map(|()| messages)
    }

    /// The same, while the watchdog may cancel it.
    pub(super) async fn watched(
        &mut self,
        sql: &str,
        point: &str,
    ) -> Result<Vec<SimpleQueryMessage>, SqlError> {
        if let Some(watchdog) = &self.watchdog {
            watchdog.runs(true).await;
        }
        let result = self.observed(sql, point).await;
        if let Some(watchdog) = &self.watchdog {
            watchdog.runs(false).await;
        }
        result
    }

    /// The same, while somebody looks at what it does, where it takes long.
    async fn observed(
        &mut self,
        sql: &str,
        point: &str,
    ) -> Result<Vec<SimpleQueryMessage>, SqlError> {
        let (session, began) = (self.session, Instant::now());
        self.observer.begin_anew();
        let mut pause = Observer::first_look(self.options.lock_timeout);
        let query = query_at(session, self.stop.clone(), sql, point);
        tokio::pin!(query);
        loop {
            let looked = async {
                tokio::time::sleep(pause).await;
                self.observer.look(session).await
            };
            let seen = tokio::select! {
                biased;
                result = &mut query => return result,
                seen = looked => seen,
            };
            pause = Observer::pause();
            if let Some(seen) = seen {
                self.tell_seen(seen, began.elapsed());
            }
        }
    }

    pub(super) fn tell_notices(&mut self) {
        for notice in self.session.take_notices() {
            self.tell(&Event::Notice(&notice));
        }
    }

    pub(super) fn failure(
        &self,
        job: &Job,
        number: usize,
        range: std::ops::Range<usize>,
        error: SqlError,
        state: &str,
    ) -> RunError {
        if error.is(&["57014"]) && stopped(self.stop.as_ref()) {
            return RunError::Stopped {
                version: Some(job.label.clone()),
                state: state.to_owned(),
            };
        }
        if error.is(&["57014"])
            && let Some(error) = self.budget_spent(job, state)
        {
            return error;
        }
        self.statement_error(job, number, range, error, state)
    }

    pub(super) fn statement_error(
        &self,
        job: &Job,
        number: usize,
        range: std::ops::Range<usize>,
        error: SqlError,
        state: &str,
    ) -> RunError {
        let state = if error.connection_lost() {
            "the connection was lost; run it again, the history and the catalog tell where things stand"
        } else {
            state
        };
        let blockers = match error.is(&["55P03"]) {
            true => self.observer.blockers(),
            false => &[],
        };
        let blockers = blockers.iter().map(|it| format!("it is held by {it}\n"));
        let state = blockers.chain([state.to_owned()]).collect::<String>();
        RunError::Statement(Box::new(StatementError::new(
            &job.file,
            &job.script,
            number,
            range,
            error,
            &state,
        )))
    }

    /// The failure of a directive's query: the place is its line, because its text is put together from comments.
    fn query_failure(&self, job: &Job, query: &Query, error: SqlError, state: &str) -> RunError {
        let start: usize = job
            .script
            .text
            .split_inclusive('\n')
            .take(query.line.saturating_sub(1))
            .map(str::len)
            .sum();
        let end = job.script.text[start..]
            .find('\n')
            .map_or(job.script.text.len(), |length| start + length);
        let error = SqlError {
            position: None,
            ..error
        };
        self.failure(job, 0, start..end, error, state)
    }
}

/// Sends one message; a test may hold it at this point, when it has been sent. A stop cancels it.
async fn query_at(
    session: &Session,
    stop: Option<watch::Receiver<bool>>,
    sql: &str,
    point: &str,
) -> Result<Vec<SimpleQueryMessage>, SqlError> {
    let sent = session.sparing(sql).await?;
    let query = session.client().simple_query(&sent);
    tokio::pin!(query);
    if let Some(result) = fault::sent(point, query.as_mut()).await {
        return result.map_err(|error| session.sql_error(&error, sql));
    }
    let result = match stop {
        None => query.await,
        Some(mut stop) => tokio::select! {
            biased;
            result = &mut query => result,
            () = asked(&mut stop) => loop {
                // A statement that ends by itself meanwhile is as good; one that the server had not begun yet when it
                // was cancelled goes on, and is cancelled again.
                let _ = session.canceller().cancel().await;
                tokio::select! {
                    result = &mut query => break result,
                    () = tokio::time::sleep(CANCEL_AGAIN) => {}
                }
            },
        },
    };
    result.map_err(|error| session.sql_error(&error, sql))
}

/// The columns and rows of a simple query.
fn table(messages: &[SimpleQueryMessage]) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let mut columns = Vec::new();
    let mut rows = Vec::new();
    for message in messages {
        match message {
            SimpleQueryMessage::RowDescription(names) => {
                columns = names
                    .iter()
                    .map(|column| column.name().to_owned())
                    .collect();
            }
            SimpleQueryMessage::Row(row) => {
                rows.push(
                    (0..row.len())
                        .map(|place| row.get(place).map(str::to_owned))
                        .collect(),
                );
            }
            _ => {}
        }
    }
    (columns, rows)
}

/// Whether PostgreSQL refused the query itself: no loss of the connection, no cancellation, no want of resources.
pub(super) fn is_of_the_query(error: &SqlError) -> bool {
    let class = error.sqlstate.as_deref().and_then(|state| state.get(..2));
    class.is_some_and(|class| !["08", "25", "40", "53", "57", "58"].contains(&class))
}

/// What a query gave where it did not give one true.
pub(super) fn untrue(messages: &[SimpleQueryMessage]) -> Option<String> {
    let (columns, rows) = table(messages);
    match rows.as_slice() {
        [row] if row.len() == 1 => match row[0].as_deref() {
            Some("t" | "true") => None,
            Some("f") => Some("false".into()),
            Some(other) => Some(format!("`{other}`")),
            None => Some("null".into()),
        },
        [] => Some("no row".into()),
        [_] => Some(format!("{} columns", columns.len())),
        rows => Some(format!("{} rows", rows.len())),
    }
}

/// The search path of the session as it is now.
async fn search_path(session: &Session) -> Result<Option<String>, RunError> {
    let asked = format!(
        "SELECT pg_catalog.current_setting({})",
        quote::literal("search_path")
    );
    let rows = session.texts(&asked).await.map_err(own)?;
    Ok(first(&rows).map(str::to_owned))
}
