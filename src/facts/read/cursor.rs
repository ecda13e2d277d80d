//! A walk over the tokens of one statement. It never fails: what does not fit is `None` or `false`, and the reader of the
//! statement says that it does not know it.

use crate::model::QualifiedName;
use crate::sql::lexer::{Token, TokenKind, significant};
use crate::sql::quote::unquote_ident;

/// Tokens and a place among them.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Cursor<'a> {
        Cursor {
            text,
            tokens: significant(text),
            at: 0,
        }
    }

    /// A part of it as a cursor of its own.
    fn part(&self, from: usize, to: usize) -> Cursor<'a> {
        Cursor {
            text: self.text,
            tokens: self.tokens[from.min(to)..to].to_vec(),
            at: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<&Token<'a>> {
        self.tokens.get(self.at + ahead)
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let token = self.tokens.get(self.at).copied();
        self.at += usize::from(token.is_some());
        token
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Whether the next words are these, in any case.
    pub(super) fn sees(&self, words: &str) -> bool {
        words
            .split(' ')
            .enumerate()
            .all(|(n, word)| self.peek_at(n).is_some_and(|token| token.is_word(word)))
    }

    /// Takes these words where they are next.
    pub(super) fn take(&mut self, words: &str) -> bool {
        let sees = self.sees(words);
        if sees {
            self.at += words.split(' ').count();
        }
        sees
    }

    /// Takes the first of these that is next.
    pub(super) fn take_any<'w>(&mut self, choices: &[&'w str]) -> Option<&'w str> {
        choices.iter().copied().find(|words| self.take(words))
    }

    /// Takes this punctuation where it is next.
    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let sees = self.peek().is_some_and(|token| token.is(sign));
        self.at += usize::from(sees);
        sees
    }

    /// An identifier, unquoted.
    pub(super) fn ident(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.is_ident())?;
        let name = unquote_ident(token.text);
        self.at += 1;
        Some(name)
    }

    /// `schema.name` or `name`; of longer paths the last two parts.
    pub(super) fn name(&mut self) -> Option<QualifiedName> {
        let mut parts = vec![self.ident()?];
        while self.peek().is_some_and(|token| token.is("."))
            && self.peek_at(1).is_some_and(Token::is_ident)
        {
            self.at += 1;
            parts.extend(self.ident());
        }
        let name = parts.pop()?;
        Some(QualifiedName::new(parts.pop().unwrap_or_default(), name))
    }

    /// Names between commas; `ONLY`, `*` and what stands in parentheses behind a name are passed over.
    pub(super) fn names(&mut self) -> Vec<QualifiedName> {
        let mut names = Vec::new();
        loop {
            self.take("only");
            let Some(name) = self.name() else { break };
            names.push(name);
            self.take_sign("*");
            self.group();
            if !self.take_sign(",") {
                break;
            }
        }
        names
    }

    /// What stands between parentheses, where one opens next.
    pub(super) fn group(&mut self) -> Option<Cursor<'a>> {
        if !self.peek().is_some_and(|token| token.is("(")) {
            return None;
        }
        let open = self.at;
        self.skip_one();
        let closed = self.tokens[self.at - 1].is(")") && self.at - 1 > open;
        Some(self.part(open + 1, if closed { self.at - 1 } else { self.at }))
    }

    /// Passes over one token, or over all that its parenthesis holds.
    pub(super) fn skip_one(&mut self) {
        let mut depth = 0usize;
        while let Some(token) = self.next() {
            if token.is("(") || token.is("[") {
                depth += 1;
            } else if token.is(")") || token.is("]") {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                break;
            }
        }
    }

    /// The parts between commas that stand in no parentheses, up to the end.
    pub(super) fn list(&mut self) -> Vec<Cursor<'a>> {
        let mut parts = Vec::new();
        let mut start = self.at;
        while !self.is_done() {
            if self.peek().is_some_and(|token| token.is(",")) {
                parts.push(self.part(start, self.at));
                self.at += 1;
                start = self.at;
            } else {
                self.skip_one();
            }
        }
        if start < self.at {
            parts.push(self.part(start, self.at));
        }
        parts
    }

    /// The source up to the first of these words outside of parentheses, or to the end; the words are not taken.
    pub(super) fn until(&mut self, words: &[&str]) -> &'a str {
        let start = self.at;
        while !self.is_done() && !words.iter().any(|words| self.sees(words)) {
            self.skip_one();
        }
        self.source(start, self.at)
    }

    /// As [`Cursor::until`], but the first token belongs to it whatever it is: an expression may begin with NULL or NOT.
    pub(super) fn expression(&mut self, ends: &[&str]) -> &'a str {
        let start = self.at;
        self.skip_one();
        self.until(ends);
        self.source(start, self.at)
    }

    /// All that is left, as source.
    pub(super) fn rest(&mut self) -> &'a str {
        let start = self.at;
        self.at = self.tokens.len();
        self.source(start, self.at)
    }

    fn source(&self, from: usize, to: usize) -> &'a str {
        match (
            self.tokens.get(from),
            to.checked_sub(1).and_then(|last| self.tokens.get(last)),
        ) {
            (Some(first), Some(last)) if from < to => &self.text[first.start..last.end()],
            _ => "",
        }
    }

    /// Whether these words come one after the other somewhere ahead, outside of parentheses.
    pub(super) fn has(&self, words: &str) -> bool {
        let mut ahead = self.clone();
        while !ahead.is_done() {
            if ahead.sees(words) {
                return true;
            }
            ahead.skip_one();
        }
        false
    }

    /// Moves behind these words, wherever they stand ahead outside of parentheses.
    pub(super) fn seek(&mut self, words: &str) -> bool {
        let mut ahead = self.clone();
        while !ahead.is_done() {
            if ahead.take(words) {
                self.at = ahead.at;
                return true;
            }
            ahead.skip_one();
        }
        false
    }

    /// The tokens that are left.
    pub(super) fn tokens(&self) -> &[Token<'a>] {
        &self.tokens[self.at.min(self.tokens.len())..]
    }

    /// The next string constant, unquoted.
    pub(super) fn string(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.is_string())?;
        let text = crate::sql::quote::unquote_literal(token.text);
        self.at += 1;
        text
    }

    /// The names of a list of columns, `(a, b)`.
    pub(super) fn column_list(&mut self) -> Vec<String> {
        let Some(mut group) = self.group() else {
            return Vec::new();
        };
        group
            .list()
            .iter_mut()
            .filter_map(|part| part.ident())
            .collect()
    }

    /// The words of a type with its modifiers, up to what cannot belong to it.
    pub(super) fn type_name(&mut self, ends: &[&str]) -> &'a str {
        let start = self.at;
        while let Some(token) = self.peek() {
            let belongs = token.is_ident()
                || token.kind == TokenKind::Number
                || token.is(".")
                || token.is("(")
                || token.is("[")
                || token.is("%");
            if !belongs || (self.at > start && ends.iter().any(|words| self.sees(words))) {
                break;
            }
            self.skip_one();
        }
        self.source(start, self.at)
    }
}
