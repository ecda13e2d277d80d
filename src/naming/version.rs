//! The version of a migration: its number, timestamp or date as text, compared by value.
//!
//! The rule: `3`, `003` and `000003` are the same version, so that a change of width or a person's short form never
//! makes a second one.

use std::cmp::Ordering;
use std::fmt;

/// A version as the file name and the history write it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Version(String);

impl Version {
    /// A version from its text, such as `000003` or `20240101_001`.
    pub fn new(text: impl Into<String>) -> Version {
        Version(text.into())
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts that order versions: runs of digits without leading zeros, and what stands between them.
    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let mut rest = self.0.as_str();
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let digits = first.is_ascii_digit();
            let end = rest
                .find(|c: char| c.is_ascii_digit() != digits)
                .unwrap_or(rest.len());
            let (part, more) = rest.split_at(end);
            rest = more;
            Some(if digits {
                let digits = part.trim_start_matches('0');
                Part::Number(digits.len(), digits)
            } else {
                Part::Text(part)
            })
        })
    }
}

/// Numbers compare by length before digits, which is by value since leading zeros are gone.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Number(usize, &'a str),
    Text(&'a str),
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(other.parts())
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Version {
    fn from(text: &str) -> Self {
        Version::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_value() {
        assert_eq!(Version::from("3"), Version::from("000003"));
        assert!(Version::from("9") < Version::from("000010"));
        assert!(Version::from("20240101_2") < Version::from("20240101_010"));
        assert!(Version::from("20240101") < Version::from("20240101_001"));
        assert_ne!(Version::from("0"), Version::from(""));
    }
}
