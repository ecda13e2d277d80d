//! Typed access to one node. A reader remembers which words were asked for; [`NodeReader::finish`] reports all others,
//! so no word of a file is ever ignored in silence. Property and child are the same attribute (rule R2).

use std::borrow::Cow;

use super::slot::{Literal, Path, TextOrEnvironment, sql_number};
use super::words::{Ledger, suggestion};
use super::{Asked, Diagnostic, Diagnostics, Entry, Node, Slot, Span, Spanned, TextStyle, Value};

/// How deep [`NodeReader::recording`] descends: a table's columns' parts, not partitions of partitions.
const RECORDED_DEPTH: usize = 3;

/// Reads one node. Ask for everything that the node may hold, then call [`Self::finish`].
#[derive(Debug)]
#[must_use = "a reader that is not finished lets unknown words pass"]
pub struct NodeReader<'a> {
    node: Cow<'a, Node>,
    diagnostics: &'a Diagnostics,
    used_entries: Vec<bool>,
    used_children: Vec<bool>,
    ledger: Ledger,
    /// Index of the entry that was read as a type: words behind it are probably the rest of the type.
    type_at: Option<usize>,
    /// While recording: how many levels of parts are still entered.
    recording: Option<usize>,
}

/// One attribute as it stands: `x=v`, or `x v …`.
enum Found<'a> {
    Property(Entry),
    Child(NodeReader<'a>),
}

impl<'a> NodeReader<'a> {
    /// A reader of `node` that puts mistakes into `diagnostics`.
    pub fn new(node: &'a Node, diagnostics: &'a Diagnostics) -> Self {
        Self::over(Cow::Borrowed(node), diagnostics)
    }

    /// A reader that finds every mandatory argument (empty) and each child once, and notes what is asked; see
    /// [`super::words_of`].
    pub fn recording(node: &'a Node, diagnostics: &'a Diagnostics) -> Self {
        let mut reader = Self::new(node, diagnostics);
        reader.recording = Some(RECORDED_DEPTH);
        reader
    }

    fn over(node: Cow<'a, Node>, diagnostics: &'a Diagnostics) -> Self {
        Self {
            used_entries: vec![false; node.entries.len()],
            used_children: vec![false; node.children.len()],
            node,
            diagnostics,
            ledger: Ledger::default(),
            type_at: None,
            recording: None,
        }
    }

    /// The node itself.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The node's word: `column`.
    pub fn kind(&self) -> &str {
        &self.node.name.value
    }

    /// What a label about the whole node points at: its word and first argument.
    pub fn span(&self) -> Span {
        self.node.head()
    }

    /// The collection that mistakes go to.
    pub fn diagnostics(&self) -> &'a Diagnostics {
        self.diagnostics
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.ledger.asked()
    }

    /// Whether this is a run that only notes words: nothing that was read means anything.
    pub fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// Reports a mistake; for a copy made by a mixin the place of use is added.
    pub fn report(&self, diagnostic: Diagnostic) {
        if self.is_recording() {
            return;
        }
        self.diagnostics.push(match self.node.used_at {
            Some(used_at) => diagnostic.at(used_at, "used here"),
            None => diagnostic,
        });
    }

    /// Reports that something mandatory is not there: "`table` needs a name".
    pub fn missing(&self, what: &str) {
        self.report(
            Diagnostic::error("kdl::missing", format!("`{}` needs {what}", self.kind()))
                .at(self.span(), "here"),
        );
    }

    /// Reports that `entry` does not fit its slot.
    fn wrong(&self, entry: &Entry, wanted: &str, help: Option<String>) {
        let word = match &entry.key {
            Some(key) => key.value.as_str(),
            None => self.kind(),
        };
        let found = match &entry.annotation {
            Some(annotation) => format!("`({annotation})`"),
            None => entry.value.describe(),
        };
        let mut mistake = Diagnostic::error(
            "kdl::wrong-type",
            format!("`{word}` takes {wanted}, not {found}"),
        )
        .at(entry.span, "here");
        mistake.help = help;
        self.report(mistake);
    }

    // ---- arguments ----

    fn next_argument(&mut self) -> Option<(usize, Entry)> {
        let index = (0..self.node.entries.len())
            .find(|&index| !self.used_entries[index] && self.node.entries[index].key.is_none())?;
        self.used_entries[index] = true;
        Some((index, self.node.entries[index].clone()))
    }

    /// The next argument as `slot`, read by `read`. `None` and `kdl::missing` where there is none and it is demanded.
    fn argument<T>(
        &mut self,
        what: &'static str,
        slot: Slot,
        demanded: Option<T>,
        read: impl FnOnce(&Self, &Entry) -> Option<T>,
    ) -> Option<Spanned<T>> {
        self.ledger.note(what, true, slot, &[]);
        match self.next_argument() {
            Some((index, entry)) => {
                if slot == Slot::Type {
                    self.type_at = Some(index);
                }
                read(self, &entry).map(|value| Spanned::new(value, entry.span))
            }
            None => {
                let stand_in = demanded?;
                if self.is_recording() {
                    return Some(Spanned::new(stand_in, self.span()));
                }
                self.missing(&with_article(what));
                None
            }
        }
    }

    /// The next argument as an exact name; `kdl::missing` where there is none.
    pub fn name(&mut self) -> Option<Spanned<String>> {
        self.argument("name", Slot::Name, Some(String::new()), Self::as_name)
    }

    /// The next argument as an exact name, if there is one.
    pub fn optional_name(&mut self) -> Option<Spanned<String>> {
        self.argument("name", Slot::Name, None, Self::as_name)
    }

    /// The next argument as a type; `kdl::missing` where there is none.
    pub fn type_argument(&mut self) -> Option<Spanned<String>> {
        self.argument("type", Slot::Type, Some(String::new()), Self::as_type)
    }

    /// The next argument as SQL; `kdl::missing` where there is none.
    pub fn sql_argument(&mut self) -> Option<Spanned<String>> {
        self.argument("expression", Slot::Sql, Some(String::new()), Self::as_sql)
    }

    /// The next argument as SQL, if there is one.
    pub fn optional_sql_argument(&mut self) -> Option<Spanned<String>> {
        self.argument("expression", Slot::Sql, None, Self::as_sql)
    }

    /// The next argument as a text called `what` in messages; `kdl::missing` where there is none.
    pub fn text_argument(&mut self, what: &'static str) -> Option<Spanned<String>> {
        self.argument(what, Slot::Text, Some(String::new()), Self::as_text)
    }

    /// The next argument as a text, if there is one.
    pub fn optional_text_argument(&mut self, what: &'static str) -> Option<Spanned<String>> {
        self.argument(what, Slot::Text, None, Self::as_text)
    }

    /// The next argument as a text or `(env)NAME`; `kdl::missing` where there is none.
    pub fn text_or_env_argument(
        &mut self,
        what: &'static str,
    ) -> Option<Spanned<TextOrEnvironment>> {
        let stand_in = TextOrEnvironment::Text(String::new());
        self.argument(
            what,
            Slot::Environment,
            Some(stand_in),
            Self::as_text_or_environment,
        )
    }

    /// The next argument as a path; `kdl::missing` where there is none.
    pub fn path_argument(&mut self) -> Option<Spanned<Path>> {
        self.argument(
            "path",
            Slot::Path,
            Some(Path(vec![String::new()])),
            Self::as_path,
        )
    }

    /// The next argument as a number; `kdl::missing` where there is none.
    pub fn number_argument(&mut self) -> Option<Spanned<i64>> {
        self.argument("number", Slot::Number, Some(0), Self::as_number)
    }

    /// The next argument as one of `words`; `kdl::missing` where there is none.
    pub fn word_argument(
        &mut self,
        what: &'static str,
        words: &[&'static str],
    ) -> Option<Spanned<&'static str>> {
        self.ledger.note(what, true, Slot::Word, words);
        self.argument(what, Slot::Word, words.first().copied(), |reader, entry| {
            reader.as_word(entry, words)
        })
    }

    /// The next argument as one of `words`, where it is one; else it is left for others.
    pub fn optional_word_argument(
        &mut self,
        what: &'static str,
        words: &[&'static str],
    ) -> Option<Spanned<&'static str>> {
        self.ledger.note(what, true, Slot::Word, words);
        let index = (0..self.node.entries.len())
            .find(|&index| !self.used_entries[index] && self.node.entries[index].key.is_none())?;
        let entry = &self.node.entries[index];
        let Value::Text(text, _) = &entry.value else {
            return None;
        };
        let word = words.iter().find(|word| *word == text)?;
        let span = entry.span;
        self.used_entries[index] = true;
        Some(Spanned::new(*word, span))
    }

    /// All remaining arguments as texts (an open list: columns, words of a grant).
    pub fn arguments(&mut self) -> Vec<Spanned<String>> {
        self.rest("list", Slot::List, Self::as_text)
    }

    /// All remaining arguments as paths.
    pub fn path_arguments(&mut self) -> Vec<Spanned<Path>> {
        self.rest("paths", Slot::List, Self::as_path)
    }

    /// All remaining arguments as one of `words` each.
    pub fn word_arguments(&mut self, words: &[&'static str]) -> Vec<Spanned<&'static str>> {
        self.ledger.note("words", true, Slot::List, words);
        self.rest("words", Slot::List, |reader, entry| {
            reader.as_word(entry, words)
        })
    }

    /// All remaining arguments as SQL, literals in their SQL spelling (`in 2020 2021 #null`).
    pub fn sql_arguments(&mut self) -> Vec<Spanned<String>> {
        self.rest("expressions", Slot::List, Self::as_sql)
    }

    /// All remaining arguments as literals (`row`): texts are texts, `(sql)"…"` is SQL.
    pub fn literal_arguments(&mut self) -> Vec<Spanned<Literal>> {
        self.rest("values", Slot::List, |reader, entry| {
            Some(match (&entry.value, entry.annotation.as_deref()) {
                (Value::Text(text, _), Some("sql")) => Literal::Sql(text.clone()),
                (_, Some(_)) => {
                    reader.wrong(entry, "a literal or `(sql)\"…\"`", None);
                    return None;
                }
                (Value::Text(text, _), None) => Literal::Text(text.clone()),
                (Value::Number(spelling), None) => Literal::Number(sql_number(spelling)),
                (Value::Boolean(value), None) => Literal::Boolean(*value),
                (Value::Null, None) => Literal::Null,
            })
        })
    }

    fn rest<T>(
        &mut self,
        what: &'static str,
        slot: Slot,
        read: impl Fn(&Self, &Entry) -> Option<T>,
    ) -> Vec<Spanned<T>> {
        self.ledger.note(what, true, slot, &[]);
        let mut values = Vec::new();
        while let Some((_, entry)) = self.next_argument() {
            if let Some(value) = read(self, &entry) {
                values.push(Spanned::new(value, entry.span));
            }
        }
        values
    }

    // ---- attributes: property or child ----

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
    fn find(
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

    fn said_twice(&self, word: &str, places: &[Span]) {
        if let [first, second, ..] = places {
            self.report(
                Diagnostic::error("kdl::twice", format!("`{word}` is said twice"))
                    .at(*second, "again here")
                    .at(*first, "said here")
                    .help("a property and a child of that name are the same: keep one"),
            );
        }
    }

    fn child_at(&self, index: usize, ledger: Ledger) -> NodeReader<'a> {
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
    fn value<T>(
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
            Found::Property(mut entry) => {
                let name = entry.key.take()?;
                let node = Node {
                    span: name.span.to(entry.span),
                    name,
                    entries: vec![entry],
                    children: Vec::new(),
                    used_at: self.node.used_at,
                    file: None,
                };
                Some(NodeReader::over(Cow::Owned(node), self.diagnostics))
            }
        }
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

    // ---- bodies ----

    /// A body (rule R7): `"""` text gains a newline before and after (or `head=`, `tail=`), a one-line string is
    /// verbatim, `file=` is the bytes of that file.
    pub fn body(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.body_or_query(word, false)
    }

    /// A query: like [`Self::body`], but of a file one final newline and one final `;` are dropped.
    pub fn query(&mut self, word: &'static str) -> Option<Spanned<String>> {
        self.body_or_query(word, true)
    }

    fn body_or_query(&mut self, word: &'static str, query: bool) -> Option<Spanned<String>> {
        let mut child = match self.find(word, Slot::Body, &[])? {
            Found::Property(entry) => {
                let text = self.as_body(&entry, None, None)?;
                return Some(Spanned::new(text, entry.span));
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
            (None, Some(file)) => child.loaded(&file, query),
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
        child.finish();
        body
    }

    fn as_body(&self, entry: &Entry, head: Option<String>, tail: Option<String>) -> Option<String> {
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
                        .at(entry.span, "this one-line text is taken as it is"),
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

    fn loaded(&self, file: &Spanned<String>, query: bool) -> Option<Spanned<String>> {
        let text = match self.node.file.as_ref()? {
            Ok(text) => text.to_string(),
            Err(why) => {
                self.report(
                    Diagnostic::error("kdl::missing-file", why.clone())
                        .at(file.span, "named here")
                        .help("the path is relative to this KDL file"),
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

    // ---- children ----

    /// While recording: a stand-in child of that word as long as the depth lasts.
    #[allow(clippy::option_option)] // none: not recording; some none: recording, too deep
    fn recorded(&mut self, word: &'static str) -> Option<Option<NodeReader<'a>>> {
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

    // ---- pairs ----

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

    fn pairs_read<T>(
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

    fn properties_read<T>(
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

    // ---- the end ----

    /// Refuses words that the language has and this version does not: `kdl::not-built-yet`, never "unknown".
    pub fn not_built(&mut self, words: &[&'static str]) {
        let mut places: Vec<(&'static str, Span)> = Vec::new();
        for word in words {
            for (index, entry) in self.node.entries.iter().enumerate() {
                let here = match (&entry.key, &entry.value) {
                    (Some(key), _) => key.value == *word,
                    (None, Value::Text(text, _)) => !self.used_entries[index] && text == word,
                    _ => false,
                };
                if here {
                    self.used_entries[index] = true;
                    let span = entry.key.as_ref().map_or(entry.span, |key| key.span);
                    places.push((*word, span));
                }
            }
            for (index, child) in self.node.children.iter().enumerate() {
                if child.name.value == *word {
                    self.used_children[index] = true;
                    places.push((*word, child.head()));
                }
            }
        }
        for (word, span) in places {
            self.report(not_built_yet(word, self.kind(), span));
        }
    }

    /// Reports every argument, property and child that nobody asked for, each with the nearest word that was.
    pub fn finish(self) {
        if self.is_recording() {
            return;
        }
        let attributes = self.ledger.words(|argument, _| !argument);
        let flags = self
            .ledger
            .words(|argument, slot| !argument && slot == Slot::Flag);
        self.finish_arguments(&flags);
        let kind = self.kind();
        for (entry, _) in self.unused_entries() {
            let Some(key) = &entry.key else { continue };
            let none = format!("`{kind}` has no properties");
            self.report(
                Diagnostic::error(
                    "kdl::unknown-property",
                    format!("`{kind}` has no property `{}`", key.value),
                )
                .at(key.span, "unknown")
                .help(suggestion(&key.value, &attributes, &none)),
            );
        }
        for (index, child) in self.node.children.iter().enumerate() {
            if self.used_children[index] {
                continue;
            }
            let none = format!("`{kind}` has no child nodes");
            self.report(
                Diagnostic::error(
                    "kdl::unknown-node",
                    format!("`{kind}` has no child `{}`", child.name.value),
                )
                .at(child.name.span, "unknown")
                .help(suggestion(&child.name.value, &attributes, &none)),
            );
        }
    }

    fn unused_entries(&self) -> impl Iterator<Item = (&Entry, usize)> {
        self.node
            .entries
            .iter()
            .zip(0..)
            .filter(|(_, index)| !self.used_entries[*index])
    }

    fn finish_arguments(&self, flags: &[&'static str]) {
        let unused: Vec<(&Entry, usize)> = self
            .unused_entries()
            .filter(|(entry, _)| entry.key.is_none())
            .collect();
        // Words right behind the type that resemble no flag are the rest of an unquoted type.
        let mut rest_of_type = Vec::new();
        if let Some(type_at) = self.type_at {
            for (entry, index) in &unused {
                let follows = *index == type_at + 1 + rest_of_type.len();
                let bare = matches!(&entry.value, Value::Text(text, TextStyle::Bare)
                    if super::words::nearest(text, flags.iter().copied()).is_none());
                if follows && bare {
                    rest_of_type.push(*entry);
                }
            }
            if let (Some(last), Some(first)) = (rest_of_type.last(), self.node.entries.get(type_at))
            {
                let words = std::iter::once(first)
                    .chain(rest_of_type.iter().copied())
                    .filter_map(|entry| match &entry.value {
                        Value::Text(text, _) => Some(text.as_str()),
                        _ => None,
                    })
                    .collect::<Vec<_>>()
                    .join(" ");
                let mut help = format!("a type of several words is quoted: \"{words}\"");
                if !flags.is_empty() {
                    help.push_str(&format!("; words that may follow: {}", flags.join(", ")));
                }
                self.report(
                    Diagnostic::error(
                        "kdl::unknown-word",
                        format!("unknown words after the type of `{}`", self.kind()),
                    )
                    .at(rest_of_type[0].span.to(last.span), "not expected here")
                    .help(help),
                );
            }
        }
        for (entry, _) in unused.into_iter().skip(rest_of_type.len()) {
            let kind = self.kind();
            let none = format!("`{kind}` takes no further arguments");
            let written = match &entry.value {
                Value::Text(text, _) => text.as_str(),
                _ => "",
            };
            self.report(
                Diagnostic::error(
                    "kdl::unknown-word",
                    format!("`{kind}` does not take {} here", entry.value.describe()),
                )
                .at(entry.span, "unknown")
                .help(suggestion(written, flags, &none)),
            );
        }
    }

    // ---- one entry as one slot ----

    fn as_name(&self, entry: &Entry) -> Option<String> {
        match (&entry.value, &entry.annotation) {
            (Value::Text(text, _), None) if !text.is_empty() => {
                self.no_lines(entry, text);
                Some(text.clone())
            }
            (Value::Text(_, _), None) => {
                self.wrong(
                    entry,
                    "a name",
                    Some("a name has at least one letter".to_owned()),
                );
                None
            }
            (Value::Number(spelling), None) => {
                self.wrong(entry, "a name", Some(format!("quote it: \"{spelling}\"")));
                None
            }
            (Value::Boolean(value), None) => {
                self.wrong(entry, "a name", Some(format!("quote it: \"{value}\"")));
                None
            }
            _ => {
                self.wrong(entry, "a name", None);
                None
            }
        }
    }

    fn no_lines(&self, entry: &Entry, text: &str) {
        if text.contains('\0') {
            self.wrong(entry, "a name without a zero byte", None);
        }
    }

    fn as_type(&self, entry: &Entry) -> Option<String> {
        match (&entry.value, &entry.annotation) {
            (Value::Text(text, _), None) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                self.wrong(entry, "a type", None);
                None
            }
        }
    }

    fn as_text(&self, entry: &Entry) -> Option<String> {
        match (&entry.value, &entry.annotation) {
            (Value::Text(text, _), None) => Some(text.clone()),
            (Value::Number(spelling), None) => Some(spelling.clone()),
            (Value::Boolean(value), None) => Some(value.to_string()),
            _ => {
                self.wrong(entry, "a text", None);
                None
            }
        }
    }

    fn as_text_or_environment(&self, entry: &Entry) -> Option<TextOrEnvironment> {
        match (&entry.value, entry.annotation.as_deref()) {
            (Value::Text(name, _), Some("env")) => {
                Some(TextOrEnvironment::Environment(name.clone()))
            }
            _ => self.as_text(entry).map(TextOrEnvironment::Text),
        }
    }

    fn as_sql(&self, entry: &Entry) -> Option<String> {
        match (&entry.value, entry.annotation.as_deref()) {
            (Value::Text(text, _), None | Some("sql")) if !text.trim().is_empty() => {
                Some(text.clone())
            }
            (Value::Text(_, _), None | Some("sql")) => {
                self.wrong(
                    entry,
                    "an SQL expression",
                    Some("an empty SQL text is written \"''\"".to_owned()),
                );
                None
            }
            (Value::Number(spelling), None) => Some(sql_number(spelling)),
            (Value::Boolean(value), None) => Some(value.to_string()),
            (Value::Null, None) => Some("NULL".to_owned()),
            _ => {
                self.wrong(entry, "an SQL expression", None);
                None
            }
        }
    }

    fn as_path(&self, entry: &Entry) -> Option<Path> {
        match (&entry.value, &entry.annotation) {
            (Value::Text(text, _), None) => match Path::parse(text) {
                Ok(path) => Some(path),
                Err(why) => {
                    self.report(
                        Diagnostic::error("kdl::wrong-type", format!("this is no path: {why}"))
                            .at(entry.span, "here")
                            .help("a path is `schema.name`; a part with a dot or a quote stands in SQL quotes: #\"public.\"my.table\"\"#"),
                    );
                    None
                }
            },
            _ => {
                self.wrong(entry, "a path", None);
                None
            }
        }
    }

    fn as_number(&self, entry: &Entry) -> Option<i64> {
        let number = match (&entry.value, &entry.annotation) {
            (Value::Number(spelling), None) => sql_number(spelling)
                .trim_start_matches('+')
                .parse::<i64>()
                .ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong(entry, "a whole number", None);
        }
        number
    }

    fn as_boolean(&self, entry: &Entry) -> Option<bool> {
        match (&entry.value, &entry.annotation) {
            (Value::Boolean(value), None) => Some(*value),
            _ => {
                self.wrong(entry, "`#true` or `#false`", None);
                None
            }
        }
    }

    fn as_flag(&self, entry: &Entry) -> Option<bool> {
        self.as_boolean(entry)
    }

    fn as_word(&self, entry: &Entry, words: &[&'static str]) -> Option<&'static str> {
        let written = match (&entry.value, &entry.annotation) {
            (Value::Text(text, _), None) => text.as_str(),
            _ => {
                self.wrong(
                    entry,
                    "a word",
                    Some(format!("one of: {}", words.join(", "))),
                );
                return None;
            }
        };
        if let Some(word) = words.iter().find(|word| **word == written) {
            return Some(word);
        }
        let word = match &entry.key {
            Some(key) => key.value.as_str(),
            None => self.kind(),
        };
        self.report(
            Diagnostic::error(
                "kdl::unknown-word",
                format!("`{word}` does not know the word `{written}`"),
            )
            .at(entry.span, "unknown")
            .help(suggestion(written, words, "no word is known here")),
        );
        None
    }
}

/// The refusal of a word that the language has and this version does not.
pub fn not_built_yet(word: &str, kind: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "kdl::not-built-yet",
        format!("`{word}` of `{kind}` is not built yet"),
    )
    .at(span, "not built yet")
    .help("this version of schemactl can't manage it: take it out, or keep it in a migration of your own")
}

/// The report of a node that nobody knows at this place, with the nearest of `known`.
pub fn unknown_node(node: &Node, known: &[&str], diagnostics: &Diagnostics) {
    let word = &node.name.value;
    diagnostics.push(
        Diagnostic::error("kdl::unknown-node", format!("unknown node `{word}`"))
            .at(node.name.span, "unknown")
            .help(suggestion(word, known, "nothing is known here")),
    );
}

fn with_article(what: &str) -> String {
    match what.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {what}"),
        _ => format!("a {what}"),
    }
}

#[cfg(test)]
mod tests;
