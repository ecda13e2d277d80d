//! The project file as typed settings. Reading it reports every mistake of the file at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::database::Database;
use super::environment::{Environment, Policies};
use super::error::ConfigError;
use super::lint::{Lint, Validate};
use super::read::{address, is_meant};
use super::services::Service;
use crate::kdl::{
    Diagnostic, Diagnostics, NodeReader, Sources, Span, Spanned, TextOrEnvironment, unknown_node,
};
use crate::naming::Patterns;

/// The name of the project file.
pub(super) const FILE: &str = "schemactl.kdl";

/// `migrations "dir" { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    /// The folder, from the project's folder.
    pub folder: String,
    /// How files are called and numbered.
    pub patterns: Patterns,
    /// The lines of the header; none: all.
    pub header: Option<Vec<String>>,
    /// Where the project file says so.
    pub(super) place: Span,
}

/// Where scratch databases come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scratch {
    /// The design's order.
    Auto,
    /// Nothing is proven.
    None,
    /// This server.
    Url(TextOrEnvironment),
    /// Binaries of this machine, of a major version.
    Postgres(Option<i64>),
    /// A container.
    Container(Option<String>),
}

/// `schemactl.kdl`, read.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder of the project file; all paths in it start here.
    pub folder: PathBuf,
    /// `project NAME`.
    pub name: Spanned<String>,
    /// `author`; silent: git's `user.name`, which is found elsewhere.
    pub author: Option<String>,
    /// `migrations`.
    pub migrations: Migrations,
    /// Schema of the history.
    pub history_schema: String,
    /// `scratch`.
    pub scratch: Scratch,
    /// The databases; never empty.
    pub databases: Vec<Database>,
    /// The services.
    pub services: Vec<Service>,
    /// `lint`.
    pub lint: Lint,
    /// `validate`.
    pub validate: Option<Validate>,
    /// `defaults`.
    pub defaults: Policies,
    /// The environments in their order.
    pub environments: Vec<Environment>,
    /// The file's text, for labels.
    pub sources: Arc<Sources>,
}

impl Project {
    /// The folder of the project: `--project DIR`, else the nearest folder from `start` upwards that holds a project file.
    ///
    /// # Errors
    /// [`ConfigError::NotAProject`], [`ConfigError::NoProject`].
    pub fn find(named: Option<&Path>, start: &Path) -> Result<PathBuf, ConfigError> {
        if let Some(named) = named {
            let folder = start.join(named);
            if folder.join(FILE).is_file() {
                return Ok(folder);
            }
            return Err(ConfigError::NotAProject {
                folder: named.to_owned(),
            });
        }
        start
            .ancestors()
            .find(|folder| folder.join(FILE).is_file())
            .map(Path::to_owned)
            .ok_or_else(|| ConfigError::NoProject {
                start: start.to_owned(),
            })
    }

    /// Reads `schemactl.kdl` of `folder`.
    ///
    /// # Errors
    /// [`ConfigError::Kdl`] with all mistakes, [`ConfigError::Unreadable`].
    pub fn load(folder: &Path) -> Result<Self, ConfigError> {
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => ConfigError::NotText { path: path.clone() },
            _ => ConfigError::Unreadable {
                path: path.clone(),
                error,
            },
        })?;
        Self::parse(folder, &text)
    }

    /// Reads the text of a project file that stands in `folder`.
    ///
    /// # Errors
    /// [`ConfigError::Kdl`] with all mistakes.
    pub fn parse(folder: &Path, text: &str) -> Result<Self, ConfigError> {
        let (project, sources, diagnostics) = Self::read(folder, text);
        diagnostics.into_result(&sources)?;
        // Nothing was reported, so everything demanded is there.
        project.ok_or_else(|| ConfigError::NotAProject {
            folder: folder.to_owned(),
        })
    }

    /// What can be read of the project file of `folder` in spite of its mistakes.
    pub fn load_in_spite(folder: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(folder.join(FILE)).ok()?;
        Self::read(folder, &text).0
    }

    fn read(folder: &Path, text: &str) -> (Option<Self>, Arc<Sources>, Diagnostics) {
        let diagnostics = Diagnostics::new();
        let sources = Arc::new(Sources::from_texts(
            [(folder.join(FILE), text)],
            &diagnostics,
        ));
        let project = match sources.nodes().next() {
            // A file of which nothing can be read has no nodes: what is missing in it means nothing.
            None if diagnostics.has_errors() => None,
            _ => read(folder, &sources, &diagnostics),
        };
        (project, sources, diagnostics)
    }

    /// The environment of that name.
    ///
    /// # Errors
    /// [`ConfigError::UnknownEnvironment`].
    pub fn environment(&self, name: &str) -> Result<&Environment, ConfigError> {
        self.environments
            .iter()
            .find(|environment| environment.name.value == name)
            .ok_or_else(|| {
                let known: Vec<&str> = self
                    .environments
                    .iter()
                    .map(|environment| environment.name.as_str())
                    .collect();
                ConfigError::UnknownEnvironment {
                    name: name.to_owned(),
                    known: match known.as_slice() {
                        [] => "schemactl.kdl has no `environment` at all".to_owned(),
                        known => crate::kdl::suggestion(name, known, ""),
                    },
                }
            })
    }

    /// The policies of an environment over the project's defaults; the defaults alone where none is named.
    ///
    /// # Errors
    /// [`ConfigError::UnknownEnvironment`].
    pub fn policies(&self, environment: Option<&str>) -> Result<Policies, ConfigError> {
        let mut policies = match environment {
            Some(name) => self.environment(name)?.policies.over(&self.defaults),
            None => self.defaults.clone(),
        };
        if policies.validate.is_none() {
            policies.validate.clone_from(&self.validate);
        }
        Ok(policies)
    }

    /// The folder of the migration files.
    pub fn migrations_folder(&self) -> PathBuf {
        self.folder.join(&self.migrations.folder)
    }
}

/// Everything of the file; `None` only after something was reported.
fn read(folder: &Path, sources: &Arc<Sources>, diagnostics: &Diagnostics) -> Option<Project> {
    let known = [
        "project",
        "database",
        "service",
        "defaults",
        "environment",
        "lint",
        "validate",
    ];
    let mut project = None;
    let mut databases: Vec<Database> = Vec::new();
    let mut services: Vec<Service> = Vec::new();
    let mut environments: Vec<Environment> = Vec::new();
    let (mut defaults, mut lint, mut validate) = (Policies::default(), Lint::default(), None);
    let mut only_once: Vec<(&str, Span)> = Vec::new();
    let mut head = None;
    for node in sources.nodes() {
        let mut n = NodeReader::new(node, diagnostics);
        let kind = node.name.value.as_str();
        super::paths::check(folder, node, diagnostics);
        if ["project", "defaults", "lint", "validate"].contains(&kind) {
            match only_once.iter().find(|(word, _)| *word == kind) {
                Some((_, before)) => duplicate(kind, node.head(), *before, diagnostics),
                None => only_once.push((kind, node.head())),
            }
        }
        match kind {
            "project" => {
                project = project.or(read_head(n));
                head = Some(node.head());
            }
            "database" => databases.extend(Database::read(n)),
            "service" => services.extend(Service::read(n)),
            "defaults" => defaults = Policies::read(n),
            "environment" => {
                let name = n.name();
                let policies = Policies::read(n);
                environments.extend(name.map(|name| Environment { name, policies }));
            }
            "lint" => lint = Lint::read(n),
            "validate" => validate = Some(Validate::read(n)),
            _ => unknown_node(node, &known, diagnostics),
        }
    }
    twice(
        "database",
        databases.iter().map(|database| &database.name),
        diagnostics,
    );
    twice(
        "service",
        services.iter().map(|service| &service.name),
        diagnostics,
    );
    twice(
        "environment",
        environments.iter().map(|environment| &environment.name),
        diagnostics,
    );
    super::database::check(&databases, diagnostics);
    super::order::check(&defaults, &environments, diagnostics);
    for environment in &environments {
        for (name, url) in &environment.policies.database_urls {
            if !databases
                .iter()
                .any(|database| database.name.value == *name)
            {
                diagnostics.push(
                    Diagnostic::error(
                        "config::unknown-database",
                        format!("the project has no database `{name}`"),
                    )
                    .at(url.span, "its URL")
                    .help("declare it with a `database` node"),
                );
            }
        }
    }
    let Some(mut project) = project else {
        // A slip of its word was reported where it stands.
        let meant = sources
            .nodes()
            .any(|node| is_meant(&node.name.value, "project"));
        if head.is_none() && !meant {
            diagnostics.push(
                Diagnostic::error("kdl::missing", format!("`{FILE}` has no `project` node"))
                    .at(Span::default(), "here")
                    .help("begin the file with `project NAME edition=1`"),
            );
        }
        return None;
    };
    if databases.is_empty() {
        databases.push(Database::silent(project.name.clone()));
    }
    folder.clone_into(&mut project.folder);
    super::migrations::check(&project.migrations, &services, diagnostics);
    super::services::check(&project.migrations, &databases, &services, diagnostics);
    project.databases = databases;
    project.services = services;
    project.lint = lint;
    project.validate = validate;
    project.defaults = defaults;
    project.environments = environments;
    project.sources = sources.clone();
    Some(project)
}

fn duplicate(what: &str, here: Span, before: Span, diagnostics: &Diagnostics) {
    diagnostics.push(
        Diagnostic::error("kdl::duplicate", format!("{what} stands twice"))
            .at(here, "again here")
            .at(before, "first here")
            .help("keep one of them"),
    );
}

fn twice<'n>(
    kind: &str,
    names: impl Iterator<Item = &'n Spanned<String>>,
    diagnostics: &Diagnostics,
) {
    let mut seen: Vec<&Spanned<String>> = Vec::new();
    for name in names {
        match seen.iter().find(|before| before.value == name.value) {
            Some(before) => {
                duplicate(
                    &format!("{kind} `{}`", name.value),
                    name.span,
                    before.span,
                    diagnostics,
                );
            }
            None => seen.push(name),
        }
    }
}

fn read_head(mut n: NodeReader<'_>) -> Option<Project> {
    let name = n.name();
    match n.number("edition") {
        Some(edition) if edition.value != 1 => n.report(
            Diagnostic::error(
                "config::edition",
                format!("edition {} is not known", edition.value),
            )
            .at(edition.span, "this version of schemactl reads edition 1")
            .help("use a newer schemactl"),
        ),
        None if !n.has("edition") => {
            n.missing("`edition=1`");
        }
        _ => {}
    }
    let author = n.text("author").map(|text| text.value);
    let migrations = n
        .attribute("migrations")
        .map_or_else(Migrations::silent, Migrations::read);
    let history_schema = n
        .child("history")
        .and_then(|mut n| {
            let schema = n.name_of("schema");
            n.finish();
            schema
        })
        .map_or_else(|| "schemactl".to_owned(), |name| name.value);
    let scratch = n
        .attribute("scratch")
        .and_then(read_scratch)
        .unwrap_or(Scratch::Auto);
    n.finish();
    Some(Project {
        folder: PathBuf::new(),
        name: name?,
        author,
        migrations,
        history_schema,
        scratch,
        databases: Vec::new(),
        services: Vec::new(),
        lint: Lint::default(),
        validate: None,
        defaults: Policies::default(),
        environments: Vec::new(),
        sources: Arc::default(),
    })
}

fn read_scratch(mut n: NodeReader<'_>) -> Option<Scratch> {
    // `scratch url (env)N`, `scratch url=(env)N`: the word and its value.
    let scratch = if n.has("url") {
        address(&mut n, "url").map(|url| Scratch::Url(url.value))
    } else {
        match n
            .word_argument("place", &["auto", "none", "url", "postgres", "container"])?
            .value
        {
            "auto" => Some(Scratch::Auto),
            "none" => Some(Scratch::None),
            "url" => n
                .text_or_env_argument("URL")
                .map(|url| Scratch::Url(url.value)),
            "postgres" => Some(Scratch::Postgres(
                n.number("version").map(|number| number.value),
            )),
            _ => Some(Scratch::Container(n.text("image").map(|text| text.value))),
        }
    };
    n.finish();
    scratch
}

/// The nodes of the project file with their words, asked of what reads them.
pub fn vocabulary() -> Vec<(&'static str, Vec<crate::kdl::Asked>)> {
    use crate::kdl::words_of_whole;
    vec![
        ("project", words_of_whole("project", |n| drop(read_head(n)))),
        (
            "database",
            words_of_whole("database", |n| drop(Database::read(n))),
        ),
        (
            "service",
            words_of_whole("service", |n| drop(Service::read(n))),
        ),
        (
            "defaults",
            words_of_whole("defaults", |n| drop(Policies::read(n))),
        ),
        (
            "environment",
            words_of_whole("environment", |mut n| {
                n.name();
                drop(Policies::read(n));
            }),
        ),
        ("lint", words_of_whole("lint", |n| drop(Lint::read(n)))),
        (
            "validate",
            words_of_whole("validate", |n| drop(Validate::read(n))),
        ),
    ]
}
