//! What functions and procedures share: where their code is, and how it stands in KDL.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::arguments::{self, Mode};
use super::language::{Reading, Reference, Referred};
use crate::kdl::{NodeReader, NodeWriter};
use crate::model::Expression;
use crate::sql::quote::{dollar, literal};

/// The code of a routine: one of the three is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Code {
    /// The text between the quotes, byte for byte.
    #[serde(default)]
    pub body: Option<String>,
    /// The symbol of a C function, or the name of an internal one.
    #[serde(default)]
    pub symbol: Option<String>,
    /// The object file of a C function.
    #[serde(default)]
    pub object_file: Option<String>,
    /// `RETURN …` or `BEGIN ATOMIC … END` (PostgreSQL 14).
    #[serde(default)]
    pub sql: Option<Expression>,
}

impl Code {
    /// The last line of CREATE FUNCTION.
    pub fn clause(&self) -> String {
        match (self, &self.sql) {
            (_, Some(sql)) => sql.text().to_owned(),
            (
                Code {
                    object_file: Some(file),
                    symbol,
                    ..
                },
                None,
            ) => format!(
                "AS {}, {}",
                literal(file),
                literal(symbol.as_deref().unwrap_or_default())
            ),
            (
                Code {
                    symbol: Some(symbol),
                    ..
                },
                None,
            ) => format!("AS {}", literal(symbol)),
            _ => format!("AS {}", dollar(self.body.as_deref().unwrap_or_default())),
        }
    }

    /// Reads `body`, `return`, `atomic` or `symbol … object-file=`.
    pub(super) fn read(reader: &mut NodeReader<'_>) -> Code {
        let body = reader.body("body").map(|body| body.value);
        let mut sql = reader
            .sql("return")
            .map(|text| Expression::written(format!("RETURN {}", text.value)));
        if let Some(text) = reader.statements("atomic") {
            let inner = text.value.trim_end_matches([' ', '\t']);
            let end = inner.trim_end();
            let semicolon = if end.is_empty() || end.ends_with(';') {
                ""
            } else {
                ";"
            };
            sql = Some(Expression::written(format!(
                "BEGIN ATOMIC\n{}{semicolon}\nEND",
                inner.trim_matches('\n')
            )));
        }
        let (mut symbol, mut object_file) = (None, None);
        if let Some(mut child) = reader.attribute("symbol") {
            symbol = child.text_argument("symbol").map(|text| text.value);
            object_file = child.text("object-file").map(|text| text.value);
            child.finish();
        }
        if let Some(file) = reader.text("object-file") {
            object_file = Some(file.value);
        }
        let said = usize::from(body.is_some())
            + usize::from(sql.is_some())
            + usize::from(symbol.is_some());
        if said > 1 || (said == 0 && !reader.has("body")) {
            reader.missing("exactly one of `body`, `return`, `atomic` and `symbol`");
        }
        Code {
            body,
            symbol,
            object_file,
            sql,
        }
    }

    /// Writes the code as a child.
    pub(super) fn write(&self, node: &mut NodeWriter) {
        if let Some(sql) = &self.sql {
            let text = sql.text().trim();
            if let Some(expression) = strip_word(text, "RETURN") {
                node.child("return").sql_argument(expression);
            } else {
                let inner = strip_word(text, "BEGIN")
                    .and_then(|rest| strip_word(rest, "ATOMIC"))
                    .unwrap_or(text)
                    .trim_end();
                let inner = if inner.len() >= 3 && inner.is_char_boundary(inner.len() - 3) {
                    inner[..inner.len() - 3].trim_matches('\n').trim_end()
                } else {
                    inner
                };
                node.body("atomic", &format!("\n{inner}\n"));
            }
        } else if let Some(symbol) = &self.symbol {
            let child = node.child("symbol");
            child.argument(symbol);
            if let Some(file) = &self.object_file {
                child.text("object-file", file);
            }
        } else {
            node.body("body", self.body.as_deref().unwrap_or_default());
        }
    }

    /// Takes the author's spelling.
    pub(super) fn adopt(&mut self, desired: &Code) {
        if let (Some(own), Some(desired)) = (&mut self.sql, &desired.sql) {
            own.source.clone_from(&desired.source);
        }
    }
}

/// The language of a routine that does nothing yet.
pub(super) const DUMMY_LANGUAGE: &str = "plpgsql";

/// Code that does nothing: whoever calls it before it is replaced gets an error and no wrong answer.
pub(super) fn dummy_code() -> Code {
    Code {
        body: Some("BEGIN END".to_owned()),
        ..Code::default()
    }
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = &text[word.len()..];
    (head.eq_ignore_ascii_case(word) && !rest.starts_with(|c: char| c.is_alphanumeric()))
        .then(|| rest.trim_start_matches([' ', '\n', '\t']))
}

/// `TRANSFORM FOR TYPE a, FOR TYPE b`; nothing where there are none.
pub(super) fn transforms(types: &[String]) -> Option<String> {
    (!types.is_empty()).then(|| {
        let items: Vec<String> = types.iter().map(|it| format!("FOR TYPE {it}")).collect();
        format!("TRANSFORM {}", items.join(", "))
    })
}

/// The identity of a desired routine: its input types, as far as they can be told.
pub(super) fn signature(reading: &Reading<'_>, list: &str, schema: Option<&str>) -> String {
    arguments::signature(list, |name| reading.qualify_type(name, schema))
}

/// The result type of a desired function: SETOF and TABLE are kept, a declared type is qualified.
pub(super) fn result_type(reading: &Reading<'_>, text: &str, schema: Option<&str>) -> String {
    match strip_word(text.trim(), "SETOF") {
        Some(rest) => format!("SETOF {}", reading.data_type(rest, schema)),
        None => reading.data_type(text, schema),
    }
}

/// Whether CREATE OR REPLACE takes the new argument list: names of inputs stay, what is given out stays, no default is
/// taken away; see ProcedureCreate in pg_proc.c.
pub(super) fn replaceable(from: &str, to: &str) -> bool {
    let (from, to) = (arguments::parse(from), arguments::parse(to));
    from.len() == to.len()
        && from.iter().zip(&to).all(|(old, new)| {
            let names = match (&old.name, &new.name) {
                (Some(old), Some(new)) => old == new,
                (Some(_), None) => false,
                (None, new) => new.is_none() || matches!(old.mode, Mode::In | Mode::Variadic),
            };
            names
                && old.mode == new.mode
                && old.data_type == new.data_type
                && (old.default.is_none() || new.default.is_some())
        })
}

/// `language=n`; SQL where nothing is said, as a body in KDL cannot go without one.
pub(super) fn language(reading: &Reading<'_>, reader: &mut NodeReader<'_>) -> String {
    reader
        .name_of("language")
        .inspect(|name| reading.refers(Reference::to_name(Referred::Language, name)))
        .map_or_else(|| "sql".to_owned(), |name| name.value)
}

/// `security=definer|invoker`.
pub(super) fn security(reader: &mut NodeReader<'_>) -> bool {
    reader
        .word("security", &["invoker", "definer"])
        .is_some_and(|word| word.value == "definer")
}
