//! A lossless lexer for PostgreSQL's SQL: the tokens of a text, concatenated, are the text, and no input makes it fail.
//!
//! The rules are those of the server's scanner (src/backend/parser/scan.l) with `standard_conforming_strings` on, and
//! of psql's (psqlscan.l) for a backslash outside of quotes. Numbers follow PostgreSQL 16 (`0x1F`, `1_000`). What the
//! server would refuse comes out as a token that says so: `terminated` is false, or its kind is `Unknown`.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenKind {
    /// Blanks and line ends.
    Whitespace,
    /// `-- …` without its line end.
    LineComment,
    /// `/* … */`, nested.
    BlockComment,
    /// A bare word: a keyword or a name.
    Word,
    /// `"…"`.
    QuotedIdent,
    /// `U&"…"`.
    UnicodeIdent,
    /// `'…'`, with its continuations on later lines, as for every string below.
    String,
    /// `E'…'`.
    EscapeString,
    /// `U&'…'`.
    UnicodeString,
    /// `N'…'`.
    NationalString,
    /// `B'…'`.
    BitString,
    /// `X'…'`.
    HexString,
    /// `$tag$…$tag$`.
    DollarString,
    /// `$1`.
    Param,
    /// A number without sign.
    Number,
    /// One operator of one or more characters.
    Operator,
    /// `::`.
    Cast,
    /// `:=`.
    Assign,
    /// `..`.
    DotDot,
    /// One of `, ( ) [ ] . ; :`.
    Punct,
    /// A psql meta-command, from its backslash to the end of the line.
    Backslash,
    /// A character that no rule takes.
    Unknown,
}

/// A piece of the text with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// The source text.
    pub text: &'a str,
    /// Byte offset of its first character in the text that was lexed.
    pub start: usize,
    /// False where the text ended before the closing quote or `*/`.
    pub terminated: bool,
}

impl Token<'_> {
    /// Byte offset after the last character.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The byte range in the text.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end()
    }

    /// Whether the server skips it: blanks and comments.
    pub fn is_trivia(&self) -> bool {
        use TokenKind::{BlockComment, LineComment, Whitespace};
        matches!(self.kind, Whitespace | LineComment | BlockComment)
    }

    /// Whether it is this bare word, in any case.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is this operator or punctuation.
    pub fn is(&self, text: &str) -> bool {
        use TokenKind::{Assign, Cast, DotDot, Operator, Punct};
        matches!(self.kind, Punct | Operator | Cast | Assign | DotDot) && self.text == text
    }

    /// Whether it may name something: a bare word (keywords too) or a quoted identifier.
    pub fn is_ident(&self) -> bool {
        use TokenKind::{QuotedIdent, UnicodeIdent, Word};
        matches!(self.kind, Word | QuotedIdent | UnicodeIdent)
    }

    /// Whether it is a character string constant of any spelling, dollar quotes too.
    pub fn is_string(&self) -> bool {
        use TokenKind::{DollarString, EscapeString, NationalString, String, UnicodeString};
        matches!(
            self.kind,
            String | EscapeString | UnicodeString | NationalString | DollarString
        )
    }
}

/// All tokens of the text.
pub fn tokenize(text: &str) -> Vec<Token<'_>> {
    Lexer::new(text).collect()
}

/// The tokens of the text without blanks and comments.
pub fn significant(text: &str) -> Vec<Token<'_>> {
    Lexer::new(text)
        .filter(|token| !token.is_trivia())
        .collect()
}

/// An iterator over the tokens of a text.
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning of the text.
    pub fn new(text: &'a str) -> Self {
        Lexer { text, at: 0 }
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = &self.text[self.at..];
        let first = *rest.as_bytes().first()?;
        let (kind, length, terminated) = scan(rest, first);
        let token = Token {
            kind,
            text: &rest[..length],
            start: self.at,
            terminated,
        };
        self.at += length;
        Some(token)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_ident_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_ident_continue(byte: u8) -> bool {
    is_ident_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    b"~!@#^&|`?+-*/%<>=".contains(&byte)
}

fn run(bytes: &[u8], from: usize, accepts: impl Fn(u8) -> bool) -> usize {
    bytes[from..]
        .iter()
        .position(|byte| !accepts(*byte))
        .map_or(bytes.len(), |more| from + more)
}

/// Kind, length in bytes (at least one character) and whether it is complete.
fn scan(rest: &str, first: u8) -> (TokenKind, usize, bool) {
    use TokenKind::*;
    let bytes = rest.as_bytes();
    let second = bytes.get(1).copied();
    let third = bytes.get(2).copied();
    let whole = |kind, length| (kind, length, true);
    match (first, second) {
        _ if is_space(first) => whole(Whitespace, run(bytes, 0, is_space)),
        (b'-', Some(b'-')) => whole(LineComment, line_end(bytes)),
        (b'/', Some(b'*')) => block_comment(bytes),
        (b'\'', _) => quoted_string(String, bytes, 0, false),
        (b'e' | b'E', Some(b'\'')) => quoted_string(EscapeString, bytes, 1, true),
        (b'b' | b'B', Some(b'\'')) => quoted_string(BitString, bytes, 1, false),
        (b'x' | b'X', Some(b'\'')) => quoted_string(HexString, bytes, 1, false),
        (b'n' | b'N', Some(b'\'')) => quoted_string(NationalString, bytes, 1, false),
        (b'u' | b'U', Some(b'&')) if third == Some(b'\'') => {
            quoted_string(UnicodeString, bytes, 2, false)
        }
        (b'u' | b'U', Some(b'&')) if third == Some(b'"') => {
            let (end, closed) = quoted(bytes, 2, b'"', false);
            (UnicodeIdent, end, closed)
        }
        (b'"', _) => {
            let (end, closed) = quoted(bytes, 0, b'"', false);
            (QuotedIdent, end, closed)
        }
        _ if is_ident_start(first) => whole(Word, run(bytes, 0, is_ident_continue)),
        (b'$', Some(digit)) if digit.is_ascii_digit() => {
            whole(Param, run(bytes, 1, |b| b.is_ascii_digit()))
        }
        (b'$', _) => dollar(rest),
        (b'0'..=b'9', _) => whole(Number, number(bytes)),
        (b'.', Some(digit)) if digit.is_ascii_digit() => whole(Number, number(bytes)),
        (b'.', Some(b'.')) => whole(DotDot, 2),
        (b':', Some(b':')) => whole(Cast, 2),
        (b':', Some(b'=')) => whole(Assign, 2),
        (b',' | b'(' | b')' | b'[' | b']' | b'.' | b';' | b':', _) => whole(Punct, 1),
        (b'\\', _) => whole(Backslash, line_end(bytes)),
        _ if is_operator(first) => whole(Operator, operator(bytes)),
        // Here `first` is ASCII, so one byte is one character.
        _ => whole(Unknown, 1),
    }
}

fn line_end(bytes: &[u8]) -> usize {
    run(bytes, 0, |byte| byte != b'\n' && byte != b'\r')
}

fn block_comment(bytes: &[u8]) -> (TokenKind, usize, bool) {
    let mut depth = 0usize;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return (TokenKind::BlockComment, at, true);
            }
        } else {
            at += 1;
        }
    }
    (TokenKind::BlockComment, bytes.len(), false)
}

/// The end of what opens with `quote` at `open`, and whether it closes. A doubled quote is a quote; with `escapes`, so
/// is one after a backslash.
pub(super) fn quoted(bytes: &[u8], open: usize, quote: u8, escapes: bool) -> (usize, bool) {
    let mut at = open + 1;
    while at < bytes.len() {
        let byte = bytes[at];
        let escaped = byte == b'\\' && escapes;
        if escaped || (byte == quote && bytes.get(at + 1) == Some(&quote)) {
            at += 2;
        } else if byte == quote {
            return (at + 1, true);
        } else {
            at += 1;
        }
    }
    (bytes.len(), false)
}

/// A string with its continuations: after blanks that hold a line end, the next `'` goes on in the same manner.
fn quoted_string(
    kind: TokenKind,
    bytes: &[u8],
    open: usize,
    escapes: bool,
) -> (TokenKind, usize, bool) {
    let (mut end, mut closed) = quoted(bytes, open, b'\'', escapes);
    while closed {
        let Some(next) = continuation(bytes, end) else {
            break;
        };
        (end, closed) = quoted(bytes, next, b'\'', escapes);
    }
    (kind, end, closed)
}

/// Where a string that closed before `at` goes on (scan.l's `quotecontinue`): blanks with a line end between, comments
/// only on lines after the first.
pub(super) fn continuation(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = run(bytes, at, |byte| {
        is_space(byte) && byte != b'\n' && byte != b'\r'
    });
    if !matches!(bytes.get(at), Some(b'\n' | b'\r')) {
        return None;
    }
    loop {
        at = run(bytes, at, is_space);
        if !bytes[at..].starts_with(b"--") {
            break;
        }
        at += line_end(&bytes[at..]);
        // A comment counts only with its line end.
        bytes.get(at)?;
    }
    (bytes.get(at) == Some(&b'\'')).then_some(at)
}

fn dollar(rest: &str) -> (TokenKind, usize, bool) {
    let bytes = rest.as_bytes();
    let mut end = 1;
    if bytes.get(1).copied().is_some_and(is_ident_start) {
        end = run(bytes, 1, |byte| is_ident_continue(byte) && byte != b'$');
    }
    if bytes.get(end) != Some(&b'$') {
        return (TokenKind::Unknown, 1, true);
    }
    let tag = &rest[..=end];
    match rest[tag.len()..].find(tag) {
        Some(body) => (TokenKind::DollarString, 2 * tag.len() + body, true),
        None => (TokenKind::DollarString, rest.len(), false),
    }
}

fn number(bytes: &[u8]) -> usize {
    let radix = match bytes.get(1) {
        Some(b'x' | b'X') => 16,
        Some(b'o' | b'O') => 8,
        Some(b'b' | b'B') => 2,
        _ => 10,
    };
    if bytes[0] == b'0' && radix != 10 {
        let end = digits(bytes, 2, radix);
        return if end > 2 { end } else { 1 };
    }
    let mut end = digits(bytes, 0, 10);
    // `1..10` is a range, not a fraction.
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1) != Some(&b'.') {
        end = match bytes.get(end + 1) {
            Some(digit) if digit.is_ascii_digit() => digits(bytes, end + 1, 10),
            _ => end + 1,
        };
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(bytes, end + 1 + sign, 10);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

/// The end of digits that single underscores may part.
fn digits(bytes: &[u8], from: usize, radix: u32) -> usize {
    let is_digit = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| (*byte as char).is_digit(radix))
    };
    let mut at = from;
    loop {
        if is_digit(at) {
            at += 1;
        } else if bytes.get(at) == Some(&b'_') && is_digit(at + 1) && (at > from || radix != 10) {
            at += 2;
        } else {
            return at.min(bytes.len());
        }
    }
}

/// scan.l's rule for operators: as long as can be, but no comment starts within, and a trailing `+` or `-` belongs to
/// it only where a character stands before that no SQL operator holds.
fn operator(bytes: &[u8]) -> usize {
    let longest = run(bytes, 0, is_operator);
    let comment =
        (0..longest).find(|at| bytes[*at..].starts_with(b"--") || bytes[*at..].starts_with(b"/*"));
    let mut end = comment.unwrap_or(longest);
    while end > 1
        && matches!(bytes[end - 1], b'+' | b'-')
        && !bytes[..end - 1]
            .iter()
            .any(|byte| b"~!@#^&|`?%".contains(byte))
    {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        significant(text)
            .iter()
            .map(|token| (token.kind, token.text))
            .collect()
    }

    #[test]
    fn strings_of_every_spelling() {
        let text =
            r#"'a''b' E'a\'b' U&'\0061' N'x' B'01' X'1F' $$a'b$$ $t$ $$ $t$ "a""b" U&"\0061""#;
        let found: Vec<_> = significant(text).iter().map(|token| token.kind).collect();
        let wanted = [
            String,
            EscapeString,
            UnicodeString,
            NationalString,
            BitString,
            HexString,
            DollarString,
            DollarString,
            QuotedIdent,
            UnicodeIdent,
        ];
        assert_eq!(found, wanted);
        assert_eq!(kinds("'a\\' b"), [(String, "'a\\'"), (Word, "b")]);
        assert_eq!(kinds("a$$b$$"), [(Word, "a$$b$$")]);
        assert_eq!(kinds("$1$2"), [(Param, "$1"), (Param, "$2")]);
        assert!(!tokenize("$a$ open").last().unwrap().terminated);
    }

    #[test]
    fn a_string_goes_on_after_a_line_end_only() {
        assert_eq!(kinds("E'a' -- no\n'b'").len(), 2);
        assert_eq!(kinds("E'a'\n -- yes\n  'b\\'c' d").len(), 2);
        assert_eq!(kinds("'a' 'b'").len(), 2);
    }

    #[test]
    fn operators_end_where_postgresql_ends_them() {
        assert_eq!(
            kinds("a<-1"),
            [(Word, "a"), (Operator, "<"), (Operator, "-"), (Number, "1")]
        );
        assert_eq!(
            kinds("a@-1"),
            [(Word, "a"), (Operator, "@-"), (Number, "1")]
        );
        assert_eq!(
            kinds("a=/*x*/b"),
            [(Word, "a"), (Operator, "="), (Word, "b")]
        );
        assert_eq!(
            kinds("a*--x\nb"),
            [(Word, "a"), (Operator, "*"), (Word, "b")]
        );
        assert_eq!(
            kinds("b->>'x'::text"),
            [
                (Word, "b"),
                (Operator, "->>"),
                (String, "'x'"),
                (Cast, "::"),
                (Word, "text")
            ]
        );
    }

    #[test]
    fn numbers() {
        for number in [
            "1", "1.5", ".5", "1.", "1e10", "1.5E-3", "0x1F", "0b01", "1_000",
        ] {
            assert_eq!(kinds(number), [(Number, number)]);
        }
        assert_eq!(
            kinds("1..10"),
            [(Number, "1"), (DotDot, ".."), (Number, "10")]
        );
        assert_eq!(kinds("1e"), [(Number, "1"), (Word, "e")]);
        assert_eq!(kinds("t.1"), [(Word, "t"), (Number, ".1")]);
    }

    #[test]
    fn comments_nest_and_meta_commands_end_with_the_line() {
        assert_eq!(kinds("/* a /* b */ c */ d"), [(Word, "d")]);
        assert_eq!(
            kinds("\\connect x; y\nselect"),
            [(Backslash, "\\connect x; y"), (Word, "select")]
        );
        assert!(!tokenize("/* a /* b */").last().unwrap().terminated);
    }

    proptest::proptest! {
        #[test]
        fn tokens_put_together_are_the_text(
            text in r#"([a-zEUNBX0-9_.$'"\\&/*:;+<=@() \n-]|--|/\*|\*/|\$\$|\PC|é){0,60}"#
        ) {
            let mut put_together = std::string::String::new();
            for token in Lexer::new(&text) {
                proptest::prop_assert!(!token.text.is_empty());
                proptest::prop_assert_eq!(token.start, put_together.len());
                put_together.push_str(token.text);
            }
            proptest::prop_assert_eq!(put_together, text);
        }
    }
}
