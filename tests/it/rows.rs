//! Declared rows of lookup tables: written, compared by their meaning, proven, applied, taken back and looked for as drift.

use crate::cli_support::Walk;
use crate::rows_changing::there_and_back;
use crate::support::TestServer;

const KDL: &str = r#"schema registry {
    enum state active retired
    table roles {
        column id smallint { identity always }
        column code text unique
        column name text not-null
        column state registry.state not-null default="'active'"
        column since "timestamp with time zone"
        primary-key id
        rows key=code exact=#true {
            columns code id name state since
            row ADMIN 1 "Platform administrator" active "2024-01-01 02:00+02"
            row USER 2 "User's own" active #null
            row OLD 3 "Gone" retired #null
        }
    }
    table members {
        column role text
        column label text
        column weight numeric
        column made "timestamp with time zone"
        primary-key role label
        foreign-key role { references registry.roles code }
        rows {
            key role label
            columns role label weight made
            row USER first 1.50 (sql)"now()"
            row ADMIN second (sql)"1 + 2" (sql)"now()"
        }
    }
}
"#;

pub(crate) fn rows_of(database: &crate::support::TestDatabase<'_>, query: &str) -> String {
    database.psql(query).trim().to_owned()
}

#[test]
fn declared_rows_are_written_applied_changed_and_taken_back() {
    let server = TestServer::get();
    let database = server.database();
    let url = database.url();
    let walk = Walk::new();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    walk.write("schema/registry.kdl", KDL);
    on(&["diff", "roles"]).ends(0);
    let up = walk.read("generated/000001_roles.up.sql");
    assert!(
        up.contains("INSERT INTO registry.roles (id, code, name, state, since) OVERRIDING SYSTEM VALUE VALUES\n"),
        "{up}"
    );
    assert!(up.contains("(1, 'ADMIN', 'Platform administrator', 'active', '2024-01-01 02:00+02')"));
    let (first, second) = (
        up.find("INSERT INTO registry.roles").unwrap(),
        up.find("INSERT INTO registry.members").unwrap(),
    );
    assert!(first < second, "rows come after those that they refer to");
    on(&["apply", "--yes"]).ends(0);
    let all = "SELECT string_agg(code || id || name || state, ',' ORDER BY id) FROM registry.roles";
    let as_made = rows_of(&database, all);
    assert_eq!(
        as_made,
        "ADMIN1Platform administratoractive,USER2User's ownactive,OLD3Goneretired"
    );
    let next = "SELECT nextval(pg_get_serial_sequence('registry.roles', 'id'))";
    assert_eq!(rows_of(&database, next), "4", "the identity stands above");
    // The same values in other words, and what is computed once, are no difference.
    walk.write(
        "schema/registry.kdl",
        &KDL.replace("2024-01-01 02:00+02", "2024-01-01 00:00:00 UTC")
            .replace("(sql)\"1 + 2\"", "3"),
    );
    on(&["diff", "--exit-code"]).ends(0);
    on(&["status", "--check"]).ends(0);
    on(&["drift"]).ends(0);
    on(&["verify"]).ends(0);
    // A new column that the rows fill, a value that comes with its use, a row that goes.
    let changed = KDL
        .replace(
            "enum state active retired",
            "enum state active retired hidden",
        )
        .replace(
            "        primary-key id\n",
            "        column rank integer not-null\n        primary-key id\n",
        )
        .replace(
            "columns code id name state since",
            "columns code id name state since rank",
        )
        .replace(
            "active \"2024-01-01 02:00+02\"",
            "hidden \"2024-01-01 02:00+02\" 10",
        )
        .replace("\"User's own\" active #null", "\"User\" active #null 20")
        .replace("            row OLD 3 \"Gone\" retired #null\n", "");
    walk.write("schema/registry.kdl", &changed);
    on(&["diff", "ranks"])
        .ends(0)
        .says("delete-rows table registry.roles")
        .says("row registry.roles.OLD");
    on(&["apply", "--yes"]).ends(0);
    let ranks =
        "SELECT string_agg(code || name || state || rank, ',' ORDER BY id) FROM registry.roles";
    assert_eq!(
        rows_of(&database, ranks),
        "ADMINPlatform administratorhidden10,USERUseractive20"
    );
    on(&["diff", "--exit-code"]).ends(0);
    on(&["verify"]).ends(0);
    on(&["rollback", "--to", "000001", "--yes"]).ends(0);
    assert_eq!(rows_of(&database, all), as_made, "the values as they were");
    on(&["rollback", "--all", "--yes"]).ends(0);
}

#[test]
fn what_somebody_did_to_declared_rows_is_drift() {
    let server = TestServer::get();
    let database = server.database();
    let url = database.url();
    let walk = Walk::new();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    walk.write("schema/registry.kdl", KDL);
    on(&["diff", "roles"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    let by_hand = "
        UPDATE registry.roles SET name = 'Chief' WHERE code = 'ADMIN';
        INSERT INTO registry.roles (code, name) VALUES ('NEW', 'By hand');
        INSERT INTO registry.members VALUES ('USER', 'nobody spoke of it');
        DELETE FROM registry.members WHERE label = 'second'";
    database.psql(by_hand);
    on(&["drift"])
        .ends(2)
        .says("row registry.roles.ADMIN")
        .says("+ row registry.roles.NEW")
        .says("is gone");
    on(&["diff"]).ends(3);
    on(&["drift", "--fix"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    on(&["drift"]).ends(0);
    let members = "SELECT string_agg(label, ',' ORDER BY label) FROM registry.members";
    assert_eq!(
        rows_of(&database, members),
        "first,nobody spoke of it,second"
    );
    database.psql(
        by_hand
            .split("INSERT INTO registry.members")
            .next()
            .unwrap(),
    );
    on(&["drift", "--accept"]).ends(0);
    let kdl = walk.read("schema/registry.kdl");
    assert!(kdl.contains("row ADMIN 1 Chief active"), "{kdl}");
    assert!(kdl.contains("row NEW "), "{kdl}");
    on(&["drift"]).ends(0);
    on(&["diff", "--exit-code"]).ends(0);
}

#[test]
fn rows_that_nobody_may_read_or_that_policies_hide_are_refused() {
    let server = TestServer::get();
    let database = server.database();
    let walk = Walk::new();
    walk.write("schema/registry.kdl", KDL);
    let url = database.url();
    walk.on(&url, &["diff", "roles"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    let role = format!("reader_{}", std::process::id());
    database.psql(&format!(
        "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA schemactl, registry TO {role};
         GRANT SELECT ON ALL TABLES IN SCHEMA schemactl TO {role}"
    ));
    let theirs = url.replacen("user=postgres", &format!("user={role}"), 1);
    walk.on(&theirs, &["drift"])
        .ends(5)
        .says("rows::rights")
        .says("may not read the rows of registry.");
    database.psql(&format!(
        "GRANT SELECT ON ALL TABLES IN SCHEMA registry TO {role};
         ALTER TABLE registry.roles ENABLE ROW LEVEL SECURITY"
    ));
    walk.on(&theirs, &["drift"]).ends(5).says("rows::hidden");
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn mistakes_in_rows_have_their_place() {
    let server = TestServer::get();
    let database = server.database();
    let walk = Walk::new();
    let on = |arguments: &[&str]| walk.on(&database.url(), arguments);
    let cases = [
        (
            "row OLD 3 \"Gone\" retired #null",
            "row OLD 3 \"Gone\" retired",
            "kdl::row-length",
        ),
        ("columns code id name", "columns code id nam", "nam"),
        ("row OLD 3", "row USER 3", "is declared twice"),
        ("row OLD 3", "row #null 3", "kdl::row-key"),
        ("row OLD 3", "row OLD 2", "duplicate key value"),
        (
            "retired #null",
            "gone #null",
            "invalid input value for enum",
        ),
        (
            "row USER first",
            "row NOBODY first",
            "declare the row that it refers to",
        ),
        (
            "row OLD 3 \"Gone\"",
            "row OLD 3 #null",
            "give the column a value",
        ),
        ("rows key=code", "rows key=title", "kdl::row-key"),
    ];
    for (from, to, words) in cases {
        assert!(KDL.contains(from), "{from}");
        walk.write("schema/registry.kdl", &KDL.replacen(from, to, 1));
        on(&["diff"]).ends(4).says(words);
    }
}

#[test]
fn a_large_lookup_is_one_statement_and_one_change_of_it_too() {
    use std::fmt::Write;
    let server = TestServer::get();
    let database = server.database();
    let walk = Walk::new();
    let on = |arguments: &[&str]| walk.on(&database.url(), arguments);
    let kdl = |wide: &str| {
        let mut kdl = "schema registry {\n    table codes {\n        column code integer primary-key\n        column name text not-null\n        rows {\n            columns code name\n".to_owned();
        for code in 1..=1200 {
            let name = if code == 600 { wide } else { "plain" };
            let _ = writeln!(kdl, "            row {code} \"{name} {code}\"");
        }
        kdl.push_str("        }\n    }\n}\n");
        kdl
    };
    walk.write("schema/codes.kdl", &kdl("plain"));
    on(&["diff", "codes"]).ends(0);
    let up = walk.read("generated/000001_codes.up.sql");
    assert_eq!(up.matches("INSERT INTO").count(), 1);
    on(&["apply", "--yes"]).ends(0);
    walk.write("schema/codes.kdl", &kdl("other"));
    on(&["diff", "one"]).ends(0);
    let up = walk.read("generated/000002_one.up.sql");
    assert!(
        up.contains("UPDATE registry.codes SET name = 'other 600' WHERE code = 600;"),
        "{up}"
    );
    assert_eq!(up.matches("UPDATE").count(), 1);
    let down = walk.read("generated/000002_one.down.sql");
    assert!(
        down.contains("SET name = 'plain 600' WHERE code = 600;"),
        "{down}"
    );
}

/// Each pair of files: there, no second difference, back with the rows as they were, and there again.
#[test]
fn rows_behind_those_that_go_are_named() {
    let file = |action: &str, rows: &str| {
        format!(
            "schema s {{ table a {{ column id int primary-key; rows exact=#true {{ columns id; {rows} }} }}
             table u {{ column id int primary-key; column k int references=a on-delete={action} }}
             table w {{ column id int references=u on-delete=cascade }} }}"
        )
    };
    let more = "INSERT INTO s.u VALUES (1, 1), (2, 2); INSERT INTO s.w VALUES (1), (2)";
    let up = there_and_back(
        &file("cascade", "row 1; row 2"),
        &file("cascade", "row 1"),
        more,
    );
    for table in ["s.a", "s.u", "s.w"] {
        assert!(
            up.contains(&format!("data-loss delete-rows table {table}:")),
            "{up}"
        );
    }
    let up = there_and_back(
        &file("set-null", "row 1; row 2"),
        &file("set-null", "row 1"),
        more,
    );
    assert!(
        up.contains("table s.u: rows that refer to the deleted ones of table s.a lose what refers"),
        "{up}"
    );
    assert!(!up.contains("table s.w"), "{up}");
}

/// Tables `a` and `b` whose rows refer to each other.
#[test]
fn rows_that_others_refer_to_are_there_in_the_proof_though_nobody_declares_them() {
    let file = |kinds: &str, rows: &str| {
        format!(
            "schema s {{ table kind {{ column id int primary-key; column up int references=kind; rows {{ columns id up; {kinds} }} }}
             table a {{ column id int primary-key; column kind int not-null references=s.kind
                rows exact=#true {{ columns id kind; {rows} }} }} }}"
        )
    };
    // Declared no more, together with what refers to it; one leads to the next.
    let up = there_and_back(
        &file(
            "row 1 #null; row 2 1; row 3 2",
            "row 10 3; row 11 1; row 12 2",
        ),
        &file("row 1 #null", "row 11 1"),
        "SELECT 1",
    );
    assert!(up.contains("DELETE FROM s.a WHERE id IN ("), "{up}");
    assert!(!up.contains("s.kind WHERE"), "{up}");
}

#[test]
fn rows_of_a_table_that_is_dropped_come_back_with_it() {
    let server = TestServer::get();
    let (database, other) = (server.database(), server.database());
    let (url, elsewhere) = (database.url(), other.url());
    let tables = "table kind { column id int primary-key; column n text; rows { columns id n; row 1 a; row 2 b } }
        table gone { column id int primary-key; column code text unique; column kind int references=s.kind
            column t text default=\"'x'\"
            rows key=code { columns id code kind; row 1 c 2; row 2 d 1 } }";
    for from in ["live", "migrations"] {
        database.psql("DROP SCHEMA IF EXISTS s, schemactl CASCADE");
        other.psql("DROP SCHEMA IF EXISTS s, schemactl CASCADE");
        let walk = Walk::new();
        let on = |arguments: &[&str]| walk.on(&url, arguments);
        let kept = "table kept { column id int primary-key }";
        walk.write("schema/s.kdl", &format!("schema s {{ {kept}; {tables} }}"));
        on(&["diff", "one", "--from", from]).ends(0);
        for url in [&url, &elsewhere] {
            walk.on(url, &["apply", "--yes"]).ends(0);
        }
        let rows = |database: &crate::support::TestDatabase<'_>| {
            database.psql("TABLE s.kind; SELECT id, code, kind FROM s.gone ORDER BY id")
        };
        let before = rows(&database);
        walk.write("schema/s.kdl", &format!("schema s {{ {kept} }}"));
        on(&["diff", "two", "--from", from]).ends(0);
        let down = walk.read("generated/000002_two.down.sql");
        assert!(down.contains("INSERT INTO s.kind"), "{down}");
        assert_eq!(down.matches("INSERT INTO s.gone").count(), 1, "{down}");
        on(&["apply", "--yes"]).ends(0);
        on(&["drift"]).ends(0);
        on(&["rollback", "--steps", "1", "--yes"]).ends(0);
        assert_eq!(rows(&database), before);
        on(&["drift"]).ends(0);
        // The record knows them, though no file does.
        database.psql("UPDATE s.kind SET n = 'z' WHERE id = 1");
        on(&["drift"]).ends(2).says("row s.kind.1");
        database.psql("UPDATE s.kind SET n = 'a' WHERE id = 1");
        on(&["apply", "--yes"]).ends(0);
        on(&["rollback", "--all", "--yes"]).ends(0);
        on(&["verify"]).ends(0);
    }
}

#[test]
fn an_identity_that_takes_no_values_takes_those_of_rows() {
    let file = |data_type: &str, always: &str, rows: &str| {
        format!(
            "schema s {{ table a {{ column id {data_type} {{ identity {always} }}; column code text not-null unique; primary-key id
                rows key=code {{ columns code id; {rows} }} }} }}"
        )
    };
    let up = there_and_back(
        &file("int", "always", "row a 1; row b 2; row c 3"),
        &file("int", "always", "row a 5; row b 6; row d 9"),
        "INSERT INTO s.a (code) VALUES ('by hand')",
    );
    assert_eq!(up.matches("SET GENERATED BY DEFAULT").count(), 1, "{up}");
    assert_eq!(up.matches("SET GENERATED ALWAYS").count(), 1, "{up}");
    there_and_back(
        &file("int", "by-default", "row a 1; row b 2"),
        &file("bigint", "always", "row a 5; row b 6"),
        "SELECT 1",
    );
}

#[test]
fn what_refers_to_rows_that_go_is_counted_before_anything_runs() {
    let database = TestServer::get().database();
    let url = database.url();
    let walk = Walk::new();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    let file = |rows: &str| {
        format!(
            "schema s {{ table a {{ column id int primary-key; column code text unique; rows exact=#true {{ columns id code; {rows} }} }}
             table u {{ column id int primary-key; column k int references=a; column c text; foreign-key c {{ references s.a code }} }} }}"
        )
    };
    walk.write("schema/s.kdl", &file("row 1 x; row 2 y; row 3 z"));
    on(&["diff", "one"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    database.psql("INSERT INTO s.u VALUES (7, 1, 'y'), (8, 2, 'x'), (9, 3, NULL)");
    walk.write("schema/s.kdl", &file("row 1 x"));
    on(&["diff", "two"]).ends(0);
    let apply = ["apply", "--yes"];
    on(&apply)
        .ends(3)
        .says("2 rows of s.u that refer to rows of s.a that go, for example id 8")
        .says("1 rows of s.u that refer to rows of s.a that go, for example id 7");
    database.psql("UPDATE s.u SET k = 1, c = 'x'");
    on(&apply).ends(0);
    // What refers to a row is in the way of its way back too.
    walk.write("schema/s.kdl", &file("row 1 x; row 4 v"));
    on(&["diff", "three"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    database.psql("UPDATE s.u SET k = 4 WHERE id = 7");
    on(&["rollback", "--steps", "1", "--yes"])
        .ends(3)
        .says("that refer to rows of s.a that go");
}

#[test]
fn a_zero_keeps_its_sign() {
    let file = |value: &str| {
        format!(
            "schema s {{ table a {{ column id int primary-key; column v \"double precision\"; rows {{ columns id v; row 1 {value} }} }} }}"
        )
    };
    there_and_back(&file("\"-0\""), &file("1"), "SELECT 1");
    there_and_back(&file("1"), &file("\"-0.0\""), "SELECT 1");
}

#[test]
fn rows_that_nobody_spoke_of_go_when_their_table_shall_hold_no_others() {
    let database = TestServer::get().database();
    let (url, walk) = (database.url(), Walk::new());
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    let kdl = |exact: &str| {
        let rows = format!("rows {exact} {{ columns id nm; row 1 A; row 2 B }}");
        walk.write(
            "schema/s.kdl",
            &format!(
                "schema s {{ table k {{ column id int primary-key; column nm text; {rows} }} }}"
            ),
        );
    };
    kdl("");
    on(&["diff", "one"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    database.psql("INSERT INTO s.k VALUES (3, 'user'), (4, 'user')");
    kdl("exact=#true");
    on(&["drift"]).ends(0).says("no drift");
    on(&["diff", "two"]).ends(0).says("delete-rows");
    on(&["apply", "--yes"]).ends(0);
    assert_eq!(rows_of(&database, "SELECT count(*) FROM s.k"), "2");
    database.psql("INSERT INTO s.k VALUES (5, 'user')");
    on(&["drift"]).ends(2).says("+ row s.k.5");
    database.psql("DELETE FROM s.k WHERE id = 5");
    on(&["rollback", "--yes"]).ends(0);
    assert_eq!(rows_of(&database, "SELECT count(*) FROM s.k"), "4");
    kdl("");
    on(&["rollback", "--all", "--yes"]).ends(0);
}

#[test]
fn rows_that_get_another_key_stay_the_same_rows() {
    let database = TestServer::get().database();
    let (url, walk) = (database.url(), Walk::new());
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    let kdl = |table: &str| {
        walk.write(
            "schema/s.kdl",
            &format!("schema s {{ table k {{ {table} }} }}"),
        )
    };
    kdl(
        "column code text primary-key; column nm text; column more text; rows exact=#true { columns code nm; row a A; row b B }",
    );
    on(&["diff", "one"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    database.psql("UPDATE s.k SET more = code");
    let second = "column id integer primary-key { identity by-default }; column code text not-null unique; column nm text; column more text
        rows exact=#true KEY { columns id code nm; row 10 a A; row 20 b B }";
    // No row has a value in the new key yet.
    kdl(&second.replace("KEY", ""));
    on(&["diff", "two"])
        .ends(4)
        .says("rows::known_anew")
        .says("`key` with code");
    on(&["drift"]).ends(0);
    kdl(&second.replace("KEY", "key=code"));
    on(&["diff", "two"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    assert_eq!(
        rows_of(
            &database,
            "SELECT string_agg(id || code || more, ' ' ORDER BY id) FROM s.k"
        ),
        "10aa 20bb"
    );
    // Now it has.
    kdl(&second.replace("KEY", ""));
    on(&["drift"]).ends(0).says("no drift");
    on(&["diff", "--exit-code"]).ends(0);
    on(&["status", "--check"]).ends(0);
    kdl(&second.replace("KEY", "").replace("10 a A", "10 a AA"));
    on(&["diff", "three"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    on(&["drift"]).ends(0).says("no drift");
    on(&["rollback", "--steps", "2", "--yes"]).ends(0);
    assert_eq!(
        rows_of(
            &database,
            "SELECT string_agg(code || nm || more, ' ' ORDER BY code) FROM s.k"
        ),
        "aAa bBb"
    );
}

#[test]
fn rows_of_tables_that_inherit_are_their_own() {
    let database = TestServer::get().database();
    let (url, walk) = (database.url(), Walk::new());
    let kdl = |rows: &str| {
        let text = "schema app {
            table par { column id integer primary-key; column v text; rows exact=#true { columns id v; ROWS } }
            table chi { inherits app.par; column extra text; primary-key id }
        }";
        walk.write("schema/app.kdl", &text.replace("ROWS", rows));
    };
    kdl("row 1 p; row 2 q");
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    on(&["diff", "first"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    database.psql("INSERT INTO app.chi VALUES (1, 'own', 'x'), (2, 'own', 'x'), (3, 'own', 'x')");
    let children = "SELECT string_agg(id || v, ' ' ORDER BY id) FROM app.chi";
    for rows in ["row 1 pp; row 3 z", "row 1 p"] {
        kdl(rows);
        on(&["diff", "change"]).ends(0);
        on(&["apply", "--yes"]).ends(0);
        on(&["rollback", "--yes"]).ends(0);
        on(&["apply", "--yes"]).ends(0);
        on(&["diff", "--exit-code"]).ends(0);
        assert_eq!(rows_of(&database, children), "1own 2own 3own", "{rows}");
    }
}
