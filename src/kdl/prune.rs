//! `fmt --prune`: takes words out of a KDL text, as properties and as child nodes, by splices: comments and all else stay
//! as they are. Blocks whose words are anybody's (options, settings, tags) are not looked into.

use super::format::comments;
use super::source::parse_text;
use super::splice::end_of_block;
use super::{Diagnostic, Node, SourceId, Splice};

/// Nodes whose children and properties are not words of the language.
const FREE: &[&str] = &["options", "opclass-options", "with", "settings", "tags"];

/// A text without these words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pruned {
    /// The text that is left.
    pub text: String,
    /// How many words were taken out.
    pub words: usize,
}

/// Takes `words` out of a text.
///
/// # Errors
/// The mistakes of a text that does not parse, before or after.
pub fn prune(source: SourceId, text: &str, words: &[&str]) -> Result<Pruned, Vec<Diagnostic>> {
    let (nodes, mistakes) = parse_text(source, text);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut splice = Splice::new(source, text);
    let mut count = 0;
    for node in &nodes {
        within(node, text, words, &mut splice, &mut count);
    }
    Ok(Pruned {
        text: splice.finish()?,
        words: count,
    })
}

fn within(node: &Node, text: &str, words: &[&str], splice: &mut Splice<'_>, count: &mut usize) {
    if FREE.contains(&node.name.value.as_str()) {
        return;
    }
    for entry in &node.entries {
        if let Some(key) = &entry.key
            && words.contains(&key.value.as_str())
        {
            splice.remove_entry(key.span.to(entry.span));
            *count += 1;
        }
    }
    let goes = |child: &Node| words.contains(&child.name.value.as_str());
    let (gone, kept): (Vec<&Node>, Vec<&Node>) = node.children.iter().partition(|it| goes(it));
    *count += gone.len();
    let head = node
        .entries
        .iter()
        .map(|entry| entry.span.end)
        .fold(node.name.span.end, usize::max);
    let block = || &text[head..end_of_block(text, head, node)];
    if !gone.is_empty() && kept.is_empty() && comments(block()).is_empty() {
        splice.remove_block(head, node);
        return;
    }
    for child in gone {
        splice.remove(child);
    }
    for child in kept {
        within(child, text, words, splice, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pruned(text: &str) -> Pruned {
        prune(SourceId::default(), text, &["renamed-from", "backfill"]).unwrap()
    }

    #[test]
    fn words_go_as_properties_and_as_children_and_comments_stay() {
        let text = "table t renamed-from=s { // of t\n    column a int renamed-from=b not-null\n    \
             column c int {\n        backfill \"1\"\n    }\n    column d int {\n        // why\n        backfill \"2\" // here\n        default \"3\"\n    }\n    \
             options renamed-from=x { backfill y }\n}\nenum e { value z renamed-from=zz; value y }\n";
        let pruned = pruned(text);
        assert_eq!(pruned.words, 5);
        insta::assert_snapshot!(pruned.text, @r#"
        table t { // of t
            column a int not-null
            column c int
            column d int {
                // why
                // here
                default "3"
            }
            options renamed-from=x { backfill y }
        }
        enum e { value z; value y }
        "#);
        assert_eq!(comments(&pruned.text), comments(text));
    }

    #[test]
    fn a_comment_behind_a_block_that_goes_stays() {
        let text = "column c int { backfill 1 } // keep\ncolumn d int { backfill 1 } // a } b\ncolumn e int { backfill 1 }\n";
        assert_eq!(
            pruned(text).text,
            "column c int // keep\ncolumn d int // a } b\ncolumn e int\n"
        );
    }

    #[test]
    fn a_text_without_the_words_stays_as_it_is() {
        let text = "table   t { column a int; }\n\n\n// end";
        assert_eq!(
            pruned(text),
            Pruned {
                text: text.to_owned(),
                words: 0
            }
        );
    }
}
