//! A database of a project.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::{Error, Project};
use crate::author::{Request, author, proven, script};
use crate::config::Strategy;
use crate::diff;
use crate::kind::language::Desired;
use crate::kind::{Catalog, HazardClass};
use crate::migrate::file::Proof;
use crate::migrate::{
    ApplyTo, CatalogResume, Event, Folder, History, Options, Runner, State, Values, Version,
    plan_apply, report,
};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::introspect::{IntrospectError, introspect_shared};
use crate::pg::rows::{Within, read_all};
use crate::project::{
    Course, Recorder, ScratchDatabases, Standing, base_of_live, drift_hook, refuse_rows_known_anew,
    surroundings, with_record,
};

/// How long a statement waits for its lock: whoever waits for an exclusive lock keeps all that come later waiting as well.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
const LOCK_RETRIES: u32 = 3;
const BACKOFF: Duration = Duration::from_secs(1);
/// How long others may go on changing the schema before it is read, and the pause before it is read again.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(250);

/// A database of a project, connected.
pub struct Database {
    project: Project,
    pub(super) session: Session,
}

/// How migrations are applied.
#[derive(Debug, Clone)]
pub struct Apply {
    /// Who it is done for, as the history shall name them: the service and its version.
    pub actor: Option<String>,
    /// How long to wait while another instance runs migrations.
    pub wait: Duration,
    /// Whether files may run whose header says that rows or values are lost.
    pub allow_data_loss: bool,
    /// Whether files may run that were edited since they were proven, or never proven: those of other tools are not.
    pub allow_unproven: bool,
    /// What `${env:NAME}` in a migration stands for.
    pub values: BTreeMap<String, String>,
}

impl Default for Apply {
    fn default() -> Apply {
        Apply {
            actor: None,
            wait: Duration::from_secs(60),
            allow_data_loss: false,
            allow_unproven: false,
            values: BTreeMap::new(),
        }
    }
}

/// A migration that would run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// Its version.
    pub version: Version,
    /// `000003_user_phone`.
    pub label: String,
    /// Its statements, without the header.
    pub sql: String,
    /// Whether it is one transaction.
    pub transaction: bool,
    /// The hazards that its header says, `data-loss drop-column column auth.users.phone: its values are gone`.
    pub hazards: Vec<String>,
    /// Whether it is as it was when it was proven.
    pub proven: bool,
}

/// Where a database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The newest migration of each service that has one; of a project without services, under an empty name.
    pub at: BTreeMap<String, Version>,
    /// The migrations that would run.
    pub pending: Vec<Version>,
    /// The migrations whose file is another one than ran.
    pub altered: Vec<Version>,
    /// The migrations that ran and have no file here: the database is newer than this program.
    pub missing: Vec<Version>,
    /// A migration that is running, or was interrupted outside of a transaction.
    pub interrupted: Option<Version>,
}

/// What happens to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What it is, `table`.
    pub kind: Kind,
    /// Where it is, `auth.users`.
    pub path: String,
    /// What happens.
    pub change: diff::Change,
}

/// What leads from the database to what the KDL files say.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Difference {
    /// The objects that differ.
    pub changes: Vec<Change>,
    /// The statements that lead there.
    pub up: String,
    /// The statements that lead back.
    pub down: String,
    /// Whether rows or values would be lost.
    pub loses_data: bool,
    /// How it was proven, `up and down on PostgreSQL 15.18, 12 of 12 tables seeded`.
    pub proven: String,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("project", &self.project.workspace.project.name.value)
            .finish_non_exhaustive()
    }
}

impl Database {
    pub(super) fn new(project: Project, session: Session) -> Database {
        Database { project, session }
    }

    /// Everything of the database that is in the project's hands.
    ///
    /// # Errors
    /// [`Error::Read`].
    pub async fn inspect(&self) -> Result<Catalog, Error> {
        let catalog = self.catalog(PATIENCE).await?;
        let hands = self.project.workspace.hands().all();
        Ok(hands.of(&catalog, &Desired::default()))
    }

    /// Where the database stands: what ran, and what is pending.
    ///
    /// # Errors
    /// [`Error::Migrations`] and [`Error::History`].
    pub async fn status(&self) -> Result<Status, Error> {
        let folder = self.project.workspace.migrations()?;
        let (_, state) = self.history().await?;
        let told = report(&folder, &state);
        let versions = |is: fn(&crate::migrate::plan::Line) -> bool| {
            let lines = told.lines.iter().filter(|line| is(line));
            lines.map(|line| line.version.clone()).collect()
        };
        Ok(Status {
            pending: versions(|line| line.pending),
            altered: versions(|line| line.altered),
            missing: versions(|line| line.missing),
            interrupted: state.half_done().map(|row| row.version.clone()),
            at: told.at.0,
        })
    }

    /// The migrations that [`Database::apply`] would run, in their order.
    ///
    /// # Errors
    /// [`Error::Migrations`] and [`Error::History`].
    pub async fn plan(&self) -> Result<Vec<Pending>, Error> {
        let folder = self.project.workspace.migrations()?;
        let (_, state) = self.history().await?;
        pending(&folder, &state)
    }

    /// Applies what is pending and gives the versions that ran. Each transaction is whole or not there at all; what happens is
    /// told to `events` as it happens.
    ///
    /// # Errors
    /// [`Error::Run`] with the statement that failed and its place; [`Error::LosesData`], [`Error::Unproven`] and
    /// [`Error::Protected`] before anything ran.
    pub async fn apply(
        &mut self,
        options: &Apply,
        events: &mut (dyn for<'e> FnMut(&Event<'e>) + Send),
    ) -> Result<Vec<Version>, Error> {
        self.session.refuse_unfit().await?;
        let workspace = &self.project.workspace;
        let folder = workspace.migrations()?;
        let (history, state) = self.history().await?;
        refuse_protected(&state)?;
        let pending = pending(&folder, &state)?;
        refuse(&pending, options)?;
        if pending.is_empty() {
            return Ok(Vec::new());
        }
        let recorder = self.recorder(&history, &state, options.wait).await?;
        let snapshots = recorder.hook();
        let snapshot = history.snapshot(&self.session).await?;
        let drifted = drift_hook(workspace, &folder, &state, snapshot);
        let run = Options {
            actor: options.actor.clone(),
            wait: Some(options.wait),
            lock_timeout: Some(LOCK_TIMEOUT),
            lock_retries: LOCK_RETRIES,
            backoff: BACKOFF,
            values: options.values.clone().into_iter().collect::<Values>(),
            ..Options::default()
        };
        // Another instance may have run some of them while this one waited.
        let expected: Vec<Version> = pending.into_iter().map(|it| it.version).collect();
        let mut runner = Runner::new(&self.session, history, run, &CatalogResume, events)
            .with_snapshots(&*snapshots)
            .with_drift(&*drifted);
        Ok(runner
            .apply(&folder, ApplyTo::Last, Some(&expected))
            .await?)
    }

    /// What leads from the database to what the KDL files say, proven up and down on a scratch database; none where the database
    /// is what they say. Nothing is changed and nothing written.
    ///
    /// # Errors
    /// [`Error::Project`] where the database is behind its migrations or has drifted; [`Error::Files`], [`Error::Author`];
    /// [`Error::Scratch`] where there is no PostgreSQL to try it out on.
    pub async fn diff(&self) -> Result<Option<Difference>, Error> {
        let workspace = &self.project.workspace;
        let declared = workspace.declared()?;
        let folder = workspace.migrations()?.check()?;
        let (history, state) = self.history().await?;
        let snapshot = history.snapshot(&self.session).await?;
        let known = with_record(&declared.desired, history.schema(), snapshot.as_ref())?;
        refuse_rows_known_anew(&known, &declared.desired)?;
        let catalog = self.catalog_with(&known, PATIENCE).await?;
        let policy = self.project.scratch_policy()?;
        let mut databases =
            ScratchDatabases::open(&policy, Some(&self.session), state.protected).await?;
        databases
            .act_as(&catalog.origin.role, &self.session)
            .await?;
        let role = databases.role().to_owned();
        let name = self.session.target().database();
        let standing = Standing::of(
            workspace,
            &folder,
            &state,
            (name, &catalog),
            snapshot.as_ref(),
        );
        let (hands, managed) = workspace.hands().of_history(
            &catalog,
            &declared.desired,
            standing.history_schema,
            standing.snapshot,
        )?;
        databases.surround_with(surroundings(&catalog, &managed, &declared.desired));
        let base = base_of_live(&standing, &hands, &declared.desired, &databases).await?;
        let says = |id: &ObjectId, owner: Option<&ObjectId>| base.hands.says_of(id, owner);
        let managed = base.hands.managed(&says);
        let request = Request {
            base: &base.catalog,
            desired: &declared.desired,
            managed: &managed,
            role: &role,
            online: workspace.project.policies(None)?.strategy() == Strategy::Online,
            arrangement: None,
        };
        let authored = author(&databases, &request, &mut Default::default()).await?;
        Ok(authored.map(|authored| Difference {
            changes: authored
                .changes
                .iter()
                .map(|(id, change)| Change {
                    kind: id.kind,
                    path: id.path(),
                    change: *change,
                })
                .collect(),
            loses_data: authored
                .up
                .hazards()
                .any(|hazard| hazard.class == HazardClass::DataLoss),
            up: script(&authored.up),
            down: script(&authored.down),
            proven: proven(&authored.proof),
        }))
    }

    pub(super) async fn history(&self) -> Result<(History, State), Error> {
        let schema = &self.project.workspace.project.history_schema;
        let history = History::open(&self.session, schema).await?;
        let state = history.state(&self.session).await?;
        Ok((history, state))
    }

    /// Everything in the database; others may go on changing its schema for so long.
    async fn catalog(&self, patience: Duration) -> Result<Catalog, Error> {
        let started = Instant::now();
        loop {
            match introspect_shared(&self.session).await {
                Err(IntrospectError::Changing) if started.elapsed() < patience => {
                    tokio::time::sleep(PAUSE).await;
                }
                read => return Ok(read?),
            }
        }
    }

    async fn catalog_with(&self, desired: &Desired, patience: Duration) -> Result<Catalog, Error> {
        let mut catalog = self.catalog(patience).await?;
        read_all(&self.session, &mut catalog, desired, Within::Nothing).await?;
        Ok(catalog)
    }

    /// What a run records; a service may have brought its migrations alone, without the KDL files.
    async fn recorder(
        &self,
        history: &History,
        state: &State,
        patience: Duration,
    ) -> Result<Recorder, Error> {
        let snapshot = history.snapshot(&self.session).await?;
        let read =
            async |known: &Desired| Ok((self.catalog_with(known, patience).await?, state.clone()));
        let workspace = &self.project.workspace;
        let schema = history.schema();
        let declared = workspace.declared();
        Recorder::begin(
            workspace,
            declared,
            schema,
            snapshot.as_ref(),
            Course::Up,
            read,
        )
        .await
    }
}

/// Refuses a database that remembers a protected environment.
pub(super) fn refuse_protected(state: &State) -> Result<(), Error> {
    match state.protected {
        true => Err(Error::Protected {
            environment: state.environment.clone().unwrap_or_default(),
        }),
        false => Ok(()),
    }
}

fn pending(folder: &Folder, state: &State) -> Result<Vec<Pending>, Error> {
    let pending = plan_apply(folder, state, &ApplyTo::Last)?;
    let told = pending.into_iter().map(|pending| {
        let migration = pending.migration;
        let file = &migration.up.file;
        Pending {
            version: migration.version.clone(),
            label: migration.label(),
            sql: file.body().to_owned(),
            transaction: !file.header().no_transaction(),
            hazards: file.header().all("hazard").map(str::to_owned).collect(),
            proven: matches!(file.proof(), Proof::Proven(_)),
        }
    });
    Ok(told.collect())
}

fn refuse(pending: &[Pending], options: &Apply) -> Result<(), Error> {
    let unproven: Vec<String> = pending
        .iter()
        .filter(|it| !it.proven)
        .map(|it| it.label.clone())
        .collect();
    if !options.allow_unproven && !unproven.is_empty() {
        return Err(Error::Unproven { files: unproven });
    }
    let losses: Vec<String> = pending
        .iter()
        .flat_map(|it| it.hazards.iter().map(move |hazard| (it, hazard)))
        .filter(|(_, hazard)| hazard.starts_with("data-loss "))
        .map(|(it, hazard)| format!("{}: {hazard}", it.label))
        .collect();
    if !options.allow_data_loss && !losses.is_empty() {
        return Err(Error::LosesData { hazards: losses });
    }
    Ok(())
}
