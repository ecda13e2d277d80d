//! The rows of a history as migrations, each tool by its own rules; one that did not go well is a refusal.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::guess::{Fate, fate, guess};
use super::{Columns, Past, Shape, Told, Tool, ToolError, flyway};
use crate::naming::Version;
use crate::pg::connect::Session;
use crate::sql::quote::{ident, literal, qualified};

/// More rows than any history has.
const MOST: usize = 100_000;

/// How a time is asked for; sessions are pinned to UTC.
const TIME: &str = "YYYY-MM-DD\"T\"HH24:MI:SS.US";

/// A row by its columns.
pub(super) struct Row<'r> {
    shape: &'r Shape,
    texts: &'r [Option<String>],
}

impl Row<'_> {
    /// The text of a column; none where it is null, or not there.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let place = self
            .shape
            .columns
            .iter()
            .position(|(name, _)| name == column)?;
        self.texts.get(place)?.as_deref()
    }

    /// The text of a column; empty where it has none.
    pub(super) fn text(&self, column: &str) -> String {
        self.get(column).unwrap_or_default().to_owned()
    }

    /// The time in a column.
    pub(super) fn time(&self, column: &str) -> Option<Timestamp> {
        let civil: jiff::civil::DateTime = self.get(column)?.parse().ok()?;
        let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(zoned.timestamp())
    }

    /// The number in a column.
    pub(super) fn number(&self, column: &str) -> Option<i64> {
        self.get(column)?.parse().ok()
    }

    /// Whether a column is true.
    pub(super) fn is(&self, column: &str) -> bool {
        matches!(self.get(column), Some("t" | "true"))
    }
}

/// Reads a history in a session that holds its lock; `said` is what a person says of the columns of a table that is not known.
///
/// # Errors
/// [`ToolError`]: rows that say that something failed, columns that say nothing, or what PostgreSQL refuses.
pub async fn read(session: &Session, shape: &Shape, said: &[String]) -> Result<Told, ToolError> {
    let tool = match said.is_empty() {
        true => shape.tool(),
        // Whoever says what the columns are knows better.
        false => Tool::ByHand,
    };
    let rows = texts(session, shape, tool).await?;
    let rows: Vec<Row<'_>> = rows.iter().map(|texts| Row { shape, texts }).collect();
    let mut told = Told {
        tool,
        shape: shape.clone(),
        columns: known_columns(tool),
        past: Vec::new(),
        only_last: tool == Tool::GolangMigrate,
        notes: Vec::new(),
    };
    match tool {
        Tool::GolangMigrate => golang_migrate(&mut told, &rows)?,
        Tool::Flyway => flyway::past(&mut told, &rows)?,
        Tool::Dbmate => dbmate(&mut told, &rows),
        Tool::Prisma => prisma(&mut told, &rows)?,
        Tool::Drizzle => drizzle(&mut told, &rows),
        Tool::Sqitch => sqitch(session, &mut told, &rows).await?,
        Tool::Atlas => atlas(&mut told, &rows)?,
        Tool::ByHand => by_hand(&mut told, &rows, said)?,
    }
    Ok(told)
}

/// All rows as texts, in the order in which they were written as far as a column tells it.
async fn texts(
    session: &Session,
    shape: &Shape,
    tool: Tool,
) -> Result<Vec<Vec<Option<String>>>, ToolError> {
    let columns: Vec<String> = shape
        .columns
        .iter()
        .map(|(name, data_type)| {
            let column = ident(name);
            match ["timestamp", "date"]
                .iter()
                .any(|it| data_type.starts_with(it))
            {
                true => format!("pg_catalog.to_char(h.{column}, {})", literal(TIME)),
                false => format!("h.{column}::pg_catalog.text"),
            }
        })
        .collect();
    let order: &[&str] = match tool {
        Tool::Flyway => &["installed_rank"],
        Tool::Prisma => &["started_at", "finished_at"],
        Tool::Sqitch => &["committed_at"],
        Tool::Drizzle => &["id"],
        Tool::Atlas => &["executed_at", "version"],
        Tool::GolangMigrate | Tool::Dbmate => &["version"],
        Tool::ByHand => &["id", "rank", "orderexecuted", "seq"],
    };
    let order: Vec<String> = shape
        .columns
        .iter()
        .filter(|(name, _)| order.contains(&name.as_str()))
        .map(|(name, _)| format!("h.{}", ident(name)))
        .collect();
    let order = match order.is_empty() {
        true => String::new(),
        false => format!(" ORDER BY {}", order.join(", ")),
    };
    let sql = format!(
        "SELECT {} FROM {} h{order} LIMIT {}",
        columns.join(", "),
        qualified(shape.schema(), shape.name()),
        MOST + 1
    );
    let rows = session.texts(&sql).await.map_err(|error| ToolError::Sql {
        table: shape.path(),
        error: Box::new(error),
    })?;
    if rows.len() > MOST {
        return Err(ToolError::TooMany {
            table: shape.path(),
            most: MOST,
        });
    }
    Ok(rows)
}

/// The columns of a tool that is known.
fn known_columns(tool: Tool) -> Columns {
    let pairs: &[(&'static str, &str)] = match tool {
        Tool::GolangMigrate => &[("version", "version"), ("state", "dirty")],
        Tool::Flyway => &[
            ("version", "version"),
            ("name", "description"),
            ("applied-at", "installed_on"),
            ("applied-by", "installed_by"),
            ("took", "execution_time"),
            ("hash", "checksum"),
            ("state", "success"),
        ],
        Tool::Dbmate => &[("version", "version")],
        Tool::Prisma => &[
            ("version", "migration_name"),
            ("applied-at", "finished_at"),
            ("hash", "checksum"),
            ("state", "rolled_back_at"),
        ],
        Tool::Drizzle => &[
            ("version", "id"),
            ("applied-at", "created_at"),
            ("hash", "hash"),
        ],
        Tool::Sqitch => &[
            ("version", "change_id"),
            ("name", "change"),
            ("applied-at", "committed_at"),
            ("applied-by", "committer_name"),
            ("hash", "script_hash"),
        ],
        Tool::Atlas => &[
            ("version", "version"),
            ("name", "description"),
            ("applied-at", "executed_at"),
            ("took", "execution_time"),
            ("state", "error"),
        ],
        Tool::ByHand => &[],
    };
    Columns::of(pairs)
}

impl Told {
    /// The refusal of a history that has not ended well; nothing where it has.
    pub(super) fn refuse(
        &self,
        what: Vec<String>,
        help: impl Into<String>,
    ) -> Result<(), ToolError> {
        match what.is_empty() {
            true => Ok(()),
            false => Err(ToolError::Failed {
                tool: match self.tool {
                    Tool::ByHand => "something",
                    tool => tool.name(),
                },
                table: self.shape.path(),
                what,
                help: help.into(),
            }),
        }
    }
}

fn golang_migrate(told: &mut Told, rows: &[Row<'_>]) -> Result<(), ToolError> {
    let version = |row: &Row<'_>| row.text("version");
    let dirty: Vec<&Row<'_>> = rows.iter().filter(|row| row.is("dirty")).collect();
    let first = dirty.first().map(|row| version(row)).unwrap_or_default();
    told.refuse(
        dirty
            .iter()
            .map(|row| format!("version {} is dirty, it failed in the middle", version(row)))
            .collect(),
        format!(
            "put right what {first} left behind, then say so: `migrate force {first}` where it is whole now, `migrate force` with the \
             version before where nothing of it is there"
        ),
    )?;
    // Less than none: everything was taken back.
    let there = rows
        .iter()
        .filter(|row| row.number("version").is_some_and(|it| it >= 0));
    told.past = there
        .map(|row| Past {
            version: version(row),
            ..Past::default()
        })
        .collect();
    Ok(())
}

fn dbmate(told: &mut Told, rows: &[Row<'_>]) {
    told.past = rows
        .iter()
        .map(|row| Past {
            version: row.text("version"),
            ..Past::default()
        })
        .collect();
    told.past
        .sort_by(|one, other| Version::new(&*one.version).cmp(&Version::new(&*other.version)));
}

fn prisma(told: &mut Told, rows: &[Row<'_>]) -> Result<(), ToolError> {
    let name = |row: &Row<'_>| row.text("migration_name");
    let open: Vec<String> = rows
        .iter()
        .filter(|row| row.get("finished_at").is_none() && row.get("rolled_back_at").is_none())
        .map(name)
        .collect();
    let first = open.first().cloned().unwrap_or_default();
    told.refuse(
        open.iter()
            .map(|name| format!("`{name}` began and did not finish"))
            .collect(),
        format!(
            "put right what it left behind, then say so: `prisma migrate resolve --applied {first}` or `--rolled-back {first}`"
        ),
    )?;
    let mut past: BTreeMap<String, Past> = BTreeMap::new();
    for row in rows
        .iter()
        .filter(|row| row.get("rolled_back_at").is_none())
    {
        let (version, short) = split(&name(row)).unwrap_or_else(|| (name(row), String::new()));
        let found = Past {
            version,
            name: short,
            applied_at: row.time("finished_at"),
            file: Some(format!("{}/migration.sql", name(row))),
            hash: Some(row.text("checksum")),
            ..Past::default()
        };
        past.insert(name(row), found);
    }
    let back = rows
        .iter()
        .map(name)
        .filter(|name| !past.contains_key(name));
    told.notes = back
        .map(|name| format!("`{name}` was rolled back: it is left out"))
        .collect();
    told.past = past.into_values().collect();
    Ok(())
}

fn drizzle(told: &mut Told, rows: &[Row<'_>]) {
    told.past = rows
        .iter()
        .map(|row| {
            let when = row.number("created_at");
            Past {
                version: row.text("id"),
                name: row.text("name"),
                // Older ones keep only the time at which the file was made.
                applied_at: row
                    .time("applied_at")
                    .or_else(|| Timestamp::from_millisecond(when?).ok()),
                file: row.get("created_at").map(str::to_owned),
                hash: Some(row.text("hash")),
                ..Past::default()
            }
        })
        .collect();
}

async fn sqitch(session: &Session, told: &mut Told, rows: &[Row<'_>]) -> Result<(), ToolError> {
    let tags = qualified(told.shape.schema(), "tags");
    let there = format!(
        "SELECT pg_catalog.to_regclass({}) IS NOT NULL",
        literal(&tags)
    );
    let wrong = |error| ToolError::Sql {
        table: told.shape.path(),
        error: Box::new(error),
    };
    let found = session.texts(&there).await.map_err(wrong)?;
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if found.first().and_then(|row| row.first()?.as_deref()) == Some("t") {
        let sql = format!("SELECT t.change_id, t.tag FROM {tags} t ORDER BY t.committed_at, t.tag");
        for row in session.texts(&sql).await.map_err(wrong)? {
            if let [Some(change), Some(tag)] = row.as_slice() {
                named.entry(change.clone()).or_default().push(tag.clone());
            }
        }
    }
    told.past = rows
        .iter()
        .map(|row| {
            let id = row.text("change_id");
            let mut name = row.text("change");
            for tag in named.get(&id).into_iter().flatten() {
                name.push(' ');
                name.push_str(tag);
            }
            Past {
                name,
                description: row
                    .get("note")
                    .filter(|it| !it.is_empty())
                    .map(str::to_owned),
                applied_at: row.time("committed_at"),
                applied_by: row.get("committer_name").map(str::to_owned),
                file: Some(row.text("change")),
                hash: row.get("script_hash").map(str::to_owned),
                version: id,
                ..Past::default()
            }
        })
        .collect();
    Ok(())
}

fn atlas(told: &mut Told, rows: &[Row<'_>]) -> Result<(), ToolError> {
    // Its own marks stand in the same table.
    let ran: Vec<&Row<'_>> = rows
        .iter()
        .filter(|row| !row.text("version").starts_with('.'))
        .collect();
    let what = ran
        .iter()
        .filter(|row| {
            row.get("error").is_some_and(|error| !error.is_empty())
                || row.number("applied") < row.number("total")
        })
        .map(|row| {
            format!(
                "{} ended after {} of {} statements",
                row.text("version"),
                row.text("applied"),
                row.text("total")
            )
        })
        .collect();
    told.refuse(
        what,
        "put right what it left behind and let `atlas migrate apply` end, or say where it stands by `atlas migrate set VERSION`",
    )?;
    told.past = ran
        .iter()
        .map(|row| Past {
            version: row.text("version"),
            name: row.text("description"),
            applied_at: row.time("executed_at"),
            took_ms: row
                .number("execution_time")
                .map(|nanoseconds| nanoseconds / 1_000_000),
            ..Past::default()
        })
        .collect();
    Ok(())
}

fn by_hand(told: &mut Told, rows: &[Row<'_>], said: &[String]) -> Result<(), ToolError> {
    let texts: Vec<Vec<Option<String>>> = rows.iter().map(|row| row.texts.to_vec()).collect();
    told.columns = guess(&told.shape, &texts, said)?;
    let columns = told.columns.clone();
    let of = |row: &Row<'_>, word: &str| columns.get(word).map(|column| row.text(column));
    let version = |row: &Row<'_>| of(row, "version").unwrap_or_default();
    let fate_of = |row: &Row<'_>| match columns.get("state") {
        None => Fate::In,
        Some(column) => {
            let data_type = told.shape.type_of(column).unwrap_or_default();
            fate(column, data_type, row.get(column))
        }
    };
    // Of several rows of a version the last one holds.
    let last: BTreeMap<String, usize> = rows
        .iter()
        .enumerate()
        .map(|(place, row)| (version(row), place))
        .collect();
    let last: Vec<&Row<'_>> = rows
        .iter()
        .enumerate()
        .filter(|(place, row)| last.get(&version(row)) == Some(place))
        .map(|(_, row)| row)
        .collect();
    let failed = last.iter().filter(|row| fate_of(row) == Fate::Failed);
    let what: Vec<String> = failed
        .map(|row| {
            let column = columns.get("state").unwrap_or_default();
            let state = row.get(column).unwrap_or("NULL");
            format!("`{}` has {column} `{state}`", version(row))
        })
        .collect();
    told.refuse(
        what,
        "put right what it left behind and the row that says so; where that column means something else, say which one is the \
         state: `--column state=COLUMN`, or `--column state=` where none is",
    )?;
    let there: Vec<&&Row<'_>> = last.iter().filter(|row| fate_of(row) == Fate::In).collect();
    told.notes = last
        .iter()
        .filter(|row| fate_of(row) == Fate::Out)
        .map(|row| format!("`{}` is not in the database: it is left out", version(row)))
        .collect();
    let parts: Vec<Option<(String, String)>> =
        there.iter().map(|row| split(&version(row))).collect();
    let mut numbers: Vec<Version> = parts
        .iter()
        .flatten()
        .map(|(number, _)| Version::new(&**number))
        .collect();
    numbers.sort();
    numbers.dedup();
    // Only where all of them are told apart by their numbers.
    let by_number = numbers.len() == there.len();
    told.past = std::iter::zip(&there, parts)
        .map(|(row, parts)| {
            let whole = version(row);
            let (number, rest) = match parts {
                Some(parts) if by_number => parts,
                _ => (whole.clone(), String::new()),
            };
            let name = of(row, "name").filter(|name| !name.is_empty());
            Past {
                version: number,
                name: name.unwrap_or(rest),
                applied_at: columns
                    .get("applied-at")
                    .and_then(|column| row.time(column)),
                applied_by: of(row, "applied-by").filter(|it| !it.is_empty()),
                took_ms: columns.get("took").and_then(|column| row.number(column)),
                hash: of(row, "hash").filter(|it| !it.is_empty()),
                file: Some(whole),
                ..Past::default()
            }
        })
        .collect();
    // What was read by an `id` keeps that order, anything else goes by its dates and versions.
    told.past.sort_by(|one, other| {
        let by_date = match (one.applied_at, other.applied_at) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => std::cmp::Ordering::Equal,
        };
        by_date.then_with(|| Version::new(&*one.version).cmp(&Version::new(&*other.version)))
    });
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|it| it.is_ascii_digit());
    told.only_last = rows.len() == 1
        && matches!(told.past.as_slice(), [one] if one.file.as_deref().is_some_and(is_number));
    Ok(())
}

/// `001_create_users.sql` as `001` and `create_users`; none for a text that begins with no number.
pub(super) fn split(text: &str) -> Option<(String, String)> {
    let base = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let base = ["sql", "up", "js", "ts", "py", "rb", "php"]
        .iter()
        .fold(base, |base, ending| {
            let short = base
                .strip_suffix(ending)
                .and_then(|it| it.strip_suffix('.'));
            short.unwrap_or(base)
        });
    // Flyway's way of writing it.
    let versioned = base.strip_prefix(['V', 'v']);
    let base = match versioned {
        Some(rest) if rest.starts_with(|it: char| it.is_ascii_digit()) => rest,
        _ => base,
    };
    let is_between = |it: char| matches!(it, '_' | '-' | '.' | ' ');
    let mut end = 0;
    loop {
        let rest = base.get(end..)?;
        let gap = usize::from(end > 0 && rest.starts_with(is_between));
        let digits = rest[gap..].chars().take_while(char::is_ascii_digit).count();
        let after = rest[gap + digits..].chars().next();
        // A number that goes on as a word is a part of the name: `2_3d_models`.
        if digits == 0 || after.is_some_and(|it| !is_between(it)) {
            break;
        }
        end += gap + digits;
    }
    let (number, rest) = base.split_at(end);
    let name = rest.trim_start_matches(is_between);
    (end > 0 && (rest.is_empty() || rest.len() > name.len()))
        .then(|| (number.to_owned(), name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_file_name_is_a_number_and_a_name() {
        for (text, number, name) in [
            ("001_create_users.sql", "001", "create_users"),
            ("sql/V1.2__add-name.sql", "1.2", "add-name"),
            (
                "2014_10_12_000000_create_users",
                "2014_10_12_000000",
                "create_users",
            ),
            ("2_3d_models.up.sql", "2", "3d_models"),
            ("20240101", "20240101", ""),
            ("7.sql", "7", ""),
        ] {
            let found = split(text);
            assert_eq!(found, Some((number.to_owned(), name.to_owned())), "{text}");
        }
        for text in ["create_users.sql", "", "Vx__a", "é1", "12é"] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
