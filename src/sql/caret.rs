//! Places in SQL text: line and column of a byte, and the piece of source that an error of PostgreSQL points at.
//! Drawing is miette's; here is only where.

use std::fmt;
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::lexer;

/// Line and column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl Place {
    /// The place of a byte of the text; past the end, the end. A byte within a character is that character.
    pub fn of(text: &str, byte: usize) -> Place {
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let before = &text[..byte];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Place {
            line,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "line {}, column {}", self.line, self.column)
    }
}

/// The byte that an error position of PostgreSQL means: it counts characters of the string that was sent, from 1.
pub fn byte_of_position(statement: &str, position: u32) -> usize {
    let skipped = (position as usize).saturating_sub(1);
    statement
        .char_indices()
        .nth(skipped)
        .map_or(statement.len(), |(at, _)| at)
}

/// A piece of SQL with a mark, for `#[source_code]` and `#[label]` of a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    name: String,
    text: String,
    /// Lines that stand before `text` in the file of that name.
    lines_before: usize,
    span: Range<usize>,
}

impl Snippet {
    /// A statement within the whole text of its file. `position` is PostgreSQL's, within the statement; without one
    /// the mark is on the statement's first token.
    pub fn in_file(
        name: &str,
        file: &str,
        statement: Range<usize>,
        position: Option<u32>,
    ) -> Snippet {
        let end = statement.end.min(file.len());
        let start = statement.start.min(end);
        let sent = file.get(start..end).unwrap_or_default();
        let marked = mark(sent, position);
        Snippet {
            name: name.to_owned(),
            text: file.to_owned(),
            lines_before: 0,
            span: start + marked.start..start + marked.end,
        }
    }

    /// A statement alone, whose first line is line `line` (from 1) of what is named.
    pub fn of_statement(
        name: &str,
        statement: &str,
        line: usize,
        position: Option<u32>,
    ) -> Snippet {
        Snippet {
            name: name.to_owned(),
            text: statement.to_owned(),
            lines_before: line.saturating_sub(1),
            span: mark(statement, position),
        }
    }

    /// Where the mark stands, in bytes of the source.
    pub fn span(&self) -> SourceSpan {
        self.span.clone().into()
    }

    /// Where the mark stands, in lines of the file.
    pub fn place(&self) -> Place {
        let place = Place::of(&self.text, self.span.start);
        Place {
            line: place.line + self.lines_before,
            ..place
        }
    }

    /// `name:line:column`.
    pub fn address(&self) -> String {
        let place = self.place();
        format!("{}:{}:{}", self.name, place.line, place.column)
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let found = self
            .text
            .read_span(span, context_lines_before, context_lines_after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            found.data(),
            *found.span(),
            found.line() + self.lines_before,
            found.column(),
            found.line_count(),
        )))
    }
}

/// The token at a position, or the first one.
fn mark(statement: &str, position: Option<u32>) -> Range<usize> {
    let at = position.map(|position| byte_of_position(statement, position));
    let found = lexer::Lexer::new(statement).find(|token| match at {
        Some(at) => token.span().contains(&at),
        None => !token.is_trivia(),
    });
    match (found, at) {
        (Some(token), Some(at)) => at..token.end(),
        (Some(token), None) => token.span(),
        (None, _) => statement.len()..statement.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_places_lines() {
        let statement = "select 'é',\n  nonsense";
        assert_eq!(byte_of_position(statement, 15), 15);
        let snippet = Snippet::of_statement("000001_a.up.sql", statement, 10, Some(15));
        assert_eq!(&statement[snippet.span.clone()], "nonsense");
        assert_eq!(snippet.address(), "000001_a.up.sql:11:3");
        let file = format!("-- one\n{statement};\n");
        let snippet = Snippet::in_file("a.sql", &file, 7..7 + statement.len(), Some(15));
        assert_eq!(&file[snippet.span.clone()], "nonsense");
        assert_eq!(snippet.place(), Place { line: 3, column: 3 });
        let contents = snippet.read_span(&snippet.span(), 0, 0).unwrap();
        assert_eq!((contents.name(), contents.line()), (Some("a.sql"), 2));
    }

    #[test]
    fn positions_out_of_the_text_are_its_end() {
        for position in [None, Some(0), Some(1), Some(99)] {
            for statement in ["", "é", "select 1"] {
                let _ = Snippet::of_statement("a", statement, 0, position).place();
                let _ = Snippet::in_file("a", statement, 3..900, position).place();
            }
        }
        assert_eq!(Place::of("é", 1), Place { line: 1, column: 1 });
    }
}
