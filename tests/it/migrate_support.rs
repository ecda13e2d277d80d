//! A project folder and a database of its own for the tests of the runner.

use crate::support::{TestDatabase, TestServer};
use schemactl::migrate::{
    CatalogResume, Event, Folder, History, Options, Patterns, RollbackTo, RunError, Runner,
    Snapshot, State, Version, Whose,
};
use schemactl::model::Exit;
use schemactl::pg::connect::{Session, Target};
use std::fs;
use std::time::Duration;

pub(crate) struct Project {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) database: TestDatabase<'static>,
    pub(crate) options: Options,
}

impl Project {
    pub(crate) fn new() -> Project {
        Project {
            dir: tempfile::tempdir().unwrap(),
            database: TestServer::get().database(),
            options: Options {
                actor: Some("ana".into()),
                backoff: Duration::from_millis(1),
                ..Options::default()
            },
        }
    }

    /// Writes a pair of hand-written files.
    pub(crate) fn file(&self, stem: &str, up: &str, down: &str) {
        fs::write(self.dir.path().join(format!("{stem}.up.sql")), up).unwrap();
        fs::write(self.dir.path().join(format!("{stem}.down.sql")), down).unwrap();
    }

    pub(crate) fn remove(&self, stem: &str) {
        for way in ["up", "down"] {
            fs::remove_file(self.dir.path().join(format!("{stem}.{way}.sql"))).unwrap();
        }
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::load(self.dir.path(), &Patterns::default()).unwrap()
    }

    pub(crate) async fn session(&self) -> Session {
        let target = Target::parse(&self.database.url()).unwrap();
        Session::connect(&target, "schemactl test").await.unwrap()
    }

    pub(crate) async fn apply(&self) -> Result<Vec<String>, RunError> {
        self.apply_telling(&mut |_| {}).await
    }

    pub(crate) async fn apply_telling(
        &self,
        events: &mut (dyn FnMut(&Event<'_>) + Send),
    ) -> Result<Vec<String>, RunError> {
        let session = self.session().await;
        let history = History::open(&session, "schemactl").await?;
        let mut runner = Runner::new(
            &session,
            history,
            self.options.clone(),
            &CatalogResume,
            events,
        )
        .with_snapshots(&|session, _| Box::pin(tables(session)));
        texts(runner.apply(&self.folder(), None, None).await)
    }

    pub(crate) async fn rollback(&self, to: RollbackTo) -> Result<Vec<String>, RunError> {
        let session = self.session().await;
        let history = History::open(&session, "schemactl").await?;
        let mut events = |_: &Event<'_>| {};
        let mut runner = Runner::new(
            &session,
            history,
            self.options.clone(),
            &CatalogResume,
            &mut events,
        )
        .with_snapshots(&|session, _| Box::pin(tables(session)));
        texts(
            runner
                .rollback(&self.folder(), &to, &Whose::default())
                .await,
        )
    }

    pub(crate) async fn state(&self) -> State {
        let session = self.session().await;
        let history = History::open(&session, "schemactl").await.unwrap();
        history.state(&session).await.unwrap()
    }

    /// What the catalog of the newest snapshot says, and what the tables of schema public are now.
    pub(crate) async fn snapshot_and_tables(&self) -> (Option<String>, String) {
        let session = self.session().await;
        let history = History::open(&session, "schemactl").await.unwrap();
        let snapshot = history.snapshot(&session).await.unwrap();
        let now = tables(&session).await.unwrap();
        (
            snapshot.map(|(_, catalog)| String::from_utf8(catalog).unwrap()),
            String::from_utf8(now.catalog).unwrap(),
        )
    }

    pub(crate) fn psql(&self, sql: &str) -> String {
        self.database.psql(sql)
    }
}

fn texts(versions: Result<Vec<Version>, RunError>) -> Result<Vec<String>, RunError> {
    Ok(versions?.iter().map(Version::to_string).collect())
}

/// A catalog that is small enough for these tests: the relations of schema public. Unqualified on purpose: it shows
/// that the file's `search_path` is gone when the snapshot is taken.
async fn tables(session: &Session) -> Result<Snapshot, (miette::Report, Exit)> {
    let rows = session
        .texts(
            "SELECT coalesce(string_agg(c.oid::regclass::text, ',' ORDER BY c.relname COLLATE \"C\"), '') \
             FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace",
        )
        .await
        .map_err(|error| (miette::Report::new(error), Exit::Failed))?;
    let catalog = rows[0][0].clone().unwrap_or_default();
    Ok(Snapshot {
        fingerprint: schemactl::migrate::sha256_hex(&catalog),
        format: 1,
        server_version_num: i32::try_from(session.server_version_num()).unwrap(),
        catalog: catalog.into_bytes(),
    })
}
