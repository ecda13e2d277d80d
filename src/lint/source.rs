//! A file as `lint` sees it: its statements, the hazards that its header tells, what it allows and why.

use super::catalogue;
use super::error::LintError;
use crate::facts::read::{Command, read};
use crate::migrate::{FileError, Item, MigrationFile, Script};

/// A hazard that the header of a generated file tells: the plan knew more than the text of its statements says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The code.
    pub code: String,
    /// The object without its kind.
    pub object: String,
    /// What happens.
    pub detail: String,
}

impl Told {
    /// Reads `CLASS CODE KIND PATH: DETAIL`.
    fn parse(line: &str) -> Option<Told> {
        let mut words = line.splitn(3, ' ');
        let (_, code, rest) = (words.next()?, words.next()?, words.next()?);
        let (object, detail) = rest.split_once(": ").unwrap_or((rest, ""));
        // `column auth.users.email`, `grant of table auth.users`.
        let path = object.rsplit(' ').next().unwrap_or(object);
        Some(Told {
            code: code.to_owned(),
            object: path.to_owned(),
            detail: match detail.is_empty() {
                true => object.to_owned(),
                false => format!("{object}: {detail}"),
            },
        })
    }
}

/// A statement of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The line of its first word, from 1.
    pub line: usize,
    /// Its text.
    pub sql: String,
    /// What it is.
    pub command: Command,
}

/// `-- schemactl:allow CODE reason`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    /// The code.
    pub code: String,
    /// Why.
    pub reason: String,
    /// Its line.
    pub line: usize,
    /// The line of the one statement that it is about; none: the file.
    pub statement: Option<usize>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// How people are told of it.
    pub name: String,
    /// Its statements in order.
    pub statements: Vec<Statement>,
    /// What its header tells.
    pub told: Vec<Told>,
    /// What it allows.
    pub allows: Vec<Allow>,
    /// Whether its statements are one transaction.
    pub transaction: bool,
    /// The plan that it belongs to: files of one plan run one after the other.
    pub plan: String,
}

impl Source {
    /// Reads a migration file, or any other file of SQL.
    ///
    /// # Errors
    /// [`FileError`] for what can't run as a migration.
    pub fn of(name: &str, file: &MigrationFile) -> Result<Source, FileError> {
        let script = Script::parse(file)?;
        let statements: Vec<Statement> = script
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Statement(range) => {
                    let sql = script.text[range.clone()].to_owned();
                    Some(Statement {
                        line: 1 + script.text[..range.start].matches('\n').count(),
                        command: read(&sql),
                        sql,
                    })
                }
                _ => None,
            })
            .collect();
        let header_ends = file.body_line();
        let allows = script
            .allow
            .iter()
            .map(|said| {
                let (code, reason) = said
                    .sql
                    .split_once(char::is_whitespace)
                    .unwrap_or((&said.sql, ""));
                let next = || {
                    statements
                        .iter()
                        .map(|it| it.line)
                        .find(|line| *line > said.line)
                };
                Allow {
                    code: code.to_owned(),
                    reason: reason.split_whitespace().collect::<Vec<_>>().join(" "),
                    line: said.line,
                    statement: match said.line < header_ends {
                        true => None,
                        false => next(),
                    },
                }
            })
            .collect();
        let header = file.header();
        Ok(Source {
            name: name.to_owned(),
            told: header.all("hazard").filter_map(Told::parse).collect(),
            allows,
            transaction: !header.no_transaction(),
            plan: header
                .group()
                .map_or_else(|| name.to_owned(), |group| group.id),
            statements,
        })
    }

    /// What is wrong with what it allows; `own`: the project's own rules.
    pub fn mistakes(&self, own: &[&str]) -> Vec<LintError> {
        let mut mistakes = Vec::new();
        for allow in &self.allows {
            if catalogue::find(&allow.code).is_none() && !own.contains(&allow.code.as_str()) {
                mistakes.push(LintError::unknown(
                    &allow.code,
                    &format!("{}:{}", self.name, allow.line),
                ));
            } else if allow.reason.is_empty() {
                mistakes.push(LintError::NoReason {
                    code: allow.code.clone(),
                    place: format!("{}:{}", self.name, allow.line),
                });
            }
        }
        mistakes
    }
}
