//! What another tool ran, as rows and events of the history.
//!
//! The rule: an adopted history is a chain of its own. Its rows have the other tool's table as `service`, so that no version of
//! it is ever taken for one of the project's files; only where a file of the project is what ran, the row is that file's.

use std::collections::BTreeSet;

use super::folder::{Folder, Migration};
use super::history::{NewEvent, Row, State, Status};
use super::plan::ApplyTo;
use super::runner::Runner;
use super::{Direction, RunError, Version, sha256_hex};

/// A migration that another tool ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    /// Its version, as the tool writes it.
    pub version: String,
    /// Its name.
    pub name: String,
    /// What the tool says of it.
    pub description: Option<String>,
    /// When it ran.
    pub applied_at: Option<jiff::Timestamp>,
    /// Who ran it.
    pub applied_by: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: Option<i64>,
    /// What ran, where its file is there.
    pub up: Option<String>,
    /// The way back, where its file is there.
    pub down: Option<String>,
}

/// Another tool's history, as it is to be recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adoption {
    /// Its table: `public.schema_migrations`.
    pub table: String,
    /// The tool's name.
    pub tool: String,
    /// What it ran, oldest first.
    pub ran: Vec<Ran>,
    /// Whether the table says only where the database stands.
    pub only_last: bool,
    /// Whether files of the project are what it ran: a row of theirs stands for the migration of the same version.
    pub is_of_files: bool,
    /// Whether pending files of the project are recorded too.
    pub records_files: bool,
}

impl Adoption {
    /// What ran of a file of the project.
    pub fn of(&self, migration: &Migration) -> Option<&Ran> {
        let mut ran = self.ran.iter();
        let number = migration.version.as_str();
        ran.find(|ran| self.is_of_files && Version::new(&*ran.version) == Version::new(number))
    }

    /// What the row of a file says of who ran it.
    pub(super) fn say(&self, ran: &Ran, row: &mut Row) {
        row.adopted_from = Some(self.tool.clone());
        row.applied_at = ran.applied_at;
        row.applied_by.clone_from(&ran.applied_by);
        row.execution_time_ms = ran.took_ms;
    }

    /// `Flyway ran it 2024-01-03 10:00, says public.flyway_schema_history`.
    pub(super) fn words(&self, ran: &Ran) -> String {
        let at = ran
            .applied_at
            .map(|at| format!(" {}", at.strftime("%Y-%m-%d %H:%M")));
        let by = ran.applied_by.as_ref().map(|by| format!(" by {by}"));
        format!(
            "ran{}{} with {}, as {} says",
            at.unwrap_or_default(),
            by.unwrap_or_default(),
            self.tool,
            self.table
        )
    }

    /// The version of its chain.
    fn version(&self, ran: &Ran) -> Version {
        Version::new(&*ran.version).of(&self.table)
    }

    fn row(&self, ran: &Ran) -> Row {
        let up = ran.up.clone().unwrap_or_default();
        Row {
            service: self.table.clone(),
            version: self.version(ran),
            depends_on: Vec::new(),
            name: ran.name.clone(),
            description: ran.description.clone(),
            group_id: None,
            part: None,
            parent_sha: None,
            up_sha: sha256_hex(&up),
            down_sha: ran.down.as_deref().map(sha256_hex),
            status: Status::Baseline,
            direction: Direction::Up,
            statements_done: 0,
            statements_total: 0,
            backend_pid: None,
            applied_at: ran.applied_at,
            applied_by: ran.applied_by.clone(),
            actor: None,
            execution_time_ms: ran.took_ms,
            error_message: None,
            sqlstate: None,
            up_sql: up,
            down_sql: ran.down.clone(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            adopted_from: Some(self.tool.clone()),
        }
    }

    /// What is not recorded yet, or not as it is said now; and the rows of what is not there any more. `folder` are the
    /// project's files.
    pub fn news<'s>(&self, folder: &Folder, state: &'s State) -> (Vec<&Ran>, Vec<&'s Row>) {
        let is_a_file = |ran: &&Ran| {
            let mut files = folder.migrations().iter();
            files.any(|it| self.of(it) == Some(*ran))
        };
        let own: Vec<&Ran> = self.ran.iter().filter(|ran| !is_a_file(ran)).collect();
        let known = |ran: &&&Ran| {
            let row = state.others.get(&self.version(ran));
            row.is_some_and(|row| {
                let now = self.row(ran);
                // Without files nothing new is known of the texts.
                let same_text = ran.up.is_none() || row.up_sha == now.up_sha;
                let same_name = ran.name.is_empty() || row.name == ran.name;
                row.status == Status::Baseline && same_text && same_name
            })
        };
        let new = own.iter().filter(|ran| !known(ran)).copied().collect();
        let versions: BTreeSet<Version> = own.iter().map(|ran| self.version(ran)).collect();
        let gone = state.others.values().filter(|row| {
            let is_of_it = row.service == self.table && row.status.is_in();
            // What says only where it stands says nothing of what was before.
            let is_before =
                || self.only_last && versions.last().is_some_and(|it| row.version < *it);
            is_of_it && !versions.contains(&row.version) && !is_before()
        });
        (new, gone.collect())
    }
}

impl State {
    /// What other tools ran, by their tables; in the order in which it ran, as far as that is known.
    pub fn adopted(&self) -> Vec<(&str, Vec<&Row>)> {
        let mut found: Vec<(&str, Vec<&Row>)> = Vec::new();
        for row in self.others.values() {
            match found.last_mut() {
                Some((table, rows)) if *table == row.service => rows.push(row),
                _ => found.push((&row.service, vec![row])),
            }
        }
        for (_, rows) in &mut found {
            // Stable: what has no date stays in the order of the versions.
            if rows.iter().all(|row| row.applied_at.is_some()) {
                rows.sort_by_key(|row| row.applied_at);
            }
        }
        found
    }
}

impl Runner<'_> {
    /// Records what another tool ran, in one transaction with the pending files that are there already, as far as `to`. Gives
    /// the versions of the files.
    pub async fn adopt(
        &mut self,
        folder: &Folder,
        to: &ApplyTo,
        adoption: &Adoption,
    ) -> Result<Vec<Version>, RunError> {
        self.record(folder, to, Status::Baseline, Some(adoption))
            .await
    }

    /// The statements that record what is new in another tool's history.
    pub(super) fn adopted_sql(
        &self,
        adoption: &Adoption,
        folder: &Folder,
        state: &State,
    ) -> Vec<String> {
        let (new, gone) = adoption.news(folder, state);
        let mut statements = Vec::new();
        for ran in new {
            let mut row = adoption.row(ran);
            // A version is one row, also where it is spelled with another width now.
            if let Some(known) = state.others.get(&row.version) {
                row.version.clone_from(&known.version);
            }
            let event = NewEvent {
                outcome: "adopted".into(),
                message: Some(adoption.words(ran)),
                execution_time_ms: ran.took_ms,
                ..self.event("baseline", &row)
            };
            statements.push(self.history.write_sql(&row));
            statements.push(self.history.event_sql(&event));
        }
        for row in gone {
            let event = NewEvent {
                outcome: Status::RolledBack.word().into(),
                message: Some(format!("{} does not have it any more", adoption.table)),
                ..self.event("baseline", row)
            };
            statements.push(self.history.gone_sql(row));
            statements.push(self.history.event_sql(&event));
        }
        statements
    }
}
