//! `serial` is four facts: an integer column, not null, whose default takes from a sequence that it owns and that is as
//! PostgreSQL makes it.

use crate::kind::sequence::Sequence;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{literal, qualified};

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
    let fits = column.not_null
        && column.identity.is_none()
        && serial_type(&column.data_type).is_some()
        && **definition == Sequence::defaults(&column.data_type, 1)
        && default.expression.canonical == default_of(sequence)
        && sequence.schema() == table.schema()
        && *sequence.name == *usual(&table, &owner.column);
    fits.then_some(id)
}
