//! What something is: of a name the declaration that stands elsewhere, of a word what it takes. Everything of the files is
//! shown as KDL within a fence that nothing in it can close.

use super::held::Base;
use super::words::{Level, takes};
use crate::kdl::{Cursor, Head, SourceId, Standing};
use crate::kind::language::{How, Mention, Spelling, Symbol};

/// The page of the language: section 2 says in one line what a node holds.
const LANGUAGE: &str = include_str!("../../docs/kdl.md");

/// The lines of a declaration that are shown.
const SHOWN: usize = 40;

/// What is at a place, as Markdown; `base` is none in the project file.
pub(super) fn hover(base: Option<(&Base, SourceId)>, text: &str, at: usize) -> Option<String> {
    if let Some((base, id)) = base {
        let mut parts = Vec::new();
        for symbol in base.symbols(id, at) {
            let own: std::collections::BTreeSet<&Symbol> = [symbol].into();
            let declared = base.places(&own).find(|it| it.how == How::Declared);
            let unnamed = declared.is_some_and(|it| it.spelling == Spelling::Unnamed);
            let here = declared.is_some_and(|it| it.span.source == id && covers(it, at));
            // The word of a part without a name is explained with the part.
            if !unnamed || here {
                parts.push(about(base, symbol, declared));
            }
        }
        // A column of a mixin is one of many tables: a few say enough.
        let more = parts.len().saturating_sub(3);
        parts.truncate(3);
        if more > 0 {
            parts.push(format!("and {more} more"));
        }
        if base.at(id, at).iter().any(|it| it.how == How::Perhaps) {
            parts.push(
                "The text may mean something else of that name: PostgreSQL decides.".to_owned(),
            );
        }
        if !parts.is_empty() {
            return Some(parts.join("\n\n"));
        }
    }
    word(base.is_none(), text, at)
}

fn covers(mention: &Mention, at: usize) -> bool {
    mention.span.start <= at && at <= mention.span.end
}

fn about(base: &Base, symbol: &Symbol, declared: Option<&Mention>) -> String {
    let mut text = match symbol {
        Symbol::Object(id) => format!("{} {}", id.kind, code(&id.path())),
        Symbol::Mixin(name) => format!("mixin {}", code(name)),
    };
    match declared {
        None => text.push_str(", declared nowhere in the project"),
        Some(mention) => {
            if mention.spelling == Spelling::Unnamed {
                text.push_str(
                    " (no name is given: this one, or that of the same part in the database)",
                );
            }
            let source = base.sources.text(mention.node.source);
            if let Some(node) = source.get(mention.node.range()) {
                let indent = source[..mention.node.start]
                    .rfind('\n')
                    .map_or(0, |line| mention.node.start - line - 1);
                text.push_str("\n\n");
                text.push_str(&fenced(&shortened(node, indent)));
            }
        }
    }
    text
}

/// A node's text without the indentation that it has in its file.
fn shortened(node: &str, indent: usize) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for (number, line) in node.lines().enumerate() {
        if number == SHOWN {
            lines.push("…");
            break;
        }
        let spaces = line.len() - line.trim_start().len();
        lines.push(if number == 0 {
            line
        } else {
            &line[spaces.min(indent)..]
        });
    }
    lines.join("\n")
}

/// A block of KDL, whose fence is longer than any run of backticks in it.
fn fenced(text: &str) -> String {
    let longest = text
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}kdl\n{text}\n{fence}")
}

/// A word of a line; a backtick in it would end it.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace(['\n', '\r'], " "))
}

/// What a word of the language takes.
fn word(is_project: bool, text: &str, at: usize) -> Option<String> {
    // The end of the word, so that the place is told as if it had just been written.
    let end = text[at..]
        .find(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '_')
        .map_or(text.len(), |more| at + more);
    let cursor = Cursor::of(text, end);
    let written = text.get(cursor.written.clone())?;
    if cursor.quoted || written.is_empty() {
        return None;
    }
    let level = Level::within(is_project, &cursor.around)?;
    match (&cursor.standing, &cursor.head) {
        (Standing::Word, _) => node(&level, written, &cursor.around),
        (Standing::Entry, Some(Head { word, .. })) => {
            let node = level.enter(word)?;
            let asked = node.attribute(written)?;
            Some(format!("`{written}` of `{word}`: {}", takes(asked)))
        }
        _ => None,
    }
}

fn node(level: &Level, word: &str, around: &[Head]) -> Option<String> {
    if let Some(asked) = level.attribute(word)
        && !level.nodes.contains(&word)
    {
        let of = around.last().map_or("the file", |head| head.word.as_str());
        return Some(format!("`{word}` of `{of}`: {}", takes(asked)));
    }
    level.nodes.contains(&word).then_some(())?;
    let opening = format!("`{word} ");
    let line = LANGUAGE
        .lines()
        .filter_map(|line| line.find(&opening).map(|at| &line[at + 1..]))
        .find_map(|rest| rest.split_once('`').map(|(grammar, _)| grammar));
    let entered = level.enter(word)?;
    let words: Vec<&str> = entered
        .words
        .iter()
        .filter(|asked| !asked.argument)
        .map(|asked| asked.word)
        .collect();
    let grammar = line.map_or_else(|| word.to_owned(), str::to_owned);
    Some(format!(
        "{}\n\nknows: {}",
        fenced(&grammar),
        words.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("a ```` b"), "`````kdl\na ```` b\n`````");
        assert_eq!(fenced("a"), "```kdl\na\n```");
        assert_eq!(code("a`b"), "`a'b`");
    }

    #[test]
    fn words_are_explained_by_the_page_of_the_language() {
        let text = "schema a {\n    table t { column id int on-delete=cascade }\n}";
        let at = |word: &str| hover(None, text, text.find(word).unwrap());
        assert_eq!(at("schema"), None);
        let word =
            |word: &str| super::word(false, text, text.find(word).unwrap()).unwrap_or_default();
        assert!(
            word("column").contains("column n t <primary-key"),
            "{}",
            word("column")
        );
        assert!(
            word("on-delete").contains("of `column`: one of ")
                && word("on-delete").contains("cascade, "),
            "{}",
            word("on-delete")
        );
        assert!(word("table").contains("tablespace=n"), "{}", word("table"));
    }
}
