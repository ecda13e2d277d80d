//! Rows for a proof: a few in as many tables as their constraints allow, so that a step that only works on empty tables
//! is found out.

use crate::kind::Catalog;
use crate::kind::reference;
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;

/// Puts rows into the tables of a catalog; gives how many tables hold some. What cannot be filled stays empty.
pub async fn seed(session: &Session, catalog: &Catalog) -> usize {
    let mut seeded = 0;
    let _ = session
        .execute("BEGIN; SET LOCAL session_replication_role = replica")
        .await;
    for (id, _) in catalog.of_kind(Kind::Table) {
        let insert = format!(
            "SAVEPOINT seed; INSERT INTO {} DEFAULT VALUES; RELEASE seed",
            reference::name(id)
        );
        match session.execute(&insert).await {
            Ok(()) => seeded += 1,
            Err(_) => {
                let _ = session.execute("ROLLBACK TO seed").await;
            }
        }
    }
    let _ = session.execute("COMMIT").await;
    seeded
}

/// The number of rows of each table of a catalog.
pub async fn count(session: &Session, catalog: &Catalog) -> Vec<(ObjectId, i64)> {
    let mut counts = Vec::new();
    for (id, _) in catalog.of_kind(Kind::Table) {
        if let Ok(rows) = session
            .texts(&format!("SELECT count(*) FROM {}", reference::name(id)))
            .await
            && let Some(Some(count)) = rows.first().and_then(|row| row.first())
        {
            counts.push((id.clone(), count.parse().unwrap_or(0)));
        }
    }
    counts
}
