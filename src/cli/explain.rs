//! `explain`: what a code means: of a hazard its section of docs/hazards.md, of an error that of docs/errors.md. A test compares the
//! pages with the codes of the source.

use super::answer::{ErrorText, Explained, HazardEntry, HazardText};
use super::arguments::Explain;
use super::context::Context;
use super::failure::Failure;
use super::progress::cut;
use super::screen::{Paint, Screen, folded};
use crate::config::Severity;
use crate::kind::HazardClass;
use crate::lint::{catalogue, near};
use crate::model::Exit;

/// The page with a section for every code of an error, below one for its family.
const ERRORS: &str = include_str!("../../docs/errors.md");

/// How the paragraph begins that says what to do.
const DO: &str = "**Do**: ";
/// How the paragraph begins that says how a command ends.
const EXIT: &str = "Exit status: ";

/// What the page says of a family or of one of its codes.
struct Section<'p> {
    name: &'p str,
    text: &'p str,
}

impl Section<'_> {
    /// Why it happens, with an example where there is one.
    fn about(&self) -> &str {
        let end = [DO, EXIT].iter().filter_map(|it| self.text.find(it)).min();
        self.text[..end.unwrap_or(self.text.len())].trim()
    }

    fn part(&self, begins: &str) -> Option<&str> {
        let (_, rest) = self.text.split_once(begins)?;
        Some(rest.split("\n\n").next().unwrap_or(rest).trim())
    }
}

/// The families of the page, each with its codes.
fn families() -> impl Iterator<Item = (Section<'static>, Vec<Section<'static>>)> {
    ERRORS.split("\n## ").skip(1).map(|family| {
        let mut sections = family.split("\n### ").map(|section| {
            let (name, text) = section.split_once('\n').unwrap_or((section, ""));
            Section { name, text }
        });
        let first = sections.next().unwrap_or(Section { name: "", text: "" });
        (first, sections.collect())
    })
}

/// The families of codes of errors.
pub(super) fn family_names() -> impl Iterator<Item = &'static str> {
    families().map(|(family, _)| family.name)
}

/// Prints what is known of the code of an error, or of a family; false where it is none.
fn error(context: &Context, code: &str) -> bool {
    let screen = &context.screen;
    for (family, codes) in families() {
        let exit = family.part(EXIT).unwrap_or_default();
        let exit = exit.trim_end_matches('.');
        let of_family = family.name == code;
        let found = codes.iter().find(|it| it.name == code);
        let section = match found {
            Some(section) => section,
            None if of_family => &family,
            None => continue,
        };
        let about = inline(section.about());
        let next = inline(section.part(DO).unwrap_or_default());
        if screen.is_json() {
            screen.print_json(&Explained::Error(ErrorText {
                code: code.to_owned(),
                about,
                exit: exit.to_owned(),
                next,
            }));
            return true;
        }
        screen.print(format!(
            "{}\n\n{}\nexit  {exit}\nnext  {}",
            screen.paint(Paint::Strong, code),
            plain(&wrapped(screen, &about)),
            folded(&next, screen.width() - 6, screen.width() - 6).join("\n      ")
        ));
        if of_family {
            screen.print("\nIts codes:");
            let longest = codes.iter().map(|it| it.name.len()).max().unwrap_or(0);
            for section in &codes {
                let about = inline(section.about());
                let words = about.lines().next().unwrap_or_default();
                let room = screen.width().saturating_sub(longest + 5);
                screen.print(format!("  {:longest$}  {}", section.name, cut(words, room)));
            }
        }
        return true;
    }
    false
}

/// What a code can be meant to be: one of its family, or else a family.
fn candidates(code: &str) -> Vec<&'static str> {
    let name = code.split("::").next().unwrap_or_default();
    match families().find(|(family, _)| family.name == name) {
        Some((_, codes)) => codes.iter().map(|it| it.name).collect(),
        None => families().map(|(family, _)| family.name).collect(),
    }
}

/// Text of the page without what only makes links of it.
fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        out.push_str(before);
        match link
            .split_once("](")
            .and_then(|(words, rest)| Some((words, rest.split_once(')')?.1)))
        {
            Some((words, after)) => {
                // A page of the folder is found by its place.
                let is_page = words.ends_with(".md");
                out.push_str(if is_page { "docs/" } else { "" });
                out.push_str(words);
                rest = after;
            }
            None => {
                out.push('[');
                rest = link;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Paragraphs in lines that fit; blocks of code stay as they are.
fn wrapped(screen: &Screen, text: &str) -> String {
    let mut inside = false;
    let mut lines: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let end = |paragraph: &mut String, lines: &mut Vec<String>| {
        if !paragraph.is_empty() {
            lines.extend(folded(paragraph, screen.width(), screen.width()));
            paragraph.clear();
        }
    };
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        if inside || is_fence || line.is_empty() {
            end(&mut paragraph, &mut lines);
            lines.push(line.to_owned());
            inside ^= is_fence;
            continue;
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(line);
    }
    end(&mut paragraph, &mut lines);
    lines.join("\n")
}

pub(super) fn run(context: &Context, options: &Explain) -> Result<Exit, Failure> {
    context.formats("explain")?;
    let Some(code) = options.code.as_deref() else {
        list(context);
        return Ok(Exit::Fine);
    };
    if error(context, code) {
        return Ok(Exit::Fine);
    }
    if code.contains("::") {
        return Err(Failure::said(
            "cli::unknown-code",
            Exit::Input,
            format!("there is no code `{code}`"),
            &crate::kdl::suggestion(code, &candidates(code), ""),
        ));
    }
    let (Some(entry), Some(section)) = (catalogue::find(code), catalogue::section(code)) else {
        return Err(Failure::said(
            "cli::unknown-code",
            Exit::Input,
            format!("there is no code `{code}`"),
            &near(code),
        ));
    };
    if context.screen.is_json() {
        context.screen.print_json(&Explained::Hazard(HazardText {
            entry: told(entry),
            text: section.to_owned(),
        }));
        return Ok(Exit::Fine);
    }
    let screen = &context.screen;
    screen.print(format!(
        "{}  {}, {}\n",
        screen.paint(Paint::Strong, entry.code),
        entry.class.word(),
        loud(entry.severity)
    ));
    screen.print(plain(&wrapped(screen, &inline(section))));
    Ok(Exit::Fine)
}

fn loud(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warn",
        Severity::Off => "off",
    }
}

/// The section without the marks of code blocks, which are indented instead.
fn plain(section: &str) -> String {
    let mut inside = false;
    let mut text = String::new();
    for line in section.lines() {
        if line.starts_with("```") {
            inside = !inside;
            continue;
        }
        if inside && !line.is_empty() {
            text.push_str("    ");
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn told(entry: &catalogue::Entry) -> HazardEntry {
    HazardEntry {
        code: entry.code.to_owned(),
        class: entry.class,
        severity: entry.severity.into(),
        title: entry.title.to_owned(),
    }
}

fn list(context: &Context) {
    let screen = &context.screen;
    if screen.is_json() {
        let list = catalogue::HAZARDS.iter().map(told);
        screen.print_json(&Explained::List(list.collect()));
        return;
    }
    let mut class: Option<HazardClass> = None;
    for entry in catalogue::HAZARDS {
        if class != Some(entry.class) {
            class = Some(entry.class);
            screen.print(screen.paint(Paint::Strong, entry.class.word()));
        }
        screen.print(format!(
            "  {:28} {:5}  {}",
            entry.code,
            loud(entry.severity),
            entry.title
        ));
    }
}
