//! A project of services: each with schemas, files and migrations of its own, in one database, with the real binary.

use crate::cli_support::{Run, Walk};
use crate::support::{TestDatabase, TestServer, assert_same_dump};

const PROJECT: &str = r#"
project platform edition=1
service billing { schemas billing ledger; schema-files "services/billing"; depends-on auth crm }
service auth { schema-files "services/auth" }
service crm { schema-files "services/crm"; depends-on auth }
"#;

const AUTH: &str = "schema auth {
    table users {
        column id bigint primary-key
        column email text not-null
    }
}
";

const CRM: &str = "schema crm {
    table customers {
        column id bigint primary-key
        column user_id bigint references=auth.users
        column name text
    }
}
";

const BILLING: &str = r#"extension pgcrypto schema=billing
schema billing {
    table invoices {
        column id bigint primary-key
        column customer_id bigint references=crm.customers
        column total numeric
    }
}
schema ledger {
    table entries { column id bigint primary-key; column invoice_id bigint references=billing.invoices }
}
"#;

fn walk() -> Walk {
    let walk = Walk::new();
    walk.write("schemactl.kdl", PROJECT);
    walk.write("services/auth/auth.kdl", AUTH);
    walk.write("services/crm/crm.kdl", CRM);
    walk.write("services/billing/billing.kdl", BILLING);
    walk.write(
        "schema/shared.kdl",
        "schema public_api { view everyone { query \"SELECT id FROM crm.customers\" } }\n",
    );
    walk
}

/// The up files of a service, oldest first.
fn ups(walk: &Walk, service: &str) -> Vec<String> {
    let mut files = walk.files(&format!("generated/{service}"));
    files.retain(|name| name.ends_with(".up.sql"));
    files
}

/// The values of a key in the header of a service's file.
fn header(walk: &Walk, service: &str, file: usize, key: &str) -> Vec<String> {
    let name = &ups(walk, service)[file];
    let text = walk.read(&format!("generated/{service}/{name}"));
    let mark = format!("-- schemactl:{key} ");
    text.lines()
        .take_while(|line| line.starts_with("--"))
        .filter_map(|line| line.strip_prefix(&mark).map(str::to_owned))
        .collect()
}

/// The migrations that are in a database, in the order in which they came there.
fn ran(database: &TestDatabase<'_>) -> Vec<String> {
    let rows = database.psql(
        "SELECT CASE service WHEN '' THEN '' ELSE service || '/' END || version FROM schemactl.migrations \
         WHERE status = 'applied' ORDER BY applied_at",
    );
    rows.lines().map(str::to_owned).collect()
}

fn dump(database: &TestDatabase<'_>) -> String {
    database.pg_dump_schema()
}

#[test]
fn services_are_made_in_the_order_in_which_they_stand_on_each_other_and_go_back() {
    let server = TestServer::get();
    let (one, other) = (server.database(), server.database());
    let walk = walk();
    let on = |arguments: &[&str]| walk.on(&one.url(), arguments);
    let empty = dump(&one);
    on(&["check"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    on(&["diff"]).ends(0);
    for service in ["auth", "crm", "billing", ""] {
        assert_eq!(ups(&walk, service).len(), 1, "{service}");
    }
    assert_eq!(header(&walk, "crm", 0, "service"), ["crm"]);
    assert_eq!(header(&walk, "auth", 0, "depends-on"), [""; 0]);
    assert_eq!(header(&walk, "crm", 0, "depends-on"), ["auth/000001"]);
    assert_eq!(header(&walk, "billing", 0, "depends-on"), ["crm/000001"]);
    assert_eq!(header(&walk, "", 0, "depends-on"), ["crm/000001"]);
    assert!(
        walk.read(&format!("generated/billing/{}", ups(&walk, "billing")[0]))
            .contains("EXTENSION pgcrypto")
    );
    let applied = on(&["apply", "--yes", "--format", "json"]).ends(0).json();
    assert_eq!(
        applied["applied"],
        serde_json::json!(["auth/000001", "crm/000001", "000001", "billing/000001"])
    );
    assert_eq!(applied["at"]["billing"], "000001");
    assert_eq!(
        ran(&one),
        ["auth/000001", "crm/000001", "000001", "billing/000001"]
    );
    on(&["tag", "release-1"]).ends(0);
    let first = dump(&one);
    on(&["diff", "--exit-code"]).ends(0);
    on(&["drift"]).ends(0);
    on(&["doctor"]).ends(0);
    // A foreign key over services comes and goes: what is taken away stands behind what stood on it.
    walk.write(
        "services/auth/auth.kdl",
        "schema auth {
    table users { column id bigint primary-key; column email text not-null; column phone text }
    table accounts { column id bigint primary-key }
}
",
    );
    walk.write(
        "services/crm/crm.kdl",
        &CRM.replace("references=auth.users", "references=auth.accounts"),
    );
    on(&["diff", "accounts"]).ends(0);
    assert_eq!(header(&walk, "crm", 1, "depends-on"), ["auth/000002"]);
    on(&["apply", "--yes"]).ends(0);
    walk.write("services/auth/auth.kdl", "schema auth {}\n");
    walk.write(
        "services/crm/crm.kdl",
        &CRM.replace(" references=auth.users", ""),
    );
    on(&["diff", "no_accounts"]).ends(0);
    let crm = ups(&walk, "crm")
        .last()
        .unwrap()
        .replace("_no_accounts.up.sql", "");
    assert_eq!(
        header(&walk, "auth", 2, "depends-on"),
        [format!("crm/{crm}")]
    );
    let plan = on(&["plan", "--format", "json"]).ends(0).json();
    let labels: Vec<&str> = plan["pending"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["migration"].as_str().unwrap())
        .collect();
    // The way back of a foreign key has a file for its validation.
    let before_last = "crm/000004_no_accounts";
    let last_of_crm = format!("crm/{crm}_no_accounts");
    let expected = [before_last, &last_of_crm, "auth/000003_no_accounts"];
    assert_eq!(labels, expected);
    on(&["apply", "--yes"]).ends(0);
    let last = dump(&one);
    on(&["verify"])
        .ends(0)
        .says("migrations, unaltered and in one chain");
    // A new database comes to the same by another order of the same files.
    walk.on(&other.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&last, &dump(&other));
    on(&["rollback", "--to", "release-1", "--yes"]).ends(0);
    assert_same_dump(&first, &dump(&one));
    on(&["apply", "--yes"]).ends(0);
    assert_same_dump(&last, &dump(&one));
    on(&["rollback", "--all", "--yes"]).ends(0);
    assert_same_dump(&empty, &dump(&one));
}

#[test]
fn each_service_is_asked_for_by_its_name() {
    let server = TestServer::get();
    let database = server.database();
    let walk = walk();
    let on = |arguments: &[&str]| walk.on(&database.url(), arguments);
    // What stands on nothing new is written alone, and what does not is not.
    on(&["diff", "--service", "crm"])
        .ends(3)
        .says("service::not_alone")
        .says("cannot be written without that of auth");
    on(&["diff", "first", "--service", "auth"])
        .ends(0)
        .says("left to others: crm, shared, billing");
    assert!(walk.files("generated/auth").len() == 2 && !walk.path("generated/crm").exists());
    on(&["apply", "--yes"]).ends(0);
    on(&["diff", "--service", "auth"])
        .ends(0)
        .says("nothing to do for this service");
    let left = on(&["diff", "first", "--service", "crm", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(left["left"], serde_json::json!(["shared", "billing"]));
    assert_eq!(left["files"][0]["service"], "crm");
    on(&["new", "by_hand", "--service", "auth"]).ends(0);
    on(&["new", "at_hand", "--service", "nobody"])
        .ends(4)
        .says("service::unknown")
        .says("auth");
    assert_eq!(
        ups(&walk, "auth"),
        ["000001_first.up.sql", "000002_by_hand.up.sql"]
    );
    walk.write(
        "generated/crm/000002_more.up.sql",
        "-- schemactl:depends-on auth/2\n\nSELECT 1;\n",
    );
    walk.write("generated/crm/000002_more.down.sql", "SELECT 1;\n");
    // `crm` needs what it stands on, and `--only` takes nothing along.
    on(&["apply", "--only", "crm/1", "--only", "crm/2", "--yes"])
        .ends(3)
        .says("migrate::depends")
        .says("auth/000002_by_hand");
    on(&["apply", "--to", "crm/1", "--yes"]).ends(0);
    assert_eq!(ran(&database), ["auth/000001", "crm/000001"]);
    let status = on(&["status"]).ends(0);
    for line in [
        "auth at 000001 1 pending",
        "crm at 000001 1 pending",
        "auth/000002 by_hand pending",
    ] {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&status.out).contains(line), "{status:?}");
    }
    let status = on(&["status", "--service", "crm", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(status["at"]["auth"], "000001");
    assert_eq!(status["migrations"][1]["service"], "crm");
    assert_eq!(status["migrations"].as_array().unwrap().len(), 2);
    on(&["apply", "--service", "crm", "--yes"])
        .ends(0)
        .says("crm stands on these of other services, which run too: auth/000002 by_hand");
    assert_eq!(ran(&database).len(), 4);
    on(&["show", "auth/1"])
        .ends(0)
        .says("CREATE TABLE auth.users");
    on(&["show", "1", "--service", "crm"])
        .ends(0)
        .says("CREATE TABLE crm.customers");
    on(&["show", "1"])
        .ends(4)
        .says("migrate::ambiguous")
        .says("auth/1 or crm/1");
    on(&["rollback", "--to", "1", "--yes"])
        .ends(4)
        .says("migrate::ambiguous");
    on(&["tag", "auth/9"]).ends(4).says("tag::name");
    on(&["log"]).ends(0).says("auth/000002 by_hand");
    let log = on(&["log", "--service", "auth", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(log["events"].as_array().unwrap().len(), 2);
    // What others stand on goes with a word only.
    on(&["rollback", "--service", "auth", "--yes"])
        .ends(3)
        .says("rollback::dependents")
        .says("crm/000002_more");
    assert_eq!(ran(&database).len(), 4);
    let back = on(&[
        "rollback",
        "--service",
        "auth",
        "--with-dependents",
        "--yes",
        "--format",
        "json",
    ]);
    assert_eq!(
        back.ends(0).json()["rolled_back"],
        serde_json::json!(["crm/000002", "auth/000002"])
    );
    on(&["apply", "--yes"]).ends(0);
    // Without a service it is the newest, whose ever it is.
    on(&["rollback", "--yes"]).ends(0).says("crm/000002");
    on(&["apply", "--yes"]).ends(0);
    on(&["redo", "--service", "crm", "--yes"]).ends(0);
    on(&["redo", "--service", "auth", "--yes"])
        .ends(3)
        .says("rollback::dependents");
    on(&["redo", "--service", "auth", "--with-dependents", "--yes"]).ends(0);
    on(&["restamp", "--yes"]).ends(0);
    on(&["verify"]).ends(3).says("verify::behind");
    // The rest of the change, and a script of it for psql.
    on(&["diff", "rest"]).ends(0);
    let script = on(&["apply", "--script"]).ends(0).out;
    database.psql(&script);
    assert_eq!(ran(&database).last().unwrap(), "billing/000001");
    assert!(
        database.try_psql(&script).is_err(),
        "it was made for another history"
    );
    on(&["apply", "--yes"]).ends(0);
    on(&["verify"]).ends(0);
    on(&["squash"])
        .ends(4)
        .says("squash::service")
        .says("shared, auth, crm, billing");
    on(&["squash", "--service", "auth", "--yes", "--without-data"]).ends(0);
    assert_eq!(ups(&walk, "auth"), ["000002_squashed.up.sql"]);
    on(&["squash", "--service", "crm", "--yes", "--without-data"]).ends(0);
    assert_eq!(
        header(&walk, "crm", 0, "depends-on"),
        ["auth/000001", "auth/2"]
    );
    on(&["verify"]).ends(0);
    on(&["status", "--check"]).ends(0);
}

#[test]
fn parts_that_wait_for_each_other_go_and_return_together() {
    let server = TestServer::get();
    let database = server.database();
    let walk = walk();
    let on = |arguments: &[&str]| walk.on(&database.url(), arguments);
    on(&["diff", "first"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    let first = dump(&database);
    // The new table has to be there before the key that refers to it, and the old one goes only behind the old key.
    walk.write(
        "services/auth/auth.kdl",
        "schema auth { table people { column id bigint primary-key } }\n",
    );
    walk.write(
        "services/crm/crm.kdl",
        &CRM.replace("references=auth.users", "references=auth.people"),
    );
    let refused = on(&["diff", "people", "--service", "auth"]);
    refused
        .ends(3)
        .says("service::not_alone")
        .says("without that of crm");
    on(&["diff", "people"]).ends(0);
    let mut groups: Vec<String> = Vec::new();
    for service in ["auth", "crm"] {
        for at in 1..ups(&walk, service).len() {
            groups.extend(header(&walk, service, at, "group"));
        }
    }
    let files = groups.len();
    assert!(files > 2 && ups(&walk, "auth").len() == 3, "{groups:?}");
    let (id, _) = groups[0].split_once(' ').unwrap();
    let of = format!("/{files}");
    let is_of_it = |group: &String| group.starts_with(id) && group.ends_with(&of);
    assert!(groups.iter().all(is_of_it), "{groups:?}");
    on(&["apply", "--yes"]).ends(0);
    on(&["verify"]).ends(0);
    on(&["rollback", "--yes"])
        .ends(0)
        .says(&format!("is taken back whole: {files} files"));
    assert_same_dump(&first, &dump(&database));
}

#[test]
fn what_services_cannot_have_is_told_at_its_place() {
    let walk = walk();
    let check = || walk.run(&["check", "--project", "app"]);
    let with = |project: &str| -> Run {
        walk.write("schemactl.kdl", project);
        check()
    };
    with(
        "project platform edition=1
service auth { schemas auth people; depends-on billing }
service crm { schemas crm people; depends-on auth nobody }
service billing { depends-on crm }
service shared { depends-on shared }
",
    )
    .ends(4)
    .says("the schema `people` cannot belong to `auth` and to `crm`")
    .says("auth depends on billing depends on crm depends on auth")
    .says("the project has no service `nobody`")
    .says("`shared` is what belongs to no service")
    .says("`shared` would depend on itself");
    let both = "project platform edition=1
service auth { schema-files \"services/auth\" }
service crm { schema-files \"services/crm\" \"services/billing\" }
";
    with(both)
        .ends(4)
        .says("service::undeclared")
        .says("`crm` refers to `auth`, on which it does not say that it stands")
        .says("`crm`, which does not own the schema `billing`");
    walk.write("schemactl.kdl", PROJECT);
    walk.write(
        "services/crm/odd.kdl",
        "schema auth { table extra { column id bigint } }\n",
    );
    check()
        .ends(4)
        .says("service::schema")
        .says("table auth.extra is in the files of `crm`, and the schema `auth` belongs to `auth`")
        .says("the schema is declared here");
    // What only PostgreSQL knows: a view in SQL.
    walk.write(
        "services/crm/odd.kdl",
        "schema crm { view peek { query \"SELECT id FROM billing.invoices\" } }\n",
    );
    check().ends(0);
    let server = TestServer::get();
    let database = server.database();
    walk.on(&database.url(), &["diff"])
        .ends(4)
        .says("service::undeclared")
        .says("view crm.peek of `crm` stands on table billing.invoices of `billing`");
    std::fs::remove_file(walk.path("services/crm/odd.kdl")).unwrap();
    // Files that wait for each other, and one that waits for nothing.
    for (service, other) in [
        ("auth", "crm/1"),
        ("crm", "auth/000001"),
        ("billing", "crm/7"),
    ] {
        let text = format!("-- schemactl:depends-on {other}\n\nSELECT 1;\n");
        walk.write(&format!("generated/{service}/000001_x.up.sql"), &text);
        walk.write(
            &format!("generated/{service}/000001_x.down.sql"),
            "SELECT 1;\n",
        );
    }
    walk.on(&database.url(), &["apply", "--yes"])
        .ends(3)
        .says("migrate::circle")
        .says("auth/000001_x depends on crm/000001_x depends on auth/000001_x")
        .says("migrate::dependency")
        .says("depends on `crm/7`");
}
