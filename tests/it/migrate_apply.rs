//! Applying and taking back: rows, events and snapshots tell the truth, whatever the file does.

use crate::migrate_support::Project;
use schemactl::migrate::{
    ApplyTo, CatalogResume, Event, FolderError, History, Problem, RollbackTo, RunError, Runner,
    Status, Version,
};
use schemactl::model::Exit;
use std::fs;

fn three() -> Project {
    let project = Project::new();
    project.file(
        "000001_a",
        "CREATE TABLE public.a (id int PRIMARY KEY);",
        "DROP TABLE public.a;",
    );
    project.file(
        "000002_b",
        "SET LOCAL search_path = public;\nSET LOCAL check_function_bodies = off;\nCREATE TABLE b (id int);\n\
         -- schemactl:verify SELECT count(*) = 0 FROM b\n-- schemactl:report SELECT 7 AS seven\n",
        "DROP TABLE public.b;",
    );
    project.file(
        "000003_c",
        "-- schemactl:no-transaction\n\nCREATE INDEX CONCURRENTLY a_ix ON public.a (id);",
        "-- schemactl:no-transaction\n\nDROP INDEX CONCURRENTLY public.a_ix;",
    );
    project
}

#[tokio::test]
async fn files_run_once_and_return() {
    let project = three();
    let mut reports = Vec::new();
    let applied = project
        .apply_telling(&mut |event| {
            if let Event::Report { columns, rows, .. } = event {
                reports.push((columns.to_vec(), rows.to_vec()));
            }
        })
        .await
        .unwrap();
    assert_eq!(applied, ["000001", "000002", "000003"]);
    assert_eq!(
        reports,
        [(vec!["seven".to_owned()], vec![vec![Some("7".to_owned())]])]
    );
    assert!(project.apply().await.unwrap().is_empty());
    let state = project.state().await;
    let row = state.get(&"3".into()).unwrap();
    assert_eq!(
        (row.status, row.actor.as_deref()),
        (Status::Applied, Some("ana"))
    );
    assert_eq!(row.statements_done, 1);
    assert!(
        row.applied_at.is_some() && row.execution_time_ms.is_some() && row.applied_by.is_some()
    );
    let (snapshot, tables) = project.snapshot_and_tables().await;
    assert_eq!(snapshot, Some(tables));
    assert!(state.snapshot_is_current());

    assert_eq!(
        project
            .rollback(RollbackTo::Version("1".into()))
            .await
            .unwrap(),
        ["000003", "000002"]
    );
    assert_eq!(project.state().await.at(""), Some(&Version::from("1")));
    let (snapshot, tables) = project.snapshot_and_tables().await;
    assert_eq!(snapshot.as_deref(), Some("public.a,public.a_pkey"));
    assert_eq!(snapshot, Some(tables));
    assert_eq!(project.rollback(RollbackTo::All).await.unwrap(), ["000001"]);
    assert_eq!(project.apply().await.unwrap().len(), 3);
    assert_eq!(
        project.psql(
            "SELECT string_agg(action || ':' || outcome, ' ' ORDER BY id) FROM schemactl.events"
        ),
        "apply:applied apply:applied apply:applied rollback:rolled_back rollback:rolled_back rollback:rolled_back \
         apply:applied apply:applied apply:applied"
    );
    assert_eq!(
        project.psql("SELECT detail->'reports'->0->'rows' FROM schemactl.events WHERE detail IS NOT NULL LIMIT 1"),
        "[[\"7\"]]"
    );
}

#[tokio::test]
async fn a_failure_leaves_the_state_before_the_file_and_says_where_it_is() {
    let project = three();
    project.file(
        "000002_b",
        "CREATE TABLE public.b (id int);\nINSERT INTO public.b\n  VALUES ('x');",
        "",
    );
    let error = project.apply().await.unwrap_err();
    assert_eq!(error.exit(), Exit::Failed);
    let RunError::Statement(error) = error else {
        panic!("{error}")
    };
    assert!(error.file.ends_with("/000002_b.up.sql"), "{}", error.file);
    assert_eq!((error.line, error.number), (3, 2));
    assert_eq!(error.sql.sqlstate.as_deref(), Some("22P02"));
    assert_eq!(
        &error.source_code.inner()[error.span.offset()..][..3],
        "'x'"
    );
    let state = project.state().await;
    assert_eq!(state.at(""), Some(&Version::from("1")));
    let row = state.get(&"2".into()).unwrap();
    assert_eq!(
        (row.status, row.sqlstate.as_deref(), row.statements_done),
        (Status::Failed, Some("22P02"), 1)
    );
    assert!(
        state.snapshot_is_current(),
        "the catalog after the first file was recorded"
    );
    let (snapshot, tables) = project.snapshot_and_tables().await;
    assert_eq!(snapshot.as_deref(), Some("public.a,public.a_pkey"));
    assert_eq!(snapshot, Some(tables));
    project.file(
        "000002_b",
        "CREATE TABLE public.b (id int);",
        "DROP TABLE public.b;",
    );
    assert_eq!(project.apply().await.unwrap(), ["000002", "000003"]);
}

#[tokio::test]
async fn checks_must_give_one_true() {
    let project = Project::new();
    for (check, got) in [
        ("SELECT false", "false"),
        ("SELECT NULL::boolean", "null"),
        ("SELECT true WHERE false", "no row"),
        ("SELECT true FROM generate_series(1, 2)", "2 rows"),
        ("SELECT 1", "`1`"),
    ] {
        project.file(
            "000001_a",
            &format!("CREATE TABLE public.a ();\n-- schemactl:verify {check}"),
            "",
        );
        match project.apply().await {
            Err(RunError::Verify {
                line: 2,
                got: found,
                ..
            }) => assert_eq!(found, got),
            other => panic!("{other:?}"),
        }
    }
    project.file("000001_a", "CREATE TABLE public.a ();", "");
    project.file(
        "000002_b",
        "-- schemactl:before SELECT false\nCREATE TABLE public.b ();",
        "",
    );
    let error = project.apply().await.unwrap_err();
    assert!(matches!(error, RunError::Before { .. }), "{error}");
    assert_eq!(error.exit(), Exit::Refused);
    assert_eq!(project.psql("SELECT to_regclass('public.a') IS NULL"), "t");
}

#[tokio::test]
async fn deferred_constraints_fail_inside_their_file() {
    let project = Project::new();
    project.file(
        "000001_a",
        "CREATE TABLE public.a (id int PRIMARY KEY, b int REFERENCES public.a DEFERRABLE INITIALLY DEFERRED);\n\
         INSERT INTO public.a VALUES (1, 2);",
        "",
    );
    let error = project.apply().await.unwrap_err();
    let RunError::Statement(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.sql.sqlstate.as_deref(), Some("23503"));
    assert_eq!(project.psql("SELECT to_regclass('public.a') IS NULL"), "t");
}

#[tokio::test]
async fn a_hidden_commit_is_caught() {
    let project = Project::new();
    // With the setting off, the server ends the string before the COMMIT; by the standard it goes on after it.
    project.file(
        "000001_a",
        "SET LOCAL standard_conforming_strings = off;\nCREATE TABLE public.a ();\nSELECT 'a\\''; COMMIT; --';",
        "DROP TABLE public.a;",
    );
    let error = project.apply().await.unwrap_err();
    assert!(matches!(error, RunError::HiddenCommit { .. }), "{error}");
    assert_eq!(
        project.state().await.get(&"1".into()).unwrap().status,
        Status::Failed
    );
}

#[tokio::test]
async fn settings_and_roles_of_a_file_end_with_it() {
    let project = Project::new();
    let role = format!("{}_r", project.database.name());
    project.psql(&format!(
        "CREATE ROLE {role}; GRANT CREATE ON SCHEMA public TO {role}"
    ));
    project.file(
        "000001_a",
        &format!("SET search_path = public;\nSET ROLE {role};\nCREATE TABLE a ();"),
        "DROP TABLE public.a;",
    );
    project.file("000002_b", "CREATE TABLE b ();", "");
    let error = project.apply().await.unwrap_err();
    let RunError::Statement(error) = error else {
        panic!("{error}")
    };
    assert!(error.file.ends_with("/000002_b.up.sql"), "{}", error.file);
    assert_eq!(error.sql.sqlstate.as_deref(), Some("3F000"));
    assert!(error.help.contains("search_path"), "{}", error.help);
    assert_eq!(
        project.psql("SELECT tableowner FROM pg_tables WHERE tablename = 'a'"),
        role
    );
    project.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test]
async fn an_interrupted_index_is_resumed_by_the_catalog() {
    let project = three();
    project.file("000003_c", "SELECT 1;", "SELECT 1;");
    project.apply().await.unwrap();
    let up =
        "-- schemactl:no-transaction\n\nCREATE UNIQUE INDEX CONCURRENTLY b_ix ON public.b (id);";
    project.file(
        "000004_d",
        up,
        "-- schemactl:no-transaction\n\nDROP INDEX CONCURRENTLY public.b_ix;",
    );
    // A duplicate makes the build fail in its last phase: an invalid index stays.
    project.psql("INSERT INTO public.b VALUES (1), (1)");
    let error = project.apply().await.unwrap_err();
    assert!(
        matches!(&error, RunError::Statement(e) if e.sql.is(&["23505"])),
        "{error}"
    );
    let valid = "SELECT coalesce(bool_and(indisvalid)::text, 'none') FROM pg_index WHERE indexrelid = to_regclass('public.b_ix')";
    assert_eq!(project.psql(valid), "false");
    project.psql("DELETE FROM public.b");
    for row in ["failed", "running"] {
        // As if the client had been killed: a `running` row and an invalid index.
        project.psql(&format!(
            "UPDATE schemactl.migrations SET status = '{row}' WHERE version = '000004'"
        ));
        assert_eq!(project.apply().await.unwrap(), ["000004"]);
        assert_eq!(project.psql(valid), "true");
        project.psql(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.b_ix'::regclass",
        );
    }
    // The statement had ended, its row had not been written.
    project.psql(
        "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'public.b_ix'::regclass;
         UPDATE schemactl.migrations SET status = 'running' WHERE version = '000004'",
    );
    let mut resumed = Vec::new();
    let ran = project
        .apply_telling(&mut |event| {
            if let Event::Resumed { status, .. } = event {
                resumed.push(*status);
            }
        })
        .await
        .unwrap();
    assert!(ran.is_empty());
    assert_eq!(resumed, [Status::Applied]);
    // The way back was interrupted after the index was gone.
    project.psql(
        "UPDATE schemactl.migrations SET status = 'running', direction = 'down' WHERE version = '000004';
         DROP INDEX public.b_ix",
    );
    assert_eq!(project.apply().await.unwrap(), ["000004"]);
    assert_eq!(project.psql(valid), "true");
    // What the catalog can't tell is a person's to say, unless the file says how to ask.
    for (done, expected) in [
        ("", None),
        (
            "-- schemactl:done-when SELECT true\n",
            Some(Status::Applied),
        ),
    ] {
        let sql = format!("-- schemactl:no-transaction\n\n{done}CREATE DATABASE x;");
        project.psql(&format!(
            "UPDATE schemactl.migrations SET status = 'running', direction = 'up', up_sql = $${sql}$$ WHERE version = '000004'"
        ));
        match (project.apply().await, expected) {
            (Err(error @ RunError::Interrupted { .. }), None) => {
                assert_eq!(error.exit(), Exit::Interrupted)
            }
            (Ok(_), Some(status)) => assert_eq!(
                project.state().await.get(&"4".into()).unwrap().status,
                status
            ),
            (other, _) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn rollback_takes_stored_sql_and_whole_groups() {
    let project = Project::new();
    project.file(
        "000001_a",
        "CREATE TABLE public.a ();",
        "DROP TABLE public.a;",
    );
    for (part, stem) in [(1, "000002_b"), (2, "000003_c")] {
        let name = &stem[7..];
        project.file(
            stem,
            &format!("-- schemactl:group g1 {part}/2\n\nCREATE TABLE public.{name} ();"),
            &format!("DROP TABLE public.{name};"),
        );
    }
    project.apply().await.unwrap();
    for stem in ["000002_b", "000003_c"] {
        project.remove(stem);
    }
    let error = project.apply().await.unwrap_err();
    assert!(
        matches!(
            &error,
            RunError::Folder(FolderError::Problems { problems, .. }) if matches!(&problems[..], [Problem::Ahead { .. }])
        ),
        "{error}"
    );
    assert_eq!(
        project.rollback(RollbackTo::Steps(1)).await.unwrap(),
        ["000003", "000002"]
    );
    assert_eq!(
        project
            .psql("SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'public'"),
        "a"
    );
}

#[tokio::test]
async fn a_way_back_that_nobody_proved_gives_way_to_the_stored_one() {
    let project = three();
    project.apply().await.unwrap();
    let (up, down) = (
        "-- schemactl:no-transaction\n\nCREATE INDEX CONCURRENTLY a_ix ON public.a (id);",
        "DROP TABLE public.a CASCADE;",
    );
    project.file("000003_c", up, down);
    assert_eq!(
        project.rollback(RollbackTo::Steps(1)).await.unwrap(),
        ["000003"]
    );
    assert_eq!(
        project.psql("SELECT to_regclass('public.a'), to_regclass('public.a_ix')"),
        "a|"
    );
    // What was stored is replaced when it runs again.
    project.apply().await.unwrap();
    assert_eq!(
        project.psql("SELECT down_sql FROM schemactl.migrations WHERE version = '000003'"),
        down
    );
}

#[tokio::test]
async fn a_failed_way_back_changes_nothing() {
    let project = three();
    project.file(
        "000003_c",
        "-- schemactl:no-transaction\n\nCREATE INDEX CONCURRENTLY a_ix ON public.a (id);",
        "DO $$ BEGIN RAISE 'no way back'; END $$;",
    );
    project.apply().await.unwrap();
    let error = project.rollback(RollbackTo::All).await.unwrap_err();
    assert!(error.to_string().contains("no way back"), "{error}");
    let state = project.state().await;
    assert_eq!(state.at(""), Some(&Version::from("3")));
    assert_eq!(
        project.psql(
            "SELECT count(*) FROM schemactl.events WHERE action = 'rollback' AND outcome = 'failed'"
        ),
        "1"
    );
}

#[tokio::test]
async fn what_does_not_fit_the_history_is_refused() {
    let project = three();
    project.apply().await.unwrap();
    project.file("000002_b", "CREATE TABLE public.other ();", "");
    project.file("000004_d", "CREATE TABLE public.d ();", "");
    let error = project.apply().await.unwrap_err();
    assert_eq!(error.exit(), Exit::Refused);
    let RunError::Folder(FolderError::Problems { problems, .. }) = error else {
        panic!()
    };
    assert!(
        matches!(&problems[..], [Problem::Altered { file, .. }] if file == "000002_b.up.sql"),
        "{problems:?}"
    );
    // Said to be meant, it is as good as before.
    let session = project.session().await;
    let history = History::open(&session, "schemactl").await.unwrap();
    let mut events = |_: &Event<'_>| {};
    let mut runner = Runner::new(
        &session,
        history,
        project.options.clone(),
        &CatalogResume,
        &mut events,
    );
    runner
        .restamped(&project.folder(), &["2".into()])
        .await
        .unwrap();
    assert_eq!(project.apply().await.unwrap(), ["000004"]);

    project.psql("UPDATE schemactl.migrations SET status = 'rolled_back' WHERE version = '000003'");
    let error = project.apply().await.unwrap_err();
    let RunError::Folder(FolderError::Problems { problems, .. }) = error else {
        panic!()
    };
    assert!(
        matches!(&problems[..], [Problem::OutOfOrder { file, .. }] if file == "000003_c.up.sql"),
        "{problems:?}"
    );
}

#[tokio::test]
async fn folder_problems_and_bad_files_run_nothing() {
    let project = three();
    fs::remove_file(project.dir.path().join("000002_b.down.sql")).unwrap();
    fs::remove_file(project.dir.path().join("000002_b.up.sql")).unwrap();
    project.file("000003_x", "SELECT 1;", "");
    let error = project.apply().await.unwrap_err();
    let RunError::Folder(FolderError::Problems { problems, .. }) = error else {
        panic!("{error}")
    };
    assert_eq!(problems.len(), 2, "a gap and a duplicate: {problems:?}");
    project.remove("000003_x");
    project.file("000002_b", "SELECT 1;\nCOMMIT;", "");
    let error = project.apply().await.unwrap_err();
    assert_eq!(error.exit(), Exit::Input);
    assert_eq!(project.psql("SELECT to_regclass('public.a') IS NULL AND to_regclass('schemactl.migrations') IS NOT NULL"), "t");
}

#[tokio::test]
async fn a_lock_timeout_is_tried_again() {
    let mut project = three();
    project.apply().await.unwrap();
    project.file(
        "000004_d",
        "ALTER TABLE public.a ADD COLUMN x int;",
        "ALTER TABLE public.a DROP COLUMN x;",
    );
    project.options.lock_timeout = Some(std::time::Duration::from_millis(30));
    project.options.lock_retries = 2;
    let other = project.session().await;
    other.execute("BEGIN; LOCK TABLE public.a").await.unwrap();
    let mut retries = 0;
    let error = project
        .apply_telling(&mut |event| retries += usize::from(matches!(event, Event::Retry { .. })))
        .await
        .unwrap_err();
    assert_eq!((retries, error.exit()), (2, Exit::Busy), "{error}");
    // The other session lets go at the first retry.
    let (release, released) = std::sync::mpsc::channel();
    let watcher = tokio::spawn(async move {
        tokio::task::spawn_blocking(move || released.recv())
            .await
            .unwrap()
            .unwrap();
        other.execute("COMMIT").await.unwrap();
    });
    project.options.lock_retries = 50;
    let applied = project
        .apply_telling(&mut |event| {
            if let Event::Retry { attempt: 2, .. } = event {
                release.send(()).unwrap();
            }
        })
        .await
        .unwrap();
    assert_eq!(applied, ["000004"]);
    watcher.await.unwrap();
}

#[tokio::test]
async fn a_stop_cancels_the_statement() {
    let project = Project::new();
    project.file(
        "000001_a",
        "CREATE TABLE public.a ();\nSELECT pg_catalog.pg_sleep(600);",
        "",
    );
    let session = project.session().await;
    let history = History::open(&session, "schemactl").await.unwrap();
    let (stop, stopping) = tokio::sync::watch::channel(false);
    // The first statement is done, so the long one is about to be sent.
    let mut events = |event: &Event<'_>| {
        if let Event::StatementDone { .. } = event {
            let stop = stop.clone();
            tokio::spawn(async move { stop.send_replace(true) });
        }
    };
    let mut runner = Runner::new(
        &session,
        history,
        project.options.clone(),
        &CatalogResume,
        &mut events,
    )
    .with_stop(stopping);
    let error = runner
        .apply(&project.folder(), None, None)
        .await
        .unwrap_err();
    assert_eq!(error.exit(), Exit::Interrupted, "{error}");
    assert_eq!(project.psql("SELECT to_regclass('public.a') IS NULL"), "t");
    assert_eq!(
        project.state().await.get(&"1".into()).unwrap().status,
        Status::Failed
    );
}

#[tokio::test]
async fn a_baseline_is_recorded_and_not_run() {
    let project = three();
    let session = project.session().await;
    let history = History::open(&session, "schemactl").await.unwrap();
    let mut events = |_: &Event<'_>| {};
    let mut runner = Runner::new(
        &session,
        history,
        project.options.clone(),
        &CatalogResume,
        &mut events,
    );
    project.psql("CREATE TABLE public.a (id int PRIMARY KEY)");
    let recorded = runner
        .baseline(&project.folder(), &ApplyTo::Version("1".into()))
        .await
        .unwrap();
    assert_eq!(recorded, ["000001".into()]);
    assert_eq!(project.apply().await.unwrap(), ["000002", "000003"]);
    assert_eq!(
        project.rollback(RollbackTo::All).await.unwrap(),
        ["000003", "000002"]
    );
    assert_eq!(
        project.psql("SELECT to_regclass('public.a') IS NOT NULL"),
        "t"
    );
    assert!(matches!(
        project.rollback(RollbackTo::Version("0".into())).await,
        Err(RunError::Folder(FolderError::NotApplied { .. }))
    ));
}

#[tokio::test]
async fn only_what_was_agreed_to_runs() {
    let project = three();
    let session = project.session().await;
    let history = History::open(&session, "schemactl").await.unwrap();
    let mut events = |_: &Event<'_>| {};
    let mut runner = Runner::new(
        &session,
        history,
        project.options.clone(),
        &CatalogResume,
        &mut events,
    );
    let agreed = [Version::from("1"), Version::from("2")];
    let error = runner
        .apply(&project.folder(), None, Some(&agreed))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, RunError::PlanChanged { versions } if versions == &["000003_c"]),
        "{error}"
    );
    let ran = runner
        .apply(&project.folder(), Some(&"2".into()), Some(&agreed))
        .await
        .unwrap();
    assert_eq!(ran, agreed);
}

#[tokio::test]
async fn a_failure_is_shown_with_its_place() {
    let project = Project::new();
    project.file(
        "000001_a",
        "-- schemactl:author ana\n\nCREATE TABLE public.a (id int UNIQUE);\nINSERT INTO public.a VALUES (1), (1);\n",
        "",
    );
    let error = project.apply().await.unwrap_err();
    let mut text = String::new();
    miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::none())
        .render_report(&mut text, &error)
        .unwrap();
    for part in [
        "apply::statement",
        "000001_a.up.sql:4: duplicate key value violates unique constraint",
        "SQLSTATE 23505",
        "4 | INSERT INTO public.a VALUES (1), (1);",
        "detail: Key (id)=(1) already exists.",
        "rolled back",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[tokio::test]
async fn a_lost_connection_leaves_nothing_behind() {
    let project = Project::new();
    let lose = "SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());";
    project.file(
        "000001_a",
        &format!("CREATE TABLE public.a (id int);\n{lose}"),
        "",
    );
    let error = project.apply().await.unwrap_err();
    assert_eq!(error.exit(), Exit::Connect, "{error}");
    assert!(project.state().await.rows.is_empty());
    project.file("000001_a", "CREATE TABLE public.a (id int);", "");
    // Outside a transaction the `running` row stays, and the next run asks the catalog.
    project.file(
        "000002_b",
        &format!("-- schemactl:no-transaction\n-- schemactl:done-when SELECT false\n\n{lose}"),
        "",
    );
    assert_eq!(project.apply().await.unwrap_err().exit(), Exit::Connect);
    let state = project.state().await;
    assert_eq!(state.get(&"1".into()).unwrap().status, Status::Applied);
    assert_eq!(state.get(&"2".into()).unwrap().status, Status::Running);
    assert!(!state.snapshot_is_current());
    project.file("000002_b", "CREATE TABLE public.b (id int);", "");
    assert_eq!(project.apply().await.unwrap(), ["000002"]);
    assert!(project.state().await.snapshot_is_current());
}
