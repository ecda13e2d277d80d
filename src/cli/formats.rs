//! Which formats each command prints; what is not here prints words only.

use super::arguments::Format;

const TEXT: &[Format] = &[Format::Text];
const DATA: &[Format] = &[Format::Text, Format::Json];

/// The formats of a command, the one first that is printed where none is asked for.
pub(super) fn formats(command: &str) -> &'static [Format] {
    match command {
        "inspect" => &[Format::Kdl, Format::Sql, Format::Json],
        "graph" => &[Format::Svg, Format::Mermaid, Format::Dot, Format::Json],
        "check" | "lint" => &[Format::Text, Format::Json, Format::Github, Format::Sarif],
        "diff" | "plan" => &[Format::Text, Format::Json, Format::Markdown, Format::Sql],
        "log" => &[Format::Text, Format::Json, Format::Markdown],
        "man" => &[Format::Text, Format::Markdown],
        "completions" | "json-schema" | "lsp" | "postgres" => TEXT,
        _ => DATA,
    }
}
