//! What `lint` finds in the pending files, for whoever looks at a plan or approves it: by what the database says, as loud as
//! the project has it.

use super::answer::Found;
use super::apply::Hazard;
use super::context::Context;
use super::failure::Failure;
use super::lint::speak;
use super::live::Live;
use super::report::{counted, escaped};
use crate::config::Severity;
use crate::lint::{Finding, Findings, Rules, Source, Walked, judge, judge_names, live, walk};
use crate::migrate::Pending;
use crate::project::Workspace;

/// The pending files walked through, and what was found in each; a file that can't be read as a migration has neither.
pub(super) async fn of_pending(
    context: &Context,
    workspace: &Workspace,
    reached: &Live,
    pending: &[Pending<'_>],
) -> Result<(Vec<Walked>, Vec<Findings>), Failure> {
    let sources: Vec<Source> = pending
        .iter()
        .filter_map(|it| Source::of(&it.migration.label(), &it.migration.up.file).ok())
        .collect();
    let texts = sources
        .iter()
        .flat_map(|source| source.statements.iter().map(|it| it.sql.as_str()));
    let mut world = live::world(&reached.session, texts).await?;
    let mut walked = walk(&sources, &mut world, true);
    let required = &workspace.database().names.required;
    judge_names(&sources, &mut walked, &world, required);
    let settings = &workspace.project.lint;
    let spoken = speak(context, Some(workspace), Some(reached), settings, &walked).await?;
    let rules = Rules {
        lint: settings,
        allowed: &context.global.allow,
        today: jiff::Zoned::now().date(),
    };
    let judged = sources
        .iter()
        .zip(&walked)
        .zip(&spoken)
        .map(|((source, walked), spoken)| judge(source, walked, spoken, &rules))
        .collect();
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
