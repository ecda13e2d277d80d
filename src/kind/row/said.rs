//! Whether a statement about rows does what declared rows say anyway: then whoever writes the declaration anew loses nothing of
//! it. What is not of this form is a person's, and stays theirs.

use std::collections::BTreeSet;

use crate::kdl::Literal;
use crate::kind::language::{DeclaredRow, DeclaredRows, Desired, Rename, original, outer_first};
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::{unquote_ident, unquote_literal};
use crate::sql::references::path_at;

/// Whether a statement puts in, changes or deletes declared rows alone, and of these only what their declaration speaks of. Tables
/// and columns may be called as they were before the renames that the files declare.
pub fn is_said(statement: &str, desired: &Desired) -> bool {
    let tokens = significant(statement);
    let Some((verb, at)) = verb_of(&tokens) else {
        return false;
    };
    let Some((path, at)) = path_at(&tokens, at) else {
        return false;
    };
    let [schema, name] = path.as_slice() else {
        return false;
    };
    let table = ObjectId::in_schema(Kind::Table, schema, name);
    let renames = outer_first(&desired.renames);
    let is_it = |id: &ObjectId| *id == table || original(id, &renames) == table;
    let Some((id, rows)) = desired.rows.iter().find(|(id, _)| is_it(id)) else {
        return false;
    };
    let said = Said {
        id,
        rows,
        renames: &renames,
    };
    let rest = &tokens[at..];
    match verb {
        Verb::Insert => said.inserts(rest),
        Verb::Update => said.updates(rest),
        Verb::Delete => said.deletes(rest),
    }
    .unwrap_or(false)
}

enum Verb {
    Insert,
    Update,
    Delete,
}

fn verb_of(tokens: &[Token<'_>]) -> Option<(Verb, usize)> {
    let is = |place: usize, word: &str| tokens.get(place).is_some_and(|it| it.is_word(word));
    let (verb, at) = match () {
        () if is(0, "insert") && is(1, "into") => (Verb::Insert, 2),
        () if is(0, "update") => (Verb::Update, 1),
        () if is(0, "delete") && is(1, "from") => (Verb::Delete, 2),
        () => return None,
    };
    Some((verb, at + usize::from(is(at, "only"))))
}

/// The parts of a list, cut at commas that stand in no parentheses.
fn cut<'t, 's>(tokens: &'t [Token<'s>]) -> Vec<&'t [Token<'s>]> {
    let (mut parts, mut begin, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is(",") {
            parts.push(&tokens[begin..at]);
            begin = at + 1;
        }
    }
    parts.push(&tokens[begin..]);
    parts
}

/// What stands between the parentheses around all of it.
fn inside<'t, 's>(tokens: &'t [Token<'s>]) -> Option<&'t [Token<'s>]> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    let within = first.is("(") && last.is(")") && tokens.len() > 1;
    within.then(|| &tokens[1..tokens.len() - 1])
}

/// A plain value as it would be declared.
fn value(tokens: &[Token<'_>]) -> Option<String> {
    match tokens {
        [one] if one.is_string() => unquote_literal(one.text),
        [one] if !one.is_ident() => Some(one.text.to_owned()),
        [one] if one.is_word("true") || one.is_word("false") => Some(one.text.to_lowercase()),
        [sign, number] if sign.is("-") && !number.is_ident() => Some(format!("-{}", number.text)),
        [rest @ .., cast, _] if cast.is("::") => value(rest),
        _ => None,
    }
}

fn declared_value(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Text(text) | Literal::Number(text) => Some(text.clone()),
        Literal::Boolean(value) => Some(value.to_string()),
        Literal::Null | Literal::Sql(_) => None,
    }
}

struct Said<'d> {
    id: &'d ObjectId,
    rows: &'d DeclaredRows,
    renames: &'d [Rename],
}

impl Said<'_> {
    /// The declared column of a name, or that was called so before.
    fn column(&self, name: &str) -> Option<&String> {
        self.rows.columns.iter().find(|column| {
            let id = self.id.child(Kind::Column, column);
            column.as_str() == name || *original(&id, self.renames).name == *name
        })
    }

    /// Whether some columns with these values are the key of a declared row.
    fn is_key(&self, values: &[(&String, String)]) -> bool {
        let columns: BTreeSet<&String> = values.iter().map(|(column, _)| *column).collect();
        let is_this = |row: &DeclaredRow| {
            let mut values = values.iter();
            values.all(|(column, value)| {
                let cell = self.rows.cell(row, column).and_then(declared_value);
                cell.as_ref() == Some(value)
            })
        };
        columns == self.rows.key.iter().collect() && self.rows.rows.iter().any(is_this)
    }

    /// `column = value` and more of it.
    fn pairs<'t>(&self, parts: Vec<&'t [Token<'t>]>) -> Option<Vec<(&String, &'t [Token<'t>])>> {
        let pair = |part: &'t [Token<'t>]| match part {
            [name, sign, rest @ ..] if name.is_ident() && sign.is("=") => {
                Some((self.column(&unquote_ident(name.text))?, rest))
            }
            _ => None,
        };
        parts.into_iter().map(pair).collect()
    }

    /// `SET column = value, … WHERE key = value AND …`
    fn updates(&self, rest: &[Token<'_>]) -> Option<bool> {
        let place = rest.iter().position(|it| it.is_word("where"))?;
        let sets = rest.first()?.is_word("set");
        self.pairs(cut(&rest[1..place]))?;
        let condition = rest[place + 1..].split(|it| it.is_word("and"));
        let key = self.pairs(condition.collect())?;
        let key = key
            .into_iter()
            .map(|(column, it)| Some((column, value(it)?)));
        Some(sets && self.is_key(&key.collect::<Option<Vec<_>>>()?))
    }

    /// `(column, …) VALUES (value, …), …`
    fn inserts(&self, rest: &[Token<'_>]) -> Option<bool> {
        let place = rest.iter().position(|it| it.is_word("values"))?;
        let close = rest.iter().position(|it| it.is(")"))?;
        let columns = cut(inside(rest.get(..=close)?)?);
        let name = |part: &[Token<'_>]| match part {
            [one] if one.is_ident() => self.column(&unquote_ident(one.text)),
            _ => None,
        };
        let columns: Vec<&String> = columns.into_iter().map(name).collect::<Option<_>>()?;
        let is_row = |row: &[Token<'_>]| {
            let values = cut(inside(row)?);
            let key = columns.iter().zip(values);
            let key = key.filter(|(column, _)| self.rows.key.contains(column));
            let key = key.map(|(column, it)| Some((*column, value(it)?)));
            Some(self.is_key(&key.collect::<Option<Vec<_>>>()?))
        };
        let rows = cut(&rest[place + 1..]);
        Some(rows.into_iter().all(|row| is_row(row).unwrap_or(false)))
    }

    /// `WHERE key IN (value, …)` of a table that holds no other rows than the declared ones.
    fn deletes(&self, rest: &[Token<'_>]) -> Option<bool> {
        let [first, name, within, values @ ..] = rest else {
            return None;
        };
        let is_key = self.rows.key.len() == 1
            && self.column(&unquote_ident(name.text)) == self.rows.key.first();
        let is_list = first.is_word("where") && within.is_word("in");
        let values = cut(inside(values)?);
        Some(
            self.rows.exact
                && is_key
                && is_list
                && values.into_iter().all(|it| value(it).is_some()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdl::Span;

    fn desired() -> Desired {
        let table = ObjectId::in_schema(Kind::Table, "s", "k");
        let text = |text: &str| Literal::Text(text.to_owned());
        let row = |cells: Vec<Literal>| DeclaredRow {
            cells,
            span: Span::default(),
        };
        let rows = DeclaredRows {
            key: vec!["code".to_owned()],
            columns: vec!["code".to_owned(), "title".to_owned()],
            exact: true,
            rows: vec![
                row(vec![text("a"), text("A")]),
                row(vec![text("b"), Literal::Null]),
            ],
            span: Span::default(),
        };
        let rename = Rename {
            from: table.child(Kind::Column, "name"),
            to: table.child(Kind::Column, "title"),
            span: Span::default(),
        };
        Desired {
            rows: [(table, rows)].into(),
            renames: vec![rename],
            ..Desired::default()
        }
    }

    #[test]
    fn what_declared_rows_say_is_nobody_elses() {
        let desired = desired();
        for said in [
            "UPDATE s.k SET name = 'x' WHERE code = 'a'",
            "UPDATE ONLY s.k SET title = NULL, name = now() WHERE code = 'b'::text",
            "INSERT INTO s.k (code, name) VALUES\n ('a', 'x, y'), ('b', (1 + 2))",
            "DELETE FROM s.k WHERE code IN ('c', 'd')",
        ] {
            assert!(is_said(said, &desired), "{said}");
        }
        for others in [
            "UPDATE s.k SET note = 'x' WHERE code = 'a'",
            "UPDATE s.k SET title = 'x' WHERE code = 'c'",
            "UPDATE s.k SET title = 'x' WHERE title = 'A'",
            "UPDATE s.k SET title = 'x'",
            "UPDATE s.k SET title = 'x' WHERE code = 'a' OR true",
            "UPDATE s.other SET title = 'x' WHERE code = 'a'",
            "INSERT INTO s.k (code, title) VALUES ('a', 'x'), ('c', 'y')",
            "INSERT INTO s.k (code, title) SELECT 'a', 'x'",
            "INSERT INTO s.k (code, note) VALUES ('a', 'x')",
            "DELETE FROM s.k WHERE title IN ('A')",
            "DELETE FROM s.k",
        ] {
            assert!(!is_said(others, &desired), "{others}");
        }
    }
}
