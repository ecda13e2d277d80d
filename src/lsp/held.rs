//! What is held of a project between two messages: its files as the editor has them, what they declare, what is wrong with
//! them and where everything is named.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::config::{ConfigError, Project};
use crate::kdl::{Diagnostic, Diagnostics, Node, SourceId, Sources, Span};
use crate::kind::language::{Desired, How, Mention, Symbol, mentions};
use crate::model::{Kind, ObjectId};
use crate::project::Workspace;

/// One database of a project.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) workspace: Workspace,
    pub(super) sources: Sources,
    pub(super) desired: Desired,
    pub(super) mentions: Vec<Mention>,
    mistakes: Vec<Diagnostic>,
    /// What was declared when all files could be read for the last time: half a line hides what is around it.
    whole: BTreeSet<ObjectId>,
}

/// A project.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) folder: PathBuf,
    /// The project file.
    pub(super) file: Sources,
    pub(super) bases: Vec<Base>,
    /// The last project file that could be read.
    project: Option<Project>,
    mistakes: Vec<Diagnostic>,
    /// What is wrong and has no place: shown at the top of the project file.
    placeless: Vec<Diagnostic>,
}

/// A mistake and the files that its places are in.
pub(super) struct Mistake<'h> {
    pub(super) sources: &'h Sources,
    pub(super) diagnostic: &'h Diagnostic,
}

impl Held {
    pub(super) fn file_of(folder: &Path) -> PathBuf {
        folder.join("schemactl.kdl")
    }

    /// Reads the project in `folder`; what did not change since `before` is not parsed again.
    pub(super) fn read(
        folder: &Path,
        open: &BTreeMap<PathBuf, String>,
        before: Option<Held>,
    ) -> Held {
        let (mut last, mut bases) = match before {
            Some(before) => (before.project, before.bases),
            None => (None, Vec::new()),
        };
        let path = Held::file_of(folder);
        let text = match open.get(&path) {
            Some(text) => Ok(text.clone()),
            None => std::fs::read_to_string(&path),
        };
        let mut held = Held {
            folder: folder.to_owned(),
            file: Sources::default(),
            bases: Vec::new(),
            project: None,
            mistakes: Vec::new(),
            placeless: Vec::new(),
        };
        match text {
            Ok(text) => {
                held.file = Sources::from_texts([(path, text.as_str())], &Diagnostics::new());
                match Project::parse(folder, &text) {
                    Ok(project) => last = Some(project),
                    Err(ConfigError::Kdl(mistakes)) => held.mistakes = mistakes.diagnostics,
                    Err(error) => held.without_place(&error),
                }
            }
            Err(error) => held.without_place(&ConfigError::Unreadable { path, error }),
        }
        for workspace in last.iter().flat_map(Workspace::each) {
            let mut files = match workspace.kdl_files() {
                Ok(files) => files,
                Err(error) => {
                    held.without_place(&error);
                    continue;
                }
            };
            add_unsaved(&workspace, open, &mut files);
            let name = &workspace.database().name.value;
            let (old, mut whole) = bases
                .iter_mut()
                .find(|base| base.workspace.database().name.value == *name)
                .map(|base| {
                    let sources = std::mem::take(&mut base.sources);
                    (sources, std::mem::take(&mut base.whole))
                })
                .unwrap_or_default();
            let (sources, desired, mistakes) = workspace.check_again(&files, open, old);
            let mentions = mentions(&sources, &desired);
            if mistakes.iter().all(|mistake| mistake.code != "kdl::syntax") {
                whole = desired
                    .objects
                    .keys()
                    .filter(|id| !id.kind.is_facet())
                    .cloned()
                    .collect();
            }
            held.bases.push(Base {
                workspace,
                sources,
                desired,
                mentions,
                mistakes,
                whole,
            });
        }
        held.project = last;
        held
    }

    fn without_place(&mut self, error: &ConfigError) {
        use miette::Diagnostic as _;
        let mut mistake = Diagnostic::error("config::project", error.to_string());
        if let Some(help) = error.help() {
            mistake = mistake.help(help.to_string());
        }
        self.placeless.push(mistake);
    }

    /// Everything that is wrong.
    pub(super) fn mistakes(&self) -> impl Iterator<Item = Mistake<'_>> {
        let own = self.mistakes.iter().chain(&self.placeless);
        let own = own.map(|diagnostic| Mistake {
            sources: &self.file,
            diagnostic,
        });
        let others = self.bases.iter().flat_map(|base| {
            base.mistakes.iter().map(|diagnostic| Mistake {
                sources: &base.sources,
                diagnostic,
            })
        });
        own.chain(others)
    }

    /// The database that a file belongs to, and the file.
    pub(super) fn base_of(&self, path: &Path) -> Option<(&Base, SourceId)> {
        self.bases
            .iter()
            .find_map(|base| base.source(path).map(|id| (base, id)))
    }
}

/// A file that was never saved is not on the disk yet.
fn add_unsaved(workspace: &Workspace, open: &BTreeMap<PathBuf, String>, files: &mut Vec<PathBuf>) {
    let folders: Vec<PathBuf> = workspace
        .database()
        .schema_files
        .iter()
        .map(|place| workspace.project.folder.join(&place.value))
        .collect();
    for path in open.keys() {
        let is_new = !files.contains(path) && !path.exists();
        let is_kdl = path.extension().is_some_and(|it| it == "kdl");
        if is_new && is_kdl && folders.iter().any(|folder| path.starts_with(folder)) {
            files.push(path.clone());
        }
    }
}

impl Base {
    pub(super) fn source(&self, path: &Path) -> Option<SourceId> {
        self.sources
            .files()
            .find(|(_, source)| source.path == path)
            .map(|(id, _)| id)
    }

    /// What is declared, and what was before half a line was written.
    pub(super) fn objects(&self) -> impl Iterator<Item = &ObjectId> {
        let now = &self.desired.objects;
        let before = self.whole.iter().filter(|id| !now.contains_key(*id));
        now.keys().chain(before)
    }

    /// The same of one kind.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &ObjectId> {
        self.objects().filter(move |id| id.kind == kind)
    }

    /// The nodes of a file.
    pub(super) fn nodes(&self, id: SourceId) -> &[Node] {
        self.sources.get(id).map_or(&[], |source| &source.nodes)
    }

    /// What is named at a place, in the narrowest words that hold it.
    pub(super) fn at(&self, id: SourceId, at: usize) -> Vec<&Mention> {
        let here = |mention: &&Mention| {
            mention.span.source == id && mention.span.start <= at && at <= mention.span.end
        };
        let all: Vec<&Mention> = self.mentions.iter().filter(here).collect();
        let narrowest = all
            .iter()
            .map(|mention| mention.span.end - mention.span.start)
            .min();
        all.into_iter()
            .filter(|mention| Some(mention.span.end - mention.span.start) == narrowest)
            .collect()
    }

    /// Everything that goes by the names at a place: a column of a mixin is one of every table that uses it.
    pub(super) fn symbols(&self, id: SourceId, at: usize) -> BTreeSet<&Symbol> {
        let mut symbols: BTreeSet<&Symbol> = self
            .at(id, at)
            .iter()
            .map(|mention| &mention.symbol)
            .collect();
        let declared = |symbols: &BTreeSet<&Symbol>| -> BTreeSet<Span> {
            self.mentions
                .iter()
                .filter(|it| it.how == How::Declared && symbols.contains(&it.symbol))
                .map(|it| it.span)
                .collect()
        };
        let places = declared(&symbols);
        symbols.extend(
            self.mentions
                .iter()
                .filter(|it| it.how == How::Declared && places.contains(&it.span))
                .map(|it| &it.symbol),
        );
        symbols
    }

    /// All places of these symbols.
    pub(super) fn places<'b>(
        &'b self,
        symbols: &'b BTreeSet<&Symbol>,
    ) -> impl Iterator<Item = &'b Mention> {
        self.mentions
            .iter()
            .filter(|mention| symbols.contains(&mention.symbol))
    }
}
