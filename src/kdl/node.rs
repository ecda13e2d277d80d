//! The plain tree that kinds read: owned, cheap to clone, every part with its span, numbers in their source spelling.

use std::sync::Arc;

use kdl::{KdlDocument, KdlEntry, KdlNode, KdlValue};

use super::{SourceId, Span, Spanned};

/// How a text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextStyle {
    /// A bare word.
    Bare,
    /// `"…"` or `#"…"#` on one line.
    Quoted,
    /// `"""` with or without `#`.
    Lines,
}

/// The value of an argument or a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, and how it was written.
    Text(String, TextStyle),
    /// A number in its source spelling.
    Number(String),
    /// `#true` or `#false`.
    Boolean(bool),
    /// `#null`.
    Null,
}

impl Value {
    /// The value as a person would call it in a message.
    pub fn describe(&self) -> String {
        match self {
            Value::Text(text, _) => format!("the text `{text}`"),
            Value::Number(spelling) => format!("the number `{spelling}`"),
            Value::Boolean(value) => format!("`#{value}`"),
            Value::Null => "`#null`".to_owned(),
        }
    }
}

/// An argument (no key) or a property of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The property's word; none for an argument.
    pub key: Option<Spanned<String>>,
    /// The `env` of `(env)NAME`.
    pub annotation: Option<String>,
    /// What it says.
    pub value: Value,
    /// Where the value stands, with its annotation.
    pub span: Span,
}

/// Why the file of a `file=` was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The code of the mistake.
    pub code: &'static str,
    /// What is wrong.
    pub why: String,
    /// What to do.
    pub help: &'static str,
}

/// One node of a KDL file, or a copy of one that a mixin brought to another place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The node's word.
    pub name: Spanned<String>,
    /// Arguments and properties in their order.
    pub entries: Vec<Entry>,
    /// The nodes of the block.
    pub children: Vec<Node>,
    /// From the name to the end of the block.
    pub span: Span,
    /// The node that brought this copy here (`use audited`), for nodes of a mixin.
    pub used_at: Option<Span>,
    /// What the file named by a `file=` property holds, or why it could not be read.
    pub file: Option<Result<Arc<str>, Unread>>,
}

impl Node {
    /// A node of that name with nothing in it.
    pub fn empty(name: &str, span: Span) -> Self {
        Node {
            name: Spanned::new(name.to_owned(), span),
            entries: Vec::new(),
            children: Vec::new(),
            span,
            used_at: None,
            file: None,
        }
    }

    /// The arguments, without the properties.
    pub fn arguments(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.key.is_none())
    }

    /// The name and, where there is one on the same line, the first argument: what a label points at.
    pub fn head(&self) -> Span {
        match self.arguments().next() {
            Some(first) if first.span.end >= self.name.span.end => self.name.span.to(first.span),
            _ => self.name.span,
        }
    }

    /// A copy for another place: its mistakes are shown with the place `used_at` too.
    pub fn used_at(&self, used_at: Span) -> Node {
        let mut copy = self.clone();
        copy.mark(used_at);
        copy
    }

    fn mark(&mut self, used_at: Span) {
        self.used_at = Some(used_at);
        for child in &mut self.children {
            child.mark(used_at);
        }
    }

    /// Moves every place of the tree.
    pub(super) fn move_spans(&mut self, to: &dyn Fn(usize) -> usize) {
        let moved = |span: &mut Span| *span = Span::new(span.source, to(span.start), to(span.end));
        moved(&mut self.name.span);
        moved(&mut self.span);
        for entry in &mut self.entries {
            moved(&mut entry.span);
            if let Some(key) = &mut entry.key {
                moved(&mut key.span);
            }
        }
        for child in &mut self.children {
            child.move_spans(to);
        }
    }

    /// Replaces `{word}` by its value in every `name=` (or `name x` child) of the tree, and in the first argument of
    /// nodes whose name is in `named_first` (rule of mixins: triggers and policies).
    pub fn substitute(&mut self, placeholders: &[(&str, &str)], named_first: &[&str]) {
        let first_is_name =
            self.name.value == "name" || named_first.contains(&self.name.value.as_str());
        let mut first = true;
        for entry in &mut self.entries {
            let is_name = match &entry.key {
                Some(key) => key.value == "name",
                None => std::mem::take(&mut first) && first_is_name,
            };
            if let (true, Value::Text(text, _)) = (is_name, &mut entry.value) {
                for (word, value) in placeholders {
                    *text = text.replace(&format!("{{{word}}}"), value);
                }
            }
        }
        for child in &mut self.children {
            child.substitute(placeholders, named_first);
        }
    }
}

/// The nodes of a parsed document. `text` is what it was parsed from.
pub(super) fn nodes_of(document: &KdlDocument, source: SourceId, text: &str) -> Vec<Node> {
    document
        .nodes()
        .iter()
        .map(|node| node_of(node, source, text))
        .collect()
}

fn node_of(node: &KdlNode, source: SourceId, text: &str) -> Node {
    let start = node.span().offset();
    let whole = text
        .get(start..start + node.span().len())
        .unwrap_or_default();
    let name = node.name();
    Node {
        name: Spanned::new(
            name.value().to_owned(),
            Span::new(
                source,
                name.span().offset(),
                name.span().offset() + name.span().len(),
            ),
        ),
        entries: node
            .entries()
            .iter()
            .map(|entry| entry_of(entry, source, text))
            .collect(),
        children: node
            .children()
            .map(|children| nodes_of(children, source, text))
            .unwrap_or_default(),
        span: Span::new(source, start, start + whole.trim_end().len()),
        used_at: None,
        file: None,
    }
}

fn entry_of(entry: &KdlEntry, source: SourceId, text: &str) -> Entry {
    let start = entry.span().offset();
    let end = start + entry.span().len();
    // The crate's span of a property begins at its key: the value is what remains behind `=`.
    let written = entry
        .format()
        .map(|format| format.value_repr.as_str())
        .unwrap_or_default();
    let value_start = match (entry.name(), entry.format()) {
        (Some(key), Some(format)) => (key.span().offset()
            + key.span().len()
            + format.after_key.len()
            + 1
            + format.after_eq.len())
        .min(end),
        _ => start,
    };
    // An argument that turned out to be no property carries the spaces that were tried for `=`.
    let shown = text.get(value_start..end).unwrap_or_default();
    Entry {
        key: entry.name().map(|key| {
            Spanned::new(
                key.value().to_owned(),
                Span::new(
                    source,
                    key.span().offset(),
                    key.span().offset() + key.span().len(),
                ),
            )
        }),
        annotation: entry.ty().map(|annotation| annotation.value().to_owned()),
        value: match entry.value() {
            KdlValue::String(value) => Value::Text(
                value.clone(),
                match written.trim_start_matches('#') {
                    lines if lines.starts_with("\"\"\"") => TextStyle::Lines,
                    quoted if quoted.starts_with('"') => TextStyle::Quoted,
                    _ => TextStyle::Bare,
                },
            ),
            KdlValue::Integer(_) | KdlValue::Float(_) => Value::Number(written.to_owned()),
            KdlValue::Bool(value) => Value::Boolean(*value),
            KdlValue::Null => Value::Null,
        },
        span: Span::new(source, value_start, value_start + shown.trim_end().len()),
    }
}
