//! What nobody asked for: reported with the nearest word that was.

use super::super::words::suggestion;
use super::super::{Diagnostic, Diagnostics, Entry, Node, Slot, TextStyle, Value};
use super::NodeReader;

impl<'a> NodeReader<'a> {
    /// The words that were asked for so far, arguments aside.
    pub fn words(&self) -> Vec<&'static str> {
        self.ledger.words(|argument, _| !argument)
    }

    /// Reports every argument, property and child that nobody asked for, each with the nearest word that was.
    pub fn finish(self) {
        if self.is_recording() || self.broken {
            return;
        }
        let attributes = self.words();
        let flags = self
            .ledger
            .words(|argument, slot| !argument && slot == Slot::Flag);
        self.finish_arguments(&flags, &attributes);
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
                .help(match attributes.contains(&key.value.as_str()) {
                    true => as_child(kind, &key.value),
                    false => suggestion(&key.value, &attributes, &none),
                }),
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

    pub(super) fn unused_entries(&self) -> impl Iterator<Item = (&Entry, usize)> {
        self.node
            .entries
            .iter()
            .zip(0..)
            .filter(|(_, index)| !self.used_entries[*index])
    }

    pub(super) fn finish_arguments(&self, flags: &[&'static str], attributes: &[&'static str]) {
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
                    if super::super::words::nearest(text, flags.iter().copied()).is_none());
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
            // What stands behind the word of a child is its, and told with it.
            let is_child = attributes.contains(&written) && !flags.contains(&written);
            self.report(
                Diagnostic::error(
                    "kdl::unknown-word",
                    format!("`{kind}` does not take {} here", entry.value.describe()),
                )
                .at(entry.span, "unknown")
                .help(match is_child {
                    true => as_child(kind, written),
                    false => suggestion(written, flags, &none),
                }),
            );
            if is_child {
                break;
            }
        }
    }
}

/// How a word is written that is no argument.
fn as_child(kind: &str, word: &str) -> String {
    format!("`{word}` stands in the node's block: `{kind} … {{ {word} … }}`")
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
