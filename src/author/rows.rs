//! Which rows a proof looks at: those that the files declare, and those of the state before, which a change may take away.

use std::borrow::Cow;

use crate::kdl::Literal;
use crate::kind::language::{DeclaredRow, Desired};
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

/// The desired state for reading: with the rows of the state before that the files do not declare, those of tables that go
/// among them.
pub(super) fn spoken_of<'d>(desired: &'d Desired, before: &Catalog) -> Cow<'d, Desired> {
    let mut further = Cow::Borrowed(desired);
    for (id, object) in before.of_kind(Kind::Row) {
        let (Object::Row(row), Some(table)) = (object, id.parent.as_deref()) else {
            continue;
        };
        let is_known = before.asked.contains_key(id) || before.exact.contains(table);
        let table: ObjectId = super::names::renamed(table, &desired.renames);
        if is_known && desired.rows.contains_key(&table) {
            continue;
        }
        let rows = further.to_mut().rows.entry(table).or_default();
        if rows.key.is_empty() {
            rows.key.clone_from(&row.key);
            rows.columns = row.values.keys().cloned().collect();
        }
        let cells = rows.columns.iter().map(|column| {
            let value = row.values.get(column).and_then(|it| it.value.clone());
            value.map_or(Literal::Null, Literal::Text)
        });
        let cells = cells.collect();
        let span = rows.span;
        rows.rows.push(DeclaredRow { cells, span });
    }
    for (id, object) in before.of_kind(Kind::Sql) {
        if let Object::Sql(object) = object
            && desired.get(id).is_none()
        {
            let recorded = &mut further.to_mut().recorded;
            recorded.insert(id.clone(), (**object).clone());
        }
    }
    further
}
