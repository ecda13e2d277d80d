//! Declared rows that refer to each other in a circle: none can come, or go, before the others. What PostgreSQL looks at
//! only once all of them are there lets them: one statement for those of one table, a foreign key that the plan makes after
//! them or drops before, and else a foreign key whose check waits meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::stable_graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::{Before, Graph, of_kind};
use crate::kind::foreign_key::ForeignKey;
use crate::kind::row::{self, Row, Tie};
use crate::kind::{Catalog, Context, Form, Object, Statement};
use crate::model::{Kind, ObjectId};
use crate::plan::Verb;

/// A foreign key whose check waits while rows come, change and go.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Deferral {
    pub(in crate::plan) key: ObjectId,
    pub(in crate::plan) rows: BTreeSet<(Verb, ObjectId)>,
}

/// One row after another because of a foreign key.
struct Wait<'t> {
    first: NodeIndex,
    then: NodeIndex,
    /// Whether what goes waits, so that the state before says why.
    goes: bool,
    ties: Vec<&'t Tie>,
}

/// How a foreign key lets rows be in a circle, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// It is not there while they come or go.
    Absent,
    /// Its check waits, as it may.
    Deferred,
    /// It may be made to wait.
    Deferrable,
    /// It takes away itself what refers.
    Action,
}

impl Graph {
    /// Opens the circles in which rows wait for each other, as far as the foreign keys let them be.
    pub(super) fn open_circles(&mut self, context: &Context<'_>) {
        let rows = [&self.creates, &self.alters, &self.drops].into_iter();
        let rows = rows.flat_map(|nodes| of_kind(nodes, Kind::Row));
        let rows: BTreeSet<NodeIndex> = rows.map(|(_, node)| node).collect();
        let of_tables = of_kind(&self.drops, Kind::Row);
        let with_tables = of_tables
            .filter_map(|(id, _)| id.parent.as_deref())
            .any(|table| self.drops.contains_key(table));
        let is_rebuilt = |(key, _): (&ObjectId, NodeIndex)| self.creates.contains_key(key);
        let with_keys = of_kind(&self.drops, Kind::ForeignKey).any(is_rebuilt);
        let is_needed = with_tables || with_keys || !self.cycles_within(&rows).is_empty();
        if rows.is_empty() || !is_needed {
            return;
        }
        let (before, after) = (row::ties(context.before), row::ties(context.after));
        self.cut_with_tables(&rows, (&before, &after));
        if with_keys {
            self.cut_with_keys(&rows, (&before, &after));
        }
        let circles = self.cycles_within(&rows);
        for circle in circles {
            self.cut_needless(context, &circle, (&before, &after));
            for circle in self.cycles_within(&circle) {
                self.join(&circle);
                self.release(context, &circle, (&before, &after));
            }
        }
    }

    /// What waits for what in a circle because of foreign keys alone.
    fn waits<'t>(
        &self,
        circle: &BTreeSet<NodeIndex>,
        (before, after): (&'t [Tie], &'t [Tie]),
    ) -> Vec<Wait<'t>> {
        let edges = circle.iter().flat_map(|node| self.graph.edges(*node));
        let edges = edges.filter(|edge| circle.contains(&edge.target()));
        let by_row = |ties: &'t [Tie]| {
            let mut by_row: BTreeMap<&ObjectId, Vec<&'t Tie>> = BTreeMap::new();
            for tie in ties {
                by_row.entry(&tie.row).or_default().push(tie);
            }
            by_row
        };
        let (before, after) = (by_row(before), by_row(after));
        let wait = |first: NodeIndex, then: NodeIndex| {
            let (one, other) = (self.action(first), self.action(then));
            let goes = match (one.verb, other.verb) {
                (Verb::Drop, Verb::Drop | Verb::Alter) | (Verb::Alter, Verb::Drop) => true,
                (Verb::Create | Verb::Alter, Verb::Create | Verb::Alter) => false,
                (Verb::Drop, Verb::Create) | (Verb::Create, Verb::Drop) => return None,
            };
            let (ties, row, to) = match goes {
                true => (&before, first, then),
                false => (&after, then, first),
            };
            let joined = |node: NodeIndex| self.joined.get(&node).into_iter().flatten();
            let of = std::iter::once(&self.action(row).id).chain(joined(row));
            let of = of.flat_map(|id| ties.get(id).into_iter().flatten());
            let is_to =
                |id: &ObjectId| *id == self.action(to).id || joined(to).any(|joined| joined == id);
            let ties = of.filter(|tie| is_to(&tie.to)).copied();
            let ties: Vec<&Tie> = ties.collect();
            (!ties.is_empty()).then_some(Wait {
                first,
                then,
                goes,
                ties,
            })
        };
        edges
            .filter_map(|edge| wait(edge.source(), edge.target()))
            .collect()
    }

    fn cut_wait(&mut self, wait: &Wait<'_>) {
        if let Some(edge) = self.graph.find_edge(wait.first, wait.then) {
            self.graph.remove_edge(edge);
        }
    }

    /// A row that keeps the values by which others refer to it may change at any time.
    fn cut_needless(
        &mut self,
        context: &Context<'_>,
        circle: &BTreeSet<NodeIndex>,
        ties: (&[Tie], &[Tie]),
    ) {
        for wait in self.waits(circle, ties) {
            let needed = self.action(if wait.goes { wait.then } else { wait.first });
            let stays = |tie: &&Tie| {
                let key = tie.definition(if wait.goes {
                    context.before
                } else {
                    context.after
                });
                let values =
                    |catalog| Some(row_of(&tie.to, catalog)?.values_of(&key?.referenced_columns));
                values(context.before).is_some() && values(context.before) == values(context.after)
            };
            if needed.verb == Verb::Alter && wait.ties.iter().all(stays) {
                self.cut_wait(&wait);
            }
        }
    }

    /// Rows of one table that wait for each other come in one statement, and go in one.
    fn join(&mut self, circle: &BTreeSet<NodeIndex>) {
        let mut alike: BTreeMap<(Verb, &ObjectId), BTreeSet<NodeIndex>> = BTreeMap::new();
        for node in circle {
            let action = self.action(*node);
            if let (Verb::Create | Verb::Drop, Some(table)) =
                (action.verb, action.id.parent.as_deref())
            {
                alike.entry((action.verb, table)).or_default().insert(*node);
            }
        }
        let alike: Vec<BTreeSet<NodeIndex>> = alike.into_values().collect();
        let alike = alike.iter().flat_map(|alike| self.cycles_within(alike));
        let alike: Vec<BTreeSet<NodeIndex>> = alike.collect();
        for together in alike {
            let statements = together.iter().map(|node| &self.graph[*node].statements);
            let Some(joined) = one_statement(statements) else {
                continue;
            };
            let mut nodes = together.iter().copied();
            let Some(first) = nodes.next() else { continue };
            self.graph[first].statements = vec![joined];
            let ids = together.iter().map(|node| self.action(*node).id.clone());
            let ids = ids.collect();
            self.joined.insert(first, ids);
            for other in nodes {
                self.graph[other].statements.clear();
                let edges = [Direction::Incoming, Direction::Outgoing].into_iter();
                let edges = edges.flat_map(|side| self.graph.edges_directed(other, side));
                let edges: Vec<_> = edges
                    .map(|edge| (edge.id(), edge.source(), edge.target(), *edge.weight()))
                    .collect();
                for (edge, from, to, how) in edges {
                    self.graph.remove_edge(edge);
                    let end = |it| if together.contains(&it) { first } else { it };
                    let (from, to) = (end(from), end(to));
                    match how {
                        Before::Should => self.should(from, to),
                        how => self.edge(from, to, how),
                    }
                }
            }
        }
    }

    /// Rows that go with their tables wait for none, where the foreign key between them goes too.
    fn cut_with_tables(&mut self, rows: &BTreeSet<NodeIndex>, ties: (&[Tie], &[Tie])) {
        for wait in self.waits(rows, ties) {
            let goes = |node: NodeIndex| {
                let action = self.action(node);
                let table = action.id.parent.as_deref();
                action.verb == Verb::Drop && table.is_some_and(|it| self.drops.contains_key(it))
            };
            let is_gone = |tie: &&Tie| self.drops.contains_key(&tie.key);
            if goes(wait.first) && goes(wait.then) && wait.ties.iter().all(is_gone) {
                self.cut_wait(&wait);
                for tie in &wait.ties {
                    self.apart(&wait, &tie.key);
                }
            }
        }
    }

    /// Rows in a circle with others than rows, such as their columns, need not wait for each other where the foreign key between
    /// them is made anew: it comes when all of them are as they shall be.
    fn cut_with_keys(&mut self, rows: &BTreeSet<NodeIndex>, ties: (&[Tie], &[Tie])) {
        let all: BTreeSet<NodeIndex> = self.graph.node_indices().collect();
        for circle in self.cycles_within(&all) {
            let of_rows: BTreeSet<NodeIndex> = circle.intersection(rows).copied().collect();
            for wait in self.waits(&of_rows, ties) {
                let is_anew = |tie: &&Tie| {
                    self.drops.contains_key(&tie.key) && self.creates.contains_key(&tie.key)
                };
                if wait.ties.iter().all(is_anew) {
                    self.cut_wait(&wait);
                    for tie in &wait.ties {
                        let (gone, made) = (self.drops[&tie.key], self.creates[&tie.key]);
                        for row in [wait.first, wait.then] {
                            self.edge(gone, row, Before::Must);
                            self.edge(row, made, Before::Must);
                        }
                    }
                }
            }
        }
    }

    /// Lets go of one foreign key after another until no circle is left.
    fn release(
        &mut self,
        context: &Context<'_>,
        circle: &BTreeSet<NodeIndex>,
        ties: (&[Tie], &[Tie]),
    ) {
        let mut released: BTreeSet<ObjectId> = BTreeSet::new();
        let mut waiting = self.cycles_within(circle);
        while let Some(circle) = waiting.pop() {
            let waits = self.waits(&circle, ties);
            let mut ways: BTreeMap<&ObjectId, Option<Way>> = BTreeMap::new();
            for (wait, tie) in waits
                .iter()
                .flat_map(|wait| wait.ties.iter().map(move |tie| (wait, *tie)))
                .filter(|(_, tie)| !released.contains(&tie.key))
            {
                let way = self.way(context, wait, tie);
                let worst = ways.entry(&tie.key).or_insert(way);
                *worst = worst.zip(way).map(|(one, other)| one.max(other));
            }
            let ways = ways.into_iter().filter_map(|(key, way)| Some((way?, key)));
            let Some((_, key)) = ways.min() else {
                continue;
            };
            let key = key.clone();
            released.insert(key.clone());
            let of_key = |wait: &&Wait<'_>| wait.ties.iter().any(|tie| tie.key == key);
            let mut deferred = BTreeSet::new();
            for wait in waits.iter().filter(of_key) {
                for tie in wait.ties.iter().filter(|tie| tie.key == key) {
                    match self.way(context, wait, tie) {
                        Some(Way::Absent) => self.apart(wait, &key),
                        Some(Way::Deferred | Way::Deferrable) => {
                            deferred.extend([wait.first, wait.then])
                        }
                        // What waits for the one that refers waits for the other one too: both go at once.
                        Some(Way::Action) => {
                            for before in self.before(wait.first).collect::<Vec<_>>() {
                                self.edge(before, wait.then, Before::Must);
                            }
                        }
                        None => {}
                    }
                }
                if wait.ties.iter().all(|tie| released.contains(&tie.key)) {
                    self.cut_wait(wait);
                }
            }
            self.defer(key, &deferred);
            waiting.extend(self.cycles_within(&circle));
        }
    }

    /// How a foreign key lets one of two rows not wait for the other.
    fn way(&self, context: &Context<'_>, wait: &Wait<'_>, tie: &Tie) -> Option<Way> {
        let made = match wait.goes {
            true => &self.drops,
            false => &self.creates,
        };
        if made.contains_key(&tie.key) {
            return Some(Way::Absent);
        }
        let key = tie.definition(context.before)?;
        match key.on_delete.as_deref().filter(|_| wait.goes) {
            None if key.deferrable.is_some() => Some(Way::Deferred),
            None => Some(Way::Deferrable),
            Some("cascade") => Some(Way::Action),
            Some("set-null") if may_be_null(&tie.key, key, context.before) => Some(Way::Action),
            Some(_) => None,
        }
    }

    /// A foreign key that comes does so after the rows, and one that goes before them.
    fn apart(&mut self, wait: &Wait<'_>, key: &ObjectId) {
        if let Some(&gone) = self.drops.get(key) {
            self.edge(gone, wait.then, Before::Must);
        }
        if let (false, Some(&made)) = (wait.goes, self.creates.get(key)) {
            self.edge(wait.first, made, Before::Must);
            self.edge(wait.then, made, Before::Must);
        }
    }

    /// The check of a foreign key waits while these rows come, change and go.
    fn defer(&mut self, key: ObjectId, nodes: &BTreeSet<NodeIndex>) {
        if nodes.is_empty() {
            return;
        }
        // It is as it was until then.
        if let Some(&changed) = self.alters.get(&key) {
            for node in nodes {
                self.edge(*node, changed, Before::Must);
            }
        }
        let rows = nodes.iter().map(|node| self.action(*node));
        let rows = rows.map(|action| (action.verb, action.id.clone()));
        let rows = rows.collect();
        self.deferrals.push(Deferral { key, rows });
    }
}

/// Statements that differ only in their rows, as one.
fn one_statement<'s>(mut all: impl Iterator<Item = &'s Vec<Statement>>) -> Option<Statement> {
    let [first] = all.next()?.as_slice() else {
        return None;
    };
    let mut joined = first.clone();
    for statements in all {
        let [other] = statements.as_slice() else {
            return None;
        };
        match (&mut joined.form, &other.form) {
            (
                Form::List { head, items, tail },
                Form::List {
                    head: other_head,
                    items: more,
                    tail: other_tail,
                },
            ) if head == other_head && tail == other_tail => items.extend(more.iter().cloned()),
            _ => return None,
        }
        for hazard in &other.hazards {
            if !joined.hazards.contains(hazard) {
                joined.hazards.push(hazard.clone());
            }
        }
    }
    Some(joined)
}

fn row_of<'c>(id: &ObjectId, catalog: &'c Catalog) -> Option<&'c Row> {
    match catalog.get(id)? {
        Object::Row(row) => Some(row),
        _ => None,
    }
}

/// Whether the columns that ON DELETE SET NULL empties take null.
fn may_be_null(id: &ObjectId, key: &ForeignKey, catalog: &Catalog) -> bool {
    let columns = match key.on_delete_columns.is_empty() {
        true => &key.columns,
        false => &key.on_delete_columns,
    };
    columns.iter().all(|name| {
        let column = id.parent.as_deref().map(|it| it.child(Kind::Column, name));
        let column = column.and_then(|it| catalog.get(&it));
        matches!(column, Some(Object::Column(column)) if !column.not_null)
    })
}
