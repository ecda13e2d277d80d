//! What every command starts from: the flags, the project, the terminal.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::SecretString;

use super::arguments::Global;
use super::failure::Failure;
use super::live::Live;
use super::phases;
use super::screen::Screen;
use crate::config::{ConfigError, Flags, Project, Scratch, Variables};
use crate::kdl::{Mistakes, TextOrEnvironment, shown};
use crate::model::Exit;
use crate::pg::connect::Target;

use crate::project::{ScratchDatabases, Workspace};
use crate::scratch::server::{ScratchError, ScratchPolicy};

/// Flags, terminal and the current folder.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) global: Global,
    /// Shared with what runs beside a command, such as hooks.
    pub(super) screen: Arc<Screen>,
}

impl Context {
    pub(super) fn new(global: Global) -> Context {
        Context {
            screen: Arc::new(Screen::new(&global)),
            global,
        }
    }

    pub(super) fn here(&self) -> PathBuf {
        std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
    }

    /// The same for an environment.
    pub(super) fn in_environment(&self, name: Option<String>) -> Context {
        Context {
            screen: self.screen.clone(),
            global: Global {
                env: name,
                ..self.global.clone()
            },
        }
    }

    /// Refuses formats that a command does not have.
    pub(super) fn formats(&self, command: &str) -> Result<(), Failure> {
        let known = super::formats::formats(command);
        match self.global.format {
            Some(format) if !known.contains(&format) => Err(Failure::said(
                "cli::format",
                Exit::Input,
                format!("`{command}` has no such format"),
                &format!(
                    "its formats are {}",
                    known
                        .iter()
                        .map(|format| format.word())
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            )),
            _ => Ok(()),
        }
    }

    /// The project that a command works on.
    pub(super) fn project(&self, command: &str) -> Result<Workspace, Failure> {
        let workspace = self.find(&self.here()).map_err(|error| match error {
            ConfigError::Kdl(mistakes) if reads_files(command) => {
                self.mistaken(self.with_mistakes_of_files(mistakes))
            }
            error => error.into(),
        })?;
        // `fmt` has all files before it, whatever database they are of.
        if self.global.database.is_none() && command != "fmt" {
            let names = names_of(&workspace);
            if names.len() > 1 {
                return Err(ConfigError::WhichDatabase { names }.into());
            }
        }
        Ok(workspace)
    }

    /// The project, or none where there is none and none was named.
    pub(super) fn project_or_none(&self, command: &str) -> Result<Option<Workspace>, Failure> {
        match self.project(command) {
            Ok(workspace) => Ok(Some(workspace)),
            Err(failure) if self.global.project.is_none() && self.is_alone() => {
                drop(failure);
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    fn is_alone(&self) -> bool {
        matches!(
            Project::find(None, &self.here()),
            Err(ConfigError::NoProject { .. })
        )
    }

    fn find(&self, start: &Path) -> Result<Workspace, ConfigError> {
        let folder = Project::find(self.global.project.as_deref(), start)?;
        Workspace::load(&folder, self.global.database.as_deref())
    }

    /// All mistakes of all files in one run, where the project file has some.
    fn with_mistakes_of_files(&self, of_project: Mistakes) -> Mistakes {
        let folder = Project::find(self.global.project.as_deref(), &self.here());
        let project = folder.ok().and_then(|it| Project::load_in_spite(&it));
        match project {
            Some(project) => Workspace::of(project).with_mistakes_of_files(of_project),
            None => of_project,
        }
    }

    /// The mistakes of files as what a command ends with: the first ones, or all where they are asked for.
    pub(super) fn mistaken(&self, mistakes: Mistakes) -> Failure {
        match self.screen.verbose() > 0 || self.screen.is_json() {
            true => Failure {
                exit: mistakes.exit(),
                reports: mistakes.all_reports(),
            },
            false => mistakes.into(),
        }
    }

    /// The names of the project's databases.
    pub(super) fn databases(&self) -> Result<Vec<String>, Failure> {
        Ok(names_of(&self.find(&self.here())?))
    }

    /// The same for one of the project's databases, where a command goes over them.
    pub(super) fn on_database(&self, name: &str) -> Context {
        Context {
            screen: self.screen.clone(),
            global: Global {
                database: Some(name.to_owned()),
                over_all: true,
                ..self.global.clone()
            },
        }
    }

    /// The same for the database in which a service stands, where the project has several and none was named.
    pub(super) fn for_service(&self, service: Option<&str>) -> Option<Context> {
        let workspace = self.find(&self.here()).ok()?;
        let project = &workspace.project;
        if self.global.database.is_some() || project.databases.len() < 2 {
            return None;
        }
        let database = project.database_of(project.service(service?)?);
        Some(Context {
            screen: self.screen.clone(),
            global: Global {
                database: Some(database.to_owned()),
                ..self.global.clone()
            },
        })
    }

    pub(super) fn flags(&self) -> Flags {
        Flags {
            url: self.global.url.clone().map(SecretString::from),
            environment: self.global.env.clone(),
            database: self.global.database.clone(),
            url_of_first: self.global.over_all,
        }
    }

    pub(super) fn variables(&self, workspace: Option<&Workspace>) -> Variables {
        Variables::load(workspace.map(|workspace| workspace.project.folder.as_path()))
    }

    /// The scratch databases that flags and project allow, for a target of this major version.
    pub(super) async fn scratch(
        &self,
        workspace: Option<&Workspace>,
        live: Option<&Live>,
    ) -> Result<ScratchDatabases, Failure> {
        let policy = self.scratch_policy(workspace)?;
        let session = live.map(|live| &live.session);
        let busy = self.screen.busy("starting a scratch server");
        let opened = ScratchDatabases::open(
            &policy,
            session,
            live.is_some_and(|live| live.policies.is_protected()),
        )
        .await;
        match (opened, &policy) {
            (Err(ScratchError::Connect(error)), ScratchPolicy::Url(_)) => {
                let place = self.scratch_place(workspace);
                Err(ScratchError::Unreached { place, error }.into())
            }
            (opened, _) => {
                let mut databases = opened?;
                drop(busy);
                databases.heard_by(phases::listener(&self.screen));
                Ok(databases)
            }
        }
    }

    /// Who named the scratch server.
    fn scratch_place(&self, workspace: Option<&Workspace>) -> String {
        if self.global.scratch.is_some() {
            return "`--scratch`".to_owned();
        }
        let file =
            workspace.map_or_else(PathBuf::new, |it| it.project.folder.join("schemactl.kdl"));
        format!("`scratch url` in {}", shown(&file).display())
    }

    /// `--scratch`, else what the project file says.
    pub(super) fn scratch_policy(
        &self,
        workspace: Option<&Workspace>,
    ) -> Result<ScratchPolicy, Failure> {
        if let Some(url) = &self.global.scratch {
            return Ok(ScratchPolicy::Url(Target::parse(url)?));
        }
        let scratch = workspace.map_or(&Scratch::Auto, |workspace| &workspace.project.scratch);
        Ok(match scratch {
            Scratch::Auto => ScratchPolicy::Auto,
            Scratch::None => ScratchPolicy::None,
            Scratch::Url(TextOrEnvironment::Text(url)) => ScratchPolicy::Url(Target::parse(url)?),
            Scratch::Url(TextOrEnvironment::Environment(name)) => {
                let variables = self.variables(workspace);
                let Some(url) = variables.get(name) else {
                    return Err(Failure::said(
                        "config::no-variable",
                        Exit::Input,
                        format!("`scratch url (env){name}`: the variable is not set"),
                        "set it, or put it into `.env` beside schemactl.kdl",
                    ));
                };
                ScratchPolicy::Url(Target::parse(url)?)
            }
            Scratch::Postgres(version) => ScratchPolicy::Postgres {
                version: version.and_then(|version| u32::try_from(version).ok()),
            },
            Scratch::Container(image) => ScratchPolicy::Container {
                image: image.clone(),
            },
        })
    }
}

fn names_of(workspace: &Workspace) -> Vec<String> {
    let databases = workspace.project.databases.iter();
    databases.map(|it| it.name.value.clone()).collect()
}

/// Whether a command reads the KDL files, so that what is wrong with them is told in the same run.
fn reads_files(command: &str) -> bool {
    ["check", "diff", "verify", "drift", "plan", "lint"].contains(&command)
}
