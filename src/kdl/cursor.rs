//! What a place in a text is about: the nodes around it, the node that it stands in and what is being written there. It is
//! told by tokens alone, so a text that is being typed and does not parse yet will do.

use std::ops::Range;

use super::lexer::{Kind, Token, lex};
use super::literal::inside;
use super::{SourceId, Span};

/// A node as far as it is written before the place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// Its word.
    pub word: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The words of its properties.
    pub properties: Vec<String>,
    /// Where its word begins.
    pub start: usize,
}

/// What is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The word of a node.
    Word,
    /// An argument, a flag or the word of a property.
    Entry,
    /// The value of this property.
    Value(String),
    /// Nothing that means anything: a comment, the end of a block.
    Nothing,
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The nodes around, outermost first.
    pub around: Vec<Head>,
    /// The node that the place is in; none where a new one begins.
    pub head: Option<Head>,
    /// What is written there.
    pub standing: Standing,
    /// What is written of it so far, up to the place.
    pub written: Range<usize>,
    /// Whether the place is inside of quotes; `written` is then what looks like a name.
    pub quoted: bool,
}

impl Cursor {
    /// The place at byte `at` of `text`.
    pub fn of(text: &str, at: usize) -> Cursor {
        let lexed = lex(SourceId::default(), text);
        let mut cursor = Cursor {
            around: Vec::new(),
            head: None,
            standing: Standing::Word,
            written: at..at,
            quoted: false,
        };
        let mut property: Option<String> = None;
        let mut in_type = false;
        for token in &lexed.tokens {
            if token.start >= at {
                break;
            }
            if let Some(standing) = cursor.holds(*token, text, at, property.as_ref()) {
                cursor.standing = standing;
                return cursor;
            }
            match token.kind {
                Kind::Newline | Kind::Semicolon => {
                    cursor.head = None;
                    property = None;
                }
                Kind::Open => {
                    cursor.around.extend(cursor.head.take());
                    property = None;
                }
                Kind::Close => {
                    cursor.around.pop();
                    cursor.head = None;
                    property = None;
                }
                Kind::Equals => {
                    property = cursor.head.as_mut().and_then(|head| head.arguments.pop());
                }
                Kind::OpenType => in_type = true,
                Kind::CloseType => in_type = false,
                Kind::Word
                | Kind::Number
                | Kind::Keyword
                | Kind::Text
                | Kind::Lines
                | Kind::Bad
                    if !in_type =>
                {
                    let span = Span::new(SourceId::default(), token.start, token.end);
                    let value = inside(text, span).text.into_owned();
                    match (&mut cursor.head, property.take()) {
                        (None, _) => {
                            cursor.head = Some(Head {
                                word: value,
                                start: token.start,
                                ..Head::default()
                            });
                        }
                        (Some(head), Some(word)) => head.properties.push(word),
                        (Some(head), None) => head.arguments.push(value),
                    }
                }
                _ => {}
            }
        }
        // An unclosed text or comment ends the cut before the place.
        if lexed.stopped && lexed.tokens.last().is_none_or(|last| last.end < at) {
            cursor.standing = Standing::Nothing;
            return cursor;
        }
        cursor.standing = match (&cursor.head, property) {
            (None, _) => Standing::Word,
            (Some(_), Some(word)) => Standing::Value(word),
            (Some(_), None) => Standing::Entry,
        };
        // Directly behind a closing quote or brace nothing can follow.
        let behind = lexed.tokens.iter().find(|token| token.end == at);
        if behind.is_some_and(|token| matches!(token.kind, Kind::Close | Kind::Text | Kind::Lines))
        {
            cursor.standing = Standing::Nothing;
        }
        cursor
    }

    /// What the place stands for where `token` is what is being written.
    fn holds(
        &mut self,
        token: Token,
        text: &str,
        at: usize,
        property: Option<&String>,
    ) -> Option<Standing> {
        let standing = match (&self.head, property) {
            (None, _) => Standing::Word,
            (Some(_), Some(word)) => Standing::Value(word.clone()),
            (Some(_), None) => Standing::Entry,
        };
        match token.kind {
            Kind::Word | Kind::Number | Kind::Keyword if at <= token.end => {
                self.written = token.start..at;
                Some(standing)
            }
            // A text that is not closed on its line reaches up to the place.
            Kind::Text | Kind::Lines if at < token.end => {
                self.written = name_before(text, token.start, at);
                self.quoted = true;
                Some(standing)
            }
            Kind::Bad if at <= token.end => {
                let quoted = text[token.start..at]
                    .trim_start_matches('#')
                    .starts_with('"');
                self.quoted = quoted;
                self.written = if quoted {
                    name_before(text, token.start, at)
                } else {
                    token.start..at
                };
                Some(standing)
            }
            Kind::LineComment if at <= token.end => Some(Standing::Nothing),
            Kind::BlockComment if at < token.end => Some(Standing::Nothing),
            _ => None,
        }
    }
}

/// What looks like a dotted name before the place, within a text that begins at `from`.
fn name_before(text: &str, from: usize, at: usize) -> Range<usize> {
    let before = &text[from..at];
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, letter)| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '$'))
        .last()
        .map_or(at, |(index, _)| from + index);
    start..at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cursor at `|`.
    fn at(text: &str) -> Cursor {
        let place = text.find('|').unwrap();
        Cursor::of(&text.replacen('|', "", 1), place)
    }

    fn around(cursor: &Cursor) -> Vec<&str> {
        cursor
            .around
            .iter()
            .map(|head| head.word.as_str())
            .collect()
    }

    #[test]
    fn places_are_told_in_texts_that_do_not_parse() {
        let cursor = at("schema app {\n    table t {\n        column id bigint references=co|\n");
        assert_eq!(around(&cursor), ["schema", "table"]);
        assert_eq!(cursor.standing, Standing::Value("references".to_owned()));
        let head = cursor.head.unwrap();
        assert_eq!((head.word.as_str(), head.arguments.len()), ("column", 2));
        assert_eq!(cursor.written.len(), 2);

        let cursor = at("schema app {\n    table t { column id | }\n}");
        assert_eq!(cursor.standing, Standing::Entry);
        assert_eq!(cursor.head.unwrap().arguments, ["id"]);

        let cursor = at("schema app { ta|");
        assert_eq!((cursor.standing, cursor.head), (Standing::Word, None));

        let cursor = at("schema app { table t { column id bigint references=|");
        assert_eq!(cursor.standing, Standing::Value("references".to_owned()));
        assert!(cursor.written.is_empty());

        let cursor = at("table t { check \"stat|us = 'a'\" }");
        assert!(cursor.quoted);
        assert_eq!(cursor.standing, Standing::Entry);
        assert_eq!(cursor.written.len(), 4);

        let cursor = at("table t { check \"lower(ema|");
        assert!(cursor.quoted, "{cursor:?}");
        assert_eq!(cursor.written.len(), 3);
    }

    #[test]
    fn nothing_is_written_in_comments_and_behind_blocks() {
        for text in ["// a|", "a { }|", "/* x | */ a", "a \"b\"|"] {
            assert_eq!(at(text).standing, Standing::Nothing, "{text}");
        }
        assert_eq!(around(&at("a { b { }\n|")), ["a"]);
        assert_eq!(at("a b \\\n  c|").standing, Standing::Entry);
    }

    proptest::proptest! {
        #[test]
        fn every_place_of_every_text_is_told(text in "[a-c \"#{}=;\\\\\n()/*é-]{0,30}", at in 0..40usize) {
            let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let cursor = Cursor::of(&text, at);
            proptest::prop_assert!(cursor.written.end == at && text.get(cursor.written.clone()).is_some());
        }
    }
}
