//! A project at work: the files of a project folder, the database that a command chose and its history, brought
//! together for the commands. Nothing here prints or asks.

mod accept;
mod adopt;
mod base;
mod carried;
mod cluster;
mod column_order;
mod create;
mod drift;
mod elaborated;
mod error;
mod guests;
mod hands;
mod histories;
mod hosted;
mod reached;
mod recorder;
mod renamed;
mod renames;
mod replay;
mod runs;
mod scratch;
mod services;
mod settings;
mod snapshot;
mod surroundings;
mod touched;
mod unrecorded;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::Severity;

use crate::author::MAY_BE_LEFT;
use crate::config::{ConfigError, Database, ManageObjects, Project, Strictness, kdl_files};
use crate::kdl::{Diagnostic, Diagnostics, Mistakes, Sources, Spanned};
use crate::kind::language::{
    Desired, NamePatterns, WriteOptions, clashes, dangling, read, unknown_roles,
};
use crate::migrate::{Folder, FolderError, Place, SHARED};

pub use accept::{Edited, Unplaced, edited};
pub use adopt::{AdoptError, Adopted, adopt, adopt_from, script_of};
pub use base::{
    Base, BaseError, Standing, base_of_live, is_initial, is_meant_by, settled_differences,
    strangers, with_roles_of_files,
};
pub use carried::Carried;
pub use cluster::{Coming, Course};
pub use column_order::{Misplaced, misplaced};
pub use create::{
    Blueprint, CreateError, Created, NewRole, again, create, drop_database, is_there,
};
pub use drift::{Attribute, Drift, attributes, drift, drift_at_sight, needs_scratch};
pub use elaborated::elaborated;
pub use error::ProjectError;
pub use guests::{Guests, guests};
pub use hands::Hands;
pub use histories::{OthersHistory, likely_histories, lines_of, others_histories};
pub use hosted::{Host, Own, host_names, hosts_own};
pub use recorder::Recorder;
pub use renames::{follow_renames, renames_in};
pub use replay::{
    Between, Extent, FoundRows, ReplayError, Replayed, holding, reached, replay, replay_between,
};
pub use runs::drift_hook;
pub use scratch::ScratchDatabases;
pub use services::{Needs, Owners, names_in, needs};
pub use snapshot::{catalog_of, refuse_rows_known_anew, snapshot_of, with_record};
use snapshot::{cut_to_comparable, recorded_as_declared};
pub use surroundings::{between, surroundings};
pub use unrecorded::Unrecorded;

pub use crate::kdl::shown;

/// The first line of every KDL file that `inspect` writes: by it a later `inspect` knows its own files.
pub const INSPECTED: &str = "// Written by schemactl inspect.";

/// Above this number of tables in a schema, partitions not counted, each table gets a file of its own.
const TABLES_PER_FILE: usize = 100;

/// A project and the one of its databases that a command works on.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The project file.
    pub project: Project,
    /// Which of its databases.
    at: usize,
}

/// What the KDL files of a database say, and the files themselves for messages.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The files.
    pub sources: Arc<Sources>,
    /// What they ask for.
    pub desired: Desired,
}

impl Workspace {
    /// The project in `folder` with its database `name`, or its first one.
    ///
    /// # Errors
    /// [`ConfigError`]: no project, mistakes in it, no such database.
    pub fn load(folder: &Path, name: Option<&str>) -> Result<Workspace, ConfigError> {
        let project = Project::load(folder)?;
        let at = match name {
            None => 0,
            Some(name) => project
                .databases
                .iter()
                .position(|database| database.name.value == name)
                .ok_or_else(|| {
                    let known: Vec<&str> = project
                        .databases
                        .iter()
                        .map(|database| database.name.as_str())
                        .collect();
                    ConfigError::UnknownDatabase {
                        name: name.to_owned(),
                        known: format!("known here: {}", known.join(", ")),
                    }
                })?,
        };
        Ok(Workspace { project, at })
    }

    /// A project that was read already, with its first database.
    pub fn of(project: Project) -> Workspace {
        Workspace { project, at: 0 }
    }

    /// Every database of a project.
    pub fn each(project: &Project) -> Vec<Workspace> {
        (0..project.databases.len())
            .map(|at| Workspace {
                project: project.clone(),
                at,
            })
            .collect()
    }

    /// The database.
    pub fn database(&self) -> &Database {
        // A project has at least one database, and `at` was looked up in the list.
        &self.project.databases[self.at]
    }

    /// The KDL files of the database.
    ///
    /// # Errors
    /// [`ConfigError::MissingFiles`], [`ConfigError::Unreadable`].
    pub fn kdl_files(&self) -> Result<Vec<PathBuf>, ConfigError> {
        let services = self.services();
        let own: Vec<&Spanned<String>> = services
            .iter()
            .flat_map(|service| &service.schema_files)
            .collect();
        let database = self.database();
        let folder = &self.project.folder;
        // Where services have files, the database needs none of its own.
        let mut files = match database.kdl_files(folder) {
            Err(ConfigError::MissingFiles { .. })
                if !own.is_empty() && !database.says_schema_files() =>
            {
                Vec::new()
            }
            files => files?,
        };
        files.extend(kdl_files(folder, own)?);
        let mut seen = BTreeSet::new();
        files.retain(|file| seen.insert(file.clone()));
        Ok(files)
    }

    /// Reads the KDL files. Paths are shown as they are seen from the current folder.
    ///
    /// # Errors
    /// [`ProjectError::Kdl`] with all mistakes of all files.
    pub fn declared(&self) -> Result<Declared, ProjectError> {
        self.declared_with(&BTreeMap::new())
    }

    /// The same as if some of the files, or new ones, had these texts.
    ///
    /// # Errors
    /// [`ProjectError::Kdl`] with all mistakes of all files.
    pub fn declared_with(
        &self,
        texts: &BTreeMap<PathBuf, String>,
    ) -> Result<Declared, ProjectError> {
        let mut files: Vec<PathBuf> = self.kdl_files()?.iter().map(|path| shown(path)).collect();
        files.extend(
            texts
                .keys()
                .filter(|path| !files.contains(path))
                .cloned()
                .collect::<Vec<_>>(),
        );
        let diagnostics = Diagnostics::new();
        let sources = Sources::load_instead(&self.project.folder, &files, texts, &diagnostics);
        let mut desired = read(sources.nodes(), &self.name_patterns(), &diagnostics);
        let sources = self.with_project_file(sources.without_nodes(), &mut desired);
        self.dangling(&desired, &diagnostics);
        self.check_services(&desired, &sources, &diagnostics);
        diagnostics
            .into_result(&sources)
            .map_err(|mistakes| ProjectError::Kdl(Box::new(mistakes)))?;
        Ok(Declared { sources, desired })
    }

    /// What is wrong with the KDL files, warnings too.
    ///
    /// # Errors
    /// [`ConfigError`] where the files cannot be found.
    pub fn check(&self) -> Result<(Declared, Mistakes), ConfigError> {
        let files: Vec<PathBuf> = self.kdl_files()?.iter().map(|path| shown(path)).collect();
        let diagnostics = Diagnostics::new();
        let sources = Sources::load_within(&self.project.folder, &files, &diagnostics);
        let mut desired = read(sources.nodes(), &self.name_patterns(), &diagnostics);
        let sources = self.with_project_file(sources.without_nodes(), &mut desired);
        self.dangling(&desired, &diagnostics);
        self.check_services(&desired, &sources, &diagnostics);
        let mistakes = Mistakes::new(sources.clone(), diagnostics.sorted());
        Ok((Declared { sources, desired }, mistakes))
    }

    /// The files with the project file behind them, where that declares settings of the database, or that partitions are all
    /// declared.
    fn with_project_file(&self, files: Sources, desired: &mut Desired) -> Arc<Sources> {
        let database = self.database();
        if database.manage.partitions == Strictness::Exact {
            desired.all_partitions_declared();
        }
        Arc::new(settings::declare(
            database,
            &self.project.sources,
            files,
            desired,
        ))
    }

    /// The mistakes of a project file, and those of the KDL files that it leads to all the same. What the project file
    /// decides about them is not asked: it cannot be read.
    pub fn with_mistakes_of_files(&self, of_project: Mistakes) -> Mistakes {
        let Ok(files) = self.kdl_files() else {
            return of_project;
        };
        let diagnostics = Diagnostics::new();
        let files: Vec<PathBuf> = files.iter().map(|path| shown(path)).collect();
        let sources = Sources::load_within(&self.project.folder, &files, &diagnostics);
        read(sources.nodes(), &self.name_patterns(), &diagnostics);
        let mut found = diagnostics.sorted();
        found.retain(|mistake| mistake.severity == Severity::Error);
        of_project.and(&Mistakes::new(Arc::new(sources.without_nodes()), found))
    }

    /// [`Self::check`] for an editor: `open` holds texts that are not saved yet, `before` what was read the last time.
    /// Paths stay as the project's folder has them, and what was read of the files is kept.
    pub fn check_again(
        &self,
        files: &[PathBuf],
        open: &BTreeMap<PathBuf, String>,
        before: Sources,
    ) -> (Sources, Desired, Vec<Diagnostic>) {
        let diagnostics = Diagnostics::new();
        let sources = Sources::load_again(&self.project.folder, files, open, before, &diagnostics);
        let desired = read(sources.nodes(), &self.name_patterns(), &diagnostics);
        self.dangling(&desired, &diagnostics);
        self.check_services(&desired, &sources, &diagnostics);
        (sources, desired, diagnostics.sorted())
    }

    /// The names that the migrations know; `None` where there are no migrations, or where they cannot be read.
    pub fn names_in_migrations(&self) -> Option<BTreeSet<String>> {
        let folder = self.migrations().ok()?;
        let mut names = BTreeSet::new();
        for migration in folder.migrations() {
            names.extend(services::names_in(migration.up.file.body()));
        }
        (!folder.migrations().is_empty()).then_some(names)
    }

    /// Finds references that lead nowhere. Where only declared objects are the project's, any other may be there.
    fn dangling(&self, desired: &Desired, diagnostics: &Diagnostics) {
        clashes(desired, &self.project.history_schema, diagnostics);
        let database = self.database();
        if database.manage.objects != ManageObjects::Declared {
            let is_ours = |kind: &str, path: &str| database.scope.includes(kind, path);
            dangling(desired, &is_ours, diagnostics);
        }
    }

    /// Finds roles that neither the files nor the cluster have.
    ///
    /// # Errors
    /// [`ProjectError::Kdl`] with all of them.
    pub fn check_roles(
        &self,
        declared: &Declared,
        cluster: &BTreeSet<String>,
    ) -> Result<(), ProjectError> {
        let diagnostics = Diagnostics::new();
        unknown_roles(&declared.desired, cluster, &diagnostics);
        diagnostics
            .into_result(&declared.sources)
            .map_err(|mistakes| ProjectError::Kdl(Box::new(mistakes)))
    }

    /// The patterns of names.
    pub fn name_patterns(&self) -> NamePatterns {
        let patterns = &self.database().names.patterns;
        patterns
            .iter()
            .map(|(kind, pattern)| (kind.clone(), pattern.value.clone()))
            .collect()
    }

    /// How catalogs are written as KDL here.
    pub fn write_options(&self) -> WriteOptions {
        WriteOptions {
            tables_per_file: TABLES_PER_FILE,
            names: self.name_patterns(),
            silent_public: !self.database().scope.owns_everything(),
            ..WriteOptions::default()
        }
    }

    /// What is in the project's hands.
    pub fn hands(&self) -> Hands {
        let database = self.database();
        let left = MAY_BE_LEFT
            .iter()
            .copied()
            .filter(|kind| database.manage.leaves(kind.name()))
            .collect();
        Hands::new(&self.project.history_schema, database.scope.clone())
            .leaving(left)
            .with_settings(database.manage.settings == Strictness::Exact)
    }

    /// The folder in which new KDL files stand.
    pub fn schema_folder(&self) -> PathBuf {
        let places = &self.database().schema_files;
        let folders = places
            .iter()
            .map(|place| self.project.folder.join(&place.value));
        let folder = folders.clone().find(|path| path.is_dir());
        // Where only files are named, beside the first of them.
        let beside = folders
            .clone()
            .next()
            .and_then(|path| Some(path.parent()?.to_owned()));
        shown(
            &folder
                .or(beside)
                .unwrap_or_else(|| self.project.folder.clone()),
        )
    }

    /// The migrations folder, with what is wrong with it kept.
    ///
    /// # Errors
    /// [`FolderError`] where the operating system refuses.
    pub fn migrations(&self) -> Result<Folder, FolderError> {
        let mut dir = self.project.migrations_folder();
        if self.project.databases.len() > 1 {
            dir.push(&self.database().name.value);
        }
        let dir = shown(&dir);
        let migrations = &self.project.migrations;
        let services = self.services();
        let mut places = vec![Place {
            service: String::new(),
            dir: dir.clone(),
        }];
        places.extend(services.iter().map(|service| Place {
            service: service.name.value.clone(),
            dir: match &service.migrations {
                Some(own) => shown(&self.project.folder.join(&own.value)),
                None => dir.join(&service.name.value),
            },
        }));
        let mut patterns = migrations.patterns.clone();
        if !services.is_empty() {
            let names = places.iter().map(|place| match place.service.as_str() {
                "" => SHARED.to_owned(),
                name => name.to_owned(),
            });
            patterns = patterns.of_services(names.collect());
        }
        let folder = Folder::load_all(&dir, places, &patterns)?;
        Ok(folder.with_header(migrations.header.clone()))
    }
}

/// How catalogs are written as KDL where there is no project.
pub fn plain_write_options() -> WriteOptions {
    WriteOptions {
        tables_per_file: TABLES_PER_FILE,
        silent_public: true,
        ..WriteOptions::default()
    }
}
