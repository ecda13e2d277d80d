//! What holds the results of something and stays as it is when that gives others from now on: PostgreSQL computes no stored
//! column anew, sorts no index again and asks no check once more.

use std::collections::BTreeSet;

use super::{Context, HazardClass, Kind, Object, Statement};
use crate::model::ObjectId;

/// How many are named.
const NAMED: usize = 3;

/// The statement with the hazard that results of what it changes are kept, where any are; `gave` says what of it they are,
/// `what the function gave before`.
pub(super) fn told(
    statement: Statement,
    id: &ObjectId,
    gave: &str,
    context: &Context<'_>,
) -> Statement {
    let kept = kept(id, context);
    let names: Vec<String> = kept.iter().take(NAMED).map(ToString::to_string).collect();
    let detail = match (names.as_slice(), kept.len() - names.len()) {
        ([], _) => return statement,
        ([one], _) => format!("{one} holds {gave}"),
        ([first @ .., last], 0) => format!("{} and {last} hold {gave}", first.join(", ")),
        (_, more) => format!("{} and {more} more hold {gave}", names.join(", ")),
    };
    let detail = format!("{detail}: PostgreSQL computes and checks nothing anew");
    statement.hazard("stale-results", HazardClass::Correctness, id, detail)
}

/// The stored columns, indexes and checks that hold results of something, by itself or by way of what is made of it.
fn kept<'a>(changed: &'a ObjectId, context: &Context<'a>) -> BTreeSet<&'a ObjectId> {
    let mut kept = BTreeSet::new();
    // Most of what changes is used by nothing of the kind.
    let uses = |(id, needed): (&ObjectId, &BTreeSet<ObjectId>)| {
        (may_hold(id.kind) || passes_on(id.kind)) && needed.contains(changed)
    };
    if !context.after.dependencies.iter().any(uses) {
        return kept;
    }
    let dependents = context.after.dependents();
    let mut seen = BTreeSet::from([changed]);
    let mut next = vec![changed];
    while let Some(id) = next.pop() {
        // A member of an operator family counts for its classes, a constraint of a domain for the domain's values.
        let whole = match id.kind {
            Kind::OperatorFamilyMember | Kind::DomainConstraint => id.parent.as_deref(),
            _ => None,
        };
        next.extend(whole.filter(|whole| seen.insert(whole)));
        for dependent in dependents.get(id).into_iter().flatten().copied() {
            if holds(dependent, id, context) {
                kept.insert(dependent);
            } else if passes_on(dependent.kind) && id.kind != Kind::Domain && seen.insert(dependent)
            {
                next.push(dependent);
            }
        }
    }
    kept
}

/// Whether what is of this kind gives other results where something that it is made of does.
fn passes_on(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Function
            | Kind::Operator
            | Kind::OperatorClass
            | Kind::OperatorFamily
            | Kind::OperatorFamilyMember
            | Kind::DomainConstraint
            | Kind::TextSearchDictionary
            | Kind::TextSearchConfiguration
    )
}

/// Whether what is of this kind may hold results.
fn may_hold(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Column | Kind::Index | Kind::PrimaryKey | Kind::Unique | Kind::Exclude | Kind::Check
    )
}

/// Whether something stays as it is and holds what an expression gave, or values of a domain that were checked.
fn holds(id: &ObjectId, needed: &ObjectId, context: &Context<'_>) -> bool {
    let holds = match context.after.get(id) {
        Some(Object::Column(column)) => {
            let stored = column.generated.as_ref().is_some_and(|it| !it.is_virtual);
            stored || needed.kind == Kind::Domain
        }
        _ => may_hold(id.kind),
    };
    holds && context.before.get(id) == context.after.get(id) && context.keeps(id)
}
