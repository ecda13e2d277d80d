//! The graph of actions: an edge says "this before that". Dependencies of the state before order what is taken away,
//! those of the state after order what is made.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use petgraph::Direction;
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef;

use super::Verb;
use super::fate::{Fate, Fates, is_part};
use super::split::Cycle;
use crate::kind::constraint::{attached_to, attached_twin, is_attached_by_parent, parent_index};
use crate::kind::extension_dependency;
use crate::kind::not_null::{self, Settlement};
use crate::kind::overload::Goners;
use crate::kind::{
    Carry, Catalog, Context, NameSlot, Object, Statement, aside, is_retyped, kept_parents,
    parent_tables, row, row_type,
};
use crate::model::{Kind, ObjectId};

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
                Fate::Drop => graph.drop(id, dropped(), false),
                Fate::Rebuild => {
                    let carry = carry(id, context, fates);
                    let mut gone = dropped();
                    if carry.is_some() {
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

    /// Not-null constraints of tables that inherit from each other are settled while ties that go are gone, and those that
    /// come are not there yet: before their column changes, or when it is there.
    fn connect_settlement(&mut self, context: &Context<'_>, settlement: Settlement) {
        let Settlement {
            column,
            tables,
            is_late,
            statements,
        } = settlement;
        let settle = self.node(&column, Verb::Alter, statements, true);
        let is_member = |table: Option<&ObjectId>| table.is_some_and(|it| tables.contains(it));
        let is_column = |id: &ObjectId| {
            id.kind == Kind::Column && id.name == column.name && is_member(id.parent.as_deref())
        };
        let is_key = |id: &ObjectId| id.kind == Kind::PrimaryKey && is_member(id.parent.as_deref());
        let is_tie = |id: &ObjectId| matches!(id.kind, Kind::Inherits | Kind::Partition);
        // A tie of a table, or one to it; and a table that is made or goes with one.
        let is_tied = |id: &ObjectId, catalog: &Catalog| {
            let table = if is_tie(id) {
                id.parent.as_deref()
            } else {
                Some(id)
            };
            let parents = table.map(|table| parent_tables(table, catalog));
            let below = parents.into_iter().flatten().any(|it| tables.contains(&it));
            is_tie(id) && is_member(table) || (is_tie(id) || id.kind == Kind::Table) && below
        };
        let mut first = Vec::new();
        let mut later = Vec::new();
        for (id, node) in &self.drops {
            let is_said = id.kind == Kind::NotNull && is_member(id.parent.as_deref());
            if is_key(id) || is_said || is_tied(id, context.before) {
                first.push(*node);
            }
            if is_column(id) && !is_late {
                later.push(*node);
            }
        }
        for (id, node) in &self.creates {
            let is_said = id.kind == Kind::NotNull && is_member(id.parent.as_deref());
            if is_key(id) || is_said || is_tied(id, context.after) {
                later.push(*node);
            }
            if is_column(id) {
                match is_late {
                    true => first.push(*node),
                    false => later.push(*node),
                }
            }
        }
        for (id, node) in &self.alters {
            if is_column(id) {
                match is_late {
                    true => first.push(*node),
                    false => later.push(*node),
                }
            }
        }
        for first in first {
            self.edge(first, settle, Before::Must);
        }
        for later in later {
            self.edge(settle, later, Before::Must);
        }
    }

    /// An overload that goes does so before a text is read whose call it could take.
    fn connect_overloads(
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

    fn connect(
        &mut self,
        context: &Context<'_>,
        fates: &Fates,
        asides: &BTreeMap<ObjectId, NodeIndex>,
        releases: &BTreeMap<ObjectId, NodeIndex>,
    ) {
        let (before, after) = (context.before, context.after);
        let mut soft = Vec::new();
        for id in fates.keys() {
            let (create, alter, drop) = (
                self.creates.get(id).copied(),
                self.alters.get(id).copied(),
                self.drops.get(id).copied(),
            );
            // What an object is born with is in neither catalog: it is taken away when the object is made.
            if let (Some(Fate::Undo(_)), Some(undo)) = (fates.get(id), alter) {
                for parent in id.parents() {
                    if let Some(&made) = self.creates.get(parent) {
                        self.edge(made, undo, Before::Must);
                    }
                }
                continue;
            }
            // PostgreSQL attaches what the partitions have when it makes the partitioned table's.
            let whole = parent_index(id, context)
                .map(|(whole, _)| whole)
                .filter(|_| is_attached_by_parent(id, context));
            if let Some((own, &whole)) =
                create.zip(whole.as_ref().and_then(|it| self.creates.get(it)))
            {
                self.edge(own, whole, Before::Must);
            }
            let swapped = asides.get(id).copied();
            let heir = swapped.and_then(|_| aside::heir(id, context));
            let create_of_heir = heir.and_then(|heir| self.creates.get(&heir).copied());
            if let (Some(create), Some(drop)) = (create.or(create_of_heir), drop) {
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
                let how = if context.after.guessed && !id.is_within(needed) {
                    Before::Guess
                } else {
                    Before::Must
                };
                if whole.as_ref() == Some(needed) {
                    continue;
                }
                // A row lets go of a value before that goes.
                if id.kind == Kind::Row
                    && let Some(alter) = alter
                    && row::goes_first(id, needed, context)
                {
                    let changes = [&self.alters, asides].into_iter();
                    let changes: Vec<NodeIndex> =
                        changes.filter_map(|of| of.get(needed).copied()).collect();
                    for changed in changes {
                        self.edge(alter, changed, Before::Must);
                    }
                    continue;
                }
                for later in [create, alter].into_iter().flatten() {
                    if let Some(&made) = self.creates.get(needed) {
                        self.edge(made, later, how);
                        if Some(later) == create {
                            soft.push((needed.root().clone(), id.root().clone(), Verb::Create));
                        }
                    }
                    // CREATE OR REPLACE forgets to which extensions the object is tied.
                    if let Some(&changed) = self.alters.get(needed)
                        && (id.parent.as_deref() != Some(needed)
                            || id.kind == Kind::ExtensionDependency)
                    {
                        self.edge(changed, later, Before::Must);
                    }
                }
            }
            // A row of a table is made from all its columns.
            if matches!(
                id.kind,
                Kind::Column | Kind::Default | Kind::Check | Kind::View
            ) {
                let needed = after
                    .dependencies_of(id)
                    .filter(|it| it.kind == Kind::Table && !id.is_within(it) && context.keeps(it));
                let columns = needed.flat_map(|it| parts(&self.creates, it, Kind::Column));
                let columns: Vec<NodeIndex> = columns.map(|(_, node)| node).collect();
                for column in columns {
                    for later in [create, alter].into_iter().flatten() {
                        self.should(column, later);
                    }
                }
            }
            // PostgreSQL puts a new parent behind those that are there.
            if let (Some(create), Kind::Inherits, Some(table)) =
                (create, id.kind, id.parent.as_deref())
            {
                let ties = before.children(table, Kind::Inherits).into_iter();
                let gone: Vec<NodeIndex> = ties
                    .filter_map(|(tie, _)| self.drops.get(tie).copied())
                    .collect();
                for gone in gone {
                    self.edge(gone, create, Before::Must);
                }
                for (other, _) in after.children(table, Kind::Inherits) {
                    if after.positions.get(other) < after.positions.get(id)
                        && let Some(&first) = self.creates.get(other)
                    {
                        self.edge(first, create, Before::Must);
                    }
                }
            }
            // Of two parents a child has left all but one when they change the type of its column.
            if let (Some(drop), Some(create), Some(Object::Inherits(tie))) =
                (drop, create, before.get(id))
            {
                let parent = ObjectId::in_schema(Kind::Table, &tie.parent.schema, &tie.parent.name);
                let tables = id.parent.as_deref().into_iter().chain([&parent]);
                let alters = tables.flat_map(|it| parts(&self.alters, it, Kind::Column));
                let alters = alters.filter(|(column, _)| is_retyped(column, context));
                let alters: Vec<NodeIndex> = alters.map(|(_, node)| node).collect();
                for alter in alters {
                    self.edge(drop, alter, Before::Must);
                    self.edge(alter, create, Before::Must);
                }
            }
            // A column that a child declares again: it is made before the parent's, which takes it over, and goes after it.
            let declares = |catalog: &Catalog| catalog.get(id).is_some_and(|it| !it.is_inherited());
            if id.kind == Kind::Column {
                for origin in origins(id, context) {
                    let made = self.creates.get(&origin).copied();
                    if let (Some(create), Some(made), true) = (create, made, declares(after)) {
                        self.edge(create, made, Before::Must);
                    }
                    let gone = self.drops.get(&origin).copied();
                    if let (Some(drop), Some(gone), true) = (drop, gone, declares(before)) {
                        self.edge(gone, drop, Before::Must);
                    }
                }
            }
            // A materialized view holds the rows of a table that it speaks of as a whole.
            if id.kind == Kind::MaterializedView {
                let needed: BTreeSet<&ObjectId> = before
                    .dependencies_of(id)
                    .chain(after.dependencies_of(id))
                    .collect();
                let changed = needed
                    .into_iter()
                    .flat_map(|it| parts(&self.alters, it, Kind::Column));
                let changed: Vec<NodeIndex> = changed.map(|(_, node)| node).collect();
                for changed in changed {
                    if let Some(drop) = drop {
                        self.should(drop, changed);
                    }
                    if let Some(create) = create {
                        self.should(changed, create);
                    }
                }
            }
            // Rows of a default partition move into a partition that has its own.
            if let Some(create) = create
                && let Some(Object::Partition(tie)) = after.get(id)
                && tie.takes_rows(id, context)
                && let Some(table) = id.parent.as_deref()
            {
                for tie in self.made_ties_below(table, after) {
                    self.should(tie, create);
                }
            }
            // A bound is free before another one takes a part of it: which ones overlap, PostgreSQL knows.
            if let (Some(create), Some(Object::Partition(tie))) = (create, after.get(id)) {
                let gone = of_kind(&self.drops, Kind::Partition);
                let of_parent = |it: &ObjectId| matches!(before.get(it), Some(Object::Partition(it)) if it.parent == tie.parent);
                let gone = gone.filter(|(it, _)| *it != id && of_parent(it));
                for gone in gone.map(|(_, node)| node).collect::<Vec<_>>() {
                    self.guess(gone, create);
                }
            }
            // The columns of a typed table come with the attributes of its type.
            if let (Some(create), Kind::Column, Some(table)) =
                (create, id.kind, id.parent.as_deref())
            {
                let types = after.dependencies_of(table);
                let types = types.filter(|it| it.kind == Kind::Composite);
                let changed: Vec<NodeIndex> = types
                    .filter_map(|it| self.alters.get(it).copied())
                    .collect();
                for changed in changed {
                    self.edge(changed, create, Before::Must);
                }
            }
            // A check that a partition keeps when the partitioned table loses it.
            if id.kind == Kind::Check && declares(after) {
                for origin in origins(id, context) {
                    let gone = self.drops.get(&origin).copied();
                    if let (Some(alter), Some(gone)) = (alter, gone) {
                        self.edge(gone, alter, Before::Must);
                    }
                }
            }
            // An index that goes does so before the table is attached: the partitioned table's would take it over.
            if let (Some(drop), Some(table)) = (drop, id.parent.as_deref())
                && matches!(
                    id.kind,
                    Kind::Index | Kind::PrimaryKey | Kind::Unique | Kind::Exclude
                )
                && let Some(&tie) = self.creates.get(&table.child(Kind::Partition, ""))
            {
                self.edge(drop, tie, Before::Must);
            }
            // A foreign key looks at the rows of all partitions.
            if let (Some(create), Some(Object::ForeignKey(key))) = (create, after.get(id)) {
                let to = &key.references;
                let to = ObjectId::in_schema(Kind::Table, &to.schema, &to.name);
                if after.partitioned.contains(&to) {
                    let ties = self.made_ties_below(&to, after);
                    for tie in ties {
                        self.should(tie, create);
                    }
                }
            }
            // And lets none of their rows leave.
            if let (Some(drop), Some(Object::ForeignKey(key))) = (drop, before.get(id)) {
                let to = &key.references;
                let to = ObjectId::in_schema(Kind::Table, &to.schema, &to.name);
                if before.partitioned.contains(&to) {
                    for tie in ties_below(&self.drops, &to, before) {
                        self.should(drop, tie);
                    }
                }
            }
            // DETACH makes a partition's copies of foreign keys its own: those that go have gone by then, those that come are
            // made after, and a partition leaves before the one that it is a part of.
            if id.kind == Kind::ForeignKey
                && let Some(table) = id.parent.as_deref()
            {
                let own = self.drops.get(&table.child(Kind::Partition, "")).copied();
                let ties = ties_below(&self.drops, table, before);
                for tie in ties.into_iter().chain(own) {
                    if let Some(drop) = drop {
                        self.edge(drop, tie, Before::Must);
                    }
                    if let Some(create) = create {
                        self.edge(tie, create, Before::Must);
                    }
                }
            }
            if let (Some(drop), Kind::Partition) = (drop, id.kind) {
                for table in roots(id, before).collect::<Vec<_>>() {
                    let above = self.drops.get(&table.child(Kind::Partition, "")).copied();
                    if let Some(above) = above.filter(|_| context.keeps(&table)) {
                        self.edge(drop, above, Before::Must);
                    }
                }
            }
            // What a table passes on to its partitions it has by then under the name that it has as a partition itself.
            if let (Some(create), Kind::Partition) = (create, id.kind)
                && context.server_version >= 180_000
                && let Some(table) = roots(id, after).next()
                && context.keeps(&table)
                && let Some(&above) = self.creates.get(&table.child(Kind::Partition, ""))
            {
                self.should(above, create);
            }
            // A partition has the columns of the partitioned table, which are made there: after that, CREATE TABLE can hold
            // them, as one with a partition key of its own must.
            if let Some(create) = create
                && let Some(root) = roots(&id.child(Kind::Partition, ""), after).next()
                && let Some(&made) = self.creates.get(&root)
            {
                self.edge(made, create, Before::Must);
            }
            if let (Some(alter), Some(from), Some(to)) = (alter, before.get(id), after.get(id)) {
                let by = from.changes_by(to);
                if let Some(&gone) = by.and_then(|by| self.drops.get(&by)) {
                    self.edge(alter, gone, Before::Must);
                }
                for (first, tie) in from.changes_after(to, id, context) {
                    let gone = self.drops.get(&tie).copied();
                    let made = self.creates.get(&tie).copied();
                    let first = self.alters.get(&first).copied();
                    if let (Some(first), None, None) = (first, gone, made) {
                        self.edge(first, alter, Before::Must);
                    }
                    for end in first.into_iter().chain([alter]) {
                        if let Some(gone) = gone {
                            self.edge(gone, end, Before::Must);
                        }
                        if let Some(made) = made {
                            self.edge(end, made, Before::Must);
                        }
                    }
                }
            }
            for catalog in [before, after] {
                let origins = catalog.get(id).map(|object| object.carried_by(id, context));
                for origin in origins.into_iter().flatten() {
                    if let (Some(drop), Some(&gone)) = (drop, self.drops.get(&origin)) {
                        self.edge(drop, gone, Before::Must);
                    }
                    if let (Some(create), Some(&made)) = (create, self.creates.get(&origin)) {
                        self.edge(made, create, Before::Must);
                    }
                    if let Some(&changed) = self.alters.get(&origin) {
                        for later in [create, alter, drop].into_iter().flatten() {
                            self.edge(changed, later, Before::Must);
                        }
                    }
                }
            }
            // The parts of what is swapped go with the old one.
            let with_parent = || {
                let parent = id.parent.as_deref().filter(|it| asides.contains_key(it))?;
                self.drops.get(parent).copied()
            };
            let lets_go = drop.or_else(|| with_parent().filter(|_| before.contains(id)));
            // What is taken away goes before what it depended on; what is altered lets go of it before.
            for needed in needs(before, id) {
                if let (None, Some(lets_go), Some(&gone)) = (drop, lets_go, self.drops.get(needed))
                    && !asides.contains_key(needed)
                {
                    self.edge(lets_go, gone, Before::Must);
                }
                // A column takes over from a sequence, or hands over to one, when its own change comes.
                if needed.kind == Kind::Sequence
                    && let Some(first) = drop.or(alter)
                    && let Some(sequence) = before.get(needed)
                {
                    for column in sequence.carried_by(needed, context) {
                        if let Some(&changed) = self.alters.get(&column)
                            && !id.is_within(&column)
                        {
                            self.edge(first, changed, Before::Must);
                        }
                    }
                }
                if let Some(&gone) = self.drops.get(needed) {
                    // What is put back does not take hold of it again.
                    if let (Some(create), false) = (create, asides.contains_key(needed)) {
                        self.should(gone, create);
                    }
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
                        // Values of a row type wait as text.
                        (None, Some(_))
                            if row_type::stays(needed, context) && releases.contains_key(id) =>
                        {
                            self.edge(releases[id], gone, Before::Must);
                        }
                        (None, Some(alter)) => match self.leaves(id, needed, before) {
                            // It changes when its table has left the other.
                            Some(leaves) => self.edge(leaves, gone, Before::Must),
                            None => self.edge(alter, gone, Before::Must),
                        },
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
                if let (Some(drop), Some(&released)) = (drop, releases.get(needed))
                    && needed.kind == Kind::Column
                {
                    self.edge(drop, released, Before::Must);
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

    /// Declared rows come when the columns that they do not know are gone, and before anything looks at all rows.
    fn connect_declared_rows(&mut self, context: &Context<'_>) {
        let mut rows: BTreeMap<ObjectId, Vec<(NodeIndex, bool)>> = BTreeMap::new();
        for (of, is_new) in [(&self.creates, true), (&self.alters, false)] {
            for (id, node) in of_kind(of, Kind::Row) {
                if let Some(table) = id.parent.as_deref() {
                    rows.entry(table.clone()).or_default().push((node, is_new));
                }
            }
        }
        for (table, rows) in rows {
            let gone: Vec<NodeIndex> = parts(&self.drops, &table, Kind::Column)
                .map(|(_, node)| node)
                .collect();
            let is_constraint = |id: &ObjectId| {
                let kinds = [
                    Kind::PrimaryKey,
                    Kind::Unique,
                    Kind::Check,
                    Kind::NotNull,
                    Kind::Exclude,
                    Kind::Index,
                    Kind::ForeignKey,
                ];
                kinds.contains(&id.kind)
                    && id.parent.as_deref() == Some(&table)
                    && context.keeps(&table)
            };
            let reads = |id: &ObjectId| {
                let needed = || context.after.dependencies_of(id);
                id.kind == Kind::MaterializedView && needed().any(|it| it.is_within(&table))
            };
            let looks: Vec<NodeIndex> = self
                .creates
                .iter()
                .filter(|(id, _)| is_constraint(id) || reads(id))
                .map(|(_, node)| *node)
                .collect();
            for (row, is_new) in rows {
                for gone in gone.iter().filter(|_| is_new) {
                    self.edge(*gone, row, Before::Must);
                }
                for later in &looks {
                    self.should(row, *later);
                }
            }
        }
    }

    /// The action by which a part of a table is no longer what it has from a parent: the table leaves that one.
    fn leaves(&self, id: &ObjectId, origin: &ObjectId, before: &Catalog) -> Option<NodeIndex> {
        if id.kind != Kind::Column || origin.kind != Kind::Column {
            return None;
        }
        let table = id.parent.as_deref()?;
        let leads_there = |column: &ObjectId| {
            column == origin || needs(before, column).into_iter().any(|it| it == origin)
        };
        let parents = before.inherited_from(id);
        let parent = parents.iter().find(|column| leads_there(column))?;
        let parent = parent.parent.as_deref()?;
        let ties = [Kind::Partition, Kind::Inherits].into_iter();
        let mut ties = ties.flat_map(|kind| parts(&self.drops, table, kind));
        let tie = ties.find(|(tie, _)| before.dependencies_of(tie).any(|needed| needed == parent));
        tie.map(|(_, node)| node)
    }

    /// What lets go of something does so before that changes, and becomes what it shall be after.
    fn connect_release(
        &mut self,
        context: &Context<'_>,
        id: &ObjectId,
        release: NodeIndex,
        asides: &BTreeMap<ObjectId, NodeIndex>,
    ) {
        let Some(&end) = self.alters.get(id) else {
            return;
        };
        self.edge(release, end, Before::Must);
        let nodes = |of: &BTreeMap<ObjectId, NodeIndex>, is: &dyn Fn(&ObjectId) -> bool| {
            let of_those = of.iter().filter(|(id, _)| is(id)).map(|(_, node)| *node);
            of_those.collect::<Vec<NodeIndex>>()
        };
        if id.kind == Kind::Column {
            // The values of the row types of other tables: as text they know their columns by their places.
            let tables: BTreeSet<ObjectId> = self
                .alters
                .keys()
                .filter(|it| it.kind == Kind::Column)
                .filter_map(|it| it.parent.as_deref().cloned())
                .filter(|table| row_type::holders(table, context).contains(id))
                .flat_map(|table| crate::kind::family(&table, context.before))
                .collect();
            let is_of = |it: &ObjectId| {
                it != id
                    && it.kind == Kind::Column
                    && it.parent.as_deref().is_some_and(|it| tables.contains(it))
            };
            for gone in nodes(&self.drops, &is_of) {
                self.edge(gone, release, Before::Must);
            }
            for changed in nodes(&self.alters, &is_of) {
                self.edge(release, changed, Before::Must);
                self.edge(changed, end, Before::Must);
            }
            for made in nodes(&self.creates, &is_of) {
                self.edge(end, made, Before::Must);
            }
            // What they are made of anew has all its columns before they come back.
            let needed: Vec<&ObjectId> = context.after.dependencies_of(id).collect();
            let is_of_made = |it: &ObjectId| {
                let table = it.parent.as_deref();
                let anew = table.filter(|it| needed.contains(it) && self.creates.contains_key(it));
                it.kind == Kind::Column && anew.is_some()
            };
            for made in nodes(&self.creates, &is_of_made) {
                self.edge(made, end, Before::Must);
            }
            return;
        }
        let is_column = |it: &ObjectId| it.kind == Kind::Column && it.parent.as_deref() == Some(id);
        for of in [
            self.drops.clone(),
            self.alters.clone(),
            self.creates.clone(),
        ] {
            for changed in nodes(&of, &is_column) {
                self.edge(release, changed, Before::Must);
                self.edge(changed, end, Before::Must);
            }
        }
        let types: Vec<ObjectId> = context.before.dependencies_of(id).cloned().collect();
        let is_type = |it: &ObjectId| it.kind == Kind::Composite && types.contains(it);
        for of in [asides, &self.drops.clone(), &self.alters.clone()] {
            for changed in nodes(of, &is_type) {
                self.edge(release, changed, Before::Must);
            }
        }
    }

    /// Rows are put aside before anything of theirs is dropped, and put back when their table has its columns, defaults,
    /// sequences and partitions, before anything looks at rows or acts on them.
    fn connect_rows(
        &mut self,
        context: &Context<'_>,
        id: &ObjectId,
        save: NodeIndex,
        restore: NodeIndex,
    ) {
        let acts = |kind: Kind| {
            matches!(
                kind,
                Kind::ForeignKey
                    | Kind::Trigger
                    | Kind::Rule
                    | Kind::MaterializedView
                    | Kind::RowLevelSecurity
            )
        };
        let holds = |made: &ObjectId| {
            (made.kind == Kind::Partition && roots(made, context.after).any(|root| root == *id))
                || made.kind == Kind::Sequence
                || (made.is_within(id) && matches!(made.kind, Kind::Column | Kind::Default))
                || made == id
        };
        let is_row = |row: &ObjectId| row.kind == Kind::Row && row.is_within(id);
        let dropped = self.drops.iter().map(|(id, node)| (is_row(id), *node));
        for (is_row, gone) in dropped.collect::<Vec<_>>() {
            // A declared row that goes is not put aside.
            match is_row {
                true => self.edge(gone, save, Before::Must),
                false => self.edge(save, gone, Before::Must),
            }
        }
        let later = self.creates.iter().chain(&self.alters);
        let later = later.filter(|(id, _)| is_row(id)).map(|(_, node)| *node);
        for later in later.collect::<Vec<_>>() {
            self.edge(restore, later, Before::Must);
        }
        let created: Vec<(ObjectId, NodeIndex)> = self
            .creates
            .iter()
            .map(|(id, node)| (id.clone(), *node))
            .collect();
        for (made, node) in created {
            if holds(&made) {
                self.edge(node, restore, Before::Must);
            } else if acts(made.kind) {
                self.should(restore, node);
            }
        }
    }

    /// The ties that are made between a partitioned table and what is below it.
    fn made_ties_below(&self, table: &ObjectId, after: &Catalog) -> Vec<NodeIndex> {
        ties_below(&self.creates, table, after)
    }

    /// Rows come back after those that they refer to.
    fn connect_restored(
        &mut self,
        context: &Context<'_>,
        carried: &[(ObjectId, NodeIndex, NodeIndex)],
    ) {
        if carried.len() < 2 {
            return;
        }
        let mut restored = BTreeMap::new();
        for (id, _, restore) in carried {
            for member in crate::kind::family(id, context.after) {
                restored.insert(member, *restore);
            }
        }
        for (_, from, to) in crate::kind::references(context.after) {
            if let (Some(&first), Some(&then)) = (restored.get(&to), restored.get(from)) {
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

    /// The order: of what may come next, always what stands first by name.
    pub(super) fn order(&mut self, context: &Context<'_>) -> Result<Vec<NodeIndex>, Cycle> {
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

/// The places of declared rows: those of a table together, behind those of the tables that it refers to.
fn rows_in_order(context: &Context<'_>, fates: &Fates) -> BTreeMap<ObjectId, i32> {
    let mut tables = petgraph::graphmap::DiGraphMap::<&ObjectId, ()>::new();
    let rows = || fates.keys().filter(|id| id.kind == Kind::Row);
    for id in rows() {
        let Some(table) = id.parent.as_deref() else {
            continue;
        };
        tables.add_node(table);
        let needed = [context.before, context.after].into_iter();
        let needed = needed.flat_map(|catalog| catalog.dependencies_of(id));
        for other in needed.filter(|it| it.kind == Kind::Row) {
            if let Some(other) = other.parent.as_deref() {
                tables.add_edge(table, other, ());
            }
        }
    }
    let mut places: BTreeMap<&ObjectId, i32> = BTreeMap::new();
    for (place, tables) in (0..).zip(petgraph::algo::tarjan_scc(&tables)) {
        places.extend(tables.into_iter().map(|table| (table, place)));
    }
    rows()
        .filter_map(|id| Some((id.clone(), *places.get(id.parent.as_deref()?)?)))
        .collect()
}

/// Those of some nodes that stand for ties between a partitioned table and what is below it.
fn ties_below(
    nodes: &BTreeMap<ObjectId, NodeIndex>,
    table: &ObjectId,
    catalog: &Catalog,
) -> Vec<NodeIndex> {
    of_kind(nodes, Kind::Partition)
        .filter(|(tie, _)| roots(tie, catalog).any(|root| root == *table))
        .map(|(_, node)| node)
        .collect()
}

/// The partitioned tables above a tie to one, the nearest first.
pub(super) fn roots(tie: &ObjectId, catalog: &Catalog) -> impl Iterator<Item = ObjectId> {
    let parent = |tie: &ObjectId| match catalog.get(tie) {
        Some(Object::Partition(tie)) => Some(ObjectId::in_schema(
            Kind::Table,
            &tie.parent.schema,
            &tie.parent.name,
        )),
        _ => None,
    };
    std::iter::successors(parent(tie), move |table| {
        parent(&table.child(Kind::Partition, ""))
    })
}

/// How the rows of what is made anew are kept; those of a partition go with its partitioned table's where that is made
/// anew too.
fn carry(id: &ObjectId, context: &Context<'_>, fates: &Fates) -> Option<Carry> {
    let rebuilt = |root: ObjectId| matches!(fates.get(&root), Some(Fate::Rebuild));
    if roots(&id.child(Kind::Partition, ""), context.before).any(rebuilt) {
        return None;
    }
    let (from, to) = (context.before.get(id)?, context.after.get(id)?);
    from.carry(to, id, context)
}

/// The columns of the tables that a column's table is a child of all the while.
fn origins(id: &ObjectId, context: &Context<'_>) -> Vec<ObjectId> {
    let table = id.parent.as_deref().filter(|table| context.keeps(table));
    let parents = table.map(|table| kept_parents(table, context));
    let parents = parents.into_iter().flatten();
    parents
        .map(|parent| parent.child(id.kind, &id.name))
        .collect()
}

/// What an object needs: what it depends on and what it is a part of; of columns that come from parent tables also
/// those, which are made and dropped there.
fn needs<'a>(catalog: &'a crate::kind::Catalog, id: &'a ObjectId) -> Vec<&'a ObjectId> {
    if !catalog.contains(id) {
        return Vec::new();
    }
    let parent = id.parents().find(|parent| catalog.contains(parent));
    let mut found: Vec<&ObjectId> = vec![id];
    found.extend(catalog.dependencies_of(id).chain(parent));
    // What is tied to an extension goes before it, and its ties with it.
    if extension_dependency::is_known_to(id.kind) {
        for (tie, _) in catalog.children(id, Kind::ExtensionDependency) {
            found.extend(catalog.dependencies_of(tie));
        }
    }
    let mut next = 0;
    while let Some(needed) = found.get(next).copied() {
        next += 1;
        // What a child declares itself is not made by the parent's.
        let declared = needed == id && catalog.get(id).is_some_and(|it| !it.is_inherited());
        if needed.kind != Kind::Column || declared {
            continue;
        }
        for origin in catalog.inherited_from(needed) {
            if let Some((origin, _)) = catalog.objects.get_key_value(&origin)
                && !found.contains(&origin)
            {
                found.push(origin);
            }
        }
    }
    found.split_off(1)
}

/// Where an action stands when nothing else decides: what goes before what comes, backwards, then by kind and name of
/// the object that it belongs to, parts behind it; what PostgreSQL refuses in a transaction comes last.
pub(super) fn rank(action: &Action) -> impl Ord + use<> {
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
