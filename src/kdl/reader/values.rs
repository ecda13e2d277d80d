//! One entry as one kind of slot (rule R4), or a diagnostic that says what the slot takes.

use super::super::slot::{Path, TextOrEnvironment, sql_number};
use super::super::words::suggestion;
use super::super::{Diagnostic, Entry, Value};
use super::NodeReader;
use crate::kdl::Spanned;
use crate::sql::slot::{Shape, escape};

impl<'a> NodeReader<'a> {
    pub(super) fn as_name(&self, entry: &Entry) -> Option<String> {
        match (&entry.value, &entry.annotation) {
            // A zero byte is told of the file, once.
            (Value::Text(text, _), None) if !text.is_empty() => Some(text.clone()),
            (Value::Text(_, _), None) => {
                self.wrong(
                    entry,
                    "a name",
                    Some("a name has at least one letter".to_owned()),
                );
                None
            }
            (Value::Number(spelling), None) => {
                self.wrong(entry, "a name", Some(format!("quote it: \"{spelling}\"")));
                None
            }
            (Value::Boolean(value), None) => {
                self.wrong(entry, "a name", Some(format!("quote it: \"{value}\"")));
                None
            }
            _ => {
                self.wrong(entry, "a name", None);
                None
            }
        }
    }

    pub(super) fn as_type(&self, entry: &Entry) -> Option<String> {
        match (&entry.value, &entry.annotation) {
            (Value::Text(text, _), None) if !text.trim().is_empty() => {
                self.kept(entry, text, Shape::Type)
            }
            _ => {
                self.wrong(entry, "a type", None);
                None
            }
        }
    }

    pub(super) fn as_text(&self, entry: &Entry) -> Option<String> {
        match (&entry.value, &entry.annotation) {
            (Value::Text(text, _), None) => Some(text.clone()),
            (Value::Number(spelling), None) => Some(spelling.clone()),
            (Value::Boolean(value), None) => Some(value.to_string()),
            _ => {
                self.wrong(entry, "a text", None);
                None
            }
        }
    }

    pub(super) fn as_text_or_environment(&self, entry: &Entry) -> Option<TextOrEnvironment> {
        match (&entry.value, entry.annotation.as_deref()) {
            (Value::Text(name, _), Some("env")) => {
                Some(TextOrEnvironment::Environment(name.clone()))
            }
            _ => self.as_text(entry).map(TextOrEnvironment::Text),
        }
    }

    pub(super) fn as_sql(&self, entry: &Entry) -> Option<String> {
        self.as_sql_of(entry, Shape::Expression)
    }

    /// The text of an entry, where it stays within a slot of this shape.
    fn kept(&self, entry: &Entry, text: &str, shape: Shape) -> Option<String> {
        let text = Spanned::new(text.to_owned(), entry.span);
        self.stays_within(&text, shape).then_some(text.value)
    }

    /// Whether a text ends where its slot ends; `kdl::slot` where it would go on into the statement around it.
    pub fn stays_within(&self, text: &Spanned<String>, shape: Shape) -> bool {
        let Some(escape) = escape(&text.value, shape).filter(|_| !self.is_recording()) else {
            return true;
        };
        self.report(
            Diagnostic::error(
                "kdl::slot",
                format!(
                    "this text leaves its place in the statement: {}",
                    escape.what
                ),
            )
            .at(text.span, "here")
            .help(escape.help),
        );
        false
    }

    pub(super) fn as_sql_of(&self, entry: &Entry, shape: Shape) -> Option<String> {
        match (&entry.value, entry.annotation.as_deref()) {
            (Value::Text(text, _), None | Some("sql")) if !text.trim().is_empty() => {
                self.kept(entry, text, shape)
            }
            (Value::Text(_, _), None | Some("sql")) => {
                self.wrong(
                    entry,
                    "an SQL expression",
                    Some("an empty SQL text is written \"''\"".to_owned()),
                );
                None
            }
            (Value::Number(spelling), None) => Some(sql_number(spelling)),
            (Value::Boolean(value), None) => Some(value.to_string()),
            (Value::Null, None) => Some("NULL".to_owned()),
            _ => {
                self.wrong(entry, "an SQL expression", None);
                None
            }
        }
    }

    pub(super) fn as_path(&self, entry: &Entry) -> Option<Path> {
        match (&entry.value, &entry.annotation) {
            (Value::Text(text, _), None) => match Path::parse(text) {
                Ok(path) => Some(path),
                Err(why) => {
                    self.report(
                        Diagnostic::error("kdl::wrong-type", format!("this is no path: {why}"))
                            .at(entry.span, "here")
                            .help("a path is `schema.name`; a part with a dot or a quote stands in SQL quotes: #\"public.\"my.table\"\"#"),
                    );
                    None
                }
            },
            _ => {
                self.wrong(entry, "a path", None);
                None
            }
        }
    }

    pub(super) fn as_number(&self, entry: &Entry) -> Option<i64> {
        let number = match (&entry.value, &entry.annotation) {
            (Value::Number(spelling), None) => sql_number(spelling)
                .trim_start_matches('+')
                .parse::<i64>()
                .ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong(entry, "a whole number", None);
        }
        number
    }

    pub(super) fn as_boolean(&self, entry: &Entry) -> Option<bool> {
        match (&entry.value, &entry.annotation) {
            (Value::Boolean(value), None) => Some(*value),
            _ => {
                self.wrong(entry, "`#true` or `#false`", None);
                None
            }
        }
    }

    pub(super) fn as_flag(&self, entry: &Entry) -> Option<bool> {
        self.as_boolean(entry)
    }

    pub(super) fn as_word(&self, entry: &Entry, words: &[&'static str]) -> Option<&'static str> {
        let written = match (&entry.value, &entry.annotation) {
            (Value::Text(text, _), None) => text.as_str(),
            _ => {
                self.wrong(
                    entry,
                    "a word",
                    Some(format!("one of: {}", words.join(", "))),
                );
                return None;
            }
        };
        if let Some(word) = words.iter().find(|word| **word == written) {
            return Some(word);
        }
        let word = match &entry.key {
            Some(key) => key.value.as_str(),
            None => self.kind(),
        };
        self.report(
            Diagnostic::error(
                "kdl::unknown-word",
                format!("`{word}` does not know the word `{written}`"),
            )
            .at(entry.span, "unknown")
            .help(suggestion(written, words, "no word is known here")),
        );
        None
    }
}
