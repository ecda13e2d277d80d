//! `fmt`: one layout and one order for all KDL files; what they say, comments included, stays.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::answer::Formatted;
use super::arguments::Fmt;
use super::context::Context;
use super::failure::Failure;
use super::prune;
use super::report::escaped;
use crate::kdl::{Diagnostics, Mistakes, Sources, format};
use crate::kind::language::Order;
use crate::model::Exit;
use crate::project::{Workspace, shown};

pub(super) async fn run(context: &Context, options: &Fmt) -> Result<Exit, Failure> {
    context.formats("fmt")?;
    if options.prune {
        for name in context.databases()? {
            prune::refuse_unless_done(&context.on_database(&name)).await?;
        }
    }
    let files = if options.paths.is_empty() {
        let workspace = context.project("fmt")?;
        let mut files = vec![workspace.project.folder.join("schemactl.kdl")];
        for at in Workspace::each(&workspace.project) {
            files.extend(at.kdl_files()?);
        }
        files
    } else {
        let mut files = Vec::new();
        for path in &options.paths {
            collect(path, &mut files)?;
        }
        files
    };
    let files: Vec<PathBuf> = files.iter().map(|path| shown(path)).collect();
    let diagnostics = Diagnostics::new();
    let sources = Arc::new(Sources::load(&files, &diagnostics));
    let mut changed = Vec::new();
    let mut words = 0;
    for (id, source) in sources.files() {
        let mut pruned = Ok(source.text.to_string());
        if options.prune {
            pruned = crate::kdl::prune(id, &source.text, prune::WORDS).map(|pruned| {
                words += pruned.words;
                pruned.text
            });
        }
        match pruned.and_then(|text| format(id, &text, &Order)) {
            Ok(text) if text != source.text => changed.push((source.path.clone(), text)),
            Ok(_) => {}
            Err(mistakes) => mistakes.into_iter().for_each(|one| diagnostics.push(one)),
        }
    }
    if diagnostics.has_errors() {
        return Err(Mistakes::new(sources.clone(), diagnostics.sorted()).into());
    }
    for (path, text) in &changed {
        if !options.check {
            std::fs::write(path, text).map_err(|error| Failure::io("write", path, &error))?;
        }
        if !context.screen.is_json() {
            context.screen.print(escaped(&path.display().to_string()));
        }
    }
    if context.screen.is_json() {
        let files = changed.iter().map(|(path, _)| path.display().to_string());
        context.screen.print_json(&Formatted {
            files: files.collect(),
            words,
        });
    } else if options.prune {
        context
            .screen
            .say(format!("  {words} words of transition taken out"));
    }
    Ok(if options.check && !changed.is_empty() {
        Exit::Todo
    } else {
        Exit::Fine
    })
}

/// A file as it is named, or every KDL file below a folder.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let missing = |error: &std::io::Error| {
        Failure::said(
            "cli::missing-file",
            Exit::Input,
            format!("can't read `{}`: {error}", path.display()),
            "check the path",
        )
    };
    let kind = std::fs::metadata(path).map_err(|error| missing(&error))?;
    if kind.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
        .map_err(|error| missing(&error))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    for entry in entries {
        let hidden = entry
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if entry.is_dir()
            || entry
                .extension()
                .is_some_and(|extension| extension == "kdl")
        {
            collect(&entry, files)?;
        }
    }
    Ok(())
}
