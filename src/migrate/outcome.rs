//! What is written down after a file ran or failed: its row, the event, the catalog.
//!
//! The rule: what the file changed in the session is put back first, so that what is recorded does not depend on it.

use super::Direction;
use super::execute::{Job, Progress};
use super::failure::RunError;
use super::history::{NewEvent, Row, Status};
use super::resume::{Standing, decide};
use super::runner::{Runner, own};
use crate::pg::connect::PINNED_SETTINGS;
use crate::sql::quote;
use std::time::Instant;

impl Runner<'_> {
    /// Brings every pinned setting and the role back to what the session began with: a file may change them, and what
    /// is printed and recorded afterwards must not depend on it.
    pub(super) async fn pin(&mut self, local: bool) -> Result<(), RunError> {
        let major = self.session.major();
        let mut sql = String::from("SELECT ");
        let role = self.role.as_deref().unwrap_or("none");
        sql.push_str(&format!(
            "pg_catalog.set_config({}, {}, {local})",
            quote::literal("role"),
            quote::literal(role)
        ));
        for setting in PINNED_SETTINGS
            .iter()
            .filter(|setting| setting.since <= major)
        {
            // These three belong to the beginning of a transaction.
            if local && setting.name.starts_with("default_transaction") {
                continue;
            }
            sql.push_str(&format!(
                ", pg_catalog.set_config({}, {}, {local})",
                quote::literal(setting.name),
                quote::literal(setting.value)
            ));
        }
        self.session.execute(&sql).await.map_err(own)
    }

    pub(super) async fn record_success(
        &mut self,
        job: &Job,
        progress: &Progress,
        started: Instant,
    ) -> Result<(), RunError> {
        let took = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        match job.direction {
            Direction::Up => {
                let row = Row {
                    status: Status::Applied,
                    statements_done: job.row.statements_total,
                    execution_time_ms: Some(took),
                    ..job.row.clone()
                };
                self.history.write(self.session, &row).await.map_err(own)?;
            }
            Direction::Down => {
                self.history
                    .set_status(
                        self.session,
                        &job.row,
                        Status::RolledBack,
                        Direction::Down,
                        None,
                    )
                    .await
                    .map_err(own)?;
            }
        }
        for row in &job.also {
            self.history
                .set_status(self.session, row, Status::RolledBack, Direction::Down, None)
                .await
                .map_err(own)?;
            let event = NewEvent {
                outcome: job.status().word().to_owned(),
                ..self.event(job.action(), row)
            };
            self.history
                .add_event(self.session, &event)
                .await
                .map_err(own)?;
        }
        self.forget_progress(job).await?;
        let reports = (!progress.reports.is_empty()).then(|| {
            let reports = serde_json::Value::from(progress.reports.clone());
            serde_json::Map::from_iter([("reports".to_owned(), reports)])
        });
        let event = NewEvent {
            outcome: job.status().word().to_owned(),
            execution_time_ms: Some(took),
            detail: self.noted(reports),
            ..self.event(job.action(), &job.row)
        };
        self.history
            .add_event(self.session, &event)
            .await
            .map_err(own)
    }

    /// Records a failure after the rollback, in a transaction of its own.
    pub(super) async fn record_failure(
        &mut self,
        job: &Job,
        error: &RunError,
    ) -> Result<(), RunError> {
        let (message, sqlstate) = error.record();
        let alone = job.script.no_transaction;
        // Outside a transaction the catalog is asked first: DROP INDEX may have left the index as it was.
        let stands = if alone && job.direction == Direction::Down && self.done == 0 {
            let decision = decide(self.session, &job.script, self.resume)
                .await
                .map_err(own)?;
            // What ran of it by ranges stands, and only a rollback goes on with it.
            match decision == Standing::NotDone.into()
                && !self.ranges_ran(&job.row, Direction::Down).await?
            {
                true => Some(self.stands_again(&job.row).await?),
                false => None,
            }
        } else {
            None
        };
        self.session.execute("BEGIN").await.map_err(own)?;
        let result = self
            .failure_rows(job, stands, &message, sqlstate.as_deref())
            .await;
        self.end_transaction(result).await
    }

    /// What a migration is again whose way back did not take effect: applied, or half run as it was.
    pub(super) async fn stands_again(&mut self, row: &Row) -> Result<Status, RunError> {
        Ok(match self.ranges_ran(row, Direction::Up).await? {
            true => Status::Failed,
            false => Status::Applied,
        })
    }

    async fn failure_rows(
        &mut self,
        job: &Job,
        stands: Option<Status>,
        message: &str,
        sqlstate: Option<&str>,
    ) -> Result<(), RunError> {
        match job.direction {
            // The statement is done, what follows it failed: the row stays `running`, and the next run goes on there.
            Direction::Up if job.script.no_transaction && self.done > 0 => {}
            Direction::Up => {
                let row = Row {
                    status: Status::Failed,
                    statements_done: i32::try_from(self.done).unwrap_or(i32::MAX),
                    error_message: Some(message.to_owned()),
                    sqlstate: sqlstate.map(str::to_owned),
                    ..job.row.clone()
                };
                self.history.write(self.session, &row).await.map_err(own)?;
            }
            Direction::Down => {
                if let Some(status) = stands {
                    self.history
                        .set_status(self.session, &job.row, status, Direction::Up, None)
                        .await
                        .map_err(own)?;
                }
            }
        }
        let event = NewEvent {
            outcome: "failed".into(),
            message: Some(message.to_owned()),
            sqlstate: sqlstate.map(str::to_owned),
            ..self.event(job.action(), &job.row)
        };
        self.history
            .add_event(self.session, &event)
            .await
            .map_err(own)
    }

    /// The catalog as it is now, in a transaction of its own.
    pub(super) async fn snapshot_alone(&mut self, mark: Option<&str>) -> Result<(), RunError> {
        if self.snapshot.is_none() {
            return Ok(());
        }
        self.session.execute("BEGIN").await.map_err(own)?;
        let result = self.take_snapshot(mark).await;
        self.end_transaction(result).await
    }

    pub(super) async fn take_snapshot(&mut self, mark: Option<&str>) -> Result<(), RunError> {
        if let Some(hook) = self.end.filter(|_| self.is_last) {
            hook(self.session)
                .await
                .map_err(|(report, exit)| RunError::Gate { report, exit })?;
        }
        let Some(hook) = self.snapshot else {
            return Ok(());
        };
        self.so_far.reach(mark);
        let snapshot = hook(self.session, &self.so_far)
            .await
            .map_err(|(report, exit)| RunError::Snapshot { report, exit })?;
        self.history
            .add_snapshot(self.session, mark, &snapshot)
            .await
            .map_err(own)
    }
}
