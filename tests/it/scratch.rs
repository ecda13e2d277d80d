//! Servers for scratch databases: they start, they are shared or not, and nothing of them is left.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use schemactl::model::Exit;
use schemactl::pg::connect::{Session, Target};
use schemactl::scratch::execute::run_in_order;
use schemactl::scratch::install;
use schemactl::scratch::server::{
    Account, EmbeddedCluster, PREFIX, ScratchError, ScratchPolicy, ThrowawayCluster, open, search,
};

use crate::support::TestServer;

/// A cluster of the newest binaries.
pub(crate) async fn cluster() -> ThrowawayCluster {
    let search = search();
    let binaries = search.found.first().expect("PostgreSQL is installed");
    ThrowawayCluster::start(binaries).await.unwrap()
}

/// Waits for what another process does; there is no event to wait for.
fn eventually(what: &str, done: impl Fn() -> bool) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::yield_now();
    }
}

/// The server's process by its data folder.
fn pid(data: &Path) -> Option<u32> {
    let text = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

async fn databases(session: &Session) -> Vec<String> {
    let rows = session
        .texts("SELECT datname FROM pg_database ORDER BY datname COLLATE \"C\"")
        .await
        .unwrap();
    rows.into_iter()
        .map(|mut row| row.remove(0).unwrap())
        .collect()
}

#[tokio::test]
async fn every_installed_version_gives_a_cluster() {
    let search = search();
    assert!(!search.found.is_empty(), "{:?}", search.skipped);
    for binaries in &search.found {
        let cluster = ThrowawayCluster::start(binaries).await.unwrap();
        assert_eq!(cluster.major(), binaries.major);
        let target = cluster.create_database("Some \"name\"").await.unwrap();
        let session = Session::connect(&target, "test").await.unwrap();
        session
            .execute("CREATE TABLE public.t (a text)")
            .await
            .unwrap();
        let rows = session
            .texts("SELECT current_user, current_setting('server_encoding'), current_setting('fsync'), upper('ä')")
            .await
            .unwrap();
        let shown: Vec<_> = rows[0].iter().flatten().map(String::as_str).collect();
        assert_eq!(shown, ["postgres", "UTF8", "off", "Ä"]);
        drop(session);

        let copy = cluster
            .clone_database("copy", target.database())
            .await
            .unwrap();
        let session = Session::connect(&copy, "test").await.unwrap();
        session.execute("SELECT a FROM public.t").await.unwrap();
        // Dropped although somebody is connected.
        cluster.drop_database("copy").await.unwrap();
        cluster.drop_database(target.database()).await.unwrap();
        assert_eq!(
            databases(cluster.session()).await,
            ["postgres", "template0", "template1"]
        );
    }
}

#[tokio::test]
async fn a_cluster_leaves_nothing_behind() {
    let cluster = cluster().await;
    let folder = cluster.folder().to_owned();
    let pid = pid(&folder.join("data")).unwrap();
    assert!(folder.as_os_str().len() < 80);
    drop(cluster);
    assert!(!folder.exists());
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
}

/// Runs this test binary with one ignored test, whose first line of output it reads; the caller kills it.
fn holder(name: &str, argument: &Path) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            name,
            "--exact",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("SCHEMACTL_TEST_HOLD", argument)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let word = lines
        .map_while(Result::ok)
        .find_map(|line| line.split_once("HOLDS ").map(|(_, word)| word.to_owned()))
        .expect("the child holds something");
    (child, word)
}

#[tokio::test]
#[ignore = "run by `a_killed_owner_takes_its_cluster_along`"]
async fn hold_a_cluster() {
    let cluster = cluster().await;
    println!("HOLDS {}", cluster.folder().display());
    std::future::pending::<()>().await;
}

#[test]
fn a_killed_owner_takes_its_cluster_along() {
    let (mut child, folder) = holder("scratch::hold_a_cluster", Path::new(""));
    let folder = PathBuf::from(folder);
    let pid = pid(&folder.join("data")).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    eventually("the folder goes", || !folder.exists());
    eventually("the server goes", || {
        fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| stat.contains(") Z"))
    });
}

#[tokio::test]
async fn leftovers_are_removed_and_living_clusters_are_not() {
    let living = cluster().await;
    let base = living.folder().parent().unwrap();
    let leftover = base.join(format!("schemactl-pg-left{}", std::process::id()));
    fs::create_dir_all(leftover.join("data")).unwrap();
    File::create(leftover.join("owner.lock")).unwrap();
    let second = cluster().await;
    assert!(!leftover.exists());
    living.session().execute("SELECT 1").await.unwrap();
    second.session().execute("SELECT 1").await.unwrap();
}

#[tokio::test]
async fn a_given_server_gets_databases_that_leave_with_us() {
    let host = cluster().await;
    let policy = ScratchPolicy::Url(host.target("postgres"));
    let admin = Session::connect(&host.target("postgres"), "test")
        .await
        .unwrap();
    let scratch = open(&policy, Some(9), None, false).await.unwrap();
    assert!(!scratch.is_own_cluster() && !scratch.same_major);
    let target = scratch.create_database("ignored", None).await.unwrap();
    assert!(target.database().starts_with(PREFIX));
    let session = Session::connect(&target, "test").await.unwrap();
    session.execute("CREATE TABLE public.t ()").await.unwrap();
    drop(session);

    // What a dead backend kept, and what is older than a day by its name, goes; what a living one keeps stays.
    admin
        .execute(&format!("CREATE DATABASE {PREFIX}ffffffff_dead"))
        .await
        .unwrap();
    admin
        .execute(&format!("COMMENT ON DATABASE {PREFIX}ffffffff_dead IS 'schemactl scratch database of backend 1 2020-01-01'"))
        .await
        .unwrap();
    admin
        .execute(&format!("CREATE DATABASE {PREFIX}1_old"))
        .await
        .unwrap();
    admin
        .execute(&format!("CREATE DATABASE {PREFIX}mine"))
        .await
        .unwrap();
    let second = open(&policy, None, None, false).await.unwrap();
    let left: Vec<_> = databases(&admin)
        .await
        .into_iter()
        .filter(|name| name.starts_with(PREFIX))
        .collect();
    assert_eq!(
        left,
        [target.database().to_owned(), format!("{PREFIX}mine")]
    );
    second.close().await.unwrap();

    drop(scratch);
    let left: Vec<_> = databases(&admin)
        .await
        .into_iter()
        .filter(|name| name.starts_with(PREFIX))
        .collect();
    assert_eq!(left, [format!("{PREFIX}mine")]);
}

#[tokio::test]
async fn who_may_not_create_databases_is_told() {
    let host = cluster().await;
    host.session()
        .execute("CREATE ROLE poor LOGIN")
        .await
        .unwrap();
    let policy = ScratchPolicy::Url(host.target("postgres").with_user("poor", None));
    let error = open(&policy, None, None, false).await.unwrap_err();
    assert!(
        matches!(error, ScratchError::NoCreateDb { .. }),
        "{error:?}"
    );
    assert_eq!(error.exit(), Exit::Connect);
}

#[tokio::test]
async fn the_policy_chooses() {
    let major = search().found[0].major;
    let scratch = open(&ScratchPolicy::Auto, Some(major), None, true)
        .await
        .unwrap();
    assert!(scratch.is_own_cluster() && scratch.same_major);
    assert_eq!(
        scratch.origin,
        format!("PostgreSQL {}, throwaway cluster", scratch.version)
    );

    let error = open(&ScratchPolicy::None, None, None, false)
        .await
        .unwrap_err();
    assert_eq!(error.exit(), Exit::Refused);
    let error = open(
        &ScratchPolicy::Postgres { version: Some(99) },
        None,
        None,
        false,
    )
    .await
    .unwrap_err();
    assert!(
        matches!(&error, ScratchError::VersionMissing { found, .. } if !found.is_empty()),
        "{error:?}"
    );

    // No engine, or an engine that cannot have this image: a typed error either way.
    let image = Some("schemactl.invalid/none:1".to_owned());
    let error = open(&ScratchPolicy::Container { image }, None, None, false)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            ScratchError::Container { .. } | ScratchError::WithoutContainers
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn without_a_target_of_its_major_the_nearest_is_taken() {
    let scratch = open(&ScratchPolicy::Auto, Some(99), None, true)
        .await
        .unwrap();
    assert!(!scratch.same_major);
}

#[tokio::test]
async fn the_targets_server_serves_unless_it_is_protected() {
    let host = cluster().await;
    let target: Target = host.target("postgres");
    // The major of the target is installed, so its server is left alone.
    let scratch = open(&ScratchPolicy::Auto, None, Some(&target), false)
        .await
        .unwrap();
    assert!(scratch.is_own_cluster());
    assert_eq!(scratch.major, host.major());
    // A major that is not installed is proven on the target's own server, before the nearest one.
    let scratch = open(&ScratchPolicy::Auto, Some(99), Some(&target), false)
        .await
        .unwrap();
    assert!(!scratch.is_own_cluster());
    let scratch = open(&ScratchPolicy::Auto, Some(99), Some(&target), true)
        .await
        .unwrap();
    assert!(scratch.is_own_cluster());
}

#[tokio::test]
async fn the_embedded_cluster_is_shared_and_keeps_its_data() {
    let project = tempfile::tempdir().unwrap();
    let _cleaner = DataCleaner(project.path().to_owned());
    let first = EmbeddedCluster::open(project.path(), None).await.unwrap();
    let target = first.database("app").await.unwrap();
    let session = Session::connect(&target, "test").await.unwrap();
    session
        .execute("CREATE TABLE public.t AS SELECT 42 AS a")
        .await
        .unwrap();
    let server = pid(first.data()).unwrap();
    let data = first.data().to_owned();

    let second = EmbeddedCluster::open(project.path(), None).await.unwrap();
    assert_eq!(pid(second.data()), Some(server));
    drop(first);
    session.execute("SELECT a FROM public.t").await.unwrap();
    assert_eq!(second.database("app").await.unwrap().database(), "app");
    drop((session, second));
    assert_eq!(pid(&data), None);

    let again = EmbeddedCluster::open(project.path(), None).await.unwrap();
    let session = Session::connect(&again.database("app").await.unwrap(), "test")
        .await
        .unwrap();
    assert_eq!(
        session
            .texts("SELECT a, current_setting('fsync') FROM public.t")
            .await
            .unwrap()[0]
            .len(),
        2
    );
    assert_eq!(
        session.texts("SHOW fsync").await.unwrap()[0][0].as_deref(),
        Some("on")
    );
}

#[tokio::test]
async fn commands_that_start_at_once_share_one_cluster() {
    let project = tempfile::tempdir().unwrap();
    let _cleaner = DataCleaner(project.path().to_owned());
    let open = || EmbeddedCluster::open(project.path(), None);
    let (one, two, three) = tokio::join!(open(), open(), open());
    let (one, two, three) = (one.unwrap(), two.unwrap(), three.unwrap());
    let (a, b, c) = tokio::join!(
        one.database("app"),
        two.database("app"),
        three.database("app")
    );
    assert_eq!(a.unwrap().label(), b.unwrap().label());
    c.unwrap();
    let data = one.data().to_owned();
    drop((three, one));
    two.session().unwrap().execute("SELECT 1").await.unwrap();
    drop(two);
    assert_eq!(pid(&data), None);
}

#[tokio::test]
#[ignore = "run by `a_killed_command_stops_the_embedded_cluster`"]
async fn hold_an_embedded_cluster() {
    let project = std::env::var_os("SCHEMACTL_TEST_HOLD").unwrap();
    let cluster = EmbeddedCluster::open(Path::new(&project), None)
        .await
        .unwrap();
    println!("HOLDS {}", cluster.data().display());
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_killed_command_stops_the_embedded_cluster() {
    let project = tempfile::tempdir().unwrap();
    let _cleaner = DataCleaner(project.path().to_owned());
    let (mut child, data) = holder("scratch::hold_an_embedded_cluster", project.path());
    let data = PathBuf::from(data);
    let server = pid(&data).unwrap();
    // Another user keeps it alive beyond the one that started it.
    let second = EmbeddedCluster::open(project.path(), None).await.unwrap();
    assert_eq!(pid(&data), Some(server));
    child.kill().unwrap();
    child.wait().unwrap();
    second.session().unwrap().execute("SELECT 1").await.unwrap();
    drop(second);
    assert_eq!(pid(&data), None);

    let (mut child, _) = holder("scratch::hold_an_embedded_cluster", project.path());
    child.kill().unwrap();
    child.wait().unwrap();
    eventually("the server stops", || pid(&data).is_none());
}

/// Under root the data stands outside of the project.
struct DataCleaner(PathBuf);

impl Drop for DataCleaner {
    fn drop(&mut self) {
        if let Ok(text) = fs::read_to_string(self.0.join(".schemactl/location"))
            && Account::find().is_ok_and(|account| account.other)
            && let Some(parent) = Path::new(text.trim()).parent()
        {
            let _ = fs::remove_dir_all(parent);
        }
    }
}

#[tokio::test]
#[ignore = "fetches 25 MB for each version"]
async fn fetched_binaries_run() {
    let folder = tempfile::Builder::new()
        .prefix("schemactl-fetched")
        .tempdir_in("/tmp")
        .unwrap();
    fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    for major in [17, 18] {
        let installed = install::install_into(&major.to_string(), folder.path()).unwrap();
        assert!(installed.fetched);
        assert_eq!(installed.binaries.major, major);
        let cluster = ThrowawayCluster::start(&installed.binaries).await.unwrap();
        let target = cluster.create_database("contrib").await.unwrap();
        let session = Session::connect(&target, "test").await.unwrap();
        session
            .execute("CREATE EXTENSION pgcrypto SCHEMA public")
            .await
            .unwrap();
        assert!(
            !install::install_into(&major.to_string(), folder.path())
                .unwrap()
                .fetched
        );
    }
    let error = install::install_into("99", folder.path()).unwrap_err();
    assert!(
        matches!(&error, ScratchError::Install { next, .. } if next.contains("17")),
        "{error:?}"
    );
    let _ = TestServer::get();
}

#[tokio::test]
#[ignore = "prints how long things take"]
async fn how_long_it_takes() {
    let search_begin = Instant::now();
    let found = search().found;
    println!("search: {:?}", search_begin.elapsed());
    for binaries in &found {
        for round in 0..4 {
            let begin = Instant::now();
            let cluster = ThrowawayCluster::start(binaries).await.unwrap();
            let started = begin.elapsed();
            let mut strategies = String::new();
            for strategy in ["", " STRATEGY file_copy", " STRATEGY wal_log"] {
                if binaries.major < 15 && !strategy.is_empty() {
                    continue;
                }
                let mut best = Duration::MAX;
                for number in 0..8 {
                    let name = format!("d{number}{}", strategy.trim().replace(' ', "_"));
                    let sql = format!("CREATE DATABASE {name} TEMPLATE template0{strategy}");
                    let begin = Instant::now();
                    cluster.session().execute(&sql).await.unwrap();
                    best = best.min(begin.elapsed());
                }
                strategies.push_str(&format!("{strategy} {best:?}"));
            }
            let begin = Instant::now();
            drop(cluster);
            println!(
                "{} round {round}: start {started:?} stop {:?} create{strategies}",
                binaries.version,
                begin.elapsed()
            );
        }
    }
}

/// Run by hand, see docs/testing.md: `tests/image.sh` makes the image.
#[test]
#[ignore = "needs a Docker engine and an image, see docs/testing.md"]
fn a_container_is_a_scratch_server() {
    let image = std::env::var("SCHEMACTL_TEST_IMAGE")
        .unwrap_or_else(|_| "schemactl-test-postgres:15".to_owned());
    let walk = crate::cli_support::Walk::new();
    walk.write(
        "schemactl.kdl",
        &format!("project app edition=1 {{ scratch container image=\"{image}\" }}"),
    );
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key; column note text; index note } }",
    );
    // Nothing but the container can be what proves it.
    let alone = [("SCHEMACTL_PG_ONLY", "1")];
    walk.run_with(
        &alone,
        &["diff", "first", "--from", "migrations", "--project", "app"],
    )
    .ends(0)
    .says("proved on scratch: up and down on PostgreSQL");
    walk.run_with(&alone, &["verify", "--project", "app"])
        .ends(0)
        .says("every migration runs up and returns");
    let left = std::process::Command::new("docker")
        .args(["ps", "-aq", "--filter", "label=schemactl=scratch"])
        .output()
        .unwrap();
    assert!(left.status.success() && left.stdout.is_empty(), "{left:?}");
}

/// On the target's own server roles are real: nothing that is only tried out makes or alters one.
#[test]
fn what_is_tried_out_on_the_targets_server_changes_nothing_of_the_cluster() {
    let live = TestServer::get().database();
    let walk = crate::cli_support::Walk::new();
    let (made, kept) = (
        format!("made_{}", live.name()),
        format!("kept_{}", live.name()),
    );
    live.psql(&format!("CREATE ROLE {kept} CONNECTION LIMIT 7"));
    let state = || {
        live.psql(&format!(
            "SELECT rolname, rolsuper, rolconnlimit FROM pg_roles WHERE rolname IN ('{made}', '{kept}')"
        ))
    };
    let before = state();
    let url = live.url();
    let server = TestServer::get().url("postgres");
    let tried = |schema: &str, arguments: &[&str], code: i32| {
        walk.write("schema/app.kdl", schema);
        let mut all = arguments.to_vec();
        all.extend(["--scratch", &server]);
        let ended = walk.on(&url, &all).ends(code);
        assert_eq!(state(), before, "{schema}: {arguments:?}");
        ended
    };
    let table = "table t { column id int primary-key }";
    let new = format!("role {made} superuser\nschema app owner={made} {{ {table} }}");
    tried(&new, &["diff", "--dry-run"], 1)
        .says("change the whole cluster")
        .says("--scratch URL");
    // A role that is as the files say is no hindrance; one that shall change is tried out elsewhere.
    let same = format!("role {kept} connection-limit=7\nschema app owner={kept} {{ {table} }}");
    tried(&same, &["diff", "one"], 0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(state(), before, "the file makes it where it is missing");
    let other = same.replace("=7", "=8");
    tried(&other, &["diff", "two"], 1).says("change the whole cluster");
    walk.write("schema/app.kdl", &same);
    walk.write(
        "generated/000002_hand.up.sql",
        &format!("ALTER ROLE {kept} CONNECTION LIMIT 9;\n"),
    );
    walk.write(
        "generated/000002_hand.down.sql",
        &format!("ALTER ROLE {kept} CONNECTION LIMIT 7;\n"),
    );
    tried(&same, &["verify"], 1).says("change the whole cluster");
    walk.on(&url, &["rollback", "--all", "--yes"]).ends(0);
    live.psql(&format!("DROP ROLE {kept}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_lost_a_race_runs_again() {
    let server = TestServer::fresh();
    let database = server.database();
    database.psql("CREATE ROLE r");
    let ours = crate::cases::connect(&database.url()).await;
    let other = crate::cases::connect(&database.url()).await;
    other
        .execute("BEGIN; COMMENT ON ROLE r IS 'a'; ALTER ROLE r CONNECTION LIMIT 2")
        .await
        .unwrap();
    // The first of them waits for the other session, and then finds that its row was written meanwhile.
    let statements = vec![
        "ALTER ROLE r CONNECTION LIMIT 3".to_owned(),
        "COMMENT ON ROLE r IS 'b'".to_owned(),
    ];
    let run = tokio::spawn(async move {
        let outcome = run_in_order(&ours, &[(false, statements)], false, None).await;
        outcome.map_err(|(index, error)| format!("{index}: {error}"))
    });
    server.until(
        database.name(),
        "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%ALTER ROLE%')",
    );
    other.execute("COMMIT").await.unwrap();
    assert_eq!(run.await.unwrap().map(|beyond| beyond.len()), Ok(0));
    let said = "SELECT rolconnlimit || shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = 'r'";
    assert_eq!(database.psql(said).trim(), "3b");
}
