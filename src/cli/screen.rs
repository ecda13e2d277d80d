//! The terminal: words for people to stderr, results to stdout, questions only where a person can answer.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Serialize;

use super::answer::{Failed, Files};
use super::arguments::{Color, Format, Global};
use super::failure::Failure;
use super::report;
use crate::model::Exit;

/// How often a passing line is written where there is no terminal.
const NOW_AND_THEN: Duration = Duration::from_secs(10);

/// The width of a line where there is no terminal.
const WIDTH: usize = 110;

/// Where words and results go.
#[derive(Debug)]
pub(super) struct Screen {
    color: bool,
    quiet: bool,
    verbose: u8,
    json: bool,
    yes: bool,
    /// Results for programs, where several become one.
    collected: Mutex<Option<Vec<serde_json::Value>>>,
    /// When the last passing line was written.
    passing: Mutex<Option<Instant>>,
    /// Why a result could not be written.
    unwritten: OnceLock<io::Error>,
}

/// A role of a word on the terminal.
#[derive(Debug, Clone, Copy)]
pub(super) enum Paint {
    Good,
    Bad,
    Careful,
    Faint,
    Strong,
}

impl Screen {
    pub(super) fn new(global: &Global) -> Screen {
        let color = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stderr().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        Screen {
            color,
            quiet: global.quiet,
            verbose: global.verbose,
            json: global.format == Some(Format::Json),
            yes: global.yes,
            collected: Mutex::new(None),
            passing: Mutex::new(None),
            unwritten: OnceLock::new(),
        }
    }

    /// Words for people, escaped before they are painted.
    pub(super) fn say(&self, text: impl AsRef<str>) {
        if !self.quiet {
            let clear = self.clear();
            let _ = writeln!(std::io::stderr().lock(), "{clear}{}", text.as_ref());
        }
    }

    /// A line that the next words take the place of; where there is no terminal, a line now and then.
    pub(super) fn passing(&self, text: &str) {
        if self.quiet {
            return;
        }
        let Ok(mut last) = self.passing.lock() else {
            return;
        };
        if std::io::stderr().is_terminal() {
            let mut stderr = std::io::stderr().lock();
            let _ = write!(stderr, "\r\u{1b}[2K{text}");
            let _ = stderr.flush();
            *last = Some(Instant::now());
        } else if last.is_none_or(|last| last.elapsed() >= NOW_AND_THEN) {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
            *last = Some(Instant::now());
        }
    }

    /// What takes a passing line away.
    fn clear(&self) -> &'static str {
        if !std::io::stderr().is_terminal() {
            return "";
        }
        let passing = self.passing.lock().map(|mut last| last.take());
        match passing {
            Ok(Some(_)) => "\r\u{1b}[2K",
            _ => "",
        }
    }

    /// Words for those who want more.
    pub(super) fn detail(&self, text: impl AsRef<str>) {
        if self.verbose > 0 {
            self.say(text);
        }
    }

    /// A warning, also where little is to be said.
    pub(super) fn warn(&self, text: impl AsRef<str>) {
        let text = format!("{} {}", self.paint(Paint::Careful, "note"), text.as_ref());
        let _ = writeln!(std::io::stderr().lock(), "  {text}");
    }

    /// A result.
    pub(super) fn print(&self, text: impl AsRef<str>) {
        let text = text.as_ref();
        self.print_by(|out| {
            out.write_all(text.as_bytes())?;
            if text.ends_with('\n') {
                return Ok(());
            }
            out.write_all(b"\n")
        });
    }

    /// A result that is large, as it is written.
    pub(super) fn print_by(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            // A reader that went away has had enough.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                let _ = self.unwritten.set(error);
            }
            _ => {}
        }
    }

    /// Why a result that was to be printed is not there as a whole.
    pub(super) fn unwritten(&self) -> Option<Failure> {
        let error = self.unwritten.get()?;
        Some(Failure::io("write", "the standard output", error))
    }

    /// A result for programs.
    pub(super) fn print_json<T: Serialize + JsonSchema>(&self, value: &T) {
        if let Some(collected) = self.list().as_mut() {
            collected.push(serde_json::to_value(value).unwrap_or_default());
            return;
        }
        self.print(serde_json::to_string_pretty(value).unwrap_or_default());
    }

    /// The files that a command wrote: a line for each, or one result for programs.
    pub(super) fn print_files(&self, paths: impl Iterator<Item = String>) {
        if self.is_json() {
            let files: Vec<String> = paths.collect();
            return self.print_json(&Files { files });
        }
        for path in paths {
            self.print(report::escaped(&path));
        }
    }

    /// Keeps the results for programs back from here on.
    pub(super) fn collect(&self) {
        *self.list() = Some(Vec::new());
    }

    /// What was kept back: one result, or a list of several.
    pub(super) fn collected(&self) -> Option<serde_json::Value> {
        let mut values = self.list().take()?;
        match values.len() {
            0 => None,
            1 => values.pop(),
            _ => Some(serde_json::Value::Array(values)),
        }
    }

    fn list(&self) -> MutexGuard<'_, Option<Vec<serde_json::Value>>> {
        // A list is whole also where somebody panicked beside it.
        self.collected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A text in lines that fit, each after so many blanks.
    pub(super) fn wrapped(&self, text: &str, blanks: usize) -> Vec<String> {
        let room = self.width().saturating_sub(blanks);
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ') {
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    /// How many letters a line for people holds.
    pub(super) fn width(&self) -> usize {
        let said = std::env::var("COLUMNS").ok();
        let said = said.and_then(|columns| columns.parse().ok());
        let found = terminal_size::terminal_size_of(std::io::stderr());
        found
            .map(|(width, _)| usize::from(width.0))
            .or(said)
            .unwrap_or(WIDTH)
            .max(40)
    }

    /// Whether results are JSON.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// How much more is wanted.
    pub(super) fn verbose(&self) -> u8 {
        self.verbose
    }

    pub(super) fn paint(&self, paint: Paint, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let style = anstyle::Style::new();
        let style = match paint {
            Paint::Good => style.fg_color(Some(anstyle::AnsiColor::Green.into())),
            Paint::Bad => style.fg_color(Some(anstyle::AnsiColor::Red.into())),
            Paint::Careful => style.fg_color(Some(anstyle::AnsiColor::Yellow.into())),
            Paint::Faint => style.dimmed(),
            Paint::Strong => style.bold(),
        };
        format!("{style}{text}{style:#}")
    }

    /// What a command ended with.
    pub(super) fn failure(&self, failure: &Failure) {
        if self.json && self.unwritten.get().is_none() {
            self.print_json(&Failed {
                ok: false,
                exit: failure.exit.code(),
                errors: failure
                    .reports
                    .iter()
                    .map(|report| report::told(report.as_ref()))
                    .collect(),
            });
            return;
        }
        for report in &failure.reports {
            let text = report::text(report.as_ref(), self.color, self.width().min(WIDTH));
            let _ = write!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Whether a person can be asked.
    pub(super) fn can_ask(&self) -> bool {
        !self.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// A question where no is no refusal; only where a person can be asked.
    pub(super) fn says_yes(&self, question: &str) -> bool {
        self.can_ask()
            && inquire::Confirm::new(question)
                .with_default(false)
                .prompt()
                .unwrap_or(false)
    }

    /// Yes or no. `--yes` answers; where nobody can be asked, it is a refusal.
    ///
    /// # Errors
    /// Nobody can be asked, or the person said no.
    pub(super) fn confirm(&self, question: &str) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        if !self.can_ask() {
            return Err(Failure::said(
                "cli::needs-yes",
                Exit::Refused,
                format!("this needs a yes, and nobody is here to answer: {question}"),
                "give `--yes`, or run it on a terminal; nothing was done",
            ));
        }
        match inquire::Confirm::new(question).with_default(false).prompt() {
            Ok(true) => Ok(()),
            _ => Err(Failure::said(
                "cli::declined",
                Exit::Refused,
                "not confirmed".to_owned(),
                "nothing was done",
            )),
        }
    }

    /// A line of text, with a proposal.
    ///
    /// # Errors
    /// The person went away.
    pub(super) fn ask(&self, question: &str, proposal: &str) -> Result<String, Failure> {
        inquire::Text::new(question)
            .with_default(proposal)
            .prompt()
            .ok()
            .filter(|answer| !matches!(answer.trim().to_lowercase().as_str(), "n" | "no"))
            .ok_or_else(|| {
                Failure::said(
                    "cli::declined",
                    Exit::Refused,
                    "not confirmed".to_owned(),
                    "nothing was done",
                )
            })
    }
}
