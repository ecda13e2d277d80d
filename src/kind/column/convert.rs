//! What a change of a column's type needs: whether PostgreSQL casts by itself, what USING says otherwise, and whether
//! values can be lost. See pg_cast; the string types take anything by assignment.

use crate::kind::Context;
use crate::model::Kind;
use crate::sql::quote::literal;

/// The family of a type within which casts are automatic.
#[derive(PartialEq, Eq, Clone, Copy)]
pub(super) enum Family {
    Text,
    Number,
    DateTime,
    Time,
    Json,
    Bits,
    Network,
    Other,
}

pub(super) fn base(data_type: &str) -> &str {
    let end = data_type.find(['(', '[']).unwrap_or(data_type.len());
    data_type[..end].trim_end()
}

pub(super) fn family(data_type: &str) -> Family {
    match base(data_type) {
        "text" | "character varying" | "character" | "bpchar" | "name" | "\"char\"" => Family::Text,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => {
            Family::Number
        }
        "date" => Family::DateTime,
        other if other.starts_with("timestamp") => Family::DateTime,
        other if other.starts_with("time") || other.starts_with("interval") => Family::Time,
        "json" | "jsonb" => Family::Json,
        "bit" | "bit varying" => Family::Bits,
        "inet" | "cidr" => Family::Network,
        _ => Family::Other,
    }
}

pub(super) fn is_array(data_type: &str) -> bool {
    data_type.ends_with(']')
}

/// The name of a cast from one type to the other.
pub(super) fn cast_between(from: &str, to: &str) -> Option<String> {
    let is_one = base(from) != base(to) && is_array(from) == is_array(to);
    is_one.then(|| format!("{} AS {}", base(from), base(to)))
}

/// Whether a cast that a user or an extension made leads from one type to the other: it says what the values become, and an
/// explicit one takes the automatic way to text away. One that goes does so when the values went over.
pub fn has_cast(from: &str, to: &str, context: &Context<'_>) -> bool {
    let Some(name) = cast_between(from, to) else {
        return false;
    };
    let members = context.before.members.values().flatten();
    let members = members.map(|member| &member.id);
    let mut casts = context
        .before
        .of_kind(Kind::Cast)
        .map(|(id, _)| id)
        .chain(members);
    casts.any(|id| id.kind == Kind::Cast && *id.name == *name)
}

/// Whether ALTER COLUMN TYPE needs no USING.
pub fn is_automatic(from: &str, to: &str) -> bool {
    if is_array(from) != is_array(to) {
        return !is_array(to) && family(to) == Family::Text && base(to) != "\"char\"";
    }
    let (source, target) = (family(from), family(to));
    base(from) == base(to)
        || (target == Family::Text && (source == Family::Text || base(to) != "\"char\""))
        || (source == target && source != Family::Other)
        || is_by_number(base(from), base(to))
}

/// Whether a type holds the OID of something, by its number or its name.
fn holds_oids(base: &str) -> bool {
    const NAMED: [&str; 11] = [
        "regclass",
        "regcollation",
        "regconfig",
        "regdictionary",
        "regnamespace",
        "regoper",
        "regoperator",
        "regproc",
        "regprocedure",
        "regrole",
        "regtype",
    ];
    base == "oid" || NAMED.contains(&base)
}

/// Whether pg_cast leads from one to the other by the number of an OID, without a word: by text it would be by the name.
fn is_by_number(from: &str, to: &str) -> bool {
    (from == "oid" || is_whole_number(from)) && holds_oids(to)
        || holds_oids(from) && matches!(to, "oid" | "integer" | "bigint")
}

/// Whether a type is that of the extension hstore, in whatever schema.
fn is_hstore(base: &str) -> bool {
    base.rsplit('.').next() == Some("hstore")
}

/// Whether an explicit cast of pg_cast leads from one geometric type to the other.
fn is_geometric(from: &str, to: &str) -> bool {
    matches!(
        (from, to),
        ("box", "circle" | "lseg" | "point" | "polygon")
            | ("circle", "box" | "point" | "polygon")
            | ("lseg", "point")
            | ("path", "polygon")
            | ("point", "box")
            | ("polygon", "box" | "circle" | "path" | "point")
    )
}

/// Conversions by functions, where the cast by way of text means something else or refuses what can be taken. `back`:
/// the values were converted on the way here, and this is how they were.
fn by_function(column: &str, from: &str, to: &str, back: bool) -> Option<String> {
    if is_array(from) && is_array(to) {
        return None;
    }
    if is_array(from) || is_array(to) {
        return match (family(from), family(to)) {
            (_, Family::Json) if is_array(from) => Some(format!("to_{}({column})", base(to))),
            (Family::Json, _) if back => Some(format!(
                "translate({column}::text, {}, {})::{to}",
                literal("[]"),
                literal("{}")
            )),
            _ => None,
        };
    }
    let utf8 = literal("UTF8");
    let (source, target) = (family(from), family(to));
    match (base(from), base(to)) {
        (_, "bytea") if source == Family::Json || source == Family::Text && !back => {
            Some(format!("convert_to({column}::text, {utf8})"))
        }
        ("bytea", _) if target == Family::Json || target == Family::Text && back => {
            Some(format!("convert_from({column}, {utf8})::{to}"))
        }
        // hstore casts to JSON, and nothing casts back: of an object without others in it only the marks differ.
        (_, hstore) if back && source == Family::Json && is_hstore(hstore) => Some(format!(
            "btrim(regexp_replace({column}::jsonb::text, {}, {}, {}), {})::{to}",
            literal(r#"("(?:[^"\\]|\\.)*"): "#),
            literal(r"\1=>"),
            literal("g"),
            literal("{}")
        )),
        // Its text has the currency's sign.
        ("money", _) if target == Family::Number && base(to) != "numeric" => {
            Some(format!("{column}::numeric::{to}"))
        }
        (many, one)
            if one
                .strip_suffix("range")
                .is_some_and(|of| many.strip_suffix("multirange") == Some(of)) =>
        {
            Some(format!("range_merge({column})"))
        }
        ("boolean", _) if target == Family::Number => Some(format!("{column}::integer::{to}")),
        (_, "boolean") if source == Family::Number => Some(format!("{column} <> 0")),
        (_, "interval") if source == Family::Number && back => {
            Some(format!("{column} * interval {}", literal("1 second")))
        }
        ("interval", _) if target == Family::Number => {
            Some(format!("extract(epoch FROM {column})::{to}"))
        }
        _ if back && source == Family::DateTime && target == Family::Number => {
            Some(format!("extract(epoch FROM {column})::{to}"))
        }
        _ if back && source == Family::Number && target == Family::DateTime => {
            Some(format!("to_timestamp({column})::{to}"))
        }
        _ => None,
    }
}

/// The USING expression that a change of type needs; `None` where PostgreSQL casts by itself.
pub fn using(column: &str, from: &str, to: &str, back: bool) -> Option<String> {
    if let Some(call) = by_function(column, from, to, back) {
        return Some(call);
    }
    // Only an explicit cast fills bits up, or cuts them off.
    if base(to) == "bit" && family(from) == Family::Bits && is_array(from) == is_array(to) {
        return Some(format!("{column}::{to}"));
    }
    if is_automatic(from, to) {
        return None;
    }
    if is_array(from) != is_array(to) {
        if is_array(to) {
            return Some(format!(
                "CASE WHEN {column} IS NULL THEN NULL ELSE ARRAY[{column}]::{to} END"
            ));
        }
        return Some(format!("{column}[1]::{to}"));
    }
    let direct = matches!(
        (base(from), base(to)),
        (
            "text" | "character varying" | "character" | "bpchar" | "name",
            _
        ) | ("boolean", "integer")
            | ("integer", "boolean")
            | (
                "timestamp without time zone" | "timestamp with time zone",
                "time without time zone"
            )
            | ("interval", "time without time zone")
            | (
                "jsonb",
                "boolean"
                    | "numeric"
                    | "integer"
                    | "bigint"
                    | "smallint"
                    | "real"
                    | "double precision"
            )
            | ("integer" | "bigint", "bit" | "money")
            | ("bit", "integer" | "bigint")
            | ("integer", "\"char\"")
            | ("\"char\"", "integer")
            | ("numeric", "money")
            | ("money", "numeric")
            | ("xid8", "xid")
    ) || is_geometric(base(from), base(to));
    // A multirange is made from a range by its own function; see pg_cast.
    let multirange = from
        .strip_suffix("range")
        .is_some_and(|subtype| to.strip_suffix("multirange") == Some(subtype));
    if direct || multirange {
        Some(format!("{column}::{to}"))
    } else {
        Some(format!("{column}::text::{to}"))
    }
}

/// Whether values of one type can be lost or refused in another.
pub fn is_narrowing(from: &str, to: &str) -> bool {
    fn rank(data_type: &str) -> Option<u8> {
        Some(match base(data_type) {
            "smallint" => 1,
            "integer" => 2,
            "bigint" => 3,
            "real" => 4,
            "double precision" => 5,
            "numeric" if !data_type.contains('(') => 6,
            _ => return None,
        })
    }
    fn length(data_type: &str) -> Option<u64> {
        let inner = data_type.split_once('(')?.1.split([')', ',']).next()?;
        inner.trim().parse().ok()
    }
    /// How many digits a numeric has, and how many of them behind the point.
    fn parts(data_type: &str) -> Option<(i64, i64)> {
        let inner = data_type.split_once('(')?.1.trim_end_matches(')');
        let mut numbers = inner
            .split(',')
            .map(|part| part.trim().parse::<i64>().unwrap_or(0));
        Some((numbers.next()?, numbers.next().unwrap_or(0)))
    }
    /// How many digits a whole number may have.
    fn digits(data_type: &str) -> Option<i64> {
        match base(data_type) {
            "smallint" => Some(5),
            "integer" => Some(10),
            "bigint" => Some(19),
            _ => None,
        }
    }
    /// The letters that the longest value has.
    fn letters(data_type: &str) -> Option<u64> {
        Some(match base(data_type) {
            "smallint" => 6,
            "integer" => 11,
            "bigint" => 20,
            "boolean" => 5,
            "uuid" => 36,
            _ => return None,
        })
    }
    /// The digits of a second, of which a time has six where nothing is said.
    fn precision(data_type: &str) -> u64 {
        length(data_type).unwrap_or(6)
    }
    if from == to {
        return false;
    }
    let (source, target) = (base(from), base(to));
    let is_plain = !is_array(from) && !is_array(to);
    if is_plain && (source == "\"char\"" || target == "\"char\"") {
        return target == "\"char\"";
    }
    let multirange = source
        .strip_suffix("range")
        .zip(target.strip_suffix("multirange"));
    let same_text = |one: &str, other: &str| {
        one.rsplit('.').next() == Some("citext") && family(other) == Family::Text
    };
    if is_array(from) == is_array(to)
        && (multirange.is_some_and(|(one, other)| one == other)
            || holds_oids(source) && holds_oids(target)
            || same_text(source, to) && length(to).is_none()
            || same_text(target, from))
    {
        return false;
    }
    if is_plain
        && let (Family::Time | Family::DateTime, Family::Time | Family::DateTime) =
            (family(from), family(to))
    {
        // `time(3) without time zone` has its digits inside.
        let bare = |data_type: &str| match data_type.split_once('(') {
            Some((begin, rest)) => {
                let rest = rest.split_once(')').map_or("", |(_, rest)| rest);
                format!("{}{rest}", begin.trim_end())
            }
            None => data_type.to_owned(),
        };
        let (source, target) = (bare(from), bare(to));
        return match (source.as_str(), target.as_str()) {
            ("date", it) if it.starts_with("timestamp") => false,
            _ if source == target => precision(from) > precision(to),
            (it, "interval") if it.starts_with("interval") => precision(from) > precision(to),
            (one, other) if one.starts_with("timestamp") && other.starts_with("timestamp") => {
                precision(from) > precision(to)
            }
            ("time without time zone", "time with time zone" | "interval") => {
                precision(from) > precision(to)
            }
            _ => true,
        };
    }
    if let (Some(digits), Some((precision, scale)), "numeric") = (digits(from), parts(to), base(to))
        && !is_array(from)
        && !is_array(to)
    {
        return precision - scale < digits;
    }
    if let (Some(from), Some(to)) = (rank(from), rank(to)) {
        return from > to;
    }
    match (family(from), family(to)) {
        (Family::Text, Family::Text) | (Family::Bits, Family::Bits) => {
            match (length(from), length(to)) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(length), Some(to)) => {
                    length > to || source == "bit varying" && target == "bit"
                }
            }
        }
        (_, Family::Text) => match (letters(from).filter(|_| is_plain), length(to)) {
            (_, None) => false,
            (Some(longest), Some(to)) => longest > to,
            (None, Some(_)) => true,
        },
        (Family::Number, Family::Number) if base(from) == base(to) => {
            match (parts(from), parts(to)) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some((p1, s1)), Some((p2, s2))) => p1 - s1 > p2 - s2 || s1 > s2,
            }
        }
        (Family::Json, Family::Json) => false,
        (Family::DateTime, Family::DateTime) => base(to) == "date",
        (Family::Time, Family::Time) if source == target => precision(from) > precision(to),
        _ => true,
    }
}

/// The storage of a type as SET STORAGE takes it, to go back to.
pub fn usual_storage(data_type: &str) -> &'static str {
    if is_array(data_type) {
        return "EXTENDED";
    }
    match base(data_type) {
        "numeric" | "inet" | "cidr" => "MAIN",
        "smallint" | "integer" | "bigint" | "real" | "double precision" | "boolean" | "date"
        | "uuid" | "oid" | "money" | "name" | "interval" | "point" | "macaddr" => "PLAIN",
        other if other.starts_with("time") => "PLAIN",
        _ => "EXTENDED",
    }
}

/// Whether a type counts whole numbers.
pub fn is_whole_number(data_type: &str) -> bool {
    matches!(data_type, "smallint" | "integer" | "bigint")
}

/// What holds of a value that an automatic change of its type refuses.
pub fn does_not_fit(column: &str, from: &str, to: &str) -> Option<String> {
    let (from_base, to_base) = (base(from), base(to));
    let is_text = |it: &str| matches!(it, "text" | "character varying" | "character" | "bpchar");
    if from.ends_with(']') || to.ends_with(']') || !is_narrowing(from, to) {
        return None;
    }
    match to_base {
        "character varying" | "character" if is_text(from_base) => {
            let (length, _) = sizes(to)?;
            // Blanks beyond the length are cut without a word.
            Some(format!(
                "rtrim(substr({column}::text, {}), {}) <> {}",
                length + 1,
                literal(" "),
                literal("")
            ))
        }
        "smallint" if is_whole_number(from_base) => {
            Some(format!("{column} NOT BETWEEN -32768 AND 32767"))
        }
        "integer" if is_whole_number(from_base) => {
            Some(format!("{column} NOT BETWEEN -2147483648 AND 2147483647"))
        }
        "numeric" if from_base == "numeric" || is_whole_number(from_base) => {
            let (precision, scale) = sizes(to)?;
            Some(format!(
                "{column}::numeric <> {} AND abs(round({column}::numeric, {scale})) >= 1e{}",
                literal("NaN"),
                precision - scale
            ))
        }
        _ => None,
    }
}

/// The numbers of `numeric(10,2)` and `character varying(20)`.
fn sizes(data_type: &str) -> Option<(i64, i64)> {
    let (_, rest) = data_type.split_once('(')?;
    let (inner, _) = rest.split_once(')')?;
    let mut numbers = inner.split(',').map(|it| it.trim().parse::<i64>());
    let first = numbers.next()?.ok()?;
    Some((first, numbers.next().map_or(Some(0), Result::ok)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn string_types_take_anything() {
        assert_eq!(using("c", "integer", "text", false), None);
        assert_eq!(
            using("c", "text", "integer", false).as_deref(),
            Some("c::integer")
        );
        assert_eq!(
            using("c", "uuid", "integer", false).as_deref(),
            Some("c::text::integer")
        );
        assert_eq!(
            using("c", "character varying(20)", "character varying(10)", false),
            None
        );
        assert_eq!(
            using("c", "bit(4)", "bit(8)", false).as_deref(),
            Some("c::bit(8)")
        );
        assert_eq!(using("c", "bit(4)", "bit varying(8)", false), None);
    }

    #[test]
    fn bytes_and_truth_go_there_and_back() {
        let there = |from, to| using("c", from, to, false).unwrap();
        let back = |from, to| using("c", from, to, true).unwrap();
        assert_eq!(there("jsonb", "bytea"), "convert_to(c::text, 'UTF8')");
        assert_eq!(back("bytea", "jsonb"), "convert_from(c, 'UTF8')::jsonb");
        assert_eq!(there("boolean", "smallint"), "c::integer::smallint");
        assert_eq!(back("smallint", "boolean"), "c <> 0");
        assert_eq!(there("text[]", "jsonb"), "to_jsonb(c)");
        assert_eq!(back("money", "bigint"), "c::numeric::bigint");
        assert_eq!(back("int4multirange", "int4range"), "range_merge(c)");
    }

    #[test]
    fn narrowing_is_seen() {
        for (from, to) in [
            ("integer", "\"char\""),
            ("text", "\"char\""),
            ("bit varying(4)", "bit(4)"),
            (
                "timestamp(6) without time zone",
                "timestamp(3) without time zone",
            ),
            ("timestamp with time zone", "date"),
            ("timestamp with time zone", "time without time zone"),
            ("time with time zone", "time without time zone"),
            ("interval", "interval day to second(2)"),
            ("integer", "character varying(5)"),
            ("public.citext", "character varying(5)"),
            ("box", "point"),
        ] {
            assert!(is_narrowing(from, to), "{from} {to}");
        }
        for (from, to) in [
            ("\"char\"", "integer"),
            ("time(0) without time zone", "time(3) without time zone"),
            (
                "timestamp(3) without time zone",
                "timestamp without time zone",
            ),
            ("timestamp without time zone", "timestamp with time zone"),
            ("date", "timestamp without time zone"),
            ("interval day to second(2)", "interval"),
            ("int4range", "int4multirange"),
            ("oid", "regclass"),
            ("text", "public.citext"),
            ("public.citext", "text"),
            ("integer", "character varying(36)"),
            ("uuid", "character varying(36)"),
        ] {
            assert!(!is_narrowing(from, to), "{from} {to}");
        }
        assert!(is_narrowing("bigint", "integer"));
        assert!(!is_narrowing("integer", "bigint"));
        assert!(is_narrowing(
            "character varying(20)",
            "character varying(10)"
        ));
        assert!(is_narrowing("numeric(12,2)", "numeric(10,2)"));
        assert!(!is_narrowing("numeric(10,2)", "numeric(12,2)"));
        assert!(
            !is_narrowing("integer", "numeric(12,2)") && is_narrowing("integer", "numeric(11,2)")
        );
        assert!(!is_narrowing("character varying(20)", "text"));
        assert!(is_narrowing("bit(8)", "bit(4)") && is_narrowing("bit varying", "bit(4)"));
        assert!(!is_narrowing("bit(4)", "bit(8)") && !is_narrowing("bit(4)", "bit varying(4)"));
    }

    #[test]
    fn only_what_can_be_told_is_asked() {
        assert_eq!(does_not_fit("c", "text", "character varying"), None);
        assert_eq!(does_not_fit("c", "text", "integer"), None);
        assert_eq!(does_not_fit("c", "integer[]", "smallint[]"), None);
        assert_eq!(
            does_not_fit("c", "bigint", "smallint").as_deref(),
            Some("c NOT BETWEEN -32768 AND 32767")
        );
        assert_eq!(
            does_not_fit("c", "numeric(12,2)", "numeric(8,1)").as_deref(),
            Some("c::numeric <> 'NaN' AND abs(round(c::numeric, 1)) >= 1e7")
        );
        assert_eq!(
            does_not_fit("c", "text", "character varying(20)").as_deref(),
            Some("rtrim(substr(c::text, 21), ' ') <> ''")
        );
    }
}
