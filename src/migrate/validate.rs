//! Checks around a file: the rows of the tables that it touches before and after, and at the end of a run or a group that
//! foreign keys and indexes are valid and that own queries are true.
//!
//! The rule: they look inside the file's transaction before it commits, so that what they find takes the file back. A table
//! that was emptied, written anew, dropped or exchanged shows in the catalog; where nobody counted it before, the
//! transaction is taken back and run again with it counted.

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

/// The tables whose rows a file may change, by what its statements say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TouchedRows {
    /// All of them.
    pub names: BTreeSet<QualifiedName>,
    /// Those that are written anew or emptied: counted whatever their size.
    pub anew: BTreeSet<QualifiedName>,
    /// Those that are dropped: a person was asked for that.
    pub dropped: BTreeSet<QualifiedName>,
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
    pub touched: BTreeMap<String, TouchedRows>,
}

/// A table as the catalog has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    /// Its quoted name with the schema.
    name: String,
    /// The number of its file: another one holds other rows.
    file: String,
}

/// What was there before a file ran.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// Every table, by oid.
    tables: BTreeMap<String, Table>,
    /// The rows of counted tables, by oid.
    counts: BTreeMap<String, i64>,
    /// The counted tables and their partitions, and those that this role may not count.
    covered: BTreeSet<String>,
    /// What the session had added and deleted until then, by oid of every table that was there.
    changes: BTreeMap<String, i64>,
    /// Whether the server counts what sessions add and delete.
    tracked: bool,
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
            tables: self.tables().await?,
            changes: self.changes().await?,
            tracked: self.tracked().await?,
            ..Before::default()
        };
        let chosen = self.chosen(&touched, rows.exact_below).await?;
        let locked: Vec<&str> = chosen
            .iter()
            .filter(|it| it.writable)
            .map(|it| it.name.as_str())
            .collect();
        if !locked.is_empty() {
            let lock = format!("LOCK TABLE {} IN SHARE MODE", locked.join(", "));
            self.session.execute(&lock).await.map_err(own)?;
        }
        for it in chosen {
            before.covered.extend(it.tree);
            if let Some(count) = self.count(&it.name).await? {
                before.counts.insert(it.oid, count);
            } else {
                before.covered.insert(it.oid);
            }
        }
        Ok(Some(before))
    }

    /// The tables that are counted: touched ones that are small enough, those that are written anew, and those that a run
    /// before found changed.
    async fn chosen(&mut self, touched: &TouchedRows, below: i64) -> Result<Vec<Chosen>, RunError> {
        let oids = |names: &BTreeSet<QualifiedName>| match names.is_empty() {
            true => "NULL".to_owned(),
            false => quote::oids(names),
        };
        let mut again: Vec<&str> = self.recount.iter().map(String::as_str).collect();
        again.push("0");
        if touched.names.is_empty() && again.len() == 1 {
            return Ok(Vec::new());
        }
        // Where nothing was analyzed yet, pages are counted for fifty rows each.
        let sql = format!(
            "SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), \
             pg_catalog.has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE'), \
             (SELECT pg_catalog.string_agg(t.relid::oid::text, ' ') FROM pg_catalog.pg_partition_tree(c.oid) t) \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p') AND (c.oid IN ({again}) OR (pg_catalog.has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE') \
             AND (c.oid IN ({anew}) OR (c.oid IN ({names}) AND (SELECT coalesce(sum(\
             CASE WHEN l.relpages > 0 AND l.reltuples >= 0 THEN l.reltuples::float8 * s.pages / l.relpages ELSE s.pages * 50 END), 0) \
             FROM pg_catalog.pg_partition_tree(c.oid) t JOIN pg_catalog.pg_class l ON l.oid = t.relid \
             CROSS JOIN LATERAL (SELECT pg_catalog.pg_relation_size(l.oid)::float8 \
             / pg_catalog.current_setting('block_size')::int4 AS pages) s WHERE t.isleaf) < {below})))) ORDER BY 2",
            again = again.join(", "),
            anew = oids(&touched.anew),
            names = oids(&touched.names),
        );
        let rows = self.session.texts(&sql).await.map_err(own)?;
        let chosen = |row: Vec<Option<String>>| {
            let mut cells = row.into_iter();
            Some(Chosen {
                oid: cells.next()??,
                name: cells.next()??,
                writable: cells.next()?.as_deref() == Some("t"),
                tree: cells
                    .next()?
                    .unwrap_or_default()
                    .split(' ')
                    .map(str::to_owned)
                    .collect(),
            })
        };
        Ok(rows.into_iter().filter_map(chosen).collect())
    }

    /// Every table of the database that is somebody's own.
    async fn tables(&mut self) -> Result<BTreeMap<String, Table>, RunError> {
        let sql = format!(
            "SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relfilenode \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' \
             AND n.nspname NOT IN ('pg_catalog', 'information_schema', {})",
            quote::literal(self.history.schema())
        );
        let rows = self.session.texts(&sql).await.map_err(own)?;
        let table = |row: Vec<Option<String>>| {
            let mut cells = row.into_iter();
            let oid = cells.next()??;
            let (name, file) = (cells.next()??, cells.next()??);
            Some((oid, Table { name, file }))
        };
        Ok(rows.into_iter().filter_map(table).collect())
    }

    async fn tracked(&mut self) -> Result<bool, RunError> {
        let sql = "SELECT pg_catalog.current_setting('track_counts')";
        let rows = self.session.texts(sql).await.map_err(own)?;
        Ok(first(&rows) == Some("on"))
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
            self.rows_after(job, before, &mut found).await?;
        }
        if ends {
            self.standing(job, &mut found).await?;
        }
        if found.is_empty() {
            return Ok(());
        }
        Err(RunError::Validate {
            file: job.file.clone(),
            remedy: remedy(&found),
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
        job: &Job,
        before: &Before,
        found: &mut Vec<String>,
    ) -> Result<(), RunError> {
        let checks = &self.options.validators;
        let allowed = checks.rows.as_ref().map(|it| it.allowed.clone());
        let allowed = allowed.unwrap_or_default();
        let is_allowed = |name: &str| {
            allowed
                .iter()
                .any(|allowed| allowed == name || quoted(allowed).as_deref() == Some(name))
        };
        let touched = checks.touched.get(&job.label);
        let dropped: BTreeSet<String> = touched
            .iter()
            .flat_map(|it| &it.dropped)
            .map(|name| quote::qualified(&name.schema, &name.name))
            .collect();
        let now = self.tables().await?;
        let by_name: BTreeMap<&str, &String> = now
            .iter()
            .map(|(oid, it)| (it.name.as_str(), oid))
            .collect();
        let mut unseen = Vec::new();
        for (oid, was) in &before.tables {
            let heir = by_name.get(was.name.as_str()).copied();
            let same = now.get(oid);
            let gone = same.is_none() && heir.is_none();
            let other = heir.is_some_and(|heir| heir != oid)
                || same.is_some_and(|same| same.file != was.file)
                || gone;
            if is_allowed(&was.name) || gone && dropped.contains(&was.name) {
                continue;
            }
            let Some(count) = before.counts.get(oid).copied() else {
                if other && !before.covered.contains(oid) {
                    unseen.push((oid.clone(), was.name.clone()));
                }
                continue;
            };
            let name = match (heir, same) {
                (None, Some(same)) => Some(same.name.clone()),
                (Some(_), _) => Some(was.name.clone()),
                (None, None) => None,
            };
            let left = match &name {
                Some(name) => self.count(name).await?,
                None => Some(0),
            };
            let name = name.unwrap_or_else(|| was.name.clone());
            if left.is_some_and(|left| left != count) && !is_allowed(&name) {
                let gone = if gone { ": it is dropped" } else { "" };
                found.push(format!(
                    "{name}: {count} rows before, {} after{gone}",
                    left.unwrap_or_default()
                ));
            }
        }
        for (oid, now_changed) in self.changes().await? {
            let Some(was) = before.changes.get(&oid) else {
                continue;
            };
            let more = now_changed - was;
            let Some(table) = now.get(&oid) else {
                continue;
            };
            let same_file = before
                .tables
                .get(&oid)
                .is_some_and(|it| it.file == table.file);
            if more == 0 || !same_file || before.covered.contains(&oid) {
                continue;
            }
            let name = &table.name;
            if !is_allowed(name) {
                let word = if more < 0 { "fewer" } else { "more" };
                found.push(format!("{name}: {} rows {word} than before", more.abs()));
            }
        }
        if before.tracked && !self.tracked().await? {
            found.push("the file switches track_counts off, by which rows are watched".to_owned());
        }
        if !unseen.is_empty() {
            let names: Vec<String> = unseen.iter().map(|(_, name)| name.clone()).collect();
            self.recount.extend(unseen.into_iter().map(|(oid, _)| oid));
            self.again = true;
            found.push(format!(
                "{}: emptied, written anew, dropped or exchanged in a way that no statement shows",
                names.join(", ")
            ));
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

/// A table that is counted.
struct Chosen {
    oid: String,
    name: String,
    /// Whether this role may change it, and so keep others from that.
    writable: bool,
    /// Its partitions, itself among them.
    tree: Vec<String>,
}

/// What to do about what was found.
fn remedy(found: &[String]) -> String {
    let mut remedies = Vec::new();
    let mut say = |text: String| {
        if !remedies.contains(&text) {
            remedies.push(text);
        }
    };
    for text in found {
        if text.starts_with('`') {
            say("mend the migration, or the `require-query` in schemactl.kdl: it must give one true when the run or its group ends".to_owned());
        } else if text.starts_with("foreign key ") {
            say("validate it in the same run: `ALTER TABLE … VALIDATE CONSTRAINT`".to_owned());
        } else if text.starts_with("index ") {
            say("build it anew (`REINDEX INDEX CONCURRENTLY`), or drop it".to_owned());
        } else if let Some((name, _)) = text.split_once(": ") {
            for name in name.split(", ") {
                say(format!(
                    "where its rows shall change: `--allow row-counts:{name}`"
                ));
            }
        }
    }
    remedies.join("; ")
}

/// `auth.Users` as PostgreSQL prints it.
fn quoted(name: &str) -> Option<String> {
    let (schema, name) = name.split_once('.')?;
    Some(quote::qualified(schema, name))
}
