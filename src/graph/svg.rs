//! A scene as SVG. The rule: one text without references to anything outside; every word of a database is escaped; dark and
//! light follow the reader, and what colour says is said by a sign too.

use super::layout::{Branch, End, Trunk};
use super::scene::{Line, Row, Tile, letters};
use super::{Mark, Scene, Tie};
use crate::html::escape;

/// The corners of lines.
const ROUND: i32 = 5;
/// The room of the legend.
const LEGEND: i32 = 36;

/// The style of all pictures; in a page it is said once.
pub const STYLE: &str = "\
.sc{--sc-bg:#fff;--sc-ink:#1c2330;--sc-dim:#5d6779;--sc-box:#fff;--sc-edge:#c3cad5;--sc-head:#edf1f7;--sc-frame:#f7f9fc;\
--sc-line:#98a2b3;--sc-added:#16702f;--sc-dropped:#b4232c;--sc-changed:#855800;--sc-added-bg:#dcf5e3;--sc-dropped-bg:#fde4e4;--sc-changed-bg:#fcf0cd;\
--sc-h0:#3b6fd4;--sc-h1:#c2571a;--sc-h2:#2b8a57;--sc-h3:#8e52b0;--sc-h4:#a57a0a;--sc-h5:#16898f;--sc-h6:#bb3a6c;--sc-h7:#5c6b8a;\
font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:12px;background:var(--sc-bg)}\
@media(prefers-color-scheme:dark){.sc{--sc-bg:#12161d;--sc-ink:#e3e8f0;--sc-dim:#94a0b4;--sc-box:#1a2029;--sc-edge:#3b4656;--sc-head:#262f3c;--sc-frame:#161b23;\
--sc-line:#657186;--sc-added:#57c77a;--sc-dropped:#ff7b7f;--sc-changed:#e0b040;--sc-added-bg:#17301f;--sc-dropped-bg:#3a1d20;--sc-changed-bg:#352b12;\
--sc-h0:#7ba5f5;--sc-h1:#f09a5e;--sc-h2:#6bcb95;--sc-h3:#c593e4;--sc-h4:#dcb74e;--sc-h5:#5cc9ce;--sc-h6:#f085ac;--sc-h7:#a5b3ce}}\
.sc text{fill:var(--sc-ink);white-space:pre}.sc .dim{fill:var(--sc-dim);font-size:11px}.sc .key{fill:var(--sc-dim);font-size:9px;font-weight:700}\
.sc .title{font-weight:700;font-size:12.5px}.sc .frame{fill:var(--sc-frame);stroke:var(--sc-edge);stroke-dasharray:2 3}\
.sc .group{fill:var(--sc-dim);font-size:13px;font-weight:700}.sc .box{fill:var(--sc-box);stroke:var(--sc-edge)}.sc .head{fill:var(--sc-head)}\
.sc .rule{stroke:var(--sc-edge);stroke-width:.5}.sc .added{--sc-mark:var(--sc-added);--sc-mark-bg:var(--sc-added-bg)}\
.sc .dropped{--sc-mark:var(--sc-dropped);--sc-mark-bg:var(--sc-dropped-bg)}.sc .changed{--sc-mark:var(--sc-changed);--sc-mark-bg:var(--sc-changed-bg)}\
.sc .tile.added>.box,.sc .tile.dropped>.box,.sc .tile.changed>.box{stroke:var(--sc-mark);stroke-width:1.6}\
.sc .tile.added>.head,.sc .tile.dropped>.head,.sc .tile.changed>.head,.sc .swatch{fill:var(--sc-mark-bg)}.sc .wash{fill:var(--sc-mark-bg)}\
.sc .row.added text,.sc .row.dropped text,.sc .row.changed text,.sc .sign{fill:var(--sc-mark)}.sc .row.dropped .name,.sc .tile.dropped:not(.step)>.title{text-decoration:line-through}\
.sc .line{fill:none;stroke:var(--sc-hue);stroke-width:1.3}.sc .line .fill{fill:var(--sc-hue);stroke:none}.sc .line .hollow{fill:var(--sc-frame)}\
.sc .line.dash .way{stroke-dasharray:5 4}.sc .line.h0{--sc-hue:var(--sc-h0)}.sc .line.h1{--sc-hue:var(--sc-h1)}.sc .line.h2{--sc-hue:var(--sc-h2)}\
.sc .line.h3{--sc-hue:var(--sc-h3)}.sc .line.h4{--sc-hue:var(--sc-h4)}.sc .line.h5{--sc-hue:var(--sc-h5)}.sc .line.h6{--sc-hue:var(--sc-h6)}.sc .line.h7{--sc-hue:var(--sc-h7)}\
.sc .line.plain{--sc-hue:var(--sc-line)}.sc .line.added,.sc .line.dropped,.sc .line.changed{--sc-hue:var(--sc-mark);stroke-width:1.8}\
.sc .line:hover{stroke-width:2.6}.sc a:hover .title,.sc a:focus .title{text-decoration:underline}";

impl Scene {
    /// The picture as a file of its own.
    pub fn svg(&self) -> String {
        self.write(&format!("<style>{STYLE}</style>"))
    }

    /// The picture for a page that has [`STYLE`] already.
    pub fn svg_in_page(&self) -> String {
        self.write("")
    }

    fn write(&self, style: &str) -> String {
        // The legend needs its room too.
        let least = if self.change && self.relations {
            930
        } else {
            660
        };
        let (width, height) = (self.width.max(least), self.height + LEGEND);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sc\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\
             <title>{}</title>{style}<rect width=\"{width}\" height=\"{height}\" fill=\"var(--sc-bg)\"/>\n",
            escape(&self.title)
        );
        for frame in &self.frames {
            let rect = frame.rect;
            svg.push_str(&format!(
                "<rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/><text class=\"group\" x=\"{}\" y=\"{}\">{}</text>\n",
                rect.x, rect.y, rect.width, rect.height, rect.x + 12, rect.y + 20, escape(&frame.title)
            ));
        }
        for line in &self.lines {
            svg.push_str(&self.line(line));
        }
        for tile in &self.tiles {
            svg.push_str(&box_of(tile));
        }
        svg.push_str(&self.legend());
        svg.push_str("</svg>\n");
        svg
    }

    fn line(&self, line: &Line) -> String {
        let class = match (line.mark, self.change && self.relations) {
            (Mark::Same, true) => "plain".to_owned(),
            (Mark::Same, false) => format!("h{}", line.hue % 8),
            (mark, _) => mark.word().to_owned(),
        };
        let dash = if line.tie != Tie::ForeignKey && self.relations {
            " dash"
        } else {
            ""
        };
        let mut svg = format!(
            "<g class=\"line {class}{dash}\"><title>{}</title>",
            escape(&line.tip)
        );
        let mut way = String::new();
        let mut signs = String::new();
        for trunk in &line.net.trunks {
            way.push_str(&path_of(trunk));
            let last = trunk.branches.len().saturating_sub(1);
            for (at, branch) in trunk.branches.iter().enumerate() {
                if at != 0 && at != last {
                    signs.push_str(&format!(
                        "<circle class=\"fill\" cx=\"{}\" cy=\"{}\" r=\"2.2\"/>",
                        trunk.x, branch.y
                    ));
                }
                signs.push_str(&self.sign(line, trunk, branch));
            }
        }
        svg.push_str(&format!("<path class=\"way\" d=\"{way}\"/>{signs}</g>\n"));
        svg
    }

    /// What stands where a line meets a box.
    fn sign(&self, line: &Line, trunk: &Trunk, branch: &Branch) -> String {
        let (x, y) = (branch.x, branch.y);
        let way = if trunk.x > x { 1 } else { -1 };
        match branch.end {
            End::Lane => String::new(),
            End::To => format!("<path class=\"fill\" d=\"M{x},{y}l{},-4v8z\"/>", 8 * way),
            End::From(link) => {
                let Some((_, many, optional)) = line.ends.iter().find(|(it, ..)| *it == link)
                else {
                    return String::new();
                };
                if line.tie != Tie::ForeignKey {
                    return String::new();
                }
                let foot = if *many {
                    format!(
                        "<path d=\"M{x},{}L{},{y}L{x},{}\"/>",
                        y - 4,
                        x + 9 * way,
                        y + 4
                    )
                } else {
                    format!("<path d=\"M{},{}v8\"/>", x + 6 * way, y - 4)
                };
                let optional = if *optional {
                    format!(
                        "<circle class=\"hollow\" cx=\"{}\" cy=\"{y}\" r=\"3\"/>",
                        x + 13 * way
                    )
                } else {
                    String::new()
                };
                foot + &optional
            }
        }
    }

    fn legend(&self) -> String {
        let y = self.height + LEGEND / 2;
        let mut svg = format!("<g transform=\"translate(16 {y})\">");
        let mut x = 0;
        let mut word = |svg: &mut String, sign: &str, room: i32, text: &str| {
            svg.push_str(&format!(
                "<g transform=\"translate({x} 0)\">{sign}<text class=\"dim\" x=\"{room}\" y=\"4\">{text}</text></g>"
            ));
            x += room + 20 + (letters(text) as f64 * 6.65) as i32;
        };
        if self.change {
            for (class, text) in [
                ("added", "+ added"),
                ("changed", "~ changed"),
                ("dropped", "- dropped"),
            ] {
                let swatch = format!(
                    "<rect class=\"{class} swatch\" y=\"-6\" width=\"12\" height=\"12\" stroke=\"var(--sc-{class})\"/>"
                );
                word(&mut svg, &swatch, 18, text);
            }
        }
        if self.relations {
            let line =
                |inner: &str| format!("<g class=\"line plain\"><path d=\"M0,0h26\"/>{inner}</g>");
            let foot = "<path d=\"M0,-4L9,0L0,4\"/>";
            let end = "<path class=\"fill\" d=\"M26,0l-8,-4v8z\"/>";
            word(
                &mut svg,
                &line(&format!("{foot}{end}")),
                32,
                "many refer to one",
            );
            word(
                &mut svg,
                &line(&format!("<path d=\"M6,-4v8\"/>{end}")),
                32,
                "at most one refers",
            );
            word(
                &mut svg,
                &line(&format!(
                    "{foot}<circle class=\"hollow\" cx=\"13\" r=\"3\"/>{end}"
                )),
                32,
                "may refer to none",
            );
            word(&mut svg, "", 0, "type? may be null");
        } else {
            let end = "<g class=\"line plain\"><path d=\"M0,0h26\"/><path class=\"fill\" d=\"M26,0l-8,-4v8z\"/></g>";
            word(&mut svg, end, 32, "waits for");
        }
        svg.push_str("</g>\n");
        svg
    }
}

/// A trunk with its branches; the outermost ones turn into it with a round corner.
fn path_of(trunk: &Trunk) -> String {
    let (Some(first), Some(last)) = (trunk.branches.first(), trunk.branches.last()) else {
        return String::new();
    };
    let x = trunk.x;
    let mut way = String::new();
    if first.y == last.y {
        way.push_str(&format!("M{},{}H{}", first.x, first.y, last.x));
    } else {
        let round = ROUND.min((last.y - first.y) / 2);
        let side = |branch: &Branch| if branch.x < x { -round } else { round };
        way.push_str(&format!(
            "M{},{}H{}Q{x},{} {x},{}V{}Q{x},{} {},{}H{}",
            first.x,
            first.y,
            x + side(first),
            first.y,
            first.y + round,
            last.y - round,
            last.y,
            x + side(last),
            last.y,
            last.x
        ));
    }
    let inner = trunk.branches.len().saturating_sub(1);
    for branch in trunk.branches.get(1..inner).unwrap_or_default() {
        way.push_str(&format!("M{},{}H{x}", branch.x, branch.y));
    }
    way
}

fn box_of(tile: &Tile) -> String {
    let rect = tile.rect;
    let (top, height) = tile.head;
    let mut svg = format!(
        "<g class=\"tile {} {}\"><title>{}</title>",
        tile.mark.word(),
        tile.kind,
        escape(&tile.tip)
    );
    if let Some(link) = &tile.link {
        svg.push_str(&format!("<a href=\"{}\">", escape(link)));
    }
    svg.push_str(&format!(
        "<rect class=\"box\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>\
         <path class=\"head\" d=\"M{},{}v-{}q0,-3 3,-3h{}q3,0 3,3v{}z\"/>",
        rect.x,
        rect.y,
        rect.width,
        rect.height,
        rect.x + 1,
        top + height,
        height - 4,
        rect.width - 8,
        height - 4
    ));
    let baseline = top + height / 2 + 4;
    let mut x = rect.x + 10;
    if tile.mark != Mark::Same {
        svg.push_str(&format!(
            "<text class=\"sign title\" x=\"{x}\" y=\"{baseline}\">{}</text>",
            tile.mark.sign()
        ));
        x += 15;
    }
    svg.push_str(&format!(
        "<text class=\"title\" x=\"{x}\" y=\"{baseline}\">{}</text>",
        escape(&tile.title)
    ));
    if !tile.note.is_empty() {
        svg.push_str(&format!(
            "<text class=\"dim\" x=\"{}\" y=\"{baseline}\" text-anchor=\"end\">{}</text>",
            rect.right() - 10,
            escape(&tile.note)
        ));
    }
    for (at, row) in tile.rows.iter().enumerate() {
        svg.push_str(&row_of(tile, row, at + 1 == tile.rows.len()));
    }
    if tile.link.is_some() {
        svg.push_str("</a>");
    }
    svg.push_str("</g>\n");
    svg
}

fn row_of(tile: &Tile, row: &Row, is_last: bool) -> String {
    let rect = tile.rect;
    let (top, height) = row.place;
    let baseline = top + height / 2 + 4;
    let mut svg = format!("<g class=\"row {}\">", row.mark.word());
    if !row.tip.is_empty() {
        svg.push_str(&format!("<title>{}</title>", escape(&row.tip)));
    }
    if row.mark != Mark::Same {
        // The last one ends in the round corners of the box.
        let (x, width) = (rect.x + 1, rect.width - 2);
        svg.push_str(&match is_last {
            true => format!(
                "<path class=\"wash\" d=\"M{x},{top}h{width}v{}q0,3 -3,3h-{}q-3,0 -3,-3z\"/>",
                height - 4,
                width - 6
            ),
            false => format!(
                "<rect class=\"wash\" x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>"
            ),
        });
    }
    svg.push_str(&format!(
        "<path class=\"rule\" d=\"M{},{top}h{}\"/>",
        rect.x, rect.width
    ));
    if !row.key.is_empty() {
        svg.push_str(&format!(
            "<text class=\"key\" x=\"{}\" y=\"{}\">{}</text>",
            rect.x + 10,
            baseline - 1,
            row.key
        ));
    }
    let mut x = rect.x + if tile.kind == "step" { 10 } else { 28 };
    if row.mark != Mark::Same {
        svg.push_str(&format!(
            "<text class=\"sign\" x=\"{x}\" y=\"{baseline}\">{}</text>",
            row.mark.sign()
        ));
        x += 14;
    }
    svg.push_str(&format!(
        "<text class=\"{}\" x=\"{x}\" y=\"{baseline}\">{}</text>",
        if row.faint { "dim" } else { "name" },
        escape(&row.name)
    ));
    if !row.detail.is_empty() {
        svg.push_str(&format!(
            "<text class=\"dim\" x=\"{}\" y=\"{baseline}\" text-anchor=\"end\">{}</text>",
            rect.right() - 10,
            escape(&row.detail)
        ));
    }
    svg.push_str("</g>");
    svg
}
