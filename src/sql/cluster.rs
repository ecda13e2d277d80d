//! Which statements change more than the database that they run in: roles, their memberships and settings, tablespaces, other
//! databases and the server's own settings belong to the whole cluster.

use super::block::with_strings;
use super::lexer::{Token, significant};
use super::quote::unquote_ident;
use super::split::split;

/// What of the cluster a statement changes, the graver last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    /// Roles, in a transaction.
    Roles,
    /// Something else, passwords among it, which no transaction takes back or nobody sees.
    Other,
}

/// The first statement of a script that changes the cluster, as it is written, one about more than roles before others; of a
/// block that does so, the block. `database` is the one that the script runs in.
pub fn changes_cluster<'a>(script: &'a str, database: &str) -> Option<(Shared, &'a str)> {
    let Ok(parts) = split(script) else {
        return None;
    };
    let texts = parts.statements.into_iter().map(|it| it.text);
    texts
        .filter_map(|text| Some((of_statement(text, database)?, text)))
        .max_by_key(|(shared, _)| *shared)
}

fn of_statement(text: &str, database: &str) -> Option<Shared> {
    let tokens = significant(text);
    let is_block = tokens.first().is_some_and(|first| first.is_word("do"));
    let texts = with_strings(text);
    let found = match is_block {
        true => texts
            .iter()
            .filter_map(|text| of_words(text, database))
            .max(),
        false => of_command(&tokens, database),
    }?;
    let is_password = |text: &String| significant(text).iter().any(|it| it.is_word("password"));
    match texts.iter().any(is_password) {
        true => Some(Shared::Other),
        false => Some(found),
    }
}

/// What the words of a command anywhere in a text change.
fn of_words(text: &str, database: &str) -> Option<Shared> {
    let tokens = significant(text);
    (0..tokens.len()).find_map(|at| of_object(&tokens[at..], database))
}

fn of_command(tokens: &[Token<'_>], database: &str) -> Option<Shared> {
    if is(tokens, 0, &["grant", "revoke"]) && !tokens.iter().any(|it| it.is_word("on")) {
        return Some(Shared::Roles);
    }
    let owned = is(tokens, 0, &["drop", "reassign"]) && is(tokens, 1, &["owned"]);
    if owned || is(tokens, 0, &["alter"]) && is(tokens, 1, &["system"]) {
        return Some(Shared::Other);
    }
    if is(tokens, 0, &["comment", "security"]) {
        let on = tokens.iter().take(7).position(|it| it.is_word("on"))?;
        return shared(&tokens[on + 1..], database);
    }
    of_object(tokens, database)
}

fn of_object(tokens: &[Token<'_>], database: &str) -> Option<Shared> {
    match is(tokens, 0, &["create", "alter", "drop"]) {
        true => shared(&tokens[1..], database),
        false => None,
    }
}

/// The kind of object that follows, where all databases share it.
fn shared(tokens: &[Token<'_>], database: &str) -> Option<Shared> {
    if is(tokens, 0, &["role", "group"]) {
        return Some(Shared::Roles);
    }
    if is(tokens, 0, &["user"]) {
        return (!is(tokens, 1, &["mapping"])).then_some(Shared::Roles);
    }
    if is(tokens, 0, &["database"]) {
        let name = tokens.get(1).map(|it| unquote_ident(it.text));
        return (name.as_deref() != Some(database)).then_some(Shared::Other);
    }
    is(tokens, 0, &["tablespace"]).then_some(Shared::Other)
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
            "ALTER ROLE a PASSWORD 'x'",
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
