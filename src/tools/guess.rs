//! What the columns of a table that nobody knows may mean: guessed by their names and types, shown, and a person's to
//! correct.

use std::collections::BTreeSet;

use super::{Shape, ToolError};

/// What a column can be taken for, as `--column WORD=COLUMN` says it.
pub const WORDS: &[&str] = &[
    "version",
    "name",
    "applied-at",
    "applied-by",
    "took",
    "hash",
    "state",
];

/// What each column was taken for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Word and column, in the order of [`WORDS`].
    pub said: Vec<(&'static str, String)>,
}

impl Columns {
    /// The column of a word.
    pub fn get(&self, word: &str) -> Option<&str> {
        let found = self.said.iter().find(|(said, _)| *said == word);
        found.map(|(_, column)| column.as_str())
    }

    /// These words and columns.
    pub fn of(pairs: &[(&'static str, &str)]) -> Columns {
        Columns {
            said: pairs
                .iter()
                .map(|(word, column)| (*word, (*column).to_owned()))
                .collect(),
        }
    }
}

/// Names that say which migration it is, the surest first.
const VERSION: &[&str] = &[
    "version",
    "version_num",
    "version_number",
    "version_id",
    "versionnumber",
    "schema_version",
    "db_version",
    "migration_version",
    "migration_id",
    "migrationid",
    "revision",
    "filename",
    "file_name",
    "migration",
    "migration_name",
    "file",
    "script",
    "script_name",
    "patch",
    "patch_name",
    "name",
    "change",
    "tag",
    "id",
];
const NAME: &[&str] = &[
    "name",
    "description",
    "title",
    "label",
    "migration_name",
    "migration",
    "filename",
    "file_name",
    "file",
    "script",
    "script_name",
    "patch_name",
    "comment",
];
const APPLIED_AT: &[&str] = &[
    "applied_at",
    "applied_on",
    "applied",
    "executed_at",
    "executed_on",
    "executed",
    "installed_at",
    "installed_on",
    "migrated_at",
    "migration_time",
    "run_at",
    "run_on",
    "ran_at",
    "finished_at",
    "completed_at",
    "deployed_at",
    "committed_at",
    "dateexecuted",
    "date_executed",
    "tstamp",
    "timestamp",
    "date",
    "created_at",
    "created_on",
    "created",
    "inserted_at",
];
const APPLIED_BY: &[&str] = &[
    "applied_by",
    "executed_by",
    "installed_by",
    "run_by",
    "deployed_by",
    "author",
    "username",
    "user_name",
    "by_user",
];
const TOOK: &[&str] = &[
    "execution_time_ms",
    "execution_time",
    "duration_ms",
    "took_ms",
    "elapsed_ms",
];
const HASH: &[&str] = &[
    "checksum",
    "hash",
    "sha256",
    "sha1",
    "md5",
    "md5sum",
    "digest",
    "file_hash",
];
const STATE: &[&str] = &[
    "success",
    "succeeded",
    "successful",
    "ok",
    "is_applied",
    "applied",
    "done",
    "completed",
    "dirty",
    "failed",
    "is_failed",
    "rolled_back",
    "reverted",
    "undone",
    "status",
    "state",
    "result",
    "outcome",
    "direction",
];
/// Words of which one stands in the name of a table that keeps a history.
const TABLES: &[&str] = &[
    "migration",
    "schema_version",
    "schemaversion",
    "db_version",
    "dbversion",
    "database_version",
    "schema_history",
    "version_history",
    "changelog",
    "schema_patch",
    "db_patch",
    "applied_patch",
    "schema_change",
    "schema_log",
    "alembic_version",
    "sequelizemeta",
];

/// What a column holds, as far as guessing needs it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Number,
    Time,
    Truth,
    Other,
}

fn holds(data_type: &str) -> Holds {
    let starts = |words: &[&str]| words.iter().any(|word| data_type.starts_with(word));
    if data_type.ends_with("[]") {
        Holds::Other
    } else if starts(&["timestamp", "date"]) {
        Holds::Time
    } else if starts(&["boolean"]) {
        Holds::Truth
    } else if starts(&["smallint", "integer", "bigint", "numeric"]) {
        Holds::Number
    } else if starts(&["text", "character", "citext", "uuid", "name"]) {
        Holds::Text
    } else {
        // An enum of states and the like.
        Holds::Other
    }
}

/// Whether a table that nobody named looks like a history that somebody made: by its name and its columns.
pub fn likely_by_hand(shape: &Shape) -> bool {
    const MOST: usize = 14;
    let name = shape.name().to_lowercase();
    TABLES.iter().any(|word| name.contains(word))
        && shape.columns.len() <= MOST
        && versions(shape).next().is_some()
}

/// The columns that may say which migration it is, the surest first.
fn versions(shape: &Shape) -> impl Iterator<Item = &str> {
    VERSION.iter().filter_map(|word| {
        let (name, data_type) = column(shape, word)?;
        matches!(holds(data_type), Holds::Text | Holds::Number).then_some(name)
    })
}

/// A column by its name, in whatever case.
fn column<'s>(shape: &'s Shape, name: &str) -> Option<(&'s str, &'s str)> {
    let found = shape
        .columns
        .iter()
        .find(|(column, _)| column.eq_ignore_ascii_case(name));
    found.map(|(name, data_type)| (name.as_str(), data_type.as_str()))
}

/// What the columns mean, where `said` goes before what is guessed: the first column that names each row, and what else
/// there is. `rows` are the texts of all columns in their order.
///
/// # Errors
/// [`ToolError::Columns`]: a word or column that is not there, or no column that tells the rows apart.
pub(super) fn guess(
    shape: &Shape,
    rows: &[Vec<Option<String>>],
    said: &[String],
) -> Result<Columns, ToolError> {
    let all: Vec<&str> = shape
        .columns
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let wrong = |why: String| ToolError::Columns {
        table: shape.path(),
        why,
        columns: all.join(", "),
    };
    let mut chosen: Vec<(&'static str, Option<String>)> = Vec::new();
    for pair in said {
        let (word, name) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(word) = WORDS.iter().find(|known| **known == word) else {
            let words = WORDS.join(", ");
            return Err(wrong(format!("`{word}` is none of the words {words}")));
        };
        let named = match name {
            "" if *word != "version" => None,
            name => Some(
                column(shape, name)
                    .ok_or_else(|| wrong(format!("there is no column `{name}`")))?
                    .0
                    .to_owned(),
            ),
        };
        chosen.push((word, named));
    }
    let is_said = |word: &str| chosen.iter().find(|(said, _)| *said == word);
    let state = guessed(shape, STATE, "", &[Holds::Truth, Holds::Text, Holds::Other]);
    // Where a state says which of several rows holds, a version may stand several times.
    let may_repeat = match is_said("state") {
        Some((_, said)) => said.is_some(),
        None => state.is_some(),
    };
    let place = |name: &str| all.iter().position(|column| *column == name);
    let tells_apart = |name: &str, may_repeat: bool| {
        let Some(place) = place(name) else {
            return false;
        };
        let mut seen = BTreeSet::new();
        rows.iter().all(|row| match row.get(place) {
            Some(Some(value)) if !value.trim().is_empty() => seen.insert(value) || may_repeat,
            _ => false,
        })
    };
    let version = match is_said("version") {
        Some((_, Some(name))) if tells_apart(name, may_repeat) => name.clone(),
        Some((_, name)) => {
            let name = name.as_deref().unwrap_or_default();
            return Err(wrong(format!(
                "`{name}` is empty in a row, or the same in two"
            )));
        }
        None => {
            let sure = versions(shape).find(|name| tells_apart(name, false));
            let repeated = versions(shape).find(|name| *name != "id" && tells_apart(name, true));
            let name = match (sure, repeated) {
                // An `id` counts rows, not migrations.
                (Some(id), Some(repeated)) if may_repeat && id.eq_ignore_ascii_case("id") => {
                    Some(repeated)
                }
                (Some(sure), _) => Some(sure),
                (None, repeated) => repeated.filter(|_| may_repeat),
            };
            name.ok_or_else(|| wrong("no column names each row".to_owned()))?
                .to_owned()
        }
    };
    let guesses: [(&'static str, Option<String>); 6] = [
        ("name", guessed(shape, NAME, &version, &[Holds::Text])),
        (
            "applied-at",
            guessed(shape, APPLIED_AT, &version, &[Holds::Time]).or_else(|| {
                let mut times = shape.columns.iter();
                let first = times.find(|(_, data_type)| holds(data_type) == Holds::Time);
                first.map(|(name, _)| name.clone())
            }),
        ),
        (
            "applied-by",
            guessed(shape, APPLIED_BY, &version, &[Holds::Text]),
        ),
        ("took", guessed(shape, TOOK, &version, &[Holds::Number])),
        (
            "hash",
            guessed(shape, HASH, &version, &[Holds::Text, Holds::Number]),
        ),
        ("state", state.filter(|name| *name != version)),
    ];
    let mut columns = Columns {
        said: vec![("version", version)],
    };
    for (word, guess) in guesses {
        let name = match is_said(word) {
            Some((_, name)) => name.clone(),
            None => guess,
        };
        columns.said.extend(name.map(|name| (word, name)));
    }
    Ok(columns)
}

/// The first column of these names that holds something of the kind; another one than `other`.
fn guessed(shape: &Shape, names: &[&str], other: &str, kinds: &[Holds]) -> Option<String> {
    names.iter().find_map(|word| {
        let (name, data_type) = column(shape, word)?;
        (name != other && kinds.contains(&holds(data_type))).then(|| name.to_owned())
    })
}

/// What a row's state says of its migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is in the database.
    In,
    /// It is not, and nothing is wrong.
    Out,
    /// It failed, or nobody knows.
    Failed,
}

/// What the value of a state column says.
pub(super) fn fate(column: &str, data_type: &str, value: Option<&str>) -> Fate {
    let column = column.to_lowercase();
    let is_back = ["rolled_back", "reverted", "undone"].contains(&column.as_str());
    let Some(value) = value else {
        return match holds(data_type) {
            // A word that nobody wrote.
            Holds::Truth => Fate::Failed,
            _ => Fate::In,
        };
    };
    if holds(data_type) == Holds::Truth {
        let is_true = matches!(value, "t" | "true");
        return match column.as_str() {
            "dirty" | "failed" | "is_failed" if is_true => Fate::Failed,
            "dirty" | "failed" | "is_failed" => Fate::In,
            _ if is_back && is_true => Fate::Out,
            _ if is_back => Fate::In,
            "is_applied" | "applied" | "done" | "completed" if !is_true => Fate::Out,
            _ if is_true => Fate::In,
            _ => Fate::Failed,
        };
    }
    match value.trim().to_lowercase().as_str() {
        "success" | "succeeded" | "successful" | "ok" | "applied" | "done" | "complete"
        | "completed" | "finished" | "executed" | "ran" | "up" | "deployed" | "installed"
        | "baseline" | "migrated" | "true" | "t" | "yes" | "y" | "1" => Fate::In,
        "rolled_back" | "rolled back" | "rolledback" | "reverted" | "undone" | "down"
        | "pending" | "planned" | "skipped" | "removed" | "ignored" | "new" | "queued"
        | "deleted" => Fate::Out,
        _ => Fate::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::tests::shape;
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<Option<String>>> {
        let texts = |row: &&[&str]| {
            let text = |it: &&str| (!it.is_empty()).then(|| (*it).to_owned());
            row.iter().map(text).collect()
        };
        rows.iter().map(texts).collect()
    }

    #[test]
    fn the_surest_column_that_names_each_row_is_the_version() {
        let table = shape(
            "migration_log",
            &[
                "id integer",
                "filename text",
                "executed_at timestamp with time zone",
                "checksum text",
            ],
        );
        assert!(likely_by_hand(&table));
        let two = rows(&[
            &["1", "001_a.sql", "2024-01-01", "x"],
            &["2", "002_b.sql", "2024-01-02", "y"],
        ]);
        let columns = guess(&table, &two, &[]).unwrap();
        assert_eq!(columns.get("version"), Some("filename"));
        assert_eq!(columns.get("applied-at"), Some("executed_at"));
        assert_eq!(columns.get("hash"), Some("checksum"));
        // Where two rows have it, it is another column.
        let same = rows(&[
            &["1", "a.sql", "2024-01-01", "x"],
            &["2", "a.sql", "2024-01-02", "y"],
        ]);
        let columns = guess(&table, &same, &[]).unwrap();
        assert_eq!(columns.get("version"), Some("id"));
        assert_eq!(columns.get("name"), Some("filename"));
    }

    #[test]
    fn a_person_corrects_the_guess_and_is_told_of_slips() {
        let table = shape("t", &["a integer", "b text", "version integer"]);
        let one = rows(&[&["1", "x", ""]]);
        let error = guess(&table, &one, &[]).unwrap_err().to_string();
        assert!(error.contains("no column names each row"), "{error}");
        let said = ["version=a".to_owned(), "name=b".to_owned()];
        let columns = guess(&table, &one, &said).unwrap();
        assert_eq!(columns.get("version"), Some("a"));
        assert_eq!(columns.get("name"), Some("b"));
        for (said, words) in [
            ("version=nowhere", "no column `nowhere`"),
            ("date=a", "`date` is none of the words"),
            ("version=version", "empty in a row"),
        ] {
            let error = guess(&table, &one, &[said.to_owned()]).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    #[test]
    fn a_version_may_stand_twice_where_a_state_says_which_row_holds() {
        let table = shape(
            "goose_migrations",
            &["id integer", "version_id bigint", "is_applied boolean"],
        );
        let rows = rows(&[&["1", "5", "t"], &["2", "5", "f"]]);
        let columns = guess(&table, &rows, &[]).unwrap();
        assert_eq!(columns.get("version"), Some("version_id"));
        let table = shape("t", &["version integer", "name text", "state text"]);
        let columns = guess(&table, &[], &[]).unwrap();
        assert_eq!(columns.get("state"), Some("state"));
        assert_eq!(fate("is_applied", "boolean", Some("f")), Fate::Out);
        assert_eq!(fate("success", "boolean", Some("f")), Fate::Failed);
        assert_eq!(fate("dirty", "boolean", Some("t")), Fate::Failed);
        assert_eq!(fate("status", "text", Some("Half way")), Fate::Failed);
        assert_eq!(fate("status", "text", Some("SUCCESS")), Fate::In);
    }
}
