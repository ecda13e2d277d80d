//! Printing by PostgreSQL, respelt, prints the same again: over a table of expressions, queries and the samples.

use crate::support::{TestDatabase, TestServer, sample};
use schemactl::sql::{quote, respell};

/// Expressions over table `t` of respell.sql whose print is no fixed point, at least as a check.
const MOVING: &[&str] = &[
    // a cast around ARRAY: strings
    "v IN ('a', 'b')",
    "v NOT IN ('a', 'it''s')",
    "v5 IN ('a', E'a\\\\b', 'a,b', '(')",
    "\"Odd\" IN ('a', 'b')",
    "e IN ('a', 'b')",
    "va[1] IN ('a', 'b')",
    "v = ANY (ARRAY[v5, 'b'])",
    "v LIKE ANY (ARRAY['a%'::varchar, 'b%'])",
    "v IN ('a'::varchar(3), 'b'::varchar(3))",
    "cardinality(xa || ARRAY[v, 'z']::text[]) > 0 AND v = ANY (ARRAY[v5, v])",
    "x = ANY (ARRAY['a', 'b']::varchar(2)[])",
    "x = ANY (ARRAY['a'::char(2), 'b'::char(3)])",
    "c = ANY (ARRAY['a'::varchar, 'b'])",
    "(c::text) IN ('a'::varchar, 'b'::varchar) AND (c::text) = ANY (ARRAY['a'::varchar, 'b'])",
    "nm = ANY (ARRAY['a'::varchar, 'b'])",
    "coalesce(v, 'z') IN ('a', 'b')",
    "md::varchar IN ('sad', 'ok')",
    "j ?| ARRAY['a'::varchar, 'b']",
    "CASE WHEN v IN ('a', 'b') THEN c IN ('x', 'y') ELSE v NOT IN ('c', 'd') END",
    "v COLLATE \"C\" IN ('a', 'b')",
    // a cast around ARRAY: other types
    "n = ANY (ARRAY[1, 2])",
    "o <> ALL (ARRAY[1, 2])",
    "cd IN ('10.0.0.0/8', '11.0.0.0/8')",
    "vb = ANY (ARRAY[B'01', B'11'])",
    "md = ANY (ARRAY['sad', 'ok']::text[]::mood[])",
    "id = ANY (ARRAY[1, 2]::text[]::int[])",
    // AND under AND, OR under OR
    "d BETWEEN '2020-01-01' AND '2021-01-01' AND v = 'x'",
    "id NOT BETWEEN 1 AND 2 OR id = 9",
    "id BETWEEN 1 AND 2.5 AND b",
    "id BETWEEN SYMMETRIC 1 AND 2 OR b",
    "ts AT TIME ZONE 'UTC' BETWEEN '2020-01-01Z' AND tz AND b",
    "id IN (i8, i2, 5, 6)",
    "ia IN ('{1}', '{2}', '{3}')",
    "(id, i8) IN ((1, 2), (3, 4), (5, 6))",
    "(id, i8) = (1, 2) AND b",
    "v IN ('a', 'b') AND id BETWEEN 1 AND 5 AND b",
];

/// Expressions that PostgreSQL prints as a fixed point, or nearly so: they must not be spoilt.
const SETTLED: &[&str] = &[
    "v = ANY (ARRAY['a', 'b'])",
    "v = ANY (ARRAY['a'])",
    "v <> ANY (ARRAY['a', 'b'])",
    "v < ALL (ARRAY['a', 'b'])",
    "v LIKE ANY (ARRAY['a%', 'b%'])",
    "v NOT LIKE ALL (ARRAY['a%', 'b%'])",
    "v ~ ANY (ARRAY['^a', 'b$'])",
    "nullif(v, '') IN ('a', 'b')",
    "v = 'a' OR v = 'b' OR v = 'c'",
    "b AND (b AND b)",
    "b AND id BETWEEN 1 AND 2",
    "x IN ('a', 'b')",
    "c IN ('a', 'b')",
    "md IN ('sad', 'it''s')",
    "id IN (1, -2)",
    "xa = ARRAY[]::text[]",
    "v = ANY (ARRAY[]::varchar[])",
    "v = ANY (va)",
    "v = ANY ('{a,b}')",
    "v = ANY (ARRAY['a'::varchar, 'b'::varchar]::text[])",
    "xa = ARRAY['a', '(ARRAY[1])::text[]']",
    "n = -1.5 AND id = -1",
    "(id, v) < (1, 'a')",
    "extract(year from d) = 2020",
    "substring(x from 1 for 2) = 'a' AND position('a' in x) > 0 AND overlay(x placing 'y' from 1) = 'z'",
    "x SIMILAR TO 'a%' AND trim(both 'x' from v) <> ''",
    "id IS DISTINCT FROM 1",
];

/// Whole queries, and expressions with sub-selects, which only views and policies may hold.
const QUERIES: &[&str] = &[
    "select v from t where v in (select 'a')",
    "select v from t where v in (select 'a' union select k from other)",
    "select v from t where id in (select -1) and v = (select null)",
    "select v from t where (v, x) in (select distinct 'a', k from other) and exists (select 'a'::text)",
    "select v, (select 'a') as s, array(select 'b') as r from t",
    "select 'a' union select k from other",
    "select a.k from other a join other b on a.w between b.w and 5 and a.k in ('a', 'b')",
    "with q as (select v from t where d between '2020-01-01' and '2021-01-01' and v in ('a', 'b')) select * from q",
    "select sum(id) over (order by id rows between 1 preceding and 1 following) from t where id between 1 and 2 and b",
    "select count(*) filter (where v in ('a', 'b')), v in ('a', 'b') as f from t group by v having v not in ('c', 'd')",
    "select case when id between 1 and 3 and b then 'x' end from t",
    "select v from t where id is distinct from (select 1 where b and b and b)",
];

fn printed(database: &TestDatabase, cases: &[(&str, String)], again: bool) -> Vec<String> {
    let mut sql = String::from("set client_min_messages = error;\n");
    for (kind, source) in cases {
        let (kind, source) = (quote::literal(kind), quote::literal(source));
        sql.push_str(&format!(
            "select to_json(printed({kind}, {source}, {again}));\n"
        ));
    }
    let answer = database.psql(&sql);
    answer
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON string"))
        .collect()
}

fn database(server: &TestServer) -> TestDatabase<'_> {
    let database = server.database();
    database.psql(include_str!("respell.sql"));
    database
}

fn assert_settles(server: &TestServer, cases: &[(&str, String)], types: bool) {
    let database = database(server);
    let column = |path: &[String]| {
        let known = ["v", "v5", "Odd", "k"].contains(&path.last()?.as_str());
        (types && known).then(|| "character varying".to_owned())
    };
    let mut cases = cases.to_vec();
    let mut first = printed(&database, &cases, false);
    let mut keep = first
        .iter()
        .map(|text| text != "none")
        .collect::<Vec<_>>()
        .into_iter();
    cases.retain(|_| keep.next() == Some(true));
    first.retain(|text| text != "none");
    let respelt: Vec<(&str, String)> = cases
        .iter()
        .zip(&first)
        .map(|((kind, _), text)| (*kind, respell::respell_with(text, &column).into_owned()))
        .collect();
    let second = printed(&database, &respelt, true);
    let mut moved = Vec::new();
    for (((kind, source), (_, respelt)), (first, second)) in
        cases.iter().zip(&respelt).zip(first.iter().zip(&second))
    {
        if first != second {
            moved.push(format!(
                "{kind}: {source}\n printed: {first}\n respelt: {respelt}\n   again: {second}"
            ));
        }
    }
    assert!(
        moved.is_empty(),
        "PostgreSQL {}\n{}",
        server.major(),
        moved.join("\n")
    );
    assert!(second.len() > 300);
}

#[test]
fn expressions_print_the_same_again() {
    for server in TestServer::all() {
        let mut cases = Vec::new();
        for source in MOVING.iter().chain(SETTLED) {
            for kind in ["check", "predicate", "key", "policy", "view", "pretty"] {
                cases.push((kind, (*source).to_owned()));
            }
        }
        cases.push((
            "trigger",
            "new.v IN ('a', 'b') AND old.id BETWEEN 1 AND 2 AND new.b".to_owned(),
        ));
        cases.push(("key", "xm IS DOCUMENT".to_owned()));
        cases.extend(QUERIES.iter().map(|query| ("query", (*query).to_owned())));
        assert_settles(server, &cases, false);
        assert_settles(server, &cases, true);
    }
}

/// Should a release of PostgreSQL print one of these as a fixed point, the rewriting for it has no more reason there.
#[test]
fn the_moving_ones_move() {
    let server = TestServer::get();
    let database = database(server);
    let cases: Vec<(&str, String)> = MOVING
        .iter()
        .map(|source| ("check", (*source).to_owned()))
        .collect();
    let first = printed(&database, &cases, false);
    let same: Vec<(&str, String)> = first.iter().map(|text| ("check", text.clone())).collect();
    let second = printed(&database, &same, true);
    let settled: Vec<&String> = first
        .iter()
        .zip(&second)
        .filter(|(a, b)| a == b)
        .map(|(a, _)| a)
        .collect();
    assert!(settled.is_empty(), "{settled:#?}");
}

#[test]
fn every_view_and_constraint_of_the_samples_prints_the_same_again() {
    let server = TestServer::get();
    for file in ["pagila.sql", "adventureworks.sql"] {
        let database = server.database();
        database.psql(&sample(file));
        let read = "select json_build_array(oid::regclass, pg_get_viewdef(oid)) from pg_class where relkind in ('v', 'm') \
                    and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema') order by 1::text";
        let views: Vec<(String, String)> = database
            .psql(read)
            .lines()
            .map(|line| serde_json::from_str(line).expect("a pair"))
            .collect();
        assert!(views.len() > 5);
        let mut sql = String::new();
        for (place, (_, text)) in views.iter().enumerate() {
            let respelt = respell::respell(text);
            sql.push_str(&format!("create view again_{place} as {respelt}\n;\n"));
            sql.push_str(&format!(
                "select to_json(pg_get_viewdef('again_{place}'::regclass));\n"
            ));
        }
        let again = database.psql(&sql);
        for ((name, first), second) in views.iter().zip(again.lines()) {
            let second: String = serde_json::from_str(second).expect("a JSON string");
            assert_eq!(*first, second, "{file}: {name}");
        }
        let read = "select json_build_array(conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint \
                    where contype = 'c' and conrelid <> 0 and coninhcount = 0 order by conrelid::regclass::text, conname";
        let checks: Vec<(String, String)> = database
            .psql(read)
            .lines()
            .map(|line| serde_json::from_str(line).expect("a pair"))
            .collect();
        let mut sql = String::new();
        for (table, text) in &checks {
            let respelt = respell::respell(text);
            sql.push_str(&format!(
                "alter table {table} add constraint again_ {respelt};\nselect to_json(pg_get_constraintdef(oid)) from \
                 pg_constraint where conname = 'again_' and conrelid = '{table}'::regclass;\nalter table {table} drop constraint again_;\n"
            ));
        }
        for ((table, first), second) in checks.iter().zip(database.psql(&sql).lines()) {
            let second: String = serde_json::from_str(second).expect("a JSON string");
            assert_eq!(*first, second, "{file}: {table}");
        }
    }
}
