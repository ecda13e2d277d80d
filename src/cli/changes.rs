//! The plan of a change on the terminal: a group for each object whose parts change, with what it means for others beside each
//! line, then what it costs, and the sum.

use indexmap::IndexMap;

use super::beside::{Beside, subject};
use super::context::Context;
use super::headline::{Line, headline};
use super::report::escaped;
use super::screen::{Paint, Screen, visible};
use crate::author::{Authored, proven};
use crate::diff::Change;
use crate::kind::HazardClass;
use crate::kind::language::Rename;
use crate::model::ObjectId;

/// Where the facts beside the lines of a plan begin.
const AT: usize = 52;

/// What is said of one object and its parts.
#[derive(Default)]
struct Group<'a> {
    renames: Vec<&'a Rename>,
    lines: Vec<&'a Line<'a>>,
}

impl Group<'_> {
    /// Whether it says something of a part.
    fn has_parts(&self, object: &ObjectId) -> bool {
        let is_part = |id: &ObjectId| id != object;
        self.renames.iter().any(|it| is_part(&it.to)) || self.lines.iter().any(|it| is_part(it.id))
    }
}

/// The groups in the order in which their objects come first; renames come before all else.
fn groups<'a>(renames: &'a [Rename], lines: &'a [Line<'a>]) -> IndexMap<&'a ObjectId, Group<'a>> {
    let mut groups: IndexMap<&ObjectId, Group<'_>> = IndexMap::new();
    for rename in renames {
        let group = groups.entry(rename.to.whole()).or_default();
        group.renames.push(rename);
    }
    for line in lines {
        groups.entry(line.id.whole()).or_default().lines.push(line);
    }
    groups
}

pub(super) fn show(context: &Context, authored: &Authored) {
    let screen = &context.screen;
    let lines = headline(authored);
    let beside = Beside::of(authored);
    for (object, group) in groups(&authored.renames, &lines) {
        // What stands alone belongs to no group, and so it stands further out.
        let blanks = match group.has_parts(object) {
            true => {
                screen.say(format!(
                    "  {}",
                    screen.paint(Paint::Strong, &escaped(&object.path()))
                ));
                4
            }
            false => 2,
        };
        for rename in group.renames {
            let said = format!(
                "{}  renamed from {}",
                escaped(&rename.to.to_string()),
                escaped(&rename.from.name)
            );
            let mark = screen.paint(Paint::Careful, "~");
            say(screen, blanks, &mark, &said, &beside.meaning(&rename.to));
        }
        for line in group.lines {
            let mark = match line.change {
                Change::Alter if beside.is_replaced(line.id) => screen.paint(Paint::Bad, "-/+"),
                Change::Create => screen.paint(Paint::Good, "+"),
                Change::Alter => screen.paint(Paint::Careful, "~"),
                Change::Drop => screen.paint(Paint::Bad, "-"),
            };
            let mut said = format!("{}{}", escaped(&line.id.to_string()), line.copies());
            let about = beside.about(line);
            if !about.is_empty() {
                said = format!("{said}  {about}");
            }
            // What a rename means is said of the rename.
            let is_renamed = authored.renames.iter().any(|it| it.to == *line.id);
            let meaning = match is_renamed {
                true => String::new(),
                false => beside.meaning(line.id),
            };
            say(screen, blanks, &mark, &said, &meaning);
            for below in beside.below(line) {
                screen.say_laid(&" ".repeat(blanks + 4), &below, blanks + 6, None);
            }
        }
    }
    for hazard in authored.up.hazards() {
        let paint = if hazard.class == HazardClass::DataLoss {
            Paint::Bad
        } else {
            Paint::Careful
        };
        let (object, detail) = (subject(hazard), &hazard.detail);
        screen.say_laid(
            &format!("  {} ", screen.paint(paint, hazard.code)),
            &format!("{}: {}", escaped(&object), escaped(detail)),
            4,
            None,
        );
    }
    for preflight in &authored.up.preflights {
        screen.say_laid(
            &format!("  {} ", screen.paint(Paint::Careful, "preflight:")),
            &format!("no {}", escaped(&preflight.about)),
            4,
            None,
        );
    }
    let count = |wanted: Change| lines.iter().filter(|line| line.change == wanted).count();
    let lost = authored
        .up
        .hazards()
        .any(|hazard| hazard.class == HazardClass::DataLoss);
    screen.say(format!(
        "  {} to change, {} to add, {} to drop, {}.",
        count(Change::Alter) + authored.renames.len(),
        count(Change::Create),
        count(Change::Drop),
        if lost { "data is lost" } else { "no data lost" }
    ));
    for statement in &authored.proof.further {
        screen.say_laid(
            &format!("  {} ", screen.paint(Paint::Careful, "note:")),
            &format!(
                "PostgreSQL did more or less than was planned, which this puts right: {}",
                escaped(statement)
            ),
            4,
            None,
        );
    }
    screen.say_laid(
        "  ",
        &format!("proved on scratch: {}", proven(&authored.proof)),
        4,
        None,
    );
}

/// A line, with what it means for others on it where there is room, from one column on; else below it.
fn say(screen: &Screen, blanks: usize, mark: &str, said: &str, meaning: &str) {
    let lead = format!("{}{mark} ", " ".repeat(blanks));
    let begins = visible(&lead);
    // Marks are of different widths, and the facts begin at one column.
    let at = (AT + 6).saturating_sub(begins);
    let fits =
        begins + said.chars().count().max(at) + 2 + meaning.chars().count() <= screen.width();
    if meaning.is_empty() || !fits {
        screen.say_laid(&lead, said, blanks + 4, None);
        if !meaning.is_empty() {
            let blanks = blanks + 4;
            screen.say_laid(&" ".repeat(blanks), meaning, blanks, Some(Paint::Faint));
        }
        return;
    }
    let faint = screen.paint(Paint::Faint, meaning);
    screen.say(format!("{lead}{said:at$}  {faint}"));
}
