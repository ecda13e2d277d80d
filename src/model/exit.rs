//! The exit classes that scripts rely on. Every error type of the library maps itself to one of them.

/// The class of an outcome, as the process reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything is as wanted.
    Fine = 0,
    /// The work was tried and failed.
    Failed = 1,
    /// There is something to do: a difference, a drift, a pending migration.
    Todo = 2,
    /// Refused by policy or state; a person's word is needed.
    Refused = 3,
    /// The input is wrong: KDL, SQL or flags.
    Input = 4,
    /// No connection, or rights are missing.
    Connect = 5,
    /// Somebody else holds a lock, or time ran out.
    Busy = 6,
    /// An interruption has to be resolved with `repair`.
    Interrupted = 7,
    /// A bug of schemactl.
    Bug = 70,
}

impl Exit {
    /// The number that the process exits with.
    pub fn code(self) -> u8 {
        self as u8
    }
}
