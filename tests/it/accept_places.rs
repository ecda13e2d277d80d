//! What is accepted stands at its place and nothing else means anything else: the files before, what somebody did, the files
//! after; then there is no drift, nothing to do, and the next database comes to the same.

use crate::cli_support::{Run, Walk};
use crate::support::{TestDatabase, TestServer, assert_same_dump};

/// The files at `schema/app.kdl` applied to two databases.
struct Two<'s> {
    walk: Walk,
    live: TestDatabase<'s>,
    other: TestDatabase<'s>,
}

impl Two<'static> {
    fn new(kdl: &str) -> Two<'static> {
        let server = TestServer::get();
        let (live, other) = (server.database(), server.database());
        for role in ["accept_a", "accept_b"] {
            live.psql(&format!(
                "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            ));
        }
        let walk = Walk::new();
        walk.write("schema/app.kdl", kdl);
        let two = Two { walk, live, other };
        two.on(&["diff", "one"]).ends(0);
        two.on(&["apply", "--yes"]).ends(0);
        two.elsewhere(&["apply", "--yes"]).ends(0);
        two
    }

    fn on(&self, arguments: &[&str]) -> Run {
        self.walk.on(&self.live.url(), arguments)
    }

    fn elsewhere(&self, arguments: &[&str]) -> Run {
        self.walk.on(&self.other.url(), arguments)
    }

    /// Does something by hand and accepts it; gives the file.
    fn accept(&self, by_hand: &str) -> String {
        self.live.psql(by_hand);
        let before = self.live.pg_dump_schema();
        self.on(&["drift", "--accept", "--yes"]).ends(0);
        self.settled(&before)
    }

    /// The file, where all of it is so in the one database and comes to the same in the other.
    fn settled(&self, before: &str) -> String {
        self.on(&["drift"]).ends(0).says("no drift");
        self.on(&["diff", "--exit-code"]).ends(0);
        self.walk.run(&["verify", "--project", "app"]).ends(0);
        assert_same_dump(&self.live.pg_dump_schema(), before);
        self.elsewhere(&["apply", "--yes"]).ends(0);
        assert_same_dump(&self.other.pg_dump_schema(), before);
        self.walk.read("schema/app.kdl")
    }
}

#[test]
fn a_right_of_one_role_touches_no_line_of_another() {
    let kdl = "schema app {
    table users {
        column id bigint primary-key
        column email text not-null
        // who may
        grant select insert to=accept_a
        grant select to=accept_b { columns id email }
    }
    view v { query \"SELECT id FROM app.users\" }
}
";
    let two = Two::new(kdl);
    let file = two.accept("GRANT UPDATE ON app.users TO accept_a WITH GRANT OPTION");
    let behind = "        grant select to=accept_b { columns id email }\n";
    let new = format!("{behind}        grant update with-grant-option=#true to=accept_a\n");
    assert_eq!(file, kdl.replace(behind, &new));
}

#[test]
fn the_first_right_on_a_schema_goes_into_its_node() {
    let kdl = "schema app {
    table users {
        column id bigint primary-key
        column email text not-null
        // look-ups by the address
        index email name=users_email
    }
}
";
    let two = Two::new(kdl);
    let file = two.accept("GRANT USAGE ON SCHEMA app TO accept_a");
    let end = "    }\n}\n";
    assert_eq!(
        file,
        kdl.replace(end, "    }\n    grant usage to=accept_a\n}\n")
    );
}

/// What was made before has nothing of it, and says so.
#[test]
fn default_privileges_are_accepted_and_give_nothing_to_what_is_there() {
    let kdl = "schema app {
    // Who is in.
    table users {
        column id bigint primary-key // key
    }
}
";
    let two = Two::new(kdl);
    let file = two.accept(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO accept_a;
         CREATE TABLE app.later (id int)",
    );
    assert_eq!(
        file,
        "schema app {
    // Who is in.
    table users {
        column id bigint primary-key // key
        revoke select from=accept_a
    }
    table later {
        column id integer
        grant select to=accept_a
    }
    default-privileges { grant select on=tables to=accept_a }
}
"
    );
}

/// What a schema says of all its tables, a table that was made by hand has not.
#[test]
fn a_table_without_what_its_schema_grants_on_all_of_them_says_so() {
    let kdl = "schema app {
    grant select on=tables to=accept_a
    grant all on=tables to=accept_b // the application
    revoke execute on=functions from=public
    table users {
        column id bigint primary-key
    }
    table more {
        column id bigint primary-key
    }
}
";
    let two = Two::new(kdl);
    let file = two.accept(
        "CREATE TABLE app.c (id int); GRANT SELECT, INSERT ON app.c TO accept_b;
         CREATE FUNCTION app.f() RETURNS int LANGUAGE sql RETURN 1;
         REVOKE DELETE ON app.more FROM accept_b",
    );
    let new = kdl
        .replace(
            "    table more {
        column id bigint primary-key
",
            "    table more {
        column id bigint primary-key
        revoke delete from=accept_b
",
        )
        .replace(
            "    }
}
",
            "    }
    table c {
        column id integer
        revoke select from=accept_a
        revoke delete references trigger truncate update from=accept_b
    }
    function f returns=integer language=sql return=1 {
        grant execute to=public
    }
}
",
        );
    assert_eq!(file, new);
}

const PARTITIONED: &str = "schema app {
    table ev {
        column id bigint not-null
        column d date not-null
        primary-key id d
        partition-by range d partitions=exact
        // the first year
        partition ev1 from=\"'2024-01-01'\" to=\"'2025-01-01'\" // closed
        comment events
    }
}
";

#[test]
fn a_partition_stands_among_the_partitions_of_its_table() {
    let two = Two::new(PARTITIONED);
    let file = two.accept(
        "CREATE TABLE app.ev2 PARTITION OF app.ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
         CREATE TABLE app.rest PARTITION OF app.ev DEFAULT",
    );
    let line = "to=\"'2025-01-01'\" // closed\n";
    let new = format!(
        "{line}        partition ev2 from=\"'2025-01-01'\" to=\"'2026-01-01'\"
        partition rest default\n"
    );
    assert_eq!(file, PARTITIONED.replace(line, &new));
}

#[test]
fn a_detached_partition_is_a_table_of_its_own_and_an_attached_one_none() {
    let two = Two::new(PARTITIONED);
    let file = two.accept("ALTER TABLE app.ev DETACH PARTITION app.ev1");
    insta::assert_snapshot!(file, @r##"
    schema app {
        table ev {
            column id bigint not-null
            column d date not-null
            primary-key id d
            partition-by range d partitions=exact
            comment events
        }
        table ev1 {
            column id bigint
            column d date
            primary-key id d
        }
    }
    "##);
    let back = two.accept(
        "ALTER TABLE app.ev ATTACH PARTITION app.ev1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    );
    insta::assert_snapshot!(back, @r##"
    schema app {
        table ev {
            column id bigint not-null
            column d date not-null
            primary-key id d
            partition-by range d partitions=exact
            comment events
            partition ev1 from="'2024-01-01'" to="'2025-01-01'"
        }
    }
    "##);
    two.accept("DROP TABLE app.ev1");
}

#[test]
fn comments_go_with_the_node_below_them() {
    let two = Two::new(
        "schema app {
    table users {
        column id bigint primary-key
        column email text not-null
        // look-ups by the address
        /* of whoever
           is looked up */
        index email name=users_email // fast

        // who may
        grant select to=accept_a
    }
}
",
    );
    let file = two.accept("DROP INDEX app.users_email; ALTER TABLE app.users ADD COLUMN z int");
    assert_eq!(
        file,
        "schema app {
    table users {
        column id bigint primary-key
        column email text not-null
        column z integer

        // who may
        grant select to=accept_a
    }
}
"
    );
}

#[test]
fn what_stands_on_an_extension_of_nobody_is_refused() {
    let kdl = "schema app { table users { column email text } }\n";
    let two = Two::new(kdl);
    two.live.psql(
        "CREATE EXTENSION pg_trgm; CREATE INDEX trg_ix ON app.users USING gin (email gin_trgm_ops)",
    );
    two.on(&["drift", "--accept", "--yes"])
        .ends(3)
        .says("drift::unheld")
        .says("index app.users.trg_ix stands on extension pg_trgm");
    assert_eq!(two.walk.read("schema/app.kdl"), kdl);
}

#[test]
fn what_goes_with_a_choice_has_to_be_chosen() {
    let two = Two::new("schema app { table users { column id int } }\n");
    two.live
        .psql("ALTER TABLE app.users ADD a text; CREATE INDEX ia ON app.users (a)");
    two.on(&["drift", "--fix", "--object", "column:app.users.a", "--yes"])
        .ends(4)
        .says("--object index:app.users.ia");
    two.on(&[
        "drift",
        "--accept",
        "--object",
        "index:app.users.ia",
        "--yes",
    ])
    .ends(4)
    .says("--object column:app.users.a");
    assert_eq!(two.walk.generated().len(), 2);
}

#[test]
fn a_right_of_everybody_that_was_taken_away_is_gone() {
    let two = Two::new(
        "schema app {
    function f returns=integer language=sql { body \"SELECT 1\" }
}
",
    );
    two.live
        .psql("REVOKE EXECUTE ON FUNCTION app.f() FROM PUBLIC");
    two.on(&["drift"])
        .ends(2)
        .says("- execute to public of function app.f() is gone");
    let told = two.on(&["drift", "--format", "json"]).ends(2).json();
    assert_eq!(told["changes"][0]["change"], "gone");
}

const PEOPLE: &str = "schema app {
    // Who is in.
    table users {
        column id bigint primary-key // the key
        // in years
        column age int check=\"age > 0\"
        column email text not-null
        // look-ups by the address
        index email // fast
        unique email name=one_each
    }
    table posts {
        column id bigint primary-key
        column by bigint references=users
    }
}
";

/// Objects that were renamed by hand are the same ones, with their rows.
#[test]
fn what_was_renamed_by_hand_is_renamed_back_with_its_rows() {
    let two = Two::new(PEOPLE);
    for database in [&two.live, &two.other] {
        database.psql("INSERT INTO app.users VALUES (1, 40, 'a')");
    }
    let before = two.live.pg_dump_schema();
    two.live.psql(
        "ALTER TABLE app.users RENAME TO people; ALTER TABLE app.people RENAME age TO years;
         ALTER INDEX app.users_email_idx RENAME TO e2",
    );
    two.on(&["drift"])
        .ends(2)
        .says("~ table app.users is called app.people")
        .says("~ column app.people.age is called app.people.years")
        .says("~ index app.people.users_email_idx is called app.people.e2");
    two.on(&["drift", "--fix", "--yes"]).ends(0);
    two.on(&["apply", "--yes"]).ends(0);
    assert_same_dump(&two.live.pg_dump_schema(), &before);
    assert_eq!(two.live.psql("TABLE app.users").trim(), "1|40|a");
    two.elsewhere(&["apply", "--yes"]).ends(0).says("skipped");
}

#[test]
fn a_rename_that_is_accepted_is_run_elsewhere() {
    let two = Two::new(PEOPLE);
    for database in [&two.live, &two.other] {
        database.psql("INSERT INTO app.users VALUES (1, 40, 'a')");
    }
    let file = two.accept(
        "ALTER TABLE app.users RENAME TO people; ALTER TABLE app.people RENAME age TO years;
         ALTER INDEX app.users_email_idx RENAME TO e2",
    );
    assert_eq!(two.other.psql("TABLE app.people").trim(), "1|40|a");
    insta::assert_snapshot!(file, @r##"
    schema app {
        // Who is in.
        table people renamed-from=users {
            column id bigint // the key
            // in years
            column years int renamed-from=age
            column email text not-null
            // look-ups by the address
            index email name=e2 // fast
            unique email name=one_each
            primary-key id name=users_pkey
            check "years > 0" name=users_age_check
        }
        table posts {
            column id bigint primary-key
            column by bigint references=people
        }
    }
    "##);
}

#[test]
fn triggers_and_policies_that_are_renamed_by_hand_stay_the_same() {
    let kdl = "schema app {
    function touch returns=trigger language=plpgsql { body \"BEGIN RETURN new; END\" }
    table users {
        column id bigint primary-key
        column age int
        // only grown-ups
        policy adults for=select using=\"age > 17\" to=public
        trigger stamp before insert for-each=row execute=touch // each
    }
}
";
    let two = Two::new(kdl);
    let by_hand = "ALTER POLICY adults ON app.users RENAME TO grown;
         ALTER TRIGGER stamp ON app.users RENAME TO stamped";
    let before = two.live.pg_dump_schema();
    two.live.psql(by_hand);
    two.on(&["drift"])
        .ends(2)
        .says("~ policy app.users.adults is called app.users.grown")
        .says("~ trigger app.users.stamp is called app.users.stamped");
    two.on(&["drift", "--fix", "--yes"]).ends(0);
    let up = two.walk.read("generated/000002_correct_drift.up.sql");
    assert!(
        !up.contains("DROP") && up.contains("RENAME TO adults"),
        "{up}"
    );
    two.on(&["apply", "--yes"]).ends(0);
    assert_same_dump(&two.live.pg_dump_schema(), &before);
    let new = kdl
        .replace("policy adults for", "policy grown for")
        .replace("to=public", "to=public renamed-from=adults")
        .replace("trigger stamp", "trigger stamped")
        .replace("execute=touch", "execute=touch renamed-from=stamp");
    assert_eq!(two.accept(by_hand), new);
}

/// An attribute and a value of an enumeration have no identity of their own, and are known again all the same.
#[test]
fn what_types_consist_of_is_renamed_by_hand() {
    let kdl = "schema app {
    // where it is
    composite spot {
        attribute x int
        // free text
        attribute note text comment=\"any\"
    }
    enum mood {
        // never
        value sad
        value happy
    }
    enum state on off
    table t {
        column id int primary-key
        column at spot
        column mood mood default=\"'sad'\"
        column states \"state[]\"
        check \"(at).note <> ''\" name=noted
    }
    view notes { query \"SELECT id, (at).note, mood = 'sad' AS is_sad FROM app.t\" }
}
";
    let two = Two::new(kdl);
    for database in [&two.live, &two.other] {
        database.psql("INSERT INTO app.t VALUES (1, ROW(1, 'here'), 'sad', '{off,on}')");
    }
    let before = two.live.pg_dump_schema();
    let by_hand = "ALTER TYPE app.spot RENAME ATTRIBUTE note TO remark;
         ALTER TYPE app.mood RENAME VALUE 'sad' TO 'blue';
         ALTER TYPE app.mood ADD VALUE 'meh' BEFORE 'happy';
         ALTER TYPE app.state RENAME VALUE 'off' TO 'out'";
    two.live.psql(by_hand);
    two.on(&["drift"])
        .ends(2)
        .says("~ attribute app.spot.note is called app.spot.remark")
        .says("~ value app.mood.sad is called app.mood.blue")
        .says("blue, happy → blue, meh, happy");
    two.on(&["drift", "--fix", "--yes"]).ends(0);
    let up = two.walk.read("generated/000002_correct_drift.up.sql");
    assert!(up.contains("RENAME ATTRIBUTE remark TO note"), "{up}");
    assert!(up.contains("RENAME VALUE 'out' TO 'off'"), "{up}");
    two.on(&["apply", "--yes"]).ends(0);
    assert_same_dump(&two.live.pg_dump_schema(), &before);
    let rows = "TABLE app.t";
    assert_eq!(two.live.psql(rows).trim(), "1|(1,here)|sad|{off,on}");
    let file = two.accept(by_hand);
    assert_eq!(two.other.psql(rows).trim(), "1|(1,here)|blue|{out,on}");
    let files = two.walk.generated();
    for up in files
        .iter()
        .filter(|it| it.ends_with("accept_drift.up.sql"))
    {
        let up = two.walk.read(&format!("generated/{up}"));
        assert!(!up.contains("CHECK") && !up.contains("COMMENT"), "{up}");
    }
    insta::assert_snapshot!(file, @r##"
    schema app {
        // where it is
        composite spot {
            attribute x int
            // free text
            attribute remark text comment="any" renamed-from=note
        }
        enum mood {
            // never
            value blue renamed-from=sad
            value meh
            value happy
        }
        enum state {
            value on
            value out renamed-from=off
        }
        table t {
            column id int primary-key
            column at spot
            column mood mood default="'blue'"
            column states "state[]"
            check "(at).remark <> ''::text" name=noted
        }
        view notes { query """
            SELECT t.id,
                (t.at).remark AS note,
                (t.mood = 'blue'::app.mood) AS is_sad
               FROM app.t
            """ }
    }
    "##);
}

/// Names are handed on, and columns go with those above them: what is renamed is so everywhere, with its rows.
#[test]
fn names_that_are_handed_on_and_columns_that_go_along() {
    let kdl = "schema app {
    composite pair { attribute a int; attribute b int; attribute c int }
    enum level low high
    table t { column id int primary-key; column a int; column b int; column at pair; column l level }
    table log {
        column at date
        column note text
        partition-by range at
        partition log_1 from=\"'2026-01-01'\" to=\"'2027-01-01'\"
    }
    table spots of=pair
}
";
    let two = Two::new(kdl);
    for database in [&two.live, &two.other] {
        database.psql(
            "INSERT INTO app.t VALUES (1, 10, 20, ROW(1, 2, 3), 'low');
             INSERT INTO app.log VALUES ('2026-02-02', 'x'); INSERT INTO app.spots VALUES (7, 8, 9)",
        );
    }
    let before = two.live.pg_dump_schema();
    let by_hand = "ALTER TYPE app.pair RENAME ATTRIBUTE a TO aa CASCADE;
         ALTER TYPE app.pair RENAME ATTRIBUTE b TO a CASCADE;
         ALTER TABLE app.t RENAME a TO aa; ALTER TABLE app.t RENAME b TO a;
         ALTER TABLE app.log RENAME note TO remark;
         ALTER TYPE app.level RENAME VALUE 'low' TO 'lower'; ALTER TYPE app.level RENAME TO step;
         COMMENT ON TYPE app.step IS 'how much'";
    two.live.psql(by_hand);
    two.on(&["drift"])
        .ends(2)
        .says("~ attribute app.pair.b is called app.pair.a")
        .says("~ column app.t.a is called app.t.aa");
    two.on(&["drift", "--fix", "--yes"]).ends(0);
    two.on(&["apply", "--yes"]).ends(0);
    assert_same_dump(&two.live.pg_dump_schema(), &before);
    let rows = "TABLE app.t; TABLE app.log; TABLE app.spots";
    let all = "1|10|20|(1,2,3)|low\n2026-02-02|x\n7|8|9";
    assert_eq!(two.live.psql(rows).trim(), all);
    two.accept(by_hand);
    assert_eq!(two.other.psql(rows).trim(), all.replace("low", "lower"));
}

/// Names that others have now, or had, can be told but not be followed.
#[test]
fn names_that_are_exchanged_are_told() {
    let two = Two::new(
        "schema app {
    enum mood { value sad; value happy }
    table t { column id int primary-key; column a int; column b int }
    table of_mood { column mood mood primary-key; rows { columns mood; row sad } }
}
",
    );
    let exchange = "ALTER TABLE app.t RENAME a TO c; ALTER TABLE app.t RENAME b TO a; ALTER TABLE app.t RENAME c TO b";
    two.live.psql(exchange);
    two.on(&["drift"])
        .ends(2)
        .says("~ column app.t.a is called app.t.b, and its names are others' too");
    for word in ["--fix", "--accept"] {
        let run = two.on(&["drift", word, "--yes"]).ends(3);
        run.says("drift::still_there")
            .says("column app.t.a is column app.t.b now");
    }
    two.live.psql(exchange);
    two.on(&["drift"]).ends(0);
    // A declared row is known by the value.
    two.live
        .psql("ALTER TYPE app.mood RENAME VALUE 'sad' TO 'blue'");
    two.on(&["drift", "--accept", "--yes"])
        .ends(3)
        .says("value app.mood.sad is value app.mood.blue now");
}

/// What was not taken over is told as before, and is as old as it is.
#[test]
fn a_renamed_value_is_known_after_other_runs() {
    let two = Two::new(
        "schema app { enum mood { value sad; value happy }; table t { column m mood; column n int } }\n",
    );
    two.live.psql(
        "ALTER TYPE app.mood RENAME VALUE 'sad' TO 'blue'; ALTER TABLE app.t RENAME m TO mood;
         CREATE INDEX ON app.t (n)",
    );
    two.on(&[
        "drift",
        "--accept",
        "--yes",
        "--object",
        "index:app.t.t_n_idx",
    ])
    .ends(0);
    let run = two.on(&["drift"]).ends(2);
    let run = run
        .says("~ value app.mood.sad is called app.mood.blue")
        .says("~ column app.t.m is called app.t.mood");
    assert!(!run.out.contains("since 000002"), "{run:?}");
    two.on(&[
        "drift",
        "--accept",
        "--yes",
        "--object",
        "value:app.mood.sad",
    ])
    .ends(0);
    let run = two.on(&["drift"]).ends(2).says("~ column app.t.m");
    assert!(!run.out.contains("since 000003"), "{run:?}");
}

#[test]
fn a_renamed_index_keeps_its_line_and_comments() {
    let kdl = "schema app {
    table users {
        column id bigint primary-key
        column email text not-null
        // look-ups by the address
        index email name=users_email // fast
        // who may
        grant select insert to=accept_a
    }
}
";
    let two = Two::new(kdl);
    let file = two.accept(
        "ALTER INDEX app.users_email RENAME TO e2; REVOKE INSERT ON app.users FROM accept_a",
    );
    let new = kdl
        .replace("name=users_email", "name=e2")
        .replace("select insert", "select");
    assert_eq!(file, new);
}

/// What is drift still, after something else was accepted or run, is known as what it was.
#[test]
fn a_rename_that_was_not_chosen_stays_one() {
    let two = Two::new("schema app { table users { column id int; column age int } }\n");
    two.live.psql(
        "INSERT INTO app.users VALUES (1, 2); ALTER TABLE app.users RENAME age TO years;
         CREATE TABLE app.more (id int)",
    );
    two.on(&["drift", "--accept", "--object", "table:app.more", "--yes"])
        .ends(0);
    two.on(&["drift"])
        .ends(2)
        .says("~ column app.users.age is called app.users.years");
    two.on(&["drift", "--accept", "--yes"]).ends(0);
    assert_eq!(two.live.psql("SELECT years FROM app.users").trim(), "2");
    two.elsewhere(&["apply", "--yes"]).ends(0);
    let there = two.other.pg_dump_schema();
    assert_same_dump(&two.live.pg_dump_schema(), &there);
}

#[test]
fn a_table_that_went_to_another_schema_is_no_loss() {
    let two = Two::new("schema app { table users { column id int } }\nschema other { }\n");
    two.live.psql("ALTER TABLE app.users SET SCHEMA other");
    for way in ["--fix", "--accept"] {
        two.on(&["drift", way, "--yes"])
            .ends(3)
            .says("drift::still_there")
            .says("table app.users is table other.users now");
    }
}
