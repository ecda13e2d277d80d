//! What ran in a database and stands in no record yet: of an interrupted run, of a script that somebody else ran, of a statement
//! outside a transaction that failed half-way. What those files speak of is theirs, and no drift; all else is what it is.

use super::base::is_whole;
use crate::kind::Catalog;
use crate::migrate::{Folder, Row, State, Status};
use crate::model::{Kind, ObjectId};
use crate::sql::references::{has_word, hides};

/// The texts of what ran and is not recorded.
#[derive(Debug, Clone, Default)]
pub struct Unrecorded {
    /// In lower case.
    texts: Vec<String>,
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
                found.hides |= found.is_behind && hides(body);
                found.texts.push(body.to_lowercase());
            }
        }
        found
    }

    /// Whether an object may be as it is because of that. A sequence goes with the table that owns it in one of the catalogs.
    pub fn explains(&self, id: &ObjectId, catalogs: &[&Catalog]) -> bool {
        if self.texts.is_empty() {
            return self.hides;
        }
        let whole = id.ancestors().find(|it| is_whole(it)).unwrap_or(id);
        let owner = catalogs.iter().find_map(|it| it.owned.get(whole));
        let owner = owner.and_then(|column| column.ancestors().find(|it| is_whole(it)));
        let speaks = |text: &String| match self.is_behind {
            true => says(text, &whole.name) || owner.is_some_and(|table| says(text, &table.name)),
            false => id
                .ancestors()
                .filter(|it| it.kind != Kind::Schema && !it.name.is_empty())
                .all(|it| says(text, &it.name)),
        };
        self.hides || self.texts.iter().any(speaks)
    }
}

/// Whether a text in lower case has a name.
fn says(text: &str, name: &str) -> bool {
    has_word(text, &name.to_lowercase())
}
