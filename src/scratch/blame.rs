//! Which parts of a refused statement are to blame. PostgreSQL stops at the first mistake of a table, and says a place only
//! of what it could not read. So each line that it refuses is told and left out, until the table stands without them, and
//! what comes after it can be tried.

use std::collections::BTreeSet;

use super::build::blank_secrets;
use super::execute::{Piece, search_path};
use super::refusal::{Refusal, missing};
use crate::kind::language::Desired;
use crate::kind::{Catalog, Context, Element, Form, Object, Statement};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::plan::Step;
use crate::sql::quote::ident;
use crate::sql::references::has_word;
use crate::sql::respell::respell;

/// SQLSTATE of a column that is not there.
const NO_COLUMN: &[&str] = &["42703"];

/// A refused table: what of it is refused, and what that takes along.
#[derive(Debug, Default)]
pub(super) struct Blamed {
    /// The refusals, of its lines where they and not the table are refused.
    pub(super) refused: Vec<Refusal>,
    /// The names of the columns that it does without.
    pub(super) columns: BTreeSet<String>,
    /// Whether the table stands now, without what is refused.
    pub(super) is_made: bool,
}

/// Whether an error only follows from columns that are left out.
pub(super) fn misses(error: &SqlError, columns: &BTreeSet<String>) -> bool {
    let mut columns = columns.iter();
    error.is(NO_COLUMN) && columns.any(|column| has_word(&error.message, column))
}

/// Whether an error misses what the files declare: that was refused itself, or has not been tried yet.
fn is_declared(error: &SqlError, desired: &Desired) -> bool {
    let Some(missing) = missing(error) else {
        return false;
    };
    match missing.name.split_once('.') {
        Some((schema, name)) => desired
            .names
            .contains_key(&(schema.to_owned(), name.to_owned())),
        None => desired.names.keys().any(|(_, name)| *name == missing.name),
    }
}

/// The refusals of a refused table, which is made without what they speak of; any other object is refused as it is.
pub(super) async fn blame(
    session: &Session,
    refusal: Refusal,
    made: Option<(&Step, &Piece)>,
    desired: &Desired,
    empty: &Catalog,
) -> Blamed {
    let alone = |refusal: Refusal| Blamed {
        refused: vec![refusal],
        ..Blamed::default()
    };
    let made = made.filter(|(step, _)| matches!(step.statement.form, Form::Create { .. }));
    let Some((step, piece)) = made.filter(|_| !refusal.is_cycle()) else {
        return alone(refusal);
    };
    let version = session.server_version_num();
    let context = Context::new(empty, empty, version, &empty.origin.role);
    let lines: Vec<(&ObjectId, String)> = step
        .objects
        .iter()
        .filter(|(_, id)| id.kind != Kind::Column)
        .filter_map(|(_, id)| {
            let object: &Object = &desired.objects.get(id)?.object;
            match object.element(id, &context)? {
                Element::Line(line) => Some((id, line)),
                _ => None,
            }
        })
        .collect();
    let columns = step.objects.iter().map(|(_, id)| id);
    let columns: Vec<&ObjectId> = columns.filter(|id| id.kind == Kind::Column).collect();
    let table = Table {
        session,
        piece,
        lines,
        columns,
    };
    let mut blamed = Blamed::default();
    let mut statement = step.statement.clone();
    // Each round leaves something out.
    loop {
        let Some(error) = table.make(&statement).await else {
            blamed.is_made = true;
            // What misses only what is declared is told as it was: nothing else says why.
            if blamed.refused.is_empty() {
                blamed.refused.push(refusal);
            }
            return blamed;
        };
        let guilty = table.guilty(&statement, error).await;
        let Form::Create { elements, .. } = &mut statement.form else {
            return blamed;
        };
        let before = elements.len();
        for (line, id, error) in guilty {
            let place = elements.iter().position(|it| *it == line);
            if let Some(place) = place {
                elements.remove(place);
            }
            if misses(&error, &blamed.columns) || is_declared(&error, desired) {
                continue;
            }
            if let Some(column) = table.column(&line) {
                blamed.columns.insert(column.name.to_string());
            }
            let id = id.unwrap_or_else(|| refusal.id.clone());
            blamed.refused.push(Refusal::new(id, error));
        }
        if elements.len() == before {
            if blamed.refused.is_empty() {
                return alone(refusal);
            }
            return blamed;
        }
    }
}

/// A line of a table with what PostgreSQL says of it, and the part that it is, where the error does not name its place.
type Guilty = (String, Option<ObjectId>, SqlError);

/// A refused table.
struct Table<'a> {
    session: &'a Session,
    piece: &'a Piece,
    /// The parts that are no columns.
    lines: Vec<(&'a ObjectId, String)>,
    columns: Vec<&'a ObjectId>,
}

impl Table<'_> {
    /// Makes it; the error where PostgreSQL refuses it, with nothing changed.
    async fn make(&self, statement: &Statement) -> Option<SqlError> {
        self.run(statement, "RELEASE blame").await
    }

    /// The same, undone in any case.
    async fn attempt(&self, statement: &Statement) -> Option<SqlError> {
        self.run(statement, "ROLLBACK TO blame; RELEASE blame")
            .await
    }

    async fn run(&self, statement: &Statement, end: &str) -> Option<SqlError> {
        // The statement travels by itself: positions count from its own start.
        let begin = format!("SAVEPOINT blame;\n{}", search_path(self.piece));
        if let Err(error) = self.session.execute(&begin).await {
            return Some(error);
        }
        let sql = blank_secrets(&respell(&statement.text()));
        let result = self.session.execute(&sql).await;
        let end = match result {
            Ok(_) => end,
            Err(_) => "ROLLBACK TO blame; RELEASE blame",
        };
        let ended = self.session.execute(end).await;
        result.err().or(ended.err())
    }

    /// The lines of a statement that an error speaks of.
    async fn guilty(&self, statement: &Statement, error: SqlError) -> Vec<Guilty> {
        let Form::Create { elements, .. } = &statement.form else {
            return Vec::new();
        };
        if let Some(at) = error.position {
            let sql = blank_secrets(&respell(&statement.text()));
            let covers = |line: &&String| {
                let line = respell(line);
                let found = sql.match_indices(&*line).map(|(start, _)| start);
                found
                    .into_iter()
                    .any(|start| (start..start + line.len()).contains(&at))
            };
            let line = elements.iter().filter(covers).max_by_key(|it| it.len());
            return line
                .map(|line| (line.clone(), None, error))
                .into_iter()
                .collect();
        }
        let named = |line: &&String| {
            let column = self.column(line);
            let of_a_column = error.message.contains("column ");
            column.is_some_and(|it| of_a_column && has_word(&error.message, &it.name))
        };
        let apart = |line: &String| self.lines.iter().any(|(_, it)| it == line);
        // Each of the others beside the columns alone.
        let mut guilty = Vec::new();
        let bare = self.without(statement, |line| !apart(line));
        if self.attempt(&bare).await.is_none() {
            for (id, line) in self.lines.iter().filter(|(_, it)| elements.contains(it)) {
                let only = self.without(statement, |it| it == line || !apart(it));
                if let Some(mut error) = self.attempt(&only).await {
                    error.position = None;
                    guilty.push((line.clone(), Some((*id).clone()), error));
                }
            }
        }
        if guilty.is_empty()
            && let Some(line) = elements.iter().find(named)
        {
            let id = self.column(line).cloned();
            guilty.push((line.clone(), id, error));
            return guilty;
        }
        // Nothing says which line it is: that without which PostgreSQL says something else.
        for line in elements.iter().filter(|_| guilty.is_empty()) {
            let rest = self
                .attempt(&self.without(statement, |it| it != line))
                .await;
            // What needs a column that is left out is refused before the mistake is met.
            let own: BTreeSet<String> = self
                .column(line)
                .map(|id| id.name.to_string())
                .into_iter()
                .collect();
            let is_other = |rest: &SqlError| rest.message != error.message && !misses(rest, &own);
            if rest.as_ref().is_none_or(is_other) {
                let part = self.lines.iter().find(|(_, it)| it == line);
                let id = part.map(|(id, _)| *id).or(self.column(line));
                guilty.push((line.clone(), id.cloned(), error.clone()));
                break;
            }
        }
        guilty
    }

    /// The statement with those of its lines alone.
    fn without(&self, statement: &Statement, stays: impl Fn(&String) -> bool) -> Statement {
        let mut statement = statement.clone();
        if let Form::Create { elements, .. } = &mut statement.form {
            elements.retain(stays);
        }
        statement
    }

    /// The column that a line makes.
    fn column(&self, line: &str) -> Option<&ObjectId> {
        let mut columns = self.columns.iter();
        let found = columns.find(|id| {
            let rest = line.strip_prefix(&*ident(&id.name));
            rest.is_some_and(|rest| rest.starts_with(' '))
        });
        found.copied()
    }
}
