//! What the databases of one cluster share: roles, their memberships and settings. A run in another of them may have done
//! already what a migration has still to do here: that is no drift.

use crate::migrate::{Folder, MigrationFile, State, Status};
use crate::model::ObjectId;
use crate::sql::references::has_word;

/// The texts of what has still to run in a database.
#[derive(Debug, Clone, Default)]
pub struct Coming(Vec<String>);

/// Which way a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// What is pending runs.
    Up,
    /// What is applied is taken back.
    Down,
}

impl Coming {
    /// What may run on this course.
    pub fn of(folder: &Folder, state: &State, course: Course) -> Coming {
        let migrations = folder.migrations().iter().filter(|it| {
            let row = state.rows.get(&it.version);
            row.is_some_and(|row| Status::is_in(row.status)) == (course == Course::Down)
        });
        let files = migrations.filter_map(|it| match course {
            Course::Up => Some(&it.up.file),
            Course::Down => it.down.as_ref().map(|down| &down.file),
        });
        Coming(files.map(MigrationFile::body).map(str::to_owned).collect())
    }

    /// Whether it speaks of something that belongs to the cluster.
    pub fn speaks_of(&self, id: &ObjectId) -> bool {
        let speaks = |text: &String| id.ancestors().all(|it| has_word(text, &it.name));
        id.is_of_cluster() && self.0.iter().any(speaks)
    }
}
