//! Old files folded into one: the same catalog, and databases that ran all of them, some or none.

use crate::cli_support::Walk;
use crate::support::{TestServer, assert_same_dump};

const ONE: &str = "schema app {
    table users { column id bigint primary-key; column email text }
}
";

const TWO: &str = r#"schema app {
    enum state active off
    table users {
        column id bigint primary-key
        column email text not-null unique
        column state app.state default="'active'"
        rows { columns id email; row 1 root }
    }
}
"#;

#[test]
fn old_files_become_one_and_every_database_goes_on_or_is_told_what_to_do() {
    let server = TestServer::get();
    let (all, some, none) = (server.database(), server.database(), server.database());
    let walk = Walk::new();
    let on = |url: &str, arguments: &[&str]| walk.on(url, arguments);
    walk.write("schema/app.kdl", ONE);
    on(&all.url(), &["diff", "users"]).ends(0);
    on(&all.url(), &["apply", "--yes"]).ends(0);
    on(&some.url(), &["apply", "--yes"]).ends(0);
    walk.write("schema/app.kdl", TWO);
    on(&all.url(), &["diff", "states"]).ends(0);
    on(&all.url(), &["apply", "--yes"]).ends(0);
    let files = walk.generated();
    let last = files
        .iter()
        .rfind(|name| name.ends_with(".up.sql"))
        .unwrap();
    let last = last.split('_').next().unwrap().to_owned();
    walk.write(
        "schema/app.kdl",
        &TWO.replace(
            "    table users",
            "    table more { column id int primary-key }\n    table users",
        ),
    );
    on(&all.url(), &["diff", "more"]).ends(0);
    walk.run(&["squash", "--project", "app", "--to", &last, "--dry-run"])
        .ends(0)
        .says("-- schemactl:squashes 000001 ");
    assert_eq!(
        walk.generated().len(),
        files.len() + 2,
        "a dry run changes nothing"
    );
    walk.run(&["squash", "--project", "app", "--to", &last, "--yes"])
        .ends(0);
    let names = walk.generated();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(names[1], format!("{last}_squashed.up.sql"));
    let up = walk.read(&format!("generated/{last}_squashed.up.sql"));
    assert!(
        up.contains("INSERT INTO app.users (id, email) VALUES"),
        "{up}"
    );
    walk.run(&["verify", "--project", "app"]).ends(0);
    // What ran all of them is where it was, and goes on.
    on(&all.url(), &["status"]).ends(0).says("1 pending");
    on(&all.url(), &["apply", "--yes"]).ends(0);
    on(&all.url(), &["status", "--check"]).ends(0);
    // What ran none runs the one.
    on(&none.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&none.pg_dump_schema(), &all.pg_dump_schema());
    on(&none.url(), &["rollback", "--all", "--yes"]).ends(0);
    // What ran some is told.
    on(&some.url(), &["apply", "--yes"])
        .ends(3)
        .says("the database has run 000001 of what")
        .says("schemactl rollback --all");
    on(&some.url(), &["rollback", "--all", "--yes"]).ends(0);
    on(&some.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&some.pg_dump_schema(), &all.pg_dump_schema());
    // The way back of what ran before is what was stored with it.
    on(&all.url(), &["rollback", "--all", "--yes"]).ends(0);
    assert_eq!(all.psql("SELECT to_regnamespace('app')").trim(), "");
}

#[test]
fn files_that_put_in_rows_are_not_folded_without_a_word() {
    let server = TestServer::get();
    let database = server.database();
    let walk = Walk::new();
    walk.write("schema/app.kdl", ONE);
    walk.on(&database.url(), &["diff", "users"]).ends(0);
    walk.run(&["new", "rows", "--project", "app"]).ends(0);
    walk.write(
        "generated/000002_rows.up.sql",
        "INSERT INTO app.users VALUES (7);\n",
    );
    walk.write(
        "generated/000002_rows.down.sql",
        "DELETE FROM app.users WHERE id = 7;\n",
    );
    walk.run(&["restamp", "--project", "app"]).ends(0);
    walk.run(&["squash", "--project", "app", "--yes"])
        .ends(3)
        .says("squash::data")
        .says("000002_rows.up.sql: INSERT INTO app.users");
    walk.run(&["squash", "--project", "app", "--yes", "--without-data"])
        .ends(0);
    assert_eq!(walk.generated().len(), 2);
}

#[test]
fn declared_rows_are_folded_whatever_their_table_was_called_and_computed_anew() {
    let server = TestServer::get();
    let (live, next) = (server.database(), server.database());
    let (url, walk) = (live.url(), Walk::new());
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    let step = |kdl: &str| {
        walk.write("schema/app.kdl", kdl);
        on(&["diff", "step"]).ends(0);
        on(&["apply", "--yes"]).ends(0);
    };
    let rows = "column code text primary-key; column token uuid; column made timestamptz
        rows { columns code token made; row a (sql)\"gen_random_uuid()\" (sql)\"now()\"; row b \"11111111-1111-1111-1111-111111111111\" #null }";
    step(&format!("schema app {{ table k {{ {rows} }} }}"));
    step(&format!(
        "schema app {{ table kk renamed-from=k {{ {rows} }} }}"
    ));
    step(&format!(
        "schema app {{ }}\nschema lib {{ table kk renamed-from=app.kk {{ {rows} }} }}"
    ));
    walk.run(&["squash", "--project", "app", "--yes"]).ends(0);
    let up = walk
        .generated()
        .into_iter()
        .find(|it| it.ends_with(".up.sql"))
        .unwrap();
    let up = walk.read(&format!("generated/{up}"));
    assert!(up.contains("('a', gen_random_uuid(), now())"), "{up}");
    walk.on(&next.url(), &["apply", "--yes"]).ends(0);
    walk.on(&next.url(), &["diff", "--exit-code"]).ends(0);
    let token = "SELECT token FROM lib.kk WHERE code = 'a'";
    assert_ne!(live.psql(token), next.psql(token));
    on(&["apply", "--yes"]).ends(0);
    on(&["verify"]).ends(0);
}
