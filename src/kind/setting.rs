//! Settings of routines, roles and databases: `name=value` as pg_proc.proconfig and pg_db_role_setting store them.

use crate::model::Options;
use crate::sql::quote::{ident, literal};

/// The settings whose value is a list of names, each quoted by itself; see GUC_LIST_QUOTE in guc_tables.c.
const LISTS: &[&str] = &[
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// How PostgreSQL keeps the name of a setting, whatever letters it was written in: see guc_tables.c.
pub(crate) fn stored_name(name: &str) -> String {
    let mixed = ["DateStyle", "IntervalStyle", "TimeZone"];
    let known = mixed.iter().find(|known| known.eq_ignore_ascii_case(name));
    match known {
        Some(known) => (*known).to_owned(),
        None if name.contains('.') => name.to_owned(),
        None => name.to_ascii_lowercase(),
    }
}

/// The name of a setting; one of an extension has a dot.
pub(crate) fn name(name: &str) -> String {
    name.split('.').map(ident).collect::<Vec<_>>().join(".")
}

/// `SET name TO value`.
pub(crate) fn set(key: &str, value: &str) -> String {
    let value = if LISTS.contains(&key.to_ascii_lowercase().as_str()) {
        let items: Vec<String> = items(value).iter().map(|item| literal(item)).collect();
        if items.is_empty() {
            literal("")
        } else {
            items.join(", ")
        }
    } else {
        literal(value)
    };
    format!("SET {} TO {value}", name(key))
}

/// The names of a list, quotes taken off.
fn items(list: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = list.trim_start();
    while !rest.is_empty() {
        let item;
        if let Some(quoted) = rest.strip_prefix('"') {
            let (text, after) = until_quote(quoted);
            item = text;
            rest = after;
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            item = rest[..end].trim_end().to_owned();
            rest = &rest[end..];
        }
        items.push(item);
        rest = rest.trim_start().trim_start_matches(',').trim_start();
    }
    items
}

fn until_quote(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut rest = text;
    loop {
        let Some(end) = rest.find('"') else {
            out.push_str(rest);
            return (out, "");
        };
        out.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                out.push('"');
                rest = next;
            }
            None => return (out, rest),
        }
    }
}

/// Reads the `set NAME VALUE` children of a node.
pub(super) fn read(reader: &mut crate::kdl::NodeReader<'_>) -> Options {
    let mut options = Options::default();
    for mut child in reader.children("set") {
        if let (Some(name), Some(value)) = (child.name(), child.text_argument("value")) {
            options.0.push((name.value, value.value));
        }
        child.finish();
    }
    options
}

/// Writes a `set NAME VALUE` child for each setting.
pub(super) fn write(options: &Options, node: &mut crate::kdl::NodeWriter) {
    for (name, value) in &options.0 {
        node.child("set").name(name).argument(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_quoted_item_by_item() {
        assert_eq!(
            set("search_path", "auth, \"Odd \"\"x\"\", y\", public"),
            "SET search_path TO 'auth', 'Odd \"x\", y', 'public'"
        );
        assert_eq!(set("search_path", "\"\""), "SET search_path TO ''");
        assert_eq!(set("work_mem", "64MB"), "SET work_mem TO '64MB'");
        assert_eq!(set("app.tenant", "a, b"), "SET app.tenant TO 'a, b'");
    }
}
