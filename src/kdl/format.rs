//! `fmt`: the layout of a KDL text by rule R9: 4 spaces, one space between words, bare and raw spellings, one-line blocks
//! while they fit; the order of parts and the choice between property and child are [`super::arrange`]'s. The result is
//! read again and compared: same meaning, same comments, or nothing is changed.

use super::arrange::{Arrangement, arrange, settled};
use super::lexer::{Kind, Token, lex};
use super::source::parse_text;
use super::text::{is_newline, lines_literal, text_literal};
use super::writer::WIDTH;
use super::{Diagnostic, Node, SourceId, Span, TextStyle, Value};

pub(super) const INDENT: &str = "    ";

/// Formats a text of a language; formatting the result again changes nothing.
///
/// # Errors
/// The mistakes of a text that does not parse (labels point into `source`), or `kdl::format` where the result would not
/// say the same, which is a bug.
pub fn format(
    source: SourceId,
    text: &str,
    language: &dyn Arrangement,
) -> Result<String, Vec<Diagnostic>> {
    let (nodes, mistakes) = parse_text(source, text);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let (formatted, is_whole) = laid_out(source, text, language);
    let meaning = |nodes: &[Node]| settled(nodes, &mut Vec::new(), language);
    let all_comments = |text: &str| {
        let mut comments = comments(text);
        comments.sort();
        comments
    };
    let same = |formatted: &str| {
        let (again, broken) = parse_text(source, formatted);
        broken.is_empty()
            && same_nodes(&meaning(&nodes), &meaning(&again))
            && language.means_same(&nodes, &again)
            && is_whole
            && all_comments(text) == all_comments(formatted)
    };
    if ends_as_on_windows(text) {
        let formatted = formatted.replace("\r\n", "\n").replace('\n', "\r\n");
        if same(&formatted) {
            return Ok(formatted);
        }
    }
    if !same(&formatted) {
        return Err(vec![
            Diagnostic::error("kdl::format", "formatting would change what this file says")
                .at(Span::new(source, 0, 0), "in this file")
                .help("the file stays as it is; please report it as a bug of schemactl"),
        ]);
    }
    Ok(formatted)
}

/// Whether all lines of a text end as those of Windows do.
fn ends_as_on_windows(text: &str) -> bool {
    let ends = text.matches('\n').count();
    ends > 0 && ends == text.matches("\r\n").count()
}

/// What [`format()`] makes of a text that a [`super::NodeWriter`] wrote, of which it is known that it parses.
pub fn arranged(text: &str, language: &dyn Arrangement) -> String {
    laid_out(SourceId::default(), text, language).0
}

/// The text anew, and whether all of it was taken.
fn laid_out(source: SourceId, text: &str, language: &dyn Arrangement) -> (String, bool) {
    let lexed = lex(source, text);
    let mut builder = Builder {
        text,
        tokens: &lexed.tokens,
        at: 0,
    };
    let mut block = builder.block(false);
    let is_whole = builder.rest_is_empty();
    arrange(&mut block, &mut Vec::new(), 0, language);
    let mut formatted = String::new();
    block.write(0, &mut formatted);
    (formatted, is_whole)
}

/// Whether two trees say the same, wherever their parts stand.
pub fn same_nodes(left: &[Node], right: &[Node]) -> bool {
    fn value(value: &Value) -> (&Value, bool) {
        (value, matches!(value, Value::Text(_, TextStyle::Lines)))
    }
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| {
            left.name.value == right.name.value
                && left.entries.len() == right.entries.len()
                && left
                    .entries
                    .iter()
                    .zip(&right.entries)
                    .all(|(left, right)| {
                        let texts = match (value(&left.value), value(&right.value)) {
                            ((Value::Text(a, _), a_lines), (Value::Text(b, _), b_lines)) => {
                                a == b && a_lines == b_lines
                            }
                            ((a, _), (b, _)) => a == b,
                        };
                        texts
                            && left.annotation == right.annotation
                            && left.key.as_ref().map(|key| &key.value)
                                == right.key.as_ref().map(|key| &key.value)
                    })
                && same_nodes(&left.children, &right.children)
        })
}

/// Comments in their order, and what `/-` hides (as it was spelled, without spaces).
pub(super) fn comments(text: &str) -> Vec<String> {
    lex(SourceId::default(), text)
        .tokens
        .iter()
        .filter_map(|token| {
            let written = &text[token.start..token.end];
            match token.kind {
                Kind::LineComment | Kind::BlockComment => Some(written.trim_end().to_owned()),
                Kind::SlashDash => Some(written.to_owned()),
                Kind::Continuation => written
                    .find("//")
                    .map(|at| written[at..].trim_end().to_owned()),
                _ => None,
            }
        })
        .collect()
}

/// What stands between two braces.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// A comment behind the opening brace.
    pub(super) opening: Option<String>,
    pub(super) items: Vec<Item>,
    /// Whether it may stand on its node's line: it did, and holds no comment.
    pub(super) inline: bool,
}

#[derive(Debug)]
pub(super) enum Item {
    Blank,
    Comment(String),
    Node(Vec<Part>, Option<String>),
}

#[derive(Debug)]
pub(super) enum Part {
    /// A word or value as it will be spelled.
    Value(String),
    /// A `"""` text: its value, and its spelling where that can't be moved.
    Lines(Option<String>, String),
    /// Written without a space before or after it.
    Equals,
    OpenType,
    CloseType,
    SlashDash,
    Comment(String),
    /// `\` and the comment behind it.
    Continuation(String),
    Block(Block),
}

impl Part {
    /// The same, of what may stand on a node's line without a comment or a block.
    pub(super) fn plain(&self) -> Option<Part> {
        match self {
            Part::Value(value) => Some(Part::Value(value.clone())),
            Part::Equals => Some(Part::Equals),
            Part::OpenType => Some(Part::OpenType),
            Part::CloseType => Some(Part::CloseType),
            _ => None,
        }
    }
}

struct Builder<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
}

impl Builder<'_> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn written(&self, token: Token) -> &str {
        &self.text[token.start..token.end]
    }

    fn rest_is_empty(&self) -> bool {
        self.at == self.tokens.len()
    }

    /// The items up to the closing brace (left for the caller) or the end of the text.
    fn block(&mut self, in_braces: bool) -> Block {
        let mut block = Block {
            inline: true,
            ..Block::default()
        };
        // Newlines since the last item; a comment on the line of `{` or of a node belongs to it.
        let mut newlines = 0;
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Close => break,
                Kind::Newline => {
                    newlines += 1;
                    block.inline = false;
                    self.at += 1;
                }
                Kind::Space | Kind::Semicolon => self.at += 1,
                Kind::LineComment => {
                    block.inline = false;
                    self.at += 1;
                    let comment = self.written(token).trim_end().to_owned();
                    match block.items.last_mut() {
                        None if newlines == 0 && in_braces && block.opening.is_none() => {
                            block.opening = Some(comment);
                        }
                        Some(Item::Node(_, trailing @ None)) if newlines == 0 => {
                            *trailing = Some(comment);
                        }
                        _ => block.push(Item::Comment(comment), newlines),
                    }
                    newlines = 0;
                }
                Kind::BlockComment if self.alone_on_its_line() => {
                    block.inline = false;
                    let comment = self.written(token).to_owned();
                    self.at += 1;
                    block.push(Item::Comment(comment), newlines);
                    newlines = 0;
                }
                _ => {
                    let (parts, inline) = self.node();
                    block.inline &= inline;
                    block.push(Item::Node(parts, None), newlines);
                    newlines = 0;
                }
            }
        }
        block
    }

    /// Whether nothing but spaces follows the comment at the cursor on its line.
    fn alone_on_its_line(&self) -> bool {
        self.tokens[self.at + 1..]
            .iter()
            .find(|token| token.kind != Kind::Space)
            .is_none_or(|token| matches!(token.kind, Kind::Newline | Kind::Close))
    }

    /// One node up to its terminator, and whether it can stand on a line with others.
    fn node(&mut self) -> (Vec<Part>, bool) {
        let mut parts = Vec::new();
        let mut inline = true;
        while let Some(token) = self.peek() {
            let written = self.written(token);
            let part = match token.kind {
                Kind::Newline | Kind::Semicolon | Kind::LineComment | Kind::Close => break,
                Kind::Space => {
                    self.at += 1;
                    continue;
                }
                Kind::Open => {
                    self.at += 1;
                    let block = self.block(true);
                    inline &= block.inline;
                    Part::Block(block)
                }
                Kind::Equals => Part::Equals,
                Kind::OpenType => Part::OpenType,
                Kind::CloseType => Part::CloseType,
                Kind::SlashDash => Part::SlashDash,
                Kind::BlockComment => {
                    inline &= !written.contains(is_newline);
                    Part::Comment(written.to_owned())
                }
                Kind::Continuation => {
                    inline = false;
                    Part::Continuation(
                        written
                            .find("//")
                            .map_or_else(String::new, |at| written[at..].trim_end().to_owned()),
                    )
                }
                Kind::Lines => {
                    inline = false;
                    Part::Lines(decoded(written), written.to_owned())
                }
                Kind::Word => Part::Value(text_literal(written)),
                Kind::Text => Part::Value(
                    decoded(written).map_or_else(|| written.to_owned(), |text| text_literal(&text)),
                ),
                Kind::Number | Kind::Keyword | Kind::Bad => Part::Value(written.to_owned()),
            };
            self.at += 1;
            parts.push(part);
        }
        (parts, inline)
    }
}

/// The value of a quoted text.
fn decoded(written: &str) -> Option<String> {
    // Most texts say what they are.
    if let Some(plain) = written
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        && !plain.is_empty()
        && !plain.contains(['"', '\\'])
    {
        return Some(plain.to_owned());
    }
    let entry = kdl::KdlEntry::parse(written).ok()?;
    entry.value().as_string().map(str::to_owned)
}

impl Block {
    fn push(&mut self, item: Item, newlines: usize) {
        // One blank line at most, none at the beginning.
        if newlines > 1 && !self.items.is_empty() {
            self.items.push(Item::Blank);
        }
        self.items.push(item);
    }

    fn write(&self, depth: usize, text: &mut String) {
        let indent = INDENT.repeat(depth);
        for item in &self.items {
            match item {
                Item::Blank => text.push('\n'),
                Item::Comment(comment) => text.push_str(&format!("{indent}{comment}\n")),
                Item::Node(parts, trailing) => {
                    text.push_str(&indent);
                    // What follows a `{` on the last line decides nothing: the comment may be long.
                    text.push_str(&line(parts, depth, true));
                    if let Some(comment) = trailing {
                        text.push(' ');
                        text.push_str(comment);
                    }
                    text.push('\n');
                }
            }
        }
    }

    /// All nodes on one line, if that is how they stood.
    fn on_one_line(&self, depth: usize) -> Option<String> {
        if !self.inline {
            return None;
        }
        let nodes = self.items.iter().filter_map(|item| match item {
            Item::Node(parts, _) => Some(line(parts, depth, false)),
            _ => None,
        });
        Some(nodes.collect::<Vec<_>>().join("; "))
    }
}

/// A node without its indentation; blocks on one line while they fit, or in any case where `may_break` is not allowed.
pub(super) fn line(parts: &[Part], depth: usize, may_break: bool) -> String {
    // Asked first: trying the line of every block that can't be one would double the work at each level.
    let one_line = may_break
        && parts.iter().all(|part| match part {
            Part::Block(block) => block.inline,
            _ => true,
        });
    if one_line {
        let plain = line(parts, depth, false);
        if depth * INDENT.len() + plain.chars().count() <= WIDTH {
            return plain;
        }
    }
    let mut text = String::new();
    let mut glue = true;
    for part in parts {
        let space = !glue && !matches!(part, Part::Equals | Part::CloseType);
        if space {
            text.push(' ');
        }
        glue = matches!(part, Part::Equals | Part::OpenType | Part::CloseType);
        match part {
            Part::Value(value) | Part::Comment(value) => text.push_str(value),
            Part::Lines(value, written) => {
                let indent = INDENT.repeat(depth + 1);
                let moved = value
                    .as_ref()
                    .and_then(|value| lines_literal(value, &indent));
                text.push_str(&moved.unwrap_or_else(|| written.clone()));
            }
            Part::Equals => text.push('='),
            Part::OpenType => text.push('('),
            Part::CloseType => text.push(')'),
            Part::SlashDash => text.push_str("/-"),
            Part::Continuation(comment) => {
                text.push('\\');
                if !comment.is_empty() {
                    text.push(' ');
                    text.push_str(comment);
                }
                text.push('\n');
                text.push_str(&INDENT.repeat(depth + 1));
                glue = true;
            }
            Part::Block(block) => match block.on_one_line(depth).filter(|_| !may_break) {
                Some(inline) if inline.is_empty() => text.push_str("{}"),
                Some(inline) => text.push_str(&format!("{{ {inline} }}")),
                None => {
                    text.push('{');
                    if let Some(comment) = &block.opening {
                        text.push(' ');
                        text.push_str(comment);
                    }
                    text.push('\n');
                    block.write(depth + 1, &mut text);
                    text.push_str(&INDENT.repeat(depth));
                    text.push('}');
                }
            },
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::AsWritten;
    use super::*;

    fn formatted(text: &str) -> String {
        format(SourceId::default(), text, &AsWritten)
            .unwrap_or_else(|mistakes| panic!("{text:?}: {mistakes:?}"))
    }

    #[test]
    fn layout() {
        let text = concat!(
            "// head\r\n\r\n\r\n/- kdl-version 2\nschema   \"auth\"  owner = \"a\"    {   // opening\n\n\n  table users{ column id uuid primary-key;",
            " column \"e mail\" \"varchar(255)\" default=\"'x'\" }   // trailing\n // above\n\n\n\n /* block */\n  view \"v\" { query \"\"\"\n  SELECT \"a\"\n    FROM b\n  \"\"\"\n",
            "check \"a ~ '\\\\d'\" name=\"true\"; index a; index b // c\n  }\n  a \\ // why\n   b \\\n c (env)\"N\" /- d /* e */ f=( env )G\n",
            "  empty {}\n  empty2 {\n  }\n  t { c { d 1; e { f } }; g }\n long \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbb\" { child \"cccccccccccccccccccccccccccccccccccccc\"; other x }\n}\n\n\n",
        );
        insta::assert_snapshot!(formatted(text), @r##"
        // head

        /- kdl-version 2
        schema auth owner=a { // opening
            table users { column id uuid primary-key; column "e mail" "varchar(255)" default="'x'" } // trailing
            // above

            /* block */
            view v {
                query #"""
                    SELECT "a"
                      FROM b
                    """#
                check #"a ~ '\d'"# name="true"
                index a
                index b // c
            }
            a \ // why
                b \
                c (env)N /- d /* e */ f=(env)G
            empty {}
            empty2 {
            }
            t { c { d 1; e { f } }; g }
            long "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbb" {
                child cccccccccccccccccccccccccccccccccccccc
                other x
            }
        }
        "##);
    }

    #[test]
    fn the_examples_keep_every_comment_and_are_stable() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kdl-examples");
        for file in [
            "schemactl.kdl",
            "schema/auth.kdl",
            "schema/billing.kdl",
            "schema/public.kdl",
            "schema/_shared.kdl",
        ] {
            let text = std::fs::read_to_string(root.join(file)).unwrap();
            let once = formatted(&text);
            assert_eq!(formatted(&once), once, "{file}");
            let widest = once
                .lines()
                .filter(|line| !line.contains("//"))
                .map(|line| line.chars().count())
                .max();
            assert!(widest < Some(230), "{file}");
        }
    }

    #[test]
    fn what_is_hidden_between_others_on_a_line_is_read_past() {
        for text in [
            "t { a; /- b c; d }\n",
            "t { a; /- b { x; y }; d }\n",
            "t { /- a; b }\n",
            "t { a; /- b }\n",
            "x /- { a } { b }\n",
            "x { b } /- { a }\n",
            "t { /- a; /- b; c }\n",
        ] {
            assert_eq!(formatted(text), text);
        }
        let (nodes, _) = parse_text(SourceId::default(), "a; /- b c; d; x /- { e } { f }");
        let words: Vec<&str> = nodes.iter().map(|node| node.name.value.as_str()).collect();
        assert_eq!(words, ["a", "d", "x"]);
        assert_eq!(nodes[2].children[0].name.value, "f");
    }

    #[test]
    fn blanks_at_the_end_of_a_line_outlive_an_editor() {
        let text = "a \"\"\"\n    z \\s\n    \\\\d \"q\"\t\\t\n    \"\"\"\n";
        assert_eq!(formatted(text), text);
    }

    #[test]
    fn a_text_with_mistakes_is_left_alone() {
        assert!(format(SourceId::default(), "a 3s", &AsWritten).is_err());
    }

    /// Small KDL texts with comments in every place.
    fn texts() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::prelude::*;
        let piece = prop::sample::select(vec![
            "a",
            " ",
            "  ",
            "\n",
            "\n\n",
            ";",
            "{",
            "}",
            " { ",
            " } ",
            "// c\n",
            " // d\n",
            "/* e */",
            "/* f\n g */\n",
            "/-",
            " b=1",
            " \"x y\"",
            " #true",
            " \\\n",
            " \\ // h\n ",
            " \"\"\"\n  l\n   m\n\n  \"\"\"",
            " (env)V",
            "t",
            "\r\n",
            " \"true\"",
            " é",
            " #\"q\"r\"#",
            " k=\"v\"",
            "\t",
        ]);
        prop::collection::vec(piece, 0..24).prop_map(|pieces| {
            let mut text = pieces.concat();
            let open = text
                .matches('{')
                .count()
                .saturating_sub(text.matches('}').count());
            text.push_str(&" }".repeat(open));
            text
        })
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { max_global_rejects: 200_000, ..Default::default() })]
        #[test]
        fn nothing_is_lost_and_twice_is_once(text in texts()) {
            let (_, mistakes) = parse_text(SourceId::default(), &text);
            proptest::prop_assume!(mistakes.is_empty());
            // The parser passes over a mistake within a node that is commented out: such a file is refused and stays as it is.
            let once = match format(SourceId::default(), &text, &AsWritten) {
                Ok(once) => once,
                Err(mistakes) => {
                    proptest::prop_assert!(text.contains("/-"), "{:?}: {:?}", text, mistakes);
                    return Ok(());
                }
            };
            proptest::prop_assert_eq!(&formatted(&once), &once);
            let significant = |text: &str| lex(SourceId::default(), text).tokens.iter().filter(|token| !matches!(token.kind, Kind::Space | Kind::Newline | Kind::Semicolon)).count();
            proptest::prop_assert_eq!(significant(&text), significant(&once));
        }
    }
}
