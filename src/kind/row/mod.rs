//! Rows of lookup tables that the files declare. A row is known by its key, and what PostgreSQL prints of its values
//! decides whether it is the same; what the author wrote is only a spelling of it. No system catalog holds them: they are
//! read from their tables, and only as far as the files speak of them.

mod behind;
pub(super) mod kdl;
mod said;
mod ties;
mod unique;
mod values;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::language::DeclaredRows;
use super::{Alteration, Catalog, Context, Definition, Form, HazardClass, Object, Reaction};
use super::{Statement, reference};
use crate::kdl::Literal;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;
use crate::sql::volatile::may_differ;

pub use kdl::write_row;
pub use said::is_said;
pub use ties::{Tie, depend, ties, with_leaned_on};
pub use unique::{HandedOn, handed_on};
pub use values::{
    beside, cell, closed_identities, counts_on, filling, opened_meanwhile, overriding, positions,
};

/// A declared row, as far as the files speak of it.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct Row {
    /// The columns by which it is known.
    pub key: Vec<String>,
    /// The values of its columns, those of the key among them.
    pub values: BTreeMap<String, Cell>,
    /// What is computed when it is inserted and never compared: expressions whose value changes from time to time.
    #[serde(skip)]
    pub once: BTreeMap<String, String>,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        let Row { key, values, once } = self;
        let _ = once;
        *key == other.key && *values == other.values
    }
}

impl Eq for Row {}

/// One value of a row.
#[derive(Clone, Default)]
pub struct Cell {
    /// What PostgreSQL prints of it; nothing for null.
    pub value: Option<String>,
    /// The author's spelling as SQL, where it is known.
    pub source: Option<String>,
}

impl Cell {
    /// A value as PostgreSQL prints it.
    pub fn new(value: Option<String>) -> Cell {
        Cell {
            value,
            source: None,
        }
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Cell {}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl JsonSchema for Cell {
    fn schema_name() -> Cow<'static, str> {
        "Cell".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Option::<String>::json_schema(generator);
        schema.insert(
            "description".to_owned(),
            "A value as PostgreSQL writes it; null for NULL.".into(),
        );
        schema
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<String>::deserialize(deserializer).map(Cell::new)
    }
}

/// The identity of a row of a table: the text of its key, of a key of several columns as a JSON list.
pub fn identity(table: &ObjectId, key: &[&str]) -> ObjectId {
    match key {
        [one] => table.child(Kind::Row, one),
        several => {
            let texts = serde_json::Value::from_iter(several.iter().copied());
            table.child(Kind::Row, &texts.to_string())
        }
    }
}

/// The rows of a table in a catalog.
pub fn of_table<'a>(
    table: &ObjectId,
    catalog: &'a Catalog,
) -> impl Iterator<Item = (&'a ObjectId, &'a Row)> {
    let rows = catalog.children(table, Kind::Row).into_iter();
    rows.filter_map(|(id, object)| match object {
        Object::Row(row) => Some((id, &**row)),
        _ => None,
    })
}

/// The tables of which rows are in a catalog, or would be.
pub fn tables(catalog: &Catalog) -> BTreeSet<ObjectId> {
    let of_rows = catalog.of_kind(Kind::Row);
    let tables = of_rows.filter_map(|(id, _)| id.parent.as_deref().cloned());
    tables.chain(catalog.exact.iter().cloned()).collect()
}

/// Lets the rows of a table be known by another key, where all of them have values in its columns.
pub fn know_by(table: &ObjectId, key: &[String], catalog: &mut Catalog) {
    let mut known = Vec::new();
    for (id, row) in of_table(table, catalog) {
        let Some(values) = row.values_of(key) else {
            return;
        };
        let row = Row {
            key: key.to_vec(),
            ..row.clone()
        };
        known.push((id.clone(), identity(table, &values), row));
    }
    for (id, ..) in &known {
        catalog.objects.remove(id);
    }
    for (from, id, row) in known {
        if let Some(needed) = catalog.dependencies.remove(&from) {
            catalog.dependencies.insert(id.clone(), needed);
        }
        catalog
            .objects
            .insert(id, Arc::new(Object::Row(Box::new(row))));
    }
}

impl Row {
    /// The values in some columns; none where one is null or not declared.
    pub fn values_of(&self, columns: &[String]) -> Option<Vec<&str>> {
        let value = |column: &String| self.values.get(column)?.value.as_deref();
        columns.iter().map(value).collect()
    }

    /// The values of the key as SQL, in its order.
    fn key_values(&self, id: &ObjectId, catalog: &Catalog) -> Vec<String> {
        let sql = |column: &String| {
            let value = self.values.get(column);
            value.map_or_else(
                || "NULL".to_owned(),
                |it| cell(it, id.parent.as_deref(), column, catalog),
            )
        };
        self.key.iter().map(sql).collect()
    }

    /// `code = 'A' AND lang = 'de'`.
    fn is_this(&self, id: &ObjectId, catalog: &Catalog) -> String {
        let values = self.key_values(id, catalog);
        let pairs = self.key.iter().zip(values);
        let pairs: Vec<String> = pairs
            .map(|(column, value)| format!("{} = {value}", ident(column)))
            .collect();
        pairs.join(" AND ")
    }

    /// The columns in the order of the table, those of the key first where nothing is known of that.
    fn columns<'r>(
        &'r self,
        names: impl Iterator<Item = &'r String>,
        id: &ObjectId,
        catalog: &Catalog,
    ) -> Vec<&'r String> {
        let place = |column: &str| {
            let column = id
                .parent
                .as_deref()
                .map(|it| it.child(Kind::Column, column));
            column.and_then(|it| catalog.positions.get(&it).copied())
        };
        let mut columns: Vec<&String> = names.collect();
        columns.sort_by_key(|column| {
            let in_key = self.key.iter().position(|it| it == *column);
            (
                place(column).unwrap_or(i32::MAX),
                in_key.unwrap_or(usize::MAX),
                (*column).clone(),
            )
        });
        columns
    }
}

impl Definition for Row {
    const KIND: Kind = Kind::Row;
    const CLASS: &'static str = "";
    /// Nothing: see [`crate::pg::rows`].
    const CATALOG: &'static str = "";

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let all = self.values.keys().chain(self.once.keys());
        let columns = self.columns(all, id, context.after);
        let table = id.parent.as_deref();
        let values: Vec<String> = columns
            .iter()
            .map(|column| match self.values.get(*column) {
                Some(value) => cell(value, table, column, context.after),
                None => self.once.get(*column).cloned().unwrap_or_default(),
            })
            .collect();
        let names: Vec<String> = columns.iter().map(|column| ident(column)).collect();
        let over = overriding(table, columns.iter().copied(), context.after);
        vec![Statement::form(Form::List {
            head: format!(
                "INSERT INTO {} ({}){over} VALUES",
                reference::parent(id),
                names.join(", ")
            ),
            items: vec![format!("({})", values.join(", "))],
            tail: String::new(),
        })]
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let names: Vec<String> = self.key.iter().map(|column| ident(column)).collect();
        let values = self.key_values(id, context.before).join(", ");
        let (names, values) = match names.as_slice() {
            [one] => (one.clone(), values),
            several => (format!("({})", several.join(", ")), format!("({values})")),
        };
        let table = id.parent.as_deref().unwrap_or(id);
        let statement = Statement::form(Form::List {
            head: format!("DELETE FROM {} WHERE {names} IN (", alone(id, context)),
            items: vec![values],
            tail: ")".to_owned(),
        });
        let statement = statement.hazard(
            "delete-rows",
            HazardClass::DataLoss,
            table,
            "rows are deleted, with what they hold in columns that the files do not speak of",
        );
        let hit = behind::hit(table, context.before);
        let statement = hit.into_iter().fold(statement, |statement, (other, what)| {
            let then = match what {
                behind::Hit::Rows => "go with them: on-delete=cascade",
                behind::Hit::Values => "lose what refers: on-delete=set-null or set-default",
            };
            let detail = format!("rows that refer to the deleted ones of {table} {then}");
            statement.hazard("delete-rows", HazardClass::DataLoss, &other, detail)
        });
        vec![statement]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let Row {
            key: _,
            values,
            once,
        } = self;
        // What is computed once is no business of a row that is there.
        let _ = once;
        let table = id.parent.as_deref();
        let changed = to.values.iter().filter(|(column, value)| {
            let goes_by_itself = |column: &ObjectId| values::is_filled(column, context);
            values.get(*column) != Some(*value)
                && !table.is_some_and(|it| goes_by_itself(&it.child(Kind::Column, column)))
        });
        let columns = to.columns(changed.map(|(column, _)| column), id, context.after);
        let sets: Vec<String> = columns
            .into_iter()
            .map(|column| {
                let value = cell(&to.values[column], table, column, context.after);
                format!("{} = {value}", ident(column))
            })
            .collect();
        if sets.is_empty() {
            return Alteration::InPlace(Vec::new());
        }
        Alteration::InPlace(vec![Statement::sql(format!(
            "UPDATE {} SET {} WHERE {}",
            alone(id, context),
            sets.join(", "),
            to.is_this(id, context.after)
        ))])
    }

    fn when_replaced(&self, _: &ObjectId, _: &ObjectId, _: &Context<'_>) -> Reaction {
        Reaction::Ignore
    }

    fn adopt_words(&mut self, desired: &Self) {
        self.once.clone_from(&desired.once);
    }
}

/// The table of a row without those that inherit from it: the rows of these are their own.
fn alone(id: &ObjectId, context: &Context<'_>) -> String {
    let table = id.parent.as_deref();
    let inherits = |catalog: &Catalog| {
        let mut ties = catalog.of_kind(Kind::Inherits);
        ties.any(|(tie, _)| catalog.dependencies_of(tie).any(|it| Some(it) == table))
    };
    match inherits(context.before) || inherits(context.after) {
        true => format!("ONLY {}", reference::parent(id)),
        false => reference::parent(id),
    }
}

/// Whether a row changes before something that it depends on does: it holds a value that goes, or none where one is
/// demanded from then on.
pub(crate) fn goes_first(row: &ObjectId, needed: &ObjectId, context: &Context<'_>) -> bool {
    let (Some(Object::Row(from)), Some(Object::Row(to))) =
        (context.before.get(row), context.after.get(row))
    else {
        return false;
    };
    let (before, after) = (context.before, context.after);
    let Some(table) = row.parent.as_deref() else {
        return false;
    };
    from.values.iter().any(|(name, value)| {
        let column = table.child(Kind::Column, name);
        if to.values.get(name).is_none_or(|it| it == value) {
            return false;
        }
        let Some(Object::Column(later)) = after.get(&column) else {
            return false;
        };
        let Some(value) = &value.value else {
            return column == *needed && later.not_null;
        };
        let of_type = before
            .dependencies_of(&column)
            .filter(|it| it.kind == Kind::Enum && (*it == needed || column == *needed));
        of_type
            .into_iter()
            .any(|it| match (before.get(it), after.get(it)) {
                (Some(Object::Enum(from)), Some(Object::Enum(to))) => {
                    from.values.contains(value) && !to.values.contains(value)
                }
                _ => false,
            })
    })
}

/// The rows of a catalog that have values which are computed only once.
pub fn computing(catalog: &Catalog) -> Vec<ObjectId> {
    let rows = catalog.of_kind(Kind::Row);
    rows.filter(|(_, object)| matches!(object, Object::Row(row) if !row.once.is_empty()))
        .map(|(id, _)| id.clone())
        .collect()
}

/// Takes over the expressions of declared rows that may give another value another time, in the place of what they gave.
pub fn compute_anew(catalog: &mut Catalog, declared: &BTreeMap<ObjectId, DeclaredRows>) {
    let asked = catalog.asked.iter();
    let asked: Vec<(ObjectId, usize)> = asked.map(|(id, place)| (id.clone(), *place)).collect();
    for (id, place) in asked {
        let rows = id.parent.as_deref().and_then(|table| declared.get(table));
        let Some((rows, row)) = rows.and_then(|it| Some((it, it.rows.get(place)?))) else {
            continue;
        };
        let Some(Object::Row(found)) = catalog.objects.get_mut(&id).map(Arc::make_mut) else {
            continue;
        };
        for (column, cell) in rows.columns.iter().zip(&row.cells) {
            if let Literal::Sql(sql) = cell
                && may_differ(sql)
                && found.values.remove(column).is_some()
            {
                found.once.insert(column.clone(), sql.clone());
            }
        }
    }
}

/// The state that is wanted, with what its rows compute only once as it is in the rows that are there.
pub fn with_computed<'a>(wanted: Cow<'a, Catalog>, there: &Catalog) -> Cow<'a, Catalog> {
    let mut wanted = wanted;
    for id in computing(&wanted) {
        let (Some(Object::Row(row)), Some(Object::Row(found))) = (wanted.get(&id), there.get(&id))
        else {
            continue;
        };
        let mut row = (**row).clone();
        for column in std::mem::take(&mut row.once).into_keys() {
            if let Some(value) = found.values.get(&column) {
                row.values.insert(column, value.clone());
            }
        }
        let objects = &mut wanted.to_mut().objects;
        objects.insert(id, Object::from(row).into());
    }
    wanted
}

/// Cuts the rows of a catalog to what a record knows of them: columns that it has not are left out, and rows that nobody
/// spoke of then.
pub fn cut_to_record(live: &mut Catalog, recorded: &Catalog) {
    let Catalog { objects, exact, .. } = live;
    objects.retain(|id, object| match &**object {
        Object::Row(row) => match recorded.get(id) {
            Some(Object::Row(record)) => {
                let mut row = (**row).clone();
                row.values
                    .retain(|column, _| record.values.contains_key(column));
                *object = Object::from(row).into();
                true
            }
            // Nobody spoke of it: neither of this row, nor of all rows of the table.
            _ => id
                .parent
                .as_deref()
                .is_none_or(|table| recorded.exact.contains(table) && exact.contains(table)),
        },
        // Of a hand-written object the database tells only that it is there.
        Object::Sql(_) => recorded
            .objects
            .get(id)
            .inspect(|record| object.clone_from(record))
            .is_some(),
        _ => true,
    });
}

/// Cuts the rows of a record to what can still be read of them.
pub fn cut_to_readable(recorded: &mut Catalog, live: &Catalog) {
    let asks_for_all = |id: &ObjectId| {
        let table = id.parent.as_deref();
        table.is_some_and(|table| live.exact.contains(table))
    };
    recorded.objects.retain(|id, object| match &**object {
        Object::Row(record) => match live.get(id) {
            Some(Object::Row(row)) => {
                let mut record = (**record).clone();
                record
                    .values
                    .retain(|column, _| row.values.contains_key(column));
                // Known by another key it is told by its values.
                record.key.clone_from(&row.key);
                *object = Object::from(record).into();
                true
            }
            _ => live.contains(id) || live.asked.contains_key(id) || asks_for_all(id),
        },
        Object::Sql(_) => live.contains(id) || live.asked.contains_key(id),
        _ => true,
    });
    recorded.exact.clone_from(&live.exact);
}

/// Cuts the rows of a record and of a catalog to what both know.
pub fn cut_to_common(recorded: &mut Catalog, live: &mut Catalog) {
    cut_to_record(live, recorded);
    cut_to_readable(recorded, live);
}
