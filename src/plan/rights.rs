//! Rights of what is made anew: said is what changes for somebody, not what is only given again; and what is not given
//! again is said, though no REVOKE takes it away.

use std::collections::BTreeSet;

use super::{Plan, Step, Verb};
use crate::kind::{Context, Hazard};
use crate::model::{Kind, ObjectId};

/// Leaves of the hazards of rights the net change.
pub(super) fn net(plan: &mut Plan, context: &Context<'_>) {
    let created: BTreeSet<&ObjectId> = plan.objects(Verb::Create).collect();
    let dropped = plan.objects(Verb::Drop);
    let anew = dropped.filter(|id| created.contains(id)).cloned();
    let anew: BTreeSet<ObjectId> = anew.collect();
    let steps = &mut plan.steps;
    if anew.is_empty() {
        return;
    }
    let holder = |id: &ObjectId| id.parents().find(|it| anew.contains(it)).cloned();
    let is_given_again = |hazard: &Hazard| {
        let grant = &hazard.object;
        grant.kind == Kind::Grant
            && context.before.contains(grant)
            && context.before.get(grant) == context.after.get(grant)
            && holder(grant).is_some()
    };
    for step in steps.iter_mut() {
        step.statement.hazards.retain(|it| !is_given_again(it));
    }
    let lost: Vec<(ObjectId, Hazard)> = context
        .before
        .of_kind(Kind::Grant)
        .filter(|(id, _)| !context.after.contains(id))
        .filter_map(|(id, grant)| Some((id, grant, holder(id)?)))
        .flat_map(|(id, grant, holder)| {
            let hazards = grant.drop(id, context).into_iter();
            let hazards = hazards.flat_map(|statement| statement.hazards);
            hazards.map(move |hazard| (holder.clone(), hazard))
        })
        .collect();
    for (holder, hazard) in lost {
        let drops = |step: &&mut Step| {
            let mut objects = step.objects.iter();
            objects.any(|(verb, id)| *verb == Verb::Drop && *id == holder)
        };
        let is_said = |step: &Step| step.statement.hazards.contains(&hazard);
        if steps.iter().any(is_said) {
            continue;
        }
        if let Some(step) = steps.iter_mut().find(drops) {
            step.statement.hazards.push(hazard);
        }
    }
}
