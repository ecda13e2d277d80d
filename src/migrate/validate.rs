//! Checks around a file: the rows of the tables that it touches before and after, and at the end of a run or a group that
//! foreign keys and indexes are valid and that own queries are true.
//!
//! The rule: they look inside the file's transaction before it commits, so that what they find takes the file back.

use std::collections::{BTreeMap, BTreeSet};

use super::Direction;
use super::execute::{Job, untrue};
use super::failure::RunError;
use super::history::first;
use super::runner::{Event, Runner, own};
use crate::model::QualifiedName;
use crate::pg::connect::Notice;
use crate::sql::quote;

/// Whether and how rows are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChecks {
    /// Tables under this many rows are counted; of the others only what the transaction itself adds and deletes is known.
    pub exact_below: i64,
    /// The tables whose rows may change, `auth.users`.
    pub allowed: Vec<String>,
}

/// What is checked around each file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// That tables keep their rows.
    pub rows: Option<RowChecks>,
    /// That no foreign key is left unvalidated.
    pub foreign_keys: bool,
    /// That no index is left invalid.
    pub indexes: bool,
    /// Queries that must give one true, by name.
    pub queries: Vec<(String, String)>,
    /// The tables that a file touches, by its label.
    pub touched: BTreeMap<String, Vec<QualifiedName>>,
}

/// What was there before a file ran.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// The rows of counted tables, by oid.
    counts: BTreeMap<String, i64>,
    /// What the session had added and deleted until then, by oid of every table that was there.
    changes: BTreeMap<String, i64>,
}

const ROLLED_BACK: &str =
    "the transaction was rolled back: the database is as it was before this migration";
const ALONE: &str =
    "the statement ran outside a transaction and can't be taken back: mend it, and run it again";

impl Runner<'_> {
    /// Counts the rows of the tables that a file touches, and keeps others from writing to them until it is done: a row that
    /// comes meanwhile would look like one of the file's.
    pub(super) async fn rows_before(&mut self, job: &Job) -> Result<Option<Before>, RunError> {
        let checks = &self.options.validators;
        let Some(rows) = checks.rows.clone() else {
            return Ok(None);
        };
        if job.direction == Direction::Down {
            return Ok(None);
        }
        let touched = checks.touched.get(&job.label).cloned().unwrap_or_default();
        let mut before = Before {
            changes: self.changes().await?,
            ..Before::default()
        };
        let small = self.small(&touched, rows.exact_below).await?;
        if !small.is_empty() {
            let names: Vec<&str> = small.iter().map(|(_, name)| name.as_str()).collect();
            let lock = format!("LOCK TABLE {} IN SHARE MODE", names.join(", "));
            self.session.execute(&lock).await.map_err(own)?;
        }
        for (oid, name) in small {
            if let Some(count) = self.count(&name).await? {
                before.counts.insert(oid, count);
            }
        }
        Ok(Some(before))
    }

    /// The touched tables that are small enough to be counted: oid and quoted name.
    async fn small(
        &mut self,
        touched: &[QualifiedName],
        below: i64,
    ) -> Result<Vec<(String, String)>, RunError> {
        if touched.is_empty() {
            return Ok(Vec::new());
        }
        // Where nothing was analyzed yet, pages are counted for fifty rows each.
        let sql = format!(
            "SELECT c.oid, c.oid::pg_catalog.regclass::text FROM pg_catalog.pg_class c \
             WHERE c.oid IN ({}) AND c.relkind IN ('r', 'p') \
             AND pg_catalog.has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE') AND (SELECT coalesce(sum(\
             CASE WHEN l.relpages > 0 AND l.reltuples >= 0 THEN l.reltuples::float8 * s.pages / l.relpages ELSE s.pages * 50 END), 0) \
             FROM pg_catalog.pg_partition_tree(c.oid) t JOIN pg_catalog.pg_class l ON l.oid = t.relid \
             CROSS JOIN LATERAL (SELECT pg_catalog.pg_relation_size(l.oid)::float8 \
             / pg_catalog.current_setting('block_size')::int4 AS pages) s WHERE t.isleaf) < {below} ORDER BY 2",
            quote::oids(touched)
        );
        let rows = self.session.texts(&sql).await.map_err(own)?;
        let pair = |row: Vec<Option<String>>| {
            let mut cells = row.into_iter();
            Some((cells.next()??, cells.next()??))
        };
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    /// The rows of a table, policies or not; none where this role may not see them all.
    async fn count(&mut self, name: &str) -> Result<Option<i64>, RunError> {
        self.session
            .execute("SAVEPOINT schemactl_count; SET LOCAL row_security = off")
            .await
            .map_err(own)?;
        let counted = self
            .session
            .texts(&format!("SELECT pg_catalog.count(*) FROM {name}"))
            .await;
        let back = "ROLLBACK TO SAVEPOINT schemactl_count; RELEASE SAVEPOINT schemactl_count";
        self.session.execute(back).await.map_err(own)?;
        match counted {
            Ok(rows) => Ok(first(&rows).and_then(|count| count.parse().ok())),
            Err(error) if error.is(&["42501"]) => {
                self.tell(&Event::Notice(&Notice {
                    severity: "WARNING".to_owned(),
                    code: error.sqlstate.clone().unwrap_or_default(),
                    message: format!("the rows of {name} are not counted: {}", error.message),
                    detail: error.detail,
                    hint: None,
                    where_: None,
                }));
                Ok(None)
            }
            Err(error) => Err(own(error)),
        }
    }

    /// What this session has added and deleted and not yet reported, by the oid of every table.
    async fn changes(&mut self) -> Result<BTreeMap<String, i64>, RunError> {
        let history = quote::literal(self.history.schema());
        let sql = format!(
            "SELECT relid, n_tup_ins - n_tup_del FROM pg_catalog.pg_stat_xact_user_tables WHERE schemaname <> {history}"
        );
        let rows = self.session.texts(&sql).await.map_err(own)?;
        let pair = |row: Vec<Option<String>>| {
            let mut cells = row.into_iter();
            Some((cells.next()??, cells.next()??.parse().ok()?))
        };
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    /// Looks at what a file left, before it commits; `ends`: it is the last of the run or of its group, so that nothing may be
    /// half done.
    pub(super) async fn validate(
        &mut self,
        job: &Job,
        before: Option<&Before>,
        ends: bool,
    ) -> Result<(), RunError> {
        if job.direction == Direction::Down {
            return Ok(());
        }
        let mut found = Vec::new();
        if let Some(before) = before {
            self.rows_after(before, &mut found).await?;
        }
        if ends {
            self.standing(job, &mut found).await?;
        }
        if found.is_empty() {
            return Ok(());
        }
        Err(RunError::Validate {
            file: job.file.clone(),
            found,
            state: if job.script.no_transaction {
                ALONE
            } else {
                ROLLED_BACK
            }
            .to_owned(),
        })
    }

    async fn rows_after(
        &mut self,
        before: &Before,
        found: &mut Vec<String>,
    ) -> Result<(), RunError> {
        let allowed = match &self.options.validators.rows {
            Some(rows) => rows.allowed.clone(),
            None => Vec::new(),
        };
        let is_allowed = |name: &str| {
            allowed
                .iter()
                .any(|allowed| allowed == name || quoted(allowed).as_deref() == Some(name))
        };
        let mut counted = BTreeSet::new();
        for (oid, was) in &before.counts {
            let sql = format!(
                "SELECT c.oid::pg_catalog.regclass::text, (SELECT pg_catalog.string_agg(t.relid::oid::text, ' ') \
                 FROM pg_catalog.pg_partition_tree(c.oid) t) FROM pg_catalog.pg_class c WHERE c.oid = {oid}"
            );
            let rows = self.session.texts(&sql).await.map_err(own)?;
            counted.insert(oid.clone());
            // One that was dropped was asked for by name.
            let Some(name) = first(&rows).map(str::to_owned) else {
                continue;
            };
            let parts = rows[0].get(1).cloned().flatten().unwrap_or_default();
            counted.extend(parts.split(' ').map(str::to_owned));
            let Some(now) = self.count(&name).await? else {
                continue;
            };
            if now != *was && !is_allowed(&name) {
                found.push(format!("{name}: {was} rows before, {now} after"));
            }
        }
        for (oid, now) in self.changes().await? {
            let Some(was) = before.changes.get(&oid) else {
                continue;
            };
            let more = now - was;
            if more == 0 || counted.contains(&oid) {
                continue;
            }
            let sql = format!("SELECT {oid}::pg_catalog.regclass::text");
            let rows = self.session.texts(&sql).await.map_err(own)?;
            let name = first(&rows).unwrap_or_default();
            if !is_allowed(name) {
                let word = if more < 0 { "fewer" } else { "more" };
                found.push(format!("{name}: {} rows {word} than before", more.abs()));
            }
        }
        Ok(())
    }

    /// What must hold at the end.
    async fn standing(&mut self, job: &Job, found: &mut Vec<String>) -> Result<(), RunError> {
        if self.options.validators.foreign_keys {
            // From 18 on one may be declared as not enforced: then nobody asks.
            let enforced = match self.session.major() {
                18.. => " AND k.conenforced",
                _ => "",
            };
            let sql = format!(
                "SELECT k.conrelid::pg_catalog.regclass::text || '.' || pg_catalog.quote_ident(k.conname) \
                 FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND NOT k.convalidated AND k.conparentid = 0{enforced} ORDER BY 1"
            );
            self.each(&sql, "foreign key", found).await?;
        }
        if self.options.validators.indexes {
            // One that somebody builds just now is not finished, and not wrong.
            let sql = "SELECT i.indexrelid::pg_catalog.regclass::text FROM pg_catalog.pg_index i \
                 WHERE NOT (i.indisvalid AND i.indisready) AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p \
                 WHERE p.index_relid = i.indexrelid) ORDER BY 1";
            self.each(sql, "index", found).await?;
        }
        // It may look at everything, and change nothing.
        let (begin, end) = match job.script.no_transaction {
            true => ("BEGIN READ ONLY", "ROLLBACK"),
            false => (
                "SAVEPOINT schemactl_query; SET LOCAL transaction_read_only = on",
                "ROLLBACK TO SAVEPOINT schemactl_query; RELEASE SAVEPOINT schemactl_query",
            ),
        };
        for (name, query) in self.options.validators.queries.clone() {
            self.session.execute(begin).await.map_err(own)?;
            let got = match self.session.client().simple_query(&query).await {
                Ok(messages) => untrue(&messages),
                Err(error) => {
                    let error = self.session.sql_error(&error, &query);
                    if error.connection_lost() {
                        return Err(own(error));
                    }
                    found.push(format!("`{name}` can't be asked: {}", error.message));
                    None
                }
            };
            self.session.execute(end).await.map_err(own)?;
            if let Some(got) = got {
                found.push(format!("`{name}` gave {got}"));
            }
        }
        Ok(())
    }

    async fn each(
        &mut self,
        sql: &str,
        what: &str,
        found: &mut Vec<String>,
    ) -> Result<(), RunError> {
        let rows = self.session.texts(sql).await.map_err(own)?;
        let names = rows.into_iter().flatten().flatten();
        found.extend(names.map(|name| format!("{what} {name} is not valid")));
        Ok(())
    }
}

/// `auth.Users` as PostgreSQL prints it.
fn quoted(name: &str) -> Option<String> {
    let (schema, name) = name.split_once('.')?;
    Some(quote::qualified(schema, name))
}
