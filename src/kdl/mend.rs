//! A text with mistakes, made readable: every mistake is replaced by something harmless of the same length, so that what
//! is said of the rest of the file stands at its place. The heads of the nodes that held a mistake are given too: what is
//! said of them follows from it. Braces that do not match leave nothing to read.

use super::lexer::{Kind, Token, lex};
use super::{Diagnostic, SourceId, Span, structure};

/// Each round may bring to light what the one before hid.
const ROUNDS: usize = 12;

/// A readable text and what of it not to speak of.
pub(super) struct Mended {
    /// The text, as long as the original.
    pub(super) text: String,
    /// The heads of nodes that held a mistake.
    pub(super) broken: Vec<Span>,
}

/// Mends `text`; nothing where that cannot be.
pub(super) fn mend(source: SourceId, text: &str) -> Option<Mended> {
    let mut bytes = text.as_bytes().to_vec();
    let mut places: Vec<usize> = Vec::new();
    for _ in 0..ROUNDS {
        let now = String::from_utf8(bytes.clone()).ok()?;
        let lexed = lex(source, &now);
        if lexed.stopped {
            return None;
        }
        let mut mistakes = lexed.mistakes.clone();
        mistakes.extend(structure::check(source, &now, &lexed));
        if mistakes.is_empty() {
            let broken = places
                .iter()
                .map(|at| head(source, &lexed.tokens, *at))
                .collect();
            return Some(Mended { text: now, broken });
        }
        for mistake in &mistakes {
            let span = place(mistake)?;
            if mistake.message == structure::UNCLOSED {
                return None;
            }
            places.push(span.start);
            let token = lexed
                .tokens
                .iter()
                .find(|token| token.start <= span.start && span.start < token.end)?;
            replace(&mut bytes, &lexed.tokens, *token);
        }
    }
    None
}

fn place(mistake: &Diagnostic) -> Option<Span> {
    mistake.labels.first().map(|(span, _)| *span)
}

/// Puts something harmless in the place of a token that was reported.
fn replace(bytes: &mut [u8], tokens: &[Token], token: Token) {
    let written = &mut bytes[token.start..token.end];
    match token.kind {
        Kind::Open => {
            // `{` on a line of its own belongs to the node above.
            let before = tokens.iter().rev().filter(|one| one.end <= token.start);
            for one in before.take_while(|one| matches!(one.kind, Kind::Space | Kind::Newline)) {
                bytes[one.start..one.end].fill(b' ');
            }
        }
        Kind::LineComment | Kind::BlockComment => {
            for byte in written
                .iter_mut()
                .skip(2)
                .filter(|byte| **byte != b'*' && **byte != b'/')
            {
                *byte = b' ';
            }
        }
        Kind::Bad
            if written.len() > 1
                && matches!(written[0], b'"' | b'#')
                && written.contains(&b'"') =>
        {
            written.fill(b' ');
            if let [first, .., last] = written {
                (*first, *last) = (b'"', b'"');
            }
        }
        Kind::Bad | Kind::Number | Kind::Keyword => word(written),
        // A sign, or a value at a place where none can stand.
        _ => written.fill(b' '),
    }
}

/// Makes a bare word of whatever was written; two reserved words or numbers do not become one.
fn word(written: &mut [u8]) {
    for byte in written.iter_mut() {
        if !byte.is_ascii_alphanumeric() {
            *byte = b'_';
        }
    }
    if let Some(first) = written.first_mut() {
        *first = b'_';
    }
}

/// The head of the node around a place: from behind the end of the one before to its own end or `{`.
fn head(source: SourceId, tokens: &[Token], at: usize) -> Span {
    let ends = |token: &&Token| {
        matches!(
            token.kind,
            Kind::Newline | Kind::Semicolon | Kind::Open | Kind::Close | Kind::LineComment
        )
    };
    let start = tokens
        .iter()
        .filter(|token| token.end <= at)
        .rfind(ends)
        .map_or(0, |token| token.end);
    let end = tokens
        .iter()
        .filter(|token| token.start > at)
        .find(ends)
        .or(tokens.last())
        .map_or(at, |token| token.start.max(at + 1));
    Span::new(source, start, end)
}
