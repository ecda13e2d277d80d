//! How migrations are numbered and how their files are called.
//!
//! The rule: what a pattern writes it also reads, and a pattern that could be read in two ways is none.

mod pattern;
mod slot;
#[cfg(test)]
mod tests;
mod version;

pub use pattern::{DEFAULT_PATTERN, Numbering, Parsed, Pattern, PatternError, Patterns};
pub use version::{SHARED, Version};

/// Which way a migration file goes.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    schemars::JsonSchema,
    serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To the newer state.
    Up,
    /// Back to the state before.
    Down,
}

impl Direction {
    /// `up` or `down`, as file names and the history write it.
    pub fn word(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }
}
