//! The transactions of a plan: what takes its time keeps no lock of another statement waiting for it. What is built beside
//! others comes first; then, as often as something waits for what came before, all statements that need but a moment, what is
//! built while its relation is used, what fills, what closes, what validates and what finishes; event triggers last of all.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::stable_graph::NodeIndex;

use super::graph::Graph;
use super::{Step, Verb};
use crate::kind::Stage;
use crate::model::Kind;

/// The steps of one action, and the action by which alone they are done where they are left out.
pub(super) struct Share {
    pub(super) node: NodeIndex,
    pub(super) steps: Vec<Step>,
    /// The action that does this one along.
    pub(super) done_by: Option<NodeIndex>,
    /// The action of whose statement this one has become a part.
    pub(super) within: Option<NodeIndex>,
}

/// The stages of a round.
const ROUND: [Stage; 9] = [
    Stage::Main,
    Stage::Build,
    Stage::Fill,
    Stage::Close,
    Stage::Refill,
    Stage::Validate,
    Stage::Finish,
    Stage::Clear,
    Stage::Away,
];

/// The steps in the order of their stages. `shares` are in an order in which each action comes after what it waits for; what
/// is none of them has been done before, or is done elsewhere.
pub(super) fn arrange(graph: &Graph, shares: Vec<Share>) -> Vec<Step> {
    let is_plain = |share: &Share| {
        let mut steps = share.steps.iter();
        steps.all(|step| step.statement.stage == Stage::Main)
    };
    if shares.iter().all(is_plain) {
        return shares.into_iter().flat_map(|it| it.steps).collect();
    }
    // An event trigger would fire for what is still to come: whatever has to do with it is last of all, but for its end.
    let fires = |share: &Share| {
        let action = graph.action(share.node);
        action.id.root().kind == Kind::EventTrigger && action.verb != Verb::Drop
    };
    let (last, shares): (Vec<Share>, Vec<Share>) = shares.into_iter().partition(fires);
    let inside = shares.iter().map(|share| share.node).collect();
    let mut arranged = Vec::new();
    let mut waiting = Vec::new();
    let mut members: BTreeMap<NodeIndex, Vec<NodeIndex>> = BTreeMap::new();
    let mut by = BTreeMap::new();
    let mut within: BTreeMap<NodeIndex, Vec<NodeIndex>> = BTreeMap::new();
    for mut share in shares {
        if let Some(other) = share.within {
            within.entry(other).or_default().push(share.node);
        }
        if let Some(other) = share.done_by {
            members.entry(other).or_default().push(share.node);
            by.insert(share.node, other);
            continue;
        }
        share.steps.sort_by_key(|step| step.statement.stage);
        let later = share
            .steps
            .partition_point(|step| step.statement.stage == Stage::Beside);
        let rest = share.steps.split_off(later);
        arranged.extend(share.steps);
        waiting.push(Waiting {
            node: share.node,
            steps: rest.into(),
        });
    }
    let mut rounds = Rounds {
        graph,
        inside,
        done: BTreeSet::new(),
        members,
        by,
        within,
        arranged,
    };
    while !waiting.is_empty() {
        let left = waiting.len();
        let steps = rounds.arranged.len();
        for stage in ROUND {
            rounds.run(stage, &mut waiting);
        }
        // What waits for itself has been refused before. What only reads better may stand in the way of what is done along with
        // others: then the rest comes in the order of the graph.
        if waiting.len() == left && rounds.arranged.len() == steps {
            let rest = std::mem::take(&mut waiting);
            rounds
                .arranged
                .extend(rest.into_iter().flat_map(|it| it.steps));
        }
    }
    let last = last.into_iter().flat_map(|share| share.steps);
    rounds.arranged.extend(last);
    cut(rounds.arranged)
}

struct Waiting {
    node: NodeIndex,
    steps: VecDeque<Step>,
}

struct Rounds<'a> {
    graph: &'a Graph,
    /// The actions whose steps are arranged.
    inside: BTreeSet<NodeIndex>,
    done: BTreeSet<NodeIndex>,
    /// What an action does along.
    members: BTreeMap<NodeIndex, Vec<NodeIndex>>,
    /// The action that does this one along.
    by: BTreeMap<NodeIndex, NodeIndex>,
    /// What is a part of an action's statement.
    within: BTreeMap<NodeIndex, Vec<NodeIndex>>,
    arranged: Vec<Step>,
}

impl Rounds<'_> {
    /// Takes all steps of a stage that wait for nothing any more.
    fn run(&mut self, stage: Stage, waiting: &mut Vec<Waiting>) {
        waiting.retain_mut(|share| {
            if !self.is_ready(share.node) {
                return true;
            }
            let mine = share
                .steps
                .iter()
                .take_while(|step| step.statement.stage == stage)
                .count();
            self.arranged.extend(share.steps.drain(..mine));
            if share.steps.is_empty() {
                self.done.insert(share.node);
            }
            !share.steps.is_empty()
        });
    }

    /// Whether all is done that an action, one that it does along or a part of its statement waits for.
    fn is_ready(&self, node: NodeIndex) -> bool {
        let along = self.members.get(&node).into_iter().flatten();
        let parts = self
            .within
            .get(&node)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let is_done = |it: NodeIndex| {
            let it = self.by.get(&it).copied().unwrap_or(it);
            it == node || self.done.contains(&it) || !self.inside.contains(&it)
        };
        let mut first = std::iter::once(&node).chain(along);
        first.all(|of| self.graph.all_before(*of).all(is_done))
            && parts.iter().all(|part| {
                let mut before = self.graph.before(*part);
                before.all(|it| parts.contains(&it) || is_done(it))
            })
    }
}

/// Ends a transaction where what takes its time begins or ends.
fn cut(mut steps: Vec<Step>) -> Vec<Step> {
    let work = |step: &Step| match step.statement.stage {
        Stage::Main | Stage::Close | Stage::Finish | Stage::Clear => None,
        stage => Some(stage),
    };
    for at in 1..steps.len() {
        if work(&steps[at - 1]) != work(&steps[at]) {
            steps[at - 1].commit_after = true;
        }
    }
    steps
}
