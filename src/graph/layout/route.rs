//! Lines. The rule: a net goes from the box that it ends at through the channels to every box where a link begins; past a
//! column it takes one lane between two boxes. Heights of rows, lanes and tracks are reserved before anything is placed.

use std::collections::{BTreeMap, BTreeSet};

use super::place::Placement;
use super::{
    BORDER, Branch, End, FRAME_GAP, GAP, HEAD, Layout, Link, MARGIN, Net, Node, PADDING, Placed,
    ROW, Rect, Side, TITLE, Trunk, UNIT,
};

/// A place where a net meets a box: box, row (0 is the head), side.
type Port = (usize, usize, Side);

/// A net before it has measures.
struct Wires {
    links: Vec<usize>,
    to: usize,
    to_rows: Vec<usize>,
    /// Where each link meets its beginning: link, row, side.
    from: Vec<(usize, usize, Side)>,
    /// The columns that it passes, with the gap that it takes there and its place in it.
    lanes: BTreeMap<usize, (usize, usize)>,
}

/// The rows of a link's end, the head being row 0.
fn rows(rows: &[usize]) -> Vec<usize> {
    match rows {
        [] => vec![0],
        rows => rows.iter().map(|row| row + 1).collect(),
    }
}

struct Routing<'a> {
    nodes: &'a [Node],
    links: &'a [Link],
    placement: &'a Placement,
    column: Vec<usize>,
    /// The boxes of each column from above.
    columns: Vec<Vec<usize>>,
    nets: Vec<Wires>,
    /// The nets that meet a row at a side.
    ports: BTreeMap<Port, Vec<usize>>,
}

/// Draws the lines between placed boxes.
pub(super) fn route(nodes: &[Node], links: &[Link], placement: &Placement) -> Layout {
    let column = placement.column_of(nodes.len());
    let mut columns = vec![Vec::new(); placement.columns];
    for (group, range) in &placement.frames {
        for (at, stack) in range.clone().zip(&placement.stacks[*group]) {
            columns[at].extend(stack.iter().copied());
        }
    }
    let mut routing = Routing {
        nodes,
        links,
        placement,
        column,
        columns,
        nets: Vec::new(),
        ports: BTreeMap::new(),
    };
    routing.gather();
    let mut lanes: Vec<Vec<usize>> = routing
        .columns
        .iter()
        .map(|boxes| vec![0; boxes.len() + 1])
        .collect();
    let (placed, _) = routing.heights(&lanes);
    routing.take_lanes(&placed, &mut lanes);
    let (placed, frames) = routing.heights(&lanes);
    routing.draw(placed, frames)
}

impl Routing<'_> {
    /// One net for all links of a class that end at the same rows.
    fn gather(&mut self) {
        let mut known: BTreeMap<(usize, Vec<usize>, u8), usize> = BTreeMap::new();
        for (index, link) in self.links.iter().enumerate() {
            let key = (link.to, link.to_rows.clone(), link.class);
            let net = *known.entry(key).or_insert_with(|| {
                self.nets.push(Wires {
                    links: Vec::new(),
                    to: link.to,
                    to_rows: rows(&link.to_rows),
                    from: Vec::new(),
                    lanes: BTreeMap::new(),
                });
                self.nets.len() - 1
            });
            self.nets[net].links.push(index);
        }
        for (net, wires) in self.nets.iter_mut().enumerate() {
            let own = self.column[wires.to];
            let of = |link: &usize| self.column[self.links[*link].from];
            // What stands in the same column joins the side that the net has anyway.
            let beside = if wires.links.iter().any(|link| of(link) > own)
                || !wires.links.iter().any(|link| of(link) < own)
            {
                Side::Right
            } else {
                Side::Left
            };
            let mut ends = BTreeSet::new();
            for link in &wires.links {
                let (side, end) = match of(link).cmp(&own) {
                    std::cmp::Ordering::Less => (Side::Right, Side::Left),
                    std::cmp::Ordering::Greater => (Side::Left, Side::Right),
                    std::cmp::Ordering::Equal => (beside, beside),
                };
                ends.insert(end);
                let from = &self.links[*link];
                for row in rows(&from.from_rows) {
                    wires.from.push((*link, row, side));
                    let port = self.ports.entry((from.from, row, side)).or_default();
                    if port.last() != Some(&net) {
                        port.push(net);
                    }
                }
            }
            for end in ends {
                for row in &wires.to_rows {
                    let port = self.ports.entry((wires.to, *row, end)).or_default();
                    if port.last() != Some(&net) {
                        port.push(net);
                    }
                }
            }
        }
    }

    /// The height of a row: three lines fit at a side, each further one takes a unit.
    fn row_height(&self, node: usize, row: usize) -> i32 {
        let lines = [Side::Left, Side::Right]
            .into_iter()
            .filter_map(|side| self.ports.get(&(node, row, side)))
            .map(Vec::len)
            .max()
            .unwrap_or(0);
        let needed = UNIT * i32::try_from(lines).unwrap_or(i32::MAX / UNIT);
        needed.max(if row == 0 { HEAD } else { ROW })
    }

    fn box_height(&self, node: usize) -> i32 {
        (0..=self.nodes[node].rows)
            .map(|row| self.row_height(node, row))
            .sum()
    }

    /// Boxes and frames with their heights, `lanes` being reserved above the boxes of each column and below its last one.
    fn heights(&self, lanes: &[Vec<usize>]) -> (Vec<Placed>, Vec<Rect>) {
        let room = |column: usize, gap: usize| {
            UNIT * i32::try_from(lanes[column][gap]).unwrap_or(i32::MAX / UNIT)
        };
        let mut placed = vec![Placed::default(); self.nodes.len()];
        let mut frames = vec![Rect::default(); self.placement.stacks.len()];
        let mut bottom: Vec<Option<i32>> = vec![None; self.placement.columns];
        let mut seen = vec![0; self.placement.columns];
        for (group, range) in &self.placement.frames {
            let top = range
                .clone()
                .filter_map(|column| bottom[column])
                .max()
                .map_or(BORDER, |bottom| bottom + FRAME_GAP);
            let mut ends = Vec::new();
            for (column, stack) in range.clone().zip(&self.placement.stacks[*group]) {
                let mut y = top + TITLE;
                for node in stack {
                    y += room(column, seen[column]);
                    seen[column] += 1;
                    placed[*node].rect.y = y;
                    y += self.box_height(*node) + GAP;
                }
                if seen[column] == self.columns[column].len() {
                    y += room(column, seen[column]);
                }
                ends.push(y);
            }
            let low = ends.iter().max().copied().unwrap_or(top);
            // Shorter columns stand in the middle.
            for (end, stack) in ends.iter().zip(&self.placement.stacks[*group]) {
                let down = (low - end) / 2 / UNIT * UNIT;
                for node in stack {
                    placed[*node].rect.y += down;
                }
            }
            let end = low - GAP + PADDING;
            frames[*group].y = top;
            frames[*group].height = end - top;
            bottom[range.clone()].fill(Some(end));
        }
        for (node, placed) in placed.iter_mut().enumerate() {
            let mut y = placed.rect.y;
            for row in 0..=self.nodes[node].rows {
                let height = self.row_height(node, row);
                placed.rows.push((y, height));
                y += height;
            }
            placed.rect.height = y - placed.rect.y;
        }
        (placed, frames)
    }

    /// Chooses the gap of every column that a net passes: the nearest to where it comes from and to where it goes.
    fn take_lanes(&mut self, placed: &[Placed], lanes: &mut [Vec<usize>]) {
        let middle = |node: usize, row: usize| {
            let (top, height) = placed[node].rows[row];
            top + height / 2
        };
        let gap_height = |column: usize, gap: usize| {
            let boxes = &self.columns[column];
            match (boxes.get(gap), gap.checked_sub(1).map(|above| boxes[above])) {
                (Some(below), _) => placed[*below].rect.y - UNIT,
                (None, Some(above)) => placed[above].rect.bottom() + UNIT,
                (None, None) => 0,
            }
        };
        // By column and gap, the nets that go there, with where they come from.
        let mut taken: BTreeMap<(usize, usize), Vec<(i32, usize)>> = BTreeMap::new();
        for net in 0..self.nets.len() {
            let wires = &self.nets[net];
            let own = self.column[wires.to];
            let start = middle(wires.to, wires.to_rows[0]);
            for side in [Side::Right, Side::Left] {
                let beyond = |column: usize| match side {
                    Side::Right => column > own,
                    Side::Left => column < own,
                };
                let ends: Vec<(usize, i32)> = wires
                    .from
                    .iter()
                    .map(|(link, row, _)| {
                        let node = self.links[*link].from;
                        (self.column[node], middle(node, *row))
                    })
                    .filter(|(column, _)| beyond(*column))
                    .collect();
                let passed: Vec<usize> = match side {
                    Side::Right => {
                        let last = ends.iter().map(|(column, _)| *column).max().unwrap_or(own);
                        (own + 1..last).collect()
                    }
                    Side::Left => {
                        let last = ends.iter().map(|(column, _)| *column).min().unwrap_or(own);
                        (last + 1..own).rev().collect()
                    }
                };
                let mut y = start;
                for column in passed {
                    let mut ahead: Vec<i32> = ends
                        .iter()
                        .filter(|(other, _)| match side {
                            Side::Right => *other > column,
                            Side::Left => *other < column,
                        })
                        .map(|(_, y)| *y)
                        .collect();
                    ahead.sort_unstable();
                    let goal = ahead[ahead.len() / 2];
                    let cost = |gap: usize| {
                        let height = gap_height(column, gap);
                        let crowd = i32::try_from(lanes[column][gap]).unwrap_or(i32::MAX / 64);
                        (height - y).abs() + (height - goal).abs() + 4 * crowd
                    };
                    let gap = (0..lanes[column].len())
                        .min_by_key(|gap| (cost(*gap), *gap))
                        .unwrap_or(0);
                    lanes[column][gap] += 1;
                    taken
                        .entry((column, gap))
                        .or_default()
                        .push((y + goal, net));
                    y = gap_height(column, gap);
                }
            }
        }
        for ((column, gap), mut nets) in taken {
            nets.sort_unstable();
            for (place, (_, net)) in nets.into_iter().enumerate() {
                self.nets[net].lanes.insert(column, (gap, place));
            }
        }
    }

    /// The height of the line of a net at a port.
    fn port_height(&self, placed: &[Placed], net: usize, port: Port) -> i32 {
        let (node, row, side) = port;
        let (top, height) = placed[node].rows[row];
        let nets = self.ports.get(&port).map(Vec::as_slice).unwrap_or_default();
        let place = nets.iter().position(|it| *it == net).unwrap_or(0);
        let slots = height / UNIT;
        let count = i32::try_from(nets.len()).unwrap_or(slots);
        let first = (slots - count) / 2;
        let offset = match side {
            Side::Right => UNIT / 4,
            Side::Left => 3 * UNIT / 4,
        };
        top + UNIT * (first + i32::try_from(place).unwrap_or(0)) + offset
    }

    /// The height of a lane.
    fn lane_height(
        &self,
        placed: &[Placed],
        lanes: usize,
        column: usize,
        lane: (usize, usize),
    ) -> i32 {
        let (gap, place) = lane;
        let class = if column.is_multiple_of(2) {
            0
        } else {
            UNIT / 2
        };
        let place = i32::try_from(place).unwrap_or(0);
        let lanes = i32::try_from(lanes).unwrap_or(0);
        let boxes = &self.columns[column];
        match boxes.get(gap) {
            // The first one is the highest.
            Some(below) => placed[*below].rect.y - UNIT * (lanes - place + 1) + class,
            None => {
                let above = gap
                    .checked_sub(1)
                    .map_or(0, |above| placed[boxes[above]].rect.bottom());
                above + UNIT * (place + 2) + class
            }
        }
    }

    fn draw(&self, mut placed: Vec<Placed>, mut frames: Vec<Rect>) -> Layout {
        let count = self.placement.columns;
        let mut in_gap: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for wires in &self.nets {
            for (column, (gap, _)) in &wires.lanes {
                *in_gap.entry((*column, *gap)).or_default() += 1;
            }
        }
        // What every net meets in every channel: height, whether from the left, what.
        type Meeting = (i32, bool, End, usize);
        let mut channels: Vec<BTreeMap<usize, Vec<Meeting>>> = vec![BTreeMap::new(); count + 1];
        for (net, wires) in self.nets.iter().enumerate() {
            let mut meet = |channel: usize, y: i32, from_left: bool, end: End, column: usize| {
                channels[channel]
                    .entry(net)
                    .or_default()
                    .push((y, from_left, end, column));
            };
            let mut sides = BTreeSet::new();
            for (link, row, side) in &wires.from {
                let node = self.links[*link].from;
                let y = self.port_height(&placed, net, (node, *row, *side));
                let column = self.column[node];
                let channel = column + usize::from(*side == Side::Right);
                meet(channel, y, *side == Side::Right, End::From(*link), column);
                let own = self.column[wires.to];
                sides.insert(match column.cmp(&own) {
                    std::cmp::Ordering::Less => Side::Left,
                    std::cmp::Ordering::Greater => Side::Right,
                    std::cmp::Ordering::Equal => *side,
                });
            }
            for side in sides {
                for row in &wires.to_rows {
                    let y = self.port_height(&placed, net, (wires.to, *row, side));
                    let column = self.column[wires.to];
                    let channel = column + usize::from(side == Side::Right);
                    meet(channel, y, side == Side::Right, End::To, column);
                }
            }
            for (column, lane) in &wires.lanes {
                let lanes = in_gap.get(&(*column, lane.0)).copied().unwrap_or(0);
                let y = self.lane_height(&placed, lanes, *column, *lane);
                meet(*column, y, false, End::Lane, *column);
                meet(*column + 1, y, true, End::Lane, *column);
            }
        }
        for channel in &mut channels {
            for meetings in channel.values_mut() {
                meetings.sort_by_key(|(y, from_left, _, column)| (*y, *from_left, *column));
            }
        }
        let tracks: Vec<Vec<(usize, i32)>> = channels.iter().map(tracks).collect();
        // Now the widths are known.
        let mut left = vec![0; count];
        let mut right = vec![0; count];
        let mut start = vec![0; count + 1];
        let mut x = BORDER;
        for column in 0..=count {
            let used = tracks[column]
                .iter()
                .map(|(_, track)| track + 1)
                .max()
                .unwrap_or(0);
            // At the edges of the picture an empty channel needs no room but the frame's.
            start[column] = x + MARGIN;
            let margins = if used == 0 && (column == 0 || column == count) {
                PADDING
            } else {
                2 * MARGIN
            };
            x += margins + UNIT * (used - 1).max(0);
            if column < count {
                left[column] = x;
                let width = self.columns[column]
                    .iter()
                    .map(|node| self.nodes[*node].width)
                    .max();
                x += (width.unwrap_or(0) + UNIT - 1) / UNIT * UNIT;
                right[column] = x;
            }
        }
        for (node, placed) in placed.iter_mut().enumerate() {
            let column = self.column[node];
            placed.rect.x = left[column];
            placed.rect.width = right[column] - left[column];
        }
        for (group, range) in &self.placement.frames {
            let (first, last) = (range.start, range.end.saturating_sub(1));
            frames[*group].x = left[first] - PADDING;
            frames[*group].width = right[last] + PADDING - frames[*group].x;
        }
        let mut nets: Vec<Net> = self
            .nets
            .iter()
            .map(|wires| Net {
                links: wires.links.clone(),
                trunks: Vec::new(),
            })
            .collect();
        for (channel, tracks) in tracks.iter().enumerate() {
            for (net, track) in tracks {
                let branches = channels[channel][net]
                    .iter()
                    .map(|(y, from_left, end, column)| Branch {
                        y: *y,
                        x: match (from_left, end) {
                            (true, End::Lane) => left[*column],
                            (true, _) => right[*column],
                            (false, _) => left[*column],
                        },
                        end: *end,
                    })
                    .collect();
                nets[*net].trunks.push(Trunk {
                    x: start[channel] + UNIT * track,
                    branches,
                });
            }
        }
        let low = frames.iter().map(Rect::bottom).max().unwrap_or(0);
        let far = frames.iter().map(Rect::right).max().unwrap_or(0).max(x);
        Layout {
            nodes: placed,
            frames,
            nets,
            width: far + BORDER,
            height: low + BORDER,
        }
    }
}

/// A track for every net of a channel: ordered so that few lines cross, as near to the left as those before let it.
fn tracks(channel: &BTreeMap<usize, Vec<(i32, bool, End, usize)>>) -> Vec<(usize, i32)> {
    struct Span {
        net: usize,
        top: i32,
        low: i32,
        left: Vec<i32>,
        right: Vec<i32>,
    }
    let mut spans: Vec<Span> = channel
        .iter()
        .map(|(net, meetings)| {
            let heights = |from_left: bool| -> Vec<i32> {
                meetings
                    .iter()
                    .filter(|(_, left, ..)| *left == from_left)
                    .map(|(y, ..)| *y)
                    .collect()
            };
            Span {
                net: *net,
                top: meetings.first().map_or(0, |(y, ..)| *y),
                low: meetings.last().map_or(0, |(y, ..)| *y),
                left: heights(true),
                right: heights(false),
            }
        })
        .collect();
    // How many crossings it makes that one stands left of the other.
    let crossings = |one: &Span, other: &Span| {
        let across = |heights: &[i32], span: &Span| {
            heights
                .iter()
                .filter(|y| span.top <= **y && **y <= span.low)
                .count()
        };
        across(&one.right, other) + across(&other.left, one)
    };
    spans.sort_by_key(|span| (span.top, span.low, span.net));
    for _ in 0..spans.len() {
        let mut swapped = false;
        for at in 1..spans.len() {
            let (one, other) = (&spans[at - 1], &spans[at]);
            if crossings(other, one) < crossings(one, other) {
                spans.swap(at - 1, at);
                swapped = true;
            }
        }
        if !swapped {
            break;
        }
    }
    let mut placed: Vec<(usize, i32, i32, i32)> = Vec::new();
    for span in &spans {
        let track = placed
            .iter()
            .filter(|(_, _, top, low)| span.top <= *low + UNIT && *top <= span.low + UNIT)
            .map(|(_, track, ..)| track + 1)
            .max()
            .unwrap_or(0);
        placed.push((span.net, track, span.top, span.low));
    }
    placed
        .into_iter()
        .map(|(net, track, ..)| (net, track))
        .collect()
}
