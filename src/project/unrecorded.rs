//! What ran in a database and stands in no record yet: of an interrupted run, of a script that somebody else ran, of a statement
//! outside a transaction that failed half-way. What those files speak of is theirs, and no drift; all else is what it is.

use super::reached::Reached;
use crate::kind::Catalog;
use crate::migrate::{Folder, Row, State, Status};
use crate::model::{Kind, ObjectId};
use crate::sql::spoken::Spoken;

/// The texts of what ran and is not recorded.
#[derive(Debug, Clone, Default)]
pub struct Unrecorded {
    /// What each speaks of; whole files that came after the record are one.
    files: Vec<Spoken>,
    /// Whether they are whole files that came after the record, which may have changed any part of what they name.
    is_behind: bool,
    /// Whether there is more than the texts show.
    hides: bool,
}

impl Unrecorded {
    /// What ran since the record of a history's state, whatever way it went.
    pub fn of(folder: Option<&Folder>, state: &State) -> Unrecorded {
        let since = match (&state.snapshot, state.snapshot_is_current()) {
            (Some(_), true) => None,
            (Some(head), false) => Some(Some(head.at)),
            (None, _) => Some(None),
        };
        let is_newer = |row: &&Row| match since {
            None => false,
            Some(None) => true,
            // When a migration was taken back its row does not tell.
            Some(at) => row.applied_at > at || row.status == Status::RolledBack,
        };
        let mut found = Unrecorded {
            is_behind: since.is_some(),
            ..Unrecorded::default()
        };
        for row in state.rows.values() {
            let file = folder.and_then(|folder| folder.get(&row.version));
            let alone = file.is_some_and(|it| it.up.file.header().no_transaction());
            let open = match row.status {
                Status::Running => true,
                Status::Failed => alone,
                _ => false,
            };
            if !open && !is_newer(&row) {
                continue;
            }
            let Some(file) = file else {
                found.hides |= found.is_behind;
                continue;
            };
            let both = [Some(&file.up), file.down.as_ref()].into_iter().flatten();
            for body in both.map(|it| it.file.body()) {
                // A statement that failed has done at most what it says.
                match found.files.first_mut().filter(|_| found.is_behind) {
                    Some(all) => all.hear(body),
                    None => found.files.push(Spoken::of(body)),
                }
            }
        }
        found
    }

    /// What may be as it is because of that, in the catalogs that are compared, the live one last.
    pub(super) fn explained<'u>(&'u self, catalogs: &[&'u Catalog]) -> Explained<'u> {
        let behind = self.files.first().filter(|_| self.is_behind);
        let reached = behind.map(|spoken| Reached::by(spoken, catalogs));
        Explained {
            unrecorded: self,
            reached: reached.unwrap_or_default(),
            catalogs: catalogs.to_vec(),
        }
    }

    /// Whether all may be as it is because of that.
    fn hides(&self) -> bool {
        self.hides || self.is_behind && self.files.iter().any(Spoken::hides)
    }
}

/// What may be as it is because of what ran and stands in no record.
pub(super) struct Explained<'u> {
    unrecorded: &'u Unrecorded,
    reached: Reached,
    catalogs: Vec<&'u Catalog>,
}

impl Explained<'_> {
    /// Whether an object is among it.
    pub(super) fn holds(&self, id: &ObjectId) -> bool {
        let Unrecorded {
            files, is_behind, ..
        } = self.unrecorded;
        let speaks = |file: &Spoken| {
            id.ancestors()
                .filter(|it| it.kind != Kind::Schema && !it.name.is_empty())
                .all(|it| file.says(&it.name))
        };
        self.unrecorded.hides()
            || self.reached.holds(id) && !self.is_unsaid_part(id)
            || !is_behind && files.iter().any(speaks)
    }

    /// Whether it is a part of a table that was there before and after, which no statement changes without its name: a
    /// column, or an index that is gone while its columns are not.
    fn is_unsaid_part(&self, id: &ObjectId) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        let stays = |it: &ObjectId| self.catalogs.iter().all(|catalog| catalog.contains(it));
        let is_gone = |it: &ObjectId| self.catalogs.last().is_some_and(|live| !live.contains(it));
        let loses_column = || {
            let all = self.catalogs.iter();
            let mut needed = all.flat_map(|catalog| catalog.dependencies_of(id));
            needed.any(|it| it.kind == Kind::Column && is_gone(it) && self.says(it))
        };
        let is_bound = match id.kind {
            Kind::Column => true,
            Kind::Index => is_gone(id) && !loses_column(),
            _ => false,
        };
        let takes_along = self.unrecorded.files.iter().any(Spoken::takes_along);
        is_bound && stays(table) && !takes_along && !self.says(id)
    }

    fn says(&self, id: &ObjectId) -> bool {
        self.unrecorded.files.iter().any(|file| file.says(&id.name))
    }
}
