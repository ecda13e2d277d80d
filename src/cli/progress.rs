//! What takes long and is not done yet: one line on a terminal, which the next words take the place of, and where there is no
//! terminal a plain line for what takes longer than a second.
//!
//! The rule: all words for people go through [`Progress::write`], so that none of them stands behind a passing line.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Nothing is said of what is done by then.
const PATIENCE: Duration = Duration::from_secs(1);
/// After so much silence a plain line is written of what takes less, too.
const SILENCE: Duration = Duration::from_secs(5);
/// How often a plain line is written of what goes on.
const NOW_AND_THEN: Duration = Duration::from_secs(10);
/// How often the passing line is painted.
const TICK: Duration = Duration::from_millis(100);
/// What turns where something is going on.
const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/// What takes a passing line away.
pub(super) const CLEAR: &str = "\r\u{1b}[2K";

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Nothing,
    /// A line that the next words take the place of.
    Passing,
    /// Lines that stay.
    Plain,
}

impl Style {
    /// What standard error can show.
    pub(super) fn of_here() -> Style {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        // What runs there keeps every letter in its log, whatever it says of a terminal.
        let is_ci = std::env::var_os("CI").is_some_and(|it| !it.is_empty() && it != "false");
        match std::io::stderr().is_terminal() && !is_dumb && !is_ci {
            true => Style::Passing,
            false => Style::Plain,
        }
    }
}

/// What is going on, and when words were written last.
#[derive(Debug)]
pub(super) struct Progress {
    style: Style,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// The innermost stands last.
    doing: Vec<Doing>,
    next: usize,
    spoke: Instant,
    /// Whether a passing line stands there.
    stands: bool,
    frame: usize,
    has_painter: bool,
}

#[derive(Debug)]
struct Doing {
    id: usize,
    what: String,
    since: Instant,
    /// When a plain line was written of it, and which.
    told: Option<(Instant, String)>,
    /// Whether it is known how far it is.
    is_measured: bool,
}

/// What becomes of what was going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Something new begins.
    Begins,
    /// The same work is at something else.
    GoesOn,
    /// It is known how far it is, which is worth a line of its own the first time.
    Measured,
}

/// Something that is going on as long as this is held.
#[derive(Debug)]
pub(super) struct Busy {
    progress: Arc<Progress>,
    id: usize,
}

impl Busy {
    /// The same work is at something else now.
    pub(super) fn goes_on(&self, what: &str) {
        self.progress.set(self.id, what, Turn::GoesOn);
    }

    /// It is known how far it is.
    pub(super) fn is_at(&self, what: &str) {
        self.progress.set(self.id, what, Turn::Measured);
    }

    /// Something new begins.
    pub(super) fn begins(&self, what: &str) {
        self.progress.set(self.id, what, Turn::Begins);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.progress.remove(self.id);
    }
}

impl Progress {
    pub(super) fn new(style: Style) -> Arc<Progress> {
        Arc::new(Progress {
            style,
            state: Mutex::new(State {
                doing: Vec::new(),
                next: 0,
                spoke: Instant::now(),
                stands: false,
                frame: 0,
                has_painter: false,
            }),
            changed: Condvar::new(),
        })
    }

    /// Something begins; where nothing is said of it yet, the words come later.
    pub(super) fn busy(self: &Arc<Progress>, what: Option<&str>) -> Busy {
        let id = {
            let mut state = self.state();
            state.next += 1;
            state.next
        };
        if let Some(what) = what {
            self.set(id, what, Turn::Begins);
        }
        Busy {
            progress: self.clone(),
            id,
        }
    }

    /// Words for people, in the place of a passing line.
    pub(super) fn write(&self, text: &str) {
        let mut state = self.state();
        let clear = state.clear();
        let _ = write!(std::io::stderr().lock(), "{clear}{text}");
        state.spoke = Instant::now();
    }

    /// Nothing is going on any more: a result comes, or a question.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.doing.clear();
        state.wipe();
        state.spoke = Instant::now();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What goes on is known also where somebody panicked beside it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(self: &Arc<Progress>, id: usize, what: &str, turn: Turn) {
        if self.style == Style::Nothing {
            return;
        }
        let mut state = self.state();
        match state.doing.iter_mut().find(|it| it.id == id) {
            Some(doing) if turn != Turn::Begins => {
                doing.what = what.to_owned();
                if turn == Turn::Measured && !doing.is_measured {
                    doing.is_measured = true;
                    doing.told = None;
                }
            }
            found => {
                let new = Doing {
                    id,
                    what: what.to_owned(),
                    since: Instant::now(),
                    told: None,
                    is_measured: turn == Turn::Measured,
                };
                match found {
                    Some(doing) => *doing = new,
                    None => state.doing.push(new),
                }
            }
        }
        if !state.has_painter {
            let painter = self.clone();
            let thread = std::thread::Builder::new().name("progress".to_owned());
            // Without one, nothing is shown.
            state.has_painter = thread.spawn(move || painter.paint()).is_ok();
        }
        self.changed.notify_one();
    }

    fn remove(&self, id: usize) {
        let mut state = self.state();
        state.doing.retain(|it| it.id != id);
        if state.doing.is_empty() {
            state.wipe();
        }
    }

    /// Shows what goes on, as long as the program runs.
    fn paint(&self) {
        let mut state = self.state();
        loop {
            state = match state.doing.is_empty() {
                true => {
                    let woken = self.changed.wait(state);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
                false => {
                    let woken = self.changed.wait_timeout(state, TICK);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
            match self.style {
                Style::Nothing => {}
                Style::Passing => state.pass(),
                Style::Plain => state.say(),
            }
        }
    }
}

impl State {
    /// What takes a passing line away, where one stands.
    fn clear(&mut self) -> &'static str {
        match std::mem::take(&mut self.stands) {
            true => CLEAR,
            false => "",
        }
    }

    fn wipe(&mut self) {
        let clear = self.clear();
        if !clear.is_empty() {
            let mut stderr = std::io::stderr().lock();
            let _ = write!(stderr, "{clear}");
            let _ = stderr.flush();
        }
    }

    fn pass(&mut self) {
        let silence = self.spoke.elapsed();
        let Some(doing) = self.doing.last() else {
            return;
        };
        let took = doing.since.elapsed();
        if took < PATIENCE && silence < PATIENCE && !self.stands {
            return;
        }
        let seconds = match took < PATIENCE {
            true => String::new(),
            false => format!("  {} s", took.as_secs()),
        };
        let frame = FRAMES[self.frame % FRAMES.len()];
        // A line that is full would end itself.
        let room = width().saturating_sub(seconds.chars().count() + 5);
        let line = format!("{CLEAR}  {frame} {}{seconds}", cut(&doing.what, room));
        self.frame += 1;
        self.stands = true;
        let mut stderr = std::io::stderr().lock();
        let _ = write!(stderr, "{line}");
        let _ = stderr.flush();
    }

    fn say(&mut self) {
        let silence = self.spoke.elapsed();
        let Some(doing) = self.doing.last_mut() else {
            return;
        };
        let is_due = match &doing.told {
            None => doing.since.elapsed() >= PATIENCE || silence >= SILENCE,
            Some((when, what)) => when.elapsed() >= NOW_AND_THEN && *what != doing.what,
        };
        if is_due {
            let _ = writeln!(std::io::stderr().lock(), "  … {}", doing.what);
            doing.told = Some((Instant::now(), doing.what.clone()));
            self.spoke = Instant::now();
        }
    }
}

/// How many letters a line on the terminal holds.
fn width() -> usize {
    let found = terminal_size::terminal_size_of(std::io::stderr());
    found.map_or(80, |(width, _)| usize::from(width.0)).max(20)
}

/// The beginning of a text that fits.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{}…", beginning.trim_end())
}
