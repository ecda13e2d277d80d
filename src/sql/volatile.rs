//! Which functions give another value each time they are called: a column whose default calls one cannot be added without
//! writing every row.

use super::lexer::{Token, significant};
use super::quote::unquote_ident;
use super::types::is_builtin_type;

/// Functions that give another value each time, or change something.
const VOLATILE: &[&str] = &[
    "random",
    "random_normal",
    "gen_random_uuid",
    "uuidv4",
    "uuidv7",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "clock_timestamp",
    "timeofday",
    "nextval",
    "setval",
    "currval",
    "lastval",
    "gen_random_bytes",
    "gen_salt",
    "set_config",
];

/// Functions that give one value throughout a statement.
const STEADY: &[&str] = &[
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "current_setting",
    "current_database",
    "current_schema",
    "current_user",
    "session_user",
    "to_char",
    "to_date",
    "to_timestamp",
    "to_jsonb",
    "to_json",
    "jsonb_build_object",
    "jsonb_build_array",
    "json_build_object",
    "array_fill",
    "lower",
    "upper",
    "md5",
    "round",
    "trunc",
    "date_trunc",
    "make_interval",
    "make_date",
    "coalesce",
    "greatest",
    "least",
    "nullif",
    "concat",
    "repeat",
    "replace",
    "substring",
    "abs",
    "timezone",
    "extract",
    "date_part",
    "pg_current_xact_id",
    "txid_current",
    "int4range",
    "int8range",
    "numrange",
    "daterange",
    "tsrange",
    "tstzrange",
    "decode",
    "encode",
    "length",
    "sha256",
    "to_tsvector",
    "inet_client_addr",
    "cast",
];

/// Whether an expression gives another value for each row: by the functions that it calls, of those that `known` knows by their
/// name whether they do. None where one is not known.
pub fn is_volatile(expression: &str, known: impl Fn(&str) -> Option<bool>) -> Option<bool> {
    let tokens = significant(expression);
    let mut sure = true;
    for token in called(&tokens) {
        let name = unquote_ident(token.text);
        if VOLATILE.contains(&name.as_str()) {
            return Some(true);
        }
        match known(&name) {
            Some(true) => return Some(true),
            Some(false) => {}
            None if STEADY.contains(&name.as_str()) || is_builtin_type(token.text) => {}
            None => sure = false,
        }
    }
    sure.then_some(false)
}

/// Whether an expression may give another value another time: it calls something, or names the time or the role.
pub fn may_differ(expression: &str) -> bool {
    let tokens = significant(expression);
    let names_it = |token: &Token<'_>| {
        let word = token.text.to_ascii_lowercase();
        token.is_ident()
            && (word.starts_with("current_") || word.starts_with("local") || word == "session_user")
    };
    called(&tokens).next().is_some() || tokens.iter().any(names_it)
}

/// The names that are called; not a type with its modifier, `'1'::numeric(10, 2)`.
fn called<'t, 's>(tokens: &'t [Token<'s>]) -> impl Iterator<Item = &'t Token<'s>> {
    let at = |place: usize, text: &str| tokens.get(place).is_some_and(|it| it.is(text));
    tokens
        .iter()
        .enumerate()
        .filter(move |(n, token)| {
            token.is_ident() && at(n + 1, "(") && !n.checked_sub(1).is_some_and(|n| at(n, "::"))
        })
        .map(|(_, token)| token)
}

/// Words that are a value, or stand between values, by themselves.
const OF_VALUES: &[&str] = &[
    "true",
    "false",
    "null",
    "array",
    "cast",
    "as",
    "at",
    "and",
    "or",
    "not",
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
];

/// Further words of the names of types, and of AT TIME ZONE.
const OF_TYPES: &[&str] = &["with", "without", "time", "zone", "precision", "varying"];

/// Whether an expression names no column and asks no table, as far as its words tell: it can be a column's default.
pub fn mentions_no_column(expression: &str) -> bool {
    let tokens = significant(expression);
    // Whether the token before was part of the name of a type or a routine.
    let mut named = false;
    for (n, token) in tokens.iter().enumerate() {
        let before = n.checked_sub(1).map(|n| &tokens[n]);
        let next = tokens.get(n + 1);
        if !token.is_ident() {
            named = named && token.is(".");
            continue;
        }
        let word = token.text.to_ascii_lowercase();
        let is_cast = before.is_some_and(|it| it.is("::") || it.is_word("as"));
        let goes_on = named && before.is_some_and(|it| it.is(".") || it.is_ident());
        let is_path = next.is_some_and(|it| it.is(".")) && is_called(&tokens[n..]);
        let is_part = OF_TYPES.contains(&word.as_str())
            && (goes_on || before.is_some_and(|it| it.is_word("at") || it.is_word("time")));
        let is_literal = is_builtin_type(token.text)
            && next.is_some_and(|it| it.is_string() || it.is_word("with") || it.is_word("without"));
        let is_qualified = goes_on && before.is_some_and(|it| it.is("."));
        named = is_cast || is_part || is_literal || is_qualified || is_path;
        let is_known = OF_VALUES.contains(&word.as_str())
            || next.is_some_and(|it| it.is("(") || it.is_string());
        if !named && !is_known {
            return false;
        }
    }
    true
}

/// Whether a path of names ends in a call.
fn is_called(tokens: &[Token<'_>]) -> bool {
    let mut rest = tokens.iter().skip_while(|it| it.is_ident() || it.is("."));
    rest.next().is_some_and(|it| it.is("("))
}

#[cfg(test)]
mod tests {
    use super::{may_differ, mentions_no_column};

    #[test]
    fn what_is_computed_may_differ() {
        for computed in [
            "gen_random_uuid()",
            "now()",
            "CURRENT_TIMESTAMP",
            "s.f(1)",
            "(nextval('q'::regclass))",
        ] {
            assert!(may_differ(computed), "{computed}");
        }
        for constant in [
            "'a'::text",
            "1.5::numeric(10, 2)",
            "'now ()'",
            "ARRAY['a'::text]",
            "true",
        ] {
            assert!(!may_differ(constant), "{constant}");
        }
    }

    #[test]
    fn columns_are_told_from_constants() {
        for constant in [
            "0",
            "-1.5",
            "'open'",
            "''::text",
            "'open'::app.status",
            "'{}'::character varying(20)[]",
            "CAST('1' AS double precision)",
            "timestamp with time zone '2020-01-01 00:00+00'",
            "date '2020-01-01'",
            "interval '1 day'",
            "now() AT TIME ZONE 'UTC'",
            "CURRENT_TIMESTAMP",
            "lower('A') || app.suffix()",
            "ARRAY[1, 2]::bigint[]",
            "jsonb_build_object('a', true)",
            "NULL",
        ] {
            assert!(mentions_no_column(constant), "{constant}");
        }
        for other in [
            "name",
            "\"name\"",
            "'a' || id",
            "date",
            "lower(email)",
            "t.name::text",
            "(SELECT 1)",
            "coalesce(total, 0)",
            "id::text",
            "time",
            "zone",
            "CASE WHEN a THEN 1 END",
        ] {
            assert!(!mentions_no_column(other), "{other}");
        }
    }
}
