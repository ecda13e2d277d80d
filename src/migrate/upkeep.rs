//! Runs that change the history more than the database: adopting files, stamping them anew, clearing up interruptions.
//!
//! The rule: as every run, under the lock and on the record; and nothing is taken for done that the catalog does not
//! show.

use super::adopted::Adoption;
use super::error::FolderError;
use super::execute::Job;
use super::failure::RunError;
use super::folder::Folder;
use super::history::{NewEvent, Row, Status, TAG, TAGGED, Tag, TagError, UNTAGGED, check_tag};
use super::lock::Lock;
use super::plan::{ApplyTo, plan_apply};
use super::resume::{Standing, decide};
use super::runner::{Event, Runner, label, own};
use super::script::Script;
use super::{Direction, Version};

impl Runner<'_> {
    /// Records the pending files up to and with `to` as already there, without running them. Gives the versions.
    pub async fn baseline(
        &mut self,
        folder: &Folder,
        to: &ApplyTo,
    ) -> Result<Vec<Version>, RunError> {
        self.record(folder, to, Status::Baseline, None).await
    }

    /// Records the pending files as applied, because what they do was done by hand: they are what was found, and their way
    /// back was proven. Gives the versions.
    pub async fn accept(&mut self, folder: &Folder) -> Result<Vec<Version>, RunError> {
        self.record(folder, &ApplyTo::Last, Status::Applied, None)
            .await
    }

    pub(super) async fn record(
        &mut self,
        folder: &Folder,
        to: &ApplyTo,
        status: Status,
        adoption: Option<&Adoption>,
    ) -> Result<Vec<Version>, RunError> {
        let lock = self.lock().await?;
        let result = self
            .record_locked(&lock, folder, to, status, adoption)
            .await;
        self.unlock(lock, result).await
    }

    async fn record_locked(
        &mut self,
        lock: &Lock,
        folder: &Folder,
        to: &ApplyTo,
        status: Status,
        adoption: Option<&Adoption>,
    ) -> Result<Vec<Version>, RunError> {
        let state = self.begin(lock).await?;
        let pending = match adoption {
            Some(Adoption {
                records_files: false,
                ..
            }) => Vec::new(),
            _ => plan_apply(folder, &state, to)?,
        };
        let mut after = state.point();
        let mut versions = Vec::new();
        let mut sql = String::from("BEGIN;\n");
        let before = sql.len();
        if let Some(adoption) = adoption {
            for statement in self.adopted_sql(adoption, folder, &state) {
                sql.push_str(&statement);
                sql.push_str(";\n");
            }
        }
        for migration in pending.iter().map(|p| p.migration) {
            let mut row = Row {
                status,
                ..self.row(migration, &state, 0)
            };
            let (action, mut message) = match status {
                Status::Applied => ("accept", Some("it was there already".to_owned())),
                _ => ("baseline", None),
            };
            if let Some((adoption, ran)) = adoption.and_then(|it| Some((it, it.of(migration)?))) {
                adoption.say(ran, &mut row);
                message = Some(adoption.words(ran));
            }
            let event = NewEvent {
                outcome: status.word().into(),
                message,
                ..self.event(action, &row)
            };
            for statement in [self.history.write_sql(&row), self.history.event_sql(&event)] {
                sql.push_str(&statement);
                sql.push_str(";\n");
            }
            versions.push(migration.version.clone());
            after.0.insert(row.service.clone(), row.version.clone());
        }
        if sql.len() > before {
            // Where no file is recorded, the schema is what it was.
            let mark = (!versions.is_empty()).then(|| after.mark()).flatten();
            let result = self.baseline_rows(&sql, mark.as_deref()).await;
            self.end_transaction(result).await?;
        }
        Ok(versions)
    }

    async fn baseline_rows(&mut self, sql: &str, mark: Option<&str>) -> Result<(), RunError> {
        self.session.execute(sql).await.map_err(own)?;
        match mark {
            Some(_) => self.take_snapshot(mark).await,
            None => Ok(()),
        }
    }

    /// Records a file as skipped, or one that was as taken back; with `snapshot`, the catalog as that of the version in it.
    pub(super) async fn skip(
        &mut self,
        job: &Job,
        snapshot: Option<Option<&str>>,
    ) -> Result<(), RunError> {
        let row = Row {
            status: job.status(),
            direction: job.direction,
            ..job.row.clone()
        };
        let event = NewEvent {
            outcome: row.status.word().into(),
            ..self.event(job.action(), &row)
        };
        let sql = format!(
            "BEGIN;\n{};\n{}",
            self.history.write_sql(&row),
            self.history.event_sql(&event)
        );
        let result = async {
            self.session.execute(&sql).await.map_err(own)?;
            match snapshot {
                Some(mark) => self.take_snapshot(mark).await,
                None => Ok(()),
            }
        };
        let result = result.await;
        self.end_transaction(result).await?;
        match job.direction {
            Direction::Up => self.tell(&Event::Skipped { label: &job.label }),
            Direction::Down => self.tell(&Event::Finished {
                label: &job.label,
                direction: job.direction,
                took: std::time::Duration::ZERO,
                waited: None,
            }),
        }
        Ok(())
    }

    /// Records that the files of applied migrations were stamped anew: the history takes their text and hashes.
    pub async fn restamped(
        &mut self,
        folder: &Folder,
        versions: &[Version],
    ) -> Result<(), RunError> {
        let lock = self.lock().await?;
        let result = self.restamped_locked(&lock, folder, versions).await;
        self.unlock(lock, result).await
    }

    async fn restamped_locked(
        &mut self,
        lock: &Lock,
        folder: &Folder,
        versions: &[Version],
    ) -> Result<(), RunError> {
        self.begin(lock).await?;
        for version in versions {
            let Some(migration) = folder.get(version) else {
                return Err(FolderError::Version {
                    version: version.to_string(),
                }
                .into());
            };
            let row = self.history.row(self.session, version).await?;
            let Some(old) = row.filter(|row| row.status.is_in()) else {
                continue;
            };
            let event = NewEvent {
                outcome: "restamped".into(),
                detail: Some(
                    serde_json::json!({ "from": old.up_sha, "to": migration.up.file.body_sha() }),
                ),
                ..self.event("restamp", &old)
            };
            let sql =
                self.history.restamp_sql(migration, &old) + ";\n" + &self.history.event_sql(&event);
            self.session.execute(&sql).await.map_err(own)?;
        }
        Ok(())
    }

    /// Gives the version that the service is at, or `at`, a name. One that stands for another version is only moved where
    /// `may_move` says so. Gives the version.
    pub async fn tag(
        &mut self,
        folder: &Folder,
        name: &str,
        at: Option<&Version>,
        may_move: bool,
    ) -> Result<Version, RunError> {
        check_tag(name)?;
        let lock = self.lock().await?;
        let result = self.tag_locked(&lock, folder, name, at, may_move).await;
        self.unlock(lock, result).await
    }

    async fn tag_locked(
        &mut self,
        lock: &Lock,
        folder: &Folder,
        name: &str,
        at: Option<&Version>,
        may_move: bool,
    ) -> Result<Version, RunError> {
        // No history is made for a name.
        if !self.history.exists() {
            return Err(TagError::Nowhere.into());
        }
        // It would be taken for a version of a service.
        let before_slash = name.split('/').next().unwrap_or_default();
        if before_slash != name && folder.service(before_slash).is_ok() {
            return Err(TagError::Name {
                name: name.to_owned(),
            }
            .into());
        }
        let state = self.begin(lock).await?;
        let version = Version::new(name);
        if folder.get(&version).is_some() || state.get(&version).is_some() {
            return Err(TagError::Name {
                name: name.to_owned(),
            }
            .into());
        }
        // Where there are services, the whole database is at a point.
        let point = (at.is_none() && folder.has_services()).then(|| state.point());
        let newest = state.as_they_came();
        let newest = newest.last().map(|row| &row.version);
        let at = at.or(newest).ok_or(TagError::Nowhere)?;
        let not_applied = || TagError::NotApplied {
            version: at.to_string(),
        };
        let row = state.get(at).filter(|row| row.status.is_in());
        let row = row.ok_or_else(not_applied)?;
        match state.tags.get(name) {
            Some(tag) if tag.version == row.version && tag.point == point => {
                return Ok(row.version.clone());
            }
            Some(tag) if !may_move => {
                return Err(TagError::Taken {
                    name: name.to_owned(),
                    version: tag.version.to_string(),
                    since: tag.at.strftime("%Y-%m-%d %H:%M").to_string(),
                }
                .into());
            }
            _ => {}
        }
        let detail = match &point {
            Some(point) => serde_json::json!({ "tag": name, "point": point }),
            None => serde_json::json!({ "tag": name }),
        };
        self.tell_tag(row, detail, TAGGED, format!("named `{name}`"))
            .await?;
        Ok(row.version.clone())
    }

    /// Takes a name away. Gives what it stood for.
    pub async fn untag(&mut self, name: &str) -> Result<Tag, RunError> {
        let lock = self.lock().await?;
        let result = self.untag_locked(&lock, name).await;
        self.unlock(lock, result).await
    }

    async fn untag_locked(&mut self, lock: &Lock, name: &str) -> Result<Tag, RunError> {
        let unknown = || TagError::Unknown {
            name: name.to_owned(),
            near: None,
        };
        if !self.history.exists() {
            return Err(unknown().into());
        }
        let state = self.begin(lock).await?;
        let tag = state.tags.get(name).ok_or_else(unknown)?;
        // The migration that it stood for may be taken back since, but its row stays.
        let row = state.get(&tag.version);
        let row = row.ok_or_else(unknown)?;
        let detail = serde_json::json!({ "tag": name });
        let words = format!("not named `{name}` any more");
        self.tell_tag(row, detail, UNTAGGED, words).await?;
        Ok(tag.clone())
    }

    async fn tell_tag(
        &mut self,
        row: &Row,
        detail: serde_json::Value,
        outcome: &str,
        message: String,
    ) -> Result<(), RunError> {
        let event = NewEvent {
            outcome: outcome.into(),
            message: Some(message),
            detail: Some(detail),
            ..self.event(TAG, row)
        };
        self.history
            .add_event(self.session, &event)
            .await
            .map_err(own)
    }

    /// Clears up what interrupted runs left: the catalog decides, and where it cannot, `done`, a person's word. Gives
    /// how many there were.
    pub async fn repair(&mut self, done: Option<bool>) -> Result<usize, RunError> {
        let lock = self.lock().await?;
        self.word = done;
        let before = self.history.state(self.session).await?;
        let running = before
            .rows
            .values()
            .filter(|row| row.status == Status::Running)
            .count();
        let result = match running {
            0 if self.options.copied_from.is_none() => Ok(()),
            _ => self.begin(&lock).await.map(|_| ()),
        };
        self.word = None;
        self.unlock(lock, result).await?;
        Ok(running)
    }

    /// Forgets how far half-run migrations came, whose rows a person took back: the next `apply` begins them anew. Gives how
    /// many there were.
    pub async fn begin_ranges_anew(&mut self) -> Result<usize, RunError> {
        let lock = self.lock().await?;
        let result = self.begin_ranges_anew_locked(&lock).await;
        self.unlock(lock, result).await
    }

    async fn begin_ranges_anew_locked(&mut self, lock: &Lock) -> Result<usize, RunError> {
        let state = self.begin(lock).await?;
        let rows: Vec<&Row> = state
            .rows
            .values()
            .filter(|row| state.is_half_run(row))
            .collect();
        for row in &rows {
            let event = NewEvent {
                outcome: row.status.word().into(),
                message: Some("what its ranges did was taken back by hand".to_owned()),
                ..self.event("repair", row)
            };
            self.session.execute("BEGIN").await.map_err(own)?;
            let result = self.forgotten(row, &event).await;
            self.end_transaction(result).await?;
        }
        Ok(rows.len())
    }

    async fn forgotten(&mut self, row: &Row, event: &NewEvent) -> Result<(), RunError> {
        self.forget_ranges(row).await?;
        let sql = self.history.event_sql(event);
        self.session.execute(&sql).await.map_err(own)
    }

    /// Makes a copy of another environment's database remember the environment that it is now, with the event that says so.
    pub(super) async fn take_copy(
        &mut self,
        from: &str,
        (environment, protected): (&str, bool),
    ) -> Result<(), RunError> {
        let event = NewEvent {
            action: "repair".to_owned(),
            outcome: "copied".to_owned(),
            actor: self.options.actor.clone(),
            message: Some(format!(
                "a copy of `{from}`, which is `{environment}` from now on"
            )),
            ..NewEvent::default()
        };
        let sql = format!(
            "{}; {}",
            self.history.set_environment(environment, protected),
            self.history.event_sql(&event)
        );
        self.session.execute("BEGIN").await.map_err(own)?;
        let result = self.session.execute(&sql).await.map_err(own);
        self.end_transaction(result).await
    }

    /// Clears up a row that an interrupted run left as `running`: the catalog decides.
    pub(super) async fn settle(&mut self, row: &Row) -> Result<(), RunError> {
        let row = self
            .history
            .row(self.session, &row.version)
            .await?
            .unwrap_or_else(|| row.clone());
        let text = match row.direction {
            Direction::Up => Some(row.up_sql.as_str()),
            Direction::Down => row.down_sql.as_deref(),
        };
        let script = text.and_then(Script::of_text);
        // Which rows are back is written down, and only a rollback goes on with it.
        let by_ranges = script.as_ref().is_some_and(|script| script.batch.is_some());
        if by_ranges && row.direction == Direction::Down && !self.goes_back {
            return Err(RunError::HalfBack {
                version: label(&row),
            });
        }
        let decision = match &script {
            Some(script) => decide(self.session, script, self.resume)
                .await
                .map_err(own)?,
            None => Standing::Unknown.into(),
        };
        let judge = if decision.standing == Standing::Unknown && self.word.is_some() {
            "a person"
        } else {
            "the catalog"
        };
        let standing = match (&decision.standing, self.word) {
            (Standing::Unknown, Some(true)) => Standing::Done,
            (Standing::Unknown, Some(false)) => Standing::NotDone,
            (standing, _) => standing.clone(),
        };
        let (status, message) = match (&standing, row.direction) {
            (Standing::Unknown, _) => {
                let statement = script
                    .as_ref()
                    .and_then(Script::first_statement)
                    .unwrap_or_default();
                return Err(RunError::Interrupted {
                    version: label(&row),
                    statement: crate::sql::secret::mask(statement),
                    who: match &decision.unanswered {
                        Some(why) => format!("its `done-when` ({why})"),
                        None => "the catalog".to_owned(),
                    },
                });
            }
            (Standing::Done, Direction::Up) => (Status::Applied, None),
            (Standing::NotDone, Direction::Up) => {
                (Status::Failed, Some("interrupted; it did not take effect"))
            }
            (Standing::Done, Direction::Down) => (Status::RolledBack, None),
            (Standing::NotDone, Direction::Down) => (self.stands_again(&row).await?, None),
        };
        for statement in &decision.cleanup {
            self.session.execute(statement).await.map_err(own)?;
        }
        if status == Status::Applied
            && row.direction == Direction::Up
            && let Some(script) = script
        {
            let job = Job {
                skipped: false,
                also: Vec::new(),
                label: label(&row),
                file: label(&row),
                direction: row.direction,
                script,
                row: row.clone(),
            };
            self.check_after(&job).await?;
        }
        let event = NewEvent {
            outcome: status.word().into(),
            message: Some(format!("an interrupted run was cleared up by {judge}")),
            ..self.event("repair", &row)
        };
        // Row and event commit together, as they do where nothing was interrupted.
        self.session.execute("BEGIN").await.map_err(own)?;
        let result = self.settled(&row, status, message, &event).await;
        self.end_transaction(result).await?;
        self.tell(&Event::Resumed {
            label: &label(&row),
            status,
        });
        Ok(())
    }

    async fn settled(
        &mut self,
        row: &Row,
        status: Status,
        message: Option<&str>,
        event: &NewEvent,
    ) -> Result<(), RunError> {
        self.history
            .set_status(self.session, row, status, Direction::Up, message)
            .await
            .map_err(own)?;
        let sql = self.history.event_sql(event);
        self.session.execute(&sql).await.map_err(own)
    }
}
