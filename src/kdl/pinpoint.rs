//! Where a byte of SQL stands in the KDL files: a statement is made of the texts of a node, so the longest text of the node
//! that the statement holds around that byte is where it came from.

use std::path::{Path, PathBuf};

use super::text::{is_newline, is_space};
use super::{Node, Sources, Span, TextStyle, Value};

/// A place that a statement leads back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlOrigin {
    /// A token in a KDL file.
    Kdl(Span),
    /// A line and a column, from 1, of a file that a `file=` names.
    File(PathBuf, usize, usize),
}

/// A text that a node says, with what it takes to find a byte of it.
struct Written<'a> {
    text: &'a str,
    style: TextStyle,
    span: Span,
}

impl Sources {
    /// Where the byte `at` of `sql` comes from, as far as the texts of the node with this head tell.
    pub fn origin(&self, head: Span, sql: &str, at: usize) -> Option<SqlOrigin> {
        let nodes = self.nodes_again(head.source);
        let node = nodes.iter().find_map(|node| find(node, head))?;
        let mut written = Vec::new();
        texts(node, &mut written);
        let in_kdl = written
            .iter()
            .filter_map(|it| Some((it, offset(it.text, sql, at)?)))
            .max_by_key(|(it, _)| it.text.len());
        let (path, said) = match self.file_of(node, head) {
            Some((path, said)) => (path, said),
            None => {
                let (it, offset) = in_kdl?;
                return Some(SqlOrigin::Kdl(self.place_in(it, offset)?));
            }
        };
        // A query loses its last newline and semicolon.
        let text = said.trim_end().trim_end_matches(';').trim_end();
        match (offset(text, sql, at), in_kdl) {
            (Some(offset), None) => Some(in_file(path, text, offset)),
            (Some(offset), Some((it, _))) if text.len() > it.text.len() => {
                Some(in_file(path, text, offset))
            }
            (_, Some((it, offset))) => Some(SqlOrigin::Kdl(self.place_in(it, offset)?)),
            (None, None) => None,
        }
    }

    /// The first `file=` of a node or its children, and what it holds.
    fn file_of(&self, node: &Node, head: Span) -> Option<(PathBuf, String)> {
        let named = std::iter::once(node)
            .chain(&node.children)
            .flat_map(|node| &node.entries)
            .find_map(|entry| match (&entry.key, &entry.value) {
                (Some(key), Value::Text(path, _)) if key.value == "file" => Some(path),
                _ => None,
            })?;
        let folder = self.get(head.source)?.path.parent();
        let path = folder.unwrap_or(Path::new("")).join(named);
        let text = std::fs::read_to_string(&path).ok()?;
        Some((path, text))
    }

    /// The token at byte `offset` of a text, where it stands in its file.
    fn place_in(&self, written: &Written<'_>, offset: usize) -> Option<Span> {
        let source = self.text(written.span.source);
        let spelled = source.get(written.span.range())?;
        let whole = written.span;
        let token = |start: usize| {
            let rest = source.get(start..whole.end).unwrap_or_default();
            let is_part = |letter: char| letter.is_alphanumeric() || "_.".contains(letter);
            let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            let one = rest.chars().next().map_or(0, char::len_utf8);
            Span::new(whole.source, start, (start + end.max(one)).min(whole.end))
        };
        if written.style != TextStyle::Lines {
            let opening = match written.style {
                TextStyle::Bare => 0,
                _ => spelled.find('"')? + 1,
            };
            // Where escapes stand before it, the bytes do not count alike.
            let alike = spelled.get(opening..)?.starts_with(&written.text[..offset]);
            return Some(if alike {
                token(whole.start + opening + offset)
            } else {
                whole
            });
        }
        let before = &written.text[..offset];
        let number = before.matches('\n').count();
        let column = before.rfind('\n').map_or(offset, |at| offset - at - 1);
        let indent = spelled.rsplit(is_newline).next()?;
        let indent = indent.len() - indent.trim_start_matches(is_space).len();
        let mut at = whole.start;
        for (line, text) in spelled.split_inclusive('\n').enumerate() {
            if line == number + 1 {
                let said = written.text.split('\n').nth(number)?;
                let same = text.get(indent..).is_some_and(|it| it.starts_with(said));
                if same {
                    return Some(token(at + indent + column));
                }
                let blank = text.len() - text.trim_start().len();
                return Some(Span::new(
                    whole.source,
                    at + blank,
                    at + text.trim_end().len(),
                ));
            }
            at += text.len();
        }
        Some(whole)
    }
}

fn in_file(path: PathBuf, text: &str, offset: usize) -> SqlOrigin {
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    SqlOrigin::File(path, line, before[start..].chars().count() + 1)
}

fn find(node: &Node, head: Span) -> Option<&Node> {
    if node.head() == head {
        return Some(node);
    }
    node.children.iter().find_map(|child| find(child, head))
}

/// All texts of a node and what is in it.
fn texts<'a>(node: &'a Node, found: &mut Vec<Written<'a>>) {
    for entry in &node.entries {
        if let Value::Text(text, style) = &entry.value {
            found.push(Written {
                text,
                style: *style,
                span: entry.span,
            });
        }
    }
    for child in &node.children {
        texts(child, found);
    }
}

/// The byte of `text` that is the byte `at` of `sql`, where `sql` holds the text around it. A place behind its end is its
/// last letter.
fn offset(text: &str, sql: &str, at: usize) -> Option<usize> {
    let blank = text.len() - text.trim_start().len();
    let needle = text.trim();
    let last = needle.char_indices().last()?.0;
    let found = sql
        .match_indices(needle)
        .map(|(start, _)| start)
        .find(|start| (*start..=*start + needle.len()).contains(&at))?;
    let mut inside = (at - found).min(last);
    while !needle.is_char_boundary(inside) {
        inside -= 1;
    }
    Some(blank + inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdl::Diagnostics;

    /// What the place of `mark` in the SQL leads to in the KDL.
    fn marked(kdl: &str, sql: &str, mark: &str) -> String {
        let diagnostics = Diagnostics::new();
        let sources = Sources::from_texts([("a.kdl", kdl)], &diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let head = sources.nodes().next().unwrap().head();
        match sources.origin(head, sql, sql.find(mark).unwrap()) {
            Some(SqlOrigin::Kdl(span)) => {
                let (line, column) = sources.line_and_column(span);
                format!("{line}:{column} {}", &kdl[span.range()])
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_byte_of_sql_leads_to_its_text() {
        let view = "view v {\n    query \"\"\"\n        select 'é', a,\n          nope\n        from t\n        \"\"\"\n}\n";
        let sql = "CREATE VIEW s.v AS\nselect 'é', a,\n  nope\nfrom t";
        assert_eq!(marked(view, sql, "nope"), "4:11 nope");
        assert_eq!(marked(view, sql, "a,"), "3:21 a");
        for (kdl, place) in [
            ("c x check=\"x > nope\"", "1:16 nope"),
            ("c x check=#\"x > nope\"#", "1:17 nope"),
            ("c x check=\"x\\u{20}> nope\"", "1:11 \"x\\u{20}> nope\""),
            ("c x {\n  check nope\n}", "2:9 nope"),
            ("c x check=\"y > nope\"", "None"),
        ] {
            assert_eq!(marked(kdl, "CHECK (x > nope)", "nope"), place, "{kdl}");
        }
        // Where the query ends too early.
        assert_eq!(marked("v \"select (1\"", "AS select (1;", ";"), "1:12 1");
    }
}
