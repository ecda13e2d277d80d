//! Failures for the terminal and for programs. Names and texts of a database are hostile: no control character of theirs
//! reaches the terminal.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};

use super::answer::{Label, Mistake};
use super::screen::WIDTH;
use super::snippet::Snippet;

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
    let mut letters = text.chars().peekable();
    std::iter::from_fn(|| Some((letters.next()?, letters.peek() == Some(&'\n'))))
        .map(|(letter, ends_line)| match (letter, letter.len_utf8()) {
            ('\n' | '\t', _) => letter,
            // The line ends of Windows.
            ('\r', _) if ends_line => ' ',
            _ if is_harmless(letter) => letter,
            (_, 1) => '?',
            (_, 2) => '·',
            _ => '…',
        })
        .collect()
}

/// A report as text, for a terminal of so many columns.
pub(super) fn text(report: &dyn Diagnostic, color: bool, width: usize) -> String {
    let theme = if color {
        miette::GraphicalTheme::unicode()
    } else {
        miette::GraphicalTheme::unicode_nocolor()
    };
    let handler = miette::GraphicalReportHandler::new_themed(theme)
        .with_width(width.min(WIDTH))
        .with_links(false);
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = handler.render_report(&mut text, &Copied::of(report, width));
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
    source: Option<Snippet>,
    labels: Vec<LabeledSpan>,
    related: Vec<Copied>,
}

impl Copied {
    fn of(report: &dyn Diagnostic, width: usize) -> Copied {
        let escape = |text: &dyn fmt::Display| escaped(&text.to_string());
        let labels: Vec<LabeledSpan> = report
            .labels()
            .into_iter()
            .flatten()
            .map(|label| LabeledSpan::new_with_span(label.label().map(escaped), *label.inner()))
            .collect();
        let shown = report
            .source_code()
            .and_then(|source| Snippet::of(source, &labels, width));
        let (source, labels) = match shown {
            Some((source, labels)) => (Some(source), labels),
            None => (None, labels),
        };
        Copied {
            message: escaped(&report.to_string()),
            code: report.code().map(|code| escape(&code)),
            help: report.help().map(|help| escaped_lines(&help.to_string())),
            severity: report.severity(),
            source,
            labels,
            related: report
                .related()
                .into_iter()
                .flatten()
                .map(|related| Copied::of(related, width))
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
        assert_eq!(escaped_lines("a\r\nb\rc\r"), "a \nb?c?");
    }

    #[test]
    fn a_text_within_a_line_ends_no_line() {
        assert_eq!(
            escaped("a\n\r\t\u{1b}[0m\u{9b}\u{202e}\u{2028}ä日"),
            "a\\n\\r\\t\\u{1b}[0m\\u{9b}\\u{202e}\\u{2028}ä日"
        );
    }
}
