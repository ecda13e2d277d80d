//! `${env:NAME}` in a literal: the place of a value that only the environment knows, a password or a connection string.
//!
//! The rule: it counts in single-quoted literals of the statements that can hold a secret, and nowhere else. A text that
//! looks like it in a function's body, a default or a row is that text.

use std::ops::Range;

use super::lexer::{Token, TokenKind, significant, tokenize};
use super::quote::inside_literal;

const OPEN: &str = "${env:";

/// The placeholder of a variable.
pub fn placeholder(variable: &str) -> String {
    format!("{OPEN}{variable}}}")
}

/// The places and names of a statement's placeholders, in their order.
pub fn placeholders(sql: &str) -> Vec<(Range<usize>, &str)> {
    if !sql.contains(OPEN) || !may_hold_secrets(&significant(sql)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for token in tokenize(sql)
        .iter()
        .filter(|token| token.kind == TokenKind::String)
    {
        let mut from = token.start;
        while let Some(start) = sql[from..token.end()].find(OPEN) {
            let start = from + start;
            let name = start + OPEN.len();
            let Some(length) = sql[name..token.end()].find('}') else {
                break;
            };
            let end = name + length;
            found.push((start..end + 1, &sql[name..end]));
            from = end + 1;
        }
    }
    found
}

/// The statement with a value in the place of each placeholder, quoted as its literal wants it; where one has no value, the
/// names of all that have none.
pub fn fill<'v>(sql: &str, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, Vec<String>> {
    let (mut out, mut missing, mut from) = (String::with_capacity(sql.len()), Vec::new(), 0);
    for (place, name) in placeholders(sql) {
        out.push_str(&sql[from..place.start]);
        match value(name) {
            Some(value) => out.push_str(&inside_literal(value)),
            None => missing.push(name.to_owned()),
        }
        from = place.end;
    }
    out.push_str(&sql[from..]);
    if missing.is_empty() {
        Ok(out)
    } else {
        Err(missing)
    }
}

/// CREATE or ALTER of a server, a user mapping, a role, a subscription, or of foreign data.
fn may_hold_secrets(tokens: &[Token<'_>]) -> bool {
    let [verb, what, ..] = tokens else {
        return false;
    };
    ["create", "alter"].iter().any(|word| verb.is_word(word))
        && ["server", "user", "role", "group", "subscription", "foreign"]
            .iter()
            .any(|word| what.is_word(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_quoted_and_a_missing_one_is_named() {
        let sql =
            "CREATE USER MAPPING FOR a SERVER s OPTIONS (user '${env:U}', password '${env:P}')";
        let value = |name: &str| (name == "U").then_some("it's");
        assert_eq!(fill(sql, value), Err(vec!["P".to_owned()]));
        assert_eq!(
            fill(sql, |_| Some("it's")).unwrap(),
            "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'it''s', password 'it''s')"
        );
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        for sql in [
            "INSERT INTO t VALUES ('${env:HOME}')",
            "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS '${env:HOME}'",
            "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host $$${env:HOME}$$)",
            "ALTER SERVER s OPTIONS (SET host 'a') -- '${env:HOME}'",
            "CREATE USER MAPPING FOR a SERVER s OPTIONS (user '${env:U')",
        ] {
            assert_eq!(fill(sql, |_| Some("x")).unwrap(), sql);
        }
    }
}
