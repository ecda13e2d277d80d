//! What an environment asks for before anything runs in it: its window, what the environment before it has run, a word for
//! changes of rights.

use jiff::Timestamp;

use super::apply::{Hazard, OUT_OF_WINDOW};
use super::context::Context;
use super::failure::Failure;
use super::live::Live;
use super::report::escaped;
use crate::config::{Flags, Permission, Policies};
use crate::kind::HazardClass;
use crate::lint::Walked;
use crate::migrate::Pending;
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

/// Refuses what the environment before this one has not run, or has run in another form.
pub(super) async fn ran_before(
    context: &Context,
    workspace: &Workspace,
    live: &Live,
    pending: &[Pending<'_>],
    service: &str,
) -> Result<(), Failure> {
    let Some(after) = &live.policies.after else {
        return Ok(());
    };
    let flags = Flags {
        url: None,
        environment: Some(after.value.clone()),
        ..context.flags()
    };
    let state = match Live::connect_as(context, Some(workspace), &flags).await {
        Ok(mut before) => before.history(workspace, "status").await,
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
        match state.get(service, &migration.version) {
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
        let same = |it: &Hazard| it.code == hazard.code && it.path() == hazard.path();
        if !found.iter().any(same) {
            found.push(hazard);
        }
    };
    for hazard in told.iter().filter(|hazard| is_of_rights(hazard)) {
        add(hazard.clone());
    }
    for judged in walked.iter().flat_map(|walked| &walked.statements) {
        for (code, object, message) in judged.of_class(HazardClass::Authorization) {
            let class = HazardClass::Authorization.word();
            add(Hazard::parse(&format!(
                "{class} {code} {object}: {message}"
            )));
        }
    }
    found
}

/// What the policy asks of changes of rights: those that still need a word, where it asks for one.
pub(super) fn rights_allowed<'h>(
    context: &Context,
    policies: &Policies,
    rights: &'h [Hazard],
) -> Result<Vec<&'h Hazard>, Failure> {
    if policies.authorization() == Permission::Allow {
        return Ok(Vec::new());
    }
    let open: Vec<&Hazard> = rights
        .iter()
        .filter(|hazard| !hazard.is_allowed(&context.global.allow))
        .collect();
    let denied = policies.authorization() == Permission::Deny || policies.is_protected();
    if denied && let Some(first) = open.first() {
        return Err(Failure::said(
            "apply::authorization",
            Exit::Refused,
            format!(
                "{} of its steps change who may do what, and this environment does not allow that: {}",
                open.len(),
                first.text
            ),
            &format!(
                "allow each by name, as `--allow {}:{}`; nothing was run",
                first.code,
                first.path()
            ),
        ));
    }
    for hazard in &open {
        context.screen.say(format!("    {}", escaped(&hazard.text)));
    }
    Ok(open)
}
