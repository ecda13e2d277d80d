//! Roles of the cluster. A declared role is made where it is missing and gets the attributes that are stated; no
//! migration ever drops one, and no password is ever read.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, HazardClass, Statement};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{dollar, ident, literal};

/// A role. What is not stated is equal to anything.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct Role {
    /// LOGIN.
    pub login: Option<bool>,
    /// SUPERUSER.
    pub superuser: Option<bool>,
    /// CREATEDB.
    pub createdb: Option<bool>,
    /// CREATEROLE.
    pub createrole: Option<bool>,
    /// INHERIT.
    pub inherit: Option<bool>,
    /// REPLICATION.
    pub replication: Option<bool>,
    /// BYPASSRLS.
    pub bypassrls: Option<bool>,
    /// CONNECTION LIMIT; -1 for none.
    pub connection_limit: Option<i64>,
    /// VALID UNTIL; `infinity` for ever.
    pub valid_until: Option<String>,
}

/// The flags of a role: word of SQL, of KDL, and PostgreSQL's default.
const FLAGS: &[(&str, &str, bool)] = &[
    ("LOGIN", "login", false),
    ("SUPERUSER", "superuser", false),
    ("CREATEDB", "createdb", false),
    ("CREATEROLE", "createrole", false),
    ("INHERIT", "inherit", true),
    ("REPLICATION", "replication", false),
    ("BYPASSRLS", "bypassrls", false),
];

fn differs<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

impl Role {
    fn flags(&self) -> [Option<bool>; 7] {
        let Role {
            login,
            superuser,
            createdb,
            createrole,
            inherit,
            replication,
            bypassrls,
            connection_limit: _,
            valid_until: _,
        } = self;
        [
            *login,
            *superuser,
            *createdb,
            *createrole,
            *inherit,
            *replication,
            *bypassrls,
        ]
    }

    fn set_flags(&mut self, flags: [Option<bool>; 7]) {
        [
            self.login,
            self.superuser,
            self.createdb,
            self.createrole,
            self.inherit,
            self.replication,
            self.bypassrls,
        ] = flags;
    }

    /// The attributes that are stated and that another definition does not have.
    fn attributes(&self, before: &Role) -> Vec<String> {
        let mut words = Vec::new();
        for ((sql, _, usual), (now, then)) in FLAGS
            .iter()
            .zip(self.flags().into_iter().zip(before.flags()))
        {
            if let Some(now) = now
                && now != then.unwrap_or(*usual)
            {
                words.push(format!("{}{sql}", if now { "" } else { "NO" }));
            }
        }
        if let Some(limit) = self.connection_limit
            && limit != before.connection_limit.unwrap_or(-1)
        {
            words.push(format!("CONNECTION LIMIT {limit}"));
        }
        if let Some(until) = &self.valid_until
            && Some(until) != before.valid_until.as_ref()
        {
            words.push(format!("VALID UNTIL {}", literal(until)));
        }
        words
    }

    /// The statement that makes a role which is not there, with what is stated of it. `verifier` stands for its password.
    pub fn make(&self, name: &str, verifier: Option<&str>) -> String {
        let mut words = self.attributes(&Role::default());
        words.extend(verifier.map(|verifier| format!("PASSWORD {}", literal(verifier))));
        let with = if words.is_empty() { "" } else { " WITH " };
        format!("CREATE ROLE {}{with}{}", ident(name), words.join(" "))
    }

    fn set(&self, before: &Role, id: &ObjectId) -> Vec<Statement> {
        let words = self.attributes(before);
        if words.is_empty() {
            return Vec::new();
        }
        let role = ident(&id.name);
        let words = words.join(" ");
        vec![
            Statement::sql(format!("ALTER ROLE {role} WITH {words}")).hazard(
                "role-attributes",
                HazardClass::Authorization,
                id,
                format!("the role {role} gets {words}"),
            ),
        ]
    }
}

impl PartialEq for Role {
    fn eq(&self, other: &Self) -> bool {
        let flags = self.flags().into_iter().zip(other.flags());
        !flags.into_iter().any(|(one, other)| differs(&one, &other))
            && !differs(&self.connection_limit, &other.connection_limit)
            && !differs(&self.valid_until, &other.valid_until)
    }
}

impl Eq for Role {}

impl Definition for Role {
    const KIND: Kind = Kind::Role;
    const CLASS: &'static str = "pg_authid";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let body = format!(
            "BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {}) THEN CREATE ROLE {}; END IF; END",
            literal(&id.name),
            ident(&id.name)
        );
        let mut statements = vec![Statement::sql(format!("DO {}", dollar(&body)))];
        // The role may be there with other attributes, so all that are stated are set.
        let opposite = Role {
            connection_limit: self
                .connection_limit
                .map(|limit| if limit == -1 { -2 } else { -1 }),
            ..Role::default()
        };
        let mut opposite = opposite;
        opposite.set_flags(self.flags().map(|flag| flag.map(|flag| !flag)));
        statements.extend(self.set(&opposite, id));
        statements
    }

    fn drop(&self, _: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        Vec::new()
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let mut statements = to.set(self, id);
        if statements.is_empty() && differs(&self.valid_until, &to.valid_until) {
            statements.push(Statement::sql(format!(
                "ALTER ROLE {} VALID UNTIL 'infinity'",
                ident(&id.name)
            )));
        }
        Alteration::InPlace(statements)
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        let stated: Vec<Option<bool>> = self
            .flags()
            .into_iter()
            .zip(desired.flags())
            .map(|(real, said)| said.and(real))
            .collect();
        if let Ok(flags) = <[Option<bool>; 7]>::try_from(stated) {
            self.set_flags(flags);
        }
        self.connection_limit = desired.connection_limit.and(self.connection_limit);
        if desired.valid_until.is_none() {
            self.valid_until = None;
        }
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER ROLE {} RENAME TO {}",
            ident(&from.name),
            ident(&to.name)
        ))]
    }
}
