//! Flyway: its rows (undone, repeatable and deleted ones among them) and its checksum.

use super::read::Row;
use super::{Past, Told, ToolError};

/// Reads its rows, which are in the order in which they were written.
pub(super) fn past(told: &mut Told, rows: &[Row<'_>]) -> Result<(), ToolError> {
    let called = |row: &Row<'_>| match row.get("version") {
        Some(version) => format!("{version} ({})", row.text("script")),
        None => row.text("script"),
    };
    // A later row of the same version says what became of it.
    let failed = rows.iter().filter(|row| !row.is("success"));
    told.refuse(
        failed
            .map(|row| format!("{} failed", called(row)))
            .collect(),
        "put right what it left behind, then `flyway repair` takes the row away",
    )?;
    let mut past: Vec<(Option<String>, Past)> = Vec::new();
    for row in rows {
        let version = row.get("version").map(str::to_owned);
        let script = row.text("script");
        let kind = row.text("type");
        if kind == "SCHEMA" {
            continue;
        }
        // What was there of the same version, or of the same repeatable script, is not any more.
        past.retain(|(before, it)| match &version {
            Some(_) => *before != version,
            None => before.is_some() || it.file.as_ref() != Some(&script),
        });
        if kind.starts_with("UNDO") || kind == "DELETE" {
            let word = if kind == "DELETE" {
                "deleted"
            } else {
                "undone"
            };
            told.notes.push(format!(
                "{} was {word}: it is left out unless it ran again",
                version.as_deref().unwrap_or(&script)
            ));
            continue;
        }
        let is_script = kind.starts_with("SQL");
        let found = Past {
            // A repeatable script has no version of its own.
            version: version.clone().unwrap_or_else(|| stem(&script).to_owned()),
            name: row.text("description"),
            applied_at: row.time("installed_on"),
            applied_by: row.get("installed_by").map(str::to_owned),
            took_ms: row.number("execution_time"),
            file: Some(script),
            hash: row.get("checksum").filter(|_| is_script).map(str::to_owned),
            ..Past::default()
        };
        past.push((version, found));
    }
    told.past = past.into_iter().map(|(_, past)| past).collect();
    Ok(())
}

/// `R__order_count.sql` as `R__order_count`.
fn stem(script: &str) -> &str {
    let base = script.rsplit(['/', '\\']).next().unwrap_or_default();
    base.strip_suffix(".sql").unwrap_or(base)
}

/// The checksum of a file: the CRC-32 over its lines in UTF-8 without what ends them, a byte order mark left out, as a signed
/// number.
pub(super) fn checksum(bytes: &[u8]) -> i32 {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut crc = flate2::Crc::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        crc.update(&rest.as_bytes()[..end]);
        let after = &rest[end..];
        rest = after
            .strip_prefix("\r\n")
            .or_else(|| after.strip_prefix(['\n', '\r']))
            .unwrap_or_default();
    }
    crc.sum() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_over_lines() {
        let one = checksum(b"CREATE TABLE a ();\nSELECT 1;");
        for same in [
            &b"CREATE TABLE a ();\r\nSELECT 1;\r\n"[..],
            b"\xef\xbb\xbfCREATE TABLE a ();\rSELECT 1;\n",
        ] {
            assert_eq!(checksum(same), one);
        }
        assert_ne!(checksum(b"CREATE TABLE a();\nSELECT 1;"), one);
    }
}
