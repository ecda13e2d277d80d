//! Mistakes, collected and never thrown: a run reports what is wrong in all files at once. Shown at most
//! [`Diagnostics::SHOWN`], with source snippets by miette or as JSON.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use miette::{LabeledSpan, NamedSource, Severity, SourceCode};

use super::mask::mask_passwords;
use super::{Diagnosed, Labelled, Sources, Span};
use crate::model::Exit;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// `area::name`, stable over releases.
    pub code: &'static str,
    /// Why it is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Places with a word on each; the first is the main one.
    pub labels: Vec<(Span, String)>,
    /// Only errors stop a command.
    pub severity: Severity,
}

impl Diagnostic {
    /// An error without a place or help yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
            labels: Vec::new(),
            severity: Severity::Error,
        }
    }

    /// A warning without a place or help yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, message)
        }
    }

    /// Adds a place; the first one added is the main one.
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push((span, label.into()));
        self
    }

    /// The message and the help as they may be shown: without passwords.
    pub fn shown(&self) -> (String, Option<String>) {
        let help = self.help.as_deref().map(mask_passwords);
        (mask_passwords(&self.message), help)
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The mistakes of one run. Pushing needs no `&mut`: readers share one collection.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    found: RefCell<Vec<Diagnostic>>,
    /// The heads of nodes with mistakes of syntax, where files have some.
    broken: RefCell<Option<Vec<Span>>>,
}

impl Diagnostics {
    /// How many are shown before "and N more".
    pub const SHOWN: usize = 20;

    /// No mistakes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that nodes may be missing, and in which heads stands what was put in the place of a mistake: nothing more is
    /// said of those.
    pub(super) fn broken(&self, heads: &[Span]) {
        self.broken
            .borrow_mut()
            .get_or_insert_default()
            .extend(heads);
    }

    /// Says that more files belong to what is read: what seems to be missing may stand there.
    pub fn expect_gaps(&self) {
        self.broken(&[]);
    }

    /// Whether all nodes of all files were read: else what seems to be missing may stand in what was not.
    pub fn is_complete(&self) -> bool {
        self.broken.borrow().is_none()
    }

    fn follows_from_another(&self, diagnostic: &Diagnostic) -> bool {
        let broken = self.broken.borrow();
        let heads = broken.as_deref().unwrap_or_default();
        diagnostic.code != "kdl::syntax"
            && diagnostic.labels.iter().any(|(span, _)| {
                heads.iter().any(|head| {
                    head.source == span.source && head.start < span.end && span.start < head.end
                })
            })
    }

    /// Adds one, unless the same one is already there, or it follows from a mistake of syntax.
    pub fn push(&self, diagnostic: Diagnostic) {
        if self.follows_from_another(&diagnostic) {
            return;
        }
        let mut found = self.found.borrow_mut();
        if !found.contains(&diagnostic) {
            found.push(diagnostic);
        }
    }

    /// Whether nothing at all was found.
    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// Whether something was found that stops a command.
    pub fn has_errors(&self) -> bool {
        self.found
            .borrow()
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Everything found, by file and place, errors without a place first.
    pub fn sorted(&self) -> Vec<Diagnostic> {
        let mut found = self.found.borrow().clone();
        found.sort_by_key(|diagnostic| diagnostic.labels.first().map(|(span, _)| *span));
        found
    }

    /// The errors as an error of the command, or nothing when there are none.
    ///
    /// # Errors
    /// [`Mistakes`] when [`Self::has_errors`].
    pub fn into_result(self, sources: &Arc<Sources>) -> Result<(), Mistakes> {
        if self.has_errors() {
            return Err(Mistakes::new(sources.clone(), self.sorted()));
        }
        Ok(())
    }
}

/// All mistakes of a run with the files they stand in: the error type of reading KDL.
#[derive(Debug, Clone)]
pub struct Mistakes {
    /// The files.
    pub sources: Arc<Sources>,
    /// The mistakes, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// What miette shows of them.
    shown: Vec<Shown>,
}

impl Mistakes {
    /// Mistakes with the files that their labels point into.
    pub fn new(sources: Arc<Sources>, diagnostics: Vec<Diagnostic>) -> Self {
        let mut shown: Vec<Shown> = diagnostics
            .iter()
            .take(Diagnostics::SHOWN)
            .map(|diagnostic| Shown::of(diagnostic, &sources))
            .collect();
        let more = diagnostics.len().saturating_sub(Diagnostics::SHOWN);
        if more > 0 {
            let more = Diagnostic {
                severity: Severity::Advice,
                ..Diagnostic::error("kdl::more", format!("and {more} more"))
                    .help("`schemactl check -v` shows them all, `schemactl check --format json` tells them to programs")
            };
            shown.push(Shown::of(&more, &sources));
        }
        Self {
            sources,
            diagnostics,
            shown,
        }
    }

    /// These mistakes, and those of other files behind them.
    pub fn and(&self, others: &Mistakes) -> Mistakes {
        let files = u32::try_from(self.sources.files().count()).unwrap_or(u32::MAX);
        let moved = others.diagnostics.iter().cloned().map(|mut diagnostic| {
            for (span, _) in &mut diagnostic.labels {
                span.source.0 = span.source.0.saturating_add(files);
            }
            diagnostic
        });
        Mistakes::new(
            Arc::new(self.sources.and(&others.sources)),
            self.diagnostics.iter().cloned().chain(moved).collect(),
        )
    }

    /// How a command ends that found these: [`Exit::Input`].
    pub fn exit(&self) -> Exit {
        Exit::Input
    }

    /// One report per mistake, ready for miette's handlers; the last one says how many more there are.
    pub fn reports(&self) -> Vec<miette::Report> {
        self.shown
            .iter()
            .cloned()
            .map(miette::Report::new)
            .collect()
    }

    /// One report per mistake, whatever their number.
    pub fn all_reports(&self) -> Vec<miette::Report> {
        let all = self.diagnostics.iter();
        all.map(|it| miette::Report::new(Shown::of(it, &self.sources)))
            .collect()
    }

    /// The reports as text without colour, for logs and tests.
    pub fn render(&self) -> String {
        let handler =
            miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
                .with_width(110);
        let mut text = String::new();
        for report in self.reports() {
            // Writing into a string cannot fail.
            let _ = handler.render_report(&mut text, report.as_ref());
        }
        text
    }

    /// The mistakes for programs.
    pub fn told(&self) -> Vec<Diagnosed> {
        let list = self.diagnostics.iter().map(|diagnostic| {
            let labels = diagnostic.labels.iter().map(|(span, text)| {
                let (line, column) = self.sources.line_and_column(*span);
                Labelled {
                    file: self.sources.display_name(span.source).to_string(),
                    line,
                    column,
                    start: span.start,
                    end: span.end,
                    text: text.clone(),
                }
            });
            Diagnosed {
                code: diagnostic.code.to_owned(),
                message: mask_passwords(&diagnostic.message),
                help: diagnostic.help.as_deref().map(mask_passwords),
                severity: diagnostic.severity.into(),
                labels: labels.collect(),
            }
        });
        list.collect()
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.diagnostics.as_slice() {
            [one] => formatter.write_str(&mask_passwords(&one.message)),
            all => write!(formatter, "{} mistakes in the KDL files", all.len()),
        }
    }
}

impl std::error::Error for Mistakes {}

/// For callers that hold one error: the mistakes follow as related diagnostics.
impl miette::Diagnostic for Mistakes {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new("kdl::mistakes"))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let shown = self.shown.iter();
        Some(Box::new(
            shown.map(|shown| shown as &dyn miette::Diagnostic),
        ))
    }
}

/// One diagnostic with the texts that miette shows; places in other files follow as related reports.
#[derive(Debug, Clone)]
struct Shown {
    code: Option<String>,
    message: String,
    help: Option<String>,
    severity: Severity,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Shown>,
}

impl Shown {
    fn of(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let main = diagnostic.labels.first().map(|(span, _)| span.source);
        let label = |(span, text): &(Span, String)| {
            LabeledSpan::new(Some(text.clone()), span.start, span.end - span.start)
        };
        let (here, elsewhere): (Vec<_>, Vec<_>) = diagnostic
            .labels
            .iter()
            .partition(|(span, _)| Some(span.source) == main);
        Self {
            code: Some(diagnostic.code.to_owned()),
            message: mask_passwords(&diagnostic.message),
            help: diagnostic.help.as_deref().map(mask_passwords),
            severity: diagnostic.severity,
            source: main.map(|source| named(sources, source)),
            labels: here.into_iter().map(label).collect(),
            related: elsewhere
                .into_iter()
                .map(|place| Self {
                    code: None,
                    message: place.1.clone(),
                    help: None,
                    severity: Severity::Advice,
                    source: Some(named(sources, place.0.source)),
                    labels: vec![label(place)],
                    related: Vec::new(),
                })
                .collect(),
        }
    }
}

fn named(sources: &Sources, source: super::SourceId) -> NamedSource<String> {
    NamedSource::new(
        sources.display_name(source),
        mask_passwords(sources.text(source)),
    )
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code
            .as_ref()
            .map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
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

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        (!self.related.is_empty()).then(|| {
            Box::new(
                self.related
                    .iter()
                    .map(|shown| shown as &dyn miette::Diagnostic),
            ) as Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>
        })
    }
}
