//! The braces and the order of tokens: what the crate would report in its own words, reported in ours. Where braces do not
//! match, the indentation tells which of them is not closed, and where it would be.

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
    checker.version(&lexed.tokens);
    checker.walk(&lexed.tokens);
    if !lexed.stopped && !checker.open.is_empty() {
        match closings(text, lexed) {
            Some(closings) => {
                for closing in closings {
                    checker.unclosed(closing.open);
                }
            }
            None => checker.unclosed_somewhere(),
        }
    }
    checker.found
}

/// An opening brace without an end, and where its end would stand.
pub(super) struct Closing {
    open: Token,
    /// Before the token that begins here.
    pub(super) at: usize,
}

/// The ends that opening braces lack, by the indentation: what stands no further right than the line of an opening brace
/// is not in its block. Nothing where the indentation does not explain how the braces stand.
pub(super) fn closings(text: &str, lexed: &Lexed) -> Option<Vec<Closing>> {
    let mut closings = Vec::new();
    let mut open: Vec<(Token, usize)> = Vec::new();
    // Whether a node may begin here, and whether only space came before on this line.
    let (mut starts, mut first) = (true, true);
    for token in &lexed.tokens {
        match token.kind {
            Kind::Space => continue,
            Kind::Newline => (starts, first) = (true, true),
            Kind::LineComment | Kind::BlockComment | Kind::Continuation => first = false,
            Kind::Semicolon => (starts, first) = (true, false),
            Kind::Open => {
                open.push((*token, indent(text, *token).0));
                (starts, first) = (true, false);
            }
            Kind::Close => {
                if first {
                    let own = indent(text, *token).0;
                    let closed = open.iter().rposition(|(_, indent)| *indent <= own)?;
                    close_all(&mut open, closed + 1, *token, &mut closings);
                }
                open.pop()?;
                (starts, first) = (false, false);
            }
            _ => {
                if starts && first {
                    let own = indent(text, *token).0;
                    let inside = open.iter().rposition(|(_, indent)| *indent < own);
                    let depth = inside.map_or(0, |inside| inside + 1);
                    close_all(&mut open, depth, *token, &mut closings);
                }
                (starts, first) = (false, false);
            }
        }
    }
    let end = Token {
        kind: Kind::Newline,
        start: text.len(),
        end: text.len(),
    };
    close_all(&mut open, 0, end, &mut closings);
    Some(closings)
}

/// Closes the braces beyond this depth before a token, the innermost first.
fn close_all(
    open: &mut Vec<(Token, usize)>,
    depth: usize,
    before: Token,
    closings: &mut Vec<Closing>,
) {
    while open.len() > depth {
        closings.extend(open.pop().map(|(open, _)| Closing {
            open,
            at: before.start,
        }));
    }
}

/// The indentation of the token's line, and whether the token comes first on it.
fn indent(text: &str, token: Token) -> (usize, bool) {
    let before = &text[..token.start];
    let line = before
        .rfind(is_newline)
        .map_or(before, |at| before[at..].trim_start_matches(is_newline));
    let written = line.trim_start_matches(is_space);
    (line.len() - written.len(), written.is_empty())
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

    /// `/- kdl-version N`, as the first node of a file, says which KDL the file is written in.
    fn version(&mut self, tokens: &[Token]) {
        let mut words = tokens.iter().filter(|token| {
            !matches!(
                token.kind,
                Kind::Space | Kind::Newline | Kind::LineComment | Kind::BlockComment
            )
        });
        let (hidden, name, number) = (words.next(), words.next(), words.next());
        if let (Some(hidden), Some(name), Some(number)) = (hidden, name, number)
            && (hidden.kind, number.kind) == (Kind::SlashDash, Kind::Number)
            && &self.text[name.start..name.end] == "kdl-version"
            && &self.text[number.start..number.end] != "2"
        {
            let written = &self.text[number.start..number.end];
            self.found
                .push(super::trap::version(written, self.span(*number)));
        }
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
        // The `(` of an annotation whose `)` did not come yet.
        let mut bracket: Option<Token> = None;
        for token in tokens {
            let ends = matches!(
                token.kind,
                Kind::Newline | Kind::Semicolon | Kind::LineComment | Kind::Open | Kind::Close
            );
            if ends && let Some(open) = bracket.take() {
                self.bracket(open, "this `(` is never closed", "opened here");
            }
            match token.kind {
                Kind::Space | Kind::BlockComment | Kind::Continuation => {
                    spaced = true;
                    continue;
                }
                Kind::SlashDash => {
                    self.value_missing(last.filter(|last| last.kind == Kind::Equals));
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
                    let alone = state == State::Start
                        && last.is_none_or(|last| last.kind != Kind::SlashDash);
                    if token.kind == Kind::Semicolon && alone {
                        self.report(
                            "a `;` ends a node, and here is none",
                            *token,
                            "no node before it",
                            "take it out",
                        );
                    }
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
                    let is_hidden = hidden.pop() == Some(true);
                    match self.open.pop() {
                        Some(open) => self.compare_indents(open, *token),
                        None => self.report(
                            "this `}` closes nothing",
                            *token,
                            "no `{` is open here",
                            "take it out, or look for a `}` too many above",
                        ),
                    }
                    // Behind a hidden block the one that is read may stand.
                    state = if is_hidden { State::Node } else { State::Over };
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
                Kind::OpenType => {
                    if let Some(open) = bracket.replace(*token) {
                        self.bracket(open, "this `(` is never closed", "opened here");
                    }
                }
                Kind::CloseType if bracket.take().is_none() => {
                    self.bracket(*token, "this `)` closes nothing", "no `(` is open here");
                    // No value is missing behind it.
                    continue;
                }
                Kind::CloseType => {
                    let holds_nothing = last.is_some_and(|last| last.kind == Kind::OpenType);
                    if holds_nothing {
                        self.bracket(*token, "these brackets are empty", "nothing in them");
                    }
                }
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
        if let Some(open) = bracket {
            self.bracket(open, "this `(` is never closed", "opened here");
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

    /// What is missing where a node ends behind `last`.
    fn value_missing(&mut self, last: Option<Token>) {
        match last {
            Some(equals) if equals.kind == Kind::Equals => self.report(
                "a property needs a value",
                equals,
                "nothing behind it",
                "the empty text is \"\"",
            ),
            Some(close) if close.kind == Kind::CloseType => {
                self.bracket(
                    close,
                    "behind its `)` a value is missing",
                    "nothing behind it",
                );
            }
            _ => {}
        }
    }

    /// A bracket outside of a text.
    fn bracket(&mut self, token: Token, message: &str, label: &str) {
        self.report(
            message,
            token,
            label,
            "outside quotes brackets only stand as in `(env)NAME`; SQL with brackets is quoted: \"lower(email)\"",
        );
    }

    fn compare_indents(&mut self, open: Token, close: Token) {
        let (close_indent, first) = indent(self.text, close);
        if first && self.culprit.is_none() && close_indent < indent(self.text, open).0 {
            self.culprit = Some(open);
        }
    }

    fn unclosed(&mut self, open: Token) {
        self.report(UNCLOSED, open, "opened here", "close it with `}`");
    }

    /// One of the open braces, where the indentation does not tell which are meant.
    fn unclosed_somewhere(&mut self) {
        let innermost = self.open.last().copied();
        if let Some(open) = self.culprit.or(innermost) {
            self.unclosed(open);
        }
    }
}
