//! What a block of a procedural language runs, as far as its text says so: its statements, and those in the strings that
//! EXECUTE runs.
//!
//! The rule: what is put together as it runs and could become anything is told as unread, never passed over.

use super::lexer::{Token, significant};
use super::quote::{unquote_ident, unquote_literal};
use super::split::split;

/// What a block runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inside {
    /// Its statements, and those of its constant strings. Words of its own language are among them.
    pub statements: Vec<String>,
    /// What it runs and nobody can read before, as it is written.
    pub unread: Vec<String>,
}

/// What stands in a format string for a name that is filled in.
const NAME: &str = "\"%I\"";
/// What stands in a format string for a value that is filled in.
const VALUE: &str = "'%L'";

/// How deep strings stand in strings.
const DEPTH: usize = 4;

/// A text with the texts that stand in its strings, and in theirs: a block is a string, and so is what it executes.
pub fn with_strings(text: &str) -> Vec<String> {
    let mut texts = vec![text.to_owned()];
    let mut from = 0;
    for _ in 0..DEPTH {
        let next = texts.len();
        for at in from..next {
            let inner: Vec<String> = significant(&texts[at])
                .iter()
                .filter(|token| token.is_string())
                .filter_map(|token| unquote_literal(token.text))
                .collect();
            texts.extend(inner);
        }
        from = next;
    }
    texts
}

impl Inside {
    /// What a DO statement runs; none where it is another statement.
    pub fn of_do(sql: &str) -> Option<Inside> {
        let tokens = significant(sql);
        if !tokens.first()?.is_word("do") {
            return None;
        }
        let (mut language, mut body) = ("plpgsql".to_owned(), None);
        let mut at = 1;
        while let Some(token) = tokens.get(at) {
            if token.is_word("language") {
                at += 1;
                language = tokens.get(at).map(word).unwrap_or_default();
            } else if token.is_string() {
                body = unquote_literal(token.text);
            }
            at += 1;
        }
        Some(match body {
            Some(body) => Inside::of_body(&language, &body),
            None => Inside::unreadable(sql),
        })
    }

    /// What the body of a routine runs.
    pub fn of_body(language: &str, body: &str) -> Inside {
        match language.to_ascii_lowercase().as_str() {
            "plpgsql" => Inside::of_plpgsql(body),
            "sql" => match split(&plain(body)) {
                Ok(script) => Inside {
                    statements: script
                        .statements
                        .iter()
                        .map(|it| it.text.to_owned())
                        .collect(),
                    unread: Vec::new(),
                },
                Err(_) => Inside::unreadable(body),
            },
            // Its code stands in a library, not here, and needs a superuser's word to come there.
            "internal" | "c" => Inside::default(),
            _ => Inside::unreadable(body),
        }
    }

    fn unreadable(text: &str) -> Inside {
        Inside {
            statements: Vec::new(),
            unread: vec![text.trim().to_owned()],
        }
    }

    fn of_plpgsql(body: &str) -> Inside {
        let mut inside = Inside::default();
        let tokens = significant(body);
        if tokens.iter().any(|token| !token.terminated) {
            return Inside::unreadable(body);
        }
        let source = |part: &[Token<'_>]| match (part.first(), part.last()) {
            (Some(first), Some(last)) => body[first.start..last.end()].to_owned(),
            _ => String::new(),
        };
        for statement in tokens.split(|token| token.is(";")) {
            for at in 0..statement.len() {
                let begins = at == 0
                    || ["begin", "then", "else", "loop"]
                        .iter()
                        .any(|word| statement[at - 1].is_word(word));
                if begins {
                    inside.statements.push(source(&statement[at..]));
                }
                if let Some(expression) = dynamic(statement, at) {
                    match constant(expression) {
                        Some(text) => match split(&text) {
                            Ok(script) => inside
                                .statements
                                .extend(script.statements.iter().map(|it| it.text.to_owned())),
                            Err(_) => inside.unread.push(source(expression)),
                        },
                        None => inside.unread.push(source(expression)),
                    }
                }
            }
        }
        inside
    }
}

/// A body of SQL without the words around it that only a routine has: BEGIN ATOMIC … END, RETURN.
fn plain(body: &str) -> String {
    let tokens = significant(body);
    match tokens.as_slice() {
        [begin, atomic, rest @ ..] if begin.is_word("begin") && atomic.is_word("atomic") => {
            match rest.split_last() {
                Some((end, inner)) if end.is_word("end") && !inner.is_empty() => {
                    body[inner[0].start..end.start].to_owned()
                }
                _ => String::new(),
            }
        }
        [word, rest @ ..] if word.is_word("return") && !rest.is_empty() => {
            format!("SELECT {}", &body[rest[0].start..])
        }
        _ => body.to_owned(),
    }
}

/// A language as it is said: a word, a quoted name or a string.
fn word(token: &Token<'_>) -> String {
    let text = unquote_literal(token.text).unwrap_or_else(|| unquote_ident(token.text));
    text.to_ascii_lowercase()
}

/// The expression that EXECUTE runs, where one stands here; not that of a trigger, nor the privilege.
fn dynamic<'t, 'a>(statement: &'t [Token<'a>], at: usize) -> Option<&'t [Token<'a>]> {
    if !statement[at].is_word("execute") {
        return None;
    }
    let rest = &statement[at + 1..];
    let next = rest.first()?;
    if next.is(",")
        || ["on", "function", "procedure"]
            .iter()
            .any(|word| next.is_word(word))
    {
        return None;
    }
    let mut depth = 0usize;
    let end = rest.iter().position(|token| {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        }
        depth == 0
            && ["into", "using", "loop"]
                .iter()
                .any(|word| token.is_word(word))
    });
    Some(&rest[..end.unwrap_or(rest.len())])
}

/// The text that an expression gives, names and values that are filled in safely left open; none where it may be any.
fn constant(tokens: &[Token<'_>]) -> Option<String> {
    let parts = apart(tokens, |token| token.is("||"));
    let mut text = String::new();
    for part in &parts {
        text.push_str(&piece(part)?);
    }
    Some(text)
}

/// One operand of `||`.
fn piece(tokens: &[Token<'_>]) -> Option<String> {
    let (first, rest) = tokens.split_first()?;
    if first.is_string() {
        let text = unquote_literal(first.text)?;
        let cast = rest.is_empty()
            || matches!(rest, [cast, kind] if cast.is("::") && (kind.is_word("text") || kind.is_word("varchar")));
        return cast.then_some(text);
    }
    if let Some(filled) = filled(tokens) {
        return Some(filled.to_owned());
    }
    let last = tokens.last()?;
    if first.is("(") && last.is(")") && closes_at_end(tokens) {
        return constant(&tokens[1..tokens.len() - 1]);
    }
    let arguments = call(tokens, "format")?;
    let mut arguments = apart(arguments, |token| token.is(",")).into_iter();
    let pattern = constant(arguments.next()?)?;
    format(&pattern, &arguments.collect::<Vec<_>>())
}

/// What stands for a part that is one name or one value, whatever it is.
fn filled(tokens: &[Token<'_>]) -> Option<&'static str> {
    if call(tokens, "quote_ident").is_some() {
        return Some(NAME);
    }
    if call(tokens, "quote_literal").is_some() || call(tokens, "quote_nullable").is_some() {
        return Some(VALUE);
    }
    let [.., cast, kind] = tokens else {
        return None;
    };
    let named = ["regclass", "regrole", "regnamespace", "regtype", "regproc"];
    let counted = [
        "int", "integer", "bigint", "smallint", "oid", "int4", "int8",
    ];
    match cast.is("::") {
        true if named.iter().any(|word| kind.is_word(word)) => Some(NAME),
        true if counted.iter().any(|word| kind.is_word(word)) => Some("0"),
        _ => None,
    }
}

/// The arguments of a call of PostgreSQL's own function that is all of the expression.
fn call<'t, 'a>(tokens: &'t [Token<'a>], function: &str) -> Option<&'t [Token<'a>]> {
    let tokens = match tokens {
        [schema, dot, rest @ ..] if schema.is_word("pg_catalog") && dot.is(".") => rest,
        tokens => tokens,
    };
    let (name, rest) = tokens.split_first()?;
    let called = name.is_word(function) && rest.first()?.is("(") && closes_at_end(rest);
    called.then(|| &rest[1..rest.len() - 1])
}

/// Whether the parenthesis that opens first closes last.
fn closes_at_end(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 1 == tokens.len();
            }
        }
    }
    false
}

/// Tokens cut where a sign stands outside of parentheses.
fn apart<'t, 'a>(
    tokens: &'t [Token<'a>],
    cuts: impl Fn(&Token<'a>) -> bool,
) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0usize;
    tokens
        .split(|token| {
            if token.is("(") || token.is("[") {
                depth += 1;
            } else if token.is(")") || token.is("]") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && cuts(token)
        })
        .collect()
}

/// What `format` gives; none where text is filled in that could be any.
fn format(pattern: &str, arguments: &[&[Token<'_>]]) -> Option<String> {
    let mut text = String::new();
    let mut letters = pattern.chars().peekable();
    let mut next = 0;
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        if letters.next_if_eq(&'%').is_some() {
            text.push('%');
            continue;
        }
        let mut flags = String::new();
        while let Some(flag) = letters.next_if(|it| it.is_ascii_digit() || "$-".contains(*it)) {
            flags.push(flag);
        }
        if let Some((position, _)) = flags.split_once('$') {
            next = position.parse::<usize>().ok()?.checked_sub(1)?;
        }
        let argument = arguments.get(next)?;
        next += 1;
        match letters.next()? {
            'I' => text.push_str(NAME),
            'L' => text.push_str(VALUE),
            's' => text.push_str(&piece(argument)?),
            _ => return None,
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(body: &str) -> (Vec<String>, Vec<String>) {
        let inside = Inside::of_do(&format!("DO $do${body}$do$")).unwrap();
        let is_sql = |text: &String| text.starts_with(char::is_uppercase);
        (
            inside.statements.into_iter().filter(is_sql).collect(),
            inside.unread,
        )
    }

    #[test]
    fn statements_and_constant_strings_are_read() {
        let (statements, unread) = run(
            "declare r record; begin GRANT a TO b; if x then REVOKE a FROM b; else ALTER TABLE t OWNER TO o; end if; \
             for r in execute 'SELECT 1' loop execute 'DROP TABLE ' || quote_ident(r.x) || ' CASCADE'; end loop; \
             execute format('GRANT %I TO %2$I, %L; DROP POLICY %s ON %s', a, b, c, 'p', t::regclass) using 1; \
             execute ('COMMENT ON ' || 'TABLE t IS null'::text); end",
        );
        assert_eq!(unread, [""; 0]);
        assert_eq!(
            statements,
            [
                "GRANT a TO b",
                "REVOKE a FROM b",
                "ALTER TABLE t OWNER TO o",
                "SELECT 1",
                "DROP TABLE \"%I\" CASCADE",
                "GRANT \"%I\" TO \"%I\", '%L'",
                "DROP POLICY p ON \"%I\"",
                "COMMENT ON TABLE t IS null",
            ]
        );
    }

    #[test]
    fn what_may_become_anything_is_unread() {
        for (body, what) in [
            ("begin execute q; end", "q"),
            ("begin execute 'GRANT ' || q into x; end", "'GRANT ' || q"),
            ("begin execute format('%s', q); end", "format('%s', q)"),
            ("begin execute format(q, 'x'); end", "format(q, 'x')"),
            (
                "begin return query execute 'SELECT ' || q; end",
                "'SELECT ' || q",
            ),
            ("begin execute 'SELECT ''x'; end", "'SELECT ''x'"),
        ] {
            assert_eq!(run(body).1, [what], "{body}");
        }
        let inside = Inside::of_do("DO LANGUAGE plperl 'x'").unwrap();
        assert_eq!(inside.unread, ["x"]);
        assert_eq!(
            run("begin GRANT EXECUTE ON FUNCTION f() TO b; end").1,
            [""; 0]
        );
        assert!(Inside::of_do("DROP TABLE t").is_none());
        assert_eq!(Inside::of_do("DO").unwrap().unread, ["DO"]);
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_taken(body in r#"(execute |format\(|'|\$\$|%[IsL]|\|\||begin |;|\(|\)|[a-z ]){0,30}"#) {
            let _ = Inside::of_body("plpgsql", &body);
        }
    }
}
