//! `serial` is four facts: an integer column, not null, whose default takes from a sequence that it owns and that is as
//! PostgreSQL makes it. A column that becomes an identity, or stops to be one, goes on counting where it stood.

use super::Identity;
use crate::kind::sequence::Sequence;
use crate::kind::{Catalog, Context, Object, Statement, naming, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{ident, literal, qualified};

/// The words of the language and the types behind them.
const WORDS: &[(&str, &str)] = &[
    ("serial", "integer"),
    ("bigserial", "bigint"),
    ("smallserial", "smallint"),
    ("serial4", "integer"),
    ("serial8", "bigint"),
    ("serial2", "smallint"),
];

/// The integer type of a serial type.
pub(super) fn integer_type(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    WORDS
        .iter()
        .find(|(serial, _)| *serial == word)
        .map(|(_, integer)| *integer)
}

/// The serial type of an integer type.
pub(super) fn serial_type(data_type: &str) -> Option<&'static str> {
    WORDS
        .iter()
        .find(|(_, integer)| *integer == data_type)
        .map(|(serial, _)| *serial)
}

/// The default of a column that takes from a sequence, as PostgreSQL prints it.
pub(super) fn default_of(sequence: &ObjectId) -> String {
    let name = qualified(sequence.schema().unwrap_or_default(), &sequence.name);
    format!("nextval({}::regclass)", literal(&name))
}

/// The column of which a sequence is the serial one: its default takes from it, it owns it, and all is as PostgreSQL
/// makes it. `usual` gives the name that the sequence gets by itself.
pub(in crate::kind) fn column_of(
    catalog: &Catalog,
    sequence: &ObjectId,
    usual: impl Fn(&ObjectId, &str) -> String,
) -> Option<ObjectId> {
    let Some(Object::Sequence(definition)) = catalog.get(sequence) else {
        return None;
    };
    let owner = match catalog.get(&sequence.child(Kind::SequenceOwner, "")) {
        Some(Object::SequenceOwner(owner)) => owner,
        _ => return None,
    };
    let table = ObjectId::in_schema(Kind::Table, &owner.table.schema, &owner.table.name);
    let id = table.child(Kind::Column, &owner.column);
    let Some(Object::Column(column)) = catalog.get(&id) else {
        return None;
    };
    let default = match catalog.get(&id.child(Kind::Default, "")) {
        Some(Object::Default(default)) => default,
        _ => return None,
    };
    // Before 15 all sequences are logged.
    let unlogged = catalog.origin.server_version >= 150_000
        && matches!(catalog.get(&table), Some(Object::Table(table)) if table.unlogged);
    let usual_sequence = Sequence {
        unlogged,
        ..Sequence::defaults(&column.data_type, 1)
    };
    let fits = column.not_null
        && column.identity.is_none()
        && serial_type(&column.data_type).is_some()
        && **definition == usual_sequence
        && default.expression.canonical == default_of(sequence)
        && sequence.schema() == table.schema()
        && *sequence.name == *usual(&table, &owner.column);
    fits.then_some(id)
}

/// The sequence that a column's default takes from and that it owns.
fn sequence_of(column: &ObjectId, catalog: &Catalog) -> Option<ObjectId> {
    let Object::Default(default) = catalog.get(&column.child(Kind::Default, ""))? else {
        return None;
    };
    let table = column.parent.as_deref()?;
    catalog
        .of_kind(Kind::SequenceOwner)
        .filter(|(_, owner)| {
            matches!(owner, Object::SequenceOwner(owner)
                if owner.column == *column.name
                    && owner.table.name == *table.name
                    && Some(owner.table.schema.as_str()) == table.schema())
        })
        .filter_map(|(tie, _)| tie.parent.as_deref())
        .find(|sequence| default.expression.canonical == default_of(sequence))
        .cloned()
}

/// The sequence that takes over the counting of a column which is no identity any more.
pub(super) fn successor(column: &ObjectId, context: &Context<'_>) -> Option<ObjectId> {
    sequence_of(column, context.after).filter(|sequence| !context.before.contains(sequence))
}

/// A column of a table with rows that begins to take from a new sequence of its own: that goes on behind the values. What stops
/// to be an identity hands over its position instead.
pub(in crate::kind) fn begin_counting(
    column: &ObjectId,
    context: &Context<'_>,
) -> Option<Statement> {
    let (Some(Object::Column(from)), Some(Object::Column(to))) =
        (context.before.get(column), context.after.get(column))
    else {
        return None;
    };
    let sequence = successor(column, context)?;
    let Some(Object::Sequence(counts)) = context.after.get(&sequence) else {
        return None;
    };
    let is_counted =
        from.identity.is_none() && context.keeps(column) && serial_type(&to.data_type).is_some();
    is_counted.then(|| counts.begin_behind_values(&reference::name(&sequence), column))
}

/// The sequence whose counting a column takes over that becomes an identity.
pub(super) fn predecessor(column: &ObjectId, context: &Context<'_>) -> Option<ObjectId> {
    sequence_of(column, context.before).filter(|sequence| !context.after.contains(sequence))
}

/// The column that makes this sequence or takes it away when it stops to be an identity or becomes one.
pub(in crate::kind) fn handed_over(sequence: &ObjectId, context: &Context<'_>) -> Option<ObjectId> {
    let tie = sequence.child(Kind::SequenceOwner, "");
    let owner = context.before.get(&tie).or_else(|| context.after.get(&tie));
    let Some(Object::SequenceOwner(owner)) = owner else {
        return None;
    };
    let column = ObjectId::in_schema(Kind::Table, &owner.table.schema, &owner.table.name)
        .child(Kind::Column, &owner.column);
    let identity = |catalog: &Catalog| match catalog.get(&column) {
        Some(Object::Column(column)) if !column.inherited => Some(column.identity.is_some()),
        _ => None,
    };
    let with = match (identity(context.before), identity(context.after)) {
        (Some(true), Some(false)) => successor(&column, context),
        (Some(false), Some(true)) => predecessor(&column, context),
        _ => None,
    };
    (with.as_ref() == Some(sequence) && context.keeps(&column)).then_some(column)
}

/// The position of one sequence for another: one that lies before the first value of that is left where it is.
fn carry(from: (&str, &Sequence), to: (&str, &Sequence)) -> Statement {
    let mut conditions = Vec::new();
    if from.1.start != to.1.start {
        conditions.push(format!("(is_called OR last_value <> {})", from.1.start));
    }
    if to.1.increment > 0 && to.1.min > from.1.min {
        conditions.push(format!("last_value >= {}", to.1.min));
    }
    if to.1.increment < 0 && to.1.max < from.1.max {
        conditions.push(format!("last_value <= {}", to.1.max));
    }
    let tail = match conditions.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.join(" AND ")),
    };
    Statement::sql(format!(
        "SELECT pg_catalog.setval({}, last_value, is_called) FROM {}{tail}",
        literal(to.0),
        from.0
    ))
}

/// The identity's sequence out of the way of one that takes its name; gives the name that it has then.
fn out_of_the_way(schema: &str, name: &str, taken: &ObjectId) -> (Vec<Statement>, String) {
    if taken.schema() != Some(schema) || *taken.name != *name {
        return (Vec::new(), qualified(schema, name));
    }
    let aside = naming::aside(name);
    let rename = format!(
        "ALTER SEQUENCE {} RENAME TO {}",
        qualified(schema, name),
        ident(&aside)
    );
    (vec![Statement::sql(rename)], qualified(schema, &aside))
}

/// An identity gives way to a sequence, which goes on where it stood. `drop` takes the identity away.
pub(super) fn to_sequence(
    identity: &Identity,
    sequence: &ObjectId,
    drop: Statement,
    context: &Context<'_>,
) -> Vec<Statement> {
    let Some(Object::Sequence(counts)) = context.after.get(sequence) else {
        return vec![drop];
    };
    let (mut statements, old) = out_of_the_way(&identity.schema, &identity.name, sequence);
    statements.push(counts.statement(sequence));
    let new = reference::name(sequence);
    statements.push(carry((&old, &identity.sequence), (&new, counts)));
    statements.push(drop);
    statements
}

/// A sequence gives way to an identity, which goes on where it stood. `add` makes the identity.
pub(super) fn to_identity(
    identity: &Identity,
    sequence: &ObjectId,
    add: Statement,
    context: &Context<'_>,
) -> Vec<Statement> {
    let Some(Object::Sequence(counts)) = context.before.get(sequence) else {
        return vec![add];
    };
    let taken = ObjectId::in_schema(Kind::Sequence, &identity.schema, &identity.name);
    let schema = sequence.schema().unwrap_or_default();
    let (mut statements, old) = out_of_the_way(schema, &sequence.name, &taken);
    statements.push(add);
    let new = qualified(&identity.schema, &identity.name);
    statements.push(carry((&old, counts), (&new, &identity.sequence)));
    statements.push(Statement::sql(format!("DROP SEQUENCE {old}")));
    statements
}
