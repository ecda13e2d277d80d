//! How options are written in statements.

use crate::model::Options;
use crate::sql::quote::{ident, literal};

/// `fillfactor='70', autovacuum_enabled='false'`, as WITH and SET take them.
pub fn storage(options: &Options) -> String {
    pairs(
        options
            .0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str())),
    )
}

/// The same for any pairs; a key may carry a namespace, `toast.autovacuum_enabled`.
pub fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    pairs
        .into_iter()
        .map(|(key, value)| format!("{}={}", key_text(key), value_text(value)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Keys, separated by commas, as RESET takes them.
pub fn keys(keys: &[&str]) -> String {
    keys.iter()
        .map(|key| key_text(key))
        .collect::<Vec<_>>()
        .join(", ")
}

fn key_text(key: &str) -> String {
    key.split('.').map(ident).collect::<Vec<_>>().join(".")
}

fn value_text(value: &str) -> String {
    let plain = !value.is_empty()
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let number =
        value.parse::<f64>().is_ok() && !value.bytes().any(|byte| byte.is_ascii_alphabetic());
    if number || (plain && matches!(value, "true" | "false" | "on" | "off" | "auto")) {
        value.to_owned()
    } else {
        literal(value)
    }
}

/// `OPTIONS (a 'x', b 'y')` for foreign objects; empty where there are none.
pub fn foreign(options: &Options) -> String {
    if options.is_empty() {
        return String::new();
    }
    let items: Vec<String> = options
        .0
        .iter()
        .map(|(key, value)| format!("{} {}", ident(key), literal(value)))
        .collect();
    format!("OPTIONS ({})", items.join(", "))
}

/// `OPTIONS (SET a 'x', ADD b 'y', DROP c)` from one set of options to another; `None` where they are equal.
pub fn foreign_changes(from: &Options, to: &Options) -> Option<String> {
    let (set, reset) = from.changes(to);
    let mut items = Vec::new();
    for key in reset {
        items.push(format!("DROP {}", ident(key)));
    }
    for (key, value) in set {
        let verb = if from.get(key).is_some() {
            "SET"
        } else {
            "ADD"
        };
        items.push(format!("{verb} {} {}", ident(key), literal(value)));
    }
    (!items.is_empty()).then(|| format!("OPTIONS ({})", items.join(", ")))
}

/// The actions of ALTER that lead from one set of storage parameters to another.
pub fn alter(head: &str, from: &Options, to: &Options) -> Vec<super::Statement> {
    let (set, reset) = from.changes(to);
    let mut statements = Vec::new();
    if !reset.is_empty() {
        statements.push(super::Statement::alter(
            head,
            format!("RESET ({})", keys(&reset)),
        ));
    }
    if !set.is_empty() {
        statements.push(super::Statement::alter(
            head,
            format!("SET ({})", pairs(set)),
        ));
    }
    statements
}
