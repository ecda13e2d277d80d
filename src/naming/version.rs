//! The version of a migration: its number, timestamp or date as text, compared by value, and the service whose file it is.
//!
//! The rule: `3`, `003` and `000003` are the same version, so that a change of width or a person's short form never
//! makes a second one; `auth/3` is another one than `crm/3`.

use std::cmp::Ordering;
use std::fmt;

/// What people call the part of a project that belongs to no service: `shared/3`, `--service shared`.
pub const SHARED: &str = "shared";

/// A version as the file name and the history write it, with its service; printed as `000003` or `auth/000003`.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema, serde::Deserialize)]
#[serde(into = "String", from = "String")]
pub struct Version {
    service: String,
    text: String,
}

impl Version {
    /// A version of no service from its text, such as `000003` or `20240101_001`.
    pub fn new(text: impl Into<String>) -> Version {
        Version {
            service: String::new(),
            text: text.into(),
        }
    }

    /// The same number of a service; an empty one is that of a project without services, and of what they share.
    #[must_use]
    pub fn of(mut self, service: &str) -> Version {
        service.clone_into(&mut self.service);
        self
    }

    /// The service; empty where there is none.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The version with a word for what belongs to no service: `shared/000003`, as headers of other services name it.
    pub fn said(&self) -> String {
        match self.service.is_empty() {
            true => format!("{SHARED}/{}", self.text),
            false => self.to_string(),
        }
    }

    /// The number, timestamp or date as it was given, without the service.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The parts that order versions: runs of digits without leading zeros, and what stands between them.
    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let mut rest = self.text.as_str();
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
        let service = self.service.cmp(&other.service);
        service.then_with(|| self.parts().cmp(other.parts()))
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
        if !self.service.is_empty() {
            write!(f, "{}/", self.service)?;
        }
        f.write_str(&self.text)
    }
}

impl From<&str> for Version {
    fn from(text: &str) -> Self {
        match text.rsplit_once('/') {
            Some((SHARED, text)) => Version::new(text),
            Some((service, text)) => Version::new(text).of(service),
            None => Version::new(text),
        }
    }
}

impl From<String> for Version {
    fn from(text: String) -> Self {
        Version::from(text.as_str())
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
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
        let auth = Version::from("auth/3");
        assert_eq!((auth.service(), auth.as_str()), ("auth", "3"));
        assert_eq!(auth, Version::new("000003").of("auth"));
        assert_ne!(auth, Version::from("crm/3"));
        assert_eq!(Version::from("shared/3"), Version::from("3"));
        assert_eq!(auth.to_string(), "auth/3");
    }
}
