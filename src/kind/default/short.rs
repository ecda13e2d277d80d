//! A default as a person writes it: without the cast that PostgreSQL prints and the column's type says already. Only where
//! the shorter text makes the very same expression: a text of unknown type is read by the input function of the column's
//! type without its modifier, and a number with a minus is one constant (parse_coerce.c, gram.y's doNegate).

use std::borrow::Cow;

use crate::kdl::Path;
use crate::kind::Catalog;
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::{TokenKind, significant};

/// Types that are made in a schema and are no domains: a text becomes a value of a domain another way.
const MADE: &[Kind] = &[Kind::Enum, Kind::Range, Kind::Composite, Kind::BaseType];

/// The text of a default of something of a type (as `format_type` prints it), in a catalog.
pub(in crate::kind) fn short<'a>(
    text: &'a str,
    data_type: &str,
    catalog: &Catalog,
) -> Cow<'a, str> {
    let tokens = significant(text);
    let [literal, cast, _, ..] = tokens.as_slice() else {
        return Cow::Borrowed(text);
    };
    if !matches!(literal.kind, TokenKind::String | TokenKind::EscapeString)
        || cast.kind != TokenKind::Cast
        || literal.start != 0
    {
        return Cow::Borrowed(text);
    }
    let (spelled, cast) = (&text[..literal.end()], &text[cast.end()..]);
    if let Some(number) = negative(spelled, cast) {
        return Cow::Owned(number);
    }
    if base(data_type).as_deref() == Some(cast) && is_plain(cast, catalog) {
        return Cow::Borrowed(spelled);
    }
    Cow::Borrowed(text)
}

/// `'-1'::integer` as `-1`: what that number is by itself.
fn negative(spelled: &str, cast: &str) -> Option<String> {
    let number = spelled.strip_prefix('\'')?.strip_suffix('\'')?;
    let digits = number.strip_prefix('-')?;
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let is_it = match cast {
        "integer" => all_digits(digits) && number.parse::<i32>().is_ok(),
        "bigint" => {
            all_digits(digits)
                && number
                    .parse::<i64>()
                    .is_ok_and(|value| value < i64::from(i32::MIN))
        }
        "numeric" => digits
            .split_once('.')
            .is_some_and(|(whole, fraction)| all_digits(whole) && all_digits(fraction)),
        _ => false,
    };
    is_it.then(|| number.to_owned())
}

/// The type without its modifier, as a cast prints it; nothing where the modifier is part of a constant's type.
fn base(data_type: &str) -> Option<String> {
    let mut base = String::new();
    let mut depth = 0_u32;
    let mut quoted = false;
    for letter in data_type.chars() {
        match letter {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth = depth.saturating_sub(1);
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            base.push(letter);
        }
    }
    // The only type whose texts are read with the modifier.
    if base.starts_with("interval") && data_type != "interval" && data_type != "interval[]" {
        return None;
    }
    if let Some(suffix) = base.strip_prefix("character")
        && matches!(suffix, "" | "[]")
    {
        return Some(format!("bpchar{suffix}"));
    }
    Some(base)
}

/// Whether a text becomes a value of the type by its input function alone. What stands there without a schema is
/// PostgreSQL's own; what looks names up is left as it is.
fn is_plain(cast: &str, catalog: &Catalog) -> bool {
    let element = cast.trim_end_matches("[]");
    if !element.contains('.') {
        return !element.starts_with("reg");
    }
    let Ok(Path(parts)) = Path::parse(element) else {
        return false;
    };
    let [schema, name] = parts.as_slice() else {
        return false;
    };
    MADE.iter()
        .any(|kind| catalog.contains(&ObjectId::in_schema(*kind, schema, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_goes_where_the_type_says_it() {
        let mut catalog = Catalog::default();
        let id = ObjectId::in_schema(Kind::Enum, "app", "Mood");
        let mood = crate::kind::Object::from(crate::kind::enumeration::Enum::default());
        catalog.objects.insert(id, mood.into());
        for (text, data_type, expected) in [
            ("'a'::text", "text", "'a'"),
            ("'it''s'::text", "text", "'it''s'"),
            ("E'a\\\\b'::text", "text", "E'a\\\\b'"),
            ("'a'::character varying", "character varying(10)", "'a'"),
            (
                "'a'::character varying(10)",
                "character varying(10)",
                "'a'::character varying(10)",
            ),
            ("'a'::text", "character varying(10)", "'a'::text"),
            ("'a'::bpchar", "character(3)", "'a'"),
            ("'a'::\"char\"", "\"char\"", "'a'"),
            ("'{}'::text[]", "text[]", "'{}'"),
            (
                "'{}'::character varying[]",
                "character varying(3)[]",
                "'{}'",
            ),
            (
                "'2020-01-01 00:00:00'::timestamp without time zone",
                "timestamp(3) without time zone",
                "'2020-01-01 00:00:00'",
            ),
            ("'01:00:00'::interval", "interval", "'01:00:00'"),
            (
                "'01:00:00'::interval",
                "interval(0)",
                "'01:00:00'::interval",
            ),
            ("'-1'::integer", "integer", "-1"),
            ("'-1'::integer", "numeric(10,2)", "-1"),
            ("'-1'::bigint", "bigint", "'-1'"),
            ("'-5000000000'::bigint", "bigint", "-5000000000"),
            ("'-1.50'::numeric", "double precision", "-1.50"),
            ("'-1'::numeric", "numeric", "'-1'"),
            ("'NaN'::numeric", "numeric(4,1)", "'NaN'"),
            ("'happy'::app.\"Mood\"", "app.\"Mood\"", "'happy'"),
            ("'{happy}'::app.\"Mood\"[]", "app.\"Mood\"[]", "'{happy}'"),
            ("'x'::app.other", "app.other", "'x'::app.other"),
            ("'x'::text", "app.some_domain", "'x'::text"),
            ("'app.t'::regclass", "regclass", "'app.t'::regclass"),
            ("'a'::text || 'b'::text", "text", "'a'::text || 'b'::text"),
            (
                "('a'::text)::character varying",
                "character varying",
                "('a'::text)::character varying",
            ),
            ("NULL::text", "text", "NULL::text"),
            ("B'101'::\"bit\"", "bit(3)", "B'101'::\"bit\""),
            ("'a'", "text", "'a'"),
            ("", "text", ""),
        ] {
            assert_eq!(
                short(text, data_type, &catalog),
                expected,
                "{text} of {data_type}"
            );
        }
    }
}
