//! Foreign tables; their columns are objects of their own, as a table's.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::secrets::{self, Held, Secrets};
use super::{Alteration, Context, Definition, Form, NameSlot, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, Options, QualifiedName};
use crate::sql::quote::ident;

/// A foreign table without its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct ForeignTable {
    /// The foreign server.
    pub server: String,
    /// Options of the foreign data wrapper.
    pub options: Options,
    /// The options that are secrets, with the variables that hold them.
    #[serde(default, skip_serializing_if = "Secrets::is_empty")]
    pub secrets: Secrets,
    /// The partitioned table and the bound, in a desired partition.
    #[serde(skip)]
    pub partition_of: Option<(QualifiedName, String)>,
    /// The parents of a desired foreign table; in a catalog each is an object of its own.
    #[serde(skip)]
    pub inherits: Vec<QualifiedName>,
}

impl Definition for ForeignTable {
    const KIND: Kind = Kind::ForeignTable;
    const CLASS: &'static str = "pg_class";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let mut tail = super::table::inherits(id, context, &self.inherits);
        tail.push(format!("SERVER {}", ident(&self.server)));
        tail.push(secrets::clause(&self.options, &self.secrets));
        tail.retain(|part| !part.is_empty());
        if let Some((parent, bound)) = &self.partition_of {
            return vec![Statement::sql(format!(
                "CREATE FOREIGN TABLE {} PARTITION OF {} {bound} {}",
                reference::name(id),
                reference::of(parent),
                tail.join(" ")
            ))];
        }
        let create = Statement::form(Form::Create {
            head: format!("CREATE FOREIGN TABLE {}", reference::name(id)),
            elements: Vec::new(),
            tail: tail.join(" "),
        });
        std::iter::once(create)
            .chain(super::column::declined_defaults(id, context))
            .collect()
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let statement = Statement::sql(format!("DROP FOREIGN TABLE {}", reference::name(id)));
        vec![secrets::dropped(statement, &self.secrets, id)]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let ForeignTable {
            server,
            options,
            secrets,
            partition_of: _,
            inherits: _,
        } = self;
        if server != &to.server || self.is_made_anew(to, id, context) {
            return Alteration::Rebuild;
        }
        let head = reference::alter_relation(id);
        let changes = secrets::changes((options, secrets), (&to.options, &to.secrets));
        Alteration::InPlace(
            changes
                .into_iter()
                .map(|change| Statement::alter(&head, change))
                .collect(),
        )
    }

    /// It holds no rows: the schema alone is made anew.
    fn is_made_anew(&self, _: &Self, id: &ObjectId, context: &Context<'_>) -> bool {
        super::table::needs_parents_at_birth(id, context)
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::relation(id), NameSlot::data_type(id)]
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        secrets::adopt((&mut self.options, &mut self.secrets), &desired.secrets);
    }

    fn held(&mut self) -> Held<'_> {
        Held::Options(&mut self.options, &mut self.secrets)
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("FOREIGN TABLE", from, to)
    }
}
