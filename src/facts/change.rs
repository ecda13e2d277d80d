//! What a new type or default of a column costs: whether PostgreSQL writes the table anew, reads it, or does neither.

use super::world::{World, mentions};
use crate::model::QualifiedName;
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;

/// What a change of type does to the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conversion {
    /// The bytes stay as they are.
    Kept,
    /// Every row is written anew.
    Rewritten,
    /// The old type is not known.
    Unknown,
}

/// Whether the values of one type are stored as those of the other (`ATColumnChangeRequiresRewrite`).
pub(super) fn conversion(
    from: Option<&str>,
    to: &str,
    using: Option<&str>,
    column: &str,
) -> Conversion {
    if using.is_some_and(|using| !is_plain_cast(using, column)) {
        return Conversion::Rewritten;
    }
    let Some(from) = from else {
        return Conversion::Unknown;
    };
    if from == to {
        return Conversion::Kept;
    }
    let (one, two) = (Typed::of(from), Typed::of(to));
    if one.array != two.array {
        return Conversion::Rewritten;
    }
    let kept = match (one.base, two.base) {
        ("character varying", "text") => true,
        ("text", "character varying") => two.sizes.is_empty(),
        ("character varying" | "bit varying" | "numeric", _) if one.base == two.base => {
            widens(&one, &two)
        }
        ("timestamp without time zone" | "timestamp with time zone", _)
        | ("time without time zone" | "time with time zone" | "interval", _)
            if one.base == two.base =>
        {
            // A precision of 6 is all that is stored.
            two.sizes.is_empty()
                || two.sizes == [6]
                || (!one.sizes.is_empty() && widens(&one, &two))
        }
        ("cidr", "inet") | ("xml", "text") | ("xml", "character varying") => two.sizes.is_empty(),
        (a, b) => a == b && one.sizes == two.sizes,
    };
    match kept && !(one.array && one.base != two.base) {
        true => Conversion::Kept,
        false => Conversion::Rewritten,
    }
}

/// Whether some values of the old type cannot be told in the new one.
pub(super) fn narrows(from: Option<&str>, to: &str) -> bool {
    let two = Typed::of(to);
    let Some(from) = from else {
        return false;
    };
    let one = Typed::of(from);
    let rank = |base: &str| {
        ["smallint", "integer", "bigint", "numeric"]
            .iter()
            .position(|it| *it == base)
    };
    if let (Some(a), Some(b)) = (rank(one.base), rank(two.base)) {
        return a > b || (one.base == two.base && !widens(&one, &two));
    }
    match (one.base, two.base) {
        ("double precision", "real" | "integer" | "bigint" | "smallint" | "numeric")
        | ("real", "integer" | "bigint" | "smallint")
        | ("numeric", "double precision" | "real")
        | ("timestamp without time zone" | "timestamp with time zone", "date")
        | ("timestamp with time zone", "time without time zone")
        | ("json", "jsonb") => true,
        ("text" | "character varying" | "character", "character varying" | "character") => {
            !two.sizes.is_empty() && (one.sizes.is_empty() || one.sizes > two.sizes)
        }
        (a, b) if a == b => !two.sizes.is_empty() && !widens(&one, &two),
        _ => false,
    }
}

/// Whether no value needs to be looked at to see that it fits.
fn widens(one: &Typed<'_>, two: &Typed<'_>) -> bool {
    if two.sizes.is_empty() {
        return true;
    }
    if one.sizes.is_empty() {
        return false;
    }
    // numeric(p,s): more digits, the same scale.
    let scale = |sizes: &[u32]| sizes.get(1).copied().unwrap_or(0);
    one.sizes[0] <= two.sizes[0] && scale(&one.sizes) == scale(&two.sizes)
}

struct Typed<'a> {
    base: &'a str,
    sizes: Vec<u32>,
    array: bool,
}

impl<'a> Typed<'a> {
    fn of(name: &'a str) -> Typed<'a> {
        let array = name.ends_with("[]");
        let name = name.trim_end_matches("[]");
        let Some((before, rest)) = name.split_once('(') else {
            return Typed {
                base: name,
                sizes: Vec::new(),
                array,
            };
        };
        let (inner, after) = rest.split_once(')').unwrap_or((rest, ""));
        let sizes = inner.split(',').filter_map(|it| it.trim().parse().ok());
        Typed {
            // `timestamp(3) with time zone`: the words before and after are one name.
            base: match after.trim() {
                "with time zone" if before == "timestamp" => "timestamp with time zone",
                "without time zone" if before == "timestamp" => "timestamp without time zone",
                "with time zone" => "time with time zone",
                "without time zone" => "time without time zone",
                _ => before,
            },
            sizes: sizes.collect(),
            array,
        }
    }
}

/// Whether USING says no more than the cast that happens anyway: `c`, `c::type`, `CAST(c AS type)`.
fn is_plain_cast(using: &str, column: &str) -> bool {
    let tokens = significant(using.trim_start_matches('(').trim_end_matches(')'));
    let is_column = |n: usize| {
        tokens
            .get(n)
            .is_some_and(|token| token.is_ident() && unquote_ident(token.text) == column)
    };
    is_column(0)
        && tokens.get(1).is_none_or(|token| token.is("::"))
        && !tokens
            .iter()
            .skip(2)
            .any(|token| token.kind == crate::sql::lexer::TokenKind::Operator || token.is("::"))
}

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

/// Whether a default gives another value for each row: by the functions that it calls. None where one is not known.
pub(super) fn is_volatile(default: &str, world: &World) -> Option<bool> {
    let tokens = significant(default);
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
        match world.is_volatile(&name) {
            Some(true) => return Some(true),
            Some(false) => {}
            None if STEADY.contains(&name.as_str())
                || crate::sql::types::is_builtin_type(token.text) => {}
            None => sure = false,
        }
    }
    sure.then_some(false)
}

/// Whether a check of the table speaks of a column: it is proven again when the type changes.
pub(super) fn is_checked(world: &World, table: &QualifiedName, column: &str) -> bool {
    world.relation(table).is_some_and(|relation| {
        relation.constraints.iter().any(
            |it| matches!(&it.demand, super::read::Demand::Check(text) if mentions(text, column)),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_as_volatile_as_its_functions() {
        let world = World::default();
        for (default, volatile) in [
            ("now() - interval '1 day'", Some(false)),
            ("'x'::varchar(10)", Some(false)),
            ("gen_random_uuid()", Some(true)),
            ("s.own(1)", None),
            ("'nextval(1)'", Some(false)),
            ("lower(md5(random()::text))", Some(true)),
        ] {
            assert_eq!(is_volatile(default, &world), volatile, "{default}");
        }
    }

    #[test]
    fn a_narrower_type_is_told_from_a_wider_one() {
        for (from, to, narrow) in [
            ("bigint", "integer", true),
            ("integer", "bigint", false),
            ("text", "character varying(5)", true),
            ("character varying(5)", "character varying(50)", false),
            ("numeric(10,2)", "numeric(12,2)", false),
            ("numeric(10,2)", "numeric(12,1)", true),
            ("integer", "text", false),
        ] {
            assert_eq!(narrows(Some(from), to), narrow, "{from} {to}");
        }
    }
}
