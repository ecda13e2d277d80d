//! What rows say of objects, taken from each as soon as it comes: rows take several times the room.

use std::borrow::Cow;
use std::pin::pin;
use std::sync::Arc;

use futures_util::stream::TryStreamExt;
use tokio_postgres::types::{FromSql, Type};
use tokio_postgres::{Client, Row};

use super::row::{RowDeserializer, RowError, get};
use crate::kind::Object;
use crate::model::Kind;

/// An object, and the places in pg_catalog that its row names.
pub(super) struct Found {
    pub(super) class: Option<Cow<'static, str>>,
    pub(super) oid: u32,
    pub(super) sub: i32,
    pub(super) schema: Option<u32>,
    pub(super) parent_class: Option<Cow<'static, str>>,
    pub(super) parent_classid: Option<u32>,
    pub(super) parent_oid: Option<u32>,
    pub(super) parent_sub: i32,
    pub(super) name: Arc<str>,
    pub(super) signature: Arc<str>,
    pub(super) position: Option<i32>,
    pub(super) own: Option<Box<Own>>,
    /// The numbers and names of what it consists of and is no object: attributes of a type, values of an enumeration.
    pub(super) parts: Vec<(i32, String)>,
    /// The definition; what it lacks matters only where the object is managed.
    pub(super) object: Result<Object, RowError>,
}

/// The names of what is PostgreSQL's own, or an extension's: a facet stands on it.
pub(super) struct Own {
    pub(super) kind: Kind,
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) signature: String,
    pub(super) column: Option<String>,
}

/// Where the columns stand that every kind may have.
struct Columns {
    class: Option<usize>,
    oid: Option<usize>,
    sub: Option<usize>,
    schema: Option<usize>,
    parent_class: Option<usize>,
    parent_classid: Option<usize>,
    parent_oid: Option<usize>,
    parent_sub: Option<usize>,
    name: Option<usize>,
    signature: Option<usize>,
    position: Option<usize>,
    own: [Option<usize>; 5],
    part_numbers: Option<usize>,
    part_names: Option<usize>,
}

impl Columns {
    fn of(row: &Row) -> Columns {
        let at = |name: &str| row.columns().iter().position(|it| it.name() == name);
        Columns {
            class: at("class"),
            oid: at("oid"),
            sub: at("sub"),
            schema: at("schema"),
            parent_class: at("parent_class"),
            parent_classid: at("parent_classid"),
            parent_oid: at("parent_oid"),
            parent_sub: at("parent_sub"),
            name: at("name"),
            signature: at("signature"),
            position: at("position"),
            own: [
                "own_kind",
                "own_schema",
                "own_name",
                "own_signature",
                "own_part",
            ]
            .map(at),
            part_numbers: at("part_numbers"),
            part_names: at("part_names"),
        }
    }

    fn found(&self, row: &Row, kind: Kind, none: &Arc<str>) -> Result<Found, RowError> {
        Ok(Found {
            class: value::<&str>(row, self.class)?.map(class),
            oid: value(row, self.oid)?.unwrap_or(0),
            sub: value(row, self.sub)?.unwrap_or(0),
            schema: value(row, self.schema)?,
            parent_class: value::<&str>(row, self.parent_class)?.map(class),
            parent_classid: value(row, self.parent_classid)?,
            parent_oid: value(row, self.parent_oid)?,
            parent_sub: value(row, self.parent_sub)?.unwrap_or(0),
            name: text(row, self.name, none)?,
            signature: text(row, self.signature, none)?,
            position: value(row, self.position)?,
            own: self.own(row)?.map(Box::new),
            parts: self.parts(row)?,
            object: Object::deserialize(kind, RowDeserializer(row)),
        })
    }

    fn parts(&self, row: &Row) -> Result<Vec<(i32, String)>, RowError> {
        let numbers = value::<Vec<i32>>(row, self.part_numbers)?.unwrap_or_default();
        let names = value::<Vec<String>>(row, self.part_names)?.unwrap_or_default();
        Ok(numbers.into_iter().zip(names).collect())
    }

    fn own(&self, row: &Row) -> Result<Option<Own>, RowError> {
        let [kind, schema, name, signature, part] = self.own;
        let kind = value::<&str>(row, kind)?.and_then(Kind::from_name);
        let (Some(kind), Some(name)) = (kind, value::<String>(row, name)?) else {
            return Ok(None);
        };
        Ok(Some(Own {
            kind,
            schema: value(row, schema)?.unwrap_or_default(),
            name,
            signature: value(row, signature)?.unwrap_or_default(),
            column: value(row, part)?,
        }))
    }
}

fn value<'a, T: FromSql<'a>>(row: &'a Row, at: Option<usize>) -> Result<Option<T>, RowError> {
    at.map_or(Ok(None), |at| get::<Option<T>>(row, at))
}

fn text(row: &Row, at: Option<usize>, none: &Arc<str>) -> Result<Arc<str>, RowError> {
    let text = value::<&str>(row, at)?.filter(|text| !text.is_empty());
    Ok(text.map_or_else(|| none.clone(), Arc::from))
}

/// The name of a system catalog; nearly all rows name one of these.
fn class(name: &str) -> Cow<'static, str> {
    let known = [
        "pg_class",
        "pg_type",
        "pg_constraint",
        "pg_proc",
        "pg_attrdef",
    ];
    match known.into_iter().find(|known| *known == name) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(name.to_owned()),
    }
}

/// The objects of a kind, as its query gives them.
pub(super) async fn found(
    client: &Client,
    query: &str,
    kind: Kind,
) -> Result<Result<Vec<Found>, RowError>, tokio_postgres::Error> {
    let parameters = std::iter::empty::<(i32, Type)>();
    let mut rows = pin!(client.query_typed_raw(query, parameters).await?);
    let (mut columns, mut all, none) = (None, Vec::new(), Arc::from(""));
    while let Some(row) = rows.try_next().await? {
        let columns = columns.get_or_insert_with(|| Columns::of(&row));
        match columns.found(&row, kind, &none) {
            Ok(found) => all.push(found),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(all))
}
