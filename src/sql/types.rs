//! Type names as people write them and as PostgreSQL prints them (`format_type`). For reading only: whether two types
//! are the same is PostgreSQL's to say.

use super::lexer::{self, Token, TokenKind};
use super::quote;

/// The type name in `format_type`'s spelling, as far as it can be told without a server: `int` → `integer`,
/// `varchar(255)[]` → `character varying(255)[]`. What is no type name comes back as it is.
pub fn canonical_type(name: &str) -> String {
    let tokens = lexer::significant(name);
    parse(&tokens).unwrap_or_else(|| name.trim().to_owned())
}

/// The name in `pg_type` of a type in `format_type`'s spelling, without its modifier: `integer` is `int4` there.
pub fn internal_name(name: &str) -> &str {
    match name {
        "integer" | "int" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "real" => "float4",
        "double precision" => "float8",
        "decimal" => "numeric",
        "character varying" => "varchar",
        "character" | "char" => "bpchar",
        "bit varying" => "varbit",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        other => other,
    }
}

/// The integer type behind `smallserial`, `serial` and `bigserial`, which are no types but a column with a sequence.
pub fn serial_type(name: &str) -> Option<&'static str> {
    match name.trim().to_ascii_lowercase().as_str() {
        "smallserial" | "serial2" => Some("smallint"),
        "serial" | "serial4" => Some("integer"),
        "bigserial" | "serial8" => Some("bigint"),
        _ => None,
    }
}

/// Whether a word or quoted name, standing without a schema, is PostgreSQL's own type: `pg_catalog` is searched first,
/// so a type of the same name elsewhere needs its schema. `"integer"` in quotes is none, `"char"` is.
pub fn is_builtin_type(token: &str) -> bool {
    if token.starts_with('"') {
        return OWN_TYPES.contains(&quote::unquote_ident(token).as_str());
    }
    let word = token.to_ascii_lowercase();
    KEYWORD_TYPES.contains(&word.as_str()) || OWN_TYPES.contains(&word.as_str())
}

/// Every type that columns are made of and that is PostgreSQL's own, in the order of the alphabet.
pub fn builtin_types() -> impl Iterator<Item = &'static str> {
    let own = OWN_TYPES.iter().filter(|name| !name.starts_with("any"));
    KEYWORD_TYPES.iter().chain(own).copied()
}

/// Type names that the grammar knows by itself (gram.y).
const KEYWORD_TYPES: &[&str] = &[
    "bigint",
    "boolean",
    "character",
    "dec",
    "decimal",
    "double",
    "float",
    "int",
    "integer",
    "national",
    "nchar",
    "real",
    "smallint",
];

/// Type names of `pg_catalog` that columns and arguments are made of.
const OWN_TYPES: &[&str] = &[
    "aclitem",
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "bit",
    "bool",
    "box",
    "bpchar",
    "bytea",
    "char",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "event_trigger",
    "fdw_handler",
    "float4",
    "float8",
    "gtsvector",
    "index_am_handler",
    "inet",
    "int2",
    "int2vector",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "language_handler",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_snapshot",
    "point",
    "polygon",
    "record",
    "refcursor",
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
    "table_am_handler",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "trigger",
    "tsm_handler",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "varbit",
    "varchar",
    "void",
    "xid",
    "xid8",
    "xml",
];

fn parse(tokens: &[Token]) -> Option<String> {
    let mut rest = tokens;
    let mut set = "";
    if rest.first()?.is_word("setof") {
        set = "SETOF ";
        rest = &rest[1..];
    }
    let mut path = vec![rest.first().filter(|token| token.is_ident())?];
    rest = &rest[1..];
    while let [dot, part, ..] = rest {
        if !(dot.is(".") && part.is_ident()) {
            break;
        }
        path.push(part);
        rest = &rest[2..];
    }
    let (words, more) = take_words(path.len() == 1, path[0], rest);
    rest = more;
    let (modifier, more) = take_modifier(rest)?;
    rest = more;
    // `timestamp(3) with time zone`, `interval day to second(3)`
    let (zone, more) = take_zone(rest);
    rest = more;
    let is_array = take_array(rest)?;
    let base = base_name(&path, &words, modifier.as_deref(), zone);
    Some(format!("{set}{base}{}", if is_array { "[]" } else { "" }))
}

fn take_words<'t, 'a>(
    bare: bool,
    first: &Token,
    rest: &'t [Token<'a>],
) -> (Vec<String>, &'t [Token<'a>]) {
    const FOLLOWERS: &[(&str, &[&str])] = &[
        ("character", &["varying"]),
        ("char", &["varying"]),
        ("nchar", &["varying"]),
        ("national", &["character", "char", "varying"]),
        ("double", &["precision"]),
        ("bit", &["varying"]),
        (
            "interval",
            &["year", "month", "day", "hour", "minute", "second", "to"],
        ),
    ];
    let followers = FOLLOWERS
        .iter()
        .find(|(word, _)| bare && first.is_word(word))
        .map_or(&[][..], |(_, words)| words);
    let count = rest
        .iter()
        .take_while(|token| followers.iter().any(|word| token.is_word(word)))
        .count();
    let words = rest[..count]
        .iter()
        .map(|token| token.text.to_ascii_lowercase())
        .collect();
    (words, &rest[count..])
}

fn take_modifier<'t, 'a>(rest: &'t [Token<'a>]) -> Option<(Option<String>, &'t [Token<'a>])> {
    if !rest.first().is_some_and(|token| token.is("(")) {
        return Some((None, rest));
    }
    let close = rest.iter().position(|token| token.is(")"))?;
    let inner: String = rest[1..close].iter().map(|token| token.text).collect();
    Some((Some(inner), &rest[close + 1..]))
}

fn take_zone<'t, 'a>(rest: &'t [Token<'a>]) -> (Option<bool>, &'t [Token<'a>]) {
    match rest {
        [first, time, zone, more @ ..] if time.is_word("time") && zone.is_word("zone") => {
            let with = first.is_word("with");
            if with || first.is_word("without") {
                (Some(with), more)
            } else {
                (None, rest)
            }
        }
        _ => (None, rest),
    }
}

/// Whether brackets follow, or `ARRAY`; `None` where anything else does.
fn take_array(rest: &[Token]) -> Option<bool> {
    let mut rest = rest;
    let mut is_array = false;
    if rest.first().is_some_and(|token| token.is_word("array")) {
        is_array = true;
        rest = &rest[1..];
    }
    loop {
        match rest {
            [] => return Some(is_array),
            [open, close, more @ ..] if open.is("[") && close.is("]") => rest = more,
            [open, size, close, more @ ..]
                if open.is("[") && size.kind == TokenKind::Number && close.is("]") =>
            {
                rest = more
            }
            _ => return None,
        }
        is_array = true;
    }
}

fn base_name(
    path: &[&Token],
    words: &[String],
    modifier: Option<&str>,
    zone: Option<bool>,
) -> String {
    let parts: Vec<String> = path
        .iter()
        .map(|token| quote::unquote_ident(token.text))
        .collect();
    let with = |name: &str| match modifier {
        Some(modifier) => format!("{name}({modifier})"),
        None => name.to_owned(),
    };
    let own = || with(&quote::path(parts.iter().map(String::as_str)));
    let builtin = match &parts[..] {
        [name] if path[0].kind == TokenKind::Word => name.as_str(),
        [schema, name] if schema == "pg_catalog" => name.as_str(),
        _ => return own(),
    };
    let in_catalog = parts.len() == 2;
    let zoned = |name: &str, with_zone: bool| {
        format!(
            "{} {} time zone",
            with(name),
            if with_zone { "with" } else { "without" }
        )
    };
    let varying = words.last().is_some_and(|word| word == "varying");
    match builtin {
        "int" | "integer" if !in_catalog => "integer".to_owned(),
        "int4" => "integer".to_owned(),
        "int2" => "smallint".to_owned(),
        "smallint" if !in_catalog => "smallint".to_owned(),
        "int8" => "bigint".to_owned(),
        "bigint" if !in_catalog => "bigint".to_owned(),
        "bool" => "boolean".to_owned(),
        "float4" => "real".to_owned(),
        "float8" => "double precision".to_owned(),
        "double" if words == ["precision"] => "double precision".to_owned(),
        "float" if !in_catalog => match modifier.map(str::parse::<u32>) {
            Some(Ok(bits)) if bits <= 24 => "real".to_owned(),
            _ => "double precision".to_owned(),
        },
        "decimal" | "dec" if !in_catalog => numeric(modifier),
        "numeric" => numeric(modifier),
        "varchar" => with("character varying"),
        "char" if in_catalog => quote::quoted_ident("char"),
        "character" | "char" | "nchar" | "national" if varying => with("character varying"),
        "character" | "char" | "nchar" | "national" => {
            format!("character({})", modifier.unwrap_or("1"))
        }
        "bpchar" if modifier.is_some() => with("character"),
        "bit" if varying => with("bit varying"),
        "bit" if in_catalog && modifier.is_none() => quote::quoted_ident("bit"),
        "bit" => format!("bit({})", modifier.unwrap_or("1")),
        "varbit" => with("bit varying"),
        "timestamptz" => zoned("timestamp", true),
        "timetz" => zoned("time", true),
        "timestamp" => zoned("timestamp", zone == Some(true)),
        "time" => zoned("time", zone == Some(true)),
        "interval" if !words.is_empty() => with(&format!("interval {}", words.join(" "))),
        "interval" => with("interval"),
        "json" => "json".to_owned(),
        name if in_catalog => with(&quote::ident(name)),
        // Keywords (`json` since 17) that format_type prints bare.
        "boolean" | "real" => builtin.to_owned(),
        _ => own(),
    }
}

fn numeric(modifier: Option<&str>) -> String {
    match modifier {
        Some(modifier) if modifier.contains(',') => format!("numeric({modifier})"),
        Some(precision) => format!("numeric({precision},0)"),
        None => "numeric".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_types_are_found_before_all_others() {
        for own in ["integer", "DATE", "\"char\"", "char", "text"] {
            assert!(is_builtin_type(own), "{own}");
        }
        for other in ["\"integer\"", "\"Date\"", "film"] {
            assert!(!is_builtin_type(other), "{other}");
        }
    }

    #[test]
    fn serials_are_no_types() {
        assert_eq!(serial_type(" BIGSERIAL"), Some("bigint"));
        assert_eq!(serial_type("int"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_taken(name in r#"([a-z"().,\[\]0-9 ]|char|varying|interval|\PC){0,20}"#) {
            let _ = canonical_type(&name);
        }
    }
}
