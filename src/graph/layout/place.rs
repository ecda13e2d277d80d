//! Columns and the order in them. The rule: what is referred to stands left of what refers to it where that can be; a frame
//! takes whole columns; of many arrangements the one is taken that fills a page best with the shortest lines.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{FRAME_GAP, Frames, GAP, HEAD, Link, MARGIN, Node, PADDING, ROW, TITLE};

/// Width to height of a good page.
const PAGE: f64 = 1.5;

/// Boxes in columns, frame by frame.
#[derive(Debug, Clone, Default)]
pub(super) struct Placement {
    /// The frames in the order in which they are laid down, with their columns.
    pub(super) frames: Vec<(usize, Range<usize>)>,
    /// By group, by its columns: the boxes from above.
    pub(super) stacks: Vec<Vec<Vec<usize>>>,
    /// How many columns there are.
    pub(super) columns: usize,
}

impl Placement {
    /// The column of every box.
    pub(super) fn column_of(&self, count: usize) -> Vec<usize> {
        let mut columns = vec![0; count];
        for (group, range) in &self.frames {
            for (column, stack) in range.clone().zip(&self.stacks[*group]) {
                for node in stack {
                    columns[*node] = column;
                }
            }
        }
        columns
    }

    /// Roughly where every box begins and ends, and the size of the whole.
    fn sketch(&self, nodes: &[Node]) -> (Vec<f64>, f64, f64) {
        let mut middle = vec![0.0; nodes.len()];
        let mut bottom = vec![0; self.columns];
        let mut widths = vec![0; self.columns];
        for (group, range) in &self.frames {
            let top = bottom[range.clone()].iter().max().copied().unwrap_or(0);
            let mut low = top;
            for (column, stack) in range.clone().zip(&self.stacks[*group]) {
                let mut y = top + TITLE;
                for node in stack {
                    middle[*node] = f64::from(y) + f64::from(height(&nodes[*node])) / 2.0;
                    y += height(&nodes[*node]) + GAP;
                    widths[column] = widths[column].max(nodes[*node].width);
                }
                low = low.max(y);
            }
            bottom[range.clone()].fill(low - GAP + PADDING + FRAME_GAP);
        }
        let width: i32 = widths.iter().map(|width| width + 3 * MARGIN).sum();
        let height = bottom.iter().max().copied().unwrap_or(0);
        (middle, f64::from(width), f64::from(height))
    }

    /// What an arrangement costs: the side of the page that it needs, and how far its lines run.
    fn cost(&self, nodes: &[Node], links: &[Link]) -> f64 {
        let (middle, width, height) = self.sketch(nodes);
        let columns = self.column_of(nodes.len());
        let run: f64 = links
            .iter()
            .map(|link| {
                let across = columns[link.from].abs_diff(columns[link.to]).max(1) - 1;
                (middle[link.from] - middle[link.to]).abs() + 350.0 * across as f64
            })
            .sum();
        let run = run / (links.len().max(1) as f64);
        (width / PAGE).max(height) + 0.1 * (width / PAGE).min(height) + 0.6 * run
    }
}

/// The height of a box whose rows have no more than three lines a side.
fn height(node: &Node) -> i32 {
    HEAD + ROW * i32::try_from(node.rows).unwrap_or(0)
}

/// Takes the cheapest of many arrangements.
pub(super) fn place(nodes: &[Node], links: &[Link], frames: Frames) -> Placement {
    let groups = nodes.iter().map(|node| node.group + 1).max().unwrap_or(0);
    let members: Vec<Vec<usize>> = (0..groups)
        .map(|group| {
            (0..nodes.len())
                .filter(|node| nodes[*node].group == group)
                .collect()
        })
        .collect();
    let layers: Vec<Vec<Vec<usize>>> = members
        .iter()
        .map(|members| layers(members, links))
        .collect();
    let tallest = nodes.iter().map(height).max().unwrap_or(0) + GAP;
    let area: f64 = nodes
        .iter()
        .map(|node| f64::from(height(node) + GAP) * f64::from(node.width + 3 * MARGIN))
        .sum();
    let side = (area / PAGE).sqrt();
    let mut ties = vec![vec![0; groups]; groups];
    for link in links {
        let (from, to) = (nodes[link.from].group, nodes[link.to].group);
        if from != to {
            ties[from][to] += 1;
            ties[to][from] += 1;
        }
    }
    let mut best: Option<(f64, Placement)> = None;
    let mut limits = BTreeSet::new();
    for factor in [0.35, 0.5, 0.7, 0.85, 1.0, 1.25] {
        limits.insert(((side * factor) as i32).max(tallest));
    }
    for limit in limits {
        let stacks: Vec<Vec<Vec<usize>>> = layers
            .iter()
            .map(|layers| {
                let mut columns = stacks(layers, nodes, links, limit);
                if frames == Frames::InOrder {
                    columns.iter_mut().for_each(|column| column.sort_unstable());
                }
                columns
            })
            .collect();
        let widest = stacks.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let all: usize = stacks.iter().map(Vec::len).sum();
        let orders = match frames {
            Frames::ByLinks => orders(&stacks, nodes, &ties),
            Frames::InOrder => vec![(0..groups).collect()],
        };
        for order in orders {
            for columns in widest..=all.min(widest + 14).max(widest) {
                let placement = pack(&order, &stacks, nodes, &ties, columns);
                let cost = placement.cost(nodes, links);
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, placement));
                }
            }
        }
    }
    let mut placement = best.map(|(_, placement)| placement).unwrap_or_default();
    if frames == Frames::ByLinks {
        straighten(&mut placement, nodes, links);
    }
    placement
}

/// The boxes of a group by layers: what is referred to before what refers to it; what refers to nothing here and is not
/// referred to comes in the last, separate layer.
fn layers(members: &[usize], links: &[Link]) -> Vec<Vec<usize>> {
    let within: BTreeSet<usize> = members.iter().copied().collect();
    let mut needs: Vec<(usize, usize)> = links
        .iter()
        .filter(|link| {
            link.from != link.to && within.contains(&link.from) && within.contains(&link.to)
        })
        .map(|link| (link.from, link.to))
        .collect();
    needs.sort_unstable();
    needs.dedup();
    let linked: BTreeSet<usize> = needs.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let mut layer: std::collections::BTreeMap<usize, usize> =
        linked.iter().map(|node| (*node, 0)).collect();
    let forward = without_loops(&linked, &needs);
    // Each round moves something right, at most as far as there are boxes.
    for _ in 0..linked.len() {
        let mut moved = false;
        for (from, to) in &forward {
            let least = layer[to] + 1;
            if layer[from] < least {
                layer.insert(*from, least);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    // What refers to nothing moves up to what refers to it.
    for node in &linked {
        if forward.iter().any(|(from, _)| from == node) {
            continue;
        }
        let nearest = forward
            .iter()
            .filter(|(_, to)| to == node)
            .map(|(from, _)| layer[from])
            .min();
        if let Some(nearest) = nearest {
            layer.insert(*node, nearest.saturating_sub(1));
        }
    }
    let count = layer.values().max().map_or(0, |last| last + 1);
    let mut layers = vec![Vec::new(); count + 1];
    for node in members {
        layers[layer.get(node).copied().unwrap_or(count)].push(*node);
    }
    layers
}

/// The links that lead forward on a walk through all boxes.
fn without_loops(nodes: &BTreeSet<usize>, needs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut state: std::collections::BTreeMap<usize, bool> = std::collections::BTreeMap::new();
    let mut forward = Vec::new();
    for start in nodes {
        if state.contains_key(start) {
            continue;
        }
        state.insert(*start, true);
        let mut path = vec![(*start, 0)];
        while let Some((node, at)) = path.last_mut() {
            let next = needs.iter().filter(|(from, _)| from == node).nth(*at);
            *at += 1;
            match next {
                None => {
                    state.insert(*node, false);
                    path.pop();
                }
                Some((from, to)) => match state.get(to) {
                    Some(true) => {}
                    Some(false) => forward.push((*from, *to)),
                    None => {
                        forward.push((*from, *to));
                        state.insert(*to, true);
                        path.push((*to, 0));
                    }
                },
            }
        }
    }
    forward
}

/// The layers of a group cut into columns no higher than `limit`, each ordered by what its boxes are linked to.
fn stacks(layers: &[Vec<usize>], nodes: &[Node], links: &[Link], limit: i32) -> Vec<Vec<usize>> {
    let mut columns: Vec<Vec<usize>> = Vec::new();
    let tall = |stack: &[usize]| -> i32 { stack.iter().map(|n| height(&nodes[*n]) + GAP).sum() };
    let (alone, linked) = layers
        .split_last()
        .map_or((&[][..], layers), |(alone, linked)| {
            (alone.as_slice(), linked)
        });
    for layer in linked {
        let parts = (tall(layer) + limit - 1) / limit.max(1);
        let each = tall(layer) / parts.max(1);
        let mut part: Vec<usize> = Vec::new();
        for node in layer {
            let own = height(&nodes[*node]) + GAP;
            if !part.is_empty() && tall(&part) + own / 2 > each && tall(&part) + own > each {
                columns.push(std::mem::take(&mut part));
            }
            part.push(*node);
        }
        if !part.is_empty() {
            columns.push(part);
        }
    }
    order_in_columns(&mut columns, nodes, links);
    let mut alone: Vec<usize> = alone.to_vec();
    alone.sort_by_key(|node| (std::cmp::Reverse(height(&nodes[*node])), *node));
    for node in alone {
        let own = height(&nodes[node]) + GAP;
        let room = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| tall(column) + own <= limit)
            .min_by_key(|(index, column)| (tall(column), *index))
            .map(|(index, _)| index);
        match room {
            Some(index) => columns[index].push(node),
            None => columns.push(vec![node]),
        }
    }
    columns
}

/// Sorts each column by the middle of what its boxes are linked to, a few times forth and back.
fn order_in_columns(columns: &mut [Vec<usize>], nodes: &[Node], links: &[Link]) {
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for link in links.iter().filter(|link| link.from != link.to) {
        neighbours[link.from].push(link.to);
        neighbours[link.to].push(link.from);
    }
    let mut middle = vec![f64::NAN; nodes.len()];
    let measure = |column: &[usize], middle: &mut Vec<f64>| {
        let all: i32 = column.iter().map(|node| height(&nodes[*node]) + GAP).sum();
        let mut y = -f64::from(all) / 2.0;
        for node in column {
            let own = f64::from(height(&nodes[*node]) + GAP);
            middle[*node] = y + own / 2.0;
            y += own;
        }
    };
    for column in columns.iter() {
        measure(column, &mut middle);
    }
    let count = columns.len();
    for round in 0..8 {
        for step in 0..count {
            let at = if round % 2 == 0 {
                step
            } else {
                count - 1 - step
            };
            let wanted = |node: &usize| {
                let linked: Vec<f64> = neighbours[*node]
                    .iter()
                    .map(|other| middle[*other])
                    .filter(|middle| !middle.is_nan())
                    .collect();
                if linked.is_empty() {
                    middle[*node]
                } else {
                    linked.iter().sum::<f64>() / linked.len() as f64
                }
            };
            let mut keyed: Vec<(f64, usize)> = columns[at]
                .iter()
                .map(|node| (wanted(node), *node))
                .collect();
            keyed.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            columns[at] = keyed.into_iter().map(|(_, node)| node).collect();
            measure(&columns[at], &mut middle);
        }
    }
}

/// Some orders in which the frames may be laid down: the largest first, and each next to what it is linked to.
fn orders(stacks: &[Vec<Vec<usize>>], nodes: &[Node], ties: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let count = stacks.len();
    let size = |group: &usize| -> i32 {
        stacks[*group]
            .iter()
            .flatten()
            .map(|node| height(&nodes[*node]))
            .sum()
    };
    let mut by_size: Vec<usize> = (0..count).collect();
    by_size.sort_by_key(|group| (std::cmp::Reverse(size(group)), *group));
    let mut orders = vec![by_size.clone()];
    for first in by_size.iter().take(4) {
        let mut order = vec![*first];
        while order.len() < count {
            let next = by_size
                .iter()
                .filter(|group| !order.contains(group))
                .max_by_key(|group| {
                    let tied: usize = order.iter().map(|other| ties[**group][*other]).sum();
                    (tied, size(group), std::cmp::Reverse(**group))
                });
            match next {
                Some(next) => order.push(*next),
                None => break,
            }
        }
        orders.push(order);
    }
    orders.dedup();
    orders
}

/// Lays the frames down one after another, each where it is highest and nearest to what it is linked to.
fn pack(
    order: &[usize],
    stacks: &[Vec<Vec<usize>>],
    nodes: &[Node],
    ties: &[Vec<usize>],
    columns: usize,
) -> Placement {
    let mut bottom = vec![0i32; columns];
    let mut frames: Vec<(usize, Range<usize>)> = Vec::new();
    for group in order {
        let stack = &stacks[*group];
        let tall = stack
            .iter()
            .map(|column| -> i32 { column.iter().map(|n| height(&nodes[*n]) + GAP).sum() })
            .max()
            .unwrap_or(0)
            + TITLE
            + PADDING
            + FRAME_GAP;
        let width = stack.len().max(1);
        let distance = |start: usize| -> f64 {
            frames
                .iter()
                .map(|(other, range)| {
                    let middle = start as f64 + width as f64 / 2.0;
                    let others = (range.start + range.end) as f64 / 2.0;
                    ties[*group][*other] as f64 * (middle - others).abs()
                })
                .sum()
        };
        let at = (0..=columns.saturating_sub(width))
            .min_by(|one, other| {
                let cost = |start: usize| {
                    let top = bottom[start..start + width].iter().max().copied();
                    f64::from(top.unwrap_or(0)) + 10.0 * distance(start)
                };
                cost(*one).total_cmp(&cost(*other)).then(one.cmp(other))
            })
            .unwrap_or(0);
        let top = bottom[at..at + width].iter().max().copied().unwrap_or(0);
        bottom[at..at + width].fill(top + tall);
        frames.push((*group, at..at + width));
    }
    let used = frames.iter().map(|(_, range)| range.end).max().unwrap_or(0);
    Placement {
        frames,
        stacks: stacks.to_vec(),
        columns: used,
    }
}

/// Once the frames lie: sorts the columns by all links, those to other frames too, and keeps what makes lines shorter.
fn straighten(placement: &mut Placement, nodes: &[Node], links: &[Link]) {
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for link in links.iter().filter(|link| link.from != link.to) {
        neighbours[link.from].push(link.to);
        neighbours[link.to].push(link.from);
    }
    let mut least = placement.cost(nodes, links);
    for _ in 0..6 {
        let mut next = placement.clone();
        for group in 0..next.stacks.len() {
            for column in 0..next.stacks[group].len() {
                let (middle, ..) = next.sketch(nodes);
                next.stacks[group][column].sort_by(|one, other| {
                    let wanted = |node: usize| {
                        let linked = &neighbours[node];
                        if linked.is_empty() {
                            return middle[node];
                        }
                        linked.iter().map(|other| middle[*other]).sum::<f64>() / linked.len() as f64
                    };
                    wanted(*one).total_cmp(&wanted(*other)).then(one.cmp(other))
                });
            }
        }
        let cost = next.cost(nodes, links);
        if cost >= least {
            break;
        }
        least = cost;
        *placement = next;
    }
}
