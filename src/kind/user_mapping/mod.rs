//! User mappings of foreign servers. What looks like a secret is never read and never written: a variable of the
//! environment stands for it, and two secrets are equal.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, HazardClass, Statement, grant, options};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, Options};
use crate::sql::placeholder::placeholder;
use crate::sql::quote::{ident, literal};

/// The mapping of the role that is the identity's name.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct UserMapping {
    /// The options that are no secrets.
    pub options: Options,
    /// The secret options, with the variables that hold them.
    pub secrets: Options,
    /// Whether the role that read it may not see its options: they are what they are, and nobody compares or sets them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl UserMapping {
    fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.secrets.0.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        keys
    }
}

impl PartialEq for UserMapping {
    fn eq(&self, other: &Self) -> bool {
        self.hidden || other.hidden || self.options == other.options && self.keys() == other.keys()
    }
}

impl Eq for UserMapping {}

/// Whether an option's name says that its value is a secret.
pub fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    [
        "passw",
        "secret",
        "token",
        "credential",
        "passphrase",
        "private",
        "apikey",
        "api_key",
        "access_key",
        "connstr",
        "conn_str",
        "connection_string",
        "jdbc_url",
    ]
    .iter()
    .any(|word| key.contains(word))
        || ["pass", "pwd"].contains(&key.as_str())
}

fn target(id: &ObjectId) -> String {
    let server = id.parent.as_deref().map(|server| ident(&server.name));
    format!(
        "USER MAPPING FOR {} SERVER {}",
        grant::grantee(&id.name),
        server.unwrap_or_default()
    )
}

impl Definition for UserMapping {
    const KIND: Kind = Kind::UserMapping;
    const CLASS: &'static str = "pg_user_mapping";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut all = self.options.clone();
        for (key, variable) in &self.secrets.0 {
            all.0.push((key.clone(), placeholder(variable)));
        }
        let mut sql = format!("CREATE {}", target(id));
        if !all.is_empty() {
            sql.push_str(&format!(" {}", options::foreign(&all)));
        }
        vec![Statement::sql(sql)]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let statement = Statement::sql(format!("DROP {}", target(id)));
        vec![if self.secrets.is_empty() {
            statement
        } else {
            statement.hazard(
                "drop-secret",
                HazardClass::Irreversible,
                id,
                "the secret that the mapping holds is lost",
            )
        }]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let mut items = Vec::new();
        let (set, reset) = self.options.changes(&to.options);
        let gone = self.secrets.0.iter().map(|(key, _)| key.as_str());
        for key in reset
            .into_iter()
            .chain(gone.filter(|key| to.secrets.get(key).is_none()))
        {
            items.push(format!("DROP {}", ident(key)));
        }
        for (key, value) in set {
            let verb = if self.options.get(key).is_some() {
                "SET"
            } else {
                "ADD"
            };
            items.push(format!("{verb} {} {}", ident(key), literal(value)));
        }
        for (key, variable) in &to.secrets.0 {
            if self.secrets.get(key).is_none() {
                items.push(format!(
                    "ADD {} {}",
                    ident(key),
                    literal(&placeholder(variable))
                ));
            }
        }
        Alteration::InPlace(vec![Statement::sql(format!(
            "ALTER {} OPTIONS ({})",
            target(id),
            items.join(", ")
        ))])
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.secrets.0.clone_from(&desired.secrets.0);
    }

    fn note(&self) -> Option<&'static str> {
        self.hidden.then_some(
            "this role may not see its options: they are left out here, and neither compared nor changed",
        )
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }
}
