//! Files that correct drift: which of them run in a database. The rule: one that has nothing to correct there is skipped, and
//! the files of a group are one correction.

use std::collections::BTreeMap;

use super::folder::{Folder, Migration};
use super::history::{State, Status};
use super::plan::group_of;

/// Whether a text that corrects drift has something to correct, asked of one correction after the other.
pub type Corrected = Box<dyn FnMut(&str) -> bool + Send>;

/// The corrections of a run.
pub(super) struct Corrections<'r> {
    corrected: Corrected,
    folder: &'r Folder,
    state: &'r State,
    groups: BTreeMap<String, bool>,
}

impl<'r> Corrections<'r> {
    pub(super) fn new(corrected: Corrected, folder: &'r Folder, state: &'r State) -> Self {
        Corrections {
            corrected,
            folder,
            state,
            groups: BTreeMap::new(),
        }
    }

    /// Whether a file of those that come one after the other has to run here.
    pub(super) fn has_something_to_do(&mut self, migration: &Migration) -> bool {
        let Some(group) = group_of(migration) else {
            return self.is_open(&[migration]);
        };
        if let Some(known) = self.groups.get(&group) {
            return *known;
        }
        let files = self.folder.migrations().iter();
        let files: Vec<&Migration> = files
            .filter(|it| group_of(it).as_ref() == Some(&group))
            .collect();
        let is_open = self.is_open(&files);
        self.groups.insert(group, is_open);
        is_open
    }

    fn is_open(&mut self, files: &[&Migration]) -> bool {
        let has_begun = files.iter().any(|file| {
            let row = self.state.get(&file.version);
            row.is_some_and(|row| match row.status {
                Status::Skipped => false,
                // What ran here and was taken back brought the drift back, and that was recorded with it.
                Status::RolledBack => row.statements_done > 0,
                _ => true,
            })
        });
        let bodies: Vec<&str> = files.iter().map(|it| it.up.file.body()).collect();
        // What it speaks of is no drift for the next one, whatever made this one run.
        (self.corrected)(&bodies.join("\n")) || has_begun
    }
}
