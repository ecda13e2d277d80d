//! Random schemas over all kinds and random edits of them, judged like the cases: up, down, second diff, rows, and the
//! same from the edited schema to the first one.
//!
//! `SCHEMACTL_RANDOM=5000` says how many edits, `SCHEMACTL_RANDOM_SEED=7` where to begin, `SCHEMACTL_RANDOM_REPORT` names
//! a file that failures are appended to as they are found, `SCHEMACTL_RANDOM_SHRINK` how many steps one may be shrunk by.
//! A failing pair is written to `target/tmp/random/SEED` as a case.

mod edits;
mod facets;
mod legal;
mod make;
mod model;
mod parts;
mod routines;
mod shrink;
mod sql;
mod types;
mod views;

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::cases::judge_both_ways;
use crate::support::TestServer;
use shrink::{Pair, Pairs};

/// Where the ordinary run begins.
const SEED: u64 = 1;
/// After how many seeds the report tells how far a run is.
const TOLD: usize = 250;
/// How many edits the ordinary run judges.
const EDITS: usize = 300;

/// What became of a run so far.
#[derive(Default)]
struct Tally {
    judged: AtomicUsize,
    refused: AtomicUsize,
    seeds: AtomicUsize,
    failures: Mutex<Vec<(u64, String)>>,
}

fn number<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name}: `{text}` is no number")),
        Err(_) => otherwise,
    }
}

/// The dice of one seed.
fn dice(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// What two failures have in common when they are the same: the first lines, without names and numbers.
fn class(error: &str) -> String {
    let line = error
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let mut quoted = false;
    line.chars()
        .filter(|letter| {
            if *letter == '"' {
                quoted = !quoted;
            }
            !quoted && !letter.is_ascii_digit()
        })
        .take(60)
        .collect()
}

enum Verdict {
    Right(usize),
    /// PostgreSQL does not take one of the scripts.
    Refused(String),
    Wrong(String),
}

/// Judges a pair, there and back.
async fn judged(server: &TestServer, pair: &Pair) -> Verdict {
    let (from, to) = (server.pooled_database(), server.pooled_database());
    for (database, model) in [(&from, &pair.before), (&to, &pair.after)] {
        let script = sql::script(model);
        if let Err(error) = database.try_psql(&script) {
            return Verdict::Refused(error);
        }
    }
    match judge_both_ways(server, &from, &to).await {
        Ok(()) => Verdict::Right(2),
        Err(error) => Verdict::Wrong(error),
    }
}

/// Runs one seed: makes a pair, judges it, and shrinks it where it is wrong.
fn run_seed(server: &TestServer, runtime: &tokio::runtime::Runtime, seed: u64, tally: &Tally) {
    let config = Config {
        cases: 1,
        max_global_rejects: 0,
        max_shrink_iters: number("SCHEMACTL_RANDOM_SHRINK", 40),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, dice(seed));
    let first: RefCell<Option<(String, String)>> = RefCell::new(None);
    let last: RefCell<String> = RefCell::new(String::new());
    let result = runner.run(&Pairs, |pair| {
        let shrinking = first.borrow().is_some();
        let judge = || runtime.block_on(judged(server, &pair));
        let verdict =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(judge)).unwrap_or_else(|panic| {
                Verdict::Wrong(match panic.downcast_ref::<String>() {
                    Some(text) => format!("panic: {text}"),
                    None => "panic".to_owned(),
                })
            });
        match verdict {
            Verdict::Right(count) => {
                if !shrinking {
                    tally.judged.fetch_add(count, Ordering::Relaxed);
                }
                Ok(())
            }
            Verdict::Refused(error) => {
                if !shrinking {
                    tally.refused.fetch_add(1, Ordering::Relaxed);
                    report(&format!("refused {seed}: {error}"));
                }
                Err(TestCaseError::reject(error))
            }
            Verdict::Wrong(error) => {
                let found = class(&error);
                let same = first
                    .borrow()
                    .as_ref()
                    .is_none_or(|(class, _)| *class == found);
                if !shrinking {
                    tally.judged.fetch_add(1, Ordering::Relaxed);
                    first.replace(Some((found, error.clone())));
                }
                if !same {
                    return Ok(());
                }
                last.replace(error.clone());
                Err(TestCaseError::fail("wrong"))
            }
        }
    });
    let seeds = tally.seeds.fetch_add(1, Ordering::Relaxed) + 1;
    if seeds.is_multiple_of(TOLD) {
        let judged = tally.judged.load(Ordering::Relaxed);
        report(&format!("{judged} edits judged at seed {seed}"));
    }
    if let Err(TestError::Fail(_, pair)) = result {
        let error = last.into_inner();
        let folder = kept(seed, &pair);
        report(&format!("=== seed {seed} ({})\n{error}", folder.display()));
        tally.failures.lock().unwrap().push((seed, error));
    }
}

/// Writes a failing pair down as a case.
fn kept(seed: u64, pair: &Pair) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("random")
        .join(seed.to_string());
    std::fs::create_dir_all(&folder).expect("the folder of a failing pair");
    for (name, model) in [("from.sql", &pair.before), ("to.sql", &pair.after)] {
        std::fs::write(folder.join(name), sql::script(model)).expect("a failing pair");
    }
    folder
}

/// Writes a finding down as it comes, where `SCHEMACTL_RANDOM_REPORT` names a file.
fn report(text: &str) {
    use std::io::Write;
    let Ok(path) = std::env::var("SCHEMACTL_RANDOM_REPORT") else {
        return;
    };
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .expect("the report");
    writeln!(file, "{text}").expect("the report");
}

#[test]
fn random_edits_go_up_and_down() {
    let server = TestServer::get();
    crate::cases::make_roles(server);
    let (seed, edits) = (
        number("SCHEMACTL_RANDOM_SEED", SEED),
        number("SCHEMACTL_RANDOM", EDITS),
    );
    println!("SCHEMACTL_RANDOM_SEED={seed} SCHEMACTL_RANDOM={edits}");
    let tally = Tally::default();
    let next = AtomicUsize::new(0);
    // A seed is two edits where all is right.
    let seeds = edits.div_ceil(2) + edits.div_ceil(2) / 10;
    std::thread::scope(|scope| {
        for _ in 0..number("SCHEMACTL_RANDOM_THREADS", 2) {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= seeds {
                        return;
                    }
                    run_seed(server, &runtime, seed + at as u64, &tally);
                }
            });
        }
    });
    let failures = tally.failures.into_inner().unwrap();
    let (judged, refused) = (tally.judged.into_inner(), tally.refused.into_inner());
    println!(
        "{judged} edits judged, {refused} of {seeds} pairs refused by PostgreSQL, {} wrong",
        failures.len()
    );
    assert!(
        refused * 5 <= seeds,
        "PostgreSQL refuses {refused} of {seeds} pairs"
    );
    let text: String = failures
        .iter()
        .map(|(seed, error)| format!("=== seed {seed}\n{error}\n"))
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {judged} edits are wrong:\n{text}",
        failures.len()
    );
}
