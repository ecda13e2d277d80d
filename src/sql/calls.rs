//! The calls in a text of SQL: which name is called with how many arguments, as far as a lexer tells. What is called,
//! only PostgreSQL decides.

use super::lexer::{Token, significant};
use super::quote::unquote_ident;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The name, with its schema where the text gives it.
    pub path: Vec<String>,
    /// What is given; `None` where arguments are named or spread, so that their places do not show.
    pub arguments: Option<Vec<Given>>,
}

/// What is given for one argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// A string or null without a type: it becomes what is asked for.
    Untyped,
    /// Anything else.
    Typed,
}

/// Every call of the text, those within the arguments of others included.
pub fn calls(sql: &str) -> Vec<Call> {
    let tokens = significant(sql);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at].is_ident() {
            at += 1;
            continue;
        }
        let mut path = vec![unquote_ident(tokens[at].text)];
        at += 1;
        while at + 1 < tokens.len() && tokens[at].is(".") && tokens[at + 1].is_ident() {
            path.push(unquote_ident(tokens[at + 1].text));
            at += 2;
        }
        if tokens.get(at).is_some_and(|token| token.is("(")) {
            let arguments = arguments(&tokens[at + 1..]);
            found.push(Call { path, arguments });
        }
    }
    found
}

/// What stands between an opening parenthesis and its end.
fn arguments(tokens: &[Token<'_>]) -> Option<Vec<Given>> {
    let mut given = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, token) in tokens.iter().enumerate() {
        let ends = token.is(")") && depth == 0;
        let is_order = depth == 0 && token.is_word("order");
        if ends || is_order || depth == 0 && token.is(",") {
            let one = match &tokens[start..at] {
                // Of an aggregate.
                [first, rest @ ..] if first.is_word("distinct") || first.is_word("all") => rest,
                one => one,
            };
            match one {
                [] => {}
                [star] if star.is("*") => {}
                [only] if only.is_string() || only.is_word("null") => given.push(Given::Untyped),
                _ => given.push(Given::Typed),
            }
            start = at + 1;
            if ends || is_order {
                break;
            }
        } else if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && (token.is("=>") || token.is(":=") || token.is_word("variadic")) {
            return None;
        }
    }
    Some(given)
}

#[cfg(test)]
mod tests {
    use super::Given::{Typed, Untyped};
    use super::*;

    fn of(sql: &str, name: &str) -> Vec<Option<Vec<Given>>> {
        let calls = calls(sql).into_iter();
        let named = calls.filter(|call| call.path.last().is_some_and(|it| it == name));
        named.map(|call| call.arguments).collect()
    }

    #[test]
    fn arguments_are_counted_and_told_apart() {
        let sql = "select core.f(), f(1, 'a', (2, 3), \"F\"(null)), f(x => 1), f(variadic a), f(f('b'::text))";
        assert_eq!(
            of(sql, "f"),
            [
                Some(vec![]),
                Some(vec![Typed, Untyped, Typed, Typed]),
                None,
                None,
                Some(vec![Typed]),
                Some(vec![Typed]),
            ]
        );
        assert_eq!(of(sql, "F"), [Some(vec![Untyped])]);
        assert_eq!(calls(sql)[0].path, ["core", "f"]);
        assert_eq!(
            of("select s(distinct a order by b, c), s(*)", "s"),
            [Some(vec![Typed]), Some(vec![])]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(sql in r#"([a-z.'"$:(,) ]|=>|variadic |\PC){0,30}"#) {
            let _ = calls(&sql);
        }
    }
}
