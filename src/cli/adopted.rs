//! `baseline --history`: another tool's history, found, read under that tool's lock, shown, and taken over.

use std::path::{Path, PathBuf};

use super::answer::{OtherHistory, OtherMigration};
use super::arguments::Baseline;
use super::context::Context;
use super::failure::Failure;
use super::live::Live;
use super::report::escaped;
use crate::config::Scope;
use crate::kdl;
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::migrate::{Adoption, Folder, Ran, State, Version};
use crate::model::{Exit, Kind, ObjectId};
use crate::pg::connect::Session;
use crate::project::{Hands, Workspace, hosts_own, likely_histories, lines_of, shown};
use crate::tools::{
    Held, Matched, NO_FILES, Shape, Told, Tool, ToolError, find_files, read, shape_of, shapes,
};

/// Another tool's history and what is to be recorded of it.
pub(super) struct Adopted {
    /// What it says, without files; read again before it is recorded.
    told: Told,
    /// The same with its files.
    with_files: Told,
    matched: Matched,
    /// What is recorded.
    pub(super) adoption: Adoption,
    /// The last file of the project that it ran, where the project's folder is the tool's.
    pub(super) to: Option<Version>,
    /// What a person said of the columns.
    said: Vec<String>,
    /// How many of what ran are new to the history.
    news: usize,
    /// What is recorded and not there any more.
    gone: usize,
}

/// Looks for the history, reads it under its lock, and shows what it says.
pub(super) async fn look(
    context: &Context,
    workspace: &Workspace,
    live: &Live,
    catalog: &Catalog,
    folder: &Folder,
    state: &State,
    options: &Baseline,
) -> Result<Adopted, Failure> {
    let wanted = options.history.as_deref().unwrap_or_default();
    let schema = &workspace.project.history_schema;
    let shape = choose(live, catalog, schema, wanted)?;
    let held = hold(live, &shape).await?;
    let told = read(held.session(), &shape, &options.column).await;
    held.release().await?;
    let told = told?;
    let (with_files, matched) = with_its_files(context, workspace, folder, state, &told, options)?;
    let is_of_files = matched
        .folder
        .as_deref()
        .is_some_and(|it| is_same_folder(it, folder.dir()));
    let mut adoption = Adoption {
        table: shape.path(),
        tool: match with_files.tool {
            Tool::ByHand => "scripts".to_owned(),
            tool => tool.name().to_owned(),
        },
        only_last: told.only_last,
        ran: with_files.past.iter().map(ran).collect(),
        is_of_files,
        // Once files are recorded, `apply` is who records the next ones.
        records_files: is_of_files || state.point().0.is_empty(),
    };
    let mut to = None;
    if is_of_files {
        to = last_of_files(&adoption, folder, state, with_files.tool)?;
        adoption.records_files = to.is_some();
    }
    let (news, gone) = adoption.news(folder, state);
    let (news, gone) = (news.len(), gone.len());
    let adopted = Adopted {
        told,
        with_files,
        matched,
        adoption,
        to,
        said: options.column.clone(),
        news,
        gone,
    };
    adopted.show(context);
    Ok(adopted)
}

impl Adopted {
    /// Takes the lock again for the recording, and makes sure that the history says what was shown.
    pub(super) async fn hold(&self, live: &Live) -> Result<Held, Failure> {
        let held = hold(live, &self.told.shape).await?;
        let again = read(held.session(), &self.told.shape, &self.said).await?;
        if again != self.told {
            return Err(ToolError::Changed {
                table: self.adoption.table.clone(),
                tool: self.told.tool.name(),
            }
            .into());
        }
        Ok(held)
    }

    /// Whether nothing of it is new.
    pub(super) fn is_known(&self) -> bool {
        self.news == 0 && self.gone == 0
    }

    /// `3 migrations of Flyway`.
    pub(super) fn words(&self) -> String {
        let count = match self.news {
            1 => "1 migration".to_owned(),
            count => format!("{count} migrations"),
        };
        match self.told.tool {
            Tool::ByHand => format!("{count} of {}", self.adoption.table),
            tool => format!("{count} of {}", tool.name()),
        }
    }

    /// Says that it is recorded.
    pub(super) fn tell_recorded(&self, context: &Context) {
        if self.news > 0 {
            let last = self.with_files.past.last();
            let last = last.map(|past| format!(", the last {} {}", past.version, past.name));
            context.screen.say(format!(
                "  {} {}  recorded as already there{}",
                context.screen.paint(super::screen::Paint::Good, "✓"),
                escaped(&self.words()),
                escaped(last.unwrap_or_default().trim_end()),
            ));
        }
        if self.gone > 0 {
            context.screen.say(format!(
                "  {} that {} does not have any more: recorded as taken back",
                self.gone,
                escaped(&self.adoption.table)
            ));
        }
    }

    /// Says what the table was taken for and what it says.
    fn show(&self, context: &Context) {
        let screen = &context.screen;
        let told = &self.with_files;
        let what = match told.tool {
            Tool::ByHand => "a table of versions, its columns guessed",
            tool => tool.name(),
        };
        screen.say(format!("  {}  {what}", escaped(&self.adoption.table)));
        let columns: Vec<String> = told
            .columns
            .said
            .iter()
            .map(|(word, column)| format!("{word}={column}"))
            .collect();
        screen.say(format!("    columns  {}", escaped(&columns.join("  "))));
        let found = told.past.iter().filter(|past| past.script.is_some());
        let checked = found
            .clone()
            .filter(|past| past.script.as_ref().and_then(|it| it.checked) == Some(true));
        match &self.matched.folder {
            Some(folder) => screen.say(format!(
                "    files    {}: {} of {} found{}",
                escaped(&shown(folder).display().to_string()),
                found.count(),
                told.past.len(),
                match checked.count() {
                    0 => String::new(),
                    count => format!(", {count} as they ran by their hashes"),
                }
            )),
            None => screen.say("    files    none read: `--files DIR` names their folder"),
        }
        for past in &told.past {
            let at = past
                .applied_at
                .map(|at| at.strftime("  %Y-%m-%d %H:%M").to_string());
            let by = past.applied_by.as_ref().map(|by| format!("  by {by}"));
            screen.say(escaped(&format!(
                "    {} {}{}{}",
                past.version,
                past.name,
                at.unwrap_or_default(),
                by.unwrap_or_default()
            )));
        }
        if told.only_last && self.matched.folder.is_none() {
            screen.warn(
                "the table says only where the database stands: with its files, what came before would be recorded too",
            );
        }
        for note in &told.notes {
            screen.warn(escaped(note));
        }
        if !self.matched.waiting.is_empty() {
            screen.warn(escaped(&format!(
                "not run, says the table, and not recorded: {}",
                some(&self.matched.waiting)
            )));
        }
        if !self.matched.missing.is_empty() && self.matched.folder.is_some() {
            screen.warn(escaped(&format!(
                "recorded without a text, because there is no file: {}",
                some(&self.matched.missing)
            )));
        }
    }

    /// For programs.
    pub(super) fn told(&self, recorded: bool) -> OtherHistory {
        let told = &self.with_files;
        let columns = told.columns.said.iter();
        let migrations = told.past.iter().map(|past| {
            let script = past.script.as_ref();
            OtherMigration {
                version: past.version.clone(),
                name: past.name.clone(),
                applied_at: past.applied_at,
                applied_by: past.applied_by.clone(),
                file: script.map(|script| script.path.clone()),
                checked: script.and_then(|script| script.checked),
            }
        });
        let folder = self.matched.folder.as_deref();
        OtherHistory {
            table: self.adoption.table.clone(),
            tool: (told.tool != Tool::ByHand).then(|| told.tool.name().to_owned()),
            columns: columns
                .map(|(word, column)| ((*word).to_owned(), column.clone()))
                .collect(),
            files: folder.map(|it| shown(it).display().to_string()),
            migrations: migrations.collect(),
            new: self.news,
            taken_back: self.gone,
            recorded,
            missing_files: self.matched.missing.clone(),
            not_run: self.matched.waiting.clone(),
            notes: told.notes.clone(),
        }
    }

    /// The lines of `scope` that leave the table out, where it would come into the project's hands and nobody declares it. A
    /// table that somebody made is the project's where its first file takes the database as it is, or where it is recorded.
    pub(super) fn lines(
        &self,
        catalog: &Catalog,
        hands: &Hands,
        desired: &Desired,
        recorded: Option<&Catalog>,
        is_first: bool,
    ) -> Vec<(&'static str, String)> {
        let id = &self.told.shape.id;
        let is_ours = self.told.shape.tool() == Tool::ByHand
            && (is_first || recorded.is_some_and(|recorded| recorded.contains(id)));
        let is_out = hands.says(Kind::Table, &id.path()) == Some(false);
        match is_out || is_ours || desired.objects.contains_key(id) {
            true => Vec::new(),
            false => lines_of(catalog, &self.told.shape),
        }
    }
}

/// Up to so many names.
fn some(names: &[String]) -> String {
    const MOST: usize = 5;
    let mut shown = names.iter().take(MOST).cloned().collect::<Vec<_>>();
    if names.len() > MOST {
        shown.push(format!("{} more", names.len() - MOST));
    }
    shown.join(", ")
}

fn ran(past: &crate::tools::Past) -> Ran {
    Ran {
        version: past.version.clone(),
        name: past.name.clone(),
        description: past.description.clone(),
        applied_at: past.applied_at,
        applied_by: past.applied_by.clone(),
        took_ms: past.took_ms,
        up: past.script.as_ref().map(|script| script.up.clone()),
        down: past.script.as_ref().and_then(|script| script.down.clone()),
    }
}

/// The table that is meant: the one that is named, else the only one that looks like a history.
fn choose(
    live: &Live,
    catalog: &Catalog,
    history_schema: &str,
    wanted: &str,
) -> Result<Shape, Failure> {
    let database = || live.database().to_owned();
    // Hosts keep histories of their own services.
    let own = hosts_own(catalog, &Scope::default());
    let own = own.iter().map(|(_, own)| (own.kind, own.pattern));
    let hosts = Scope::default().without(own);
    let is_hosts = |shape: &Shape| hosts.says("table", &shape.path()) == Some(false);
    let found: Vec<(Shape, &'static str)> = shapes(catalog)
        .filter_map(|shape| Some((shape.sure_tool()?, shape)))
        .map(|(tool, shape)| (shape, tool.name()))
        .chain(
            likely_histories(catalog)
                .into_iter()
                .map(|it| (it, "by its name")),
        )
        .filter(|(shape, _)| shape.schema() != history_schema && !is_hosts(shape))
        .collect();
    if wanted.is_empty() {
        return match <[_; 1]>::try_from(found) {
            Ok([(shape, _)]) => Ok(shape),
            Err(found) if found.is_empty() => Err(ToolError::Nothing {
                database: database(),
            }
            .into()),
            Err(found) => Err(ToolError::Several {
                database: database(),
                tables: found
                    .iter()
                    .map(|(shape, tool)| format!("{} ({tool})", shape.path()))
                    .collect(),
            }
            .into()),
        };
    }
    let named = named(catalog, wanted);
    if let [id] = named.as_slice() {
        if id.kind == Kind::Table {
            return shape_of(catalog, id).ok_or_else(|| {
                ToolError::Columns {
                    table: id.path(),
                    why: "there are none, or more than a history has".to_owned(),
                    columns: "many".to_owned(),
                }
                .into()
            });
        }
        return Err(ToolError::NotATable {
            table: id.path(),
            kind: id.kind.name(),
        }
        .into());
    }
    let help = match (named.as_slice(), found.as_slice()) {
        ([], []) => "name it with its schema: `--history SCHEMA.TABLE`".to_owned(),
        ([], found) => {
            let names: Vec<String> = found.iter().map(|(shape, _)| shape.path()).collect();
            format!("what looks like a history: {}", names.join(", "))
        }
        (several, _) => {
            let names: Vec<String> = several.iter().map(ObjectId::path).collect();
            format!("several schemas have one: {}", names.join(", "))
        }
    };
    Err(ToolError::NoTable {
        database: database(),
        table: wanted.to_owned(),
        help,
    }
    .into())
}

/// The relations that a name means: of a schema, or of any.
fn named(catalog: &Catalog, wanted: &str) -> Vec<ObjectId> {
    const RELATIONS: &[Kind] = &[
        Kind::Table,
        Kind::View,
        Kind::MaterializedView,
        Kind::ForeignTable,
    ];
    let parts = kdl::Path::parse(wanted).map(|path| path.0);
    let parts = parts.unwrap_or_else(|_| vec![wanted.to_owned()]);
    let is_meant = |id: &&ObjectId| {
        RELATIONS.contains(&id.kind)
            && match parts.as_slice() {
                [schema, name] => id.schema() == Some(schema.as_str()) && *id.name == **name,
                [name] => *id.name == **name,
                _ => false,
            }
    };
    catalog.objects.keys().filter(is_meant).cloned().collect()
}

/// A session of its own that holds the tool's lock.
async fn hold(live: &Live, shape: &Shape) -> Result<Held, Failure> {
    let mut session = Session::connect(live.session.target(), "schemactl").await?;
    if let Some(role) = live.session.role() {
        session.act_as(role).await?;
    }
    Ok(Held::take(session, shape).await?)
}

/// What the history says with the tool's files: those of a folder that is named, else of the usual one in which most are.
fn with_its_files(
    context: &Context,
    workspace: &Workspace,
    folder: &Folder,
    state: &State,
    told: &Told,
    options: &Baseline,
) -> Result<(Told, Matched), Failure> {
    let mut with_files = told.clone();
    let dir: Option<PathBuf> = match options.files.as_deref() {
        Some(NO_FILES) => None,
        Some(dir) => Some(context.here().join(dir)),
        None => {
            // A file that schemactl wrote, or recorded by itself, is none of another tool's.
            let first = folder.migrations().first();
            let is_ours = first.is_none_or(|it| {
                let row = state.get(&it.version);
                let recorded =
                    row.is_some_and(|row| row.status.is_in() && row.adopted_from.is_none());
                recorded || it.up.file.header().parent().is_some()
            });
            let own = context.here().join(folder.dir());
            find_files(told, &workspace.project.folder, &own, is_ours)
        }
    };
    let matched = match dir {
        Some(dir) => crate::tools::with_files(&mut with_files, &dir)?,
        None => Matched::default(),
    };
    Ok((with_files, matched))
}

fn is_same_folder(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// The last file of the project that the tool ran and that is not recorded yet; refused where one before it did not run.
fn last_of_files(
    adoption: &Adoption,
    folder: &Folder,
    state: &State,
    tool: Tool,
) -> Result<Option<Version>, Failure> {
    let is_in = |version: &Version| state.get(version).is_some_and(|row| row.status.is_in());
    let mut ran = folder
        .migrations()
        .iter()
        .filter(|it| adoption.of(it).is_some());
    let Some(last) = ran.next_back().map(|it| it.version.clone()) else {
        return Ok(None);
    };
    let before = folder.migrations().iter().filter(|it| it.version < last);
    let not_run: Vec<String> = before
        .filter(|it| adoption.of(it).is_none() && !is_in(&it.version))
        .map(|it| it.up.name.clone())
        .collect();
    if !not_run.is_empty() {
        return Err(ToolError::NotRun {
            table: adoption.table.clone(),
            tool: tool.name(),
            files: not_run,
        }
        .into());
    }
    let is_new = folder
        .migrations()
        .iter()
        .any(|it| it.version <= last && !is_in(&it.version));
    Ok(is_new.then_some(last))
}

/// Writes lines of `scope` into the project file, so that no later command takes the tool's table for the project's.
pub(super) fn leave_out(
    context: &Context,
    workspace: &Workspace,
    lines: &[(&'static str, String)],
) -> Result<(), Failure> {
    if lines.is_empty() {
        return Ok(());
    }
    let project = &workspace.project;
    let edited = project
        .ignoring(&workspace.database().name.value, lines)
        .map_err(|mistakes| kdl::Mistakes::new(project.sources.clone(), mistakes))?;
    let path = project.folder.join("schemactl.kdl");
    std::fs::write(&path, edited).map_err(|error| Failure::io("write", &path, &error))?;
    let words: Vec<String> = lines
        .iter()
        .map(|(kind, pattern)| format!("ignore {kind}={}", kdl::text_literal(pattern)))
        .collect();
    context.screen.say(format!(
        "  wrote  {}: scope {{ {} }}",
        escaped(&shown(&path).display().to_string()),
        escaped(&words.join("; "))
    ));
    Ok(())
}

/// A word as a shell takes it.
pub(super) fn shell_word(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "._-/".contains(it);
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// The refusal of `--to` where the tool's own history says how far the files ran.
pub(super) fn refuse_to() -> Failure {
    Failure::said(
        "adopt::to",
        Exit::Input,
        "the files are those that the other tool ran: its history says how far, not `--to`"
            .to_owned(),
        "leave `--to` out",
    )
}
