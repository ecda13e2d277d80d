//! What a text of the author's may be where it is put into a statement: one type, one expression, a list of them, one
//! query, or the statements of a body. Whatever it says, it ends where its slot ends: it closes nothing that it did not
//! open, begins no other statement, and leaves no quote or comment open.

use std::ops::Range;

use super::lexer::{Lexer, Token, TokenKind};

/// What a slot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One type.
    Type,
    /// One expression.
    Expression,
    /// A list, parted by commas: the parameters of a routine.
    List,
    /// One statement: a query, the command of a rule.
    Statement,
    /// Statements between BEGIN ATOMIC and END.
    Statements,
    /// The name of an operator, with its schema or without.
    Operator,
}

/// A text that leaves its slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escape {
    /// What is wrong, for a message: `` `)` closes what was not opened ``.
    pub what: String,
    /// How it is written instead.
    pub help: &'static str,
    /// The bytes of the text that are meant.
    pub at: Range<usize>,
}

/// Reserved words that no type name holds: what they begin is a clause of its own.
const AFTER_TYPE: &[&str] = &[
    "check",
    "collate",
    "constraint",
    "default",
    "not",
    "null",
    "primary",
    "references",
    "unique",
];

/// Words that go on with the name of a type: `double precision`, `interval day to second`.
const WITHIN_TYPE: &[&str] = &[
    "array",
    "char",
    "character",
    "day",
    "hour",
    "minute",
    "month",
    "precision",
    "second",
    "time",
    "to",
    "varying",
    "with",
    "without",
    "year",
    "zone",
];

/// Words that a type may begin with, with its name behind them.
const BEFORE_TYPE: &[&str] = &["national", "setof"];

/// Reserved words that no expression holds outside of brackets, except behind a dot.
const AFTER_EXPRESSION: &[&str] = &["check", "constraint", "primary", "references"];

const CLAUSE: &str = "each slot takes one text; what else is to be said has a word of its own";
const STATEMENT: &str = "a slot takes no second statement; statements of your own stand in a migration: `schemactl new NAME`";
const CLOSED: &str = "close in it what it opens, and nothing else";

/// How a text leaves a slot of this shape; `None` where it stays within.
pub fn escape(text: &str, shape: Shape) -> Option<Escape> {
    if shape == Shape::Operator {
        return beyond_operator(text);
    }
    let mut open: Vec<Token<'_>> = Vec::new();
    let mut cases = 0_usize;
    let mut before: Option<Token<'_>> = None;
    let mut comment: Option<Token<'_>> = None;
    for token in Lexer::new(text) {
        comment = (token.kind == TokenKind::LineComment).then_some(token);
        if let Some(escape) = broken(&token) {
            return Some(escape);
        }
        if token.is_trivia() {
            continue;
        }
        let named = before.is_some_and(|before| before.is(".") || before.is_word("as"));
        if token.is("(") || token.is("[") {
            open.push(token);
        } else if token.is(")") || token.is("]") {
            let wanted = if token.is(")") { "(" } else { "[" };
            if open.pop().is_none_or(|opening| !opening.is(wanted)) {
                let what = format!("`{}` closes what was not opened", token.text);
                return Some(at(&token, what, CLOSED));
            }
        } else if token.is(";") && (shape != Shape::Statements || !open.is_empty()) {
            return Some(at(&token, "`;` ends the statement".to_owned(), STATEMENT));
        } else if shape == Shape::Statements && !named && token.is_word("case") {
            cases += 1;
        } else if shape == Shape::Statements && !named && token.is_word("end") {
            match cases.checked_sub(1) {
                Some(fewer) => cases = fewer,
                None => {
                    let what = format!("`{}` ends the body", token.text);
                    return Some(at(&token, what, CLOSED));
                }
            }
        } else if open.is_empty()
            && !named
            && (is_another_clause(&token, shape)
                || shape == Shape::Type && is_behind_type(before, &token))
        {
            let what = match token.text {
                "," => "`,` begins another part of the statement".to_owned(),
                word => format!("`{word}` begins another clause"),
            };
            return Some(at(&token, what, CLAUSE));
        }
        before = Some(token);
    }
    if let Some(opening) = open.last() {
        let what = format!("`{}` is never closed", opening.text);
        return Some(at(opening, what, CLOSED));
    }
    comment.map(|comment| {
        at(
            &comment,
            "this comment swallows what follows it in the statement".to_owned(),
            "end it with a line that is no comment, or write `/* … */`",
        )
    })
}

fn at(token: &Token<'_>, what: String, help: &'static str) -> Escape {
    Escape {
        what,
        help,
        at: token.span(),
    }
}

fn beyond_operator(text: &str) -> Option<Escape> {
    let tokens: Vec<Token<'_>> = Lexer::new(text).collect();
    let operator = match tokens.as_slice() {
        [schema, dot, operator] if schema.is_ident() && dot.is(".") => Some(operator),
        [operator] => Some(operator),
        _ => None,
    };
    let is_name = |token: &&Token<'_>| token.kind == TokenKind::Operator && token.terminated;
    operator.filter(is_name).is_none().then(|| Escape {
        what: "this is no name of an operator".to_owned(),
        help: "an operator is made of `+ - * / < > = ~ ! @ # % ^ & | ` ?`, and may have a schema: `app.=`",
        at: 0..text.len(),
    })
}

/// A token that can stand in no slot.
fn broken(token: &Token<'_>) -> Option<Escape> {
    if !token.terminated {
        let what = match token.kind {
            TokenKind::BlockComment => "this comment is never closed",
            TokenKind::QuotedIdent | TokenKind::UnicodeIdent => "this quoted name is never closed",
            _ => "this string is never closed",
        };
        return Some(at(token, what.to_owned(), CLOSED));
    }
    if token.text.contains('\0') {
        let what = "a zero byte ends the statement".to_owned();
        return Some(at(token, what, "take it out"));
    }
    (token.kind == TokenKind::Backslash).then(|| {
        let what = "a backslash outside of quotes begins a command of psql".to_owned();
        at(token, what, "take it out, or quote it")
    })
}

fn is_another_clause(token: &Token<'_>, shape: Shape) -> bool {
    let words = match shape {
        Shape::Type => AFTER_TYPE,
        Shape::Expression => AFTER_EXPRESSION,
        Shape::List | Shape::Statement | Shape::Statements | Shape::Operator => return false,
    };
    token.is(",") || words.iter().any(|word| token.is_word(word))
}

/// Whether a word stands behind the whole name of a type: `integer immutable`.
fn is_behind_type(before: Option<Token<'_>>, token: &Token<'_>) -> bool {
    let Some(before) = before.filter(|_| token.is_ident()) else {
        return false;
    };
    let ends = before.is_ident() || before.is(")") || before.is("]");
    let goes_on = |words: &[&str], token: &Token<'_>| words.iter().any(|word| token.is_word(word));
    ends && !goes_on(BEFORE_TYPE, &before) && !goes_on(WITHIN_TYPE, token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn stays(text: &str, shape: Shape) {
        assert_eq!(escape(text, shape), None, "{text}");
    }

    #[track_caller]
    fn leaves(text: &str, shape: Shape, piece: &str) {
        let found = escape(text, shape).unwrap_or_else(|| panic!("{text} stays"));
        assert_eq!(&text[found.at], piece, "{}", found.what);
    }

    #[test]
    fn what_people_write_stays_within_its_slot() {
        for text in [
            "int",
            "numeric(5,2)[]",
            "timestamp with time zone",
            "app.\"Odd; type\"",
            "double precision",
            "national character varying(5)",
            "interval day to second(3)",
            "time(3) without time zone[]",
            "bit varying",
            "integer ARRAY[4]",
            "SETOF app.t",
            "app.t.c%TYPE",
            "TABLE (a int, b text)",
        ] {
            stays(text, Shape::Type);
        }
        for text in [
            "now()",
            "'a;b)' || $$c;$$",
            "x IS NOT NULL AND y IN (1, 2)",
            "ARRAY[1, 2]",
            "a -- why\n > 1",
            "CASE WHEN (new).check THEN 1 ELSE 2 END",
            "t.primary",
            "status /* , ; */ = 'x'",
        ] {
            stays(text, Shape::Expression);
        }
        for text in ["=", "<->", "app.@>", "&&"] {
            stays(text, Shape::Operator);
        }
        stays("a int, b numeric(5,2) DEFAULT 1", Shape::List);
        stays("SELECT 1, 2 FROM t CROSS JOIN u", Shape::Statement);
        stays(
            "INSERT INTO t VALUES (1); SELECT CASE WHEN true THEN 1 END AS end;",
            Shape::Statements,
        );
    }

    #[test]
    fn what_goes_beyond_its_slot_is_found() {
        leaves(
            "int); drop table b.x; create table b.inj (q int",
            Shape::Type,
            ")",
        );
        leaves("int, d int", Shape::Type, ",");
        leaves("int DEFAULT 1", Shape::Type, "DEFAULT");
        leaves("int -- ", Shape::Type, "-- ");
        leaves("integer security definer", Shape::Type, "security");
        leaves("numeric(5) immutable", Shape::Type, "immutable");
        leaves("bigint start 7", Shape::Type, "start");
        leaves(
            "integer generated always as identity",
            Shape::Type,
            "generated",
        );
        leaves("int[] \"C\"", Shape::Type, "\"C\"");
        leaves("1; DROP TABLE x", Shape::Expression, ";");
        leaves("1 CHECK (true)", Shape::Expression, "CHECK");
        leaves("f(1", Shape::Expression, "(");
        leaves("(1]", Shape::Expression, "]");
        leaves("'open", Shape::Expression, "'open");
        leaves("$a$ open", Shape::Expression, "$a$ open");
        leaves("1 /* open", Shape::Expression, "/* open");
        leaves("1 \\! ls", Shape::Expression, "\\! ls");
        leaves("a int) RETURNS int", Shape::List, ")");
        leaves("=) ; DROP", Shape::Operator, "=) ; DROP");
        leaves("SELECT 1; DROP TABLE x", Shape::Statement, ";");
        leaves(
            "SELECT 1; END; DROP TABLE x; SELECT 1",
            Shape::Statements,
            "END",
        );
    }
}
