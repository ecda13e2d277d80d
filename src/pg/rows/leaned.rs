//! Rows that nobody declares any more, of tables that may hold such rows, and that rows which were read refer to: without
//! them the state cannot be made elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::{Wanted, Within, cells, texts_within};
use crate::kind::row::{Row, identity, of_table};
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::quote::{ident, literal};

/// Reads such rows into the catalog, with those that they refer to again.
pub(super) async fn read(
    session: &Session,
    wanted: &[Wanted<'_>],
    catalog: &mut Catalog,
    within: Within,
) -> Result<(), SqlError> {
    loop {
        let mut new = false;
        for (table, columns, values) in missing(wanted, catalog) {
            for values in values.chunks(1000) {
                let query = query(table, &columns, values);
                for line in texts_within(session, &query, within).await? {
                    new |= take(table, &line, catalog);
                }
            }
        }
        if !new {
            return Ok(());
        }
    }
}

type Missing<'w, 'd> = (&'w Wanted<'d>, Vec<String>, Vec<Vec<String>>);

/// What the rows of a catalog refer to and is not in it: for a table the columns, and their values.
fn missing<'w, 'd>(wanted: &'w [Wanted<'d>], catalog: &Catalog) -> Vec<Missing<'w, 'd>> {
    let of = |table: &ObjectId| rows_of(table, catalog);
    let mut all = Vec::new();
    for (id, object) in catalog.of_kind(Kind::ForeignKey) {
        let (Object::ForeignKey(key), Some(from)) = (object, id.parent.as_deref()) else {
            continue;
        };
        let to = ObjectId::in_schema(Kind::Table, &key.references.schema, &key.references.name);
        let to = wanted.iter().find(|it| it.table == to);
        let to = to.filter(|to| {
            let mut columns = key.referenced_columns.iter();
            !to.declared.exact && columns.all(|it| to.columns.contains(it))
        });
        let Some(to) = to.filter(|_| !key.not_enforced && !key.period) else {
            continue;
        };
        let values = |row: &Row, columns: &[String]| -> Option<Vec<String>> {
            let values = row.values_of(columns)?;
            Some(values.into_iter().map(str::to_owned).collect())
        };
        let needed = of(from)
            .into_iter()
            .filter_map(|row| values(row, &key.columns));
        let mut needed: BTreeSet<Vec<String>> = needed.collect();
        if needed.is_empty() {
            continue;
        }
        for known in of(&to.table)
            .into_iter()
            .filter_map(|row| values(row, &key.referenced_columns))
        {
            needed.remove(&known);
        }
        if !needed.is_empty() {
            let values = needed.into_iter().collect();
            all.push((to, key.referenced_columns.clone(), values));
        }
    }
    all
}

/// The rows of a table that are known, whoever speaks of them.
fn rows_of<'c>(table: &ObjectId, catalog: &'c Catalog) -> Vec<&'c Row> {
    let leaned = catalog.leaned_on.iter();
    let leaned = leaned.filter(|(id, _)| id.parent.as_deref() == Some(table));
    let leaned = leaned.filter_map(|(_, object)| match &**object {
        Object::Row(row) => Some(&**row),
        _ => None,
    });
    let own = of_table(table, catalog).map(|(_, row)| row);
    own.chain(leaned).collect()
}

fn query(table: &Wanted<'_>, columns: &[String], values: &[Vec<String>]) -> String {
    let list = |items: Vec<String>| items.join(", ");
    let shown = list(
        table
            .columns
            .iter()
            .map(|it| format!("r.{}", ident(it)))
            .collect(),
    );
    let named = list(
        columns
            .iter()
            .map(|it| format!("r.{}", ident(it)))
            .collect(),
    );
    let values = values.iter().map(|values| {
        let values = values.iter().map(|it| literal(it)).collect();
        format!("({})", list(values))
    });
    format!(
        "SELECT {shown} FROM {} WHERE ({named}) IN ({})",
        table.from(),
        list(values.collect())
    )
}

/// Takes a line of the answer into the catalog; gives whether it is a row that was not known.
fn take(table: &Wanted<'_>, line: &[Option<String>], catalog: &mut Catalog) -> bool {
    let values: BTreeMap<_, _> = cells(&table.columns, line);
    let row = Row {
        key: table.key.clone(),
        values,
        once: BTreeMap::new(),
    };
    let Some(key) = row.values_of(&table.key) else {
        return false;
    };
    let id = identity(&table.table, &key);
    let is_new = !catalog.contains(&id) && !catalog.leaned_on.contains_key(&id);
    if is_new {
        catalog.leaned_on.insert(id, Object::from(row).into());
    }
    is_new
}
