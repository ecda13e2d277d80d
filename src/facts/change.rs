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
            let found = crate::sql::volatile::is_volatile(default, |name| world.is_volatile(name));
            assert_eq!(found, volatile, "{default}");
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
