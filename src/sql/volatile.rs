//! Which functions give another value each time they are called: a column whose default calls one cannot be added without
//! writing every row.

use super::lexer::significant;
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
    for (n, token) in tokens.iter().enumerate() {
        if !token.is_ident() || !tokens.get(n + 1).is_some_and(|next| next.is("(")) {
            continue;
        }
        // A type with its modifier, `'1'::numeric(10, 2)`.
        if n > 0 && tokens[n - 1].is("::") {
            continue;
        }
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
