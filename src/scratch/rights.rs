//! The rights of the role that applies, on a scratch server of ours. There that role may do everything, so that any state
//! can be built; a proof runs with the rights that the role really has. A statement that these do not cover runs with all
//! rights after all, and is listed.

use std::collections::BTreeSet;

use super::build::ensure_roles;
use crate::model::Kind;
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::plan::{Plan, Step, Verb};
use crate::sql::quote::ident;

/// What the role that applies may do on the live server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    /// Its name.
    pub role: String,
    /// `NOSUPERUSER CREATEDB …`, as ALTER ROLE takes it.
    attributes: String,
    memberships: Vec<Membership>,
    /// Whether it stands for the owner of the database.
    owns_database: bool,
    /// Whether it may make schemas and extensions in the database.
    creates_in_database: bool,
    /// The roles that are there: those need not be made.
    roles: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Membership {
    role: String,
    member: String,
    /// INHERIT or NOINHERIT, of the member.
    inherit: &'static str,
    admin: bool,
    /// ` WITH INHERIT …, SET …` where the server keeps them with the membership.
    options: Option<(String, String)>,
}

/// A statement of a plan that the role that applies may not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// Which step of the plan.
    pub step: usize,
    /// What PostgreSQL said.
    pub error: SqlError,
}

impl Beyond {
    /// Whether a superuser is asked for, and not merely another role.
    pub fn needs_superuser(&self) -> bool {
        let said = [
            Some(&self.error.message),
            self.error.detail.as_ref(),
            self.error.hint.as_ref(),
        ];
        said.into_iter()
            .flatten()
            .any(|text| text.to_lowercase().contains("superuser"))
    }
}

/// A privilege is missing.
pub(super) const NO_RIGHT: &[&str] = &["42501"];

const ROLE: &str = "SELECT r.rolname, r.rolsuper, r.rolcreatedb, r.rolcreaterole, r.rolinherit, r.rolreplication, r.rolbypassrls, \
     pg_has_role(r.oid, d.datdba, 'USAGE'), has_database_privilege(r.oid, d.oid, 'CREATE') \
     FROM pg_catalog.pg_roles r, pg_catalog.pg_database d WHERE r.rolname = current_user AND d.datname = current_database()";

const MEMBERSHIPS: &str = "WITH RECURSIVE m AS ( \
     SELECT a.roleid, a.member, a.admin_option, to_jsonb(a) AS a FROM pg_catalog.pg_auth_members a \
     JOIN pg_catalog.pg_roles r ON r.oid = a.member WHERE r.rolname = current_user \
     UNION SELECT a.roleid, a.member, a.admin_option, to_jsonb(a) FROM pg_catalog.pg_auth_members a JOIN m ON a.member = m.roleid) \
     SELECT r.rolname, s.rolname, s.rolinherit, m.admin_option, m.a->>'inherit_option', m.a->>'set_option' \
     FROM m JOIN pg_catalog.pg_roles r ON r.oid = m.roleid JOIN pg_catalog.pg_roles s ON s.oid = m.member ORDER BY 1, 2";

impl Rights {
    /// The rights of the role that is connected; `None` for a superuser, who needs no list.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn of(live: &Session) -> Result<Option<Rights>, SqlError> {
        let rows = live.texts(ROLE).await?;
        let Some([Some(role), flags @ ..]) = rows.first().map(Vec::as_slice) else {
            return Ok(None);
        };
        let has = |at: usize| is_true(flags.get(at));
        if has(0) {
            return Ok(None);
        }
        let word = |at: usize, word: &str| format!(" {}{word}", if has(at) { "" } else { "NO" });
        let attributes = [
            "SUPERUSER",
            "CREATEDB",
            "CREATEROLE",
            "INHERIT",
            "REPLICATION",
            "BYPASSRLS",
        ];
        let memberships = live.texts(MEMBERSHIPS).await?;
        let roles = live
            .texts("SELECT rolname FROM pg_catalog.pg_roles")
            .await?;
        let names = live.role_names();
        let named = |name: String| names.called_in_files(name);
        Ok(Some(Rights {
            role: named(role.clone()),
            attributes: attributes
                .iter()
                .enumerate()
                .map(|(at, name)| word(at, name))
                .collect(),
            memberships: memberships
                .iter()
                .filter_map(|row| Membership::of(row))
                .map(|it| Membership {
                    role: named(it.role),
                    member: named(it.member),
                    ..it
                })
                .collect(),
            owns_database: has(6),
            creates_in_database: has(7),
            roles: roles.into_iter().flatten().flatten().map(named).collect(),
        }))
    }

    /// The roles that the plan makes, where the role that applies may make none: on scratch they are there already.
    pub(super) fn lacking_for_roles(&self, plan: &Plan) -> Vec<Beyond> {
        if !self.attributes.contains(" NOCREATEROLE") {
            return Vec::new();
        }
        let makes_role = |step: &Step| {
            let mut objects = step.objects.iter();
            objects.any(|(verb, id)| {
                *verb == Verb::Create && id.kind == Kind::Role && !self.roles.contains(&*id.name)
            })
        };
        let steps = plan.steps.iter().enumerate();
        steps
            .filter(|(_, step)| makes_role(step))
            .map(|(at, step)| Beyond {
                step: at,
                error: SqlError {
                    statement: step.statement.text(),
                    sqlstate: Some(NO_RIGHT[0].to_owned()),
                    message: "permission denied to create role".to_owned(),
                    hint: Some("it takes a role with CREATEROLE".to_owned()),
                    ..SqlError::default()
                },
            })
            .collect()
    }

    /// Makes the memberships on a scratch server of ours.
    pub(crate) async fn join(&self, server: &Session) -> Result<(), SqlError> {
        for membership in &self.memberships {
            ensure_roles(
                server,
                [membership.role.as_str(), membership.member.as_str()],
            )
            .await?;
            // A role of the server itself may be missing on another major version.
            let _ = server.execute(&membership.statement(server.major())).await;
        }
        Ok(())
    }

    /// What makes a new database as the live one is to the role.
    pub(crate) fn on_database(&self, name: &str) -> Option<String> {
        let (database, role) = (ident(name), ident(&self.role));
        if self.owns_database {
            Some(format!("ALTER DATABASE {database} OWNER TO {role}"))
        } else if self.creates_in_database {
            Some(format!("GRANT CREATE ON DATABASE {database} TO {role}"))
        } else {
            None
        }
    }

    /// Gives the role the rights that it really has, or all of them, within whatever transaction the session is in.
    pub(super) async fn set(&self, session: &Session, all: bool) -> Result<(), SqlError> {
        let role = ident(&self.role);
        let attributes = if all { " SUPERUSER" } else { &self.attributes };
        session
            .execute(&format!(
                "SET SESSION AUTHORIZATION DEFAULT; ALTER ROLE {role}{attributes}; SET SESSION AUTHORIZATION {role}"
            ))
            .await
    }
}

impl Membership {
    fn of(row: &[Option<String>]) -> Option<Membership> {
        let [role, member, inherit, admin, inherits, sets] = row else {
            return None;
        };
        let word = |value: &str| if value == "true" { "TRUE" } else { "FALSE" }.to_owned();
        Some(Membership {
            role: role.clone()?,
            member: member.clone()?,
            inherit: if is_true(Some(inherit)) {
                "INHERIT"
            } else {
                "NOINHERIT"
            },
            admin: is_true(Some(admin)),
            options: inherits
                .as_deref()
                .zip(sets.as_deref())
                .map(|(inherits, sets)| (word(inherits), word(sets))),
        })
    }

    fn statement(&self, major: u32) -> String {
        let (role, member) = (ident(&self.role), ident(&self.member));
        let mut options: Vec<String> = Vec::new();
        if self.admin {
            options.push("ADMIN TRUE".to_owned());
        }
        match &self.options {
            Some((inherit, set)) if major >= 16 => {
                options.push(format!("INHERIT {inherit}, SET {set}"));
            }
            _ => {}
        }
        let with = match options.as_slice() {
            [] => String::new(),
            _ if major < 16 => " WITH ADMIN OPTION".to_owned(),
            options => format!(" WITH {}", options.join(", ")),
        };
        format!(
            "ALTER ROLE {member} {}; GRANT {role} TO {member}{with}",
            self.inherit
        )
    }
}

fn is_true(value: Option<&Option<String>>) -> bool {
    value.and_then(Option::as_deref) == Some("t")
}
