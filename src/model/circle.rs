//! Ways around: what waits for itself, shown as the way that comes back.

use std::collections::BTreeSet;

use petgraph::Direction;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// One way around in each part of a graph whose nodes wait for each other, an edge being "before": each node of the way
/// waits for the next one, and the last is the first.
pub fn circles<N>(graph: &DiGraph<N, ()>) -> Vec<Vec<NodeIndex>> {
    let mut ways = Vec::new();
    for component in tarjan_scc(graph) {
        let Some(start) = component.iter().min().copied() else {
            continue;
        };
        if component.len() < 2 && !graph.contains_edge(start, start) {
            continue;
        }
        let inside: BTreeSet<NodeIndex> = component.into_iter().collect();
        let mut way = vec![start];
        let mut at = start;
        // Every one of them waits for another one of them, so the way comes back to itself.
        while let Some(next) = graph
            .neighbors_directed(at, Direction::Incoming)
            .filter(|it| inside.contains(it))
            .min()
        {
            let seen = way.iter().position(|it| *it == next);
            way.push(next);
            at = next;
            if let Some(begin) = seen {
                way.drain(..begin);
                break;
            }
        }
        ways.push(way);
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_around_comes_back_and_leaves_out_what_only_leads_there() {
        let mut graph = DiGraph::new();
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| graph.add_node(name));
        for (before, after) in [(a, b), (b, c), (c, b), (d, a)] {
            graph.add_edge(before, after, ());
        }
        assert_eq!(circles(&graph), [vec![b, c, b]]);
        graph.remove_edge(graph.find_edge(c, b).unwrap());
        assert!(circles(&graph).is_empty());
        graph.add_edge(d, d, ());
        assert_eq!(circles(&graph), [vec![d, d]]);
    }
}
