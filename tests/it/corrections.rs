//! Files that lead a database which has wandered off back to what was recorded, here and where it wandered elsewhere.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer, assert_same_dump};

const KDL: &str = "schema app {
    table users {
        column id bigint primary-key
        column email text
        index name=by_email email
    }
    table events {
        column id bigint not-null
        column day date not-null
        primary-key id day
        partition-by range day partitions=exact
        partition events_2024 from=\"'2024-01-01'\" to=\"'2025-01-01'\"
    }
}
";

/// A project, and two databases in which its first migration ran.
fn two() -> (Walk, TestDatabase<'static>, TestDatabase<'static>) {
    let server = TestServer::get();
    let (walk, here, there) = (Walk::new(), server.database(), server.database());
    walk.write("schema/app.kdl", KDL);
    walk.on(&here.url(), &["diff", "first"]).ends(0);
    for live in [&here, &there] {
        walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    }
    (walk, here, there)
}

#[test]
fn what_a_correction_leads_back_is_as_recorded() {
    for by_hand in [
        "ALTER INDEX app.by_email RENAME TO by_address",
        "CREATE INDEX by_day ON app.events (day)",
        "DROP INDEX app.by_email",
        "ALTER TABLE app.users ALTER email SET DEFAULT 'x', ADD more int UNIQUE",
        "ALTER TABLE app.events ADD CONSTRAINT positive CHECK (id > 0)",
    ] {
        let (walk, live, clean) = two();
        let url = live.url();
        let on = |arguments: &[&str]| walk.on(&url, arguments);
        live.psql(by_hand);
        on(&["drift", "--fix"]).ends(0);
        on(&["apply", "--yes"]).ends(0);
        assert_same_dump(&live.pg_dump_schema(), &clean.pg_dump_schema());
        on(&["drift"]).ends(0);
        on(&["diff"]).ends(0).says("nothing to do");
        on(&["rollback", "--yes"]).ends(0);
        on(&["drift"]).ends(2);
        on(&["apply", "--yes"]).ends(0);
        on(&["status", "--check"]).ends(0);
    }
}

#[test]
fn a_correction_runs_only_where_its_own_drift_is() {
    let (walk, here, there) = two();
    let on = |live: &TestDatabase<'_>, arguments: &[&str]| walk.on(&live.url(), arguments);
    here.psql("ALTER TABLE app.users ADD a text");
    there.psql("ALTER TABLE app.users ADD b text");
    on(&here, &["drift", "--fix"]).ends(0);
    on(&here, &["apply", "--yes"]).ends(0);
    let dump = there.pg_dump_schema();
    on(&there, &["apply", "--yes"])
        .ends(0)
        .says("000002 correct_drift  skipped");
    assert_same_dump(&there.pg_dump_schema(), &dump);
    on(&there, &["drift"]).ends(2).says("+ column app.users.b");
    on(&there, &["drift", "--fix"]).ends(0);
    on(&there, &["apply", "--yes"]).ends(0);
    assert_same_dump(&there.pg_dump_schema(), &here.pg_dump_schema());
    on(&here, &["apply", "--yes"])
        .ends(0)
        .says("000003 correct_drift  skipped");
    for live in [&here, &there] {
        on(live, &["drift"]).ends(0);
        on(live, &["status", "--check"]).ends(0);
    }
}

#[test]
fn of_two_corrections_the_second_is_skipped_where_the_first_was_enough() {
    let (walk, here, there) = two();
    let on = |live: &TestDatabase<'_>, arguments: &[&str]| walk.on(&live.url(), arguments);
    there.psql("ALTER TABLE app.users ADD a text");
    for name in ["a", "a", "b"] {
        here.psql(&format!("ALTER TABLE app.users ADD {name} text"));
        on(&here, &["drift", "--fix"]).ends(0);
        on(&here, &["apply", "--yes"]).ends(0);
    }
    on(&there, &["apply", "--yes"])
        .ends(0)
        .says("1 applied")
        .says("000003 correct_drift  skipped")
        .says("000004 correct_drift  skipped");
    assert_same_dump(&there.pg_dump_schema(), &here.pg_dump_schema());
    on(&there, &["drift"]).ends(0);
}

#[test]
fn a_table_that_is_renamed_by_hand_again_and_again_stays_the_same_table() {
    let (walk, here, there) = two();
    let on = |live: &TestDatabase<'_>, arguments: &[&str]| walk.on(&live.url(), arguments);
    let more = "schema app {
        table orders {
            column id bigint primary-key
            column user_id bigint not-null references=users
        }
        view names { query \"SELECT id, email FROM app.users\" }
    }";
    walk.write("schema/more.kdl", more);
    on(&here, &["diff", "more"]).ends(0);
    for live in [&here, &there] {
        on(live, &["apply", "--yes"]).ends(0);
        live.psql("INSERT INTO app.users VALUES (1, 'a')");
    }
    here.psql("ALTER TABLE app.users RENAME TO people");
    on(&here, &["drift", "--fix"]).ends(0);
    on(&here, &["apply", "--yes"]).ends(0);
    assert_same_dump(&here.pg_dump_schema(), &there.pg_dump_schema());
    on(&here, &["drift"]).ends(0);
    here.psql("ALTER TABLE app.users RENAME TO people");
    on(&here, &["drift", "--accept", "--yes"]).ends(0);
    on(&here, &["drift"]).ends(0);
    on(&here, &["diff", "--exit-code"]).ends(0);
    on(&there, &["apply", "--yes"]).ends(0).says("skipped");
    assert_same_dump(&here.pg_dump_schema(), &there.pg_dump_schema());
    for live in [&here, &there] {
        assert_eq!(live.psql("SELECT email FROM app.people").trim(), "a");
    }
}
