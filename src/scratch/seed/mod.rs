//! Rows for a proof: a few in as many tables as their constraints allow, so that a step that only works on empty tables
//! is found out. Triggers do not fire; checks, keys and foreign keys hold. A small number of round trips, whatever the
//! number of tables.

mod facts;
mod pattern;
mod shape;
mod statement;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::kind::reference;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::sql::quote::{dollar, ident, qualified};
use facts::Facts;
use shape::{Foreign, Shape};
use statement::{Effort, insert};

/// How many tables are filled in one transaction: each takes a dozen entries of the lock table, and its statements, of
/// which one is needed, about 30 KB.
const BATCH: usize = 50;

/// Puts rows into the tables of a scratch database that was built from `catalog`; gives how many tables hold some. What
/// `catalog` asks beyond the database (checks and foreign keys that a migration will add, enumerated values that it removes)
/// is kept where it can be.
/// What cannot be filled stays empty.
pub async fn seed(session: &Session, catalog: &Catalog) -> usize {
    let Some(mut facts) = Facts::read(session).await else {
        return 0;
    };
    facts.keep_values(catalog);
    let ids = tables_of(catalog);
    let mut shapes: BTreeMap<u32, Shape<'_>> = facts
        .tables
        .iter()
        .filter(|table| ids.contains_key(&(table.schema.as_str(), table.name.as_str())))
        .map(|table| (table.oid, Shape::of(&facts, table)))
        .collect();
    let (order, assumed) = order(&facts, &mut shapes);
    let filled: Vec<&Shape<'_>> = order
        .iter()
        .filter_map(|oid| shapes.get(oid))
        .filter(|shape| !shape.table.partitioned)
        .collect();
    look_everywhere(session, catalog).await;
    for batch in filled.chunks(BATCH) {
        let work: Vec<Vec<String>> = batch
            .iter()
            .map(|shape| attempts(&facts, catalog, &ids, shape))
            .collect();
        fill(session, &work).await;
    }
    if assumed {
        // What was foretold and did not come true; twice, for what depended on it.
        let work: Vec<Vec<String>> = shapes
            .values()
            .filter(|shape| !shape.table.partitioned)
            .flat_map(|shape| shape.foreign.iter().map(|key| vec![orphans(shape, key)]))
            .collect();
        for batch in work.chunks(BATCH).chain(work.chunks(BATCH)) {
            fill(session, batch).await;
        }
    }
    count(session, catalog)
        .await
        .iter()
        .filter(|(_, rows)| *rows > 0)
        .count()
}

/// Takes the rows from tables and from all that refers to them, without triggers.
pub async fn take<'a>(session: &Session, tables: impl IntoIterator<Item = &'a ObjectId>) {
    for table in tables {
        let sql = format!(
            "BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE {} CASCADE; COMMIT",
            reference::schema_name(table)
        );
        if session.execute(&sql).await.is_err() {
            let _ = session.execute("ROLLBACK").await;
        }
    }
}

type Tables<'a> = BTreeMap<(&'a str, &'a str), &'a ObjectId>;

/// The tables of a catalog by schema and name.
fn tables_of(catalog: &Catalog) -> Tables<'_> {
    catalog
        .of_kind(Kind::Table)
        .map(|(id, _)| ((id.schema().unwrap_or_default(), &*id.name), id))
        .collect()
}

/// The statements that fill a table: the first that gives rows is enough.
fn attempts(facts: &Facts, catalog: &Catalog, ids: &Tables<'_>, shape: &Shape<'_>) -> Vec<String> {
    let name = (shape.table.schema.as_str(), shape.table.name.as_str());
    let stricter = ids
        .get(&name)
        .and_then(|id| shape.stricter(facts, catalog, id));
    let mut tries = Vec::new();
    if let Some(stricter) = &stricter {
        tries.push(insert(facts, stricter, Effort::Full));
    }
    for effort in [
        Effort::Full,
        Effort::Explicit,
        Effort::Required,
        Effort::Blind,
    ] {
        let statement = insert(facts, shape, effort);
        if !tries.contains(&statement) {
            tries.push(statement);
        }
    }
    tries
}

/// Runs the statements of some tables.
async fn fill(session: &Session, batch: &[Vec<String>]) {
    if !run(session, batch).await {
        run_one_by_one(session, batch).await;
    }
}

/// The tables, those before that others refer to; and whether a circle had to be broken by foretelling values.
fn order(facts: &Facts, shapes: &mut BTreeMap<u32, Shape<'_>>) -> (Vec<u32>, bool) {
    let mut graph: DiGraph<u32, ()> = DiGraph::new();
    let nodes: BTreeMap<u32, NodeIndex> = facts
        .tables
        .iter()
        .map(|table| (table.oid, graph.add_node(table.oid)))
        .collect();
    for table in &facts.tables {
        // A partitioned table has the rows of its partitions.
        if let Some(whole) = table.partition_of.and_then(|oid| nodes.get(&oid)) {
            graph.add_edge(*whole, nodes[&table.oid], ());
        }
    }
    for (oid, shape) in shapes.iter() {
        for key in shape.foreign.iter().filter(|key| key.parent != *oid) {
            if let (Some(child), Some(parent)) = (nodes.get(oid), nodes.get(&key.parent)) {
                graph.add_edge(*child, *parent, ());
            }
        }
    }
    let mut order: Vec<u32> = Vec::new();
    let mut done: BTreeSet<u32> = BTreeSet::new();
    let mut assumed = false;
    for circle in tarjan_scc(&graph) {
        let mut waiting: Vec<u32> = circle.iter().map(|node| graph[*node]).collect();
        waiting.sort_unstable();
        while !waiting.is_empty() {
            let blocked = |oid: &u32| {
                shapes.get(oid).is_some_and(|shape| {
                    shape.foreign.iter().any(|key| {
                        waiting.contains(&key.parent) && key.parent != *oid && shape.requires(key)
                    })
                })
            };
            let at = waiting.iter().position(|oid| !blocked(oid));
            let next = waiting.remove(at.unwrap_or(0));
            if at.is_none() {
                assumed = true;
                assume(shapes, next, &waiting);
            }
            done.insert(next);
            order.push(next);
        }
    }
    (order, assumed)
}

/// Lets the required keys of a table into tables that are filled later foretell their values.
fn assume(shapes: &mut BTreeMap<u32, Shape<'_>>, table: u32, later: &[u32]) {
    let Some(shape) = shapes.get(&table) else {
        return;
    };
    let required: Vec<bool> = shape
        .foreign
        .iter()
        .map(|key| later.contains(&key.parent) && shape.requires(key))
        .collect();
    let mut told: Vec<(u32, Vec<i16>)> = Vec::new();
    if let Some(shape) = shapes.get_mut(&table) {
        for (key, required) in shape.foreign.iter_mut().zip(required) {
            key.assumed = required;
            if required {
                told.push((key.parent, key.parent_columns.clone()));
            }
        }
    }
    for (parent, columns) in told {
        if let Some(parent) = shapes.get_mut(&parent) {
            parent.explicit.extend(columns);
        }
    }
}

/// Deletes the rows of a key that refer to nothing.
fn orphans(shape: &Shape<'_>, key: &Foreign) -> String {
    let pairs: Vec<String> = key
        .names
        .iter()
        .zip(&key.parent_names)
        .map(|(own, theirs)| format!("p.{} = c.{}", ident(theirs), ident(own)))
        .collect();
    let present: Vec<String> = key
        .names
        .iter()
        .map(|own| format!("c.{} IS NOT NULL", ident(own)))
        .collect();
    format!(
        "DELETE FROM ONLY {} c WHERE {} AND NOT EXISTS (SELECT FROM {} p WHERE {})",
        qualified(&shape.table.schema, &shape.table.name),
        present.join(" AND "),
        key.source,
        pairs.join(" AND ")
    )
}

/// Opens a transaction without triggers; where the role may not, with them.
async fn begin(session: &Session) -> bool {
    if session
        .execute("BEGIN; SET LOCAL session_replication_role = replica")
        .await
        .is_ok()
    {
        return true;
    }
    let _ = session.execute("ROLLBACK").await;
    session.execute("BEGIN").await.is_ok()
}

/// Fills some tables in one statement.
async fn run(session: &Session, batch: &[Vec<String>]) -> bool {
    if !begin(session).await {
        return false;
    }
    let work = serde_json::Value::from_iter(batch.iter().cloned()).to_string();
    let body = dollar(include_str!("run.sql"));
    let done = session
        .client()
        .execute("SELECT set_config('schemactl.seed', $1, true)", &[&work])
        .await
        .is_ok()
        && session.execute(&format!("DO {body}")).await.is_ok();
    let end = if done { "COMMIT" } else { "ROLLBACK" };
    session.execute(end).await.is_ok() && done
}

/// Fills some tables where there is no PL/pgSQL.
async fn run_one_by_one(session: &Session, batch: &[Vec<String>]) {
    if !begin(session).await {
        return;
    }
    for tries in batch {
        for statement in tries {
            if session.execute("SAVEPOINT seed").await.is_err() {
                return;
            }
            match session.client().execute(statement, &[]).await {
                Ok(0) => {}
                Ok(_) => break,
                Err(_) => {
                    let _ = session.execute("ROLLBACK TO seed").await;
                }
            }
        }
    }
    let _ = session.execute("COMMIT").await;
}

/// The number of rows of each table of a catalog; a table that cannot be read is left out.
pub async fn count(session: &Session, catalog: &Catalog) -> Vec<(ObjectId, i64)> {
    // The rows of a partitioned table stand in its partitions.
    let holds_rows =
        |object: &Object| matches!(object, Object::Table(table) if table.partition_by.is_none());
    let tables: Vec<&ObjectId> = catalog
        .of_kind(Kind::Table)
        .filter(|(_, object)| holds_rows(object))
        .map(|(id, _)| id)
        .collect();
    let mut counts = Vec::with_capacity(tables.len());
    look_everywhere(session, catalog).await;
    for chunk in tables.chunks(BATCH) {
        if let Some(rows) = count_together(session, chunk).await {
            counts.extend(rows);
            continue;
        }
        for table in chunk {
            counts.extend(
                count_together(session, std::slice::from_ref(table))
                    .await
                    .unwrap_or_default(),
            );
        }
    }
    look_nowhere(session).await;
    counts
}

/// Sets a search path in which the bodies of routines find what they name: even to plan a query of a table PostgreSQL
/// looks into the functions of its indexes.
async fn look_everywhere(session: &Session, catalog: &Catalog) {
    if !crate::kind::bodies::look_names_up(catalog) {
        return;
    }
    let mut schemas: Vec<String> = catalog
        .of_kind(Kind::Schema)
        .map(|(id, _)| crate::sql::quote::ident(&id.name))
        .collect();
    // Where two schemas have the name, the usual one is meant.
    schemas.sort_by_key(|schema| schema != "public");
    let _ = session
        .execute(&format!("SET search_path = {}", schemas.join(", ")))
        .await;
}

async fn look_nowhere(session: &Session) {
    let nowhere = crate::sql::quote::literal("");
    let _ = session
        .execute(&format!("SET search_path = {nowhere}"))
        .await;
}

/// How many rows a partitioned table shows, those of its partitions.
pub async fn count_in_partitions(session: &Session, table: &ObjectId) -> i64 {
    let query = format!("SELECT count(*) FROM {}", reference::name(table));
    let rows = session.texts(&query).await.unwrap_or_default();
    rows.first()
        .and_then(|row| row.first().cloned().flatten())
        .and_then(|count| count.parse().ok())
        .unwrap_or(0)
}

async fn count_together(session: &Session, tables: &[&ObjectId]) -> Option<Vec<(ObjectId, i64)>> {
    let parts: Vec<String> = tables
        .iter()
        .enumerate()
        // A row stands in one table, however many parents show it.
        .map(|(index, id)| format!("SELECT {index}, count(*) FROM ONLY {}", reference::name(id)))
        .collect();
    let rows = session.texts(&parts.join(" UNION ALL ")).await.ok()?;
    rows.iter()
        .map(|row| match row.as_slice() {
            [Some(index), Some(count)] => {
                let index: usize = index.parse().ok()?;
                Some(((*tables.get(index)?).clone(), count.parse().ok()?))
            }
            _ => None,
        })
        .collect()
}
