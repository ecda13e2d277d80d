//! Rows for proofs: most tables of real schemas can be filled, and what is there obeys every constraint.

#![allow(clippy::print_stdout)]

use crate::cases::connect;
use crate::support::{TestDatabase, TestServer, sample};
use schemactl::kind::{Catalog, Object};
use schemactl::model::Kind;
use schemactl::pg::introspect::introspect;
use schemactl::scratch::seed::{count, seed};

/// Seeds a database; how many tables hold rows, and of how many.
fn seeded(database: &TestDatabase<'_>) -> (usize, usize, Vec<String>) {
    runtime().block_on(async {
        let session = connect(&database.url()).await;
        let catalog: Catalog = introspect(session.client()).await.expect("the catalog");
        // Says on standard output why an attempt failed.
        let verbose = std::env::var_os("SCHEMACTL_SEED_VERBOSE").is_some();
        if verbose {
            session
                .execute("set client_min_messages = debug1")
                .await
                .expect("a setting");
        }
        let start = std::time::Instant::now();
        let seeded = seed(&session, &catalog).await;
        let took = start.elapsed();
        if verbose {
            for notice in session.take_notices() {
                println!("  {}", notice.message);
            }
        }
        let counts = count(&session, &catalog).await;
        let holding = catalog.of_kind(Kind::Table).filter(
            |(_, object)| matches!(object, Object::Table(table) if table.partition_by.is_none()),
        );
        assert_eq!(counts.len(), holding.count());
        let empty: Vec<String> = counts
            .iter()
            .filter(|(_, rows)| *rows == 0)
            .map(|(id, _)| id.path())
            .collect();
        assert_eq!(seeded + empty.len(), counts.len());
        println!(
            "{seeded} of {} in {took:?}; empty: {}",
            counts.len(),
            empty.join(" ")
        );
        (seeded, counts.len(), empty)
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().expect("a runtime")
}

/// Every constraint holds over the rows: each is made again, and so checked again.
fn assert_obeyed(database: &TestDatabase<'_>) {
    database.psql(
        "do $$ declare k record; begin
           for k in select conrelid::regclass as t, conname, pg_get_constraintdef(oid) as def from pg_constraint c
                    where contype in ('f', 'c') and conrelid <> 0 and conparentid = 0 and coninhcount = 0 and convalidated loop
             execute format('alter table %s drop constraint %I, add constraint %I %s', k.t, k.conname, k.conname, k.def);
           end loop; end $$",
    );
}

#[test]
fn the_samples_are_filled_for_the_most_part() {
    let server = TestServer::get();
    for file in ["chinook.sql", "pagila.sql", "adventureworks.sql"] {
        let database = server.database();
        database.psql(&sample(file));
        let (seeded, tables, empty) = seeded(&database);
        assert!(
            seeded * 10 >= tables * 8,
            "{file}: {seeded} of {tables}, without {empty:?}"
        );
        assert_obeyed(&database);
    }
}

/// Schemas named by an environment variable, for a look at others: `SCHEMACTL_SEED=a.sql:b.sql`.
#[test]
fn given_schemas_are_filled_for_the_most_part() {
    let Some(files) = std::env::var_os("SCHEMACTL_SEED") else {
        return;
    };
    for file in std::env::split_paths(&files) {
        let database = TestServer::get().database();
        let text = std::fs::read_to_string(&file).expect("a schema");
        println!("{}", file.display());
        if let Err(error) = database.try_psql(&text) {
            println!(
                "  does not load: {}",
                error.lines().next().unwrap_or_default()
            );
            continue;
        }
        let (_, _, _) = seeded(&database);
        assert_obeyed(&database);
    }
}

#[test]
fn what_is_hard_to_fill_is_filled() {
    let database = TestServer::get().database();
    database.psql(include_str!("seed.sql"));
    let (_, _, empty) = seeded(&database);
    assert_eq!(empty, ["public.impossible"]);
    assert_obeyed(&database);
}
