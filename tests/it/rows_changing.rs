//! Declared rows that wait for each other while they change: unique values that go from one to another, circles of references,
//! values of types that change.

use crate::cli_support::Walk;
use crate::rows::rows_of;
use crate::support::TestServer;

pub(crate) fn there_and_back(first: &str, second: &str, more: &str) -> String {
    let database = TestServer::get().database();
    let url = database.url();
    let walk = Walk::new();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    walk.write("schema/s.kdl", first);
    on(&["diff", "one"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    database.psql(more);
    let rows = || rows_of(&database, "TABLE s.a ORDER BY 1");
    let before = rows();
    walk.write("schema/s.kdl", second);
    on(&["diff", "two"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    on(&["diff", "--exit-code"]).ends(0).says("nothing to do");
    let after = rows();
    on(&["rollback", "--steps", "1", "--yes"]).ends(0);
    assert_eq!(rows(), before);
    on(&["apply", "--yes"]).ends(0);
    assert_eq!(rows(), after);
    walk.read("generated/000002_two.up.sql")
}

#[test]
fn unique_values_go_from_row_to_row() {
    let table = |rows: &str| {
        format!(
            "schema s {{ table a {{ column id text primary-key; column pos int not-null unique; column n text; rows {{ columns id pos; {rows} }} }} }}"
        )
    };
    // One makes room for the next.
    let up = there_and_back(
        &table("row a 1; row b 2; row c 3"),
        &table("row new 1; row a 2; row b 3; row c 4"),
        "UPDATE s.a SET n = id",
    );
    assert!(!up.contains("DELETE"), "{up}");
    // Where they exchange them, one takes a value meanwhile that nobody has; what the files do not know of it stays.
    let more = "UPDATE s.a SET n = id; CREATE TABLE public.b (a text REFERENCES s.a ON DELETE CASCADE); INSERT INTO public.b VALUES ('a'), ('b')";
    for (first, second) in [
        ("row a 1; row b 2", "row a 2; row b 1"),
        ("row a 1; row b 2; row c 3", "row a 2; row b 3; row c 1"),
        (
            "row a 1; row b 2; row c 3; row d 4; row e 5",
            "row a 2; row b 1; row c 4; row d 3; row e 6; row f 5",
        ),
    ] {
        let up = there_and_back(&table(first), &table(second), more);
        assert!(!up.contains("DELETE"), "{up}");
    }
    let two = |rows: &str| {
        table(rows)
            .replace(
                "column n text;",
                "column n text; column code text unique; column day date unique;",
            )
            .replace("columns id pos;", "columns id pos code day;")
    };
    let up = there_and_back(
        &two("row a 1 x \"2020-01-01\"; row b 2 y \"2020-01-02\""),
        &two("row a 2 y \"2020-01-02\"; row b 1 x \"2020-01-01\""),
        more,
    );
    assert!(!up.contains("DELETE"), "{up}");
    // Also where others refer to the rows, by another column.
    let referred = |rows: &str| {
        format!(
            "{}\nschema t {{ table b {{ column a text; foreign-key a references=s.a on-delete=cascade; rows {{ key a; columns a; row a }}; unique a }} }}",
            table(rows)
        )
    };
    let up = there_and_back(
        &referred("row a 1; row b 2"),
        &referred("row a 2; row b 1"),
        "UPDATE s.a SET n = id",
    );
    assert!(!up.contains("DELETE"), "{up}");
    // Where there may be no such value, one goes aside, with what the files do not know of it; that is told.
    let few =
        |rows: &str| table(rows).replace("column n text;", "column n text; check \"pos < 3\";");
    let up = there_and_back(
        &few("row a 1; row b 2"),
        &few("row a 2; row b 1"),
        "SELECT 1",
    );
    assert!(
        up.contains("-- schemactl:hazard data-loss delete-rows table s.a"),
        "{up}"
    );
}

#[test]
fn a_value_of_an_enum_that_is_renamed_is_so_in_rows() {
    let file = |values: &str, row: &str| {
        format!(
            "schema s {{ enum e {{ {values} }}; table a {{ column id int primary-key; column v s.e; rows {{ columns id v; row 1 {row}; row 2 b }} }} }}"
        )
    };
    let up = there_and_back(
        &file("value a; value b", "a"),
        &file("value x renamed-from=a; value b", "x"),
        "SELECT 1",
    );
    assert!(!up.contains("UPDATE"), "{up}");
    // By its value a row may be known.
    let file = |values: &str, row: &str| {
        format!(
            "schema s {{ enum e {{ {values} }}; table a {{ column v s.e primary-key; column n int; rows {{ columns v n; row {row} 1; row b 2 }} }} }}"
        )
    };
    let up = there_and_back(
        &file("value a; value b", "a"),
        &file("value x renamed-from=a; value b", "x"),
        "SELECT 1",
    );
    assert!(!up.contains("INSERT") && !up.contains("DELETE"), "{up}");
}

fn circle(key: &str, exact: &str, of_a: &str, of_b: &str) -> String {
    format!(
        "schema s {{ table a {{ column id int primary-key; column b int not-null; foreign-key b references=s.b name=to_b {key}
            rows{exact} {{ columns id b; {of_a} }} }}
         table b {{ column id int primary-key; column a int not-null; foreign-key a references=s.a name=to_a {key}
            rows{exact} {{ columns id a; {of_b} }} }} }}"
    )
}

#[test]
fn rows_that_refer_to_each_other_come_change_and_go() {
    let file = |key: &str, a: &str, b: &str| circle(key, " exact=#true", a, b);
    for key in ["", "deferrable=immediate", "deferrable=deferred"] {
        // Others in their place.
        let up = there_and_back(
            &file(key, "row 1 1", "row 1 1"),
            &file(key, "row 2 2", "row 2 2"),
            "",
        );
        assert!(up.contains("SET CONSTRAINTS s.to_b DEFERRED;"), "{up}");
        assert!(up.contains(" IMMEDIATE;"), "{up}");
        assert!(!up.contains("to_a"), "one of the two is enough: {up}");
        assert_eq!(up.contains("ALTER CONSTRAINT"), key.is_empty(), "{up}");
        // More of them, of which those that are there refer to the new ones.
        there_and_back(
            &file(key, "row 1 1", "row 1 1"),
            &file(
                key,
                "row 1 2; row 2 3; row 3 1",
                "row 1 3; row 2 2; row 3 1",
            ),
            "",
        );
    }
    // What goes takes along what refers to it.
    let up = there_and_back(
        &file("on-delete=cascade", "row 1 1; row 2 2", "row 1 1; row 2 2"),
        &file("on-delete=cascade", "row 1 1", "row 1 1"),
        "",
    );
    assert!(!up.contains("SET CONSTRAINTS"), "{up}");
    // The tables come and go with their rows: a key that is made after them needs no word.
    let up = there_and_back(
        "schema s { table a { column id int primary-key } }",
        &file("", "row 1 1", "row 1 1"),
        "",
    );
    assert!(!up.contains("SET CONSTRAINTS"), "{up}");
}

#[test]
fn rows_of_one_table_that_refer_to_each_other_come_change_and_go() {
    let file = |rows: &str| {
        format!(
            "schema s {{ table a {{ column id int primary-key; column up int references=s.a; column n text
                rows exact=#true {{ columns id up n; {rows} }} }} }}"
        )
    };
    let all = [
        "row 1 #null x",
        "row 1 1 x; row 2 1 x; row 3 2 x",
        "row 1 2 x; row 2 1 x",
        "row 1 3 x; row 2 1 (sql)\"'y'\"; row 3 2 x",
        "row 3 4 x; row 4 3 x",
        "row 2 3 x; row 3 #null x",
    ];
    for pair in all.windows(2) {
        there_and_back(&file(pair[0]), &file(pair[1]), "");
    }
}

#[test]
fn rows_that_nothing_lets_go_are_refused() {
    let walk = Walk::new();
    let database = TestServer::get().database();
    let url = database.url();
    let file = |row: &str| circle("on-delete=restrict", " exact=#true", row, row);
    walk.write("schema/s.kdl", &file("row 1 1"));
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write("schema/s.kdl", &file("row 2 2"));
    walk.on(&url, &["diff", "two"])
        .ends(1)
        .says("plan::rows")
        .says("drop row s.a.1");
}

#[test]
fn rows_of_a_circle_change_with_the_type_of_their_key() {
    let node = |id: &str, more: &str, rows: &str| {
        format!(
            "schema s {{ table a {{ column id {id} primary-key; column parent {id} references=s.a; column t text{more}; rows {{ columns id parent t; {rows} }} }} }}"
        )
    };
    let first = node("integer", "", "row 1 2 a; row 2 1 b");
    there_and_back(
        &first,
        &node("bigint", "", "row 1 3 a; row 2 1 b; row 3 2 c"),
        "SELECT 1",
    );
    // A table is altered among them.
    let unique = "; unique t";
    there_and_back(
        &first,
        &node("integer", unique, "row 1 3 a; row 2 1 x; row 3 2 c"),
        "SELECT 1",
    );
    let narrow = |scale: &str, rows: &str| {
        node(
            "integer",
            &format!("; column n \"numeric(12,{scale})\""),
            rows,
        )
        .replace("parent t;", "parent t n;")
    };
    there_and_back(
        &narrow("4", "row 1 2 a 1; row 2 1 b 1"),
        &narrow("2", "row 1 3 a 1; row 2 1 b 1; row 3 2 c 1"),
        "SELECT 1",
    );
    let late = |n: &str, rows: &str| {
        first
            .replace(
                "column parent integer references=s.a",
                "column parent integer; foreign-key parent references=s.a deferrable=deferred",
            )
            .replace("column t text", n)
            .replace("rows {", "rows exact=#true {")
            .replace("row 1 2 a; row 2 1 b", rows)
    };
    there_and_back(
        &late("column t text", "row 1 2 a; row 2 1 b"),
        &late(
            "column t text not-null; column u bigint not-null",
            "row 1 3 a 1; row 3 1 c 2",
        )
        .replace("parent t;", "parent t u;"),
        "SELECT 1",
    );
}
