//! Running many statements on a scratch database: in chunks while all goes well, one by one where something fails, and
//! again later what could not run yet.

use super::rights::{Beyond, NO_RIGHT, Rights};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::quote::ident;
use crate::sql::references::runs_extension_script;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// How many statements travel together.
const CHUNK: usize = 64;

/// After how many statements a transaction that need not be one ends: with the locks that it holds, each further statement
/// takes longer.
const ENOUGH: usize = 512;

/// How many races against other sessions a statement may lose.
const RACES: usize = 8;

/// What every transaction begins with: bodies may name what is made later.
const BEGIN: &str = "BEGIN; SET LOCAL check_function_bodies = off";

/// SQLSTATEs that say that something is not there yet: undefined table, function, object, column, schema; wrong object
/// type, because a shell was found; and a key that a foreign key needs.
const NOT_YET: &[&str] = &[
    "42P01", "42883", "42704", "42703", "3F000", "42809", "42830", "42P17", "0A000", "42804",
];

/// SQLSTATE of a mistake of syntax: whatever else comes to be there, it stays one.
const SYNTAX: &str = "42601";

/// One statement to run on scratch.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The text, without a semicolon.
    pub sql: String,
    /// The schemas in which its unqualified names are looked up.
    pub search_path: Vec<String>,
    /// Whether it makes a routine whose body is a text, which PostgreSQL does not read now.
    pub is_opaque: bool,
    /// The same in two steps, for what waits for itself.
    pub stub: Option<PieceStub>,
    /// The place of the statement that makes what this one is said of: it may find something else of that name before, such
    /// as the announcement of a type.
    pub holder: Option<usize>,
}

/// A statement in two steps: a form that needs less, and the rest.
#[derive(Debug, Clone)]
pub struct PieceStub {
    /// The first step.
    pub make: String,
    /// The second.
    pub complete: String,
    /// Whether the first form looks to others as the whole one does, so that they can be made in between.
    pub exact: bool,
    /// What fails when the whole one comes back to itself: PostgreSQL does not look when it is made.
    pub probe: Option<String>,
}

/// A statement that could not run.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Its place in the list.
    pub index: usize,
    /// What PostgreSQL said.
    pub error: SqlError,
}

/// Statements that could not run.
#[derive(Debug, Clone, Default)]
pub struct Unsettled {
    /// Those that matter, each with what PostgreSQL said last.
    pub failures: Vec<Failure>,
    /// The places of all.
    pub waiting: Vec<usize>,
}

/// Runs the statements at these places in an order that is only a guess: what fails because something is missing is tried
/// again after the others, until nothing moves. Some transactions, the last left open.
///
/// # Errors
///
/// The statements that never ran.
pub async fn run_until_settled(
    session: &Session,
    pieces: &mut [Piece],
    mut waiting: Vec<usize>,
) -> Result<(), Unsettled> {
    let mut probes = Vec::new();
    // A failure comes back with the first statement.
    let _ = session.execute(BEGIN).await;
    while !waiting.is_empty() {
        let before = waiting.len();
        let failures = run_once(session, pieces, &waiting, true).await;
        waiting = failures.iter().map(|failure| failure.index).collect();
        if waiting.len() == before
            && !stand_in(session, pieces, &waiting, &mut probes).await
            && !stand_in_for_one(session, pieces, &waiting).await
        {
            let failures = place_errors(session, pieces, failures).await;
            return Err(Unsettled { failures, waiting });
        }
    }
    let mut failures = Vec::new();
    for (index, probe) in probes {
        let error = attempt(session, &probe).await.err();
        failures.extend(error.map(|error| Failure { index, error }));
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Unsettled {
            failures,
            waiting: Vec::new(),
        })
    }
}

/// Runs the statements at these places once each, in transactions of a moderate size where they may end; gives those that
/// fail.
async fn run_once(
    session: &Session,
    pieces: &[Piece],
    places: &[usize],
    may_commit: bool,
) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (number, chunk) in places.chunks(CHUNK).enumerate() {
        if may_commit && number > 0 && (number * CHUNK).is_multiple_of(ENOUGH) {
            // A failure comes back with the next statement.
            let _ = session.execute(&format!("COMMIT; {BEGIN}")).await;
        }
        let together: String = chunk.iter().map(|index| script(&pieces[*index])).collect();
        if chunk.len() > 1 && attempt(session, &together).await.is_ok() {
            continue;
        }
        for index in chunk {
            let piece = &pieces[*index];
            let waits_for = |failure: &&Failure| piece.holder == Some(failure.index);
            let held_up = failures.iter().find(waits_for);
            let outcome = match held_up {
                Some(failure) => Err(failure.error.clone()),
                None => attempt(session, &script(piece)).await,
            };
            if let Err(error) = outcome {
                failures.push(Failure {
                    index: *index,
                    error,
                });
            }
        }
    }
    failures
}

/// Makes the first form of what waits, wherever that looks to others as the whole; tells whether anything was made.
async fn stand_in(
    session: &Session,
    pieces: &mut [Piece],
    waiting: &[usize],
    probes: &mut Vec<(usize, String)>,
) -> bool {
    let mut made = false;
    for index in waiting {
        let piece = &mut pieces[*index];
        if let Some(stub) = piece.stub.take_if(|stub| stub.exact) {
            let first = format!("{}{};\n", search_path(piece), stub.make);
            if attempt(session, &first).await.is_ok() {
                piece.sql = stub.complete;
                probes.extend(stub.probe.map(|probe| (*index, probe)));
                made = true;
            } else {
                piece.stub = Some(stub);
            }
        }
    }
    made
}

/// Makes the first form of one of those that wait, then all that can be made with it, then the whole one at once: nothing
/// else may see a form that looks otherwise. What does not lead to the whole one is undone.
async fn stand_in_for_one(session: &Session, pieces: &mut [Piece], waiting: &[usize]) -> bool {
    for index in waiting {
        let piece = &pieces[*index];
        let Some(stub) = piece.stub.clone().filter(|stub| !stub.exact) else {
            continue;
        };
        if session.execute("SAVEPOINT one").await.is_err() {
            return false;
        }
        let first = format!("{}{};\n", search_path(piece), stub.make);
        if attempt(session, &first).await.is_ok() {
            // Routines whose body nobody looks at now.
            let routines: Vec<usize> = waiting
                .iter()
                .copied()
                .filter(|other| pieces[*other].is_opaque)
                .collect();
            run_once(session, pieces, &routines, false).await;
            let probe = stub.probe.as_deref().unwrap_or_default();
            let rest = format!("{}{};\n{probe};\n", search_path(piece), stub.complete);
            if attempt(session, &rest).await.is_ok() {
                let _ = session.execute("RELEASE one").await;
                pieces[*index].sql = "SELECT".to_owned();
                pieces[*index].stub = None;
                for routine in routines {
                    pieces[routine].sql = replacing(&pieces[routine].sql);
                }
                return true;
            }
        }
        let _ = session.execute("ROLLBACK TO one").await;
    }
    false
}

/// The routines with a mistake of syntax in their body: looked for when all is there that a body may name, so nothing but
/// the body is to blame. What a body names and nothing has is no mistake: it may be there when the body runs. Leaves the
/// transaction as it is.
pub async fn broken_bodies(session: &Session, pieces: &[Piece]) -> Vec<Failure> {
    let routines: Vec<usize> = (0..pieces.len())
        .filter(|index| pieces[*index].is_opaque)
        .collect();
    let mut broken = Vec::new();
    for chunk in routines.chunks(CHUNK) {
        let together: String = chunk
            .iter()
            .map(|index| {
                format!(
                    "{}{};\n",
                    search_path(&pieces[*index]),
                    replacing(&pieces[*index].sql)
                )
            })
            .collect();
        if look(session, "", &together).await.is_ok() {
            continue;
        }
        for index in chunk {
            let piece = &pieces[*index];
            let looked = look(session, &search_path(piece), &replacing(&piece.sql)).await;
            if let Err(error) = looked
                && error.is(&[SYNTAX])
            {
                broken.push(Failure {
                    index: *index,
                    error,
                });
            }
        }
    }
    broken
}

/// Runs a script with bodies looked at, and undoes it. What is set before travels by itself, so that positions count from
/// the script's own start.
async fn look(session: &Session, settings: &str, script: &str) -> Result<(), SqlError> {
    session
        .execute(&format!(
            "SAVEPOINT look;\nSET LOCAL check_function_bodies = on;\n{settings}"
        ))
        .await?;
    let result = session.execute(script).await;
    session.execute("ROLLBACK TO look;\nRELEASE look").await?;
    result
}

/// The statement that makes a routine, so that it can run once more.
fn replacing(sql: &str) -> String {
    sql.replacen("CREATE ", "CREATE OR REPLACE ", 1)
}

/// Runs a script whole or not at all, again where another session was in its way: roles belong to the cluster, and others
/// may try out theirs at the same time. The savepoint travels by itself: a script that does not parse never reaches one
/// that stands in it.
pub(super) async fn attempt(session: &Session, script: &str) -> Result<(), SqlError> {
    let mut races = 0..RACES;
    loop {
        match attempt_once(session, script).await {
            Err(error) if error.is_passing() && races.next().is_some() => {}
            outcome => return outcome,
        }
    }
}

async fn attempt_once(session: &Session, script: &str) -> Result<(), SqlError> {
    session.execute("SAVEPOINT attempt").await?;
    let result = session.execute(script).await;
    let end = if result.is_ok() {
        "RELEASE attempt"
    } else {
        "ROLLBACK TO attempt"
    };
    session.execute(end).await?;
    result
}

/// The failures that matter: where some are of another sort than "not there yet", those; each run once more alone, so
/// that its position counts from its own start.
async fn place_errors(session: &Session, pieces: &[Piece], failures: Vec<Failure>) -> Vec<Failure> {
    let failed: BTreeSet<usize> = failures.iter().map(|failure| failure.index).collect();
    let is_held_up = |failure: &Failure| {
        let holder = pieces[failure.index].holder;
        holder.is_some_and(|holder| failed.contains(&holder))
    };
    let failures: Vec<Failure> = failures
        .into_iter()
        .filter(|failure| !is_held_up(failure))
        .collect();
    let real: Vec<Failure> = failures
        .iter()
        .filter(|failure| !failure.error.is(NOT_YET))
        .cloned()
        .collect();
    let mut placed = Vec::new();
    for failure in if real.is_empty() { failures } else { real } {
        let piece = &pieces[failure.index];
        let _ = session
            .execute(&format!("SAVEPOINT piece;\n{}", search_path(piece)))
            .await;
        let error = session
            .execute(&piece.sql)
            .await
            .err()
            .unwrap_or(failure.error);
        let _ = session.execute("ROLLBACK TO piece").await;
        placed.push(Failure {
            index: failure.index,
            error,
        });
    }
    placed
}

pub(super) fn search_path(piece: &Piece) -> String {
    let schemas: Vec<String> = piece
        .search_path
        .iter()
        .map(|schema| ident(schema))
        .collect();
    if schemas.is_empty() {
        "SET LOCAL search_path = '';\n".to_owned()
    } else {
        format!("SET LOCAL search_path = {};\n", schemas.join(", "))
    }
}

fn script(piece: &Piece) -> String {
    format!("{}{};\n", search_path(piece), piece.sql)
}

/// Counts what is in the catalogs where many statements changed them: a server that does not know reads them back in a way
/// that fits small ones, and nothing else tells it on scratch.
pub async fn take_stock(session: &Session, statements: usize) {
    if statements > ENOUGH {
        // Who may not is left with the slower way.
        let catalogs = "pg_class, pg_attribute, pg_attrdef, pg_constraint, pg_index, pg_depend, pg_type, pg_proc, \
                        pg_rewrite, pg_trigger, pg_sequence, pg_description, pg_inherits, pg_policy, pg_shdepend";
        let _ = session.execute(&format!("ANALYZE {catalogs}")).await;
    }
}

/// Runs statements in their order, each part in one transaction where it allows that, or with `in_pieces` in several; with
/// `rights`, those that the role may not run run with all rights and are given back.
///
/// # Errors
///
/// The first that fails; what ran before it may be undone.
pub async fn run_in_order(
    session: &Session,
    parts: &[(bool, Vec<String>)],
    in_pieces: bool,
    rights: Option<&Rights>,
) -> Result<Vec<Beyond>, (usize, SqlError)> {
    let mut beyond = Vec::new();
    let mut index = 0;
    for (outside, statements) in parts {
        if *outside {
            for sql in statements {
                let error = session.execute(sql).await.err();
                settle(session, index, sql, error, rights, &mut beyond).await?;
                index += 1;
            }
            continue;
        }
        session
            .execute(BEGIN)
            .await
            .map_err(|error| (index, error))?;
        for (number, chunk) in statements.chunks(CHUNK).enumerate() {
            if in_pieces && number > 0 && (number * CHUNK).is_multiple_of(ENOUGH) {
                session
                    .execute(&format!("COMMIT; {BEGIN}"))
                    .await
                    .map_err(|error| (index.saturating_sub(1), error))?;
            }
            let script: String = chunk
                .iter()
                .map(|sql| format!("{};\n", pinned(sql)))
                .collect();
            if chunk.len() > 1 && attempt(session, &script).await.is_ok() {
                index += chunk.len();
                continue;
            }
            for sql in chunk {
                let error = attempt(session, &pinned(sql)).await.err();
                let settled = settle(session, index, sql, error, rights, &mut beyond).await;
                if settled.is_err() {
                    let _ = session.execute("ROLLBACK").await;
                    return settled.map(|()| beyond);
                }
                index += 1;
            }
        }
        let end = match statements.iter().any(|sql| runs_extension_script(sql)) {
            true => "COMMIT; SET search_path = ''",
            false => "COMMIT",
        };
        session
            .execute(end)
            .await
            .map_err(|error| (index.saturating_sub(1), error))?;
    }
    Ok(beyond)
}

/// A statement, with the search path emptied again where it runs the script of an extension: some leave another behind.
fn pinned(sql: &str) -> Cow<'_, str> {
    match runs_extension_script(sql) {
        true => format!("{sql};\nSET LOCAL search_path = ''").into(),
        false => sql.into(),
    }
}

/// What a statement's error means: one of rights is noted, and the statement runs with all of them.
async fn settle(
    session: &Session,
    index: usize,
    sql: &str,
    error: Option<SqlError>,
    rights: Option<&Rights>,
    beyond: &mut Vec<Beyond>,
) -> Result<(), (usize, SqlError)> {
    let failed = |error: SqlError| (index, error);
    let Some(error) = error else { return Ok(()) };
    let Some(rights) = rights.filter(|_| error.is(NO_RIGHT)) else {
        return Err(failed(error));
    };
    rights.set(session, true).await.map_err(failed)?;
    session.execute(sql).await.map_err(failed)?;
    rights.set(session, false).await.map_err(failed)?;
    beyond.push(Beyond {
        step: index,
        error: without_database(error, session.target().database()),
    });
    Ok(())
}

/// The error without the name of the scratch database, which says nothing to anybody.
fn without_database(mut error: SqlError, name: &str) -> SqlError {
    if let Some(before) = error.message.strip_suffix(&format!("database {name}")) {
        error.message = format!("{before}the database");
    }
    error
}
