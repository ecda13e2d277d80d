//! One run of jobs in their order, and what is recorded of the database on the way.

use super::execute::Job;
use super::failure::RunError;
use super::history::State;
use super::lock::stopped;
use super::runner::{Event, Runner};
use super::watch::Watchdog;
use super::{Direction, Version};

/// How far a run has come.
struct Reached {
    state: State,
    done: Vec<Version>,
    /// Whether the newest record shows another state than this one.
    stale: bool,
}

impl Runner<'_> {
    /// Runs jobs one after another and records the catalog: that of the last one and of each group with them, that between
    /// others after them, and wherever a run ends that goes no further.
    pub(super) async fn run(
        &mut self,
        jobs: Vec<Job>,
        state: State,
    ) -> Result<Vec<Version>, RunError> {
        let mut reached = Reached {
            stale: !state.snapshot_is_current(),
            state,
            done: Vec::new(),
        };
        let result = self.run_in_order(&jobs, &mut reached).await;
        let mark = reached.state.point().mark();
        if reached.stale && mark.is_some() && (jobs.is_empty() || result.is_err()) {
            let recorded = self.snapshot_alone(mark.as_deref()).await;
            // What can't be recorded because the connection is gone is found by the next run.
            result.and(recorded)?;
        } else {
            result?;
        }
        Ok(reached.done)
    }

    async fn run_in_order(&mut self, jobs: &[Job], reached: &mut Reached) -> Result<(), RunError> {
        for job in jobs.iter().filter(|job| !job.skipped) {
            self.options.values.check(job)?;
            self.keeps_role(job)?;
        }
        for job in jobs.iter().filter(|job| !job.skipped) {
            self.same_ranges(job).await?;
            self.check_before(job).await?;
        }
        let begins = jobs.iter().position(|job| !job.skipped);
        if let Some(job) = begins.map(|at| &jobs[at]) {
            self.check_preflights(job, "nothing was run").await?;
            self.begin_watch().await?;
            if let Some(gate) = self.gate.take() {
                gate(self.session)
                    .await
                    .map_err(|(report, exit)| RunError::Gate { report, exit })?;
            }
        }
        // A database that nothing is recorded of gets its first record in the end: nobody had it before.
        let between = reached.state.snapshot.is_some() && self.snapshot.is_some();
        let Reached { state, done, stale } = reached;
        for (place, job) in jobs.iter().enumerate() {
            if stopped(self.stop.as_ref()) {
                return Err(RunError::Stopped {
                    version: None,
                    state: done_of(done.len(), jobs.len()),
                });
            }
            let next = jobs.get(place + 1);
            let ends_group = job.row.group_id.is_some()
                && next.is_none_or(|n| n.row.group_id != job.row.group_id);
            let snapshot = next.is_none() || ends_group;
            let after = job.after(state);
            if job.skipped {
                self.skip(job, snapshot.then_some(after.as_deref())).await?;
                *stale = !snapshot;
                job.leave(state);
                continue;
            }
            let where_things_stand = match done.is_empty() {
                true => "nothing was run".to_owned(),
                false => done_of(done.len(), jobs.len()),
            };
            // What an earlier file may put right is asked only when it has run.
            if begins != Some(place) {
                self.check_preflights(job, &where_things_stand).await?;
            }
            self.standbys_follow(&where_things_stand).await?;
            self.tell(&Event::Started {
                label: &job.label,
                direction: job.direction,
                statements: job.script.statements(),
                transaction: !job.script.no_transaction,
            });
            self.is_last = next.is_none() && job.direction == Direction::Up;
            let result = self
                .execute(job, snapshot.then_some(after.as_deref()))
                .await;
            self.is_last = false;
            match result {
                Ok(took) => {
                    *stale = !snapshot;
                    let waited = self.watchdog.as_ref().map(Watchdog::longest);
                    self.tell(&Event::Finished {
                        label: &job.label,
                        direction: job.direction,
                        took,
                        waited,
                    });
                }
                Err(error) => {
                    self.tell(&Event::Failed {
                        label: &job.label,
                        direction: job.direction,
                    });
                    // What can't be recorded because the connection is gone is found by the next run.
                    let _ = self.record_failure(job, &error).await;
                    return Err(error);
                }
            }
            job.leave(state);
            done.push(job.row.version.clone());
            if *stale && between {
                self.snapshot_alone(after.as_deref()).await?;
                *stale = false;
            }
        }
        if !done.is_empty() {
            self.history.stand_guard(self.session).await?;
        }
        Ok(())
    }
}

fn done_of(done: usize, jobs: usize) -> String {
    format!("{done} of {jobs} migrations are done and recorded")
}
