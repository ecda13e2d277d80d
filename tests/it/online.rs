//! The online form of changes: no transaction of a plan works on rows while it keeps readers or writers of the same table
//! waiting, and nothing that is replaced is missing in between.

use std::collections::BTreeMap;

use schemactl::facts::read::read;
use schemactl::facts::{LockMode, facts};
use schemactl::lint::live::world;
use schemactl::model::QualifiedName;
use schemactl::pg::connect::{Session, Target};

use crate::cli_support::Walk;
use crate::support::{TestDatabase, TestServer, assert_same_dump};

const BEFORE: &str = "
schema app {
    table country { column code text primary-key }
    table users {
        column id integer not-null
        column email text
        column country text
        column age integer
        column created timestamptz
        column plan text
        index email name=users_email
        unique plan id name=users_plan
        check \"age < 200\" name=age_sane
    }
    table event { column at date; partition-by range at }
    table event_2024 { column at date }
    table visit {
        column at date
        partition-by range at partitions=exact
        partition visit_1 from=minvalue to=\"'2024-01-01'\"
        partition visit_2 from=\"'2024-01-01'\" to=\"'2025-01-01'\"
        partition visit_3 from=\"'2025-01-01'\" to=\"'2026-01-01'\"
    }
}";

const AFTER: &str = "
schema app {
    table country { column code text primary-key }
    table users {
        column id integer not-null
        column email text not-null
        column country text
        column age integer
        column created timestamptz not-null backfill=\"now() - age * interval '1 day'\"
        column plan text not-null backfill=\"'free ' || id\"
        column region text not-null backfill=\"'eu'\"
        column token uuid not-null default=\"gen_random_uuid()\"
        column lot float8 default=\"random()\"
        primary-key id
        foreign-key country name=users_country { references app.country code }
        check \"age < 150\" name=age_sane
        index email name=users_email unique=#true
        unique id plan name=users_plan deferrable=deferred { include age }
        index country name=users_by_country
    }
    table event {
        column at date
        partition-by range at
        partition event_2024 from=\"'2024-01-01'\" to=\"'2025-01-01'\"
    }
    table visit {
        column at date
        partition-by range at partitions=exact
        partition visit_1 from=minvalue to=\"'2024-01-01'\"
        partition visit_2 from=\"'2024-01-01'\" to=\"'2025-01-01'\"
        index at
    }
    table visit_3 { column at date }
}";

const ROWS: &str = "
    INSERT INTO app.country VALUES ('de'), ('ch');
    INSERT INTO app.users (id, email, country, age, created, plan)
    SELECT i, 'u' || i || '@x', CASE WHEN i % 3 > 0 THEN 'de' END, i % 90,
           CASE WHEN i % 2 > 0 THEN '2020-01-01'::timestamptz END, CASE WHEN i % 5 > 0 THEN 'gold' END
    FROM generate_series(1, 1000) i;
    INSERT INTO app.event_2024 VALUES ('2024-05-05')";

/// A project at `BEFORE` with rows, and `AFTER` written as migrations.
fn written(environment: &str) -> (Walk, TestDatabase<'static>, Vec<String>) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schema/app.kdl", BEFORE);
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql(ROWS);
    walk.write("schema/app.kdl", AFTER);
    if !environment.is_empty() {
        walk.write(
            "schemactl.kdl",
            &format!("project app edition=1\n{environment}\n"),
        );
    }
    walk.on(&live.url(), &["diff", "second"]).ends(0);
    let ups = walk
        .generated()
        .into_iter()
        .filter(|file| file.ends_with("second.up.sql"))
        .map(|file| walk.read(&format!("generated/{file}")))
        .collect();
    (walk, live, ups)
}

/// The statements of a file.
fn statements(file: &str) -> Vec<String> {
    let lines = file.lines().filter(|line| !line.starts_with("--"));
    let text: Vec<&str> = lines.collect();
    text.join("\n")
        .split(";\n")
        .map(|statement| statement.trim().trim_end_matches(';').to_owned())
        .filter(|statement| !statement.is_empty())
        .collect()
}

#[tokio::test]
async fn no_transaction_works_on_rows_that_others_wait_for() {
    let (walk, live, ups) = written("");
    let session = Session::connect(&Target::parse(&live.url()).unwrap(), "online")
        .await
        .unwrap();
    let mut worked = 0;
    for file in &ups {
        let statements = statements(file);
        // What an index is over is asked of the table as it is when the file begins.
        let known = world(&session, statements.iter().map(String::as_str))
            .await
            .unwrap();
        let mut held: BTreeMap<QualifiedName, LockMode> = BTreeMap::new();
        let mut work = Vec::new();
        for statement in &statements {
            let facts = facts(statement, &read(statement), &known);
            // That a check says what a bound does only PostgreSQL knows.
            let known_to_it = |it: &&String| it.contains("is taken to say what the bound says");
            let assumed = facts.assumed.iter().find(|it| !known_to_it(it));
            assert_eq!(assumed, None, "{statement}");
            for (name, mode) in facts.locks {
                let strongest = held.entry(name).or_insert(mode);
                *strongest = mode.max(*strongest);
            }
            work.extend(facts.work);
        }
        for (name, what) in &work {
            let mode = held.get(name).copied();
            // ShareUpdateExclusive stops neither readers nor writers.
            assert!(
                mode.is_none_or(|mode| mode <= LockMode::ShareUpdateExclusive),
                "{what:?} on {name} under {mode:?} in\n{file}"
            );
            worked += 1;
        }
        live.psql(
            &statements
                .iter()
                .map(|it| format!("{it};\n"))
                .collect::<String>(),
        );
        // There is an index over e-mail addresses all the while.
        let indexed = live.psql(
            "SELECT count(*) > 0 FROM pg_index WHERE indrelid = 'app.users'::regclass AND indisvalid \
             AND pg_get_indexdef(indexrelid) LIKE '%(email)%'",
        );
        assert_eq!(indexed.trim(), "t", "after\n{file}");
    }
    assert!(worked > 5, "{worked}");
    walk.on(
        &live.url(),
        &["diff", "--from", "migrations", "--exit-code"],
    )
    .ends(0);
}

#[test]
fn a_plan_in_rounds_goes_up_and_down() {
    let (walk, live, ups) = written("");
    let url = live.url();
    let before = live.psql("SELECT md5(string_agg(u::text, '|' ORDER BY id)) FROM app.users u WHERE created IS NOT NULL AND plan IS NOT NULL");
    let all = ups.concat();
    for text in [
        "CREATE UNIQUE INDEX CONCURRENTLY users_pkey ON app.users (id);",
        "PRIMARY KEY USING INDEX users_pkey",
        "UNIQUE USING INDEX users_plan_new DEFERRABLE INITIALLY DEFERRED",
        "FOREIGN KEY (country) REFERENCES app.country (code) NOT VALID",
        "VALIDATE CONSTRAINT users_country",
        "CHECK (age < 150) NOT VALID",
        "ALTER COLUMN email SET NOT NULL",
        "UPDATE app.users SET token = DEFAULT WHERE token IS NULL",
        "DETACH PARTITION app.visit_3 CONCURRENTLY;",
        "CREATE INDEX visit_at_idx ON ONLY app.visit (at);",
        "CREATE INDEX CONCURRENTLY visit_2_at_idx ON app.visit_2 (at);",
        "ATTACH PARTITION app.visit_2_at_idx",
        "ADD CONSTRAINT event_2024_bound CHECK (at >= '2024-01-01' AND at < '2025-01-01' AND at IS NOT NULL) NOT VALID",
    ] {
        assert!(all.contains(text), "no `{text}` in\n{all}");
    }
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    let filled = live.psql("SELECT count(*) FROM app.users WHERE region = 'eu' AND plan IS NOT NULL AND created IS NOT NULL AND lot IS NOT NULL");
    assert_eq!(filled.trim(), "1000");
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    let after = live.psql("SELECT md5(string_agg(u::text, '|' ORDER BY id)) FROM app.users u WHERE id % 2 > 0 AND id % 5 > 0");
    assert_eq!(before, after);
    walk.run(&["verify", "--project", "app"]).ends(0);
}

#[test]
fn plain_is_one_transaction() {
    let (_, _, ups) = written("defaults { strategy plain }");
    assert_eq!(ups.len(), 1, "{ups:?}");
    for text in ["CONCURRENTLY", "NOT VALID", "USING INDEX"] {
        assert!(!ups[0].contains(text), "{}", ups[0]);
    }
}

#[test]
fn rows_that_came_meanwhile_stop_validation_and_nothing_else() {
    let (walk, live, _) = written("");
    let url = live.url();
    // The check of ages is there before the row that it would refuse is taken away again: others write meanwhile.
    live.psql("INSERT INTO app.users (id, email, age) VALUES (2000, 'x@x', 180)");
    let run = walk.on(&url, &["apply", "--yes"]).ends(3);
    run.says("that the check age_sane refuses");
    live.psql("DELETE FROM app.users WHERE id = 2000");
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
}

/// A partitioned table takes the keys that its partitions have.
#[test]
fn keys_of_partitions_are_built_while_they_are_used() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let schema = |keys: &str| {
        format!(
            "schema app {{ table m {{
                column id bigint not-null; column at int not-null; column v text
                {keys}
                partition-by range at
                partition m1 from=1 to=100
                partition m2 from=100 to=200
            }} }}"
        )
    };
    walk.write("schema/app.kdl", &schema(""));
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql("INSERT INTO app.m SELECT n, 1 + n % 199, n FROM generate_series(1, 1000) n");
    walk.write(
        "schema/app.kdl",
        &schema("primary-key id at; unique at v; index v"),
    );
    let before = live.pg_dump_schema();
    walk.on(&url, &["diff", "two"]).ends(0);
    let ups = walk
        .generated()
        .into_iter()
        .filter(|it| it.ends_with("_two.up.sql"));
    let all: String = ups
        .map(|it| walk.read(&format!("generated/{it}")))
        .collect();
    for text in [
        "CREATE UNIQUE INDEX CONCURRENTLY m1_pkey ON app.m1 (id, at);",
        "ADD CONSTRAINT m2_pkey PRIMARY KEY USING INDEX m2_pkey",
        "ADD CONSTRAINT m2_at_v_key UNIQUE USING INDEX m2_at_v_key",
        "ADD CONSTRAINT m_pkey PRIMARY KEY (id, at)",
    ] {
        assert!(all.contains(text), "no `{text}` in\n{all}");
    }
    // Nothing is built under a lock, and that is what is told.
    let told = walk.on(&url, &["lint", "--format", "json"]).out;
    for code in ["builds-index", "index-not-concurrent", "work-under-lock"] {
        assert!(!told.contains(code), "{code} in {told}");
    }
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
}

/// A foreign key of a partitioned table is looked at partition by partition, those below partitions too.
#[test]
fn foreign_keys_of_partitions_are_looked_at_while_they_are_used() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let schema = |key: &str| {
        format!(
            "schema app {{
                table k {{ column id bigint primary-key }}
                table m {{
                    column at int not-null; column k bigint
                    {key}
                    partition-by range at
                    partition m1 from=1 to=100
                    partition m2 from=100 to=200 {{
                        partition-by range k
                        partition m2a from=1 to=6
                        partition m2b default=#true
                    }}
                }}
            }}"
        )
    };
    walk.write("schema/app.kdl", &schema(""));
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql(
        "INSERT INTO app.k SELECT n FROM generate_series(1, 10) n;
         INSERT INTO app.m SELECT 1 + n % 199, 1 + n % 10 FROM generate_series(1, 1000) n",
    );
    let before = live.pg_dump_schema();
    let key = "foreign-key k name=m_k on-delete=cascade { references app.k id }";
    walk.write("schema/app.kdl", &schema(key));
    walk.on(&url, &["diff", "two"]).ends(0);
    let ups = walk
        .generated()
        .into_iter()
        .filter(|it| it.ends_with("_two.up.sql"));
    let files: Vec<String> = ups
        .map(|it| walk.read(&format!("generated/{it}")))
        .collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for (file, text) in [
        (
            0,
            "ALTER TABLE app.m2b ADD CONSTRAINT m_k FOREIGN KEY (k) REFERENCES app.k (id) ON DELETE CASCADE NOT VALID;",
        ),
        (1, "ALTER TABLE app.m2a VALIDATE CONSTRAINT m_k;"),
        (
            2,
            "ALTER TABLE app.m ADD CONSTRAINT m_k FOREIGN KEY (k) REFERENCES app.k (id) ON DELETE CASCADE;",
        ),
    ] {
        assert!(
            files[file].contains(text),
            "no `{text}` in\n{}",
            files[file]
        );
    }
    let told = walk.on(&url, &["lint", "--format", "json"]).out;
    for code in ["foreign-key-validated", "work-under-lock"] {
        assert!(!told.contains(code), "{code} in {told}");
    }
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    // The partitions' are those of their table now.
    let own = live.psql(
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'app'::regnamespace",
    );
    assert_eq!(own.trim(), "1");
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
}
