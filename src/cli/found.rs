//! What `lint` finds in the pending files, for whoever looks at a plan or approves it: by what the database says, as loud as
//! the project has it.

use super::answer::Found;
use super::apply::Hazard;
use super::context::Context;
use super::facts::{Met, files_of, walked};
use super::failure::Failure;
use super::lint::judged;
use super::live::Live;
use super::report::{counted, escaped};
use crate::config::Severity;
use crate::lint::{Finding, Findings, Walked, judge_names};
use crate::migrate::Pending;
use crate::project::Workspace;

/// The pending files walked through, and what was found in each; a file that can't be read as a migration has neither.
pub(super) async fn of_pending(
    context: &Context,
    workspace: &Workspace,
    reached: &Live,
    pending: &[Pending<'_>],
) -> Result<(Vec<Walked>, Vec<Findings>), Failure> {
    let Met {
        sources,
        mut walked,
        world,
    } = walked(reached, files_of(pending)).await?;
    let required = &workspace.database().names.required;
    judge_names(&sources, &mut walked, &world, required);
    let (settings, sources) = (&workspace.project.lint, sources.iter());
    let judged = judged(
        context,
        Some(workspace),
        Some(reached),
        settings,
        sources,
        &walked,
    )
    .await?;
    Ok((walked, judged))
}

/// Those that stop where nobody allows them, but for what the header of the file tells already.
pub(super) fn errors<'f>(
    findings: &'f Findings,
    told: &'f [Hazard],
) -> impl Iterator<Item = &'f Finding> {
    let is_told = |finding: &Finding| {
        let of_code = told.iter().filter(|hazard| hazard.code == finding.code);
        let (object, mut paths) = (&finding.object, of_code.map(Hazard::path));
        paths.any(|path| path.ends_with(object.as_str()) || object.ends_with(path))
    };
    open(findings, Severity::Error).filter(move |finding| !is_told(finding))
}

/// A finding in one line: `error rename-column app.users.name: programs that run know it by its old name`.
pub(super) fn line(finding: &Finding) -> String {
    let (code, object) = (escaped(&finding.code), escaped(&finding.object));
    let message = escaped(&finding.message);
    match object.is_empty() {
        true => format!("error {code}: {message}"),
        false => format!("error {code} {object}: {message}"),
    }
}

/// How many there are of both kinds; nothing where there are none.
pub(super) fn sum(all: &[Findings]) -> Option<String> {
    let count = |severity| all.iter().flat_map(|it| open(it, severity)).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warn));
    (errors + warnings > 0).then(|| {
        format!(
            "lint finds {} and {}",
            counted(errors, "error"),
            counted(warnings, "warning")
        )
    })
}

fn open(findings: &Findings, severity: Severity) -> impl Iterator<Item = &Finding> {
    let all = findings.findings.iter();
    all.filter(move |it| it.severity == severity && it.allowed.is_none())
}

/// The findings for programs.
pub(super) fn told(findings: &Findings) -> Vec<Found> {
    let told = findings.findings.iter().map(|finding| Found {
        code: finding.code.clone(),
        class: finding.class,
        severity: finding.severity.into(),
        line: finding.line,
        object: finding.object.clone(),
        message: finding.message.clone(),
        allowed: finding.allowed.clone(),
    });
    told.collect()
}
