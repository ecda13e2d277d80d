//! `diff`: the next migration, from the state after the last file to what the KDL asks for.

use super::answer::Changed;
use super::arguments::{Diff, Format, From};
use super::baseline::without_what_is_between;
use super::changes::show;
use super::context::Context;
use super::described::describe;
use super::drift::refuse_shapeless;
use super::failure::Failure;
use super::headline::headline;
use super::live::{Live, refuse_unmodelled};
use super::markdown;
use super::rebase;
use super::refused::authored;
use super::rename;
use super::report::escaped;
use super::services::{Division, Whose};
use crate::author::{Authored, Heading, Request, likely_renames, proven};
use crate::config::Strategy;
use crate::diff::Change;
use crate::kind::by_hand::ByHand;
use crate::kind::language::Desired;
use crate::kind::row;
use crate::kind::{Catalog, Object};
use crate::migrate::{Folder, Migration, NewMigration, Written, refuse_lost};
use crate::model::{Exit, Kind, ObjectId};
use crate::project::{
    Base, Declared, Extent, ProjectError, ScratchDatabases, Standing, Workspace, base_of_live,
    misplaced, refuse_rows_known_anew, replay, shown, surroundings, with_record,
};

pub(super) async fn run(context: &Context, mut options: Diff) -> Result<Exit, Failure> {
    context.formats("diff")?;
    refuse_shapeless("--drop", &options.drop)?;
    let workspace = context.project("diff")?;
    let mut declared = workspace.declared()?;
    super::check::tell_empty(context, &workspace, &declared);
    let mut folder = workspace.migrations()?;
    let mut old = Vec::new();
    if let Some(said) = &options.rebase {
        let (rest, later, from) =
            rebase::begin(context, &workspace, &folder, said, options.from).await?;
        (folder, old) = (rest, later);
        options.from = from;
    }
    let mut folder = folder.check()?;
    let mut division = Division::of(&workspace, &declared, &folder, options.of.service.as_ref())?;
    let (mut authored, mut databases, mut timer) =
        compared(context, &workspace, &declared, &folder, &options, &division).await?;
    let likely = authored.as_ref().map(likely_renames).unwrap_or_default();
    if rename::take_over(context, &declared, &likely)? {
        // What the person said is in the files now.
        declared = workspace.declared()?;
        drop(databases);
        division = Division::of(&workspace, &declared, &folder, options.of.service.as_ref())?;
        (authored, databases, timer) =
            compared(context, &workspace, &declared, &folder, &options, &division).await?;
    }
    let mut left = Vec::new();
    if let Some(authored) = &mut authored {
        division.refuse_undeclared(&workspace, &authored.after)?;
        left = division.cut(authored)?;
    }
    let authored = authored.filter(|it| left.is_empty() || !it.pieces.is_empty());
    let Some(authored) = authored else {
        if !old.is_empty() {
            // The other branch does all that they do.
            refuse_lost(&old, &[], |it| row::is_said(it, &declared.desired))?;
            if !options.dry_run {
                folder.write_instead(&old, &[], now())?;
            }
            rebase::tell(context, &old, options.dry_run);
        }
        if context.screen.is_json() {
            context.screen.print_json(&Changed {
                removed: options.rebase.is_some().then(|| rebase::paths(&old)),
                left: options.of.service.is_some().then(|| left.clone()),
                ..Changed::nothing()
            });
        }
        context.screen.say(match (left.is_empty(), options.from) {
            (true, From::Live) => "  nothing to do: the database is what the KDL files say",
            (true, From::Migrations) => {
                "  nothing to do: the migrations lead to what the KDL files say; no database was looked at"
            }
            (false, _) => "  nothing to do for this service",
        });
        division.tell_left(context, &left);
        return Ok(Exit::Fine);
    };
    let done = if options.exit_code {
        Exit::Todo
    } else {
        Exit::Fine
    };
    rename::refuse_lost(&declared, &authored)?;
    show(context, &authored);
    rename::tell_lost(context, &declared, &authored);
    let likely = likely_renames(&authored);
    rename::tell(context, &declared, &likely);
    division.tell_left(context, &left);
    let proposal = name_of(&authored, &|_| true);
    let known = old.first().map(|it| it.name.clone());
    let named = options.name.clone().or(known.filter(|it| !it.is_empty()));
    let mut name = named.clone().unwrap_or_else(|| proposal.clone());
    if !options.dry_run && context.screen.can_ask() && !context.global.yes && options.name.is_none()
    {
        name = context
            .screen
            .ask("Write it? The name, or `n` for no:", &name)?;
    }
    let claim = databases.claim(proven(&authored.proof));
    let made = named.is_none() && name == proposal;
    let new = division.migrations(
        &authored,
        &|whose| match made {
            true => name_of(&authored, whose),
            false => name.clone(),
        },
        &|whose| Heading {
            description: Some(describe(&authored, whose)),
            ..heading(&workspace, Some(claim.clone()))
        },
    );
    refuse_lost(&old, &new, |it| row::is_said(it, &declared.desired))?;
    let files = if options.dry_run {
        rebase::tell(context, &old, true);
        let files = folder.preview(&new, now())?;
        if context.global.format.is_none_or(|it| it == Format::Text) {
            print_files(context, &files);
        }
        files
    } else {
        write_instead(context, &mut folder, &old, &new)?
    };
    timer.lap("written");
    match context.global.format {
        Some(Format::Markdown) => context.screen.print(markdown::change(&authored, &files)),
        Some(Format::Sql) => {
            for file in &files {
                context.screen.print(&file.up.1);
            }
        }
        _ => {}
    }
    if context.screen.is_json() {
        let told = Changed {
            removed: options.rebase.is_some().then(|| rebase::paths(&old)),
            left: options.of.service.is_some().then_some(left),
            ..Changed::of(&authored, &files, !options.dry_run)
        };
        context.screen.print_json(&told.with_likely(&likely));
    }
    Ok(done)
}

/// What the KDL files ask for and the base is not, proven; with the scratch databases that proved it.
pub(super) async fn compared<'a>(
    context: &'a Context,
    workspace: &Workspace,
    declared: &Declared,
    folder: &Folder,
    options: &Diff,
    division: &Division,
) -> Result<(Option<Authored>, ScratchDatabases, Timer<'a>), Failure> {
    let timer = Timer::start(context);
    let (base, databases, role, online) = match options.from {
        From::Live => live_base(context, workspace, declared, folder, options, &timer).await?,
        From::Migrations => files_base(context, workspace, declared, folder).await?,
    };
    let ours = base.hands.of(&base.catalog, &declared.desired);
    refuse_unmodelled(&ours)?;
    refuse_misplaced(workspace, &ours, &declared.desired)?;
    let hands = base.hands.clone();
    let says = |id: &ObjectId, owner: Option<&ObjectId>| hands.says_of(id, owner);
    let managed = hands.managed(&says);
    let request = Request {
        base: &base.catalog,
        desired: &declared.desired,
        managed: &managed,
        role: &role,
        online,
        arrangement: division.arrangement(),
    };
    let authored = authored(context, declared, &databases, &request).await;
    let authored =
        authored.map_err(|error| without_what_is_between(&base.catalog, &ours, error))?;
    timer.lap("planned and proven");
    Ok((authored, databases, timer))
}

/// Refuses columns in another order than declared, where the project wants that order.
pub(super) fn refuse_misplaced(
    workspace: &Workspace,
    catalog: &Catalog,
    desired: &Desired,
) -> Result<(), ProjectError> {
    if !workspace.database().manage.column_order {
        return Ok(());
    }
    let tables: Vec<String> = misplaced(catalog, desired)
        .iter()
        .map(|it| {
            let (there, declared) = (it.there.join(", "), it.declared.join(", "));
            format!("{} ({there}; the files say {declared})", it.table)
        })
        .collect();
    match tables.is_empty() {
        true => Ok(()),
        false => Err(ProjectError::ColumnOrder { tables }),
    }
}

type Start = (Base, ScratchDatabases, String, bool);

/// The live database as the base.
async fn live_base(
    context: &Context,
    workspace: &Workspace,
    declared: &Declared,
    folder: &Folder,
    options: &Diff,
    timer: &Timer<'_>,
) -> Result<Start, Failure> {
    let mut live = Live::connect(context, Some(workspace)).await?;
    timer.lap("connected");
    workspace.check_roles(declared, &live.roles().await?)?;
    let (history, state) = live.history(workspace).await?;
    // The scratch server starts while the live database is read.
    let reading = async {
        let snapshot = history.snapshot(&live.session).await?;
        let known = with_record(&declared.desired, history.schema(), snapshot.as_ref())?;
        refuse_changed_by_hand(&known)?;
        refuse_rows_known_anew(&known, &declared.desired)?;
        let catalog = live.catalog_with(&known).await?;
        timer.lap("read");
        Ok::<_, Failure>((snapshot, catalog))
    };
    let (read, scratch) = tokio::join!(reading, context.scratch(Some(workspace), Some(&live)));
    let (snapshot, catalog) = read?;
    let mut databases = scratch?;
    timer.lap("scratch server");
    databases
        .act_as(&catalog.origin.role, &live.session)
        .await?;
    let role = databases.role().to_owned();
    let label = live.label();
    let here = (label.as_str(), &catalog);
    let standing = Standing {
        drop: &options.drop,
        ..Standing::of(workspace, folder, &state, here, snapshot.as_ref())
    };
    let (hands, managed) = workspace.hands().of_history(
        &catalog,
        &declared.desired,
        standing.history_schema,
        standing.snapshot,
    )?;
    super::inspect::tell_guests(context, &catalog, hands.scope());
    databases.surround_with(surroundings(&catalog, &managed, &declared.desired));
    let base = base_of_live(&standing, &hands, &declared.desired, &databases).await;
    let base = base.map_err(|error| without_what_is_between(&catalog, &managed, error))?;
    timer.lap("base");
    let online = live.policies.strategy() == Strategy::Online;
    Ok((base, databases, role, online))
}

/// Refuses another text of a hand-written object that is recorded: what the old one made could not be told from what the new
/// one makes.
fn refuse_changed_by_hand(known: &Desired) -> Result<(), ProjectError> {
    let is_another = |id: &ObjectId, was: &ByHand| matches!(known.get(id).map(|it| &it.object), Some(Object::Sql(is)) if is.up != was.up);
    let objects: Vec<String> = known
        .recorded
        .iter()
        .filter(|(id, was)| is_another(id, was))
        .map(|(id, _)| id.to_string())
        .collect();
    match objects.is_empty() {
        true => Ok(()),
        false => Err(ProjectError::ByHandChanged { objects }),
    }
}

/// The state after the last file, by running all files on scratch.
async fn files_base(
    context: &Context,
    workspace: &Workspace,
    declared: &Declared,
    folder: &Folder,
) -> Result<Start, Failure> {
    let databases = context.scratch(Some(workspace), None).await?;
    let role = databases.role().to_owned();
    let replayed = replay(
        &databases,
        folder,
        &workspace.project.history_schema,
        &declared.desired,
        Extent::Base,
    )
    .await?;
    let mut catalog = replayed.catalog;
    // A database that is made has them from the first.
    if workspace.database().create.is_some() {
        let settings = declared.desired.objects.iter();
        for (id, setting) in settings.filter(|(id, _)| id.kind == Kind::DatabaseSetting) {
            if !catalog.contains(id) {
                catalog
                    .objects
                    .insert(id.clone(), setting.object.clone().into());
            }
        }
    }
    let base = Base {
        hands: workspace.hands().remembering(&catalog),
        catalog,
    };
    let online = workspace.project.policies(None)?.strategy() == Strategy::Online;
    Ok((base, databases, role, online))
}

/// What the headers say of every file of this moment.
pub(super) fn heading(workspace: &Workspace, proven: Option<String>) -> Heading {
    Heading {
        description: None,
        author: workspace.project.author.clone().or_else(git_author),
        date: Some(now().date().to_string()),
        proven,
        depends_on: Vec::new(),
    }
}

/// Now, in UTC, as versions and dates have it.
pub(super) fn now() -> jiff::civil::DateTime {
    jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .datetime()
}

fn git_author() -> Option<String> {
    let output = std::process::Command::new("git")
        .args(["config", "user.name"])
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .output()
        .ok()?;
    let name = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

/// A file name from the changes.
fn name_of(authored: &Authored, whose: &Whose<'_>) -> String {
    let mut changes: Vec<(&ObjectId, Change)> = headline(authored)
        .iter()
        .filter(|line| whose(line.id))
        .map(|line| (line.id, line.change))
        .collect();
    // A schema that comes or goes says enough of what is in it.
    let schemas: Vec<ObjectId> = changes
        .iter()
        .filter(|(id, change)| id.kind == Kind::Schema && *change != Change::Alter)
        .map(|(id, _)| (*id).clone())
        .collect();
    changes.retain(|(id, _)| !id.parents().any(|parent| schemas.contains(parent)));
    let mut verbs: Vec<&str> = changes
        .iter()
        .map(|(_, change)| match change {
            Change::Create => "add",
            Change::Alter => "alter",
            Change::Drop => "drop",
        })
        .collect();
    verbs.dedup();
    let renamed = authored.renames.iter().find(|it| whose(&it.to));
    if let ([], Some(rename)) = (changes.as_slice(), renamed) {
        return format!("rename_{}", rename.to.name);
    }
    let mut names: Vec<&str> = Vec::new();
    for (id, _) in &changes {
        let id = id.ancestors().find(|id| !id.name.is_empty()).unwrap_or(id);
        // A key may be any text.
        let id = match (id.kind, id.parent.as_deref()) {
            (Kind::Row, Some(table)) => table,
            _ => id,
        };
        if !names.contains(&&*id.name) {
            names.push(&id.name);
        }
    }
    let verb = match verbs.as_slice() {
        [verb] => verb,
        _ => "change",
    };
    if names.len() <= 3 {
        return format!("{verb}_{}", names.join("_"));
    }
    let mut wholes: Vec<&str> = changes.iter().map(|(id, _)| &*id.whole().name).collect();
    wholes.dedup();
    if wholes.len() <= 3 {
        return format!("{verb}_{}", wholes.join("_"));
    }
    let mut schemas: Vec<&str> = changes.iter().filter_map(|(id, _)| id.schema()).collect();
    schemas.sort_unstable();
    schemas.dedup();
    format!(
        "{verb}_{}",
        schemas.into_iter().take(3).collect::<Vec<_>>().join("_")
    )
}

pub(super) fn write(
    context: &Context,
    folder: &mut Folder,
    new: &[NewMigration],
) -> Result<Vec<Written>, Failure> {
    write_instead(context, folder, &[], new)
}

/// Writes new files, in the place of old ones where there are some.
fn write_instead(
    context: &Context,
    folder: &mut Folder,
    old: &[Migration],
    new: &[NewMigration],
) -> Result<Vec<Written>, Failure> {
    let written = match old {
        [] => folder.write(new, now())?,
        old => folder.write_instead(old, new, now())?,
    };
    rebase::tell(context, old, false);
    for (file, draft) in written.iter().zip(new) {
        let sides = [
            (&file.up.0, draft.up.no_transaction),
            (&file.down.0, draft.down.no_transaction),
        ];
        for (path, no_transaction) in sides {
            context.screen.say(format!(
                "  wrote {}   {}",
                escaped(&shown(path).display().to_string()),
                if no_transaction {
                    "no transaction"
                } else {
                    "one transaction"
                }
            ));
        }
    }
    Ok(written)
}

pub(super) fn print_files(context: &Context, files: &[Written]) {
    for file in files {
        for (path, text) in [&file.up, &file.down] {
            context.screen.print(format!(
                "-- {}\n{text}",
                escaped(&shown(path).display().to_string())
            ));
        }
    }
}

/// Where time goes, for `-vv`.
pub(super) struct Timer<'a> {
    context: &'a Context,
    started: std::time::Instant,
}

impl<'a> Timer<'a> {
    pub(super) fn start(context: &'a Context) -> Timer<'a> {
        Timer {
            context,
            started: std::time::Instant::now(),
        }
    }

    pub(super) fn lap(&self, what: &str) {
        if self.context.screen.verbose() > 1 {
            self.context.screen.say(format!(
                "  {:>6} ms  {what}",
                self.started.elapsed().as_millis()
            ));
        }
    }
}
