//! What a project demands beyond the objects themselves: names, settings of the database, the order of columns.

use crate::cli_support::Walk;
use crate::support::TestServer;

fn project(walk: &Walk, database: &str) {
    walk.write(
        "schemactl.kdl",
        &format!("project app edition=1\ndatabase app {{ {database} }}\n"),
    );
}

#[test]
fn names_that_are_new_are_held_against_the_expressions() {
    let walk = Walk::new();
    project(
        &walk,
        "names { require \"[a-z][a-z0-9_]*\" kinds=table; require \"ix_.*\" { kinds index unique } }",
    );
    walk.write(
        "generated/000001_first.up.sql",
        "CREATE SCHEMA a;\nCREATE TABLE a.\"Big\" (id bigint PRIMARY KEY, \"Odd\" text);\n\
         CREATE TABLE a.small (id bigint PRIMARY KEY, CONSTRAINT small_u UNIQUE (id));\n\
         CREATE INDEX ix_small ON a.small (id);\nCREATE INDEX other ON a.small (id);\n\
         ALTER TABLE a.small RENAME TO \"Small\";\n",
    );
    walk.write(
        "generated/000001_first.down.sql",
        "DROP SCHEMA a CASCADE;\n",
    );
    let json = walk
        .run(&["lint", "--project", "app", "--format", "json", "--all"])
        .json();
    let text = json.to_string();
    for said in [
        "the table `Big` is not called as `[a-z][a-z0-9_]*` demands",
        "the unique `small_u` is not called as `ix_.*` demands",
        "the index `other` is not called as `ix_.*` demands",
        "the table `Small` is not called as",
    ] {
        assert!(text.contains(said), "no {said} in {text}");
    }
    assert_eq!(text.matches("\"name-required\"").count(), 4, "{text}");

    project(&walk, "names { require \"[a-z\" kinds=tabel }");
    let run = walk.run(&["check", "--project", "app"]).ends(4);
    run.says("`[a-z` is no regular expression")
        .says("did you mean `table`?");
}

#[test]
fn settings_of_the_database_are_declared_and_all_of_them_where_exact() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let settings = || {
        live.psql(
            "SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = 0 AND setdatabase = \
             (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1",
        )
    };
    live.psql(&format!(
        "ALTER DATABASE {} SET work_mem = '5MB'",
        live.name()
    ));
    walk.write("schema/app.kdl", "schema app\n");
    project(
        &walk,
        "settings { timezone UTC; search_path \"app, public\"; app.tenant none }",
    );
    walk.on(&url, &["diff", "one"])
        .ends(0)
        .says("+ database-setting TimeZone");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let all = "TimeZone=UTC\napp.tenant=none\nsearch_path=app, public\nwork_mem=5MB";
    assert_eq!(settings().trim(), all);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["verify"]).ends(0);

    project(
        &walk,
        "settings { timezone UTC; search_path app }; manage { settings exact }",
    );
    // It was there before, and nobody declares it.
    walk.on(&url, &["diff", "two"])
        .ends(3)
        .says("database-setting work_mem");
    walk.on(
        &url,
        &["diff", "two", "--drop", "database-setting:work_mem"],
    )
    .ends(0)
    .says("- database-setting app.tenant")
    .says("- database-setting work_mem");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    assert_eq!(settings().trim(), "TimeZone=UTC\nsearch_path=app");
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["rollback", "--steps", "1", "--yes"])
        .ends(0);
    assert_eq!(settings().trim(), all);
}

#[test]
fn columns_in_another_order_are_told_where_the_order_counts() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let table = |columns: &str| {
        walk.write(
            "schema/app.kdl",
            &format!("schema app {{ table t {{ {columns} }} }}\n"),
        );
    };
    table("column a int; column b int");
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    table("column a int; column c int; column b int");
    walk.on(&url, &["diff", "--dry-run"]).ends(0);
    project(&walk, "manage { column-order exact }");
    walk.on(&url, &["diff", "--dry-run"])
        .ends(3)
        .says("diff::column_order")
        .says("table app.t (a, b, c; the files say a, c, b)");
    table("column a int; column d int renamed-from=b; column c int");
    walk.on(&url, &["diff", "two"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["verify"]).ends(0);
    table("column d int; column a int; column c int");
    walk.on(&url, &["verify"])
        .ends(3)
        .says("diff::column_order");
}
