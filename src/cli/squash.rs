//! `squash`: the files up to a version become one that leads to the same catalog, proven on scratch before a file is touched.
//! Databases that ran the old files keep their history: the new file says of which files, with which texts, it was folded.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use super::answer::Squashed;
use super::arguments::Squash;
use super::context::Context;
use super::diff::{heading, print_files};
use super::failure::Failure;
use super::live::DONE;
use super::report::escaped;
use super::services::{called, service};
use crate::author::{drafts, proven};
use crate::diff::Change;
use crate::kind::language::{Desired, missing};
use crate::kind::{Catalog, row};
use crate::migrate::{ApplyTo, Folder, FolderError, Migration, Place, Version};
use crate::model::{Exit, ObjectId};
use crate::project::{
    Hands, ProjectError, ScratchDatabases, adopt, adopt_from, holding, reached,
    settled_differences, shown, with_roles_of_files,
};
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;
use crate::sql::references::path_at;
use crate::sql::split::split;

pub(super) async fn run(context: &Context, options: &Squash) -> Result<Exit, Failure> {
    context.formats("squash")?;
    let workspace = context.project("squash")?;
    let desired = workspace
        .declared()
        .map(|declared| declared.desired)
        .unwrap_or_default();
    let mut folder = workspace.migrations()?.check()?;
    let service = which(&folder, options)?;
    let last = last(&folder, &service, options)?;
    let folded: Vec<&Migration> = folder
        .of_service(&service)
        .filter(|migration| migration.version <= last)
        .collect();
    let ground = ground(&folder, &folded)?;
    if folded.len() < 2 {
        context
            .screen
            .say("  nothing to fold: there is one file up to that version, or none");
        return DONE;
    }
    if !options.without_data {
        refuse_data(&folded, &desired)?;
    }
    let count = folded.len();
    let databases = context.scratch(Some(&workspace), None).await?;
    let schema = &workspace.project.history_schema;
    let to = ApplyTo::Version(last.clone());
    let old = reached(&databases, &folder, schema, &desired, &to).await?;
    let mut old = with_roles_of_files(&old, &folder);
    row::compute_anew(&mut old, &desired.rows);
    let role = databases.role().to_owned();
    let managed = |catalog: &Catalog| {
        let hands = Hands::new(schema, crate::config::Scope::default());
        hands.all().of(catalog, &roles_of(catalog))
    };
    let wanted = managed(&old);
    let adopted = match ground.is_empty() {
        true => {
            let absent: Vec<ObjectId> = missing(&wanted);
            adopt(&databases, &wanted, &absent, &role, &desired, None).await?
        }
        // Other services are there before.
        false => {
            let to = ApplyTo::Only(ground);
            let (session, before) = holding(&databases, &folder, schema, &desired, &to).await?;
            let before = managed(&with_roles_of_files(&before, &folder));
            adopt_from(&session, schema, &before, &wanted, &role, &desired).await?
        }
    };
    let mut heading = heading(&workspace, Some(databases.claim(proven(&adopted.proof))));
    heading.description = Some(format!("{count} files up to {last}, folded into one"));
    let mut new = drafts(&adopted.up, &adopted.down, &options.name, &heading);
    let [new] = new.as_mut_slice() else {
        return Err(Failure::said(
            "squash::several",
            Exit::Refused,
            format!("what these {count} files lead to takes {} files", new.len()),
            "fold fewer of them: `schemactl squash --to VERSION`",
        ));
    };
    new.service.clone_from(&service);
    let new = &*new;
    // On a copy first: what is not the same leaves every file as it was.
    let trial = tempfile::tempdir().map_err(|error| Failure::io("make", Path::new("."), &error))?;
    let mut places = Vec::new();
    for place in folder.places() {
        let dir = trial.path().join(&place.service);
        if place.dir.is_dir() {
            std::fs::create_dir_all(&dir).map_err(|error| Failure::io("make", &dir, &error))?;
            copy(&place.dir, &dir)?;
        }
        places.push(Place {
            dir,
            ..place.clone()
        });
    }
    let mut copy = Folder::load_all(trial.path(), places, folder.patterns())?;
    let written = copy.fold(&last, new)?;
    let copy = copy.check()?;
    same(&databases, &copy, schema, &desired, &last, &old).await?;
    let names: Vec<String> = folder
        .of_service(&service)
        .filter(|migration| migration.version <= last)
        .map(|migration| migration.up.name.clone())
        .collect();
    if options.dry_run {
        if !context.screen.is_json() {
            let mut shown = written.clone();
            let own = |place: &&Place| place.service == service;
            for place in folder.places().iter().filter(own) {
                let tried = trial.path().join(&place.service);
                for (path, _) in [&mut shown.up, &mut shown.down] {
                    if let Ok(rest) = path.strip_prefix(&tried) {
                        *path = place.dir.join(rest);
                    }
                }
            }
            print_files(context, std::slice::from_ref(&shown));
        }
    } else {
        context.screen.confirm(&format!(
            "Put one file in the place of {count}? Version control keeps the old ones."
        ))?;
        folder.fold(&last, new)?;
    }
    if context.screen.is_json() {
        context.screen.print_json(&Squashed {
            ok: true,
            version: written.version,
            folded: names,
            written: !options.dry_run,
            proven: proven(&adopted.proof),
        });
        return DONE;
    }
    if !options.dry_run {
        let file = folder.get(&last).map(|it| it.up.path.clone());
        let file = file.unwrap_or_default();
        context.screen.say(format!(
            "  {count} files are {} now; databases that ran all of them, or none, go on from there",
            escaped(&shown(&file).display().to_string())
        ));
    }
    DONE
}

/// The service whose files are folded.
fn which(folder: &Folder, options: &Squash) -> Result<String, Failure> {
    if let Some(said) = service(folder, options.of.service.as_ref())? {
        return Ok(said);
    }
    if let Some(to) = options.to.as_ref().filter(|to| to.contains('/')) {
        return Ok(folder.meant(to, None)?.service().to_owned());
    }
    if !folder.has_services() {
        return Ok(String::new());
    }
    let names: Vec<String> = folder.services().map(called).collect();
    Err(Failure::said(
        "squash::service",
        Exit::Input,
        "each service has files of its own, and those of one are folded".to_owned(),
        &format!("say which with `--service NAME`: {}", names.join(", ")),
    ))
}

/// The files of other services that have to be there before; refused where one of them stands on what is folded.
fn ground(folder: &Folder, folded: &[&Migration]) -> Result<Vec<Version>, Failure> {
    let own: BTreeSet<&Version> = folded.iter().map(|it| &it.version).collect();
    let mut ground = Vec::new();
    for version in folder.with_needed(folded.iter().map(|it| &it.version)) {
        if own.contains(&version) {
            continue;
        }
        let needed = folder.with_needed([&version]);
        if let Some(inside) = needed.iter().find(|it| own.contains(it)) {
            return Err(Failure::said(
                "squash::between",
                Exit::Refused,
                format!(
                    "{version} runs between these files: it stands on {inside}, and later ones stand on it"
                ),
                "fold as far as the file before: `schemactl squash --to VERSION`",
            ));
        }
        ground.push(version);
    }
    Ok(ground)
}

/// The last version to fold, which may not cut a group.
fn last(folder: &Folder, service: &str, options: &Squash) -> Result<Version, Failure> {
    let version = match &options.to {
        Some(text) => folder.meant(text, Some(service))?,
        None => match folder.of_service(service).next_back() {
            Some(migration) => migration.version.clone(),
            None => return Ok(Version::from("0")),
        },
    };
    let Some(migration) = folder.get(&version) else {
        return Err(FolderError::Version {
            version: version.to_string(),
        }
        .into());
    };
    let group = migration.up.file.header().group();
    if let Some(group) = group.filter(|group| group.part < group.of) {
        return Err(Failure::said(
            "squash::group",
            Exit::Refused,
            format!(
                "{version} is the {}. of {} files that run together",
                group.part, group.of
            ),
            "name the last file of the group",
        ));
    }
    Ok(migration.version.clone())
}

/// The roles of a catalog as declared: those that files make are made by the new one too.
fn roles_of(catalog: &crate::kind::Catalog) -> Desired {
    let mut desired = Desired::default();
    for (id, object) in catalog.objects.iter().filter(|(id, _)| id.is_of_cluster()) {
        desired.objects.insert(
            id.clone(),
            crate::kind::language::DesiredObject {
                object: (**object).clone(),
                span: crate::kdl::Span::default(),
                unnamed: false,
            },
        );
    }
    desired
}

/// Refuses statements whose work no catalog shows: rows that are put in, code that is run.
fn refuse_data(folded: &[&Migration], desired: &Desired) -> Result<(), Failure> {
    let name = |table: &ObjectId| {
        let schema = table.schema().unwrap_or_default().to_owned();
        vec![schema, table.name.to_string()]
    };
    let mut declared: BTreeSet<Vec<String>> = desired.rows.keys().map(name).collect();
    let mut found = Vec::new();
    // From the last on: what a table was called before is known then.
    for migration in folded.iter().rev() {
        let body = migration.up.file.body();
        let Ok(script) = split(body) else { continue };
        for statement in script.statements.iter().rev() {
            if let Some((before, after)) = called_otherwise(statement.text) {
                let same = declared
                    .iter()
                    .filter_map(|it| before_it(it, &before, &after));
                let same: Vec<Vec<String>> = same.collect();
                declared.extend(same);
            }
            if puts_in_data(statement.text, &declared) {
                let first: String = statement
                    .text
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .take(60)
                    .collect();
                found.push(format!("{}: {first}", migration.up.name));
            }
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    found.reverse();
    const NAMED: usize = 5;
    let more = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    if more > 0 {
        found.push(format!("and {more} more"));
    }
    Err(Failure::said(
        "squash::data",
        Exit::Refused,
        format!(
            "these statements put in rows or run what no catalog shows: {}",
            found.join("; ")
        ),
        "declare lookup rows in the KDL (`rows`), or say `--without-data`: a new database made of the new file will not have them",
    ))
}

/// What a schema or a table was called before a statement, and after it.
fn called_otherwise(statement: &str) -> Option<(Vec<String>, Vec<String>)> {
    let tokens = significant(statement);
    let mut at = 0;
    let mut word = |words: &[&str]| {
        let is = tokens
            .get(at)
            .is_some_and(|it| words.iter().any(|word| it.is_word(word)));
        at += usize::from(is);
        is
    };
    if !word(&["alter"]) {
        return None;
    }
    let is_schema = word(&["schema"]);
    if !is_schema && !word(&["table"]) {
        return None;
    }
    while word(&["if", "exists", "only"]) {}
    let (path, end) = path_at(&tokens, at)?;
    let [verb, preposition, new] = &tokens[end..] else {
        return None;
    };
    let new = unquote_ident(new.text);
    let renames = verb.is_word("rename") && preposition.is_word("to");
    let moves = verb.is_word("set") && preposition.is_word("schema");
    match path.as_slice() {
        [_] if is_schema && renames => Some((path, vec![new])),
        [schema, _] if renames => Some((path.clone(), vec![schema.clone(), new])),
        [_, table] if moves => Some((path.clone(), vec![new, table.clone()])),
        _ => None,
    }
}

/// What a table was called before itself or its schema was called otherwise; nothing where it was not.
fn before_it(table: &[String], before: &[String], after: &[String]) -> Option<Vec<String>> {
    let rest = table.strip_prefix(after)?;
    Some([before, rest].concat())
}

fn puts_in_data(statement: &str, declared: &BTreeSet<Vec<String>>) -> bool {
    let tokens = significant(statement);
    let word = |at: usize| {
        tokens
            .get(at)
            .map(|it| it.text.to_ascii_lowercase())
            .unwrap_or_default()
    };
    match word(0).as_str() {
        "insert" => {
            let table = path_at(&tokens, 2).map(|(path, _)| path);
            table.is_none_or(|table| !declared.contains(&table))
        }
        "merge" | "copy" | "call" | "with" => true,
        "select" => !statement.contains("pg_catalog.setval("),
        "do" => !statement.to_ascii_lowercase().contains("create role"),
        _ => false,
    }
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let entries = std::fs::read_dir(from).map_err(|error| Failure::io("read", from, &error))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            let below = to.join(entry.file_name());
            std::fs::create_dir_all(&below).map_err(|error| Failure::io("make", &below, &error))?;
            copy(&path, &below)?;
        }
        if path.is_file() {
            let target = to.join(entry.file_name());
            std::fs::copy(&path, &target).map_err(|error| Failure::io("copy", &path, &error))?;
        }
    }
    Ok(())
}

/// Refuses where the new file does not lead to what the old ones led to.
async fn same(
    databases: &ScratchDatabases,
    copy: &Folder,
    schema: &str,
    desired: &Desired,
    last: &Version,
    old: &crate::kind::Catalog,
) -> Result<(), Failure> {
    let to = ApplyTo::Version(last.clone());
    let new = reached(databases, copy, schema, desired, &to).await?;
    let plain = |catalog: &crate::kind::Catalog| catalog.filtered(|id, _| !id.is_of_cluster());
    let old = row::with_computed(Cow::Owned(plain(old)), &new);
    let objects: Vec<String> = settled_differences(databases, &plain(&new), &old)
        .await?
        .into_iter()
        .map(|(id, change)| match change {
            Change::Create => format!("{id} is missing"),
            Change::Drop => format!("{id} is left over"),
            Change::Alter => format!("{id} is different"),
        })
        .collect();
    match objects.is_empty() {
        true => Ok(()),
        false => Err(ProjectError::NotSame {
            direction: "up",
            objects,
        }
        .into()),
    }
}
