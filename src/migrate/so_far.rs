//! What a run has run: the words of its files tell which changes of the catalog are its own.

use std::collections::BTreeSet;

use crate::sql::changes::{Change, changes};
use crate::sql::lexer::{Token, significant};
use crate::sql::references::{hides_among, words};

/// What ran since a run began, and the point of the history that it has come to.
#[derive(Debug, Clone, Default)]
pub struct SoFar {
    mark: Option<String>,
    /// In lower case.
    words: BTreeSet<String>,
    changes: Vec<Change>,
    hides: bool,
}

impl SoFar {
    /// The point of the history, where one is recorded.
    pub fn mark(&self) -> Option<&str> {
        self.mark.as_deref()
    }

    /// Whether it may have done more than its words tell.
    pub fn hides(&self) -> bool {
        self.hides
    }

    /// Whether it speaks of a name; of one without letters and digits nobody can tell.
    pub fn says(&self, name: &str) -> bool {
        words(&name.to_lowercase()).all(|word| self.words.contains(word))
    }

    /// What its statements say that they change.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(super) fn reach(&mut self, mark: Option<&str>) {
        self.mark = mark.map(str::to_owned);
    }

    pub(super) fn note(&mut self, script: &str) {
        self.changes.extend(changes(script));
        let script = script.to_lowercase();
        let tokens = significant(&script);
        self.hides |= hides_among(&tokens) || tokens.iter().any(is_called_otherwise);
        for word in words(&script) {
            // What an extension's script makes is not always its member.
            self.hides |= word == "extension";
            if !self.words.contains(word) {
                self.words.insert(word.to_owned());
            }
        }
    }
}

/// Whether PostgreSQL calls something otherwise than the text: a name that it cuts, and one with escapes.
fn is_called_otherwise(token: &Token<'_>) -> bool {
    let is_cut = token.is_ident() && token.text.trim_matches('"').len() > 63;
    is_cut || token.text.starts_with("u&\"")
}

#[cfg(test)]
mod tests {
    use super::SoFar;

    #[test]
    fn a_run_speaks_of_the_words_of_its_files() {
        let mut so_far = SoFar::default();
        so_far.note("CREATE TABLE app.\"Two Words\" (a int);");
        assert!(so_far.says("two words") && so_far.says("Two Words") && so_far.says("+"));
        assert!(!so_far.says("two_words") && !so_far.hides());
        so_far.note("DO $$BEGIN END$$");
        assert!(so_far.hides());
    }
}
