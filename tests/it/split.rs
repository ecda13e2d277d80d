//! Scripts cut by us leave the database that psql leaves.

use crate::support::{TestServer, assert_same_dump, sample};
use schemactl::sql::split;

#[test]
fn statements_run_one_by_one_make_what_psql_makes() {
    let server = TestServer::get();
    let bodies = "create table t (id integer, b text);
        create rule r as on insert to t do also (delete from t where id = 1; delete from t where id = 2);
        create function f(a integer) returns text language sql
            begin atomic select case when a = 1 then 'a;' else 'b' end; select case a when 2 then 'c' end; end;
        create procedure p() language plpgsql as $body$ begin perform 1; commit; end; $body$ ;;
        create function \"odd;name\"() returns integer language sql as 'select 1; select 2;' /* ; /* ; */ */ ;
        comment on table t is E'it\\'s; -- no comment'";
    let mut scripts = vec![("bodies", bodies.to_owned(), 6)];
    scripts.push(("chinook", sample("chinook.sql"), 20));
    scripts.push(("pagila", sample("pagila.sql"), 100));
    scripts.push(("adventureworks", sample("adventureworks.sql"), 500));
    for (name, script, fewest) in scripts {
        let parts = match split::split(&script) {
            Ok(parts) => parts,
            Err(error) => panic!("{name}: {error}"),
        };
        assert!(
            parts.statements.len() >= fewest,
            "{name}: {}",
            parts.statements.len()
        );
        let whole = server.database();
        whole.psql(&script);
        let one_by_one = server.database();
        // A line that psql never prints parts the statements: each is sent by itself.
        let sent: Vec<String> = parts
            .statements
            .iter()
            .map(|statement| format!("{}\n;\n", statement.text))
            .collect();
        one_by_one.psql(&sent.concat());
        assert_same_dump(&whole.pg_dump_schema(), &one_by_one.pg_dump_schema());
        let lines: Vec<&str> = script.lines().collect();
        for statement in &parts.statements {
            let first = statement.text.lines().next().unwrap_or_default();
            assert!(
                lines[statement.line - 1].contains(first),
                "{name}: line {}",
                statement.line
            );
        }
    }
}
