//! A plan that several services share: the actions of each stand together, those first on which others stand.
//!
//! The rule: an action goes as early as what it waits for lets it, so that a part is only cut where two parts wait for each
//! other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use petgraph::stable_graph::NodeIndex;
use petgraph::visit::{EdgeRef, IntoEdgeReferences};

use super::graph::{Before, Graph};
use super::{Plan, Step};
use crate::model::ObjectId;

/// Whose an object is.
type Owner = dyn Fn(&ObjectId) -> usize + Send + Sync;

/// The parts into which a plan is divided: each object belongs to one of them.
pub struct Parts {
    count: usize,
    of: Box<Owner>,
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parts({})", self.count)
    }
}

impl Parts {
    /// So many parts; `of` tells the one of an object, from 0.
    pub fn new(count: usize, of: Box<Owner>) -> Parts {
        Parts { count, of }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The part of an object.
    pub fn of(&self, id: &ObjectId) -> usize {
        (self.of)(id).min(self.count.saturating_sub(1))
    }

    /// The part of each step; one that is about no object goes with the next one.
    pub fn of_steps(&self, steps: &[Step]) -> Vec<usize> {
        let mut parts: Vec<usize> = Vec::with_capacity(steps.len());
        let mut next = 0;
        for step in steps.iter().rev() {
            if let Some((_, id)) = step.objects.first() {
                next = self.of(id);
            }
            parts.push(next);
        }
        parts.reverse();
        parts
    }

    /// The parts as a way back goes through them, where nothing else decides: those of the way up from the last to the first,
    /// and before them those that have no step up, because nothing of the change stands on them.
    pub fn back(&self, up: &Plan, prefer: &[usize]) -> Vec<usize> {
        let mut reversed: Vec<usize> = Vec::new();
        for part in self.sequence(up).into_iter().rev() {
            if !reversed.contains(&part) {
                reversed.push(part);
            }
        }
        let others = prefer.iter().rev().filter(|it| !reversed.contains(it));
        let mut all: Vec<usize> = others.copied().collect();
        all.extend(reversed);
        all
    }

    /// The parts of the steps in their order, each as often as its steps do not stand together.
    pub fn sequence(&self, plan: &Plan) -> Vec<usize> {
        let mut parts = self.of_steps(&plan.steps);
        parts.dedup();
        parts
    }
}

/// How the parts of a plan stand.
#[derive(Debug, Clone, Copy)]
pub struct Arrangement<'a> {
    /// The parts.
    pub parts: &'a Parts,
    /// Their order where nothing else decides.
    pub prefer: &'a [usize],
}

/// The order of the actions, with those of a part together.
pub(super) fn arrange(
    graph: &Graph,
    order: Vec<NodeIndex>,
    arrangement: Arrangement<'_>,
) -> Vec<NodeIndex> {
    let parts = arrangement.parts;
    let part: BTreeMap<NodeIndex, usize> = order
        .iter()
        .map(|node| (*node, parts.of(&graph.action(*node).id)))
        .collect();
    // What only reads better does not hold across parts.
    let must = || {
        (&graph.graph)
            .edge_references()
            .filter(|edge| *edge.weight() != Before::Should)
            .map(|edge| (edge.source(), edge.target()))
    };
    let crossing = must().map(|(before, after)| (part[&before], part[&after]));
    let crossing: BTreeSet<(usize, usize)> = crossing.filter(|(one, other)| one != other).collect();
    let guide = guide(parts.count(), &crossing, arrangement.prefer);
    let mut waits_for: BTreeMap<NodeIndex, Vec<NodeIndex>> = BTreeMap::new();
    for (before, after) in must() {
        waits_for.entry(after).or_default().push(before);
    }
    // The blocks of the guide, again and again.
    let mut block: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    for node in &order {
        let earliest = waits_for.get(node).into_iter().flatten();
        let earliest = earliest.filter_map(|before| block.get(before)).max();
        let mut at = earliest.copied().unwrap_or(0);
        while guide[at % guide.len()] != part[node] {
            at += 1;
        }
        block.insert(*node, at);
    }
    let mut arranged = order;
    arranged.sort_by_key(|node| block[node]);
    arranged
}

/// The parts, those first that others wait for; those that wait for each other stand as they are preferred.
fn guide(count: usize, crossing: &BTreeSet<(usize, usize)>, prefer: &[usize]) -> Vec<usize> {
    let mut graph = DiGraph::new();
    let nodes: Vec<_> = (0..count.max(1)).map(|part| graph.add_node(part)).collect();
    for (before, after) in crossing {
        graph.update_edge(nodes[*before], nodes[*after], ());
    }
    let rank = |part: &usize| {
        let place = prefer.iter().position(|it| it == part);
        (place.unwrap_or(usize::MAX), *part)
    };
    // Those that wait for each other count as one.
    let mut knots: Vec<Vec<usize>> = tarjan_scc(&graph)
        .into_iter()
        .map(|knot| {
            let mut knot: Vec<usize> = knot.into_iter().map(|it| graph[it]).collect();
            knot.sort_by_key(rank);
            knot
        })
        .collect();
    let mut guide = Vec::with_capacity(count);
    while !knots.is_empty() {
        let is_free = |knot: &&Vec<usize>| {
            let waits = |(before, after): &(usize, usize)| {
                knot.contains(after) && !knot.contains(before) && !guide.contains(before)
            };
            !crossing.iter().any(waits)
        };
        let free = knots.iter().filter(is_free);
        let Some(next) = free.min_by_key(|knot| rank(&knot[0])).cloned() else {
            break;
        };
        knots.retain(|knot| *knot != next);
        guide.extend(next);
    }
    guide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_others_wait_for_go_first_and_the_preferred_where_nothing_waits() {
        let crossing = BTreeSet::from([(2, 0)]);
        assert_eq!(guide(3, &crossing, &[0, 1, 2]), [1, 2, 0]);
        assert_eq!(guide(3, &crossing, &[0, 2, 1]), [2, 0, 1]);
        assert_eq!(guide(3, &BTreeSet::new(), &[2]), [2, 0, 1]);
        let knot = BTreeSet::from([(0, 1), (1, 0), (1, 2)]);
        assert_eq!(guide(3, &knot, &[2, 1, 0]), [1, 0, 2]);
    }
}
