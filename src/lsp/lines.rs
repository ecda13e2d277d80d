//! Places as editors count them, by line and by units of an encoding that both sides agreed on, and as bytes.

use lsp_types::{Position, PositionEncodingKind, Range, TextDocumentContentChangeEvent};

use crate::kdl::Span;

/// The unit in which an editor counts columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// Bytes where the editor knows them, else what every editor knows.
    pub(super) fn agree(offered: Option<&[PositionEncodingKind]>) -> Encoding {
        let offers = |kind: &PositionEncodingKind| offered.is_some_and(|all| all.contains(kind));
        if offers(&PositionEncodingKind::UTF8) {
            Encoding::Utf8
        } else if offers(&PositionEncodingKind::UTF32) && !offers(&PositionEncodingKind::UTF16) {
            Encoding::Utf32
        } else {
            Encoding::Utf16
        }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, letter: char) -> usize {
        match self {
            Encoding::Utf8 => letter.len_utf8(),
            Encoding::Utf16 => letter.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }
}

/// The lines of a text.
#[derive(Debug, Clone)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str, encoding: Encoding) -> Lines<'t> {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            // A lone carriage return ends a line of the protocol too.
            if *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Lines {
            text,
            starts,
            encoding,
        }
    }

    /// The place of a byte.
    pub(super) fn position(&self, at: usize) -> Position {
        let at = at.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= at) - 1;
        let before = self.text.get(self.starts[line]..at).unwrap_or_default();
        let column: usize = before
            .chars()
            .map(|letter| self.encoding.units(letter))
            .sum();
        Position::new(number(line), number(column))
    }

    /// The byte of a place; the end of its line where that is shorter.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else {
            return self.text.len();
        };
        let end = self
            .starts
            .get(line + 1)
            .copied()
            .unwrap_or(self.text.len());
        let mut units = 0;
        for (at, letter) in self.text[start..end].char_indices() {
            if units >= position.character as usize || letter == '\n' || letter == '\r' {
                return start + at;
            }
            units += self.encoding.units(letter);
        }
        end
    }

    pub(super) fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }

    pub(super) fn bytes(&self, range: Range) -> std::ops::Range<usize> {
        let start = self.offset(range.start);
        start..self.offset(range.end).max(start)
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A text after an editor changed it.
pub(super) fn changed(
    mut text: String,
    changes: Vec<TextDocumentContentChangeEvent>,
    encoding: Encoding,
) -> String {
    for change in changes {
        match change.range {
            None => text = change.text,
            Some(range) => {
                let bytes = Lines::new(&text, encoding).bytes(range);
                text.replace_range(bytes, &change.text);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_the_agreed_units() {
        let text = "a\r\né😀b\nc";
        let at = text.find('b').unwrap();
        for (encoding, column) in [
            (Encoding::Utf8, 6),
            (Encoding::Utf16, 3),
            (Encoding::Utf32, 2),
        ] {
            let lines = Lines::new(text, encoding);
            assert_eq!(lines.position(at), Position::new(1, column));
            assert_eq!(lines.offset(Position::new(1, column)), at);
            assert_eq!(lines.offset(Position::new(0, 9)), 1);
            assert_eq!(lines.offset(Position::new(9, 0)), text.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn every_byte_has_its_place(text in "[aé😀\r\n]{0,20}") {
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let lines = Lines::new(&text, encoding);
                for (at, _) in text.char_indices() {
                    // Between the two of a line's end there is no place.
                    if !(text[at..].starts_with('\n') && text[..at].ends_with('\r')) {
                        proptest::prop_assert_eq!(lines.offset(lines.position(at)), at);
                    }
                }
            }
        }
    }
}
