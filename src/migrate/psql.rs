//! The pending migrations as one script for psql, with the rows of their history, for databases that only somebody else
//! may change.
//!
//! The rule: what psql runs leaves the history as `apply` would have left it, and nothing of it runs where the history is
//! not the one that the script was made for, or while another run holds the lock.

use std::fmt::Write;

use super::execute::Job;
use super::failure::RunError;
use super::folder::Folder;
use super::history::{HistoryError, NewEvent, Row, SCRIPT_BY, State, Status};
use super::lock;
use super::plan::{ApplyTo, plan_apply};
use super::resume::decide;
use super::runner::{Runner, label, own};
use super::script::{Item, Query};
use super::{Version, sha256_hex};
use crate::pg::connect::PINNED_SETTINGS;
use crate::sql::placeholder::placeholders;
use crate::sql::quote;
use crate::sql::roles::RoleNames;

/// The psql variable that brings a session's settings back.
const PINS: &str = "schemactl_settings";

/// A script for psql.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PsqlScript {
    /// What psql runs.
    pub text: String,
    /// The migrations in it, in order.
    pub versions: Vec<Version>,
}

impl Runner<'_> {
    /// The pending migrations, as far as `to` says, as a script for psql. Reads the database and runs nothing in it.
    /// `title` is the first line, a comment. An empty script where nothing is pending.
    pub async fn psql_script(
        &mut self,
        folder: &Folder,
        to: &ApplyTo,
        title: &str,
    ) -> Result<PsqlScript, RunError> {
        if !self.history.is_current() {
            return Err(HistoryError::Upgrade {
                schema: self.history.schema().to_owned(),
            }
            .into());
        }
        let state = self.history.state(self.session).await?;
        if let Some(row) = state
            .rows
            .values()
            .find(|row| row.status == Status::Running)
        {
            return Err(RunError::ScriptRunning {
                version: label(row),
            });
        }
        let pending = plan_apply(folder, &state, to)?;
        let jobs = self.up_jobs(folder, &pending, &state).await?;
        for job in &jobs {
            refuse_values(job)?;
            self.keeps_role(job)?;
        }
        let mut text = String::new();
        if !jobs.is_empty() {
            self.beginning(&mut text, title, &state, &jobs).await?;
            for job in &jobs {
                self.one(&mut text, job).await?;
            }
            let release = lock::release_sql(self.history.schema());
            block(&mut text, &format!("PERFORM {release};"));
            text.push_str(
                "\\echo done. next: schemactl apply (records the catalog, runs nothing)\n",
            );
        }
        Ok(PsqlScript {
            text,
            versions: jobs.into_iter().map(|job| job.row.version).collect(),
        })
    }

    /// What stands before the migrations: psql's manners, the lock, the history that must be there, what must hold.
    async fn beginning(
        &mut self,
        text: &mut String,
        title: &str,
        state: &State,
        jobs: &[Job],
    ) -> Result<(), RunError> {
        comment(text, title);
        text.push_str(
            "-- Run it as the role that applies:  psql -X -f FILE DATABASE\n\
             -- It stops at the first error. What ran until then is recorded, and a new script goes on there.\n",
        );
        for job in jobs {
            let alone = match job.script.no_transaction {
                true => "   no transaction",
                false => "",
            };
            comment(text, &format!("  {}{alone}", job.label));
            for hazard in job_hazards(job) {
                comment(text, &format!("      {hazard}"));
            }
        }
        text.push_str(
            "\n\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off\n\\set AUTOCOMMIT on\n\\set QUIET on\n",
        );
        let mut pins = match self.session.role() {
            Some(role) => format!("SET ROLE {}; ", quote::ident(role)),
            None => String::from("RESET ROLE; "),
        };
        let major = self.session.major();
        for setting in PINNED_SETTINGS.iter().filter(|it| it.since <= major) {
            let _ = write!(
                pins,
                "SET {} = {}; ",
                setting.name,
                quote::literal(setting.value)
            );
        }
        // psql reads a doubled quote in a quoted argument as SQL does.
        let pins = quote::inside_literal(pins.trim_end());
        let quoted = ["\\set ", PINS, " '", &pins, "'\n:", PINS, "\n"].concat();
        text.push_str(&quoted);
        text.push_str("SET client_encoding = UTF8;\n\n");
        let schema = self.history.schema().to_owned();
        raise_unless(
            text,
            &lock::try_sql(&schema),
            "another schemactl works on this database",
        );
        self.same_history(text, state);
        if !self.history.exists() {
            let create = self.history.create_sql(self.session).await?;
            let _ = write!(text, "BEGIN;\n{create}\nCOMMIT;\n");
        }
        if let Some((environment, protected)) = &self.options.environment
            && let Some(sql) = self.history.remember_sql(state, environment, *protected)?
        {
            let _ = writeln!(text, "{sql};");
        }
        for job in jobs.iter().filter(|job| !job.skipped) {
            for query in &job.script.before {
                truth(
                    text,
                    job,
                    query,
                    "what must hold before the migration does not",
                );
            }
        }
        Ok(())
    }

    /// Stops where the history is another one than the script was made for.
    fn same_history(&self, text: &mut String, state: &State) {
        let stale = "the history is not the one that this script was made for: make it anew";
        let table = self.history.table("migrations");
        if !self.history.exists() {
            let none = format!("pg_catalog.to_regclass({}) IS NULL", quote::literal(&table));
            raise_unless(text, &none, stale);
            return;
        }
        let mut rows: Vec<&Row> = state.rows.values().collect();
        rows.sort_by_key(|row| (row.service.as_str(), row.version.as_str()));
        let lines: Vec<String> = rows
            .iter()
            .map(|row| {
                let (service, version) = (&row.service, row.version.as_str());
                format!("{service} {version} {} {}", row.status.word(), row.up_sha)
            })
            .collect();
        let same = format!(
            "(SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(coalesce(pg_catalog.string_agg(\
             service || {space} || version || {space} || status || {space} || up_sha, pg_catalog.chr(10) \
             ORDER BY service COLLATE pg_catalog.{c}, version COLLATE pg_catalog.{c}), \
             {nothing}), {utf8})), {hex}) FROM {table}) = {hash}",
            space = quote::literal(" "),
            c = quote::ident("C"),
            nothing = quote::literal(""),
            utf8 = quote::literal("UTF8"),
            hex = quote::literal("hex"),
            hash = quote::literal(&sha256_hex(&lines.join("\n"))),
        );
        raise_unless(text, &same, stale);
    }

    async fn one(&mut self, text: &mut String, job: &Job) -> Result<(), RunError> {
        text.push('\n');
        comment(text, &job.label);
        let _ = writeln!(text, "\\echo {}", psql_word(&job.label));
        let row = Row {
            status: job.status(),
            // Who runs it, the server knows.
            actor: None,
            statements_done: if job.skipped {
                0
            } else {
                job.row.statements_total
            },
            ..job.row.clone()
        };
        let event = NewEvent {
            outcome: row.status.word().into(),
            message: Some(match &self.options.actor {
                Some(actor) => format!("by a script for psql that {actor} made"),
                None => "by a script for psql".to_owned(),
            }),
            detail: self.noted(self.options.actor.as_ref().map(|actor| {
                serde_json::Map::from_iter([(SCRIPT_BY.to_owned(), actor.clone().into())])
            })),
            actor: None,
            ..self.event(job.action(), &row)
        };
        let record = format!(
            "{};\n{};\n",
            self.history.write_sql(&row),
            self.history.event_sql(&event)
        );
        if job.skipped {
            comment(
                text,
                "skipped: there was no drift to correct when this was written",
            );
            let _ = write!(text, "BEGIN;\n{record}COMMIT;\n");
            return Ok(());
        }
        for query in &job.script.preflights {
            none_in_the_way(text, job, query);
        }
        if job.script.no_transaction {
            let before = self.history.row(self.session, &job.row.version).await?;
            if before.is_some_and(|row| row.status == Status::Failed) {
                let decision = decide(self.session, &job.script, self.resume)
                    .await
                    .map_err(own)?;
                for statement in decision.cleanup {
                    let _ = writeln!(text, "{statement};");
                }
            }
            let running = Row {
                status: Status::Running,
                statements_done: 0,
                ..row.clone()
            };
            let _ = writeln!(text, "{};", self.history.write_sql(&running));
            items(text, job, self.session.role_names());
            let _ = write!(text, ":{PINS}\nBEGIN;\n{record}COMMIT;\n");
        } else {
            text.push_str("BEGIN;\n");
            for (name, limit) in [
                ("lock_timeout", self.options.lock_timeout),
                ("statement_timeout", self.options.statement_timeout),
            ] {
                if let Some(limit) = limit {
                    let _ = writeln!(text, "SET LOCAL {name} = {};", limit.as_millis());
                }
            }
            items(text, job, self.session.role_names());
            let _ = write!(
                text,
                "SET CONSTRAINTS ALL IMMEDIATE;\n:{PINS}\n{record}COMMIT;\n"
            );
        }
        Ok(())
    }
}

/// The statements and directives of a file, in order.
fn items(text: &mut String, job: &Job, names: &RoleNames) {
    for item in &job.script.items {
        match item {
            Item::Statement(range) => {
                let sql = &job.script.text[range.clone()];
                let sent = names.sent(sql).map(|(sent, _)| sent);
                let _ = writeln!(text, "{}\n;", sent.as_deref().unwrap_or(sql));
            }
            Item::Verify(query) => truth(text, job, query, "the check is not true"),
            Item::Report(query) => {
                let _ = writeln!(text, "{}\n;", query.sql);
            }
        }
    }
}

/// Stops where a preflight counts something, as a run does.
fn none_in_the_way(text: &mut String, job: &Job, query: &Query) {
    let message = quote::literal(&format!("{}: ", job.file));
    let example = quote::literal(", for example ");
    let _ = writeln!(
        text,
        "DO {};",
        quote::dollar(&format!(
            "DECLARE n bigint; what text; example text; BEGIN \
             BEGIN EXECUTE {} INTO n, what, example; EXCEPTION WHEN others THEN n := 0; END; \
             IF n > 0 THEN RAISE EXCEPTION USING MESSAGE = {message} || n || {space} || coalesce(what, {rows}) || coalesce({example} || example, {none}); \
             END IF; END",
            quote::literal(&query.sql),
            space = quote::literal(" "),
            rows = quote::literal("rows"),
            none = quote::literal("")
        ))
    );
}

/// Stops where a query does not give one true, as a run does.
fn truth(text: &mut String, job: &Job, query: &Query, what: &str) {
    let is_true = format!(
        "coalesce((\n{}\n)::pg_catalog.text, {}) IN ({}, {})",
        query.sql,
        quote::literal(""),
        quote::literal("t"),
        quote::literal("true")
    );
    raise_unless(
        text,
        &is_true,
        &format!("{}:{}: {what}", job.file, query.line),
    );
}

fn raise_unless(text: &mut String, condition: &str, message: &str) {
    // `%` in a message of RAISE is a place for a value.
    let message = quote::literal(&message.replace('%', "%%"));
    block(
        text,
        &format!("IF ({condition}) IS NOT TRUE THEN RAISE EXCEPTION {message}; END IF;"),
    );
}

fn block(text: &mut String, body: &str) {
    let _ = writeln!(text, "DO {};", quote::dollar(&format!("BEGIN {body} END")));
}

/// A line that psql and the server pass over, whatever stands in it.
fn comment(text: &mut String, line: &str) {
    let line: String = line
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let _ = writeln!(text, "-- {line}");
}

/// A text as one argument of a psql command.
fn psql_word(text: &str) -> String {
    let safe = |letter: &char| letter.is_alphanumeric() || "_-./".contains(*letter);
    text.chars().filter(safe).collect()
}

fn job_hazards(job: &Job) -> Vec<String> {
    let file = super::MigrationFile::parse(&job.row.up_sql);
    let of = |file: &super::MigrationFile| {
        let hazards = file.header().all("hazard");
        hazards.map(str::to_owned).collect()
    };
    file.as_ref().map(of).unwrap_or_default()
}

/// A value of the environment must not stand in a file.
fn refuse_values(job: &Job) -> Result<(), RunError> {
    for item in &job.script.items {
        let Item::Statement(range) = item else {
            continue;
        };
        let places = placeholders(&job.script.text[range.clone()]);
        if let Some((place, name)) = places.first() {
            let before = &job.script.text[..range.start + place.start];
            return Err(RunError::ScriptValue {
                file: job.file.clone(),
                line: before.matches('\n').count() + 1,
                variable: (*name).to_owned(),
            });
        }
    }
    Ok(())
}
