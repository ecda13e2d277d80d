//! The graph of actions: an edge says "this before that". Dependencies of the state before order what is taken away,
//! those of the state after order what is made.

mod circles;
mod families;
mod names;
mod needs;
mod order;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef;

use super::Verb;
use super::fate::{Fate, Fates};
use crate::kind::not_null;
use crate::kind::{Context, Statement};
use crate::model::{Kind, ObjectId};

pub(super) use circles::Deferral;
pub(crate) use families::roots;
pub(super) use order::rank;
use rows::{announced, carry, goes_with_a_copy, rows_in_order};

/// One action on one object.
#[derive(Debug, Clone)]
pub(super) struct Action {
    pub(super) id: ObjectId,
    pub(super) verb: Verb,
    pub(super) statements: Vec<Statement>,
    /// Whether it only moves the old object aside, or discards it: its parts are not concerned.
    pub(super) swap: bool,
    /// Whether it is one part of an action that came apart.
    pub(super) stubbed: bool,
    /// Where a grant stands among those on its object, and a declared row by its table.
    pub(super) position: i32,
}

/// How firmly one action has to come before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// PostgreSQL refuses it otherwise.
    Must,
    /// A call could mean what goes: PostgreSQL takes that, or finds two that fit.
    Call,
    /// As `Must`, as far as the names in a text tell.
    Guess,
    /// It reads better.
    Should,
}

/// Actions and their order.
pub(super) struct Graph {
    pub(super) graph: StableDiGraph<Action, Before>,
    drops: BTreeMap<ObjectId, NodeIndex>,
    creates: BTreeMap<ObjectId, NodeIndex>,
    alters: BTreeMap<ObjectId, NodeIndex>,
    /// The places of the grants and columns that are made, and of declared rows by their tables.
    places: BTreeMap<ObjectId, i32>,
    /// The foreign keys whose check waits for rows that refer to each other in a circle.
    pub(super) deferrals: Vec<Deferral>,
    /// The rows that come, or go, with another one in its statement.
    joined: BTreeMap<NodeIndex, BTreeSet<ObjectId>>,
}

impl Graph {
    /// The actions of these fates. Overloads that go do so before a text is read that could call them, but for these pairs of
    /// an overload and what is read.
    pub(super) fn new(
        context: &Context<'_>,
        fates: &Fates,
        unheeded: &BTreeSet<(ObjectId, ObjectId)>,
    ) -> Graph {
        let mut graph = Graph {
            graph: StableDiGraph::new(),
            drops: BTreeMap::new(),
            creates: BTreeMap::new(),
            alters: BTreeMap::new(),
            places: fates
                .keys()
                .filter(|id| matches!(id.kind, Kind::Grant | Kind::Column))
                .filter_map(|id| Some((id.clone(), *context.after.positions.get(id)?)))
                .collect(),
            deferrals: Vec::new(),
            joined: BTreeMap::new(),
        };
        graph.places.extend(rows_in_order(context, fates));
        let mut asides = BTreeMap::new();
        let mut releases = BTreeMap::new();
        let mut carried = Vec::new();
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
                Fate::Drop => {
                    let mut gone = dropped();
                    if goes_with_a_copy(id, context, fates) {
                        gone.iter_mut()
                            .for_each(|statement| statement.hazards.clear());
                    }
                    graph.drop(id, gone, false);
                }
                Fate::Rebuild => {
                    let carry = carry(id, context, fates).map(announced(id));
                    let mut gone = dropped();
                    if carry.is_some() || goes_with_a_copy(id, context, fates) {
                        gone.iter_mut()
                            .for_each(|statement| statement.hazards.clear());
                    }
                    graph.drop(id, gone, false);
                    graph.create(id, created());
                    if let Some(carry) = carry {
                        let save = graph.node(id, Verb::Alter, carry.save, true);
                        let restore = graph.node(id, Verb::Alter, carry.restore, true);
                        carried.push((id.clone(), save, restore));
                    }
                }
                Fate::Alter {
                    lets_go,
                    statements,
                    ..
                } => {
                    if let Some(first) = lets_go.clone() {
                        let node = graph.node(id, Verb::Alter, first, true);
                        releases.insert(id.clone(), node);
                    }
                    graph.alter(id, statements.clone());
                }
                Fate::Undo(statements) => graph.alter(id, statements.clone()),
                Fate::Swap { set_aside, discard } => {
                    let aside = graph.graph.add_node(Action {
                        id: id.clone(),
                        verb: Verb::Alter,
                        statements: set_aside.clone(),
                        swap: true,
                        stubbed: false,
                        position: i32::MAX,
                    });
                    asides.insert(id.clone(), aside);
                    graph.drop(id, discard.clone(), true);
                    if context.after.contains(id) {
                        graph.create(id, created());
                    }
                }
            }
        }
        graph.connect(context, fates, &asides, &releases);
        graph.connect_rights();
        graph.connect_attached(context);
        graph.connect_owned(context);
        graph.connect_copies(context);
        graph.connect_beside_copies(context);
        graph.connect_declared_rows(context);
        for (id, release) in releases {
            graph.connect_release(context, &id, release, &asides);
        }
        for (id, save, restore) in &carried {
            graph.connect_rows(context, id, *save, *restore);
        }
        graph.connect_restored(context, &carried);
        for settlement in not_null::settlements(context) {
            graph.connect_settlement(context, settlement);
        }
        graph.connect_overloads(context, unheeded);
        graph.connect_late_bodies(context);
        graph.open_circles(context);
        graph
    }

    /// What the plan makes or changes.
    pub(super) fn made_or_altered(&self) -> impl Iterator<Item = &ObjectId> {
        self.creates.keys().chain(self.alters.keys())
    }

    /// The pairs of an action that makes or changes the one object and one that does so with the other.
    pub(super) fn made_before<'g>(
        &'g self,
        first: &ObjectId,
        then: &'g ObjectId,
    ) -> impl Iterator<Item = (NodeIndex, NodeIndex)> + 'g {
        let of = |id: &ObjectId| [self.creates.get(id), self.alters.get(id)].into_iter();
        let later: Vec<NodeIndex> = of(then).flatten().copied().collect();
        let first: Vec<NodeIndex> = of(first).flatten().copied().collect();
        first
            .into_iter()
            .flat_map(move |first| later.clone().into_iter().map(move |later| (first, later)))
    }

    /// One action before another, as far as the names in a text tell.
    pub(super) fn guess(&mut self, first: NodeIndex, then: NodeIndex) {
        if first != then && self.graph.find_edge(first, then).is_none() {
            self.graph.add_edge(first, then, Before::Guess);
        }
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
            stubbed: false,
            position: match verb {
                Verb::Alter if id.kind == Kind::Column => i32::MAX,
                _ => self.places.get(id).copied().unwrap_or(i32::MAX),
            },
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
            .filter(|edge| *edge.weight() != Before::Should)
            .map(|edge| edge.source())
    }

    /// What comes before an action in the order, also where it only reads better.
    pub(super) fn all_before(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> {
        self.graph.neighbors_directed(node, Direction::Incoming)
    }

    /// What must come after an action.
    pub(super) fn after(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> {
        self.graph
            .edges(node)
            .filter(|edge| *edge.weight() != Before::Should)
            .map(|edge| edge.target())
    }
}

/// The actions on objects of one kind.
fn of_kind(
    nodes: &BTreeMap<ObjectId, NodeIndex>,
    kind: Kind,
) -> impl Iterator<Item = (&ObjectId, NodeIndex)> {
    // Identities are in the order of their kinds.
    nodes
        .range(ObjectId::top(kind, "")..)
        .take_while(move |(id, _)| id.kind == kind)
        .map(|(id, node)| (id, *node))
}

/// The actions on the parts of an object that are of one kind.
fn parts<'a>(
    nodes: &'a BTreeMap<ObjectId, NodeIndex>,
    of: &'a ObjectId,
    kind: Kind,
) -> impl Iterator<Item = (&'a ObjectId, NodeIndex)> + use<'a> {
    // Identities are in the order of their kinds and then of what they are parts of.
    let first = of.child(kind, "");
    nodes
        .range(first..)
        .take_while(move |(id, _)| id.kind == kind && id.parent.as_deref() == Some(of))
        .map(|(id, node)| (id, *node))
}
