//! Edits of a KDL text at spans: everything that is not edited stays byte for byte, comments too. The result must parse.

use super::format::comments;
use super::lexer::{Kind, lex};
use super::source::parse_text;
use super::text::text_literal;
use super::{Diagnostic, Node, NodeWriter, SourceId, Span};

const INDENT: usize = 4;

/// A node as text that can stand at any level.
pub trait Written {
    /// The text, indented to this level, with a newline at its end.
    fn at_level(&self, depth: usize) -> String;
}

impl Written for NodeWriter {
    fn at_level(&self, depth: usize) -> String {
        let mut text = String::new();
        self.write(depth, &mut text);
        text
    }
}

/// A node cut out of another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cutting {
    /// Without the indentation that it had there.
    lines: Vec<String>,
}

impl Cutting {
    /// The node, which stands in `text`.
    pub fn of(text: &str, node: &Node) -> Cutting {
        let before = &text[..node.span.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let indent = before.len() - line_start;
        let lines = text[node.span.range()].split('\n').enumerate();
        let lines = lines.map(|(number, line)| match number {
            0 => line.to_owned(),
            // A line of white space only is an empty one, also inside of a text of several lines.
            _ => line.get(indent..).unwrap_or_default().to_owned(),
        });
        Cutting {
            lines: lines.collect(),
        }
    }

    /// A node around this one.
    #[must_use]
    pub fn inside(self, head: &str) -> Cutting {
        let mut lines = vec![format!("{head} {{")];
        lines.extend(self.at_level(1).lines().map(str::to_owned));
        lines.push("}".to_owned());
        Cutting { lines }
    }
}

impl Written for Cutting {
    fn at_level(&self, depth: usize) -> String {
        let indent = " ".repeat(depth * INDENT);
        let mut text = String::new();
        for line in &self.lines {
            if !line.is_empty() {
                text.push_str(&indent);
                text.push_str(line);
            }
            text.push('\n');
        }
        text
    }
}

impl<T: Written> Written for [T] {
    fn at_level(&self, depth: usize) -> String {
        self.iter().map(|it| it.at_level(depth)).collect()
    }
}

/// Collects edits of one file and applies them at once.
#[derive(Debug)]
pub struct Splice<'t> {
    source: SourceId,
    text: &'t str,
    edits: Vec<Edit>,
}

/// What stands in the place of a part of the text.
#[derive(Debug)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
    stands: Stands,
}

/// Where at one place a text stands: the words of a node, then its block, then what comes behind it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stands {
    Word,
    /// Children for a node that has no block, with its indentation: all of them share one.
    Child(String),
    Behind,
}

impl Edit {
    fn opens(&self) -> Option<&str> {
        match &self.stands {
            Stands::Child(outer) => Some(outer),
            _ => None,
        }
    }
}

impl<'t> Splice<'t> {
    /// Edits of the text of `source`.
    pub fn new(source: SourceId, text: &'t str) -> Self {
        Self {
            source,
            text,
            edits: Vec::new(),
        }
    }

    /// How many edits there are, for [`Splice::back_to`].
    pub fn mark(&self) -> usize {
        self.edits.len()
    }

    /// Forgets the edits that came after a mark.
    pub fn back_to(&mut self, mark: usize) {
        self.edits.truncate(mark);
    }

    /// Puts a node in the place of another; what stands around it on the line stays.
    pub fn replace(&mut self, node: &Node, with: &(impl Written + ?Sized)) -> &mut Self {
        let depth = self.depth(node.span.start);
        let text = with.at_level(depth);
        self.edit(node.span.start, node.span.end, text.trim().to_owned())
    }

    /// The same with the comments of the old node kept above the new one. Gives whether that can be: what `/-` hides cannot
    /// stand alone.
    pub fn replace_below_comments(&mut self, node: &Node, with: &(impl Written + ?Sized)) -> bool {
        let comments = comments(&self.text[node.span.range()]);
        if comments.iter().any(|comment| comment.starts_with("/-")) {
            return false;
        }
        let depth = self.depth(node.span.start);
        let indent = " ".repeat(depth * INDENT);
        let mut text = String::new();
        let starts_line = self.text[self.line_start(node.span.start)..node.span.start]
            .trim()
            .is_empty();
        if !comments.is_empty() && !starts_line {
            text.push('\n');
            text.push_str(&indent);
        }
        for comment in comments {
            text.push_str(&comment);
            text.push('\n');
            text.push_str(&indent);
        }
        text.push_str(with.at_level(depth).trim());
        self.edit(node.span.start, node.span.end, text);
        true
    }

    /// Puts a text in the place of a span (a value, say).
    pub fn replace_text(&mut self, span: Span, with: &str) -> &mut Self {
        self.edit(span.start, span.end, with.to_owned())
    }

    /// Takes a node out. Its line goes with it where nothing else stands there; a comment on the line stays.
    pub fn remove(&mut self, node: &Node) -> &mut Self {
        let (mut start, mut end) = (node.span.start, node.span.end);
        let line_start = self.line_start(start);
        let line_end = self.text[end..]
            .find('\n')
            .map_or(self.text.len(), |at| end + at + 1);
        let behind = &self.text[end..line_end];
        if self.text[line_start..start].trim().is_empty()
            && behind.trim_matches([';', ' ', '\t', '\r', '\n']).is_empty()
        {
            (start, end) = (line_start, line_end);
        } else if let Some(rest) = behind.trim_start_matches([' ', '\t']).strip_prefix(';') {
            end = line_end - rest.len();
            end += rest.len() - rest.trim_start_matches([' ', '\t']).len();
        } else if self.text[line_start..start].trim().is_empty() {
            // A comment that is left stands where the node stood.
            end += behind.len() - behind.trim_start_matches([' ', '\t']).len();
        }
        self.edit(start, end, String::new())
    }

    /// Takes a node out with its comments: those above it, and the one on its line. Where something else stands on its lines,
    /// they stay.
    pub fn remove_with_comments(&mut self, node: &Node) -> &mut Self {
        let start = self.line_start(node.span.start);
        let end = node.span.end;
        let line_end = self.text[end..]
            .find('\n')
            .map_or(self.text.len(), |at| end + at + 1);
        let behind = self.text[end..line_end].trim_matches([';', ' ', '\t', '\r', '\n']);
        let is_alone = self.text[start..node.span.start].trim().is_empty()
            && (behind.is_empty() || is_comment(behind));
        if !is_alone {
            return self.remove(node);
        }
        self.edit(self.with_comments_above(start), line_end, String::new())
    }

    /// Where the comments above a line begin, or the line itself.
    fn with_comments_above(&self, start: usize) -> usize {
        let mut from = start;
        let mut above = start;
        // A comment of several lines is read from its end.
        let mut inside = false;
        for line in self.text[..start].split_inclusive('\n').rev() {
            above -= line.len();
            let said = line.trim();
            if inside && said.starts_with("/*") || !inside && is_comment(said) {
                from = above;
                inside = false;
            } else if !inside && said.ends_with("*/") && !said.contains("/*") {
                inside = true;
            } else if !inside {
                break;
            }
        }
        from
    }

    /// Adds a property behind a node's own words.
    pub fn add_property(&mut self, node: &Node, word: &str, value: &str) -> &mut Self {
        self.add_entry(node, &format!("{word}={}", text_literal(value)))
    }

    /// Adds a flag, argument or property, as it is spelled, behind a node's own words.
    pub fn add_entry(&mut self, node: &Node, spelled: &str) -> &mut Self {
        let head = node
            .entries
            .iter()
            .map(|entry| entry.span.end)
            .fold(node.name.span.end, usize::max);
        self.edit_as(head, head, format!(" {spelled}"), Stands::Word)
    }

    /// Adds a text at a place.
    pub fn insert_text(&mut self, at: usize, text: &str) -> &mut Self {
        self.edit_as(at, at, text.to_owned(), Stands::Word)
    }

    /// Takes a property or argument out, with the space before it.
    pub fn remove_entry(&mut self, span: Span) -> &mut Self {
        let before = &self.text[..span.start];
        let start = before.trim_end_matches([' ', '\t']).len();
        self.edit(start, span.end, String::new())
    }

    /// Takes a node's block out; `head` is where the words before it end. A comment behind it stays.
    pub fn remove_block(&mut self, head: usize, node: &Node) -> &mut Self {
        let end = end_of_block(self.text, head, node);
        self.edit(head, end, String::new())
    }

    /// Adds a node on the line below `node`, at its level.
    pub fn insert_after(&mut self, node: &Node, new: &(impl Written + ?Sized)) -> &mut Self {
        let end = node.span.end;
        let line_end = self.text[end..]
            .find('\n')
            .map_or(self.text.len(), |at| end + at);
        let behind = self.text[end..line_end].trim();
        let depth = self.depth(node.span.start);
        let text = new.at_level(depth);
        let text = text.trim_end();
        if behind.is_empty() || behind.starts_with("//") {
            return self.edit(line_end, line_end, format!("\n{text}"));
        }
        // On a shared line a node of one line joins it.
        if text.contains('\n') || text.contains("//") {
            return self.edit(
                end,
                end,
                format!("\n{text}\n{}", " ".repeat(depth * INDENT)),
            );
        }
        self.edit(end, end, format!("; {}", text.trim_start()))
    }

    /// Adds a node on the line above `node` and its comments, at its level.
    pub fn insert_before(&mut self, node: &Node, new: &(impl Written + ?Sized)) -> &mut Self {
        let start = node.span.start;
        let line_start = self.line_start(start);
        let depth = self.depth(start);
        let text = new.at_level(depth);
        if self.text[line_start..start].trim().is_empty() {
            let above = self.with_comments_above(line_start);
            return self.edit(above, above, text);
        }
        // On a shared line a node of one line joins it.
        let indent = " ".repeat(depth * INDENT);
        let text = text.trim();
        let end = if text.contains('\n') || text.contains("//") {
            format!("\n{indent}")
        } else {
            "; ".to_owned()
        };
        self.edit(start, start, format!("{text}{end}"))
    }

    /// Adds a node as the last child of `parent`, which gets a block where it has none.
    pub fn insert_into(&mut self, parent: &Node, new: &(impl Written + ?Sized)) -> &mut Self {
        let depth = self.depth(parent.span.start);
        let text = new.at_level(depth + 1);
        let outer = " ".repeat(depth * INDENT);
        if !self.text[parent.span.start..parent.span.end].ends_with('}') {
            let end = parent.span.end;
            return self.edit_as(end, end, text, Stands::Child(outer));
        }
        let close = parent.span.end - 1;
        let line_start = self.line_start(close);
        if self.text[line_start..close].trim().is_empty() {
            return self.edit(line_start, line_start, text);
        }
        // `{ a; b }` on one line: the new node begins a line of its own.
        let before = self.text[..close].trim_end_matches([' ', '\t']).len();
        self.edit(before, close, format!("\n{text}{outer}"))
    }

    /// Adds a node at the end of the file.
    pub fn append(&mut self, new: &(impl Written + ?Sized)) -> &mut Self {
        let newline = if self.text.is_empty() || self.text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let end = self.text.len();
        self.edit(end, end, format!("{newline}{}", new.at_level(0)))
    }

    fn edit(&mut self, start: usize, end: usize, text: String) -> &mut Self {
        self.edit_as(start, end, text, Stands::Behind)
    }

    fn edit_as(&mut self, start: usize, end: usize, text: String, stands: Stands) -> &mut Self {
        self.edits.push(Edit {
            start,
            end,
            text,
            stands,
        });
        self
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// How many levels in the line of this place stands.
    fn depth(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..];
        let columns: usize = line
            .chars()
            .take_while(|letter| *letter == ' ' || *letter == '\t')
            .map(|letter| if letter == '\t' { INDENT } else { 1 })
            .sum();
        columns.div_ceil(INDENT)
    }

    /// The edited text.
    ///
    /// # Errors
    /// `kdl::splice` where edits overlap, or the mistakes of a result that does not parse.
    pub fn finish(mut self) -> Result<String, Vec<Diagnostic>> {
        // Stable: insertions at one place keep the order in which they were asked.
        fn place(it: &Edit) -> (usize, usize, &Stands) {
            (it.start, it.end, &it.stands)
        }
        self.edits
            .sort_by(|one, other| place(one).cmp(&place(other)));
        let mut result = String::new();
        let mut at = 0;
        for (number, edit) in self.edits.iter().enumerate() {
            let (start, end) = (edit.start, edit.end);
            let (Some(kept), true) = (self.text.get(at..start), end <= self.text.len()) else {
                let span = Span::new(self.source, start, end);
                return Err(vec![
                    Diagnostic::error("kdl::splice", "two edits of this file overlap")
                        .at(span, "here"),
                ]);
            };
            result.push_str(kept);
            let is_child = |other: Option<&Edit>| {
                other.is_some_and(|it| it.opens().is_some() && it.start == start)
            };
            let before = number.checked_sub(1).and_then(|it| self.edits.get(it));
            if edit.opens().is_some() && !is_child(before) {
                result.push_str(" {\n");
            }
            result.push_str(&edit.text);
            if let Some(outer) = edit.opens()
                && !is_child(self.edits.get(number + 1))
            {
                result.push_str(outer);
                result.push('}');
            }
            at = end;
        }
        result.push_str(self.text.get(at..).unwrap_or_default());
        match parse_text(self.source, &result) {
            (_, mistakes) if mistakes.is_empty() => Ok(result),
            (_, mistakes) => Err(mistakes),
        }
    }
}

/// Whether a text is a comment and nothing else.
fn is_comment(text: &str) -> bool {
    let closed = |text: &str| text.find("*/").is_some_and(|at| at + 2 == text.len());
    text.starts_with("//") || text.starts_with("/*") && closed(text)
}

/// Where the block of a node ends; `head` is where the words before it do.
pub(super) fn end_of_block(text: &str, head: usize, node: &Node) -> usize {
    let lexed = lex(SourceId::default(), &text[head..node.span.end]);
    let mut tokens = lexed.tokens.iter();
    let close = tokens.rfind(|token| token.kind == Kind::Close);
    close.map_or(node.span.end, |token| head + token.end)
}

#[cfg(test)]
mod tests {
    use super::super::format::comments;
    use super::*;

    fn column(name: &str) -> NodeWriter {
        let mut node = NodeWriter::new("column");
        node.name(name).argument("int");
        node
    }

    fn edited(text: &str, edit: impl FnOnce(&mut Splice<'_>, &[Node])) -> String {
        let (nodes, _) = parse_text(SourceId::default(), text);
        let mut splice = Splice::new(SourceId::default(), text);
        edit(&mut splice, &nodes);
        splice.finish().unwrap()
    }

    #[test]
    fn edits_keep_comments_and_neighbours() {
        let text = "// top\ntable a {\n    // of b\n    column b   int // kept\n\n    column c int\n}\ntable d { column e int; column f int } // end\ntable g";
        let all = edited(text, |splice, nodes| {
            splice.replace(&nodes[0].children[0], &column("bb"));
            splice.remove(&nodes[0].children[1]);
            splice.insert_after(&nodes[0].children[0], &column("after"));
            splice.insert_into(&nodes[0], &column("last"));
            splice.remove(&nodes[1].children[0]);
            splice.insert_after(&nodes[1].children[1], &column("h"));
            splice.insert_into(&nodes[2], &column("i"));
            splice.append(&NodeWriter::new("table"));
        });
        insta::assert_snapshot!(all, @r#"
        // top
        table a {
            // of b
            column bb int // kept
            column after int

            column last int
        }
        table d { column f int; column h int } // end
        table g {
            column i int
        }
        table
        "#);
        assert_eq!(comments(&all), comments(text));
    }

    #[test]
    fn one_line_blocks_and_comments_on_lines() {
        let text = "a { b; c } // x\nd // y\n";
        let result = edited(text, |splice, nodes| {
            splice.insert_into(&nodes[0], &column("n"));
            splice.remove(&nodes[1]);
        });
        insta::assert_snapshot!(result, @r#"
        a { b; c
            column n int
        } // x
        // y
        "#);
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let (nodes, _) = parse_text(SourceId::default(), "a { b }");
        let mut splice = Splice::new(SourceId::default(), "a { b }");
        splice
            .remove(&nodes[0])
            .replace(&nodes[0].children[0], &column("x"));
        assert_eq!(splice.finish().unwrap_err()[0].code, "kdl::splice");
    }
}
