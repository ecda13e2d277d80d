//! What a run has run: what its files speak of tells which changes of the catalog are its own.

use crate::sql::changes::{Change, change};
use crate::sql::lexer::significant;
use crate::sql::split::statements;
use crate::sql::spoken::Spoken;

/// What ran since a run began, and the point of the history that it has come to.
#[derive(Debug, Clone, Default)]
pub struct SoFar {
    mark: Option<String>,
    spoken: Spoken,
    changes: Vec<Change>,
}

impl SoFar {
    /// The point of the history, where one is recorded.
    pub fn mark(&self) -> Option<&str> {
        self.mark.as_deref()
    }

    /// What its files speak of.
    pub fn spoken(&self) -> &Spoken {
        &self.spoken
    }

    /// What its statements say that they change.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(super) fn reach(&mut self, mark: Option<&str>) {
        self.mark = mark.map(str::to_owned);
    }

    pub(super) fn note(&mut self, script: &str) {
        for statement in statements(script) {
            let tokens = significant(statement);
            self.changes.extend(change(&tokens));
            self.spoken.hear_statement(&tokens);
        }
    }
}
