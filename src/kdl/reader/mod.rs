//! Typed access to one node. A reader remembers which words were asked for; [`NodeReader::finish`] reports all others,
//! so no word of a file is ever ignored in silence. Property and child are the same attribute (rule R2).

mod arguments;
mod attributes;
mod children;
mod finish;
mod remedies;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;

pub use finish::unknown_node;

use super::words::{Ledger, nearest};
use super::{Asked, Diagnostic, Diagnostics, Entry, Node, Span, Spanned, Value};

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
    /// Whether a mandatory argument could not be read: then nobody may have asked for the rest.
    broken: bool,
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
            broken: false,
            recording: None,
        }
    }

    /// The node itself.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Puts other children in place of the node's own: what `use` brings. Call it before anything is read.
    pub fn replace_children(&mut self, children: Vec<Node>) {
        self.used_children = vec![false; children.len()];
        let mut node = self.node.clone().into_owned();
        node.children = children;
        self.node = Cow::Owned(node);
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

    /// The ledger itself, for who gives the reader away.
    pub(super) fn ledger(&self) -> Ledger {
        self.ledger.clone()
    }

    /// Whether this is a run that only notes words: nothing that was read means anything.
    pub fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// What was read, or an empty text while recording: the words behind a mandatory one are asked then too.
    pub fn or_recorded(&self, read: Option<Spanned<String>>) -> Option<Spanned<String>> {
        read.or_else(|| {
            self.is_recording()
                .then(|| Spanned::new(String::new(), Span::default()))
        })
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
        if self.stands_as_argument(what) {
            return;
        }
        self.report(
            Diagnostic::error("kdl::missing", format!("`{}` needs {what}", self.kind()))
                .at(self.span(), "here")
                .help(remedies::missing(self.kind(), what)),
        );
    }

    /// Whether one of the words that are missing stands among the arguments, or is a slip of a property: that is told at
    /// its place.
    fn stands_as_argument(&self, what: &str) -> bool {
        let missing = what.split('`').skip(1).step_by(2);
        let missing: Vec<&str> = missing
            .map(|word| word.split_once('=').map_or(word, |(word, _)| word))
            .collect();
        self.unused_entries()
            .any(|(entry, _)| match (&entry.key, &entry.value) {
                (Some(key), _) => nearest(&key.value, missing.iter().copied()).is_some(),
                (None, Value::Text(text, _)) => missing.contains(&text.as_str()),
                _ => false,
            })
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
        mistake.help = Some(help.unwrap_or_else(|| remedies::wrong(wanted, entry)));
        self.report(mistake);
    }
}

fn with_article(what: &str) -> String {
    match what.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {what}"),
        _ => format!("a {what}"),
    }
}
