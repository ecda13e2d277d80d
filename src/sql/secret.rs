//! Passwords in statements: found by the lexer and made of stars before a statement is shown or its error is kept. The length in
//! bytes stays, so that places still fit.

use std::ops::Range;

use super::lexer::{Lexer, Token, TokenKind};
use super::quote::{STRING_QUOTE, unquote_ident};

/// The keys and words behind which a literal is a secret.
const WORDS: &[&str] = &["passfile", "passwd", "password", "sslpassword"];

/// How deep texts within texts are looked into: a DO block that executes a statement.
const DEPTH: usize = 3;

/// The statement with every password made of stars: behind `PASSWORD` and options of that name, and in connection strings.
pub fn mask(sql: &str) -> String {
    let mut bytes = sql.as_bytes().to_vec();
    for place in places(sql, DEPTH) {
        bytes[place].fill(b'*');
    }
    // Whole contents of literals were replaced, so this is UTF-8 still; else nothing is better than a secret.
    String::from_utf8(bytes).unwrap_or_default()
}

/// A message about a statement, without the passwords that stand in the statement.
pub fn mask_message(message: &str, sql: &str) -> String {
    let mut shown = message.to_owned();
    for place in places(sql, DEPTH) {
        let secret = &sql[place];
        if !secret.is_empty() {
            shown = shown.replace(secret, "***");
        }
    }
    shown
}

/// The bytes that are passwords.
fn places(sql: &str, depth: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut before: Option<Token<'_>> = None;
    for token in Lexer::new(sql) {
        if token.is_trivia() || token.is("=") {
            continue;
        }
        if token.is_string() {
            let content = content(&token);
            if before.as_ref().is_some_and(is_secret_word) {
                found.push(content);
            } else {
                let text = &sql[content.clone()];
                let at =
                    |place: Range<usize>| content.start + place.start..content.start + place.end;
                found.extend(in_connection(text).into_iter().map(at));
                if depth > 0 && text.len() > WORDS[0].len() {
                    // A quote within a string is doubled: the second one opens and closes there.
                    let doubled = [STRING_QUOTE; 2].iter().collect::<String>();
                    let single = [' ', STRING_QUOTE].iter().collect::<String>();
                    let inner = match token.kind {
                        TokenKind::DollarString => text.to_owned(),
                        _ => text.replace(&doubled, &single),
                    };
                    found.extend(places(&inner, depth - 1).into_iter().map(at));
                }
            }
        }
        before = Some(token);
    }
    found
}

fn is_secret_word(token: &Token<'_>) -> bool {
    token.is_ident() && WORDS.contains(&unquote_ident(token.text).to_lowercase().as_str())
}

/// The bytes between the quotes of a string; of one that is never closed, all that follows.
fn content(token: &Token<'_>) -> Range<usize> {
    let closing = match token.kind {
        TokenKind::DollarString => {
            let tag = token.text[1..].find('$').map_or(1, |at| at + 2);
            return token.start + tag..match token.terminated {
                true => token.end() - tag,
                false => token.end(),
            };
        }
        _ => usize::from(token.terminated),
    };
    let open = token.text.find(STRING_QUOTE).map_or(0, |at| at + 1);
    token.start + open..token.end() - closing
}

/// The passwords of a connection string, `host=x password=y` or `postgres://u:y@host`.
fn in_connection(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // ASCII lower case keeps the length.
    let lower = text.to_ascii_lowercase();
    for word in WORDS {
        for (at, _) in lower.match_indices(word) {
            let rest = text[at + word.len()..].trim_start();
            let Some(value) = rest.strip_prefix('=').map(str::trim_start) else {
                continue;
            };
            let start = text.len() - value.len();
            let length = match value.starts_with([STRING_QUOTE, '\\']) {
                // Quotes within: all that follows.
                true => value.len(),
                false => value.find([' ', '\n', '\t', '&']).unwrap_or(value.len()),
            };
            found.push(start..start + length);
        }
    }
    for (at, _) in text.match_indices("://") {
        let begin = at + "://".len();
        let address = &text[begin..];
        let address = &address[..address.find(char::is_whitespace).unwrap_or(address.len())];
        if let Some(end) = address.rfind('@')
            && let Some(colon) = address[..end].find(':')
        {
            found.push(begin + colon + 1..begin + end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_become_stars_of_the_same_length() {
        for (sql, masked) in [
            (
                "CREATE ROLE a PASSWORD 'x y'",
                "CREATE ROLE a PASSWORD '***'",
            ),
            (
                "ALTER ROLE a ENCRYPTED PASSWORD E'\\'x'",
                "ALTER ROLE a ENCRYPTED PASSWORD E'***'",
            ),
            (
                "ALTER USER a PASSWORD $p$x$p$",
                "ALTER USER a PASSWORD $p$*$p$",
            ),
            (
                "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', \"password\" 'x')",
                "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', \"password\" '*')",
            ),
            (
                "CREATE SUBSCRIPTION s CONNECTION 'host=h password=xyz dbname=d' PUBLICATION p",
                "CREATE SUBSCRIPTION s CONNECTION 'host=h password=*** dbname=d' PUBLICATION p",
            ),
            (
                "SELECT dblink('postgres://u:p@w@h/d')",
                "SELECT dblink('postgres://u:***@h/d')",
            ),
            (
                "DO $$ BEGIN EXECUTE 'CREATE ROLE a PASSWORD ''x'''; END $$",
                "DO $$ BEGIN EXECUTE 'CREATE ROLE a PASSWORD ''**''; END $$",
            ),
            ("ALTER ROLE a PASSWORD 'open", "ALTER ROLE a PASSWORD '****"),
            ("ALTER ROLE a PASSWORD NULL", "ALTER ROLE a PASSWORD NULL"),
            (
                "SELECT 'the password is wrong' -- password 'x'",
                "SELECT 'the password is wrong' -- password 'x'",
            ),
        ] {
            assert_eq!(mask(sql), masked);
        }
        let sql = "CREATE ROLE a PASSWORD 'xyz'";
        assert_eq!(mask_message("near \"xyz\"", sql), "near \"***\"");
    }
}
