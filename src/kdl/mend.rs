//! A text with mistakes, made readable: every mistake is replaced by something harmless of the same length, and braces that
//! are not closed get their end, so that what is said of the rest of the file stands at its place. The heads of the nodes
//! that held a mistake are given too: what is said of them follows from it. Braces that follow no indentation leave nothing
//! to read.

use super::lexer::{Kind, Lexed, Token, lex};
use super::{Diagnostic, Node, SourceId, Span, structure, trap};

/// The end of a block that has none.
const END: &str = "\n};";

/// Each round may bring to light what the one before hid.
const ROUNDS: usize = 12;

/// A readable text and what of it not to speak of.
pub(super) struct Mended {
    /// The text: the original's length, and the ends that were put in.
    pub(super) text: String,
    /// The heads of nodes that held a mistake.
    pub(super) broken: Vec<Span>,
    /// Where an [`END`] stands in the text that is not in the original.
    ends: Vec<usize>,
}

impl Mended {
    /// By how much the text is longer than the original.
    #[cfg(test)]
    pub(super) fn added(&self) -> usize {
        self.ends.len() * END.len()
    }

    /// Moves what was read of the text to where it stands in the original.
    pub(super) fn put_back(&self, nodes: &mut [Node]) {
        if self.ends.is_empty() {
            return;
        }
        for node in nodes {
            node.move_spans(&|at| {
                let before = self.ends.iter().filter(|end| **end < at);
                at - before.map(|end| END.len().min(at - end)).sum::<usize>()
            });
        }
    }
}

/// Mends `text`; nothing where that cannot be.
pub(super) fn mend(source: SourceId, text: &str) -> Option<Mended> {
    let mut bytes = text.as_bytes().to_vec();
    let mut places: Vec<usize> = Vec::new();
    for _ in 0..ROUNDS {
        let now = String::from_utf8(bytes.clone()).ok()?;
        let lexed = lex(source, &now);
        let mut mistakes = lexed.mistakes.clone();
        mistakes.extend(structure::check(source, &now, &lexed));
        if mistakes
            .iter()
            .all(|mistake| mistake.message == structure::UNCLOSED)
        {
            let broken = places
                .iter()
                .map(|at| head(source, &lexed.tokens, *at))
                .collect();
            return with_ends(source, &now, &lexed, broken);
        }
        for mistake in &mistakes {
            let span = place(mistake)?;
            if mistake.message == structure::UNCLOSED {
                continue;
            }
            places.push(span.start);
            let token = lexed
                .tokens
                .iter()
                .find(|token| token.start <= span.start && span.start < token.end)?;
            if mistake.message == trap::UNCLOSED_COMMENT {
                bytes[token.start..token.end].fill(b' ');
            } else {
                replace(&mut bytes, &lexed.tokens, *token);
            }
        }
    }
    None
}

/// The text with the ends that its blocks lack.
fn with_ends(source: SourceId, text: &str, lexed: &Lexed, broken: Vec<Span>) -> Option<Mended> {
    let mut mended = text.to_owned();
    let mut ends = Vec::new();
    for closing in structure::closings(text, lexed).unwrap_or_default() {
        let at = closing.at + ends.len() * END.len();
        mended.insert_str(at, END);
        ends.push(at);
    }
    let lexed = lex(source, &mended);
    let is_whole =
        lexed.mistakes.is_empty() && structure::check(source, &mended, &lexed).is_empty();
    is_whole.then_some(Mended {
        text: mended,
        broken,
        ends,
    })
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
