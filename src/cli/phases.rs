//! What goes on, in words: pieces of work on scratch, and the statements of a run.

use std::sync::Arc;
use std::time::Duration;

use super::context::Context;
use super::live::spaced;
use super::report::escaped;
use super::screen::Screen;
use crate::author::{Listener, Phase};
use crate::migrate::{Building, Direction, Event};
use crate::sql::secret::mask;

/// Shows what is being done on scratch.
pub(super) fn listener(screen: &Arc<Screen>) -> Listener {
    let busy = screen.busy_later();
    Listener::new(move |phase| {
        let what = words(phase);
        match phase {
            Phase::File { number: 2.., .. } => busy.goes_on(&what),
            _ => busy.begins(&what),
        }
    })
}

fn words(phase: &Phase<'_>) -> String {
    match phase {
        Phase::Declared => "making on scratch what the KDL files declare".to_owned(),
        Phase::Before => "making on scratch what is there already".to_owned(),
        Phase::Proof => "running the plan and its way back on scratch".to_owned(),
        Phase::File {
            label,
            direction,
            number,
            of,
        } => {
            let does = match direction {
                Direction::Up => "running on scratch",
                Direction::Down => "taking back on scratch",
            };
            format!("{does} {number} of {of}: {}", escaped(&spaced(label)))
        }
    }
}

/// Shows which file and which statement runs.
pub(super) fn show(context: &Context, event: &Event<'_>) {
    let screen = &context.screen;
    match event {
        Event::Started { label, .. } => screen.run_begins(&escaped(&spaced(label))),
        Event::StatementStarted {
            label,
            number,
            of,
            sql,
        } => screen.run_begins(&format!(
            "{}  {number} of {of}: {}",
            escaped(&spaced(label)),
            line(sql)
        )),
        Event::Batches {
            label,
            visited,
            about,
            here,
            took,
        } => screen.run_is_at(&batches(label, *visited, *about, *here, *took)),
        Event::Building { building: seen } => screen.run_is_at(&building(seen)),
        Event::Finished { .. } | Event::Failed { .. } => screen.run_rests(),
        _ => {}
    }
}

/// A statement in one line, with passwords masked.
pub(super) fn line(sql: &str) -> String {
    let sql = mask(sql);
    let words: Vec<&str> = sql.split_whitespace().collect();
    escaped(&words.join(" "))
}

/// Ten tenths of a line, as many of them full as are done.
fn bar(done: u64, total: u64) -> String {
    let tenths = usize::try_from(u128::from(done) * 10 / u128::from(total.max(1)));
    let tenths = tenths.unwrap_or(10).min(10);
    format!("{}{}", "█".repeat(tenths), "░".repeat(10 - tenths))
}

/// How far an index is: the phase, a bar, and the time that is left of it by the rate so far.
fn building(building: &Building) -> String {
    let mut text = escaped(&building.phase);
    let Building {
        done,
        total,
        first,
        took,
        ..
    } = *building;
    if total == 0 {
        return text;
    }
    text.push_str(&format!(
        "  {} {} %",
        bar(done, total),
        u128::from(done) * 100 / u128::from(total)
    ));
    let new = done.saturating_sub(first);
    if new > 0 && !took.is_zero() {
        let left = took.mul_f64(total.saturating_sub(done) as f64 / new as f64);
        text.push_str(&format!(", about {} s left", left.as_secs()));
    }
    text
}

/// `000003 fill  ██████░░░░ 1240000 of about 2000000 rows, 41000 a second, 18 s left`.
fn batches(label: &str, visited: u64, about: u64, here: u64, took: Duration) -> String {
    let seconds = took.as_secs_f64().max(0.001);
    let rate = (u128::from(here) * 1000 / took.as_millis().max(1)).max(1);
    let mut text = format!("{}  ", escaped(&spaced(label)));
    if about > visited {
        text.push_str(&format!(
            "{} {visited} of about {about} rows, {rate} a second",
            bar(visited, about)
        ));
        let left = u128::from(about - visited) / rate;
        text.push_str(&format!(", {left} s left"));
    } else {
        text.push_str(&format!("{visited} rows, {rate} a second, {seconds:.0} s"));
    }
    text
}
