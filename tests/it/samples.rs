//! The samples load, and the judge finds a database equal to the one made from its own dump, respelt where
//! PostgreSQL's printing is no fixed point.

use crate::support::{TestServer, assert_same_dump, sample};
use schemactl::sql::respell;

#[test]
fn a_sample_restored_from_its_respelt_dump_is_the_same() {
    let server = TestServer::get();
    for (file, tables) in [
        ("chinook.sql", "11"),
        ("pagila.sql", "70"),
        ("adventureworks.sql", "68"),
    ] {
        let original = server.database();
        original.psql(&sample(file));
        let count = "select count(*) from pg_class where relkind in ('r', 'p') and relnamespace::regnamespace::text \
                     not in ('pg_catalog', 'information_schema')";
        assert_eq!(original.psql(count), tables, "{file}");
        let dump = original.pg_dump_schema();
        let restored = server.database();
        restored.psql(&respell::respell(&dump));
        assert_same_dump(&dump, &restored.pg_dump_schema());
    }
}
