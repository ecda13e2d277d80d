//! How migration files are named: patterns of `{number}`, `{timestamp}`, `{date}`, `{name}`, `{direction}`, `{service}`.
//!
//! The rule: what a pattern writes it also reads, so that `generated/` and the folders of other tools are one case.

use super::error::FolderError;
use super::{Direction, Version};
use jiff::civil::DateTime;

/// The pattern where the project file says nothing.
pub const DEFAULT_PATTERN: &str = "{number}_{name}.{direction}.sql";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Number,
    Timestamp,
    Date,
    Name,
    Direction,
    Service,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Text(String),
    Slot(Slot),
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

impl Pattern {
    fn parse(text: &str) -> Result<Pattern, FolderError> {
        let wrong = |message: String| FolderError::Pattern {
            pattern: text.to_owned(),
            message,
        };
        let mut segments = Vec::new();
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
                return Err(wrong("`{` is not closed".into()));
            };
            let slot = match &rest[open + 1..open + close] {
                "number" => Slot::Number,
                "timestamp" => Slot::Timestamp,
                "date" => Slot::Date,
                "name" => Slot::Name,
                "direction" => Slot::Direction,
                "service" => Slot::Service,
                other => return Err(wrong(format!("`{{{other}}}` is no part of a file name"))),
            };
            let segment = Segment::Slot(slot);
            if segments.contains(&segment) {
                return Err(wrong("a part is said twice".into()));
            }
            segments.push(segment);
            rest = &rest[open + close + 1..];
        }
        Ok(Pattern { segments })
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
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Slot(slot @ (Slot::Number | Slot::Timestamp | Slot::Date)) => Some(*slot),
            _ => None,
        })
    }

    /// The folder that the pattern's files stand in, relative to the migrations folder; empty for that folder itself.
    pub fn folder(&self) -> &str {
        match self.segments.first() {
            Some(Segment::Text(text)) => text.rfind('/').map_or("", |end| &text[..end]),
            _ => "",
        }
    }

    /// Reads a path relative to the migrations folder; none where it is not of this pattern.
    pub fn read(&self, path: &str) -> Option<Parsed> {
        let mut values = Vec::new();
        if !matches(&self.segments, path, &mut values) {
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

/// Matches segments against text, longest digits and longest words first, taking back what does not lead to the end.
fn matches<'t>(segments: &[Segment], text: &'t str, values: &mut Vec<(Slot, &'t str)>) -> bool {
    let Some((first, rest)) = segments.split_first() else {
        return text.is_empty();
    };
    match first {
        Segment::Text(literal) => text
            .strip_prefix(literal.as_str())
            .is_some_and(|text| matches(rest, text, values)),
        Segment::Slot(slot) => {
            let fits = |c: char| match slot {
                Slot::Number | Slot::Timestamp | Slot::Date => c.is_ascii_digit(),
                Slot::Name => c != '/',
                Slot::Service => c.is_alphanumeric() || c == '_' || c == '-',
                Slot::Direction => c.is_ascii_lowercase(),
            };
            let longest = text.find(|c| !fits(c)).unwrap_or(text.len());
            // A service is the shortest word that fits (a name may hold its separator); the others the longest.
            let mut ends: Vec<usize> = (1..=longest)
                .filter(|end| text.is_char_boundary(*end))
                .collect();
            if *slot != Slot::Service {
                ends.reverse();
            }
            for end in ends {
                let wanted = match slot {
                    Slot::Timestamp => end == 14,
                    Slot::Date => end == 8,
                    _ => true,
                };
                values.push((*slot, &text[..end]));
                if wanted && matches(rest, &text[end..], values) {
                    return true;
                }
                values.pop();
            }
            false
        }
    }
}

/// The patterns of a folder: one for each direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns {
    up: Pattern,
    down: Pattern,
    width: usize,
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
        }
    }
}

impl Patterns {
    /// Patterns from the project file's `files` and `rollback-files`, with the width of `{number}`. Without a
    /// `rollback-files`, `files` must hold `{direction}`.
    pub fn new(files: &str, rollback: Option<&str>, width: usize) -> Result<Patterns, FolderError> {
        let wrong = |pattern: &str, message: &str| FolderError::Pattern {
            pattern: pattern.to_owned(),
            message: message.to_owned(),
        };
        let up = Pattern::parse(files)?;
        let down = match rollback {
            Some(text) => Pattern::parse(text)?,
            None if up.has(Slot::Direction) => up.clone(),
            None => {
                return Err(wrong(
                    files,
                    "it does not tell up from down: it needs `{direction}`, or `rollback-files`",
                ));
            }
        };
        if !up.has(Slot::Number) && !up.has(Slot::Timestamp) {
            return Err(wrong(files, "it needs `{number}` or `{timestamp}`"));
        }
        if !up.version_slots().eq(down.version_slots()) {
            return Err(wrong(
                rollback.unwrap_or(files),
                "it needs the same numbers as `files`, in the same order",
            ));
        }
        Ok(Patterns {
            up: up.towards(Direction::Up),
            down: down.towards(Direction::Down),
            width: width.max(1),
        })
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
        self.down
            .read(path)
            .map(|parsed| (Direction::Down, parsed))
            .or_else(|| self.up.read(path).map(|parsed| (Direction::Up, parsed)))
    }

    /// Whether versions are consecutive numbers, so that a missing one is a gap.
    pub fn consecutive(&self) -> bool {
        self.up.version_slots().eq([Slot::Number])
    }

    /// The relative path of a version's file.
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

    /// The version after all of `taken` (`now` in UTC gives `{date}` and `{timestamp}`).
    pub fn next<'v>(&self, taken: impl Iterator<Item = &'v Version>, now: DateTime) -> Version {
        let taken: Vec<&Version> = taken.collect();
        let slots: Vec<Slot> = self.up.version_slots().collect();
        let date = format!("{:04}{:02}{:02}", now.year(), now.month(), now.day());
        let time = format!(
            "{date}{:02}{:02}{:02}",
            now.hour(),
            now.minute(),
            now.second()
        );
        let fixed = |slot: &Slot| match slot {
            Slot::Date => Some(date.as_str()),
            Slot::Timestamp => Some(time.as_str()),
            _ => None,
        };
        let number_of = |version: &Version, place: usize| -> Option<u64> {
            version.as_str().split('_').nth(place)?.parse().ok()
        };
        let number = slots
            .iter()
            .position(|slot| *slot == Slot::Number)
            .map(|place| {
                let same_day = |version: &&&Version| {
                    let mut parts = version.as_str().split('_');
                    slots.iter().all(|slot| {
                        let part = parts.next();
                        *slot != Slot::Date || part == Some(date.as_str())
                    })
                };
                1 + taken
                    .iter()
                    .filter(same_day)
                    .filter_map(|v| number_of(v, place))
                    .max()
                    .unwrap_or(0)
            });
        let parts: Vec<String> = slots
            .iter()
            .map(|slot| match (fixed(slot), number) {
                (Some(text), _) => text.to_owned(),
                (None, number) => format!("{:0width$}", number.unwrap_or(1), width = self.width),
            })
            .collect();
        let mut version = Version::new(parts.join("_"));
        if slots == [Slot::Timestamp]
            && let Some(last) = taken.iter().max()
            && **last >= version
            && let Some(number) = number_of(last, 0)
        {
            version = Version::new((number + 1).to_string());
        }
        version
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(
        patterns: &Patterns,
        path: &str,
    ) -> Option<(Direction, String, String, Option<String>)> {
        patterns
            .read(path)
            .map(|(d, p)| (d, p.version, p.name, p.service))
    }

    #[test]
    fn the_usual_patterns_are_read_and_written() {
        let up = Direction::Up;
        let down = Direction::Down;
        let some = |d, v: &str, n: &str, s: Option<&str>| {
            Some((d, v.to_owned(), n.to_owned(), s.map(str::to_owned)))
        };
        let usual = Patterns::new(DEFAULT_PATTERN, None, 6).unwrap();
        assert_eq!(usual, Patterns::default());
        assert_eq!(
            read(&usual, "000001_a_b.up.sql"),
            some(up, "000001", "a_b", None)
        );
        assert_eq!(
            read(&usual, "000001_a.up.down.sql"),
            some(down, "000001", "a.up", None)
        );
        assert_eq!(read(&usual, "a.up.sql"), None);
        assert_eq!(
            usual.path(down, &"000002".into(), "x", ""),
            "000002_x.down.sql"
        );

        let words = Patterns::new(
            "migration-{number}-{name}.sql",
            Some("migration-{number}-rollback.sql"),
            3,
        )
        .unwrap();
        assert_eq!(
            read(&words, "migration-001-add-user.sql"),
            some(up, "001", "add-user", None)
        );
        assert_eq!(
            read(&words, "migration-001-rollback.sql"),
            some(down, "001", "", None)
        );

        let front =
            Patterns::new("{number}_{name}.sql", Some("down/rollback_{number}.sql"), 3).unwrap();
        assert_eq!(
            read(&front, "down/rollback_001.sql"),
            some(down, "001", "", None)
        );
        assert_eq!(front.of(down).folder(), "down");

        let dated =
            Patterns::new("{date}_{number}_{service}_{name}.{direction}.sql", None, 3).unwrap();
        assert_eq!(
            read(&dated, "20240101_001_auth_add_user.up.sql"),
            some(up, "20240101_001", "add_user", Some("auth"))
        );
        assert_eq!(
            dated.path(up, &"20240101_002".into(), "x", "auth"),
            "20240101_002_auth_x.up.sql"
        );
    }

    #[test]
    fn the_next_version_follows_the_pattern() {
        let now = date(2026, 11, 21).at(2, 3, 4, 0);
        let next = |pattern: &str, width, taken: &[&str]| {
            let taken: Vec<Version> = taken.iter().map(|t| Version::from(*t)).collect();
            Patterns::new(pattern, None, width)
                .unwrap()
                .next(taken.iter(), now)
                .to_string()
        };
        assert_eq!(next(DEFAULT_PATTERN, 6, &[]), "000001");
        assert_eq!(next(DEFAULT_PATTERN, 3, &["7", "000012"]), "013");
        assert_eq!(
            next("{timestamp}_{name}.{direction}.sql", 6, &[]),
            "20261121020304"
        );
        assert_eq!(
            next("{timestamp}_{name}.{direction}.sql", 6, &["20261121020304"]),
            "20261121020305"
        );
        let daily = "{date}_{number}_{name}.{direction}.sql";
        assert_eq!(next(daily, 3, &["20261120_009"]), "20261121_001");
        assert_eq!(next(daily, 3, &["20261121_001"]), "20261121_002");
    }

    #[test]
    fn a_pattern_that_can_not_work_is_refused() {
        for pattern in [
            "{number}_{name}.sql",
            "{name}.{direction}.sql",
            "{number}{nam}.sql",
            "{number",
            "{date}.{direction}",
        ] {
            assert!(Patterns::new(pattern, None, 6).is_err(), "{pattern}");
        }
    }
}
