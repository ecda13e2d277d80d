//! Where things stand in a picture. The rule: columns of boxes with channels between them. Lines run upright in channels
//! only, and level in channels or in lanes between two boxes, so that no line crosses a box; every level line has a height
//! of its own class (see `Side`), every upright one a track of its own, so that no two lines lie on each other.
//!
//! Lines with the same end are one net and share their way: what many tables refer to gets one trunk.

mod place;
mod route;

/// All measures are multiples of this.
pub const UNIT: i32 = 8;
/// From box to box, upwards.
const GAP: i32 = 3 * UNIT;
/// From a frame to the next one.
const FRAME_GAP: i32 = 4 * UNIT;
/// Above the first box of a frame, for its title.
const TITLE: i32 = 5 * UNIT;
/// Below the last box of a frame, and beside its columns.
const PADDING: i32 = 2 * UNIT;
/// From a box to the nearest track of the channel beside it.
const MARGIN: i32 = 3 * UNIT;
/// Around the whole picture.
const BORDER: i32 = 2 * UNIT;
/// The least height of a row, and of a head.
const ROW: i32 = 3 * UNIT;
const HEAD: i32 = 4 * UNIT;

/// A box to be placed.
#[derive(Debug, Clone)]
pub struct Node {
    /// The frame that it stands in.
    pub group: usize,
    /// The room that its texts need.
    pub width: i32,
    /// How many rows it has below its head.
    pub rows: usize,
}

/// A line to be drawn, from what refers to what is referred to.
#[derive(Debug, Clone)]
pub struct Link {
    /// The box where it begins.
    pub from: usize,
    /// The rows where it begins; none for the head.
    pub from_rows: Vec<usize>,
    /// The box where it ends.
    pub to: usize,
    /// The rows where it ends; none for the head.
    pub to_rows: Vec<usize>,
    /// Only lines of one class share their way.
    pub class: u8,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, schemars::JsonSchema)]
pub struct Rect {
    /// Its left side.
    pub x: i32,
    /// Its upper side.
    pub y: i32,
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
}

impl Rect {
    /// Its right side.
    pub fn right(&self) -> i32 {
        self.x + self.width
    }

    /// Its lower side.
    pub fn bottom(&self) -> i32 {
        self.y + self.height
    }
}

/// A box in its place.
#[derive(Debug, Clone, Default)]
pub struct Placed {
    /// Where.
    pub rect: Rect,
    /// Upper side and height of the head and of each row.
    pub rows: Vec<(i32, i32)>,
}

/// What a level piece of a net leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The same net in the next channel.
    Lane,
    /// Where a link begins.
    From(usize),
    /// Where the links end.
    To,
}

/// A level piece of a net, from its trunk to a box or to the next channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// Its height.
    pub y: i32,
    /// Where it leads.
    pub x: i32,
    /// To what.
    pub end: End,
}

/// An upright piece of a net with the level pieces that meet it, topmost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trunk {
    /// Where it stands.
    pub x: i32,
    /// What meets it.
    pub branches: Vec<Branch>,
}

/// Lines with one end.
#[derive(Debug, Clone, Default)]
pub struct Net {
    /// The links that it draws.
    pub links: Vec<usize>,
    /// Its pieces.
    pub trunks: Vec<Trunk>,
}

/// A straight piece of a line: its two ends.
pub type Segment = ((i32, i32), (i32, i32));

impl Net {
    /// Its straight pieces.
    pub fn segments(&self) -> Vec<Segment> {
        let mut segments = Vec::new();
        for trunk in &self.trunks {
            if let (Some(first), Some(last)) = (trunk.branches.first(), trunk.branches.last()) {
                segments.push(((trunk.x, first.y), (trunk.x, last.y)));
            }
            for branch in &trunk.branches {
                segments.push(((trunk.x, branch.y), (branch.x, branch.y)));
            }
        }
        segments
    }
}

/// Everything in its place.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The boxes, as they were given.
    pub nodes: Vec<Placed>,
    /// The frames, by group.
    pub frames: Vec<Rect>,
    /// The lines.
    pub nets: Vec<Net>,
    /// The width of the whole.
    pub width: i32,
    /// The height of the whole.
    pub height: i32,
}

/// Which side of a box a line meets. Heights of lines are told apart by what they are modulo 8: at right sides 2, at left
/// sides 6, in lanes of even columns 0, of odd ones 4; so a line that comes from the left of a channel never lies on one
/// that comes from its right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Left,
    Right,
}

/// How frames stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frames {
    /// Each near what it is linked to.
    ByLinks,
    /// As they are numbered, from above.
    InOrder,
}

/// Places boxes in frames, and draws lines between them.
pub fn layout(nodes: &[Node], links: &[Link], frames: Frames) -> Layout {
    if nodes.is_empty() {
        return Layout::default();
    }
    let placement = place::place(nodes, links, frames);
    route::route(nodes, links, &placement)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What must not be: boxes on boxes, frames on frames, lines through boxes, lines on lines of other nets.
    fn faults(layout: &Layout, nodes: &[Node]) -> Vec<String> {
        let mut faults = Vec::new();
        let apart = |one: &Rect, other: &Rect| {
            one.right() <= other.x
                || other.right() <= one.x
                || one.bottom() <= other.y
                || other.bottom() <= one.y
        };
        for (index, node) in layout.nodes.iter().enumerate() {
            for (other, rect) in layout.nodes.iter().enumerate().skip(index + 1) {
                if !apart(&node.rect, &rect.rect) {
                    faults.push(format!("box {index} lies on box {other}"));
                }
            }
            for (group, frame) in layout.frames.iter().enumerate() {
                let within = node.rect.x >= frame.x
                    && node.rect.right() <= frame.right()
                    && node.rect.y >= frame.y
                    && node.rect.bottom() <= frame.bottom();
                if (nodes[index].group == group) != within || (!within && !apart(&node.rect, frame))
                {
                    faults.push(format!("box {index} and frame {group}"));
                }
            }
        }
        for (index, frame) in layout.frames.iter().enumerate() {
            for (other, rect) in layout.frames.iter().enumerate().skip(index + 1) {
                if !apart(frame, rect) {
                    faults.push(format!("frame {index} lies on frame {other}"));
                }
            }
        }
        let mut segments = Vec::new();
        for (net, lines) in layout.nets.iter().enumerate() {
            for ((x1, y1), (x2, y2)) in lines.segments() {
                if x1 != x2 && y1 != y2 {
                    faults.push(format!("net {net} runs aslant"));
                }
                let segment = (x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2));
                for (index, node) in layout.nodes.iter().enumerate() {
                    let rect = node.rect;
                    if segment.0 < rect.right()
                        && segment.2 > rect.x
                        && segment.1 < rect.bottom()
                        && segment.3 > rect.y
                    {
                        faults.push(format!("net {net} runs through box {index}"));
                    }
                }
                segments.push((net, segment));
            }
        }
        for (index, (net, one)) in segments.iter().enumerate() {
            for (other_net, other) in &segments[index + 1..] {
                let level = one.1 == one.3 && other.1 == other.3 && one.1 == other.1;
                let upright = one.0 == one.2 && other.0 == other.2 && one.0 == other.0;
                let meet = (level && one.0 < other.2 && other.0 < one.2)
                    || (upright && one.1 < other.3 && other.1 < one.3);
                if net != other_net && meet {
                    faults.push(format!(
                        "net {net} lies on net {other_net}: {one:?} {other:?}"
                    ));
                }
            }
        }
        faults
    }

    fn graphs() -> impl Strategy<Value = (Vec<Node>, Vec<Link>)> {
        (1usize..6, 1usize..40).prop_flat_map(|(groups, count)| {
            let node = (0..groups, 10i32..40, 0usize..12).prop_map(|(group, width, rows)| Node {
                group,
                width: width * UNIT,
                rows,
            });
            let link = (0..count, 0..count, any::<[u8; 3]>(), 0u8..2);
            (
                prop::collection::vec(node, count),
                prop::collection::vec(link, 0..60),
            )
                .prop_map(|(mut nodes, links)| {
                    // Every group has a box.
                    let used: std::collections::BTreeSet<usize> =
                        nodes.iter().map(|node| node.group).collect();
                    for node in &mut nodes {
                        node.group = used.iter().position(|group| *group == node.group).unwrap();
                    }
                    let row = |node: usize, byte: u8| match nodes[node].rows {
                        0 => Vec::new(),
                        rows => vec![usize::from(byte) % rows],
                    };
                    let links = links
                        .into_iter()
                        .map(|(from, to, bytes, class)| Link {
                            from,
                            from_rows: row(from, bytes[0]),
                            to,
                            to_rows: if bytes[2] < 80 {
                                Vec::new()
                            } else {
                                row(to, bytes[1] % 2)
                            },
                            class,
                        })
                        .collect();
                    (nodes, links)
                })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_lies_on_anything((nodes, links) in graphs()) {
            let layout = layout(&nodes, &links, Frames::ByLinks);
            let faults = faults(&layout, &nodes);
            prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
            let drawn: usize = layout.nets.iter().map(|net| net.links.len()).sum();
            prop_assert_eq!(drawn, links.len());
        }

        #[test]
        fn every_line_meets_its_rows((nodes, links) in graphs()) {
            let layout = layout(&nodes, &links, Frames::ByLinks);
            for net in &layout.nets {
                for link in &net.links {
                    let meets = |node: usize, rows: &[usize], end: End| {
                        let rows = if rows.is_empty() { vec![0] } else { rows.iter().map(|row| row + 1).collect() };
                        rows.iter().all(|row| {
                            let (top, height) = layout.nodes[node].rows[*row];
                            let rect = layout.nodes[node].rect;
                            net.trunks.iter().flat_map(|trunk| &trunk.branches).any(|branch| {
                                branch.end == end
                                    && branch.y > top
                                    && branch.y < top + height
                                    && (branch.x == rect.x || branch.x == rect.right())
                            })
                        })
                    };
                    prop_assert!(meets(links[*link].from, &links[*link].from_rows, End::From(*link)));
                    prop_assert!(meets(links[*link].to, &links[*link].to_rows, End::To));
                }
            }
        }
    }
}
