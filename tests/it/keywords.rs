//! The keyword table and the quoting against the server's own.

use crate::support::TestServer;
use schemactl::sql::{keywords, quote};

#[test]
fn every_keyword_of_the_server_is_in_the_table() {
    for server in TestServer::all() {
        let words = server.admin(
            "select word || ' ' || catcode::text from pg_get_keywords() where catcode <> 'U'",
        );
        for line in words.lines() {
            let (word, _) = line.split_once(' ').expect("word and category");
            assert!(
                keywords::category(word).is_some(),
                "PostgreSQL {}: {line}",
                server.major()
            );
        }
        assert!(words.lines().count() > 100);
    }
}

#[test]
fn a_category_is_the_newest_servers() {
    let server = TestServer::get();
    let words = server
        .admin("select word || ' ' || catcode::text from pg_get_keywords() where catcode <> 'U'");
    for line in words.lines() {
        let (word, code) = line.split_once(' ').expect("word and category");
        let wanted = match code {
            "R" => keywords::Category::Reserved,
            "T" => keywords::Category::TypeFunctionName,
            _ => keywords::Category::ColumnName,
        };
        assert_eq!(keywords::category(word), Some(wanted), "{word}");
    }
}

#[test]
fn quoting_is_the_servers_own() {
    let texts = [
        "users", "Users", "select", "name", "a b", "a\"b", "a'b", "a\\b", "ü", "1a", "a$", "_x9",
        "",
    ];
    let server = TestServer::get();
    let list: Vec<String> = texts.iter().map(|text| quote::dollar(text)).collect();
    let sql = format!(
        "select quote_ident(t) || chr(1) || quote_literal(t) from unnest(array[{}]) with ordinality as u(t, n) order by n",
        list.join(", ")
    );
    let answers = server.admin(&sql);
    let ours: Vec<String> = texts
        .iter()
        .map(|text| format!("{}\u{1}{}", quote::ident(text), quote::literal(text)))
        .collect();
    assert_eq!(answers, ours.join("\n"));
}
