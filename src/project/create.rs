//! Makes a database that is not there, as its node in the project file says, with the declared roles that the cluster lacks.
//!
//! The rule: all that can be known to fail is asked before anything is made, and a database that could not be finished is
//! taken away again. One that is there is left as it is.

use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};

use super::Workspace;
use crate::config::{Policies, Variables};
use crate::kind::language::Desired;
use crate::kind::role::Role;
use crate::kind::{Object, setting};
use crate::model::{Exit, Kind};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::quote::{ident, literal};

/// A role that is made where it is missing.
#[derive(Debug)]
pub struct NewRole {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub role: Role,
    /// The variable of its password, and what that holds.
    pub password: Option<(String, Option<SecretString>)>,
}

/// How a database is made.
#[derive(Debug)]
pub struct Blueprint {
    /// Its name on the server.
    pub database: String,
    /// OWNER.
    pub owner: Option<String>,
    /// ENCODING.
    pub encoding: Option<String>,
    /// TEMPLATE.
    pub template: Option<String>,
    /// Further words of CREATE DATABASE with their values.
    pub locale: Vec<(&'static str, String)>,
    /// Settings of the database.
    pub settings: Vec<(String, String)>,
    /// Privileges and the roles that get them.
    pub grants: Vec<(Vec<String>, Vec<String>)>,
    /// The declared roles.
    pub roles: Vec<NewRole>,
}

/// What was made.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Created {
    /// Whether the database was.
    pub database: bool,
    /// The roles that were.
    pub roles: Vec<String>,
}

/// Why a database could not be made.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum CreateError {
    /// A role that neither the server nor the KDL has.
    #[error("database `{database}` is to have {what} `{role}`, and there is no such role")]
    #[diagnostic(
        code(create::role),
        help("declare it in the KDL (`role {role} login`), or correct its name; nothing was made")
    )]
    NoRole {
        /// The database.
        database: String,
        /// What the role is to it.
        what: &'static str,
        /// The role.
        role: String,
    },
    /// The variable of a password is not set.
    #[error("the password of role `{role}` comes from `{variable}`, which is not set")]
    #[diagnostic(
        code(create::password),
        help("set {variable} where schemactl runs, or in the project's .env; nothing was made")
    )]
    NoPassword {
        /// The role.
        role: String,
        /// The variable.
        variable: String,
    },
    /// PostgreSQL refused.
    #[error("{what} can't be made: {error}")]
    #[diagnostic(code(create::failed), help("{left}"))]
    Sql {
        /// What was being made.
        what: String,
        /// What PostgreSQL says.
        error: SqlError,
        /// What is there now, and what to do.
        left: String,
    },
    /// The server could not be asked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Asked(#[from] SqlError),
}

impl CreateError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            CreateError::NoRole { .. } | CreateError::NoPassword { .. } => Exit::Input,
            CreateError::Sql { error, .. } | CreateError::Asked(error) => error.exit(),
        }
    }
}

impl Blueprint {
    /// The blueprint of a project's database that is called `database` on its server.
    pub fn of(
        workspace: &Workspace,
        desired: &Desired,
        policies: &Policies,
        variables: &Variables,
        database: &str,
    ) -> Blueprint {
        let node = workspace.database();
        let create = node.create.clone().unwrap_or_default();
        let values = |list: &[crate::kdl::Spanned<String>]| -> Vec<String> {
            list.iter().map(|word| word.value.clone()).collect()
        };
        let names = policies.role_names();
        let named = |name: String| names.called_here(name);
        let roles = desired.of_kind(Kind::Role).filter_map(|(id, declared)| {
            let Object::Role(role) = &declared.object else {
                return None;
            };
            let here = policies.roles.iter().find(|it| it.name == *id.name);
            let variable = here.and_then(|it| it.password.clone());
            Some(NewRole {
                name: named(id.name.to_string()),
                role: (**role).clone(),
                password: variable.map(|name| {
                    let value = variables.get(&name).map(SecretString::from);
                    (name, value)
                }),
            })
        });
        Blueprint {
            database: database.to_owned(),
            owner: create.owner.map(named),
            encoding: create.encoding,
            template: create.template,
            locale: Vec::new(),
            settings: node
                .settings
                .iter()
                .map(|(key, value)| (key.value.clone(), value.value.clone()))
                .collect(),
            grants: node
                .grants
                .iter()
                .map(|grant| {
                    let to = values(&grant.to).into_iter().map(named);
                    (values(&grant.privileges), to.collect())
                })
                .collect(),
            roles: roles.collect(),
        }
    }

    /// `owner saas_user, UTF8`, or nothing.
    pub fn words(&self) -> String {
        let owner = self.owner.iter().map(|owner| format!("owner {owner}"));
        let template = self.template.iter().map(|it| format!("from {it}"));
        owner
            .chain(self.encoding.clone())
            .chain(template)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The roles of which the database speaks, with what they are to it.
    fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let owner = self
            .owner
            .iter()
            .map(|owner| ("as its owner", owner.as_str()));
        let granted = self.grants.iter().flat_map(|(_, to)| to);
        let granted = granted.filter(|role| !role.eq_ignore_ascii_case("public"));
        owner.chain(granted.map(|role| ("a grant for", role.as_str())))
    }

    fn database_sql(&self) -> String {
        let mut sql = format!("CREATE DATABASE {}", ident(&self.database));
        if let Some(owner) = &self.owner {
            sql.push_str(&format!(" OWNER {}", ident(owner)));
        }
        // Only the template that nobody writes into takes another encoding.
        let pristine = self.encoding.as_ref().map(|_| "template0");
        if let Some(template) = self.template.as_deref().or(pristine) {
            sql.push_str(&format!(" TEMPLATE {}", ident(template)));
        }
        if let Some(encoding) = &self.encoding {
            sql.push_str(&format!(" ENCODING {}", literal(encoding)));
        }
        for (word, value) in &self.locale {
            sql.push_str(&format!(" {word} {}", literal(value)));
        }
        sql
    }

    /// What is set and granted once the database is there.
    fn finishing_sql(&self) -> String {
        let database = ident(&self.database);
        let mut sql = String::new();
        for (key, value) in &self.settings {
            let set = setting::set(key, value);
            sql.push_str(&format!("ALTER DATABASE {database} {set};\n"));
        }
        for (privileges, to) in &self.grants {
            let to: Vec<String> = to
                .iter()
                .map(|role| match role.eq_ignore_ascii_case("public") {
                    true => "PUBLIC".to_owned(),
                    false => ident(role),
                })
                .collect();
            sql.push_str(&format!(
                "GRANT {} ON DATABASE {database} TO {};\n",
                privileges.join(", ").to_uppercase(),
                to.join(", ")
            ));
        }
        sql
    }
}

/// Whether the server has the database.
///
/// # Errors
/// The server does not answer.
pub async fn is_there(session: &Session, database: &str) -> Result<bool, SqlError> {
    let sql = format!(
        "SELECT FROM pg_catalog.pg_database WHERE datname = {}",
        literal(database)
    );
    Ok(!session.texts(&sql).await?.is_empty())
}

/// The blueprint of a database as it is: owner, encoding and locale.
///
/// # Errors
/// The server does not answer.
pub async fn again(session: &Session, database: &str) -> Result<Blueprint, CreateError> {
    // The columns of the locale's provider have other names in each version.
    let json = |name: &str| format!("pg_catalog.to_jsonb(d) ->> {}", literal(name));
    let sql = format!(
        "SELECT pg_catalog.pg_get_userbyid(d.datdba), pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, \
         {}, coalesce({}, {}) FROM pg_catalog.pg_database d WHERE d.datname = {}",
        json("datlocprovider"),
        json("datlocale"),
        json("daticulocale"),
        literal(database)
    );
    let rows = session.texts(&sql).await?;
    let mut cells = rows.into_iter().flatten();
    let mut next = || cells.next().flatten();
    let (owner, encoding) = (next(), next());
    let mut locale = Vec::new();
    locale.extend(next().map(|it| ("LC_COLLATE", it)));
    locale.extend(next().map(|it| ("LC_CTYPE", it)));
    let words = match next().as_deref() {
        Some("i") => Some(("icu", "ICU_LOCALE")),
        Some("b") => Some(("builtin", "BUILTIN_LOCALE")),
        _ => None,
    };
    if let (Some((provider, word)), Some(name)) = (words, next()) {
        locale.push(("LOCALE_PROVIDER", provider.to_owned()));
        locale.push((word, name));
    }
    Ok(Blueprint {
        database: database.to_owned(),
        owner,
        encoding,
        template: None,
        locale,
        settings: Vec::new(),
        grants: Vec::new(),
        roles: Vec::new(),
    })
}

/// Drops a database, and ends whoever is connected to it.
///
/// # Errors
/// [`CreateError::Sql`]; then it is there as it was.
pub async fn drop_database(session: &Session, database: &str) -> Result<(), CreateError> {
    let sql = format!("DROP DATABASE {} WITH (FORCE)", ident(database));
    session
        .execute(&sql)
        .await
        .map_err(|error| CreateError::Sql {
            what: format!("database `{database}`, which is to be dropped first,"),
            error,
            left: "it is there as it was".to_owned(),
        })
}

/// Makes the database where it is missing, by a session in another one of its server.
///
/// # Errors
/// [`CreateError`]; then the database is not there.
pub async fn create(session: &Session, blueprint: &Blueprint) -> Result<Created, CreateError> {
    let mut created = Created::default();
    let database = &blueprint.database;
    if is_there(session, database).await? {
        return Ok(created);
    }
    let rows = session
        .texts("SELECT rolname FROM pg_catalog.pg_roles")
        .await?;
    let have: BTreeSet<String> = rows.into_iter().flatten().flatten().collect();
    let new: Vec<&NewRole> = blueprint
        .roles
        .iter()
        .filter(|it| !have.contains(&it.name))
        .collect();
    for (what, role) in blueprint.named() {
        if !have.contains(role) && !new.iter().any(|it| it.name == role) {
            return Err(CreateError::NoRole {
                database: database.clone(),
                what,
                role: role.to_owned(),
            });
        }
    }
    let mut statements = Vec::new();
    for NewRole {
        name,
        role,
        password,
    } in &new
    {
        let verifier = match password {
            None => None,
            Some((variable, None)) => {
                return Err(CreateError::NoPassword {
                    role: name.clone(),
                    variable: variable.clone(),
                });
            }
            // The server's log would show a password in clear.
            Some((_, Some(password))) => Some(postgres_protocol::password::scram_sha_256(
                password.expose_secret().as_bytes(),
            )),
        };
        statements.push((name, role.make(name, verifier.as_deref())));
    }
    for (name, sql) in statements {
        match session.execute(&sql).await {
            Ok(()) => created.roles.push(name.clone()),
            // Another run was quicker.
            Err(error) if error.is(&["42710", "23505"]) => {}
            Err(error) => {
                return Err(CreateError::Sql {
                    what: format!("role `{name}`"),
                    error,
                    left: left(&created.roles, database),
                });
            }
        }
    }
    match session.execute(&blueprint.database_sql()).await {
        Ok(()) => created.database = true,
        Err(error) if error.is(&["42P04", "23505"]) => return Ok(created),
        Err(error) => {
            return Err(CreateError::Sql {
                what: format!("database `{database}`"),
                error,
                left: left(&created.roles, database),
            });
        }
    }
    let sql = blueprint.finishing_sql();
    if !sql.is_empty()
        && let Err(error) = session.execute(&sql).await
    {
        let taken_away = session
            .execute(&format!("DROP DATABASE {}", ident(database)))
            .await;
        return Err(CreateError::Sql {
            what: format!("database `{database}`"),
            error,
            left: match taken_away {
                Ok(()) => left(&created.roles, database),
                Err(_) => format!(
                    "it is there, without its settings and grants: drop it, correct schemactl.kdl and run `schemactl create --database {database}` again"
                ),
            },
        });
    }
    Ok(created)
}

fn left(roles: &[String], database: &str) -> String {
    let again = format!("then `schemactl create --database {database}` again");
    match roles {
        [] => format!("nothing was made; see to what PostgreSQL says, {again}"),
        roles => format!(
            "only the roles {} were made and stay; see to what PostgreSQL says, {again}",
            roles.join(", ")
        ),
    }
}
