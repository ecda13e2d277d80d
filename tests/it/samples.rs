//! The samples and the kitchen sink, which holds every kind and attribute, go database → KDL → database and back to nothing.
//! They load, and the judge finds a database equal to the one made from its own dump, respelt where PostgreSQL's printing
//! is no fixed point.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use schemactl::kind::{Catalog, Object};
use schemactl::pg::connect::Session;
use schemactl::pg::introspect::introspect;
use schemactl::pg::target::Target;
use schemactl::scratch::kept::Kept;
use schemactl::sql::respell;

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer, assert_same_dump, sample};

#[test]
fn a_sample_restored_from_its_respelt_dump_is_the_same() {
    let server = TestServer::get();
    for (file, tables) in [
        ("chinook.sql", "11"),
        ("pagila.sql", "70"),
        ("adventureworks.sql", "68"),
    ] {
        let original = server.database();
        original.psql(&sample(file));
        let count = "select count(*) from pg_class where relkind in ('r', 'p') and relnamespace::regnamespace::text \
                     not in ('pg_catalog', 'information_schema')";
        assert_eq!(original.psql(count), tables, "{file}");
        let dump = original.pg_dump_schema();
        let restored = server.database();
        restored.psql(&respell::respell(&dump));
        assert_same_dump(&dump, &restored.pg_dump_schema());
    }
}

#[test]
fn chinook_goes_round() {
    let original = TestServer::get().database();
    original.psql(&sample("chinook.sql"));
    original.psql("INSERT INTO artist (artist_id, name) VALUES (1, 'Queen')");
    round(&original, "");
    assert_eq!(original.psql("SELECT name FROM artist"), "Queen");
}

#[test]
fn pagila_goes_round() {
    let original = TestServer::get().database();
    original.psql(&sample("pagila.sql"));
    round(&original, "");
}

#[test]
fn adventureworks_goes_round() {
    let original = TestServer::get().database();
    original.psql(&sample("adventureworks.sql"));
    round(&original, "");
}

#[test]
fn the_kitchen_sink_goes_round() {
    let original = kitchen_sink(TestServer::get());
    let mut variables = String::from("FILMS_SINK_READER_PASSWORD=\"it's\"\n");
    for name in [
        "SUB",
        "SUB_BINARY",
        "SUB_TWO_PHASE",
        "SUB_ORIGIN",
        "SUB_FAILOVER",
    ] {
        variables.push_str(&format!("{name}_CONNECTION='host=nowhere'\n"));
    }
    round(&original, &variables);
}

/// Kinds and fields of which the kitchen sink has nothing: of a superuser it would not be safe, a tablespace needs a folder on
/// the server, a label a module, a running subscription another server; a primary key has no nulls.
const NOT_IN_THE_SINK: &[(&str, &str)] = &[
    ("role", "superuser"),
    ("*", "tablespace"),
    ("security-label", ""),
    // What no system catalog holds.
    ("row", ""),
    ("sql", ""),
    ("subscription", "enabled"),
    ("subscription", "slot_name"),
    ("primary-key", "nulls_not_distinct"),
    // A parent's not-null constraint is no object of the child.
    ("not-null", "inherited"),
];

/// Kinds and fields that came with later versions.
const LATER: &[(u32, &str, &str)] = &[
    (14, "base-type", "element"),
    (14, "base-type", "subscript"),
    (14, "column", "compression"),
    (14, "range", "multirange"),
    (14, "range", "multirange_schema"),
    (14, "statistics", "expressions"),
    (14, "subscription", "binary"),
    (15, "foreign-key", "on_delete_columns"),
    (15, "index", "nulls_not_distinct"),
    (15, "publication-schema", ""),
    (15, "publication-table", "columns"),
    (15, "publication-table", "where"),
    (15, "sequence", "unlogged"),
    (15, "subscription", "disable_on_error"),
    (15, "subscription", "two_phase"),
    (15, "unique", "nulls_not_distinct"),
    (16, "collation", "rules"),
    (16, "role-membership", "inherit"),
    (16, "role-membership", "set"),
    (16, "subscription", "run_as_owner"),
    (16, "subscription", "without_password"),
    (17, "domain-not-null", ""),
    (17, "subscription", "failover"),
    (18, "check", "not_enforced"),
    (18, "foreign-key", "not_enforced"),
    (18, "foreign-key", "period"),
    (18, "not-null", ""),
    (18, "primary-key", "without_overlaps"),
    (18, "publication", "generated_columns"),
    (18, "unique", "without_overlaps"),
];

#[tokio::test]
async fn the_kitchen_sink_holds_every_kind_and_attribute() {
    let server = TestServer::get();
    let original = kitchen_sink(server);
    let session = Session::connect(&Target::parse(&original.url()).unwrap(), "schemactl test")
        .await
        .unwrap();
    let catalog = introspect(session.client()).await.unwrap();
    assert_eq!(catalog.unmodelled, []);
    let missing = missing_in(&catalog, server.major());
    assert_eq!(missing, BTreeSet::new());
    // So nothing of any kind is lost in the cache.
    let folder = tempfile::tempdir().unwrap();
    let kept = Kept::at(folder.path().join("elaborated")).unwrap();
    assert!(kept.read("sink").is_none());
    kept.write("sink", &catalog);
    let read = kept.read("sink").expect("what was written");
    for (id, object) in &catalog.objects {
        assert_eq!(format!("{:?}", read.get(id)), format!("{:?}", Some(object)));
    }
    // Where a database is kept no more, the addresses in it mean nothing.
    let mut catalog = catalog;
    catalog.origin.database = 0;
    assert_eq!(format!("{read:?}"), format!("{catalog:?}"));
    std::fs::write(folder.path().join("elaborated/sink.zst"), "torn").unwrap();
    assert!(kept.read("sink").is_none());
}

/// The kinds without an object, and the fields that say nothing in any.
fn missing_in(catalog: &Catalog, major: u32) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    for kind in Object::BUILT {
        let mut fields: BTreeMap<String, bool> = BTreeMap::new();
        for (_, object) in catalog.of_kind(*kind) {
            for (field, value) in object.to_json().as_object().into_iter().flatten() {
                let says = match value {
                    serde_json::Value::Null | serde_json::Value::Bool(false) => false,
                    serde_json::Value::String(text) => !text.is_empty(),
                    serde_json::Value::Array(items) => !items.is_empty(),
                    serde_json::Value::Object(items) => !items.is_empty(),
                    _ => true,
                };
                *fields.entry(field.clone()).or_default() |= says;
            }
        }
        if catalog.of_kind(*kind).next().is_none() {
            fields.insert(String::new(), false);
        }
        for (field, _) in fields.into_iter().filter(|(_, says)| !says) {
            let known = NOT_IN_THE_SINK
                .iter()
                .any(|(of, name)| ["*", kind.name()].contains(of) && *name == field)
                || LATER.iter().any(|(since, of, name)| {
                    major < *since && *of == kind.name() && *name == field
                });
            if !known {
                missing.insert(format!("{} {field}", kind.name()).trim().to_owned());
            }
        }
    }
    missing
}

/// A database with all that the server's version can have.
fn kitchen_sink(server: &TestServer) -> TestDatabase<'_> {
    // Its roles belong to the cluster: made by one, found by the others.
    static LOADING: Mutex<()> = Mutex::new(());
    let _one = LOADING.lock();
    let database = server.database();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kitchen-sink");
    for major in 13..=server.major() {
        let file = folder.join(format!("{major}.sql"));
        if let Ok(sql) = std::fs::read_to_string(file) {
            database.psql(&sql);
        }
    }
    database
}

/// Database → KDL → empty database: equal, nothing left to do, and back to nothing.
#[track_caller]
pub(crate) fn round(original: &TestDatabase<'_>, variables: &str) {
    let empty = original.server().database();
    let nothing = empty.pg_dump_schema();
    let walk = Walk::new();
    std::fs::remove_dir_all(walk.path("")).unwrap();
    walk.run(&["init", "app", "--from", &original.url()])
        .ends(0);
    walk.write(".env", variables);
    walk.run(&["check", "--project", "app"]).ends(0);
    walk.on(&empty.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&original.pg_dump_schema(), &empty.pg_dump_schema());
    walk.on(&empty.url(), &["diff", "--exit-code"]).ends(0);
    // Not from the baseline's SQL but from the KDL alone.
    let built = original.server().database();
    for name in walk.generated() {
        std::fs::remove_file(walk.path(&format!("generated/{name}"))).unwrap();
    }
    walk.on(&built.url(), &["diff", "all"]).ends(0);
    walk.on(&built.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&original.pg_dump_schema(), &built.pg_dump_schema());
    walk.on(&built.url(), &["rollback", "--all", "--yes"])
        .ends(0);
    assert_same_dump(&built.pg_dump_schema(), &nothing);
}
