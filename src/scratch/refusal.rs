//! What PostgreSQL refused of the desired objects, and which of it speaks for itself: what only misses another refused
//! object is not told, and objects that miss each other are told together.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::model::{Kind, ObjectId};
use crate::pg::error::SqlError;

/// One desired object that PostgreSQL refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The object that the statement was made for.
    pub id: ObjectId,
    /// The statement, and what PostgreSQL said.
    pub error: SqlError,
    /// Where the object misses itself by way of others: those others, in their order.
    pub by_way_of: Vec<ObjectId>,
}

impl Refusal {
    /// A refusal for a reason of its own.
    pub fn new(id: ObjectId, error: SqlError) -> Refusal {
        Refusal {
            id,
            error,
            by_way_of: Vec::new(),
        }
    }

    /// Whether the object could only be made when it was there.
    pub fn is_cycle(&self) -> bool {
        !self.by_way_of.is_empty()
    }
}

/// The refusals that do not follow from others.
pub(super) fn sift(refusals: Vec<Refusal>) -> Vec<Refusal> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, refusal) in refusals.iter().enumerate() {
        for name in names(&refusal.id) {
            by_name.entry(name).or_default().push(index);
        }
    }
    let mut graph: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = (0..refusals.len()).map(|it| graph.add_node(it)).collect();
    for (index, refusal) in refusals.iter().enumerate() {
        let Some(missing) = missing(&refusal.error) else {
            continue;
        };
        let named = by_name.get(&missing.name).into_iter().flatten();
        for needed in named.filter(|needed| missing.fits(refusals[**needed].id.kind)) {
            graph.update_edge(nodes[index], nodes[*needed], ());
        }
    }
    let needed = |node: NodeIndex| graph.neighbors(node).collect::<BTreeSet<NodeIndex>>();
    let mut kept = Vec::new();
    for group in tarjan_scc(&graph) {
        let members: BTreeSet<NodeIndex> = group.iter().copied().collect();
        if !group.iter().all(|node| needed(*node).is_subset(&members)) {
            continue;
        }
        let Some(first) = group.iter().copied().min() else {
            continue;
        };
        let mut told = refusals[graph[first]].clone();
        if !needed(first).is_empty() {
            told.by_way_of = chain(first, &needed)
                .into_iter()
                .map(|node| refusals[graph[node]].id.clone())
                .collect();
        }
        kept.push((graph[first], told));
    }
    kept.sort_by_key(|(index, _)| *index);
    kept.into_iter().map(|(_, told)| told).collect()
}

/// The shortest way from a node back to itself, without the node at its beginning.
fn chain(first: NodeIndex, needed: &dyn Fn(NodeIndex) -> BTreeSet<NodeIndex>) -> Vec<NodeIndex> {
    let mut ways: Vec<Vec<NodeIndex>> = vec![Vec::new()];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in needed(way.last().copied().unwrap_or(first)) {
                let mut way = way.clone();
                way.push(next);
                if next == first {
                    return way;
                }
                if seen.insert(next) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    Vec::new()
}

/// How messages of PostgreSQL call an object: with its schema, or without.
fn names(id: &ObjectId) -> Vec<String> {
    match id.parent.as_deref() {
        None => vec![id.name.to_string()],
        Some(parent) if parent.kind == Kind::Schema => {
            vec![format!("{}.{}", parent.name, id.name), id.name.to_string()]
        }
        // What belongs to something else is not what a message misses.
        Some(_) => Vec::new(),
    }
}

/// What a message says that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The message's word for it: `relation`, `type`, `function`.
    what: String,
    /// Its name, with its schema where that was said.
    pub name: String,
}

impl Missing {
    /// Whether an object of the kind is what the message means.
    fn fits(&self, kind: Kind) -> bool {
        match self.what.as_str() {
            "relation" => {
                matches!(
                    kind,
                    Kind::Table
                        | Kind::ForeignTable
                        | Kind::View
                        | Kind::MaterializedView
                        | Kind::Sequence
                        | Kind::Composite
                )
            }
            "type" => kind.is_type(),
            "function" | "procedure" | "aggregate" => {
                matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate)
            }
            what => what.replace(' ', "-") == kind.name(),
        }
    }
}

/// What a message says that is not there, by its name or, for a routine, its call.
pub fn missing(error: &SqlError) -> Option<Missing> {
    let said = error.message.strip_suffix(" does not exist")?;
    let (what, name) = match said.split_once(" \"") {
        Some((what, name)) => (what, name.strip_suffix('"')?),
        None => {
            let (call, _) = said.split_once('(')?;
            call.split_once(' ')?
        }
    };
    Some(Missing {
        what: what.to_owned(),
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(kind: Kind, name: &str, state: &str, message: &str) -> Refusal {
        let error = SqlError {
            sqlstate: Some(state.to_owned()),
            message: message.to_owned(),
            ..SqlError::default()
        };
        Refusal::new(ObjectId::in_schema(kind, "s", name), error)
    }

    fn told(refusals: Vec<Refusal>) -> Vec<String> {
        sift(refusals)
            .into_iter()
            .map(|it| {
                let way: Vec<&str> = it.by_way_of.iter().map(|id| &*id.name).collect();
                format!("{} {}", it.id.name, way.join(" "))
                    .trim()
                    .to_owned()
            })
            .collect()
    }

    #[test]
    fn what_follows_from_another_refusal_is_not_told() {
        let missing = |name: &str| format!("relation \"{name}\" does not exist");
        let table = refusal(Kind::Table, "t", "42P01", &missing("other.thing"));
        let trigger = Refusal::new(
            table.id.child(Kind::Trigger, "tr"),
            refusal(Kind::Table, "", "42P01", &missing("s.t")).error,
        );
        assert_eq!(told(vec![table, trigger]), ["t"]);
        // A function that is refused for another reason, and what calls it.
        let function = refusal(Kind::Function, "f", "42601", "syntax error");
        let view = refusal(
            Kind::View,
            "v",
            "42883",
            "function s.f(integer) does not exist",
        );
        assert_eq!(told(vec![view.clone(), function]), ["f"]);
        assert_eq!(told(vec![view]), ["v"]);
    }

    #[test]
    fn a_name_of_something_else_is_no_reason() {
        let table = refusal(Kind::Table, "a", "42601", "syntax error at or near \"a\"");
        let column = refusal(Kind::View, "v", "42703", "column \"a\" does not exist");
        let schema = refusal(Kind::View, "w", "3F000", "schema \"a\" does not exist");
        assert_eq!(told(vec![table, column, schema]), ["a", "v", "w"]);
        let extension = Refusal::new(
            ObjectId::top(Kind::Extension, "x"),
            refusal(Kind::View, "", "0A000", "extension \"x\" is not available").error,
        );
        assert_eq!(told(vec![extension]), ["x"]);
    }

    #[test]
    fn those_that_miss_each_other_are_told_together() {
        let view = |name: &str, misses: &str| {
            let message = format!("relation \"{misses}\" does not exist");
            refusal(Kind::View, name, "42P01", &message)
        };
        assert_eq!(told(vec![view("a", "s.b"), view("b", "s.a")]), ["a b a"]);
        assert_eq!(told(vec![view("a", "s.a"), view("c", "s.a")]), ["a a"]);
        let three = vec![
            view("a", "s.b"),
            view("b", "s.c"),
            view("c", "a"),
            view("d", "s.b"),
        ];
        assert_eq!(told(three), ["a b c a"]);
        assert_eq!(told(vec![view("a", "s.b"), view("b", "s.c")]), ["b"]);
    }
}
