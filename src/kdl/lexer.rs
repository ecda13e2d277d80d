//! A lossless cut of KDL text into tokens. It finds the mistakes that people make (section "traps" of the language's page)
//! before the crate's parser sees the text, and gives the formatter its comments. An unclosed `"""` or comment ends where
//! the indentation says that something else begins; where nothing does, at the end of the file.

use super::text::{RESERVED, is_forbidden, is_newline, is_space};
use super::trap;
use super::{Diagnostic, SourceId, Span};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Spaces, a byte order mark.
    Space,
    /// One end of line.
    Newline,
    /// `// …`, without its end of line.
    LineComment,
    /// `/* … */`.
    BlockComment,
    /// `/-`.
    SlashDash,
    /// `\` with the end of its line.
    Continuation,
    /// `{`.
    Open,
    /// `}`.
    Close,
    /// `;`.
    Semicolon,
    /// `=`.
    Equals,
    /// `(`.
    OpenType,
    /// `)`.
    CloseType,
    /// A bare word.
    Word,
    /// A number.
    Number,
    /// `#true` and its like.
    Keyword,
    /// A text on one line.
    Text,
    /// A `"""` text.
    Lines,
    /// Something that was reported; counts as a value.
    Bad,
}

/// One token: `text[start..end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The tokens of a text and what is wrong with it.
#[derive(Debug)]
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) mistakes: Vec<Diagnostic>,
    /// Whether an unclosed `"""` or comment goes to the end of the file: then open braces say nothing.
    pub(super) stopped: bool,
}

/// Cuts `text`. Without mistakes the tokens cover it whole.
pub(super) fn lex(source: SourceId, text: &str) -> Lexed {
    let mut lexer = Lexer {
        source,
        text,
        at: 0,
        lexed: Lexed {
            tokens: Vec::new(),
            mistakes: Vec::new(),
            stopped: false,
        },
    };
    while lexer.at < text.len() && !lexer.lexed.stopped {
        let start = lexer.at;
        let kind = lexer.token();
        let end = lexer.at;
        lexer.lexed.tokens.push(Token { kind, start, end });
    }
    lexer.lexed
}

struct Lexer<'t> {
    source: SourceId,
    text: &'t str,
    at: usize,
    lexed: Lexed,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_while(&mut self, fits: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|letter| !fits(letter)).unwrap_or(rest.len());
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    fn report(&mut self, mistake: Diagnostic) {
        self.lexed.mistakes.push(mistake);
    }

    /// Takes one token; the cursor stands behind it.
    fn token(&mut self) -> Kind {
        let start = self.at;
        let rest = self.rest();
        let Some(first) = self.peek() else {
            return Kind::Space;
        };
        let simple = match first {
            '{' => Some(Kind::Open),
            '}' => Some(Kind::Close),
            ';' => Some(Kind::Semicolon),
            '=' => Some(Kind::Equals),
            '(' => Some(Kind::OpenType),
            ')' => Some(Kind::CloseType),
            _ => None,
        };
        if let Some(kind) = simple {
            self.at += 1;
            return kind;
        }
        if is_space(first) || (first == '\u{FEFF}' && start == 0) {
            self.at += first.len_utf8();
            self.skip_while(is_space);
            return Kind::Space;
        }
        if is_newline(first) {
            self.at += if rest.starts_with("\r\n") {
                2
            } else {
                first.len_utf8()
            };
            return Kind::Newline;
        }
        if rest.starts_with("//") {
            self.skip_while(|letter| !is_newline(letter));
            self.check_letters(start);
            return Kind::LineComment;
        }
        if rest.starts_with("/*") {
            return self.block_comment(start);
        }
        if rest.starts_with("/-") {
            self.at += 2;
            return Kind::SlashDash;
        }
        match first {
            '\\' => self.continuation(start),
            '"' => self.text_token(start, 0),
            '#' => {
                let hashes = rest.len() - rest.trim_start_matches('#').len();
                if rest[hashes..].starts_with('"') {
                    self.text_token(start, hashes)
                } else {
                    self.keyword(start)
                }
            }
            _ => self.word(start),
        }
    }

    fn block_comment(&mut self, start: usize) -> Kind {
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    self.check_letters(start);
                    return Kind::BlockComment;
                }
            } else if let Some(letter) = self.peek() {
                self.at += letter.len_utf8();
            } else {
                break;
            }
            if depth > super::structure::DEEPEST {
                break;
            }
        }
        self.report(trap::unclosed_comment(self.span(start, start + 2)));
        self.end_by_indentation(start, self.line_that_ends_comment(start));
        Kind::BlockComment
    }

    /// Puts the cursor where an unclosed token ends: before that line, or at the end of the file.
    fn end_by_indentation(&mut self, start: usize, line: Option<usize>) {
        self.lexed.stopped |= line.is_none();
        let end = line.unwrap_or(self.text.len());
        // The end of the line before belongs to what follows.
        self.at = start + self.text[start..end].trim_end().len();
    }

    /// The lines behind the one that holds `start`: where each begins, and what it says.
    fn lines_behind(&self, start: usize) -> impl Iterator<Item = (usize, &'t str)> {
        let mut at = start;
        let lines = self.text[start..].split_inclusive(is_newline);
        lines
            .map(move |line| {
                let begin = at;
                at += line.len();
                (begin, line)
            })
            .skip(1)
    }

    /// The indentation of the line that holds `start`.
    fn indentation_at(&self, start: usize) -> usize {
        let before = &self.text[..start];
        let line = before
            .rfind(is_newline)
            .map_or(before, |at| before[at..].trim_start_matches(is_newline));
        indentation(line)
    }

    /// The first line that an unclosed comment at `start` does not hold: a blank one, or one further left.
    fn line_that_ends_comment(&self, start: usize) -> Option<usize> {
        let own = self.indentation_at(start);
        self.lines_behind(start)
            .find(|(_, line)| line.trim().is_empty() || indentation(line) < own)
            .map(|(at, _)| at)
    }

    /// The first line that an unclosed `"""` at `start` does not hold. A text further right than its node goes on while it
    /// stands there; any other to a blank line, or one further left.
    fn line_that_ends_text(&self, start: usize) -> Option<usize> {
        let own = self.indentation_at(start);
        let (_, first) = self
            .lines_behind(start)
            .find(|(_, line)| !line.trim().is_empty())?;
        let first = indentation(first);
        let ends = |line: &str| {
            let (blank, indent) = (line.trim().is_empty(), indentation(line));
            if first > own {
                !blank && indent <= own
            } else {
                blank || indent < first || indent < own && line.trim_start().starts_with('}')
            }
        };
        self.lines_behind(start)
            .find(|(_, line)| ends(line))
            .map(|(at, _)| at)
    }

    fn continuation(&mut self, start: usize) -> Kind {
        self.at += 1;
        self.skip_while(is_space);
        if self.rest().starts_with("//") {
            self.skip_while(|letter| !is_newline(letter));
        }
        match self.peek() {
            None => Kind::Continuation,
            Some(newline) if is_newline(newline) => {
                self.at += if self.rest().starts_with("\r\n") {
                    2
                } else {
                    newline.len_utf8()
                };
                Kind::Continuation
            }
            Some(_) => {
                self.at = start;
                self.take_rest_of_word();
                let written = &self.text[start..self.at];
                self.report(trap::backslash(written, self.span(start, self.at)));
                Kind::Bad
            }
        }
    }

    fn keyword(&mut self, start: usize) -> Kind {
        self.at += 1;
        self.take_rest_of_word();
        let written = &self.text[start..self.at];
        if ["#true", "#false", "#null", "#inf", "#-inf", "#nan"].contains(&written) {
            return Kind::Keyword;
        }
        self.report(trap::keyword(written, self.span(start, self.at)));
        Kind::Bad
    }

    /// Moves to the end of what a person takes for one word: brackets and single quotes are kept together.
    fn take_rest_of_word(&mut self) {
        let line_end = self
            .rest()
            .find(is_newline)
            .map_or(self.text.len(), |end| self.at + end);
        while let Some(letter) = self.peek().filter(|_| self.at < line_end) {
            let closing = match letter {
                '(' => Some(')'),
                '[' => Some(']'),
                '\'' => Some('\''),
                _ => None,
            };
            if let Some(end) =
                closing.and_then(|closing| self.text[self.at + 1..line_end].find(closing))
            {
                self.at += end + 2;
            } else if is_space(letter)
                || "{};".contains(letter)
                || (letter == '"' && closing.is_none())
            {
                break;
            } else {
                self.at += letter.len_utf8();
            }
        }
    }

    fn word(&mut self, start: usize) -> Kind {
        let bare = |letter: char| {
            !(is_space(letter) || is_newline(letter) || "\\/(){}[];\"#=".contains(letter))
        };
        self.skip_while(bare);
        let word = &self.text[start..self.at];
        let next = self.peek();
        let comment = self.rest().starts_with("//") || self.rest().starts_with("/*");
        let cut_url = word.ends_with(':') && self.rest().starts_with("//");
        let glued = matches!(next, Some('(' | '[' | ']' | '/' | '\\' | '#')) && !comment;
        let plain = word.trim_start_matches(['+', '-']);
        let numeric = plain.starts_with(|letter: char| letter.is_ascii_digit())
            || (plain.starts_with('.')
                && plain[1..].starts_with(|letter: char| letter.is_ascii_digit()));
        if word.contains('\'') || cut_url || glued {
            self.at = start;
            self.take_rest_of_word();
            if self.at == start {
                self.at += next.map_or(1, char::len_utf8);
            }
            let written = &self.text[start..self.at];
            let span = self.span(start, self.at);
            self.report(trap::broken_word(written, cut_url, numeric, span));
            return Kind::Bad;
        }
        if self.check_letters(start) {
            return Kind::Bad;
        }
        let span = self.span(start, self.at);
        if numeric && is_kdl_number(word) {
            return Kind::Number;
        }
        let mistake = if word.contains(',') {
            Some(trap::comma(word, span))
        } else if numeric {
            Some(trap::digit_first(word, span))
        } else if RESERVED.contains(&word) {
            Some(trap::reserved(word, span))
        } else {
            None
        };
        match mistake {
            Some(mistake) => {
                self.report(mistake);
                Kind::Bad
            }
            None => Kind::Word,
        }
    }

    /// Reports characters that may only stand as escapes between `start` and the cursor.
    fn check_letters(&mut self, start: usize) -> bool {
        let found = self.text[start..self.at]
            .char_indices()
            .find(|(_, letter)| is_forbidden(*letter));
        if let Some((offset, letter)) = found {
            let at = start + offset;
            let span = self.span(at, at + letter.len_utf8());
            self.report(trap::forbidden(letter, span));
        }
        found.is_some()
    }

    /// A text that begins at `start` with so many `#`.
    fn text_token(&mut self, start: usize, hashes: usize) -> Kind {
        let open = start + hashes;
        let raw = hashes > 0;
        let closing = "#".repeat(hashes);
        if self.text[open..].starts_with("\"\"\"") && !is_empty_text(&self.text[open..], &closing) {
            return self.lines_token(start, open, raw, &closing);
        }
        self.at = open + 1;
        let mut bad_escape = None;
        loop {
            let Some(letter) = self.peek().filter(|letter| !is_newline(*letter)) else {
                self.report(trap::unclosed_text(&closing, self.span(start, self.at)));
                if let Some(end) = self.end_on_another_line() {
                    self.at = end;
                }
                return Kind::Bad;
            };
            if letter == '"' && self.rest()[1..].starts_with(&closing) {
                self.at += 1 + closing.len();
                break;
            }
            self.step(letter, raw, &mut bad_escape);
        }
        self.end_text(start, raw, bad_escape, Kind::Text)
    }

    /// Where a text that was to go over several lines ends: behind the first quote that has no other on its line, where
    /// that one closes and does not open.
    fn end_on_another_line(&self) -> Option<usize> {
        let mut at = self.at;
        for line in self.rest().split_inclusive(is_newline) {
            let quotes: Vec<usize> = line.match_indices('"').map(|(at, _)| at).collect();
            if quotes.len() % 2 == 1 {
                let quote = quotes[0];
                let before = line[..quote].trim_end_matches(is_space);
                let behind = line[quote + 1..].chars().next();
                let closes = behind.is_none_or(|letter| {
                    is_space(letter) || is_newline(letter) || "};".contains(letter)
                });
                let opens = before.ends_with('=') || !before.is_empty() && before.len() < quote;
                return (closes && !opens).then_some(at + quote + 1);
            }
            at += line.len();
        }
        None
    }

    /// One letter or escape of a text.
    fn step(&mut self, letter: char, raw: bool, bad_escape: &mut Option<(usize, usize)>) {
        let at = self.at;
        if raw || letter != '\\' {
            self.at += letter.len_utf8();
            return;
        }
        self.at += 1;
        match self.peek() {
            Some('"' | '\\' | 'b' | 'f' | 'n' | 'r' | 't' | 's') => self.at += 1,
            Some('u') if is_unicode_escape(self.rest()) => {
                self.at += self.rest().find('}').unwrap_or(0) + 1;
            }
            Some(white) if is_space(white) || is_newline(white) => {
                self.skip_while(|letter| is_space(letter) || is_newline(letter));
            }
            Some(other) => {
                self.at += other.len_utf8();
                bad_escape.get_or_insert((at, self.at));
            }
            None => {}
        }
    }

    fn end_text(
        &mut self,
        start: usize,
        raw: bool,
        bad_escape: Option<(usize, usize)>,
        kind: Kind,
    ) -> Kind {
        if let Some((from, to)) = bad_escape {
            let written = &self.text[start..self.at];
            let mistake = trap::escape(&self.text[from..to], written, self.span(from, to));
            self.report(mistake);
            return Kind::Bad;
        }
        if self.check_letters(start) {
            return Kind::Bad;
        }
        if raw && self.text[start..self.at].trim_matches('#') == "\"\"\"" {
            let span = self.span(start, self.at);
            self.report(trap::raw_quote(span));
            return Kind::Bad;
        }
        kind
    }

    fn lines_token(&mut self, start: usize, open: usize, raw: bool, closing: &str) -> Kind {
        self.at = open + 3;
        let body = self.at;
        let mut bad_escape = None;
        let mut joined = false;
        let end = loop {
            let Some(letter) = self.peek() else {
                return self.unclosed_lines(start, body, closing);
            };
            let rest = self.rest();
            if rest.starts_with("\"\"\"") && rest[3..].starts_with(closing) {
                let end = self.at;
                self.at += 3 + closing.len();
                break end;
            }
            let before = self.at;
            self.step(letter, raw, &mut bad_escape);
            joined |= self.text[before..self.at].starts_with('\\')
                && self.text[before..self.at].contains(is_newline);
        };
        let content = &self.text[body..end];
        if !content.starts_with(is_newline) {
            let span = self.span(start, self.at);
            self.report(trap::lines_on_one(content, span));
            return Kind::Bad;
        }
        let last = content.rfind(is_newline).map_or(0, |at| body + at);
        let last = last + self.text[last..].chars().next().map_or(0, char::len_utf8);
        let prefix = &self.text[last..end];
        // A `\` at a line's end makes lines that have no indentation of their own.
        if !joined {
            if !prefix.chars().all(is_space) {
                // A `"""` behind a word, where another node stands already, opens a text of its own.
                let opens = self.rest().chars().next().is_none_or(is_newline)
                    && self
                        .line_that_ends_text(start)
                        .is_some_and(|line| line <= last);
                if opens {
                    return self.unclosed_lines(start, body, closing);
                }
                let span = self.span(end, self.at);
                self.report(trap::closing_not_alone(span));
                return Kind::Bad;
            }
            let mut at = body;
            for line in content.split(is_newline) {
                if !line.chars().all(is_space) && !line.starts_with(prefix) {
                    let indent = line.len() - line.trim_start_matches(is_space).len();
                    let mistake = trap::dedent(
                        &line[..indent],
                        prefix,
                        self.span(at, at + line.len()),
                        self.span(end, self.at),
                    );
                    self.report(mistake);
                    return Kind::Bad;
                }
                let newline = self.text[at + line.len()..].chars().next();
                at += line.len() + newline.map_or(0, char::len_utf8);
            }
        }
        self.end_text(start, raw, bad_escape, Kind::Lines)
    }

    fn unclosed_lines(&mut self, start: usize, body: usize, closing: &str) -> Kind {
        self.report(trap::unclosed_lines(closing, self.span(start, body)));
        self.end_by_indentation(start, self.line_that_ends_text(start));
        Kind::Bad
    }
}

/// How far a line is indented.
fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(is_space).len()
}

/// Whether a text that begins with `""` is the empty text (`""` or `#""#`) and no `"""`.
fn is_empty_text(text: &str, closing: &str) -> bool {
    !closing.is_empty() && text[2..].starts_with(closing)
}

fn is_unicode_escape(rest: &str) -> bool {
    let Some(digits) = rest
        .strip_prefix("u{")
        .and_then(|rest| rest.split_once('}'))
    else {
        return false;
    };
    (1..=6).contains(&digits.0.len())
        && digits.0.bytes().all(|digit| digit.is_ascii_hexdigit())
        && u32::from_str_radix(digits.0, 16)
            .ok()
            .and_then(char::from_u32)
            .is_some()
}

/// Whether KDL reads this as a number.
fn is_kdl_number(word: &str) -> bool {
    let plain = word.strip_prefix(['+', '-']).unwrap_or(word);
    let digits = |text: &str, radix: u32| {
        text.starts_with(|letter: char| letter.is_digit(radix))
            && text
                .chars()
                .all(|letter| letter.is_digit(radix) || letter == '_')
    };
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = plain.strip_prefix(prefix) {
            return digits(rest, radix);
        }
    }
    let (number, exponent) = match plain.split_once(['e', 'E']) {
        Some((number, exponent)) => (
            number,
            Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        ),
        None => (plain, None),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    digits(whole, 10)
        && fraction.is_none_or(|fraction| digits(fraction, 10))
        && exponent.is_none_or(|exponent| digits(exponent, 10))
}
