//! The header of a migration file: `-- schemactl:KEY VALUE` lines, `-- schemactl:+` continues a value.
//!
//! The rule: nothing is lost. Every line keeps its own text, so that reading and writing a header gives the same
//! bytes; only a key that is set anew is printed anew. Keys that nobody knows are kept.

use super::Version;
use super::error::FileError;
use std::fmt;

/// What every line that speaks to schemactl begins with.
pub const MARK: &str = "-- schemactl:";

/// The keys that mean something to schemactl itself.
pub mod key {
    /// What the migration does, for people.
    pub const DESCRIPTION: &str = "description";
    /// Who wrote it.
    pub const AUTHOR: &str = "author";
    /// When it was written.
    pub const DATE: &str = "date";
    /// The service that owns the file.
    pub const SERVICE: &str = "service";
    /// A migration of another service that has to run before; may be repeated.
    pub const DEPENDS_ON: &str = "depends-on";
    /// A hazard of a statement; may be repeated.
    pub const HAZARD: &str = "hazard";
    /// What can't be taken back; may be repeated.
    pub const IRREVERSIBLE: &str = "irreversible";
    /// How the file was proven.
    pub const PROVEN: &str = "proven";
    /// The SHA-256 of the body.
    pub const SHA256: &str = "sha256";
    /// The chain hash of the service's previous up file, or `none` for the first one.
    pub const PARENT: &str = "parent";
    /// `ID i/n`: the file is the i-th of n that belong together.
    pub const GROUP: &str = "group";
    /// The file's one statement runs outside a transaction.
    pub const NO_TRANSACTION: &str = "no-transaction";
    /// `corrects drift`: the file leads a database that has wandered off back to what was recorded. Where it is as
    /// recorded, the file is recorded as skipped and not run.
    pub const CORRECTS: &str = "corrects";
    /// `VERSION SHA`, line by line: the files that this one was folded of, with the SHA-256 of what they ran.
    pub const SQUASHES: &str = "squashes";
}

/// The directives of bodies, which may stand above the first statement as well.
pub(super) const DIRECTIVES: &[&str] = &[
    "verify",
    "before",
    "preflight",
    "report",
    "done-when",
    "batch",
    "allow",
];

/// All keys of headers.
const KEYS: &[&str] = &[
    key::DESCRIPTION,
    key::AUTHOR,
    key::DATE,
    key::SERVICE,
    key::DEPENDS_ON,
    key::HAZARD,
    key::IRREVERSIBLE,
    key::PROVEN,
    key::SHA256,
    key::PARENT,
    key::GROUP,
    key::NO_TRANSACTION,
    key::CORRECTS,
    key::SQUASHES,
];

/// All that a line can begin with.
fn known() -> impl Iterator<Item = &'static str> {
    KEYS.iter().chain(DIRECTIVES).copied()
}

/// What to say of a key that nobody knows and that is nearly one of ours: keys of others are kept, and a check that is
/// misspelt must not be taken for one.
fn misspelt(key: &str) -> Option<String> {
    let known = known()
        .find(|known| strsim::damerau_levenshtein(known, key) <= 1 + usize::from(key.len() > 7))?;
    Some(format!("nothing reads `{key}`; `{known}`?"))
}

/// Reads the value of `squashes`.
fn squashed(value: &str) -> Option<Vec<(Version, String)>> {
    value
        .lines()
        .map(|line| {
            let (version, sha) = line.trim().split_once(char::is_whitespace)?;
            is_sha(sha.trim()).then(|| (Version::from(version), sha.trim().to_owned()))
        })
        .collect()
}

/// The value of `corrects`.
pub const DRIFT: &str = "drift";

/// `parent` of a service's first file.
pub const NO_PARENT: &str = "none";

/// The place of a file in a plan of several files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The same word in all files of the group.
    pub id: String,
    /// This file's place, from 1.
    pub part: u32,
    /// How many files the group has.
    pub of: u32,
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.id, self.part, self.of)
    }
}

impl Group {
    /// Reads `ID i/n`.
    pub fn parse(text: &str) -> Option<Group> {
        let (id, place) = text.trim().rsplit_once(char::is_whitespace)?;
        let (part, of) = place.split_once('/')?;
        let group = Group {
            id: id.trim_end().to_owned(),
            part: part.parse().ok()?,
            of: of.parse().ok()?,
        };
        (group.part >= 1 && group.part <= group.of && !group.id.is_empty()).then_some(group)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Key and value; none for a comment that is no directive.
    entry: Option<(String, String)>,
    /// The text as it stands in the file, line ends included.
    raw: String,
}

/// The header of one file: its lines in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    lines: Vec<Line>,
}

/// Splits `-- schemactl:KEY VALUE` (without its line end) into key and value.
pub(super) fn directive(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim_end().strip_prefix(MARK)?;
    match rest.split_once([' ', '\t']) {
        Some((key, value)) => Some((key, value.trim())),
        None => Some((rest, "")),
    }
}

/// Prints a directive; a value of several lines is continued with `-- schemactl:+`. A carriage return ends a comment for
/// PostgreSQL, so it ends a line here.
pub fn render_directive(key: &str, value: &str) -> String {
    let mut text = String::new();
    let lines = value.replace("\r\n", "\n").replace('\r', "\n");
    for (n, part) in lines.split('\n').enumerate() {
        let part = part.trim_end();
        text.push_str(MARK);
        text.push_str(if n == 0 { key } else { "+" });
        if !part.is_empty() {
            text.push(' ');
            text.push_str(part);
        }
        text.push('\n');
    }
    text
}

impl Header {
    /// Reads the header that `text` begins with; gives it and its length in bytes, without the blank line that ends
    /// it. Text whose first block of comments holds no directive has an empty header of length 0.
    pub fn parse(text: &str) -> Result<(Header, usize), FileError> {
        let mut header = Header::default();
        let mut length = 0;
        for raw in text.split_inclusive('\n') {
            let line = raw.trim_end();
            if !line.starts_with("--") {
                break;
            }
            match directive(line) {
                Some(("+", more)) => match header.lines.last_mut() {
                    Some(Line {
                        entry: Some((_, value)),
                        raw: text,
                    }) => {
                        value.push('\n');
                        value.push_str(more);
                        text.push_str(raw);
                    }
                    _ => {
                        return Err(FileError::Header {
                            line: line_of(text, length),
                            message: "`-- schemactl:+` continues nothing".into(),
                        });
                    }
                },
                Some((key, value)) => header.lines.push(Line {
                    entry: Some((key.to_owned(), value.to_owned())),
                    raw: raw.to_owned(),
                }),
                None => header.lines.push(Line {
                    entry: None,
                    raw: raw.to_owned(),
                }),
            }
            length += raw.len();
        }
        if header.lines.iter().all(|line| line.entry.is_none()) {
            return Ok((Header::default(), 0));
        }
        header.check(text)?;
        Ok((header, length))
    }

    fn check(&self, text: &str) -> Result<(), FileError> {
        let mut offset = 0;
        let mut seen = std::collections::BTreeSet::new();
        for Line { entry, raw } in &self.lines {
            if let Some((key, value)) = entry {
                let wrong = match key.as_str() {
                    "" => Some("`-- schemactl:` names no key".to_owned()),
                    key::SHA256 | key::PARENT | key::GROUP | key::NO_TRANSACTION | key::PROVEN
                        if !seen.insert(key.clone()) =>
                    {
                        Some(format!("`{key}` is said twice"))
                    }
                    key::SHA256 if !is_sha(value) => {
                        Some("`sha256` wants 64 hexadecimal digits".to_owned())
                    }
                    key::PARENT if !is_sha(value) && value != NO_PARENT => {
                        Some("`parent` wants 64 hexadecimal digits, or `none`".to_owned())
                    }
                    key::GROUP if Group::parse(value).is_none() => {
                        Some(format!("`group` wants `ID i/n`, not `{value}`"))
                    }
                    key::CORRECTS if value != DRIFT => {
                        Some(format!("`corrects` wants `{DRIFT}`, not `{value}`"))
                    }
                    key::SQUASHES if squashed(value).is_none() => {
                        Some("`squashes` wants `VERSION SHA`, line by line".to_owned())
                    }
                    other if !known().any(|known| known == other) => misspelt(other),
                    key::NO_TRANSACTION if !value.is_empty() => {
                        Some("`no-transaction` takes no value".to_owned())
                    }
                    _ => None,
                };
                if let Some(message) = wrong {
                    return Err(FileError::Header {
                        line: line_of(text, offset),
                        message,
                    });
                }
            }
            offset += raw.len();
        }
        Ok(())
    }

    /// The files that this one was folded of, each with the SHA-256 of what it ran; none for any other file.
    pub fn squashes(&self) -> Vec<(Version, String)> {
        self.get(key::SQUASHES)
            .and_then(squashed)
            .unwrap_or_default()
    }

    /// Whether the file corrects drift.
    pub fn corrects_drift(&self) -> bool {
        self.get(key::CORRECTS).is_some()
    }

    /// Whether the file has no header at all.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The first value of a key.
    pub fn get<'a>(&'a self, key: &str) -> Option<&'a str> {
        self.entries()
            .find(|(k, _)| *k == key)
            .map(|(_, value)| value)
    }

    /// All values of a key, in order.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.entries()
            .filter(move |(k, _)| *k == key)
            .map(|(_, value)| value)
    }

    /// Every key with its value, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines
            .iter()
            .filter_map(|line| line.entry.as_ref())
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Sets a key to one value, where it stands or at the end; further values of the key are taken away.
    pub fn set(&mut self, key: &str, value: &str) {
        let mut done = false;
        self.lines.retain_mut(|line| match &mut line.entry {
            Some((k, old)) if k == key => {
                if done {
                    return false;
                }
                done = true;
                if old != value {
                    value.clone_into(old);
                    line.raw = render_directive(key, value);
                }
                true
            }
            _ => true,
        });
        if !done {
            self.push(key, value);
        }
    }

    /// Adds one more value of a key at the end.
    pub fn push(&mut self, key: &str, value: &str) {
        if let Some(last) = self.lines.last_mut()
            && !last.raw.ends_with('\n')
        {
            last.raw.push('\n');
        }
        self.lines.push(Line {
            entry: Some((key.to_owned(), value.to_owned())),
            raw: render_directive(key, value),
        });
    }

    /// Takes every value of a key away.
    pub fn remove(&mut self, key: &str) {
        self.lines
            .retain(|line| !matches!(&line.entry, Some((k, _)) if k == key));
    }

    /// The text of the header, without the blank line that ends it.
    pub fn render(&self) -> String {
        self.lines.iter().map(|line| line.raw.as_str()).collect()
    }

    /// The chain hash that this file names as its predecessor's; `none` reads as `Some("none")`.
    pub fn parent(&self) -> Option<&str> {
        self.get(key::PARENT)
    }

    /// The SHA-256 that the body had when schemactl wrote or restamped the file.
    pub fn sha256(&self) -> Option<&str> {
        self.get(key::SHA256)
    }

    /// The file's place in its group.
    pub fn group(&self) -> Option<Group> {
        self.get(key::GROUP).and_then(Group::parse)
    }

    /// Whether the file's one statement runs outside a transaction.
    pub fn no_transaction(&self) -> bool {
        self.get(key::NO_TRANSACTION).is_some()
    }
}

fn is_sha(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The line, from 1, that a byte offset falls on.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset.min(text.len())]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_ends_its_comment() {
        assert_eq!(
            render_directive("hazard", "table x\rDROP TABLE y\r\nz"),
            "-- schemactl:hazard table x\n-- schemactl:+ DROP TABLE y\n-- schemactl:+ z\n"
        );
    }

    const TEXT: &str = "-- A note.\r\n-- schemactl:description Add a thing\n-- schemactl:+   and another\n-- schemactl:ticket  ABC-1\n-- schemactl:group g1 2/3\n\nSELECT 1;\n";

    #[test]
    fn a_header_is_kept_to_the_byte() {
        let (header, length) = Header::parse(TEXT).unwrap();
        assert_eq!(header.render(), TEXT[..length]);
        assert_eq!(&TEXT[length..], "\nSELECT 1;\n");
        assert_eq!(header.get("description"), Some("Add a thing\nand another"));
        assert_eq!(header.get("ticket"), Some("ABC-1"));
        assert_eq!(
            header.group(),
            Some(Group {
                id: "g1".into(),
                part: 2,
                of: 3
            })
        );
    }

    #[test]
    fn setting_a_key_leaves_the_other_lines_alone() {
        let (mut header, _) = Header::parse(TEXT).unwrap();
        header.set("description", "one\n\ntwo");
        header.set("proven", "up and down");
        assert_eq!(
            header.render(),
            "-- A note.\r\n-- schemactl:description one\n-- schemactl:+\n-- schemactl:+ two\n-- schemactl:ticket  ABC-1\n-- schemactl:group g1 2/3\n-- schemactl:proven up and down\n"
        );
        let (again, _) = Header::parse(&header.render()).unwrap();
        assert_eq!(again.get("description"), Some("one\n\ntwo"));
    }

    #[test]
    fn comments_without_a_directive_are_no_header() {
        let (header, length) = Header::parse("-- only words\n\nSELECT 1;").unwrap();
        assert!(header.is_empty());
        assert_eq!(length, 0);
    }

    #[test]
    fn what_a_header_says_wrongly_is_named_with_its_line() {
        for (text, line, part) in [
            ("-- schemactl:+ x\n", 1, "continues nothing"),
            (
                "-- schemactl:author a\n-- schemactl:group 1/2\n",
                2,
                "ID i/n",
            ),
            ("-- schemactl:sha256 12\n", 1, "64 hexadecimal"),
            ("-- schemactl:group g 3/2\n", 1, "ID i/n"),
            (
                "-- schemactl:no-transaction\n-- schemactl:no-transaction\n",
                2,
                "twice",
            ),
        ] {
            match Header::parse(text) {
                Err(FileError::Header { line: at, message }) => {
                    assert_eq!(at, line, "{text}");
                    assert!(message.contains(part), "{message}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
