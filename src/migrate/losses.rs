//! What the SQL of a file loses, read from its statements: for files whose header nobody can vouch for.
//!
//! The rule: a statement that names what it drops or empties is found, also inside a DO block; what a block puts together
//! as it runs, or a function does that it calls, is not.

use crate::model::{Kind, ObjectId};
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::{unquote_ident, unquote_literal};
use crate::sql::split::split;

/// The hazards of the statements, as a header says them: `data-loss CODE OBJECT: DETAIL`.
pub(super) fn losses(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    // What can't be cut into statements is refused before it runs.
    if let Ok(script) = split(sql) {
        for statement in &script.statements {
            of_statement(&significant(statement.text), &mut found);
        }
    }
    found
}

/// How deep blocks and strings are looked into.
const DEPTH: usize = 4;

fn of_statement(tokens: &[Token<'_>], found: &mut Vec<String>) {
    at_depth(tokens, found, 0);
}

fn at_depth(tokens: &[Token<'_>], found: &mut Vec<String>, depth: usize) {
    let mut words = Words { tokens, at: 0 };
    if words.takes("drop") {
        drops(&mut words, found);
    } else if words.takes("alter") {
        alters(&mut words, found);
    } else if words.takes("truncate") {
        words.takes("table");
        for table in words.names() {
            say(found, "truncate", Kind::Table, &table, "its rows are gone");
        }
    } else if words.takes("do") && depth < DEPTH {
        for body in tokens
            .iter()
            .filter_map(|token| unquote_literal(token.text))
        {
            of_block(&body, found, depth + 1);
        }
    } else if ["delete", "with", "merge", "explain"]
        .iter()
        .any(|word| words.is(word))
    {
        deletes(tokens, found);
    }
}

/// A block of a procedural language: its statements begin after one of a few words, and what EXECUTE runs is a string.
fn of_block(body: &str, found: &mut Vec<String>, depth: usize) {
    let tokens = significant(body);
    for statement in tokens.split(|token| token.is(";")) {
        let begins = |at: &usize| {
            let before = at.checked_sub(1).and_then(|before| statement.get(before));
            before.is_none_or(|token| {
                ["begin", "then", "else", "loop"]
                    .iter()
                    .any(|word| token.is_word(word))
            })
        };
        for at in (0..statement.len()).filter(begins) {
            at_depth(&statement[at..], found, depth);
        }
        if depth >= DEPTH || !statement.iter().any(|token| token.is_word("execute")) {
            continue;
        }
        for text in statement
            .iter()
            .filter_map(|token| unquote_literal(token.text))
        {
            if let Ok(script) = split(&text) {
                for statement in &script.statements {
                    at_depth(&significant(statement.text), found, depth + 1);
                }
            }
        }
    }
}

fn drops(words: &mut Words<'_, '_>, found: &mut Vec<String>) {
    const WITH_DEPENDENTS: &str =
        "what depends on it is dropped with it, columns and their values too";
    if words.takes("owned") {
        words.takes("by");
        for role in words.names() {
            say(
                found,
                "drop-owned",
                Kind::Role,
                &role,
                "all that it owns is dropped",
            );
        }
        return;
    }
    let kinds = [
        ("table", Kind::Table),
        ("sequence", Kind::Sequence),
        ("schema", Kind::Schema),
        ("type", Kind::Composite),
        ("domain", Kind::Domain),
        ("extension", Kind::Extension),
        ("collation", Kind::Collation),
    ];
    let Some((word, kind)) = kinds.into_iter().find(|(word, _)| words.takes(word)) else {
        return;
    };
    words.if_exists();
    let names = words.names();
    let cascades = words.takes("cascade");
    let (code, detail) = match word {
        "table" => ("drop-table", "the table and its rows are dropped"),
        "sequence" => ("drop-sequence", "the sequence's position is lost"),
        "schema" if cascades => (
            "drop-schema",
            "the schema is dropped with all that is in it",
        ),
        "type" if cascades => ("drop-type", WITH_DEPENDENTS),
        "domain" if cascades => ("drop-domain", WITH_DEPENDENTS),
        "extension" if cascades => ("drop-extension", WITH_DEPENDENTS),
        "collation" if cascades => ("drop-collation", WITH_DEPENDENTS),
        _ => return,
    };
    for name in names {
        say(found, code, kind, &name, detail);
    }
}

fn alters(words: &mut Words<'_, '_>, found: &mut Vec<String>) {
    let of_type = words.takes("type");
    if !of_type && !words.takes("table") {
        return;
    }
    words.if_exists();
    words.takes("only");
    let Some(name) = words.name() else { return };
    words.takes_sign("*");
    for action in words.actions() {
        let mut words = Words {
            tokens: action,
            at: 0,
        };
        let part = |words: &mut Words<'_, '_>| {
            let mut path = name.clone();
            path.extend(words.one_name());
            path
        };
        if words.takes("drop") {
            if of_type {
                if words.takes("attribute") {
                    let detail = "the attribute's values are lost wherever the type is stored";
                    say(found, "drop-attribute", Kind::Composite, &name, detail);
                }
            } else if !words.is("constraint") {
                words.takes("column");
                words.if_exists();
                let detail = "the column and its values are dropped";
                say(
                    found,
                    "drop-column",
                    Kind::Column,
                    &part(&mut words),
                    detail,
                );
            }
        } else if !of_type && words.takes("alter") {
            words.takes("column");
            let path = part(&mut words);
            if words.takes("set") {
                words.takes("data");
            }
            if words.takes("type") {
                let detail = "values that do not fit the new type are refused or cut";
                say(found, "narrow-type", Kind::Column, &path, detail);
            }
        }
    }
}

/// Every DELETE of a statement, those in its WITH queries too.
fn deletes(tokens: &[Token<'_>], found: &mut Vec<String>) {
    let mut merged = None;
    for at in 0..tokens.len() {
        let mut words = Words { tokens, at };
        if words.takes("delete") && words.takes("from") {
            words.takes("only");
            if let Some(table) = words.name() {
                say(
                    found,
                    "delete-rows",
                    Kind::Table,
                    &table,
                    "rows of it are deleted",
                );
            }
        } else if words.takes("merge") && words.takes("into") {
            words.takes("only");
            merged = words.name();
        } else if words.takes("then")
            && words.takes("delete")
            && let Some(table) = &merged
        {
            say(
                found,
                "delete-rows",
                Kind::Table,
                table,
                "rows of it are deleted",
            );
        }
    }
}

fn say(found: &mut Vec<String>, code: &str, kind: Kind, path: &[String], detail: &str) {
    let Some((last, before)) = path.split_last() else {
        return;
    };
    // The kinds in between do not show in the words.
    let mut id: Option<ObjectId> = None;
    for name in before {
        id = Some(match id {
            None => ObjectId::top(Kind::Schema, name),
            Some(parent) => parent.child(Kind::Table, name),
        });
    }
    let id = match id {
        None => ObjectId::top(kind, last),
        Some(parent) => parent.child(kind, last),
    };
    let id: String = id
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let line = format!("data-loss {code} {id}: {detail}");
    if !found.contains(&line) {
        found.push(line);
    }
}

/// Tokens that are read from the left.
struct Words<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Words<'t, 'a> {
    fn is(&self, word: &str) -> bool {
        self.tokens
            .get(self.at)
            .is_some_and(|token| token.is_word(word))
    }

    fn takes(&mut self, word: &str) -> bool {
        let is = self.is(word);
        self.at += usize::from(is);
        is
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let is = self.tokens.get(self.at).is_some_and(|token| token.is(sign));
        self.at += usize::from(is);
        is
    }

    fn if_exists(&mut self) {
        if self.is("if") {
            self.at += 1;
            self.takes("exists");
        }
    }

    fn one_name(&mut self) -> Option<String> {
        let token = self.tokens.get(self.at).filter(|token| token.is_ident())?;
        self.at += 1;
        Some(unquote_ident(token.text))
    }

    /// A name with what it is qualified by.
    fn name(&mut self) -> Option<Vec<String>> {
        let mut path = vec![self.one_name()?];
        while self.takes_sign(".") {
            path.push(self.one_name()?);
        }
        Some(path)
    }

    /// Names between commas.
    fn names(&mut self) -> Vec<Vec<String>> {
        let mut names = Vec::new();
        loop {
            self.takes("only");
            names.extend(self.name());
            self.takes_sign("*");
            if !self.takes_sign(",") {
                return names;
            }
        }
    }

    /// The rest, cut at commas outside parentheses.
    fn actions(&self) -> Vec<&'t [Token<'a>]> {
        let rest = &self.tokens[self.at.min(self.tokens.len())..];
        let mut depth = 0usize;
        rest.split(|token| {
            if token.is("(") || token.is("[") {
                depth += 1;
            } else if token.is(")") || token.is("]") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && token.is(",")
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::losses;

    fn objects(sql: &str) -> Vec<String> {
        losses(sql)
            .iter()
            .map(|line| {
                let line = line.strip_prefix("data-loss ").unwrap();
                line.split_once(": ").unwrap().0.to_owned()
            })
            .collect()
    }

    #[test]
    fn what_is_dropped_or_emptied_is_found() {
        for (sql, wanted) in [
            ("DROP TABLE s.t;", "drop-table table s.t"),
            (
                "drop table if exists \"S\".t, u cascade",
                "drop-table table S.t|drop-table table u",
            ),
            ("DROP SEQUENCE s.q", "drop-sequence sequence s.q"),
            ("DROP SCHEMA s CASCADE", "drop-schema schema s"),
            ("DROP OWNED BY r", "drop-owned role r"),
            ("DROP TYPE s.e CASCADE", "drop-type composite s.e"),
            (
                "TRUNCATE ONLY s.t, s.u",
                "truncate table s.t|truncate table s.u",
            ),
            ("DELETE FROM s.t WHERE a", "delete-rows table s.t"),
            (
                "WITH x AS (DELETE FROM ONLY s.t RETURNING *) SELECT 1 FROM x",
                "delete-rows table s.t",
            ),
            (
                "MERGE INTO s.t USING s.u ON true WHEN MATCHED THEN DELETE",
                "delete-rows table s.t",
            ),
            (
                "ALTER TABLE IF EXISTS ONLY s.t ADD x numeric(1, 2), DROP a, DROP COLUMN IF EXISTS \"B\" CASCADE",
                "drop-column column s.t.a|drop-column column s.t.B",
            ),
            (
                "ALTER TABLE t ALTER a TYPE int USING f(a, 1), ALTER COLUMN b SET DATA TYPE text",
                "narrow-type column t.a|narrow-type column t.b",
            ),
            (
                "ALTER TYPE s.c DROP ATTRIBUTE a",
                "drop-attribute composite s.c",
            ),
            (
                "DO $x$ BEGIN IF true THEN DROP TABLE s.t; END IF; EXECUTE 'ALTER TABLE s.u DROP c'; TRUNCATE s.v; END $x$",
                "drop-table table s.t|drop-column column s.u.c|truncate table s.v",
            ),
        ] {
            assert_eq!(objects(sql).join("|"), wanted, "{sql}");
        }
    }

    #[test]
    fn what_loses_nothing_is_none() {
        for sql in [
            "DROP VIEW s.v CASCADE",
            "DROP INDEX s.i",
            "DROP TYPE s.e",
            "DROP SCHEMA s",
            "ALTER TABLE s.t DROP CONSTRAINT c CASCADE, ALTER a DROP DEFAULT, ALTER COLUMN b SET NOT NULL",
            "ALTER TABLE s.t DETACH PARTITION s.p",
            "GRANT DELETE ON s.t TO r",
            "CREATE TABLE s.t (a int REFERENCES s.u ON DELETE CASCADE)",
            "CREATE FUNCTION s.f() RETURNS void LANGUAGE sql AS 'DROP TABLE s.t'",
            "COMMENT ON TABLE s.t IS 'drop table s.t'",
            "SELECT 'x",
            "ALTER TABLE",
            "DROP TABLE",
            "DO",
        ] {
            assert_eq!(objects(sql), [""; 0], "{sql}");
        }
    }
}
