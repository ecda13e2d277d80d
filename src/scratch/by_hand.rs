//! Elaboration of hand-written objects: when all else is there, their statements run, and their query has to tell it. They
//! change nothing that the language knows: that is declared, so that it can be compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::elaborate::{Astray, ElaborateError, Refusal};
use crate::diff::compare;
use crate::kind::by_hand::ByHand;
use crate::kind::language::Desired;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::pg::by_hand::{ExistsError, depend, is_there, unanswered};
use crate::pg::connect::Session;
use crate::pg::introspect::introspect;
use crate::pg::rows::Within;
use crate::sql::quote::literal;

/// How many changes of other objects are named.
const NAMED: usize = 5;

/// Runs the statements of the declared objects on scratch, in the order of what they need, and takes them into the catalog.
pub(super) async fn make(
    session: &Session,
    desired: &Desired,
    catalog: &mut Catalog,
) -> Result<(), ElaborateError> {
    let declared: Vec<(&ObjectId, &ByHand)> = desired
        .of_kind(Kind::Sql)
        .filter_map(|(id, object)| match &object.object {
            Object::Sql(object) => Some((id, &**object)),
            _ => None,
        })
        .collect();
    if declared.is_empty() {
        return Ok(());
    }
    let plain =
        |catalog: &Catalog| catalog.filtered(|id, _| !matches!(id.kind, Kind::Row | Kind::Sql));
    let before = plain(catalog);
    for (id, object) in &declared {
        catalog
            .objects
            .insert((*id).clone(), Arc::new(Object::from((*object).clone())));
    }
    let ids: Vec<ObjectId> = declared.iter().map(|(id, _)| (*id).clone()).collect();
    depend(&ids, catalog);
    let missing = unanswered(catalog);
    let astray = |id: &ObjectId, what: String| Astray {
        id: id.clone(),
        what,
    };
    if !missing.is_empty() {
        let missing = missing.into_iter();
        return Err(ElaborateError::Astray(
            missing
                .map(|(id, needed)| {
                    astray(
                        &id,
                        format!("needs {needed}, which the files do not declare"),
                    )
                })
                .collect(),
        ));
    }
    for (id, object) in in_order(&declared, catalog) {
        let told = async || {
            is_there(session, &object.exists, Within::Nothing)
                .await
                .map_err(|error| {
                    ElaborateError::Introspect(
                        ExistsError {
                            id: id.clone(),
                            error,
                        }
                        .into(),
                    )
                })
        };
        if told().await? {
            return Err(ElaborateError::Astray(vec![astray(
                id,
                "is there by the word of its `exists` before its `up` has run".to_owned(),
            )]));
        }
        let done = session
            .execute(&format!("BEGIN; SET LOCAL search_path = {}", literal("")))
            .await;
        let done = match done {
            Ok(()) => session.execute(&object.up).await,
            failed => failed,
        };
        if let Err(error) = done {
            let _ = session.execute("ROLLBACK").await;
            return Err(ElaborateError::Refused(vec![Refusal::new(
                id.clone(),
                error,
            )]));
        }
        session
            .execute("COMMIT")
            .await
            .map_err(ElaborateError::Sql)?;
        if !told().await? {
            return Err(ElaborateError::Astray(vec![astray(
                id,
                "is not there by the word of its `exists` after its `up` has run".to_owned(),
            )]));
        }
        let after = introspect(session.client()).await?;
        let mut changed: Vec<String> = compare(&before, &after)
            .keys()
            .filter(|id| !id.is_of_cluster())
            .map(ToString::to_string)
            .collect();
        if !changed.is_empty() {
            let more = changed.len().saturating_sub(NAMED);
            changed.truncate(NAMED);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            return Err(ElaborateError::Astray(vec![astray(
                id,
                format!(
                    "makes or changes what the language knows: {}{more}; declare that in the files",
                    changed.join(", ")
                ),
            )]));
        }
    }
    Ok(())
}

/// The objects, those that others need first; what needs itself in the order of the names.
fn in_order<'d>(
    declared: &[(&'d ObjectId, &'d ByHand)],
    catalog: &Catalog,
) -> Vec<(&'d ObjectId, &'d ByHand)> {
    let mut order = Vec::new();
    let mut done: BTreeSet<&ObjectId> = BTreeSet::new();
    let mut waiting = declared.to_vec();
    while !waiting.is_empty() {
        let ready = |(id, _): &(&ObjectId, &ByHand)| {
            catalog
                .dependencies_of(id)
                .all(|needed| needed.kind != Kind::Sql || done.contains(needed))
        };
        let at = waiting.iter().position(ready).unwrap_or(0);
        let next = waiting.remove(at);
        done.insert(next.0);
        order.push(next);
    }
    order
}
