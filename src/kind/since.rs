//! Words that only newer servers know: an older one would stop at them as at a mistake of syntax, or make something else.
//! The release notes say since when: <https://www.postgresql.org/docs/release/>.

use super::Object;
use crate::model::{Kind, ObjectId};

/// The words of a declared object that a server of `major` does not know, each with the first major version that does.
pub fn newer_words(id: &ObjectId, object: &Object, major: u32) -> Vec<(&'static str, u32)> {
    let mut words = words(id, object);
    words.retain(|(word, since)| !word.is_empty() && *since > major);
    words
}

fn words(id: &ObjectId, object: &Object) -> Vec<(&'static str, u32)> {
    let word = |said: bool, word: &'static str| if said { word } else { "" };
    match object {
        Object::Column(column) => {
            let generated = column.generated.as_ref();
            vec![
                (
                    word(generated.is_some_and(|it| it.is_virtual), "virtual"),
                    18,
                ),
                (word(column.compression.is_some(), "compression="), 14),
            ]
        }
        Object::PrimaryKey(key) => vec![(word(key.0.without_overlaps, "without-overlaps="), 18)],
        Object::Unique(key) => vec![
            (word(key.0.without_overlaps, "without-overlaps="), 18),
            (word(key.0.nulls_not_distinct, "nulls=not-distinct"), 15),
        ],
        Object::Index(index) => vec![(word(index.nulls_not_distinct, "nulls=not-distinct"), 15)],
        Object::Check(check) => vec![(word(check.not_enforced, "enforced=#false"), 18)],
        Object::ForeignKey(key) => vec![
            (word(key.not_enforced, "enforced=#false"), 18),
            (word(key.period, "period="), 18),
            (
                word(!key.on_delete_columns.is_empty(), "on-delete with columns"),
                15,
            ),
        ],
        Object::NotNull(constraint) => vec![(word(constraint.not_valid, "not-valid="), 18)],
        Object::Sequence(sequence) => vec![(word(sequence.unlogged, "unlogged"), 15)],
        Object::Statistics(statistics) => {
            vec![(word(!statistics.expressions.is_empty(), "expression"), 14)]
        }
        Object::PublicationTable(table) => vec![
            (word(table.columns.is_some(), "columns"), 15),
            (word(table.filter.is_some(), "where="), 15),
        ],
        Object::PublicationSchema(_) => vec![("schema", 15)],
        Object::Publication(publication) => {
            vec![(
                word(
                    publication.generated_columns.is_some(),
                    "generated-columns=",
                ),
                18,
            )]
        }
        Object::Collation(collation) => vec![
            (word(collation.rules.is_some(), "rules="), 16),
            (
                word(collation.provider == "builtin", "provider=builtin"),
                17,
            ),
        ],
        Object::RoleMembership(membership) => vec![
            (word(membership.inherit.is_some(), "inherit="), 16),
            (word(membership.set.is_some(), "set="), 16),
        ],
        // Before that it is a flag of the column or domain, which has no comment.
        Object::Comment(_) => match id.parent.as_ref().map(|it| it.kind) {
            Some(Kind::NotNull) => vec![("comment= on not-null", 18)],
            Some(Kind::DomainNotNull) => vec![("comment= on not-null", 17)],
            _ => Vec::new(),
        },
        Object::Grant(_) => {
            let privilege = id.signature.split(' ').next().unwrap_or_default();
            vec![(
                word(privilege.eq_ignore_ascii_case("maintain"), "maintain"),
                17,
            )]
        }
        Object::Function(function) => vec![(word(function.code.sql.is_some(), "sql="), 14)],
        Object::Procedure(procedure) => vec![(word(procedure.code.sql.is_some(), "sql="), 14)],
        _ => Vec::new(),
    }
}
