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
