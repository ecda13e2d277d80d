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
            let hide = |text: &mut String| *text = text.replace(value, &placeholder(name));
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
}
