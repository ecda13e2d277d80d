//! `drift`: what in a database is not as the last run left it, since when and whose it is; with `--fix`, the migration
//! that leads back; with `--accept` (see `accept`), the way into the files.

use std::collections::BTreeSet;

use super::answer::{Changed, Drifted, DriftedAttribute, DriftedObject, SinceRun};
use super::apply::Hazard;
use super::arguments::Drift as Options;
use super::beside::old_and_new;
use super::context::Context;
use super::diff::{heading, now, print_files, write};
use super::doctor::ENFORCE;
use super::failure::Failure;
use super::live::Live;
use super::report::escaped;
use super::screen::Paint;
use super::services::Division;
use crate::author::{Request, author, proven};
use crate::config::Strategy;
use crate::diff::{Change, Changes};
use crate::kdl::nearest;
use crate::kind::language::Rename;
use crate::migrate::{ApplyTo, Folder, RunError, SnapshotHead, State, plan_apply};
use crate::model::{Exit, Kind, ObjectId};
use crate::pg::examine::unenforced_foreign_keys;
use crate::project::{
    Declared, Drift, ProjectError, ScratchDatabases, Standing, Workspace, drift, is_meant_by,
    needs_scratch, surroundings, with_record,
};
use crate::scratch::elaborate::Doubts;

/// How many letters of a value are shown.
const SHOWN: usize = 80;

pub(super) async fn run(context: &Context, options: Options) -> Result<Exit, Failure> {
    context.formats("drift")?;
    if let Some(word) = options.word_alone() {
        return Err(Failure::said(
            "drift::word",
            Exit::Input,
            format!("`{word}` says nothing without `--fix` or `--accept`"),
            "say which of the two; `schemactl drift` alone only looks",
        ));
    }
    refuse_shapeless("--object", &options.object)?;
    let workspace = context.project("drift")?;
    let declared = workspace.declared()?;
    let desired = declared.desired.clone();
    let mut folder = workspace.migrations()?;
    let mut live = Live::connect(context, Some(&workspace)).await?;
    let (history, state) = live.history(&workspace).await?;
    let label = live.label();
    // What it has made so far is nobody's drift.
    if let Some(row) = state.half_done() {
        return Err(RunError::half_done(row).into());
    }
    if state.rows.is_empty() {
        return Err(ProjectError::NoHistory { database: label }.into());
    }
    // What the files in between explain is left out; a correction would have nothing to lead back to.
    let head = match &state.snapshot {
        Some(head) if state.snapshot_is_current() || !(options.fix || options.accept) => head,
        _ => return Err(ProjectError::NoSnapshot { database: label }.into()),
    };
    let since = Since::of(head, &state);
    let snapshot = history.snapshot(&live.session).await?;
    let known = with_record(&desired, history.schema(), snapshot.as_ref())?;
    let catalog = live.catalog_with(&known).await?;
    // Without a scratch server the structure is compared, and a text that may be another printing is told as such.
    let mut missing = None;
    let found = {
        let here = (label.as_str(), &catalog);
        let standing = Standing::of(&workspace, &folder, &state, here, snapshot.as_ref());
        let scratch = match needs_scratch(&standing) {
            true => match context.scratch(Some(&workspace), Some(&live)).await {
                Ok(scratch) => Some(scratch),
                Err(failure) if options.fix || options.accept => return Err(failure),
                Err(failure) => {
                    missing = Some(failure);
                    None
                }
            },
            false => None,
        };
        drift(&standing, &workspace.hands(), &desired, scratch.as_ref()).await?
    };
    if !state.snapshot_is_current() {
        context.screen.warn(escaped(&format!(
            "what ran after {} is in no record yet, and what its statements may have changed is not told: `schemactl apply` records it, also where nothing is pending",
            since.head.label()
        )));
    }
    if let Some(failure) = missing.filter(|_| !found.unverifiable.is_empty()) {
        let names: Vec<String> = found.unverifiable.iter().map(named).collect();
        let message = format!(
            "PostgreSQL printed {} otherwise in the version that recorded them, and only a scratch server tells whether they mean the same",
            names.join(", ")
        );
        if found.changes.is_empty() {
            let why = failure.message();
            return Err(Failure::said(
                "drift::unverifiable",
                Exit::Connect,
                message,
                &format!("nothing else differs; there is no scratch server: {why}"),
            ));
        }
        context.screen.warn(escaped(&message));
    }
    let schemas: Vec<String> = desired.schemas.iter().cloned().collect();
    let switched_off = unenforced_foreign_keys(&live.session, &schemas).await?;
    if !switched_off.is_empty() {
        let keys = switched_off.join(", ");
        let message = format!("foreign keys are switched off: {keys}; {ENFORCE}");
        context.screen.warn(escaped(&message));
    }
    if found.is_none() {
        return Ok(nothing(context, &label, &since));
    }
    let unnamed = found;
    let found = unnamed.with_renames(|_| true);
    if !options.fix && !options.accept {
        if context.screen.is_json() {
            context.screen.print_json(&told(&found, &since, &label));
        } else {
            show(context, &found, &since);
            context.screen.say(
                "  --fix     write a migration that takes it away        --accept  take it into the KDL files",
            );
        }
        return Ok(Exit::Todo);
    }
    let pending = plan_apply(&folder, &state, &ApplyTo::Last)?;
    if !pending.is_empty() {
        return Err(ProjectError::Behind {
            database: label,
            versions: pending.iter().map(|it| it.migration.label()).collect(),
            is_new: false,
        }
        .into());
    }
    let names = chosen_renames(context, &found, &options);
    let entangled: BTreeSet<ObjectId> = found.entangled.iter().map(|it| it.to.clone()).collect();
    let found = unnamed.with_renames(|it| names.contains(&it.to) || entangled.contains(&it.to));
    let chosen = chosen(context, &found, &options)?;
    let there = found.still_there(&chosen);
    if !there.is_empty() {
        let call =
            |(from, to): &(ObjectId, ObjectId)| format!("{} is {} now", named(from), named(to));
        let objects = there.iter().map(call).collect();
        return Err(ProjectError::StillThere { objects }.into());
    }
    let lacking = found.lacking(&chosen, options.fix);
    if !lacking.is_empty() {
        let call = |id: &ObjectId| format!("{}:{}", id.kind.name(), id.path());
        let objects: Vec<String> = lacking.iter().map(named).collect();
        let words: Vec<String> = lacking
            .iter()
            .map(|id| format!("--object {}", call(id)))
            .collect();
        return Err(ProjectError::GoesWith {
            objects,
            words: words.join(" "),
        }
        .into());
    }
    if chosen.is_empty() && names.is_empty() {
        context
            .screen
            .say("  nothing was chosen, and nothing written");
        if context.screen.is_json() {
            context.screen.print_json(&Changed::nothing());
        }
        return Ok(Exit::Todo);
    }
    if options.accept {
        let accept = super::accept::Accept {
            workspace: &workspace,
            declared: &declared,
            live: &live,
            history,
            found: &found,
            seen: workspace.hands().of(&catalog, &desired).fingerprint(),
            chosen: &chosen,
            since: &since,
            options: &options,
        };
        return accept.run(context, &mut folder).await;
    }
    fix(
        context,
        &workspace,
        &declared,
        &mut folder,
        &live,
        &found,
        &chosen,
        &since,
        &options,
    )
    .await
}

impl Options {
    /// A word that means something with `--fix` or `--accept` only, where neither was said.
    fn word_alone(&self) -> Option<&'static str> {
        let words = [
            ("--object", !self.object.is_empty()),
            ("--dry-run", self.dry_run),
            ("--name", self.name.is_some()),
        ];
        let word = words.into_iter().find(|(_, said)| *said)?.0;
        (!self.fix && !self.accept).then_some(word)
    }
}

/// Refuses what names no object as `--drop` and `--object` do: `KIND:NAME`.
pub(super) fn refuse_shapeless(option: &str, wanted: &[String]) -> Result<(), Failure> {
    for said in wanted {
        let (kind, name) = said.split_once(':').unwrap_or(("", said));
        if !name.is_empty() && Kind::from_name(kind).is_some() {
            continue;
        }
        let near = nearest(kind, Kind::ALL.iter().map(|it| it.name()));
        return Err(Failure::said(
            "cli::usage",
            Exit::Input,
            format!("`{option} {said}` names no object"),
            &match near {
                Some(near) => format!("did you mean `{option} {near}:{name}`?"),
                None => format!("an object is named KIND:NAME, as `{option} table:auth.tmp`"),
            },
        ));
    }
    Ok(())
}

/// Whether `--object` names this one.
fn is_called(id: &ObjectId, wanted: &str) -> bool {
    is_meant_by(id, wanted) || is_meant_by(id.whole(), wanted)
}

/// Whether a person is asked about each difference.
fn asks(context: &Context, options: &Options) -> bool {
    options.object.is_empty() && context.screen.can_ask() && !context.global.yes
}

/// The renames that are meant, by the names of now.
fn chosen_renames(context: &Context, found: &Drift, options: &Options) -> BTreeSet<ObjectId> {
    let is_said = |id: &ObjectId| options.object.iter().any(|it| is_called(id, it));
    let asks = asks(context, options);
    let then = match options.fix {
        true => "take that back?",
        false => "take that into the KDL files?",
    };
    let meant = found.renames.iter().filter(|it| match asks {
        true => {
            let question = format!(
                "{} is called {}: {then}",
                escaped(&named(&it.from)),
                escaped(&it.to.path())
            );
            context.screen.says_yes(&question)
        }
        false => options.object.is_empty() || is_said(&it.from) || is_said(&it.to),
    });
    meant.map(|it| it.to.clone()).collect()
}

/// The changes that are meant: those that were named, those that a person says yes to, else all.
fn chosen(context: &Context, found: &Drift, options: &Options) -> Result<Changes, Failure> {
    for wanted in &options.object {
        let is_rename = |it: &Rename| is_called(&it.from, wanted) || is_called(&it.to, wanted);
        let is_known = found.renames.iter().any(is_rename)
            || found.headline().iter().any(|(id, _)| is_called(id, wanted));
        if !is_known {
            let known: Vec<String> = found
                .headline()
                .iter()
                .map(|(id, _)| format!("{}:{}", id.kind.name(), id.path()))
                .collect();
            return Err(ProjectError::NoSuchDrift {
                wanted: wanted.clone(),
                known: known.join(", "),
            }
            .into());
        }
    }
    if asks(context, options) && (found.headline().len() > 1 || !found.renames.is_empty()) {
        let mut meant = BTreeSet::new();
        for (id, change) in found.headline() {
            let change = match found.is_said(id, change) {
                Change::Create => "was added",
                Change::Drop => "is gone",
                Change::Alter => "is altered",
            };
            let then = match options.fix {
                true => "take that back?",
                false => "take that into the KDL files?",
            };
            let question = format!("{} {change}: {then}", escaped(&named(id)));
            if context.screen.says_yes(&question) {
                meant.insert(id.clone());
            }
        }
        return Ok(found.chosen(|id| meant.contains(id)));
    }
    Ok(found.chosen(|id| {
        options.object.is_empty() || options.object.iter().any(|it| is_called(id, it))
    }))
}

fn nothing(context: &Context, label: &str, since: &Since) -> Exit {
    if context.screen.is_json() {
        context.screen.print_json(&Drifted {
            ok: true,
            database: label.to_owned(),
            drifted: false,
            since: since.told(),
            changes: Vec::new(),
        });
    }
    context.screen.say(format!(
        "  no drift: {} is as {} left it",
        escaped(label),
        since
    ));
    Exit::Fine
}

/// The run that recorded the state, and who ran it.
#[derive(Debug)]
pub(super) struct Since {
    head: SnapshotHead,
    by: Option<String>,
}

impl Since {
    fn of(head: &SnapshotHead, state: &State) -> Self {
        let row = state.as_they_came().last().copied();
        Self {
            head: head.clone(),
            by: row.and_then(|row| row.actor.clone().or_else(|| row.applied_by.clone())),
        }
    }

    pub(super) fn head(&self) -> &SnapshotHead {
        &self.head
    }

    fn told(&self) -> SinceRun {
        SinceRun {
            version: self.head.label().to_owned(),
            at: Some(self.head.at),
            by: self.by.clone(),
        }
    }
}

impl std::fmt::Display for Since {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.head.run(self.by.as_deref()))
    }
}

fn show(context: &Context, found: &Drift, since: &Since) {
    show_some(context, found, since, &found.changes);
}

/// The run that left an object as it should be, where others came after it.
fn since_of(found: &Drift, id: &ObjectId) -> Option<String> {
    let older = &found.recorded.older;
    id.ancestors().find_map(|it| older.get(it)).cloned()
}

/// The same of what has another name: what was recorded is called as it is now, where it could be followed.
fn since_of_rename(found: &Drift, rename: &Rename) -> Option<String> {
    since_of(found, &rename.to).or_else(|| since_of(found, &rename.from))
}

/// Those of the changes that people speak of.
pub(super) fn show_some(context: &Context, found: &Drift, since: &Since, chosen: &Changes) {
    if context.screen.is_json() {
        return;
    }
    let screen = &context.screen;
    let mut last = None;
    let entangled = found.entangled.iter();
    let entangled = entangled.map(|it| (it, ", and its names are others' too"));
    for (rename, beside) in found.renames.iter().map(|it| (it, "")).chain(entangled) {
        let mark = screen.paint(Paint::Careful, "~");
        screen.print(format!(
            "  {}  since {}",
            screen.paint(Paint::Strong, &escaped(&rename.from.whole().path())),
            escaped(&since_of_rename(found, rename).unwrap_or_else(|| since.to_string()))
        ));
        let (was, now) = (escaped(&named(&rename.from)), escaped(&rename.to.path()));
        screen.print(format!("    {mark} {was} is called {now}{beside}"));
    }
    for (id, change) in found.headline() {
        if !chosen.contains_key(id) {
            continue;
        }
        let object = id.whole();
        if last != Some(object) {
            screen.print(format!(
                "  {}  since {}",
                screen.paint(Paint::Strong, &escaped(&object.path())),
                escaped(&since_of(found, id).unwrap_or_else(|| since.to_string()))
            ));
        }
        last = Some(object);
        let name = escaped(&named(id));
        match found.is_said(id, change) {
            Change::Create => {
                let owner = match found.owner(id) {
                    Some(owner) => format!("; owner {}", escaped(owner)),
                    None => String::new(),
                };
                let mark = screen.paint(Paint::Good, "+");
                screen.print(format!("    {mark} {name}  not by schemactl{owner}"));
            }
            Change::Drop => {
                let mark = screen.paint(Paint::Bad, "-");
                screen.print(format!("    {mark} {name}  is gone"));
            }
            Change::Alter => {
                let mark = screen.paint(Paint::Careful, "~");
                screen.print(format!("    {mark} {name}"));
                for attribute in found.attributes(id) {
                    let (before, after) =
                        old_and_new(&attribute.before, &attribute.after, SHOWN, "nothing");
                    screen.print(format!(
                        "        {}  {before} → {after}",
                        escaped(&attribute.name)
                    ));
                }
            }
        }
    }
}

/// An object in words: what is said of another one names that one.
pub(super) fn named(id: &ObjectId) -> String {
    match id.parent.as_deref() {
        Some(holder) if id.kind.is_facet() => format!("{} of {holder}", words(id)),
        _ => id.to_string(),
    }
}

fn words(id: &ObjectId) -> String {
    match id.kind {
        Kind::Grant => {
            let privilege = crate::kind::grant::privilege(id);
            let grantor = id.signature[privilege.len()..].replacen(" BY ", " by ", 1);
            format!("{}{grantor} to {}", privilege.to_lowercase(), id.name)
        }
        kind => kind.name().to_owned(),
    }
}

fn told(found: &Drift, since: &Since, label: &str) -> Drifted {
    let renamed = found.renames.iter().chain(&found.entangled);
    let renamed = renamed.map(|it| DriftedObject {
        kind: it.to.kind,
        object: named(&it.from),
        change: Change::Alter.into(),
        owner: found.owner(&it.to).map(str::to_owned),
        since: since_of_rename(found, it),
        attributes: vec![DriftedAttribute {
            name: "name".to_owned(),
            before: it.from.name.to_string(),
            after: it.to.name.to_string(),
        }],
    });
    let changes = found.headline().into_iter().map(|(id, change)| {
        let attributes = match change {
            Change::Alter => found.attributes(id),
            Change::Create | Change::Drop => Vec::new(),
        };
        let attributes = attributes.into_iter().map(|it| DriftedAttribute {
            name: it.name,
            before: it.before,
            after: it.after,
        });
        DriftedObject {
            kind: id.kind,
            object: named(id),
            change: found.is_said(id, change).into(),
            owner: found.owner(id).map(str::to_owned),
            since: since_of(found, id),
            attributes: attributes.collect(),
        }
    });
    Drifted {
        ok: true,
        database: label.to_owned(),
        drifted: true,
        since: since.told(),
        changes: renamed.chain(changes).collect(),
    }
}

/// Writes the migration that leads back to the record.
#[allow(clippy::too_many_arguments)]
async fn fix(
    context: &Context,
    workspace: &Workspace,
    declared: &Declared,
    folder: &mut Folder,
    live: &Live,
    found: &Drift,
    chosen: &Changes,
    since: &Since,
    options: &Options,
) -> Result<Exit, Failure> {
    let mut databases: ScratchDatabases = context.scratch(Some(workspace), Some(live)).await?;
    databases
        .act_as(&found.base.origin.role, &live.session)
        .await?;
    let role = databases.role().to_owned();
    // What was not chosen stays as it is in the database.
    let mut others = found.changes.clone();
    others.retain(|id, _| !chosen.contains_key(id));
    let desired = found.corrected(&others)?;
    databases.surround_with(surroundings(&found.base, &found.live, &desired));
    let says = |id: &ObjectId, owner: Option<&ObjectId>| found.hands.says_of(id, owner);
    let managed = found.hands.managed(&says);
    let division = Division::of(workspace, declared, folder, None)?;
    let request = Request {
        base: &found.base,
        desired: &desired,
        managed: &managed,
        role: &role,
        online: live.policies.strategy() == Strategy::Online,
        arrangement: division.arrangement(),
    };
    // What the last migration left is put back as it was.
    let mut doubts = Doubts {
        lenient: true,
        ..Doubts::default()
    };
    let Some(authored) = author(&databases, &request, &mut doubts).await? else {
        return Ok(nothing(context, &live.label(), since));
    };
    show_some(context, found, since, chosen);
    for hazard in authored.up.hazards() {
        let line = Hazard::line(hazard);
        context.screen.say(format!(
            "  {}",
            context.screen.paint(Paint::Careful, &escaped(&line))
        ));
    }
    let mut heading = heading(workspace, Some(databases.claim(proven(&authored.proof))));
    heading.description = Some(format!("correct what is not as {since} left it"));
    let name = options.name.as_deref().unwrap_or("correct_drift");
    let mut new = division.migrations(&authored, &|_| name.to_owned(), &|_| heading.clone());
    for migration in &mut new {
        let corrects = (
            crate::migrate::CORRECTS.to_owned(),
            crate::migrate::DRIFT.to_owned(),
        );
        migration.up.extra.push(corrects);
    }
    let files = if options.dry_run {
        let files = folder.preview(&new, now())?;
        if !context.screen.is_json() {
            print_files(context, &files);
        }
        files
    } else {
        write(context, folder, &new)?
    };
    if context.screen.is_json() {
        context
            .screen
            .print_json(&Changed::of(&authored, &files, !options.dry_run));
    } else if !options.dry_run {
        context.screen.say(
            "  nothing was run: look at it, then `schemactl apply`; a database that is as recorded skips it",
        );
    }
    Ok(Exit::Fine)
}
