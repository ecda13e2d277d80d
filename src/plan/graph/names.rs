//! Names and calls: a name is free before another object takes it, and an overload that goes takes no call.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::stable_graph::NodeIndex;

use super::{Before, Graph, of_kind};
use crate::kind::constraint::{INDEXES, attached_to, attached_twin, needs_only};
use crate::kind::index_attach::is_always_copied;
use crate::kind::overload::Goners;
use crate::kind::partition::Partition;
use crate::kind::{Catalog, Context, NameSlot, Object, Statement};
use crate::model::{Kind, ObjectId};

impl Graph {
    /// A name is free before another object takes it.
    pub(super) fn connect_names(&mut self, context: &Context<'_>) {
        let slots = |catalog: &Catalog, id: &ObjectId| -> BTreeSet<NameSlot> {
            let slots = catalog
                .get(id)
                .map(|object| object.occupies(id))
                .unwrap_or_default();
            slots.into_iter().collect()
        };
        let renamed: BTreeMap<ObjectId, NodeIndex> = self
            .creates
            .iter()
            .filter_map(|(id, node)| Some((attached_twin(id, context)?, *node)))
            .collect();
        let mut freed: BTreeMap<NameSlot, Vec<NodeIndex>> = BTreeMap::new();
        let mut taken: BTreeMap<NameSlot, Vec<NodeIndex>> = BTreeMap::new();
        for (id, node) in self
            .drops
            .iter()
            .filter(|(_, node)| !self.graph[**node].swap)
            // A sequence that gives way to an identity of its name.
            .filter(|(id, node)| {
                id.kind != Kind::Sequence || !self.graph[**node].statements.is_empty()
            })
        {
            // What goes with another, or takes another name, frees its own by that.
            let silent = self.graph[*node].statements.is_empty();
            let origin = attached_to(id, context.before).filter(|_| silent);
            let origin = origin.and_then(|it| self.drops.get(&it));
            let renamed = renamed.get(id).filter(|_| silent);
            for slot in slots(context.before, id) {
                let by = freed.entry(slot).or_default();
                by.extend([node].into_iter().chain(origin).chain(renamed));
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

    /// What needs an index that is there for good only when its partition is attached comes after that.
    pub(super) fn connect_attached(&mut self, context: &Context<'_>) {
        let mut edges = Vec::new();
        for (tie, attached) in of_kind(&self.creates, Kind::Partition) {
            let settled: BTreeSet<ObjectId> =
                Partition::settled_late(tie, context).into_iter().collect();
            if settled.is_empty() {
                continue;
            }
            let needs = |id: &ObjectId| {
                let mut needed = context
                    .after
                    .dependencies_of(id)
                    .chain(id.parent.as_deref());
                needed.any(|it| settled.contains(it))
            };
            let is_tied = |id: &ObjectId| matches!(id.kind, Kind::Partition | Kind::IndexAttach);
            let later = self.creates.iter();
            let later = later.filter(|(id, _)| !is_tied(id) && needs(id));
            edges.extend(later.map(|(_, node)| (attached, *node)));
        }
        for (first, then) in edges {
            self.edge(first, then, Before::Must);
        }
    }

    /// An index that PostgreSQL makes has its name by the statement of its tie: that comes when both tables are tied, and what
    /// needs the index comes after it.
    pub(super) fn connect_copies(&mut self, context: &Context<'_>) {
        let after = context.after;
        let copies = of_kind(&self.creates, Kind::IndexAttach)
            .filter_map(|(tie, node)| Some((tie.parent.as_deref()?, (tie, node))))
            .filter(|(index, _)| is_always_copied(index, context));
        let copies: BTreeMap<&ObjectId, (&ObjectId, NodeIndex)> = copies.collect();
        if copies.is_empty() {
            return;
        }
        let mut edges = Vec::new();
        for (index, (_, named)) in &copies {
            let bound = index.parent.as_deref();
            let bound = bound.map(|it| it.child(Kind::Partition, ""));
            let first = bound.into_iter().chain(attached_to(index, after));
            let first = first.filter_map(|it| self.creates.get(&it).copied());
            edges.extend(first.map(|first| (first, *named)));
        }
        let changes = self.creates.iter().chain(&self.alters);
        for (id, node) in changes.filter(|(id, _)| id.kind != Kind::Partition) {
            let needed = after.dependencies_of(id).chain(id.parent.as_deref());
            let named = needed.filter_map(|it| copies.get(it));
            let named = named.filter(|(tie, _)| *tie != id);
            edges.extend(named.map(|(_, named)| (*named, *node)));
        }
        for (first, then) in edges {
            self.edge(first, then, Before::Must);
        }
    }

    /// An index that a partition has for itself comes when that of the partitioned table has its copy there: made before, it
    /// would be taken for that.
    pub(super) fn connect_beside_copies(&mut self, context: &Context<'_>) {
        let after = context.after;
        if after.guessed {
            return;
        }
        let mut edges = Vec::new();
        let own = INDEXES
            .into_iter()
            .flat_map(|kind| of_kind(&self.creates, kind))
            .filter(|(id, _)| !after.contains(&id.child(Kind::IndexAttach, "")));
        for (id, node) in own {
            let Some(partition) = id.parent.as_deref() else {
                continue;
            };
            let tie = partition.child(Kind::Partition, "");
            let (Some(Object::Partition(bound)), Some(object)) = (after.get(&tie), after.get(id))
            else {
                continue;
            };
            let parent = &bound.parent;
            let table = ObjectId::in_schema(Kind::Table, &parent.schema, &parent.name);
            let key = object.index_key();
            let originals = INDEXES
                .into_iter()
                .flat_map(|kind| after.children(&table, kind));
            let alike = originals.filter(|(_, object)| object.index_key() == key);
            let alike: Vec<&ObjectId> = alike.map(|(original, _)| original).collect();
            if alike.is_empty() {
                continue;
            }
            let first = alike.into_iter().filter(|it| !needs_only(it, context));
            let first = first.chain([&tie]);
            let first = first.filter_map(|it| self.creates.get(it).copied());
            edges.extend(first.map(|first| (first, node)));
        }
        for (first, then) in edges {
            self.edge(first, then, Before::Must);
        }
    }

    /// An overload that goes does so before a text is read whose call it could take.
    pub(super) fn connect_overloads(
        &mut self,
        context: &Context<'_>,
        unheeded: &BTreeSet<(ObjectId, ObjectId)>,
    ) {
        let goners = Goners::new(context, self.drops.keys());
        if goners.is_empty() {
            return;
        }
        let mut edges = Vec::new();
        for (id, node) in self.creates.iter().chain(&self.alters) {
            let text = || {
                let texts = self.graph[*node].statements.iter();
                texts.map(Statement::text).collect::<Vec<_>>().join(";\n")
            };
            // A default that rows are filled with stands in the line of its new column, a check in that of its new domain.
            let holder = id.parent.as_deref();
            let holder = holder.filter(|it| matches!(it.kind, Kind::Column | Kind::Domain));
            let holder = holder.and_then(|it| self.creates.get_key_value(it));
            for rival in goners.rivals(id, text) {
                let readers = || [(id, node)].into_iter().chain(holder);
                if readers().any(|(id, _)| unheeded.contains(&(rival.clone(), id.clone()))) {
                    continue;
                }
                edges.extend(readers().map(|(_, later)| (self.drops[rival], *later)));
            }
        }
        for (gone, later) in edges {
            let known = self.graph.find_edge(gone, later);
            let known = known.and_then(|edge| self.graph.edge_weight(edge));
            if known.is_none_or(|how| *how == Before::Should) {
                self.edge(gone, later, Before::Call);
            }
        }
    }
}
