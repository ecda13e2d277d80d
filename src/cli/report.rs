//! Failures for the terminal and for programs. Names and texts of a database are hostile: no control character of theirs
//! reaches the terminal.

use std::fmt;

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, Severity, SourceCode, SourceSpan,
    SpanContents,
};

use super::answer::{Label, Mistake};

use crate::pg::connect::Target;
use crate::sql::hostile::{harmless, is_harmless};

/// A text within one line: what would end the line, steer the terminal or turn the direction of what follows is shown as
/// its escape, `\n` or `\u{1b}`, so that no name makes a line of its own.
pub(super) fn escaped(text: &str) -> String {
    harmless(text).into_owned()
}

/// `1 file`, `3 files`.
pub(super) fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    }
}

/// A text of several lines, each of the same length as before, without what steers the terminal: files and statements, which
/// places are shown in.
pub(super) fn escaped_lines(text: &str) -> String {
    text.chars()
        .map(|letter| match (letter, letter.len_utf8()) {
            ('\n' | '\t', _) => letter,
            _ if is_harmless(letter) => letter,
            (_, 1) => '?',
            (_, 2) => '·',
            _ => '…',
        })
        .collect()
}

/// A report as text.
pub(super) fn text(report: &dyn Diagnostic, color: bool, width: usize) -> String {
    let theme = if color {
        miette::GraphicalTheme::unicode()
    } else {
        miette::GraphicalTheme::unicode_nocolor()
    };
    let handler = miette::GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_links(false);
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = handler.render_report(&mut text, &Copied::of(report));
    text
}

/// A report as JSON: `code`, `message`, `help`, `related`.
pub(super) fn told(report: &dyn Diagnostic) -> Mistake {
    let labels = report.labels().into_iter().flatten();
    Mistake {
        code: report.code().map(|code| code.to_string()),
        message: report.to_string(),
        help: report.help().map(|help| help.to_string()),
        labels: labels.filter_map(|label| place(report, &label)).collect(),
        related: report.related().into_iter().flatten().map(told).collect(),
    }
}

fn place(report: &dyn Diagnostic, label: &LabeledSpan) -> Option<Label> {
    let contents = report.source_code()?.read_span(label.inner(), 0, 0).ok()?;
    Some(Label {
        file: contents.name().map(str::to_owned),
        line: contents.line() + 1,
        column: contents.column() + 1,
        text: label.label().map(str::to_owned),
    })
}

/// A diagnostic with every text escaped.
#[derive(Debug)]
struct Copied {
    message: String,
    code: Option<String>,
    help: Option<String>,
    severity: Option<Severity>,
    source: Option<Text>,
    labels: Vec<LabeledSpan>,
    related: Vec<Copied>,
}

impl Copied {
    fn of(report: &dyn Diagnostic) -> Copied {
        let escape = |text: &dyn fmt::Display| escaped(&text.to_string());
        Copied {
            message: escaped(&report.to_string()),
            code: report.code().map(|code| escape(&code)),
            help: report.help().map(|help| escaped_lines(&help.to_string())),
            severity: report.severity(),
            source: report.source_code().and_then(Text::of),
            labels: report
                .labels()
                .into_iter()
                .flatten()
                .map(|label| LabeledSpan::new_with_span(label.label().map(escaped), *label.inner()))
                .collect(),
            related: report
                .related()
                .into_iter()
                .flatten()
                .map(Copied::of)
                .collect(),
        }
    }
}

impl fmt::Display for Copied {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Copied {}

impl Diagnostic for Copied {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code
            .as_ref()
            .map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        self.severity
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty())
            .then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        (!self.related.is_empty()).then(|| {
            Box::new(
                self.related
                    .iter()
                    .map(|related| related as &dyn Diagnostic),
            ) as Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>
        })
    }
}

/// The whole text that a diagnostic points into, with the line at which it begins in its file.
#[derive(Debug)]
struct Text {
    name: Option<String>,
    text: String,
    line: usize,
}

impl Text {
    fn of(source: &dyn SourceCode) -> Option<Text> {
        let contents = source
            .read_span(&SourceSpan::from((0, 0)), 0, usize::MAX / 4)
            .ok()?;
        let text = std::str::from_utf8(contents.data()).ok()?;
        Some(Text {
            name: contents.name().map(escaped),
            text: escaped_lines(text),
            line: contents.line(),
        })
    }
}

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        let (data, at) = (contents.data(), *contents.span());
        let (line, column, lines) = (
            contents.line() + self.line,
            contents.column(),
            contents.line_count(),
        );
        Ok(Box::new(match &self.name {
            Some(name) => {
                MietteSpanContents::new_named(name.clone(), data, at, line, column, lines)
            }
            None => MietteSpanContents::new(data, at, line, column, lines),
        }))
    }
}

/// A bug of ours: what to report, without a backtrace that frightens.
pub(super) fn panicked(info: &std::panic::PanicHookInfo<'_>) {
    let place = info
        .location()
        .map(|place| format!("{}:{}", place.file(), place.line()))
        .unwrap_or_default();
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    eprintln!(
        "schemactl {} has a bug: {} ({place})\n\
         Please report it with the command and what the project files say. The database is as the history says: \
         `schemactl status`.",
        env!("CARGO_PKG_VERSION"),
        escaped(&message),
    );
}

/// A target for people, escaped.
pub(super) fn label(target: &Target) -> String {
    escaped(&target.label())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_keeps_the_length_and_no_control() {
        let text = "a\u{1b}[0m\u{9b}\n\tä";
        let shown = escaped_lines(text);
        assert_eq!(shown.len(), text.len());
        assert_eq!(shown, "a?[0m·\n\tä");
        assert_eq!(escaped_lines("\u{202e}\u{61c}").len(), 5);
    }

    #[test]
    fn a_text_within_a_line_ends_no_line() {
        assert_eq!(
            escaped("a\n\r\t\u{1b}[0m\u{9b}\u{202e}\u{2028}ä日"),
            "a\\n\\r\\t\\u{1b}[0m\\u{9b}\\u{202e}\\u{2028}ä日"
        );
    }
}
