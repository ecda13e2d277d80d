//! What stands in the rows is there afterwards, up and down, where `pg_dump` of a schema cannot see it.

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer, assert_same_dump};

/// A project that is at its first schema, and its database.
fn begun(schema: &str) -> (Walk, TestDatabase<'static>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schema/app.kdl", schema);
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    (walk, live)
}

#[test]
fn arrays_of_composites_keep_their_dimensions() {
    let kdl = "schema app {
    composite spot { attribute x int; attribute note text }
    table t { column id int primary-key; column spots \"app.spot[]\" }
}
";
    let (walk, live) = begun(kdl);
    live.psql(
        r#"INSERT INTO app.t VALUES (1, NULL), (2, '{}'), (3, '{"(1,a)",NULL}'),
           (4, '{{"(1,a)","(2,\"b \"\"c\"\" {\")"},{"(3,)",NULL}}'), (5, '[0:1]={"(1,NULL)","(,x)"}')"#,
    );
    let before = live.psql("SELECT id, spots FROM app.t ORDER BY 1");
    let first = live.pg_dump_schema();
    walk.write(
        "schema/app.kdl",
        &kdl.replace("attribute note", "attribute y int; attribute note"),
    );
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    assert_eq!(
        live.psql("SELECT id, spots FROM app.t ORDER BY 1"),
        r#"1|
2|{}
3|{"(1,,a)",NULL}
4|{{"(1,,a)","(2,,\"b \"\"c\"\" {\")"},{"(3,,)",NULL}}
5|[0:1]={"(1,,NULL)","(,,x)"}"#
    );
    walk.on(&live.url(), &["rollback", "--yes"]).ends(0);
    assert_eq!(live.psql("SELECT id, spots FROM app.t ORDER BY 1"), before);
    assert_same_dump(&live.pg_dump_schema(), &first);
}

/// Each row gets a value of its own that stands in for what is gone, also where a range of rows is far from all of them.
#[test]
fn what_stands_in_for_a_key_is_there_once() {
    let kdl = "schema app {
    table person { column id int primary-key }
    table visit {
        column id int primary-key
        column guide int not-null references=person
        unique guide
    }
}
";
    let (walk, live) = begun(kdl);
    live.psql(
        "INSERT INTO app.person SELECT generate_series(1, 7000);
         INSERT INTO app.visit SELECT id, 7001 - id FROM app.person",
    );
    let first = live.pg_dump_schema();
    let second = kdl
        .replace("        column guide int not-null references=person\n", "")
        .replace("        unique guide\n", "");
    walk.write("schema/app.kdl", &second);
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    let allow = ["--allow", "drop-column:app.visit.guide"];
    walk.on(&live.url(), &[&["apply", "--yes"], &allow[..]].concat())
        .ends(0);
    walk.on(&live.url(), &["rollback", "--yes"]).ends(0);
    assert_eq!(
        live.psql("SELECT count(DISTINCT guide) FROM app.visit")
            .trim(),
        "7000"
    );
    assert_same_dump(&live.pg_dump_schema(), &first);
}

/// A domain is no way round what a column refuses.
#[test]
fn values_that_a_domain_refuses_from_now_on_stop_before_anything_runs() {
    let kdl = "schema app {
    domain code text
    domain size bigint
    table t { column id int primary-key; column code app.code; column size app.size; column plain text }
}
";
    let (walk, live) = begun(kdl);
    live.psql("INSERT INTO app.t VALUES (1, 'far too long', 5000000000, 'x'), (2, NULL, 5, NULL)");
    let first = live.pg_dump_schema();
    let after = |domains: &str, plain: &str| {
        let table = format!(
            "table t {{ column id int primary-key; column code app.code; column size app.size; column plain {plain} }}"
        );
        let text = format!("schema app {{\n    {domains}\n    {table}\n}}\n");
        walk.write("schema/app.kdl", &text);
        walk.on(&live.url(), &["diff", "second"]).ends(0);
        let run = walk.on(&live.url(), &["apply", "--yes"]).ends(3);
        assert_same_dump(&live.pg_dump_schema(), &first);
        for file in walk
            .generated()
            .into_iter()
            .filter(|it| !it.starts_with("000001"))
        {
            std::fs::remove_file(walk.path(&format!("generated/{file}"))).unwrap();
        }
        run
    };
    after(
        "domain code \"character varying(5)\"\n    domain size int",
        "text",
    )
    .says("1 rows of app.t whose code does not fit character varying(5)")
    .says("1 rows of app.t whose size does not fit integer");
    after(
        "domain code text not-null=#true\n    domain size bigint { check \"VALUE < 10\" name=small }",
        "text",
    )
    .says("1 rows of app.t without code")
    .says("1 rows of app.t whose size the check small of app.size refuses");
    after(
        "domain code text\n    domain size bigint\n    domain short text { check \"length(VALUE) > 1\" name=long_enough }",
        "app.short",
    )
    .says("1 rows of app.t whose plain the check long_enough of app.short refuses");
}
