//! Values of the environment in statements. The rule: a value is in the message to the server and nowhere else, not in the
//! history, not in an error, not in an event.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use super::execute::Job;
use super::failure::RunError;
use super::script::Item;
use crate::pg::error::SqlError;
use crate::sql::placeholder::{fill, placeholder, placeholders};

/// The variables that `${env:NAME}` may name.
#[derive(Debug, Clone, Default)]
pub struct Values {
    known: BTreeMap<String, SecretString>,
    blank: bool,
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Values {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(values: I) -> Self {
        let known = values
            .into_iter()
            .map(|(name, value)| (name.into(), SecretString::from(value.into())))
            .collect();
        Values {
            known,
            blank: false,
        }
    }
}

impl Values {
    /// Nothing in every place: scratch has no secrets and needs none.
    pub fn blank() -> Values {
        Values {
            known: BTreeMap::new(),
            blank: true,
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let known = self.known.get(name).map(ExposeSecret::expose_secret);
        known
            .filter(|value| !value.is_empty())
            .or(self.blank.then_some(""))
    }

    /// The statement as it is sent. What has no value stays as it is: [`Values::check`] refused it before.
    pub(super) fn filled(&self, sql: &str) -> String {
        fill(sql, |name| self.get(name)).unwrap_or_else(|_| sql.to_owned())
    }

    /// An error of the filled statement as one of the statement in the file: without values, without a place after one.
    pub(super) fn masked(&self, mut error: SqlError, sql: &str) -> SqlError {
        let places = placeholders(sql);
        let Some((first, _)) = places.first() else {
            return error;
        };
        error.position = error.position.filter(|position| *position < first.start);
        error.statement = sql.to_owned();
        for (_, name) in places {
            let Some(value) = self.get(name).filter(|value| !value.is_empty()) else {
                continue;
            };
            let hide = |text: &mut String| *text = without(value, &placeholder(name), text);
            hide(&mut error.message);
            for field in [&mut error.detail, &mut error.hint, &mut error.where_] {
                field.as_mut().map(hide);
            }
            if let Some((query, _)) = &mut error.internal {
                hide(query);
            }
        }
        error
    }

    /// Whether every placeholder of a file has a value.
    pub(super) fn check(&self, job: &Job) -> Result<(), RunError> {
        let text = &job.script.text;
        for item in &job.script.items {
            let Item::Statement(range) = item else {
                continue;
            };
            let missing: Vec<_> = placeholders(&text[range.clone()])
                .into_iter()
                .filter(|(_, name)| self.get(name).is_none())
                .collect();
            if let Some((place, _)) = missing.first() {
                return Err(RunError::NoValue {
                    file: job.file.clone(),
                    line: text[..range.start + place.start].matches('\n').count() + 1,
                    variables: missing.iter().map(|(_, name)| (*name).to_owned()).collect(),
                });
            }
        }
        Ok(())
    }
}

/// A message without a value, and without the parts of it that the server quotes: of a connection string that it does not
/// understand, it names the word where it stopped.
fn without(value: &str, instead: &str, message: &str) -> String {
    let whole = message.replace(value, instead);
    // A value with a quote of its own is in several parts.
    let parts = whole.split('"').map(|part| match has_word(value, part) {
        true => instead,
        false => part,
    });
    parts.collect::<Vec<_>>().join("\"")
}

/// Whether a text stands within another one, beginning and ending as words do.
fn has_word(text: &str, word: &str) -> bool {
    let ends = |side: Option<char>| !side.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            ends(text[..at].chars().next_back()) && ends(text[at + word.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_nothing_of_a_value() {
        let values: Values = [("P", "hunter2")].into_iter().collect();
        let sql = "CREATE SUBSCRIPTION s CONNECTION '${env:P}' PUBLICATION p";
        assert!(values.filled(sql).contains("'hunter2'"));
        let error = SqlError {
            message: "missing \"=\" after \"hunter2\"".into(),
            statement: values.filled(sql),
            position: Some(50),
            ..SqlError::default()
        };
        let masked = values.masked(error, sql);
        assert_eq!(masked.message, "missing \"=\" after \"${env:P}\"");
        assert_eq!((masked.statement.as_str(), masked.position), (sql, None));
        assert!(!format!("{values:?}").contains("hunter2"));
    }

    #[test]
    fn an_error_says_no_part_of_a_value() {
        let said = |message| without("host=h password=correct horse", "${env:P}", message);
        assert_eq!(
            without("correct \"horse", "${env:P}", "no option \"\"horse\""),
            "no option \"\"${env:P}\""
        );
        assert_eq!(
            said("missing \"=\" after \"horse\" in connection info string"),
            "missing \"=\" after \"${env:P}\" in connection info string"
        );
        let other = "subscription \"s\" does not exist";
        assert_eq!(said(other), other);
    }
}
