//! The terminal: words for people to stderr, results to stdout, questions only where a person can answer.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use schemars::JsonSchema;
use serde::Serialize;

use super::answer::{Failed, Files};
use super::arguments::{Color, Format, Global};
use super::failure::Failure;
use super::progress::{Busy, Progress, Style};
use super::report;
use crate::model::Exit;

/// The width of a line where there is no terminal.
pub(super) const WIDTH: usize = 110;

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
    progress: Arc<Progress>,
    /// What is told of a run of migrations.
    run: Mutex<Option<Busy>>,
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
        let json = global.format == Some(Format::Json);
        let style = match global.quiet || json {
            true => Style::Nothing,
            false => Style::of_here(),
        };
        Screen {
            color,
            quiet: global.quiet,
            verbose: global.verbose,
            json,
            yes: global.yes,
            collected: Mutex::new(None),
            progress: Progress::new(style),
            run: Mutex::new(None),
            unwritten: OnceLock::new(),
        }
    }

    /// Words for people, escaped before they are painted.
    pub(super) fn say(&self, text: impl AsRef<str>) {
        if !self.quiet {
            self.progress.write(&format!("{}\n", text.as_ref()));
        }
    }

    /// Something that may take long goes on as long as what is given back is held.
    pub(super) fn busy(&self, what: &str) -> Busy {
        self.progress.busy(Some(what))
    }

    /// The same where the words for it come later.
    pub(super) fn busy_later(&self) -> Busy {
        self.progress.busy(None)
    }

    /// A run of migrations begins something new.
    pub(super) fn run_begins(&self, what: &str) {
        self.run()
            .get_or_insert_with(|| self.busy_later())
            .begins(what);
    }

    /// Of a run of migrations it is known how far it is.
    pub(super) fn run_is_at(&self, what: &str) {
        self.run()
            .get_or_insert_with(|| self.busy_later())
            .is_at(what);
    }

    /// A run of migrations has nothing more to tell.
    pub(super) fn run_rests(&self) {
        *self.run() = None;
    }

    fn run(&self) -> MutexGuard<'_, Option<Busy>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing goes on any more.
    pub(super) fn rests(&self) {
        self.progress.end();
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
        self.progress.write(&format!("  {text}\n"));
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
        self.rests();
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

    /// A line with this before it, and further lines after so many blanks where the text does not fit into one.
    pub(super) fn say_laid(&self, lead: &str, text: &str, blanks: usize, paint: Option<Paint>) {
        let first = self.width().saturating_sub(visible(lead));
        let rest = self.width().saturating_sub(blanks);
        for (number, line) in folded(text, first, rest).iter().enumerate() {
            let line = match paint {
                Some(paint) => self.paint(paint, line),
                None => line.clone(),
            };
            self.say(match number {
                0 => format!("{lead}{line}"),
                _ => format!("{}{line}", " ".repeat(blanks)),
            });
        }
    }

    /// A result of one line, laid out as [`Screen::say_laid`] does it where a person reads; a program gets it whole.
    pub(super) fn print_laid(&self, lead: &str, text: &str, blanks: usize) {
        if !std::io::stdout().is_terminal() {
            return self.print(format!("{lead}{text}"));
        }
        let first = self.width().saturating_sub(visible(lead));
        let rest = self.width().saturating_sub(blanks);
        let lines = folded(text, first, rest);
        self.print(format!(
            "{lead}{}",
            lines.join(&format!("\n{}", " ".repeat(blanks)))
        ));
    }

    /// Parts of a line; those that have no room begin a further one.
    pub(super) fn say_parts(&self, parts: &[String], between: &str) {
        let mut line = String::new();
        for part in parts {
            if line.is_empty() {
                line = format!("  {part}");
            } else if visible(&line) + between.len() + visible(part) <= self.width() {
                line.push_str(between);
                line.push_str(part);
            } else {
                self.say(std::mem::replace(&mut line, format!("      {part}")));
            }
        }
        self.say(line);
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
        self.rests();
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
            let text = report::text(report.as_ref(), self.color, self.width());
            self.progress.write(&text);
        }
    }

    /// Whether a person can be asked.
    pub(super) fn can_ask(&self) -> bool {
        !self.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// A question where no is no refusal; only where a person can be asked.
    pub(super) fn says_yes(&self, question: &str) -> bool {
        self.rests();
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
        self.rests();
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
        self.rests();
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

/// A text in lines between words: the first has so much room, the others so much.
pub(super) fn folded(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let room = if lines.len() < 2 { first } else { rest };
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    // Blanks between two parts say nothing where a line ends.
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    for line in lines.iter_mut().skip(1) {
        *line = line.trim_start().to_owned();
    }
    lines.retain(|line| !line.is_empty());
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// How many letters of a painted text are seen.
pub(super) fn visible(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let plain = parts.next().map_or(0, |it| it.chars().count());
    let painted = parts.map(|part| part.split_once('m').map_or(part, |it| it.1));
    plain + painted.map(|it| it.chars().count()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::{folded, visible};

    #[test]
    fn lines_end_between_words() {
        assert_eq!(
            folded("one two three four", 7, 10),
            ["one two", "three four"]
        );
        assert_eq!(folded("a  b", 1, 3), ["a", "b"]);
        assert_eq!(folded("", 5, 5), [""]);
        // What is longer than a line stays whole.
        assert_eq!(folded("a verylongword b", 4, 4), ["a", "verylongword", "b"]);
    }

    #[test]
    fn paint_is_not_seen() {
        assert_eq!(visible("  \u{1b}[31mtwo\u{1b}[0m words"), 11);
    }
}
