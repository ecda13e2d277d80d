//! Environment variables: those of the process, then those of the project's `.env`, which only supplies variables and
//! chooses nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// A snapshot of variables. Values are never shown: they may be secrets.
#[derive(Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
}

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.values.keys()).finish()
    }
}

impl Variables {
    /// The variables of this process; where one is not set, `.env` of `folder` may say it.
    pub fn load(folder: Option<&Path>) -> Self {
        let mut values = BTreeMap::new();
        if let Some(text) =
            folder.and_then(|folder| std::fs::read_to_string(folder.join(".env")).ok())
        {
            values.extend(parse(&text));
        }
        values.extend(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }));
        Self { values }
    }

    /// These variables and no others.
    pub fn of<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self { values }
    }

    /// The value of a variable; an empty one counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Names and values of all.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a variable of libpq says which server or database to use.
    pub fn names_a_server(&self) -> bool {
        [
            "PGHOST",
            "PGHOSTADDR",
            "PGPORT",
            "PGDATABASE",
            "PGUSER",
            "PGSERVICE",
        ]
        .iter()
        .any(|name| self.get(name).is_some())
    }
}

/// `NAME=value` lines: `export ` allowed, `#` comments, single quotes literal, double quotes with `\n \t \" \\`.
fn parse(text: &str) -> Vec<(String, String)> {
    let line = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=')?;
        let name = name.trim();
        let is_name = name.chars().enumerate().all(|(at, letter)| {
            letter == '_' || letter.is_ascii_alphabetic() || at > 0 && letter.is_ascii_digit()
        });
        (is_name && !name.is_empty()).then(|| (name.to_owned(), unquoted(value.trim())))
    };
    text.trim_start_matches('\u{FEFF}')
        .lines()
        .filter_map(line)
        .collect()
}

fn unquoted(value: &str) -> String {
    if let Some(inner) = value.strip_prefix('\'') {
        return inner.split('\'').next().unwrap_or_default().to_owned();
    }
    let Some(inner) = value.strip_prefix('"') else {
        let end = value.find(" #").unwrap_or(value.len());
        return value[..end].trim_end().to_owned();
    };
    let mut text = String::new();
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => match letters.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn env_files_have_quotes_comments_and_exports() {
        let text = "# c\nA=1 # one\nexport B='two # 2'\n C = \"th\\nree\\\"\" # x\n1D=no\nE\nF=a=b#c\nG=\n";
        let values = parse(text);
        let expected = [
            ("A", "1"),
            ("B", "two # 2"),
            ("C", "th\nree\""),
            ("F", "a=b#c"),
            ("G", ""),
        ];
        assert_eq!(
            values,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn values_are_not_shown() {
        let variables = Variables::of([("DATABASE_URL", "postgres://u:secret@h/d")]);
        assert_eq!(format!("{variables:?}"), "{\"DATABASE_URL\"}");
        assert!(!variables.names_a_server());
    }
}
