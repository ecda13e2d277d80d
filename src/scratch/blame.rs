//! Which part of a refused statement is to blame. PostgreSQL says a place only of what it could not read; of a table whose
//! foreign key finds no key it says what is wrong, and not of which line. So each line is tried by itself beside the columns.

use std::collections::BTreeSet;

use super::execute::{Piece, attempt, search_path};
use super::refusal::Refusal;
use crate::kind::language::Desired;
use crate::kind::{Catalog, Context, Element, Form, Object};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::plan::Step;

/// The refusals of the lines of a refused table, where they and not the table are refused; else the table's own. Leaves the
/// transaction as it is.
pub(super) async fn blame(
    session: &Session,
    refusal: Refusal,
    made: Option<(&Step, &Piece)>,
    desired: &Desired,
    empty: &Catalog,
) -> Vec<Refusal> {
    let is_placed = refusal.error.position.is_some() || refusal.is_cycle();
    let Some((step, piece)) = made.filter(|_| !is_placed) else {
        return vec![refusal];
    };
    let Form::Create { elements, .. } = &step.statement.form else {
        return vec![refusal];
    };
    let version = session.server_version_num();
    let context = Context::new(empty, empty, version, &empty.origin.role);
    let lines: Vec<(&ObjectId, String)> = step
        .objects
        .iter()
        .filter(|(_, id)| id.kind != Kind::Column)
        .filter_map(|(_, id)| {
            let object: &Object = &desired.objects.get(id)?.object;
            match object.element(id, &context)? {
                Element::Line(line) if elements.contains(&line) => Some((id, line)),
                _ => None,
            }
        })
        .collect();
    let apart: BTreeSet<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
    let only = |line: &str| {
        let mut statement = step.statement.clone();
        if let Form::Create { elements, .. } = &mut statement.form {
            elements.retain(|it| it == line || !apart.contains(it.as_str()));
        }
        format!("{}{}", search_path(piece), statement.text())
    };
    let mut refused = Vec::new();
    for (id, line) in &lines {
        if let Err(mut error) = undone(session, &only(line)).await {
            error.position = None;
            refused.push(Refusal::new((*id).clone(), error));
        }
    }
    // Where every line is refused the columns are what they have in common.
    let are_columns = !refused.is_empty() && undone(session, &only("")).await.is_err();
    if refused.is_empty() || are_columns {
        return vec![refusal];
    }
    refused
}

/// Runs a script and undoes it.
async fn undone(session: &Session, script: &str) -> Result<(), crate::pg::error::SqlError> {
    session.execute("SAVEPOINT blame").await?;
    let result = attempt(session, script).await;
    session.execute("ROLLBACK TO blame; RELEASE blame").await?;
    result
}
