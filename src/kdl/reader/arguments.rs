//! Positional arguments: each call takes the next one, open lists take the rest.

use super::super::slot::{Literal, Path, TextOrEnvironment, sql_number};
use super::super::{Entry, Slot, Spanned, Value};
use super::{NodeReader, with_article};
use crate::sql::slot::Shape;

/// A statement without the semicolon that ends it.
pub(super) fn without_semicolon(statement: &str) -> &str {
    let end = statement.trim_end();
    end.strip_suffix(';').unwrap_or(statement)
}

impl<'a> NodeReader<'a> {
    pub(super) fn next_argument(&mut self) -> Option<(usize, Entry)> {
        let index = (0..self.node.entries.len())
            .find(|&index| !self.used_entries[index] && self.node.entries[index].key.is_none())?;
        self.used_entries[index] = true;
        Some((index, self.node.entries[index].clone()))
    }

    /// The next argument as `slot`, read by `read`. `None` and `kdl::missing` where there is none and it is demanded.
    pub(super) fn argument<T>(
        &mut self,
        what: &'static str,
        slot: Slot,
        demanded: Option<T>,
        read: impl FnOnce(&Self, &Entry) -> Option<T>,
    ) -> Option<Spanned<T>> {
        self.ledger.note(what, true, slot, &[]);
        match self.next_argument() {
            Some((index, entry)) => {
                if slot == Slot::Type {
                    self.type_at = Some(index);
                }
                let value = read(self, &entry).map(|value| Spanned::new(value, entry.span));
                self.broken |= value.is_none() && demanded.is_some();
                value
            }
            None => {
                let stand_in = demanded?;
                if self.is_recording() {
                    return Some(Spanned::new(stand_in, self.span()));
                }
                self.missing(&with_article(what));
                self.broken = true;
                None
            }
        }
    }

    /// The next argument as an exact name; `kdl::missing` where there is none.
    pub fn name(&mut self) -> Option<Spanned<String>> {
        self.argument("name", Slot::Name, Some(String::new()), Self::as_name)
    }

    /// The next argument as an exact name, if there is one.
    pub fn optional_name(&mut self) -> Option<Spanned<String>> {
        self.argument("name", Slot::Name, None, Self::as_name)
    }

    /// The next argument as a type; `kdl::missing` where there is none.
    pub fn type_argument(&mut self) -> Option<Spanned<String>> {
        self.argument("type", Slot::Type, Some(String::new()), Self::as_type)
    }

    /// The next argument as SQL; `kdl::missing` where there is none.
    pub fn sql_argument(&mut self) -> Option<Spanned<String>> {
        self.argument("expression", Slot::Sql, Some(String::new()), Self::as_sql)
    }

    /// The next argument as SQL, if there is one.
    pub fn optional_sql_argument(&mut self) -> Option<Spanned<String>> {
        self.argument("expression", Slot::Sql, None, Self::as_sql)
    }

    /// The next argument as one SQL statement; `kdl::missing` where there is none.
    pub fn statement_argument(&mut self) -> Option<Spanned<String>> {
        self.argument(
            "statement",
            Slot::Sql,
            Some(String::new()),
            |reader, entry| {
                let mut entry = entry.clone();
                if let Value::Text(text, _) = &mut entry.value {
                    *text = without_semicolon(text).to_owned();
                }
                reader.as_sql_of(&entry, Shape::Statement)
            },
        )
    }

    /// The next argument as a list in SQL, if there is one: the parameters of a routine.
    pub fn optional_list_argument(&mut self, what: &'static str) -> Option<Spanned<String>> {
        let list = self.optional_text_argument(what)?;
        self.stays_within(&list, Shape::List).then_some(list)
    }

    /// The next argument as a type, if there is one.
    pub fn optional_type_argument(&mut self) -> Option<Spanned<String>> {
        let written = self.optional_text_argument("type")?;
        self.stays_within(&written, Shape::Type).then_some(written)
    }

    /// The next argument as a text called `what` in messages; `kdl::missing` where there is none.
    pub fn text_argument(&mut self, what: &'static str) -> Option<Spanned<String>> {
        self.argument(what, Slot::Text, Some(String::new()), Self::as_text)
    }

    /// The next argument as a text, if there is one.
    pub fn optional_text_argument(&mut self, what: &'static str) -> Option<Spanned<String>> {
        self.argument(what, Slot::Text, None, Self::as_text)
    }

    /// The next argument as a text or `(env)NAME`; `kdl::missing` where there is none.
    pub fn text_or_env_argument(
        &mut self,
        what: &'static str,
    ) -> Option<Spanned<TextOrEnvironment>> {
        let stand_in = TextOrEnvironment::Text(String::new());
        self.argument(
            what,
            Slot::Environment,
            Some(stand_in),
            Self::as_text_or_environment,
        )
    }

    /// The next argument as a path; `kdl::missing` where there is none.
    pub fn path_argument(&mut self) -> Option<Spanned<Path>> {
        self.argument(
            "path",
            Slot::Path,
            Some(Path(vec![String::new()])),
            Self::as_path,
        )
    }

    /// The next argument as a number; `kdl::missing` where there is none.
    pub fn number_argument(&mut self) -> Option<Spanned<i64>> {
        self.argument("number", Slot::Number, Some(0), Self::as_number)
    }

    /// The next argument as one of `words`; `kdl::missing` where there is none.
    pub fn word_argument(
        &mut self,
        what: &'static str,
        words: &[&'static str],
    ) -> Option<Spanned<&'static str>> {
        self.ledger.note(what, true, Slot::Word, words);
        self.argument(what, Slot::Word, words.first().copied(), |reader, entry| {
            reader.as_word(entry, words)
        })
    }

    /// The next argument as one of `words`, where it is one; else it is left for others.
    pub fn optional_word_argument(
        &mut self,
        what: &'static str,
        words: &[&'static str],
    ) -> Option<Spanned<&'static str>> {
        self.ledger.note(what, true, Slot::Word, words);
        let index = (0..self.node.entries.len())
            .find(|&index| !self.used_entries[index] && self.node.entries[index].key.is_none())?;
        let entry = &self.node.entries[index];
        let Value::Text(text, _) = &entry.value else {
            return None;
        };
        let word = words.iter().find(|word| *word == text)?;
        let span = entry.span;
        self.used_entries[index] = true;
        Some(Spanned::new(*word, span))
    }

    /// All remaining arguments as texts (an open list: columns, words of a grant).
    pub fn arguments(&mut self) -> Vec<Spanned<String>> {
        self.rest("list", Slot::List, Self::as_text)
    }

    /// All remaining arguments as paths.
    pub fn path_arguments(&mut self) -> Vec<Spanned<Path>> {
        self.rest("paths", Slot::List, Self::as_path)
    }

    /// All remaining arguments as one of `words` each.
    pub fn word_arguments(&mut self, words: &[&'static str]) -> Vec<Spanned<&'static str>> {
        self.ledger.note("words", true, Slot::List, words);
        self.rest("words", Slot::List, |reader, entry| {
            reader.as_word(entry, words)
        })
    }

    /// All remaining arguments as SQL, literals in their SQL spelling (`in 2020 2021 #null`).
    pub fn sql_arguments(&mut self) -> Vec<Spanned<String>> {
        self.rest("expressions", Slot::List, Self::as_sql)
    }

    /// All remaining arguments as literals (`row`): texts are texts, `(sql)"…"` is SQL.
    pub fn literal_arguments(&mut self) -> Vec<Spanned<Literal>> {
        self.rest("values", Slot::List, |reader, entry| {
            Some(match (&entry.value, entry.annotation.as_deref()) {
                (Value::Text(_, _), Some("sql")) => Literal::Sql(reader.as_sql(entry)?),
                (_, Some(_)) => {
                    reader.wrong(entry, "a literal or `(sql)\"…\"`", None);
                    return None;
                }
                (Value::Text(text, _), None) => Literal::Text(text.clone()),
                (Value::Number(spelling), None) => Literal::Number(sql_number(spelling)),
                (Value::Boolean(value), None) => Literal::Boolean(*value),
                (Value::Null, None) => Literal::Null,
            })
        })
    }

    pub(super) fn rest<T>(
        &mut self,
        what: &'static str,
        slot: Slot,
        read: impl Fn(&Self, &Entry) -> Option<T>,
    ) -> Vec<Spanned<T>> {
        self.ledger.note(what, true, slot, &[]);
        let mut values = Vec::new();
        while let Some((_, entry)) = self.next_argument() {
            if let Some(value) = read(self, &entry) {
                values.push(Spanned::new(value, entry.span));
            }
        }
        values
    }
}
