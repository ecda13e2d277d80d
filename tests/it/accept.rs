//! What somebody did by hand is taken into the KDL files at its place, comments kept, and recorded as already there; the
//! other databases run it.

use crate::cli_support::Walk;
use crate::support::{TestServer, assert_same_dump};

const APP: &str = "// The application.
schema app {
    enum mood sad // below zero
    // People.
    table users {
        column id bigint primary-key
        column email \"character varying(200)\"   not-null unique // longest seen: 120
        column status text default=\"'active'\"
        /* why: see the wiki */
        check \"status IN ('active', 'off')\" name=chk
        column plan_id bigint
        foreign-key plan_id references=billing.plans on-delete=cascade
        index status name=by_status // for the list
    }
    view active { query \"SELECT id FROM app.users WHERE status = 'active'\" }
    function add \"a int, b int\" returns=int language=sql volatility=immutable { body \"SELECT a + b\" }
}
";

const BILLING: &str = "schema billing {
    table plans { column id bigint primary-key; column name text } // short
}
";

const BY_HAND: &str = "
    ALTER TYPE app.mood ADD VALUE 'ok';
    ALTER TABLE app.users ALTER email TYPE varchar(300), DROP CONSTRAINT chk, ADD COLUMN hand text NOT NULL DEFAULT '';
    ALTER TABLE app.users DROP CONSTRAINT users_plan_id_fkey,
        ADD CONSTRAINT users_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES billing.plans ON DELETE SET NULL;
    CREATE INDEX tmp_ix ON app.users (hand);
    CREATE TABLE app.notes (id integer PRIMARY KEY, body text);
    COMMENT ON TABLE billing.plans IS 'by hand';
    ALTER TABLE billing.plans ADD CONSTRAINT plans_name_key UNIQUE (name);
    CREATE OR REPLACE FUNCTION app.add(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT b + a';
    CREATE OR REPLACE VIEW app.active AS SELECT id FROM app.users WHERE status = 'active' AND id > 0;
";

fn project() -> Walk {
    let walk = Walk::new();
    walk.write("schema/app.kdl", APP);
    walk.write("schema/billing.kdl", BILLING);
    walk
}

#[test]
fn each_change_goes_to_its_place_and_the_other_databases_run_it() {
    let server = TestServer::get();
    let (production, staging) = (server.database(), server.database());
    let (production_url, staging_url) = (production.url(), staging.url());
    let walk = project();
    let on = |url: &str, arguments: &[&str]| walk.on(url, arguments);
    on(&production_url, &["diff", "one"]).ends(0);
    for url in [&production_url, &staging_url] {
        on(url, &["apply", "--yes"]).ends(0);
    }
    on(&production_url, &["drift", "--accept"])
        .ends(0)
        .says("no drift");
    production.psql(BY_HAND);
    let by_hand = production.pg_dump_schema();
    on(&production_url, &["drift", "--dry-run"]).ends(4);

    on(&production_url, &["drift", "--accept", "--dry-run"])
        .ends(0)
        .says("+     index hand name=tmp_ix");
    assert_eq!(walk.read("schema/app.kdl"), APP, "a dry run writes nothing");
    assert_eq!(walk.generated().len(), 2);

    on(&production_url, &["drift", "--accept"])
        .ends(0)
        .says("000002  recorded as already there");
    insta::assert_snapshot!(walk.read("schema/app.kdl"), @r##"
    // The application.
    schema app {
        enum mood sad ok // below zero
        // People.
        table users {
            column id bigint primary-key
            column email "varchar(300)"   not-null unique // longest seen: 120
            column status text default="'active'"
            column plan_id bigint
            column hand text not-null default="''"
            foreign-key plan_id references=billing.plans on-delete=set-null
            index status name=by_status // for the list
            index hand name=tmp_ix
        }
        table notes {
            column id integer primary-key
            column body text
        }
        view active { query """
            SELECT users.id
               FROM app.users
              WHERE ((users.status = 'active'::text) AND (users.id > 0))
            """ }
        function add "a int, b int" returns=int language=sql volatility=immutable { body "SELECT b + a" }
    }
    "##);
    insta::assert_snapshot!(walk.read("schema/billing.kdl"), @r##"
    schema billing {
        table plans comment="by hand" { column id bigint primary-key; column name text unique } // short
    }
    "##);
    assert_same_dump(&production.pg_dump_schema(), &by_hand);
    on(&production_url, &["drift"]).ends(0).says("no drift");
    on(&production_url, &["diff", "--exit-code"]).ends(0);
    on(&production_url, &["status", "--check"]).ends(0);
    on(&production_url, &["log"])
        .ends(0)
        .says("accept applied  000002 accept_drift")
        .says("it was there already");
    walk.run(&["verify", "--project", "app"]).ends(0);
    walk.run(&[
        "fmt",
        "--check",
        "--project",
        "app",
        "app/schema/billing.kdl",
    ]);

    on(&staging_url, &["apply", "--yes"]).ends(0);
    assert_same_dump(&staging.pg_dump_schema(), &by_hand);
    for url in [&production_url, &staging_url] {
        on(url, &["rollback", "--to", "1", "--yes"]).ends(0);
    }
    assert_same_dump(&production.pg_dump_schema(), &staging.pg_dump_schema());
    assert!(!staging.pg_dump_schema().contains("tmp_ix"));
}

#[test]
fn a_choice_per_object_leaves_the_rest_as_drift() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = project();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["diff", "one"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    live.psql(
        "CREATE INDEX keep_ix ON app.users (plan_id); CREATE INDEX drop_ix ON app.users (email, id);
         ALTER TABLE billing.plans ALTER name SET NOT NULL;",
    );
    on(&["drift", "--accept", "--object", "index:app.users.none"])
        .ends(4)
        .says("index:app.users.keep_ix");
    on(&["drift", "--accept", "--object", "index:app.users.keep_ix"]).ends(0);
    let app = walk.read("schema/app.kdl");
    assert!(
        app.contains("name=by_status // for the list\n        index plan_id name=keep_ix\n"),
        "{app}"
    );
    assert!(!app.contains("drop_ix"));
    assert_eq!(walk.read("schema/billing.kdl"), BILLING);
    let rest = on(&["drift", "--format", "json"]).ends(2).json();
    let rest: Vec<&str> = rest["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["object"].as_str().unwrap())
        .collect();
    assert_eq!(
        rest,
        ["column billing.plans.name", "index app.users.drop_ix"]
    );

    // The other way: one is taken back, the other stays.
    on(&["drift", "--fix", "--object", "index:app.users.drop_ix"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    assert!(!live.pg_dump_schema().contains("drop_ix"));
    on(&["drift", "--accept"]).ends(0);
    on(&["drift"]).ends(0).says("no drift");
    assert!(
        walk.read("schema/billing.kdl")
            .contains("column name text not-null }")
    );
}

#[test]
fn what_has_no_place_of_its_own_is_refused_and_nothing_is_written() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = Walk::new();
    let kdl = "mixin stamped { column at timestamptz }
schema app {
    table a { use stamped; column id bigint }
    table b { use stamped; column id bigint }
}
";
    walk.write("schema/app.kdl", kdl);
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["diff", "one"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    live.psql("ALTER TABLE app.a ALTER at SET NOT NULL");
    on(&["drift", "--accept"])
        .ends(3)
        .says("drift::unplaced")
        .says("a mixin says it");
    assert_eq!(walk.read("schema/app.kdl"), kdl);
    assert_eq!(walk.generated().len(), 2);
    // A column of the table's own is no business of the mixin.
    live.psql("ALTER TABLE app.a ALTER at DROP NOT NULL; ALTER TABLE app.a ALTER id SET NOT NULL");
    on(&["drift", "--accept"]).ends(0);
    assert!(walk.read("schema/app.kdl").contains(
        "table a { use stamped; column id bigint not-null }\n    table b { use stamped; column id bigint }"
    ));
}

/// Whole objects that were dropped by hand, whose owners silence leaves alone.
#[test]
fn what_was_dropped_by_hand_goes_from_the_files() {
    let server = TestServer::get();
    let (production, staging) = (server.database(), server.database());
    let walk = project();
    walk.on(&production.url(), &["diff", "one"]).ends(0);
    for live in [&production, &staging] {
        walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    }
    let before = staging.pg_dump_schema();
    production.psql("DROP VIEW app.active; DROP TABLE app.users; DROP FUNCTION app.add(int, int)");
    walk.on(&production.url(), &["drift", "--accept", "--yes"])
        .ends(0);
    let file = walk.read("schema/app.kdl");
    assert!(
        !file.contains("users") && file.contains("enum mood"),
        "{file}"
    );
    walk.on(&production.url(), &["diff", "--exit-code"]).ends(0);
    walk.on(
        &staging.url(),
        &["apply", "--yes", "--allow", "drop-table:app.users"],
    )
    .ends(0);
    assert_same_dump(&production.pg_dump_schema(), &staging.pg_dump_schema());
    walk.on(&staging.url(), &["rollback", "--steps", "1", "--yes"])
        .ends(0);
    assert_same_dump(&before, &staging.pg_dump_schema());
}

#[test]
fn a_row_that_is_gone_is_accepted_also_where_the_table_may_hold_others() {
    let server = TestServer::get();
    let (database, other) = (server.database(), server.database());
    let (url, elsewhere) = (database.url(), other.url());
    let walk = Walk::new();
    let kdl = "schema s {\n    table part {\n        column id int primary-key\n        column z text\n        rows {\n            columns id z\n            row 7 q\n            row 8 w\n        }\n    }\n}\n";
    walk.write("schema/s.kdl", kdl);
    walk.on(&url, &["diff", "one"]).ends(0);
    for url in [&url, &elsewhere] {
        walk.on(url, &["apply", "--yes"]).ends(0);
    }
    database.psql("DELETE FROM s.part WHERE id = 8");
    walk.on(&url, &["drift", "--accept", "--yes"]).ends(0);
    assert_eq!(
        walk.read("schema/s.kdl"),
        kdl.replace("            row 8 w\n", "")
    );
    let rows = |database: &crate::support::TestDatabase<'_>| {
        database.psql("TABLE s.part ORDER BY 1").trim().to_owned()
    };
    walk.on(&elsewhere, &["apply", "--yes"]).ends(0);
    for (url, database) in [(&url, &database), (&elsewhere, &other)] {
        assert_eq!(rows(database), "7|q");
        walk.on(url, &["drift"]).ends(0);
        walk.on(url, &["diff", "--exit-code"]).ends(0);
        walk.on(url, &["rollback", "--steps", "1", "--yes"]).ends(0);
        assert_eq!(rows(database), "7|q\n8|w");
    }
    walk.on(&url, &["verify"]).ends(0);
}
