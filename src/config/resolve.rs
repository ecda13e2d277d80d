//! Which database a command works on, and under which policies. A named environment never falls through to another
//! database; a protected one is never chosen silently.

use secrecy::SecretString;

use super::environment::{DatabaseUrl, Policies};
use super::error::ConfigError;
use super::project::Project;
use super::variables::Variables;
use crate::kdl::TextOrEnvironment;

/// What the command line says.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--url`.
    pub url: Option<SecretString>,
    /// `--env`.
    pub environment: Option<String>,
    /// The database of a project that has several.
    pub database: Option<String>,
    /// Whether a command goes over all databases, so that `url` is that of the first, and only its server that of others.
    pub url_of_first: bool,
}

/// Where the database is. Connecting is done elsewhere.
#[derive(Debug, Clone)]
pub enum Target {
    /// A connection URL or a `key=value` string; a secret.
    Url(SecretString),
    /// A cluster of the project's own in `.schemactl/`.
    Embedded,
    /// libpq's `PG*` variables and `~/.pgpass`.
    Libpq,
}

/// Who named the target; for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `--url`.
    Flag,
    /// An environment of the project file.
    Environment(String),
    /// `DATABASE_URL`.
    DatabaseUrl,
    /// `PGHOST` and its like.
    Libpq,
}

/// Defaults, environment and flags, merged.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The environment whose policies hold; none: the defaults alone.
    pub environment: Option<String>,
    /// Where the database is.
    pub target: Target,
    /// Who said so.
    pub origin: Origin,
    /// The database's name in the project, by which an embedded one is called too.
    pub database: String,
    /// Whether the target says the server only: the database is the one of that name there.
    pub beside: bool,
    /// The policies.
    pub policies: Policies,
}

impl Settings {
    /// Chooses the database: `--url`; else `--env`; else `SCHEMACTL_ENV`; else the only environment that is not protected;
    /// where the project has no environment, `DATABASE_URL`, then `PG*`. With `--url`, `--env` still names the policies.
    ///
    /// # Errors
    /// [`ConfigError`] when a named environment is unknown or has no URL, when several could be meant, or none.
    pub fn resolve(
        project: Option<&Project>,
        flags: &Flags,
        variables: &Variables,
    ) -> Result<Self, ConfigError> {
        let database = database_name(project, flags)?;
        let first = project
            .and_then(|project| project.databases.first())
            .is_none_or(|first| first.name.value == database);
        let policies = |environment: Option<&str>| match project {
            Some(project) => project.policies(environment),
            None => Ok(Policies::default()),
        };
        if let Some(url) = &flags.url {
            return Ok(Self {
                environment: flags.environment.clone(),
                target: Target::Url(url.clone()),
                origin: Origin::Flag,
                beside: flags.url_of_first && !first,
                database,
                policies: policies(flags.environment.as_deref())?,
            });
        }
        if let Some(name) = chosen(project, flags, variables)? {
            let policies = policies(Some(&name))?;
            let own = policies.database_urls.contains_key(&database);
            let target = target_of(&name, &policies, &database, variables)?;
            return Ok(Self {
                environment: Some(name.clone()),
                target,
                origin: Origin::Environment(name),
                beside: !first && !own,
                database,
                policies,
            });
        }
        let (target, origin) = match variables.get("DATABASE_URL") {
            Some(url) => (Target::Url(url.into()), Origin::DatabaseUrl),
            None if variables.names_a_server() => (Target::Libpq, Origin::Libpq),
            None => return Err(ConfigError::NoDatabase),
        };
        let policies = policies(None)?;
        Ok(Self {
            environment: None,
            target,
            origin,
            beside: !first,
            database,
            policies,
        })
    }
}

/// The name of the database in the project: the flag's, the only one's, the first one's; `postgres` without a project.
fn database_name(project: Option<&Project>, flags: &Flags) -> Result<String, ConfigError> {
    let names: Vec<&str> = project
        .iter()
        .flat_map(|project| &project.databases)
        .map(|database| database.name.as_str())
        .collect();
    match &flags.database {
        Some(name) if names.contains(&name.as_str()) => Ok(name.clone()),
        Some(name) => Err(ConfigError::UnknownDatabase {
            name: name.clone(),
            known: format!("known here: {}", names.join(", ")),
        }),
        None => Ok(names.first().copied().unwrap_or("postgres").to_owned()),
    }
}

/// The environment that is meant, or none where the project has none.
fn chosen(
    project: Option<&Project>,
    flags: &Flags,
    variables: &Variables,
) -> Result<Option<String>, ConfigError> {
    let named = flags
        .environment
        .as_deref()
        .or_else(|| variables.get("SCHEMACTL_ENV"));
    if let Some(name) = named {
        return match project {
            Some(project) => Ok(Some(project.environment(name)?.name.value.clone())),
            None => Err(ConfigError::UnknownEnvironment {
                name: name.to_owned(),
                known: "environments stand in schemactl.kdl, and there is none here".to_owned(),
            }),
        };
    }
    let Some(project) = project.filter(|project| !project.environments.is_empty()) else {
        return Ok(None);
    };
    let (mut open, mut all) = (Vec::new(), Vec::new());
    for environment in &project.environments {
        let name = environment.name.value.clone();
        if !environment.policies.over(&project.defaults).is_protected() {
            open.push(name.clone());
        }
        all.push(name);
    }
    match open.len() {
        0 => Err(ConfigError::OnlyProtected { names: all }),
        1 => Ok(open.pop()),
        _ => Err(ConfigError::WhichEnvironment { names: open }),
    }
}

/// The target of an environment: the database's own URL, else the plain one.
fn target_of(
    environment: &str,
    policies: &Policies,
    database: &str,
    variables: &Variables,
) -> Result<Target, ConfigError> {
    let own = policies.database_urls.get(database);
    let url = own.or(policies.url.as_ref());
    match url.map(|url| &url.value) {
        Some(DatabaseUrl::Embedded) => Ok(Target::Embedded),
        Some(DatabaseUrl::Url(TextOrEnvironment::Text(url))) => {
            Ok(Target::Url(url.as_str().into()))
        }
        Some(DatabaseUrl::Url(TextOrEnvironment::Environment(variable))) => {
            match variables.get(variable) {
                Some(url) => Ok(Target::Url(url.into())),
                None => Err(ConfigError::NoVariable {
                    environment: environment.to_owned(),
                    variable: variable.clone(),
                }),
            }
        }
        None => Err(ConfigError::NoUrl {
            environment: environment.to_owned(),
            database: (!policies.database_urls.is_empty()).then(|| database.to_owned()),
        }),
    }
}
