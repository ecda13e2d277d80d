//! Pictures as programs read them: what is drawn, and where it stands.

use schemars::JsonSchema;
use serde::Serialize;

use super::layout::{End, Rect};
use super::{Diagram, Order, Scene};

/// A diagram with its layout.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Drawn<'a> {
    /// True.
    pub ok: bool,
    /// What it shows.
    pub title: &'a str,
    /// Tables and what ties them.
    pub diagram: &'a Diagram,
    /// Where they stand.
    pub layout: Places,
}

/// The order of a plan with its layout.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DrawnOrder<'a> {
    /// True.
    pub ok: bool,
    /// What it shows.
    pub title: &'a str,
    /// What waits for what.
    pub order: &'a Order,
    /// Where the tasks stand.
    pub layout: Places,
}

/// Where everything of a picture stands, in pixels.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Places {
    /// The width of the whole.
    pub width: i32,
    /// The height of the whole.
    pub height: i32,
    /// The boxes: of the entities or tasks, in their order.
    pub boxes: Vec<PlacedBox>,
    /// The frames around them.
    pub frames: Vec<PlacedFrame>,
    /// The lines between them.
    pub lines: Vec<PlacedLine>,
}

/// A box.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlacedBox {
    /// Where it is.
    pub rect: Rect,
    /// The upper side and the height of its head.
    pub head: (i32, i32),
    /// The same of its rows.
    pub rows: Vec<(i32, i32)>,
}

/// A frame.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlacedFrame {
    /// Its words.
    pub title: String,
    /// Where it is.
    pub rect: Rect,
}

/// A line, which several relations may share.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlacedLine {
    /// The relations that it draws.
    pub relations: Vec<usize>,
    /// Its pieces: from x and y to x and y.
    pub segments: Vec<[i32; 4]>,
    /// Where it leaves boxes.
    pub from: Vec<[i32; 2]>,
    /// Where it arrives.
    pub to: Vec<[i32; 2]>,
}

impl Scene {
    /// Where everything stands.
    pub fn places(&self) -> Places {
        let boxes = self.tiles.iter().map(|tile| PlacedBox {
            rect: tile.rect,
            head: tile.head,
            rows: tile.rows.iter().map(|row| row.place).collect(),
        });
        let frames = self.frames.iter().map(|frame| PlacedFrame {
            title: frame.title.clone(),
            rect: frame.rect,
        });
        let lines = self.lines.iter().map(|line| {
            let ends = |wanted: fn(&End) -> bool| -> Vec<[i32; 2]> {
                let branches = line.net.trunks.iter().flat_map(|trunk| &trunk.branches);
                branches
                    .filter(|branch| wanted(&branch.end))
                    .map(|branch| [branch.x, branch.y])
                    .collect()
            };
            let segments = line.net.segments();
            PlacedLine {
                relations: line.net.links.clone(),
                segments: segments
                    .iter()
                    .map(|((x1, y1), (x2, y2))| [*x1, *y1, *x2, *y2])
                    .collect(),
                from: ends(|end| matches!(end, End::From(_))),
                to: ends(|end| *end == End::To),
            }
        });
        Places {
            width: self.width,
            height: self.height,
            boxes: boxes.collect(),
            frames: frames.collect(),
            lines: lines.collect(),
        }
    }
}
