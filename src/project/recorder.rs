//! What a run records of the database: what its files speak of as it is now, and of all else what was recorded before. So what
//! somebody does by hand stays drift, whether it was done before the run or meanwhile, and whatever it is called after it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::reached::{Reached, is_schema, speaks_of};
use super::touched::touches;
use super::{
    Carried, Coming, Course, Declared, Hands, ProjectError, Unrecorded, Workspace,
    cut_to_comparable, recorded_as_declared, snapshot_of, strangers, with_record,
};
use crate::config::ConfigError;
use crate::diff::compare;
use crate::kind::language::Desired;
use crate::kind::row::cut_to_common;
use crate::kind::{Addresses, Catalog, Object};
use crate::migrate::{HistoryError, HookError, Snapshot, SnapshotHead, SnapshotHook, SoFar, State};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::rows::introspect_here_with;
use crate::sql::references::words;

/// What a run records, from how its database was found.
#[derive(Debug, Clone)]
pub struct Recorder {
    /// The project's hands as the KDL has them now, without what strangers made.
    pub hands: Hands,
    /// What the files say.
    pub desired: Desired,
    /// The database before the run, where nothing but its files changes it.
    found: Option<Catalog>,
    /// Where the last record found its objects: what is drift now keeps that.
    addresses: Addresses,
    /// What had wandered off before the run, and the run that left it as it should be.
    older: BTreeMap<ObjectId, String>,
    /// A point that the run takes the database back to, and what was recorded there.
    there: Option<(String, Catalog)>,
}

impl Hands {
    /// The hands before a run: what stands in the database beside what was recorded stays out of the next record.
    fn before_run(
        mut self,
        catalog: &Catalog,
        recorded: Option<&Catalog>,
        desired: &Desired,
        coming: &Coming,
        unrecorded: &Unrecorded,
    ) -> Hands {
        self.left_alone = strangers(catalog, recorded, &self, desired);
        let both: Vec<&Catalog> = recorded.into_iter().chain([catalog]).collect();
        let explained = unrecorded.explained(&both);
        self.left_alone.retain(|id| !explained.holds(id));
        if let Some(recorded) = recorded {
            let (mut recorded, mut found) = (recorded.clone(), self.of(catalog, desired));
            cut_to_comparable(&mut recorded, &mut found);
            let both = [&recorded, &found];
            self.carried = Carried::of(&recorded, &found, |id| {
                self.leaves_between(id, desired, both)
                    || coming.speaks_of(id)
                    || explained.holds(id)
            });
        }
        self
    }
}

impl Recorder {
    /// One that records all that is in these hands.
    pub fn new(hands: Hands, desired: Desired) -> Recorder {
        Recorder {
            hands,
            desired,
            found: None,
            addresses: Addresses::default(),
            older: BTreeMap::new(),
            there: None,
        }
    }

    /// The recorder of a run that begins. `read` gives the catalog, with what the record knows of hand-written objects, and
    /// the state of the history. What the run does on its `course` to things of the cluster may be done already.
    ///
    /// # Errors
    /// Mistakes of the KDL files, a record that can't be read, and what `read` says.
    pub async fn begin<E: From<ProjectError> + From<HistoryError>>(
        workspace: &Workspace,
        declared: Result<Declared, ProjectError>,
        schema: &str,
        snapshot: Option<&(SnapshotHead, Vec<u8>)>,
        course: Course,
        read: impl AsyncFnOnce(&Desired) -> Result<(Catalog, State), E>,
    ) -> Result<Recorder, E> {
        let (mut hands, desired) = match declared {
            Ok(declared) => (workspace.hands(), declared.desired),
            // Only the generated files were brought along, or nothing else can be read: what they run needs no more.
            Err(ProjectError::Config(ConfigError::MissingFiles { .. }) | ProjectError::Kdl(_)) => {
                (workspace.hands().all(), Desired::default())
            }
            Err(error) => return Err(error.into()),
        };
        let recorded = snapshot
            .map(|snapshot| recorded_as_declared(schema, snapshot, &desired))
            .transpose()?;
        if let Some(recorded) = &recorded {
            hands = hands.remembering(recorded);
        }
        let known = with_record(&desired, schema, snapshot)?;
        let (catalog, state) = read(&known).await?;
        // Rows of a table that the files do not have any more are the record's until it goes.
        let rows = known.into_owned().rows;
        let folder = workspace.migrations();
        let unrecorded = Unrecorded::of(folder.as_ref().ok(), &state);
        let coming = folder.map(|folder| Coming::of(&folder, &state, course));
        let coming = coming.unwrap_or_default();
        let hands = hands.before_run(&catalog, recorded.as_ref(), &desired, &coming, &unrecorded);
        let run = snapshot.map(|(head, _)| head.run(None));
        let known = |id: &ObjectId| recorded.as_ref()?.older.get(id).cloned();
        let off = hands.carried.ids().chain(&hands.left_alone);
        let older = off.filter_map(|id| Some((id.clone(), known(id).or_else(|| run.clone())?)));
        let older = older.collect();
        let here = recorded.filter(|it| it.origin.database == catalog.origin.database);
        Ok(Recorder {
            older,
            addresses: here.map(|it| it.addresses).unwrap_or_default(),
            found: Some(catalog),
            ..Recorder::new(hands, Desired { rows, ..desired })
        })
    }

    /// The same where more than the files changes the database meanwhile: all that is new after the run is its own.
    #[must_use]
    pub fn with_helpers(mut self) -> Recorder {
        self.found = None;
        self
    }

    /// The same for a run that takes the database back to a point of the history: what is not as it was recorded there is
    /// drift, as it was then.
    #[must_use]
    pub fn returning_to(mut self, mark: &str, recorded: Catalog) -> Recorder {
        // What comes back was in the project's hands then.
        self.hands = self.hands.remembering(&recorded);
        self.there = Some((mark.to_owned(), recorded));
        self
    }

    /// Reads the catalog in the runner's transaction and gives what is recorded of it.
    pub fn hook(self) -> Box<SnapshotHook<'static>> {
        let kept = Arc::new(self);
        Box::new(
            move |session: &Session,
                  so_far: &SoFar|
                  -> BoxFuture<'_, Result<Snapshot, HookError>> {
                let (kept, so_far) = (kept.clone(), so_far.clone());
                Box::pin(async move {
                    let catalog = introspect_here_with(session, &kept.desired).await;
                    let catalog = catalog.map_err(|error| {
                        let exit = error.exit();
                        (miette::Report::new(error), exit)
                    })?;
                    let mut record = kept.record_of(&catalog, &so_far);
                    let is_there = |id: &ObjectId| record.holds(id);
                    record.addresses = catalog.addresses.of_those(is_there, &kept.addresses);
                    let is_off = |id: &ObjectId| record.get(id) != catalog.get(id);
                    let older = kept.older.iter().filter(|(id, _)| is_off(id));
                    record.older = older.map(|(id, run)| (id.clone(), run.clone())).collect();
                    Ok(snapshot_of(&record))
                })
            },
        )
    }

    fn record_of(&self, now: &Catalog, so_far: &SoFar) -> Catalog {
        let (hands, desired) = (&self.hands, &self.desired);
        if let Some((_, recorded)) = self
            .there
            .as_ref()
            .filter(|(mark, _)| so_far.mark() == Some(mark))
        {
            let now = hands.of(now, desired);
            return Carried::since(recorded, &now, |id| hands.leaves(id, desired)).onto(
                now,
                |_| true,
                |_| false,
            );
        }
        let Some(found) = &self.found else {
            return hands
                .carried
                .onto(hands.of(now, desired), |_| true, |_| false);
        };
        let renamed = found.addresses.renamed_in(&now.addresses);
        let is_touched = |id: &ObjectId| so_far.changes().iter().any(|it| touches(it, id));
        let is_named = |id: &ObjectId| so_far.spoken().says(&id.name);
        let mut own = hands.following(&renamed);
        // Under the name of what was recorded, and was gone or called otherwise, it is that again.
        own.left_alone.retain(|id| {
            !is_touched(id) && !hands.carried.records(id) && !self.addresses.knows(id)
        });
        let after = own.of(now, desired);
        let carried = hands
            .carried
            .following(&renamed, |id| self.addresses.knows(id));
        let strange = self.meanwhile(found, &after, so_far);
        strange.onto(
            carried.onto(after, is_named, is_touched),
            |_| true,
            |_| false,
        )
    }

    /// What somebody else changed while the files ran: no word of them speaks of it, nor of anything that it stands on.
    fn meanwhile(&self, found: &Catalog, after: &Catalog, so_far: &SoFar) -> Carried {
        let (hands, desired) = (&self.hands, &self.desired);
        let spoken = so_far.spoken();
        let mut before = hands.of(found, desired);
        let mut after = after.clone();
        cut_to_common(&mut before, &mut after);
        let both = [&before, &after];
        let of_kind = |kind| both.into_iter().flat_map(move |it| it.of_kind(kind));
        let routines = [Kind::Function, Kind::Procedure, Kind::Aggregate];
        let calls = || {
            let mut routines = routines.into_iter().flat_map(of_kind);
            routines.any(|(id, _)| spoken.says(&id.name))
        };
        // A trigger or a rule may run one of these for a row.
        let changes_rows = || ROWS.iter().any(|word| spoken.says(word));
        let makes = || of_kind(Kind::Function).any(|(_, function)| makes_objects(function));
        let listens = || of_kind(Kind::EventTrigger).next().is_some();
        if spoken.hides() || listens() || (calls() || changes_rows()) && makes() {
            return Carried::default();
        }
        let is_named = |it: &ObjectId| speaks_of(spoken, it, |name| is_schema(name, &both));
        let is_strange = |id: &ObjectId| {
            id.schema().is_some()
                && !matches!(id.kind, Kind::Schema | Kind::DefaultPrivilege)
                && !hands.leaves(id, desired)
                && !id
                    .ancestors()
                    .any(|it| (it.kind == Kind::Index || it == id.whole()) && is_named(it))
        };
        let strange: BTreeSet<ObjectId> = compare(&before, &after)
            .into_keys()
            .filter(is_strange)
            .collect();
        if strange.is_empty() {
            return Carried::default();
        }
        let reached = Reached::by(spoken, &both);
        Carried::since(&before, &after, |id| {
            !strange.contains(id) || reached.holds(id)
        })
    }
}

/// The words of statements that may run a routine for a row.
const ROWS: &[&str] = &[
    "insert", "update", "delete", "merge", "copy", "refresh", "select", "default",
];

/// Whether a routine may make, change or drop objects.
fn makes_objects(function: &Object) -> bool {
    let Object::Function(function) = function else {
        return false;
    };
    let body = function.code.body.as_deref().unwrap_or_default();
    words(&body.to_lowercase()).any(|word| ["create", "alter", "drop", "execute"].contains(&word))
}
