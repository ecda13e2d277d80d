//! Rows: declared ones, those that are put aside while their table is made anew, and values that wait as text.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::stable_graph::NodeIndex;

use super::families::roots;
use super::{Before, Graph, of_kind, parts};
use crate::kind::{Carry, Context, HazardClass, row, row_type};
use crate::model::{Kind, ObjectId};
use crate::plan::Verb;
use crate::plan::fate::{Fate, Fates};

impl Graph {
    /// Declared rows come when the columns that they do not know are gone, and before anything looks at all rows.
    pub(super) fn connect_declared_rows(&mut self, context: &Context<'_>) {
        let mut rows: BTreeMap<ObjectId, Vec<(NodeIndex, bool)>> = BTreeMap::new();
        for (of, is_new) in [(&self.creates, true), (&self.alters, false)] {
            for (id, node) in of_kind(of, Kind::Row) {
                if let Some(table) = id.parent.as_deref() {
                    rows.entry(table.clone()).or_default().push((node, is_new));
                }
            }
        }
        self.connect_handed_on(context);
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

    /// A unique value is given up before another row takes it. Of rows that exchange theirs one gives up its own beforehand.
    fn connect_handed_on(&mut self, context: &Context<'_>) {
        let mut pairs = row::handed_on(context);
        for pair in &pairs {
            let given = [self.drops.get(&pair.giver), self.alters.get(&pair.giver)];
            let taken = [self.alters.get(&pair.taker), self.creates.get(&pair.taker)];
            let given = given.into_iter().flatten().next();
            let taken = taken.into_iter().flatten().next();
            if let (Some(&given), Some(&taken)) = (given, taken) {
                self.edge(given, taken, Before::Must);
            }
        }
        pairs.retain(|it| {
            self.alters.contains_key(&it.giver) && self.alters.contains_key(&it.taker)
        });
        let ends = pairs.iter().flat_map(|it| [&it.giver, &it.taker]);
        let rows: BTreeSet<NodeIndex> = ends.map(|id| self.alters[id]).collect();
        let mut open = self.cycles_within(&rows);
        while let Some(circle) = open.pop() {
            let is_in = |id: &ObjectId| circle.contains(&self.alters[id]);
            let mut exchanged = pairs
                .iter()
                .filter(|it| is_in(&it.giver) && is_in(&it.taker));
            // Between two rows several may go.
            let given_up = |pair: &row::HandedOn| {
                let both = pairs.iter();
                let both = both.filter(|it| it.giver == pair.giver && it.taker == pair.taker);
                both.map(|it| it.given_up(context))
                    .collect::<Option<Vec<_>>>()
            };
            let found = exchanged.find_map(|it| Some((it, given_up(it)?)));
            let Some((pair, statements)) = found else {
                continue;
            };
            let (given, taken) = (self.alters[&pair.giver], self.alters[&pair.taker]);
            let before = self.node(&pair.giver, Verb::Alter, statements, false);
            self.edge(before, taken, Before::Must);
            self.edge(before, given, Before::Must);
            if let Some(edge) = self.graph.find_edge(given, taken) {
                self.graph.remove_edge(edge);
            }
            open.extend(self.cycles_within(&circle));
        }
    }

    /// What lets go of something does so before that changes, and becomes what it shall be after.
    pub(super) fn connect_release(
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
            let grows = |it: &ObjectId| {
                it.kind == Kind::Column
                    && it.parent.as_deref().is_some_and(|it| context.keeps(it))
                    && row_type::is_filled(it, context)
            };
            // The values of the row types of other tables: as text they know their columns by their places.
            let tables: BTreeSet<ObjectId> = self
                .alters
                .keys()
                .filter(|it| it.kind == Kind::Column)
                .chain(self.creates.keys().filter(|it| grows(it)))
                .filter_map(|it| it.parent.as_deref().cloned())
                .filter(|table| row_type::holders(table, context).contains(id))
                .flat_map(|table| crate::kind::family(&table, context.before))
                .collect();
            let is_of = |it: &ObjectId| {
                it != id
                    && it.kind == Kind::Column
                    && it.parent.as_deref().is_some_and(|it| tables.contains(it))
            };
            // What is made anew hands its values over before it goes.
            let anew = |it: &ObjectId| is_of(it) && self.creates.contains_key(it);
            let handed_over = nodes(&self.drops, &anew);
            for gone in nodes(&self.drops, &is_of) {
                match handed_over.contains(&gone) {
                    true => self.edge(release, gone, Before::Must),
                    false => self.edge(gone, release, Before::Must),
                }
            }
            for changed in nodes(&self.alters, &is_of) {
                self.edge(release, changed, Before::Must);
                self.edge(changed, end, Before::Must);
            }
            // Such columns come while they wait, others when they are back.
            let is_grown = self.creates.keys().any(|it| is_of(it) && grows(it));
            for made in nodes(&self.creates, &is_of) {
                if is_grown {
                    self.edge(release, made, Before::Must);
                    self.edge(made, end, Before::Must);
                } else {
                    self.edge(end, made, Before::Must);
                }
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
            // So have the types that they are parts of.
            let mut types = needed;
            let mut next = 0;
            while let Some(id) = types.get(next).copied() {
                next += 1;
                let within = context.after.dependencies_of(id);
                let new = within.filter(|it| it.kind.is_type() && !types.contains(it));
                types.extend(new.collect::<Vec<_>>());
            }
            let is_type = |it: &ObjectId| it.kind == Kind::Composite && types.contains(&it);
            for changed in nodes(&self.alters, &is_type) {
                self.edge(changed, end, Before::Must);
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
    pub(super) fn connect_rows(
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

    /// Rows come back after those that they refer to.
    pub(super) fn connect_restored(
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
}

/// The places of declared rows: those of a table together, behind those of the tables that it refers to.
pub(super) fn rows_in_order(context: &Context<'_>, fates: &Fates) -> BTreeMap<ObjectId, i32> {
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

/// How the rows of what is made anew are kept; those of a partition go with its partitioned table's where that is made
/// anew too.
pub(super) fn carry(id: &ObjectId, context: &Context<'_>, fates: &Fates) -> Option<Carry> {
    let rebuilt = |root: ObjectId| matches!(fates.get(&root), Some(Fate::Rebuild));
    if roots(&id.child(Kind::Partition, ""), context.before).any(rebuilt) {
        return None;
    }
    let (from, to) = (context.before.get(id)?, context.after.get(id)?);
    from.carry(to, id, context)
}

/// The copy of a table's rows, with what it means for those who use the table.
pub(super) fn announced(id: &ObjectId) -> impl Fn(Carry) -> Carry + '_ {
    move |mut carry| {
        carry.save = carry
            .save
            .into_iter()
            .enumerate()
            .map(|(at, statement)| match at {
                0 => statement.hazard(
                    "table-copy",
                    HazardClass::Availability,
                    id,
                    "the table is made anew: its rows are copied out and back while everybody waits",
                ),
                _ => statement,
            })
            .collect();
        carry
    }
}

/// Whether the position of a sequence outlives its drop: behind the values of its column, whose table is copied.
pub(super) fn goes_with_a_copy(id: &ObjectId, context: &Context<'_>, fates: &Fates) -> bool {
    let owner = context.before.owned.get(id);
    let table = owner.and_then(|column| column.parent.as_deref());
    let is_copied = |table: &ObjectId| {
        matches!(fates.get(table), Some(Fate::Rebuild)) && carry(table, context, fates).is_some()
    };
    id.kind == Kind::Sequence && context.after.contains(id) && table.is_some_and(is_copied)
}
