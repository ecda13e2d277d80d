//! What a piece of work on scratch is at, for whoever shows it: the library tells, and never prints.

use std::fmt;

use crate::migrate::Direction;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase<'p> {
    /// What the files declare is made.
    Declared,
    /// What is there already is made.
    Before,
    /// A plan runs, and its way back.
    Proof,
    /// A migration runs.
    File {
        /// `000003_user_phone`.
        label: &'p str,
        /// Which way.
        direction: Direction,
        /// Which one it is in its folder, from 1.
        number: usize,
        /// How many there are.
        of: usize,
    },
}

/// Who hears of it.
pub struct Listener(Box<dyn Fn(&Phase<'_>) + Send + Sync>);

impl Listener {
    /// Somebody who does this with what is told.
    pub fn new(hear: impl Fn(&Phase<'_>) + Send + Sync + 'static) -> Listener {
        Listener(Box::new(hear))
    }

    /// Tells it.
    pub fn tell(&self, phase: &Phase<'_>) {
        (self.0)(phase);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Listener")
    }
}
