//! What scripts speak of: the names in their statements, and how far these may go beyond them. For telling whose doing a
//! change is; what a statement does only PostgreSQL knows.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::{Token, significant};
use super::quote::{unquote_ident, unquote_literal};
use super::references::{runs_unseen, takes_along, words};
use super::split::statements;

/// How many bytes of a name PostgreSQL keeps.
const NAME: usize = 63;

/// The names in scripts, with what stands before the dot of each, and the words of the texts in them.
#[derive(Debug, Clone, Default)]
pub struct Spoken {
    names: BTreeMap<String, BTreeSet<Option<String>>>,
    /// In lower case.
    words: BTreeSet<String>,
    hides: bool,
    takes_along: bool,
    takes_schemas: bool,
    gives_all: bool,
}

impl Spoken {
    /// Adds what a script speaks of.
    pub fn hear(&mut self, script: &str) {
        for statement in statements(script) {
            self.hear_statement(&significant(statement));
        }
    }

    /// What a script speaks of.
    pub fn of(script: &str) -> Spoken {
        let mut spoken = Spoken::default();
        spoken.hear(script);
        spoken
    }

    /// Whether there is nothing that names anything.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.words.is_empty()
    }

    /// Whether something may be done that no name tells: by a block, a routine or an extension's script.
    pub fn hides(&self) -> bool {
        self.hides
    }

    /// Whether what stands on something named may follow it, or go along.
    pub fn takes_along(&self) -> bool {
        self.takes_along
    }

    /// Whether all that is in a schema goes with it, or is called otherwise from then on.
    pub fn takes_schema(&self, schema: &str) -> bool {
        self.takes_schemas && self.says(schema)
    }

    /// Whether privileges are given on all that is in a schema.
    pub fn gives_all_in(&self, schema: &str) -> bool {
        self.gives_all && self.says(schema)
    }

    /// Whether it speaks of a name, wherever; of one without letters and digits nobody can tell.
    pub fn says(&self, name: &str) -> bool {
        self.names.contains_key(name) || self.has_words_of(name)
    }

    /// Whether it speaks of what is called so in a schema: with this before the name, with nothing, or with what is no
    /// schema, as that of a column.
    pub fn says_in(&self, schema: &str, name: &str, is_schema: impl Fn(&str) -> bool) -> bool {
        let before = self.names.get(name).into_iter().flatten();
        let mut means = before.map(|it| match it {
            Some(before) => before == schema || !is_schema(before),
            None => true,
        });
        means.any(|it| it)
            || match self.names.contains_key(name) {
                true => self.words.contains(&name.to_lowercase()),
                false => self.has_words_of(name),
            }
    }

    /// Whether the words of a name stand in texts, or each as a name: a cast is called by its types.
    fn has_words_of(&self, name: &str) -> bool {
        words(&name.to_lowercase())
            .all(|word| self.words.contains(word) || self.names.contains_key(word))
    }

    /// Adds what one statement speaks of, cut into its tokens.
    pub(crate) fn hear_statement(&mut self, tokens: &[Token<'_>]) {
        let begins = |word: &str| tokens.first().is_some_and(|it| it.is_word(word));
        let second = |word: &str| tokens.get(1).is_some_and(|it| it.is_word(word));
        let within = |word: &str| tokens.iter().any(|it| it.is_word(word));
        self.hides |= runs_unseen(tokens)
            // What an extension's script makes is not always its member.
            || within("extension")
            || tokens.iter().any(|it| it.text.to_ascii_lowercase().starts_with("u&\""));
        let takes_along = takes_along(tokens);
        self.takes_along |= takes_along;
        let changes = begins("drop") || begins("alter") && within("rename");
        self.takes_schemas |= changes && second("schema");
        self.gives_all |=
            (begins("grant") || begins("revoke")) && within("all") && within("schema");
        // The values of rows and the words of comments name nothing, nor does a body that only comes to be.
        let makes_routine = begins("create") && (within("function") || within("procedure"));
        let is_mute = ["comment", "insert", "update", "delete"]
            .into_iter()
            .any(begins)
            || makes_routine;
        for (place, token) in tokens.iter().enumerate() {
            if token.is_ident() {
                let before = (place > 1 && tokens[place - 1].is("."))
                    .then(|| &tokens[place - 2])
                    // What moves is then in another schema.
                    .filter(|it| it.is_ident() && !takes_along);
                self.names
                    .entry(name(token))
                    .or_default()
                    .insert(before.map(name));
            } else if token.is_string() && !is_mute {
                let text = unquote_literal(token.text)
                    .unwrap_or_default()
                    .to_lowercase();
                self.words.extend(words(&text).map(str::to_owned));
            }
        }
    }
}

/// A name as PostgreSQL has it, cut where it cuts.
fn name(token: &Token<'_>) -> String {
    let mut name = unquote_ident(token.text);
    while name.len() > NAME {
        name.pop();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::Spoken;

    #[test]
    fn a_script_speaks_of_its_names() {
        let spoken =
            Spoken::of("CREATE TABLE app.\"Two Words\" (a int); ALTER TABLE two.users ADD b int;");
        let is_schema = |it: &str| matches!(it, "app" | "two");
        assert!(spoken.says("Two Words") && spoken.says("+"));
        assert!(!spoken.says("two_words") && !spoken.says("two words") && !spoken.hides());
        assert!(spoken.says_in("two", "users", is_schema));
        assert!(!spoken.says_in("app", "users", is_schema));
        assert!(Spoken::of("DO $$BEGIN END$$").hides());
        let moves = Spoken::of("ALTER TABLE app.users SET SCHEMA two");
        assert!(moves.says_in("two", "users", is_schema));
    }

    #[test]
    fn texts_name_something_where_they_may() {
        let says = |script: &str| Spoken::of(script).says("users");
        assert!(says("SELECT setval('app.users', 1)"));
        assert!(!says(
            "COMMENT ON TABLE a IS 'for users'; INSERT INTO a VALUES ('users')"
        ));
        assert!(!says(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM users'"
        ));
    }

    #[test]
    fn how_far_statements_go() {
        assert!(Spoken::of("DROP TABLE a CASCADE").takes_along());
        assert!(!Spoken::of("CREATE TABLE a (b int REFERENCES c ON DELETE CASCADE)").takes_along());
        let renames = Spoken::of("ALTER SCHEMA a RENAME TO b");
        assert!(
            renames.takes_schema("a") && renames.takes_schema("b") && !renames.takes_schema("c")
        );
        assert!(!Spoken::of("ALTER SCHEMA a OWNER TO b").takes_schema("a"));
        assert!(Spoken::of("GRANT SELECT ON ALL TABLES IN SCHEMA a TO b").gives_all_in("a"));
    }
}
