//! When the words of transition have done their work: every environment has every file, and the files lead to what the
//! KDL says. Only then do they mean nothing any more.

use super::arguments::Diff;
use super::context::Context;
use super::diff::compared;
use super::failure::Failure;
use super::live::Live;
use super::report::escaped;
use super::services::Division;
use crate::config::Flags;
use crate::migrate::report;
use crate::model::Exit;

/// The words that say how to get there, not what is.
pub(super) const WORDS: &[&str] = &["renamed-from", "convert", "convert-back", "backfill"];

/// Refuses where an environment is behind, or where the KDL asks for more than the files give.
pub(super) async fn refuse_unless_done(context: &Context) -> Result<(), Failure> {
    let workspace = context.project("status")?;
    let folder = workspace.migrations()?.check()?;
    let flags = context.flags();
    let mut places: Vec<Flags> = Vec::new();
    if flags.url.is_none() && flags.environment.is_none() {
        let names = workspace.project.environments.iter();
        places.extend(names.map(|environment| Flags {
            environment: Some(environment.name.value.clone()),
            ..context.flags()
        }));
    }
    if places.is_empty() {
        places.push(flags);
    }
    for flags in &places {
        let mut live = Live::connect_as(context, Some(&workspace), flags).await?;
        let (_, state) = live.history(&workspace).await?;
        let pending: Vec<String> = report(&folder, &state)
            .lines
            .iter()
            .filter(|line| line.pending)
            .map(|line| format!("{} {}", line.version, line.name))
            .collect();
        if !pending.is_empty() {
            return Err(Failure::said(
                "fmt::behind",
                Exit::Refused,
                format!(
                    "{} has not run {} yet",
                    escaped(&live.label()),
                    escaped(&pending.join(", "))
                ),
                "nothing was changed; run `schemactl apply` there first",
            ));
        }
    }
    let declared = workspace.declared()?;
    let (authored, ..) = compared(
        context,
        &workspace,
        &declared,
        &folder,
        &Diff::of_files(),
        &Division::default(),
    )
    .await?;
    match authored {
        None => Ok(()),
        Some(_) => Err(Failure::said(
            "fmt::unwritten",
            Exit::Refused,
            "the KDL files ask for more than the migrations give".to_owned(),
            "nothing was changed; write what is missing with `schemactl diff` and run it everywhere first",
        )),
    }
}
