//! What a migration file runs: its statements, and the directives that stand between them.
//!
//! The rule: everything that would take the transaction out of the runner's hands is refused before anything runs:
//! transaction control, COPY with the client, psql's own commands, a quote that does not close.

use super::batch::{Batch, Target};
use super::error::FileError;
use super::file::MigrationFile;
use super::header::{self, DIRECTIVES, directive};
use crate::sql::lexer::{Lexer, TokenKind, significant};
use crate::sql::split::split_migration;
use std::ops::Range;

/// A query of a directive, with the line of the file on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The SQL.
    pub sql: String,
    /// The line, from 1.
    pub line: usize,
}

/// One step, in the order in which they run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A statement: its byte range in [`Script::text`].
    Statement(Range<usize>),
    /// A query that must give one true.
    Verify(Query),
    /// A query whose result is shown and logged.
    Report(Query),
}

/// A file, ready to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The text that the ranges point into: the file without its byte order mark.
    pub text: String,
    /// What runs, in order.
    pub items: Vec<Item>,
    /// Queries that must be true before any pending file runs.
    pub before: Vec<Query>,
    /// Queries of one row that counts what stands in the way, says what it is and shows one: before the file runs.
    pub preflights: Vec<Query>,
    /// Queries that tell whether a statement outside a transaction is done.
    pub done_when: Vec<Query>,
    /// `allow CODE reason` lines.
    pub allow: Vec<Query>,
    /// Whether the one statement runs outside a transaction.
    pub no_transaction: bool,
    /// The ranges by which that statement runs.
    pub batch: Option<Batch>,
}

impl Script {
    /// What a file runs of which a history keeps the text; nothing where that cannot be read.
    pub(super) fn of_text(text: &str) -> Option<Script> {
        let file = MigrationFile::parse(text).ok()?;
        Script::parse(&file).ok()
    }

    /// Reads what a file runs.
    pub fn parse(file: &MigrationFile) -> Result<Script, FileError> {
        let text = file.render().trim_start_matches('\u{feff}').to_owned();
        let body_start = text.len() - file.body().len();
        let mut script = Script {
            items: Vec::new(),
            before: Vec::new(),
            preflights: Vec::new(),
            done_when: Vec::new(),
            allow: Vec::new(),
            no_transaction: file.header().no_transaction(),
            batch: None,
            text: String::new(),
        };
        let wrong = |offset: usize, message: &str| FileError::Header {
            line: header::line_of(&text, offset),
            message: message.to_owned(),
        };
        let parts = split_migration(&text).map_err(|error| FileError::Sql {
            line: header::line_of(&text, error.span().offset()),
            error,
        })?;
        let mut statements = parts.statements.into_iter().map(|s| s.span).peekable();
        // The directive that a `-- schemactl:+` line continues, and its text so far.
        let mut open: Option<(String, Query)> = None;
        for token in Lexer::new(&text) {
            if token.kind == TokenKind::Whitespace {
                continue;
            }
            while let Some(range) = statements.next_if(|range| range.end <= token.start) {
                script.close(open.take());
                script.items.push(Item::Statement(range));
            }
            let said = match token.kind {
                TokenKind::LineComment => directive(token.text),
                _ => None,
            };
            if said.is_none() && token.kind == TokenKind::LineComment && is_meant(token.text) {
                let message = "a directive begins with `-- schemactl:`, with one blank";
                return Err(wrong(token.start, message));
            }
            let Some((key, value)) = said else {
                script.close(open.take());
                continue;
            };
            if key == "+" {
                if let Some((_, query)) = &mut open {
                    query.sql.push('\n');
                    query.sql.push_str(value);
                } else if token.start >= body_start {
                    return Err(wrong(token.start, "`-- schemactl:+` continues nothing"));
                }
                continue;
            }
            script.close(open.take());
            if !DIRECTIVES.contains(&key) {
                if token.start >= body_start {
                    return Err(wrong(token.start, &unknown(key)));
                }
                continue;
            }
            if statements
                .peek()
                .is_some_and(|range| range.contains(&token.start))
            {
                return Err(wrong(
                    token.start,
                    &format!("`{key}` stands inside a statement"),
                ));
            }
            if key == "batch" {
                let batch = Batch::read(value).map_err(|problem| wrong(token.start, &problem))?;
                if !script.no_transaction {
                    let problem = "`batch` wants `-- schemactl:no-transaction` in the header: each range of rows is a transaction of its own";
                    return Err(wrong(token.start, problem));
                }
                if script.batch.replace(batch).is_some() {
                    return Err(wrong(token.start, "`batch` stands twice"));
                }
                continue;
            }
            if value.is_empty() {
                return Err(wrong(token.start, &format!("`{key}` says nothing")));
            }
            let query = Query {
                sql: value.to_owned(),
                line: header::line_of(&text, token.start),
            };
            open = Some((key.to_owned(), query));
        }
        for range in statements {
            script.close(open.take());
            script.items.push(Item::Statement(range));
        }
        script.close(open.take());
        if script.no_transaction && script.statements() != 1 {
            return Err(wrong(
                body_start,
                &format!(
                    "a `no-transaction` file holds exactly one statement, not {}",
                    script.statements()
                ),
            ));
        }
        let queries = script.items.iter().filter_map(|item| match item {
            Item::Verify(query) => Some(("verify", query)),
            Item::Report(query) => Some(("report", query)),
            Item::Statement(_) => None,
        });
        let of = |key: &'static str| move |query| (key, query);
        let queries = queries
            .chain(script.before.iter().map(of("before")))
            .chain(script.preflights.iter().map(of("preflight")))
            .chain(script.done_when.iter().map(of("done-when")));
        for (key, query) in queries {
            if !is_query(&query.sql) {
                return Err(FileError::Header {
                    line: query.line,
                    message: format!(
                        "`{key}` wants one query: a SELECT, VALUES, TABLE or WITH that changes nothing"
                    ),
                });
            }
        }
        script.text = text;
        if let (Some(batch), Some(sql)) = (&script.batch, script.first_statement())
            && let Err(problem) = Target::by(sql, &batch.key)
        {
            return Err(FileError::Header {
                line: header::line_of(&script.text, body_start),
                message: problem,
            });
        }
        Ok(script)
    }

    fn close(&mut self, open: Option<(String, Query)>) {
        let Some((key, query)) = open else { return };
        match key.as_str() {
            "verify" => self.items.push(Item::Verify(query)),
            "report" => self.items.push(Item::Report(query)),
            "before" => self.before.push(query),
            "preflight" => self.preflights.push(query),
            "done-when" => self.done_when.push(query),
            _ => self.allow.push(query),
        }
    }

    /// How many statements it has.
    pub fn statements(&self) -> usize {
        self.items
            .iter()
            .filter(|item| matches!(item, Item::Statement(_)))
            .count()
    }

    /// The column of the ranges by which it runs.
    pub(super) fn range_key(&self) -> Option<&str> {
        self.batch.as_ref().map(|batch| batch.key.as_str())
    }

    /// The first statement, which is the only one of a file that runs outside a transaction.
    pub fn first_statement(&self) -> Option<&str> {
        self.items.iter().find_map(|item| match item {
            Item::Statement(range) => Some(&self.text[range.clone()]),
            _ => None,
        })
    }
}

/// Whether a comment is a directive but for its first blanks.
fn is_meant(comment: &str) -> bool {
    let text = comment.trim_start_matches('-').trim_start();
    text.strip_prefix("schemactl:").is_some_and(|rest| {
        let key = rest.split(char::is_whitespace).next().unwrap_or_default();
        DIRECTIVES.contains(&key)
    })
}

/// Whether a text is one statement that asks and changes nothing, as far as it says so itself: what its functions do, a
/// transaction that only reads keeps in check.
fn is_query(sql: &str) -> bool {
    let Ok(script) = split_migration(sql) else {
        return false;
    };
    let [statement] = script.statements.as_slice() else {
        return false;
    };
    let tokens = significant(statement.text);
    let asks = |words: &[&str]| {
        let mut open = tokens.iter().skip_while(|token| token.is("("));
        open.next()
            .is_some_and(|first| words.iter().any(|word| first.is_word(word)))
    };
    // A WITH may hold a statement that changes rows, at the beginning of a bracket.
    let changes = tokens.windows(2).any(|pair| {
        let words = ["insert", "update", "delete", "merge"];
        pair[0].is("(") && words.iter().any(|word| pair[1].is_word(word))
    });
    asks(&["select", "values", "table", "with"]) && !changes
}

fn unknown(key: &str) -> String {
    if ["no-transaction", "group", "parent", "sha256", "proven"].contains(&key) {
        return format!("`{key}` belongs into the header, above the first blank line");
    }
    let near = DIRECTIVES
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(a, key).total_cmp(&strsim::jaro_winkler(b, key)));
    match near {
        Some(near) if strsim::jaro_winkler(near, key) > 0.8 => {
            format!("`{key}` is no directive; `{near}`?")
        }
        _ => format!(
            "`{key}` is no directive; there are {}",
            DIRECTIVES.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> Result<Script, FileError> {
        Script::parse(&MigrationFile::parse(text).unwrap())
    }

    fn statements(text: &str) -> Vec<String> {
        let script = script(text).unwrap();
        let statements = script.items.iter().filter_map(|item| match item {
            Item::Statement(range) => Some(script.text[range.clone()].to_owned()),
            _ => None,
        });
        statements.collect()
    }

    #[test]
    fn statements_end_where_the_server_ends_them() {
        assert_eq!(
            statements(
                "-- x;\nSELECT ';' /* ; */;; SELECT $$;$$ ; CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);\nSELECT 3"
            ),
            [
                "SELECT ';' /* ; */".trim_end_matches(" /* ; */"),
                "SELECT $$;$$",
                "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)",
                "SELECT 3"
            ]
        );
        let atomic = "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END";
        assert_eq!(
            statements(&format!("{atomic}; SELECT 1;")),
            [atomic, "SELECT 1"]
        );
    }

    #[test]
    fn directives_keep_their_place() {
        let script = script(
            "-- schemactl:author ana\n\n-- schemactl:before SELECT 1 = 1\nSELECT 1;\n-- schemactl:verify SELECT count(*) = 0\n-- schemactl:+ FROM t\n-- words\n-- schemactl:report SELECT 2\nSELECT 3;\n-- schemactl:allow x because",
        )
        .unwrap();
        let kinds: Vec<&str> = script
            .items
            .iter()
            .map(|item| match item {
                Item::Statement(_) => "s",
                Item::Verify(_) => "v",
                Item::Report(_) => "r",
            })
            .collect();
        assert_eq!(kinds, ["s", "v", "r", "s"]);
        assert_eq!(
            script.items[1],
            Item::Verify(Query {
                sql: "SELECT count(*) = 0\nFROM t".into(),
                line: 5
            })
        );
        assert_eq!(script.before.len(), 1);
        assert_eq!(script.allow[0].sql, "x because");
    }

    #[test]
    fn what_can_not_run_is_named_with_its_line() {
        for (text, at, part) in [
            ("SELECT 1;\nCOMMIT;", 2, "belongs to the runner"),
            ("BEGIN;\nSELECT 1;", 1, "belongs to the runner"),
            ("COPY t FROM STDIN;", 1, "COPY"),
            ("\n\\connect x", 2, "psql"),
            ("SELECT 'x", 1, "never closed"),
            (
                "SELECT\n-- schemactl:verify SELECT true\n1;",
                2,
                "inside a statement",
            ),
            ("SELECT 1;\n-- schemactl:verfy SELECT true", 2, "`verify`?"),
            ("SELECT 1;\n-- schemactl:no-transaction", 2, "header"),
            (
                "-- schemactl:no-transaction\n\nSELECT 1;\nSELECT 2;",
                3,
                "exactly one statement",
            ),
            ("-- schemactl:batch id 1000\n", 1, "no-transaction"),
        ] {
            match script(text) {
                Err(error) => {
                    assert!(error.to_string().contains(part), "{text}: {error}");
                    assert_eq!(error.line(), at, "{text}");
                }
                Ok(script) => panic!("{text}: {script:?}"),
            }
        }
        assert!(script("SELECT '-- schemactl:x'").is_ok());
    }
}
