//! What a slot can hold beyond plain text: a dotted path, a value of the environment, a literal of `row`.

use std::fmt;
use std::ops::Range;

/// A dotted path as written: `auth.users`, `users`, `#""my.table""#`, `public.payment.payment_id`. Parts are exact
/// names; where it is looked up is for the kind to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<String>);

impl Path {
    /// Reads a path; a part with a dot or a quote stands in double quotes, a quote inside is doubled.
    ///
    /// # Errors
    /// What is wrong with it, lower case, for a message.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        loop {
            let part;
            (part, rest) = if let Some(quoted) = rest.strip_prefix('"') {
                quoted_part(quoted).ok_or_else(|| format!("`{text}` has an unclosed `\"`"))?
            } else {
                let end = rest.find('.').unwrap_or(rest.len());
                if rest[..end].contains('"') {
                    return Err(format!("`{text}` has a `\"` inside a part"));
                }
                (rest[..end].to_owned(), &rest[end..])
            };
            if part.is_empty() {
                return Err(format!("`{text}` has an empty part"));
            }
            parts.push(part);
            match rest.strip_prefix('.') {
                Some(next) => rest = next,
                None if rest.is_empty() => return Ok(Self(parts)),
                None => return Err(format!("`{text}` goes on after a closing `\"`")),
            }
        }
    }

    /// Where each part stands in a text that [`Path::parse`] takes, quotes included.
    pub fn places(text: &str) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        let (mut start, mut quoted) = (0, false);
        for (at, letter) in text.char_indices() {
            match letter {
                '"' => quoted = !quoted,
                '.' if !quoted => {
                    places.push(start..at);
                    start = at + 1;
                }
                _ => {}
            }
        }
        places.push(start..text.len());
        places
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// The part before the last one: the schema of `auth.users`, the table of `public.payment.payment_id`.
    pub fn schema(&self) -> Option<&str> {
        self.0
            .len()
            .checked_sub(2)
            .and_then(|index| self.0.get(index))
            .map(String::as_str)
    }
}

/// The text after the opening quote → the part and what follows its closing quote.
pub(crate) fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        part.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                part.push('"');
                rest = next;
            }
            None => return Some((part, rest)),
        }
    }
}

/// The spelling in KDL: quotes only where a part has a dot or a quote (this is KDL's notation, not SQL).
impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str(".")?;
            }
            if part.is_empty() || part.contains(['.', '"']) {
                write!(formatter, "\"{}\"", part.replace('"', "\"\""))?;
            } else {
                formatter.write_str(part)?;
            }
        }
        Ok(())
    }
}

/// A text, or the name of an environment variable that holds it: `(env)NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextOrEnvironment {
    /// The text itself.
    Text(String),
    /// The variable.
    Environment(String),
}

/// One value of a `row`: a literal, or SQL where it says `(sql)"…"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A number in SQL spelling.
    Number(String),
    /// A truth value.
    Boolean(bool),
    /// NULL.
    Null,
    /// An SQL expression.
    Sql(String),
}

/// A KDL number as SQL writes it: underscores dropped, hexadecimal, octal and binary as decimals, else untouched.
pub(super) fn sql_number(spelling: &str) -> String {
    let plain: String = spelling.chars().filter(|letter| *letter != '_').collect();
    let (sign, digits) = match plain.strip_prefix(['-', '+']) {
        Some(digits) => (&plain[..1], digits),
        None => ("", plain.as_str()),
    };
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)];
    for (prefix, base) in radix {
        if let Some(value) = digits
            .strip_prefix(prefix)
            .and_then(|digits| i128::from_str_radix(digits, base).ok())
        {
            return format!("{}{value}", if sign == "-" { "-" } else { "" });
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_split_at_dots_outside_quotes() {
        let parts = |text: &str| Path::parse(text).map(|path| path.0);
        assert_eq!(parts("users").unwrap(), ["users"]);
        assert_eq!(parts("auth.users").unwrap(), ["auth", "users"]);
        assert_eq!(parts("\"my.table\"").unwrap(), ["my.table"]);
        assert_eq!(parts("a.\"b\"\"c.d\".e").unwrap(), ["a", "b\"c.d", "e"]);
        assert_eq!(
            Path::parse("public.payment.id").unwrap().schema(),
            Some("payment")
        );
    }

    #[test]
    fn broken_paths_are_refused() {
        for text in ["", "a.", ".a", "a..b", "\"a", "\"a\"b", "a\"b"] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_spelling() {
        for (written, sql) in [
            ("4.990", "4.990"),
            ("1_000", "1000"),
            ("0xff", "255"),
            ("-0b11", "-3"),
            ("1e10", "1e10"),
        ] {
            assert_eq!(sql_number(written), sql);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_written_path_reads_back(parts in proptest::collection::vec(".{1,8}", 1..4)) {
            let path = Path(parts);
            let text = path.to_string();
            for (part, place) in path.0.iter().zip(Path::places(&text)) {
                let alone = Path::parse(&text[place]).unwrap();
                proptest::prop_assert_eq!(alone.name(), part);
            }
            proptest::prop_assert_eq!(Path::places(&text).len(), path.0.len());
            proptest::prop_assert_eq!(Path::parse(&path.to_string()).unwrap(), path);
        }
    }
}
