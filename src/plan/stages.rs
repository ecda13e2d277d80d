//! The transactions of a plan: what is built beside others comes first, what fills, validates and finishes comes last, each
//! in transactions of its own, so that no lock waits for work on rows. What another action waits for stays where it is ordered,
//! between transactions that end before and after it.

use std::collections::BTreeSet;

use petgraph::stable_graph::NodeIndex;

use super::Step;
use super::graph::Graph;
use crate::kind::Stage;

/// A step with the action that it is of.
pub(super) struct Staged {
    pub(super) step: Step,
    /// The action.
    pub(super) node: NodeIndex,
    /// Whether nothing in the plan waits for what the action does in later stages.
    pub(super) free: bool,
}

/// The actions whose later stages may come after all else: those that nothing waits for but others like them.
pub(super) fn free(graph: &Graph, order: &[NodeIndex]) -> BTreeSet<NodeIndex> {
    let is_staged = |node: NodeIndex| {
        let mut statements = graph.action(node).statements.iter();
        statements.any(|it| it.stage > Stage::Main)
    };
    let mut free = BTreeSet::new();
    for node in order.iter().rev() {
        if is_staged(*node) && graph.after(*node).all(|later| free.contains(&later)) {
            free.insert(*node);
        }
    }
    free
}

/// The steps in the order of their stages.
pub(super) fn arrange(steps: Vec<Staged>) -> Vec<Step> {
    if steps
        .iter()
        .all(|it| it.step.statement.stage == Stage::Main)
    {
        return steps.into_iter().map(|it| it.step).collect();
    }
    let (mut first, mut main, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for staged in steps {
        match staged.step.statement.stage {
            Stage::Beside => first.push(staged),
            Stage::Main => main.push(staged),
            _ if staged.free => last.push(staged),
            _ => main.push(staged),
        }
    }
    last.sort_by_key(|it| it.step.statement.stage);
    first.extend(main);
    first.extend(last);
    let mut arranged: Vec<Step> = Vec::with_capacity(first.len());
    let mut before: Option<(NodeIndex, Stage)> = None;
    for staged in first {
        let stage = staged.step.statement.stage;
        let ends = before.is_some_and(|(node, was)| {
            // What is filled for one action is filled in one transaction.
            was != stage || stage == Stage::Fill && node != staged.node
        });
        if ends && let Some(last) = arranged.last_mut() {
            last.commit_after = true;
        }
        before = Some((staged.node, stage));
        arranged.push(staged.step);
    }
    arranged
}
