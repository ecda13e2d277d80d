//! The names that a text of SQL mentions, best effort: enough to try objects in a good order, never to decide what
//! depends on what, which only `pg_depend` knows. Aliases and columns come along; keywords that can name nothing do not.

use std::collections::BTreeSet;

use super::keywords::{self, Category};
use super::lexer::{self, Token, TokenKind, significant};
use super::quote;

/// Functions whose first argument names a relation or routine in a string.
const NAMING_CALLS: &[&str] = &[
    "nextval",
    "currval",
    "setval",
    "to_regclass",
    "to_regproc",
    "to_regtype",
    "pg_get_serial_sequence",
];

/// Every dotted or bare name of the text, unquoted, part by part: `core.users`, `f`, `t.id`.
///
/// Names within strings count where the string is one (`'core.s'::regclass`, `nextval('core.s')`), and those within a
/// dollar-quoted body where the text says `LANGUAGE sql`. Whoever asks for `core.users` also looks for longer paths
/// that begin so.
pub fn mentioned_paths(sql: &str) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    collect(sql, &mut found);
    found
}

/// Whether a text has the name in it as a word of its own, wherever it stands.
pub fn has_word(text: &str, name: &str) -> bool {
    let mut found = text.match_indices(name);
    !name.is_empty()
        && found.any(|(at, name)| {
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            !before.ends_with(is_part) && !after.starts_with(is_part)
        })
}

/// The words of a text, wherever they stand: those that [`has_word`] finds.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it| !is_part(it))
        .filter(|word| !word.is_empty())
}

fn is_part(it: char) -> bool {
    it.is_alphanumeric() || it == '_' || it == '$'
}

/// Whether a script may do more than its names tell: what a block or a function does, what goes along with something else, all
/// objects of a kind, and what is called otherwise from then on.
pub fn hides(sql: &str) -> bool {
    let tokens = significant(sql);
    runs_unseen(&tokens) || takes_along(&tokens)
}

/// Whether a script runs what its text does not show: a block, a routine, or a statement about all that a role owns or another
/// server has.
pub fn runs_unseen(tokens: &[Token<'_>]) -> bool {
    (0..tokens.len()).any(|place| {
        let is = |place: usize, words: &[&str]| is_one_of(tokens, place, words);
        let begins = place == 0 || tokens[place - 1].is(";");
        // A function of the user's own, called for what it does.
        let calls = || {
            let at = |place: usize| tokens.get(place);
            let is_path = at(place + 2).is_some_and(|it| it.is("."))
                && at(place + 4).is_some_and(|it| it.is("("));
            is_path && !is(place + 1, &["pg_catalog"])
        };
        is(place, &["execute"]) && !is(place + 1, &["function", "procedure", "on"])
            || begins && is(place, &["call", "do"])
            || begins && is(place, &["select"]) && calls()
            || begins && is(place, &["reassign", "import"])
            || is(place, &["owned"]) && place > 0 && is(place - 1, &["drop"])
    })
}

/// Whether a script names something that others go along with or follow: they go with it, are called otherwise from then on,
/// or are all objects of a kind.
pub fn takes_along(tokens: &[Token<'_>]) -> bool {
    const KINDS: &[&str] = &["tables", "sequences", "functions", "routines", "procedures"];
    (0..tokens.len()).any(|place| {
        let is = |place: usize, words: &[&str]| is_one_of(tokens, place, words);
        let before = |words: &[&str]| place > 0 && is(place - 1, words);
        is(place, &["cascade"]) && !before(&["delete", "update"])
            || is(place, &["all"]) && is(place + 1, KINDS)
            || is(place, &["rename"])
            || is(place, &["schema"]) && before(&["set"])
    })
}

fn is_one_of(tokens: &[Token<'_>], place: usize, words: &[&str]) -> bool {
    let token = tokens.get(place);
    token.is_some_and(|token| words.iter().any(|word| token.is_word(word)))
}

/// Whether a statement makes or updates an extension, whose script can leave another `search_path` behind.
pub fn runs_extension_script(sql: &str) -> bool {
    let tokens: Vec<_> = lexer::Lexer::new(sql)
        .filter(|token| {
            !matches!(
                token.kind,
                TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment
            )
        })
        .take(2)
        .collect();
    matches!(tokens.as_slice(), [verb, what]
        if (verb.is_word("create") || verb.is_word("alter")) && what.is_word("extension"))
}

fn collect(sql: &str, found: &mut BTreeSet<Vec<String>>) {
    let tokens = lexer::significant(sql);
    let has_sql_body = tokens
        .windows(2)
        .any(|pair| pair[0].is_word("language") && is_sql(&pair[1]));
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        if let Some((path, end)) = path_at(&tokens, at) {
            let after_dot = at > 0 && tokens[at - 1].is(".");
            if !after_dot && (path.len() > 1 || may_name(token)) {
                found.insert(path);
            }
            at = end;
            continue;
        }
        if token.is_string() {
            let text = quote::unquote_literal(token.text).unwrap_or_default();
            if names_something(&tokens, at) {
                found.extend(path_at(&lexer::significant(&text), 0).map(|(path, _)| path));
            } else if has_sql_body && token.text.starts_with('$') {
                collect(&text, found);
            }
        }
        at += 1;
    }
}

fn is_sql(token: &Token) -> bool {
    token.is_word("sql")
        || (token.is_string()
            && quote::unquote_literal(token.text)
                .is_some_and(|text| text.eq_ignore_ascii_case("sql")))
}

/// The dotted path that begins at a place, unquoted, and the place behind it; none where no name stands there.
pub(crate) fn path_at(tokens: &[Token<'_>], at: usize) -> Option<(Vec<String>, usize)> {
    let first = tokens.get(at).filter(|it| it.is_ident())?;
    let (mut path, mut end) = (vec![quote::unquote_ident(first.text)], at + 1);
    while tokens.get(end).is_some_and(|it| it.is("."))
        && let Some(next) = tokens.get(end + 1).filter(|it| it.is_ident())
    {
        path.push(quote::unquote_ident(next.text));
        end += 2;
    }
    Some((path, end))
}

/// Whether a lone word can be the name of an object: reserved words need quotes.
fn may_name(token: &Token) -> bool {
    let word = token.text.to_ascii_lowercase();
    !matches!(keywords::category(&word), Some(Category::Reserved))
}

/// Whether the string at `at` is a name: cast to a `reg…` type, or the argument of a call that takes one.
fn names_something(tokens: &[Token], at: usize) -> bool {
    let cast = tokens.get(at + 1).is_some_and(|token| token.is("::"))
        && tokens[at + 2..]
            .iter()
            .take(3)
            .any(|token| token.is_ident() && token.text.to_ascii_lowercase().starts_with("reg"));
    let call = at >= 2
        && tokens[at - 1].is("(")
        && NAMING_CALLS.iter().any(|name| tokens[at - 2].is_word(name));
    cast || call
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions(sql: &str, path: &[&str]) -> bool {
        let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
        mentioned_paths(sql).contains(&path)
    }

    #[test]
    fn names_are_found_quoted_dotted_and_in_strings() {
        let sql = "select Core.Users.id, \"Odd.Name\".\"x\" from core.f(nextval('\"S\".seq')) where t = 'a.b' and u = 'core.v'::pg_catalog.regclass";
        assert!(mentions(sql, &["core", "users", "id"]));
        assert!(mentions(sql, &["Odd.Name", "x"]));
        assert!(mentions(sql, &["core", "f"]));
        assert!(mentions(sql, &["S", "seq"]));
        assert!(mentions(sql, &["core", "v"]));
        assert!(!mentions(sql, &["a", "b"]));
        assert!(!mentions(sql, &["select"]));
        assert!(mentions(
            "create index on only core.t (lower(x))",
            &["lower"]
        ));
    }

    #[test]
    fn bodies_count_where_postgresql_checks_them() {
        let body =
            "create function f() returns int language LANG as $$ select id from core.users $$";
        assert!(mentions(&body.replace("LANG", "sql"), &["core", "users"]));
        assert!(mentions(&body.replace("LANG", "'SQL'"), &["core", "users"]));
        assert!(!mentions(
            &body.replace("LANG", "plpgsql"),
            &["core", "users"]
        ));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(sql in r#"([a-z.'"$:( ]|::reg|nextval\(|language sql|\PC){0,30}"#) {
            let _ = mentioned_paths(&sql);
        }
    }

    #[test]
    fn words_of_every_day_hide_nothing() {
        for plain in [
            "CREATE TABLE s.a (b int REFERENCES s.c ON DELETE CASCADE); -- call the users, execute it",
            "CREATE TRIGGER t AFTER INSERT ON s.a EXECUTE FUNCTION s.f()",
            "GRANT EXECUTE ON FUNCTION s.f TO app; ALTER SEQUENCE s.q OWNED BY s.a.b",
            "SELECT pg_catalog.setval('s.q', 3); SELECT 1 FROM s.a",
            "CREATE FUNCTION s.f() RETURNS void LANGUAGE plpgsql AS $$BEGIN EXECUTE 'DROP TABLE s.a'; END$$",
        ] {
            assert!(!hides(plain), "{plain}");
        }
        for more in [
            "DO $$BEGIN EXECUTE 'DROP TABLE s.a'; END$$",
            "SELECT 1; CALL s.p()",
            "SELECT s.make_tables()",
            "DROP TABLE s.a CASCADE",
            "GRANT SELECT ON ALL TABLES IN SCHEMA s TO app",
            "ALTER TABLE s.a RENAME TO b",
            "ALTER TABLE s.a SET SCHEMA t",
            "DROP OWNED BY app",
        ] {
            assert!(hides(more), "{more}");
        }
    }
}
