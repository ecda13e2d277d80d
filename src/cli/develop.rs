//! `seed`, `reset` and `sync`: what is for development only. All refuse a protected environment, and a database that
//! remembers one, whatever the flags.

use std::path::Path;

use super::answer;
use super::answer::{Changed, Seeded, Synced};
use super::arguments::{Apply, Reset, Seed, Sync};
use super::changes;
use super::context::Context;
use super::create::{elsewhere, make};
use super::failure::Failure;
use super::live::{DONE, Live, Place, stop_on_interrupt, tell};
use super::refused::authored;
use super::report::escaped;
use crate::author::{Heading, Request, drafts};
use crate::config::{Confirm, Permission};
use crate::kdl::lies_within;
use crate::kind::HazardClass;
use crate::migrate::{Beside, CatalogResume, FolderError, MigrationFile, Problem, Runner};
use crate::model::{Exit, ObjectId};
use crate::project::{Workspace, again, create, drop_database, shown, surroundings};

/// Refuses what is not for development.
fn refuse_protected(command: &str, live: &Live) -> Result<(), Failure> {
    if !live.policies.is_protected() {
        return Ok(());
    }
    Err(Failure::said(
        "develop::protected",
        Exit::Refused,
        format!(
            "`{command}` is for development, and {} is protected{}",
            live.place(),
            match &live.environment {
                Some(environment) => format!(" (it is `{}`)", escaped(environment)),
                None => String::new(),
            }
        ),
        "nothing was done; rows and changes of such a database are migrations: `schemactl new`, `schemactl diff`",
    ))
}

pub(super) async fn seed(context: &Context, options: Seed) -> Result<Exit, Failure> {
    context.formats("seed")?;
    let workspace = context.project("seed")?;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    live.session.refuse_unfit().await?;
    // What the database remembers says which seeds are meant, and whether it has any.
    live.history(&workspace).await?;
    refuse_protected("seed", &live)?;
    let files = seeds(&workspace, &live)?;
    let ran = run_seeds(context, &workspace, &mut live, &files, options.again).await?;
    if context.screen.is_json() {
        context.screen.print_json(&Seeded {
            ok: true,
            database: live.label(),
            unchanged: files.len() - ran.len(),
            seeded: ran.clone(),
        });
    }
    context.screen.say(match (files.len(), ran.len()) {
        (0, _) => format!(
            "  {} has no seeds: write `seed \"seeds/dev.sql\"` into its `environment`",
            live.environment
                .as_deref()
                .map_or_else(|| live.place(), escaped)
        ),
        (1, 0) => "  nothing to seed: the file ran as it is".to_owned(),
        (all, 0) => format!("  nothing to seed: {all} files ran as they are"),
        (all, ran) => format!("  {ran} of {all} seeds ran in {}", live.place()),
    });
    DONE
}

async fn run_seeds(
    context: &Context,
    workspace: &Workspace,
    live: &mut Live,
    files: &[Beside],
    all: bool,
) -> Result<Vec<String>, Failure> {
    let (history, _) = live.history(workspace).await?;
    refuse_protected("seed", live)?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
    let options = live.options(None);
    let mut runner = Runner::new(&live.session, history, options, &CatalogResume, &mut events)
        .with_stop(stop_on_interrupt());
    Ok(runner.beside("seed", files, !all).await?)
}

/// The files that the environment names, those of folders by their names.
fn seeds(workspace: &Workspace, live: &Live) -> Result<Vec<Beside>, Failure> {
    let folder = &workspace.project.folder;
    let mut paths = Vec::new();
    for place in &live.policies.seeds {
        let own = place.replace("{database}", &workspace.database().name.value);
        let path = folder.join(&own);
        // Of several databases not each has seeds.
        if own != *place && !path.exists() {
            continue;
        }
        if !lies_within(folder, &path) {
            return Err(Failure::said(
                "config::outside",
                Exit::Input,
                format!("`{}` leads out of the project's folder", escaped(place)),
                "move the seed into the project, and correct `seed` in schemactl.kdl",
            ));
        }
        if !path.is_dir() {
            paths.push(path);
            continue;
        }
        let entries =
            std::fs::read_dir(&path).map_err(|error| Failure::io("read", &path, &error))?;
        let mut inside = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io("read", &path, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".sql") && !name.starts_with('.') {
                inside.push(entry.path());
            }
        }
        inside.sort();
        paths.extend(inside);
    }
    paths.iter().map(|path| read(folder, path)).collect()
}

fn read(folder: &Path, path: &Path) -> Result<Beside, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::said(
            "seed::missing",
            Exit::Input,
            format!("there is no seed `{}`", shown(path).display()),
            "write the file, or correct `seed` in schemactl.kdl; nothing was run",
        ),
        _ => Failure::io("read", path, &error),
    })?;
    // The name in the history is that in the project, wherever that stands.
    let name = path.strip_prefix(folder).unwrap_or(path);
    let name = name.display().to_string();
    let file = MigrationFile::parse(&text).map_err(|error| FolderError::Problems {
        dir: folder.to_owned(),
        problems: vec![Problem::in_file(&name, &text, &error)],
    })?;
    Ok(Beside { name, file })
}

pub(super) async fn reset(context: &Context, _: Reset) -> Result<Exit, Failure> {
    context.formats("reset")?;
    let workspace = context.project("reset")?;
    // Files that can't run are found while there is something to lose.
    workspace.migrations()?.check()?;
    let mut live = super::create::connected(context, &workspace, false).await?;
    live.history(&workspace).await?;
    refuse_protected("reset", &live)?;
    if live.environment.is_none() {
        return Err(Failure::said(
            "develop::environment",
            Exit::Refused,
            format!("nobody says that {} is for development", live.place()),
            "name an environment of schemactl.kdl that is not protected: `schemactl reset --env local`; nothing was done",
        ));
    }
    let files = seeds(&workspace, &live)?;
    if live.policies.confirm() != Confirm::Never {
        context.screen.confirm(&format!(
            "Drop the database {} with everything in it, and build it anew?",
            live.label()
        ))?;
    }
    // The new one remembers nothing yet: it is said to be what the old one was.
    let context = &context.in_environment(live.environment.clone());
    let place = Place::of(context, Some(&workspace), &context.flags()).await?;
    let name = live.database().to_owned();
    drop(live);
    rebuild(context, &workspace, &place, &name).await?;
    let json = context.screen.is_json();
    if json {
        context.screen.collect();
    }
    let applied = super::apply::run(context, Apply::everything()).await;
    let told = context.screen.collected().filter(|_| json);
    let exit = applied?;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    let ran = run_seeds(context, &workspace, &mut live, &files, true).await?;
    if json {
        context.screen.print_json(&answer::Reset {
            ok: true,
            database: live.label(),
            apply: told,
            seeded: ran.clone(),
        });
    }
    context.screen.say(format!(
        "  {} was built anew{}",
        live.place(),
        match ran.len() {
            0 => String::new(),
            ran => format!(", with {ran} seeds"),
        }
    ));
    Ok(exit)
}

/// Drops the database and makes it again: as the project says, else as it was.
async fn rebuild(
    context: &Context,
    workspace: &Workspace,
    place: &Place,
    name: &str,
) -> Result<(), Failure> {
    let session = elsewhere(&place.target).await?;
    let as_it_was = again(&session, name).await?;
    drop_database(&session, name).await?;
    if workspace.database().says_how_to_make() {
        let (settings, variables) = (&place.settings, &place.variables);
        make(context, workspace, settings, variables, &session, name).await?;
    } else {
        create(&session, &as_it_was).await?;
    }
    Ok(())
}

pub(super) async fn sync(context: &Context, options: Sync) -> Result<Exit, Failure> {
    context.formats("sync")?;
    let workspace = context.project("sync")?;
    let declared = workspace.declared()?;
    super::check::tell_empty(context, &workspace, &declared);
    let mut live = super::create::connected(context, &workspace, options.dry_run).await?;
    live.session.refuse_unfit().await?;
    let (history, _) = live.history(&workspace).await?;
    refuse_protected("sync", &live)?;
    workspace.check_roles(&declared, &live.roles().await?)?;
    let catalog = live.catalog_with(&declared.desired).await?;
    let mut databases = context.scratch(Some(&workspace), Some(&live)).await?;
    databases
        .act_as(&catalog.origin.role, &live.session)
        .await?;
    let role = databases.role().to_owned();
    let hands = workspace.hands();
    let there = hands.of(&catalog, &declared.desired);
    super::live::refuse_unmodelled(&there)?;
    databases.surround_with(surroundings(&catalog, &there, &declared.desired));
    let says = |id: &ObjectId, owner: Option<&ObjectId>| hands.says_of(id, owner);
    let managed = hands.managed(&says);
    let request = Request {
        base: &catalog,
        desired: &declared.desired,
        managed: &managed,
        role: &role,
        // Nobody waits in a database of one's own.
        online: false,
        arrangement: None,
    };
    let authored = authored(context, &declared, &databases, &request).await?;
    let Some(authored) = authored else {
        if context.screen.is_json() {
            context.screen.print_json(&Synced {
                change: Changed::nothing(),
                ran: false,
            });
        }
        context
            .screen
            .say("  nothing to do: the database is what the KDL files say");
        return DONE;
    };
    changes::show(context, &authored);
    let new = drafts(&authored.up, &authored.down, "sync", &Heading::default());
    if !options.dry_run {
        let loses = authored
            .up
            .hazards()
            .any(|hazard| hazard.class == HazardClass::DataLoss);
        allowed(context, &live, loses)?;
        let count = new.len();
        let files: Vec<Beside> = (1..)
            .zip(&new)
            .map(|(part, new)| Beside {
                name: match count {
                    1 => "sync".to_owned(),
                    _ => format!("sync {part}/{count}"),
                },
                file: new.up.file(None, None),
            })
            .collect();
        let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
        let run = live.options(None);
        let mut runner = Runner::new(&live.session, history, run, &CatalogResume, &mut events)
            .with_stop(stop_on_interrupt());
        runner.beside("sync", &files, false).await?;
        context.screen.say(format!(
            "  {} is what the KDL files say; no file was written: `schemactl diff --from migrations` writes it, `schemactl reset` runs it",
            live.place()
        ));
    }
    if context.screen.is_json() {
        context.screen.print_json(&Synced {
            change: Changed::of(&authored, &[], false),
            ran: !options.dry_run,
        });
    }
    DONE
}

/// The words that the policies ask for.
fn allowed(context: &Context, live: &Live, loses: bool) -> Result<(), Failure> {
    let policies = &live.policies;
    if loses && policies.destructive() == Permission::Deny {
        return Err(Failure::said(
            "develop::destructive",
            Exit::Refused,
            "it would lose data, and this environment does not allow that".to_owned(),
            "nothing was run; `schemactl reset` builds the database anew",
        ));
    }
    let ask = match policies.confirm() {
        Confirm::Always => true,
        Confirm::Destructive => loses,
        Confirm::Never => false,
    };
    if !ask {
        return Ok(());
    }
    context.screen.confirm(&format!(
        "Bring {} to the KDL files{}?",
        live.label(),
        if loses { ", which loses data" } else { "" }
    ))
}
