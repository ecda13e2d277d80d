//! Words that only newer servers know: an older one would stop at them as at a mistake of syntax, or make something else.
//! The release notes say since when: <https://www.postgresql.org/docs/release/>.

use super::Object;
use crate::model::{Kind, ObjectId};

/// The words of a declared object that a server of `major` does not know, each with the first major version that does.
pub fn newer_words(id: &ObjectId, object: &Object, major: u32) -> Vec<(&'static str, u32)> {
    let mut newer = Vec::new();
    // Each is asked of all objects: nothing is kept of what is not said or known.
    let mut says = |is_said: bool, word: &'static str, since: u32| {
        if is_said && since > major {
            newer.push((word, since));
        }
    };
    match object {
        Object::Column(column) => {
            let generated = column.generated.as_ref();
            says(generated.is_some_and(|it| it.is_virtual), "virtual", 18);
            says(column.compression.is_some(), "compression=", 14);
        }
        Object::PrimaryKey(key) => says(key.0.without_overlaps, "without-overlaps=", 18),
        Object::Unique(key) => {
            says(key.0.without_overlaps, "without-overlaps=", 18);
            says(key.0.nulls_not_distinct, "nulls=not-distinct", 15);
        }
        Object::Index(index) => says(index.nulls_not_distinct, "nulls=not-distinct", 15),
        Object::Check(check) => says(check.not_enforced, "enforced=#false", 18),
        Object::ForeignKey(key) => {
            says(key.not_enforced, "enforced=#false", 18);
            says(key.period, "period=", 18);
            let of_columns = !key.on_delete_columns.is_empty();
            says(of_columns, "on-delete with columns", 15);
        }
        Object::NotNull(constraint) => says(constraint.not_valid, "not-valid=", 18),
        Object::Sequence(sequence) => says(sequence.unlogged, "unlogged", 15),
        Object::Statistics(it) => says(!it.expressions.is_empty(), "expression", 14),
        Object::PublicationTable(table) => {
            says(table.columns.is_some(), "columns", 15);
            says(table.filter.is_some(), "where=", 15);
        }
        Object::PublicationSchema(_) => says(true, "schema", 15),
        Object::Publication(it) => says(it.generated_columns.is_some(), "generated-columns=", 18),
        Object::Collation(collation) => {
            says(collation.rules.is_some(), "rules=", 16);
            says(collation.provider == "builtin", "provider=builtin", 17);
        }
        Object::RoleMembership(membership) => {
            says(membership.inherit.is_some(), "inherit=", 16);
            says(membership.set.is_some(), "set=", 16);
        }
        Object::DefaultPrivilege(it) => says(it.on == "large objects", "on=large-objects", 18),
        // Before that it is a flag of the column or domain, which has no comment.
        Object::Comment(_) => {
            let of = |kind: Kind| id.parent.as_ref().is_some_and(|it| it.kind == kind);
            says(of(Kind::NotNull), "comment= on not-null", 18);
            says(of(Kind::DomainNotNull), "comment= on not-null", 17);
        }
        Object::Grant(_) => {
            let privilege = id.signature.split(' ').next().unwrap_or_default();
            says(privilege.eq_ignore_ascii_case("maintain"), "maintain", 17);
        }
        Object::Function(function) => says(function.code.sql.is_some(), "sql=", 14),
        Object::Procedure(procedure) => says(procedure.code.sql.is_some(), "sql=", 14),
        _ => {}
    }
    newer
}
