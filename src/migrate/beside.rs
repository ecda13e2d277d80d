//! Files that run beside the migrations: seeds, and what `sync` brings a development database to.
//!
//! The rule: as every run, under the lock and on the record, but as events alone: no version stands for them, and nothing
//! takes them back.

use super::error::{FolderError, Problem};
use super::execute::{Job, Progress};
use super::failure::RunError;
use super::header::key;
use super::history::{HistoryError, NewEvent, Row, Status};
use super::lock::Lock;
use super::runner::{Event, Runner, own};
use super::script::Script;
use super::{Direction, MigrationFile, Version, sha256_hex};
use crate::sql::quote;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

/// A file that runs beside the migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// What it is called, in the history too.
    pub name: String,
    /// What it does.
    pub file: MigrationFile,
}

/// What a failure leaves.
const UNCHANGED: &str = "the transaction was rolled back: nothing of this file is in the database";
const ALONE: &str = "the statement ran outside a transaction: look at what it left";

impl Runner<'_> {
    /// Runs files as events of this action, each in a transaction of its own unless it says otherwise. With `changed`, those
    /// whose text is the one that ran last under their name are left out. Gives the names of those that ran.
    ///
    /// # Errors
    /// [`RunError`]; the files before the one that fails have run and are recorded.
    pub async fn beside(
        &mut self,
        action: &str,
        files: &[Beside],
        changed: bool,
    ) -> Result<Vec<String>, RunError> {
        let lock = self.lock().await?;
        let result = self.beside_locked(&lock, action, files, changed).await;
        self.unlock(lock, result).await
    }

    async fn beside_locked(
        &mut self,
        lock: &Lock,
        action: &str,
        files: &[Beside],
        changed: bool,
    ) -> Result<Vec<String>, RunError> {
        self.begin(lock).await?;
        let ran = match changed {
            true => self.last_of(action).await?,
            false => BTreeMap::new(),
        };
        let mut jobs = Vec::new();
        let mut problems = Vec::new();
        for Beside { name, file } in files {
            let text = file.render();
            let sha = sha256_hex(&text);
            if ran.get(name) == Some(&sha) {
                continue;
            }
            match Script::parse(file) {
                Ok(script) => jobs.push((job(name, script, text), sha)),
                Err(error) => problems.push(Problem::in_file(name, &text, &error)),
            }
        }
        if !problems.is_empty() {
            let dir = PathBuf::from(".");
            return Err(FolderError::Problems { dir, problems }.into());
        }
        for (job, _) in &jobs {
            self.options.values.check(job)?;
        }
        let mut done = Vec::new();
        for (job, sha) in &jobs {
            let started = Instant::now();
            self.tell(&Event::Started {
                label: &job.label,
                direction: job.direction,
                statements: job.script.statements(),
                transaction: !job.script.no_transaction,
            });
            if let Err(error) = self.beside_one(job, action, sha, started).await {
                self.tell(&Event::Failed {
                    label: &job.label,
                    direction: job.direction,
                });
                return Err(error);
            }
            self.tell(&Event::Finished {
                label: &job.label,
                direction: job.direction,
                took: started.elapsed(),
                waited: None,
            });
            done.push(job.label.clone());
        }
        Ok(done)
    }

    async fn beside_one(
        &mut self,
        job: &Job,
        action: &str,
        sha: &str,
        started: Instant,
    ) -> Result<(), RunError> {
        self.done = 0;
        let mut progress = Progress::default();
        if job.script.no_transaction {
            self.items(job, &mut progress, ALONE).await?;
            self.pin(false).await?;
            self.session.execute("BEGIN").await.map_err(own)?;
            let result = self.beside_recorded(job, action, sha, started).await;
            return self.end_transaction(result).await;
        }
        let mut begin = String::from("BEGIN;");
        if let Some(limit) = self.options.lock_timeout {
            begin.push_str(&format!("SET LOCAL lock_timeout = {};", limit.as_millis()));
        }
        if let Some(limit) = self.options.statement_timeout {
            let limit = limit.as_millis();
            begin.push_str(&format!("SET LOCAL statement_timeout = {limit};"));
        }
        self.session.execute(&begin).await.map_err(own)?;
        let mut result = self.items(job, &mut progress, UNCHANGED).await;
        if result.is_ok() {
            // Deferred constraints speak now, while the failure can still be told as this file's.
            let all = self.session.execute("SET CONSTRAINTS ALL IMMEDIATE").await;
            result = all.map_err(|error| {
                self.statement_error(job, self.done, 0..job.script.text.len(), error, UNCHANGED)
            });
        }
        if result.is_ok() {
            self.pin(true).await?;
            result = self.beside_recorded(job, action, sha, started).await;
        }
        self.end_transaction(result).await?;
        self.pin(false).await
    }

    async fn beside_recorded(
        &mut self,
        job: &Job,
        action: &str,
        sha: &str,
        started: Instant,
    ) -> Result<(), RunError> {
        let mut detail = serde_json::Map::new();
        detail.insert(key::SHA256.to_owned(), sha.into());
        let event = NewEvent {
            action: action.to_owned(),
            outcome: Status::Applied.word().to_owned(),
            name: Some(job.label.clone()),
            actor: self.options.actor.clone(),
            execution_time_ms: i64::try_from(started.elapsed().as_millis()).ok(),
            detail: self.noted(Some(detail)),
            ..NewEvent::default()
        };
        self.history
            .add_event(self.session, &event)
            .await
            .map_err(own)
    }

    /// The hash that ran last under each name.
    async fn last_of(&self, action: &str) -> Result<BTreeMap<String, String>, RunError> {
        let sql = format!(
            "SELECT DISTINCT ON (name) name, detail ->> {sha} FROM {events} \
             WHERE action = {action} AND outcome = {applied} AND name IS NOT NULL ORDER BY name, id DESC",
            sha = quote::literal(key::SHA256),
            events = self.history.table("events"),
            action = quote::literal(action),
            applied = quote::literal(Status::Applied.word()),
        );
        let rows = self
            .session
            .texts(&sql)
            .await
            .map_err(HistoryError::sql("read"))?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let mut cells = row.into_iter();
                Some((cells.next()??, cells.next()??))
            })
            .collect())
    }
}

/// A job without a version: its row is never written.
fn job(name: &str, script: Script, text: String) -> Job {
    Job {
        label: name.to_owned(),
        file: name.to_owned(),
        direction: Direction::Up,
        row: Row {
            service: String::new(),
            version: Version::new(""),
            depends_on: Vec::new(),
            name: name.to_owned(),
            description: None,
            group_id: None,
            part: None,
            parent_sha: None,
            up_sha: sha256_hex(&text),
            down_sha: None,
            status: Status::Running,
            direction: Direction::Up,
            statements_done: 0,
            statements_total: i32::try_from(script.statements()).unwrap_or(i32::MAX),
            backend_pid: None,
            applied_at: None,
            applied_by: None,
            actor: None,
            execution_time_ms: None,
            error_message: None,
            sqlstate: None,
            up_sql: text,
            down_sql: None,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            adopted_from: None,
        },
        script,
        skipped: false,
        also: Vec::new(),
    }
}
