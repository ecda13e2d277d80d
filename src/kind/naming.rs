//! What PostgreSQL calls a constraint or an index that nobody named: the words behind the table and the columns, and the
//! columns that it counts. See ChooseConstraintName, ChooseIndexName and FigureIndexColname.

use crate::model::Kind;
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::unquote_ident;

/// The last word of a name, `users_email_key`.
pub fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::PrimaryKey => "pkey",
        Kind::Unique => "key",
        Kind::Check | Kind::DomainConstraint => "check",
        Kind::ForeignKey => "fkey",
        Kind::Exclude => "excl",
        Kind::Statistics => "stat",
        Kind::NotNull | Kind::DomainNotNull => "not_null",
        Kind::Sequence => "seq",
        _ => "idx",
    }
}

/// The columns that an expression speaks of, each once, in the order of the text.
pub fn columns_in(expression: &str, columns: &[String]) -> Vec<String> {
    let tokens = significant(expression);
    let mut found: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let called = tokens.get(at + 1).is_some_and(|next| next.is("("));
        let cast = at > 0 && tokens[at - 1].is("::");
        if !token.is_ident() || called || cast {
            continue;
        }
        let name = unquote_ident(token.text);
        if columns.contains(&name) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The columns by which a check is named: the only one that it speaks of, else none.
pub fn check_columns(expression: &str, columns: &[String]) -> Vec<String> {
    let found = columns_in(expression, columns);
    if found.len() == 1 { found } else { Vec::new() }
}

/// The word by which an index names an expression: that of PostgreSQL, else `expr`.
pub fn expression_name(expression: &str) -> String {
    crate::sql::expression_name::expression_name(without_parentheses(expression))
        .unwrap_or_else(|| "expr".to_owned())
}

/// The names of an index's columns as PostgreSQL makes them different: `a`, `a1`.
pub fn distinct(names: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in names {
        let mut candidate = name.clone();
        let mut number = 1;
        while out.contains(&candidate) {
            candidate = format!("{name}{number}");
            number += 1;
        }
        out.push(candidate);
    }
    out
}

/// A name for what another one takes the name of meanwhile.
pub fn aside(name: &str) -> String {
    const MARK: &str = "_schemactl_aside";
    let mut aside = name.to_owned();
    while aside.len() > 63 - MARK.len() {
        aside.pop();
    }
    aside + MARK
}

/// The text without parentheses around the whole of it; a query within an expression keeps its own.
pub fn without_parentheses(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let tokens = significant(text);
        let whole = tokens.first().is_some_and(|first| first.is("("))
            && closing(&tokens, 0) == Some(tokens.len() - 1);
        let is_query = tokens.get(1).is_some_and(|it| {
            ["select", "with", "values", "table"]
                .iter()
                .any(|word| it.is_word(word))
        });
        if !whole || is_query {
            return text;
        }
        text = text[1..text.len() - 1].trim();
    }
}

/// The place of the token that closes the parenthesis at `open`.
fn closing(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_named_by_their_function() {
        assert_eq!(expression_name("lower(email)"), "lower");
        assert_eq!(expression_name("(lower(email))"), "lower");
        assert_eq!(expression_name("lower(a) || b"), "expr");
        assert_eq!(expression_name("a || b"), "expr");
    }

    #[test]
    fn columns_are_told_from_functions() {
        let columns = ["status".to_owned(), "lower".to_owned()];
        assert_eq!(columns_in("lower(status) = 'lower'", &columns), ["status"]);
        assert_eq!(
            check_columns("lower > 1 and status = ''", &columns).len(),
            0
        );
    }

    #[test]
    fn parentheses_go_only_as_a_pair() {
        assert_eq!(without_parentheses("((a > 1))"), "a > 1");
        assert_eq!(without_parentheses("(a) > (1)"), "(a) > (1)");
        assert_eq!(without_parentheses("(( SELECT f()))"), "( SELECT f())");
    }
}
