//! The way back from the middle of a group: the catalog says it, because the group's own ways back begin at its end.

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
        column plan text
        index email name=users_email
    }
    table visit {
        column at integer
        column country text
        partition-by range at
        partition visit_1 from=1 to=50
        partition visit_2 from=50 to=100
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
        column plan text not-null backfill=\"lower(email)\"
        column region text
        primary-key id
        foreign-key country name=users_country { references app.country code }
        check \"age < 150\" name=users_age
        index email country name=users_email
    }
    table visit {
        column at integer
        column country text
        foreign-key country name=visit_country { references app.country code }
        partition-by range at
        partition visit_1 from=1 to=50
        partition visit_2 from=50 to=100
    }
}";

/// A project whose next change is a group, in a database with rows; and how many files the group has.
fn written() -> (Walk, TestDatabase<'static>, usize) {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    walk.write("schema/app.kdl", BEFORE);
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    live.psql(
        "INSERT INTO app.country VALUES ('de');
         INSERT INTO app.visit SELECT i, 'de' FROM generate_series(1, 99) i;
         INSERT INTO app.users SELECT i, i || '@x', 'de', i % 90, NULL FROM generate_series(1, 50) i",
    );
    walk.write("schema/app.kdl", AFTER);
    walk.on(&live.url(), &["diff", "change"]).ends(0);
    let ups = walk.generated().into_iter();
    let files = ups.filter(|name| name.ends_with("_change.up.sql")).count();
    (walk, live, files)
}

/// Lets the n-th command that changes the schema fail.
fn stop_at(live: &TestDatabase<'_>, number: usize) {
    live.psql(&format!(
        "CREATE SEQUENCE public.count;
         CREATE FUNCTION public.stop() RETURNS event_trigger LANGUAGE plpgsql AS
         $$BEGIN IF nextval('public.count') = {number} THEN RAISE 'stopped'; END IF; END$$;
         CREATE EVENT TRIGGER stop ON ddl_command_start EXECUTE FUNCTION public.stop()"
    ));
}

fn go_on(live: &TestDatabase<'_>) {
    live.psql("DROP EVENT TRIGGER stop; DROP FUNCTION public.stop(); DROP SEQUENCE public.count");
}

#[test]
fn every_cut_of_a_group_is_taken_back_to_where_it_began() {
    let (walk, live, files) = written();
    assert!(files > 3, "{files}");
    let before = live.pg_dump_schema();
    let url = live.url();
    let at = || {
        let status = walk.on(&url, &["status", "--format", "json"]).json();
        status["at"].as_str().unwrap().to_owned()
    };
    let mut cuts = std::collections::BTreeSet::new();
    for number in 1.. {
        stop_at(&live, number);
        let run = walk.on(&url, &["apply", "--yes"]);
        go_on(&live);
        if run.code == 0 {
            break;
        }
        run.says("stopped");
        let cut = at();
        if cut == "000001" || !cuts.insert(cut.clone()) {
            if cut != "000001" {
                walk.on(&url, &["rollback", "--yes"]).ends(0);
            }
            continue;
        }
        // Others make something meanwhile.
        live.psql("CREATE TABLE app.by_hand (id int)");
        walk.on(&url, &["redo", "--yes"]).ends(3).says("redo::half");
        walk.on(&url, &["rollback", "--yes"])
            .ends(0)
            .says("the group did not end");
        let there = "SELECT to_regclass('app.by_hand') IS NOT NULL";
        assert_eq!(live.psql(there).trim(), "t", "{cut}");
        live.psql("DROP TABLE app.by_hand");
        assert_same_dump(&before, &live.pg_dump_schema());
        assert_eq!(at(), "000001", "{cut}");
        assert_eq!(live.psql("SELECT count(*) FROM app.users").trim(), "50");
    }
    assert!(cuts.len() > 3, "{cuts:?}");
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["rollback", "--yes"]).ends(0);
    assert_same_dump(&before, &live.pg_dump_schema());
}

#[test]
fn a_version_in_a_group_means_all_of_it() {
    let (walk, live, files) = written();
    let url = live.url();
    walk.on(&url, &["apply", "--to", "000002", "--yes"]).ends(0);
    let status = walk.on(&url, &["status", "--format", "json"]).json();
    assert_eq!(status["at"], format!("{:06}", files + 1).as_str());
}
