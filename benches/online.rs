//! How long clients wait while a change is applied: readers and writers on one table, each change in the online form and in the
//! plain one, in one run. `cargo bench --bench online -- [ROWS]`; 2,000,000 rows where nothing is said.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use support::{TestDatabase, TestServer};
use tokio_postgres::NoTls;

/// The table as it is before each change.
const BEFORE: &str = "
schema app {
    table country { column code text primary-key }
    table account {
        column id integer primary-key
        column email text
        column country text
        column age integer not-null
        column plan text
        column number integer not-null
        index country name=account_country
    }
}
";

/// What is changed: its name, the line that goes and the lines that come.
const CHANGES: &[(&str, &str, &str)] = &[
    ("an index", "", "index email name=account_email"),
    (
        "another index under its name",
        "index country name=account_country",
        "index country email name=account_country",
    ),
    (
        "a unique constraint",
        "",
        "unique number name=account_number",
    ),
    (
        "a foreign key",
        "",
        "foreign-key country name=account_of { references app.country code }",
    ),
    ("a check", "", "check \"age >= 0\" name=account_age"),
    (
        "NOT NULL",
        "column email text",
        "column email text not-null",
    ),
    (
        "NOT NULL with values for old rows",
        "column plan text",
        "column plan text not-null backfill=\"'free'\"",
    ),
    (
        "a column with a value for each row",
        "",
        "column token uuid not-null default=\"gen_random_uuid()\"",
    ),
];

const CLIENTS: usize = 2;

struct Seen {
    longest: Duration,
    errors: u64,
    writes: u64,
    took: Duration,
    /// Whether PostgreSQL ended the change because of a deadlock with a client, or a lock was not to be had in time.
    gave_up: bool,
}

impl Seen {
    fn took(&self) -> String {
        let seconds = self.took.as_secs_f64();
        match self.gave_up {
            true => format!("gave up after {seconds:.1} s"),
            false => format!("{seconds:.1} s"),
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(env!("CARGO_BIN_EXE_schemactl"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn schemactl(arguments: &[&str]) {
    if let Err(words) = run(arguments) {
        panic!("schemactl {}: {words}", arguments.join(" "));
    }
}

/// Clients that read and write single rows until they are told to stop; the longest that any waited for an answer.
async fn client(
    url: String,
    writes: bool,
    rows: u64,
    seed: u64,
    stop: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
    errors: Arc<AtomicU64>,
) -> Duration {
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut longest = Duration::ZERO;
    let mut state = seed;
    while !stop.load(Ordering::Relaxed) {
        // A linear congruential generator does for a row at random.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let id = (state >> 33) % rows + 1;
        let sql = match writes {
            true => format!("UPDATE app.account SET age = age + 1 WHERE id = {id}"),
            false => format!("SELECT age FROM app.account WHERE id = {id}"),
        };
        let started = Instant::now();
        match client.simple_query(&sql).await {
            Ok(_) if writes => {
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(_) => {}
            Err(_) => {
                errors.fetch_add(1, Ordering::Relaxed);
            }
        }
        longest = longest.max(started.elapsed());
    }
    longest
}

fn apply_among_clients(url: &str, project: &Path, rows: u64) -> Seen {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let (writes, errors) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let clients: Vec<_> = (0..2 * CLIENTS)
        .map(|n| {
            let (stop, writes, errors) = (stop.clone(), writes.clone(), errors.clone());
            let seed = u64::try_from(n).unwrap() + 1;
            runtime.spawn(client(
                url.to_owned(),
                n % 2 == 0,
                rows,
                seed,
                stop,
                writes,
                errors,
            ))
        })
        .collect();
    while writes.load(Ordering::Relaxed) < 100 {
        std::thread::yield_now();
    }
    let started = Instant::now();
    let project = project.display().to_string();
    let gave_up = match run(&["apply", "--url", url, "--yes", "--project", &project]) {
        Ok(()) => false,
        Err(words) => {
            assert!(
                words.contains("40P01") || words.contains("55P03"),
                "{words}"
            );
            true
        }
    };
    let took = started.elapsed();
    stop.store(true, Ordering::Relaxed);
    let mut longest = Duration::ZERO;
    for client in clients {
        longest = longest.max(runtime.block_on(client).unwrap());
    }
    Seen {
        longest,
        errors: errors.load(Ordering::Relaxed),
        writes: writes.load(Ordering::Relaxed),
        took,
        gave_up,
    }
}

fn one(
    server: &TestServer,
    base: &TestDatabase<'_>,
    (name, gone, come): (&str, &str, &str),
    strategy: &str,
    rows: u64,
) -> Seen {
    let copy = format!("{}_copy", base.name());
    server.admin(&format!("DROP DATABASE IF EXISTS {copy} WITH (FORCE)"));
    server.admin(&format!("CREATE DATABASE {copy} TEMPLATE {}", base.name()));
    let url = server.url(&copy);
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    let dir = project.display().to_string();
    schemactl(&["init", &dir, "--from", &url]);
    schemactl(&["baseline", "--url", &url, "--project", &dir]);
    std::fs::write(
        project.join("schemactl.kdl"),
        format!(
            "project bench edition=1\ndefaults {{ strategy {strategy}; blocking-budget \"2s\"; lock-timeout \"3s\" }}\n"
        ),
    )
    .unwrap();
    let last = "column number integer not-null";
    let after = match gone {
        "" => BEFORE.replace(last, &format!("{last}\n        {come}")),
        gone => BEFORE.replace(gone, come),
    };
    std::fs::write(project.join("schema/app.kdl"), after).unwrap();
    schemactl(&["diff", "change", "--url", &url, "--project", &dir]);
    if strategy == "plain" {
        // The budget would end what is measured.
        std::fs::write(
            project.join("schemactl.kdl"),
            "project bench edition=1\ndefaults { strategy plain }\n",
        )
        .unwrap();
    }
    let seen = apply_among_clients(&url, &project, rows);
    if !seen.gave_up {
        schemactl(&["diff", "--exit-code", "--url", &url, "--project", &dir]);
    }
    let kept = server.query(&copy, "SELECT count(*), sum(age) FROM app.account");
    assert_eq!(
        kept.trim(),
        format!("{rows}|{}", seen.writes),
        "{name}, {strategy}: rows and what was written to them"
    );
    server.admin(&format!("DROP DATABASE {copy} WITH (FORCE)"));
    seen
}

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| !it.starts_with("--"))
        .collect();
    let rows: u64 = arguments
        .first()
        .map_or(2_000_000, |rows| rows.parse().unwrap());
    let server = TestServer::get();
    let base = server.database();
    base.psql(&format!(
        "CREATE SCHEMA app;
         CREATE TABLE app.country (code text PRIMARY KEY);
         INSERT INTO app.country VALUES ('de'), ('ch');
         CREATE TABLE app.account (id integer PRIMARY KEY, email text, country text, age integer NOT NULL, plan text, number integer NOT NULL);
         INSERT INTO app.account SELECT i, 'user' || i || '@example.org', CASE i % 2 WHEN 0 THEN 'de' ELSE 'ch' END, 0, NULL, i
         FROM generate_series(1, {rows}) i;
         CREATE INDEX account_country ON app.account (country)"
    ));
    base.psql("VACUUM ANALYZE");
    println!(
        "\n{rows} rows, {CLIENTS} readers and {CLIENTS} writers, PostgreSQL {}\n",
        server.major()
    );
    println!(
        "| change | longest wait, online | plain | ratio | apply, online | plain | errors |\n|---|--:|--:|--:|--:|--:|--:|"
    );
    for change in CHANGES {
        let online = one(server, &base, *change, "online", rows);
        let plain = one(server, &base, *change, "plain", rows);
        println!(
            "| {} | {:.0} ms | {:.0} ms | {:.3} | {} | {} | {} |",
            change.0,
            online.longest.as_secs_f64() * 1000.0,
            plain.longest.as_secs_f64() * 1000.0,
            online.longest.as_secs_f64() / plain.longest.as_secs_f64(),
            online.took(),
            plain.took(),
            online.errors + plain.errors
        );
    }
}
