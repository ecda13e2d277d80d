//! One migration file: a header of comments, a blank line, the body.
//!
//! The rule: the text is the truth. Header and body are views of it; what is not changed on purpose stays to the byte.

use super::error::FileError;
use super::header::{self, Group, Header, key};
use super::losses::losses;
use super::{chain_hash, sha256_hex};

/// How far a file's claim to be proven can be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Proven as the header says, and not edited since.
    Proven(String),
    /// Body and hazards are not those that the header's `sha256` was taken of.
    Edited,
    /// Nobody claims a proof.
    None,
}

/// A migration file, read or about to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationFile {
    header: Header,
    /// A byte order mark, which PostgreSQL would not understand, stays out of header and body.
    mark: bool,
    /// The blank line between header and body, as it stands.
    blank: String,
    body: String,
}

/// A text whose every line ends with a carriage return and a line feed, with line feeds alone: version control writes such files on
/// some machines, and what runs is the same everywhere. One that has both means what it says.
pub(super) fn with_line_feeds(text: String) -> String {
    let feeds = text.matches('\n').count();
    match feeds > 0 && text.matches("\r\n").count() == feeds {
        true => text.replace("\r\n", "\n"),
        false => text,
    }
}

impl MigrationFile {
    /// Reads a file. A text without any header is all body.
    pub fn parse(text: &str) -> Result<MigrationFile, FileError> {
        let (mark, text) = match text.strip_prefix('\u{feff}') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if let Some(offset) = text.find('\0') {
            return Err(FileError::Header {
                line: header::line_of(text, offset),
                message: "a NUL byte can't stand in SQL".into(),
            });
        }
        let (header, length) = Header::parse(text)?;
        let rest = &text[length..];
        let first = rest.split_inclusive('\n').next().unwrap_or_default();
        let blank = if !header.is_empty() && first.trim().is_empty() {
            first
        } else {
            ""
        };
        Ok(MigrationFile {
            header,
            mark,
            blank: blank.to_owned(),
            body: rest[blank.len()..].to_owned(),
        })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The body: all after the blank line that ends the header.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The whole text; equal to what was read unless the header was changed.
    pub fn render(&self) -> String {
        let mark = if self.mark { "\u{feff}" } else { "" };
        format!("{mark}{}{}{}", self.header.render(), self.blank, self.body)
    }

    /// The line of the file, from 1, on which the body begins.
    pub fn body_line(&self) -> usize {
        let before = self.header.render().matches('\n').count() + self.blank.matches('\n').count();
        1 + before
    }

    /// The SHA-256 of the body as it is now.
    pub fn body_sha(&self) -> String {
        sha256_hex(&self.body)
    }

    /// The chain hash that the next up file names as its parent.
    pub fn chain(&self) -> String {
        chain_hash(self.header.parent(), &self.body)
    }

    /// The SHA-256 that a stamp takes: of the body and of what the header says that it costs. A file without such lines
    /// has that of its body.
    fn stamp_sha(&self) -> String {
        let mut text = String::new();
        for (key, value) in self.header.entries() {
            if [key::HAZARD, key::IRREVERSIBLE].contains(&key) {
                text.push_str(&header::render_directive(key, value));
            }
        }
        sha256_hex(&(text + &self.body))
    }

    /// Whether the body, or what the header says that it costs, was edited after the header's `sha256` was taken.
    pub fn edited(&self) -> bool {
        self.header
            .sha256()
            .is_some_and(|sha| sha != self.stamp_sha())
    }

    /// Whether `restamp` has something to say of it: it was edited, or nothing was stamped yet (files by hand, and those
    /// of other tools).
    pub fn wants_stamp(&self) -> bool {
        self.edited() || self.header.sha256().is_none()
    }

    /// Whether no schemactl wrote or stamped it: another tool, or a person.
    pub fn is_foreign(&self) -> bool {
        self.header.parent().is_none() && self.header.sha256().is_none()
    }

    /// What it costs, one `CLASS CODE OBJECT: DETAIL` each: as the header says and, where no stamp vouches for the
    /// header, as the SQL itself says.
    pub fn hazards(&self) -> Vec<String> {
        let mut hazards: Vec<String> = self.header.all(key::HAZARD).map(str::to_owned).collect();
        if !matches!(self.proof(), Proof::Proven(_)) {
            hazards.extend(self.unsaid_losses());
        }
        hazards
    }

    /// What the SQL loses and the header does not say.
    fn unsaid_losses(&self) -> Vec<String> {
        let of = |line: &str| line.split(": ").next().unwrap_or_default().to_owned();
        let said: Vec<String> = self.header.all(key::HAZARD).map(of).collect();
        let mut losses = losses(&self.body);
        losses.retain(|line| !said.contains(&of(line)));
        losses
    }

    /// What the header's claim of a proof is worth.
    pub fn proof(&self) -> Proof {
        match (
            self.edited(),
            self.header.get(key::PROVEN),
            self.header.sha256(),
        ) {
            (true, _, _) => Proof::Edited,
            (false, Some(proven), Some(_)) if !proven.starts_with("not ") => {
                Proof::Proven(proven.to_owned())
            }
            _ => Proof::None,
        }
    }

    /// Writes `sha256` anew, and what else a proof gives: `parent` for an up file, the words of `proven`, and as hazards
    /// what the SQL loses.
    pub(super) fn stamp(&mut self, parent: Option<&str>, proven: Option<&str>) {
        if let Some(proven) = proven {
            for loss in self.unsaid_losses() {
                self.header.push(key::HAZARD, &loss);
            }
            self.header.set(key::PROVEN, proven);
        }
        if let Some(parent) = parent {
            self.header.set(key::PARENT, parent);
        }
        let sha = self.stamp_sha();
        self.header.set(key::SHA256, &sha);
        if self.blank.is_empty() {
            self.blank.push('\n');
        }
    }

    /// Writes another `parent`; body and `sha256` stay.
    pub(super) fn rechain(&mut self, parent: &str) {
        self.header.set(key::PARENT, parent);
    }
}

/// What a new file shall say; versions, parent and hash are given by the folder that writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What the migration does.
    pub description: Option<String>,
    /// Who writes it.
    pub author: Option<String>,
    /// When, as the header shall show it.
    pub date: Option<String>,
    /// The owning service.
    pub service: Option<String>,
    /// Migrations of other services that run before.
    pub depends_on: Vec<String>,
    /// Hazards, one line each.
    pub hazards: Vec<String>,
    /// What can't be taken back, one line each.
    pub irreversible: Vec<String>,
    /// How it was proven, or `not proven` and why.
    pub proven: Option<String>,
    /// Whether its one statement runs outside a transaction.
    pub no_transaction: bool,
    /// A person writes the body: the file claims nothing about it, so it bears no `sha256`.
    pub by_hand: bool,
    /// Further keys, as they shall stand.
    pub extra: Vec<(String, String)>,
    /// The SQL.
    pub body: String,
}

impl Draft {
    /// The file with its header; `parent` only for up files.
    pub fn file(&self, group: Option<&Group>, parent: Option<&str>) -> MigrationFile {
        let mut header = Header::default();
        let mut put = |key: &str, value: &str| header.push(key, value);
        for (key, value) in [
            (key::DESCRIPTION, &self.description),
            (key::AUTHOR, &self.author),
            (key::DATE, &self.date),
            (key::SERVICE, &self.service),
        ] {
            if let Some(value) = value {
                put(key, value);
            }
        }
        for (key, values) in [
            (key::DEPENDS_ON, &self.depends_on),
            (key::HAZARD, &self.hazards),
            (key::IRREVERSIBLE, &self.irreversible),
        ] {
            values.iter().for_each(|value| put(key, value));
        }
        for (key, value) in &self.extra {
            put(key, value);
        }
        if let Some(proven) = &self.proven {
            put(key::PROVEN, proven);
        }
        if let Some(group) = group {
            put(key::GROUP, &group.to_string());
        }
        if self.no_transaction {
            put(key::NO_TRANSACTION, "");
        }
        let mut body = self.body.clone();
        if !body.is_empty() && !body.ends_with('\n') {
            body.push('\n');
        }
        let mut file = MigrationFile {
            header,
            mark: false,
            blank: String::new(),
            body,
        };
        file.stamp(parent, None);
        if self.by_hand {
            file.header.remove(key::SHA256);
        }
        if file.header.is_empty() {
            file.blank.clear();
        }
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_header_is_all_body() {
        for text in [
            "",
            "SELECT 1;\n",
            "-- words\n\nSELECT 1;",
            "\n\nSELECT 1;",
            "\u{feff}SELECT 1;",
        ] {
            let file = MigrationFile::parse(text).unwrap();
            assert!(file.header().is_empty());
            assert_eq!(file.body(), text.trim_start_matches('\u{feff}'));
            assert_eq!(file.render(), text);
            assert_eq!(file.proof(), Proof::None);
        }
    }

    #[test]
    fn the_body_begins_after_the_first_blank_line() {
        let text = "-- schemactl:author ana\r\n \t\r\n\r\nSELECT 1;\r\n";
        let file = MigrationFile::parse(text).unwrap();
        assert_eq!(file.body(), "\r\nSELECT 1;\r\n");
        assert_eq!(file.body_line(), 3);
        assert_eq!(file.render(), text);
        let tight = MigrationFile::parse("-- schemactl:no-transaction\nVACUUM;").unwrap();
        assert_eq!(tight.body(), "VACUUM;");
        assert!(tight.header().no_transaction());
    }

    #[test]
    fn other_line_ends_are_no_other_file() {
        let draft = Draft {
            hazards: vec!["data-loss drop-table table s.t: its rows are gone".into()],
            proven: Some("up and down".into()),
            body: "DROP TABLE s.t;\nSELECT 1;\n".into(),
            ..Draft::default()
        };
        let file = draft.file(None, Some("none"));
        let text = file.render();
        assert_eq!(with_line_feeds(text.replace('\n', "\r\n")), text);
        // A body may hold such line ends on purpose.
        let both = text.replacen(";\n", ";\r\n", 1);
        assert_eq!(with_line_feeds(both.clone()), both);
    }

    #[test]
    fn an_edited_body_loses_its_proof() {
        let draft = Draft {
            description: Some("two\nlines".into()),
            proven: Some("up and down on PostgreSQL 15.8, 2 of 2 tables seeded".into()),
            body: "SELECT 1;".into(),
            ..Draft::default()
        };
        let file = draft.file(None, Some("none"));
        let text = file.render();
        let again = MigrationFile::parse(&text).unwrap();
        assert_eq!(again, file);
        assert!(matches!(again.proof(), Proof::Proven(_)));
        let mut edited = MigrationFile::parse(&text.replace("SELECT 1", "SELECT 2")).unwrap();
        assert_eq!(edited.proof(), Proof::Edited);
        assert_ne!(edited.chain(), file.chain());
        edited.stamp(None, Some("up"));
        assert_eq!(edited.proof(), Proof::Proven("up".into()));
        assert_eq!(edited.header().parent(), Some("none"));
    }

    #[test]
    fn a_stamp_vouches_for_the_hazards_of_the_header() {
        let draft = Draft {
            hazards: vec!["data-loss narrow-type column s.t.a: cut".into()],
            proven: Some("up and down".into()),
            body: "DROP TABLE s.t;".into(),
            ..Draft::default()
        };
        let file = draft.file(None, None);
        assert_eq!(file.hazards(), draft.hazards, "a proof found no more");
        let text = file.render();
        let hazard = text.lines().next().unwrap().to_owned() + "\n";
        let without = MigrationFile::parse(&text.replace(&hazard, "")).unwrap();
        assert_eq!(without.proof(), Proof::Edited);
        let loss = "data-loss drop-table table s.t: the table and its rows are dropped";
        assert_eq!(without.hazards(), [loss]);
        let mut stamped = without.clone();
        stamped.stamp(None, Some("up and down again"));
        assert!(matches!(stamped.proof(), Proof::Proven(_)));
        assert_eq!(stamped.hazards(), [loss]);
        assert_eq!(without.chain(), file.chain());
    }

    #[test]
    fn a_file_for_a_person_claims_nothing() {
        let draft = Draft {
            by_hand: true,
            body: "-- write here\n".into(),
            ..Draft::default()
        };
        assert_eq!(draft.file(None, None).render(), "-- write here\n");
        let up = draft.file(None, Some("none"));
        assert_eq!(up.render(), "-- schemactl:parent none\n\n-- write here\n");
        assert_eq!(up.proof(), Proof::None);
    }

    proptest::proptest! {
        #[test]
        fn reading_loses_nothing(text in "(-- ?(schemactl:)?[a-z+]{0,4}( [a-z]{1,3})?\r?\n){0,4}[ \\t]?\n?[a-z;\n]{0,12}") {
            if let Ok(file) = MigrationFile::parse(&text) {
                proptest::prop_assert_eq!(file.render(), text);
            }
        }
    }
}
