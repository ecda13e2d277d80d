//! Hand-written objects: made, told by their own query, changed, lost, and taken away.

use crate::cli_support::Walk;
use crate::support::TestServer;

const KDL: &str = r#"schema app {
    table notes {
        column id bigint primary-key
        column body text
    }
}
sql mark {
    needs table=app.notes
    exists "SELECT count(*) > 0 FROM pg_largeobject_metadata WHERE oid = 4711"
    up "SELECT lo_create(4711)"
    down "SELECT lo_unlink(4711)"
}
sql after_mark {
    needs sql=mark
    exists "SELECT FROM pg_largeobject_metadata WHERE oid = 4712"
    up "SELECT lo_create(4712)"
    down "SELECT lo_unlink(4712)"
}
"#;

#[test]
fn hand_written_objects_are_made_in_order_changed_and_taken_away() {
    let server = TestServer::get();
    let database = server.database();
    let url = database.url();
    let walk = Walk::new();
    let on = |arguments: &[&str]| walk.on(&url, arguments);
    let there = || {
        database.psql("SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_largeobject_metadata")
    };
    walk.write("schema/app.kdl", KDL);
    on(&["diff", "one"]).ends(0).says("+ sql mark");
    let up = walk.read("generated/000001_one.up.sql");
    let places = [
        "CREATE TABLE app.notes",
        "lo_create(4711)",
        "lo_create(4712)",
    ];
    let places: Vec<usize> = places.iter().map(|text| up.find(text).unwrap()).collect();
    assert!(places.is_sorted(), "{up}");
    on(&["apply", "--yes"]).ends(0);
    assert_eq!(there().trim(), "4711,4712");
    on(&["diff", "--exit-code"]).ends(0);
    on(&["verify"]).ends(0);
    on(&["status", "--check"]).ends(0);
    // Somebody took one away.
    database.psql("SELECT lo_unlink(4712)");
    on(&["drift"]).ends(2).says("- sql after_mark  is gone");
    on(&["drift", "--fix"]).ends(0);
    on(&["apply", "--yes"]).ends(0);
    assert_eq!(there().trim(), "4711,4712");
    // Another text under the same name is refused; under another name it is another object.
    walk.write("schema/app.kdl", &KDL.replace("4711", "4713"));
    on(&["diff", "other"]).ends(4).says("sql::changed");
    let other = KDL
        .replace("4711", "4713")
        .replace("sql mark", "sql brand")
        .replace("sql=mark", "sql=brand");
    walk.write("schema/app.kdl", &other);
    on(&["diff", "other"]).ends(0).says("drop-by-hand sql mark");
    on(&["apply", "--yes"]).ends(0);
    assert_eq!(there().trim(), "4712,4713");
    on(&["diff", "--exit-code"]).ends(0);
    // Out of the files.
    walk.write("schema/app.kdl", KDL.split("sql mark").next().unwrap());
    on(&["diff", "none"])
        .ends(0)
        .says("drop-by-hand sql after_mark");
    on(&["apply", "--yes"]).ends(0);
    assert_eq!(there().trim(), "");
    on(&["rollback", "--steps", "1", "--yes"]).ends(0);
    assert_eq!(there().trim(), "4712,4713");
}

#[test]
fn mistakes_of_hand_written_objects_have_their_place() {
    let server = TestServer::get();
    let database = server.database();
    let walk = Walk::new();
    let on = |arguments: &[&str]| walk.on(&database.url(), arguments);
    let cases = [
        (
            "needs table=app.notes",
            "needs table=app.nothing",
            "needs table app.nothing",
        ),
        (
            "needs table=app.notes",
            "needs tabel=app.notes",
            "is no kind of object",
        ),
        (
            "oid = 4711\"",
            "oid = 1\"",
            "is not there by the word of its `exists` after",
        ),
        (
            "SELECT lo_create(4711)",
            "SELECT lo_create(4711); CREATE TABLE app.more ()",
            "makes or changes what the language knows: table app.more",
        ),
        ("SELECT lo_create(4711)", "SELECT lo_creat()", "lo_creat"),
        (
            "    down \"SELECT lo_unlink(4711)\"\n",
            "",
            "needs `exists`, `up` and `down`",
        ),
    ];
    for (from, to, words) in cases {
        assert!(KDL.contains(from), "{from}");
        walk.write("schema/app.kdl", &KDL.replacen(from, to, 1));
        on(&["diff"]).ends(4).says(words);
    }
}
