//! Families of tables: children and their parents, partitions and partitioned tables, tables and the sequences they own.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::stable_graph::NodeIndex;

use super::needs::{At, needs};
use super::{Before, Graph, of_kind, parts};
use crate::kind::constraint::{INDEXES, held_keys};
use crate::kind::not_null::Settlement;
use crate::kind::{
    Catalog, Context, Object, family, is_retyped, kept_parents, parent_tables, tables_above,
};
use crate::model::{Kind, ObjectId};
use crate::plan::Verb;

impl Graph {
    /// What children have of their own, and what comes from which parent.
    pub(super) fn connect_children(&mut self, context: &Context<'_>, at: At<'_>) {
        let (before, after) = (context.before, context.after);
        let At {
            id,
            create,
            alter,
            drop,
        } = at;
        // PostgreSQL puts a new parent behind those that are there.
        if let (Some(create), Kind::Inherits, Some(table)) = (create, id.kind, id.parent.as_deref())
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
        // A child that leaves does so while both have the checks of one name that neither has from the other.
        if let (Some(drop), Some(Object::Inherits(tie))) = (drop, before.get(id)) {
            let parent = ObjectId::in_schema(Kind::Table, &tie.parent.schema, &tie.parent.name);
            for check in tie.twins(id, before) {
                let of_parent = parent.child(Kind::Check, &check.name);
                for gone in [&check, &of_parent] {
                    if let Some(&gone) = self.drops.get(gone) {
                        self.edge(drop, gone, Before::Must);
                    }
                }
            }
        }
        // What a parent gets, or one above it, is not for a child that leaves.
        if let (Some(drop), Some(Object::Inherits(tie)), Some(table)) =
            (drop, before.get(id), id.parent.as_deref())
            && !after.contains(id)
        {
            let parent = ObjectId::in_schema(Kind::Table, &tie.parent.schema, &tie.parent.name);
            let above = tables_above(&parent, before);
            for parent in std::iter::once(parent).chain(above) {
                let new = [Kind::Column, Kind::Check].into_iter();
                let new = new.flat_map(|kind| parts(&self.creates, &parent, kind));
                let new = new.filter(|(part, _)| {
                    !after.contains(&table.child(part.kind, &part.name)) && !before.contains(part)
                });
                for made in new.map(|(_, node)| node).collect::<Vec<_>>() {
                    self.edge(drop, made, Before::Must);
                }
            }
        }
        // What parent and child both declare goes at the parent first, and is gone when it comes again there.
        if let (Some(drop), Kind::Check) = (drop, id.kind) {
            let mut above = origins(id, context);
            let mut seen = BTreeSet::new();
            while let Some(origin) = above.pop() {
                if !seen.insert(origin.clone()) {
                    continue;
                }
                above.extend(origins(&origin, context));
                if let Some(&gone) = self.drops.get(&origin) {
                    self.edge(gone, drop, Before::Must);
                }
                if let Some(&made) = self.creates.get(&origin) {
                    self.edge(drop, made, Before::Must);
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
        // A column changes its type while no other parent has a hold on it.
        if let (Some(alter), Kind::Column, Some(table)) = (alter, id.kind, id.parent.as_deref())
            && is_retyped(id, context)
        {
            let declared = before.get(id).is_some_and(|it| !it.is_inherited());
            let members = family(table, before).into_iter();
            for member in &members
                .filter(|it| declared || it != table)
                .collect::<Vec<_>>()
            {
                for parent in kept_parents(member, context) {
                    let column = parent.child(Kind::Column, &id.name);
                    if let Some(&made) = self.creates.get(&column) {
                        self.edge(alter, made, Before::Must);
                    }
                    if let Some(&gone) = self.drops.get(&column) {
                        self.edge(gone, alter, Before::Must);
                    }
                }
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
    }

    /// What is attached and detached, and what looks at the rows of all partitions.
    pub(super) fn connect_partitions(&mut self, context: &Context<'_>, at: At<'_>) {
        let (before, after) = (context.before, context.after);
        let At {
            id,
            create,
            alter,
            drop,
        } = at;
        // Rows of a default partition move into a partition that has its own.
        if let Some(create) = create
            && let Some(Object::Partition(tie)) = after.get(id)
            && tie.takes_rows(id, context)
            && let Some(table) = id.parent.as_deref()
        {
            for tie in self.made_ties_below(table, after) {
                self.should(tie, create);
            }
            // Of a partition that only gets other bounds all rows are looked at, those of partitions below that do so too.
            if before.contains(id) {
                let below = of_kind(&self.creates, Kind::Partition).filter(|(below, _)| {
                    before.contains(below) && roots(below, after).any(|it| it == *table)
                });
                for node in below.map(|(_, node)| node).collect::<Vec<_>>() {
                    self.edge(node, create, Before::Must);
                }
            }
            // They have the values of new columns by then.
            let above = roots(id, after).collect::<Vec<_>>();
            let columns = above
                .iter()
                .flat_map(|it| parts(&self.creates, it, Kind::Column));
            for column in columns.map(|(_, node)| node).collect::<Vec<_>>() {
                self.edge(column, create, Before::Must);
            }
        }
        // And back while they have those that go.
        if let Some(drop) = drop
            && let Some(Object::Partition(tie)) = before.get(id)
            && tie.gives_rows(id, context)
        {
            let above = roots(id, before).collect::<Vec<_>>();
            let columns = above
                .iter()
                .flat_map(|it| parts(&self.drops, it, Kind::Column));
            for column in columns.map(|(_, node)| node).collect::<Vec<_>>() {
                self.edge(drop, column, Before::Must);
            }
            // And all that hold them.
            let table = id.parent.as_deref();
            let below = of_kind(&self.drops, Kind::Partition);
            let below = below.filter(|(it, _)| roots(it, before).any(|it| Some(&it) == table));
            let mut below: Vec<NodeIndex> = below
                .flat_map(|(tie, node)| {
                    let held = tie.parent.as_deref().and_then(|it| self.drops.get(it));
                    held.copied().into_iter().chain([node])
                })
                .collect();
            below.retain(|it| *it != drop);
            for below in below {
                self.edge(drop, below, Before::Must);
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
        if let (Some(create), Kind::Column, Some(table)) = (create, id.kind, id.parent.as_deref()) {
            let types = after.dependencies_of(table);
            let types = types.filter(|it| it.kind == Kind::Composite);
            let changed: Vec<NodeIndex> = types
                .filter_map(|it| self.alters.get(it).copied())
                .collect();
            for changed in changed {
                self.edge(changed, create, Before::Must);
            }
        }
        let declares = |catalog: &Catalog| catalog.get(id).is_some_and(|it| !it.is_inherited());
        // A check that a partition keeps when the partitioned table loses it.
        if id.kind == Kind::Check && declares(after) {
            for origin in origins(id, context) {
                let gone = self.drops.get(&origin).copied();
                if let (Some(alter), Some(gone)) = (alter, gone) {
                    self.edge(gone, alter, Before::Must);
                }
            }
        }
        // Where both tables go the partition goes first: then its columns go with it, and not before the partitioned table's.
        if let (Some(_), Kind::Partition, Some(table)) = (drop, id.kind, id.parent.as_deref())
            && let Some(&gone) = self.drops.get(table)
            && let Some(above) = roots(id, before).next()
            && let Some(&above) = self.drops.get(&above)
        {
            self.should(gone, above);
        }
        // A key that an index of the partitioned table holds goes when the partition has left it.
        if let (Some(drop), Kind::Partition, Some(table)) = (drop, id.kind, id.parent.as_deref()) {
            let held = held_keys(table, before).filter_map(|(key, _)| self.drops.get(key).copied());
            for key in held.collect::<Vec<_>>() {
                self.edge(drop, key, Before::Must);
            }
        }
        // An index that goes does so before the table is attached: the partitioned table's would take it over.
        if let (Some(drop), Some(table)) = (drop, id.parent.as_deref())
            && INDEXES.contains(&id.kind)
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
        // A partition takes no column of its own: what it gets besides it gets when it has left.
        // What the partitioned table gets meanwhile is not for one that leaves.
        if let (Some(create), Kind::Column, Some(table)) = (create, id.kind, id.parent.as_deref())
            && context.keeps(table)
        {
            let own = self.drops.get(&table.child(Kind::Partition, "")).copied();
            let below = ties_below(&self.drops, table, before);
            for tie in below.into_iter().chain(own) {
                self.edge(tie, create, Before::Must);
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
    }

    /// A table that becomes logged or unlogged takes the sequences along that it owns then: one that is given up goes before,
    /// one that is still to come comes after. PostgreSQL takes any order, so of several in a circle some follow.
    pub(super) fn connect_owned(&mut self, context: &Context<'_>) {
        let nodes = [&self.drops, &self.creates, &self.alters].into_iter();
        let ties: Vec<_> = nodes
            .flat_map(|nodes| of_kind(nodes, Kind::SequenceOwner))
            .map(|(id, node)| (id.clone(), node))
            .collect();
        for (id, tie) in ties {
            let [from, to] =
                [context.before, context.after].map(|catalog| match catalog.get(&id) {
                    Some(Object::SequenceOwner(owner)) => Some(owner.table()),
                    _ => None,
                });
            if from == to {
                continue;
            }
            if let Some(&turns) = from.and_then(|table| self.alters.get(&table)) {
                self.should(tie, turns);
            }
            if let Some(&turns) = to.and_then(|table| self.alters.get(&table)) {
                self.should(turns, tie);
            }
        }
    }

    /// Not-null constraints of tables that inherit from each other are settled while ties that go are gone, and those that
    /// come are not there yet: before their column changes, or when it is there.
    pub(super) fn connect_settlement(&mut self, context: &Context<'_>, settlement: Settlement) {
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

    /// The action by which a part of a table is no longer what it has from a parent: the table leaves that one.
    pub(super) fn leaves(
        &self,
        id: &ObjectId,
        origin: &ObjectId,
        before: &Catalog,
    ) -> Option<NodeIndex> {
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

    /// The ties that are made between a partitioned table and what is below it.
    pub(super) fn made_ties_below(&self, table: &ObjectId, after: &Catalog) -> Vec<NodeIndex> {
        ties_below(&self.creates, table, after)
    }
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
pub(crate) fn roots(tie: &ObjectId, catalog: &Catalog) -> impl Iterator<Item = ObjectId> {
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

/// The columns of the tables that a column's table is a child of all the while.
pub(super) fn origins(id: &ObjectId, context: &Context<'_>) -> Vec<ObjectId> {
    let table = id.parent.as_deref().filter(|table| context.keeps(table));
    let parents = table.map(|table| kept_parents(table, context));
    let parents = parents.into_iter().flatten();
    parents
        .map(|parent| parent.child(id.kind, &id.name))
        .collect()
}
