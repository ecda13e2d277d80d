//! Findings as other programs show them beside the lines of a file: annotations of GitHub, and SARIF for code scanning.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::answer::Loud;
use super::report::escaped;
use crate::kdl::{Diagnosed, Weight};

/// Something to say of a line.
pub(super) struct Note {
    pub(super) severity: Loud,
    pub(super) code: String,
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: Option<usize>,
    pub(super) message: String,
    /// Why it is allowed.
    pub(super) allowed: Option<String>,
}

impl From<Diagnosed> for Note {
    fn from(mistake: Diagnosed) -> Note {
        let place = mistake.labels.into_iter().next();
        let message = match mistake.help {
            Some(help) => format!("{}\n{help}", mistake.message),
            None => mistake.message,
        };
        Note {
            severity: match mistake.severity {
                Weight::Error => Loud::Error,
                Weight::Warning => Loud::Warn,
                Weight::Advice => Loud::Off,
            },
            code: mistake.code,
            line: place.as_ref().map_or(1, |it| it.line),
            column: place.as_ref().map(|it| it.column),
            file: place.map(|it| it.file).unwrap_or_default(),
            message,
            allowed: None,
        }
    }
}

impl Note {
    fn level(&self) -> &'static str {
        match self.severity {
            Loud::Error => "error",
            Loud::Warn => "warning",
            Loud::Off => "note",
        }
    }
}

/// The notes with their files as the repository has them, wherever the command was started.
pub(super) fn of_repository(mut notes: Vec<Note>) -> Vec<Note> {
    let here = std::env::current_dir().unwrap_or_default();
    let workspace = std::env::var_os("GITHUB_WORKSPACE").filter(|it| !it.is_empty());
    let workspace = workspace.map(PathBuf::from);
    for note in &mut notes {
        note.file = in_repository(&here, workspace.as_deref(), &note.file);
    }
    notes
}

/// A file as seen from the folder that the repository was checked out into: the one that GitHub Actions names, else the
/// nearest above the file that has a `.git`; as it was where it lies in none.
fn in_repository(here: &Path, workspace: Option<&Path>, file: &str) -> String {
    let whole = here.join(file);
    let real = workspace.and_then(|it| it.canonicalize().ok());
    let named = [workspace, real.as_deref()].into_iter().flatten();
    let found = named
        .filter(|root| whole.starts_with(root))
        .chain(
            whole
                .ancestors()
                .skip(1)
                .filter(|it| it.join(".git").exists()),
        )
        .next();
    match found.and_then(|root| whole.strip_prefix(root).ok()) {
        Some(inside) if !file.is_empty() => inside.display().to_string(),
        _ => file.to_owned(),
    }
}

/// Lines that GitHub Actions shows beside the files of a pull request.
pub(super) fn github(notes: &[Note]) -> String {
    let mut text = String::new();
    for note in notes.iter().filter(|note| note.allowed.is_none()) {
        let level = match note.level() {
            "note" => "notice",
            level => level,
        };
        let column = note.column.map(|it| format!(",col={it}"));
        text.push_str(&format!(
            "::{level} file={},line={}{},title={}::{}\n",
            property(&note.file),
            note.line,
            column.unwrap_or_default(),
            property(&note.code),
            data(&note.message)
        ));
    }
    text
}

/// A text that is nothing but text in a command of GitHub Actions, and in the log that shows it.
fn data(text: &str) -> String {
    lines(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A text of several lines, each without what steers a terminal.
fn lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(escaped).collect();
    lines.join("\n")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The findings as SARIF 2.1.0.
pub(super) fn sarif(notes: &[Note]) -> String {
    let codes: BTreeSet<&str> = notes.iter().map(|note| note.code.as_str()).collect();
    let rules = codes.into_iter().map(|id| Rule {
        id,
        help: Text {
            text: format!("schemactl explain {id}"),
        },
    });
    let results = notes.iter().map(|note| Finding {
        rule_id: &note.code,
        level: note.level(),
        message: Text {
            text: lines(&note.message),
        },
        locations: [Location {
            physical_location: Physical {
                artifact_location: Artifact {
                    uri: note.file.replace('\\', "/"),
                },
                region: Region {
                    start_line: note.line.max(1),
                    start_column: note.column,
                },
            },
        }],
        suppressions: note
            .allowed
            .iter()
            .map(|reason| Suppression {
                kind: "inSource",
                justification: reason,
            })
            .collect(),
    });
    let log = Sarif {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "schemactl",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: rules.collect(),
                },
            },
            results: results.collect(),
        }],
    };
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

#[derive(Serialize)]
struct Sarif<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
struct Run<'a> {
    tool: Tool<'a>,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    help: Text,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    level: &'a str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression<'a>>,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'a str,
    justification: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_command_of_its_own() {
        let note = Note {
            severity: Loud::Error,
            code: "drop-table".to_owned(),
            file: "a,b:c.sql".to_owned(),
            line: 3,
            column: None,
            message: "gone\n::error::100% \u{1b}[31m\u{202e}\u{9b}\u{2028}".to_owned(),
            allowed: None,
        };
        assert_eq!(
            github(&[note]),
            "::error file=a%2Cb%3Ac.sql,line=3,title=drop-table::gone%0A::error::100%25 \\u{1b}[31m\\u{202e}\\u{9b}\\u{2028}\n"
        );
    }

    #[test]
    fn files_are_named_as_their_repository_has_them() {
        let home = tempfile::tempdir().unwrap();
        let repository = home.path().join("shop");
        let below = repository.join("db/schema");
        std::fs::create_dir_all(&below).unwrap();
        let told = |here: &Path, workspace: Option<&Path>, file: &str| {
            in_repository(here, workspace, file)
        };
        assert_eq!(told(&below, None, "a.kdl"), "a.kdl");
        assert_eq!(told(&below, Some(&repository), "a.kdl"), "db/schema/a.kdl");
        std::fs::create_dir(repository.join(".git")).unwrap();
        assert_eq!(told(&below, None, "a.kdl"), "db/schema/a.kdl");
        assert_eq!(
            told(home.path(), None, "shop/db/schema/a.kdl"),
            "db/schema/a.kdl"
        );
        let elsewhere = tempfile::tempdir().unwrap();
        let whole = below.join("a.kdl").display().to_string();
        assert_eq!(
            told(elsewhere.path(), Some(elsewhere.path()), &whole),
            "db/schema/a.kdl"
        );
    }
}
