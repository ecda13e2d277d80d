//! The graph of actions: an edge says "this before that". Dependencies of the state before order what is taken away,
//! those of the state after order what is made.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use petgraph::Direction;
use petgraph::algo::tarjan_scc;
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::{EdgeRef, IntoEdgeReferences};

use super::Verb;
use super::fate::{Fate, Fates, is_part};
use crate::kind::{Context, NameSlot, Statement};
use crate::model::{Kind, ObjectId};

/// One action on one object.
#[derive(Debug, Clone)]
pub(super) struct Action {
    pub(super) id: ObjectId,
    pub(super) verb: Verb,
    pub(super) statements: Vec<Statement>,
    /// Whether it only moves the old object aside, or discards it: its parts are not concerned.
    pub(super) swap: bool,
}

/// How firmly one action has to come before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// PostgreSQL refuses it otherwise.
    Must,
    /// It reads better.
    Should,
}

/// Actions and their order.
pub(super) struct Graph {
    graph: StableDiGraph<Action, Before>,
    drops: BTreeMap<ObjectId, NodeIndex>,
    creates: BTreeMap<ObjectId, NodeIndex>,
    alters: BTreeMap<ObjectId, NodeIndex>,
}

/// Actions that wait for each other.
pub(super) struct Cycle {
    nodes: Vec<(ObjectId, Verb)>,
}

impl Graph {
    pub(super) fn new(context: &Context<'_>, fates: &Fates) -> Graph {
        let mut graph = Graph {
            graph: StableDiGraph::new(),
            drops: BTreeMap::new(),
            creates: BTreeMap::new(),
            alters: BTreeMap::new(),
        };
        let mut asides = BTreeMap::new();
        for (id, fate) in fates {
            let dropped = || {
                context
                    .before
                    .get(id)
                    .map(|object| object.drop(id, context))
                    .unwrap_or_default()
            };
            let created = || {
                context
                    .after
                    .get(id)
                    .map(|object| object.create(id, context))
                    .unwrap_or_default()
            };
            match fate {
                Fate::Create => graph.create(id, created()),
                Fate::Drop => graph.drop(id, dropped(), false),
                Fate::Rebuild => {
                    graph.drop(id, dropped(), false);
                    graph.create(id, created());
                }
                Fate::Alter { statements, .. } => graph.alter(id, statements.clone()),
                Fate::Undo(statements) => graph.alter(id, statements.clone()),
                Fate::Swap { set_aside, discard } => {
                    let aside = graph.graph.add_node(Action {
                        id: id.clone(),
                        verb: Verb::Alter,
                        statements: set_aside.clone(),
                        swap: true,
                    });
                    asides.insert(id.clone(), aside);
                    graph.drop(id, discard.clone(), true);
                    graph.create(id, created());
                }
            }
        }
        graph.connect(context, fates, &asides);
        graph
    }

    fn node(
        &mut self,
        id: &ObjectId,
        verb: Verb,
        statements: Vec<Statement>,
        swap: bool,
    ) -> NodeIndex {
        self.graph.add_node(Action {
            id: id.clone(),
            verb,
            statements,
            swap,
        })
    }

    fn create(&mut self, id: &ObjectId, statements: Vec<Statement>) {
        let node = self.node(id, Verb::Create, statements, false);
        self.creates.insert(id.clone(), node);
    }

    fn drop(&mut self, id: &ObjectId, statements: Vec<Statement>, swap: bool) {
        let node = self.node(id, Verb::Drop, statements, swap);
        self.drops.insert(id.clone(), node);
    }

    fn alter(&mut self, id: &ObjectId, statements: Vec<Statement>) {
        let node = self.node(id, Verb::Alter, statements, false);
        self.alters.insert(id.clone(), node);
    }

    fn edge(&mut self, first: NodeIndex, then: NodeIndex, how: Before) {
        if first != then {
            self.graph.update_edge(first, then, how);
        }
    }

    fn should(&mut self, first: NodeIndex, then: NodeIndex) {
        if first != then && self.graph.find_edge(first, then).is_none() {
            self.graph.add_edge(first, then, Before::Should);
        }
    }

    fn connect(
        &mut self,
        context: &Context<'_>,
        fates: &Fates,
        asides: &BTreeMap<ObjectId, NodeIndex>,
    ) {
        let (before, after) = (context.before, context.after);
        let mut soft = Vec::new();
        for id in fates.keys() {
            let (create, alter, drop) = (
                self.creates.get(id).copied(),
                self.alters.get(id).copied(),
                self.drops.get(id).copied(),
            );
            let swapped = asides.get(id).copied();
            if let (Some(create), Some(drop)) = (create, drop) {
                match swapped {
                    Some(aside) => {
                        self.edge(aside, create, Before::Must);
                        self.edge(create, drop, Before::Must);
                    }
                    None => self.edge(drop, create, Before::Must),
                }
            }
            // What is made or altered comes after what it depends on then.
            for needed in needs(after, id) {
                for later in [create, alter].into_iter().flatten() {
                    if let Some(&made) = self.creates.get(needed) {
                        self.edge(made, later, Before::Must);
                        if Some(later) == create {
                            soft.push((needed.root().clone(), id.root().clone(), Verb::Create));
                        }
                    }
                    if let Some(&changed) = self.alters.get(needed)
                        && id.parent.as_deref() != Some(needed)
                    {
                        self.edge(changed, later, Before::Must);
                    }
                }
            }
            // What is taken away goes before what it depended on; what is altered lets go of it before.
            for needed in needs(before, id) {
                if let Some(&gone) = self.drops.get(needed) {
                    match (drop, alter) {
                        (Some(drop), _) if asides.contains_key(needed) => {
                            if swapped.is_none() {
                                self.edge(drop, asides[needed], Before::Must);
                            } else {
                                // Both are swapped: the old one goes before what it is made of.
                                self.edge(drop, gone, Before::Must);
                            }
                        }
                        (Some(drop), _) => {
                            self.edge(drop, gone, Before::Must);
                            soft.push((id.root().clone(), needed.root().clone(), Verb::Drop));
                        }
                        (None, Some(alter)) => self.edge(alter, gone, Before::Must),
                        (None, None) => {}
                    }
                }
                if let (Some(drop), Some(&changed), None) = (drop, self.alters.get(needed), swapped)
                    && id.parent.as_deref() != Some(needed)
                {
                    self.edge(drop, changed, Before::Must);
                }
                // A default goes before its column's type changes.
                if let (Some(drop), Some(&changed)) = (drop, self.alters.get(needed))
                    && id.parent.as_deref() == Some(needed)
                {
                    self.edge(drop, changed, Before::Must);
                }
            }
            // A default comes back after its column's type changed.
            if let Some(create) = create
                && let Some(&changed) = id
                    .parent
                    .as_deref()
                    .and_then(|parent| self.alters.get(parent))
                && id
                    .parent
                    .as_deref()
                    .is_some_and(|parent| parent.kind == Kind::Column)
            {
                self.edge(changed, create, Before::Must);
            }
        }
        self.names(context);
        for (first, then, verb) in soft {
            let nodes = if verb == Verb::Drop {
                &self.drops
            } else {
                &self.creates
            };
            if let (Some(&first), Some(&then)) = (nodes.get(&first), nodes.get(&then)) {
                self.should(first, then);
            }
        }
    }

    /// A name is free before another object takes it.
    fn names(&mut self, context: &Context<'_>) {
        let slots = |catalog: &crate::kind::Catalog, id: &ObjectId| -> BTreeSet<NameSlot> {
            let slots = catalog
                .get(id)
                .map(|object| object.occupies(id))
                .unwrap_or_default();
            slots.into_iter().collect()
        };
        let mut freed: BTreeMap<NameSlot, Vec<NodeIndex>> = BTreeMap::new();
        let mut taken: BTreeMap<NameSlot, Vec<NodeIndex>> = BTreeMap::new();
        for (id, node) in self
            .drops
            .iter()
            .filter(|(_, node)| !self.graph[**node].swap)
        {
            for slot in slots(context.before, id) {
                freed.entry(slot).or_default().push(*node);
            }
        }
        for (id, node) in &self.creates {
            for slot in slots(context.after, id) {
                taken.entry(slot).or_default().push(*node);
            }
        }
        for (id, node) in &self.alters {
            let (before, after) = (slots(context.before, id), slots(context.after, id));
            for slot in before.difference(&after) {
                freed.entry(slot.clone()).or_default().push(*node);
            }
            for slot in after.difference(&before) {
                taken.entry(slot.clone()).or_default().push(*node);
            }
        }
        for (slot, takers) in taken {
            for first in freed.get(&slot).cloned().unwrap_or_default() {
                for then in &takers {
                    self.edge(first, *then, Before::Must);
                }
            }
        }
    }

    pub(super) fn action(&self, node: NodeIndex) -> &Action {
        &self.graph[node]
    }

    pub(super) fn created(&self, id: &ObjectId) -> Option<NodeIndex> {
        self.creates.get(id).copied()
    }

    pub(super) fn dropped(&self, id: &ObjectId) -> Option<NodeIndex> {
        self.drops
            .get(id)
            .copied()
            .filter(|node| !self.graph[*node].swap)
    }

    /// What must come before an action.
    pub(super) fn before(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> {
        self.graph
            .edges_directed(node, Direction::Incoming)
            .filter(|edge| *edge.weight() == Before::Must)
            .map(|edge| edge.source())
    }

    /// What must come after an action.
    pub(super) fn after(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> {
        self.graph
            .edges(node)
            .filter(|edge| *edge.weight() == Before::Must)
            .map(|edge| edge.target())
    }

    /// The order: of what may come next, always what stands first by name.
    pub(super) fn order(&self) -> Result<Vec<NodeIndex>, Cycle> {
        let mut graph = self.graph.clone();
        self.loosen(&mut graph)?;
        let mut nodes: Vec<NodeIndex> = graph.node_indices().collect();
        nodes.sort_by_key(|node| rank(&graph[*node]));
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

    /// Takes out the edges of taste that take part in cycles; a cycle that remains is an error.
    fn loosen(&self, graph: &mut StableDiGraph<Action, Before>) -> Result<(), Cycle> {
        for component in tarjan_scc(&*graph) {
            if component.len() < 2 {
                continue;
            }
            let members: BTreeSet<NodeIndex> = component.into_iter().collect();
            let loose: Vec<_> = graph
                .edge_references()
                .filter(|edge| *edge.weight() == Before::Should)
                .filter(|edge| members.contains(&edge.source()) && members.contains(&edge.target()))
                .map(|edge| edge.id())
                .collect();
            for edge in loose {
                graph.remove_edge(edge);
            }
        }
        match tarjan_scc(&*graph)
            .into_iter()
            .find(|component| component.len() > 1)
        {
            None => Ok(()),
            Some(component) => Err(self.cycle(graph, &component)),
        }
    }

    /// One shortest chain through a component, to be shown.
    fn cycle(&self, graph: &StableDiGraph<Action, Before>, component: &[NodeIndex]) -> Cycle {
        let members: BTreeSet<NodeIndex> = component.iter().copied().collect();
        let start = component
            .iter()
            .copied()
            .min_by_key(|node| rank(&graph[*node]))
            .unwrap_or_default();
        let mut came: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for next in graph.neighbors(node).filter(|next| members.contains(next)) {
                if next == start {
                    let mut chain = vec![node];
                    let mut at = node;
                    while let Some(&previous) = came.get(&at) {
                        chain.push(previous);
                        at = previous;
                    }
                    chain.reverse();
                    let nodes = chain
                        .iter()
                        .map(|node| (graph[*node].id.clone(), graph[*node].verb))
                        .collect();
                    return Cycle { nodes };
                }
                if !came.contains_key(&next) && next != start {
                    came.insert(next, node);
                    queue.push_back(next);
                }
            }
        }
        Cycle {
            nodes: component
                .iter()
                .map(|node| (graph[*node].id.clone(), graph[*node].verb))
                .collect(),
        }
    }
}

impl Cycle {
    /// An alteration in the cycle that may as well be a drop and a creation, because it keeps no rows.
    pub(super) fn breakable(&self, forced: &BTreeSet<ObjectId>) -> Option<ObjectId> {
        self.nodes
            .iter()
            .find(|(id, verb)| {
                *verb == Verb::Alter
                    && !matches!(id.kind, Kind::Table | Kind::Column | Kind::Schema)
                    && !forced.contains(id)
            })
            .map(|(id, _)| id.clone())
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

/// What an object needs: what it depends on and what it is a part of.
fn needs<'a>(
    catalog: &'a crate::kind::Catalog,
    id: &'a ObjectId,
) -> impl Iterator<Item = &'a ObjectId> {
    let known = catalog.contains(id);
    let parent = id.parents().find(|parent| catalog.contains(parent));
    catalog
        .dependencies_of(id)
        .chain(parent)
        .filter(move |_| known)
}

/// Where an action stands when nothing else decides: what goes before what comes, backwards, then by kind and name of
/// the object that it belongs to, parts behind it; what PostgreSQL refuses in a transaction comes last.
fn rank(action: &Action) -> impl Ord + use<> {
    let root = action.id.root();
    let outside = action
        .statements
        .iter()
        .any(|statement| statement.outside_transaction);
    let late = matches!(action.id.kind, Kind::DefaultPrivilege | Kind::EventTrigger);
    let backwards = action.verb == Verb::Drop && !action.swap;
    let stage: u8 = match action.verb {
        _ if late => 3,
        _ if outside => 4,
        Verb::Drop if !action.swap => 0,
        Verb::Drop => 2,
        _ => 1,
    };
    let part = usize::from(is_part(&action.id)) * (1 + action.id.parents().count());
    let key = (
        root.kind,
        root.clone(),
        part.min(1),
        action.id.kind,
        action.id.clone(),
        action.verb,
    );
    if backwards {
        (stage, Some(Reverse(key)), None)
    } else {
        (stage, None, Some(key))
    }
}
