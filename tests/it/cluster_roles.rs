//! Roles belong to the cluster: one that it has already, or that no file makes, stands in the way of nothing. Each test has a
//! cluster of its own.

use crate::cli_support::Walk;
use crate::support::TestServer;

#[test]
fn a_declared_role_may_be_there_already() {
    let server = TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    let (url, role) = (live.url(), format!("{}_there", live.name()));
    walk.write("schema/app.kdl", "schema app");
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    live.psql(&format!("CREATE ROLE {role}"));
    walk.write("schema/roles.kdl", &format!("role {role}"));
    walk.on(&url, &["drift"]).ends(0);
    walk.on(&url, &["diff", "two"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["drift"]).ends(0);
}

#[test]
fn a_role_may_be_a_member_of_one_that_no_file_makes() {
    let server = TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    let url = live.url();
    let [group, member] = ["group", "member"].map(|it| format!("{}_{it}", live.name()));
    live.psql(&format!("CREATE ROLE {group}"));
    let roles = format!("role {member} {{ member-of {group} }}");
    walk.write("schema/roles.kdl", &roles);
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    let is_member = format!("SELECT pg_has_role('{member}', '{group}', 'MEMBER')");
    assert_eq!(live.psql(&is_member).trim(), "t");
}

#[test]
fn a_group_that_is_declared_no_more_stops_no_diff() {
    let server = TestServer::fresh();
    let (walk, live) = (Walk::new(), server.database());
    let url = live.url();
    let [group, member] = ["group", "member"].map(|it| format!("{}_{it}", live.name()));
    let both = format!("role {group}\nrole {member} {{ member-of {group} }}");
    walk.write("schema/roles.kdl", &both);
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.write("schema/roles.kdl", &format!("role {member} login"));
    walk.on(&url, &["diff", "two"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
    walk.on(&url, &["verify"]).ends(0);
}
