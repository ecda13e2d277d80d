//! `check s name=n not-valid=#true no-inherit=#true enforced=#false`, the expression as argument or as a child; without
//! one, the parent's check of that name, of which a child or a partition has a comment of its own.

use super::Check;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{naming, parts};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "check",
    places: &[Place::Relation],
    kinds: &[Kind::Check],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let Some(relation) = parent else { return };
    if parts::speaks_of_inherited(reading, reader, relation, Kind::Check) {
        return;
    }
    let expression = match reader.has("expression") {
        true => reader.sql("expression"),
        false => reader.sql_argument(),
    };
    if reader.is_recording() {
        reader.sql("expression");
    }
    let Some(expression) = reader.or_recorded(expression) else {
        return;
    };
    let columns = parts::columns_of(reading, relation);
    let named = naming::check_columns(&expression.value, &columns);
    let (id, unnamed) = parts::identity(reading, reader, relation, Kind::Check, &named);
    let check = Check {
        expression: Expression::written(expression.value),
        no_inherit: reader.flag("no-inherit"),
        not_enforced: !reader.boolean("enforced").unwrap_or(true),
        not_valid: reader.flag("not-valid"),
        inherited: false,
    };
    reading.declare_unnamed(reader, &id, check, unnamed);
}

/// The column whose property the check can be: the only one that it speaks of, where it has the name that it gets by
/// itself and nothing else is said.
pub(in crate::kind) fn column_of(
    check: &Check,
    id: &ObjectId,
    writing: &Writing<'_>,
) -> Option<String> {
    let relation = id.parent.as_deref()?;
    let plain = Check {
        expression: check.expression.clone(),
        ..Check::default()
    };
    let columns = parts::catalog_columns(writing, relation);
    let named = naming::check_columns(text(check), &columns);
    let fits = *check == plain && writing.is_usual_name(id, &named) && parts::is_bare(writing, id);
    if fits { named.into_iter().next() } else { None }
}

/// The expression as the language writes it.
pub(in crate::kind) fn text(check: &Check) -> &str {
    naming::without_parentheses(check.expression.text())
}

/// The node of a check.
pub(super) fn write<'a>(
    check: &Check,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    // A partition's is its table's; said is only that this one was validated where the table's was not.
    if check.inherited && !check.is_validated_copy(id, writing.catalog) {
        return parts::write_inherited(id, writing, NodeWriter::new("check"));
    }
    let mut node = NodeWriter::new("check");
    let columns = id
        .parent
        .as_deref()
        .map(|relation| parts::catalog_columns(writing, relation))
        .unwrap_or_default();
    node.sql_argument(text(check));
    let named = naming::check_columns(text(check), &columns);
    parts::write_name(id, &named, writing, &mut node);
    if check.not_valid && !check.not_enforced {
        node.boolean("not-valid", true);
    }
    if check.no_inherit {
        node.boolean("no-inherit", true);
    }
    if check.not_enforced {
        node.boolean("enforced", false);
    }
    writing.annotations(id, &mut node);
    Some(node)
}
