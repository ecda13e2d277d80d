//! The places where a statement names a role, and the same statement with other names there: in an environment a role of
//! the files may have another name.
//!
//! The rule: only what the grammar takes for a role counts, and in a DO block also what is compared with `rolname`. Bodies
//! of routines and other values are left as they are.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::lexer::{Token, TokenKind, significant};
use super::quote::{dollar, ident, literal, unquote_ident, unquote_literal};
use super::split::split;

/// The other names that roles of the files have in an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleNames {
    here: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

impl FromIterator<(String, String)> for RoleNames {
    /// Pairs of the name in the files and the name here.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> RoleNames {
        let here: BTreeMap<String, String> = pairs.into_iter().collect();
        let files = here
            .iter()
            .map(|(files, here)| (here.clone(), files.clone()));
        RoleNames {
            files: files.collect(),
            here,
        }
    }
}

impl RoleNames {
    /// Whether all roles have here the names that they have in the files.
    pub fn is_empty(&self) -> bool {
        self.here.is_empty()
    }

    /// The name here of a role of the files.
    pub fn here(&self, name: &str) -> Option<String> {
        self.here.get(name).cloned()
    }

    /// The name in the files of a role that is here. What has a name of the files here without being that role has none
    /// there: it is called what no role is called.
    pub fn in_files(&self, name: &str) -> Option<String> {
        let other = || {
            self.here
                .contains_key(name)
                .then(|| format!("{name} (here)"))
        };
        self.files.get(name).cloned().or_else(other)
    }

    /// What a role of the files is called here.
    pub fn called_here(&self, name: String) -> String {
        self.here(&name).unwrap_or(name)
    }

    /// What a role that is here is called in the files.
    pub fn called_in_files(&self, name: String) -> String {
        self.in_files(&name).unwrap_or(name)
    }

    /// A statement as it is sent here, and where in the one of the file the first name is another one.
    pub fn sent(&self, sql: &str) -> Option<(String, Range<usize>)> {
        match self.is_empty() {
            true => None,
            false => with_roles(sql, &|name| self.here(name)),
        }
    }

    /// A script as it runs here.
    pub fn sent_script<'s>(&self, sql: &'s str) -> Cow<'s, str> {
        match self.is_empty() {
            true => Cow::Borrowed(sql),
            false => Cow::Owned(script_with_roles(sql, &|name| self.here(name))),
        }
    }
}

/// Words that stand where a role may and are none.
const NO_NAMES: &[&str] = &[
    "current_user",
    "current_role",
    "session_user",
    "public",
    "none",
];

/// A statement with other names for its roles, and where in it the first of them stands; none where it stays as it is.
fn with_roles(sql: &str, name: &dyn Fn(&str) -> Option<String>) -> Option<(String, Range<usize>)> {
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for (span, is_text) in places(sql) {
        let text = &sql[span.clone()];
        let new = match is_text {
            true => unquote_literal(text)
                .and_then(|it| name(&it))
                .map(|it| literal(&it)),
            false => name(&unquote_ident(text)).map(|it| ident(&it)),
        };
        changes.extend(new.map(|new| (span, new)));
    }
    changes.extend(blocks(sql, name));
    changes.sort_by_key(|(span, _)| span.start);
    let first = changes.first()?.0.clone();
    let mut text = String::with_capacity(sql.len());
    let mut end = 0;
    for (span, new) in changes {
        text.push_str(&sql[end..span.start]);
        text.push_str(&new);
        end = span.end;
    }
    text.push_str(&sql[end..]);
    Some((text, first))
}

/// The bodies of a DO statement with other names for the roles in them.
fn blocks(sql: &str, name: &dyn Fn(&str) -> Option<String>) -> Vec<(Range<usize>, String)> {
    let tokens = significant(sql);
    if !tokens.first().is_some_and(|token| token.is_word("do")) {
        return Vec::new();
    }
    let mut changes = Vec::new();
    for token in tokens.iter().filter(|token| token.is_string()) {
        let Some(body) = unquote_literal(token.text) else {
            continue;
        };
        let new = inside(&body, name);
        if let Cow::Owned(new) = new {
            changes.push((token.span(), dollar(&new)));
        }
    }
    changes
}

/// A block of PL/pgSQL: each piece between its semicolons and words of control is looked at as a statement.
fn inside<'a>(body: &'a str, name: &dyn Fn(&str) -> Option<String>) -> Cow<'a, str> {
    let tokens = significant(body);
    let starts = |token: &Token<'_>| {
        token.is(";")
            || ["begin", "then", "else", "loop"]
                .iter()
                .any(|it| token.is_word(it))
    };
    let mut cuts = vec![0];
    cuts.extend(tokens.iter().filter(|it| starts(it)).map(Token::end));
    cuts.push(body.len());
    let mut text = String::with_capacity(body.len());
    let mut changed = false;
    for cut in cuts.windows(2) {
        let [start, end] = *cut else { continue };
        let piece = body.get(start..end).unwrap_or_default();
        match with_roles(piece, name) {
            Some((new, _)) => {
                text.push_str(&new);
                changed = true;
            }
            None => text.push_str(piece),
        }
    }
    match changed {
        true => Cow::Owned(text),
        false => Cow::Borrowed(body),
    }
}

/// A script with other names for its roles, statement by statement.
fn script_with_roles(sql: &str, name: &dyn Fn(&str) -> Option<String>) -> String {
    let Ok(script) = split(sql) else {
        return sql.to_owned();
    };
    let mut text = String::with_capacity(sql.len());
    let mut end = 0;
    for statement in &script.statements {
        if let Some((new, _)) = with_roles(statement.text, name) {
            let start = statement.span.start;
            text.push_str(&sql[end..start]);
            text.push_str(&new);
            end = start + statement.text.len();
        }
    }
    text.push_str(&sql[end..]);
    text
}

/// The places of the names of roles; whether it is a text that is compared with one.
fn places(sql: &str) -> Vec<(Range<usize>, bool)> {
    let reader = Reader {
        tokens: significant(sql),
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    reader.head(&mut found);
    reader.clauses(&mut found);
    found.sort_by_key(|span| span.start);
    found.dedup();
    let mut places: Vec<(Range<usize>, bool)> = found.into_iter().map(|it| (it, false)).collect();
    places.extend(reader.compared().map(|span| (span, true)));
    places
}

struct Reader<'a> {
    tokens: Vec<Token<'a>>,
}

impl Reader<'_> {
    fn word(&self, at: usize, words: &[&str]) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|token| words.iter().any(|word| token.is_word(word)))
    }

    /// Takes the names of a list from a place on, each perhaps behind GROUP; gives the place behind it.
    fn list(&self, mut at: usize, found: &mut Vec<Range<usize>>) -> usize {
        loop {
            if self.word(at, &["group"]) && self.tokens.get(at + 1).is_some_and(Token::is_ident) {
                at += 1;
            }
            let Some(token) = self.tokens.get(at).filter(|token| token.is_ident()) else {
                return at;
            };
            let is_name = token.kind != TokenKind::Word || !self.word(at, NO_NAMES);
            if is_name {
                found.push(token.span());
            }
            at += 1;
            match self.tokens.get(at) {
                Some(token) if token.is(",") => at += 1,
                _ => return at,
            }
        }
    }

    /// What the first words of a statement say.
    fn head(&self, found: &mut Vec<Range<usize>>) {
        let at = |words: &[&[&str]]| {
            words
                .iter()
                .enumerate()
                .all(|(at, words)| self.word(at, words))
        };
        const ROLE: &[&str] = &["role", "user", "group"];
        let makes = at(&[&["create", "alter", "drop"], ROLE]);
        if makes && !self.word(2, &["mapping"]) {
            let exists = usize::from(self.word(2, &["if"])) * 2;
            let end = self.list(2 + exists, found);
            self.of_role(end, found);
        } else if at(&[&["grant", "revoke"]]) {
            self.grant(0, found);
        } else if at(&[&["alter"], &["default"], &["privileges"]]) {
            let mut place = 3;
            while place < self.tokens.len() {
                if self.word(place, &["for"]) && self.word(place + 1, &["role", "user"]) {
                    place = self.list(place + 2, found);
                } else if self.word(place, &["grant", "revoke"]) {
                    self.grant(place, found);
                    return;
                } else {
                    place += 1;
                }
            }
        } else if at(&[&["create", "alter", "drop"], &["user"], &["mapping"]]) {
            let place = (3..self.tokens.len()).find(|at| self.word(*at, &["for"]));
            if let Some(place) = place {
                self.list(place + 1, found);
            }
        } else if at(&[&["create", "alter"], &["policy"]]) {
            self.policy(found);
        } else if at(&[&["reassign", "drop"], &["owned"], &["by"]]) {
            let end = self.list(3, found);
            if self.word(end, &["to"]) {
                self.list(end + 1, found);
            }
        } else if at(&[&["comment"], &["on"], &["role"]]) {
            self.list(3, found);
        } else if at(&[&["security"], &["label"]]) {
            let place = (2..self.tokens.len()).find(|at| self.word(*at, &["role"]));
            if let Some(place) = place.filter(|at| self.word(at - 1, &["on"])) {
                self.list(place + 1, found);
            }
        } else if at(&[&["set"]]) {
            let place = 1 + usize::from(self.word(1, &["local", "session"]));
            if self.word(place, &["role"]) || self.word(place, &["authorization"]) {
                self.list(place + 1, found);
            } else if self.word(place, &["session"]) && self.word(place + 1, &["authorization"]) {
                self.list(place + 2, found);
            }
        } else if at(&[&["create"], &["database", "tablespace"]]) {
            let place = (2..self.tokens.len()).find(|at| self.word(*at, &["owner"]));
            if let Some(place) = place {
                let sign = self
                    .tokens
                    .get(place + 1)
                    .is_some_and(|token| token.is("="));
                self.list(place + 1 + usize::from(sign), found);
            }
        }
    }

    /// What CREATE ROLE and ALTER ROLE say behind the name.
    fn of_role(&self, mut at: usize, found: &mut Vec<Range<usize>>) {
        while at < self.tokens.len() {
            let says =
                |first: &[&str], then: &[&str]| self.word(at, first) && self.word(at + 1, then);
            if says(&["rename"], &["to"])
                || says(&["in"], &["role", "group"])
                || says(&["add", "drop"], &["user"])
            {
                at = self.list(at + 2, found);
            } else if self.word(at, &["role", "user", "admin"]) {
                at = self.list(at + 1, found);
            } else if self.word(at, &["set", "reset"]) {
                // What follows is a setting and its value.
                return;
            } else {
                at += 1;
            }
        }
    }

    /// GRANT and REVOKE, of rights and of roles.
    fn grant(&self, start: usize, found: &mut Vec<Range<usize>>) {
        let revokes = self.word(start, &["revoke"]);
        let to = if revokes { "from" } else { "to" };
        let outside = self.outside(start + 1);
        let place = |word: &str| outside.iter().copied().find(|at| self.word(*at, &[word]));
        let Some(end) = place(to) else {
            return;
        };
        let of_roles = place("on").is_none_or(|on| on > end);
        if of_roles {
            // `ADMIN OPTION FOR` stands before the roles.
            let option = outside
                .iter()
                .find(|at| **at < end && self.word(**at, &["for"]));
            let begins = revokes && option.is_some();
            self.list(
                option.filter(|_| begins).map_or(start + 1, |at| at + 1),
                found,
            );
        }
        self.list(end + 1, found);
    }

    /// The role of a policy stands before its expressions.
    fn policy(&self, found: &mut Vec<Range<usize>>) {
        for at in self.outside(2) {
            if self.word(at, &["using", "with"]) {
                return;
            }
            if self.word(at, &["to"]) && !self.word(at - 1, &["rename"]) {
                self.list(at + 1, found);
            }
        }
    }

    /// The places from one on that stand in no brackets.
    fn outside(&self, start: usize) -> Vec<usize> {
        let mut depth = 0_usize;
        let mut found = Vec::new();
        for (at, token) in self.tokens.iter().enumerate().skip(start) {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ if depth == 0 => found.push(at),
                _ => {}
            }
        }
        found
    }

    /// Clauses that are the same in all statements.
    fn clauses(&self, found: &mut Vec<Range<usize>>) {
        let makes_schema = self.word(0, &["create"]) && self.word(1, &["schema"]);
        let says = |words: &[&str]| self.word(0, words);
        for at in 0..self.tokens.len() {
            if self.word(at, &["owner"]) && self.word(at + 1, &["to"]) && says(&["alter"]) {
                self.list(at + 2, found);
            } else if self.word(at, &["granted"]) && self.word(at + 1, &["by"]) {
                if says(&["grant", "revoke", "alter"]) {
                    self.list(at + 2, found);
                }
            } else if self.word(at, &["authorization"]) && makes_schema {
                self.list(at + 1, found);
            }
        }
    }

    /// Texts that are compared with the name of a role.
    fn compared(&self) -> impl Iterator<Item = Range<usize>> {
        self.tokens.windows(3).filter_map(|three| match three {
            [name, sign, text] if name.is_word("rolname") && sign.is("=") && text.is_string() => {
                Some(text.span())
            }
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(sql: &str) -> String {
        let name = |name: &str| match name {
            "app" => Some("dev_app".to_owned()),
            "Read Only" => Some("ro".to_owned()),
            _ => None,
        };
        script_with_roles(sql, &name)
    }

    #[test]
    fn roles_get_the_names_that_they_have_here() {
        for (sql, wanted) in [
            (
                "CREATE ROLE app LOGIN IN ROLE app, x",
                "CREATE ROLE dev_app LOGIN IN ROLE dev_app, x",
            ),
            (
                "DROP ROLE IF EXISTS app, other",
                "DROP ROLE IF EXISTS dev_app, other",
            ),
            (
                "ALTER ROLE app SET work_mem = '5MB'",
                "ALTER ROLE dev_app SET work_mem = '5MB'",
            ),
            (
                "ALTER ROLE x RENAME TO app",
                "ALTER ROLE x RENAME TO dev_app",
            ),
            ("GRANT app TO x, \"Read Only\"", "GRANT dev_app TO x, ro"),
            (
                "REVOKE ADMIN OPTION FOR app FROM x",
                "REVOKE ADMIN OPTION FOR dev_app FROM x",
            ),
            (
                "GRANT SELECT (app), UPDATE ON TABLE app.app TO app, PUBLIC WITH GRANT OPTION GRANTED BY app",
                "GRANT SELECT (app), UPDATE ON TABLE app.app TO dev_app, PUBLIC WITH GRANT OPTION GRANTED BY dev_app",
            ),
            (
                "REVOKE ALL ON SCHEMA app FROM GROUP app",
                "REVOKE ALL ON SCHEMA app FROM GROUP dev_app",
            ),
            (
                "ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA app GRANT SELECT ON TABLES TO \"Read Only\"",
                "ALTER DEFAULT PRIVILEGES FOR ROLE dev_app IN SCHEMA app GRANT SELECT ON TABLES TO ro",
            ),
            (
                "ALTER TABLE app.app OWNER TO app",
                "ALTER TABLE app.app OWNER TO dev_app",
            ),
            (
                "CREATE SCHEMA app AUTHORIZATION app",
                "CREATE SCHEMA app AUTHORIZATION dev_app",
            ),
            (
                "CREATE POLICY app ON app AS RESTRICTIVE FOR ALL TO app, x USING (a = 'TO app' AND app(app))",
                "CREATE POLICY app ON app AS RESTRICTIVE FOR ALL TO dev_app, x USING (a = 'TO app' AND app(app))",
            ),
            (
                "ALTER POLICY p ON t RENAME TO app",
                "ALTER POLICY p ON t RENAME TO app",
            ),
            ("SET LOCAL ROLE app", "SET LOCAL ROLE dev_app"),
            (
                "SET SESSION AUTHORIZATION app",
                "SET SESSION AUTHORIZATION dev_app",
            ),
            (
                "COMMENT ON ROLE app IS 'app'",
                "COMMENT ON ROLE dev_app IS 'app'",
            ),
            (
                "CREATE USER MAPPING FOR app SERVER app",
                "CREATE USER MAPPING FOR dev_app SERVER app",
            ),
            (
                "REASSIGN OWNED BY app TO x; DROP OWNED BY app",
                "REASSIGN OWNED BY dev_app TO x; DROP OWNED BY dev_app",
            ),
            (
                "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; END IF; END$$",
                "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dev_app') THEN CREATE ROLE dev_app; END IF; END$$",
            ),
            // What is no role stays.
            ("CREATE TABLE app (app int)", "CREATE TABLE app (app int)"),
            ("ALTER TABLE t ADD owner app", "ALTER TABLE t ADD owner app"),
            (
                "INSERT INTO t SELECT app FROM app",
                "INSERT INTO t SELECT app FROM app",
            ),
            (
                "CREATE FUNCTION app() RETURNS int LANGUAGE sql AS $$ GRANT x TO app $$",
                "CREATE FUNCTION app() RETURNS int LANGUAGE sql AS $$ GRANT x TO app $$",
            ),
            (
                "-- to app\nSELECT 1; GRANT x TO app -- to app",
                "-- to app\nSELECT 1; GRANT x TO dev_app -- to app",
            ),
        ] {
            assert_eq!(here(sql), wanted);
        }
    }

    #[test]
    fn names_change_places() {
        let name = |name: &str| match name {
            "a" => Some("b".to_owned()),
            "b" => Some("a".to_owned()),
            _ => None,
        };
        assert_eq!(script_with_roles("GRANT a TO b", &name), "GRANT b TO a");
    }
}
