//! The history's own rules: one at a time, append-only, formats, the remembered environment.

use crate::migrate_support::Project;
use schemactl::migrate::history::Upgrade;
use schemactl::migrate::{
    CatalogResume, Event, EventFilter, History, HistoryError, Lock, LockError, RunError, Runner,
};
use schemactl::model::Exit;
use std::sync::Arc;
use std::time::Duration;

fn one() -> Project {
    let project = Project::new();
    project.file(
        "000001_a",
        "CREATE TABLE public.a ();",
        "DROP TABLE public.a;",
    );
    project
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_applies_run_each_migration_once() {
    let mut project = one();
    for n in 2..=5 {
        project.file(
            &format!("00000{n}_t"),
            &format!("CREATE TABLE public.t{n} (id int);\nSELECT pg_catalog.pg_sleep(0.01);"),
            &format!("DROP TABLE public.t{n};"),
        );
    }
    project.file(
        "000006_ix",
        "-- schemactl:no-transaction\n\nCREATE INDEX CONCURRENTLY ix ON public.t2 (id);",
        "-- schemactl:no-transaction\n\nDROP INDEX CONCURRENTLY public.ix;",
    );
    project.options.wait = Some(Duration::from_secs(120));
    let project = Arc::new(project);
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let project = project.clone();
            tokio::spawn(async move { project.apply().await.unwrap() })
        })
        .collect();
    let mut versions = Vec::new();
    for run in runs {
        versions.extend(run.await.unwrap());
    }
    versions.sort();
    assert_eq!(
        versions,
        ["000001", "000002", "000003", "000004", "000005", "000006"]
    );
    assert_eq!(
        project.psql("SELECT count(*), count(DISTINCT version) FROM schemactl.events"),
        "6|6"
    );
}

#[tokio::test]
async fn a_busy_lock_says_who_holds_it() {
    let project = one();
    let session = project.session().await;
    let lock = Lock::acquire(&session, "schemactl", None, None, |_| {})
        .await
        .unwrap();
    let error = project.apply().await.unwrap_err();
    assert_eq!(error.exit(), Exit::Busy);
    match &error {
        RunError::Lock(LockError::Busy {
            holder: Some(holder),
        }) => {
            assert_eq!(holder.pid, session.backend_pid());
            assert_eq!(holder.user, "postgres");
            assert!(
                !holder.since.is_empty() && holder.query.contains("pg_try_advisory_lock"),
                "{holder}"
            );
        }
        other => panic!("{other}"),
    }
    // Another history schema is another lock.
    let other = project.session().await;
    let second = Lock::acquire(&other, "elsewhere", None, None, |_| {})
        .await
        .unwrap();
    second.release(&other).await.unwrap();
    lock.release(&session).await.unwrap();
    assert_eq!(project.apply().await.unwrap(), ["000001"]);
}

#[tokio::test]
async fn events_are_only_added() {
    let project = one();
    project.apply().await.unwrap();
    for sql in [
        "UPDATE schemactl.events SET outcome = 'x'",
        "DELETE FROM schemactl.events",
        "TRUNCATE schemactl.events",
    ] {
        let error = project.database.try_psql(sql).unwrap_err();
        assert!(error.contains("append-only"), "{error}");
    }
    let session = project.session().await;
    let history = History::open(&session, "schemactl").await.unwrap();
    let events = history
        .events(&session, &EventFilter::default(), 10)
        .await
        .unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].by_role, "postgres");
    assert_eq!(events[0].actor.as_deref(), Some("ana"));
}

#[tokio::test]
async fn a_newer_format_is_refused_and_an_older_one_upgraded() {
    let project = one();
    project.apply().await.unwrap();
    project.psql("UPDATE schemactl.meta SET format = 99");
    let error = project.apply().await.unwrap_err();
    assert!(
        matches!(
            &error,
            RunError::History(HistoryError::Newer { found: 99, .. })
        ),
        "{error}"
    );
    assert_eq!(error.exit(), Exit::Refused);

    project.psql("UPDATE schemactl.meta SET format = 0; ALTER TABLE schemactl.migrations RENAME actor TO who");
    let error = project.apply().await.unwrap_err();
    assert!(
        matches!(
            &error,
            RunError::History(HistoryError::Older { found: 0, .. })
        ),
        "{error}"
    );
    let session = project.session().await;
    let mut history = History::open(&session, "schemactl").await.unwrap();
    let lock = Lock::acquire(&session, "schemactl", None, None, |_| {})
        .await
        .unwrap();
    let wrong = Upgrade {
        from: 0,
        sql: "ALTER TABLE {schema}.migrations RENAME who TO actor; SELECT 1 / 0",
    };
    assert!(history.upgrade(&session, &lock, &[wrong], 1).await.is_err());
    let right = Upgrade {
        from: 0,
        sql: "ALTER TABLE {schema}.migrations RENAME who TO actor",
    };
    history.upgrade(&session, &lock, &[right], 1).await.unwrap();
    lock.release(&session).await.unwrap();
    assert_eq!(project.psql("SELECT format FROM schemactl.meta"), "1");
    assert!(project.apply().await.unwrap().is_empty());
    assert_eq!(history.state(&session).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn the_database_remembers_its_environment() {
    let mut project = one();
    project.options.environment = Some(("production".into(), true));
    project.apply().await.unwrap();
    let state = project.state().await;
    assert_eq!(
        (state.environment.as_deref(), state.protected),
        (Some("production"), true)
    );
    project.file("000002_b", "CREATE TABLE public.b ();", "");
    project.options.environment = Some(("local".into(), false));
    let error = project.apply().await.unwrap_err();
    assert!(
        matches!(&error, RunError::History(HistoryError::Environment { .. })),
        "{error}"
    );
    assert_eq!(error.exit(), Exit::Refused);
    project.options.environment = None;
    assert_eq!(project.apply().await.unwrap(), ["000002"]);
    assert!(project.state().await.protected);
}

#[tokio::test]
async fn the_history_schema_can_be_any_name() {
    let project = one();
    let session = project.session().await;
    let history = History::open(&session, "My \"History\"").await.unwrap();
    assert!(!history.exists());
    let mut events = |_: &Event<'_>| {};
    let mut runner = Runner::new(
        &session,
        history,
        project.options.clone(),
        &CatalogResume,
        &mut events,
    );
    assert_eq!(
        runner
            .apply(&project.folder(), None, None)
            .await
            .unwrap()
            .len(),
        1
    );
    let history = History::open(&session, "My \"History\"").await.unwrap();
    let row = history
        .row(&session, &"000001".into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.up_sql, "CREATE TABLE public.a ();");
    assert_eq!(
        project.psql("SELECT to_regnamespace('schemactl') IS NULL"),
        "t"
    );
}
