//! `migrations "dir" { … }`: where migration files are and how they are called, numbered and headed.

use super::project::Migrations;
use super::services::Service;
use crate::kdl::{Diagnostic, Diagnostics, NodeReader, Span, Spanned};
use crate::naming::{DEFAULT_PATTERN, Numbering, Patterns};

/// The digits of a number where nothing is said.
const WIDTH: usize = 6;
/// The digits of a day's number where nothing is said.
const DAILY: usize = 3;
/// The lines of a header that are free to choose.
const HEADER: [&str; 5] = ["description", "author", "date", "service", "depends-on"];

impl Migrations {
    pub(super) fn silent() -> Self {
        Self {
            folder: "generated".to_owned(),
            patterns: Patterns::default(),
            header: None,
            place: Span::default(),
        }
    }

    pub(super) fn read(mut n: NodeReader<'_>) -> Self {
        let silent = Self::silent();
        let folder = n.optional_text_argument("folder");
        let files = n.text("files");
        let rollback = n.text("rollback-files");
        let number = n.attribute("number").and_then(read_number);
        let header = n.child("header").map(|mut n| {
            let words = n.word_arguments(&HEADER);
            n.finish();
            words
                .into_iter()
                .map(|word| word.value.to_owned())
                .collect()
        });
        let patterns = patterns(&n, files.as_ref(), rollback.as_ref(), number);
        let migrations = Self {
            folder: folder.map_or(silent.folder, |text| text.value),
            patterns: patterns.unwrap_or(silent.patterns),
            header,
            place: files.or(rollback).map_or(n.node().head(), |it| it.span),
        };
        n.finish();
        migrations
    }
}

/// What patterns and services say together.
pub(super) fn check(migrations: &Migrations, services: &[Service], diagnostics: &Diagnostics) {
    if migrations.patterns.say_service() && services.is_empty() {
        diagnostics.push(
            Diagnostic::error(
                "config::pattern",
                "the pattern has `{service}`, and the project declares no service",
            )
            .at(migrations.place, "this pattern")
            .help("declare each with a `service` node, or write its name as text"),
        );
    }
}

/// The patterns, tried out; what is wrong with one is said at its place.
fn patterns(
    n: &NodeReader<'_>,
    files: Option<&Spanned<String>>,
    rollback: Option<&Spanned<String>>,
    number: Option<Spanned<Numbering>>,
) -> Option<Patterns> {
    let numbering = number
        .as_ref()
        .map_or(Numbering::Width(WIDTH), |it| it.value);
    let text = files.map_or(DEFAULT_PATTERN, |it| it.value.as_str());
    let made = Patterns::new(text, rollback.map(|it| it.value.as_str()), numbering);
    let error = match made {
        Ok(patterns) => return Some(patterns),
        Err(error) => error,
    };
    let of_rollback = rollback.filter(|_| error.rollback).map(|it| it.span);
    let place: Span = of_rollback
        .or(files.map(|it| it.span))
        .or(rollback.map(|it| it.span))
        .or(number.map(|it| it.span))
        .unwrap_or(n.node().head());
    n.report(
        Diagnostic::error("config::pattern", error.to_string())
            .at(place, "this pattern")
            .help(error.help),
    );
    None
}

/// `number width=6`, `number timestamp`, `number date`, `number date width=3`.
fn read_number(mut n: NodeReader<'_>) -> Option<Spanned<Numbering>> {
    let span = n.node().head();
    let word = n.optional_word_argument("kind", &["timestamp", "date"]);
    let width = n.number("width");
    let digits = match &width {
        None => None,
        Some(width) => match usize::try_from(width.value) {
            Ok(digits @ 1..=18) => Some(digits),
            _ => {
                n.report(
                    Diagnostic::error("kdl::wrong-type", "a number has 1 to 18 digits")
                        .at(width.span, "here")
                        .help("write a width from 1 to 18: `number width=6`"),
                );
                n.finish();
                return None;
            }
        },
    };
    let number = match (word.map(|word| word.value), digits, &width) {
        (Some("timestamp"), _, Some(width)) => {
            n.report(
                Diagnostic::error(
                    "config::width",
                    "a timestamp has 14 digits, never another number",
                )
                .at(width.span, "here")
                .help("leave `width` away: `number timestamp`"),
            );
            None
        }
        (Some("timestamp"), _, None) => Some(Numbering::Timestamp),
        (Some(_), digits, _) => Some(Numbering::Date(digits.unwrap_or(DAILY))),
        (None, Some(digits), _) => Some(Numbering::Width(digits)),
        (None, None, _) => {
            n.missing("either `width=`, `timestamp` or `date`");
            None
        }
    };
    n.finish();
    number.map(|number| Spanned::new(number, span))
}
