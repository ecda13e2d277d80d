//! Attributes: a property and a child of the same word are one (rule R2), flags have three spellings (rule R3).

use std::borrow::Cow;

use super::super::slot::{Path, TextOrEnvironment, sql_number};
use super::super::words::Ledger;
use super::super::{Diagnostic, Entry, Node, Slot, Span, Spanned, Value};
use super::{Found, NodeReader};
use crate::sql::slot::Shape;

impl<'a> NodeReader<'a> {
    /// Whether `word` stands on this node as a property or a child; asks nothing.
    pub fn has(&self, word: &str) -> bool {
        self.node
            .entries
            .iter()
            .any(|entry| entry.key.as_ref().is_some_and(|key| key.value == word))
            || self
                .node
                .children
                .iter()
                .any(|child| child.name.value == word)
    }

    /// The one place where `word` stands; `kdl::twice` where there are several.
    pub(super) fn find(
        &mut self,
        word: &'static str,
        slot: Slot,
        values: &[&'static str],
    ) -> Option<Found<'a>> {
        self.ledger.note(word, false, slot, values);
        let mut places = Vec::new();
        let mut found = None;
        for index in 0..self.node.entries.len() {
            let entry = &self.node.entries[index];
            if let Some(key) = entry.key.as_ref().filter(|key| key.value == word) {
                places.push(key.span);
                self.used_entries[index] = true;
                found = found.or_else(|| Some(Found::Property(entry.clone())));
            }
        }
        for index in 0..self.node.children.len() {
            if self.node.children[index].name.value == word {
                places.push(self.node.children[index].name.span);
                self.used_children[index] = true;
                found =
                    found.or_else(|| Some(Found::Child(self.child_at(index, Ledger::default()))));
            }
        }
        self.said_twice(word, &places);
        found
    }

    pub(super) fn said_twice(&self, word: &str, places: &[Span]) {
        if let [first, second, ..] = places {
            self.report(
                Diagnostic::error("kdl::twice", format!("`{word}` is said twice"))
                    .at(*second, "again here")
                    .at(*first, "said here")
                    .help("a property and a child of that name are the same: keep one"),
            );
        }
    }

    pub(super) fn child_at(&self, index: usize, ledger: Ledger) -> NodeReader<'a> {
        let node = match &self.node {
            Cow::Borrowed(node) => Cow::Borrowed(&node.children[index]),
            Cow::Owned(node) => Cow::Owned(node.children[index].clone()),
        };
        let mut reader = NodeReader::over(node, self.diagnostics);
        reader.ledger = ledger;
        reader.recording = self.recording.map(|depth| depth.saturating_sub(1));
        reader
    }

    /// The single value of an attribute, read by `read`.
    pub(super) fn value<T>(
        &mut self,
        word: &'static str,
        slot: Slot,
        values: &[&'static str],
        read: impl FnOnce(&Self, &Entry) -> Option<T>,
    ) -> Option<Spanned<T>> {
        match self.find(word, slot, values)? {
            Found::Property(entry) => {
                read(self, &entry).map(|value| Spanned::new(value, entry.span))
            }
            Found::Child(mut child) => {
                let Some((_, entry)) = child.next_argument() else {
                    child.missing("a value");
                    return None;
                };
                let value = read(&child, &entry).map(|value| Spanned::new(value, entry.span));
                child.finish();
                value
            }
        }
    }

    /// An exact name: `owner=saas_owner`.
    pub fn name_of(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.value(word, Slot::Name, &[], Self::as_name)
    }

    /// A text taken literally: `comment="…"`. Numbers and truth values are taken in their spelling.
    pub fn text(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.value(word, Slot::Text, &[], Self::as_text)
    }

    /// One of `words`; `kdl::unknown-word` with the nearest otherwise.
    pub fn word(
        &mut self,
        word: &'static str,
        words: &[&'static str],
    ) -> Option<Spanned<&'static str>> {
        self.value(word, Slot::Word, words, |reader, entry| {
            reader.as_word(entry, words)
        })
    }

    /// A whole number.
    pub fn number(&mut self, word: &'static str) -> Option<Spanned<i64>> {
        self.value(word, Slot::Number, &[], Self::as_number)
    }

    /// A number in SQL spelling (`cost=0.10` stays `0.10`).
    pub fn number_text(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.value(word, Slot::Number, &[], |reader, entry| {
            match (&entry.value, &entry.annotation) {
                (Value::Number(spelling), None) => Some(sql_number(spelling)),
                _ => {
                    reader.wrong(entry, "a number", None);
                    None
                }
            }
        })
    }

    /// SQL: a text as it is; a number, `#true`, `#false`, `#null` as that SQL literal.
    pub fn sql(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.value(word, Slot::Sql, &[], Self::as_sql)
    }

    /// A dotted path.
    pub fn path(&mut self, word: &'static str) -> Option<Spanned<Path>> {
        self.value(word, Slot::Path, &[], Self::as_path)
    }

    /// A type's text.
    pub fn typ(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.value(word, Slot::Type, &[], Self::as_type)
    }

    /// Several types: [`Self::list`].
    pub fn types(&mut self, word: &'static str) -> Vec<String> {
        let mut types = self.list(word);
        types.retain(|text| self.stays_within(text, Shape::Type));
        types.into_iter().map(|text| text.value).collect()
    }

    /// The name of an operator, with its schema or without.
    pub fn operator(&mut self, word: &'static str) -> Option<Spanned<String>> {
        let name = self.text(word)?;
        self.stays_within(&name, Shape::Operator).then_some(name)
    }

    /// `word=#true` or `word=#false`.
    pub fn boolean(&mut self, word: &'static str) -> Option<bool> {
        self.value(word, Slot::Boolean, &[], Self::as_boolean)
            .map(|value| value.value)
    }

    /// The variable of `word=(env)NAME`; anything else is `kdl::wrong-type`, so no secret stands in a file.
    pub fn env(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.value(word, Slot::Environment, &[], |reader, entry| {
            match reader.as_text_or_environment(entry)? {
                TextOrEnvironment::Environment(name) => Some(name),
                TextOrEnvironment::Text(_) => {
                    // The value is not repeated: it may be a secret.
                    reader.report(
                        Diagnostic::error(
                            "kdl::wrong-type",
                            format!("`{word}` takes its value from the environment"),
                        )
                        .at(entry.span, "not `(env)NAME`")
                        .help(format!(
                            "write `{word}=(env)NAME` and set NAME where schemactl runs"
                        )),
                    );
                    None
                }
            }
        })
    }

    /// A text, or `(env)NAME`.
    pub fn text_or_env(&mut self, word: &'static str) -> Option<Spanned<TextOrEnvironment>> {
        self.value(word, Slot::Environment, &[], Self::as_text_or_environment)
    }

    /// Several values: `to a b` (child) or `to=a` (property). Empty where the word is absent.
    pub fn list(&mut self, word: &'static str) -> Vec<Spanned<String>> {
        match self.find(word, Slot::List, &[]) {
            None => Vec::new(),
            Some(Found::Property(entry)) => self
                .as_text(&entry)
                .map(|text| Spanned::new(text, entry.span))
                .into_iter()
                .collect(),
            Some(Found::Child(mut child)) => {
                let values = child.arguments();
                if values.is_empty() {
                    child.missing("at least one value");
                }
                child.finish();
                values
            }
        }
    }

    /// An attribute as a reader of its own, whether it is a child (with parts) or a property (`references=users` reads
    /// like `references users`).
    pub fn attribute(&mut self, word: &'static str) -> Option<NodeReader<'a>> {
        if let Some(recorded) = self.recorded(word) {
            return recorded;
        }
        match self.find(word, Slot::Node, &[])? {
            Found::Child(child) => Some(child),
            Found::Property(entry) => {
                let node = self.as_node(entry)?;
                Some(NodeReader::over(Cow::Owned(node), self.diagnostics))
            }
        }
    }

    /// A property as the node that says the same.
    fn as_node(&self, mut entry: Entry) -> Option<Node> {
        let name = entry.key.take()?;
        Some(Node {
            span: name.span.to(entry.span),
            name,
            entries: vec![entry],
            children: Vec::new(),
            used_at: self.node.used_at,
            file: None,
        })
    }

    /// The same of an attribute that may be said more than once: each is a reader of its own. Finish each.
    pub fn attributes(&mut self, word: &'static str) -> Vec<NodeReader<'a>> {
        if let Some(recorded) = self.recorded(word) {
            return recorded.into_iter().collect();
        }
        let mut readers = Vec::new();
        for index in 0..self.node.entries.len() {
            let entry = self.node.entries[index].clone();
            let is_it = entry.key.as_ref().is_some_and(|key| key.value == word);
            if let Some(node) = self.as_node(entry).filter(|_| is_it) {
                self.used_entries[index] = true;
                readers.push(NodeReader::over(Cow::Owned(node), self.diagnostics));
            }
        }
        readers.extend(self.children(word));
        readers
    }

    /// A flag that is said: a bare word after the fixed arguments, `word=#true`, or a child `word`.
    pub fn flag(&mut self, word: &'static str) -> bool {
        self.flag_value(word).unwrap_or(false)
    }

    /// A flag as it is said; `Some(false)` for `word=#false`. Read the fixed arguments and open lists first.
    pub fn flag_value(&mut self, word: &'static str) -> Option<bool> {
        self.flag_spanned(word).map(|flag| flag.value)
    }

    /// [`Self::flag_value`] with its place.
    pub fn flag_spanned(&mut self, word: &'static str) -> Option<Spanned<bool>> {
        let mut places = self.bare_words(word);
        let attribute = match self.find(word, Slot::Flag, &[]) {
            None => None,
            Some(Found::Property(entry)) => self
                .as_flag(&entry)
                .map(|value| Spanned::new(value, entry.span)),
            Some(Found::Child(mut child)) => {
                let place = child.span();
                let value = match child.next_argument() {
                    None => Some(true),
                    Some((_, entry)) => child.as_flag(&entry),
                };
                child.finish();
                value.map(|value| Spanned::new(value, place))
            }
        };
        let bare = places.first().map(|span| Spanned::new(true, *span));
        places.extend(attribute.iter().map(|flag| flag.span));
        self.said_twice(word, &places);
        bare.or(attribute)
    }

    /// A flag that may have more to say of itself: then a child `word` with properties or children, which is to be finished.
    pub fn flag_or_node(&mut self, word: &'static str) -> (bool, Option<NodeReader<'a>>) {
        let says_more = |child: &Node| {
            child.entries.iter().any(|entry| entry.key.is_some()) || !child.children.is_empty()
        };
        let named = self.node.children.iter();
        let mut named = named.filter(|child| child.name.value == word);
        let is_node = named.next().is_some_and(says_more) && named.next().is_none();
        if is_node && !self.has_property(word) {
            self.bare_words(word);
            return (true, self.children(word).pop());
        }
        let said = self.flag(word);
        let recorded = self.is_recording().then(|| self.children(word).pop());
        (said, recorded.flatten())
    }

    fn has_property(&self, word: &str) -> bool {
        let mut keys = self.node.entries.iter().filter_map(|it| it.key.as_ref());
        keys.any(|key| key.value == word)
    }

    /// The places where `word` stands after the fixed arguments.
    fn bare_words(&mut self, word: &'static str) -> Vec<Span> {
        let mut places = Vec::new();
        for index in 0..self.node.entries.len() {
            let entry = &self.node.entries[index];
            let said = entry.key.is_none()
                && !self.used_entries[index]
                && matches!(&entry.value, Value::Text(text, _) if text == word);
            if said {
                places.push(entry.span);
                self.used_entries[index] = true;
            }
        }
        places
    }
}
