//! Which words a read function asks for. Docs, completion and coverage tables are made of it, so no list of words is
//! ever kept beside the code that reads them.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Diagnostics, Node, NodeReader, Span};

/// The kind of value that a word takes (rule R4 and the shapes around it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// An exact name.
    Name,
    /// A dotted path.
    Path,
    /// A type.
    Type,
    /// An SQL expression or a literal.
    Sql,
    /// A text taken literally.
    Text,
    /// A word of a closed list.
    Word,
    /// A number.
    Number,
    /// `#true` or `#false`.
    Boolean,
    /// A bare word, or `word=#true`.
    Flag,
    /// Several values.
    List,
    /// A body or a query.
    Body,
    /// `key=value` pairs.
    Pairs,
    /// `(env)NAME`.
    Environment,
    /// A node with parts of its own.
    Node,
}

/// One word that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The word; for an argument what it is called (`name`, `type`).
    pub word: &'static str,
    /// Whether it is a positional argument.
    pub argument: bool,
    /// What it holds.
    pub slot: Slot,
    /// The closed list of a [`Slot::Word`].
    pub values: Vec<&'static str>,
    /// The words of a node with parts.
    pub parts: Vec<Asked>,
}

/// The words asked of one node, shared with the readers of its parts while recording.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger(Rc<RefCell<Vec<Line>>>);

#[derive(Debug)]
struct Line {
    word: &'static str,
    argument: bool,
    slot: Slot,
    values: Vec<&'static str>,
    parts: Ledger,
}

impl Ledger {
    /// Notes a word; gives the ledger of its parts.
    pub(super) fn note(
        &self,
        word: &'static str,
        argument: bool,
        slot: Slot,
        values: &[&'static str],
    ) -> Ledger {
        let mut lines = self.0.borrow_mut();
        if let Some(line) = lines
            .iter()
            .find(|line| line.word == word && line.argument == argument)
        {
            return line.parts.clone();
        }
        let parts = Ledger::default();
        lines.push(Line {
            word,
            argument,
            slot,
            values: values.to_vec(),
            parts: parts.clone(),
        });
        parts
    }

    /// The words that fit, in the order they were asked.
    pub(super) fn words(&self, fits: impl Fn(bool, Slot) -> bool) -> Vec<&'static str> {
        let lines = self.0.borrow();
        let fitting = lines.iter().filter(|line| fits(line.argument, line.slot));
        fitting.map(|line| line.word).collect()
    }

    /// Everything noted, with parts.
    pub(super) fn asked(&self) -> Vec<Asked> {
        let lines = self.0.borrow();
        lines
            .iter()
            .map(|line| Asked {
                word: line.word,
                argument: line.argument,
                slot: line.slot,
                values: line.values.clone(),
                parts: line.parts.asked(),
            })
            .collect()
    }
}

/// The words that `read` asks of a node: it is run on an empty node called `word`, every mandatory argument present and
/// every child there once (to a depth of three), nothing reported.
pub fn words_of(word: &str, read: impl FnOnce(&mut NodeReader<'_>)) -> Vec<Asked> {
    let node = Node::empty(word, Span::default());
    let unheard = Diagnostics::new();
    let mut reader = NodeReader::recording(&node, &unheard);
    read(&mut reader);
    reader.asked()
}

/// [`words_of`] for a function that takes its reader whole.
pub fn words_of_whole(word: &str, read: impl FnOnce(NodeReader<'_>)) -> Vec<Asked> {
    let node = Node::empty(word, Span::default());
    let unheard = Diagnostics::new();
    let reader = NodeReader::recording(&node, &unheard);
    let ledger = reader.ledger();
    read(reader);
    ledger.asked()
}

/// The candidate that a person most likely meant: same but for case and `_`, else the closest within a third of its letters.
pub fn nearest<'w>(
    written: &str,
    candidates: impl IntoIterator<Item = &'w str>,
) -> Option<&'w str> {
    let bare = |word: &str| word.to_lowercase().replace(['_', ' '], "-");
    let plain = bare(written);
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&plain, &bare(candidate));
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            *distance <= (plain.chars().count().max(candidate.chars().count()) / 3).max(1)
                && *distance < candidate.chars().count()
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// The help of something unknown: the nearest word, else all that could stand there, else `none`.
pub fn suggestion(written: &str, candidates: &[&str], none: &str) -> String {
    if let Some(near) = nearest(written, candidates.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let mut known: Vec<&str> = candidates.to_vec();
    known.sort_unstable();
    known.dedup();
    match known.as_slice() {
        [] => none.to_owned(),
        known => format!("known here: {}", known.join(", ")),
    }
}
