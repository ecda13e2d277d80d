//! What PostgreSQL refuses of the declared objects, shown where it stands in the KDL files, with what to do about it.

use std::sync::Arc;

use super::context::Context;
use super::failure::Failure;
use super::report::escaped;
use crate::author::{AuthorError, Authored, ProofError, Request, author};
use crate::kdl::{Diagnostic, Mistakes, Sources, Span, SqlOrigin, nearest};
use crate::kind::Object;
use crate::kind::language::{Desired, LANGUAGES, METHODS, Rename, near_built_in_type};
use crate::model::{Kind, ObjectId};
use crate::pg::error::SqlError;
use crate::project::{Declared, ScratchDatabases, shown};
use crate::scratch::build::BuildError;
use crate::scratch::elaborate::{Astray, Doubts, ElaborateError, Refusal};
use crate::scratch::refusal::missing;
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;

/// What to do about an object that goes astray.
const ASTRAY: &str = "look at its texts, and at those of what stands beside it, for one that does more than its place allows";

/// What to do about a word that the server is too old for.
const NEWER: &str = "take the word out, or work with a newer PostgreSQL";

/// The failure of an authoring, shown where it stands in the KDL files.
pub(super) fn authoring(error: AuthorError, sources: &Arc<Sources>, desired: &Desired) -> Failure {
    let diagnostics = match error {
        AuthorError::Elaborate(ElaborateError::Refused(mut refusals)) => {
            refusals.sort_by_key(|refusal| desired.span(&refusal.id));
            refusals
                .iter()
                .map(|refusal| match refusal.is_cycle() {
                    true => cycle(refusal, desired),
                    false => refused(refusal, sources, desired),
                })
                .collect()
        }
        AuthorError::Elaborate(ElaborateError::Astray(objects)) => objects
            .iter()
            .map(|object| at_its_node(object, "scratch::astray", ASTRAY, desired))
            .collect(),
        AuthorError::Elaborate(ElaborateError::Newer(objects)) => objects
            .iter()
            .map(|object| at_its_node(object, "scratch::newer", NEWER, desired))
            .collect(),
        AuthorError::Exchange(ref exchange) => vec![exchange_of_names(&error, exchange)],
        error => match own_words(&error, sources, desired) {
            Some(refusal) => vec![refused(&refusal, sources, desired)],
            None => return error.into(),
        },
    };
    Mistakes::new(sources.clone(), diagnostics).into()
}

/// The column in whose words of transition PostgreSQL stops: these are tried out only where the plan runs.
fn own_words(error: &AuthorError, sources: &Sources, desired: &Desired) -> Option<Refusal> {
    let AuthorError::Proof(ProofError::Step {
        error: BuildError::Step { error, .. },
        ..
    }) = error
    else {
        return None;
    };
    let stands_in = |word: &Option<String>| {
        let word = word.as_deref().unwrap_or_default().trim();
        !word.is_empty() && error.statement.contains(word)
    };
    let mut columns = desired.of_kind(Kind::Column);
    let (id, _) = columns.find(|(id, declared)| {
        let Object::Column(column) = &declared.object else {
            return false;
        };
        let words = &column.convert;
        [&words.convert, &words.convert_back, &words.backfill]
            .into_iter()
            .any(stands_in)
            && matches!(place(id, error, sources, desired), Place::Kdl(_, true))
    })?;
    Some(Refusal::new(id.clone(), error.clone()))
}

/// Authors what is asked; what PostgreSQL refuses of it is shown where it stands in the KDL files.
pub(super) async fn authored(
    context: &Context,
    declared: &Declared,
    databases: &ScratchDatabases,
    request: &Request<'_>,
) -> Result<Option<Authored>, Failure> {
    let mut doubts = Doubts::default();
    let authored = author(databases, request, &mut doubts)
        .await
        .map_err(|error| authoring(error, &declared.sources, &declared.desired))?;
    tell_doubts(context, declared, &doubts);
    Ok(authored)
}

/// Tells of the routines that were there already with a mistake of syntax in their body.
fn tell_doubts(context: &Context, declared: &Declared, doubts: &Doubts) {
    for Refusal { id, error, .. } in &doubts.bodies {
        let place = match place(id, error, &declared.sources, &declared.desired) {
            Place::Kdl(span, _) => format!("{}: ", declared.sources.place(span)),
            Place::File(_, file) => format!("{file}: "),
            Place::Nowhere => String::new(),
        };
        context.screen.warn(escaped(&format!(
            "{place}the body of {id} can't run: {error}; it is in the database as it is here, so it stays"
        )));
    }
}

/// What is wrong with a declared object, at its node.
fn at_its_node(object: &Astray, code: &'static str, help: &str, desired: &Desired) -> Diagnostic {
    let mistake = Diagnostic::error(code, format!("{} {}", object.id, object.what)).help(help);
    match desired.span(&object.id) {
        Some(span) => mistake.at(span, "declared here"),
        None => mistake,
    }
}

fn exchange_of_names(error: &AuthorError, exchange: &[Rename]) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("author::exchange", error.to_string()).help(
        "where it was done, take these words away; where it is to be done, go in two migrations: first to a name that is free, \
         then on",
    );
    for rename in exchange {
        diagnostic = diagnostic.at(rename.span, "exchanged here");
    }
    diagnostic
}

/// Objects that miss each other.
fn cycle(refusal: &Refusal, desired: &Desired) -> Diagnostic {
    let Refusal { id, by_way_of, .. } = refusal;
    let chain: Vec<String> = std::iter::once(id)
        .chain(by_way_of)
        .map(ObjectId::path)
        .collect();
    let message = match chain.as_slice() {
        [_, _] => format!("{id} needs itself to be made: {}", chain.join(" → ")),
        _ => format!(
            "these objects need each other to be made: {}",
            chain.join(" → ")
        ),
    };
    let mut diagnostic = Diagnostic::error("scratch::cycle", message);
    let mut needs = by_way_of.iter();
    for object in std::iter::once(id).chain(by_way_of) {
        let (Some(span), Some(needed)) = (desired.span(object), needs.next()) else {
            continue;
        };
        diagnostic = diagnostic.at(span, format!("needs {}", needed.path()));
    }
    diagnostic.help(match id.kind {
        Kind::View | Kind::MaterializedView => {
            "a view reads what is there before it: let one of them read the tables itself, or make one view of them"
        }
        _ => "let one of them do without the next; a function whose body stands in quotes looks names up only when it runs",
    })
}

fn refused(refusal: &Refusal, sources: &Sources, desired: &Desired) -> Diagnostic {
    let Refusal { id, error, .. } = refusal;
    let mut diagnostic = Diagnostic::error(
        "scratch::refused",
        format!("PostgreSQL refuses {id}: {error}"),
    );
    let mut help = Vec::new();
    for (word, part) in [
        ("detail", &error.detail),
        ("hint", &error.hint),
        ("context", &error.where_),
    ] {
        if let Some(part) = part {
            help.push(format!("{word}: {part}"));
        }
    }
    match place(id, error, sources, desired) {
        Place::Kdl(span, true) => diagnostic = diagnostic.at(span, "PostgreSQL stops here"),
        Place::Kdl(span, false) => {
            diagnostic = diagnostic.at(span, "declared here");
            help.extend(near(error).map(|near| format!("PostgreSQL stops at `{near}`")));
        }
        Place::File(span, file) => {
            diagnostic = diagnostic.at(span, "declared here");
            help.push(format!("PostgreSQL stops at {file}"));
        }
        Place::Nowhere => {}
    }
    help.push(next_step(error, desired));
    diagnostic.help(help.join("\n"))
}

/// Where an error stands.
enum Place {
    /// In a KDL file; whether at the very token.
    Kdl(Span, bool),
    /// In a file that a KDL node names, `file:line:column`.
    File(Span, String),
    /// In no file.
    Nowhere,
}

fn place(id: &ObjectId, error: &SqlError, sources: &Sources, desired: &Desired) -> Place {
    let Some(whole) = desired.span(id) else {
        return Place::Nowhere;
    };
    let part = part(id, error, desired);
    let texts = [
        error.position.map(|at| (error.statement.as_str(), at)),
        error
            .internal
            .as_ref()
            .map(|(query, at)| (query.as_str(), *at)),
    ];
    for (sql, at) in texts.into_iter().flatten() {
        for head in part.into_iter().chain([whole]) {
            match sources.origin(head, sql, at) {
                Some(SqlOrigin::Kdl(span)) => return Place::Kdl(span, true),
                Some(SqlOrigin::File(path, line, column)) => {
                    let file = format!("{}:{line}:{column}", shown(&path).display());
                    return Place::File(head, file);
                }
                None => {}
            }
        }
    }
    Place::Kdl(part.unwrap_or(whole), false)
}

/// The place of the part that the error points at: a column or constraint stands on a line of its own in the statement
/// of its table.
fn part(id: &ObjectId, error: &SqlError, desired: &Desired) -> Option<Span> {
    let at = error.position.filter(|at| *at <= error.statement.len())?;
    let start = error.statement[..at].rfind('\n').map_or(0, |at| at + 1);
    let line: Vec<_> = significant(&error.statement[start..])
        .into_iter()
        .take(2)
        .collect();
    let name = match line.as_slice() {
        [first, second] if first.is_word("constraint") => second,
        [first, ..] => first,
        [] => return None,
    };
    let name = unquote_ident(name.text);
    desired
        .objects
        .iter()
        .find(|(part, _)| part.parent.as_deref() == Some(id) && *part.name == *name)
        .map(|(_, part)| part.span)
}

/// The beginning of what stands where the error points.
fn near(error: &SqlError) -> Option<String> {
    let at = error.position?;
    let line = error.statement.get(at..)?.lines().next()?.trim();
    (!line.is_empty()).then(|| line.chars().take(60).collect())
}

/// What to do, by what PostgreSQL said; its own words are told already.
fn next_step(error: &SqlError, desired: &Desired) -> String {
    if let Some(near) = near_name(error, desired) {
        return format!("did you mean `{near}`?");
    }
    let state = error.sqlstate.as_deref().unwrap_or_default();
    let message = error.message.as_str();
    let step = match state {
        "0A000" | "58P01" | "22023"
            if message.contains("extension") && is_about_extension_files(message) =>
        {
            "the PostgreSQL that tries the schema out does not have this extension: install it there, or name a server that has it with `scratch url \"...\"` in schemactl.kdl or `--scratch URL`, or an image with `scratch container image=...`"
        }
        "42P16" if message.contains("multiple primary keys") => {
            "a table has one primary key: write `primary-key a b` for one of several columns, and `unique` for others"
        }
        "42704" if message.contains("has no default operator class") => {
            "name an operator class with `opclass=`, choose another `method=`, or index an expression of a type that has one (`jsonb` has, `json` has none)"
        }
        "42704" if message.contains("there is no primary key") => {
            "give that table a `primary-key`, or name the column that is referred to: it needs a `unique` of its own"
        }
        "42701" if message.contains("system column") => {
            "PostgreSQL has a column of that name in every table: give yours another one"
        }
        "42P17" if message.contains("generation expression") => {
            "what is stored must not change by itself: let the expression use immutable functions alone, or let a trigger or default set the column"
        }
        "42P01" => {
            "declare it, or correct the name; a name without a schema is looked up in the schema around it and its `search-path`"
        }
        "42704" if message.starts_with("type ") => {
            "declare the type or correct its name; where an extension brings it, declare that: `extension NAME`"
        }
        "42704" if message.starts_with("role ") => {
            "declare the role with `role NAME`, or correct its name"
        }
        "42704" => "declare it, or correct the name",
        "42P17" if message.contains("recursion") => {
            "a view can't read itself by way of others: let one of them read the tables itself"
        }
        "42883" => {
            "declare it, correct its name or cast its arguments; where an extension brings it, declare that: `extension NAME`"
        }
        "42703" => "correct the name, or declare the column",
        "3F000" => "declare the schema, or correct its name",
        "42601" => "correct the SQL there",
        "42710" | "42P07" | "42P06" | "42723" | "42701" => {
            "something has that name already: give one of the two another name"
        }
        "42830" => {
            "the columns that are referred to need a `primary-key` or a `unique` of their own, in that order"
        }
        "42804" if message.contains("specified value cannot be cast") => {
            "a bound is SQL, where a date or a text stands in quotes of its own: `from=\"'2024-01-01'\"`"
        }
        "42804" | "42P13" | "42P16" => "make the types fit, with a cast where one is meant",
        "42846" | "42725" => "cast it to the type that is meant",
        "42501" if error.statement.trim_start().starts_with("GRANT") => {
            "the role that `by=` names must own the object, or hold the right with `with-grant-option`"
        }
        "42501" => {
            "the role that tries the schema out lacks this right; a server of its own, without `scratch url`, gives it all"
        }
        "23503" => {
            "declare the row that it refers to as well: a database made of the files has no other"
        }
        "23502" => {
            "give the column a value in `columns` and each `row`, or a `default`: the row could not be inserted without"
        }
        "23505" => "give each row its own value there, or take one of the two away",
        "23514" => "write a value that the check allows",
        "22023" if message.contains("identity column type") => {
            "give the column one of these types, or another `default=` in the place of `identity`"
        }
        "22023" => "correct the length, precision or option there",
        "22P05" => {
            "the encoding of the database has no such character: write it in other words, or make the database in UTF8"
        }
        _ if state.starts_with("22") => "write a value of the column's type",
        "0A000" => "PostgreSQL can't do this, or this version of it can't: write it in another way",
        _ => "correct it there; PostgreSQL judges what it means",
    };
    step.to_owned()
}

fn is_about_extension_files(message: &str) -> bool {
    ["is not available", "control file", "no installation script"]
        .iter()
        .any(|words| message.contains(words))
}

/// The declared name that is nearest to what is missing.
fn near_name(error: &SqlError, desired: &Desired) -> Option<String> {
    if !error.is(&["42P01", "42704", "42883"]) {
        return None;
    }
    let fits = |kind: Kind| match error.sqlstate.as_deref() {
        Some("42883") => matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate),
        Some("42P01") => matches!(
            kind,
            Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable
        ),
        _ => kind.is_type() || kind == Kind::Collation,
    };
    let known: Vec<String> = desired
        .names
        .iter()
        .filter(|(_, kinds)| kinds.iter().any(|kind| fits(*kind)))
        .map(|((schema, name), _)| format!("{schema}.{name}"))
        .collect();
    let missing = missing(error)?.name;
    let bare = !missing.contains('.');
    let own: Vec<&str> = match error.message.split(" \"").next() {
        _ if !bare => Vec::new(),
        Some("type") => near_built_in_type(&missing).into_iter().collect(),
        Some("language") => LANGUAGES.to_vec(),
        Some("access method") => METHODS.to_vec(),
        _ => Vec::new(),
    };
    let words: Vec<&str> = known
        .iter()
        .map(|it| match it.split_once('.') {
            Some((_, name)) if bare => name,
            _ => it.as_str(),
        })
        .chain(own)
        .collect();
    // What is declared under this very name is not the mistake.
    if words.contains(&missing.as_str()) {
        return None;
    }
    nearest(&missing, words).map(str::to_owned)
}
