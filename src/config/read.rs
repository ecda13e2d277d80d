//! Small readers that several nodes of the project file share.

use std::time::Duration;

use crate::kdl::{Diagnostic, NodeReader, Spanned, TextOrEnvironment, suggestion};

/// A duration such as `"3s"`.
pub(super) fn duration(n: &mut NodeReader<'_>, word: &'static str) -> Option<Spanned<Duration>> {
    let text = n.text(word)?;
    match super::duration::parse(&text) {
        Some(value) => Some(Spanned::new(value, text.span)),
        None => {
            n.report(
                Diagnostic::error(
                    "config::duration",
                    format!("`{word}` takes a time, not `{}`", text.value),
                )
                .at(text.span, "no time")
                .help(
                    "a number and a unit in quotes: \"250ms\", \"3s\", \"15min\", \"1h\", \"2d\"",
                ),
            );
            None
        }
    }
}

/// A text or `(env)NAME` that is a URL or a path: `//` begins a comment in KDL, so one that ends in `:` was cut.
pub(super) fn address(
    n: &mut NodeReader<'_>,
    word: &'static str,
) -> Option<Spanned<TextOrEnvironment>> {
    let value = n.text_or_env(word)?;
    if let TextOrEnvironment::Text(text) = &value.value
        && text.ends_with(':')
    {
        n.report(
            Diagnostic::error(
                "config::cut-url",
                format!("`{word}` is only `{text}`: the rest was read as a comment"),
            )
            .at(value.span, "ends in `:`")
            .help("`//` begins a comment: put the URL in quotes"),
        );
        return None;
    }
    if let TextOrEnvironment::Text(text) = &value.value
        && text != EMBEDDED
        && !text.contains([':', '='])
        && is_meant(text, EMBEDDED)
    {
        n.report(
            Diagnostic::error("kdl::unknown-word", format!("`{text}` is no URL"))
                .at(value.span, "unknown")
                .help(suggestion(text, &[EMBEDDED], "")),
        );
        return None;
    }
    Some(value)
}

/// Reports each `{NAME}` of a text that stands for nothing.
pub(super) fn placeholders(n: &mut NodeReader<'_>, text: &Spanned<String>, known: &[&str]) {
    for part in text.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else {
            continue;
        };
        if !known.contains(&name) {
            n.report(
                Diagnostic::error(
                    "config::placeholder",
                    format!("`{{{name}}}` stands for nothing here"),
                )
                .at(text.span, "in this text")
                .help(suggestion(name, known, "")),
            );
        }
    }
}

/// The word for the project's own server in the place of a URL.
pub(super) const EMBEDDED: &str = "embedded";

/// Whether a word is most likely a slip of another.
pub(super) fn is_meant(written: &str, word: &str) -> bool {
    suggestion(written, &[word], "").starts_with("did you mean")
}

/// The text of the single argument of a child, several times allowed: `hook before-apply "…"`.
pub(super) fn texts(list: Vec<Spanned<String>>) -> Vec<String> {
    list.into_iter().map(|text| text.value).collect()
}
