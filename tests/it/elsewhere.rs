//! What lies in another place is not read while something is tried out: it may be out of reach there.

use crate::cli_support::Walk;
use crate::support::{TestServer, assert_same_dump};

#[test]
fn what_reads_foreign_tables_is_tried_out_without_their_rows() {
    let server = TestServer::get();
    let (live, other) = (server.database(), server.database());
    let file = std::env::temp_dir().join(format!("{}.csv", live.name()));
    let write = |text: &str| {
        std::fs::write(&file, text).unwrap();
    };
    write("1\n2\n");
    live.psql(&format!(
        "CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
         CREATE SCHEMA app;
         CREATE FOREIGN TABLE app.far (id int) SERVER files OPTIONS (filename '{}');
         CREATE TABLE app.near (id int);
         CREATE VIEW app.both AS SELECT id FROM app.far UNION SELECT id FROM app.near;
         CREATE MATERIALIZED VIEW app.held AS SELECT id FROM app.both;
         CREATE UNIQUE INDEX held_id ON app.held (id);
         CREATE MATERIALIZED VIEW app.again AS SELECT id FROM app.held;
         CREATE MATERIALIZED VIEW app.own AS SELECT id FROM app.near",
        file.display()
    ));
    std::fs::remove_file(&file).unwrap();
    let walk = Walk::new();
    let folder = walk.path("app").display().to_string();
    walk.run(&["init", &folder, "--from", &live.url()]).ends(0);
    let text = walk.read("app/schema/app.kdl");
    assert!(!text.contains("populated"), "{text}");
    let on = |url: &str, words: &[&str]| {
        let mut all = words.to_vec();
        all.extend(["--project", &folder, "--url", url]);
        walk.run(&all)
    };
    let verified = || walk.run(&["verify", "--project", &folder]).ends(0);
    on(&live.url(), &["baseline", "--yes"]).ends(0);
    verified();
    on(&live.url(), &["drift"]).ends(0).says("no drift");
    // It is planned, proven and taken back without the file.
    let more =
        "materialized-view more { query \"SELECT id + 1 AS id FROM app.both\" }\n    view both";
    walk.write("app/schema/app.kdl", &text.replace("view both", more));
    on(&live.url(), &["diff", "more"]).ends(0);
    verified();
    write("3\n");
    for database in [&live, &other] {
        on(&database.url(), &["apply", "--yes"]).ends(0);
        on(&database.url(), &["diff", "--exit-code"]).ends(0);
    }
    // Where it is applied, it is really filled.
    assert_eq!(live.psql("TABLE app.more").trim(), "4");
    assert_eq!(other.psql("TABLE app.again").trim(), "3");
    assert_same_dump(&live.pg_dump_schema(), &other.pg_dump_schema());
    std::fs::remove_file(&file).unwrap();
}
