//! The only file that writes a quote character for SQL: identifiers, literals and dollar quotes, exactly as
//! PostgreSQL's `quote_identifier` and `quote_literal` write them.

use super::{keywords, lexer};
use crate::model::QualifiedName;

/// The quote around a string constant.
pub const STRING_QUOTE: char = '\'';
/// The quote around a name.
pub const NAME_QUOTE: char = '"';

/// An identifier as SQL text, quoted only where PostgreSQL's `quote_identifier` quotes it.
///
/// Bare is `[a-z_][a-z0-9_]*` that is no keyword of a category other than unreserved in PostgreSQL 13 to 18.
/// A NUL character, which no PostgreSQL name can hold, is left out.
pub fn ident(name: &str) -> String {
    if is_bare(name) {
        return name.to_owned();
    }
    quoted_ident(name)
}

/// An identifier in double quotes whatever it is (`quote_all_identifiers = on`).
pub fn quoted_ident(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    text.push('"');
    for character in name.chars() {
        match character {
            '\0' => {}
            '"' => text.push_str("\"\""),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

/// Whether `quote_identifier` writes the name without quotes.
pub fn is_bare(name: &str) -> bool {
    let mut bytes = name.bytes();
    matches!(bytes.next(), Some(b'a'..=b'z' | b'_'))
        && bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        && keywords::category(name).is_none()
}

/// `schema.name`, each part quoted where it must be; an empty schema gives the name alone.
pub fn qualified(schema: &str, name: &str) -> String {
    if schema.is_empty() {
        return ident(name);
    }
    format!("{}.{}", ident(schema), ident(name))
}

/// The OIDs of relations as a list for `IN (…)`; those that are not there are null.
pub fn oids<'a>(relations: impl IntoIterator<Item = &'a QualifiedName>) -> String {
    let oid = |name: &QualifiedName| {
        let name = qualified(&name.schema, &name.name);
        format!("pg_catalog.to_regclass({})", literal(&name))
    };
    let oids: Vec<String> = relations.into_iter().map(oid).collect();
    oids.join(", ")
}

/// A dotted path, each part quoted where it must be.
pub fn path<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<String> = parts.into_iter().map(ident).collect();
    parts.join(".")
}

/// A text as it stands between the quotes of a plain string constant, `it''s`, under `standard_conforming_strings`.
pub fn inside_literal(text: &str) -> String {
    text.replace('\0', "").replace('\'', "''")
}

/// A string constant as `quote_literal` writes it: `'it''s'`, and `E'a\\b'` where the text holds a backslash, so that
/// it reads the same whatever `standard_conforming_strings` says.
pub fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 3);
    if text.contains('\\') {
        quoted.push('E');
    }
    quoted.push('\'');
    for character in text.chars() {
        match character {
            '\0' => {}
            '\'' | '\\' => {
                quoted.push(character);
                quoted.push(character);
            }
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

/// A text in the first dollar quote that it can stand in: `$$`, `$_$`, `$_1$`, `$_2$` and so on.
///
/// The text must not hold the tag, nor make one together with the closing tag (a text that ends in `$`, or in `$_`).
pub fn dollar(text: &str) -> String {
    let tag = dollar_tag(text);
    format!("{tag}{text}{tag}")
}

/// The tag that [`dollar`] takes, with both of its dollars.
pub fn dollar_tag(text: &str) -> String {
    let fits = |tag: &str| {
        // The first closing tag that a reader meets must be ours.
        let mut closed = String::with_capacity(text.len() + tag.len());
        closed.push_str(text);
        closed.push_str(tag);
        closed.find(tag) == Some(text.len())
    };
    let mut tag = "$$".to_owned();
    let mut count = 0u64;
    while !fits(&tag) {
        tag = match count {
            0 => "$_$".to_owned(),
            more => format!("$_{more}$"),
        };
        count += 1;
    }
    tag
}

/// The name that a token in the source means: `"a""b"` unquoted, a bare word folded to lower case.
///
/// `U&"…"` escapes (with the default escape character) are resolved; a broken escape is kept as it stands.
pub fn unquote_ident(token: &str) -> String {
    let (body, unicode) = match token
        .strip_prefix(['U', 'u'])
        .and_then(|rest| rest.strip_prefix('&'))
    {
        Some(rest) => (rest, true),
        None => (token, false),
    };
    let Some(inner) = body.strip_prefix('"') else {
        // downcase_truncate_identifier folds ASCII only in a multibyte encoding.
        return token.to_ascii_lowercase();
    };
    let inner = inner
        .strip_suffix('"')
        .unwrap_or(inner)
        .replace("\"\"", "\"");
    if unicode {
        unescape_unicode(&inner)
    } else {
        inner
    }
}

/// The value of a plain, `E`, `N`, `U&` or dollar-quoted string constant, or `None` where the token is none of these,
/// holds a broken escape, or bytes that are no UTF-8. `B'…'` and `X'…'` are no strings.
pub fn unquote_literal(token: &str) -> Option<String> {
    if let Some(after) = token.strip_prefix('$') {
        let tag = &token[..after.find('$')? + 2];
        return token[tag.len()..].strip_suffix(tag).map(str::to_owned);
    }
    let open = token.find('\'')?;
    let inner = join_continuations(token, open, matches!(&token[..open], "e" | "E"))?;
    match &token[..open] {
        "" | "n" | "N" => Some(inner.replace("''", "'")),
        "e" | "E" => unescape_backslashes(&inner),
        "u&" | "U&" => Some(unescape_unicode(&inner.replace("''", "'"))),
        _ => None,
    }
}

/// What stands between the quotes of a constant, its continuations on later lines put together.
fn join_continuations(token: &str, open: usize, escapes: bool) -> Option<String> {
    let bytes = token.as_bytes();
    let mut inner = String::new();
    let mut open = open;
    loop {
        let (end, closed) = lexer::quoted(bytes, open, b'\'', escapes);
        if !closed {
            return None;
        }
        inner.push_str(&token[open + 1..end - 1]);
        if end == bytes.len() {
            return Some(inner);
        }
        open = lexer::continuation(bytes, end)?;
    }
}

/// The backslash escapes of scan.l's `xe` state: octal and hexadecimal ones are bytes, `\u` and `\U` characters.
fn unescape_backslashes(inner: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(inner.len());
    let source = inner.as_bytes();
    let mut at = 0;
    while at < source.len() {
        let byte = source[at];
        at += 1;
        if byte != b'\\' {
            bytes.push(byte);
            if byte == b'\'' && source.get(at) == Some(&b'\'') {
                at += 1;
            }
            continue;
        }
        let escape = *source.get(at)?;
        at += 1;
        let (radix, fewest, most) = match escape {
            b'0'..=b'7' => {
                at -= 1;
                (8, 1, 3)
            }
            b'x' => (16, 0, 2),
            b'u' => (16, 4, 4),
            b'U' => (16, 8, 8),
            _ => {
                bytes.push(match escape {
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'v' => 11,
                    other => other,
                });
                continue;
            }
        };
        let count = source[at..]
            .iter()
            .take(most)
            .take_while(|byte| (**byte as char).is_digit(radix))
            .count();
        if count < fewest {
            return None;
        }
        if count == 0 {
            bytes.push(b'x');
            continue;
        }
        let value = u32::from_str_radix(inner.get(at..at + count)?, radix).ok()?;
        at += count;
        match escape {
            b'u' | b'U' => {
                let character = char::from_u32(value)?;
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ => bytes.push((value & 0xff) as u8),
        }
    }
    String::from_utf8(bytes).ok()
}

/// `\0061`, `\+000061` and `\\`; what is not an escape stays.
fn unescape_unicode(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (skip, count) = if rest.starts_with('+') {
            (1, 6)
        } else {
            (0, 4)
        };
        let character = rest
            .get(skip..skip + count)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32);
        if let Some(character) = character {
            text.push(character);
            rest = &rest[skip + count..];
        } else {
            text.push('\\');
            rest = rest.strip_prefix('\\').unwrap_or(rest);
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_only_where_they_must_be() {
        let cases = [
            ("users", "users"),
            ("_a1", "_a1"),
            ("Users", "\"Users\""),
            ("1a", "\"1a\""),
            ("a$b", "\"a$b\""),
            ("été", "\"été\""),
            ("", "\"\""),
            ("a\"b", "\"a\"\"b\""),
            ("select", "\"select\""),
            ("int", "\"int\""),
            ("left", "\"left\""),
            ("name", "name"),
        ];
        for (name, sql) in cases {
            assert_eq!(ident(name), sql);
            assert_eq!(unquote_ident(sql), name);
        }
        assert_eq!(qualified("Core", "users"), "\"Core\".users");
        assert_eq!(qualified("", "users"), "users");
    }

    #[test]
    fn literals_carry_an_e_only_with_a_backslash() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\'b"), "E'a\\\\''b'");
        for text in ["", "it's", "a\\n", "ü\n'"] {
            assert_eq!(unquote_literal(&literal(text)).as_deref(), Some(text));
            assert_eq!(unquote_literal(&dollar(text)).as_deref(), Some(text));
        }
        assert_eq!(
            unquote_literal(r"E'\x41\102\u0043\n\q'").as_deref(),
            Some("ABC\nq")
        );
        assert_eq!(
            unquote_literal(r"U&'d\0061t\+000061 \\'").as_deref(),
            Some("data \\")
        );
        assert_eq!(unquote_literal(r"E'\u00'"), None);
        assert_eq!(unquote_literal("B'01'"), None);
        assert_eq!(unquote_literal("'a'\n  'b'''").as_deref(), Some("ab'"));
    }

    #[test]
    fn a_dollar_quote_ends_where_the_text_does() {
        let cases = [
            ("begin end", "$$"),
            ("select $$x$$", "$_$"),
            ("ends in $", "$_$"),
            ("$$ and ends in $_", "$_1$"),
            ("$$ $_$", "$_1$"),
            ("$$ $_$ $_1$ $", "$_2$"),
        ];
        for (text, tag) in cases {
            assert_eq!(dollar_tag(text), tag, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_quoted_reads_back(text in "[a-zA-Z$_'\"\\\\ü1 ]{0,24}") {
            proptest::prop_assert_eq!(unquote_ident(&ident(&text)), text.clone());
            proptest::prop_assert_eq!(unquote_literal(&literal(&text)), Some(text.clone()));
            proptest::prop_assert_eq!(unquote_literal(&dollar(&text)), Some(text));
        }

        #[test]
        fn unquoting_never_panics(text in ".{0,40}") {
            let _ = unquote_ident(&text);
            let _ = unquote_literal(&text);
            let _ = unquote_literal(&format!("E'{text}'"));
            let _ = unquote_literal(&format!("U&'{text}'"));
            let _ = unquote_literal(&format!("${text}"));
        }
    }
}
