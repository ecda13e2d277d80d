//! A script as statements, each with its place: cut where psql cuts, so never inside quotes, comments, parentheses
//! (`CREATE RULE … DO (a; b)`) or a `BEGIN ATOMIC … END` body.
//!
//! What only psql can run (meta-commands, COPY with the client's own data) is refused by name; transaction control is
//! marked on its statement, and refused by [`split_migration`].

use std::ops::Range;

use miette::{Diagnostic, SourceSpan};
use thiserror::Error;

use super::caret::Place;
use super::lexer::{self, Token, TokenKind};
use crate::model::Exit;

/// One statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'a> {
    /// From its first to its last token, without the semicolon.
    pub text: &'a str,
    /// Bytes of `text` in the script.
    pub span: Range<usize>,
    /// Line of its first token, from 1.
    pub line: usize,
    /// Bytes between the statement before (after its semicolon) and this one: blanks and comments.
    pub leading: Range<usize>,
    /// The transaction command that it is: `BEGIN`, `COMMIT`, `SAVEPOINT` and so on.
    pub transaction_control: Option<&'static str>,
}

impl Statement<'_> {
    /// Its first bare words in lower case, at most `count`, up to the first token that is no bare word.
    pub fn leading_words(&self, count: usize) -> Vec<String> {
        lexer::significant(self.text)
            .iter()
            .take(count)
            .take_while(|token| token.kind == TokenKind::Word)
            .map(|token| token.text.to_ascii_lowercase())
            .collect()
    }
}

/// A script cut into statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script<'a> {
    /// In the order of the text; empty ones are left out.
    pub statements: Vec<Statement<'a>>,
    /// Bytes after the last statement: blanks and comments.
    pub trailing: Range<usize>,
}

/// Why a script can't be cut, or not run by anything but psql.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum SplitError {
    /// A backslash outside of quotes.
    #[error("{place}: `{command}` is a command of psql, which PostgreSQL does not know")]
    #[diagnostic(
        code(sql::meta_command),
        help("write what it does in SQL, or take it out")
    )]
    MetaCommand {
        command: String,
        place: Place,
        #[label("here")]
        span: SourceSpan,
    },
    /// COPY that reads from or writes to the client.
    #[error("{place}: `{command}` passes data through the client, which a migration has none of")]
    #[diagnostic(
        code(sql::copy_through_client),
        help("write the rows as INSERT, or load them with psql")
    )]
    CopyThroughClient {
        command: &'static str,
        place: Place,
        #[label("here")]
        span: SourceSpan,
    },
    /// BEGIN, COMMIT and their like in a migration.
    #[error("{place}: `{command}` in a migration, whose transaction belongs to the runner")]
    #[diagnostic(
        code(sql::transaction_control),
        help(
            "take it out; where a statement can't run in a transaction, give it a file of its own marked `-- schemactl:no-transaction`"
        )
    )]
    TransactionControl {
        command: &'static str,
        place: Place,
        #[label("here")]
        span: SourceSpan,
    },
    /// The text ends inside of something.
    #[error("{place}: this {what} is never closed")]
    #[diagnostic(code(sql::unclosed), help("close it with `{closing}`"))]
    Unclosed {
        what: &'static str,
        closing: String,
        place: Place,
        #[label("opened here")]
        span: SourceSpan,
    },
}

impl SplitError {
    /// Always wrong input.
    pub fn exit(&self) -> Exit {
        Exit::Input
    }

    /// Byte range of the offending token in the script.
    pub fn span(&self) -> SourceSpan {
        match self {
            SplitError::MetaCommand { span, .. }
            | SplitError::CopyThroughClient { span, .. }
            | SplitError::TransactionControl { span, .. }
            | SplitError::Unclosed { span, .. } => *span,
        }
    }
}

/// Cuts a script; transaction control is only marked.
pub fn split(script: &str) -> Result<Script<'_>, SplitError> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut pending: Vec<Token> = Vec::new();
    let mut leading = 0;
    let mut open = Open::default();
    for token in lexer::Lexer::new(script) {
        if !token.terminated {
            return Err(unclosed(script, &token));
        }
        if token.is_trivia() {
            continue;
        }
        if token.kind == TokenKind::Backslash {
            let end = token
                .text
                .find(char::is_whitespace)
                .unwrap_or(token.text.len());
            return Err(SplitError::MetaCommand {
                command: token.text[..end].to_owned(),
                place: Place::of(script, token.start),
                span: (token.start, end).into(),
            });
        }
        if token.is(";") && open.is_closed() {
            // A lone semicolon is left among the blanks before the next statement.
            if !pending.is_empty() {
                finish(script, &mut pending, leading, &mut statements)?;
                leading = token.end();
            }
            continue;
        }
        open.take(&token, &pending);
        pending.push(token);
    }
    if let Some((what, closing, at)) = open.innermost() {
        let span = (at, 1).into();
        return Err(SplitError::Unclosed {
            what,
            closing: closing.to_owned(),
            place: Place::of(script, at),
            span,
        });
    }
    finish(script, &mut pending, leading, &mut statements)?;
    let trailing = statements
        .last()
        .map_or(0, |last| last.span.end.max(leading));
    Ok(Script {
        statements,
        trailing: trailing..script.len(),
    })
}

/// The statements of a script; of one that can't be cut, all of it as one.
pub fn statements(script: &str) -> Vec<&str> {
    match split(script) {
        Ok(parts) => parts.statements.iter().map(|it| it.text).collect(),
        Err(_) => vec![script],
    }
}

/// Cuts a migration file, which may hold no transaction control.
pub fn split_migration(script: &str) -> Result<Script<'_>, SplitError> {
    let parts = split(script)?;
    for statement in &parts.statements {
        if let Some(command) = statement.transaction_control {
            return Err(SplitError::TransactionControl {
                command,
                place: Place::of(script, statement.span.start),
                span: statement.span.clone().into(),
            });
        }
    }
    Ok(parts)
}

/// What is open at a point of the script: parentheses, and the BEGIN ATOMIC and CASE blocks of a routine's body.
#[derive(Default)]
struct Open {
    parentheses: Vec<usize>,
    blocks: Vec<usize>,
}

impl Open {
    fn is_closed(&self) -> bool {
        self.parentheses.is_empty() && self.blocks.is_empty()
    }

    fn innermost(&self) -> Option<(&'static str, &'static str, usize)> {
        let parenthesis = self.parentheses.last().map(|at| ("parenthesis", ")", *at));
        let block = self
            .blocks
            .last()
            .map(|at| ("BEGIN ATOMIC body", "END", *at));
        parenthesis
            .into_iter()
            .chain(block)
            .max_by_key(|(_, _, at)| *at)
    }

    fn take(&mut self, token: &Token, before: &[Token]) {
        if token.is("(") {
            self.parentheses.push(token.start);
        } else if token.is(")") {
            self.parentheses.pop();
        } else if token.is_word("atomic")
            && before.last().is_some_and(|last| last.is_word("begin"))
            && makes_routine(before)
        {
            self.blocks.push(before[before.len() - 1].start);
        } else if !self.blocks.is_empty() && token.is_word("case") {
            self.blocks.push(token.start);
        } else if token.is_word("end") {
            self.blocks.pop();
        }
    }
}

/// Whether the statement begins CREATE [OR REPLACE] FUNCTION or PROCEDURE.
fn makes_routine(tokens: &[Token]) -> bool {
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is_word(word));
    let kind = if word(1, "or") && word(2, "replace") {
        3
    } else {
        1
    };
    word(0, "create") && (word(kind, "function") || word(kind, "procedure"))
}

fn finish<'a>(
    script: &'a str,
    pending: &mut Vec<Token<'a>>,
    leading: usize,
    statements: &mut Vec<Statement<'a>>,
) -> Result<(), SplitError> {
    let (Some(first), Some(last)) = (pending.first(), pending.last()) else {
        return Ok(());
    };
    let span = first.start..last.end();
    if let Some((command, token)) = copy_through_client(pending) {
        return Err(SplitError::CopyThroughClient {
            command,
            place: Place::of(script, token.start),
            span: token.span().into(),
        });
    }
    // Counted from the statement before: a long script is read once.
    let (counted, line) = statements
        .last()
        .map_or((0, 1), |before| (before.span.start, before.line));
    let between = &script[counted..span.start];
    let line = line + between.bytes().filter(|byte| *byte == b'\n').count();
    let transaction_control = transaction_control(pending);
    statements.push(Statement {
        text: &script[span.clone()],
        leading: leading..span.start,
        span,
        line,
        transaction_control,
    });
    pending.clear();
    Ok(())
}

fn copy_through_client<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(&'static str, &'t Token<'a>)> {
    if !tokens[0].is_word("copy") {
        return None;
    }
    tokens.windows(2).find_map(|pair| match pair {
        [from, stdin] if from.is_word("from") && stdin.is_word("stdin") => {
            Some(("COPY FROM STDIN", stdin))
        }
        [to, stdout] if to.is_word("to") && stdout.is_word("stdout") => {
            Some(("COPY TO STDOUT", stdout))
        }
        _ => None,
    })
}

fn transaction_control(tokens: &[Token]) -> Option<&'static str> {
    let second = |word: &str| tokens.get(1).is_some_and(|token| token.is_word(word));
    let first = tokens.first()?;
    let alone = [
        "BEGIN",
        "COMMIT",
        "END",
        "ROLLBACK",
        "ABORT",
        "SAVEPOINT",
        "RELEASE",
    ];
    if let Some(command) = alone.into_iter().find(|command| first.is_word(command)) {
        return Some(command);
    }
    match () {
        () if first.is_word("start") && second("transaction") => Some("START TRANSACTION"),
        () if first.is_word("prepare") && second("transaction") => Some("PREPARE TRANSACTION"),
        () => None,
    }
}

fn unclosed(script: &str, token: &Token) -> SplitError {
    let (what, closing) = match token.kind {
        TokenKind::BlockComment => ("comment", "*/".to_owned()),
        TokenKind::QuotedIdent | TokenKind::UnicodeIdent => {
            ("quoted name", super::quote::NAME_QUOTE.to_string())
        }
        TokenKind::DollarString => {
            let end = token.text[1..]
                .find('$')
                .map_or(token.text.len(), |at| at + 2);
            ("dollar quote", token.text[..end].to_owned())
        }
        _ => ("string", super::quote::STRING_QUOTE.to_string()),
    };
    SplitError::Unclosed {
        what,
        closing,
        place: Place::of(script, token.start),
        span: (token.start, 1).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str) -> Vec<&str> {
        split(script)
            .unwrap()
            .statements
            .into_iter()
            .map(|statement| statement.text)
            .collect()
    }

    #[test]
    fn semicolons_cut_outside_of_quotes_bodies_and_parentheses() {
        let script = "select ';' ; create function f() as $$ a; b; $$;\n\
            create rule r as on insert to t do (a; b);\n-- x; y\n/* ; */ select \";\";;";
        assert_eq!(
            texts(script),
            [
                "select ';'",
                "create function f() as $$ a; b; $$",
                "create rule r as on insert to t do (a; b)",
                "select \";\""
            ]
        );
    }

    #[test]
    fn a_body_of_sql_ends_with_its_own_end() {
        let body = "create or replace procedure p(a int) begin atomic select case when true then 1 end; insert into t values (1); end";
        assert_eq!(texts(&format!("{body}; select 1")), [body, "select 1"]);
        assert_eq!(
            texts("begin; select 1; end; select 2"),
            ["begin", "select 1", "end", "select 2"]
        );
        assert!(split_migration(&format!("{body};")).is_ok());
    }

    #[test]
    fn places_are_told() {
        let script = "-- head\n\nselect 1;\n-- note\n  select\n 2;\n-- tail";
        let parts = split(script).unwrap();
        assert_eq!(parts.statements[0].line, 3);
        assert_eq!(parts.statements[1].line, 5);
        assert_eq!(
            &script[parts.statements[1].leading.clone()],
            "\n-- note\n  "
        );
        assert_eq!(&script[parts.statements[1].span.clone()], "select\n 2");
        assert_eq!(&script[parts.trailing.clone()], "\n-- tail");
        assert_eq!(parts.statements[1].leading_words(3), ["select"]);
        let script = "select 1 -- a; b\n; /* c */ ; select 2";
        let parts = split(script).unwrap();
        assert_eq!(&script[parts.statements[1].leading.clone()], " /* c */ ; ");
    }

    #[test]
    fn what_only_psql_can_run_is_refused_by_name() {
        let error = split("select 1;\n  \\connect other\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2, column 3: `\\connect` is a command of psql, which PostgreSQL does not know"
        );
        let error = split("copy t (a, b) from stdin with (format csv);").unwrap_err();
        assert!(matches!(
            error,
            SplitError::CopyThroughClient {
                command: "COPY FROM STDIN",
                ..
            }
        ));
        assert!(split("copy t from '/tmp/stdin'").is_ok());
        for (script, what) in [
            ("select 'a", "string"),
            ("/* a", "comment"),
            ("f(a; b", "parenthesis"),
            ("as $x$ a", "dollar quote"),
        ] {
            assert!(split(script).unwrap_err().to_string().contains(what));
        }
        assert!(
            split("create function f() begin atomic select 1;")
                .unwrap_err()
                .to_string()
                .contains("BEGIN ATOMIC")
        );
    }

    #[test]
    fn transaction_control_is_found_where_it_is_one() {
        for script in [
            "begin",
            "START TRANSACTION",
            "commit and chain",
            "rollback to s",
            "savepoint a",
            "release a",
            "end",
            "abort",
            "prepare transaction 'x'",
        ] {
            assert!(
                split(script).unwrap().statements[0]
                    .transaction_control
                    .is_some(),
                "{script}"
            );
            assert!(split_migration(script).is_err());
        }
        for script in [
            "prepare p as select 1",
            "do $$ begin commit; end $$",
            "select 'begin'",
            "create table t (begin int)",
        ] {
            assert!(split_migration(script).is_ok(), "{script}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_script_is_taken(script in r#"([a-z;()'"$\\ \n]|begin atomic|create function|case|end|--|/\*|\*/|\PC){0,50}"#) {
            if let Ok(parts) = split(&script) {
                let mut at = 0;
                for statement in &parts.statements {
                    proptest::prop_assert!(at <= statement.leading.start && statement.leading.end == statement.span.start);
                    proptest::prop_assert_eq!(&script[statement.span.clone()], statement.text);
                    at = statement.span.end;
                }
                proptest::prop_assert!(at <= parts.trailing.start);
            }
        }
    }
}
