//! Drift: what somebody did to a database by hand is told with its attributes and owner, corrected by a proven migration
//! where it is, and the correction is skipped where it is not.

use crate::cli_support::Walk;
use crate::support::{TestServer, assert_same_dump};

const KDL: &str = "schema app {
    table users {
        column id bigint primary-key
        column email \"varchar(200)\" not-null unique
        column status text default=\"'active'\"
        check \"status IN ('active', 'off')\" name=chk
        index status
    }
}
";

/// What a person did on a Friday evening.
const BY_HAND: &str = "
    CREATE INDEX tmp_ix ON app.users (email);
    ALTER TABLE app.users ALTER email TYPE varchar(300), DROP CONSTRAINT chk;
    ALTER INDEX app.users_status_idx RENAME TO by_hand;
    CREATE TABLE app.hand (id integer);
    COMMENT ON TABLE app.users IS 'by hand';
";

#[test]
fn a_database_that_wandered_off_is_led_back_and_the_others_skip_it() {
    let server = TestServer::get();
    let (production, staging) = (server.database(), server.database());
    let walk = Walk::new();
    walk.write("schema/app.kdl", KDL);
    let on = |database: &str, arguments: &[&str]| walk.on(database, arguments);
    let (production_url, staging_url) = (production.url(), staging.url());
    on(&production_url, &["drift"])
        .ends(3)
        .says("drift::no_history")
        .says("schemactl baseline");
    on(&production_url, &["diff", "one"]).ends(0);
    for url in [&production_url, &staging_url] {
        on(url, &["apply", "--yes"]).ends(0);
        on(url, &["drift"]).ends(0).says("no drift");
    }
    let recorded = production.pg_dump_schema();
    production.psql("INSERT INTO app.users VALUES (1, 'ana'), (2, 'bob')");
    production.psql(BY_HAND);
    let drifted = production.pg_dump_schema();

    on(&production_url, &["drift"])
        .ends(2)
        .says("+ table app.hand  not by schemactl; owner postgres")
        .says("data-type  character varying(200) → character varying(300)")
        .says("- check app.users.chk  is gone")
        .says("+ index app.users.tmp_ix")
        .says("+ comment of table app.users");
    let json = on(&production_url, &["drift", "--format", "json"])
        .ends(2)
        .json();
    assert_eq!(json["drifted"], true);
    let changes = json["changes"].as_array().unwrap();
    let column = changes.iter().find(|it| it["kind"] == "column").unwrap();
    assert_eq!(column["attributes"][0]["after"], "character varying(300)");

    on(&production_url, &["drift", "--fix", "--dry-run"]).ends(0);
    assert_eq!(walk.generated().len(), 2, "a dry run writes nothing");
    on(&production_url, &["drift", "--fix"]).ends(0);
    assert!(
        walk.read("generated/000002_correct_drift.up.sql")
            .contains("-- schemactl:corrects drift\n")
    );
    assert_same_dump(&production.pg_dump_schema(), &drifted);
    on(&production_url, &["apply", "--yes"]).ends(0);
    assert_same_dump(&production.pg_dump_schema(), &recorded);
    on(&staging_url, &["apply", "--yes"])
        .ends(0)
        .says("000002 correct_drift  skipped: there is no drift to correct");
    assert_same_dump(&staging.pg_dump_schema(), &recorded);
    for url in [&production_url, &staging_url] {
        on(url, &["drift"]).ends(0);
        on(url, &["diff", "--exit-code"]).ends(0);
        on(url, &["status", "--check"]).ends(0);
    }
    assert_eq!(
        production.psql("SELECT count(*) FROM app.users").trim(),
        "2"
    );
    walk.run(&["verify", "--project", "app"]).ends(0);

    // What comes after runs in both; the way back of the correction is exact where it ran.
    let more = KDL.replace(
        "column id bigint primary-key",
        "column id bigint primary-key\n        column more text",
    );
    walk.write("schema/app.kdl", &more);
    on(&production_url, &["diff", "more"]).ends(0);
    for url in [&production_url, &staging_url] {
        on(url, &["apply", "--yes"]).ends(0);
    }
    on(&production_url, &["rollback", "--to", "000001", "--yes"]).ends(0);
    assert_same_dump(&production.pg_dump_schema(), &drifted);
    on(&staging_url, &["rollback", "--all", "--yes"]).ends(0);
    assert!(!staging.pg_dump_schema().contains("app.users"));
}

#[test]
fn what_the_project_leaves_alone_is_no_drift() {
    let server = TestServer::get();
    let live = server.database();
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\ndatabase app { scope { ignore table=\"app.*_backup\" }; manage { comments declared } }\n",
    );
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id bigint; partition-by range id } }",
    );
    let url = live.url();
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql(
        "CREATE TABLE app.t_backup (id integer); COMMENT ON TABLE app.t IS 'mine'; CREATE SCHEMA other;
         CREATE TABLE other.t (id integer); CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (1) TO (2);",
    );
    walk.on(&url, &["drift"]).ends(0).says("no drift");
    live.psql("ALTER TABLE app.t ADD COLUMN hand text");
    walk.on(&url, &["drift"])
        .ends(2)
        .says("+ column app.t.hand");
}

/// `status` and `apply` see drift where `drift` does: partitions that are made at run time, and what the project does not
/// manage, are none.
#[test]
fn what_drift_leaves_alone_is_no_drift_for_status_and_apply() {
    let live = TestServer::get().database();
    let (walk, url) = (Walk::new(), live.url());
    walk.write(
        "schemactl.kdl",
        "project app edition=1
         database app { manage { comments declared; grants declared } }
         environment default { drift refuse }",
    );
    walk.write(
        "schema/app.kdl",
        "schema app {
            table event { column day int; partition-by range day; partition event_1 from=0 to=10 }
            table t { column id int primary-key }
        }",
    );
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql(
        "CREATE TABLE app.event_2 PARTITION OF app.event FOR VALUES FROM (10) TO (20);
         CREATE INDEX ON app.event_2 (day);
         COMMENT ON TABLE app.t IS 'by hand';
         GRANT SELECT ON app.t TO PUBLIC;",
    );
    walk.on(&url, &["drift"]).ends(0);
    walk.on(&url, &["status", "--check"])
        .ends(0)
        .says("as recorded");
    walk.write(
        "schema/more.kdl",
        "schema app { table more { column id int } }",
    );
    walk.on(&url, &["diff", "two"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("ALTER TABLE app.t ADD by_hand integer");
    walk.on(&url, &["status", "--check"])
        .ends(2)
        .says("drifted");
}

#[test]
fn texts_of_another_major_version_are_told_from_drift_without_a_scratch_server() {
    let live = TestServer::get().database();
    let url = live.url();
    let walk = Walk::new();
    walk.write("schema/app.kdl", KDL);
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["diff", "one"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    // As after an upgrade: the record is of an older server, and a text is printed with another cast.
    live.psql("UPDATE schemactl.snapshots SET server_version_num = 120000");
    live.psql("ALTER TABLE app.users ALTER status SET DEFAULT ('active'::varchar)::text");
    let without = ["drift", "--scratch", "postgresql://nobody@127.0.0.1:1/none"];
    on(&without)
        .ends(5)
        .says("drift::unverifiable")
        .says("default of column app.users.status");
    on(&["status"]).ends(0).says("as recorded");
    live.psql("ALTER TABLE app.users ADD COLUMN hand integer");
    on(&without)
        .ends(2)
        .says("+ column app.users.hand")
        .says("default of column app.users.status");
}

/// What wandered off before a run is told since the run before it, however many come after.
#[test]
fn drift_is_as_old_as_it_is() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let schema = |tables: &str| {
        let text =
            format!("schema app {{ table a {{ column id int; column v int }}; {tables} }}\n");
        walk.write("schema/app.kdl", &text);
    };
    schema("");
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("ALTER TABLE app.a ALTER v SET DEFAULT 1; CREATE INDEX mine ON app.a (v)");
    schema("table b { column id int }");
    walk.on(&url, &["diff", "two", "--from", "migrations"])
        .ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    schema("table b { column id int }; table c { column id int }");
    walk.on(&url, &["diff", "three", "--from", "migrations"])
        .ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("ALTER TABLE app.b ADD COLUMN more int");
    let run = walk.on(&url, &["drift", "--format", "json"]).ends(2);
    let told = run.json();
    assert_eq!(told["since"]["version"], "000003");
    let changes = told["changes"].as_array().unwrap().iter();
    let since: Vec<String> = changes
        .map(|it| {
            let version = it["since"].as_str().and_then(|it| it.split(' ').next());
            format!(
                "{} {}",
                it["object"].as_str().unwrap(),
                version.unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(
        since,
        [
            "column app.b.more -",
            "default of column app.a.v 000001",
            "index app.a.mine 000001"
        ]
    );
    walk.on(&url, &["drift"])
        .ends(2)
        .says("app.a  since 000001")
        .says("app.b  since 000003");
    // Corrected and wandered off again, it is new.
    live.psql("ALTER TABLE app.a ALTER v DROP DEFAULT; DROP INDEX app.mine");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    schema("table b { column id int }; table c { column id int }; table d { column id int }");
    walk.on(&url, &["diff", "four", "--from", "migrations"])
        .ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("ALTER TABLE app.a ALTER v SET DEFAULT 1");
    walk.on(&url, &["drift"])
        .ends(2)
        .says("app.a  since 000004")
        .says("app.b  since 000003");
}
