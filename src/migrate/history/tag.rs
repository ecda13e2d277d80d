//! Names of points: `schemactl tag release-3` makes `release-3` a word for the version that the database is at, or, where
//! there are services, for the version that each of them is at.
//!
//! The rule: a tag is an event, so it is never altered, only followed by another one; and its name can't be taken for a
//! version.

use super::{EventRow, Point, State};
use crate::migrate::{Folder, FolderError, Version};
use crate::model::Exit;
use miette::Diagnostic;
use std::collections::BTreeMap;
use thiserror::Error;

/// The action of the events that tags are.
pub(in crate::migrate) const TAG: &str = "tag";
/// The outcome of one that names a point.
pub(in crate::migrate) const TAGGED: &str = "tagged";
/// The outcome of one that takes the name away.
pub(in crate::migrate) const UNTAGGED: &str = "untagged";

/// The longest name.
const LONGEST: usize = 100;

/// A point with a name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Tag {
    /// The version that was the newest there.
    pub version: Version,
    /// The version of each service, where the whole database was named.
    pub point: Option<Point>,
    /// Since when it has the name (UTC).
    pub at: jiff::Timestamp,
    /// Who gave it.
    pub by: String,
}

/// Why a point can't be named, or a name leads nowhere.
#[derive(Debug, Error, Diagnostic)]
pub enum TagError {
    /// It could be taken for something else.
    #[error("`{name}` can't be the name of a point")]
    #[diagnostic(
        code(tag::name),
        help(
            "a name begins with a letter or digit and holds letters, digits, `.`, `_`, `-` and `/`, at most 100, such as `1.4.0` or `release-3`; digits alone are a version"
        )
    )]
    Name {
        /// The name.
        name: String,
    },
    /// Another point has the name.
    #[error("`{name}` is a word for {version} already, since {since}")]
    #[diagnostic(
        code(tag::taken),
        help("take another name, or move this one with `--move`; nothing was changed")
    )]
    Taken {
        /// The name.
        name: String,
        /// What it stands for.
        version: String,
        /// Since when.
        since: String,
    },
    /// Nothing is applied.
    #[error("no migration is applied, so there is no point to name")]
    #[diagnostic(code(tag::nowhere), help("run `schemactl apply` first"))]
    Nowhere,
    /// The version is not in the database.
    #[error("{version} is not applied, so it is no point of this database")]
    #[diagnostic(
        code(tag::not_applied),
        help("`schemactl status` shows what is applied; nothing was changed")
    )]
    NotApplied {
        /// The version.
        version: String,
    },
    /// No point has the name.
    #[error("nothing is called `{name}` in this database{}", near.as_ref().map(|near| format!("; `{near}`?")).unwrap_or_default())]
    #[diagnostic(
        code(tag::unknown),
        help(
            "`schemactl status` shows the versions, `schemactl tag` the names that this database has for them"
        )
    )]
    Unknown {
        /// The name.
        name: String,
        /// One that is alike.
        near: Option<String>,
    },
}

impl TagError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            TagError::Name { .. } | TagError::Unknown { .. } => Exit::Input,
            TagError::Taken { .. } | TagError::Nowhere | TagError::NotApplied { .. } => {
                Exit::Refused
            }
        }
    }
}

/// Refuses names that could be taken for a version, or do strange things in a terminal.
///
/// # Errors
/// [`TagError::Name`].
pub fn check_tag(name: &str) -> Result<(), TagError> {
    let letter = |letter: char| letter.is_alphanumeric() || "._-/".contains(letter);
    // Digits alone are a version, also with a date before them; `1.4.0` is what people call a release.
    let is_word = name.contains(|it: char| it == '.' || it.is_alphabetic());
    if name.starts_with(char::is_alphanumeric)
        && is_word
        && name.chars().all(letter)
        && name.chars().count() <= LONGEST
    {
        return Ok(());
    }
    Err(TagError::Name {
        name: name.to_owned(),
    })
}

/// The names that events leave, the newest of each counting.
pub(super) fn tags_of(events: Vec<EventRow>) -> BTreeMap<String, Tag> {
    let mut tags = BTreeMap::new();
    for event in events {
        let name = event.detail.as_ref().and_then(|it| it.get("tag")?.as_str());
        let (Some(name), Some(version)) = (name, event.version) else {
            continue;
        };
        if event.outcome == UNTAGGED {
            tags.remove(name);
            continue;
        }
        let point = event.detail.as_ref().and_then(|it| it.get("point"));
        let tag = Tag {
            version: Version::new(version).of(event.service.as_deref().unwrap_or_default()),
            point: point.and_then(|it| serde_json::from_value(it.clone()).ok()),
            at: event.at,
            by: event.actor.unwrap_or(event.by_role),
        };
        tags.insert(name.to_owned(), tag);
    }
    tags
}

/// What a person means by a version or a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// One migration.
    Version(Version),
    /// A point of the whole database.
    Point(Point),
}

impl Tag {
    /// What the name stands for.
    pub fn goal(&self) -> Goal {
        match &self.point {
            Some(point) => Goal::Point(point.clone()),
            None => Goal::Version(self.version.clone()),
        }
    }
}

impl State {
    /// What a person means: a version that files or history have (of `service`, where that was named), else the point of
    /// that name.
    ///
    /// # Errors
    /// [`FolderError::Ambiguous`], [`FolderError::Tag`].
    pub fn goal(
        &self,
        folder: &Folder,
        text: &str,
        service: Option<&str>,
    ) -> Result<Goal, FolderError> {
        let version = folder.meant(text, service)?;
        if let Some(migration) = folder.get(&version) {
            return Ok(Goal::Version(migration.version.clone()));
        }
        let is_of_service = text
            .split_once('/')
            .is_some_and(|(before, _)| folder.service(before).is_ok());
        if let Some(tag) = self.tags.get(text).filter(|_| !is_of_service) {
            return Ok(tag.goal());
        }
        // What can be no name is told as the version that it is not.
        if self.get(&version).is_some() || is_of_service || check_tag(text).is_err() {
            return Ok(Goal::Version(version));
        }
        let near = self
            .tags
            .keys()
            .map(|name| (strsim::jaro_winkler(name, text), name))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(alike, _)| *alike > 0.8)
            .map(|(_, name)| name.clone());
        Err(TagError::Unknown {
            name: text.to_owned(),
            near,
        }
        .into())
    }

    /// The version that a person means, where a point of the whole database is none.
    ///
    /// # Errors
    /// As of [`State::goal`].
    pub fn version(
        &self,
        folder: &Folder,
        text: &str,
        service: Option<&str>,
    ) -> Result<Version, FolderError> {
        match self.goal(folder, text, service)? {
            Goal::Version(version) => Ok(version),
            Goal::Point(_) => Err(FolderError::Version {
                version: text.to_owned(),
            }),
        }
    }

    /// The names of a version, in order.
    pub fn tags_of<'s>(&'s self, version: &'s Version) -> impl Iterator<Item = &'s str> {
        self.tags
            .iter()
            .filter(move |(_, tag)| tag.version == *version)
            .map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_versions_and_no_terminal_codes() {
        for good in ["release-3", "v1.2", "1.4.0", "2026a", "größe", "team/x_1"] {
            assert!(check_tag(good).is_ok(), "{good}");
        }
        let long = "a".repeat(101);
        for bad in [
            "",
            "3",
            "000003",
            "20260101_001",
            "-x",
            ".x",
            "a b",
            "a\u{1b}[1m",
            &long,
        ] {
            assert!(check_tag(bad).is_err(), "{bad:?}");
        }
    }
}
