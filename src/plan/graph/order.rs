//! The order of actions: of what may come next, always what stands first by name.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use petgraph::Direction;
use petgraph::stable_graph::NodeIndex;

use super::{Action, Graph};
use crate::kind::Context;
use crate::model::{Kind, ObjectId};
use crate::plan::Verb;
use crate::plan::fate::is_part;
use crate::plan::split::Cycle;

impl Graph {
    /// The order: of what may come next, always what stands first by name.
    pub(in crate::plan) fn order(
        &mut self,
        context: &Context<'_>,
    ) -> Result<Vec<NodeIndex>, Cycle> {
        self.break_cycles(context)?;
        let graph = &self.graph;
        let mut nodes: Vec<NodeIndex> = graph.node_indices().collect();
        nodes.sort_by_cached_key(|node| rank(&graph[*node]));
        let place: BTreeMap<NodeIndex, usize> = nodes
            .iter()
            .enumerate()
            .map(|(place, node)| (*node, place))
            .collect();
        let mut waiting: BTreeMap<NodeIndex, usize> = nodes
            .iter()
            .map(|node| {
                (
                    *node,
                    graph.edges_directed(*node, Direction::Incoming).count(),
                )
            })
            .collect();
        let mut ready: BinaryHeap<Reverse<usize>> = nodes
            .iter()
            .filter(|node| waiting[*node] == 0)
            .map(|node| Reverse(place[node]))
            .collect();
        let mut order = Vec::with_capacity(nodes.len());
        while let Some(Reverse(next)) = ready.pop() {
            let node = nodes[next];
            order.push(node);
            for target in graph.neighbors(node) {
                if let Some(left) = waiting.get_mut(&target) {
                    *left -= 1;
                    if *left == 0 {
                        ready.push(Reverse(place[&target]));
                    }
                }
            }
        }
        Ok(order)
    }
}

/// Where an action stands when nothing else decides: what goes before what comes, backwards, then by kind and name of
/// the object that it belongs to, parts behind it; what PostgreSQL refuses in a transaction comes last.
pub(in crate::plan) fn rank(action: &Action) -> impl Ord + use<> {
    let root = action.id.root();
    let outside = action
        .statements
        .iter()
        .any(|statement| statement.outside_transaction);
    let late = matches!(action.id.kind, Kind::DefaultPrivilege | Kind::EventTrigger);
    let backwards = action.verb == Verb::Drop && !action.swap;
    let fires = root.kind == Kind::EventTrigger;
    let stage: u8 = match action.verb {
        // It would fire for the drops of all others, when what its function reads is gone.
        Verb::Drop if fires => 0,
        _ if late => 4,
        _ if outside => 5,
        Verb::Drop if !action.swap => 1,
        Verb::Drop => 3,
        _ => 2,
    };
    let part = usize::from(is_part(&action.id)) * (1 + action.id.parents().count());
    // A grant on a schema belongs to no other object; rows of tables stand behind all tables.
    let (kind, holder) = match (root.kind, action.id.kind) {
        (Kind::Grant, _) => (root.kind, root.parent.as_deref().unwrap_or(root).clone()),
        (_, Kind::Row) => {
            let place = format!("{:010}", action.position);
            (Kind::Row, ObjectId::top(Kind::Row, &place))
        }
        _ => (root.kind, root.clone()),
    };
    let key = (
        kind,
        holder,
        part.min(1),
        action.id.kind,
        (action.id.kind == Kind::Grant).then(|| action.id.parent.clone()),
        action.position,
        action.id.clone(),
        action.verb,
    );
    if backwards {
        (stage, Some(Reverse(key)), None)
    } else {
        (stage, None, Some(key))
    }
}
