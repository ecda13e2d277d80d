//! `docs`: a reference of the database as static pages.

use std::collections::BTreeSet;
use std::path::Path;

use super::answer::DocsWritten;
use super::arguments::Docs;
use super::context::Context;
use super::diff::now;
use super::failure::Failure;
use super::graph::write;
use super::report::{counted, escaped};
use super::state::shown_state;
use crate::model::Exit;
use crate::project::shown;
use crate::reference::Reference;

/// The list of the pages that an earlier run wrote: only those are ever replaced or removed.
const LIST: &str = ".schemactl-docs";

pub(super) async fn run(context: &Context, options: Docs) -> Result<Exit, Failure> {
    context.formats("docs")?;
    let folder = context.here().join(&options.output);
    // Before anything is read: a folder of somebody else stays as it is.
    let old = pages_in(&folder)?;
    let state = shown_state(context, "docs", options.from).await?;
    let busy = context.screen.busy("writing the pages");
    let reference = Reference {
        name: state.name.clone(),
        label: state.label.clone(),
        date: now().date().to_string(),
        catalog: &state.catalog,
        members: state.members.clone(),
        tags: state
            .declared
            .as_ref()
            .map(|declared| declared.desired.tags.clone())
            .unwrap_or_default(),
    };
    let pages = reference.pages();
    let names: BTreeSet<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    for (name, _) in &pages {
        if !old.contains(name) && folder.join(name).exists() {
            return Err(not_ours(&folder.join(name)));
        }
    }
    let list: String = names.iter().map(|name| format!("{name}\n")).collect();
    // What will be ours is said first: a run that breaks off leaves nothing that the next one would not touch.
    let all: BTreeSet<&str> = names
        .iter()
        .copied()
        .chain(old.iter().map(String::as_str))
        .collect();
    let all: String = all.iter().map(|name| format!("{name}\n")).collect();
    write(&folder.join(LIST), &all)?;
    for (name, text) in &pages {
        write(&folder.join(name), text)?;
    }
    for name in old.iter().filter(|name| !names.contains(name.as_str())) {
        let path = folder.join(name);
        if path.exists() {
            std::fs::remove_file(&path).map_err(|error| Failure::io("remove", &path, &error))?;
        }
    }
    write(&folder.join(LIST), &list)?;
    drop(busy);
    let index = folder.join("index.html");
    if context.screen.is_json() {
        context.screen.print_json(&DocsWritten {
            ok: true,
            folder: folder.clone(),
            pages: names.iter().map(ToString::to_string).collect(),
            objects: state.catalog.objects.len(),
        });
    }
    context.screen.say(format!(
        "  wrote  {}   {} of {}",
        escaped(&shown(&index).display().to_string()),
        counted(pages.len() - 1, "page"),
        escaped(&state.label)
    ));
    Ok(Exit::Fine)
}

/// The pages of an earlier run; refused where the folder holds files and none of them is ours.
fn pages_in(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    match std::fs::read_to_string(folder.join(LIST)) {
        Ok(list) => Ok(list
            .lines()
            // A line is a file of this folder, whatever somebody wrote into the list.
            .filter(|name| !name.contains(['/', '\\']) && !name.starts_with('.'))
            .map(str::to_owned)
            .collect()),
        Err(_) => {
            let empty =
                std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
            if empty {
                Ok(BTreeSet::new())
            } else {
                Err(not_ours(folder))
            }
        }
    }
}

fn not_ours(path: &Path) -> Failure {
    Failure::said(
        "docs::not_ours",
        Exit::Refused,
        format!(
            "`{}` was not written by `schemactl docs`",
            shown(path).display()
        ),
        "nothing was written; take another `--output` folder",
    )
}
