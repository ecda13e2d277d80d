//! The running example at each of its steps, and chinook: pg_dump is the judge of up, down and round trip.
//!
//! `tests/example/VERSION_name/` holds the KDL files that changed with that version; one over the other they are the
//! schema at each step, and in the end `schema/`. `generated/` is what schemactl wrote when the example was grown so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli_support::Walk;
use crate::samples::round;
use crate::support::{TestDatabase, TestServer, assert_same_dump};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Name → text of the files of a folder.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// One step: the versions of its files, and the schema that they lead to.
struct Step {
    versions: Vec<String>,
    schema: BTreeMap<String, String>,
}

impl Step {
    fn last(&self) -> &str {
        self.versions.last().unwrap()
    }
}

/// The steps of the example: a group of files is one.
fn steps() -> Vec<Step> {
    let changed: BTreeMap<String, BTreeMap<String, String>> =
        std::fs::read_dir(root().join("tests/example"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|folder| {
                let name = folder.file_name().unwrap().to_str().unwrap();
                (name[..6].to_owned(), texts(&folder))
            })
            .collect();
    let mut steps: Vec<(Option<String>, Step)> = Vec::new();
    for (name, text) in texts(&root().join("generated")) {
        if !name.ends_with(".up.sql") {
            continue;
        }
        let version = name[..6].to_owned();
        let group = text
            .lines()
            .find_map(|line| line.strip_prefix("-- schemactl:group "))
            .map(|group| group.split(' ').next().unwrap().to_owned());
        let mut schema = steps
            .last()
            .map(|(_, step)| step.schema.clone())
            .unwrap_or_default();
        schema.extend(changed.get(&version).cloned().unwrap_or_default());
        match steps.last_mut() {
            Some((before, step)) if group.is_some() && *before == group => {
                step.versions.push(version);
                step.schema = schema;
            }
            _ => {
                let versions = vec![version];
                steps.push((group, Step { versions, schema }));
            }
        }
    }
    steps.into_iter().map(|(_, step)| step).collect()
}

/// A project of the example's project file, a schema, and the migration files of some versions.
fn put(walk: &Walk, schema: &BTreeMap<String, String>, versions: &[String]) {
    let file = std::fs::read_to_string(root().join("schemactl.kdl")).unwrap();
    walk.write("schemactl.kdl", &file);
    let _ = std::fs::remove_file(walk.path("schema/app.kdl"));
    for (name, text) in schema {
        walk.write(&format!("schema/{name}"), text);
    }
    for (name, text) in texts(&root().join("generated")) {
        if versions.contains(&name[..6].to_owned()) {
            walk.write(&format!("generated/{name}"), &text);
        }
    }
}

/// `schema.table` → number of rows, of all tables but the history's.
fn rows(database: &TestDatabase<'_>) -> BTreeMap<String, u64> {
    let tables = database.psql(
        "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text \
         NOT IN ('pg_catalog', 'information_schema', 'schemactl')",
    );
    tables
        .lines()
        .map(|table| {
            let count = database.psql(&format!("SELECT count(*) FROM {table}"));
            (table.to_owned(), count.trim().parse().unwrap())
        })
        .collect()
}

/// Every table of `before` that is still there has as many rows.
#[track_caller]
fn assert_kept(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>, what: &str) {
    for (table, count) in before {
        if let Some(now) = after.get(table) {
            assert_eq!(now, count, "{what}: rows of {table}");
        }
    }
}

/// Rows that people would have entered by the time that a version is there.
fn enter_rows(database: &TestDatabase<'_>, version: &str) {
    let sql = match version {
        "000001" => {
            "INSERT INTO core.tenants (id, name) VALUES ('00000000-0000-0000-0000-000000000001', 'Acme');
             INSERT INTO auth.users (email, password_hash, first_name, last_name, role, tenant_id)
             SELECT nick || '@example.org', 'x', initcap(nick), 'Doe', 'USER', id
             FROM core.tenants, unnest(ARRAY['ana', 'bob', 'eve']) nick;
             INSERT INTO billing.contracts (tenant_id, title) SELECT id, 'Basic' FROM core.tenants;
             INSERT INTO registry.roles (role_code, role_name) VALUES ('AUDITOR', 'Auditor');"
        }
        "000007" => {
            "INSERT INTO billing.invoices (user_id, contract_id, amount, status)
             SELECT u.id, c.id, 12.50, CASE u.email WHEN 'ana@example.org' THEN NULL ELSE 'sent' END
             FROM auth.users u, billing.contracts c;"
        }
        "000009" => {
            "INSERT INTO auth.user_roles (user_id, role_id) SELECT u.id, r.id FROM auth.users u, registry.roles r;"
        }
        _ => return,
    };
    database.psql(sql);
}

#[test]
fn the_example_at_each_step() {
    let server = TestServer::get();
    let live = server.database();
    let nothing = live.pg_dump_schema();
    let walk = Walk::new();
    let steps = steps();
    assert!(steps.len() >= 8, "{} steps", steps.len());
    let mut known: Vec<String> = Vec::new();
    let mut previous: Option<String> = None;
    for step in &steps {
        let version = step.last();
        let before = live.pg_dump_schema();
        let rows_before = rows(&live);
        known.extend(step.versions.iter().cloned());
        put(&walk, &step.schema, &known);

        walk.on(&live.url(), &["apply", "--yes"]).ends(0);
        let up = live.pg_dump_schema();
        // The hand-written step that enters roles adds to their table.
        if version != "000010" {
            assert_kept(&rows_before, &rows(&live), &format!("up to {version}"));
        }
        // The step's schema, made in one go in an empty database.
        let (desired, fresh) = (server.database(), Walk::new());
        put(&fresh, &step.schema, &[]);
        fresh.on(&desired.url(), &["diff", "all"]).ends(0);
        // The role is on this server since the first step, and the next server will not have it.
        let first = fresh.read("generated/000001_all.up.sql");
        assert!(first.contains("CREATE ROLE saas_user;"), "{first}");
        fresh.on(&desired.url(), &["apply", "--yes"]).ends(0);
        assert_same_dump(&up, &desired.pg_dump_schema());
        walk.on(&live.url(), &["diff", "--exit-code"])
            .ends(0)
            .says("nothing to do");

        let back: &[&str] = match &previous {
            Some(previous) => &["rollback", "--to", previous, "--yes"],
            None => &["rollback", "--all", "--yes"],
        };
        walk.on(&live.url(), back).ends(0);
        assert_same_dump(&live.pg_dump_schema(), &before);
        assert_eq!(rows(&live), rows_before, "down from {version}");
        walk.on(&live.url(), &["apply", "--yes"]).ends(0);
        assert_same_dump(&live.pg_dump_schema(), &up);
        enter_rows(&live, version);
        previous = Some(version.to_owned());
    }
    assert_eq!(
        live.psql("SELECT string_agg(firstname, ' ' ORDER BY firstname) FROM auth.users"),
        "Ana Bob Eve"
    );
    assert_eq!(
        live.psql("SELECT string_agg(role_name, ', ' ORDER BY role_name) FROM registry.roles"),
        "Auditor, Compliance officer, Customer, Platform administrator"
    );
    assert_eq!(
        live.psql("SELECT count(*) FROM billing.invoices WHERE status = 'draft'"),
        "1",
        "the invoice without a status was filled"
    );
    walk.on(&live.url(), &["status", "--check"])
        .ends(0)
        .says("as recorded");
    round(&live, "");
    walk.on(&live.url(), &["rollback", "--to", "000001", "--yes"])
        .ends(0);
    assert_eq!(
        live.psql("SELECT string_agg(first_name, ' ' ORDER BY first_name) FROM auth.users"),
        "Ana Bob Eve"
    );
    walk.on(&live.url(), &["rollback", "--all", "--yes"])
        .ends(0);
    assert_same_dump(&live.pg_dump_schema(), &nothing);
}

#[test]
fn the_steps_lead_to_the_example_and_every_file_is_proven() {
    let last = steps().pop().unwrap();
    assert_eq!(last.schema, texts(&root().join("schema")));
    for (name, text) in texts(&root().join("generated")) {
        assert!(
            text.contains("\n-- schemactl:proven up and down on PostgreSQL"),
            "{name}"
        );
    }
    let walk = Walk::new();
    let all: Vec<String> = steps().into_iter().flat_map(|step| step.versions).collect();
    put(&walk, &last.schema, &all);
    walk.run(&["check", "--project", "app"]).ends(0);
    walk.run(&["fmt", "--check", "--project", "app"]).ends(0);
    walk.run(&["verify", "--project", "app"]).ends(0);
}

#[test]
fn a_file_written_by_hand_is_proven_by_restamp() {
    let walk = Walk::new();
    let database = TestServer::get().database();
    walk.on(&database.url(), &["new", "by_hand"]).ends(0);
    let path = "generated/000001_by_hand.up.sql";
    let text = walk.read(path);
    assert!(!text.contains("-- schemactl:proven"), "{text}");
    walk.write(path, &(text + "CREATE SCHEMA by_hand;\n"));
    let down = "generated/000001_by_hand.down.sql";
    walk.write(down, &(walk.read(down) + "DROP SCHEMA by_hand;\n"));
    walk.on(&database.url(), &["restamp"]).ends(0);
    for path in [path, down] {
        let text = walk.read(path);
        assert!(
            text.contains("-- schemactl:proven up and down on PostgreSQL"),
            "{text}"
        );
    }
    walk.on(&database.url(), &["restamp"])
        .ends(0)
        .says("nothing to stamp");
}
