//! What the work of a statement comes to at the present size of the relations: time and disk, both rough.
//!
//! The rule: an estimate is a number with one digit that counts, from bytes and from rates that a moderate server reaches.
//! It tells a second from a minute from an hour and never decides anything.

use super::world::World;
use super::{Facts, Work};
use crate::model::QualifiedName;

/// Bytes a second that are read where a table is not in memory.
const READ: f64 = 200e6;
/// Bytes a second of rows from which an index is built: read, sorted and written.
const BUILD: f64 = 50e6;
/// Bytes a second of rows and indexes that are written anew, with their log.
const WRITE: f64 = 40e6;

/// What a statement comes to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// Rows of the relations that it works on; none where one was never counted.
    pub rows: Option<f64>,
    /// Their bytes, without indexes.
    pub bytes: u64,
    /// How long the work takes.
    pub seconds: f64,
    /// Disk that it needs meanwhile, beyond what it keeps.
    pub disk: u64,
}

/// The cost of a statement; none where it does no work, or where a relation's size is not known.
pub fn cost(facts: &Facts, world: &World) -> Option<Cost> {
    let mut cost = Cost {
        rows: Some(0.0),
        ..Cost::default()
    };
    let mut seen: Vec<&QualifiedName> = Vec::new();
    let mut built = facts.built.iter();
    for (name, work) in &facts.work {
        let size = world.size(name)?;
        if !seen.contains(&name) {
            seen.push(name);
            cost.bytes += size.bytes;
            cost.rows = cost.rows.zip(size.rows).map(|(sum, rows)| sum + rows);
        }
        match work {
            Work::Scan => cost.seconds += size.bytes as f64 / READ,
            Work::WriteRows => {
                cost.seconds += (size.bytes + size.index_bytes) as f64 / WRITE;
                // The old rows stay until VACUUM.
                cost.disk += size.bytes + size.index_bytes;
            }
            Work::BuildIndex => {
                cost.seconds += size.bytes as f64 / BUILD;
                let keys = built.next().map(|(_, keys)| keys.as_slice());
                cost.disk += world
                    .new_index_bytes(name, keys.unwrap_or_default())
                    .unwrap_or(size.bytes / 4);
            }
            Work::Rewrite => {
                let all = size.bytes + size.index_bytes;
                cost.seconds += all as f64 / WRITE;
                cost.disk += all;
            }
        }
    }
    (!seen.is_empty()).then_some(cost)
}

/// `12,408`.
pub fn rows(count: f64) -> String {
    let digits = format!("{:.0}", count.max(0.0));
    let mut shown = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// `3.1 MB`.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = count as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    match unit {
        0 => format!("{value:.0} {}", UNITS[unit]),
        _ if value < 10.0 => format!("{value:.1} {}", UNITS[unit]),
        _ => format!("{value:.0} {}", UNITS[unit]),
    }
}

/// `under 1 s`, `about 40 s`, `about 3 min`.
pub fn seconds(count: f64) -> String {
    if count < 1.0 {
        return "under 1 s".to_owned();
    }
    // One digit that counts.
    let rounded = |value: f64| {
        let step = 10f64.powf(value.log10().floor());
        (value / step).round() * step
    };
    match count {
        ..90.0 => format!("about {:.0} s", rounded(count)),
        ..5400.0 => format!("about {:.0} min", rounded(count / 60.0)),
        _ => format!("about {:.0} h", rounded(count / 3600.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_for_people() {
        assert_eq!(rows(1_234_567.0), "1,234,567");
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(3_140_000), "3.1 MB");
        assert_eq!(bytes(48_000_000_000), "48 GB");
        assert_eq!(seconds(0.4), "under 1 s");
        assert_eq!(seconds(42.0), "about 40 s");
        assert_eq!(seconds(200.0), "about 3 min");
        assert_eq!(seconds(9000.0), "about 3 h");
    }
}
