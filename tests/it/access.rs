//! `access`: what a role may do and why, with PostgreSQL's own answer as the judge; and the log as Markdown.

use crate::cli_support::Walk;
use crate::support::TestServer;

#[test]
fn what_a_role_may_do_is_what_postgresql_says_with_its_source() {
    let server = TestServer::get();
    let database = server.database();
    let url = database.url();
    let walk = Walk::new();
    let tag = format!("acc{}", std::process::id());
    let (app, sub, team, owner, lazy) = (
        format!("{tag}_app"),
        format!("{tag}_sub"),
        format!("{tag}_team"),
        format!("{tag}_owner"),
        format!("{tag}_lazy"),
    );
    database.psql(&format!(
        "CREATE ROLE {team}; CREATE ROLE {sub} IN ROLE {team}; CREATE ROLE {app} IN ROLE {sub}; CREATE ROLE {owner};
         CREATE ROLE {lazy} NOINHERIT IN ROLE {team};
         CREATE SCHEMA shop AUTHORIZATION {owner};
         CREATE SCHEMA closed;
         ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA shop GRANT INSERT ON TABLES TO {app};
         GRANT USAGE ON SCHEMA shop TO {team};
         SET ROLE {owner};
         CREATE TABLE shop.orders (id bigint PRIMARY KEY, note text, owner text);
         CREATE SEQUENCE shop.numbers;
         CREATE FUNCTION shop.total() RETURNS integer LANGUAGE sql AS 'SELECT 1';
         GRANT SELECT ON shop.orders TO {team} WITH GRANT OPTION;
         GRANT UPDATE (note) ON shop.orders TO {sub};
         ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
         CREATE POLICY mine ON shop.orders FOR SELECT TO {team} USING (owner = current_user);
         CREATE POLICY others ON shop.orders TO {owner} USING (true);
         RESET ROLE;
         CREATE TABLE closed.hidden (id integer);
         GRANT SELECT ON closed.hidden TO {app}"
    ));
    let text = walk.on(&url, &["access", &app]).ends(0).out;
    for line in [
        format!("member  {app} → {sub} → {team}"),
        format!("by way of {sub} → {team}, from {owner}, may be passed on"),
        format!("granted to it, from {owner}, as default privileges give it"),
        "update (note)".to_owned(),
        "table closed.hidden  out of reach: no usage on its schema".to_owned(),
        format!("policy mine for select to {team} using (owner = CURRENT_USER)"),
        format!("insert on tables that {owner} makes in shop"),
    ] {
        assert!(text.contains(&line), "no `{line}` in\n{text}");
    }
    assert!(!text.contains("others"), "a policy of another role\n{text}");
    // PostgreSQL itself says the same of every privilege of every table.
    let json = walk
        .on(&url, &["access", &app, "--format", "json"])
        .ends(0)
        .json();
    let rights = json["rights"].as_array().unwrap();
    let has = |schema: &str, name: &str, privilege: &str| {
        rights.iter().any(|it| {
            it["schema"] == schema
                && it["name"] == name
                && it["privilege"] == privilege
                && it["column"].is_null()
        })
    };
    for (schema, table) in [("shop", "orders"), ("closed", "hidden")] {
        for privilege in [
            "select",
            "insert",
            "update",
            "delete",
            "truncate",
            "references",
            "trigger",
        ] {
            let query =
                format!("SELECT has_table_privilege('{app}', '{schema}.{table}', '{privilege}')");
            let wanted = database.psql(&query).trim() == "t";
            assert_eq!(
                has(schema, table, privilege),
                wanted,
                "{privilege} on {table}"
            );
        }
    }
    let text = walk
        .on(&url, &["access", &lazy, "--on", "shop.orders"])
        .ends(0);
    assert!(text.out.contains("by SET ROLE only"), "{text:?}");
    assert!(!text.out.contains("select"), "{text:?}");
    let text = walk
        .on(&url, &["access", &owner, "--on", "shop"])
        .ends(0)
        .out;
    assert!(
        text.contains("it owns it") && text.contains("does not hold: it owns the table"),
        "{text}"
    );
    assert!(!text.contains("closed.hidden"), "{text}");
    let text = walk
        .on(&url, &["access", "postgres", "--on", "closed"])
        .ends(0)
        .out;
    assert!(text.contains("superuser"), "{text}");
    walk.on(&url, &["access", "nobody_at_all"])
        .ends(4)
        .says("has no role `nobody_at_all`");
    database.psql(&format!(
        "DROP OWNED BY {app}, {sub}, {team}, {owner}, {lazy} CASCADE; DROP ROLE {app}, {sub}, {lazy}, {team}, {owner}"
    ));
}

#[test]
fn the_log_is_a_table_of_markdown() {
    let server = TestServer::get();
    let database = server.database();
    let url = database.url();
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int primary-key } }",
    );
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(
        &url,
        &["apply", "--yes", "--actor", "ana | <b>", "--label", "OPS-1"],
    )
    .ends(0);
    let out = walk.on(&url, &["log", "--format", "markdown"]).ends(0).out;
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("| when (UTC) | what |"), "{out}");
    assert!(
        lines[2].contains("| apply | applied | 000001 one | ana \\| &lt;b> |"),
        "{out}"
    );
    assert!(lines[2].contains("| OPS-1 |"), "{out}");
}
