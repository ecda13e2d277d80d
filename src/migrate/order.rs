//! The order in which the files of several services run: each after the one before it in its service, and after those that
//! its header names.
//!
//! The rule: files of a group stay together; where nothing else decides, the service that the others stand on goes first, and
//! the same files always give the same order.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};

use super::Version;
use super::error::Problem;
use super::folder::Migration;
use crate::model::circles;

/// Files that run one right after the other: one, or those of a group.
type Block = Vec<usize>;

/// Puts the files in order, `services` being those of the project with the ones first that others stand on. Gives what is
/// wrong: dependencies that lead nowhere or in a circle, groups that are not whole.
pub(super) fn order(migrations: &mut Vec<Migration>, services: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (blocks, incomplete) = blocks(migrations);
    problems.extend(incomplete);
    let block_of: BTreeMap<usize, usize> = blocks
        .iter()
        .enumerate()
        .flat_map(|(at, block)| block.iter().map(move |file| (*file, at)))
        .collect();
    let mut graph: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = (0..blocks.len()).map(|at| graph.add_node(at)).collect();
    let mut connect = |before: usize, after: usize| {
        let (before, after) = (nodes[block_of[&before]], nodes[block_of[&after]]);
        if before != after {
            graph.update_edge(before, after, ());
        }
    };
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, migration) in migrations.iter().enumerate() {
        if let Some(before) = last.insert(migration.service(), at) {
            connect(before, at);
        }
        for wanted in migration.depends_on() {
            match place_of(migrations, &wanted) {
                Some(before) => connect(before, at),
                None => problems.push(Problem::Dependency {
                    file: migration.up.name.clone(),
                    wanted: wanted.to_string(),
                }),
            }
        }
    }
    let rank = |at: usize| {
        let first = &migrations[blocks[at][0]];
        let service = services.iter().position(|it| it == first.service());
        (
            service.unwrap_or(usize::MAX),
            first.service().to_owned(),
            first.version.clone(),
        )
    };
    let mut waiting: BTreeMap<NodeIndex, usize> = graph
        .node_indices()
        .map(|node| {
            let before = graph.neighbors_directed(node, Direction::Incoming);
            (node, before.count())
        })
        .collect();
    let mut ready: BTreeSet<_> = waiting
        .iter()
        .filter(|(_, left)| **left == 0)
        .map(|(node, _)| (rank(graph[*node]), *node))
        .collect();
    let mut sorted = Vec::with_capacity(migrations.len());
    while let Some((_, node)) = ready.pop_first() {
        sorted.extend(blocks[graph[node]].iter().copied());
        for next in graph.neighbors(node) {
            if let Some(left) = waiting.get_mut(&next) {
                *left -= 1;
                if *left == 0 {
                    ready.insert((rank(graph[next]), next));
                }
            }
        }
    }
    if sorted.len() < migrations.len() {
        problems.extend(waiting_for_each_other(&graph, &blocks, migrations));
        let left: Vec<usize> = (0..migrations.len())
            .filter(|at| !sorted.contains(at))
            .collect();
        sorted.extend(left);
    }
    let mut all: Vec<Option<Migration>> =
        std::mem::take(migrations).into_iter().map(Some).collect();
    migrations.extend(sorted.into_iter().filter_map(|at| all[at].take()));
    problems
}

/// The file of a version, or the one that it was folded into.
pub(super) fn place_of(migrations: &[Migration], wanted: &Version) -> Option<usize> {
    let own = migrations.iter().position(|it| it.version == *wanted);
    own.or_else(|| {
        migrations.iter().position(|it| {
            let folded = it.squashes();
            folded.iter().any(|(version, _)| version == wanted)
        })
    })
}

/// Files that run together, and groups that are not whole. The files come by service and version.
fn blocks(migrations: &[Migration]) -> (Vec<Block>, Vec<Problem>) {
    struct Open {
        id: String,
        of: u32,
        parts: Vec<(u32, usize)>,
    }
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut before: Option<&Migration> = None;
    for (at, migration) in migrations.iter().enumerate() {
        let same_service = before.is_some_and(|it| it.service() == migration.service());
        before = Some(migration);
        let Some(group) = migration.up.file.header().group() else {
            blocks.push(vec![at]);
            continue;
        };
        let part = (group.part, at);
        match open.last_mut() {
            // Only neighbours belong together: a file in between would run in the middle of the group.
            Some(last)
                if same_service
                    && last.id == group.id
                    && last.of == group.of
                    && last
                        .parts
                        .last()
                        .is_some_and(|(before, file)| *before < group.part && *file + 1 == at) =>
            {
                last.parts.push(part);
            }
            _ => open.push(Open {
                id: group.id,
                of: group.of,
                parts: vec![part],
            }),
        }
    }
    let is_whole = |parts: &[(u32, usize)], of: u32| parts.iter().map(|(part, _)| *part).eq(1..=of);
    // What is not whole in one service may be so together with others.
    let mut shared: BTreeMap<(String, u32), Vec<Open>> = BTreeMap::new();
    for one in open {
        if is_whole(&one.parts, one.of) {
            blocks.push(one.parts.into_iter().map(|(_, at)| at).collect());
        } else {
            shared
                .entry((one.id.clone(), one.of))
                .or_default()
                .push(one);
        }
    }
    let mut problems = Vec::new();
    for ((id, of), pieces) in shared {
        let mut parts: Vec<(u32, usize)> = pieces.iter().flat_map(|it| it.parts.clone()).collect();
        parts.sort_unstable();
        let mut services: Vec<&str> = parts
            .iter()
            .map(|(_, at)| migrations[*at].service())
            .collect();
        services.dedup();
        if services.len() > 1 && is_whole(&parts, of) {
            blocks.push(parts.into_iter().map(|(_, at)| at).collect());
            continue;
        }
        for piece in pieces {
            let files: Block = piece.parts.iter().map(|(_, at)| *at).collect();
            let have = files.iter().map(|at| migrations[*at].up.name.clone());
            problems.push(Problem::Group {
                id: id.clone(),
                of,
                have: have.collect(),
            });
            blocks.extend(files.into_iter().map(|at| vec![at]));
        }
    }
    (blocks, problems)
}

/// The files that wait for each other, one problem a circle.
fn waiting_for_each_other(
    graph: &DiGraph<usize, ()>,
    blocks: &[Block],
    migrations: &[Migration],
) -> Vec<Problem> {
    let label = |node: NodeIndex| migrations[blocks[graph[node]][0]].label();
    let path = |way: Vec<NodeIndex>| {
        let labels: Vec<String> = way.into_iter().map(label).collect();
        Problem::Circle {
            path: labels.join(" depends on "),
        }
    };
    circles(graph).into_iter().map(path).collect()
}
