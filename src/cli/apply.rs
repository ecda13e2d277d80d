//! `apply` and `plan`: the pending migrations, under the policies of the environment.

use super::allowed::{DRIFT, OUT_OF_ORDER, ROW_COUNTS};
use super::answer::{Applied, At, ScriptAnswer};
use super::approval::{self, approved, bodies, fingerprint};
use super::arguments::Apply;
use super::around::Around;
use super::backup::Touched;
use super::context::Context;
use super::described::Counts;
use super::facts;
use super::failure::Failure;
use super::found;
use super::gate::{Unsaid, ask, in_window, note_window, ran_before, rights, unsaid};
use super::live::{DONE, Live, at, duration, spaced, tell};
use super::pending::{show, show_plan};
use super::planned::planned_hook;
use super::report::{counted, escaped};
use super::services::{called, service};
use super::status::as_recorded;
use crate::config::{DriftPolicy, Permission};
use crate::facts::Work;
use crate::facts::read::{Command, read};
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::lint::{Finding, Findings, Walked};
use crate::migrate::file::Proof;
use crate::migrate::{
    ApplyTo, CatalogResume, DriftHook, Entangled, Folder, Goal, History, MigrationFile, Options,
    Pending, RowChecks, Runner, State, TouchedRows, Validators, Version, entangled, plan_apply,
    sha256_hex,
};
use crate::model::{Exit, Kind};
use crate::project::{Course, ProjectError, Recorder, Workspace, drift_hook};
use crate::sql::secret::mask;

pub(super) async fn run(context: &Context, options: Apply) -> Result<Exit, Failure> {
    let command = if options.dry_run { "plan" } else { "apply" };
    context.formats(command)?;
    let workspace = context.project("apply")?;
    let folder = workspace.migrations()?;
    let mut live = super::create::connected(context, &workspace, options.dry_run).await?;
    live.waits(options.wait);
    match options.dry_run || options.script {
        true => live.session.refuse_pooler().await?,
        false => live.session.refuse_unfit().await?,
    }
    let (history, state) = live.history(&workspace).await?;
    let to = target(&folder, &state, &options)?;
    let pending = plan_apply(&folder, &state, &to)?;
    let mut plan = Planned::of(&pending);
    plan.entangled = entangled(&folder, &state, &pending);
    if !pending.is_empty() {
        let catalog = live.catalog().await?;
        plan.objects = fingerprint(&catalog, &bodies(&pending));
        look_for_drift(
            context,
            &workspace,
            &folder,
            &live,
            (&history, &state),
            &pending,
            &catalog,
        )
        .await?;
        if options.dry_run {
            (plan.facts, plan.found) =
                found::of_pending(context, &workspace, &live, &pending).await?;
        }
        plan.look_at(&live, &pending).await?;
    }
    tell_needed(context, &to, &pending);
    if options.dry_run {
        return show_plan(context, &live, &folder, &state, &plan);
    }
    if !pending.is_empty() {
        ran_before(context, &workspace, &live, &pending).await?;
    }
    if options.script {
        if !pending.is_empty() {
            plan.approved = approved(&live, &options, &plan.hash(live.environment.as_deref()))?;
        }
        let snapshot = history.snapshot(&live.session).await?;
        let drifted = drift_hook(&workspace, &folder, &state, snapshot);
        let run = live.recorded(None, &options.record);
        return script(
            context,
            &live,
            history,
            (&folder, &to),
            &plan,
            run,
            &*drifted,
        )
        .await;
    }
    if !plan.files.is_empty() {
        show(context, &live, &state, &plan);
        in_window(
            &live.policies,
            live.environment.as_deref(),
            &context.global.allow,
        )?;
        plan.approved = approved(&live, &options, &plan.hash(live.environment.as_deref()))?;
        allowed(context, &live, &plan)?;
    }
    if plan.files.is_empty() && state.rows.is_empty() {
        // No history is made for nothing.
        finish(
            context,
            &live,
            &folder,
            &[],
            &state,
            (false, std::time::Duration::ZERO),
        );
        return DONE;
    }
    let recorder = recorder(&workspace, &live, &history, Course::Up).await?;
    let end = match to == ApplyTo::Last && live.policies.validate.is_some() {
        true => {
            let before = live.catalog().await?;
            planned_hook(
                live.policies.validate.as_ref(),
                before,
                &recorder.hands,
                &recorder.desired,
            )
        }
        false => None,
    };
    let hook = recorder.hook();
    let drifted = drift_hook(
        &workspace,
        &folder,
        &state,
        history.snapshot(&live.session).await?,
    );
    let expected: Vec<Version> = pending
        .iter()
        .map(|p| p.migration.version.clone())
        .collect();
    let started = std::time::Instant::now();
    let touched = Touched::of(&plan.facts, pending.len());
    let mut around = Around::new(context, &workspace, &live, "apply", touched);
    let mut run = live.recorded(options.wait, &options.record);
    run.validators = validators(context, &live, &plan.facts);
    if plan.approved {
        around = around.approved(bodies(&pending), plan.objects.clone());
        let hash = plan.hash(live.environment.as_deref());
        run.notes.insert("approved", hash);
    }
    note_window(&mut run, context, &live);
    let gate = around.gate();
    let mut events = |event: &crate::migrate::Event<'_>| {
        around.hear(event);
        tell(context, event);
    };
    let mut runner = Runner::new(&live.session, history, run, &CatalogResume, &mut events)
        .with_snapshots(&*hook)
        .with_drift(&*drifted)
        .with_gate(&*gate)
        .with_end(end.as_deref())
        .with_stop(around.stop());
    let done = runner.apply(&folder, to, Some(&expected)).await;
    let done = around.ended(done.map_err(Failure::from)).await?;
    // What an earlier run left may have been cleared up on the way, also where nothing was left to run.
    let (_, state) = live.history(&workspace).await?;
    let outcome = (!plan.files.is_empty(), started.elapsed());
    finish(context, &live, &folder, &done, &state, outcome);
    DONE
}

/// What the environment says of a database that is not as the last migration left it; a file that corrects just that goes
/// on.
async fn look_for_drift(
    context: &Context,
    workspace: &Workspace,
    folder: &Folder,
    live: &Live,
    (history, state): (&History, &State),
    pending: &[Pending<'_>],
    catalog: &Catalog,
) -> Result<(), Failure> {
    let policy = live.policies.drift.unwrap_or(DriftPolicy::Warn);
    let corrects = |it: &Pending<'_>| it.migration.up.file.header().corrects_drift();
    if policy == DriftPolicy::Ignore || pending.iter().any(corrects) {
        return Ok(());
    }
    let is_allowed = context.global.allow.iter().any(|word| word == DRIFT);
    let declared = match workspace.declared() {
        Ok(declared) => declared,
        Err(ProjectError::Kdl(_)) if policy == DriftPolicy::Refuse && !is_allowed => {
            return Err(Failure::said(
                "apply::drifted",
                Exit::Refused,
                "whether the database is as the last migration left it can't be told: the KDL files have mistakes"
                    .to_owned(),
                &format!("`schemactl check` tells them; `--allow {DRIFT}` runs the migrations all the same"),
            ));
        }
        // Without the KDL nobody knows what is the project's.
        Err(_) => return Ok(()),
    };
    let mut catalog = catalog.clone();
    live.read_rows(&mut catalog, &declared.desired).await?;
    let recorded =
        as_recorded(workspace, folder, live, &catalog, &declared, history, state).await?;
    if recorded != Some(false) {
        return Ok(());
    }
    let message = "the database is not as the last migration left it";
    let help = "`schemactl drift` says what differs; with `--fix` it writes the migration that takes it away, with `--accept` \
                it takes it into the KDL";
    match policy {
        DriftPolicy::Refuse if !is_allowed => Err(Failure::said(
            "apply::drifted",
            Exit::Refused,
            message.to_owned(),
            &format!(
                "{help}, where nothing is pending; `--allow {DRIFT}` runs what is pending first, and it stays drift"
            ),
        )),
        _ => {
            context.screen.warn(format!("{message}: {help}"));
            Ok(())
        }
    }
}

/// How far to go; versions and tags alike.
fn target(folder: &Folder, state: &State, options: &Apply) -> Result<ApplyTo, Failure> {
    let service = service(folder, options.of.service.as_ref())?;
    if let Some(to) = &options.to {
        let mut goal = state.goal(folder, to, service.as_deref())?;
        if let (Goal::Point(point), Some(service)) = (&mut goal, &service) {
            point.0.retain(|it, _| it == service);
        }
        return Ok(goal.into());
    }
    if options.only.is_empty() {
        return Ok(service.map_or(ApplyTo::Last, ApplyTo::Service));
    }
    let only = options.only.iter();
    let only = only.map(|text| state.version(folder, text, service.as_deref()));
    Ok(ApplyTo::Only(only.collect::<Result<_, _>>()?))
}

/// Says what of other services runs too, because what was asked for stands on it.
fn tell_needed(context: &Context, to: &ApplyTo, pending: &[Pending<'_>]) {
    let asked = match to {
        ApplyTo::Service(service) => service.as_str(),
        ApplyTo::Version(version) => version.service(),
        _ => return,
    };
    let others = pending.iter().map(|it| it.migration);
    let others = others.filter(|it| it.service() != asked);
    let labels: Vec<String> = others.map(|it| escaped(&spaced(&it.label()))).collect();
    if !labels.is_empty() {
        context.screen.say(format!(
            "  {} stands on these of other services, which run too: {}",
            escaped(&called(asked)),
            labels.join(", ")
        ));
    }
}

fn finish(
    context: &Context,
    live: &Live,
    folder: &Folder,
    done: &[Version],
    now: &State,
    (had_some, took): (bool, std::time::Duration),
) {
    if context.screen.is_json() {
        context.screen.print_json(&Applied {
            ok: true,
            database: live.label(),
            applied: done.to_vec(),
            at: At::of(folder, &now.point()),
        });
        return;
    }
    match done.last() {
        None => context.screen.say(format!(
            "  {}: {} is at {}",
            match had_some {
                true => "nothing had to run",
                false => "nothing to apply",
            },
            live.place(),
            at(now)
        )),
        Some(last) => {
            // After one that ran out of its order the newest is another one.
            let back = match now.as_they_came().last().map(|row| &row.version) {
                Some(at) if at == last => {
                    let of = match &context.global.database {
                        Some(name) => format!(" --database {}", escaped(name)),
                        None => String::new(),
                    };
                    let there = match &context.global.env {
                        Some(name) => format!(" --env {}", escaped(name)),
                        None => String::new(),
                    };
                    Some(format!(
                        "back: schemactl rollback --steps {}{of}{there}",
                        done.len()
                    ))
                }
                _ => None,
            };
            let applied = format!(
                "{} applied in {}, {} is at {}.",
                done.len(),
                duration(took),
                live.place(),
                at(now)
            );
            let parts: Vec<String> = std::iter::once(applied).chain(back).collect();
            context.screen.say_parts(&parts, " ");
        }
    }
}

/// One hazard of a file, as its header says it: `CLASS CODE OBJECT: DETAIL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hazard {
    pub(super) class: String,
    pub(super) code: String,
    pub(super) object: String,
    pub(super) text: String,
}

impl Hazard {
    /// A hazard of a plan in one line.
    pub(super) fn line(hazard: &crate::kind::Hazard) -> String {
        format!("{} {}: {}", hazard.code, hazard.object, hazard.detail)
    }

    pub(super) fn parse(line: &str) -> Hazard {
        let mut words = line.splitn(3, ' ');
        let class = words.next().unwrap_or_default().to_owned();
        let code = words.next().unwrap_or_default().to_owned();
        let rest = words.next().unwrap_or_default();
        let object = rest.split_once(": ").map_or(rest, |(object, _)| object);
        Hazard {
            class,
            code,
            object: object.to_owned(),
            text: line.to_owned(),
        }
    }

    /// What it does, in words.
    pub(super) fn detail(&self) -> &str {
        let told = self.text.split_once(": ");
        told.map_or("", |(_, detail)| detail)
    }

    pub(super) fn loses_data(&self) -> bool {
        self.class == "data-loss"
    }

    /// The object without its kind.
    pub(super) fn path(&self) -> &str {
        match self.object.split_once(' ') {
            // A name may have blanks of its own.
            Some((kind, path)) if Kind::from_name(kind).is_some() => path,
            _ => &self.object,
        }
    }

    /// Whether `CODE:OBJECT` names it; the object with or without its kind.
    pub(super) fn is_allowed(&self, allowed: &[String]) -> bool {
        allowed.iter().any(|word| {
            let Some((code, object)) = word.split_once(':') else {
                return false;
            };
            code == self.code && (object == self.object || object == self.path())
        })
    }
}

/// What a file costs.
pub(super) fn hazards_of(file: &MigrationFile) -> Vec<Hazard> {
    file.hazards()
        .iter()
        .map(|line| Hazard::parse(line))
        .collect()
}

/// The hash of a plan, as an approval names it.
pub(super) async fn plan_hash(live: &Live, pending: &[Pending<'_>]) -> Result<String, Failure> {
    let mut plan = Planned::of(pending);
    if !pending.is_empty() {
        plan.objects = fingerprint(&live.catalog().await?, &bodies(pending));
    }
    Ok(plan.hash(live.environment.as_deref()))
}

/// What the environment has checked around each file; rows of tables that were named by `--allow row-counts:TABLE` may change.
pub(super) fn validators(context: &Context, live: &Live, walked: &[Walked]) -> Validators {
    let Some(validate) = &live.policies.validate else {
        return Validators::default();
    };
    let allowed = context.global.allow.iter();
    let allowed = allowed.filter_map(|word| word.strip_prefix(ROW_COUNTS)?.strip_prefix(':'));
    let rows = validate.row_counts.filter(|rows| rows.same);
    Validators {
        rows: rows.map(|rows| RowChecks {
            exact_below: rows.exact_below.unwrap_or(EXACT_BELOW),
            allowed: allowed.map(str::to_owned).collect(),
        }),
        foreign_keys: validate.foreign_keys,
        indexes: validate.indexes,
        queries: validate
            .queries
            .iter()
            .map(|it| (it.name.value.clone(), it.query.value.clone()))
            .collect(),
        touched: walked
            .iter()
            .map(|file| (file.name.clone(), touched_by(file)))
            .collect(),
    }
}

/// What the statements of a file say of the tables whose rows they may change.
fn touched_by(file: &Walked) -> TouchedRows {
    let mut touched = TouchedRows::default();
    for judged in &file.statements {
        let facts = &judged.facts;
        touched.names.extend(facts.locks.keys().cloned());
        touched.dropped.extend(facts.drops.iter().cloned());
        let work = facts.work.iter();
        let rewritten = work.filter(|(_, work)| *work == Work::Rewrite);
        touched.anew.extend(rewritten.map(|(name, _)| name.clone()));
        if matches!(read(&judged.sql), Command::Truncate { .. }) {
            touched.anew.extend(facts.locks.keys().cloned());
        }
    }
    touched
}

/// Tables under this many rows are counted where nothing is said.
const EXACT_BELOW: i64 = 1_000_000;

/// A migration that would run.
pub(super) struct PlannedFile {
    pub(super) label: String,
    /// The statements of the up file.
    pub(super) sql: String,
    /// The SHA-256 of the up file's body.
    pub(super) sha: String,
    /// The SHA-256 of both files as they are, with their headers: the way back is stored with what runs.
    pub(super) whole: [Option<String>; 2],
    /// Whether it runs outside a transaction.
    pub(super) alone: bool,
    pub(super) hazards: Vec<Hazard>,
}

/// What would run.
pub(super) struct Planned {
    pub(super) files: Vec<PlannedFile>,
    /// How much changes, comes and goes, where the files say it.
    pub(super) counts: Option<Counts>,
    pub(super) unproven: Vec<String>,
    /// What would run before one that it was written after, or after one that it was written before.
    pub(super) out_of_order: Vec<String>,
    /// What of that speaks of the same objects as those on whose other side it would run.
    pub(super) entangled: Vec<Entangled>,
    /// What the statements do to this database, where it was asked for.
    pub(super) facts: Vec<Walked>,
    /// What `lint` finds in each of them, where somebody looks at the plan.
    pub(super) found: Vec<Findings>,
    /// What they do to rights, where the environment asks.
    pub(super) rights: Vec<Hazard>,
    /// The fingerprint of what they have to do with.
    pub(super) objects: String,
    /// Whether somebody approved just this plan.
    pub(super) approved: bool,
}

impl Planned {
    /// The statements of a file with their facts.
    pub(super) fn facts_of(&self, label: &str) -> Option<&Walked> {
        self.facts.iter().find(|walked| walked.name == label)
    }

    /// What `lint` finds in a file.
    pub(super) fn found_in(&self, label: &str) -> Option<&Findings> {
        let place = self.facts.iter().position(|walked| walked.name == label)?;
        self.found.get(place)
    }

    /// What of that stops and the header of the file does not tell.
    pub(super) fn errors_of<'p>(&'p self, file: &'p PlannedFile) -> Vec<&'p Finding> {
        let found = self.found_in(&file.label).into_iter();
        found
            .flat_map(|it| found::errors(it, &file.hazards))
            .collect()
    }

    /// Finds what the statements do, where the environment asks for it.
    pub(super) async fn look_at(
        &mut self,
        live: &Live,
        pending: &[Pending<'_>],
    ) -> Result<(), Failure> {
        let policies = &live.policies;
        let of_rights = policies.authorization() != Permission::Allow;
        let validate = policies.validate.as_ref();
        let of_rows = validate.is_some_and(|it| it.row_counts.is_some_and(|rows| rows.same));
        let of_tables = policies.backup.as_ref().is_some_and(|it| it.touched_only);
        if self.facts.is_empty() && (of_rights || of_rows || of_tables) {
            self.facts = facts::of_pending(live, pending).await?;
        }
        if of_rights {
            let told: Vec<Hazard> = self.hazards().cloned().collect();
            self.rights = rights(&told, &self.facts);
        }
        Ok(())
    }

    /// What changes who may do what, where the environment asks.
    pub(super) fn rights(&self) -> &[Hazard] {
        &self.rights
    }

    pub(super) fn of(pending: &[Pending<'_>]) -> Planned {
        let mut plan = Planned {
            files: Vec::new(),
            counts: Counts::of_files(pending.iter().map(|it| &it.migration.up.file)),
            unproven: Vec::new(),
            out_of_order: pending
                .iter()
                .filter(|pending| pending.out_of_order)
                .map(|pending| pending.migration.label())
                .collect(),
            entangled: Vec::new(),
            facts: Vec::new(),
            found: Vec::new(),
            rights: Vec::new(),
            objects: String::new(),
            approved: false,
        };
        for migration in pending.iter().map(|p| p.migration) {
            let file = &migration.up.file;
            let down = migration.down.as_ref().map(|down| &down.file);
            plan.files.push(PlannedFile {
                label: migration.label(),
                sql: mask(file.body()),
                sha: file.body_sha(),
                whole: [Some(file), down].map(|it| it.map(|file| sha256_hex(&file.render()))),
                alone: file.header().no_transaction(),
                hazards: hazards_of(file),
            });
            // The way back is stored with it, and is what a rollback runs.
            let mut files = std::iter::once(&migration.up).chain(&migration.down);
            if !files.all(|at| matches!(at.file.proof(), Proof::Proven(_))) {
                plan.unproven.push(migration.label());
            }
        }
        plan
    }

    pub(super) fn hazards(&self) -> impl Iterator<Item = &Hazard> {
        self.files.iter().flat_map(|file| &file.hazards)
    }

    /// The hash over environment, ordered files both ways, hazards and what they touch: 128 bits, `7f3a-91c2-…`.
    pub(super) fn hash(&self, environment: Option<&str>) -> String {
        let mut text = environment.unwrap_or_default().to_owned();
        for file in &self.files {
            text.push_str(&format!("\n{}", file.label));
            for whole in &file.whole {
                text.push_str(&format!(" {}", whole.as_deref().unwrap_or("none")));
            }
            for hazard in &file.hazards {
                text.push_str(&format!("\n  {}", hazard.text));
            }
        }
        text.push_str(&format!("\n{}", self.objects));
        approval::shown(&sha256_hex(&text))
    }
}

/// What would run, as a file for somebody else's psql. The policies refuse what they refuse; nobody is asked.
async fn script(
    context: &Context,
    live: &Live,
    history: History,
    (folder, to): (&Folder, &ApplyTo),
    plan: &Planned,
    options: Options,
    drifted: &DriftHook<'_>,
) -> Result<Exit, Failure> {
    refused(context, live, plan)?;
    let mut events = |event: &crate::migrate::Event<'_>| tell(context, event);
    let mut runner = Runner::new(&live.session, history, options, &CatalogResume, &mut events)
        .with_drift(drifted);
    let title = format!(
        "Migrations for {}{}, plan {}, written by schemactl {}",
        live.database(),
        match &live.environment {
            Some(environment) => format!(" ({environment})"),
            None => String::new(),
        },
        plan.hash(live.environment.as_deref()),
        env!("CARGO_PKG_VERSION")
    );
    let script = runner.psql_script(folder, to, &title).await?;
    if context.screen.is_json() {
        context.screen.print_json(&ScriptAnswer {
            ok: true,
            database: live.label(),
            plan: plan.hash(live.environment.as_deref()),
            versions: script.versions.clone(),
            script: script.text.clone(),
        });
    } else if !script.text.is_empty() {
        context.screen.print(&script.text);
    }
    let mut left_out = Vec::new();
    if live.policies.backup.is_some() {
        left_out.push("no backup is made before it");
    }
    if !live.policies.hooks.is_empty() {
        left_out.push("no hook runs around it");
    }
    if live.policies.validate.is_some() {
        left_out.push("nothing is validated in it");
    }
    if live.policies.window.is_some() {
        left_out.push("no window holds it back");
    }
    if !script.versions.is_empty() && !left_out.is_empty() {
        context.screen.warn(format!(
            "a script is not `schemactl apply`: {}",
            left_out.join(", ")
        ));
    }
    context.screen.say(match script.versions.len() {
        0 => format!("  nothing to apply in {}", live.place()),
        count => format!(
            "  {} for {}: run it with `psql -X -f FILE`, then `schemactl apply`, which records the catalog",
            counted(count, "migration"),
            live.place()
        ),
    });
    DONE
}

/// The words that the policies ask for.
fn allowed(context: &Context, live: &Live, plan: &Planned) -> Result<(), Failure> {
    let open = refused(context, live, plan)?;
    // Who approved the plan said yes to it.
    if plan.approved {
        return Ok(());
    }
    let question = format!(
        "Run {} on {}",
        counted(plan.files.len(), "migration"),
        live.label()
    );
    ask(context, &live.policies, &question, &open)
}

/// What the policies refuse without asking; gives what needs a word and has none.
fn refused<'p>(context: &Context, live: &Live, plan: &'p Planned) -> Result<Unsaid<'p>, Failure> {
    refuse_unproven(live, plan)?;
    refuse_out_of_order(context, live, plan)?;
    if plan.approved {
        return Ok(Unsaid::default());
    }
    unsaid(
        context,
        &live.policies,
        "apply::destructive",
        plan.hazards(),
        plan.rights(),
    )
}

/// A protected environment takes nothing that is not proven.
pub(super) fn refuse_unproven(live: &Live, plan: &Planned) -> Result<(), Failure> {
    if !live.policies.is_protected() || plan.unproven.is_empty() {
        return Ok(());
    }
    Err(Failure::said(
        "apply::unproven",
        Exit::Refused,
        format!(
            "this environment is protected, and {} is not proven",
            plan.unproven.join(", ")
        ),
        "prove it with `schemactl restamp`; nothing was run",
    ))
}

/// Out of its order runs without a word only what has nothing to do with the others, and in a protected environment nothing.
fn refuse_out_of_order(context: &Context, live: &Live, plan: &Planned) -> Result<(), Failure> {
    let is_allowed = |label: &String| {
        let names = |at: &str| {
            let short = at.trim_start_matches('0');
            let rest = label.trim_start_matches('0').strip_prefix(short);
            !short.is_empty() && rest.is_some_and(|it| it.is_empty() || it.starts_with('_'))
        };
        context.global.allow.iter().any(|word| {
            word.split_once(':')
                .is_some_and(|(code, at)| code == OUT_OF_ORDER && names(at))
        })
    };
    if let Some(it) = plan.entangled.iter().find(|it| !is_allowed(&it.migration)) {
        let label = &it.migration;
        let names: Vec<&str> = it.names.iter().map(String::as_str).collect();
        return Err(Failure::said(
            "apply::entangled",
            Exit::Refused,
            format!(
                "{label} would run out of its order, and speaks of what {} speaks of too ({}): the end may be another one",
                it.other,
                names.join(", ")
            ),
            &format!(
                "run them in their order, or give the later one the next number and prove it there by `schemactl restamp`; `--allow {OUT_OF_ORDER}:{label}` runs it as it is; nothing was run"
            ),
        ));
    }
    let open = plan.out_of_order.iter().find(|label| !is_allowed(label));
    let Some(label) = open.filter(|_| live.policies.is_protected()) else {
        return Ok(());
    };
    Err(Failure::said(
        "apply::out_of_order",
        Exit::Refused,
        format!(
            "this environment is protected, and {label} would run out of its order, where nobody proved it"
        ),
        &format!("allow it by name, as `--allow {OUT_OF_ORDER}:{label}`; nothing was run"),
    ))
}

/// What a run records of the catalog, from how it was found.
pub(super) async fn recorder(
    workspace: &Workspace,
    live: &Live,
    history: &crate::migrate::History,
    course: Course,
) -> Result<Recorder, Failure> {
    let snapshot = history.snapshot(&live.session).await?;
    let read = async |known: &Desired| {
        let catalog = live.catalog_with(known).await?;
        Ok((catalog, history.state(&live.session).await?))
    };
    let declared = workspace.declared();
    if let Err(ProjectError::Kdl(_)) = declared {
        live.warn("the KDL files have mistakes, and migrations run without them: `schemactl check` tells them");
    }
    let schema = history.schema();
    let begun = Recorder::begin(workspace, declared, schema, snapshot.as_ref(), course, read);
    let recorder: Result<Recorder, Failure> = begun.await;
    let recorder = recorder?;
    Ok(match live.policies.hooks.is_empty() {
        true => recorder,
        false => recorder.with_helpers(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazards_are_allowed_by_code_and_object() {
        let hazard = Hazard::parse("data-loss drop-table table auth.users: its rows are gone");
        assert!(hazard.loses_data());
        assert_eq!(hazard.object, "table auth.users");
        let allowed = |word: &str| hazard.is_allowed(&[word.to_owned()]);
        assert!(allowed("drop-table:auth.users") && allowed("drop-table:table auth.users"));
        assert!(
            !allowed("drop-table:auth.user")
                && !allowed("drop-column:auth.users")
                && !allowed("drop-table")
        );
    }
}
