//! Type names against `format_type`, and types that are made like others.

use crate::support::TestServer;
use schemactl::sql::types;

#[test]
fn names_are_spelt_as_format_type_spells_them() {
    let names = [
        "int",
        "INTEGER",
        "int4",
        "int2",
        "smallint",
        "bigint",
        "int8",
        "bool",
        "boolean",
        "real",
        "float4",
        "float8",
        "float",
        "float(24)",
        "float(25)",
        "double precision",
        "numeric",
        "decimal",
        "dec(5)",
        "numeric(10,2)",
        "numeric( 10 , 2 )[]",
        "varchar",
        "varchar(255)",
        "character varying(3)",
        "char varying(3)",
        "national character varying(4)",
        "char",
        "char(3)",
        "character",
        "nchar(4)",
        "bpchar(3)",
        "text",
        "name",
        "bytea",
        "\"char\"",
        "pg_catalog.char",
        "pg_catalog.int4",
        "pg_catalog.text",
        "bit",
        "bit(3)",
        "bit varying",
        "bit varying(5)",
        "varbit(5)",
        "timestamp",
        "timestamp(3)",
        "timestamptz",
        "timestamptz(0)",
        "timestamp with time zone",
        "timestamp(3) with time zone",
        "timestamp without time zone",
        "time",
        "time(2)",
        "timetz",
        "timetz(1)",
        "time(1) with time zone",
        "interval",
        "interval(3)",
        "interval day to second",
        "interval day to second(3)",
        "INTERVAL YEAR TO MONTH",
        "date",
        "uuid",
        "json",
        "JSONB",
        "xml",
        "inet",
        "cidr",
        "macaddr",
        "money",
        "oid",
        "regclass",
        "tsvector",
        "int4range",
        "point",
        "int[]",
        "int[3][4]",
        "text array",
        "varchar(5)[]",
        "timestamptz[]",
        "int array[3]",
        "kinds.mood",
        "kinds.mood[]",
        "kinds.\"Odd Name\"",
        "kinds.\"Odd Name\"[]",
    ];
    for server in TestServer::all() {
        let database = server.database();
        let mut sql = String::from(
            "create schema kinds; create type kinds.mood as enum ('a'); create domain kinds.\"Odd Name\" as text;\n",
        );
        for (place, name) in names.iter().enumerate() {
            sql.push_str(&format!("create table t{place} (a {name});\nselect format_type(atttypid, atttypmod) from pg_attribute where attrelid = 't{place}'::regclass and attnum = 1;\n"));
        }
        for (name, wanted) in names.iter().zip(database.psql(&sql).lines()) {
            assert_eq!(
                types::canonical_type(name),
                wanted,
                "PostgreSQL {}: {name}",
                server.major()
            );
            assert_eq!(types::canonical_type(wanted), wanted, "its own spelling");
        }
    }
}

#[test]
fn a_base_type_is_as_the_one_that_it_is_like() {
    let (walk, live) = (
        crate::cli_support::Walk::new(),
        TestServer::get().database(),
    );
    let functions = |name: &str| {
        format!(
            "function {name}_in cstring returns={name} language=internal volatility=immutable strict=#true {{ symbol int8in }}
             function {name}_out {name} returns=cstring language=internal volatility=immutable strict=#true {{ symbol int8out }}"
        )
    };
    let file = format!(
        "schema a {{
            base-type again input=again_in output=again_out like=big category=S
            base-type big input=big_in output=big_out like=int8
            {}
            {}
            table t {{ column b big; column c again }}
        }}",
        functions("big"),
        functions("again"),
    );
    walk.write("schema/a.kdl", &file);
    walk.on(&live.url(), &["diff", "one"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.on(&live.url(), &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    let kept = live.psql(
        "INSERT INTO a.t VALUES ('9000000000', '-9000000000');
         SELECT b, c FROM a.t; SELECT string_agg(concat(typname, typlen, typbyval, typalign), ' ' ORDER BY typname) FROM pg_type \
         WHERE typname IN ('big', 'again')",
    );
    assert_eq!(kept.trim(), "9000000000|-9000000000\nagain8td big8td");
}

#[test]
fn expressions_of_indexes_are_named_as_postgresql_names_them() {
    let expressions = [
        "lower(q)",
        "(lower(q) || k)",
        "(q::varchar)",
        "(q || k)::varchar(10)",
        "(n + 1)::bigint",
        "n::numeric(10,2)",
        "'2020-01-01'::timestamp",
        "CASE WHEN n > 1 THEN 1 ELSE 2 END",
        "CASE WHEN n > 1 THEN k ELSE q END",
        "NULLIF(q, '')",
        "COALESCE(q, k)",
        "GREATEST(q, k)",
        "ARRAY[q]",
        "(q, k) IS NULL",
        "(c).b",
        "(a)[1]",
        "(k COLLATE \"C\")",
        "(t AT TIME ZONE 'UTC')",
        "(q IS NULL)",
        "(q = k)",
        "-n",
        "(j ->> 'x')",
        "(j ->> 'x')::integer",
        "\"Odd Name\"",
        "lower(\"Odd Name\")",
        "btrim(q)",
        "substring(q from 2)",
        "position('a' in q)",
    ];
    let database = TestServer::get().database();
    database.psql(
        "CREATE TYPE pair AS (a int, b int);
         CREATE TABLE t (n int, q text, k text, c pair, a int[], t timestamptz, j jsonb, \"Odd Name\" text)",
    );
    let mut wrong = Vec::new();
    for expression in expressions {
        database.psql(&format!("CREATE INDEX ON t (({expression}))"));
        let ours = schemactl::sql::expression_name::expression_name(expression);
        let ours = format!("t_{}_idx", ours.unwrap_or_else(|| "expr".to_owned()));
        let made =
            database.psql("SELECT relname FROM pg_class WHERE relkind = 'i' AND relname ~ '^t_'");
        database.psql(&format!("DROP INDEX \"{}\"", made.trim()));
        if made.trim() != ours {
            wrong.push(format!(
                "{expression}: {} is ours, {} PostgreSQL's",
                ours,
                made.trim()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
