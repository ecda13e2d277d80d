//! Cycles: what waits for itself is broken by a short list of means, the mildest first. Wishes are dropped; an order that
//! was only guessed is cut; an object that has a form with fewer needs is made in that form first and whole after, and
//! emptied before it is taken away; an alteration that keeps no rows becomes a rebuild, as
//! does a foreign key between tables that wait for each other; that a call could mean what goes is left to PostgreSQL.
//! What is left is an error that prints the chain.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::stable_graph::{EdgeIndex, NodeIndex};
use petgraph::visit::{EdgeRef, NodeFiltered};

use super::Verb;
use super::graph::{Action, Before, Graph, rank};
use crate::kind::overload::is_read;
use crate::kind::{Context, Stub, references};
use crate::model::{Kind, ObjectId};
use crate::sql::references::mentioned_paths;

/// Actions that wait for each other.
pub(super) struct Cycle {
    nodes: Vec<(ObjectId, Verb)>,
    /// The overloads that go, each with what would be read after it.
    calls: Vec<(ObjectId, ObjectId)>,
}

impl Cycle {
    /// An alteration in the cycle that may as well be a drop and a creation, because it keeps no rows; else a foreign
    /// key that ties two of its tables.
    pub(super) fn breakable(
        &self,
        forced: &BTreeSet<ObjectId>,
        context: &Context<'_>,
    ) -> Option<ObjectId> {
        let altered = |id: &ObjectId| {
            let mut nodes = self.nodes.iter();
            nodes.any(|(other, verb)| *verb == Verb::Alter && other == id)
        };
        let mut nodes: Vec<&(ObjectId, Verb)> = self.nodes.iter().collect();
        // With a type the rows that hold values of it move.
        nodes.sort_by_key(|(id, _)| id.kind.is_type());
        nodes
            .into_iter()
            .filter(|(id, verb)| {
                *verb == Verb::Alter
                    && !matches!(id.kind, Kind::Table | Kind::Column | Kind::Schema)
                    // For a call alone, which may be none of what goes, no type is made anew and no row moved.
                    && (self.calls.is_empty()
                        || id.kind != Kind::Domain && is_read(id, context.after))
            })
            .map(|(id, _)| id)
            .chain(
                references(context.after).filter_map(|(key, table, referenced)| {
                    let tie = *table != referenced && altered(table) && altered(&referenced);
                    (tie && context.before.contains(key)).then_some(key)
                }),
            )
            .find(|id| !forced.contains(id))
            .cloned()
    }

    /// The overloads that go, each with what waits for that because it could call them.
    pub(super) fn calls(&self) -> &[(ObjectId, ObjectId)] {
        &self.calls
    }

    /// Whether declared rows wait for each other, and nothing else does.
    pub(super) fn is_of_rows(&self) -> bool {
        self.nodes.iter().all(|(id, _)| id.kind == Kind::Row)
    }

    pub(super) fn chain(&self) -> String {
        let name = |(id, verb): &(ObjectId, Verb)| {
            let verb = match verb {
                Verb::Drop => "drop",
                Verb::Alter => "alter",
                Verb::Create => "create",
            };
            format!("{verb} {id}")
        };
        let mut parts: Vec<String> = self.nodes.iter().map(name).collect();
        parts.extend(self.nodes.first().map(name));
        parts.join(" → ")
    }
}

/// How an action comes apart in two.
struct Split {
    node: NodeIndex,
    stub: Stub,
    /// The edges that are the second part's, or for a drop the first part's.
    moved: Vec<EdgeIndex>,
    /// How many of these, and of the edges that pass through the other part, lie in the cycle.
    gain: usize,
}

impl Graph {
    /// Takes the cycles out of the graph.
    pub(super) fn break_cycles(&mut self, context: &Context<'_>) -> Result<(), Cycle> {
        let all: BTreeSet<NodeIndex> = self.graph.node_indices().collect();
        for component in self.cycles_within(&all) {
            self.cut(&component, Before::Should);
        }
        for component in self.cycles_within(&all) {
            self.cut_back_edges(&component);
        }
        for component in self.cycles_within(&all) {
            self.cut(&component, Before::Guess);
        }
        let mut waiting = self.cycles_within(&all);
        while let Some(component) = waiting.pop() {
            let Some(split) = self.best_split(&component, context) else {
                return Err(self.shown(&component));
            };
            self.split(split, &component);
            waiting.extend(self.cycles_within(&component));
        }
        Ok(())
    }

    /// The sets of nodes, out of these, that reach each other.
    pub(super) fn cycles_within(&self, nodes: &BTreeSet<NodeIndex>) -> Vec<BTreeSet<NodeIndex>> {
        let filtered = NodeFiltered::from_fn(&self.graph, |node| nodes.contains(&node));
        kosaraju_scc(&filtered)
            .into_iter()
            .filter(|component| component.len() > 1)
            .map(|component| component.into_iter().collect())
            .collect()
    }

    fn inner_edges(
        &self,
        component: &BTreeSet<NodeIndex>,
    ) -> impl Iterator<Item = (EdgeIndex, NodeIndex, NodeIndex, Before)> {
        component.iter().flat_map(move |node| {
            self.graph
                .edges(*node)
                .filter(|edge| component.contains(&edge.target()))
                .map(|edge| (edge.id(), edge.source(), edge.target(), *edge.weight()))
        })
    }

    fn cut(&mut self, component: &BTreeSet<NodeIndex>, how: Before) {
        let edges: Vec<EdgeIndex> = self
            .inner_edges(component)
            .filter(|(_, _, _, weight)| *weight == how)
            .map(|(edge, ..)| edge)
            .collect();
        for edge in edges {
            self.graph.remove_edge(edge);
        }
    }

    /// Cuts the guessed edges that lead back to where a walk came from: as few as one walk finds.
    fn cut_back_edges(&mut self, component: &BTreeSet<NodeIndex>) {
        let mut starts: Vec<NodeIndex> = component.iter().copied().collect();
        starts.sort_by_cached_key(|node| rank(&self.graph[*node]));
        let (mut open, mut done) = (BTreeSet::new(), BTreeSet::new());
        let mut cut = Vec::new();
        for start in starts {
            if done.contains(&start) {
                continue;
            }
            open.insert(start);
            let mut path = vec![(start, self.onward(start, component))];
            while let Some((node, targets)) = path.last_mut() {
                let Some((edge, target, weight)) = targets.pop() else {
                    open.remove(node);
                    done.insert(*node);
                    path.pop();
                    continue;
                };
                if open.contains(&target) {
                    if weight == Before::Guess {
                        cut.push(edge);
                    }
                } else if !done.contains(&target) {
                    open.insert(target);
                    path.push((target, self.onward(target, component)));
                }
            }
        }
        for edge in cut {
            self.graph.remove_edge(edge);
        }
    }

    fn onward(
        &self,
        node: NodeIndex,
        component: &BTreeSet<NodeIndex>,
    ) -> Vec<(EdgeIndex, NodeIndex, Before)> {
        self.graph
            .edges(node)
            .filter(|edge| component.contains(&edge.target()))
            .map(|edge| (edge.id(), edge.target(), *edge.weight()))
            .collect()
    }

    /// The split that loosens most; of several the first by name.
    fn best_split(&self, component: &BTreeSet<NodeIndex>, context: &Context<'_>) -> Option<Split> {
        let mut nodes: Vec<NodeIndex> = component.iter().copied().collect();
        nodes.sort_by_cached_key(|node| rank(&self.graph[*node]));
        let mut best: Option<Split> = None;
        for node in nodes {
            if let Some(split) = self.possible_split(node, component, context)
                && best.as_ref().is_none_or(|best| split.gain > best.gain)
            {
                best = Some(split);
            }
        }
        best
    }

    fn possible_split(
        &self,
        node: NodeIndex,
        component: &BTreeSet<NodeIndex>,
        context: &Context<'_>,
    ) -> Option<Split> {
        let action = &self.graph[node];
        if action.swap || action.stubbed {
            return None;
        }
        let catalog = match action.verb {
            Verb::Drop => context.before,
            Verb::Alter | Verb::Create => context.after,
        };
        let stub = catalog.get(&action.id)?.stub(&action.id, context)?;
        let form = match action.verb {
            Verb::Create => &stub.make,
            Verb::Alter | Verb::Drop => &stub.hollow,
        };
        let text: Vec<String> = form.iter().map(|statement| statement.text()).collect();
        let needs = Needs::of(&text.join("\n"));
        let side = match action.verb {
            Verb::Drop => Direction::Outgoing,
            Verb::Alter | Verb::Create => Direction::Incoming,
        };
        let mut moved = Vec::new();
        let mut inside = 0;
        for edge in self.graph.edges_directed(node, side) {
            let other = match side {
                Direction::Outgoing => edge.target(),
                Direction::Incoming => edge.source(),
            };
            let of = &self.graph[other];
            let needed = catalog.dependencies_of(&action.id).any(|id| *id == of.id);
            // What an alteration waits for, beyond its needs, waits for its second part.
            let loose = match action.verb {
                Verb::Drop => needed && of.verb == Verb::Drop && !of.swap,
                Verb::Create => needed || *edge.weight() == Before::Call,
                Verb::Alter => needed || of.verb == Verb::Drop,
            };
            let is_call = *edge.weight() == Before::Call;
            let is_free = of.verb == Verb::Drop && action.verb == Verb::Alter && !is_call
                || !needs.name(&of.id);
            if loose && is_free {
                moved.push(edge.id());
                inside += usize::from(component.contains(&other));
            }
        }
        if inside == 0 {
            return None;
        }
        let through = self
            .graph
            .neighbors_directed(node, side.opposite())
            .filter(|other| component.contains(other))
            .count();
        Some(Split {
            node,
            stub,
            moved,
            gain: inside * through,
        })
    }

    /// Makes two actions of one.
    fn split(&mut self, split: Split, component: &BTreeSet<NodeIndex>) {
        let Split {
            node, stub, moved, ..
        } = split;
        let action = self.graph[node].clone();
        let (own, other) = match action.verb {
            Verb::Create => (stub.make, stub.complete),
            Verb::Alter => {
                let mut complete = action.statements.clone();
                complete.extend(
                    stub.complete
                        .into_iter()
                        .filter(|it| !action.statements.iter().any(|has| has.text() == it.text())),
                );
                (stub.hollow, complete)
            }
            Verb::Drop => (action.statements.clone(), stub.hollow),
        };
        self.graph[node].statements = own;
        self.graph[node].stubbed = true;
        let second = self.graph.add_node(Action {
            id: action.id.clone(),
            verb: Verb::Alter,
            statements: other,
            swap: false,
            stubbed: true,
            position: action.position,
        });
        let edges: Vec<(EdgeIndex, NodeIndex, NodeIndex, Before)> = moved
            .iter()
            .filter_map(|edge| {
                let (from, to) = self.graph.edge_endpoints(*edge)?;
                Some((*edge, from, to, *self.graph.edge_weight(*edge)?))
            })
            .collect();
        for (edge, from, to, how) in edges {
            self.graph.remove_edge(edge);
            match action.verb {
                Verb::Drop => self.graph.add_edge(second, to, how),
                Verb::Alter | Verb::Create => self.graph.add_edge(from, second, how),
            };
        }
        if action.verb == Verb::Drop {
            self.graph.add_edge(second, node, Before::Must);
            return;
        }
        // Outside the cycle all wait for the whole object.
        let users: Vec<(EdgeIndex, NodeIndex, Before)> = self
            .graph
            .edges(node)
            .filter(|edge| !component.contains(&edge.target()))
            .filter(|edge| self.graph[edge.target()].verb != Verb::Drop)
            .map(|edge| (edge.id(), edge.target(), *edge.weight()))
            .collect();
        for (edge, to, how) in users {
            self.graph.remove_edge(edge);
            self.graph.add_edge(second, to, how);
        }
        self.graph.add_edge(node, second, Before::Must);
    }

    /// One shortest chain through a component, to be shown.
    fn shown(&self, component: &BTreeSet<NodeIndex>) -> Cycle {
        let calls: Vec<(ObjectId, ObjectId)> = self
            .inner_edges(component)
            .filter(|(_, _, _, how)| *how == Before::Call)
            .map(|(_, gone, reads, _)| (self.graph[gone].id.clone(), self.graph[reads].id.clone()))
            .collect();
        let named = |nodes: &mut dyn Iterator<Item = &NodeIndex>| Cycle {
            calls: calls.clone(),
            nodes: nodes
                .map(|node| (self.graph[*node].id.clone(), self.graph[*node].verb))
                .collect(),
        };
        let Some(start) = component
            .iter()
            .copied()
            .min_by_key(|node| rank(&self.graph[*node]))
        else {
            return named(&mut std::iter::empty());
        };
        let mut came: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for next in self.graph.neighbors(node) {
                if next == start {
                    let mut chain = vec![node];
                    while let Some(&previous) = chain.last().and_then(|at| came.get(at)) {
                        chain.push(previous);
                    }
                    chain.reverse();
                    return named(&mut chain.iter());
                }
                if component.contains(&next) && !came.contains_key(&next) {
                    came.insert(next, node);
                    queue.push_back(next);
                }
            }
        }
        named(&mut component.iter())
    }
}

/// The names in the text of a stub: what it needs of all that the whole object depends on.
struct Needs {
    paths: BTreeSet<Vec<String>>,
}

impl Needs {
    fn of(text: &str) -> Self {
        Needs {
            paths: mentioned_paths(text),
        }
    }

    /// Whether an object, or what it is a part of, is named; what lives in no schema counts as named.
    fn name(&self, id: &ObjectId) -> bool {
        let root = id.root();
        let Some(schema) = root.schema().filter(|_| root.kind != Kind::Schema) else {
            return true;
        };
        self.paths.iter().any(|path| match path.as_slice() {
            [only] => **only == *root.name,
            [first, second, ..] => first == schema && **second == *root.name,
            [] => false,
        })
    }
}
