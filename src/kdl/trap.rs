//! The mistakes that KDL makes easy, each with its own way out. One function per trap.

use super::text::text_literal;
use super::{Diagnostic, SourceId, Span};

fn syntax(message: impl Into<String>, span: Span, label: &str) -> Diagnostic {
    Diagnostic::error("kdl::syntax", message).at(span, label)
}

fn quote_it(written: &str) -> String {
    format!("quote it: {}", text_literal(written))
}

/// `text (…)`, `a/b`, `postgres://…`, `'a b'` without quotes.
pub(super) fn broken_word(written: &str, cut_url: bool, numeric: bool, span: Span) -> Diagnostic {
    if let (true, Some((_, inner))) = (written.contains('\''), written.split_once('\'')) {
        let inner = inner.split('\'').next().unwrap_or_default();
        let sql = text_literal(&format!("'{inner}'"));
        return syntax("`'` is no quote in KDL", span, "read as bare words").help(format!(
            "for SQL put double quotes around it: {sql}; for a text write {}",
            text_literal(inner)
        ));
    }
    if cut_url {
        return syntax(
            "`//` begins a comment, so this URL would be cut",
            span,
            "ends at the `:`",
        )
        .help(quote_it(written));
    }
    if written.contains(['(', '[', ']']) && !written.starts_with('(') {
        return syntax("a bare word holds no brackets", span, "not a word").help(quote_it(written));
    }
    if written.contains('\\') {
        return backslash(written, span);
    }
    if numeric {
        return digit_first(written, span);
    }
    if written.contains('/') {
        return syntax("a bare word holds no `/`", span, "not a word").help(quote_it(written));
    }
    syntax("this is no word", span, "not a word").help(quote_it(written))
}

/// A merge that nobody finished: its marks stand at the beginnings of lines.
pub(super) fn conflict(id: SourceId, text: &str) -> Option<Diagnostic> {
    let mut offset = 0;
    let mut begin = None;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") && begin.is_none() {
            begin = Some(Span::new(id, offset, offset + line.trim_end().len()));
        }
        if let (true, Some(begin)) = (line.starts_with(">>>>>>> "), begin) {
            let end = Span::new(id, offset, offset + line.trim_end().len());
            return Some(
                syntax("a merge is not finished", begin, "one side begins here")
                    .at(end, "the other ends here")
                    .help("choose what shall stand there, and take the lines of `<<<<<<<`, `=======` and `>>>>>>>` away"),
            );
        }
        offset += line.len();
    }
    None
}

/// `\` outside quotes.
pub(super) fn backslash(written: &str, span: Span) -> Diagnostic {
    syntax(
        "outside quotes `\\` only stands at the end of a line",
        span,
        "not a word",
    )
    .help(quote_it(written))
}

/// `3s`, `2027-01-31`.
pub(super) fn digit_first(written: &str, span: Span) -> Diagnostic {
    let help = match written.trim_start_matches(['+', '-']).strip_prefix('.') {
        Some(fraction) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            let sign = if written.starts_with('-') { "-" } else { "" };
            format!("a number begins with a digit: {sign}0.{fraction}")
        }
        _ => quote_it(written),
    };
    syntax(
        "a bare word does not begin with a digit",
        span,
        "no number and no word",
    )
    .help(help)
}

/// `unique a, b`.
pub(super) fn comma(written: &str, span: Span) -> Diagnostic {
    let words: Vec<&str> = written.split(',').filter(|word| !word.is_empty()).collect();
    syntax("a list has no commas", span, "a comma").help(format!(
        "separate by spaces: `{}`; a text with a comma is quoted: {}",
        words.join(" "),
        text_literal(written)
    ))
}

/// Bare `true`, `null`, `inf`.
pub(super) fn reserved(written: &str, span: Span) -> Diagnostic {
    syntax(format!("`{written}` can't stand bare"), span, "bare").help(format!(
        "write `#{written}` for the value, \"{written}\" for the text"
    ))
}

/// `#ture`.
pub(super) fn keyword(written: &str, span: Span) -> Diagnostic {
    let known = ["#true", "#false", "#null", "#inf", "#-inf", "#nan"];
    let help = super::words::suggestion(written, &known, "");
    syntax(format!("`{written}` is no value"), span, "unknown").help(help)
}

/// `\.` in a plain text.
pub(super) fn escape(escape: &str, written: &str, span: Span) -> Diagnostic {
    let inner = written.trim_matches('"');
    let help = if escape == "\\u" {
        "it is written `\\u{…}` with 1 to 6 hexadecimal digits, the number of a character: up to 10FFFF, and none of D800 to DFFF"
            .to_owned()
    } else if inner.contains(super::text::is_newline) {
        "in a raw text a backslash is a backslash: #\"\"\" … \"\"\"#".to_owned()
    } else {
        format!("in a raw text a backslash is a backslash: #\"{inner}\"#")
    };
    syntax(format!("`{escape}` is no escape"), span, "in this text").help(help)
}

/// `"` without an end on its line; `hashes` belong to the end of a raw text.
pub(super) fn unclosed_text(hashes: &str, span: Span) -> Diagnostic {
    syntax("this text is not closed on its line", span, "opened here").help(format!(
        "close it with `\"{hashes}`; a text of several lines begins with `{hashes}\"\"\"` and ends with `\"\"\"{hashes}` on a line of its own",
    ))
}

/// `"""` without an end; `hashes` belong to the end of a raw text.
pub(super) fn unclosed_lines(hashes: &str, span: Span) -> Diagnostic {
    syntax("this text is never closed", span, "opened here").help(format!(
        "close it with `\"\"\"{hashes}` on a line of its own"
    ))
}

/// `"""text"""`.
pub(super) fn lines_on_one(content: &str, span: Span) -> Diagnostic {
    let help = if content.contains(super::text::is_newline) {
        "begin the text on the line after the opening `\"\"\"`".to_owned()
    } else {
        format!(
            "a text of one line stands in plain quotes: {}",
            text_literal(content)
        )
    };
    syntax("behind an opening `\"\"\"` the line ends", span, "goes on").help(help)
}

/// `… text"""`.
pub(super) fn closing_not_alone(span: Span) -> Diagnostic {
    syntax(
        "the closing `\"\"\"` stands on a line of its own",
        span,
        "not alone",
    )
    .help("put it on the next line: its indentation is what is taken away from all lines")
}

/// A line that does not begin with the indentation of the closing `"""`.
pub(super) fn dedent(indent: &str, prefix: &str, line: Span, closing: Span) -> Diagnostic {
    let mixed = indent.contains('\t') != prefix.contains('\t') && !indent.is_empty();
    let help = if mixed {
        "one is indented with tabs, the other with spaces: use spaces in both"
    } else {
        "indent every line at least as far as the closing `\"\"\"`"
    };
    syntax(
        "a line begins left of its closing `\"\"\"`",
        line,
        "this line",
    )
    .at(closing, "this indentation is taken away")
    .help(help)
}

/// `#"""#`.
pub(super) fn raw_quote(span: Span) -> Diagnostic {
    syntax(
        "a raw text can't be one quote alone",
        span,
        "looks like `\"\"\"`",
    )
    .help("write \"\\\"\"")
}

/// A control character.
pub(super) fn forbidden(letter: char, span: Span) -> Diagnostic {
    let number = u32::from(letter);
    syntax(
        format!("the character U+{number:04X} can't stand in KDL as it is"),
        span,
        "invisible",
    )
    .help(format!(
        "take it out, or write \"\\u{{{number:x}}}\" in a quoted text"
    ))
}

/// What is said of a comment without an end.
pub(super) const UNCLOSED_COMMENT: &str = "this comment is never closed";

/// `/*` without `*/`.
pub(super) fn unclosed_comment(span: Span) -> Diagnostic {
    syntax(UNCLOSED_COMMENT, span, "opened here").help("close it with `*/`")
}

/// `/- kdl-version 1`.
pub(super) fn version(written: &str, span: Span) -> Diagnostic {
    syntax(
        format!("this file says that it is KDL {written}; schemactl reads KDL 2"),
        span,
        "another version of KDL",
    )
    .help("write `/- kdl-version 2`, or leave the line out; in KDL 2 a raw text is #\"…\"# and the values are `#true`, `#false`, `#null`")
}
