//! What an environment asks for before anything runs in it: its window, what the environment before it has run, a word for
//! changes of rights.

use jiff::Timestamp;

use super::allowed::OUT_OF_WINDOW;
use super::apply::Hazard;
use super::backup::for_shell;
use super::context::Context;
use super::failure::Failure;
use super::live::Live;
use super::report::escaped;
use crate::config::{Confirm, Flags, Permission, Policies};
use crate::kind::HazardClass;
use crate::lint::Walked;
use crate::migrate::{Options, Pending};
use crate::model::Exit;
use crate::project::Workspace;

/// Refuses what would run outside of the window, with the time at which the next begins.
pub(super) fn in_window(
    policies: &Policies,
    environment: Option<&str>,
    allowed: &[String],
) -> Result<(), Failure> {
    let Some(window) = &policies.window else {
        return Ok(());
    };
    let name = environment.unwrap_or("defaults");
    let word = format!("{OUT_OF_WINDOW}:{name}");
    let Some(next) = window
        .next(Timestamp::now())
        .filter(|_| !allowed.contains(&word))
    else {
        return Ok(());
    };
    Err(Failure::said(
        "apply::window",
        Exit::Refused,
        format!(
            "migrations run here in the window `{}` only, and the next begins on {}",
            window.text,
            next.strftime("%a %Y-%m-%d at %H:%M %Z")
        ),
        &format!("run it then; where it can't wait, `--allow {word}`; nothing was run"),
    ))
}

/// Has the history say that a window was passed over.
pub(super) fn note_window(run: &mut Options, context: &Context, live: &Live) {
    let closed = in_window(&live.policies, live.environment.as_deref(), &[]).is_err();
    let mut allowed = context.global.allow.iter();
    let prefix = format!("{OUT_OF_WINDOW}:");
    if let (true, Some(word)) = (closed, allowed.find(|word| word.starts_with(&prefix))) {
        run.notes.insert("allowed", word.clone());
    }
}

/// Refuses what the environment before this one has not run, or has run in another form.
pub(super) async fn ran_before(
    context: &Context,
    workspace: &Workspace,
    live: &Live,
    pending: &[Pending<'_>],
) -> Result<(), Failure> {
    let Some(after) = &live.policies.after else {
        return Ok(());
    };
    if live.environment.as_deref() == Some(after.value.as_str()) {
        return Ok(());
    }
    let flags = Flags {
        url: None,
        environment: Some(after.value.clone()),
        ..context.flags()
    };
    let state = match Live::connect_as(context, Some(workspace), &flags).await {
        Ok(mut before) => before.history(workspace).await,
        Err(failure) => Err(failure),
    };
    let (_, state) = state.map_err(|failure| {
        let why = failure.reports.first().map(ToString::to_string);
        Failure::said(
            "apply::after",
            failure.exit,
            format!(
                "migrations run in `{}` first, and it can't be asked: {}",
                after.value,
                why.unwrap_or_default()
            ),
            "see to it that it is reached from here; nothing was run",
        )
    })?;
    let mut wrong = Vec::new();
    for migration in pending.iter().map(|it| it.migration) {
        match state.get(&migration.version) {
            Some(row) if !row.status.is_in() => wrong.push(format!(
                "{} ({} there)",
                migration.label(),
                row.status.word().replace('_', " ")
            )),
            None => wrong.push(migration.label()),
            Some(row) if row.up_sha != migration.up.file.body_sha() => {
                wrong.push(format!("{} (another text there)", migration.label()));
            }
            Some(_) => {}
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::said(
        "apply::after",
        Exit::Refused,
        format!(
            "`{}` has not run {}, and runs before this environment",
            after.value,
            wrong.join(", ")
        ),
        &format!(
            "run it there first: `schemactl apply --env {}`; nothing was run",
            after.value
        ),
    ))
}

/// Whether a hazard is about who may do what.
fn is_of_rights(hazard: &Hazard) -> bool {
    hazard.class == HazardClass::Authorization.word()
}

/// The changes of rights in files: those that headers tell, and those that the statements themselves show.
pub(super) fn rights(told: &[Hazard], walked: &[Walked]) -> Vec<Hazard> {
    let mut found: Vec<Hazard> = Vec::new();
    let mut add = |hazard: Hazard| {
        // A header names what is granted to whom as an object, and the statement what it is granted on.
        let in_same_words = |it: &Hazard| it.detail().eq_ignore_ascii_case(hazard.detail());
        let same = |it: &Hazard| {
            it.code == hazard.code && (it.path() == hazard.path() || in_same_words(it))
        };
        if !found.iter().any(same) {
            found.push(hazard);
        }
    };
    for hazard in told.iter().filter(|hazard| is_of_rights(hazard)) {
        add(hazard.clone());
    }
    let statements = walked
        .iter()
        .flat_map(|walked| walked.statements.iter().map(|it| (&walked.name, it)));
    for (file, judged) in statements {
        for (code, object, message) in judged.of_class(HazardClass::Authorization) {
            let class = HazardClass::Authorization.word();
            // A block has no name but its place.
            let object = match object.strip_prefix("line ") {
                Some(line) => format!("{file}:{line}"),
                None => object.to_owned(),
            };
            add(Hazard::parse(&format!(
                "{class} {code} {object}: {message}"
            )));
        }
    }
    found
}

/// The hazards that need a word and have none.
#[derive(Default)]
pub(super) struct Unsaid<'h> {
    /// What loses data.
    losses: Vec<&'h Hazard>,
    /// What changes rights.
    rights: Vec<&'h Hazard>,
}

/// What needs a word and has none; where the environment takes none, all of it is refused by name.
pub(super) fn unsaid<'h>(
    context: &Context,
    policies: &Policies,
    code: &'static str,
    hazards: impl Iterator<Item = &'h Hazard>,
    rights: &'h [Hazard],
) -> Result<Unsaid<'h>, Failure> {
    let is_open = |hazard: &&Hazard| !hazard.is_allowed(&context.global.allow);
    let mut unsaid = Unsaid {
        losses: hazards
            .filter(|hazard| hazard.loses_data())
            .filter(is_open)
            .collect(),
        rights: Vec::new(),
    };
    if policies.authorization() != Permission::Allow {
        unsaid.rights = rights.iter().filter(is_open).collect();
    }
    let refusals = [
        (code, policies.destructive(), &unsaid.losses, "lose data"),
        (
            "apply::authorization",
            policies.authorization(),
            &unsaid.rights,
            "change who may do what",
        ),
    ];
    let mut reports = Vec::new();
    for (code, permission, open, what) in refusals {
        let denied = permission == Permission::Deny || policies.is_protected();
        if denied && !open.is_empty() {
            reports.extend(refusal(code, open, what).reports);
        }
    }
    if !reports.is_empty() {
        return Err(Failure {
            reports,
            exit: Exit::Refused,
        });
    }
    for hazard in &unsaid.rights {
        context.screen.say(format!("    {}", escaped(&hazard.text)));
    }
    Ok(unsaid)
}

/// Names everything that an environment does not take without a word for each.
fn refusal(code: &'static str, open: &[&Hazard], what: &str) -> Failure {
    let texts: Vec<&str> = open.iter().map(|hazard| hazard.text.as_str()).collect();
    let mut words: Vec<String> = Vec::new();
    for hazard in open {
        let word = format!(
            "`--allow {}`",
            for_shell(&format!("{}:{}", hazard.code, hazard.path()))
        );
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Failure::said(
        code,
        Exit::Refused,
        format!(
            "{} of its steps {what}, and this environment does not allow that: {}",
            open.len(),
            texts.join("; ")
        ),
        &format!("allow each by name: {}; nothing was run", words.join(" ")),
    )
}

/// Asks, as `confirm` says; `question` is without its end.
pub(super) fn ask(
    context: &Context,
    policies: &Policies,
    question: &str,
    unsaid: &Unsaid<'_>,
) -> Result<(), Failure> {
    let (losses, rights) = (unsaid.losses.len(), unsaid.rights.len());
    let ask = match policies.confirm() {
        Confirm::Always => true,
        Confirm::Destructive => losses + rights > 0,
        Confirm::Never => losses > 0 && policies.destructive() == Permission::Ask || rights > 0,
    };
    if !ask {
        return Ok(());
    }
    let costs = match (losses, rights) {
        (0, 0) => String::new(),
        (0, rights) => format!(", {rights} of whose steps change who may do what"),
        (losses, _) => format!(", {losses} of whose steps lose data"),
    };
    context.screen.confirm(&format!("{question}{costs}?"))
}
