//! The braces and the order of tokens: what the crate would report in its own words, reported in ours.

use super::lexer::{Kind, Lexed, Token};
use super::text::{is_newline, is_space};
use super::{Diagnostic, SourceId, Span};

/// Blocks hidden by `/-` inside each other: the crate's time doubles, and doubles again, with each.
const DEEPEST_HIDDEN: usize = 3;
/// No file of a person nests deeper; parsing recurses, so this also guards the stack.
pub(super) const DEEPEST: usize = 48;

/// What is said of a brace without an end: then no block is where it seems.
pub(super) const UNCLOSED: &str = "this `{` is never closed";

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before a node's word.
    Start,
    /// Behind the word.
    Node,
    /// Behind the node's `}`.
    Over,
}

/// What is wrong with the order of `lexed`'s tokens; nothing after what was reported already.
pub(super) fn check(source: SourceId, text: &str, lexed: &Lexed) -> Vec<Diagnostic> {
    let mut checker = Checker {
        source,
        text,
        open: Vec::new(),
        culprit: None,
        found: Vec::new(),
    };
    checker.walk(&lexed.tokens);
    if !lexed.stopped {
        checker.unclosed();
    }
    checker.found
}

struct Checker<'t> {
    source: SourceId,
    text: &'t str,
    /// The opening braces that wait for their end.
    open: Vec<Token>,
    /// The first opening brace whose end stands further left than its own line: most likely the unclosed one.
    culprit: Option<Token>,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn report(&mut self, message: &str, token: Token, label: &str, help: &str) {
        self.found.push(
            Diagnostic::error("kdl::syntax", message)
                .at(self.span(token), label)
                .help(help),
        );
    }

    fn span(&self, token: Token) -> Span {
        Span::new(self.source, token.start, token.end)
    }

    fn walk(&mut self, tokens: &[Token]) {
        let mut state = State::Start;
        // The last token that is no space, and whether a space came after it.
        let mut last: Option<Token> = None;
        let mut spaced = true;
        // The word of the node that is being walked: it is no property's word.
        let mut name: Option<Token> = None;
        // For each open brace whether `/-` hides it.
        let mut hidden = Vec::new();
        for token in tokens {
            match token.kind {
                Kind::Space | Kind::BlockComment | Kind::Continuation => {
                    spaced = true;
                    continue;
                }
                Kind::SlashDash => {
                    // What follows is parsed like the real thing; behind `}` it may only be another block.
                    spaced = true;
                    if state == State::Over {
                        state = State::Node;
                    }
                    last = Some(*token);
                    continue;
                }
                Kind::Newline | Kind::Semicolon | Kind::LineComment => {
                    self.value_missing(last);
                    state = State::Start;
                }
                Kind::Open => {
                    self.value_missing(last);
                    if state != State::Node {
                        self.report(
                            "a `{` needs a node before it",
                            *token,
                            "no node on this line",
                            "put `{` on the line of its node",
                        );
                    }
                    if self.open.len() == DEEPEST {
                        self.report(
                            "nested too deep",
                            *token,
                            "one level too many",
                            "no node nests this deep",
                        );
                        self.open.clear();
                        return;
                    }
                    self.open.push(*token);
                    hidden.push(last.is_some_and(|last| last.kind == Kind::SlashDash));
                    if hidden.iter().filter(|hidden| **hidden).count() > DEEPEST_HIDDEN {
                        self.report(
                            "`/-` blocks are nested too deep",
                            *token,
                            "one level too many",
                            "take the hidden blocks out",
                        );
                        self.open.clear();
                        return;
                    }
                    state = State::Start;
                }
                Kind::Close => {
                    self.value_missing(last);
                    hidden.pop();
                    match self.open.pop() {
                        Some(open) => self.compare_indents(open, *token),
                        None => self.report(
                            "this `}` closes nothing",
                            *token,
                            "no `{` is open here",
                            "take it out, or look for a `}` too many above",
                        ),
                    }
                    state = State::Over;
                }
                Kind::Equals => {
                    let keyed = last.is_some_and(|last| {
                        matches!(last.kind, Kind::Word | Kind::Text | Kind::Lines | Kind::Bad)
                    });
                    if state != State::Node || !keyed || last == name {
                        self.report(
                            "a `=` needs a property's word before it",
                            *token,
                            "here",
                            "a property is written `word=value` behind its node's word",
                        );
                    }
                }
                Kind::OpenType | Kind::CloseType => {}
                Kind::Word
                | Kind::Number
                | Kind::Keyword
                | Kind::Text
                | Kind::Lines
                | Kind::Bad => {
                    if state == State::Start {
                        name = Some(*token);
                    }
                    self.value(*token, &mut state, last, spaced);
                }
            }
            last = Some(*token);
            spaced = false;
        }
        self.value_missing(last);
    }

    /// A word or value at `token`.
    fn value(&mut self, token: Token, state: &mut State, last: Option<Token>, spaced: bool) {
        let in_type = last.is_some_and(|last| last.kind == Kind::OpenType);
        if in_type {
            return;
        }
        match *state {
            State::Start if matches!(token.kind, Kind::Number | Kind::Keyword) => self.report(
                "a node begins with a word",
                token,
                "no word",
                "a node is `word argument property=value`; values of a list stand on its node's line",
            ),
            State::Over => self.report(
                "behind its `}` a node is over",
                token,
                "not part of a node",
                "put arguments and properties before `{`, or begin a new line",
            ),
            State::Node if !spaced => {
                let glued = last.is_some_and(|last| {
                    !matches!(last.kind, Kind::Equals | Kind::CloseType | Kind::Bad)
                });
                if glued && token.kind != Kind::Bad {
                    self.report("a space is missing", token, "before this", "values are separated by spaces");
                }
            }
            _ => {}
        }
        *state = State::Node;
    }

    fn value_missing(&mut self, last: Option<Token>) {
        if let Some(equals) = last.filter(|last| last.kind == Kind::Equals) {
            self.report(
                "a property needs a value",
                equals,
                "nothing behind it",
                "the empty text is \"\"",
            );
        }
    }

    /// The indentation of the token's line, and whether the token comes first on it.
    fn indent(&self, token: Token) -> (usize, bool) {
        let before = &self.text[..token.start];
        let line = before
            .rfind(is_newline)
            .map_or(before, |at| before[at..].trim_start_matches(is_newline));
        let text = line.trim_start_matches(is_space);
        (line.len() - text.len(), text.is_empty())
    }

    fn compare_indents(&mut self, open: Token, close: Token) {
        let (close_indent, first) = self.indent(close);
        if first && self.culprit.is_none() && close_indent < self.indent(open).0 {
            self.culprit = Some(open);
        }
    }

    fn unclosed(&mut self) {
        let Some(innermost) = self.open.last().copied() else {
            return;
        };
        let open = self.culprit.unwrap_or(innermost);
        // The braces say less than the indentation, and everything else may follow from them.
        self.report(UNCLOSED, open, "opened here", "close it with `}`");
    }
}
