//! `drift --accept`: what somebody did by hand goes into the KDL files, each change at its place, and into a migration that
//! the other databases have still to run; here it is recorded as there already. Before anything is written, PostgreSQL
//! has judged on scratch that the files say what is there, and the migration is proven.

use std::collections::BTreeMap;
use std::path::PathBuf;

use futures_util::future::BoxFuture;

use super::answer::{Accepted, Changed, KdlFile};
use super::apply::{Hazard, recorder};
use super::arguments::Drift as Options;
use super::context::Context;
use super::diff::{heading, now, print_files, write};
use super::drift::{Since, named, show_some};
use super::failure::Failure;
use super::live::{Live, stop_on_interrupt, tell};
use super::refused::authoring;
use super::report::escaped;
use super::screen::Paint;
use super::services::Division;
use crate::author::{Authored, Request, author, proven};
use crate::config::Strategy;
use crate::diff::Changes;
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::migrate::runner::HookError;
use crate::migrate::{
    CatalogResume, Folder, History, Runner, Snapshot, SnapshotHook, SoFar, Written,
};
use crate::model::{Exit, ObjectId};
use crate::pg::connect::Session;
use crate::pg::rows::introspect_here_with;
use crate::project::{
    Course, Declared, Drift, Hands, ProjectError, Recorder, ScratchDatabases, Unplaced, Workspace,
    edited, snapshot_of, surroundings,
};
use crate::scratch::elaborate::Doubts;

/// What is taken over.
pub(super) struct Accept<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) declared: &'a Declared,
    pub(super) live: &'a Live,
    pub(super) history: History,
    pub(super) found: &'a Drift,
    /// The fingerprint of the managed part of the database that was looked at.
    pub(super) seen: String,
    pub(super) chosen: &'a Changes,
    pub(super) since: &'a Since,
    pub(super) options: &'a Options,
}

impl Accept<'_> {
    pub(super) async fn run(self, context: &Context, folder: &mut Folder) -> Result<Exit, Failure> {
        self.live.session.refuse_unfit().await?;
        let unheld = self.found.unheld(self.chosen, &self.declared.desired);
        if !unheld.is_empty() {
            let words = |(id, needed): &(ObjectId, ObjectId)| {
                format!(
                    "{} stands on {needed}, which the files do not make",
                    named(id)
                )
            };
            let objects = unheld.iter().map(words).collect();
            return Err(ProjectError::Unheld { objects }.into());
        }
        let after = self.found.recorded_with(self.chosen);
        let texts = self.edits(&after)?;
        let division = Division::of(self.workspace, self.declared, folder, None)?;
        let (authored, claim) = self.proven(context, &texts, &after, &division).await?;
        show_some(context, self.found, self.since, self.chosen);
        for hazard in authored.up.hazards() {
            let line = format!("where it runs: {}", Hazard::line(hazard));
            let line = context.screen.paint(Paint::Careful, &escaped(&line));
            context.screen.say(format!("  {line}"));
        }
        let mut heading = heading(self.workspace, Some(claim));
        heading.description = Some(format!("accept what is not as {} left it", self.since));
        let name = self.options.name.as_deref().unwrap_or("accept_drift");
        let new = division.migrations(&authored, &|_| name.to_owned(), &|_| heading.clone());
        if self.options.dry_run {
            let files = folder.preview(&new, now())?;
            self.print_edits(context, &texts);
            if context.screen.is_json() {
                let told = Self::told(&authored, &files, &texts, false);
                context.screen.print_json(&told);
            } else {
                print_files(context, &files);
            }
            return Ok(Exit::Fine);
        }
        if self.live.policies.is_protected() {
            let question = format!("Record this in {} as it is?", self.live.label());
            context.screen.confirm(&question)?;
        }
        self.write_kdl(context, &texts)?;
        let files = write(context, folder, &new)?;
        let versions = self.record(context, folder, after).await?;
        if context.screen.is_json() {
            let told = Self::told(&authored, &files, &texts, true);
            context.screen.print_json(&told);
        }
        for version in versions {
            context.screen.say(format!(
                "  {} {version}  recorded as already there in {}; the other databases run it",
                context.screen.paint(Paint::Good, "✓"),
                self.live.place()
            ));
        }
        Ok(Exit::Fine)
    }

    /// The KDL files as they will be.
    fn edits(&self, after: &Catalog) -> Result<BTreeMap<PathBuf, String>, Failure> {
        let edited = edited(
            self.declared,
            self.found,
            after,
            self.chosen,
            &self.workspace.name_patterns(),
            self.workspace.schema_folder(),
        )?;
        match edited {
            Ok(edited) => Ok(edited.files),
            Err(unplaced) => Err(unplaced_objects(&unplaced).into()),
        }
    }

    /// The migration from the record to what is accepted, and what its proof says; the files were found to say the same.
    async fn proven(
        &self,
        context: &Context,
        texts: &BTreeMap<PathBuf, String>,
        after: &Catalog,
        division: &Division,
    ) -> Result<(Authored, String), Failure> {
        let found = self.found;
        let declared = self.workspace.declared_with(texts)?;
        let mut databases = context
            .scratch(Some(self.workspace), Some(self.live))
            .await?;
        databases
            .act_as(&found.base.origin.role, &self.live.session)
            .await?;
        let desired = &declared.desired;
        databases.surround_with(surroundings(&found.base, &found.live, desired));
        let judged = self
            .authored(&databases, &found.base, desired, division)
            .await;
        let judged =
            judged.map_err(|error| authoring(error, &declared.sources, &declared.desired))?;
        if let Some(judged) = judged {
            let open: Vec<String> = judged
                .changes
                .keys()
                .filter(|id| id.ancestors().any(|id| self.chosen.contains_key(id)))
                .map(|id| format!("{} would be another", named(id)))
                .chain(
                    judged
                        .renames
                        .iter()
                        .map(|it| format!("{} would be called {}", named(&it.from), it.to.name)),
                )
                .collect();
            if !open.is_empty() {
                return Err(ProjectError::Unplaced { objects: open }.into());
            }
        }
        let strays = self
            .found
            .strays(
                &databases,
                self.workspace,
                &self.declared.desired,
                desired,
                self.chosen,
            )
            .await
            .map_err(|error| authoring(error, &declared.sources, desired))?;
        if !strays.is_empty() {
            let other = |id: &ObjectId| match found.changes.contains_key(id) {
                true => format!("{} goes with it, and was not chosen", named(id)),
                false => format!("{} would be another, which is no drift", named(id)),
            };
            let objects = strays.iter().map(other).collect();
            return Err(ProjectError::Unplaced { objects }.into());
        }
        let desired = found.accepted(after)?;
        let base = found.recorded_base(after);
        let authored = self.authored(&databases, &base, &desired, division).await?;
        let Some(authored) = authored else {
            // The record says it in other words only.
            return Err(ProjectError::Unplaced {
                objects: vec!["what differs means the same as before".to_owned()],
            }
            .into());
        };
        let claim = databases.claim(proven(&authored.proof));
        Ok((authored, claim))
    }

    async fn authored(
        &self,
        databases: &ScratchDatabases,
        base: &Catalog,
        desired: &Desired,
        division: &Division,
    ) -> Result<Option<Authored>, crate::author::AuthorError> {
        let says = |id: &ObjectId, owner: Option<&ObjectId>| self.found.hands.says_of(id, owner);
        let managed = self.found.hands.managed(&says);
        let role = databases.role().to_owned();
        let request = Request {
            base,
            desired,
            managed: &managed,
            role: &role,
            online: self.live.policies.strategy() == Strategy::Online,
            arrangement: division.arrangement(),
        };
        // What is live has bodies as they are.
        let mut doubts = Doubts {
            lenient: true,
            ..Doubts::default()
        };
        author(databases, &request, &mut doubts).await
    }

    fn write_kdl(
        &self,
        context: &Context,
        texts: &BTreeMap<PathBuf, String>,
    ) -> Result<(), Failure> {
        for (path, text) in texts {
            if let Some(parent) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
                std::fs::create_dir_all(parent)
                    .map_err(|error| Failure::io("make", parent, &error))?;
            }
            std::fs::write(path, text).map_err(|error| Failure::io("write", path, &error))?;
            context
                .screen
                .say(format!("  wrote  {}", escaped(&path.display().to_string())));
        }
        Ok(())
    }

    /// The lines that change, as a person reads them.
    fn print_edits(&self, context: &Context, texts: &BTreeMap<PathBuf, String>) {
        for (path, text) in texts {
            let files = &mut self.declared.sources.files();
            let old = files.find(|(_, file)| file.path == *path);
            let old = old.map_or("", |(_, file)| file.text.as_str());
            context
                .screen
                .say(format!("  {}", escaped(&path.display().to_string())));
            for (mark, number, line) in changed_lines(old, text) {
                let paint = if mark == '+' { Paint::Good } else { Paint::Bad };
                context.screen.say(format!(
                    "  {number:>5} {}",
                    context
                        .screen
                        .paint(paint, &escaped(&format!("{mark} {line}")))
                ));
            }
        }
    }

    fn told(
        authored: &Authored,
        files: &[Written],
        texts: &BTreeMap<PathBuf, String>,
        written: bool,
    ) -> Accepted {
        let kdl_files = texts.iter().map(|(path, text)| KdlFile {
            path: path.clone(),
            text: text.clone(),
        });
        Accepted {
            change: Changed::of(authored, files, written),
            accepted: authored.changes.keys().map(ToString::to_string).collect(),
            kdl_files: kdl_files.collect(),
        }
    }

    fn before(&self) -> Before {
        Before {
            database: self.live.label(),
            hands: self.workspace.hands(),
            desired: self.declared.desired.clone(),
            fingerprint: self.seen.clone(),
        }
    }

    /// Records the migration as there, under the lock, where the database is still what was looked at.
    async fn record(
        &self,
        context: &Context,
        folder: &Folder,
        after: Catalog,
    ) -> Result<Vec<crate::migrate::Version>, Failure> {
        let Recorder { hands, desired, .. } =
            recorder(self.workspace, self.live, &self.history, Course::Up).await?;
        let before = self.before();
        if before.moved(&self.live.catalog_with(&self.declared.desired).await?) {
            return Err(ProjectError::Moved {
                database: self.live.label(),
            }
            .into());
        }
        let all = self.chosen.len() == self.found.changes.len();
        // What is drift still is known by where it was.
        let mut after = after;
        let (now, before_it) = (&self.found.base.addresses, &self.found.recorded.addresses);
        after.addresses = now.of_those(|id| after.holds(id), before_it);
        after.origin.database = self.found.base.origin.database;
        let run = self.since.head().run(None);
        let open = self.found.changes.keys();
        for id in open.filter(|id| !self.chosen.contains_key(id)) {
            after.older.entry(id.clone()).or_insert_with(|| run.clone());
        }
        let hook = record_hook(before, hands, desired, (!all).then_some(after));
        let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
        let mut runner = Runner::new(
            &self.live.session,
            self.history.clone(),
            self.live.options(self.options.wait),
            &CatalogResume,
            &mut events,
        )
        .with_snapshots(&*hook)
        .with_stop(stop_on_interrupt());
        Ok(runner.accept(folder).await?)
    }
}

/// The database as it was looked at.
struct Before {
    database: String,
    hands: Hands,
    desired: Desired,
    fingerprint: String,
}

impl Before {
    fn moved(&self, now: &Catalog) -> bool {
        self.hands.of(now, &self.desired).fingerprint() != self.fingerprint
    }
}

/// What is recorded: the database as it is, or, where something was not accepted, the record with what was.
fn record_hook(
    before: Before,
    hands: Hands,
    desired: Desired,
    partly: Option<Catalog>,
) -> Box<SnapshotHook<'static>> {
    let kept = std::sync::Arc::new((before, hands, desired, partly));
    Box::new(
        move |session: &Session, _: &SoFar| -> BoxFuture<'_, Result<Snapshot, HookError>> {
            let kept = kept.clone();
            Box::pin(async move {
                let (before, hands, desired, partly) = &*kept;
                let catalog = introspect_here_with(session, &before.desired)
                    .await
                    .map_err(|error| {
                        let exit = error.exit();
                        (miette::Report::new(error), exit)
                    })?;
                if before.moved(&catalog) {
                    let error = ProjectError::Moved {
                        database: before.database.clone(),
                    };
                    let exit = error.exit();
                    return Err((miette::Report::new(error), exit));
                }
                Ok(match partly {
                    Some(catalog) => snapshot_of(catalog),
                    None => snapshot_of(&hands.of(&catalog, desired)),
                })
            })
        },
    )
}

fn unplaced_objects(unplaced: &[Unplaced]) -> ProjectError {
    ProjectError::Unplaced {
        objects: unplaced
            .iter()
            .map(|it| format!("{}: {}", named(&it.id), it.why))
            .collect(),
    }
}

/// The lines that go and come, with their numbers in the old and the new text.
fn changed_lines(old: &str, new: &str) -> Vec<(char, usize, String)> {
    let diff = similar::TextDiff::from_lines(old, new);
    diff.iter_all_changes()
        .filter_map(|change| {
            let line = change.value().trim_end_matches('\n').to_owned();
            match change.tag() {
                similar::ChangeTag::Insert => Some(('+', change.new_index()? + 1, line)),
                similar::ChangeTag::Delete => Some(('-', change.old_index()? + 1, line)),
                similar::ChangeTag::Equal => None,
            }
        })
        .collect()
}
