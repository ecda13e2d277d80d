//! How migration files are named: patterns of `{number}`, `{timestamp}`, `{date}`, `{name}`, `{direction}`, `{service}`.
//!
//! The rule: what a pattern writes it also reads, so that `generated/` and the folders of other tools are one case. A
//! pattern is tried with names and numbers before it is taken.

use super::slot::{Segment, Slot, matches};
use super::{Direction, Version};
use jiff::civil::DateTime;

/// The pattern where the project file says nothing.
pub const DEFAULT_PATTERN: &str = "{number}_{name}.{direction}.sql";

/// Names that a pattern has to keep apart from numbers and directions.
const TRIED: [&str; 4] = ["add_users", "2fa", "x_001", "go_up"];

/// What `{number}` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// One after the other, filled with zeros to this width.
    Width(usize),
    /// The time, `YYYYMMDDHHMMSS`.
    Timestamp,
    /// The day and the day's number, `YYYYMMDD_NNN`, the number filled to this width.
    Date(usize),
}

/// A pattern that can't work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern `{pattern}` {message}")]
pub struct PatternError {
    /// Whether it is that of the ways back.
    pub rollback: bool,
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// One pattern, for the files of one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    segments: Vec<Segment>,
}

/// What a file name says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The version parts in their order, joined by `_`.
    pub version: String,
    /// The name; empty where the pattern has none.
    pub name: String,
    /// The service, where the pattern has one.
    pub service: Option<String>,
}

type Wrong = (String, String);

fn wrong<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Wrong> {
    Err((message.into(), help.into()))
}

const PARTS: &str = "a pattern is made of `{number}`, `{timestamp}`, `{date}`, `{name}`, `{direction}`, `{service}` and text, such \
                     as \"{number}_{name}.{direction}.sql\"";

impl Pattern {
    fn parse(text: &str, numbering: Numbering) -> Result<Pattern, Wrong> {
        let mut segments: Vec<Segment> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let Some(open) = rest.find('{') else {
                segments.push(Segment::Text(rest.to_owned()));
                break;
            };
            if open > 0 {
                segments.push(Segment::Text(rest[..open].to_owned()));
            }
            let Some(close) = rest[open..].find('}') else {
                return wrong("has a `{` that is not closed", PARTS);
            };
            let word = &rest[open + 1..open + close];
            let Some(slot) = Slot::of(word) else {
                return wrong(format!("has `{{{word}}}`, which stands for nothing"), PARTS);
            };
            match (slot, numbering) {
                (Slot::Number, Numbering::Timestamp) => {
                    segments.push(Segment::Slot(Slot::Timestamp));
                }
                (Slot::Number, Numbering::Date(_)) if !text.contains("{date}") => {
                    segments.push(Segment::Slot(Slot::Date));
                    segments.push(Segment::Text("_".to_owned()));
                    segments.push(Segment::Slot(Slot::Number));
                }
                _ => segments.push(Segment::Slot(slot)),
            }
            rest = &rest[open + close + 1..];
        }
        let slots: Vec<Slot> = slots(&segments).collect();
        if slots
            .iter()
            .enumerate()
            .any(|(at, it)| slots[..at].contains(it))
        {
            return wrong("says a part twice", "each part stands once");
        }
        let pattern = Pattern { segments };
        if !pattern.has(Slot::Number) && !pattern.has(Slot::Timestamp) {
            return wrong(
                "has no number, so nothing tells which file goes first",
                "put `{number}` or `{timestamp}` into it",
            );
        }
        let path: Vec<&str> = text.split('/').collect();
        if path.iter().any(|part| ["", ".", ".."].contains(part)) || text.contains('\\') {
            return wrong(
                "leads out of the migrations folder",
                "a pattern begins in that folder and goes down only: \"down/{number}.sql\"",
            );
        }
        if path.iter().any(|part| part.starts_with('.')) || !text.ends_with(".sql") {
            return wrong(
                "is not that of visible files that end in `.sql`",
                "nothing else is read as a migration: \"{number}_{name}.{direction}.sql\"",
            );
        }
        Ok(pattern)
    }

    fn has(&self, slot: Slot) -> bool {
        self.segments.contains(&Segment::Slot(slot))
    }

    fn towards(&self, direction: Direction) -> Pattern {
        let mut segments: Vec<Segment> = Vec::new();
        for segment in &self.segments {
            let text = match segment {
                Segment::Slot(Slot::Direction) => direction.word(),
                Segment::Text(text) => text,
                Segment::Slot(_) => {
                    segments.push(segment.clone());
                    continue;
                }
            };
            match segments.last_mut() {
                Some(Segment::Text(before)) => before.push_str(text),
                _ => segments.push(Segment::Text(text.to_owned())),
            }
        }
        Pattern { segments }
    }

    fn version_slots(&self) -> impl Iterator<Item = Slot> {
        slots(&self.segments).filter(|slot| slot.is_version())
    }

    /// The folder below which the pattern's files stand, relative to the migrations folder (empty for that itself), and how
    /// many folders below it each of them stands.
    pub fn place(&self) -> (&str, usize) {
        let folder = match self.segments.first() {
            Some(Segment::Text(text)) => text.rfind('/').map_or("", |end| &text[..end]),
            _ => "",
        };
        let all = self.segments.iter().map(|segment| match segment {
            Segment::Text(text) => text.matches('/').count(),
            Segment::Slot(_) => 0,
        });
        let known = match folder {
            "" => 0,
            folder => folder.matches('/').count() + 1,
        };
        (folder, all.sum::<usize>() - known)
    }

    fn read(&self, services: &[String], path: &str) -> Option<Parsed> {
        let mut values = Vec::new();
        if !matches(&self.segments, services, path, &mut values) {
            return None;
        }
        let mut parsed = Parsed::default();
        for (slot, value) in values {
            match slot {
                Slot::Number | Slot::Timestamp | Slot::Date => {
                    if !parsed.version.is_empty() {
                        parsed.version.push('_');
                    }
                    parsed.version.push_str(value);
                }
                Slot::Name => value.clone_into(&mut parsed.name),
                Slot::Service => parsed.service = Some(value.to_owned()),
                Slot::Direction => {}
            }
        }
        Some(parsed)
    }

    /// The path, relative to the migrations folder, of a version.
    fn write(&self, slots: &[Slot], version: &Version, name: &str, service: &str) -> String {
        let parts: Vec<&str> = version.as_str().split('_').collect();
        let part = |slot: Slot| {
            let place = slots.iter().position(|s| *s == slot).unwrap_or_default();
            parts.get(place).copied().unwrap_or_default()
        };
        self.segments
            .iter()
            .map(|segment| match segment {
                Segment::Text(text) => text.as_str(),
                Segment::Slot(Slot::Name) => name,
                Segment::Slot(Slot::Service) => service,
                Segment::Slot(slot) => part(*slot),
            })
            .collect()
    }
}

fn slots(segments: &[Segment]) -> impl Iterator<Item = Slot> {
    segments.iter().filter_map(|segment| match segment {
        Segment::Slot(slot) => Some(*slot),
        Segment::Text(_) => None,
    })
}

/// The patterns of a folder: one for each direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns {
    up: Pattern,
    down: Pattern,
    width: usize,
    services: Vec<String>,
}

impl Default for Patterns {
    fn default() -> Self {
        let number = Segment::Slot(Slot::Number);
        let of = |end: &str| Pattern {
            segments: vec![
                number.clone(),
                Segment::Text("_".into()),
                Segment::Slot(Slot::Name),
                Segment::Text(end.into()),
            ],
        };
        Patterns {
            up: of(".up.sql"),
            down: of(".down.sql"),
            width: 6,
            services: Vec::new(),
        }
    }
}

impl Patterns {
    /// Patterns from the project file's `files`, `rollback-files` and `number`. Without a `rollback-files`, `files` must hold
    /// `{direction}`.
    ///
    /// # Errors
    /// Where a pattern could not be read back.
    pub fn new(
        files: &str,
        rollback: Option<&str>,
        numbering: Numbering,
    ) -> Result<Patterns, PatternError> {
        let at = |rollback: bool, pattern: &str| {
            let pattern = pattern.to_owned();
            move |(message, help): Wrong| PatternError {
                rollback,
                pattern,
                message,
                help,
            }
        };
        let up = Pattern::parse(files, numbering).map_err(at(false, files))?;
        let down = match rollback {
            Some(text) => Pattern::parse(text, numbering).map_err(at(true, text))?,
            None if up.has(Slot::Direction) => up.clone(),
            None => {
                let message = "does not tell the way there from the way back".to_owned();
                let help = "put `{direction}` into it, or say `rollback-files`".to_owned();
                return Err(at(false, files)((message, help)));
            }
        };
        if !up.version_slots().eq(down.version_slots()) {
            let message = "has not the numbers of `files`".to_owned();
            let help = "a way back is found by its number: the same parts, in the same order";
            return Err(at(true, rollback.unwrap_or(files))((
                message,
                help.to_owned(),
            )));
        }
        let patterns = Patterns {
            up: up.towards(Direction::Up),
            down: down.towards(Direction::Down),
            width: match numbering {
                Numbering::Width(width) | Numbering::Date(width) => width.max(1),
                Numbering::Timestamp => 1,
            },
            services: Vec::new(),
        };
        patterns
            .try_out()
            .map_err(|(back, wrong)| at(back, rollback.filter(|_| back).unwrap_or(files))(wrong))?;
        Ok(patterns)
    }

    /// The same where the project declares these services: a `{service}` is one of them.
    #[must_use]
    pub fn of_services(mut self, services: Vec<String>) -> Patterns {
        self.services = services;
        self
    }

    /// Whether file names say their service.
    pub fn say_service(&self) -> bool {
        self.up.has(Slot::Service) || self.down.has(Slot::Service)
    }

    /// Writes and reads files of all kinds: each must say what it was written for.
    fn try_out(&self) -> Result<(), (bool, Wrong)> {
        let day = jiff::civil::date(2026, 1, 31).at(10, 20, 30, 0);
        let first = self.next(std::iter::empty(), day);
        let mut parts: Vec<String> = first.as_str().split('_').map(str::to_owned).collect();
        for (part, slot) in parts.iter_mut().zip(self.up.version_slots()) {
            if slot == Slot::Number {
                *part = format!("12{part}");
            }
        }
        let wide = Version::new(parts.join("_"));
        for (name, version) in TRIED
            .iter()
            .flat_map(|name| [&first, &wide].map(|it| (name, it)))
        {
            for direction in [Direction::Up, Direction::Down] {
                let back = direction == Direction::Down;
                let path = self.path(direction, version, &self.name(name), "auth");
                if self.reads_back(direction, version, name, "auth") {
                    continue;
                }
                let message = match self.read(&path) {
                    Some((other, _)) if other != direction => {
                        format!("can be read in two ways: `{path}` is a way there and a way back",)
                    }
                    Some((_, parsed)) => format!(
                        "can be read in two ways: `{path}` of version {version} reads as version {}",
                        parsed.version
                    ),
                    None => format!("can't be read back: `{path}`"),
                };
                let help = "put text between the parts, such as `_`, and let the ways back differ from the ways there";
                return Err((back, (message, help.to_owned())));
            }
        }
        Ok(())
    }

    /// Whether the file of a version would be read as just that.
    pub fn reads_back(
        &self,
        direction: Direction,
        version: &Version,
        name: &str,
        service: &str,
    ) -> bool {
        let name = self.name(name);
        let path = self.path(direction, version, &name, service);
        let pattern = self.of(direction);
        self.read(&path).is_some_and(|(read, parsed)| {
            read == direction
                && parsed.version == version.as_str()
                && (!pattern.has(Slot::Name) || parsed.name == name)
                && parsed.service.is_none_or(|it| it == service)
        })
    }

    /// A name as file names have it: words in lower case, joined by `_`, or by `-` where one stands before the name.
    pub fn name(&self, name: &str) -> String {
        let mut text = String::new();
        for c in name.chars() {
            if c.is_alphanumeric() {
                text.extend(c.to_lowercase());
            } else if !text.is_empty() && !text.ends_with('_') {
                text.push('_');
            }
        }
        let text = text.trim_end_matches('_');
        // File systems take 255 bytes; number, direction and a temporary name need some of them.
        let end = (0..=text.len().min(120))
            .rev()
            .find(|end| text.is_char_boundary(*end));
        let name = match &text[..end.unwrap_or(0)] {
            "" => "migration",
            name => name,
        };
        let before = self.up.segments.windows(2).find_map(|pair| match pair {
            [Segment::Text(text), Segment::Slot(Slot::Name)] => Some(text.as_str()),
            _ => None,
        });
        match before.is_some_and(|text| text.ends_with('-')) {
            true => name.replace('_', "-"),
            false => name.to_owned(),
        }
    }

    /// The pattern of one direction.
    pub fn of(&self, direction: Direction) -> &Pattern {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }

    /// Reads a relative path. A name that both patterns read (`migration-001-rollback.sql`) is a down file.
    pub fn read(&self, path: &str) -> Option<(Direction, Parsed)> {
        let read = |pattern: &Pattern| pattern.read(&self.services, path);
        read(&self.down)
            .map(|parsed| (Direction::Down, parsed))
            .or_else(|| read(&self.up).map(|parsed| (Direction::Up, parsed)))
    }

    /// Whether versions are consecutive numbers, so that a missing one is a gap.
    pub fn consecutive(&self) -> bool {
        self.up.version_slots().eq([Slot::Number])
    }

    /// The relative path of a version's file; `name` as [`Patterns::name`] gives it.
    pub fn path(
        &self,
        direction: Direction,
        version: &Version,
        name: &str,
        service: &str,
    ) -> String {
        let slots: Vec<Slot> = self.up.version_slots().collect();
        self.of(direction).write(&slots, version, name, service)
    }

    /// The version after all of `taken` (`now` in UTC gives `{date}` and `{timestamp}`; where a clock went ahead, its day or
    /// time is gone on from).
    pub fn next<'v>(&self, taken: impl Iterator<Item = &'v Version>, now: DateTime) -> Version {
        let taken: Vec<Vec<&str>> = taken.map(|it| it.as_str().split('_').collect()).collect();
        let slots: Vec<Slot> = self.up.version_slots().collect();
        let mut parts: Vec<String> = Vec::new();
        for (place, slot) in slots.iter().enumerate() {
            // What was taken under the same parts before this one.
            let same = |version: &&Vec<&str>| {
                parts
                    .iter()
                    .zip(version.iter())
                    .all(|(part, other)| Version::new(part.as_str()) == Version::new(*other))
            };
            let last = taken
                .iter()
                .filter(same)
                .filter_map(|version| version.get(place)?.parse::<u64>().ok())
                .max();
            let part = match slot {
                Slot::Number => {
                    let number = last.unwrap_or(0) + 1;
                    format!("{number:0width$}", width = self.width)
                }
                Slot::Date => {
                    let day = now.strftime("%Y%m%d").to_string();
                    last.map(|last| last.to_string())
                        .filter(|last| last.len() == 8 && *last > day)
                        .unwrap_or(day)
                }
                _ => {
                    let time = now.strftime("%Y%m%d%H%M%S").to_string();
                    let alone = place + 1 == slots.len();
                    match last
                        .map(|last| last.to_string())
                        .filter(|it| it.len() == 14)
                    {
                        Some(last) if alone && last >= time => second_after(&last),
                        Some(last) if last > time => last,
                        _ => time,
                    }
                }
            };
            parts.push(part);
        }
        Version::new(parts.join("_"))
    }
}

/// The next second of a `YYYYMMDDHHMMSS`.
fn second_after(time: &str) -> String {
    let next = DateTime::strptime("%Y%m%d%H%M%S", time)
        .ok()
        .and_then(|time| time.checked_add(jiff::Span::new().seconds(1)).ok());
    match next {
        Some(next) => next.strftime("%Y%m%d%H%M%S").to_string(),
        // What is no time is a number all the same.
        None => time
            .parse::<u64>()
            .map_or_else(|_| time.to_owned(), |number| (number + 1).to_string()),
    }
}
