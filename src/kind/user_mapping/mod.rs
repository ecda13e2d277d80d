//! User mappings of foreign servers. What looks like a secret is never read and never written: a variable of the
//! environment stands for it, and two secrets are equal.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::secrets::{self, Held, Secrets};
use super::{Alteration, Context, Definition, Statement, grant};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, Options};
use crate::sql::quote::ident;

/// The mapping of the role that is the identity's name.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct UserMapping {
    /// The options that are no secrets.
    pub options: Options,
    /// The secret options, with the variables that hold them.
    pub secrets: Secrets,
    /// Whether the role that read it may not see its options: they are what they are, and nobody compares or sets them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl PartialEq for UserMapping {
    fn eq(&self, other: &Self) -> bool {
        self.hidden
            || other.hidden
            || self.options == other.options && self.secrets == other.secrets
    }
}

impl Eq for UserMapping {}

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
        let sql = format!(
            "CREATE {} {}",
            target(id),
            secrets::clause(&self.options, &self.secrets)
        );
        vec![Statement::sql(sql.trim_end())]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let statement = Statement::sql(format!("DROP {}", target(id)));
        vec![secrets::dropped(statement, &self.secrets, id)]
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let changes = secrets::changes((&self.options, &self.secrets), (&to.options, &to.secrets));
        let altered = changes.map(|it| Statement::sql(format!("ALTER {} {it}", target(id))));
        Alteration::InPlace(altered.into_iter().collect())
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        secrets::adopt((&mut self.options, &mut self.secrets), &desired.secrets);
    }

    fn held(&mut self) -> Held<'_> {
        Held::Options(&mut self.options, &mut self.secrets)
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
