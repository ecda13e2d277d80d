//! What the statements of a script say that they change: the object in each one's head, the table behind ON, and the parts that
//! an ALTER names. For telling whose doing a change is that is there already; what a statement does only PostgreSQL
//! knows.

use std::collections::BTreeSet;

use super::lexer::Token;
use super::quote::{unquote_ident, unquote_literal};
use super::references::path_at;

/// One statement that defines, alters, drops, describes or grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `create`, `alter`, `drop`, `comment`, `grant` or `revoke`.
    pub verb: String,
    /// The names in its head, part by part: of a grant all that it is about.
    pub targets: Vec<Vec<String>>,
    /// The relation or type that it is on, for a part.
    pub on: Option<Vec<String>>,
    /// The columns, constraints and values that an ALTER names.
    pub parts: BTreeSet<String>,
    /// All its words, in lower case.
    words: BTreeSet<String>,
}

impl Change {
    /// Whether a keyword stands in it.
    pub fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// What begins such a statement.
const VERBS: &[&str] = &["create", "alter", "drop", "comment", "grant", "revoke"];

/// What stands between that and the name.
const BEFORE_NAME: &[&str] = &[
    "access",
    "aggregate",
    "all",
    "collation",
    "column",
    "concurrently",
    "configuration",
    "constraint",
    "conversion",
    "dictionary",
    "domain",
    "event",
    "exists",
    "extension",
    "foreign",
    "function",
    "functions",
    "global",
    "if",
    "index",
    "language",
    "local",
    "materialized",
    "method",
    "not",
    "on",
    "only",
    "operator",
    "or",
    "parser",
    "policy",
    "procedure",
    "publication",
    "recursive",
    "replace",
    "routine",
    "rule",
    "schema",
    "search",
    "sequence",
    "server",
    "statistics",
    "subscription",
    "table",
    "temp",
    "template",
    "temporary",
    "text",
    "trigger",
    "trusted",
    "type",
    "unique",
    "unlogged",
    "view",
];

/// What a part's name stands behind in an ALTER, with the words that may stand between.
const BEFORE_PART: &[&str] = &[
    "add",
    "alter",
    "drop",
    "rename",
    "validate",
    "column",
    "constraint",
    "value",
    "attribute",
];
const WITHIN_PART: &[&str] = &[
    "column",
    "constraint",
    "if",
    "not",
    "exists",
    "value",
    "attribute",
];

/// What a statement, cut into its tokens, says that it changes.
pub(crate) fn change(tokens: &[Token<'_>]) -> Option<Change> {
    let verb = tokens.first()?.text.to_lowercase();
    if !VERBS.contains(&verb.as_str()) {
        return None;
    }
    let gives = matches!(verb.as_str(), "grant" | "revoke");
    let place_of =
        |word: &str, from: usize| (from..tokens.len()).find(|place| tokens[*place].is_word(word));
    let begin = match gives {
        true => place_of("on", 1)?,
        false => 1,
    };
    let mut at = skip(tokens, begin, BEFORE_NAME);
    let (first, end) = path_at(tokens, at)?;
    let mut targets = vec![first];
    at = end;
    while gives && tokens.get(at).is_some_and(|it| it.is(",")) {
        let (next, end) = path_at(tokens, at + 1)?;
        targets.push(next);
        at = end;
    }
    let on = place_of("on", at).filter(|_| {
        !gives && verb != "alter"
            || tokens.get(1).is_some_and(|it| {
                it.is_word("policy") || it.is_word("trigger") || it.is_word("rule")
            })
    });
    let on = on.and_then(|place| path_at(tokens, skip(tokens, place + 1, BEFORE_NAME)));
    let mut parts = BTreeSet::new();
    for place in at..tokens.len() {
        if verb == "alter" && BEFORE_PART.iter().any(|word| tokens[place].is_word(word)) {
            let name = tokens.get(skip(tokens, place + 1, WITHIN_PART));
            parts.extend(name.and_then(|it| match it.is_string() {
                true => unquote_literal(it.text),
                false => it.is_ident().then(|| unquote_ident(it.text)),
            }));
        }
    }
    Some(Change {
        verb,
        targets,
        on: on.map(|(path, _)| path),
        parts,
        words: tokens.iter().map(|it| it.text.to_lowercase()).collect(),
    })
}

fn skip(tokens: &[Token<'_>], from: usize, words: &[&str]) -> usize {
    let is_skipped = |token: &Token<'_>| words.iter().any(|word| token.is_word(word));
    let beyond = (from..tokens.len()).find(|place| !is_skipped(&tokens[*place]));
    beyond.unwrap_or(tokens.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::lexer::significant;
    use crate::sql::split::statements;

    fn changes(sql: &str) -> Vec<Change> {
        let statements = statements(sql).into_iter();
        statements
            .filter_map(|statement| change(&significant(statement)))
            .collect()
    }

    fn only(sql: &str) -> Change {
        let found = changes(sql);
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap()
    }

    #[test]
    fn heads_and_parts_are_read() {
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        let it = only(
            "ALTER TABLE app.users ALTER COLUMN age SET DEFAULT 3, ADD \"Q\" int, DROP CONSTRAINT IF EXISTS ck",
        );
        assert_eq!(it.targets, [path("app.users")]);
        assert_eq!(it.parts, ["Q", "age", "ck"].map(str::to_owned).into());
        assert!(it.has("default") && !it.has("owner"));
        let it = only("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON ONLY app.users (a)");
        assert_eq!(
            (it.targets, it.on),
            (vec![path("ix")], Some(path("app.users")))
        );
        let it = only("COMMENT ON COLUMN app.users.age IS 'x'");
        assert_eq!(it.targets, [path("app.users.age")]);
        let it = only("COMMENT ON CONSTRAINT ck ON app.users IS 'x'");
        assert_eq!(
            (it.targets, it.on),
            (vec![path("ck")], Some(path("app.users")))
        );
        let it = only("GRANT SELECT ON TABLE app.a, app.b TO r");
        assert_eq!(it.targets, [path("app.a"), path("app.b")]);
        let it = only(
            "CREATE OR REPLACE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1; $$",
        );
        assert_eq!(it.targets, [path("app.f")]);
        let it = only("ALTER TYPE app.mood ADD VALUE IF NOT EXISTS 'so so' BEFORE 'ok'");
        assert!(it.parts.contains("so so"));
        assert_eq!(changes("SELECT 1; INSERT INTO t VALUES (1)"), []);
    }
}
