//! A text as it stands in the file and what it says: which byte of the one is which of the other, so that a name within
//! an SQL text has a place, and can be changed there.

use std::borrow::Cow;

use super::source::parse_text;
use super::{SourceId, Span};

/// What a literal says, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside<'t> {
    /// What it says; of a `"""` text with the indentation that it has in the file.
    pub text: Cow<'t, str>,
    /// Where it begins in the file.
    start: usize,
    /// Where each byte stands, where escapes make that another place.
    places: Option<Vec<usize>>,
}

impl Inside<'_> {
    /// The place in the file of a byte of the text.
    pub fn place(&self, at: usize) -> usize {
        match &self.places {
            None => self.start + at,
            Some(places) => places
                .get(at)
                .or(places.last())
                .copied()
                .unwrap_or(self.start),
        }
    }
}

/// The inside of the value at `span` of a file's text, its annotation left out.
pub fn inside(text: &str, span: Span) -> Inside<'_> {
    let mut start = span.start.min(text.len());
    let mut end = span.end.clamp(start, text.len());
    let mut written = text.get(start..end).unwrap_or_default();
    if written.starts_with('(')
        && let Some(close) = written.find(')')
    {
        let value = written[close + 1..].trim_start();
        start = end - value.len();
        written = value;
    }
    let hashes = written.len() - written.trim_start_matches('#').len();
    let quoted = &written[hashes..];
    let quotes = match quoted {
        _ if quoted.starts_with("\"\"\"") => 3,
        _ if quoted.starts_with('"') => 1,
        _ => {
            return Inside {
                text: Cow::Borrowed(written),
                start,
                places: None,
            };
        }
    };
    start += hashes + quotes;
    let close = format!("{}{}", "\"".repeat(quotes), "#".repeat(hashes));
    if start + close.len() <= end && text[start..end].ends_with(&close) {
        end -= close.len();
    }
    let inner = text.get(start..end).unwrap_or_default();
    if hashes > 0 || !inner.contains('\\') {
        return Inside {
            text: Cow::Borrowed(inner),
            start,
            places: None,
        };
    }
    unescaped(inner, start)
}

fn unescaped(inner: &str, start: usize) -> Inside<'_> {
    let mut text = String::with_capacity(inner.len());
    let mut places = Vec::with_capacity(inner.len() + 1);
    let mut letters = inner.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let mut said = Some(letter);
        if letter == '\\' {
            said = match letters.next().map(|(_, escape)| escape) {
                Some('n') => Some('\n'),
                Some('r') => Some('\r'),
                Some('t') => Some('\t'),
                Some('b') => Some('\u{8}'),
                Some('f') => Some('\u{c}'),
                Some('s') => Some(' '),
                Some('u') => {
                    let rest = &inner[at + 2..];
                    let digits = rest
                        .strip_prefix('{')
                        .and_then(|rest| rest.split_once('}'))
                        .map(|(digits, _)| digits);
                    for _ in 0..digits.map_or(0, |digits| digits.len() + 2) {
                        letters.next();
                    }
                    digits
                        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                        .and_then(char::from_u32)
                }
                // White space behind a `\` is not there.
                Some(space) if space.is_whitespace() => {
                    while letters.next_if(|(_, next)| next.is_whitespace()).is_some() {}
                    None
                }
                other => other,
            };
        }
        if let Some(said) = said {
            places.extend(std::iter::repeat_n(start + at, said.len_utf8()));
            text.push(said);
        }
    }
    places.push(start + inner.len());
    Inside {
        text: Cow::Owned(text),
        start,
        places: Some(places),
    }
}

/// A text as it is spelled within the literal at `span`: with escapes in a plain one, as it is in a raw or bare one.
pub fn respelled(text: &str, span: Span, with: &str) -> String {
    let written = text.get(span.range()).unwrap_or_default();
    let value = match written.split_once(')') {
        Some((annotation, value)) if annotation.starts_with('(') => value.trim_start(),
        _ => written,
    };
    if value.starts_with('"') {
        with.replace('\\', "\\\\").replace('"', "\\\"")
    } else {
        with.to_owned()
    }
}

/// Whether a text parses.
///
/// # Errors
/// What the first mistake is.
pub fn parses(text: &str) -> Result<(), String> {
    match parse_text(SourceId::default(), text).1.first() {
        None => Ok(()),
        Some(mistake) => Err(mistake.message.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(text: &str) -> Inside<'_> {
        inside(text, Span::new(SourceId::default(), 0, text.len()))
    }

    #[test]
    fn what_a_literal_says_has_its_place() {
        for (written, says) in [
            ("abc", "abc"),
            ("\"a b\"", "a b"),
            ("#\"a \"b\"\"#", "a \"b\""),
            ("(sql)\"now()\"", "now()"),
            ("\"a \\\"b\\\" \\u{e9}c\"", "a \"b\" éc"),
            ("\"\"\"\n  a\n  \"\"\"", "\n  a\n  "),
            ("\"a \\  \n b\"", "a b"),
            ("\"open", "open"),
        ] {
            let inside = within(written);
            assert_eq!(inside.text, says, "{written}");
            for (at, letter) in says
                .char_indices()
                .filter(|(_, it)| it.is_alphanumeric() && it.is_ascii())
            {
                assert!(
                    written[inside.place(at)..].starts_with(letter),
                    "{written} at {at}"
                );
            }
        }
    }

    #[test]
    fn a_text_is_spelled_as_its_literal_is() {
        let span = |text: &str| Span::new(SourceId::default(), 0, text.len());
        assert_eq!(respelled("\"x\"", span("\"x\""), "a\"b"), "a\\\"b");
        assert_eq!(respelled("#\"x\"#", span("#\"x\"#"), "a\"b"), "a\"b");
    }
}
