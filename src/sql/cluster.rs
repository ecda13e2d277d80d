//! Which statements change more than the database that they run in: roles, their memberships and settings, tablespaces, other
//! databases and the server's own settings belong to the whole cluster.

use super::block::with_strings;
use super::lexer::{Token, significant};
use super::split::split;

/// The first statement of a script that changes the cluster, as it is written; of a block that does so, the block. `database` is
/// the one that the script runs in.
pub fn changes_cluster<'a>(script: &'a str, database: &str) -> Option<&'a str> {
    let Ok(parts) = split(script) else {
        return None;
    };
    let mut texts = parts.statements.into_iter().map(|it| it.text);
    texts.find(|text| {
        let tokens = significant(text);
        if tokens.first().is_some_and(|first| first.is_word("do")) {
            let inside = with_strings(text);
            return inside.iter().any(|text| holds_command(text, database));
        }
        is_of_cluster(&tokens, database)
    })
}

/// Whether the words of a command stand anywhere in a text.
fn holds_command(text: &str, database: &str) -> bool {
    let tokens = significant(text);
    (0..tokens.len()).any(|at| names_cluster(&tokens[at..], database))
}

fn is_of_cluster(tokens: &[Token<'_>], database: &str) -> bool {
    names_cluster(tokens, database)
        || is(tokens, 0, &["grant", "revoke"]) && !tokens.iter().any(|it| it.is_word("on"))
        || is(tokens, 0, &["drop", "reassign"]) && is(tokens, 1, &["owned"])
        || is(tokens, 0, &["alter"]) && is(tokens, 1, &["system"])
        || is(tokens, 0, &["comment", "security"])
            && (1..tokens.len().min(7))
                .any(|at| is(tokens, at, &["on"]) && is_shared(&tokens[at + 1..], database))
}

fn names_cluster(tokens: &[Token<'_>], database: &str) -> bool {
    is(tokens, 0, &["create", "alter", "drop"]) && is_shared(&tokens[1..], database)
}

/// Whether a kind of object follows that all databases share.
fn is_shared(tokens: &[Token<'_>], database: &str) -> bool {
    if is(tokens, 0, &["user"]) {
        return !is(tokens, 1, &["mapping"]);
    }
    if is(tokens, 0, &["database"]) {
        let name = tokens.get(1).map(|it| super::quote::unquote_ident(it.text));
        return name.as_deref() != Some(database);
    }
    is(tokens, 0, &["role", "group", "tablespace"])
}

fn is(tokens: &[Token<'_>], at: usize, words: &[&str]) -> bool {
    tokens
        .get(at)
        .is_some_and(|token| words.iter().any(|word| token.is_word(word)))
}

#[cfg(test)]
mod tests {
    use super::changes_cluster;

    #[test]
    fn what_the_cluster_shares_is_told_from_what_a_database_has() {
        for shared in [
            "CREATE ROLE a",
            "SELECT 1; alter user a set work_mem = '1MB'",
            "DROP GROUP a",
            "GRANT a TO b",
            "REVOKE ADMIN OPTION FOR a FROM b",
            "CREATE TABLESPACE t LOCATION '/t'",
            "ALTER DATABASE other SET x.y = '1'",
            "DROP DATABASE other",
            "ALTER SYSTEM SET work_mem = '1MB'",
            "REASSIGN OWNED BY a TO b",
            "COMMENT ON ROLE a IS 'x'",
            "SECURITY LABEL FOR p ON ROLE a IS 'x'",
            "DO $$BEGIN IF true THEN CREATE ROLE a; END IF; END$$",
            "DO $$BEGIN EXECUTE 'ALTER ROLE a SUPERUSER'; END$$",
        ] {
            assert!(changes_cluster(shared, "own").is_some(), "{shared}");
        }
        for own in [
            "CREATE USER MAPPING FOR a SERVER s",
            "GRANT SELECT ON t TO a",
            "ALTER DATABASE own SET x.y = '1'",
            "COMMENT ON DATABASE own IS 'x'",
            "ALTER TABLE t OWNER TO a",
            "SET ROLE a",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'CREATE ROLE a'",
            "CREATE TABLE role (id int)",
            "DO $$BEGIN PERFORM 1; END$$",
        ] {
            assert_eq!(changes_cluster(own, "own"), None, "{own}");
        }
    }
}
