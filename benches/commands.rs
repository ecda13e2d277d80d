//! What the commands cost beside `pg_dump --schema-only` of the same database, in one run: time, its ratio, and memory.
//! `cargo bench --bench commands -- [TABLES…]`; 1,000 tables where nothing is said.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod generated;
#[path = "../tests/it/support/mod.rs"]
mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use support::{TestDatabase, TestServer};

/// How often each command runs; the median counts.
const RUNS: usize = 5;

/// One command: seconds and MB.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    megabytes: f64,
}

/// Runs a command under this program, which tells the time and memory of its one child.
fn measured(program: &str, arguments: &[&str], runs: usize) -> Cost {
    let own = std::env::current_exe().unwrap();
    let mut costs: Vec<Cost> = (0..runs)
        .map(|_| {
            let output = Command::new(&own)
                .arg("--measure")
                .arg(program)
                .args(arguments)
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success(),
                "{program} {}: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr)
            );
            let (seconds, kilobytes) = text.trim().split_once(' ').unwrap();
            Cost {
                seconds: seconds.parse().unwrap(),
                megabytes: kilobytes.parse::<f64>().unwrap() / 1024.0,
            }
        })
        .collect();
    costs.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
    Cost {
        seconds: costs[costs.len() / 2].seconds,
        megabytes: costs.iter().map(|cost| cost.megabytes).fold(0.0, f64::max),
    }
}

/// The other side of [`measured`].
fn measure(command: &[String]) -> ! {
    let start = Instant::now();
    let status = Command::new(&command[0])
        .args(&command[1..])
        .stdout(Stdio::null())
        .status()
        .unwrap();
    let seconds = start.elapsed().as_secs_f64();
    // Kilobytes on Linux; bytes on macOS.
    let most = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    let kilobytes = if cfg!(target_os = "macos") {
        most / 1024
    } else {
        most
    };
    println!("{seconds} {kilobytes}");
    std::process::exit(status.code().unwrap_or(1));
}

fn load(database: &TestDatabase<'_>, tables: usize) {
    // A transaction for each schema: one for all would not fit into the lock table.
    let sql = generated::sql(tables);
    let parts: Vec<String> = sql
        .split("CREATE SCHEMA")
        .skip(1)
        .map(|part| format!("BEGIN; CREATE SCHEMA{part} COMMIT;"))
        .collect();
    database.psql(&parts.concat());
    database.psql("VACUUM ANALYZE");
}

fn add_a_column(project: &Path) {
    let marker = "column title \"varchar(200)\"";
    let mut folders = vec![project.join("schema")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            if let Some(at) = text.find(marker) {
                let indent = &text[text[..at].rfind('\n').map_or(0, |line| line + 1)..at];
                let mut file = std::fs::File::create(&path).unwrap();
                write!(
                    file,
                    "{}column bench_column integer\n{indent}{}",
                    &text[..at],
                    &text[at..]
                )
                .unwrap();
                return;
            }
        }
    }
    panic!("no table of the generated schema in {}", project.display());
}

fn run(tables: usize) {
    let server = TestServer::get();
    let database = server.database();
    load(&database, tables);
    let url = database.url();
    let schemactl = env!("CARGO_BIN_EXE_schemactl");
    let dump = server.bin().join("pg_dump").display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    let dir = project.display().to_string();
    let admin = server.url("postgres");
    let report = |what: &str, cost: Cost, beside: Option<Cost>| {
        let ratio = beside.map_or(String::new(), |beside| {
            format!("{:.2} ×", cost.seconds / beside.seconds)
        });
        println!(
            "| {what} | {:.3} s | {ratio} | {:.0} MB |",
            cost.seconds, cost.megabytes
        );
    };
    println!("\n{tables} tables, PostgreSQL {}\n", server.major());
    println!("| command | time | beside pg_dump | memory |\n|---|--:|--:|--:|");
    let dumped = measured(&dump, &["--schema-only", "-d", &url], RUNS);
    report("pg_dump --schema-only", dumped, None);
    let inspected = measured(
        schemactl,
        &["inspect", "--url", &url, "--format", "json"],
        RUNS,
    );
    report("inspect --format json", inspected, Some(dumped));
    let begun = measured(schemactl, &["init", &dir, "--from", &url], 1);
    report("init --from", begun, Some(dumped));
    let known = [
        "--project",
        &dir,
        "--url",
        &url,
        "--scratch",
        &admin,
        "--yes",
    ];
    let with = |command: &[&str]| -> Vec<String> {
        command
            .iter()
            .chain(&known)
            .map(|word| (*word).to_owned())
            .collect()
    };
    let times = |command: &[&str], runs: usize| {
        let words = with(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        measured(schemactl, &words, runs)
    };
    report("baseline", times(&["baseline"], 1), Some(dumped));
    let runs = if tables > 2000 { 1 } else { 3 };
    report(
        "diff, nothing to do",
        times(&["diff", "--dry-run"], runs),
        Some(dumped),
    );
    add_a_column(&project);
    report(
        "diff, one column more, proven",
        times(&["diff", "--dry-run"], runs),
        Some(dumped),
    );
    let version = measured(schemactl, &["--version"], 21);
    report("--version", version, None);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments
        .iter()
        .position(|argument| argument == "--measure")
    {
        measure(&arguments[at + 1..]);
    }
    let tables: Vec<usize> = arguments
        .iter()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let tables = if tables.is_empty() {
        vec![1000]
    } else {
        tables
    };
    for tables in tables {
        run(tables);
    }
}
