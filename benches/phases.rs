//! Where the time of one authoring goes, phase by phase: `cargo bench --bench phases -- 1000`. `SCHEMACTL_TEST_PG_URL`
//! names the server, as for the tests.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod generated;
#[path = "../tests/it/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Instant;

use schemactl::author::{DatabaseError, Databases, Managed, Request, author};
use schemactl::kdl::{Diagnostics, Sources};
use schemactl::kind::Catalog;
use schemactl::kind::language::{Desired, WriteOptions, read, write};
use schemactl::model::Kind;
use schemactl::pg::connect::Session;
use schemactl::pg::introspect::introspect;
use schemactl::pg::target::Target;
use schemactl::scratch::build::{Spelling, build, empty};
use schemactl::scratch::elaborate::{Doubts, elaborate};
use schemactl::scratch::seed::seed;
use support::{TestDatabase, TestServer};

struct Scratch<'a> {
    server: &'a TestServer,
    kept: Mutex<Vec<TestDatabase<'a>>>,
    start: Instant,
}

impl Scratch<'_> {
    async fn fresh(&self) -> Session {
        let database = self.server.database();
        let target = Target::parse(&database.url()).unwrap();
        self.kept.lock().unwrap().push(database);
        Session::connect(&target, "schemactl bench").await.unwrap()
    }
}

impl Databases for Scratch<'_> {
    async fn database(&self, name: &str) -> Result<Session, DatabaseError> {
        println!("  {:>8.3} s  {name}", self.start.elapsed().as_secs_f64());
        Ok(self.fresh().await)
    }
}

/// The desired state that says what a catalog is, with one more column where asked.
fn desired(catalog: &Catalog, added: bool) -> Desired {
    let mut files = write(catalog, &WriteOptions::default());
    if added {
        let marker = "column title \"varchar(200)\"";
        let (_, text) = files
            .iter_mut()
            .find(|(_, text)| text.contains(marker))
            .expect("a table of the generated schema");
        let at = text.find(marker).unwrap();
        text.insert_str(at, "column bench_column integer\n    ");
    }
    let diagnostics = Diagnostics::new();
    let sources = std::sync::Arc::new(Sources::from_texts(files, &diagnostics));
    let desired = read(sources.nodes(), &BTreeMap::new(), &diagnostics);
    if let Err(mistakes) = diagnostics.into_result(&sources) {
        panic!("{}", mistakes.render());
    }
    desired
}

async fn timed<T>(what: &str, work: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let out = work.await;
    println!("{what:<44}{:>8.3} s", start.elapsed().as_secs_f64());
    out
}

async fn run(tables: usize) {
    let mut server = Scratch {
        server: TestServer::get(),
        kept: Mutex::new(Vec::new()),
        start: Instant::now(),
    };
    let session = server.fresh().await;
    timed("psql's work: the schema is made", async {
        for part in generated::sql(tables).split("CREATE SCHEMA").skip(1) {
            session
                .execute(&format!("CREATE SCHEMA{part}"))
                .await
                .unwrap();
        }
    })
    .await;
    introspect(session.client()).await.unwrap();
    let catalog = timed("introspect", introspect(session.client()))
        .await
        .unwrap();
    println!("{} objects", catalog.objects.len());
    let same = timed("write and read KDL", async { desired(&catalog, false) }).await;
    let more = desired(&catalog, true);
    let session = server.fresh().await;
    let nothing = timed("read the empty database", empty(&session))
        .await
        .unwrap();
    timed(
        "elaborate",
        elaborate(
            &session,
            &same,
            Some(&catalog),
            &nothing,
            None,
            &mut Doubts::default(),
        ),
    )
    .await
    .unwrap();
    let session = server.fresh().await;
    timed(
        "build",
        build(&session, &catalog, &nothing, Spelling::Exact),
    )
    .await
    .unwrap();
    let filled = timed("seed", seed(&session, &catalog)).await;
    println!(
        "{filled} of {} tables hold rows",
        catalog.of_kind(Kind::Table).count()
    );
    let managed = Managed {
        history_schema: "schemactl",
        scope: &|_, _| None,
        everything: true,
        recorded: Default::default(),
        left_alone: BTreeSet::new(),
        left: schemactl::author::left_by_default(),
        settings: false,
    };
    for (what, desired) in [
        ("author: nothing to do", &same),
        ("author: one column more", &more),
    ] {
        server.start = Instant::now();
        let request = Request {
            base: &catalog,
            desired,
            managed: &managed,
            role: "postgres",
            online: true,
            arrangement: None,
        };
        let authored = timed(what, author(&server, &request, &mut Doubts::default()))
            .await
            .unwrap();
        println!(
            "{} steps",
            authored.map_or(0, |authored| authored.up.steps.len())
        );
    }
}

fn main() {
    let tables = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1000);
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(run(tables));
}
