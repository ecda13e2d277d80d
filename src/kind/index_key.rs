//! The parts of an index's key, which indexes and exclusion constraints share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::{Reading, Writing};
use super::{Catalog, Object, naming, options, parts, reference};
use crate::kdl::{NodeReader, NodeWriter};
use crate::model::{Expression, Kind, ObjectId, Options, QualifiedName};
use crate::sql::quote::ident;

/// One part of an index's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct IndexKey {
    /// The column; `None` where it is an expression.
    pub column: Option<String>,
    /// The expression, in parentheses where PostgreSQL wants them.
    pub expression: Option<Expression>,
    /// The operator class, where it is not the type's default.
    pub opclass: Option<QualifiedName>,
    /// Parameters of the operator class.
    #[serde(default)]
    pub opclass_options: Options,
    /// The collation, where it is not the column's.
    pub collation: Option<QualifiedName>,
    /// Whether it descends.
    pub descending: bool,
    /// Whether nulls come first; `None` for the order's own habit.
    pub nulls_first: Option<bool>,
}

impl IndexKey {
    /// The column or expression, without its order and operators.
    pub fn what(&self) -> String {
        match (&self.column, &self.expression) {
            (Some(column), _) => column.clone(),
            (None, Some(expression)) => expression.canonical.clone(),
            (None, None) => String::new(),
        }
    }

    /// The value as SQL writes it, with its collation.
    pub fn value(&self) -> String {
        let mut sql = match (&self.column, &self.expression) {
            (Some(column), _) => ident(column),
            (None, Some(expression)) => match &expression.source {
                Some(source) => format!("({source})"),
                None => expression.canonical.clone(),
            },
            (None, None) => String::new(),
        };
        if let Some(collation) = &self.collation {
            sql.push_str(&format!(" COLLATE {}", reference::of(collation)));
        }
        sql
    }

    /// The part as CREATE INDEX and EXCLUDE take it.
    pub fn sql(&self) -> String {
        let mut sql = self.value();
        if let Some(opclass) = &self.opclass {
            sql.push_str(&format!(" {}", reference::of(opclass)));
        }
        if !self.opclass_options.is_empty() {
            sql.push_str(&format!(" ({})", options::storage(&self.opclass_options)));
        }
        if self.descending {
            sql.push_str(" DESC");
        }
        match self.nulls_first {
            Some(true) if !self.descending => sql.push_str(" NULLS FIRST"),
            Some(false) if self.descending => sql.push_str(" NULLS LAST"),
            _ => {}
        }
        sql
    }
}

/// The columns that a name is made of, by the key and what it carries.
pub fn named_columns(keys: &[IndexKey], include: &[String]) -> Vec<String> {
    let key = |key: &IndexKey| match (&key.column, &key.expression) {
        (Some(column), _) => column.clone(),
        (None, Some(expression)) => naming::expression_name(expression.text()),
        (None, None) => String::new(),
    };
    naming::distinct(
        keys.iter()
            .map(key)
            .chain(include.iter().cloned())
            .collect(),
    )
}

/// Reads a `column n opclass=p collate=p desc nulls=last` or `expression s …` node; the caller finishes the reader.
pub(super) fn read(
    reading: &Reading<'_>,
    reader: &mut NodeReader<'_>,
    relation: &ObjectId,
) -> Option<(IndexKey, Option<i32>)> {
    let schema = relation.schema();
    let mut key = IndexKey::default();
    if reader.kind() == "column" {
        let columns = vec![reader.name()?];
        key.column = super::parts::columns_in(reading, relation, columns).pop();
    } else {
        key.expression = Some(Expression::written(reader.sql_argument()?.value));
    }
    key.opclass = reader
        .path("opclass")
        .map(|path| reading.qualify(&path.value, schema));
    key.opclass_options = parts::options(reader, "opclass-options");
    key.collation = reader
        .path("collate")
        .map(|path| reading.qualify(&path.value, schema));
    key.descending = reader.flag("desc");
    key.nulls_first = match reader
        .word("nulls", &["first", "last"])
        .map(|word| word.value)
    {
        Some("first") if !key.descending => Some(true),
        Some("last") if key.descending => Some(false),
        _ => None,
    };
    let target = reader
        .number("statistics-target")
        .and_then(|target| i32::try_from(target.value).ok());
    Some((key, target))
}

/// Whether the key is a plain column, so that the index can name it among its arguments.
pub(super) fn is_plain(key: &IndexKey) -> bool {
    let plain = IndexKey {
        column: key.column.clone(),
        ..IndexKey::default()
    };
    key.column.is_some() && *key == plain
}

/// The node of one part of the key, for an object at `from`.
pub(super) fn write(
    key: &IndexKey,
    target: Option<i32>,
    from: &ObjectId,
    writing: &Writing<'_>,
) -> NodeWriter {
    let mut node = match (&key.column, &key.expression) {
        (Some(column), _) => {
            let mut node = NodeWriter::new("column");
            node.name(column);
            node
        }
        (None, expression) => {
            let mut node = NodeWriter::new("expression");
            let text = expression
                .as_ref()
                .map(Expression::text)
                .unwrap_or_default();
            node.sql_argument(naming::without_parentheses(text));
            node
        }
    };
    if let Some(opclass) = &key.opclass {
        node.path("opclass", &parts::path(writing, opclass, from));
    }
    if let Some(collation) = &key.collation {
        node.path("collate", &parts::path(writing, collation, from));
    }
    if key.descending {
        node.flag("desc");
    }
    if let Some(first) = key.nulls_first {
        node.text("nulls", if first { "first" } else { "last" });
    }
    if let Some(target) = target {
        node.number("statistics-target", target.into());
    }
    node.pairs("opclass-options", &key.opclass_options.0);
    node
}

/// Whether an index, or the index of an exclusion constraint, holds what a function made of the whole row: PostgreSQL would
/// build it again from the row as it was before its columns changed their types.
pub fn is_over_whole_row(id: &ObjectId, catalog: &Catalog) -> bool {
    let (keys, predicate): (Vec<&IndexKey>, _) = match catalog.get(id) {
        Some(Object::Index(index)) => (index.keys.iter().collect(), &index.predicate),
        Some(Object::Exclude(exclude)) => (
            exclude.elements.iter().map(|it| &it.key).collect(),
            &exclude.predicate,
        ),
        _ => return false,
    };
    if predicate.is_none() && keys.iter().all(|key| key.expression.is_none()) {
        return false;
    }
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    let needed = catalog.dependencies.get(id);
    let columns = catalog.children(table, Kind::Column);
    columns
        .iter()
        .all(|(column, _)| needed.is_some_and(|needed| needed.contains(*column)))
}
