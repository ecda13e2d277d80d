//! `apply --script`: what psql runs leaves database and history as `apply` would have.

use crate::cli_support::Walk;
use crate::support::{TestServer, assert_same_dump};

fn project() -> Walk {
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app {\n    table users { column id bigint primary-key; column email text }\n}\n",
    );
    walk
}

const HISTORY: &str = "SELECT string_agg(concat_ws(' ', version, name, group_id IS NOT NULL, part, up_sha, down_sha, status, \
     direction, statements_done, statements_total, md5(up_sql), md5(down_sql)), ', ' ORDER BY version) FROM schemactl.migrations";

#[test]
fn what_psql_runs_is_what_apply_would_have_run() {
    let server = TestServer::get();
    let (one, other) = (server.database(), server.database());
    let (one_url, other_url) = (one.url(), other.url());
    let walk = project();
    walk.on(&one_url, &["diff", "one"]).ends(0);
    walk.on(&one_url, &["apply", "--yes"]).ends(0);
    walk.write(
        "schema/app.kdl",
        "schema app {\n    table users { column id bigint primary-key; column email text; column n int; index email name=ix }\n}\n",
    );
    walk.on(&one_url, &["diff", "two"]).ends(0);
    walk.on(&one_url, &["apply", "--yes"]).ends(0);
    walk.on(&one_url, &["new", "by hand"]).ends(0);
    let by_hand = "-- schemactl:before SELECT current_user <> '' -- somebody\n\
        -- schemactl:verify SELECT 't'\n-- schemactl:report SELECT 'it''s 50%' AS \"what:ever\"\n\
        CREATE SCHEMA extra;\nCREATE FUNCTION extra.f(a int[]) RETURNS int[] LANGUAGE plpgsql AS $$ BEGIN a := a[1:2]; RETURN a; END $$;\n\
        COMMENT ON FUNCTION extra.f(int[]) IS E'back\\\\slash and $$ and '' quote';\n";
    let name = walk.generated().last().unwrap().replace(".up.sql", "");
    walk.write(&format!("generated/{name}.up.sql"), by_hand);
    walk.write(
        &format!("generated/{name}.down.sql"),
        "DROP SCHEMA extra CASCADE;\n",
    );

    let script = walk.on(&other_url, &["apply", "--script"]).ends(0).out;
    assert_eq!(
        other
            .psql("SELECT to_regnamespace('schemactl') IS NULL")
            .trim(),
        "t",
        "printing runs nothing"
    );
    assert!(script.contains("CREATE INDEX CONCURRENTLY"), "{script}");
    assert!(other.psql(&script).contains("it's 50%"));
    walk.on(&one_url, &["apply", "--yes"]).ends(0);
    assert_same_dump(&other.pg_dump_schema(), &one.pg_dump_schema());
    assert_eq!(other.psql(HISTORY), one.psql(HISTORY));
    walk.on(&other_url, &["log"])
        .ends(0)
        .says("by a script for psql");

    // Then `apply` records the catalog and runs nothing, and all is as if it had run everything.
    walk.on(&other_url, &["diff"]).ends(3).says("no catalog");
    walk.on(&other_url, &["apply", "--yes"])
        .ends(0)
        .says("nothing to apply");
    walk.on(&other_url, &["status", "--check"])
        .ends(0)
        .says("as recorded");
    walk.on(&other_url, &["rollback", "--all", "--yes"]).ends(0);
    assert!(!other.pg_dump_schema().contains("app.users"));
}

#[test]
fn a_script_runs_where_it_was_made_for_and_stops_at_the_first_error() {
    let server = TestServer::get();
    let live = server.database();
    let url = live.url();
    let walk = project();
    walk.on(&url, &["diff", "one"]).ends(0);
    let first = walk.on(&url, &["apply", "--script"]).ends(0).out;
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let again = live.try_psql(&first).unwrap_err();
    assert!(again.contains("make it anew"), "{again}");
    let nothing = walk.on(&url, &["apply", "--script"]).ends(0);
    assert_eq!(nothing.out, "");

    walk.on(&url, &["new", "two"]).ends(0);
    walk.on(&url, &["new", "three"]).ends(0);
    walk.write("generated/000002_two.up.sql", "CREATE TABLE app.two ();\n");
    walk.write("generated/000002_two.down.sql", "DROP TABLE app.two;\n");
    walk.write(
        "generated/000003_three.up.sql",
        "CREATE TABLE app.three ();\n-- schemactl:verify SELECT false\n",
    );
    walk.write("generated/000003_three.down.sql", "DROP TABLE app.three;\n");
    let script = walk.on(&url, &["apply", "--script", "--format", "json"]);
    let script = script.ends(0).json();
    assert_eq!(script["versions"], serde_json::json!(["000002", "000003"]));
    let script = script["script"].as_str().unwrap();
    let failed = live.try_psql(script).unwrap_err();
    assert!(
        failed.contains("000003_three.up.sql:2: the check is not true"),
        "{failed}"
    );
    let state = "SELECT string_agg(version || ' ' || status, ', ' ORDER BY version) FROM schemactl.migrations";
    assert_eq!(live.psql(state).trim(), "000001 applied, 000002 applied");
    assert_eq!(
        live.psql("SELECT to_regclass('app.three') IS NULL").trim(),
        "t"
    );
    let stale = live.try_psql(script).unwrap_err();
    assert!(stale.contains("make it anew"), "{stale}");

    // A value of the environment never stands in a file.
    walk.write(
        "generated/000003_three.up.sql",
        "CREATE ROLE nobody_at_all PASSWORD '${env:SECRET}';\n",
    );
    walk.on(&url, &["apply", "--script"])
        .ends(3)
        .says("apply::script_value");
}
