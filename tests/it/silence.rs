//! What silence means of rights, comments and owners.

use crate::cli_support::Walk;
use crate::hands::project;
use crate::support::{TestServer, assert_same_dump};

#[test]
fn what_the_files_are_silent_about_is_left_where_the_project_says_so() {
    let server = TestServer::get();
    for role in ["hands_owner", "hands_reader", "hands_writer"] {
        server.admin(&format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        ));
    }
    let live = server.database();
    live.psql(
        "CREATE SCHEMA app; CREATE TABLE app.t (id bigint PRIMARY KEY);
         COMMENT ON TABLE app.t IS 'by hand'; COMMENT ON COLUMN app.t.id IS 'by hand';
         GRANT SELECT, INSERT ON app.t TO hands_reader; GRANT SELECT ON app.t TO hands_writer;
         ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO hands_reader;
         ALTER TABLE app.t OWNER TO hands_owner;",
    );
    let before = live.pg_dump_schema();
    let (walk, url) = (Walk::new(), live.url());
    let declared = "manage { comments declared; grants declared; default-privileges declared }";
    project(&walk, declared);
    // One comment is said, one privilege is revoked, one is granted: the rest is nobody's business.
    walk.write(
        "schema/app.kdl",
        "schema app {
            table t comment=\"by the files\" {
                column id bigint primary-key
                grant update to=hands_writer
                revoke insert from=hands_reader
            }
        }",
    );
    walk.on(&url, &["baseline", "--yes"]).ends(0);
    walk.on(&url, &["diff", "rights"]).ends(0);
    let up = walk.read("generated/000002_rights.up.sql");
    let statements: Vec<&str> = up
        .lines()
        .filter(|line| !line.starts_with("--") && !line.is_empty())
        .collect();
    assert_eq!(
        statements,
        [
            "REVOKE INSERT ON TABLE app.t FROM hands_reader;",
            "COMMENT ON TABLE app.t IS 'by the files';",
            "GRANT UPDATE ON TABLE app.t TO hands_writer;",
        ]
    );
    walk.on(&url, &["apply", "--yes"]).ends(0);
    // What somebody grants or writes meanwhile is no drift.
    live.psql(
        "GRANT DELETE ON app.t TO hands_reader; COMMENT ON CONSTRAINT t_pkey ON app.t IS 'later'",
    );
    walk.on(&url, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    live.psql(
        "REVOKE DELETE ON app.t FROM hands_reader; COMMENT ON CONSTRAINT t_pkey ON app.t IS NULL",
    );
    walk.on(&url, &["rollback", "--all", "--yes"]).ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
    // The same files under what silence means by default: all that is unsaid goes, but the owner.
    project(&walk, "");
    walk.on(&url, &["apply", "--to", "000001", "--yes"]);
    std::fs::remove_file(walk.path("generated/000002_rights.up.sql")).unwrap();
    std::fs::remove_file(walk.path("generated/000002_rights.down.sql")).unwrap();
    walk.on(&url, &["diff", "exact"]).ends(0);
    let up = walk.read("generated/000002_exact.up.sql");
    for said in [
        "COMMENT ON COLUMN app.t.id IS NULL",
        "REVOKE SELECT",
        "ALTER DEFAULT PRIVILEGES",
    ] {
        assert!(up.contains(said), "{up}");
    }
    assert!(!up.contains("OWNER TO"), "{up}");
    // Exact owners belong to the role that applies.
    project(&walk, "manage { owners exact }");
    std::fs::remove_file(walk.path("generated/000002_exact.up.sql")).unwrap();
    std::fs::remove_file(walk.path("generated/000002_exact.down.sql")).unwrap();
    walk.on(&url, &["diff", "owners"]).ends(0);
    let up = walk.read("generated/000002_owners.up.sql");
    assert!(up.contains("ALTER TABLE app.t OWNER TO postgres"), "{up}");
}

#[test]
fn what_is_named_anew_keeps_what_nobody_says_of_it() {
    let server = TestServer::get();
    for role in ["hands_owner", "hands_reader"] {
        server.admin(&format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        ));
    }
    let live = server.database();
    live.psql(
        "CREATE SCHEMA app; CREATE TYPE app.m AS ENUM ('x'); CREATE TABLE app.s (id int PRIMARY KEY);
         CREATE TABLE app.t (id int PRIMARY KEY, s int, n int, CONSTRAINT odd_key FOREIGN KEY (s) REFERENCES app.s,
                             CONSTRAINT odd_check CHECK (n > 0));
         CREATE INDEX odd_index ON app.t (n);
         CREATE FUNCTION app.f(app.m) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION app.g(app.m) RETURNS int LANGUAGE sql AS 'SELECT 1';
         COMMENT ON CONSTRAINT odd_key ON app.t IS 'by hand'; COMMENT ON CONSTRAINT odd_check ON app.t IS 'by hand';
         COMMENT ON INDEX app.odd_index IS 'by hand'; COMMENT ON COLUMN app.t.n IS 'by hand'; COMMENT ON FUNCTION app.g IS 'by hand';
         GRANT SELECT ON app.t TO hands_reader; REVOKE ALL ON FUNCTION app.f FROM PUBLIC;
         ALTER TYPE app.m OWNER TO hands_owner; ALTER TABLE app.t OWNER TO hands_owner;
         ALTER FUNCTION app.f OWNER TO hands_owner; ALTER FUNCTION app.g OWNER TO hands_owner;",
    );
    let (walk, url) = (Walk::new(), live.url());
    project(&walk, "manage { comments declared; grants declared }");
    let schema = "schema app {
        enum m x
        function f m returns=int language=sql { body \"SELECT 1\" }
        function g m returns=int language=sql { body \"SELECT 1\" }
        table s { column id int primary-key }
        table t { column id int primary-key; column s int references=s; column n int check=\"n > 0\"; index n }
    }";
    walk.write("schema/app.kdl", schema);
    walk.on(&url, &["baseline", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    let named = schema
        .replace("enum m x", "enum mood x renamed-from=m")
        .replace("function f m", "function judge mood renamed-from=f")
        .replace("function g m", "function g mood")
        .replace("table t {", "table u renamed-from=t {");
    walk.write("schema/app.kdl", &named);
    walk.on(&url, &["diff", "named"]).ends(0);
    let up = walk.read("generated/000002_named.up.sql");
    let statements: Vec<&str> = up
        .lines()
        .filter(|line| !line.starts_with("--") && !line.is_empty())
        .collect();
    assert_eq!(
        statements,
        [
            "SET LOCAL check_function_bodies = off;",
            "ALTER TYPE app.m RENAME TO mood;",
            "ALTER FUNCTION app.f(app.mood) RENAME TO judge;",
            "ALTER TABLE app.t RENAME TO u;",
        ]
    );
    let before = live.pg_dump_schema();
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    walk.on(&url, &["rollback", "--to", "000001", "--yes"])
        .ends(0);
    assert_same_dump(&live.pg_dump_schema(), &before);
}
