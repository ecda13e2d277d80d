//! What to do about a word that is missing or does not fit: said once, from what the slot takes, so that no mistake is
//! without a next step.

use super::super::text::text_literal;
use super::super::{Entry, Value};

/// What to write where `kind` needs `what`: a thing (`a name`), or the words of attributes (`` `for=` and `method=` ``).
pub(super) fn missing(kind: &str, what: &str) -> String {
    let words: Vec<&str> = what.split('`').skip(1).step_by(2).collect();
    if let [first, ..] = words.as_slice() {
        return match first.split_once('=') {
            Some((_, "")) => format!("write it on the node's line: `{kind} … {first}…`"),
            Some(_) => format!("write it on the node's line: `{kind} … {first}`"),
            None if what.starts_with("the word") => {
                format!("write it on the node's line: `{kind} … {first}`")
            }
            None => format!("write it in the node's block: `{kind} … {{ {first} … }}`"),
        };
    }
    let thing = what
        .trim_start_matches("at least one ")
        .trim_start_matches("an ")
        .trim_start_matches("a ");
    let thing = thing.split([':', ' ']).next().unwrap_or(thing);
    format!(
        "write it behind the word: `{kind} {}`",
        thing.to_uppercase()
    )
}

/// How `wanted` is written, where `entry` stands.
pub(super) fn wrong(wanted: &str, entry: &Entry) -> String {
    if let Some(annotation) = &entry.annotation {
        return format!(
            "leave `({annotation})` out here; `(env)` stands before passwords and addresses, `(sql)` before SQL in a literal's place"
        );
    }
    let spelled = match &entry.value {
        Value::Text(text, _) => text_literal(text),
        Value::Number(spelling) => text_literal(spelling),
        Value::Boolean(value) => text_literal(&value.to_string()),
        Value::Null => text_literal("null"),
    };
    match wanted {
        "a whole number" => "write it in digits, without quotes and without a fraction: 10".to_owned(),
        "a number" => "write it in digits, without quotes: 10 or 0.5".to_owned(),
        "`#true` or `#false`" => {
            "the word alone means `#true`; to undo what a mixin says, write `#false`".to_owned()
        }
        "a type" if matches!(&entry.value, Value::Text(..)) => {
            "a type has at least one letter: integer, \"varchar(20)\", a path such as app.state".to_owned()
        }
        "a type" => "write it as PostgreSQL does, in quotes where it has brackets or spaces: integer, \"varchar(20)\"".to_owned(),
        "a path" => format!("a path is `name` or `schema.name`; in quotes where it begins with a digit: {spelled}"),
        _ if matches!(&entry.value, Value::Null) => {
            format!("leave it out where nothing is meant; the text is written {spelled}")
        }
        _ => format!("quote it: {spelled}"),
    }
}
