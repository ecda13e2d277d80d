//! Parts of a node: bodies and queries (rule R7), child nodes, pairs.

use std::borrow::Cow;

use super::super::slot::TextOrEnvironment;
use super::super::words::Ledger;
use super::super::{Diagnostic, Entry, Node, Slot, Span, Spanned, TextStyle, Value};
use super::arguments::without_semicolon;
use super::{Found, NodeReader};
use crate::sql::slot::Shape;

impl<'a> NodeReader<'a> {
    /// A body (rule R7): `"""` text gains a newline before and after (or `head=`, `tail=`), a one-line string is
    /// verbatim, `file=` is the bytes of that file.
    pub fn body(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.body_or_query(word, None)
    }

    /// A query: like [`Self::body`], but one final `;` is dropped, and the final newline of a file.
    pub fn query(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.body_or_query(word, Some(Shape::Statement))
    }

    /// The statements between BEGIN ATOMIC and END, like [`Self::body`].
    pub fn statements(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.body_or_query(word, Some(Shape::Statements))
    }

    pub(super) fn body_or_query(
        &mut self,
        word: &'static str,
        shape: Option<Shape>,
    ) -> Option<Spanned<String>> {
        let mut child = match self.find(word, Slot::Body, &[])? {
            Found::Property(entry) => {
                let text = self.as_body(&entry, None, None)?;
                return self.settled(Spanned::new(text, entry.span), shape);
            }
            Found::Child(child) => child,
        };
        let written = child.next_argument().map(|(_, entry)| entry);
        let head = child.text("head").map(|text| text.value);
        let tail = child.text("tail").map(|text| text.value);
        let file = child.text("file");
        let body = match (written, file) {
            (Some(entry), None) => child
                .as_body(&entry, head, tail)
                .map(|text| Spanned::new(text, entry.span)),
            (None, Some(file)) => child.loaded(&file, shape == Some(Shape::Statement)),
            (Some(entry), Some(file)) => {
                child.report(
                    Diagnostic::error("kdl::twice", format!("`{word}` has a text and a file"))
                        .at(file.span, "a file")
                        .at(entry.span, "a text")
                        .help("keep one of them"),
                );
                None
            }
            (None, None) => {
                child.missing("a text or `file=`");
                None
            }
        };
        let body = body.and_then(|body| child.settled(body, shape));
        child.finish();
        body
    }

    /// A body that goes into a statement as it is, where it stays within its slot.
    fn settled(&self, mut body: Spanned<String>, shape: Option<Shape>) -> Option<Spanned<String>> {
        let Some(shape) = shape else {
            return Some(body);
        };
        if shape == Shape::Statement {
            body.value.truncate(without_semicolon(&body.value).len());
        }
        self.stays_within(&body, shape).then_some(body)
    }

    pub(super) fn as_body(
        &self,
        entry: &Entry,
        head: Option<String>,
        tail: Option<String>,
    ) -> Option<String> {
        match (&entry.value, &entry.annotation) {
            (Value::Text(text, TextStyle::Lines), None) => Some(format!(
                "{}{text}{}",
                head.as_deref().unwrap_or("\n"),
                tail.as_deref().unwrap_or("\n"),
            )),
            (Value::Text(text, _), None) => {
                if head.is_some() || tail.is_some() {
                    self.report(
                        Diagnostic::error(
                            "kdl::wrong-type",
                            "`head=` and `tail=` replace the newlines of a `\"\"\"` text",
                        )
                        .at(entry.span, "this one-line text is taken as it is")
                        .help("leave `head=` and `tail=` out, or write the text as `\"\"\"`"),
                    );
                }
                Some(text.clone())
            }
            _ => {
                self.wrong(entry, "a text", None);
                None
            }
        }
    }

    pub(super) fn loaded(&self, file: &Spanned<String>, query: bool) -> Option<Spanned<String>> {
        let text = match self.node.file.as_ref()? {
            Ok(text) => text.to_string(),
            Err(unread) => {
                self.report(
                    Diagnostic::error(unread.code, unread.why.clone())
                        .at(file.span, "named here")
                        .help(unread.help),
                );
                return None;
            }
        };
        if !query {
            return Some(Spanned::new(text, file.span));
        }
        let cut = text.strip_suffix('\n').unwrap_or(&text);
        let cut = cut.strip_suffix('\r').unwrap_or(cut);
        let cut = cut.strip_suffix(';').unwrap_or(cut);
        Some(Spanned::new(cut.to_owned(), file.span))
    }

    /// While recording: a stand-in child of that word as long as the depth lasts.
    #[allow(clippy::option_option)] // none: not recording; some none: recording, too deep
    pub(super) fn recorded(&mut self, word: &'static str) -> Option<Option<NodeReader<'a>>> {
        let depth = self.recording?;
        let ledger = self.ledger.note(word, false, Slot::Node, &[]);
        if depth == 0 {
            return Some(None);
        }
        let node = Node::empty(word, self.node.span);
        let mut reader = NodeReader::over(Cow::Owned(node), self.diagnostics);
        reader.ledger = ledger;
        reader.recording = Some(depth - 1);
        Some(Some(reader))
    }

    /// The child nodes of that name, in order. Finish each.
    pub fn children(&mut self, word: &'static str) -> Vec<NodeReader<'a>> {
        self.children_any(&[word])
    }

    /// The child nodes with one of these names, in the order of the file. Finish each.
    pub fn children_any(&mut self, words: &[&'static str]) -> Vec<NodeReader<'a>> {
        if self.is_recording() {
            return words
                .iter()
                .filter_map(|word| self.recorded(word).flatten())
                .collect();
        }
        for word in words {
            self.ledger.note(word, false, Slot::Node, &[]);
        }
        let mut readers = Vec::new();
        for index in 0..self.node.children.len() {
            if words.contains(&self.node.children[index].name.value.as_str()) {
                self.used_children[index] = true;
                readers.push(self.child_at(index, Ledger::default()));
            }
        }
        readers
    }

    /// All child nodes that nobody asked for yet, whatever their name. Finish each.
    pub fn other_children(&mut self) -> Vec<NodeReader<'a>> {
        let mut readers = Vec::new();
        for index in 0..self.node.children.len() {
            if !std::mem::replace(&mut self.used_children[index], true) {
                readers.push(self.child_at(index, Ledger::default()));
            }
        }
        readers
    }

    /// The only child of that name; `kdl::twice` where there are several.
    pub fn child(&mut self, word: &'static str) -> Option<NodeReader<'a>> {
        let found = self.children(word);
        let places: Vec<Span> = found.iter().map(|child| child.node.name.span).collect();
        self.said_twice(word, &places);
        found.into_iter().next()
    }

    /// The `key=value` of all child nodes `word`: `with fillfactor=80`.
    pub fn pairs(&mut self, word: &'static str) -> Vec<(Spanned<String>, Spanned<String>)> {
        let pairs = self.pairs_read(word, Self::as_text);
        self.ledger.note(word, false, Slot::Pairs, &[]);
        pairs
    }

    /// [`Self::pairs`] whose values may be `(env)NAME`: options of foreign servers and user mappings.
    pub fn pairs_or_env(
        &mut self,
        word: &'static str,
    ) -> Vec<(Spanned<String>, Spanned<TextOrEnvironment>)> {
        self.pairs_read(word, Self::as_text_or_environment)
    }

    pub(super) fn pairs_read<T>(
        &mut self,
        word: &'static str,
        read: impl Fn(&Self, &Entry) -> Option<T> + Copy,
    ) -> Vec<(Spanned<String>, Spanned<T>)> {
        self.ledger.note(word, false, Slot::Pairs, &[]);
        let mut pairs: Vec<(Spanned<String>, Spanned<T>)> = Vec::new();
        for index in 0..self.node.children.len() {
            if self.node.children[index].name.value != word {
                continue;
            }
            self.used_children[index] = true;
            let mut child = self.child_at(index, Ledger::default());
            for (key, value) in child.properties_read(read) {
                if let Some((before, _)) = pairs.iter().find(|(old, _)| old.value == key.value) {
                    self.said_twice(&key.value, &[before.span, key.span]);
                } else {
                    pairs.push((key, value));
                }
            }
            child.finish();
        }
        pairs
    }

    /// All properties that nobody asked for yet, as pairs.
    pub fn properties_as_pairs(&mut self) -> Vec<(Spanned<String>, Spanned<String>)> {
        self.ledger.note("key", true, Slot::Pairs, &[]);
        self.properties_read(Self::as_text)
    }

    pub(super) fn properties_read<T>(
        &mut self,
        read: impl Fn(&Self, &Entry) -> Option<T>,
    ) -> Vec<(Spanned<String>, Spanned<T>)> {
        let mut pairs: Vec<(Spanned<String>, Spanned<T>)> = Vec::new();
        for index in 0..self.node.entries.len() {
            let entry = self.node.entries[index].clone();
            let Some(key) = entry.key.clone().filter(|_| !self.used_entries[index]) else {
                continue;
            };
            self.used_entries[index] = true;
            if let Some((before, _)) = pairs.iter().find(|(old, _)| old.value == key.value) {
                self.said_twice(&key.value, &[before.span, key.span]);
            } else if let Some(value) = read(self, &entry) {
                pairs.push((key, Spanned::new(value, entry.span)));
            }
        }
        pairs
    }
}
