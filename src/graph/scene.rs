//! A picture before it is written: boxes, frames and lines in their places, with their words cut to the room that they have.

use super::layout::{Frames, Link, Net, Node, Rect, UNIT, layout};
use super::{Diagram, Entity, Field, Mark, Order, Relation, Tie};
use crate::sql::hostile::harmless;

/// The width of a letter of the body, and of the smaller type beside it; all monospaced fonts are near to this.
const LETTER: f64 = 7.25;
const SMALL: f64 = 6.65;
/// Words longer than this are cut.
const LONGEST: usize = 34;

/// Boxes, frames and lines.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// What the picture shows, in a few words.
    pub title: String,
    /// The boxes.
    pub tiles: Vec<Tile>,
    /// The frames around them.
    pub frames: Vec<Frame>,
    /// The lines between them.
    pub lines: Vec<Line>,
    /// The width of the whole.
    pub width: i32,
    /// The height of the whole.
    pub height: i32,
    /// Whether it shows a change.
    pub change: bool,
    /// Whether it shows tables, and not steps.
    pub relations: bool,
}

/// A box.
#[derive(Debug, Clone)]
pub struct Tile {
    /// Where.
    pub rect: Rect,
    /// Its head's words.
    pub title: String,
    /// What stands at the right of the head.
    pub note: String,
    /// What is said of it in full.
    pub tip: String,
    /// The page that tells more.
    pub link: Option<String>,
    /// Its kind.
    pub kind: &'static str,
    /// What happens to it.
    pub mark: Mark,
    /// Upper side and height of the head.
    pub head: (i32, i32),
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a box.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its upper side and height.
    pub place: (i32, i32),
    /// What it is, in a letter or two.
    pub key: &'static str,
    /// Its words.
    pub name: String,
    /// What stands at its right.
    pub detail: String,
    /// What is said of it in full.
    pub tip: String,
    /// What happens to it.
    pub mark: Mark,
    /// Whether it is said in a lower voice.
    pub faint: bool,
}

/// A frame.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Where.
    pub rect: Rect,
    /// Its words.
    pub title: String,
}

/// A net with the way that it is drawn.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its pieces.
    pub net: Net,
    /// Which of the colours.
    pub hue: usize,
    /// What happens to it.
    pub mark: Mark,
    /// By what it ties.
    pub tie: Tie,
    /// What is said of it in full.
    pub tip: String,
    /// For each link: whether several refer, and whether none need.
    pub ends: Vec<(usize, bool, bool)>,
}

/// How many letters wide a text is.
pub(super) fn letters(text: &str) -> usize {
    text.chars()
        .map(|letter| if is_wide(letter) { 2 } else { 1 })
        .sum()
}

/// The letters of East Asia and pictures take two places.
fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}')
}

/// A text in one line and cut to so many letters.
pub(super) fn cut(text: &str, most: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // What is drawn as its escape takes the room of that.
    let line = harmless(&line).into_owned();
    if letters(&line) <= most {
        return line;
    }
    let mut short = String::new();
    let mut used = 1;
    for letter in line.chars() {
        used += if is_wide(letter) { 2 } else { 1 };
        if used > most {
            break;
        }
        short.push(letter);
    }
    short.push('…');
    short
}

fn room(letters: usize, each: f64) -> i32 {
    (letters as f64 * each).ceil() as i32
}

/// A name that changed as `old → new`.
fn changed(former: Option<&str>, now: &str) -> String {
    match former {
        Some(former) => format!("{former} → {now}"),
        None => now.to_owned(),
    }
}

fn row_of(field: &Field) -> Row {
    let key = match (field.primary, field.foreign, field.unique) {
        (true, true, _) => "PF",
        (true, false, _) => "PK",
        (false, true, _) => "FK",
        (false, false, true) => "U",
        _ => "",
    };
    let name = changed(field.former.as_deref(), &field.name);
    let data_type = changed(field.former_type.as_deref(), &field.data_type);
    let mut tip = format!("{name} {data_type}");
    if field.not_null {
        tip.push_str(" not null");
    }
    for (says, words) in [
        (field.primary, "primary key"),
        (field.foreign, "foreign key"),
        (field.unique, "unique"),
    ] {
        if says {
            tip.push_str(&format!(", {words}"));
        }
    }
    if let Some(comment) = &field.comment {
        tip.push_str(&format!("\n{comment}"));
    }
    Row {
        place: (0, 0),
        key,
        name: cut(&name, LONGEST),
        // A question mark where null may stand, as most languages write it.
        detail: format!(
            "{}{}",
            cut(&data_type, LONGEST),
            if field.not_null { "" } else { "?" }
        ),
        tip,
        mark: field.mark,
        faint: false,
    }
}

fn tile_of(entity: &Entity) -> Tile {
    let mut rows: Vec<Row> = entity.fields.iter().map(row_of).collect();
    if entity.left_out > 0 {
        rows.push(Row {
            place: (0, 0),
            key: "",
            name: format!("… {} more", entity.left_out),
            detail: String::new(),
            tip: String::new(),
            mark: Mark::Same,
            faint: true,
        });
    }
    let note = match (entity.partitions, entity.kind) {
        (0, "table") => String::new(),
        (0, kind) => kind.replace('-', " "),
        (1, _) => "1 partition".to_owned(),
        (count, _) => format!("{count} partitions"),
    };
    let mut tip = format!("{} {}.{}", entity.kind, entity.schema, entity.name);
    if let Some(former) = &entity.former {
        tip.push_str(&format!(", before {former}"));
    }
    if let Some(comment) = &entity.comment {
        tip.push_str(&format!("\n{comment}"));
    }
    let name = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
    let former = entity.former.as_deref().map(|former| {
        let same = former.strip_prefix(&format!("{}.", entity.schema));
        same.map_or_else(|| former.to_owned(), name)
    });
    Tile {
        rect: Rect::default(),
        title: cut(&changed(former.as_deref(), &entity.name), LONGEST + 8),
        note,
        tip,
        link: None,
        kind: entity.kind,
        mark: entity.mark,
        head: (0, 0),
        rows,
    }
}

/// The room that the words of a box need.
fn width_of(tile: &Tile) -> i32 {
    let sign = if tile.mark == Mark::Same { 0 } else { 2 };
    let head = room(letters(&tile.title) + sign, 7.6) + room(letters(&tile.note) + 1, SMALL) + 24;
    let rows = tile
        .rows
        .iter()
        .map(|row| {
            let sign = if row.mark == Mark::Same { 0 } else { 2 };
            room(letters(&row.name) + sign, LETTER)
                + room(letters(&row.detail), SMALL)
                + 28
                + 24
                + 12
        })
        .max()
        .unwrap_or(0);
    head.max(rows).max(15 * UNIT)
}

fn tip_of(diagram: &Diagram, relation: &Relation) -> String {
    let (from, to) = (
        &diagram.entities[relation.from],
        &diagram.entities[relation.to],
    );
    let fields = |entity: &Entity, fields: &[usize]| -> String {
        let names: Vec<&str> = fields
            .iter()
            .map(|at| entity.fields[*at].name.as_str())
            .collect();
        if names.is_empty() {
            format!("{}.{}", entity.schema, entity.name)
        } else {
            format!("{}.{} ({})", entity.schema, entity.name, names.join(", "))
        }
    };
    let verb = match relation.tie {
        Tie::ForeignKey => "→",
        Tie::Inherits => "inherits",
        Tie::Reads => "reads",
    };
    format!(
        "{} {verb} {}",
        fields(from, &relation.from_fields),
        fields(to, &relation.to_fields)
    )
}

impl Scene {
    /// The picture of a diagram.
    pub fn of_diagram(diagram: &Diagram, title: &str, change: bool) -> Scene {
        let schemas = diagram.schemas();
        let mut tiles: Vec<Tile> = diagram.entities.iter().map(tile_of).collect();
        let nodes: Vec<Node> = diagram
            .entities
            .iter()
            .zip(&tiles)
            .map(|(entity, tile)| Node {
                group: schemas
                    .iter()
                    .position(|it| *it == entity.schema)
                    .unwrap_or(0),
                width: width_of(tile),
                rows: tile.rows.len(),
            })
            .collect();
        let links: Vec<Link> = diagram
            .relations
            .iter()
            .map(|relation| Link {
                from: relation.from,
                from_rows: relation.from_fields.clone(),
                to: relation.to,
                to_rows: relation.to_fields.clone(),
                class: relation.mark as u8 * 4 + relation.tie as u8,
            })
            .collect();
        let placed = layout(&nodes, &links, Frames::ByLinks);
        put(&mut tiles, &placed.nodes);
        let mut hues: Vec<usize> = Vec::new();
        let lines = placed
            .nets
            .into_iter()
            .map(|net| {
                let relations: Vec<&Relation> = net
                    .links
                    .iter()
                    .map(|link| &diagram.relations[*link])
                    .collect();
                let first = relations[0];
                // What ends at one box has one colour, whatever its rows.
                let hue = hues
                    .iter()
                    .position(|to| *to == first.to)
                    .unwrap_or_else(|| {
                        hues.push(first.to);
                        hues.len() - 1
                    });
                let tips: Vec<String> = relations.iter().map(|it| tip_of(diagram, it)).collect();
                Line {
                    hue,
                    mark: first.mark,
                    tie: first.tie,
                    tip: tips.join("\n"),
                    ends: net
                        .links
                        .iter()
                        .map(|link| {
                            let relation = &diagram.relations[*link];
                            (*link, relation.many, relation.optional)
                        })
                        .collect(),
                    net,
                }
            })
            .collect();
        Scene {
            title: title.to_owned(),
            tiles,
            frames: placed
                .frames
                .into_iter()
                .zip(schemas)
                .map(|(rect, title)| Frame {
                    rect,
                    title: title.to_owned(),
                })
                .collect(),
            lines,
            width: placed.width,
            height: placed.height,
            change,
            relations: true,
        }
    }

    /// The picture of the order of a plan.
    pub fn of_order(order: &Order, title: &str) -> Scene {
        let mut tiles: Vec<Tile> = order
            .tasks
            .iter()
            .map(|task| Tile {
                rect: Rect::default(),
                title: cut(&format!("{} {}", task.numbers(), task.object), LONGEST + 20),
                note: String::new(),
                tip: task.statements.join("\n"),
                link: None,
                kind: "step",
                mark: task.mark,
                head: (0, 0),
                rows: task
                    .lines()
                    .into_iter()
                    .map(|line| Row {
                        place: (0, 0),
                        key: "",
                        name: cut(&line, 76),
                        detail: String::new(),
                        tip: String::new(),
                        mark: Mark::Same,
                        faint: true,
                    })
                    .collect(),
            })
            .collect();
        let nodes: Vec<Node> = order
            .tasks
            .iter()
            .zip(&tiles)
            .map(|(task, tile)| Node {
                group: task.part,
                width: width_of(tile),
                rows: tile.rows.len(),
            })
            .collect();
        let links: Vec<Link> = order
            .needs
            .iter()
            .map(|(later, earlier)| Link {
                from: *later,
                from_rows: Vec::new(),
                to: *earlier,
                to_rows: Vec::new(),
                class: 0,
            })
            .collect();
        let placed = layout(&nodes, &links, Frames::InOrder);
        put(&mut tiles, &placed.nodes);
        let lines = placed
            .nets
            .into_iter()
            .enumerate()
            .map(|(hue, net)| Line {
                hue,
                mark: Mark::Same,
                tie: Tie::Reads,
                tip: net
                    .links
                    .iter()
                    .map(|link| {
                        let (later, earlier) = order.needs[*link];
                        format!(
                            "{} after {}",
                            order.tasks[later].object, order.tasks[earlier].object
                        )
                    })
                    .collect::<Vec<_>>()
                    .join("\n"),
                ends: net.links.iter().map(|link| (*link, false, false)).collect(),
                net,
            })
            .collect();
        Scene {
            title: title.to_owned(),
            tiles,
            frames: placed
                .frames
                .into_iter()
                .zip(&order.parts)
                .map(|(rect, title)| Frame {
                    rect,
                    title: title.clone(),
                })
                .collect(),
            lines,
            width: placed.width,
            height: placed.height,
            change: true,
            relations: false,
        }
    }

    /// Gives every box the page that tells more of it.
    pub fn with_links(mut self, link: impl Fn(usize) -> Option<String>) -> Scene {
        for (at, tile) in self.tiles.iter_mut().enumerate() {
            tile.link = link(at);
        }
        self
    }
}

fn put(tiles: &mut [Tile], placed: &[super::layout::Placed]) {
    for (tile, placed) in tiles.iter_mut().zip(placed) {
        tile.rect = placed.rect;
        tile.head = placed.rows[0];
        for (row, place) in tile.rows.iter_mut().zip(&placed.rows[1..]) {
            row.place = *place;
        }
    }
}
