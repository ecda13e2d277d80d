//! Names that nobody gave: the project's patterns, else what PostgreSQL would choose.

use std::collections::BTreeMap;

use crate::kind::naming;
use crate::model::{Kind, ObjectId};

/// PostgreSQL's NAMEDATALEN less the terminator, in bytes.
const LONGEST: usize = 63;

/// Patterns by kind, `index` → `idx_{table}_{columns}`.
pub type NamePatterns = BTreeMap<String, String>;

/// The name that PostgreSQL makes of a table, columns and a label: `users_email_key`. The longer of the first two parts
/// is cut until the whole fits 63 bytes, never within a character; see makeObjectName in indexcmds.c.
pub fn object_name(first: &str, second: &str, label: &str) -> String {
    let mut overhead = 0;
    if !second.is_empty() {
        overhead += 1;
    }
    if !label.is_empty() {
        overhead += label.len() + 1;
    }
    let available = LONGEST.saturating_sub(overhead);
    let (mut one, mut two) = (first.len(), second.len());
    while one + two > available {
        if one > two { one -= 1 } else { two -= 1 }
    }
    let mut name = clip(first, one).to_owned();
    for part in [clip(second, two), label] {
        if !part.is_empty() {
            name.push('_');
            name.push_str(part);
        }
    }
    name
}

/// The longest prefix of at most `bytes` bytes that ends between characters.
fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The name that a part gets when nobody names it and no other part has that name: by the project's pattern, else as
/// PostgreSQL makes it.
pub(super) fn first_name(
    patterns: &NamePatterns,
    kind: Kind,
    relation: &ObjectId,
    columns: &[String],
) -> String {
    match patterns.get(kind.name()) {
        Some(pattern) => by_pattern(
            pattern,
            relation.schema().unwrap_or_default(),
            &relation.name,
            columns,
        ),
        None => object_name(&relation.name, &middle(kind, columns), naming::label(kind)),
    }
}

/// The columns as a name of PostgreSQL's holds them: a primary key's does not.
pub(super) fn middle(kind: Kind, columns: &[String]) -> String {
    match kind {
        Kind::PrimaryKey => String::new(),
        _ => columns.join("_"),
    }
}

/// A name with a number behind it, cut so that both have room.
pub(super) fn numbered(name: &str, number: usize) -> String {
    let number = number.to_string();
    let name = clip(name, LONGEST.saturating_sub(number.len()));
    format!("{name}{number}")
}

/// The name by a project's pattern: `{table}`, `{schema}` and `{columns}` filled in, cut to 63 bytes. Where there are no
/// columns, as for a check of constants, what would part them from the rest goes too.
pub(super) fn by_pattern(pattern: &str, schema: &str, table: &str, columns: &[String]) -> String {
    let pattern = match columns.is_empty() {
        true => pattern.replace("_{columns}", "").replace("{columns}_", ""),
        false => pattern.to_owned(),
    };
    let name = pattern
        .replace("{schema}", schema)
        .replace("{table}", table)
        .replace("{columns}", &columns.join("_"));
    clip(&name, LONGEST).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{by_pattern, numbered, object_name};

    #[test]
    fn a_pattern_without_columns_ends_before_them() {
        let name = |pattern, columns: &[String]| by_pattern(pattern, "s", "t", columns);
        assert_eq!(name("ck_{table}_{columns}", &[]), "ck_t");
        assert_eq!(name("{columns}_{schema}_{table}", &[]), "s_t");
        assert_eq!(name("ck_{table}_{columns}", &["a".to_owned()]), "ck_t_a");
    }

    #[test]
    fn a_number_has_room_behind_a_long_name() {
        assert_eq!(numbered("short", 12), "short12");
        assert_eq!(
            numbered(&"a".repeat(63), 12),
            format!("{}12", "a".repeat(61))
        );
        assert_eq!(
            numbered(&"é".repeat(31), 12),
            format!("{}12", "é".repeat(30))
        );
    }

    #[test]
    fn names_are_cut_as_postgresql_cuts_them() {
        assert_eq!(object_name("users", "email", "key"), "users_email_key");
        assert_eq!(object_name("users", "", "pkey"), "users_pkey");
        let long = object_name(&"a".repeat(40), &"b".repeat(40), "idx");
        assert_eq!(long.len(), 63);
        assert_eq!(long, format!("{}_{}_idx", "a".repeat(29), "b".repeat(29)));
    }
}
