//! That an object goes with an extension, without being a member of it: the identity's name is the extension
//! (<https://www.postgresql.org/docs/current/sql-alterfunction.html>, DEPENDS ON EXTENSION).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// The tie between the parent and the extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct ExtensionDependency {}

/// Whether objects of a kind can go with an extension.
pub fn is_known_to(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Function | Kind::Procedure | Kind::Trigger | Kind::MaterializedView
    ) || has_index(kind)
}

fn has_index(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Index | Kind::PrimaryKey | Kind::Unique | Kind::Exclude
    )
}

/// The extension that a tie is to.
pub fn extension(id: &ObjectId) -> ObjectId {
    ObjectId::top(Kind::Extension, &id.name)
}

/// The statements that tie an object anew that PostgreSQL forgets the ties of, as it does those of an index whose column
/// changes its type.
pub(super) fn again(object: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let ties = context.after.children(object, Kind::ExtensionDependency);
    let kept = ties
        .into_iter()
        .filter(|(id, _)| context.before.contains(id) && context.keeps(&extension(id)));
    kept.flat_map(|(id, _)| tie(id, "DEPENDS")).collect()
}

fn tie(id: &ObjectId, words: &str) -> Vec<Statement> {
    let Some(object) = id.parent.as_deref() else {
        return Vec::new();
    };
    // The index of a key has the key's name.
    let object = match has_index(object.kind) {
        true => format!("INDEX {}", reference::index(object)),
        false => reference::described(object),
    };
    vec![Statement::sql(format!(
        "ALTER {object} {words} ON EXTENSION {}",
        ident(&id.name)
    ))]
}

impl Definition for ExtensionDependency {
    const KIND: Kind = Kind::ExtensionDependency;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        tie(id, "DEPENDS")
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        tie(id, "NO DEPENDS")
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        let Self {} = self;
        Alteration::InPlace(Vec::new())
    }
}
