//! Objects that the language does not know: statements that a person wrote, with a query that tells whether they have run.
//! What they make nobody here looks at; their text is all that is compared.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{Alteration, Context, Definition, HazardClass, Statement};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::split::split;

/// A hand-written object.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct ByHand {
    /// The query that tells whether it is there: whether it gives a row whose first value is not false.
    pub exists: String,
    /// The statements that make it.
    pub up: String,
    /// The statements that take it away.
    pub down: String,
    /// What it depends on: kind and path.
    #[serde(default)]
    pub needs: Vec<(String, String)>,
}

impl PartialEq for ByHand {
    /// Only what makes it was run: the other texts are for what comes.
    fn eq(&self, other: &Self) -> bool {
        self.up == other.up
    }
}

impl Eq for ByHand {}

/// The statements of a text; the text itself where it cannot be cut.
fn statements(text: &str) -> Vec<Statement> {
    match split(text) {
        Ok(script) => script
            .statements
            .iter()
            .map(|statement| Statement::sql(statement.text))
            .collect(),
        Err(_) => vec![Statement::sql(text)],
    }
}

impl Definition for ByHand {
    const KIND: Kind = Kind::Sql;
    const CLASS: &'static str = "";
    /// Nothing: see [`crate::pg::by_hand`].
    const CATALOG: &'static str = "";

    fn create(&self, _: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        statements(&self.up)
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut statements = statements(&self.down);
        if let Some(first) = statements.first_mut() {
            *first = first.clone().hazard(
                "drop-by-hand",
                HazardClass::DataLoss,
                id,
                "hand-written statements take it away, and nobody but their author knows what goes with it",
            );
        }
        statements
    }

    fn alter(&self, to: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        let ByHand {
            exists: _,
            up,
            down: _,
            needs: _,
        } = self;
        match *up == to.up {
            true => Alteration::InPlace(Vec::new()),
            false => Alteration::Rebuild,
        }
    }

    fn write<'a>(&'a self, id: &'a ObjectId, _: &mut Writing<'a>) -> Option<NodeWriter> {
        Some(kdl::write(self, id))
    }

    fn adopt_words(&mut self, desired: &Self) {
        *self = desired.clone();
    }
}
