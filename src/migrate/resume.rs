//! What became of a statement outside a transaction whose end nobody recorded: the catalog decides.
//!
//! The rule: nothing is guessed. An index can finish after its client was killed, and an interrupted build leaves an
//! invalid one; what the catalog can't tell is a person's to say, by a `done-when` query or `repair`.

use super::execute::is_of_the_query;
use super::script::Script;
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::lexer::{Token, significant};
use crate::sql::quote;
use futures_util::future::BoxFuture;

/// Where a statement stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It took effect.
    Done,
    /// It did not take effect; it can run.
    NotDone,
    /// Nobody can tell.
    Unknown,
}

/// Where a statement stands, after what has to be cleared away first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Statements that clear away what an interruption left, each outside a transaction.
    pub cleanup: Vec<String>,
    /// Where the statement stands after them.
    pub standing: Standing,
    /// Why a `done-when` query of the file did not answer.
    pub unanswered: Option<String>,
}

impl From<Standing> for Decision {
    fn from(standing: Standing) -> Self {
        Decision {
            cleanup: Vec::new(),
            standing,
            unanswered: None,
        }
    }
}

/// Decides from the catalog whether a statement was done.
pub trait Resume: Send + Sync {
    /// The decision about one statement. Runs in the session that holds the lock, outside a transaction.
    fn decide<'a>(
        &'a self,
        session: &'a Session,
        statement: &'a str,
    ) -> BoxFuture<'a, Result<Decision, SqlError>>;
}

/// Knows CREATE and DROP INDEX CONCURRENTLY, DETACH PARTITION CONCURRENTLY, and statements that may always run once more.
#[derive(Debug, Clone, Copy, Default)]
pub struct CatalogResume;

impl Resume for CatalogResume {
    fn decide<'a>(
        &'a self,
        session: &'a Session,
        statement: &'a str,
    ) -> BoxFuture<'a, Result<Decision, SqlError>> {
        Box::pin(async move {
            match Known::read(statement) {
                Known::CreateIndex { name, table } => {
                    let sql = format!(
                        "SELECT i.indisvalid AND i.indisready AND i.indislive, n.nspname, c.relname FROM pg_catalog.pg_index i \
                         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
                         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                         WHERE i.indrelid = pg_catalog.to_regclass({}) AND c.relname = {}",
                        quote::literal(&table),
                        quote::literal(&name)
                    );
                    found(
                        session,
                        &sql,
                        Standing::Done,
                        Standing::NotDone,
                        Standing::NotDone,
                    )
                    .await
                }
                Known::DropIndex { name } => {
                    let sql = format!(
                        "SELECT i.indisvalid AND i.indisready AND i.indislive, n.nspname, c.relname FROM pg_catalog.pg_index i \
                         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
                         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                         WHERE c.oid = pg_catalog.to_regclass({})",
                        quote::literal(&name)
                    );
                    found(
                        session,
                        &sql,
                        Standing::NotDone,
                        Standing::Done,
                        Standing::Done,
                    )
                    .await
                }
                Known::Detach { table, partition } => {
                    // An interrupted one waits to be finished, and no other statement is taken meanwhile.
                    let sql = format!(
                        "SELECT i.inhdetachpending FROM pg_catalog.pg_inherits i \
                         WHERE i.inhrelid = pg_catalog.to_regclass({}) AND i.inhparent = pg_catalog.to_regclass({})",
                        quote::literal(&partition),
                        quote::literal(&table)
                    );
                    let rows = session.texts(&sql).await?;
                    let pending = rows
                        .first()
                        .map(|row| row.first() == Some(&Some("t".to_owned())));
                    Ok(match pending {
                        None => Standing::Done.into(),
                        Some(false) => Standing::NotDone.into(),
                        Some(true) => Decision {
                            cleanup: vec![format!(
                                "ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE"
                            )],
                            standing: Standing::Done,
                            unanswered: None,
                        },
                    })
                }
                Known::Repeatable => Ok(Standing::NotDone.into()),
                Known::Other => Ok(Standing::Unknown.into()),
            }
        })
    }
}

/// Decides by the index: valid, cleared away because invalid, or not there.
async fn found(
    session: &Session,
    sql: &str,
    valid: Standing,
    cleared: Standing,
    absent: Standing,
) -> Result<Decision, SqlError> {
    let rows = session.texts(sql).await?;
    let Some([state, schema, name]) = rows.first().map(Vec::as_slice) else {
        return Ok(absent.into());
    };
    if state.as_deref() == Some("t") {
        return Ok(valid.into());
    }
    let index = quote::qualified(
        schema.as_deref().unwrap_or_default(),
        name.as_deref().unwrap_or_default(),
    );
    Ok(Decision {
        cleanup: vec![format!("DROP INDEX CONCURRENTLY IF EXISTS {index}")],
        standing: cleared,
        unanswered: None,
    })
}

/// Where an interrupted statement stands: by its `done-when` queries where it has some, else by the catalog.
pub(super) async fn decide(
    session: &Session,
    script: &Script,
    resume: &dyn Resume,
) -> Result<Decision, SqlError> {
    let Some(statement) = script.first_statement() else {
        return Ok(Standing::Done.into());
    };
    // The history knows how far its ranges came.
    if script.batch.is_some() {
        return Ok(Standing::NotDone.into());
    }
    let by_catalog = resume.decide(session, statement).await?;
    if script.done_when.is_empty() {
        return Ok(by_catalog);
    }
    for query in &script.done_when {
        let rows = match session.texts(&query.sql).await {
            Ok(rows) => rows,
            // One that can't be asked tells nothing.
            Err(error) if is_of_the_query(&error) => {
                return Ok(Decision {
                    unanswered: Some(error.message),
                    ..by_catalog
                });
            }
            Err(error) => return Err(error),
        };
        match super::history::first(&rows) {
            Some("t") => {}
            Some("f") => {
                return Ok(match by_catalog.standing {
                    Standing::NotDone => by_catalog,
                    _ => Standing::NotDone.into(),
                });
            }
            answer => {
                let answer = answer.map_or_else(|| "NULL, or no row".to_owned(), str::to_owned);
                return Ok(Decision {
                    unanswered: Some(format!("the answer is neither true nor false: {answer}")),
                    ..by_catalog
                });
            }
        }
    }
    Ok(Standing::Done.into())
}

#[derive(Debug, PartialEq, Eq)]
enum Known {
    /// The index's bare name, and the table as it is written.
    CreateIndex {
        name: String,
        table: String,
    },
    /// The index as it is written.
    DropIndex {
        name: String,
    },
    /// Both tables as they are written.
    Detach {
        table: String,
        partition: String,
    },
    Repeatable,
    Other,
}

impl Known {
    fn read(statement: &str) -> Known {
        Known::of(&significant(statement)).unwrap_or(Known::Other)
    }

    fn of(tokens: &[Token<'_>]) -> Option<Known> {
        let mut rest = tokens.iter().peekable();
        let mut word = |words: &[&str]| {
            words
                .iter()
                .find(|w| rest.peek().is_some_and(|t| t.is_word(w)))
                .inspect(|_| {
                    rest.next();
                })
                .is_some()
        };
        if word(&["vacuum", "analyze", "reindex", "checkpoint"]) {
            return Some(Known::Repeatable);
        }
        if word(&["alter"]) {
            if word(&["system"]) {
                return Some(Known::Repeatable);
            }
            return Known::detach(&mut rest);
        }
        let create = word(&["create"]);
        if !create && !word(&["drop"]) {
            return None;
        }
        if create {
            word(&["unique"]);
        }
        if !word(&["index"]) || !word(&["concurrently"]) {
            return None;
        }
        if word(&["if"]) {
            word(&["not"]);
            word(&["exists"]);
        }
        if !create {
            let name = path(&mut rest)?;
            // Several indexes in one statement are not possible with CONCURRENTLY.
            return Some(Known::DropIndex { name });
        }
        let name = rest.next_if(|t| t.is_ident() && !t.is_word("on"))?;
        rest.next_if(|t| t.is_word("on"))?;
        rest.next_if(|t| t.is_word("only"));
        let table = path(&mut rest)?;
        Some(Known::CreateIndex {
            name: quote::unquote_ident(name.text),
            table,
        })
    }
}

impl Known {
    /// `TABLE t DETACH PARTITION p CONCURRENTLY`.
    fn detach<'t>(
        rest: &mut std::iter::Peekable<impl Iterator<Item = &'t Token<'t>>>,
    ) -> Option<Known> {
        rest.next_if(|t| t.is_word("table"))?;
        if rest.next_if(|t| t.is_word("if")).is_some() {
            rest.next_if(|t| t.is_word("exists"))?;
        }
        let table = path(rest)?;
        rest.next_if(|t| t.is_word("detach"))?;
        rest.next_if(|t| t.is_word("partition"))?;
        let partition = path(rest)?;
        rest.next_if(|t| t.is_word("concurrently"))?;
        Some(Known::Detach { table, partition })
    }
}

/// A name with its dots, as it is written.
pub(super) fn path<'t>(
    rest: &mut std::iter::Peekable<impl Iterator<Item = &'t Token<'t>>>,
) -> Option<String> {
    let mut text = rest.next_if(|t| t.is_ident())?.text.to_owned();
    while rest.next_if(|t| t.is(".")).is_some() {
        text.push('.');
        text.push_str(rest.next_if(|t| t.is_ident())?.text);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_known_by_their_words() {
        let create = |name: &str, table: &str| Known::CreateIndex {
            name: name.into(),
            table: table.into(),
        };
        let drop = |name: &str| Known::DropIndex { name: name.into() };
        for (sql, known) in [
            (
                "CREATE INDEX CONCURRENTLY ix ON s.t (a)",
                create("ix", "s.t"),
            ),
            (
                "create unique index /* x */ concurrently if not exists \"I x\" on only \"S\".\"T\" (a)",
                create("I x", "\"S\".\"T\""),
            ),
            ("DROP INDEX CONCURRENTLY IF EXISTS s.ix", drop("s.ix")),
            ("CREATE INDEX CONCURRENTLY ON t (a)", Known::Other),
            ("CREATE INDEX ix ON t (a)", Known::Other),
            (
                "ALTER TABLE s.t DETACH PARTITION s.\"P\" CONCURRENTLY",
                Known::Detach {
                    table: "s.t".into(),
                    partition: "s.\"P\"".into(),
                },
            ),
            ("ALTER TABLE t DETACH PARTITION p", Known::Other),
            ("VACUUM (ANALYZE) t", Known::Repeatable),
            ("ALTER SYSTEM SET work_mem = 1", Known::Repeatable),
            ("CREATE DATABASE x", Known::Other),
            ("", Known::Other),
        ] {
            assert_eq!(Known::read(sql), known, "{sql}");
        }
    }
}
