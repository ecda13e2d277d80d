//! schemactl, the server or the connection ended at every point of a run: the next `apply` always ends in the right schema,
//! with every row there and a true history. And many at once: each migration runs once.
//!
//! `SCHEMACTL_FAULTS_RUNS`, `_SEED`, `_WORKERS` and `SCHEMACTL_FAULTS_BINARY` (another build with the feature `failpoints`)
//! say how; docs/reliability.md has the figures.

mod proxy;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cli_support::Walk;
use crate::support::TestServer;
use proxy::Proxy;

/// What is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Schemactl,
    Server,
    Connection,
}

const FAULTS: [Fault; 3] = [Fault::Schemactl, Fault::Server, Fault::Connection];

/// A point of a run, and how often it is reached in one.
struct Class {
    from: &'static str,
    command: &'static [&'static str],
    point: &'static str,
    hits: usize,
}

const APPLY: &[&str] = &["apply", "--yes"];
const ROLLBACK: &[&str] = &["rollback", "--to", "000001", "--yes"];

const fn class(
    from: &'static str,
    command: &'static [&'static str],
    point: &'static str,
    hits: usize,
) -> Class {
    Class {
        from,
        command,
        point,
        hits,
    }
}

const CLASSES: &[Class] = &[
    class("begun", APPLY, "before-begin", 2),
    class("begun", APPLY, "between-statements", 6),
    class("begun", APPLY, "in-statement", 5),
    class("begun", APPLY, "before-commit", 3),
    class("begun", APPLY, "after-commit", 3),
    class("begun", APPLY, "after-running-row", 1),
    class("half", APPLY, "in-concurrently", 1),
    class("begun", APPLY, "after-concurrently", 1),
    class("done", ROLLBACK, "before-begin", 2),
    class("done", ROLLBACK, "between-statements", 5),
    class("done", ROLLBACK, "in-statement", 4),
    class("done", ROLLBACK, "before-commit", 3),
    class("done", ROLLBACK, "after-commit", 3),
    class("done", ROLLBACK, "after-running-row", 1),
    class("done", ROLLBACK, "in-concurrently", 1),
    class("done", ROLLBACK, "after-concurrently", 1),
    class("old", APPLY, "before-upgrade", 1),
    class("old", APPLY, "in-upgrade", 1),
    class("old", APPLY, "after-upgrade", 1),
];

/// What stands in the database in the end: every table, column, index and row, and what the history says of each migration.
const STANDS: &str = "SELECT concat_ws(E'\\n',
    (SELECT string_agg(attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attrelid::regclass::text, attname)
       FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'app'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped),
    (SELECT string_agg(indexrelid::regclass || ' ' || indisvalid, ', ' ORDER BY indexrelid::regclass::text)
       FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'app'::regnamespace),
    (SELECT count(*) || ' ' || sum(n) || ' ' || sum(x) FROM app.t), (SELECT count(*) FROM app.u),
    (SELECT string_agg(version, ' ' ORDER BY version) FROM app.log),
    (SELECT string_agg(version || ' ' || status || ' ' || direction || ' ' || statements_done || '/' || statements_total, ', ' ORDER BY version) FROM schemactl.migrations),
    (SELECT string_agg(version || ' ' || last || ' ' || twice, ', ' ORDER BY version) FROM (SELECT version, (array_agg(outcome ORDER BY id DESC))[1] AS last,
       count(*) FILTER (WHERE outcome = before AND action IN ('apply', 'rollback')) AS twice FROM (SELECT *, lag(outcome) OVER (PARTITION BY version ORDER BY id) AS before
       FROM schemactl.events WHERE version IS NOT NULL AND outcome IN ('applied', 'rolled_back')) e GROUP BY version) e),
    (SELECT fingerprint || ' ' || version FROM schemactl.snapshots ORDER BY id DESC LIMIT 1),
    (SELECT format FROM schemactl.meta))";

fn project() -> Walk {
    let walk = Walk::new();
    walk.write("schemactl.kdl", "project app edition=1 { scratch none }\n");
    let alone = "-- schemactl:no-transaction\n\n";
    for (stem, up, down) in [
        (
            "000001_base",
            "CREATE SCHEMA app;\nCREATE TABLE app.t (id int PRIMARY KEY, n int);\nINSERT INTO app.t SELECT g, g FROM generate_series(1, 100) g;\n\
             CREATE TABLE app.log (version text);\nINSERT INTO app.log VALUES ('1');\n".to_owned(),
            "DROP SCHEMA app CASCADE;\n".to_owned(),
        ),
        (
            "000002_column",
            "ALTER TABLE app.t ADD COLUMN x int;\nUPDATE app.t SET x = n * 2;\nINSERT INTO app.log VALUES ('2');\n".to_owned(),
            "DELETE FROM app.log WHERE version = '2';\nALTER TABLE app.t DROP COLUMN x;\n".to_owned(),
        ),
        (
            "000003_index",
            format!("{alone}CREATE INDEX CONCURRENTLY t_n ON app.t (n);\n"),
            format!("{alone}DROP INDEX CONCURRENTLY app.t_n;\n"),
        ),
        (
            "000004_table",
            "CREATE TABLE app.u AS SELECT id FROM app.t;\nINSERT INTO app.log VALUES ('4');\n".to_owned(),
            "DELETE FROM app.log WHERE version = '4';\nDROP TABLE app.u;\n".to_owned(),
        ),
    ] {
        walk.write(&format!("generated/{stem}.up.sql"), &up);
        walk.write(&format!("generated/{stem}.down.sql"), &down);
    }
    walk
}

fn number(name: &str, silent: usize) -> usize {
    let given = std::env::var(name).ok();
    given.map_or(silent, |text| text.parse().unwrap())
}

fn schemactl() -> Command {
    let binary = std::env::var("SCHEMACTL_FAULTS_BINARY");
    let mut command =
        Command::new(binary.unwrap_or_else(|_| env!("CARGO_BIN_EXE_schemactl").to_owned()));
    command
        .env("SCHEMACTL_FAILPOINT_UPGRADE", "1")
        .stdin(Stdio::null());
    command
}

/// A small, repeatable sequence of numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// A server with the databases that runs begin from.
struct Bench {
    server: TestServer,
    proxy: Proxy,
    wanted: String,
}

impl Bench {
    fn new(walk: &Walk) -> Bench {
        let server = TestServer::fresh();
        // What is told as committed has to be there after the server was ended.
        server.admin("ALTER SYSTEM SET synchronous_commit = on; ALTER SYSTEM SET max_connections = 100; SELECT pg_reload_conf();");
        let apply = |database: &str, arguments: &[&str]| {
            walk.on(&server.url(database), arguments).ends(0);
        };
        server.admin("CREATE DATABASE begun;");
        apply("begun", &["apply", "--yes", "--to", "000001"]);
        for name in ["half", "done", "old"] {
            let sql = format!("CREATE DATABASE {name} TEMPLATE begun;\nCHECKPOINT;");
            server.admin(&sql);
        }
        apply("half", &["apply", "--yes", "--to", "000002"]);
        apply("done", &["apply", "--yes"]);
        let bench = Bench {
            proxy: Proxy::new(&server.folder()),
            wanted: server.query("done", STANDS),
            server,
        };
        let older = "UPDATE schemactl.meta SET format = 0; ALTER TABLE schemactl.migrations RENAME actor TO who;";
        bench.server.query("old", older);
        bench
    }

    /// Copies a database. Where the server ends before the next checkpoint, the copy of a sequence begins where it was
    /// copied, whatever it gave out since: PostgreSQL's way, and no matter here.
    fn copy(&self, name: &str, from: &str) {
        let sql = format!("CREATE DATABASE {name} TEMPLATE {from};\nCHECKPOINT;");
        self.server.admin(&sql);
    }

    /// One run with a fault, and the next one; gives what went wrong.
    fn run(
        &self,
        walk: &Walk,
        number: usize,
        class: &Class,
        fault: Fault,
        dice: &mut Dice,
    ) -> Result<bool, String> {
        let database = format!("fault_{number}");
        let server = &self.server;
        self.copy(&database, class.from);
        let writer = (class.point == "in-concurrently" && dice.below(2) == 0)
            .then(|| Writer::begin(server, &database));
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("s");
        let listener = UnixListener::bind(&socket).unwrap();
        let hit = 1 + dice.below(class.hits);
        let url = match fault {
            Fault::Connection => url(&self.proxy.folder(), &database),
            _ => server.url(&database),
        };
        let mut child = schemactl()
            .args(class.command)
            .args(["--project", "app", "--url", &url])
            .current_dir(walk.path(".."))
            .env(
                "SCHEMACTL_FAILPOINT",
                format!("{} {hit} {}", class.point, socket.display()),
            )
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // When its words end, it has ended: then nobody waits for it any more.
        let mut words = child.stderr.take().unwrap();
        let ended = socket.clone();
        let words = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = words.read_to_string(&mut text);
            if let Ok(mut wire) = std::os::unix::net::UnixStream::connect(ended) {
                let _ = wire.write_all(b"ended");
            }
            text
        });
        let (mut held, _) = listener.accept().unwrap();
        let mut said = String::new();
        let _ = held.read_to_string(&mut said);
        let reached = said == "reached";
        if reached {
            if writer.is_some() {
                server.until(
                    &database,
                    "EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%CONCURRENTLY%' AND datname = current_database() AND wait_event_type = 'Lock')",
                );
            }
            match fault {
                Fault::Schemactl => child.kill().unwrap(),
                Fault::Server => server.crash(),
                Fault::Connection => self.proxy.cut(),
            }
        }
        drop(held);
        if let Some(writer) = writer {
            writer.end();
        }
        child.wait().unwrap();
        // Where it was killed its children hold nothing; the thread ends with its pipe.
        let words = words.join().unwrap();
        if !reached {
            return Err(format!("the point was not reached at {hit}: {words}"));
        }
        let next = schemactl()
            .args(["apply", "--yes", "--wait", "60", "--project", "app"])
            .args(["--url", &server.url(&database)])
            .current_dir(walk.path(".."))
            .output()
            .unwrap();
        let stands = server
            .answer(&database, STANDS)
            .unwrap_or_else(|error| error);
        server.admin(&format!("DROP DATABASE {database} WITH (FORCE);"));
        if next.status.success() && stands == self.wanted {
            return Ok(true);
        }
        Err(format!(
            "at {hit}: {words}\nthen {next:?}\nis\n{stands}\nnot\n{}",
            self.wanted
        ))
    }
}

fn url(folder: &std::path::Path, database: &str) -> String {
    let host = folder.display().to_string().replace('/', "%2F");
    format!("postgresql:///{database}?host={host}&user=postgres")
}

/// A session with an open transaction: what is built concurrently waits for it.
struct Writer(Child);

impl Writer {
    fn begin(server: &TestServer, database: &str) -> Writer {
        let mut child = Command::new(server.bin().join("psql"))
            .args(["-qX", "-d", &server.url(database)])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.as_mut().unwrap();
        input
            .write_all(b"BEGIN; UPDATE app.t SET n = n WHERE id = 1;\n")
            .unwrap();
        server.until(
            database,
            "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction')",
        );
        Writer(child)
    }

    fn end(mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A line for each run, as it ends, where somebody wants to look on.
fn report(seed: usize, run: usize, class: &Class, fault: Fault, result: &Result<bool, String>) {
    let Ok(path) = std::env::var("SCHEMACTL_FAULTS_REPORT") else {
        return;
    };
    let told = match result {
        Ok(_) => "right",
        Err(error) => error,
    };
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .unwrap();
    let (from, command, point) = (class.from, class.command[0], class.point);
    writeln!(
        file,
        "{seed} {run} {from} {command} {point} {fault:?} {told}"
    )
    .unwrap();
}

/// Runs so many faults, tells the table, and fails with what went wrong.
fn faults(runs: usize) {
    let runs = number("SCHEMACTL_FAULTS_RUNS", runs);
    let seed = number("SCHEMACTL_FAULTS_SEED", 1);
    let workers = number("SCHEMACTL_FAULTS_WORKERS", 2);
    let walk = project();
    let next = AtomicUsize::new(0);
    let counts: Mutex<BTreeMap<(usize, Fault), usize>> = Mutex::default();
    let wrong: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..workers.min(runs) {
            scope.spawn(|| {
                let bench = Bench::new(&walk);
                loop {
                    let run = next.fetch_add(1, Ordering::SeqCst);
                    if run >= runs {
                        break;
                    }
                    // Every class meets every fault before one meets it twice; the seed says where it begins.
                    let place = run + seed * 7;
                    let fault = FAULTS[place % 3];
                    let at = (place / 3 * 7 + place) % CLASSES.len();
                    let mut dice = Dice((seed * 1_000_003 + run + 1) as u64 * 0x9E37_79B9);
                    dice.below(2);
                    let class = &CLASSES[at];
                    let result = bench.run(&walk, run, class, fault, &mut dice);
                    report(seed, run, class, fault, &result);
                    match result {
                        Ok(_) => {
                            *counts.lock().unwrap().entry((at, fault)).or_default() += 1;
                        }
                        Err(error) => wrong.lock().unwrap().push(format!(
                            "run {run}, {} of {}, {fault:?}: {error}",
                            class.point, class.command[0]
                        )),
                    }
                }
            });
        }
    });
    let counts = counts.into_inner().unwrap();
    println!("seed {seed}, {} runs", counts.values().sum::<usize>());
    println!("| command | point | schemactl | server | connection |");
    for (at, class) in CLASSES.iter().enumerate() {
        let count = |fault| counts.get(&(at, fault)).copied().unwrap_or_default();
        println!(
            "| {} | {} | {} | {} | {} |",
            if class.from == "old" {
                "upgrade"
            } else {
                class.command[0]
            },
            class.point,
            count(Fault::Schemactl),
            count(Fault::Server),
            count(Fault::Connection)
        );
    }
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn after_a_fault_the_next_apply_ends_where_it_should() {
    faults(12);
}

#[test]
#[ignore = "twenty minutes"]
fn after_a_thousand_faults_every_apply_ends_where_it_should() {
    faults(1026);
}

/// So many applies of so many migrations begin at once, so many times.
fn at_once(applies: usize, migrations: usize, rounds: usize) {
    let walk = Walk::new();
    walk.write("schemactl.kdl", "project app edition=1 { scratch none }\n");
    walk.write(
        "generated/000001_log.up.sql",
        "CREATE TABLE public.log (version int);\nINSERT INTO public.log VALUES (1);\n",
    );
    walk.write("generated/000001_log.down.sql", "DROP TABLE public.log;\n");
    for version in 2..=migrations {
        walk.write(
            &format!("generated/{version:06}_m.up.sql"),
            &format!("CREATE TABLE public.m{version} (a int);\nINSERT INTO public.log VALUES ({version});\n"),
        );
        walk.write(
            &format!("generated/{version:06}_m.down.sql"),
            &format!("DROP TABLE public.m{version};\n"),
        );
    }
    let server = TestServer::get();
    for round in 0..rounds {
        let live = server.database();
        let start = |_| {
            schemactl()
                .args(["apply", "--yes", "--wait", "300", "--format", "json"])
                .args(["--project", "app", "--url", &live.url()])
                .current_dir(walk.path(".."))
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let children: Vec<Child> = (0..applies).map(start).collect();
        let mut told = Vec::new();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "round {round}: {output:?}");
            let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            let applied = json["applied"].as_array().unwrap();
            told.extend(applied.iter().map(|it| it.as_str().unwrap().to_owned()));
            assert_eq!(json["at"], format!("{migrations:06}"), "round {round}");
        }
        // Each was run by one of them, and that one says so.
        let each: BTreeSet<&String> = told.iter().collect();
        assert_eq!(
            (told.len(), each.len()),
            (migrations, migrations),
            "{told:?}"
        );
        let once = "SELECT count(*) || ' ' || count(DISTINCT version) FROM public.log";
        assert_eq!(live.psql(once).trim(), format!("{migrations} {migrations}"));
        let events = "SELECT count(*) || ' ' || count(DISTINCT version) FROM schemactl.events WHERE action = 'apply' AND outcome = 'applied'";
        assert_eq!(
            live.psql(events).trim(),
            format!("{migrations} {migrations}")
        );
    }
    println!("{rounds} rounds of {applies} applies of {migrations} migrations: each ran once");
}

#[test]
fn of_many_at_once_each_migration_is_run_by_one() {
    at_once(6, 5, 1);
}

#[test]
#[ignore = "some minutes"]
fn thirty_two_at_once_run_each_of_twenty_migrations_once() {
    at_once(32, 20, number("SCHEMACTL_FAULTS_ROUNDS", 20));
}
