//! Own rules of a project, `rule NAME when="…" message="…"`: the condition is SQL over the facts of a statement, and
//! PostgreSQL decides it, in a transaction that can only read.

use serde_json::{Value, json};

use super::error::LintError;
use super::walk::{Judged, Walked};
use crate::config::LintRule;
use crate::pg::connect::Session;
use crate::sql::quote::literal;

/// The columns that a condition may use, with their types.
pub const COLUMNS: &[(&str, &str)] = &[
    ("file", "text"),
    ("line", "integer"),
    ("statement", "text"),
    ("object", "text"),
    ("lock", "text"),
    ("blocks_reads", "boolean"),
    ("blocks_writes", "boolean"),
    ("scans", "boolean"),
    ("builds_index", "boolean"),
    ("rewrites", "boolean"),
    ("loses_data", "boolean"),
    ("reversible", "boolean"),
    ("in_transaction", "boolean"),
    ("rows", "double precision"),
    ("bytes", "bigint"),
    ("seconds", "double precision"),
    ("codes", "text[]"),
];

/// The places (file and statement, by number) where a rule speaks.
///
/// # Errors
/// [`LintError::Rule`] where PostgreSQL refuses the condition.
pub async fn speaks(
    session: &Session,
    rule: &LintRule,
    walked: &[Walked],
) -> Result<Vec<(usize, usize)>, LintError> {
    let mut places = Vec::new();
    let mut values = Vec::new();
    for (file, walked) in walked.iter().enumerate() {
        for (number, judged) in walked.statements.iter().enumerate() {
            places.push((file, number));
            values.push(row(values.len(), walked, judged));
        }
    }
    let columns: Vec<String> = COLUMNS
        .iter()
        .map(|(name, of)| format!("{name} {of}"))
        .collect();
    // One statement by the extended protocol: a condition cannot end it and begin another.
    let sql = format!(
        "SELECT number FROM pg_catalog.jsonb_to_recordset({}::jsonb) AS statements (number integer, {}) WHERE (\n{}\n) ORDER BY number",
        literal(&Value::Array(values).to_string()),
        columns.join(", "),
        rule.when.value
    );
    let refused = |error: tokio_postgres::Error| LintError::Rule {
        rule: rule.name.value.clone(),
        message: error
            .as_db_error()
            .map_or_else(|| error.to_string(), |error| error.message().to_owned()),
    };
    session.execute("BEGIN READ ONLY").await?;
    let rows = session.client().query(sql.as_str(), &[]).await;
    session.execute("ROLLBACK").await?;
    let numbers = rows.map_err(refused)?;
    Ok(numbers
        .iter()
        .filter_map(|row| row.try_get::<_, i32>(0).ok())
        .filter_map(|number| places.get(usize::try_from(number).ok()?).copied())
        .collect())
}

fn row(number: usize, walked: &Walked, judged: &Judged) -> Value {
    use crate::facts::{WayBack, Work};
    let facts = &judged.facts;
    let strongest = facts.strongest();
    json!({
        "number": number,
        "file": walked.name,
        "line": judged.line,
        "statement": judged.sql,
        "object": judged.object,
        "lock": strongest.map(|mode| mode.sql()),
        "blocks_reads": strongest.is_some_and(|mode| mode.blocks_reads()),
        "blocks_writes": strongest.is_some_and(|mode| mode.blocks_writes()),
        "scans": facts.does(Work::Scan),
        "builds_index": facts.does(Work::BuildIndex),
        "rewrites": facts.does(Work::Rewrite),
        "loses_data": !facts.loses.is_empty(),
        "reversible": facts.way_back == WayBack::Exact,
        "in_transaction": walked.transaction,
        "rows": judged.cost.and_then(|cost| cost.rows),
        "bytes": judged.cost.map(|cost| cost.bytes),
        "seconds": judged.cost.map(|cost| cost.seconds),
        "codes": judged.codes(),
    })
}
