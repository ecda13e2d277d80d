//! Argument lists of routines as people and `pg_get_function_arguments` write them: mode, name, type and default of each
//! argument, told apart by a lexer. See func_arg in gram.y.

use crate::model::QualifiedName;
use crate::sql::lexer::{Token, TokenKind, significant};
use crate::sql::quote::{qualified, quoted_ident, unquote_ident};
use crate::sql::types::{canonical_type, is_builtin_type};

/// How an argument is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// IN, said or not.
    In,
    /// OUT.
    Out,
    /// INOUT.
    InOut,
    /// VARIADIC.
    Variadic,
}

/// One argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// How it is passed.
    pub mode: Mode,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its type as it is written.
    pub data_type: String,
    /// Its default, where it has one.
    pub default: Option<String>,
}

impl Argument {
    /// Whether the caller gives it, so that it counts for the identity.
    pub fn is_input(&self) -> bool {
        self.mode != Mode::Out
    }
}

/// Words that go on with the type that another word began.
fn is_type_pair(first: &str, second: &str) -> bool {
    let second = second.to_ascii_lowercase();
    match first.to_ascii_lowercase().as_str() {
        "double" => second == "precision",
        "character" | "char" | "bit" | "nchar" => second == "varying",
        "national" => second == "character" || second == "char",
        "timestamp" | "time" => second == "with" || second == "without",
        "interval" => matches!(
            second.as_str(),
            "year" | "month" | "day" | "hour" | "minute" | "second"
        ),
        _ => false,
    }
}

fn mode_of(token: &Token<'_>) -> Option<Mode> {
    if token.kind != TokenKind::Word {
        return None;
    }
    match token.text.to_ascii_uppercase().as_str() {
        "IN" => Some(Mode::In),
        "OUT" => Some(Mode::Out),
        "INOUT" => Some(Mode::InOut),
        "VARIADIC" => Some(Mode::Variadic),
        _ => None,
    }
}

/// The arguments of a list; ORDER BY of an ordered-set aggregate parts two of them like a comma.
pub fn parse(list: &str) -> Vec<Argument> {
    let tokens = significant(list);
    let mut arguments = Vec::new();
    let (mut depth, mut start, mut at) = (0_usize, 0, 0);
    while at < tokens.len() {
        let token = &tokens[at];
        let ordered = depth == 0
            && token.is_word("ORDER")
            && tokens.get(at + 1).is_some_and(|next| next.is_word("BY"));
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && (token.is(",") || ordered) {
            arguments.extend(one(list, &tokens[start..at]));
            start = if ordered { at + 2 } else { at + 1 };
            at = start;
            continue;
        }
        at += 1;
    }
    arguments.extend(one(list, &tokens[start.min(tokens.len())..]));
    arguments
}

fn text_of(list: &str, tokens: &[Token<'_>]) -> String {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => list[first.span().start..last.end()].to_owned(),
        _ => String::new(),
    }
}

fn one(list: &str, tokens: &[Token<'_>]) -> Option<Argument> {
    let mut rest = tokens;
    let mut mode = Mode::In;
    let take_mode = |rest: &mut &[Token<'_>], mode: &mut Mode| {
        if rest.len() > 1
            && let Some(found) = mode_of(&rest[0])
        {
            *mode = found;
            *rest = &rest[1..];
            // `IN OUT` is INOUT.
            if found == Mode::In && rest.len() > 1 && rest[0].is_word("OUT") {
                *mode = Mode::InOut;
                *rest = &rest[1..];
            }
        }
    };
    take_mode(&mut rest, &mut mode);
    let mut depth = 0_usize;
    let split = rest.iter().position(|token| {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && (token.is_word("DEFAULT") || token.is("=") || token.is(":="))
    });
    let default = split.map(|at| text_of(list, &rest[at + 1..]));
    rest = &rest[..split.unwrap_or(rest.len())];
    let name = match rest {
        [first, second, ..]
            if first.is_ident()
                && (second.is_ident() || second.is_word("SETOF"))
                && !is_type_pair(first.text, second.text) =>
        {
            let name = unquote_ident(first.text);
            rest = &rest[1..];
            take_mode(&mut rest, &mut mode);
            Some(name)
        }
        _ => None,
    };
    (!rest.is_empty()).then(|| Argument {
        mode,
        name,
        data_type: text_of(list, rest),
        default,
    })
}

/// The types of the input arguments as `oidvectortypes` prints them under an empty search path, as far as they can be
/// told without a server; `qualify` gives the schema of a name that the files declare.
pub fn signature(list: &str, qualify: impl Fn(&str) -> QualifiedName) -> String {
    let mut arguments = parse(list);
    arguments.retain(Argument::is_input);
    // Of `VARIADIC "any" ORDER BY VARIADIC "any"` PostgreSQL keeps one.
    arguments.dedup_by(|later, first| {
        [&*first, &*later]
            .iter()
            .all(|it| it.mode == Mode::Variadic)
    });
    arguments
        .iter()
        .map(|argument| settled_type(&argument.data_type, &qualify))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A type without its modifier, in the spelling of `format_type`.
pub fn settled_type(text: &str, qualify: &impl Fn(&str) -> QualifiedName) -> String {
    let tokens = significant(text);
    let mut bare = String::new();
    let mut depth = 0_usize;
    let mut after_word = false;
    for token in &tokens {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            if after_word && token.is_ident() {
                bare.push(' ');
            }
            after_word = token.is_ident();
            bare.push_str(token.text);
        }
    }
    let (base, suffix) = match bare.find('[') {
        Some(at) => (&bare[..at], "[]"),
        None => (bare.as_str(), ""),
    };
    let parts: Vec<Token<'_>> = significant(base);
    if let [only] = parts.as_slice()
        && only.is_ident()
        && !is_builtin_type(only.text)
    {
        let name = unquote_ident(only.text);
        let found = qualify(&name);
        if !found.schema.is_empty() {
            return format!("{}{suffix}", qualified(&found.schema, &found.name));
        }
    }
    if let [schema, dot, name] = parts.as_slice()
        && dot.is(".")
    {
        let (schema, name) = (unquote_ident(schema.text), unquote_ident(name.text));
        if schema == "pg_catalog" {
            let bare = if name == "char" {
                quoted_ident(&name)
            } else {
                unmodified(&name)
            };
            return format!("{bare}{suffix}");
        }
        return format!("{}{suffix}", qualified(&schema, &name));
    }
    format!("{}{suffix}", unmodified(base))
}

/// `format_type(…, NULL)`: `character` is one letter only where a column is made of it.
fn unmodified(name: &str) -> String {
    let settled = canonical_type(name);
    match settled.as_str() {
        "character(1)" | "bpchar" => "character".to_owned(),
        "bit(1)" | "\"bit\"" => "bit".to_owned(),
        _ => settled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn qualify(name: &str) -> QualifiedName {
        match name {
            "film" | "Flag" => QualifiedName::new("public", name),
            _ => QualifiedName::new("", name),
        }
    }

    #[test]
    fn arguments_are_told_apart() {
        let list = "a int, IN b varchar(20) DEFAULT 'x,y', OUT c double precision, INOUT \"D d\" film, VARIADIC e text[] = '{}'";
        let parsed = parse(list);
        let modes: Vec<Mode> = parsed.iter().map(|argument| argument.mode).collect();
        assert_eq!(
            modes,
            [Mode::In, Mode::In, Mode::Out, Mode::InOut, Mode::Variadic]
        );
        assert_eq!(parsed[1].default.as_deref(), Some("'x,y'"));
        assert_eq!(parsed[2].name.as_deref(), Some("c"));
        assert_eq!(parsed[2].data_type, "double precision");
        assert_eq!(parsed[3].name.as_deref(), Some("D d"));
        assert_eq!(parsed[4].data_type, "text[]");
        assert_eq!(
            signature(list, qualify),
            "integer, character varying, public.film, text[]"
        );
    }

    #[test]
    fn types_of_several_words_are_no_names() {
        for text in [
            "double precision",
            "timestamp with time zone",
            "character varying",
            "numeric(5,2)",
            "public.\"Flag\"",
        ] {
            assert_eq!(parse(text)[0].name, None, "{text}");
        }
        assert_eq!(
            parse("at timestamp with time zone")[0].name.as_deref(),
            Some("at")
        );
        assert_eq!(
            signature("numeric(5,2), \"Flag\"", qualify),
            "numeric, public.\"Flag\""
        );
    }

    #[test]
    fn ordered_set_aggregates_have_two_lists() {
        assert_eq!(
            signature("float8 ORDER BY float8", qualify),
            "double precision, double precision"
        );
        assert_eq!(signature("", qualify), "");
        assert!(parse("").is_empty());
    }
}
